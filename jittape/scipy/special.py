"""The functions of ``scipy.special`` that have derivatives.

Most of them are SciPy's own ufuncs: importing this module declares their derivatives, and lets code compiled by Numba call them.
The others take Tensors and Arrays where SciPy's functions take arrays, and are SciPy's functions for everything else.
"""

import functools
import math

import numpy as np
import scipy.special as _theirs

from ..ops.arithmetic import abs as _abs, sign as _sign
from ..ops.choosing import where as _where
from ..ops.reductions import amax as _amax, logsumexp as _logsumexp
from ..ops.scipy_functions import FUNCTIONS as _FUNCTIONS
from ..ops.softmax import log_softmax as _log_softmax, softmax as _softmax
from ..ops.sums import sum as _sum
from ..ops.transcendental import exp as _exp, log as _log
from .following import followers_of as _followers_of


_followed = _followers_of(_theirs)
globals().update({_name: getattr(_theirs, _name) for _name in _FUNCTIONS if isinstance(getattr(_theirs, _name), np.ufunc)})


# --- functions that are no ufuncs -------------------------------------------------------------------------------------


@_followed
def polygamma(n, x):
    return _FUNCTIONS["polygamma"](n, x)


@_followed
def lambertw(z, k=0, tol=1e-8):
    return _FUNCTIONS["lambertw"](z, k, tol)


@_followed
def wofz(z):
    return _FUNCTIONS["wofz"](z)


@_followed
def voigt_profile(x, sigma, gamma):
    return _FUNCTIONS["voigt_profile"](x, sigma, gamma)


@_followed
def zeta(x, q=None):
    if q is None:
        return _FUNCTIONS["zetac"](x) + 1.0
    return _FUNCTIONS["zeta"](x, q)


def _slope(function, n, z):
    """The derivative of a spherical Bessel function: the partial of its declaration."""
    return function.operation.partials(n, z, function(n, z))[1]


def _spherical(name):
    def function(n, z, derivative=False):
        of_values = _FUNCTIONS[name]
        return _slope(of_values, n, z) if derivative else of_values(n, z)

    function.__name__ = name
    return _followed(function)


spherical_jn, spherical_yn, spherical_in, spherical_kn = map(
    _spherical, "spherical_jn spherical_yn spherical_in spherical_kn".split()
)


def _derivative(function, v, z, n, between):
    """Derivative n of a Bessel function: differences (or sums) of its neighbours by order."""
    if n == 0:
        return function(v, z)
    terms = [between**k * math.comb(n, k) * function(v - n + 2 * k, z) for k in range(n + 1)]
    return functools.reduce(lambda x, y: x + y, terms) * 0.5**n


@_followed
def jvp(v, z, n=1):
    return _derivative(_FUNCTIONS["jv"], v, z, n, -1.0)


@_followed
def yvp(v, z, n=1):
    return _derivative(_FUNCTIONS["yv"], v, z, n, -1.0)


@_followed
def ivp(v, z, n=1):
    return _derivative(_FUNCTIONS["iv"], v, z, n, 1.0)


@_followed
def kvp(v, z, n=1):
    return (-1.0) ** n * _derivative(_FUNCTIONS["kv"], v, z, n, 1.0)


@_followed
def multigammaln(a, d):
    values = [_FUNCTIONS["gammaln"](a + 0.5 * (1 - j)) for j in range(1, d + 1)]
    return functools.reduce(lambda x, y: x + y, values) + 0.25 * d * (d - 1) * math.log(math.pi)


@_followed
def softmax(x, axis=None):
    return _softmax(x, axis) if axis is not None else _softmax(x.reshape(-1), 0).reshape(x.shape)


@_followed
def log_softmax(x, axis=None):
    return _log_softmax(x, axis) if axis is not None else _log_softmax(x.reshape(-1), 0).reshape(x.shape)


@_followed
def logsumexp(a, axis=None, b=None, keepdims=False, return_sign=False):
    if b is None:
        value = _logsumexp(a, axis, keepdims)
        return (value, _sign(_exp(value))) if return_sign else value
    a = _where(b == 0.0, -math.inf, a)  # what counts nothing may be anything
    high = _amax(a, axis, True).detach()
    high = _where(abs(high) < math.inf, high, 0.0)
    total = _sum(b * _exp(a - high), axis, True)
    size = _log(_abs(total) if return_sign else total) + high
    if not keepdims:
        axes = tuple(range(a.ndim)) if axis is None else axis
        size, total = size.squeeze(axes), total.squeeze(axes)
    return (size, _sign(total)) if return_sign else size


__all__ = []  # follows from the declarations
_others = {name for name, value in list(globals().items()) if name[0] != "_" and getattr(value, "__module__", "") == __name__}
__all__.extend(sorted(_others.union(_FUNCTIONS)))


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
