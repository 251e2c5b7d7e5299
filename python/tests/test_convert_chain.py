"""Whole models as chains of converted layers, which carry what the original made of an input."""

import json
import subprocess
import sys

import eddy_rnn
import numpy as np
import pytest
from eddy_rnn import convert


def random(*shape, seed=3):
    return (np.random.default_rng(seed).normal(size=shape) * 0.4).astype(np.float32)


def tagger():
    stack = eddy_rnn.RecurrentStack("gru", 6, 5, bidirectional=True, seed=4)
    return convert.to_torch(stack, "encoder.") | {
        "words.weight": random(9, 4), "smooth.weight": random(6, 4, 3), "smooth.bias": random(6),
        "head.weight": random(2, 10), "head.bias": random(2), "step": np.array(3),
    }  # fmt: skip


ORDER = ["words", "smooth:same", "relu", "encoder", "head", "softmax"]
TOKENS = np.arange(14).reshape(7, 2) % 9


def test_a_chain_comes_back_from_its_file_with_the_same_bits(tmp_path):
    read = convert.from_torch(tagger())
    chain = read.chain(ORDER)
    y = chain(TOKENS)
    assert y.shape == (7, 2, 2) and np.allclose(y.sum(-1), 1) and (chain(TOKENS, threads=2) == y).all()
    chain.save(tmp_path / "tagger.eddy")
    back = convert.Chain.load(tmp_path / "tagger.eddy")
    assert (back(TOKENS) == y).all() and back.reads_tokens and back.output_width == 2
    assert "head: linear 10 -> 2" in str(back)


def test_figures_of_the_original_are_stored_and_others_refused(tmp_path):
    chain = convert.from_torch(tagger()).chain(ORDER)
    y = chain(TOKENS) + np.float32(1e-6)
    chain.save(tmp_path / "tagger.eddy", original=(TOKENS, y))
    stored = convert.load_safetensors(tmp_path / "tagger.eddy")
    assert (stored["golden/output"] == y).all() and (stored["golden/input"] == TOKENS).all()
    with pytest.raises(eddy_rnn.Error, match="golden output"):
        chain.save(tmp_path / "other.eddy", original=(TOKENS, y + 0.01))
    assert not (tmp_path / "other.eddy").exists()
    (tmp_path / "none.eddy").write_bytes(b"none")
    with pytest.raises(eddy_rnn.Error, match="read .*none.eddy"):
        convert.Chain.load(tmp_path / "none.eddy")


def test_what_is_no_chain_says_why():
    read = convert.from_torch(tagger())
    with pytest.raises(eddy_rnn.Error, match="name it"):
        read.chain()
    with pytest.raises(eddy_rnn.Error, match="one of .*encoder, words, smooth, head"):
        read.chain(["hat"])
    assert list(read.layers) == ["encoder"] and "step" in read.left


def test_a_model_of_rtneural_is_a_chain(tmp_path):
    stack = eddy_rnn.RecurrentStack("lstm", 3, 4, seed=1)
    convert.to_rtneural(stack, tmp_path / "lstm.json")
    model = json.loads((tmp_path / "lstm.json").read_text())
    kernel, bias = random(4, 2), random(2, seed=1)
    taps = random(3, 3, 3)
    model["layers"] = [
        {"type": "conv1d", "activation": "tanh", "shape": [None, None, 3], "kernel_size": [3], "dilation": [2], "weights": [taps.tolist(), [0.0] * 3]},
        *model["layers"],
        {"type": "dense", "activation": "relu", "shape": [None, None, 2], "weights": [kernel.tolist(), bias.tolist()]},
    ]
    (tmp_path / "net.json").write_text(json.dumps(model))
    chain = convert.read(tmp_path / "net.json").chain()
    x = random(6, 2, 3, seed=5)
    padded = np.concatenate([np.zeros((4, 2, 3), np.float32), x])
    seen = np.tanh(sum(padded[2 * k : 2 * k + 6] @ taps[k] for k in range(3)))
    assert np.allclose(chain(x), np.maximum(stack(seen)[0] @ kernel + bias, 0), atol=1e-6)
    model["layers"][-1]["type"] = "batchnorm"
    (tmp_path / "net.json").write_text(json.dumps(model))
    with pytest.raises(eddy_rnn.Error, match="batchnorm"):
        convert.read(tmp_path / "net.json").chain()


def test_a_model_of_keras_is_a_chain_with_what_keras_makes_of_it(tmp_path):
    keras = pytest.importorskip("keras")
    layers = keras.layers
    model = keras.Sequential(
        [
            keras.Input((None,)),
            layers.Embedding(9, 4),
            layers.Conv1D(6, 3, padding="causal", activation="relu", dilation_rate=2),
            layers.Dropout(0.3),
            layers.Bidirectional(layers.LSTM(5, return_sequences=True)),
            layers.GRU(4),
            layers.Dense(3, activation="softmax"),
        ]
    )
    for weight in model.weights:
        weight.assign(random(*weight.shape, seed=len(weight.shape)))
    for ending in ("keras", "h5"):
        model.save(tmp_path / f"m.{ending}")
        chain = convert.read(tmp_path / f"m.{ending}").chain()
        assert chain.original_from.startswith("Keras"), ending
        y = keras.ops.convert_to_numpy(model(TOKENS.T))
        assert np.abs(chain(TOKENS)[0] - y).max() < 1e-5
        chain.save(tmp_path / "m.eddy")
        assert (convert.load_safetensors(tmp_path / "m.eddy")["golden/output"] == chain.original[1]).all()


