"""PyTorch's LSTM, GRU and RNN, and their cells, by the names of a state_dict. The library does it (include/eddy/convert.h)."""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from .._core import RecurrentStack, layers_from_torch, weights_for_torch
from ._layers import Array, Converted

OF_LAYERS = re.compile(r"(weight|bias|w|b)_(ih|hh|hr)(_l\d+(_reverse)?)?$")
MOST_DIMENSIONS = 4


def from_torch(state: Mapping[str, object], *, nonlinearity: str = "tanh") -> Converted:
    """Finds the recurrent layers of a state_dict; values are arrays or torch's tensors.

    nonlinearity: "tanh" or "relu", of RNNs, which their weights do not tell.
    """
    arrays = {name: as_array(value) for name, value in state.items()}
    given = {
        name: np.asarray(array, np.float32, order="C")
        for name, array in arrays.items()
        if OF_LAYERS.search(name) and array.dtype.kind == "f" and array.ndim <= MOST_DIMENSIONS
    }
    found, left = layers_from_torch(given, nonlinearity)
    unused = {*left, *(arrays.keys() - given.keys())}
    left = [name for name in arrays if name in unused]
    return Converted(
        {name: stack for name, stack, _ in found},
        left,
        {name: conventions for name, _, conventions in found},
        {name: arrays[name] for name in left if arrays[name].dtype.kind == "f" and 1 <= arrays[name].ndim <= MOST_DIMENSIONS},
    )


def as_array(value: object) -> Array:
    numpy = getattr(getattr(value, "detach", lambda: value)(), "numpy", None)  # of a tensor
    return np.asarray(numpy() if numpy else value)


def to_torch(stack: RecurrentStack, prefix: str = "") -> dict[str, Array]:
    """The state_dict of torch.nn.LSTM, GRU or RNN for this stack, as arrays."""
    return dict(weights_for_torch(stack, prefix))
