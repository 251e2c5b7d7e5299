"""Where the weights of a layer are in a file of Keras, and which layers there are in one of weights alone."""

from __future__ import annotations

import re
import typing
from collections.abc import Iterator, Mapping

import numpy as np

from ._layers import Array

Config = Mapping[str, typing.Any]


MOST_PACKED = 1100  # bytes of an array that a byte of a file may stand for: deflate packs no more


def array_of(dataset: typing.Any) -> Array:
    """Its numbers, if the file holds them: for what it does not, h5py would make up as many as the shape says."""
    if dataset.nbytes > MOST_PACKED * dataset.id.get_storage_size():
        raise ValueError(f"{dataset.name} of shape {dataset.shape} has no numbers in the file")
    return np.asarray(dataset)


def as_text(name: object) -> str:
    return name.decode() if isinstance(name, bytes) else str(name)


def by_class(layers: list[Config]) -> Iterator[tuple[str, Config]]:
    """Layers as Keras before 3.4 names their groups: by their classes and, where there are several of a class, numbers."""
    count: dict[str, int] = {}
    for layer in layers:
        words = re.sub(r"(.)([A-Z][a-z]+)", r"\1_\2", layer["class_name"].rsplit(">", 1)[-1])
        kind = re.sub(r"([a-z])([A-Z])", r"\1_\2", words).lower()
        count[kind] = count.get(kind, -1) + 1
        yield (f"{kind}_{count[kind]}" if count[kind] else kind), layer


def groups_by_class(config: Config, folder: str = "layers") -> Iterator[tuple[str, str]]:
    """The names of a model's layers, and of cells in them, with the groups that `by_class` gives them."""
    inside = config.get("config", {})
    for key, layer in by_class(inside if isinstance(inside, list) else inside.get("layers", [])):
        told, group = layer["config"], f"{folder}/{key}"
        yield str(told["name"]), group
        if layer["class_name"] == "RNN":
            for cell, each in by_class(told["cell"]["config"].get("cells", [])):
                yield f"{told['name']}/{each['config']['name']}", f"{group}/cell/cells/{cell}"
        yield from groups_by_class(layer, f"{group}/layers")


class InArchive:
    """Weights of a .keras: groups whose `vars` tell the layer's name or, in files of Keras before 3.4, are known by its class."""

    def __init__(self, file: typing.Any, config: Config) -> None:
        self.file = file
        self.groups: dict[str, typing.Any] = {}
        self.unread: list[str] = []

        def visit(name: str, thing: typing.Any) -> None:
            if name.endswith("/vars") and (told := thing.attrs.get("name")) is not None:
                group = name.removesuffix("/vars")
                self.groups.setdefault(as_text(told), self.file[group])
            if hasattr(thing, "shape"):
                self.unread.append(name)

        file.visititems(visit)
        for name, group in groups_by_class(config):
            if group in file and "name" not in file[group]["vars"].attrs:
                self.groups.setdefault(name, file[group])

    def of(self, name: str, parts: list[str]) -> list[list[Array]]:
        """The arrays of a layer's parts: of cells in it, or of its two directions."""
        group = self.groups.get(name)
        if group is None:
            return []
        return [self.arrays(self.place(self.groups.get(f"{name}/{part}", group), part)) for part in parts]

    def place(self, group: typing.Any, part: str) -> typing.Any:
        if part in ("forward_layer", "backward_layer"):
            group = group[part]
        if "cell" in group and "cells" in group["cell"]:
            cells = group["cell"]["cells"]
            group = next(cells[key] for key in cells if cells[key]["vars"].attrs.get("name") == part)
        elif "cell" in group:
            group = group["cell"]
        return group["vars"]

    def arrays(self, group: typing.Any) -> list[Array]:
        for key in group:
            self.unread.remove(f"{group.name}/{key}".lstrip("/"))
        return [array_of(group[key]) for key in sorted(group, key=int)]

    def rest(self) -> list[str]:
        return self.unread


class InLegacy:
    """Weights of an .h5: the names of a layer's, in order."""

    def __init__(self, file: typing.Any) -> None:
        self.weights: list[tuple[str, str, typing.Any]] = []  # the layer, the weight's name, its array
        for layer in map(as_text, file.attrs.get("layer_names", list(file))):
            for text in map(as_text, file[layer].attrs.get("weight_names", [])):
                self.weights.append((layer, text, file[layer][text]))

    def of(self, name: str, parts: list[str]) -> list[list[Array]]:
        mine = [each for each in self.weights if each[0] == name or f"/{name}/" in f"/{each[1]}"]
        self.weights = [each for each in self.weights if each not in mine]
        arrays = [array_of(array) for _, _, array in mine]
        size = len(arrays) // len(parts)
        return [arrays[size * i : size * (i + 1)] for i in range(len(parts))] if arrays else []

    def rest(self) -> list[str]:
        return [name.removesuffix(":0") for _, name, _ in self.weights]


PARTS = ("kernel", "recurrent_kernel", "bias")
CELL = re.compile(r"(lstm|gru|simple_rnn)_cell(_\d+)?$")
BY_GATES = {4: "LSTM", 3: "GRU"}


def recurrent_in(weights: InLegacy, recurrent_activation: str) -> tuple[list[Config], list[str]]:
    """Descriptions of the layers with recurrent kernels, as far as weights and their names tell them, and, of what they do not
    tell, the reasons."""
    found: dict[str, dict[str, list[Array]]] = {}
    for layer, name, array in weights.weights:
        *way, part = name.split(":")[0].split("/")
        while way and CELL.match(way[-1]):
            way.pop()
        direction = way.pop().split("_")[0] if way and way[-1].startswith(("forward_", "backward_")) else ""
        if part in PARTS:
            found.setdefault(way[-1] if way else layer, {}).setdefault(direction, []).append(array)
    layers: list[Config] = []
    left = []
    for name, directions in found.items():
        if all(len(arrays) < 2 or arrays[1].ndim != 2 for arrays in directions.values()):
            continue
        shapes = {tuple(np.shape(each) for each in arrays) for arrays in directions.values()}
        whole = len(shapes) == 1 and set(directions) in ({""}, {"forward", "backward"})
        layer_of = described(name, recurrent_activation, *shapes.pop()) if whole else None
        if layer_of is not None:
            two = {"class_name": "Bidirectional", "config": {"name": name, "layer": layer_of}}
            layers.append(layer_of if "" in directions else two)
        elif len(next(iter(directions.values()))) == len(PARTS):
            left.append(f"{name} (of a kind that weights alone do not tell)")
    return layers, left


def described(name: str, recurrent_activation: str, *shapes: tuple[int, ...]) -> Config | None:
    """A layer of kernels and biases of these shapes; none where they leave it open: whether a GRU without a bias resets before the
    product, and which activation a SimpleRNN has."""
    if len(shapes) != len(PARTS) or len(shapes[1]) != 2 or not shapes[1][0]:
        return None
    units, width = shapes[1]
    kind = BY_GATES.get(width // units) if width % units == 0 else None
    if kind is None:
        return None
    told = {"name": name, "recurrent_activation": recurrent_activation, "reset_after": len(shapes[2]) == 2}
    return {"class_name": f"CuDNN{kind}" if shapes[2] == (2 * width,) else kind, "config": told}
