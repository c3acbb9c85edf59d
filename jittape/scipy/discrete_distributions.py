"""Discrete distributions: probabilities and distribution functions, with derivatives by their parameters."""

from ..ops.choosing import where
from ..ops.gamma_functions import lgamma
from ..ops.scipy_gamma import betainc, betaln, gammainc, gammaincc
from ..ops.scipy_logarithms import xlog1py
from ..ops.transcendental import exp, expm1, log, log1p, xlogy
from .univariate import Discrete, both, positive


def is_probability(p):
    """Whether a number is between 0 and 1."""
    return (p >= 0.0) & (p <= 1.0)


class Poisson(Discrete):
    """The probability is proportional to ``mu**k / k!``."""

    shapes, low = ("mu",), 0.0

    def allowed(self, mu):
        return mu >= 0.0

    def log_probability(self, k, mu):
        return xlogy(k, mu) - lgamma(k + 1.0) - mu

    def distribution(self, k, mu):
        return gammaincc(k + 1.0, mu)

    def survival(self, k, mu):
        return gammainc(k + 1.0, mu)


class Binomial(Discrete):
    """The number of successes among n."""

    shapes, low, interior = ("n", "p"), 0.0, 0.0

    def support(self, n, p):
        return 0.0, n

    def allowed(self, n, p):
        return (n >= 0.0) & is_probability(p)

    def log_probability(self, k, n, p):
        return xlogy(k, p) + xlog1py(n - k, -p) - log(n + 1.0) - betaln(n - k + 1.0, k + 1.0)

    def distribution(self, k, n, p):
        return betainc(where(n - k > 0.0, n - k, 1.0), k + 1.0, 1.0 - p)

    def survival(self, k, n, p):
        return betainc(k + 1.0, where(n - k > 0.0, n - k, 1.0), p)


class NegativeBinomial(Discrete):
    """The number of failures before n successes."""

    shapes, low = ("n", "p"), 0.0

    def allowed(self, n, p):
        return both(positive(n), is_probability(p))

    def log_probability(self, k, n, p):
        return lgamma(n + k) - lgamma(k + 1.0) - lgamma(n) + xlogy(n, p) + xlog1py(k, -p)

    def distribution(self, k, n, p):
        return betainc(n, k + 1.0, p)

    def survival(self, k, n, p):
        return betainc(k + 1.0, n, 1.0 - p)


class Geometric(Discrete):
    """The number of the first success."""

    shapes, low = ("p",), 1.0

    def allowed(self, p):
        return is_probability(p)

    def log_probability(self, k, p):
        return xlog1py(k - 1.0, -p) + log(p)

    def distribution(self, k, p):
        return -expm1(k * log1p(-p))

    def survival(self, k, p):
        return exp(k * log1p(-p))


class Bernoulli(Discrete):
    """The number of successes among one."""

    shapes, low, high, interior = ("p",), 0.0, 1.0, 0.0

    def allowed(self, p):
        return is_probability(p)

    def log_probability(self, k, p):
        return xlogy(k, p) + xlog1py(1.0 - k, -p)

    def distribution(self, k, p):
        return where(k < 1.0, 1.0 - p, 1.0)

    def survival(self, k, p):
        return where(k < 1.0, p, 0.0)
