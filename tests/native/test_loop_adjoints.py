"""Adjoints compiled from the statements of a user's own loops: against numbers with tangents, the tape, and by hand."""

import math
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.native.loops.tree_reading import TreeReader

from loop_checks import check, refusal
from sampling import some


@pytest.mark.parametrize("seed", some(range(1000, 1040), 1))
def test_random_programs(seed):
    outcome = check(seed)
    assert outcome in ("checked", "undefined") or "elsewhere" in outcome  # an integer here and a float there


@pytest.mark.parametrize("seed", some(range(1000, 1040), 1))
def test_random_programs_of_several_outputs(seed):
    outcome = check(seed, has_several=True)
    assert outcome in ("checked", "undefined") or "elsewhere" in outcome


# Shapes on which other transformers of loops give a wrong number and no error.


@numba.njit
def carried(x):
    s = 1.0
    for i in range(len(x)):
        s = s * x[i] + math.sin(s)
    return s


@numba.njit
def in_place(x):
    a = np.zeros(len(x))
    for i in range(len(x)):
        a[i] = x[i]
    for i in range(1, len(x)):
        a[i] = a[i] * a[i - 1]
    return a[-1] + a[1]


@numba.njit
def last_value(x):
    k = 0
    s = 0.0
    for i in range(len(x) - 1):
        k = i
        s = x[i] * x[k]
    return s * x[i + 1] * x[k]


@numba.njit
def own_branch(x):
    s = 0.0
    for i in range(len(x)):
        if s < 0.5:
            s = s + x[i] * x[i]
        else:
            s = s * x[i] - 0.3
    return s


@numba.njit
def triangle(x):
    s = 0.0
    for i in range(len(x) - 1, -1, -1):
        for j in range(i, len(x), 2):
            if j == 3:
                continue
            s += x[i] * x[j] * x[-j - 1]
    return s


@numba.njit
def roots(x):
    total, k = 0.0, -1
    while True:
        k += 1
        if k == len(x):
            break
        s = x[k]
        for n in range(50):
            d = (s * s - 2.0 - x[0] * x[0]) / (2.0 * s)
            s -= d
            if abs(d) < 1e-12:
                break
        else:
            return total * 3.0
        if n == 0:
            continue
        total += s * x[k]
        while s > 0.2:
            s = s * 0.4 * x[-1]
            if s < -5.0 * x[k]:
                return total - s
        total += s
    return total


@numba.njit
def field(y, x):
    out = np.empty_like(y)
    out[0] = y[1] * x[0]
    out[1] = math.sin(y[0]) * x[1]
    return out


@numba.njit
def in_new_arrays(x):
    y, total = np.full(2, x[0]), 0.0
    slope, kept, ones = field(y, x), y.copy(), np.ones(3)
    for n in range(1, 4):
        for k in range(2):
            y[k] += 0.1 * n * slope[k] * kept[k - 1]
        for v in ones:
            total += v * y[0] * slope[1]
    return total


WEIGHTS = np.array([0.5, -1.0, 2.0, 0.25, 1.5])


@numba.njit
def decayed(y, x):
    return 0.5 * y + np.sin(x) * y


@numba.njit
def in_whole_arrays(x):
    y, M = np.ones_like(x), np.zeros((3, 5))
    for t in range(3):
        y[1:-1] = y[1:-1] + 0.1 * y[1:-1] * (y[2:] - 2.0 * x[1:-1] + y[:-2])
        y[1:] = y[:-1]
        y[::2] *= x[4::-2]
        y[:] = decayed(y, x)
        np.add(y, x * y, y)
        M[t] += np.sin(np.multiply(2.0, x[1:], y[:-1]), M[t, 1:])[0]
        r = np.where(y > t * 0.1, y, WEIGHTS * x)
        M[t] = r
        M[:, t] += x[-3:]
        y[t] *= 0.5  # what follows begins another block, but not with its first operand
        y[1] = ((x[:2] + y[2:4]) * x[t] + M[t, :2])[1]
        y[t:] += np.sum(M[:t] * x) * r[t:]
    A = M.sum(axis=0) * (M @ x).sum() + M.T[::-1, 1] * x[1:][-1]
    return np.mean(A) + x @ y + np.dot(M[1, 1:], x[:-1]) + np.prod(x) + np.sum(M[None, 1, :, None] * x)


@numba.njit
def lorenz_slope(y, p, rate=2.0):
    return np.array([rate * (y[1] - y[0]), y[0] * (p[1] - y[2]) - y[1], y[0] * y[1] - p[2] * y[2]])


