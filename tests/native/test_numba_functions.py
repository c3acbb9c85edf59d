"""Every function that Numba compiles in differentiated code: right, or named as one without derivatives and why."""

import subprocess
import sys

import numpy as np
import pytest
from numba import njit

import jittape as jt

from . import numba_functions
from .differences import slopes
from .numba_functions import CALLS, MADE, MATRIX, OTHERS, PASSIVE, VECTOR, function_called

X = np.concatenate((MATRIX.ravel(), VECTOR))


def test_every_function_of_numba_is_here():
    """Numba's own tables, of a process that has not imported this library: it adds to them."""
    listed = subprocess.run([sys.executable, numba_functions.__file__], capture_output=True, text=True, check=True).stdout.split()
    named = {function_called(name) for name in (*CALLS, *MADE, *PASSIVE, *OTHERS)}
    assert len(listed) > 200 and not set(listed) - named, "give these a call, or name them as without derivatives"


def weighted(function):
    """A number that depends on every element of the result, as a function of one vector that holds both arguments."""
    inner = njit(function)

    @njit
    def of_number(x):
        y = inner(x[:9].copy().reshape(3, 3), x[9:].copy())
        return y * y

    @njit
    def of_array(x):
        total, weight = 0.0, 1.0
        for y in inner(x[:9].copy().reshape(3, 3), x[9:].copy()).flat:
            total += y * y * weight
            weight += 1.0
        return total

    return of_array if np.ndim(function(MATRIX, VECTOR)) else of_number


@pytest.mark.sampled(3, most=80)
@pytest.mark.parametrize("name", CALLS)
def test_values_and_gradients(name):
    function = weighted(CALLS[name])
    value, gradient = jt.value_and_grad(function)(X)
    np.testing.assert_allclose(value, function(X), rtol=1e-12)
    np.testing.assert_allclose(gradient, slopes(function, (X,), (0,)), rtol=1e-7, atol=1e-7)


@pytest.mark.sampled(1, most=12)
@pytest.mark.parametrize("name", CALLS)
def test_second_derivatives(name):
    """Compiled in every run for a few functions only, by tangents of the reverse sweep and by two reverse sweeps."""
    function = weighted(CALLS[name])
    gradient, direction, h = jt.grad(function), np.linspace(-1.0, 1.0, len(X)), 1e-6
    expected = (gradient(X + h * direction) - gradient(X - h * direction)) / (2.0 * h)
    near = {"rtol": 1e-6, "atol": 1e-6 * (1.0 + np.abs(expected).max())}
    np.testing.assert_allclose(jt.hvp(function, X, direction), expected, **near)
    np.testing.assert_allclose(jt.grad(lambda x: gradient(x) @ direction)(X), expected, **near)


@pytest.mark.sampled
@pytest.mark.parametrize("name", MADE)
def test_arrays_that_are_made_take_differentiated_numbers(name):
    inner = njit(MADE[name])

    @njit
    def function(x):
        made = inner(x)
        made[0] = x[0] * x[1]
        return (made * made).sum()

    np.testing.assert_allclose(jt.grad(function)(VECTOR), slopes(function, (VECTOR,), (0,)), rtol=1e-7, atol=1e-7)


@pytest.mark.sampled(most=20)
@pytest.mark.parametrize("name", PASSIVE)
def test_functions_without_derivatives_give_plain_numbers(name):
    inner = njit(PASSIVE[name])

    @njit
    def function(x):
        return inner(x[:9].copy().reshape(3, 3), x[9:].copy()) * x[0]

    expected = np.zeros(len(X))
    expected[0] = PASSIVE[name](MATRIX, VECTOR)
    np.testing.assert_array_equal(jt.grad(function)(X), expected)
