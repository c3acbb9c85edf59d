"""Inversion: how well each place of a rod conducts heat, from thermometers along it, through 300 steps of a simulation.

Run it with ``python examples/heat_inversion.py [figure.png]``.
"""

# %% Problem
# A rod is cold at its ends and heated from one side at first; eight thermometers are read as time goes on. Conductivities are
# positive, so their logarithms are sought; a penalty on slopes chooses among rods that explain the readings equally well.

import sys

import numpy as np
from scipy.optimize import minimize

import jittape as jt

N, BLOCKS, STEPS, DT = 41, 15, 20, 0.6
x = np.linspace(0.0, 1.0, N)
middles = 0.5 * (x[1:] + x[:-1])
truth = np.log(0.3 + 0.5 * (middles > 0.35) - 0.4 * np.exp(-(((middles - 0.72) / 0.08) ** 2)))
thermometers = np.arange(4, N, 8)
start = np.where(x < 0.5, np.sin(2.0 * np.pi * x), 0.0)


def diffused(u, logs):
    """The temperature after some steps."""
    conductivity = np.exp(logs)
    for _ in range(STEPS):
        u = u + DT * np.pad(np.diff(conductivity * np.diff(u)), 1)
    return u


# %% Simulation
# A checkpoint keeps what each block of steps starts from, not what happens inside.

block = jt.checkpoint(diffused)


def readings(logs):
    u, read = start, []
    for _ in range(BLOCKS):
        u = block(u, logs)
        read.append(u[thermometers])
    return np.stack(read)


noise = 2e-4
observed = readings(truth) + noise * np.random.default_rng(0).normal(size=(BLOCKS, len(thermometers)))


def misfit(logs):
    return 0.5 * np.sum(((readings(logs) - observed) / noise) ** 2) + 0.5 * 60.0 * np.sum(np.diff(logs) ** 2)


# %% Inversion

first = np.full(N - 1, np.log(0.5))
found = minimize(jt.value_and_grad(misfit), first, jac=True, method="L-BFGS-B", options={"maxiter": 50})
print(f"misfit {misfit(first):.1f} before, {found.fun:.1f} after {found.nfev} simulations, for {observed.size} readings")
print(f"mean error of conductivities {np.mean(np.abs(np.exp(found.x) - np.exp(truth))):.3f} of {np.mean(np.exp(truth)):.3f}")
assert found.fun < 4.0 * observed.size


# %% Figure


def draw(path):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 3.8), layout="constrained")
    axes[0].plot(DT * STEPS * np.arange(1, BLOCKS + 1), observed, ".", markersize=3)
    axes[0].set_prop_cycle(None)
    axes[0].plot(DT * STEPS * np.arange(1, BLOCKS + 1), readings(found.x), linewidth=0.8)
    axes[0].set(title="thermometers, read and explained", xlabel="time", ylabel="temperature")
    axes[1].step(middles, np.exp(truth), where="mid", color="grey", label="true")
    axes[1].plot(middles, np.exp(found.x), label="found")
    axes[1].set(title="conductivity", xlabel="place", ylim=(0.0, None))
    axes[1].legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__" and len(sys.argv) > 1:
    draw(sys.argv[1])
