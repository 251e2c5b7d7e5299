"""A whole model of Keras as a chain of layers, and what Keras itself makes of an input."""

from __future__ import annotations

import importlib
import typing
from collections.abc import Iterator

import numpy as np

from .._core import Error
from ._chain import OPERATIONS, Chain, Floats, Link, own_input
from ._keras_weights import Config, InArchive, InLegacy
from ._layers import Array, Converted

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
