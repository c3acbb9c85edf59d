"""Whole-array operations: random programs on views, against complex steps of the compiled function itself.

A program is a table of integers that one compiled function follows, so that hundreds of them are compiled once.  Its
derivative in a direction is the imaginary part of its value at ``x + 1e-30j * direction``, exact to rounding; the loops
are those of Numba, which reads what an operation in place has already written.
"""

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = [
    pytest.mark.sampled(0.5, of="module"),
    pytest.mark.filterwarnings("ignore::numba.core.errors.NumbaPerformanceWarning"),  # np.dot on views
]
OPERATIONS = 12
ROWS = 4
LENGTHS = (0, 1, 2, 7, 8, 9, 16, 31, 32, 33)  # about the sizes where operations become entries, or loops blocks


@njit
def view(x, row, first, n, step):
    if step > 0:
        return x[row, first : first + n * step : step]
    return x[row, first : first - n * step : -step][::-1]


@njit
def follow(x, passive, table):
    u = x.copy()
    s = u[0, 0] * 0.5
    for t in range(len(table)):
        operation, n = table[t, 0], table[t, 1]
        to = view(u, table[t, 2], table[t, 3], n, table[t, 4])
        a = view(u, table[t, 5], table[t, 6], n, table[t, 7])
        b = view(u, table[t, 8], table[t, 9], n, table[t, 10])
        p = passive[t % len(passive), :n]
        if operation == 0:
            to[:] = a - b * 0.5
        elif operation == 1:
            to[:] = np.sin(a) * s + a * b
        elif operation == 2:
            to += a
        elif operation == 3:
            to *= a
        elif operation == 4:
            to[:] = a
        elif operation == 5:
            s = np.sin(np.dot(a, b)) * 0.5 + np.sin(s + np.sum(a))
        elif operation == 6:
            to[:] = p * a + p / (3.0 + np.cos(b))
        elif operation == 7:
            to[:] = p
        elif operation == 8:
            to[:] = a[:1] * b
        elif operation == 9:
            to -= a[:1]
        elif operation == 10:
            to += s
        elif operation == 11 and n > 0:
            to[n // 2] = a[0] * b[n - 1]
        to[:] = np.sin(to)
    return np.sum(u * u) + np.sum(u[1]) + s


def table_of(rng, room):
    """A random program for rows of some length: operations, lengths, and row, first element and step of three views."""
    table = np.zeros((rng.integers(1, 15), 11), np.int64)
    for line in table:
        n = min(int(rng.choice([*LENGTHS, room // 2, room])), room)
        line[:2] = rng.integers(OPERATIONS), n
        row = rng.integers(ROWS)
        for place in (2, 5, 8):
            step = int(rng.choice([1, 1, 1, 2, 3, -1, -1, -2]))
            step = step if n * abs(step) <= room else int(np.sign(step))
            first = rng.integers(room - n * abs(step) + 1)
            line[place : place + 3] = row if rng.random() < 0.5 else rng.integers(ROWS), first, step  # views overlap often
        if rng.random() < 0.2:
            line[5:8] = line[2:5]
        if rng.random() < 0.2:
            line[8:11] = line[5:8]
    return table


def in_a_direction(function, x, direction, *others):
    return function(x + 1e-30j * direction, *others).imag / 1e-30


@pytest.mark.sampled(0)
@pytest.mark.parametrize("room", [1, 8, 40, 300, 5000])  # 5000: entries in several chunks, which the next tape takes again
def test_random_programs_on_views(room):
    rng = np.random.default_rng(room)
    gradient = jt.value_and_grad(follow)
    for _ in range(100 if room < 1000 else 25):
        x, passive, direction = rng.uniform(-1, 1, (ROWS, room)), rng.uniform(-1, 1, (2, room)), rng.uniform(-1, 1, (ROWS, room))
        x[rng.random(x.shape) < 0.05], passive[rng.random(passive.shape) < 0.2] = 0.0, 0.0
        table = table_of(rng, room)
        value, slopes = gradient(x, passive, table)
        expected = follow(x, passive, table)
        assert abs(value - expected) <= 1e-11 * max(1.0, abs(expected)), table.tolist()
        expected = in_a_direction(follow, x, direction, passive.astype(complex), table)
        assert abs(np.sum(slopes * direction) - expected) <= 1e-11 * max(1.0, np.abs(slopes).sum()), table.tolist()


@njit
def add_to_itself(x, shift):
    u = x.copy()
    u[shift:] += u[: len(u) - shift]  # runs from the front: reads what it has written
    return u


@pytest.mark.parametrize("shift", [0, 1, 3, 10])
def test_an_operation_in_place_reads_what_it_has_written(shift):
    x = np.random.default_rng(shift).uniform(-1, 1, 12)
    expected = np.array([add_to_itself(row, shift) for row in np.eye(12)]).T  # the function is linear
    np.testing.assert_array_equal(jt.jacrev(add_to_itself)(x, shift), expected)
    np.testing.assert_array_equal(jt.jacfwd(add_to_itself)(x, shift), expected)


@njit
def add_in_place(x, z):
    u = x.copy()
    u += z
    return np.sum(u)


@pytest.mark.parametrize("lengths", [(3, 2), (2, 3), (1, 3), (10, 9), (9, 10), (1, 0)])
def test_operands_that_do_not_fit_in_place_raise(lengths):
    """Numba's own loops read beyond the end of the operand."""
    with pytest.raises(ValueError, match="cannot be broadcast"):
        jt.grad(add_in_place)(*map(np.ones, lengths))


def test_operands_of_one_element_fit_in_place():
    np.testing.assert_array_equal(jt.grad(add_in_place, argnums=1)(np.ones(10), np.ones(1)), [10.0])


def written_to_results(x):
    w = np.empty_like(x)
    np.sin(x, w)
    np.multiply(w, x, w)
    np.add(w, 2.0, x)
    np.square(w[1:], w[:-1])  # the views overlap
    np.subtract(1.0, 2.0, w[:1])
    return (w * np.arange(12.0)).sum(0) + x.sum(-1) * np.mean(w)


def summed_along_axes(x):
    y = x.reshape(2, 3, 2)
    total = (y.sum(1) ** 2).sum() + (y.sum(0) ** 3).sum() + (y.sum(-1) * np.ones((2, 3))).sum(axis=0)[1]
    return total + np.mean(y, 2)[1, 0] ** 2 + np.sum(x, 0)


@pytest.mark.parametrize("function", [written_to_results, summed_along_axes])
def test_results_in_arrays_and_sums_along_axes(function):
    x, compiled = np.linspace(0.1, 1, 12), njit(function)
    for transform in (jt.value_and_grad, jt.hessian):
        for ours, theirs in zip(transform(compiled)(x), transform(function)(x), strict=True):
            np.testing.assert_allclose(ours, theirs, rtol=1e-12, atol=1e-12)


def test_an_axis_that_is_not_there():
    with pytest.raises(ValueError, match="axis"):
        jt.grad(njit(lambda x: x.sum(1)))(np.ones(3))


SINGLE = np.ones((2, 3), np.float32)


@njit
def counted_in_bytes(x, data):
    """Every way in which a function asks how its arrays lie in memory."""
    every_second = x[:, ::-2]
    steps = (x.strides[0], x.strides[1], every_second.strides[1], x.T.strides[0], SINGLE.strides[0], data.strides[0])
    total = x[0, 0] * (x.strides[0] // x.itemsize) + x[0, 1] * (x.strides[1] // 8) + x[1, 2] * x.nbytes
    for k in range(6):
        total += x[k // 3, k % 3] * steps[k]
    return total


def test_strides_are_those_of_an_array_without_derivatives():
    x, data = np.arange(6.0).reshape(2, 3) + 1.0, np.arange(3)
    expected = np.array([[24 + 3, 8 + 1, -16], [8, 12, 8 + 48]])
    value, gradient = jt.value_and_grad(counted_in_bytes)(x, data)
    assert value == counted_in_bytes(x, data) == np.sum(expected * x)
    np.testing.assert_array_equal(gradient, expected)
    np.testing.assert_array_equal(jt.jacfwd(counted_in_bytes)(x, data), expected)
    np.testing.assert_array_equal(jt.hessian(counted_in_bytes)(x, data), np.zeros((2, 3, 2, 3)))
