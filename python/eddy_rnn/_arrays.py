"""What estimators are given as X and y: arrays of numbers, sentences, labels; checked as scikit-learn checks them."""

from __future__ import annotations

import typing
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ._core import Error

Series = list[npt.NDArray[np.float64]]


def is_text(X: typing.Any) -> bool:
    """Whether X is a list, an array or a Series of texts."""
    if isinstance(X, (list, tuple)):
        return len(X) > 0 and isinstance(X[0], str)
    array = np.asarray(X)
    return array.dtype.kind == "U" or (array.dtype == object and array.ndim == 1 and array.size > 0 and isinstance(array[0], str))


def texts(X: typing.Any) -> list[str]:
    if isinstance(X, str):
        raise Error("the sentences must be a list or an array of them, but are one string")
    return [str(each) for each in X]


def numbers(X: typing.Any, what: str = "X") -> npt.NDArray[np.float64]:
    """An array of float64 of any number of dimensions. Infinite ones are refused, NaN is a missing value."""
    if hasattr(X, "toarray") and hasattr(X, "nnz"):
        raise TypeError("sparse data are not read; X.toarray() makes them dense")
    array = np.asarray(X)
    if array.dtype.kind == "c":
        raise ValueError("Complex data not supported")
    try:
        array = np.ascontiguousarray(array, np.float64)
    except (TypeError, ValueError) as error:
        if isinstance(error, TypeError):
            raise TypeError(f"{what}: argument must be a string or a number") from None
        raise
    if np.isinf(array).any():
        raise ValueError(f"{what} must be finite or NaN for a missing value, but has infinity")
    return array


def series(X: typing.Any) -> Series:
    """Series [steps, columns] each, of X [n, steps], [n, steps, columns], or a list of [steps] or [steps, columns]."""
    if isinstance(X, (list, tuple)) and X and np.ndim(X[0]) >= 1 and len({np.shape(each) for each in X}) > 1:
        all = [numbers(each) for each in X]
    else:
        array = numbers(X)
        if array.ndim < 2:
            raise ValueError(
                "Expected 2D array or 3D array, got one of %d dimensions. Reshape your data: X is [n, steps] or "
                "[n, steps, columns]" % array.ndim
            )
        if len(array) == 0:
            raise ValueError(f"Found array with 0 sample(s) (shape={array.shape}) while a minimum of 1 is required.")
        if 0 in array.shape:
            raise ValueError(f"0 feature(s) (shape={array.shape}) while a minimum of 1 is required.")
        all = list(array)
    columned = [each if each.ndim == 2 else each[:, None] for each in all]
    if len({each.shape[1] for each in columned}) > 1:
        raise Error("X: series must have the same columns, but these have different numbers of them")
    return columned


def steps_of(X: typing.Any) -> int | None:
    """How many steps series have that are given as [n, steps]; none for any other form."""
    try:
        shape = np.asarray(X).shape
    except ValueError:  # of different lengths
        return None
    return shape[1] if len(shape) == 2 else None


def cell(values: npt.NDArray[np.float64]) -> str:
    """The values of a series in one column, as a cell of a table."""
    return " ".join("nan" if value != value else repr(value) for value in values.tolist())


def table(X: Series) -> dict[str, list[str]]:
    return {f"x{d + 1}": [cell(each[:, d]) for each in X] for d in range(X[0].shape[1])}


def labels(y: typing.Any, n: int) -> tuple[list[str], npt.NDArray[typing.Any]]:
    """Labels as texts, and the classes that there are, in order."""
    if y is None:
        raise ValueError("This estimator requires y to be passed, but the target y is None.")
    array = np.asarray(y)
    if array.ndim == 2 and array.shape[1] == 1:
        import warnings

        category = warning("DataConversionWarning")
        warnings.warn("A column-vector y was passed when a 1d array was expected.", category, stacklevel=4)
        array = array[:, 0]
    if array.ndim != 1:
        raise ValueError(f"y must be 1-D, a label for each of X, but has shape {array.shape}")
    if len(array) != n:
        raise ValueError(f"X and y must be of the same length, but are of inconsistent numbers of samples: {n} and {len(array)}")
    if array.dtype.kind == "f":
        if not np.isfinite(array).all():
            raise ValueError("Input y contains NaN or infinity; labels must be known")
        if (array != np.round(array)).any():
            raise ValueError("Unknown label type: continuous. Labels are whole numbers or texts.")
    classes = np.unique(array)
    if len(classes) < 2:
        raise ValueError(f"y must be of at least two classes, but has one class in {n} sample(s): {', '.join(map(str, classes))}")
    names = [str(each) for each in classes.tolist()]
    if len(set(names)) < len(names):
        raise ValueError("y: different labels are spelled alike")
    return [str(each) for each in array.tolist()], classes


def warning(name: str) -> type[Warning]:
    import sys

    exceptions: typing.Any = sys.modules.get("sklearn.exceptions")
    return typing.cast(type[Warning], getattr(exceptions, name)) if exceptions else UserWarning


def sequences(X: typing.Any, what: str) -> list[list[str]]:
    """Sequences of tokens or tags."""
    if isinstance(X, str) or any(isinstance(each, str) for each in X):
        raise Error(f"{what}: must be a list of sequences, each a list of texts, but has a text where a sequence should be")
    return [[str(token) for token in each] for each in X]


def same_length(X: Sequence[object], y: Sequence[object]) -> None:
    if len(X) != len(y):
        raise Error(f"X and y must be of the same length, but are of {len(X)} and {len(y)}")
