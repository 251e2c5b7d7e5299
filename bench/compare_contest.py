"""The contestants of bench/compare: their processes, their settings, and a measurement of them all."""
import dataclasses
import os
import pathlib
import statistics
import subprocess
import sys
import time

import compare_problem
import compare_quiet
import compare_report

HERE = pathlib.Path(__file__).resolve().parent
PLACES = (HERE, HERE.parent / "build" / "release" / "bench")

# Peers by name: title and file. Beside Eddy in another precision its own float32 is measured.
PEERS = {"onednn": ("oneDNN", "compare_onednn"), "pytorch": ("PyTorch", "compare_torch.py"),
         "onnxruntime": ("ONNX Runtime", "compare_onnx.py")}
FLOAT32 = {compare_report.FLOAT32: ("Eddy float32", "compare_eddy")}


def peers_of(precision):
    return PEERS if precision == "float32" else {**PEERS, **FLOAT32}

# Variables that choose how the libraries compute; a peer must not be slowed down by a setting meant for something else.
LIFTED = ("OMP_", "GOMP_", "KMP_", "MKL_", "OPENBLAS_", "GOTO_", "BLIS_", "NVPL_", "DNNL_", "ONEDNN_", "ATEN_", "TORCH",
          "PYTORCH_", "ORT_", "MALLOC_", "GLIBC_TUNABLES")
# A peer keeps the memory that it frees, so that it need not have it mapped again. Eddy has no such help.
KEEP_MEMORY = {"MALLOC_MMAP_MAX_": "0", "MALLOC_TRIM_THRESHOLD_": str(1 << 40), "MALLOC_TOP_PAD_": str(64 << 20)}

# The threads of most libraries spin for some milliseconds, or some tens, when there is no more work. The next contestant's
# turn begins when they sleep, but so much later at most.
SETTLE_SECONDS = 1

SLOWEST_STEPS, SLOWEST_SECONDS = 1000000, 20


def progress(text):
    print(text, file=sys.stderr, flush=True)


class BadInput(Exception):
    """Exit code 2."""


class Failed(Exception):
    """Exit code 1."""


