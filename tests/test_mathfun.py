"""Elementary functions: errors in units in the last place, against mpmath and against 80-bit floats."""

import math

import mpmath
import numpy as np
import pytest

from jittape import mathfun
from jittape.numba_backend.decorators import compiled

mpmath.mp.prec = 160
SMALLEST = 5e-324
TINY = 2.2250738585072014e-308
HUGE = np.finfo(np.float64).max


def softplus_of(log1p, exp, x):
    return log1p(exp(-abs(x))) + (x if x > 0 else 0)


def erf_by_mpmath(x):
    """NumPy has no erf of long doubles."""
    return np.array([np.longdouble(mpmath.nstr(mpmath.erf(mpmath.mpf(float(v))), 25)) for v in x])


# name: (exact, the same for arrays of long double, intervals to sample, largest error in ulp)
FUNCTIONS = {
    "erf": (mpmath.erf, erf_by_mpmath, [(-6.5, 6.5), (-1.2, 1.2), (0.9, 1.1), (-1e-6, 1e-6), (-1e-300, 1e-300)], 1.5),
    "exp": (mpmath.exp, np.exp, [(-745, 709.7), (-1, 1), (-745.2, -708)], 1),
    "exp2": (lambda x: mpmath.mpf(2) ** x, np.exp2, [(-1074, 1023.9), (-1, 1), (-1075, -1022)], 1.2),
    "expm1": (mpmath.expm1, np.expm1, [(-50, 709.7), (-2, 2), (-1e-9, 1e-9)], 1.1),
    "log": (mpmath.log, np.log, [(0, 1e308), (0.5, 2), (1 - 1e-7, 1 + 1e-7), (0, TINY)], 1),
    "log2": (lambda x: mpmath.log(x, 2), np.log2, [(0, 1e308), (0.5, 2), (1 - 1e-7, 1 + 1e-7), (0, TINY)], 1),
    "log10": (mpmath.log10, np.log10, [(0, 1e308), (0.5, 2), (1 - 1e-7, 1 + 1e-7), (0, TINY)], 1),
    "log1p": (mpmath.log1p, np.log1p, [(-1, 1e3), (-1, 1), (-1e-7, 1e-7), (0, 1e308)], 1),
    "sin": (mpmath.sin, np.sin, [(-10, 10), (-1e-6, 1e-6), (-3e7, 3e7)], 1),
    "cos": (mpmath.cos, np.cos, [(-10, 10), (-1e-6, 1e-6), (-3e7, 3e7)], 1),
    "tan": (mpmath.tan, np.tan, [(-10, 10), (-1e-6, 1e-6), (-3e7, 3e7)], 2),
    "sinh": (mpmath.sinh, np.sinh, [(-710, 710), (-2, 2), (-1e-6, 1e-6)], 1),
    "cosh": (mpmath.cosh, np.cosh, [(-710, 710), (-2, 2), (-1e-6, 1e-6)], 1),
    "tanh": (mpmath.tanh, np.tanh, [(-25, 25), (-2, 2), (-1e-6, 1e-6)], 2),
    "sigmoid": (lambda x: 1 / (1 + mpmath.exp(-x)), lambda x: 1 / (1 + np.exp(-x)), [(-745, 45), (-5, 5)], 1.5),
    "softplus": (
        lambda x: softplus_of(mpmath.log1p, mpmath.exp, x),
        lambda x: np.log1p(np.exp(-np.abs(x))) + np.maximum(x, 0),
        [(-745, 745), (-5, 5)],
        1.1,
    ),
}
NAMES = list(FUNCTIONS)
TRIGONOMETRIC = ("sin", "cos", "tan")


def loop_over(function):
    """A compiled loop, like those of kernels."""

    def loop(x, out):
        for k in range(x.size):
            out[k] = function(x[k])

    loop.__name__ = loop.__qualname__ = f"loop_over_{function.__name__}"
    return compiled(loop)


LOOPS = {name: loop_over(getattr(mathfun, name)) for name in NAMES}
NEAR = {name: loop_over(getattr(mathfun, name + "_near")) for name in TRIGONOMETRIC}


def evaluate(loop, x):
    x = np.ascontiguousarray(x)
    out = np.empty_like(x)
    with np.errstate(all="ignore"):  # un-jitted, NumPy warns of overflow
        loop(x, out)
    return out


def exact_values(function, x):
    """Values of an mpmath function, as pairs (nearest float64, exact) for finite, defined points."""
    return [function(mpmath.mpf(float(v))) for v in x]


