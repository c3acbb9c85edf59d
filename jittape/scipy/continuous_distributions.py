"""Continuous distributions, as standard ones: density, distribution function, quantiles."""

import math

import numpy as np

from ..ops.arithmetic import abs as abs_, sqrt, square
from ..ops.choosing import maximum, minimum, where
from ..ops.gamma_functions import lgamma
from ..ops.powers import pow
from ..ops.round_and_remainder import rint
from ..ops.scipy_bessel import i0e
from ..ops.scipy_gamma import betainc, betaincinv, betaln, gammainc, gammaincc, gammainccinv, gammaincinv
from ..ops.scipy_integrals import log_ndtr, ndtri, ndtri_exp
from ..ops.scipy_logarithms import logit, xlog1py
from ..ops.scipy_quantiles import stdtr, stdtrit
from ..ops.shape_functions import unsqueeze
from ..ops.special_functions import logsigmoid, normal_cdf
from ..ops.sums import sum as sum_
from ..ops.transcendental import atan, cos, exp, expm1, log, log1p, logaddexp, sigmoid, tan, xlogy
from .univariate import Continuous, complement

_LOG_ROOT_TWO_PI = 0.5 * math.log(2.0 * math.pi)


class Normal(Continuous):
    """The density is ``exp(-z**2 / 2) / sqrt(2 pi)``."""

    def log_density(self, z):
        return -0.5 * square(z) - _LOG_ROOT_TWO_PI

    def distribution(self, z):
        return normal_cdf(z)

    def survival(self, z):
        return normal_cdf(-z)

    def log_distribution(self, z):
        return log_ndtr(z)

    def log_survival(self, z):
        return log_ndtr(-z)

    def quantile(self, q):
        return ndtri(q)


class Student(Continuous):
    """Student's distribution: the density is proportional to ``(1 + z**2 / df)**(-(df + 1) / 2)``."""

    shapes = ("df",)

    def log_density(self, z, df):
        return -betaln(0.5 * df, 0.5) - 0.5 * log(df) - 0.5 * (df + 1.0) * log1p(square(z) / df)

    def distribution(self, z, df):
        return stdtr(df, z)

    def survival(self, z, df):
        return stdtr(df, -z)

    def quantile(self, q, df):
        return stdtrit(df, q)


class Cauchy(Continuous):
    """The density is ``1 / (pi (1 + z**2))``."""

    def log_density(self, z):
        return -log1p(square(z)) - math.log(math.pi)

    def distribution(self, z):
        return 0.5 + atan(z) / math.pi

    def survival(self, z):
        return 0.5 - atan(z) / math.pi

    def quantile(self, q):
        return tan(math.pi * (q - 0.5))


class Laplace(Continuous):
    """The density is ``exp(-abs(z)) / 2``."""

    def log_density(self, z):
        return -abs_(z) - math.log(2.0)

    def distribution(self, z):
        tail = 0.5 * exp(-abs_(z))
        return where(z > 0.0, 1.0 - tail, tail)

    def survival(self, z):
        return self.distribution(-z)

    def quantile(self, q):
        upper = q > 0.5
        return where(upper, -log(2.0 * where(upper, 1.0 - q, 0.5)), log(2.0 * where(upper, 0.5, q)))


class Logistic(Continuous):
    """The density is that of the logistic function, ``sigmoid(z) * sigmoid(-z)``."""

    def log_density(self, z):
        return logsigmoid(z) + logsigmoid(-z)

    def distribution(self, z):
        return sigmoid(z)

    def survival(self, z):
        return sigmoid(-z)

    def log_distribution(self, z):
        return logsigmoid(z)

    def log_survival(self, z):
        return logsigmoid(-z)

    def quantile(self, q):
        return logit(q)


class Gamma(Continuous):
    """The density is proportional to ``z**(a - 1) * exp(-z)``."""

    shapes, low = ("a",), 0.0

    def log_density(self, z, a):
        return xlogy(a - 1.0, z) - z - lgamma(a)

    def distribution(self, z, a):
        return gammainc(a, z)

    def survival(self, z, a):
        return gammaincc(a, z)

    def quantile(self, q, a):
        return gammaincinv(a, q)


