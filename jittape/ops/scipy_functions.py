"""All of ``scipy.special`` that has derivatives: importing this declares it."""

from . import scipy_bessel, scipy_gamma, scipy_integrals, scipy_logarithms, scipy_of_four, scipy_polynomials, scipy_quantiles
from . import scipy_of_complex
from .scipy_values import FUNCTIONS

__all__ = [
    "FUNCTIONS",
    "scipy_bessel",
    "scipy_gamma",
    "scipy_integrals",
    "scipy_logarithms",
    "scipy_of_complex",
    "scipy_of_four",
    "scipy_polynomials",
    "scipy_quantiles",
]
