"""What a Composer reads and writes."""

import eddy_rnn
import numpy as np
import pytest

SMALL = dict(hidden=8, steps=10, transpose=0, threads=1)
ROLLS = [[[60 + i, 64 + i], [62 + i, 65 + i], [64 + i, 67 + i], [60 + i]] * 4 for i in range(6)]


def as_array(roll, keys):
    array = np.zeros((len(roll), keys))
    for frame, sounding in zip(array, roll):
        frame[np.array(sounding) - (0 if keys == 128 else 21)] = 1
    return array


@pytest.fixture(scope="module")
def model():
    return eddy_rnn.Composer(grid="quarter", **SMALL).fit(ROLLS)


def test_rolls_of_every_form_are_learned_alike(model):
    for keys in (88, 128):
        again = eddy_rnn.Composer(grid="quarter", **SMALL).fit([as_array(roll, keys) for roll in ROLLS])
        assert again.model_.serialize() == model.model_.serialize()


def test_midi_files_are_read_as_bytes_and_from_paths(model, tmp_path):
    pieces = [model.compose(bars=4, seed=seed) for seed in range(5)]
    for i, piece in enumerate(pieces):
        (tmp_path / f"memory{i + 1}.mid").write_bytes(piece)
    in_memory = eddy_rnn.Composer(**SMALL).fit(pieces)
    paths = eddy_rnn.Composer(**SMALL).fit(sorted(tmp_path.iterdir()))
    folder = eddy_rnn.Composer(**SMALL).fit(tmp_path)
    weights = [list(map(np.ndarray.tolist, each.model_.weights().values())) for each in (in_memory, paths, folder)]
    assert weights[0] == weights[1] == weights[2]
    assert in_memory.score(pieces) == pytest.approx(in_memory.score(sorted(tmp_path.iterdir())))


def test_the_same_seed_writes_the_same_bytes_and_primers_are_gone_on_with(model, tmp_path):
    midi = model.compose(bars=2, seed=7)
    assert midi.startswith(b"MThd") and midi == model.compose(bars=2, seed=7) != model.compose(bars=2, seed=8)
    (tmp_path / "m.mid").write_bytes(midi)
    assert model.predict([midi, tmp_path / "m.mid"], bars=2) == [model.compose(midi, bars=2, seed=1)] * 2


def test_a_melody_gets_voices(model):
    melody = model.compose(bars=2)
    harmony = eddy_rnn.Composer(grid="quarter", harmonise=True, **SMALL).fit(ROLLS)
    assert harmony.model_.harmonises and harmony.model_.grid == "quarter"
    (voices,) = harmony.predict([melody])
    assert voices.startswith(b"MThd") and voices == harmony.accompany(melody)
    assert harmony.accompany(melody, beam=1, free_voices=True).startswith(b"MThd")
    with pytest.raises(eddy_rnn.Error):
        model.accompany(melody)


def test_what_is_no_music_is_an_error(model):
    composer = eddy_rnn.Composer(**SMALL)
    for X, message in [
        (b"MThd", "list of pieces"),
        ([], "list of pieces"),
        ([b"MThd", ROLLS[0]], "both"),
        ([np.zeros((4, 12))], "128"),
        ([b"MThd"], "memory1.mid"),
        ([[[400]] * 4], "memory.json"),
    ]:
        with pytest.raises(eddy_rnn.Error, match=message):
            composer.fit(X)
    with pytest.raises(eddy_rnn.Error, match="MIDI file"):
        model.compose(3)
    with pytest.raises(eddy_rnn.Error, match="bars"):
        model.compose(bars=0)
