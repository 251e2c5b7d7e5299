"""What a Direction reads and returns."""

import datetime

import eddy_rnn
import numpy as np
import pytest

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

SMALL = dict(hidden=4, steps=20, members=1, threads=1)
DAYS = [datetime.datetime(2022, 1, 1) + datetime.timedelta(days=i) for i in range(400)]
PRICES = 100 * np.exp(np.random.default_rng(1).normal(0, 0.01, 400).cumsum())


@pytest.mark.parametrize("library", [pd, pl])
def test_a_long_frame_goes_in_and_a_row_a_series_comes_out(library):
    prices = library.DataFrame({"unique_id": ["a"] * 400 + ["b"] * 400, "ds": DAYS * 2, "y": [*PRICES, *PRICES[::-1]]})
    model = eddy_rnn.Direction(**SMALL).fit(prices)
    out = model.predict()
    assert isinstance(out, library.DataFrame) and list(out.columns) == ["unique_id", "ds", "up"]
    assert list(out["unique_id"]) == ["a", "b"]
    assert list(out["ds"]) == [DAYS[-1] + datetime.timedelta(days=1)] * 2
    assert list(out["up"]) == [each.up for each in model.forecasts(prices)] and 0 < out["up"][0] < 1
    assert 0 <= model.score(prices) <= 1 and model.evaluate(prices)["network"] == model.evaluation_["network"]


def test_an_eval_set_is_the_rows_that_follow():
    whole = eddy_rnn.Direction(holdout=80, **SMALL).fit(PRICES)
    parts = eddy_rnn.Direction(**SMALL).fit(PRICES[:320], eval_set=PRICES[320:])
    assert parts.evaluation_["network"] == whole.evaluation_["network"]
    assert parts.predict(PRICES).tolist() == parts.predict().tolist() == whole.predict(PRICES).tolist()


def test_what_is_no_price_is_an_error():
    for wrong in (-PRICES, PRICES[:20], np.full(400, np.nan)):
        with pytest.raises(eddy_rnn.Error):
            eddy_rnn.Direction(**SMALL).fit(wrong)
    with pytest.raises(eddy_rnn.Error, match="y must be left out"):
        eddy_rnn.Direction(**SMALL).fit(PRICES, PRICES)
