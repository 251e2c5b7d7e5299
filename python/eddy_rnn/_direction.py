from __future__ import annotations

import json
import typing

import numpy as np

from . import _frames
from ._core import DirectionForecast, DirectionModel
from ._options import DirectionOptions
from ._series_table import SeriesTable


class Direction(DirectionOptions, SeriesTable, task="direction"):
    __doc__ = f"""Says how likely prices are to rise, judged day by day on what came after, beside floors and costs.

    X is a long frame with the columns `unique_id`, `ds` and `y`, or those that `series`, `time` and `price` name; a pandas
    Series, whose index of dates is read; an array of prices [days]; or the path of a table. `fit` and `predict` are given
    all rows: the last days are held out to judge by.

    >>> prices = 100 * np.exp(np.random.default_rng(0).normal(0, 0.01, 600).cumsum())
    >>> model = eddy_rnn.Direction(hidden=4, members=1, steps=20).fit(prices)
    >>> up = model.predict(prices)
    >>> up.shape, bool(0 < up[0] < 1), sorted(model.floors_)
    ((1,), True, ['logistic regression', 'majority class'])

    {DirectionOptions.__doc__}"""

    _model_class = DirectionModel
    _usual: typing.ClassVar[dict[str, str]] = {"series": "unique_id", "time": "ds", "price": "y"}

    def _learned(self) -> None:
        self._columns = json.loads(self.model_.description)["direction"]["columns"]

    def forecasts(self, X: typing.Any = None) -> list[DirectionForecast]:
        """What follows the last row of each series of X, or of what was learned from."""
        forecasts: list[DirectionForecast] = self._fitted().of_data(
            self._data(self._whole(X), None), threads=self._team()
        )
        return forecasts

    def predict(self, X: typing.Any = None) -> typing.Any:
        """Probabilities of up against down, [series]; of a frame a frame, a row a series, as `eddy direction` writes it."""
        X = self._whole(X)
        all = self.forecasts(X)
        up = np.array([each.up for each in all])
        if not _frames.is_frame(X):
            return up
        return self._after_each(X, self._columns, [each.series for each in all], [each.time for each in all], {"up": up})

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The share of the judged days whose direction was said right."""
        return float(self.evaluate(X)["network"]["accuracy"])
