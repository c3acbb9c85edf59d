"""The same programs with PyTorch and with jittape: values, gradients and second derivatives."""

import math
import warnings

import numpy as np
import pytest
from derivative_checks import check_derivatives

import jittape

torch = pytest.importorskip("torch")

RNG = np.random.default_rng(11)
V, M = RNG.standard_normal(5), RNG.standard_normal((3, 4))
T3, B = RNG.standard_normal((2, 3, 4)), RNG.standard_normal((4, 3))
ZEROS = np.array([[1.5, 0.0, -2.0], [0.0, 3.0, 0.0], [0.5, 2.0, 1.0]])
MASK = np.array([[True, False, True, True], [False] * 4, [True, True, False, False]])


class Library:
    """What a program may use: functions of one of the libraries, and constants in its type."""

    def __init__(self, module):
        self.module = module
        self.is_torch = module is torch

    def __getattr__(self, name):
        return getattr(self.module, name)

    def of(self, array):
        array = np.asarray(array)
        return torch.tensor(array) if self.is_torch else jittape.tensor(array)

    def leaf(self, array):
        if self.is_torch:
            return torch.tensor(np.asarray(array, np.float64), requires_grad=True)
        return jittape.tensor(np.asarray(array, np.float64), requires_grad=True)


LIBRARIES = Library(torch), Library(jittape)


def numbers(x):
    if x is None:
        return None
    return np.array(x.detach().numpy(force=True) if isinstance(x, torch.Tensor) else x.detach().numpy())


def flat(value):
    """All floating-point results of a program, however nested."""
    if isinstance(value, (tuple, list)):
        return [y for v in value for y in flat(v)]
    return [value] if hasattr(value, "detach") and "float" in str(value.dtype) else []


def indices(value):
    if isinstance(value, (tuple, list)):
        return [y for v in value for y in indices(v)]
    return [np.asarray(value)] if hasattr(value, "detach") and "int" in str(value.dtype) else []


def loss_of(library, outputs):
    """A scalar that weighs every element of every output differently."""
    total = 0.0
    for k, y in enumerate(outputs):
        weight = np.sin(1.0 + k + np.arange(math.prod(y.shape))).reshape(tuple(y.shape))
        total = total + (y * library.of(weight)).sum()
    return total


def derivatives(library, program, arrays, second=True):
    """Values, indices, gradients and one Hessian-vector product of a program."""
    xs = [library.leaf(a) for a in arrays]
    value = program(library, *xs)
    outputs = flat(value)
    answers = {"values": [numbers(y) for y in outputs], "indices": indices(value)}
    loss = loss_of(library, [y for y in outputs if y.requires_grad])
    gradients = library.autograd.grad(loss, xs, allow_unused=True, retain_graph=True)
    answers["gradients"] = [numbers(g) for g in gradients]
    if second:
        gradients = library.autograd.grad(loss, xs, allow_unused=True, create_graph=True)
        slope = sum(
            (g * library.of(np.cos(np.arange(math.prod(g.shape)).reshape(tuple(g.shape))))).sum()
            for g in gradients
            if g is not None
        )
        if getattr(slope, "requires_grad", False):
            answers["products"] = [numbers(h) for h in library.autograd.grad(slope, xs, allow_unused=True)]
    return answers


def assert_same(ours, theirs, arrays, rtol=1e-9):
    for a, b in zip(ours["indices"], theirs["indices"]):
        np.testing.assert_array_equal(a, b)
    for kind in ("values", "gradients", "products"):
        mine, expected = ours.get(kind, [None] * len(arrays)), theirs.get(kind, [None] * len(arrays))
        assert len(mine) == len(expected)
        for k, (a, b) in enumerate(zip(mine, expected)):
            # an absent second derivative and one of zeros mean the same
            a = np.zeros(np.shape(arrays[k])) if a is None and kind == "products" else a
            b = np.zeros(np.shape(arrays[k])) if b is None and kind == "products" else b
            if np.size(arrays[k] if kind != "values" else 1) == 0:
                continue  # an input of no elements is used or not: PyTorch answers an empty gradient for either
            assert (a is None) == (b is None), f"{kind} {k}: got {a!r}, PyTorch has {b!r}"
            if b is not None:
                assert a.shape == b.shape, f"{kind} {k}: got shape {a.shape}, PyTorch has {b.shape}"
                scale = max(1.0, np.abs(b[np.isfinite(b)]).max(initial=0.0))
                np.testing.assert_allclose(a, b, rtol=rtol, atol=rtol * scale, err_msg=f"{kind} {k}")


