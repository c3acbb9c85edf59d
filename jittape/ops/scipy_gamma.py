"""``scipy.special``: the gamma and beta functions, and the incomplete ones with their derivatives by parameters."""

import math

import numpy as np
import scipy.special

from ..numba_backend.decorators import helper
from ..mathfun.incomplete_functions import beta_by_parameters, lower_gamma_by_parameter, upper_gamma_by_parameter
from ..mathfun.polygamma import hurwitz_zeta, hurwitz_zeta_slope
from .choosing import where
from .domains import Domain, PROBABILITY
from .gamma_functions import digamma, gamma, lgamma, polygamma
from ..numba_backend.c_symbols import FLOAT
from .scipy_values import UNKNOWN, also, c_function_of, of_scipy
from .transcendental import cos, exp, log, sin, xlogy
from .scipy_logarithms import xlog1py

SHAPE = Domain(0.4, 4.0)
NO_POLES = Domain(-2.8, 3.5, kinks=(-2.0, -1.0, 0.0), margin=0.15)
_ORDER = Domain(1.0, 1.0, values=(1.0,))

also(gamma)
also(lgamma, "gammaln")
also(digamma)
also(digamma, "psi")


also(polygamma)


@of_scipy(NO_POLES)
def rgamma(x, result):
    """The reciprocal of the gamma function, which has no poles."""
    turned = where(x < 0.5, 1.0 - x, x)  # where the function is known from the other side of 1/2
    psi, value = digamma(turned), gamma(where(x < 0.5, turned, 1.0))
    below = value * (cos(math.pi * x) - sin(math.pi * x) / math.pi * psi)
    return (where(x < 0.5, below, -psi * result),)


@of_scipy(Domain(0.2, 3.5))
def loggamma(x, result):
    """The logarithm of the gamma function, nan where that is negative."""
    return (digamma(x),)


@of_scipy(SHAPE)
def beta(a, b, result):
    """The beta function."""
    both = digamma(a + b)
    return result * (digamma(a) - both), result * (digamma(b) - both)


@of_scipy(SHAPE)
def betaln(a, b, result):
    """The logarithm of the absolute value of the beta function."""
    both = digamma(a + b)
    return digamma(a) - both, digamma(b) - both


@of_scipy(Domain(3.2, 6.0), Domain(0.3, 2.5))
def binom(x, y, result):
    """The binomial coefficient as a function of real numbers."""
    rest = digamma(x - y + 1.0)
    return result * (digamma(x + 1.0) - rest), result * (rest - digamma(y + 1.0))


@of_scipy(SHAPE)
def poch(z, m, result):
    """The rising factorial, gamma(z + m) / gamma(z)."""
    both = digamma(z + m)
    return result * (both - digamma(z)), result * both


def _zeta_body(x, q):
    if q > 0.0 and x > 1.0:
        return hurwitz_zeta(x, q)
    return math.inf if x == 1.0 else math.nan


def _zeta_slope_body(order, x, q):
    if q > 0.0 and x >= 0.0 and x != 1.0 and 1.0 <= order <= 3.0:
        return hurwitz_zeta_slope(order, x, q)
    return math.nan


@of_scipy(Domain(1.0, 2.0, values=(1.0, 2.0)), Domain(1.5, 6.0), Domain(0.3, 4.0), without="order", body=_zeta_slope_body)
def zeta_slope(order, x, q, result):
    """A derivative of the Hurwitz zeta function by x, of order 1 to 3; higher ones are nan."""
    below = where(order == 1.0, zeta(x + 1.0, q), zeta_slope(where(order == 1.0, 1.0, order - 1.0), x + 1.0, q))
    return UNKNOWN, zeta_slope(order + 1.0, x, q), -x * zeta_slope(order, x + 1.0, q) - order * below


@of_scipy(Domain(0.3, 6.0))
def gammasgn(x, result):
    """The sign of the gamma function."""
    return (0.0,)


@of_scipy(Domain(1.5, 6.0), Domain(0.3, 4.0), body=_zeta_body)
def zeta(x, q, result):
    """The Hurwitz zeta function of x > 1 and q > 0."""
    return zeta_slope(1.0, x, q), -x * zeta(x + 1.0, q)


