"""Special points of operations, to second order, in every mode.

Declarations state what value, first and second derivatives are where a formula would not tell: at zeros, kinks, ties, large and
infinite arguments. Here they are looked up, not derived; what the points mean is said in SEMANTICS of the declarations.
"""

import functools
import itertools
import math

import numpy as np
import pytest
from exact_derivatives import EXACT, NotDefined, partial
from numba import njit
from sampling import some

import jittape as jt
from jittape.ops.declare_elementwise import Elementwise
from jittape.ops.declare_structured import Structured
from jittape.ops.domains import domains_of
from jittape.ops.operation_table import BY_NAME
from jittape.ops.recorded_masks import Mask

ELEMENTWISE = [o for o in BY_NAME.values() if isinstance(o, Elementwise) and not (isinstance(o, Mask) or o.library)]
SPECIAL = [o for o in ELEMENTWISE if o.special_points]


def hessians(triangles, arity):
    """Upper triangles, row by row, as matrices: operand, operand, point."""
    found, rows, columns = np.zeros((arity, arity, len(triangles))), *np.triu_indices(arity)
    found[rows, columns] = found[columns, rows] = np.transpose(triangles)
    return found


def elementwise_sum(operation):
    """The sum of an operation over the columns of a matrix of operands."""
    return lambda x: operation.apply(*[x[k] for k in range(operation.arity)]).sum()


# --- modes: each takes an operation and points, a column each, and gives derivatives of every column ---------------------------


def reverse(operation, points, create_graph=False):
    inputs = [jt.tensor(x, requires_grad=True) for x in points]
    y = operation.apply(*inputs)
    found = jt.autograd.grad(y, inputs, np.ones(points.shape[1]), create_graph=create_graph, materialize_grads=True)
    return np.stack([g.detach().numpy() for g in found])


def recorded_reverse(operation, points):
    return reverse(operation, points, create_graph=True)


def one_by_one(operation, points):
    """Rows of one element have kernels of their own."""
    return np.stack([jt.grad(elementwise_sum(operation))(x) for x in points.T], 1)


def forward(operation, points):
    return np.stack([_tangent(operation, points, k) for k in range(operation.arity)])


def _tangent(operation, points, k):
    """The derivative by operand k; the others are constants."""

    def of_one(x):
        return operation.apply(*[x if j == k else c for j, c in enumerate(points)])

    return jt.jvp(of_one, (points[k],), (np.ones(points.shape[1]),))[1]


def compiled(operation, points):
    return jt.compile(jt.grad(elementwise_sum(operation)))(points)


def vmapped(operation, points):
    return np.transpose(jt.vmap(jt.grad(elementwise_sum(operation)))(np.ascontiguousarray(points.T)))


FIRST = (reverse, recorded_reverse, one_by_one, forward, compiled, vmapped)


def reverse_over_reverse(operation, points):
    arity, n = points.shape
    inputs = [jt.tensor(x, requires_grad=True) for x in points]
    gradients = jt.autograd.grad(operation.apply(*inputs), inputs, np.ones(n), create_graph=True, materialize_grads=True)
    found = np.zeros((arity, arity, n))
    for k, g in enumerate(gradients):
        if g.requires_grad:
            rows = jt.autograd.grad(g, inputs, np.ones(n), retain_graph=True, materialize_grads=True)
            found[k] = [row.numpy() for row in rows]
    return found


def _directions(points):
    for k in range(len(points)):
        yield np.where(np.arange(len(points))[:, None] == k, 1.0, np.zeros(points.shape))


def forward_over_reverse(operation, points):
    return np.stack([jt.hvp(elementwise_sum(operation), points, v) for v in _directions(points)])


def compiled_products(operation, points):
    product = jt.compile(lambda x, v: jt.hvp(elementwise_sum(operation), x, v))
    return np.stack([product(points, v) for v in _directions(points)])


def vmapped_hessians(operation, points):
    return np.moveaxis(jt.vmap(jt.hessian(elementwise_sum(operation)))(np.ascontiguousarray(points.T)), 0, 2)


SECOND = (reverse_over_reverse, forward_over_reverse, compiled_products, vmapped_hessians)


def columns(operation, k):
    """Part k of all special points of an operation, a column each."""
    return np.transpose(np.array([point[k] for point in operation.special_points], float))


@pytest.mark.parametrize("operation", SPECIAL, ids=lambda o: o.name)
def test_values_and_first_derivatives(operation):
    points, values, partials = (columns(operation, k) for k in range(3))
    np.testing.assert_allclose(operation.apply(*[jt.tensor(x) for x in points]).numpy(), values, rtol=1e-15)
    for mode in FIRST:
        np.testing.assert_allclose(mode(operation, points), partials, rtol=1e-14, atol=0, err_msg=mode.__name__)


