"""Writes tests/goldens/hybrid.json: hybrid layers written out in PyTorch and their gradients, in double, for
tests/laws/hybrid_golden_test.cc.

    python scripts/goldens/hybrid.py        (made with PyTorch 2.13)

A case holds x [T, B, D], y and upstream [T, B, H], and weights and gradients under Eddy's names and in its order, flat and
row-major. What goes in has three decimals, what comes out twelve digits.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

T, B, D, H = 7, 2, 3, 8
random = torch.Generator().manual_seed(1)


def draw(*shape):
    return (torch.rand(*shape, generator=random, dtype=torch.float64) * 2 - 1).round(decimals=3)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def convolved(x, w, b):
    """Each channel by itself, x [T, B, H], w [H, K, 1]."""
    padded = F.pad(x.permute(1, 2, 0), (w.shape[1] - 1, 0))
    return F.conv1d(padded, w.permute(0, 2, 1), b, groups=x.shape[2]).permute(2, 0, 1)


def over_time(step, gates, *states):
    """The first state after each step."""
    outputs = []
    for gate in gates:
        states = step(gate, *states)
        outputs.append(states[0])
    return torch.stack(outputs)


def lstm(x, w):
    zeros = torch.zeros(B, w["U"].shape[1], dtype=torch.float64)

    def step(gate, h, c):
        i, f, g, o = (gate + h @ w["U"].T).chunk(4, 1)
        c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(c), c

    return over_time(step, F.linear(x, w["W"], w["b"]), zeros, zeros)


def rg_lru(x, w):
    """With Lambda as in the paper; p is log(-log sigmoid(Lambda))."""
    big_lambda = -torch.log(torch.expm1(torch.exp(w["p"])))

    def step(gate, h):
        r, i, n = gate.chunk(3, 1)
        a = torch.sigmoid(big_lambda) ** (8 * torch.sigmoid(r))
        return (a * h + torch.sqrt(1 - a * a) * torch.sigmoid(i) * n,)

    return over_time(step, F.linear(x, w["W"], w["b"]), torch.zeros(B, H, dtype=torch.float64))


def qrnn(x, w):
    before = F.pad(x, (0, 0, 0, 0, 1, 0))[:-1]
    zeros = torch.zeros(B, w["b"].shape[0] // 3, dtype=torch.float64)

    def step(gate, h, c):
        z, f, o = gate.chunk(3, 1)
        c = torch.sigmoid(f) * c + (1 - torch.sigmoid(f)) * torch.tanh(z)
        return torch.sigmoid(o) * c, c

    return over_time(step, F.linear(torch.cat([before, x], 2), w["W"], w["b"]), zeros, zeros)


def rotated(x):
    """[..., T, width], pairs of channels as complex numbers."""
    steps, width = x.shape[-2:]
    frequencies = 10000.0 ** (-torch.arange(0, width, 2, dtype=torch.float64) / width)
    angles = torch.arange(steps)[:, None] * frequencies
    turned = torch.view_as_complex(x.unflatten(-1, (-1, 2)).contiguous()) * torch.polar(torch.ones_like(angles), angles)
    return torch.view_as_real(turned).flatten(-2)


def attention(x, w, heads, window=0, rotary=False):
    def part(letter):  # [B, heads, T, width]
        return F.linear(x, w["W" + letter], w["b" + letter]).unflatten(2, (heads, -1)).permute(1, 2, 0, 3)

    query, key = (rotated(part(letter)) if rotary else part(letter) for letter in "qk")
    behind = torch.arange(T)[:, None] - torch.arange(T)
    seen = (behind >= 0) & ((behind < window) if window else True)
    y = F.scaled_dot_product_attention(query, key, part("v"), attn_mask=seen).permute(2, 0, 1, 3).flatten(2)
    return F.linear(y, w["Wo"], w["bo"])


def within(w, prefix):
    return {name.removeprefix(prefix): value for name, value in w.items() if name.startswith(prefix)}


def fed_forward(x, w):
    return F.linear(F.gelu(F.linear(x, w["W"])) * F.linear(x, w["V"]), w["W2"])


def griffin(x, w):
    norm = lambda x, name: F.rms_norm(x, (H,), w[name + ".gain"], eps=1e-5)
    x = F.linear(x, w["W"], w["b"])
    for block in range(3):
        v = within(w, f"{block}.")
        normal = norm(x, f"{block}.mixer_norm")
        if block == 2:
            x = x + attention(normal, within(v, "attention."), 2, window=4, rotary=True)
        else:
            seen = convolved(F.linear(normal, v["Wx"]), v["convolution.W"], v["convolution.b"])
            h = rg_lru(seen, within(v, "recurrence.0."))
            x = x + F.linear(F.gelu(F.linear(normal, v["Wg"])) * h, v["Wo"])
        x = x + fed_forward(norm(x, f"{block}.feed_forward_norm"), within(v, "feed_forward."))
    return norm(x, "last_norm")


def recurrent_blocks(x, w):
    norm = lambda x, name: F.layer_norm(x, (H,), w[name + ".gain"], w[name + ".shift"])
    x = F.linear(x, w["W"], w["b"])
    v = within(w, "0.")
    h = lstm(F.silu(convolved(norm(x, "0.mixer_norm"), v["convolution.W"], v["convolution.b"])), within(v, "recurrence.0."))
    x = x + F.group_norm(h.flatten(0, 1), 2, v["gain"]).reshape(h.shape)
    x = x + fed_forward(norm(x, "0.feed_forward_norm"), within(v, "feed_forward."))
    return norm(x, "last_norm")


def attentive(x, w):
    h = lstm(x, within(w, "recurrent.0."))
    c = attention(h, within(w, "attention."), 2)
    return torch.tanh(F.linear(torch.cat([c, h], 2), w["Wc"], w["bc"]))


def cell(prefix, gates, inputs, **others):
    return {f"{prefix}{name}": shape for name, shape in dict(W=(gates * H, inputs), b=(gates * H,), **others).items()}


def block_shapes(block, mixer, norms, inner):
    around = {f"{norm}.{part}": (H,) for norm in ("mixer_norm", "feed_forward_norm") for part in norms}
    feed_forward = {"feed_forward.W": (inner, H), "feed_forward.V": (inner, H), "feed_forward.W2": (H, inner)}
    return {f"{block}.{name}": shape for name, shape in (around | mixer | feed_forward).items()}


CONVOLUTION = {"convolution.W": (H, 3, 1), "convolution.b": (H,)}
ATTENTION = {f"attention.{kind}{letter}": (H, H) if kind == "W" else (H,) for letter in "qkvo" for kind in "Wb"}
GATED = {name: (H, H) for name in ("Wg", "Wx", "Wo")} | CONVOLUTION | cell("recurrence.0.", 3, H, p=(H,))
CELL = CONVOLUTION | cell("recurrence.0.", 4, H, U=(4 * H, H)) | {"gain": (H,)}
IN = {"W": (H, D), "b": (H,)}
LAYERS = {
    "griffin": (
        griffin,
        IN
        | block_shapes(0, GATED, ["gain"], 3 * H)
        | block_shapes(1, GATED, ["gain"], 3 * H)
        | block_shapes(2, ATTENTION, ["gain"], 3 * H)
        | {"last_norm.gain": (H,)},
    ),
    "recurrent_blocks": (
        recurrent_blocks,
        IN | block_shapes(0, CELL, ["gain", "shift"], 11) | {"last_norm.gain": (H,), "last_norm.shift": (H,)},
    ),
    "attentive": (
        attentive,
        cell("recurrent.0.", 4, D, U=(4 * H, H)) | ATTENTION | {"Wc": (H, 2 * H), "bc": (H,)},
    ),
    "qrnn": (lambda x, w: qrnn(x, within(w, "0.")), cell("0.", 3, 2 * D)),
}


def make_case(run, shapes):
    x = draw(T, B, D).requires_grad_()
    weights = {name: draw(*shape).requires_grad_() for name, shape in shapes.items()}
    y = run(x, weights)
    upstream = draw(*y.shape)
    y.backward(upstream)
    return {
        **dict(x=flat(x), y=flat(y), upstream=flat(upstream)),
        "weights": {name: flat(value) for name, value in weights.items()},
        "gradients": {"x": flat(x.grad), **{name: flat(value.grad) for name, value in weights.items()}},
    }


path = pathlib.Path(__file__).parents[2] / "tests/goldens/hybrid.json"
golden = {"T": T, "B": B, "D": D, "H": H, **{name: make_case(*layer) for name, layer in LAYERS.items()}}
path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"x"', '\n{"x"') + "\n")
