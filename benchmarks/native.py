"""Derivatives of compiled functions beside their primals and other tools: ``python benchmarks/native.py [problem ...]``.

One thread, and also all of them where the problem runs in `prange`. Every problem is checked against central differences
before it is timed, and every tool against the gradient; times are minima of repeated calls.
"""

import math
import sys
import time
from collections.abc import Callable
from typing import NamedTuple

import numba
import numpy as np
from numba import njit, prange

import jittape as jt
from native_peers import peers


@njit
def lorenz(x, y, z, sigma, rho, beta, steps):
    """The classical Runge-Kutta method on the Lorenz equations."""
    h = 0.01
    for _ in range(steps):
        k1x, k1y, k1z = sigma * (y - x), x * (rho - z) - y, x * y - beta * z
        ax, ay, az = x + 0.5 * h * k1x, y + 0.5 * h * k1y, z + 0.5 * h * k1z
        k2x, k2y, k2z = sigma * (ay - ax), ax * (rho - az) - ay, ax * ay - beta * az
        ax, ay, az = x + 0.5 * h * k2x, y + 0.5 * h * k2y, z + 0.5 * h * k2z
        k3x, k3y, k3z = sigma * (ay - ax), ax * (rho - az) - ay, ax * ay - beta * az
        ax, ay, az = x + h * k3x, y + h * k3y, z + h * k3z
        k4x, k4y, k4z = sigma * (ay - ax), ax * (rho - az) - ay, ax * ay - beta * az
        x = x + h / 6.0 * (k1x + 2.0 * k2x + 2.0 * k3x + k4x)
        y = y + h / 6.0 * (k1y + 2.0 * k2y + 2.0 * k3y + k4y)
        z = z + h / 6.0 * (k1z + 2.0 * k2z + 2.0 * k3z + k4z)
    return x + y + z


@njit
def burgers_loops(u0, nu, steps):
    """Burgers' equation, point by point."""
    u, w = u0.copy(), u0.copy()
    n = len(u)
    for _ in range(steps):
        for i in range(1, n - 1):
            w[i] = u[i] - 0.05 * (u[i] * u[i] - u[i - 1] * u[i - 1]) + nu * (u[i + 1] - 2.0 * u[i] + u[i - 1])
        u, w = w, u
    total = 0.0
    for i in range(n):
        total += u[i] * u[i]
    return total


@njit
def burgers_slices(u0, nu, steps):
    """Burgers' equation in whole arrays."""
    u = u0.copy()
    for _ in range(steps):
        f = 0.05 * u * u
        u[1:-1] = u[1:-1] - (f[1:-1] - f[:-2]) + nu * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u * u)


@njit
def nbody(x, m):
    """Potential energy of bodies."""
    energy = 0.0
    for i in range(len(x)):
        for j in range(i):
            r2 = 1e-3
            for d in range(3):
                r2 += (x[i, d] - x[j, d]) ** 2
            energy -= m[i] * m[j] / math.sqrt(r2)
    return energy


@njit
def kalman(q, r, z):
    """Negative log-likelihood of a random walk with drift, seen with noise."""
    a, b, p11, p12, p22 = 0.0, 0.0, 1.0, 0.0, 1.0
    loss = 0.0
    for k in range(len(z)):
        a = a + b
        p11, p12, p22 = p11 + 2.0 * p12 + p22 + q, p12 + p22, p22 + 0.1 * q
        s = p11 + r
        e = z[k] - a
        loss += math.log(s) + e * e / s
        g1, g2 = p11 / s, p12 / s
        a, b = a + g1 * e, b + g2 * e
        p11, p12, p22 = p11 * (1.0 - g1), p12 * (1.0 - g1), p22 - g2 * p12
    return 0.5 * loss


@njit
def minors(a, used, row):
    """Determinant by expansion along rows."""
    n = len(a)
    if row == n:
        return a[0, 0] * 0.0 + 1.0
    total, sign = a[0, 0] * 0.0, 1.0
    for j in range(n):
        if used & (1 << j) == 0:
            total = total + sign * a[row, j] * minors(a, used | (1 << j), row + 1)
            sign = -sign
    return total


