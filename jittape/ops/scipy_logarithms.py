"""``scipy.special``: logarithms, entropies, and powers near 1."""

import math

from .arithmetic import abs as abs_, cbrt, sqrt
from .choosing import where
from .domains import Domain, NONZERO, POSITIVE, PROBABILITY, REAL
from .scipy_values import UNKNOWN, also, of_scipy
from .special_functions import logsigmoid
from .transcendental import exp, exp2, expm1, log, log1p, sigmoid, sin, xlogy


_DEGREE = math.pi / 180.0
_LOG_10 = math.log(10.0)

also(xlogy)
also(sigmoid, "expit")
also(logsigmoid, "log_expit")
also(exp2)
also(expm1)
also(log1p)
also(cbrt)


@of_scipy(REAL, Domain(-0.8, 3.0))
def xlog1py(x, y, result):
    """``x * log1p(y)``, and 0 where x is 0 and y is not nan."""
    return log1p(y), where(x == 0.0, 0.0, x / (1.0 + y))


@of_scipy(PROBABILITY, theirs="logit")
def logit(x, result):
    """The logarithm of the odds, log(x / (1 - x))."""
    return (1.0 / (x * (1.0 - x)),)


@of_scipy(POSITIVE)
def entr(x, result):
    """The entropy ``-x * log(x)``, 0 at 0, and -inf below."""
    return (where(x < 0.0, 0.0, -log(where(x < 0.0, 1.0, x)) - 1.0),)


@of_scipy(POSITIVE)
def rel_entr(x, y, result):
    """The relative entropy ``x * log(x / y)``."""
    outside = (x < 0.0) | (y < 0.0)
    x, y = where(outside, 1.0, x), where(outside, 1.0, y)
    return where(outside, 0.0, log(x / y) + 1.0), where(outside, 0.0, -x / y)


@of_scipy(POSITIVE)
def kl_div(x, y, result):
    """The divergence ``x * log(x / y) - x + y``."""
    outside = (x < 0.0) | (y < 0.0)
    x, y = where(outside, 1.0, x), where(outside, 1.0, y)
    return where(outside, 0.0, log(x / y)), where(outside, 0.0, 1.0 - x / y)


@of_scipy(Domain(0.5, 1.0), Domain(-3.0, 3.0, kinks=(-1.0, -0.5, 0.5, 1.0), margin=0.02))
def huber(delta, r, result):
    """The Huber loss: quadratic up to `delta`, linear from there."""
    size, outside = abs_(r), delta < 0.0
    inside = size <= delta
    by_delta = where(inside | outside, 0.0, size - delta)
    return by_delta, where(outside, 0.0, where(inside, r, where(r > 0.0, delta, -delta)))


@of_scipy(Domain(0.5, 2.0), Domain(-3.0, 3.0))
def pseudo_huber(delta, r, result):
    """The smooth form of the Huber loss, ``delta**2 * (sqrt(1 + (r / delta)**2) - 1)``."""
    ratio = r / delta
    root = sqrt(1.0 + ratio * ratio)
    # 2 delta (root - 1) - r ratio / root, without the difference that cancels
    return delta * (ratio * ratio) * (ratio * ratio) / (root * (1.0 + root) * (1.0 + root)), r / root


@of_scipy(REAL)
def exp10(x, result):
    """The power of 10."""
    return (_LOG_10 * result,)


@of_scipy(REAL)
def cosm1(x, result):
    """``cos(x) - 1``, with all digits near 0."""
    return (-sin(x),)


@of_scipy(NONZERO)
def exprel(x, result):
    """``(exp(x) - 1) / x``, and 1 at 0."""
    return (0.5 * hyp1f1(2.0, 3.0, x),)


@of_scipy(REAL, REAL, Domain(-2.0, 2.0), without="a b")
def hyp1f1(a, b, x, result):
    """The confluent hypergeometric function, with a derivative by its argument."""
    return UNKNOWN, UNKNOWN, a / b * hyp1f1(a + 1.0, b + 1.0, x)


@of_scipy(POSITIVE, REAL)
def boxcox(x, lmbda, result):
    """The Box-Cox transformation, ``(x**lmbda - 1) / lmbda``, and log(x) for lmbda = 0."""
    size = log(x)
    return exp((lmbda - 1.0) * size), 0.5 * size * size * hyp1f1(2.0, 3.0, lmbda * size)


@of_scipy(POSITIVE, REAL)
def boxcox1p(x, lmbda, result):
    """The Box-Cox transformation of 1 + x."""
    size = log1p(x)
    return exp((lmbda - 1.0) * size), 0.5 * size * size * hyp1f1(2.0, 3.0, lmbda * size)


@of_scipy(POSITIVE, Domain(0.3, 2.0))
def inv_boxcox(y, lmbda, result):
    """The inverse of `boxcox`."""
    inner = 1.0 + lmbda * y
    return result / inner, result * (y / inner - log1p(lmbda * y) / lmbda) / lmbda


@of_scipy(POSITIVE, Domain(0.3, 2.0))
def inv_boxcox1p(y, lmbda, result):
    """The inverse of `boxcox1p`."""
    inner = 1.0 + lmbda * y
    return (1.0 + result) / inner, (1.0 + result) * (y / inner - log1p(lmbda * y) / lmbda) / lmbda


@of_scipy(POSITIVE, REAL)
def powm1(x, y, result):
    """``x**y - 1``, with all digits near 0."""
    power = 1.0 + result
    return y * power / x, power * log(x)


@of_scipy(REAL)
def sindg(x, result):
    """The sine of an angle in degrees."""
    return (_DEGREE * cosdg(x),)


@of_scipy(REAL)
def cosdg(x, result):
    """The cosine of an angle in degrees."""
    return (-_DEGREE * sindg(x),)


@of_scipy(REAL)
def tandg(x, result):
    """The tangent of an angle in degrees."""
    return (_DEGREE * (1.0 + result * result),)


@of_scipy(NONZERO)
def cotdg(x, result):
    """The cotangent of an angle in degrees."""
    return (-_DEGREE * (1.0 + result * result),)


@of_scipy(POSITIVE)
def spence(z, result):
    """Spence's integral, the dilogarithm of 1 - z."""
    at_one = z == 1.0
    return (where(at_one, -1.0, log(where(at_one, 2.0, z)) / where(at_one, 1.0, 1.0 - z)),)


@of_scipy(REAL)
def wrightomega(z, result):
    """The Wright omega function: w + log(w) = z."""
    return (result / (1.0 + result),)
