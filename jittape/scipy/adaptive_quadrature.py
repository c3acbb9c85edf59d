"""``scipy.integrate.quad`` of functions whose values are differentiated.

SciPy chooses the intervals, from values alone; the integral is then the sum that QUADPACK makes of them (Gauss and Kronrod's
points, 21 in an interval, 15 where a limit is infinite). Its derivatives by parameters are the same sums of derivatives of the
integrand; its derivatives by the limits come from the points, which move with them.

Reference: R. Piessens et al., QUADPACK, 1983.
"""

import math
import warnings

import numpy as np
import scipy.integrate

from ..autograd.grad_mode import no_grad
from ..ops.moved_elements import plain
from ..tensors.tensor import Tensor

_POINTS_21 = (
    0.995657163025808080735527280689003,
    0.973906528517171720077964012084452,
    0.930157491355708226001207180059508,
    0.865063366688984510732096688423493,
    0.780817726586416897063717578345042,
    0.679409568299024406234327365114874,
    0.562757134668604683339000099272694,
    0.433395394129247190799265943165784,
    0.294392862701460198131126603103866,
    0.148874338981631210884826001129720,
)
_POINTS_15 = (
    0.991455371120812639206854697526329,
    0.949107912342758524526189684047851,
    0.864864423359769072789712788640926,
    0.741531185599394439863864773280788,
    0.586087235467691130294144838258730,
    0.405845151377397166906606412076961,
    0.207784955007898467600689403773245,
)
_MOST_HALVED = 200


def _rule(points):
    """Points and weights between 0 and 1: those weights with which polynomials are integrated exactly."""
    x = np.array([*points, 0.0, *[-p for p in reversed(points)]])
    moments = np.polynomial.legendre.legvander(x, len(x) - 1).T
    return (x + 1) / 2, np.linalg.solve(moments, np.eye(len(x))[0])


class _Line:
    """A way from the unit interval to the interval between two limits.

    Parameters
    ----------
    a, b : float or Tensor
        The limits. One that is infinite is no Tensor.
    """

    def __init__(self, a, b):
        self.a, self.b = a, b
        self.ends = [float(plain(v)) for v in (a, b)]
        self.infinite = [math.isinf(v) for v in self.ends]
        self.points, self.weights = _rule(_POINTS_15 if any(self.infinite) else _POINTS_21)

    def intervals(self, info):
        """The intervals that SciPy has chosen, as pairs of numbers between 0 and 1."""
        first, last = info["alist"][: info["last"]], info["blist"][: info["last"]]
        if not any(self.infinite):
            (a, b), length = self.ends, (self.ends[1] - self.ends[0]) or 1.0
            first, last = (first - a) / length, (last - a) / length
            if a == b:
                return [(0.0, 1.0)]
        return sorted(map(sorted, zip(first.tolist(), last.tolist())))  # SciPy exchanges limits that fall

    def value(self, function, t):
        """The integrand at a point of the unit interval, times how fast the way goes there."""
        if not any(self.infinite):
            return function(self.a + (self.b - self.a) * t) * (self.b - self.a)
        out, speed = (1.0 - t) / t, 1.0 / (t * t)
        if all(self.infinite):
            total = function(out) + function(-out)
            return total * (speed if self.ends[0] < self.ends[1] else -speed)
        if self.infinite[1]:  # QUADPACK goes from the finite limit, always upwards in t
            away = math.copysign(1.0, self.ends[1])
            return function(self.a + away * out) * (away * speed)
        away = math.copysign(1.0, self.ends[0])
        return function(self.b + away * out) * (-away * speed)

    def integral(self, function, first, last):
        """The sum over the points of an interval."""
        values = [self.value(function, first + (last - first) * t) for t in self.points.tolist()]
        found = values[0] * self.weights[0]
        for value, weight in zip(values[1:], self.weights[1:].tolist()):
            found = found + value * weight
        return found * (last - first)


def _until_right(line, function, intervals, expected, tolerance):
    """Halve intervals until the sums agree with SciPy's value, which it may have extrapolated."""
    parts = [(line.integral(function, *pair), pair, None) for pair in intervals]
    for _ in range(_MOST_HALVED):
        if abs(sum([value for value, *_ in parts]) - expected) <= tolerance:
            return [pair for _, pair, _ in parts]
        parts = [part if part[2] else (*part[:2], _halves(line, function, part[1])) for part in parts]
        worst = max(range(len(parts)), key=lambda k: abs(parts[k][0] - sum([value for value, *_ in parts[k][2]])))
        parts[worst : worst + 1] = parts[worst][2]
    raise ValueError(
        f"scipy.integrate.quad: got an integrand whose sums do not come to its integral {expected} within {tolerance}: expected "
        "one that is smoother; split the interval at its singular points"
    )


def _halves(line, function, pair):
    middle = 0.5 * (pair[0] + pair[1])
    return [(line.integral(function, *half), half, None) for half in ((pair[0], middle), (middle, pair[1]))]


def quad(func, a, b, args=(), full_output=0, epsabs=1.49e-8, epsrel=1.49e-8, limit=50, **others):
    """SciPy's `quad`, which follows what the function, its arguments and the limits are differentiated by."""
    args = args if isinstance(args, tuple) else (args,)
    followed = [isinstance(v, Tensor) for v in (a, b, *args)]

    def value(t, *args):
        found = func(t, *args)
        followed.append(isinstance(found, Tensor))
        return float(plain(found))

    with no_grad():
        ends = [float(plain(v)) for v in (a, b)]
        found = scipy.integrate.quad(value, *ends, args, 1, epsabs, epsrel, limit, **others)
    rest = found[2:] if full_output else ()
    if len(found) > 3 and not full_output:
        warnings.warn(found[3], scipy.integrate.IntegrationWarning, stacklevel=2)
    if not any(followed):
        return (*found[:2], *rest)
    if any(v is not None for v in others.values()):
        raise TypeError(f"scipy.integrate.quad: got {sorted(others)}, expected none of them with values that are differentiated")
    expected, error = found[:2]
    line = _Line(*[v if np.isfinite(end) else end for v, end in zip((a, b), ends)])
    with no_grad():
        tolerance = max(2 * error, epsabs, epsrel * abs(expected)) if np.isfinite(expected) else np.inf
        chosen = _until_right(line, lambda t: value(t, *args), line.intervals(found[2]), expected, tolerance)
    total = sum([line.integral(lambda t: func(t, *args), *pair) for pair in chosen])
    total = total + (expected - float(plain(total)))  # SciPy's value, where it has extrapolated
    return (total, error, *rest)
