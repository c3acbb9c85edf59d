"""Elementary functions at infinite, missing and signed zero parts: C99's tables (Annex G), NumPy's values; and digits."""

import cmath
import math

import mpmath
import numpy as np
import pytest
from numba import njit
from sampling import some

import jittape as jt

INF, NAN = math.inf, math.nan
PARTS = [0.0, -0.0, 1.0, -1.0, 2.5, 800.0, -800.0, 1e-300, 1e308, INF, -INF, NAN]
GRID = np.array([complex(a, b) for a in PARTS for b in PARTS])
OPEN = "not said"  # a zero or an infinity whose sign C leaves open
NAMES = (
    "exp exp2 expm1 log log2 log10 log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh sqrt square "
    "reciprocal absolute angle sign conjugate negative"
).split()

# argument and value, as the annex has them; what follows by f(conj z) = conj f(z) and by parity is made of them below
TABLES = {
    "exp": [
        ((0.0, 0.0), (1.0, 0.0)),
        ((-0.0, 0.0), (1.0, 0.0)),
        ((1.0, INF), (NAN, NAN)),
        ((1.0, NAN), (NAN, NAN)),
        ((INF, 0.0), (INF, 0.0)),
        ((-INF, 1.0), (0.0, 0.0)),
        ((-INF, 2.0), (-0.0, 0.0)),
        ((INF, 1.0), (INF, INF)),
        ((INF, 2.0), (-INF, INF)),
        ((INF, INF), ((INF, OPEN), NAN)),
        ((-INF, INF), ((0.0, OPEN), (0.0, OPEN))),
        ((-INF, NAN), ((0.0, OPEN), (0.0, OPEN))),
        ((INF, NAN), ((INF, OPEN), NAN)),
        ((NAN, 0.0), (NAN, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "log": [
        ((-0.0, 0.0), (-INF, math.pi)),
        ((0.0, 0.0), (-INF, 0.0)),
        ((1.0, INF), (INF, math.pi / 2)),
        ((1.0, NAN), (NAN, NAN)),
        ((-INF, 1.0), (INF, math.pi)),
        ((INF, 1.0), (INF, 0.0)),
        ((-INF, INF), (INF, 3 * math.pi / 4)),
        ((INF, INF), (INF, math.pi / 4)),
        ((INF, NAN), (INF, NAN)),
        ((-INF, NAN), (INF, NAN)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, INF), (INF, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "sqrt": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((-0.0, 0.0), (0.0, 0.0)),
        ((1.0, INF), (INF, INF)),
        ((NAN, INF), (INF, INF)),
        ((-INF, INF), (INF, INF)),
        ((1.0, NAN), (NAN, NAN)),
        ((-INF, 1.0), (0.0, INF)),
        ((INF, 1.0), (INF, 0.0)),
        ((-INF, NAN), (NAN, (INF, OPEN))),
        ((INF, NAN), (INF, NAN)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "sinh": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((0.0, INF), ((0.0, OPEN), NAN)),
        ((0.0, NAN), ((0.0, OPEN), NAN)),
        ((1.0, INF), (NAN, NAN)),
        ((1.0, NAN), (NAN, NAN)),
        ((INF, 0.0), (INF, 0.0)),
        ((INF, 1.0), (INF, INF)),
        ((INF, 2.0), (-INF, INF)),
        ((INF, INF), ((INF, OPEN), NAN)),
        ((INF, NAN), ((INF, OPEN), NAN)),
        ((NAN, 0.0), (NAN, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "cosh": [
        ((0.0, 0.0), (1.0, 0.0)),
        ((0.0, INF), (NAN, (0.0, OPEN))),
        ((0.0, NAN), (NAN, (0.0, OPEN))),
        ((1.0, INF), (NAN, NAN)),
        ((1.0, NAN), (NAN, NAN)),
        ((INF, 0.0), (INF, 0.0)),
        ((INF, 1.0), (INF, INF)),
        ((INF, 2.0), (-INF, INF)),
        ((INF, INF), ((INF, OPEN), NAN)),
        ((INF, NAN), (INF, NAN)),
        ((NAN, 0.0), (NAN, (0.0, OPEN))),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "tanh": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((0.0, INF), (0.0, NAN)),
        ((1.0, INF), (NAN, NAN)),
        ((0.0, NAN), (0.0, NAN)),
        ((1.0, NAN), (NAN, NAN)),
        ((INF, 1.0), (1.0, 0.0)),
        ((INF, 2.0), (1.0, -0.0)),
        ((INF, INF), (1.0, (0.0, OPEN))),
        ((INF, NAN), (1.0, (0.0, OPEN))),
        ((NAN, 0.0), (NAN, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "arcsinh": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((1.0, INF), (INF, math.pi / 2)),
        ((1.0, NAN), (NAN, NAN)),
        ((INF, 1.0), (INF, 0.0)),
        ((INF, INF), (INF, math.pi / 4)),
        ((INF, NAN), (INF, NAN)),
        ((NAN, 0.0), (NAN, 0.0)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, INF), ((INF, OPEN), NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "arccosh": [
        ((0.0, 0.0), (0.0, math.pi / 2)),
        ((-0.0, 0.0), (0.0, math.pi / 2)),
        ((1.0, INF), (INF, math.pi / 2)),
        ((0.0, NAN), (NAN, (math.pi / 2, OPEN))),
        ((1.0, NAN), (NAN, NAN)),
        ((-INF, 1.0), (INF, math.pi)),
        ((INF, 1.0), (INF, 0.0)),
        ((-INF, INF), (INF, 3 * math.pi / 4)),
        ((INF, INF), (INF, math.pi / 4)),
        ((INF, NAN), (INF, NAN)),
        ((-INF, NAN), (INF, NAN)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, INF), (INF, NAN)),
        ((NAN, NAN), (NAN, NAN)),
    ],
    "arctanh": [
        ((0.0, 0.0), (0.0, 0.0)),
        ((0.0, NAN), (0.0, NAN)),
        ((1.0, 0.0), (INF, 0.0)),
        ((1.0, INF), (0.0, math.pi / 2)),
        ((2.0, NAN), (NAN, NAN)),
        ((INF, 1.0), (0.0, math.pi / 2)),
        ((INF, INF), (0.0, math.pi / 2)),
        ((INF, NAN), (0.0, NAN)),
        ((NAN, 1.0), (NAN, NAN)),
        ((NAN, INF), ((0.0, OPEN), math.pi / 2)),
        ((NAN, NAN), (NAN, NAN)),
    ],
}
ODD = {"sinh", "tanh", "arcsinh", "arctanh"}
EVEN = {"cosh"}


def turned(pair, real, imag):
    """A pair of parts, each times 1 or -1; parts may say that their sign is open."""
    return tuple((p[0], OPEN) if isinstance(p, tuple) else sign * p for p, sign in zip(pair, (real, imag)))


def rows_of(name):
    """The rows of a table, their conjugates, and the negatives of odd and even functions."""
    rows = list(TABLES[name])
    rows += [(turned(z, 1, -1), turned(w, 1, -1)) for z, w in rows]
    if name in ODD | EVEN:
        sign = -1 if name in ODD else 1
        rows += [(turned(z, -1, -1), turned(w, sign, sign)) for z, w in rows]
    return rows


def is_part(found, expected):
    if isinstance(expected, tuple):
        return abs(found) == expected[0] or abs(found) == pytest.approx(expected[0], rel=1e-15)
    if math.isnan(expected):
        return math.isnan(found)
    is_close = found == expected or found == pytest.approx(expected, rel=1e-15)
    return is_close and math.copysign(1.0, found) == math.copysign(1.0, expected)


def evaluated(function, z):
    with np.errstate(all="ignore"):
        return np.asarray(function(z))


def recorded(function, z):
    return jt.vjp(function, z)[0]


def by_tensors(function, z):
    return function(jt.tensor(z, requires_grad=True)).detach().numpy()


def compiled(function, z):
    return jt.compile(function)(z)


MODES = [recorded, by_tensors, compiled]


@pytest.mark.parametrize("name", TABLES)
def test_the_tables_of_the_annex(name):
    rows = rows_of(name)
    z = np.array([complex(*row[0]) for row in rows])
    for mode in some(MODES, 1):
        for (argument, expected), found in zip(rows, evaluated(lambda z: mode(getattr(np, name), z), z)):
            parts = (found.real, found.imag)
            assert all(map(is_part, parts, expected)), f"{mode.__name__}: {name}{argument} is {parts}, expected {expected}"


def assert_same(found, expected, what):
    """Equal parts with equal signs of zeros, or both nan; a rounding in the length of the number."""
    found, expected = np.asarray(found), np.asarray(expected)
    pairs = [(found.real, expected.real), (found.imag, expected.imag)] if expected.dtype.kind == "c" else [(found, expected)]
    with np.errstate(all="ignore"):
        for a, b in pairs:
            close = (a == b) | (np.isnan(a) & np.isnan(b)) | (np.abs(a - b) <= 1e-15 * np.abs(expected))
            close &= (b != 0) | (a != 0) | (np.signbit(a) == np.signbit(b))
            assert close.all(), f"{what}: at {GRID[~close]} {found[~close]}, expected {expected[~close]}"


def reference(name):
    """NumPy's values; its ``log1p`` of complex numbers is the logarithm of a rounded sum."""
    expected = evaluated(getattr(np, name), GRID)
    if name == "log1p":
        tiny = (np.abs(GRID) < 1e-200) & (GRID != 0)
        expected[tiny] = GRID[tiny]
        expected.real[tiny] += 0.0  # half the square of the other part
    return expected


@pytest.mark.sampled(6)
@pytest.mark.parametrize("name", NAMES)
def test_special_values_are_numpys(name):
    for mode in MODES:
        assert_same(evaluated(lambda z: mode(getattr(np, name), z), GRID), reference(name), f"{name}, {mode.__name__}")


@pytest.mark.parametrize("exponent", [2.0, 3.0, -1.0, 0.5, 0.3 - 0.2j])
def test_powers_are_numpys(exponent):
    z = GRID[np.isfinite(GRID) & (np.abs(GRID) < 1e3) & (np.abs(GRID) > 1e-3)]
    for mode in MODES:
        np.testing.assert_allclose(evaluated(lambda z: mode(lambda z: z**exponent, z), z), z**exponent, rtol=1e-13)


# --- digits -------------------------------------------------------------------------------------------------------------------

EXACT = {
    "exp": mpmath.exp,
    "log": mpmath.log,
    "log1p": lambda z: mpmath.log(1 + z),
    "log2": lambda z: mpmath.log(z) / mpmath.log(2),
    "log10": mpmath.log10,
    "expm1": mpmath.expm1,
    "sqrt": mpmath.sqrt,
    "sin": mpmath.sin,
    "cos": mpmath.cos,
    "tan": mpmath.tan,
    "sinh": mpmath.sinh,
    "cosh": mpmath.cosh,
    "tanh": mpmath.tanh,
    "arcsin": mpmath.asin,
    "arccos": mpmath.acos,
    "arctan": mpmath.atan,
    "arcsinh": mpmath.asinh,
    "arccosh": mpmath.acosh,
    "arctanh": mpmath.atanh,
    "reciprocal": lambda z: 1 / z,
    "absolute": abs,
    "angle": mpmath.arg,
}


def numbers(count):
    """Complex numbers of many sizes, beside the unit circle, and beside 1, -1 and 1j."""
    rng = np.random.default_rng(1)

    def spread(low, high):
        return 10.0 ** rng.uniform(low, high, count) * rng.choice([-1.0, 1.0], count)

    near = 1e-6 * (rng.normal(size=count) + 1j * rng.normal(size=count))
    circle = (1 + 1e-8 * rng.normal(size=count)) * np.exp(1j * rng.uniform(-3, 3, count))
    sized = spread(-30, 30) + 1j * spread(-30, 30), spread(-3, 2.5) + 1j * spread(-3, 2.5)
    return np.concatenate([*sized, circle, 1 + near, near - 1, near + 1j, near])


@pytest.mark.parametrize("precision", ["complex128", "complex64"])
@pytest.mark.parametrize("name", EXACT)
def test_four_units_of_the_length(name, precision):
    z = numbers(4).astype(precision)
    if precision == "complex64":
        z = z[(np.abs(z) < 80) & (np.abs(z) > 1e-12)]
    found = evaluated(lambda z: recorded(getattr(np, name), z), z)
    assert found.dtype == (z.real.dtype if name in ("absolute", "angle") else z.dtype)
    with mpmath.workdps(120):
        expected = [EXACT[name](mpmath.mpc(each)) for each in z.tolist()]
        pairs = [(complex(a), b) for a, b in zip(found, expected) if abs(b) < np.finfo(z.real.dtype).max / 4]
        errors = [float(abs(mpmath.mpc(a) - b) / abs(b)) for a, b in pairs]
    assert max(errors) < 4 * np.finfo(z.real.dtype).eps, f"{name}: {pairs[np.argmax(errors)]}"


def test_roots_of_the_largest_and_the_smallest_numbers():
    z = np.array([1e308j, complex(1e308, 1.7e308), complex(-1.7e308, 1.0), complex(5e-324, -5e-324), complex(-3e-310, 2e-320)])
    with mpmath.workdps(40):
        expected = np.array([complex(mpmath.sqrt(mpmath.mpc(each))) for each in z.tolist()])
    for mode in MODES:
        np.testing.assert_allclose(mode(np.sqrt, z), expected, rtol=1e-15)


@njit
def of_cmath(z):
    return (
        cmath.exp(z) * cmath.sqrt(z)
        + cmath.log(z) / cmath.tanh(z)
        - abs(z) * cmath.phase(z)
        + z.conjugate() ** 2
        + z.real * z.imag
    )


@pytest.mark.sampled(0)
@pytest.mark.parametrize("side", ["right", "left"])
def test_compiled_functions_compute_what_they_did(side):
    for z in (complex(a, b) for a in ((0.5,) if side == "right" else (-0.5, -3.0)) for b in (0.3, -0.2, 1.0, -40.0)):
        assert jt.vjp(of_cmath, z)[0] == pytest.approx(of_cmath(z), rel=1e-14)
        step = 1e-5
        for direction in (1.0, 1j):
            slope = (of_cmath(z + step * direction) - of_cmath(z - step * direction)) / (2 * step)
            assert jt.jvp(of_cmath, (z,), (direction,))[1] == pytest.approx(slope, rel=1e-7)
