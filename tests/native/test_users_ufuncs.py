"""Functions behind ``@vectorize`` and ``@guvectorize``, called in differentiated functions."""

import enum
import math

import numpy as np
import pytest
from numba import guvectorize, njit, vectorize

import jittape as jt

from .differences import check

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([1.5, 2.0, 3.0])


@njit
def damped(a):
    return math.sin(a) * math.exp(-a)


@vectorize(["float64(float64, float64)"])
def ratio(a, b):
    return damped(a) / b if b < 100.0 else a * b


@vectorize
def wave(a):
    s = 0.0
    for k in range(3):
        s += damped(a * k)
    return s


@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)")
def scaled(a, s, out):
    for i in range(a.shape[0]):
        out[i] = a[i] * s * a[i]


@guvectorize(["void(float64[:], float64[:], float64[:])"], "(n),(n)->()", nopython=True)
def inner(a, b, out):
    s = 0.0
    for i in range(a.shape[0]):
        s += a[i] * b[i] * a[0]
    out[0] = s


@njit
def elementwise(x):
    table = x.reshape(3, 1) * x
    return np.sum(ratio(table, x) * wave(x)) + ratio(x[0], x[1]) * ratio(x[1], 3) + ratio(1.0, 2.0)


@njit
def along_axes(x):
    table, out, sums = x.reshape(3, 1) * x, np.zeros((3, 3)), np.zeros(3)
    scaled(table, x, out)
    inner(table, x, sums)
    vector = np.zeros(3)
    scaled(x, x[1], vector)
    return np.sum(out * table) + np.sum(sums * vector)


def test_calls_from_python():
    """A ufunc is a function like any other, for transforms and in a function of NumPy code."""
    check(ratio, 1.5, 2.0, argnums=(0, 1))
    np.testing.assert_allclose(jt.jacobian(wave)(X), np.diag([jt.grad(wave)(x) for x in X]), rtol=1e-13)

    def of_numpy(x):
        return np.sum(ratio(x, [2.0, 3.0, 4.0]) * wave(x[0]))

    check(of_numpy, X)
    np.testing.assert_allclose(jt.compile(of_numpy)(X), of_numpy(X), rtol=1e-14)
    x = jt.tensor(X, requires_grad=True)
    wave(x).sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), jt.vjp(wave, X)[1](np.ones(3))[0], rtol=1e-13)


@pytest.mark.parametrize("function", [elementwise, along_axes])
def test_program(function):
    check(function, X, forward=True)


def test_refused_from_python():
    """Messages name the function, and the way that is followed."""
    with pytest.raises(TypeError, match=r"inner with the dimensions .* an @njit function that makes the output and calls inner"):
        jt.grad(inner)(X, X)
    parallel = vectorize(["float64(float64)"], target="parallel")(ratio_of_one)
    with pytest.raises(TypeError, match="ratio_of_one .* leave target= out"):
        jt.grad(parallel)(1.5)


def ratio_of_one(x):
    return x / (1.0 + x)


class Factors(enum.IntEnum):
    tripled = 3


@vectorize(["float64(float64)"])
def tripled(x):
    return x * Factors.tripled.value


def test_a_function_in_which_its_own_name_stands():
    """As an attribute of something else, where it means another thing."""

    @njit
    def square_of_triple(x):
        return tripled(x) ** 2

    assert jt.value_and_grad(square_of_triple)(2.0) == (36.0, 36.0)
