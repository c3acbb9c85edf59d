"""What follows a fit, against matrices written out and against SciPy."""

import numpy as np
import pytest
from scipy.optimize import curve_fit

import jittape as jt

TIMES = np.linspace(0.0, 2.0, 9)
MEASURED = np.array([2.1, 1.62, 1.31, 1.0, 0.83, 0.62, 0.52, 0.41, 0.33])


def model(t, a, rate):
    return a * np.exp(-rate * t)


def residual(p, weight=1.0):
    return weight * (model(TIMES, p[0], p[1]) - MEASURED)


def test_covariance_of_a_fit_is_that_of_scipy():
    for absolute in (False, True):
        found, expected = curve_fit(
            model, TIMES, MEASURED, [1.0, 1.0], sigma=np.full(9, 0.05), absolute_sigma=absolute, xtol=1e-14
        )
        covariance = jt.fit_covariance(residual, found, 1.0 / 0.05, scale=not absolute)
        np.testing.assert_allclose(covariance, expected, rtol=1e-5)
    with pytest.raises(jt.errors.ShapeError, match="got 2 residuals for 3 parameters, expected more"):
        jt.fit_covariance(lambda x: x[:2], np.ones(3))
    with pytest.raises(jt.errors.SingularError, match="do not determine all parameters"):
        jt.fit_covariance(lambda x: np.stack([x[0] + x[1]] * 3), np.ones(2))


def test_propagated_errors():
    mean, covariance = np.array([2.0, 0.9]), np.array([[0.01, 0.002], [0.002, 0.04]])
    value, found = jt.propagate(lambda p: model(TIMES, p[0], p[1]), mean, covariance)
    np.testing.assert_array_equal(value, model(TIMES, *mean))
    j = np.stack([np.exp(-0.9 * TIMES), -2.0 * TIMES * np.exp(-0.9 * TIMES)], 1)
    np.testing.assert_allclose(found, j @ covariance @ j.T, rtol=1e-13)
    assert jt.propagate(lambda p, k: p[0] * k, mean, np.array([0.01, 0.04]), 3.0) == (6.0, pytest.approx(0.09))
    with pytest.raises(jt.errors.ShapeError, match=r"got a covariance of shape \[3, 3\], expected \[2, 2\] or \[2\]"):
        jt.propagate(lambda p: p[0], mean, np.eye(3))


def test_gauss_newton_products():
    p, v = np.array([2.0, 0.9]), np.array([0.3, -1.0])
    j = jt.jacobian(residual)(p, 2.0)
    np.testing.assert_allclose(jt.gauss_newton_product(residual, p, v, 2.0), j.T @ (j @ v), rtol=1e-13)
    tree = jt.gauss_newton_product(lambda x: x["a"] * x["b"], {"a": 2.0, "b": np.ones(2)}, {"a": 1.0, "b": np.zeros(2)})
    assert tree["a"] == 2.0
    np.testing.assert_array_equal(tree["b"], [2.0, 2.0])


def test_gauss_newton_products_with_a_loss():
    """Beside the matrices, and the Hessian of the whole where the residual is linear: Fisher's information of Poisson counts."""
    rng = np.random.default_rng(0)
    data, p, v = rng.normal(size=(7, 3)), rng.normal(size=3), rng.normal(size=3)

    def rates(p):
        return np.sin(data @ p)

    def deviance(z):
        return np.sum(np.exp(z) - 2.0 * z)

    j = np.cos(data @ p)[:, None] * data
    expected = j.T @ (np.exp(rates(p)) * (j @ v))
    np.testing.assert_allclose(jt.gauss_newton_product(rates, p, v, loss=deviance), expected, rtol=1e-13)
    found = jt.gauss_newton_product(lambda p: data @ p, p, v, loss=deviance)
    np.testing.assert_allclose(found, jt.hvp(lambda p: deviance(data @ p), p, v), rtol=1e-13)


def test_traces():
    matrix = np.array([[2.0, 0.3], [0.3, -1.0]])
    found = jt.hessian_trace(lambda x: 0.5 * x @ matrix @ x, np.ones(2), samples=400, seed=3)
    assert found == pytest.approx(1.0, abs=0.1) and found != 1.0
    assert jt.hessian_trace(lambda x: x["a"] ** 2 + np.sum(x["b"] ** 2), {"a": 1.0, "b": np.ones(3)}) == 8.0
    with pytest.raises(ValueError, match="got samples=0"):
        jt.hessian_trace(lambda x: x**2, 1.0, samples=0)
