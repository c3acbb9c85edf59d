"""NumPy's functions of sampled data, each made of others: differences, interpolation, histograms, covariances."""

import numpy as np

from ..tensors.tensor import Tensor
from .array_protocols import in_dtype
from .complex_parts import complex_values
from .copies_and_joins import scatter_add
from .memory_order import in_order_of
from .moved_elements import plain, plain_in
from .numpy_shapes import as_numpy


# --- differences ----------------------------------------------------------------------------------------------------------


@as_numpy(np.ediff1d)
def _ediff1d(ary, to_end=None, to_begin=None):
    steps = np.diff(np.ravel(ary))
    for added in (to_begin, to_end):
        if added is not None and not np.can_cast(np.asarray(plain(added)).dtype, steps.dtype, "same_kind"):
            raise TypeError("dtype of `to_end` and `to_begin` must be compatible with input `ary` under the `same_kind` rule.")
    parts = [steps if part is steps else np.ravel(part) for part in (to_begin, steps, to_end) if part is not None]
    return np.concatenate(parts) if len(parts) > 1 else steps


@as_numpy(np.gradient)
def _gradient(f, *varargs, axis=None, edge_order=1):
    """Central differences, of first or second order at the ends; the spacing may be differentiated too."""
    np.gradient(np.zeros(tuple(f.shape)), *[plain(h) for h in varargs], axis=axis, edge_order=edge_order)  # NumPy's errors
    axes = range(f.ndim) if axis is None else [k % f.ndim for k in np.atleast_1d(axis).tolist()]
    spacings = varargs if len(varargs) == len(axes) else varargs * len(axes) or [1.0] * len(axes)
    found = [in_order_of(_along(f, axis, _steps(h), edge_order), f) for axis, h in zip(axes, spacings)]
    return found[0] if len(found) == 1 else type(np.gradient(np.zeros((2, 2))))(found)


def _steps(spacing):
    """A number, or the distances of the places if these are not all alike."""
    if np.ndim(spacing) == 0:
        return spacing
    steps = np.diff(spacing)
    return steps[0] if (plain(steps) == plain(steps)[0]).all() else steps


def _along(f, axis, h, edge_order):
    x = np.moveaxis(f, axis, 0)
    if np.ndim(h):
        h = np.reshape(h, (-1,) + (1,) * (x.ndim - 1))
        near, far = h[:-1], h[1:]
        inner = (
            -far / (near * (near + far)) * x[:-2] + (far - near) / (near * far) * x[1:-1] + near / (far * (near + far)) * x[2:]
        )
        ends = [h[0], h[-1]]
        seconds = [h[1], h[-2]] if edge_order == 2 else ends
    else:
        inner = (x[2:] - x[:-2]) / (2.0 * h)
        ends = seconds = [h, h]
    first = _end(x[0], x[1], x[2] if edge_order == 2 else None, ends[0], seconds[0])
    last = -_end(x[-1], x[-2], x[-3] if edge_order == 2 else None, ends[1], seconds[1])
    return np.moveaxis(np.concatenate([first[None], inner, last[None]]), 0, axis)


def _end(x0, x1, x2, h, second):
    """The slope at an end, away from it: of the line through two elements, or of the parabola through three."""
    if x2 is None:
        return (x1 - x0) / h
    both = h + second
    return -(2.0 * h + second) / (h * both) * x0 + both / (h * second) * x1 - h / (second * both) * x2


@as_numpy(np.unwrap)
def _unwrap(p, discont=None, axis=-1, *, period=6.283185307179586):
    """Jumps are whole numbers of periods, so they have no derivative."""
    values = plain(p)
    jumps = np.unwrap(values, discont, axis, period=period) - values
    return p + np.round(jumps / period) * period


@as_numpy(np.polyval)
def _polyval(p, x):
    y = np.zeros_like(x) if isinstance(x, Tensor) else np.zeros(np.shape(x))
    for k in range(len(p)):
        y = y * x + p[k]
    return y


