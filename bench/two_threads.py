#!/usr/bin/env python3
"""What a second thread brings to the training of every task at its default size.

    two_threads.py [--eddy build/release/eddy] [--tasks text,tag,...] [--turns 3] [--seconds 4]

Needs two cores and a machine with nothing else to do. The data are made here, of this repository's own pages and of drawn numbers: as
large as makes a task's defaults those of ordinary data, but nothing worth learning. The time of a step is that of a run of many steps less
that of one of few, so that reading, floors and the last measurement do not count; in each turn one thread, two threads, and two runs at
once of a thread each. These have nothing to tell each other: what they are slower than one alone is what the cores take from each other,
and twice their speed is the most that two threads can bring.
"""
import argparse
import json
import math
import pathlib
import random
import re
import statistics
import struct
import sys
import tempfile
import wave

sys.dont_write_bytecode = True
import step_times

ROOT = pathlib.Path(__file__).resolve().parents[1]


def lines_of_pages():
    text = "\n".join(path.read_text(encoding="utf-8") for path in sorted([*ROOT.glob("docs/*.md"), *ROOT.glob("src/*/*.h")]))
    return [line.strip() for line in text.split("\n") if len(line.split()) > 4]


def text(folder, draw):
    (folder / "text.txt").write_text("\n".join(lines_of_pages()))
    return ["text", folder / "text.txt"]


def forecast(folder, draw):
    rows = (f"{t},{10 + 3 * math.sin(t * math.pi / 12) + draw.gauss(0, 1):.3f}" for t in range(8000))
    (folder / "series.csv").write_text("hour,load\n" + "\n".join(rows))
    return ["forecast", folder / "series.csv", "--time", "hour", "--target", "load", "--horizon", 24]


def sentences(folder, draw):
    lines = [re.sub(r'[",]', " ", line) for line in lines_of_pages()]
    (folder / "sentences.csv").write_text("text,label\n" + "".join(f"{line},{len(line) % 2}\n" for line in lines[:6000]))
    return ["classify", folder / "sentences.csv", "--text", "text", "--label", "label"]


def series(folder, draw):
    rows = []
    for _ in range(600):
        label = draw.randrange(4)
        rows.append(f"{label}," + ",".join(f"{math.sin(t * (label + 4) / 40) + draw.gauss(0, 1):.3f}" for t in range(250)))
    (folder / "beats.csv").write_text("label," + ",".join(f"t{t}" for t in range(250)) + "\n" + "\n".join(rows))
    return ["classify", folder / "beats.csv", "--columns", "t", "--label", "label"]


def tag(folder, draw):
    def token(word):
        return f"{word} {'B-NAME' if word[0].isupper() else 'O'}"
    lines = "\n\n".join("\n".join(token(word) for word in re.findall(r"\w+", line) or ["none"]) for line in lines_of_pages())
    (folder / "tags.conll").write_text(lines + "\n")
    return ["tag", folder / "tags.conll"]


def spelling(folder, draw):
    words = sorted({word for line in lines_of_pages() for word in re.findall(r"[a-z]+", line)})
    pairs = [(word, " ".join(word.upper())) for word in words] * 2
    (folder / "words.tsv").write_text("".join(f"{word}\t{sounds}\n" for word, sounds in pairs))
    return ["translate", folder / "words.tsv", "--unit", "char"]


def translate(folder, draw):
    lines = [" ".join(re.findall(r"\w+", line)[:20]) for line in lines_of_pages()]
    (folder / "pairs.tsv").write_text("".join(f"{line}\t{' '.join(reversed(line.split()))}\n" for line in lines if line))
    return ["translate", folder / "pairs.tsv"]


def sounds(folder, draw):
    """A tone for each letter."""
    rows = []
    for i in range(60):
        said = "".join(draw.choice("abcd ") for _ in range(24)).strip() or "a"
        samples = []
        for letter in said:
            pitch = 0 if letter == " " else 200 + 150 * "abcd".index(letter)
            samples += [8000 * math.sin(2 * math.pi * pitch * t / 16000) + draw.gauss(0, 200) for t in range(1600)]
        with wave.open(str(folder / f"{i}.wav"), "wb") as sound:
            sound.setparams((1, 2, 16000, 0, "NONE", ""))
            sound.writeframes(struct.pack(f"<{len(samples)}h", *map(int, samples)))
        rows.append(f"{i}.wav\t{said}\n")
    (folder / "sounds.tsv").write_text("".join(rows))
    return folder / "sounds.tsv"


def transcribe(folder, draw):
    return ["transcribe", sounds(folder, draw)]


def speak(folder, draw):
    return ["speak", sounds(folder, draw), "--vocoder-epochs", 0]


def compose(folder, draw):
    pieces = [[sorted(draw.sample(range(50, 80), 3)) for _ in range(120)] for _ in range(120)]
    (folder / "pieces.json").write_text(json.dumps(pieces))
    return ["compose", folder / "pieces.json", "--grid", "quarter"]


def risk(folder, draw):
    price, rows = 100.0, []
    for day in range(4000):
        price *= math.exp(draw.gauss(0, 0.01))
        rows.append(f"{day},{price:.4f}\n")
    (folder / "prices.csv").write_text("day,close\n" + "".join(rows))
    return ["risk", folder / "prices.csv", "--price", "close", "--time", "day"]


TASKS = {task.__name__: task for task in (text, forecast, sentences, series, tag, spelling, translate, transcribe, speak, compose, risk)}


def measure(arguments, words, folder):
    """Milliseconds of a step with one thread, with two, and of two runs at once."""
    def run(threads):
        return lambda steps: step_times.seconds(step_times.start(arguments.eddy, words, steps, threads, folder / "model"))

    def two_at_once(steps):
        return step_times.seconds(*(step_times.start(arguments.eddy, words, steps, 1, folder / f"model{core}", step_times.on_core(core))
                                    for core in step_times.two_cores()))

    few, some = 4, 24
    many = few + max(8, min(4000, round(arguments.seconds / max(step_times.of_step(few, some, run(1)), 1e-5))))
    return [1e3 * step_times.of_step(few, many, kind) for kind in (run(1), run(2), two_at_once)]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eddy", type=pathlib.Path, default=ROOT / "build/release/eddy")
    parser.add_argument("--tasks", default=",".join(TASKS))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=4, help="about so long a run of one thread takes")
    arguments = parser.parse_args()
    arguments.eddy = arguments.eddy.resolve()
    print("| task | one thread, ms a step | times as fast with two | two runs at once |\n|---|---:|---:|---:|", flush=True)
    for name in arguments.tasks.split(","):
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            words = TASKS[name](folder, random.Random(1))
            turns = [measure(arguments, words, folder) for _ in range(arguments.turns)]
            one = statistics.median(turn[0] for turn in turns)
            two = statistics.median(turn[0] / turn[1] for turn in turns)
            limit = statistics.median(2 * turn[0] / turn[2] for turn in turns)
            print(f"| {name} | {one:.1f} | {two:.2f} | {limit:.2f} |", flush=True)


if __name__ == "__main__":
    main()
