"""Calls of compiled functions with Tensors: one row of the array tape each."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .call_rows import row_of_call
from .transform_backend import dispatcher_of, is_compiled

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def call(function: Callable[..., Any], *args: Any) -> Any:
    """Call a compiled function with Tensors; the call is one row of the tape, whatever happens inside.

    Parameters
    ----------
    function : Dispatcher
        Compiled by Numba; returns a number, an array, or a tuple of them.
    *args
        Tensors, and whatever else the function takes. A Tensor without axes is passed as a number.

    Returns
    -------
    Tensor or tuple of Tensors
        Differentiable with respect to the Tensors that require gradients, to any order: the backward of the row is itself a call
        of a compiled function. It records the function once more, so it costs a few times the function.

    Raises
    ------
    TypeError
        If `function` is not compiled by Numba.
    NativeError
        If the function cannot be differentiated for these types.

    Examples
    --------
    >>> import jittape as jt, numba
    >>> @numba.njit
    ... def cube(x):
    ...     return x * x * x
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> jt.native.call(cube, x).backward()
    >>> x.grad
    tensor(12.)
    """
    if not is_compiled(function):
        raise TypeError(f"jt.native.call: got {type(function).__name__}, expected a function compiled by Numba (@njit)")
    return row_of_call(dispatcher_of(function), args)
