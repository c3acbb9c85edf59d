"""NumPy's functions in compiled code and on Arrays: one value, first and second derivative, whichever way compiled code takes."""

import threading

import numpy as np
import pytest
from numba import njit, prange
from numba.core.registry import cpu_target
from sampling import some

import jittape as jt
from jittape.errors import ShapeError, SingularError
from jittape.ops.operation_names import BY_NUMPY

from . import numba_functions
from .numba_functions import MATRIX, VECTOR, function_called

# Those of Numba's functions that the table has are tested here against Arrays; all of them in `test_numba_functions`.
CALLS = {name.removeprefix("linalg."): function for name, function in numba_functions.CALLS.items()}
WITHOUT = {name.removeprefix("linalg."): function for name, function in numba_functions.PASSIVE.items()}
OTHER_NAMES = {name.removeprefix("linalg.") for name in (*numba_functions.MADE, *numba_functions.OTHERS)}
METHODS_ONLY = {"diagonal", "squeeze"}  # of which this library has the methods of arrays, and Numba has no functions


def functions():
    """NumPy's functions that the table follows and Numba has: a function that calls another does not compile at all."""
    known = {}
    cpu_target.target_context.refresh(), cpu_target.typing_context.refresh()
    for function, ours in BY_NUMPY.items():
        made_of_others = getattr(ours, "reads_lists", False)  # on Arrays: compiled code has Numba's definition
        if callable(function) and not isinstance(function, np.ufunc) and not made_of_others:
            try:
                cpu_target.typing_context.resolve_value_type(function)
            except ValueError:
                continue
            known[function.__name__] = function
    return known


FUNCTIONS = functions()
NAMES = [name for name in CALLS if function_called(name) in FUNCTIONS]


def test_every_function_of_the_table_is_here():
    tested = {function_called(name) for name in (*CALLS, *WITHOUT)}
    assert not FUNCTIONS.keys() - tested - OTHER_NAMES - METHODS_ONLY
    assert {"kron", "cumsum", "cholesky", "slogdet", "reshape", "where"} <= {function_called(name) for name in NAMES}


def weighted(function):
    """A number that depends on every element of the result, as a function of one vector that holds both arguments."""
    inner = njit(function)

    @njit
    def of_number(x):
        y = inner(x[:9].copy().reshape(3, 3), x[9:].copy())
        return y * y

    @njit
    def of_array(x):
        y = inner(x[:9].copy().reshape(3, 3), x[9:].copy()).copy().ravel()
        total = 0.0
        for k in range(len(y)):
            total += y[k] * y[k] * (k + 1.0)
        return total

    def eager(x):
        y = np.ravel(function(np.reshape(x[:9], (3, 3)), x[9:]))
        return (y * y * np.arange(1.0, y.size + 1)).sum()

    return of_array if np.ndim(function(MATRIX, VECTOR)) else of_number, eager


X = np.concatenate((MATRIX.ravel(), VECTOR))
MOVE = np.linspace(0.5, -1.0, len(X))


@pytest.mark.sampled(most=40)
@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients_are_those_of_arrays(name):
    compiled, eager = weighted(CALLS[name])
    value, gradient = jt.value_and_grad(compiled)(X)
    np.testing.assert_allclose(value, eager(X), rtol=1e-13)
    np.testing.assert_allclose(gradient, jt.grad(eager)(X), rtol=1e-11, atol=1e-11)


@pytest.mark.sampled(0, most=25)
@pytest.mark.parametrize("name", NAMES)
def test_second_derivatives_are_those_of_arrays(name):
    compiled, eager = weighted(CALLS[name])
    np.testing.assert_allclose(jt.hessian(compiled)(X), jt.hessian(eager)(X), rtol=1e-9, atol=1e-9)


# --- what is special to calls of Python ------------------------------------------------------------------------------------


@njit
def of_factor(a):
    return np.linalg.cholesky(a).sum()


SYMMETRIC = MATRIX @ MATRIX.T
of_factor_by = jt.grad(of_factor)


