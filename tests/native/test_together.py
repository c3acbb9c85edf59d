"""Statements of dual numbers that wait for each other: what they read may be named again, stored or assigned meanwhile."""

import math

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .differences import assert_same, slopes

pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def swapped(x, z):
    for _ in range(3):
        x, z = z, x * z
    return x + 2.0 * z


@njit
def rotated(x, z):
    y = x * z
    for _ in range(4):
        x, y, z = y * z, z - x, x + y
    return x + y * z


@njit
def named_twice(x, z):
    a = x * z
    b = a
    a = b * x + z
    c = a
    a = c - b
    return a * b + c


@njit
def assigned_after_reading(x, z):
    total = 0.0
    for k in range(3):
        old = x
        x = x * z + k
        z = old + x
        total += old * z
    return total


@njit
def passive_between(x, z):
    n = 1
    a = x * z
    n = n + 1
    b = a * n
    n = n * 3
    return b * n + a


@njit
def stored_between(x, z):
    u = np.zeros(2)
    a = x * z
    u[0] = a + x
    b = a * u[0]
    u[0] = b
    u[1] = u[0] * a
    return u[0] + u[1] * b


@njit
def counted_between(x, z):
    counts = np.zeros(2, np.int64)
    a = x * z
    counts[0] += 3
    b = a * counts[0]
    counts[0] += 1
    return b * counts[0] + a


@njit
def branches_between(x, z):
    a = x * z
    if a > 1.0:
        b = a * x
        c = b + z
    else:
        b = a - x
        c = b * z
    return b * c + a


@njit
def helper(x, z):
    y = x * z
    return y + x, y - z


@njit
def calls_between(x, z):
    a = x * z
    b, c = helper(a, x)
    d = b * c + a
    e, f = helper(d, b)
    return e * f + d


@njit
def long_block(x, z):
    a = x * z
    b = math.sin(a) + x
    c = math.exp(-b * b) * a
    d = (a + b) * (b + c) / (1.0 + a * a)
    e = d * c - b * a
    return e * e + d * math.cos(e) + c


FUNCTIONS = [
    swapped,
    rotated,
    named_twice,
    assigned_after_reading,
    passive_between,
    stored_between,
    counted_between,
    branches_between,
    calls_between,
    long_block,
]


@pytest.mark.sampled
@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
@pytest.mark.parametrize("point", [(0.7, 1.3), (1.9, -0.6)], ids=str)
def test_tangents_are_those_of_the_recorded_function(function, point):
    value, bars = jt.value_and_grad(function, argnums=(0, 1))(*point)
    assert value == pytest.approx(function(*point), rel=1e-13)
    assert_same(bars, slopes(function, point, (0, 1)))


@njit
def root_inside(x, z):
    s = math.sqrt(x)
    t = s * z
    u = t * t + z
    v = u * z
    return v + t * 0.0


@njit
def root_at_the_end(x, z):
    a = z * z
    b = a * z
    s = math.sqrt(x) + b
    return a + b + 0.5 * s


@pytest.mark.parametrize("function, bars", [(root_inside, (math.nan, 6.0)), (root_at_the_end, (math.inf, 46.5))])
def test_an_infinite_partial_stays_in_its_lane_wherever_it_stands(function, bars):
    np.testing.assert_array_equal(jt.grad(function, argnums=(0, 1))(0.0, 3.0), bars)


@pytest.mark.parametrize("function", [swapped, long_block])
def test_nested_derivatives(function):
    point = np.array([0.7, 1.3])

    @njit
    def of_vector(v):
        return function(v[0], v[1])

    hessian = jt.hessian(of_vector)(point)

    @njit
    def by_first(x, z):
        return gradient(x, z)[0]

    gradient = jt.grad(function, argnums=(0, 1))
    assert_same(jt.grad(by_first, argnums=(0, 1))(*point), hessian[0], 1e-12)
