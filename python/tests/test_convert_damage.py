"""Damaged files of every kind that is read: each is an `eddy_rnn.Error`, or is read all the same; none crashes the process, takes
long, or takes much memory. EDDY_DAMAGE_ROUNDS (150) is how many of a kind are tried.

    python python/tests/test_convert_damage.py FILE ROUNDS     what the tests run, in a process of its own
"""

import io
import json
import os
import pathlib
import random
import resource
import subprocess
import sys
import time
import zipfile

import eddy_rnn
import numpy as np
import pytest
from eddy_rnn import convert

ROUNDS = int(os.environ.get("EDDY_DAMAGE_ROUNDS", "150"))
LONGEST = 10.0  # seconds for a file of a few kilobytes, on a busy machine
MOST_MEMORY = 1 << 30  # beside what is used before


def stack():
    return eddy_rnn.RecurrentStack("gru", 3, 4, seed=1)


def of_torch(path, **options):
    torch = pytest.importorskip("torch")
    torch.save({"model": torch.nn.GRU(3, 4).state_dict(), "step": [3, torch.arange(3)]}, path, **options)


def of_torchscript(path):
    torch = pytest.importorskip("torch")
    torch.jit.script(torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.GRU(3, 4))).save(str(path))


def of_keras(path):
    os.environ.setdefault("KERAS_BACKEND", "torch")
    keras = pytest.importorskip("keras")
    layers = keras.layers
    cells = layers.RNN([layers.LSTMCell(3), layers.GRUCell(2)], return_sequences=True)
    keras.Sequential([keras.Input((None, 3)), layers.Bidirectional(layers.GRU(4, return_sequences=True)), cells, layers.Dense(2)]).save(path)


def of_keras_weights(path):
    h5py = pytest.importorskip("h5py")
    with h5py.File(path, "w") as file:
        file.attrs["layer_names"] = [b"lstm"]
        group = file.create_group("lstm")
        group.attrs["weight_names"] = [b"lstm/kernel:0", b"lstm/recurrent_kernel:0", b"lstm/bias:0"]
        for name, shape in (("kernel", (3, 16)), ("recurrent_kernel", (4, 16)), ("bias", (16,))):
            group[f"lstm/{name}:0"] = np.ones(shape, np.float32)


def of_chain(path):
    weights = convert.to_torch(stack(), "encoder.") | {"head.weight": np.ones((2, 4)), "head.bias": np.zeros(2)}
    convert.from_torch(weights).chain(["encoder", "head", "softmax"]).save(path)


def of_state_dict(path):
    state = {name: value.tolist() for name, value in convert.to_torch(stack(), "rec.").items()}
    path.write_text(json.dumps({"model_data": {}, "state_dict": state}))


def of_onnx(path):
    pytest.importorskip("onnx")
    convert.to_onnx(stack(), path)


KINDS = {
    "zipped.pt": of_torch,
    "older.pt": lambda path: of_torch(path, _use_new_zipfile_serialization=False),
    "script.jit": of_torchscript,
    "names.safetensors": lambda path: convert.save_safetensors(path, convert.to_torch(stack())),
    "names.npz": lambda path: np.savez(path, **convert.to_torch(stack(), "a.")),
    "whole.keras": of_keras,
    "whole.h5": of_keras,
    "weights.h5": of_keras_weights,
    "graph.onnx": of_onnx,
    "layers.json": lambda path: convert.to_rtneural(stack(), path),
    "state.json": of_state_dict,
    "chain.eddy": of_chain,
}


def read(path):
    if path.suffix == ".eddy":
        convert.Chain.load(path)
    elif path.name.startswith("weights"):
        convert.from_keras(path, recurrent_activation="sigmoid")
    else:
        str(convert.read(path))


def damaged(good, chance):
    """Cut off, or with bytes changed, put in, or there twice; mostly near the beginning, where headers are."""
    data = bytearray(good[: chance.randrange(len(good))] if chance.random() < 0.2 else good)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        if not data:
            break
        at = chance.randrange(min(len(data), 600) if chance.random() < 0.6 else len(data))
        kind = chance.random()
        if kind < 0.6:
            data[at] = chance.choice((0, 1, 0x7F, 0x80, 0xFF, chance.randrange(256)))
        elif kind < 0.7:
            data[at : at + 4] = chance.choice((b"\xff\xff\xff\x7f", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80"))
        elif kind < 0.85:
            data[at:at] = data[at : at + chance.randrange(40)]
        else:
            del data[at : at + chance.randrange(9)]
    return bytes(data)


def damaged_inside(good, chance):
    """An archive that is whole, of which a member is damaged."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(good)) as archive, zipfile.ZipFile(made, "w") as other:
        chosen = chance.choice(archive.namelist())
        for name in archive.namelist():
            content = archive.read(name)
            other.writestr(name, damaged(content, chance) if name == chosen and content else content)
    return made.getvalue()


def try_all(path, rounds):
    good = path.read_bytes()
    archive = zipfile.is_zipfile(path)
    read(path)
    if path.suffix in (".h5", ".keras"):  # HDF5 takes what the length of a string says before it looks whether the string is there
        used = int(pathlib.Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (used + MOST_MEMORY, resource.RLIM_INFINITY))
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    for seed in range(rounds):
        chance = random.Random(seed)
        path.write_bytes(damaged_inside(good, chance) if archive and seed % 4 else damaged(good, chance))
        print(f"round {seed}", file=sys.stderr, flush=True)
        begun = time.monotonic()
        try:
            read(path)
        except eddy_rnn.Error as error:
            assert str(error)
        assert time.monotonic() - begun < LONGEST
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before < MOST_MEMORY


@pytest.mark.parametrize("kind", KINDS)
def test_damaged_files_are_read_or_are_errors(kind, tmp_path):
    path = tmp_path / kind
    KINDS[kind](path)
    command = [sys.executable, __file__, str(path), str(ROUNDS)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60 + ROUNDS, check=False)
    assert done.returncode == 0, done.stderr[-2000:]


if __name__ == "__main__":
    try_all(pathlib.Path(sys.argv[1]), int(sys.argv[2]))
