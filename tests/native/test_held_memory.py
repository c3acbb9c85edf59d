"""Lists, dictionaries and objects among the arguments, which hold memory of differentiated ones."""

import numpy as np
import pytest
from numba import float64, njit, types
from numba.experimental import jitclass
from numba.typed import Dict, List

import jittape as jt
from jittape.errors import SharedMemoryError


@jitclass([("values", float64[:])])
class Holder:
    def __init__(self, values):
        self.values = values

    def put(self, number):
        self.values[0] = number


def as_list(x):
    found = List()
    found.append(x)
    return found


def as_dict(x):
    found = Dict.empty(types.int64, float64[::1])
    found[0] = x
    return found


@njit
def first_of_object(held):
    return held.values[0]


@njit
def first(held):
    return held[0][0]


@njit
def first_in_tuple(held):
    return held[1][0][0]


HELD = {
    "typed list": (as_list, first),
    "list": (lambda x: [x], first),
    "dictionary": (as_dict, first),
    "object": (Holder, first_of_object),
    "list in a tuple": (lambda x: (1.0, as_list(x)), first_in_tuple),
}


@pytest.mark.sampled(0)  # what writes through a list is met below
@pytest.mark.parametrize("name", HELD)
def test_a_function_that_writes_to_what_is_held_elsewhere(name):
    hold, read = HELD[name]

    @njit
    def doubled(x, held):
        x[0] *= 2.0
        return read(held) * x[1]

    @njit
    def only_read(x, held):
        return read(held) * x[1]

    x = np.array([1.5, 2.0])
    for transform in (jt.value_and_grad, jt.hessian):
        with pytest.raises(SharedMemoryError, match="argument 0, which shares memory with argument 1"):
            transform(doubled)(x, hold(x))
        transform(doubled)(x, hold(x.copy()))
    assert x.tolist() == [1.5, 2.0]
    value, gradient = jt.value_and_grad(only_read)(x, hold(x))
    assert (value, gradient.tolist()) == (3.0, [0.0, 1.5])


@njit
def put_into_object(x, held):
    held.put(7.0)
    return x[0] * x[1]


@njit
def put_into_list(x, held):
    held[0][0] = 7.0
    return x[0] * x[1]


@pytest.mark.parametrize(
    ("function", "hold"), [(put_into_list, as_list), pytest.param(put_into_object, Holder, marks=pytest.mark.sampled(0))]
)
def test_a_function_that_writes_through_what_holds_an_argument(function, hold):
    x = np.array([1.5, 2.0])
    with pytest.raises(SharedMemoryError, match="argument 1, which shares memory with argument 0"):
        jt.grad(function)(x, hold(x))
    held = hold(x.copy())
    np.testing.assert_array_equal(jt.grad(function)(x, held), [2.0, 1.5])
    with pytest.raises(jt.native.NativeError, match="what a (List|Holder) holds"):
        jt.grad(lambda x: function(x, hold(np.ones(2))))(x)


values = 1.0


def test_names_of_attributes_are_no_globals():
    """Globals that are called as attributes may change."""
    global values

    @njit
    def scaled(x, held):
        return x * held.values[0]

    held = Holder(np.array([3.0]))
    assert jt.grad(scaled)(2.0, held) == 3.0
    values = "another"
    assert jt.grad(scaled)(2.0, held) == 3.0
    assert jt.grad(put_into_object)(np.ones(2), held).tolist() == [1.0, 1.0]
