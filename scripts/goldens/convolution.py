"""Writes tests/goldens/convolution.json: PyTorch's convolutions over time and their gradients, in double, for
tests/laws/convolution_golden_test.cc.

    python scripts/goldens/convolution.py        (made with PyTorch 2.13)

Arrays are flat and row-major, x [T, B, D], weight [N, K, D / groups], y and upstream [T', B, N]. What goes in has three
decimals, what comes out twelve digits.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

T, B, D, N = 7, 2, 4, 6
CASES = [
    dict(kernel=3),
    dict(kernel=3, dilation=2),
    dict(kernel=4, stride=2, groups=2),
    dict(kernel=3, padding="same"),
    dict(kernel=4, padding="same", dilation=2),
    dict(kernel=3, padding="none", stride=2, dilation=2, groups=2),
]
random = torch.Generator().manual_seed(1)


def draw(*shape):
    return (torch.rand(*shape, generator=random, dtype=torch.float64) * 2 - 1).round(decimals=3)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def make_case(kernel, dilation=1, stride=1, groups=1, padding="causal"):
    inputs = {"x": draw(T, B, D), "weight": draw(N, kernel, D // groups), "bias": draw(N)}
    for value in inputs.values():
        value.requires_grad_()
    x = inputs["x"].permute(1, 2, 0)
    beyond = (kernel - 1) * dilation
    if padding != "none":
        before = beyond if padding == "causal" else beyond // 2
        x = F.pad(x, (before, beyond - before))
    y = F.conv1d(x, inputs["weight"].permute(0, 2, 1), inputs["bias"], stride, 0, dilation, groups).permute(2, 0, 1)
    upstream = draw(*y.shape)
    y.backward(upstream)
    return {
        **dict(kernel=kernel, dilation=dilation, stride=stride, groups=groups, padding=padding, steps=y.shape[0]),
        **{key: flat(value) for key, value in inputs.items()},
        **dict(y=flat(y), upstream=flat(upstream)),
        "gradients": {key: flat(value.grad) for key, value in inputs.items()},
    }


path = pathlib.Path(__file__).parents[2] / "tests/goldens/convolution.json"
golden = {"T": T, "B": B, "D": D, "N": N, "cases": [make_case(**case) for case in CASES]}
path.write_text(json.dumps(golden, separators=(",", ":")).replace('{"kernel"', '\n{"kernel"') + "\n")
