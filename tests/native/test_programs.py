"""Programs as people write them: their native gradients against differences of their own values.

Every program stands for several features of the language; its name and the docstring say which.
"""

import math
import types

import numpy as np
import pytest
from numba import njit

import jittape as jt

from .differences import STEP, assert_same, check, check_results, fresh, slopes

PROGRAMS = []


def program(*args, argnums=(0,), eager=False, **options):
    """Declare a program, what it is called with, and whether Tensors run through it too."""

    def declare(function):
        PROGRAMS.append(pytest.param(function, args, argnums, eager, options, id=function.__name__))
        return function

    return declare


X = np.array([0.7, -1.2, 0.4, 1.9, -0.3])
Z = np.array([1.1, 0.6, -0.8, 0.2, 1.4])
M = np.array([[0.3, -1.1, 0.8, 0.5], [1.2, 0.4, -0.7, 1.6], [-0.9, 1.3, 0.2, -0.4]])
BLOCK = np.linspace(-1.0, 1.3, 12).reshape(2, 3, 2)
FOUR = np.linspace(-1.2, 1.0, 24).reshape(2, 3, 2, 2)


# --- control flow -----------------------------------------------------------------------------------------------


@program(X, eager=True, forward=True)
@njit
def loop_with_float_zero(x):
    """acc = 0.0 starts passive and becomes active in the loop."""
    acc = 0.0
    for i in range(len(x)):
        acc += np.sin(x[i]) * acc + x[i] * x[i]
    return acc


@program(X, 3, forward=True)
@njit
def loop_with_integer_zero(x, n):
    """acc = 0 starts as an integer; nested loops; a product that starts at 1."""
    acc, product = 0, 1
    for k in range(n):
        for i in range(k, len(x)):
            acc = acc + x[i] * k
            product = product * (1.0 + 0.1 * x[i])
    return acc * product


@program(X)
@njit
def loop_of_no_rounds(x):
    """A loop that is never entered leaves a passive float."""
    acc = 2.0
    for i in range(0):
        acc += x[i]
    return acc


@program(2.0, 0.3, argnums=(0, 1), forward=True)
@njit
def newton_while(a, start):
    """A while loop on an active condition."""
    y, rounds = start + 1.0, 0
    while abs(y * y - a) > 1e-13 and rounds < 60:
        y = 0.5 * (y + a / y)
        rounds += 1
    return y * (1.0 + start)


@program(X, 1.1, argnums=(0, 1))
@njit
def break_and_continue(x, limit):
    total = 0.0
    for i in range(len(x)):
        if x[i] < -1.0:
            continue
        total += x[i] ** 2 * limit
        if total > limit:
            break
    else:
        total = total * 2.0
    return total


@program(0.4, forward=True)
@njit
def early_returns(x):
    """Results of different forms: a pure number, a sum, a product, an argument."""
    for k in range(10):
        x = x * 1.3 + 0.1 * k
        if x > 50.0:
            return 1.0
        if x > 8.0:
            return math.exp(-x) + x * k
        if x < -100.0:
            return x
    return 0.0


@program(X, 0.2, argnums=(0, 1), eager=True)
@njit
def branches_on_active_values(x, t):
    y = t
    for i in range(len(x)):
        if x[i] > t:
            y = y + x[i] * x[i]
        elif x[i] < -t and y > 0.0:
            y = y * np.cos(x[i])
        else:
            y = -y
    return y if y > 0 else y * y


@program(X, eager=True)
@njit
def ternaries_and_booleans(x):
    positive = 0
    total = 0.0
    for i in range(len(x)):
        inside = -0.5 < x[i] < 1.0
        positive += x[i] > 0
        total += (x[i] ** 3 if inside else 2.0 * x[i]) * (1.0 if not inside else positive)
    return total


# --- what Warp and Taichi get wrong without a word -------------------------------------------------------------------


@program(1.2, 7, eager=True)
@njit
def dynamic_loop_with_state_in_a_local(x, n):
    state = x
    for _ in range(n):
        state = state * np.sin(state) + x
    return state


@program(0.8, 4, 3, eager=True, step=1e-4)
@njit
def nested_dynamic_loop(x, n, m):
    total = x
    for i in range(n):
        inner = total
        for j in range(m + i):
            inner = inner * 0.9 + np.sin(inner * x) * (j + 1)
        total = total + 0.1 * inner * inner
    return total


