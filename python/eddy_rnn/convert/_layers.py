"""Recurrent layers between frameworks: the same weights, with gates in another order and biases apart or together."""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Callable, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from .._core import Error, RecurrentStack, _take_chain, cell_info
from ._chain import Chain, Floats, Link, chain_of

Array = npt.NDArray[typing.Any]

# The names of a layer's parameters in Eddy, after "stack.0." or, of the backward direction, "stack.0r.". Cells of two products
# have U in two parts, U and U2; here it is whole.
NAMES = ("W", "U", "U2", "b", "c", "p", "P")


@dataclasses.dataclass
class Converted:
    """What was found in a file: stacks by name, the names of what is none, and what was done."""

    layers: dict[str, RecurrentStack] = dataclasses.field(default_factory=dict)
    left: list[str] = dataclasses.field(default_factory=list)
    notes: dict[str, str] = dataclasses.field(default_factory=dict)
    #: The arrays of what is left, where they have names of their own, for `chain`.
    arrays: dict[str, Array] = dataclasses.field(default_factory=dict, repr=False)
    #: All that the file does, one after another, where it tells so; and else why it is no chain.
    links: list[Link] | None = dataclasses.field(default=None, repr=False)
    no_chain: str = "the file tells no order: name it"
    original: Callable[[Chain], tuple[Floats, Floats, str] | None] | None = dataclasses.field(default=None, repr=False)

    def chain(self, order: Sequence[str] | None = None) -> Chain:
        """The layers one after another, with the linear layers, tables and convolutions among them.

        order: as of `eddy convert --chain`: names of recurrent layers; NAME of arrays NAME.weight and NAME.bias; NAME:causal or
        NAME:same of convolutions; tanh, sigmoid, relu, gelu, softmax, last. Files of Keras, RTNeural and ONNX tell it by themselves.
        Then the chain is the whole model, or an Error that names what it lacks; and it carries what ONNX Runtime (or the package
        onnx) and Keras make of an input, where they are installed.
        """
        if order is not None:
            layers = [(name, stack, self.notes[name]) for name, stack in self.layers.items()]
            arrays = {name: np.asarray(array, np.float32, order="C") for name, array in self.arrays.items()}
            return Chain(_take_chain(layers, arrays, list(order))[0])
        if self.links is None:
            raise Error(f"chain: {self.no_chain}")
        return chain_of(self.links, self.original)

    def __str__(self) -> str:
        lines = [] if self.layers else ["no recurrent layers"]
        for name, stack in self.layers.items():
            o = stack.options
            ways = ", both directions" if o["bidirectional"] else ", backward" if o["reverse"] else ""
            count = f"{o['layers']} layer{'s' * (o['layers'] > 1)}"
            lines += [f"{name}: {o['cell']} {o['input']} -> {o['hidden']}, {count}{ways}", f"    {self.notes[name]}"]
        if self.left:
            lines.append(f"left: {', '.join(self.left)}")
        return "\n".join(lines)


def gates_of(cell: str) -> list[str]:
    gates: list[str] = cell_info(cell)["gates"].split()
    return gates


def reordered(array: Array, given: Sequence[str], wanted: Sequence[str]) -> Array:
    """Blocks of rows, one a gate, in another order."""
    blocks = np.split(np.asarray(array), len(given))
    return np.concatenate([blocks[given.index(gate)] for gate in wanted])


def stack_of(name: str, cell: str, layers: Sequence[Sequence[Mapping[str, Array]]], **options: typing.Any) -> RecurrentStack:
    """A stack of the layers, of each of which there is one direction or two, by the parameters' names in Eddy."""
    first = layers[0][0]
    projection = len(first["P"]) if "P" in first else 0
    stack = RecurrentStack(
        cell,
        int(first["W"].shape[1]),
        len(first["W"]) // len(gates_of(cell)),
        projection=projection,
        layers=len(layers),
        bidirectional=len(layers[0]) == 2,
        **options,
    )
    values = {
        f"stack.{layer}{'r' * way}.{key}": value
        for layer, directions in enumerate(layers)
        for way, direction in enumerate(directions)
        for key, value in direction.items()
    }
    for parameter in stack.parameters():
        if parameter.name.endswith(".U2"):
            one = parameter.name.removesuffix("2")
            values[parameter.name] = values[one][-len(parameter.value) :]
    for parameter in stack.parameters():
        if parameter.name + "2" in values:
            values[parameter.name] = values[parameter.name][: -len(values[parameter.name + "2"])]
        value = values.pop(parameter.name, None)
        if value is None or value.shape != parameter.value.shape:
            given = "none" if value is None else str(value.shape)
            raise Error(f"convert {name}: {parameter.name} must be of shape {parameter.value.shape}, but is {given}")
        parameter.value = np.asarray(value, np.float32)
    if values:
        raise Error(f"convert {name}: there is no place for {', '.join(values)} in {stack!r}")
    return stack


def layers_of(stack: RecurrentStack, where: str, allowed: Sequence[str]) -> list[list[dict[str, Array]]]:
    """The reverse of `stack_of`. Options that change what a layer computes and that `where` has not are errors."""
    o = stack.options
    if o["cell"] not in allowed:
        raise Error(f"convert to {where}: cell must be one of {', '.join(allowed)}, but is {o['cell']}")
    for option in ("layer_norm", "residual", "learned_state", "state_clip", "zoneout"):
        if o[option]:
            raise Error(f"convert to {where}: {option} must be off, which {where} has not, but is {o[option]}")
    values = {parameter.name: parameter.value for parameter in stack.parameters()}

    def direction(at: str) -> dict[str, Array]:
        arrays = {key: np.array(values[at + key]) for key in NAMES if at + key in values}
        if "U2" in arrays:
            arrays["U"] = np.concatenate([arrays["U"], arrays.pop("U2")])
        return arrays

    ways = ("", "r") if o["bidirectional"] else ("",)
    return [[direction(f"stack.{layer}{way}.") for way in ways] for layer in range(o["layers"])]
