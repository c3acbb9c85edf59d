"""The logarithm of a sum of exponentials, in its elements."""

import numpy as np
from numba import njit

import jittape as jt


@njit(cache=True)
def by_loops(x):
    a = x[0]
    for i in range(x.size):
        if x[i] > a:
            a = x[i]
    total = 0.0
    for i in range(x.size):
        total += np.exp(x[i] - a)
    return a + np.log(total)


def by_arrays(x):
    a = jt.max(x)
    return a + jt.log(jt.sum(jt.exp(x - a)))


def of(function):
    def prepare(given):
        x = np.array(given["x"])
        return lambda: function(x)

    return prepare


FUNCTIONS = {
    "primal": {"loops": of(by_loops), "program": of(jt.compile(by_arrays))},
    "gradient": {
        "loops": of(jt.grad(by_loops)),
        "program": of(jt.compile(jt.grad(by_arrays))),
        "recorded": of(jt.grad(by_arrays)),
    },
}
