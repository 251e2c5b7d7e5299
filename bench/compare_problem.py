"""What bench/compare measures: a problem, its arrays, and the files in which the driver and its workers exchange them.

A file holds float32 values in the machine's byte order, array after array, row-major, in the order of Problem.inputs() or
Problem.outputs(). Weights are as PyTorch's and Eddy's: gates i f g o (lstm), r z n (gru), h (rnn_tanh); b is added to W x
and c to U h (c is 0 unless the cell is a gru). The initial state is 0.
"""
import array
import dataclasses
import math
import random

GATES = {"lstm": 4, "gru": 3, "rnn_tanh": 1}
MODES = ("inf", "train", "step")
PRECISIONS = ("float32", "bf16", "int8")

# The worst difference allowed in an array, over the largest magnitude in it. Below float32 it only tells that the same is
# computed: operands are rounded in other places, and a state carries that on.
TOLERANCE = {"float32": 1e-4, "bf16": 0.1, "int8": 0.3}

# Inputs of a streaming problem: its steps go round them. An even number, so that workers may alternate two states.
STEP_INPUTS = 16


@dataclasses.dataclass(frozen=True)
class Problem:
    """One layer in one direction. In mode step T is the number of different inputs that are checked and gone round."""
    cell: str
    mode: str
    precision: str
    T: int
    B: int
    D: int
    H: int
    threads: int

    @classmethod
    def parse(cls, words):
        return cls(*words[:3], *map(int, words[3:8]))

    def words(self):
        return " ".join(map(str, dataclasses.astuple(self)))

    def __str__(self):
        steps = 1 if self.mode == "step" else self.T
        return f"{self.cell} {self.mode} {self.precision} {steps}x{self.B}x{self.D}x{self.H} threads {self.threads}"

    def inputs(self):
        """Names and shapes of the arrays in a weights file."""
        gates = GATES[self.cell] * self.H
        return {"W": (gates, self.D), "U": (gates, self.H), "b": (gates,), "c": (gates,),
                "x": (self.T, self.B, self.D), "dy": (self.T, self.B, self.H)}

    def outputs(self):
        """Names and shapes of the arrays in an outputs file; dx and the others are gradients of sum(y * dy)."""
        shapes = {"y": (self.T, self.B, self.H), "final h": (self.B, self.H)}
        if self.cell == "lstm":
            shapes["final c"] = (self.B, self.H)
        if self.mode == "train":
            inputs = self.inputs()
            wanted = ["x", "W", "U", "b"] + (["c"] if self.cell == "gru" else [])
            shapes.update({f"d{name}": inputs[name] for name in wanted})
        return shapes

    def flops(self):
        """Of one repetition: the products of a forward, three times that in training."""
        steps = 1 if self.mode == "step" else self.T
        return 2 * steps * self.B * GATES[self.cell] * self.H * (self.D + self.H) * (3 if self.mode == "train" else 1)

    def write_inputs(self, path):
        draw = random.Random(f"{self.cell} {self.T} {self.B} {self.D} {self.H}")
        limits = {"x": math.sqrt(3), "dy": 1.0}
        with open(path, "wb") as file:
            for name, shape in self.inputs().items():
                count = math.prod(shape)
                if name == "c" and self.cell != "gru":
                    array.array("f", bytes(4 * count)).tofile(file)
                    continue
                integers = array.array("i", draw.randbytes(4 * count))
                scale = limits.get(name, 1 / math.sqrt(self.H)) / 2**31
                array.array("f", map(scale.__mul__, integers)).tofile(file)


def read_arrays(path, shapes):
    """The arrays of a file by name, flat. Raises ValueError when the file does not have the length that the shapes say."""
    arrays = {}
    with open(path, "rb") as file:
        for name, shape in shapes.items():
            arrays[name] = array.array("f")
            try:
                arrays[name].fromfile(file, math.prod(shape))
            except EOFError:
                raise ValueError(f"{name} is cut short") from None
        if file.read(1):
            raise ValueError("there is more than the outputs")
    return arrays


def worst_difference(mine, theirs):
    """The largest difference over the largest magnitude of mine; infinite where either is not finite."""
    if not math.isfinite(sum(mine)) or not math.isfinite(sum(theirs)):
        return math.inf
    largest = max(map(abs, mine), default=0.0)
    worst = max(map(abs, map(float.__sub__, mine, theirs)), default=0.0)
    return worst / largest if largest > 0 else (math.inf if worst > 0 else 0.0)
