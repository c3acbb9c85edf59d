"""Linear algebra and folds of complex numbers: gradients as PyTorch's, tangents as differences."""

import numpy as np
import pytest
import scipy.linalg

import jittape as jt
import jittape.scipy.linalg

torch = pytest.importorskip("torch")
RNG = np.random.default_rng(4)


def normal(*shape):
    return RNG.normal(size=shape) + 1j * RNG.normal(size=shape)


A = normal(2, 3, 3)
TALL, WIDE = normal(4, 3), normal(3, 4)
B = normal(2, 3, 2)
REAL = np.array([[0.2, -1.3, 0.1], [1.1, 0.3, 0.4], [-0.2, 0.5, 0.9]])  # two of its eigenvalues are complex


def by_phase(lib, v):
    """Vectors without their phases: what they have the first element for."""
    return v * v[..., :1, :].conj()


def rows_by_phase(lib, v):
    return v * v[..., :, :1].conj()


# name -> (program of NumPy's functions on Arrays and arrays, the same by torch, operands)
CASES = {
    "matmul": (lambda a, b: a @ b, lambda a, b: a @ b, (A, B)),
    "vdot": (lambda a, b: np.vdot(a, b), lambda a, b: torch.vdot(a.reshape(-1), b.reshape(-1)), (A, A[::-1].copy())),
    "inv": (np.linalg.inv, torch.linalg.inv, (A,)),
    "pinv": (np.linalg.pinv, torch.linalg.pinv, (TALL,)),
    "pinv_wide": (np.linalg.pinv, torch.linalg.pinv, (WIDE,)),
    "lstsq": (
        lambda a, b: np.linalg.lstsq(a, b, rcond=None)[0],
        lambda a, b: torch.linalg.lstsq(a, b).solution,
        (TALL, normal(4, 2)),
    ),
    "solve": (np.linalg.solve, torch.linalg.solve, (A, B)),
    "det": (np.linalg.det, torch.linalg.det, (A,)),
    "slogdet": (
        lambda a: np.multiply(*np.linalg.slogdet(a)),
        lambda a: torch.mul(*torch.slogdet(a)),
        (A,),
    ),
    "matrix_power": (lambda a: np.linalg.matrix_power(a, 3), lambda a: torch.linalg.matrix_power(a, 3), (A,)),
    "cholesky": (
        lambda a: np.linalg.cholesky(a @ np.conj(np.swapaxes(a, -1, -2)) + np.eye(3)),
        lambda a: torch.linalg.cholesky(a @ a.mH + torch.eye(3, dtype=torch.float64)),
        (A,),
    ),
    "eigvalsh": (
        lambda a: np.linalg.eigvalsh(a + np.conj(np.swapaxes(a, -1, -2))),
        lambda a: torch.linalg.eigvalsh(a + a.mH),
        (A,),
    ),
    "eigh": (
        lambda a: by_phase(np, np.linalg.eigh(a + np.conj(np.swapaxes(a, -1, -2)))[1]),
        lambda a: by_phase(torch, torch.linalg.eigh(a + a.mH)[1]),
        (A,),
    ),
    "svdvals": (lambda a: np.linalg.svd(a, compute_uv=False), torch.linalg.svdvals, (TALL,)),
    "left vectors": (
        lambda a: by_phase(np, np.linalg.svd(a, full_matrices=False)[0]),
        lambda a: by_phase(torch, torch.linalg.svd(a, full_matrices=False)[0]),
        (TALL,),
    ),
    "right vectors": (
        lambda a: rows_by_phase(np, np.linalg.svd(a, full_matrices=False)[2]),
        lambda a: rows_by_phase(torch, torch.linalg.svd(a, full_matrices=False)[2]),
        (WIDE,),
    ),
    "both vectors": (
        lambda a: np.einsum("ik,kj->ij", *np.linalg.svd(a, full_matrices=False)[::2]),
        lambda a: torch.einsum("ik,kj->ij", *torch.linalg.svd(a, full_matrices=False)[::2]),
        (A[0],),
    ),
    "orthogonal factor": (lambda a: np.linalg.qr(a)[0], lambda a: torch.linalg.qr(a)[0], (TALL,)),
    "triangle": (lambda a: np.linalg.qr(a)[1], lambda a: torch.linalg.qr(a)[1], (A,)),
    "eigvals": (
        lambda a: np.linalg.eigvals(a).sum() * 1j + (np.linalg.eigvals(a) ** 3).sum(),
        lambda a: torch.linalg.eigvals(a).sum() * 1j + (torch.linalg.eigvals(a) ** 3).sum(),
        (A,),
    ),
    "eigenvalues of a real matrix": (
        lambda a: (np.linalg.eigvals(a) ** 3 * 1j).sum(),
        lambda a: (torch.linalg.eigvals(a) ** 3 * 1j).sum(),
        (REAL,),
    ),
    "eig": (lambda a: np.abs(np.linalg.eig(a)[1]), lambda a: torch.linalg.eig(a)[1].abs(), (A,)),
    "prod": (lambda a: np.prod(a, -1), lambda a: a.prod(-1), (A,)),
    "prod with zeros": (
        lambda a: np.prod(a * np.array([1.0, 0.0, 1.0]), -1),
        lambda a: (a * torch.tensor([1.0, 0.0, 1.0])).prod(-1),
        (A,),
    ),
    "cumprod": (lambda a: np.cumprod(a, -1), lambda a: a.cumprod(-1), (A,)),
    "var": (lambda a: np.var(a, 0), lambda a: a.var(0, correction=0), (TALL,)),
    "std": (lambda a: np.std(a, 0), lambda a: a.std(0, correction=0), (TALL,)),
    "norm": (lambda a: np.linalg.norm(a, axis=0), lambda a: torch.linalg.vector_norm(a, dim=0), (TALL,)),
    "einsum": (lambda a, b: np.einsum("bij,bjk->bik", a, b), lambda a, b: torch.einsum("bij,bjk->bik", a, b), (A, B)),
    "kron": (np.kron, torch.kron, (TALL, WIDE)),
}  # fmt: skip


