"""On a branch cut the sign of a zero says which side is meant, for values and for derivatives, of first and second order."""

import numpy as np
import pytest

import jittape as jt

pytestmark = pytest.mark.sampled(1, of="module")
STEP = 1e-3
BELOW = [complex(-2.0, 0.0), complex(-2.0, -0.0)]
ABOVE = [complex(2.0, 0.0), complex(2.0, -0.0)]
INSIDE = [complex(0.5, 0.0), complex(0.5, -0.0)]
IMAGINARY = [complex(0.0, 2.0), complex(-0.0, 2.0), complex(0.0, -2.0), complex(-0.0, -2.0)]
CUTS = {
    "sqrt": (np.sqrt, BELOW),
    "log": (np.log, BELOW),
    "log2": (np.log2, BELOW),
    "log10": (np.log10, BELOW),
    "log1p": (np.log1p, BELOW),
    "arcsin": (np.arcsin, BELOW + ABOVE),
    "arccos": (np.arccos, BELOW + ABOVE),
    "arctanh": (np.arctanh, BELOW + ABOVE),
    "arccosh": (np.arccosh, BELOW + INSIDE),
    "arcsinh": (np.arcsinh, IMAGINARY),
    "arctan": (np.arctan, IMAGINARY),
    "power": (lambda z: z**0.3, BELOW),
    "complex power": (lambda z: z ** (0.3 + 0.2j), BELOW),
    "exponent": (lambda z: np.log(z) ** 2 * np.sqrt(z), BELOW),
}


def from_the_side(function, z):
    """The derivative by differences of values on the side of a cut on which z lies, of third order."""
    if z.real == 0.0:
        step = STEP * np.copysign(1.0, z.real)
    else:
        step = 1j * STEP * np.copysign(1.0, z.imag)
    steps = [complex(z.real + k * step.real, np.copysign(z.imag + k * step.imag, z.imag)) for k in range(4)]
    at = [function(np.array([each]))[0] for each in steps]
    return (-11.0 * at[0] + 18.0 * at[1] - 9.0 * at[2] + 2.0 * at[3]) / (6.0 * step)


@pytest.mark.parametrize("name", CUTS)
def test_derivatives_are_those_of_the_side(name):
    function, points = CUTS[name]
    z, ones = np.array(points), np.ones(len(points), complex)

    def slope(z):
        return jt.jvp(function, (z,), (np.ones_like(z),))[1]

    found = slope(z)
    np.testing.assert_allclose(found, [from_the_side(function, each) for each in points], rtol=1e-7)
    np.testing.assert_array_equal(jt.vjp(function, z)[1](ones)[0], found)
    second = jt.vjp(lambda z: jt.jvp(function, (z,), (ones,))[1], z)[1](ones)[0]
    np.testing.assert_allclose(second, [from_the_side(slope, each) for each in points], rtol=1e-6)


def test_directions_of_infinite_numbers():
    inf = np.inf
    z = np.array([complex(inf, 1.0), complex(-inf, -2.0), complex(0.0, -inf), complex(3.0, 4.0), complex(5e-324, 0.0)])
    expected = np.array([1.0, -1.0, -1j, 0.6 + 0.8j, 1.0])
    np.testing.assert_allclose(jt.vjp(jt.sgn, z)[0], expected)
    np.testing.assert_allclose(jt.grad(lambda z: np.sum(np.abs(z)))(z), expected.conj())
    np.testing.assert_allclose(jt.jvp(np.abs, (z,), (expected,))[1], np.ones(5))