@program(1.3, 5, eager=True)
@njit
def variable_from_before_the_loop(x, n):
    before = x * x + 0.5
    total = 0.0
    for i in range(n):
        total += before * np.cos(before * i)
    return total * before


@program(X)
@njit
def array_overwritten_after_use(x):
    work = np.zeros(5)
    total = 0.0
    for k in range(3):
        for i in range(5):
            work[i] = x[i] * (k + 1.0) + work[i - 1] * 0.5
        for i in range(5):
            total += np.sin(work[i]) * work[i]
            work[i] = 2.0
        work[0] = total
    return total + work[0] * work[1]


# --- arrays -----------------------------------------------------------------------------------------------------------


@program(X, Z, argnums=(0, 1))
@njit
def argument_overwritten(x, z):
    """The arguments are written to, also through a view."""
    for i in range(len(x)):
        x[i] = x[i] * z[i - 1]
        z[i] += x[i]
    half = z[1:4]
    half[1] = half[0] * half[2]
    x[0] = 3.0
    return np.sum(x * z) + x[2]


@program(X)
@njit
def aliasing_views(x):
    u = np.zeros((3, 4))
    row, column, corner = u[1], u[:, 2], u[1:, 1:]
    for j in range(4):
        row[j] = x[j] * x[4]
    column += row[:3] * 2.0
    corner[0, 0] = corner[0, 1] * x[0]
    corner[1, :] = row[1:]
    transposed = u.T
    transposed[0, 0] = x[3] * u[1, 1]
    flat = u.reshape(12)
    flat[11] *= x[2]
    total = 0.0
    for i in range(3):
        for j in range(4):
            total += u[i, j] * u[i, j] * (i + 1) * (j + 1)
    return total


@program(X, 6)
@njit
def swapped_arrays(x, rounds):
    """Two buffers that change places, and a stencil of slices."""
    u, v = np.zeros(5), np.empty(5)
    u[:] = x
    for k in range(rounds):
        v[1:-1] = u[1:-1] - 0.1 * u[1:-1] * (u[2:] - u[:-2]) + 0.05 * (u[2:] - 2 * u[1:-1] + u[:-2])
        v[0] = u[-1]
        v[-1] = u[0] * 0.5
        u, v = v, u
    return np.sum(u**2) + v[2]


@program(X, 1.5, argnums=(0, 1))
@njit
def in_place_operators(x, a):
    """Scalars, elements, slices, whole arrays; arrays and numbers, active and plain, on the right."""
    s, u, v = a, x.copy(), np.ones(5)
    s += 2
    s *= a
    s -= x[0]
    s /= a + 3.0
    s **= 2
    u += 1.5
    u *= x
    u -= v
    u /= v + a
    v[2:] += u[:3]
    v[:2] *= s
    v **= 2
    v[0] -= a
    v[1] /= u[1] + 7.0
    v[2] *= v[2]
    u[1:4] -= 0.5 * v[1:4] * s
    return np.sum(u) + np.sum(v) * s


@program(X, 2.5, argnums=(0, 1))
@njit
def constructors(x, a):
    """Every way to make an array, integer arrays among them."""
    total = 0.0
    zeros, ones, empty = np.zeros((2, 3)), np.ones(3), np.empty((2, 2))
    full, counts, plain = np.full(4, a), np.zeros(3, np.int64), np.full(2, 0.5)
    rounded = np.full(2, 2.5, np.int64)
    single = np.zeros(2, np.float64)
    like, ones_like, empty_like = np.zeros_like(x), np.ones_like(x), np.empty_like(x)
    literal, nested, copied = np.array([x[0], a, 1.0]), np.array([[a, x[1]], [2.0, x[2] * a]]), np.copy(x)
    same = np.full_like(x, 2)
    zeros[1, 2], ones[1] = a, a * a
    empty[:] = x[1]
    full[2] *= x[3]
    plain[1] = x[4]
    single[0] = x[0]
    for i in range(5):
        like[i] = x[i] * a
        ones_like[i] += x[i]
        empty_like[i] = like[i] * ones_like[i]
        counts[i % 3] += i
        copied[i] *= copied[i]
        total += counts[i % 3] * empty_like[i] + copied[i] + same[i]
    total += zeros[1, 2] * ones[1] + ones[0] + empty[0, 1] * full[2] + full[0] + plain[1] * plain[0] + single[0]
    return total + literal[0] * literal[1] + literal[2] + nested[0, 1] * nested[1, 1] + nested[1, 0] + rounded[1] * a


