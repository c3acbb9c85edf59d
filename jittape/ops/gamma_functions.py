"""The gamma function, its logarithm, and the derivatives of that."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..mathfun import polygamma as series
from .declare_elementwise import elementwise
from .domains import Domain, from_scipy

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

_AWAY_FROM_POLES = Domain(-2.8, 3.5, kinks=(-2.0, -1.0, 0.0), margin=0.15)
_ORDERS = Domain(0.0, 3.0, values=(0.0, 1.0, 2.0, 3.0))
_EULER, _ZETA_OF_3 = 0.5772156649015329, 1.2020569031595942


def _gamma_of_scipy(x):
    """Nan at the poles, where older SciPys have infinities."""
    return np.where((x < 0.0) & (x == np.floor(x)), np.nan, from_scipy("gamma")(x))


@elementwise(
    python=math.gamma,
    method=False,
    domain=_AWAY_FROM_POLES,
    oracle=_gamma_of_scipy,
    special_points=[((1.0,), 1.0, (-_EULER,), (_EULER**2 + math.pi**2 / 6,))],
)
def gamma(x):
    """The gamma function; nan at the negative integers."""
    if x > 171.7:  # where Python raises
        return math.inf
    if x == 0.0:
        return math.copysign(math.inf, x)
    if x < 0.0 and x == np.floor(x) or x == -math.inf:
        return math.nan
    return math.gamma(x)


@gamma.partials
def gamma_partials(x, result):
    return (result * digamma(x),)


@elementwise(
    in_place=True,
    python=math.lgamma,
    domain=_AWAY_FROM_POLES,
    oracle=from_scipy("gammaln"),
    special_points=[
        ((1.0,), 0.0, (-_EULER,), (math.pi**2 / 6,)),
        ((1e10,), math.lgamma(1e10), (math.log(1e10) - 0.5e-10,), (1e-10 + 0.5e-20,)),
    ],
)
def lgamma(x):
    """The logarithm of the absolute value of the gamma function; inf at 0 and the negative integers."""
    if abs(x) == math.inf or x <= 0.0 and x == np.floor(x):
        return math.inf
    return math.lgamma(x)


@lgamma.partials
def lgamma_partials(x, result):
    return (digamma(x),)


@elementwise(in_place=True, domain=Domain(2.0, 3.5), oracle=from_scipy("digamma"))
def digamma(x):
    """The derivative of the logarithm of the gamma function; nan at the negative integers."""
    return series.digamma(x)


@digamma.partials
def digamma_partials(x, result):
    return (polygamma(1.0, x),)


def _polygamma_of_scipy(n, x):
    """SciPy's values, which are infinite where those on both sides of a pole differ in sign; nan for what is no order."""
    n, x = np.broadcast_arrays(n, x)
    known = (n >= 0.0) & (n <= 170.0) & (n == np.floor(n)) & ((n == 0.0) | (x != -np.inf))
    found = np.where(known, from_scipy("polygamma")(np.where(known, n, 0.0), x), np.nan)
    return np.where((n > 0.0) & (n % 2.0 == 0.0) & (x <= 0.0) & (x == np.floor(x)), np.nan, found)


def _polygamma_method(self: Tensor, n: TensorLike) -> Tensor:
    """The derivative of order `n` of `digamma`.

    Parameters
    ----------
    n : int
        The order.

    Returns
    -------
    Tensor
        Of the shape of this tensor.
    """
    return polygamma(n, self)


_polygamma_method.__name__ = "polygamma"


@elementwise(
    in_place=True,
    method=_polygamma_method,
    parameters="n input",
    domain=(_ORDERS, Domain(0.2, 3.5, kinks=(1.46,), margin=0.2)),
    oracle=_polygamma_of_scipy,
    special_points=[((1.0, 2.0), math.pi**2 / 6 - 1, (math.nan, 2 - 2 * _ZETA_OF_3), (math.nan, math.nan, math.pi**4 / 15 - 6))],
)
def polygamma(n, x):
    """The derivative of order `n` of `digamma`; of an `n` that is an integer, by which it has no derivative: that is nan."""
    return series.polygamma(n, x)


@polygamma.partials
def polygamma_partials(n, x, result):
    return math.nan * result, polygamma(n + 1.0, x)  # a constant nan would have the derivative 0
