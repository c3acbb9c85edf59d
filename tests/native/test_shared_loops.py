"""A `prange` whose adjoint threads share: gradients that do not depend on their number, and loops that are not shared."""

import math

import numba
import numpy as np
import pytest
from numba import njit, prange

import jittape as jt
from jittape.native.derivatives import gradients_in_threads
from jittape.native.loops import shared_loops
from jittape.native.tape_memory.arenas import FIRST_ARENA, TABLE

from loop_checks import arguments, by_tangents, in_parts
from loop_programs import Writer
from sampling import some

SHARED = "threads share"
X, Y = np.linspace(0.1, 1.0, 3001), np.linspace(0.2, 0.9, 4)


@pytest.fixture(autouse=True)
def threads(monkeypatch):
    """Loops are shared that are too short for it elsewhere."""
    monkeypatch.setattr(shared_loops, "LEAST_WORK", 1)
    before = jt.get_num_threads()
    yield
    jt.set_num_threads(before)


@pytest.fixture
def shared(monkeypatch):
    """The answers of gradients in threads: None where one thread has to find out."""
    answers, call = [], gradients_in_threads.GradientInThreads.__call__

    def noted(self, args):
        answers.append(call(self, args))
        return answers[-1]

    monkeypatch.setattr(gradients_in_threads.GradientInThreads, "__call__", noted)
    return answers


def same_bits(a, b):
    return np.asarray(a).tobytes() == np.asarray(b).tobytes()


def sum_of_squares(x, y):
    total = y[0]
    for i in prange(x.size):
        t = math.sin(x[i]) * y[1]
        total += t * t
    return total * total


def inner_loops(x, y):
    out = np.empty(x.size)
    for i in prange(x.size):
        found = 0.0
        for j in range(y.size):
            if x[i] > y[j]:
                found += math.sin(x[i] * y[j])
            elif j > 2:
                break
        out[i] = found * y[0]
    return np.sum(out * out)


def rows_made_inside(x, y):
    largest, out, count, rest = y.max(), np.ones((x.size, 3)), 0, 0.0
    y[1] *= y[0]
    for i in prange(x.size):
        if x[i] > 0.1:
            count += 1
            rest -= x[i]
        row = np.empty(3)
        for j in range(3):
            row[j] = x[i] * y[j] * largest
        for j in range(3):
            out[i, j] *= row[j] ** 2 + row[j - 1]
    out[0] = out[1] * y[2]
    return np.sum(out) * count + rest


def neighbours_read(x, y):
    total, w = 0.0, math.exp(y[0])
    for i in prange(1, x.size - 1, 2):
        total += w * (x[i - 1] - 2 * x[i] + x[i + 1]) ** 2 / y[3]
    return total * w


def two_loops(x, y):
    a, total = np.zeros(x.size), 0.0
    for i in prange(x.size):
        a[i] = x[i] * y[0] + 1.0
    for i in prange(x.size):
        total += math.log(a[i]) * a[i - 1]
    return total


def single_precision(x, y):
    total = np.float32(0.0)
    for i in prange(x.size):
        total += np.float32(x[i]) * np.float32(y[0])
    return total


def by_module(x, y):
    total = 0.0
    for i in numba.prange(x.size):
        total += x[i] ** 3 * y[-1]
    return total


SHAREABLE = [sum_of_squares, inner_loops, rows_made_inside, neighbours_read, two_loops, single_precision, by_module]


@pytest.mark.parametrize("function", SHAREABLE)
@pytest.mark.sampled(1)
def test_gradients_do_not_depend_on_the_number_of_threads(function, shared):
    compiled = njit(function)
    assert SHARED in jt.native.explain(compiled, X, Y).reason
    derivative, found = jt.value_and_grad(compiled, argnums=(0, 1)), []
    for n in (1, 2, 3):
        jt.set_num_threads(n)
        found.append(derivative(X, Y))
    assert len(shared) == 3 and None not in shared
    value, gradients = derivative.dispatcher(X, Y)  # compiled code calls this one
    assert np.isclose(found[0][0], value, rtol=1e-6) and np.isclose(value, function(X, Y.copy()), rtol=1e-6)
    for own, other in zip(found[0][1], gradients):
        np.testing.assert_allclose(own, other, rtol=1e-11, atol=1e-11)
    for other in found[1:]:
        assert same_bits(found[0][0], other[0]) and all(map(same_bits, found[0][1], other[1]))


def reads_the_one_before(x):
    total = 0.0
    for i in prange(1, x.size):
        x[i] = x[i - 1] * 0.5
        total += x[i]
    return total


