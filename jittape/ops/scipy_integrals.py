"""``scipy.special``: error functions, exponential, trigonometric and elliptic integrals."""

import math

from ..numba_backend.decorators import helper
from .arithmetic import sqrt, square
from .choosing import where
from .domains import Domain, NONZERO, POSITIVE, PROBABILITY, REAL
from .round_and_remainder import rint
from ..numba_backend.c_symbols import FLOAT, OUTPUT
from .scipy_values import UNKNOWN, also, c_function_of, composed, of_scipy
from .slopes import normal_density
from .special_functions import erf, erfc, normal_cdf, sinc
from .transcendental import cos, cosh, exp, sin, sinh

_ROOT_PI = math.sqrt(math.pi)
_TWO_OVER_ROOT_PI = 2.0 / _ROOT_PI
_ROOT_TWO_PI = math.sqrt(2.0 * math.pi)
_ROOT_HALF = math.sqrt(0.5)
MODULUS = Domain(-1.5, 0.9)

also(erf)
also(erfc)
also(normal_cdf, "ndtr")

# --- error functions ------------------------------------------------------------------------------------------------


FAR = 20.0  # from there on the series has all digits


@of_scipy(REAL)
def dawsn(x, result):
    """Dawson's integral, exp(-x**2) times the integral of exp(t**2) from 0 to x."""
    far = (x > FAR) | (x < -FAR)
    t = 0.5 / square(where(far, x, FAR))
    near = 1.0 - 2.0 * where(far, 0.0, x) * result
    return (where(far, -t * (1.0 + t * 3.0 * (1.0 + t * 5.0 * (1.0 + t * 7.0 * (1.0 + t * 9.0 * (1.0 + t * 11.0))))), near),)


@of_scipy(REAL)
def erfcx(x, result):
    """The complementary error function times exp(x**2)."""
    far = x > FAR
    t = 0.5 / square(where(far, x, FAR))
    series = t * (1.0 - t * 3.0 * (1.0 - t * 5.0 * (1.0 - t * 7.0 * (1.0 - t * 9.0 * (1.0 - t * 11.0)))))
    return (where(far, -_TWO_OVER_ROOT_PI * series, 2.0 * where(far, 0.0, x) * result - _TWO_OVER_ROOT_PI),)


@of_scipy(REAL)
def erfi(z, result):
    """The imaginary error function, 2 / sqrt(pi) times the integral of exp(t**2) from 0 to z."""
    return (_TWO_OVER_ROOT_PI * exp(z * z),)


@of_scipy(Domain(-0.9, 0.9))
def erfinv(y, result):
    """The inverse of the error function."""
    return (0.5 * _ROOT_PI * exp(result * result),)


@of_scipy(Domain(0.1, 1.9))
def erfcinv(y, result):
    """The inverse of the complementary error function."""
    return (-0.5 * _ROOT_PI * exp(result * result),)


@of_scipy(PROBABILITY)
def ndtri(y, result):
    """The inverse of the distribution function of the standard normal distribution."""
    return (_ROOT_TWO_PI * exp(0.5 * result * result),)


@of_scipy(REAL)
def log_ndtr(x, result):
    """The logarithm of the distribution function of the standard normal distribution."""
    below = where(x < 0.0, x, 0.0)  # there the quotient of density and distribution function, without either
    return (
        where(x < 0.0, 2.0 / _ROOT_TWO_PI / erfcx(-_ROOT_HALF * below), normal_density(x) / normal_cdf(where(x < 0.0, 0.0, x))),
    )


@of_scipy(Domain(-4.0, -0.1))
def ndtri_exp(y, result):
    """The inverse of `log_ndtr`."""
    return (exp(y) / normal_density(result),)


@of_scipy(REAL)
def owens_t(h, a, result):
    """Owen's T function."""
    root = 1.0 + a * a
    return -0.5 * normal_density(h) * erf(_ROOT_HALF * a * h), normal_density(h * sqrt(root)) / (_ROOT_TWO_PI * root)