@numba.njit
def squared(v, n):
    for _ in range(n):
        v = v * v - 0.1
    return v


@numba.njit
def with_names_given_again(x):
    y, change, n = np.array([1.0, x[0], x[1]]), 1.0, 0
    while change > 1e-9 and n < 6:
        old = y
        y = y + 0.01 * lorenz_slope(y + 0.005 * lorenz_slope(y, x), x, rate=3.0)
        change = np.sum((y - old) ** 2)
        n += 1
    for v in y:
        y = y[::-1] * 0.5 + v
    left, right = x * 2.0, x * x
    for k in range(3):
        left, right = right, left
        left[k] *= right[k + 1]
    turn = np.array([[math.cos(x[0]), -math.sin(x[0])], [math.sin(x[0]), 1]])
    row = turn[0]
    for v in row:  # goes over the first row, whatever the name stands for then
        row = turn[1]
        change += v * row[0]
    return y[0] * y[1] + change + old[0] + np.sum(squared(x, 2) * left) + right[0] + (turn @ x[:2])[1]


@numba.njit
def shapes(x):
    if x[0] < -50.0:
        raise ValueError("too small")
    return (
        roots(x)
        + in_new_arrays(x)
        + carried(x)
        + 2.0 * in_place(x)
        + 3.0 * last_value(x)
        + 4.0 * own_branch(x)
        + 5.0 * triangle(x)
    )


def differences(function, x):
    """The gradient by central differences."""
    return np.array([(function(x + e) - function(x - e)) / 2e-6 for e in 1e-6 * np.eye(x.size)])


def test_shapes():
    x, positive, negative = np.array([[0.7, -0.4, 0.9, 1.2, 0.3], [0.7, 0.4, 0.9, 1.2, 1.3], [0.7, 0.4, 0.9, -1.2, 1.3]])
    assert jt.native.explain(shapes, x).way == "adjoint"
    value_and_grad = jt.value_and_grad(shapes)
    for at in (positive, negative, x):
        value, gradient = value_and_grad(at)
        assert value == shapes(at)
        np.testing.assert_allclose(gradient, differences(shapes, at), rtol=1e-6, atol=1e-7)
    with pytest.raises(ValueError, match="too small"):
        value_and_grad(x - 100.0)
    np.testing.assert_array_equal(value_and_grad(x)[1], gradient)  # nothing is left of the call that raised


@pytest.mark.sampled(0)
@pytest.mark.parametrize("function", [in_whole_arrays, with_names_given_again])
def test_whole_arrays(function):
    at = np.array([0.7, -0.4, 0.9, 1.2, 0.3])
    assert jt.native.explain(function, at).way == "adjoint"
    value, gradient = jt.value_and_grad(function)(at)
    np.testing.assert_allclose(value, function(at), rtol=1e-14)  # BLAS adds up in another order
    np.testing.assert_allclose(gradient, differences(function, at), rtol=1e-6, atol=1e-7)


@numba.njit(boundscheck=True)
def guarded(x, y, n, q):
    s = 0.0
    for i in range(0, n, q):
        s += math.sqrt(x[i]) / y[i]
        x[i] = s
    return s


def test_what_is_unusual():
    """Infinite derivatives are the tape's; exceptions are the function's own; arguments are not written to."""
    x, y = np.array([1.0, 0.0, 4.0]), np.ones(3)
    assert jt.native.explain(guarded, x, y, 3, 1).way == "adjoint"
    gradient = jt.grad(guarded)
    np.testing.assert_array_equal(gradient(x, y, 3, 1), [0.5, np.inf, 0.25])
    np.testing.assert_array_equal(gradient(x[::-1], y, 3, 1), [0.25, np.inf, 0.5])
    np.testing.assert_array_equal(gradient(x, y, 3, 2), [0.5, 0.0, 0.25])
    np.testing.assert_array_equal(x, [1.0, 0.0, 4.0])
    with pytest.raises(ZeroDivisionError):
        gradient(x, np.zeros(3), 3, 1)
    with pytest.raises(IndexError):
        gradient(x, y, 4, 1)
    with pytest.raises(ValueError, match="zero"):
        gradient(x, y, 3, 0)


@numba.njit
def long(x, n):
    s = x[0]
    for _ in range(3):
        for _ in range(n):
            s = math.sin(s * x[1])
        if s > 0.0:
            s = s * s + 0.5
    return s


