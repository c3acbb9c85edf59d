"""The table of programs with structural and numeric zeros, compiled: native derivatives are what the table says."""

import functools

import numpy as np
import pytest
from numba import njit

import jittape as jt

from masked_programs import NUMBERS, VECTORS, Program

compiled = functools.cache(njit(error_model="numpy"))


def by_call(f):
    """The gradient through the array tape, on which the call is one row."""

    def gradient(x):
        t = jt.tensor(x, requires_grad=True)
        jt.native.call(f, t).backward()
        return t.grad.numpy()

    return gradient


def in_compiled_code(f):
    """The gradient, called from another compiled function."""
    gradient = jt.grad(f)

    @njit
    def twice(x):
        return gradient(x) + gradient(x)

    return lambda x: twice(x) / 2.0


def along(f):
    """The derivative of a function of one number, as a tangent."""
    return lambda x: jt.jvp(f, (x,), (1.0,))[1]


def by_products(f):
    """The Hessian, by products with unit vectors."""
    return lambda x: np.stack([jt.hvp(f, x, unit) for unit in np.eye(len(x))])


FIRST_OF_NUMBERS = {"dual": jt.grad, "tape": jt.jacrev, "tangent": along, "called": by_call, "inside": in_compiled_code}
SECOND_OF_NUMBERS = {
    "forward over reverse": jt.hessian,
    "reverse over reverse": lambda f: jt.jacrev(jt.jacrev(f)),
    "reverse over forward": lambda f: jt.jacrev(jt.grad(f)),
    "forward over forward": lambda f: jt.grad(jt.grad(f)),
}
FIRST_OF_VECTORS = {"rows": jt.jacrev, "columns": jt.jacfwd}
GRADIENTS = {"tape": jt.grad, "called": by_call, "inside": in_compiled_code}
SECOND_OF_VECTORS = {
    "forward over reverse": jt.hessian,
    "products": by_products,
    "reverse over reverse": lambda f: jt.jacrev(jt.grad(f)),
    "forward over forward": lambda f: jt.jacfwd(jt.jacfwd(f)),
}


def agrees(program, transform, expected):
    x = np.array(program.x) if isinstance(program.x, tuple) else program.x
    with np.errstate(all="ignore"):
        np.testing.assert_allclose(transform(compiled(program.function))(x), expected, rtol=1e-12, atol=1e-14)


def cases(programs, transforms, keep=lambda program: True):
    """One case a program and a transform, with a name."""
    return [
        pytest.param(program, transform, id=f"{program.name}({program.x})-{mode}")
        for program in programs
        if program.native and keep(program)
        for mode, transform in transforms.items()
    ]


def is_scalar(program):
    return np.ndim(program.first) < 2


def has_second(program):
    return program.second is not None and is_scalar(program)


@pytest.mark.sampled(most=60)
@pytest.mark.parametrize("program, transform", cases(NUMBERS, FIRST_OF_NUMBERS))
def test_first_derivatives_of_numbers(program, transform):
    agrees(program, transform, program.first)


@pytest.mark.sampled(most=40)
@pytest.mark.parametrize("program, transform", cases(NUMBERS, SECOND_OF_NUMBERS, has_second))
def test_second_derivatives_of_numbers(program, transform):
    agrees(program, transform, program.second)


@pytest.mark.sampled(most=25)
@pytest.mark.parametrize("program, transform", cases(VECTORS, FIRST_OF_VECTORS) + cases(VECTORS, GRADIENTS, is_scalar))
def test_first_derivatives_of_vectors(program, transform):
    agrees(program, transform, program.first)


@pytest.mark.sampled(most=15)
@pytest.mark.parametrize("program, transform", cases(VECTORS, SECOND_OF_VECTORS, has_second))
def test_second_derivatives_of_vectors(program, transform):
    agrees(program, transform, program.second)


# --- what the table does not have: loops, branches, several inputs and outputs ----------------------------------------------


