"""Weights in and out: recurrent layers of PyTorch, Keras, ONNX, RTNeural and safetensors files as `eddy_rnn.RecurrentStack`, and back.

What is read is a mapping of names to arrays, from wherever it comes; each recurrent layer that its names tell becomes a stack,
and what is left over is listed, so that nothing is dropped unseen.

>>> from eddy_rnn import convert
>>> stack = eddy_rnn.RecurrentStack("lstm", 3, 4, layers=2, bidirectional=True)
>>> weights = convert.to_torch(stack, "encoder.")
>>> list(weights)[:2]
['encoder.weight_ih_l0', 'encoder.weight_hh_l0']
>>> read = convert.from_torch(weights | {"head.weight": np.ones((2, 8))})
>>> read.layers["encoder"].options == stack.options, read.left
(True, ['head.weight'])
>>> x = np.ones((5, 2, 3), np.float32)
>>> bool((read.layers["encoder"](x)[0] == stack(x)[0]).all())
True
>>> print(read)
encoder: lstm 3 -> 4, 2 layers, both directions
    gates of PyTorch i f g o, of Eddy i f g o; b = bias_ih + bias_hh
left: head.weight
"""

from ._chain import Chain
from ._files import load_npz, read
from ._keras import from_keras, to_keras
from ._layers import Converted
from ._onnx import from_onnx, to_onnx
from ._rtneural import from_rtneural, to_rtneural
from ._safetensors import load_safetensors, save_safetensors
from ._torch import from_torch, to_torch
from ._torch_file import load_torch

__all__ = [
    "Chain",
    "Converted",
    "from_keras",
    "from_onnx",
    "from_rtneural",
    "from_torch",
    "load_npz",
    "load_safetensors",
    "load_torch",
    "read",
    "save_safetensors",
    "to_keras",
    "to_onnx",
    "to_rtneural",
    "to_torch",
]
