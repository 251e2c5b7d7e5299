from __future__ import annotations

import json
import typing

import numpy as np

from ._core import ComposerModel, Data, Error
from ._estimator import Estimator, data_at, is_path
from ._options import ComposeOptions

LOWEST_OF_A_PIANO = 21  # the key of the first of 88 columns
MIDI_KEYS = 128


class Composer(ComposeOptions, Estimator, task="compose"):
    __doc__ = f"""Writes music that goes on, or voices below a melody.

    X is a list of pieces: paths or bytes of MIDI files; or piano rolls, a list of the keys of each frame, or an array of 0
    and 1 [frames, 128] or [frames, 88]. A path alone is a file of any of these, or a folder. What is made are the bytes of
    MIDI files.

    >>> rolls = [[[60 + i, 64 + i], [62 + i, 65 + i], [64 + i, 67 + i], [60 + i]] * 4 for i in range(6)]
    >>> model = eddy_rnn.Composer(grid="quarter", hidden=8, steps=40).fit(rolls)
    >>> midi = model.compose(bars=4, seed=7)
    >>> midi[:4], len(model.predict([midi], bars=2))  # which goes on with it
    (b'MThd', 1)

    {ComposeOptions.__doc__}"""

    _model_class = ComposerModel

    def _data(self, X: typing.Any, y: typing.Any) -> list[Data]:
        if (data := data_at(X)) is not None:
            return [data]
        if isinstance(X, bytes) or not len(X):
            raise Error("compose: X must be a list of pieces, or a path")
        files = [piece for piece in X if isinstance(piece, (Data, bytes)) or is_path(piece)]
        if not files:
            return [Data.text(json.dumps([roll(piece) for piece in X]), "memory.json")]
        if len(files) < len(X):
            raise Error("compose: X must be of files alone or of piano rolls alone, but has both")
        return [file(piece, f"memory{i + 1}.mid") for i, piece in enumerate(files)]

    def _held_out(self, eval_set: typing.Any) -> dict[str, typing.Any]:
        if isinstance(eval_set, tuple):
            eval_set = eval_set[0]
        return super()._held_out(eval_set)

    def compose(
        self,
        from_: typing.Any = None,
        *,
        bars: int = 16,
        without_primer: bool = False,
        temperature: float = 1.0,
        top_p: float = 0.95,
        seed: int = 1,
    ) -> bytes:
        """A piece, out of nothing or going on from a MIDI file, a path or bytes; without the latter in it if so asked."""
        primer = Data() if from_ is None else file(from_, "memory.mid")
        midi: bytes = self._fitted().compose(
            primer, without_primer=without_primer, bars=bars, temperature=temperature, top_p=top_p, seed=seed
        )
        return midi

    def accompany(
        self,
        melody: typing.Any,
        *,
        temperature: float = 1.0,
        top_p: float = 0.95,
        seed: int = 1,
        beam: int = 8,
        free_voices: bool = False,
    ) -> bytes:
        """A melody, the path or the bytes of a MIDI file, with voices below it: of a model trained with `harmonise`."""
        midi: bytes = self._fitted().harmonise(
            file(melody, "memory.mid"), temperature=temperature, top_p=top_p, seed=seed, beam=beam, free_voices=free_voices
        )
        return midi

    def predict(self, X: typing.Any, *, bars: int = 16, seed: int = 1) -> list[bytes]:
        """How each MIDI file of a list goes on, itself first; of a model that harmonises, each with voices below it."""
        if self._fitted().harmonises:
            return [self._fitted().harmonise(file(piece, "memory.mid"), seed=seed) for piece in X]
        return [self.compose(piece, bars=bars, seed=seed) for piece in X]

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of nats a frame, or an event."""
        measured = [super(Composer, self).evaluate(data) for data in self._data(X, None)]
        nats = [float(each.get("nats_per_frame", each.get("nats_per_event", 0))) for each in measured]
        return -float(np.average(nats, weights=[each["steps"] for each in measured]))


def file(piece: typing.Any, name: str) -> Data:
    if isinstance(piece, bytes):
        return Data.text(piece, name)
    if (data := data_at(piece)) is None:
        raise Error(f"compose: a piece must be the path or the bytes of a MIDI file, but is of type {type(piece).__name__}")
    return data


def roll(piece: typing.Any) -> list[list[int]]:
    """The keys of each frame."""
    if not isinstance(piece, np.ndarray):
        return [[int(key) for key in frame] for frame in piece]
    if piece.ndim != 2 or piece.shape[1] not in (MIDI_KEYS, 88):
        raise Error(f"compose: a piano roll must be [frames, 128] or [frames, 88], but is {list(piece.shape)}")
    lowest = 0 if piece.shape[1] == MIDI_KEYS else LOWEST_OF_A_PIANO
    return [(np.flatnonzero(frame) + lowest).tolist() for frame in piece]
