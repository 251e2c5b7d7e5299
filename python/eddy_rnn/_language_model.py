from __future__ import annotations

import os
import typing

import numpy as np
import numpy.typing as npt

from . import _arrays
from ._core import Data, Error, TextModel
from ._estimator import Estimator
from ._options import TextOptions


class LanguageModel(TextOptions, Estimator, task="text"):
    __doc__ = f"""Goes on with text, and says how likely a text is.

    X is a text, or a list of texts; with `lines` a list of lines. Files are given as `pathlib.Path` or `eddy_rnn.Data`.

    >>> model = eddy_rnn.LanguageModel(hidden=16, steps=60).fit("the cat sat on the mat. " * 100)
    >>> model.generate("the c", length=3, temperature=0)
    'the cat '
    >>> model.predict(["the c", "the m"]), model.predict_proba(["the c"]).shape == (1, len(model.vocabulary_))
    (['a', 'a'], True)

    {TextOptions.__doc__}"""

    _model_class = TextModel
    vocabulary_: list[str]

    def _data(self, X: typing.Any, y: typing.Any) -> Data | list[Data]:
        if isinstance(X, Data):
            return X
        if isinstance(X, os.PathLike):
            return Data.file(os.fspath(X))
        if isinstance(X, str):
            if len(X) < 4096 and "\n" not in X and os.path.exists(X):
                raise Error("fit is given a text that names a file; pathlib.Path(...) reads the file")
            return Data.text(X, "memory.txt")
        if self.lines:
            return Data.text("".join(line + "\n" for line in _arrays.texts(X)), "memory.txt")
        return [each if isinstance(each, Data) else typing.cast(Data, self._data(each, None)) for each in X]

    def _learned(self) -> None:
        self.vocabulary_ = list(self.model_.vocabulary)

    def generate(
        self,
        prompt: str = "",
        *,
        length: int = 1000,
        temperature: float = 0.8,
        top_k: int = 0,
        top_p: float = 1.0,
        seed: int = 1,
    ) -> str:
        """Text that goes on from a prompt, the prompt first: `length` tokens, drawn."""
        text: str = self._fitted().generate(
            prompt, length=length, temperature=temperature, top_k=top_k, top_p=top_p, seed=seed
        )
        return text

    def predict_proba(self, X: typing.Any) -> npt.NDArray[np.float64]:
        """How likely each token of `vocabulary_` is to follow each text: [n, V]."""
        model = self._fitted()
        logits = np.concatenate([model.next(text) for text in _arrays.texts(X)])
        odds = np.exp(logits - logits.max(axis=1, keepdims=True))
        return typing.cast("npt.NDArray[np.float64]", odds / odds.sum(axis=1, keepdims=True))

    def predict(self, X: typing.Any) -> list[str]:
        """The likeliest token after each text."""
        return [self.vocabulary_[token] for token in self.predict_proba(X).argmax(axis=1)]

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of nats a token."""
        return -float(self.evaluate(X)["nats_per_token"])

    def _floors(self, evaluation: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]:
        name = evaluation["floor"]
        return {name: {"nats_per_token": evaluation["floor_nats_per_token"]}} if name else {}
