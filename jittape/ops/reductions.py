"""Folds and scans: sum, mean, prod, max, min, var, std, logsumexp, norm, cumsum, cumprod, median."""

import builtins
import math

import numpy as np

from ..blocks import sum_run
from ..dtypes import as_dtype, int64, is_float
from ..errors import DTypeError
from ..kernels import clear_if
from ..memory import i64_at
from ..tensor import Tensor, wrap
from .arguments import as_tensor_argument, axes_of, one_axis, spellings
from .elementwise import abs as abs_
from .elementwise import exp, sign, where
from .shape import convert, expand, gather_flat, permute, rearrange, reshape, transpose_view, unsqueeze
from .table import BY_NUMPY, are_neighbours, folded_shape, reduction, structured, three_lengths

# --- sum and mean -------------------------------------------------------------------------------------------
# Kernels see (outer, n, inner): the reduced axes are one run of n between what comes before and after.


def fold_plan(layouts, axes, keepdim, *statics):
    """Shape of the result and (outer, n, inner), if the axes are neighbours."""
    shape = layouts[0].shape
    if not are_neighbours(axes):
        return None
    return folded_shape(shape, axes, keepdim), (*three_lengths(shape, axes), 0, 0, 0)


def _spread(y, x, axes, keepdim):
    """A folded Tensor back to the shape it was folded from."""
    if not keepdim:
        y = reshape(y, folded_shape(tuple(x.shape), axes, True))
    return expand(y, tuple(x.shape))


def _sum_kernels(operation, divide):
    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, seed, y, x0, x1, x2):
            size = i64_at(params, 3)
            outer, n, inner = size[0], size[1], size[2]
            x, o = at(x0, outer * n * inner), at(out, outer * inner)
            for a in range(outer):
                if inner == 1:
                    total, start = x[0:0].sum(), 0
                    while start < n:  # blocks: short sums lose less
                        m = 1024 if n - start > 1024 else n - start
                        total += sum_run(x, a * n + start, m)
                        start += m
                    o[a] = total / n if divide else total
                else:
                    folded = o[a * inner : (a + 1) * inner]
                    folded[:] = 0.0
                    for j in range(n):
                        run = x[(a * n + j) * inner : (a * n + j + 1) * inner]
                        for k in range(inner):
                            folded[k] += run[k]
                    if divide:
                        for k in range(inner):
                            folded[k] /= n

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, x1, x2):
            size = i64_at(params, 3)
            outer, n, inner = size[0], size[1], size[2]
            o, s = at(x_bar, outer * n * inner), at(y_bar, outer * inner)
            for a in range(outer):
                if inner == 1:
                    part = s[a] / n if divide else s[a]
                    run = o[a * n : (a + 1) * n]
                    if x2 != 0:
                        for j in range(n):
                            run[j] = part
                    else:
                        for j in range(n):
                            run[j] += part
                else:
                    folded = s[a * inner : (a + 1) * inner]
                    for j in range(n):
                        clear_if(x2, o, (a * n + j) * inner, inner)
                        run = o[(a * n + j) * inner : (a * n + j + 1) * inner]
                        for k in range(inner):
                            run[k] += folded[k] / n if divide else folded[k]

        return kernel


@structured(linear=True)
def sum_values(x, axes, keepdim):
    """The sum over axes."""
    return x.sum(axes, keepdims=keepdim)


@sum_values.pullback_of(0)
def sum_pullback(y_bar, y, x, axes, keepdim):
    return _spread(y_bar, x, axes, keepdim)


@structured(linear=True)
def mean_values(x, axes, keepdim):
    """The mean over axes."""
    return x.mean(axes, keepdims=keepdim)


@mean_values.pullback_of(0)
def mean_pullback(y_bar, y, x, axes, keepdim):
    count = math.prod(x.shape[a] for a in axes)
    return _spread(y_bar, x, axes, keepdim) / builtins.max(count, 1)


for _operation, _divide, _grad_name in ((sum_values, False, "SumBackward0"), (mean_values, True, "MeanBackward0")):
    _operation.planned(fold_plan)
    _sum_kernels(_operation, _divide)
    _operation.grad_name = _grad_name


def _no_out(out):
    if out is not None:
        raise TypeError("out= is not supported: a result is a new Tensor; assign with x[...] = result")


