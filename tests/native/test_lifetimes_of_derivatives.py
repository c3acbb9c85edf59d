"""Derivatives go with the functions that they were made of, and with them what was compiled for them."""

import functools
import gc
import pickle
import weakref

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.numba_backend.kept_with_functions import Kept, kept_with

POINT = np.array([0.5, 2.0])


def of_arrays(factor):
    @numba.njit
    def scaled(x):
        return factor * x * x

    @numba.njit
    def function(x):
        return np.sum(np.sort(scaled(x)))  # which no adjoint of loops takes

    return function


def of_loops(factor):
    @numba.njit
    def scaled(x):
        return factor * x * x

    @numba.njit
    def function(x):
        total = 0.0
        for value in x:
            total += scaled(value)
        return total

    return function


def of_row(function):
    """The gradient of a call with a Tensor, by the pullback of its row."""
    with jt.Tape():  # one that lasts keeps its rows for a while
        x = jt.tensor(POINT, requires_grad=True)
        jt.native.call(function, x).backward()
        return x.grad.numpy()


DERIVATIVES = {
    "row": (of_row, [3.0, 12.0]),
    "grad": (lambda f: jt.grad(f)(POINT), [3.0, 12.0]),
    "jvp": (lambda f: jt.jvp(f, (POINT,), (POINT,))[1], 25.5),
}


@pytest.mark.parametrize("name", DERIVATIVES)
def test_a_function_that_nobody_holds_goes_with_its_derivative(name):
    derivative, expected = DERIVATIVES[name]
    function = of_arrays(3.0)
    np.testing.assert_allclose(derivative(function), expected)
    watched = weakref.ref(function)
    copies = [weakref.ref(made) for key, made in kept_with(function).items() if isinstance(key, tuple) and key[1] == "python"]
    assert copies and all(copy() is not None for copy in copies)
    del function
    gc.collect()
    assert watched() is None
    assert all(copy() is None for copy in copies)


def test_a_function_of_loops_goes_with_its_adjoint():
    function = of_loops(3.0)
    np.testing.assert_allclose(jt.grad(function)(POINT), [3.0, 12.0])
    assert jt.native.explain(function, POINT).way == "adjoint"
    watched = weakref.ref(function)
    del function
    gc.collect()
    assert watched() is None


def test_a_derivative_keeps_its_function():
    gradient = jt.grad(of_arrays(3.0))
    gc.collect()
    np.testing.assert_allclose(gradient(POINT), [3.0, 12.0])


class Unrelated:
    """Something that a module holds beside a function."""


def test_other_globals_of_a_module_go_as_they_please():
    global unrelated
    unrelated, function = Unrelated(), of_arrays(3.0)
    watched = weakref.ref(unrelated)
    np.testing.assert_allclose(jt.grad(function)(POINT), [3.0, 12.0])
    del unrelated
    assert watched() is None


def test_what_is_kept_belongs_to_one_function():
    def one():
        pass

    kept_with(one)["made"] = 1

    @functools.wraps(one)
    def other():
        pass

    assert kept_with(one) == {"made": 1}
    assert kept_with(other) == {}
    assert type(vars(other)["_jittape"]) is Kept
    assert pickle.loads(pickle.dumps(kept_with(one))) == {}
