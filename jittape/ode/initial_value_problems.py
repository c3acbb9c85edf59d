"""`solve_ivp` and `odeint`."""

from __future__ import annotations

import copy
import functools
from typing import TYPE_CHECKING

import numpy as np
from scipy import integrate
from scipy.optimize import OptimizeResult

from ..autograd.grad_mode import no_grad
from ..errors import DTypeError, NotSolvedError, TraceError
from ..ops.operation_table import needs_gradient, raw
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import cat, stack
from ..numba_backend.decorators import is_jitted
from ..tape.tape import current
from ..tensors.tensor import Tensor
from ..transforms.implicit_functions import refuse_captured
from ..transforms.inputs_and_outputs import plain_numbers
from ..transforms.pytrees import flatten
from .compiled_radau import compiled_radau
from .compiled_steps import compiled_integration
from .continuous_sensitivities import IMPLICIT, ContinuousSolution
from .event_times import around_known_values, as_list, located, on_plain_numbers
from .explicit_steps import TABLES, ExplicitStep
from .interpolated_solutions import Interpolation, solution_in_a_trace
from .recorded_solutions import at_event, floats, solution_of_steps
from .radau_steps import NODES, RadauStep
from .step_control import TOO_SMALL, step_chooser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

STEPPED = (*TABLES, "Radau")  # methods whose steps are done again in recorded arithmetic
METHODS = (*STEPPED, "BDF", "LSODA")
SENSITIVITIES = ("steps", "adjoint", "forward")
CONTROLS = {"rtol", "atol", "first_step", "max_step"}


def _needs_derivative(value):
    return any(map(needs_gradient, flatten(value)[0]))


def _plain(function):
    """The function on plain numbers, whatever it closes over."""

    def called(*args):
        with no_grad():
            found = function(*args)
        if isinstance(found, (list, tuple)):
            found = [raw(part) for part in found]
        return raw(found)

    return called


