"""``scipy.special``: functions of four numbers, which have derivatives by the last of them, and Lambert's function.

A row has at most three operands. The first three numbers are constants, since no derivative by them is known: they are one
operand, with an axis more.
"""

import math

import numpy as np
import scipy.special

from ..dtypes import complex_of
from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument
from .choosing import where
from .arithmetic import square
from .complex_parts import ElementByElement, complex as complex_, real_values
from .copies_and_joins import convert
from .declare_structured import structured
from .scipy_values import composed
from .shape_functions import expand
from .shape_rules import expect, is_number, same_shape
from .transcendental import exp


def _operation(values, slope):
    """The operation of constants, three of them along a last axis, and an argument.

    Parameters
    ----------
    values : function of two arrays
        What is computed.
    slope : function of (operation, three constants, argument)
        The derivative by the argument.
    """
    operation = structured(arity=2, kind=ElementByElement)(values)

    def partial(constants, x):
        return slope(operation, *[constants[..., k] for k in range(3)], x)

    @operation.pullback_of(1)
    def pullback(y_bar, y, constants, x):
        return y_bar * partial(constants, x)

    @operation.pushforward_of(1)
    def pushforward(x_dot, y, constants, x):
        return x_dot * partial(constants, x)

    @operation.shaped
    def shape(shapes):
        constants, argument = shapes
        expect(constants == (*argument, 3), "three constants for each element")
        return argument

    return operation


def _applied(operation, name, constants, x):
    """An operation on arrays that broadcast; the constants must be such."""
    for k, each in enumerate(constants):
        if isinstance(each, Tensor) and each.requires_grad:
            raise NotImplementedError(
                f"{name}: no derivative by argument {k} is known: got a value that requires grad, expected a constant: pass "
                "x.detach() or jt.stop_gradient(x)"
            )
    constants = [each.detach().numpy() if isinstance(each, Tensor) else each for each in constants]
    x = as_tensor_argument(x, name)
    x = x if x.dtype.kind == "f" else convert(x, np.dtype(np.float64))
    shape = np.broadcast_shapes(*[np.shape(each) for each in constants], tuple(x.shape))
    stacked = np.stack([np.broadcast_to(np.asarray(each, x.dtype), shape) for each in constants], axis=-1)
    return operation.apply(wrap(stacked), expand(x, shape))


def _three(constants):
    return np.moveaxis(constants, -1, 0)


def scipy_hyp2f1_values(constants, x):
    """Gauss's hypergeometric function."""
    return np.asarray(scipy.special.hyp2f1(*_three(constants), x))


def _slope_of_hyp2f1(operation, a, b, c, x):
    return a * b / c * operation.apply(_joined(a + 1.0, b + 1.0, c + 1.0), x)


def scipy_eval_jacobi_values(constants, x):
    """Jacobi's polynomials."""
    return np.asarray(scipy.special.eval_jacobi(*_three(constants), x))


def _slope_of_eval_jacobi(operation, n, alpha, beta, x):
    below = operation.apply(_joined(where(n == 0.0, 0.0, n - 1.0), alpha + 1.0, beta + 1.0), x)
    return where(n == 0.0, 0.0, 0.5 * (n + alpha + beta + 1.0) * below)


def _joined(*constants):
    return wrap(np.stack([each._value() for each in constants], axis=-1))


_HYP2F1 = _operation(scipy_hyp2f1_values, _slope_of_hyp2f1)
_EVAL_JACOBI = _operation(scipy_eval_jacobi_values, _slope_of_eval_jacobi)


@composed
def hyp2f1(a, b, c, z):
    """Gauss's hypergeometric function, with derivatives by its argument."""
    return _applied(_HYP2F1, "scipy.special.hyp2f1", (a, b, c), z)


@composed
def eval_jacobi(n, alpha, beta, x):
    """Jacobi's polynomials, with derivatives by their argument."""
    return _applied(_EVAL_JACOBI, "scipy.special.eval_jacobi", (n, alpha, beta), x)


# --- Lambert's function -----------------------------------------------------------------------------------------------------


@structured(kind=ElementByElement, holomorphic=True)
def lambertw_values(x, k):
    """The branch k of the w with ``w * exp(w) = x``."""
    return np.asarray(scipy.special.lambertw(x, k), x.dtype)


@lambertw_values.pullback_of(0)
def lambertw_pullback(y_bar, y, x, k):
    return y_bar / (x + exp(y))


@lambertw_values.pushforward_of(0)
def lambertw_pushforward(x_dot, y, x, k):
    return x_dot / (x + exp(y))


@lambertw_values.shaped
def lambertw_shape(shapes, k):
    expect(is_number(k), "the number of a branch")
    return same_shape(shapes)


# --- the Faddeeva function ------------------------------------------------------------------------------------------------

_FAR = 20.0  # from there on the series below has all digits, and the formula has lost two of them
_ROOT_PI = math.sqrt(math.pi)


@structured(kind=ElementByElement, holomorphic=True)
def wofz_values(z):
    """The Faddeeva function, ``exp(-z**2) * erfc(-1j * z)``."""
    return np.asarray(scipy.special.wofz(z), z.dtype)


def _slope_of_wofz(z, w):
    """``2j / sqrt(pi) - 2 * z * w``; far from 0 in the upper half plane, where these cancel, its asymptotic series."""
    values = z._value()
    far = (np.abs(values) > _FAR) & (values.imag >= 0.0)
    u = 0.5 / square(where(far, z, _FAR))
    series = 1.0 + 3.0 * u * (1.0 + 5.0 * u * (1.0 + 7.0 * u * (1.0 + 9.0 * u * (1.0 + 11.0 * u * (1.0 + 13.0 * u)))))
    return where(far, -2j / _ROOT_PI * u * series, 2j / _ROOT_PI - 2.0 * z * w)


@wofz_values.pullback_of(0)
def wofz_pullback(y_bar, y, z):
    return y_bar * _slope_of_wofz(z, y)


@wofz_values.pushforward_of(0)
def wofz_pushforward(z_dot, y, z):
    return z_dot * _slope_of_wofz(z, y)


wofz_values.shaped(same_shape)


@composed
def wofz(z):
    """The Faddeeva function, complex as SciPy's."""
    z = as_tensor_argument(z, "scipy.special.wofz")
    return wofz_values.apply(convert(z, complex_of(z.dtype if z.dtype.kind in "fc" else np.dtype(np.float64))))


@composed
def voigt_profile(x, sigma, gamma):
    """The convolution of a normal and a Cauchy density; sigma and gamma are positive."""
    x, sigma, gamma = [as_tensor_argument(each, "scipy.special.voigt_profile") for each in (x, sigma, gamma)]
    width = math.sqrt(2.0) * sigma
    return real_values.apply(wofz(complex_(x / width, gamma / width))) / (_ROOT_PI * width)


@composed
def lambertw(z, k=0, tol=1e-8):
    """The branch k of the w with ``w * exp(w) = z``: complex, as SciPy's."""
    z = as_tensor_argument(z, "scipy.special.lambertw")
    return lambertw_values.apply(convert(z, complex_of(z.dtype if z.dtype.kind in "fc" else np.dtype(np.float64))), int(k))
