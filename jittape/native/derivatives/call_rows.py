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
    # The nested one runs on differential numbers too: `backward` may be differentiated.
    pull = pullback(function, argnums, False, exact=True).nested
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
        if any(ctx.needs_input_grad):
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
        exact = [_exact(ctx.flows, output, y_bar) for output, y_bar in enumerate(cotangents)]
        bars = NativeCall.apply(_backward_of(ctx.function, active, len(args), ctx.several), *args, *exact)
        answers, reached = [None] * len(args), [None] * len(args)
        for k, bar in zip(active, bars, strict=True):
            answers[k], reached[k] = bar + 0.0, ~_is_nothing(bar._value())
        ctx.reached = None if ctx.flows is None else (None, *reached)
        return (None, *answers)


def _exact(flows, output, y_bar):
    """A cotangent as an exact pullback takes it: -0.0 where nothing flows. A plain sweep does not know where, and all flows."""
    if flows is not None and output not in flows:
        return wrap(np.full(tuple(y_bar.shape), -0.0, y_bar.dtype))
    y_bar = y_bar + 0.0
    flow = None if flows is None else flows[output]
    return y_bar if flow is None else where(flow, y_bar, -0.0)


def _is_nothing(values):
    return (values == 0.0) & np.signbit(values)


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
