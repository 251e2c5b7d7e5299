#!/usr/bin/env python3
"""Models of public repositories: their recurrent layers, converted, beside the same layers in their own runtimes.

    python -m venv build/venv-models
    build/venv-models/bin/pip install numpy scipy torch keras h5py onnx onnxruntime .
    build/venv-models/bin/python bench/real_models.py            # the recording, too
    KERAS_BACKEND=torch build/venv-models/bin/python bench/repository_models.py [FOLDER]

Clones the repositories into FOLDER (build/models), where they are not there yet, and prints a table as bench/real_models.py does.
Keras stands for the versions of it that wrote the files: its layers, given the arrays that h5py reads. At the end are the layers
that are not converted, with the reason, and what taking them for others would have done.
"""

from __future__ import annotations

import io
import pathlib
import subprocess
import sys
import typing
import zipfile

import h5py
import keras
import numpy as np
import onnx
import onnxruntime
from eddy_rnn import RecurrentStack, convert
from real_models import Row, described, difference, recording_in, show

REPOSITORIES = {
    "breizhn/DTLN": "1de1f15a8b5b7e1c44905618ff2ef70ca8277fbc",
    "cpmpercussion/impsy": "2fa5804023356419ec07f0cd366279605cff509e",
    "jatinchowdhury18/RTNeural": "1fb1f075a5d66e85bfc8f488c3f3626840cb3a1d",
}
FRAME, HOP = 512, 128  # of DTLN, samples


def fetch(folder: pathlib.Path) -> None:
    for repository, commit in REPOSITORIES.items():
        place = folder / repository.split("/")[1]
        if not place.exists():
            subprocess.run(["git", "clone", "--quiet", f"https://github.com/{repository}", str(place)], check=True)
            subprocess.run(["git", "-C", str(place), "checkout", "--quiet", commit], check=True)


def arrays_of(file: h5py.File) -> dict[str, np.ndarray]:
    """By the layer's name and the array's: "lstm_1.kernel"."""
    found = {}

    def visit(name: str, thing: typing.Any) -> None:
        if hasattr(thing, "shape"):
            found[f"{name.removeprefix('model_weights/').split('/')[0]}.{name.rsplit('/', 1)[1].split(':')[0]}"] = np.asarray(thing)

    file.visititems(visit)
    return found


def in_keras(arrays: list[np.ndarray], x: np.ndarray, gate: typing.Any = "sigmoid") -> np.ndarray:
    """What Keras' LSTM of a kernel, a recurrent one and a bias makes of x [steps, rows, inputs]."""
    layer = keras.layers.LSTM(len(arrays[1]), return_sequences=True, recurrent_activation=gate)
    layer.build((None, None, x.shape[-1]))
    layer.set_weights(arrays)
    return np.asarray(keras.ops.convert_to_numpy(layer(x.swapaxes(0, 1)))).swapaxes(0, 1)


def sigmoid(x: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-x))


def normalized(x: np.ndarray, of: dict[str, np.ndarray], name: str) -> np.ndarray:
    x = x - x.mean(-1, keepdims=True)
    return x / np.sqrt((x**2).mean(-1, keepdims=True) + 1e-7) * of[f"{name}.gamma"] + of[f"{name}.beta"]


def frames_of(sound: np.ndarray) -> np.ndarray:
    return np.lib.stride_tricks.sliding_window_view(sound, FRAME)[::HOP]


