"""Lists, named tuples and objects of classes in compiled functions."""

import collections

import numpy as np
import pytest
from numba import njit, types
from numba.experimental import jitclass

import jittape as jt

from .differences import check

pytestmark = pytest.mark.sampled(2, of="module")

X = np.array([1.5, 2.0, 3.0])
Pair = collections.namedtuple("Pair", "a b")


@njit
def appended(x):
    kept = [x[0]]
    kept.append(x[1] * 2.0)
    total = 0.0
    for v in kept:
        total += v * v * kept[0]
    return total


@njit
def replaced_and_popped(x):
    kept = [x[0] * x[1], x[1]]
    kept[0] = kept[1] * kept[0]
    kept.reverse()
    kept.extend([x[2], x[0] * 3.0])
    return kept[0] * kept[1] + kept.pop() * len(kept)


@njit
def comprehension(x):
    squares = [v * v for v in x]
    return sum(squares) * max(squares) + np.sum(np.array(squares) ** 2)


@njit
def starts_empty(x):
    kept = []
    for v in x:
        kept.append(v * v)
    return kept[0] * kept[1] - kept[-1]


@njit
def list_of_arrays(x):
    kept = [x, x * 2.0]
    kept[1][0] = x[1] * x[2]
    return np.sum(kept[1] * kept[0])


@njit
def makes_named_tuples(x):
    pair = Pair(x[0] * x[1], x)
    return pair.a * np.sum(pair.b) * pair[0]


@pytest.mark.parametrize(
    "function",
    [appended, replaced_and_popped, comprehension, starts_empty, list_of_arrays, makes_named_tuples],
    ids=lambda f: f.__name__,
)
def test_program(function):
    check(function, X, forward=True)


@jitclass([("k", types.float64), ("a", types.float64[:])])
class Spring:
    def __init__(self, k, a):
        self.k, self.a = k, a

    def energy(self, v):
        return self.k * v * v + self.a[0]


@njit
def with_object(x, spring):
    return spring.energy(x[0]) * x[1] + spring.a[1] * spring.k * x[2]


def test_objects_of_classes_are_plain_values():
    gradient = jt.grad(with_object)(X, Spring(2.0, np.array([1.0, 3.0])))
    np.testing.assert_allclose(gradient, [2 * 2.0 * 1.5 * 2.0, 2.0 * 1.5**2 + 1.0, 6.0], rtol=1e-14)
    with pytest.raises(jt.native.NativeError, match="argument 1 has the type"):
        jt.grad(with_object, argnums=1)(X, Spring(2.0, X))
