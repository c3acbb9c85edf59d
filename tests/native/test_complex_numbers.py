"""Complex numbers inside compiled functions: gradients of real results against differences of the function's own values."""

import cmath
import math

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .differences import assert_same, slopes

X = np.array([0.4, 0.7, 1.3])
PROGRAMS, LONG_PROGRAMS = {}, {}


def program(function, table=PROGRAMS):
    """Enter a function of `X` in the table."""
    table[function.__name__] = compiled = njit(function)
    return compiled


def long_program(function):
    """Enter a function that is compiled for seconds."""
    return program(function, LONG_PROGRAMS)


@program
def arithmetic(x):
    z = complex(x[0], x[1])
    w = z * z + 1j * z - 2.0 * z / (z + 3) + x[2] * z - 1
    w = w / (1 + 2j) + z**2 + z**0.5 + x[2] ** z
    return w.real - 2 * w.imag + abs(w) + (z * z.conjugate()).real


@program
def functions_of_cmath(x):
    z = complex(x[0], x[1])
    s = cmath.exp(z) + cmath.log(z) + cmath.sin(z) + cmath.sqrt(z) + 2 * cmath.tanh(z) - cmath.asin(z) * cmath.acosh(z)
    s += cmath.exp(x[0]) + cmath.sqrt(-x[1])
    r, phi = cmath.polar(cmath.rect(x[2], z.imag) * s)
    return s.real + 3 * s.imag + r * phi + cmath.phase(z)


@program
def functions_of_numpy(x):
    z = x[0] + 1j * x[1]
    s = np.cos(z) + np.tan(z) + np.arctan(z) + np.square(z) + np.log1p(z) + np.reciprocal(z) + np.conj(z) + np.expm1(z)
    return np.real(s) + 3 * np.imag(s) + np.abs(s) + np.angle(z)


@long_program
def made_arrays(x):
    z = np.zeros(3, dtype=np.complex128)
    for i in range(3):
        z[i] = x[i] * np.exp(1j * i * x[0])
    w = np.empty((2, 3), np.complex128)
    w[0], w[1] = z * 2, np.exp(z) - 1j * z
    w *= 1.5 - 0.5j
    w[1] += z
    u = np.zeros_like(w) + 1j
    u[:] = w
    u.imag[1] = x
    a = np.array([z[0], 1j, 2.0])
    c = np.where(x > 0.5, x * 1j, 1)
    total = np.sum(np.abs(u) ** 2) + np.sum(w, axis=0)[1].real + (np.abs(a) ** 2).sum() + np.sum(c).imag
    return total + np.vdot(z, a).real


@long_program
def matrices(x):
    a = np.eye(3) * (4.0 + 1j)
    for i in range(3):
        a[i] += np.exp(1j * x[i] * np.arange(1, 4))
    b = a @ (np.eye(3) * 1j + x[0])
    v = b @ (x + 0j) + b.T @ a[0]
    s = np.linalg.solve(a, v)
    return abs(s[0]) + np.trace(b).imag + np.concatenate((v, s)).imag[4]


@program
def escape(x):
    z, c = 0, complex(x[0], x[1])
    for _ in range(12):
        z = z * z + c
        if abs(z) > 2:
            break
    return z.real**2 + z.imag


@program
def joined_with_constants(x):
    z = 1j
    if x[0] > 0:
        z = x[0] * z
    pairs = [z, z * z]
    return pairs[1].real + pairs[0].imag * x[1] + (z != 0)


@njit
def power(z, n):
    return z**n if n > 1 else z * 2j


@program
def calls(x):
    z = power(x[0], 2) * 1j + power(x[1] + 1j * x[2], 3)
    return (z * np.conj(z)).real


@program
def newton(x):
    z = 1 + 1j
    for _ in range(8):
        z = z - (z * z * z + x[0] * z + x[1]) / (3 * z * z + x[0])
    return z.imag + math.exp(z.real)


def has_the_slopes_of_its_values(function):
    value, gradient = jt.value_and_grad(function)(X)
    assert math.isclose(value, function(X), rel_tol=1e-12)
    assert_same(gradient, slopes(function, (X,), (0,), step=1e-4))


@pytest.mark.sampled(1, most=4)
@pytest.mark.parametrize("name", PROGRAMS)
def test_gradients(name):
    has_the_slopes_of_its_values(PROGRAMS[name])


@pytest.mark.sampled(0, most=1)
@pytest.mark.parametrize("name", LONG_PROGRAMS)
def test_gradients_of_arrays(name):
    has_the_slopes_of_its_values(LONG_PROGRAMS[name])


@pytest.mark.sampled(0)
def test_second_derivatives():
    gradient, v, step = jt.grad(calls), np.array([1.0, -2.0, 0.5]), 1e-5
    expected = (gradient(X + step * v) - gradient(X - step * v)) / (2 * step)
    np.testing.assert_allclose(jt.hvp(calls, X, v), expected, rtol=1e-6, atol=1e-7)


# --- complex arguments and results --------------------------------------------------------------------------------------

Z = np.array([1 + 2j, 0.5 - 1j, 0.3j])


def weighted(z, w):
    return np.sum(np.abs(z) ** 2 * w) + (z[0] * z[1]).imag


def turned(z):
    return np.exp(1j * z) * z


def sizes(z):
    return np.abs(z) * z[0].real


compiled_weighted, compiled_turned, compiled_sizes = njit(weighted), njit(turned), njit(sizes)


