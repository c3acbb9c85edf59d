"""What derivatives of compiled functions are called with, and in what form they answer: as those of Python functions."""

import collections

import numpy as np
import pytest
from numba import njit

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")

Pair = collections.namedtuple("Pair", "a b")
X = np.array([1.0, 2.0, 3.0])


@njit
def number(x, z, n=2, flag=True):
    return np.sum(x * x * n) * z if flag else z * z


@njit
def array(x, z):
    return x * z


@njit
def several(x, z):
    return x * z, np.sum(x) * z


@njit
def with_aux(x, z):
    return np.sum(x * x) * z, x * 2.0


@njit
def array_with_aux(x, z):
    return x * z, (z * 3.0, x[0])


@njit
def of_tuple(p, z):
    return p[0] * p[0] * z + np.sum(p[1]) * z * z


@njit
def of_named(p):
    return p.a * p.a * np.sum(p.b)


@njit
def of_one_element(x):
    return x[()] * x[()]


def assert_same(native, eager):
    """The same tree, shapes and dtypes; Numba returns float32 numbers as Python's floats."""
    if isinstance(eager, (tuple, list)):
        assert type(native) is type(eager) and len(native) == len(eager)
        for pair in zip(native, eager):
            assert_same(*pair)
        return
    assert np.shape(native) == np.shape(eager)
    assert not np.ndim(eager) or native.dtype == eager.dtype
    np.testing.assert_allclose(native, eager, rtol=1e-6)


def compare(transform, function, args, names=None, **options):
    assert_same(
        transform(function, **options)(*args, **names or {}), transform(function.py_func, **options)(*args, **names or {})
    )


SCALAR = [jt.grad, jt.value_and_grad, jt.hessian]
VECTOR = [jt.jacobian, jt.jacfwd, jt.jacrev]
ARGNUMS = [0, 1, (0, 1), (1, 0), (1,)]


def name_of(x):
    return getattr(x, "__name__", str(x))


@pytest.mark.sampled(most=12)
@pytest.mark.parametrize("argnums", ARGNUMS, ids=str)
@pytest.mark.parametrize("function, args", [(number, (X, 2.0)), (of_tuple, ((1.5, X), 2.0)), (with_aux, (X, 2.0))], ids=name_of)
@pytest.mark.parametrize("transform", SCALAR, ids=name_of)
def test_numbers_by_several_arguments(transform, function, args, argnums):
    compare(transform, function, args, argnums=argnums, has_aux=function is with_aux)


@pytest.mark.sampled(most=12)
@pytest.mark.parametrize("argnums", ARGNUMS, ids=str)
@pytest.mark.parametrize("transform", VECTOR, ids=name_of)
def test_results_by_several_arguments(transform, argnums):
    for function in (array, several):
        compare(transform, function, (X, 2.0), argnums=argnums)
    compare(transform, array_with_aux, (X, 2.0), argnums=argnums, has_aux=True)


@pytest.mark.sampled
@pytest.mark.parametrize("transform", SCALAR + VECTOR, ids=name_of)
def test_arguments_of_all_kinds(transform):
    compare(transform, of_named, (Pair(1.5, X),))
    compare(transform, of_one_element, (np.array(3.0),))
    for x in (np.zeros(0), np.arange(12.0)[::-3], np.asfortranarray(np.arange(6.0).reshape(2, 3)), np.broadcast_to(X, (2, 3))):
        compare(transform, number, (x, 2.0), argnums=(0, 1))
    single = X.astype(np.float32)
    compare(transform, number, (single, np.float32(2.0)), argnums=(0, 1))  # times an integer: float64 inside
    if transform in VECTOR:
        compare(transform, array, (np.asfortranarray(np.arange(6.0).reshape(2, 3)), 2.0), argnums=(0, 1))
        compare(transform, array, (single, np.float32(2.0)), argnums=(0, 1))


def test_names_and_default_values():
    compare(jt.grad, number, (X, 2.0), {"n": 3})
    compare(jt.grad, number, (X,), {"z": 2.0, "n": 3, "flag": False}, argnums=(0,))
    assert jt.grad(number, argnums=1)(z=2.0, x=X) == 28.0
    compare(jt.jacobian, array, (X, 2.0), argnums=-2)
    compare(jt.jacobian, array, (X, 2.0), argnums=(-1, -2))