def compare(program, arrays, second=True, rtol=1e-9):
    theirs, ours = [derivatives(library, program, arrays, second) for library in LIBRARIES]
    assert_same(ours, theirs, arrays, rtol)


# --- reductions ---------------------------------------------------------------------------------------------

DIMS = [None, 0, -1, (0, 2), (1,), (0, 1, 2)]


@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize("dim", DIMS, ids=str)
@pytest.mark.parametrize("name", ["sum", "mean", "amax", "amin", "logsumexp", "var", "std", "norm1", "norm2", "norm3", "norminf"])
def test_reductions(name, dim, keepdim):
    if name.startswith("norm"):
        p = math.inf if name == "norminf" else float(name[4:])
        compare(lambda lib, x: x.norm(p, dim=dim if dim is not None else (0, 1, 2), keepdim=keepdim), [T3], rtol=1e-8)
    elif dim is None:
        compare(lambda lib, x: getattr(x, name)() if name != "logsumexp" else x.logsumexp((0, 1, 2)), [T3])
    else:
        compare(lambda lib, x: getattr(x, name)(dim=dim, keepdim=keepdim), [T3])


@pytest.mark.parametrize("keepdim", [False, True])
@pytest.mark.parametrize("dim", [0, 1, -1])
@pytest.mark.parametrize("name", ["max", "min", "median"])
def test_extremes_with_their_indices(name, dim, keepdim):
    compare(lambda lib, x: tuple(getattr(x, name)(dim, keepdim=keepdim)), [T3])
    compare(lambda lib, x: getattr(x, name)(), [T3])


@pytest.mark.parametrize("order", [0.5, 1, 1.5, 2, 3, 4, -1, -2, math.inf, -math.inf])
@pytest.mark.parametrize(
    "array", [M, M[0], np.array([[0.0, 1.0], [2.0, 0.0]]), np.zeros(3)], ids=["matrix", "vector", "zeros", "nothing"]
)
def test_orders_of_norms(order, array):
    if not array.all() and order < 1:
        array = np.abs(array) + 0.5  # PyTorch answers nan or inf at 0 for orders below 1
    compare(lambda lib, x: x.norm(order, dim=tuple(range(x.ndim))), [array], second=bool(array.all()))
    compare(lambda lib, x: x.norm(order, dim=0), [array], second=bool(array.all()))


def test_the_number_of_elements_that_are_not_zero_has_no_slope():
    x = jittape.tensor([0.0, 2.0, 3.0], requires_grad=True)
    y = x.norm(0)
    assert y.item() == torch.tensor([0.0, 2.0, 3.0]).norm(0).item() == 2.0
    assert jittape.autograd.grad(y, x)[0].tolist() == [0.0, 0.0, 0.0]


@pytest.mark.parametrize("correction", [0, 1, 2])
@pytest.mark.parametrize("dim", [None, 0, (0, 1)], ids=str)
@pytest.mark.parametrize("name", ["var", "std"])
def test_spread(name, dim, correction):
    compare(lambda lib, x: getattr(x, name)(dim=dim, correction=correction), [M])
    compare(lambda lib, x: getattr(x, name)(dim=0, unbiased=correction != 0, keepdim=True), [M])


