"""Recurrent layers, over whole sequences."""

from __future__ import annotations

from typing import TYPE_CHECKING

from . import functional as F
from ..ops.creation import empty, zeros
from ..ops.recurrent_sequences import KINDS, recurrent_sequence, sequence_shape
from ..ops.shape_functions import squeeze, transpose, unsqueeze
from ..ops.split_and_stack import cat, stack, unbind
from .module import Module
from .parameter import Parameter
from .recurrent_cells import STEPS, draw

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike


class RNNBase(Module):
    """What recurrent layers share.

    Parameters
    ----------
    mode : {"RNN_TANH", "RNN_RELU", "LSTM", "GRU"}
        Which step is made.
    input_size : int
        Length of an input.
    hidden_size : int
        Length of a state.
    num_layers : int, optional
        Layers, of which each reads the states of the one before.
    bias : bool, optional
        Whether there are biases.
    batch_first : bool, optional
        Whether the axis of examples comes before that of time.
    dropout : float, optional
        Probability with which states are set to 0 on their way to the next layer, in training.
    bidirectional : bool, optional
        Whether there is a second one for each layer, which reads from the end.
    proj_size : int, optional
        Length to which states of an LSTM are projected; 0 for none.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If an option is out of its range.
    """

    def __init__(
        self,
        mode: str,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        if not 0 <= dropout <= 1 or isinstance(dropout, bool):
            raise ValueError("dropout should be a number in range [0, 1] representing the probability of an element being zeroed")
        if hidden_size <= 0:
            raise ValueError("hidden_size must be greater than zero")
        if num_layers <= 0:
            raise ValueError("num_layers must be greater than zero")
        if not 0 <= proj_size < hidden_size or proj_size and mode != "LSTM":
            raise ValueError("proj_size has to be a positive integer, smaller than hidden_size, and is only supported for LSTM")
        self.mode, self.input_size, self.hidden_size, self.num_layers = mode, input_size, hidden_size, num_layers
        self.bias, self.batch_first, self.dropout = bias, batch_first, float(dropout)
        self.bidirectional, self.proj_size = bidirectional, proj_size
        self._directions = ("", "_reverse") if bidirectional else ("",)
        gates, state = STEPS[mode.partition("_")[0]][1] * hidden_size, proj_size or hidden_size
        for layer in range(num_layers):
            size = input_size if layer == 0 else state * len(self._directions)
            for direction in self._directions:
                self._make(f"_l{layer}{direction}", gates, size, state, device, dtype)
        self.reset_parameters()

    def _make(self, suffix, gates, size, state, device, dtype):
        shapes = {"weight_ih": (gates, size), "weight_hh": (gates, state)}
        if self.bias:
            shapes.update(bias_ih=(gates,), bias_hh=(gates,))
        if self.proj_size:
            shapes["weight_hr"] = (self.proj_size, self.hidden_size)
        for name, shape in shapes.items():
            setattr(self, name + suffix, Parameter(empty(*shape, device=device, dtype=dtype)))

    def reset_parameters(self) -> None:
        """Draw the parameters anew: uniform in ``1 / sqrt(hidden_size)`` to both sides of 0."""
        draw(self, self.hidden_size)

    def flatten_parameters(self) -> None:
        """Do nothing; accepted for compatibility with PyTorch, which has one array for all parameters on other devices."""

    @property
    def all_weights(self) -> list[list[Parameter]]:
        """Parameters of every layer and direction."""
        suffixes = [f"_l{layer}{d}" for layer in range(self.num_layers) for d in self._directions]
        return [[p for n, p in self.named_parameters() if n.endswith(s)] for s in suffixes]

    def extra_repr(self) -> str:
        usual = {"proj_size": 0, "num_layers": 1, "bias": True, "batch_first": False, "dropout": 0.0, "bidirectional": False}
        changed = [f"{name}={getattr(self, name)}" for name, value in usual.items() if getattr(self, name) != value]
        return ", ".join([f"{self.input_size}, {self.hidden_size}", *changed])

    # --- running ----------------------------------------------------------------------------------------

    def _run(self, input, states):
        """The states of the last layer at all times, and the last states of all layers, one tensor a kind of state."""
        if input.ndim not in (2, 3):
            raise ValueError(f"{type(self).__name__}: Expected input to be 2D or 3D, got {input.ndim}D tensor instead")
        if input.shape[-1] != self.input_size:
            raise RuntimeError(f"input.size(-1) must be equal to input_size. Expected {self.input_size}, got {input.shape[-1]}")
        alone = input.ndim == 2
        x = unsqueeze(input, 1) if alone else transpose(input, 0, 1) if self.batch_first else input
        states = self._first_states(x, states, alone)
        last = [[] for _ in states]
        for layer in range(self.num_layers):
            found = []
            for k, direction in enumerate(self._directions):
                place = layer * len(self._directions) + k
                y, ends = self._layer(x, f"_l{layer}{direction}", [s[place] for s in states])
                found.append(y)
                for kept, end in zip(last, ends):
                    kept.append(end)
            x = found[0] if len(found) == 1 else cat(found, 2)
            if self.dropout and layer < self.num_layers - 1:
                x = F.dropout(x, self.dropout, self.training)
        y = squeeze(x, 1) if alone else transpose(x, 0, 1) if self.batch_first else x
        ends = [stack(kept) for kept in last]
        return y, [squeeze(e, 1) for e in ends] if alone else ends

    def _first_states(self, x, states, alone):
        sizes = [self.proj_size or self.hidden_size, self.hidden_size][: STEPS[self.mode.partition("_")[0]][2]]
        shapes = [(self.num_layers * len(self._directions), x.shape[1], n) for n in sizes]
        if states is None:
            return [zeros(*shape, dtype=x.dtype) for shape in shapes]
        states = [unsqueeze(s, 1) if alone else s for s in states]
        for k, (s, shape) in enumerate(zip(states, shapes)):
            if tuple(s.shape) != shape:
                raise RuntimeError(f"Expected hidden[{k}] size {shape}, got {list(s.shape)}")
        return states

    def _layer(self, x, suffix, states):
        """The states of one layer and direction at all times, and the last ones."""
        if self.proj_size:
            return self._by_steps(x, suffix, states)
        own, n = vars(self), KINDS[self.mode]
        weights = [own[f"weight_{part}{suffix}"] for part in ("ih", "hh")]
        shape = sequence_shape(n, suffix.endswith("_reverse"), x.requires_grad, *x.shape, self.hidden_size)
        biases = [own[f"bias_{part}{suffix}"] for part in ("ih", "hh")] if self.bias else [zeros(2 * shape.gates, dtype=x.dtype)]
        return recurrent_sequence(x, [*weights, *biases, *states], shape)

    def _by_steps(self, x, suffix, states):
        """The same, step by step, for states that are projected."""
        own, backwards = vars(self), suffix.endswith("_reverse")
        weight, bias = own["weight_hh" + suffix], own.get("bias_hh" + suffix)
        projection = own["weight_hr" + suffix]
        step = STEPS[self.mode.partition("_")[0]][0]
        given = unbind(F.linear(x, own["weight_ih" + suffix], own.get("bias_ih" + suffix)))
        found = []
        for part in reversed(given) if backwards else given:
            states = step(part, F.linear(states[0], weight, bias), states, "tanh")
            states = (F.linear(states[0], projection), *states[1:])
            found.append(states[0])
        return stack(found[::-1] if backwards else found), states


class _OfOneState(RNNBase):
    """What layers share that have no memory beside the state."""

    def forward(self, input: Tensor, hx: Tensor | None = None) -> tuple[Tensor, Tensor]:
        """Run the layer.

        Parameters
        ----------
        input : Tensor, shape (time, n, input_size)
            Sequences; without the axis of examples for one.
        hx : Tensor, shape (layers and directions, n, hidden_size), optional
            First states; zeros by default.

        Returns
        -------
        tuple of two Tensors
            States of the last layer at all times, and the last states of all layers.
        """
        y, (last,) = self._run(input, None if hx is None else [hx])
        return y, last


class RNN(_OfOneState):
    """Recurrent layer: every state is ``tanh(x @ w_ih.T + b_ih + h @ w_hh.T + b_hh)`` of an input and the state before.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of a state.
    num_layers : int, optional
        Layers, of which each reads the states of the one before.
    nonlinearity : {"tanh", "relu"}, optional
        The activation.
    bias : bool, optional
        Whether there are biases.
    batch_first : bool, optional
        Whether the axis of examples comes before that of time.
    dropout : float, optional
        Probability with which states are set to 0 on their way to the next layer, in training.
    bidirectional : bool, optional
        Whether there is a second one for each layer, which reads from the end.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If the activation is another one.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        nonlinearity: str = "tanh",
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        if nonlinearity not in ("tanh", "relu"):
            raise ValueError(f"Unknown nonlinearity '{nonlinearity}'. Select from 'tanh' or 'relu'.")
        self.nonlinearity = nonlinearity
        mode = f"RNN_{nonlinearity.upper()}"
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__(mode, input_size, hidden_size, *options)


class GRU(_OfOneState):
    """Gated recurrent units.

    With gates ``r = sigmoid(.)`` and ``z = sigmoid(.)`` of affine maps of input and state, and values
    ``n = tanh(x @ w.T + b + r * (h @ u.T + c))``, the new state is ``(1 - z) * n + z * h``.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of a state.
    num_layers : int, optional
        Layers, of which each reads the states of the one before.
    bias : bool, optional
        Whether there are biases.
    batch_first : bool, optional
        Whether the axis of examples comes before that of time.
    dropout : float, optional
        Probability with which states are set to 0 on their way to the next layer, in training.
    bidirectional : bool, optional
        Whether there is a second one for each layer, which reads from the end.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    References
    ----------
    Cho et al., "Learning phrase representations using RNN encoder-decoder", EMNLP 2014.
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, 0, device, dtype)
        super().__init__("GRU", input_size, hidden_size, *options)


