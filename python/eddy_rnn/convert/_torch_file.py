"""Files of torch.save, .pt and .pth, zipped and older, and archives of TorchScript, read without PyTorch: tensors and containers,
and nothing else.

A pickle can name any function to be called. This reader knows a handful of names, none of which does anything but make a
container or an array; any other is an error that tells it.
"""

from __future__ import annotations

import collections
import io
import math
import os
import pickle
import pickletools
import typing
import zipfile
from collections.abc import Callable

import numpy as np

from .._core import Error
from ._layers import Array

STORAGES = {
    "DoubleStorage": "<f8", "FloatStorage": "<f4", "HalfStorage": "<f2", "LongStorage": "<i8", "IntStorage": "<i4",
    "ShortStorage": "<i2", "CharStorage": "<i1", "ByteStorage": "<u1", "BoolStorage": "?", "BFloat16Storage": "<u2",
}  # fmt: skip
MOST_REPEATED = 1 << 20  # numbers of a tensor whose strides of 0 make it larger than what is stored
MOST_VIEWS = 64  # times that all numbers may be in tensors; tied weights are there twice
MOST_PLACES = 1_000_000  # in containers, of which one may be in many
OLD_MAGIC = 0x1950A86A20F9469CFC6C


class Storage:
    """Numbers without a shape, which are read when all is known of them."""

    def __init__(self, kind: str, size: int) -> None:
        self.kind, self.size = kind, size
        self.values: Array | None = None

    def fill(self, data: bytes) -> None:
        values = np.frombuffer(data, STORAGES[self.kind])
        if len(values) != self.size:
            raise Error(f"read: a storage of {self.size} numbers has {len(values)}")
        self.values = (values.astype("<u4") << 16).view("<f4") if self.kind == "BFloat16Storage" else values


class Tensor:
    """A view of a storage."""

    def __init__(self, storage: Storage, offset: int, shape: tuple[int, ...], strides: tuple[int, ...]) -> None:
        self.storage, self.offset, self.shape, self.strides = storage, offset, shape, strides

    def array(self) -> Array:
        values = self.storage.values
        sizes = (self.offset, *self.shape, *self.strides)
        if not isinstance(values, np.ndarray) or len(self.shape) != len(self.strides) or any(type(size) is not int or size < 0 for size in sizes):
            raise Error("read: a tensor whose numbers, shape or strides are not there")
        last = self.offset + sum((size - 1) * step for size, step in zip(self.shape, self.strides, strict=True))
        if 0 in self.shape:
            return np.zeros(self.shape, values.dtype)
        if last >= len(values):
            raise Error(f"read: a tensor of shape {self.shape} reaches beyond its {len(values)} numbers")
        if math.prod(self.shape) > max(len(values), MOST_REPEATED):
            raise Error(f"read: a tensor of shape {self.shape} repeats its {len(values)} numbers too often")
        steps = [step * values.itemsize for step in self.strides]
        return np.lib.stride_tricks.as_strided(values[self.offset :], self.shape, steps).copy()


def rebuild_tensor(storage: object, offset: int, shape: tuple[int, ...], strides: tuple[int, ...], *_: object) -> Tensor:
    if not isinstance(storage, Storage):
        raise Error("read: a tensor without numbers")
    return Tensor(storage, offset, tuple(shape), tuple(strides))


def rebuild_parameter(tensor: object, *_: object) -> object:
    return tensor


class Module:
    """What TorchScript has compiled, of any class: its attributes by name. Its code is not read."""

    def __setstate__(self, attributes: object) -> None:
        self.attributes = attributes if isinstance(attributes, dict) else {}


def first(values: object, *_: object) -> object:
    return values


ALLOWED: dict[tuple[str, str], Callable[..., object]] = {
    ("collections", "OrderedDict"): collections.OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): rebuild_tensor,
    ("torch._utils", "_rebuild_tensor"): rebuild_tensor,
    ("torch._utils", "_rebuild_parameter"): rebuild_parameter,
    ("torch.jit._pickle", "build_intlist"): first,
    ("torch.jit._pickle", "build_doublelist"): first,
    ("torch.jit._pickle", "build_boollist"): first,
    ("torch.jit._pickle", "build_tensorlist"): first,
    ("torch.jit._pickle", "restore_type_tag"): first,
}