class _Problem:
    """A problem under way: the right-hand side in both forms, and SciPy's solution of it."""

    def __init__(self, name, fun, t_span, y0, args, method, options, events=None, sensitivity=None, checkpoints=None):
        self.checkpoints = checkpoints
        self.name, self.fun, self.args, self.method = name, fun, tuple(args), method
        self.sensitivity = sensitivity or ("steps" if method in STEPPED else "adjoint")
        self.t_span, self.y0, self.options, self.events = t_span, y0, options, as_list(events)
        self.plain_args = tuple(plain_numbers(self.args))

    def of_differentiated(self, t, y, *args):
        """The right-hand side as one array."""
        found = self.fun(t, y, *args)
        if not isinstance(found, (list, tuple)):
            return found
        if any(isinstance(part, Tensor) for part in found):
            return stack([floats(part) for part in found])
        return np.array(found, float)

    def solved(self):
        """SciPy's solution for plain numbers, or one without values whose steps are the same; its `ts` are the ends of steps."""
        span, y0 = [float(raw(t)) for t in self.t_span], plain_numbers(self.y0)
        if self.sensitivity == "steps" and self.method in TABLES and self.is_compiled and not set(self.options) - CONTROLS:
            found = self._chosen(np.asarray(y0, float), *span)
        else:
            about = {"args": self.plain_args or None, "events": on_plain_numbers(self.events, _plain)}
            found = integrate.solve_ivp(_plain(self.fun), span, y0, self.method, dense_output=True, **about, **self.options)
            found.ts = found.t if found.sol is None else found.sol.ts
        return found

    def _chosen(self, y0, t, end):
        rtol, atol = (self.options.get(name, usual) for name, usual in (("rtol", 1e-3), ("atol", 1e-6)))
        rtol, atol = max(float(rtol), 100.0 * np.finfo(float).eps), np.broadcast_to(np.asarray(atol, float), y0.shape).copy()
        first, longest = float(self.options.get("first_step") or 0.0), float(self.options.get("max_step", np.inf))
        ends, calls = step_chooser(self.fun, self.method)(y0, t, end, rtol, atol, first, longest, *self.plain_args)
        is_there = ends[-1] == end
        message = "The solver successfully reached the end of the integration interval." if is_there else TOO_SMALL
        about = {"nfev": calls, "njev": 0, "nlu": 0, "status": 0 if is_there else -1, "message": message, "success": is_there}
        return OptimizeResult(t=ends, y=None, ts=ends, sol=None, t_events=None, y_events=None, **about)

    def is_differentiated(self):
        """Whether a derivative is wanted by anything that the solution depends on, also what the right-hand side closes over."""
        if current().recorder is None:
            return False
        y0, needs = plain_numbers(self.y0), any(_needs_derivative(x) for x in (self.t_span, self.y0, self.args))
        dtype = complex if np.iscomplexobj(y0) else float
        needs = needs or _needs_derivative(self.of_differentiated(float(raw(self.t_span[0])), np.asarray(y0, dtype), *self.args))
        if needs and dtype is complex:
            raise DTypeError(
                f"{self.name}: got complex initial values, expected real ones: solutions of complex equations are not "
                "differentiated; solve for real and imaginary parts"
            )
        return needs

    def ends_of_steps(self, found):
        """Where steps begin and end; the last one may go on beyond an event that has ended the integration."""
        return found.ts if found.status != 1 else np.append(found.ts[:-1], found.sol.interpolants[-1].t)

    def without_events(self):
        """The same problem without events."""
        problem = copy.copy(self)
        problem.events = []
        return problem

    @functools.cached_property
    def is_compiled(self):
        """Whether a whole integration is one call of compiled code: the right-hand side is, and answers an array."""
        if self.method not in STEPPED or not is_jitted(self.fun) or self.events:
            return False
        known = _plain(self.fun)(float(raw(self.t_span[0])), plain_numbers(self.y0), *self.plain_args)
        return isinstance(known, np.ndarray) and known.dtype == np.float64

    def integrated(self, found, start, end, ends, counts, times):
        """Steps between some ends by compiled code: the solution at `times`, or where steps begin and end, and where it ends."""
        lengths = np.diff(ends)
        steps = start.y, start.t, end, lengths, counts, floats([] if times is None else times), times is None
        if self.method != "Radau":
            return compiled_integration(self.fun, self.method)(*steps, *self.args).T
        nodes = (ends[:-1, None] + NODES * lengths[:, None]).ravel()
        places = found.sol(nodes).T.reshape(len(lengths), -1)
        return compiled_radau(self.fun)(*steps, np.ascontiguousarray(places), *self.args).T

    def span_of(self, found):
        """From where to where a solution goes: not to the end where an event has ended it, or the solver has failed before."""
        return self.t_span if found.status == 0 else (self.t_span[0], float(found.ts[-1]))

    @property
    def stages(self):
        """About how many there are in a step, as a measure of what it records."""
        return 3 if self.method == "Radau" else len(TABLES[self.method].interpolation)

    def step(self, found, place, h, ends):
        """A step that SciPy has taken, done again in recorded arithmetic."""
        if self.method == "Radau":
            at = ends[0] + NODES * (ends[1] - ends[0])
            guess = np.stack([_plain(self.fun)(s, found.sol(s), *self.plain_args) for s in at])
            return RadauStep(self.of_differentiated, place.t, place.y, h, self.args, guess)
        function = functools.partial(_with_arguments, self.of_differentiated, self.args)
        return ExplicitStep(TABLES[self.method], function, place.t, place.y, h, place.slope)


def _with_arguments(function, args, t, y):
    return function(t, y, *args)


def _values_at(problem, found, t_eval):
    """The solution at the given times, or at the ends of all steps; times along the last axis."""
    if t_eval is not None and not len(t_eval):
        return np.zeros((len(problem.y0), 0))
    if len(found.ts) == 1:  # not one step succeeded
        return stack([floats(problem.y0)] * (1 if t_eval is None else len(t_eval)), 1)
    if problem.sensitivity != "steps":
        return _of_equations(problem, found, t_eval)
    if problem.method == "Radau":
        refuse_captured(problem.name, problem.of_differentiated, problem.t_span[0], floats(problem.y0), *problem.args)
    return solution_of_steps(problem, found, t_eval, problem.checkpoints)


