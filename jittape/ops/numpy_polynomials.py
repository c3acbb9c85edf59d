"""NumPy's polynomials by their coefficients, the highest power first: each function is made of others."""

import numpy as np

from .moved_elements import plain
from .numpy_shapes import as_numpy
from .numpy_statistics import operand


@as_numpy(np.vander)
def _vander(x, N=None, increasing=False):
    x = operand(x)
    if x.ndim != 1:
        raise ValueError("x must be a one-dimensional array or sequence.")
    n = len(x) if N is None else N
    powers = np.arange(n) if increasing else np.arange(n)[::-1]
    return np.power(np.expand_dims(x, 1), powers)


@as_numpy(np.poly)
def _poly(seq_of_zeros):
    zeros = np.atleast_1d(operand(seq_of_zeros))
    if zeros.ndim == 2 and zeros.shape[0] == zeros.shape[1] and zeros.shape[0]:
        zeros = np.linalg.eigvals(zeros)
    elif zeros.ndim != 1:
        raise ValueError("input must be 1d or non-empty square 2d array.")
    found = np.ones(1, zeros.dtype)
    for k in range(len(zeros)):
        found = np.convolve(found, np.stack([np.ones((), zeros.dtype), -zeros[k]]))
    return found


@as_numpy(np.roots)
def _roots(p):
    """The eigenvalues of the companion matrix, if they are real."""
    p = np.atleast_1d(operand(p))
    values = plain(p)
    if p.ndim != 1:
        raise ValueError("Input must be a rank-1 array.")
    places = np.flatnonzero(values)
    if not len(places):
        return np.array([])
    kept = p[int(places[0]) : int(places[-1]) + 1]
    n, zeros = len(kept), np.zeros(len(p) - int(places[-1]) - 1, p.dtype)
    if n == 1:
        return zeros
    below = np.eye(n - 1, k=-1, dtype=p.dtype)[1:]
    companion = np.concatenate([np.expand_dims(-kept[1:] / kept[0], 0), below])
    return np.concatenate([np.linalg.eigvals(companion), zeros])


@as_numpy(np.polyder)
def _polyder(p, m=1):
    m = int(m)
    if m < 0:
        raise ValueError("Order of derivative must be positive (see polyint)")
    np.polyder(np.zeros(np.shape(p)), m)  # NumPy's errors
    for _ in range(m):
        p = p[:-1] * np.arange(len(p) - 1, 0, -1)
    return p


@as_numpy(np.polyint)
def _polyint(p, m=1, k=None):
    m, p = int(m), operand(p)
    if m < 0:
        raise ValueError("Order of integral must be positive (see polyder)")
    k = np.zeros(m) if k is None else np.atleast_1d(operand(k))
    if len(k) == 1 < m:
        k = np.ones(m) * k[0]
    if len(k) < m:
        raise ValueError("k must be a scalar or a rank-1 array of length 1 or >m.")
    for j in range(m):
        p = np.concatenate([p / np.arange(len(p), 0, -1), k[j : j + 1]])
    return p


def _of_one_length(a1, a2):
    a1, a2 = (np.atleast_1d(operand(x)) for x in (a1, a2))
    n = max(len(a1), len(a2))
    return [np.concatenate([np.zeros(n - len(x), x.dtype), x]) if len(x) < n else x for x in (a1, a2)]


@as_numpy(np.polyadd)
def _polyadd(a1, a2):
    a, b = _of_one_length(a1, a2)
    return a + b


@as_numpy(np.polysub)
def _polysub(a1, a2):
    a, b = _of_one_length(a1, a2)
    return a - b


def _without_leading_zeros(p):
    places = np.flatnonzero(plain(p))
    return p[places[0] :] if len(places) else p[:1] * 0.0 if len(p) else np.zeros(1)


def _is_vector(p):
    if np.ndim(p) > 1:
        raise ValueError("Polynomial must be 1d only.")


@as_numpy(np.polymul)
def _polymul(a1, a2):
    for p in (a1, a2):
        _is_vector(p)
    return np.convolve(*(_without_leading_zeros(np.atleast_1d(operand(x))) for x in (a1, a2)))


@as_numpy(np.polydiv)
def _polydiv(u, v):
    _is_vector(u), _is_vector(v)
    u, v = (np.atleast_1d(operand(x)) + 0.0 for x in (u, v))
    m, n = len(u) - 1, len(v) - 1
    steps = max(m - n + 1, 1)
    rest, found = u, []
    scale = 1.0 / v[0]
    for k in range(m - n + 1):
        d = scale * rest[k]
        found.append(d)
        rest = rest - np.concatenate([np.zeros(k), d * v, np.zeros(m - n - k)])
    quotient = np.stack(found) if found else np.zeros(steps, u.dtype)
    values = plain(rest)
    first = 0
    while first < len(values) - 1 and np.allclose(values[first], 0, rtol=1e-14):
        first += 1
    return quotient, rest[first:]


@as_numpy(np.polyfit)
def _polyfit(x, y, deg, rcond=None, full=False, w=None, cov=False):
    """Least squares of the scaled Vandermonde matrix, as NumPy's."""
    values = [plain(operand(a)) + 0.0 for a in (x, y)]
    np.polyfit(*values, deg, rcond, True, None if w is None else plain(operand(w)))  # NumPy's errors
    x, y = operand(x) + 0.0, operand(y) + 0.0
    rcond = len(x) * np.finfo(x.dtype).eps if rcond is None else rcond
    order = int(deg) + 1
    left, right = np.vander(x, order), y
    if w is not None:
        w = operand(w) + 0.0
        left = left * np.expand_dims(w, 1)
        right = right * (np.expand_dims(w, 1) if right.ndim == 2 else w)
    scale = np.sqrt(np.sum(left * left, 0))
    left = left / scale
    found, residuals, rank, s = np.linalg.lstsq(left, right, rcond)
    coefficients = np.transpose(np.transpose(found) / scale)
    if full:
        return coefficients, residuals, rank, s, rcond
    return (coefficients, _covariance(left, scale, residuals, len(x) - order, y.ndim, cov)) if cov else coefficients


def _covariance(left, scale, residuals, free, axes, cov):
    base = np.linalg.inv(np.dot(np.transpose(left), left)) / np.outer(scale, scale)
    if cov == "unscaled":
        factor = 1
    else:
        if free <= 0:
            raise ValueError("the number of data points must exceed order to scale the covariance matrix")
        factor = residuals / free
    return base * factor if axes == 1 else np.expand_dims(base, -1) * factor