@of_scipy(Domain(-3.5, 4.0, kinks=(1.0,), margin=0.2))
def zetac(x, result):
    """Riemann's zeta function less 1; below 0 the derivative is that of the reflection at 1/2."""
    below = x < 0.0
    right = where(below, 1.0 - x, 2.0)
    size = 2.0 * (2.0 * math.pi) ** (where(below, x, 0.0) - 1.0) * gamma(right) * zeta(right, 1.0)
    inner = math.log(2.0 * math.pi) - digamma(right) - zeta_slope(1.0, right, 1.0) / zeta(right, 1.0)
    turn = 0.5 * math.pi * x
    reflected = size * (sin(turn) * inner + 0.5 * math.pi * cos(turn))
    return (where(below, reflected, zeta_slope(1.0, where(below, 2.0, x), 1.0)),)


# --- incomplete gamma functions -----------------------------------------------------------------------------------


def _gamma_density(a, x):
    if x < 0.0 or a <= 0.0:
        return math.nan
    if x == 0.0:
        return math.inf if a < 1.0 else (1.0 if a == 1.0 else 0.0)
    return math.exp((a - 1.0) * math.log(x) - x - math.lgamma(a)) if x < math.inf else 0.0


def _gamma_density_by_numpy(a, x):
    return np.exp((a - 1.0) * np.log(x) - x - scipy.special.gammaln(a))


@of_scipy(SHAPE, body=_gamma_density, oracle=_gamma_density_by_numpy)
def gamma_density(a, x, result):
    """The density of the gamma distribution of shape `a`."""
    return result * (log(x) - digamma(a)), where(x == math.inf, 0.0, result * ((a - 1.0) / x - 1.0))


_lower, _upper = c_function_of("gammainc", FLOAT * 2), c_function_of("gammaincc", FLOAT * 2)


def _gammainc_by_a(order, a, x):
    if not (a > 0.0 and x >= 0.0) or order < 1.0 or order > 2.0:
        return math.nan
    if x == 0.0 or x == math.inf:
        return 0.0
    if x <= 1.0 or x <= a:
        value, (first, second) = _lower(a, x), lower_gamma_by_parameter(a, x)
    else:
        value, (first, second) = -_upper(a, x), upper_gamma_by_parameter(a, x)
    return 0.0 if value == 0.0 else value * (first if order == 1.0 else second)


@of_scipy(_ORDER, SHAPE, SHAPE, without="order", body=_gammainc_by_a)
def gammainc_slope(order, a, x, result):
    """The first or second derivative of gammainc by its parameter; higher ones are not known, nan."""
    u = log(where(x == 0.0, 1.0, x)) - digamma(a)
    by_x = gamma_density(a, x) * where(order == 1.0, u, u * u - polygamma(1.0, a))
    return UNKNOWN, gammainc_slope(order + 1.0, a, x), where(x == 0.0, 0.0, by_x)


@of_scipy(SHAPE)
def gammainc(a, x, result):
    """The regularized lower incomplete gamma function."""
    return gammainc_slope(1.0, a, x), gamma_density(a, x)


def gammainc_by_x(a, x, result):
    return (gamma_density(a, x),)


gammainc.operation.alone[1] = gammainc_by_x


@of_scipy(SHAPE)
def gammaincc(a, x, result):
    """The regularized upper incomplete gamma function."""
    return -gammainc_slope(1.0, a, x), -gamma_density(a, x)


def gammaincc_by_x(a, x, result):
    return (-gamma_density(a, x),)


gammaincc.operation.alone[1] = gammaincc_by_x


@of_scipy(SHAPE, PROBABILITY)
def gammaincinv(a, y, result):
    """The inverse of the lower incomplete gamma function."""
    slope = 1.0 / gamma_density(a, result)
    return -gammainc_slope(1.0, a, result) * slope, slope


@of_scipy(SHAPE, PROBABILITY)
def gammainccinv(a, y, result):
    """The inverse of the upper incomplete gamma function."""
    slope = 1.0 / gamma_density(a, result)
    return -gammainc_slope(1.0, a, result) * slope, -slope


# --- incomplete beta functions ----------------------------------------------------------------------------------------


@helper
def beta_density(a, b, x):
    """The density of the beta distribution."""
    return exp(xlogy(a - 1.0, x) + xlog1py(b - 1.0, -x) - betaln(a, b))


_betainc = c_function_of("betainc", FLOAT * 3)


