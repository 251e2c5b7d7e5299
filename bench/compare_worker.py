"""The part that the Python workers of bench/compare share, as compare_worker.h is that of the others."""
import math
import sys
import time

import compare_problem

LEAST_US = 2000
COLD_US = 20000  # a call at least this long does not notice what ran before it


class Unsupported(Exception):
    """The contestant has no such cell, mode or precision."""


class Candidate:
    """A way to run a problem: run() is one repetition; outputs(), called once and before any run, gives the arrays of
    Problem.outputs() in order; select() puts global settings in force."""

    def __init__(self, setting, run, outputs, select=lambda: None):
        self.setting, self.run, self.outputs, self.select = setting, run, outputs, select


def time_calls(run, count):
    start = time.perf_counter_ns()
    for _ in range(count):
        run()
    return (time.perf_counter_ns() - start) / 1000 / count


class Turn:
    """Enough calls of run for a measurement."""

    def __init__(self, run):
        self.run = run
        run()
        count = 1
        while (once := time_calls(run, count)) * count < LEAST_US:
            count = max(2 * count, math.ceil(LEAST_US / max(once, 1e-3)))
        self.count = count
        self.warm = once < COLD_US

    def microseconds(self):
        if self.warm:
            self.run()
        return time_calls(self.run, self.count)


def fastest(candidates):
    """The candidate whose best of three turns is the shortest, and its turn."""
    best = None
    for candidate in candidates:
        candidate.select()
        turn = Turn(candidate.run)
        took = min(turn.microseconds() for _ in range(3)) if len(candidates) > 1 else 0
        if best is None or took < best[0]:
            best = took, candidate, turn
    best[1].select()
    return best[1:]


def slowest(run, count, seconds):
    """The longest call of `count`, or of as many as begin within `seconds`, and how many there were."""
    worst, done, end = 0, 0, time.perf_counter_ns() + int(seconds * 1e9)
    now = time.perf_counter_ns()
    while done < count and now < end:
        run()
        after = time.perf_counter_ns()
        worst, done, now = max(worst, after - now), done + 1, after
    return worst / 1000, done


def serve(description, prepare):
    """prepare(problem, arrays) gives candidates; arrays are those of Problem.inputs(), flat."""
    reply = sys.stdout
    sys.stdout = sys.stderr  # whatever else prints must not mix with the replies
    print("ready", description, file=reply, flush=True)
    turn = None
    for line in sys.stdin:
        word, *rest = line.split()
        if word == "quit":
            break
        try:
            if word == "setup":
                problem = compare_problem.Problem.parse(rest)
                arrays = compare_problem.read_arrays(rest[8], problem.inputs())
                candidates = prepare(problem, arrays)
                # Before anything is timed: a streaming candidate moves on from its initial state.
                outputs = [candidate.outputs() for candidate in candidates]
                best, turn = fastest(candidates)
                path = rest[8] + ".out"
                with open(path, "wb") as file:
                    for values in outputs[candidates.index(best)]:
                        file.write(values.tobytes())
                answer = f"ok {path} {best.setting}"
            elif word == "run":
                answer = f"{turn.microseconds():.6f}"
            elif word == "slowest":
                answer = "{:.3f} {}".format(*slowest(turn.run, int(rest[0]), float(rest[1])))
            else:
                answer = f"failed no such request: {word}"
        except Unsupported as why:
            answer = f"unsupported {why}"
        except Exception as why:  # the driver names the problem and ends the run
            answer = f"failed {type(why).__name__}: {' '.join(str(why).split())}"
        print(answer, file=reply, flush=True)
