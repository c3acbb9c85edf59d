"""Functions that Numba compiles: Numba has no types of its own, what jittape answers has."""

from __future__ import annotations

from typing import Any

import numpy as np
from numba import njit

import jittape as jt
from expect import assert_type


def length(x: Any) -> Any:
    total = 0.0
    for i in range(len(x)):
        total += x[i] * x[i]
    return total


compiled = njit(length)
x = np.array([3.0, 4.0])
assert jt.grad(compiled)(x).tolist() == [6.0, 8.0]
value, gradient = jt.value_and_grad(compiled)(x)
assert_type(jt.native.call(compiled, jt.tensor(x, requires_grad=True)), Any)
assert_type(jt.native.is_compiled(compiled), bool)
assert_type(jt.native.tape_stats().statements, int)
limit = jt.native.tape_limit()
assert_type(limit, int)
jt.native.set_tape_limit(limit)
assert_type(jt.native.free_memory(), int)
