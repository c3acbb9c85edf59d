"""Derivatives of derivatives, and derivatives called from compiled code, loops and threads."""

import math
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from numba import njit, prange

import jittape as jt
from jittape.native.tape_memory.arenas import ARENAS, FIRST_ARENA, TABLE

from .differences import assert_same, slopes

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([0.7, -1.2, 0.4, 1.9, -0.3])
MATRIX = np.eye(5) * 3.0 + np.add.outer(X, X)
V = np.array([0.2, -0.5, 1.0, 0.3, -0.8])


@njit
def rosenbrock(x, a=1.5):
    total = 0.0
    for i in range(len(x) - 1):
        total += a * (x[i + 1] - x[i] ** 2) ** 2 + math.sin(x[i] * x[i + 1])
    return total


gradient = jt.grad(rosenbrock)


@njit
def directional(x, v):
    """A gradient inside a differentiated function."""
    return np.sum(gradient(x) * v)


# --- second derivatives ---------------------------------------------------------------------------------------------------


def test_second_derivatives():
    """Every way there is to the same matrix, against differences of the gradient."""
    hessian = jt.hessian(rosenbrock)(X)
    numeric = np.array([slopes(directional, (X, row), (0,)) for row in np.eye(5)])
    assert_same(hessian, numeric, 1e-6)
    np.testing.assert_array_equal(hessian.shape, (5, 5))
    np.testing.assert_allclose(hessian, hessian.T, atol=1e-12)
    np.testing.assert_allclose(jt.hvp(rosenbrock, X, V), hessian @ V, atol=1e-12)
    np.testing.assert_allclose(jt.jvp(gradient, (X,), (V,))[1], hessian @ V, atol=1e-12)  # forward over reverse
    np.testing.assert_allclose(jt.jacrev(gradient)(X), hessian, atol=1e-12)  # reverse over reverse
    np.testing.assert_allclose(jt.jacfwd(jt.jacfwd(rosenbrock))(X), hessian, atol=1e-12)  # forward over forward
    np.testing.assert_allclose(jt.grad(directional)(X, V), hessian @ V, atol=1e-12)
    np.testing.assert_allclose(jt.grad(directional, argnums=1)(X, V), gradient(X), atol=1e-12)
    _, pullback = jt.vjp(gradient, X)
    np.testing.assert_allclose(pullback(V)[0], hessian @ V, atol=1e-12)
    np.testing.assert_allclose(jt.hessian(eager_rosenbrock)(X), hessian, atol=1e-11)


def eager_rosenbrock(x):
    return np.sum(1.5 * (x[1:] - x[:-1] ** 2) ** 2 + np.sin(x[:-1] * x[1:]))


@njit
def quintic(x):
    y = x
    for _ in range(4):
        y = y * x
    return y


def test_derivatives_of_every_order():
    f, expected = quintic, [20 * 1.3**3, 60 * 1.3**2, 120 * 1.3]
    f = jt.grad(jt.grad(quintic))
    assert abs(f(1.3) - expected[0]) < 1e-11
    assert abs(jt.grad(f)(1.3) - expected[1]) < 1e-11
    assert abs(jt.jacfwd(jt.jacrev(jt.jacrev(quintic)))(1.3) - expected[1]) < 1e-11


@njit
def jump_free(x, t):
    """Operations with their own second-order code: solve, products, choices, branches on the value."""
    s = np.linalg.solve(MATRIX, x * t) * x
    if s[0] > 0.0:
        s = s * t
    return np.dot(s, x) * max(x[0], x[3]) + np.exp(np.mean(x * t))


jump_free_gradient = jt.grad(jump_free)


def test_second_derivatives_of_whole_arrays():
    product = jt.jvp(jump_free_gradient, (X, 0.8), (V, 0.0))[1]
    differences = [(jump_free_gradient(X + h * V, 0.8) - jump_free_gradient(X - h * V, 0.8)) / (2 * h) for h in (1e-4, 2e-4)]
    assert_same(product, (4 * differences[0] - differences[1]) / 3, 1e-7)


# --- one derivative inside another: which is which ---------------------------------------------------------------------------


@njit
def product_of(y, x):
    return x * y


inner_by_y = jt.grad(product_of)
inner_by_both = jt.grad(product_of, argnums=(0, 1))


@njit
def confusing(x):
    """d/dx of x * d/dy (x * y) at y = 1, which is 2 x: not 1 more, not x less."""
    return x * inner_by_y(1.0, x)


@njit
def confusing_at_x(x):
    """The inner function is differentiated at the outer variable itself: x * d/dy (x y) at y = x."""
    return x * inner_by_y(x, x)


