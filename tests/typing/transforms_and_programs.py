"""Functions of functions, and compiled ones: written in NumPy, handed to SciPy."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

import jittape as jt
from expect import assert_type

Vector = npt.NDArray[np.float64]


def rosenbrock(x: Vector) -> Any:
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


start = np.array([-1.2, 1.0, 0.5])
gradient: Callable[[Vector], Vector] = jt.grad(rosenbrock)
step: Vector = start - 1e-3 * gradient(start)
value, slope = jt.value_and_grad(rosenbrock)(start)
assert_type(jt.grad(rosenbrock, argnums=(0,), has_aux=False)(start), Any)
found = minimize(rosenbrock, start, jac=gradient, hessp=lambda x, v: jt.hvp(rosenbrock, x, v), method="trust-ncg")
hessian: Vector = jt.hessian(rosenbrock)(start)
jacobian: Vector = jt.jacobian(gradient)(start)
y, tangent = jt.jvp(rosenbrock, (start,), (np.ones(3),))
y, pullback = jt.vjp(rosenbrock, start)
(x_bar,) = pullback(1.0)
y, pushforward = jt.linearize(rosenbrock, start)
assert_type(pushforward(np.ones(3)), Any)
assert_type(jt.check_grads(rosenbrock, start, order=1), bool)
assert_type(jt.checkpoint(rosenbrock)(start), Any)


@jt.custom_vjp
def log1pexp(x: float) -> Any:
    return np.log1p(np.exp(x))


def forward(x: float) -> tuple[Any, float]:
    return log1pexp(x), x


def backward(x: Any, y_bar: Any) -> tuple[Any]:
    return (y_bar / (1.0 + np.exp(-x)),)


log1pexp.defvjp(forward, backward)
assert jt.grad(log1pexp)(100.0) == 1.0


# compiled
@jt.compile
def energy(x: Vector) -> Any:
    return np.sum(x**2)


@jt.compile(threads=1)
def half(x: Vector) -> Any:
    return x / 2


fast = jt.compile(jt.value_and_grad(rosenbrock), static_argnums=())
assert_type(fast(start), Any)
assert_type(energy(start), Any)
assert_type(half(start), Any)
assert_type(energy.traces, int)
assert_type(fast.buffer(start)(), Any)
batched = jt.vmap(rosenbrock, in_axes=0, chunk=16)
assert_type(batched(np.ones((4, 3))), Any)
jt.set_num_threads(1)
assert_type(jt.get_num_threads(), int)
