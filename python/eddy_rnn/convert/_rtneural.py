"""RTNeural's JSON: layers in Keras' layout, or a state_dict of PyTorch as lists of numbers."""

from __future__ import annotations

import json
import os
import pathlib
import typing

import numpy as np

from .._core import Error, RecurrentStack
from ._chain import OPERATIONS, Link
from ._keras import GATES, note, ours
from ._layers import Array, Converted, gates_of, layers_of, reordered, stack_of
from ._torch import from_torch

KINDS = {"lstm": "LSTM", "gru": "GRU"}


def from_rtneural(path: str | os.PathLike[str]) -> Converted:
    """The recurrent layers of a file, "0" the first of its layers; of a state_dict by their names."""
    try:
        model = json.loads(pathlib.Path(path).read_text(encoding="utf-8"))
        if not isinstance(model, dict):
            raise ValueError("it holds no object")
        if "layers" not in model:
            state = model.get("state_dict", model)
            return from_torch({name: numbers(value) for name, value in state.items() if isinstance(value, list)})
        read = of_layers(model["layers"])
        try:
            read.links = links_of(model["layers"], read)
        except Error as error:
            read.no_chain = str(error)
        return read
    except Error:
        raise
    except (KeyError, IndexError, TypeError, ValueError, AttributeError, RecursionError) as error:
        message = f"must be JSON of RTNeural, but is none or broken ({type(error).__name__}: {error})"
        raise Error(f"read {os.fspath(path)}: {message}") from None


def numbers(value: object) -> Array:
    array = np.array(value, np.float32)
    if not np.isfinite(array).all():
        raise ValueError("numbers that are not finite")
    return array


def of_layers(layers: list[typing.Any]) -> Converted:
    read = Converted()
    for i, layer in enumerate(layers):
        kind = KINDS.get(layer["type"])
        if kind is None:
            read.left.append(f"{i} ({layer['type']})")
            continue
        arrays = [numbers(value) for value in layer["weights"]]
        cell = "lstm" if kind == "LSTM" else "gru" if arrays[2].ndim == 2 else "gru_reset_before"
        read.layers[str(i)] = stack_of(str(i), cell, [[ours(str(i), kind, cell, arrays)]])
        read.notes[str(i)] = note(kind, cell).replace("Keras", "RTNeural")
    return read


def links_of(layers: list[typing.Any], read: Converted) -> list[Link]:
    links: list[Link] = []
    for i, layer in enumerate(layers):
        name, kind = str(i), layer["type"]
        if name in read.layers:
            links.append(("recurrent", name, read.layers[name], read.notes[name]))
        elif kind in ("dense", "time-distributed-dense"):
            kernel, bias = (numbers(value) for value in layer["weights"])
            links.append(("linear", name, kernel.T.copy(), bias))
        elif kind == "conv1d" and layer.get("groups", [1]) in ([1], 1):
            kernel, bias = (numbers(value) for value in layer["weights"])
            (dilation,) = layer["dilation"]
            links.append(("convolution", name, kernel.transpose(2, 1, 0).copy(), bias, "causal", int(dilation), 1))
        elif kind != "activation":
            raise Error(f"layer {name} is of a kind that no chain has, {kind}")
        activation = layer.get("activation") or "linear"
        if name not in read.layers and activation != "linear":
            if activation not in OPERATIONS:
                raise Error(f"layer {name} has the activation {activation}, which no chain has")
            links.append(("operation", activation))
    return links


def to_rtneural(stack: RecurrentStack, path: str | os.PathLike[str]) -> None:
    """Writes a stack of one direction, a layer after the other."""
    layers = layers_of(stack, "RTNeural", ("lstm", "gru"))
    options = stack.options
    if options["bidirectional"] or options["reverse"] or options["projection"]:
        raise Error("convert to RTNeural: layers must run forward, without a projection")
    kind = "LSTM" if options["cell"] == "lstm" else "GRU"

    def theirs(array: Array) -> Array:
        return reordered(array, gates_of(options["cell"]), GATES[kind])

    described = []
    for (direction,) in layers:
        biases = [theirs(direction[key]) for key in ("b", "c") if key in direction]
        bias = biases[0] if kind == "LSTM" else np.stack(biases)
        weights = [theirs(direction["W"]).T, theirs(direction["U"]).T, bias]
        described.append(
            {
                "type": options["cell"],
                "activation": "",
                "shape": [None, None, options["hidden"]],
                "weights": [array.astype(np.float64).tolist() for array in weights],
            }
        )
    text = json.dumps({"in_shape": [None, None, options["input"]], "layers": described})
    whole = pathlib.Path(f"{os.fspath(path)}.part")
    whole.write_text(text, encoding="utf-8")
    os.replace(whole, path)
