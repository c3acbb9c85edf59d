"""Declarations of reductions whose derivative is an elementwise partial.

Bodies see arrays of shape (before, reduced, after). Kernels for those that loss functions use are in `reduction_kernels`.
"""

import builtins
import math

import numpy as np

from .arithmetic import abs as abs_, sign
from .choosing import where
from .complex_parts import imag, real
from .domains import folds_of
from .singular_points import quotient_or_zero
from .transcendental import exp, log
from .shape_functions import reshape, unsqueeze
from .split_and_stack import stack
from .view_rules import transpose_view
from .sums import mean, sum
from .axis_geometry import folded_shape
from .declare_reduction import reduction


def _ties(x, y):
    return (x == y) | ((x != x) & (y != y))


@reduction(
    selects=True,
    grad_name="AmaxBackward0",
    special_points=[
        (([1.0, 3.0, 3.0],), ((0,), False), 3.0, ([0.0, 0.5, 0.5],), 0.0),
        (([1.0, np.inf],), ((0,), False), np.inf, ([0.0, 1.0],), 0.0),
    ],
)
def amax_values(x, axis):
    """The largest element; nan if there is one."""
    return x.max(axis, keepdims=True)


@amax_values.partials
def amax_partial(x, y, axis):
    chosen = where(_ties(x, y), 1.0, np.zeros((), x.dtype))
    return chosen / sum(chosen, axis, keepdim=True)


@reduction(
    selects=True, grad_name="AminBackward0", special_points=[(([1.0, 1.0, 3.0],), ((0,), False), 1.0, ([0.5, 0.5, 0.0],), 0.0)]
)
def amin_values(x, axis):
    """The smallest element; nan if there is one."""
    return x.min(axis, keepdims=True)


amin_values.partials(amax_partial)