# --- interpolation and histograms -------------------------------------------------------------------------------------------


@as_numpy(np.interp)
def _interp(x, xp, fp, left=None, right=None, period=None):
    """Lines between points; at a point the line to its right counts."""
    x, xp, fp = [a if isinstance(a, Tensor) else np.asarray(a, float) for a in (x, xp, fp)]
    if period is not None:
        if not plain(period):
            raise ValueError("period must be a non-zero value")
        period = abs(period)
        x, xp = np.mod(x, period), np.mod(xp, period)
        order = np.argsort(plain(xp))
        xp, fp = xp[order], fp[order]
        xp = np.concatenate([xp[-1:] - period, xp, xp[:1] + period])
        fp = np.concatenate([fp[-1:], fp, fp[:1]])
        left = right = None
    places = plain(xp)
    np.interp(0.0, places, plain(fp))  # NumPy's errors
    values, n = plain(x), len(places)
    if n == 1:
        inner = fp[0] + 0.0 * x
    else:
        k = np.clip(np.searchsorted(places, values, "right") - 1, 0, n - 2)
        inner = (fp[k + 1] - fp[k]) / (xp[k + 1] - xp[k]) * (x - xp[k]) + fp[k]
    below = np.where(values < places[0], fp[0] if left is None else left, inner)
    return np.where(values > places[-1], fp[-1] if right is None else right, below)


def _weighted_counts(places, weights, length):
    return scatter_add(np.ravel(weights), places, (length,))


@as_numpy(np.bincount)
def _bincount(x, /, weights=None, minlength=0):
    places = plain(x)
    counts = np.bincount(places, None, minlength)
    if weights is None:
        return counts
    if np.shape(weights) != np.shape(places):
        raise ValueError("The weights and list don't have the same length.")
    return _weighted_counts(np.asarray(places), weights, len(counts))


@as_numpy(np.histogram)
def _histogram(a, bins=10, range=None, density=None, weights=None):
    """By the weights and the edges; which bin an element is in has no derivative."""
    values = plain(a)
    counts, found = np.histogram(values, plain(bins), plain(range))
    edges = _edges(a, bins, range, found)
    if weights is not None:
        if np.shape(weights) != np.shape(a):
            raise ValueError("weights should have the same shape as a.")
        flat = np.ravel(values)
        inside = np.flatnonzero((flat >= found[0]) & (flat <= found[-1]))
        which = np.clip(np.searchsorted(found, flat[inside], "right") - 1, 0, len(found) - 2)
        counts = _weighted_counts(which, np.ravel(weights)[inside], len(found) - 1)
    return (counts / np.diff(edges) / counts.sum() if density else counts), edges


@as_numpy(np.histogram_bin_edges)
def _histogram_bin_edges(a, bins=10, range=None, weights=None):
    return _edges(a, bins, range, np.histogram_bin_edges(plain(a), plain(bins), plain(range)))


@as_numpy(np.histogramdd)
def _histogramdd(sample, bins=10, range=None, density=None, weights=None):
    """By the weights and the edges, as `numpy.histogram`."""
    columns = list(sample) if isinstance(sample, (list, tuple)) else list(np.transpose(np.atleast_2d(np.transpose(sample))).T)
    values, bins = np.stack([plain(x) for x in columns], -1), plain_in(bins)
    counts, found = np.histogramdd(values, bins, plain_in(range))
    several = np.ndim(bins) != 0 or isinstance(bins, list)
    edges = [
        _edges(x, b, r, e)
        for x, b, r, e in zip(columns, bins if several else [bins] * len(found), range or [None] * len(found), found)
    ]
    if weights is not None:
        counts = _counted(values, found, weights, counts.shape)
    return (counts / np.sum(counts) / _volumes(edges) if density else counts), edges


