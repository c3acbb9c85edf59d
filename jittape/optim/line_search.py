"""Line search for the strong Wolfe conditions (Nocedal and Wright, Numerical Optimization, section 3.5).

Details decide where a search ends; they are those of PyTorch, which follow Schmidt's minFunc.
"""

import math
from typing import NamedTuple

import numpy as np

ENOUGH = 1e-4  # of the decrease that the first slope promises
FLATTER = 0.9  # than the first slope
NARROW = 1e-9


class Point(NamedTuple):
    """A point on the line: step, loss, gradient, and slope along the line."""

    t: float
    loss: float
    gradient: np.ndarray
    slope: float


def cubic_minimum(a, b, low, high):
    """The minimum, within bounds, of the cubic through two points with their slopes; the middle if it has none."""
    d1 = a.slope + b.slope - 3.0 * (a.loss - b.loss) / (a.t - b.t)
    square = d1 * d1 - a.slope * b.slope
    if not square >= 0.0:
        return (low + high) / 2.0
    if a.t > b.t:
        a, b = b, a
    d2 = math.sqrt(square)
    place = b.t - (b.t - a.t) * ((b.slope + d2 - d1) / (b.slope - a.slope + 2.0 * d2))
    return min(max(place, low), high)


def strong_wolfe(evaluate, t, start, size, most):
    """Find a step that decreases the loss and the slope enough.

    Parameters
    ----------
    evaluate : callable
        Returns the `Point` at a step.
    t : float
        The step tried first.
    start : Point
        Where the line begins, at step 0.
    size : float
        The largest absolute element of the direction.
    most : int
        Number of points tried after the first.

    Returns
    -------
    found : Point
        Where the search ended.
    tried : int
        How many points it has tried.
    """
    bracket, tried = _bracket(evaluate, t, start, most)
    if len(bracket) == 1:
        return bracket[0], tried + 1
    found, tried = _zoom(evaluate, bracket, start, size, tried, most)
    return found, tried + 1


def _too_high(point, start):
    return point.loss > start.loss + ENOUGH * point.t * start.slope


def _bracket(evaluate, t, start, most):
    """Two points with an acceptable step between them, or one point that is acceptable."""
    before, now, tried = start, evaluate(t), 0
    while tried < most:
        if _too_high(now, start) or (tried > 1 and now.loss >= before.loss):
            return [before, now], tried
        if abs(now.slope) <= -FLATTER * start.slope:
            return [now], tried
        if now.slope >= 0.0:
            return [before, now], tried
        near, far = now.t + 0.01 * (now.t - before.t), 10.0 * now.t
        t = cubic_minimum(before, now, near, far)
        before, now = now, evaluate(t)
        tried += 1
    return [start, now], tried


def _zoom(evaluate, bracket, start, size, tried, most):
    """Shrink a bracket until its better end is acceptable."""
    stuck = False
    low, high = (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)
    while tried < most and not abs(bracket[1].t - bracket[0].t) * size < NARROW:
        left, right = sorted(p.t for p in bracket)
        t = cubic_minimum(*bracket, left, right)
        margin = 0.1 * (right - left)
        if min(right - t, t - left) < margin:  # near an end: allowed once
            if stuck or t >= right or t <= left:
                t = right - margin if abs(t - right) < abs(t - left) else left + margin
                stuck = False
            else:
                stuck = True
        else:
            stuck = False
        new = evaluate(t)
        tried += 1
        if _too_high(new, start) or new.loss >= bracket[low].loss:
            bracket[high] = new
            low, high = (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)
            continue
        done = abs(new.slope) <= -FLATTER * start.slope
        if not done and new.slope * (bracket[high].t - bracket[low].t) >= 0.0:
            bracket[high] = bracket[low]
        bracket[low] = new
        if done:
            break
    return bracket[low], tried
