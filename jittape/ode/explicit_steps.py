"""Steps of explicit Runge-Kutta methods, by the tables of SciPy's classes, in arithmetic that can be differentiated.

Reference: E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, sections II.4 to II.6.
"""

import functools
from typing import NamedTuple

import numpy as np
from numpy.polynomial import polynomial
from scipy.integrate import DOP853, RK23, RK45


class Table(NamedTuple):
    """The coefficients of a method.

    Attributes
    ----------
    rows, nodes : arrays
        Of the stages after the first: weights of the stages before, and times as fractions of the step.
    weights : array
        Of the end of the step; there is one more stage there.
    further_rows, further_nodes : arrays
        Of stages that only the interpolation needs.
    interpolation : array, one row a stage
        Coefficients, from the first power on, of a stage's weight at a fraction of the step.
    """

    rows: np.ndarray
    nodes: np.ndarray
    weights: np.ndarray
    further_rows: np.ndarray
    further_nodes: np.ndarray
    interpolation: np.ndarray


def _table_of(method):
    none = np.zeros((0, 0)), np.zeros(0)
    return Table(method.A[1:], method.C[1:], method.B, *none, method.P)


def _high_order_interpolation():
    """SciPy's interpolation of DOP853, which is nested in ``x`` and ``1 - x``, as weights of stages in powers."""
    n = DOP853.D.shape[1]
    change, first, end = np.zeros(n), np.eye(1, n)[0], np.eye(1, n, len(DOP853.B))[0]
    change[: len(DOP853.B)] = DOP853.B
    coefficients = [change, first - change, 2.0 * change - end - first, *DOP853.D]
    found = np.zeros((n, len(coefficients)))
    basis = np.ones(1)
    for k, coefficient in enumerate(coefficients):
        basis = polynomial.polymul(basis, [0.0, 1.0] if k % 2 == 0 else [1.0, -1.0])
        found[:, : len(basis) - 1] += np.outer(coefficient, basis[1:])
    return found


TABLES = {
    "RK23": _table_of(RK23),
    "RK45": _table_of(RK45),
    "DOP853": Table(DOP853.A[1:], DOP853.C[1:], DOP853.B, DOP853.A_EXTRA, DOP853.C_EXTRA, _high_order_interpolation()),
}


def combined(stages, weights):
    """The sum of stages times weights; those that are 0 cost nothing."""
    terms = [w * k for k, w in zip(stages, weights) if not (isinstance(w, float) and w == 0.0)]
    return functools.reduce(lambda a, b: a + b, terms) if terms else 0.0 * stages[0]


class ExplicitStep:
    """One step of a method: its stages, where it ends, and values in between.

    Parameters
    ----------
    table : Table
        The method.
    fun : callable
        ``fun(t, y)``.
    t, h : float
        Begin and length of the step.
    y : array
        Where it begins.
    first : array or None
        ``fun(t, y)``, if it is known from the step before.
    """

    def __init__(self, table, fun, t, y, h, first):
        self.table, self.fun, self.t, self.y, self.h = table, fun, t, y, h
        self.stages = [fun(t, y) if first is None else first]
        self._add(table.rows, table.nodes)
        self.end = y + h * combined(self.stages, table.weights)
        self.stages.append(fun(t + h, self.end))
        self.last = self.stages[-1]

    def _add(self, rows, nodes):
        for row, node in zip(rows, nodes):
            self.stages.append(self.fun(self.t + node * self.h, self.y + self.h * combined(self.stages, row)))

    def at(self, fraction):
        """The value at a fraction of the step, by the method's interpolation."""
        table = self.table
        if len(self.stages) < len(table.interpolation):
            self._add(table.further_rows, table.further_nodes)
        powers = [fraction]
        while len(powers) < table.interpolation.shape[1]:
            powers.append(powers[-1] * fraction)
        return self.y + self.h * combined(self.stages, [combined(powers, row) for row in table.interpolation])
