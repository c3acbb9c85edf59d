"""Interpolation on rectangular grids, linear or to the nearest point."""

import itertools

import numpy as np
import scipy.interpolate

from ..ops.array_protocols import holds_tensors
from ..ops.moved_elements import plain
from .following import ready, unlisted
from .piecewise import interval_of


class GridInterpolator:
    """Values on a grid between which there is a function, callable as SciPy's `RegularGridInterpolator`.

    Parameters
    ----------
    points : sequence of array_like
        The places of the grid along each axis, rising or falling.
    values : array_like
        Of the grid; further axes are values of one point.
    method : {'linear', 'nearest', ...}
        Those that have no derivatives here are SciPy's, of plain numbers.
    bounds_error : bool
        Places beyond the grid are errors.
    fill_value : float or None
        What holds there otherwise; None: the function goes on.
    """

    def __init__(self, points, values, method="linear", bounds_error=True, fill_value=np.nan):
        self.grid = tuple(unlisted(p) for p in points)
        self.values, self.method, self.bounds_error, self.fill_value = unlisted(values), method, bounds_error, fill_value
        model = self.values if not holds_tensors([self.values]) else np.zeros(tuple(self.values.shape))
        plain_fill = plain(fill_value)
        self._theirs = scipy.interpolate.RegularGridInterpolator(
            tuple(map(plain, self.grid)), model, method, bounds_error, plain_fill
        )  # its errors, and what is plain

    def __call__(self, xi, method=None, *, nu=None):
        """The values at places, of which the last axis holds the coordinates."""
        places = np.stack(np.broadcast_arrays(*map(unlisted, xi)), -1) if isinstance(xi, tuple) else unlisted(xi)
        if not holds_tensors([*self.grid, self.values, places]):
            return self._theirs(places, method, nu=nu)
        method = method or self.method
        if method not in ("linear", "nearest") or nu is not None:
            raise NotImplementedError(
                f"RegularGridInterpolator: got method={method!r} and nu={nu!r}, expected 'linear' or 'nearest', and None, with "
                "values that are differentiated"
            )
        (places,) = ready(places)
        shape, n = tuple(places.shape[:-1]), len(self.grid)
        if places.shape[-1] != n:
            places, shape = (places[..., None], tuple(places.shape)) if n == 1 else (places, None)
        if shape is None:
            raise ValueError(
                f"The requested sample points xi have dimension {places.shape[-1]} but this interpolator has dimension {n}"
            )
        rows = np.reshape(places, (-1, n))
        found = self._sum([rows[:, k] for k in range(n)], method)
        found = self._beyond(found, [plain(rows[:, k]) for k in range(n)])
        return np.reshape(found, shape + tuple(self.values.shape[n:]))

    def _upwards(self):
        """The grid and its values, with every axis rising."""
        grid, values = list(self.grid), self.values
        for k, p in enumerate(grid):
            if plain(p)[0] > plain(p)[-1]:
                grid[k], values = p[::-1], np.flip(values, k)
        return grid, values

    def _sum(self, columns, method):
        grid, values = self._upwards()
        ways = []
        for p, x in zip(grid, columns):
            k = interval_of(p, x, 0, p.shape[0] - 2)
            share = (x - p[k]) / (p[k + 1] - p[k])
            ways.append(
                [(k, 1.0 - share), (k + 1, share)] if method == "linear" else [(np.where(plain(share) <= 0.5, k, k + 1), 1.0)]
            )
        total = 0.0
        for corner in itertools.product(*ways):
            term = values[tuple(k for k, _ in corner)]
            for _, weight in corner:
                term = term * (np.reshape(weight, (-1,) + (1,) * (term.ndim - 1)) if np.ndim(weight) else weight)
            total = total + term
        return total

    def _beyond(self, found, columns):
        outside = np.zeros(columns[0].shape, bool)
        for k, (p, x) in enumerate(zip(self.grid, columns)):
            low, high = sorted((plain(p)[0], plain(p)[-1]))
            beyond = (x < low) | (x > high)
            if self.bounds_error and beyond.any():
                raise ValueError(f"One of the requested xi is out of bounds in dimension {k}")
            outside |= beyond
        if self.bounds_error or self.fill_value is None:
            return found
        return np.where(np.reshape(outside, (-1,) + (1,) * (found.ndim - 1)), self.fill_value, found)
