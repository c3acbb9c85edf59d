"""Compiled functions on Tensors, and long loops with few stored states."""

import math

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native import NativeError

pytestmark = pytest.mark.sampled(0.5, of="module")


@njit
def relax(u, rate, steps):
    u = u.copy()
    for _ in range(steps):
        u[1:-1] += rate * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u, np.sum(u * u)


@njit
def cube(x):
    return x * x * x


@njit
def swing(state, k, length, damping):
    angle, speed = state
    h = 0.01 + 1e-6 * k
    return (angle + h * speed, speed - h * (np.sin(angle) / length + damping * speed))


@njit
def swing_all(angle, speed, length, damping, steps):
    state = (angle, speed)
    for k in range(steps):
        state = swing(state, k, length, damping)
    return np.sum(state[0]) + 2.0 * np.sum(state[1])


def test_a_call_is_one_row():
    u = jt.tensor(np.linspace(0.0, 1.0, 6) ** 2, requires_grad=True)
    rate = jt.tensor(0.1, requires_grad=True)
    y, total = jt.native.call(relax, u, rate, 3)
    loss = (y * y).sum() - 3.0 * total
    loss.backward()

    def value(u, rate):
        return -2.0 * relax(u, rate, 3)[1]

    h, v = 1e-6, np.arange(6.0)
    start = u.detach().numpy()
    slope = (value(start + h * v, 0.1 + h) - value(start - h * v, 0.1 - h)) / (2 * h)
    assert math.isclose(u.grad.numpy() @ v + rate.grad.item(), slope, rel_tol=1e-7)


def test_a_call_is_differentiable_to_any_order():
    x = jt.tensor(2.0, requires_grad=True)
    y = jt.native.call(cube, x)
    found = [y.item()]
    for _ in range(3):
        (y,) = jt.autograd.grad(y, x, create_graph=True)
        found.append(y.item())
    assert found == [8.0, 12.0, 12.0, 6.0]


def test_a_call_without_gradients_records_nothing():
    y = jt.native.call(cube, jt.tensor(2.0))
    assert y.item() == 8.0 and not y.requires_grad


def test_a_tensor_written_to_after_the_call():
    """A recorded write is undone on the way back; one that is not recorded is noticed."""
    gradients = []
    for write in (False, True):
        x = jt.tensor([1.0, 2.0, 4.0], requires_grad=True)
        z = x * 1.0
        _, total = jt.native.call(relax, z, 0.1, 1)
        if write:
            z += 1.0
        total.backward()
        gradients.append(x.grad.numpy())
    np.testing.assert_array_equal(*gradients)
    z = jt.tensor([1.0, 2.0, 4.0], requires_grad=True) * 1.0
    _, total = jt.native.call(relax, z, 0.1, 1)
    with jt.no_grad():
        z += 1.0
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        total.backward()


def test_calls_that_cannot_be_are_explained():
    with pytest.raises(TypeError, match="@njit"):
        jt.native.call(math.sin, jt.tensor(1.0))
    with pytest.raises(NativeError, match="cube"):
        jt.native.call(cube, "text")


@pytest.mark.sampled
@pytest.mark.parametrize("states", [None, 1, 2, 7, 1000])
@pytest.mark.parametrize("steps", [0, 1, 5, 200])
def test_checkpointed_loops_have_the_gradient_of_the_whole(states, steps):
    start = (np.array([1.0, 2.0]), np.array([0.1, 0.0]))
    loop = jt.native.checkpointed(swing, steps, states)
    last, pull = jt.vjp(loop, start, 1.5, 0.1)
    (angle_bar, speed_bar), *bars = pull((np.ones(2), np.full(2, 2.0)))
    expected = jt.grad(swing_all, argnums=(0, 1, 2, 3))(*start, 1.5, 0.1, steps)
    assert math.isclose(np.sum(last[0]) + 2.0 * np.sum(last[1]), swing_all(*start, 1.5, 0.1, steps), rel_tol=1e-14)
    for found, wanted in zip((angle_bar, speed_bar, *bars), expected):
        np.testing.assert_allclose(found, wanted, rtol=1e-12, atol=1e-14)
    again = pull((np.ones(2), np.full(2, 2.0)))
    np.testing.assert_array_equal(again[0][0], angle_bar)


def test_checkpointed_loops_take_little_memory():
    start = (np.ones(1000), np.zeros(1000))

    def held_by(call):
        jt.native.free_memory()
        before = jt.native.tape_stats().bytes  # tapes of other threads
        call()
        return jt.native.tape_stats().bytes - before

    whole = held_by(lambda: jt.grad(swing_all, argnums=(0, 1))(*start, 1.5, 0.1, 500))
    in_parts = held_by(lambda: jt.vjp(jt.native.checkpointed(swing, 500), start, 1.5, 0.1)[1](start))
    assert 0 < in_parts < whole / 10


def test_checkpointed_says_what_it_takes():
    with pytest.raises(TypeError, match="@njit"):
        jt.native.checkpointed(math.sin, 3)
    with pytest.raises(ValueError, match="number of steps"):
        jt.native.checkpointed(swing, -1)
    with pytest.raises(ValueError, match="at least 1"):
        jt.native.checkpointed(swing, 3, 0)
    with pytest.raises(NotImplementedError, match="jt.vjp"):
        jt.grad(jt.native.checkpointed(swing, 3))


@njit
def roots_of(x):
    return np.sqrt(x)


def test_zeros_that_reach_a_call_are_numeric_unless_they_are_masked():
    """The cotangents of the row are adjoints, not seeds of the user's."""
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    (squares,) = jt.autograd.grad((jt.native.call(roots_of, x) ** 2).sum(), x)
    np.testing.assert_array_equal(squares.numpy(), [np.nan, 1.0])
    (masked,) = jt.autograd.grad(jt.where(x > 0, jt.native.call(roots_of, x), x).sum(), x)
    np.testing.assert_array_equal(masked.numpy(), [1.0, 0.25])
