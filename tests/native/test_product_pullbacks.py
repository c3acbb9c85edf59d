"""Products of matrices in compiled gradients: by BLAS where that changes nothing but rounding."""

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")

DRAW = np.random.default_rng(5)


@njit
def weighted(a, b, w):
    return np.sum((a @ b) * w)


@njit
def of_views(a, b, w):
    return np.sum((np.ascontiguousarray(a.T) @ b[:, ::2]) * w) + np.sum((a[1:] @ a[:, 1:]) ** 2)


@njit
def of_some_rows(a, b, rows):
    return np.sum((a @ b)[:rows] ** 2)


def drawn(*shape):
    return DRAW.normal(size=shape)


@pytest.mark.parametrize("shape", [(12, 11, 13), (1, 40, 40), (40, 40, 1), (3, 4, 2), (50, 1, 40), (40, 70, 3)])
def test_adjoints_are_those_of_the_formula(shape):
    rows, inner, columns = shape
    a, b, w = drawn(rows, inner), drawn(inner, columns), drawn(rows, columns)
    a_bar, b_bar = jt.grad(weighted, argnums=(0, 1))(a, b, w)
    np.testing.assert_allclose(a_bar, w @ b.T, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(b_bar, a.T @ w, rtol=1e-11, atol=1e-12)
    np.testing.assert_allclose(jt.grad(weighted, argnums=1)(a, b, w), b_bar, rtol=1e-11, atol=1e-12)


def test_adjoints_go_to_the_elements_of_views():
    a, b, w = drawn(20, 20), drawn(20, 22), drawn(20, 11)
    a_bar, b_bar = jt.grad(of_views, argnums=(0, 1))(a, b, w)
    expected = b[:, ::2] @ w.T
    p_bar = 2 * (a[1:] @ a[:, 1:])
    expected[1:] += p_bar @ a[:, 1:].T
    expected[:, 1:] += a[1:].T @ p_bar
    np.testing.assert_allclose(a_bar, expected, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(b_bar[:, ::2], a @ w, rtol=1e-11, atol=1e-12)
    assert not b_bar[:, 1::2].any()


def test_rows_that_nothing_reads_let_nothing_through():
    a, b = drawn(20, 20), drawn(20, 20)
    a[15, 3], a[16, 4] = np.inf, np.nan
    a_bar, b_bar = jt.grad(of_some_rows, argnums=(0, 1))(a, b, 10)
    p_bar = 2 * (a[:10] @ b)
    np.testing.assert_allclose(a_bar[:10], p_bar @ b.T, rtol=1e-11, atol=1e-11)
    assert not a_bar[10:].any()
    np.testing.assert_allclose(b_bar, a[:10].T @ p_bar, rtol=1e-11, atol=1e-11)


def test_what_is_not_finite_stays_where_it_belongs():
    a, b, w = drawn(20, 20), drawn(20, 20), drawn(20, 20)
    a[2, 3] = np.inf
    a_bar, b_bar = jt.grad(weighted, argnums=(0, 1))(a, b, w)
    np.testing.assert_allclose(a_bar, w @ b.T, rtol=1e-11, atol=1e-12)
    others = np.arange(20) != 3
    np.testing.assert_allclose(b_bar[others], a.T[others] @ w, rtol=1e-11, atol=1e-12)
    np.testing.assert_array_equal(b_bar[3], np.inf * w[2])


def test_the_tape_is_clean_afterwards():
    """Adjoints of products are structural zeros again, in whatever way they were swept."""
    a, b, w = drawn(20, 20), drawn(20, 20), drawn(20, 20)
    gradient = jt.grad(weighted)
    first = gradient(a, b, w)
    jt.grad(of_some_rows, argnums=(0, 1))(a, b, 10)
    np.testing.assert_array_equal(gradient(a, b, w), first)
