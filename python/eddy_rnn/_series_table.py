"""What the estimators have in common that learn from a table of series, one below the other: of a frame, a Series, an array
or a file. They are given all rows; the end of each series is held out to judge by, or with `eval_set`, rows that follow
those of X, it is these."""

from __future__ import annotations

import typing
from collections.abc import Mapping, Sequence

import numpy as np

from . import _frames
from ._core import Data, Error
from ._estimator import Callback, Estimator, data_at

Columns = Mapping[str, Sequence[float] | Sequence[str]]
Self = typing.TypeVar("Self", bound="SeriesTable")


class SeriesTable(Estimator):
    # The columns that options name, and what they are called where nothing else is said.
    _usual: typing.ClassVar[dict[str, str]]
    _seen: typing.Any
    time: typing.Any

    def fit(
        self: Self,
        X: typing.Any,
        y: typing.Any = None,
        *,
        eval_set: typing.Any = None,
        callbacks: Sequence[Callback] = (),
        processes: typing.Any = None,
    ) -> Self:
        if y is not None:
            raise Error(f"{self._task}: y must be left out; it is a column of X")
        super().fit(X, eval_set=eval_set, callbacks=callbacks, processes=processes)
        self._seen = X if eval_set is None else _frames.after(X, eval_set)
        return self

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        return data_at(X) or Data.table(_frames.series(X))

    def _told(self, columns: Columns) -> dict[str, typing.Any]:
        """The options that name columns, of those that are there."""
        return {
            option: usual for option, usual in self._usual.items() if getattr(self, option) is None and usual in columns
        }

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        if data_at(X) is not None:
            if eval_set is not None:
                raise Error(f"{self._task}: eval_set must be left out for a file; holdout or from_ tell what to judge by")
            return {self._file(): self._data(X, None)}
        columns = _frames.series(X)
        told = self._told(columns)
        if eval_set is not None:
            rows = _frames.series(eval_set)
            time = told.get("time", self.time)
            if time is None:
                told["holdout"] = len(next(iter(rows.values())))
            else:
                times = rows[time]
                told["from"] = times[np.argmin(np.asarray(times))] if isinstance(times[0], float) else min(times)
            columns = _frames.series(_frames.after(X, eval_set))
        return {self._file(): Data.table(columns)} | told

    def _whole(self, X: typing.Any) -> typing.Any:
        """X, or what was learned from."""
        self._fitted()
        if X is None and not hasattr(self, "_seen"):
            raise Error(f"{self._task}: what to go on from must be given to a model that was loaded")
        return self._seen if X is None else X

    def _after_each(
        self, X: typing.Any, names: Mapping[str, str], series: list[str], times: list[str], values: Mapping[str, typing.Any]
    ) -> typing.Any:
        """A frame of X's kind: the columns that `names` calls series and time, where there are, and `values`."""
        frame, nw = _frames.read(X), _frames.narwhals()
        columns = {
            names[role]: _frames.as_type(texts, frame[names[role]].dtype)
            for role, texts in (("series", series), ("time", times))
            if names[role]
        }
        return nw.from_dict(columns | dict(values), backend=nw.get_native_namespace(frame)).to_native()