@pytest.mark.parametrize("array", [M, ZEROS, np.zeros((2, 3)), ZEROS[:, :1]], ids=["plain", "zeros", "all zeros", "column"])
@pytest.mark.parametrize("dim", [0, 1])
def test_products(array, dim):
    compare(lambda lib, x: x.prod(dim), [array])
    compare(lambda lib, x: x.prod(dim, keepdim=True), [array])
    compare(lambda lib, x: x.prod(), [array])
    compare(lambda lib, x: lib.cumprod(x, dim), [array])
    compare(lambda lib, x: lib.cumsum(x, dim), [array])


NOT_FINITE = np.array([[1.0, np.inf, -2.0], [np.nan, 0.5, 3.0], [-np.inf, 2.0, -np.inf]])


# not of prod: PyTorch divides the product by the factor, which is nan where the product of the other factors is a number
@pytest.mark.parametrize("name", ["sum", "mean", "amax", "amin", "logsumexp", "cumsum", "max", "median"])
def test_infinities_and_nan_in_reductions(name):
    def program(lib, x):
        y = getattr(x, name)(1)
        return tuple(y) if isinstance(y, tuple) else y

    # the nan that amax answers has its gradient; PyTorch answers nan for the whole row there
    compare(program, [np.delete(NOT_FINITE, 1, 0) if name in ("amax", "amin") else NOT_FINITE], second=False)


# --- indexing -----------------------------------------------------------------------------------------------

KEYS = [
    0,
    -1,
    (1, 2),
    (-1, -2),
    slice(None),
    slice(1, None),
    slice(None, -1),
    slice(0, 3, 2),
    slice(2, 2),
    (slice(None), 1),
    (slice(None), slice(1, 3)),
    Ellipsis,
    (Ellipsis, 0),
    (0, Ellipsis),
    (Ellipsis, slice(1, 2)),
    None,
    (None, 0),
    (slice(None), None, 1),
    (Ellipsis, None),
    (None, Ellipsis, None),
    ([0, 2],),
    [0, 0, 1],
    ([0, 1], [2, 0]),
    (slice(None), [0, 0, 3]),
    ([1], slice(1, 3)),
    (np.array([[0, 1], [2, 2]]),),
    (np.array([[0, 1]]), np.array([[3], [1]])),
    (np.array([-1, 0]), -2),
    MASK,
    (MASK[:, 0],),
    (slice(None), MASK[0]),
    (MASK[:, 0], 1),
    (0, MASK[0]),
    (None, [1, 2]),
    ([0, 1], None, [1, 1]),
    (Ellipsis, [0, 1]),
    ([0, 1], Ellipsis),
    np.zeros((3, 4), bool),
    np.array([], np.int64),
]
KEYS3 = [
    (1, 0, [0, 1]),
    ([0, 1], slice(None), [0, 3]),
    (slice(None), [0, 1], [0, 1]),
    ([[0], [1]], [0, 2], slice(1, 3)),
    (slice(None), 1, [0, 2]),
    ([1, 0], 1),
    (1, [1, 0]),
    (Ellipsis, [0, 2], 1),
    (np.array([True, False]), slice(None), [1, 1, 1]),
    (slice(None), MASK),
    (None, 0, [1, 2]),
    (0, MASK),
    (slice(None), slice(0, 2), np.array([[1, 0]])),
]
ALL_KEYS = [(M, k) for k in KEYS] + [(T3, k) for k in KEYS3]


def in_library(lib, key):
    """A key with its arrays as tensors."""
    if isinstance(key, tuple):
        return tuple(in_library(lib, k) for k in key)
    return lib.of(key) if isinstance(key, np.ndarray) else key


@pytest.mark.parametrize(
    "array, key", ALL_KEYS, ids=lambda v: "" if isinstance(v, np.ndarray) and v.dtype == float else repr(v)[:40]
)
def test_reading_by_index(array, key):
    compare(lambda lib, x: (x * x)[in_library(lib, key)], [array])
    compare(lambda lib, x: x.transpose(0, 1).contiguous().transpose(0, 1)[in_library(lib, key)] * 2.0, [array])


