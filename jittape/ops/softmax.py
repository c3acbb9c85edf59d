"""Softmax and its logarithm, one row each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .. import mathfun
from ..dtypes import get_default_dtype, is_differentiable
from ..kernels.gather_scatter import FAR
from ..numba_backend.decorators import helper
from ..kernels.loops import clear_if
from ..memory.words import i64_at
from .arguments import as_tensor_argument, one_axis, spellings
from .reduction_kernels import largest, run_of, total as total_of_run
from .domains import along_every_axis
from .copies_and_joins import convert
from .operation_names import public
from .shape_functions import reshape
from .axis_geometry import axis_plan
from .declare_structured import structured
from .shape_rules import along_axis
from .sums import sum
from .transcendental import exp

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, TensorLike


def _plan(layouts, axis):
    return axis_plan(layouts, axis) if layouts[0].size else None


@structured(
    mixes_axis=True,
    grad_name="LogSoftmaxBackward0",
    uses=(8, 0, 0),
    special_points=[
        (([1e4, 0.0],), (0,), [0.0, -1e4], ([-1.0, 1.0],), 0.0),
        (([0.0, -np.inf],), (0,), [0.0, -np.inf], ([-1.0, 1.0],), 0.0),
    ],
)
def log_softmax_values(x, axis):
    """x - log(sum(exp(x))) along an axis."""
    if not x.size:
        return x.copy()
    d = x - x.max(axis, keepdims=True)
    return d - np.log(np.exp(d).sum(axis, keepdims=True))


log_softmax_values.shaped(along_axis)


@log_softmax_values.pullback_of(0)
def log_softmax_pullback(y_bar, y, x, axis):
    return y_bar - exp(y) * sum(y_bar, axis, keepdim=True)


@log_softmax_values.pushforward_of(0)
def log_softmax_pushforward(x_dot, y, x, axis):
    return x_dot - sum(exp(y) * x_dot, axis, keepdim=True)


@structured(
    mixes_axis=True,
    grad_name="SoftmaxBackward0",
    uses=(8, 0, 0),
    special_points=[(([1e300, -np.inf],), (0,), [1.0, 0.0], ([0.0, 0.0],), 0.0)],
)
def softmax_values(x, axis):
    """exp(x) divided by its sum along an axis."""
    if not x.size:
        return x.copy()
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


softmax_values.shaped(along_axis)


@softmax_values.pullback_of(0)
def softmax_pullback(y_bar, y, x, axis):
    return y * (y_bar - sum(y * y_bar, axis, keepdim=True))


@softmax_values.pushforward_of(0)
def softmax_pushforward(x_dot, y, x, axis):
    return y * (x_dot - sum(y * x_dot, axis, keepdim=True))


# --- kernels ----------------------------------------------------------------------------------------------------
# A run is a row of the matrix of logits, or copied together where the axis is not the last one.


FEW = 16  # classes: up to so many a block is turned, and loops run along its rows; 10 classes take two thirds of the time
SCANNED = 1024  # elements of whole rows at a time: their exponentials are one loop, which vectorises, and stay in the cache


@helper
def rows_at_once(m):
    """How many rows of a matrix of logits make a block."""
    return max(1, SCANNED // m)


@helper
def exponentials(x, e, high, total, n, m):
    """``e = exp(x - high)`` for n rows of m logits, with the largest logit and the sum of each row.

    Up to `FEW` classes lie in ``e`` by columns: m runs of n.
    """
    if m <= FEW:
        _exponentials_by_columns(x, e, high[:n], total[:n], n, m)
        return
    for a in range(n):
        run, part = x[a * m : (a + 1) * m], e[a * m : (a + 1) * m]
        h = largest(run, m)
        high[a] = h
        for j in range(m):
            part[j] = run[j] - h
    for k in range(n * m):
        e[k] = mathfun.exp(e[k])
    for a in range(n):
        total[a] = total_of_run(e[a * m : (a + 1) * m], m)


@helper
def _exponentials_by_columns(x, e, high, total, n, m):
    for j in range(m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            column[k] = x[k * m + j]
    for k in range(n):
        high[k], total[k] = e[k], 0.0
    for j in range(1, m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            high[k] = column[k] if column[k] > high[k] or column[k] != column[k] else high[k]
    for j in range(m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            column[k] = mathfun.exp(column[k] - high[k])
            total[k] += column[k]


@helper
def _log_softmax_rows(o, x, e, high, total, n, m):
    for a in range(n):
        total[a] = mathfun.log(total[a])
    for a in range(n):
        run, part, h, t = o[a * m : (a + 1) * m], x[a * m : (a + 1) * m], high[a], total[a]
        for j in range(m):
            run[j] = (part[j] - h) - t  # in this order: of large logits, high + log(total) is rounded


@helper
def _softmax_rows(o, x, e, high, total, n, m):
    if m <= FEW:
        for j in range(m):
            column = e[j * n : (j + 1) * n]
            for k in range(n):
                o[k * m + j] = column[k] / total[k]
        return
    for a in range(n):
        run, part, t = o[a * m : (a + 1) * m], e[a * m : (a + 1) * m], total[a]
        for j in range(m):
            run[j] = part[j] / t


@helper
def _log_softmax_back(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += s[j]
    for j in range(n):
        o[j] = s[j] - mathfun.exp(y[j]) * total


@helper
def _log_softmax_ahead(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += mathfun.exp(y[j]) * s[j]
    for j in range(n):
        o[j] = s[j] - total


@helper
def _softmax_back(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += y[j] * s[j]
    for j in range(n):
        o[j] = y[j] * (s[j] - total)


def _linear(run):
    """The loops of a rule that is linear in its seed and reads the result: ``out += rule(y, seed)``."""

    def loops(p, o, s, v, fresh):
        outer, n, inner = p[0], p[1], p[2]
        copy, copy_s, part = np.empty(n, v.dtype), np.empty(n, v.dtype), np.empty(n, v.dtype)
        clear_if(fresh, o, 0, outer * n * inner)
        for a in range(outer):
            for k in range(inner):
                run(part, run_of(v, copy, a, k, n, inner), run_of(s, copy_s, a, k, n, inner), n)
                for j in range(n):
                    o[(a * n + j) * inner + k] += part[j]

    loops.__name__ = loops.__qualname__ = f"{run.__name__}_loops"  # unique: functions of one name share a symbol
    return helper(loops)


def _add_kernels(operation, finish, back, ahead):
    back, ahead = _linear(back), _linear(ahead)
    operation.planned(_plan)
    operation.exampled(along_every_axis)

    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, x0):
            p = i64_at(params, 3)
            outer, n, inner = p[0], p[1], p[2]
            x, o, rows = at(x0, outer * n * inner), at(out, outer * n * inner), rows_at_once(n)
            e, copy, part = np.empty(rows * n, x.dtype), np.empty(n, x.dtype), np.empty(n, x.dtype)
            high, total = np.empty(rows, x.dtype), np.empty(rows, x.dtype)
            for a in range(0, outer, rows if inner == 1 else 1):
                if inner == 1:
                    m, block = min(rows, outer - a), x[a * n : min(a + rows, outer) * n]
                    exponentials(block, e, high, total, m, n)
                    finish(o[a * n : (a + m) * n], block, e, high, total, m, n)
                    continue
                for k in range(inner):
                    run = run_of(x, copy, a, k, n, inner)
                    exponentials(run, e, high, total, 1, n)
                    finish(part, run, e, high, total, 1, n)
                    for j in range(n):
                        o[(a * n + j) * inner + k] = part[j]

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, fresh):
            back(i64_at(params, 3), at(x_bar, FAR), at(y_bar, FAR), at(y, FAR), fresh)

        return kernel

    @operation.kernel_of("tangent")
    def tangent(at):
        def kernel(params, y_dot, x_dot, y, x0):
            ahead(i64_at(params, 3), at(y_dot, FAR), at(x_dot, FAR), at(y, FAR), 0)

        return kernel


_add_kernels(log_softmax_values, _log_softmax_rows, _log_softmax_back, _log_softmax_ahead)
_add_kernels(softmax_values, _softmax_rows, _softmax_back, _softmax_back)


def _as_logits(input, dim, dtype, name):
    x = as_tensor_argument(input, name)
    if dtype is not None or not is_differentiable(x.dtype):
        x = convert(x, get_default_dtype() if dtype is None else dtype)
    return x, one_axis(dim, x.ndim)


@public(operation=softmax_values)
@spellings
def softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Exponentials divided by their sum along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x, axis = _as_logits(input, dim, dtype, "softmax")
    return reshape(softmax(reshape(x, 1), 0), ()) if x.ndim == 0 else softmax_values.apply(x, axis)


@public(operation=log_softmax_values)
@spellings
def log_softmax(input: TensorLike, dim: SupportsIndex = -1, *, dtype: DTypeLike | None = None) -> Tensor:
    """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x, axis = _as_logits(input, dim, dtype, "log_softmax")
    return reshape(log_softmax(reshape(x, 1), 0), ()) if x.ndim == 0 else log_softmax_values.apply(x, axis)
