"""Derivatives of SciPy's functions, to second order: the declared ones against differences, and some against mpmath.

A program of its own, which `test_scipy_special` runs with ``NUMBA_DISABLE_JIT=1``: that a kernel computes the partials that it is
made of is tested elsewhere, and compiling the partials of a hundred functions takes minutes. Its arguments are names; it writes
what is wrong, a line each.
"""

import sys

import mpmath as mp
import numpy as np

import jittape as jt
from jittape.ops.domains import domains_of, sample_operands
from jittape.ops.operation_table import BY_NAME
from jittape.ops.scipy_functions import FUNCTIONS

STEP, POINTS = 1e-3, 6
mp.mp.dps = 30

EXACT = {  # name -> mpmath's function, and points
    "gammainc": (lambda a, x: mp.gammainc(a, 0, x, regularized=True), [(0.3, 0.2), (5.0, 2.0), (2.0, 9.0), (80.0, 75.0)]),
    "gammaincc": (lambda a, x: mp.gammainc(a, x, regularized=True), [(0.3, 0.2), (5.0, 12.0), (1.0, 30.0), (80.0, 95.0)]),
    "betainc": (lambda a, b, x: mp.betainc(a, b, 0, x, regularized=True), [(0.3, 0.6, 0.2), (5.0, 2.0, 0.9), (30.0, 40.0, 0.4)]),
    "beta": (mp.beta, [(0.3, 0.2), (5.0, 2.0)]),
    "rgamma": (mp.rgamma, [(0.0,), (-1.0,), (-2.5,), (0.3,), (4.0,)]),
    "zeta": (mp.zeta, [(2.5, 0.3), (3.0, 7.0), (1.01, 0.5), (30.0, 2.0)]),
    "zetac": (lambda x: mp.zeta(x) - 1, [(-7.3,), (-2.0,), (-0.1,), (0.0,), (0.5,), (0.99,), (1.2,), (9.0,), (60.0,)]),
    "jv": (mp.besselj, [(0.0, 0.7), (2.5, 9.0)]),
    "yv": (mp.bessely, [(0.0, 0.7), (2.5, 9.0)]),
    "iv": (mp.besseli, [(0.0, 0.7), (2.5, 9.0)]),
    "kv": (mp.besselk, [(0.0, 0.7), (2.5, 9.0)]),
    "j1": (lambda x: mp.besselj(1, x), [(0.0,), (3.0,)]),
    "i1": (lambda x: mp.besseli(1, x), [(0.0,), (3.0,)]),
    "i1e": (lambda x: mp.besseli(1, x) * mp.exp(-abs(x)), [(1.5,), (30.0,)]),
    "struve": (mp.struveh, [(0.5, 2.0), (2.0, 3.0)]),
    "modstruve": (mp.struvel, [(0.5, 2.0), (2.0, 3.0)]),
    "beip": (lambda x: mp.diff(lambda t: mp.bei(0, t), x), [(1.5,)]),
    "ellipk": (mp.ellipk, [(0.0,), (1e-9,), (0.5,), (0.99,), (-3.0,)]),
    "ellipe": (mp.ellipe, [(0.0,), (1e-9,), (0.5,), (0.99,), (-3.0,)]),
    "ellipkinc": (mp.ellipf, [(0.7, 1e-3), (2.0, 0.5), (-4.0, 0.7)]),
    "ellipeinc": (mp.ellipe, [(0.7, 1e-3), (2.0, 0.5), (-4.0, 0.7)]),
    "exp1": (mp.e1, [(0.1,), (20.0,)]),
    "expi": (mp.ei, [(0.1,), (-3.0,)]),
    "expn": (mp.expint, [(1.0, 0.5), (3.0, 2.0)]),
    "exprel": (lambda x: mp.expm1(x) / x if x else mp.mpf(1), [(1e-9,), (2.0,), (-30.0,)]),
    "boxcox": (lambda x, k: (mp.power(x, k) - 1) / k if k else mp.log(x), [(2.0, 1e-7), (0.3, 2.0)]),
    "dawsn": (lambda x: mp.sqrt(mp.pi) / 2 * mp.exp(-x * x) * mp.erfi(x), [(0.5,), (15.0,), (30.0,)]),
    "erfcx": (lambda x: mp.exp(x * x) * mp.erfc(x), [(-1.0,), (0.5,), (25.0,)]),
    "log_ndtr": (lambda x: mp.log(mp.ncdf(x)), [(-30.0,), (-1.0,), (0.0,), (4.0,)]),
    "erfinv": (mp.erfinv, [(0.3,), (-0.99,)]),
    "spence": (lambda x: mp.polylog(2, 1 - x), [(0.5,), (1.7,)]),
    "owens_t": (
        lambda h, a: mp.quad(lambda t: mp.exp(-h * h * (1 + t * t) / 2) / (1 + t * t), [0, a]) / (2 * mp.pi),
        [(0.5, 2.0), (-2.0, 0.3)],
    ),
    "eval_legendre": (mp.legendre, [(3.0, 1.0), (5.0, 0.3), (2.5, 0.5)]),
    "eval_genlaguerre": (mp.laguerre, [(3.0, 0.5, 2.0)]),
    "hyp1f1": (mp.hyp1f1, [(0.5, 1.5, -2.0), (2.0, 3.0, 9.0)]),
    "spherical_jn": (lambda n, x: mp.sqrt(mp.pi / (2 * x)) * mp.besselj(n + 0.5, x), [(0.0, 2.0), (3.0, 5.0)]),
    "elliprc": (mp.elliprc, [(1.0, 1.0), (2.0, -1.5), (100.0, 0.3)]),
    "elliprd": (mp.elliprd, [(1.0, 1.0001, 1.0)]),
    "elliprf": (mp.elliprf, [(0.3, 2.0, 0.3)]),
    "elliprg": (mp.elliprg, [(1.0, 1.0, 1.0)]),
    "agm": (mp.agm, [(1.0, 3.0), (2.0, 0.1)]),
    "wrightomega": (lambda x: mp.lambertw(mp.exp(x)).real, [(-20.0,), (0.0,), (50.0,)]),
    "stdtr": (lambda v, t: mp.betainc(v / 2, mp.mpf(0.5), 0, v / (v + t * t), regularized=True) / 2, [(2.5, -1.0), (30.0, -4.0)]),
}
ACCURACY = 2e-12


