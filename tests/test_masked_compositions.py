"""Random programs: a function with infinite partials, masked in some way, inside a smooth one, in every mode.

The expected derivatives are those of the same program with safe values in the place of those that the mask hides.
"""

import itertools

import numpy as np
import pytest

import jittape as jt

from sampling import some

pytestmark = pytest.mark.filterwarnings("ignore::RuntimeWarning")

X = np.array([0.3, 0.0, 1.2, -0.5, 0.7, 0.0])
CHOSEN = np.array([0, 2, 4])


def weights(n):
    return np.cos(np.arange(n)) + 1.5


# --- functions that are singular at 0, or not defined below ----------------------------------------------------------------

SINGULAR = {
    "sqrt": np.sqrt,
    "log": np.log,
    "inverse": lambda x: 1.0 / x,
    "root by power": lambda x: x**0.5,
    "infinite curvature": lambda x: x**1.5,
    "entropy": lambda x: x * np.log(x),
    "cube root": lambda x: np.exp(np.log(x) / 3.0),
    "arccosh": lambda x: np.arccosh(1.0 + x),
    "absolute value by root": lambda x: np.sqrt(x * x),
    "essential singularity": lambda x: np.exp(0.1 / x),
}

# --- masks, each with the safe program of the same meaning ------------------------------------------------------------------


def positive(x):
    return np.where(x > 0, x, 1.0)


def by_where(f, x):
    return np.where(x > 0, f(x), 2.0 * x * x)


def by_where_safely(f, x):
    return np.where(x > 0, f(positive(x)), 2.0 * x * x)


def by_assignment(f, x):
    z = f(x)
    z[x <= 0] = 3.0
    return z


def by_assignment_safely(f, x):
    return np.where(x > 0, f(positive(x)), 3.0)


def by_assigned_values(f, x):
    z = f(x)
    z[x <= 0] = np.sin(x)[x <= 0]
    return z


def by_assigned_values_safely(f, x):
    return np.where(x > 0, f(positive(x)), np.sin(x))


def by_positions(f, x):
    return np.concatenate([f(x)[CHOSEN], x])


def by_positions_safely(f, x):
    return np.concatenate([f(x[CHOSEN]), x])


def by_slice(f, x):
    return f(x)[::2] * x[1::2]


def by_slice_safely(f, x):
    return f(x[::2]) * x[1::2]


def twice(f, x):
    return np.where(x > 0, np.where(x < 0.9, f(x), 1.0 / (x - 0.9)), x)


def twice_safely(f, x):
    return np.where(x > 0, np.where(x < 0.9, f(positive(x)), 1.0 / np.where(x < 0.9, 1.0, x - 0.9)), x)


def by_sum_of_masks(f, x):
    return np.where(x > 0, f(x) * x, 0.0) + np.where(x > 0, 0.0, x)


def by_sum_of_masks_safely(f, x):
    return np.where(x > 0, f(positive(x)) * x, 0.0) + np.where(x > 0, 0.0, x)


def by_parts(f, x):
    return np.concatenate([np.where(x > 0, f(x), x), x[:2]])[1:]


def by_parts_safely(f, x):
    return np.concatenate([np.where(x > 0, f(positive(x)), x), x[:2]])[1:]


MASKS = [
    (by_where, by_where_safely),
    (by_assignment, by_assignment_safely),
    (by_assigned_values, by_assigned_values_safely),
    (by_positions, by_positions_safely),
    (by_slice, by_slice_safely),
    (twice, twice_safely),
    (by_sum_of_masks, by_sum_of_masks_safely),
    (by_parts, by_parts_safely),
]

# --- what is made of it -------------------------------------------------------------------------------------------------------

OUTER = {
    "waves": lambda z: np.sum(np.sin(z) * weights(len(z))),
    "root of squares": lambda z: np.sqrt(np.sum(z * z) + 1.0),
    "norm": np.linalg.norm,
    "mean": lambda z: np.mean(z * z),
    "running sums": lambda z: np.sum(np.cumsum(z) * weights(len(z))),
    "dot": lambda z: np.dot(z, weights(len(z))),
    "layer": lambda z: np.sum(np.tanh(np.outer(weights(3), weights(len(z))) @ z)),
    "softmax": lambda z: np.sum(np.exp(z) / np.sum(np.exp(z)) * weights(len(z))),
    "largest": lambda z: np.max(z) * 2.0,
    "sorted": lambda z: np.sum(np.sort(z)[1:] * weights(len(z))[1:]),
    "product": lambda z: np.prod(z + 4.0),
    "variance": np.var,
    "deviation": lambda z: np.std(z + weights(len(z))),
    "outer": lambda z: np.sum(np.outer(z, weights(3)) ** 2),
    "broadcast": lambda z: np.sum(np.sin(z[:, None] * weights(3))),
    "axis": lambda z: np.sum(np.sum(np.outer(z, weights(2)), axis=0) ** 2),
    "logarithm of exponentials": lambda z: np.log(np.sum(np.exp(z))),
    "differences": lambda z: np.sum(np.diff(z) ** 2),
    "running products": lambda z: np.sum(np.cumprod(z + 2.0)),
    "flipped": lambda z: np.sum(z[::-1] * weights(len(z)) * z),
    "einsum": lambda z: np.einsum("i,i->", z, z),
    "ends": lambda z: z[-1] * z[0],
}

GRADIENTS = {
    "reverse": jt.grad,
    "forward": jt.jacfwd,
    "compiled gradient": lambda f: jt.compile(jt.grad(f)),
    "gradient of compiled": lambda f: jt.grad(jt.compile(f)),
    "vmapped": lambda f: lambda x: jt.vmap(jt.grad(f))(np.stack([np.abs(x) + 0.1, x]))[1],
}
HESSIANS = {
    "second order": jt.hessian,
    "reverse over reverse": lambda f: jt.jacrev(jt.grad(f)),
    "forward over reverse": lambda f: jt.jacfwd(jt.grad(f)),
    "forward over forward": lambda f: jt.jacfwd(jt.jacfwd(f)),
}


@pytest.mark.parametrize("mask", MASKS, ids=lambda m: m[0].__name__)
def test_masked_singularities(mask):
    masked, safe = mask
    for inner, outer in some(list(itertools.product(SINGULAR, OUTER)), 8):

        def program(x):
            return OUTER[outer](masked(SINGULAR[inner], x))

        def expected(x):
            return OUTER[outer](safe(SINGULAR[inner], x))

        for modes, derivative in ((GRADIENTS, jt.grad(expected)(X)), (HESSIANS, jt.jacrev(jt.grad(expected))(X))):
            for name, mode in modes.items():
                message = f"{name} of {outer} of {inner}"
                np.testing.assert_allclose(mode(program)(X), derivative, rtol=1e-9, atol=1e-11, err_msg=message)
