"""``jittape.scipy.linalg``: SciPy's values, and derivatives to second order in every mode."""

import numpy as np
import pytest
import scipy.integrate
import scipy.linalg

import jittape as jt
from jittape.programs.tracing.environment_audit import EnvironmentAudit
from jittape.scipy import linalg, signal

X = np.random.default_rng(0).normal(size=(4, 4))
EYE = np.eye(4)
WEIGHTS = np.cos(np.arange(64.0))
STEP = 1e-6


def spd(x):
    return x @ x.T + EYE


PROGRAMS = {
    "solve_triangular": lambda m, x: m.solve_triangular(x + 3 * EYE, x[:, 0]),
    "solve_triangular, lower": lambda m, x: m.solve_triangular(x + 3 * EYE, x, lower=True, unit_diagonal=True),
    "solve_triangular, transposed": lambda m, x: m.solve_triangular(x + 3 * EYE, x, trans="T"),
    "solve": lambda m, x: m.solve(x + 3 * EYE, x[:, :2]),
    "solve, symmetric": lambda m, x: m.solve(spd(x), x[:, 0], assume_a="pos"),
    "solve_banded": lambda m, x: m.solve_banded((1, 2), x + 4 * EYE[2][:, None], x[:, 0]),
    "solve_banded, matrices": lambda m, x: m.solve_banded((2, 1), x + 5 * EYE[1][:, None], x),
    "solveh_banded": lambda m, x: m.solveh_banded(x[:2] + np.array([[0.0], [9.0]]), x[:, 0]),
    "solveh_banded, lower": lambda m, x: m.solveh_banded(x[:3] + np.array([[9.0], [0], [0]]), x[:, :2], lower=True),
    "cholesky": lambda m, x: m.cholesky(spd(x)),
    "cho_solve": lambda m, x: m.cho_solve(m.cho_factor(spd(x)), x[:, 0]),
    "cho_solve, lower": lambda m, x: m.cho_solve(m.cho_factor(spd(x), lower=True), x),
    "lu_factor": lambda m, x: m.lu_factor(x)[0],
    "lu_solve": lambda m, x: m.lu_solve(m.lu_factor(x), x[:, 0] ** 2),
    "lu_solve, transposed": lambda m, x: m.lu_solve(m.lu_factor(x), x[:, :2] ** 2, trans=1),
    "toeplitz": lambda m, x: m.toeplitz(x[0], x[1]) * m.toeplitz(x[0]),
    "solve_toeplitz": lambda m, x: m.solve_toeplitz((x[0] + 5 * EYE[0], x[1]), x[2]),
    "hankel": lambda m, x: m.hankel(x[0], x[1]),
    "circulant": lambda m, x: m.circulant(x[0]),
    "block_diag": lambda m, x: m.block_diag(x[:2], x[0], [[1.0, 2.0]]),
    "solve_sylvester": lambda m, x: m.solve_sylvester(x + 3 * EYE, x.T + 2 * EYE, x * x),
    "solve_continuous_lyapunov": lambda m, x: m.solve_continuous_lyapunov(x + 5 * EYE, x @ x.T),
    "solve_discrete_lyapunov": lambda m, x: m.solve_discrete_lyapunov(0.3 * x, x @ x.T),
    "solve_continuous_are": lambda m, x: m.solve_continuous_are(x, x[:, :2] + EYE[:, :2], spd(x.T), x[:2] @ x[:2].T),
    "solve_discrete_are": lambda m, x: m.solve_discrete_are(x, x[:, 1:] + EYE[:, 1:], spd(x.T), x[:3] @ x[:3].T),
    "solve_circulant": lambda m, x: m.solve_circulant(x[0] + 5 * EYE[0], x[:, 1:], outaxis=1),
    "lstsq": lambda m, x: m.lstsq(x[:, :2], x[:, 2:] ** 2)[0],
    "lstsq, residuals": lambda m, x: m.lstsq(x[:, :2], x[:, 2:] ** 2)[1],
    "pinv": lambda m, x: m.pinv(x[:3]),
    "pinv, of rank 2": lambda m, x: m.pinv(x[:, :2] @ x[:2], atol=0.01, return_rank=True)[0],
    "qr": lambda m, x: m.qr(x)[0],
    "qr, economic": lambda m, x: m.qr(x[:, :3], mode="economic")[1] ** 2,
    "qr, triangle": lambda m, x: m.qr(x[:, :3], mode="r")[0],
    "eigh": lambda m, x: m.eigh(x + x.T)[0],
    "eigh, generalised": lambda m, x: abs(m.eigh(x + x.T, spd(x))[1]),
    "eigvalsh, generalised": lambda m, x: m.eigvalsh(x + x.T, spd(x)),
    "svd": lambda m, x: m.svd(x)[1] * m.svdvals(x),
    "inv, det, norm": lambda m, x: m.inv(x) * m.det(x) * m.norm(x),
    "polar": lambda m, x: m.polar(x)[0] + m.polar(x, "left")[1],
    "expm": lambda m, x: m.expm(x),
    "expm of a batch": lambda m, x: m.expm(np.stack([x, 2 * x])),
    "logm": lambda m, x: m.logm(spd(x)),
    "sqrtm": lambda m, x: m.sqrtm(spd(x) + 0.1 * x),
    **{n: lambda m, x, n=n: getattr(m, n)(0.5 * x) for n in "sinm cosm tanm sinhm coshm tanhm".split()},
}


