"""Seeds in memory that was written to: a sweep undoes writes, but its seed is what it was when it was given."""

import numpy as np
import pytest

import jittape as jt

X, W = np.array([1.0, 4.0]), np.array([1.0, 3.0])
WEIGHT = np.array([2.0, 1.0])  # what a seed is times, after its first element was written to


def squares_and_seed(memory):
    """Squares of a leaf, and a seed made of another one and written to after them."""
    x, w = jt.tensor(X, requires_grad=True), jt.tensor(W, requires_grad=True)
    y = x * x
    u = w * 1.0 if memory == "of the tape" else jt.tensor(W)
    u[0] = 2.0 * w[0]
    return x, w, y, u


@pytest.mark.parametrize("memory", ["of the tape", "of Python"])
@pytest.mark.parametrize("seed", [lambda u: u, lambda u: u.view(2), lambda u: u.detach()], ids=["itself", "view", "detached"])
def test_cotangents(memory, seed):
    expected = (2.0 * X * WEIGHT * W).tolist()
    for create_graph in (False, True):
        x, w, y, u = squares_and_seed(memory)
        (found,) = jt.autograd.grad(y, x, grad_outputs=seed(u), create_graph=create_graph)
        assert found.tolist() == expected
        if create_graph and found.requires_grad and seed(u).requires_grad:
            (by_seed,) = jt.autograd.grad(found.sum(), w)
            assert by_seed.tolist() == (2.0 * X * WEIGHT * np.array([1.0, memory == "of the tape"])).tolist()
        x, w, y, u = squares_and_seed(memory)
        y.backward(seed(u))
        assert x.grad.tolist() == expected


def written(v):
    u = v * 1.0
    u[0] = 2.0 * v[0]
    return u


def with_pullback(v):
    u = written(v)
    return np.sum(jt.vjp(np.square, X)[1](u)[0] * u)


def with_pushforward(v):
    u = written(v)
    return np.sum(jt.linearize(np.square, X)[1](u) * u)


def written_between(v):
    """The seed is written to again after the sweep, and the function that is swept has it as an operand, too."""
    u = written(v)
    g = jt.jvp(lambda a: a * a * u, (v,), (u,))[1] + jt.vjp(lambda a: a * a * u, v)[1](u)[0]
    u[1] = 7.0
    return np.sum(g * u)


def written_between_plainly(v):
    u = written(v)
    g = 4.0 * v * u * u
    u[1] = 7.0
    return np.sum(g * u)


PLAINLY = {
    with_pullback: lambda v: np.sum(2.0 * X * (WEIGHT * v) ** 2),
    with_pushforward: lambda v: np.sum(2.0 * X * (WEIGHT * v) ** 2),
    written_between: written_between_plainly,
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("function", PLAINLY, ids=lambda f: f.__name__)
def test_under_transforms(function):
    plainly = PLAINLY[function]
    np.testing.assert_allclose(jt.value_and_grad(function)(W)[0], plainly(W), rtol=1e-13)
    for transform in (jt.grad, jt.jacfwd, jt.hessian, lambda f: jt.compile(jt.grad(f)), lambda f: lambda v: jt.hvp(f, v, X)):
        np.testing.assert_allclose(transform(function)(W), transform(plainly)(W), rtol=1e-13)
