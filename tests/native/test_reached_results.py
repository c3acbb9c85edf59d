"""The warning when no derivative reaches the result of a compiled function."""

import warnings

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.errors import NoDerivativeWarning

X = np.array([2.0, 1.0])


@njit
def by_bisection(x):
    low, high = 0.0, 10.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if middle * middle * x[1] < x[0]:
            low = middle
        else:
            high = middle
    return low


@njit
def bisection_of_numbers(a, b):
    low, high = 0.0, 10.0
    for _ in range(50):
        middle = 0.5 * (low + high)
        if middle * middle * b < a:
            low = middle
        else:
            high = middle
    return low


@njit
def squares(x):
    return np.sum(x * x)


@njit
def linear(x):
    return np.sum(x) * 2.0


def test_a_search_by_comparisons():
    with pytest.warns(NoDerivativeWarning, match="jt.grad of by_bisection: no derivative reaches the result"):
        assert jt.grad(by_bisection)(X).tolist() == [0.0, 0.0]
    with pytest.warns(NoDerivativeWarning, match="bisection_of_numbers"):
        assert jt.grad(bisection_of_numbers, argnums=(0, 1))(2.0, 1.0) == (0.0, 0.0)


def test_it_is_said_once_and_can_be_switched_off():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with pytest.raises(NoDerivativeWarning):
            jt.value_and_grad(by_bisection)(X)
        jt.value_and_grad(by_bisection)(X)


def test_zeros_that_are_derivatives():
    """At a minimum, and of second order."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert jt.grad(squares)(np.zeros(2)).tolist() == [0.0, 0.0]
        assert not jt.hessian(linear)(X).any()
