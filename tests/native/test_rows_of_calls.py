"""Calls of compiled functions inside differentiated Python functions: a row of the tape, in every mode and to any order."""

import collections

import numpy as np
import pytest
from numba import jit, njit

import jittape as jt
from jittape.native import NativeError

from sampling import some

pytestmark = pytest.mark.sampled(0.5, of="module")

Pair = collections.namedtuple("Pair", "a b")
X, V = np.array([0.5, 1.5, -0.7]), np.array([1.0, -2.0, 0.5])


@njit
def waves(x, n):
    out = np.empty_like(x)
    for k in range(len(x)):
        out[k] = np.sin(n * x[k]) * x[k]
    return out


@njit
def total(x):
    return np.sum(x * x * x)


@njit
def several(x, p, n):
    return (x * p[0], (np.sum(x) * p[1][0], n), "text"), p[1][1] * 2


@njit
def scaled(pair, s):
    return Pair(pair.a * s, np.sum(pair.b) * s)


def of_one_call(x):
    return total(np.sin(x)) * x[0]


def of_two_calls(x):
    return total(waves(x, 2)) + np.sum(waves(x * x, 3))


def of_trees(x):
    (scaled_x, (s, count), name), twice = several(x, (x[0], (2.0, 3)), 2)
    assert (name, int(count), int(twice)) == ("text", 2, 6)
    return np.sum(scaled_x * scaled_x) + s * count


def of_named(x):
    found = scaled(Pair(x[1], x), 2.0)
    return found.a * found[1]


def written_by_hand(x):
    """The same functions, without compiled ones."""
    sine = np.sin(x)
    y, z = np.sin(2 * x) * x, x * x
    return (
        np.sum(sine * sine * sine) * x[0],
        np.sum(y * y * y) + np.sum(np.sin(3 * z) * z),
        np.sum(x * x[0] * x * x[0]) + np.sum(x) * 4.0,
        4.0 * x[1] * np.sum(x),
    )


FUNCTIONS = [of_one_call, of_two_calls, of_trees, of_named]
BATCH = np.stack([X, X + 1.0, V])

MODES = {
    "grad": lambda f: jt.grad(f)(X),
    "jacfwd": lambda f: jt.jacfwd(f)(X),
    "jvp": lambda f: jt.jvp(f, (X,), (V,)),
    "vjp": lambda f: jt.vjp(f, X)[1](2.0)[0],
    "linearize": lambda f: jt.linearize(f, X)[1](V),
    "hessian": lambda f: jt.hessian(f)(X),
    "hvp": lambda f: jt.hvp(f, X, V),
    "forward over reverse": lambda f: jt.jvp(jt.grad(f), (X,), (V,)),
    "forward over forward": lambda f: jt.jacfwd(jt.jacfwd(f))(X),
    "reverse over forward": lambda f: jt.grad(lambda x: jt.jvp(f, (x,), (V,))[1])(X),
    "compile": lambda f: jt.compile(f)(X),
    "compiled gradient": lambda f: jt.compile(jt.grad(f))(X),
    "compiled Hessian": lambda f: jt.compile(jt.hessian(f))(X),
    "compiled tangent": lambda f: jt.compile(lambda x: jt.jvp(f, (x,), (V,)))(X),
    "vmap": lambda f: jt.vmap(f)(BATCH),
    "vmapped gradient": lambda f: jt.vmap(jt.grad(f))(BATCH),
    "checkpoint": lambda f: jt.grad(lambda x: jt.checkpoint(f)(x) * x[1])(X),
}


@pytest.mark.sampled
@pytest.mark.parametrize("which", range(len(FUNCTIONS)), ids=[f.__name__ for f in FUNCTIONS])
@pytest.mark.parametrize("mode", MODES)
@pytest.mark.filterwarnings("ignore:jt.compile:RuntimeWarning")  # named tuples cannot be compared before a replay
def test_a_call_in_every_mode(mode, which):
    found, expected = MODES[mode](FUNCTIONS[which]), MODES[mode](lambda x: written_by_hand(x)[which])
    for pair in zip(found, expected) if isinstance(found, tuple) else [(found, expected)]:
        np.testing.assert_allclose(*pair, rtol=1e-11, atol=1e-12)


@njit
def wave(x):
    return np.sin(2.0 * x) * x


def test_third_derivatives():
    def f(x):
        return wave(x) * x

    def third(x):  # of sin(2 x) x**2
        return -8 * np.cos(2 * x) * x**2 - 24 * np.sin(2 * x) * x + 12 * np.cos(2 * x)

    for outer, inner in some([(jt.grad, jt.grad), (jt.jacfwd, jt.grad), (jt.grad, jt.jacfwd)], 1):
        np.testing.assert_allclose(outer(inner(jt.grad(f)))(0.5), third(0.5), rtol=1e-12)


