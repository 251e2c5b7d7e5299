from __future__ import annotations

import typing

from . import _arrays
from ._core import Data, TranslatorModel
from ._estimator import Estimator, data_at
from ._options import TranslateOptions


class Translator(TranslateOptions, Estimator, task="translate"):
    __doc__ = f"""Translates sentences, or spellings to sounds.

    X is a list of sources and y one of targets; or X alone the path of a file of lines, a source, a tab and a target each.

    >>> words = dict(Hund="dog", Katze="cat", Haus="house", Maus="mouse", Baum="tree")
    >>> sources = [a + " " + b for a in words for b in words]
    >>> targets = [words[a] + " " + words[b] for a in words for b in words]
    >>> model = eddy_rnn.Translator(unit="word", hidden=32, steps=300).fit(sources, targets)
    >>> model.predict(["Hund Katze"])
    ['dog cat']

    {TranslateOptions.__doc__}"""

    _model_class = TranslatorModel

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        if (data := data_at(X)) is not None:
            return data
        return Data.pairs(_arrays.texts(X), _arrays.texts(() if y is None else y))

    def predict(self, X: typing.Any, *, beam: int = 5, length_penalty: float = 0.6) -> list[str]:
        """A translation of each, by beam search."""
        model, threads = self._fitted(), self._team()
        texts: list[str] = model.of_texts(_arrays.texts(X), beam=beam, length_penalty=length_penalty, threads=threads)
        return texts

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """chrF, from 0 to 1."""
        return float(self.evaluate(X, y)["chrf"]) / 100
