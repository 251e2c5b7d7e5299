"""What a cell's step is called with while it is recorded, and the functions that it may call."""

from __future__ import annotations

import typing
from collections.abc import Callable

import numpy as np

from . import _core
from ._core import Error, Var

UFUNCS = {"exp": "Exp", "sqrt": "Sqrt", "tanh": "Tanh"}
OPERATORS = {"add": "+", "subtract": "-", "multiply": "*", "divide": "/", "true_divide": "/"}


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
