"""What a Transcriber reads and says."""

import io
import wave

import eddy_rnn
import numpy as np
import pytest

TIME = np.arange(2400) / 8000
SOUNDS = [0.5 * np.sin(2 * np.pi * (300 + 300 * (i % 2)) * TIME + i) for i in range(40)]
SAID = [["oh", "ah"][i % 2] for i in range(40)]
SMALL = dict(rate=8000, hidden=16, layers=1, channels=16, speeds=[1], noise=0, dropout=0, learning_rate=0.01, threads=1)


def pcm(sound):
    return np.round(sound * 32767).astype(np.int16)


def wav(sound, rate=8000):
    file = io.BytesIO()
    with wave.open(file, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(rate)
        out.writeframes(pcm(sound).tobytes())
    return file.getvalue()


@pytest.fixture(scope="module")
def model():
    return eddy_rnn.Transcriber(causal=True, steps=400, **SMALL).fit(SOUNDS, SAID)


def test_words_are_written_down_with_their_times(model):
    assert model.predict(SOUNDS[:4]) == SAID[:4]
    assert model.score(SOUNDS, SAID) == 1
    (word,) = model.transcripts(SOUNDS[:1])[0].words
    assert word.text == "oh" and 0 <= word.begin < word.end <= 0.31 and 0 < word.confidence <= 1
    assert model.predict(SOUNDS[:2], beam=4) == SAID[:2]


def test_sounds_of_every_form_are_read_alike(model, tmp_path):
    (tmp_path / "a.wav").write_bytes(wav(SOUNDS[0]))
    floating = (pcm(SOUNDS[0]) / 32768).astype(np.float32)
    forms = [
        tmp_path / "a.wav",
        pcm(SOUNDS[0]),
        (8000, pcm(SOUNDS[0])),
        (floating, 8000),
        np.stack([floating, floating], axis=1),
    ]
    all = model.transcripts(forms)
    assert len({each.log_probability for each in all}) == 1 and {each.text for each in all} == {"oh"}
    coarse = np.round(128 + 127 * SOUNDS[0]).astype(np.uint8)
    of_bytes, of_floats = model.transcripts([coarse, (coarse.astype(np.float32) - 128) / 128])
    assert of_bytes.log_probability == of_floats.log_probability


def test_paths_and_a_manifest_are_learned_from_alike(tmp_path):
    lines = []
    for i, (sound, said) in enumerate(zip(SOUNDS, SAID)):
        (tmp_path / f"{i}.wav").write_bytes(wav(sound))
        lines.append(f"{i}.wav\t{said}\n")
    (tmp_path / "speech.tsv").write_text("".join(lines))
    manifest = eddy_rnn.Transcriber(steps=5, **SMALL).fit(tmp_path / "speech.tsv")
    paths = eddy_rnn.Transcriber(steps=5, **SMALL).fit([tmp_path / f"{i}.wav" for i in range(40)], SAID)
    arrays = eddy_rnn.Transcriber(steps=5, **SMALL).fit([(8000, pcm(sound)) for sound in SOUNDS], SAID)
    weights = [list(map(np.ndarray.tolist, each.model_.weights().values())) for each in (manifest, paths, arrays)]
    assert weights[0] == weights[1] == weights[2]


def test_a_causal_model_runs_while_the_sound_comes(model):
    stream = model.stream()
    for part in np.array_split(SOUNDS[1].astype(np.float32), 7):
        stream.push(part)
    stream.finish()
    assert stream.text == model.predict(SOUNDS[1:2])[0] == "ah"
    with pytest.raises(eddy_rnn.Error):
        eddy_rnn.Transcriber(steps=2, **SMALL).fit(SOUNDS, SAID).stream()


def test_a_language_model_is_taken_from_text(model, tmp_path):
    (tmp_path / "said.txt").write_text("oh\nah\n" * 10)
    assert model.predict(SOUNDS[:2], language_model=tmp_path / "said.txt") == SAID[:2]


def test_hot_words_are_favoured_from_a_list_and_from_a_file(model, tmp_path):
    (tmp_path / "hot.txt").write_text("ah\n")
    (tmp_path / "oh.wav").write_bytes(wav(SOUNDS[0]))
    assert model.predict([SOUNDS[0]], beam=8) == ["oh"]
    for hot in (["ah"], tmp_path / "hot.txt", str(tmp_path / "hot.txt")):
        assert model.predict([SOUNDS[0], tmp_path / "oh.wav"], hot_words=hot, hot_weight=100) == ["ah", "ah"]
    assert model.predict([SOUNDS[0]], hot_words=["ah"], hot_weight=0) == ["oh"]
    for wrong, message in [
        ({"hot_words": ["ah"], "beam": 1}, "beam"),
        ({"hot_words": ["xy"]}, "characters"),
        ({"hot_words": []}, "hot_words must be data with something in them"),
        ({"hot_words": [" ", ""]}, "a list of words"),
        ({"hot_words": "missing.txt"}, "missing.txt"),
        ({"hot_words": ["ah"], "hot_weight": -1}, "hot.weight"),
    ]:
        with pytest.raises(eddy_rnn.Error, match=message):
            model.predict([SOUNDS[0]], **wrong)


def test_what_is_no_sound_is_an_error(model):
    transcriber = eddy_rnn.Transcriber(steps=2, **SMALL)
    for X, y, message in [
        (SOUNDS, SAID[:-1], "same length"),
        (SOUNDS, None, "y must be"),
        ([np.zeros((2, 2, 2))] * 2, ["a", "b"], "a sound must be"),
        ([np.zeros(0)] * 2, ["a", "b"], "at least one sample"),
        (["missing.wav"] * 4, ["a", "b", "a", "b"], "missing.wav"),
    ]:
        with pytest.raises(eddy_rnn.Error, match=message):
            transcriber.fit(X, y)
    with pytest.raises(eddy_rnn.Error, match="list of sounds"):
        model.predict("a.wav")
    with pytest.raises(eddy_rnn.Error, match="finite"):
        model.predict([np.full(1000, np.nan)])
