"""Recurrent layers for PyTorch on the CPU.

`LSTM`, `GRU` and `RNN` are torch.nn's, and run by Eddy where that is possible:

>>> from eddy_rnn.torch import LSTM  # in place of: from torch.nn import LSTM

`Recurrent` is a module of any of Eddy's cells, with every option of theirs.
"""

from ._drop_in import GRU, LSTM, RNN
from ._recurrent import Recurrent

__all__ = ["GRU", "LSTM", "RNN", "Recurrent"]