def ulps(y, exact, info=np.finfo(np.float64)):
    """The error of a float in units in the last place of the exact value."""
    if exact == 0:
        return 0.0 if y == 0 else math.inf
    exponent = max(mpmath.frexp(exact)[1] - 1, int(info.minexp))
    ulp = mpmath.mpf(2) ** (exponent - info.nmant)
    largest = mpmath.mpf(float(info.max))
    if math.isinf(y):  # right where the exact value rounds to inf, one ulp off just below
        return 0.0 if (exact > 0) == (y > 0) and abs(exact) > largest - ulp else math.inf
    return float(abs(mpmath.mpf(float(y)) - exact) / ulp)


def neighbours(points, count=3):
    """The points with the floats next to them, of both signs."""
    out = []
    for p in points:
        below = above = float(p)
        out.append(below)
        for _ in range(count):
            below, above = math.nextafter(below, -math.inf), math.nextafter(above, math.inf)
            out += [below, above]
    return out + [-v for v in out]


def multiples(unit, counts):
    """Floats nearest to multiples of an irrational number."""
    return [float(unit * n) for n in counts]


HALVES = [1, 3, 5, 7, 99, 1001, 2**10 + 1]
POWERS = [2.0**k for k in (-1074, -1073, -1050, -1023, -1022, -1021, -600, -60, -54, -53, -52, -30, -27, -26, -10, -1, 0, 1)]
LARGE = [2.0**k for k in (5, 10, 24, 25, 26, 30, 52, 53, 100, 500, 1000, 1023)] + [HUGE, 1e22, 5e300]
# Close to multiples of pi/2.  The closest float64 of all, 0x1.6ac5b262ca1ffp+849, is left out: glibc is 8 ulp off.
NEAR_PI = [
    6411027962775774.0 * 2.0**-47,
    5319372648326541.0 * 2.0**-22,
    710.0,
    103993.0,
    355.0,
    22.0,
    14885392687.0 / 2**10,
    245850922.0 / 8,
    411557987.0 / 16,
    1068966896.0 / 64,
    12055686754159438.0 * 2.0**-31,
]
HARD = {
    "erf": neighbours([1.0, 0.5, 3.0, 5.921587195794507, 6.0, 27.0]),
    "exp": neighbours(
        multiples(mpmath.ln2 / 2, HALVES + [1021 * 2 + 1, 2047, 2 * 1074 - 1])
        + [709.782712893384, 708.3964185322641, 745.1332191019411, 744.4400719213812, 720.0]
    ),
    "exp2": neighbours([1023.0, 1024.0, 1022.0, 1021.5, 1022.5, 1073.5, 1074.0, 1075.0, 0.5, 1.5, 3.0, 100.5]),
    "expm1": neighbours(multiples(mpmath.ln2 / 2, HALVES + [107, 109, 2047]) + [709.782712893384, 37.42994775023705, 40.0]),
    "log": neighbours([1.0, math.sqrt(0.5), math.sqrt(2.0), math.e, 10.0]),
    "log2": neighbours([1.0, math.sqrt(0.5), math.sqrt(2.0), 3.0, 1024.0]),
    "log10": neighbours([1.0, math.sqrt(0.5), math.sqrt(2.0), 10.0, 1000.0, 1e22]),
    "log1p": neighbours([1.0, 1.0 - math.sqrt(0.5), math.sqrt(2.0) - 1.0, 0.999999999, 2.0**53, 2.0**54, 5e-17]),
    "sinh": neighbours([1.0, 22.0, 709.782712893384, 710.4758600739439, 35.0]),
    "cosh": neighbours([1.0, 22.0, 709.782712893384, 710.4758600739439, 69.4, 35.0]),
    "tanh": neighbours([0.625, 22.0, 19.06154746539849, 18.714973875118524, 1e-8]),
    "sigmoid": neighbours([36.7368005696771, 37.0, 709.782712893384, 708.4, 745.1332191019411, 746.0, 0.3465735902799726]),
    "softplus": neighbours([36.7368005696771, 37.4, 709.782712893384, 745.1332191019411, 746.0, 0.8813735870195429]),
}
for _name in TRIGONOMETRIC:
    _counts = [*range(1, 40), 1001, 10**5, 10**6 + 1, 10**7, 42722829, 42722830]  # the last two: where the range ends
    HARD[_name] = neighbours(multiples(mpmath.pi / 4, _counts) + NEAR_PI)


def is_defined(name, x):
    if name in ("log", "log2", "log10"):
        return x > 0
    return x > -1 if name == "log1p" else True


def hard_points(name):
    points = HARD[name] + neighbours(POWERS, 1) + neighbours(LARGE, 1)
    return np.array([x for x in points if is_defined(name, x) and math.isfinite(x) and x != 0])