class Reader(pickle.Unpickler):
    def __init__(self, file: typing.IO[bytes], storage: Callable[[str, str, int], Storage]) -> None:
        check_numbers(file)
        super().__init__(file, encoding="utf-8")
        self.storage = storage

    def find_class(self, module: str, name: str) -> typing.Any:
        if module == "torch" and name in STORAGES:
            return name
        if module.startswith("__torch__."):
            return Module
        if (module, name) in ALLOWED:
            return ALLOWED[module, name]
        raise Error(f"read: only tensors and containers are read, but there is {module}.{name}; save the state_dict alone")

    def persistent_load(self, about: typing.Any) -> Storage:
        if not isinstance(about, tuple) or len(about) < 5 or about[0] != "storage" or about[1] not in STORAGES:
            raise Error("read: a storage that is not described")
        return self.storage(about[1], str(about[2]), int(about[4]))


def check_numbers(file: typing.IO[bytes]) -> None:
    """What a pickle remembers it numbers from 0 on, and memory is taken for as many as the largest number says: none may be
    larger than there are bytes before it."""
    begin = file.tell()
    for operation, number, at in pickletools.genops(file):
        if operation.name.endswith("PUT") and isinstance(number, int) and number > (at or 0) - begin:
            raise Error(f"read: a pickle that remembers a {number}th thing too soon")
    file.seek(begin)


def load_torch(path: str | os.PathLike[str]) -> dict[str, Array]:
    """The tensors of a file, by the way to them: "model.encoder.weight_ih_l0"."""
    storages: dict[str, Storage] = {}
    arrays: dict[str, Array] = {}

    def storage(kind: str, key: str, size: int) -> Storage:
        return storages.setdefault(key, Storage(kind, size))

    try:
        with open(path, "rb") as file:
            content = read_zip(file, storage, storages) if zipfile.is_zipfile(file) else read_old(file, storage, storages)
        stored = sum(len(each.values) for each in storages.values() if each.values is not None)
        Collector(arrays, MOST_VIEWS * stored + MOST_REPEATED).collect(content, "")
    except Error:
        raise
    except Exception as error:  # of a broken file; pickle raises what it likes
        raise Error(f"read {os.fspath(path)}: must be a file of torch.save, but is broken ({type(error).__name__}: {error})") from None
    return arrays


def read_zip(file: typing.IO[bytes], storage: Callable[..., Storage], storages: dict[str, Storage]) -> object:
    with zipfile.ZipFile(file) as archive:
        pickles = [name for name in archive.namelist() if name.endswith("/data.pkl")]
        if len(pickles) != 1:
            raise Error("read: must be a zip archive with one data.pkl")
        folder = pickles[0].removesuffix("data.pkl")
        if f"{folder}byteorder" in archive.namelist() and archive.read(f"{folder}byteorder") != b"little":
            raise Error("read: numbers must be little-endian")
        content: object = Reader(io.BytesIO(archive.read(pickles[0])), storage).load()
        for key, each in storages.items():
            each.fill(archive.read(f"{folder}data/{key}"))
    return content


def read_old(file: typing.IO[bytes], storage: Callable[..., Storage], storages: dict[str, Storage]) -> object:
    file.seek(0)
    if Reader(file, storage).load() != OLD_MAGIC:
        raise Error("read: must be a file of torch.save")
    Reader(file, storage).load()  # the protocol
    Reader(file, storage).load()  # sizes of the writer's machine
    content: object = Reader(file, storage).load()
    for key in Reader(file, storage).load():
        each = storages[key]
        if int.from_bytes(file.read(8), "little") != each.size:
            raise Error("read: a storage of another size than its tensors'")
        each.fill(file.read(each.size * np.dtype(STORAGES[each.kind]).itemsize))
    return content


class Collector:
    """Puts tensors by the way to them into `arrays`."""

    def __init__(self, arrays: dict[str, Array], most: int) -> None:
        self.arrays, self.most = arrays, most
        self.numbers = self.places = 0

    def collect(self, content: object, way: str) -> None:
        self.places += 1
        if self.places > MOST_PLACES:
            raise Error("read: containers that hold one another too often")
        if isinstance(content, Module):
            content = getattr(content, "attributes", {})
        if isinstance(content, Tensor):
            self.numbers += math.prod(size for size in content.shape if type(size) is int)
            if self.numbers > self.most:
                raise Error("read: tensors that repeat the file's numbers too often")
            self.arrays[way] = content.array()
        elif isinstance(content, dict):
            for key, value in content.items():
                self.collect(value, f"{way}.{key}" if way else str(key))
        elif isinstance(content, (list, tuple)):
            for i, value in enumerate(content):
                self.collect(value, f"{way}.{i}" if way else str(i))
