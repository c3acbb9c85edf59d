"""Functions of C that compiled code calls by their address."""

import ctypes

import numba
import pytest
from numba import njit, types
from numba.extending import get_cython_function_address
from numba.types import WrapperAddressProtocol
from scipy import special
from scipy.special import cython_special

import jittape as jt

from .differences import check

pytestmark = pytest.mark.sampled(2, of="module")

C = ctypes.CDLL(None)
OF_A_DOUBLE = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.c_double)


def address_of(name):
    return ctypes.cast(getattr(C, name), ctypes.c_void_p).value


class AtAnAddress(WrapperAddressProtocol):
    """The way of packages that call SciPy's functions."""

    def __wrapper_address__(self):
        return address_of("lgamma")

    def signature(self):
        return types.float64(types.float64)


COSINE, HYPOT, GAMMA = OF_A_DOUBLE(address_of("cos")), C.hypot, C.tgamma
HYPOT.argtypes, HYPOT.restype = [ctypes.c_double] * 2, ctypes.c_double
GAMMA.argtypes, GAMMA.restype = [ctypes.c_double], ctypes.c_double
LOG_GAMMA = AtAnAddress()


@njit
def of_known_functions(x, y):
    return COSINE(x) * HYPOT(x * y, 3) + GAMMA(y + 1.0) * LOG_GAMMA(x) + COSINE(2.0)


def test_functions_that_the_table_knows_are_differentiated():
    check(of_known_functions, 1.5, 0.7, argnums=(0, 1))
    assert jt.hessian(of_known_functions)(1.5, 0.7) == pytest.approx(jt.grad(jt.grad(of_known_functions))(1.5, 0.7))


NDTRI = OF_A_DOUBLE(get_cython_function_address("scipy.special.cython_special", "ndtri"))
HYPERGEOMETRIC = ctypes.CFUNCTYPE(ctypes.c_double, *[ctypes.c_double] * 4)(
    next(
        get_cython_function_address("scipy.special.cython_special", name)
        for name, capsule in cython_special.__pyx_capi__.items()
        if name.endswith("hyp2f1") and '"double (' in repr(capsule)
    )
)


@njit
def of_scipy(x):
    return NDTRI(x) * x


@njit
def of_scipy_without_derivative(x):
    return HYPERGEOMETRIC(1.5, 2.5, 3.5, x)


def test_functions_of_scipy():
    check(of_scipy, 0.3)
    assert of_scipy_without_derivative(0.3) == pytest.approx(special.hyp2f1(1.5, 2.5, 3.5, 0.3))
    with pytest.raises(jt.native.NativeError, match=r"by its address \(scipy\.special\.hyp2f1\)"):
        jt.grad(of_scipy_without_derivative)(0.3)


@numba.cfunc("float64(float64)")
def unknown(x):
    return x * x


UNKNOWN = unknown.ctypes


@njit
def with_an_unknown_function(x, y):
    return x * x * UNKNOWN(y)


def test_others_take_plain_numbers():
    assert jt.value_and_grad(with_an_unknown_function)(1.5, 0.3) == (with_an_unknown_function(1.5, 0.3), 3.0 * 0.3**2)
    with pytest.raises(jt.native.NativeError, match=r"a C function, called by its address, .*jt\.stop_gradient") as found:
        jt.grad(with_an_unknown_function, argnums=1)(1.5, 0.3)
    assert "x * x * UNKNOWN(y)" in str(found.value)
