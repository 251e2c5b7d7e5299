"""Writes tests/goldens/onnx_recurrent.json: what ONNX Runtime makes of nodes of RNN, GRU and LSTM, for
python/tests/test_onnx_backend.py.

    pip install onnx onnxruntime
    python scripts/goldens/onnx_recurrent.py        (made with onnxruntime 1.32)

The kinds of cases are those of ONNX Runtime's own tests of these operators on the CPU; the numbers are others. A case has an
operator, its attributes, its inputs by the letters of the specification (X, W, R, B, lengths, h, c, P) and the outputs that
ONNX Runtime gives, or under `left` why Eddy does not take such a node.
"""

import json
import pathlib

import numpy as np
import onnxruntime
from onnx import TensorProto, helper

PLACES = {"LSTM": ("X", "W", "R", "B", "lengths", "h", "c", "P"), "GRU": ("X", "W", "R", "B", "lengths", "h"), "RNN": ("X", "W", "R", "B", "lengths", "h")}
GATES = {"LSTM": 4, "GRU": 3, "RNN": 1}
OUTPUTS = {"LSTM": ("Y", "Y_h", "Y_c"), "GRU": ("Y", "Y_h"), "RNN": ("Y", "Y_h")}


class Cases:
    def __init__(self):
        self.random = np.random.default_rng(11)
        self.cases = []

    def numbers(self, *shape, scale=0.7):
        return np.round(self.random.normal(size=shape) * scale, 3).astype(np.float32)

    def add(self, name, op, *, steps=4, rows=2, width=2, hidden=3, bias=True, begin=False, peepholes=False, lengths=None, scale=0.7, left="", **attributes):
        ways, gates = 2 if attributes.get("direction") == "bidirectional" else 1, GATES[op]
        inputs = {
            "X": self.numbers(steps, rows, width, scale=1),
            "W": self.numbers(ways, gates * hidden, width, scale=scale),
            "R": self.numbers(ways, gates * hidden, hidden, scale=scale),
        }
        if bias:
            inputs["B"] = self.numbers(ways, 2 * gates * hidden, scale=scale)
        if lengths is not None:
            inputs["lengths"] = np.array(lengths, np.int32)
        if begin:
            inputs |= {key: self.numbers(ways, rows, hidden) for key in ("h", "c")[: len(OUTPUTS[op]) - 1]}
        if peepholes:
            inputs["P"] = self.numbers(ways, 3 * hidden)
        case = {"name": name, "operator": op, "attributes": {"hidden_size": hidden} | attributes}
        case["inputs"] = {key: np.round(array.astype(np.float64), 3).tolist() for key, array in inputs.items()}
        if left:
            case["left"] = left
        else:
            case["outputs"] = {key: [float(f"{v:.7g}") for v in array.reshape(-1)] for key, array in self.outputs(op, case["attributes"], inputs).items()}
        self.cases.append(case)

    def outputs(self, op, attributes, inputs):
        names = [key if key in inputs else "" for key in PLACES[op]]
        kinds = {key: TensorProto.INT32 if key == "lengths" else TensorProto.FLOAT for key in inputs}
        graph = helper.make_graph(
            [helper.make_node(op, names, OUTPUTS[op], **attributes)],
            "case",
            [helper.make_tensor_value_info(key, kinds[key], array.shape) for key, array in inputs.items()],
            [helper.make_tensor_value_info(key, TensorProto.FLOAT, None) for key in OUTPUTS[op]],
        )
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        session = onnxruntime.InferenceSession(model.SerializeToString())
        return dict(zip(OUTPUTS[op], session.run(None, inputs)))


def main():
    cases = Cases()
    for op in GATES:
        for direction in ("forward", "reverse", "bidirectional"):
            way = {"direction": direction}
            cases.add(f"{op} {direction}, two rows, no bias", op, bias=False, **way)
            cases.add(f"{op} {direction}, from a state", op, begin=True, **way)
            cases.add(f"{op} {direction}, rows of other lengths", op, steps=5, rows=3, lengths=[5, 2, 3], begin=True, **way)
            cases.add(f"{op} {direction}, a shorter row in the middle", op, rows=3, lengths=[4, 1, 4], **way)
            cases.add(f"{op} {direction}, a row without steps", op, rows=3, lengths=[3, 0, 4], **way)
            if op == "GRU":
                cases.add(f"GRU {direction}, linear_before_reset", op, begin=True, linear_before_reset=1, **way)
                cases.add(f"GRU {direction}, linear_before_reset, other lengths", op, rows=3, lengths=[2, 4, 1], linear_before_reset=1, **way)
            if op == "LSTM":
                cases.add(f"LSTM {direction}, peepholes", op, begin=True, peepholes=True, **way)
                cases.add(f"LSTM {direction}, input_forget", op, begin=True, input_forget=1, **way)
                cases.add(f"LSTM {direction}, peepholes and other lengths", op, rows=3, lengths=[4, 2, 3], peepholes=True, **way)
        cases.add(f"{op}, one step of one row", op, steps=1, rows=1, begin=True)
        cases.add(f"{op}, all rows short", op, steps=4, rows=2, lengths=[1, 1])
        cases.add(f"{op}, more rows than a vector has places", op, steps=3, rows=19, width=3, hidden=5)
        cases.add(f"{op}, a clip that nothing reaches", op, clip=9999.0, begin=True)
        cases.add(f"{op}, a clip that changes nothing", op, clip=20.0, steps=24, rows=1, scale=9)
        cases.add(f"{op}, a clip", op, clip=0.5, left="clip of 0.5, of what activations are given")
    cases.add("LSTM, activations in small letters", "LSTM", activations=["sigmoid", "tanh", "tanh"])
    cases.add("GRU, activations in capitals", "GRU", activations=["SIGMOID", "TANH"])
    cases.add("GRU, activations of two directions", "GRU", direction="bidirectional", activations=["Sigmoid", "Tanh"] * 2)
    cases.add("RNN, relu", "RNN", activations=["Relu"], begin=True)
    cases.add("RNN, relu, other lengths", "RNN", direction="bidirectional", activations=["Relu", "Relu"], lengths=[4, 2])
    cases.add("RNN, relu and a clip", "RNN", activations=["Relu"], clip=30.0, left="clip of 30, of what activations are given")
    cases.add("RNN, a direction of each", "RNN", direction="bidirectional", activations=["Tanh", "Relu"], left="activations Tanh, Relu")
    cases.add("RNN, leaky", "RNN", activations=["LeakyRelu"], activation_alpha=[0.1], left="activations LeakyRelu")
    cases.add("GRU, hard", "GRU", activations=["HardSigmoid", "Tanh"], left="activations HardSigmoid, Tanh")
    cases.add("LSTM, others", "LSTM", activations=["Sigmoid", "Softsign", "Tanh"], left="activations Sigmoid, Softsign, Tanh")
    cases.add("LSTM, input_forget and peepholes", "LSTM", input_forget=1, peepholes=True, left="input_forget with peepholes")
    path = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "onnx_recurrent.json"
    path.write_text("[\n" + ",\n".join(json.dumps(case) for case in cases.cases) + "\n]\n")
    print(f"{len(cases.cases)} cases")


if __name__ == "__main__":
    main()