NUMPY_KEYS = [(0, slice(None), [0, 1]), (None, 0, None, [1, 2]), ([0, 1], slice(None), 2)]


@pytest.mark.parametrize("key", NUMPY_KEYS, ids=repr)
def test_integers_beside_arrays_order_the_axes_as_in_numpy(key):
    """PyTorch takes integers first and puts the axes of the arrays elsewhere."""
    x = jittape.tensor(T3, requires_grad=True)
    y = x[key]
    np.testing.assert_array_equal(y.detach().numpy(), T3[key])
    seed = RNG.standard_normal(y.shape)
    expected = np.zeros_like(T3)
    np.add.at(expected, key, seed)
    np.testing.assert_array_equal(jittape.autograd.grad(y, x, seed)[0].numpy(), expected)


def is_repeating(array, key):
    positions = np.arange(array.size).reshape(array.shape)[key]
    return len(np.unique(positions)) < positions.size


@pytest.mark.parametrize(
    "array, key", ALL_KEYS, ids=lambda v: "" if isinstance(v, np.ndarray) and v.dtype == float else repr(v)[:40]
)
def test_assigning_by_index(array, key):
    shape = array[key].shape

    def program(lib, x, value, number):
        y = x * 1.5
        k = in_library(lib, key)
        before = y[k].sum()
        y[k] = value
        a = y.clone()
        y[k] = number
        b = y.clone()
        y[k] *= 3.0
        return before, a.sin(), b * b, y

    def broadcast(lib, x, row):
        y = x * 1.0
        y[in_library(lib, key)] = row
        return y * y

    value = RNG.standard_normal(shape)
    if is_repeating(array, key):  # PyTorch counts the gradient of what is assigned twice to one element twice
        for one in (program, broadcast):
            check_derivatives(
                lambda *xs: one(LIBRARIES[1], *xs), [array, np.array(0.4), np.array(0.7)][: 3 if one is program else 2], RNG
            )
        return
    compare(program, [array, value, np.array(0.7)])

    if shape and not (isinstance(key, tuple) and None in [k for k in key if not isinstance(k, np.ndarray)]):
        compare(broadcast, [array, RNG.standard_normal((1,) if len(shape) == 1 else shape[1:])])


def test_assigning_constants_and_numbers():
    def program(lib, x):
        y = x.clone()
        y[0] = 2.0
        y[:, 1] = lib.of(np.array([1.0, 2.0, 3.0]))
        y[lib.of(MASK)] = 1
        y[2, 2:] += 1.0
        return y * x

    compare(program, [M])


# --- in place -----------------------------------------------------------------------------------------------


def _views_see_writes(lib, x):
    y = x * 2.0
    row, transposed = y[1], y.t()
    row.mul_(3.0)
    transposed[0] += row[0].clone()
    y.add_(1.0)
    return row * 2.0, transposed + 1.0, y + 0.5


def _time_steps(lib, u):
    u = u.clone()
    for _ in range(4):
        u[1:-1] = u[1:-1] + 0.1 * (u[2:] - 2.0 * u[1:-1] + u[:-2])
    return u * u


def _overwritten_and_reused(lib, x, z):
    y = x * z
    a = y + 1.0
    y.zero_()
    y[:2] = z[:2]
    y[2:].copy_(x[2:] * 3.0)
    return a, y


def _fills(lib, x):
    y = x * 1.0
    y[0].fill_(2.0)
    y[:, 1].zero_()
    y.clamp_(-1.0, 1.0)
    y.masked_fill_(lib.of(MASK), 0.3)
    return y * x


def _operators(lib, x, z):
    y = x + 0.0
    y += z
    y -= 2.0
    y *= z
    y /= 3.0
    y **= 2
    return y


def _diagonal(lib, x):
    y = x.clone()
    y.diagonal()[:] = 2.0 * x[:, 0]
    return y * y


def _constant_buffer(lib, x):
    y = lib.zeros(5, dtype=lib.float64)
    for k in range(5):
        y[k] = x[k] * (y[k - 1] if k else 1.0) + k
    return y


