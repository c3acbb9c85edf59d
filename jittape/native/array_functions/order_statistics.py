"""Sorted arrays of differential numbers, and medians and percentiles, which pick elements of them.

Equal elements keep their order, so a derivative goes to the one that it goes to on Arrays, too. Numba's own code exchanges
elements until the one that is asked for is in place: which of several equal ones that is depends on the others.
"""

import numpy as np

from ...ops import gather_sort
from ..compat import select_one, select_two
from ..compilation.compile_cached import inside
from ..numbers.array_types import is_array
from ..numbers.number_parts import flattened, new_array, zero_of
from ..statement_tape.entry_writers import vector
from ..statements.function_copies import stands_for
from .argument_vectors import plain_numbers
from .array_reductions import reduction


@inside
def ordered(x):
    """Along the last axis; equal elements keep their order."""
    out = new_array(x.shape, zero_of(x, x))
    source, target, n = vector(x), flattened(out), x.shape[x.ndim - 1]
    for first in range(0, x.size, max(n, 1)):
        places = np.argsort(plain_numbers(source[first : first + n]), kind="mergesort")
        for k in range(n):
            target[first + k] = source[first + places[k]]
    return out


@reduction(gather_sort.sort)
def sort_of(x):
    return ordered


@reduction(np.median)
def median_of(x):
    def median(x):
        if x.size == 0:
            return zero_of(x, x) + np.nan
        u = ordered(x.flatten())
        middle = len(u) // 2
        return u[middle] if len(u) % 2 else (u[middle - 1] + u[middle]) * 0.5

    return median


@stands_for(select_one)
def select_one_for(kind):
    def select(arry, k, low, high, idx=None):
        if not is_array(arry):
            return lambda arry, k, low, high, idx=None: select_one(arry, k, low, high, idx)
        return lambda arry, k, low, high, idx=None: ordered(arry[low : high + 1])[k - low]

    return select


@stands_for(select_two)
def select_two_for(kind):
    def select(arry, k, low, high):
        if not is_array(arry):
            return lambda arry, k, low, high: select_two(arry, k, low, high)

        def neighbours(arry, k, low, high):
            found = ordered(arry[low : high + 1])
            return found[k - low], found[k - low + 1]

        return neighbours

    return select
