"""Runs Eddy's layers over torch's memory, with gradients.

Tensors go to the engine by their addresses; this module sees to it that they are float32, on the CPU, contiguous, and alive
until the backward has run. There are two ways in: `run`, for eager mode, keeps what the forward leaves for the backward; the
operators `eddy_rnn::layers` and `eddy_rnn::layers_backward`, for what traces, keep nothing: their backward runs the forward
again.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from .._core import _ForeignRun, _ForeignStack

# What makes a function's gradients differentiable: the same function by torch's own operations, from x, states and weights
# to y and states.
Differentiable = Callable[[Tensor, Sequence[Tensor], Sequence[Tensor]], Sequence[Tensor]]


# Looked up once: a call of small layers is mostly such look-ups.
_data_ptr, _numel, _is_contiguous = Tensor.data_ptr, Tensor.numel, Tensor.is_contiguous


class Left(NamedTuple):
    """What a forward leaves for its backward: the run, and where it adds the weights' gradients; nothing stands there yet."""

    run: _ForeignRun
    d_weights: list[Tensor]


class Layers:
    """Recurrent layers without weights: how they are stacked, and of what shapes their outputs and states are."""

    def __init__(self, options: dict[str, Any], torch_layout: bool, biases: bool) -> None:
        self.stack = _ForeignStack(torch_layout, biases, **options)
        directions = 2 if options["bidirectional"] else 1
        hidden, projection = options["hidden"], options["projection"]
        self.input, self.weight_sizes = options["input"], list(self.stack.weight_sizes())
        self.units = options["layers"] * directions
        self.output = (projection or hidden) * directions
        states = len(_states_of(options["cell"]))
        if torch_layout:
            self.widths = [projection or hidden] + [hidden] * (states - 1)
        else:
            self.widths = [states * hidden + projection]

    def new_states(self, x: Tensor, rows: int) -> list[Tensor]:
        units, empty = self.units, x.new_empty
        return [empty(units, rows, width) for width in self.widths]  # a tuple of them would take torch longer to read

    def forward(
        self, training: bool, seed: int, x: Tensor, lengths: list[int], states: Sequence[Tensor], weights: Sequence[Tensor]
    ) -> tuple[list[Tensor], Left | None]:
        """The outputs and states, and in training what `backward` needs. All tensors are float32, on the CPU, contiguous."""
        steps, rows = self.check(x, lengths, states, weights)
        after = self.new_states(x, rows)
        d_weights = [torch.empty_like(weight) for weight in weights] if training else []
        y, run = self.stack.forward(
            training,
            torch.get_num_threads(),
            seed,
            x.data_ptr(),
            steps,
            rows,
            lengths,
            list(map(_data_ptr, states)),
            list(map(_data_ptr, weights)),
            list(map(_data_ptr, d_weights)),
            list(map(_data_ptr, after)),
        )
        return [torch.from_numpy(y), *after], None if run is None else Left(run, d_weights)

    def check(
        self, x: Tensor, lengths: list[int], states: Sequence[Tensor], weights: Sequence[Tensor]
    ) -> tuple[int, int]:
        """The steps and rows of x. The engine sees addresses alone: what stands there must be as much as it reads."""
        shape = x.shape
        if len(shape) != 3 or shape[2] != self.input:
            raise ValueError(f"eddy_rnn: input must be [steps, rows, {self.input}], but is {list(shape)}")
        steps, rows, _ = shape
        if states and [state.shape for state in states] != [(self.units, rows, width) for width in self.widths]:
            expected = [[self.units, rows, width] for width in self.widths]
            raise ValueError(f"eddy_rnn: states must be {expected}, but are {[list(state.shape) for state in states]}")
        if list(map(_numel, weights)) != self.weight_sizes:
            given = [list(weight.shape) for weight in weights]
            raise ValueError(f"eddy_rnn: weights must have {self.weight_sizes} elements, but are {given}")
        if lengths and (len(lengths) != rows or min(lengths) < 0):
            raise ValueError(f"eddy_rnn: lengths must be one a row ({rows}), at least 0, but are {lengths}")
        return steps, rows

    def backward(
        self,
        left: Left,
        gradients: Sequence[Tensor | None],
        x: Tensor | None,
        states: Sequence[Tensor],
    ) -> list[Tensor | None]:
        """Gradients by x, unless that is None, by the states and by the weights, from those by the outputs."""
        given = [None if g is None else g.contiguous() for g in gradients]
        dx = None if x is None else torch.zeros_like(x)
        d_states = [torch.zeros_like(state) for state in states]
        for gradient in left.d_weights:
            gradient.zero_()
        self.stack.backward(
            left.run,
            _address(given[0]),
            [_address(g) for g in given[1:]],
            _address(dx),
            [state.data_ptr() for state in d_states] or [0] * len(self.widths),
        )
        return [dx, *d_states, *left.d_weights]