def _alias_written_after_its_base(lib, x):
    y = x * 1.0
    row, column = y[1], y[:, 1:2]
    y *= 1.5
    row *= 1.2
    column += row.sum().clone()
    return row * row, y.sin(), column * 2.0


IN_PLACE = [
    (_views_see_writes, [M]),
    (_time_steps, [V]),
    (_overwritten_and_reused, [V, V[::-1].copy()]),
    (_fills, [M]),
    (_operators, [M, B.T.copy()]),
    (_alias_written_after_its_base, [M]),
    (_diagonal, [RNG.standard_normal((3, 3))]),
]


@pytest.mark.parametrize("program, arrays", IN_PLACE, ids=lambda v: getattr(v, "__name__", ""))
def test_in_place(program, arrays):
    compare(program, arrays)


def test_a_buffer_filled_element_by_element():
    """PyTorch refuses to differentiate this: it is held against the same program without writes."""

    def without_writes(lib, x):
        parts = []
        for k in range(5):
            parts.append(x[k] * (parts[k - 1] if k else 1.0) + k)
        return lib.stack(parts)

    theirs = derivatives(LIBRARIES[0], without_writes, [V])
    assert_same(derivatives(LIBRARIES[1], _constant_buffer, [V]), theirs, [V])


# --- joining, moving, choosing ------------------------------------------------------------------------------

