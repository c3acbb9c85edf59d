"""Every operation of the table: values, partials, second derivatives, shapes, dtypes."""

import math

import numpy as np
import pytest
from derivative_checks import check_derivatives, check_second_derivatives, expanded, leaf, strided, transposed, with_gaps

import jittape as jt
import jittape.nn.functional as F
from jittape.autograd.sweeps_across_tapes import tangent_of
from jittape.tape.schema import OP
from jittape.ops import declare_elementwise, declare_structured, operation_table
from jittape.dtypes import complex_of, is_complex
from jittape.ops.domains import CONDITION, domains_of, sample_operands
from jittape.ops.recorded_masks import Mask
from jittape.kernels.kernel_table import OPERATIONS

ELEMENTWISE = [
    o
    for o in operation_table.BY_NAME.values()
    if isinstance(o, declare_elementwise.Elementwise) and not (isinstance(o, Mask) or o.library)
]
FUNCTIONS = {o.name: o.function for o in ELEMENTWISE}
SIZES = [1, 2, 7, 1023, 1024, 1025, 4096, 4097, 5000]


@pytest.fixture
def rng():
    return np.random.default_rng(7)


def over_elementwise(test):
    return pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)(test)


def sample(operation, rng, *shapes):
    """Arguments from the declared domain, away from where the derivative jumps."""
    return sample_operands(operation, rng, *shapes)


def active(operation, xs):
    """The function of the operands that have a derivative, and these: a condition and an order have none."""
    function = operation.function
    constants = [_constant(x, domain) if domain.values else None for x, domain in zip(xs, domains_of(operation))]

    def of_the_others(*others):
        others = iter(others)
        return function(*[next(others) if c is None else c for c in constants])

    return of_the_others, [x for x, c in zip(xs, constants) if c is None]


def _constant(x, domain):
    """A condition as a mask, orders as integers."""
    return x != 0 if domain is CONDITION else x.astype(np.int64)


# --- elementwise: values -----------------------------------------------------------------------------------------


@over_elementwise
def test_values_are_those_of_numpy(operation, rng):
    xs = sample(operation, rng, (5, 7))
    expected = operation.oracle(*xs)
    recorded = operation.function(*[leaf(x) for x in xs])
    assert recorded.requires_grad
    np.testing.assert_allclose(recorded.detach().numpy(), expected, rtol=2e-15, atol=1e-16)
    constant = operation.function(*[jt.tensor(x) for x in xs])
    assert not constant.requires_grad
    np.testing.assert_allclose(constant.numpy(), expected, rtol=2e-15, atol=1e-16)


@over_elementwise
def test_special_values_flow_as_in_numpy(operation):
    special = np.array([np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 2.5, -2.5, 1e300, -1e300, 1e-310])
    xs = [g.ravel() for g in np.meshgrid(*[special] * operation.arity, indexing="ij")]
    with np.errstate(all="ignore"):
        expected = operation.oracle(*xs)
    got = operation.function(*[leaf(x) for x in xs]).detach().numpy()
    with np.errstate(all="ignore"):
        ok = (got == expected) | (np.isnan(got) & np.isnan(expected)) | (np.abs(got - expected) <= 1e-14 * np.abs(expected))
    assert ok.all(), [(*[x[k] for x in xs], got[k], expected[k]) for k in np.flatnonzero(~ok)[:5]]


@pytest.mark.sampled(each="operation")
@over_elementwise
@pytest.mark.parametrize("n", SIZES)
def test_blocks_meet_without_a_seam(operation, n, rng):
    operands = sample(operation, rng, (n,))
    seed = rng.standard_normal(n)
    function, xs = active(operation, operands)
    inputs = [leaf(x) for x in xs]
    y = function(*inputs)
    gradients = jt.autograd.grad(y, inputs, seed)
    for start in range(0, n, 500):
        part = slice(start, start + 500)
        pieces = [leaf(x[part]) for x in xs]
        piece = active(operation, [x[part] for x in operands])[0](*pieces)
        np.testing.assert_allclose(y.detach().numpy()[part], piece.detach().numpy(), rtol=1e-14, atol=1e-300)
        for whole, own in zip(gradients, jt.autograd.grad(piece, pieces, seed[part])):
            np.testing.assert_allclose(whole.numpy()[part], own.numpy(), rtol=1e-13, atol=1e-300)


@over_elementwise
def test_float32_stays_float32(operation, rng):
    xs = sample(operation, rng, (3, 5))
    function, xs = active(operation, xs)
    xs = [x.astype(np.float32) for x in xs]
    double, single = [leaf(x.astype(np.float64)) for x in xs], [leaf(x) for x in xs]
    y, expected = function(*single), function(*double)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y.detach().numpy(), expected.detach().numpy(), rtol=1e-6, atol=1e-6)
    seed = rng.uniform(0.5, 1.0, (3, 5)).astype(np.float32)
    for g, e in zip(jt.autograd.grad(y, single, seed), jt.autograd.grad(expected, double, seed.astype(np.float64))):
        assert g.dtype == np.float32
        np.testing.assert_allclose(g.numpy(), e.numpy(), rtol=1e-5, atol=2e-6)


# --- elementwise: derivatives --------------------------------------------------------------------------------------


@over_elementwise
def test_partials(operation, rng):
    function, xs = active(operation, sample(operation, rng, (2, 3)))
    check_derivatives(function, xs, rng)


@over_elementwise
def test_partials_by_gradcheck(operation, rng):
    function, xs = active(operation, sample(operation, rng, (4,)))
    assert jt.autograd.gradcheck(function, [leaf(x) for x in xs], atol=1e-7, rtol=1e-6)


@over_elementwise
def test_second_derivatives(operation, rng):
    function, xs = active(operation, sample(operation, rng, (4,)))
    check_second_derivatives(function, xs, rng)
    inputs = [leaf(x) for x in xs]
    try:
        assert jt.autograd.gradgradcheck(function, inputs, atol=1e-6, rtol=1e-5)
    except ValueError as error:  # nothing left to differentiate: the first derivative is constant
        assert "requires_grad" in str(error)


BROADCASTS = [
    ((3, 1), (1, 4)),
    ((), (2, 3)),
    ((2, 3), ()),
    ((1,), (2, 3)),
    ((2, 3), (3,)),
    ((4, 1, 3), (2, 1)),
    ((1, 1), (1,)),
    ((0, 3), (1, 3)),
    ((2, 0), ()),
    ((), ()),
    ((1, 2, 1, 3), (2, 1, 1, 1)),
]


@pytest.mark.parametrize("operation", [o for o in ELEMENTWISE if o.arity > 1], ids=lambda o: o.name)
@pytest.mark.parametrize("shapes", BROADCASTS, ids=str)
def test_broadcast_operands_get_gradients_of_their_own_shape(operation, shapes, rng):
    shapes = shapes if operation.arity == 2 else ((), *shapes)
    size = math.prod(np.broadcast_shapes(*shapes))
    xs = sample(operation, rng, *shapes) if size else sample(operation, rng, *shapes)
    expected = np.broadcast_shapes(*shapes)
    inputs = [leaf(x) for x in xs]
    y = operation.function(*inputs)
    assert tuple(y.shape) == expected
    np.testing.assert_allclose(y.detach().numpy(), operation.oracle(*xs), rtol=2e-15)
    for x, g in zip(inputs, jt.autograd.grad(y, inputs, np.ones(expected), materialize_grads=True)):
        assert g.shape == x.shape
    if size:
        check_derivatives(*active(operation, xs), rng)


@over_elementwise
def test_operands_in_any_memory_order(operation, rng):
    function, xs = active(operation, sample(operation, rng, (2, 3)))
    check_derivatives(strided(function), [with_gaps(x) for x in xs], rng)
    check_derivatives(transposed(function), [x.T for x in xs], rng)
    constants = [jt.from_numpy(np.asfortranarray(x)) for x in xs]
    np.testing.assert_array_equal(function(*constants).numpy(), function(*[leaf(x) for x in xs]).detach().numpy())