@spellings
def sum(input, dim=None, keepdim=False, *, dtype=None, out=None):
    """The sum of all elements, or over axes.  Integers and bools are summed as int64."""
    _no_out(out)
    x = _as_summand(input, "sum", dtype)
    return sum_values.apply(x, axes_of(dim, x.ndim), bool(keepdim))


def _as_summand(input, function, dtype):
    x = as_tensor_argument(input, function)
    if dtype is not None:
        return convert(x, as_dtype(dtype))
    return x if is_float(x.dtype) else convert(x, int64)


@spellings
def mean(input, dim=None, keepdim=False, *, dtype=None, out=None):
    """The mean of all elements, or over axes; nan of nothing."""
    _no_out(out)
    x = as_tensor_argument(input, "mean")
    x = convert(x, as_dtype(dtype)) if dtype is not None else x
    if not is_float(x.dtype):
        kind = {"b": "Bool", "i": "Long"}.get(x.dtype.kind, str(x.dtype))
        raise DTypeError(
            f"mean(): could not infer output dtype. Input dtype must be either a floating point or complex dtype. Got: {kind}"
        )
    return mean_values.apply(x, axes_of(dim, x.ndim), bool(keepdim))


# --- folds with an elementwise partial ----------------------------------------------------------------------
# They see (before, folded, after); kernels for those that loss functions are made of are in ``folds``.


def _fold(operation, x, dim, keepdim, *statics):
    return operation.apply(x, axes_of(dim, x.ndim), bool(keepdim), *statics)


def _ties(x, y):
    return (x == y) | ((x != x) & (y != y))


@reduction(grad_name="AmaxBackward0")
def amax_values(x, axis):
    """The largest element; nan if there is one."""
    return x.max(axis, keepdims=True)


@amax_values.partials
def amax_partial(x, y, axis):
    chosen = where(_ties(x, y), 1.0, np.zeros((), x.dtype))
    return chosen / sum(chosen, axis, keepdim=True)


@reduction(grad_name="AminBackward0")
def amin_values(x, axis):
    """The smallest element; nan if there is one."""
    return x.min(axis, keepdims=True)


amin_values.partials(amax_partial)


@reduction(grad_name="ProdBackward0")
def prod_values(x, axis):
    """The product."""
    return x.prod(axis, keepdims=True)


@prod_values.partials
def prod_partial(x, y, axis):
    if (x._value() != 0).all():
        return y / x
    # the product of the others, elementwise exact with zeros too, and again differentiable
    n, x_last = x.shape[axis], transpose_view.apply(x, axis, x.ndim - 1)
    others = where(np.eye(n, dtype=bool), 1.0, unsqueeze(x_last, -2))
    return transpose_view.apply(prod(others, -1), axis, x.ndim - 1)


@reduction(grad_name="VarBackward0")
def var_values(x, axis, correction):
    """The variance, the squares divided by n - correction."""
    return x.var(axis, ddof=correction, keepdims=True)


@var_values.partials
def var_partial(x, y, axis, correction):
    return (x - mean(x, axis, keepdim=True)) * (2.0 / _count(x, axis, correction))


@reduction(grad_name="StdBackward0")
def std_values(x, axis, correction):
    """The square root of the variance."""
    return x.std(axis, ddof=correction, keepdims=True)


@std_values.partials
def std_partial(x, y, axis, correction):
    centred = (x - mean(x, axis, keepdim=True)) / (_count(x, axis, correction) * where(y == 0, 1.0, y))
    return where(y == 0, 0.0, centred)


def _count(x, axis, correction):
    n = x.shape[axis] - correction
    return n if n > 0 else math.nan


@reduction(grad_name="LogsumexpBackward0")
def logsumexp_values(x, axis):
    """log of the sum of exponentials, without overflow."""
    if x.shape[axis] == 0:
        return np.full(folded_shape(x.shape, (axis,), True), -np.inf, x.dtype)
    high = x.max(axis, keepdims=True)
    shift = np.where(np.isfinite(high), high, 0)
    return np.log(np.exp(x - shift).sum(axis, keepdims=True)) + shift


@logsumexp_values.partials
def logsumexp_partial(x, y, axis):
    return exp(x - where(y == -math.inf, 0.0, y))


