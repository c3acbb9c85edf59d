"""Products and systems of sparse matrices: derivatives by operands and by the numbers that a matrix stores."""

import numpy as np
import pytest
import scipy.sparse

import jittape as jt
from jittape.scipy import sparse

RNG = np.random.default_rng(0)
A = scipy.sparse.random(5, 5, density=0.4, random_state=1, format="csr") + 3.0 * scipy.sparse.eye(5, format="csr")
WIDE = scipy.sparse.random(4, 3, density=0.6, random_state=0, format="csr")
X = RNG.normal(size=3)


def matrix(data, of):
    return sparse.csr_array((data, of.indices, of.indptr), shape=of.shape)


def dense(data, of):
    """The same matrix for NumPy's functions, as a sum of its numbers."""
    rows = np.repeat(np.arange(of.shape[0]), np.diff(of.indptr))
    places = np.zeros((len(of.indices), *of.shape))
    places[np.arange(len(rows)), rows, of.indices] = 1.0
    return np.tensordot(data, places, 1)


CASES = {
    "vector": (lambda a, d, x: a(d, WIDE) @ x, (WIDE.data, X)),
    "matrix": (lambda a, d, x: a(d, WIDE) @ x, (WIDE.data, RNG.normal(size=(3, 2)))),
    "turned": (lambda a, d, x: a(d, WIDE).T @ x, (WIDE.data, RNG.normal(size=4))),
    "from the left": (lambda a, d, x: x @ a(d, WIDE), (WIDE.data, RNG.normal(size=(2, 4)))),
    "complex": (lambda a, d, x: abs(a(d, WIDE) @ x), (WIDE.data, X + 1j)),
}


@pytest.mark.parametrize("name", CASES)
def test_products_are_those_of_dense_matrices(name):
    program, operands = CASES[name]
    value, pull = jt.vjp(lambda d, x: program(matrix, d, x), *operands)
    expected, of_dense = jt.vjp(lambda d, x: program(dense, d, x), *operands)
    np.testing.assert_allclose(value, expected, rtol=1e-13)
    for got, wanted in zip(pull(np.ones_like(expected)), of_dense(np.ones_like(expected))):
        np.testing.assert_allclose(got, wanted, rtol=1e-12)


def test_systems_are_those_of_dense_matrices():
    b, v = RNG.normal(size=5), RNG.normal(size=len(A.data))

    def by_superlu(d, b):
        return np.sum(sparse.linalg.spsolve(matrix(d, A), b) ** 3)

    def by_lapack(d, b):
        return np.sum(np.linalg.solve(dense(d, A), b) ** 3)

    for got, expected in zip(jt.grad(by_superlu, argnums=(0, 1))(A.data, b), jt.grad(by_lapack, argnums=(0, 1))(A.data, b)):
        np.testing.assert_allclose(got, expected, rtol=1e-11)
    np.testing.assert_allclose(jt.hvp(by_superlu, A.data, v, b), jt.hvp(by_lapack, A.data, v, b), rtol=1e-10)
    np.testing.assert_allclose(jt.jvp(by_superlu, (A.data, b), (v, b))[1], jt.jvp(by_lapack, (A.data, b), (v, b))[1], rtol=1e-11)


def test_of_plain_numbers_it_is_scipys():
    a = sparse.csr_array(WIDE)
    assert type(a @ X) is np.ndarray and np.array_equal(a @ X, WIDE @ X)
    np.testing.assert_allclose(sparse.linalg.spsolve(A, np.ones(5)), np.linalg.solve(A.toarray(), np.ones(5)))


def test_misuse():
    a = sparse.csr_array(WIDE)
    with pytest.raises(ValueError, match="expected a vector or a matrix of 3 rows"):
        a @ jt.tensor(np.ones(5), requires_grad=True)
    with pytest.raises(ValueError, match="expected shape="):
        jt.grad(lambda d: sparse.csr_array((d, WIDE.indices, WIDE.indptr)))(WIDE.data)
    singular = sparse.csr_array(np.zeros((2, 2)))
    with pytest.raises(jt.errors.SingularError):
        jt.grad(lambda b: sparse.linalg.spsolve(singular, b).sum())(np.ones(2))
    with pytest.raises(RuntimeError, match=r"jittape\.scipy\.sparse\.csr_array"):
        jt.grad(lambda x: np.sum(WIDE @ x))(X)
