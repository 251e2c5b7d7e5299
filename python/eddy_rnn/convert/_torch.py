"""PyTorch's LSTM, GRU and RNN, and their cells, by the names of a state_dict.

Gates have Eddy's order. b_ih and b_hh of LSTM and RNN are added, their sum being Eddy's b; GRU's stay apart, b and c, since the
reset gate multiplies c. Going out, b is b_ih and b_hh is 0: a layer that comes and goes computes the same, bit for bit.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np

from .._core import Error, RecurrentStack
from ._layers import Array, Converted, gates_of, layers_of, stack_of

CELLS = ("lstm", "gru", "rnn_tanh", "rnn_relu")
FIRST = re.compile(r"(?P<prefix>.*?)(?P<weight>weight|(?<![a-z])w)_ih(?P<place>_l0|)$")
SHORT = {"weight": "bias", "w": "b"}  # w_ih and b_ih, as files of numpy have them
NOTE = "gates of PyTorch {0}, of Eddy {0}; {1}"


def from_torch(state: Mapping[str, object], *, nonlinearity: str = "tanh") -> Converted:
    """Finds the recurrent layers of a state_dict; values are arrays or torch's tensors.

    nonlinearity: "tanh" or "relu", of RNNs, which their weights do not tell.
    """
    arrays = {name: as_array(value) for name, value in state.items()}
    read = Converted()
    taken: set[str] = set()
    for name in arrays:
        found = FIRST.match(name)
        if not found or found["prefix"] + f"{found['weight']}_hh{found['place']}" not in arrays:
            continue
        prefix, called = found["prefix"], found["prefix"].rstrip("._") or "layer"
        layers, used = read_layers(arrays, prefix, found["weight"], found["place"])
        taken |= used
        hidden = layers[0][0]["P"].shape[1] if "P" in layers[0][0] else layers[0][0]["U"].shape[1]
        gates = len(layers[0][0]["W"]) // hidden
        kinds = {4: "lstm", 3: "gru", 1: f"rnn_{nonlinearity}"}
        if gates not in kinds:
            raise Error(f"convert {called}: weight_hh must have 1, 3 or 4 rows a unit, but has {gates}")
        cell = kinds[gates]
        for direction in (direction for layer in layers for direction in layer):
            if cell != "gru":
                direction["b"] = direction["b"] + direction.pop("c")
        read.layers[called] = stack_of(called, cell, layers)
        biases = "b = bias_ih, c = bias_hh, reset after the product" if cell == "gru" else "b = bias_ih + bias_hh"
        read.notes[called] = NOTE.format(" ".join(gates_of(cell)), biases)
    read.left = [name for name in arrays if name not in taken]
    return read


def as_array(value: object) -> Array:
    numpy = getattr(getattr(value, "detach", lambda: value)(), "numpy", None)  # of a tensor
    return np.asarray(numpy() if numpy else value)


def read_layers(
    arrays: Mapping[str, Array], prefix: str, weight: str, place: str
) -> tuple[list[list[dict[str, Array]]], set[str]]:
    """The directions of all layers, with b and c apart, and the names that were read."""
    layers: list[list[dict[str, Array]]] = []
    used: set[str] = set()
    bias = SHORT[weight]
    while f"{prefix}{weight}_ih" + (at := f"_l{len(layers)}" if place else "") in arrays:
        directions = []
        for way in (at, at + "_reverse"):
            names = {"W": f"{weight}_ih", "U": f"{weight}_hh", "b": f"{bias}_ih", "c": f"{bias}_hh", "P": f"{weight}_hr"}
            there = {key: prefix + name + way for key, name in names.items() if prefix + name + way in arrays}
            if "W" in there and "U" in there:
                direction = {key: arrays[name] for key, name in there.items()}
                for key in ("b", "c"):
                    direction.setdefault(key, np.zeros(len(direction["W"]), np.float32))
                directions.append(direction)
                used |= set(there.values())
        layers.append(directions)
        if not place:
            break
    return layers, used


def to_torch(stack: RecurrentStack, prefix: str = "") -> dict[str, Array]:
    """The state_dict of torch.nn.LSTM, GRU or RNN for this stack, as arrays."""
    state: dict[str, Array] = {}
    for layer, directions in enumerate(layers_of(stack, "PyTorch", CELLS)):
        for way, direction in enumerate(directions):
            at = f"_l{layer}" + "_reverse" * way
            state[f"{prefix}weight_ih{at}"] = direction["W"]
            state[f"{prefix}weight_hh{at}"] = direction["U"]
            state[f"{prefix}bias_ih{at}"] = direction["b"]
            state[f"{prefix}bias_hh{at}"] = direction.get("c", np.zeros_like(direction["b"]))
            if "P" in direction:
                state[f"{prefix}weight_hr{at}"] = direction["P"]
    return state