def _address(tensor: Tensor | None) -> int:
    return 0 if tensor is None else tensor.data_ptr()


@functools.lru_cache(maxsize=None)
def _states_of(cell: str) -> list[str]:
    from .._core import cell_info

    return str(cell_info(cell)["states"]).split()


@functools.lru_cache(maxsize=256)
def described(description: str) -> Layers:
    """The layers of this `Layers.description`."""
    options, torch_layout, biases = json.loads(description)
    return Layers(options, torch_layout, biases)


class _Function(torch.autograd.Function):
    @staticmethod
    def forward(
        ctx: Any,
        layers: Layers,
        seed: int,
        lengths: list[int],
        differentiable: Differentiable | None,
        state_count: int,
        x: Tensor,
        *tensors: Tensor,
    ) -> tuple[Tensor, ...]:
        outputs, ctx.left = layers.forward(True, seed, x, lengths, tensors[:state_count], tensors[state_count:])
        ctx.layers, ctx.seed, ctx.lengths, ctx.differentiable, ctx.state_count = (
            layers, seed, lengths, differentiable, state_count,
        )  # fmt: skip
        ctx.set_materialize_grads(False)
        # The run reads all of them again, the outputs too: torch refuses the backward if one has changed.
        ctx.save_for_backward(x, *tensors, outputs[0])
        return tuple(outputs)

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor | None) -> tuple[Any, ...]:
        x, *tensors, _ = ctx.saved_tensors
        states, weights = tensors[: ctx.state_count], tensors[ctx.state_count :]
        if torch.is_grad_enabled():  # by create_graph: the gradients are to be differentiable themselves
            made = _differentiable_gradients(ctx, gradients, x, states, weights)
        else:
            left, ctx.left = ctx.left, None
            if left is None:  # a second backward, by retain_graph
                _, left = ctx.layers.forward(True, ctx.seed, x, ctx.lengths, states, weights)
            made = ctx.layers.backward(left, gradients, x if ctx.needs_input_grad[5] else None, states)
        return (None, None, None, None, None, *made)


def _differentiable_gradients(
    ctx: Any, gradients: Sequence[Tensor | None], x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor]
) -> list[Tensor | None]:
    if ctx.differentiable is None:
        raise RuntimeError("eddy_rnn: this cell's gradients cannot be differentiated again (create_graph=True)")
    inputs = [x, *states, *weights]
    # Views, so that these inputs' gradients are asked for and not those of what they were made from.
    inputs = [tensor.view_as(tensor) if tensor.requires_grad else tensor for tensor in inputs]
    count = 1 + len(states)
    outputs = ctx.differentiable(inputs[0], inputs[1:count], inputs[count:])
    used = [(output, g) for output, g in zip(outputs, gradients, strict=True) if g is not None and output.requires_grad]
    wanted = [i for i, tensor in enumerate(inputs) if tensor.requires_grad]
    made = torch.autograd.grad(
        [output for output, _ in used],
        [inputs[i] for i in wanted],
        [g for _, g in used],
        create_graph=True,
        allow_unused=True,
    )
    result: list[Tensor | None] = [None] * len(inputs)
    for i, gradient in zip(wanted, made, strict=True):
        result[i] = gradient
    return result


