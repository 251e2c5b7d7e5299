from __future__ import annotations

import typing
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from ._core import Speech, VoiceModel
from ._options import SpeakOptions
from ._recordings import Recordings


class Voice(SpeakOptions, Recordings, task="speak"):
    __doc__ = f"""Speaks: words to sound, as one speaker said others.

    X is a list of sounds and y one of what is said in them. A sound is a path (wav, flac, ogg, mp3), or samples as an array
    [samples] or [samples, channels], whole numbers or full scale at 1, or a pair of it and its rate in either order. Samples
    alone are at `rate`, otherwise at 16,000 a second. X alone is the path of a manifest, a line for each recording, or of a
    folder with a text beside each sound.

    >>> time, random = np.arange(4000) / 8000, np.random.default_rng(0)
    >>> sounds = [np.sign(np.sin(2 * np.pi * 120 * time)) * np.sin(np.pi * time * 2) * loud for loud in (0.2, 0.5) * 10]
    >>> sounds = [sound + random.normal(0, 0.01, 4000) for sound in sounds]
    >>> small = dict(rate=8000, order=12, hidden=8, layers=1, text_hidden=4, embedding=4)
    >>> model = eddy_rnn.Voice(**small, steps=20).fit(sounds, ["ab", "ba"] * 10)
    >>> speech = model.speak("abba")
    >>> speech.rate, speech.samples.dtype, [symbol for symbol, seconds in speech.symbols][1:-1]
    (8000, dtype('float32'), ['a', 'b', 'b', 'a'])

    {SpeakOptions.__doc__}"""

    _model_class = VoiceModel
    symbols_: list[str]

    def _learned(self) -> None:
        self.symbols_ = list(self.model_.symbols)

    def speak(
        self,
        text: str,
        *,
        speed: float = 1.0,
        pitch: float = 1.0,
        sharpness: float = 1.0,
        vocoder: str = "auto",
        durations: Sequence[tuple[str, float]] = (),
    ) -> Speech:
        """A sentence as sound, the same at every call; of a voice that reads phonemes, these with spaces between them.

        `speed` 2 takes half of the time and `pitch` 2 is twice as high, each from 0.25 to 4; `sharpness`, 0 to 2, is how much
        of what averaging takes from the spectrum is given back; `vocoder`, what makes the sound, is "source-filter", "neural"
        or "auto". `durations` are seconds of each symbol, as an earlier speech's `symbols`.
        """
        speech: Speech = self._fitted().speak(
            text,
            speed=speed,
            pitch=pitch,
            sharpness=sharpness,
            vocoder=vocoder,
            durations=list(durations),
            threads=self._team(),
        )
        return speech

    def predict(self, X: Sequence[str], **how: typing.Any) -> list[npt.NDArray[np.float32]]:
        """The samples of each sentence of a list, at `model_.rate` a second. Keywords are those of `speak`."""
        return [self.speak(text, **how).samples for text in X]

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of the mel-cepstral distortion in dB."""
        return -float(self.evaluate(X, y)["mel_cepstral_distortion"])
