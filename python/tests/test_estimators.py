"""What holds for the estimators of all tasks."""

import copy
import inspect
import json
import os
import pickle
import signal
import subprocess
import threading
import time

import eddy_rnn
import numpy as np
import pytest

PROGRAM = os.environ.get("EDDY_PROGRAM", "")

TEXTS = [f"a {'fine' if i % 2 == 0 else 'dull'} {'film' if i % 3 else 'book, it was'} number {i % 7}" for i in range(120)]
STARS = [5 if i % 2 == 0 else 1 for i in range(120)]
TOKENS = [["Rosa" if i % 2 else "Karl", "lives", "in", "Lyon" if i % 3 else "Bonn", "."] for i in range(40)]
TAGS = [["B-PER", "O", "O", "B-LOC", "O"]] * 40
SOURCES = [f"{'abcdefg'[i % 7]}{'abcde'[i % 5]}" for i in range(80)]
TARGETS = [f"{'ABCDEFG'[i % 7]} {'ABCDE'[i % 5]}" for i in range(80)]
VERSES = "the cat sat on the mat\na dog ran to the log\n" * 100
SOLD = [10 + 3 * np.sin(i * 2 * np.pi / 7) + i * 0.05 for i in range(120)]

TIME = np.arange(2000) / 8000
SOUNDS = [np.sin(2 * np.pi * (300 + 300 * (i % 2)) * TIME + i).astype(np.float32) for i in range(40)]
SAID = [["oh", "ah"][i % 2] for i in range(40)]
ROLLS = [[[60 + i, 64 + i], [62 + i, 65 + i], [64 + i, 67 + i], [60 + i]] * 4 for i in range(6)]
CLAIMS = [
    (f"c{c}", year, lag, (50 + 9 * c) * (1 - 0.5**lag) * (1 + (c * year + lag) % 5 / 50), 100 + 9 * c)
    for c in range(8)
    for year in range(2000, 2008)
    for lag in range(1, 9)
]
BUZZ = [np.sign(np.sin(2 * np.pi * 120 * np.arange(4000) / 8000 + i)) * [0.2, 0.5][i % 2] for i in range(20)]
PRICES = 100 * np.exp(np.random.default_rng(0).standard_t(5, 500).cumsum() / 100)

pd = pytest.importorskip("pandas")
TRIANGLES = pd.DataFrame(CLAIMS, columns=["company", "origin", "development", "paid", "premium"])

SMALL = dict(hidden=8, steps=20, threads=1)
CASES = {
    "classify": (eddy_rnn.Classifier(**SMALL), TEXTS, STARS),
    "compose": (eddy_rnn.Composer(grid="quarter", transpose=0, patience=0, **SMALL), ROLLS, None),
    "direction": (eddy_rnn.Direction(members=1, **SMALL), PRICES, None),
    "forecast": (eddy_rnn.Forecaster(horizon=7, **SMALL), SOLD, None),
    "reserve": (eddy_rnn.Reserve(members=1, **SMALL), TRIANGLES, None),
    "risk": (eddy_rnn.Risk(members=1, **SMALL), PRICES, None),
    "speak": (eddy_rnn.Voice(rate=8000, order=12, text_hidden=4, embedding=4, **SMALL), BUZZ, ["ab", "ba"] * 10),
    "tag": (eddy_rnn.Tagger(**SMALL), TOKENS, TAGS),
    "text": (eddy_rnn.LanguageModel(**SMALL), VERSES, None),
    "transcribe": (eddy_rnn.Transcriber(channels=8, **SMALL), SOUNDS, SAID),
    "translate": (eddy_rnn.Translator(**SMALL), SOURCES, TARGETS),
}


def fresh(task):
    estimator, X, y = CASES[task]
    return type(estimator)(**estimator.get_params()), X, y


@pytest.fixture(scope="module")
def fitted():
    made = {}

    def get(task):
        if task not in made:
            estimator, X, y = fresh(task)
            made[task] = estimator.fit(X, y)
        return made[task], *CASES[task][1:]

    return get


def answer(estimator, X):
    if isinstance(estimator, eddy_rnn.Composer):
        return [estimator.compose(bars=2, seed=3)]
    if isinstance(estimator, eddy_rnn.Voice):
        return [samples.tolist() for samples in estimator.predict(["abba", "b"])]
    X = ["the c", "a d"] if isinstance(estimator, eddy_rnn.LanguageModel) else X
    return np.asarray(estimator.predict(X)).tolist()