@reduction(grad_name="LinalgVectorNormBackward0")
def norm_values(x, axis, p):
    """The p-norm."""
    x = np.abs(x)
    if p == math.inf:
        return x.max(axis, keepdims=True)
    if p == -math.inf:
        return x.min(axis, keepdims=True)
    if p == 0:
        return (x != 0).sum(axis, keepdims=True).astype(x.dtype)
    if p == 2:
        high = x.max(axis, keepdims=True, initial=0)
        scale = np.where((high > 0) & np.isfinite(high), high, 1)
        return scale * np.sqrt(np.square(x / scale).sum(axis, keepdims=True))
    return (x**p).sum(axis, keepdims=True) ** (1 / p)


@norm_values.partials
def norm_partial(x, y, axis, p):
    if p == 0:
        return x * 0.0
    if builtins.abs(p) == math.inf:
        chosen = where(abs_(x) == y, sign(x), np.zeros((), x.dtype))
        return chosen / where(y == 0, 1.0, sum(abs_(chosen), axis, keepdim=True))
    if p == 2:
        return where(y == 0, 0.0, x / where(y == 0, 1.0, y))
    if p == 1:
        return sign(x)
    safe = where(y == 0, 1.0, y)
    base = where(x == 0, 1.0, abs_(x))
    return where((x == 0) | (y == 0), 0.0, sign(x) * base ** (p - 1) / safe ** (p - 1))


@reduction(grad_name="MedianBackward0")
def median_values(x, axis):
    """The lower median; nan if there is one."""
    k = (x.shape[axis] - 1) // 2
    y = np.take(np.sort(x, axis), [k], axis)
    return np.where(np.isnan(x).any(axis, keepdims=True), np.nan, y).astype(x.dtype)


median_values.partials(amax_partial)


def _refuse_empty(x, function, dim):
    if x.numel() == 0 and (dim is None or any(x.shape[a] == 0 for a in axes_of(dim, x.ndim))):
        if dim is None:
            raise RuntimeError(
                f"{function}(): Expected reduction dim to be specified for input.numel() == 0. Specify the reduction dim "
                "with the 'dim' argument."
            )
        raise IndexError(f"{function}(): Expected reduction dim {dim} to have non-zero size.")


def _extreme(operation, input, dim, keepdim, name):
    x = as_tensor_argument(input, name)
    _refuse_empty(x, name, dim)
    if not x.requires_grad and not is_float(x.dtype):
        fold = np.max if operation is amax_values else np.min
        return wrap(np.asarray(fold(x._value(), axes_of(dim, x.ndim), keepdims=bool(keepdim))))
    return _fold(operation, x, dim, keepdim)


@spellings
def amax(input, dim=None, keepdim=False, *, out=None):
    """The largest element over axes; equal ones share the gradient."""
    _no_out(out)
    return _extreme(amax_values, input, dim, keepdim, "amax")


@spellings
def amin(input, dim=None, keepdim=False, *, out=None):
    """The smallest element over axes; equal ones share the gradient."""
    _no_out(out)
    return _extreme(amin_values, input, dim, keepdim, "amin")


class ValuesIndices(tuple):
    """A pair (values, indices), as PyTorch returns from max, min, sort, median along an axis."""

    __slots__ = ()
    values = property(lambda self: self[0])
    indices = property(lambda self: self[1])

    def __repr__(self):
        return f"(values={self[0]!r},\nindices={self[1]!r})"


def pick(x, indices, axis, keepdim):
    """Elements along an axis at indices that keep it, with those indices."""
    grid = np.arange(x.numel()).reshape(tuple(x.shape))
    positions = np.take_along_axis(grid, indices, axis)
    if not keepdim:
        positions, indices = positions.squeeze(axis), indices.squeeze(axis)
    return ValuesIndices((gather_flat(x, positions), wrap(indices)))


def _extreme_with_index(input, dim, keepdim, name, where_):
    from .elementwise import maximum, minimum

    x = as_tensor_argument(input, name)
    if isinstance(dim, (Tensor, np.ndarray)):
        return (maximum if name == "max" else minimum)(x, dim)
    if dim is None:
        _refuse_empty(x, name, None)
        return (amax if name == "max" else amin)(x)
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    _refuse_empty(x, name, dim)
    axis = one_axis(dim, x.ndim)
    return pick(x, np.expand_dims(where_(x._value(), axis), axis), axis, keepdim)