@pytest.mark.parametrize("operation", SPECIAL, ids=lambda o: o.name)
def test_second_derivatives(operation):
    points, expected = columns(operation, 0), hessians([p[3] for p in operation.special_points], operation.arity)
    for mode in SECOND:
        np.testing.assert_allclose(mode(operation, points), expected, rtol=1e-14, atol=0, err_msg=mode.__name__)


# --- a grid of special values -------------------------------------------------------------------------------------------------

VALUES = [
    0.0,
    -0.0,
    1.0,
    -1.0,
    0.5,
    2.0,
    -3.0,
    20.0,
    -20.0,
    800.0,
    -800.0,
    1e-300,
    -1e-300,
    1e300,
    -1e300,
    math.inf,
    -math.inf,
    math.nan,
]
FEWER = [0.0, -0.0, 1.0, -2.0, 3.0, 1e-300, 1e300, math.inf, -math.inf, math.nan]
FEWEST = [0.0, 1.0, -1.0, 2.0, math.inf, math.nan]


def grid(operation):
    """Every combination of special values, a column each; conditions are 0 or 1."""
    values = (VALUES, FEWER, FEWEST)[operation.arity - 1]
    axes = [domain.values or values for domain in domains_of(operation)]
    return np.transpose(list(itertools.product(*axes)))


def in_groups(test, most=None):
    """Operations by fours, as the grids take long: a sample of groups stands for all."""
    groups = [ELEMENTWISE[k : k + 4] for k in range(0, len(ELEMENTWISE), 4)]
    return pytest.mark.sampled(1, most=most)(pytest.mark.parametrize("operations", groups, ids=range(len(groups)))(test))


@in_groups
def test_modes_agree_on_a_grid_of_special_values(operations):
    for operation in operations:
        check_agreement(operation)


def check_agreement(operation):
    points = grid(operation)
    first, second = reverse(operation, points), reverse_over_reverse(operation, points)
    for mode in FIRST:
        np.testing.assert_allclose(mode(operation, points), first, rtol=1e-13, atol=1e-300, err_msg=mode.__name__)
    for mode in SECOND:
        np.testing.assert_allclose(mode(operation, points), second, rtol=1e-13, atol=1e-15, err_msg=mode.__name__)


def points_of_exact_tests(name, order):
    """The grid without nan, the origin of the plane (special points say what is there), and what is out of range on the way."""
    operation = BY_NAME[name]
    points = grid(operation)
    if operation.arity == 1:
        return points[:, ~np.isnan(points[0])]
    # second differences do not see a kink at equal operands, take too long steps at large ones, and overflow at tiny ones
    extreme = (points != 0) & ((np.abs(points) < 1e-200) | (np.abs(points) > 1e200))
    left_out = (extreme.any(0) | (points[0] == points[-1])) & (order == 2)
    return points[:, np.isfinite(points).all(0) & (points != 0).any(0) & ~left_out]


@pytest.mark.parametrize("order", [1, 2])
@in_groups
def test_derivatives_are_those_of_exact_arithmetic(operations, order):
    """Wherever both sides have one: also where an argument is tiny, large or infinite."""
    for operation in operations:
        if operation.name in EXACT:
            check_exactness(operation.name, order)


def check_exactness(name, order):
    operation, points = BY_NAME[name], points_of_exact_tests(name, order)
    found = (reverse, reverse_over_reverse)[order - 1](operation, points)
    chosen = range(0, points.shape[1], 1 if operation.arity == 1 else 3)  # of pairs a third: differences of 1700 digits take long
    for k in some(chosen, 12):
        for operands in itertools.product(range(operation.arity), repeat=order):
            try:
                expected = partial(name, points[:, k], *operands)
            except NotDefined:
                continue
            got = found[(*operands, k)]
            np.testing.assert_allclose(got, expected, rtol=1e-9, atol=1e-15, err_msg=f"{name} at {points[:, k]} by {operands}")


# --- compiled functions --------------------------------------------------------------------------------------------------------


@njit
def norm(x):
    return np.linalg.norm(x)


@njit
def deviation(x):
    return np.std(x)


@njit
def variance(x):
    return np.var(x)


@njit
def product(x):
    return np.prod(x)


def compiled_call(operation):
    """An operation of the elements of a vector, as Numba compiles it where quotients by zero are no exceptions."""
    function, compiled = operation.function, njit(error_model="numpy")
    if operation.arity == 1:
        return compiled(lambda x: function(x[0]))
    if operation.arity == 2:
        return compiled(lambda x: function(x[0], x[1]))
    return compiled(lambda x: function(x[0], x[1], x[2]))


@functools.partial(in_groups, most=12)
def test_compiled_functions(operations):
    for operation in operations:
        if operation.special_points:
            check_compiled(operation)


