"""Writes tests/goldens/ctc.json: PyTorch's CTC loss and its gradient, in double, for tests/laws/ctc_golden_test.cc.

    python scripts/goldens/ctc.py        (made with PyTorch 2.13)

logits and grad [T, B, V] flat and row-major, three decimals in, twelve digits out; loss is the sum over rows divided by B.
"""
import json
import pathlib

import torch
import torch.nn.functional as F

CASES = [
    dict(T=6, V=4, blank=0, lengths=[6, 6], targets=[[1, 2, 3], [3, 1]]),
    dict(T=9, V=5, blank=2, lengths=[9, 4, 7], targets=[[1, 1, 1, 0], [4, 4], [3, 0, 0, 3]]),
    dict(T=5, V=3, blank=0, lengths=[5, 1, 3], targets=[[], [2], [1, 2, 1]]),
    dict(T=40, V=6, blank=0, lengths=[40, 33], targets=[[1 + i * i % 5 for i in range(15)], [1 + i % 5 for i in range(33)]]),
]
random = torch.Generator().manual_seed(1)


def flat(tensor):
    return [float(f"{value:.12g}") for value in tensor.detach().flatten().tolist()]


def make_case(T, V, blank, lengths, targets):
    B = len(lengths)
    logits = (3 * torch.randn(T, B, V, generator=random, dtype=torch.float64)).round(decimals=3).requires_grad_()
    loss = F.ctc_loss(
        F.log_softmax(logits, -1),
        torch.tensor([label for labels in targets for label in labels]),
        torch.tensor(lengths),
        torch.tensor([len(labels) for labels in targets]),
        blank=blank,
        reduction="sum",
    ) / B
    loss.backward()
    grad = logits.grad.clone()
    for row, length in enumerate(lengths):
        assert (grad[length:, row] == 0).all()
    return dict(
        T=T, V=V, blank=blank, lengths=lengths, targets=targets, logits=flat(logits), loss=loss.item(), grad=flat(grad)
    )


path = pathlib.Path(__file__).parents[2] / "tests/goldens/ctc.json"
cases = [make_case(**case) for case in CASES]
path.write_text(json.dumps(cases, separators=(",", ":")).replace('{"T"', '\n{"T"') + "\n")
