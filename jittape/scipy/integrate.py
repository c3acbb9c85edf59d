"""The functions of ``scipy.integrate`` that have derivatives: integrals of samples, and of functions of one variable.

Of plain arrays they are SciPy's own. `quad` also follows what the integrand closes over.
"""

import numpy as np
import scipy.integrate as _theirs

from .adaptive_quadrature import quad as _quad
from .following import (
    followers_of as _followers_of,
    instead_of as _instead_of,
    ready as _ready,
    must_be_default as _must_be_default,
    names_of as _names_of,
)

_followed = _followers_of(_theirs)


# --- samples ------------------------------------------------------------------------------------------------------------------


def _samples(y, x, dx, axis):
    """The samples with their axis last, and the distances between them: a number, or an array of as many axes."""
    if x is None:
        (y,) = _ready(y)
        return np.moveaxis(y, axis, -1), dx
    y, x = _ready(y, x)
    y = np.moveaxis(y, axis, -1)
    x = np.moveaxis(x, axis, -1) if x.ndim > 1 else x
    if x.shape[-1] != y.shape[-1]:
        raise ValueError(
            f"If given, shape of `x` must be the same as that of `y` along `axis`: got {x.shape[-1]} and {y.shape[-1]}"
        )
    return y, np.diff(x)


@_followed
def trapezoid(y, x=None, dx=1.0, axis=-1):
    return np.trapezoid(y, x, dx, axis) if hasattr(np, "trapezoid") else np.trapz(y, x, dx, axis)


@_followed
def cumulative_trapezoid(y, x=None, dx=1.0, axis=-1, initial=None):
    y, h = _samples(y, x, dx, axis)
    if initial is not None and initial != 0:
        raise ValueError("`initial` must be `None` or `0`.")
    return _running(h * (y[..., 1:] + y[..., :-1]) / 2.0, axis, initial)


def _running(parts, axis, initial):
    """The sums of parts so far; with an initial value, that before them, which is added to all."""
    found = np.cumsum(parts, -1)
    if initial is not None:
        start = np.zeros_like(found[..., :1]) + (initial if np.ndim(initial) == 0 else np.moveaxis(initial, axis, -1))
        found = np.concatenate([start, found + start], -1)
    return np.moveaxis(found, -1, axis)


def _parabolas(y, h):
    """The sum of the integrals of parabolas through three samples each, of an odd number of samples."""
    y0, y1, y2 = y[..., :-2:2], y[..., 1:-1:2], y[..., 2::2]
    if np.ndim(h) == 0:
        return np.sum(y0 + 4.0 * y1 + y2, -1) * (h / 3.0)
    h0, h1 = h[..., ::2], h[..., 1::2]
    both = h0 + h1
    return np.sum(both / 6.0 * (y0 * (2.0 - h1 / h0) + y1 * (both * both / (h0 * h1)) + y2 * (2.0 - h0 / h1)), -1)


@_followed
def simpson(y, x=None, *, dx=1.0, axis=-1):
    y, h = _samples(y, x, dx, axis)
    n = y.shape[-1]
    if n % 2:
        return _parabolas(y, h)
    before, last = (h, h) if np.ndim(h) == 0 else (h[..., -2] if n > 2 else 0.0, h[..., -1])
    if n == 2:
        return 0.5 * last * (y[..., -1] + y[..., -2])
    most = _parabolas(y[..., :-1], h if np.ndim(h) == 0 else h[..., :-1])
    both = before + last  # the last interval, of the parabola through the last three samples (Cartwright 2017)
    end = (2.0 * last**2 + 3.0 * before * last) / (6.0 * both) * y[..., -1]
    end = end + (last**2 + 3.0 * last * before) / (6.0 * before) * y[..., -2]
    return most + end - last**3 / (6.0 * before * both) * y[..., -3]


def _first_intervals(y, h):
    """The integral over the first of two intervals, of the parabola through three samples, at every place."""
    y0, y1, y2 = y[..., :-2], y[..., 1:-1], y[..., 2:]
    if np.ndim(h) == 0:
        return h / 3.0 * (1.25 * y0 + 2.0 * y1 - 0.25 * y2)
    h0, h1 = h[..., :-1], h[..., 1:]
    part = h0 / (h0 + h1)
    ratio = part * h0 / h1
    return h0 / 6.0 * ((3.0 - part) * y0 + (3.0 + ratio + part) * y1 - ratio * y2)


@_followed
def cumulative_simpson(y, *, x=None, dx=1.0, axis=-1, initial=None):
    original = y
    y, h = _samples(y, x, dx, axis)
    n = y.shape[-1]
    if n < 3:
        found = cumulative_trapezoid(original, x, dx, axis)
        parts = np.diff(np.moveaxis(found, axis, -1), prepend=0.0)
        return _running(parts, axis, initial)
    h = h if np.ndim(h) == 0 else np.broadcast_to(h, tuple(y.shape[:-1]) + (n - 1,))
    after = _first_intervals(y, h)
    before = _first_intervals(y[..., ::-1], h if np.ndim(h) == 0 else h[..., ::-1])[..., ::-1]
    k = np.arange(n - 1)
    own = np.where((k % 2 == 0) & (k < n - 2), k, n - 2 + k - 1)  # every second interval has the parabola that begins there
    return _running(np.concatenate([after, before], -1)[..., own], axis, initial)


@_followed
def romb(y, dx=1.0, axis=-1, show=False):
    _must_be_default("scipy.integrate.romb", show=(show, False))
    y, h = _samples(y, None, dx, axis)
    steps, intervals = [], y.shape[-1] - 1
    if intervals < 1 or intervals & (intervals - 1):
        raise ValueError("Number of samples must be one plus a non-negative power of 2.")
    stride = intervals
    while stride >= 1:
        some = y[..., ::stride]
        steps.append((np.sum(some, -1) - 0.5 * (some[..., 0] + some[..., -1])) * (h * stride))
        stride //= 2
    for order in range(1, len(steps)):  # Richardson's extrapolation
        steps = [fine + (fine - coarse) / (4.0**order - 1.0) for coarse, fine in zip(steps, steps[1:])]
    return steps[0]


# --- functions ----------------------------------------------------------------------------------------------------------------


@_instead_of(_theirs.quad)
def quad(func, a, b, args=(), full_output=0, epsabs=1.49e-8, epsrel=1.49e-8, limit=50, **others):
    return _quad(func, a, b, args, full_output, epsabs, epsrel, limit, **others)


@_instead_of(_theirs.fixed_quad)
def fixed_quad(func, a, b, args=(), n=5):
    x, weights = np.polynomial.legendre.leggauss(n)
    y = (b - a) * (x + 1) / 2.0 + a
    return (b - a) / 2.0 * np.sum(weights * func(y, *args), -1), None


__all__ = []  # follows from the functions above
__all__.extend(_names_of(globals()))


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
