"""Weights come and go: in the names and orders of other frameworks, and to files."""

import collections
import io
import os
import pickle
import zipfile

import eddy_rnn
import numpy as np
import pytest
from eddy_rnn import convert

CELLS = ["lstm", "gru", "rnn_tanh", "rnn_relu"]
STACKS = [dict(), dict(layers=2), dict(bidirectional=True), dict(layers=2, bidirectional=True)]


def changed(stack, seed=3):
    """The stack with parameters of which none is zero."""
    random = np.random.default_rng(seed)
    for parameter in stack.parameters():
        parameter.value = random.normal(size=parameter.value.shape) * 0.3
    return stack


def x(width=3):
    return np.random.default_rng(5).normal(size=(7, 2, width)).astype(np.float32)


@pytest.mark.parametrize("options", STACKS)
@pytest.mark.parametrize("cell", CELLS)
def test_what_goes_to_torch_and_comes_back_computes_the_same_bits(cell, options):
    stack = changed(eddy_rnn.RecurrentStack(cell, 3, 4, **options))
    read = convert.from_torch(convert.to_torch(stack, "a.b."), nonlinearity=cell[4:] if "rnn" in cell else "tanh")
    assert list(read.layers) == ["a.b"] and not read.left
    assert (read.layers["a.b"](x())[0] == stack(x())[0]).all()


def test_projections_and_cells_of_a_single_layer_are_read():
    stack = changed(eddy_rnn.RecurrentStack("lstm", 3, 4, projection=2))
    read = convert.from_torch(convert.to_torch(stack))
    assert (read.layers["layer"](x())[0] == stack(x())[0]).all()
    state = convert.to_torch(changed(eddy_rnn.RecurrentStack("gru", 3, 4)))
    cell = {name.removesuffix("_l0"): value for name, value in state.items()}
    both = convert.from_torch(cell | {"other": np.zeros(3)})
    assert both.left == ["other"] and both.layers["layer"].options["cell"] == "gru"
    assert "reset after the product" in str(both)


def test_what_a_framework_has_not_is_an_error_that_says_so():
    with pytest.raises(eddy_rnn.Error, match="layer_norm must be off"):
        convert.to_torch(eddy_rnn.RecurrentStack("lstm", 3, 4, layer_norm=True))
    with pytest.raises(eddy_rnn.Error, match="cell must be one of lstm, gru"):
        convert.to_torch(eddy_rnn.RecurrentStack("mgu", 3, 4))
    state = convert.to_torch(eddy_rnn.RecurrentStack("lstm", 3, 4, layers=2))
    state["weight_hh_l1"] = np.zeros((16, 5), np.float32)
    with pytest.raises(eddy_rnn.Error, match="must be of shape"):
        convert.from_torch(state)


def test_safetensors_come_and_go(tmp_path):
    arrays = {
        "f": x(), "d": x().astype(np.float64), "i": np.arange(6).reshape(2, 3), "b": np.array([True, False]), "one": np.float32(2),
        "none": np.zeros((0, 3), np.float16),
    }  # fmt: skip
    convert.save_safetensors(tmp_path / "a.safetensors", arrays)
    back = convert.load_safetensors(tmp_path / "a.safetensors")
    assert list(back) == list(arrays)
    for name, array in arrays.items():
        assert back[name].dtype == np.asarray(array).dtype and np.array_equal(back[name], array)
    assert os.listdir(tmp_path) == ["a.safetensors"]


def test_a_models_own_file_is_safetensors(tmp_path):
    model = eddy_rnn.LanguageModel(hidden=8, steps=2).fit("the cat sat on the mat. " * 50)
    model.save(tmp_path / "m.eddy")
    read = convert.load_safetensors(tmp_path / "m.eddy")
    for name, weights in model.model_.weights().items():
        assert np.array_equal(read[name], weights)


