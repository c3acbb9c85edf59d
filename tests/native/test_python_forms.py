"""Forms in Python of compiled functions: they have the values and derivatives of the functions themselves."""

import math
from types import FunctionType

import numba
import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.native.derivatives.python_forms import python_form
from jittape.transforms.pytrees import flatten

from .differences import fresh
from .test_lists_and_dicts import PROGRAMS as CONTAINERS
from .test_programs import PROGRAMS
from .test_tuples import PROGRAMS as TUPLES

TABLES = [*((*p.values[:3], p.id) for p in PROGRAMS), *((*p.values, (0,), p.values[0].__name__) for p in (*CONTAINERS, *TUPLES))]
# What plain Python does not run: an argument that is data is written to, or a compiled function is called with a dictionary.
NOT_IN_PYTHON = {"argument_overwritten", "dict_through_fn", "typed_list_arrays_arg"}
CASES = [c for c in TABLES if isinstance(c[1][c[2][0]], (float, np.ndarray)) and c[-1] not in NOT_IN_PYTHON]


def made(args):
    """Arguments of their own; containers of Numba's are functions that make them."""
    return [a() if isinstance(a, FunctionType) else fresh(a) for a in args]


def total(result):
    """A number that depends on all numbers of a result."""
    return sum(np.sum(np.sin(part)) for part in flatten(result)[0] if not isinstance(part, (int, str)))


@pytest.mark.sampled(12)
@pytest.mark.parametrize("function, args, argnums, name", CASES, ids=[case[-1] for case in CASES])
def test_derivatives(function, args, argnums, name):
    """Against differences of the function in plain Python."""
    k, form = argnums[0], python_form(function)
    direction = np.cos(np.arange(np.size(args[k])) + 1.0).reshape(np.shape(args[k]))

    def at(step):
        moved = made(args)
        moved[k] = moved[k] + step * direction
        return total(function.py_func(*moved))

    found, gradient = jt.value_and_grad(lambda *args: total(form(*args)), argnums=k)(*made(args))
    assert found == pytest.approx(at(0.0), rel=1e-13, abs=1e-13)
    assert np.sum(gradient * direction) == pytest.approx((at(1e-6) - at(-1e-6)) / 2e-6, rel=1e-5, abs=1e-5)


@njit
def recursive(n, x):
    return x if n == 0 else math.sin(recursive(n - 1, x)) + float(n)


def test_what_names_stand_for():
    """Recursion, closures, modules under other names, attributes of Numba, arrays that are written to."""
    import numpy as other

    scale = 3.0

    @njit
    def inner(x):
        return scale * x

    @njit
    def function(x):
        z = other.zeros(3)
        for k in numba.prange(3):
            z[k] = inner(x[k]) * recursive(2, x[k])
        return z.sum() + math.floor(2.5) + math.hypot(x[0], 1.0)

    @njit
    def product(x, n):  # it finds itself in its closure
        return 1.0 if n == 0 else x[n - 1] * product(x, n - 1)

    x = np.array([0.3, 1.2, 2.0])
    np.testing.assert_allclose(jt.grad(python_form(product))(x, 3), x.prod() / x, rtol=1e-14)
    form = python_form(function)
    assert form(x) == pytest.approx(function(x), rel=1e-15)
    np.testing.assert_allclose(jt.grad(form)(x), jt.grad(function)(x), rtol=1e-13)
    assert python_form(math.sin) is not None and python_form(recursive.py_func) is recursive.py_func
