"""NumPy's functions on whole arrays, as compiled programs use them."""

import numpy as np
import pytest
from numba import njit

import jittape as jt

X = np.array([0.3, -0.7, 1.2, 0.5])
PLAIN = np.array([1.0, 2.0, 3.0, 4.0])


@njit
def joined(x):
    mixed = np.concatenate((x, np.ones(2), x[:1] * 3.0))
    rows = np.vstack((x, 2.0 * x))
    return np.sum(mixed**2) + np.sum(np.hstack((x, x)) ** 3) + np.sum(np.stack((x, x * x)) ** 2) + np.sum(rows * rows)


@njit
def taken_apart(x):
    return np.sum(np.diff(x) ** 2) + np.sum(np.diag(x) ** 3) + np.sum(np.repeat(x, 2) ** 2 * np.arange(8))


@njit
def ordered(x):
    return np.median(x) ** 2 + np.median(x[:3]) + np.sum(np.sort(x) * np.arange(4)) + x[np.argsort(x)[0]] ** 2


@njit
def vectors(x):
    return np.sum(np.cross(x[:3], x[1:]) ** 2) + np.sum(np.cross(x[:3], PLAIN[:3]) ** 2) + np.trapezoid(x * x)


@njit
def selected(x):
    return np.sum(x[x > 0.0] ** 2) + np.sum(x[np.array([0, 0, 2])] ** 3) + np.sum(x[:, None] * x[None, :] * PLAIN)


@njit
def rearranged(x):
    square = x.reshape(2, 2)
    return np.sum(np.roll(x, 1) * np.flip(x)) + square.T.ravel()[1] ** 2 + np.sum(np.transpose(square)[0] ** 3)


@njit
def copies_of_plain_arrays(x):
    u, w = PLAIN.copy(), np.copy(PLAIN)
    u[1] = x[1] * x[0]
    u[2:] += x[2:]
    w[0] = w[3] * x[3] ** 2
    return np.sum(u * u) + np.sum(w * x)


@njit
def not_copied(x):
    u = x * 1.0
    same = np.asarray(u)
    contiguous = np.ascontiguousarray(u)
    same[0] = x[1] * x[1]
    contiguous[1] = x[2] * 3.0
    return np.sum(u * u) + np.sum(u.astype(np.float64) ** 3)


@njit
def nested_lists(x):
    rows = np.array([[1.0, 2.0], [0.0, x[1]]]) @ np.array([(x[0], 1.0), (2.0, x[2])])
    table = [[0.0, 0.0], [0.0, 0.0]]
    table[0][1] = x[0] * x[1]
    blocks = np.array([[[x[0], 1.0]], [[0.0, x[3]]]])
    corners = np.array(((x[2], 1.0), (2, x[3])))
    return np.sum(rows**2) + np.sum(blocks**3) + np.sum(corners**2) + np.sum(np.array(table) ** 2) + np.array((1.0, x[0], 3))[1]


@njit
def lists_as_vectors(x):
    a, b = [x[0], x[1], x[2]], [1.0, 2.0, 3.0]
    crossed = np.cross(a, b) + np.cross([0, 1, 2], x[1:]) + np.cross(x[1:], (x[0], 2.0, 3))
    return np.sum(crossed**2) + np.sum(np.outer((x[0], x[1]), b) ** 2) + np.sum(np.vander(a, 3))


FUNCTIONS = [
    joined,
    taken_apart,
    ordered,
    vectors,
    selected,
    rearranged,
    copies_of_plain_arrays,
    not_copied,
    nested_lists,
    lists_as_vectors,
]
over_functions = pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
DIRECTION = np.array([1.0, -2.0, 0.5, 3.0])


@pytest.mark.sampled
@over_functions
def test_first_derivatives(function):
    value, gradient = jt.value_and_grad(function)(X)
    assert value == pytest.approx(function(X), rel=1e-14)
    h = 1e-6
    expected = [(function(X + h * e) - function(X - h * e)) / (2 * h) for e in np.eye(4)]
    np.testing.assert_allclose(gradient, expected, rtol=1e-7, atol=1e-8)
    assert jt.jvp(function, (X,), (DIRECTION,))[1] == pytest.approx(gradient @ DIRECTION, rel=1e-12)
    np.testing.assert_array_equal(PLAIN, [1.0, 2.0, 3.0, 4.0])


@pytest.mark.sampled(0, most=5)  # each is compiled for ten seconds
@over_functions
def test_second_derivatives(function):
    h = 1e-6
    moved = [jt.grad(function)(X + h * s * DIRECTION) for s in (1, -1)]
    for second in (jt.hvp(function, X, DIRECTION), jt.grad(lambda x: jt.grad(function)(x) @ DIRECTION)(X)):
        np.testing.assert_allclose(second, (moved[0] - moved[1]) / (2 * h), rtol=1e-6, atol=1e-6)
    np.testing.assert_array_equal(PLAIN, [1.0, 2.0, 3.0, 4.0])
