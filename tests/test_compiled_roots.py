"""Implicit functions that are called inside compiled code."""

import numba
import numpy as np
import pytest

import jittape as jt


@numba.njit
def bisected(a):
    low, high = 0.0, 10.0
    for _ in range(60):
        middle = 0.5 * (low + high)
        low, high = (low, middle) if middle**3 > a else (middle, high)
    return 0.5 * (low + high)


@numba.njit
def cube_less(x, a):
    return x**3 - a


@numba.njit
def solved_system(a):
    x = a[0] ** (1.0 / 3.0)
    return np.array([x, a[1] / x])


@numba.njit
def system(x, a):
    return np.array([x[0] ** 3 - a[0], x[0] * x[1] - a[1]])


@numba.njit
def by_averages(a):
    x = 1.0
    for _ in range(60):
        x = 0.5 * (x + a / x)
    return x


@numba.njit
def average(x, a):
    return 0.5 * (x + a / x)


@numba.njit
def nowhere(a):
    return 1.0 + 0.0 * a


cube_root, of_system = jt.implicit_root(bisected, cube_less), jt.implicit_root(solved_system, system)
square_root, wrong = jt.fixed_point(by_averages, average), jt.implicit_root(nowhere, cube_less)
of_python = jt.implicit_root(lambda a: a ** (1.0 / 3.0), cube_less)


@numba.njit
def of_numbers(a):
    return square_root(a) + 2.0 * cube_root(a) * a


@numba.njit
def of_arrays(a):
    x = of_system(a)
    return x[0] * x[1] + x[1]


@numba.njit
def of_nothing(a):
    return wrong(a)


@numba.njit
def calls_python(a):
    return of_python(a)


@pytest.mark.sampled(0.3)
def test_numbers():
    """``a ** (1/2) + 2 a ** (4/3)`` to second order."""
    assert of_numbers(8.0) == 8.0**0.5 + 32.0
    assert jt.grad(of_numbers)(8.0) == pytest.approx(0.5 * 8.0**-0.5 + 16.0 / 3.0, rel=1e-13)
    assert jt.grad(jt.grad(of_numbers))(8.0) == pytest.approx(-0.25 * 8.0**-1.5 + 2.0 / 9.0, rel=1e-12)


@pytest.mark.sampled(0)
def test_arrays():
    a = np.array([8.0, 3.0])  # a1 + a1 a0 ** (-1/3)
    value, gradient = jt.value_and_grad(of_arrays)(a)
    assert value == 4.5
    np.testing.assert_allclose(gradient, [-a[1] / 3.0 * a[0] ** (-4.0 / 3.0), 1.5], rtol=1e-13)


def test_messages():
    assert of_nothing(8.0) == 1.0
    with pytest.raises(jt.errors.NotSolvedError, match="jt.implicit_root: the solver has not found a solution"):
        jt.grad(of_nothing)(8.0)
    with pytest.raises(
        TypeError, match="the solver is a function of Python; a call inside compiled code takes compiled ones: @njit"
    ):
        calls_python(8.0)
