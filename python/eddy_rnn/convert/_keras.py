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
from ._chain import OPERATIONS, Chain, Floats, Link, own_input
from ._layers import Array, Converted, gates_of, layers_of, reordered, stack_of

GATES = {"LSTM": ["i", "f", "g", "o"], "GRU": ["z", "r", "n"], "SimpleRNN": ["h"]}
LARGEST_CONFIG = 100_000_000
Config = Mapping[str, typing.Any]


def from_keras(path: str | os.PathLike[str]) -> Converted:
    """The recurrent layers of a saved model, by their names. Weights alone, without the model's description, are not read."""
    h5py = importlib.import_module("h5py")
    read = from_file(h5py, path)
    read.original = lambda chain: original_of(os.fspath(path), chain, read)
    return read


def from_file(h5py: typing.Any, path: str | os.PathLike[str]) -> Converted:
    try:
        if zipfile.is_zipfile(path):
            with zipfile.ZipFile(path) as archive:
                config = json.loads(member(archive, "config.json"))
                with h5py.File(io.BytesIO(member(archive, "model.weights.h5")), "r") as file:
                    return convert(config, InArchive(file))
        with h5py.File(os.fspath(path), "r") as file:
            if "model_config" not in file.attrs:
                raise Error(f"read {os.fspath(path)}: must be a whole model, but is weights alone; save the model")
            return convert(json.loads(file.attrs["model_config"]), InLegacy(file["model_weights"]))
    except Error:
        raise
    except Exception as error:  # of a broken file; h5py raises what it likes
        message = f"must be a model of Keras, .keras or .h5, but is none or broken ({type(error).__name__}: {error})"
        raise Error(f"read {os.fspath(path)}: {message}") from None


def member(archive: zipfile.ZipFile, name: str) -> bytes:
    if name == "config.json" and archive.getinfo(name).file_size > LARGEST_CONFIG:
        raise Error("read: the model's description is too large")
    return archive.read(name)


class InArchive:
    """Weights of a .keras: groups whose `vars` tell the layer's name."""

    def __init__(self, file: typing.Any) -> None:
        self.file = file
        self.groups: dict[str, typing.Any] = {}
        self.unread: list[str] = []

        def visit(name: str, thing: typing.Any) -> None:
            if name.endswith("/vars"):
                group = name.removesuffix("/vars")
                told = thing.attrs.get("name", group.rsplit("/", 1)[-1])
                self.groups.setdefault(told.decode() if isinstance(told, bytes) else str(told), self.file[group])
            if hasattr(thing, "shape"):
                self.unread.append(name)

        file.visititems(visit)

    def of(self, name: str, parts: list[str]) -> list[list[Array]]:
        """The arrays of a layer's parts: of cells in it, or of its two directions."""
        group = self.groups.get(name)
        if group is None:
            return []
        return [self.arrays(self.place(group, part)) for part in parts]

    def place(self, group: typing.Any, part: str) -> typing.Any:
        if part in ("forward_layer", "backward_layer"):
            group = group[part]
        if "cell" in group and "cells" in group["cell"]:
            cells = group["cell"]["cells"]
            group = next(cells[key] for key in cells if cells[key]["vars"].attrs.get("name", key) == part)
        elif "cell" in group:
            group = group["cell"]
        return group["vars"]

    def arrays(self, group: typing.Any) -> list[Array]:
        for key in group:
            self.unread.remove(f"{group.name}/{key}".lstrip("/"))
        return [np.asarray(group[key]) for key in sorted(group, key=int)]

    def rest(self) -> list[str]:
        return self.unread


class InLegacy:
    """Weights of an .h5: the names of a layer's, in order."""

    def __init__(self, file: typing.Any) -> None:
        self.weights: list[tuple[str, str, typing.Any]] = []  # the layer, the weight's name, its array
        for layer in file:
            for name in file[layer].attrs.get("weight_names", []):
                text = name.decode() if isinstance(name, bytes) else str(name)
                self.weights.append((layer, text, file[layer][text]))

    def of(self, name: str, parts: list[str]) -> list[list[Array]]:
        mine = [each for each in self.weights if each[0] == name or f"/{name}/" in f"/{each[1]}"]
        self.weights = [each for each in self.weights if each not in mine]
        arrays = [np.asarray(array) for _, _, array in mine]
        size = len(arrays) // len(parts)
        return [arrays[size * i : size * (i + 1)] for i in range(len(parts))] if arrays else []

    def rest(self) -> list[str]:
        return [name.removesuffix(":0") for _, name, _ in self.weights]


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


