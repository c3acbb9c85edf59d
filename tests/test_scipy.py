"""Transforms handed to SciPy as its users write them; results against published values."""

import numpy as np
import pytest
from scipy.integrate import solve_ivp
from scipy.optimize import NonlinearConstraint, least_squares, minimize, root

import jittape as jt


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


START = np.array([-1.2, 1.0, -1.2, 1.0, 0.5])


def test_minimize_with_value_and_gradient():
    found = minimize(jt.value_and_grad(rosenbrock), START, jac=True, method="L-BFGS-B", options={"gtol": 1e-10, "ftol": 1e-15})
    np.testing.assert_allclose(found.x, np.ones(5), atol=1e-6)


@pytest.mark.parametrize("method", ["trust-ncg", "Newton-CG", "trust-krylov"])
def test_minimize_with_hessian_vector_products(method):
    hessp = lambda x, v: jt.hvp(rosenbrock, x, v)
    found = minimize(rosenbrock, START, jac=jt.grad(rosenbrock), hessp=hessp, method=method, options={"maxiter": 500})
    np.testing.assert_allclose(found.x, np.ones(5), atol=1e-4)


@pytest.mark.parametrize("method", ["trust-exact", "dogleg"])
def test_minimize_with_hessians(method):
    start = np.full(4, 1.1)  # where the Hessian is positive definite, as dogleg asks
    found = minimize(rosenbrock, start, jac=jt.grad(rosenbrock), hess=jt.hessian(rosenbrock), method=method)
    np.testing.assert_allclose(found.x, np.ones(4), atol=1e-5)


def test_minimize_under_constraints():
    """Hock and Schittkowski, problem 71: f = 17.0140173 at (1, 4.7429994, 3.8211503, 1.3794082)."""
    f = lambda x: x[0] * x[3] * (x[0] + x[1] + x[2]) + x[2]
    c = lambda x: np.stack([np.prod(x), np.sum(x * x)])
    constraint = NonlinearConstraint(
        c, [25.0, 40.0], [np.inf, 40.0], jac=jt.jacobian(c), hess=lambda x, v: jt.hessian(lambda x: np.sum(c(x) * v))(x)
    )
    found = minimize(
        f,
        [1.0, 5.0, 5.0, 1.0],
        jac=jt.grad(f),
        hess=jt.hessian(f),
        method="trust-constr",
        bounds=[(1.0, 5.0)] * 4,
        constraints=[constraint],
        options={"gtol": 1e-9, "xtol": 1e-12, "maxiter": 2000},
    )
    np.testing.assert_allclose(found.fun, 17.0140173, rtol=1e-6)
    np.testing.assert_allclose(found.x, [1.0, 4.7429994, 3.8211503, 1.3794082], atol=1e-4)


def test_least_squares():
    """NIST StRD Misra1a: certified b1 = 2.3894212918E+02, b2 = 5.5015643181E-04, residual sum of squares 1.2455138894E-01."""
    y = np.array([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78])
    x = np.array([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0])

    def residuals(b):
        return b[0] * (1.0 - np.exp(-b[1] * x)) - y

    found = least_squares(
        residuals, [500.0, 1e-4], jac=jt.jacobian(residuals), x_scale=[500.0, 1e-4], xtol=1e-15, ftol=1e-15, gtol=1e-15
    )
    np.testing.assert_allclose(found.x, [2.3894212918e02, 5.5015643181e-04], rtol=1e-8)
    np.testing.assert_allclose(2 * found.cost, 1.2455138894e-01, rtol=1e-9)


def test_root():
    """The Freudenstein and Roth system has the root (5, 4)."""

    def f(x):
        a, b = x[0], x[1]
        return np.stack([-13.0 + a + ((5.0 - b) * b - 2.0) * b, -29.0 + a + ((b + 1.0) * b - 14.0) * b])

    found = root(f, [15.0, 6.0], jac=jt.jacobian(f))
    assert found.success
    np.testing.assert_allclose(found.x, [5.0, 4.0], rtol=1e-10)


@pytest.mark.parametrize("method", ["BDF", "Radau"])
def test_stiff_initial_value_problems(method):
    """Robertson's problem; reference at t = 40 from Hairer and Wanner's test set."""

    def rhs(t, y):
        a, b, c = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
        return np.stack([-a + b, a - b - c, c])

    found = solve_ivp(rhs, (0.0, 40.0), [1.0, 0.0, 0.0], method=method, jac=jt.jacobian(rhs, argnums=1), rtol=1e-8, atol=1e-12)
    np.testing.assert_allclose(found.y[:, -1], [0.7158270688, 9.185534765e-6, 0.2841637457], rtol=1e-6)


def test_hamiltonian_monte_carlo():
    """A sampler that calls the gradient at every leapfrog step: mean and variances of a known Gaussian."""
    scale = np.array([1.0, 2.0, 0.5])
    value_and_grad = jt.value_and_grad(lambda x: 0.5 * np.sum((x / scale) ** 2))
    rng, x, kept = np.random.default_rng(1), np.zeros(3), []
    energy, gradient = value_and_grad(x)
    for _ in range(1500):
        p = rng.standard_normal(3)
        y, g, start = x.copy(), gradient, energy + 0.5 * p @ p
        for _ in range(8):
            p = p - 0.15 * g
            y = y + 0.3 * p
            e, g = value_and_grad(y)
            p = p - 0.15 * g
        if np.log(rng.random()) < start - e - 0.5 * p @ p:
            x, energy, gradient = y, e, g
        kept.append(x)
    samples = np.array(kept[200:])
    np.testing.assert_allclose(samples.mean(0), 0.0, atol=0.25)
    np.testing.assert_allclose(samples.std(0), scale, rtol=0.15)
