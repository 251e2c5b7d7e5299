"""Cells written in Python: recorded once, and compiled as Eddy's own are.

A step is called with symbols, which write down what is done to them. That becomes the header of a cell in C++
(docs/adding-a-cell.md), from which the library derives the backward and makes its vector code. It takes a C++ compiler and libhwy-dev,
and seconds, once a cell: what was compiled is kept.
"""

from __future__ import annotations

import ctypes
import dataclasses
import hashlib
import keyword
import os
import pathlib
import platform
import re
import shutil
import subprocess
import tempfile
import types
import typing
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from . import _core
from ._core import (
    Error,
    Recurrent,
    Tape,
    Var,
    _register_cell,
    _require_free_cell_name,
    _vector_width,
    cell_info,
    multiply,
    reshape,
)

HEADERS = pathlib.Path(__file__).parent / "_cell_headers"
MOST_NAMES = 8  # gates, states or parameters of a cell
UFUNCS = {"exp": "Exp", "sqrt": "Sqrt", "tanh": "Tanh"}
OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/"}
# Of C++, which a gate or a state cannot be called.
TAKEN = set("do if or and not int for new try xor asm auto bool char enum else goto long this true void case float".split())


class Symbol:
    """A number of a cell's step while it is recorded."""

    def __init__(self, recorder: Recorder, text: str) -> None:
        self._recorder, self._text = recorder, text

    def __repr__(self) -> str:
        return f"Symbol({self._text})"

    def __add__(self, other: Value) -> Symbol:
        return self._recorder.binary("+", self, other)

    def __radd__(self, other: Value) -> Symbol:
        return self._recorder.binary("+", other, self)

    def __sub__(self, other: Value) -> Symbol:
        return self._recorder.binary("-", self, other)

    def __rsub__(self, other: Value) -> Symbol:
        return self._recorder.binary("-", other, self)

    def __mul__(self, other: Value) -> Symbol:
        return self._recorder.binary("*", self, other)

    def __rmul__(self, other: Value) -> Symbol:
        return self._recorder.binary("*", other, self)

    def __truediv__(self, other: Value) -> Symbol:
        return self._recorder.binary("/", self, other)

    def __rtruediv__(self, other: Value) -> Symbol:
        return self._recorder.binary("/", other, self)

    def __neg__(self) -> Symbol:
        return self._recorder.binary("-", 0.0, self)

    def __pos__(self) -> Symbol:
        return self

    def __pow__(self, exponent: object) -> Symbol:
        if not isinstance(exponent, int) or not 1 <= exponent <= 8:
            raise Error(f"cell: a power must be a whole number from 1 to 8, but is {exponent!r}")
        result = self
        for _ in range(exponent - 1):
            result = result * self
        return result

    def __bool__(self) -> bool:
        raise Error("cell: a step cannot branch on a value, which is another for each unit; relu() chooses")

    def _refuse(self, *_: object) -> typing.NoReturn:
        raise Error("cell: a step cannot compare or index values; it has + - * /, sigmoid, tanh, relu, exp and sqrt")

    __eq__ = __ne__ = __lt__ = __le__ = __gt__ = __ge__ = __abs__ = __mod__ = __floordiv__ = _refuse
    __getitem__ = __iter__ = __len__ = __float__ = __int__ = __matmul__ = _refuse
    __hash__ = None  # type: ignore[assignment]

    def __array_ufunc__(self, ufunc: typing.Any, method: str, *inputs: typing.Any, **options: object) -> Symbol:
        name = ufunc.__name__
        if method == "__call__" and not options and name in UFUNCS:
            return self._recorder.call(UFUNCS[name], inputs[0])
        if method == "__call__" and not options and name in OPERATORS:
            return self._recorder.binary(OPERATORS[name], *inputs)
        raise Error(f"cell: a step cannot call numpy.{name}; it has + - * /, sigmoid, tanh, relu, exp and sqrt")

    def __array_function__(self, function: typing.Any, *_: object) -> typing.NoReturn:
        raise Error(f"cell: a step cannot call numpy.{function.__name__}; it has + - * /, sigmoid, tanh, relu, exp and sqrt")


Value = typing.Union[Symbol, float, int]


