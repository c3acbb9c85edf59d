"""Zeros that meet what is not finite: structural ones hide it, numeric ones do not, in every mode and however it is written."""

import math

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")

ZERO = np.zeros(3)


@njit
def root_and_square(x, z):
    return math.sqrt(x) + z * z


@njit
def root_then_square(x, z):
    s = math.sqrt(x)
    t = z * z
    return s * t + s


@njit
def clamped_root(x, z):
    return math.sqrt(max(x, 0.0)) * z + z


@njit
def weighted_root(x, z):
    return x * math.sqrt(z)


@njit
def root_times_nothing(x, z):
    s = math.sqrt(x)
    t = s * 0.0
    return t + s * 0.0 + z


@njit
def overflowing_sigmoid(x, z):
    return 1.0 / (1.0 + math.exp(-x)) + z


@njit
def larger(x, z):
    s = math.sqrt(x)
    return np.maximum(s, z) + np.maximum(math.sqrt(x), z)


CASES = [
    (root_and_square, (0.0, 3.0), (math.inf, 6.0)),
    (root_then_square, (0.0, 3.0), (math.inf, 0.0)),
    (clamped_root, (-0.5, 3.0), (0.0, 1.0)),
    (weighted_root, (0.0, 0.0), (0.0, math.nan)),
    (root_times_nothing, (0.0, 2.0), (math.nan, 1.0)),
    (overflowing_sigmoid, (-800.0, 2.0), (math.nan, 1.0)),
    (larger, (0.0, 1.0), (0.0, 2.0)),
]


@pytest.mark.parametrize("function, args, expected", CASES, ids=[c[0].__name__ for c in CASES])
def test_both_modes(function, args, expected):
    both = {"argnums": (0, 1)}
    np.testing.assert_array_equal(jt.grad(function, **both)(*args), expected)
    np.testing.assert_array_equal(jt.jacrev(function, **both)(*args), expected)
    for k, direction in enumerate([(1.0, 0.0), (0.0, 1.0)]):
        np.testing.assert_array_equal(jt.jvp(function, args, direction)[1], expected[k])


@njit
def roots_of_array(x):
    return np.maximum(np.sqrt(x), 1.0) + np.array([1.0, 2.0, 3.0]) * x


def test_array_expressions():
    for transform in (jt.jacfwd, jt.jacrev):
        np.testing.assert_array_equal(transform(roots_of_array)(ZERO), np.diag([1.0, 2.0, 3.0]))


@njit
def partly_clamped(x, z):
    return math.sqrt(max(x, 0.0)) * z * z + x * z * z * z


def test_second_derivatives():
    hessian = jt.hessian(partly_clamped, argnums=(0, 1))(-1.0, 2.0)
    np.testing.assert_array_equal(hessian, [[0.0, 12.0], [12.0, -12.0]])


@njit
def clamped_elements(x):
    total = 0.0
    for v in x:
        total += math.sqrt(max(v, 0.0)) * x[0] + x[0] * v * v
    return total


def test_second_derivatives_of_a_tape():
    x = np.array([2.0, -1.0, -3.0])
    hessian = jt.hessian(clamped_elements)(x)
    expected = np.diag([0.75 / math.sqrt(2.0) + 12.0, 4.0, 4.0])
    expected[0, 1:] = expected[1:, 0] = 2.0 * x[1:]
    np.testing.assert_allclose(hessian, expected, rtol=1e-14)
    v = np.array([1.0, 0.5, -2.0])
    np.testing.assert_allclose(jt.hvp(clamped_elements, x, v), expected @ v, rtol=1e-14)


@njit
def quotient(x, z):
    return x / z + 3.0 * x


@njit(error_model="numpy")
def numpy_quotient(x, z):
    return x / z + 3.0 * x


@njit
def rest(x, z):
    y = x * x
    y %= z
    return y


@njit
def quotients(x, z):
    return np.sum(x / z) + np.divide(x[0], z) + np.sum(x)


@pytest.mark.parametrize("transform", [jt.grad, jt.value_and_grad, jt.jacobian, jt.jacrev, jt.hessian], ids=lambda f: f.__name__)
def test_division_by_zero_is_that_of_the_function(transform):
    both = {"argnums": (0, 1)}
    for function in (quotient, rest):
        for call in (function, transform(function, **both)):
            with pytest.raises(ZeroDivisionError, match="by zero"):
                call(1.0, 0.0)
    transform(quotient, **both)(1.0, 2.0)  # its tape was given back
    tapes = jt.native.tape_stats().tapes
    transform(numpy_quotient, **both)(1.0, 0.0)
    assert jt.native.tape_stats().tapes == tapes
    x_bar, z_bar = jt.grad(numpy_quotient, **both)(1.0, 0.0)
    assert (x_bar, z_bar) == (math.inf, -math.inf)


def test_arrays_are_divided_as_numpy_does():
    x = np.array([1.0, 2.0])
    assert quotients(x, 0.0) == math.inf
    value, gradients = jt.value_and_grad(quotients, argnums=(0, 1))(x, 0.0)
    assert value == math.inf
    np.testing.assert_array_equal(gradients[0], [math.inf, math.inf])
    assert gradients[1] == -math.inf


@njit
def means_of_nothing(x, z):
    return x.mean() + np.var(x) + z


def test_means_of_nothing_are_nan():
    for transform in (jt.grad, jt.jacrev, jt.jacfwd):
        gradient = transform(means_of_nothing, argnums=(0, 1))(np.zeros(0), 2.0)
        assert gradient[0].shape == (0,)
        assert gradient[1] == 1.0


def test_fastmath_does_not_take_it_that_nothing_is_infinite():
    fast = njit(fastmath=True)(root_and_square.py_func)
    assert jt.grad(fast, argnums=(0, 1))(0.0, 3.0) == (math.inf, 6.0)

    def by_tape(u):
        total = 0.0
        for k in range(4):
            total += math.sqrt(u[k]) * u[(k + 1) % 4]
        return total

    for flags in (True, {"nnan", "ninf", "contract"}):
        gradient = jt.grad(njit(fastmath=flags)(by_tape))(np.array([0.0, 0.0, 1.0, 4.0]))
        np.testing.assert_array_equal(gradient, [math.nan, math.inf, 2.0, 1.0])
