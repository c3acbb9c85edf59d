"""Steps of Radau's method in compiled code: a whole integration is one call, and one row of the tape.

The stages of a step are an implicit function that compiled code calls; see `radau_steps` for the method, and `compiled_steps` for
what is returned.
"""

import numba
import numpy as np

from ..errors import NotSolvedError
from ..numba_backend.kept_with_functions import kept_by_function
from ..transforms.implicit_functions import implicit_root
from ..transforms.jacobians import jacobian
from .radau_steps import INTERPOLATION, MOST_ITERATIONS, NODES, WEIGHTS

FAILURE = f"jt.solve_ivp: the stages of a step were not found in {MOST_ITERATIONS} iterations"


@kept_by_function
def compiled_radau(fun):
    """The function that does given steps: ``integrate(y, t, end, lengths, counts, times, every_end, places, *args)``.

    As that of `compiled_integration`; ``places[k]`` is about where the solution is at the nodes of step k, as one array.
    """
    stages_of = implicit_root(_solver_of(fun), _residual_of(fun), tolerance=None)

    @numba.njit
    def write_between(out, place, y, h, fraction, stages):
        n = len(y)
        for i in range(n):
            out[place, i] = y[i]
        for m in range(3):
            weight, power = 0.0 * fraction, fraction
            for p in range(3):
                weight += INTERPOLATION[m, p] * power
                power *= fraction
            for i in range(n):
                out[place, i] += h * weight * stages[m * n + i]

    @numba.njit
    def integrate(start, t, end, lengths, counts, times, every_end, places, *args):
        n_steps, y, place = len(lengths), start.copy(), 0
        n, out = len(y), np.zeros((n_steps + 1 if every_end else len(times) + 1, len(y)))
        if every_end:
            out[0] = y
        for k in range(n_steps):
            h = lengths[k]
            if k == n_steps - 1:
                h = end - t
            stages = stages_of(y, t, h, places[k], *args)
            for _ in range(counts[k]):
                write_between(out, place, y, h, (times[place] - t) / h, stages)
                place += 1
            for m in range(3):
                for i in range(n):
                    y[i] += h * WEIGHTS[2, m] * stages[m * n + i]
            if every_end:
                out[k + 1] = y
            t += h
        out[len(out) - 1] = y
        return out

    return integrate


def _residual_of(fun):
    @numba.njit
    def residual(stages, y, t, h, places, *args):
        n, off = len(y), np.zeros(len(stages))
        for k in range(3):
            place = y.copy()
            for m in range(3):
                for i in range(n):
                    place[i] += h * WEIGHTS[k, m] * stages[m * n + i]
            found = fun(t + NODES[k] * h, place, *args)
            for i in range(n):
                off[k * n + i] = stages[k * n + i] - found[i]
        return off

    return residual


def _solver_of(fun):
    residual = _residual_of(fun)

    @numba.njit
    def by_y(y, t, *args):
        return fun(t, y, *args)

    slope = jacobian(by_y)

    @numba.njit
    def solver(y, t, h, places, *args):
        """Newton's iteration, with one Jacobian."""
        n, stages = len(y), np.zeros(len(places))
        for k in range(3):
            stages[k * n : (k + 1) * n] = fun(t + NODES[k] * h, places[k * n : (k + 1) * n].copy(), *args)
        matrix, before = np.eye(3 * n), np.inf
        block = slope(places[2 * n :].copy(), t + h, *args)
        for k in range(3):
            for m in range(3):
                matrix[k * n : (k + 1) * n, m * n : (m + 1) * n] -= h * WEIGHTS[k, m] * block
        for _ in range(MOST_ITERATIONS):
            change = np.linalg.solve(matrix, residual(stages, y, t, h, places, *args))
            stages = stages - change
            size, scale = 0.0, 0.0
            for i in range(3 * n):
                size = max(size, abs(h * change[i]))
                scale = max(scale, abs(y[i % n]))
            if size <= 1e-15 * scale or size >= 0.5 * before and size <= 1e-10 * (scale + 1.0):
                return stages
            before = size
        raise NotSolvedError(FAILURE)

    return solver
