"""Burgers' equation by a spectral method, differentiated through 1000 time steps: which initial wave leads to a given final one?

``u_t + u u_x = nu u_xx`` on a circle; derivatives in space are products in Fourier space, and diffusion is exact there.

Run it with ``python examples/burgers_equation.py``.
"""

import numpy as np
from scipy.optimize import minimize

import jittape as jt

N, NU, DT, STEPS = 64, 0.05, 1e-3, 1000
x = 2 * np.pi * np.arange(N) / N
k = np.fft.rfftfreq(N, 1 / N)
decay = np.exp(-NU * k**2 * DT)
slope = 1j * k * (k < N / 3)  # without the waves that products of waves would be taken for


def after(u):
    """The wave after all steps."""
    waves = np.fft.rfft(u)
    for _ in range(STEPS):
        u = np.fft.irfft(waves)
        waves = decay * (waves - 0.5 * DT * slope * np.fft.rfft(u * u))
    return np.fft.irfft(waves)


truth = np.sin(x) + 0.5 * np.cos(2 * x)
final = after(truth)


def misfit(u):
    return np.sum((after(u) - final) ** 2)


if __name__ == "__main__":
    start = np.zeros(N) + 0.1 * np.sin(x)
    found = minimize(jt.value_and_grad(misfit), start, jac=True, method="L-BFGS-B", options={"maxiter": 15})
    print(f"misfit {misfit(start):.3f} before, {found.fun:.2e} after {found.nit} iterations")
    print(f"largest error of the initial wave {np.abs(found.x - truth).max():.3f}")
    assert found.fun < 1e-2 * misfit(start)