@over_elementwise
def test_expanded_operands(operation, rng):
    function, xs = active(operation, sample(operation, rng, (1, 1)))
    check_derivatives(expanded(function, [(3, 4)] * len(xs)), xs, rng)


@over_elementwise
def test_one_operand_given_twice(operation, rng):
    if operation.arity == 1 or operation.kinks is not None:
        function, xs = active(operation, sample(operation, rng, (5,)))
        check_derivatives(lambda *args: function(*args) + function(*args), xs, rng)
        return
    function, xs = active(operation, sample(operation, rng, (5,)))
    check_derivatives(lambda x: function(x, x), xs[:1], rng)


@pytest.mark.parametrize("operation", [o for o in ELEMENTWISE if o.arity == 2], ids=lambda o: o.name)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (1500,)], ids=str)
def test_python_numbers_on_either_side(operation, shape, rng):
    function = operation.function
    for right in (True, False):
        if domains_of(operation)[0 if right else 1].values:  # orders, by which there is no derivative
            continue
        operands = sample(operation, rng, *((shape, ()) if right else ((), shape)))
        x, number = operands[0 if right else 1], float(operands[1 if right else 0])
        f = (lambda t: function(t, number)) if right else (lambda t: function(number, t))
        expected = operation.oracle(*operands)
        y = f(leaf(x))
        assert y.requires_grad and tuple(y.shape) == x.shape
        np.testing.assert_allclose(y.detach().numpy(), expected, rtol=2e-15, atol=5e-16)
        np.testing.assert_allclose(f(jt.tensor(x)).numpy(), expected, rtol=2e-15, atol=5e-16)
        single = f(leaf(x.astype(np.float32)))
        assert single.dtype == np.float32
        check_derivatives(f, [x], rng)


@pytest.mark.parametrize("operation", [o for o in ELEMENTWISE if o.arity > 1], ids=lambda o: o.name)
def test_constants_get_no_gradient(operation, rng):
    xs = sample(operation, rng, (4,))
    for k in [k for k, domain in enumerate(domains_of(operation)) if not domain.values]:
        operands = [leaf(x) if j == k else x if j % 2 else jt.tensor(x) for j, x in enumerate(xs)]
        y = operation.function(*operands)
        y.backward(np.ones(4))
        assert operands[k].grad is not None
        assert all(o.grad is None for j, o in enumerate(operands) if j != k and isinstance(o, jt.Tensor))
        everything = [leaf(x) for x in xs]
        expected = jt.autograd.grad(operation.function(*everything), everything[k], np.ones(4))[0]
        np.testing.assert_array_equal(operands[k].grad.numpy(), expected.numpy())


def test_a_constant_with_a_bad_partial_does_not_spoil_the_others():
    x, zero = leaf([2.0, 3.0]), jt.tensor([0.0, 0.0])
    (g,) = jt.autograd.grad((x**zero).sum() + jt.pow(x, 0.0).sum(), x)
    np.testing.assert_array_equal(g.numpy(), [0.0, 0.0])
    base = jt.tensor([-2.0, 0.0])
    (g,) = jt.autograd.grad(jt.pow(base, leaf([2.0, 2.0]) * 1.0).sum(), leaf([1.0, 1.0]), allow_unused=True)
    assert g is None


STRUCTURED = [o for o in operation_table.BY_NAME.values() if isinstance(o, declare_structured.Structured)]


# --- conventions at ties and kinks ----------------------------------------------------------------------------------

KINKS = {  # of functions; those of operations stand in their declarations
    "max of a tie": (lambda x: x.max(), [1.0, 3.0, 3.0], [0.0, 0.5, 0.5]),
    "max of a tie along an axis": (lambda x: x.max(0).values, [1.0, 3.0, 3.0], [0.0, 1.0, 0.0]),
    "maximum of a tie": (lambda x: jt.maximum(x, x.detach()), [1.0], [0.5]),
    "clamp at its lower bound": (lambda x: x.clamp(min=1.0), [1.0], [1.0]),
    "clamp at both": (lambda x: x.clamp(1.0, 2.0), [1.0, 2.0, 0.0, 3.0], [1.0, 1.0, 0.0, 0.0]),
    "0**0": (lambda x: x**0.0, [0.0], [0.0]),
    "the branch not taken": (lambda x: jt.where(x > 0, x.sqrt(), 0.0), [4.0], [0.25]),
    "round": (lambda x: x.round(), [1.5], [0.0]),
    "an index that repeats": (lambda x: x[[0, 0, 1]], [1.0, 2.0], [2.0, 1.0]),
}


@pytest.mark.parametrize("name", KINKS)
@pytest.mark.parametrize("create_graph", [False, True])
def test_conventions_at_ties_and_kinks(name, create_graph):
    function, x, expected = KINKS[name]
    x = leaf(x)
    y = function(x)
    (g,) = jt.autograd.grad(y, x, np.ones(tuple(y.shape)), create_graph=create_graph, materialize_grads=True)
    np.testing.assert_allclose(g.detach().numpy(), expected, rtol=1e-14)


# --- structure: every public function has an example ---------------------------------------------------------------------


def distinct(*shape):
    """Numbers that are all at least 0.05 apart, in no order."""
    n = math.prod(shape)
    return ((np.arange(n) * 7 % max(n, 1)) * 0.11 - 0.05 * n + 0.013).reshape(shape)


def positive(*shape):
    return np.abs(distinct(*shape)) + 0.3


M, V, T3 = distinct(3, 4), distinct(5), distinct(2, 3, 4)
REAL_SPECTRUM = np.array([[1.1, -0.2, 0.3], [0.25, 2.1, 0.06], [0.07, 0.05, 4.1]])
SQUARE = np.array([[1.3, 0.2, -0.4], [0.5, -0.9, 0.3], [0.1, 0.7, 1.1]])
INDEX = np.array([[0, 2, 1, 1], [2, 2, 0, 1]])
MASK = np.array([[True, False, True, True], [False] * 4, [True, True, False, False]])


def _set(key):
    def function(x, value):
        y = x.clone()
        y[key] = value
        return y * y

    return function


