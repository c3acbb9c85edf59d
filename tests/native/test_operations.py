"""Every operation that compiled code can call, on active and on dual numbers and arrays: a loop over the table.

Jacobians are checked against differences of the operation's own values, computed by Python on its declared domain.
Several operations share a compiled function, a row of outputs each.
"""

import math
import operator

import numpy as np
import pytest
from numba import njit
from sampling import some

import jittape as jt
from jittape.native.statements.in_place_operators import IN_PLACE
from jittape.native.numbers.operation_rules import names_of
from jittape.ops.recorded_masks import Mask
from jittape.ops.declare_elementwise import Elementwise
from jittape.ops.domains import domains_of, sample_operands
from jittape.ops.operation_table import BY_NAME

from .differences import assert_same, check

OPERATIONS = [op for op in BY_NAME.values() if isinstance(op, Elementwise) and not (isinstance(op, Mask) or op.library)]
CHOOSING = [BY_NAME["where"]]  # its condition is not differentiated: a test of its own
WHOLE = {
    np.ldexp: BY_NAME["ldexp"].function,
    math.ldexp: BY_NAME["ldexp"].function,
}  # differences need exponents between integers
GROUP = 8
GROUPS = [
    group[k : k + GROUP]
    for arity in (1, 2, 3)
    for group in [[op for op in OPERATIONS if op.arity == arity and op not in CHOOSING]]
    for k in range(0, len(group), GROUP)
]


def number(value):
    return float(np.asarray(value))


def slope(function, point, k):
    """Derivative by argument k, extrapolated, and its error as the spread over two steps."""
    function = WHOLE.get(function, function)

    def difference(h):
        ahead, behind = list(point), list(point)
        ahead[k] += h
        behind[k] -= h
        return (number(function(*ahead)) - number(function(*behind))) / (2 * h)

    fine, coarse = [(4 * difference(h) - difference(2 * h)) / 3 for h in (5e-4, 1e-3)]
    return fine, abs(fine - coarse)


def point_of(operation, rng):
    """Arguments on the domain where the values have no kink between the points that differences are taken of.

    By an order, which is a whole number, there is no derivative: differences are nan as the derivatives are.
    """
    function = operation.function
    for _ in range(50):
        point = [float(x) for x in sample_operands(operation, rng, ())]
        if all(slope(function, point, k)[1] < 1e-7 for k, domain in enumerate(domains_of(operation)) if not domain.values):
            return point
    raise AssertionError(f"{operation.name}: no smooth point on its domain")


def written(functions, arity, arrays):
    """A compiled function that writes ``functions[k](x[p, 0], x[p, 1], ...)`` to row k; or of whole rows."""
    lines = ["def group(x):", f"    out = np.zeros(({len(functions)}{', x.shape[2]' if arrays else ''}))"]
    for k, (_, place) in enumerate(functions):
        operands = ", ".join(f"x[{place}, {n}]" for n in range(arity))
        lines.append(f"    out[{k}] = f{k}({operands})")
    namespace = {"np": np, **{f"f{k}": f for k, (f, _) in enumerate(functions)}}
    exec("\n".join([*lines, "    return out"]), namespace)
    return njit(namespace["group"])


def test_every_operation_is_in_a_group():
    assert sorted(op.name for group in [*GROUPS, CHOOSING] for op in group) == sorted(op.name for op in OPERATIONS)
    assert len(OPERATIONS) > 45
    for operation in OPERATIONS:
        if operation not in CHOOSING:
            assert operation.function in names_of(operation)
            if isinstance(operation.ufunc, np.ufunc):
                assert operation.ufunc in names_of(operation)
    assert {operator.add, operator.pow, operator.neg, abs, math.sin, math.fabs, math.hypot, np.mod} <= {
        f for op in OPERATIONS for f in names_of(op)
    }


def names_here(operation):
    """Names that compiled code knows without SciPy's namespaces, which another test may have loaded."""
    return [f for f in names_of(operation) if not isinstance(f, np.ufunc) or getattr(np, f.__name__, None) is f]


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "-".join(op.name for op in group))
def test_numbers(group):
    """All names of the operations on scalars, reverse and forward."""
    rng = np.random.default_rng(7)
    points = np.array([point_of(op, rng) for op in group])
    functions = [(f, p) for p, op in enumerate(group) for f in some(names_here(op), 1)]
    names = [f"{group[p].name} called {f}" for f, p in functions]
    compiled = written(functions, group[0].arity, arrays=False)
    expected = np.zeros((len(functions), *points.shape))
    for k, (f, p) in enumerate(functions):
        for n in range(points.shape[1]):
            expected[k, p, n] = slope(f, points[p].tolist(), n)[0]
    by_rows, by_columns = jt.jacrev(compiled)(points), jt.jacfwd(compiled)(points)
    for k, name in enumerate(names):
        assert_same(by_rows[k], expected[k], 1e-7, f"{name}, reverse")
        assert_same(by_columns[k], expected[k], 1e-7, f"{name}, forward")


