#!/usr/bin/env python3
"""Times eddy_rnn.torch's modules beside torch.nn's: `bench/torch_dropin.py [--threads N] [--kinds LSTM,GRU,RNN] ...`.

For LSTM, GRU and RNN, batches of 1, 16 and 64, 64 to 512 units (as many inputs) and 100 steps, prints torch's time over ours
in inference and in training (forward and backward), and their geometric means; then what a call costs beside the work in it:
the time of one of ours with 2 steps of 1 unit. The two modules take turns, and the median of the ratios of neighbours counts,
so that a machine whose speed drifts does not favour one. Run it on a quiet machine.
"""

import argparse
import math
import statistics
import time

import eddy_rnn.torch
import torch


def seconds(work, repetitions):
    start = time.perf_counter()
    for _ in range(repetitions):
        work()
    return (time.perf_counter() - start) / repetitions


def job(module, x, training):
    if not training:

        def infer():
            with torch.no_grad():
                module(x)

        return infer

    x = x.clone().requires_grad_()

    def train():
        module.zero_grad(set_to_none=True)
        x.grad = None
        y, _ = module(x)
        y.backward(torch.ones_like(y))

    return train


def ratio(kind, rows, hidden, steps, training, budget):
    """torch's time over ours, and ours."""
    theirs, ours = getattr(torch.nn, kind)(hidden, hidden), getattr(eddy_rnn.torch, kind)(hidden, hidden)
    ours.load_state_dict(theirs.state_dict())
    x = torch.randn(steps, rows, hidden)
    jobs = [job(module, x, training) for module in (theirs, ours)]
    once = max(seconds(work, 1) for work in jobs for _ in range(2))
    repetitions = max(1, int(budget / 20 / once))
    ratios, times = [], []
    end = time.perf_counter() + budget
    while time.perf_counter() < end or len(ratios) < 5:
        a, b = (seconds(work, repetitions) for work in jobs)
        ratios.append(a / b)
        times.append(b)
    return statistics.median(ratios), statistics.median(times)


def mean(ratios):
    return math.exp(statistics.fmean(map(math.log, ratios)))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--kinds", default="LSTM,GRU,RNN")
    parser.add_argument("--rows", default="1,16,64")
    parser.add_argument("--hidden", default="64,256,512")
    parser.add_argument("--steps", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=2.0, help="for each pair of modules")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    print(f"torch {torch.__version__}, {options.threads} threads, {options.steps} steps; torch's time over ours (our ms)\n")
    print("| | B | H | inference | training |\n|---|---|---|---|---|")
    all_ratios = {False: [], True: []}
    for kind in options.kinds.split(","):
        for rows in map(int, options.rows.split(",")):
            for hidden in map(int, options.hidden.split(",")):
                cells = []
                for training in (False, True):
                    r, ours = ratio(kind, rows, hidden, options.steps, training, options.seconds)
                    all_ratios[training].append(r)
                    cells.append(f"{r:.2f} ({1e3 * ours:.3f})")
                print(f"| {kind} | {rows} | {hidden} | {cells[0]} | {cells[1]} |", flush=True)
    for training, name in ((False, "inference"), (True, "training")):
        ratios = all_ratios[training]
        print(f"\n{name}: geometric mean {mean(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}")

    print("\na call of 2 steps, 1 row, 1 unit, in microseconds (torch's):")
    for kind in options.kinds.split(","):
        x = torch.randn(2, 1, 1)
        for training in (False, True):
            modules = [getattr(library, kind)(1, 1) for library in (eddy_rnn.torch, torch.nn)]
            ours, theirs = (
                statistics.median(seconds(job(module, x, training), 200) for _ in range(25)) for module in modules
            )
            print(f"  {kind}, {'training' if training else 'inference'}: {1e6 * ours:.1f} ({1e6 * theirs:.1f})")


if __name__ == "__main__":
    main()