EXAMPLES = [
    # sums and folds
    ("sum", lambda x: jt.sum(x), [T3]),
    ("sum", lambda x: jt.sum(x, 1), [T3]),
    ("sum", lambda x: jt.sum(x, (0, 2), True), [T3]),
    ("sum", lambda x: x.sum(-1, keepdim=True), [T3]),
    ("sum", lambda x: x.sum((0, 1)), [T3]),
    ("sum", lambda x: x.sum(), [np.array(2.0)]),
    ("mean", lambda x: jt.mean(x), [T3]),
    ("mean", lambda x: jt.mean(x, 0), [T3]),
    ("mean", lambda x: jt.mean(x, (0, 2)), [T3]),
    ("mean", lambda x: x.mean(axis=1, keepdims=True), [T3]),
    ("prod", lambda x: jt.prod(x), [positive(2, 3)]),
    ("prod", lambda x: jt.prod(x, 1, True), [distinct(2, 3)]),
    ("prod", lambda x: jt.prod(x, 0), [np.array([[0.0, 1.5], [2.0, -1.0], [3.0, 0.0]])]),
    ("prod", lambda x: jt.prod(x), [np.array([0.0, 1.5, 0.0])]),
    ("amax", lambda x: jt.amax(x), [T3]),
    ("amax", lambda x: jt.amax(x, (0, 2), True), [T3]),
    ("amin", lambda x: jt.amin(x), [T3]),
    ("amin", lambda x: jt.amin(x, 1), [T3]),
    ("max", lambda x: jt.max(x), [M]),
    ("max", lambda x: jt.max(x, 1).values, [M]),
    ("max", lambda x, y: jt.max(x, y), [M, M.T.reshape(3, 4) + 0.03]),
    ("min", lambda x: jt.min(x), [M]),
    ("min", lambda x: jt.min(x, 0, True)[0], [M]),
    ("median", lambda x: jt.median(x), [M]),
    ("median", lambda x: jt.median(x, 1)[0], [M]),
    ("var", lambda x: jt.var(x), [M]),
    ("var", lambda x: jt.var(x, 1, correction=0), [M]),
    ("var", lambda x: jt.var(x, (0, 2)), [T3]),
    ("std", lambda x: jt.std(x), [M]),
    ("std", lambda x: jt.std(x, 0, True, True), [M]),
    ("logsumexp", lambda x: jt.logsumexp(x, 1), [M]),
    ("logsumexp", lambda x: jt.logsumexp(x, (0, 1), True), [M]),
    *[("norm", (lambda x, p=p: jt.norm(x, p)), [M]) for p in (2, 1, 3, 0.5, 1.5, -1, -2, 4, math.inf, -math.inf, "fro")],
    ("norm", lambda x: jt.norm(x, 2, 1), [M]),
    ("norm", lambda x: jt.norm(x, 3, (0, 2), True), [T3]),
    ("norm", lambda x: jt.norm(x, 0), [M]),
    ("cumsum", lambda x: jt.cumsum(x, 0), [T3]),
    ("cumsum", lambda x: jt.cumsum(x, 1), [T3]),
    ("cumsum", lambda x: x.cumsum(-1), [T3]),
    ("cumprod", lambda x: jt.cumprod(x, 0), [T3]),
    ("cumprod", lambda x: jt.cumprod(x, 1), [np.array([[1.5, 0.0, 2.0, 0.0], [0.0, 1.0, 3.0, 2.0]])]),
    ("softmax", lambda x: jt.softmax(x, 1), [M]),
    ("softmax", lambda x: jt.softmax(x, 0), [M]),
    ("log_softmax", lambda x: jt.log_softmax(x, 0), [M]),
    ("log_softmax", lambda x: jt.log_softmax(x), [M]),
    # products
    ("matmul", jt.matmul, [M, distinct(4, 2)]),
    ("matmul", jt.matmul, [V, distinct(5)]),
    ("matmul", jt.matmul, [M, distinct(4)]),
    ("matmul", jt.matmul, [distinct(3), M]),
    ("matmul", jt.matmul, [T3, distinct(4, 2)]),
    ("matmul", jt.matmul, [T3, distinct(2, 4, 2)]),
    ("matmul", jt.matmul, [distinct(5, 1, 2, 3), distinct(2, 3, 2)]),
    ("matmul", jt.matmul, [distinct(3), distinct(2, 3, 2)]),
    ("matmul", jt.matmul, [T3, distinct(4)]),
    ("matmul", lambda x: x @ x, [distinct(3, 3)]),
    ("matmul", lambda x: x @ x.T, [M]),
    ("mm", jt.mm, [M, distinct(4, 2)]),
    ("mv", jt.mv, [M, distinct(4)]),
    ("bmm", jt.bmm, [T3, distinct(2, 4, 2)]),
    ("dot", jt.dot, [V, distinct(5)]),
    ("outer", jt.outer, [V, distinct(3)]),
    ("trace", jt.trace, [M]),
    # compositions
    ("lerp", lambda x, y: jt.lerp(x, y, 0.3), [M, M[::-1]]),
    ("addcmul", lambda x, y, z: jt.addcmul(x, y, z, value=0.5), [M, M[::-1], distinct(4)]),
    ("addcdiv", lambda x, y, z: jt.addcdiv(x, y, z), [M, M[::-1], positive(4)]),
    ("positive", lambda x: jt.positive(x) * x, [V]),
    ("clamp_min", lambda x: jt.clamp_min(x, 0.1), [M]),
    ("clamp_max", lambda x: jt.clamp_max(x, 0.1), [M]),
    ("logit", jt.logit, [np.array([0.2, 0.5, 0.93])]),
    ("logit", lambda x: jt.logit(x, 0.1), [np.array([0.02, 0.5, 0.93])]),
    ("diff", jt.diff, [M]),
    ("diff", lambda x, y: jt.diff(x, 2, 0, prepend=y), [M, distinct(1, 4)]),
    ("trapezoid", lambda y: jt.trapezoid(y, dx=0.5, dim=0), [M]),
    ("trapezoid", lambda y, x: jt.trapezoid(y, x), [T3, distinct(4)]),
    ("trapezoid", lambda y, x: jt.trapezoid(y, x, dim=1), [T3, T3 * 0.3]),
    ("scatter_add", lambda x, y: jt.scatter_add(x, 1, INDEX[:, :3], y), [M, M]),
    ("scatter", lambda x, y: jt.scatter(x, 0, INDEX[:1], y), [M, M]),
    ("scatter", lambda x: jt.scatter(x, 0, INDEX[:1], 2.0), [M]),
    ("tensordot", jt.tensordot, [T3, distinct(3, 4, 2)]),
    ("tensordot", lambda x, y: jt.tensordot(x, y, ([0, 2], [1, 0])), [T3, distinct(4, 2)]),
    ("inner", jt.inner, [T3, distinct(2, 4)]),
    ("kron", jt.kron, [M, distinct(2, 2)]),
    ("kron", jt.kron, [V, distinct(2, 2)]),
    ("addmm", lambda x, y, z: jt.addmm(x, y, z, beta=0.5, alpha=2.0), [distinct(3, 2), M, distinct(4, 2)]),
    ("matrix_power", lambda x: jt.matrix_power(x, 3), [SQUARE]),
    ("matrix_power", lambda x: jt.linalg.matrix_power(x, -2), [SQUARE]),
    # matrices
    ("inverse", jt.inverse, [SQUARE]),
    ("inverse", jt.linalg.inv, [np.stack([SQUARE, SQUARE.T])]),
    ("solve", jt.linalg.solve, [SQUARE, distinct(3)]),
    ("solve", jt.linalg.solve, [SQUARE, distinct(3, 2)]),
    ("solve", jt.linalg.solve, [np.stack([SQUARE, SQUARE.T]), distinct(3, 2)]),
    ("solve", jt.linalg.solve, [SQUARE, distinct(2, 3, 1)]),
    ("det", jt.det, [SQUARE]),
    ("det", jt.det, [np.stack([SQUARE, SQUARE.T])]),
    ("det", jt.det, [np.outer(distinct(3), positive(3))]),
    ("slogdet", lambda x: jt.slogdet(x).logabsdet, [SQUARE]),
    ("logdet", lambda x: jt.logdet(x @ x.T + 1.5 * x @ x.T), [SQUARE]),
    ("cholesky", lambda x: jt.cholesky(x @ x.mT + np.eye(3)), [SQUARE]),
    ("cholesky", lambda x: jt.linalg.cholesky(x @ x.mT + np.eye(3)), [distinct(2, 3, 4)]),
    ("frexp", lambda x: jt.frexp(x)[0], [M]),
    # factors of matrices, which have no names of their own
    ("eigh", lambda x: np.linalg.eigh(x + x.mT), [np.stack([SQUARE, SQUARE.T + 0.1 * np.eye(3)])]),
    ("eigvalsh", lambda x: np.linalg.eigvalsh(x + x.mT), [SQUARE]),
    ("eig", lambda x: np.linalg.eig(x), [REAL_SPECTRUM]),
    ("eigvals", lambda x: np.linalg.eigvals(x), [np.stack([REAL_SPECTRUM, REAL_SPECTRUM.T])]),
    *[("svd", lambda x: np.linalg.svd(x, full_matrices=False), [x]) for x in (SQUARE, M, M.T, np.stack([M, M[::-1] ** 2]))],
    ("svd", lambda x: np.linalg.svd(x)[1], [M]),
    ("convolve", lambda x, v: np.convolve(x, v), [M[0], M[1]]),
    ("correlate", lambda x, v: np.correlate(x, v, "same"), [M[0], M[1, :2]]),
    *[("pinv", lambda x: np.linalg.pinv(x), [x]) for x in (SQUARE, M, M.T, np.stack([M, M[::-1] ** 2]))],
    *[("lstsq", lambda x, y: np.linalg.lstsq(x, y, rcond=None)[:1], [x, x[:, 0] ** 2]) for x in (M, M.T)],
    ("lstsq", lambda x, y: np.linalg.lstsq(x, y, rcond=None)[::3], [M.T, M.T[:, :2] ** 2]),
    *[("qr", lambda x: np.linalg.qr(x), [x]) for x in (SQUARE, M, M.T, np.stack([M.T, M.T[::-1] ** 2]))],
    *[("cond", lambda x, p=p: np.linalg.cond(x, p), [SQUARE]) for p in (None, -2, 1)],
    *[("norm", lambda x, p=p: np.linalg.norm(x, p), [M]) for p in (2, -2, "nuc")],
    ("cross", lambda x, y: np.cross(x, y), [distinct(2, 3), positive(3)]),
    ("einsum", lambda x, y: jt.einsum("ij,kj->ik", x, y), [M, distinct(2, 4)]),
    ("einsum", lambda x: jt.einsum("ij->", x), [M]),
    ("einsum", lambda x: jt.einsum("ii->i", x) + jt.einsum("ii", x), [SQUARE]),
    ("einsum", lambda x, y, z: jt.einsum("...ij,jk,k->...i", x, y, z), [T3, distinct(4, 2), distinct(2)]),
    ("einsum", lambda x, y: jt.einsum("i,jk", x, y), [distinct(2), distinct(2, 3)]),
    ("einsum", lambda x: jt.einsum("ij,ij->j", x, x), [M]),
    # networks
    ("linear", F.linear, [M, distinct(2, 4), distinct(2)]),
    ("linear", F.linear, [T3, distinct(2, 4), distinct(2)]),
    ("linear", F.linear, [distinct(4), distinct(2, 4), distinct(2)]),
    ("linear", lambda x, w: F.linear(x, w), [M, distinct(2, 4)]),
    ("linear", F.linear, [M, distinct(4), np.array(0.3)]),
    *[(name, getattr(F, name), [M, M[::-1] * 0.37 + 0.013]) for name in ("mse_loss", "l1_loss", "huber_loss", "smooth_l1_loss")],
    ("mse_loss", lambda x, y: F.mse_loss(x, y, "sum"), [M, M[::-1] * 0.37]),
    ("huber_loss", lambda x, y: F.huber_loss(x, y, "none", 0.4), [M, M[::-1] * 0.37]),
    ("bce_with_logits", F.binary_cross_entropy_with_logits, [M, positive(3, 4) / 2]),
    ("bce_with_logits", lambda x: F.binary_cross_entropy_with_logits(x, 0.3 + 0.0 * x, reduction="sum"), [M]),
    ("bce", F.binary_cross_entropy, [positive(3, 4) / 2, positive(3, 4) / 3]),
    ("cross_entropy", lambda x: F.cross_entropy(x, np.array([0, 3, 1])), [M]),
    ("cross_entropy", lambda x: F.cross_entropy(x, np.array([0, -100, 1]), reduction="sum"), [M]),
    ("cross_entropy", lambda x: F.cross_entropy(x, np.array([[0, 1, 2, 2], [1, 1, 0, 0]])), [T3]),
    ("nll_loss", lambda x: F.nll_loss(x, np.array([0, 3, 1])), [M]),
    # shapes
    ("reshape", lambda x: jt.reshape(x, (4, 3)), [M]),
    ("reshape", lambda x: x.t().reshape(-1), [M]),
    ("reshape", lambda x: x.reshape(2, -1, 2), [M]),
    ("flatten", lambda x: jt.flatten(x), [T3]),
    ("flatten", lambda x: jt.flatten(x, 1), [T3]),
    ("ravel", jt.ravel, [M]),
    ("transpose", lambda x: jt.transpose(x, 0, 2), [T3]),
    ("swapaxes", lambda x: jt.swapaxes(x, -1, 0), [T3]),
    ("t", jt.t, [M]),
    ("t", jt.t, [V]),
    ("permute", lambda x: jt.permute(x, 2, 0, 1), [T3]),
    ("movedim", lambda x: jt.movedim(x, 0, 2), [T3]),
    ("movedim", lambda x: jt.movedim(x, (0, 1), (2, 0)), [T3]),
    ("unsqueeze", lambda x: jt.unsqueeze(x, -1), [M]),
    ("squeeze", lambda x: jt.squeeze(x), [distinct(1, 3, 1)]),
    ("squeeze", lambda x: jt.squeeze(x, 0), [distinct(1, 3, 1)]),
    ("broadcast_to", lambda x: jt.broadcast_to(x, (2, 3, 4)), [M]),
    ("broadcast_to", lambda x: jt.broadcast_to(x, (3, 2)), [np.array(1.5)]),
    ("broadcast_tensors", lambda x, y: jt.broadcast_tensors(x, y), [distinct(3, 1), distinct(4)]),
    ("cat", lambda x, y: jt.cat([x, y], 1), [M, distinct(3, 2)]),
    ("cat", lambda x: jt.cat((x, x * x, x)), [V]),
    ("cat", lambda x: jt.cat([x, jt.ones(2)]), [V]),
    ("concat", lambda x, y: jt.concat([x, y]), [M, M]),
    ("concatenate", lambda x, y: jt.concatenate([x, y], axis=-1), [M, M]),
    ("stack", lambda x, y: jt.stack([x, y, x], 1), [M, M]),
    ("stack", lambda x, y: jt.stack([x, y]), [np.array(1.0), np.array(2.0)]),
    ("hstack", lambda x, y: jt.hstack([x, y]), [V, distinct(2)]),
    ("hstack", lambda x, y: jt.hstack([x, y]), [M, M]),
    ("vstack", lambda x, y: jt.vstack([x, y]), [V, V]),
    ("split", lambda x: jt.split(x, 2), [V]),
    ("split", lambda x: jt.split(x, [1, 3], 1), [M]),
    ("chunk", lambda x: jt.chunk(x, 3), [V]),
    ("unbind", lambda x: jt.unbind(x, 1), [M]),
    ("narrow", lambda x: jt.narrow(x, 1, 1, 2), [M]),
    ("select", lambda x: jt.select(x, 0, -1), [M]),
    ("flip", lambda x: jt.flip(x, (0,)), [M]),
    ("flip", lambda x: x.flip(0, 1), [M]),
    ("roll", lambda x: jt.roll(x, 2, 1), [M]),
    ("roll", lambda x: jt.roll(x, 1), [M]),
    ("roll", lambda x: jt.roll(x, (5, -1), (0, 1)), [M]),
    ("roll", lambda x: jt.roll(x, 3, 0), [M]),
    ("tile", lambda x: jt.tile(x, (2, 1)), [M]),
    ("tril", lambda x: jt.tril(x, 1), [M]),
    ("triu", lambda x: jt.triu(x), [T3]),
    ("diag", lambda x: jt.diag(x, 1), [V]),
    ("diag", lambda x: jt.diag(x, -1), [M]),
    ("diagonal", lambda x: jt.diagonal(x, 1, 0, 2), [T3]),
    ("clone", jt.clone, [M]),
    ("meshgrid", lambda x, y: jt.meshgrid(x, y), [V, distinct(2)]),
    ("meshgrid", lambda x, y: jt.meshgrid(x, y, indexing="xy"), [V, distinct(2)]),
    # selecting
    ("gather", lambda x: jt.gather(x, 0, INDEX), [M]),
    ("gather", lambda x: jt.gather(x, 1, INDEX), [M]),
    ("take_along_dim", lambda x: jt.take_along_dim(x, INDEX, 1), [distinct(2, 3)]),
    ("take_along_dim", lambda x: jt.take_along_dim(x, np.array([3, 3, 0])), [M]),
    ("index_select", lambda x: jt.index_select(x, 1, np.array([0, 0, 3])), [M]),
    ("take", lambda x: jt.take(x, np.array([[0, 5], [5, 11]])), [M]),
    ("masked_fill", lambda x: jt.masked_fill(x, MASK, 2.0), [M]),
    ("masked_select", lambda x: jt.masked_select(x, MASK), [M]),
    ("sort", lambda x: jt.sort(x, 1)[0], [M]),
    ("sort", lambda x: jt.sort(x, 0, descending=True).values, [M]),
    ("topk", lambda x: jt.topk(x, 2, 0)[0], [M]),
    ("topk", lambda x: jt.topk(x, 2, largest=False).values, [V]),
    ("index_add", lambda x, y: jt.index_add(x, 0, np.array([2, 0, 2]), y), [M, M]),
    ("index_add", lambda x, y: jt.index_add(x, 1, np.array([1, 1]), y, alpha=2.0), [M, distinct(3, 2)]),
    ("where", lambda x, y: jt.where(MASK, x, y), [M, M]),
    ("where", lambda x: jt.where(x > 0, x, 0.5), [M]),
    # elementwise functions with options
    ("add", lambda x, y: jt.add(x, y, alpha=3.0), [M, M]),
    ("sub", lambda x, y: jt.sub(x, y, alpha=0.5), [M, M]),
    ("subtract", lambda x, y: jt.subtract(x, y), [M, distinct(4)]),
    ("pow", lambda x: jt.pow(x, 2), [M]),
    ("pow", lambda x: x**3, [M]),
    ("pow", lambda x: x**0.5, [positive(3)]),
    ("pow", lambda x: x**-1, [positive(3)]),
    ("pow", lambda x: x**-2.0, [positive(3, 4)]),
    ("pow", lambda x, y: x**y, [positive(3), V[:3]]),
    ("pow", lambda x: 2.0**x, [V]),
    ("pow", lambda x: x**4, [M]),
    ("round", lambda x: jt.round(x, decimals=1) + x, [V + 0.02]),
    ("clamp", lambda x: jt.clamp(x, -0.2, 0.33), [M]),
    ("clamp", lambda x, y: jt.clamp(x, min=y), [V, V + 0.03]),
    ("clip", lambda x: jt.clip(x, None, 0.2), [M]),
    ("div", lambda x, y: jt.div(x, y, rounding_mode="floor") + x, [V, positive(5) * 0.37]),
    ("div", lambda x, y: jt.div(x, y, rounding_mode="trunc") * y, [V, positive(5) * 0.37]),
    ("divide", jt.divide, [M, positive(3, 1)]),
    ("true_divide", jt.true_divide, [M, positive(4)]),
    ("floor_divide", lambda x: jt.floor_divide(x, 0.37) + x, [V]),
    ("multiply", jt.multiply, [M, M]),
    ("negative", jt.negative, [M]),
    ("absolute", jt.absolute, [M]),
    # methods without a function
    ("view", lambda x: x.contiguous().view(2, 6), [M]),
    ("expand", lambda x: x.expand(-1, 3, 4), [distinct(2, 1, 4)]),
    ("repeat", lambda x: x.repeat(2, 1, 3), [M]),
    ("contiguous", lambda x: x.t().contiguous(), [M]),
    ("mT", lambda x: x.mT, [T3]),
    ("T", lambda x: x.T, [T3]),
    ("unfold", lambda x: operation_table.BY_NAME["unfold"].apply(x, 1, 2, 1), [M]),
    ("unfold", lambda x: operation_table.BY_NAME["unfold"].apply(x, 0, 3, 2), [V]),
    ("getitem", lambda x: x[1], [M]),
    ("getitem", lambda x: x[1, -1], [M]),
    ("getitem", lambda x: x[..., 1:3], [T3]),
    ("getitem", lambda x: x[:, None, 1], [M]),
    ("getitem", lambda x: x[::-1, ::2], [M]),
    ("getitem", lambda x: x[[0, 0, 2]], [M]),
    ("getitem", lambda x: x[MASK], [M]),
    ("getitem", lambda x: x[INDEX[:, :2], INDEX[:, 2:]], [M]),
    ("getitem", lambda x: x[:, [0, 1], 2], [T3]),
    ("getitem", lambda x: x[0, :, [0, 1]], [T3]),
    ("getitem", lambda x: x[1:, MASK[0, :3]], [T3]),
    ("setitem", _set(1), [M, distinct(4)]),
    ("setitem", _set((slice(None), 2)), [M, np.array(0.7)]),
    ("setitem", _set(MASK), [M, distinct(5)]),
    ("setitem", _set((slice(None, None, 2), slice(1, 3))), [M, distinct(2, 2)]),
    ("setitem", _set(([0, 2], [1, 3])), [M, distinct(2)]),
    ("setitem", _set(slice(None, None, -1)), [M, distinct(3, 4)]),
    ("setitem", _set((Ellipsis, None, 0)), [M, distinct(3, 1)]),
    ("complex", lambda x, y: jt.abs(jt.complex(x, y)), [M, distinct(3, 4)]),
    ("polar", lambda x, y: jt.imag(jt.polar(x, y)), [M, distinct(4)]),
    ("real", lambda x: jt.real((x + 1j) ** 3), [M]),
    ("imag", lambda x: jt.imag(jt.exp(x * 1j)), [M]),
    ("angle", lambda x: jt.angle(x + 1j * x * x), [M]),
    ("sgn", lambda x: jt.real(jt.sgn(x + 1j)), [M]),
    ("conj", lambda x: jt.real(jt.conj(x + 1j * x) * (x + 2j)), [M]),
    ("conj_physical", lambda x: jt.imag(jt.conj_physical(x + 1j * x)), [M]),
    ("resolve_conj", lambda x: jt.resolve_conj(x) * x, [M]),
    ("view_as_real", lambda x: jt.view_as_real(x + 1j * x * x), [M]),
    ("view_as_complex", lambda x: jt.abs(jt.view_as_complex(x)), [distinct(3, 2)]),
    ("nan_to_num", jt.nan_to_num, [M]),
    ("nansum", lambda x: jt.nansum(x * x, 0), [M]),
    ("nanmean", lambda x: jt.nanmean(x * x, 0), [M]),
    ("quantile", lambda x: jt.quantile(x, 0.3), [distinct(5)]),
    ("nanquantile", lambda x: jt.nanquantile(x, 0.3), [distinct(5)]),
    ("cov", jt.cov, [distinct(2, 4)]),
    ("corrcoef", jt.corrcoef, [distinct(2, 4)]),
    ("var_mean", lambda x: jt.var_mean(x, 0)[0], [M]),
    ("std_mean", lambda x: jt.std_mean(x, 0)[0], [M]),
    ("aminmax", lambda x: jt.aminmax(x)[0], [distinct(5)]),
    ("frac", lambda x: jt.frac(x * x), [distinct(5) + 0.03]),
    ("vdot", jt.vdot, [distinct(4), distinct(4) + 0.3]),
    ("dstack", lambda x: jt.dstack([x, x * x]), [M]),
    ("column_stack", lambda x: jt.column_stack([x, x * x]), [distinct(4)]),
    ("rot90", lambda x: jt.rot90(x * x), [M]),
    ("index_fill", lambda x: jt.index_fill(x * x, 1, [0], 2.0), [M]),
    ("index_copy", lambda x, y: jt.index_copy(x * x, 0, [0], y), [M, M[:1] + 1]),
    ("index_put", lambda x, y: jt.index_put(x * x, ([0, 0], [1, 1]), y * y, True), [M, distinct(2)]),
    ("put", lambda x, y: jt.put(x * x, [0, 3], y), [M, distinct(2)]),
    ("masked_scatter", lambda x, y: jt.masked_scatter(x, [True, False, True], y * y), [distinct(3), distinct(2) + 1]),
    ("select_scatter", lambda x, y: jt.select_scatter(x * x, y, 0, 1), [M, M[0]]),
    ("slice_scatter", lambda x, y: jt.slice_scatter(x * x, y, 0, 1, 2), [M, M[:1]]),
    ("diagonal_scatter", lambda x, y: jt.diagonal_scatter(x * x, y), [distinct(2, 3), distinct(2)]),
    ("scatter_reduce", lambda x, y: jt.scatter_reduce(x, 0, [0, 0, 2], y * y, "prod"), [distinct(3), distinct(3) + 0.2]),
    ("unflatten", lambda x: jt.unflatten(x * x, 0, (2, -1)), [distinct(4)]),
    ("tensor_split", lambda x: jt.tensor_split(x * x, 2), [distinct(5)]),
    ("hsplit", lambda x: jt.hsplit(x * x, 2), [distinct(4)]),
    ("vsplit", lambda x: jt.vsplit(x * x, [1]), [M]),
    ("dsplit", lambda x: jt.dsplit(x * x, 2), [distinct(1, 2, 2)]),
    ("repeat_interleave", lambda x: jt.repeat_interleave(x * x, 2, 0), [M]),
    ("fliplr", lambda x: jt.fliplr(x * x), [M]),
    ("flipud", lambda x: jt.flipud(x * x), [M]),
    ("moveaxis", lambda x: jt.moveaxis(x * x, 0, 1), [M]),
    ("swapdims", lambda x: jt.swapdims(x * x, 0, 1), [M]),
    ("diag_embed", lambda x: jt.diag_embed(x * x, 1), [distinct(3)]),
    ("diagflat", lambda x: jt.diagflat(x * x), [distinct(3)]),
    ("block_diag", lambda x, y: jt.block_diag(x * x, y), [distinct(2), M]),
    ("cartesian_prod", lambda x, y: jt.cartesian_prod(x * x, y), [distinct(2), distinct(3)]),
    ("combinations", lambda x: jt.combinations(x * x), [distinct(4)]),
    ("cdist", jt.cdist, [distinct(2, 3), distinct(2, 3) + 1.3]),
    ("dist", jt.dist, [distinct(3), distinct(3) + 1.3]),
    ("addmv", jt.addmv, [distinct(2), distinct(2, 3), distinct(3)]),
    ("addr", jt.addr, [distinct(2, 3), distinct(2), distinct(3)]),
    ("baddbmm", jt.baddbmm, [distinct(1, 2, 2), distinct(1, 2, 3), distinct(1, 3, 2)]),
    ("addbmm", jt.addbmm, [distinct(2, 2), distinct(2, 2, 3), distinct(2, 3, 2)]),
    ("chain_matmul", jt.chain_matmul, [distinct(2, 3), distinct(3, 2), distinct(2, 2)]),
    ("logcumsumexp", lambda x: jt.logcumsumexp(x, 0), [distinct(4)]),
    ("renorm", lambda x: jt.renorm(x, 2.0, 0, 1.5), [distinct(2, 3)]),
    ("kthvalue", lambda x: jt.kthvalue(x * x, 2)[0], [distinct(4)]),
    ("mode", lambda x: jt.mode(x * x)[0], [distinct(4)]),
    ("msort", lambda x: jt.msort(x * x), [distinct(4)]),
    ("float_power", lambda x: jt.float_power(x * x + 1, 2.5), [distinct(3)]),
    ("cumulative_trapezoid", lambda y, x: jt.cumulative_trapezoid(y, x), [distinct(4), distinct(4)]),
    ("cummax", lambda x: jt.cummax(x * x, 0)[0], [distinct(5)]),
    ("cummin", lambda x: jt.cummin(x * x, 1)[0], [distinct(2, 4)]),
    ("gradient", lambda x: jt.gradient(x * x, spacing=0.5)[0], [distinct(5)]),
    ("gradient", lambda x: jt.gradient(x * x, dim=1, edge_order=2)[0], [distinct(2, 4)]),
    ("trapz", lambda y, x: jt.trapz(y, x), [distinct(4), distinct(4)]),
    ("cross", lambda x, y: jt.cross(x * x, y), [distinct(2, 3), distinct(3) + 0.7]),
    ("atleast_1d", lambda x: jt.atleast_1d(x * x), [distinct(3)]),
    ("atleast_2d", lambda x: jt.atleast_2d(x * x), [distinct(3)]),
    ("atleast_3d", lambda x, y: jt.atleast_3d(x * x, y), [distinct(2, 3), distinct(2)]),
    ("erfinv", lambda x: jt.erfinv(x * 0.3), [distinct(3)]),
    ("i0", jt.i0, [distinct(3)]),
    ("igamma", lambda x: jt.igamma(jt.tensor([1.5, 2.5, 0.7]), x * x + 0.5), [distinct(3)]),
    ("igammac", lambda x: jt.igammac(jt.tensor([1.5, 2.5, 0.7]), x * x + 0.5), [distinct(3)]),
    ("mvlgamma", lambda x: jt.mvlgamma(x * x + 2.0, 3), [distinct(3)]),
    ("matrix_exp", jt.matrix_exp, [SQUARE * 0.3]),
    ("cholesky_solve", lambda b, a: jt.cholesky_solve(b, jt.tril(a * a + 1.0)), [distinct(3, 2), distinct(3, 3)]),
    ("unique", lambda x: jt.unique(x * x), [distinct(4)]),
    ("unique_consecutive", lambda x: jt.unique_consecutive(x * x), [distinct(4)]),
    ("bincount", lambda w: jt.bincount(jt.tensor([0, 2, 2]), w * w), [distinct(3)]),
]
COVERED_BY_TABLE = {name for name, f in vars(jt.ops).items() if getattr(f, "operation", None) in ELEMENTWISE}
WITHOUT_GRADIENT = set(
    """
    BoolTensor DoubleTensor FloatTensor LongTensor all allclose any arange argmax argmin argsort as_tensor count_nonzero empty
    empty_like eq equal eye from_dlpack from_numpy full full_like ge gt is_complex is_floating_point is_tensor isclose
    isfinite isinf isnan le linspace
    logical_and logical_not logical_or logical_xor logspace lt manual_seed ne nonzero normal numel ones ones_like rand rand_like
    randint randn randn_like randperm tensor zeros zeros_like IntTensor
    seed initial_seed bernoulli multinomial get_rng_state set_rng_state result_type
    bartlett_window blackman_window bucketize greater greater_equal hamming_window hann_window kaiser_window less less_equal
    not_equal scalar_tensor searchsorted
    argwhere histc isin isneginf isposinf isreal signbit tril_indices triu_indices
""".split()
)


