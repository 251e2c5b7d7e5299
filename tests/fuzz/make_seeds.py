#!/usr/bin/env python3
"""Writes the seeds of the model and checkpoint fuzzers into corpus/: run it again when a format changes.

A seed named valid* is accepted by the reader (tests/model/seeds_test.cc holds that); the others are near misses. A wrong digest
is one that the fuzzers, which do not ask for it, come past.
"""
import json
import pathlib
import struct

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


model_seeds()
checkpoint_seeds()
