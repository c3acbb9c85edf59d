"""``scipy.special`` of complex numbers: SciPy's values, and the complex derivatives that are made of elementary functions."""

import math

import numpy as np
import scipy.special

from . import scipy_gamma, scipy_integrals, scipy_logarithms  # noqa: F401 - they declare what is looked up below
from .arithmetic import reciprocal, square
from .complex_parts import ElementByElement
from .declare_structured import structured
from .operation_names import BY_NUMPY
from .scipy_values import FUNCTIONS
from .shape_rules import expect, same_shape
from .transcendental import exp, log

_TWO_OVER_ROOT_PI, _ROOT_TWO_PI = 2.0 / math.sqrt(math.pi), math.sqrt(2.0 * math.pi)


def _digamma(z):
    return special_of_complex_values.apply(z, "psi")


def _unknown(z, w):
    raise NotImplementedError(
        "scipy.special.psi: of complex numbers the derivative is not known: got a value that requires grad, expected a constant: "
        "pass z.detach() or jt.stop_gradient(z)"
    )


SLOPES = {  # name -> the derivative, of argument and value
    "erf": lambda z, w: _TWO_OVER_ROOT_PI * exp(-square(z)),
    "erfc": lambda z, w: -_TWO_OVER_ROOT_PI * exp(-square(z)),
    "erfi": lambda z, w: _TWO_OVER_ROOT_PI * exp(square(z)),
    "erfcx": lambda z, w: 2.0 * z * w - _TWO_OVER_ROOT_PI,
    "dawsn": lambda z, w: 1.0 - 2.0 * z * w,
    "ndtr": lambda z, w: exp(-0.5 * square(z)) / _ROOT_TWO_PI,
    "log_ndtr": lambda z, w: exp(-0.5 * square(z) - w) / _ROOT_TWO_PI,
    "exp1": lambda z, w: -exp(-z) / z,
    "expi": lambda z, w: exp(z) / z,
    "gamma": lambda z, w: w * _digamma(z),
    "loggamma": lambda z, w: _digamma(z),
    "rgamma": lambda z, w: -w * _digamma(z),
    "psi": _unknown,
    "spence": lambda z, w: log(z) / (1.0 - z),
    "wrightomega": lambda z, w: w * reciprocal(1.0 + w),
}


@structured(kind=ElementByElement, holomorphic=True, grad_name="SpecialBackward0")
def special_of_complex_values(z, name):
    """A function of ``scipy.special``, by its name."""
    return np.asarray(getattr(scipy.special, name)(z), z.dtype)


@special_of_complex_values.pullback_of(0)
def special_of_complex_pullback(w_bar, w, z, name):
    return w_bar * SLOPES[name](z, w)


@special_of_complex_values.pushforward_of(0)
def special_of_complex_pushforward(z_dot, w, z, name):
    return z_dot * SLOPES[name](z, w)


@special_of_complex_values.shaped
def special_of_complex_shape(shapes, name):
    expect(name in SLOPES, "the name of a function of scipy.special that is known for complex numbers")
    return same_shape(shapes)


def _of_complex(name):
    return lambda z: special_of_complex_values.apply(z, name)


for _name in SLOPES:
    _function = FUNCTIONS.get(_name) or BY_NUMPY.get(getattr(scipy.special, _name))
    if _function is not None:
        _function.of_complex(_of_complex(_name))