def test_memory():
    """What is saved lies in segments that grow, under the limit of tapes."""
    x = np.array([0.5, 1.5])
    gradient, limit = jt.grad(long), jt.native.tape_limit()
    np.testing.assert_allclose(gradient(x, 50_000)[1], differences(lambda z: long(z, 50_000), x)[1], rtol=1e-4)
    small = gradient(x, 100)
    jt.native.free_memory()
    jt.native.set_tape_limit(jt.native.tape_stats().bytes + 300_000)
    try:
        with pytest.raises(jt.errors.TapeMemoryError):
            gradient(x, 50_000)
        np.testing.assert_array_equal(gradient(x, 100), small)
    finally:
        jt.native.set_tape_limit(limit)


@numba.njit
def largest(x):
    return 2.0 * np.max(x) + np.linalg.norm(x) * np.argmin(x)


@numba.njit
def of_numpy(x):
    A, k, total = np.outer(x, x[1:]), np.array([1, 2, 2, 0, -1]), np.var(x) + np.std(x[1:])
    for n, v in enumerate(x, 2):
        total += v * n
        if np.any(np.roll(x, n) > 1.0) and not np.all(x > -0.13 * n):
            total += np.roll(x, -1)[n - 2]
    for row, v in zip(A, x[k]):
        total += np.max(row * v) - row.min()
    B = (A.T @ A) @ A.T + np.eye(5)[:4] * np.trace(A)
    total += np.sum(x @ A) * x[np.argmax(np.cumsum(x) * np.linspace(x[0], 1.0, 5))] + B.reshape((2, -1))[1, 3]
    return total + np.sum(np.flip(B.ravel())[:4] * np.diff(x) * np.concatenate((x[:1], np.arange(2, 5) * x[1:4]))) + largest(x)


@numba.njit
def exchanged(x):
    u, w = x * 1.0, np.ones(len(x))
    for k in range(5):
        for i in range(1, len(x) - 1):
            w[i] = u[i] + 0.3 * u[i - 1] * u[i + 1] * w[i]
        u, w = w, u
        if k == 2:
            old = u
            u = w
            w = old
        u[0] *= w[1]
    return np.sum(u * w)


@pytest.mark.sampled(0)
def test_functions_of_numpy():
    at = np.array([0.7, -0.4, 0.9, 1.2, 0.3])
    for function in (of_numpy, exchanged):
        assert jt.native.explain(function, at).way == "adjoint"
        value, gradient = jt.value_and_grad(function)(at)
        np.testing.assert_allclose(value, function(at), rtol=1e-14)
        np.testing.assert_allclose(gradient, differences(function, at), rtol=1e-6, atol=1e-7)


@pytest.mark.sampled(0)
def test_equal_largest_elements():
    """What is decided by equal elements, nan or rounding of norms is the tape's, as the code runs."""
    gradient = jt.grad(largest)
    assert np.isnan(gradient(np.array([1.0, np.nan, 3.0]))).all()
    for x, scale, share in (([3.0, 3.0, 1.0], 1.0, (0.5, 0.5, 0.0)), ([3.0, 4.0, 1.0], 1e-200, (0.0, 1.0, 0.0))):
        expected = 2.0 * np.array(share) + 2.0 * np.array(x) / np.linalg.norm(x)
        np.testing.assert_allclose(gradient(np.array(x) * scale), expected, rtol=1e-12)


@numba.njit
def neighbours(x, A, c):
    n, m = A.shape
    y, B, total = np.zeros(n), A.copy(), 0.0
    for i in range(n - 2, 0, -1):
        y[i] = c * math.sin(x[i - 1]) * x[i + 1] - x[i]
        total += x[i] * x[i - 1] * c
    for i in range(1, n - 1, 2):
        total += y[i] * y[i + 1] + y[-i]
    for i in range(1, n):
        for j in range(m - 1):
            B[i, j] = A[i, j] * A[i - 1, j + 1] + c * A[i, j + 1] - y[j] * x[i + c_shift(i)]
    for i in range(1, n):
        y[i] = y[i - 1] * y[i] + x[i]  # these wait for one another
    return total + np.sum(B * B) + y[-1]


@numba.njit
def c_shift(i):
    return -1 if i % 2 else 0


@numba.njit
def of_several(x, A, c):
    y, total = A @ x, 0.0
    for i in range(len(x)):
        total += math.sqrt(x[i]) * y[i % len(y)] * c
    return total, y, (y[0] * c, x[1:], len(x))


