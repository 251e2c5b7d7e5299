#!/usr/bin/env python3
"""Writes the seeds of the fuzzers of binary formats into corpus/: run it again when a format changes.

A seed named valid* is accepted by the reader (tests/model/seeds_test.cc holds that); the others are near misses. A wrong digest
is one that the fuzzers, which do not ask for it, come past.
"""
import json
import math
import pathlib
import struct
import zlib

CORPUS = pathlib.Path(__file__).parent / "corpus"


def safetensors(metadata, tensors):
    header, data = {"__metadata__": metadata}, b""
    for name, (shape, values) in tensors.items():
        begin = len(data)
        data += struct.pack(f"<{len(values)}f", *values)
        header[name] = {"dtype": "F32", "shape": shape, "data_offsets": [begin, len(data)]}
    text = json.dumps(header, separators=(",", ":")).encode()
    return text, data


def binary(text, data):
    return struct.pack("<Q", len(text)) + text + data


def write(folder, name, content):
    path = CORPUS / folder
    path.mkdir(parents=True, exist_ok=True)
    (path / name).write_bytes(content)


def model_seeds():
    description = {"cell": "lstm", "hidden": 2, "vocabulary": ["a", "b", "\u00e9"], "learning_rate": 0.002}
    metadata = {"format": "eddy-model", "format_version": "1", "task": "text", "description": json.dumps(description)}
    tensors = {"layer0.W": ([2, 1], [1, -2]), "layer0.b": ([1], [0.5]), "golden/input": ([1], [1]), "golden/output": ([1], [2])}
    text, data = safetensors(metadata, tensors)
    whole = binary(text, data)
    write("model", "valid", whole)
    digest = {"digest": "xxh3-128:" + "0" * 32}
    write("model", "wrong_digest", binary(*safetensors(metadata | digest, tensors)))
    write("model", "unknown_metadata", binary(*safetensors(metadata | {"digests": ""}, tensors)))
    write("model", "header_line_data", text + b"\n" + data)
    write("model", "truncated", whole[:-3])
    write("model", "overlap", binary(text.replace(b"[8,12]", b"[4,8]"), data))
    write("model", "huge_shape", binary(text.replace(b"[2,1]", b"[4294967296,4294967296]"), data))
    write("model", "huge_header", struct.pack("<Q", 2**63) + text + data)
    write("model", "later_version", binary(*safetensors(metadata | {"format_version": "2"}, tensors)))
    write("model", "deep", binary(b'{"a":' + b"[" * 100, b""))
    write("model", "text", b"It is a truth universally acknowledged\n")


def layers_seeds():
    """Of PyTorch's names: an LSTM and a GRU of one unit each, the second in two directions."""
    state = {}
    for name, gates, ways in (("a.", 4, ["_l0"]), ("b_", 3, ["_l0", "_l0_reverse"])):
        for way in ways:
            for part, columns in (("weight_ih", 2), ("weight_hh", 1), ("bias_ih", 0), ("bias_hh", 0)):
                shape = [gates, columns] if columns else [gates]
                state[f"{name}{part}{way}"] = (shape, [0.5] * gates * max(columns, 1))
    text, data = safetensors({"format": "pt"}, state)
    write("layers", "valid", binary(text, data))
    write("layers", "header_line_data", text + b"\n" + data)
    write("layers", "other_types", binary(text.replace(b"F32", b"F16", 1).replace(b"F32", b"I32", 1), data))

    cell = {"cell": "rnn_tanh", "input": 1, "hidden": 1, "layers": 1, "projection": 0, "bidirectional": False, "residual": False,
            "reverse": False, "layer_norm": False, "learned_state": False, "forget_bias": 1.0, "state_clip": 0.0, "dropout": 0.0,
            "variational_dropout": 0.0, "recurrent_dropout": 0.0, "zoneout": 0.0}
    taps = {"input": 2, "output": 1, "kernel": 2, "dilation": 1, "groups": 1, "padding": "causal", "bias": False, "weight_norm": False}
    links = [{"name": "t", "kind": "table", "tokens": 3, "width": 2}, {"name": "v", "kind": "convolution"} | taps,
             {"name": "relu", "kind": "operation"}, {"name": "r", "kind": "recurrent"} | cell,
             {"name": "l", "kind": "linear", "input": 1, "output": 2, "bias": True}]
    arrays = {"t.weight": [3, 2], "v.W": [1, 2, 2], "r.0.W": [1, 1], "r.0.U": [1, 1], "r.0.b": [1], "l.W": [2, 1], "l.b": [2],
              "golden/input": [2, 1], "golden/output": [2, 1, 2]}
    metadata = {"format": "eddy-model", "format_version": "1", "task": "chain", "description": json.dumps({"links": links})}
    text, data = safetensors(metadata, {name: (shape, [0.0] * math.prod(shape)) for name, shape in arrays.items()})
    write("layers", "chain", binary(text, data))
    write("layers", "chain_header_line_data", text + b"\n" + data)


