"""torch.nn's LSTM, GRU and RNN, run by Eddy for float32 on the CPU and by torch itself for everything else."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, _VF
from torch.nn.utils.rnn import PackedSequence

from ._run import Differentiable, Layers, described, run, traced

_CELLS = {"LSTM": "lstm", "GRU": "gru", "RNN_TANH": "rnn_tanh", "RNN_RELU": "rnn_relu"}

# Fewer steps than this go to torch: it does not pack the weights, which is worth it only where they are used many times.
LEAST_STEPS = 2

_float32, _strided = torch.float32, torch.strided
_plain_types = (Tensor, torch.nn.Parameter)


def _are_plain(*tensors: Any) -> bool:
    """Whether the engine can read them: ordinary tensors of float32 in the CPU's memory."""
    for tensor in tensors:
        if (
            type(tensor) not in _plain_types
            or tensor.dtype is not _float32
            or not tensor.is_cpu
            or tensor.layout is not _strided
            or tensor.is_neg()
        ):
            return False
    return True


def _torch_must_run() -> bool:
    """Modes in which tensors are not what they seem, or products not float32's."""
    return (
        torch.is_autocast_enabled("cpu")
        or torch._C._functorch.peek_interpreter_stack() is not None
        or torch._C._len_torch_dispatch_stack() > 0
        or torch._C._len_torch_function_stack() > 0
        or torch._C._get_tracing_state() is not None
        or torch.autograd.forward_ad._current_level >= 0
    )


def _text(mode: str, input: int, hidden: int, projection: int, count: int, bidirectional: bool, bias: bool) -> str:
    """As `described` reads it; made of plain text, which torch can trace."""
    return (
        f'[{{"cell": "{_CELLS[mode]}", "input": {input}, "hidden": {hidden}, "projection": {projection}, "layers": {count},'
        f' "bidirectional": {"true" if bidirectional else "false"}}}, true, {"true" if bias else "false"}]'
    )


@functools.lru_cache(maxsize=256)
def _layers(mode: str, input: int, hidden: int, projection: int, count: int, bidirectional: bool, bias: bool) -> Layers:
    """As `described` has them, found without a text."""
    return described(_text(mode, input, hidden, projection, count, bidirectional, bias))


