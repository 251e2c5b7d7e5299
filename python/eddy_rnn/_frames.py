"""Frames of pandas, polars, pyarrow and others, through narwhals, which is asked only where there is one."""

from __future__ import annotations

import datetime
import importlib
import typing

import numpy as np

from . import _arrays
from ._core import Data, Error


def narwhals() -> typing.Any:
    try:
        return importlib.import_module("narwhals.stable.v1")
    except ImportError:
        raise Error("frames are read by narwhals: pip install narwhals") from None


def is_frame(X: object) -> bool:
    return hasattr(X, "columns") and not isinstance(X, np.ndarray)


def is_series(X: object) -> bool:
    """One column, such as pandas' Series: with a name and a type, and no columns."""
    return hasattr(X, "dtype") and hasattr(X, "name") and not hasattr(X, "columns")


def read(X: object) -> typing.Any:
    return narwhals().from_native(X, eager_only=True)


def column(values: typing.Any) -> list[float] | list[str]:
    """Of numbers, NaN where one is missing; of times as ISO 8601 writes them; of texts, empty where one is missing."""
    nw = narwhals()
    if values.dtype.is_numeric() or values.dtype == nw.Boolean:
        numbers: list[float] = [float("nan") if each is None else float(each) for each in values.to_list()]
        return numbers
    if values.dtype == nw.Datetime:
        return [instant(each) for each in values.to_list()]
    return ["" if missing(each) else str(each) for each in values.to_list()]


def missing(value: typing.Any) -> bool:
    return value is None or value != value


def instant(value: typing.Any) -> str:
    if missing(value):
        return ""
    day = (value.hour, value.minute, value.second, value.microsecond) == (0, 0, 0, 0)
    return str(value.strftime("%Y-%m-%d" if day else "%Y-%m-%d %H:%M:%S"))


def columns(X: object) -> dict[str, list[float] | list[str]]:
    frame = read(X)
    return {name: column(frame[name]) for name in frame.columns}


def table(X: object) -> Data:
    return Data.table(columns(X))


def is_dated(X: typing.Any) -> bool:
    return hasattr(X, "index") and hasattr(X.index, "tz")


def series(X: typing.Any) -> dict[str, list[float] | list[str]]:
    """A table's columns, of a frame; `y`, and `ds` of a Series with an index of dates."""
    if is_frame(X):
        return columns(X)
    values = _arrays.numbers(X)
    if values.ndim != 1:
        raise Error(f"X must be a frame, a Series or an array [steps], but is of {values.ndim} dimensions")
    dates: dict[str, list[float] | list[str]] = {"ds": [instant(at) for at in X.index]} if is_dated(X) else {}
    return dates | {"y": values.tolist()}


def after(X: typing.Any, later: typing.Any) -> typing.Any:
    """X and the rows that follow."""
    if is_frame(X):
        return narwhals().concat([read(X), read(later)]).to_native()
    if is_dated(X):
        return type(X)([*X, *later], index=X.index.append(later.index), name=X.name)
    return np.concatenate([_arrays.numbers(X), _arrays.numbers(later)])


def as_type(texts: list[str], dtype: typing.Any) -> list[typing.Any]:
    """Texts as values of a column's type."""
    nw = narwhals()
    if dtype.is_integer():
        return [int(float(text)) for text in texts]
    if dtype.is_numeric():
        return [float(text) for text in texts]
    if dtype == nw.Datetime:
        return [datetime.datetime.fromisoformat(text) for text in texts]
    if dtype == nw.Date:
        return [datetime.date.fromisoformat(text) for text in texts]
    return list(texts)