def _counted(values, edges, weights, shape):
    """The weights of the elements in each bin; the last one contains its right edge."""
    bins = [np.searchsorted(e, x, "right") - 1 for e, x in zip(edges, values.T)]
    bins = [np.where(x == e[-1], len(e) - 2, k) for k, e, x in zip(bins, edges, values.T)]
    inside = np.all([(k >= 0) & (k < len(e) - 1) for k, e in zip(bins, edges)], 0)
    flat = np.ravel_multi_index([k[inside] for k in bins], shape)
    return np.reshape(_weighted_counts(flat, np.ravel(weights)[inside], int(np.prod(shape))), shape)


def _volumes(edges):
    volume = np.ones(())
    for e in edges:
        volume = np.multiply.outer(volume, np.diff(e))
    return volume


@as_numpy(np.histogram2d)
def _histogram2d(x, y, bins=10, range=None, density=None, weights=None):
    if np.ndim(bins) == 1 and len(bins) not in (1, 2):
        bins = [bins, bins]
    counts, edges = _histogramdd([x, y], bins, range, density, weights)
    return counts, edges[0], edges[1]


def _edges(a, bins, range, values):
    """The edges with their derivatives: by those that are given, or by the first and the last."""
    if np.ndim(bins) and not isinstance(bins, str):
        return bins if isinstance(bins, Tensor) else values
    if not np.size(a):
        return values
    first, last = (np.min(a), np.max(a)) if range is None else range
    t = np.linspace(0.0, 1.0, len(values))
    if not any(isinstance(v, Tensor) for v in (first, last)) or values[0] == values[-1]:
        return values
    t = t.astype(values.dtype)
    return values + (1 - t) * (first - plain(first)) + t * (last - plain(last))


# --- covariances --------------------------------------------------------------------------------------------------------------


@as_numpy(np.cov)
def _cov(m, y=None, rowvar=True, bias=False, ddof=None, fweights=None, aweights=None, *, dtype=None):
    np.cov(np.zeros(tuple(np.shape(m))), None if y is None else np.zeros(tuple(np.shape(y))), rowvar, bias, ddof)  # errors
    x = _variables(m, rowvar)
    if y is not None:
        x = np.concatenate([x, _variables(y, rowvar)], 0)
    weights = None
    if fweights is not None:
        weights = np.asarray(plain(fweights), float)
    if aweights is not None:
        aweights = aweights if isinstance(aweights, Tensor) else np.asarray(aweights, float)
        weights = aweights if weights is None else weights * aweights
    total = x.shape[1] if weights is None else np.sum(weights)
    mean = np.sum(x if weights is None else x * weights, 1, keepdims=True) / total
    ddof = (0 if bias else 1) if ddof is None else ddof
    if weights is None:
        free = x.shape[1] - ddof
    elif aweights is None or ddof == 0:
        free = total - ddof if ddof else total
    else:
        free = total - ddof * np.sum(weights * aweights) / total
    away = x - mean
    turned = np.conjugate(np.transpose(away if weights is None else away * weights))
    value = np.squeeze(np.dot(away, turned) / free)
    return in_dtype(value, dtype, "unsafe")


def _variables(m, rowvar):
    m = np.atleast_2d(m)
    m = in_dtype(m, np.complex128 if np.iscomplexobj(m) else np.float64, "unsafe")
    return np.transpose(m) if not rowvar and m.shape[0] != 1 else m


@as_numpy(np.corrcoef)
def _corrcoef(x, y=None, rowvar=True, *, dtype=None):
    c = _cov(x, y, rowvar, dtype=dtype)
    if np.ndim(c) == 0:
        return c / c
    deviations = np.sqrt(np.diag(c))
    found = c / deviations[:, None] / deviations[None, :]
    if not np.iscomplexobj(found):
        return np.clip(found, -1.0, 1.0)
    return complex_values.apply(np.clip(np.real(found), -1.0, 1.0), np.clip(np.imag(found), -1.0, 1.0))
