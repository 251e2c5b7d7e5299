from __future__ import annotations

import typing

from . import _arrays
from ._core import Data, TaggerModel
from ._estimator import Estimator, data_at
from ._options import TagOptions


class Tagger(TagOptions, Estimator, task="tag"):
    __doc__ = f"""Tags the tokens of sequences: names, phrases, parts of speech.

    X is a list of sequences of tokens and y one of sequences of tags; or X alone the path of a file as CoNLL's.

    >>> tokens = [["Rosa", "lives", "in", "Lyon"], ["Karl", "is", "in", "Bonn"]] * 20
    >>> tags = [["B-PER", "O", "O", "B-LOC"]] * 40
    >>> model = eddy_rnn.Tagger(hidden=8, steps=60).fit(tokens, tags)
    >>> model.predict([["Karl", "lives", "in", "Lyon"]])
    [['B-PER', 'O', 'O', 'B-LOC']]

    {TagOptions.__doc__}"""

    _model_class = TaggerModel
    _measure = "accuracy"
    classes_: list[str]

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        if (data := data_at(X)) is not None:
            return data
        tokens, tags = _arrays.sequences(X, "X"), _arrays.sequences(y, "y")
        return Data.sequences(tokens, tags)

    def _learned(self) -> None:
        self.classes_ = list(self.model_.tags)

    def predict(self, X: typing.Any) -> list[list[str]]:
        """A tag for each token."""
        tags: list[list[str]] = self._fitted().of_sequences(_arrays.sequences(X, "X"), threads=self._team())
        return tags

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The share of tokens with the right tag; of a file, as `evaluate` measures it."""
        if y is None:
            return super().score(X)
        pairs = [pair for said, right in zip(self.predict(X), y, strict=True) for pair in zip(said, right, strict=True)]
        return sum(said == str(right) for said, right in pairs) / len(pairs)
