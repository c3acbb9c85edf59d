"""Programs of arrays with functions of SciPy's modules: ``program(module, x)``, where the module is SciPy's or ours."""

import itertools

import numpy as np
import scipy.signal

RNG = np.random.default_rng(1)
X = RNG.normal(size=(6, 5))
SMALL, LARGE = RNG.normal(size=(3, 2)), RNG.normal(size=(9, 8))
KNOTS = np.cumsum(RNG.uniform(0.5, 1, size=6))
PLACES = np.array([[0.1, 1.2, 2.3], [3.3, 4.1, 5.7]])  # some beyond the ends
PIXELS = RNG.uniform(-7, 12, size=(2, 9))
IN_GRID = np.array([[1.2, 2.3], [2.7, 0.4], [3.3, 3.3]])
GRID = KNOTS, np.arange(5.0)[::-1]
B, A = scipy.signal.butter(3, 0.3)
SECTIONS = scipy.signal.butter(5, 0.3, output="sos")
FREE = np.arange(6) != 3  # the first of the outputs' coefficients has to be 1
SPLINE_KNOTS = np.r_[0, 0, 0, 0, 1.5, 2.5, 4, 4, 4, 4]
MODES = ("full", "same", "valid")
EDGES = ("reflect", "mirror", "nearest", "wrap", "constant")
PADDED = (*EDGES, "grid-wrap", "grid-constant", "grid-mirror")


def closed(x, n=6):
    """Samples whose last is the first."""
    return x[[*range(n - 1), 0]]


def given(order, value):
    return order, np.full(5, value)


def bell(x):
    """An integrand whose width, or whose middle, is differentiated."""
    return lambda t: np.exp(-(1 + x[1, 1] ** 2) * t * t)


NDIMAGE = {
    **{f"correlate, {m}": lambda n, x, m=m: n.correlate(x, x[:3, :2], mode=m, cval=1.5) for m in EDGES},
    **{f"convolve, {m}": lambda n, x, m=m: n.convolve(x, SMALL, mode=m, cval=1.5, origin=(1, 0)) for m in EDGES},
    **{f"gaussian_filter, {m}": lambda n, x, m=m: n.gaussian_filter(x, 1.2, mode=m, cval=1.5) for m in EDGES},
    **{f"uniform_filter, {m}": lambda n, x, m=m: n.uniform_filter(x, (3, 4), mode=m, origin=(0, -1)) for m in EDGES},
    **{
        f"map_coordinates, {m} {k}": lambda n, x, m=m, k=k: n.map_coordinates(x, PIXELS, order=k, mode=m, cval=1.5)
        for m, k in itertools.product(PADDED, (0, 1))
    },
    **{
        f"map_coordinates, {m} places": lambda n, x, m=m: n.map_coordinates(SMALL, 3 * x[:2] + 0.3, order=1, mode=m)
        for m in PADDED
    },
    "convolve1d": lambda n, x: n.convolve1d(x, x[0, :4], axis=0, origin=1),
    "correlate1d": lambda n, x: n.correlate1d(x, x[0, :4], axis=0, origin=-1),
    "gaussian_filter, orders": lambda n, x: n.gaussian_filter(x, [1.0, 0.7], order=[1, 2]),
    "gaussian_filter1d": lambda n, x: n.gaussian_filter1d(x, 0.9, axis=0, order=3, radius=2),
    **{w: lambda n, x, w=w: getattr(n, w)(x, mode="wrap") for w in ("sobel", "prewitt", "laplace")},
    "affine_transform": lambda n, x: n.affine_transform(x, x[:2, :2], offset=x[0, :2], order=1, mode="mirror"),
    "affine_transform, whole": lambda n, x: n.affine_transform(x, np.array([[1, 0.1, 0.2], [0, 1, 0.3]]), order=1),
    "shift": lambda n, x: n.shift(x, [0.3, 1.2], order=1),
}

