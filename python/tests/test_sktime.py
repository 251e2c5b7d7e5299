"""sktime's own checks of the adapter for it."""

import numpy as np
import pytest

pytest.importorskip("sktime")
pd = pytest.importorskip("pandas")

import eddy_rnn  # noqa: E402
from eddy_rnn.sktime import SktimeForecaster  # noqa: E402

# By the check's name or its whole name, with the reason.
EXPECTED_FAILURES: dict[str, str] = {}


def test_sktimes_checks_pass():
    from sktime.utils.estimator_checks import check_estimator

    results = check_estimator(SktimeForecaster, raise_exceptions=False)
    failed = {name: why for name, why in results.items() if why != "PASSED"}
    unexpected = {name: why for name, why in failed.items() if name not in EXPECTED_FAILURES and name.split("[")[0] not in EXPECTED_FAILURES}
    print(f"{len(results) - len(failed)} of {len(results)} checks passed")
    assert not unexpected
    assert len(results) > 50


@pytest.mark.parametrize("index", ["range", "dates", "periods"])
def test_it_forecasts_what_the_forecaster_does(index):
    values = 10 + np.sin(np.arange(60) * 2 * np.pi / 7)
    given = {
        "range": pd.RangeIndex(60),
        "dates": pd.date_range("2024-01-01", periods=60, freq="D"),
        "periods": pd.period_range("2024-01", periods=60, freq="M"),
    }
    y = pd.Series(values, index=given[index], name="sold")
    forecaster = SktimeForecaster(eddy_rnn.Forecaster(hidden=8, steps=5, seed=2))
    predicted = forecaster.fit(y, fh=[2, 5]).predict()
    assert predicted.name == "sold" and len(predicted) == 2 and predicted.index[0] == y.index[-1] + 2 * (y.index[-1] - y.index[-2])
    ahead = forecaster.forecaster_.predict(values if index == "range" else y if index == "dates" else y.set_axis(y.index.to_timestamp()))
    assert np.array_equal(predicted, np.asarray(ahead)[[1, 4]]) and forecaster.forecaster_.horizon == 5


def test_an_update_moves_to_the_new_rows_and_learns_nothing():
    y = pd.Series(10 + np.sin(np.arange(60) * 2 * np.pi / 7))
    forecaster = SktimeForecaster(eddy_rnn.Forecaster(hidden=8, steps=5, seed=2)).fit(y[:50], fh=[1, 3])
    weights = forecaster.forecaster_.model_.weights()
    predicted = forecaster.update(y[50:]).predict()
    assert list(predicted.index) == [60, 62]
    assert np.array_equal(predicted, forecaster.forecaster_.predict(y.to_numpy())[[0, 2]])
    assert all((array == weights[name]).all() for name, array in forecaster.forecaster_.model_.weights().items())
