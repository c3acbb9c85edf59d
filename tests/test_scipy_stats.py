"""``jittape.scipy.stats``: values of SciPy's distributions, gradients by variables and parameters."""

import math
import os
import pathlib
import subprocess
import sys
import warnings

import numpy as np
import pytest
import scipy.stats

import jittape as jt
from jittape.scipy import stats

pytestmark = pytest.mark.sampled(3, of="module")

CHECKS = pathlib.Path(__file__).with_name("distribution_checks.py")
X = np.array([0.4, 1.3, 2.2])
S = np.array([[2.0, 0.3, 0.1], [0.3, 1.5, -0.2], [0.1, -0.2, 1.0]])


def differences(function, x, h=1e-5):
    x = np.asarray(x, float)
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    return np.array([(function(x + step) - function(x - step)) / (2 * h) for step in steps]).reshape(x.shape)


@pytest.mark.sampled(1)
def test_values_and_derivatives():
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run([sys.executable, CHECKS], env=environment, capture_output=True, text=True, timeout=600)
    assert run.returncode == 0 and not run.stdout, run.stdout + run.stderr


def test_both_faces_and_other_numbers():
    def total(x):
        return stats.gamma.logpdf(x, 2.3, loc=-0.5, scale=1.4).sum()

    gradient = jt.grad(total)(X)
    np.testing.assert_allclose(gradient, differences(total, X), rtol=1e-8)
    x = jt.tensor(X, requires_grad=True)
    total(x).backward()
    np.testing.assert_array_equal(x.grad.numpy(), gradient)
    np.testing.assert_allclose(jt.compile(jt.grad(total))(X), gradient, rtol=1e-14)
    assert type(stats.gamma.logpdf(X, 2.3)) is np.ndarray and type(stats.norm.pdf(0.5)) is type(scipy.stats.norm.pdf(0.5))


def test_distributions_with_parameters():
    for make, x in (
        (lambda s, p: s.norm(p, scale=2.0), X),
        (lambda s, p: s.gamma(p, loc=-0.5), X),
        (lambda s, p: s.multivariate_normal(np.zeros(3), p * S), X),
        (lambda s, p: s.multivariate_t(p * X, S, df=3.0), X),
    ):
        found = jt.grad(lambda p: make(stats, p).logpdf(x).sum())(1.3)
        assert found == pytest.approx(differences(lambda p: make(scipy.stats, float(p)).logpdf(x).sum(), 1.3), rel=1e-7)
        assert jt.jvp(lambda p: make(stats, p).pdf(x), (1.3,), (1.0,))[0] == pytest.approx(make(scipy.stats, 1.3).pdf(x))
    found = jt.grad(lambda p: stats.poisson(p).logpmf(2))(1.3)
    assert found == pytest.approx(2 / 1.3 - 1)


def test_what_follows_no_derivatives_is_scipys():
    assert (
        stats.norm.mean(1.0, 2.0) == 1.0 and stats.norm(1.0, 2.0).var() == 4.0 and stats.gamma(2.0).support() == (0.0, math.inf)
    )
    assert stats.norm.fit(X) == scipy.stats.norm.fit(X) and stats.binom(5, 0.5).interval(0.9) == scipy.stats.binom(
        5, 0.5
    ).interval(0.9)
    np.testing.assert_array_equal(stats.norm.rvs(size=3, random_state=1), scipy.stats.norm.rvs(size=3, random_state=1))
    np.testing.assert_array_equal(stats.norm(0, 2).rvs(3, random_state=1), scipy.stats.norm(0, 2).rvs(3, random_state=1))
    with pytest.raises(RuntimeError, match="is being differentiated"):
        jt.grad(lambda p: stats.norm.mean(p, 2.0))(1.0)
    with pytest.raises(AttributeError):
        stats.norm.unknown
    with pytest.raises(AttributeError):
        stats.norm(0.0, 1.0).unknown


def test_entropy_of_normal_vectors():
    def entropy(s, c):
        return s.multivariate_normal.entropy(np.zeros(3), c * S + np.diag(c * X))

    assert jt.grad(lambda c: entropy(stats, c))(1.2) == pytest.approx(
        differences(lambda c: entropy(scipy.stats, c), 1.2), rel=1e-8
    )
    assert jt.vjp(lambda c: entropy(stats, c), 1.2)[0] == pytest.approx(entropy(scipy.stats, 1.2), rel=1e-14)
    frozen = jt.grad(lambda c: stats.multivariate_normal(np.zeros(3), c * S).entropy())(1.2)
    assert frozen == pytest.approx(1.5 / 1.2)


def test_normal_vectors_in_a_plane():
    """Covariances of rank two: the density on the plane, -inf beside it."""
    root, y = np.array([[1.0, 0.0], [0.5, 1.0], [0.2, -0.3]]), np.array([0.3, 0.4])

    def density(s, root, y):
        return s.multivariate_normal.logpdf(root @ y, np.zeros(3), root @ root.T, allow_singular=True)

    for k, arrays in enumerate([(root, y)] * 2):

        def of_one(a):
            return density(scipy.stats, *(a if j == k else b for j, b in enumerate(arrays)))

        value, gradient = jt.value_and_grad(lambda *args: density(stats, *args), argnums=k)(*arrays)
        assert value == pytest.approx(of_one(arrays[k]), rel=1e-13)
        np.testing.assert_allclose(gradient, differences(of_one, arrays[k]), rtol=1e-6, atol=1e-9)

    def beside(x):
        return stats.multivariate_normal.logpdf(x, np.zeros(3), root @ root.T, allow_singular=True)

    value, gradient = jt.value_and_grad(beside)(np.array([1.0, 2.0, 3.0]))
    assert value == beside(np.array([1.0, 2.0, 3.0])) == -math.inf and not gradient.any()
    regular = jt.grad(lambda x: stats.multivariate_normal.logpdf(x, np.zeros(3), S, allow_singular=True))(X)
    np.testing.assert_allclose(regular, -np.linalg.solve(S, X), rtol=1e-10)
    with pytest.raises(ValueError, match="positive semidefinite"):
        jt.grad(lambda x: stats.multivariate_normal.logpdf(x, np.zeros(3), -S, allow_singular=True))(X)


