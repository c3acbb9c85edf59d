"""Values and derivatives of distributions: against SciPy's values and differences of them; log-densities against mpmath.

A program of its own, which `test_scipy_stats` runs with ``NUMBA_DISABLE_JIT=1`` (see `special_function_checks`). It writes what
is wrong, a line each.
"""

import math

import mpmath as mp
import numpy as np
import scipy.stats

import jittape as jt
from jittape.scipy import stats

mp.mp.dps = 30
LOC, SCALE, STEP = 0.3, 1.4, 1e-4
X = np.array([-2.7, 0.9, 1.5, 1.9, 2.9, 4.0])
K = np.array([-1.0, 1.0, 2.0, 3.0, 4.5, 9.0])
Q = np.array([0.1, 0.3, 0.7, 0.95])

CONTINUOUS = {  # name -> shape parameters, and what mpmath says of the logarithm of the standard density
    "norm": ((), lambda z: -z * z / 2 - mp.log(2 * mp.pi) / 2),
    "t": (
        (3.5,),
        lambda z, v: mp.loggamma((v + 1) / 2) - mp.loggamma(v / 2) - mp.log(v * mp.pi) / 2 - (v + 1) / 2 * mp.log(1 + z * z / v),
    ),
    "cauchy": ((), lambda z: -mp.log(mp.pi * (1 + z * z))),
    "laplace": ((), lambda z: -abs(z) - mp.log(2)),
    "logistic": ((), lambda z: -z - 2 * mp.log(1 + mp.exp(-z))),
    "gamma": ((2.3,), lambda z, a: (a - 1) * mp.log(z) - z - mp.loggamma(a)),
    "invgamma": ((2.3,), lambda z, a: -(a + 1) * mp.log(z) - 1 / z - mp.loggamma(a)),
    "beta": ((1.7, 2.4), lambda z, a, b: (a - 1) * mp.log(z) + (b - 1) * mp.log(1 - z) - mp.log(mp.beta(a, b))),
    "chi2": ((4.2,), lambda z, v: (v / 2 - 1) * mp.log(z) - z / 2 - mp.loggamma(v / 2) - v / 2 * mp.log(2)),
    "f": (
        (3.3, 5.1),
        lambda z, m, n: (
            m / 2 * mp.log(m / n) + (m / 2 - 1) * mp.log(z) - (m + n) / 2 * mp.log(1 + m * z / n) - mp.log(mp.beta(m / 2, n / 2))
        ),
    ),
    "expon": ((), lambda z: -z),
    "weibull_min": ((1.7,), lambda z, c: mp.log(c) + (c - 1) * mp.log(z) - z**c),
    "lognorm": ((0.8,), lambda z, s: -((mp.log(z) / s) ** 2) / 2 - mp.log(z * s) - mp.log(2 * mp.pi) / 2),
    "uniform": ((), lambda z: 0 * z),
    "truncnorm": ((-0.7, 1.9), lambda z, a, b: -z * z / 2 - mp.log(2 * mp.pi) / 2 - mp.log(mp.ncdf(b) - mp.ncdf(a))),
    "vonmises": ((1.4,), lambda z, k: k * mp.cos(z) - mp.log(2 * mp.pi * mp.besseli(0, k))),
    "pareto": ((2.6,), lambda z, b: mp.log(b) - (b + 1) * mp.log(z)),
}
DISCRETE = {  # name -> shape parameters, and how many of the first are integers
    "poisson": ((2.3,), 0),
    "binom": ((7.0, 0.3), 1),
    "nbinom": ((3.4, 0.4), 0),
    "geom": ((0.3,), 0),
    "bernoulli": ((0.3,), 0),
}


def difference(function, operands, k):
    """The derivative of a function of arrays by operand k."""
    at = [function(*[x + j * STEP if i == k else x for i, x in enumerate(operands)]) for j in (-2, -1, 1, 2)]
    return (8.0 * (at[2] - at[1]) - (at[3] - at[0])) / (12.0 * STEP)


def compared(name, method, operands, differentiated):
    """What is wrong with a method where it differs from SciPy's."""
    ours, theirs = getattr(getattr(stats, name), method), getattr(getattr(scipy.stats, name), method)
    inputs = [jt.tensor(v, requires_grad=True) for v in operands]
    y, expected = ours(*inputs), theirs(*operands)
    if not np.allclose(y.detach().numpy(), expected, rtol=1e-11, atol=1e-13, equal_nan=True):
        yield f"{name}.{method}: {y.detach().numpy()}, expected {expected}"
    gradients = jt.autograd.grad(y, inputs, np.ones(len(operands[0])), materialize_grads=True)
    for k in differentiated:
        slopes = np.where(np.isfinite(expected), difference(theirs, operands, k), 0.0)  # outside of the support nothing flows
        if not np.allclose(gradients[k].numpy(), slopes if k == 0 else slopes.sum(), rtol=2e-6, atol=1e-7):
            yield f"{name}.{method}: gradient {k} {gradients[k].numpy()}, expected {slopes}"


def against_scipy():
    for name, (shapes, _) in CONTINUOUS.items():
        operands, kept = (*shapes, LOC, SCALE), range(len(shapes) + 3)
        for method in ("logpdf", "pdf", "cdf", "sf", "logcdf", "logsf"):
            yield from compared(name, method, (X if name != "vonmises" else X[1:4], *operands), kept)
        if name != "vonmises":
            yield from compared(name, "ppf", (Q, *operands), kept)
    for name, (shapes, integers) in DISCRETE.items():
        for method in ("logpmf", "pmf", "cdf", "sf", "logcdf", "logsf"):
            yield from compared(name, method, (K, *shapes, 1.0), range(1 + integers, 1 + len(shapes)))


def against_mpmath():
    x = 0.9
    for name, (shapes, standard) in CONTINUOUS.items():
        operands = (x + (name == "pareto"), *shapes, LOC, SCALE)

        def density(x, *rest, standard=standard):
            *shapes, loc, scale = rest
            return standard((x - loc) / scale, *shapes) - mp.log(scale)

        inputs = [jt.tensor(v, requires_grad=True) for v in operands]
        gradients = jt.autograd.grad(getattr(stats, name).logpdf(*inputs), inputs, create_graph=True, materialize_grads=True)
        for k, gradient in enumerate(gradients):
            order = [int(j == k) for j in range(len(operands))]
            expected = mp.diff(density, tuple(map(mp.mpf, operands)), tuple(order))
            if not math.isclose(gradient.item(), expected, rel_tol=1e-11, abs_tol=1e-12):
                yield f"{name}.logpdf: gradient {k} {gradient.item()}, expected {expected}"
            if gradient.requires_grad:
                order[k] = 2
                expected = mp.diff(density, tuple(map(mp.mpf, operands)), tuple(order))
                (second,) = jt.autograd.grad(gradient, inputs[k], retain_graph=True, materialize_grads=True)
                if not math.isclose(second.item(), expected, rel_tol=1e-10, abs_tol=1e-11):
                    yield f"{name}.logpdf: second derivative {k} {second.item()}, expected {expected}"


if __name__ == "__main__":
    np.seterr(all="ignore")
    for word in (*against_scipy(), *against_mpmath()):
        print(word)
