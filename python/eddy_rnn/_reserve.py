from __future__ import annotations

import json
import typing

import numpy as np
import numpy.typing as npt

from . import _frames
from ._core import Data, Error, ReserveForecast, ReserveModel, reserve_quantiles
from ._estimator import data_at
from ._options import ReserveOptions
from ._series_table import SeriesTable


class Reserve(ReserveOptions, SeriesTable, task="reserve"):
    __doc__ = f"""Says what insurers still have to pay for claims that have happened, one model for all companies and lines.

    X is a long frame, a row for each company, origin and development, with the columns `company`, `origin`, `development`,
    `paid` (so far), `premium`, and where there are `incurred` and `line`, or those that the options of these names name; or
    the path of such a table. What is paid after the valuation is not learned from: it judges. With `eval_set`, rows of X's
    columns that became known later, the valuation is the last period of X.

    >>> import pandas as pd
    >>> rows = [(f"company {{c}}", year, lag, (50 + 9 * c) * (1 - 0.5**lag) * (1 + (c * year + lag) % 5 / 50), 100 + 9 * c)
    ...         for c in range(8) for year in range(2000, 2008) for lag in range(1, 9)]
    >>> triangles = pd.DataFrame(rows, columns=["company", "origin", "development", "paid", "premium"])
    >>> model = eddy_rnn.Reserve(hidden=4, members=1, steps=5).fit(triangles)
    >>> model.predict().columns.tolist()[:5]
    ['company', 'paid', 'ultimate', 'reserve', 'deviation']
    >>> sorted(model.floors_)
    ['Cape Cod', 'chain ladder (Mack)']

    {ReserveOptions.__doc__}"""

    _model_class = ReserveModel
    _usual: typing.ClassVar[dict[str, str]] = {
        name: name for name in ("company", "origin", "development", "paid", "premium", "incurred", "line")
    }
    valuation: int | None

    def _learned(self) -> None:
        self._columns = json.loads(self.model_.description)["reserve"]["columns"]

    def _data(self, X: typing.Any, y: typing.Any) -> Data:
        if (data := data_at(X)) is not None:
            return data
        if not _frames.is_frame(X):
            raise Error("reserve: X must be a frame or the path of a table")
        return _frames.table(X)

    def _settings(self, X: typing.Any, y: typing.Any, eval_set: typing.Any) -> dict[str, typing.Any]:
        if data_at(X) is not None:
            if eval_set is not None:
                raise Error("reserve: eval_set must be left out for a file; valuation tells what to judge by")
            return {self._file(): self._data(X, None)}
        data = self._data(X, None)
        columns = _frames.columns(X)
        told = self._told(columns)
        if eval_set is not None:
            origin, development = (told.get(name, getattr(self, name)) for name in ("origin", "development"))
            if self.valuation is None and origin in columns and development in columns:
                known = np.asarray(columns[origin], float) + np.asarray(columns[development], float) - 1
                told["valuation"] = int(known.max())
            data = self._data(_frames.after(X, eval_set), None)
        return {self._file(): data} | told

    def forecasts(self, X: typing.Any = None, *, valuation: int | None = None) -> list[ReserveForecast]:
        """All that is said of each company and line of X, or of what was learned from, by what was known at `valuation`, by
        default the last origin of which anything is known in its first development."""
        forecasts: list[ReserveForecast] = self._fitted().of_data(
            self._data(self._whole(X), None), valuation=valuation, threads=self._team()
        )
        return forecasts

    def predict(self, X: typing.Any = None, *, valuation: int | None = None) -> typing.Any:
        """Of a frame a frame, a row for each line and company, as `eddy reserve` writes them but for the sums of lines; of a
        path the reserves, [companies]."""
        X = self._whole(X)
        all = self.forecasts(X, valuation=valuation)
        if not _frames.is_frame(X):
            return np.array([each.reserve for each in all])
        frame, nw = _frames.read(X), _frames.narwhals()
        columns: dict[str, typing.Any] = {
            self._columns[role]: _frames.as_type([getattr(each, role) for each in all], frame[self._columns[role]].dtype)
            for role in ("line", "company")
            if self._columns[role]
        }
        for figure in ("paid", "ultimate", "reserve", "deviation"):
            columns[figure] = np.array([getattr(each, figure) for each in all])
        for q, level in enumerate(reserve_quantiles()):
            columns[f"reserve{level:g}"] = np.array([each.quantiles[q] for each in all])
        for figure in ("chain_ladder", "chain_ladder_error"):
            columns[figure] = np.array([getattr(each, figure) for each in all])
        return nw.from_dict(columns, backend=nw.get_native_namespace(frame)).to_native()

    def predict_quantiles(self, X: typing.Any = None, *, valuation: int | None = None) -> npt.NDArray[np.float64]:
        """Quantiles of the reserves at 0.75, 0.95 and 0.995, [companies, 3]."""
        return np.array([each.quantiles for each in self.forecasts(X, valuation=valuation)])

    def score(self, X: typing.Any, y: typing.Any = None) -> float:
        """The negative of the mean absolute error of ultimate losses, as a share of them."""
        return -float(self.evaluate(X)["network"]["mape"])
