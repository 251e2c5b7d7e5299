"""Any file of weights, by its name."""

from __future__ import annotations

import os
import pathlib
import typing
from collections.abc import Callable

import numpy as np

from .._core import Error
from ._keras import from_keras
from ._layers import Array, Converted
from ._onnx import from_onnx
from ._rtneural import from_rtneural
from ._safetensors import load_safetensors
from ._torch import from_torch
from ._torch_file import load_torch


def load_npz(path: str | os.PathLike[str]) -> dict[str, Array]:
    """The arrays of a file of numpy.savez, by name. Objects are not read."""
    try:
        with np.load(path, allow_pickle=False) as file:
            if not hasattr(file, "files"):
                raise ValueError("it holds one array")
            return {name: file[name] for name in file.files}
    except Exception as error:  # of a broken file; numpy raises what zipfile does
        message = f"must be a file of numpy.savez, but is none or broken ({type(error).__name__}: {error})"
        raise Error(f"read {os.fspath(path)}: {message}") from None


READERS: dict[str, Callable[[typing.Any], Converted]] = {
    ".keras": from_keras,
    ".h5": from_keras,
    ".hdf5": from_keras,
    ".onnx": from_onnx,
    ".json": from_rtneural,
    ".npz": lambda path: from_torch(load_npz(path)),
    ".safetensors": lambda path: from_torch(load_safetensors(path)),
    ".pt": lambda path: from_torch(load_torch(path)),
    ".pth": lambda path: from_torch(load_torch(path)),
    ".jit": lambda path: from_torch(load_torch(path)),
}


def read(path: str | os.PathLike[str]) -> Converted:
    """The recurrent layers of a file: .pt, .pth, .jit, .safetensors, .npz, .keras, .h5, .onnx, or RTNeural's .json."""
    ending = pathlib.Path(path).suffix.lower()
    if ending not in READERS:
        raise Error(f"read {os.fspath(path)}: must end in one of {', '.join(READERS)}")
    return READERS[ending](path)
