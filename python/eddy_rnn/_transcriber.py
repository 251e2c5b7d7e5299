from __future__ import annotations

import os
import typing

import numpy as np
import numpy.typing as npt

from . import _arrays
from ._core import Data, Error, TranscriberModel, TranscriberStream, Transcript, recordings
from ._estimator import Estimator, data_at, is_path
from ._options import TranscribeOptions

USUAL_RATE = 16_000  # samples a second of sounds that do not tell


class Transcriber(TranscribeOptions, Estimator, task="transcribe"):
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

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        if (data := data_at(X)) is not None:
            return data
        if y is None:
            raise Error("transcribe: y must be what is said in each of X")
        texts = _arrays.texts(y)
        _arrays.same_length(X, texts)
        if all(is_path(each) for each in X):
            lines = [f"{os.path.abspath(path)}\t{text}\n" for path, text in zip(X, texts)]
            return Data.text("path\ttranscript\n" + "".join(lines), "memory.tsv")
        sounds = [self._sound(each) for each in X]
        return recordings([samples for samples, _ in sounds], [rate for _, rate in sounds], texts)

    def _sound(self, sound: typing.Any) -> tuple[npt.NDArray[np.float32], int]:
        """Samples of one channel, and how many there are a second."""
        rate = self._rate()
        if isinstance(sound, tuple) and len(sound) == 2:
            first, second = sound
            (rate, sound) = (int(first), second) if np.ndim(first) == 0 else (int(second), first)
        array = np.asarray(sound)
        if array.ndim not in (1, 2) or array.dtype.kind not in "iuf":
            raise Error("transcribe: a sound must be a path, samples [samples] or [samples, channels], or these and a rate")
        if array.dtype.kind != "f":
            kind = np.iinfo(array.dtype)
            silence = 0 if kind.min < 0 else kind.max // 2 + 1
            array = (array.astype(np.float64) - silence) / (kind.max // 2 + 1 if silence else kind.max + 1.0)
        if array.ndim == 2:
            array = array.mean(axis=1)
        return np.ascontiguousarray(array, np.float32), rate

    def _rate(self) -> int:
        if self.rate is not None:
            return int(self.rate)
        model = getattr(self, "model_", None)
        return int(model.rate) if model is not None and model.rate else USUAL_RATE

    def transcripts(
        self,
        X: typing.Any,
        *,
        beam: int | None = None,
        language_model: typing.Any = None,
        language_weight: float = 0.8,
        word_bonus: float = 0.5,
    ) -> list[Transcript]:
        """What is said in each sound of a list: `text`, and `words` with `begin` and `end` in seconds and `confidence`.

        `beam` beginnings are kept, by default one without and some with a `language_model`: the path of an ARPA file or of
        text, a sentence a line. Of its logarithms `language_weight` times are added, and `word_bonus` for each word.
        """
        model = self._fitted()
        if is_path(X):
            raise Error("transcribe: X must be a list of sounds, but is one path")
        how: dict[str, typing.Any] = {
            "beam": beam,
            "language_model": Data() if language_model is None else data_at(language_model),
            "language_weight": language_weight,
            "word_bonus": word_bonus,
            "threads": self._team(),
        }
        return [
            model.of_file(os.fspath(each), **how) if is_path(each) else model.of_samples(*self._sound(each), **how)
            for each in X
        ]

    def predict(self, X: typing.Any, **how: typing.Any) -> list[str]:
        """The words of each sound of a list. Keywords are those of `transcripts`."""
        return [transcript.text for transcript in self.transcripts(X, **how)]

    def stream(self) -> TranscriberStream:
        """Sound as it comes, for a model trained with `causal`: `push(samples)` and `finish()`, and at any time `text`."""
        return TranscriberStream(self._fitted())

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """1 less the word error rate."""
        return 1 - float(self.evaluate(X, y)["word_error_rate"])