@pytest.mark.parametrize("group", GROUPS, ids=lambda group: "-".join(op.name for op in group))
def test_arrays(group):
    """The operations on whole arrays, reverse: element by element what they do to numbers."""
    rng = np.random.default_rng(11)
    points = np.array([np.transpose([point_of(op, rng) for _ in range(3)]) for op in group])  # operation, operand, element
    functions = [(names_here(op)[0], p) for p, op in enumerate(group)]
    jacobian = jt.jacrev(written(functions, group[0].arity, arrays=True))(points)
    for k, (f, p) in enumerate(functions):
        expected = np.zeros((3, *points.shape))
        for e in range(3):
            for n in range(points.shape[1]):
                expected[e, p, n, e] = slope(f, points[p, :, e].tolist(), n)[0]
        assert_same(jacobian[k], expected, 1e-7, f"{group[p].name} called {f}")


@njit
def choosing(x, z, n):
    """where, min, max with several operands, and of whole arrays."""
    first = jt.where(x[0] > z[0], x[0] * x[1], z[0])
    second = np.where(x[1] > z[1], x[1], 3.0)
    rows = np.where(x > z, x * x, z)
    few = min(x[0], z[1], 0.3 * x[2]) + max(x[0], n) * max(z[2], x[1], z[0]) + min(2, x[2] * x[2])
    return first * second + np.sum(rows * rows) + few


