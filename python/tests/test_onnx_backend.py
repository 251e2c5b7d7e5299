"""ONNX's own tests of RNN, GRU and LSTM nodes, all eighteen, by the layers that are read from them."""

import importlib

import numpy as np
import pytest
from eddy_rnn import convert

onnx = pytest.importorskip("onnx")
node_cases = pytest.importorskip("onnx.backend.test.case.node")

KINDS = ("RNN", "GRU", "LSTM")


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
    for key, name in zip(("X", "W", "R", "B", "lengths", "h", "c", "P"), node.input, strict=False):
        if name:
            given[key] = by_name[name]
        if name and key in "WRBP":
            model.graph.initializer.append(onnx.numpy_helper.from_array(by_name[name], name))
    return model, given


def ours(case):
    """Y, Y_h and Y_c of the layer of a case, [steps, directions, rows, units] and [directions, rows, units]."""
    model, given = with_weights(case)
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
        made = ours(case)
        wanted = [name for name in case.model.graph.node[0].output if name]
        for name, expected in zip(wanted, outputs, strict=True):
            assert made[name].shape == expected.shape, case.name
            assert np.abs(made[name] - expected).max() < 1e-5, case.name


def test_what_a_node_says_beside_its_weights_is_told(cases):
    (case,) = [each for each in cases if each.name == "test_gru_batchwise"]
    assert "rows come first" in str(convert.from_onnx(with_weights(case)[0]))
