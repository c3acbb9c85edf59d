"""Steps of the implicit method Radau IIA of order 5: stages are the root of an equation, and differentiated by it.

Reference: E. Hairer, G. Wanner, Solving Ordinary Differential Equations II, section IV.8.
"""

import numpy as np

from ..errors import NotSolvedError
from ..ops.operation_table import raw
from ..transforms.implicit_functions import ImplicitFunction
from ..transforms.jacobians import jacobian
from .explicit_steps import combined

ROOT = 6.0**0.5
NODES = np.array([(4.0 - ROOT) / 10.0, (4.0 + ROOT) / 10.0, 1.0])
WEIGHTS = np.array(
    [
        [(88.0 - 7.0 * ROOT) / 360.0, (296.0 - 169.0 * ROOT) / 1800.0, (-2.0 + 3.0 * ROOT) / 225.0],
        [(296.0 + 169.0 * ROOT) / 1800.0, (88.0 + 7.0 * ROOT) / 360.0, (-2.0 - 3.0 * ROOT) / 225.0],
        [(16.0 - ROOT) / 36.0, (16.0 + ROOT) / 36.0, 1.0 / 9.0],
    ]
)
INTERPOLATION = np.linalg.inv(np.vander(NODES, increasing=True)).T / np.arange(1, 4)  # integrals of the polynomial through stages
MOST_ITERATIONS = 30


class RadauStep:
    """One step: its stages, where it ends, and values in between; see `ExplicitStep`.

    Parameters
    ----------
    fun : callable
        ``fun(t, y, *args)``, which uses nothing that is differentiated but its arguments.
    guess : array
        Stages to begin with, of shape (3, n).
    """

    def __init__(self, fun, t, y, h, args, guess):
        self.y, self.h = y, h
        solution = ImplicitFunction(_solver_of(fun, guess), _residual_of(fun), tolerance=None, name="solve_ivp")
        solution.may_capture = False
        found = solution(y, t, h, *args)
        self.stages = [found[k] for k in range(3)]
        self.end = y + h * combined(self.stages, WEIGHTS[2])
        self.last = None

    def at(self, theta):
        powers = [theta, theta * theta, theta * theta * theta]
        return self.y + self.h * combined(self.stages, [combined(powers, row) for row in INTERPOLATION])


def _residual_of(fun):
    def residual(stages, y, t, h, *args):
        places = y + h * (WEIGHTS @ stages)
        return stages - np.stack([fun(t + NODES[k] * h, places[k], *args) for k in range(3)])

    return residual


def _solver_of(fun, guess):
    def solver(y, t, h, *args):
        """Newton's iteration, with one Jacobian."""
        residual, stages, n = _residual_of(fun), np.array(guess), np.size(y)
        by_y = np.reshape(raw(jacobian(lambda y: fun(t + h, y, *args))(y + h * (WEIGHTS[2] @ stages))), (n, n))
        matrix, before = np.eye(3 * n) - h * np.kron(WEIGHTS, by_y), np.inf
        for _ in range(MOST_ITERATIONS):
            change = np.linalg.solve(matrix, np.ravel(raw(residual(stages, y, t, h, *args)))).reshape(3, n)
            stages = stages - change
            size, scale = np.abs(h * change).max(initial=0.0), np.abs(y).max(initial=0.0)
            if size <= 1e-15 * scale or size >= 0.5 * before and size <= 1e-10 * (scale + 1.0):
                return stages
            before = size
        raise NotSolvedError(f"jt.solve_ivp: the stages of a step at t = {t} were not found in {MOST_ITERATIONS} iterations")

    return solver
