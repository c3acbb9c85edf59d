"""Inputs of the evals, and answers that are known another way: from SciPy, closed forms, or complex steps of NumPy's values.

An eval here is a function that yields pairs of a function's name and an input, and one that raises unless an output is right.
"""

import math

import numpy as np
from scipy import special, stats


def close(found, expected, tolerance=1e-9):
    """Raise unless arrays agree, to so much of the largest number."""
    expected = np.asarray(expected)
    np.testing.assert_allclose(found, expected, rtol=tolerance, atol=tolerance * np.max(np.abs(expected), initial=0.0))


def both(names, inputs):
    return [(name, given) for given in inputs for name in names]


# --- hello, lse, llsq, det ------------------------------------------------------------------------------------


def hello(rng, is_small):
    return both(("square", "double"), [1.5, -3.0, 1e6])


def check_hello(function, x, output):
    close(output, x * x if function == "square" else 2.0 * x)


def lse(rng, is_small):
    return both(
        ("primal", "gradient"), [{"x": rng.standard_normal(n).tolist()} for n in ((10, 100) if is_small else (1000, 1_000_000))]
    )


def check_lse(function, given, output):
    x = np.array(given["x"])
    close(output, special.logsumexp(x) if function == "primal" else special.softmax(x))


def llsq(rng, is_small):
    sizes = ((10, 4),) if is_small else ((100_000, 16), (100_000, 128))
    return both(("primal", "gradient"), [{"x": rng.standard_normal(m).tolist(), "n": n} for n, m in sizes])


def check_llsq(function, given, output):
    t = np.linspace(-1.0, 1.0, given["n"])
    powers = np.vander(t, len(given["x"]), increasing=True)
    residuals = np.sign(t) - powers @ given["x"]
    close(output, 0.5 * residuals @ residuals if function == "primal" else -powers.T @ residuals, 1e-8)


def det(rng, is_small):
    sizes = (1, 2, 5) if is_small else (8, 9)
    inputs = [{"A": rng.standard_normal(n * n).tolist(), "ell": n} for n in sizes]
    return both(("primal", "gradient"), inputs)


def check_det(function, given, output):
    A = np.reshape(given["A"], (given["ell"], given["ell"]))
    value = np.linalg.det(A)
    close(output, value if function == "primal" else (value * np.linalg.inv(A).T).ravel(), 1e-8)


# --- kmeans, ode ----------------------------------------------------------------------------------------------


def kmeans(rng, is_small):
    sizes = ((3, 20, 2),) if is_small else ((10, 10_000, 8), (100, 10_000, 8))
    inputs = []
    for k, n, d in sizes:
        points = rng.standard_normal((n, d))
        inputs.append({"points": points.tolist(), "centroids": points[rng.choice(n, k, replace=False)].tolist()})
    return both(("cost", "dir"), inputs)


def check_kmeans(function, given, output):
    points, centroids = np.array(given["points"]), np.array(given["centroids"])
    distances = ((points[:, None] - centroids[None]) ** 2).sum(2)
    if function == "cost":
        return close(output, distances.min(1).sum())
    nearest = np.eye(len(centroids))[distances.argmin(1)]
    counts = nearest.sum(0)[:, None]
    return close(output, (counts * centroids - nearest.T @ points) / counts)


def ode(rng, is_small):
    inputs = [
        {"x": rng.uniform(0.5, 1.5, n).tolist(), "s": s} for n, s in (((3, 20),) if is_small else ((100, 1000), (1000, 100)))
    ]
    return both(("primal", "gradient"), inputs)


def check_ode(function, given, output):
    """A chain of linear equations, so its steps are those of a nilpotent matrix: four terms of the exponential series."""
    x, s = np.array(given["x"]), given["s"]
    y, changes = _ode_steps(x, s, None), []
    if function == "primal":
        return close(output, y)
    rng = np.random.default_rng(0)
    for _ in range(3):
        direction = rng.standard_normal(x.size)
        changes.append((direction, _ode_steps(x, s, direction)))
    for direction, change in changes:
        scale = np.abs(np.array(output) * direction).sum()
        assert abs(np.dot(output, direction) - change[-1]) <= 1e-8 * scale, "gradient against complex steps"
    return None


def _ode_steps(x, s, direction):
    """Values at 2, or their change in a direction of x."""
    z = x.astype(complex) if direction is None else x + 1e-30j * direction
    h, y = 2.0 / s, np.zeros_like(z)
    for _ in range(s):
        term = np.append(z[0], z[1:] * y[:-1])
        y = y + h * term
        for k in (2, 3, 4):
            term = np.append(0.0, z[1:] * term[:-1])
            y = y + h**k / math.factorial(k) * term
    return y.real if direction is None else y.imag / 1e-30


