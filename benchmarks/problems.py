"""The problems that peers are compared on, each written once in the vocabulary they share.

A problem is a scalar function of one or more arrays (or Python floats) in terms of `ops`, the namespace
of a peer: NumPy's names for exp, sum, matmul and so on.  Its answer is known before any peer runs: the
value from NumPy, the gradient from central differences of NumPy's values along several directions.
"""

from dataclasses import dataclass

import numpy as np
import peers

VALUE_AND_GRADIENT, FORWARD, REVERSE = "value and gradient", "forward", "reverse"


@dataclass(frozen=True)
class Problem:
    """A function, its inputs, what is timed, and how closely differences must agree with the gradient."""

    name: str
    function: object  # function(ops, *inputs, *constants) -> scalar
    inputs: tuple
    constants: tuple = ()
    mode: str = VALUE_AND_GRADIENT
    step: float = 1e-6  # of the central differences
    tolerance: float = 1e-5

    @property
    def scalar(self):
        """Whether all inputs are Python floats, so that scalar tools can run it."""
        return all(isinstance(x, float) for x in self.inputs)

    def value(self, *inputs):
        """NumPy's value."""
        return float(self.function(peers.NUMPY_OPS, *inputs, *self.constants))

    def check(self, value, gradients):
        """Raise unless a peer's value and gradients are right.  None stands for "not computed"."""
        if value is not None:
            np.testing.assert_allclose(value, self.value(*self.inputs), rtol=1e-10, err_msg=self.name)
        if gradients is None:
            return
        for direction in self._directions(gradients):
            products = [g * d for g, d in zip(gradients, direction)]
            slope, scale = (sum(float(np.sum(f(p))) for p in products) for f in (np.positive, np.abs))
            ahead, behind = (self.value(*(x + sign * self.step * d for x, d in zip(self.inputs, direction))) for sign in (1, -1))
            np.testing.assert_allclose(
                slope,
                (ahead - behind) / (2 * self.step),
                rtol=0,
                atol=self.tolerance * scale,
                err_msg=f"{self.name}: gradient against differences",
            )

    def _directions(self, gradients):
        """One along the signs of the gradient, where nothing cancels and 0.1 % too much shows; two at random."""
        rng = np.random.default_rng(0)
        yield [np.where(np.less(g, 0), -1.0, 1.0) * rng.uniform(0.5, 1.5, np.shape(g)) for g in gradients]
        for _ in range(2):
            yield [rng.standard_normal(np.shape(x)) for x in self.inputs]


# --- the functions --------------------------------------------------------------------------------------


def scalar_chain(ops, x):
    """1000 operations, one after the other."""
    y = x
    for _ in range(250):
        y = ops.sin(y * x) + x - 0.25
    return y


def vector_chain(ops, x):
    return ops.sum(scalar_chain(ops, x))


def elementwise_chain(ops, x):
    return ops.sum(ops.tanh(ops.sin(x) * ops.exp(-x * x) + x / (1.0 + x * x)))


def reduction(name):
    def reduce(ops, x):
        return getattr(ops, name)(x)

    return reduce


def matmul(ops, a, b):
    return ops.sum(ops.matmul(a, b))


def rosenbrock(ops, x):
    return ops.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def logistic(ops, w, features, labels):
    """Regularised logistic loss; labels are -1 and 1."""
    margins = labels * ops.matmul(features, w[1:]) + labels * w[0]
    return ops.sum(ops.log1p(ops.exp(-margins))) + 0.5 * ops.sum(w[1:] * w[1:])


def mlp(ops, w1, b1, w2, b2, w3, b3, inputs, targets):
    """Mean squared error of a network with two hidden layers of 32."""
    hidden = ops.tanh(ops.matmul(inputs, w1) + b1)
    hidden = ops.tanh(ops.matmul(hidden, w2) + b2)
    residuals = ops.matmul(hidden, w3) + b3 - targets
    return ops.mean(residuals * residuals)


# --- the problems ---------------------------------------------------------------------------------------


def _made():
    rng = np.random.default_rng(1)
    ten = np.linspace(0.3, 0.7, 10)
    for mode in (VALUE_AND_GRADIENT, FORWARD, REVERSE):
        suffix = "" if mode == VALUE_AND_GRADIENT else f", {mode} only"
        yield Problem(f"chain of 1000, scalar{suffix}", scalar_chain, (0.5,), mode=mode)
        yield Problem(f"chain of 1000, 10-vector{suffix}", vector_chain, (ten,), mode=mode)
    for n in (1_000, 10_000, 100_000, 1_000_000):
        yield Problem(f"elementwise chain, {n:.0e}", elementwise_chain, (rng.standard_normal(n),))
    for name in ("sum", "mean", "max", "var", "logsumexp"):
        for n in (1_000, 1_000_000):
            # the inputs of max stay apart by more than a step, so that differences see its derivative
            x = rng.permutation(n) / n if name == "max" else rng.standard_normal(n)
            yield Problem(f"{name}, {n:.0e}", reduction(name), (x,), step=1e-9 if name == "max" else 1e-4, tolerance=1e-4)
    for n in (32, 100, 316, 1000):
        yield Problem(f"matmul, {n}x{n}", matmul, (rng.standard_normal((n, n)), rng.standard_normal((n, n))))
    for n in (10, 1000):
        yield Problem(f"rosenbrock, {n}", rosenbrock, (rng.standard_normal(n),))
    features, labels = rng.standard_normal((569, 30)), rng.choice([-1.0, 1.0], 569)
    yield Problem("logistic loss, 569x30", logistic, (0.1 * rng.standard_normal(31),), (features, labels))
    sizes = [(8, 32), (32,), (32, 32), (32,), (32, 1), (1,)]
    weights = tuple(0.3 * rng.standard_normal(s) for s in sizes)
    yield Problem("mlp 8-32-32-1, batch 16", mlp, weights, (rng.standard_normal((16, 8)), rng.standard_normal((16, 1))))


PROBLEMS = {problem.name: problem for problem in _made()}
