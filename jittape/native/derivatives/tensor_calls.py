"""Calls of compiled functions with Tensors: one row of the array tape each."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..compat import NumbaError
from ...autograd.function import Function
from ...tensors.tensor import Tensor, wrap
from ..compilation.compile_cached import derivative
from .transform_backend import dispatcher_of, is_compiled
from .error_messages import NativeError, explained
from .reverse_mode import pullback

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


@functools.lru_cache(maxsize=256)
def _backward_of(function, argnums, primals, several):
    """The dispatcher ``(*primals, *cotangents) -> cotangents of the primals``."""
    pull = pullback(function, argnums, False)
    if several:

        def backward(*args):
            return pull(args[:primals], args[primals:])

    else:

        def backward(*args):
            return pull(args[:-1], args[-1])

    return derivative(backward, False)


class NativeCall(Function):
    """The operation of such a row. Its backward is again a call of a compiled function, so it can be recorded, too."""

    reads_the_past = True

    @staticmethod
    def forward(ctx, function, *args):
        tensors = [a for a in args if isinstance(a, Tensor)]
        ctx.save_for_backward(*tensors)
        ctx.function, ctx.args = function, args
        values = [_plain(a) for a in args]
        try:
            y = function(*values)
        except NumbaError as problem:
            raise explained("jt.native.call", function, values, problem) from None
        several = isinstance(y, tuple)
        results = tuple(_result(v) for v in (y if several else (y,)))
        ctx.several = several
        return results if several else results[0]

    @staticmethod
    def backward(ctx, *cotangents):
        saved = iter(ctx.saved_tensors)  # raises if a tensor was changed meanwhile
        args = [next(saved) if isinstance(a, Tensor) else a for a in ctx.args]
        active = tuple(k for k, needed in enumerate(ctx.needs_input_grad[1:]) if needed)
        bars = NativeCall.apply(_backward_of(ctx.function, active, len(args), ctx.several), *args, *cotangents)
        answers = [None] * len(args)
        for k, bar in zip(active, bars):
            answers[k] = bar
        return (None, *answers)


def _plain(value):
    """What compiled code takes: a number for a Tensor without axes, an array for another."""
    if not isinstance(value, Tensor):
        return value
    array = value.detach().numpy()
    return array if array.ndim else array[()]


def _result(value):
    if isinstance(value, (bool, int, np.integer)) or (isinstance(value, np.ndarray) and value.dtype.kind != "f"):
        return wrap(np.asarray(value))
    if not isinstance(value, (float, np.floating, np.ndarray)):
        raise NativeError(
            f"jt.native.call: the function returned {type(value).__name__}, expected a number, an array or a tuple of them"
        )
    return wrap(np.array(value))


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
    return NativeCall.apply(dispatcher_of(function), *args)