@spellings
def max(input, dim=None, keepdim=False):
    """The largest element; along an axis, with its index; of two tensors, elementwise.

    Over everything, equal elements share the gradient; along an axis, the one that the index names has it.
    """
    return _extreme_with_index(input, dim, keepdim, "max", np.argmax)


@spellings
def min(input, dim=None, keepdim=False):
    """The smallest element; along an axis, with its index; of two tensors, elementwise."""
    return _extreme_with_index(input, dim, keepdim, "min", np.argmin)


@spellings
def median(input, dim=None, keepdim=False):
    """The median, of two middle elements the lower; along an axis, with its index."""
    x = as_tensor_argument(input, "median")
    if dim is None:
        return _fold(median_values, x, None, False)
    axis = one_axis(dim, x.ndim)
    if x.ndim == 0:
        return ValuesIndices((reshape(x, ()), wrap(np.zeros((), np.int64))))
    _refuse_empty(x, "median", dim)
    array = x._value()
    middle = np.take(np.argsort(array, axis, kind="stable"), [(x.shape[axis] - 1) // 2], axis)
    missing = np.isnan(array)
    first = np.expand_dims(np.argmax(missing, axis), axis)
    return pick(x, np.where(missing.any(axis, keepdims=True), first, middle), axis, keepdim)


@spellings
def prod(input, dim=None, keepdim=False, *, dtype=None):
    """The product of all elements, or over axes; its gradient is exact where elements are zero."""
    x = _as_summand(input, "prod", dtype)
    if not is_float(x.dtype):
        return wrap(np.asarray(x._value().prod(axes_of(dim, x.ndim), keepdims=bool(keepdim))))
    return _fold(prod_values, x, dim, keepdim)


def _spread_measure(operation, input, dim, unbiased, correction, keepdim, name):
    x = as_tensor_argument(input, name)
    if isinstance(dim, bool):
        dim, unbiased = None, dim
    if not is_float(x.dtype):
        raise DTypeError(f"{name} only support floating point and complex dtypes: got {x.dtype}; convert with .double()")
    if unbiased is not None:
        correction = 1 if unbiased else 0
    return _fold(operation, x, dim, keepdim, correction)


@spellings
def var(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """The variance; `correction` (NumPy: ddof) is taken from the number of elements, 1 by default."""
    return _spread_measure(var_values, input, dim, unbiased, correction, keepdim, "var")


@spellings
def std(input, dim=None, unbiased=None, keepdim=False, *, correction=1):
    """The standard deviation; its gradient is 0 where the elements are equal."""
    return _spread_measure(std_values, input, dim, unbiased, correction, keepdim, "std")


@spellings
def logsumexp(input, dim=None, keepdim=False):
    """log(sum(exp(x))) over axes, without overflow."""
    x = as_tensor_argument(input, "logsumexp")
    return _fold(logsumexp_values, x if is_float(x.dtype) else x.double(), dim, keepdim)


@spellings
def norm(input, p=2, dim=None, keepdim=False, ord=None):
    """The p-norm of all elements, or over axes; its gradient at 0 is 0.

    ``p`` is a number, ``math.inf``, ``-math.inf`` or "fro".
    """
    x = as_tensor_argument(input, "norm")
    p = ord if ord is not None else p
    if p == "fro" or p is None:
        p = 2
    if isinstance(p, str):
        raise ValueError(f"got norm order {p!r}, expected a number, inf, -inf or 'fro'")
    return _fold(norm_values, x, dim, keepdim, float(p))


# --- scans --------------------------------------------------------------------------------------------------


def _scan_plan(layouts, axis):
    shape = layouts[0].shape
    return shape, (math.prod(shape[:axis]), shape[axis], math.prod(shape[axis + 1 :]), 0, 0, 0)


@structured(linear=True, grad_name="CumsumBackward0")
def cumsum_values(x, axis):
    """Running sums."""
    return np.cumsum(x, axis)


@cumsum_values.pullback_of(0)
def cumsum_pullback(y_bar, y, x, axis):
    def reverse(v):
        return rearrange(v, lambda grid: np.flip(grid, axis))

    return reverse(cumsum_values.apply(reverse(y_bar), axis))


cumsum_values.planned(_scan_plan)


@cumsum_values.kernel_of("forward")
def _cumsum_forward(at):
    def kernel(params, out, seed, y, x0, x1, x2):
        size = i64_at(params, 3)
        outer, n, inner = size[0], size[1], size[2]
        x, o = at(x0, outer * n * inner), at(out, outer * n * inner)
        for a in range(outer):
            for k in range(inner):
                total = 0.0
                for j in range(n):
                    place = (a * n + j) * inner + k
                    total += x[place]
                    o[place] = total

    return kernel


@cumsum_values.kernel_of("reverse")
def _cumsum_reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, x1, x2):
        size = i64_at(params, 3)
        outer, n, inner = size[0], size[1], size[2]
        s, o = at(y_bar, outer * n * inner), at(x_bar, outer * n * inner)
        clear_if(x2, o, 0, outer * n * inner)
        for a in range(outer):
            for k in range(inner):
                total = 0.0
                for j in range(n - 1, -1, -1):
                    place = (a * n + j) * inner + k
                    total += s[place]
                    o[place] += total

    return kernel


@spellings
def cumsum(input, dim=None, *, dtype=None):
    """Running sums along an axis (NumPy: of all elements if no axis is given)."""
    x = _as_summand(input, "cumsum", dtype)
    if dim is None:
        x, dim = reshape(x, -1), 0
    if x.ndim == 0:
        return reshape(x, ())
    return cumsum_values.apply(x, one_axis(dim, x.ndim))


@structured(grad_name="CumprodBackward0")
def cumprod_values(x, axis):
    """Running products."""
    return np.cumprod(x, axis)


@cumprod_values.pullback_of(0)
def cumprod_pullback(y_bar, y, x, axis):
    if (x._value() != 0).all():
        return cumsum_pullback(y_bar * y, None, x, axis) / x
    partial = _cumprod_partial(transpose_view.apply(x, axis, x.ndim - 1))
    x_bar = sum(unsqueeze(transpose_view.apply(y_bar, axis, x.ndim - 1), -1) * partial, -2)
    return transpose_view.apply(x_bar, axis, x.ndim - 1)


@cumprod_values.pushforward_of(0)
def cumprod_pushforward(x_dot, y, x, axis):
    partial = _cumprod_partial(transpose_view.apply(x, axis, x.ndim - 1))
    y_dot = sum(partial * unsqueeze(transpose_view.apply(x_dot, axis, x.ndim - 1), -2), -1)
    return transpose_view.apply(y_dot, axis, x.ndim - 1)


def _cumprod_partial(x):
    """d y_k / d x_j of running products along the last axis, exact with zeros: O(n**2) values."""
    n = x.shape[-1]
    used = np.tri(n, dtype=bool)  # y_k reads x_j for j <= k
    factors = where(used, unsqueeze(x, -2), 1.0)
    return prod_partial(factors, prod(factors, -1, keepdim=True), factors.ndim - 1) * used


@spellings
def cumprod(input, dim=None, *, dtype=None):
    """Running products along an axis; the gradient is exact where elements are zero."""
    x = _as_summand(input, "cumprod", dtype)
    if dim is None:
        x, dim = reshape(x, -1), 0
    return cumprod_values.apply(x, one_axis(dim, x.ndim)) if x.ndim else reshape(x, ())


def softmax(input, dim=-1):
    """exp(x) divided by its sum along an axis."""
    return exp(log_softmax(input, dim))


def log_softmax(input, dim=-1):
    """x - logsumexp(x) along an axis."""
    x = as_tensor_argument(input, "log_softmax")
    return x - logsumexp(x, dim, keepdim=True)


for _ours, _theirs in (
    (sum, np.sum), (mean, np.mean), (prod, np.prod), (amax, np.max), (amin, np.min), (amax, np.amax), (amin, np.amin),
    (cumsum, np.cumsum), (cumprod, np.cumprod),
):
    BY_NUMPY[_theirs] = _ours


def _numpy_default(ours):
    """NumPy's var and std divide by n unless told otherwise."""

    def function(a, axis=None, dtype=None, out=None, ddof=0, keepdims=False, **kwargs):
        _no_out(out)
        return ours(a, axis, correction=ddof, keepdim=keepdims)

    return function


BY_NUMPY[np.var], BY_NUMPY[np.std] = _numpy_default(var), _numpy_default(std)
