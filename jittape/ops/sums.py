"""Sums and means."""

from __future__ import annotations

import builtins
import math
from typing import TYPE_CHECKING

import numpy as np

from ..memory.typed_values import add_up
from ..dtypes import as_dtype, int64, is_differentiable
from ..errors import DTypeError
from ..kernels.loops import clear_if
from ..mathfun.complex_functions import over
from ..memory.words import i64_at
from ..tensors.tensor import Tensor
from .arguments import ALL_AXES, as_tensor_argument, axes_of, spellings
from .copies_and_joins import convert
from .domains import folds_of
from .operation_names import public
from .shape_functions import expand, reshape
from .axis_geometry import are_neighbours, folded_shape, three_lengths
from .declare_structured import same_statics, structured
from .shape_rules import folded

if TYPE_CHECKING:
    from ..typing import Axes, DTypeLike, TensorLike


# Kernels see (outer, n, inner): the reduced axes are one run of n between what comes before and after.
def fold_plan(layouts, axes, keepdim, *statics):
    """Shape of the result and (outer, n, inner), if the axes are neighbours."""
    shape = layouts[0].shape
    if not are_neighbours(axes):
        return None
    return folded_shape(shape, axes, keepdim), (*three_lengths(shape, axes), 0, 0, 0)


def _spread(y, x, axes, keepdim):
    """A reduced Tensor expanded to the shape from before."""
    if not keepdim:
        y = reshape(y, folded_shape(tuple(x.shape), axes, True))
    return expand(y, tuple(x.shape))


def _sum_kernels(operation, divide):
    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, x0):
            size = i64_at(params, 3)
            outer, n, inner = size[0], size[1], size[2]
            x, o = at(x0, outer * n * inner), at(out, outer * inner)
            for a in range(outer):
                if inner == 1:
                    o[a], start = 0.0, 0
                    while start < n:  # sums of blocks lose fewer digits
                        m = 1024 if n - start > 1024 else n - start
                        o[a] += add_up(x, a * n + start, m)
                        start += m
                    if divide:
                        o[a] = over(o[a], n)
                else:
                    first = a * inner
                    clear_if(1, o, first, inner)
                    for j in range(n):
                        start = (a * n + j) * inner
                        for k in range(inner):
                            o[first + k] += x[start + k]
                    if divide:
                        for k in range(first, first + inner):
                            o[k] = over(o[k], n)

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, fresh):
            size = i64_at(params, 3)
            outer, n, inner = size[0], size[1], size[2]
            o, s = at(x_bar, outer * n * inner), at(y_bar, outer * inner)
            for a in range(outer):
                if inner == 1:
                    part = over(s[a], n) if divide else s[a]
                    if fresh != 0:
                        for j in range(a * n, (a + 1) * n):
                            o[j] = part
                    else:
                        for j in range(a * n, (a + 1) * n):
                            o[j] += part
                else:
                    for j in range(a * n, (a + 1) * n):
                        clear_if(fresh, o, j * inner, inner)
                        for k in range(inner):
                            part = s[a * inner + k]
                            o[j * inner + k] += over(part, n) if divide else part

        return kernel


@structured(moves=True, along="axes")
def sum_values(x, axes, keepdim):
    """The sum over axes."""
    return x.sum(axes, keepdims=keepdim)


@sum_values.pullback_of(0)
def sum_pullback(y_bar, y, x, axes, keepdim):
    return _spread(y_bar, x, axes, keepdim)


@structured(moves=True, along="axes")
def mean_values(x, axes, keepdim):
    """The mean over axes."""
    return x.mean(axes, keepdims=keepdim)


@mean_values.pullback_of(0)
def mean_pullback(y_bar, y, x, axes, keepdim):
    count = math.prod(x.shape[a] for a in axes)
    return _spread(y_bar, x, axes, keepdim) / builtins.max(count, 1)


for _operation, _divide, _grad_name in ((sum_values, False, "SumBackward0"), (mean_values, True, "MeanBackward0")):
    _operation.planned(fold_plan)
    _operation.shaped(folded)
    _sum_kernels(_operation, _divide)
    _operation.grad_name = _grad_name
    _operation.lanes, _operation.examples = same_statics, folds_of
sum_values.adds_up()
mean_values.adds_up(float)


@public(operation=sum_values, numpy={np.sum: "input=a dim=axis dtype =out keepdim=keepdims", (np.add, "reduce"): None}, out="one")
@spellings
def sum(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """Sum of all elements, or over axes. Integers and bools are summed as int64.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.sum(jt.tensor([[1.0, 2.0], [3.0, 4.0]]), dim=0)
    tensor([4., 6.])
    """
    if dim is None and keepdim is False and dtype is None and isinstance(input, Tensor):
        found = sum_values.quick((input,), (ALL_AXES[input.ndim], False))
        if found is not None:
            return found
    x = _as_summand(input, "sum", dtype)
    return sum_values.apply(x, axes_of(dim, x.ndim), bool(keepdim))


def _as_summand(input, function, dtype):
    x = as_tensor_argument(input, function)
    if dtype is not None:
        return convert(x, as_dtype(dtype))
    return x if is_differentiable(x.dtype) else convert(x, int64)


@public(operation=mean_values, numpy={np.mean: "input=a dim=axis dtype =out keepdim=keepdims"}, out="one")
@spellings
def mean(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """Mean of all elements, or over axes; nan if there are none.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        Axes that are reduced; by default all.
    keepdim : bool, optional
        Keep reduced axes, with length one.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Without the reduced axes.

    Raises
    ------
    DTypeError
        For integers, without `dtype`.
    """
    x = as_tensor_argument(input, "mean")
    x = convert(x, as_dtype(dtype)) if dtype is not None else x
    if not is_differentiable(x.dtype):
        kind = {"b": "Bool", "i": "Long"}.get(x.dtype.kind, str(x.dtype))
        raise DTypeError(
            f"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {kind}"
        )
    return mean_values.apply(x, axes_of(dim, x.ndim), bool(keepdim))
