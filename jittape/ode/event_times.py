"""Events: when a function of time and solution changes its sign, and derivatives of these times."""

import functools

import numpy as np

from ..ops.split_and_stack import stack
from ..transforms.jvp_linearize import jvp
from .explicit_steps import TABLES, ExplicitStep

NEWTON_STEPS = 2  # from a root, each doubles the order to which derivatives are right: one gives first ones, two give third


def as_list(events):
    """Events as SciPy takes them, one function or several, as a list."""
    return [] if events is None else [events] if callable(events) else list(events)


def on_plain_numbers(events, plain):
    """The events for SciPy, which reads attributes of them: whether they end the integration, which direction counts."""
    found = [functools.update_wrapper(plain(event), event) for event in as_list(events)]
    return found or None


def located(events, args, known, solution_near):
    """Times and solutions of all events, with derivatives.

    Parameters
    ----------
    events : list of callable
        ``event(t, y, *args)``.
    known : list of arrays
        The times of each event, as SciPy has found them.
    solution_near : callable
        ``solution_near(time)`` returns a function of a time close to that one, which answers the solution with derivatives.

    Returns
    -------
    times, solutions : lists
        For each event an array of times, and one of shape (times, n).
    """
    times, solutions = [], []
    for event, found in zip(events, known):
        pairs = [_located(event, args, float(time), solution_near(float(time))) for time in found]
        times.append(stack([time for time, _ in pairs]) if pairs else np.zeros(0))
        solutions.append(stack([y for _, y in pairs]) if pairs else np.zeros(0))
    return times, solutions


def _located(event, args, time, solution):
    """By Newton's method from the root, which moves nothing but has the root's derivatives."""

    def along(time):
        return event(time, solution(time), *args)

    along(time)  # a step computes on first use what it needs between its ends, and keeps that
    for _ in range(NEWTON_STEPS):
        value, slope = jvp(along, (time,), (1.0,))
        time = time - value / slope
    return time, solution(time)


def in_steps(steps, ends):
    """The solution near a time by the step that holds it: steps are tuples of begin, length and the step itself."""
    direction = np.sign(ends[-1] - ends[0])

    def solution_near(time):
        k = np.searchsorted(direction * ends, direction * time, side="left") - 1
        begin, length, step = steps[min(max(k, 0), len(steps) - 1)]
        return lambda time: step.at((time - begin) / length)

    return solution_near


def around_known_values(fun, args, times, values):
    """The solution near one of some times by a step of its own from there: of no length, but it has a length's derivatives.

    Parameters
    ----------
    fun : callable
        ``fun(t, y, *args)``.
    args : tuple
        Its further arguments.
    times : array
        In order, constants.
    values : array of shape (n, times)
        The solution there.
    """

    def slope(t, y):
        return fun(t, y, *args)

    def solution_near(time):
        y = values[:, np.searchsorted(times, time)]
        return lambda now: ExplicitStep(TABLES["RK45"], slope, time, y, now - time, None).end

    return solution_near
