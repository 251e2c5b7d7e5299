"""Files of Keras, RTNeural and numpy, and the program that converts."""

import io
import json
import os
import zipfile

import eddy_rnn
import numpy as np
import pytest
from eddy_rnn import convert
from eddy_rnn.convert.__main__ import main


def x(width=3):
    return np.random.default_rng(5).normal(size=(7, 2, width)).astype(np.float32)


def changed(stack):
    random = np.random.default_rng(3)
    for parameter in stack.parameters():
        parameter.value = random.normal(size=parameter.value.shape) * 0.3
    return stack


def numbers(*shape):
    return np.random.default_rng(sum(shape)).normal(size=shape).astype(np.float32) * 0.3


def sigmoid(values):
    return 1 / (1 + np.exp(-values))


def keras_lstm(x, kernel, recurrent, bias):
    """As Keras documents it: gates i f c o, kernels [inputs, 4 units]."""
    units = len(recurrent)
    h, c, out = np.zeros((2, units)), np.zeros((2, units)), []
    for frame in x:
        i, f, g, o = np.split(frame @ kernel + h @ recurrent + bias, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * np.tanh(g)
        h = sigmoid(o) * np.tanh(c)
        out.append(h)
    return np.array(out)


def keras_gru(x, kernel, recurrent, bias):
    """Gates z r h; a bias of two rows is that of reset_after."""
    units, after = len(recurrent), bias.ndim == 2
    h, out = np.zeros((2, units)), []
    for frame in x:
        of_x = frame @ kernel + (bias[0] if after else bias)
        of_h = h @ recurrent + (bias[1] if after else 0)
        z, r = sigmoid(of_x[:, :units] + of_h[:, :units]), sigmoid(of_x[:, units:-units] + of_h[:, units:-units])
        n = np.tanh(of_x[:, -units:] + (r * of_h[:, -units:] if after else (r * h) @ recurrent[:, -units:]))
        h = z * h + (1 - z) * n
        out.append(h)
    return np.array(out)


def write_weights(path, layers):
    """A file of weights alone, as Keras 2 writes it: arrays by the names of layers and of their own."""
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [name.encode() for name in layers]
        for layer, arrays in layers.items():
            group = file.create_group(layer)
            group.attrs["weight_names"] = [f"{name}:0".encode() for name in arrays]
            for name, array in arrays.items():
                group[f"{name}:0"] = array


def parts(way, arrays):
    return {f"{way}/{part}": array for part, array in zip(("kernel", "recurrent_kernel", "bias"), arrays, strict=True)}


def write_h5(path, layers):
    """A file as Keras 2 writes it: layers by name with their class, settings and weights."""
    h5py = pytest.importorskip("h5py")
    config = [{"class_name": kind, "config": {"name": name} | told} for name, kind, told, _ in layers]
    with h5py.File(path, "w") as file:
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": {"layers": config}})
        weights = file.create_group("model_weights")
        for name, _, _, arrays in layers:
            group = weights.create_group(name)
            names = [f"{name}/{i}:0" for i in range(len(arrays))]
            group.attrs["weight_names"] = [each.encode() for each in names]
            for each, array in zip(names, arrays, strict=True):
                group[each] = array


LSTM = [numbers(3, 16), numbers(4, 16), numbers(16)]
GRU_BEFORE = [numbers(3, 12), numbers(4, 12), numbers(12)]
GRU_AFTER = [numbers(3, 12), numbers(4, 12), numbers(2, 12)]


def test_layers_of_keras_compute_what_keras_documents(tmp_path):
    layers = [
        ("a", "LSTM", {}, LSTM),
        ("b", "GRU", {"reset_after": False}, GRU_BEFORE),
        ("c", "GRU", {"reset_after": True}, GRU_AFTER),
        ("dense", "Dense", {}, [numbers(4, 2), numbers(2)]),
        ("d", "LSTM", {"recurrent_activation": "hard_sigmoid"}, LSTM),
        ("e", "ConvLSTM2D", {}, LSTM),
    ]
    write_h5(tmp_path / "m.h5", layers)
    read = convert.read(tmp_path / "m.h5")
    assert list(read.layers) == ["a", "b", "c"]
    assert np.abs(read.layers["a"](x())[0] - keras_lstm(x(), *LSTM)).max() < 1e-5
    assert np.abs(read.layers["b"](x())[0] - keras_gru(x(), *GRU_BEFORE)).max() < 1e-5
    assert np.abs(read.layers["c"](x())[0] - keras_gru(x(), *GRU_AFTER)).max() < 1e-5
    assert read.left[0] == "d (recurrent_activation hard_sigmoid)" and "dense/0" in read.left and "e/2" in read.left
    assert "reset before the product" in str(read) and "kernels turned round" in str(read)


def test_weights_of_keras_alone_are_read_where_activations_are_told(tmp_path):
    backward = [-each for each in LSTM]
    write_weights(tmp_path / "m.h5", {
        "a": parts("a/lstm_cell_3", LSTM),
        "b": parts("b", GRU_BEFORE),
        "c": parts("c/gru_cell", GRU_AFTER),
        "both": parts("both/forward_d/lstm_cell", LSTM) | parts("both/backward_d/lstm_cell", backward),
        "plain": parts("plain", [numbers(3, 4), numbers(4, 4), numbers(4)]),
        "image": parts("image", [numbers(3, 3, 3, 16), numbers(3, 3, 4, 16), numbers(16)]),
        "dense": {"dense/kernel": numbers(4, 2), "dense/bias": numbers(2)},
    })  # fmt: skip
    with pytest.raises(eddy_rnn.Error, match="weights alone do not tell"):
        convert.read(tmp_path / "m.h5")
    read = convert.from_keras(tmp_path / "m.h5", recurrent_activation="sigmoid")
    assert list(read.layers) == ["a", "b", "c", "both"]
    assert np.abs(read.layers["a"](x())[0] - keras_lstm(x(), *LSTM)).max() < 1e-5
    assert np.abs(read.layers["b"](x())[0] - keras_gru(x(), *GRU_BEFORE)).max() < 1e-5
    assert np.abs(read.layers["c"](x())[0] - keras_gru(x(), *GRU_AFTER)).max() < 1e-5
    back = keras_lstm(x()[::-1], *backward)[::-1]
    assert np.abs(read.layers["both"](x())[0] - np.concatenate([keras_lstm(x(), *LSTM), back], axis=2)).max() < 1e-5
    assert "plain (of a kind that weights alone do not tell)" in read.left and "image/kernel" in read.left and "dense/bias" in read.left
    assert "of which the file tells nothing" in str(read)
    hard = convert.from_keras(tmp_path / "m.h5", recurrent_activation="hard_sigmoid")
    assert not hard.layers and "a (recurrent_activation hard_sigmoid)" in hard.left and str(hard).startswith("no recurrent layers")
    with pytest.raises(eddy_rnn.Error, match="no order"):
        read.chain()
    assert main([str(tmp_path / "m.h5"), str(tmp_path / "a.onnx"), "--layer", "a", "--recurrent-activation", "sigmoid"]) == 0
    mutate(tmp_path / "m.h5", lambda path: convert.from_keras(path, recurrent_activation="sigmoid"), 60, "")
    write_h5(tmp_path / "whole.h5", [("a", "LSTM", {}, LSTM)])
    with pytest.raises(eddy_rnn.Error, match="tells it"):
        convert.from_keras(tmp_path / "whole.h5", recurrent_activation="sigmoid")


def test_groups_that_keras_names_by_class_are_not_taken_for_layers_of_that_name(tmp_path):
    """Before 3.4 the second LSTM of a model is lstm_1, whatever its name is."""
    h5py = pytest.importorskip("h5py")
    square = [[numbers(4, 16) * sign, numbers(4, 16), numbers(16)] for sign in (1, -1)]
    cells = [{"class_name": kind, "config": {"name": name}} for kind, name in (("LSTMCell", "one"), ("LSTMCell", "lstm_cell"))]
    layers = [
        {"class_name": "LSTM", "config": {"name": "lstm_1"}},
        {"class_name": "LSTM", "config": {"name": "lstm_2"}},
        {"class_name": "RNN", "config": {"name": "pair", "cell": {"class_name": "StackedRNNCells", "config": {"cells": cells}}}},
    ]
    groups = ["lstm/cell", "lstm_1/cell", "rnn/cell/cells/lstm_cell", "rnn/cell/cells/lstm_cell_1"]
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for group, arrays in zip(groups, square * 2, strict=True):
            for i, array in enumerate(arrays):
                file[f"layers/{group}/vars/{i}"] = array
        for group in ("lstm", "lstm_1", "rnn"):
            file.create_group(f"layers/{group}/vars")
    with zipfile.ZipFile(tmp_path / "m.keras", "w") as archive:
        archive.writestr("config.json", json.dumps({"class_name": "Sequential", "config": {"layers": layers}}))
        archive.writestr("model.weights.h5", weights.getvalue())
    read = convert.read(tmp_path / "m.keras")
    assert not read.left
    for name, arrays in zip(("lstm_1", "lstm_2", "pair/one", "pair/lstm_cell"), square * 2, strict=True):
        assert np.abs(read.layers[name](x(4))[0] - keras_lstm(x(4), *arrays)).max() < 1e-5, name


def test_cudnn_layers_hold_their_gates_the_other_way_round(tmp_path):
    def theirs(array):  # each gate's [inputs, units] holds the numbers of [units, inputs]
        return np.hstack([gate.T.reshape(gate.shape) for gate in np.hsplit(array, array.shape[1] // 4)])

    lstm = [theirs(LSTM[0]), theirs(LSTM[1]), np.concatenate([LSTM[2], numbers(17)[:16]])]
    gru = [theirs(GRU_AFTER[0]), theirs(GRU_AFTER[1]), GRU_AFTER[2].reshape(-1)]
    write_h5(tmp_path / "m.h5", [("a", "CuDNNLSTM", {}, lstm), ("b", "CuDNNGRU", {}, gru)])
    read = convert.from_keras(tmp_path / "m.h5")
    expected = keras_lstm(x(), LSTM[0], LSTM[1], LSTM[2] + numbers(17)[:16])
    assert np.abs(read.layers["a"](x())[0] - expected).max() < 1e-5
    assert np.abs(read.layers["b"](x())[0] - keras_gru(x(), *GRU_AFTER)).max() < 1e-5


def test_broken_models_of_keras_are_errors(tmp_path):
    pytest.importorskip("h5py")
    path = tmp_path / "m.h5"
    write_h5(path, [("a", "LSTM", {}, LSTM), ("b", "GRU", {"reset_after": True}, GRU_AFTER)])
    mutate(path, convert.from_keras, 60, "")
    write_h5(path, [("a", "LSTM", {}, LSTM[:1])])
    with pytest.raises(eddy_rnn.Error, match="no weights"):
        convert.from_keras(path)
    write_h5(path, [("a", "LSTM", {}, [LSTM[0], numbers(5, 16), LSTM[2]])])
    with pytest.raises(eddy_rnn.Error, match="kernels must be"):
        convert.from_keras(path)


def mutate(path, reader, times, said):
    """Files broken anywhere are read or are errors of ours, never anything else."""
    good = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(times):
        broken = bytearray(good[: random.integers(len(good))] if random.random() < 0.3 else good)
        for at in random.integers(max(len(broken), 1), size=4):
            if broken:
                broken[at] = random.integers(256)
        path.write_bytes(bytes(broken))
        try:
            reader(path)
        except eddy_rnn.Error as error:
            assert said in str(error)


@pytest.mark.parametrize("cell", ["lstm", "gru"])
def test_rtneural_comes_and_goes(cell, tmp_path):
    stack = changed(eddy_rnn.RecurrentStack(cell, 3, 4, layers=2))
    convert.to_rtneural(stack, tmp_path / "m.json")
    read = convert.read(tmp_path / "m.json")
    y = x()
    for layer in read.layers.values():
        y, _ = layer(y)
    assert (y == stack(x())[0]).all() and os.listdir(tmp_path) == ["m.json"]
    with pytest.raises(eddy_rnn.Error, match="forward"):
        convert.to_rtneural(eddy_rnn.RecurrentStack(cell, 3, 4, bidirectional=True), tmp_path / "m.json")


def test_rtneural_has_layouts_of_keras_and_of_torch(tmp_path):
    model = {"layers": [
        {"type": "gru", "weights": [each.tolist() for each in GRU_AFTER]},
        {"type": "dense", "weights": [numbers(4, 1).tolist(), [0.5]]},
    ]}  # fmt: skip
    (tmp_path / "m.json").write_text(json.dumps(model))
    read = convert.from_rtneural(tmp_path / "m.json")
    assert np.abs(read.layers["0"](x())[0] - keras_gru(x(), *GRU_AFTER)).max() < 1e-5 and read.left == ["1 (dense)"]
    stack = changed(eddy_rnn.RecurrentStack("lstm", 3, 4))
    state = {name: value.tolist() for name, value in convert.to_torch(stack, "rec.").items()}
    (tmp_path / "t.json").write_text(json.dumps({"model_data": {"hidden_size": 4}, "state_dict": state}))
    assert (convert.read(tmp_path / "t.json").layers["rec"](x())[0] == stack(x())[0]).all()
    mutate(tmp_path / "m.json", convert.from_rtneural, 200, "")
    for junk in ("", "3", "[]", '{"layers": 3}', '{"layers": [{}]}', '{"layers": [{"type": "gru", "weights": [1, 2, 3]}]}'):
        (tmp_path / "m.json").write_text(junk)
        with pytest.raises(eddy_rnn.Error):
            convert.from_rtneural(tmp_path / "m.json")


def test_arrays_of_numpy_are_read_by_short_names_too(tmp_path):
    stack = changed(eddy_rnn.RecurrentStack("gru", 3, 4))
    short = {f"enc_{k.replace('weight', 'w').replace('bias', 'b').removesuffix('_l0')}": v for k, v in convert.to_torch(stack).items()}
    np.savez(tmp_path / "m.npz", emb=np.zeros((5, 3)), **short)
    read = convert.read(tmp_path / "m.npz")
    assert (read.layers["enc"](x())[0] == stack(x())[0]).all() and read.left == ["emb"]
    mutate(tmp_path / "m.npz", convert.load_npz, 60, "numpy.savez")
    np.savez(tmp_path / "o.npz", a=np.array([os.system], object))
    with pytest.raises(eddy_rnn.Error, match="numpy.savez"):
        convert.load_npz(tmp_path / "o.npz")


def test_the_program_says_what_it_converts_and_writes_it(tmp_path, capsys):
    stack = changed(eddy_rnn.RecurrentStack("lstm", 3, 4))
    convert.to_rtneural(stack, tmp_path / "m.json")
    assert main([str(tmp_path / "m.json"), str(tmp_path / "m.safetensors"), "--dry-run"]) == 0
    assert "0: lstm 3 -> 4" in capsys.readouterr().out and not (tmp_path / "m.safetensors").exists()
    assert main([str(tmp_path / "m.json"), str(tmp_path / "m.safetensors")]) == 0
    assert (convert.read(tmp_path / "m.safetensors").layers["0"](x())[0] == stack(x())[0]).all()
    for wrong in (["m.txt"], ["missing.json"], ["m.json", "m.txt"], ["m.json", "n.json", "--layer", "1"]):
        names = [str(tmp_path / each) if "." in each else each for each in wrong]
        assert main(names) == 1
        assert len(capsys.readouterr().err.splitlines()) == 1


def test_keras_runs_what_is_read_from_its_files(tmp_path):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    at = keras.Input((None, 3))
    y = keras.layers.Bidirectional(keras.layers.LSTM(4, return_sequences=True, bias_initializer="normal"), name="both")(at)
    y = keras.layers.GRU(5, return_sequences=True, reset_after=False, bias_initializer="normal", name="before")(y)
    y = keras.layers.GRU(5, return_sequences=True, bias_initializer="normal", name="after")(y)
    cells = [keras.layers.LSTMCell(3), keras.layers.GRUCell(2)]
    y = keras.layers.RNN(cells, return_sequences=True, name="cells")(y)
    y = keras.layers.SimpleRNN(5, activation="relu", return_sequences=True, go_backwards=True, name="back")(y)
    model = keras.Model(at, keras.layers.Dense(2, name="dense")(y))
    expected = np.asarray(keras.Model(at, y)(x().transpose(1, 0, 2), training=False).detach()).transpose(1, 0, 2)
    for name in ("m.keras", "m.h5"):
        model.save(tmp_path / name)
        read = convert.read(tmp_path / name)
        assert len(read.layers) == 6 and len(read.left) == 2
        out = x()
        for layer in read.layers.values():
            out, _ = layer(out)
        assert np.abs(out[::-1] - expected).max() < 1e-5  # Keras puts out what runs backwards from the last step
    mutate(tmp_path / "m.keras", convert.from_keras, 40, "")


@pytest.mark.parametrize("options", [dict(), dict(layers=2), dict(layers=2, bidirectional=True)])
@pytest.mark.parametrize("cell", ["lstm", "gru", "gru_reset_before", "rnn_tanh", "rnn_relu"])
def test_what_goes_to_keras_comes_back_and_keras_runs_it(cell, options, tmp_path):
    pytest.importorskip("h5py")
    stack = changed(eddy_rnn.RecurrentStack(cell, 3, 4, **options))
    convert.to_keras(stack, tmp_path / "m.h5")
    y = stack(x())[0]
    out, read = x(), convert.read(tmp_path / "m.h5")
    for layer in read.layers.values():
        out, _ = layer(out)
    assert (out == y).all() and not read.left and os.listdir(tmp_path) == ["m.h5"]
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    model = keras.models.load_model(tmp_path / "m.h5", compile=False)
    theirs = np.asarray(model(x().transpose(1, 0, 2), training=False).detach()).transpose(1, 0, 2)
    assert np.abs(theirs - y).max() < 1e-5


def test_what_keras_has_not_is_an_error_and_nothing_is_written(tmp_path):
    pytest.importorskip("h5py")
    for options in (dict(projection=2), dict(reverse=True), dict(zoneout=0.1), dict(layer_norm=True)):
        with pytest.raises(eddy_rnn.Error, match=f"{next(iter(options))} must be off"):
            convert.to_keras(eddy_rnn.RecurrentStack("lstm", 3, 4, **options), tmp_path / "m.h5")
    with pytest.raises(eddy_rnn.Error, match="cell must be one of"):
        convert.to_keras(eddy_rnn.RecurrentStack("mgu", 3, 4), tmp_path / "m.h5")
    assert not os.listdir(tmp_path)
