"""The interpolators of ``scipy.interpolate`` that have derivatives: by the values, by the knots and by the places.

They are callable as SciPy's, and give SciPy's results for plain numbers.
"""

import numpy as np
import scipy.interpolate as _theirs

from ..ops.array_protocols import holds_tensors as _holds_tensors
from ..ops.moved_elements import plain as _plain
from . import linalg as _linalg
from .basis_splines import interpolating_spline as _interpolating_spline, Spline as _Spline
from .following import instead_of as _instead_of, names_of as _names_of, ready as _ready
from .grids import GridInterpolator as _GridInterpolator
from .piecewise import PiecewisePolynomial as _PiecewisePolynomial


def _as_scipys(function):
    return _instead_of(getattr(_theirs, function.__name__))(function)


def _checked(theirs, x, y, axis, *rest):
    """The knots and the values, their axis first; SciPy checks the knots, and the shape of the values."""
    x, y = _ready(x, y)
    theirs(_plain(x), np.zeros(tuple(y.shape)), axis, *rest)
    return x, np.moveaxis(y, axis, 0), axis % y.ndim


def _column(h, y):
    return np.reshape(h, (-1,) + (1,) * (y.ndim - 1))


def _from_slopes(x, y, slopes, extrapolate, axis):
    """The cubic polynomials with given values and slopes at the knots."""
    h = _column(np.diff(x), y)
    rise = np.diff(y, axis=0) / h
    bend = (slopes[:-1] + slopes[1:] - 2.0 * rise) / h
    c = np.stack([bend / h, (rise - slopes[:-1]) / h - bend, slopes[:-1], y[:-1]])
    return _PiecewisePolynomial(c, x, extrapolate, axis)


def _of_theirs(found):
    return _PiecewisePolynomial(found.c, found.x, found.extrapolate, found.axis)


# --- cubic splines ----------------------------------------------------------------------------------------------------------


def _ends(bc_type, y):
    """The conditions at both ends: 'not-a-knot', 'periodic', or an order and a value of a derivative."""
    names = {"clamped": (1, 0.0), "natural": (2, 0.0)}
    if isinstance(bc_type, str):
        bc_type = (bc_type, bc_type)
    ends = [names.get(end, end) if isinstance(end, str) else end for end in bc_type]
    return [end if isinstance(end, str) else (end[0], end[1] + np.zeros(tuple(y.shape[1:]))) for end in ends]


def _plain_ends(bc_type):
    """The conditions with zeros in the place of values, of the same shapes."""
    if isinstance(bc_type, str):
        return bc_type
    return tuple(end if isinstance(end, str) else (end[0], np.zeros(np.shape(end[1]))) for end in bc_type)


def _first_row(end, h, rise):
    """What a condition at the first knot says: factors of the first two slopes, and the right-hand side."""
    if end == "not-a-knot":
        both = h[0] + h[1]
        return h[1], both, ((h[0] + 2.0 * both) * h[1] * rise[0] + h[0] ** 2 * rise[1]) / both
    order, value = end
    if order == 1:
        return 0.0 * h[0] + 1.0, 0.0 * h[0], value + 0.0 * rise[0]
    return 2.0 * h[0], h[0], -0.5 * value * h[0] ** 2 + 3.0 * rise[0] * h[0]


def _last_row(end, h, rise):
    """The same at the last knot: the condition at the first one of the function turned round."""
    if end != "not-a-knot":
        end = (end[0], end[1] if end[0] == 1 else -end[1])
    return _first_row(end, h[::-1], rise[::-1])


def _slopes(ends, x, y):
    """The slopes with which second derivatives are continuous: solutions of a tridiagonal system."""
    h = np.diff(x)
    wide = _column(h, y)
    rise = np.diff(y, axis=0) / wide
    if ends[0] == "periodic":
        return _periodic_slopes(h, wide, rise)
    n = y.shape[0]
    if n == 2:
        ends = [(1, rise[0]) if end == "not-a-knot" else end for end in ends]
    if n == 3 and ends == ["not-a-knot"] * 2:  # one parabola
        bend = (rise[1] - rise[0]) / (wide[0] + wide[1])
        return np.stack([rise[0] - bend * wide[0], rise[0] + bend * wide[0], rise[1] + bend * wide[1]])
    first, last = _first_row(ends[0], wide, rise), _last_row(ends[1], wide, rise)
    flat = [np.reshape(v, (-1,))[:1] for v in (*first[:2], *last[:2])]
    zero = np.zeros(1, x.dtype)
    above = np.concatenate([zero, flat[1], h[:-1]])
    middle = np.concatenate([flat[0], 2.0 * (h[:-1] + h[1:]), flat[2]])
    below = np.concatenate([h[1:], flat[3], zero])
    inner = 3.0 * (wide[1:] * rise[:-1] + wide[:-1] * rise[1:])
    right = np.concatenate([first[2][None], inner, last[2][None]])
    solved = _linalg.solve_banded((1, 1), np.stack([above, middle, below]), np.reshape(right, (n, -1)))
    return np.reshape(solved, tuple(y.shape))