CONVOLUTIONS = "convolve correlate fftconvolve oaconvolve convolve2d correlate2d".split()
SIGNAL = {
    **{f"{f}, {m}": lambda s, x, f=f, m=m: getattr(s, f)(x, x[1:4, :3] ** 2, m) for f in CONVOLUTIONS for m in MODES},
    **{f"{f}, {m} larger": lambda s, x, f=f, m=m: getattr(s, f)(x, LARGE, m) for f in CONVOLUTIONS for m in MODES},
    **{f"{f}, {m} taller": lambda s, x, f=f, m=m: getattr(s, f)(x, LARGE[:, :2], m) for f in CONVOLUTIONS for m in MODES},
    **{f"{f}, {m} vector": lambda s, x, f=f, m=m: getattr(s, f)(x[1, :4], x[:, 0], m) for f in CONVOLUTIONS[:4] for m in MODES},
    **{f"fftconvolve, {m} along": lambda s, x, m=m: s.fftconvolve(x, x[:3] ** 2, m, axes=0) for m in MODES},
    **{f"fftconvolve, {m} spread": lambda s, x, m=m: s.fftconvolve(x, x[:1, :3], m, axes=[1]) for m in MODES},
    **{f"convolve2d, {m} {e}": lambda s, x, m=m, e=e: s.convolve2d(x, SMALL, m, e) for m in MODES for e in ("wrap", "symm")},
    "correlate2d, filled": lambda s, x: s.correlate2d(x, SMALL, "same", "fill", 1.5),
    "lfilter": lambda s, x: s.lfilter(B + x[0, :4], A + 0.1 * x[1, :4], x),
    "lfilter, shorter": lambda s, x: s.lfilter(B + x[0, :4], 2 * A[:2], x, axis=0),
    "lfilter, finite": lambda s, x: s.lfilter(x[0], 2.0, x, axis=0),
    "lfilter, number": lambda s, x: s.lfilter([2.0], [x[0, 0]], x, axis=0),
    "lfilter, zi": lambda s, x: s.lfilter(B, A + 0.1 * x[1, :4], x, zi=x[:, :3]),
    "lfilter, zi first axis": lambda s, x: s.lfilter(B, A + 0.1 * x[1, :4], x, axis=0, zi=x[:3]),
    "lfilter, zi longer": lambda s, x: s.lfilter(B, A, x[:, :2], zi=x[:, :3]),
    "lfilter_zi": lambda s, x: s.lfilter_zi(B + x[0, :4], A + 0.1 * x[1, :4]),
    "sosfilt": lambda s, x: s.sosfilt(SECTIONS * (1 + 0.1 * x[:3, [0]] * FREE), x, axis=0),
    "sosfilt, zi": lambda s, x: s.sosfilt(SECTIONS, x, axis=0, zi=np.stack([x[:2]] * 3)),
    "sosfilt_zi": lambda s, x: s.sosfilt_zi(SECTIONS * (1 + 0.1 * x[:3, [0]] * FREE)),
    **{
        f"filtfilt, {p}": lambda s, x, p=p: s.filtfilt(B, A + 0.1 * x[1, :4], x, axis=0, padtype=p, padlen=4)
        for p in ("odd", "even", "constant", None)
    },
    "detrend": lambda s, x: s.detrend(x, axis=0),
    "detrend, constant": lambda s, x: s.detrend(x, type="constant"),
    "savgol_filter": lambda s, x: s.savgol_filter(x, 3, 1, axis=0, mode="constant", cval=2.0),
}

