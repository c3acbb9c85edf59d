"""Phase retrieval: an object from the magnitudes of its diffraction pattern, which say nothing of phases.

The object is real, not negative, and known to lie in a window; the loss is the misfit of magnitudes. Gradients go through the
two-dimensional Fourier transform.

Run it with ``python examples/phase_retrieval.py``.
"""

import numpy as np
from scipy.optimize import minimize

import jittape as jt

N = 32
rng = np.random.default_rng(0)
yy, xx = np.mgrid[:N, :N] / N - 0.5
truth = np.where((xx**2 + yy**2 < 0.04) & (xx > -0.1), 1.0, 0.0) + np.where(np.abs(xx - 0.1) + np.abs(yy) < 0.12, 0.5, 0.0)
window = np.abs(xx) + np.abs(yy) < 0.42
measured = np.abs(np.fft.fft2(truth))


def misfit(parameters):
    """The distance of magnitudes, of an object that is positive by construction."""
    image = parameters.reshape(N, N) ** 2 * window
    return np.sum((np.abs(np.fft.fft2(image)) - measured) ** 2) / N**2


start = 0.5 + 0.1 * rng.normal(size=N * N)
found = minimize(jt.value_and_grad(misfit), start, jac=True, method="L-BFGS-B", options={"maxiter": 400})
print(f"misfit {misfit(start):.1f} before, {found.fun:.4f} after {found.nit} iterations")
assert found.fun < 0.02 * misfit(start)