def run(
    layers: Layers,
    x: Tensor,
    lengths: list[int],
    states: Sequence[Tensor],
    weights: Sequence[Tensor],
    differentiable: Differentiable | None = None,
    masks: int | None = None,
) -> Sequence[Tensor]:
    """x [T, B, D] -> y [T, B, output] and the states, each [layers and directions, B, width].

    `masks` is the seed of dropout and the like, which act where it is given and where gradients are asked for.
    """
    x = x if x.is_contiguous() else x.contiguous()
    states = [state.contiguous() for state in states]
    if not all(map(_is_contiguous, weights)):
        weights = [weight.contiguous() for weight in weights]
    if torch.is_grad_enabled() and (
        x.requires_grad or any(w.requires_grad for w in weights) or any(s.requires_grad for s in states)
    ):
        made: Sequence[Tensor] = _Function.apply(  # type: ignore[no-untyped-call]
            layers, masks or 0, lengths, differentiable, len(states), x, *states, *weights
        )
        return made
    return layers.forward(masks is not None, masks or 0, x, lengths, states, weights)[0]


@torch.library.custom_op("eddy_rnn::layers", mutates_args=())
def traced(x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor], description: str) -> list[Tensor]:
    """As `run`, where torch traces. Its backward runs the forward again."""
    (x,), states, weights = _contiguous([x]), _contiguous(states), _contiguous(weights)
    return described(description).forward(False, 0, x, [], states, weights)[0]


@torch.library.custom_op("eddy_rnn::layers_backward", mutates_args=())
def _traced_backward(
    gradients: Sequence[Tensor], x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor], description: str
) -> list[Tensor]:
    layers = described(description)
    (x,), states, weights = _contiguous([x]), _contiguous(states), _contiguous(weights)
    _, left = layers.forward(True, 0, x, [], states, weights)
    assert left is not None
    return [g for g in layers.backward(left, gradients, x, states) if g is not None]


def require_float32(tensors: Sequence[Tensor]) -> None:
    for tensor in tensors:
        if tensor.dtype is not torch.float32 or not tensor.is_cpu:
            raise ValueError(f"eddy_rnn: tensors must be float32 on the CPU, but one is {tensor.dtype} on {tensor.device}")


def _contiguous(tensors: Sequence[Tensor]) -> list[Tensor]:
    require_float32(tensors)
    return [tensor.contiguous() for tensor in tensors]


@traced.register_fake
def _(x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor], description: str) -> list[Tensor]:
    layers = described(description)
    return [x.new_empty((x.shape[0], x.shape[1], layers.output)), *layers.new_states(x, x.shape[1])]


@_traced_backward.register_fake
def _(
    gradients: Sequence[Tensor], x: Tensor, states: Sequence[Tensor], weights: Sequence[Tensor], description: str
) -> list[Tensor]:
    return [torch.empty_like(t, memory_format=torch.contiguous_format) for t in [x, *states, *weights]]


def _setup_context(ctx: Any, inputs: tuple[Any, ...], output: Any) -> None:
    x, states, weights, ctx.description = inputs
    ctx.state_count = len(states)
    ctx.save_for_backward(x, *states, *weights)


def _backward(ctx: Any, gradients: Sequence[Tensor]) -> tuple[Any, ...]:
    x, *tensors = ctx.saved_tensors
    states, weights = tensors[: ctx.state_count], tensors[ctx.state_count :]
    dx, *others = _traced_backward(gradients, x, states, weights, ctx.description)
    return dx, others[: ctx.state_count], others[ctx.state_count :], None


traced.register_autograd(_backward, setup_context=_setup_context)
