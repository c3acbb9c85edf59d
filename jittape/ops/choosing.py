"""Choosing among operands: by a condition, the larger, the smaller, a value between bounds."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..tensors.array import Array, as_array, without_axes
from ..tensors.tensor import Tensor, wrap
from .complex_bodies import chosen
from .declare_elementwise import elementwise
from .domains import CONDITION, Domain, NONZERO, REAL, at_bounds, where_equal
from .operation_names import public
from .operation_table import raw

if TYPE_CHECKING:
    from ..typing import TensorLike


def _numpy_where(condition, x=None, y=None):
    if x is None and y is None:
        return _places(condition)
    return without_axes(where(condition, x, y))


def _places(condition):
    """Where a condition is not zero, as a vector of positions along each axis."""
    condition = condition if isinstance(condition, Tensor) else wrap(np.asarray(condition))
    places = [wrap(k) for k in np.nonzero(np.atleast_1d(condition._value()))]
    return tuple(map(as_array, places) if type(condition) is Array else places)


def _where(
    condition: TensorLike, input: TensorLike | None = None, other: TensorLike | None = None, *, out: Tensor | None = None
) -> Tensor:
    """Elements of `input` where the condition is not zero, of `other` elsewhere; of a condition alone, these places.

    Parameters
    ----------
    condition : Tensor, ndarray or float
        Chooses where it is not zero.
    input : Tensor, ndarray or float, optional
        Values of a shape that broadcasts.
    other : Tensor, ndarray or float, optional
        Values of a shape that broadcasts; given where `input` is.
    out : Tensor, optional
        Where the result is written, of its shape; it is returned.

    Returns
    -------
    Tensor or tuple of Tensor
        Of the broadcast shape; or for each axis the positions of the elements of the condition that are not zero.

    Raises
    ------
    TypeError
        If one of `input` and `other` is missing.
    """
    if input is None and other is None:
        return _places(condition)
    if input is None or other is None:
        raise TypeError(f"where(): got a condition and {'other' if input is None else 'input'} alone, expected both or none")
    return where(condition, input, other, out=out)


def _where_method(self: Tensor, condition: TensorLike, other: TensorLike) -> Tensor:
    """The elements of this tensor where a condition is true, those of another elsewhere.

    Parameters
    ----------
    condition : Tensor or ndarray
        Chooses where it is not zero.
    other : Tensor, ndarray or float
        Values of a shape that broadcasts.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return where(condition, self, other)


@elementwise(
    parameters="condition input other",
    numpy={np.where: _numpy_where},
    method=_where_method,
    function=_where,
    exact=True,
    integers=True,
    selects=True,
    grad_name="WhereBackward0",
    oracle=lambda c, x, y: np.where(c != 0, x, y),
    domain=(CONDITION, REAL, REAL),
    holomorphic=chosen,
)
def where(condition, x, y):
    """Elements of `x` where the condition is not zero, of `y` elsewhere."""
    return x if condition else y


@where.partials
def where_partials(condition, x, y, result):
    chosen = condition != 0
    return 0.0, where(chosen, 1.0, 0.0), where(chosen, 0.0, 1.0)


@elementwise(
    numpy=np.maximum,
    exact=True,
    integers=True,
    selects=True,
    kinks=where_equal,
    special_points=[((1.0, 1.0), 1.0, (0.5, 0.5), (0.0,) * 3), ((math.nan, 1.0), math.nan, (1.0, 1.0), (0.0,) * 3)],
)
def maximum(x, y):
    """The larger of two numbers, nan if one is; at a tie each gets half of the gradient."""
    return x if (x > y or x != x) else y


@maximum.partials
def maximum_partials(x, y, result):
    shared = where(x == y, 0.5, 1.0)
    return where(x < y, 0.0, shared), where(y < x, 0.0, shared)


