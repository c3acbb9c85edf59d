"""`stop_gradient`: values as constants, in Python and in compiled code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import types
from numba.extending import overload

from ..numba_backend.dispatcher_calls import TypingError
from ..tensors.array import Array, as_array
from ..tensors.tensor import Tensor

if TYPE_CHECKING:
    from typing import TypeVar

    Value = TypeVar("Value")


def stop_gradient(x: Value) -> Value:
    """Return a value as a constant: nothing flows through it, in any mode and to any order.

    Parameters
    ----------
    x : number, ndarray, Tensor, or tuple, list or dict of them
        What may depend on what is differentiated.

    Returns
    -------
    number, ndarray, Tensor, or tuple, list or dict of them
        The same values. An array is a copy, so what is written to one of the two later does not change the other.

    Raises
    ------
    TypeError
        For other values.

    Notes
    -----
    It may be called in compiled functions (``@njit``), with numbers, arrays and tuples of them. There its result is a plain
    number or array also where the function is differentiated: what is computed from it leaves nothing on the tape and costs what
    it costs in the function itself. ``x.detach()`` is PyTorch's word for Tensors, whose result shares the memory.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.grad(lambda x: x * jt.stop_gradient(x))(3.0)
    3.0
    """
    if isinstance(x, Tensor):
        constant = x.detach().clone()
        return as_array(constant) if isinstance(x, Array) else constant
    if isinstance(x, np.ndarray):
        return x.copy()
    if isinstance(x, (int, float, np.generic)):
        return x
    if isinstance(x, tuple):
        parts = map(stop_gradient, x)
        return type(x)(*parts) if hasattr(x, "_fields") else tuple(parts)
    if isinstance(x, list):
        return [stop_gradient(part) for part in x]
    if isinstance(x, dict):
        return {key: stop_gradient(part) for key, part in x.items()}
    raise TypeError(
        f"jt.stop_gradient: got {type(x).__name__}, expected a number, an array or a Tensor, or a tuple, list or dict of them"
    )


def in_compiled_code(x, is_number, of_number, of_array, of_tuple):
    """Choose what `stop_gradient` does with a value of a type in compiled code."""
    if isinstance(x, types.BaseNamedTuple):
        raise TypingError("jt.stop_gradient: got a named tuple, expected numbers, arrays or plain tuples: pass its members")
    if isinstance(x, types.BaseTuple):
        return of_tuple if len(x) else of_number
    if isinstance(x, types.Array):
        return of_array
    if is_number:
        return of_number
    raise TypingError(f"jt.stop_gradient: got {x}, expected a number, an array, or a tuple of them")


def _unchanged(x):
    return x


def _copied(x):
    return x.copy()


def _of_each(x):
    return (stop_gradient(x[0]),) + stop_gradient(x[1:])


@overload(stop_gradient)
def on_plain_values(x):
    return in_compiled_code(x, isinstance(x, (types.Number, types.Boolean)), _unchanged, _copied, _of_each)