def worst(name, x, y):
    """The largest error in ulp with its argument.  Where exp of huge numbers is meant, mpmath would not end."""
    info = np.finfo(y.dtype)
    x = np.asarray(x, np.float64)
    function = FUNCTIONS[name][0]
    capped = x if name in TRIGONOMETRIC or name.startswith("log") or name == "softplus" else np.clip(x, -3000.0, 3000.0)
    if name == "softplus":
        capped = np.maximum(x, -3000.0)
    return max((ulps(b, e, info), a) for a, b, e in zip(x, y, exact_values(function, capped)))


# --- float64 ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_hard_points(name):
    x = hard_points(name)
    error, at = worst(name, x, evaluate(LOOPS[name], x))
    assert error <= FUNCTIONS[name][3], at.hex()


@pytest.mark.parametrize("name", NAMES)
def test_random_points_against_mpmath(name):
    rng = np.random.default_rng(1)
    intervals = FUNCTIONS[name][2]
    x = np.concatenate([rng.uniform(low, high, 200) for low, high in intervals])
    spread = np.ldexp(rng.uniform(0.5, 1, 400), rng.integers(-1073, 1024, 400)) * rng.choice([-1, 1], 400)
    x = np.concatenate([x, [v for v in spread if is_defined(name, v)]])
    error, at = worst(name, x, evaluate(LOOPS[name], x))
    assert error <= FUNCTIONS[name][3], at.hex()


def bulk_errors(name, x, y):
    with np.errstate(all="ignore"):
        exact = FUNCTIONS[name][1](x.astype(np.longdouble))
        nearest = exact.astype(y.dtype)
        finite = np.isfinite(nearest)
        # The spacing of floats is that at the exact value, not at a result rounded up to a power of 2.
        ulp = np.spacing(np.abs(np.nextafter(nearest, 0)))
        return np.where(finite, np.abs(y.astype(np.longdouble) - exact) / ulp, 0)


