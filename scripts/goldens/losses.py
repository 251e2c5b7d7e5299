"""Writes tests/goldens/losses.json: PyTorch's losses and gradients, in double, for tests/laws/loss_golden_test.cc.

    python scripts/goldens/losses.py        (made with PyTorch 2.13)
"""
import json
import pathlib

import torch
import torch.nn.functional as F
from torch.distributions import NegativeBinomial, Normal, StudentT

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
LEAST_SCALE = 1e-6  # kLeastScale of loss.h


def single(tensor):
    """Rounded to float, so that both number types of Eddy start from the same input."""
    return tensor.float().double()


cases = []


def add(name, input, target, loss, **options):
    input = single(input).requires_grad_()
    value = loss(input)
    value.backward()
    cases.append(
        {
            "name": name,
            "shape": list(input.shape),
            "input": input.flatten().tolist(),
            "target": target.flatten().tolist(),
            "options": options,
            "loss": value.item(),
            "grad": input.grad.flatten().tolist(),
        }
    )


classes = torch.tensor([3, -1, 0, 6, 6, -1])
for smoothing in (0.0, 0.1):
    add(
        "softmax_cross_entropy",
        3 * torch.randn(6, 7),
        classes,
        lambda x: F.cross_entropy(x, classes, ignore_index=-1, label_smoothing=smoothing),
        smoothing=smoothing,
    )

y = single(2 * torch.randn(3, 4))
add("squared_error", torch.randn(3, 4), y, lambda x: F.mse_loss(x, y))
add("absolute_error", torch.randn(3, 4), y, lambda x: F.l1_loss(x, y))
for delta in (0.5, 2.0):
    add("huber", torch.randn(3, 4), y, lambda x: F.huber_loss(x, y, delta=delta), delta=delta)


def positive(raw):
    return F.softplus(raw) + LEAST_SCALE


y = single(2 * torch.randn(8))
add("gaussian", torch.randn(8, 2), y, lambda x: -Normal(x[:, 0], positive(x[:, 1])).log_prob(y).mean())
for spread in (1.0, 4.0, 20.0):
    add(
        "student_t",
        spread * torch.randn(8, 3),
        y,
        lambda x: -StudentT(2 + F.softplus(x[:, 2]), x[:, 0], positive(x[:, 1])).log_prob(y).mean(),
    )

counts = torch.tensor([0.0, 0, 1, 2, 5, 17, 100, 3000])


def negative_binomial(x):
    mean, total = F.softplus(x[:, 0]), 1 / positive(x[:, 1])
    return -NegativeBinomial(total, logits=torch.log(mean / total)).log_prob(counts).mean()


for spread in (1.0, 4.0):
    add("negative_binomial", spread * torch.randn(8, 2), counts, negative_binomial)

keys = (torch.rand(4, 5) < 0.3).double()
add(
    "bernoulli",
    4 * torch.randn(4, 5),
    keys,
    lambda x: F.binary_cross_entropy_with_logits(x, keys, reduction="none").sum(1).mean(),
)

path = pathlib.Path(__file__).parents[2] / "tests/goldens/losses.json"
path.write_text(json.dumps(cases).replace('{"name"', '\n{"name"') + "\n")