def loss(y):
    weights = 0.3 + 0.1 * np.arange(int(np.prod(np.shape(y)))).reshape(np.shape(y))
    return np.sum(np.abs(y) ** 2 * weights) + np.sum(np.real(y * (weights * (1 - 0.4j))))


def loss_by_torch(y):
    weights = 0.3 + 0.1 * torch.arange(y.numel(), dtype=torch.float64).reshape(y.shape)
    return ((y * y.conj()).real * weights).sum() + (y * (weights * (1 - 0.4j))).real.sum()


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", CASES)
def test_gradients_are_torchs_and_tangents_differences(name):
    ours, theirs, operands = CASES[name]
    tensors = [torch.tensor(x, requires_grad=True) for x in operands]
    loss_by_torch(theirs(*tensors)).backward()

    def program(*xs):
        return loss(ours(*xs))

    leaves = [jt.tensor(x, requires_grad=True) for x in operands]
    program(*leaves).backward()
    for x, t in zip(leaves, tensors):
        np.testing.assert_allclose(x.grad.numpy(), t.grad.resolve_conj().numpy(), rtol=1e-8, atol=1e-9)
    rng, step = np.random.default_rng(1), 1e-6
    x_dots = [rng.normal(size=x.shape) * (1 if x.dtype == float else 1 - 0.5j) for x in operands]
    ends = [program(*[x + s * step * d for x, d in zip(operands, x_dots)]) for s in (1, -1)]
    value, tangent = jt.jvp(program, operands, tuple(x_dots))
    assert value == pytest.approx(program(*operands), rel=1e-12)
    assert tangent == pytest.approx((ends[0] - ends[1]) / (2 * step), rel=1e-6, abs=1e-7)


