"""Keras' LSTM, GRU, SimpleRNN and their cells, from files of Keras 3 (.keras) and of Keras 2 and 3 (.h5), and to the latter. Needs
the package h5py.

Kernels are [inputs, gates * units]: Eddy's W and U turned round. Gates of LSTM are in Eddy's order (Keras' c is g); of GRU they
are z r h. With reset_after GRU has two biases, the second of which the reset gate multiplies; without, one. A kernel of the
CuDNN layers holds for each gate the numbers of [units, inputs], and there are always two biases, which LSTM adds.
"""

from __future__ import annotations

import importlib
import io
import json
import os
import typing
import zipfile
from collections.abc import Iterator, Mapping

import numpy as np

from .._core import Error, RecurrentStack
from ._keras_chain import links_of, original_of
from ._keras_weights import Config, InArchive, InLegacy, recurrent_in
from ._layers import Array, Converted, gates_of, layers_of, reordered, stack_of

GATES = {"LSTM": ["i", "f", "g", "o"], "GRU": ["z", "r", "n"], "SimpleRNN": ["h"]}
LARGEST_CONFIG = 100_000_000


def from_keras(path: str | os.PathLike[str], *, recurrent_activation: str | None = None) -> Converted:
    """The recurrent layers of a saved model, by their names.

    recurrent_activation: of an .h5 of weights alone (`save_weights`), which does not tell how its gates are activated: "sigmoid",
    or "hard_sigmoid", the default of Keras before 2.3, for which Eddy has no cell. Their LSTM and GRU are read with a tanh.
    """
    h5py = importlib.import_module("h5py")
    read = from_file(h5py, path, recurrent_activation)
    read.original = lambda chain: original_of(os.fspath(path), chain, read)
    return read


def from_file(h5py: typing.Any, path: str | os.PathLike[str], recurrent_activation: str | None) -> Converted:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                config = json.loads(member(archive, "config.json"))
                with h5py.File(io.BytesIO(member(archive, "model.weights.h5")), "r") as file:
                    read = convert(config, InArchive(file, config))
        else:
            with h5py.File(os.fspath(path), "r") as file:
                if "model_config" not in file.attrs:
                    return weights_alone(file, path, recurrent_activation)
                read = convert(json.loads(file.attrs["model_config"]), InLegacy(file["model_weights"]))
        if recurrent_activation is not None:
            raise Error(f"read {os.fspath(path)}: recurrent_activation is for weights alone, but this model tells it")
        return read
    except Error:
        raise
    except Exception as error:  # of a broken file; h5py raises what it likes
        message = f"must be a model of Keras, .keras or .h5, but is none or broken ({type(error).__name__}: {error})"
        raise Error(f"read {os.fspath(path)}: {message}") from None


def weights_alone(file: typing.Any, path: str | os.PathLike[str], recurrent_activation: str | None) -> Converted:
    if "layer_names" not in file.attrs:
        raise Error(f"read {os.fspath(path)}: must be a whole model, or an .h5 of Keras 2 of weights alone")
    if recurrent_activation is None:
        message = 'weights alone do not tell how gates are activated: give recurrent_activation, "sigmoid" or what else it is'
        raise Error(f"read {os.fspath(path)}: {message}")
    weights = InLegacy(file)
    layers, left = recurrent_in(weights, recurrent_activation)
    read = convert({"config": layers}, weights)
    read.left += left
    read.links, read.no_chain = None, "weights alone tell no order"
    for name in read.layers:
        read.notes[name] += "; tanh and sigmoid, of which the file tells nothing"
    return read


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    if name == "config.json" and archive.getinfo(name).file_size > LARGEST_CONFIG:
        raise Error("read: the model's description is too large")
    return archive.read(name)


def layers_in(config: Config) -> Iterator[Config]:
    """All layers of a model's description, those of models in it as well."""
    inside = config.get("config", {})
    layers = inside if isinstance(inside, list) else inside.get("layers", [])
    for layer in layers:
        yield layer
        if isinstance(layer.get("config"), (dict, list)):
            yield from layers_in(layer)