def differentiated(operation):
    """The operands that have derivatives."""
    return [k for k, d in enumerate(domains_of(operation)) if k not in operation.without_partial and not d.values]


def recorded(function, xs, active):
    """Tensors: the value, and the operands that have derivatives."""
    operands = [jt.tensor(x, requires_grad=k in active) for k, x in enumerate(xs)]
    return function(*operands), [operands[k] for k in active]


def slopes(function, xs, active):
    """First derivatives, as an array for each operand that has one."""
    y, inputs = recorded(function, xs, active)
    return np.array([g.numpy() for g in jt.autograd.grad(y, inputs, np.ones(np.shape(xs[0])))])


def derivatives(function, xs, active):
    """Values, first derivatives, and the Hessian's rows, of numbers or arrays."""
    y, inputs = recorded(function, xs, active)
    ones = np.ones(np.shape(xs[0]))
    first = jt.autograd.grad(y, inputs, ones, create_graph=True)
    rows = [
        jt.autograd.grad(g, inputs, ones, retain_graph=True, materialize_grads=True)
        if g.requires_grad
        else [0.0 * ones] * len(inputs)
        for g in first
    ]
    return y.detach().numpy(), [g.detach().numpy() for g in first], [[np.asarray(h) for h in row] for row in rows]


def difference(function, xs, k):
    """The derivative of a function of arrays by operand k, of sixth order."""
    at = [function([x + j * STEP if i == k else x for i, x in enumerate(xs)]) for j in (-3, -2, -1, 1, 2, 3)]
    return (45.0 * (at[3] - at[2]) - 9.0 * (at[4] - at[1]) + (at[5] - at[0])) / (60.0 * STEP)


def wrong(got, expected, accuracy, scale):
    return not np.all(np.abs(got - expected) <= accuracy * (np.abs(expected) + scale))


def against_differences(operation, rng):
    """What is wrong with an operation at random points."""
    xs, active = sample_operands(operation, rng, (POINTS,)), differentiated(operation)
    function = operation.function
    value, first, rows = derivatives(function, xs, active)
    if wrong(value, operation.oracle(*xs), 1e-13, 1e-300):
        yield "value"
    for i, k in enumerate(active):
        slope = difference(lambda at: function(*map(jt.tensor, at)).numpy(), xs, k)
        if wrong(first[i], slope, 1e-8, np.abs(value) + 1e-3):
            yield f"derivative by operand {k}"
        second = difference(lambda at: slopes(function, at, active), xs, k)
        for j in range(len(active)):
            if wrong(rows[j][i], second[j], 1e-7, np.abs(first[j]) + 1e-2):
                yield f"second derivative by operands {active[j]} and {k}"


def against_mpmath(name):
    """What is wrong with a function at the points of the table."""
    theirs, points = EXACT[name]
    function = FUNCTIONS[name]
    active = differentiated(function.operation)
    for point in points:
        exact = [mp.mpf(x) for x in point]
        _, first, rows = derivatives(function, list(point), active)
        for i, k in enumerate(active):
            order = [int(j == k) for j in range(len(point))]
            if wrong(float(first[i]), float(mp.re(mp.diff(theirs, tuple(exact), tuple(order)))), ACCURACY, 0.0):
                yield f"derivative by operand {k} at {point}: {first[i]}"
            order[k] = 2
            if wrong(float(rows[i][i]), float(mp.re(mp.diff(theirs, tuple(exact), tuple(order)))), 100 * ACCURACY, 0.0):
                yield f"second derivative by operand {k} at {point}: {rows[i][i]}"


def main(names):
    rng = np.random.default_rng(5)
    np.seterr(all="ignore")
    for name in names:
        for word in against_differences(BY_NAME[f"scipy_{name}"], rng):
            print(f"{name}: {word}")
        for word in against_mpmath(name) if name in EXACT else ():
            print(f"{name}: {word}, against mpmath")


if __name__ == "__main__":
    main(sys.argv[1:])
