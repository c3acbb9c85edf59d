"""Functions that Numba knows by overloads, conversions and functions of primal values, inside differentiated functions."""

import numba
import numpy as np
import pytest
from numba import njit, types
from numba.extending import overload, register_jitable

import jittape as jt

from .differences import check

pytestmark = pytest.mark.sampled(0.5, of="module")


WEIGHTS = np.linspace(0.5, 1.5, 20)


@register_jitable
def with_its_own_array(x):
    """An array made here has to take differentiated numbers."""
    out = np.zeros(3)
    out[1] = x[0] * x[1]
    return out


def doubled(x):
    """What Python calls; compiled code calls what the overload picks."""
    return 2.0 * x


@overload(doubled)
def _doubled(x):
    if hasattr(x, "ndim"):  # an array: only of one kind, so that differential arrays would find nothing
        return (lambda x: x + x) if str(x.dtype) == "float64" else None
    return lambda x: 2.0 * x


@njit
def of_users(x):
    return with_its_own_array(x)[1] * np.sum(doubled(x)) + doubled(x[1])


@njit
def with_nan(x):
    """Functions that leave nan out: of the last element nothing flows."""
    z = np.concatenate((x * x, np.full(1, np.nan)))
    found = [np.nansum(z), np.nanmean(z), np.nanvar(z), np.nanstd(z), np.nanmax(z), np.nanmin(z), np.nanprod(z)]
    return WEIGHTS[:7] @ np.array(found)


@njit
def order_statistics(x):
    z = x * x[0]
    found = [np.percentile(z, 30.0), np.quantile(z, 0.7), np.nanpercentile(z, 10.0), np.nanmedian(z), np.ptp(z)]
    return WEIGHTS[:5] @ np.array(found)


@njit
def statistics(x):
    rows = np.vstack((x, x * x))
    return WEIGHTS[:4] @ np.array([np.average(x), np.average(x, weights=x), np.cov(rows)[0, 1], np.corrcoef(rows)[0, 1]])


@njit
def pieces(x):
    joined = np.concatenate((np.ediff1d(x), np.vander(x, 3)[1], np.append(x, x[0] * 2.0)))
    found = np.concatenate((joined, np.convolve(x, x[:2]), np.correlate(x, x)))
    return WEIGHTS[: len(found)] @ found


@njit
def conversions(x):
    total = np.float64(x[0]) * x[1] + type(x[1])(2.0) * x[2] + x[0].item() * x[1].real + x[0].imag
    total += np.zeros(2, dtype=np.float64)[0] * x[0] + np.asarray(x[2])[()] * 3.0 + np.asarray([x[0], x[1]])[1]
    return total * x.dtype.type(1.5)


@njit
def places(x, grid):
    k = np.searchsorted(grid, x[0]) + np.searchsorted(grid, x)[1] + np.digitize(x, grid)[2]
    return k * x[0] + np.interp(x[1], grid, grid**2) + np.sum(np.interp(x, grid, grid * x[0])) + np.isclose(x[0], 1.2) * x[2]


X = np.array([1.2, -0.7, 2.1])
GRID = np.array([-1.0, 0.5, 1.5, 3.0])


@pytest.mark.sampled(0)
@pytest.mark.parametrize(
    "function", [of_users, with_nan, order_statistics, statistics, pieces, conversions], ids=lambda f: f.__name__
)
def test_functions_behind_overloads(function):
    check(function, X, forward=True)


@njit
def plain_in_two_ways(n):
    if n < 1:
        return np.ones(3)
    return np.arange(3) * 2.0


@njit
def windows_and_classes(x):
    scale = 2.0 if isinstance(x[0], (int, float)) and isinstance(x[1], np.float64) else 3.0
    return scale * np.sum(np.hamming(x.size) * x**2 + np.hanning(3)[1] * x) + np.sum(plain_in_two_ways(3) * x)


@pytest.mark.sampled(0)
def test_arrays_that_are_plain_in_one_way_and_classes_of_numbers():
    check(windows_and_classes, X, forward=True)


def test_places_among_points_are_passive():
    check(places, X, GRID, forward=True)


def test_single_precision():
    @njit
    def single(x):
        return np.float32(x) * x

    value, slope = jt.value_and_grad(single)(0.1)
    assert value == float(np.float32(0.1)) * 0.1 and slope == pytest.approx(float(np.float32(0.1)) + 0.1, rel=1e-15)


@njit
def by_the_name_of_the_module(x):
    total = 0.0
    for i in numba.prange(x.size):
        total += x[i] ** 2
    return total


def test_a_module_that_refers_to_itself():
    np.testing.assert_array_equal(jt.grad(by_the_name_of_the_module)(X), 2 * X)


def declared(x, z, a):
    s = x * z
    k = a * 1.0
    return s * k + z


DECLARED = njit(declared, locals={"s": numba.float32, "k": numba.int64})


@pytest.mark.parametrize("transform", [jt.grad, jt.jacfwd], ids=["reverse", "forward"])
def test_declared_types_of_variables_hold(transform):
    value = DECLARED(0.1, 0.3, 3.7)
    assert value == float(np.float32(0.1 * 0.3)) * 3 + 0.3
    assert jt.value_and_grad(DECLARED)(0.1, 0.3, 3.7)[0] == value
    slope, other = transform(DECLARED, argnums=(0, 1))(0.1, 0.3, 3.7)
    assert slope == pytest.approx(0.9, rel=1e-7) and other == pytest.approx(1.3, rel=1e-7)


def test_a_differentiated_number_in_a_variable_declared_an_integer():
    truncated = njit(declared, locals={"s": numba.int64})
    with pytest.raises(jt.native.NativeError, match="int64"):
        jt.grad(truncated)(1.5, 2.0, 1.0)


@njit
def converted_arrays(x):
    places = (x * 2.0).astype(np.int64)
    return np.sum(x.astype(np.float32) * x) + places[2] * x[0]


def test_arrays_in_other_precisions():
    value, slope = jt.value_and_grad(converted_arrays)(X)
    assert value == pytest.approx(converted_arrays(X), rel=1e-15)
    np.testing.assert_allclose(slope, X.astype(np.float32) + X + np.array([4.0, 0.0, 0.0]), rtol=1e-7)


def scaled_by_kind(x):
    return 2.0 * x if isinstance(x, float) else 3.0 * x


@overload(scaled_by_kind)
def pick_scale(x):
    scale = 2.0 if isinstance(x, types.Float) else 3.0

    def scaled(x):
        return scale * x

    return scaled


def test_what_an_overload_has_picked_for_other_types_is_not_used():
    """Each pick captures variables of its own, and Numba has compiled one for integers before."""
    of_integer = njit(lambda n: scaled_by_kind(n))
    of_float = njit(lambda x: scaled_by_kind(x))
    assert of_integer(1) == 3.0
    assert jt.value_and_grad(of_float)(1.5) == (3.0, 2.0)
