"""Error functions, and activations of networks that are more than a formula of other operations."""

import math
from importlib import import_module

import numpy as np

from .. import mathfun
from . import complex_bodies
from .domains import Domain, NONZERO, REAL, at_bounds, from_scipy
from .arithmetic import abs as abs_, square
from .choosing import clamp_between, where
from .declare_elementwise import elementwise
from .slopes import gaussian, normal_density
from .transcendental import cos, exp, expm1, sigmoid, sigmoid_slope, tanh

_TWO_OVER_SQRT_PI = 2.0 / math.sqrt(math.pi)
_TANH_GELU = math.sqrt(2.0 / math.pi)
_CUBIC_GELU = 0.044715
# of "Self-Normalizing Neural Networks", Klambauer et al. 2017: the fixed point of zero mean and unit variance
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805

FAR = 800.0  # from there on activations are 0 or x itself to the last digit: exp(-FAR) is 0


@elementwise(in_place=True, python=math.erf, oracle=from_scipy("erf"))
def erf(x):
    """The error function, 2 / sqrt(pi) times the integral of exp(-t**2) from 0 to x."""
    return mathfun.erf(x)


@erf.partials
def erf_partials(x, result):
    return (_TWO_OVER_SQRT_PI * gaussian(x),)


@elementwise(in_place=True, python=math.erfc, oracle=from_scipy("erfc"))
def erfc(x):
    """``1 - erf(x)``, without its rounding errors where erf is near 1."""
    return math.erfc(x)


@erfc.partials
def erfc_partials(x, result):
    return (-_TWO_OVER_SQRT_PI * gaussian(x),)


def _of_complex_numbers(function):
    """Let a function of complex numbers be SciPy's, which is imported by the first call and takes its own place."""

    @function.of_complex
    def declared(z):
        import_module(".scipy_functions", __package__)
        return function.operation.of_complex(z)


_of_complex_numbers(erf)
_of_complex_numbers(erfc)


@elementwise(public=False, oracle=from_scipy("ndtr"))
def normal_cdf(x):
    """The distribution function of the standard normal distribution."""
    return mathfun.normal_cdf(x)


@normal_cdf.partials
def normal_cdf_partials(x, result):
    return (normal_density(x),)


# --- activations ------------------------------------------------------------------------------------------------


@elementwise(public=False, joint=True, oracle=lambda x: np.logaddexp(0.0, x))
def softplus(x):
    """``log(1 + exp(x))``, accurate for any x."""
    return mathfun.softplus(x)


@softplus.partials
def softplus_partials(x, result):
    return (sigmoid(x),)


@elementwise(public=False, grad_name="LogSigmoidBackward0", joint=True, oracle=lambda x: -np.logaddexp(0.0, -x))
def logsigmoid(x):
    """``log(1 / (1 + exp(-x)))``, without overflow."""
    return -mathfun.softplus(-x)


@logsigmoid.partials
def logsigmoid_partials(x, result):
    return (sigmoid(-x),)


@elementwise(public=False, domain=NONZERO, oracle=lambda x, slope: np.where(x > 0, x, x * slope))
def leaky_relu(x, slope):
    """`x` where it is positive, `slope` times `x` elsewhere; the derivative at 0 is the slope."""
    return x if x > 0.0 else x * slope


@leaky_relu.partials
def leaky_relu_partials(x, slope, result):
    return where(x > 0.0, 1.0, slope), where(x > 0.0, 0.0, x)


@elementwise(public=False, domain=NONZERO, oracle=lambda x, alpha: np.where(x > 0, x, alpha * np.expm1(x)))
def elu(x, alpha):
    """`x` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere."""
    return x if x > 0.0 else alpha * mathfun.expm1(x)


@elu.partials
def elu_partials(x, alpha, result):
    below = where(x > 0.0, 0.0, x)  # the branch not taken must not overflow: inf times 0 is nan in a second derivative
    return where(x > 0.0, 1.0, alpha * exp(below)), where(x > 0.0, 0.0, expm1(below))


@elementwise(
    public=False, inplace=True, domain=NONZERO, oracle=lambda x: SELU_SCALE * np.where(x > 0, x, SELU_ALPHA * np.expm1(x))
)
def selu(x):
    """Scaled `elu` that keeps mean 0 and variance 1 through layers (Klambauer et al. 2017)."""
    return SELU_SCALE * (x if x > 0.0 else SELU_ALPHA * mathfun.expm1(x))


@selu.partials
def selu_partials(x, result):
    return (where(x > 0.0, SELU_SCALE, SELU_SCALE * SELU_ALPHA * exp(where(x > 0.0, 0.0, x))),)


@elementwise(
    public=False, inplace=True, joint=True, oracle=lambda x: x / (1.0 + np.exp(-x)), holomorphic=complex_bodies.times_logistic
)
def silu(x):
    """``x * sigmoid(x)``."""
    return x * mathfun.sigmoid(x)


@silu.partials
def silu_partials(x, result):
    x = clamp_between(x, -FAR, FAR)
    s = sigmoid(x)
    return (s * (1.0 + x * sigmoid(-x)),)


@silu.complex_partials
def complex_silu_partials(x, result):
    return (sigmoid(x) * (1.0 + x * sigmoid(-x)),)


@elementwise(public=False, oracle=lambda x: x * from_scipy("ndtr")(x))
def gelu(x):
    """`x` times the standard normal distribution function of x."""
    return x * mathfun.normal_cdf(x)


@gelu.partials
def gelu_partials(x, result):
    return (normal_cdf(x) + clamp_between(x, -FAR, FAR) * normal_density(x),)


