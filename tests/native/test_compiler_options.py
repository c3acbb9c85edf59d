"""Every option of Numba's decorators holds in the derivative of what they decorate."""

import numba
import numpy as np
import pytest
from numba import njit, prange

import jittape as jt

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([0.5, 1.5, -0.7, 2.0])


def total(x):
    found = 0.0
    for k in prange(x.shape[0]):
        found += x[k] ** 3 / (1.0 + x[k] * x[k])
    return found


EXPECTED = (3 * X**2 * (1 + X**2) - 2 * X**4) / (1 + X**2) ** 2
OPTIONS = [
    {"parallel": True},
    {"fastmath": True},
    {"fastmath": {"contract"}},
    {"nogil": True},
    {"inline": "always"},
    {"error_model": "numpy"},
    {"boundscheck": True},
    {"cache": False},
    {"no_cpython_wrapper": False},
    {"debug": True},
    {"forceobj": True},
]


@pytest.mark.sampled(1)
@pytest.mark.parametrize("options", OPTIONS, ids=str)
def test_functions_with_an_option_are_differentiated(options):
    f = numba.jit(**options)(total)
    np.testing.assert_allclose(jt.grad(f)(X), EXPECTED, rtol=1e-13)
    np.testing.assert_allclose(jt.jvp(f, (X,), (X,))[1], EXPECTED @ X, rtol=1e-13)


@njit(boundscheck=True)
def element(x, k):
    return x[k] * x[0]


def test_bounds_are_checked():
    for derivative in (jt.grad(element), jt.jacfwd(element), lambda x, k: jt.jvp(element, (x, k), (x, None))):
        with pytest.raises(IndexError, match="out of bounds"):
            derivative(X, 4)


@njit(error_model="numpy")
def quotient(x, z):
    return x / z


@njit(inline="always")
def inverse(x):
    return 1.0 / x


@njit
def of_inlined(x):
    return inverse(x) * 2.0


@njit(error_model="numpy")
def of_inlined_in_numpys_model(x):
    return inverse(x) * 2.0


def test_the_error_model_is_that_of_the_function():
    assert jt.grad(quotient)(1.0, 0.0) == np.inf
    with pytest.raises(ZeroDivisionError):
        jt.grad(njit(quotient.py_func))(1.0, 0.0)
    with pytest.raises(ZeroDivisionError):
        jt.grad(of_inlined)(0.0)
    assert jt.grad(of_inlined_in_numpys_model)(0.0) == -np.inf


def test_types_of_variables_are_those_that_are_declared():
    def rounded(x):
        part = x / 3.0
        return part * 3.0

    f = njit(locals={"part": numba.float32})(rounded)
    assert f(0.1) != 0.1 and jt.value_and_grad(f)(0.1)[0] == f(0.1)


@njit("float32(float32, float64)")
def in_single(x, n):
    return x * x / 3.0 + x * n**-2


@njit(["float32(float32)", "float64(float64)"])
def in_either(x):
    return x * x if x > 0 else 0


@njit
def of_declared(x):
    return in_single(x, 3) * in_either(x) + in_either(-x)


def test_arguments_and_results_are_converted_as_declared():
    """The value under a transform is that of the function: in single precision where a signature says so."""
    for function, args in ((in_single, (0.1, 3)), (in_either, (np.float32(0.1),)), (of_declared, (0.1,))):
        value, gradient = jt.value_and_grad(function)(*args)
        assert value == function(*args)
        assert gradient == pytest.approx(jt.jacrev(function)(*args), rel=1e-7)
    assert jt.grad(in_single)(0.1, 3) == pytest.approx(0.2 / 3 + 1 / 9, rel=1e-6)
    assert in_single(0.1, 3) != in_single.py_func(0.1, 3.0)


@njit("float64(float64[:], float64)")
def of_declared_array(x, n):
    return x[0] * x[0] * n**-2 + x[1]


@njit
def of_called(x):
    return of_declared_array(x, 3) * 2.0


def test_adjoints_convert_arguments_as_declared():
    """An integer for a float is no integer in the function; a layout is no conversion."""
    x, expected = np.array([0.3, 0.5]), np.array([0.2 / 3, 1.0])
    for derivative in (jt.grad, jt.jacrev, lambda f: lambda *args: jt.vjp(f, *args)[1](1.0)[0]):
        np.testing.assert_allclose(derivative(of_declared_array)(x, 3), expected, rtol=1e-12)
        np.testing.assert_allclose(derivative(of_called)(x), 2.0 * expected, rtol=1e-12)
    assert jt.native.explain(of_declared_array, x, 3.0).way == "adjoint"
    assert "declared with a signature" in jt.native.explain(of_declared_array, x, 3).reason


def test_derivatives_let_other_threads_run():
    assert jt.grad(njit(total)).dispatcher.targetoptions["nogil"]


@njit(parallel=True)
def in_parallel(x, weights):
    rows = np.zeros(x.shape[0])
    for k in prange(x.shape[0]):
        for j in range(weights.shape[0]):
            rows[k] += np.sin(x[k] * weights[j]) * x[k]
    found = 0.0
    for k in prange(x.shape[0]):
        found += rows[k] * rows[k]
    return found + np.sum(np.exp(-x) * x)


def test_derivatives_of_parallel_loops_do_not_depend_on_the_number_of_threads():
    rng = np.random.default_rng(3)
    x, weights = rng.normal(size=500), rng.normal(size=7)
    before, found = numba.get_num_threads(), []
    try:
        for threads in {1, numba.config.NUMBA_NUM_THREADS}:
            numba.set_num_threads(threads)
            found.append((jt.grad(in_parallel)(x, weights), jt.jvp(in_parallel, (x, weights), (x, weights))[1]))
    finally:
        numba.set_num_threads(before)
    expected = jt.grad(njit(in_parallel.py_func))(x, weights)
    for gradient, _ in found:
        np.testing.assert_array_equal(gradient, expected)
    assert len({tangent for _, tangent in found}) == 1
    assert jt.native.explain(in_parallel, x, weights).way == "adjoint"


@numba.cfunc("float64(float64)")
def callback(x):
    return x * x * x


@numba.cfunc("float64(float64, float64)", error_model="numpy", locals={"part": numba.float64})
def quotient_callback(x, z):
    part = x / z
    return part


@njit
def of_callbacks(x):
    return callback(x) * 2.0 + quotient_callback(1.0, x)


def test_callbacks_are_differentiated():
    assert jt.grad(callback)(2.0) == 12.0
    assert jt.grad(of_callbacks)(2.0) == 23.75 and jt.hessian(of_callbacks)(2.0) == 24.25
    assert jt.grad(of_callbacks)(0.0) == -np.inf
    assert jt.grad(lambda x: of_callbacks(x) * x)(2.0) == 23.75 * 2.0 + 16.5


def test_functions_on_objects_are_recorded():
    f = numba.jit(forceobj=True)(lambda x: sum([np.sum(part**2) for part in {"a": x, "b": 2.0 * x}.values()]))
    assert f(X) == 5.0 * np.sum(X**2)
    np.testing.assert_allclose(jt.grad(f)(X), 10.0 * X)
    np.testing.assert_allclose(jt.grad(lambda x: f(x) * 2.0)(X), 20.0 * X)