def dtln(models: pathlib.Path, sound: np.ndarray) -> typing.Iterator[Row]:
    """Files of weights alone: the network around their LSTMs as DTLN_model.py has it, in numpy."""
    spectrum = np.fft.rfft(frames_of(sound))
    for name in ("DTLN_norm_40h.h5", "DTLN_norm_500h.h5", "model.h5"):
        with h5py.File(models / name) as file:
            of = arrays_of(file)
        read = convert.from_keras(models / name, recurrent_activation="sigmoid")
        first, second = ("instant_layer_normalization", "instant_layer_normalization_1")
        largest = 0.0

        def core(x: np.ndarray, layers: tuple[str, str], head: str) -> np.ndarray:
            nonlocal largest
            x = x.astype(np.float32)[:, None]
            for layer in layers:
                theirs = in_keras([of[f"{layer}.{part}"] for part in ("kernel", "recurrent_kernel", "bias")], x)
                largest = max(largest, difference(read.layers[layer](x)[0], theirs))
                x = theirs
            return sigmoid(x[:, 0] @ of[f"{head}.kernel"] + of[f"{head}.bias"])

        magnitude = np.abs(spectrum)
        x = normalized(np.log(magnitude + 1e-7), of, first) if name != "model.h5" else magnitude
        estimated = np.fft.irfft(spectrum * core(x, ("lstm", "lstm_1"), "dense"))
        encoded = estimated @ of["conv1d.kernel"][0]
        core(normalized(encoded, of, second if name != "model.h5" else "layer_normalization"), ("lstm_2", "lstm_3"), "dense_1")
        layers = "lstm " + ", ".join(f"{each.options['input']} -> {each.options['hidden']}" for each in read.layers.values())
        yield Row("DTLN", name, layers, "Keras", "recording", largest)
    yield dtln_in_steps(models, np.abs(spectrum).astype(np.float32))
    yield dtln_unrolled(models, frames_of(sound))


def dtln_in_steps(models: pathlib.Path, magnitude: np.ndarray) -> Row:
    """The graph takes a step and its states at a time; its two nodes, watched."""
    graph = onnx.load(models / "model_1.onnx")
    read = convert.from_onnx(graph)
    nodes = [node for node in graph.graph.node if node.name in read.layers]
    outputs = [each.name for each in graph.graph.output]
    watched = [name for node in nodes for name in (node.input[0], node.output[0])]
    for name in watched:
        graph.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
    session = onnxruntime.InferenceSession(graph.SerializeToString())
    frame, states = [each.name for each in session.get_inputs()]
    state = np.zeros((1, 2, 128, 2), np.float32)
    seen: list[list[np.ndarray]] = []
    for each in magnitude:
        values = session.run([*watched, *outputs], {frame: each[None, None], states: state})
        state = next(value for value in values[len(watched) :] if value.shape == state.shape)
        seen.append(values[: len(watched)])
    largest = 0.0
    for i, node in enumerate(nodes):
        x, y = (np.stack([step[2 * i + k].reshape(1, -1) for step in seen]) for k in (0, 1))
        largest = max(largest, difference(read.layers[node.name](x)[0], y))
    layers = " and ".join(described(read.layers[node.name]) for node in nodes)
    return Row("DTLN", "model_1.onnx", layers, "ONNX Runtime", "recording", largest)


def dtln_unrolled(models: pathlib.Path, frames: np.ndarray) -> Row:
    """model_2.onnx has its LSTMs unrolled into products and activations: no layers are found there. They are those of model.h5."""
    assert not convert.read(models / "model_2.onnx").layers
    session = onnxruntime.InferenceSession(models / "model_2.onnx")
    frame, states = [each.name for each in session.get_inputs()]
    read = convert.from_keras(models / "model.h5", recurrent_activation="sigmoid")
    with h5py.File(models / "model.h5") as file:
        of = arrays_of(file)
    encoded = frames @ of["conv1d.kernel"][0]
    x = normalized(encoded, of, "layer_normalization").astype(np.float32)[:, None]
    for name in ("lstm_2", "lstm_3"):
        x, _ = read.layers[name](x)
    mask = sigmoid(x[:, 0] @ of["dense_1.kernel"] + of["dense_1.bias"])
    ours = (encoded * mask) @ of["conv1d_1.kernel"][0]
    state, theirs = np.zeros((1, 2, 128, 2), np.float32), []
    for each in frames:
        y, state = session.run(None, {frame: each[None, None].astype(np.float32), states: state})
        theirs.append(y.reshape(-1))
    return Row("DTLN", "model.h5", "lstm_2, lstm_3 in model_2.onnx, unrolled", "ONNX Runtime", "recording", difference(ours, theirs))


