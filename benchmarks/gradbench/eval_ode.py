"""A chain of linear differential equations, by the classical Runge-Kutta method until 2."""

import numpy as np
from numba import njit

import jittape as jt


@njit(cache=True)
def slope(x, y):
    z = np.empty_like(y)
    z[0] = x[0]
    for i in range(1, y.size):
        z[i] = x[i] * y[i - 1]
    return z


@njit(cache=True)
def by_arrays(x, s):
    h, y = 2.0 / s, np.zeros_like(x)
    for _ in range(s):
        k1 = slope(x, y)
        k2 = slope(x, y + h / 2.0 * k1)
        k3 = slope(x, y + h / 2.0 * k2)
        k4 = slope(x, y + h * k3)
        y = y + h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + k4)
    return y


@njit(cache=True)
def last(x, s):
    return by_arrays(x, s)[-1]


def of(function):
    def prepare(given):
        x, s = np.array(given["x"]), given["s"]
        return lambda: function(x, s)

    return prepare


FUNCTIONS = {"primal": {"arrays": of(by_arrays)}, "gradient": {"arrays": of(jt.grad(last))}}
