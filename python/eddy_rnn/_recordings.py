"""What the estimators have in common that learn from recordings and what is said in them."""

from __future__ import annotations

import os
import typing

import numpy as np
import numpy.typing as npt

from . import _arrays
from ._core import Data, Error, recordings
from ._estimator import Estimator, data_at, is_path

USUAL_RATE = 16_000  # samples a second of sounds that do not tell


class Recordings(Estimator):
    rate: typing.Any

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        if (data := data_at(X)) is not None:
            return data
        if y is None:
            raise Error(f"{self._task}: y must be what is said in each of X")
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
            raise Error(
                f"{self._task}: a sound must be a path, samples [samples] or [samples, channels], or these and a rate"
            )
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
