"""Times of training steps, from runs of `eddy train`: those of many steps less those of few, so that what comes once (reading, floors,
the last measurement) does not count."""
import json
import os
import subprocess
import sys


def start(eddy, words, steps, threads, model, before=()):
    """A run of so many steps; `before` is what starts it, such as mpirun."""
    command = [*before, eddy, "train", *words, "-o", model, "--steps", steps, "--threads", threads, "--validations", 1, "--patience", 0,
               "--checkpoint-seconds", 1000000, "--quiet", "--json"]
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE, text=True)


def seconds(*runs):
    """Of those that go on side by side, the mean."""
    said = [run.communicate()[0] for run in runs]
    if any(run.returncode != 0 for run in runs):
        sys.exit(f"{os.path.basename(sys.argv[0])}: a run failed")
    return sum(json.loads(each)["training"]["seconds"] for each in said) / len(said)


def of_step(few, many, run):
    """Seconds of a step, where run(steps) gives those of a whole run."""
    return (run(many) - run(few)) / (many - few)


def on_core(core):
    return ["taskset", "--cpu-list", core]


def two_cores():
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        sys.exit(f"{os.path.basename(sys.argv[0])}: two cores are needed, but there is one")
    return cores[:2]
