"""Derivatives of solutions by equations of their own, which the method that has found the solution solves as well.

The other way, to do the steps again in recorded arithmetic, is exact for the discrete solution, and needs to know the steps.
This one takes any method, among them SciPy's BDF and LSODA, and is as exact as the tolerances.

With ``A = df/dy`` at the solution, a cotangent goes back by ``lambda' = -A.T lambda``, from the last time at which the solution
was asked for to the first, and gains the cotangent of the solution at each of them. Parameters get the integral of
``lambda.T df/dp``, by Gauss's rule between the ends of steps of either solution. A tangent goes forward by
``s' = A s + df/dp p_dot``, together with the solution. Both are rules of the solution as a whole, so tangents are solutions
again and have derivatives of any order; cotangents that are recorded are put together from tangents.

Reference: A. C. Hindmarsh et al., SUNDIALS: Suite of Nonlinear and Differential/Algebraic Equation Solvers, 2005.
"""

import numpy as np
from scipy import integrate

from ..errors import NotSolvedError
from ..ops.operation_table import raw
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import cat, stack
from ..ops.sums import sum as total
from ..tensors.tensor import wrap
from ..tape.recording_state import recording
from ..transforms.custom_rules import CustomRule
from ..transforms.grad_vjp import vjp
from ..transforms.implicit_functions import refuse_captured
from ..transforms.inputs_and_outputs import plain_numbers
from ..transforms.jacobians import jacobian
from ..transforms.jvp_linearize import linearize
from ..transforms.pytrees import flatten, unflatten

IMPLICIT = {"Radau", "BDF", "LSODA"}
NODES, WEIGHTS = np.polynomial.legendre.leggauss(4)  # of order 8: no method interpolates better
RELATIVE_ATOL = 1e-3  # of the tolerance for cotangents, whose size the caller does not know: for rtol and the largest one
MOST_AT_ONCE = 64  # points whose parts of an integral are pulled back together
START, BEGIN, END, TIMES, FIRST = range(5)  # places among the arguments of a solution; from `FIRST` on the right-hand side's


