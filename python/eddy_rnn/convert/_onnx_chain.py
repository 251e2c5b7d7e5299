"""A whole graph of ONNX as a chain, where each of its nodes reads what the one before it puts out.

Nodes that only turn arrays round or name them anew are passed over. Which of an array's dimensions are steps and which rows a graph
does not tell: the chain is compared with what ONNX Runtime, or the package onnx itself, makes of an input in each order, and is
refused where none agrees.
"""

from __future__ import annotations

import importlib
import itertools
import typing
from collections.abc import Callable, Iterator, Mapping

import numpy as np

from .._core import Error
from ._chain import OPERATIONS, Chain, Floats, Link, agrees
from ._layers import Array, Converted

PASSED_OVER = ("Cast", "Dropout", "Flatten", "Identity", "Reshape", "Squeeze", "Transpose", "Unsqueeze")
SIZES = ("Shape", "Size")  # of what is passed: they read numbers of steps and rows, not their values
RECURRENT = ("LSTM", "GRU", "RNN")
STEPS, ROWS = 12, 2  # of an input, where the graph leaves them free
Known = Callable[[str], "Array | None"]


class Walk:
    """Goes along a graph from its input, a link after the other."""

    def __init__(self, graph: typing.Any, known: Known, named: Mapping[int, str], read: Converted, attributes: typing.Any) -> None:
        self.graph, self.known, self.named, self.read, self.attributes = graph, known, named, read, attributes
        self.links: list[Link] = []
        self.input = ""
        self.at: set[str] = set()  # the names of what the last link puts out
        self.behind: set[str] = set()  # of what links before it do
        self.states: set[str] = set()  # what recurrent layers end in, and begin with
        self.sizes: set[str] = set()
        self.output = ""

    def run(self) -> None:
        inputs = [each.name for each in self.graph.input if self.known(each.name) is None]
        if not inputs:
            raise Error("the graph has no input")
        self.input = inputs[0]
        self.at = {self.input}
        for i, node in enumerate(self.graph.node):
            given = [name for name in node.input if name]
            if all(self.known(name) is not None or name in self.sizes for name in given):
                if given and any(name in self.sizes for name in given):
                    self.sizes |= set(node.output)
                continue
            if node.op_type in SIZES:
                self.sizes |= set(node.output)
                continue
            self.step(i, node)
        outputs = [each.name for each in self.graph.output]
        whole = [name for name in outputs if name in self.at]
        if len(whole) != 1 or any(name not in self.at and name not in self.states for name in outputs):
            raise Error(f"the graph puts out {', '.join(outputs)}, not the end of one chain")
        (self.output,) = whole

    def step(self, i: int, node: typing.Any) -> None:
        called = node.name or f"{node.op_type}_{i}"
        read = [name for name in node.input if name and self.known(name) is None and name not in self.sizes]
        state_alone = all(name in self.states or name in (each.name for each in self.graph.input) for name in read)
        if node.op_type in (*PASSED_OVER, "Split", "Concat") and read and not self.at.intersection(read) and state_alone:
            self.states |= set(node.output)  # on its way into a layer, or out of one
            return
        if self.behind.intersection(read) or not self.at.intersection(read):
            raise Error(f"{called} does not read the node before it alone")
        if node.op_type in PASSED_OVER:
            self.at.add(node.output[0])
            return
        before = len(self.links)
        self.add(i, called, node)
        if len(self.links) == before and node.op_type != "Add":
            raise Error(f"{called} is a {node.op_type}, which no chain has as it is here")
        self.behind |= self.at
        self.at = {node.output[0]}
        if node.op_type in RECURRENT:
            self.end_of_layer(called, node)

    def end_of_layer(self, called: str, node: typing.Any) -> None:
        """A layer puts out all steps, or the last one alone; the rest are its states."""
        used = {name for each in self.graph.node for name in each.input} | {each.name for each in self.graph.output}
        outputs = [*node.output, "", ""]
        if outputs[0] in used:
            self.states |= set(outputs[1:3])
        elif outputs[1] in used and len(self.known(node.input[1])) == 1:  # type: ignore[arg-type]
            self.links.append(("operation", "last"))
            self.at = {outputs[1]}
            self.states.add(outputs[2])
        else:
            raise Error(f"{called} puts out what no chain has")

    def add(self, i: int, called: str, node: typing.Any) -> None:
        kind, attributes = node.op_type, self.attributes(node)
        constant = [self.known(name) if name else None for name in node.input]
        weight = next((array for array in constant if array is not None), None)
        if kind in RECURRENT:
            if i not in self.named:
                raise Error(f"{called} was not converted: {', '.join(self.read.left)}")
            name = self.named[i]
            self.links.append(("recurrent", name, self.read.layers[name], self.read.notes[name]))
        elif kind == "Gather" and constant[0] is not None and constant[0].ndim == 2 and attributes.get("axis", 0) == 0:
            self.links.append(("table", called, constant[0]))
        elif kind == "MatMul" and constant[0] is None and weight is not None and weight.ndim == 2:
            self.links.append(("linear", called, weight.T.copy(), None))
        elif kind == "Gemm" and constant[0] is None and not attributes.get("transA") and len(constant) > 1 and constant[1] is not None:
            turned = constant[1] if attributes.get("transB") else constant[1].T
            bias = constant[2] * attributes.get("beta", 1) if len(constant) > 2 and constant[2] is not None else None
            self.links.append(("linear", called, turned * attributes.get("alpha", 1), bias if bias is None else bias.reshape(-1)))
        elif kind == "Add" and weight is not None and self.links and self.links[-1][0] == "linear" and self.links[-1][3] is None:
            if weight.size != len(self.links[-1][2]):
                raise Error(f"{called} adds what is no bias")
            self.links[-1] = (*self.links[-1][:3], weight.reshape(-1))
        elif kind == "Conv" and weight is not None and weight.ndim == 3 and set(attributes.get("strides", [1])) == {1}:
            self.links.append(convolution(called, weight, constant[2] if len(constant) > 2 else None, attributes))
        elif kind.lower() in OPERATIONS and kind != "last" and (kind != "Softmax" or attributes.get("axis", -1) in (-1, 2)):
            self.links.append(("operation", kind.lower()))


