"""Piecewise polynomials whose coefficients, breakpoints and places may be differentiated, with the methods of SciPy's."""

import math

import numpy as np
import scipy.interpolate

from ..ops.array_protocols import holds_tensors
from ..ops.moved_elements import plain
from .following import unlisted


def interval_of(knots, places, first, last):
    """The interval between knots that each place is in, counted from 0; those at the ends are without end."""
    return np.clip(np.searchsorted(plain(knots), plain(places), "right") - 1, first, last)


def around(places, first, last):
    """Places of a periodic function, within one period; the multiples of the period that are taken off have no derivative."""
    return places - np.floor((plain(places) - plain(first)) / (plain(last) - plain(first))) * (last - first)


def along_axis(values, places, axis):
    """Results whose first axes are those of the places, with these where the axis of the values was."""
    n = places.ndim
    if not axis:
        return values
    order = list(range(values.ndim))
    return np.transpose(values, order[n : n + axis] + order[:n] + order[n + axis :])


def only_inside(values, places, first, last):
    """Nan where places are beyond the ends."""
    outside = (plain(places) < plain(first)) | (plain(places) > plain(last))
    return np.where(np.reshape(outside, tuple(outside.shape) + (1,) * (values.ndim - outside.ndim)), np.nan, values)


class PiecewisePolynomial:
    """A polynomial between every two breakpoints, callable as SciPy's `PPoly`.

    Parameters
    ----------
    c : array_like, shape (k, m, ...)
        Coefficients, of the highest power first, of the distance from the breakpoint before.
    x : array_like, shape (m + 1,)
        Breakpoints, rising.
    extrapolate : bool or 'periodic'
        What holds beyond the ends: the polynomials there, nan, or the function repeated.
    axis : int
        Where the axes of places go in the results.
    """

    def __init__(self, c, x, extrapolate=None, axis=0):
        self.c, self.x, self.axis = unlisted(c), unlisted(x), axis
        self.extrapolate = True if extrapolate is None else extrapolate

    def _theirs(self):
        return scipy.interpolate.PPoly(self.c, self.x, self.extrapolate, self.axis)

    def __call__(self, x, nu=0, extrapolate=None):
        """The values at places, or those of a derivative."""
        beyond = self.extrapolate if extrapolate is None else extrapolate
        if not holds_tensors([self.c, self.x, x]):
            return self._theirs()(x, nu, beyond)
        if nu < 0:
            return self.antiderivative(-nu)(x, 0, beyond)
        x = unlisted(x) if np.ndim(x) else x if holds_tensors([x]) else np.asarray(x)
        places = around(x, self.x[0], self.x[-1]) if beyond == "periodic" else x
        k = interval_of(self.x, places, 0, self.x.shape[0] - 2)
        s = places - self.x[k]
        s = np.reshape(s, tuple(s.shape) + (1,) * (self.c.ndim - 2))
        powers = self.c.shape[0]
        value = 0.0 * (s + self.c[0][k])
        for row in range(powers - nu):
            value = value * s + self.c[row][k] * float(math.perm(powers - 1 - row, nu))
        if not beyond:
            value = only_inside(value, x, self.x[0], self.x[-1])
        return along_axis(value, x, self.axis)

    def derivative(self, nu=1):
        """The piecewise polynomial that is a derivative of this one."""
        if nu < 0:
            return self.antiderivative(-nu)
        powers = self.c.shape[0]
        if nu >= powers:
            return PiecewisePolynomial(self.c[-1:] * 0.0, self.x, self.extrapolate, self.axis)
        factors = np.array([float(math.perm(powers - 1 - row, nu)) for row in range(powers - nu)])
        return PiecewisePolynomial(self._each_row(factors) * self.c[: powers - nu], self.x, self.extrapolate, self.axis)

    def _each_row(self, factors):
        return np.reshape(factors, (-1,) + (1,) * (self.c.ndim - 1))

    def antiderivative(self, nu=1):
        """The piecewise polynomial, 0 at the first breakpoint, of which this one is a derivative."""
        found = self
        for _ in range(nu):
            found = found._integral()
        return found

    def _integral(self):
        powers, (*_, _) = self.c.shape[0], self.c.shape
        c = self.c / self._each_row(np.arange(powers, 0.0, -1.0))
        width = np.reshape(np.diff(self.x), (-1,) + (1,) * (self.c.ndim - 2))
        part = 0.0
        for row in range(powers):
            part = (part + c[row]) * width if row else c[row] * width
        before = np.concatenate([0.0 * part[:1], np.cumsum(part, 0)[:-1]])
        beyond = False if self.extrapolate == "periodic" else self.extrapolate
        return PiecewisePolynomial(np.concatenate([c, before[None]]), self.x, beyond, self.axis)

    def integrate(self, a, b, extrapolate=None):
        """The integral between two places."""
        beyond = self.extrapolate if extrapolate is None else extrapolate
        if not holds_tensors([self.c, self.x, a, b]):
            return self._theirs().integrate(a, b, beyond)
        if beyond == "periodic":
            raise TypeError("PPoly.integrate: got a periodic function, expected limits within a period and extrapolate=False")
        whole = self.antiderivative()
        return whole(b, 0, beyond) - whole(a, 0, beyond)

    def __getattr__(self, name):
        """What has no derivatives, such as roots, is SciPy's, of plain coefficients."""
        if name.startswith("_") or name in ("c", "x", "axis", "extrapolate"):
            raise AttributeError(name)
        if holds_tensors([self.c, self.x]):
            raise AttributeError(f"PPoly.{name}: got coefficients that are differentiated, expected plain ones")
        return getattr(self._theirs(), name)