def test_second_derivatives_follow():
    def energy(x):
        h = hermitian_of(x)
        return np.linalg.eigvalsh(h)[0] + np.log(np.abs(np.linalg.det(h + 5.0 * np.eye(3))))

    def hermitian_of(x):
        m = x[0] * A[0] + x[1] * np.array(A[1])
        return m + np.conj(m.T)

    x, step = np.array([0.4, 0.7]), 1e-6
    columns = [(jt.grad(energy)(x + step * e) - jt.grad(energy)(x - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(jt.hessian(energy)(x), np.array(columns), rtol=1e-6, atol=1e-8)


def test_phases_of_vectors_are_no_functions_of_a_matrix():
    a = jt.tensor(A[0], requires_grad=True)
    for vectors in (np.linalg.eigh(a + a.mH)[1], np.linalg.eig(a)[1]):
        with pytest.raises(NotImplementedError, match="depends on their phases"):
            (vectors * np.array([1.0, 2j, 0.3])).real.sum().backward()


_A, _B = (np.random.default_rng(3).normal(size=(2, 3, 3, 2)) @ np.array([1.0, 1j])).round(2)
_HERMITIAN, _POSITIVE = _A + _A.conj().T, _B @ _B.conj().T + np.eye(3)


def _banded(x):
    """The upper diagonals of a positive definite Hermitian matrix."""
    return np.stack([x[0], x[1].real + 9.0 + 0j])


OF_SCIPY = {
    "solve_triangular": lambda m, x: m.solve_triangular(_POSITIVE + x, x),
    "solve_triangular, transposed": lambda m, x: m.solve_triangular(_POSITIVE + x, x, trans=1, lower=True),
    "solve_triangular, adjoint": lambda m, x: m.solve_triangular(_POSITIVE + x, x, trans="C"),
    "cho_solve": lambda m, x: m.cho_solve(m.cho_factor(_POSITIVE), x),
    "cho_solve, lower": lambda m, x: m.cho_solve(m.cho_factor(x @ x.conj().T + _POSITIVE, lower=True), x),
    "lu_factor": lambda m, x: m.lu_factor(_POSITIVE + 0.1 * x)[0],
    "lu_solve, adjoint": lambda m, x: m.lu_solve(m.lu_factor(_POSITIVE + 0.1 * x), x, 2),
    "solve_banded": lambda m, x: m.solve_banded((1, 1), _B + 4.0 * np.eye(3)[1][:, None], x),
    "solveh_banded": lambda m, x: m.solveh_banded(_banded(x), x),
    "solveh_banded, lower": lambda m, x: m.solveh_banded(_banded(x)[::-1], x, lower=True),
    "sqrtm": lambda m, x: m.sqrtm(_POSITIVE + 0.1 * x),
    "logm": lambda m, x: m.logm(_POSITIVE + 0.1 * x),
    "expm": lambda m, x: m.expm(x),
    "solve_sylvester": lambda m, x: m.solve_sylvester(_A + x, _POSITIVE, x),
    "solve_continuous_lyapunov": lambda m, x: m.solve_continuous_lyapunov(_POSITIVE + x, x),
    "eigvalsh of two": lambda m, x: m.eigvalsh(_HERMITIAN, x @ x.conj().T + _POSITIVE),
    "eigvalsh of two, upper": lambda m, x: m.eigvalsh(x + x.conj().T, _POSITIVE, lower=False),
}


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", OF_SCIPY)
def test_functions_of_scipy_take_complex_matrices(name):
    """Values are SciPy's, tangents are differences, and adjoints their transposes."""
    program, rng, step = OF_SCIPY[name], np.random.default_rng(4), 1e-6
    x, x_dot = rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3))
    value, y_dot = jt.jvp(lambda x: program(jittape.scipy.linalg, x), (x,), (x_dot,))
    np.testing.assert_allclose(value, program(scipy.linalg, x), rtol=1e-10, atol=1e-12)
    ends = [program(scipy.linalg, x + sign * step * x_dot) for sign in (1, -1)]
    np.testing.assert_allclose(y_dot, (ends[0] - ends[1]) / (2 * step), rtol=1e-6, atol=1e-6)
    pullback = jt.vjp(lambda x: program(jittape.scipy.linalg, x), x)[1]
    assert np.sum(pullback(value)[0] * x_dot).real == pytest.approx(np.sum(value * y_dot).real, rel=1e-9)