# --- exponential and trigonometric integrals --------------------------------------------------------------------------


@of_scipy(POSITIVE)
def exp1(z, result):
    """The exponential integral E1."""
    return (-exp(-z) / z,)


@of_scipy(NONZERO)
def expi(x, result):
    """The exponential integral Ei."""
    return (exp(x) / x,)


@of_scipy(Domain(0.0, 3.0, values=(0.0, 1.0, 2.0, 3.0)), POSITIVE, without="n")
def expn(n, x, result):
    """The generalized exponential integral of integer order."""
    first = n < 1.0
    return UNKNOWN, where(first, -result * (1.0 + 1.0 / x), -expn(where(first, 0.0, n - 1.0), x))


_TWO = FLOAT + 2 * OUTPUT


@of_scipy(NONZERO, theirs="sici", kinds=_TWO, output=0)
def _sine_integral(x, result):
    """The integral of sin(t) / t from 0 to x."""
    return (sinc(x / math.pi),)


@of_scipy(POSITIVE, theirs="sici", kinds=_TWO, output=1)
def _cosine_integral(x, result):
    """Euler's constant, log(x), and the integral of (cos(t) - 1) / t from 0 to x."""
    return (cos(x) / x,)


@of_scipy(NONZERO, theirs="shichi", kinds=_TWO, output=0)
def _hyperbolic_sine_integral(x, result):
    """The integral of sinh(t) / t from 0 to x."""
    return (where(x == 0.0, 1.0, sinh(x) / where(x == 0.0, 1.0, x)),)


@of_scipy(POSITIVE, theirs="shichi", kinds=_TWO, output=1)
def _hyperbolic_cosine_integral(x, result):
    """Euler's constant, log(x), and the integral of (cosh(t) - 1) / t from 0 to x."""
    return (cosh(x) / x,)


@of_scipy(REAL, theirs="fresnel", kinds=_TWO, output=0)
def _fresnel_sine(z, result):
    """The integral of sin(pi t**2 / 2) from 0 to z."""
    return (sin(0.5 * math.pi * z * z),)


@of_scipy(REAL, theirs="fresnel", kinds=_TWO, output=1)
def _fresnel_cosine(z, result):
    """The integral of cos(pi t**2 / 2) from 0 to z."""
    return (cos(0.5 * math.pi * z * z),)


@composed
def sici(x):
    """The sine and cosine integrals."""
    return _sine_integral(x), _cosine_integral(x)


@composed
def shichi(x):
    """The hyperbolic sine and cosine integrals."""
    return _hyperbolic_sine_integral(x), _hyperbolic_cosine_integral(x)


@composed
def fresnel(z):
    """The Fresnel integrals, of sine and of cosine."""
    return _fresnel_sine(z), _fresnel_cosine(z)


# --- elliptic integrals -----------------------------------------------------------------------------------------------
# Derivatives by the parameter come from hypergeometric functions and from Carlson's integrals: the formulas with a division by
# the parameter lose all digits where it is small.

_hyp2f1 = c_function_of("hyp2f1", FLOAT * 4)


def _first_kind(k, m):
    return 0.5 * math.pi * _hyp2f1(0.5 + k, 0.5 + k, 1.0 + k, m)


def _second_kind(k, m):
    return 0.5 * math.pi * _hyp2f1(k - 0.5, 0.5 + k, 1.0 + k, m)


_INDEX = Domain(0.0, 2.0, values=(0.0, 1.0, 2.0))


@of_scipy(_INDEX, MODULUS, without="k", body=_first_kind)
def _ellipk_series(k, m, result):
    """The function that derivative k of ellipk is a multiple of."""
    return UNKNOWN, square(k + 0.5) / (k + 1.0) * _ellipk_series(k + 1.0, m)