@elementwise(
    public=False,
    grad_name="GeluBackward0",
    joint=True,
    oracle=lambda x: x / (1.0 + np.exp(-2.0 * _TANH_GELU * (x + _CUBIC_GELU * x * x * x))),
)
def gelu_tanh(x):
    """The approximation of `gelu` by a hyperbolic tangent (Hendrycks and Gimpel 2016).

    In the left tail, where it is below 1e-70 (and far from `gelu`), its relative error grows to 600 ulp with the exponent.
    """
    return x * mathfun.sigmoid(2.0 * _TANH_GELU * (x + _CUBIC_GELU * x * x * x))  # (1 + tanh(u)) / 2, to the last digits


@gelu_tanh.partials
def gelu_tanh_partials(x, result):
    x = clamp_between(x, -FAR, FAR)
    u = 2.0 * _TANH_GELU * (x + _CUBIC_GELU * x * x * x)
    slope = 2.0 * _TANH_GELU * (1.0 + 3.0 * _CUBIC_GELU * x * x)
    return (sigmoid(u) * (1.0 + x * sigmoid(-u) * slope),)


@elementwise(public=False, inplace=True, joint=True, oracle=lambda x: x * np.tanh(np.logaddexp(0.0, x)))
def mish(x):
    """``x * tanh(softplus(x))`` (Misra 2019)."""
    return x * mathfun.tanh(mathfun.softplus(x))


@mish.partials
def mish_partials(x, result):
    x = clamp_between(x, -FAR, FAR)
    u = softplus(x)
    return (tanh(u) + x * (4.0 * sigmoid_slope(2.0 * u)) * sigmoid(x),)


@elementwise(public=False, domain=NONZERO, oracle=lambda x: x / (1.0 + np.abs(x)))
def softsign(x):
    """``x / (1 + |x|)``."""
    return x / (1.0 + abs(x))


@softsign.partials
def softsign_partials(x, result):
    return (square(1.0 / (1.0 + abs_(x))),)


@softsign.of_complex
def _softsign_of_complex(x):
    return x / (1.0 + abs_(x))


@elementwise(
    public=False,
    selects=True,
    domain=(REAL, Domain(-0.75, -0.65), Domain(0.85, 0.95)),
    kinks=at_bounds,
    special_points=[((1.0, 1.0, 2.0), 1.0, (0.0, 1.0, 0.0), (0.0,) * 6), ((2.0, 1.0, 2.0), 2.0, (0.0, 0.0, 1.0), (0.0,) * 6)],
    oracle=lambda x, low, high: np.where(x <= low, low, np.where(x >= high, high, x)),
)
def hardtanh(x, low, high):
    """`x` moved between bounds; unlike with `clamp`, the derivative at a bound is 0."""
    return low if x <= low else (high if x >= high else x)


@hardtanh.partials
def hardtanh_partials(x, low, high, result):
    inside = where(x > low, 1.0, 0.0) * where(x < high, 1.0, 0.0)
    return inside, where(x <= low, 1.0, 0.0), where(x > low, 1.0, 0.0) * where(x >= high, 1.0, 0.0)


@elementwise(
    numpy=np.sinc,
    in_place=True,
    special_points=[((0.0,), 1.0, (0.0,), (-(math.pi**2) / 3,))],
    holomorphic=complex_bodies.sine_over_angle,
)
def sinc(x):
    """The sine of pi x over pi x, and 1 at 0."""
    u = math.pi * x
    return mathfun.sin(u) / u if u != 0.0 else 1.0


@sinc.partials
def sinc_partials(x, result):
    return (sinc_slope(x),)


@sinc.complex_partials
def complex_sinc_partials(x, result):
    u, near = math.pi * x, x.real * x.real + x.imag * x.imag < 0.0025
    t, far = u * u, where(near, 1.0, x)
    series = -math.pi * u * (1 / 3 - t * (1 / 30 - t * (1 / 840 - t * (1 / 45360 - t / 3991680))))
    return (where(near, series, (cos(math.pi * far) - result) / far),)


def _sinc_slope_by_numpy(x):
    difference = (np.cos(math.pi * x) - np.sinc(x)) / np.where(x == 0.0, 1.0, x)
    return np.where(np.abs(x) < 1e-3, -(math.pi**2) / 3.0 * x, difference)


@elementwise(public=False, domain=NONZERO, oracle=_sinc_slope_by_numpy)
def sinc_slope(x):
    """The derivative of `sinc`, 0 at 0."""
    u = math.pi * x
    t = u * u
    if abs(x) < 0.05:  # the difference below would cancel
        return -math.pi * u * (1 / 3 - t * (1 / 30 - t * (1 / 840 - t * (1 / 45360 - t / 3991680))))
    return (mathfun.cos(u) - mathfun.sin(u) / u) / x


# The second derivative of sinc as a polynomial of the square of its argument, near 0.
C1, C2, C3, C4, C5 = [(-1) ** k * math.pi ** (2 * k) * (2 * k) * (2 * k - 1) / math.factorial(2 * k + 1) for k in range(1, 6)]


@sinc_slope.partials
def sinc_slope_partials(x, result):
    t = x * x
    near = t < 0.0025  # the quotient below would cancel there, and its derivative would at tiny arguments
    s = where(near, t, 0.0)
    series = C1 + s * (C2 + s * (C3 + s * (C4 + s * C5)))
    far = where(near, 1.0, x)
    return (where(near, series, -(math.pi**2) * sinc(far) - 2.0 * result / far),)