@njit
def determinant(a):
    return minors(a, 0, 0)


@njit
def black_scholes(s, sigma, rate, strikes, times):
    """Sum of the prices of call options."""
    total = 0.0
    for k in range(len(strikes)):
        v = sigma * math.sqrt(times[k])
        d1 = (math.log(s / strikes[k]) + (rate + 0.5 * sigma * sigma) * times[k]) / v
        d2 = d1 - v
        total += s / (1.0 + math.exp(-1.702 * d1)) - strikes[k] * math.exp(-rate * times[k]) / (1.0 + math.exp(-1.702 * d2))
    return total


@njit
def logistic(w, x, y):
    """Loss of a logistic regression, a row of data at a time."""
    loss = 0.0
    for i in range(len(y)):
        score = np.dot(x[i], w)
        loss += math.log1p(math.exp(-y[i] * score))
    return loss / len(y)


@njit
def heston_path(spot, v0, kappa, theta, xi, rho, z):
    """Discounted payoff of a call option on one path of Heston's model, full truncation."""
    dt = 1.0 / len(z)
    x, v = math.log(spot), v0
    for k in range(len(z)):
        level = max(v, 0.0)
        noise = math.sqrt(level * dt)
        x += (0.03 - 0.5 * level) * dt + noise * z[k, 0]
        v += kappa * (theta - level) * dt + xi * noise * (rho * z[k, 0] + math.sqrt(1.0 - rho * rho) * z[k, 1])
    return math.exp(-0.03) * max(math.exp(x) - 100.0, 0.0)


@njit(parallel=True)
def heston(spot, v0, kappa, theta, xi, rho, z):
    """The price: the mean over paths, in threads."""
    total = 0.0
    for p in prange(len(z)):
        total += heston_path(spot, v0, kappa, theta, xi, rho, z[p])
    return total / len(z)


path_gradient = jt.value_and_grad(heston_path, argnums=(0, 1, 2, 3, 4, 5))


@njit(parallel=True)
def heston_gradient(spot, v0, kappa, theta, xi, rho, z):
    """The price and its gradient, path by path, in threads: the gradient of a path is called like any function."""
    price, by_spot, by_v0, by_kappa, by_theta, by_xi, by_rho = 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    for p in prange(len(z)):
        value, bars = path_gradient(spot, v0, kappa, theta, xi, rho, z[p])
        price += value
        by_spot += bars[0]
        by_v0 += bars[1]
        by_kappa += bars[2]
        by_theta += bars[3]
        by_xi += bars[4]
        by_rho += bars[5]
    n = len(z)
    return price / n, (by_spot / n, by_v0 / n, by_kappa / n, by_theta / n, by_xi / n, by_rho / n)


class Problem(NamedTuple):
    """A function, what it is called with, and what is differentiated.

    `gradient` is given where it is not simply ``jt.value_and_grad(function)``; then function and gradient run in threads.
    """

    function: Callable
    args: tuple
    argnums: tuple
    gradient: Callable | None = None

    def value_and_grad(self):
        return self.gradient or jt.value_and_grad(self.function, argnums=self.argnums)


def problems():
    """Name -> problem."""
    draw = np.random.default_rng(1)
    wave = np.sin(np.linspace(0, 6, 1000)) + 1.5
    options = (100.0, 0.2, 0.03, draw.uniform(80, 120, 1000), draw.uniform(0.1, 2, 1000))
    paths = (100.0, 0.09, 2.0, 0.09, 0.3, -0.7, np.random.default_rng(2).normal(size=(10_000, 100, 2)))
    return {
        "lorenz": Problem(lorenz, (1.0, 1.0, 1.0, 10.0, 28.0, 8 / 3, 1000), (0, 1, 2, 3, 4, 5)),
        "burgers_loops": Problem(burgers_loops, (wave, 0.05, 1000), (0, 1)),
        "burgers_slices": Problem(burgers_slices, (wave, 0.05, 1000), (0, 1)),
        "nbody": Problem(nbody, (draw.normal(size=(100, 3)), draw.uniform(1, 2, 100)), (0, 1)),
        "kalman": Problem(kalman, (0.1, 0.5, draw.normal(size=1000).cumsum()), (0, 1)),
        "determinant": Problem(determinant, (draw.normal(size=(8, 8)),), (0,)),
        "black_scholes": Problem(black_scholes, options, (0, 1, 2)),
        "logistic": Problem(logistic, (draw.normal(size=30), draw.normal(size=(569, 30)), np.sign(draw.normal(size=569))), (0,)),
        "heston": Problem(heston, paths, (0, 1, 2, 3, 4, 5), heston_gradient),
    }


