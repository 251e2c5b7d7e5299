from __future__ import annotations

import os
import typing

from . import _arrays
from ._core import Data, Error, TranscriberModel, TranscriberStream, Transcript
from ._estimator import data_at, is_path
from ._options import TranscribeOptions
from ._recordings import Recordings


class Transcriber(TranscribeOptions, Recordings, task="transcribe"):
    __doc__ = f"""Writes down what is said: sound to words.

    X is a list of sounds and y one of what is said in them. A sound is a path (wav, flac, ogg, mp3, or features), or
    samples as an array [samples] or [samples, channels], whole numbers or full scale at 1, or a pair of it and its rate
    in either order. Samples alone are at `rate`, otherwise at the model's, or at 16,000 a second. X alone is the path of a
    manifest, a line for each recording, or of a folder with a text beside each sound.

    >>> time, random = np.arange(4000) / 8000, np.random.default_rng(0)
    >>> sounds = [np.sin(2 * np.pi * hertz * time) + random.normal(0, 0.01, 4000) for hertz in (300, 600) * 20]
    >>> small = dict(rate=8000, hidden=16, layers=1, channels=16, speeds=[1], noise=0, dropout=0)
    >>> model = eddy_rnn.Transcriber(**small, learning_rate=0.01, steps=300).fit(sounds, ["oh", "ah"] * 20)
    >>> model.predict(sounds[:2])
    ['oh', 'ah']
    >>> word = model.transcripts([(8000, sounds[0])])[0].words[0]
    >>> word.text, 0 <= word.begin < word.end <= 0.5
    ('oh', True)

    {TranscribeOptions.__doc__}"""

    _model_class = TranscriberModel

    def transcripts(
        self,
        X: typing.Any,
        *,
        beam: int | None = None,
        language_model: typing.Any = None,
        language_weight: float = 0.8,
        word_bonus: float = 0.5,
        hot_words: typing.Any = None,
        hot_weight: float = 4,
    ) -> list[Transcript]:
        """What is said in each sound of a list: `text`, and `words` with `begin` and `end` in seconds and `confidence`.

        `beam` beginnings are kept, by default one, and some where words are weighed. That does a `language_model`: the path
        of an ARPA file or of text, a sentence a line. Of its logarithms `language_weight` times are added, and `word_bonus`
        for each word. `hot_words` are favoured, such as names: a list of them, or the path of a text of them with white space
        between them. For each `hot_weight` is added. Their characters must be among those that were learned.
        """
        model = self._fitted()
        if is_path(X):
            raise Error("transcribe: X must be a list of sounds, but is one path")
        how: dict[str, typing.Any] = {
            "beam": beam,
            "language_model": Data() if language_model is None else data_at(language_model),
            "language_weight": language_weight,
            "word_bonus": word_bonus,
            "hot_words": self._hot_words(hot_words),
            "hot_weight": hot_weight,
            "threads": self._team(),
        }
        return [
            model.of_file(os.fspath(each), **how) if is_path(each) else model.of_samples(*self._sound(each), **how)
            for each in X
        ]

    def _hot_words(self, words: typing.Any) -> Data:
        if words is None:
            return Data()
        data = data_at(words)
        return Data.text("\n".join(_arrays.texts(words)), "hot_words") if data is None else data

    def predict(self, X: typing.Any, **how: typing.Any) -> list[str]:
        """The words of each sound of a list. Keywords are those of `transcripts`."""
        return [transcript.text for transcript in self.transcripts(X, **how)]

    def stream(self) -> TranscriberStream:
        """Sound as it comes, for a model trained with `causal`: `push(samples)` and `finish()`, and at any time `text`."""
        return TranscriberStream(self._fitted())

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """1 less the word error rate."""
        return 1 - float(self.evaluate(X, y)["word_error_rate"])
