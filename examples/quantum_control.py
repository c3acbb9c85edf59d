"""Quantum control: pulses that flip one of two coupled qubits and leave the other as it is.

The state is a vector of four complex numbers, which every pulse turns by the exponential of a matrix. The loss is an ordinary
``@njit`` function with complex arrays inside, and ``jt.value_and_grad`` differentiates it as it is.

Run it with ``python examples/quantum_control.py``; with ``--plot`` it draws the pulses (matplotlib).
"""

import sys

import numpy as np
from numba import njit
from scipy.optimize import minimize

import jittape as jt

STEPS, DURATION = 40, 4.0
SX, SY, SZ = np.array([[0, 1], [1, 0]]) + 0j, np.array([[0, -1j], [1j, 0]]), np.diag([1.0, -1.0]) + 0j
DRIFT = 0.5 * np.kron(SZ, SZ) + 0.3 * np.kron(SZ, np.eye(2))
DRIVES = np.stack([np.kron(SX, np.eye(2)), np.kron(SY, np.eye(2)), np.kron(np.eye(2), SX)])
START, TARGET = np.array([1.0, 0, 0, 0]) + 0j, np.array([0, 0, 1.0, 0]) + 0j


@njit
def evolved(state, hamiltonian, time):
    """exp(-i H t) times a state, by the Taylor series."""
    total, term = state.copy(), state.copy()
    for k in range(1, 12):
        term = hamiltonian @ term * (-1j * time / k)
        total += term
    return total


@njit
def states(pulses):
    """The states after every pulse; a row of `pulses` for each drive."""
    found = np.empty((STEPS + 1, 4), np.complex128)
    found[0] = START
    for k in range(STEPS):
        hamiltonian = DRIFT + pulses[0, k] * DRIVES[0] + pulses[1, k] * DRIVES[1] + pulses[2, k] * DRIVES[2]
        found[k + 1] = evolved(found[k], hamiltonian, DURATION / STEPS)
    return found


@njit
def loss(pulses):
    """One minus the fidelity, and a price for strong pulses."""
    overlap = np.vdot(TARGET, states(pulses)[STEPS])
    return 1.0 - np.abs(overlap) ** 2 + 1e-4 * np.sum(pulses**2)


gradient = jt.value_and_grad(loss)


def flat_gradient(x):
    value, slope = gradient(x.reshape(3, STEPS))
    return value, slope.ravel()


start = 0.1 * np.sin(np.linspace(0, 3, 3 * STEPS))
before = 1.0 - loss(start.reshape(3, STEPS))
result = minimize(flat_gradient, start, jac=True, method="L-BFGS-B", options={"maxiter": 200})
pulses = result.x.reshape(3, STEPS)
fidelity = abs(np.vdot(TARGET, states(pulses)[STEPS])) ** 2
print(f"fidelity {before:.4f} before, {fidelity:.6f} after {result.nit} iterations")
assert fidelity > 0.999

if "--plot" in sys.argv:
    import matplotlib.pyplot as plt

    figure, (above, below) = plt.subplots(2, 1, sharex=True, figsize=(7, 5))
    times = np.linspace(0, DURATION, STEPS + 1)
    for pulse, label in zip(pulses, ("x, first qubit", "y, first qubit", "x, second qubit")):
        above.stairs(pulse, times, label=label)
    above.set_ylabel("pulse")
    below.plot(times, np.abs(states(pulses)) ** 2, label=["00", "01", "10", "11"])
    below.set(xlabel="time", ylabel="population")
    above.legend(fontsize="small", loc="lower right")
    below.legend(fontsize="small", loc="center right")
    figure.savefig("quantum_control.png", dpi=100)
