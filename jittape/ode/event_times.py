"""Events: when a function of time and solution changes its sign, and derivatives of these times."""

import functools

import numpy as np

from ..ops.split_and_stack import stack
from ..transforms.jvp_linearize import jvp

NEWTON_STEPS = 2  # from a root, each doubles the order to which derivatives are right: one gives first ones, two give third


def as_list(events):
    """Events as SciPy takes them, one function or several, as a list."""
    return [] if events is None else [events] if callable(events) else list(events)


def on_plain_numbers(events, plain):
    """The events for SciPy, which reads attributes of them: whether they end the integration, which direction counts."""
    found = [functools.update_wrapper(plain(event), event) for event in as_list(events)]
    return found or None


def located(events, args, found, steps, ends):
    """Times and solutions of all events, with derivatives.

    Parameters
    ----------
    events : list of callable
        ``event(t, y, *args)``.
    found : OptimizeResult
        SciPy's solution, which has the times.
    steps : list of tuples
        Begin, length and the step itself, with derivatives.
    ends : array
        Where steps begin and end.

    Returns
    -------
    times, solutions : lists
        For each event an array of times, and one of shape (times, n).
    """
    times, solutions, direction = [], [], np.sign(ends[-1] - ends[0])
    for event, known in zip(events, found.t_events):
        where = np.clip(np.searchsorted(direction * ends, direction * known, side="left") - 1, 0, len(steps) - 1)
        pairs = [_located(event, args, float(time), *steps[k]) for time, k in zip(known, where)]
        times.append(stack([time for time, _ in pairs]) if pairs else np.zeros(0))
        solutions.append(stack([y for _, y in pairs]) if pairs else np.zeros(0))
    return times, solutions


def _located(event, args, time, begin, length, step):
    """By Newton's method from the root, which moves nothing but has the root's derivatives."""

    def along(time):
        return event(time, step.at((time - begin) / length), *args)

    along(time)  # a step computes on first use what it needs between its ends, and keeps that
    for _ in range(NEWTON_STEPS):
        value, slope = jvp(along, (time,), (1.0,))
        time = time - value / slope
    return time, step.at((time - begin) / length)
