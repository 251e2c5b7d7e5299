"""Writes tests/goldens/tcn.json: temporal convolutional networks (Bai 2018) in PyTorch and their gradients, in double, for
tests/laws/tcn_golden_test.cc.

    python scripts/goldens/tcn.py        (made with PyTorch 2.13)

Arrays are flat and row-major, x [T, B, D], y and upstream [T, B, H], weights under Eddy's names and in its order [N, K, D].
What goes in has three decimals, what comes out twelve digits.
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch.nn.utils.parametrizations import weight_norm

T, B = 9, 2
random = torch.Generator().manual_seed(1)


def draw(*shape):
    return (torch.rand(*shape, generator=random, dtype=torch.float64) * 2 - 1).round(decimals=3)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


class Block(torch.nn.Module):
    def __init__(self, inputs, hidden, kernel, dilation):
        super().__init__()
        self.padding = (kernel - 1) * dilation
        self.first = weight_norm(torch.nn.Conv1d(inputs, hidden, kernel, dilation=dilation))
        self.second = weight_norm(torch.nn.Conv1d(hidden, hidden, kernel, dilation=dilation))
        self.around = torch.nn.Conv1d(inputs, hidden, 1) if inputs != hidden else None

    def forward(self, x):
        y = F.relu(self.first(F.pad(x, (self.padding, 0))))
        z = F.relu(self.second(F.pad(y, (self.padding, 0))))
        return F.relu(z + (x if self.around is None else self.around(x)))


NAMES = {
    "parametrizations.weight.original0": "g",
    "parametrizations.weight.original1": "V",
    "weight": "W",
    "bias": "b",
}


def our_name(name):
    block, layer, rest = name.split(".", 2)
    return f"{block}.{layer}.{NAMES[rest]}"


def ours(tensor):
    """[N, D, K] as [N, K, D]."""
    return flat(tensor.permute(0, 2, 1) if tensor.dim() == 3 else tensor)


def make_case(inputs, hidden, kernel, blocks):
    widths = [inputs] + [hidden] * blocks
    network = torch.nn.Sequential(*[Block(widths[i], hidden, kernel, 2**i) for i in range(blocks)]).double()
    with torch.no_grad():
        for weight in network.parameters():
            weight.copy_(draw(*weight.shape))
    x = draw(T, B, inputs).requires_grad_()
    y = network(x.permute(1, 2, 0)).permute(2, 0, 1)
    upstream = draw(*y.shape)
    y.backward(upstream)
    weights = dict(network.named_parameters())
    return {
        **dict(input=inputs, hidden=hidden, kernel=kernel, blocks=blocks),
        **dict(x=flat(x), y=flat(y), upstream=flat(upstream)),
        "weights": {our_name(name): ours(value) for name, value in weights.items()},
        "gradients": {"x": flat(x.grad), **{our_name(name): ours(value.grad) for name, value in weights.items()}},
    }


path = pathlib.Path(__file__).parents[2] / "tests/goldens/tcn.json"
cases = [make_case(3, 4, 3, 2), make_case(4, 4, 2, 3)]
text = json.dumps({"T": T, "B": B, "cases": cases}, separators=(",", ":"))
path.write_text(text.replace('{"input"', '\n{"input"') + "\n")
