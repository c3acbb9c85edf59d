"""Parameters: the leaves that a module owns and an optimiser updates."""

from __future__ import annotations

import numpy as np

from ..tensors.tensor import Tensor, set_requires_grad, wrap


class Parameter(Tensor):
    """Trainable tensor: a leaf that a `Module` finds among its attributes.

    Parameters
    ----------
    data : Tensor, optional
        First value; its memory is shared. Empty if not given.
    requires_grad : bool, optional
        False freezes the parameter.

    Raises
    ------
    TypeError
        If `data` is not a Tensor.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.Parameter(jt.ones(2))
    Parameter containing:
    tensor([1., 1.], requires_grad=True)
    """

    __slots__ = ()

    def __init__(self, data: Tensor | None = None, requires_grad: bool = True) -> None:
        if data is None:
            data = wrap(np.zeros(0))
        if not isinstance(data, Tensor):
            raise TypeError(f"Parameter: got {type(data).__name__}, expected a Tensor; write nn.Parameter(jt.tensor(...))")
        shared = data.detach()
        self._tape, self._row, self._extras = None, -1, None
        self._array, self._storage = shared._array, shared._storage
        if requires_grad:
            set_requires_grad(self, True)

    def __repr__(self) -> str:
        return "Parameter containing:\n" + super().__repr__()

    def __copy__(self):
        return Parameter(self, self.requires_grad)

    def __deepcopy__(self, memo):
        memo[id(self)] = copied = _rebuild(np.array(self._value(), order="C"), self.requires_grad)
        return copied

    def __reduce_ex__(self, protocol):
        return _rebuild, (np.array(self._value(), order="C"), self.requires_grad)


def _rebuild(array, requires_grad):
    return Parameter(wrap(array), requires_grad)
