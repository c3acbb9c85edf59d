"""A differential equation whose right-hand side is a network, fitted to a trajectory."""

# %% Question
# A spiral is seen at twenty times, with noise.  Which differential equation makes it?  The right-hand side is a small network,
# and the loss is differentiated through the solver, step by step.

import argparse

import numpy as np
from scipy.optimize import minimize

import jittape as jt
import jittape.numpy as jnp

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--short", action="store_true", help="a few steps only")
options = parser.parse_args()

rng = np.random.default_rng(0)
times = np.linspace(0.0, 6.0, 20)
turn = np.array([[-0.1, 2.0], [-2.0, -0.1]])
true = jt.odeint(lambda y, t: turn @ y, np.array([2.0, 0.0]), times)
seen = true + 0.02 * rng.standard_normal(true.shape)
SIZES = ((8, 2), (8,), (2, 8))


def parts(weights):
    """The matrices and the bias of the network, out of one vector."""
    ends = np.cumsum([0] + [int(np.prod(s)) for s in SIZES])
    return [jnp.reshape(weights[a:b], s) for a, b, s in zip(ends, ends[1:], SIZES)]


def slope(y, t, weights):
    """The right-hand side."""
    inner, bias, outer = parts(weights)
    return outer @ jnp.tanh(inner @ y + bias)


def misfit(weights, n):
    """The mean square of what is left at the first times."""
    found = jt.odeint(slope, seen[0], times[:n], args=(weights,), rtol=1e-5, atol=1e-6)
    return jnp.mean((found - seen[:n]) ** 2)


# %% Fitting
# First the beginning of the trajectory, then all of it: a long one that is far off has a gradient that says little.
weights = 0.3 * rng.standard_normal(sum(int(np.prod(s)) for s in SIZES))
for n, iterations in ((6, 15), (20, 20)) if options.short else ((6, 40), (12, 60), (20, 150)):
    fit = minimize(jt.value_and_grad(misfit), weights, args=(n,), jac=True, method="BFGS", options={"maxiter": iterations})
    weights = fit.x
    print(f"{n} times: mean square {fit.fun:.5f} after {fit.nfev} evaluations")
difference = np.sqrt(np.mean((jt.odeint(slope, true[0], times, args=(weights,)) - true) ** 2))
print(f"root mean square difference from the true spiral: {difference:.3f}")
