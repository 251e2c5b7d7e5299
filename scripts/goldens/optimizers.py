"""Writes tests/goldens/optimizers.json: PyTorch's optimizers step by step, in double, for tests/optim/optimizer_test.cc.

    python scripts/goldens/optimizers.py        (made with PyTorch 2.13)

The gradients are given, not derived from the weights. The parameter has rank 2, which Eddy's adamw decays.
"""
import json
import pathlib

import torch

torch.manual_seed(1)
torch.set_default_dtype(torch.float64)
STEPS, SHAPE = 10, (2, 3)


def single(tensor):
    """Rounded to float, so that Eddy starts from the same numbers."""
    return tensor.float().double()


# Weights of about 1 in size, so that a relative comparison means something; gradients over several orders of magnitude.
start = single(torch.sign(torch.randn(SHAPE)) * (1 + torch.rand(SHAPE)))
grads = [single(torch.randn(SHAPE) * torch.tensor([1.0, 1e-2, 1e-4])) for _ in range(STEPS)]
rates = [0.01 * (1 + 0.5 * (step % 3)) for step in range(STEPS)]

optimizers = {
    "sgd": torch.optim.SGD,
    "adagrad": torch.optim.Adagrad,
    "rmsprop": torch.optim.RMSprop,
    "adam": torch.optim.Adam,
    "adamw": torch.optim.AdamW,
}
options = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.9}),
    ("sgd", {"momentum": 0.9, "nesterov": True}),
    ("adagrad", {}),
    ("rmsprop", {}),
    ("rmsprop", {"momentum": 0.9, "alpha": 0.9}),
    ("adam", {}),
    ("adam", {"beta1": 0.8, "beta2": 0.95, "epsilon": 1e-3}),
    ("adamw", {}),
]


def in_pytorch(given):
    named = {"epsilon": "eps"}
    result = {named.get(key, key): value for key, value in given.items() if key not in ("beta1", "beta2")}
    if "beta1" in given:
        result["betas"] = (given["beta1"], given["beta2"])
    return result


cases = []
for name, given in options:
    for decay in (0.0, 0.1):
        weight = start.clone().requires_grad_()
        optimizer = optimizers[name]([weight], lr=1, **in_pytorch(given), weight_decay=decay)
        values = []
        for rate, grad in zip(rates, grads):
            optimizer.param_groups[0]["lr"] = rate
            weight.grad = grad.clone()
            optimizer.step()
            values.append(weight.detach().flatten().tolist())
        cases.append({"name": name, "options": {**given, "weight_decay": decay}, "values": values})

golden = {
    "shape": SHAPE,
    "start": start.flatten().tolist(),
    "rates": rates,
    "grads": [grad.flatten().tolist() for grad in grads],
    "cases": cases,
}
path = pathlib.Path(__file__).parents[2] / "tests/goldens/optimizers.json"
path.write_text(json.dumps(golden).replace('{"name"', '\n{"name"') + "\n")
