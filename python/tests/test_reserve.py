"""What a Reserve reads and returns."""

import eddy_rnn
import numpy as np
import pytest

pd = pytest.importorskip("pandas")
pl = pytest.importorskip("polars")

SMALL = dict(hidden=4, steps=10, members=1, threads=1)
ROWS = [
    (f"c{c}", "auto" if c % 2 else "home", year, lag, (50 + 9 * c) * (1 - 0.5**lag) * (1 + (c * year + lag) % 5 / 50), 100 + 9 * c)
    for c in range(8)
    for year in range(2000, 2008)
    for lag in range(1, 9)
]
NAMES = ["company", "line", "origin", "development", "paid", "premium"]
FULL = pd.DataFrame(ROWS, columns=NAMES)
KNOWN = FULL[FULL.origin + FULL.development - 1 <= 2007]


@pytest.mark.parametrize("library", [pd, pl])
def test_a_long_frame_goes_in_and_a_row_a_company_comes_out(library):
    full = FULL if library is pd else pl.DataFrame(ROWS, schema=NAMES, orient="row")
    model = eddy_rnn.Reserve(**SMALL).fit(full)
    out = model.predict()
    assert isinstance(out, library.DataFrame)
    assert list(out.columns) == [
        "line", "company", "paid", "ultimate", "reserve", "deviation", "reserve0.75", "reserve0.95", "reserve0.995",
        "chain_ladder", "chain_ladder_error",
    ]  # fmt: skip
    assert sorted(out["company"]) == [f"c{c}" for c in range(8)] and set(out["line"]) == {"auto", "home"}
    assert np.allclose(out["ultimate"], np.asarray(out["paid"]) + np.asarray(out["reserve"]))
    assert np.array_equal(out["reserve0.95"], model.predict_quantiles(full)[:, 1])
    assert (np.diff(model.predict_quantiles(), axis=1) >= 0).all()
    assert model.score(full) == -model.evaluation_["network"]["mape"]
    earlier = model.forecasts(full, valuation=2005)
    assert sum(each.reserve for each in earlier) != sum(each.reserve for each in model.forecasts(full))


def test_what_is_paid_later_is_not_learned_from_and_judges_as_an_eval_set(tmp_path):
    later = FULL.drop(KNOWN.index)
    parts = eddy_rnn.Reserve(**SMALL).fit(KNOWN, eval_set=later)
    known = eddy_rnn.Reserve(**SMALL).fit(KNOWN)
    assert parts.evaluation_["judged_companies"] == 8 and known.evaluation_["judged_companies"] == 0
    assert (parts.predict(FULL)["reserve"] == known.predict(KNOWN)["reserve"]).all()
    FULL.to_csv(tmp_path / "full.csv", index=False)
    columns = {name: name for name in NAMES}
    of_file = eddy_rnn.Reserve(**columns, **SMALL).fit(tmp_path / "full.csv")
    assert np.allclose(of_file.predict(), parts.predict()["reserve"])


def test_columns_of_other_names_are_named():
    renamed = FULL.rename(columns={"company": "group", "paid": "sum"})
    model = eddy_rnn.Reserve(company="group", paid="sum", **SMALL).fit(renamed)
    assert list(model.predict(renamed).columns)[:2] == ["line", "group"]
    with pytest.raises(eddy_rnn.Error, match="company is required"):
        eddy_rnn.Reserve(**SMALL).fit(renamed)


def test_what_is_no_triangle_is_an_error():
    for wrong in ([1.0, 2.0], FULL.assign(premium=0.0), FULL.assign(development=0), FULL[FULL.origin == 2000]):
        with pytest.raises(eddy_rnn.Error):
            eddy_rnn.Reserve(**SMALL).fit(wrong)
    with pytest.raises(eddy_rnn.Error, match="eval_set must be left out"):
        eddy_rnn.Reserve(**SMALL).fit("full.csv", eval_set=FULL)
