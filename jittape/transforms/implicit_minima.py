"""Minima as implicit functions: free ones by a gradient that vanishes, constrained ones by their Karush-Kuhn-Tucker conditions.

With multipliers ``a`` of equalities ``g(x) = 0`` and ``b`` of inequalities ``h(x) >= 0``, a minimum of ``f`` is a root of three
parts in (x, a, b): the gradient of ``f - a @ g - b @ h``; ``g``; and ``min(h, b)``, of which the smaller one says whether a
constraint is active.

Reference: A. V. Fiacco, Introduction to Sensitivity and Stability Analysis in Nonlinear Programming, 1983; J. Nocedal,
S. J. Wright, Numerical Optimization, 2006, section 12.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import NotSolvedError
from ..ops.choosing import minimum
from ..ops.operation_table import raw
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import cat
from .grad_vjp import grad
from .implicit_functions import TOLERANCE, ImplicitFunction
from .jacobians import jacobian

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

NEAR = 1e-6  # a constraint below is active, a multiplier below is none; relative to 1 + the largest


class ConstrainedMinimum:
    """What `implicit_minimum` returns for a problem with constraints: called with the arguments of the solver.

    Attributes
    ----------
    solver, objective, equality, inequality : callable
        What it was made of.
    """

    def __init__(self, solver, objective, equality, inequality, linear_solver, tolerance):
        for what, given in (("equality", equality), ("inequality", inequality)):
            if given is not None and not callable(given):
                raise TypeError(f"jt.implicit_minimum: got {type(given).__name__} as {what}, expected a function")
        self.solver, self.objective, self.equality, self.inequality = solver, objective, equality, inequality
        self._about = linear_solver, tolerance
        self._conditions = _Conditions(self, *self._about)

    def __reduce__(self):
        return ConstrainedMinimum, (self.solver, self.objective, self.equality, self.inequality, *self._about)

    def __repr__(self):
        return f"<jt.ConstrainedMinimum of {getattr(self.objective, '__name__', self.objective)}>"

    def __call__(self, *args: Any) -> Any:
        """Where the minimum is."""
        return self._conditions.parts(self._conditions(*args))[0]

    def multipliers(self, *args: Any) -> tuple[Any, Any]:
        """The multipliers of equalities and of inequalities there.

        They are derivatives of the least value by the right-hand sides of ``equality(x) = 0`` and ``inequality(x) >= 0``, and
        have derivatives themselves.
        """
        return self._conditions.parts(self._conditions(*args))[1:]


class _Conditions(ImplicitFunction):
    """The minimum and all multipliers, one after the other, as a root of the conditions."""

    def __init__(self, problem, linear_solver, tolerance):
        super().__init__(problem.solver, self._at, linear_solver, tolerance, "implicit_minimum")
        self.problem, self._form = problem, None

    def parts(self, joined):
        """The minimum in its shape, the multipliers of equalities, those of inequalities."""
        shape, n, equalities = self._form
        x = joined[0] if shape == () else joined[:n].reshape(shape)
        return x, joined[n : n + equalities], joined[n + equalities :]

    def _found(self, args):
        x = np.asarray(super()._found(args), float)
        known = [_values(f, x, args) for f in (self.problem.equality, self.problem.inequality)]
        self._form = x.shape, x.size, known[0].size
        multipliers = np.zeros(known[0].size + known[1].size)
        active = np.append(np.ones(known[0].size, bool), known[1] <= NEAR * (1.0 + np.abs(known[1]).max(initial=0.0)))
        if active.any():
            multipliers[active] = self._multipliers(x, args, active, known[0].size)
        return np.concatenate([x.ravel(), multipliers])

    def _multipliers(self, x, args, active, equalities):
        """Of the active constraints: those whose gradients add up to that of the objective; of inequalities none below 0."""
        from scipy.optimize import lsq_linear  # on first use: it takes a fifth of a second

        slopes = [_slopes(f, x, args) for f in (self.problem.equality, self.problem.inequality)]
        slopes = np.concatenate(slopes)[active]
        least = np.where(np.arange(active.size)[active] < equalities, -np.inf, 0.0)
        down = np.ravel(raw(grad(self.problem.objective)(x, *args)))
        return lsq_linear(slopes.T, down, (least, np.inf), method="bvls").x

    def _at(self, joined, *args):
        x, of_equalities, of_inequalities = self.parts(joined)
        about = (self.problem.equality, of_equalities), (self.problem.inequality, of_inequalities)

        def lagrangian(x):
            value = self.problem.objective(x, *args)
            for constraint, multipliers in about:
                if constraint is not None:
                    value = value - (multipliers * _vector(constraint(x, *args))).sum()
            return value

        found = [_vector(grad(lagrangian)(x))]
        if self.problem.equality is not None:
            found.append(_vector(self.problem.equality(x, *args)))
        if self.problem.inequality is not None:
            found.append(minimum(_vector(self.problem.inequality(x, *args)), of_inequalities))
        return cat(found)

    def _check_solved(self, joined, args):
        super()._check_solved(joined, args)
        if self.tolerance is None or self.problem.inequality is None:
            return
        x, _, multipliers = (np.asarray(raw(part)) for part in self.parts(joined))
        distance = _values(self.problem.inequality, x, args)
        undecided = np.maximum(np.abs(distance), np.abs(multipliers)) <= NEAR * (1.0 + np.abs(multipliers).max(initial=0.0))
        if undecided.any():
            raise NotSolvedError(
                f"jt.implicit_minimum: inequality {int(np.argmax(undecided))} holds with 0 and its multiplier is 0 as well: "
                "the minimum has different derivatives to either side. Pass tolerance=None for one of them"
            )


def _vector(value):
    return reshape(value, (-1,))


def _values(constraint, x, args):
    return np.zeros(0) if constraint is None else np.ravel(raw(constraint(x, *args)))


def _slopes(constraint, x, args):
    return np.zeros((0, x.size)) if constraint is None else np.reshape(raw(jacobian(constraint)(x, *args)), (-1, x.size))


def implicit_minimum(
    solver: Callable[..., Any],
    objective: Callable[..., Any],
    linear_solver: Callable[..., Any] | None = None,
    tolerance: float | None = TOLERANCE,
    equality: Callable[..., Any] | None = None,
    inequality: Callable[..., Any] | None = None,
) -> ImplicitFunction | ConstrainedMinimum:
    """Make a function that calls a minimiser and is differentiated by the conditions of a minimum.

    Parameters
    ----------
    solver : callable
        ``solver(*args)`` returns where ``objective(x, *args)`` has a minimum, or a result of SciPy's.
    objective : callable
        ``objective(x, *args)`` returns a number; twice differentiable.
    linear_solver, tolerance : optional
        See `implicit_root`; without constraints the matrix is the Hessian, so ``scipy.sparse.linalg.cg`` fits.
    equality, inequality : callable, optional
        Constraints: ``equality(x, *args)`` is zero at the minimum, ``inequality(x, *args)`` nowhere negative, as for SciPy's
        SLSQP. They return a number or an array.

    Returns
    -------
    ImplicitFunction or ConstrainedMinimum
        Called with the arguments of the solver, it returns the minimum. With constraints it also has a method ``multipliers``
        of the same arguments, which returns those of the equalities and of the inequalities.

    Raises
    ------
    NotSolvedError
        Where the solver says that it has failed, or a derivative is asked for at what is no minimum, or where an inequality
        holds with 0 that could be left out: derivatives to either side differ there.
    SingularError
        Where a derivative is asked for and the conditions do not define it, as by constraints that depend on each other.

    Notes
    -----
    Without constraints the gradient vanishes at a minimum, see `implicit_root`. With constraints the conditions of Karush,
    Kuhn and Tucker hold, whose multipliers are found by least squares at the solver's answer. Bounds are inequalities.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> from scipy.optimize import minimize, minimize_scalar
    >>> objective = lambda x, a: (x - a) ** 2 + 0.1 * x**4
    >>> nearest = jt.implicit_minimum(lambda a: minimize_scalar(objective, args=(a,), tol=1e-12), objective)
    >>> x = float(nearest(1.0))
    >>> bool(abs(jt.grad(nearest)(1.0) - 1.0 / (1.0 + 0.6 * x**2)) < 1e-6)
    True

    The largest rectangle in a circle of radius r, by its half sides:

    >>> area, inside = lambda x, r: -4.0 * x[0] * x[1], lambda x, r: r**2 - x @ x
    >>> def solver(r):
    ...     constraints = {"type": "ineq", "fun": inside, "args": (r,)}
    ...     return minimize(area, [1.0, 1.0], (r,), "SLSQP", constraints=constraints, options={"ftol": 1e-12})
    >>> sides = jt.implicit_minimum(solver, area, inequality=inside)
    >>> jt.jacobian(sides)(2.0).round(6)
    array([0.707107, 0.707107])
    """
    if equality is None and inequality is None:
        return ImplicitFunction(solver, grad(objective), linear_solver, tolerance, "implicit_minimum")
    return ConstrainedMinimum(solver, objective, equality, inequality, linear_solver, tolerance)
