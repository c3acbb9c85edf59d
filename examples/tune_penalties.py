"""Bilevel optimisation: penalties of a regression, one a feature, chosen by the gradient of the error on other data.

Run it with ``python examples/tune_penalties.py [figure.png]``.
"""

# %% Data
# 40 features, of which 6 matter; 60 examples to fit, 200 to judge the fit by.

import sys

import numpy as np
from scipy.optimize import minimize

import jittape as jt

rng = np.random.default_rng(3)
FEATURES, MATTER = 40, 6
weights = np.where(np.arange(FEATURES) < MATTER, rng.normal(size=FEATURES) * 2.0, 0.0)


def examples(n):
    x = rng.normal(size=(n, FEATURES))
    return x, (rng.random(n) < 1.0 / (1.0 + np.exp(-x @ weights))).astype(float)


fitted, judged, unseen = examples(60), examples(200), examples(5000)


def surprise(w, x, y):
    """Mean negative logarithm of the probability of what was seen."""
    return np.mean(np.logaddexp(0.0, x @ w) - y * (x @ w))


# %% The inner problem
# Weights are the minimum of a penalised loss, found by SciPy, and an implicit function of the penalties: how Newton's method
# gets there is not differentiated.


def penalised(w, logs):
    return surprise(w, *fitted) + 0.5 * np.sum(np.exp(logs) * w * w)


def newton(logs):
    by = {"jac": jt.grad(penalised), "hess": jt.hessian(penalised)}
    return minimize(penalised, np.zeros(FEATURES), logs, "trust-exact", options={"gtol": 1e-9}, **by)


best_weights = jt.implicit_minimum(newton, penalised)

# %% The outer problem
# One penalty for all features, by the same means, and then one for each.


def error(logs):
    return surprise(best_weights(logs), *judged)


def error_of_one(log):
    return error(np.zeros(FEATURES) + log[0])


one = minimize(jt.value_and_grad(error_of_one), np.array([-2.0]), jac=True, method="L-BFGS-B")
start = np.full(FEATURES, one.x[0])
each = minimize(
    jt.value_and_grad(error), start, jac=True, method="L-BFGS-B", bounds=[(-8.0, 4.0)] * FEATURES, options={"maxiter": 30}
)
found = [best_weights(logs) for logs in (start, each.x)]
for name, w, result in zip(("one penalty", "one a feature"), found, (one, each)):
    print(f"{name:14s} error {result.fun:.4f}, on unseen data {surprise(w, *unseen):.4f}, {result.nfev} evaluations")
assert surprise(found[1], *unseen) < surprise(found[0], *unseen)


# %% Figure


def draw(path):
    import matplotlib.pyplot as plt

    figure, axes = plt.subplots(1, 2, figsize=(9, 4), layout="constrained")
    matter = np.arange(FEATURES) < MATTER
    for chosen, name in ((matter, "features that matter"), (~matter, "others")):
        axes[0].plot(np.flatnonzero(chosen), each.x[chosen] / np.log(10.0), "o", label=name)
    axes[0].axhline(one.x[0] / np.log(10.0), color="grey", linewidth=0.8, label="one for all")
    axes[0].set(title="penalties", xlabel="feature", ylabel="logarithm to base 10")
    axes[0].legend(loc="upper center", bbox_to_anchor=(0.5, -0.15), ncols=3)
    for w, name in zip(found, ("one penalty", "one a feature")):
        axes[1].plot(weights, w, "o", markersize=4, label=name)
    axes[1].axline((0.0, 0.0), slope=1.0, color="grey", linewidth=0.8)
    axes[1].set(title="weights", xlabel="true", ylabel="fitted")
    axes[1].legend()
    figure.savefig(path, dpi=120)


if __name__ == "__main__" and len(sys.argv) > 1:
    draw(sys.argv[1])
