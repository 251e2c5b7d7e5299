#!/usr/bin/env python3
"""What shards cost and what a second process brings: the time of a step of `eddy train text`, 2 layers of 512, batch 64.

    several_processes.py [--eddy build/release/eddy] [--turns 5] [--hidden 512] [--layers 2] [--batch 64]

Needs Open MPI, two cores and a machine with nothing else to do. The text is this repository's own sources. A step's time is the
difference of two runs over the difference of their steps. In each turn all kinds of runs are timed one after the other; ratios
are of one turn, and medians of these are printed, with the least and the largest.

Beside two processes stands what this machine can give them: two runs at once, each of half the batch and of one thread, that have
nothing to tell each other. What is missing there, cores take from each other (clock, caches, memory), not the exchange.
"""
import argparse
import pathlib
import statistics
import sys
import tempfile

sys.dont_write_bytecode = True
import step_times

FEW, MANY = 4, 20
MPIRUN = ["mpirun", "--allow-run-as-root", "-n", "2", "--bind-to", "core"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--eddy", type=pathlib.Path, default="build/release/eddy")
    parser.add_argument("--turns", type=int, default=5)
    parser.add_argument("--hidden", type=int, default=512)
    parser.add_argument("--layers", type=int, default=2)
    parser.add_argument("--batch", type=int, default=64)
    arguments = parser.parse_args()
    arguments.eddy = arguments.eddy.resolve()
    sources = pathlib.Path(__file__).resolve().parent.parent / "src"

    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        (folder / "text.txt").write_bytes(b"".join(path.read_bytes() for path in sorted(sources.glob("[a-n]*/*.cc"))))
        (folder / "valid.txt").write_bytes((folder / "text.txt").read_bytes()[:1000])  # measured in no time

        def start(steps, batch, threads, shards, model="model", before=()):
            words = ["text", folder / "text.txt", "--valid", folder / "valid.txt", "--hidden", arguments.hidden, "--layers",
                     arguments.layers, "--batch", batch, "--shards", shards]
            return step_times.start(arguments.eddy, words, steps, threads, folder / model, before)

        def alone(threads, shards, before=()):
            return lambda steps: step_times.seconds(start(steps, arguments.batch, threads, shards, before=before))

        def two_at_once(steps):
            return step_times.seconds(*(start(steps, arguments.batch // 2, 1, 2, f"half{core}", step_times.on_core(core))
                                        for core in step_times.two_cores()))

        kinds = {
            "one thread, a shard": alone(1, 1),
            "one thread, 4 shards": alone(1, 4),
            "two threads, 4 shards": alone(2, 4),
            "two processes, 4 shards": alone(1, 4, MPIRUN),
            "two runs at once, half the batch each": two_at_once,
        }
        turns = []
        for _ in range(arguments.turns):
            turns.append({kind: step_times.of_step(FEW, MANY, run) for kind, run in kinds.items()})
            print("  ".join(f"{value * 1e3:.0f}" for value in turns[-1].values()), file=sys.stderr)

    print("| a step | ms |\n|---|---:|")
    for kind in kinds:
        print(f"| {kind} | {statistics.median(turn[kind] for turn in turns) * 1e3:.0f} |")
    print("\n| times as fast | | least | largest |\n|---|---:|---:|---:|")
    for faster, slower in [("one thread, 4 shards", "one thread, a shard"), ("two processes, 4 shards", "one thread, 4 shards"),
                           ("two processes, 4 shards", "one thread, a shard"), ("two processes, 4 shards", "two threads, 4 shards"),
                           ("two runs at once, half the batch each", "one thread, 4 shards"),
                           ("two processes, 4 shards", "two runs at once, half the batch each")]:
        ratios = [turn[slower] / turn[faster] for turn in turns]
        print(f"| {faster}, than {slower} | {statistics.median(ratios):.2f} | {min(ratios):.2f} | {max(ratios):.2f} |")


if __name__ == "__main__":
    main()
