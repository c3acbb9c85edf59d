"""Splines as sums of basis splines, of any degree.

Reference: C. de Boor, A Practical Guide to Splines, 1978.
"""

import numpy as np
import scipy.interpolate

from ..ops.array_protocols import holds_tensors
from .following import ready, unlisted
from .piecewise import along_axis, around, interval_of, only_inside


def derivative_of(t, c, k):
    """Knots and coefficients of the derivative of a spline: differences of its coefficients."""
    n = c.shape[0]
    width = np.reshape(t[k + 1 : k + n] - t[1:n], (-1,) + (1,) * (c.ndim - 1))
    wide = np.where(width == 0.0, 1.0, width)  # of a spline that is 0 everywhere
    return t[1:-1], np.where(width == 0.0, 0.0, k * (c[1:] - c[:-1]) / wide)


def values_at(t, c, k, places):
    """A spline at places, by de Boor's algorithm; beyond the ends the polynomials there."""
    interval = interval_of(t, places, k, c.shape[0] - 1)
    wide = (slice(None),) * places.ndim + (None,) * (c.ndim - 1)
    parts = [c[interval - k + j] for j in range(k + 1)]
    for level in range(1, k + 1):
        for j in range(k, level - 1, -1):
            low, high = t[interval - k + j], t[interval + 1 + j - level]
            share = ((places - low) / (high - low))[wide]
            parts[j] = (1.0 - share) * parts[j - 1] + share * parts[j]
    return parts[k]


class Spline:
    """A sum of basis splines, callable as SciPy's `BSpline`.

    Parameters
    ----------
    t : array_like, shape (n + k + 1,)
        Knots.
    c : array_like, shape (n, ...)
        Coefficients.
    k : int
        Degree.
    extrapolate : bool or 'periodic'
        What holds beyond the base interval: the polynomials at its ends, nan, or the function repeated.
    axis : int
        Where the axes of places go in the results.
    """

    def __init__(self, t, c, k, extrapolate=True, axis=0):
        self.t, self.c, self.k, self.extrapolate, self.axis = t, c, k, extrapolate, axis

    @property
    def tck(self):
        """Knots, coefficients and degree."""
        return self.t, self.c, self.k

    def _is_plain(self, *others):
        return not holds_tensors([self.t, self.c, *others])

    def _theirs(self):
        t, c = np.asarray(self.t), np.moveaxis(np.asarray(self.c), 0, self.axis)
        return scipy.interpolate.BSpline(t, c, self.k, self.extrapolate, self.axis)

    def __call__(self, x, nu=0, extrapolate=None):
        """The values at places, or those of a derivative."""
        beyond = self.extrapolate if extrapolate is None else extrapolate
        if self._is_plain(x):
            return self._theirs()(x, nu, beyond)
        t, c, k = self.tck
        first, last = t[k], t[c.shape[0]]
        x = unlisted(x) if np.ndim(x) else x if holds_tensors([x]) else np.asarray(x)
        places = around(x, first, last) if beyond == "periodic" else x
        if nu > k:
            value = values_at(t, c, k, places) * 0.0
        else:
            for degree in range(k, k - nu, -1):
                t, c = derivative_of(t, c, degree)
            value = values_at(t, c, k - nu, places)
        if not beyond:
            value = only_inside(value, x, first, last)
        return along_axis(value, x, self.axis)

    def derivative(self, nu=1):
        """The spline that is a derivative of this one."""
        if nu < 0 or nu > self.k:
            raise ValueError(f"BSpline.derivative: got order {nu}, expected one between 0 and the degree, {self.k}")
        t, c = self.t, self.c
        for degree in range(self.k, self.k - nu, -1):
            t, c = derivative_of(t, c, degree)
        return Spline(t, c, self.k - nu, self.extrapolate, self.axis)

    def __getattr__(self, name):
        """What has no derivatives is SciPy's, of plain coefficients."""
        if name.startswith("_") or name in ("t", "c", "k", "axis", "extrapolate"):
            raise AttributeError(name)
        if not self._is_plain():
            raise AttributeError(f"BSpline.{name}: got coefficients that are differentiated, expected plain ones")
        return getattr(self._theirs(), name)


