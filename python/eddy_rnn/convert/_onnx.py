"""ONNX's LSTM, GRU and RNN, read from the nodes of a graph and written as one. Needs the package onnx.

Gates of ONNX are in another order: i o f c of LSTM (c is Eddy's g), z r h of GRU (h is n); P has i o f. B holds two biases, which
are added but for GRU with linear_before_reset, whose second one the reset gate multiplies. Going out the second is 0.
"""

from __future__ import annotations

import importlib
import os
import typing
from collections.abc import Mapping

import numpy as np

from .._core import Error, RecurrentStack
from ._layers import Array, Converted, gates_of, layers_of, reordered, stack_of

GATES = {"LSTM": ["i", "o", "f", "g"], "GRU": ["z", "r", "n"], "RNN": ["h"]}
PEEPHOLES, OURS = ["i", "o", "f"], ["i", "f", "o"]
ACTIVATIONS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"], "RNN": ["Tanh"]}
# The operator, its attributes, and which gates' second bias stands apart.
CELLS: dict[str, tuple[str, dict[str, typing.Any]]] = {
    "lstm": ("LSTM", {}),
    "lstm_peephole": ("LSTM", {}),
    "gru": ("GRU", {"linear_before_reset": 1}),
    "gru_reset_before": ("GRU", {"linear_before_reset": 0}),
    "rnn_tanh": ("RNN", {}),
    "rnn_relu": ("RNN", {"activations": ["Relu"]}),
}
OPSET = 14


def from_onnx(model: typing.Any) -> Converted:
    """The recurrent nodes of a model, a file's path or a ModelProto, a stack of one layer each, by their names."""
    onnx = importlib.import_module("onnx")
    graph = (onnx.load(os.fspath(model)) if isinstance(model, (str, os.PathLike)) else model).graph
    constants = {each.name: onnx.numpy_helper.to_array(each) for each in graph.initializer}
    for node in graph.node:
        if node.op_type == "Constant" and node.attribute[0].name == "value":
            constants[node.output[0]] = onnx.numpy_helper.to_array(node.attribute[0].t)
    read = Converted()
    taken: set[str] = set()
    for i, node in enumerate(graph.node):
        if node.op_type not in GATES:
            continue
        name = node.name or f"{node.op_type}_{i}"
        attributes = {each.name: onnx.helper.get_attribute_value(each) for each in node.attribute}
        inputs = dict(zip(("X", "W", "R", "B", "lengths", "h", "c", "P"), node.input, strict=False))
        given = {key: constants[at] for key in "WRBP" if (at := inputs.get(key)) and at in constants}
        wrong = what_eddy_has_not(node.op_type, attributes, inputs, given)
        if wrong:
            read.left.append(f"{name} ({wrong})")
            continue
        cell = cell_of(node.op_type, attributes, given)
        directions = directions_of(node.op_type, cell, given)
        backward = attributes.get("direction", b"forward") == b"reverse"
        read.layers[name] = stack_of(name, cell, [directions], **({"reverse": True} if backward else {}))
        read.notes[name] = note(node.op_type, cell)
        taken |= {inputs[key] for key in given}
    read.left += [each.name for each in graph.initializer if each.name not in taken]
    return read


def what_eddy_has_not(kind: str, attributes: Mapping[str, typing.Any], inputs: Mapping[str, str], given: Mapping[str, Array]) -> str:
    if "W" not in given or "R" not in given or (inputs.get("B") and "B" not in given) or (inputs.get("P") and "P" not in given):
        return "weights that are computed"
    if attributes.get("clip"):
        return f"clip of {attributes['clip']}, of what activations are given"
    if attributes.get("input_forget"):
        return "input_forget"
    activations = [each.decode() for each in attributes.get("activations", [])]
    usual = ACTIVATIONS[kind] * len(given["W"])
    relu = kind == "RNN" and set(activations) == {"Relu"}
    if activations and activations != usual and not relu:
        return f"activations {', '.join(activations)}"
    return ""


def cell_of(kind: str, attributes: Mapping[str, typing.Any], given: Mapping[str, Array]) -> str:
    if kind == "LSTM":
        return "lstm_peephole" if "P" in given else "lstm"
    if kind == "GRU":
        return "gru" if attributes.get("linear_before_reset") else "gru_reset_before"
    return "rnn_relu" if attributes.get("activations", [b"Tanh"])[0] == b"Relu" else "rnn_tanh"


def directions_of(kind: str, cell: str, given: Mapping[str, Array]) -> list[dict[str, Array]]:
    def ours(array: Array) -> Array:
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


