#!/usr/bin/env python3
"""Writes sets of series with classes that Python packages ship, for bench/published/series_classes.

    series_classes.py FOLDER

Copies the .ts files of aeon and sktime, and turns tslearn's Trace into one (pip install aeon sktime tslearn; numpy comes with them). It
imports none of the three, and downloads nothing.
"""
import importlib.util
import pathlib
import shutil
import sys

AEON = ["ACSF1", "ArrowHead", "BasicMotions", "Covid3Month_disc", "GunPoint", "ItalyPowerDemand", "JapaneseVowels", "OSULeaf",
        "PickupGestureWiimoteZ"]
SKTIME = ["PLAID"]


def package_file(package, path):
    found = importlib.util.find_spec(package)
    if found is None:
        sys.exit(f"series_classes.py: {package} is not installed (pip install {package})")
    return pathlib.Path(found.submodule_search_locations[0]) / path


def write_trace(folder):
    import numpy
    arrays = numpy.load(package_file("tslearn", ".cached_datasets/Trace.npz"))
    for part in ("train", "test"):
        lines = ["@problemName Trace", "@univariate true", "@classLabel true 1 2 3 4", "@data"]
        for series, label in zip(arrays[f"X_{part}"], arrays[f"y_{part}"]):
            lines.append(",".join(f"{value:.9g}" for value in series.ravel()) + f":{label}")
        (folder / f"Trace_{part.upper()}.ts").write_text("\n".join(lines) + "\n")


def main():
    if len(sys.argv) != 2:
        sys.exit("usage: series_classes.py FOLDER")
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for package, names in {"aeon": AEON, "sktime": SKTIME}.items():
        for name in names:
            for part in ("TRAIN", "TEST"):
                shutil.copyfile(package_file(package, f"datasets/data/{name}/{name}_{part}.ts"), folder / f"{name}_{part}.ts")
    write_trace(folder)


if __name__ == "__main__":
    main()
