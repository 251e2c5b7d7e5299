"""safetensors files: a header of JSON, and the arrays one after another. Every size and place is checked before it is used."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Mapping

import numpy as np

from .._core import Error
from ._layers import Array

TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1", "U8": "<u1", "BOOL": "?",
}  # fmt: skip
LONGEST_HEADER = 100_000_000


def load_safetensors(path: str | os.PathLike[str]) -> dict[str, Array]:
    """The arrays of a file, by name. bfloat16 becomes float32."""
    data = pathlib.Path(path).read_bytes()

    def require(holds: bool, what: str) -> None:
        if not holds:
            raise Error(f"read {os.fspath(path)}: must be safetensors, but {what}")

    require(len(data) >= 8, "ends within the length of its header")
    length = int.from_bytes(data[:8], "little")
    require(length <= min(LONGEST_HEADER, len(data) - 8), "ends within its header")
    try:
        header = json.loads(data[8 : 8 + length])
    except ValueError:
        header = None
    require(isinstance(header, dict), "has a header that is no JSON object")
    body = memoryview(data)[8 + length :]
    arrays = {}
    for name, about in header.items():
        if name == "__metadata__":
            continue
        require(isinstance(about, dict), f"{name} is not described")
        shape, offsets, kind = about.get("shape"), about.get("data_offsets"), about.get("dtype")
        for sizes in (shape, offsets):
            whole = isinstance(sizes, list) and all(type(size) is int and 0 <= size < 2**63 for size in sizes)
            require(whole, f"{name} has no shape or no place")
        require(kind in TYPES or kind == "BF16", f"{name} is of the unknown type {kind}")
        require(len(offsets) == 2 and offsets[0] <= offsets[1] <= len(body), f"{name} stands beyond the end")
        dtype = np.dtype("<u2" if kind == "BF16" else TYPES[kind])
        count = 1
        for size in shape:
            count *= size
        require(count * dtype.itemsize == offsets[1] - offsets[0], f"{name} has not the size of its shape")
        array = np.frombuffer(body[offsets[0] : offsets[1]], dtype).reshape(shape)
        arrays[name] = (array.astype("<u4") << 16).view("<f4") if kind == "BF16" else array.copy()
    return arrays


def save_safetensors(path: str | os.PathLike[str], arrays: Mapping[str, object]) -> None:
    """Writes arrays by name, whole or not at all."""
    kinds = {np.dtype(kind): name for name, kind in TYPES.items()}
    header: dict[str, object] = {}
    parts = []
    end = 0
    for name, value in arrays.items():
        array = np.asarray(value, order="C")
        array = array.astype(array.dtype.newbyteorder("<"))
        if array.dtype not in kinds:
            raise Error(f"write {os.fspath(path)}: {name} must be of one of {', '.join(TYPES)}, but is {array.dtype}")
        begin, end = end, end + array.nbytes
        header[name] = {"dtype": kinds[array.dtype], "shape": list(array.shape), "data_offsets": [begin, end]}
        parts.append(array.tobytes())
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    whole = pathlib.Path(f"{os.fspath(path)}.part")
    whole.write_bytes(len(text).to_bytes(8, "little") + text + b"".join(parts))
    os.replace(whole, path)