SAMPLES = ("trapezoid", "simpson", "cumulative_trapezoid", "cumulative_simpson")
INTEGRATE = {
    **{f"{f}, {n}": lambda i, x, f=f, n=n: getattr(i, f)(x.T[:n], dx=x[0, 0], axis=0) for f in SAMPLES for n in (2, 3, 4, 5)},
    **{
        f"{f}, {n} places": lambda i, x, f=f, n=n: getattr(i, f)(x[:, :n], x=KNOTS[:n] + 0.2 * x[0, :n])
        for f in SAMPLES
        for n in (2, 3, 4, 5)
    },
    **{f"{f}, all places": lambda i, x, f=f: getattr(i, f)(x, x=KNOTS[:5] + 0.2 * x) for f in SAMPLES},
    "cumulative_trapezoid, initial": lambda i, x: i.cumulative_trapezoid(x, KNOTS[:5], initial=0),
    "cumulative_simpson, initial": lambda i, x: i.cumulative_simpson(x, initial=x[:, :1]),
    "romb": lambda i, x: i.romb(x, dx=0.2),
    "fixed_quad": lambda i, x: i.fixed_quad(lambda t: np.exp(-x[0, 0] * t), x[0, 1], x[0, 2], n=7)[0],
    "quad": lambda i, x: i.quad(lambda t, p: np.exp(-p * t) * np.sin(t), x[0, 1], x[0, 2], args=(x[1, 0],))[0],
    "quad, closed over": lambda i, x: i.quad(lambda t: np.exp(-x[1, 1] * t * t), 0.0, 2.0)[0],
    "quad, to infinity": lambda i, x: i.quad(bell(x), 0.1 * x[0, 1], np.inf)[0],
    "quad, from below": lambda i, x: i.quad(bell(x), -np.inf, x[0, 1])[0],
    "quad, backwards": lambda i, x: i.quad(bell(x), np.inf, x[0, 1])[0] + i.quad(bell(x), x[0, 2], -np.inf)[0],
    "quad, everywhere": lambda i, x: i.quad(bell(x), -np.inf, np.inf)[0] * i.quad(bell(x), np.inf, -np.inf)[0],
    "quad, nothing": lambda i, x: i.quad(bell(x), X[0, 0], x[0, 0])[0],
    "quad, singular": lambda i, x: i.quad(lambda t: t ** (-0.5 + 0.1 * x[0, 0]), 0.0, 1.0)[0],
    "quad, many waves": lambda i, x: i.quad(lambda t: np.cos(30 * x[0, 0] * t), 0.0, 3.0)[0],
}

