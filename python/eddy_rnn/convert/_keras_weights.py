"""Where the weights of a layer are in a file of Keras."""

from __future__ import annotations

import typing
from collections.abc import Mapping

import numpy as np

from ._layers import Array

Config = Mapping[str, typing.Any]


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
