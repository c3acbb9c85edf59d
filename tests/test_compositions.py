"""Transforms of transforms of random programs with writes in place: every way to a derivative gives one number.

Programs are written in NumPy's functions and slices, so plain arrays go through them too: values and differences of
them come from NumPy alone.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from sampling import random_examples

import jittape as jt

N = 4  # elements of every value
V, W = np.array([0.7, -0.4, 1.1, 0.3]), np.array([-0.5, 0.9, 0.2, 0.8])
FUNCTIONS = [np.sin, np.exp, lambda z: np.log1p(z * z), lambda z: np.sqrt(1.0 + z * z), lambda z: 1.0 / (2.0 + z * z)]

# --- programs -----------------------------------------------------------------------------------------------------------
# A step is a kind, two values by number, two regions of one length, and a choice.


def region(start, length):
    return slice(start, min(start + length, N))


def assign(a, b, to, at, t):
    a[to] = b[at] * 0.9


def assign_number(a, b, to, at, t):
    a[to] = t * 1.1


def assign_element(a, b, to, at, t):
    a[to.start] = t * b[at.start] + a[to.start] ** 2 * 0.1


def add_to(a, b, to, at, t):
    a[to] += 0.5 * b[at] * a[to]


def subtract_from(a, b, to, at, t):
    a[to] -= np.sin(b[at])


def multiply(a, b, to, at, t):
    a[to] *= np.cos(b[at])


def divide(a, b, to, at, t):
    a[to] /= 2.0 + np.tanh(b[at])


def assign_everything(a, b, to, at, t):
    a[...] = np.tanh(a) + b * 0.2


WRITES = [assign, assign_number, assign_element, add_to, subtract_from, multiply, divide, assign_everything]
READS = [
    lambda a, b, to, t: a * b + 0.3 * a,
    lambda a, b, to, t: a - 0.7 * np.tanh(b),
    lambda a, b, to, t: a[::-1] + b,
    lambda a, b, to, t: a[np.array([0, 2, 2, 1])] * b,
    lambda a, b, to, t: np.concatenate([a[to], b])[:N] * 0.8,
    lambda a, b, to, t: np.matmul(np.reshape(np.concatenate([a, b, a, b]), (N, N)), b) * 0.1,
    lambda a, b, to, t: a * np.sum(b * b) * 0.1,
    lambda a, b, to, t: np.mean(a) * b + t * a,
    *[lambda a, b, to, t, f=f: f(np.tanh(a)) for f in FUNCTIONS],
]
numbers = st.integers(0, N - 1)
steps = st.tuples(st.booleans(), st.integers(0, 12), numbers, numbers, numbers, numbers, st.integers(1, N))
programs = st.lists(steps, min_size=2, max_size=9)


def values_of(program, x, t):
    values = [x * 1.0, np.sin(x) + t]
    for writes, choice, a, b, start, other, length in program:
        a, b, length = values[a % len(values)], values[b % len(values)], min(length, N - max(start, other))
        to, at = region(start, length), region(other, length)
        if writes:
            WRITES[choice % len(WRITES)](a, b, to, at, t)
        else:
            values.append(READS[choice % len(READS)](a, b, to, t))
    return values


def vector_of(program, t=0.8):
    def f(x):
        values = values_of(program, x, t)
        return np.tanh(values[-1]) + np.tanh(values[0]) * 0.5

    return f


def scalar_of(program):
    def f(x, t=0.8):
        return sum(np.sum(np.tanh(z)) * (0.5 + 0.1 * k) for k, z in enumerate(values_of(program, x, t)))

    return f


def differences(f, x, h=1e-5):
    """The Jacobian by central differences."""
    steps = h * np.eye(x.size)
    return np.stack([(np.asarray(f(x + d)) - np.asarray(f(x - d))) / (2.0 * h) for d in steps], -1)


def same(found, expected, rtol=1e-8):
    assert isinstance(found, (float, np.ndarray)), type(found)
    scale = max(1.0, np.max(np.abs(expected)))
    np.testing.assert_allclose(found, expected, rtol=rtol, atol=rtol * scale)


START = np.array([0.3, -0.6, 0.8, -0.2])


@random_examples(60)
@given(programs)
def test_first_derivatives(program):
    f, g, x = scalar_of(program), vector_of(program), START
    gradient, jacobian = jt.grad(f)(x), jt.jacrev(g)(x)
    same(jt.value_and_grad(f)(x)[0], f(x), 1e-12)
    same(gradient, differences(f, x), 1e-6)
    same(jacobian, differences(g, x), 1e-6)
    for found in (jt.jacfwd(g)(x), jt.jacobian(g)(x)):
        same(found, jacobian)
    same(jt.jvp(g, (x,), (V,))[1], jacobian @ V)
    same(jt.linearize(g, x)[1](V), jacobian @ V)
    same(jt.vjp(g, x)[1](V)[0], V @ jacobian)
    by_x, by_t = jt.grad(f, argnums=(0, 1))(x, 0.8)
    same(by_x, gradient)
    same(by_t, (f(x, 0.8 + 1e-5) - f(x, 0.8 - 1e-5)) / 2e-5, 1e-6)


@random_examples(60)
@given(programs)
def test_second_derivatives(program):
    f, x = scalar_of(program), START
    gradient, hessian = jt.grad(f), jt.hessian(f)(x)
    same(hessian, differences(gradient, x), 1e-5)
    same(hessian, hessian.T)
    for found in (jt.jacfwd(gradient), jt.jacrev(gradient), jt.jacfwd(jt.jacfwd(f)), jt.jacrev(jt.jacfwd(f))):
        same(found(x), hessian)
    for product in (
        jt.hvp(f, x, V),
        jt.jvp(gradient, (x,), (V,))[1],
        jt.vjp(gradient, x)[1](V)[0],
        jt.linearize(gradient, x)[1](V),
        jt.grad(lambda z: jt.jvp(f, (z,), (V,))[1])(x),
        jt.grad(lambda z: np.sum(gradient(z) * V))(x),
    ):
        same(product, hessian @ V)
    (of_x, mixed), (transposed, of_t) = jt.hessian(f, argnums=(0, 1))(x, 0.8)
    same(of_x, hessian)
    same(mixed, (gradient(x, 0.8 + 1e-5) - gradient(x, 0.8 - 1e-5)) / 2e-5, 1e-5)
    same(transposed, mixed)
    by_t = lambda x, t: jt.grad(f, argnums=(0, 1))(x, t)[1]  # a plain x would make plain arrays, which take no Tensors
    same(of_t, (by_t(x, 0.8 + 1e-5) - by_t(x, 0.8 - 1e-5)) / 2e-5, 1e-5)


@random_examples(25)
@given(programs)
def test_second_derivatives_of_vectors_and_third_ones(program):
    f, g, x = scalar_of(program), vector_of(program), START
    tensor = differences(jt.jacrev(g), x)
    for outer in (jt.jacfwd, jt.jacrev):
        for inner in (jt.jacfwd, jt.jacrev):
            same(outer(inner(g))(x), tensor, 1e-5)
    same(jt.jvp(lambda z: jt.vjp(g, z)[1](W)[0], (x,), (V,))[1], np.einsum("i,ijk,k->j", W, tensor, V), 1e-5)
    same(jt.vjp(lambda z: jt.jvp(g, (z,), (V,))[1], x)[1](W)[0], np.einsum("i,ijk,j->k", W, tensor, V), 1e-5)
    product = lambda z: jt.hvp(f, z, V)
    third = differences(product, x)
    same(jt.jacfwd(product)(x), third, 1e-5)
    same(jt.jacrev(product)(x), third, 1e-5)
    same(jt.grad(lambda z: np.sum(jt.hessian(f)(z) * np.outer(V, W)))(x), third @ W, 1e-5)


# --- compositions -------------------------------------------------------------------------------------------------------


class Pair(NamedTuple):
    first: object
    second: object


@dataclass
class Record:
    first: object
    rest: object


def with_aux(f):
    def g(x):
        gradient, aux = jt.grad(lambda z: (np.sum(f(z) * V), {"seen": f(z) * x}), has_aux=True)(x)
        return gradient + aux["seen"]

    return g


def of_a_named_tuple(f):
    def g(x):
        found = jt.grad(lambda p: np.sum(f(p.first * p.second["key"]) * V))(Pair(x, {"key": np.cos(x)}))
        return found.first + found.second["key"]

    return g


def of_a_dataclass(f):
    def g(x):
        found = jt.grad(lambda d: np.sum(f(d.first + d.rest[0] * d.rest[1]) * V))(Record(x, [x * x, np.sin(x)]))
        return found.first + found.rest[0] * found.rest[1]

    return g


def of_two_arguments(f):
    def g(x):
        last, middle = jt.grad(lambda c, y, z: np.sum(f(y * z + c)), argnums=(2, 1))(1.0, x, np.tanh(x))
        return last - middle

    return g


def blocks_of_a_hessian(f):
    def g(x):
        blocks = jt.hessian(lambda y, z: np.sum(np.tanh(f(y * z)) * V), argnums=(0, 1))(x, np.cos(x))
        return np.matmul(blocks[0][1], W) + np.matmul(blocks[1][1], x)

    return g


def of_trees_to_trees(f):
    def g(x):
        found = jt.jacobian(lambda p: {"vector": f(p[0] * p[1]), "sum": np.sum(p[1])})((x, np.tanh(x)))
        return np.matmul(found["vector"][0], V) + found["sum"][1] * np.matmul(found["vector"][1], W)

    return g


def reverse_rule(f):
    rule = jt.custom_vjp(lambda x: f(x))
    rule.defvjp(lambda x: (f(x), x), lambda x, y_bar: (jt.vjp(f, x)[1](y_bar)[0],))
    return lambda x: rule(x) * x


def forward_rule(f):
    rule = jt.custom_jvp(lambda x: f(x))
    rule.defjvp(lambda primals, tangents: jt.jvp(f, primals, tangents))
    return lambda x: rule(x) * x


def written_into(f):
    def g(x):
        y = x * 1.0
        y[1:3] += f(x)[:2] * 0.3
        y[0] = x[3] * y[1]
        return y

    return g


# A layer makes another function of a vector of one: (order of differentiation, layer).
LAYERS = [
    (1, lambda f: lambda x: jt.grad(lambda z: np.sum(f(z) * V))(x)),
    (1, lambda f: lambda x: sum(jt.value_and_grad(lambda z: np.sum(np.tanh(f(z)) * V))(x))),
    (1, lambda f: lambda x: jt.jvp(f, (x,), (x * V,))[1]),
    (1, lambda f: lambda x: jt.vjp(f, x)[1](np.sin(x) * V)[0]),
    (1, lambda f: lambda x: jt.linearize(f, x)[1](W * x)),
    (1, lambda f: lambda x: np.matmul(jt.jacobian(f)(x), V)),
    (1, lambda f: lambda x: np.matmul(jt.jacfwd(f)(x), x)),
    (1, lambda f: lambda x: np.matmul(np.transpose(jt.jacrev(f)(x)), V)),
    (2, lambda f: lambda x: np.matmul(jt.hessian(lambda z: np.sum(np.tanh(f(z)) * V))(x), x)),
    (2, lambda f: lambda x: jt.hvp(lambda z: np.sum(np.tanh(f(z)) * V), x, f(x))),
    (1, lambda f: lambda x: x * jt.grad(lambda q: np.sum(f(q * x) * f(x)))(x)),  # to confuse perturbations
    (1, lambda f: lambda x: jt.jvp(lambda q: f(q) * x, (x * 0.5,), (f(x),))[1]),
    (1, lambda f: lambda x: jt.grad(lambda z: np.sum(jt.checkpoint(f)(z) * V))(x)),
    (1, with_aux),
    (1, of_a_named_tuple),
    (1, of_a_dataclass),
    (1, of_two_arguments),
    (2, blocks_of_a_hessian),
    (1, of_trees_to_trees),
    (0, reverse_rule),
    (0, forward_rule),
    (0, written_into),
]


@random_examples(60)
@given(programs, st.lists(st.sampled_from(LAYERS), min_size=1, max_size=3))
def test_compositions(program, layers):
    f, order, x = vector_of(program), 0, START
    for steps, layer in layers:
        if order + steps <= 3:
            order += steps
            f = (lambda g: lambda z: np.tanh(0.5 * g(z)))(layer(f))  # bounded
    expected = differences(f, x)
    value, product = jt.jvp(f, (x,), (V,))
    same(value, f(x), 1e-10)
    same(product, expected @ V, 1e-4)
    same(jt.vjp(f, x)[1](V)[0], V @ expected, 1e-4)
    reverse = jt.jacrev(f)(x)
    same(reverse, expected, 1e-4)
    same(jt.jacfwd(f)(x), reverse)
