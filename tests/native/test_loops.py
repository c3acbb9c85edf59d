"""Variables that loops carry, read before and after they are assigned."""

import math

import numpy as np
import pytest
from numba import njit
from numba.core.runtime import _nrt_python as nrt
from numba.core.runtime import rtsys

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([0.7, 1.3, 0.4, 1.1])


@njit
def product_before_update(x):
    y, z, total = x[0], x[1], 0.0
    for _ in range(5):
        old = y * z
        y = y + 0.1 * z
        total += old * 3.0
    return total


@njit
def stored_after_update(x):
    p, out = x[0], np.zeros(3)
    for i in range(3):
        old = math.sin(p)
        p = p * 0.5 + x[1]
        out[i] = old * 2.0
    return out.sum()


@njit
def two_carried(x):
    a, b = x[0], x[1]
    for _ in range(4):
        t = a * b
        u = a - b
        a = b * 1.5
        b = t + u
    return a * b


@njit
def index_moves(x):
    i, total = 0, 0.0
    while i < 3:
        first = x[i]
        i += 1
        total += first * x[i] - first * first
    return total


@njit
def nested(x):
    a, total = x[0], 0.0
    for i in range(3):
        b = x[1]
        for j in range(2):
            old = a * b
            a = a * 0.9 + x[2]
            b = b + 0.1 * a
            total = total + old * x[3]
        total = total * 0.5 + b
    return total


@pytest.mark.parametrize("function", [product_before_update, stored_after_update, two_carried, index_moves, nested])
def test_value_and_derivatives(function):
    value, gradient = jt.value_and_grad(function)(X)
    assert value == pytest.approx(function(X), rel=1e-14)
    h = 1e-6
    expected = [(function(X + h * e) - function(X - h * e)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)
    np.testing.assert_allclose(jt.jacfwd(function)(X), gradient, rtol=1e-12, atol=1e-14)


@njit
def refuses(x):
    if x[0, 0] > 5.0:
        raise ValueError("too large")
    return x.sum()


EXCEPTIONS = 10


def kept_by_exceptions(function, argument):
    """Arrays that exceptions have left behind."""

    def attempt():
        with pytest.raises(ValueError, match="too large"):
            function(argument)

    attempt()
    enabled = nrt.memsys_stats_enabled()
    nrt.memsys_enable_stats()
    try:
        before = rtsys.get_allocation_stats()
        for _ in range(EXCEPTIONS):
            attempt()
        after = rtsys.get_allocation_stats()
    finally:
        if not enabled:
            nrt.memsys_disable_stats()
    assert after.mi_alloc > before.mi_alloc
    return (after.mi_alloc - after.mi_free) - (before.mi_alloc - before.mi_free)


def test_an_exception_gives_up_the_copies_of_arguments():
    """Numba itself keeps an argument that is passed on to a function that raises, unless LLVM inlines it; nothing else is."""
    large = np.full((20, 20), 9.0)
    assert kept_by_exceptions(jt.grad(refuses), large) <= EXCEPTIONS
