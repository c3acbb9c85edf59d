"""NumPy's statistics, each made of others: averages, quantiles, and those of elements that are no nans."""

import math
import warnings

import numpy as np

from ..dtypes import is_complex, real_of
from ..tensors.tensor import Tensor
from .array_protocols import MISSING, as_operands, call, in_dtype
from .choosing import where as where_
from .complex_parts import complex_values
from .memory_order import in_order_of, place_of
from .moved_elements import plain
from .numpy_shapes import as_numpy


def operand(x):
    """An argument as a Tensor or an array: lists of numbers that are differentiated are stacked."""
    return x if isinstance(x, Tensor) else np.asarray(as_operands([x])[0])


def given(**options):
    """The options that a caller has given."""
    return {k: v for k, v in options.items() if v is not MISSING}


def axes_of(axis, rank):
    """An axis, several or None as a list of those that are not negative."""
    return list(range(rank)) if axis is None else [k % rank for k in np.atleast_1d(axis).tolist()]


def in_numpys_order(value, x, theirs, *args, **kwargs):
    """A value with its axes in the order in memory in which one of NumPy's functions of an operand has them."""
    if not isinstance(value, Tensor) or value.ndim < 2 or place_of(x) is None:
        return value
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return in_order_of(value, theirs(plain(x), *args, **kwargs))


# --- averages -------------------------------------------------------------------------------------------------------------


@as_numpy(np.average)
def _average(a, axis=None, weights=None, returned=False, *, keepdims=MISSING):
    a, how = operand(a), given(axis=axis, keepdims=keepdims)
    if weights is None:
        value = np.mean(a, **how)
        total = np.full(np.shape(value), np.size(a) / max(np.size(value), 1), value.dtype)
        return (value, total) if returned else value
    weights = operand(weights)
    np.average(np.zeros(np.shape(a)), axis, plain(weights))  # NumPy's errors
    if np.shape(weights) != np.shape(a):
        weights = _beside(weights, axes_of(axis, a.ndim), a.shape)
    dtype = np.result_type(a.dtype, weights.dtype, *([np.float64] if a.dtype.kind in "iub" else []))
    total = np.sum(weights, dtype=dtype, **how)
    value = np.sum(np.multiply(a, weights, dtype=dtype), **how) / total
    return (value, np.copy(np.broadcast_to(total, np.shape(value)))) if returned else value


def _beside(weights, axes, shape):
    """Weights of some axes with an axis of length 1 for each of the others."""
    weights = np.transpose(weights, np.argsort(axes).tolist())
    return np.reshape(weights, tuple(n if k in axes else 1 for k, n in enumerate(shape)))


@as_numpy(np.ptp)
def _ptp(a, axis=None, out=None, keepdims=MISSING):
    a, how = operand(a), given(axis=axis, keepdims=keepdims)
    return np.subtract(np.max(a, **how), np.min(a, **how), **given(out=MISSING if out is None else out))


# --- quantiles ------------------------------------------------------------------------------------------------------------

BETWEEN = {  # ways to choose a place between two elements, by alpha and beta of Hyndman and Fan (1996)
    "linear": (1.0, 1.0),
    "interpolated_inverted_cdf": (0.0, 1.0),
    "hazen": (0.5, 0.5),
    "weibull": (0.0, 0.0),
    "median_unbiased": (1.0 / 3.0, 1.0 / 3.0),
    "normal_unbiased": (3.0 / 8.0, 3.0 / 8.0),
}


def _places(counts, q, method):
    """Places among `counts` sorted elements, between two of which they may be: a row for each element of q."""
    n = np.maximum(counts, 1)
    if method in BETWEEN:
        alpha, beta = BETWEEN[method]
        virtual = (n - 1) * q if method == "linear" else n * q + (alpha + q * (1.0 - alpha - beta)) - 1.0
        return np.clip(virtual, 0.0, n - 1.0)
    found = np.empty((len(q), len(n)))
    for length in np.unique(n):
        ranks = np.arange(float(length))
        found[:, n == length] = np.quantile(ranks, plain(q)[:, 0], method=method)[:, None]
    return found


