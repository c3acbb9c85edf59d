"""Ways of writing that stopped functions of public packages, found by `benchmarks/public_functions.py`."""

import math

import numpy as np
import pytest
from numba import literal_unroll, njit, types

import jittape as jt

from .differences import check

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([1.5, 0.7, 2.3])
DECLARED = {"float32": types.float32, "float64": types.float64}


def starts_from_constants(x, y):
    total = 0
    last = 1.0
    for i in range(x.size):
        part = x[i] - y
        if i == 1:
            part = 2
        total += part * part
        last = part * last
    return total * last


@pytest.mark.parametrize("declared", DECLARED)
@pytest.mark.parametrize("transform", [jt.jacfwd, jt.jacrev])
def test_constants_of_declared_variables(declared, transform):
    names = dict.fromkeys(("total", "part", "last"), DECLARED[declared])
    function = njit(starts_from_constants, locals=names)
    slopes = transform(function, argnums=(0, 1))(X, 0.4)
    expected = jt.jacfwd(njit(starts_from_constants), argnums=(0, 1))(X, 0.4)
    for got, right in zip(slopes, expected):
        np.testing.assert_allclose(got, right, rtol=1e-5 if declared == "float32" else 1e-14)


@njit
def lists_of_lists(x, e):
    perifocal = np.array([[x[0] / (1.0 + e * math.cos(x[1]))], [math.sqrt(x[0] / x[1])]])
    rotation = np.array([[math.cos(x[2]), -math.sin(x[2]), 0], [math.sin(x[2]), e + math.cos(x[2]), 0]])
    return np.sum(perifocal * rotation * rotation)


@njit
def list_grown_by_expressions(x, e):
    kept = [[x[0] * x[1], 1.0], [x[2], 2.0]]
    kept.append([x[0] * x[0] * e, e])
    total = 0.0
    for a, b in kept:
        total += a * b
    return total


@njit
def lists_of_lists_filled(x, e):
    table = [[0.0, 1.0], [0.0, 0.0]]
    row = table[1]
    table[0][0] = x[0] * e
    row[1] = x[1] * x[2]
    turned = x.copy()
    for _ in range(3):
        turned = turned[::-1]
        turned[0] = turned[0] * e
    return table[0][0] * table[1][1] + table[0][1] * turned[2]


@njit
def tuples_of_numbers_of_several_kinds(x, e):
    made = np.array((x[0] * x[1], e, 1)) * np.array([x[2], 2, e]) + np.asarray((2.0, x[1]))[1]
    return np.sum(made * made) * np.array((1, 2.5))[1]


@njit
def values_written_out(x, e):
    total = 0.0
    for k in literal_unroll((1, 2.5, e)):
        total += x[0] * k
    return total * x[np.int32(e)] * np.int64(x[2])


@pytest.mark.parametrize(
    "function",
    [lists_of_lists, lists_of_lists_filled, list_grown_by_expressions, tuples_of_numbers_of_several_kinds, values_written_out],
)
def test_lists_and_tuples_of_expressions(function):
    check(function, X, 0.3, argnums=(0, 1), forward=True)


FACTOR = 2.0


@njit("f8(f8)")
def of_negative_numbers(x):
    return 1.0 - x * x * x if x >= 0.0 else 1.0 - of_negative_numbers(-x) * FACTOR


def test_a_function_with_a_signature_that_calls_itself():  # compiled before its name is bound
    assert check(of_negative_numbers, 0.4) == pytest.approx((-3 * 0.4**2,))
    assert check(of_negative_numbers, -0.4) == pytest.approx((-6 * 0.4**2,))


def test_declared_variables_of_a_function_that_is_made_anew(monkeypatch):
    @njit(locals={"y": types.float32})
    def scaled(x):
        y = x * FACTOR
        return y * y

    value = scaled(0.1)  # Numba keeps this factor
    monkeypatch.setitem(globals(), "FACTOR", 3.0)
    assert jt.value_and_grad(scaled)(0.1)[0] == scaled(0.1) == value != 0.1 * 2.0 * 0.1 * 2.0


def made_like(maker, like, dtype):
    """A function that makes an array like an array or a number, and adds to it in place."""
    turn, others = 1j if dtype is np.complex128 else 1.0, (1.5, dtype) if maker is np.full_like else (dtype,)
    models = {"array": njit(lambda x, y: x), "number": njit(lambda x, y: y), "constant": njit(lambda x, y: 2.0)}
    model = models[like]

    def function(x, y):
        made = maker(model(x, y), *others)
        made += np.exp(turn * y) * x[0]
        return np.sum(np.abs(made * y))

    return function


@pytest.mark.parametrize("dtype", [np.float64, np.complex128])
@pytest.mark.parametrize("like", ["array", "number", "constant"])
@pytest.mark.parametrize("maker", [np.zeros_like, np.ones_like, np.full_like])
@pytest.mark.sampled(0)
def test_arrays_made_like_numbers(maker, like, dtype):
    function = made_like(maker, like, dtype)
    found = jt.grad(njit(function), argnums=(0, 1))(X, 0.4)
    for k, step in enumerate([np.array([1.0, 0.0, 0.0]), 1.0]):
        at = [(X + h * step, 0.4) if k == 0 else (X, 0.4 + h) for h in (1e-6, -1e-6)]
        slope = (function(*at[0]) - function(*at[1])) / 2e-6
        np.testing.assert_allclose(np.sum(found[k] * step), slope, rtol=1e-7)
