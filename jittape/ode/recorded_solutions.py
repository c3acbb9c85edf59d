"""Solutions by steps that are done again in recorded arithmetic, all at once or in groups between checkpoints."""

import copy
import functools
import math
from typing import NamedTuple

import numpy as np

from ..ops.operation_table import raw
from ..ops.split_and_stack import cat, stack
from ..tensors.tensor import Tensor
from ..transforms.checkpointing import Checkpoint
from .event_times import in_steps, located

MOST_RECORDED = 10_000_000  # elements of stages, 100 MB and more on a tape


class StepStart(NamedTuple):
    """Where an integration stands: the time, the solution, and its derivative if it is known."""

    t: object
    y: object
    slope: object = None


def solution_of_steps(problem, found, t_eval, checkpoints=None):
    """The solution at the given times, or at the ends of all steps; times along the last axis."""
    counts = _times_in_steps(found.ts, t_eval)
    start = StepStart(problem.t_span[0], floats(problem.y0))
    length = None if problem.events else _steps_in_a_group(problem, len(counts), checkpoints)
    if length is not None:
        return _in_groups(problem, found, t_eval, counts, start, length)
    if problem.is_compiled:
        begin, end = problem.span_of(found)
        found_values = problem.integrated(found, start._replace(t=begin), end, found.ts, counts, t_eval)
        return found_values if t_eval is None else found_values[:, : len(t_eval)]
    steps = [] if problem.events else None
    end = (problem.t_span[1],) if found.status == 0 else ()
    _, values = _values(problem, found, range(len(counts)), counts, t_eval, start, end, steps)
    if problem.events:
        near = in_steps(steps, problem.ends_of_steps(found))
        found.t_events, found.y_events = located(problem.events, problem.args, found.t_events, near)
        if found.status == 1 and t_eval is None:
            values[-1] = at_event(found)
    return stack(([start.y] if t_eval is None else []) + values, 1)


def floats(value):
    """A Tensor as it is, anything else as an array of floats."""
    return value if isinstance(value, Tensor) else np.asarray(value, float)


def _steps_in_a_group(problem, n_steps, checkpoints):
    """How many steps lie between two checkpoints; None where all steps are recorded at once."""
    if checkpoints is None:
        if n_steps * problem.stages * np.size(raw(problem.y0)) <= MOST_RECORDED:
            return None
        checkpoints = math.isqrt(n_steps)
    return None if checkpoints == 0 else -(-n_steps // checkpoints)


def _in_groups(problem, found, t_eval, counts, place, length):
    """The solution by groups of steps: each is one row, whose steps are recorded when a sweep comes to it."""
    values, n, passed, ends = [], len(counts), 0, found.ts
    for first in range(0, n, length):
        group = range(first, min(first + length, n))
        following = passed + int(np.sum(counts[first : group.stop]))
        times = None if t_eval is None else t_eval[passed:following]
        end = (problem.t_span[1],) if group.stop == n and found.status == 0 else ()
        work = Checkpoint(functools.partial(_group, problem, found, group, counts))
        state = [place.y] if place.slope is None else [place.y, place.slope]
        *state, found_values = work(place.t, state, end, times, problem.args)
        t = place.t
        for k in group:
            t = t + float(ends[k + 1] - ends[k])
        place, passed = StepStart(t, *state), following
        values.append(found_values)
    if t_eval is None:
        values.insert(0, stack([floats(problem.y0)], 1))
    return cat(values, 1)


def _group(problem, found, group, counts, t, state, end, times, args):
    """The steps of a group: the solution at its end, the slope there if the method goes on from it, and the values within it."""
    problem, start = copy.copy(problem), StepStart(t, *state)
    problem.args = args
    if problem.is_compiled:
        ends = found.ts[group.start : group.stop + 1]
        (end,) = end or (t + (ends[-1] - ends[0]),)
        values = problem.integrated(found, start, end, ends, counts[group.start : group.stop], times)
        return values[:, -1], values[:, 1:] if times is None else values[:, :-1]
    place, values = _values(problem, found, group, counts, times, start, end)
    inside = stack(values, 1) if values else np.zeros((np.size(raw(place.y)), 0))
    return (place.y, inside) if place.slope is None else (place.y, place.slope, inside)


def _values(problem, found, group, counts, times, place, end, steps=None):
    """Where some steps end, and the values that lie within them; a list is given the steps themselves.

    Lengths of steps are constants, but that of the last one where `end` says, as a tuple of one, up to where it goes.
    """
    values, passed, ends = [], 0, problem.ends_of_steps(found)
    for k in group:
        t = place.t
        h = end[0] - t if end and k == group[-1] else float(ends[k + 1] - ends[k])
        step = problem.step(found, place, h, ends[k : k + 2])
        within = () if times is None else times[passed : passed + counts[k]]
        values += [step.end] if times is None else [step.at((time - t) / h) for time in within]
        passed += counts[k]
        if steps is not None:
            steps.append((t, h, step))
        place = StepStart(t + h, step.end, step.last)
    return place, values


def at_event(found):
    """The solution at the event that has ended the integration."""
    ending = min(range(len(found.t_events)), key=lambda k: min(np.abs(raw(found.t_events[k]) - found.ts[-1]), default=np.inf))
    return found.y_events[ending][-1]


def _times_in_steps(ends, t_eval):
    """How many of the times lie in each step; one at the end of a step lies in it."""
    if t_eval is None:
        return np.zeros(len(ends) - 1, np.int64)
    times, direction = np.asarray(raw(t_eval), float), np.sign(ends[-1] - ends[0])
    steps = np.clip(np.searchsorted(direction * ends, direction * times, side="left") - 1, 0, len(ends) - 2)
    return np.bincount(steps, minlength=len(ends) - 1)
