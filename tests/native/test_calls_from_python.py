"""Compiled functions and their derivatives, called inside differentiated and batched Python functions, and with data."""

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(2, of="module")

X = np.array([1.0, 2.0])
V = np.array([0.5, -1.0])


@njit
def cubes(x, a):
    return np.sum(x * x * x * a)


@njit
def table_and_sum(x, n):
    out = np.zeros((2, 2))
    for i in range(n):
        out[i % 2, 0] += x[i % 2] ** 2
    return out, x.sum(), n


def test_a_call_inside_a_differentiated_function_is_a_row():
    def with_call(x):
        return np.sum(np.sin(x) * cubes(x, 2.0))

    def spelled_out(x):
        return np.sum(np.sin(x) * np.sum(x * x * x * 2.0))

    for transform in (jt.value_and_grad, jt.hessian):
        for found, expected in zip(transform(with_call)(X), transform(spelled_out)(X)):
            np.testing.assert_allclose(found, expected, rtol=1e-13)


def test_results_of_a_call_are_what_numpy_code_expects():
    def with_call(x):
        table, total, n = table_and_sum(x, 3)
        assert n == 3 and isinstance(n, (int, np.integer)) and table[:, 1].tolist() == [0.0, 0.0]
        return np.sum(table * table) * total

    value, gradient = jt.value_and_grad(with_call)(X)
    expected = jt.value_and_grad(lambda x: ((x[0] ** 2 * 2) ** 2 + x[1] ** 4) * (x[0] + x[1]))(X)
    assert value == expected[0]
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-13)


def test_a_call_with_a_tensor():
    x = jt.tensor(X, requires_grad=True)
    cubes(x, 2.0).backward()
    assert x.grad.tolist() == [6.0, 24.0]
    assert cubes(X, 2.0) == 18.0 and type(cubes(X, 2.0)) is float


def test_an_array_written_to_after_the_call():
    """The derivative is that of what the function was given."""
    a = np.ones(2)

    def with_call(x):
        y = cubes(x, a)
        a[:] = 5.0
        return y

    np.testing.assert_array_equal(jt.grad(with_call)(X), 3 * X**2)


def test_derivatives_of_derivatives_from_outside():
    np.testing.assert_allclose(jt.grad(lambda x: np.sum(jt.grad(cubes)(x, 2.0) * x))(X), 18 * X**2, rtol=1e-13)


def test_data_goes_with_every_transform():
    np.testing.assert_allclose(jt.hvp(cubes, X, V, 3.0), 18 * X * V)
    np.testing.assert_allclose(jt.hvp(cubes, X, V, a=3.0), 18 * X * V)
    np.testing.assert_allclose(jt.hvp(cubes.py_func, X, V, a=3.0), 18 * X * V)
    np.testing.assert_allclose(jt.hessian_diag(cubes)(X, 3.0), 18 * X)
    np.testing.assert_allclose(jt.grad(cubes)(X, a=3.0), 9 * X**2)


def test_compiled_and_batched():
    gradient = jt.compile(jt.grad(cubes))
    np.testing.assert_allclose(gradient(X, 3.0), 9 * X**2)
    rows = np.stack([X, V, X + V])
    np.testing.assert_allclose(jt.vmap(jt.grad(cubes), in_axes=(0, None))(rows, 3.0), 9 * rows**2)
    np.testing.assert_allclose(jt.vmap(cubes, in_axes=(0, None))(rows, 3.0), np.sum(3 * rows**3, axis=1))
