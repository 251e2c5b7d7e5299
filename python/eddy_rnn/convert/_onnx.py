"""ONNX's LSTM, GRU and RNN, read from the nodes of a graph, which needs the package onnx, and written as one.

Gates of ONNX are in another order: i o f c of LSTM (c is Eddy's g), z r h of GRU (h is n); P has i o f. B holds two biases, which
are added but for GRU with linear_before_reset, whose second one the reset gate multiplies. An LSTM with input_forget has
f = 1 - i = sigmoid(-(what i is the sigmoid of)): Eddy's lstm_coupled, whose f has the rows of i with their signs turned; those of
ONNX's f are not used by anyone.
"""

from __future__ import annotations

import importlib
import os
import pathlib
import typing
from collections.abc import Mapping

import numpy as np

from .._core import Error, RecurrentStack, onnx_of
from ._layers import Array, Converted, gates_of, reordered, stack_of
from ._onnx_chain import Walk, original_of

GATES = {"LSTM": ["i", "o", "f", "g"], "GRU": ["z", "r", "n"], "RNN": ["h"]}
PEEPHOLES, OURS = ["i", "o", "f"], ["i", "f", "o"]
ACTIVATIONS = {"LSTM": ["sigmoid", "tanh", "tanh"], "GRU": ["sigmoid", "tanh"], "RNN": ["tanh"]}
NO_CLIP = 20.0  # beyond it sigmoid and tanh are within 3e-9 of what they tend to: clipping what they are given changes nothing


def from_onnx(model: typing.Any) -> Converted:
    """The recurrent nodes of a model, a file's path, its bytes or a ModelProto, a stack of one layer each, by their names."""
    onnx = importlib.import_module("onnx")
    where = os.fspath(model) if isinstance(model, (str, os.PathLike)) else "a model of ONNX"
    try:
        if isinstance(model, (str, os.PathLike)):
            model = onnx.load(where)
        elif isinstance(model, bytes):
            model = onnx.load_from_string(model)
        return convert(onnx, model)
    except Error:
        raise
    except Exception as error:  # of a broken file; protobuf and onnx raise what they like
        message = f"must be a model of ONNX, but is none or broken ({type(error).__name__}: {error})"
        raise Error(f"read {where}: {message}") from None


def convert(onnx: typing.Any, model: typing.Any) -> Converted:
    read = Converted()
    constants, named = read_graph(onnx, model.graph, Constants(onnx, {}), read)
    walk = Walk(model.graph, constants.get, named, read, lambda node: attributes_of(onnx, node))
    try:
        walk.run()
        read.links = walk.links
        read.original = lambda chain: original_of(model, walk, chain)
    except Error as error:
        read.no_chain = str(error)
    return read


def attributes_of(onnx: typing.Any, node: typing.Any) -> dict[str, typing.Any]:
    return {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}


class Constants:
    """What of a graph is known before it runs: initializers, constants, and what nodes that only move numbers make of them."""

    MOVES = ("Cast", "Concat", "Identity", "Reshape", "Slice", "Split", "Squeeze", "Transpose", "Unsqueeze")

    def __init__(self, onnx: typing.Any, known: Mapping[str, Array]) -> None:
        self.onnx, self.known, self.makers = onnx, dict(known), dict[str, typing.Any]()
        self.most = 0  # numbers that an array may have: as many as all initializers together
        self.sources: dict[str, set[str]] = {}  # the initializers that an array is made of

    def within(self, graph: typing.Any) -> Constants:
        """Those of a graph that stands within this one."""
        inner = Constants(self.onnx, self.known)
        inner.makers, inner.sources, inner.most = dict(self.makers), dict(self.sources), self.most
        for each in graph.initializer:
            array = self.onnx.numpy_helper.to_array(each)
            inner.known[each.name], inner.sources[each.name] = array, {each.name}
            inner.most += array.size
        for node in graph.node:
            if node.op_type == "Constant" and node.attribute[0].name == "value":
                array = self.onnx.numpy_helper.to_array(node.attribute[0].t)
                inner.known[node.output[0]], inner.sources[node.output[0]] = array, set()
                inner.most += array.size
            elif node.op_type in self.MOVES:
                inner.makers |= dict.fromkeys(node.output, node)
        return inner

    def get(self, name: str) -> Array | None:
        """An array, or none for what depends on the graph's inputs."""
        wanted, visited = [name], set[str]()
        while wanted and (at := wanted[-1]) not in self.known:
            node = self.makers.get(at)
            if node is None:
                return None
            inputs = [each for each in node.input if each]
            missing = [each for each in inputs if each not in self.known]
            if missing and at in visited:
                return None  # it depends on itself
            visited.add(at)
            if missing:
                wanted += missing
                continue
            self.run(node, {each: self.known[each] for each in inputs})
            if at not in self.known:
                return None
            while wanted and wanted[-1] in self.known:
                wanted.pop()
        return self.known.get(name)

    def run(self, node: typing.Any, inputs: Mapping[str, Array]) -> None:
        if sum(inputs[each].size for each in node.input if each) > self.most:
            return
        try:
            made = importlib.import_module("onnx.reference").ReferenceEvaluator(node).run(None, dict(inputs))
        except Exception:  # of a node that is broken: what it makes is not known
            return
        sources = set[str]().union(*(self.sources.get(each, set()) for each in inputs))
        for output, array in zip(node.output, made, strict=False):
            self.known[output], self.sources[output] = np.asarray(array), sources