@program(M, BLOCK, FOUR, argnums=(0, 1, 2))
@njit
def two_to_four_dimensions(m, block, four):
    total = 0.0
    for i in range(m.shape[0]):
        for j in range(m.shape[1]):
            total += m[i, j] * m[i - 1, j - 1]
    work = np.zeros((2, 3, 2))
    for i, j, k in np.ndindex(2, 3, 2):
        work[i, j, k] = block[i, j, k] * total + four[i, j, k, 0] * four[i, j, 1, k]
    work[:, 1, :] = block[:, 0, :] * 2.0
    work[1] += four[0, :, 1]
    for row in m:
        for v in row:
            total += v * v * work[1, 2, 0]
    return total + np.sum(work * work) + np.sum(four)


@program(np.asfortranarray(M), M.T, M[::2, ::2], X[::-1], argnums=(0, 1, 2, 3))
@njit
def any_memory_order(fortran, transposed, strided, backwards):
    total = 0.0
    for i in range(fortran.shape[0]):
        for j in range(fortran.shape[1]):
            total += fortran[i, j] * transposed[j, i] * (i + 2 * j)
    total += strided[1, 1] * backwards[0] ** 2 + strided[0, 1] * backwards[4]
    for v in backwards:
        total = total * 0.5 + v
    return total + np.sum(fortran[:, 1] * transposed[2, :3]) + np.sum(strided)


@program(np.float32(1.5), X.astype(np.float32), argnums=(0, 1), tolerance=2e-3, step=2e-2)
@njit
def single_precision(a, x):
    work = np.zeros(5, np.float32)
    for i in range(len(x)):
        work[i] = x[i] * a + np.float32(0.5)
    total = np.float32(0.0)
    for v in work:
        total += np.sin(v) * a
    return total


@program(X, np.array([2, 0, 4]), np.array([True, False, True, True, False]), True, "twice", 3)
@njit
def plain_arguments(x, places, mask, flag, mode, n):
    """Integers, booleans, strings and arrays of them are plain values."""
    total = x[0] * n
    for p in places:
        total += x[p] * p
    for i in range(len(x)):
        if mask[i] and flag:
            total += x[i] ** 2
    if mode == "twice":
        total *= 2
    picked = x[places]
    chosen = x[mask]
    return total + picked[1] * chosen[2] + np.sum(chosen)


@program(X, 0.4, Z)
@njit
def plain_floats_beside(x, a, z):
    """Float arguments that are not differentiated, scalar and array."""
    work = z * x + a
    total = a
    for i in range(len(x)):
        total += work[i] * z[i] * a
    return total + np.sum(z) * x[0]


@program(X)
@njit
def independent_of_the_input(x):
    total = 0.0
    for i in range(len(x)):
        total += len(x) * 0.5
    return total


@program(X, eager=True)
@njit
def an_element_itself(x):
    return x[3]


# --- Python's own containers and iteration -------------------------------------------------------------------------------


@program(X, Z, argnums=(0, 1))
@njit
def enumerate_and_zip(x, z):
    total = 0.0
    for i, v in enumerate(x):
        total += i * v * v
    for a, b in zip(x, z):
        total += a * b * total
    for i, (a, b) in enumerate(zip(x[1:], z[:-1])):
        total -= a * b * i
    return total


@program(X, 0.3, argnums=(0, 1))
@njit
def tuples(x, a):
    """Packing, unpacking, indexing, tuples of expressions of different length, tuples through branches."""
    pair = x[0] * a, x[1]
    p, q = pair
    p, q = q * p, p + a
    triple = (x[0] * x[1] + a, a, p * q - a * x[2])
    total = 0.0
    for v in triple:
        total += v * v
    for k in range(3):
        total += triple[k] * k
    best = (x[0], a) if x[0] > a else (a * a, x[1] + x[2] + x[3] * a)
    return total + best[0] * best[1] + pair[-1]


