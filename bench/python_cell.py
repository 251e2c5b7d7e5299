"""The time of a cell written in Python (eddy_rnn.cell) over that of the same cell compiled with the library, and of the same
cell written in PyTorch over it: forward and backward, and inference, by turns on one thread; medians. Beside them the share of
the products alone in PyTorch's time and in ours: torch.mm of the same shapes, as often as the layer needs them. Where they
are a share p of PyTorch's time, no engine with the same products is more than 1 / p times as fast. Prints Markdown.

    python bench/python_cell.py          # needs eddy_rnn, torch, a C++20 compiler and libhwy-dev
"""

from __future__ import annotations

import time
from collections.abc import Callable

import eddy_rnn
import numpy as np
import torch

STEPS, ROUNDS = 64, 25


@eddy_rnn.cell(gates="i f g o", state="h c", forget_gate="f")
def written_lstm(x, u, s):
    c = eddy_rnn.sigmoid(x.f + u.f) * s.c + eddy_rnn.sigmoid(x.i + u.i) * eddy_rnn.tanh(x.g + u.g)
    return eddy_rnn.sigmoid(x.o + u.o) * eddy_rnn.tanh(c), c


class TorchLstm(torch.nn.Module):
    """Step by step, as whoever tries out a cell writes it."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.W, self.U = torch.nn.Linear(width, 4 * width), torch.nn.Linear(width, 4 * width, bias=False)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        h = c = x.new_zeros(x.shape[1:])
        outputs = []
        for gates in self.W(x):
            i, f, g, o = (gates + self.U(h)).chunk(4, -1)
            c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
            h = torch.sigmoid(o) * torch.tanh(c)
            outputs.append(h)
        return torch.stack(outputs)


def ours(cell: str, x: np.ndarray, training: bool) -> Callable[[], object]:
    layer = eddy_rnn.Recurrent(cell, x.shape[-1], x.shape[-1], seed=0)

    def train() -> None:
        tape = eddy_rnn.Tape()
        y, _ = layer(tape.constant(x))
        tape.backward(eddy_rnn.squared_error(y, np.zeros_like(x)))

    return train if training else lambda: layer(x)


def torchs(x: np.ndarray, training: bool) -> Callable[[], object]:
    layer, inputs = TorchLstm(x.shape[-1]), torch.from_numpy(x)

    def train() -> None:
        (layer(inputs) ** 2).mean().backward()

    def infer() -> None:
        with torch.no_grad():
            layer(inputs)

    return train if training else infer


def products(rows: int, units: int, training: bool) -> Callable[[], object]:
    """The products of an lstm of STEPS steps: of all inputs at once, of the state at each step; in training those for the
    gradients of inputs and states, and those of the weights' gradients over all steps at once."""
    all_x, all_gates = torch.randn(STEPS * rows, units), torch.randn(STEPS * rows, 4 * units)
    h, gates = torch.randn(rows, units), torch.randn(rows, 4 * units)
    W, U = torch.randn(units, 4 * units), torch.randn(units, 4 * units)

    def forward() -> None:
        torch.mm(all_x, W)
        for _ in range(STEPS):
            torch.mm(h, U)

    def train() -> None:
        forward()
        for _ in range(STEPS):
            torch.mm(gates, U.t())
        torch.mm(all_x.t(), all_gates)  # of W
        torch.mm(all_x.t(), all_gates)  # of U

    def infer() -> None:
        with torch.no_grad():
            forward()

    return train if training else infer


def medians(runs: list[Callable[[], object]]) -> list[float]:
    times: list[list[float]] = [[] for _ in runs]
    for round_ in range(ROUNDS + 1):
        for run, taken in zip(runs, times, strict=True):
            start = time.perf_counter()
            run()
            if round_ > 0:  # the first warms up
                taken.append(time.perf_counter() - start)
    return [float(np.median(taken)) for taken in times]


def main() -> None:
    torch.set_num_threads(1)
    print("| rows | units | | written over compiled | torch over written | products' share of torch's | of written's |")
    print("|---|---|---|---|---|---|---|")
    for rows, units in ((1, 64), (4, 128), (16, 256)):
        x = np.random.default_rng(0).normal(size=(STEPS, rows, units)).astype(np.float32)
        for training in (True, False):
            written, compiled, torch_, alone = medians(
                [ours("written_lstm", x, training), ours("lstm", x, training), torchs(x, training), products(rows, units, training)]
            )
            kind = "training" if training else "inference"
            ratios = f"{written / compiled:.2f} | {torch_ / written:.1f} | {alone / torch_:.2f} | {alone / written:.2f}"
            print(f"| {rows} | {units} | {kind} | {ratios} |", flush=True)


if __name__ == "__main__":
    main()
