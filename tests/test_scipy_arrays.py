"""``jittape.scipy.ndimage``, ``signal``, ``integrate`` and ``interpolate``: SciPy's values, and derivatives in every mode."""

import importlib

import numpy as np
import pytest
import scipy
from numpy_meaning import assert_means_the_same
from scipy_programs import INTEGRATE, INTERPOLATE, KNOTS, NDIMAGE, SIGNAL, X, given

import jittape as jt

TABLES = {"ndimage": NDIMAGE, "signal": SIGNAL, "integrate": INTEGRATE, "interpolate": INTERPOLATE}
IS_OLD = np.lib.NumpyVersion(scipy.__version__) < "1.15.0"
NOT_OF_OLD = "cumulative_simpson", "CubicSpline, periodic 3", "make_interp_spline, 4"  # not there, another spline, refused
CASES = [(m, n) for m, table in TABLES.items() for n in table if not (IS_OLD and n.startswith(NOT_OF_OLD))]


def modules(name):
    return importlib.import_module(f"jittape.scipy.{name}"), importlib.import_module(f"scipy.{name}")


@pytest.mark.sampled(5, each="module")
@pytest.mark.parametrize("module, name", CASES)
def test_values_and_derivatives(module, name):
    ours, theirs = modules(module)
    program = TABLES[module][name]
    assert_means_the_same(lambda x: program(ours, x), X, lambda x: program(theirs, x), name)
    assert name.partition(",")[0] in ours.__all__ and getattr(ours, name.partition(",")[0]).__doc__


def number_of(module, name):
    """A number that depends on what a program gives, not linearly."""
    ours, program = modules(module)[0], TABLES[module][name]

    def number(x):
        found = program(ours, x)
        parts = found if isinstance(found, tuple) else (found,)
        return sum([np.sum(p * p * np.cos(np.arange(np.size(p))).reshape(np.shape(p))) for p in map(np.nan_to_num, parts)])

    return number


REFUSED = "error", "valid taller"  # by SciPy, and so here


@pytest.mark.sampled(2, most=16)
@pytest.mark.parametrize("module, name", [case for case in CASES if not any(word in case[1] for word in REFUSED)])
def test_every_mode(module, name):
    number, direction = number_of(module, name), np.cos(X)
    gradient = jt.grad(number)(X)
    tensor = jt.tensor(X, dtype=jt.float64, requires_grad=True)
    ways = {
        "forward": (jt.jvp(number, (X,), (direction,))[1], np.sum(gradient * direction)),
        "compiled": (jt.compile(jt.grad(number))(X), gradient),
        "compiled, other values": (jt.compile(jt.grad(number))(0.9 * X), jt.grad(number)(0.9 * X)),
        "vmapped": (jt.vmap(jt.grad(number))(np.stack([0.9 * X, X]))[1], gradient),
        "of Tensors": (jt.autograd.grad(number(tensor), tensor)[0].numpy(), gradient),
    }
    for way, (found, expected) in ways.items():
        np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-9 * np.abs(gradient).max(), err_msg=f"{name} {way}")
    step = 1e-6 * direction
    second = (jt.grad(number)(X + step) - jt.grad(number)(X - step)) / 2e-6
    np.testing.assert_allclose(jt.hvp(number, X, direction), second, rtol=1e-4, atol=1e-5 * np.abs(second).max(), err_msg=name)


@pytest.mark.parametrize("module", TABLES)
def test_float32_and_plain_numbers(module):
    """Results have SciPy's dtypes; of plain numbers they are SciPy's own, to the last bit."""
    ours, theirs = modules(module)
    name = {"ndimage": "gaussian_filter, wrap", "signal": "convolve, same", "integrate": "simpson, 4", "interpolate": "BSpline"}[
        module
    ]
    program, x = TABLES[module][name], X.astype(np.float32)
    if module != "interpolate":  # SciPy's splines are of float64
        value, _ = jt.vjp(lambda x: program(ours, x), x)
        assert value.dtype == program(theirs, x).dtype
        np.testing.assert_allclose(value, program(theirs, x), rtol=1e-5, atol=1e-6)
    np.testing.assert_array_equal(program(ours, X), program(theirs, X))


def test_integrals_by_their_limits():
    """The derivative by a limit is the integrand there."""
    quad = modules("integrate")[0].quad
    for a, b in ((0.3, 2.0), (2.0, 0.3), (1.0, 1.0)):
        slopes = jt.grad(lambda a, b: quad(np.cos, a, b)[0], argnums=(0, 1))(a, b)
        np.testing.assert_allclose(slopes, (-np.cos(a), np.cos(b)), rtol=1e-12)


def test_splines_of_plain_numbers_at_places_that_are_differentiated():
    """Places may be numbers; what only SciPy's splines have is theirs."""
    spline = modules("interpolate")[0].CubicSpline(KNOTS, np.sin(KNOTS))
    assert jt.grad(spline)(2.0) == pytest.approx(float(spline(2.0, 1)), rel=1e-12)
    assert spline.roots().size == modules("interpolate")[1].CubicSpline(KNOTS, np.sin(KNOTS)).roots().size


@pytest.mark.parametrize(
    "module, program, error, match",
    [
        ("ndimage", lambda m, x: m.map_coordinates(x, X[:2]), NotImplementedError, "order=3"),
        ("ndimage", lambda m, x: m.gaussian_filter(X.astype(int), x[0, 0] ** 2), TypeError, "int64"),
        ("ndimage", lambda m, x: m.correlate(x, x, mode="around"), RuntimeError, "around"),
        ("ndimage", lambda m, x: m.sobel(x, output=np.zeros((6, 5))), TypeError, "output="),
        ("signal", lambda m, x: m.convolve(x, x[0]), ValueError, "2 and 1 axes"),
        ("signal", lambda m, x: m.sosfilt(x, x), ValueError, r"\(6, 5\)"),
        ("signal", lambda m, x: m.filtfilt([1.0], [1.0, 0.5], x[:2], axis=0), ValueError, "padlen"),
        ("integrate", lambda m, x: m.quad(lambda t: t * x[0, 0], 0, 1, weight="cos", wvar=1.0)[0], TypeError, "weight"),
        ("integrate", lambda m, x: m.simpson(x, x=KNOTS), ValueError, "6 and 5"),
        ("interpolate", lambda m, x: m.CubicSpline(KNOTS[::-1], x), ValueError, "increasing"),
        ("interpolate", lambda m, x: m.CubicSpline(KNOTS, x).roots(), AttributeError, "differentiated"),
        ("interpolate", lambda m, x: m.make_interp_spline(KNOTS, x, bc_type=([given(2, 0.1)], None)), ValueError, "expected 2"),
        ("interpolate", lambda m, x: m.RegularGridInterpolator((KNOTS, X[0]), x)(X[:, :2]), ValueError, "ascending"),
    ],
)
def test_errors_say_what_is_wrong(module, program, error, match):
    with pytest.raises(error, match=match):
        jt.grad(lambda x: np.sum(program(modules(module)[0], x)))(X)
