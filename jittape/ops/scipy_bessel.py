"""``scipy.special``: Bessel, Airy, Kelvin and Struve functions; derivatives by argument, not by order."""

import math

from ..numba_backend.c_symbols import FLOAT, INTEGER, OUTPUT
from ..numba_backend.decorators import helper
from .arithmetic import sign
from .choosing import where
from .domains import Domain, POSITIVE, REAL
from .powers import pow
from .scipy_gamma import rgamma
from .scipy_values import UNKNOWN, composed, of_scipy

_ROOT_PI = math.sqrt(math.pi)
ORDER = Domain(0.0, 3.0, values=(0.0, 0.5, 1.0, 2.0, 2.7))
WHOLE_ORDER = Domain(0.0, 3.0, values=(0.0, 1.0, 2.0, 3.0))
ARGUMENT = Domain(0.3, 6.0)


@of_scipy(ORDER, ARGUMENT, without="v")
def jv(v, z, result):
    """The Bessel function of the first kind of real order."""
    return UNKNOWN, 0.5 * (jv(v - 1.0, z) - jv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v", theirs="jv")
def jve(v, z, result):
    """The Bessel function of the first kind, exponentially scaled: for real arguments the function itself."""
    return UNKNOWN, 0.5 * (jv(v - 1.0, z) - jv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v")
def yv(v, z, result):
    """The Bessel function of the second kind of real order."""
    return UNKNOWN, 0.5 * (yv(v - 1.0, z) - yv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v", theirs="yv")
def yve(v, z, result):
    """The Bessel function of the second kind, exponentially scaled: for real arguments the function itself."""
    return UNKNOWN, 0.5 * (yv(v - 1.0, z) - yv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v")
def iv(v, z, result):
    """The modified Bessel function of the first kind of real order."""
    return UNKNOWN, 0.5 * (iv(v - 1.0, z) + iv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v")
def ive(v, z, result):
    """The modified Bessel function of the first kind, times ``exp(-abs(z))``."""
    return UNKNOWN, 0.5 * (ive(v - 1.0, z) + ive(v + 1.0, z)) - sign(z) * result


@of_scipy(ORDER, ARGUMENT, without="v")
def kv(v, z, result):
    """The modified Bessel function of the second kind of real order."""
    return UNKNOWN, -0.5 * (kv(v - 1.0, z) + kv(v + 1.0, z))


@of_scipy(ORDER, ARGUMENT, without="v")
def kve(v, z, result):
    """The modified Bessel function of the second kind, times ``exp(z)``."""
    return UNKNOWN, result - 0.5 * (kve(v - 1.0, z) + kve(v + 1.0, z))


@of_scipy(WHOLE_ORDER, ARGUMENT, without="n")
def kn(n, x, result):
    """The modified Bessel function of the second kind of integer order."""
    return UNKNOWN, -0.5 * (kv(n - 1.0, x) + kv(n + 1.0, x))


@of_scipy(WHOLE_ORDER, ARGUMENT, without="n")
def yn(n, x, result):
    """The Bessel function of the second kind of integer order."""
    return UNKNOWN, 0.5 * (yv(n - 1.0, x) - yv(n + 1.0, x))


# --- orders 0 and 1 ---------------------------------------------------------------------------------------------------


@of_scipy(REAL)
def j0(x, result):
    """The Bessel function of the first kind of order 0."""
    return (-j1(x),)


@of_scipy(REAL)
def j1(x, result):
    """The Bessel function of the first kind of order 1."""
    return (0.5 * (j0(x) - jv(2.0, x)),)


@of_scipy(ARGUMENT)
def y0(x, result):
    """The Bessel function of the second kind of order 0."""
    return (-y1(x),)


@of_scipy(ARGUMENT)
def y1(x, result):
    """The Bessel function of the second kind of order 1."""
    return (y0(x) - result / x,)


@of_scipy(REAL)
def i0(x, result):
    """The modified Bessel function of the first kind of order 0."""
    return (i1(x),)


@of_scipy(REAL)
def i1(x, result):
    """The modified Bessel function of the first kind of order 1."""
    return (0.5 * (i0(x) + iv(2.0, x)),)


@of_scipy(Domain(-2.5, 2.5, kinks=(0.0,)))
def i0e(x, result):
    """The modified Bessel function of order 0, times ``exp(-abs(x))``."""
    return (i1e(x) - sign(x) * result,)


@of_scipy(Domain(-2.5, 2.5, kinks=(0.0,)))
def i1e(x, result):
    """The modified Bessel function of order 1, times ``exp(-abs(x))``."""
    return (i0e(x) - where(x == 0.0, 0.5, result / where(x == 0.0, 1.0, x)) - sign(x) * result,)


@of_scipy(ARGUMENT)
def k0(x, result):
    """The modified Bessel function of the second kind of order 0."""
    return (-k1(x),)


@of_scipy(ARGUMENT)
def k1(x, result):
    """The modified Bessel function of the second kind of order 1."""
    return (-k0(x) - result / x,)


@of_scipy(ARGUMENT)
def k0e(x, result):
    """The modified Bessel function of the second kind of order 0, times ``exp(x)``."""
    return (result - k1e(x),)


@of_scipy(ARGUMENT)
def k1e(x, result):
    """The modified Bessel function of the second kind of order 1, times ``exp(x)``."""
    return (result - k0e(x) - result / x,)


# --- spherical Bessel functions ---------------------------------------------------------------------------------------


@of_scipy(WHOLE_ORDER, ARGUMENT, kinds=INTEGER + FLOAT, without="n")
def spherical_jn(n, z, result):
    """The spherical Bessel function of the first kind."""
    below = where(n > 0.0, n - 1.0, 0.0)
    return UNKNOWN, (n * spherical_jn(below, z) - (n + 1.0) * spherical_jn(n + 1.0, z)) / (2.0 * n + 1.0)


@of_scipy(WHOLE_ORDER, ARGUMENT, kinds=INTEGER + FLOAT, without="n")
def spherical_yn(n, z, result):
    """The spherical Bessel function of the second kind."""
    below = where(n > 0.0, n - 1.0, 0.0)
    return UNKNOWN, (n * spherical_yn(below, z) - (n + 1.0) * spherical_yn(n + 1.0, z)) / (2.0 * n + 1.0)


@of_scipy(WHOLE_ORDER, ARGUMENT, kinds=INTEGER + FLOAT, without="n")
def spherical_in(n, z, result):
    """The modified spherical Bessel function of the first kind."""
    below = where(n > 0.0, n - 1.0, 0.0)
    return UNKNOWN, (n * spherical_in(below, z) + (n + 1.0) * spherical_in(n + 1.0, z)) / (2.0 * n + 1.0)


@of_scipy(WHOLE_ORDER, ARGUMENT, kinds=INTEGER + FLOAT, without="n")
def spherical_kn(n, z, result):
    """The modified spherical Bessel function of the second kind."""
    below = where(n > 0.0, n - 1.0, 0.0)
    return UNKNOWN, -(n * spherical_kn(below, z) + (n + 1.0) * spherical_kn(n + 1.0, z)) / (2.0 * n + 1.0)


# --- Airy, Kelvin and Struve functions --------------------------------------------------------------------------------

_AIRY = FLOAT + 4 * OUTPUT


@of_scipy(REAL, theirs="airy", kinds=_AIRY, output=0)
def _airy_ai(z, result):
    """The Airy function Ai."""
    return (_airy_ai_slope(z),)


@of_scipy(REAL, theirs="airy", kinds=_AIRY, output=1)
def _airy_ai_slope(z, result):
    """The derivative of the Airy function Ai."""
    return (z * _airy_ai(z),)


@of_scipy(REAL, theirs="airy", kinds=_AIRY, output=2)
def _airy_bi(z, result):
    """The Airy function Bi."""
    return (_airy_bi_slope(z),)


@of_scipy(REAL, theirs="airy", kinds=_AIRY, output=3)
def _airy_bi_slope(z, result):
    """The derivative of the Airy function Bi."""
    return (z * _airy_bi(z),)


@composed
def airy(z):
    """The Airy functions and their derivatives: Ai, Ai', Bi, Bi'."""
    return _airy_ai(z), _airy_ai_slope(z), _airy_bi(z), _airy_bi_slope(z)


@of_scipy(ARGUMENT)
def ber(x, result):
    """The Kelvin function ber."""
    return (berp(x),)


@of_scipy(ARGUMENT)
def berp(x, result):
    """The derivative of the Kelvin function ber."""
    return (-bei(x) - where(x == 0.0, 0.0, result / where(x == 0.0, 1.0, x)),)


@of_scipy(ARGUMENT)
def bei(x, result):
    """The Kelvin function bei."""
    return (beip(x),)


@of_scipy(ARGUMENT)
def beip(x, result):
    """The derivative of the Kelvin function bei."""
    return (ber(x) - where(x == 0.0, 0.5, result / where(x == 0.0, 1.0, x)),)


@of_scipy(ARGUMENT)
def ker(x, result):
    """The Kelvin function ker."""
    return (kerp(x),)


@of_scipy(ARGUMENT)
def kerp(x, result):
    """The derivative of the Kelvin function ker."""
    return (-kei(x) - result / x,)


@of_scipy(ARGUMENT)
def kei(x, result):
    """The Kelvin function kei."""
    return (keip(x),)


@of_scipy(ARGUMENT)
def keip(x, result):
    """The derivative of the Kelvin function kei."""
    return (ker(x) - result / x,)


@helper
def struve_excess(v, x):
    """What Struve functions add to the recurrences of Bessel functions."""
    return pow(0.5 * x, v) * rgamma(v + 1.5) / _ROOT_PI


@of_scipy(ORDER, POSITIVE, without="v")
def struve(v, x, result):
    """The Struve function of real order."""
    return UNKNOWN, 0.5 * (struve(v - 1.0, x) - struve(v + 1.0, x) + struve_excess(v, x))


@of_scipy(ORDER, POSITIVE, without="v")
def modstruve(v, x, result):
    """The modified Struve function of real order."""
    return UNKNOWN, 0.5 * (modstruve(v - 1.0, x) + modstruve(v + 1.0, x) + struve_excess(v, x))