def test_every_option_of_a_task_is_a_keyword():
    assert sorted(CASES) == sorted(eddy_rnn.task_names())
    for task, (estimator, _, _) in CASES.items():
        options = [option for option in eddy_rnn.describe_task(task)["options"] if option["kind"] != "file"]
        for option in options:
            parameter = inspect.signature(type(estimator)).parameters[option["name"].replace("-", "_").replace("from", "from_")]
            assert parameter.kind is inspect.Parameter.KEYWORD_ONLY
            assert option["help"].split()[0] in type(estimator).__doc__
        assert len(estimator.get_params()) == len(options) + 3


@pytest.mark.parametrize("task", CASES)
def test_a_model_is_the_programs_byte_for_byte(task, tmp_path):
    if not PROGRAM:
        pytest.skip("EDDY_PROGRAM names no program")
    estimator, X, y = fresh(task)
    settings = estimator._settings(X, y, None)
    given = settings.pop(estimator._file())
    (data,) = given if isinstance(given, list) else [given]
    (tmp_path / data.name).write_text(data.contents)
    command = [PROGRAM, "train", task, data.name, "-o", "m.eddy", "--quiet"]
    for name, value in (estimator._given() | settings).items():
        if name != "threads":
            command += [f"--{name.replace('_', '-')}", ",".join(value) if isinstance(value, list) else str(value)]
    subprocess.run(command, cwd=tmp_path, check=True)
    estimator.fit(X, y).save(tmp_path / "ours.eddy")
    assert (tmp_path / "ours.eddy").read_bytes() == (tmp_path / "m.eddy").read_bytes()
    loaded = eddy_rnn.load(tmp_path / "m.eddy")
    assert type(loaded) is type(estimator)
    assert list(map(str, answer(loaded, X))) == list(map(str, answer(estimator, X)))


@pytest.mark.parametrize("task", CASES)
def test_a_fitted_estimator_has_what_it_learned(task, fitted):
    estimator, X, y = fitted(task)
    assert estimator.n_iter_ == 20
    assert len(estimator.history_["training"]["step"]) == len(estimator.history_["training"]["loss"]) > 0
    assert all(step <= 20 for step in estimator.history_["validation"]["step"])
    assert estimator.floors_ and all(isinstance(figures, dict) for figures in estimator.floors_.values())
    assert np.isfinite(estimator.score(X, y))
    assert estimator.evaluate(X, y).keys() == estimator.evaluation_.keys()
    html = estimator._repr_html_()
    assert html.startswith("<iframe srcdoc=") and "&lt;html" in html
    assert "<html" in estimator.report()


@pytest.mark.parametrize("task", CASES)
def test_copies_and_pickles_and_files_answer_alike(task, fitted, tmp_path):
    estimator, X, y = fitted(task)
    expected = answer(estimator, X)
    estimator.save(tmp_path / "m.eddy")
    for copied in (pickle.loads(pickle.dumps(estimator)), copy.deepcopy(estimator)):
        assert answer(copied, X) == expected
        assert copied.report() == estimator.report()
        assert copied.get_params() == estimator.get_params()
    loaded = type(estimator).load(tmp_path / "m.eddy")
    assert list(map(str, answer(loaded, X))) == list(map(str, expected))
    assert "not fitted" not in loaded._repr_html_()


@pytest.mark.parametrize("task", CASES)
def test_any_number_of_threads_learns_the_same(task, fitted):
    estimator, X, y = fresh(task)
    assert estimator.set_params(threads=3).fit(X, y).model_.serialize() == fitted(task)[0].model_.serialize()


@pytest.mark.parametrize("task", [task for task in CASES if task not in ("direction", "forecast", "reserve", "risk")])
def test_an_eval_set_is_what_the_program_reads_from_a_file(task, tmp_path):
    estimator, X, y = fresh(task)
    pair = (X[:20], y[:20]) if y is not None else X[:600]
    held_out = estimator._data(*pair) if y is not None else estimator._data(pair, None)
    if isinstance(held_out, list):
        (held_out,) = held_out
    (tmp_path / held_out.name).write_text(held_out.contents)
    given = estimator.fit(X, y, eval_set=pair).model_
    path = type(estimator)(**estimator.get_params() | {"valid": str(tmp_path / held_out.name)})
    assert weights_equal(given, path.fit(X, y).model_)


