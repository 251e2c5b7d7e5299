"""What a Voice reads and says."""

import eddy_rnn
import numpy as np
import pytest

SMALL = dict(rate=8000, order=12, hidden=8, layers=1, text_hidden=4, embedding=4, steps=20, threads=1)
SOUNDS = [np.sign(np.sin(2 * np.pi * 120 * np.arange(4000) / 8000 + i)) * [0.2, 0.5][i % 2] for i in range(20)]
SAID = ["ab", "ba"] * 10


@pytest.fixture(scope="module")
def voice():
    return eddy_rnn.Voice(**SMALL).fit(SOUNDS, SAID)


def test_sentences_are_spoken_as_fast_and_as_high_as_asked_for(voice):
    speech = voice.speak("abba")
    assert speech.rate == voice.model_.rate == 8000 and speech.samples.dtype == np.float32
    assert np.isfinite(speech.samples).all() and np.abs(speech.samples).max() <= 1
    assert [symbol for symbol, _ in speech.symbols][1:-1] == list("abba") and {"a", "b"} <= set(voice.symbols_)
    assert np.array_equal(voice.predict(["abba"])[0], speech.samples)
    fast = voice.speak("abba", speed=2)
    assert 0.4 < len(fast.samples) / len(speech.samples) < 0.6
    assert not np.array_equal(voice.speak("abba", pitch=2).samples, speech.samples)


def test_durations_may_be_given(voice):
    speech = voice.speak("ab")
    assert np.array_equal(voice.speak("ab", durations=speech.symbols).samples, speech.samples)
    longer = [(symbol, 2 * seconds) for symbol, seconds in speech.symbols]
    assert len(voice.speak("ab", durations=longer).samples) == 2 * len(speech.samples)
    with pytest.raises(eddy_rnn.Error):
        voice.speak("ba", durations=speech.symbols)


def test_what_it_has_never_heard_is_an_error(voice):
    for wrong in ("", "xyz"):
        with pytest.raises(eddy_rnn.Error):
            voice.speak(wrong)
    with pytest.raises(eddy_rnn.Error, match="speed"):
        voice.speak("ab", speed=9)
    with pytest.raises(eddy_rnn.Error, match="vocoder"):
        voice.speak("ab", vocoder="none")
    assert np.array_equal(voice.speak("ab", vocoder="auto").samples, voice.speak("ab").samples)
    with pytest.raises(eddy_rnn.Error, match="y must be"):
        eddy_rnn.Voice(**SMALL).fit(SOUNDS)
    with pytest.raises(eddy_rnn.Error, match="same length"):
        eddy_rnn.Voice(**SMALL).fit(SOUNDS, SAID[1:])