def test_broken_safetensors_are_errors(tmp_path):
    path = tmp_path / "a.safetensors"
    convert.save_safetensors(path, {"a": x()})
    good = path.read_bytes()
    random = np.random.default_rng(1)
    for _ in range(300):
        broken = bytearray(good[: random.integers(len(good))] if random.random() < 0.3 else good)
        for _ in range(random.integers(1, 4)):
            if broken:
                broken[random.integers(min(len(broken), 90))] = random.integers(256)
        path.write_bytes(bytes(broken))
        try:
            convert.load_safetensors(path)
        except eddy_rnn.Error as error:
            assert "safetensors" in str(error)


class Evil:
    def __reduce__(self):
        return (os.system, ("touch /tmp/evil",))


def test_a_pickle_that_names_anything_else_is_refused(tmp_path):
    for content in (Evil(), {"a": [Evil()]}, collections.Counter(), collections.defaultdict(list)):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("archive/data.pkl", pickle.dumps(content, 2))
        (tmp_path / "a.pt").write_bytes(file.getvalue())
        with pytest.raises(eddy_rnn.Error, match="only tensors and containers"):
            convert.load_torch(tmp_path / "a.pt")
    for junk in (b"", b"junk", pickle.dumps(3), pickle.dumps([1, 2])):
        (tmp_path / "a.pt").write_bytes(junk)
        with pytest.raises(eddy_rnn.Error, match="torch.save"):
            convert.load_torch(tmp_path / "a.pt")


class Stored:
    """Pickled as torch.save does a storage, of four floats."""


class Saver(pickle._Pickler):
    def persistent_id(self, thing):
        return ("storage", Kind("FloatStorage"), "0", "cpu", 4) if isinstance(thing, Stored) else None

    def save_global(self, thing, name=None):
        self.write(b"c" + thing.where.encode() + b"\n")

    def save(self, thing, save_persistent_id=True):
        return self.save_global(thing) if isinstance(thing, Kind) else super().save(thing, save_persistent_id)


class Kind:
    def __init__(self, name, module="torch"):
        self.where = f"{module}\n{name}"


class View:
    def __init__(self, *about):
        self.about = about

    def __reduce__(self):
        return (Rebuild(), self.about)


class Rebuild(Kind):
    def __init__(self):
        super().__init__("_rebuild_tensor_v2", "torch._utils")

    def __call__(self):
        raise AssertionError


def save_as_torch(path, content):
    file = io.BytesIO()
    Saver(file, 2).dump(content)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", file.getvalue())
        archive.writestr("archive/data/0", np.arange(4, dtype=np.float32).tobytes())


def test_hostile_files_of_torch_are_errors(tmp_path):
    path = tmp_path / "a.pt"
    save_as_torch(path, {"a": View(Stored(), 1, (2,), (2,)), "b": View(Stored(), 0, (3, 2), (0, 1))})
    read = convert.load_torch(path)
    assert read["a"].tolist() == [1, 3] and read["b"].tolist() == [[0, 1]] * 3
    circle = {}
    circle["again"] = circle
    for content, message in [
        (circle, "RecursionError"),
        ({"a": View(Stored(), 0, (1 << 40,), (0,))}, "too often"),
        ({"a": View(Stored(), 0, (1 << 40, 1 << 40), (0, 0))}, "too often"),
        ({"a": View(Stored(), 3, (2,), (1,))}, "beyond its 4 numbers"),
        ({"a": View(Stored(), -1, (2,), (1,))}, "not there"),
        ({"a": View(3, 0, (2,), (1,))}, "without numbers"),
    ]:
        save_as_torch(path, content)
        with pytest.raises(eddy_rnn.Error, match=message):
            convert.load_torch(path)


def pickled(path, data):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("archive/data.pkl", data)