def weights_equal(a, b):
    return all((x == y).all() for x, y in zip(a.weights().values(), b.weights().values(), strict=True))


def test_parameters_are_got_set_and_shown():
    estimator = eddy_rnn.Classifier(hidden=8, cell="gru")
    assert estimator.get_params()["cell"] == "gru" and estimator.get_params()["seed"] == 1
    assert repr(estimator) == "Classifier(cell='gru', hidden=8)"
    assert estimator.set_params(hidden=16) is estimator and estimator.hidden == 16
    with pytest.raises(eddy_rnn.Error, match="there is no parameter hiden"):
        estimator.set_params(hiden=16)
    with pytest.raises(TypeError):
        eddy_rnn.Classifier(hiden=16)
    with pytest.raises(TypeError):
        eddy_rnn.Classifier("text")
    assert "not fitted" not in estimator._repr_html_()


def test_what_cannot_be_meant_is_an_error_in_the_names_of_python():
    with pytest.raises(eddy_rnn.Error, match="learning_rate"):
        eddy_rnn.Classifier(learning_rate=-1).fit(TEXTS, STARS)
    with pytest.raises(eddy_rnn.Error, match="steps excludes minutes"):
        eddy_rnn.Classifier(steps=1, minutes=1).fit(TEXTS, STARS)
    with pytest.raises(eddy_rnn.Error, match="horizon is required"):
        eddy_rnn.Forecaster().fit(SOLD)
    with pytest.raises(ValueError, match="same length"):
        eddy_rnn.Classifier().fit(TEXTS, STARS[:-1])
    with pytest.raises(eddy_rnn.Error, match="missing.csv"):
        eddy_rnn.Classifier(text="a", label="b").fit("missing.csv")
    with pytest.raises(eddy_rnn.Error, match="pathlib.Path"):
        eddy_rnn.LanguageModel().fit(__file__)
    with pytest.raises(ValueError, match="not fitted"):
        eddy_rnn.Tagger().predict(TOKENS)
    with pytest.raises(eddy_rnn.Error, match="a text where a sequence"):
        eddy_rnn.Tagger().fit(TEXTS, TAGS)


def test_a_model_of_another_task_is_refused(fitted, tmp_path):
    fitted("tag")[0].save(tmp_path / "tags.eddy")
    with pytest.raises(eddy_rnn.Error):
        eddy_rnn.Classifier.load(tmp_path / "tags.eddy")
    assert isinstance(eddy_rnn.load(tmp_path / "tags.eddy"), eddy_rnn.Tagger)


def test_callbacks_are_told_each_step_in_order():
    told = []
    estimator, X, y = fresh("classify")
    estimator.fit(X, y, callbacks=[lambda progress: told.append((progress.step, progress.total, progress.loss))])
    assert [step for step, _, _ in told] == list(range(21))
    assert {total for _, total, _ in told} == {20}
    assert np.isfinite(told[-1][2])


def test_what_a_callback_raises_ends_the_training():
    def fail(progress):
        if progress.step == 3:
            raise KeyError("enough")

    estimator, X, y = fresh("classify")
    with pytest.raises(KeyError, match="enough"):
        estimator.set_params(steps=100_000).fit(X, y, callbacks=[fail])
    assert not hasattr(estimator, "model_")