class InverseGamma(Continuous):
    """The reciprocal of a number of the gamma distribution."""

    shapes, low = ("a",), 0.0

    def log_density(self, z, a):
        return -(a + 1.0) * log(z) - 1.0 / z - lgamma(a)

    def distribution(self, z, a):
        return gammaincc(a, 1.0 / z)

    def survival(self, z, a):
        return gammainc(a, 1.0 / z)

    def quantile(self, q, a):
        return 1.0 / gammainccinv(a, q)


class Beta(Continuous):
    """The density is proportional to ``z**(a - 1) * (1 - z)**(b - 1)``."""

    shapes, low, high, interior = ("a", "b"), 0.0, 1.0, 0.5

    def log_density(self, z, a, b):
        return xlogy(a - 1.0, z) + xlog1py(b - 1.0, -z) - betaln(a, b)

    def distribution(self, z, a, b):
        return betainc(a, b, z)

    def survival(self, z, a, b):
        return betainc(b, a, 1.0 - z)

    def quantile(self, q, a, b):
        return betaincinv(a, b, q)


class ChiSquare(Continuous):
    """The gamma distribution of shape df / 2 and scale 2."""

    shapes, low = ("df",), 0.0

    def log_density(self, z, df):
        return xlogy(0.5 * df - 1.0, 0.5 * z) - 0.5 * z - lgamma(0.5 * df) - math.log(2.0)

    def distribution(self, z, df):
        return gammainc(0.5 * df, 0.5 * z)

    def survival(self, z, df):
        return gammaincc(0.5 * df, 0.5 * z)

    def quantile(self, q, df):
        return 2.0 * gammaincinv(0.5 * df, q)


class FisherF(Continuous):
    """The quotient of two numbers of chi-square distributions, each by its degrees of freedom."""

    shapes, low = ("dfn", "dfd"), 0.0

    def log_density(self, z, dfn, dfd):
        n, m = 0.5 * dfn, 0.5 * dfd
        return xlogy(n, dfn) + xlogy(m, dfd) + xlogy(n - 1.0, z) - (n + m) * log(dfd + dfn * z) - betaln(n, m)

    def distribution(self, z, dfn, dfd):
        return betainc(0.5 * dfn, 0.5 * dfd, dfn * z / (dfd + dfn * z))

    def survival(self, z, dfn, dfd):
        return betainc(0.5 * dfd, 0.5 * dfn, dfd / (dfd + dfn * z))

    def quantile(self, q, dfn, dfd):
        part = betaincinv(0.5 * dfn, 0.5 * dfd, q)
        return dfd * part / (dfn * (1.0 - part))


class Exponential(Continuous):
    """The density is ``exp(-z)``."""

    low = 0.0

    def log_density(self, z):
        return -z

    def distribution(self, z):
        return -expm1(-z)

    def survival(self, z):
        return exp(-z)

    def log_survival(self, z):
        return -z

    def quantile(self, q):
        return -log1p(-q)


class Weibull(Continuous):
    """The density is ``c * z**(c - 1) * exp(-z**c)``."""

    shapes, low = ("c",), 0.0

    def log_density(self, z, c):
        return log(c) + xlogy(c - 1.0, z) - pow(z, c)

    def distribution(self, z, c):
        return -expm1(-pow(z, c))

    def survival(self, z, c):
        return exp(-pow(z, c))

    def log_survival(self, z, c):
        return -pow(z, c)

    def quantile(self, q, c):
        return pow(-log1p(-q), 1.0 / c)