def over_examples(test):
    names = [f"{name}-{k}" for k, (name, _, _) in enumerate(EXAMPLES)]
    return pytest.mark.parametrize("function, arrays", [e[1:] for e in EXAMPLES], ids=names)(test)


def test_every_public_function_is_tested():
    tested = {name for name, _, _ in EXAMPLES} | COVERED_BY_TABLE
    assert not set(jt.ops.__all__) - tested - WITHOUT_GRADIENT, "give these an example, or name them as without a gradient"
    assert not WITHOUT_GRADIENT - set(jt.ops.__all__)
    assert not WITHOUT_GRADIENT & tested


def test_every_operation_of_the_table_is_tested():
    seen = {o.name for o in ELEMENTWISE}
    for _, function, arrays in EXAMPLES:
        with jt.Tape() as tape:
            inputs = [leaf(a) for a in arrays]
            outputs = function(*inputs)
            outputs = outputs if isinstance(outputs, tuple) else (outputs,)
            jt.autograd.grad(
                outputs, inputs, [np.ones(tuple(y.shape)) for y in outputs], create_graph=True, materialize_grads=True
            )
            seen |= {OPERATIONS[code].name for code in tape[OP]}
    elsewhere = {"user_function", "custom_call", "to"}  # test_autograd, test_custom_rules; test_conversion_between_precisions
    elsewhere |= {"native_call"}  # native/test_rows_of_calls
    elsewhere |= {"dft", "half_dft", "real_dft", "cosine_transform"}  # test_fourier_transforms
    elsewhere |= {"complex_prod"}  # test_complex_linalg
    elsewhere |= {"features_of_image", "image_of_features", "windows_of_features"}  # test_network_layers
    elsewhere |= {"window_maxima", "at_maxima", "to_maxima", "weighted_places", "memory_cell"}
    elsewhere |= {"recurrent_sequence"}
    elsewhere |= {"recursive_filter"}  # test_scipy_arrays
    elsewhere |= {"scipy_hyp2f1", "scipy_eval_jacobi", "lambertw", "wofz"}  # test_functions_of_four
    elsewhere |= {"special_of_complex"}  # test_complex_special_functions
    elsewhere |= {"sparse_product", "sparse_solve"}  # test_sparse_products
    elsewhere |= {"completing_vectors"}  # have no derivative: test_linalg
    elsewhere |= {o.name for o in operation_table.BY_NAME.values() if getattr(o, "library", None)}  # test_scipy_special
    elsewhere |= {
        "solve_triangular",
        "lu_in_place",
        "solve_sylvester",
        "solve_banded",
        "solve_continuous_are",
        "solve_discrete_are",
    }  # test_scipy_linalg
    elsewhere |= set("expm logm sqrtm sinm cosm tanm sinhm coshm tanhm".split())
    elsewhere |= {o.name for o in operation_table.BY_NAME.values() if isinstance(o, Mask)}  # rows of traces only: test_programs
    assert {o.name for o in operation_table.BY_NAME.values()} - seen - elsewhere == set()


