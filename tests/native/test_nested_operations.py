"""Derivatives of high order: right, compiled in seconds, and the same from machine code that lies on disk."""

import math
import time

import mpmath as mp
import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def rational(x):
    return math.sin(x) * x**2 / (1.0 + x) + math.exp(x)


@njit
def in_a_loop(x):
    total, term = 0.0, 1.0
    for k in range(1, 6):
        term = term * x / k
        if term > 0.2:
            total += np.cos(k * x) * math.sqrt(term)
        else:
            total -= term**2 + math.tanh(total) * x
    return total


def rational_in_mpmath(x):
    return mp.sin(x) * x**2 / (1 + x) + mp.exp(x)


def nested(function, transforms):
    for transform in transforms:
        function = transform(function)
    return function


@pytest.mark.sampled(0)
@pytest.mark.parametrize("order", [4, 5])
def test_gradients_of_gradients(order):
    with mp.workdps(40):
        expected = float(mp.diff(rational_in_mpmath, mp.mpf(0.5), order))
    gradient = nested(rational, [jt.grad] * order)
    start = time.process_time()
    np.testing.assert_allclose(gradient(0.5), expected, rtol=1e-12)
    assert time.process_time() - start < 40  # some seconds; copied into one another, operations of order five took minutes


@pytest.mark.parametrize("transforms", [[jt.hessian] * 2, [jt.jacrev, jt.grad, jt.grad, jt.jacfwd]])
def test_other_ways_to_the_fourth_order(transforms):
    with mp.workdps(40):
        expected = float(mp.diff(rational_in_mpmath, mp.mpf(0.5), 4))
    np.testing.assert_allclose(nested(rational, transforms)(0.5), expected, rtol=1e-12)


def test_branches_and_loops():
    third, fourth, h = nested(in_a_loop, [jt.grad] * 3), nested(in_a_loop, [jt.grad] * 4), 1e-4
    slope = (8 * (third(0.7 + h) - third(0.7 - h)) - (third(0.7 + 2 * h) - third(0.7 - 2 * h))) / (12 * h)
    np.testing.assert_allclose(fourth(0.7), slope, rtol=1e-8)


@njit
def divided(x):
    return 1.0 / (x - 0.5)


def test_division_by_zero_raises_in_the_place_of_the_user():
    fourth = nested(divided, [jt.grad] * 4)
    assert fourth(1.5) == 24.0
    with pytest.raises(ZeroDivisionError):
        fourth(0.5)