class Worker:
    """A contestant's process. `absent` says why there is none."""

    def __init__(self, title, command, threads, extra):
        self.title, self.absent = title, None
        environment = {name: value for name, value in os.environ.items() if not name.startswith(LIFTED)}
        environment.update(extra, OMP_NUM_THREADS=str(threads))
        cores = sorted(os.sched_getaffinity(0))[:threads]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment,
                                        preexec_fn=lambda: os.sched_setaffinity(0, cores))
        word, self.description = self.read()
        if word == "absent":
            self.absent = self.description
            self.close()

    def read(self):
        line = self.process.stdout.readline()
        if not line:
            raise Failed(f"{self.title}: the worker ended, exit code {self.process.wait()}")
        word, _, rest = line.strip().partition(" ")
        if word == "failed":
            raise Failed(f"{self.title}: {rest}")
        return word, rest

    def ask(self, request):
        try:
            print(request, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # read() says what became of it
        reply = self.read()
        self.settle()
        return reply

    def run(self):
        return float(self.ask("run")[0])

    def settle(self):
        end = time.monotonic() + SETTLE_SECONDS
        while self.busy() and time.monotonic() < end:
            time.sleep(0.001)

    def busy(self):
        for stat in pathlib.Path(f"/proc/{self.process.pid}/task").glob("*/stat"):
            try:
                if stat.read_text().rpartition(")")[2].split()[0] == "R":
                    return True
            except OSError:
                pass  # the thread has ended
        return False

    def close(self):
        if self.process.poll() is None:
            try:
                self.process.communicate("quit\n", timeout=10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


def find(name):
    for place in PLACES:
        if (place / name).is_file():
            return str(place / name)
    return None


class Contest:
    """The workers for a number of threads, and the files through which they get their problems."""

    def __init__(self, precision, threads, python, directory):
        self.titles = {name: title for name, (title, _) in peers_of(precision).items()}
        self.directory, self.workers = directory, []
        self.limits = self.start("limits", "limits", threads, python, {})
        self.machine = compare_quiet.Machine(self.limits)
        self.eddy = self.start("Eddy", "compare_eddy", threads, python, {})
        self.peers = {}
        self.absent = {}
        for name, (title, file) in peers_of(precision).items():
            if not file.endswith(".py") and find(file) is None:
                self.absent[name] = "not built: CMake did not find it"
                continue
            worker = self.start(title, file, threads, python, {} if name in FLOAT32 else KEEP_MEMORY)
            if worker.absent:
                self.absent[name] = worker.absent
            else:
                self.peers[name] = worker

    def start(self, title, file, threads, python, extra):
        path = find(file)
        if path is None:
            raise BadInput(f"no worker {file} in {' or '.join(map(str, PLACES))}; build Eddy first")
        command = [python, "-B", path] if path.endswith(".py") else [path]
        try:
            worker = Worker(title, command, threads, extra)
        except OSError as error:
            raise BadInput(f"{command[0]}: {error.strerror}") from None
        self.workers.append(worker)
        return worker

    def descriptions(self):
        lines = [worker.description for worker in (self.eddy, *self.peers.values())]
        return lines + [f"{self.titles[name]} is absent: {why}" for name, why in self.absent.items()]

    def check(self, problem, title, mine, path):
        """The outputs in `path` against Eddy's, `mine`."""
        try:
            theirs = compare_problem.read_arrays(path, problem.outputs())
        except (OSError, ValueError) as error:
            raise Failed(f"{title}: outputs: {error}") from None
        worst, name = max((compare_problem.worst_difference(mine[name], theirs[name]), name) for name in mine)
        if worst > compare_problem.TOLERANCE[problem.precision]:
            progress(f"{problem}: {title}'s {name} DIFFERS from Eddy's by {worst:.3g} of its largest value")
            return False
        progress(f"  {title}: agrees, worst {worst:.1e} ({name})")
        return True

    def measure(self, problem, rounds):
        """A row, words for the peers without a time, and whether all outputs agree."""
        progress(str(problem))
        weights = self.directory / "weights"
        problem.write_inputs(weights)
        word, rest = self.eddy.ask(f"setup {problem.words()} {weights}")
        if word != "ok":
            raise BadInput(rest)
        if (answer := self.limits.ask(f"setup {problem.precision} {problem.threads}"))[0] != "ok":
            raise BadInput(answer[1])
        mine = compare_problem.read_arrays(rest.split()[0], problem.outputs())
        runners, words = {"eddy": self.eddy, "limits": self.limits}, {}
        for name, worker in self.peers.items():
            asked = dataclasses.replace(problem, precision="float32") if name in FLOAT32 else problem
            word, rest = worker.ask(f"setup {asked.words()} {weights}")
            if word == "ok":
                path, _, setting = rest.partition(" ")
                progress(f"  {worker.title}: {setting}")
                if self.check(problem, worker.title, mine, path):
                    runners[name] = worker
                else:
                    words[name] = "differs"
            else:
                progress(f"  {worker.title}: {word}: {rest}")
        times = {name: [] for name in runners}
        for turn in range(rounds + 1):  # the first warms up
            took, faults = self.machine.undisturbed(lambda: {name: worker.run() for name, worker in runners.items()})
            if faults:
                progress(f"  round {turn}: {', '.join(faults)}")
            for name in runners if turn > 0 else ():
                times[name].append(took[name])
        medians = {name: statistics.median(values) for name, values in times.items()}
        limit, eddy_us = medians.pop("limits"), medians.pop("eddy")
        row = compare_report.make_row(problem, eddy_us, medians, limit)
        progress(f"  Eddy {eddy_us:.3f} us" + "".join(f", {self.titles[name]} {us:.3f}" for name, us in medians.items()))
        return row, words, "differs" not in words.values()

    def slowest(self, problem):
        """Lines about the slowest step of each contestant that was just set up for the problem and measured."""
        lines = []
        for worker in (self.eddy, *self.peers.values()):
            longest, count = worker.ask(f"slowest {SLOWEST_STEPS} {SLOWEST_SECONDS}")
            lines.append([problem.cell, problem.D, problem.H, worker.title, count, f"{float(longest):.1f}"])
        return lines

    def close(self):
        for worker in self.workers:
            worker.close()
