"""Loops of the kind that adjoints are compiled of, and what their derivatives cost: multiples of the primal, beside goals.

    python benchmarks/native_loops.py                  gradients of all problems
    python benchmarks/native_loops.py burgers          those with that word in their name
    python benchmarks/native_loops.py --second         products of Hessians with vectors, and Hessians of the small ones

A *goal* is a value and gradient as an adjoint written by hand was measured or estimated to take, as a multiple of the primal.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numba import njit

import jittape as jt
from jittape.native.derivatives import gradient_dispatchers
from native import black_scholes, burgers_loops, burgers_slices, heston_path, kalman, logistic, lorenz, nbody
from timing import Table, arguments, minima

MOST_COLUMNS = 64  # of Hessians


@njit
def lorenz_slope(y, p):
    out = np.empty(3)
    out[0] = p[0] * (y[1] - y[0])
    out[1] = y[0] * (p[1] - y[2]) - y[1]
    out[2] = y[0] * y[1] - p[2] * y[2]
    return out


@njit
def lorenz_arrays(y0, p, steps):
    """The Lorenz equations by Runge-Kutta steps, element by element, with a helper."""
    y, z = y0.copy(), np.empty(3)
    h = 0.01
    for _ in range(steps):
        a = lorenz_slope(y, p)
        for i in range(3):
            z[i] = y[i] + 0.5 * h * a[i]
        b = lorenz_slope(z, p)
        for i in range(3):
            z[i] = y[i] + 0.5 * h * b[i]
        c = lorenz_slope(z, p)
        for i in range(3):
            z[i] = y[i] + h * c[i]
        d = lorenz_slope(z, p)
        for i in range(3):
            y[i] += h / 6.0 * (a[i] + 2.0 * b[i] + 2.0 * c[i] + d[i])
    return y[0] + y[1] + y[2]


@njit
def least_squares(w, A, b):
    """Squared residuals of a linear model."""
    total = 0.0
    for i in range(len(b)):
        r = -b[i]
        for j in range(len(w)):
            r += A[i, j] * w[j]
        total += r * r
    return total


@njit
def mixture(weights, means, icf, x):
    """The log-likelihood of a Gaussian mixture in the manner of GradBench, in loops."""
    count, k, d = len(x), len(weights), means.shape[1]
    logs, sums, centred = np.empty(k), np.empty(k), np.empty(d)
    for j in range(k):
        s = 0.0
        for i in range(d):
            s += icf[j, i]
        sums[j] = s
    total = 0.0
    for n in range(count):
        top = -1e300
        for j in range(k):
            square = 0.0
            for i in range(d):
                centred[i] = x[n, i] - means[j, i]
            m = d
            for i in range(d):
                q = math.exp(icf[j, i]) * centred[i]
                for c in range(i):
                    q += icf[j, m] * centred[c]
                    m += 1
                square += q * q
            logs[j] = weights[j] + sums[j] - 0.5 * square
            top = max(top, logs[j])
        s = 0.0
        for j in range(k):
            s += math.exp(logs[j] - top)
        total += top + math.log(s)
    s = 0.0
    for j in range(k):
        s += math.exp(weights[j])
    return total - count * math.log(s)


@njit
def lstm(w, b, x):
    """A long short-term memory of one layer, its steps in loops; the sum of squares of the last state."""
    n = x.shape[1]
    h, c, g = np.zeros(n), np.zeros(n), np.empty(4 * n)
    for t in range(len(x)):
        for i in range(4 * n):
            s = b[i]
            for j in range(n):
                s += w[i, j] * x[t, j] + w[i, n + j] * h[j]
            g[i] = s
        for i in range(n):
            forget, take = 1.0 / (1.0 + math.exp(-g[i])), 1.0 / (1.0 + math.exp(-g[n + i]))
            c[i] = forget * c[i] + take * math.tanh(g[3 * n + i])
            h[i] = math.tanh(c[i]) / (1.0 + math.exp(-g[2 * n + i]))
    total = 0.0
    for i in range(n):
        total += h[i] * h[i]
    return total


@njit
def heat(u0, k, steps):
    """The heat equation on a square."""
    u, w = u0.copy(), u0.copy()
    n, m = u.shape
    for _ in range(steps):
        for i in range(1, n - 1):
            for j in range(1, m - 1):
                w[i, j] = u[i, j] + k * (u[i + 1, j] + u[i - 1, j] + u[i, j + 1] + u[i, j - 1] - 4.0 * u[i, j])
        u, w = w, u
    total = 0.0
    for i in range(n):
        for j in range(m):
            total += u[i, j] * u[i, j]
    return total


@njit
def thomas(a, b, c, d):
    """A tridiagonal system; the sum of squares of its solution."""
    n = len(d)
    cp, dp, x = np.empty(n), np.empty(n), np.empty(n)
    cp[0], dp[0] = c[0] / b[0], d[0] / b[0]
    for i in range(1, n):
        m = b[i] - a[i] * cp[i - 1]
        cp[i] = c[i] / m
        dp[i] = (d[i] - a[i] * dp[i - 1]) / m
    x[n - 1] = dp[n - 1]
    for i in range(n - 2, -1, -1):
        x[i] = dp[i] - cp[i] * x[i + 1]
    total = 0.0
    for i in range(n):
        total += x[i] * x[i]
    return total


@njit
def warping(x, y):
    """The distance of two series by dynamic time warping."""
    n, m = len(x), len(y)
    cost = np.full((n + 1, m + 1), 1e300)
    cost[0, 0] = 0.0
    for i in range(n):
        for j in range(m):
            cost[i + 1, j + 1] = (x[i] - y[j]) ** 2 + min(cost[i, j], cost[i, j + 1], cost[i + 1, j])
    return cost[n, m]


@njit
def clusters(centres, points):
    """The sum of squared distances to the nearest centre."""
    total = 0.0
    for i in range(len(points)):
        least = 1e300
        for k in range(len(centres)):
            s = 0.0
            for d in range(points.shape[1]):
                s += (points[i, d] - centres[k, d]) ** 2
            least = min(least, s)
        total += least
    return total


@njit
def heston_paths(p, z):
    """The mean of discounted payoffs, path by path."""
    total = 0.0
    for k in range(len(z)):
        total += heston_path(p[0], p[1], p[2], p[3], p[4], p[5], z[k])
    return total / len(z)


@njit
def logistic_loops(w, x, y):
    """Loss of a logistic regression in loops."""
    loss = 0.0
    for i in range(len(y)):
        score = 0.0
        for j in range(len(w)):
            score += x[i, j] * w[j]
        loss += math.log1p(math.exp(-y[i] * score))
    return loss / len(y)


class Problem(NamedTuple):
    """A function, what it is called with, what is differentiated, and the multiple of the primal that is wanted."""

    function: Callable
    args: tuple
    argnums: tuple
    goal: float


def problems():
    """Name -> problem."""
    draw = np.random.default_rng(1)
    wave = np.sin(np.linspace(0, 6, 1000)) + 1.5
    signs = np.sign(draw.normal(size=569))
    rows = draw.normal(size=(569, 30))

    def gmm(d, k=5, n=1000):
        return (
            draw.normal(size=k),
            draw.normal(size=(k, d)),
            draw.normal(size=(k, d * (d + 1) // 2)) * 0.1,
            draw.normal(size=(n, d)),
        )

    series = draw.normal(size=(2, 200)).cumsum(1)
    tri = tuple(draw.uniform(0.5, 1.0, (4, 10000)) + np.array([0.0, 3.0, 0.0, 0.0])[:, None])
    return {
        "Lorenz, arrays and a helper": Problem(lorenz_arrays, (np.ones(3), np.array([10.0, 28.0, 8 / 3]), 1000), (0, 1), 2.2),
        "Lorenz, numbers": Problem(lorenz, (1.0, 1.0, 1.0, 10.0, 28.0, 8 / 3, 1000), (0, 1, 2, 3, 4, 5), 2.0),
        "logistic, rows": Problem(logistic, (draw.normal(size=30), rows, signs), (0,), 1.6),
        "logistic, loops": Problem(logistic_loops, (draw.normal(size=30), rows, signs), (0,), 1.6),
        "100 bodies": Problem(nbody, (draw.normal(size=(100, 3)), draw.uniform(1, 2, 100)), (0, 1), 2.5),
        "llsq": Problem(least_squares, (draw.normal(size=64), draw.normal(size=(2000, 64)), draw.normal(size=2000)), (0,), 1.8),
        "Kalman": Problem(kalman, (0.1, 0.5, draw.normal(size=1000).cumsum()), (0, 1), 1.9),
        "Kalman, by data": Problem(kalman, (0.1, 0.5, draw.normal(size=1000).cumsum()), (0, 1, 2), 1.9),
        "LSTM": Problem(
            lstm, (draw.normal(size=(256, 128)) * 0.1, draw.normal(size=256), draw.normal(size=(20, 64))), (0, 1), 2.2
        ),
        "GMM, 10": Problem(mixture, gmm(10), (0, 1, 2), 2.5),
        "GMM, 64": Problem(mixture, gmm(64), (0, 1, 2), 3.0),
        "Burgers, loops": Problem(burgers_loops, (wave, 0.05, 1000), (0, 1), 4.0),
        "Burgers, whole arrays": Problem(burgers_slices, (wave, 0.05, 1000), (0, 1), 4.0),
        "heat": Problem(heat, (draw.normal(size=(100, 100)), 0.1, 50), (0, 1), 6.0),
        "Thomas": Problem(thomas, tri, (0, 1, 2, 3), 2.0),
        "time warping": Problem(warping, tuple(series), (0, 1), 2.2),
        "k-means": Problem(clusters, (draw.normal(size=(10, 5)), draw.normal(size=(5000, 5))), (0,), 2.0),
        "Heston": Problem(
            heston_paths, (np.array([100.0, 0.09, 2.0, 0.09, 0.3, -0.7]), draw.normal(size=(1000, 100, 2))), (0,), 1.5
        ),
        "Black-Scholes": Problem(
            black_scholes, (np.float64(100.0), 0.2, 0.03, draw.uniform(80, 120, 1000), draw.uniform(0.1, 2, 1000)), (3, 4), 2.0
        ),
    }


def by_the_tape(problem):
    """The value and gradient of a problem, computed by the statement tape, as its second answer."""
    own = njit(problem.function.py_func)
    way, gradient_dispatchers.way_of = gradient_dispatchers.way_of, lambda *_, **__: (gradient_dispatchers.TAPE, "")
    try:
        gradient = jt.value_and_grad(own, argnums=problem.argnums)
        gradient(*problem.args)
    finally:
        gradient_dispatchers.way_of = way
    return gradient


def gradients(name, problem, seconds, table):
    """A row: the primal, and the gradient and the tape's as multiples of it."""
    function, args, argnums, goal = problem
    gradient, taped = jt.value_and_grad(function, argnums=argnums), by_the_tape(problem)
    for own, other in zip(gradient(*args)[1], taped(*args)[1]):
        np.testing.assert_allclose(own, other, rtol=1e-7, atol=1e-9 * np.max(np.abs(other)))
    calls = {"primal": lambda: function(*args), "adjoint": lambda: gradient(*args), "tape": lambda: taped(*args)}
    best = minima(calls, seconds)
    ratios = [best[way] / best["primal"] for way in ("adjoint", "tape")]
    way = jt.native.explain(function, *args, argnums=argnums).way
    table.row(
        [
            name,
            f"{best['primal'] * 1e6:.1f}",
            way,
            *(f"{r:.2f}" for r in ratios),
            f"{goal:.1f}",
            "" if ratios[0] <= goal else "over",
        ]
    )


