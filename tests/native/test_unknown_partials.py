"""Operands by which no derivative is known raise in compiled code, as they do on Arrays, where something flows to them."""

import numpy as np
import pytest
from numba import njit

import jittape as jt
from jittape.scipy.special import jv


@njit
def of_numbers(v, z):
    return 2.0 * jv(v[0], z[0]) + 0.0 * v[1]


@njit
def of_arrays(v, z):
    return np.sum(2.0 * jv(v, z) + 1.0)


@njit
def of_constants_among_numbers(v, z):
    orders = np.zeros(3)
    orders[0], orders[1] = z[0], v[0]
    return jv(orders[1], orders[0])


BY_OTHER = {  # the same by the operand whose derivative is known
    of_numbers: lambda z: 2.0 * jv(V[0], z[0]),
    of_arrays: lambda z: np.sum(2.0 * jv(V, z)),
    of_constants_among_numbers: lambda z: jv(V[0], z[0]),
}
V, Z = np.array([1.0, 2.0]), np.array([2.0, 3.0])


@pytest.mark.sampled(1)
@pytest.mark.parametrize("transform", [jt.grad, jt.jacfwd], ids=["reverse", "forward"])
@pytest.mark.parametrize("function", [of_numbers, of_arrays, of_constants_among_numbers], ids=lambda f: f.py_func.__name__)
def test_an_order_that_is_differentiated_raises(function, transform):
    with pytest.raises(NotImplementedError, match="jv: no derivative by 'v' is known"):
        transform(function)(V, Z)
    np.testing.assert_allclose(transform(function, 1)(V, Z), jt.grad(BY_OTHER[function])(Z), rtol=1e-12)


@pytest.mark.sampled(0)
def test_a_second_derivative_by_the_other_operand():
    expected = jt.hessian(of_arrays.py_func, 1)(V, Z)
    np.testing.assert_allclose(jt.hessian(of_arrays, 1)(V, Z), expected, rtol=1e-12)
