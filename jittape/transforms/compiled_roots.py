"""Implicit functions in compiled code: the solver's answer, and as many steps of Newton's method as derivatives are taken.

At a solution a step changes nothing but derivatives. With the Jacobian as a constant, the first step makes the first derivative
exact, the next one the second, because what is left is an order smaller each time. So the rule is arithmetic like the user's, and
holds for the tape, tangents and whatever nests them.

Reference: B. Christianson, Reverse accumulation and attractive fixed points, Optimization Methods and Software 3, 1994.
"""

import numba
import numpy as np
from numba import types
from numba.extending import overload

from ..autograd.nesting import nested_derivatives
from ..autograd.stop_gradient import stop_gradient
from ..errors import NotSolvedError
from ..numba_backend.decorators import is_jitted
from .jacobians import jacobian


def _as_users(pick):
    """Mark an overload whose code is differentiated as a user's is."""
    pick.is_users = True
    return pick


def _quotient(matrix, vector):
    """The solution of a linear system of one or more equations."""


@overload(_quotient)
@_as_users
def _quotient_of(matrix, vector):
    if isinstance(matrix, types.Array):
        return lambda matrix, vector: np.linalg.solve(matrix, vector)
    return lambda matrix, vector: vector / matrix


def _size(x):
    """The largest magnitude in a plain number or array."""


@overload(_size)
@_as_users
def _size_of(x):
    if isinstance(x, types.Array):
        return lambda x: np.max(np.abs(x)) if x.size else 0.0
    return lambda x: abs(x)


def compiled_root(name, solver, residual, linear_solver, tolerance):
    """The compiled form of `ImplicitFunction`.

    Parameters
    ----------
    name : str
        Of the public function that made it.
    solver, residual : callable
        Compiled by Numba, or derivatives of what is.
    linear_solver : callable or None
        Must be None.
    tolerance : float or None
        How far from a solution derivatives are computed.

    Raises
    ------
    TypeError
        If it has none.
    """
    for what, function in (("solver", solver), ("equation", residual)):
        if not is_compiled(function):
            raise TypeError(
                f"jt.{name}: the {what} is a function of Python; a call inside compiled code takes compiled ones: @njit"
            )
    if linear_solver is not None:
        raise TypeError(f"jt.{name}: got a linear_solver, which is a function of Python: a call inside compiled code takes none")
    slope = jacobian(residual)
    most = np.inf if tolerance is None else tolerance
    failure = f"jt.{name}: the solver has not found a solution: a step of Newton's method is larger than the tolerance there"

    @numba.njit
    def root(*args):
        fixed = stop_gradient(args)
        x = solver(*fixed)
        orders = nested_derivatives(args)
        if orders:
            matrix = slope(x, *fixed)
            if not _size(_quotient(matrix, residual(x, *fixed))) <= most * (1.0 + _size(x)):
                raise NotSolvedError(failure)
            for _ in range(orders):
                x = x - _quotient(matrix, residual(x, *args))
        return x

    return root


def compiled_difference(function):
    """How far a function's value is from its first argument, if the function is compiled; else the function."""
    if not is_compiled(function):
        return function

    @numba.njit
    def difference(x, *args):
        return function(x, *args) - x

    return difference


def is_compiled(function):
    """Whether compiled code can call a function."""
    return is_jitted(function) or isinstance(getattr(function, "_numba_type_", None), types.Callable)