def read_graph(onnx: typing.Any, graph: typing.Any, outer: Constants, read: Converted) -> tuple[Constants, dict[int, str]]:
    """Its constants, and the names of the layers that its nodes became."""
    constants = outer.within(graph)
    taken: set[str] = set()
    named: dict[int, str] = {}
    for i, node in enumerate(graph.node):
        for attribute in node.attribute:
            if attribute.HasField("g"):
                read_graph(onnx, attribute.g, constants, read)
        if node.op_type not in GATES:
            continue
        name = node.name or f"{node.op_type}_{i}"
        attributes = attributes_of(onnx, node)
        inputs = dict(zip(("X", "W", "R", "B", "lengths", "h", "c", "P"), node.input, strict=False))
        given = {key: array for key in "WRBP" if inputs.get(key) and (array := constants.get(inputs[key])) is not None}
        wrong = what_eddy_has_not(node.op_type, attributes, inputs, given)
        if wrong:
            read.left.append(f"{name} ({wrong})")
            continue
        cell = cell_of(node.op_type, attributes, given)
        directions = directions_of(node.op_type, cell, given)
        backward = attributes.get("direction", b"forward") == b"reverse"
        read.layers[name] = stack_of(name, cell, [directions], **({"reverse": True} if backward else {}))
        named[i] = name
        read.notes[name] = note(node.op_type, cell, attributes)
        taken |= set[str]().union(*(constants.sources[inputs[key]] for key in given))
    read.left += [each.name for each in graph.initializer if each.name not in taken]
    return constants, named


def what_eddy_has_not(kind: str, attributes: Mapping[str, typing.Any], inputs: Mapping[str, str], given: Mapping[str, Array]) -> str:
    if "W" not in given or "R" not in given or (inputs.get("B") and "B" not in given) or (inputs.get("P") and "P" not in given):
        return "weights that are computed"
    if attributes.get("input_forget") and inputs.get("P"):
        return "input_forget with peepholes"
    activations = activations_of(attributes)
    relu = kind == "RNN" and set(activations) == {"relu"}
    if activations and activations != ACTIVATIONS[kind] * len(given["W"]) and not relu:
        return f"activations {', '.join(each.decode() for each in attributes['activations'])}"
    clip = attributes.get("clip", 0)
    if clip and (clip < NO_CLIP or relu):
        return f"clip of {clip:g}, of what activations are given"
    return ""


def activations_of(attributes: Mapping[str, typing.Any]) -> list[str]:
    """In small letters, which runtimes read alike."""
    return [each.decode().lower() for each in attributes.get("activations", [])]


def cell_of(kind: str, attributes: Mapping[str, typing.Any], given: Mapping[str, Array]) -> str:
    if kind == "LSTM":
        return "lstm_peephole" if "P" in given else "lstm_coupled" if attributes.get("input_forget") else "lstm"
    if kind == "GRU":
        return "gru" if attributes.get("linear_before_reset") else "gru_reset_before"
    return "rnn_relu" if "relu" in activations_of(attributes) else "rnn_tanh"


def directions_of(kind: str, cell: str, given: Mapping[str, Array]) -> list[dict[str, Array]]:
    def ours(array: Array) -> Array:
        if cell == "lstm_coupled":
            i, o, _, g = np.split(array, 4)
            return np.concatenate([-i, g, o])
        return reordered(array, GATES[kind], gates_of(cell)) if kind != "RNN" else array

    directions = []
    for way in range(len(given["W"])):
        rows = len(given["W"][way])
        of_x, of_h = np.split(given["B"][way], 2) if "B" in given else np.zeros((2, rows), np.float32)
        direction = {"W": ours(given["W"][way]), "U": ours(given["R"][way])}
        direction |= {"b": ours(of_x), "c": ours(of_h)} if cell == "gru" else {"b": ours(of_x + of_h)}
        if cell == "lstm_peephole":
            direction["p"] = reordered(given["P"][way], PEEPHOLES, OURS)
        directions.append(direction)
    return directions


def note(kind: str, cell: str, attributes: Mapping[str, typing.Any]) -> str:
    biases = {"gru": "b = Wb, c = Rb, reset after the product", "gru_reset_before": "b = Wb + Rb, reset before the product"}
    parts = [f"gates of ONNX {' '.join(GATES[kind])}, of Eddy {' '.join(gates_of(cell))}", biases.get(cell, "b = Wb + Rb")]
    if cell == "lstm_coupled":
        parts.append("input_forget: f = 1 - i, of i with signs turned")
    if attributes.get("clip"):
        parts.append(f"clip of {attributes['clip']:g}, which changes nothing")
    if attributes.get("layout"):
        parts.append("rows come first in the graph")
    return "; ".join(parts)


def to_onnx(stack: RecurrentStack, path: str | os.PathLike[str] | None = None) -> bytes:
    """The bytes of a model of the stack, which are also written to `path` where there is one.

    Inputs: x [steps, rows, inputs], and the states h0, and of LSTM c0, [layers * directions, rows, hidden]. Outputs: y
    [steps, rows, directions * hidden], and the states after the last step. Steps and rows are free. The library makes it:
    the package onnx is not needed.
    """
    model = onnx_of(stack)
    if path is not None:
        whole = pathlib.Path(f"{os.fspath(path)}.part")
        whole.write_bytes(model)
        os.replace(whole, path)
    return model
