"""Recurrent layers on ordinary processors, for numpy arrays.

>>> layer = eddy_rnn.Recurrent("lstm", input=3, hidden=16)
>>> head = eddy_rnn.Parameter(np.zeros((1, 16)), "head")
>>> x = np.random.default_rng(0).normal(size=(20, 8, 3)).astype(np.float32)
>>> target = np.cumsum(x[..., :1], axis=0) > 0
>>> optimizer = eddy_rnn.Optimizer([*layer.parameters(), head])
>>> losses = []
>>> for step in range(50):
...     tape = eddy_rnn.Tape(seed=step)
...     y, state = layer(tape.constant(x))
...     loss = eddy_rnn.bernoulli_loss(eddy_rnn.linear(y, head), target)
...     losses.append(tape.backward(loss))
...     optimizer.step(0.01)
...     optimizer.zero_grad()
>>> losses[-1] < losses[0] / 2
True

`eddy_rnn.torch` has the same layers for PyTorch. Whole tasks are estimators after scikit-learn's conventions: `Classifier`,
`Forecaster`, `Tagger`, `Translator`, `LanguageModel`, `Transcriber`, `Composer`, `Risk`.
"""

from ._cell import Cell, cell
from ._cell_symbols import exp, relu, sigmoid, sqrt, tanh
from ._classifier import Classifier
from ._composer import Composer
from ._core import (
    IGNORE,
    AttentiveRecurrentOptions,
    Conv1dOptions,
    Crf,
    Data,
    Encoder,
    EncoderStream,
    Error,
    GriffinOptions,
    MultiHeadAttentionOptions,
    Optimizer,
    Parameter,
    Progress,
    Recurrent,
    RecurrentBlocksOptions,
    RecurrentStack,
    RecurrentStream,
    Schedule,
    StackOptions,
    Tape,
    TcnOptions,
    TrainedModel,
    TransformerOptions,
    Var,
    WeightAverage,
    WindowedRecurrentOptions,
    absolute_error,
    add,
    bernoulli_loss,
    cell_info,
    cells,
    clip_global_norm,
    clip_value,
    concat,
    ctc_decode,
    ctc_greedy,
    ctc_loss,
    describe_task,
    dropout,
    embedding,
    gaussian_loss,
    gelu,
    huber,
    layer_norm,
    linear,
    max_over_time,
    mean_over_time,
    multiply,
    negative_binomial_loss,
    pinball,
    reshape,
    scale,
    slice,
    softmax_cross_entropy,
    squared_error,
    student_t_loss,
    task_names,
)
from ._direction import Direction
from ._estimator import Estimator, load
from ._forecaster import Forecaster
from ._language_model import LanguageModel
from ._reserve import Reserve
from ._risk import Risk
from ._tagger import Tagger
from ._transcriber import Transcriber
from ._translator import Translator
from ._voice import Voice

__all__ = [
    "IGNORE",
    "AttentiveRecurrentOptions",
    "Cell",
    "Classifier",
    "Composer",
    "Conv1dOptions",
    "Crf",
    "Data",
    "Direction",
    "Encoder",
    "EncoderStream",
    "Error",
    "Estimator",
    "Forecaster",
    "GriffinOptions",
    "LanguageModel",
    "MultiHeadAttentionOptions",
    "Optimizer",
    "Parameter",
    "Progress",
    "Recurrent",
    "RecurrentBlocksOptions",
    "RecurrentStack",
    "RecurrentStream",
    "Reserve",
    "Risk",
    "Schedule",
    "StackOptions",
    "Tagger",
    "Tape",
    "TcnOptions",
    "TrainedModel",
    "Transcriber",
    "TransformerOptions",
    "Translator",
    "Var",
    "Voice",
    "WeightAverage",
    "WindowedRecurrentOptions",
    "absolute_error",
    "add",
    "bernoulli_loss",
    "cell",
    "cell_info",
    "cells",
    "clip_global_norm",
    "clip_value",
    "concat",
    "ctc_decode",
    "ctc_greedy",
    "ctc_loss",
    "describe_task",
    "dropout",
    "embedding",
    "exp",
    "gaussian_loss",
    "gelu",
    "huber",
    "layer_norm",
    "linear",
    "load",
    "max_over_time",
    "mean_over_time",
    "multiply",
    "negative_binomial_loss",
    "pinball",
    "relu",
    "reshape",
    "scale",
    "sigmoid",
    "slice",
    "softmax_cross_entropy",
    "sqrt",
    "squared_error",
    "student_t_loss",
    "tanh",
    "task_names",
]