def _of_equations(problem, found, t_eval):
    def solved(fun, t_span, y0, times, args, jac):
        about = {name: problem.options[name] for name in ("rtol", "atol", "max_step") if name in problem.options}
        if np.ndim(about.get("atol")):
            about["atol"] = np.tile(about["atol"], len(y0) // len(about["atol"]))
        if problem.method in IMPLICIT:
            about["jac"] = jac
        found = solve_ivp(fun, t_span, y0, problem.method, times, args=args, sensitivity=problem.sensitivity, **about)
        if not found.success:
            raise NotSolvedError(f"jt.{problem.name}: the integration of a derivative failed: {found.message}")
        return found.y

    def values_at(times, at_ends=False):
        solution = ContinuousSolution(problem, found, at_ends, solved)
        return solution(floats(problem.y0), *problem.span_of(found), times, *problem.args)

    values = values_at(found.ts, True) if t_eval is None else values_at(floats(t_eval))
    if problem.events:
        times = np.unique(np.concatenate(found.t_events))
        way = slice(None, None, 1 if found.ts[0] <= found.ts[-1] else -1)
        near = around_known_values(problem.of_differentiated, problem.args, times, values_at(times[way])[:, way])
        found.t_events, found.y_events = located(problem.events, problem.args, found.t_events, near)
        if found.status == 1 and t_eval is None:
            values = cat([values[:, :-1], reshape(at_event(found), (-1, 1))], 1)
    return values


def _check(problem, vectorized, t_eval):
    name, method, sensitivity = f"jt.{problem.name}", problem.method, problem.sensitivity
    if method not in METHODS:
        raise ValueError(f"{name}: got method {method!r}, expected one of {', '.join(METHODS)} where something is differentiated")
    if sensitivity not in SENSITIVITIES:
        raise ValueError(f"{name}: got sensitivity={sensitivity!r}, expected one of {', '.join(map(repr, SENSITIVITIES))}")
    if sensitivity == "steps" and method not in STEPPED:
        raise ValueError(
            f"{name}: got sensitivity='steps' for method {method!r}, expected 'adjoint' or 'forward': the steps of that method "
            f"are not known; those of {', '.join(STEPPED)} are"
        )
    if problem.checkpoints is not None and (sensitivity != "steps" or problem.events or problem.checkpoints < 0):
        raise ValueError(
            f"{name}: got checkpoints={problem.checkpoints!r}, expected a number of groups of steps, with sensitivity='steps' "
            "and without events"
        )
    if vectorized:
        raise NotImplementedError(f"{name}: vectorized= is not implemented where something is differentiated")
    if t_eval is not None and np.ndim(raw(t_eval)) != 1:
        raise ValueError(f"{name}: `t_eval` must be 1-dimensional.")


def _differentiated(problem, t_eval, dense_output=False):
    """The solution as a result object whose values have derivatives."""
    if current().tape.derivatives_are_rows:
        return _in_a_trace(problem, t_eval, dense_output)
    begin, end = [float(raw(t)) for t in problem.t_span]
    if t_eval is not None:
        t_eval = floats(t_eval)
        if np.any(raw(t_eval) < min(begin, end)) or np.any(raw(t_eval) > max(begin, end)):
            raise ValueError("Values in `t_eval` are not within `t_span`.")
        if np.any(np.sign(end - begin) * np.diff(raw(t_eval)) <= 0):
            raise ValueError("Values in `t_eval` are not properly sorted.")
    found = problem.solved()
    if t_eval is not None and found.status != 0:  # an event has ended it, or it failed
        t_eval = t_eval[: np.count_nonzero(np.sign(end - begin) * (raw(t_eval) - found.ts[-1]) <= 0.0)]
    found.y = _values_at(problem, found, t_eval)
    found.t = found.ts if t_eval is None else t_eval
    result = OptimizeResult({name: value for name, value in found.items() if name != "ts"})
    result.sol = Interpolation(functools.partial(_values_at, problem.without_events(), found), found.ts) if dense_output else None
    return result


def _in_a_trace(problem, t_eval, dense_output):
    """The result object where a program is traced or batched."""
    if dense_output:
        raise TraceError(f"jt.{problem.name}: dense_output= is not possible in jt.compile and jt.vmap: pass the times by t_eval")

    def solve(t_span, y0, t_eval, args):
        given = problem.fun, t_span, y0, problem.method, t_eval
        about = {"sensitivity": problem.sensitivity, "checkpoints": problem.checkpoints}
        return solve_ivp(*given, args=args, **about, **problem.options)

    refuse_captured(problem.name, problem.of_differentiated, problem.t_span[0], floats(problem.y0), *problem.args)
    arguments = problem.t_span, problem.y0, t_eval, problem.args
    y = solution_in_a_trace(problem.name, solve, arguments, t_eval, bool(problem.events))
    return OptimizeResult(t=t_eval, y=y, sol=None, t_events=None, y_events=None, status=0, success=True)


def solve_ivp(
    fun: Callable[..., Any],
    t_span: Sequence[Any],
    y0: Any,
    method: str = "RK45",
    t_eval: Any = None,
    dense_output: bool = False,
    events: Any = None,
    vectorized: bool = False,
    args: Sequence[Any] | None = None,
    sensitivity: str | None = None,
    checkpoints: int | None = None,
    **options: Any,
) -> Any:
    """Solve an initial value problem, as ``scipy.integrate.solve_ivp`` does, with derivatives of the solution.

    Parameters
    ----------
    fun : callable
        ``fun(t, y, *args)`` returns the derivative of y: an array, or a list of numbers.
    t_span : pair of float
        From where to where.
    y0 : array of shape (n,)
        Where it begins.
    method : {"RK45", "RK23", "DOP853", "Radau", "BDF", "LSODA"}, optional
        The method; where nothing is differentiated, also a class of SciPy's.
    t_eval : array, optional
        Where the solution is wanted; by default at the ends of all steps.
    dense_output, events, vectorized : optional
        As SciPy's. The solution that ``dense_output`` adds has derivatives, too; each call of it is an integration with known
        steps.
    args : tuple, optional
        Further arguments of `fun`.
    sensitivity : {"steps", "adjoint", "forward"}, optional
        Where derivatives come from: from the steps, done again in recorded arithmetic (by default; not for "BDF" and "LSODA"), or
        from the adjoint equations or those of the tangents, which the same method solves with the same tolerances ("adjoint" is
        the default for those two). See Notes.
    checkpoints : int, optional
        Where derivatives come from the steps: how many groups they are cut into. A sweep computes the steps of a group again,
        so that memory is needed for one group and for what lies between groups. With 0 all steps are kept, as they are by
        default where their stages have less than ten million numbers; of longer ones the square root of the number of steps is
        taken. With events all steps are kept.
    **options
        As SciPy's: rtol, atol, first_step, max_step, jac ...

    Returns
    -------
    OptimizeResult
        With t, y of shape (n, times), success, message, nfev and so on. Where y0, `args`, `t_span`, `t_eval`, or what `fun`
        closes over are differentiated, y has derivatives by them, and so have ``t_events`` and ``y_events``.

    Raises
    ------
    ValueError
        If something is differentiated, and there is no such method, or it does not go with that sensitivity.
    NotSolvedError
        If an equation of a derivative cannot be integrated.
    RuntimeError
        If `fun` closes over something that is differentiated, with another sensitivity than "steps": pass it by `args`.
    TraceError
        In ``jt.compile`` and ``jt.vmap`` without `t_eval`, with events or `dense_output`: the shape of the solution is not known
        before. With `t_eval` the problem is one row, which is solved each time, and for each member of a batch.

    Notes
    -----
    SciPy chooses the steps, for plain numbers; these steps are then done again in arithmetic that is recorded, and their lengths
    are constants. So a gradient is that of the discrete solution: it agrees with differences of it, and with the true one as well
    as the solution does. With a compiled `fun` that returns an array, all steps are one compiled call.
    Times of events, and the solution at them, have the derivatives of roots; so a solution that goes on from an event, with what
    that changes, has the right ones.
    Stages of "Radau" are implicit functions (see `implicit_root`): a linear solve a step.

    With "adjoint" a gradient is one more integration, back in time, of as many equations, whatever the number of parameters;
    with "forward" it is one of n (1 + p) equations for p parameters, which pays for few of them. Both are as exact as the
    tolerances are, and need memory for the solution only; events cost one more integration. Forward mode integrates the tangents
    along with the solution in both cases, and second derivatives are derivatives of tangents.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> def end(rate):
    ...     return jt.solve_ivp(lambda t, y: -rate * y, (0.0, 1.0), np.array([2.0]), rtol=1e-8, atol=1e-10).y[0, -1]
    >>> bool(abs(jt.grad(end)(0.5) + 2.0 * np.exp(-0.5)) < 1e-6)
    True
    """
    problem = _Problem("solve_ivp", fun, t_span, y0, args or (), method, options, events, sensitivity, checkpoints)
    if problem.is_differentiated():
        _check(problem, vectorized, t_eval)
        return _differentiated(problem, t_eval, dense_output)
    about = {"dense_output": dense_output, "events": events, "vectorized": vectorized, "args": problem.plain_args or None}
    span = [float(raw(t)) for t in t_span]
    return integrate.solve_ivp(_plain(fun), span, plain_numbers(y0), method, plain_numbers(t_eval), **about, **options)


def odeint(func: Callable[..., Any], y0: Any, t: Any, args: tuple = (), tfirst: bool = False, **options: Any) -> Any:
    """Integrate a system of ordinary differential equations, as ``scipy.integrate.odeint`` does, with derivatives.

    Parameters
    ----------
    func : callable
        ``func(y, t, *args)``, or ``func(t, y, *args)`` with `tfirst`.
    y0 : array of shape (n,)
        Where it begins.
    t : array
        Times, in order; the first is that of `y0`.
    args : tuple, optional
        Further arguments of `func`.
    tfirst : bool, optional
        Whether the time is the first argument.
    **options
        As SciPy's; rtol and atol, by default 1.49e-8, where something is differentiated.

    Returns
    -------
    array of shape (times, n)
        The solution; it has derivatives by whatever is differentiated.

    Raises
    ------
    NotSolvedError
        If the integration fails where something is differentiated.
    NotImplementedError
        For options that there is no derivative with.

    Notes
    -----
    Where nothing is differentiated this is SciPy's function, which uses LSODA. Otherwise the method is "DOP853" of `solve_ivp`,
    whose solution is equal within the tolerances. For stiff problems call `solve_ivp` with "Radau".

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> def total(rate):
    ...     return np.sum(jt.odeint(lambda y, t: -rate * y, np.array([1.0]), np.array([0.0, 1.0, 2.0])))
    >>> bool(abs(jt.grad(total)(0.3) + np.exp(-0.3) + 2.0 * np.exp(-0.6)) < 1e-6)
    True
    """
    in_order = func if tfirst else lambda t, y, *args: func(y, t, *args)
    tolerances = {name: options.get(name, 1.49e-8) for name in ("rtol", "atol")}
    problem = _Problem("odeint", in_order, (t[0], t[-1]), y0, args, "DOP853", tolerances)
    if not problem.is_differentiated():
        return integrate.odeint(_plain(func), plain_numbers(y0), plain_numbers(t), problem.plain_args, tfirst=tfirst, **options)
    unknown = set(options) - {"rtol", "atol"}
    if unknown:
        raise NotImplementedError(
            f"jt.odeint: got {sorted(unknown)}, expected rtol and atol only where something is differentiated"
        )
    found = _differentiated(problem, t)
    if found.status < 0:
        raise NotSolvedError(f"jt.odeint: the integration failed: {found.message}")
    return np.transpose(found.y)
