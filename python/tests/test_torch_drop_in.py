"""The drop-in modules are torch.nn's, to rounding, with everything that torch.nn's can do."""

import copy
import io
import itertools
import pickle

import pytest

torch = pytest.importorskip("torch")

import eddy_rnn.torch as ours
from eddy_rnn.torch import _drop_in, _run
from torch import nn

KINDS = {
    "LSTM": {},
    "GRU": {},
    "RNN": {},
    "RNN_relu": {"nonlinearity": "relu"},
    "LSTM_projected": {"proj_size": 3},
}


def pair(kind, *sizes, **options):
    """torch's module and ours, with the same weights."""
    name = kind.partition("_")[0]
    torch.manual_seed(3)
    theirs = getattr(nn, name)(*sizes, **KINDS[kind], **options)
    own = getattr(ours, name)(*sizes, **KINDS[kind], **options)
    own.load_state_dict(theirs.state_dict())
    return theirs, own


@pytest.fixture
def runs(monkeypatch):
    """How often the engine ran."""
    calls = []
    forward = _run.Layers.forward
    monkeypatch.setattr(_run.Layers, "forward", lambda self, *a: (calls.append(1), forward(self, *a))[1])
    return calls


def tensors(made):
    """All tensors of a module's output, in order."""
    if isinstance(made, torch.Tensor):
        return [made]
    if isinstance(made, nn.utils.rnn.PackedSequence):
        return [made.data]
    return [tensor for part in made for tensor in tensors(part)]


def check(theirs, own, x, hx=None, tolerance=1e-5):
    """Outputs, states and all gradients agree."""
    results = []
    for module in (theirs, own):
        copies = [t.detach().clone().requires_grad_() for t in tensors([t for t in (x, hx) if t is not None])]
        ready = iter(copies)
        own_x = x._replace(data=next(ready)) if isinstance(x, nn.utils.rnn.PackedSequence) else next(ready)
        own_hx = None if hx is None else next(ready) if isinstance(hx, torch.Tensor) else tuple(ready)
        made = tensors(module(own_x, own_hx))
        torch.manual_seed(5)
        loss = sum((tensor * torch.randn_like(tensor)).sum() for tensor in made)
        results.append((made, torch.autograd.grad(loss, [*copies, *module.parameters()])))
    for one, other in zip(results[0][0] + list(results[0][1]), results[1][0] + list(results[1][1]), strict=True):
        assert one.shape == other.shape
        torch.testing.assert_close(other, one, atol=tolerance, rtol=tolerance)


def state_for(module, rows, unbatched=False):
    units = module.num_layers * (2 if module.bidirectional else 1)
    shape = lambda width: (units, width) if unbatched else (units, rows, width)
    h = torch.randn(shape(module.proj_size or module.hidden_size))
    return (h, torch.randn(shape(module.hidden_size))) if isinstance(module, nn.LSTM) else h


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("layers, bidirectional", [*itertools.product([1, 2], [False, True])])
@pytest.mark.parametrize("bias, batch_first", [*itertools.product([True, False], [False, True])])
def test_every_option_equals_torch(kind, layers, bidirectional, bias, batch_first, runs):
    theirs, own = pair(kind, 4, 5, layers, bidirectional=bidirectional, bias=bias, batch_first=batch_first)
    x = torch.randn(3, 7, 4) if batch_first else torch.randn(7, 3, 4)
    check(theirs, own, x)
    check(theirs, own, x, state_for(theirs, 3))
    assert len(runs) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_unbatched_inputs_equal_torch(kind, runs):
    for batch_first in (False, True):
        theirs, own = pair(kind, 4, 5, 2, bidirectional=True, batch_first=batch_first)
        check(theirs, own, torch.randn(7, 4))
        check(theirs, own, torch.randn(7, 4), state_for(theirs, 1, unbatched=True))
    assert len(runs) == 4


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("dropout", [0, 0.5])
def test_packed_sequences_equal_torch(kind, bidirectional, dropout, runs):
    theirs, own = pair(kind, 4, 5, 2, bidirectional=bidirectional, dropout=dropout)
    x = nn.utils.rnn.pack_sequence([torch.randn(n, 4) for n in (2, 6, 3, 6)], enforce_sorted=False)
    for module in (theirs, own):
        module.register_forward_pre_hook(lambda *_: torch.manual_seed(11) and None)
    check(theirs, own, x)
    check(theirs, own, x, state_for(theirs, 4))
    assert len(runs) == (4 if dropout else 2)


