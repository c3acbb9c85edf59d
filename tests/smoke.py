"""Every front end of the library once, in under a minute of a new machine: ``python -W error tests/smoke.py``.

The continuous integration runs this program on every Python, NumPy and Numba that are promised, where the whole suite would take
too long; `test_smoke` runs it with the other tests. It needs the library only, no test tools. Each function compares numbers with
their closed forms, so that a run to the end means right answers and not only that nothing was raised.
"""

import platform
import tempfile
import time
from pathlib import Path

import numba
import numpy as np
import scipy
from numba import njit
from numpy.testing import assert_allclose

import jittape as jt
from jittape import nn, optim

X = np.array([0.5, -1.5, 2.0])


def raises(error, call, *arguments):
    """The exception that a call raises, which has to be of this type."""
    try:
        call(*arguments)
    except error as caught:
        return caught
    raise AssertionError(f"{call} raised nothing, expected {error.__name__}")


def cubes(x):
    """A function of NumPy code, with a gradient of 3 x**2 and a diagonal Hessian."""
    return np.sum(x**3)


# --- the eager library ---------------------------------------------------------------------------------------------------


def eager_backward():
    """Elementwise operations, a product of matrices, a reduction, a view and a write in place, swept backwards."""
    x = jt.tensor(X, requires_grad=True)
    weights = jt.tensor(np.arange(6.0).reshape(2, 3), requires_grad=True)
    y = jt.zeros(4)
    y[1:] = jt.exp(x) * x
    loss = y[::2].sum() + (weights @ x).mean()
    loss.backward()
    assert_allclose(x.grad.numpy(), (1.0 + X) * np.exp(X) * [0.0, 1.0, 0.0] + [1.5, 2.5, 3.5], rtol=1e-12)
    assert_allclose(weights.grad.numpy(), [X / 2, X / 2], rtol=1e-12)
    assert "grad_fn" in repr(loss)


def eager_second_order():
    """A recorded gradient is differentiated once more."""
    x = jt.tensor(X, requires_grad=True)
    (first,) = jt.autograd.grad((x**4).sum(), x, create_graph=True)
    (second,) = jt.autograd.grad(first.sum(), x)
    assert_allclose(second.numpy(), 12.0 * X**2, rtol=1e-12)


