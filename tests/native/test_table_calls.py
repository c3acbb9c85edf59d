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

MATRIX = np.array([[2.3, 0.4, -0.7], [0.6, 1.9, 0.2], [0.1, -0.3, 2.8]])
VECTOR = np.array([0.7, -1.2, 2.4, 0.3])
PLACES = np.array([[2, 0, 1], [1, 1, 0], [0, 2, 2]])

# Functions of NumPy that Numba has, of a matrix `a` and a vector `v`; those that the table has are tested.
CALLS = {
    "inv": lambda a, v: np.linalg.inv(a),
    "solve": lambda a, v: np.linalg.solve(a, v[:3]),
    "solve a matrix": lambda a, v: np.linalg.solve(a, a[:, :2].copy()),
    "det": lambda a, v: np.linalg.det(a),
    "slogdet": lambda a, v: np.linalg.slogdet(a)[1],
    "sign": lambda a, v: np.linalg.slogdet(a)[0] * a[0, 0],
    "cholesky": lambda a, v: np.linalg.cholesky(a @ a.T),
    "matrix_power": lambda a, v: np.linalg.matrix_power(a, 3),
    "eigh": lambda a, v: np.linalg.eigh(a + a.T)[0],
    "eigh, projection": lambda a, v: np.linalg.eigh(a + a.T)[1][:, :1] * np.linalg.eigh(a + a.T)[1][:, 0],
    "eigvalsh": lambda a, v: np.linalg.eigvalsh(a + a.T),
    "svd": lambda a, v: np.linalg.svd(a)[1],
    "qr": lambda a, v: np.linalg.qr(a)[1],
    "pinv": lambda a, v: np.linalg.pinv(a[:2]),
    "lstsq": lambda a, v: np.linalg.lstsq(a[:, :2].copy(), v[:3])[0],
    "norm": lambda a, v: np.linalg.norm(v),
    "norm of a matrix": lambda a, v: np.linalg.norm(a),
    "norm of an order": lambda a, v: np.linalg.norm(v, 3),
    "largest": lambda a, v: np.linalg.norm(v, np.inf),
    "kron": lambda a, v: np.kron(v, v[:2]),
    "kron with numbers": lambda a, v: np.kron(a, VECTOR[:2].reshape(1, 2)),
    "dot": lambda a, v: np.dot(a, v[:3]),
    "outer": lambda a, v: np.outer(v, v[1:]),
    "trace": lambda a, v: np.trace(a),
    "trace beside": lambda a, v: np.trace(a, 1),
    "diff": lambda a, v: np.diff(v),
    "diff of a matrix": lambda a, v: np.diff(a),
    "diff twice": lambda a, v: np.diff(v, 2),
    "trapezoid": lambda a, v: np.trapezoid(v),
    "trapezoid in places": lambda a, v: np.trapezoid(v, v * v),
    "trapezoid in steps": lambda a, v: np.trapezoid(v, None, 0.5),
    "sum": lambda a, v: np.sum(a),
    "sum of rows": lambda a, v: np.sum(a, 1),
    "sum of columns by name": lambda a, v: np.sum(a, axis=0),
    "sum of three axes": lambda a, v: np.sum(np.expand_dims(a, 0), axis=1),
    "mean": lambda a, v: np.mean(a),
    "max": lambda a, v: np.max(a),
    "min": lambda a, v: np.min(v),
    "prod": lambda a, v: np.prod(v),
    "var": lambda a, v: np.var(a),
    "std": lambda a, v: np.std(v),
    "cumsum": lambda a, v: np.cumsum(a),
    "cumsum of columns": lambda a, v: np.cumsum(a, axis=0),
    "cumprod": lambda a, v: np.cumprod(v),
    "sort": lambda a, v: np.sort(v),
    "take": lambda a, v: np.take(v, PLACES),
    "take rows": lambda a, v: np.take(a, PLACES[0], axis=0),
    "take_along_axis": lambda a, v: np.take_along_axis(a, PLACES, 1),
    "tril": lambda a, v: np.tril(a),
    "triu": lambda a, v: np.triu(a, 1),
    "diag": lambda a, v: np.diag(v),
    "diag of a matrix": lambda a, v: np.diag(a),
    "diag beside": lambda a, v: np.diag(v, 1),
    "repeat": lambda a, v: np.repeat(v, 2),
    "repeat each": lambda a, v: np.repeat(v, PLACES[0, 1] + PLACES[0, :2].repeat(2)),
    "roll": lambda a, v: np.roll(v, 1),
    "flip": lambda a, v: np.flip(v),
    "fliplr": lambda a, v: np.fliplr(a),
    "flipud": lambda a, v: np.flipud(a),
    "rot90": lambda a, v: np.rot90(a),
    "reshape": lambda a, v: np.reshape(v, (2, 2)),
    "ravel": lambda a, v: np.ravel(a),
    "transpose": lambda a, v: np.transpose(a),
    "swapaxes": lambda a, v: np.swapaxes(a, 0, 1),
    "moveaxis": lambda a, v: np.moveaxis(a, 0, 1),
    "cross": lambda a, v: np.cross(v[:3], v[1:]),
    "median": lambda a, v: np.median(v),
    "column_stack": lambda a, v: np.column_stack((v, v * v)),
    "vdot": lambda a, v: np.vdot(v, v * v),
    "ptp": lambda a, v: np.ptp(v),
    "convolve": lambda a, v: np.convolve(v, v[:2]),
    "correlate": lambda a, v: np.correlate(v, v[:2]),
    "interp": lambda a, v: np.interp(v, VECTOR.cumsum() * 0.0 + np.arange(4.0), v),
    "expand_dims": lambda a, v: np.expand_dims(v, 0),
    "broadcast_to": lambda a, v: np.broadcast_to(v, (2, 4)),
    "clip": lambda a, v: np.clip(v, -1.0, 1.0),
    "round": lambda a, v: np.round(v) * v,
    "where": lambda a, v: np.where(v > 0.0, v * v, -v),
    "split": lambda a, v: np.split(v, 2)[1],
    "array_split": lambda a, v: np.array_split(v, 3)[0],
    "concatenate": lambda a, v: np.concatenate((v, v[:2], VECTOR)),
    "concatenate rows": lambda a, v: np.concatenate((a, a[:1]), axis=0),
    "stack": lambda a, v: np.stack((v, v * v)),
    "stack behind": lambda a, v: np.stack((v, v * v), axis=1),
    "hstack": lambda a, v: np.hstack((v, v * v)),
    "vstack": lambda a, v: np.vstack((v, v * v)),
    "copy": lambda a, v: np.copy(v),
    "real": lambda a, v: np.real(v),
}
# Functions of the table that give no derivatives, and how compiled code says so: with what they give for plain numbers.
WITHOUT = {
    "argmax": lambda a, v: np.argmax(v),
    "argmin": lambda a, v: np.argmin(v),
    "argsort": lambda a, v: np.argsort(v)[1],
    "argpartition": lambda a, v: np.argpartition(v, 1)[1],
    "searchsorted": lambda a, v: np.searchsorted(np.sort(v), 0.5),
    "size": lambda a, v: np.size(v),
    "shape": lambda a, v: np.shape(v)[0],
    "count_nonzero": lambda a, v: np.count_nonzero(v),
    "nonzero": lambda a, v: np.nonzero(v)[0][2],
    "all": lambda a, v: np.all(v > 0.0),
    "any": lambda a, v: np.any(v > 0.0),
    "isclose": lambda a, v: np.isclose(v, v)[0],
    "allclose": lambda a, v: np.allclose(v, v),
    "array_equal": lambda a, v: np.array_equal(v, v),
}
MADE = set("zeros_like ones_like empty_like full_like around amax amin".split())  # arrays without derivatives; other names


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
NAMES = [name for name in CALLS if name.partition(" ")[0] in FUNCTIONS]


