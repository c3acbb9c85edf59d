"""Errors speak of the function that was called, and say what to write in its place."""

import math
import sys
import warnings

import numpy as np
import pytest

import jittape as jt

stats = pytest.importorskip("scipy.stats")
integrate, interpolate, linalg, optimize, signal, special = (
    pytest.importorskip(f"scipy.{name}") for name in ("integrate", "interpolate", "linalg", "optimize", "signal", "special")
)
X = np.array([1.5, 2.5, 0.5])
HAS_POSITIONS = sys.version_info >= (3, 11)  # from then on Python tells which call of a line is running

CALLED = {  # name in the error -> a program, and words that say what to write
    "scipy.stats.norm.logpdf": (
        lambda x: stats.norm.logpdf(x).sum(),
        "Import jittape.scipy.stats in place of scipy.stats: its norm.logpdf has derivatives",
    ),
    "scipy.stats.gamma.cdf": (lambda x: stats.gamma.cdf(x, 2.0).sum(), "jittape.scipy.stats"),
    "scipy.special.mathieu_a": (lambda x: special.mathieu_a(1, x).sum(), "custom_vjp"),
    "scipy.integrate.odeint": (lambda x: integrate.odeint(lambda y, t: -x[0] * y, 1.0, [0, 1.0])[-1, 0], "jt.odeint"),
    "scipy.integrate.solve_ivp": (lambda x: integrate.solve_ivp(lambda t, y: -y * x[0], (0, 1), [1.0]).y[0, -1], "jt.solve_ivp"),
    "scipy.integrate.quad": (lambda x: integrate.quad(lambda t: x[0] * t, 0, 1)[0], "jittape.scipy.integrate"),
    "scipy.interpolate.interp1d": (lambda x: interpolate.interp1d([0, 1.0, 5], [0, 1.0, 2])(x).sum(), "np.interp"),
    "scipy.optimize.minimize": (
        lambda x: optimize.minimize(lambda z: ((z - x) ** 2).sum(), np.zeros(3)).fun,
        "jt.implicit_minimum",
    ),
    "scipy.linalg.expm": (lambda x: linalg.expm(np.outer(x, x)).sum(), "jittape.scipy.linalg"),
    "scipy.signal.fftconvolve": (lambda x: signal.fftconvolve(x, x).sum(), "jittape.scipy.signal"),
    "numpy.full": (lambda x: np.full(3, x[0]).sum(), "np.ones(shape) * x"),
    "numpy.r_[]": (lambda x: np.r_[x, 1.0].sum(), "np.concatenate"),
    "numpy.c_[]": (lambda x: np.c_[x, x].sum(), "np.column_stack"),
    "numpy.vectorize": (lambda x: np.vectorize(lambda t: t * t)(x).sum(), "jt.vmap"),
    "numpy.ma.masked_less": (lambda x: np.ma.masked_less(x, 1.0).sum(), "np.where"),
    "numpy.matrix": (lambda x: np.matrix(x).sum(), "@ for products"),
    "numpy.ndenumerate": (lambda x: sum(v for _, v in np.ndenumerate(x)), "np.ndindex"),
    "numpy.polynomial.Polynomial": (lambda x: np.polynomial.Polynomial(x)(0.5), "np.polyval"),
    "numpy.polynomial.chebyshev.chebval": (lambda x: np.polynomial.chebyshev.chebval(0.5, x), "np.arccos"),
    "numpy.sort_complex": (lambda x: np.sort_complex(x).real.sum(), "custom_vjp"),
}
WRITTEN = {  # functions of C: found in the line that the user wrote
    "math.exp": (lambda x: math.exp(x[0]), "np.exp"),
    "math.hypot": (lambda x: math.hypot(x[0], x[1]), "np.hypot"),
    "math.fsum": (lambda x: math.fsum(x), "np.sum"),
    "math.lgamma": (lambda x: math.lgamma(x[0]), "jt.lgamma"),
    "float": (lambda x: float(x[0]) * x[1], "NumPy's functions"),
    "numpy.array": (lambda x: np.array([x[0], 1.0]).sum(), "np.stack"),
    "numpy.asarray": (lambda x: np.asarray(x).sum(), "Leave it out"),
    "numpy.float64": (lambda x: np.float64(x[0]) * x[1], "a number already"),
    "numpy.random.normal": (lambda x: np.random.normal(x[0], 1.0) * x[0], "custom_vjp"),
    "jt.full": (lambda x: jt.full((2,), x[0]).sum(), "jt.stack"),
}
FACES = {"Array": lambda x: x, "Tensor": jt.tensor}


def told(program, x):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises((TypeError, RuntimeError)) as caught:
            jt.grad(program)(x)
    return str(caught.value)


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize("name", [*CALLED, *WRITTEN])
def test_the_function_that_was_called_is_named(name, face):
    program, instead = (CALLED | WRITTEN)[name]
    message = told(program, FACES[face](X))
    if name in CALLED or HAS_POSITIONS:
        is_direct = face == "Tensor" and name in ("numpy.array", "numpy.asarray")  # PyTorch's words there
        assert "Can't call numpy()" in message if is_direct else message.startswith(name), message
        assert is_direct or instead in message, message
    assert "detach()" in message


def test_other_names_of_a_function_are_resolved():
    from numpy import full as filled

    convert = math.sqrt
    assert told(lambda x: filled(2, x[0]).sum(), X).startswith("numpy.full")
    if HAS_POSITIONS:
        assert told(lambda x: convert(x[0]), X).startswith("math.sqrt")


def test_arrays_that_vmap_writes_are_the_results_that_the_function_has():
    x, out = np.array([1.0, 2.0, 3.0]), np.zeros(3)
    assert jt.vmap(jt.grad(lambda x: x * x))(x, out=out) is out and out.tolist() == [2.0, 4.0, 6.0]
    values, gradients = np.zeros(3), np.zeros(3)
    jt.vmap(jt.value_and_grad(lambda x: x * x))(x, out=(values, gradients))
    assert values.tolist() == [1.0, 4.0, 9.0] and gradients.tolist() == [2.0, 4.0, 6.0]
    mask, doubled = np.zeros(3, bool), np.zeros(3)
    jt.vmap(lambda x: (x > 1.5, 2.0 * x))(x, out=(mask, doubled))
    assert mask.tolist() == [False, True, True] and doubled.tolist() == [2.0, 4.0, 6.0]
    with pytest.raises(ValueError, match="got 2 arrays in out, expected 1"):
        jt.vmap(jt.grad(lambda x: x * x))(x, out=(values, gradients))