def test_parameters_broadcast_and_may_be_lists():
    def total(a):
        return stats.gamma.logpdf([[0.5], [1.5]], a, scale=[1.0, 2.0, 3.0]).sum()

    def expected(a):
        return scipy.stats.gamma.logpdf([[0.5], [1.5]], a, scale=[1.0, 2.0, 3.0]).sum()

    value, gradient = jt.value_and_grad(total)(X + 1.0)
    np.testing.assert_allclose(value, expected(X + 1.0), rtol=1e-13)
    np.testing.assert_allclose(gradient, differences(expected, X + 1.0), rtol=1e-7)


OUTSIDE = {
    "expon": (),
    "gamma": (0.5,),
    "beta": (0.5, 0.5),
    "lognorm": (0.7,),
    "pareto": (2.0,),
    "uniform": (),
    "truncnorm": (-1.0, 0.5),
}


@pytest.mark.parametrize("name", OUTSIDE)
def test_outside_of_the_support_nothing_flows(name):
    points, shapes = np.array([-3.0, -1e300, -math.inf]), OUTSIDE[name]
    inputs = [jt.tensor(v, requires_grad=True) for v in (points, *shapes, 0.0, 1.0)]
    y = getattr(stats, name).logpdf(*inputs)
    assert (y.detach().numpy() == -math.inf).all()
    for gradient in jt.autograd.grad(y.sum(), inputs, materialize_grads=True):
        assert not gradient.numpy().any()
    assert np.isnan(getattr(stats, name).logpdf(jt.tensor(math.nan), *shapes).item())


@pytest.mark.parametrize("name, shapes", [("poisson", (2.3,)), ("binom", (7.0, 0.3)), ("geom", (0.3,))])
def test_quantiles_of_integers_are_scipys_and_nothing_flows(name, shapes):
    q = np.array([0.1, 0.5, 0.97])
    for method in ("ppf", "isf"):
        ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipy.stats, name), method)

        def total(q, *shapes, ours=ours):
            return np.sum(q * ours(q, *shapes, loc=1.0))

        value, gradients = jt.value_and_grad(total, argnums=tuple(range(1 + len(shapes))))(q, *shapes)
        expected = theirs(q, *shapes, loc=1.0)
        assert value == np.sum(q * expected) and all(g == 0.0 for g in gradients[1:])
        np.testing.assert_array_equal(gradients[0], expected)
        compiled = jt.compile(lambda q, ours=ours: np.sum(ours(q, *shapes)))
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # SciPy makes functions of text, which no replay can follow: it is called as it is
            assert all(compiled(values) == np.sum(theirs(values, *shapes)) for values in (q, 0.5 * q))


def test_parameters_of_no_distribution_give_nan():
    x = jt.tensor(X)
    assert np.isnan(stats.norm.logpdf(x, 0.0, -1.0).numpy()).all() and np.isnan(stats.gamma.cdf(x, jt.tensor(-2.0)).numpy()).all()
    assert np.isnan(stats.norm.ppf(jt.tensor([-0.1, 1.1])).numpy()).all()


def test_what_cannot_be_called_is_named():
    with pytest.raises(TypeError, match=r"gamma\.logpdf: got 0 arguments after the first .* expected a, loc, scale, the last 2"):
        stats.gamma.logpdf(jt.tensor(X))
    with pytest.raises(TypeError, match=r"norm\.cdf: .*keywords \['shape'\]"):
        stats.norm.cdf(jt.tensor(X), shape=1.0)


# name -> distribution, method, a function of one operand, and the operand
MULTIVARIATE = {
    "normal": (lambda s, x: s.multivariate_normal.logpdf(x, X, S), X[::-1]),
    "normal, many": (lambda s, x: s.multivariate_normal.logpdf(np.stack([X, 2.0 * X]) * 1.0, x, S).sum(), X[::-1]),
    "normal by covariance": (lambda s, x: s.multivariate_normal.pdf(X, None, S + np.outer(x, x)), X),
    "normal of one variance": (lambda s, x: s.multivariate_normal.logpdf(x, cov=2.0).sum(), X),
    "t": (lambda s, x: s.multivariate_t.logpdf(x, X, S, 3.5), X[::-1]),
    "dirichlet": (lambda s, x: s.dirichlet.logpdf(np.array([0.2, 0.3, 0.5]), x), X),
    "multinomial": (lambda s, x: s.multinomial.logpmf(np.array([2, 1, 3]), 6, x / x.sum()), X),
    "wishart": (lambda s, x: s.wishart.logpdf(S @ S, 4.5, S + np.outer(x, x)), X),
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("name", MULTIVARIATE)
def test_distributions_of_vectors(name):
    function, x = MULTIVARIATE[name]
    value, gradient = jt.value_and_grad(lambda x: function(stats, x))(x)
    np.testing.assert_allclose(value, function(scipy.stats, x), rtol=1e-12)
    np.testing.assert_allclose(gradient, differences(lambda x: function(scipy.stats, x), x), rtol=1e-6, atol=1e-9)
    assert stats.multivariate_normal.rvs(X, S, random_state=1).shape == (3,)