def impsy(models: pathlib.Path, sound: np.ndarray) -> typing.Iterator[Row]:
    """Models of what is played on an instrument: levels of the recording in bands, twenty times a second, stand for it."""
    for path in sorted(models.glob("*.keras")):
        with zipfile.ZipFile(path) as archive, h5py.File(io.BytesIO(archive.read("model.weights.h5"))) as file:
            groups = {"lstm_0": "lstm", "lstm_1": "lstm_1"}  # named by class, not by layer
            arrays = {name: [np.asarray(file[f"layers/{group}/cell/vars/{i}"]) for i in range(3)] for name, group in groups.items()}
        read = convert.read(path)
        x = played(sound, len(arrays["lstm_0"][0]))
        largest = 0.0
        for name, each in arrays.items():
            theirs = in_keras(each, x)
            largest = max(largest, difference(read.layers[name](x)[0], theirs))
            x = theirs
        layers = " and ".join(map(described, read.layers.values()))
        yield Row("impsy", path.name, layers, "Keras", "recording", largest)


def played(sound: np.ndarray, width: int) -> np.ndarray:
    """[steps, 1, width]: seconds since the last, and levels from 0 to 1."""
    power = np.abs(np.fft.rfft(sound[: len(sound) // 800 * 800].reshape(-1, 800)))
    levels = np.stack([band.mean(axis=1) for band in np.array_split(power, width - 1, axis=1)], axis=1)
    return np.c_[np.full(len(levels), 0.05), levels / levels.max(axis=0)].astype(np.float32)[:, None]


def rtneural(repository: pathlib.Path) -> typing.Iterator[Row]:
    """Whole models, on what is in the repository of inputs and of outputs of TensorFlow or PyTorch."""
    for name, order in {
        "lstm": None, "lstm_1d": None, "gru": None, "gru_1d": None,
        "lstm_torch": ["lstm", "lstm2", "dense"], "gru_torch": ["gru", "gru2", "dense"],
    }.items():  # fmt: skip
        read = convert.read(repository / "models" / f"{name}.json")
        x, y = (np.loadtxt(repository / "test_data" / f"{name}_{which}_python.csv") for which in "xy")
        made = read.chain(order)(x.astype(np.float32)[:, None, None])[:, 0, 0]
        layers = "the whole, with " + " and ".join(map(described, read.layers.values()))
        yield Row("RTNeural", f"{name}.json", layers, "its test data", f"{len(x)} samples", difference(made, y))


def hard_sigmoid(x: typing.Any) -> typing.Any:
    return keras.ops.clip(0.2 * x + 0.5, 0, 1)  # that of Keras 2


def not_converted(models: pathlib.Path, sound: np.ndarray) -> None:
    path = next(models.glob("*dim2*.h5"))
    read = convert.read(path)
    assert not read.layers
    with h5py.File(path) as file:
        of = arrays_of(file)
    hard = soft = played(sound, 2)
    for layer in ("lstm0", "lstm1"):
        arrays = [of[f"{layer}.{part}"] for part in ("kernel", "recurrent_kernel", "bias")]
        soft, hard = in_keras(arrays, soft), in_keras(arrays, hard, hard_sigmoid)
    print(f"\n{path.name}: {', '.join(each for each in read.left if '(' in each)}. It has the weights of the .keras,")
    print(f"whose gates have a sigmoid; the outputs of the two differ by up to {difference(soft, hard):.2f}.")


def main() -> int:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/models")
    fetch(folder)
    sound = recording_in(folder)
    rows = [
        *dtln(folder / "DTLN" / "pretrained_model", sound),
        *impsy(folder / "impsy" / "models", sound),
        *rtneural(folder / "RTNeural"),
    ]
    code = show(rows)
    not_converted(folder / "impsy" / "models", sound)
    return code


if __name__ == "__main__":
    sys.exit(main())
