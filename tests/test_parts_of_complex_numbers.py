"""Real and imaginary parts, which NumPy and PyTorch have as views: parts are set, and what would be lost is refused."""

import numpy as np
import pytest

import jittape as jt

X = np.array([1.0, 2.0])
pytestmark = pytest.mark.sampled(2, of="module")


def set_both(x):
    z = x * (1 + 2j)
    z.real, z.imag = x**2, 3.0 * x
    return np.sum(np.abs(z) ** 2 * x)


def set_of_a_slice(x):
    z = x * (1 + 2j)
    z[1:].real = x[0] * x[1]
    return np.sum(np.abs(z) ** 2)


def set_to_a_number(x):
    z = x * (1 + 2j)
    z.imag = 0
    return np.sum((z * z).real)


def set_of_real_numbers(x):
    y = x * 1.0
    y.real = 3.0
    return np.sum(y * x)


@pytest.mark.parametrize("function", [set_both, set_of_a_slice, set_to_a_number, set_of_real_numbers])
def test_parts_are_set_as_in_numpy(function):
    value, gradient = jt.value_and_grad(function)(X)
    assert value == pytest.approx(function(X), rel=1e-14)
    step = 1e-6
    expected = [(function(X + step * e) - function(X - step * e)) / (2 * step) for e in np.eye(2)]
    np.testing.assert_allclose(gradient, expected, rtol=1e-8)
    np.testing.assert_allclose(jt.compile(jt.grad(function))(X), gradient, rtol=1e-14)


# Writes that reach the complex numbers in NumPy and PyTorch, and would be lost.
LOST = {
    "element": lambda z: z.real.__setitem__(0, 5.0),
    "element of a view": lambda z: z.imag[1:].__setitem__(0, 5.0),
    "in place": lambda z: z.real.__imul__(2.0),
    "function": lambda z: jt.real(z).__iadd__(1.0),
}


def lose(write, x):
    z = x * (1 + 2j)
    write(z)
    return np.sum(np.abs(z) ** 2)


@pytest.mark.parametrize("write", LOST.values(), ids=LOST)
def test_writes_to_copies_are_refused(write):
    for x in (jt.tensor(X, requires_grad=True), jt.tensor(X)):
        with pytest.raises(ValueError, match="a part of complex numbers is a copy.*z.real = value"):
            write(x * (1 + 2j))
    with pytest.raises(ValueError, match="a part of complex numbers is a copy.*z.real = value"):
        jt.grad(lambda x: lose(write, x))(X)


def test_real_numbers_have_no_imaginary_part_to_set():
    x = jt.tensor(X)
    with pytest.raises(TypeError, match="does not have imaginary part to set: got float64"):
        x.imag = 1.0
    np.testing.assert_array_equal(x.numpy(), X)


def factor_of(decompose, x):
    return np.sum(np.abs(decompose(x)) ** 2)


@pytest.mark.parametrize("decompose", [lambda a: np.linalg.qr(a)[1], lambda a: np.linalg.cholesky(a @ a.conj().T + np.eye(3))])
def test_zeros_of_triangular_factors_are_structural(decompose):
    """The absolute value has no second derivative at 0, but nothing flows there: both losses are sums of squares."""
    rng = np.random.default_rng(0)
    a, v = rng.normal(size=(2, 3, 3)) + 1j * rng.normal(size=(2, 3, 3))
    np.testing.assert_allclose(jt.hvp(lambda x: factor_of(decompose, x), a, v), 2.0 * v.conj(), atol=1e-12)
    roots = jt.grad(lambda x: np.sum(np.sqrt(np.abs(decompose(x)))))(a)  # the first derivative of a root is infinite at 0
    assert np.isfinite(roots).all()