class LSTM(RNNBase):
    """Long short-term memory: states with a cell that gates write to, forget and read.

    Parameters
    ----------
    input_size : int
        Length of an input.
    hidden_size : int
        Length of a cell.
    num_layers : int, optional
        Layers, of which each reads the states of the one before.
    bias : bool, optional
        Whether there are biases.
    batch_first : bool, optional
        Whether the axis of examples comes before that of time.
    dropout : float, optional
        Probability with which states are set to 0 on their way to the next layer, in training.
    bidirectional : bool, optional
        Whether there is a second one for each layer, which reads from the end.
    proj_size : int, optional
        Length to which states are projected; 0 for none.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    References
    ----------
    Hochreiter and Schmidhuber, "Long short-term memory", Neural Computation 9 (1997).

    Examples
    --------
    >>> import jittape as jt
    >>> y, (state, cell) = jt.nn.LSTM(3, 5)(jt.zeros(10, 2, 3))
    >>> y.shape, state.shape
    (Size([10, 2, 5]), Size([1, 2, 5]))
    """

    def __init__(
        self,
        input_size: int,
        hidden_size: int,
        num_layers: int = 1,
        bias: bool = True,
        batch_first: bool = False,
        dropout: float = 0.0,
        bidirectional: bool = False,
        proj_size: int = 0,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        options = (num_layers, bias, batch_first, dropout, bidirectional, proj_size, device, dtype)
        super().__init__("LSTM", input_size, hidden_size, *options)

    def forward(self, input: Tensor, hx: tuple[Tensor, Tensor] | None = None) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """Run the layer.

        Parameters
        ----------
        input : Tensor, shape (time, n, input_size)
            Sequences; without the axis of examples for one.
        hx : tuple of two Tensors, shape (layers and directions, n, hidden_size), optional
            First states and cells; zeros by default.

        Returns
        -------
        tuple of (Tensor, tuple of two Tensors)
            States of the last layer at all times, and the last states and cells of all layers.
        """
        y, (state, cell) = self._run(input, hx)
        return y, (state, cell)