def _periodic_slopes(h, wide, rise):
    """The slopes of a periodic function; its system is tridiagonal but for two corners, due to the last unknown."""
    n = h.shape[0]  # of unknowns
    before, rise_before = np.roll(h, 1), np.roll(rise, 1, 0)
    right = 3.0 * (wide * rise_before + np.roll(wide, 1, 0) * rise)
    if n < 3:  # one or two intervals: every neighbour is both
        slopes = rise if n == 1 else right / _column(3.0 * (h + before), rise)
        return np.concatenate([slopes, slopes[:1]]) if n == 1 else np.stack([np.sum(slopes, 0) * 0.5] * 3)
    middle = 2.0 * (h + before)
    zero = np.zeros(1, h.dtype)
    diagonals = np.stack([np.concatenate([zero, before[: n - 2]]), middle[: n - 1], np.concatenate([h[1 : n - 1], zero])])
    unit = np.concatenate([-h[:1], np.zeros(n - 3, h.dtype), -before[n - 2 : n - 1]]) if n > 2 else -h[:1]
    flat = np.reshape(right, (n, -1))
    solved = _linalg.solve_banded((1, 1), diagonals, np.concatenate([flat[: n - 1], unit[:, None]], 1))
    s, u = solved[:, :-1], solved[:, -1]
    first, last = before[n - 1], h[n - 1]  # the factors of the first and of the one before in the last equation
    end = (flat[n - 1] - first * s[0] - last * s[-1]) / (middle[n - 1] + first * u[0] + last * u[-1])
    slopes = np.concatenate([s + u[:, None] * end, end[None]])
    return np.reshape(np.concatenate([slopes, slopes[:1]]), (n + 1,) + tuple(rise.shape[1:]))


@_as_scipys
def CubicSpline(x, y, axis=0, bc_type="not-a-knot", extrapolate=None):
    given = [] if isinstance(bc_type, str) else [end[1] for end in bc_type if not isinstance(end, str)]
    if not _holds_tensors([x, y, *given]):
        return _of_theirs(_theirs.CubicSpline(x, y, axis, bc_type, extrapolate))
    x, y, axis = _checked(_theirs.CubicSpline, x, y, axis, _plain_ends(bc_type))
    if extrapolate is None:
        extrapolate = "periodic" if bc_type == "periodic" else True
    return _from_slopes(x, y, _slopes(_ends(bc_type, y), x, y), extrapolate, axis)


@_as_scipys
def CubicHermiteSpline(x, y, dydx, axis=0, extrapolate=None):
    if not _holds_tensors([x, y, dydx]):
        return _of_theirs(_theirs.CubicHermiteSpline(x, y, dydx, axis, extrapolate))
    x, y, slopes = _ready(x, y, dydx)
    _theirs.CubicHermiteSpline(_plain(x), np.zeros(tuple(y.shape)), np.zeros(tuple(slopes.shape)), axis)
    return _from_slopes(x, np.moveaxis(y, axis, 0), np.moveaxis(slopes, axis, 0), extrapolate, axis % y.ndim)


def _end_slope(h0, h1, rise0, rise1):
    """The slope at an end, of the parabola through three points unless it would overshoot."""
    found = ((2.0 * h0 + h1) * rise0 - h0 * rise1) / (h0 + h1)
    steep = (np.sign(rise0) != np.sign(rise1)) & (np.abs(found) > 3.0 * np.abs(rise0))
    return np.where(np.sign(found) != np.sign(rise0), 0.0, np.where(steep, 3.0 * rise0, found))


@_as_scipys
def PchipInterpolator(x, y, axis=0, extrapolate=None):
    if not _holds_tensors([x, y]):
        return _of_theirs(_theirs.PchipInterpolator(x, y, axis, extrapolate))
    x, y, axis = _checked(_theirs.PchipInterpolator, x, y, axis)
    h = _column(np.diff(x), y)
    rise = np.diff(y, axis=0) / h
    if y.shape[0] == 2:
        return _from_slopes(x, y, np.concatenate([rise, rise]), extrapolate, axis)
    near, far = 2.0 * h[1:] + h[:-1], h[1:] + 2.0 * h[:-1]
    flat = (np.sign(rise[1:]) != np.sign(rise[:-1])) | (rise[1:] == 0) | (rise[:-1] == 0)
    safe = [np.where(flat, 1.0, part) for part in (rise[:-1], rise[1:])]
    inner = np.where(flat, 0.0, (near + far) / (near / safe[0] + far / safe[1]))
    ends = _end_slope(h[0], h[1], rise[0], rise[1]), _end_slope(h[-1], h[-2], rise[-1], rise[-2])
    return _from_slopes(x, y, np.concatenate([ends[0][None], inner, ends[1][None]]), extrapolate, axis)


@_as_scipys
def PPoly(c, x, extrapolate=None, axis=0):
    return _PiecewisePolynomial(c, x, extrapolate, axis)


# --- splines of other degrees, and grids ----------------------------------------------------------------------------------------


@_as_scipys
def BSpline(t, c, k, extrapolate=True, axis=0):
    if not _holds_tensors([t, c]):
        found = _theirs.BSpline(t, c, k, extrapolate, axis)
        return _Spline(found.t, found.c, found.k, found.extrapolate, found.axis)
    t, c = _ready(t, c)
    return _Spline(t, np.moveaxis(c, axis, 0), k, extrapolate, axis % c.ndim)


@_as_scipys
def make_interp_spline(x, y, k=3, t=None, bc_type=None, axis=0, check_finite=True):
    if not _holds_tensors([x, y, t]):
        found = _theirs.make_interp_spline(x, y, k, t, bc_type, axis, check_finite)
        return _Spline(found.t, found.c, found.k, found.extrapolate, found.axis)
    x, y = _ready(x, y)
    axis %= y.ndim
    return _interpolating_spline(x, np.moveaxis(y, axis, 0), k, t, bc_type, axis)


@_as_scipys
def RegularGridInterpolator(points, values, method="linear", bounds_error=True, fill_value=np.nan):
    return _GridInterpolator(points, values, method, bounds_error, fill_value)


@_as_scipys
def interpn(points, values, xi, method="linear", bounds_error=True, fill_value=np.nan):
    return _GridInterpolator(points, values, method, bounds_error, fill_value)(xi)


__all__ = []  # follows from the functions above
__all__.extend(_names_of(globals()))


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