def guarded_roots(x):
    total = 0.0
    for k in range(len(x)):
        root = np.sqrt(x[k])
        if x[k] > 0.0:
            total += root * x[k - 1]
    return total


def root_and_sum(x):
    y = np.zeros(12)  # more rows than a sweep has lanes
    for k in range(12):
        y[k] = np.sqrt(x[0]) ** 2 * x[1] if k == 3 else x[1] * x[2] + k
    return y


def stored_root(x):
    z = np.zeros(3)
    z[0] = x[1] * 0.0
    z[1] = np.sqrt(z[0]) + x[0]
    return z[1] * z[1]


def infinite_weight(x):
    return np.sum(np.array([np.inf, 1.0]) * np.maximum(x, 0.0))


ROWS = np.zeros((12, 3))
ROWS[:, 1:] = [2.0, 1.0]
ROWS[3] = [np.nan, 0.0, 0.0]
LOOPS = [
    Program(guarded_roots, (0.0, 4.0), (2.0, 0.0)),
    Program(root_and_sum, (0.0, 1.0, 2.0), ROWS),
    Program(stored_root, (3.0, 5.0), (6.0, np.nan)),
    Program(infinite_weight, (-1.0, 2.0), (0.0, 1.0)),
]


@pytest.mark.sampled
@pytest.mark.parametrize("program, transform", cases(LOOPS, FIRST_OF_VECTORS) + cases(LOOPS, GRADIENTS, is_scalar))
def test_loops_and_rows(program, transform):
    agrees(program, transform, program.first)


@njit
def pair_of_roots(x, z):
    return np.sqrt(x) * z, z * z


def test_a_zero_of_a_seed_is_structural():
    _, pull = jt.vjp(pair_of_roots, 0.0, 3.0)
    assert pull((0.0, 1.0)) == (0.0, 6.0)
    assert pull((1.0, 0.0)) == (np.inf, 0.0)
    for direction, expected in (((0.0, 1.0), (0.0, 6.0)), ((1.0, 0.0), (np.inf, 0.0))):
        assert jt.jvp(pair_of_roots, (0.0, 3.0), direction)[1] == expected


# --- what stands between two pullbacks ---------------------------------------------------------------------------------------


@njit
def pair_of_root(x):
    return np.sqrt(x), 3.0 * x


def test_a_call_on_the_array_tape_tells_zeros():
    def gradient(function, x):
        t = jt.tensor(x, requires_grad=True)
        function(t).backward()
        return t.grad.item()

    def root(t):
        return jt.native.call(pair_of_root, t)[0]

    for function, expected in [
        (lambda t: root(t) ** 2, np.nan),
        (lambda t: root(t) * 0.0, np.nan),
        (lambda t: jt.native.call(pair_of_root, t)[1], 3.0),
        (lambda t: jt.where(t > 0.0, root(t), 2.0 * t), 2.0),
        (root, np.inf),
    ]:
        found = gradient(function, 0.0)
        np.testing.assert_equal(found, expected)
        assert found != 0.0
    t = jt.tensor(0.0, requires_grad=True)
    (first,) = jt.autograd.grad(jt.where(t > 0.0, root(t), t * t * t + t * t), t, create_graph=True)
    assert jt.autograd.grad(first, t)[0].item() == 2.0


@njit
def root_then_square(state, k, rate):
    return (np.sqrt(state[0]), state[1] * rate) if k == 0 else (state[0] * state[0], state[1])


def test_parts_of_a_loop_hand_on_which_zeros_are_structural():
    loop = jt.native.checkpointed(root_then_square, 2, states=2)
    _, pull = jt.vjp(loop, (0.0, 1.0), 3.0)
    np.testing.assert_array_equal(pull((1.0, 1.0))[0], (np.nan, 3.0))
    state_bar, rate_bar = pull((0.0, 1.0))
    assert (state_bar, rate_bar) == ((0.0, 3.0), 1.0)
    assert not np.signbit(state_bar[0])
