"""Frames and Series that a Forecaster reads and returns."""

import datetime
import pickle

import eddy_rnn
import numpy as np
import pytest

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

SMALL = dict(horizon=5, hidden=8, steps=20, threads=1)
DAYS = [datetime.datetime(2024, 1, 1) + datetime.timedelta(days=i) for i in range(90)]
SOLD = [10 + 3 * np.sin(i * 2 * np.pi / 7) + i * 0.05 for i in range(90)]


def columns(n=90):
    return {
        "unique_id": ["north"] * n + ["south"] * n,
        "ds": DAYS[:n] * 2,
        "y": SOLD[:n] + [2 * value for value in SOLD[:n]],
    }


@pytest.mark.parametrize("library", [pd, pl])
def test_a_long_frame_goes_in_and_one_of_its_kind_comes_out(library):
    frame = library.DataFrame(columns())
    model = eddy_rnn.Forecaster(**SMALL).fit(frame)
    out = model.predict(frame)
    assert isinstance(out, library.DataFrame)
    assert list(out.columns) == ["unique_id", "ds", "y", "q0.1", "q0.5", "q0.9"]
    assert list(out["unique_id"]) == ["north"] * 5 + ["south"] * 5
    assert list(out["ds"])[:5] == [DAYS[-1] + datetime.timedelta(days=i) for i in range(1, 6)]
    assert np.array_equal(out["y"], out["q0.5"])
    assert np.array_equal(model.predict_quantiles(frame)[:, 1], out["y"])
    assert np.array_equal(model.predict()["y"], out["y"])
    assert np.array_equal(pickle.loads(pickle.dumps(model)).predict()["y"], out["y"])


def test_frames_of_all_libraries_learn_the_same():
    models = [eddy_rnn.Forecaster(**SMALL).fit(library.DataFrame(columns())).model_ for library in (pd, pl)]
    assert models[0].serialize() == models[1].serialize()


def test_columns_of_other_names_are_named():
    frame = pd.DataFrame(columns()).rename(columns={"unique_id": "shop", "ds": "day", "y": "sold"})
    model = eddy_rnn.Forecaster(series="shop", time="day", target="sold", **SMALL).fit(frame)
    assert list(model.predict(frame).columns)[:3] == ["shop", "day", "sold"]
    with pytest.raises(eddy_rnn.Error, match="target"):
        eddy_rnn.Forecaster(**SMALL).fit(frame)


def test_a_series_goes_in_and_one_comes_out():
    series = pd.Series(SOLD, index=pd.DatetimeIndex(DAYS), name="sold")
    out = eddy_rnn.Forecaster(**SMALL).fit(series).predict(series)
    assert isinstance(out, pd.Series) and out.name == "sold"
    assert list(out.index) == [DAYS[-1] + datetime.timedelta(days=i) for i in range(1, 6)]
    plain = eddy_rnn.Forecaster(**SMALL).fit(pd.Series(SOLD))
    assert list(plain.predict().index) == list(range(90, 95))
    assert np.array_equal(plain.predict(), eddy_rnn.Forecaster(**SMALL).fit(SOLD).predict())


@pytest.mark.parametrize("library", [pd, pl])
def test_an_eval_set_is_the_rows_that_follow(library):
    frame = library.DataFrame(columns())
    head = library.DataFrame(columns(83))
    mask = [i % 90 >= 83 for i in range(180)]
    tail = frame[mask] if library is pd else frame.filter(mask)
    whole = eddy_rnn.Forecaster(from_="2024-03-24", **SMALL).fit(frame)
    parts = eddy_rnn.Forecaster(**SMALL).fit(head, eval_set=tail)
    assert parts.evaluation_["mase"] == whole.evaluation_["mase"]
    arrays = eddy_rnn.Forecaster(**SMALL).fit(SOLD[:83], eval_set=SOLD[83:])
    assert arrays.evaluation_["mase"] == eddy_rnn.Forecaster(holdout=7, **SMALL).fit(SOLD).evaluation_["mase"]


def test_what_is_no_series_is_an_error():
    with pytest.raises(eddy_rnn.Error, match="2 dimensions"):
        eddy_rnn.Forecaster(**SMALL).fit(np.zeros((10, 2)))
    with pytest.raises(eddy_rnn.Error, match="y must be left out"):
        eddy_rnn.Forecaster(**SMALL).fit(SOLD, SOLD)
    with pytest.raises(ValueError, match="finite"):
        eddy_rnn.Forecaster(**SMALL).fit([*SOLD, np.inf])
