"""Cells written in Python: compiled, they are cells like Eddy's own, bit for bit where Eddy has the same one."""

import re

import eddy_rnn
import numpy as np
import pytest

X = np.random.default_rng(1).normal(size=(9, 3, 4)).astype(np.float32)


@pytest.fixture(scope="module", autouse=True)
def own_folder(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setenv("EDDY_CELLS", str(tmp_path_factory.mktemp("cells")))
    yield
    patch.undo()


@pytest.fixture(scope="module")
def my_lstm(own_folder):
    @eddy_rnn.cell(gates="i f g o", state="h c", forget_gate="f", title='of "Python"')
    def my_lstm(x, u, s):
        c = eddy_rnn.sigmoid(x.f + u.f) * s.c + eddy_rnn.sigmoid(x.i + u.i) * np.tanh(x.g + u.g)
        h = eddy_rnn.sigmoid(x.o + u.o) * eddy_rnn.tanh(c)
        return h, c

    return my_lstm


def trained(cell):
    layer = eddy_rnn.Recurrent(cell, 4, 6, seed=3, zoneout=0.1)
    tape = eddy_rnn.Tape(seed=2)
    y, _ = layer(tape.constant(X))
    tape.backward(eddy_rnn.squared_error(y, np.ones((9, 3, 6), np.float32)))
    return [np.array(parameter.grad) for parameter in layer.parameters()]


def test_it_computes_and_trains_the_same_bits_as_the_cell_in_cpp(my_lstm):
    ours, theirs = (eddy_rnn.RecurrentStack(cell, 4, 6, layers=2, seed=3) for cell in ("my_lstm", "lstm"))
    assert (ours(X)[0] == theirs(X)[0]).all()
    for a, b in zip(trained("my_lstm"), trained("lstm"), strict=True):
        assert (a == b).all()


def test_it_streams_and_its_check_holds(my_lstm):
    stack = eddy_rnn.RecurrentStack("my_lstm", 4, 6)
    stream = eddy_rnn.RecurrentStream(stack, rows=3)
    assert (np.stack([stream.step(frame).copy() for frame in X]) == stack(X)[0]).all()
    assert my_lstm.check() < 1e-4
    info = eddy_rnn.cell_info("my_lstm")
    assert info["title"] == 'of "Python"' and info["forget_gate"] == 1 and "my_lstm" in eddy_rnn.cells()
    assert my_lstm.facts["linear"] is False and str(my_lstm) == "my_lstm"


def test_models_of_it_train_save_and_load(my_lstm, tmp_path):
    model = eddy_rnn.LanguageModel(cell="my_lstm", hidden=8, steps=3, seed=1).fit("the cat sat on the mat. " * 50)
    model.save(tmp_path / "m.eddy")
    again = eddy_rnn.load(tmp_path / "m.eddy")
    assert (again.predict_proba(["the c"]) == model.predict_proba(["the c"])).all()


def test_parameters_powers_constants_and_a_linear_cell_are_what_they_say():
    @eddy_rnn.cell(gates="a b", params="q r")
    def odd_cell(x, u, s, p):
        y = (2 - x.a) * 0.5 + p.q * s.h - (-u.b) / 4
        return np.tanh(y) + 1 / (1 + eddy_rnn.exp(x.b)) - y**2 / (3 + eddy_rnn.relu(y)) + eddy_rnn.sqrt(1 + p.r * p.r) - 1.5

    assert odd_cell.check() < 1e-3

    @eddy_rnn.cell(gates="f n")
    def own_scan(x, u, s):
        f = eddy_rnn.sigmoid(x.f)
        return f * s.h + (1 - f) * x.n

    @eddy_rnn.cell(gates="a b", state="h m")
    def plain(x, u, s):
        return x.a, s.h

    assert plain.check() < 1e-3 and eddy_rnn.cell_info("plain")["equations"] == "h' = x.a\nm' = s.h"
    assert own_scan.facts["linear"] and own_scan.facts["products"] == 0 and own_scan.check() < 1e-3


def test_made_again_under_its_name_it_takes_the_place_of_the_other():
    def make(factor):
        @eddy_rnn.cell(gates="a")
        def again(x, u, s):
            return eddy_rnn.tanh(x.a + factor * u.a)

        return eddy_rnn.Recurrent("again", 4, 6, seed=1)

    first, second = make(1.0), make(0.5)
    y = first(X)[0]
    assert (y != second(X)[0]).any() and (y == first(X)[0]).all()
    assert (make(1.0)(X)[0] == y).all()


def test_its_header_is_a_cell_of_cpp(my_lstm, tmp_path):
    my_lstm.save_header(tmp_path / "my_lstm.h")
    text = (tmp_path / "my_lstm.h").read_text()
    assert "struct MyLstm {" in text and "static constexpr State<V> Step(" in text and '.title = "of \\"Python\\""' in text
    with pytest.raises(eddy_rnn.Error, match="my_lstm.h"):
        my_lstm.save_header(tmp_path / "other.h")


def branch(x, u, s):
    return x.a if x.a else u.a


def compare(x, u, s):
    return x.a * (x.a > 0)


def ufunc(x, u, s):
    return np.arctan(x.a)


def where(x, u, s):
    return np.where(x.a, u.a, s.h)


def unknown(x, u, s):
    return x.b


def text(x, u, s):
    return x.a + "1"


def infinite(x, u, s):
    return x.a * float("inf")


def power(x, u, s):
    return x.a**0.5


def constant(x, u, s):
    return 1.0


def two(x, u, s):
    return x.a, u.a


def zero(x, u, s):
    return x.a / 0


@pytest.mark.parametrize(
    ["step", "message"],
    [
        (branch, "branch on a value"), (compare, "compare or index"), (ufunc, "numpy.arctan"), (where, "numpy.where"), (unknown, "'b'"),
        (text, "not with a str"), (infinite, "finite"), (power, "whole number"), (constant, "must return h"), (two, "must return h"),
        (zero, "divide by 0"),
    ],
)  # fmt: skip
def test_what_cannot_be_recorded_is_named(step, message):
    with pytest.raises(eddy_rnn.Error, match=re.escape(message)):
        eddy_rnn.cell(gates="a")(step)


def test_names_are_checked():
    for options, message in [
        (dict(gates=""), "gates must be 1 to 8"), (dict(gates="a a"), "different"), (dict(gates="a-b"), "letters and digits"),
        (dict(gates="if"), "but one is if"), (dict(gates="a", forget_gate="b"), "forget_gate must be one of a"),
        (dict(gates="a", state=" ".join("abcdefghi")), "state must be 1 to 8"),
    ]:  # fmt: skip
        with pytest.raises(eddy_rnn.Error, match=message):
            eddy_rnn.cell(**options)

    def lstm(x, u, s):
        return x.a

    def Camel(x, u, s):  # noqa: N802
        return x.a

    with pytest.raises(eddy_rnn.Error, match="Eddy has a cell of this one"):
        eddy_rnn.cell(gates="a")(lstm)
    with pytest.raises(eddy_rnn.Error, match="called like my_cell"):
        eddy_rnn.cell(gates="a")(Camel)


def test_without_a_compiler_it_says_so(monkeypatch):
    def never_compiled(x, u, s):
        return eddy_rnn.tanh(x.a + 0.125 * u.a)

    make = eddy_rnn.cell(gates="a")
    monkeypatch.setenv("CXX", "/nowhere/c++")
    with pytest.raises(eddy_rnn.Error, match="/nowhere/c.. does not run"):
        make(never_compiled)
    monkeypatch.setenv("CXX", "false")
    with pytest.raises(eddy_rnn.Error, match="false refuses it"):
        make(never_compiled)
    monkeypatch.delenv("CXX")
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(eddy_rnn.Error, match="no C.. compiler"):
        make(never_compiled)
    assert "never_compiled" not in eddy_rnn.cells()