@njit
def confusing_twice(x):
    by_y, by_x = inner_by_both(x * x, 2.0)
    return by_y * x + by_x * x


@njit
def array_product(y, x):
    total = 0.0
    for i in range(len(y)):
        total += x[i] * y[i] * x[0]
    return total


inner_of_arrays = jt.grad(array_product)


@njit
def confusing_arrays(x):
    """The tape of the inner gradient must not be mistaken for the one outside, which holds x."""
    ones = np.ones(len(x))
    return np.dot(inner_of_arrays(ones, x), x) + np.sum(inner_of_arrays(x, x))


def test_no_perturbation_confusion():
    for derivative in (jt.grad, jt.jacfwd, jt.jacrev):
        assert derivative(confusing)(3.0) == 6.0
        assert derivative(confusing_at_x)(3.0) == 6.0
        assert derivative(confusing_twice)(3.0) == 2.0 + 3 * 9.0
    assert_same(jt.grad(confusing_arrays)(X), slopes(confusing_arrays, (X,), (0,)))
    assert_same(jt.jacfwd(confusing_arrays)(X), slopes(confusing_arrays, (X,), (0,)))


# --- GradBench's nested problems ---------------------------------------------------------------------------------------------


@njit
def potential(p):
    total = 0.0
    for k in range(2):
        dx, dy = p[0] - (10.0 - 10.0 * k), p[1] - (10.0 if k else 0.0)
        total += 1.0 / math.sqrt(dx * dx + dy * dy)
    return total


force = jt.grad(potential)


@njit
def particle(w):
    """A charged particle in a field that is a gradient, until it crosses the axis; squared offset there."""
    position, velocity, dt = np.array([0.0, 8.0]), np.array([0.75, 0.0]), 0.1
    for _ in range(1000):
        acceleration = force(position) * -w
        before = position.copy()
        position = position + velocity * dt
        velocity = velocity + acceleration * dt
        if position[1] < 0.0:
            t = before[1] / (before[1] - position[1])
            x = before[0] + t * (position[0] - before[0])
            return x * x
    return math.nan


particle_gradient = jt.grad(particle)


@njit
def steer(w, rounds):
    for _ in range(rounds):
        w = w - 0.01 * particle_gradient(w)
    return w


def test_particle_whose_force_is_a_gradient():
    value = particle(0.5)
    assert math.isfinite(value)
    expected = slopes(particle, (0.5,), (0,), step=1e-5)[0]
    assert abs(particle_gradient(0.5) - expected) < 1e-5 * abs(expected)
    assert abs(jt.jacrev(particle)(0.5) - particle_gradient(0.5)) < 1e-10 * abs(expected)
    assert particle(steer(0.5, 5)) < value


@njit
def game(x, y):
    """Convex in x, concave in y: saddle point at the origin."""
    total = 0.0
    for i in range(len(x)):
        total += (x[i] + 0.5) ** 2 - (y[i] - 0.25) ** 2 + 0.5 * x[i] * y[i]
    return total


by_second = jt.grad(game, argnums=1)


@njit
def best_answer(x):
    """max over y, by gradient ascent."""
    y = np.zeros(len(x))
    for _ in range(40):
        y = y + 0.3 * by_second(x, y)
    return game(x, y)


outer_gradient = jt.grad(best_answer)


@njit
def saddle(x, rounds):
    for _ in range(rounds):
        x = x - 0.2 * outer_gradient(x)
    return x


def test_saddle_point_of_nested_descents():
    x = X[:2].copy()
    y = 0.25 + 0.25 * x  # where the ascent converges
    np.testing.assert_allclose(outer_gradient(x), 2 * (x + 0.5) + 0.5 * y, rtol=1e-9)
    np.testing.assert_allclose(saddle(x, 60), np.full(2, -1.125 / 2.125), rtol=1e-9)
    assert_same(outer_gradient(x), slopes(best_answer, (x,), (0,)))


# --- inside compiled code, loops and threads -----------------------------------------------------------------------------------


value_and_gradient = jt.value_and_grad(rosenbrock)
POINTS = np.random.default_rng(3).uniform(-1, 1, (300, 5))


@njit
def one_after_the_other(points):
    values, gradients = np.zeros(len(points)), np.zeros(points.shape)
    for i in range(len(points)):
        values[i], gradients[i] = value_and_gradient(points[i])
    return values, gradients


@njit(parallel=True)
def side_by_side(points):
    values, gradients = np.zeros(len(points)), np.zeros(points.shape)
    for i in prange(len(points)):
        value, row = value_and_gradient(points[i])
        values[i] = value
        gradients[i] = row
    return values, gradients


