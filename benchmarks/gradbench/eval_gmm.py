"""The posterior of a mixture of Gaussians with a Wishart prior on the precisions."""

import math

import numpy as np
from numba import njit

import jittape as jt

NAMES = ("alpha", "mu", "q", "l")


@njit(cache=True)
def logsumexp(v):
    a = np.max(v)
    return a + np.log(np.sum(np.exp(v - a)))


@njit(cache=True)
def by_loops(alpha, mu, q, l, x, m, gamma):  # noqa: E741 the eval's name
    n, d = x.shape
    k = alpha.size
    beta, square = np.empty(k), 0.0
    diagonal = np.exp(q)
    for j in range(k):
        for a in range(d):
            square += diagonal[j, a] ** 2
        for a in range(l.shape[1]):
            square += l[j, a] ** 2
    total = -n * logsumexp(alpha)
    for i in range(n):
        for j in range(k):
            distance = 0.0
            for a in range(d):
                entry = diagonal[j, a] * (x[i, a] - mu[j, a])
                for b in range(a):  # below the diagonal, stored column by column
                    entry += l[j, b * (2 * d - b - 1) // 2 + a - b - 1] * (x[i, b] - mu[j, b])
                distance += entry * entry
            beta[j] = alpha[j] - 0.5 * distance + np.sum(q[j])
        total += logsumexp(beta)
    return total - 0.5 * gamma**2 * square + m * np.sum(q)


def by_arrays(alpha, mu, q, l, x, m, gamma):  # noqa: E741
    n, d = x.shape
    rows = [jt.exp(q)[:, :, None] * np.eye(d)]
    place = 0
    for b in range(d):
        for a in range(b + 1, d):
            unit = np.zeros((d, d))
            unit[a, b] = 1.0
            rows.append(l[:, place, None, None] * unit)
            place += 1
    factor = sum(rows[1:], rows[0])
    centred = x[:, None, :] - mu[None, :, :]
    mapped = jt.einsum("kab,nkb->nka", factor, centred)
    beta = alpha - 0.5 * jt.sum(mapped * mapped, 2) + jt.sum(q, 1)
    total = jt.sum(jt.logsumexp(beta, 1)) - n * jt.logsumexp(alpha, 0)
    return total - 0.5 * gamma**2 * jt.sum(factor * factor) + m * jt.sum(q)


def constant(k, n, d, m, gamma):
    """What does not depend on the parameters."""
    dof = d + m + 1
    log_gamma = 0.25 * d * (d - 1) * math.log(math.pi) + sum(math.lgamma(0.5 * (dof - j)) for j in range(d))
    return -0.5 * n * d * math.log(2.0 * math.pi) + k * (dof * d * math.log(gamma / math.sqrt(2.0)) - log_gamma)


def of(function, is_value):
    def prepare(given):
        arguments = [np.array(given[name], float) for name in NAMES] + [np.array(given["x"]), given["m"], float(given["gamma"])]
        if is_value:
            rest = constant(given["k"], given["n"], given["d"], given["m"], given["gamma"])
            return lambda: function(*arguments) + rest
        return lambda: dict(zip(NAMES, function(*arguments)))

    return prepare


FUNCTIONS = {
    "objective": {"loops": of(by_loops, True), "program": of(jt.compile(by_arrays), True)},
    "jacobian": {
        "loops": of(jt.grad(by_loops, (0, 1, 2, 3)), False),
        "program": of(jt.compile(jt.grad(by_arrays, (0, 1, 2, 3))), False),
    },
}
