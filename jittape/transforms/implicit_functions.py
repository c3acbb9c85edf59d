"""Implicit functions: derivatives of what a solver finds, by the equations that it solves.

If ``residual(x, *args) = 0`` defines x, then ``A dx + B dargs = 0`` with the Jacobians A by x and B by the arguments: a
cotangent of x costs one linear solve with the transpose of A, and one pullback of the residual. The solver itself is never
differentiated, so it may be anything.

The linear solve is either dense, by the library's own functions, or given: then it is an implicit function as well, whose
residual is linear, and so higher derivatives are solves of the same kind.

Reference: S. G. Krantz, H. R. Parks, The Implicit Function Theorem, 2003; M. Blondel et al., Efficient and Modular Implicit
Differentiation, 2022.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np
from numba import types

from ..autograd.dependence import captured_leaves
from ..errors import DTypeError, NotSolvedError, ShapeError
from ..linalg import solve
from ..ops.operation_table import raw
from ..ops.shape_functions import reshape
from ..tape.tape import current
from ..tensors.tensor import Tensor, wrap
from .backends import has_tensors
from .compiled_roots import compiled_difference, compiled_root
from .custom_rules import custom_vjp
from .function_run import is_outer
from .grad_vjp import vjp
from .inputs_and_outputs import plain_numbers
from .jacobians import jacobian
from .jvp_linearize import jvp
from .pytrees import flatten, map_leaves, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

TOLERANCE = 1e-5


class ImplicitFunction(custom_vjp):
    """What `implicit_root`, `implicit_minimum` and `fixed_point` return: called with the arguments of the solver.

    Attributes
    ----------
    residual : callable
        ``residual(x, *args)``, which is zero at a solution.
    linear_solver : callable or None
        What solves linear systems.
    tolerance : float or None
        How far from a solution derivatives are computed.
    may_capture : bool
        Whether the residual may use what is differentiated and no argument.
    """

    may_capture = True

    def __init__(self, solver, residual, linear_solver=None, tolerance=TOLERANCE, name="implicit_root"):
        super().__init__(solver)
        for what, given in (("residual", residual), ("linear_solver", linear_solver)):
            if not callable(given) and (given is not None or what == "residual"):
                raise TypeError(f"jt.{name}: got {type(given).__name__} as {what}, expected a function")
        self.residual, self.linear_solver, self.tolerance, self.name = residual, linear_solver, tolerance, name
        self.function = self._solution
        self.solver = solver
        self.defvjp(self._with_residuals, self._pulled_back)

    @property
    def _numba_type_(self):
        return types.Dispatcher(self._compiled)

    @functools.cached_property
    def _compiled(self):
        """The function for calls in compiled code."""
        return compiled_root(self.name, self.solver, self._compiled_residual(), self.linear_solver, self.tolerance)

    def _compiled_residual(self):
        return self.residual

    def _made_of(self):
        return self.solver, (self.residual, self.linear_solver, self.tolerance, self.name)

    @classmethod
    def _made_again(cls, solver, about):
        return cls(solver, *about)

    def _solution(self, *args):
        """What the solver finds for plain numbers."""
        found = self._found(plain_numbers(args))
        if self.may_capture:
            refuse_captured(self.name, self.residual, found, *args)
        if not has_tensors(args):
            return found
        return found if isinstance(found, Tensor) else wrap(np.asarray(found, float))

    def _found(self, args):
        """The solver's answer; of a result object of SciPy's, the solution in it."""
        found = self.solver(*args)
        for failed in ("success", "converged"):
            if getattr(found, failed, True) is False or getattr(found, failed, True) is np.False_:
                message = getattr(found, "message", None) or getattr(found, "flag", "")
                raise NotSolvedError(f"jt.{self.name}: the solver did not converge: {message}")
        for attribute in ("x", "root"):
            if hasattr(found, attribute):
                found = getattr(found, attribute)
        return found

    def _with_residuals(self, *args):
        x = self(*args)
        return x, (x, args)

    def _pulled_back(self, residuals, x_bar):
        x, args = residuals
        self._check_solved(x, args)
        weights = self._transposed_solve(x, args, x_bar)
        leaves, structure = flatten(args)
        places = [k for k, leaf in enumerate(leaves) if _is_differentiable(leaf)]

        def of_leaves(*chosen):
            given = list(leaves)
            for k, leaf in zip(places, chosen):
                given[k] = leaf
            return self._residual_at(x, unflatten(structure, given))

        found, answers = vjp(of_leaves, *(leaves[k] for k in places))[1](weights), [None] * len(leaves)
        for k, leaf_bar in zip(places, found):
            answers[k] = -leaf_bar
        return unflatten(structure, answers)

    def _residual_at(self, x, args):
        found = self.residual(x, *args)
        shape = tuple(np.shape(raw(found)))
        if shape != tuple(x.shape):
            raise ShapeError(
                f"jt.{self.name}: the residual has shape {list(shape)}, expected that of the solution, {list(x.shape)}"
            )
        return found

    def _check_solved(self, x, args):
        """Raise if a step of Newton's method would still move the solution."""
        if self.tolerance is None:
            return
        try:
            x, args = _plain_tensor(x), map_leaves(_plain_tensor, args)
        except TypeError:  # a trace has no numbers
            return
        step = np.asarray(raw(self._residual_at(x, args)))
        if self.linear_solver is None:
            step = np.asarray(raw(solve(self._matrix(x, args), wrap(step.reshape(-1)))))
        size, scale = np.abs(step).max(initial=0.0), np.abs(raw(x)).max(initial=0.0)
        if not size <= self.tolerance * (1.0 + scale):
            what = "a step of Newton's method" if self.linear_solver is None else "the residual"
            raise NotSolvedError(
                f"jt.{self.name}: the solver has not found a solution: {what} is {size:.3g} there, expected at "
                f"most {self.tolerance * (1.0 + scale):.3g}. Solve more accurately, or pass tolerance=None for the derivative "
                "at that point"
            )

    def _matrix(self, x, args):
        n = int(np.prod(x.shape))
        return reshape(_tensor(jacobian(lambda x: self._residual_at(x, args))(x)), (n, n))

    def _transposed_solve(self, x, args, x_bar):
        if self.linear_solver is not None:
            return _linear_root(self)(x_bar, x, *args)
        shape = tuple(x.shape)
        return reshape(solve(self._matrix(x, args).T, reshape(x_bar, (-1,))), shape)


