"""A torch module of any of Eddy's cells."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from .._core import _parameter_shapes, cell_info
from ._run import described, require_float32, run, traced


class Recurrent(torch.nn.Module):
    """Recurrent layers of any cell of `eddy_rnn.cells()`, stacked, in one or two directions; float32 on the CPU.

    >>> layer = Recurrent("lstm", 3, 8, layer_norm=True, zoneout=0.1)
    >>> y, state = layer(torch.zeros(20, 4, 3))
    >>> y.shape, state.shape
    (torch.Size([20, 4, 8]), torch.Size([1, 4, 16]))

    The options are those of `eddy_rnn.RecurrentStack`, and `batch_first` as torch has it. Dropout, zoneout and the like act
    in training; their masks are drawn from torch's generator. A row of the state holds all state components of a layer and
    direction side by side. Not supported: gradients in eval() of a layer with zoneout, gradients of gradients, and masks
    where torch traces.
    """

    def __init__(
        self,
        cell: str,
        input_size: int,
        hidden_size: int,
        *,
        num_layers: int = 1,
        bidirectional: bool = False,
        batch_first: bool = False,
        dropout: float = 0.0,
        residual: bool = False,
        **options: Any,
    ) -> None:
        super().__init__()
        self.batch_first = batch_first
        self.dropout = dropout
        if not 0 <= dropout < 1:
            raise ValueError(f"dropout must be in [0, 1), but is {dropout}")
        self.num_layers = num_layers
        self.bidirectional = bidirectional
        self.options = {"cell": cell, "input": input_size, "hidden": hidden_size, "projection": 0, **options}
        width = (self.options["projection"] or hidden_size) * (2 if bidirectional else 1)
        self._names: list[list[str]] = []  # of a layer's parameters, both directions'
        self._descriptions: list[tuple[str, str]] = []  # of each layer, with what acts in training, and without
        for i in range(num_layers):
            one = {**self.options, "input": width if i > 0 else input_size}
            stacked = {**one, "layers": 1, "bidirectional": bidirectional, "residual": residual}
            without = {**stacked, "variational_dropout": 0.0, "recurrent_dropout": 0.0}
            self._descriptions.append((json.dumps([stacked, False, True]), json.dumps([without, False, True])))
            described(self._descriptions[-1][0])  # which says what is wrong with it
            self._names.append([])
            for suffix in ("", "r")[: 2 if bidirectional else 1]:
                for name, shape in _parameter_shapes(**one):
                    self._names[-1].append(f"{name}_l{i}{suffix}")
                    self.register_parameter(self._names[-1][-1], torch.nn.Parameter(torch.empty(shape)))
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Recurrent weights orthogonal a gate, input weights uniform, biases 0 but the forget gate's."""
        info = cell_info(self.options["cell"])
        hidden = self.options["hidden"]
        for name, parameter in self.named_parameters():
            kind = name.partition("_l")[0]
            with torch.no_grad():
                if kind == "W":
                    torch.nn.init.uniform_(parameter, -math.sqrt(3 / parameter.shape[1]), math.sqrt(3 / parameter.shape[1]))
                elif kind in ("U", "U2"):
                    for block in torch.split(parameter, hidden):
                        torch.nn.init.eye_(block) if info["identity_recurrent"] else torch.nn.init.orthogonal_(block)
                elif kind == "P":
                    torch.nn.init.orthogonal_(parameter)
                elif kind == "p":
                    torch.nn.init.uniform_(parameter, info["param_low"], info["param_high"])
                elif kind in ("gain_x", "gain_u"):
                    torch.nn.init.ones_(parameter)
                else:
                    torch.nn.init.zeros_(parameter)
                if kind == "b" and info["forget_gate"] >= 0:
                    first = info["forget_gate"] * hidden
                    parameter[first : first + hidden] = self.options.get("forget_bias", 1.0)

    def forward(self, input: Tensor, state: Tensor | None = None, lengths: Sequence[int] | None = None) -> tuple[Tensor, Tensor]:
        """input [T, B, D] (or [B, T, D]) -> the outputs, and the states [layers and directions, B, width].

        `lengths` [B], where given: how many steps each row has. Outputs beyond them are 0.
        """
        x = input.transpose(0, 1) if self.batch_first else input
        require_float32([x, *self.parameters(), *([] if state is None else [state])])
        rows = [] if lengths is None else [int(length) for length in lengths]
        directions = 2 if self.bidirectional else 1
        after = []
        for i, names in enumerate(self._names):
            if i > 0:
                x = torch.nn.functional.dropout(x, self.dropout, self.training)
            before = [] if state is None else [state[i * directions : (i + 1) * directions]]
            x, last = self._run(self._descriptions[i], x, rows, before, [getattr(self, name) for name in names])
            after.append(last)
        return (x.transpose(0, 1) if self.batch_first else x), torch.cat(after)

    def _run(
        self, descriptions: tuple[str, str], x: Tensor, lengths: list[int], before: list[Tensor], weights: list[Tensor]
    ) -> Sequence[Tensor]:
        masks = any(self.options.get(name, 0) > 0 for name in ("variational_dropout", "recurrent_dropout", "zoneout"))
        if torch.compiler.is_compiling():
            if self.training and masks or lengths:
                raise RuntimeError("eddy_rnn: neither masks in training nor lengths can be traced")
            made: Sequence[Tensor] = traced(x, before, weights, descriptions[1])
            return made
        if self.training and masks:
            return run(described(descriptions[0]), x, lengths, before, weights, masks=int(torch.randint(1 << 62, ())))
        if self.options.get("zoneout", 0) > 0 and torch.is_grad_enabled() and x.requires_grad | weights[0].requires_grad:
            raise RuntimeError("eddy_rnn: a layer with zoneout has gradients in training only: use torch.no_grad() in eval()")
        return run(described(descriptions[1]), x, lengths, before, weights)

    def extra_repr(self) -> str:
        shown = {**self.options, "num_layers": self.num_layers, "bidirectional": self.bidirectional}
        return ", ".join(f"{name}={value!r}" for name, value in shown.items())