def check(function, args, argnums, gradients, h=1e-6):
    """Compare with central differences in one direction."""
    draw = np.random.default_rng(0)
    directions = {k: draw.normal(size=np.shape(args[k])) for k in argnums}
    moved = [tuple(a + s * h * directions[k] if k in directions else a for k, a in enumerate(args)) for s in (1, -1)]
    expected = (function(*moved[0]) - function(*moved[1])) / (2 * h)
    found = sum(np.sum(directions[k] * g) for k, g in zip(argnums, gradients))
    assert abs(found - expected) <= 1e-4 * max(1.0, abs(expected)), (function.__name__, found, expected)


def best(call, seconds=0.5, calls=5):
    """The least seconds of a call, of several: the first ones touch fresh memory."""
    least, stop = math.inf, time.perf_counter() + seconds
    while calls > 0 or time.perf_counter() < stop:
        calls -= 1
        start = time.perf_counter()
        call()
        least = min(least, time.perf_counter() - start)
    return least


def measure(name, problem, others):
    """One line of the table, and one a tool."""
    function, args, argnums, _ = problem
    short = tuple(20 if isinstance(a, int) else a for a in args)
    function(*short)
    gradient = problem.value_and_grad()
    start = time.perf_counter()
    _, gradients = gradient(*short)
    first = time.perf_counter() - start
    check(function, short, argnums, gradients)
    primal, whole = best(lambda: function(*args)), best(lambda: gradient(*args))
    jt.native.free_memory()
    _, gradients = gradient(*args)
    stats = jt.native.tape_stats()
    each = f"{whole / stats.statements * 1e9:9.1f}{stats.bytes_per_statement:8.1f}" if stats.statements else f"{'-':>9}{'-':>8}"
    print(
        f"{name:16}{primal * 1e6:8.1f}us{whole * 1e6:8.1f}us{whole / primal:7.1f}{stats.statements:11}{each}{first:6.1f}s",
        flush=True,
    )
    for tool, call in others.items():
        start = time.perf_counter()
        found = call(*args)[1]
        first = time.perf_counter() - start
        for a, b in zip(gradients, found):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-7 * np.max(np.abs(b)))
        took = best(lambda call=call: call(*args))
        print(f"  {tool:24}{took * 1e6:8.1f}us{took / primal:7.1f}{'':28}{first:6.1f}s", flush=True)


def in_threads(name, problem, threads):
    """The line of a parallel problem in so many threads."""
    numba.set_num_threads(threads)
    primal, whole = best(lambda: problem.function(*problem.args)), best(lambda: problem.gradient(*problem.args))
    numba.set_num_threads(1)
    print(f"  {f'in {threads} threads':14}{primal * 1e6:8.1f}us{whole * 1e6:8.1f}us{whole / primal:7.1f}", flush=True)


def main(names):
    threads = numba.get_num_threads()
    numba.set_num_threads(1)
    print(f"{'':16}{'primal':>10}{'gradient':>10}{'ratio':>7}{'statements':>11}{'ns each':>9}{'B each':>8}  first")
    found = problems()
    others = peers(found)
    for name, problem in found.items():
        if not names or name in names:
            measure(name, problem, others.get(name, {}))
            if problem.gradient and threads > 1:
                in_threads(name, problem, threads)


if __name__ == "__main__":
    main(sys.argv[1:])
