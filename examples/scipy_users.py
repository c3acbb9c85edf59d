"""SciPy's optimisers, root finders and integrators with derivatives from jittape, against published values."""

# %% Question
# How much do derivatives save SciPy, and do its answers agree with what is published?  Four problems, each written once in
# NumPy's functions; SciPy solves it with finite differences, then with `jt.grad`, `jt.hvp` or `jt.jacobian`.

import time

import numpy as np
from scipy.integrate import solve_ivp
from scipy.optimize import least_squares, minimize, root

import jittape as jt


def compare(title, published, without, with_derivatives, read):
    """Solve a problem both ways, after a run that compiles; print errors, evaluations and times."""
    with_derivatives()
    print(title)
    for name, solve in (("finite differences", without), ("jittape", with_derivatives)):
        start = time.perf_counter()
        found = solve()
        seconds = time.perf_counter() - start
        error = np.max(np.abs(read(found) - published) / np.maximum(np.abs(published), 1e-300))
        print(f"  {name:18s}  largest relative error {error:8.1e}   function calls {found.nfev:5d}   {seconds * 1e3:7.1f} ms")


# %% Minimising Rosenbrock's function of 50 variables
# The minimum is at ones.  Newton's method in a trust region needs Hessian-vector products: `jt.hvp` computes
# one at the cost of a few gradients, without the Hessian.


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


start = np.tile([-1.2, 1.0], 25)
options = {"gtol": 1e-8, "maxiter": 2000}
compare(
    "Rosenbrock, 50 variables (BFGS; trust-ncg with hessp)",
    np.ones(50),
    lambda: minimize(rosenbrock, start, method="BFGS", options=options),
    lambda: minimize(
        rosenbrock,
        start,
        method="trust-ncg",
        jac=jt.grad(rosenbrock),
        hessp=lambda x, v: jt.hvp(rosenbrock, x, v),
        options=options,
    ),
    lambda found: found.x,
)

# %% Fitting NIST's Misra1a
# Certified values of the Statistical Reference Datasets: b1 = 238.94212918, b2 = 5.5015643181e-4.

load = np.array([77.6, 114.9, 141.1, 190.8, 239.9, 289.0, 332.8, 378.4, 434.8, 477.3, 536.8, 593.1, 689.1, 760.0])
volume = np.array([10.07, 14.73, 17.94, 23.93, 29.61, 35.18, 40.02, 44.82, 50.76, 55.05, 61.01, 66.40, 75.47, 81.78])


def residuals(b):
    return b[0] * (1.0 - np.exp(-b[1] * load)) - volume


tight = {"x_scale": [500.0, 1e-4], "xtol": 1e-15, "ftol": 1e-15, "gtol": 1e-15}
compare(
    "Misra1a (least_squares)",
    np.array([2.3894212918e02, 5.5015643181e-04]),
    lambda: least_squares(residuals, [500.0, 1e-4], **tight),
    lambda: least_squares(residuals, [500.0, 1e-4], jac=jt.jacobian(residuals), **tight),
    lambda found: found.x,
)

# %% Solving a system of equations
# Broyden's tridiagonal function with 30 unknowns, from the collection of More, Garbow and Hillstrom.


def broyden(x):
    padded = np.concatenate([np.zeros(1), x, np.zeros(1)])
    return (3.0 - 2.0 * x) * x - padded[:-2] - 2.0 * padded[2:] + 1.0


solution = root(broyden, -np.ones(30), jac=jt.jacobian(broyden), tol=1e-15).x
compare(
    "Broyden's tridiagonal function, 30 unknowns (root)",
    solution,
    lambda: root(broyden, -np.ones(30)),
    lambda: root(broyden, -np.ones(30), jac=jt.jacobian(broyden)),
    lambda found: found.x,
)
print(f"  largest residual {np.max(np.abs(broyden(solution))):.1e}")

# %% Integrating Robertson's reactions
# Rate constants over nine orders of magnitude; y(40) from the literature.  The Jacobian is that of the right-hand side by its
# second argument.


def reactions(t, y):
    slow, back, fast = 0.04 * y[0], 1e4 * y[1] * y[2], 3e7 * y[1] ** 2
    return np.stack([-slow + back, slow - back - fast, fast])


settings = {"method": "BDF", "rtol": 1e-8, "atol": 1e-12}
compare(
    "Robertson's reactions to t = 40 (solve_ivp, BDF)",
    np.array([0.7158270688, 9.185534765e-6, 0.2841637457]),
    lambda: solve_ivp(reactions, (0.0, 40.0), [1.0, 0.0, 0.0], **settings),
    lambda: solve_ivp(reactions, (0.0, 40.0), [1.0, 0.0, 0.0], jac=jt.jacobian(reactions, argnums=1), **settings),
    lambda found: found.y[:, -1],
)

# %% Check
# The derivatives that were used, held against finite differences, up to second order.

assert jt.check_grads(rosenbrock, start[:6]) and jt.check_grads(broyden, -np.ones(4))
assert jt.check_grads(lambda y: reactions(0.0, y), np.array([0.7, 1e-5, 0.3]), order=1, rtol=1e-4)
print("check_grads: right")