@over_examples
def test_derivatives(function, arrays, rng):
    check_derivatives(function, arrays, rng)


@over_examples
def test_second_derivatives_of_functions(function, arrays, rng):
    check_second_derivatives(function, arrays, rng)


@over_examples
def test_functions_of_operands_in_any_memory_order(function, arrays, rng):
    check_derivatives(strided(function), [with_gaps(np.asarray(a)) for a in arrays], rng)
    check_derivatives(transposed(function), [np.asarray(a).T for a in arrays], rng)


@over_examples
def test_recorded_values_are_those_not_recorded(function, arrays):
    recorded = function(*[leaf(a) for a in arrays])
    plain = function(*[jt.tensor(np.asarray(a)) for a in arrays])
    for a, b in zip(*[v if isinstance(v, tuple) else (v,) for v in (recorded, plain)]):
        assert a.shape == b.shape and a.dtype == b.dtype and not b.requires_grad
        np.testing.assert_allclose(a.detach().numpy(), b.numpy(), rtol=1e-13, atol=1e-15)


@over_examples
def test_functions_keep_float32(function, arrays):
    single, double = (
        [leaf(np.asarray(a, np.float32)) for a in arrays],
        [leaf(np.asarray(a, np.float32).astype(float)) for a in arrays],
    )
    results, expected = [v if isinstance(v, tuple) else (v,) for v in (function(*single), function(*double))]
    promoted = expected[0].dtype != results[0].dtype
    for y, e in zip(results, expected):
        assert y.dtype == (np.float32 if promoted else e.dtype)
        np.testing.assert_allclose(y.detach().numpy(), e.detach().numpy(), rtol=1e-5, atol=1e-5)
    ones = [np.ones(tuple(y.shape), y.dtype) for y in results]
    for g, e in zip(jt.autograd.grad(results, single, ones), jt.autograd.grad(expected, double, [o.astype(float) for o in ones])):
        assert g.dtype == np.float32
        np.testing.assert_allclose(g.numpy(), e.numpy(), rtol=2e-4, atol=2e-4)


