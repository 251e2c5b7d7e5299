#!/usr/bin/env python3
"""PyTorch's worker of bench/compare: torch.nn.LSTM, GRU and RNN, and their Cells in mode step."""
import contextlib
import sys

try:
    import torch
except ImportError as error:
    print("absent", error, flush=True)
    sys.exit(0)

import compare_worker
from compare_worker import Candidate, Unsupported

# The layer, the module of one step, and the function that the latter calls.
LAYERS = {"lstm": (torch.nn.LSTM, torch.nn.LSTMCell, torch.lstm_cell),
          "gru": (torch.nn.GRU, torch.nn.GRUCell, torch.gru_cell),
          "rnn_tanh": (torch.nn.RNN, torch.nn.RNNCell, torch.rnn_tanh_cell)}
DTYPES = {"float32": torch.float32, "bf16": torch.bfloat16}
WEIGHTS = {"W": "weight_ih", "U": "weight_hh", "b": "bias_ih", "c": "bias_hh"}


def use_onednn(enabled):
    return lambda: torch.backends.mkldnn.set_flags(enabled)


BACKENDS = {"oneDNN": use_onednn(True), "ATen": use_onednn(False)}


def module(kind, suffix, problem, tensors):
    made = kind(problem.D, problem.H)
    with torch.no_grad():
        for name, theirs in WEIGHTS.items():
            getattr(made, theirs + suffix).copy_(tensors[name])
    return made


def flatten(*tensors):
    return [tensor.detach().float().contiguous().numpy() for tensor in tensors]


def states(last):
    return last if isinstance(last, tuple) else (last,)


def inference(problem, tensors):
    layer = module(LAYERS[problem.cell][0], "_l0", problem, tensors).eval().to(DTYPES[problem.precision])
    x = tensors["x"].to(DTYPES[problem.precision])

    def run():
        return layer(x)

    def outputs():
        y, last = run()
        return flatten(y, *states(last))

    return [Candidate(setting, run, outputs, select) for setting, select in BACKENDS.items()]


def training(problem, tensors):
    layer = module(LAYERS[problem.cell][0], "_l0", problem, tensors).train()
    x, dy = tensors["x"].requires_grad_(), tensors["dy"]
    wanted = [x, *(getattr(layer, theirs + "_l0") for theirs in WEIGHTS.values())]

    bfloat16 = problem.precision == "bf16"

    def step():
        with torch.autocast("cpu", torch.bfloat16, enabled=bfloat16):
            y, last = layer(x)
        return y, last, torch.autograd.grad(y, wanted, dy.to(y.dtype))

    def outputs():
        y, last, gradients = step()
        return flatten(y, *states(last), *(gradients if problem.cell == "gru" else gradients[:-1]))

    return [Candidate(setting, step, outputs, select) for setting, select in BACKENDS.items()]


class Stream:
    """Steps with a carried state; call(x, state) returns the output and the next state."""

    def __init__(self, call, inputs, state):
        self.call, self.inputs, self.state, self.at = call, inputs, state, 0

    def run(self):
        y, self.state = self.call(self.inputs[self.at], self.state)
        self.at = (self.at + 1) % len(self.inputs)
        return y

    def outputs(self):
        y = torch.cat([self.run().reshape(1, -1) for _ in self.inputs])
        return flatten(y, *states(self.state))


def streaming(problem, tensors):
    layer_kind, cell_kind, function = LAYERS[problem.cell]
    dtype = DTYPES[problem.precision]
    layer = module(layer_kind, "_l0", problem, tensors).eval().to(dtype)
    cell = module(cell_kind, "", problem, tensors).eval().to(dtype)
    pair = problem.cell == "lstm"

    def zeros(*shape):
        return (torch.zeros(*shape, dtype=dtype),) * 2 if pair else torch.zeros(*shape, dtype=dtype)

    weights = [getattr(cell, name) for name in WEIGHTS.values()]

    def cell_step(x, state):
        state = cell(x, state)
        return (state[0] if pair else state), state

    def function_step(x, state):
        state = function(x, state, *weights)
        return (state[0] if pair else state), state

    x = tensors["x"].to(dtype)
    steps, rows = list(x.split(1)), list(x.unbind())
    ways = [("layer, oneDNN", layer, steps, (1, problem.B, problem.H), True),
            ("layer, ATen", layer, steps, (1, problem.B, problem.H), False),
            ("cell", cell_step, rows, (problem.B, problem.H), True),
            ("cell function", function_step, rows, (problem.B, problem.H), True)]
    candidates = []
    for setting, call, inputs, shape, enabled in ways:
        stream = Stream(call, inputs, zeros(*shape))
        candidates.append(Candidate(setting, stream.run, stream.outputs, use_onednn(enabled)))
    return candidates


guard = contextlib.ExitStack()  # inference mode, entered once rather than at every call


def prepare(problem, arrays):
    if problem.precision not in DTYPES:
        raise Unsupported(f"{problem.precision} is not measured")
    torch.set_num_threads(problem.threads)
    guard.close()
    if problem.mode != "train":
        guard.enter_context(torch.inference_mode())
    shapes = problem.inputs()
    tensors = {name: torch.frombuffer(values, dtype=torch.float32).reshape(shapes[name]).clone()
               for name, values in arrays.items()}
    return {"inf": inference, "train": training, "step": streaming}[problem.mode](problem, tensors)


if __name__ == "__main__":
    torch.set_num_interop_threads(1)
    compare_worker.serve(f"PyTorch {torch.__version__}", prepare)
