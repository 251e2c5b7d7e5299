#!/usr/bin/env python3
"""Turns a frequency of the M4 competition into one long CSV: series,step,value, the test part after the training part.

    m4_long.py FOLDER OUT.csv [--frequency Hourly]

FOLDER holds Hourly-train.csv and Hourly-test.csv from https://github.com/Mcompetitions/M4-methods (Dataset/Train and
Dataset/Test). Evaluation holds out the last 48 rows of each series, which are the test part.
"""
import argparse
import csv
import os
import sys


def read_wide(path):
    """Rows of a name and its values; short rows end in empty cells."""
    try:
        with open(path, newline="", encoding="utf-8") as file:
            rows = list(csv.reader(file))[1:]
    except OSError as error:
        print(f"m4_long.py: {path}: {error.strerror}. The data is at "
              "https://github.com/Mcompetitions/M4-methods (Dataset/Train, Dataset/Test)", file=sys.stderr)
        sys.exit(2)
    return {row[0]: [cell for cell in row[1:] if cell not in ("", "NA")] for row in rows}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder")
    parser.add_argument("out")
    parser.add_argument("--frequency", default="Hourly")
    arguments = parser.parse_args()
    train = read_wide(os.path.join(arguments.folder, f"{arguments.frequency}-train.csv"))
    test = read_wide(os.path.join(arguments.folder, f"{arguments.frequency}-test.csv"))
    with open(arguments.out, "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["series", "step", "value"])
        for name, values in train.items():
            for step, value in enumerate(values + test[name], start=1):
                writer.writerow([name, step, value])


if __name__ == "__main__":
    main()