def convert(config: Config, weights: InArchive | InLegacy) -> Converted:
    read = Converted()
    for layer in layers_in(config):
        kind, told = layer["class_name"], layer["config"]
        if not is_recurrent(kind):
            continue
        name = told["name"]
        if kind == "Bidirectional":
            inner = told["layer"]
            if not is_recurrent(inner["class_name"]) or inner["class_name"] == "RNN":
                continue  # a layer of the user's own
            wrong = what_eddy_has_not(inner["class_name"], inner["config"])
            if told.get("merge_mode", "concat") != "concat":
                wrong = f"merge_mode {told['merge_mode']}"
            parts, steps = ["forward_layer", "backward_layer"], [(name, inner["class_name"], inner["config"])]
        elif kind == "RNN":
            cells = told["cell"]["config"].get("cells", [told["cell"]])
            parts = [cell["config"]["name"] for cell in cells]
            steps = [(f"{name}/{part}", each["class_name"], each["config"]) for part, each in zip(parts, cells, strict=True)]
            wrong = next(filter(None, (what_eddy_has_not(kind, told) for _, kind, told in steps)), "")
        else:
            parts, steps = ["layer"], [(name, kind, told)]
            wrong = what_eddy_has_not(kind, told)
        if wrong:
            read.left.append(f"{name} ({wrong})")
            continue
        arrays = weights.of(name, parts)
        if not arrays or any(len(each) < 2 for each in arrays):
            raise Error(f"convert {name}: there are no weights of it")
        if kind == "Bidirectional":
            add(read, name, *steps[0][1:], arrays, False)
        else:
            for (called, of, settings), part in zip(steps, arrays, strict=True):
                add(read, called, of, settings, [part], bool(told.get("go_backwards")))
    read.left += weights.rest()
    try:
        read.links = links_of(config, weights, read)
    except Error as error:
        read.no_chain = str(error)
    return read


def is_recurrent(kind: str) -> bool:
    return kind in ("Bidirectional", "RNN") or base_of(kind) in GATES


def base_of(kind: str) -> str:
    return kind.removeprefix("CuDNN").removesuffix("Cell")


def what_eddy_has_not(kind: str, told: Config) -> str:
    base = base_of(kind)
    if base not in GATES:
        return f"{kind}, of which Eddy has no cell"
    if kind.startswith("CuDNN"):
        return ""
    usual = ("tanh", "relu") if base == "SimpleRNN" else ("tanh",)
    if told.get("activation", "tanh") not in usual:
        return f"activation {told['activation']}"
    if base != "SimpleRNN" and told.get("recurrent_activation", "sigmoid") != "sigmoid":
        return f"recurrent_activation {told['recurrent_activation']}"
    return ""


def cell_of(kind: str, told: Config) -> str:
    base = base_of(kind)
    if base == "LSTM":
        return "lstm"
    if base == "GRU":
        return "gru" if kind.startswith("CuDNN") or told.get("reset_after") else "gru_reset_before"
    return f"rnn_{told.get('activation', 'tanh')}"


def add(read: Converted, name: str, kind: str, told: Config, directions: list[list[Array]], backward: bool) -> None:
    cell = cell_of(kind, told)
    layers = [[ours(name, kind, cell, arrays) for arrays in directions]]
    read.layers[name] = stack_of(name, cell, layers, **({"reverse": True} if backward else {}))
    read.notes[name] = note(kind, cell) + ("; outputs stand at their steps, in Keras from the last to the first" if backward else "")


def ours(name: str, kind: str, cell: str, arrays: list[Array]) -> dict[str, Array]:
    gates = GATES[base_of(kind)]
    kernel, recurrent = arrays[:2]
    bias = arrays[2].reshape(-1) if len(arrays) > 2 else np.zeros(kernel.shape[-1], np.float32)
    rows = len(gates) * len(recurrent)
    if kernel.ndim != 2 or recurrent.shape != (len(recurrent), rows) or kernel.shape[1] != rows or bias.size not in (rows, 2 * rows):
        raise Error(f"convert {name}: kernels must be [inputs, {len(gates)} * units], but are {kernel.shape}, {recurrent.shape}")

    def turned(array: Array) -> Array:
        if not kind.startswith("CuDNN"):
            return array.T
        return np.concatenate([gate.reshape(gate.shape[::-1]) for gate in np.split(array, len(gates), axis=1)])

    def in_order(array: Array) -> Array:
        return reordered(array, gates, gates_of(cell)) if base_of(kind) != "SimpleRNN" else array

    of_x, of_h = (bias[:rows], bias[rows:]) if bias.size == 2 * rows else (bias, np.zeros_like(bias))
    direction = {"W": in_order(turned(kernel)), "U": in_order(turned(recurrent))}
    return direction | ({"b": in_order(of_x), "c": in_order(of_h)} if cell == "gru" else {"b": in_order(of_x + of_h)})