@njit
def conversions(x, a):
    """What looks at the value only gives plain numbers."""
    total = int(x[0] * 10.3) * a + round(x[1]) * x[1] + math.floor(x[2] * 3.3) * x[0]
    total += float(x[1]) + math.ceil(x[2]) * a + bool(a) * x[2] + (not x[0]) * 5.0 + +x[1]
    total += (x[0] // 0.3) * x[1] + (a // x[0]) * a + 7 // a
    if math.isnan(x[0]) or np.isinf(a) or not np.isfinite(x[1]):
        total = total * 0.0
    return total + (x[0] == x[0]) * a + np.sign(x[1]) * x[2]


@njit
def powers(x, a, n):
    """Exponents that are literals, variables, negative, fractions, active; bases that are plain, or negative."""
    total = x[0] ** 2 + x[1] ** 3 + x[2] ** 4 + x[1] ** -1 + x[0] ** 0.5 + x[1] ** n + a**n + 2.0 ** x[1] + 2 ** x[2]
    total += x[0] ** a + pow(x[0], 2) + math.pow(x[2], 3) + x[1] ** 1 + x[1] ** 0 + np.power(x[1], 2)
    return total + np.sum((x * x) ** 1.5) + np.sum(x**2) + np.sum(2.0**x)


X3, Z3 = np.array([0.7, -1.2, 1.4]), np.array([0.2, 0.9, -0.6])


def test_choosing():
    for n in (0.1, 5.0):
        check(choosing, X3, Z3, n, argnums=(0, 1, 2), forward=True)


def test_conversions():
    check(conversions, X3, 0.8, argnums=(0, 1), forward=True)


def test_whole_quotients_are_plain_numbers_wherever_they_stand():
    @njit
    def used(x):
        return (x[0] // 0.3) * x[1]

    np.testing.assert_array_equal(jt.grad(used)(np.array([1.0, 2.0])), [0.0, 3.0])


def test_powers():
    check(powers, X3, 0.8, 3, argnums=(0, 1), forward=True)


def test_choices_hand_on_the_first_of_equals():
    """min and max as Python's: no halves, unlike np.maximum, which shares."""

    @njit
    def ties(x, z):
        return max(x, z) + 10.0 * min(x, z) + 100.0 * np.maximum(x, z)

    assert jt.grad(ties, argnums=(0, 1))(2.0, 2.0) == (61.0, 50.0)


def test_operators_in_place_have_their_own_code():
    names = {"iadd", "isub", "imul", "itruediv", "ifloordiv", "imod", "ipow"}
    assert names <= {f.__name__ for f in IN_PLACE}


# --- reductions and products --------------------------------------------------------------------------------------------


M = np.array([[0.3, -1.1, 0.8], [1.2, 0.4, -0.7]])
N = np.array([[0.5, 1.3], [-0.9, 0.2], [1.1, -0.6]])


WEIGHTS = np.linspace(0.5, 1.5, 12)


@njit
def reductions(m, x):
    """Functions and methods, of vectors and of matrices in any order, with axes."""
    out = np.zeros(12)
    out[0] = np.sum(m) + x.sum() * m.sum()
    out[1] = np.mean(m) * x.mean()
    out[2] = np.prod(x)
    out[3] = m.var()
    out[4] = np.std(m)
    out[5] = np.max(m) * x.max()
    out[6] = np.min(m) * np.amin(x)
    out[7] = np.argmax(x) * x[0] + x.argmin() * x[1] + np.argmin(m) * x[2]
    out[8] = np.sum(np.cumsum(x) * x) + x.cumsum()[1]
    out[9] = np.sum(np.sum(m, 0) * x) + np.sum(m.T, axis=1)[2] * m.sum(axis=-1)[1]
    out[10] = np.sum(m[:, 1]) * np.sum(m[0, ::2]) + np.linalg.norm(x) * np.linalg.norm(m)
    out[11] = np.trace(m[:, 1:]) + np.sum(m.flatten() * np.ravel(m.T).copy()) + m.size
    return np.sum(out * WEIGHTS)


@njit
def products(m, n, x, plain):
    """All shapes of np.dot and @, transposed and strided, one operand plain, inner and outer products."""
    square = m @ n
    total = np.dot(x, m[0]) + x @ x + np.sum(m @ x) + np.sum(np.dot(x, n)) + np.sum(square * square)
    total += np.sum(np.dot(n, m)[::2] @ x) + np.vdot(m[0], n[:, 1]) + np.sum(np.outer(x, m[:, 1]) ** 2)
    total += np.dot(plain, x) * (plain @ m[1]) + np.sum(plain @ n) + np.sum(m @ plain) + x.dot(plain)
    return total + np.sum(n.T @ m.T) + np.dot(x[::-1], n[:, 0])


@njit
def systems(a, b, right):
    """solve by vector and matrix, inverse, determinant."""
    s, several = np.linalg.solve(a, b), np.linalg.solve(a, right)
    inverse = np.linalg.inv(a)
    return s @ b + np.sum(several * right) + np.sum(inverse * a.T) + np.linalg.det(a) + np.linalg.solve(inverse, s)[0]


@njit
def without_a_tape(m, x):
    y = m @ x
    return np.sum(y * y) * np.dot(x, x) + np.mean(m) * np.linalg.det(m[:, :2].copy()) + x[np.argmax(x)]


A3 = np.array([[0.1, 1.2, -0.4], [1.5, 0.3, 0.8], [-0.7, 0.6, 1.9]])  # needs exchanged rows


@pytest.mark.sampled(0)  # what stands in them, test_native_kernels holds against the table function by function
@pytest.mark.parametrize(
    "function, args, chosen, options",
    [
        (reductions, (M, X3), (0, 1), {}),
        (products, (M, N, X3, Z3), (0, 1, 2), {}),
        (systems, (A3, X3, N), (0, 1, 2), {"tolerance": 1e-6, "step": 2e-4}),
        (without_a_tape, (M, X3), (0, 1), {"forward": True}),
    ],
    ids=lambda v: v.__name__ if callable(v) else "",
)
def test_whole_programs(function, args, chosen, options):
    check(function, *args, argnums=chosen, **options)


def test_one_statement_a_sum():
    """Sums and inner products are single statements, whatever their length."""

    @njit
    def total(x):
        return np.sum(x) + np.dot(x, x) * x @ x

    jt.grad(total)(np.linspace(0.1, 1.0, 1000))
    stats = jt.native.tape_stats()
    assert stats.statements < 20000


@njit
def inner(x, z):
    return np.dot(x, z)


@njit
def unknowns(x, z):
    return np.linalg.solve(x, z)[0]


@pytest.mark.sampled(0)
def test_shapes_that_do_not_fit():
    with pytest.raises(ValueError, match="shapes do not fit"):
        jt.grad(inner)(np.ones(3), np.ones(2))
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        jt.grad(unknowns)(np.ones((2, 3)), np.ones(2))
    with pytest.raises((ValueError, np.linalg.LinAlgError)):
        jt.grad(unknowns)(np.eye(3), np.ones(2))
    with pytest.raises(np.linalg.LinAlgError):
        jt.grad(unknowns)(np.ones((2, 2)), np.ones(2))
