from __future__ import annotations

import json
import typing

import numpy as np
import numpy.typing as npt

from . import _frames
from ._core import RiskForecast, RiskModel
from ._options import RiskOptions
from ._series_table import SeriesTable


class Risk(RiskOptions, SeriesTable, task="risk"):
    __doc__ = f"""Says what may be lost: value at risk, expected shortfall and volatility of prices, one model for all series.

    X is a long frame with the columns `unique_id`, `ds` and `y`, or those that `series`, `time` and `price` name; a pandas
    Series, whose index of dates is read; an array of prices [days]; or the path of a table. `fit` and `predict` are given
    all rows: the end of each series is held out to judge by. Returns are 100 times differences of logarithms of prices,
    about percent, and losses are positive.

    >>> prices = 100 * np.exp(np.random.default_rng(0).standard_t(5, 600).cumsum() / 100)
    >>> model = eddy_rnn.Risk(hidden=8, members=1, steps=20).fit(prices)
    >>> model.levels_, model.predict(prices).shape, model.predict_volatility(prices).shape
    ([0.01, 0.025, 0.05], (1, 3), (1,))
    >>> bool((model.predict_shortfall(prices) > model.predict(prices)).all())
    True

    {RiskOptions.__doc__}"""

    _model_class = RiskModel
    _usual: typing.ClassVar[dict[str, str]] = {"series": "unique_id", "time": "ds", "price": "y"}
    levels_: list[float]

    def _learned(self) -> None:
        design = json.loads(self.model_.description)["risk"]
        self.levels_ = list(design["levels"])
        self._columns = design["columns"]

    def forecasts(self, X: typing.Any = None) -> list[RiskForecast]:
        """All that is said of the horizon after the last row of each series of X, or of what was learned from."""
        forecasts: list[RiskForecast] = self._fitted().of_data(self._data(self._whole(X), None), threads=self._team())
        return forecasts

    def predict(self, X: typing.Any = None) -> typing.Any:
        """Values at risk, [series, levels]; of a frame a frame, a row a series, with the volatility, the value at risk and
        the expected shortfall of each level, as `eddy risk` writes them."""
        X = self._whole(X)
        all = self.forecasts(X)
        if not _frames.is_frame(X):
            return np.array([each.value_at_risk for each in all])
        columns: dict[str, typing.Any] = {"volatility": np.array([each.volatility for each in all])}
        for q, level in enumerate(self.levels_):
            columns[f"var{level:g}"] = np.array([each.value_at_risk[q] for each in all])
            columns[f"es{level:g}"] = np.array([each.expected_shortfall[q] for each in all])
        if self._columns["realised"]:
            columns["realised"] = np.array([each.realised_variance for each in all])
        return self._after_each(X, self._columns, [each.series for each in all], [each.time for each in all], columns)

    def predict_shortfall(self, X: typing.Any = None) -> npt.NDArray[np.float64]:
        """Expected shortfalls, [series, levels]."""
        return np.array([each.expected_shortfall for each in self.forecasts(X)])

    def predict_volatility(self, X: typing.Any = None) -> npt.NDArray[np.float64]:
        """Standard deviations of the return over the horizon, [series]."""
        return np.array([each.volatility for each in self.forecasts(X)])

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of the Fissler-Ziegel loss (FZ0), the mean over the levels, on the end of each series."""
        return -float(self.evaluate(X)["network"]["fz0"])
