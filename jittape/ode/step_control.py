"""The lengths of steps, chosen in compiled code as SciPy's explicit methods choose them.

Reference: E. Hairer, S. P. Nørsett, G. Wanner, Solving Ordinary Differential Equations I, section II.4. The constants and the
order of decisions are those of ``scipy.integrate``, so that the steps are the same.
"""

import numba
import numpy as np
from scipy.integrate import DOP853, RK23, RK45

from ..numba_backend.decorators import helper
from ..numba_backend.kept_with_functions import kept_by_function
from .explicit_steps import TABLES

SAFETY, LEAST_FACTOR, GREATEST_FACTOR = 0.9, 0.2, 10.0
ESTIMATES = {  # weights of stages for the error, those of a second estimate, and the order of the estimate
    "RK23": (RK23.E, np.zeros(0), RK23.error_estimator_order),
    "RK45": (RK45.E, np.zeros(0), RK45.error_estimator_order),
    "DOP853": (DOP853.E5, DOP853.E3, DOP853.error_estimator_order),
}
TOO_SMALL = "Required step size is less than spacing between numbers."


@helper
def _norm(values, scale):
    total = 0.0
    for k in range(len(values)):
        total += (values[k] / scale[k]) ** 2
    return np.sqrt(total / len(values))


@helper
def _squares(stages, weights, scale):
    """The sum of squares of a combination of stages, by scales."""
    total = 0.0
    for i in range(len(scale)):
        part = 0.0
        for j in range(len(weights)):
            part += weights[j] * stages[j, i]
        total += (part / scale[i]) ** 2
    return total


@helper
def _error(stages, h, scale, weights, others):
    """The norm of the estimated error; of two estimates a mean that leans on the better one."""
    first, n = _squares(stages, weights, scale), len(scale)
    if not len(others):
        return abs(h) * np.sqrt(first / n)
    if first == 0.0:
        return 0.0
    return abs(h) * first / np.sqrt((first + 0.01 * _squares(stages, others, scale)) * n)


@kept_by_function
def step_chooser(fun, method):
    """The function that answers where steps end: ``choose(y, t, end, rtol, atol, first, longest, *args)``.

    It answers the ends, from t on, and how often it has called the right-hand side; the last is not `end` if steps got too small.
    """
    table, (weights, others, order) = TABLES[method], ESTIMATES[method]
    rows, nodes, of_end = table.rows, table.nodes, table.weights
    n_stages, exponent = len(nodes) + 2, -1.0 / (order + 1)

    @numba.njit
    def first_length(y, t, end, f, rtol, atol, longest, *args):
        span, direction = abs(end - t), np.sign(end - t)
        scale = atol + np.abs(y) * rtol
        size, speed = _norm(y, scale), _norm(f, scale)
        h = 1e-6 if size < 1e-5 or speed < 1e-5 else 0.01 * size / speed
        h = min(h, span)
        bend = _norm(fun(t + h * direction, y + h * direction * f, *args) - f, scale) / h
        steep = max(speed, bend)
        second = max(1e-6, h * 1e-3) if steep <= 1e-15 else (0.01 / steep) ** (1.0 / (order + 1))
        return min(100.0 * h, second, span, longest)

    @numba.njit
    def choose(start, t, end, rtol, atol, first, longest, *args):
        n, direction, calls = len(start), np.sign(end - t), 1
        stages, y = np.empty((n_stages, n)), start.copy()
        stages[0] = fun(t, y, *args)
        length = first
        if first == 0.0:
            length, calls = first_length(y, t, end, stages[0], rtol, atol, longest, *args), 2
        ends, place, is_rejected = [t], np.empty(n), False
        while t != end:
            least = 10.0 * abs(np.nextafter(t, direction * np.inf) - t)
            if not is_rejected:
                length = min(max(length, least), longest)
            if length < least or not np.isfinite(length):
                break
            following = t + length * direction
            if direction * (following - end) > 0.0:
                following = end
            h = following - t
            length = abs(h)
            for s in range(n_stages - 1):  # a function of its own, as differentiated steps have, took half as long again
                row = rows[s] if s < len(nodes) else of_end
                for i in range(n):
                    part = 0.0
                    for j in range(min(s + 1, len(row))):
                        part += row[j] * stages[j, i]
                    place[i] = y[i] + h * part
                stages[s + 1] = fun(t + (nodes[s] if s < len(nodes) else 1.0) * h, place.copy(), *args)
            calls += n_stages - 1
            error = _error(stages, h, atol + np.maximum(np.abs(y), np.abs(place)) * rtol, weights, others)
            if error < 1.0:
                factor = GREATEST_FACTOR if error == 0.0 else min(GREATEST_FACTOR, SAFETY * error**exponent)
                length *= min(1.0, factor) if is_rejected else factor
                is_rejected, t = False, following
                ends.append(t)
                for i in range(n):
                    y[i], stages[0, i] = place[i], stages[n_stages - 1, i]
            else:
                length *= max(LEAST_FACTOR, SAFETY * error**exponent)
                is_rejected = True
        return np.array(ends), calls

    return choose