class ContinuousSolution(CustomRule):
    """The solution of a problem at some times, as a function of ``(y0, begin, end, times, *args)``.

    Parameters
    ----------
    problem : Problem
        What is solved.
    found : OptimizeResult
        SciPy's solution, with its interpolation.
    at_ends : bool
        Whether the times are where steps end: then the first one is the begin, the last one the end, others are constants.
    solve : callable
        ``solve(fun, t_span, y0, times, args, jac)`` answers values at some times, with derivatives, by the same method.
    """

    def __init__(self, problem, found, at_ends, solve):
        super().__init__(self._values)
        self.problem, self.found, self.at_ends, self.solve = problem, found, at_ends, solve

    def __repr__(self):
        return f"jt.{self.problem.name}"

    def check_complete(self):
        """Do nothing: both directions have their equations."""

    def evaluate(self, call, tensors):
        return self._values(*call.arguments(tensors))

    def _values(self, y0, begin, end, times, *args):
        refuse_captured(self.problem.name, self.problem.of_differentiated, begin, y0, *args)
        found = np.array(self.found.sol(raw(times)))
        if len(raw(times)) and raw(times)[0] == raw(begin):
            found[:, 0] = raw(y0)
        return found

    def pull_back(self, call, active, y_bar, operands):
        args = call.arguments(operands)
        if recording().recorder is None and self.problem.sensitivity == "adjoint":
            return self._from_cotangents(call, args, active, np.asarray(raw(y_bar)))
        return self._from_tangents(call, args, operands, active, call.split(y_bar))

    def _from_cotangents(self, call, args, active, y_bar):
        chosen = [call.places[k] for k in active if call.places[k] >= FIRST]
        y0_bar, begin_bar, times_bar, bars = _Adjoint(self, args, [place - FIRST for place in chosen]).pulled_back(y_bar)
        end_bar = 0.0
        if self.at_ends:
            begin_bar, end_bar = begin_bar + times_bar[0], times_bar[-1]
        found = {START: y0_bar, BEGIN: begin_bar, END: end_bar, TIMES: times_bar}
        found |= dict(zip(chosen, bars))
        return {k: wrap(np.asarray(found[call.places[k]])) for k in active}

    def _from_tangents(self, call, args, operands, active, y_bar):
        shapes = {k: tuple(operands[k].shape) for k in active}
        units = {k: np.eye(int(np.prod(shape))) for k, shape in shapes.items()}
        directions = [{k: unit.reshape(shapes[k])} for k in active for unit in units[k]]
        found = [total(y_bar * dot) for dot in self._tangents(call, args, directions)]
        ends = np.cumsum([0, *map(len, units.values())])
        return {k: reshape(stack(found[a:b]), shapes[k]) for k, a, b in zip(active, ends, ends[1:]) if b > a}

    def push_forward(self, call, x_dots, operands):
        (found,) = self._tangents(call, call.arguments(operands), [x_dots])
        return found

    def _tangents(self, call, args, directions):
        """The tangents of the solution in some directions, each a dictionary of tangents by the place of the operand."""
        y0, begin, end, times, *rest = args
        dots = [{call.places[k]: dot for k, dot in direction.items()} for direction in directions]
        f0, (n,) = self.problem.of_differentiated(begin, y0, *rest), tuple(y0.shape)
        first = [y0]
        for dot in dots:
            s = np.zeros(n) if dot.get(START) is None else dot[START]
            first.append(s if dot.get(BEGIN) is None else s - f0 * dot[BEGIN])
        places = [k for k in call.places if k >= FIRST]
        fun = _with_tangents(self.problem.of_differentiated, [k - FIRST for k in places])
        given = [[dot.get(k) for k in places] for dot in dots]
        solved = self.solve(fun, (begin, end), cat(first), times, (rest, given), _blocks(self.problem.of_differentiated, n))
        return [self._moved(args, solved[:n], solved[(k + 1) * n : (k + 2) * n], dot) for k, dot in enumerate(dots)]

    def _moved(self, args, y, s, dot):
        """A tangent of values at times that move."""
        _, begin, end, times, *rest = args
        if self.at_ends:
            moves = [(0, dot.get(BEGIN)), (len(times) - 1, dot.get(END))]
        else:
            moves = [] if dot.get(TIMES) is None else [(k, dot[TIMES][k]) for k in range(len(times))]
        moves = {k: move for k, move in moves if move is not None}
        if not moves:
            return s
        columns = [s[:, k] for k in range(len(times))]
        for k, move in moves.items():
            columns[k] = columns[k] + self.problem.of_differentiated(times[k], y[:, k], *rest) * move
        return stack(columns, 1)


def _with_tangents(fun, places):
    """The right-hand side of a solution together with its tangents, one after the other in one array."""

    def changed(t, z, rest, given):
        leaves, structure = flatten(rest)

        def of(y, *chosen):
            return fun(t, y, *_replaced(leaves, structure, places, chosen))

        parts = reshape(z, (len(given) + 1, -1))
        f, pushforward = linearize(of, parts[0], *(leaves[p] for p in places))
        return cat([f, *(pushforward(parts[k + 1], *dots) for k, dots in enumerate(given))])

    return changed


def _by_y(fun, t, y, args):
    """The Jacobian of a right-hand side by the solution."""
    return np.reshape(raw(jacobian(lambda y: fun(t, y, *args))(y)), (len(y), len(y)))