@njit
def of_several(scale, *rest):
    return scale * rest[0][1] * rest[1]


@njit
def hands_on(scale, *rest):
    return of_several(scale, *rest) + rest[1]


def test_arguments_behind_a_star():
    """Numba hands them on as one tuple."""
    x = np.array([2.0, 3.0])
    for function in (of_several, hands_on, jit(forceobj=True)(of_several.py_func)):
        found = jt.grad(lambda x, a: function(a, x, a * a), argnums=(0, 1))(x, 0.5)
        np.testing.assert_allclose(found[0], [0.0, 0.125])
        assert found[1] == pytest.approx(3.0 * 3.0 * 0.25 + (1.0 if function is hands_on else 0.0))
    assert jt.grad(lambda a: njit(lambda *rest: rest[0])(a))(2.0) == 1.0


def test_replays_call_the_function_again():
    calls = jt.compile(of_two_calls), jt.compile(jt.grad(of_two_calls)), jt.vmap(of_two_calls)
    for x in (X, V, X * 2.0):
        np.testing.assert_allclose(calls[0](x), of_two_calls(x), rtol=1e-14)
        np.testing.assert_allclose(calls[1](x), jt.grad(of_two_calls)(x), rtol=1e-14)
        np.testing.assert_allclose(calls[2](np.stack([x, X])), [of_two_calls(x), of_two_calls(X)], rtol=1e-14)


@njit
def largest_and_where(x):
    return np.max(x), np.argmax(x)


def test_an_integer_that_a_replay_would_see_change_is_traced_again():
    f = jt.compile(lambda x: largest_and_where(x)[0] * (1.0 + largest_and_where(x)[1]))
    assert [f(X), f(V), f(X)] == [3.0, 1.0, 3.0]


@njit
def positive(x):
    return x[x > 0.0]


def test_a_program_has_the_shapes_of_its_trace():
    f = jt.compile(lambda x: positive(x) * 2.0)
    np.testing.assert_array_equal(f(X), [1.0, 3.0])
    with pytest.raises(NativeError, match="a program has the shapes of its trace"):
        f(np.abs(X))


@njit
def roots_and_squares(x):
    return np.sqrt(x), x * x


def test_zeros_in_forward_mode_are_numeric_unless_they_are_masked():
    x = np.array([0.0, 4.0])
    for mode in (jt.jacfwd, jt.jacrev):
        found = mode(lambda x: np.sum(roots_and_squares(x)[0] ** 2))(x)
        np.testing.assert_array_equal(found, [np.nan, 1.0])
        found = mode(lambda x: np.sum(np.where(x > 0, roots_and_squares(x)[0], x)))(x)
        np.testing.assert_array_equal(found, [1.0, 0.25])
        np.testing.assert_array_equal(mode(lambda x: roots_and_squares(x)[1][0])(x), [0.0, 0.0])
        np.testing.assert_array_equal(mode(lambda x: np.sum(roots_and_squares(x * np.array([0.0, 1.0]))[0]))(x), [np.nan, 0.25])
    tangent = jt.jvp(lambda x: roots_and_squares(x)[0], (x,), (np.array([0.0, 1.0]),))[1]
    np.testing.assert_array_equal(tangent, [0.0, 0.25])


def test_derivatives_of_compiled_functions_in_programs():
    f = jt.compile(lambda x: jt.grad(total)(x) * x[0])
    for x in (X, V):
        np.testing.assert_allclose(f(x), 3.0 * x * x * x[0], rtol=1e-14)
    np.testing.assert_allclose(jt.vmap(lambda x: jt.hvp(total, x, x))(BATCH), 6.0 * BATCH * BATCH, rtol=1e-14)
    np.testing.assert_allclose(jt.grad(lambda x: jt.vjp(total, x)[1](x[0])[0][1])(X), [3.0 * X[1] ** 2, 6.0 * X[0] * X[1], 0.0])


def test_a_checkpointed_compiled_function_is_itself():
    assert jt.checkpoint(total) is total


def test_what_a_call_cannot_return():
    @njit
    def nothing(x):
        x.sum()

    with pytest.raises(NativeError, match="nothing was called with a Tensor and returned None"):
        jt.grad(lambda x: nothing(x))(X)


def test_a_function_with_signatures_is_called_by_name():
    declared = njit("float64(float64)")(wave.py_func)
    with pytest.raises(TypeError, match="wave .* jt.native.call"):
        jt.grad(lambda x: declared(x) * 2.0)(0.5)
    assert jt.grad(lambda x: jt.native.call(declared, x))(0.5) == jt.grad(wave)(0.5)
