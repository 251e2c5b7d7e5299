"""Writes tests/goldens/translation_scores.json: sacreBLEU's BLEU and chrF2, for tests/tasks/translation_scores_test.cc.

    python scripts/goldens/translation_scores.py        (made with sacreBLEU 2.6.0)

Each case is a set of translations, a reference each, and BLEU with tokenisation 13a and none, and chrF2.
"""
import json
import pathlib
import random

from sacrebleu.metrics import BLEU, CHRF

WORDS = "a the man woman dog runs sits , . in on park street 's red 3.5 1,000 don't well-known 1990-2000 \"quoted\" (so) ä ß 日本 e.g.".split()
CASES = {
    "right": (["The cat sat on the mat."], ["The cat sat on the mat."]),
    "nothing in common": (["x y z"], ["The cat sat on the mat."]),
    "one word": (["cat"], ["cat"]),
    "no pair of words in common": (["mat the on sat"], ["The cat sat on the mat."]),
    "empty": (["", "a man runs in the park ."], ["a dog", "a man runs in a park ."]),
    "short": (["the cat sat on"], ["The cat sat on the mat today, at 3.30."]),
    "long": (["the cat sat on the mat , the cat sat on the mat"], ["the cat sat on the mat"]),
    "points": (["It costs 3.5, or 1,000.00... (about) 5-6%!"], ["It costs 3.5 or 1,000.00 (about) 5-6 %."]),
    "entities": (["a &quot;b&quot; &amp;amp; c&lt;d&gt; <skipped>e"], ["a \"b\" & c < d > e"]),
    "spaces": (["a\u00a0b \u3000 c\u2009d e"], ["a b c d e"]),
    "marks": (["..,,- a.b.c 1.2.3 x,,y 9- -9 #!"], ["..,,- a.b.c 1.2.3 x,,y 9- -9 #!"]),
}


def random_case(seed):
    rng = random.Random(seed)
    made, references = [], []
    for _ in range(20):
        reference = [rng.choice(WORDS) for _ in range(rng.randint(1, 15))]
        changed = [word if rng.random() < 0.8 else rng.choice(WORDS) for word in reference if rng.random() < 0.95]
        made.append(" ".join(changed))
        references.append(" ".join(reference))
    return made, references


def score(made, references):
    bleu = {tokens: BLEU(tokenize=tokens, force=True).corpus_score(made, [references]).score for tokens in ("13a", "none")}
    return dict(made=made, references=references, bleu=bleu, chrf=CHRF().corpus_score(made, [references]).score)


for seed in range(5):
    CASES[f"random {seed}"] = random_case(seed)
path = pathlib.Path(__file__).parents[2] / "tests/goldens/translation_scores.json"
cases = {name: score(*case) for name, case in CASES.items()}
path.write_text(json.dumps(cases, indent=0) + "\n")
