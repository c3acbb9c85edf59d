"""PyTorch's namespace of special functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as _np

from .ops import (
    digamma,
    erf,
    erfc,
    erfinv,
    exp2,
    expm1,
    i0,
    igamma as gammainc,
    igammac as gammaincc,
    lgamma as gammaln,
    log1p,
    log_softmax,
    logit,
    logsumexp,
    mvlgamma as multigammaln,
    polygamma,
    round,
    sigmoid as expit,
    sinc,
    softmax,
    xlogy,
)
from .ops.arguments import as_tensor_argument as _as_tensor_argument
from .ops.declared_docstrings import docstring as _docstring
from .ops.keywords import taking_keywords as _taking_keywords
from .ops.scipy_functions import FUNCTIONS as _FUNCTIONS

if TYPE_CHECKING:
    from .tensors.tensor import Tensor
    from .typing import TensorLike

psi = digamma

_OF_ONE = {  # PyTorch's name: SciPy's, and what it is
    "bessel_j0": ("j0", "The Bessel function of the first kind, of order 0."),
    "bessel_j1": ("j1", "The Bessel function of the first kind, of order 1."),
    "bessel_y0": ("y0", "The Bessel function of the second kind, of order 0."),
    "bessel_y1": ("y1", "The Bessel function of the second kind, of order 1."),
    "entr": ("entr", "``-x * log(x)``, 0 at 0 and minus infinity below."),
    "erfcx": ("erfcx", "The complementary error function times ``exp(x**2)``."),
    "i0e": ("i0e", "The modified Bessel function of the first kind, of order 0, times ``exp(-abs(x))``."),
    "i1": ("i1", "The modified Bessel function of the first kind, of order 1."),
    "i1e": ("i1e", "The modified Bessel function of the first kind, of order 1, times ``exp(-abs(x))``."),
    "log_ndtr": ("log_ndtr", "The logarithm of the distribution function of the standard normal distribution."),
    "modified_bessel_i0": ("i0", "The modified Bessel function of the first kind, of order 0."),
    "modified_bessel_i1": ("i1", "The modified Bessel function of the first kind, of order 1."),
    "modified_bessel_k0": ("k0", "The modified Bessel function of the second kind, of order 0."),
    "modified_bessel_k1": ("k1", "The modified Bessel function of the second kind, of order 1."),
    "ndtr": ("ndtr", "The distribution function of the standard normal distribution."),
    "ndtri": ("ndtri", "The inverse of the distribution function of the standard normal distribution."),
    "scaled_modified_bessel_k0": ("k0e", "The modified Bessel function of the second kind, of order 0, times ``exp(x)``."),
    "scaled_modified_bessel_k1": ("k1e", "The modified Bessel function of the second kind, of order 1, times ``exp(x)``."),
}
_OF_TWO = {
    "xlog1py": ("xlog1py", "``input * log(1 + other)``, and 0 where `input` is 0."),
    "zeta": ("zeta", "Hurwitz's zeta function, the sum of all ``(k + other)**-input``."),
}
_POLYNOMIALS = {
    "chebyshev_polynomial_t": ("eval_chebyt", "Chebyshev's polynomial of the first kind."),
    "chebyshev_polynomial_u": ("eval_chebyu", "Chebyshev's polynomial of the second kind."),
    "hermite_polynomial_h": ("eval_hermite", "Hermite's polynomial of the physicists."),
    "hermite_polynomial_he": ("eval_hermitenorm", "Hermite's polynomial of the probabilists."),
    "laguerre_polynomial_l": ("eval_laguerre", "Laguerre's polynomial."),
    "legendre_polynomial_p": ("eval_legendre", "Legendre's polynomial."),
    "shifted_chebyshev_polynomial_t": ("eval_sh_chebyt", "Chebyshev's polynomial of the first kind of ``2 * x - 1``."),
    "shifted_chebyshev_polynomial_u": ("eval_sh_chebyu", "Chebyshev's polynomial of the second kind of ``2 * x - 1``."),
}
_INPUT = ("input", "Tensor or ndarray", "Values of any shape.")
_OTHER = ("other", "Tensor, ndarray or float", "Values; the two are broadcast.")
_DEGREE = ("n", "int, Tensor or ndarray of int", "Degrees; they are broadcast.")
_RESULT = ("Tensor", "Of the broadcast shape.")


def _named(function, name, summary, parameters):
    function.__name__ = function.__qualname__ = name
    errors = [("ValueError", "If a degree is not whole.")] if _DEGREE in parameters else ()
    function.__doc__ = _docstring(summary, parameters, _RESULT, errors)
    function.__module__ = __name__
    return _taking_keywords(function, {}, "one")


def _of_one(name, theirs, summary):
    def function(input: TensorLike) -> Tensor:
        return _FUNCTIONS[theirs](_as_tensor_argument(input, name))

    return _named(function, name, summary, [_INPUT])


def _of_two(name, theirs, summary):
    def function(input: TensorLike, other: TensorLike) -> Tensor:
        return _FUNCTIONS[theirs](_as_tensor_argument(input, name), _as_tensor_argument(other, name, "other"))

    return _named(function, name, summary, [_INPUT, _OTHER])


def _degree(n):
    """Degrees as numbers that are no part of a derivative; PyTorch cuts off fractions."""
    degrees = _np.asarray(getattr(n, "detach", lambda: n)(), _np.float64)
    if (degrees != _np.floor(degrees)).any():
        raise ValueError(f"got n={degrees}, expected whole degrees")
    return degrees


def _polynomial(name, theirs, summary):
    def function(input: TensorLike, n: TensorLike) -> Tensor:
        return _FUNCTIONS[theirs](_degree(n), _as_tensor_argument(input, name))

    return _named(function, name, summary, [_INPUT, _DEGREE])


def _between(name, of_u, sign, summary):
    """Chebyshev's polynomials of the third and fourth kind: sums of two neighbours of the second."""

    def function(input: TensorLike, n: TensorLike) -> Tensor:
        x, n = _as_tensor_argument(input, name), _degree(n)
        return _FUNCTIONS[of_u](n, x) + sign * _FUNCTIONS[of_u](n - 1.0, x)

    return _named(function, name, summary, [_INPUT, _DEGREE])


