#!/usr/bin/env python3
"""Times eddy_rnn.torch's modules beside torch.nn's: `bench/torch_dropin.py [--threads N] [--kinds LSTM,GRU,RNN] ...`.

For LSTM, GRU and RNN, batches of 1, 16 and 64, 64 to 512 units (as many inputs) and 100 steps, prints torch's time over ours
in inference and in training (forward and backward), and their geometric means; then what a call costs beside the work in it:
the time of one of ours with 2 steps of 1 unit. Beside it stands what nothing costs: a module that puts out its input, an
operator of torch.library that makes an empty tensor, and a torch.autograd.Function that clones, all of which torch itself
has to be paid for. The two modules take turns, and the median of the ratios of neighbours counts, so that a machine whose
speed drifts does not favour one. A call's cost is the least of many runs, which other work on the machine hardly changes.
`--calls` prints these alone. Run it on a quiet machine.
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


class Nothing(torch.nn.Module):
    """Puts out its input, in the same ways as layers do."""

    def __init__(self, way):
        super().__init__()
        self.way = way

    def forward(self, x):
        return self.way(x), None


@torch.library.custom_op("eddy_bench::nothing", mutates_args=())
def empty_operator(x: torch.Tensor) -> torch.Tensor:
    return torch.empty_like(x)


class EmptyFunction(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.clone()

    @staticmethod
    def backward(ctx, gradient):
        return gradient


def call(module, training):
    """Microseconds."""
    work = job(module, torch.randn(2, 1, 1), training)
    return 1e6 * min(seconds(work, 10) for _ in range(1000))


def calls(kinds):
    print("\na call of 2 steps, 1 row, 1 unit, in microseconds\n")
    print("| | inference | training |\n|---|---:|---:|")
    for kind in kinds:
        for library, name in ((eddy_rnn.torch, "eddy_rnn.torch"), (torch.nn, "torch.nn")):
            module = getattr(library, kind)(1, 1)
            print(f"| {name}.{kind} | {call(module, False):.1f} | {call(module, True):.1f} |", flush=True)
    print(f"| a module that puts out its input | {call(Nothing(lambda x: x), False):.1f} | |")
    print(f"| an empty operator of torch.library | {call(Nothing(empty_operator), False):.1f} | |")
    print(f"| an empty torch.autograd.Function | | {call(Nothing(EmptyFunction.apply), True):.1f} |")


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
    parser.add_argument("--calls", action="store_true", help="print what a call costs and nothing else")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kinds = options.kinds.split(",")
    if options.calls:
        print(f"torch {torch.__version__}, {options.threads} threads")
        return calls(kinds)
    print(f"torch {torch.__version__}, {options.threads} threads, {options.steps} steps; torch's time over ours (our ms)\n")
    print("| | B | H | inference | training |\n|---|---|---|---|---|")
    all_ratios = {False: [], True: []}
    for kind in kinds:
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

    calls(kinds)


if __name__ == "__main__":
    main()