def test_conversion_between_precisions():
    x = leaf(np.array([1.5, -2.25, 1 / 3]))
    y = x.float()
    assert y.dtype == np.float32
    np.testing.assert_array_equal(y.detach().numpy(), np.array([1.5, -2.25, 1 / 3], np.float32))
    seed = np.array([1.0, 0.1, 3.0])
    for create_graph in (False, True):
        (g,) = jt.autograd.grad(y.double(), x, seed, retain_graph=True, create_graph=create_graph)
        assert g.dtype == np.float64
        np.testing.assert_array_equal(g.detach().numpy(), seed.astype(np.float32).astype(float))
    single, double = leaf(np.float32([1.0, 2.0])), leaf([3.0, 4.0])
    z = single * double
    assert z.dtype == np.float64
    g, h = jt.autograd.grad(z.sum(), [single, double])
    assert (g.dtype, h.dtype) == (np.float32, np.float64)
    np.testing.assert_array_equal(g.numpy(), [3.0, 4.0])
    np.testing.assert_array_equal(h.numpy(), [1.0, 2.0])


# --- compiled kernels of structured operations against their NumPy bodies -----------------------------------------------

KERNELS = [o for o in operation_table.BY_NAME.values() if isinstance(o, declare_structured.Structured) and o.kernels]