def _between(ordered, places):
    """Elements of sorted columns at places, with lines between neighbours."""
    below = np.floor(plain(places)).astype(np.int64)
    above = np.minimum(below + 1, ordered.shape[0] - 1)
    a, b = (np.take_along_axis(ordered, k, 0) for k in (below, above))
    t = places - below
    return np.where(plain(t) >= 0.5, b - (b - a) * (1 - t), a + (b - a) * t)  # each exact at its end, as NumPy's


def _columns(a, axis):
    """The elements of a quantile as columns: (elements, quantiles)."""
    axes = axes_of(axis, a.ndim)
    moved = np.moveaxis(a, axes, list(range(len(axes))))
    lengths = moved.shape[: len(axes)], moved.shape[len(axes) :]
    return np.reshape(moved, [math.prod(n) for n in lengths])


def _quantiles(a, q, axis, method, keepdims, model, weights=None, skips_nans=False):
    """Quantiles of a model's shape and dtype; q is between 0 and 1."""
    if not np.size(a):
        return np.full(np.shape(model), np.nan, model.dtype)
    values = _columns(a, axis)
    nans = np.isnan(plain(values))
    ordered, counts = np.sort(values, 0), (~nans).sum(0) if skips_nans else np.full(values.shape[1], len(nans))
    level = np.reshape(operand(q), (-1, 1))
    if weights is None:
        places = _places(counts, level, method)
    else:
        places = _weighted_places(plain(values), plain(level)[:, 0], weights, nans if skips_nans else None, method)
    found = _between(ordered, places)
    lost = counts == 0 if skips_nans else nans.any(0)
    if lost.any():
        found = np.where(lost, np.nan, found)
        if skips_nans:
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=4)
    found = np.reshape(found, np.shape(model))
    return in_order_of(in_dtype(found, model.dtype, "unsafe"), model)


def _weighted_places(values, q, weights, nans, method):
    """Places of the elements that NumPy chooses with weights."""
    ranks = np.argsort(np.argsort(values, 0, kind="stable"), 0, kind="stable").astype(float)
    if nans is not None:
        weights = np.where(nans, 0.0, weights)
    return np.quantile(ranks, q, axis=0, method=method, weights=weights)


def _quantile_like(theirs, scale, skips_nans):
    """NumPy's ``quantile`` or ``percentile``, with or without nans."""

    @as_numpy(theirs)
    def quantile(
        a, q, axis=None, out=None, overwrite_input=False, method="linear", keepdims=MISSING, *, weights=None, interpolation=None
    ):
        a, method = operand(a), interpolation or method
        options = {} if weights is None else {"weights": np.asarray(plain(weights))}
        level = plain(q)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = theirs(plain(a), level, axis, method=method, **given(keepdims=keepdims), **options)  # also NumPy's errors
        columns = None if weights is None else _columns(np.broadcast_to(_spread(options["weights"], a, axis), a.shape), axis)
        q = operand(q) if isinstance(q, Tensor) else np.asarray(q, a.dtype if np.isscalar(q) else None)
        value = _quantiles(a, np.true_divide(q, scale) if scale != 1 else q, axis, method, keepdims, model, columns, skips_nans)
        return value if out is None else call(np.positive, value, out=out)


def _spread(weights, a, axis):
    return weights if weights.shape == a.shape else _beside(weights, axes_of(axis, a.ndim), a.shape)


for _theirs, _scale, _skips in (
    (np.quantile, 1, False),
    (np.percentile, 100, False),
    (np.nanquantile, 1, True),
    (np.nanpercentile, 100, True),
):
    _quantile_like(_theirs, _scale, _skips)