def test_inside_compiled_code():
    values, gradients = one_after_the_other(POINTS)
    again_values, again_gradients = side_by_side(POINTS)
    for i in (0, 7, 299):
        assert values[i] == rosenbrock(POINTS[i])
        np.testing.assert_array_equal(gradients[i], gradient(POINTS[i]))
    np.testing.assert_array_equal(values, again_values)
    np.testing.assert_array_equal(gradients, again_gradients)


def test_the_tape_is_rewound_after_every_call():
    one_after_the_other(POINTS)
    before = jt.native.tape_stats()
    one_after_the_other(np.repeat(POINTS, 20, 0))
    after = jt.native.tape_stats()
    assert after.bytes == before.bytes and after.tapes == before.tapes and after.statements == before.statements


def test_threads_of_python():
    """Calls release the GIL and take a tape each; results are those of one thread, to the last bit."""
    expected = [gradient(p) for p in POINTS]
    second = [jt.hvp(rosenbrock, p, V) for p in POINTS[:40]]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(gradient, POINTS))
        found_second = list(pool.map(lambda p: jt.hvp(rosenbrock, p, V), POINTS[:40]))
    np.testing.assert_array_equal(found, expected)
    np.testing.assert_array_equal(found_second, second)
    assert not TABLE[FIRST_ARENA : FIRST_ARENA + 2 * ARENAS : 2].any()


def test_a_gradient_as_an_argument_of_compiled_code():
    @njit
    def descend(slope, x, rounds):
        for _ in range(rounds):
            x = x - 1e-3 * slope(x)
        return x

    x = X
    for _ in range(10):
        x = x - 1e-3 * gradient(x)
    np.testing.assert_allclose(descend(gradient, X, 10), x, rtol=1e-14)


def test_memory_is_given_back():
    """What gradients allocate, in Python's calls and inside compiled code, is released."""
    from numba.core.runtime import rtsys
    from numba.core.runtime import _nrt_python as nrt

    before = nrt.memsys_stats_enabled() if hasattr(nrt, "memsys_stats_enabled") else None
    if before is False:
        nrt.memsys_enable_stats()
    try:
        for f, args in (
            (gradient, (X,)),
            (one_after_the_other, (POINTS[:3],)),
            (jt.hessian(rosenbrock), (X,)),
            (jt.grad(directional), (X, V)),
            (jt.jacrev(gradient), (X,)),
        ):
            f(*args)
            start = rtsys.get_allocation_stats()
            for _ in range(5):
                f(*args)
            end = rtsys.get_allocation_stats()
            assert end.alloc > start.alloc, "nothing is counted"
            assert end.alloc - start.alloc == end.free - start.free, f
            assert end.mi_alloc - start.mi_alloc == end.mi_free - start.mi_free, f
    finally:
        if before is False:
            nrt.memsys_disable_stats()


def test_seeds_of_one_call_are_not_seen_by_the_next():
    """Adjoints are left at zero by every sweep, also those of values that nothing depends on."""

    @njit
    def unused_rows(x, n):
        y = x[0]
        for k in range(n):
            y = y * x[k % 5]
            x[0] = y
        return x[1] * x[2]

    for n in (50, 3, 20):
        np.testing.assert_array_equal(jt.grad(unused_rows)(X, n), [0.0, X[2], X[1], 0.0, 0.0])
        np.testing.assert_allclose(gradient(X), jt.jacfwd(rosenbrock)(X), rtol=1e-13)


def test_products_are_compiled_once():
    """vjp, jvp and hvp are called like functions, often: the second call finds the machine code of the first."""
    from numba.core import event

    x = X[:3]
    jt.hvp(rosenbrock, x, x), jt.jvp(rosenbrock, (x,), (x,)), jt.vjp(rosenbrock, x)[1](1.0)
    jt.grad(rosenbrock)(x)
    with event.install_recorder("numba:compile") as recorder:
        jt.hvp(rosenbrock, x, x), jt.jvp(rosenbrock, (x,), (x,)), jt.vjp(rosenbrock, x)[1](1.0)
        jt.grad(rosenbrock)(x)
    assert not recorder.buffer


def test_arguments_by_number():
    both = jt.jacobian(rosenbrock, argnums=(0, 1))(X, 1.5)
    first, second = jt.jacobian(rosenbrock)(X, 1.5), jt.jacobian(rosenbrock, argnums=1)(X, 1.5)
    assert_same(both, (first, second), 1e-13)
    assert jt.hessian(rosenbrock, argnums=1)(X, 1.5) == 0.0