def weighted(values):
    return np.sum(values * WEIGHTS[: values.size].reshape(values.shape))


def slope(f, x, direction):
    return (f(x + STEP * direction) - f(x - STEP * direction)) / (2 * STEP)


@pytest.mark.sampled(2, most=16)
@pytest.mark.parametrize("name", PROGRAMS)
def test_values_and_derivatives(name):
    program, direction = PROGRAMS[name], np.sin(X)
    ours, theirs = (lambda x, m=m: weighted(program(m, x)) for m in (linalg, scipy.linalg))
    value, gradient = jt.value_and_grad(ours)(X)
    np.testing.assert_allclose(value, theirs(X), rtol=1e-11)
    np.testing.assert_allclose(np.sum(gradient * direction), slope(theirs, X, direction), rtol=1e-5, atol=1e-6)
    second = slope(jt.grad(ours), X, direction)
    np.testing.assert_allclose(jt.hvp(ours, X, direction), second, rtol=1e-4, atol=1e-4 * np.abs(second).max())
    ways = {"forward": jt.jvp(ours, (X,), (direction,))[1]}
    if name != "logm":  # SciPy's draws random numbers, which traces refuse
        ways["compiled"] = np.sum(jt.compile(jt.grad(ours))(X) * direction)
        ways["vmapped"] = np.sum(jt.vmap(jt.grad(ours))(np.stack([1.1 * X, X]))[1] * direction)
    for way, found in ways.items():
        np.testing.assert_allclose(found, np.sum(gradient * direction), rtol=1e-8, err_msg=way)
    assert linalg.__dict__[name.partition(",")[0].partition(" ")[0]].__doc__


def test_plain_arrays_are_scipys():
    assert type(linalg.expm(X)) is np.ndarray and linalg.lu_factor(X)[1].dtype == scipy.linalg.lu_factor(X)[1].dtype


def test_what_cuts_singular_values_that_are_not_zero_has_no_derivative():
    assert np.isnan(jt.grad(lambda x: weighted(linalg.pinv(x, atol=0.5, rtol=0.0)))(X)).all()
    assert np.isnan(jt.grad(lambda x: weighted(np.linalg.pinv(x, 0.3)))(X)).all()


class Changing:
    """An operand of a user whose values are read from elsewhere."""

    def __init__(self, values):
        self.values = values

    def __array__(self, dtype=None, copy=None):
        return np.array(self.values)


@pytest.mark.parametrize("name", ["toeplitz", "block_diag", "solve_triangular", "expm"])
def test_audits_see_methods_of_operands_and_nothing_inside_scipy(name):
    """A user's operand may read its values from anywhere, so a trace has to know; SciPy's own code is called again by replays."""
    x, audit = jt.tensor(X, requires_grad=True), EnvironmentAudit()
    with audit:
        function = getattr(linalg, name)
        function(x) if name == "expm" else function(x if name != "toeplitz" else x[0], Changing([1.0, 2.0, 3.0, 4.0]))
    ran = {code.co_name for code, namespace in audit._ran}
    assert ran - {name, "__array__", "__init__", "called", "_name"} == set() and ("__array__" in ran) == (name != "expm")


def test_audits_see_what_scipy_calls():
    audit = EnvironmentAudit()

    def integrand(t):
        return t * Changing([2.0]).values[0]

    with audit:
        scipy.integrate.quad(integrand, 0.0, 1.0)
    assert {"integrand"} <= {code.co_name for code, _ in audit._ran} <= {"integrand", "__init__"}


COMPLEX = {
    "polar": lambda x: sum(linalg.polar(x)) + linalg.polar(x, "left")[1],
    "solve_discrete_lyapunov": lambda x: linalg.solve_discrete_lyapunov(0.1 * x, x),
    "correlate": lambda x: signal.correlate(x, x) + signal.correlate2d(x, x),
    "convolve": lambda x: signal.convolve(x, x, "same"),
}


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_numbers(name):
    z, values = X + 1j * np.roll(X, 1), []
    direction, weights = np.sin(X) + 1j * np.cos(X), np.exp(1j * np.arange(49.0))

    def total(z):
        values.append(COMPLEX[name](z))
        return np.sum(np.real(np.ravel(values[-1]) * weights[: np.size(values[-1])]))

    gradient = jt.grad(total)(z)
    difference = (total(z + STEP * direction) - total(z - STEP * direction)) / (2 * STEP)  # of plain arrays: SciPy's values
    np.testing.assert_allclose(values[0].detach().numpy(), COMPLEX[name](z), rtol=1e-11)
    np.testing.assert_allclose(np.sum(np.real(gradient * direction)), difference, rtol=1e-6)


def test_errors_say_what_is_wrong():
    with pytest.raises(ValueError, match=r"got shapes \(4, 4\) and \(3,\)"):
        jt.grad(lambda x: linalg.solve_triangular(x, x[0, :3]).sum())(X)
    with pytest.raises(jt.errors.SingularError, match="solve_triangular"):
        jt.grad(lambda x: linalg.solve_triangular(x * (1 - EYE), x[0]).sum())(X)
    with pytest.raises(NotImplementedError, match="complex"):
        jt.grad(lambda x: linalg.logm(x).sum())(-EYE + np.eye(4, k=1))
