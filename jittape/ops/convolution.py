"""Convolutions and correlations of vectors: one operation, of which both are made."""

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .copies_and_joins import convert
from .declare_structured import structured
from .jacobian_patterns import Factor, everything
from .numpy_shapes import as_numpy
from .numpy_statistics import operand
from .operation_table import common_dtype
from .shape_functions import flip
from .shape_rules import expect
from .split_and_stack import cat


@structured(arity=2, linear=True, uses=(2, 1, 0), grad_name="ConvolutionBackward0")
def correlate_values(a, v):
    """The products of a vector with a shorter one, laid upon it at every place."""
    return np.correlate(a, np.conjugate(v), "valid")  # NumPy conjugates the second


@correlate_values.shaped
def correlate_shape(shapes):
    (n,), (m,) = shapes
    expect(n >= m >= 1, "a vector and a shorter one")
    return (n - m + 1,)


@correlate_values.patterned
def correlate_pattern(k, shapes, constants):
    """A band by the longer vector, with gaps where the shorter one is constant and zero."""
    (n,), (m,) = shapes
    if k == 1:
        return everything((m,), (n - m + 1,))
    taps = np.flatnonzero(constants[1]) if 1 in constants else np.arange(m)
    starts = np.arange(n - m + 2) * taps.size
    return [Factor(starts, (np.arange(n - m + 1)[:, None] + taps).reshape(-1), n)]


@correlate_values.exampled
def _correlate_examples():
    for n, m in ((5, 2), (4, 4), (3, 1)):
        yield [(n,), (m,)], ()


@correlate_values.pullback_of(0)
def correlate_pullback_a(y_bar, y, a, v):
    return correlate_values.apply(_with_zeros(y_bar, v.shape[0] - 1), flip(v, (0,)))


@correlate_values.pullback_of(1)
def correlate_pullback_v(y_bar, y, a, v):
    return correlate_values.apply(a, y_bar)


def _with_zeros(x, n):
    """A vector with so many zeros at either end."""
    zeros = wrap(np.zeros(n, x.dtype))
    return cat([zeros, x, zeros], 0) if n else x


MODES = ("valid", "same", "full")


def _padding(mode, m):
    """How many zeros NumPy thinks at either end of the longer vector."""
    mode = MODES[mode] if mode in (0, 1, 2) else mode
    if mode not in MODES:
        raise ValueError(f"mode must be one of 'valid', 'same', or 'full' (got {mode!r})")
    return {"valid": (0, 0), "same": (m // 2, m - 1 - m // 2), "full": (m - 1, m - 1)}[mode]


def _laid_upon(a, v, mode):
    """The products of the longer vector with the shorter one at every place that a mode has."""
    before, after = _padding(mode, v.shape[0])
    a, v = (x if isinstance(x, Tensor) else wrap(np.array(x)) for x in (a, v))
    dtype = common_dtype([a, v])
    a, v = convert(a, dtype), convert(v, dtype)
    parts = [wrap(np.zeros(before, dtype)), a, wrap(np.zeros(after, dtype))]
    return correlate_values.apply(cat(parts, 0) if before or after else a, v)


def _vectors(a, v):
    a, v = (operand(x) for x in (a, v))
    a, v = (np.reshape(x, (1,)) if x.ndim == 0 else x for x in (a, v))
    if a.ndim > 1 or v.ndim > 1:
        raise ValueError("object too deep for desired array")
    for x, name in ((a, "a"), (v, "v")):
        if not x.shape[0]:
            raise ValueError(f"{name} cannot be empty: got no elements, expected one or more")
    return a, v


@as_numpy(np.convolve)
def _convolve(a, v, mode="full"):
    a, v = _vectors(a, v)
    a, v = (v, a) if v.shape[0] > a.shape[0] else (a, v)
    return _laid_upon(a, np.flip(v), mode)


@as_numpy(np.correlate)
def _correlate(a, v, mode="valid"):
    if np.ndim(a) == 0 or np.ndim(v) == 0:
        raise ValueError("object of too small depth for desired array")
    a, v = _vectors(a, v)
    v = np.conjugate(v) if np.iscomplexobj(v) else v
    if v.shape[0] > a.shape[0]:
        return np.flip(_laid_upon(v, a, mode))
    return _laid_upon(a, v, mode)