def refuse_captured(name, function, *args):
    """Raise if a function uses what is differentiated and is no argument, which neither a solver nor its rule knows of."""
    recorder = current().recorder
    captured = [] if recorder is None else recorder.steadily(_captured, function, args)
    if captured is not None and not any(map(is_outer, captured)):
        return
    raise RuntimeError(
        f"jt.{name}: the function uses a value that is being differentiated and is not among its arguments: the "
        f"derivative would be lost. Pass it as an argument{' (args=)' if name in ('solve_ivp', 'odeint') else ''}"
    )


def _captured(tape, function, args):
    """What `captured_leaves` finds of a function at plain numbers."""
    start = len(tape)
    found = function(*(x.detach() if isinstance(x, Tensor) else x for x in args[:1]), *plain_numbers(args[1:]))
    is_recorded = isinstance(found, Tensor) and (found.requires_grad or tape.keeps((found,)))
    return captured_leaves([found], tape, start) if is_recorded else []


def _linear_root(parent):
    """The solution w of ``A.T w = b`` as an implicit function of b, x and the arguments, where A is the Jacobian by x."""

    def pulled(w, x, args):
        return vjp(lambda x: parent._residual_at(x, args), x)[1](w)[0]

    def residual(w, b, x, *args):
        return pulled(w, x, args) - b

    def solver(b, x, *args):
        from scipy.sparse.linalg import LinearOperator  # on first use: it takes a tenth of a second

        def product(w):
            return np.ravel(raw(pulled(wrap(np.reshape(w, shape)), wrap(x), args)))

        def transposed(v):
            along = jvp(lambda x: parent._residual_at(x, args), (wrap(x),), (np.reshape(v, shape),))[1]
            return np.ravel(raw(along))

        x, shape = np.asarray(x), np.shape(b)
        operator = LinearOperator((x.size, x.size), product, transposed, dtype=x.dtype)
        found = parent.linear_solver(operator, np.ravel(b))
        found, failed = found if isinstance(found, tuple) else (found, 0)
        if failed:
            raise NotSolvedError(f"jt.{parent.name}: the linear solver did not converge: it answered {failed}")
        return np.reshape(found, shape)

    return ImplicitFunction(solver, residual, parent.linear_solver, None, parent.name)


class FixedPoint(ImplicitFunction):
    """What `fixed_point` returns."""

    def __init__(self, solver, function, linear_solver, tolerance, name="fixed_point"):
        super().__init__(solver, functools.partial(_difference, function), linear_solver, tolerance, name)

    def _compiled_residual(self):
        return compiled_difference(self.residual.args[0])

    def _made_of(self):
        return self.solver, (self.residual.args[0], self.linear_solver, self.tolerance, self.name)