def test_small_files_of_torch_that_ask_for_much_are_errors(tmp_path):
    path = tmp_path / "a.pt"
    pickled(path, b"\x80\x02}r\xff\xff\xff\x3f.")  # remembers it as number 2^30 - 1
    with pytest.raises(eddy_rnn.Error, match="too soon"):
        convert.load_torch(path)
    lists = []
    for _ in range(40):  # 4^40 ways to the innermost
        lists = [lists] * 4
    pickled(path, pickle.dumps({"a": lists}, 2))
    with pytest.raises(eddy_rnn.Error, match="hold one another"):
        convert.load_torch(path)
    whole = {str(i): View(Stored(), 0, (1 << 19,), (0,)) for i in range(200)}
    save_as_torch(path, whole)
    with pytest.raises(eddy_rnn.Error, match="repeat the file's numbers"):
        convert.load_torch(path)


def test_what_is_no_model_of_onnx_is_an_error(tmp_path):
    pytest.importorskip("onnx")
    (tmp_path / "a.onnx").write_bytes(b"no model")
    for broken in (tmp_path / "a.onnx", b"no model", tmp_path / "missing.onnx"):
        with pytest.raises(eddy_rnn.Error, match="must be a model of ONNX"):
            convert.from_onnx(broken)


@pytest.mark.parametrize("zipped", [True, False])
def test_files_of_torch_are_read_without_it(tmp_path, zipped):
    torch = pytest.importorskip("torch")
    module = torch.nn.ModuleDict({"rnn": torch.nn.LSTM(3, 4, 2, bidirectional=True), "out": torch.nn.Linear(8, 2)})
    extra = {"half": torch.ones(3).bfloat16(), "turned": torch.arange(6.0).view(2, 3).T, "whole": torch.arange(4), "step": 3}
    torch.save({"model": module.state_dict(), **extra}, tmp_path / "a.pt", _use_new_zipfile_serialization=zipped)
    arrays = convert.load_torch(tmp_path / "a.pt")
    for name, tensor in module.state_dict().items():
        assert np.array_equal(arrays[f"model.{name}"], tensor)
    assert np.array_equal(arrays["turned"], extra["turned"]) and np.array_equal(arrays["half"], np.ones(3))
    read = convert.from_torch(arrays)
    y = module["rnn"](torch.from_numpy(x()))[0].detach().numpy()
    assert np.abs(read.layers["model.rnn"](x())[0] - y).max() < 1e-6
    assert "model.out.weight" in read.left
    good = (tmp_path / "a.pt").read_bytes()
    random = np.random.default_rng(1)
    for _ in range(200):
        broken = bytearray(good)
        for at in random.integers(min(len(good), 3000), size=3):
            broken[at] = random.integers(256)
        (tmp_path / "b.pt").write_bytes(bytes(broken))
        try:
            convert.load_torch(tmp_path / "b.pt")
        except eddy_rnn.Error:
            pass


def test_archives_of_torchscript_are_read_without_it(tmp_path):
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.LSTM(3, 4))
    torch.jit.script(module).save(str(tmp_path / "a.jit"))
    read = convert.read(tmp_path / "a.jit")
    assert list(read.layers) == ["1"] and "0.weight" in read.left
    assert np.abs(read.layers["1"](x())[0] - module[1](torch.from_numpy(x()))[0].detach().numpy()).max() < 1e-6


@pytest.mark.parametrize("cell", CELLS)
def test_torch_loads_what_goes_out(cell):
    torch = pytest.importorskip("torch")
    stack = changed(eddy_rnn.RecurrentStack(cell, 3, 4, layers=2, bidirectional=True))
    kind, options = {"lstm": ("LSTM", {}), "gru": ("GRU", {})}.get(cell, ("RNN", {"nonlinearity": cell[4:]}))
    module = getattr(torch.nn, kind)(3, 4, 2, bidirectional=True, **options)
    module.load_state_dict({name: torch.from_numpy(value) for name, value in convert.to_torch(stack).items()})
    assert np.abs(module(torch.from_numpy(x()))[0].detach().numpy() - stack(x())[0]).max() < 1e-6
    (read,) = convert.from_torch(module.state_dict(), nonlinearity=cell[4:] if "rnn" in cell else "tanh").layers.values()
    assert (read(x())[0] == stack(x())[0]).all()