def checkpoint_seeds():
    state = {
        "step": 5, "seconds": 1.5, "ended": False, "early": False,
        "plan": {"from_step": 1, "from_share": 0.25, "steps": 10, "from_seconds": 0.5, "measurements": 2},
        "schedule": {"best": 1.0, "waited": 1, "scale": 0.5},
        "optimizer_steps": 5, "average_updates": 5, "points": 2, "validations": 1, "look_units": 64.0, "looked_at": 3,
        "loss_sum": 2.5, "loss_count": 3, "skipped_in_a_row": 0,
        "validation": None, "best": 1.25, "best_step": 3, "waited": 1,
        "history": {"groups": ["a", "b"], "training": [[3, 1.5, 0.1, 2.0, 1.0, None]], "validation": [[3, 1.25], [5, None]],
                    "skipped": 1},
        "task": "7",
    }
    text = json.dumps(state)
    metadata = {"format": "eddy-checkpoint", "format_version": "2", "fingerprint": json.dumps({"hidden": "2"}), "state": text}
    tensors = {"weights/a.W": ([2], [1, 2]), "slots/a.W.m": ([2], [0, 0]), "task/carried": ([1, 1], [3])}
    whole = binary(*safetensors(metadata, tensors))
    write("checkpoint", "valid", whole)
    digest = {"digest": "xxh3-128:" + "0" * 32}
    write("checkpoint", "wrong_digest", binary(*safetensors(metadata | digest, tensors)))
    write("checkpoint", "truncated", whole[:-3])
    write("checkpoint", "state", text.encode())
    write("checkpoint", "other_fingerprint", binary(*safetensors(metadata | {"fingerprint": "{}"}, tensors)))


def midi_seeds():
    def header(form, tracks, division):
        return b"MThd" + struct.pack(">IHHH", 6, form, tracks, division)

    def track(events):
        return b"MTrk" + struct.pack(">I", len(events)) + events

    end = b"\0\xff\x2f\0"
    notes = b"".join(b"\0" + bytes([0x90, 60 + i, 90]) + bytes([48, 60 + i, 0]) for i in range(4))  # running status
    meta = b"\0\xff\x51\3\7\xa1\x20\0\xff\x58\4\3\2\x18\x08\0\xff\3\5hands"
    write("midi", "format0", header(0, 1, 96) + track(notes + end))
    write("midi", "format1", header(1, 2, 480) + track(meta + end) + track(b"\0\xb0\x40\x7f" + notes + b"\0\xf0\2\1\xf7" + end))
    write("midi", "smpte", header(1, 1, 0xE728) + track(notes + end))
    write("midi", "cut_off", header(1, 1, 96) + b"MTrk" + struct.pack(">I", 999) + notes)
    late = b"\0\x90\x3c\x40\xff\xff\xff\x7f\x3c\0" + b"\xff\xff\xff\x7f\x99\x20\x20"
    write("midi", "late", header(1, 1, 1) + track(late + end))


def roll_seeds():
    write("rolls", "parts", b'{"train":[[[60,64],[60,-1],[]]],"valid":[[[1]]],"test":[]}')
    write("rolls", "pieces", b"[[[60,null],[61.0]],[]]")

    def element(kind, content, padded=True):
        return struct.pack("<II", kind, len(content)) + content + (b"\0" * (-len(content) % 8) if padded else b"")

    def small(kind, content):
        return struct.pack("<HH", kind, len(content)) + content.ljust(4, b"\0")

    def matrix(kind, dims, name, content):
        flags, sizes = struct.pack("<II", kind, 0), struct.pack(f"<{len(dims)}i", *dims)
        return element(14, element(6, flags) + element(5, sizes) + element(1, name) + content)

    head = b"MATLAB 5.0 MAT-file".ljust(124) + struct.pack("<H", 0x100) + b"IM"
    roll = matrix(6, [3, 88], b"", element(2, bytes(1 if (i * 7) % 13 == 0 else 0 for i in range(88 * 3))))
    parts = [matrix(1, [1, 2], name, roll + roll) for name in (b"testdata", b"traindata", b"validdata")]
    write("rolls", "plain.mat", head + parts[1])
    write("rolls", "compressed.mat", head + b"".join(element(15, zlib.compress(part), False) for part in parts))
    write("rolls", "small.mat", head + matrix(1, [1, 1], b"traindata", matrix(6, [0, 88], b"", small(2, b""))))


model_seeds()
layers_seeds()
checkpoint_seeds()
midi_seeds()
roll_seeds()
