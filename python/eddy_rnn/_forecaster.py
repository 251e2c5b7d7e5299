from __future__ import annotations

import datetime
import json
import typing
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from . import _arrays, _frames
from ._core import Data, Error, Forecast, ForecasterModel
from ._estimator import Callback, Estimator, data_at
from ._options import ForecastOptions

# What the columns of a long frame are called where nothing else is said.
USUAL = {"series": "unique_id", "time": "ds", "target": "y"}


class Forecaster(ForecastOptions, Estimator, task="forecast"):
    __doc__ = f"""Forecasts what follows in series, one model for all of them.

    X is a long frame with the columns `unique_id`, `ds` and `y`, or those that `series`, `time` and `target` name; a pandas
    Series, whose index of dates is read; an array [steps]; or the path of a table. `fit` and `predict` are given all rows:
    the end of each series is held out to judge by. With `eval_set`, rows that follow those of X, it is these.

    >>> sold = 10 + np.sin(np.arange(120) * 2 * np.pi / 7)
    >>> model = eddy_rnn.Forecaster(horizon=7, hidden=8, steps=60).fit(sold)
    >>> model.predict(sold).shape, model.predict_quantiles(sold).shape, model.quantiles_
    ((7,), (7, 3), [0.1, 0.5, 0.9])
    >>> list(model.floors_)
    ['persistence', 'seasonal naive']

    {ForecastOptions.__doc__}"""

    _model_class = ForecasterModel
    quantiles_: list[float]

    def fit(
        self, X: typing.Any, y: typing.Any = None, *, eval_set: typing.Any = None, callbacks: Sequence[Callback] = ()
    ) -> Forecaster:
        if y is not None:
            raise Error("forecast: y must be left out; the values to forecast are a column of X")
        super().fit(X, eval_set=eval_set, callbacks=callbacks)
        self._seen = X if eval_set is None else after(X, eval_set)
        return self

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        return data_at(X) or Data.table(columns_of(X))

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        if self.horizon is None:
            raise Error("forecast: horizon is required: how many rows to forecast")
        if data_at(X) is not None:
            if eval_set is not None:
                raise Error("forecast: eval_set must be left out for a file; holdout or from_ tell what to judge by")
            return {self._file(): self._data(X, None)}
        columns = columns_of(X)
        told: dict[str, typing.Any] = {}
        for option, usual in USUAL.items():
            others = option == "target" and (self.each or self.wide)
            if getattr(self, option) is None and usual in columns and not others:
                told[option] = usual
        if eval_set is not None:
            rows = columns_of(eval_set)
            time = told.get("time", self.time)
            if time is None:
                told["holdout"] = len(next(iter(rows.values())))
            else:
                told["from"] = rows[time][np.argmin(np.asarray(rows[time]))] if isinstance(rows[time][0], float) else min(rows[time])
            columns = columns_of(after(X, eval_set))
        return {self._file(): Data.table(columns)} | told

    def _learned(self) -> None:
        design = json.loads(self.model_.description)["forecast"]
        self.quantiles_ = list(design["quantiles"])
        self._columns = design["columns"]

    def _forecasts(self, X: typing.Any) -> list[Forecast]:
        forecasts: list[Forecast] = self._fitted().of_data(self._data(X, None), threads=self._team())
        return forecasts

    def predict(self, X: typing.Any = None) -> typing.Any:
        """The horizon after the last row of each series of X, or of what was learned from: of a frame a frame with the
        median under the target's name and each quantile, of a pandas Series one, else an array [series * horizon]."""
        X = self._whole(X)
        forecasts = self._forecasts(X)
        if not _frames.is_frame(X):
            median = np.concatenate([self._median(each) for each in forecasts])
            if _frames.is_series(X) and hasattr(X, "index"):
                return type(X)(median, index=self._index(X, forecasts[0].times), name=X.name)
            return median
        frame, nw = _frames.read(X), _frames.narwhals()
        columns: dict[str, typing.Any] = {}
        series, time = self._columns["series"], self._columns["time"]
        if series:
            names = [each.series for each in forecasts for _ in each.times]
            columns[series] = like(names, frame[series].dtype)
        if time:
            columns[time] = like([at for each in forecasts for at in each.times], frame[time].dtype)
        columns[self._columns["target"] or "y"] = np.concatenate([self._median(each) for each in forecasts])
        values = np.concatenate([each.values for each in forecasts])
        columns |= {f"q{level:g}": values[:, q] for q, level in enumerate(self.quantiles_)}
        return nw.from_dict(columns, backend=nw.get_native_namespace(frame)).to_native()

    def predict_quantiles(self, X: typing.Any = None) -> npt.NDArray[np.float64]:
        """[series * horizon, quantiles], those of `quantiles_`."""
        return np.concatenate([each.values for each in self._forecasts(self._whole(X))])

    def _whole(self, X: typing.Any) -> typing.Any:
        self._fitted()
        if X is None and not hasattr(self, "_seen"):
            raise Error("forecast: what to go on from must be given to a model that was loaded")
        return self._seen if X is None else X

    def _median(self, forecast: Forecast) -> npt.NDArray[np.float64]:
        return forecast.values[:, int(np.argmin(np.abs(np.array(self.quantiles_) - 0.5)))]

    def _index(self, X: typing.Any, times: list[str]) -> typing.Any:
        if not has_dates(X):
            return range(len(X), len(X) + len(times))
        return type(X.index)(times, tz=getattr(X.index, "tz", None))

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of the mean absolute scaled error, on the end of each series."""
        return -float(self.evaluate(X)["mase"])

    def _floors(self, evaluation: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]:
        names = {"persistence": "naive", "seasonal naive": "seasonal_naive"}
        return {name: evaluation[key] for name, key in names.items() if key in evaluation}


def has_dates(X: typing.Any) -> bool:
    return hasattr(X, "index") and hasattr(X.index, "tz")


def columns_of(X: typing.Any) -> dict[str, list[float] | list[str]]:
    """A table's columns, of a frame; `y`, and `ds` of a Series with an index of dates."""
    if _frames.is_frame(X):
        return _frames.columns(X)
    values = _arrays.numbers(X)
    if values.ndim != 1:
        raise Error(f"forecast: X must be a frame, a Series or an array [steps], but is of {values.ndim} dimensions")
    dates: dict[str, list[float] | list[str]] = {"ds": [_frames.instant(at) for at in X.index]} if has_dates(X) else {}
    return dates | {"y": values.tolist()}


def after(X: typing.Any, later: typing.Any) -> typing.Any:
    """X and the rows that follow."""
    if _frames.is_frame(X):
        return _frames.narwhals().concat([_frames.read(X), _frames.read(later)]).to_native()
    if has_dates(X):
        return type(X)([*X, *later], index=X.index.append(later.index), name=X.name)
    return np.concatenate([_arrays.numbers(X), _arrays.numbers(later)])


def like(texts: list[str], dtype: typing.Any) -> list[typing.Any]:
    """Texts as values of a column's type."""
    nw = _frames.narwhals()
    if dtype.is_integer():
        return [int(float(text)) for text in texts]
    if dtype.is_numeric():
        return [float(text) for text in texts]
    if dtype == nw.Datetime:
        return [datetime.datetime.fromisoformat(text) for text in texts]
    if dtype == nw.Date:
        return [datetime.date.fromisoformat(text) for text in texts]
    return list(texts)