def convolution(called: str, weight: Array, bias: Array | None, attributes: Mapping[str, typing.Any]) -> Link:
    (dilation,), groups = attributes.get("dilations", [1]), attributes.get("group", 1)
    before, after = attributes.get("pads", [0, 0])
    span = (weight.shape[2] - 1) * dilation
    kinds = {(span, 0): "causal", (span // 2, span - span // 2): "same"}
    if (before, after) not in kinds or attributes.get("auto_pad", b"NOTSET") != b"NOTSET":
        raise Error(f"{called} is a convolution that changes the number of steps")
    return ("convolution", called, weight, bias, kinds[before, after], int(dilation), int(groups))


def runtime(model: typing.Any) -> Iterator[tuple[str, Callable[[str, Mapping[str, Array]], Array]]]:
    """Who can tell what a graph makes of an input, the best first."""
    try:
        onnxruntime = importlib.import_module("onnxruntime")
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        yield f"ONNX Runtime {onnxruntime.__version__}", lambda output, feed: np.asarray(session.run([output], dict(feed))[0])
    except Exception:  # of what is not installed, or does not take the model
        pass
    onnx = importlib.import_module("onnx")
    reference = importlib.import_module("onnx.reference")
    yield (
        f"onnx {onnx.__version__}",
        lambda output, feed: np.asarray(reference.ReferenceEvaluator(model).run([output], dict(feed))[0]),
    )


def original_of(model: typing.Any, walk: Walk, chain: Chain) -> tuple[Floats, Floats, str]:
    for who, run in runtime(model):
        for order in ("TB", "BT") if chain.reads_tokens else ("TBD", "BTD", "BDT", "TD"):
            fed = feed(model, walk, chain, order)
            if fed is None:
                continue
            x, arrays = fed
            try:
                theirs = run(walk.output, arrays)
            except Exception:  # of another order than the graph's
                continue
            ours = chain(x)
            for y in turned(theirs, ours.shape):
                if agrees(ours, y):
                    return x, y, who
    raise Error("the graph makes something else of an input than its layers one after another, or nothing at all")


def feed(model: typing.Any, walk: Walk, chain: Chain, order: str) -> tuple[Floats, dict[str, Array]] | None:
    """An input for the chain, and the same in this order with zeros for states; none where the graph's shape is another."""
    sizes: dict[str, int] = {"T": STEPS, "B": 1 if order == "TD" else ROWS, "D": chain.input_width}
    numpy_of = importlib.import_module("onnx").helper.tensor_dtype_to_np_dtype
    given = {each.name: each.type.tensor_type for each in model.graph.input}
    dims = given[walk.input].shape.dim
    if len(dims) != len(order):
        return None
    names: dict[str, int] = {}
    for letter, dim in zip(order, dims, strict=True):
        if dim.dim_value:
            if letter == "D" and dim.dim_value != sizes["D"]:
                return None
            sizes[letter] = dim.dim_value
        names[dim.dim_param] = sizes[letter]
    T, B, D = sizes["T"], sizes["B"], sizes["D"]
    if chain.reads_tokens:
        x = (np.arange(T * B) % len(walk.links[0][2])).reshape(T, B).astype(np.float32)
    else:
        x = np.random.default_rng(0).uniform(-1, 1, (T, B, D)).astype(np.float32)
    whole = x.reshape(T, D) if order == "TD" else x.transpose(["TBD".index(letter) for letter in order])
    arrays: dict[str, Array] = {walk.input: whole.astype(numpy_of(given[walk.input].elem_type))}
    for name, kind in given.items():
        if name != walk.input and walk.known(name) is None:
            shape = [dim.dim_value or names.get(dim.dim_param, B) for dim in kind.shape.dim]
            arrays[name] = np.zeros(shape, numpy_of(kind.elem_type))
    return x, arrays


def turned(y: Array, shape: tuple[int, ...]) -> Iterator[Floats]:
    """An array in every order of its dimensions that has this shape [steps, rows, outputs]; what of it is 1 may be missing."""
    if y.size != np.prod(shape):
        return
    squeezed = y.squeeze()
    wanted = tuple(size for size in shape if size != 1)
    for axes in itertools.permutations(range(squeezed.ndim)):
        other = squeezed.transpose(axes)
        if other.shape == wanted:
            yield np.ascontiguousarray(other.reshape(shape), np.float32)