IDENTITIES = ("InputLayer", "Dropout", "SpatialDropout1D", "GaussianNoise", "GaussianDropout", "ActivityRegularization")


def links_of(config: Config, weights: InArchive | InLegacy, read: Converted) -> list[Link]:
    """All layers of a model in which each reads the one before it. Throws Error that names what is none of a chain's."""
    inside = config.get("config", {})
    layers = inside if isinstance(inside, list) else inside.get("layers", [])
    links: list[Link] = []
    before = ""
    for layer in layers:
        told = layer["config"]
        name = str(told["name"])
        sources = list(sources_of(layer.get("inbound_nodes", [])))
        if sources and sources != [before]:
            raise Error(f"{name} reads {', '.join(sources)}, not the layer before it alone")
        before = name
        links += links_for(name, layer["class_name"], told, weights, read)
    return links


def sources_of(node: typing.Any) -> Iterator[str]:
    """The layers that a node of a functional model reads: ["lstm", 0, 0] in Keras 2 and, deeper, in Keras 3."""
    if isinstance(node, dict):
        for value in node.values():
            yield from sources_of(value)
    elif isinstance(node, list):
        if len(node) >= 3 and isinstance(node[0], str) and isinstance(node[1], int):
            yield node[0]
        else:
            for value in node:
                yield from sources_of(value)


def links_for(name: str, kind: str, told: Config, weights: InArchive | InLegacy, read: Converted) -> list[Link]:
    def arrays() -> list[Array]:
        (found,) = weights.of(name, ["layer"]) or [[]]
        if not found:
            raise Error(f"there are no weights of {name}")
        return found

    def operation(function: object) -> list[Link]:
        if function in (None, "linear"):
            return []
        if function not in OPERATIONS:
            raise Error(f"{name} has the activation {function}, which no chain has")
        return [("operation", function)]

    if kind == "TimeDistributed" and told["layer"]["class_name"] == "Dense":
        kind, told = "Dense", told["layer"]["config"]
    if name in read.layers:
        inner = told.get("layer", {}).get("config", told)
        whole = inner.get("return_sequences", False)
        if told.get("go_backwards") or (kind == "Bidirectional" and not whole):
            raise Error(f"{name} puts out the steps in another order than a chain")
        link: Link = ("recurrent", name, read.layers[name], read.notes[name])
        return [link] if whole else [link, ("operation", "last")]
    if kind in IDENTITIES:
        return []
    if kind in ("Activation", "ReLU", "Softmax"):
        plain = not (told.get("max_value") or told.get("negative_slope") or told.get("threshold"))
        if not plain or told.get("axis", -1) != -1:
            raise Error(f"{name} is a {kind} with options that no chain has")
        return operation(told.get("activation", kind.lower()))
    if kind == "Embedding" and not told.get("mask_zero"):
        return [("table", name, arrays()[0])]
    if kind == "Dense":
        kernel, *bias = arrays()
        return [("linear", name, kernel.T.copy(), bias[0] if bias else None), *operation(told.get("activation"))]
    if kind == "Conv1D" and set(told.get("strides", [1])) == {1} and told.get("data_format", "channels_last") == "channels_last":
        kernel, *bias = arrays()
        padding = "causal" if len(kernel) == 1 else told["padding"]
        if padding not in ("causal", "same"):
            raise Error(f"{name} is a convolution that changes the number of steps")
        turned, groups, dilation = kernel.transpose(2, 1, 0).copy(), told.get("groups", 1), set(told.get("dilation_rate", [1]))
        link = ("convolution", name, turned, bias[0] if bias else None, padding, int(dilation.pop()), int(groups))
        return [link, *operation(told.get("activation"))]
    raise Error(f"{name} is a {kind}, which no chain has as it is here")


def original_of(path: str, chain: Chain, read: Converted) -> tuple[Floats, Floats, str] | None:
    """What Keras makes of an input, where it is installed and reads the file."""
    try:
        keras = importlib.import_module("keras")
        model = keras.saving.load_model(path, compile=False)
        rows, steps = model.input_shape[0] or 1, model.input_shape[1] or 12
        table = next((link[2] for link in read.links or [] if link[0] == "table"), None)
        x = own_input(chain, steps, rows, 0 if table is None else len(table))
        y = keras.ops.convert_to_numpy(model(x.swapaxes(0, 1)))
    except Exception:  # of what is not installed, or another version's
        return None
    y = y.swapaxes(0, 1) if y.ndim == 3 else y[None]
    return x, np.asarray(y, np.float32, order="C"), f"Keras {keras.__version__}"


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