def _difference(function, x, *args):
    return function(x, *args) - x


def _plain_tensor(leaf):
    return wrap(np.array(leaf.detach()._value())) if isinstance(leaf, Tensor) else leaf


def _tensor(value):
    return value if isinstance(value, Tensor) else wrap(np.asarray(value))


def _is_differentiable(leaf):
    if isinstance(leaf, Tensor) and leaf.dtype.kind == "c":
        raise DTypeError("implicit functions: got complex numbers, expected real ones: pass real and imaginary parts")
    return isinstance(leaf, Tensor) and leaf.dtype.kind == "f"


def implicit_root(
    solver: Callable[..., Any],
    residual: Callable[..., Any],
    linear_solver: Callable[..., Any] | None = None,
    tolerance: float | None = TOLERANCE,
) -> ImplicitFunction:
    """Make a function that calls a solver of equations and is differentiated by these.

    Parameters
    ----------
    solver : callable
        ``solver(*args)`` returns a number or array x with ``residual(x, *args) = 0``, or an object of SciPy's that has it. It
        gets plain numbers, and is not differentiated.
    residual : callable
        ``residual(x, *args)`` returns an array of the shape of x.
    linear_solver : callable, optional
        ``linear_solver(operator, b)`` solves a linear system with a ``scipy.sparse.linalg.LinearOperator``: returns the solution,
        or a pair of it and a number that is 0 for success, such as ``scipy.sparse.linalg.gmres``. By default the Jacobian is
        computed as a whole, and factorised. Where that is singular, ``lambda A, b: scipy.sparse.linalg.lsqr(A, b)[0]`` gives the
        derivative of the smallest change.
    tolerance : float, optional
        How far a step of Newton's method may still move the solution (with a `linear_solver`, how large the residual may be),
        relative to ``1 + max(abs(x))``, where a derivative is asked for; None for no check.

    Returns
    -------
    ImplicitFunction
        Called with the arguments of the solver. It has derivatives of any order, in both modes.

    Raises
    ------
    NotSolvedError
        Where the solver says that it has failed, or a derivative is asked for at what is no solution.
    ShapeError
        If the residual has another shape than the solution.

    Notes
    -----
    A gradient costs one linear solve with the transposed Jacobian by x, and one pullback of the residual. A search that answers
    by comparisons, such as bisection, has no derivative of its own; this is the way to give it one. If both functions are
    compiled by Numba, so may be the code that calls what is returned; its derivatives take one step of Newton's method for each
    order, with the Jacobian at the solution, and are exact.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> from scipy.optimize import brentq
    >>> cube_root = jt.implicit_root(lambda a: brentq(lambda x: x**3 - a, 0.0, 10.0, xtol=1e-14), lambda x, a: x**3 - a)
    >>> round(jt.grad(cube_root)(8.0), 12), round(jt.grad(jt.grad(cube_root))(8.0), 10)
    (0.083333333333, -0.0069444444)
    """
    return ImplicitFunction(solver, residual, linear_solver, tolerance)


def fixed_point(
    solver: Callable[..., Any],
    function: Callable[..., Any],
    linear_solver: Callable[..., Any] | None = None,
    tolerance: float | None = TOLERANCE,
) -> ImplicitFunction:
    """Make a function that calls a solver of ``x = function(x, *args)`` and is differentiated by that equation.

    Parameters
    ----------
    solver : callable
        ``solver(*args)`` returns x: usually it iterates `function`.
    function : callable
        ``function(x, *args)`` returns an array of the shape of x.
    linear_solver, tolerance : optional
        See `implicit_root`.

    Returns
    -------
    ImplicitFunction
        Called with the arguments of the solver.

    Raises
    ------
    TypeError
        If `solver` or `function` is none.
    NotSolvedError
        Where the solver says that it has failed, or a derivative is asked for at what is no fixed point.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> def iterated(a):
    ...     x = 1.0
    ...     for _ in range(60):
    ...         x = 0.5 * (x + a / x)
    ...     return x
    >>> root = jt.fixed_point(iterated, lambda x, a: 0.5 * (x + a / x))
    >>> jt.grad(root)(4.0)
    0.25
    """

    if not callable(function):
        raise TypeError(f"jt.fixed_point: got {type(function).__name__} as function, expected a function")
    return FixedPoint(solver, function, linear_solver, tolerance)