class Recorder:
    """Writes a line a number, in the order in which Python computes them."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def symbol(self, text: str) -> Symbol:
        return Symbol(self, text)

    def put(self, expression: str) -> Symbol:
        name = f"v{len(self.lines)}"
        self.lines.append(f"V {name} = {expression};")
        return self.symbol(name)

    def number(self, value: object) -> float:
        if isinstance(value, (bool, np.bool_)) or not isinstance(value, (int, float, np.integer, np.floating)):
            raise Error(f"cell: a step computes with numbers and what it is given, but not with a {type(value).__name__}")
        if not np.isfinite(value):
            raise Error(f"cell: a number of a step must be finite, but is {value}")
        return float(value)

    def binary(self, operator: str, a: object, b: object) -> Symbol:
        if isinstance(a, Symbol) and isinstance(b, Symbol):
            return self.put(f"{a._text} {operator} {b._text}")
        if isinstance(b, Symbol) and operator != "/":
            return self.put(f"{self.number(a)!r} {operator} {b._text}")
        if isinstance(b, Symbol):  # a constant above: the number type has none alone
            return self.put(f"({self.number(a)!r} + 0.0 * {b._text}) / {b._text}")
        assert isinstance(a, Symbol)
        number = self.number(b)
        if operator == "/" and number == 0:
            raise Error("cell: a step cannot divide by 0")
        left = {"+": f"{number!r} +", "-": f"{-number!r} +", "*": f"{number!r} *", "/": f"{1 / number if number else 0!r} *"}
        return self.put(f"{left[operator]} {a._text}")

    def call(self, function: str, x: Symbol) -> Symbol:
        return self.put(f"{function}({x._text})")


def function(name: str, of_numbers: Callable[[typing.Any], typing.Any], of_tape: Callable[[Var], Var] | None) -> typing.Any:
    def call(x: typing.Any) -> typing.Any:
        if isinstance(x, Symbol):
            return x._recorder.call(name, x)
        if isinstance(x, Var) and of_tape is not None:
            return of_tape(x)
        return of_numbers(np.asarray(x, np.float64))

    return call


_sigmoid = function("Sigmoid", lambda x: 1 / (1 + np.exp(-x)), _core.sigmoid)
_tanh = function("Tanh", np.tanh, _core.tanh)
_relu = function("Relu", lambda x: np.maximum(x, 0), _core.relu)
_exp = function("Exp", np.exp, None)
_sqrt = function("Sqrt", np.sqrt, None)
T = typing.TypeVar("T")


def sigmoid(x: T) -> T:
    """1 / (1 + exp(-x)), element by element: of a value on a tape, of an array, in a cell's step."""
    return typing.cast(T, _sigmoid(x))


def tanh(x: T) -> T:
    """Element by element: of a value on a tape, of an array, in a cell's step."""
    return typing.cast(T, _tanh(x))


def relu(x: T) -> T:
    """0 where x is below 0, else x: of a value on a tape, of an array, in a cell's step."""
    return typing.cast(T, _relu(x))


def exp(x: T) -> T:
    """Of an array, or in a cell's step."""
    return typing.cast(T, _exp(x))


def sqrt(x: T) -> T:
    """Of an array, or in a cell's step."""
    return typing.cast(T, _sqrt(x))


Step = Callable[..., typing.Any]


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
        _register_cell(compiled(name, header))
        return Cell(name, step, names["gates"], names["state"], names["params"], header)

    return make


def check_names(kind: str, names: Sequence[str]) -> None:
    least = 0 if kind == "params" else 1
    if not least <= len(names) <= MOST_NAMES or len(set(names)) != len(names):
        raise Error(f"cell: {kind} must be {least} to {MOST_NAMES} different names, but are {' '.join(names) or 'none'}")
    for name in names:
        if not re.fullmatch(r"[A-Za-z][A-Za-z0-9]*", name) or keyword.iskeyword(name) or name in TAKEN:
            raise Error(f"cell: {kind} must be names of letters and digits, but one is {name}")


def camel(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))


def quoted(text: str) -> str:
    for character, escaped in (("\\", "\\\\"), ('"', '\\"'), ("\n", " "), ("\r", " "), ("\0", "")):
        text = text.replace(character, escaped)
    return f'"{text}"'