@njit
def calls_the_gradient(a):
    return of_factor_by(a)[0, 0]


@njit(parallel=True)
def in_parallel(matrices):
    out = np.zeros(len(matrices))
    for k in prange(len(matrices)):
        out[k] = of_factor_by(matrices[k])[0, 0]
    return out


@njit(nogil=True)
def without_the_lock(matrices):
    out = np.zeros(len(matrices))
    for k in range(len(matrices)):
        out[k] = of_factor_by(matrices[k])[0, 0]
    return out


def test_an_exception_reaches_the_user_with_type_and_message():
    before = of_factor_by(SYMMETRIC)
    for call in (of_factor_by, calls_the_gradient):
        with pytest.raises(SingularError, match="not positive definite"):
            call(-SYMMETRIC)
        with pytest.raises(ShapeError, match="square"):
            call(np.ones((2, 3)))
    np.testing.assert_array_equal(of_factor_by(SYMMETRIC), before)


def test_any_memory_and_precision():
    expected = of_factor_by(SYMMETRIC)
    room = np.zeros((6, 6))
    room[::2, ::2] = SYMMETRIC
    for same in (room[::2, ::2], np.asfortranarray(SYMMETRIC)):
        np.testing.assert_array_equal(of_factor_by(same), expected)
    single = of_factor_by(SYMMETRIC.astype(np.float32))
    assert single.dtype == np.float32
    np.testing.assert_allclose(single, expected, rtol=1e-5)


def test_in_parallel_loops_and_threads():
    matrices, found = np.stack([SYMMETRIC] * 8), []
    expected = [of_factor_by(SYMMETRIC)[0, 0]] * 8
    np.testing.assert_array_equal(in_parallel(matrices), expected)
    threads = [threading.Thread(target=lambda: found.append(without_the_lock(matrices))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    np.testing.assert_array_equal(found, [expected] * 4)


@njit
def of_product(x):
    return np.kron(x, x[:2]).sum() * 2.0


def test_nothing_to_do():
    assert jt.grad(of_product)(np.zeros(0)).shape == (0,)
    np.testing.assert_array_equal(jt.grad(of_product)(np.arange(3.0)), [8.0, 8.0, 2.0])


@njit
def rows_of_factor(a):
    return np.linalg.cholesky(a)


def test_rows_and_columns_of_a_jacobian_agree():
    columns, rows = jt.jacfwd(rows_of_factor)(SYMMETRIC), jt.jacrev(rows_of_factor)(SYMMETRIC)
    np.testing.assert_allclose(columns, rows, rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(columns, jt.jacobian(rows_of_factor.py_func)(SYMMETRIC), rtol=1e-12, atol=1e-14)


def test_derivatives_nest_in_every_order():
    expected = jt.hessian(of_factor.py_func)(SYMMETRIC)
    for outer, inner in some([(jt.jacfwd, jt.grad), (jt.jacrev, jt.grad), (jt.jacfwd, jt.jacfwd), (jt.jacrev, jt.jacfwd)], 1):
        np.testing.assert_allclose(outer(inner(of_factor))(SYMMETRIC), expected, rtol=1e-10, atol=1e-12)


@njit
def into_arrays(x, work):
    table, row = np.zeros((3, 3)), np.zeros(3)
    np.outer(x, x, out=table)
    np.dot(table * x[0], x, out=row)
    np.dot(table, x, out=work)
    return np.sum(row * x) + table[0, 1] * work[2]


@pytest.mark.sampled(0)
def test_results_written_to_arrays_that_are_named():
    """What is evaluated in Python gets copies of arrays: a result is written in compiled code, never to such a copy."""
    x, step = np.array([0.6, 1.3, 0.8]), 1e-6 * np.eye(3)
    value, gradient = jt.value_and_grad(into_arrays)(x, np.zeros(3))
    assert value == pytest.approx(into_arrays(x, np.zeros(3)), rel=1e-13)
    expected = [(into_arrays(x + e, np.zeros(3)) - into_arrays(x - e, np.zeros(3))) / 2e-6 for e in step]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7)
