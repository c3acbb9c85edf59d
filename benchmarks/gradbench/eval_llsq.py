"""Least squares of a polynomial."""

import numpy as np
from numba import njit

import jittape as jt


@njit(cache=True)
def by_loops(x, n):
    total = 0.0
    for i in range(n):
        t = -1.0 + i * 2.0 / (n - 1.0)
        residual, power = np.sign(t), 1.0
        for j in range(x.size):
            residual -= x[j] * power
            power *= t
        total += residual * residual
    return 0.5 * total


def by_arrays(x, n):
    t = -1.0 + np.arange(n) * 2.0 / (n - 1.0)
    residuals = np.sign(t)
    for j in range(len(x)):
        residuals = residuals - x[j] * t**j
    return 0.5 * jt.sum(residuals * residuals)


def of(function):
    def prepare(given):
        x, n = np.array(given["x"]), given["n"]
        return lambda: function(x, n)

    return prepare


FUNCTIONS = {
    "primal": {"loops": of(by_loops), "program": of(jt.compile(by_arrays, static_argnums=1))},
    "gradient": {
        "loops": of(jt.grad(by_loops)),
        "program": of(jt.compile(jt.grad(by_arrays), static_argnums=1)),
        "recorded": of(jt.grad(by_arrays)),
    },
}