@of_scipy(_INDEX, MODULUS, without="k", body=_second_kind)
def _ellipe_series(k, m, result):
    """The function that derivative k of ellipe is a multiple of."""
    return UNKNOWN, (k - 0.5) * (k + 0.5) / (k + 1.0) * _ellipe_series(k + 1.0, m)


@of_scipy(MODULUS)
def ellipk(m, result):
    """The complete elliptic integral of the first kind."""
    return (0.25 * _ellipk_series(1.0, m),)


@of_scipy(PROBABILITY)
def ellipkm1(p, result):
    """The complete elliptic integral of the first kind of 1 - p."""
    return (-0.25 * _ellipk_series(1.0, 1.0 - p),)


@of_scipy(MODULUS)
def ellipe(m, result):
    """The complete elliptic integral of the second kind."""
    return (-0.25 * _ellipe_series(1.0, m),)


@helper
def _slope_of_elliprd(x, y, z):
    """The derivative of `elliprd` by x: that of Carlson's duplications (DLMF 19.26), whose terms are of one sign.

    The quotient ``(elliprd(y, z, x) - elliprd(x, y, z)) / (2 * (x - z))`` is the same, and loses its digits where x is near z.
    """
    x_dot, y_dot, z_dot, total, scale = 1.0, 0.0, 0.0, 0.0, 1.0
    for _ in range(14):
        u, v, w = sqrt(x), sqrt(y), sqrt(z)
        u_dot, v_dot, w_dot = 0.5 * x_dot / u, 0.5 * y_dot / v, 0.5 * z_dot / w
        mixed = u * v + u * w + v * w
        mixed_dot = u_dot * (v + w) + v_dot * (u + w) + w_dot * (u + v)
        total = total - scale / (w * (z + mixed)) * (w_dot / w + (z_dot + mixed_dot) / (z + mixed))
        x, y, z = 0.25 * (x + mixed), 0.25 * (y + mixed), 0.25 * (z + mixed)
        x_dot, y_dot, z_dot = 0.25 * (x_dot + mixed_dot), 0.25 * (y_dot + mixed_dot), 0.25 * (z_dot + mixed_dot)
        scale = 0.25 * scale
    middle, middle_dot = 0.2 * (x + y + 3.0 * z), 0.2 * (x_dot + y_dot + 3.0 * z_dot)
    return 3.0 * total - 1.5 * scale * middle_dot / (square(middle) * sqrt(middle))


@of_scipy(POSITIVE)
def elliprd(x, y, z, result):
    """Carlson's degenerate elliptic integral of the second kind."""
    by_x, by_y = _slope_of_elliprd(x, y, z), _slope_of_elliprd(y, x, z)
    return by_x, by_y, -(1.5 * result + x * by_x + y * by_y) / z


@of_scipy(POSITIVE)
def elliprf(x, y, z, result):
    """Carlson's elliptic integral of the first kind."""
    return -elliprd(y, z, x) / 6.0, -elliprd(z, x, y) / 6.0, -elliprd(x, y, z) / 6.0


@of_scipy(POSITIVE)
def elliprg(x, y, z, result):
    """Carlson's elliptic integral of the second kind."""
    first = 3.0 * elliprf(x, y, z)
    return ((first - x * elliprd(y, z, x)) / 12.0, (first - y * elliprd(z, x, y)) / 12.0, (first - z * elliprd(x, y, z)) / 12.0)


@of_scipy(POSITIVE, NONZERO)
def elliprc(x, y, result):
    """Carlson's degenerate elliptic integral of the first kind; where y is negative, Cauchy's principal value."""
    above = y > 0.0
    near, far = where(above, y, 1.0), where(above, x - 1.0, y)
    by_x = where(above, -elliprd(near, near, x) / 6.0, 0.5 * (result - 1.0 / sqrt(x)) / (far - x))
    return by_x, -(0.5 * result + x * by_x) / y


