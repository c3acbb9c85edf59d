"""Steps of explicit methods in compiled code: a whole integration is one call, and one row of the tape.

The right-hand side is a function of Numba's, which answers an array. The loops are compiled with it, and differentiated as any
compiled function is.
"""

import numba
import numpy as np

from ..numba_backend.kept_with_functions import kept_by_function
from .explicit_steps import TABLES


@kept_by_function
def compiled_integration(fun, method):
    """The function that does given steps: ``integrate(y, t, end, lengths, counts, times, every_end, *args)``.

    It answers the solution at `times`, of which ``counts[k]`` lie in step k, and at the end; or, with `every_end`, at the begin
    and at the ends of all steps.
    """
    table = TABLES[method]
    rows, nodes, weights = table.rows, table.nodes, table.weights
    further_rows, further_nodes, interpolation = table.further_rows, table.further_nodes, table.interpolation
    n_stages, n_powers = interpolation.shape

    @numba.njit
    def stage(k, t, y, h, row, stages, *args):
        place = y.copy()
        for j in range(min(k, len(row))):
            if row[j] != 0.0:
                for i in range(len(y)):
                    place[i] += h * row[j] * stages[j, i]
        found = fun(t, place, *args)
        for i in range(len(y)):
            stages[k, i] = found[i]
        return place

    @numba.njit
    def write_between(out, place, y, h, fraction, stages):
        for i in range(len(y)):
            out[place, i] = y[i]
        for j in range(n_stages):
            weight, power = 0.0 * fraction, fraction
            for m in range(n_powers):
                weight += interpolation[j, m] * power
                power *= fraction
            for i in range(len(y)):
                out[place, i] += h * weight * stages[j, i]

    @numba.njit
    def integrate(start, t, end, lengths, counts, times, every_end, *args):
        n, y, place = len(lengths), start.copy(), 0
        out = np.zeros((n + 1 if every_end else len(times) + 1, len(y)))
        stages = np.zeros((n_stages, len(y)))
        stage(0, t, y, 0.0, weights, stages, *args)
        if every_end:
            out[0] = y
        for k in range(n):
            h = lengths[k]
            if k == n - 1:
                h = end - t
            for s in range(len(nodes)):
                stage(s + 1, t + nodes[s] * h, y, h, rows[s], stages, *args)
            last = len(nodes) + 1
            following = stage(last, t + h, y, h, weights, stages, *args)
            if counts[k]:
                for s in range(len(further_nodes)):
                    stage(last + 1 + s, t + further_nodes[s] * h, y, h, further_rows[s], stages, *args)
            for _ in range(counts[k]):
                write_between(out, place, y, h, (times[place] - t) / h, stages)
                place += 1
            for i in range(len(y)):
                y[i] = following[i]
                stages[0, i] = stages[last, i]
            if every_end:
                out[k + 1] = y
            t += h
        out[len(out) - 1] = y
        return out

    return integrate
