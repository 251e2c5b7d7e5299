"""Ctrl-C in `fit` of every estimator: how soon it stops, that its checkpoint is there and that it goes on from it."""

import os
import signal
import threading
import time

import eddy_rnn
import numpy as np
import pytest

pd = pytest.importorskip("pandas")

LONGEST = 2.0  # seconds on a busy machine; 0.2 on one that is not
TIME = np.arange(2000) / 8000
TRIANGLES = pd.DataFrame(
    [(f"c{c}", 2000 + o, lag, (50 + 9 * c) * (1 - 0.5**lag) * (1 + (c * o + lag) % 5 / 50), 100 + 9 * c) for c in range(8) for o in range(8) for lag in range(1, 9)],
    columns=["company", "origin", "development", "paid", "premium"],
)
PRICES = 100 * np.exp(np.random.default_rng(0).standard_t(5, 500).cumsum() / 100)

# Data that are prepared in a moment, and what each estimator needs to be told.
CASES = {
    "classify": (eddy_rnn.Classifier, {}, ["a fine film", "a dull book"] * 60, [5, 1] * 60),
    "compose": (eddy_rnn.Composer, {"grid": "quarter"}, [[[60 + i, 64 + i], [62 + i], [64 + i]] * 5 for i in range(6)], None),
    "direction": (eddy_rnn.Direction, {"members": 1}, PRICES, None),
    "forecast": (eddy_rnn.Forecaster, {"horizon": 7}, [10 + 3 * np.sin(i * 2 * np.pi / 7) for i in range(120)], None),
    "reserve": (eddy_rnn.Reserve, {"members": 1}, TRIANGLES, None),
    "risk": (eddy_rnn.Risk, {"members": 1}, PRICES, None),
    "speak": (eddy_rnn.Voice, {"rate": 8000, "order": 12}, [np.sign(np.sin(750 * np.arange(4000) / 8000 + i)) * 0.3 for i in range(20)], ["ab", "ba"] * 10),
    "tag": (eddy_rnn.Tagger, {}, [["Rosa", "lives", "in", "Lyon"]] * 40, [["B-PER", "O", "O", "B-LOC"]] * 40),
    "text": (eddy_rnn.LanguageModel, {}, "the cat sat on the mat\n" * 100, None),
    "transcribe": (eddy_rnn.Transcriber, {"channels": 8}, [np.sin(2 * np.pi * (300 + 300 * (i % 2)) * TIME + i).astype(np.float32) for i in range(40)], ["oh", "ah"] * 20),
    "translate": (eddy_rnn.Translator, {}, ["abc", "bca"] * 40, ["A B C", "B C A"] * 40),
}


def test_every_task_is_here():
    assert sorted(CASES) == sorted(eddy_rnn.task_names())


@pytest.fixture
def interrupts():
    """Ctrl-C is ignored by jobs in the background of a shell."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("task", CASES)
def test_ctrl_c_stops_within_moments_and_leaves_a_checkpoint_to_go_on_from(task, tmp_path, interrupts, capsys):
    kind, options, X, y = CASES[task]
    estimator = kind(hidden=64, threads=1, steps=10_000_000, patience=0, checkpoint=str(tmp_path / "c"), **options)
    pressed = []

    def press():
        pressed.append(time.monotonic())
        os.kill(os.getpid(), signal.SIGINT)

    def begun(progress):
        if progress.step == 3 and not pressed:
            timer.start()

    timer = threading.Timer(0.2, press)
    with pytest.raises(KeyboardInterrupt):
        estimator.fit(X, y, callbacks=[begun])
    taken = time.monotonic() - pressed[0]
    with capsys.disabled():
        print(f"\n{task}: stopped in {taken:.3f} s")
    assert taken < LONGEST
    assert not hasattr(estimator, "model_")
    assert (tmp_path / "c").stat().st_size > 0

    def resumed(progress):
        assert progress.resumed and progress.step >= 3
        raise StopIteration

    with pytest.raises(StopIteration):
        estimator.set_params(resume=True).fit(X, y, callbacks=[resumed])