@reduction(
    grad_name="ProdBackward0",
    special_points=[
        (([0.0, 2.0, 3.0],), ((0,), False), 0.0, ([6.0, 0.0, 0.0],), [[0.0, 3.0, 2.0], [3.0, 0.0, 0.0], [2.0, 0.0, 0.0]]),
        (([0.0, 0.0, 3.0],), ((0,), False), 0.0, ([0.0, 0.0, 0.0],), [[0.0, 3.0, 0.0], [3.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
        (([0.0, 0.0, 0.0],), ((0,), False), 0.0, ([0.0, 0.0, 0.0],), 0.0),
        (([np.inf, 2.0],), ((0,), False), np.inf, ([2.0, np.inf],), [[0.0, 1.0], [1.0, 0.0]]),
        (([np.nan, 2.0],), ((0,), False), np.nan, ([2.0, np.nan],), [[0.0, 1.0], [1.0, 0.0]]),
    ],
)
def prod_values(x, axis):
    """The product."""
    return x.prod(axis, keepdims=True)


def is_plain_product(x, y):
    """Whether quotients are the products of the other factors, to second order; a trace notes the answer."""
    return _all_are_moderate(x, 0.45) and _all_are_moderate(y, 0.94)


def _all_are_moderate(x, share):
    """Whether exponents are in a share of the range of the dtype."""
    if 0 in x.shape:
        return True
    size, info = abs_(x), np.finfo(x.dtype)
    inside = where(size > float(info.tiny) ** share, where(size < float(info.max) ** share, 1.0, 0.0), 0.0)
    return bool(amin_values.apply(inside, tuple(range(x.ndim)), False) != 0)


@prod_values.partials
def prod_partial(x, y, axis):
    if is_plain_product(x, y):
        return y / x
    # the product of the others, elementwise exact with zeros too, and again differentiable
    n, x_last = x.shape[axis], transpose_view.apply(x, axis, x.ndim - 1)
    others = where(np.eye(n, dtype=bool), 1.0, unsqueeze(x_last, -2))
    return transpose_view.apply(prod_values.apply(others, (others.ndim - 1,), False), axis, x.ndim - 1)


@reduction(
    grad_name="VarBackward0",
    special_points=[
        (
            ([0.1] * 3,),
            ((0,), False, 0),
            0.0,
            ([0.0] * 3,),
            [[4 / 9, -2 / 9, -2 / 9], [-2 / 9, 4 / 9, -2 / 9], [-2 / 9, -2 / 9, 4 / 9]],
        )
    ],
)
def var_values(x, axis, correction):
    """The variance, the squares divided by n - correction."""
    return (x - _any_of(x, axis)).var(axis, ddof=correction, keepdims=True)


def _any_of(x, axis):
    """Elements that are subtracted first: of numbers that are all equal the mean is rounded, and their variance not 0."""
    return x.take(np.arange(min(x.shape[axis], 1)), axis)  # none of none


@var_values.exampled
def _var_examples():
    for statics in ((0,), (1,)):
        yield from folds_of(*statics)


@var_values.partials
def var_partial(x, y, axis, correction):
    return (x - mean(x, axis, keepdim=True)) * (2.0 / _count(x, axis, correction))


@reduction(
    grad_name="StdBackward0",
    special_points=[
        (([0.1] * 3,), ((0,), False, 1), 0.0, ([0.0] * 3,), math.nan),
        (([1e300, 3e300],), ((0,), False, 0), 1e300, ([-0.5, 0.5],), 0.0),
        (([0.0, 2e-310],), ((0,), False, 0), 1e-310, ([-0.5, 0.5],), math.nan),
    ],
)
def std_values(x, axis, correction):
    """The square root of the variance, which itself may be out of range."""
    centred = x - _any_of(x, axis)
    centred = centred - centred.mean(axis, keepdims=True)
    return _root_of_squares(centred, axis) / x.dtype.type(math.sqrt(max(x.shape[axis] - correction, 0)))


def _root_of_squares(x, axis):
    scale = _scale(x, axis)
    return scale * np.sqrt(np.square(x / scale).sum(axis, keepdims=True))


def _scale(x, axis):
    """The largest of some numbers: powers of quotients by it are not out of range; 1 where it is zero or not finite."""
    high = np.abs(x).max(axis, keepdims=True, initial=0)
    return np.where((high > 0) & np.isfinite(high), high, 1).astype(x.dtype)


@std_values.exampled
def _std_examples():
    for statics in ((0,), (1,)):
        yield from folds_of(*statics)


@std_values.partials
def std_partial(x, y, axis, correction):
    centred = x - mean(x, axis, keepdim=True)
    centred = where(y == 0, 0.0 * centred, centred)  # of numbers that are all equal, the mean is rounded
    return quotient_or_zero(centred, _count(x, axis, correction) * y)


def _count(x, axis, correction):
    n = x.shape[axis] - correction
    return n if n > 0 else math.nan


@reduction(
    grad_name="LogsumexpBackward0",
    special_points=[
        (([-np.inf, 0.0],), ((0,), False), 0.0, ([0.0, 1.0],), 0.0),
        (([-np.inf, -np.inf],), ((0,), False), -np.inf, ([0.0, 0.0],), 0.0),
        (([1e300, 1e300],), ((0,), False), 1e300, ([0.5, 0.5],), [[0.25, -0.25], [-0.25, 0.25]]),
    ],
)
def logsumexp_values(x, axis):
    """log of the sum of exponentials, without overflow."""
    if x.shape[axis] == 0:
        return np.full(folded_shape(x.shape, (axis,), True), -np.inf, x.dtype)
    high = x.max(axis, keepdims=True)
    shift = np.where(np.isfinite(high), high, 0)
    return np.log(np.exp(x - shift).sum(axis, keepdims=True)) + shift


@logsumexp_values.partials
def logsumexp_partial(x, y, axis):
    weights = exp(x - where(y == -math.inf, 0.0, y))  # they add up to 1, but for the rounding of a large y
    return weights / where(abs_(y) == math.inf, 1.0, sum(weights, axis, keepdim=True))


@reduction(
    grad_name="LinalgVectorNormBackward0",
    special_points=[
        (([0.0, 0.0],), ((0,), False, 2.0), 0.0, ([0.0, 0.0],), math.nan),
        (([0.0, 2.0],), ((0,), False, 2.0), 2.0, ([0.0, 1.0],), [[0.5, 0.0], [0.0, 0.0]]),
        (([0.0, 0.0],), ((0,), False, 3.0), 0.0, ([0.0, 0.0],), math.nan),
        (([0.0, 1e-200],), ((0,), False, 3.0), 1e-200, ([0.0, 1.0],), 0.0),
        (([0.0, -2.0],), ((0,), False, 1.0), 2.0, ([0.0, -1.0],), 0.0),
        (([2.0, 2.0],), ((0,), False, math.inf), 2.0, ([0.5, 0.5],), 0.0),
    ],
)
def norm_values(x, axis, p):
    """The p-norm."""
    x = np.abs(x)
    if p == math.inf:
        return x.max(axis, keepdims=True)
    if p == -math.inf:
        return x.min(axis, keepdims=True)
    if p == 0:
        return (x != 0).sum(axis, keepdims=True).astype(x.dtype)
    if p < 0:
        return (x**p).sum(axis, keepdims=True) ** (1 / p)
    if p == 2:
        return _root_of_squares(x, axis)
    scale = _scale(x, axis)
    return scale * ((x / scale) ** p).sum(axis, keepdims=True) ** (1 / p)


@norm_values.exampled
def _norm_examples():
    for statics in ((2.0,), (1.0,), (3.0,), (math.inf,), (0.5,), (-math.inf,)):
        yield from folds_of(*statics)


@norm_values.partials
def norm_partial(x, y, axis, p):
    if p == 0:
        return x * 0.0
    if builtins.abs(p) == math.inf:
        chosen = where(abs_(x) == y, sign(x), np.zeros((), x.dtype))
        return chosen / where(y == 0, 1.0, sum(abs_(chosen), axis, keepdim=True))
    if p == 2:
        return quotient_or_zero(x, y)
    if p == 1:
        return sign(x)
    ratio = quotient_or_zero(abs_(x), y)
    if p > 2:
        return sign(x) * ratio ** (p - 1)
    undefined = quotient_or_zero(x, x)  # where x is 0, for which it stands: 0, without a derivative
    return where(x == 0, undefined, sign(x) * where(x == 0, 1.0, ratio) ** (p - 1))


@reduction(
    selects=True,
    grad_name="MedianBackward0",
    special_points=[(([1.0, 2.0, 3.0, 3.0, 3.0],), ((0,), False), 3.0, ([0.0, 0.0, 1 / 3, 1 / 3, 1 / 3],), 0.0)],
)
def median_values(x, axis):
    """The lower median; nan if there is one."""
    k = (x.shape[axis] - 1) // 2
    y = np.take(np.sort(x, axis), [k], axis)
    return np.where(np.isnan(x).any(axis, keepdims=True), np.nan, y).astype(x.dtype)


median_values.partials(amax_partial)


# --- of complex numbers -----------------------------------------------------------------------------------------------


@prod_values.of_complex_numbers
@reduction(holomorphic=True, grad_name="ProdBackward0")
def complex_prod_values(x, axis):
    """The product of complex numbers, without kernels."""
    return x.prod(axis, keepdims=True)


complex_prod_values.partials(prod_partial)


@norm_values.of_complex_numbers
def _norm_of_complex(x, axes, keepdim, p):
    """The norm of the absolute values."""
    return norm_values.apply(abs_(x), axes, keepdim, p)


@var_values.of_complex_numbers
def _var_of_complex(x, axes, keepdim, correction):
    """The variances of the parts together: the mean square of the distance from the mean."""
    return var_values.apply(real(x), axes, keepdim, correction) + var_values.apply(imag(x), axes, keepdim, correction)


@std_values.of_complex_numbers
def _std_of_complex(x, axes, keepdim, correction):
    return norm_values.apply(
        stack([std_values.apply(part(x), axes, keepdim, correction) for part in (real, imag)], 0), (0,), False, 2.0
    )


@logsumexp_values.of_complex_numbers
def _logsumexp_of_complex(x, axes, keepdim):
    """Shifted by the largest real part."""
    high = amax_values.apply(real(x).detach(), axes, True)
    total = log(sum(exp(x - high), axes, True)) + high
    return total if keepdim else reshape(total, folded_shape(tuple(x.shape), axes, False))