PROGRAMS = {
    "cat": (lambda lib, x, y: lib.cat([x * x, y, x], dim=1), [M, M[:, :2]]),
    "cat last": (lambda lib, x: lib.cat((x, x.sin()), -1), [T3]),
    "stack": (lambda lib, x, y: lib.stack([x, y * x], dim=-1), [M, B.T.copy()]),
    "hstack vstack": (lambda lib, x, y: (lib.hstack([x, y]), lib.vstack([x, y])), [V, V * 2]),
    "split": (lambda lib, x: lib.split(x * x, 2, dim=1), [T3]),
    "split lengths": (lambda lib, x: x.split([1, 3], -1)[1], [T3]),
    "chunk unbind": (lambda lib, x: (*lib.chunk(x, 2), *x.unbind(0)), [M]),
    "where": (lambda lib, x, y: lib.where(x > y, x * y, y.sin()), [M, B.T.copy()]),
    "where broadcast": (lambda lib, x, y: lib.where(lib.of(MASK), x, y), [M, V[:4]]),
    "sort": (lambda lib, x: tuple(lib.sort(x * 2.0, dim=1)), [T3]),
    "sort descending": (lambda lib, x: tuple(x.sort(0, descending=True)), [M]),
    "topk": (lambda lib, x: (*x.topk(2, 1), *x.topk(2, 0, largest=False)), [M]),
    "gather": (lambda lib, x: lib.gather(x, 1, lib.of(np.array([[0, 1, 1], [3, 2, 0]]))), [M]),
    "gather 0": (lambda lib, x: x.gather(0, lib.of(np.array([[0, 1, 1, 2], [2, 2, 0, 0]]))), [M]),
    "index_select": (lambda lib, x: x.index_select(1, lib.of(np.array([0, 0, 3]))), [M]),
    "index_add": (lambda lib, x, y: x.index_add(0, lib.of(np.array([2, 0, 2])), y, alpha=2.0), [M, M * 2]),
    "take": (lambda lib, x: lib.take(x, lib.of(np.array([[0, 5], [11, 5]]))), [M]),
    "take_along_dim": (lambda lib, x: lib.take_along_dim(x, lib.of(np.array([[1], [0], [2]])), 1), [M]),
    "masked_select": (lambda lib, x: x.masked_select(lib.of(MASK)), [M]),
    "masked_fill": (lambda lib, x: x.masked_fill(lib.of(MASK), 2.0) * x, [M]),
    "softmax": (lambda lib, x: (lib.softmax(x, 1), lib.log_softmax(x, 0)), [M]),
    "flip roll": (lambda lib, x: (x.flip(0), x.flip((0, 1)), lib.roll(x, 1, 1), lib.roll(x, (1, 2), (0, 1))), [M]),
    "tril triu": (lambda lib, x: (lib.tril(x, -1), lib.triu(x, 1), lib.tril(x)), [T3]),
    "diag": (lambda lib, x, y: (lib.diag(x), lib.diag(y, -1), lib.diagonal(x, 1)), [M, V]),
    "repeat tile": (lambda lib, x: (x.repeat(2, 1, 2), lib.tile(x, (2,))), [M]),
    "expand": (lambda lib, x: x.expand(3, -1, 4) * 1.0, [RNG.standard_normal((2, 1))]),
    "movedim": (lambda lib, x: (lib.movedim(x, 0, -1), x.permute(2, 0, 1), x.transpose(0, 2), x.mT), [T3]),
    "squeeze": (lambda lib, x: (x.unsqueeze(1).squeeze(1), x.unsqueeze(-1).squeeze()), [M]),
    "flatten": (lambda lib, x: (x.flatten(1), lib.flatten(x), x.reshape(-1, 3)), [T3]),
    "meshgrid": (lambda lib, x, y: lib.meshgrid(x, y, indexing="xy"), [V, V[:2]]),
    "matmul": (lambda lib, x, y: (x @ y, lib.matmul(x, y[:, 0]), lib.mm(y, x)), [M, B]),
    "batched": (lambda lib, x, y: (x @ y, lib.matmul(x, y.unsqueeze(0)), x[0, 0] @ y, x @ y[:, 0]), [T3, B]),
    "bmm": (lambda lib, x: lib.bmm(x, x.transpose(1, 2)), [T3]),
    "dot outer": (lambda lib, x, y: (lib.dot(x, y), lib.outer(x, y), lib.trace(lib.outer(x, y))), [V, V * 2]),
    "clamp": (
        lambda lib, x, y: (lib.clamp(x, -0.5, 0.5), x.clamp(min=y), x.clamp(max=y), lib.clamp(x, y, y + 0.5)),
        [M, B.T.copy()],
    ),
    "maximum": (lambda lib, x, y: (lib.maximum(x, y), lib.minimum(x, y), lib.max(x, y)), [M, B.T.copy()]),
    "remainders": (lambda lib, x: (lib.fmod(x, 0.7), lib.remainder(x, 0.7), x % -0.3, x.floor(), x.round(), x.trunc()), [M]),
    "remainders of two": (lambda lib, x, y: (lib.fmod(x, y), lib.remainder(x, y)), [M, B.T.copy()]),
    "division": (
        lambda lib, x, y: (x / y, 2.0 / y, lib.div(x, y, rounding_mode="floor") + y, lib.div(x, y, rounding_mode="trunc") * x),
        [M, B.T.copy()],
    ),
    "powers": (lambda lib, x: (x**2, x**3, x.abs() ** 0.5, x**-1, x**-2, 2.0**x, x.abs() ** x, x**0, x**4.0, x**1), [M]),
    "hyperbolic": (lambda lib, x: (x.sinh(), x.cosh(), x.tanh(), x.asinh(), (x.abs() + 1.5).acosh(), (x / 4).atanh()), [M]),
    "trigonometric": (
        lambda lib, x, y: (x.sin(), x.cos(), x.tan(), (x / 4).asin(), (x / 4).acos(), x.atan(), lib.atan2(x, y)),
        [M, B.T.copy()],
    ),
    "exponential": (
        lambda lib, x: (
            x.exp(),
            x.exp2(),
            x.expm1(),
            x.sigmoid(),
            (x * x + 0.1).log(),
            (x * x).log1p(),
            (x * x + 1).log2(),
            (x * x + 1).log10(),
        ),
        [M],
    ),
    "pairs": (lambda lib, x, y: (lib.logaddexp(x, y), lib.hypot(x, y), lib.xlogy(x, y * y + 0.1)), [M, B.T.copy()]),
    "alpha": (lambda lib, x, y: (lib.add(x, y, alpha=2.0), lib.sub(x, y, alpha=0.5)), [M, B.T.copy()]),
    "numbers": (lambda lib, x: (1 - x, 2 / (x * x + 1), 3 * x, x - 1, x + 2, -x, abs(x)), [np.array(0.3)]),
    "nan in a branch": (lambda lib, x: lib.where(x > 0, x, x * 0.0).sum(), [M]),
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_functions(name):
    program, arrays = PROGRAMS[name]
    compare(program, arrays)


# --- random programs ----------------------------------------------------------------------------------------
# A program is a list of steps; each takes earlier values by number.  It is drawn against PyTorch's
# shapes, then run with both.

UNARY = ["sin", "tanh", "sigmoid", "exp", "square", "abs", "cos", "neg", "relu", "expm1"]
FOLDS = ["sum", "mean", "amax", "amin", "logsumexp", "prod", "var"]


def bounded(y):
    """Keep values of order one: deep programs would overflow."""
    return y.tanh()


def draw_key(rng, shape):
    """An index of any kind that fits a shape."""
    key = []
    for n in shape[: rng.integers(1, len(shape) + 1)]:
        kind = rng.integers(5) if n else 1
        if kind == 0:
            key.append(int(rng.integers(-n, n)))
        elif kind == 1:
            key.append(slice(None))
        elif kind == 2:
            key.append(slice(int(rng.integers(0, n)), None, int(rng.integers(1, 3))))
        elif kind == 3 and not any(isinstance(k, list) for k in key):
            key.append([int(k) for k in rng.integers(-n, n, 2)])
        else:
            key.append(slice(0, max(1, n - 1)))
    if rng.random() < 0.2:
        key.append(Ellipsis)
    if rng.random() < 0.2:
        key.insert(0, None)
    return tuple(key)


def draw_step(rng, values):
    """A step that fits the values so far, as (function of library and values, adds a value)."""
    i, j = (int(k) for k in rng.integers(0, len(values), 2))
    x, y = values[i], values[j]
    kind = rng.choice(["unary", "binary", "number", "fold", "view", "index", "join", "scan", "assign", "update", "where"])
    if kind == "unary":
        name = str(rng.choice(UNARY))
        return lambda lib, v: bounded(getattr(lib, name)(v[i]))
    if kind == "binary":
        if not fits(x.shape, y.shape):
            return None
        name = str(rng.choice(["mul", "add", "sub", "maximum", "atan2"]))
        return lambda lib, v: bounded(getattr(lib, name)(v[i], v[j] + (0.3 if name == "atan2" else 0.0)))
    if kind == "number":
        c, form = float(rng.uniform(0.5, 2)), int(rng.integers(5))
        return lambda lib, v: bounded(
            [lambda t: t * c, lambda t: c - t, lambda t: c / (t * t + 1), lambda t: t**2, lambda t: t**3][form](v[i])
        )
    if kind == "fold" and x.ndim:
        name, dim, keepdim = str(rng.choice(FOLDS)), int(rng.integers(x.ndim)), bool(rng.integers(2))
        if x.shape[dim] < 2:
            return None
        return lambda lib, v: bounded(getattr(v[i], name)(dim=dim, keepdim=keepdim))
    if kind == "view" and x.ndim:
        a, b, form = int(rng.integers(x.ndim)), int(rng.integers(x.ndim)), int(rng.integers(5))
        if x.ndim > 4:
            form = 1
        return lambda lib, v: [
            lambda t: t.transpose(a, b),
            lambda t: t.reshape(-1),
            lambda t: t.unsqueeze(a),
            lambda t: t.flip(a),
            lambda t: t.narrow(a, 0, max(1, t.shape[a] - 1)) if t.shape[a] else t.reshape(-1),
        ][form](v[i])
    if kind == "index" and x.ndim:
        key = draw_key(rng, x.shape)
        return lambda lib, v: v[i][key]
    if kind == "join":
        if x.shape != y.shape or x.ndim > 3:
            return None
        form = bool(rng.integers(2)) and x.ndim
        return lambda lib, v: lib.cat([v[i], v[j]], 0) if form else lib.stack([v[i], v[j]], 0)
    if kind == "scan" and x.ndim and x.numel() < 100:
        name, dim = str(rng.choice(["cumsum", "cumprod"])), int(rng.integers(x.ndim))
        return lambda lib, v: bounded(getattr(lib, name)(v[i], dim))
    if kind == "where":
        if x.shape != y.shape:
            return None
        return lambda lib, v: lib.where(v[i] > 0.1, v[i] * v[j], v[j])
    if kind in ("assign", "update") and x.ndim:
        key = draw_key(rng, x.shape)
        region = np.arange(x.numel()).reshape(tuple(x.shape))[key]
        if len(np.unique(region)) < region.size or x.numel() == 0:
            return None
        if kind == "update":
            c = float(rng.uniform(0.5, 1.5))

            def update(lib, v):
                v[i][key] *= c

            return update
        if tuple(y.shape) not in ((), region.shape) or i == j:
            return None

        def assign(lib, v):
            v[i][key] = v[j] * 0.5

        return assign
    return None


def fits(a, b):
    return all(m == n or 1 in (m, n) for m, n in zip(reversed(a), reversed(b)))


def draw_program(seed, n_steps):
    """Steps drawn while PyTorch runs them, so that every one is legal."""
    rng = np.random.default_rng(seed)
    arrays = [rng.standard_normal(s) for s in ((3, 4), (4,), (), (2, 3))]
    with torch.no_grad():
        values, steps = [torch.tensor(a) for a in arrays], []
        while len(steps) < n_steps:
            step = draw_step(rng, values)
            if step is None:
                continue
            y = step(LIBRARIES[0], values)
            steps.append(step)
            if y is not None:
                values.append(y)

    def program(lib, *xs):
        v = [x * 1.0 for x in xs]
        for step in steps:
            y = step(lib, v)
            if y is not None:
                v.append(y)
        return v

    return program, arrays


def finite_difference(program, arrays, direction):
    """Derivative of PyTorch's value of the loss along a direction."""

    def value(h):
        with torch.no_grad():
            xs = [torch.tensor(a + h * d) for a, d in zip(arrays, direction)]
            return float(loss_of(LIBRARIES[0], flat(program(LIBRARIES[0], *xs))))

    h = 1e-4
    return (8 * (value(h) - value(-h)) - (value(2 * h) - value(-2 * h))) / (12 * h)


@pytest.mark.sampled(50)
@pytest.mark.parametrize("seed", range(150))
def test_random_programs(seed):
    program, arrays = draw_program(seed, 6 + seed % 12)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            theirs = derivatives(LIBRARIES[0], program, arrays)
        except RuntimeError as error:
            assert "modified by an inplace operation" in str(error), error
            theirs = None
    ours = derivatives(LIBRARIES[1], program, arrays)
    if theirs is not None:
        assert_same(ours, theirs, arrays, rtol=1e-8)
        return
    # PyTorch cannot undo a write; the recorded one is undone here
    direction = [np.sin(1.0 + np.arange(a.size)).reshape(a.shape) for a in arrays]
    slope = sum(np.vdot(g, d) for g, d in zip(ours["gradients"], direction) if g is not None)
    np.testing.assert_allclose(slope, finite_difference(program, arrays, direction), rtol=1e-5, atol=1e-6)


def test_random_programs_write_in_place_where_pytorch_refuses():
    """The programs above are of both kinds: those PyTorch accepts and those it does not."""
    refused = 0
    for seed in range(150):
        program, arrays = draw_program(seed, 6 + seed % 12)
        xs = [LIBRARIES[0].leaf(a) for a in arrays]
        try:
            loss_of(LIBRARIES[0], flat(program(LIBRARIES[0], *xs))).backward()
        except RuntimeError:
            refused += 1
    assert 10 < refused < 120