def _median_like(theirs, skips_nans):
    @as_numpy(theirs)
    def median(a, axis=None, out=None, overwrite_input=False, keepdims=MISSING):
        a = operand(a)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model = theirs(plain(a), axis, **given(keepdims=keepdims))
        half = np.asarray(0.5, real_of(a.dtype))
        value = _quantiles(a, half, axis, "averaged_inverted_cdf", keepdims, model, skips_nans=skips_nans)
        return value if out is None else call(np.positive, value, out=out)


_median_like(np.median, False)
_median_like(np.nanmedian, True)


# --- without nans -----------------------------------------------------------------------------------------------------------


def _without_nans(theirs, reduction):
    """NumPy's reduction of the elements that are no nans: they are the mask of the one that counts all."""

    @as_numpy(theirs)
    def reduced(a, axis=None, *args, where=True, **options):
        a = operand(a)
        mask = ~np.isnan(plain(a)) & np.asarray(plain(where))
        value = call(reduction, a, axis, *args, where=mask, **options)
        return in_numpys_order(value, a, theirs, axis, keepdims=options.get("keepdims", MISSING))


for _theirs, _reduction in (
    (np.nansum, np.sum),
    (np.nanprod, np.prod),
    (np.nanmean, np.mean),
    (np.nanvar, np.var),
    (np.nanstd, np.std),
):
    _without_nans(_theirs, _reduction)


def _extreme_without_nans(theirs, reduction, lowest):
    @as_numpy(theirs)
    def extreme(a, axis=None, out=None, keepdims=MISSING, initial=MISSING, where=True):
        a, how = operand(a), given(axis=axis, keepdims=keepdims)
        counted = {} if where is True else {"where": np.asarray(plain(where))}
        theirs(np.zeros(np.shape(a)), **how, **given(initial=initial), **counted)  # NumPy's errors
        mask = ~np.isnan(plain(a)) & counted.get("where", True)
        value = reduction(np.where(mask, a, np.asarray(lowest, a.dtype)), **how)
        lost = ~np.any(mask, **how)
        if lost.any():
            warnings.warn("All-NaN slice encountered", RuntimeWarning, stacklevel=3)
            value = np.where(lost, np.asarray(np.nan, a.dtype), value)
        if initial is not MISSING:
            value = (np.fmax if reduction is np.max else np.fmin)(value, initial)
        return value if out is None else call(np.positive, value, out=out)


_extreme_without_nans(np.nanmax, np.max, -np.inf)
_extreme_without_nans(np.nanmin, np.min, np.inf)


def _scan_without_nans(theirs, scan, neutral):
    @as_numpy(theirs)
    def scanned(a, axis=None, dtype=None, out=None):
        a = operand(a)
        return call(scan, np.where(np.isnan(plain(a)), np.asarray(neutral, a.dtype), a), axis, dtype, out=out)


_scan_without_nans(np.nancumsum, np.cumsum, 0)
_scan_without_nans(np.nancumprod, np.cumprod, 1)


@as_numpy(np.nan_to_num)
def _nan_to_num(x, copy=True, nan=0.0, posinf=None, neginf=None):
    """Numbers in the place of those that are none; where they stand no derivative arrives."""
    x = operand(x)
    if is_complex(x.dtype):
        parts = [_nan_to_num(part, True, nan, posinf, neginf) for part in (np.real(x), np.imag(x))]
        found = complex_values.apply(*parts)
        return found if copy or not np.ndim(x) else np.copyto(x, found) or x
    limits, values = np.finfo(x.dtype), plain(x)
    found = x
    for where, number in (
        (np.isnan(values), nan),
        (np.isposinf(values), limits.max if posinf is None else posinf),
        (np.isneginf(values), limits.min if neginf is None else neginf),
    ):
        if where.any():
            found = np.where(where, np.asarray(number, x.dtype), found)
    if copy or not np.ndim(x):
        return where_(True, found, x) if found is x else found
    np.copyto(x, found)
    return x
