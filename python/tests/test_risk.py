"""What a Risk reads and returns."""

import datetime

import eddy_rnn
import numpy as np
import pytest

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

SMALL = dict(hidden=8, steps=20, members=1, threads=1)
DAYS = [datetime.datetime(2022, 1, 1) + datetime.timedelta(days=i) for i in range(400)]
PRICES = 100 * np.exp(np.random.default_rng(1).standard_t(5, 400).cumsum() / 100)


def frame(library):
    columns = {"unique_id": ["a"] * 400 + ["b"] * 400, "ds": DAYS * 2, "y": [*PRICES, *PRICES[::-1]]}
    return library.DataFrame(columns)


@pytest.mark.parametrize("library", [pd, pl])
def test_a_long_frame_goes_in_and_a_row_a_series_comes_out(library):
    prices = frame(library)
    model = eddy_rnn.Risk(levels=[0.01, 0.05], **SMALL).fit(prices)
    out = model.predict()
    assert isinstance(out, library.DataFrame)
    assert list(out.columns) == ["unique_id", "ds", "volatility", "var0.01", "es0.01", "var0.05", "es0.05"]
    assert list(out["unique_id"]) == ["a", "b"]
    assert list(out["ds"]) == [DAYS[-1] + datetime.timedelta(days=1)] * 2
    assert np.array_equal(np.c_[out["var0.01"], out["var0.05"]], [each.value_at_risk for each in model.forecasts()])
    assert np.array_equal(out["es0.05"], model.predict_shortfall(prices)[:, 1])
    assert np.array_equal(out["volatility"], model.predict_volatility(prices))
    assert (np.asarray(out["es0.05"]) > np.asarray(out["var0.05"])).all()


def test_columns_of_other_names_are_named():
    prices = frame(pd).rename(columns={"unique_id": "share", "ds": "day", "y": "close"})
    prices["realised"] = np.random.default_rng(2).uniform(0.5, 2, 800)
    model = eddy_rnn.Risk(series="share", time="day", price="close", realised=["realised"], **SMALL).fit(prices)
    assert list(model.predict(prices).columns)[:3] == ["share", "day", "volatility"]
    assert (model.predict(prices)["realised"] > 0).all()
    with pytest.raises(eddy_rnn.Error, match="price is required"):
        eddy_rnn.Risk(**SMALL).fit(prices)


def test_an_eval_set_is_the_rows_that_follow():
    whole = eddy_rnn.Risk(holdout=80, **SMALL).fit(PRICES)
    parts = eddy_rnn.Risk(**SMALL).fit(PRICES[:320], eval_set=PRICES[320:])
    assert parts.evaluation_["network"] == whole.evaluation_["network"]
    assert parts.predict(PRICES).tolist() == parts.predict().tolist() == whole.predict(PRICES).tolist()


def test_what_is_no_price_is_an_error():
    with pytest.raises(eddy_rnn.Error):
        eddy_rnn.Risk(**SMALL).fit(-PRICES)
    with pytest.raises(eddy_rnn.Error, match="y must be left out"):
        eddy_rnn.Risk(**SMALL).fit(PRICES, PRICES)
    with pytest.raises(eddy_rnn.Error):
        eddy_rnn.Risk(**SMALL).fit(PRICES[:50])
