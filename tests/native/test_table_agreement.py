"""Functions of NumPy in compiled code and the declarations of the table: one value, one derivative.

Some functions have loops of their own in compiled code, others come from the table; both are held against the table's pullback.
"""

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.array_functions.table_calls import linearised
from jittape.native.statements.function_copies import SUBSTITUTES
from jittape.ops.operation_names import BY_NUMPY

MATRIX = np.array([[2.3, 0.4, -0.7], [0.6, 1.9, 0.2], [0.1, -0.3, 2.8]])
SYMMETRIC = MATRIX @ MATRIX.T
VECTOR = np.array([0.7, -1.2, 2.4, 0.3])
OPERANDS = {np.linalg.det: MATRIX, np.linalg.inv: MATRIX, np.linalg.cholesky: SYMMETRIC, np.trace: MATRIX, np.diag: VECTOR}
# They have several results or operands, or no derivative; NumPy's median is the mean of the middle two, PyTorch's the lower.
NOT_COMPARED = set("argmax argmin argsort array_equal copy dot median outer repeat size slogdet solve where".split())
NOT_COMPARED |= set("empty_like full_like ones_like zeros_like concatenate hstack stack vstack".split())


def functions():
    """NumPy's functions of one array that compiled code and the table both know."""
    for function in BY_NUMPY:
        known = SUBSTITUTES.get(id(function))
        if known is None or known[0] is not function or isinstance(function, np.ufunc):
            continue
        if function.__name__ not in NOT_COMPARED:
            yield function


FUNCTIONS = sorted(functions(), key=lambda f: f.__name__)


def compiled(function):
    @njit
    def weighted(x):
        y = np.asarray(function(x)).ravel()
        total = 0.0
        for k in range(len(y)):
            total += y[k] * y[k] * (k + 1.0)
        return total

    return weighted


def compiled_number(function):
    @njit
    def squared(x):
        return function(x) * function(x)

    return squared


def test_the_functions_are_found():
    names = {f.__name__ for f in FUNCTIONS}
    assert {"cumsum", "cumprod", "prod", "var", "std", "det", "inv", "cholesky", "norm", "sum", "mean"} <= names


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda f: f.__name__)
def test_compiled_code_and_the_table_agree(function):
    x = OPERANDS.get(function, VECTOR)
    y, jacobian = linearised(BY_NUMPY[function], x, ())
    np.testing.assert_allclose(y, function(x), rtol=1e-13)
    weights = np.arange(1.0, y.size + 1)
    expected = 2.0 * (y.ravel() * weights) @ jacobian
    f = compiled_number(function) if y.ndim == 0 else compiled(function)
    np.testing.assert_allclose(jt.grad(f)(x).ravel(), expected, rtol=1e-11, atol=1e-12)
    move = np.linspace(0.5, -1.0, x.size).reshape(x.shape)
    np.testing.assert_allclose(jt.jvp(f, (x,), (move,))[1], expected @ move.ravel(), rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("right", [VECTOR[:3], MATRIX[:, :2].copy()], ids=["vector", "matrix"])
def test_solutions_agree(right):
    @njit
    def compiled_solution(a, b):
        x = np.linalg.solve(a, b)
        return (x * x).sum()

    def by_the_table(a, b):
        x = np.linalg.solve(a, b)
        return (x * x).sum()

    for ours, theirs in zip(jt.grad(compiled_solution, (0, 1))(MATRIX, right), jt.grad(by_the_table, (0, 1))(MATRIX, right)):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)