def agree(got, expected):
    """Trees of the same numbers, whose dtypes are the same."""
    if isinstance(expected, tuple):
        return len(got) == len(expected) and all(map(agree, got, expected))
    assert np.asarray(got).dtype == np.asarray(expected).dtype
    np.testing.assert_allclose(got, expected, rtol=1e-12, atol=1e-12)
    return True


TRANSFORMS = {
    "grad": lambda w, t, s: jt.grad(w, argnums=(0, 1))(Z, X),
    "derivative of a holomorphic function": lambda w, t, s: jt.grad(t, holomorphic=True)(Z[0]),
    "jvp": lambda w, t, s: jt.jvp(t, (Z,), (Z * 1j,)),
    "vjp": lambda w, t, s: jt.vjp(t, Z)[1](Z + 1),
    "hvp": lambda w, t, s: jt.hvp(w, Z, Z * 1j, X),
    "jacobian of a holomorphic function": lambda w, t, s: jt.jacobian(t, holomorphic=True)(Z),
    "jacobian by real numbers": lambda w, t, s: jt.jacobian(t)(X),
    "jacobian of real results": lambda w, t, s: (jt.jacobian(s)(Z), jt.jacrev(s)(Z)),
    "rows of calls": lambda w, t, s: jt.grad(lambda z: w(t(z * 2), X))(Z),
}


@pytest.mark.sampled(0, most=4)
@pytest.mark.parametrize("name", TRANSFORMS)
def test_the_convention_is_that_of_functions_of_python(name):
    ours = TRANSFORMS[name](compiled_weighted, compiled_turned, compiled_sizes)
    assert agree(ours, TRANSFORMS[name](weighted, turned, sizes))


def test_what_one_complex_number_cannot_tell_is_refused():
    with pytest.raises(jt.native.NativeError, match="holomorphic=True"):
        jt.grad(compiled_turned)(1j)
    with pytest.raises(jt.native.NativeError, match="two complex derivatives"):
        jt.jacobian(compiled_turned)(1j)
    with pytest.raises(jt.native.NativeError, match="expected real numbers for argument 1"):
        jt.jvp(compiled_weighted, (Z, X), (Z, X * 1j))
    with pytest.raises(jt.errors.DTypeError, match="not defined for complex numbers"):
        jt.grad(njit(lambda z: np.max(z).real))(Z)


@njit
def matrix_of(x):
    """A matrix with distinct eigenvalues, and a Hermitian positive one."""
    a = np.empty((3, 3), np.complex128)
    for i in range(3):
        for j in range(3):
            a[i, j] = complex(x[i] * x[j] + (4.0 + i if i == j else 0.0), x[2] * (i - 0.5 * j) * x[i])
    return a, np.dot(a, np.conj(a).T)


WEIGHTS = np.arange(9.0).reshape(3, 3)
DECOMPOSITIONS = {
    "cholesky": lambda a, h: np.sum(np.abs(np.linalg.cholesky(h)) ** 2 * WEIGHTS),
    "eig": lambda a, h: np.sum(np.abs(np.linalg.eig(a)[1]) ** 2 * np.abs(np.linalg.eig(a)[0])),
    "eigvals": lambda a, h: np.sum(np.abs(np.linalg.eigvals(a)) ** 3),
    "eigh": lambda a, h: np.sum(np.abs(np.linalg.eigh(h)[1]) ** 2 * np.linalg.eigh(h)[0]),
    "eigvalsh": lambda a, h: np.sum(np.linalg.eigvalsh(h) ** 2),
    "svd": lambda a, h: np.sum(np.abs(np.linalg.svd(a)[0]) ** 2 * np.linalg.svd(a)[1]),
    "qr": lambda a, h: np.sum(np.abs(np.linalg.qr(a)[1]) ** 2 * WEIGHTS),
    "pinv": lambda a, h: np.sum(np.abs(np.linalg.pinv(a)) ** 2),
    "lstsq": lambda a, h: np.sum(np.abs(np.linalg.lstsq(a, h[0])[0]) ** 2),
    "slogdet": lambda a, h: np.linalg.slogdet(a)[1].real,
    "cond": lambda a, h: np.linalg.cond(a),
    "matrix_power": lambda a, h: np.sum(np.abs(np.linalg.matrix_power(a, 3)) ** 2),
    "kron": lambda a, h: np.sum(np.abs(np.kron(a, 1j * h)) ** 2 * 1e-4),
}


@pytest.mark.sampled(0, most=5)
@pytest.mark.parametrize("name", DECOMPOSITIONS)
def test_linear_algebra_of_complex_matrices(name):
    measured = njit(DECOMPOSITIONS[name])

    @njit
    def function(x):
        a, h = matrix_of(x)
        return measured(a, h)

    value, gradient = jt.value_and_grad(function)(X)
    assert value == pytest.approx(function(X), rel=1e-12)
    assert_same(gradient, slopes(function, (X,), (0,), step=1e-4))
    tangent = jt.jvp(function, (X,), (X,))[1]
    assert tangent == pytest.approx(gradient @ X, rel=1e-9)


@pytest.mark.sampled(0)
def test_a_phase_of_eigenvectors_is_refused():
    with pytest.raises(NotImplementedError, match="depends on their phases"):
        jt.grad(njit(lambda z: np.linalg.eig(z)[1][1, 0].imag))(np.array([[1.0, 2j], [0.5, 1j]]))