def eager_hooks_and_functions():
    """Hooks and rules of one's own: the sweep calls Python in the middle."""

    class Doubled(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * 2.0

        @staticmethod
        def backward(ctx, y_bar):
            return y_bar * 2.0

    x = jt.tensor(X, requires_grad=True)
    y = Doubled.apply(x)
    y.register_hook(lambda y_bar: y_bar * 10.0)
    y.sum().backward()
    assert_allclose(x.grad.numpy(), np.full(3, 20.0))


# --- functions of functions ----------------------------------------------------------------------------------------------


def transforms():
    """Reverse, forward and second-order transforms of a function of NumPy code."""
    value, gradient = jt.value_and_grad(cubes)(X)
    assert_allclose(value, np.sum(X**3), rtol=1e-14)
    assert_allclose(gradient, 3 * X**2, rtol=1e-14)
    assert_allclose(jt.jvp(cubes, (X,), (np.ones(3),))[1], np.sum(3 * X**2), rtol=1e-14)
    assert_allclose(jt.jacobian(lambda x: x[1:] * x[:-1])(X), [[X[1], X[0], 0.0], [0.0, X[2], X[1]]])
    assert_allclose(jt.hessian(cubes)(X), np.diag(6 * X), rtol=1e-14)
    assert_allclose(jt.hvp(cubes, X, np.ones(3)), 6 * X, rtol=1e-14)


def custom_rules_and_checkpoints():
    """A function with a rule of its own, and one that is run again in the place of being stored."""

    @jt.custom_vjp
    def log1pexp(x):
        return np.log1p(np.exp(x))

    log1pexp.defvjp(lambda x: (log1pexp(x), x), lambda x, y_bar: (y_bar / (1.0 + np.exp(-x)),))
    assert_allclose(jt.grad(log1pexp)(100.0), 1.0)
    assert_allclose(jt.grad(jt.checkpoint(cubes))(X), 3 * X**2, rtol=1e-14)


# --- functions that Numba compiles ---------------------------------------------------------------------------------------


@njit
def product(x):
    return x[0] * x[1]


@njit
def bounded_square_sum(x, bound):
    """Raises with values that are known at run time only: Numba adds code of its own for these, by version of Python."""
    total = 0.0
    for k in range(len(x)):
        if x[k] > bound:
            raise ValueError("an element is too large", k, bound)
        total += x[k] * x[k]
    return total


@njit
def neighbours(x):
    y = np.zeros(len(x) - 1)
    for k in range(len(y)):
        y[k] = x[k] * x[k + 1]
    return y


square_sum_gradient = jt.grad(bounded_square_sum)


@njit
def descent(x, steps):
    for _ in range(steps):
        x = x - 0.25 * square_sum_gradient(x, 10.0)
    return x


def native_gradients():
    """Gradients of compiled functions of arrays, also where the function raises."""
    assert_allclose(jt.grad(product)(np.ones(2)), [1.0, 1.0])
    value, gradient = jt.value_and_grad(bounded_square_sum)(X, 10.0)
    assert_allclose(value, np.sum(X * X))
    assert_allclose(gradient, 2 * X)
    assert raises(ValueError, square_sum_gradient, X, 1.0).args == ("an element is too large", 2, 1.0)


def native_jacobians():
    """Jacobian, Hessian and a gradient inside another compiled function."""
    assert_allclose(jt.jacobian(neighbours)(X), [[X[1], X[0], 0.0], [0.0, X[2], X[1]]])
    assert_allclose(jt.hessian(product)(np.array([2.0, 3.0])), [[0.0, 1.0], [1.0, 0.0]])
    assert_allclose(descent(X, 4), X / 2**4)


def native_rows():
    """A compiled function as one row of the array tape."""
    x = jt.tensor(X, requires_grad=True)
    jt.native.call(neighbours, x).sum().backward()
    assert_allclose(x.grad.numpy(), [X[1], X[0] + X[2], X[1]])


# --- programs ------------------------------------------------------------------------------------------------------------


def branches(x):
    return np.sum(x * x) if x[0] > 0 else np.sum(np.sin(x))


def compiled():
    """A program is traced, replayed, traced again for another branch, and called without allocations."""
    fast = jt.compile(jt.value_and_grad(branches))
    for _ in range(2):
        assert_allclose(fast(X)[1], 2 * X, rtol=1e-14)
        assert_allclose(fast(-X)[1], np.cos(X), rtol=1e-14)
    assert_allclose(fast.traces, 2)
    call = jt.compile(jt.value_and_grad(cubes)).buffer(X)
    call()
    assert_allclose(call.grad, 3 * X**2, rtol=1e-14)


def batches():
    """A function of one example over many, and its gradient."""
    examples = np.linspace(-1.0, 1.0, 12).reshape(4, 3)
    assert_allclose(jt.vmap(cubes)(examples), np.sum(examples**3, 1), rtol=1e-14)
    assert_allclose(jt.vmap(jt.grad(cubes))(examples), 3 * examples**2, rtol=1e-14)


# --- training and files --------------------------------------------------------------------------------------------------


def training():
    """A network and its optimiser fit a line."""
    jt.manual_seed(0)
    x = jt.linspace(-1.0, 1.0, 16).reshape(16, 1)
    net = nn.Sequential(nn.Linear(1, 4), nn.Tanh(), nn.Linear(4, 1))
    optimizer = optim.Adam(net.parameters(), lr=0.05)
    losses = []
    for _ in range(200):
        loss = nn.functional.mse_loss(net(x), 2.0 * x)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    if not losses[-1] < 0.01 * losses[0]:
        raise AssertionError(f"training went from {losses[0]} to {losses[-1]}, expected a hundredth or less")


def files():
    """Parameters and programs go into files and come back."""
    with tempfile.TemporaryDirectory() as folder:
        net, other = nn.Linear(3, 2), nn.Linear(3, 2)
        jt.save(net.state_dict(), Path(folder, "net"))
        other.load_state_dict(jt.load(Path(folder, "net")))
        assert_allclose(other(jt.tensor(X, dtype=jt.float32)).tolist(), net(jt.tensor(X, dtype=jt.float32)).tolist())
        program = jt.compile(jt.grad(cubes))
        program(X)
        jt.save(program, Path(folder, "program"))
        assert_allclose(jt.load(Path(folder, "program"))(2 * X), 12 * X**2, rtol=1e-14)


FRONT_ENDS = (
    eager_backward,
    eager_second_order,
    eager_hooks_and_functions,
    transforms,
    custom_rules_and_checkpoints,
    native_gradients,
    native_jacobians,
    native_rows,
    compiled,
    batches,
    training,
    files,
)


def main():
    """Run all of it, and say what took how long."""
    print(f"Python {platform.python_version()}, NumPy {np.__version__}, SciPy {scipy.__version__}, Numba {numba.__version__}")
    for front_end in FRONT_ENDS:
        start = time.perf_counter()
        front_end()
        print(f"{front_end.__name__:<30}{time.perf_counter() - start:6.1f} s", flush=True)


if __name__ == "__main__":
    main()
