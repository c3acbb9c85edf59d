"""Generators: the caller runs at every yield, and may write to what is read on both sides."""

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .differences import assert_same, slopes

pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def reads_again(u, x):
    a = u[0]
    yield 1.0
    b = u[0]
    z = a * b * x + a
    yield z * z


@njit
def written_between(x, y):
    u = np.zeros(3)
    u[0] = x
    s = 0.0
    for v in reads_again(u, y):
        s = s * 0.5 + v
        u[0] = 5.0 + x
    return s


@njit
def slices_again(u):
    a = u[:2]
    yield 0.0
    b = u[:2]
    yield np.sum(a * b)


@njit
def slice_written_between(x, y):
    u = np.zeros(3)
    u[0], u[1] = x, y
    s = 0.0
    for v in slices_again(u):
        s = s + v
        u[:2] = 3.0
    return s


@njit
def carries(u, x, k):
    p = u[0]
    q = u[1]
    c = p * q * x
    e = c * p + x
    yield k
    w = c * e + e
    z = w * w
    yield z * w + c


@njit
def carried(x, y):
    u = np.zeros(3)
    u[0] = x
    u[1] = y
    s = 0.0
    for v in carries(u, x, x * 0.5):
        s = s * 0.5 + v
    return s


@pytest.mark.parametrize("function", [written_between, slice_written_between, carried])
def test_gradients_by_tangents_and_by_the_tape(function):
    point = (0.7, 1.3)
    expected = slopes(function, point, (0, 1))
    value, bars = jt.value_and_grad(function, argnums=(0, 1))(*point)
    assert value == pytest.approx(function(*point), rel=1e-13)
    assert_same(bars, expected)

    @njit
    def of_array(w):
        return function(w[0], w[1])

    assert_same(jt.grad(of_array)(np.array(point)), expected)
