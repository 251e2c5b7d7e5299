"""Writes tests/goldens/tag_scores.json: what conlleval counts, for tests/tasks/tag_scores_test.cc.

    pip install conlleval==0.2
    python scripts/goldens/tag_scores.py

Each case has sequences of tags, `right` and `said`, and of each type the chunks that are `right`, `said` and both. `naive` is
how many are both where a chunk is only what begins with B- or S-, which is not what conlleval counts.
"""
import json
import pathlib
import random

from conlleval import evaluate

CHOSEN = [
    # IOB1: an I begins a chunk after O, and B parts neighbours of one type.
    [("I-A I-A O I-B", "I-A I-A O I-B"), ("I-A B-A I-A", "I-A I-A I-A")],
    # An I of another type begins a chunk, and so does one at the beginning.
    [("B-A I-B I-B O", "B-A I-B I-B O"), ("I-A I-B", "B-A B-B")],
    # What is said ends too late, begins too early, has a part of another type.
    [("B-A I-A O O", "B-A I-A I-A O"), ("O B-A I-A", "B-A I-A I-A"), ("B-A I-A I-A", "B-A I-B I-A")],
    # IOBES: what follows E or S begins anew.
    [("S-A B-B I-B E-B", "S-A B-B I-B E-B"), ("B-A E-A E-A O S-A I-A", "B-A E-A I-A O S-A E-A"), ("I-A E-A", "B-A I-A")],
    # Types with hyphens, tags without a type, nothing said, nothing right.
    [("B-A-B I-A-B", "B-A-B I-A"), ("B I I O", "B I B O")],
    [("B-A O", "O O")],
    [("O O", "O I-A")],
]


def random_case(generator, prefixes, types):
    tags = ["O"] + [prefix + "-" + kind for prefix in prefixes for kind in types]
    pairs = []
    for _ in range(40):
        right = [generator.choice(tags) for _ in range(generator.randint(1, 9))]
        said = [generator.choice(tags) if generator.random() < 0.25 else tag for tag in right]
        pairs.append((" ".join(right), " ".join(said)))
    return pairs


def naive(tags):
    chunks, begin = set(), None
    for i, tag in enumerate(tags + ["O"]):
        if begin is not None and not (tag[0] in "IE" and tag[1:] == tags[begin][1:]):
            chunks.add((begin, i, tags[begin][1:]))
            begin = None
        if tag[0] in "BS":
            begin = i
    return chunks


def make_case(pairs):
    lines = []
    for right, said in pairs:
        lines += [f"w {r} {s}" for r, s in zip(right.split(), said.split(), strict=True)] + [""]
    result = evaluate(lines)
    # A type that is empty is left out of conlleval's table, not of its totals.
    types = {name: value["stats"] for name, value in result["slots"]["chunks"].items()}
    return {
        "right": [right.split() for right, _ in pairs],
        "said": [said.split() for _, said in pairs],
        "types": {name: [s["gold"], s["pred"], s["correct"]] for name, s in sorted(types.items())},
        "all": [result["overall"]["chunks"]["stats"][key] for key in ("gold", "pred", "correct")],
        "f1": result["overall"]["chunks"]["evals"]["f1"],
        "right_tags": result["overall"]["tags"]["stats"]["correct"],
        "naive": sum(len(naive(right.split()) & naive(said.split())) for right, said in pairs),
    }


generator = random.Random(1)
cases = CHOSEN + [random_case(generator, prefixes, "XYZ") for prefixes in ("I", "IB", "BI", "BIES")]
path = pathlib.Path(__file__).parents[2] / "tests/goldens/tag_scores.json"
path.write_text(json.dumps([make_case(case) for case in cases], separators=(",", ":")) + "\n")
