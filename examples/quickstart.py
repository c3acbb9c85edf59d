"""Fit a regularised logistic regression with SciPy's optimiser and gradients from jittape."""

# %% Question
# Which of 569 tumours are malignant, judged by 30 measurements of each?  The data ship with scikit-learn.
# We write the loss in NumPy's functions, and never its derivative.

import argparse
import sys
import time
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

import jittape as jt

try:
    from sklearn.datasets import load_breast_cancer
except ImportError:
    sys.exit("This example reads its data from scikit-learn, which is not installed: pip install -e '.[examples]'")

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--figure", default=Path(__file__).with_name("quickstart.png"), help="where to draw the convergence")
parser.add_argument("--short", action="store_true", help="a few iterations only, no figure")
options = parser.parse_args()

data = load_breast_cancer()
features = (data.data - data.data.mean(axis=0)) / data.data.std(axis=0)
labels = np.where(data.target == 0, 1.0, -1.0)  # 1: malignant
n, k = features.shape
print(f"{n} tumours, {k} measurements, {np.mean(labels == 1):.0%} of them malignant")

# %% Model
# Weights and an intercept, in one vector as the optimiser wants it.  `w` is a Tensor, `features` and
# `labels` are NumPy arrays; NumPy's own functions and operators work on the mixture.

STRENGTH = 1.0


def loss(w):
    """Mean negative log-likelihood of the labels, with an L2 penalty on the weights."""
    margins = labels * (features @ w[:-1] + w[-1])
    return np.mean(np.logaddexp(0.0, -margins)) + 0.5 * STRENGTH / n * np.sum(w[:-1] ** 2)


# %% Gradient
# A fresh leaf for each evaluation, a forward pass that records, one reverse sweep.


def value_and_gradient(x):
    """What ``scipy.optimize.minimize(jac=True)`` asks for: a float and an array."""
    w = jt.tensor(x, requires_grad=True)
    y = loss(w)
    y.backward()
    return y.item(), w.grad.numpy()


start = np.zeros(k + 1)
history = [value_and_gradient(start)[0]]
norms = [np.abs(value_and_gradient(start)[1]).max()]


def remember(x):
    """Called after each iteration: what the figure shows."""
    y, gradient = value_and_gradient(x)
    history.append(y)
    norms.append(np.abs(gradient).max())


found = minimize(
    value_and_gradient,
    start,
    jac=True,
    method="L-BFGS-B",
    callback=remember,
    options={"maxiter": 5 if options.short else 500, "gtol": 1e-8, "ftol": 0.0},
)
print(f"loss before  {history[0]:.6f}")
print(f"loss after   {found.fun:.6f}  ({found.nit} iterations, {found.nfev} gradients)")
accuracy = np.mean(np.sign(features @ found.x[:-1] + found.x[-1]) == labels)
print(f"accuracy     {accuracy:.1%}")

# %% Check
# The same function runs on arrays, so central differences need no second formula.

probe = found.x + 0.1
step = 1e-6
differences = np.array([(loss(probe + step * e) - loss(probe - step * e)) / (2 * step) for e in np.eye(k + 1)])
error = np.abs(value_and_gradient(probe)[1] - differences).max()
print(f"largest difference to finite differences: {error:.1e}")
assert error < 1e-8

durations = []
for _ in range(50):
    before = time.perf_counter()
    value_and_gradient(probe)
    durations.append(time.perf_counter() - before)
print(f"time per gradient: {1e3 * min(durations):.2f} ms")

# %% Figure

if options.short:
    sys.exit()
try:
    import matplotlib
except ImportError:
    sys.exit("matplotlib is not installed: no figure")

matplotlib.use("Agg")
import matplotlib.pyplot as plt

figure, (left, right) = plt.subplots(1, 2, figsize=(9.5, 3.8), layout="constrained")
excess = np.array(history) - found.fun
left.semilogy(np.where(excess > 1e-15, excess, np.nan), color="C0", label="loss above its minimum")  # below: rounding
left.semilogy(norms, color="C3", label="largest component of the gradient")
left.set(xlabel="iteration", title="Convergence of L-BFGS")
left.legend(frameon=False)

order = np.argsort(np.abs(found.x[:-1]))[-10:]
right.barh([data.feature_names[j] for j in order], found.x[order], color=["C3" if v > 0 else "C0" for v in found.x[order]])
right.axvline(0, color="0.3", linewidth=0.8)
right.set(xlabel="log-odds of malignant per standard deviation", title="The ten strongest measurements")
for axes in (left, right):
    axes.spines[["top", "right"]].set_visible(False)
figure.savefig(options.figure, dpi=130)
print(f"figure: {options.figure}")
