#!/usr/bin/env python3
"""ONNX Runtime's worker of bench/compare: a model of one LSTM, GRU or RNN node. It does not train."""
import sys

try:
    import numpy
    import onnx
    import onnxruntime
except ImportError as error:
    print("absent", error, flush=True)
    sys.exit(0)

import compare_worker
from compare_worker import Candidate, Unsupported

OPERATORS = {"lstm": "LSTM", "gru": "GRU", "rnn_tanh": "RNN"}
# ONNX's order of the gates, as places in Eddy's.
GATE_ORDER = {"lstm": (0, 3, 1, 2), "gru": (1, 0, 2), "rnn_tanh": (0,)}


def reorder(values, problem):
    gates = values.reshape(-1, problem.H, *values.shape[1:])
    return gates[list(GATE_ORDER[problem.cell])].reshape(1, *values.shape)


def make_model(problem, arrays, steps, streaming):
    """Inputs x and, when streaming, h0 (and c0); outputs y, h (and c)."""
    state_names = ["h", "c"] if problem.cell == "lstm" else ["h"]
    bias = numpy.concatenate([reorder(arrays["b"], problem), reorder(arrays["c"], problem)], axis=1)
    weights = {"W": reorder(arrays["W"], problem), "R": reorder(arrays["U"], problem), "B": bias}
    initializers = [onnx.numpy_helper.from_array(numpy.ascontiguousarray(values), name) for name, values in weights.items()]
    initial = [name + "0" for name in state_names] if streaming else []
    attributes = {"linear_before_reset": 1} if problem.cell == "gru" else {}
    node = onnx.helper.make_node(OPERATORS[problem.cell], ["x", "W", "R", "B"] + ([""] + initial if streaming else []),
                                 ["y"] + state_names, hidden_size=problem.H, **attributes)

    def tensor(name, *shape):
        return onnx.helper.make_tensor_value_info(name, onnx.TensorProto.FLOAT, shape)

    state_shape = (1, problem.B, problem.H)
    graph = onnx.helper.make_graph(
        [node], problem.cell,
        [tensor("x", steps, problem.B, problem.D), *(tensor(name, *state_shape) for name in initial)],
        [tensor("y", steps, 1, problem.B, problem.H), *(tensor(name, *state_shape) for name in state_names)],
        initializers)
    model = onnx.helper.make_model(graph, opset_imports=[onnx.helper.make_opsetid("", 14)], ir_version=8)
    onnx.checker.check_model(model)
    return model.SerializeToString(), state_names


def prepare(problem, arrays):
    if problem.precision != "float32":
        raise Unsupported(f"{problem.precision} is not measured")
    if problem.mode == "train":
        raise Unsupported("ONNX Runtime does not train")
    shapes = problem.inputs()
    arrays = {name: numpy.frombuffer(values, numpy.float32).reshape(shapes[name]) for name, values in arrays.items()}
    streaming = problem.mode == "step"
    steps = 1 if streaming else problem.T
    model, state_names = make_model(problem, arrays, steps, streaming)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = problem.threads
    options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def value(shape):
        return onnxruntime.OrtValue.ortvalue_from_numpy(numpy.zeros(shape, numpy.float32))

    # Inputs and outputs are bound once. A stream has a binding an input; two sets of states take turns in being read.
    y = value((steps, 1, problem.B, problem.H))
    states = [{name: value((1, problem.B, problem.H)) for name in state_names} for _ in range(2)]
    bindings = []
    for i in range(problem.T if streaming else 1):
        x = arrays["x"][i:i + 1] if streaming else arrays["x"]
        binding = session.io_binding()
        binding.bind_ortvalue_input("x", onnxruntime.OrtValue.ortvalue_from_numpy(numpy.ascontiguousarray(x)))
        binding.bind_ortvalue_output("y", y)
        for name in state_names:
            if streaming:
                binding.bind_ortvalue_input(name + "0", states[i % 2][name])
            binding.bind_ortvalue_output(name, states[(i + 1) % 2][name])
        bindings.append(binding)
    at = 0

    def run():
        nonlocal at
        session.run_with_iobinding(bindings[at])
        at = (at + 1) % len(bindings)

    def outputs():
        ys = []
        for _ in bindings:
            run()
            ys.append(y.numpy().copy())
        return [numpy.concatenate(ys), *(states[len(bindings) % 2][name].numpy().copy() for name in state_names)]

    return [Candidate("I/O binding", run, outputs)]


if __name__ == "__main__":
    compare_worker.serve(f"ONNX Runtime {onnxruntime.__version__}", prepare)