def _blocks(fun, n):
    """The Jacobian of a right-hand side with tangents, but for what these have to do with the solution: enough for Newton."""

    def jac(t, z, rest, given):
        return np.kron(np.eye(len(z) // n), _by_y(fun, t, z[:n], rest))

    return jac


def _replaced(leaves, structure, places, chosen):
    leaves = list(leaves)
    for place, leaf in zip(places, chosen):
        leaves[place] = leaf
    return unflatten(structure, leaves)


class _Adjoint:
    """The way back of a cotangent, in plain numbers.

    Parameters
    ----------
    solution : ContinuousSolution
        Of what.
    args : tuple
        Its arguments.
    places : list of int
        Which leaves of the right-hand side's arguments get cotangents.
    """

    def __init__(self, solution, args, places):
        self.problem, self.sol, self.steps = solution.problem, solution.found.sol, solution.found.ts
        self.y0, self.begin, _, self.times, *rest = plain_numbers(args)
        self.leaves, self.structure = flatten(rest)
        self.rest, self.places = rest, places
        self.bars = [np.zeros(np.shape(self.leaves[p])) for p in places]

    def pulled_back(self, y_bar):
        """Cotangents of the start, the begin and the times, and of the chosen leaves of the arguments."""
        times_bar, y_bar_now = np.zeros(len(self.times)), np.zeros(len(self.y0))
        wanted = np.flatnonzero(np.any(y_bar != 0.0, axis=0))
        for k, earlier in zip(wanted[::-1], [*self.times[wanted[:-1][::-1]], self.begin]):
            times_bar[k] = y_bar[:, k] @ self._slope(self.times[k])
            y_bar_now = y_bar_now + y_bar[:, k]
            if earlier != self.times[k]:
                y_bar_now = self._gone_back(self.times[k], earlier, y_bar_now)
        return y_bar_now, -(y_bar_now @ self._slope(self.begin)), times_bar, self.bars

    def _slope(self, t):
        return np.asarray(raw(self.problem.of_differentiated(float(t), self.sol(t), *self.rest)))

    def _gone_back(self, t, earlier, y_bar):
        def back(t, y_bar):
            y = self.sol(t)
            return -np.asarray(raw(vjp(lambda y: self.problem.of_differentiated(t, y, *self.rest), y)[1](y_bar)[0]))

        options, method = self.problem.options, self.problem.method
        about = {name: options[name] for name in ("rtol", "max_step") if name in options}
        about["atol"] = RELATIVE_ATOL * options.get("rtol", 1e-3) * np.abs(y_bar).max()
        if method in IMPLICIT:
            about["jac"] = lambda t, y_bar: -_by_y(self.problem.of_differentiated, t, self.sol(t), self.rest).T
        found = integrate.solve_ivp(back, (t, earlier), y_bar, method, dense_output=True, **about)
        if not found.success:
            raise NotSolvedError(f"jt.{self.problem.name}: the integration of a derivative failed: {found.message}")
        if self.places:
            self._integrate(found.sol, t, earlier)
        return found.y[:, -1]

    def _integrate(self, y_bar, t, earlier):
        """Add the integral of ``y_bar.T df/dp`` to the cotangents of the arguments."""
        low, high = min(t, earlier), max(t, earlier)
        inside = [s for s in self.steps if low < s < high]
        ends = np.unique([low, high, *inside, *y_bar.ts])
        halves = np.diff(ends)[:, None] / 2.0
        points, weights = (ends[:-1, None] + halves * (1.0 + NODES)).ravel(), (halves * WEIGHTS).ravel()
        direction = 1.0 if t > earlier else -1.0
        for first in range(0, len(points), MOST_AT_ONCE):
            chunk = slice(first, first + MOST_AT_ONCE)
            self._add(points[chunk], direction * weights[chunk] * y_bar(points[chunk]))

    def _add(self, points, y_bars):
        def slopes(*chosen):
            args = _replaced(self.leaves, self.structure, self.places, chosen)
            return stack([self.problem.of_differentiated(float(t), self.sol(t), *args) for t in points], 1)

        found = vjp(slopes, *(self.leaves[p] for p in self.places))[1](y_bars)
        for bar, part in zip(self.bars, found):
            bar += np.asarray(raw(part))