def note(kind: str, cell: str) -> str:
    theirs = {"LSTM": "i f c o", "GRU": "z r h", "SimpleRNN": "h"}[base_of(kind)]
    biases = {"gru": "b, c = the two biases, reset after the product", "gru_reset_before": "b = bias, reset before the product"}
    usual = "b = the sum of two biases" if kind.startswith("CuDNN") else "b = bias"
    turned = "kernels by gates of [units, inputs]" if kind.startswith("CuDNN") else "kernels turned round"
    return f"gates of Keras {theirs}, of Eddy {' '.join(gates_of(cell))}; {turned}; {biases.get(cell, usual)}"


CLASSES = {"lstm": "LSTM", "gru": "GRU", "gru_reset_before": "GRU", "rnn_tanh": "SimpleRNN", "rnn_relu": "SimpleRNN"}


def to_keras(stack: RecurrentStack, path: str | os.PathLike[str]) -> None:
    """Writes an .h5 that Keras 2 and 3 load: a Sequential model of a layer each, which returns its sequences. x [rows, steps,
    inputs] comes in; y [rows, steps, directions * hidden] goes out."""
    h5py = importlib.import_module("h5py")
    o = stack.options
    layers = layers_of(stack, "Keras", tuple(CLASSES))
    for option in ("projection", "reverse"):
        if o[option]:
            raise Error(f"convert to Keras: {option} must be off, which Keras has not, but is {o[option]}")
    kind, cell = CLASSES[o["cell"]], o["cell"]
    described: list[Config] = [
        {"class_name": "InputLayer", "config": {"name": "x", "batch_shape": [None, None, o["input"]], "dtype": "float32"}}
    ]
    weights: dict[str, list[tuple[str, Array]]] = {}
    for i, directions in enumerate(layers):
        name = f"{kind.lower()}_{i}"
        layer: dict[str, object] = {"class_name": kind, "config": settings_of(name, kind, cell, o["hidden"])}
        if len(directions) == 2:
            layer |= {"module": "keras.layers", "registered_name": None}  # by which Keras 3 finds a layer within another
            layer = {"class_name": "Bidirectional", "config": {"name": name, "layer": layer, "merge_mode": "concat"}}
        described.append(layer)
        weights[name] = [
            (f"{name}/{way}{part}:0", array)
            for way, direction in zip(("forward/", "backward/") if len(directions) == 2 else ("",), directions, strict=True)
            for part, array in theirs(kind, cell, direction).items()
        ]
    config = {"class_name": "Sequential", "config": {"name": "eddy", "layers": described}}
    whole = f"{os.fspath(path)}.part"
    with h5py.File(whole, "w") as file:
        file.attrs["model_config"] = json.dumps(config)
        file.attrs["keras_version"], file.attrs["backend"] = "2.15.0", "tensorflow"
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [name.encode() for name in ["x", *weights]]
        group.create_group("x").attrs["weight_names"] = np.array([], "S1")
        for name, arrays in weights.items():
            inner = group.create_group(name)
            inner.attrs["weight_names"] = [each.encode() for each, _ in arrays]
            for each, array in arrays:
                inner[each] = array
    os.replace(whole, path)


def settings_of(name: str, kind: str, cell: str, units: int) -> dict[str, object]:
    settings: dict[str, object] = {"name": name, "units": units, "return_sequences": True, "use_bias": True}
    settings["activation"] = "relu" if cell == "rnn_relu" else "tanh"
    if kind != "SimpleRNN":
        settings["recurrent_activation"] = "sigmoid"
    if kind == "GRU":
        settings["reset_after"] = cell == "gru"
    return settings


def theirs(kind: str, cell: str, direction: Mapping[str, Array]) -> dict[str, Array]:
    """The reverse of `ours`, for the layers that are not CuDNN's."""

    def in_order(array: Array) -> Array:
        return reordered(array, gates_of(cell), GATES[kind]) if kind != "SimpleRNN" else array

    bias = in_order(direction["b"])
    return {
        "kernel": in_order(direction["W"]).T,
        "recurrent_kernel": in_order(direction["U"]).T,
        "bias": np.stack([bias, in_order(direction["c"])]) if cell == "gru" else bias,
    }