@numba.njit
def with_data(x, c):
    y, n = x * c, 0
    while n < 3 and y[n] < 2.0:
        n += 1
    if n > 2:
        return 1, (y, n)
    return y[n] * c, (y, n)


def joined(outputs):
    return np.concatenate([joined(o) if isinstance(o, tuple) else np.ravel(o) for o in outputs])


def test_several_outputs():
    """Pullbacks, Jacobians by rows and auxiliary data; what is infinite is the tape's."""
    x, A = np.array([0.3, 0.5, 0.8, 1.5]), np.arange(8.0).reshape(2, 4) / 4
    assert jt.native.explain(of_several, x, A, 0.7, argnums=(0, 1)).way == "adjoint"
    cotangent = 0.7, np.array([1.0, -2.0]), (0.3, np.array([0.5, 0.25, -1.0]), 0.0)
    value, pull = jt.vjp(of_several, x, A, 0.7)
    along = np.array([1.0, 2.0, -1.0, 0.5]), np.cos(A), 0.4
    slope = joined(cotangent) @ joined(jt.jvp(of_several, (x, A, 0.7), along)[1])
    np.testing.assert_allclose(joined(pull(cotangent)) @ joined(along), slope, rtol=1e-12)
    with pytest.raises(jt.errors.ShapeError):
        pull((0.7, np.ones(3), cotangent[2]))
    assert np.isinf(jt.vjp(of_several, x * [0, 1, 1, 1], A, 0.7)[1](cotangent)[0][0])

    value, (y, n) = jt.value_and_grad(with_data, has_aux=True)(x * 3, 0.5)[0]
    assert (value, n) == (0.5 * y[2], 2) or (value, n) == (1.0, 3)
    np.testing.assert_array_equal(y, x * 1.5)


@numba.njit
def with_lists(x):
    numbers, sums, order, same = [x[0], x[1], 0.5], [0.0] * 3, [2, 0, 1], 0.0
    alias = numbers
    for i in range(5):
        numbers[i % 3] = numbers[order[i % 3]] * x[i] + sums[-1]
        sums[order[i % 3]] += alias[0]
        for v in [x[i], numbers[1]]:
            sums[0] += v * v
    for v in sums:
        same += v * numbers[2]
    return same * len(numbers) + alias[-2]


@numba.njit
def beyond_a_list(x):
    numbers, total = [x[0], x[1]], 0.0
    for i in range(len(x)):
        total += numbers[i]
    return total


@numba.njit
def with_masks(x):
    c, total, y = 0.7, 0.0, x * 2.0
    for k in range(3):
        total += np.sum(x[x > 0.3 * k] * c)
        y[y > 1.0] *= 0.5 + x[k]
        y[x < 0.0] = c
        z = y[x > 0.2]
        z[0] = z[1] * c
        y[: len(z)] += z
        total += np.sum(np.clip(y, -0.2, c + k) ** 2) + np.sum(y.clip(x[0], 1.5))
    return total + np.sum(np.hstack((x, y)) ** 2)


@numba.njit
def kept_from_an_iteration(x):
    total = 0.0
    for k in range(3):
        y = np.zeros(2)
        y[0] = x[k]
        z = x * (k + 1.0)
        if k == 0:
            old, part = y, z[1:]
        total += old[0] * y[0] + part[0] * z[1]
    return total


@pytest.mark.sampled(0)
def test_choices():
    """Lists, masks and bounds; an array that a loop makes again may be kept by another name."""
    at = np.array([0.37, 0.9, -0.4, 1.2, 0.56])
    for function, way in ((with_lists, "adjoint"), (with_masks, "adjoint"), (kept_from_an_iteration, "tape")):
        assert jt.native.explain(function, at).way == way
        value, gradient = jt.value_and_grad(function)(at)
        np.testing.assert_allclose(value, function(at), rtol=1e-14)
        np.testing.assert_allclose(gradient, differences(function, at), rtol=1e-6, atol=1e-7)
    with pytest.raises(IndexError):
        jt.grad(beyond_a_list)(at)


@numba.njit
def slowed(y, w):
    out = np.empty_like(y)
    for i in range(len(y)):
        out[i] = np.tanh(y[i] * w[0] + w[1]) + y[i - 1] * np.float32(0.5)
    return out