def apply_to(function, operation, operands, statics):
    """An operation of any number of operands takes them as one list."""
    return function(operands, *statics) if operation.arity < 0 else function(*operands, *statics)


def operands_of(operation, shapes, rng):
    """Random operands from the domain of a structured operation."""
    return [operation.domain.sample(rng, shape) for shape in shapes]


def numbers_like(x, rng, dtype):
    """Random numbers of a shape, complex ones for complex values."""
    drawn = rng.standard_normal(tuple(x.shape))
    drawn = drawn + 1j * rng.standard_normal(tuple(x.shape)) if is_complex(x.dtype) else drawn
    return drawn.astype(in_precision(dtype, x.dtype))


def in_precision(dtype, like):
    """A floating-point dtype, or that of complex numbers of its precision."""
    return complex_of(np.dtype(dtype)) if is_complex(like) else np.dtype(dtype)


@pytest.mark.parametrize("operation", KERNELS, ids=lambda o: o.name)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.sampled(1, each="operation")
def test_kernels_compute_what_their_numpy_bodies_and_rules_compute(operation, dtype, rng):
    tolerance = {"rtol": 1e-12, "atol": 1e-12} if dtype is np.float64 else {"rtol": 2e-4, "atol": 2e-4}
    for shapes, statics in operation.examples():
        arrays = [a.astype(in_precision(dtype, a.dtype)) for a in operands_of(operation, shapes, rng)]
        inputs = [leaf(a) for a in arrays]
        y = apply_to(operation.apply, operation, inputs, statics)
        np.testing.assert_allclose(
            y.detach().numpy(), apply_to(operation.body, operation, arrays, statics), **tolerance, err_msg=f"{shapes} {statics}"
        )
        assert y.dtype == in_precision(dtype, y.dtype)
        seed = numbers_like(y, rng, dtype)
        compiled = jt.autograd.grad(y, inputs, seed, retain_graph=True)
        recorded = jt.autograd.grad(y, inputs, seed, create_graph=True)
        x_dot = [numbers_like(x, rng, dtype) for x in inputs]
        (y_dot,) = tangent_of([y], inputs, x_dot)
        products = [np.vdot(g.numpy(), d).real for g, d in zip(compiled, x_dot)]
        scale = 1.0 + sum(np.abs(g.numpy() * d).sum() for g, d in zip(compiled, x_dot))
        assert abs(sum(products) - np.vdot(seed, y_dot).real) <= tolerance["rtol"] * scale, (shapes, statics)
        for a, b in zip(compiled, recorded):
            np.testing.assert_allclose(a.numpy(), b.detach().numpy(), **tolerance, err_msg=f"{shapes} {statics}")


