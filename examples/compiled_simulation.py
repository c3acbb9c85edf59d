"""Fit the parameters of a simulated population to data, through a compiled time loop."""

# %% Question
# Hares and lynxes were counted by the Hudson's Bay Company's fur trade from 1900 to 1920.  Which rates of the
# Lotka-Volterra equations, and which first populations, explain the counts?
# Data: thousands of pelts, as tabulated by J. M. Mahaffy; used in many textbooks since.

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from numba import njit
from scipy.optimize import minimize

import jittape as jt

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--figure", default=Path(__file__).with_name("compiled_simulation.png"), help="where to draw the fit")
parser.add_argument("--short", action="store_true", help="no figure")
options = parser.parse_args()

HARES = np.array(
    [30, 47.2, 70.2, 77.4, 36.3, 20.6, 18.1, 21.4, 22, 25.4, 27.1, 40.3, 57, 76.6, 52.3, 19.5, 11.2, 7.6, 14.6, 16.2, 24.7]
)
LYNXES = np.array([4, 6.1, 9.8, 35.2, 59.4, 41.7, 19, 13, 8.3, 9.1, 7.4, 8, 12.3, 19.5, 45.7, 51.1, 29.7, 15.8, 9.7, 10.1, 8.6])

# %% Model
# Four rates and two populations, as logarithms, so that they stay positive.  The loop is plain Numba code: it
# would run as fast without derivatives, and nothing in it knows that it is differentiated.

STEPS = 50  # a year


@njit
def growth(hares, lynxes, birth, hunting, death, feeding):
    return hares * (birth - hunting * lynxes), lynxes * (feeding * hares - death)


@njit
def simulate(parameters, years):
    rates = np.exp(parameters)
    birth, hunting, death, feeding = rates[0], rates[1], rates[2], rates[3]
    hares, lynxes, h = rates[4], rates[5], 1.0 / STEPS
    path = np.empty((years, 2))
    for year in range(years):
        path[year, 0], path[year, 1] = hares, lynxes
        for _ in range(STEPS):  # Heun's method
            a, b = growth(hares, lynxes, birth, hunting, death, feeding)
            c, d = growth(hares + h * a, lynxes + h * b, birth, hunting, death, feeding)
            hares, lynxes = hares + 0.5 * h * (a + c), lynxes + 0.5 * h * (b + d)
    return path


@njit
def misfit(parameters, hares, lynxes):
    path = simulate(parameters, len(hares))
    total = 0.0
    for year in range(len(hares)):
        total += (np.log(path[year, 0]) - np.log(hares[year])) ** 2 + (np.log(path[year, 1]) - np.log(lynxes[year])) ** 2
    return total


# %% Gradient
# `jt.value_and_grad` takes the compiled function; SciPy takes what it answers.

start = np.log([0.5, 0.02, 0.8, 0.02, 30.0, 4.0])
value_and_gradient = jt.value_and_grad(misfit)
began = time.perf_counter()
value_and_gradient(start, HARES, LYNXES)
print(f"compiled in {time.perf_counter() - began:.1f} s")
began = time.perf_counter()
fit = minimize(value_and_gradient, start, args=(HARES, LYNXES), jac=True, method="BFGS", options={"gtol": 1e-8})
took = time.perf_counter() - began
print(f"fitted in {took * 1e3:.0f} ms, {fit.nfev} gradients of {21 * STEPS} steps each")
for name, value in zip(("birth", "hunting", "death", "feeding", "hares in 1900", "lynxes in 1900"), np.exp(fit.x)):
    print(f"  {name:15}{value:8.4f}")

# %% Check
# The gradient against differences of the function itself, and a minimum that is one: a Hessian without a direction
# downwards.  Its inverse is how well the data determine the logarithms of the parameters.

direction = np.random.default_rng(0).normal(size=6)
h = 1e-6
slope = (misfit(start + h * direction, HARES, LYNXES) - misfit(start - h * direction, HARES, LYNXES)) / (2 * h)
gradient = value_and_gradient(start, HARES, LYNXES)[1]
assert abs(slope - gradient @ direction) < 1e-6 * abs(slope)
hessian = jt.hessian(misfit)(fit.x, HARES, LYNXES)
assert np.linalg.eigvalsh(hessian).min() > 0
spread = np.sqrt(np.diag(np.linalg.inv(hessian)) * 2.0 * fit.fun / (2 * len(HARES) - 6))
print("relative spread of the parameters:", spread.round(3))

# %% Figure

if options.short:
    sys.exit()
try:
    import matplotlib
except ImportError:
    sys.exit("matplotlib is not installed: no figure")
matplotlib.use("Agg")
import matplotlib.pyplot as plt

years = np.arange(1900, 1921)
path = simulate(fit.x, len(HARES))
figure, axes = plt.subplots(figsize=(7, 3.5), layout="constrained")
for k, (name, counts, colour) in enumerate((("hares", HARES, "C0"), ("lynxes", LYNXES, "C3"))):
    axes.plot(years, counts, "o", color=colour, label=f"{name}, counted")
    axes.plot(years, path[:, k], "-", color=colour, label=f"{name}, fitted")
axes.set_xlabel("year")
axes.set_ylabel("thousands of pelts")
axes.set_xticks(years[::4])
figure.legend(loc="outside upper center", frameon=False, ncols=4)
figure.savefig(options.figure, dpi=150)
print(f"drawn in {options.figure}")
