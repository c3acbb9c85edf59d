"""Distributions of vectors and matrices: logarithms of densities and probabilities."""

import math

import numpy as np
import scipy.stats

from ..ops.arithmetic import square
from ..ops.choosing import where
from ..ops.eigenvalues import eigvalsh
from ..ops.gamma_functions import lgamma
from ..ops.matrix_functions import cholesky, solve
from ..ops.moved_elements import plain
from ..ops.shape_functions import diagonal, unsqueeze
from ..ops.sums import sum as total
from ..ops.transcendental import exp, log, log1p, xlogy
from .following import in_place_of
from .univariate import Frozen


_SINGULAR = 1e6 * np.finfo(np.float64).eps  # of the largest eigenvalue: SciPy's rule


def _numbers(values):
    """Lists as arrays."""
    return np.asarray(values, float) if isinstance(values, (list, tuple, int, float)) else values


def _dimension(mean, cov):
    """Of the vectors: that of the mean or of the covariances, 1 if these are numbers."""
    return cov.shape[-1] if np.ndim(cov) else mean.shape[-1] if np.ndim(mean) else 1


def _distance(x, mean, cov, allow_singular=False):
    """Mahalanobis's squared distance, the logarithm of the determinant, and the dimension: of the support, if it may be less."""
    x, mean, cov = _numbers(x), _numbers(0.0 if mean is None else mean), _numbers(cov)
    n = _dimension(mean, cov)
    if np.ndim(cov) < 2:
        cov = cov * np.eye(n)
    if n == 1 and np.ndim(x) < 2:
        x = unsqueeze(x, -1)
    if allow_singular:
        return _in_support(x - mean, cov)
    root = cholesky(cov)
    squared = total(square(solve(root, unsqueeze(x - mean, -1))), (-2, -1))
    return squared, 2.0 * total(log(diagonal(root, 0, -2, -1)), -1), n


def _in_support(difference, cov):
    """Squared distances, infinite beside the support; logarithm of the product of the other eigenvalues, and their number."""
    values, vectors = np.linalg.eigh(plain(cov))
    smallest = _SINGULAR * np.abs(values).max()
    if values.min() < -smallest:
        raise ValueError("The input matrix must be symmetric positive semidefinite.")
    beside = plain(difference) @ vectors[:, values <= smallest]
    column = unsqueeze(difference, -1)
    squared = total(column * np.matmul(np.linalg.pinv(cov, _SINGULAR), column), (-2, -1))
    squared = where(np.linalg.norm(beside, axis=-1) < smallest, squared, math.inf)
    eigenvalues = eigvalsh(cov)
    return squared, total(log(where(plain(eigenvalues) > smallest, eigenvalues, 1.0)), -1), int((values > smallest).sum())


@in_place_of(scipy.stats.multivariate_normal.logpdf)
def normal_logpdf(x, mean=None, cov=1, allow_singular=False):
    squared, log_determinant, n = _distance(x, mean, cov, allow_singular)
    return -0.5 * (squared + log_determinant + n * math.log(2.0 * math.pi))


@in_place_of(scipy.stats.multivariate_normal.pdf)
def normal_pdf(x, mean=None, cov=1, allow_singular=False):
    return exp(normal_logpdf(x, mean, cov, allow_singular))


@in_place_of(scipy.stats.multivariate_normal.entropy)
def normal_entropy(mean=None, cov=1):
    _, log_determinant, n = _distance(0.0 if mean is None else mean, mean, cov)
    return 0.5 * (n * (1.0 + math.log(2.0 * math.pi)) + log_determinant)


@in_place_of(scipy.stats.multivariate_t.logpdf)
def student_logpdf(x, loc=None, shape=1, df=1):
    squared, log_determinant, n = _distance(x, loc, shape)
    half = 0.5 * (df + n)
    constant = lgamma(half) - lgamma(0.5 * df) - 0.5 * n * log(math.pi * df)
    return constant - 0.5 * log_determinant - half * log1p(squared / df)


@in_place_of(scipy.stats.multivariate_t.pdf)
def student_pdf(x, loc=None, shape=1, df=1, allow_singular=False):
    return exp(student_logpdf(x, loc, shape, df))


@in_place_of(scipy.stats.dirichlet.logpdf)
def dirichlet_logpdf(x, alpha):
    x, alpha = _numbers(x), _numbers(alpha)
    if x.shape[0] + 1 == alpha.shape[0]:
        raise ValueError(
            f"dirichlet.logpdf: got {x.shape[0]} components for {alpha.shape[0]} parameters, expected as many: append 1 - sum(x)"
        )
    return lgamma(total(alpha)) - total(lgamma(alpha)) + total(xlogy(alpha - 1.0, x.T), -1)


@in_place_of(scipy.stats.dirichlet.pdf)
def dirichlet_pdf(x, alpha):
    return exp(dirichlet_logpdf(x, alpha))


@in_place_of(scipy.stats.multinomial.logpmf)
def multinomial_logpmf(x, n, p):
    x, p = _numbers(x), _numbers(p)
    last = 1.0 - total(p[..., :-1], -1)  # as in SciPy, which makes the last probability what is left
    whole = lgamma(n + 1.0) + total(xlogy(x[..., :-1], p[..., :-1]) - lgamma(x[..., :-1] + 1.0), -1)
    value = whole + xlogy(x[..., -1], last) - lgamma(x[..., -1] + 1.0)
    return where(total(x, -1) == n, value, -math.inf)


@in_place_of(scipy.stats.multinomial.pmf)
def multinomial_pmf(x, n, p):
    return exp(multinomial_logpmf(x, n, p))


@in_place_of(scipy.stats.wishart.logpdf)
def wishart_logpdf(x, df, scale):
    x, scale = _numbers(x), _numbers(scale)
    n = scale.shape[-1]
    root, inner = cholesky(scale), cholesky(x)
    part = total(square(solve(root, inner)), (-2, -1))
    log_x, log_scale = (2.0 * total(log(diagonal(each, 0, -2, -1)), -1) for each in (inner, root))
    gammas = 0.25 * n * (n - 1) * math.log(math.pi) + sum([lgamma(0.5 * (df - j)) for j in range(n)])
    return 0.5 * ((df - n - 1.0) * log_x - part - df * log_scale - df * n * math.log(2.0)) - gammas


@in_place_of(scipy.stats.wishart.pdf)
def wishart_pdf(x, df, scale):
    return exp(wishart_logpdf(x, df, scale))


class Multivariate:
    """A distribution with the methods of one of SciPy's, for Tensors and Arrays.

    Parameters
    ----------
    theirs : scipy.stats.rv_generic
    **methods
        Those that follow derivatives; the others are SciPy's.
    """

    def __init__(self, theirs, **methods):
        self.theirs, self.__doc__, self.followed = theirs, theirs.__doc__, frozenset(methods)
        vars(self).update(methods)

    def __call__(self, *args, **kwargs):
        return Frozen(self, args, kwargs)

    def __getattr__(self, name):
        return getattr(self.theirs, name)