@numba.njit
def in_single_precision(x, w, n):
    y, t, total = x * np.float32(2.0), np.float32(0.0), 0.25
    for _ in range(n):
        y = slowed(y, w)
        if y[0] > np.float32(0.7):
            y[0] = y[0] * y[0]
    A = np.zeros((2, len(x)), np.float32)
    A[0], A[1, 1:] = np.where(y > x, y, x), np.sin(y[:-1])
    for v in A[1]:
        t += v * v
        total += v * 0.5
    return np.sum(A * y) + t + total * max(x[0], x[1]), y


@pytest.mark.sampled(0)
def test_single_precision():
    """Values are those of the function, adjoints are added up in double precision and handed out in single."""
    x, w = np.linspace(0.1, 1.2, 7, dtype=np.float32), np.array([0.3, 0.4], np.float32)
    assert jt.native.explain(in_single_precision, x, w, 5, argnums=(0, 1)).way == "adjoint"
    of, double = {"argnums": (0, 1), "has_aux": True}, (x.astype(np.float64), w.astype(np.float64), 5)
    (value, y), found = jt.value_and_grad(in_single_precision, **of)(x, w, 5)
    np.testing.assert_allclose(value, in_single_precision(x, w, 5)[0], rtol=1e-6)
    for a, b in zip(found, jt.value_and_grad(in_single_precision, **of)(*double)[1]):
        assert a.dtype == np.float32
        np.testing.assert_allclose(a, b, rtol=1e-6)
    along, cotangent = np.cos(x.astype(np.float64)), (0.5, np.ones(7, np.float32))
    (bar,) = jt.vjp(in_single_precision, x, w=w, n=5)[1](cotangent)
    slope, slopes = jt.jvp(in_single_precision, (double[0],), (along,), w=double[1], n=5)[1]
    np.testing.assert_allclose(bar @ along, 0.5 * slope + np.sum(slopes), rtol=1e-6)
    rows = jt.jacrev(in_single_precision)(x, w, 5)
    assert [row.dtype for row in rows] == [np.float32] * 2
    np.testing.assert_allclose(0.5 * rows[0] + rows[1].sum(axis=0), bar, rtol=1e-5)


@pytest.mark.sampled(0)
def test_jacobians_by_rows():
    rng, stepping = np.random.default_rng(4), numba.njit(stepped)
    for x in (rng.normal(size=20), rng.normal(size=3)):
        found, (y, n) = jt.jacrev(stepping, has_aux=True)(x, 0.7)
        expected = jt.jacfwd(stepping, has_aux=True)(x, 0.7)[0]
        for a, b in zip(found, expected):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
        np.testing.assert_allclose(y, stepping(x, 0.7)[1][0], rtol=1e-12, atol=1e-14)
    by_c = jt.jacrev(stepping, argnums=(1, 0), has_aux=True)(x, 0.7)[0]
    np.testing.assert_allclose(by_c[0][0], jt.jacfwd(stepping, argnums=1, has_aux=True)(x, 0.7)[0][0], rtol=1e-12)


def stepped(x, c):
    y, w, s = x * 1.0, x + c, 1.0
    for k in range(3):
        for i in range(1, len(x) - 1):
            w[i] = math.sin(y[i - 1] * y[i + 1]) * s + y[i] * c
        y, w = w, y
        s = s * y[1] + x[k] if s < 4.0 else s
    return (y, s), (w, len(x))


@pytest.mark.sampled(0)
def test_neighbours():
    """Loops that read neighbours are reversed in chunks."""
    rng = np.random.default_rng(3)
    for n, m in ((300, 131), (4, 2)):
        args = rng.normal(size=n) * 0.5, rng.normal(size=(n, m)), 0.7
        along = rng.normal(size=n), rng.normal(size=(n, m)), 0.3
        assert jt.native.explain(neighbours, *args, argnums=(0, 1, 2)).way == "adjoint"
        gradients = jt.grad(neighbours, argnums=(0, 1, 2))(*args)
        slope = jt.jvp(neighbours, args, along)[1]
        np.testing.assert_allclose(sum(np.sum(g * v) for g, v in zip(gradients, along)), slope, rtol=1e-10)


@numba.njit
def strided(a, n):
    for k in range(n):
        for i in range(a.shape[0]):
            a[i, k] = a[i, k] * a[i - 1, 0] + math.sin(a[i, k])
    return a[0, 0] * a[-1, n - 1] + a[1, 1]


