"""The inputs by which PyTorch tests its own LSTM, GRU and RNN (torch.testing._internal.common_modules), and what its tests of modules
ask of them, with the drop-ins in the place of torch.nn's before they are listed."""

import copy
import importlib
import pickle
import sys

import pytest

torch = pytest.importorskip("torch")
pytest.importorskip("expecttest")  # of which torch's tests are made

import eddy_rnn.torch as ours
from torch.testing import assert_close

KINDS = ("LSTM", "GRU", "RNN")
THEIRS = {kind: getattr(torch.nn, kind) for kind in KINDS}
LISTED = "torch.testing._internal.common_modules"


@pytest.fixture(scope="module")
def listed():
    """torch's description of each module, which names ours."""
    before = sys.modules.pop(LISTED, None)
    for kind in KINDS:
        setattr(torch.nn, kind, getattr(ours, kind))
    try:
        common = importlib.import_module(LISTED)
    finally:
        for kind, module in THEIRS.items():
            setattr(torch.nn, kind, module)
        sys.modules.pop(LISTED)
        if before is not None:
            sys.modules[LISTED] = before
    return {each.module_cls.__name__: each for each in common.module_db if each.module_cls.__name__ in KINDS}


def inputs(info, dtype, training=False):
    """Modules of ours with what to call them with, [(module, arguments, keywords)]."""
    torch.manual_seed(0)
    made = []
    for each in info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=True, training=training):
        module = info.module_cls(*each.constructor_input.args, **each.constructor_input.kwargs, dtype=dtype).train(training)
        made.append((module, each.constructor_input.kwargs, each.forward_input.args, each.forward_input.kwargs))
    return made


def flat(results):
    return [each for result in results for each in (result if isinstance(result, tuple) else (result,))]


def gradients(module, arguments, keywords):
    results = flat(module(*arguments, **keywords))
    wanted = [*module.parameters(), *(each for each in flat(arguments) if isinstance(each, torch.Tensor) and each.requires_grad)]
    return results, torch.autograd.grad(sum((each * each).sum() for each in results), wanted)


def renewed(arguments, change):
    def one(each):
        if isinstance(each, tuple):
            return tuple(map(one, each))
        return change(each.detach()).requires_grad_() if isinstance(each, torch.Tensor) else each

    return tuple(map(one, arguments))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_modules_do_with_torchs_inputs_what_torchs_do(kind, dtype, listed):
    info = listed[kind]
    assert info.module_cls is getattr(ours, kind)
    for training in (False, True):
        made = inputs(info, dtype, training)
        assert len(made) >= 16
        for module, options, arguments, keywords in made:
            theirs = THEIRS[kind](**options, dtype=dtype).train(training)
            theirs.load_state_dict(module.state_dict())
            assert repr(theirs) == repr(module)
            for results, expected in zip(gradients(module, arguments, keywords), gradients(theirs, arguments, keywords), strict=True):
                for a, b in zip(results, expected, strict=True):
                    assert_close(a, b, rtol=1e-5, atol=1e-5 * max(1.0, b.abs().max().item()))


@pytest.mark.parametrize("kind", KINDS)
def test_copies_pickles_and_other_types_of_modules_do_the_same(kind, listed, tmp_path):
    for module, options, arguments, keywords in inputs(listed[kind], torch.float32):
        expected = flat(module(*arguments, **keywords))
        torch.save(module, tmp_path / "module.pt")
        for copied in (copy.deepcopy(module), pickle.loads(pickle.dumps(module)), torch.load(tmp_path / "module.pt", weights_only=False)):
            assert_close(flat(copied(*arguments, **keywords)), expected, rtol=0, atol=0)
        double = copy.deepcopy(module).double()
        assert_close([each.float() for each in flat(double(*renewed(arguments, torch.Tensor.double), **keywords))], expected)
        empty = listed[kind].module_cls(**options, device="meta")
        assert all(each.is_meta for each in empty.parameters())
        assert_close(list(map(torch.zeros_like, module.parameters())), [each.zero_() for each in empty.to_empty(device="cpu").requires_grad_(False).parameters()])


@pytest.mark.parametrize("kind", KINDS)
def test_arrays_that_are_not_contiguous_are_read_as_those_that_are(kind, listed):
    def apart(tensor):
        wide = torch.empty(*tensor.shape[:-1], 2 * tensor.shape[-1], dtype=tensor.dtype)
        wide[..., ::2] = tensor
        return wide[..., ::2]

    for module, _, arguments, keywords in inputs(listed[kind], torch.float32):
        there = renewed(arguments, apart)
        for a, b in zip(gradients(module, arguments, keywords), gradients(module, there, keywords), strict=True):
            assert_close(a, b)


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_of_gradients_hold(kind, listed):
    for module, _, arguments, keywords in inputs(listed[kind], torch.float64, True)[::3]:
        tensors = [each for each in flat(arguments) if isinstance(each, torch.Tensor)]

        def run(*tensors, module=module, arguments=arguments, keywords=keywords):
            left = iter(tensors)
            return tuple(flat(module(*renewed_by(arguments, left), **keywords)))

        assert torch.autograd.gradcheck(run, tensors)
        assert torch.autograd.gradgradcheck(run, tensors)


def renewed_by(arguments, left):
    return tuple(tuple(next(left) for _ in each) if isinstance(each, tuple) else next(left) if isinstance(each, torch.Tensor) else each for each in arguments)


@pytest.mark.parametrize("kind", KINDS)
def test_what_torch_refuses_is_refused(kind, listed):
    info = listed[kind]
    cases = list(info.module_error_inputs_func(info, device="cpu", dtype=torch.float32, requires_grad=False, training=False))
    assert len(cases) == 14
    for case in cases:
        given = case.module_error_input
        with pytest.raises(case.error_type, match=case.error_regex):
            module = info.module_cls(*given.constructor_input.args, **given.constructor_input.kwargs)
            module(*given.forward_input.args, **given.forward_input.kwargs)
