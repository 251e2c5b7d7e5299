"""Writes tests/goldens/transformer.json: transformers in PyTorch and their gradients, in double, for
tests/laws/transformer_golden_test.cc.

    python scripts/goldens/transformer.py        (made with PyTorch 2.13)

`older` is torch.nn.TransformerEncoderLayer with pre-norm and GELU, causal; `plain` is written out: root mean square norms,
rotary positions, gated feed forwards. Arrays are flat and row-major, x [T, B, D], y and upstream [T, B, H], weights under
Eddy's names. What goes in has three decimals, what comes out twelve digits.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

T, B, H, HEADS, BLOCKS = 6, 2, 8, 2, 2
random = torch.Generator().manual_seed(1)


def draw(*shape):
    return (torch.rand(*shape, generator=random, dtype=torch.float64) * 2 - 1).round(decimals=3)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


NAMES = {
    "norm1.weight": "mixer_norm.gain",
    "norm1.bias": "mixer_norm.shift",
    "self_attn.out_proj.weight": "attention.Wo",
    "self_attn.out_proj.bias": "attention.bo",
    "norm2.weight": "feed_forward_norm.gain",
    "norm2.bias": "feed_forward_norm.shift",
    "linear1.weight": "feed_forward.W",
    "linear1.bias": "feed_forward.b",
    "linear2.weight": "feed_forward.W2",
    "linear2.bias": "feed_forward.b2",
}


def under_our_names(named):
    ours = {}
    for name, value in named.items():
        if name.startswith("norm."):
            ours["last_norm." + {"weight": "gain", "bias": "shift"}[name[5:]]] = flat(value)
            continue
        block, rest = name.removeprefix("layers.").split(".", 1)
        if "in_proj" in rest:
            for letter, part in zip("qkv", value.chunk(3)):
                ours[f"{block}.attention.{'W' if value.dim() == 2 else 'b'}{letter}"] = flat(part)
        else:
            ours[f"{block}.{NAMES[rest]}"] = flat(value)
    return ours


def case(weights, run, x, names):
    x.requires_grad_()
    y = run(x)
    upstream = draw(*y.shape)
    y.backward(upstream)
    return {
        **dict(x=flat(x), y=flat(y), upstream=flat(upstream)),
        "weights": names(weights),
        "gradients": {"x": flat(x.grad), **names({name: value.grad for name, value in weights.items()})},
    }


def older():
    layer = torch.nn.TransformerEncoderLayer(H, HEADS, 12, dropout=0, activation="gelu", norm_first=True)
    network = torch.nn.TransformerEncoder(layer, BLOCKS, torch.nn.LayerNorm(H), enable_nested_tensor=False).double()
    weights = dict(network.named_parameters())
    with torch.no_grad():
        for weight in weights.values():
            weight.copy_(draw(*weight.shape))
    mask = torch.nn.Transformer.generate_square_subsequent_mask(T, dtype=torch.float64)
    return case(weights, lambda x: network(x, mask=mask), draw(T, B, H), under_our_names)


def rotated(x):
    """[..., T, width], pairs of channels as complex numbers."""
    steps, width = x.shape[-2:]
    frequencies = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(steps)[:, None] * frequencies
    turned = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def plain(D, inner):
    shapes = {"W": (H, D), "b": (H,), "last_norm.gain": (H,)}
    for block in range(BLOCKS):
        attention = {f"attention.{kind}{letter}": (H, H) if kind == "W" else (H,) for letter in "qkvo" for kind in "Wb"}
        layers = {
            "mixer_norm.gain": (H,),
            **attention,
            "feed_forward_norm.gain": (H,),
            "feed_forward.W": (inner, H),
            "feed_forward.V": (inner, H),
            "feed_forward.W2": (H, inner),
        }
        shapes |= {f"{block}.{name}": shape for name, shape in layers.items()}
    weights = {name: draw(*shape).requires_grad_() for name, shape in shapes.items()}

    def run(x):
        norm = lambda x, name: F.rms_norm(x, (H,), weights[name + ".gain"], eps=1e-5)
        x = F.linear(x, weights["W"], weights["b"])
        for block in range(BLOCKS):
            w = {name.split(".", 1)[1]: value for name, value in weights.items() if name.startswith(f"{block}.")}
            normal = norm(x, f"{block}.mixer_norm")

            def heads(letter):  # [B, heads, T, width]
                projected = F.linear(normal, w[f"attention.W{letter}"], w[f"attention.b{letter}"])
                return projected.unflatten(2, (HEADS, -1)).permute(1, 2, 0, 3)

            query, key, value = rotated(heads("q")), rotated(heads("k")), heads("v")
            seen = F.scaled_dot_product_attention(query, key, value, is_causal=True).permute(2, 0, 1, 3).flatten(2)
            x = x + F.linear(seen, w["attention.Wo"], w["attention.bo"])
            normal = norm(x, f"{block}.feed_forward_norm")
            gate = F.silu(F.linear(normal, w["feed_forward.W"])) * F.linear(normal, w["feed_forward.V"])
            x = x + F.linear(gate, w["feed_forward.W2"])
        return norm(x, "last_norm")

    names = lambda weights: {name: flat(value) for name, value in weights.items()}
    return {"D": D, "inner": inner, **case(weights, run, draw(T, B, D), names)}


path = pathlib.Path(__file__).parents[2] / "tests/goldens/transformer.json"
golden = {"T": T, "B": B, "H": H, "heads": HEADS, "blocks": BLOCKS, "older": {"D": H, "inner": 12, **older()}, "plain": plain(5, 6)}
path.write_text(json.dumps(golden, separators=(",", ":")).replace('"plain"', '\n"plain"') + "\n")