BOUNDARIES = {
    "free": "not-a-knot",
    "clamped": "clamped",
    "natural": "natural",
    "given": (given(1, 0.3), given(2, 0.5)),
    "mixed": ("natural", given(1, -0.4)),
    "last": ("not-a-knot", given(2, 1.0)),
    "first": (given(2, 0.1), "not-a-knot"),
}
INTERPOLATE = {
    **{
        f"CubicSpline, {b} {n}": lambda i, x, b=b, n=n: i.CubicSpline(KNOTS[:n] + 0.1 * x[:n, 0], x[:n], bc_type=BOUNDARIES[b])(
            PLACES
        )
        for b in BOUNDARIES
        for n in (2, 3, 4, 6)
    },
    **{
        f"CubicSpline, periodic {n}": lambda i, x, n=n: i.CubicSpline(
            KNOTS[:n] + 0.1 * x[:n, 0], closed(x, n), bc_type="periodic"
        )(PLACES)
        for n in (2, 3, 4, 5, 6)
    },
    "CubicSpline, one": lambda i, x: i.CubicSpline(KNOTS, x[:, 0])(PLACES + 0.1 * x[0, 0]),
    "CubicSpline, axis": lambda i, x: i.CubicSpline(KNOTS, x.T, axis=1)(PLACES),
    "CubicSpline, slope": lambda i, x: i.CubicSpline(KNOTS, x)(PLACES, 1),
    "CubicSpline, derivative": lambda i, x: i.CubicSpline(KNOTS, x).derivative(2)(PLACES),
    "CubicSpline, antiderivative": lambda i, x: i.CubicSpline(KNOTS, x).antiderivative()(PLACES),
    "CubicSpline, integrate": lambda i, x: i.CubicSpline(KNOTS, x).integrate(x[0, 0], 2.0),
    "CubicSpline, only inside": lambda i, x: i.CubicSpline(KNOTS, x, extrapolate=False)(PLACES[0, 1:]),
    "CubicSpline, places": lambda i, x: i.CubicSpline(KNOTS, np.sin(KNOTS))(x),
    "CubicSpline, boundary": lambda i, x: i.CubicSpline(KNOTS, x, bc_type=((1, x[0]), (2, x[1])))(PLACES),
    "CubicSpline, number": lambda i, x: i.CubicSpline(KNOTS, x)(1.7),
    "CubicHermiteSpline": lambda i, x: i.CubicHermiteSpline(KNOTS, x, x**2)(PLACES),
    **{f"PchipInterpolator, {n}": lambda i, x, n=n: i.PchipInterpolator(KNOTS[:n], x[:n])(PLACES) for n in (2, 3, 6)},
    "PchipInterpolator, places": lambda i, x: i.PchipInterpolator(KNOTS, KNOTS**2)(x),
    "PchipInterpolator, rising": lambda i, x: i.PchipInterpolator(KNOTS + 0.1 * x[:, 1], np.cumsum(np.exp(x[:, 0])))(PLACES),
    **{
        f"make_interp_spline, {k}": lambda i, x, k=k: i.make_interp_spline(KNOTS + 0.1 * x[:, 0], x, k=k)(PLACES)
        for k in (1, 2, 3, 4, 5)
    },
    **{
        f"make_interp_spline, {b}": lambda i, x, b=b: i.make_interp_spline(KNOTS, x, bc_type=b)(PLACES)
        for b in ("natural", "clamped")
    },
    **{
        f"make_interp_spline, periodic {k}": lambda i, x, k=k: i.make_interp_spline(KNOTS, closed(x), k=k, bc_type="periodic")(
            PLACES
        )
        for k in (2, 3, 5)
    },
    "make_interp_spline, given": lambda i, x: i.make_interp_spline(KNOTS, x, bc_type=([given(2, 0.1)], [given(1, 0.1)]))(PLACES),
    "make_interp_spline, places": lambda i, x: i.make_interp_spline(KNOTS, np.sin(KNOTS))(x),
    "make_interp_spline, slope": lambda i, x: i.make_interp_spline(KNOTS, x)(PLACES, nu=2),
    "make_interp_spline, derivative": lambda i, x: i.make_interp_spline(KNOTS, x, k=5).derivative()(PLACES),
    "make_interp_spline, axis": lambda i, x: i.make_interp_spline(KNOTS, x.T, axis=1)(PLACES),
    "BSpline": lambda i, x: i.BSpline(SPLINE_KNOTS, x, 3)(PLACES),
    "BSpline, only inside": lambda i, x: i.BSpline(SPLINE_KNOTS, x, 3, extrapolate=False)(PLACES[0]),
    "RegularGridInterpolator": lambda i, x: i.RegularGridInterpolator(GRID, x)(IN_GRID),
    "RegularGridInterpolator, nearest": lambda i, x: i.RegularGridInterpolator(GRID, x, method="nearest")(IN_GRID),
    "RegularGridInterpolator, filled": lambda i, x: i.RegularGridInterpolator(GRID, x, bounds_error=False, fill_value=1.5)(
        2 * IN_GRID
    ),
    "RegularGridInterpolator, goes on": lambda i, x: i.RegularGridInterpolator(GRID, x, "linear", False, None)(2 * IN_GRID),
    "RegularGridInterpolator, error": lambda i, x: i.RegularGridInterpolator(GRID, x)(9 * IN_GRID),
    "RegularGridInterpolator, grid": lambda i, x: i.RegularGridInterpolator((KNOTS + 0.1 * x[:, 1], GRID[1]), x)(
        IN_GRID + 0.1 * x[:3, :2]
    ),
    "RegularGridInterpolator, tuple": lambda i, x: i.RegularGridInterpolator(GRID, x)((IN_GRID[:, 0], IN_GRID[:, [1]])),
    "interpn": lambda i, x: i.interpn(GRID, np.add.outer(GRID[0], GRID[1] ** 2), 1 + 0.4 * np.abs(x[:3, :2])),
}