class LogNormal(Continuous):
    """The exponential of a number of the normal distribution of standard deviation s."""

    shapes, low = ("s",), 0.0

    def log_density(self, z, s):
        at_zero = z == 0.0
        size = log(where(at_zero, 1.0, z))
        return where(at_zero, -math.inf, -0.5 * square(size / s) - size - log(s) - _LOG_ROOT_TWO_PI)

    def distribution(self, z, s):
        return normal_cdf(log(z) / s)

    def survival(self, z, s):
        return normal_cdf(-log(z) / s)

    def log_distribution(self, z, s):
        return log_ndtr(log(z) / s)

    def log_survival(self, z, s):
        return log_ndtr(-log(z) / s)

    def quantile(self, q, s):
        return exp(s * ndtri(q))


class Uniform(Continuous):
    """The density is 1 between 0 and 1."""

    low, high, interior = 0.0, 1.0, 0.5

    def log_density(self, z):
        return 0.0 * z

    def distribution(self, z):
        return z

    def survival(self, z):
        return 1.0 - z

    def quantile(self, q):
        return q


class Pareto(Continuous):
    """The density is ``b / z**(b + 1)`` from 1 on."""

    shapes, low, interior = ("b",), 1.0, 2.0

    def log_density(self, z, b):
        return log(b) - (b + 1.0) * log(z)

    def distribution(self, z, b):
        return -expm1(-b * log(z))

    def survival(self, z, b):
        return exp(-b * log(z))

    def log_survival(self, z, b):
        return -b * log(z)

    def quantile(self, q, b):
        return exp(-log1p(-q) / b)


_NODES, _WEIGHTS = [0.5 * (x + shift) for x, shift in zip(np.polynomial.legendre.leggauss(64), (1.0, 0.0))]
_WIDTHS = 12.0  # of the density of angles: further out it is less than exp(-29) of what it is at 0


class VonMises(Continuous):
    """The density is proportional to ``exp(kappa * cos(z))``."""

    shapes = ("kappa",)

    def log_density(self, z, kappa):
        return kappa * (cos(z) - 1.0) - math.log(2.0 * math.pi) - log(i0e(kappa))

    def distribution(self, z, kappa):
        """One half and the integral of the density from 0, by Gauss's quadrature, and one for each turn.

        SciPy has a series up to kappa = 50, and a normal distribution in its place, good to 7 digits, from there on.
        """
        turns = rint(z / (2.0 * math.pi))
        widest = _WIDTHS / sqrt(maximum(kappa, _WIDTHS**2 / math.pi**2))  # beyond there is nothing left
        end = maximum(minimum(z - 2.0 * math.pi * turns, widest), -widest)
        density = exp(unsqueeze(kappa, -1) * (cos(unsqueeze(end, -1) * _NODES) - 1.0))
        return turns + 0.5 + end * sum_(density * _WEIGHTS, -1) / (2.0 * math.pi * i0e(kappa))

    def survival(self, z, kappa):
        return self.distribution(-z, kappa)


class TruncatedNormal(Continuous):
    """The normal distribution between a and b."""

    shapes, interior = ("a", "b"), 0.0

    def support(self, a, b):
        return a, b

    def allowed(self, a, b):
        return a < b

    def log_density(self, z, a, b):
        return -0.5 * square(z) - _LOG_ROOT_TWO_PI - log_mass(a, b)

    def distribution(self, z, a, b):
        return exp(self.log_distribution(z, a, b))

    def survival(self, z, a, b):
        return exp(self.log_survival(z, a, b))

    def log_distribution(self, z, a, b):
        return log_mass(a, z) - log_mass(a, b)

    def log_survival(self, z, a, b):
        return log_mass(z, b) - log_mass(a, b)

    def quantile(self, q, a, b):
        mass, left = log_mass(a, b), a < 0.0
        below = ndtri_exp(logaddexp(log_ndtr(where(left, a, -1.0)), log(q) + mass))
        above = -ndtri_exp(logaddexp(log_ndtr(-where(left, 1.0, b)), log1p(-q) + mass))
        return where(left, below, above)


def log_mass(a, b):
    """Logarithm of what the standard normal distribution has between two numbers; in the upper tail by the lower one."""
    upper = a > 0.0
    low, high = where(upper, -b, a), where(upper, -a, b)
    above = log_ndtr(high)
    return above + complement(log_ndtr(low) - above)