@elementwise(
    numpy=np.minimum,
    exact=True,
    integers=True,
    selects=True,
    kinks=where_equal,
    special_points=[((1.0, 1.0), 1.0, (0.5, 0.5), (0.0,) * 3), ((math.nan, 1.0), math.nan, (1.0, 1.0), (0.0,) * 3)],
)
def minimum(x, y):
    """The smaller of two numbers, nan if one is; at a tie each gets half of the gradient."""
    return x if (x < y or x != x) else y


@minimum.partials
def minimum_partials(x, y, result):
    shared = where(x == y, 0.5, 1.0)
    return where(x > y, 0.0, shared), where(y > x, 0.0, shared)


_KEPT_NUMBERS = [
    ((1.0, 1.0), 1.0, (0.5, 0.5), (0.0,) * 3),
    ((math.nan, 1.0), 1.0, (0.0, 1.0), (0.0,) * 3),
    ((1.0, math.nan), 1.0, (1.0, 0.0), (0.0,) * 3),
]


@elementwise(numpy=np.fmax, exact=True, integers=True, selects=True, kinks=where_equal, special_points=_KEPT_NUMBERS)
def fmax(x, y):
    """The larger of two numbers, the other one if one is nan; at a tie each gets half of the gradient."""
    return x if (x > y or y != y) else y


@fmax.partials
def fmax_partials(x, y, result):
    shared = where(x == y, 0.5, 1.0)
    return where((x < y) | (x != x), 0.0, shared), where((y < x) | ((y != y) & (x == x)), 0.0, shared)


@elementwise(numpy=np.fmin, exact=True, integers=True, selects=True, kinks=where_equal, special_points=_KEPT_NUMBERS)
def fmin(x, y):
    """The smaller of two numbers, the other one if one is nan; at a tie each gets half of the gradient."""
    return x if (x < y or y != y) else y


@fmin.partials
def fmin_partials(x, y, result):
    shared = where(x == y, 0.5, 1.0)
    return where((x > y) | (x != x), 0.0, shared), where((y > x) | ((y != y) & (x == x)), 0.0, shared)


@elementwise(
    in_place=True,
    numpy=np.heaviside,
    parameters="input values",
    exact=True,
    selects=True,
    domain=(NONZERO, REAL),
    special_points=[((0.0, 0.25), 0.25, (0.0, 1.0), (0.0,) * 3), ((math.nan, 0.25), math.nan, (0.0, 0.0), (0.0,) * 3)],
)
def heaviside(x, y):
    """0 below zero, 1 above, `values` at zero; its derivative by `input` is 0 everywhere."""
    return x if x != x else (0.0 if x < 0.0 else (1.0 if x > 0.0 else y))


@heaviside.partials
def heaviside_partials(x, y, result):
    return 0.0, where(x == 0.0, 1.0, 0.0)


def _kept_nan(x, y):
    return np.where(np.isnan(x), x, y)


@elementwise(
    public=False,
    selects=True,
    grad_name="ClampBackward0",
    oracle=lambda x, low, high: _kept_nan(x, np.fmin(np.fmax(x, low), high)),
    domain=(REAL, Domain(-0.75, -0.65), Domain(0.85, 0.95)),
    kinks=at_bounds,
    special_points=[
        ((1.0, 1.0, 2.0), 1.0, (1.0, 0.0, 0.0), (0.0,) * 6),
        ((2.0, 1.0, 2.0), 2.0, (1.0, 0.0, 0.0), (0.0,) * 6),
        ((math.nan, 1.0, 2.0), math.nan, (0.0, 0.0, 0.0), (0.0,) * 6),
    ],
)
def clamp_between(x, low, high):
    """`x` moved into [low, high]; the derivative at a bound is 1, and `high` wins where low > high."""
    y = low if x < low else x
    return high if y > high else y


@clamp_between.partials
def clamp_between_partials(x, low, high, result):
    crossed = low > high
    inside = (x >= low) & (x <= high)
    by_low = where((x < low) & (low <= high), 1.0, 0.0)
    by_high = where((x > high) | crossed, 1.0, 0.0)
    return where(inside, 1.0, 0.0), by_low, by_high


