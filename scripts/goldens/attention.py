"""Writes tests/goldens/attention.json: PyTorch's scaled dot-product attention, additive attention written in PyTorch, and
their gradients, in double, for tests/laws/attention_golden_test.cc.

    python scripts/goldens/attention.py        (made with PyTorch 2.13)

`layer` is a torch.nn.MultiheadAttention under Eddy's names: x [Tq, B, D], memory [Tk, B, M], y [Tq, B, D].

Arrays are flat and row-major: query [Tq, B, H], key [Tk, B, H], value [Tk, B, V], y and upstream [Tq, B, V], combine [H].
What goes in has three decimals, what comes out twelve digits. `lengths` are those of the memory; queries are all there.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

B, H, V = 3, 4, 6
CASES = [
    dict(Tq=4, Tk=5, lengths=[5, 2, 3]),
    dict(Tq=4, Tk=5, lengths=[5, 2, 3], heads=2),
    dict(Tq=3, Tk=4, lengths=[4, 4, 1], scale=1.0),
    dict(Tq=5, Tk=5, lengths=[5, 5, 5], heads=2, causal=True),
    dict(Tq=6, Tk=6, lengths=[6, 6, 6], causal=True, window=3),
    dict(Tq=4, Tk=5, lengths=[5, 2, 3], additive=True),
]
# By Eddy's numbers: 1 for rotary positions (Su 2021), 2 for linear biases (Press 2022).
CASES_OF_POSITIONS = [
    dict(Tq=4, Tk=5, lengths=[5, 2, 3], positions=1),
    dict(Tq=6, Tk=6, lengths=[6, 6, 6], heads=2, causal=True, window=4, positions=1),
    dict(Tq=4, Tk=5, lengths=[5, 2, 3], heads=2, positions=2),
    dict(Tq=6, Tk=6, lengths=[6, 6, 6], heads=2, causal=True, positions=2),
]
random = torch.Generator().manual_seed(1)


def draw(*shape):
    return (torch.rand(*shape, generator=random, dtype=torch.float64) * 4 - 2).round(decimals=3)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def by_head(x, heads):
    """[T, B, width] as [B, heads, T, width / heads]."""
    return x.unflatten(2, (heads, -1)).permute(1, 2, 0, 3)


def rotated(x):
    """[B, heads, T, width], pairs of channels as complex numbers."""
    steps, width = x.shape[2:]
    frequencies = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(steps)[:, None] * frequencies
    turned = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def make_case(Tq, Tk, lengths, heads=1, scale=0.0, causal=False, window=0, additive=False, positions=0):
    inputs = {"query": draw(Tq, B, H), "key": draw(Tk, B, H), "value": draw(Tk, B, V)}
    if additive:
        inputs["combine"] = draw(H)
    for value in inputs.values():
        value.requires_grad_()
    seen = (torch.arange(Tk) < torch.tensor(lengths)[:, None])[:, None, None, :].expand(B, 1, Tq, Tk)
    behind = torch.arange(Tq)[:, None] - torch.arange(Tk)
    if causal:
        seen = seen & (behind >= 0)
    if window:
        seen = seen & (behind < window)
    query, key, value = (by_head(inputs[name], heads) for name in ("query", "key", "value"))
    if positions == 1:
        query, key = rotated(query), rotated(key)
    mask = torch.zeros(seen.shape, dtype=torch.float64).masked_fill(~seen, -torch.inf)
    if positions == 2:
        slopes = 2.0 ** (-8 * torch.arange(1, heads + 1, dtype=torch.float64) / heads)
        mask = mask - slopes[:, None, None] * behind.abs()
    if additive:
        scores = torch.tanh(query[:, :, :, None] + key[:, :, None]) @ inputs["combine"]
        y = torch.softmax(scores.masked_fill(~seen, -torch.inf), -1) @ value
    else:
        y = F.scaled_dot_product_attention(query, key, value, attn_mask=mask, scale=scale or None)
    y = y.permute(2, 0, 1, 3).flatten(2)
    upstream = draw(*y.shape)
    y.backward(upstream)
    return {
        **dict(Tq=Tq, Tk=Tk, lengths=lengths, heads=heads, scale=scale, causal=causal, window=window, additive=additive),
        "positions": positions,
        **{name: flat(value) for name, value in inputs.items()},
        **dict(y=flat(y), upstream=flat(upstream)),
        "gradients": {name: flat(value.grad) for name, value in inputs.items()},
    }


def make_layer(Tq, Tk, lengths, D, M, heads):
    layer = torch.nn.MultiheadAttention(D, heads, kdim=M, vdim=M).double()
    with torch.no_grad():
        for weight in layer.parameters():
            weight.copy_(draw(*weight.shape) / 2)
    x, memory = draw(Tq, B, D).requires_grad_(), draw(Tk, B, M).requires_grad_()
    beyond = torch.arange(Tk) >= torch.tensor(lengths)[:, None]
    y, _ = layer(x, memory, memory, key_padding_mask=beyond)
    upstream = draw(*y.shape)
    y.backward(upstream)

    def under_our_names(of):
        biases = of(layer.in_proj_bias).chunk(3)
        weights = [of(layer.q_proj_weight), of(layer.k_proj_weight), of(layer.v_proj_weight)]
        named = {f"W{name}": flat(weight) for name, weight in zip("qkv", weights)}
        named |= {f"b{name}": flat(bias) for name, bias in zip("qkv", biases)}
        return named | {"Wo": flat(of(layer.out_proj.weight)), "bo": flat(of(layer.out_proj.bias))}

    return {
        **dict(Tq=Tq, Tk=Tk, lengths=lengths, D=D, M=M, heads=heads),
        **dict(x=flat(x), memory=flat(memory), y=flat(y), upstream=flat(upstream)),
        "weights": under_our_names(lambda weight: weight),
        "gradients": {"x": flat(x.grad), "memory": flat(memory.grad), **under_our_names(lambda weight: weight.grad)},
    }


path = pathlib.Path(__file__).parents[2] / "tests/goldens/attention.json"
golden = {"B": B, "H": H, "V": V, "cases": [make_case(**case) for case in CASES]}
golden["layer"] = make_layer(Tq=4, Tk=5, lengths=[5, 2, 3], D=6, M=5, heads=2)
golden["cases"] += [make_case(**case) for case in CASES_OF_POSITIONS]
path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"Tq"', '\n{"Tq"') + "\n")