EXAMPLED = [
    o for o in operation_table.BY_NAME.values() if isinstance(o, declare_structured.Structured) and o.examples and o.pullbacks
]


def in_real_numbers(operation, arrays, statics):
    """An operation as a function of real arrays, that returns real ones, and these arrays."""
    is_pair = [is_complex(a.dtype) for a in arrays]

    def function(*xs):
        xs = iter(xs)
        operands = [jt.complex(next(xs), next(xs)) if pair else next(xs) for pair in is_pair]
        y = apply_to(operation.apply, operation, operands, statics)
        return (jt.real(y), jt.imag(y)) if is_complex(y.dtype) else y

    parts = [[a.real.copy(), a.imag.copy()] if pair else [a] for a, pair in zip(arrays, is_pair)]
    return function, [a for part in parts for a in part]


@pytest.mark.parametrize("operation", EXAMPLED, ids=lambda o: o.name)
def test_rules_of_declared_examples(operation, rng):
    """Pullbacks and pushforwards, in the compiled sweeps and in those that are recorded, and the derivatives of both."""
    for shapes, statics in operation.examples():
        function, arrays = in_real_numbers(operation, operands_of(operation, shapes, rng), statics)
        check_derivatives(function, arrays, rng)
        check_second_derivatives(function, arrays, rng)


@pytest.mark.parametrize("operation", KERNELS, ids=lambda o: o.name)
def test_kernels_add_to_adjoints_that_are_there(operation, rng):
    """Two results of the same operands: the second kernel finds the adjoint of the first."""
    for shapes, statics in operation.examples():
        inputs = [leaf(a) for a in operands_of(operation, shapes, rng)]
        y = apply_to(operation.apply, operation, inputs, statics)
        seed = numbers_like(y, rng, np.float64)
        once = jt.autograd.grad(y, inputs, seed, retain_graph=True)
        again = apply_to(operation.apply, operation, inputs, statics)
        twice = jt.autograd.grad([y, again], inputs, [seed, 2.0 * seed], retain_graph=True)
        others = jt.autograd.grad(
            [y, *[x * 3.0 for x in inputs]], inputs, [seed, *[np.ones(tuple(x.shape), x.dtype) for x in inputs]]
        )
        for a, b, c in zip(once, twice, others):
            np.testing.assert_allclose(b.numpy(), 3.0 * a.numpy(), rtol=1e-12, atol=1e-12)
            np.testing.assert_allclose(c.numpy(), a.numpy() + 3.0, rtol=1e-12, atol=1e-12)


# --- nothing, and single numbers ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "dim, keepdim, shape", [(None, False, ()), (0, False, (3,)), (1, False, (0,)), ((0, 1), True, (1, 1)), (1, True, (0, 1))]
)
@pytest.mark.parametrize(
    "name, of_nothing", [("sum", 0.0), ("prod", 1.0), ("mean", math.nan), ("logsumexp", -math.inf), ("norm", 0.0)]
)
def test_reductions_of_nothing(name, of_nothing, dim, keepdim, shape):
    x = leaf(np.zeros((0, 3)))
    y = getattr(x, name)(dim=dim, keepdim=keepdim)
    assert tuple(y.shape) == shape
    np.testing.assert_array_equal(y.detach().numpy(), np.full(shape, of_nothing))
    assert jt.autograd.grad(y, x, np.ones(shape))[0].shape == (0, 3)


@pytest.mark.parametrize("name", ["amax", "amin", "max", "min"])
def test_no_largest_of_nothing(name):
    with pytest.raises(RuntimeError, match="Expected reduction dim to be specified for input.numel"):
        getattr(leaf(np.zeros((0, 3))), name)()
    with pytest.raises(IndexError, match="non-zero size"):
        getattr(leaf(np.zeros((0, 3))), name)(0)


@pytest.mark.parametrize("name", ["sum", "prod", "amax", "var", "logsumexp", "norm"])
def test_several_axes_of_what_has_no_elements(name):
    y = getattr(leaf(np.zeros((0, 3, 2))), name)(dim=(1, 2))
    assert tuple(y.shape) == (0,)


@pytest.mark.parametrize(
    "name", ["sum", "mean", "prod", "amax", "amin", "max", "min", "median", "logsumexp", "norm", "cumsum", "cumprod"]
)
def test_folds_of_a_single_number(name):
    x = leaf(np.array(1.5))
    y = getattr(x, name)(dim=0) if name not in ("max", "min", "median") else getattr(x, name)(dim=0).values
    assert y.shape == () and abs(y.item() - 1.5) < 1e-15
    assert jt.autograd.grad(y, x)[0].item() == 1.0


# --- rules that do not lean on rounded results ------------------------------------------------------------------------


@pytest.mark.parametrize("large", [0.0, 1e6, 1e10, 1e15, 1e50])
def test_derivatives_of_sums_of_exponentials_at_large_arguments(large):
    """Shifting all arguments changes no derivative, however few digits of the result are left."""
    x = np.array([large, large, large])
    third, two_thirds = 1.0 / 3.0, 2.0 / 3.0
    for transform in (jt.grad, jt.jacfwd, lambda f: jt.compile(jt.grad(f)), lambda f: lambda x: jt.vmap(jt.grad(f))(x[None])[0]):
        np.testing.assert_allclose(transform(lambda x: jt.logsumexp(x, 0))(x), [third] * 3, rtol=1e-14)
        np.testing.assert_allclose(transform(lambda x: jt.log_softmax(x, 0)[0])(x), [two_thirds, -third, -third], rtol=1e-14)
        np.testing.assert_allclose(transform(lambda x: np.logaddexp(x[0], x[1]))(x), [0.5, 0.5, 0.0], rtol=1e-14)
    hessian = jt.hessian(lambda x: jt.logsumexp(x, 0))(x)
    np.testing.assert_allclose(hessian, np.diag([third] * 3) - third**2, rtol=1e-13)
    quarters = jt.hessian(lambda x: np.logaddexp(x[0], x[1]))(x)[:2, :2]
    np.testing.assert_allclose(quarters, [[0.25, -0.25], [-0.25, 0.25]], rtol=1e-14)


def test_powers_at_zero_to_third_order():
    def polynomial(x):
        return (np.array([1.0, 2.0, 3.0, 4.0]) * x ** np.arange(4)).sum()

    assert [f(0.0) for f in derivatives(polynomial, 3)] == [2.0, 6.0, 24.0]
    assert [f(0.0) for f in derivatives(lambda x: x ** np.float64(1.0), 3)] == [1.0, 0.0, 0.0]
    assert [f(2.0) for f in derivatives(lambda p: (np.array([0.0, 1.0]) ** p).sum(), 2)] == [0.0, 0.0]
    mixed = jt.hessian(lambda v: v[0] ** v[1])
    np.testing.assert_allclose(mixed(np.array([23.0, 0.0])), [[0.0, 1 / 23], [1 / 23, math.log(23.0) ** 2]], rtol=1e-14)
    np.testing.assert_array_equal(mixed(np.array([0.0, 2.0])), [[2.0, 0.0], [0.0, 0.0]])


def derivatives(function, order):
    """The function's derivatives from the first to this order."""
    found = []
    for _ in range(order):
        function = jt.grad(function)
        found.append(function)
    return found