def test_layers_of_keras_that_no_chain_has_are_named(tmp_path):
    keras = pytest.importorskip("keras")
    layers = keras.layers
    x = keras.Input((None, 3))
    y = layers.LSTM(3, return_sequences=True, name="one")(x)
    residual = keras.Model(x, layers.Add(name="sum")([x, y]))
    residual.save(tmp_path / "m.keras")
    with pytest.raises(eddy_rnn.Error, match="sum reads"):
        convert.read(tmp_path / "m.keras").chain()
    keras.Sequential([x, layers.LSTM(3, return_sequences=True), layers.BatchNormalization(name="norm")]).save(tmp_path / "m.keras")
    with pytest.raises(eddy_rnn.Error, match="norm is a BatchNormalization"):
        convert.read(tmp_path / "m.keras").chain()


def onnx_model(nodes, arrays, inputs, outputs):
    onnx = pytest.importorskip("onnx")
    make = onnx.helper
    value = lambda name, dims: make.make_tensor_value_info(name, onnx.TensorProto.FLOAT, dims)  # noqa: E731
    graph = make.make_graph(
        [make.make_node(kind, i, o, **attributes) for kind, i, o, attributes in nodes],
        "net",
        [value(*each) for each in inputs],
        [value(*each) for each in outputs],
        [onnx.numpy_helper.from_array(np.asarray(array), name) for name, array in arrays.items()],
    )
    return make.make_model(graph, opset_imports=[make.make_opsetid("", 17)], ir_version=8)


def denoiser():
    """Rows come first in it, as in models out of PyTorch with batch_first."""
    arrays = {
        "A": random(3, 6), "a": random(6), "W": random(1, 15, 6), "R": random(1, 15, 5), "B": random(1, 30),
        "K": random(5, 2), "h": random(2), "axes": np.array([1]),
    }  # fmt: skip
    nodes = [
        ("MatMul", ["x", "A"], ["m"], {}), ("Add", ["a", "m"], ["s"], {}), ("Relu", ["s"], ["r"], {}),
        ("Transpose", ["r"], ["t"], {"perm": [1, 0, 2]}),
        ("GRU", ["t", "W", "R", "B"], ["y"], {"hidden_size": 5, "linear_before_reset": 1}),
        ("Squeeze", ["y", "axes"], ["z"], {}), ("Transpose", ["z"], ["u"], {"perm": [1, 0, 2]}),
        ("MatMul", ["u", "K"], ["g"], {}),
        ("Add", ["g", "h"], ["k"], {}), ("Sigmoid", ["k"], ["out"], {}),
    ]  # fmt: skip
    return nodes, arrays


def test_a_graph_of_onnx_is_a_chain_with_what_its_runtime_makes_of_it(tmp_path):
    nodes, arrays = denoiser()
    model = onnx_model(nodes, arrays, [("x", ["rows", "steps", 3])], [("out", ["rows", "steps", 2])])
    read = convert.from_onnx(model)
    chain = read.chain()
    assert chain.original_from.startswith(("ONNX Runtime", "onnx"))
    assert str(chain).startswith("MatMul_0: linear 3 -> 6\n")
    chain.save(tmp_path / "m.eddy")
    stored = convert.load_safetensors(tmp_path / "m.eddy")
    assert (stored["golden/output"] == chain.original[1]).all()
    assert np.abs(chain(chain.original[0]) - chain.original[1]).max() < 1e-6


def test_our_own_onnx_is_a_chain(tmp_path):
    pytest.importorskip("onnxruntime")
    stack = eddy_rnn.RecurrentStack("lstm", 3, 4, layers=2, seed=2)
    chain = convert.from_onnx(convert.to_onnx(stack)).chain()
    x = random(5, 2, 3)
    assert np.abs(chain(x) - stack(x)[0]).max() < 1e-6


@pytest.mark.parametrize("change", ["branch", "operator", "other"])
def test_graphs_that_are_none_are_refused_by_name(change):
    nodes, arrays = denoiser()
    if change == "branch":
        nodes[-1:] = [("Add", ["k", "u2"], ["out"], {})]
        nodes.insert(7, ("MatMul", ["u", "K"], ["u2"], {}))
        message = "does not read the node before it alone"
    elif change == "operator":
        nodes[-1] = ("Erf", ["k"], ["out"], {})
        message = "is a Erf"
    else:  # all rows become one sequence
        nodes[3] = ("Reshape", ["r", "one"], ["t"], {})
        arrays["one"] = np.array([-1, 1, 6])
        message = "something else"
    model = onnx_model(nodes, arrays, [("x", ["rows", "steps", 3])], [("out", ["rows", "steps", 2])])
    with pytest.raises(eddy_rnn.Error, match=message):
        convert.from_onnx(model).chain()


def test_the_command_writes_a_chain(tmp_path):
    convert.save_safetensors(tmp_path / "t.safetensors", tagger())
    command = [sys.executable, "-m", "eddy_rnn.convert", tmp_path / "t.safetensors", tmp_path / "t.eddy", "--chain"]
    done = subprocess.run([*command, ",".join(ORDER)], capture_output=True, text=True)
    assert done.returncode == 0 and "words: table of 9 tokens -> 4" in done.stdout, done.stderr
    assert convert.Chain.load(tmp_path / "t.eddy")(TOKENS).shape == (7, 2, 2)
    done = subprocess.run([*command, "words,hat"], capture_output=True, text=True)
    assert done.returncode == 1 and done.stderr.startswith("eddy_rnn.convert: chain: a link must be one of")