def reads_what_the_last_has_left(x):
    total, last = 0.0, 1.0
    for i in prange(x.size):
        total += last * x[i]
        last = x[i]
    return total


def last_one_counts(x):
    last = 0.0
    for i in prange(x.size):
        last = x[i] * 2.0
    return last


def product(x):
    result = 1.0
    for i in prange(x.size):
        result *= x[i]
    return result


def reads_the_sum(x):
    total = 0.0
    for i in prange(x.size):
        total += x[i]
        x[i] = total * x[i]
    return np.sum(x)


def same_place(x):
    out = np.zeros(3)
    for i in prange(x.size):
        out[i % 3] += x[i] * x[i]
    return out[0] * out[1]


def from_the_end(x):
    out = np.zeros(x.size)
    for i in prange(-2, 3):
        out[i] += x[i] * x[0]
    return np.sum(out * out)


def scratch(x):
    row, total = np.zeros(2), 0.0
    for i in prange(x.size):
        row[0] += x[i]
        total += row[0] * x[i]
    return total


def stops(x):
    total = 0.0
    for i in prange(x.size):
        if x[i] > 0.5:
            break
        total += x[i] * x[i]
    return total


def decides_by_the_sum(x):
    total = 0.0
    for i in prange(x.size):
        if total < 1.0:
            total += x[i]
    return total


IN_ORDER = [
    *(reads_the_one_before, reads_what_the_last_has_left, last_one_counts, product, reads_the_sum, same_place, from_the_end),
    *(scratch, stops, decides_by_the_sum),
]


@pytest.mark.parametrize("function", IN_ORDER)
@pytest.mark.sampled(3)
def test_what_depends_on_the_order_is_not_shared(function):
    compiled = njit(function)
    assert SHARED not in jt.native.explain(compiled, X).reason


@pytest.mark.parametrize("function", IN_ORDER)
@pytest.mark.sampled(0)
def test_gradients_of_what_is_not_shared(function, shared):
    x = np.linspace(0.31, 0.92, 7)
    found, differences = jt.grad(njit(function))(x), []
    for k in range(x.size):
        above, below = x.copy(), x.copy()
        above[k], below[k] = x[k] + 1e-6, x[k] - 1e-6
        differences.append((function(above) - function(below)) / 2e-6)
    np.testing.assert_allclose(found, differences, rtol=1e-6, atol=1e-7)
    assert not shared


@njit(boundscheck=True)
def may_fail(x, limit):
    total, w = 0.0, np.sqrt(x[0])
    for i in prange(x.size):
        if x[i] > limit:
            raise ValueError("too large")
        total += w * x[i + int(limit < 0.5)] ** 2
    return total


@pytest.mark.sampled(0)
def test_errors_are_those_of_the_function(shared):
    with pytest.raises(ValueError, match="too large"):
        jt.grad(may_fail)(X, 0.7)
    with pytest.raises(IndexError):
        jt.grad(may_fail)(np.minimum(X, 0.2), 0.3)
    x = X - X[0]  # the slope of the root is infinite
    assert not np.isfinite(jt.grad(may_fail)(x, 2.0)[0]) and shared == [None, None, None]
    assert np.all(jt.grad(may_fail)(X, 2.0) > 0) and shared[3] is not None


def arenas_in_use():
    return int(np.sum(TABLE[FIRST_ARENA::2] != 0))


@pytest.mark.parametrize("piece", [1, 3])
@pytest.mark.sampled(0)
def test_an_interrupt_leaves_nothing_behind(piece, monkeypatch):
    derivative = jt.grad(_interrupted)
    expected, before, share, calls = derivative(X, Y), arenas_in_use(), gradients_in_threads.share, []

    def interrupted(parts, work):
        calls.append(share(parts, work))
        if len(calls) == (piece + 1) // 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(gradients_in_threads, "share", interrupted)
    with pytest.raises(KeyboardInterrupt):
        derivative(X, Y)
    assert calls and arenas_in_use() == before
    assert same_bits(derivative(X, Y), expected)


_interrupted = njit(sum_of_squares)


@pytest.mark.parametrize("seed", some(range(2000, 2016), 0))
def test_random_programs(seed):
    text, args = Writer(seed).text(""), arguments(seed)
    found = in_parts(text, args, seed)
    if found is None:
        return
    value, gradients = by_tangents(text, args)
    np.testing.assert_allclose(found[0], value, rtol=1e-9, atol=1e-9, err_msg=text)
    for a, b in zip(found[1], gradients):
        np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-9 * (1 + np.max(np.abs(b))), err_msg=text)