def header_of(name: str, step: Step, names: dict[str, tuple[str, ...]], forget_gate: str | None, title: str, paper: str) -> str:
    """The cell in C++, as docs/adding-a-cell.md has it."""
    recorder = Recorder()

    def given(letter: str, of: tuple[str, ...]) -> types.SimpleNamespace:
        return types.SimpleNamespace(**{each: recorder.symbol(f"{letter}.{each}") for each in of})

    arguments = [given("x", names["gates"]), given("u", names["gates"]), given("s", names["state"])]
    if names["params"]:
        arguments.append(given("p", names["params"]))
    try:
        after = step(*arguments)
    except AttributeError as error:
        raise Error(f"cell {name}: {error}") from None
    results = list(after) if isinstance(after, (tuple, list)) else [after]
    if len(results) != len(names["state"]) or not all(isinstance(each, Symbol) for each in results):
        raise Error(f"cell {name}: the step must return {' '.join(names['state'])}, but returns {after!r}")

    fields = {"Gates": names["gates"], "State": names["state"], "Params": names["params"]}
    structs = "".join(
        f"  template <class V>\n  struct {kind} {{\n    V {', '.join(of)};\n  }};\n" for kind, of in fields.items() if of
    )
    p = ", [[maybe_unused]] Params<V> p" if names["params"] else ""
    body = "".join(f"    {line}\n" for line in recorder.lines)
    equations = [line.removeprefix("V ").removesuffix(";") for line in recorder.lines]
    equations += [f"{state}' = {each._text}" for state, each in zip(names["state"], results, strict=True)]
    texts = "\\n\"\n".join(f'          "{line}' for line in equations) + '"'
    index = -1 if forget_gate is None else names["gates"].index(forget_gate)
    return f"""// Made by eddy_rnn.cell from a step in Python.
#pragma once

#include "eddy/cell.h"

namespace eddy {{

struct {camel(name)} {{
{structs}
  template <class V>
  static constexpr State<V> Step([[maybe_unused]] Gates<V> x, [[maybe_unused]] Gates<V> u, [[maybe_unused]] State<V> s{p}) {{
{body}    return {{{", ".join(each._text for each in results)}}};
  }}

  static constexpr CellInfo kInfo = {{
      .title = {quoted(title)},
      .paper = {quoted(paper)},
      .gates = "{" ".join(names["gates"])}",
      .states = "{" ".join(names["state"])}",
      .params = "{" ".join(names["params"])}",
      .equations =
{texts},
      .elsewhere = "",
      .forget_gate = {index},
  }};
}};

}}  // namespace eddy
"""


SOURCE = """#include "{name}.h"
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "{name}.cc"
#include "hwy/foreach_target.h"
#include "hwy/highway.h"
#include "kernels/cell-inl.h"
HWY_BEFORE_NAMESPACE();
namespace eddy {{
namespace HWY_NAMESPACE {{
EDDY_CELL_KERNELS({type})
}}  // namespace HWY_NAMESPACE
}}  // namespace eddy
HWY_AFTER_NAMESPACE();
#if HWY_ONCE
namespace eddy {{
EDDY_CELL_ENTRY({type}, "{name}")
}}  // namespace eddy
extern "C" __attribute__((visibility("default"))) const void* eddy_cell() {{ return &eddy::{type}Cell(); }}
#endif
"""
FLAGS = ["-std=c++20", "-O3", "-fPIC", "-shared", "-fvisibility=hidden", "-fno-math-errno", "-ffp-contract=off",
         "-DEDDY_STATIC", "-DHWY_COMPILE_ONLY_STATIC"]  # fmt: skip
# What makes vectors as wide as the library's, of which one processor may have several.
INTEL = {16: ["-march=native"], 8: ["-march=haswell", "-maes"], 4: ["-march=nehalem", "-maes", "-mpclmul"]}


def compiled(name: str, header: str) -> int:
    """The address of the cell, compiled unless that has been done before."""
    compiler = os.environ.get("CXX") or shutil.which("c++") or shutil.which("g++") or shutil.which("clang++")
    width = _vector_width()
    intel = platform.machine() in ("x86_64", "AMD64")
    flags = [*FLAGS, *(INTEL.get(width, []) if intel else ["-march=native"])]
    source = SOURCE.format(name=name, type=camel(name))
    given = [header, source, *flags, str(width), platform.node(), *(each.read_text() for each in sorted(HEADERS.rglob("*.h")))]
    key = hashlib.sha256("\0".join(given).encode()).hexdigest()[:32]
    folder = pathlib.Path(os.environ.get("EDDY_CELLS") or pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache") / "eddy_rnn").expanduser()
    library = folder / f"{name}-{key}.so"
    if not library.exists():
        if compiler is None:
            raise Error(f"cell {name}: there is no C++ compiler; install one (g++ 12 or later), or set CXX")
        compile_into(library, compiler, flags, name, header, source)
    entry = ctypes.CDLL(str(library)).eddy_cell
    entry.restype = ctypes.c_void_p
    return typing.cast(int, entry())


def compile_into(library: pathlib.Path, compiler: str, flags: list[str], name: str, header: str, source: str) -> None:
    library.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=library.parent) as folder:
        place = pathlib.Path(folder)
        (place / f"{name}.h").write_text(header, encoding="utf-8")
        (place / f"{name}.cc").write_text(source, encoding="utf-8")
        made = place / "cell.so"
        command = [*compiler.split(), *flags, f"-I{place}", f"-I{HEADERS}", str(place / f"{name}.cc"), "-o", str(made)]
        try:
            done = subprocess.run(command, capture_output=True, text=True)
        except OSError as error:
            raise Error(f"cell {name}: the compiler {compiler} does not run: {error.strerror}") from None
        if done.returncode != 0:
            wrong = next((line for line in done.stderr.splitlines() if "error" in line), done.stderr.strip()[-200:])
            if "hwy/" in wrong and "No such file" in wrong:
                raise Error(f"cell {name}: Highway's headers are missing; install libhwy-dev")
            raise Error(f"cell {name}: {compiler} refuses it: {wrong}")
        os.replace(made, library)