def second_derivatives(name, problem, seconds, table):
    """A row: a gradient, a product of the Hessian with a vector, and the Hessian, as multiples of the primal."""
    function, args, argnums, _ = problem
    if argnums[0] != 0:
        return
    gradient, (x, *data) = jt.grad(function), args
    v = np.cos(np.arange(1.0, np.size(x) + 1)).reshape(np.shape(x))[()]
    product, (h, size) = jt.hvp(function, x, v, *data), (1e-6, np.size(x))
    differences = (np.asarray(gradient(x + h * v, *data)) - gradient(x - h * v, *data)) / (2 * h)
    np.testing.assert_allclose(product, differences, rtol=1e-4, atol=1e-5 * np.max(np.abs(differences)))
    hessian = jt.hessian(function)
    calls = {"primal": lambda: function(*args), "gradient": lambda: gradient(*args), "hvp": lambda: jt.hvp(function, x, v, *data)}
    if size <= MOST_COLUMNS:
        calls["hessian"] = lambda: hessian(*args)
    best = minima(calls, seconds)
    table.row([name, f"{best['primal'] * 1e6:.1f}", *(f"{best[w] / best['primal']:.2f}" for w in calls if w != "primal")])


def main():
    parser = arguments(__doc__)
    parser.add_argument("--second", action="store_true", help="second derivatives")
    chosen = parser.parse_args()
    found = {n: p for n, p in problems().items() if all(word.lower() in n.lower() for word in chosen.words)}
    header = ["problem", "primal us"]
    header += ["gradient", "hvp", "hessian"] if chosen.second else ["way", "gradient", "tape", "goal", ""]
    table = Table(header, [28, 10, 8, 8, 8, 6, 5], chosen.markdown)
    for name, problem in found.items():
        (second_derivatives if chosen.second else gradients)(name, problem, chosen.seconds, table)


if __name__ == "__main__":
    main()