def test_layouts_and_overlapping_arguments():
    """Each argument is a copy of its own, as on the tape, in any layout; one array in two places is refused."""
    base = np.linspace(0.2, 1.4, 24).reshape(4, 6)
    gradient = jt.grad(strided)
    for a in (base.T, base[::2, ::-1], np.asfortranarray(base), base[:, 1:4]):
        kept = a.copy()
        np.testing.assert_array_equal(gradient(a, 3), gradient(np.ascontiguousarray(a), 3))
        np.testing.assert_array_equal(a, kept)
    x = np.array([0.5, 1.5, 2.5])
    with pytest.raises(jt.errors.SharedMemoryError, match="scaled may write to argument 0"):
        jt.value_and_grad(scaled, argnums=(0, 1))(x, x)
    value, gradients = jt.value_and_grad(scaled, argnums=(0, 1))(x, x.copy())
    assert value == scaled(x.copy(), x.copy())
    np.testing.assert_array_equal(gradients, [x / 2, x / 2])


@numba.njit
def scaled(x, y):
    s = 0.0
    for i in range(len(x)):
        x[i] = x[i] * 0.5
        s += x[i] * y[i]
    return s


def test_threads():
    x = np.array([0.5, 1.5])
    gradient = jt.grad(long)
    expected = [gradient(x * (1 + k / 10), 3000) for k in range(4)]

    def wrong(k):
        return any((gradient(x * (1 + k / 10), 3000) != expected[k]).any() for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        assert not any(pool.map(wrong, range(4)))


def of_list(x):
    numbers = [x[0], x[1]]
    numbers.append(x[2])
    return numbers[0] * numbers[1]


def seen_by_two_names(x):
    y = x * 2.0
    for _ in range(3):
        z = w = y
        y = y * 2.0
        z[0] = x[1]
    return y[0] + w[0]


def in_a_tuple(x):
    y = x * 2.0
    kept = ((y, 1.0), 2.0)
    for _ in range(3):
        kept = ((y, 1.0), 2.0)
        y = y * 2.0
    return y[0] + kept[0][0][1]


def left_at_once(x):
    for v in x:
        return v * x[1]
    return x[0]


def by_comparison(x):
    n = 0
    for i in range(len(x)):
        if x[i] > 0.5:
            n += 1
    return n * 0.5


@pytest.mark.parametrize(
    ("function", "construct"),
    [
        (of_list, "append"),
        (seen_by_two_names, "two names"),
        (by_comparison, "depend"),
        (in_a_tuple, "tuple"),
        (left_at_once, "loop"),
    ],
)
def test_refusals(function, construct):
    way = jt.native.explain(numba.njit(function), np.ones(3))
    assert way.way == "tape"
    assert construct in way.reason


CALLS = """
    np.add(y,x,z) np.sin(y,z) M.sum(axis=0) np.sum(M,1) np.dot(y,x) y.fill(x[0]) y.copy() np.copy(a=y) np.where(y>x,y,x)
    np.full(4,x[0],np.float64) np.full(dtype=np.float64,fill_value=x[0],shape=4) np.zeros_like(a=y,dtype=np.int64)
    np.array([x[0],1.0]) helped(x[0],k=2.0) helped(k=2.0,a=x[0])
""".split()
UNREAD = """
    M.sum(axis=0,dtype=np.int64) np.sum(M,0,np.int64) np.sum(y,dtype=np.int64) np.dot(M,x,z[:2])
    np.array([x[0],1.0],np.float64) np.array([x[0],1.0],dtype=np.float64) np.copy(M).sum(0,np.int64)
""".split()


def helped(a, k):
    return a * k


def test_every_argument_of_a_call_is_read(monkeypatch):
    """What is accepted; what is left to the tape because an argument would be lost; a reader that reads too little is noticed."""

    def reason(call):
        text = f"def calling(x, z, M):\n    y = x * 2.0\n    {call}\n    return y[0] * z[0] * M[1, 0]"
        space = {"np": np, "helped": numba.njit(helped)}
        exec(text, space)
        return refusal(numba.njit(space["calling"]), (np.ones(4), np.ones(4), np.ones((2, 4))))

    assert {call: reason(call) for call in CALLS if reason(call)} == {}
    for call in UNREAD:
        assert "with 1 more arguments" in reason(call) or "with dtype=" in reason(call), call
    monkeypatch.setattr(TreeReader, "reduced", lambda reader, function, array, given, signature: array)
    assert "sum with axis=" in reason("M.sum(axis=0) * y")


def test_explain_of_numbers():
    assert jt.native.explain(numba.njit(lambda x: x * x), 2.0).way == "tangents"
    with pytest.raises(TypeError, match="expected a function decorated"):
        jt.native.explain(by_comparison, np.ones(3))
