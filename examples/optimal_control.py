"""Optimal control: a pendulum is swung up by a weak motor, with the gradient of a simulation by all torques.

Run it with ``python examples/optimal_control.py [figure.png]``.
"""

# %% Problem
# A motor that cannot hold the pendulum sideways is to bring it to the top and to rest there within twelve units of time (a small
# swing takes six), with as little effort as it takes. The torque is constant in each of 60 intervals.

import sys

import numpy as np
from numba import njit
from scipy.optimize import minimize

import jittape as jt

STEPS, TIME, STRONGEST = 60, 12.0, 0.4
H = TIME / STEPS


@njit
def acceleration(angle, speed, torque):
    return torque - np.sin(angle) - 0.05 * speed


@njit
def swing(torques):
    """Angle and speed at the ends of all intervals, by the classical method of Runge and Kutta."""
    path = np.zeros((STEPS + 1, 2))
    angle = speed = 0.0
    for k in range(STEPS):
        u = torques[k]
        a = acceleration(angle, speed, u)
        b = acceleration(angle + 0.5 * H * speed, speed + 0.5 * H * a, u)
        c = acceleration(angle + 0.5 * H * speed + 0.25 * H * H * a, speed + 0.5 * H * b, u)
        d = acceleration(angle + H * speed + 0.5 * H * H * b, speed + H * c, u)
        angle += H * speed + H * H * (a + b + c) / 6.0
        speed += H * (a + 2.0 * b + 2.0 * c + d) / 6.0
        path[k + 1, 0], path[k + 1, 1] = angle, speed
    return path


@njit
def effort(torques):
    return H * np.sum(torques**2)


@njit
def off_target(torques):
    """What is left at the end, of angle and speed."""
    end = swing(torques)[STEPS]
    return np.array([end[0] - np.pi, end[1]])


# %% Solution
# Two equations and bounds, for SciPy's SLSQP; all derivatives are exact.

constraint = {"type": "eq", "fun": off_target, "jac": jt.jacobian(off_target)}
start = 0.2 * np.cos(0.9 * np.arange(STEPS) * H)
found = minimize(
    jt.value_and_grad(effort),
    start,
    jac=True,
    method="SLSQP",
    bounds=[(-STRONGEST, STRONGEST)] * STEPS,
    constraints=constraint,
    options={"maxiter": 300, "ftol": 1e-9},
)
missed = np.abs(off_target(found.x)).max()
print(f"{found.message}: effort {found.fun:.4f} after {found.nit} iterations, {missed:.1e} off the target")
assert found.success and missed < 1e-5


# %% Figure


def draw(path):
    import matplotlib.pyplot as plt

    times, angles = H * np.arange(STEPS + 1), swing(found.x)[:, 0]
    figure, axes = plt.subplots(2, 1, figsize=(7, 4.5), sharex=True, layout="constrained")
    axes[0].plot(times, np.degrees(angles))
    axes[0].axhline(180.0, color="grey", linewidth=0.8)
    axes[0].set(ylabel="angle, degrees", title="A pendulum that is swung up")
    axes[1].stairs(found.x, times, baseline=None, color="tab:red")
    axes[1].set(xlabel="time", ylabel="torque, weights", ylim=(-0.45, 0.45))
    figure.savefig(path, dpi=120)


if __name__ == "__main__" and len(sys.argv) > 1:
    draw(sys.argv[1])
