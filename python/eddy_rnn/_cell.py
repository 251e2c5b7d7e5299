"""Cells written in Python: recorded once, and compiled as Eddy's own are.

A step is called with symbols, which write down what is done to them. That becomes the header of a cell in C++
(docs/adding-a-cell.md), from which the library derives the backward and makes its vector code. It takes a C++ compiler and libhwy-dev,
and seconds, once a cell: what was compiled is kept.
"""

from __future__ import annotations

import dataclasses
import os
import pathlib
import re
import types
import typing
from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from . import _core
from ._cell_source import Step, check_names, header_of
from ._core import Error, Recurrent, Tape, _register_cell, _require_free_cell_name, cell_info, multiply, reshape


@dataclasses.dataclass(frozen=True)
class Cell:
    """A cell of one's own: its name is one for `Recurrent` and all that takes a cell, as long as this process runs."""

    name: str
    step: Step
    gates: tuple[str, ...]
    states: tuple[str, ...]
    params: tuple[str, ...]
    #: The cell in C++, as include/eddy/cells/ has Eddy's own.
    header: str = dataclasses.field(repr=False)

    def __str__(self) -> str:
        return self.name

    def __call__(self, *values: typing.Any) -> typing.Any:
        """The step itself, on arrays."""
        return self.step(*values)

    @property
    def facts(self) -> dict[str, typing.Any]:
        """What the library found in the arithmetic: whether it is linear, has a product with h, needs a bias of its own there."""
        return cell_info(self.name)

    def save_header(self, path: str | os.PathLike[str]) -> None:
        """Writes NAME.h, for CMake's eddy_add_cells: with it C++ reads models of this cell. The file must be called after it."""
        if pathlib.Path(path).name != f"{self.name}.h":
            raise Error(f"cell: the header's name must be {self.name}.h, but is {os.fspath(path)}")
        pathlib.Path(path).write_text(self.header, encoding="utf-8")

    def check(self, seed: int = 0) -> float:
        """Compares what the library computes with the step on float64, and its gradients with finite differences of that.

        Returns the largest difference, relative to the largest value of its kind; raises `Error` where it is above 1e-3.
        """
        T, B, D, H = 4, 2, 3, 5
        random = np.random.default_rng(seed)
        layer = Recurrent(self.name, D, H, seed=seed)
        for parameter in layer.parameters():
            parameter.value = random.normal(size=parameter.value.shape) * 0.4
        values = {each.name.rsplit(".", 1)[-1]: each.value.astype(np.float64) for each in layer.parameters()}
        x, weight = random.normal(size=(T, B, D)), random.normal(size=(T, B, H))
        tape = Tape()
        y, _ = layer(tape.constant(x))
        product = reshape(multiply(y, tape.constant(weight)), [1, T * B * H])
        total = tape.backward(reshape(_core.linear(product, tape.constant(np.ones((1, T * B * H)))), []))
        worst = relative(np.array(total), np.array((self.run(x, values) * weight).sum()))
        step = 1e-5
        for parameter in layer.parameters():
            array = values[parameter.name.rsplit(".", 1)[-1]]
            slopes = np.empty_like(array)
            for place in np.ndindex(array.shape):
                kept = array[place]
                ends = []
                for sign in (1, -1):
                    array[place] = kept + sign * step
                    ends.append((self.run(x, values) * weight).sum())
                array[place] = kept
                slopes[place] = (ends[0] - ends[1]) / (2 * step)
            worst = max(worst, relative(parameter.grad, slopes))
        if not worst <= 1e-3:
            raise Error(f"cell {self.name}: the library is off by {worst:.1e} of the step on float64: is it smooth, and finite?")
        return worst

    def run(self, x: npt.NDArray[np.float64], values: dict[str, npt.NDArray[np.float64]]) -> npt.NDArray[np.float64]:
        """A layer of these parameters over x [T, B, D], in float64."""
        W, b = values["W"], values["b"]
        H = len(W) // len(self.gates)
        states = [np.zeros((x.shape[1], H)) for _ in self.states]
        outputs = []
        for frame in x:
            gates = frame @ W.T + b
            recurrent = states[0] @ values["U"].T + values.get("c", 0) if "U" in values else np.zeros_like(gates)
            given = [
                types.SimpleNamespace(**dict(zip(self.gates, np.split(gates, len(self.gates), -1), strict=True))),
                types.SimpleNamespace(**dict(zip(self.gates, np.split(recurrent, len(self.gates), -1), strict=True))),
                types.SimpleNamespace(**dict(zip(self.states, states, strict=True))),
            ]
            if self.params:
                given.append(types.SimpleNamespace(**dict(zip(self.params, np.split(values["p"], len(self.params)), strict=True))))
            after = self.step(*given)
            states = list(after) if isinstance(after, tuple) else [after]
            outputs.append(states[0])
        return np.stack(outputs)


def relative(a: npt.NDArray[typing.Any], b: npt.NDArray[typing.Any]) -> float:
    return float(np.abs(a - b).max() / max(np.abs(b).max(), 1e-3))


def cell(
    *, gates: str, state: str = "h", params: str = "", forget_gate: str | None = None, title: str = "", paper: str = ""
) -> Callable[[Step], Cell]:
    """Makes a cell of a function, which is called after it.

    The function is a step of a unit: it is given x, the gates' share of W input + b; u, their share of U h; s, the state; and, with
    `params`, p, parameters that each unit has of its own. It returns the next state, several as a tuple. It may use + - * / and
    powers, `sigmoid`, `tanh`, `relu`, `exp` and `sqrt`; the first state is what recurs and is put out.

    Compiles it, once: that takes seconds, a C++20 compiler (`CXX`, or c++) and libhwy-dev. What is compiled is kept in `EDDY_CELLS`, or
    ~/.cache/eddy_rnn. The name must be one that Eddy's cells have not; a model of such a cell is loaded after it has been made.

    gates, state, params: names, up to eight each. forget_gate: the gate to whose bias `forget_bias` is added.

    >>> @eddy_rnn.cell(gates="f n")
    ... def my_ugrnn(x, u, s):
    ...     f = eddy_rnn.sigmoid(x.f + u.f)
    ...     n = eddy_rnn.tanh(x.n + u.n)
    ...     return f * (s.h - n) + n
    >>> layer = eddy_rnn.Recurrent("my_ugrnn", 3, 8)
    >>> layer(np.ones((5, 1, 3)))[0].shape
    (5, 1, 8)
    >>> my_ugrnn.facts["linear"], my_ugrnn.check() < 1e-3
    (False, True)
    """
    names = {"gates": tuple(gates.split()), "state": tuple(state.split()), "params": tuple(params.split())}
    for kind, all_names in names.items():
        check_names(kind, all_names)
    if forget_gate is not None and forget_gate not in names["gates"]:
        raise Error(f"cell: forget_gate must be one of {', '.join(names['gates'])}, but is {forget_gate}")

    def make(step: Step) -> Cell:
        name = step.__name__
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", name):
            raise Error(f"cell: the function must be called like my_cell, but is {name}")
        _require_free_cell_name(name)
        header = header_of(name, step, names, forget_gate, title or name, paper)
        from ._cell_compiler import compiled  # not before there is something to compile: it imports much

        _register_cell(compiled(name, header))
        return Cell(name, step, names["gates"], names["state"], names["params"], header)

    return make
