"""Converted layers one after another, as a model of Eddy's own. The library does it (include/eddy/converted_chain.h)."""

from __future__ import annotations

import os
import pathlib
import typing
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from .._core import Error, _Chain

# ("recurrent", name, stack, note), ("table", name, weight), ("linear", name, weight, bias), ("convolution", name, weight, bias,
# padding, dilation, groups) or ("operation", name): arrays as PyTorch has them, biases None where there are none.
Link = tuple[typing.Any, ...]
Floats = npt.NDArray[np.float32]
OPERATIONS = ("tanh", "sigmoid", "relu", "gelu", "softmax", "last")


class Chain:
    """A table of tokens, recurrent, convolutional and linear layers with what stands between them, as another framework had them.

    Called on x [steps, rows, inputs], or on tokens [steps, rows] where a table comes first, it returns [steps, rows, outputs]
    ([1, rows, outputs] behind "last"). `Converted.chain` makes it.

    >>> from eddy_rnn import convert
    >>> weights = convert.to_torch(eddy_rnn.RecurrentStack("lstm", 3, 4), "encoder.") | {"head.weight": np.ones((2, 4)), "head.bias": np.ones(2)}
    >>> chain = convert.from_torch(weights).chain(["encoder", "head", "softmax"])
    >>> chain(np.ones((5, 1, 3))).shape
    (5, 1, 2)
    >>> chain.save("/tmp/chain.eddy")  # with an input and what comes of it, which whoever loads it computes again
    >>> print(convert.Chain.load("/tmp/chain.eddy"))
    encoder: lstm 3 -> 4, 1 layer
        Eddy's own arrays
    head: linear 4 -> 2
        Eddy's own arrays
    softmax
    """

    def __init__(self, core: _Chain) -> None:
        self._core = core
        #: An input and what the original made of it, and who says so; none where that is not known.
        self.original: tuple[Floats, Floats] | None = None
        self.original_from = ""

    def __call__(self, x: npt.ArrayLike, *, threads: int = 1) -> Floats:
        return self._core.run(np.asarray(x, np.float32), threads)

    @property
    def reads_tokens(self) -> bool:
        return self._core.input_width == 0

    @property
    def input_width(self) -> int:
        """Numbers of a step; 0 where tokens come in."""
        return self._core.input_width

    @property
    def output_width(self) -> int:
        return self._core.output_width

    def save(self, path: str | os.PathLike[str], original: tuple[npt.ArrayLike, npt.ArrayLike] | None = None) -> None:
        """Writes a model, whole or not at all, that carries `original`: an input and what the original made of it. Those that the
        importer found out, where none are given; else what the chain makes of an input of its own. Raises `Error` where the
        chain makes something else of it than the original, by more than a thousandth of its largest value."""
        golden = self.original if original is None else original
        both = None if golden is None else tuple(np.asarray(each, np.float32) for each in golden)
        data = self._core.serialize(typing.cast("tuple[Floats, Floats] | None", both))
        whole = pathlib.Path(f"{os.fspath(path)}.part")
        whole.write_bytes(data)
        os.replace(whole, path)

    @staticmethod
    def load(path: str | os.PathLike[str]) -> Chain:
        """Reads a model that `save` or `eddy convert` wrote, and computes what it carries again."""
        data = pathlib.Path(path).read_bytes()
        try:
            return Chain(_Chain.parse(data))
        except Error as error:
            raise Error(f"read {os.fspath(path)}: {error}") from None

    def __str__(self) -> str:
        lines = []
        for what, note in self._core.describe():
            lines += [what, f"    {note}"] if note else [what]
        if self.original_from:
            lines.append(f"outputs are those of {self.original_from}")
        return "\n".join(lines)


def own_input(chain: Chain, steps: int = 12, rows: int = 1, tokens: int = 0) -> Floats:
    """An input for a chain, of numbers or of tokens below `tokens`."""
    if chain.reads_tokens:
        return (np.arange(steps * rows) % tokens).reshape(steps, rows).astype(np.float32)
    return np.random.default_rng(0).uniform(-1, 1, (steps, rows, chain.input_width)).astype(np.float32)


def agrees(ours: Floats, original: Floats) -> bool:
    close: bool = ours.shape == original.shape and bool(np.abs(ours - original).max() <= 1e-3 * max(np.abs(original).max(), 1e-6))
    return close


def chain_of(links: Sequence[Link] | None, original: Callable[[Chain], tuple[Floats, Floats, str] | None] | None) -> Chain:
    """A chain of a file's own links, with what its original makes of an input, where that can be found out."""
    chain = Chain(_Chain(list(links or ())))
    if original is not None and (told := original(chain)) is not None:
        x, y, chain.original_from = told
        chain.original = (x, y)
    return chain
