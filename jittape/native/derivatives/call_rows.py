"""The rows of calls of compiled functions with Tensors."""

from __future__ import annotations

import functools

import numpy as np

from ..compat import NumbaError
from ...autograd.function import Function
from ...ops.choosing import where
from ...tensors.array import Array, as_array
from ...tensors.tensor import Tensor, wrap
from ..compilation.compile_cached import derivative
from .error_messages import NativeError, explained, refuse_swapped
from .reverse_mode import pullback


@functools.lru_cache(maxsize=256)
def _backward_of(function, argnums, primals, several):
    """The dispatcher ``(*primals, *cotangents) -> cotangents of the primals``."""
    pull = pullback(function, argnums, False).nested  # also for differential numbers, where `backward` is differentiated
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
        ctx.function = function
        # The backward runs the function once more, on what it was given now: arrays may be written to meanwhile.
        ctx.args = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in args)
        values = [_plain(a) for a in args]
        refuse_swapped("a call with Tensors", values)
        try:
            y = function(*values)
        except NumbaError as problem:
            raise explained("a call with Tensors", function, values, problem) from None
        _refuse_writes(function, args, values)
        several = isinstance(y, tuple)
        results = tuple(_result(v) for v in (y if several else (y,)))
        ctx.several = several
        return results if several else results[0]

    @staticmethod
    def backward(ctx, *cotangents):
        saved = iter(ctx.saved_tensors)  # raises if a tensor was changed meanwhile
        args = [next(saved) if isinstance(a, Tensor) else a for a in ctx.args]
        active = tuple(k for k, needed in enumerate(ctx.needs_input_grad[1:]) if needed)
        pull = _backward_of(ctx.function, active, len(args), ctx.several)
        bars = NativeCall.apply(pull, *args, *cotangents)
        zeros = _numeric_zeros(cotangents, ctx.flows)
        if zeros is not None:
            bars = [_nan_unless_finite(bar, met) for bar, met in zip(bars, pull(*map(_plain, args), *map(_plain, zeros)))]
        answers = [None] * len(args)
        for k, bar in zip(active, bars):
            answers[k] = bar
        return (None, *answers)


def _numeric_zeros(cotangents, flows):
    """Where zeros of cotangents are numeric, as ones: the derivatives of compiled code take zeros of a seed for structural.

    A plain sweep knows nothing of flows; what it finds too much is found to be nan, and swept again with care.  None: nowhere.
    """
    found = []
    for k, bar in enumerate(cotangents):
        zeros = bar._value() == 0
        if flows is not None:
            flow = flows.get(k, np.zeros(zeros.shape, bool))
            zeros = zeros if flow is None else zeros & flow
        found.append(wrap(np.asarray(zeros, bar.dtype)))
    return found if any(ones._value().any() for ones in found) else None


def _nan_unless_finite(bar, met):
    """An adjoint, nan where an infinite partial has met a numeric zero."""
    is_finite = np.isfinite(met)
    return bar if is_finite.all() else where(is_finite, bar, np.nan)


def _plain(value):
    """What compiled code takes: a number for a Tensor without axes, an array for another."""
    if not isinstance(value, Tensor):
        return value
    array = value.detach().numpy()
    return array.copy(order="K") if array.ndim else array[()]


def _refuse_writes(function, args, values):
    """Raise if a compiled function has changed an array that stands for a Tensor: the tape would not know of it."""
    for k, (given, value) in enumerate(zip(args, values)):
        if isinstance(given, Tensor) and value.ndim and not np.array_equal(given.detach().numpy(), value, equal_nan=True):
            raise NativeError(
                f"{function.__name__} was called with a Tensor as argument {k} and wrote to it, which no tape records. Let it "
                "write to a copy (x = x.copy()) and return that"
            )


def _result(value):
    if isinstance(value, (bool, int, np.integer)) or (isinstance(value, np.ndarray) and value.dtype.kind != "f"):
        return wrap(np.asarray(value))
    if not isinstance(value, (float, np.floating, np.ndarray)):
        raise NativeError(
            f"jt.native.call: the function returned {type(value).__name__}, expected a number, an array or a tuple of them"
        )
    return wrap(np.array(value))


def row_of_call(dispatcher, args):
    """Call a compiled function with Tensors. Returns Arrays where one was given, and Tensors otherwise."""
    found = NativeCall.apply(dispatcher, *args)
    if not any(isinstance(a, Array) for a in args):
        return found
    return tuple(map(_of_numpy, found)) if isinstance(found, tuple) else _of_numpy(found)


def _of_numpy(result):
    """A result as NumPy code expects it: an Array if it has derivatives, an integer or an array if not."""
    if result.dtype.kind == "f":
        return as_array(result)
    value = result.numpy()
    return value if value.ndim else value[()]