class _DropIn(torch.nn.RNNBase):
    """What the three share. `forward` takes what is Eddy's and leaves the rest, every error among it, to torch.nn's."""

    def forward(self, input: Any, hx: Any = None) -> Any:
        if torch.compiler.is_compiling():
            return self._forward_traced(input, hx)
        if _torch_must_run():
            return super().forward(input, hx)
        weights = self._weights()
        if not _are_plain(*weights):
            return super().forward(input, hx)
        if isinstance(input, PackedSequence):
            return self._forward_packed(input, hx, weights)
        if not _are_plain(input):
            return super().forward(input, hx)
        shape = input.shape
        dims = len(shape)
        if dims != 3 and dims != 2 or shape[-1] != self.input_size or 0 in shape:
            return super().forward(input, hx)
        if dims == 2:
            x = input.unsqueeze(1)
        else:
            x = input.transpose(0, 1) if self.batch_first else input
        states = self._states(hx, x.size(1), dims)
        if states is None or x.size(0) < LEAST_STEPS:
            return super().forward(input, hx)
        y, *after = self._run(x, states, weights, [])
        if dims == 2:
            return y.squeeze(1), self._hidden([state.squeeze(1) for state in after])
        return (y.transpose(0, 1) if self.batch_first else y), self._hidden(after)

    def _forward_packed(self, input: PackedSequence, hx: Any, weights: list[Any]) -> Any:
        data, batch_sizes, sorted_indices, unsorted_indices = input
        if not _are_plain(data) or data.dim() != 2 or data.size(1) != self.input_size or data.numel() == 0:
            return super().forward(input, hx)
        states = self._states(hx, int(batch_sizes[0]), 3)
        if states is None:
            return super().forward(input, hx)
        if sorted_indices is not None:
            states = [state.index_select(1, sorted_indices) for state in states]
        x, lengths = _VF._pad_packed_sequence(data, batch_sizes, False, 0.0, batch_sizes.numel())
        y, *after = self._run(x, states, weights, lengths.tolist())
        packed, _ = _VF._pack_padded_sequence(y, lengths, False)
        if unsorted_indices is not None:
            after = [state.index_select(1, unsorted_indices) for state in after]
        return PackedSequence(packed, batch_sizes, sorted_indices, unsorted_indices), self._hidden(after)

    def _forward_traced(self, input: Any, hx: Any) -> Any:
        if (
            isinstance(input, PackedSequence)
            or input.dtype != torch.float32
            or input.device.type != "cpu"
            or torch.is_autocast_enabled("cpu")
            or input.dim() not in (2, 3)
            or (self.training and self.dropout > 0 and self.num_layers > 1)
            or (hx is not None and not self._fits(hx))
        ):
            return super().forward(input, hx)
        batched = input.dim() == 3
        x = input if batched else input.unsqueeze(1)
        if batched and self.batch_first:
            x = x.transpose(0, 1)
        states = [] if hx is None else list(hx) if self.mode == "LSTM" else [hx]
        if not batched:
            states = [state.unsqueeze(1) for state in states]
        weights = [getattr(self, name) for name in self._flat_weights_names]
        y, *after = traced(x, states, weights, self._description(0, self.num_layers))
        if not batched:
            return y.squeeze(1), self._hidden([state.squeeze(1) for state in after])
        return (y.transpose(0, 1) if self.batch_first else y), self._hidden(after)

    def _weights(self) -> list[Any]:
        """As they are now, which functional_call and parametrizations change."""
        names, own = self._flat_weights_names, self._parameters
        try:
            weights: list[Any] = [own[name] for name in names]
        except KeyError:  # a parametrization's, say
            weights = [None]
        for weight in weights:
            if weight is None:
                return [getattr(self, name) for name in names]
        return weights

    def _fits(self, hx: Any) -> bool:
        states = hx if self.mode == "LSTM" else [hx]
        return all(state.dtype == torch.float32 and state.device.type == "cpu" for state in states)

    def _states(self, hx: Any, rows: int, dims: int) -> list[Tensor] | None:
        """The initial states [layers and directions, B, width]; an empty list for zeros, None for what torch must judge."""
        if hx is None:
            return []
        lstm = self.mode == "LSTM"
        if lstm and not (isinstance(hx, (tuple, list)) and len(hx) == 2):
            return None
        states: list[Tensor] = list(hx) if lstm else [hx]
        units = self.num_layers * (2 if self.bidirectional else 1)
        widths = [self.proj_size or self.hidden_size, self.hidden_size]
        for state, width in zip(states, widths):
            if not _are_plain(state):
                return None
            if tuple(state.shape) != ((units, rows, width) if dims == 3 else (units, width)):
                return None
        return states if dims == 3 else [state.unsqueeze(1) for state in states]

    def _hidden(self, states: Sequence[Tensor]) -> Any:
        return tuple(states) if self.mode == "LSTM" else states[0]

    def _description(self, first: int, count: int) -> str:
        """Some of the layers, as `described` reads it."""
        width = (self.proj_size or self.hidden_size) * (2 if self.bidirectional else 1)
        return _text(
            self.mode, width if first > 0 else self.input_size, self.hidden_size, self.proj_size, count, self.bidirectional, self.bias
        )

    def _run(self, x: Tensor, states: Sequence[Tensor], weights: Sequence[Any], lengths: list[int]) -> Sequence[Tensor]:
        if not (self.training and self.dropout > 0 and self.num_layers > 1):
            layers = _layers(
                self.mode, self.input_size, self.hidden_size, self.proj_size, self.num_layers, self.bidirectional, self.bias
            )
            return run(layers, x, lengths, states, weights, self._by_torch(self.num_layers, lengths))
        # A layer at a time, with torch's dropout between them: from the same seed it drops the same.
        directions = 2 if self.bidirectional else 1
        share = len(weights) // self.num_layers
        after = []
        for i in range(self.num_layers):
            if i > 0:
                x = self._drop(x, lengths)
            own = [state[i * directions : (i + 1) * directions] for state in states]
            x, *last = run(
                described(self._description(i, 1)), x, lengths, own, weights[i * share : (i + 1) * share], self._by_torch(1, lengths)
            )
            after.append(last)
        return [x, *(torch.cat(parts) for parts in zip(*after))]

    def _drop(self, x: Tensor, lengths: list[int]) -> Tensor:
        if not lengths:
            return torch.dropout(x, self.dropout, True)
        # torch drops from the packed data, in which there is no padding.
        rows = torch.tensor(lengths)
        data, sizes = _VF._pack_padded_sequence(x, rows, False)
        data = torch.dropout(data, self.dropout, True)
        return _VF._pad_packed_sequence(data, sizes, False, 0.0, x.size(0))[0]

    def _by_torch(self, layers: int, lengths: list[int]) -> Differentiable:
        """The same by torch's own operations, for gradients of gradients."""

        def differentiable(x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor]) -> Sequence[Tensor]:
            function = getattr(_VF, self.mode.lower())
            if not states:
                units = layers * (2 if self.bidirectional else 1)
                widths = [self.proj_size or self.hidden_size] + [self.hidden_size] * (self.mode == "LSTM")
                states = [x.new_zeros((units, x.size(1), width)) for width in widths]
            hx = list(states) if self.mode == "LSTM" else states[0]
            with torch.backends.mkldnn.flags(enabled=False):  # whose gradients cannot be differentiated
                if not lengths:
                    return list(function(x, hx, weights, self.bias, layers, 0.0, False, self.bidirectional, False))
                data, sizes = _VF._pack_padded_sequence(x, torch.tensor(lengths), False)
                made = function(data, sizes, hx, weights, self.bias, layers, 0.0, False, self.bidirectional)
                return [_VF._pad_packed_sequence(made[0], sizes, False, 0.0, x.size(0))[0], *made[1:]]

        return differentiable


class LSTM(_DropIn, torch.nn.LSTM):
    """torch.nn.LSTM, run by Eddy for float32 on the CPU."""


class GRU(_DropIn, torch.nn.GRU):
    """torch.nn.GRU, run by Eddy for float32 on the CPU."""


class RNN(_DropIn, torch.nn.RNN):
    """torch.nn.RNN, run by Eddy for float32 on the CPU."""