@of_scipy(Domain(-2.5, 2.5), Domain(-0.5, 0.8))
def ellipkinc(phi, m, result):
    """The incomplete elliptic integral of the first kind."""
    turns = rint(phi / math.pi)
    s, c = sin(phi - turns * math.pi), cos(phi)
    rest = 1.0 - m * s * s
    inside = s * s * s / 6.0 * elliprd(c * c, 1.0, rest)
    return 1.0 / sqrt(rest), inside + where(turns == 0.0, 0.0, turns * 0.5 * _ellipk_series(1.0, where(turns == 0.0, 0.0, m)))


@of_scipy(Domain(-2.5, 2.5), Domain(-0.5, 0.8))
def ellipeinc(phi, m, result):
    """The incomplete elliptic integral of the second kind."""
    turns = rint(phi / math.pi)
    s, c = sin(phi - turns * math.pi), cos(phi)
    rest = 1.0 - m * s * s
    inside = -s * s * s / 6.0 * elliprd(c * c, rest, 1.0)
    return sqrt(rest), inside - where(turns == 0.0, 0.0, turns * 0.5 * _ellipe_series(1.0, where(turns == 0.0, 0.0, m)))


@of_scipy(Domain(1.0, 3.0), Domain(0.2, 0.9))
def agm(a, b, result):
    """The arithmetic-geometric mean."""
    total = a + b
    quotient = (a - b) / total
    m = quotient * quotient
    slope = -0.25 * _ellipk_series(1.0, m) / ellipk(m) * 4.0 * quotient / (total * total)
    return result * (1.0 / total + slope * b), result * (1.0 / total - slope * a)


_ELLIPJ = FLOAT * 2 + OUTPUT * 4


@of_scipy(Domain(-1.5, 1.5), Domain(0.1, 0.8), theirs="ellipj", kinds=_ELLIPJ, output=0)
def _ellipj_sn(u, m, result):
    """The Jacobian elliptic function sn."""
    cn, dn = _ellipj_cn(u, m), _ellipj_dn(u, m)
    return cn * dn, cn * _amplitude_by_m(u, m)


@of_scipy(Domain(-1.5, 1.5), Domain(0.1, 0.8), theirs="ellipj", kinds=_ELLIPJ, output=1)
def _ellipj_cn(u, m, result):
    """The Jacobian elliptic function cn."""
    sn, dn = _ellipj_sn(u, m), _ellipj_dn(u, m)
    return -sn * dn, -sn * _amplitude_by_m(u, m)


@of_scipy(Domain(-1.5, 1.5), Domain(0.1, 0.8), theirs="ellipj", kinds=_ELLIPJ, output=2)
def _ellipj_dn(u, m, result):
    """The Jacobian elliptic function dn."""
    sn, cn = _ellipj_sn(u, m), _ellipj_cn(u, m)
    return -m * sn * cn, -sn * (0.5 * sn + m * cn * _amplitude_by_m(u, m)) / result


@of_scipy(Domain(-1.5, 1.5), Domain(0.1, 0.8), theirs="ellipj", kinds=_ELLIPJ, output=3)
def _ellipj_amplitude(u, m, result):
    """The amplitude of the Jacobian elliptic functions."""
    return _ellipj_dn(u, m), _amplitude_by_m(u, m)


@helper
def _amplitude_by_m(u, m):
    """The derivative of the amplitude by the parameter: of `ellipkinc`, which it is the inverse of."""
    phi = _ellipj_amplitude(u, m)
    turns = rint(phi / math.pi)
    s, c = sin(phi - turns * math.pi), cos(phi)
    inside = s * s * s / 6.0 * elliprd(c * c, 1.0, 1.0 - m * s * s)
    whole = turns * 0.5 * _ellipk_series(1.0, m)
    return -_ellipj_dn(u, m) * (inside + whole)


@composed
def ellipj(u, m):
    """The Jacobian elliptic functions sn, cn, dn and the amplitude."""
    return _ellipj_sn(u, m), _ellipj_cn(u, m), _ellipj_dn(u, m), _ellipj_amplitude(u, m)
