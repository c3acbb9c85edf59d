"""One step of recurrent layers, as functions and as modules."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..ops.creation import empty, zeros
from ..ops.memory_cells import memory_cell_values
from ..ops.split_and_stack import chunk
from ..ops.shape_functions import squeeze, unsqueeze
from ..ops.transcendental import relu, sigmoid, tanh
from .module import Module
from .parameter import Parameter

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike


def simple_step(given, recurrent, state, nonlinearity):
    """The new state, from what the input gives and what the state gives."""
    return (tanh(given + recurrent),) if nonlinearity == "tanh" else (relu(given + recurrent),)


def lstm_step(given, recurrent, state, nonlinearity):
    """The new state and the new cell: gates for input, forgetting, values and output."""
    both = memory_cell_values.apply(given + recurrent, state[1])
    return both[0], both[1]


def gru_step(given, recurrent, state, nonlinearity):
    """The new state: gates for reset, update and values."""
    (r, z, n), (r_h, z_h, n_h) = chunk(given, 3, 1), chunk(recurrent, 3, 1)
    update = sigmoid(z + z_h)
    values = tanh(n + sigmoid(r + r_h) * n_h)
    return (values + update * (state[0] - values),)


STEPS = {"RNN": (simple_step, 1, 1), "LSTM": (lstm_step, 4, 2), "GRU": (gru_step, 3, 1)}  # a step, its gates, its states


def draw(module, hidden_size):
    """Draw all parameters of a module anew: uniform in ``1 / sqrt(hidden_size)`` to both sides of 0."""
    bound = 1.0 / math.sqrt(hidden_size) if hidden_size > 0 else 0.0
    for parameter in module.parameters():
        init.uniform_(parameter, -bound, bound)


class _Cell(Module):
    """What cells share."""

    kind = "RNN"
    nonlinearity = "tanh"

    def __init__(
        self, input_size: int, hidden_size: int, bias: bool = True, device: str | None = None, dtype: DTypeLike | None = None
    ) -> None:
        super().__init__()
        gates = STEPS[self.kind][1]
        self.input_size, self.hidden_size, self.bias = input_size, hidden_size, bias
        self.weight_ih = Parameter(empty(gates * hidden_size, input_size, device=device, dtype=dtype))
        self.weight_hh = Parameter(empty(gates * hidden_size, hidden_size, dtype=dtype))
        self.bias_ih = Parameter(empty(gates * hidden_size, dtype=dtype)) if bias else None
        self.bias_hh = Parameter(empty(gates * hidden_size, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw the parameters anew: uniform in ``1 / sqrt(hidden_size)`` to both sides of 0."""
        draw(self, self.hidden_size)

    def _checked(self, x, what, size):
        name = type(self).__name__
        if x.ndim not in (1, 2):
            raise ValueError(f"{name}: Expected {what} to be 1D or 2D, got {x.ndim}D instead")
        if x.shape[-1] != size:
            raise RuntimeError(f"{what} has inconsistent {what}_size: got {x.shape[-1]} expected {size}")
        return x if x.ndim == 2 else unsqueeze(x, 0)

    def _stepped(self, input, states):
        step, _, n = STEPS[self.kind]
        x, alone = self._checked(input, "input", self.input_size), input.ndim == 1
        if states is None:
            states = [zeros(x.shape[0], self.hidden_size, dtype=x.dtype) for _ in range(n)]
        states = [self._checked(s, "hidden", self.hidden_size) for s in states]
        given = F.linear(x, self.weight_ih, self.bias_ih)
        found = step(given, F.linear(states[0], self.weight_hh, self.bias_hh), states, self.nonlinearity)
        return tuple([squeeze(s, 0) for s in found]) if alone else found

    def extra_repr(self) -> str:
        bias = "" if self.bias else ", bias=False"
        other = f", nonlinearity={self.nonlinearity}" if self.nonlinearity != "tanh" else ""
        return f"{self.input_size}, {self.hidden_size}{bias}{other}"


class _CellOfOneState(_Cell):
    """What cells share that have no memory beside the state."""

    def forward(self, input: Tensor, hx: Tensor | None = None) -> Tensor:
        """Make a step.

        Parameters
        ----------
        input : Tensor, shape (n, input_size) or (input_size,)
            What is read.
        hx : Tensor, shape (n, hidden_size) or (hidden_size,), optional
            The state; zeros by default.

        Returns
        -------
        Tensor
            The new state.
        """
        return self._stepped(input, None if hx is None else [hx])[0]


class RNNCell(_CellOfOneState):
    """One step of a recurrent layer: ``tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)``.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of the state.
    bias : bool, optional
        Whether there are biases.
    nonlinearity : {"tanh", "relu"}, optional
        The activation.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    RuntimeError
        If the activation is another one.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        bias: bool = True,
        nonlinearity: str = "tanh",
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise RuntimeError(f"Unknown nonlinearity: {nonlinearity}")
        super().__init__(input_size, hidden_size, bias, device, dtype)
        self.nonlinearity = nonlinearity


class GRUCell(_CellOfOneState):
    """One step of a gated recurrent unit; see `GRU`.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of the state.
    bias : bool, optional
        Whether there are biases.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    kind = "GRU"


class LSTMCell(_Cell):
    """One step of a long short-term memory; see `LSTM`.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of the state.
    bias : bool, optional
        Whether there are biases.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    kind = "LSTM"

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, Tensor]:
        """Make a step.

        Parameters
        ----------
        input : Tensor, shape (n, input_size) or (input_size,)
            What is read.
        hx : tuple of two Tensors, shape (n, hidden_size) or (hidden_size,), optional
            State and cell; zeros by default.

        Returns
        -------
        tuple of two Tensors
            The new state and the new cell.
        """
        found = self._stepped(input, hx)
        return found[0], found[1]
