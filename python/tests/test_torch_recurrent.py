"""The module of any cell."""

import os
import subprocess
import sys
import textwrap

import eddy_rnn
import numpy as np
import pytest

torch = pytest.importorskip("torch")

from eddy_rnn.torch import Recurrent


@pytest.mark.parametrize("cell", eddy_rnn.cells())
def test_a_module_equals_the_layers_for_arrays(cell):
    torch.manual_seed(0)
    module = Recurrent(cell, 3, 8, num_layers=2, bidirectional=True, layer_norm=True)
    stack = eddy_rnn.RecurrentStack(cell, 3, 8, layers=2, bidirectional=True, layer_norm=True)
    for parameter, value in zip(stack.parameters(), module.parameters(), strict=True):
        parameter.value = value.detach().numpy()
    x = torch.randn(6, 2, 3)
    target = torch.randn(6, 2, 16)
    y, state = module(x, lengths=[6, 4])
    tape = eddy_rnn.Tape()
    ours, states = stack(tape.constant(x.numpy()), lengths=[6, 4])
    np.testing.assert_array_equal(y.detach().numpy(), ours.value)
    np.testing.assert_array_equal(state.detach().numpy(), [s.value for s in states])
    torch.nn.functional.mse_loss(y, target).backward()
    tape.backward(eddy_rnn.squared_error(ours, target.numpy()))
    for parameter, value in zip(stack.parameters(), module.parameters(), strict=True):
        np.testing.assert_allclose(value.grad.numpy(), parameter.grad, atol=1e-6)


def test_masks_follow_torchs_seed_and_act_in_training_only():
    module = Recurrent("lstm", 3, 8, variational_dropout=0.3, recurrent_dropout=0.2, zoneout=0.1)
    x = torch.randn(6, 2, 3)
    torch.manual_seed(1)
    one = module(x)[0]
    other = module(x)[0]
    torch.manual_seed(1)
    assert torch.equal(module(x)[0], one) and not torch.equal(other, one)
    module.eval()
    with torch.no_grad():
        assert torch.equal(module(x)[0], module(x)[0])
    with pytest.raises(RuntimeError, match="zoneout"):
        module(x)


def test_a_state_is_carried():
    module = Recurrent("sru", 3, 8, num_layers=2, batch_first=True)
    x = torch.randn(2, 6, 3)
    with torch.no_grad():
        y, last = module(x)
        begin, state = module(x[:, :4])
        end, state = module(x[:, 4:], state)
    assert torch.equal(torch.cat([begin, end], 1), y) and torch.equal(state, last)


def test_a_module_exports():
    module = Recurrent("lstm", 3, 8, layer_norm=True).eval()
    x = torch.randn(6, 2, 3)
    assert torch.equal(torch.export.export(module, (x,)).module()(x)[0], module(x)[0])


def test_what_cannot_be_is_an_error_that_says_so():
    with pytest.raises(ValueError, match="nearest: lstm"):
        Recurrent("lstn", 3, 8)
    with pytest.raises(ValueError, match="dropout"):
        Recurrent("lstm", 3, 8, dropout=1.0)
    with pytest.raises(ValueError, match="one of cell"):
        Recurrent("lstm", 3, 8, layernorm=True)
    with pytest.raises(ValueError, match="float32"):
        Recurrent("lstm", 3, 8)(torch.randn(6, 2, 3).double())
    module = Recurrent("lstm", 3, 8)
    with pytest.raises(ValueError, match="input must be"):
        module(torch.randn(6, 2, 4))
    with pytest.raises(ValueError, match="states must be"):
        module(torch.randn(6, 2, 3), torch.randn(1, 2, 8))
    with pytest.raises(ValueError, match="lengths must be"):
        module(torch.randn(6, 2, 3), lengths=[6])
    with pytest.raises(ValueError, match="at most 6 steps"):
        module(torch.randn(6, 2, 3), lengths=[6, 7])
    module.double()
    with pytest.raises(ValueError, match="float32"):
        module(torch.randn(6, 2, 3))
    module = Recurrent("lstm", 3, 8)
    module.W_l0 = torch.nn.Parameter(torch.zeros(32, 2))
    with pytest.raises(ValueError, match="weights must have"):
        module(torch.randn(6, 2, 3))
    module = Recurrent("lstm", 3, 8)
    x = torch.randn(6, 2, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="differentiated again"):
        torch.autograd.grad(module(x)[0].sum(), x, create_graph=True)


def test_two_processes_train_as_one(tmp_path):
    script = textwrap.dedent(
        """
        import sys, torch, torch.distributed as dist
        from eddy_rnn.torch import LSTM, Recurrent
        rank, rendezvous = int(sys.argv[1]), sys.argv[2]
        torch.set_num_threads(1)
        dist.init_process_group("gloo", init_method=f"file://{rendezvous}", rank=rank, world_size=2)

        class Model(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.first, self.second = LSTM(3, 8), Recurrent("gru", 8, 8, layer_norm=True)
            def forward(self, x):
                return self.second(self.first(x)[0])[0]

        torch.manual_seed(rank)  # DistributedDataParallel makes the weights rank 0's
        model = torch.nn.parallel.DistributedDataParallel(Model())
        torch.manual_seed(0)
        alone = Model()
        x, target = torch.randn(10, 4, 3), torch.randn(10, 4, 8)
        for net, rows in ((model, slice(2 * rank, 2 * rank + 2)), (alone, slice(None))):
            optimizer = torch.optim.SGD(net.parameters(), 0.5)
            for _ in range(3):
                optimizer.zero_grad()
                torch.nn.functional.mse_loss(net(x[:, rows]), target[:, rows]).backward()
                optimizer.step()
        for one, two in zip(model.module.parameters(), alone.parameters()):
            torch.testing.assert_close(one, two, atol=1e-5, rtol=1e-5)
        dist.destroy_process_group()
        """
    )
    ranks = [
        subprocess.Popen(
            [sys.executable, "-c", script, str(rank), str(tmp_path / "rendezvous")],
            env={**os.environ, "GLOO_SOCKET_IFNAME": "lo"},
            stderr=subprocess.PIPE,
            text=True,
        )
        for rank in range(2)
    ]
    for rank in ranks:
        _, errors = rank.communicate(timeout=300)
        assert rank.returncode == 0, errors
