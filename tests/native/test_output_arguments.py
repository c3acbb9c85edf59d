"""Functions that write their results into arguments."""

import numpy as np
import pytest
from numba import njit, typed

import jittape as jt

from .differences import assert_same, check, noting, slopes

X = np.array([0.5, 1.5, 2.0])
pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def weighted(dst, src, w):
    for i in range(len(src)):
        dst[i] += src[i] * src[(i + 1) % len(src)] * w


@njit
def two_buffers(src, first, second):
    for i in range(len(src)):
        first[i] = src[i] ** 2
    second[:] = first * src[0]
    return np.sum(second)


@njit
def with_work(x, work):
    for i in range(len(x)):
        work[i] = x[i] * x[0]
    return np.sum(work * x)


@njit
def recursion(x, variances, start):
    variances[0] = start
    for i in range(1, len(variances)):
        variances[i] = x[0] + x[1] * variances[i - 1]
    return variances


def test_work_arrays_that_are_not_differentiated():
    """Data that a function writes to is a copy, and the copy takes numbers with derivatives."""
    work = np.ones(3)
    gradient = jt.grad(with_work)(X, work)
    np.testing.assert_allclose(gradient, [X @ X + 2 * X[0] ** 2, *(2 * X[0] * X[1:])])
    np.testing.assert_allclose(jt.jacrev(recursion)(X, np.zeros(3), 0.3)[1], [1.0, 0.3, 0.0])
    np.testing.assert_array_equal(work, 1.0)


def test_a_buffer_alone():
    g = jt.native.with_outputs(weighted, out_argnums=0)
    dst = np.ones(3)
    args = dst, X, 2.0
    np.testing.assert_array_equal(g(*args), 1.0 + 2.0 * X * np.roll(X, -1))
    assert dst.tolist() == [1.0, 1.0, 1.0]
    expected = np.array([slopes(g, args, (0, 1, 2), weights=row) for row in np.eye(3)])
    for transform in (jt.jacobian, jt.jacfwd, jt.jacrev):
        found = transform(g, argnums=(0, 1, 2))(*args)
        assert_same(np.concatenate([np.reshape(block, (3, -1)) for block in found], 1), expected)
    value, pullback = jt.vjp(g, *args)
    assert_same(pullback(X), X @ expected)
    _, y_dot = jt.jvp(g, args, (X, X, 0.5))
    assert_same(y_dot, expected @ np.concatenate([X, X, [0.5]]))
    assert dst.tolist() == [1.0, 1.0, 1.0]


def test_buffers_and_a_value():
    g = jt.native.with_outputs(two_buffers, (1, 2))
    value, first, second = g(X, np.zeros(3), np.zeros(3))
    assert value == np.sum(second) and first.tolist() == (X**2).tolist()
    by_value, by_first, by_second = jt.jacobian(g)(X, np.zeros(3), np.zeros(3))
    np.testing.assert_allclose(by_first, np.diag(2 * X))
    np.testing.assert_allclose(by_value, by_second.sum(0))
    swapped = jt.native.with_outputs(two_buffers, (2, 1))(X, np.zeros(3), np.zeros(3))
    np.testing.assert_array_equal(swapped[1], second)


def test_work_arrays():
    g = jt.native.with_outputs(with_work, 1)
    (value, work), gradient = jt.value_and_grad(g, has_aux=True)(X, np.zeros(3))
    assert value == with_work(X, np.zeros(3)) and work.tolist() == (X * X[0]).tolist()
    assert_same(gradient, slopes(with_work, (X, np.zeros(3)), (0,)))
    assert_same(jt.grad(g, has_aux=True)(X, np.zeros(3))[0], gradient)


def test_one_function_is_made_of_one():
    assert jt.native.with_outputs(weighted) is jt.native.with_outputs(weighted, (0,))


def test_what_is_refused():
    for wrong in (3, -1, (0, 0), (), "x", True):
        with pytest.raises(TypeError, match="with_outputs: got out_argnums"):
            jt.native.with_outputs(weighted, wrong)
    with pytest.raises(TypeError, match="expected a function decorated with @njit"):
        jt.native.with_outputs(np.sin)
    with pytest.raises(jt.native.NativeError, match="with_outputs"):
        jt.grad(weighted, argnums=1)(np.zeros(3), X, 1.0)
    with pytest.raises(jt.native.NativeError, match="with_outputs"):
        jt.jacobian(weighted, argnums=(0, 1))(np.zeros(3), X, 1.0)


# --- arrays of data or computed of data that take numbers with derivatives -------------------------------------------

PROGRAMS = []
program = noting(PROGRAMS, X)


@program(X, np.zeros(3))
@njit
def writes_work(x, w):
    w[0] = x[0] * x[1]
    return w[0]


@program(X, np.zeros(3))
@njit
def writes_work_slice(x, w):
    w[:] = x
    return w[0]


@program(X, np.zeros(3))
@njit
def writes_work_add(x, w):
    w[0] += x[1]
    return w[0]


@program(X, np.zeros(3))
@njit
def writes_work_iadd(x, w):
    w += x
    return w[0]


@program(X, np.zeros((3, 3)))
@njit
def writes_work_row(x, w):
    w[1, :] = x * 2.0
    return w[1, 0]


@program(X, np.zeros(3))
@njit
def fills_work(x, w):
    w.fill(x[0])
    return w[0]


@program(X, np.zeros(3))
@njit
def merges_arrays(x, w):
    y = w
    if x[0] > 1.0:
        y = x * 2.0
    return y[0]


@program(X, np.zeros(3))
@njit
def typed_list_two_arrays(x, w):
    kept = typed.List()
    kept.append(w)
    kept.append(x * 2.0)
    return kept[1][0]


TABLE = np.array([0.3, 0.7, 1.1])


@program(X)
@njit
def computed_of_a_constant(x):
    w, y = TABLE * 2.0, np.cos(TABLE)
    w[0] = x[0] * x[1]
    for _ in range(2):
        y = y - x * y / 2.0
    return np.sum(w * y)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("function, args", PROGRAMS)
def test_data_takes_numbers_with_derivatives(function, args):
    check(function, *args)
