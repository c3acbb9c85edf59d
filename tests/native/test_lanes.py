"""Jacobians by rows: several outputs a sweep, which have nothing to do with each other."""

import math

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.numbers.lane_numbers import WIDTH

pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def mixed(x, outputs):
    """Statements, whole arrays, sums, inner products and products of matrices; some outputs passive, some the same."""
    n = len(x)
    u = np.sin(x) * x[::-1]
    for i in range(1, n):
        u[i] += 0.5 * u[i - 1] * x[i]
    a = np.outer(x, u)
    b = (a @ a.T)[0] + np.sum(u)
    y = np.zeros(outputs)
    for k in range(outputs):
        if k % 5 == 4:
            y[k] = 1.0
        elif k % 5 == 3:
            y[k] = b[0]
        else:
            y[k] = b[k % n] * u[(2 * k) % n] + np.dot(u, x)
    return y


@pytest.mark.parametrize("outputs", [1, 2, 3, WIDTH - 1, WIDTH, WIDTH + 1, 3 * WIDTH + 2])
def test_rows_are_those_of_columns(outputs):
    x = np.random.default_rng(outputs).uniform(-1.0, 1.0, 12)
    np.testing.assert_allclose(jt.jacrev(mixed)(x, outputs), jt.jacfwd(mixed)(x, outputs), rtol=1e-12, atol=1e-14)


@njit
def rooted(x):
    y = np.empty(4)
    for k in range(4):
        y[k] = math.sqrt(x[k]) * x[3]
    return y


def test_an_infinite_partial_stays_in_its_lane():
    expected = np.zeros((4, 4))
    x = np.array([0.0, 4.0, 9.0, 1.0])
    for k in range(4):
        expected[k, k] += (0.5 / math.sqrt(x[k]) if x[k] else math.inf) * x[3]
        expected[k, 3] += math.sqrt(x[k])
    np.testing.assert_array_equal(jt.jacrev(rooted)(x), expected)


@njit
def several(x, z):
    return np.sum(x) * z, x * z, x[::2] + 1.0


def test_results_of_several_parts():
    x, z = np.random.default_rng(0).uniform(1.0, 2.0, 10), 0.7
    for argnums in (0, 1, (0, 1)):
        for found, wanted in zip(jt.jacrev(several, argnums)(x, z), jt.jacfwd(several, argnums)(x, z)):
            for a, b in zip(found if isinstance(found, tuple) else (found,), wanted if isinstance(wanted, tuple) else (wanted,)):
                np.testing.assert_allclose(a, b, rtol=1e-14)


def test_lanes_leave_nothing_behind():
    x = np.random.default_rng(1).uniform(-1.0, 1.0, 12)
    before = jt.grad(weighted)(x)
    jt.jacrev(mixed)(x, 20)
    np.testing.assert_array_equal(jt.grad(weighted)(x), before)
    np.testing.assert_allclose(jt.jacrev(mixed)(x, 20), jt.jacfwd(mixed)(x, 20), rtol=1e-12, atol=1e-14)


@njit
def weighted(x):
    total = 0.0
    for v in x:
        total += v * math.exp(v)
    return total


@njit
def squares(x):
    out = np.zeros((3, 2))
    for i in range(x.size):
        out[i % 3, i % 2] += (i + 1) * x.flat[i] * x.flat[i]
    return out


def jacobian_of_squares(x):
    expected = np.zeros((3, 2, x.size))
    for i in range(x.size):
        expected[i % 3, i % 2, i] = 2 * (i + 1) * x.flat[i]
    return expected.reshape(3, 2, *x.shape)


def test_columns_are_right_whatever_their_number():
    """They are computed 1, 2, 4 or 8 at a time; the last ones may be fewer."""
    jacobian = jt.jacfwd(squares)
    for shape in [(1,), (2,), (1, 3), (4,), (5,), (2, 4), (3, 3), (17,), (0,)]:
        x = np.linspace(0.5, 2.0, math.prod(shape)).reshape(shape)
        found = jacobian(x)
        np.testing.assert_allclose(found, jacobian_of_squares(x), rtol=1e-14)
        found *= 2.0  # it belongs to the caller
        np.testing.assert_allclose(jacobian(x), jacobian_of_squares(x), rtol=1e-14)


def test_parts_of_a_jacobian_are_those_of_the_arguments_and_results():
    @njit
    def parts(x, a, z):
        return a * squares(x), a * a, squares(z)

    x, a, z = np.linspace(0.5, 1.0, 4), 1.5, np.linspace(1.0, 2.0, 3).astype(np.float32)
    by_x, by_z = jacobian_of_squares(x), jacobian_of_squares(z.astype(np.float64))
    first, second, third = jt.jacfwd(parts, argnums=(2, 0, 1))(x, a, z)
    for found, expected in zip(first, (np.zeros((3, 2, 3)), a * by_x, squares(x))):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    for found, expected in zip(second, (np.zeros(3), np.zeros(4), 2 * a)):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    for found, expected in zip(third, (by_z, np.zeros((3, 2, 4)), np.zeros((3, 2)))):
        np.testing.assert_allclose(found, expected, rtol=1e-6)
    assert first[0].dtype == np.float32 and first[1].dtype == np.float64