@pytest.mark.skipif(np.finfo(np.longdouble).nmant < 63, reason="long double is no wider than double")
@pytest.mark.parametrize("name", NAMES)
def test_many_points_against_long_double(name):
    rng = np.random.default_rng(2)
    intervals = FUNCTIONS[name][2]
    x = np.concatenate([rng.uniform(low, high, 100_000 // len(intervals)) for low, high in intervals])
    errors = bulk_errors(name, x, evaluate(LOOPS[name], x))
    assert errors.max() <= FUNCTIONS[name][3], x[errors.argmax()].hex()


@pytest.mark.parametrize("name", TRIGONOMETRIC)
def test_near_variants_are_the_same_functions(name):
    x = np.concatenate([hard_points(name), np.random.default_rng(3).uniform(-3e7, 3e7, 1000), [0.0, -0.0, math.nan]])
    x = x[[mathfun.in_range(v) for v in x]]
    assert evaluate(NEAR[name], x).tobytes() == evaluate(LOOPS[name], x).tobytes()


INF, NAN = math.inf, math.nan
LIMITS = {
    "erf": {INF: 1.0, -INF: -1.0, 6.5: 1.0, -1e300: -1.0, SMALLEST: SMALLEST, -SMALLEST: -SMALLEST},
    "exp": {0.0: 1.0, INF: INF, -INF: 0.0, 710.0: INF, -746.0: 0.0, 1e300: INF, -1e300: 0.0},
    "exp2": {0.0: 1.0, INF: INF, -INF: 0.0, 1024.0: INF, -1076.0: 0.0, -1074.0: SMALLEST, 10.0: 1024.0, 1e300: INF},
    "expm1": {INF: INF, -INF: -1.0, 710.0: INF, -1e300: -1.0, SMALLEST: SMALLEST, -SMALLEST: -SMALLEST},
    "log": {0.0: -INF, INF: INF, -INF: NAN, -SMALLEST: NAN, -1.0: NAN, 1.0: 0.0},
    "log2": {0.0: -INF, INF: INF, -INF: NAN, -1.0: NAN, 1.0: 0.0, 8.0: 3.0, SMALLEST: -1074.0, 2.0**1023: 1023.0},
    "log10": {0.0: -INF, INF: INF, -INF: NAN, -1.0: NAN, 1.0: 0.0, 1000.0: 3.0, 1e22: 22.0},
    "log1p": {-1.0: -INF, INF: INF, -INF: NAN, -1.5: NAN, SMALLEST: SMALLEST, -SMALLEST: -SMALLEST},
    "sin": {INF: NAN, -INF: NAN, SMALLEST: SMALLEST, -SMALLEST: -SMALLEST},
    "cos": {0.0: 1.0, INF: NAN, -INF: NAN, SMALLEST: 1.0},
    "tan": {INF: NAN, -INF: NAN, SMALLEST: SMALLEST, -SMALLEST: -SMALLEST},
    "sinh": {INF: INF, -INF: -INF, 711.0: INF, -1e300: -INF, SMALLEST: SMALLEST},
    "cosh": {0.0: 1.0, INF: INF, -INF: INF, 711.0: INF, -1e300: INF, SMALLEST: 1.0},
    "tanh": {INF: 1.0, -INF: -1.0, 1e300: 1.0, -30.0: -1.0, SMALLEST: SMALLEST},
    "sigmoid": {0.0: 0.5, INF: 1.0, -INF: 0.0, 1e300: 1.0, -1e300: 0.0},
    "softplus": {INF: INF, -INF: 0.0, 1e300: 1e300, -1e300: 0.0},
}
ODD = ("erf", "expm1", "log1p", "sin", "tan", "sinh", "tanh")


@pytest.mark.parametrize("jitted", [True, False])
@pytest.mark.parametrize("name", NAMES)
def test_limits(name, jitted):
    x = np.array([*LIMITS[name], NAN, 0.0, -0.0])
    function = getattr(mathfun, name)
    y = evaluate(LOOPS[name], x) if jitted else np.array([function(float(v)) for v in x])
    np.testing.assert_array_equal(y[:-3], list(LIMITS[name].values()))
    assert math.isnan(y[-3])
    if name in ODD:
        assert y[-2] == y[-1] == 0 and not np.signbit(y[-2]) and np.signbit(y[-1])
    else:
        assert y[-2] == y[-1]


# --- float32, Python, integers ------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_float32(name):
    rng = np.random.default_rng(4)
    intervals = [(max(low, -3e38), min(high, 3e38)) for low, high in FUNCTIONS[name][2]]
    spread = np.ldexp(rng.uniform(0.5, 1, 1000), rng.integers(-148, 128, 1000)) * rng.choice([-1, 1], 1000)
    x = np.concatenate([rng.uniform(low, high, 1000) for low, high in intervals] + [spread, hard_points(name)])
    with np.errstate(all="ignore"):
        x = x.astype(np.float32)
    x = x[np.isfinite(x) & (x != 0)]
    x = np.array([v for v in x if is_defined(name, v)])
    y = evaluate(LOOPS[name], x)
    assert y.dtype == np.float32
    error, at = worst(name, x, y)
    assert error <= 1, float(at).hex()


@pytest.mark.parametrize("name", NAMES)
def test_limits_in_float32(name):
    points = {k: v for k, v in LIMITS[name].items() if k == 0 or not math.isfinite(k)}
    x = np.array([*points, NAN, 0.0, -0.0], np.float32)
    y = evaluate(LOOPS[name], x)
    np.testing.assert_array_equal(y[:-3], np.array(list(points.values()), np.float32))
    assert math.isnan(y[-3])
    if name in ODD:
        assert y[-2] == y[-1] == 0 and not np.signbit(y[-2]) and np.signbit(y[-1])
    else:
        assert y[-2] == y[-1]


@pytest.mark.parametrize("name", NAMES)
def test_python_bodies(name):
    """Un-jitted, without fused multiplication: the same bound."""
    rng = np.random.default_rng(5)
    x = np.concatenate([hard_points(name)[::7]] + [rng.uniform(low, high, 40) for low, high in FUNCTIONS[name][2]])
    function = getattr(mathfun, name)
    y = np.array([function(v) for v in x.tolist()])
    error, at = worst(name, x, y)
    assert error <= FUNCTIONS[name][3], at.hex()
    narrow = np.float32(0.4375)
    assert function(narrow) == function(0.4375) == function(np.float64(0.4375))


def test_integers_are_converted():
    @compiled
    def values(n):
        return mathfun.exp(n), mathfun.log(n), mathfun.sin(n), mathfun.tanh(n), mathfun.sigmoid(n)

    expected = [math.exp(2), math.log(2), math.sin(2), math.tanh(2), 1 / (1 + math.exp(-2))]
    np.testing.assert_allclose(values(2), expected, rtol=1e-15)


def test_callers_may_reassociate():
    """A user's fastmath=True must not reach into the package and delete (x + MAGIC) - MAGIC."""
    import numba

    from jittape.numba_backend.decorators import JIT

    if not JIT:
        pytest.skip("nothing is compiled")

    @numba.njit(fastmath=True)
    def loop(x, out):
        for k in range(x.size):
            out[k] = mathfun.exp(x[k]) + mathfun.sin(x[k]) + mathfun.log1p(x[k])

    x = np.linspace(0.01, 20, 100)
    np.testing.assert_allclose(evaluate(loop, x), np.exp(x) + np.sin(x) + np.log1p(x), rtol=1e-14)


@pytest.mark.parametrize("x", [0.5, 1.5, 2.5, -0.5, -2.5, 4503599627370495.5, 0.49999999999999994, 1e300, 0.0])
def test_rint(x):
    for sign in (1, -1):
        y = mathfun.rint(sign * x)
        assert y == np.rint(sign * x) and np.signbit(y) == np.signbit(sign * x)