def test_every_function_of_the_table_is_here():
    tested = {name.partition(" ")[0] for name in (*CALLS, *WITHOUT)}
    assert not FUNCTIONS.keys() - tested - MADE
    assert {"kron", "cumsum", "cholesky", "slogdet", "reshape", "where"} <= {name.partition(" ")[0] for name in NAMES}


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


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", NAMES)
def test_values_and_gradients_are_those_of_arrays(name):
    compiled, eager = weighted(CALLS[name])
    value, gradient = jt.value_and_grad(compiled)(X)
    np.testing.assert_allclose(value, eager(X), rtol=1e-13)
    np.testing.assert_allclose(gradient, jt.grad(eager)(X), rtol=1e-11, atol=1e-11)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", NAMES)
def test_second_derivatives_are_those_of_arrays(name):
    compiled, eager = weighted(CALLS[name])
    np.testing.assert_allclose(jt.hessian(compiled)(X), jt.hessian(eager)(X), rtol=1e-9, atol=1e-9)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", WITHOUT)
def test_functions_without_derivatives_give_plain_numbers(name):
    inner = njit(WITHOUT[name])

    @njit
    def compiled(x):
        return inner(x[:9].copy().reshape(3, 3), x[9:].copy()) * x[0]

    expected = np.zeros(len(X))
    expected[0] = WITHOUT[name](MATRIX, VECTOR)
    np.testing.assert_array_equal(jt.grad(compiled)(X), expected)


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
