"""Objects of jitclasses: made of differentiated numbers, and passed in as data."""

import numpy as np
import pytest
from numba import deferred_type, njit, optional, types
from numba.experimental import jitclass

import jittape as jt

from .differences import check
from .test_errors import refused

pytestmark = pytest.mark.sampled(0.5, of="module")

X = np.array([1.5, 2.0, 3.0])


@njit
def squared(v):
    return v * v


@jitclass([("k", types.float64), ("a", types.float64[:]), ("calls", types.int64)])
class Spring:
    def __init__(self, k, a):
        self.k, self.a, self.calls = k, a, 0

    def energy(self, v):
        self.calls += 1
        return self.k * squared(v) + self.a[0]

    @property
    def twice(self):
        return self.k * 2.0

    @staticmethod
    def doubled(v):
        return v * 2.0

    def stretch(self, v):
        self.k = self.k * v

    def scaled(self, v):
        out = np.zeros(3)
        for i in range(3):
            out[i] = self.a[i % len(self.a)] * v
        return out


@jitclass([("total", types.float64), ("count", types.int64)])
class Mean:
    def __init__(self):
        self.total, self.count = 0.0, 0

    def add(self, v):
        self.total += v
        self.count += 1

    def value(self):
        return self.total / self.count


@jitclass([("inner", Spring.class_type.instance_type), ("weights", types.UniTuple(types.float64, 2))])
class Holder:
    def __init__(self, inner, w):
        self.inner, self.weights = inner, (w, 1.0)

    def energy(self, v):
        return self.inner.energy(v) * self.weights[0]


node_type = deferred_type()


@jitclass([("data", types.float64), ("next", optional(node_type))])
class Node:
    def __init__(self, data, next):
        self.data, self.next = data, next


node_type.define(Node.class_type.instance_type)


@njit
def made(x):
    spring = Spring(x[0] * x[1], x * x)
    spring.k = spring.k * 2.0
    spring.stretch(x[2])
    spring.a[0] = x[1]
    return spring.energy(x[1]) * spring.twice * spring.calls + np.sum(spring.scaled(x[0])) + spring.doubled(x[0])


@njit
def accumulated(x):
    mean = Mean()
    for v in x:
        mean.add(v * x[0])
    return mean.value() * mean.total


@njit
def held(x):
    return Holder(Spring(x[0], x), x[1]).energy(x[2])


@njit
def linked(x):
    head = Node(x[0], None)
    for v in x:
        head = Node(v * head.data, head)
    return head.data


def test_made_inside():
    for function in (made, accumulated, held):
        check(function, X, forward=True)


def test_a_class_that_refers_to_itself():
    check(linked, X, forward=True)


@njit
def passed_in(x, spring):
    return spring.energy(x[0]) * x[1] + spring.a[1] * spring.twice * x[2] + np.sum(spring.scaled(x[0]))


@njit
def made_of_data(x, a):
    spring = Spring(2.0, a)
    return spring.energy(x[0]) * np.sum(spring.scaled(x[1]))


def test_objects_that_hold_data():
    check(passed_in, X, Spring(2.0, np.array([1.0, 3.0])), forward=True)
    check(made_of_data, X, np.array([1.0, 3.0]), forward=True)


@njit
def writes_a_field(x, spring):
    spring.k = x[0] * x[1]
    return spring.k


def test_a_field_of_an_object_that_is_passed_in_takes_no_derivatives():
    refused("the field `k`", writes_a_field, X, Spring(2.0, X))
    with pytest.raises(jt.native.NativeError, match="argument 1 has the type"):
        jt.grad(passed_in, argnums=1)(X, Spring(2.0, X))