@pytest.mark.parametrize("kind", KINDS)
def test_dropout_between_layers_drops_what_torch_drops(kind, runs):
    theirs, own = pair(kind, 4, 5, 3, dropout=0.5, bidirectional=True)
    for module in (theirs, own):
        module.register_forward_pre_hook(lambda *_: torch.manual_seed(11) and None)
    check(theirs, own, torch.randn(7, 3, 4))
    assert len(runs) == 3
    check(theirs.eval(), own.eval(), torch.randn(7, 3, 4))
    assert len(runs) == 4


@pytest.mark.parametrize("kind", KINDS)
def test_inference_equals_training(kind):
    _, own = pair(kind, 20, 40, 2)
    x = torch.randn(9, 4, 20)
    with torch.no_grad():
        without = tensors(own(x))
    for one, other in zip(without, tensors(own(x))):
        assert torch.equal(one, other)
        assert not one.requires_grad and other.requires_grad


def test_what_is_not_float32_on_the_cpu_goes_to_torch(runs):
    theirs, own = pair("LSTM", 4, 5)
    x = torch.randn(7, 3, 4)
    assert torch.equal(own.double()(x.double())[0], theirs.double()(x.double())[0])
    own, theirs = own.float(), theirs.float()
    with torch.autocast("cpu", dtype=torch.bfloat16):
        assert own(x)[0].dtype == theirs(x)[0].dtype
    assert own.to("meta")(x.to("meta"))[0].is_meta
    assert not runs


def test_errors_are_torchs():
    theirs, own = pair("LSTM", 4, 5)
    for wrong in (
        lambda m: m(torch.randn(7, 3, 6)),
        lambda m: m(torch.randn(7)),
        lambda m: m(torch.randn(7, 3, 4).double()),
        lambda m: m(torch.randn(7, 3, 4), (torch.randn(1, 2, 5), torch.randn(1, 3, 5))),
        lambda m: m(torch.randn(7, 3, 4), (torch.randn(1, 5), torch.randn(1, 5))),
        lambda m: m(torch.randn(7, 3, 4), torch.randn(1, 3, 5)),
        lambda m: m(torch.randn(0, 3, 4)),
    ):
        messages = []
        for module in (theirs, own):
            with pytest.raises((RuntimeError, ValueError, TypeError, IndexError)) as raised:
                wrong(module)
            messages.append((raised.type, str(raised.value)))
        assert messages[0] == messages[1]


def test_a_module_is_torchs_module():
    theirs, own = pair("LSTM", 4, 5, 2)
    assert isinstance(own, nn.LSTM) and repr(own) == repr(theirs)
    assert list(own.state_dict()) == list(theirs.state_dict())
    x = torch.randn(7, 3, 4)
    y = own(x)[0]
    for other in (copy.deepcopy(own), pickle.loads(pickle.dumps(own))):
        assert torch.equal(other(x)[0], y)
    file = io.BytesIO()
    torch.save(own, file)
    file.seek(0)
    assert torch.equal(torch.load(file, weights_only=False)(x)[0], y)
    seen = []
    own.register_forward_hook(lambda module, args, output: seen.append(output))
    own(x)
    assert len(seen) == 1
    assert torch.equal(own.to(torch.float64).to(torch.float32)(x)[0], y)


def test_functional_calls_and_transforms_hold(runs):
    theirs, own = pair("GRU", 4, 5)
    x = torch.randn(7, 3, 4)
    weights = {name: torch.randn_like(p) for name, p in own.named_parameters()}
    made = [torch.func.functional_call(m, weights, (x,))[0] for m in (theirs, own)]
    torch.testing.assert_close(made[1], made[0], atol=1e-5, rtol=1e-5)
    assert len(runs) == 1
    grads = [
        torch.func.grad(lambda w: torch.func.functional_call(m, w, (x,))[0].sum())(weights)["weight_hh_l0"]
        for m in (theirs, own)
    ]
    torch.testing.assert_close(grads[1], grads[0])
    own.weight_hh_l0 = nn.Parameter(torch.zeros_like(own.weight_hh_l0))
    assert (own(x)[0] != made[1]).any()


def test_weight_parametrizations_hold():
    theirs, own = pair("LSTM", 4, 5)
    for module in (theirs, own):
        nn.utils.parametrizations.weight_norm(module, "weight_hh_l0")
    check(theirs, own, torch.randn(7, 3, 4))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("packed", [False, True])