def test_pushforward_and_pullback_with_auxiliary_data():
    for function in (array_with_aux, array_with_aux.py_func):
        y, y_dot, aux = jt.jvp(function, (X, 2.0), (X, 1.0), has_aux=True)
        assert_same((y, y_dot, aux), (X * 2.0, X * 3.0, (6.0, 1.0)))
        y, pull, aux = jt.vjp(function, X, 2.0, has_aux=True)
        assert_same((y, pull(X), aux), (X * 2.0, (X * 2.0, 14.0), (6.0, 1.0)))


REFUSED = [
    (lambda: jt.grad(number)({"a": 1.0}, 2.0), "argument 0 is a dict"),
    (lambda: jt.grad(number)(X.astype(np.float16), 2.0), "float16"),
    (lambda: jt.grad(number)(X), "jt.grad of number: missing .* 'z'"),
    (lambda: jt.grad(number)(X, 2.0, q=1), "jt.grad of number: .* 'q'"),
    (lambda: jt.grad(number, argnums=-3)(X, 2.0), "count from the front"),
    (lambda: jt.grad(array, has_aux=True)(X, 2.0), "has_aux=True, but the function returned 1-dimensional array"),
    (lambda: jt.jacobian(array, has_aux=True)(X, 2.0), "has_aux=True, but the function returned 1-dimensional array"),
    (lambda: jt.vjp(array, X, 2.0, has_aux=True), "has_aux=True, but the function returned ndarray"),
    (lambda: jt.vjp(array), "got no primals"),
    (lambda: jt.jvp(array, X, X), "expected a tuple"),
    (lambda: jt.jvp(array, (X, 2), (X, 1)), "got 2 as argument 1, expected floating-point numbers"),
    (lambda: jt.jvp(array, (X, 2.0), (X[:2], 1.0)), r"tangent of shape \(2,\), expected \(3,\)"),
    (lambda: jt.vjp(array, X, 2.0)[1](1.0), r"cotangent of shape \(\), expected \(3,\)"),
    (lambda: jt.vjp(several, X, 2.0)[1](X), "expected a tuple of 2"),
    (lambda: jt.hvp(of_one_element, np.array(1.0), X), r"direction of shape \(3,\), expected \(\)"),
]


@pytest.mark.parametrize("call, message", REFUSED, ids=[m for _, m in REFUSED])
def test_refused(call, message):
    with pytest.raises((TypeError, RuntimeError), match=message):
        call()


@njit
def counts_calls(x, work):
    work[0] += 1.0
    return x * work[0]


@njit
def weighted_squares(x, work, tables):
    total = 0.0
    for i in range(len(x)):
        work[i] += 1.0
        tables[0][0, i] += 1
        total += x[i] * x[i] * work[i] * tables[0][0, i]
    return total


@pytest.mark.parametrize("transform", [jt.jacfwd, jt.jacrev, jt.jacobian])
def test_every_column_finds_the_same_passive_arrays(transform):
    x = np.arange(1.0, 10.0)
    np.testing.assert_array_equal(transform(counts_calls)(x, np.zeros(1)), np.eye(9))


def test_a_hessian_finds_the_same_passive_arrays():
    x, tables = np.arange(1.0, 10.0), (np.asfortranarray(np.zeros((2, 9), np.int64)),)
    for work in (np.zeros(9), np.zeros(18)[::2]):
        np.testing.assert_array_equal(jt.hessian(weighted_squares)(x, work, tables), 2.0 * np.eye(9))
        tables[0][...] = 0


def test_parameters_that_can_only_be_named_are_refused():
    @njit
    def f(x, y=2.0, *, z=3.0):
        return x * y * z

    for transform in (jt.grad, jt.jacobian, jt.value_and_grad):
        with pytest.raises(TypeError, match=r"keyword-only parameters \(z\).*leave out"):
            transform(f)


@njit
def of_no_axes(u):
    return np.sin(u) * u + u[()] * np.maximum(u, 1.0)


@pytest.mark.parametrize("transform", [jt.grad, jt.jacfwd, jt.jacrev])
def test_arrays_without_axes(transform):
    expected = np.cos(3.0) * 3.0 + np.sin(3.0) + 6.0
    assert transform(of_no_axes)(np.array(3.0)) == pytest.approx(expected, rel=1e-14)