globals().update({_name: _of_one(_name, *_row) for _name, _row in _OF_ONE.items()})
globals().update({_name: _of_two(_name, *_row) for _name, _row in _OF_TWO.items()})
globals().update({_name: _polynomial(_name, *_row) for _name, _row in _POLYNOMIALS.items()})
chebyshev_polynomial_v = _between("chebyshev_polynomial_v", "eval_chebyu", -1.0, "Chebyshev's polynomial of the third kind.")
chebyshev_polynomial_w = _between("chebyshev_polynomial_w", "eval_chebyu", 1.0, "Chebyshev's polynomial of the fourth kind.")
shifted_chebyshev_polynomial_v = _between(
    "shifted_chebyshev_polynomial_v", "eval_sh_chebyu", -1.0, "Chebyshev's polynomial of the third kind of ``2 * x - 1``."
)
shifted_chebyshev_polynomial_w = _between(
    "shifted_chebyshev_polynomial_w", "eval_sh_chebyu", 1.0, "Chebyshev's polynomial of the fourth kind of ``2 * x - 1``."
)


def _airy_ai(input: TensorLike) -> Tensor:
    return _FUNCTIONS["airy"](_as_tensor_argument(input, "airy_ai"))[0]


def _spherical_bessel_j0(input: TensorLike) -> Tensor:
    return _FUNCTIONS["spherical_jn"](0, _as_tensor_argument(input, "spherical_bessel_j0"))


airy_ai = _named(_airy_ai, "airy_ai", "Airy's function Ai.", [_INPUT])
spherical_bessel_j0 = _named(_spherical_bessel_j0, "spherical_bessel_j0", "The spherical Bessel function of order 0.", [_INPUT])

__all__ = [
    "airy_ai",
    "chebyshev_polynomial_v",
    "chebyshev_polynomial_w",
    "digamma",
    "erf",
    "erfc",
    "erfinv",
    "exp2",
    "expit",
    "expm1",
    "gammainc",
    "gammaincc",
    "gammaln",
    "i0",
    "log1p",
    "log_softmax",
    "logit",
    "logsumexp",
    "multigammaln",
    "polygamma",
    "psi",
    "round",
    "shifted_chebyshev_polynomial_v",
    "shifted_chebyshev_polynomial_w",
    "sinc",
    "softmax",
    "spherical_bessel_j0",
    "xlogy",
]
__all__.extend([*_OF_ONE, *_OF_TWO, *_POLYNOMIALS])


def __dir__():
    return __all__
