"""`jt.stop_gradient`: nothing flows through it, in Python and in compiled code, in every mode."""

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

import jittape as jt
from jittape.native import NativeError

stop = jt.stop_gradient


def of_number(x):
    return x * jt.stop_gradient(x) + stop(np.sin(x)) * x


def of_array(x):
    constant = stop(x)
    pair = stop((x * 2.0, x[0]))
    y = x * constant
    return np.sum(y * pair[0]) * pair[1]


def by_element(x):
    total = 0.0
    for k in range(x.shape[0]):
        total += x[k] * stop(x[k]) * stop(x[k] * x[0])
    return total


def masked(x):
    return np.sum(np.where(x > 0.0, x * stop(np.sqrt(np.abs(x))), x / stop(x)))


X = np.array([0.5, 1.5, -0.7])
CASES = [
    (of_number, 0.5, 0.5 + np.sin(0.5)),
    (of_array, X, X * 2.0 * X * X[0]),
    (by_element, X, X * X * X[0]),
    (masked, np.array([4.0, -2.0]), np.array([2.0, -0.5])),
]
FIRST = {
    "grad": jt.grad,
    "jacfwd": jt.jacfwd,
    "vjp": lambda f: lambda x: jt.vjp(f, x)[1](1.0)[0],
    "compile": lambda f: jt.compile(jt.grad(f)),
    "vmap": lambda f: lambda x: jt.vmap(jt.grad(f))(np.stack([x, x]))[1],
}


@pytest.mark.sampled(1, each="mode")
@pytest.mark.parametrize("case", CASES, ids=[f.__name__ for f, _, _ in CASES])
@pytest.mark.parametrize("mode", FIRST)
@pytest.mark.parametrize("compiled", [False, True])
def test_nothing_flows(mode, case, compiled):
    f, x, expected = case
    own = njit(f) if compiled else f
    np.testing.assert_allclose(own(x), f(x), rtol=1e-15)
    np.testing.assert_allclose(FIRST[mode](own)(x), expected, rtol=1e-14)


@pytest.mark.parametrize("f", [of_number, njit(of_number)], ids=["python", "compiled"])
def test_nothing_flows_to_any_order(f):
    """The first derivative consists of constants."""
    assert jt.grad(jt.grad(f))(0.5) == 0.0
    assert jt.hessian(f)(0.5) == 0.0
    assert jt.jvp(jt.grad(f), (0.5,), (1.0,))[1] == 0.0


@njit
def assigned(points, centers):
    total = 0.0
    for i in range(points.shape[0]):
        nearest, place = np.inf, 0
        for k in range(centers.shape[0]):
            distance = 0.0
            for j in range(points.shape[1]):
                step = points[i, j] - stop(centers[k, j])
                distance += step * step
            if distance < nearest:
                nearest, place = distance, k
        for j in range(points.shape[1]):
            step = points[i, j] - centers[place, j]
            total += step * step
    return total


@njit
def assigned_and_more(points, centers):
    return assigned(points, centers), 0


def test_constants_leave_nothing_on_the_tape():
    rng = np.random.default_rng(0)
    points, bytes_of = rng.normal(size=(100, 4)), []
    for n in (2, 64):
        jt.native.free_memory()
        centers = rng.normal(size=(n, 4))
        found = jt.grad(assigned_and_more, argnums=1, has_aux=True)(points, centers)[0]  # auxiliary data: by the tape
        nearest = np.argmin(((points[:, None] - centers) ** 2).sum(2), 1)
        expected = [2.0 * np.sum(centers[k] - points[nearest == k], 0) for k in range(n)]
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12)
        bytes_of.append(jt.native.tape_stats().bytes)
        np.testing.assert_allclose(jt.grad(assigned, argnums=1)(points, centers), expected, rtol=1e-10, atol=1e-12)
    assert bytes_of[0] == bytes_of[1]
    assert jt.native.explain(assigned, points, centers, argnums=1).way == "adjoint"


@njit
def constant_arrays(x):
    y, z = stop(x), stop(x * x) + x
    x[0] = 7.0 * x[0]
    total = np.sum(x) * stop(np.sum(x)) * stop(3)
    for i in range(x.size):
        total += x[i] * y[i] * z[i]
    return total


def test_constants_in_adjoints_of_loops():
    """Arrays, numbers made of them, and integers; what is written later does not reach the constants."""
    x = np.array([1.0, 2.0, 3.0])
    assert jt.native.explain(constant_arrays, x).way == "adjoint"
    value, gradient = jt.value_and_grad(constant_arrays)(x)
    assert value == constant_arrays(x.copy())
    y, z, total = x, x * x + x, 12.0
    by_x = 3.0 * total + y * z  # of the array after the write
    np.testing.assert_allclose(gradient, by_x * [7.0, 1.0, 1.0] + [7.0, 2.0, 3.0] * y, rtol=1e-14)


def test_results_are_copies_of_the_same_form():
    x = X.copy()
    for copied in (stop(x), njit(lambda a: stop(a))(x), stop((x,))[0], stop([x])[0], stop({"a": x})["a"]):
        assert type(copied) is np.ndarray and not np.shares_memory(copied, x)
        np.testing.assert_array_equal(copied, x)
    t = jt.tensor([1.0, 2.0], requires_grad=True)
    assert type(stop(t)) is jt.Tensor and not stop(t).requires_grad
    assert (stop(3), stop(2.5), stop(True)) == (3, 2.5, True)


def test_what_it_does_not_take():
    with pytest.raises(TypeError, match="got str, expected a number"):
        stop("text")
    of_text = njit(lambda x: x * len(stop("text")))
    with pytest.raises(TypingError, match="jt.stop_gradient: got .*unicode_type"):
        of_text(1.0)
    with pytest.raises(NativeError, match="`stop_gradient` is not known for"):
        jt.grad(of_text)(1.0)