@helper
def _by_parameters(a, b, x, which):
    """The derivative of betainc by `a`, `b`, `aa`, `ab` or `bb`, which = 0 to 4."""
    if not (a > 0.0 and b > 0.0 and 0.0 <= x <= 1.0):
        return math.nan
    if x == 0.0 or x == 1.0:
        return 0.0
    below = x <= (a + 1.0) / (a + b + 2.0)
    if below:
        value, found = _betainc(a, b, x), beta_by_parameters(a, b, x)
    else:
        value, found = -_betainc(b, a, 1.0 - x), beta_by_parameters(b, a, 1.0 - x)
    by_a, by_b, by_aa, by_ab, by_bb = found
    slopes = (by_a, by_b, by_aa, by_ab, by_bb) if below else (by_b, by_a, by_bb, by_ab, by_aa)
    return 0.0 if value == 0.0 else value * slopes[which]


def _betainc_body(which):
    def body(a, b, x):
        return _by_parameters(a, b, x, which)

    return body


@helper
def _slopes_of_beta(a, b, x):
    """Derivatives of the logarithm of `beta_density` by `a` and by `b`."""
    both = digamma(a + b)
    return log(x) - digamma(a) + both, log(1.0 - x) - digamma(b) + both


@of_scipy(SHAPE, SHAPE, PROBABILITY, body=_betainc_body(0))
def betainc_slope_a(a, b, x, result):
    """The derivative of betainc by `a`."""
    by_a, _ = _slopes_of_beta(a, b, x)
    return betainc_slope_aa(a, b, x), betainc_slope_ab(a, b, x), beta_density(a, b, x) * by_a


@of_scipy(SHAPE, SHAPE, PROBABILITY, body=_betainc_body(1))
def betainc_slope_b(a, b, x, result):
    """The derivative of betainc by `b`."""
    _, by_b = _slopes_of_beta(a, b, x)
    return betainc_slope_ab(a, b, x), betainc_slope_bb(a, b, x), beta_density(a, b, x) * by_b


# Their own derivatives by parameters, the third ones of betainc, are not known: nan.


@of_scipy(SHAPE, SHAPE, PROBABILITY, body=_betainc_body(2))
def betainc_slope_aa(a, b, x, result):
    """The second derivative of betainc by `a`."""
    by_a, _ = _slopes_of_beta(a, b, x)
    return UNKNOWN, UNKNOWN, beta_density(a, b, x) * (by_a * by_a - polygamma(1.0, a) + polygamma(1.0, a + b))


@of_scipy(SHAPE, SHAPE, PROBABILITY, body=_betainc_body(3))
def betainc_slope_ab(a, b, x, result):
    """The mixed derivative of betainc by `a` and `b`."""
    by_a, by_b = _slopes_of_beta(a, b, x)
    return UNKNOWN, UNKNOWN, beta_density(a, b, x) * (by_a * by_b + polygamma(1.0, a + b))


@of_scipy(SHAPE, SHAPE, PROBABILITY, body=_betainc_body(4))
def betainc_slope_bb(a, b, x, result):
    """The second derivative of betainc by `b`."""
    _, by_b = _slopes_of_beta(a, b, x)
    return UNKNOWN, UNKNOWN, beta_density(a, b, x) * (by_b * by_b - polygamma(1.0, b) + polygamma(1.0, a + b))


@of_scipy(SHAPE, SHAPE, PROBABILITY)
def betainc(a, b, x, result):
    """The regularized incomplete beta function."""
    return betainc_slope_a(a, b, x), betainc_slope_b(a, b, x), beta_density(a, b, x)


def betainc_by_x(a, b, x, result):
    return (beta_density(a, b, x),)


betainc.operation.alone[2] = betainc_by_x


@of_scipy(SHAPE, SHAPE, PROBABILITY)
def betaincc(a, b, x, result):
    """The complement of the regularized incomplete beta function."""
    return -betainc_slope_a(a, b, x), -betainc_slope_b(a, b, x), -beta_density(a, b, x)


@of_scipy(SHAPE, SHAPE, PROBABILITY)
def betaincinv(a, b, y, result):
    """The inverse of the regularized incomplete beta function."""
    slope = 1.0 / beta_density(a, b, result)
    return -betainc_slope_a(a, b, result) * slope, -betainc_slope_b(a, b, result) * slope, slope


@of_scipy(SHAPE, SHAPE, PROBABILITY)
def betainccinv(a, b, y, result):
    """The inverse of the complement of the regularized incomplete beta function."""
    slope = 1.0 / beta_density(a, b, result)
    return -betainc_slope_a(a, b, result) * slope, -betainc_slope_b(a, b, result) * slope, -slope
