"""ONNX's own tests of RNN, GRU and LSTM nodes, all eighteen, and cases of the kinds that ONNX Runtime tests, by the layers that are
read from them."""

import importlib
import json
import pathlib

import numpy as np
import pytest
from eddy_rnn import convert

onnx = pytest.importorskip("onnx")
node_cases = pytest.importorskip("onnx.backend.test.case.node")

KINDS = ("RNN", "GRU", "LSTM")
PLACES = ("X", "W", "R", "B", "lengths", "h", "c", "P")
# Made by scripts/goldens/onnx_recurrent.py.
GOLDENS = pathlib.Path(__file__).parents[2] / "tests" / "goldens" / "onnx_recurrent.json"
RUNTIMES = json.loads(GOLDENS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def cases():
    # A module makes its tests when it is imported; collecting those of all nodes would take a minute.
    for kind in KINDS:
        importlib.import_module(f"onnx.backend.test.case.node.{kind.lower()}")
    return [each for each in node_cases._NodeTestCases if each.model.graph.node[0].op_type in KINDS]


def with_weights(case):
    """The model, with its weights as constants, which the tests have as inputs; and what its node's inputs are."""
    model = onnx.ModelProto()
    model.CopyFrom(case.model)
    (node,) = model.graph.node
    ((arrays, _),) = case.data_sets
    by_name = dict(zip((each.name for each in model.graph.input), arrays, strict=True))
    given = {}
    for key, name in zip(PLACES, node.input, strict=False):
        if name:
            given[key] = by_name[name]
        if name and key in "WRBP":
            model.graph.initializer.append(onnx.numpy_helper.from_array(by_name[name], name))
    return model, given


def ours(model, given):
    """Y, Y_h and Y_c of the only layer of a model, [steps, directions, rows, units] and [directions, rows, units]."""
    (node,) = model.graph.node
    ((_, stack),) = convert.from_onnx(model).layers.items()
    x = given["X"]
    rows_first = any(each.name == "layout" and each.i == 1 for each in node.attribute)
    states = None
    if "h" in given:
        begins = [given[key] for key in ("h", "c") if key in given]
        states = [np.concatenate(parts, axis=1) for parts in zip(*begins, strict=True)]
    y, after = stack(x.transpose(1, 0, 2) if rows_first else x, states, given.get("lengths"))
    hidden = stack.options["hidden"]
    Y = y.reshape(*y.shape[:2], -1, hidden).transpose(0, 2, 1, 3)
    H = np.stack([each[:, :hidden] for each in after])
    made = {"Y": Y.transpose(2, 0, 1, 3) if rows_first else Y, "Y_h": H.transpose(1, 0, 2) if rows_first else H}
    return made | {"Y_c": np.stack([each[:, hidden:] for each in after])}


def test_all_eighteen_nodes_compute_what_onnx_says(cases):
    assert len(cases) == 18
    for case in cases:
        ((_, outputs),) = case.data_sets
        made = ours(*with_weights(case))
        wanted = [name for name in case.model.graph.node[0].output if name]
        for name, expected in zip(wanted, outputs, strict=True):
            assert made[name].shape == expected.shape, case.name
            assert np.abs(made[name] - expected).max() < 1e-5, case.name


def test_what_a_node_says_beside_its_weights_is_told(cases):
    (case,) = [each for each in cases if each.name == "test_gru_batchwise"]
    assert "rows come first" in str(convert.from_onnx(with_weights(case)[0]))


def model_of(case):
    """A golden's node with its weights as constants, and what its inputs are."""
    helper = onnx.helper
    given = {key: np.array(value, np.int32 if key == "lengths" else np.float32) for key, value in case["inputs"].items()}
    outputs = ["Y", "Y_h", "Y_c"][: 3 if case["operator"] == "LSTM" else 2]
    free = [helper.make_tensor_value_info(key, helper.np_dtype_to_tensor_dtype(given[key].dtype), given[key].shape) for key in given if key not in "WRBP"]
    names = [key if key in given else "" for key in PLACES[: 8 if case["operator"] == "LSTM" else 6]]
    graph = helper.make_graph(
        [helper.make_node(case["operator"], names, outputs, "node", **case["attributes"])],
        "case",
        free,
        [helper.make_tensor_value_info(key, onnx.TensorProto.FLOAT, None) for key in outputs],
        [onnx.numpy_helper.from_array(given[key], key) for key in given if key in "WRBP"],
    )
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8), given


@pytest.mark.parametrize("case", RUNTIMES, ids=lambda case: case["name"])
def test_nodes_compute_what_onnx_runtime_makes_of_them(case):
    model, given = model_of(case)
    if "left" in case:
        read = convert.from_onnx(model)
        assert not read.layers and read.left[0] == f"node ({case['left']})"
        return
    made = ours(model, given)
    for name, expected in case["outputs"].items():
        assert np.abs(made[name].reshape(-1) - expected).max() < 1e-5, name


def test_onnx_runtime_still_says_so():
    runtime = pytest.importorskip("onnxruntime")
    for case in RUNTIMES:
        if "outputs" in case:
            model, given = model_of(case)
            session = runtime.InferenceSession(model.SerializeToString())
            said = session.run(list(case["outputs"]), {each.name: given[each.name] for each in session.get_inputs()})
            for array, expected in zip(said, case["outputs"].values(), strict=True):
                assert np.abs(array.reshape(-1) - expected).max() < 1e-5, case["name"]


def test_a_row_without_steps_keeps_the_state_that_it_began_with():
    """ONNX Runtime has zeros there."""
    (case,) = [each for each in RUNTIMES if each["name"] == "LSTM forward, rows of other lengths"]
    model, given = model_of(case)
    given["lengths"] = np.array([5, 0, 3], np.int32)
    made = ours(model, given)
    assert (made["Y_h"][0, 1] == given["h"][0, 1]).all() and (made["Y_c"][0, 1] == given["c"][0, 1]).all()
    assert not made["Y"][:, 0, 1].any()