# --- interpolation ------------------------------------------------------------------------------------------------------------


def _knots(x, k, conditions):
    """The knots that SciPy chooses for values at some places."""
    ends = (np.broadcast_to(x[:1], (k + 1,)), np.broadcast_to(x[-1:], (k + 1,)))
    if conditions:
        return np.concatenate([ends[0][:k], x, ends[1][:k]])
    inner = x if k % 2 else (x[1:] + x[:-1]) / 2.0
    left_out = (k + 1) // 2
    return np.concatenate([ends[0], inner[left_out : inner.shape[0] - left_out], ends[1]])


def _periodic_knots(x, k):
    if k % 2 == 0:
        h = np.diff(x)
        x = np.concatenate([x[:1], x[1:-1] - h[:-1] / 2.0, x[-1:]])
    h = np.diff(x)
    n = h.shape[0]
    before = [h[-(i % n) - 1] for i in range(k)]
    after = [h[i % n] for i in range(k)]
    low = x[0] - np.cumsum(np.stack(before))[::-1]
    high = x[-1] + np.cumsum(np.stack(after))
    return np.concatenate([low, x, high])


def _rows(t, k, n, places, order=0):
    """The matrix that makes values of a spline, or of a derivative, of its coefficients."""
    c = np.eye(n)
    for degree in range(k, k - order, -1):
        t, c = derivative_of(t, c, degree)
    return values_at(t, c, k - order, places)


_NAMED = {"clamped": 1, "natural": 2}


def _conditions(end, y):
    """Orders and values of the derivatives that are given at an end."""
    if end is None:
        return []
    if isinstance(end, str):
        if end not in _NAMED:
            raise ValueError(f"Unknown boundary condition : {end}")
        end = [(_NAMED[end], np.zeros(tuple(y.shape[1:])))]
    return [(order, value + np.zeros(tuple(y.shape[1:]))) for order, value in end]


def interpolating_spline(x, y, k, t, bc_type, axis):
    """The spline of a degree through values along the first axis, as `scipy.interpolate.make_interp_spline`."""
    periodic = bc_type == "periodic"
    pair = (None, None) if bc_type in (None, "not-a-knot", "periodic") else bc_type
    left, right = (_conditions(end, y) for end in ((pair, pair) if isinstance(pair, str) else pair))
    if k == 1 and t is None and not left and not right and not periodic:
        return Spline(np.concatenate([x[:1], x, x[-1:]]), y, k, True, axis)
    if t is None:
        t = _periodic_knots(x, k) if periodic else _knots(x, k, left or right)
    (t,) = ready(t)
    n = t.shape[0] - k - 1
    missing = n - x.shape[0] - len(left) - len(right)
    if missing != (k - 1 if periodic else 0):
        raise ValueError(
            f"The number of derivatives at boundaries does not match: expected {n - x.shape[0]}, got {len(left)}+{len(right)}"
        )
    rows = [_rows(t, k, n, x)]
    values = [y]
    for place, given in ((x[:1], left), (x[-1:], right)):
        for order, value in given:
            rows.append(_rows(t, k, n, place, order))
            values.append(value[None])
    if periodic:
        for order in range(1, k):
            rows.append(_rows(t, k, n, x[:1], order) - _rows(t, k, n, x[-1:], order))
            values.append(np.zeros((1, *y.shape[1:])))
    right_side = np.concatenate(values)
    c = np.linalg.solve(np.concatenate(rows), np.reshape(right_side, (n, -1)))
    return Spline(t, np.reshape(c, (n, *y.shape[1:])), k, "periodic" if periodic else True, axis)
