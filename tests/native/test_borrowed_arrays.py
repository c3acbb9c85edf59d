"""Arguments and views that are borrowed: nothing is released early, nothing is kept, whatever becomes of them.

Released memory is overwritten by what is allocated next, so a value that is read too late is wrong; what is kept shows in the
count of allocations.
"""

import gc
import re

import numpy as np
import pytest
from numba import njit
from numba.core.runtime import rtsys
from numba.core.runtime._nrt_python import memsys_disable_stats, memsys_enable_stats, memsys_stats_enabled

import jittape as jt
from jittape.native.derivatives.gradient_dispatchers import gradients
from tests.sampling import some


@njit
def spoiled(n):
    """Overwrite memory that was released a moment ago, and return 0."""
    total = 0.0
    for k in range(1, 9):
        total += np.full(k * n // 4 + 1, 1e300)[0] * 0.0
    return total


@njit
def total(x):
    s = 0.0
    for k in range(len(x)):
        s += x[k] * x[k]
    return s


@njit
def same(x):
    return x


@njit
def row_of(x, k):
    return x[k]


@njit
def both(x, y):
    return x, y[1:]


@njit
def argument_rebound(x):
    s = 0.0
    for _ in range(3):
        x = x * 1.5
        s += spoiled(12) + total(x)
    return s


@njit
def argument_halved(x):
    s = 0.0
    while len(x) > 1:
        s += total(x)
        x = x[: len(x) // 2]
    return s + x[0]


@njit
def arguments_exchanged(x):
    u, w = x, x.copy()
    for k in range(4):
        w[0] = u[1] * u[k]
        u, w = w, u
    return total(u) + 2.0 * total(w)


@njit
def argument_returned(x):
    y = same(x)
    return total(y) + total(same(same(y)))


@njit
def view_of_temporary(x):
    v = (x * 2.0)[1:5]
    w = (x * 3.0)[2:]
    return spoiled(12) + total(v) * total(w)


@njit
def view_of_view_of_temporary(x):
    v = (x * 2.0)[1:9][2:][::2]
    return spoiled(12) + total(v)


@njit
def view_outlives_variable(x):
    y = x * 2.0
    v = y[1:4]
    y = x * 5.0
    s = spoiled(12) + total(v)
    v = y[2:3]
    y = np.zeros(3)
    return s + spoiled(12) + total(v)


@njit
def view_across_blocks(x):
    s = 0.0
    for i in range(3):
        y = x * (1.0 + i)
        v = y[i : i + 4]
        y = np.zeros(3)
        for k in range(4):
            s += v[k] * v[k] + spoiled(12)
    return s


@njit
def products_of_rows(a):
    s = 0.0
    for i in range(3):
        row = a[i]
        for j in range(i):
            other = a[j]
            for k in range(4):
                s += row[k] * other[k]
            if s > 1e9:
                continue
        s += total(row)
    return s


@njit
def rows_across_blocks(x):
    s = 0.0
    for _ in range(3):
        s += products_of_rows((x * 2.0).reshape(3, 4)) + spoiled(12)
    return s


@njit
def longest(a):
    best = a[0]
    for i in range(len(a)):
        row = a[i]
        if total(row) > total(best):
            best = row
    return best


@njit
def rows_chosen(x):
    best = longest((x * 2.0).reshape(3, 4))
    return spoiled(12) + total(best)


@njit
def longest_of(pair):
    first, second = pair
    return first if total(first) > total(second[0]) else second[0][1:]


@njit
def members_chosen(x):
    best = longest_of((x * 0.5, (x * 2.0, 1.0)))
    return spoiled(12) + total(best)


@njit
def in_tuples(x):
    a, b = both(x, x * 2.0)
    pair = (a, b, (x[2:], row_of(x.reshape(3, 4), 1)))
    s = spoiled(12)
    for _ in range(2):
        s += total(pair[0]) + total(pair[1]) + total(pair[2][0]) * total(pair[2][1])
    return s


@njit
def in_lists(x):
    kept = [x[:3], (x * 2.0)[3:5]]
    for k in range(3):
        kept.append(x[k:])
    kept[0] = x[1:2] * 3.0
    s = spoiled(12)
    while len(kept) > 0:
        s += total(kept.pop())
    return s


@njit
def replaced_in(kept, a):
    """The list lets its first array go while the caller has passed it."""
    kept[0] = a * 2.0
    s = spoiled(12)
    return s + total(a) + total(kept[0])


@njit
def lists_let_go(x):
    kept = [x * 3.0]
    return replaced_in(kept, kept[0])


@njit
def viewed_in_lists(x):
    kept = [x * 3.0, x * 2.0]
    v = kept[0][1:5]
    kept[0] = x * 1.5
    s = spoiled(12) + total(v)
    v = kept[1][2:]
    kept[1] = x * 1.0
    return s + spoiled(12) + total(v)


@njit
def in_closures(x):
    y = x * 2.0
    v = y[2:6]

    def inner(k):
        return v[k] * x[k]

    s = spoiled(12)
    for k in range(3):
        s += inner(k)
    return s


@njit
def generated(x):
    for k in range(3):
        yield x[k:]


@njit
def in_generators(x):
    s = 0.0
    for part in generated(x * 2.0):
        s += spoiled(12) + total(part)
    return s


@njit
def descending(x, y, depth):
    if depth == 0:
        return total(x) * total(y)
    return descending(y[1:], x * 1.5, depth - 1) + descending(x, y, depth - 1)


@njit
def in_recursion(x):
    return descending(x[:6], x[6:], 3)


@njit
def refused(x, limit):
    part = (x * 2.0)[1:4]
    if total(part) > limit:
        raise ValueError("too much")
    return total(part)


@njit
def with_errors_caught(x):
    s = 0.0
    for limit in (1e9, -1.0):
        try:
            s += refused(x, limit)
        except Exception:
            s += spoiled(12) + total(x)
    return s


@njit
def branches_and_loops(x):
    y = x * 2.0
    s = 0.0
    for k in range(6):
        part = y[k:]
        if k % 2:
            y = x * (2.0 + k)
        elif k == 4:
            break
        s += spoiled(12) + total(part)
    return s + total(y)


FUNCTIONS = [
    argument_rebound,
    argument_halved,
    arguments_exchanged,
    argument_returned,
    view_of_temporary,
    view_of_view_of_temporary,
    view_outlives_variable,
    view_across_blocks,
    rows_across_blocks,
    rows_chosen,
    members_chosen,
    in_tuples,
    in_lists,
    lists_let_go,
    viewed_in_lists,
    in_closures,
    in_generators,
    in_recursion,
    with_errors_caught,
    branches_and_loops,
]
X = np.linspace(0.5, 2.0, 12)
LEAKING = {with_errors_caught, in_generators}  # so are the functions themselves: a matter of Numba's


@pytest.fixture
def allocations():
    """A function that counts blocks of memory and headers of arrays that are allocated and not released."""

    def count():
        gc.collect()
        stats = rtsys.get_allocation_stats()
        return stats.alloc - stats.free, stats.mi_alloc - stats.mi_free

    was_counting = memsys_stats_enabled()
    memsys_enable_stats()
    yield count
    if not was_counting:
        memsys_disable_stats()


@pytest.mark.parametrize("function", [pytest.param(f, id=f.__name__) for f in FUNCTIONS])
@pytest.mark.sampled
def test_values_and_gradients_are_right_and_nothing_is_kept(function, allocations):
    gradient = jt.value_and_grad(function)
    expected = function(X)
    value, found = gradient(X)
    assert value == pytest.approx(expected, rel=1e-13)
    step = 1e-6
    for k in some(range(12), 3):
        moved = [function(X + sign * step * (np.arange(12) == k)) for sign in (1, -1)]
        assert found[k] == pytest.approx((moved[0] - moved[1]) / (2 * step), rel=1e-6, abs=1e-6)
    if function not in LEAKING:
        before = allocations()
        for _ in range(5):
            gradient(X)
        assert allocations() == before


def test_no_references_are_counted_for_arguments_of_calls_and_rows():
    @njit
    def distance(a, b):
        s = 0.0
        for k in range(len(a)):
            s += (a[k] - b[k]) ** 2
        return s

    @njit
    def minors(a, rows, depth):
        if depth == len(rows):
            return distance(a[depth - 1], rows)
        s = 0.0
        for k in range(depth, len(rows)):
            s += a[rows[depth], k] * minors(a, rows, depth + 1)
        return s

    gradient = gradients(minors, (0,), True, False, False, False)
    gradient(np.ones((3, 3)), np.arange(3), 0)
    (linked,) = gradient.inspect_llvm().values()  # as it runs: copies alone are not simplified
    copies = [body for body in re.findall(r"^define linkonce_odr .*?^}", linked, re.M | re.S) if "minors" in body.split("{")[0]]
    assert copies and not any("call void @NRT_incref" in body for body in copies)
