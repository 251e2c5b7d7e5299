"""Eddy's forecaster in sktime: its pipelines, splitters and comparisons.

    from eddy_rnn.sktime import SktimeForecaster
    forecaster = SktimeForecaster(eddy_rnn.Forecaster(hidden=32))
    forecaster.fit(y, fh=[1, 2, 3])
    forecaster.predict()

Needs the package sktime. One series, without columns beside it; the steps to forecast are said in `fit`, and lie after its end.
"""

from __future__ import annotations

import typing

import numpy as np
import pandas as pd  # type: ignore[import-untyped,unused-ignore]
from sktime.forecasting.base import BaseForecaster  # type: ignore[import-untyped,unused-ignore]

from ._forecaster import Forecaster


class SktimeForecaster(BaseForecaster):  # type: ignore[misc,unused-ignore]
    """Forecasts the median of what follows in a series.

    forecaster: an `eddy_rnn.Forecaster` with the options that it is to have, but for its horizon, which the last of the steps asked
    for is; with its defaults, where none is given. After `fit`, `forecaster_` is one that has learned: its quantiles, its
    evaluation beside naive methods and its report are there.

    >>> import eddy_rnn, numpy as np, pandas as pd
    >>> from eddy_rnn.sktime import SktimeForecaster
    >>> sold = pd.Series(10 + np.sin(np.arange(60) * 2 * np.pi / 7))
    >>> forecaster = SktimeForecaster(eddy_rnn.Forecaster(hidden=8, steps=20))
    >>> forecaster.fit(sold, fh=[1, 7]).predict().index.tolist()
    [60, 66]
    """

    _tags: typing.ClassVar[dict[str, typing.Any]] = {
        "authors": "eddy-rnn",
        "capability:multivariate": False,
        "capability:exogenous": False,
        "capability:insample": False,
        "capability:pred_int": False,
        "capability:pred_int:insample": False,
        "capability:missing_values": False,
        "capability:update": True,
        "requires-fh-in-fit": True,
        "y_inner_mtype": "pd.Series",
    }

    def __init__(self, forecaster: Forecaster | None = None) -> None:
        self.forecaster = forecaster
        super().__init__()

    def _fit(self, y: typing.Any, X: typing.Any, fh: typing.Any) -> SktimeForecaster:
        options = {} if self.forecaster is None else self.forecaster.get_params()
        steps = np.asarray(fh.to_relative(self.cutoff))
        options["horizon"] = int(steps.max())
        self.forecaster_ = type(self.forecaster or Forecaster())(**options)
        self.forecaster_.fit(known(y))
        self._series = y
        return self

    def _update(self, y: typing.Any, X: typing.Any = None, update_params: bool = True) -> SktimeForecaster:
        """What has been learned stays; forecasts go on from the new rows."""
        self._series = y.combine_first(self._series)
        return self

    def _predict(self, fh: typing.Any, X: typing.Any) -> typing.Any:
        ahead = self.forecaster_.predict(known(self._series))
        steps = np.asarray(fh.to_relative(self.cutoff), int)
        return pd.Series(np.asarray(ahead)[steps - 1], index=fh.to_absolute_index(self.cutoff), name=self._series.name)

    @classmethod
    def get_test_params(cls, parameter_set: str = "default") -> list[dict[str, typing.Any]]:
        """Small ones, for sktime's own checks."""
        return [{"forecaster": Forecaster(hidden=4, steps=5, seed=1)}, {"forecaster": Forecaster(cell="gru", hidden=8, steps=3, seed=1)}]


def known(y: typing.Any) -> typing.Any:
    """A series as Eddy reads it: with its dates, where its index has them."""
    series = y if isinstance(y, pd.Series) else y.iloc[:, 0]
    if isinstance(series.index, pd.PeriodIndex):
        series = series.set_axis(series.index.to_timestamp())
    return series if isinstance(series.index, pd.DatetimeIndex) else series.to_numpy(np.float64)