def note(kind: str, cell: str) -> str:
    biases = {"gru": "b = Wb, c = Rb, reset after the product", "gru_reset_before": "b = Wb + Rb, reset before the product"}
    return f"gates of ONNX {' '.join(GATES[kind])}, of Eddy {' '.join(gates_of(cell))}; {biases.get(cell, 'b = Wb + Rb')}"


def to_onnx(stack: RecurrentStack, path: str | os.PathLike[str] | None = None) -> typing.Any:
    """A model of the stack, which is also written to `path` where there is one.

    Inputs: x [steps, rows, inputs], and the states h0, and of LSTM c0, [layers * directions, rows, hidden]. Outputs: y
    [steps, rows, directions * hidden], and the states after the last step. Steps and rows are free.
    """
    onnx = importlib.import_module("onnx")
    helper, kinds = onnx.helper, onnx.TensorProto
    layers = layers_of(stack, "ONNX", list(CELLS))
    options = stack.options
    if options["projection"]:
        raise Error(f"convert to ONNX: projection must be 0, which ONNX has not, but is {options['projection']}")
    kind, attributes = CELLS[options["cell"]]
    hidden, ways = options["hidden"], len(layers[0])
    states = ["h", "c"] if kind == "LSTM" else ["h"]
    direction = "bidirectional" if ways == 2 else "reverse" if options["reverse"] else "forward"
    attributes = {key: value * ways if key == "activations" else value for key, value in attributes.items()}
    nodes, weights = [], [onnx.numpy_helper.from_array(np.array([0, 0, -1], np.int64), "joined")]

    def split(state: str) -> list[str]:
        if len(layers) == 1:
            return [f"{state}0"]
        names = [f"{state}0_{layer}" for layer in range(len(layers))]
        nodes.append(helper.make_node("Split", [f"{state}0"], names, axis=0))
        return names

    before = {state: split(state) for state in states}
    after: dict[str, list[str]] = {state: [] for state in states}
    x = "x"
    for layer, directions in enumerate(layers):
        arrays = {key: np.stack(values) for key, values in in_onnx(kind, options["cell"], directions).items()}
        weights += [onnx.numpy_helper.from_array(value, f"{key}{layer}") for key, value in arrays.items()]
        inputs = [x, f"W{layer}", f"R{layer}", f"B{layer}", "", *(before[state][layer] for state in states)]
        inputs += [f"P{layer}"] if "P" in arrays else []
        outputs = [f"{state}n_{layer}" if len(layers) > 1 else f"{state}n" for state in states]
        nodes.append(
            helper.make_node(
                kind, inputs, [f"Y{layer}", *outputs], f"layer{layer}", hidden_size=hidden, direction=direction, **attributes
            )
        )
        nodes.append(helper.make_node("Transpose", [f"Y{layer}"], [f"rows{layer}"], perm=[0, 2, 1, 3]))
        x = "y" if layer + 1 == len(layers) else f"y{layer}"
        nodes.append(helper.make_node("Reshape", [f"rows{layer}", "joined"], [x]))
        for state, output in zip(states, outputs, strict=True):
            after[state].append(output)
    if len(layers) > 1:
        nodes += [helper.make_node("Concat", after[state], [f"{state}n"], axis=0) for state in states]

    def values(names: list[str], shape: list[object]) -> list[typing.Any]:
        return [helper.make_tensor_value_info(name, kinds.FLOAT, shape) for name in names]

    each = [len(layers) * ways, "rows", hidden]
    graph = helper.make_graph(
        nodes,
        "eddy",
        values(["x"], ["steps", "rows", options["input"]]) + values([f"{state}0" for state in states], each),
        values(["y"], ["steps", "rows", ways * hidden]) + values([f"{state}n" for state in states], each),
        weights,
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], producer_name="eddy", ir_version=8)
    onnx.checker.check_model(model)
    if path is not None:
        onnx.save(model, os.fspath(path))
    return model


def in_onnx(kind: str, cell: str, directions: list[dict[str, Array]]) -> dict[str, list[Array]]:
    def theirs(array: Array) -> Array:
        return reordered(array, gates_of(cell), GATES[kind]) if kind != "RNN" else array

    arrays: dict[str, list[Array]] = {"W": [], "R": [], "B": []}
    for direction in directions:
        arrays["W"].append(theirs(direction["W"]))
        arrays["R"].append(theirs(direction["U"]))
        second = direction.get("c", np.zeros_like(direction["b"]))
        arrays["B"].append(np.concatenate([theirs(direction["b"]), theirs(second)]))
        if "p" in direction:
            arrays.setdefault("P", []).append(reordered(direction["p"], OURS, PEEPHOLES))
    return arrays
