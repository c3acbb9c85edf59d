"""Jacobians by rows: several outputs a sweep, which have nothing to do with each other."""

import math

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.numbers.lane_numbers import WIDTH

pytestmark = pytest.mark.sampled(1, of="module")


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