@program(X, 0.3, argnums=(0, 1))
@njit
def lists(x, a):
    values = [x[0] * a, x[1], a + x[2] * x[3]]
    values.append(x[4] * x[4])
    total = 0.0
    for v in values:
        total += v * v
    values[1] = total * a
    squares = [v * v for v in x]
    table = np.array([v * a for v in x])
    return total + values[1] + values[-1] * squares[2] + sum(squares) + table[3] * table[1]


@program((X, 2.0, (Z, 0.4)), 1.5, argnums=(0, 1))
@njit
def tuple_arguments(params, a):
    weights, scale, (bias, shift) = params
    total = 0.0
    for i in range(len(weights)):
        total += weights[i] * scale * bias[i] + shift * a
    return total * params[1] + params[2][1]


@program((0.5, 1.5, 2.5))
@njit
def uniform_tuple_argument(point):
    total = 0.0
    for c in point:
        total += c * c
    for k in range(3):
        total *= point[k]
    return total


# --- functions ---------------------------------------------------------------------------------------------------------------


@njit
def norm_of(x):
    total = 0.0
    for v in x:
        total += v * v
    return math.sqrt(total)


@njit
def twice_and_half(v):
    return 2.0 * v, v / 2.0


@njit
def scale_in_place(u, a):
    for i in range(len(u)):
        u[i] *= a


@njit
def filled(n, value):
    out = np.zeros(n)
    out[:] = value
    return out


tools = types.ModuleType("tools")
tools.norm_of = norm_of
tools.deeper = types.ModuleType("deeper")
tools.deeper.filled = filled
tools.SCALE = 1.5


@program(X, 0.8, argnums=(0, 1))
@njit
def helpers(x, a):
    """Functions called with forms, results in tuples, arrays that they write to or make, in modules of modules."""
    double, half = twice_and_half(x[0] * a + x[1])
    u = x.copy()
    scale_in_place(u, a * a)
    scale_in_place(u[1:3], u[0])
    made = filled(4, x[2] * a)
    other = tools.deeper.filled(3, a)
    return norm_of(u) * double + half + np.sum(made) * other[1] + tools.norm_of(x * a) * tools.SCALE


@njit
def doubled(u, k):
    u[k] *= 2.0
    return u[k]


@program(X, 0.8, argnums=(0, 1))
@njit
def elements_read_around_writes(x, a):
    """The same element before and after a call, or an assignment, that changes it: two different numbers."""
    u = x.copy()
    y = u[1] * a + doubled(u, 1) * u[1]
    t = u[2] * a
    u[2] = y * 0.3
    z = t + u[2] * t
    w = u[3] * u[3]
    u[3:] = z
    return y * z + w * u[3] + u[0] * doubled(u, 0) * u[0]


def closure_program():
    shift, power = 0.75, 3

    @njit
    def inner(v):
        return v**power + shift

    @njit
    def with_closures(x, a):
        def local(v):
            return v * a + shift

        total = 0.0
        for v in x:
            total += inner(v * a) * local(v)
        return total

    return with_closures


program(X, 0.6, argnums=(0, 1))(closure_program())


@njit
def square_plus(v, b):
    return v * v + b


@njit
def sine_plus(v, b):
    return math.sin(v) + b * v


@njit
def fold(function, x, b):
    total = b
    for v in x:
        total = function(v, total * 0.5)
    return total


@program(square_plus, X, 0.6, argnums=(1, 2))
@njit
def functions_as_arguments(function, x, a):
    return fold(function, x, a) + fold(sine_plus, x * a, function(a, a))


@njit
def power_of(x, n):
    if n == 0:
        return 1.0
    return x * power_of(x, n - 1)


@njit
def is_even_product(x, n):
    if n <= 0:
        return x
    return is_odd_product(x * 1.1, n - 1) + x


@njit
def is_odd_product(x, n):
    if n <= 0:
        return x * x
    return is_even_product(x * x * 0.5, n - 1) * 0.7


@njit
def minors(m, columns, row):
    """Determinant by minors: recursion with arrays."""
    if row == m.shape[0]:
        return 1.0
    total, sign = 0.0, 1.0
    for j in range(m.shape[1]):
        if not columns & (1 << j):
            total += sign * m[row, j] * minors(m, columns | (1 << j), row + 1)
            sign = -sign
    return total


