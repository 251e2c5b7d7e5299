"""safetensors files: a header of JSON, which the library reads and checks, and the arrays one after another."""

from __future__ import annotations

import json
import os
import pathlib
from collections.abc import Mapping

import numpy as np

from .._core import Error, list_safetensors
from ._layers import Array

TYPES = {
    "F64": "<f8", "F32": "<f4", "F16": "<f2", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "<i1",
    "U64": "<u8", "U32": "<u4", "U16": "<u2", "U8": "<u1", "BOOL": "?",
}  # fmt: skip


def load_safetensors(path: str | os.PathLike[str]) -> dict[str, Array]:
    """The arrays of a file, by name. bfloat16 becomes float32. Bytes of 8-bit floats are left as they are."""
    data = pathlib.Path(path).read_bytes()
    try:
        stored = list_safetensors(data)
    except Error as error:
        raise Error(f"read {os.fspath(path)}: {error}") from None
    arrays = {}
    for name, kind, shape, begin, end in stored:
        dtype = np.dtype("<u2" if kind == "BF16" else TYPES.get(kind, "u1"))
        array = np.frombuffer(data, dtype, (end - begin) // dtype.itemsize, begin).reshape(shape)
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