# --- gmm, lstm ------------------------------------------------------------------------------------------------


def gmm(rng, is_small):
    inputs = []
    for n, d, k in ((20, 3, 2),) if is_small else ((1000, 10, 5), (1000, 10, 25)):
        q, below = 0.3 * rng.standard_normal((k, d)), 0.3 * rng.standard_normal((k, d * (d - 1) // 2))
        given = {"alpha": rng.standard_normal(k), "mu": rng.standard_normal((k, d)), "q": q, "l": below}
        given["x"] = rng.standard_normal((n, d))
        inputs.append({"d": d, "k": k, "n": n, "m": 2, "gamma": 0.7} | {key: v.tolist() for key, v in given.items()})
    return both(("objective", "jacobian"), inputs)


def _posterior(given):
    """By SciPy's densities."""
    alpha, mu, q, below, x = (np.array(given[name]) for name in ("alpha", "mu", "q", "l", "x"))
    (k, d), weights = mu.shape, special.log_softmax(alpha)
    parts, prior = [], 0.0
    for j in range(k):
        factor = np.diag(np.exp(q[j]))
        factor.T[np.triu_indices(d, 1)] = below[j]  # rows of the transpose are columns
        precision = factor.T @ factor
        parts.append(weights[j] + stats.multivariate_normal(mu[j], np.linalg.inv(precision)).logpdf(x))
        # the eval counts degrees of freedom so that the density has the factor exp(m * sum(q))
        prior += stats.wishart(d + given["m"] + 1, np.eye(d) / given["gamma"] ** 2).logpdf(precision)
    return special.logsumexp(parts, 0).sum() + prior


def check_gmm(function, given, output):
    if function == "objective":
        return close(output, _posterior(given))
    rng = np.random.default_rng(0)
    for _ in range(3):
        direction = {name: rng.standard_normal(np.shape(g)) for name, g in output.items()}
        slope, scale = (sum(f(output[name] * v).sum() for name, v in direction.items()) for f in (np.positive, np.abs))
        ends = []
        for sign in (1.0, -1.0):
            moved = {name: np.array(given[name]) + sign * 1e-6 * v for name, v in direction.items()}
            ends.append(_posterior(given | moved))
        assert abs(slope - (ends[0] - ends[1]) / 2e-6) <= 1e-6 * scale, "gradient against differences"
    return None


def lstm(rng, is_small):
    inputs = []
    for layers, steps, width in ((2, 6, 3),) if is_small else ((2, 1024, 14), (4, 1024, 14)):
        shapes = {"main_params": (2 * layers, 4 * width), "extra_params": (3, width), "state": (2 * layers, width)}
        given = {name: rng.standard_normal(shape).tolist() for name, shape in shapes.items()}
        inputs.append(given | {"sequence": rng.integers(0, 2, (steps, width)).tolist()})
    return both(("objective", "jacobian"), inputs)


def _lstm(main, extra, state, sequence):
    """The loss, of real or complex parameters."""
    layers, total = main.reshape(-1, 2, 4, sequence.shape[1]), 0.0
    hidden, cells = list(state[::2]), list(state[1::2])
    for now, target in zip(sequence, sequence[1:]):
        x = now * extra[0]
        for k, (w, b) in enumerate(layers):
            forget, out = (1.0 / (1.0 + np.exp(-x * w[i] - b[i])) for i in (0, 2))
            taken = 1.0 / (1.0 + np.exp(-hidden[k] * w[1] - b[1]))
            cells[k] = cells[k] * forget + taken * np.tanh(hidden[k] * w[3] + b[3])
            x = hidden[k] = out * np.tanh(cells[k])
        y = x * extra[1] + extra[2]
        total = total + (target * (y - np.log(np.exp(y).sum() + 2.0))).sum()
    return -total / ((len(sequence) - 1) * sequence.shape[1])


def check_lstm(function, given, output):
    main, extra, state, sequence = (np.array(given[n], float) for n in ("main_params", "extra_params", "state", "sequence"))
    if function == "objective":
        return close(output, _lstm(main, extra, state, sequence))
    rng = np.random.default_rng(0)
    for _ in range(3):
        v, u = rng.standard_normal(main.shape), rng.standard_normal(extra.shape)
        change = _lstm(main + 1e-30j * v, extra + 1e-30j * u, state, sequence).imag / 1e-30
        close(np.dot(output, np.concatenate([v.ravel(), u.ravel()])), change, 1e-8)
    return None


EVALS = {
    "hello": (hello, check_hello),
    "lse": (lse, check_lse),
    "llsq": (llsq, check_llsq),
    "det": (det, check_det),
    "kmeans": (kmeans, check_kmeans),
    "ode": (ode, check_ode),
    "gmm": (gmm, check_gmm),
    "lstm": (lstm, check_lstm),
}