def test_gradients_of_gradients_equal_torch(kind, packed):
    theirs, own = pair(kind, 4, 5, 2)
    x = torch.randn(6, 3, 4)
    results = []
    for module in (theirs, own):
        leaf = x.clone().requires_grad_()
        data = nn.utils.rnn.pack_padded_sequence(leaf, [6, 4, 2]) if packed else leaf
        with torch.backends.mkldnn.flags(enabled=False):
            y = tensors(module(data))[0]
            (dx,) = torch.autograd.grad(y.sin().sum(), leaf, create_graph=True)
            results.append(torch.autograd.grad((dx**2).sum(), [leaf, *module.parameters()], allow_unused=True))
    for one, other in zip(*results, strict=True):
        assert (one is None) == (other is None)
        if one is not None:
            torch.testing.assert_close(other, one, atol=1e-5, rtol=1e-4)


def test_double_precision_passes_gradcheck():
    own = ours.GRU(2, 3).double()
    x = torch.randn(3, 2, 2, dtype=torch.double, requires_grad=True)
    assert torch.autograd.gradcheck(lambda x: own(x)[0], x)
    assert torch.autograd.gradgradcheck(lambda x: own(x)[0], x)


def test_a_graph_can_be_run_back_twice():
    _, own = pair("LSTM", 4, 5)
    x = torch.randn(7, 3, 4, requires_grad=True)
    y = own(x)[0].sum()
    (first,) = torch.autograd.grad(y, x, retain_graph=True)
    (second,) = torch.autograd.grad(y, x)
    assert torch.equal(first, second)


def test_gradients_are_asked_for_only_where_they_are_needed():
    _, own = pair("LSTM", 4, 5)
    own.weight_hh_l0.requires_grad_(False)
    own(torch.randn(7, 3, 4))[1][1].sum().backward()
    assert own.weight_hh_l0.grad is None and own.weight_ih_l0.grad is not None


def test_changing_what_a_backward_needs_is_an_error():
    for change in (lambda own, y: y.add_(1), lambda own, y: own.weight_ih_l0.data.add_(0) is own.weight_ih_l0.mul_(2)):
        _, own = pair("LSTM", 4, 5)
        y = own(torch.randn(7, 3, 4))[0]
        loss = (y * 1).sum()
        with torch.no_grad():
            change(own, y)
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            loss.backward()


def test_non_contiguous_inputs_and_weights_hold():
    theirs, own = pair("GRU", 4, 5)
    for module in (theirs, own):
        module.weight_hh_l0 = nn.Parameter(module.weight_hh_l0.detach().t().contiguous().t())
    check(theirs, own, torch.randn(4, 3, 14).permute(2, 1, 0)[::2])


@pytest.mark.parametrize("kind", KINDS)
def test_the_operator_passes_opcheck(kind):
    _, own = pair(kind, 4, 5, 2, bidirectional=True)
    weights = [p.detach().requires_grad_() for p in own.parameters()]
    state = state_for(own, 3)
    description = own._description(0, 2)
    for states in ([], [state] if isinstance(state, torch.Tensor) else list(state)):
        x = torch.randn(7, 3, 4, requires_grad=True)
        torch.library.opcheck(_run.traced, (x, states, weights, description))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("batch_first", [False, True])
def test_exported_modules_run(kind, batch_first):
    _, own = pair(kind, 4, 5, 2, batch_first=batch_first)
    x = torch.randn(7, 3, 4)
    program = torch.export.export(own.eval(), (x,))
    assert any("eddy_rnn" in str(node.target) for node in program.graph.nodes)
    for one, other in zip(tensors(program.module()(x)), tensors(own(x))):
        assert torch.equal(one, other)


@pytest.mark.parametrize("kind", ["LSTM", "GRU"])
def test_compiled_modules_train(kind):
    import torch._dynamo

    theirs, own = pair(kind, 4, 5, 2)
    with torch._dynamo.config.patch(allow_rnn=True):
        check(theirs, torch.compile(own, backend="aot_eager", fullgraph=True), torch.randn(7, 3, 4))
    torch._dynamo.reset()


def test_few_steps_go_to_torch(runs):
    own = pair("LSTM", 4, 5)[1]
    own(torch.randn(_drop_in.LEAST_STEPS - 1, 3, 4))
    assert not runs
