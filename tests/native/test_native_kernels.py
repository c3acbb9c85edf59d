"""Every kernel of compiled code against the declaration of the table: values, first and second derivatives, at special points."""

import warnings

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.array_functions.native_kernels import KERNELS

MATRIX = np.array([[2.3, 0.4, -0.7], [0.6, 1.9, 0.2], [0.1, -0.3, 2.8]])
VECTORS = {
    "any": np.array([0.7, -1.2, 2.4, 0.3]),
    "ties": np.array([1.5, 0.25, 1.5, 0.25, 0.5]),
    "a zero": np.array([2.0, 0.0, 3.0]),
    "zeros": np.array([2.0, 0.0, 0.0]),
    "nothing else": np.zeros(3),
    "one": np.array([3.0]),
    "many": np.repeat(np.linspace(-1.0, 1.0, 20), 2),
    "infinite": np.array([np.inf, 1.0, np.inf]),
    "none": np.zeros(0),
}
MATRICES = {
    "any": MATRIX,
    "exchanged": MATRIX[[2, 0, 1]],
    "singular": np.array([[1.0, 2.0, 0.0], [2.0, 4.0, 1.0], [0.0, 0.0, 1.0]]),
    "singular in exchanged columns": np.array([[0.0, 2.0, 1.0], [0.0, 4.0, 1.0], [0.0, 1.0, 3.0]]),
    "of rank one": np.outer([1.0, 2.0, 3.0], [1.0, -1.0, 2.0]),
    "zero": np.zeros((3, 3)),
    "one": np.array([[2.0]]),
    "wide": MATRIX[:2],
}
FINITE = {name: x for name, x in VECTORS.items() if name != "infinite"}  # products and squares: inf - inf or inf / inf
WEIGHTS = np.linspace(0.5, 1.5, 1700)

# kernel -> calls of it, with the points at which they are compared.
CALLS = {
    np.sum: [(lambda x: np.sum(x), VECTORS), (lambda x: np.sum(x, axis=0), MATRICES), (lambda x: np.sum(x, axis=-1), MATRICES)],
    np.mean: [(lambda x: np.mean(x), VECTORS)],
    np.dot: [
        (lambda x: np.dot(x, x[::-1]), FINITE),
        (lambda x: np.dot(x, x[0]), MATRICES),
        (lambda x: np.dot(x[:, 0], x), MATRICES),
        (lambda x: np.dot(x, x.T.copy()), MATRICES),
    ],
    np.outer: [(lambda x: np.outer(x, x[:2]), VECTORS)],
    np.prod: [(lambda x: np.prod(x), FINITE)],
    np.var: [(lambda x: np.var(x), FINITE)],
    np.std: [(lambda x: np.std(x), FINITE)],
    np.max: [(lambda x: np.max(x), VECTORS), (lambda x: np.max(x), MATRICES)],
    np.min: [(lambda x: np.min(x), VECTORS)],
    np.argmax: [(lambda x: x[np.argmax(x)], VECTORS)],
    np.argmin: [(lambda x: x[np.argmin(x)], VECTORS)],
    np.concatenate: [(lambda x: np.concatenate((x, WEIGHTS[:2], x[:1])), VECTORS)],
    np.hstack: [(lambda x: np.hstack((x, x)), MATRICES)],
    np.vstack: [(lambda x: np.vstack((x, x)), MATRICES)],
    np.stack: [(lambda x: np.stack((x, x)), VECTORS)],
    np.column_stack: [(lambda x: np.column_stack((x, x * x)), {"any": MATRIX[0]})],
    np.diag: [(lambda x: np.diag(x), VECTORS), (lambda x: np.diag(x), MATRICES)],
    np.diff: [(lambda x: np.diff(x), VECTORS)],
    np.sort: [(lambda x: np.sort(x), VECTORS), (lambda x: np.sort(x), MATRICES)],
    getattr(np, "trapezoid", None) or np.trapz: [(lambda x: np.trapezoid(x), VECTORS)],
    np.repeat: [(lambda x: np.repeat(x, 3), VECTORS)],
    np.linalg.solve: [(lambda x: np.linalg.solve(x, WEIGHTS[: len(x)]), MATRICES), (lambda x: np.linalg.solve(x, x), MATRICES)],
    np.linalg.inv: [(lambda x: np.linalg.inv(x), MATRICES)],
    np.linalg.det: [(lambda x: np.linalg.det(x), MATRICES)],
    np.linalg.norm: [(lambda x: np.linalg.norm(x), FINITE), (lambda x: np.linalg.norm(x), MATRICES)],
    np.trace: [(lambda x: np.trace(x), MATRICES)],
    np.cross: [(lambda x: np.cross(x[0], x[1] * x[2]), {"any": MATRIX})],
    np.vdot: [(lambda x: np.vdot(x, WEIGHTS[: len(x)]), VECTORS)],
    np.median: [(lambda x: np.median(x), {k: x for k, x in FINITE.items() if np.unique(x).size == x.size})],  # of ties one
    np.cumsum: [(lambda x: np.cumsum(x), VECTORS), (lambda x: np.cumsum(x), MATRICES)],
    np.cumprod: [(lambda x: np.cumprod(x), FINITE)],
}
CASES = [(f"{f.__name__}-{k}", *call) for f, calls in CALLS.items() for k, call in enumerate(calls)]


def test_every_kernel_is_compared():
    compared = {KERNELS[f] for f in CALLS}
    assert {f for f in KERNELS if KERNELS[f] not in compared} == {np.real, np.imag}  # the table does not have them


def weighted(function, point):
    """A number that depends on every element of the result: compiled, and on Arrays."""
    inner = njit(function)

    @njit
    def of_number(x):
        return inner(x) * 0.5

    @njit
    def of_array(x):
        total, k = 0.0, 0
        for y in inner(x).flat:
            total += y * WEIGHTS[k]
            k += 1
        return total

    def eager(x):
        y = np.ravel(function(x))
        return (y * WEIGHTS[: y.size]).sum()

    return of_array if np.ndim(function(point)) else of_number, eager


def outcome(derivative, x):
    """What a derivative gives, or that it raises."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # NumPy's, of the variance of nothing
            return derivative(x)
    except Exception as problem:
        assert not isinstance(problem, (NameError, AttributeError, jt.native.NativeError))
        return "raises"


def compare(derivative, function, points):
    native, eager = weighted(function, next(iter(points.values())))
    for name, x in points.items():
        expected, got = outcome(derivative(eager), x), outcome(derivative(native), x)
        if isinstance(expected, str) or isinstance(got, str):
            assert isinstance(got, str) and isinstance(expected, str), f"at {name}: got {got}, expected {expected}"
        else:
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-12, err_msg=f"at {name}")


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name, function, points", CASES, ids=[c[0] for c in CASES])
def test_values_and_gradients(name, function, points):
    compare(lambda f: lambda x: np.append(*reversed(jt.value_and_grad(f)(x))), function, points)


@pytest.mark.sampled(most=10)
@pytest.mark.parametrize("name, function, points", CASES, ids=[c[0] for c in CASES])
def test_second_derivatives(name, function, points):
    unbounded = name.startswith(("norm", "std"))  # where all is zero: nan here, as for every root of a sum of squares
    compare(jt.hessian, function, {k: x for k, x in points.items() if x.size and not (unbounded and np.ptp(x) == 0.0)})