@pytest.fixture
def interrupts():
    """Ctrl-C is ignored by jobs in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_interrupted_training_leaves_a_checkpoint_from_which_it_goes_on(tmp_path, interrupts):
    estimator, X, y = fresh("classify")
    whole = estimator.set_params(steps=200).fit(X, y).model_.serialize()
    begun = time.monotonic()
    endless = {"steps": 1_000_000, "patience": 0, "checkpoint": str(tmp_path / "c"), "checkpoint_seconds": 0}
    estimator = eddy_rnn.Classifier(hidden=8, threads=1, **endless)
    timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(X, y)
    assert time.monotonic() - begun < 30
    assert (tmp_path / "c").exists()
    estimator.set_params(resume=True, steps=1_000_000)

    def end(progress):
        assert progress.resumed
        raise StopIteration

    with pytest.raises(StopIteration):
        estimator.fit(X, y, callbacks=[end])
    interrupted = eddy_rnn.Classifier(hidden=8, steps=200, threads=1, checkpoint=str(tmp_path / "d"))

    def interrupt(progress):
        if progress.step == 50:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted.fit(X, y, callbacks=[interrupt])
    assert interrupted.set_params(resume=True).fit(X, y).model_.serialize() == whole


def test_an_interrupt_while_data_are_prepared_leaves_nothing(tmp_path):
    random = np.random.default_rng(0)
    tokens = [[f"w{word}" for word in random.integers(3000, size=25)] for _ in range(4000)]
    tagger = eddy_rnn.Tagger(**SMALL)
    settings = tagger._texts(tagger._settings(tokens, [[token[-1] for token in each] for each in tokens], None))

    def interrupt(line):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        eddy_rnn._core.train("tag", settings, checkpoint=str(tmp_path / "c"), on_line=interrupt)
    assert not (tmp_path / "c").exists()


def test_a_bar_is_shown_where_it_is_asked_for_and_not_without_a_terminal(capfd):
    estimator, X, y = fresh("classify")
    estimator.fit(X, y)
    assert capfd.readouterr() == ("", "")
    estimator.set_params(progress=True).fit(X, y)
    out, err = capfd.readouterr()
    assert out == "" and "classify 100% |########################| 20/20" in err and "held out" in err


def test_many_threads_share_an_estimator(fitted):
    estimator, X, _ = fitted("classify")
    expected = estimator.predict_proba(X)
    results = [None] * 4

    def ask(i):
        results[i] = estimator.predict_proba(X)

    threads = [threading.Thread(target=ask, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all((result == expected).all() for result in results)


def test_series_are_learned_from_arrays_of_every_form(random):
    ups = random.normal(size=(60, 12)).cumsum(axis=1)
    y = np.where(ups[:, -1] > ups[:, 0], "up", "down")
    flat = eddy_rnn.Classifier(**SMALL).fit(ups, y)
    columned = eddy_rnn.Classifier(**SMALL).fit(ups[:, :, None], y)
    listed = eddy_rnn.Classifier(**SMALL).fit(list(ups), y)
    assert flat.classes_.tolist() == ["down", "up"]
    assert flat.model_.serialize() == columned.model_.serialize() == listed.model_.serialize()
    assert (flat.predict_proba(ups) == columned.predict_proba(list(ups[:, :, None]))).all()
    assert np.allclose(flat.predict_proba(ups).sum(axis=1), 1)
    ragged = [np.c_[row[: 6 + i % 6], -row[: 6 + i % 6]] for i, row in enumerate(ups)]
    ragged[3][2, 0] = np.nan
    model = eddy_rnn.Classifier(**SMALL).fit(ragged, y)
    assert model.predict_proba(ragged).shape == (60, 2)
    with pytest.raises(eddy_rnn.Error, match="whole steps of 2"):
        model.predict([np.zeros((5, 3))])
    with pytest.raises(eddy_rnn.Error, match="same columns"):
        model.fit([np.zeros((5, 2)), np.zeros((4, 3))], ["a", "b"])


def test_a_text_is_gone_on_with(fitted):
    model = fitted("text")[0]
    text = model.generate("the c", length=10, temperature=0)
    assert text.startswith("the c") and len(text) == 15
    assert model.predict(["the c"])[0] == text[5]
    assert np.allclose(model.predict_proba(["the c", "a"]).sum(axis=1), 1)
    assert model.predict_proba(["a"]).shape == (1, len(model.vocabulary_))
    assert json.loads(model.model_.description)["text"]


def test_files_are_read_as_the_program_reads_them(tmp_path):
    (tmp_path / "r.csv").write_text("review,stars\n" + "".join(f"{x},{y}\n" for x, y in zip(TEXTS, STARS) if "," not in x))
    model = eddy_rnn.Classifier(text="review", label="stars", **SMALL).fit(tmp_path / "r.csv")
    assert model.classes_.tolist() == ["1", "5"]
    assert model.predict_proba(str(tmp_path / "r.csv")).shape[1] == 2
    assert 0 <= model.score(tmp_path / "r.csv") <= 1
    (tmp_path / "v.txt").write_text(VERSES)
    text = eddy_rnn.LanguageModel(**SMALL).fit(tmp_path / "v.txt")
    again = eddy_rnn.LanguageModel(**SMALL).fit(eddy_rnn.Data.text(VERSES, str(tmp_path / "v.txt")))
    assert weights_equal(text.model_, again.model_)
