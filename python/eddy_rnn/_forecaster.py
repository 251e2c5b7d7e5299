from __future__ import annotations

import json
import typing

import numpy as np
import numpy.typing as npt

from . import _frames
from ._core import Error, Forecast, ForecasterModel
from ._options import ForecastOptions
from ._series_table import Columns, SeriesTable


class Forecaster(ForecastOptions, SeriesTable, task="forecast"):
    __doc__ = f"""Forecasts what follows in series, one model for all of them.

    X is a long frame with the columns `unique_id`, `ds` and `y`, or those that `series`, `time` and `target` name; a pandas
    Series, whose index of dates is read; an array [steps]; or the path of a table. `fit` and `predict` are given all rows:
    the end of each series is held out to judge by. With `eval_set`, rows that follow those of X, it is these.

    >>> sold = 10 + np.sin(np.arange(120) * 2 * np.pi / 7)
    >>> model = eddy_rnn.Forecaster(horizon=7, hidden=8, steps=60).fit(sold)
    >>> model.predict(sold).shape, model.predict_quantiles(sold).shape, model.quantiles_
    ((7,), (7, 3), [0.1, 0.5, 0.9])
    >>> list(model.floors_)
    ['persistence', 'seasonal naive', 'Naive2', 'past median', 'damped trend']

    {ForecastOptions.__doc__}"""

    _model_class = ForecasterModel
    _usual: typing.ClassVar[dict[str, str]] = {"series": "unique_id", "time": "ds", "target": "y"}
    quantiles_: list[float]

    def _told(self, columns: Columns) -> dict[str, typing.Any]:
        told = super()._told(columns)
        if self.each or self.wide:
            told.pop("target", None)
        return told

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        if self.horizon is None:
            raise Error("forecast: horizon is required: how many rows to forecast")
        return super()._settings(X, y, eval_set)

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
        median = np.concatenate([self._median(each) for each in forecasts])
        if _frames.is_frame(X):
            values = np.concatenate([each.values for each in forecasts])
            columns = {self._columns["target"] or "y": median}
            columns |= {f"q{level:g}": values[:, q] for q, level in enumerate(self.quantiles_)}
            series = [each.series for each in forecasts for _ in each.times]
            return self._after_each(X, self._columns, series, [at for each in forecasts for at in each.times], columns)
        if _frames.is_series(X) and hasattr(X, "index"):
            return type(X)(median, index=self._index(X, forecasts[0].times), name=X.name)
        return median

    def predict_quantiles(self, X: typing.Any = None) -> npt.NDArray[np.float64]:
        """[series * horizon, quantiles], those of `quantiles_`."""
        return np.concatenate([each.values for each in self._forecasts(self._whole(X))])

    def _median(self, forecast: Forecast) -> npt.NDArray[np.float64]:
        return forecast.values[:, int(np.argmin(np.abs(np.array(self.quantiles_) - 0.5)))]

    def _index(self, X: typing.Any, times: list[str]) -> typing.Any:
        if not _frames.is_dated(X):
            return range(len(X), len(X) + len(times))
        return type(X.index)(times, tz=getattr(X.index, "tz", None))

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of the mean absolute scaled error, on the end of each series."""
        return -float(self.evaluate(X)["mase"])

    def _floors(self, evaluation: dict[str, typing.Any]) -> dict[str, dict[str, typing.Any]]:
        names = {
            "persistence": "naive",
            "seasonal naive": "seasonal_naive",
            "Naive2": "naive2",
            "past median": "past_median",
            "damped trend": "damped_trend",
            "zeros": "zeros",
            "Croston": "croston",
        }
        return {name: evaluation[key] for name, key in names.items() if key in evaluation}