@pytest.mark.parametrize("options", [*STACKS, dict(reverse=True)])
@pytest.mark.parametrize("cell", [*CELLS, "gru_reset_before", "lstm_peephole"])
def test_onnx_runtime_runs_what_goes_out_and_it_comes_back(cell, options, tmp_path):
    runtime = pytest.importorskip("onnxruntime")
    stack = changed(eddy_rnn.RecurrentStack(cell, 3, 4, **options))
    assert convert.to_onnx(stack, tmp_path / "a.onnx") == (tmp_path / "a.onnx").read_bytes()
    pytest.importorskip("onnx").checker.check_model(str(tmp_path / "a.onnx"), full_check=True)
    session = runtime.InferenceSession(tmp_path / "a.onnx")
    y, state = stack(x())
    feeds = {each.name: np.zeros((each.shape[0], 2, 4), np.float32) for each in session.get_inputs()[1:]}
    out = session.run(None, {"x": x(), **feeds})
    assert np.abs(out[0] - y).max() < 1e-5
    if not options:  # states in and out: a sequence in two parts
        begin = session.run(None, {"x": x()[:3], **feeds})
        end = session.run(None, {"x": x()[3:], **dict(zip(feeds, begin[1:], strict=True))})
        assert np.abs(end[0] - y[3:]).max() < 1e-5
    read = convert.from_onnx(tmp_path / "a.onnx")
    part = x()
    for layer in read.layers.values():
        part, _ = layer(part)
    assert (part == y).all() and read.left == ["joined"]


def test_weights_that_are_only_moved_and_nodes_in_branches_are_read():
    onnx = pytest.importorskip("onnx")
    helper, kind = onnx.helper, onnx.TensorProto.FLOAT
    stack = changed(eddy_rnn.RecurrentStack("gru", 3, 4))
    lone = onnx.load_from_string(convert.to_onnx(stack)).graph
    weights = {each.name: onnx.numpy_helper.to_array(each) for each in lone.initializer}
    halves = np.split(weights["W0"], 2, axis=1)
    moved = [onnx.numpy_helper.from_array(half.transpose(2, 1, 0), f"half{i}") for i, half in enumerate(halves)]
    rest = [onnx.numpy_helper.from_array(weights[name], name) for name in ("R0", "B0")]
    inner = helper.make_graph(
        [
            helper.make_node("Concat", ["half0", "half1"], ["whole"], axis=1),
            helper.make_node("Transpose", ["whole"], ["W"], perm=[2, 1, 0]),
            helper.make_node("GRU", ["x", "W", "R0", "B0"], ["y"], "inner", hidden_size=4, linear_before_reset=1),
            helper.make_node("Concat", ["x", "loop"], ["loop"], axis=1),
            helper.make_node("GRU", ["x", "loop", "R0", "B0"], ["z"], "computed", hidden_size=4, linear_before_reset=1),
        ],
        "branch",
        [],
        [helper.make_tensor_value_info("y", kind, None)],
        rest,
    )
    branch = helper.make_node("If", ["which"], ["out"], then_branch=inner, else_branch=inner)
    model = helper.make_model(helper.make_graph([branch], "outer", [], [], moved))
    read = convert.from_onnx(model)
    assert (read.layers["inner"](x())[0] == stack(x())[0]).all()
    assert "computed (weights that are computed)" in read.left


def test_nodes_that_eddy_has_not_are_listed_with_the_reason():
    onnx = pytest.importorskip("onnx")
    model = onnx.load_from_string(convert.to_onnx(eddy_rnn.RecurrentStack("lstm", 3, 4)))
    (node,) = [node for node in model.graph.node if node.op_type == "LSTM"]
    node.attribute.append(onnx.helper.make_attribute("clip", 0.5))
    read = convert.from_onnx(model)
    assert not read.layers and "clip of 0.5" in read.left[0]
