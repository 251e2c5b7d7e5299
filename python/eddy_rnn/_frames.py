"""Frames of pandas, polars, pyarrow and others, through narwhals, which is asked only where there is one."""

from __future__ import annotations

import importlib
import typing

import numpy as np

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
