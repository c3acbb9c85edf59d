"""How long the first gradient of a compiled function takes, in first calls of the function itself: processor time.

    python benchmarks/first_gradients.py [--profile NAME]

Every function is compiled anew, in a process that has compiled another one before; what the derivatives of all functions share
lies on disk. The figures that count are the quotients: their median, and the one that nine of ten stay below.
"""

import argparse
import cProfile
import math
import pstats
import time

import numpy as np
from numba import njit

import jittape as jt

X, A = np.linspace(0.1, 1.0, 10), np.linspace(0.2, 2.0, 25).reshape(5, 5) + 3.0 * np.eye(5)


def rosenbrock(x):
    total = 0.0
    for k in range(len(x) - 1):
        total += 100.0 * (x[k + 1] - x[k] ** 2) ** 2 + (1.0 - x[k]) ** 2
    return total


def rosenbrock_in_arrays(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def number(x):
    return math.sin(x) * x * x + math.exp(-x)


def black_scholes(s, k, r, sigma, t):
    d1 = (math.log(s / k) + (r + 0.5 * sigma * sigma) * t) / (sigma * math.sqrt(t))
    d2 = d1 - sigma * math.sqrt(t)
    n1, n2 = 0.5 * math.erfc(-d1 / math.sqrt(2.0)), 0.5 * math.erfc(-d2 / math.sqrt(2.0))
    return s * n1 - k * math.exp(-r * t) * n2


def newton(c):
    x = 1.0
    for _ in range(20):
        x = x - (x * x * x + x - c) / (3.0 * x * x + 1.0)
    return x


def lorenz(x, y, z, sigma, rho, beta):
    for _ in range(100):
        x, y, z = x + 0.01 * sigma * (y - x), y + 0.01 * (x * (rho - z) - y), z + 0.01 * (x * y - beta * z)
    return x * x + y * y + z * z


def bodies(x):
    total = 0.0
    for i in range(x.shape[0]):
        for j in range(i):
            square = 0.01
            for k in range(x.shape[1]):
                square += (x[i, k] - x[j, k]) ** 2
            total -= 1.0 / math.sqrt(square)
    return total


def logistic(w):
    total = 0.0
    for i in range(A.shape[0]):
        margin = 0.0
        for j in range(A.shape[1]):
            margin += A[i, j] * w[j]
        total += math.log1p(math.exp(-margin))
    return total


def logistic_by_products(w):
    return np.sum(np.log1p(np.exp(-np.dot(A, w)))) + 0.1 * np.dot(w, w)


def burgers(u):
    for _ in range(20):
        new = u.copy()
        for k in range(1, len(u) - 1):
            new[k] = u[k] - 0.1 * u[k] * (u[k + 1] - u[k - 1]) + 0.05 * (u[k + 1] - 2.0 * u[k] + u[k - 1])
        u = new
    return np.sum(u * u)


def burgers_in_arrays(u):
    u = u.copy()
    for _ in range(20):
        u[1:-1] = u[1:-1] - 0.1 * u[1:-1] * (u[2:] - u[:-2]) + 0.05 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return np.sum(u * u)


def kalman(observed):
    mean, variance, total = 0.0, 1.0, 0.0
    for y in observed:
        variance += 0.1
        spread = variance + 0.5
        gain, error = variance / spread, y - mean
        total += math.log(spread) + error * error / spread
        mean, variance = mean + gain * error, (1.0 - gain) * variance
    return 0.5 * total


def determinant(a):
    return np.linalg.det(a)


def solved(a):
    return np.sum(np.linalg.solve(a, np.ones(a.shape[0])))


def moments(x):
    return np.mean(x) / np.std(x) + np.max(x) - np.min(x)


def layers(x):
    h = np.tanh(np.dot(A, x[:5]))
    return np.sum(np.tanh(np.dot(A, h)) * x[5:])


def with_branches(x):
    total = 0.0
    for v in x:
        if v > 0.5:
            total += math.sqrt(v)
        elif v > 0.3:
            total += v**3
        else:
            total -= abs(v) * max(v, 0.2)
    return total


@njit
def step(x, rate):
    return x * (1.0 - x) * rate


def with_calls(x):
    for _ in range(10):
        x = step(x, 3.2)
    return step(x, 2.0)


def of_lists(x):
    found = [x[0]]
    for k in range(1, len(x)):
        found.append(found[-1] * x[k] + 1.0)
    return found[-1]


def sorted_sum(x):
    return np.sum(np.sort(x) * np.arange(len(x))) + np.cumsum(x)[-2]


PROGRAMS = {
    rosenbrock: (X,),
    rosenbrock_in_arrays: (X,),
    number: (0.5,),
    black_scholes: (1.0, 1.1, 0.02, 0.3, 1.0),
    newton: (2.0,),
    lorenz: (1.0, 2.0, 3.0, 10.0, 28.0, 2.6),
    bodies: (X.reshape(5, 2),),
    logistic: (X[:5],),
    logistic_by_products: (X[:5],),
    burgers: (X,),
    burgers_in_arrays: (X,),
    kalman: (X,),
    determinant: (A,),
    solved: (A,),
    moments: (X,),
    layers: (X,),
    with_branches: (X,),
    with_calls: (0.4,),
    of_lists: (X,),
    sorted_sum: (X,),
}


def seconds(call, *args):
    """Processor time of a call."""
    start = time.process_time()
    call(*args)
    return time.process_time() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--profile", metavar="NAME", help="profile the first gradient of this function")
    name = parser.parse_args().profile
    warm = njit(lambda x: np.sum(x * x))
    jt.grad(warm)(X)
    quotients = []
    for function, args in PROGRAMS.items():
        if name not in (None, function.__name__):
            continue
        own = njit(function)
        first, gradient = seconds(own, *args), jt.grad(own)
        with cProfile.Profile() as profile:
            profile.disable() if name is None else None
            took = seconds(gradient, *args)
        quotients.append(took / first)
        print(f"{function.__name__:24}{first * 1e3:8.0f} ms {took * 1e3:8.0f} ms {took / first:6.2f}", flush=True)
    print(f"median {np.median(quotients):.2f}, nine of ten below {np.quantile(quotients, 0.9):.2f}")
    if name:
        pstats.Stats(profile).sort_stats("cumtime").print_stats(45)


if __name__ == "__main__":
    main()