@program(1.2, M[:, :3].copy(), argnums=(0, 1))
@njit
def recursion(x, m):
    return power_of(x, 5) + minors(m, 0, 0) * x


@program(1.2)
@njit
def mutual_recursion(x):
    return is_even_product(x, 5) + is_odd_product(x, 2)


@program(X, 0.5, argnums=(0, 1))
@njit
def defaults_and_keywords(x, a, b=2.0, n=3):
    total = b
    for k in range(n):
        total += fold(b=a, x=x, function=square_plus) * k + with_defaults(a, c=x[k])
    return total


@njit
def with_defaults(a, b=0.3, c=1.0, *rest):
    return a * b + c * a * a


# --- the tests ----------------------------------------------------------------------------------------------------------------


@pytest.mark.sampled(5)
@pytest.mark.filterwarnings("ignore:First-class function:numba.core.errors.NumbaExperimentalFeatureWarning")
@pytest.mark.parametrize("function, args, argnums, eager, options", PROGRAMS)
def test_program(function, args, argnums, eager, options):
    gradient = check(function, *args, argnums=argnums, **options)
    if eager:
        recorded = jt.grad(function.py_func, argnums=argnums)(*[fresh(a) for a in args])
        assert_same(recorded, gradient, 1e-12, "eager")


def test_defaults_can_be_given_and_named():
    gradient = jt.grad(defaults_and_keywords, argnums=1)
    for args, kwargs in (((X, 0.5, 1.0), {}), ((X, 0.5), {"n": 2}), ((X,), {"a": 0.5, "b": -1.0})):
        full = (X, 0.5, kwargs.get("b", args[2] if len(args) > 2 else 2.0), kwargs.get("n", 3))
        assert_same(gradient(*args, **kwargs), slopes(defaults_and_keywords, full, (1,)))


@njit
def several_results(x, a):
    """A number, an array, a tuple, an argument as it is, an integer array and a passive number."""
    table = np.zeros((2, 3))
    for i in range(5):
        table[i % 2, i % 3] += x[i] * a
    return table, (a * x[0], x), x[1:3], 2.5


def test_tuple_results():
    check_results(several_results, X, 0.7)


@njit
def matrix_result(m, a):
    return m.T * a


def test_array_results_of_any_layout():
    check_results(matrix_result, M, 1.5)
    check_results(matrix_result, np.asfortranarray(M), 1.5)
    jacobian = jt.jacobian(matrix_result)(M, 1.5)
    assert jacobian.shape == (4, 3, 3, 4)
    np.testing.assert_array_equal(jacobian, 1.5 * np.einsum("il,jk->ijkl", np.eye(4), np.eye(3)))


@njit
def overwriting(x):
    y = x * x
    x[:] = 0.0
    return y


def test_functions_that_overwrite_their_arguments_keep_their_pullback():
    """The value is computed by a call that writes to the argument; the pullback is about the argument as it was."""
    x = X.copy()
    value, pullback = jt.vjp(overwriting, x)
    np.testing.assert_array_equal(value, X**2)
    np.testing.assert_allclose(pullback(np.ones(5))[0], 2 * X)
    value, push = jt.linearize(overwriting, X.copy())
    np.testing.assert_allclose(push(np.ones(5)), 2 * X)
    np.testing.assert_allclose(jt.jacobian(overwriting)(X.copy()), np.diag(2 * X))


def test_pullbacks_do_not_see_later_changes_of_the_arguments():
    x = X.copy()
    _, pullback = jt.vjp(overwriting, x)
    x[:] = 7.0
    np.testing.assert_allclose(pullback(np.ones(5))[0], 2 * X)


def test_gradients_leave_the_arguments_alone():
    x, z = X.copy(), Z.copy()
    jt.grad(argument_overwritten, argnums=(0, 1))(x, z)
    np.testing.assert_array_equal((x, z), (X, Z))


def test_a_finite_difference_that_is_wrong_is_noticed():
    """The yardstick itself: a derivative that is wrong by one in a thousand does not pass."""
    numeric = slopes(loop_with_float_zero, (X,), (0,), step=STEP)
    with pytest.raises(AssertionError):
        assert_same(numeric * 1.001, numeric)