def check_compiled(operation):
    function, points, partials = compiled_call(operation), columns(operation, 0).T, columns(operation, 2).T
    second = hessians([p[3] for p in operation.special_points], operation.arity)
    for k, point in enumerate(points):
        for transform in (jt.grad, jt.jacfwd):
            np.testing.assert_allclose(transform(function)(point), partials[k], rtol=1e-14, atol=0, err_msg=transform.__name__)
        np.testing.assert_allclose(jt.hessian(function)(point), second[..., k], rtol=1e-14, atol=0)


COMPILED = [
    (norm, [0.0, 0.0], [0.0, 0.0], np.nan),
    (norm, [0.0, 2.0], [0.0, 1.0], [[0.5, 0.0], [0.0, 0.0]]),
    (norm, [3e300, 4e300], [0.6, 0.8], 0.0),
    (deviation, [2.0, 2.0], [0.0, 0.0], np.nan),
    (deviation, [0.1, 0.1, 0.1], [0.0, 0.0, 0.0], np.nan),
    (deviation, [1e300, 3e300], [-0.5, 0.5], 0.0),
    (deviation, [0.0, 2e-310], [-0.5, 0.5], np.nan),
    (variance, [0.1, 0.1, 0.1], [0.0, 0.0, 0.0], (6 * np.eye(3) - 2) / 9),
    (variance, [1.0, np.inf, 2.0], [-np.inf, np.nan, -np.inf], (6 * np.eye(3) - 2) / 9),
    (product, [0.0, 2.0, 3.0], [6.0, 0.0, 0.0], [[0.0, 3.0, 2.0], [3.0, 0.0, 0.0], [2.0, 0.0, 0.0]]),
]


@pytest.mark.sampled(0.5)
@pytest.mark.parametrize("function, x, gradient, hessian", COMPILED, ids=range(len(COMPILED)))
def test_compiled_functions_of_arrays(function, x, gradient, hessian):
    """What Numba compiles, and the same function as Python."""
    x = np.array(x)
    for form in (function, function.py_func):
        for transform in (jt.grad, jt.jacfwd):
            np.testing.assert_allclose(transform(form)(x), gradient, rtol=1e-14)
        found = jt.hessian(form)(x)
        np.testing.assert_allclose(found, np.broadcast_to(hessian, (x.size, x.size)), rtol=1e-14, atol=1e-15)


# --- operations on whole arrays ---------------------------------------------------------------------------------------------

STRUCTURED = [(o, k) for o in BY_NAME.values() if isinstance(o, Structured) for k in range(len(o.special_points))]


def of_a_vector(operation, statics, shape):
    """The sum of the results of an operation of one operand, as a function of the operand's elements."""
    return lambda x: operation.apply(jt.reshape(x, shape), *statics).sum()


def gradients_by_reverse_over_reverse(function, x):
    leaf = jt.tensor(x, requires_grad=True)
    (gradient,) = jt.autograd.grad(function(leaf), leaf, create_graph=True)
    if not gradient.requires_grad:
        return np.zeros((x.size, x.size))
    rows = [jt.autograd.grad(g, leaf, retain_graph=True, materialize_grads=True)[0].numpy() for g in gradient]
    return np.stack(rows)


GRADIENTS = {
    "reverse": jt.grad,
    "forward": jt.jacfwd,
    "compiled": lambda f: jt.compile(jt.grad(f)),
    "vmapped": lambda f: lambda x: jt.vmap(jt.grad(f))(np.stack([x, x]))[1],
}
HESSIANS = {
    "reverse over reverse": lambda f: lambda x: gradients_by_reverse_over_reverse(f, x),
    "forward over reverse": jt.hessian,
    "compiled": lambda f: jt.compile(jt.hessian(f)),
    "vmapped": lambda f: lambda x: jt.vmap(jt.hessian(f))(np.stack([x, x]))[1],
}


@pytest.mark.parametrize("operation, k", STRUCTURED, ids=lambda x: getattr(x, "name", x))
def test_structured_operations(operation, k):
    (operand,), statics, value, (gradient,), hessian = operation.special_points[k]
    x = np.array(operand)
    np.testing.assert_allclose(operation.apply(jt.tensor(x, requires_grad=True), *statics).detach().numpy(), value, rtol=1e-15)
    function = of_a_vector(operation, statics, x.shape)
    for name, mode in GRADIENTS.items():
        np.testing.assert_allclose(mode(function)(x.ravel()), np.ravel(gradient), rtol=1e-14, err_msg=name)
    for name, mode in HESSIANS.items():
        expected = np.broadcast_to(hessian, (x.size, x.size))
        np.testing.assert_allclose(mode(function)(x.ravel()), expected, rtol=1e-14, atol=1e-16, err_msg=name)
