#!/usr/bin/env python3
"""Writes a corpus of invented sentences with names and dates, tagged for `eddy train tag`: OUT.train, OUT.valid, OUT.test.

    names_corpus.py OUT [--train 3000] [--valid 500] [--test 1000] [--seed 1]

A token and its IOB2 tag a line (PER, LOC, ORG, DATE). Most names are made of syllables, so that many in the test part never
occur in training. Many are of several kinds (a person, a town and a firm may all be called Denmore), and some are ordinary
words (May, Rose, Mark, March): what they are is said by words around them, in half of the sentences only after a clause that
is of no use, and in some by nothing at all.
"""
import argparse
import random

BEGIN = ["Den", "Mar", "Hol", "Bra", "Sel", "Tor", "Kes", "Wil", "Ash", "Lin", "Gar", "Pel", "Rud", "Nor", "Eve"]
MIDDLE = ["", "", "mo", "be", "ri", "la", "ve", "do", "ga", "ne"]
END = ["more", "by", "ton", "wick", "low", "den", "man", "son", "ley", "field", "ra", "na"]
FIRST = ["Rose", "Mark", "May", "Will", "Grace", "Bill", "Ana", "Jonas", "Priya", "Omar", "Lena", "Hugo", "April", "Jack"]
MONTHS = ["January", "March", "April", "May", "June", "August", "October", "December"]
KINDS = {"PER": ["painter", "senator", "goalkeeper", "nurse"], "LOC": ["town", "valley", "port", "village"],
         "ORG": ["bank", "airline", "brewery", "newspaper"]}
AFTER = {"PER": ["smiled", "was tired", "wrote to her sister", "had two brothers", "fell asleep"],
         "LOC": ["was flooded", "lies on the coast", "has two bridges", "elected a mayor"],
         "ORG": ["lost money", "hired forty people", "was sold", "closed two branches", "raised its prices"]}
ANY = ["was in the news", "is well known", "was spoken of all day", "is not what it was"]  # which says nothing
CLAUSE = ["as everyone expected", "to the surprise of many", "for reasons that nobody could explain", "once again",
          "if the report is right", "in spite of the weather and of all the warnings"]
PLAIN = ["The rose in the garden may bloom in spring .", "They march on , and the bill will grow .",
         "A mark on the wall may fade .", "Nobody could say grace that evening .", "June bugs will not harm the field ."]


def make_names(generator, count):
    return sorted({generator.choice(BEGIN) + generator.choice(MIDDLE) + generator.choice(END) for _ in range(count)})


def tag(words, kind):
    return [(word, ("B-" if i == 0 else "I-") + kind) for i, word in enumerate(words)]


def plain(text):
    return [(word, "O") for word in text.split()]


def name(generator, kind, names):
    word = generator.choice(names)
    double = [word, generator.choice(names)]
    if kind == "PER":
        return tag(generator.choice([[generator.choice(FIRST), word], [word], [generator.choice(FIRST)], double]), kind)
    if kind == "ORG" and generator.random() < 0.2:
        return tag([word, generator.choice(["and", "&"]), generator.choice(names)], kind)
    return tag(generator.choice([[word], double, ["North", word], ["Old"] + double]), kind)


def date(generator):
    month, day, year = generator.choice(MONTHS), str(generator.randint(1, 31)), str(generator.randint(1890, 2030))
    return tag(generator.choice([[month, day, ",", year], [month, year], [day, month], [month]]), "DATE")


def sentence(generator, names):
    if generator.random() < 0.1:
        return plain(generator.choice(PLAIN))
    kind = generator.choice(sorted(KINDS))
    tokens = generator.choice([[], [], plain("In") + date(generator) + plain(","), plain("Yesterday")])
    hint = generator.random()
    if hint < 0.3:
        tokens = tokens + plain("the " + generator.choice(KINDS[kind]))
    tokens = tokens + name(generator, kind, names)
    if hint > 0.5:
        tokens += plain(", " + generator.choice(CLAUSE) + " ,")
    tokens += plain(generator.choice(AFTER[kind] if generator.random() < 0.7 else ANY))
    if generator.random() < 0.3:
        tokens += plain("near") + name(generator, "LOC", names)
    if generator.random() < 0.3:
        tokens += plain("on" if generator.random() < 0.5 else "since") + date(generator)
    first, kind_of_first = tokens[0]
    return [(first[0].upper() + first[1:], kind_of_first)] + tokens[1:] + plain(".")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out")
    for part, count in (("train", 3000), ("valid", 500), ("test", 1000)):
        parser.add_argument("--" + part, type=int, default=count, help="sentences")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    generator = random.Random(arguments.seed)
    names = make_names(generator, 600)
    known = generator.sample(names, len(names) // 2)  # the others occur in the valid and test parts alone
    for part, of in (("train", known), ("valid", names), ("test", names)):
        with open(f"{arguments.out}.{part}", "w", encoding="utf-8") as file:
            for _ in range(getattr(arguments, part)):
                file.write("".join(f"{token} {kind}\n" for token, kind in sentence(generator, of)) + "\n")


if __name__ == "__main__":
    main()