@elementwise(
    public=False,
    selects=True,
    grad_name="ClampMinBackward0",
    oracle=lambda x, low: _kept_nan(x, np.fmax(x, low)),
    kinks=where_equal,
    special_points=[((1.0, 1.0), 1.0, (1.0, 0.0), (0.0,) * 3)],
)
def clamp_low(x, low):
    """The larger of `x` and a bound; the derivative at the bound is that of `x`."""
    return low if x < low else x


@clamp_low.partials
def clamp_low_partials(x, low, result):
    return where(x >= low, 1.0, 0.0), where(x < low, 1.0, 0.0)


@elementwise(
    public=False,
    selects=True,
    grad_name="ClampMaxBackward0",
    oracle=lambda x, high: _kept_nan(x, np.fmin(x, high)),
    kinks=where_equal,
    special_points=[((1.0, 1.0), 1.0, (1.0, 0.0), (0.0,) * 3)],
)
def clamp_high(x, high):
    """The smaller of `x` and a bound; the derivative at the bound is that of `x`."""
    return high if x > high else x


@clamp_high.partials
def clamp_high_partials(x, high, result):
    return where(x <= high, 1.0, 0.0), where(x > high, 1.0, 0.0)


# --- functions made of several operations -----------------------------------------------------------------------


@public(in_place=True, out="one")
def clamp(input: TensorLike, min: TensorLike | None = None, max: TensorLike | None = None) -> Tensor:
    """Values clipped to an interval; the derivative at a bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    min, max : Tensor or float, optional
        Bounds, at least one of them; where `min` is larger, `max` wins.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If both bounds are missing.
    """
    if min is None and max is None:
        raise RuntimeError("clamp: At least one of 'min' or 'max' must not be None")
    if isinstance(input, Tensor) and input.dtype.kind != "f" and not isinstance(min, float) and not isinstance(max, float):
        return wrap(np.clip(input._value(), raw(min), raw(max)))
    if max is None:
        return clamp_low(input, min)
    if min is None:
        return clamp_high(input, max)
    return clamp_between(input, min, max)


def _numpy_clip(a, a_min=np._NoValue, a_max=np._NoValue, **bounds):
    if a_min is np._NoValue and a_max is np._NoValue:
        return clip(a, bounds.get("min"), bounds.get("max"))
    if any([bounds.get(k) is not None for k in ("min", "max")]):
        raise ValueError("Passing `min` or `max` keyword argument when `a_min` and `a_max` are provided is forbidden.")
    if a_min is np._NoValue or a_max is np._NoValue:
        raise TypeError("clip() missing 1 required positional argument: give `a_min` and `a_max`, or `min` or `max`")
    return clip(a, a_min, a_max)


@public(in_place=True, numpy={np.clip: _numpy_clip}, keywords="input=a", out="one")
def clip(
    a: TensorLike,
    a_min: TensorLike | None = None,
    a_max: TensorLike | None = None,
    *,
    min: TensorLike | None = None,
    max: TensorLike | None = None,
) -> Tensor:
    """Values clipped to an interval, with NumPy's names; see `clamp`.

    Parameters
    ----------
    a : Tensor, ndarray or float
        Values.
    a_min, a_max : Tensor or float, optional
        Bounds.
    min, max : Tensor or float, optional
        Other names of the bounds.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return clamp(a, min if a_min is None else a_min, max if a_max is None else a_max)


@public(in_place=True, out="one")
def clamp_min(input: TensorLike, min: TensorLike | None) -> Tensor:
    """Values bounded from below; the derivative at the bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    min : Tensor or float
        The bound.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return clamp_low(input, min)


@public(in_place=True, out="one")
def clamp_max(input: TensorLike, max: TensorLike | None) -> Tensor:
    """Values bounded from above; the derivative at the bound is 1.

    Parameters
    ----------
    input : Tensor, ndarray or float
        Values.
    max : Tensor or float
        The bound.

    Returns
    -------
    Tensor
        Of the broadcast shape.
    """
    return clamp_high(input, max)
