"""jt.vmap: batches against a loop over the examples, in values and derivatives."""

import numpy as np
import pytest

import jittape as jt
from jittape.errors import ShapeError
from jittape.kernels.kernel_table import OPERATIONS
from jittape.programs.batches.batches import Batch


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def one_by_one(function, args, in_axes):
    """What the function answers for every example, stacked: leaves of a tuple."""
    n = next(a.shape[k] for a, k in zip(args, in_axes) if k is not None)
    answers = []
    for j in range(n):
        example = [a if k is None else np.take(a, j, k) for a, k in zip(args, in_axes)]
        answers.append(function(*[float(a) if np.ndim(a) == 0 else a for a in example]))
    return [np.stack([np.asarray(a) for a in column]) for column in zip(*[a if isinstance(a, tuple) else (a,) for a in answers])]


def check(function, *args, in_axes=None, batched=True, **options):
    in_axes = (0,) * len(args) if in_axes is None else in_axes
    vmapped = jt.vmap(function, in_axes, **options)
    found = vmapped(*args)
    expected = one_by_one(jt.compile(function), args, in_axes)
    for a, b in zip(found if isinstance(found, tuple) else (found,), expected, strict=True):
        assert a.dtype == b.dtype
        np.testing.assert_allclose(a, b, rtol=1e-11, atol=1e-13)
    ran = [batch for batch, _ in vmapped._batches.values() if batch._programs]
    assert bool(ran) == batched
    return vmapped


def written(x):
    u = jt.zeros(5)
    u[1:4] = x[0] * x[:3]
    u[2] += 1.0
    return (u * u).sum() + u[1]


EXAMPLES = {
    "numbers": (lambda x: jt.sin(x) * x + 1, [(37,)]),
    "vectors": (lambda x: np.sum(x**2) * x[0], [(37, 5)]),
    "inner": (lambda x, y: x @ y, [(37, 5), (37, 5)]),
    "matrix vector": (lambda a, x: a @ x, [(9, 3, 4), (9, 4)]),
    "vector matrix": (lambda x, a: x @ a, [(9, 3), (9, 3, 4)]),
    "matrices": (lambda a: (a.T @ a) @ a.T, [(9, 3, 4)]),
    "folds": (lambda x: jt.amax(x, 0).sum() + x.std() + jt.logsumexp(x, 1).mean() + x.mean(1)[0] + jt.amin(x), [(11, 3, 4)]),
    "positions": (lambda x: (jt.cumsum(x, 0)[[0, 2, 2]] * x[[1]]).sum(), [(11, 4)]),
    "choices": (lambda x: jt.where((x > 0) & ~(x > 1), x, 2 * x), [(11, 4)]),
    "joins": (lambda x, y: jt.cat([x * 2, y]).sum() + jt.stack([x, x * x])[1, 1], [(11, 4), (11, 3)]),
    "writes": (written, [(11, 4)]),
    "views": (lambda x: (x.T.reshape(-1)[::2] * x[0, 1]).sum() + x[..., None].expand(2, 3, 4)[1].sum(), [(11, 2, 3)]),
    "constants": (lambda x: jt.tanh(x * np.arange(4.0) + np.ones((3, 1))).sum(1), [(11, 4)]),
    "tuples": (lambda x: (x * 2, x[0] > 0, x.sum()), [(11, 4)]),
}
over_examples = pytest.mark.parametrize("name", EXAMPLES)


@over_examples
@pytest.mark.parametrize("chunk", [None, 4])
def test_batches_are_what_a_loop_gives(name, chunk, rng):
    function, shapes = EXAMPLES[name]
    check(function, *[rng.standard_normal(s) for s in shapes], chunk=chunk)


@over_examples
@pytest.mark.parametrize("make", [jt.grad, jt.jacobian])
def test_derivatives_of_every_example(name, make, rng):
    function, shapes = EXAMPLES[name]
    if name == "tuples":
        return
    args = [rng.standard_normal(s) for s in shapes]
    scalar = (lambda *xs: jt.sin(function(*xs)).sum()) if make is jt.grad else function
    argnums = tuple(range(len(shapes)))
    derivative = make(scalar, argnums if len(shapes) > 1 else 0)
    found = jt.vmap(derivative)(*args)
    expected = one_by_one(derivative, args, (0,) * len(args))
    for a, b in zip(found if isinstance(found, tuple) else (found,), expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)


def test_axes(rng):
    A, X = rng.standard_normal((3, 5)), rng.standard_normal((5, 12))
    check(lambda a, x: jt.tanh(a @ x), A, X, in_axes=(None, 1))
    check(lambda a, x: jt.tanh(a @ x), rng.standard_normal((3, 12, 5)), X.T, in_axes=(-2, 0))
    found = jt.vmap(jt.grad(lambda a, x: jt.tanh(a @ x).sum()), (None, 1))(A, X)
    assert found.shape == (12, 3, 5)
    np.testing.assert_allclose(found[4], jt.grad(lambda a: jt.tanh(a @ X[:, 4]).sum())(A))


def test_value_and_gradient_and_hessians(rng):
    x = rng.standard_normal((20, 3))
    check(jt.value_and_grad(lambda x: (x**3).sum() * x[0]), x)
    check(jt.hessian(lambda x: (x**3).sum() * x[0]), x)
    check(jt.compile(jt.grad(lambda x: (x**3).sum())), x)


def test_float32(rng):
    x = rng.standard_normal((50, 3)).astype(np.float32)
    found = jt.vmap(lambda x: jt.tanh(x).sum())(x)
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, np.tanh(x).sum(1), rtol=1e-6, atol=1e-6)


def test_captured_tensors_and_arrays(rng):
    w, b = jt.tensor(rng.standard_normal((2, 3))), rng.standard_normal(2)
    x = rng.standard_normal((15, 3))
    vmapped = jt.vmap(lambda x: w @ x + b)
    np.testing.assert_allclose(vmapped(x), x @ w.numpy().T + b)
    w.mul_(2.0)
    b += 1.0
    np.testing.assert_allclose(vmapped(x), x @ w.numpy().T + b)


def test_products_of_what_is_the_same_for_all(rng):
    """BLAS is told sizes in memory that all threads share: such programs keep to one thread."""
    A, x = rng.standard_normal((6, 6)), rng.standard_normal((400, 6))
    vmapped = jt.vmap(lambda a, x: (a @ a) @ x, (None, 0), threads=3, chunk=16)
    np.testing.assert_allclose(vmapped(A, x), x @ (A @ A).T, rtol=1e-11)
    program = next(iter(next(iter(vmapped._batches.values()))[0]._programs.values()))
    assert not program.runs_alone


def test_examples_that_take_different_paths(rng):
    x = rng.standard_normal(30)
    function = lambda x: x * 2 if x > 0 else x * 3
    np.testing.assert_allclose(jt.vmap(function)(x), np.where(x > 0, 2 * x, 3 * x))
    np.testing.assert_allclose(jt.vmap(jt.grad(function))(x), np.where(x > 0, 2.0, 3.0))
    same = jt.vmap(function)
    np.testing.assert_allclose(same(np.abs(x)), 2 * np.abs(x))
    np.testing.assert_allclose(same(-np.abs(x)), -3 * np.abs(x))


def test_operations_without_a_rule_for_lanes(rng):
    check(
        lambda x: jt.stack([x, x]) @ x @ jt.eye(2)[None].sum(0) if x.ndim > 2 else jt.bmm(x[None], x[None].swapaxes(1, 2))[0],
        rng.standard_normal((5, 2, 3)),
        batched=False,
    )


def test_integer_examples_are_done_one_by_one():
    np.testing.assert_array_equal(jt.vmap(lambda k, x: x[k])(np.array([0, 2, 1]), np.arange(9.0).reshape(3, 3)), [0.0, 5.0, 7.0])


def test_results_straight_into_an_array(rng):
    x, out = rng.standard_normal((5000, 4)), np.full((5000, 2, 4), np.nan)
    jacobian = jt.vmap(jt.jacobian(lambda x: jt.stack([x[0] * x[1], (x**2).sum()])), threads=2)
    assert jacobian(x, out=out) is not None and not np.isnan(out).any()
    np.testing.assert_allclose(out[:, 1], 2 * x, rtol=1e-14)
    with pytest.raises(ValueError, match="expected a contiguous one of shape"):
        jacobian(x, out=np.empty((5000, 4, 2)))


def test_threads_do_not_change_a_bit(rng):
    x = rng.standard_normal((3001, 6))
    function = jt.value_and_grad(lambda x: (jt.sin(x) * x[0]).sum() + jt.exp(-(x**2).mean()))
    answers = [jt.vmap(function, threads=n, chunk=100)(x) for n in (1, 2, 3)]
    for value, gradient in answers[1:]:
        np.testing.assert_array_equal(value, answers[0][0])
        np.testing.assert_array_equal(gradient, answers[0][1])


def test_batches_that_require_gradients(rng):
    x = jt.tensor(rng.standard_normal((4, 3)), requires_grad=True)
    y = jt.vmap(lambda x: (x**2).sum())(x)
    y.sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), 2 * x.detach().numpy())
    gradient = jt.grad(lambda x: jt.vmap(lambda v: (v**3).sum())(x).sum())(x.detach().numpy())
    np.testing.assert_allclose(gradient, 3 * x.detach().numpy() ** 2)
    vmapped = jt.vmap(lambda v: v * 2)
    assert jt.compile(vmapped) is vmapped
    total = jt.compile(lambda x: jt.vmap(lambda v: (v**2).sum())(x).sum())
    assert total(np.ones((4, 3))) == 12.0


def test_misuse():
    f = jt.vmap(lambda x, y: x * y)
    with pytest.raises(ShapeError, match="lengths 3 and 4"):
        f(np.ones(3), np.ones(4))
    with pytest.raises(ValueError, match="for 1 arguments"):
        jt.vmap(lambda x: x, (0, 0))(np.ones(3))
    with pytest.raises(ValueError, match="None for what is the same"):
        f(np.ones(3), 2.0)
    with pytest.raises(ValueError, match="out of range"):
        jt.vmap(lambda x: x, 1)(np.ones(3))
    with pytest.raises(ValueError, match="no argument has a batch axis"):
        jt.vmap(lambda x: x, None)(np.ones(3))
    with pytest.raises(ValueError, match="empty batch"):
        jt.vmap(lambda x: x)(np.ones(0))
    with pytest.raises(TypeError, match="expected ints and None"):
        jt.vmap(lambda x: x, "a")(np.ones(3))
    with pytest.raises(ValueError, match="chunk"):
        jt.vmap(lambda x: x, chunk=0)
    with pytest.raises(TypeError, match="expected a function"):
        jt.vmap(3)


def test_every_rule_for_lanes_is_reached(monkeypatch, rng):
    """Each operation that says how its statics change with lanes is met in one of the examples above."""
    seen, make = set(), Batch._program

    def noting(self, n):
        program = make(self, n)
        seen.update(OPERATIONS[code].name for code in program.listing.op.tolist())
        return program

    monkeypatch.setattr(Batch, "_program", noting)
    for name, (function, shapes) in EXAMPLES.items():
        args = [rng.standard_normal(s) for s in shapes]
        jt.vmap(function)(*args)
        if name != "tuples":
            jt.vmap(jt.jacobian(lambda *xs, f=function: jt.sin(f(*xs)) * 1.0))(*args)
    with_rule = {o.name for o in OPERATIONS if getattr(o, "lanes", None) is not None}
    assert {"gather", "scatter", "embed", "cat", "sum", "mean", "cumsum", "amax", "std", "logsumexp"} <= with_rule & seen


@pytest.mark.parametrize("k", [0, 1, -2])
def test_diagonal_matrices_of_vectors(k):
    P = np.arange(1.0, 7.0).reshape(2, 3)
    assert np.array_equal(jt.vmap(lambda v: np.diag(v, k))(P), np.stack([np.diag(v, k) for v in P]))
    M = np.arange(9.0).reshape(3, 3)
    f = lambda v: (np.diag(v)[:, 1] * v + np.diag(v * v) @ M[0]).sum()
    expected = np.stack([jt.grad(f)(v) for v in P])
    np.testing.assert_allclose(jt.vmap(jt.grad(f))(P), expected, rtol=1e-14)


def test_second_derivatives_of_diagonals():
    P = np.arange(1.0, 19.0).reshape(2, 3, 3)
    for f in (lambda m: (np.diag(m) ** 3).sum(), lambda m: (m[..., 0] ** 3).sum() * m[-1, 1]):
        g = lambda m: (jt.grad(f)(m) ** 2).sum()
        np.testing.assert_allclose(jt.vmap(jt.grad(g))(P), np.stack([jt.grad(g)(m) for m in P]), rtol=1e-13)


def test_results_of_other_structure_are_not_mixed():
    x = np.array([1.0, 2.0, 3.0])
    keys = jt.vmap(lambda v: {"a": v, "b": 10 * v} if v > 2 else {"b": 10 * v, "a": v})(x)
    assert np.array_equal(keys["a"], x) and np.array_equal(keys["b"], 10 * x)
    longer, pair = lambda v: (v, 2 * v) if v > 2 else (v,), lambda v: (v, 2 * v) if v < 2 else v
    for f in (longer, pair, lambda v: {"a" if v > 2 else "b": v}):
        with pytest.raises(TypeError, match="example"):
            jt.vmap(f)(x)


def test_out_may_be_the_argument():
    f = lambda v: v + 1 if v < 5 else v * 100
    X = np.arange(64.0) % 9
    expected = np.array([f(v) for v in X])
    assert np.array_equal(jt.vmap(f, chunk=4)(X, out=X), expected) and np.array_equal(X, expected)
    Y = np.arange(64.0)
    jt.vmap(lambda v: v * v, chunk=4)(Y, out=Y)
    assert np.array_equal(Y, np.arange(64.0) ** 2)
    Z = np.arange(9.0)
    jt.vmap(lambda v: v * v, chunk=2)(Z[:8], out=Z[1:])
    assert np.array_equal(Z, [0.0, *np.arange(8.0) ** 2])


@pytest.mark.parametrize("f", [lambda v: v + 1 if v < 2 else v * 100, lambda v: v + 1])
def test_out_of_another_shape_is_refused(f):
    for out in (np.empty((3, 1)), np.empty(4), np.empty(3, np.float32), (np.empty(3), np.empty(3))):
        with pytest.raises(ValueError, match="out|expected"):
            jt.vmap(f)(np.array([1.0, 2.0, 3.0]), out=out)


def test_what_a_function_finds_around_it_keeps_its_graph():
    W, x = jt.tensor(2.0, requires_grad=True), np.array([1.0, 2.0, 3.0])
    jt.vmap(lambda v: v * v * W)(x).sum().backward()
    assert W.grad.item() == 14.0
    W.grad = None
    jt.vmap(jt.grad(lambda v: v * v * W))(x).sum().backward()
    assert W.grad.item() == 12.0
    with jt.no_grad():
        assert np.array_equal(jt.vmap(lambda v: v * W)(x), 2 * x)
    with pytest.raises(RuntimeError, match="out="):
        jt.vmap(lambda v: v * W)(x, out=np.empty(3))


def cross(a, b):
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def reprojection(p, feature):
    """GradBench's bundle adjustment: a camera, a point and a weight; two residuals."""
    r, (f, x0, y0, k1, k2) = p[:3], (p[k] for k in range(6, 11))
    d, square = [p[11 + k] - p[3 + k] for k in range(3)], (r * r).sum()
    if square != 0:
        angle = jt.sqrt(square)
        axis, c, s = [r[k] / angle for k in range(3)], jt.cos(angle), jt.sin(angle)
        turned, along = cross(axis, d), sum(a * b for a, b in zip(axis, d)) * (1.0 - c)
        q = [d[k] * c + turned[k] * s + axis[k] * along for k in range(3)]
    else:
        q = [a + b for a, b in zip(d, cross(r, d))]
    u, v = q[0] / q[2], q[1] / q[2]
    distance = u * u + v * v
    radial = f * (1.0 + k1 * distance + k2 * distance * distance)
    return jt.stack([p[14] * (u * radial + x0 - feature[0]), p[14] * (v * radial + y0 - feature[1])])


@pytest.mark.parametrize("still", [False, True])
def test_bundle_adjustment_into_an_array_of_the_callers(still):
    """A Jacobian of 2 x 15 an observation; one of the cameras does not turn, and takes the other branch."""
    rng = np.random.default_rng(0)
    cameras, features = rng.standard_normal((300, 15)) * 0.1, rng.standard_normal((300, 2))
    cameras[:, 13] += 5.0
    if still:
        cameras[77, :3] = 0.0
    found = np.full((300, 2, 15), np.nan)
    jacobians = jt.vmap(jt.jacobian(reprojection))
    assert jacobians(cameras, features, out=found) is not None
    for k in (0, 77, 299):
        np.testing.assert_allclose(found[k], jt.jacobian(reprojection)(cameras[k], features[k]), rtol=1e-12, atol=1e-14)
    for k in range(3, 15):
        step = np.eye(15)[k] * 1e-6
        ahead, behind = (jt.vmap(reprojection)(cameras + s * step, features) for s in (1, -1))
        np.testing.assert_allclose(found[:, :, k], (ahead - behind) / 2e-6, rtol=1e-5, atol=1e-7)


def test_parameters_that_a_function_replaces_do_not_count():
    """`functional_call` finds parameters that require gradients and puts others in their places: results depend on these only."""
    net = jt.nn.Linear(3, 2)
    state, x = {name: p.detach() for name, p in net.named_parameters()}, jt.tensor(np.arange(12.0).reshape(4, 3))

    def loss(state, x):
        return jt.func.functional_call(net, state, (x,)).pow(2).sum()

    found = jt.func.vmap(jt.func.grad(loss), (None, 0))(state, x)
    assert not any(g.requires_grad for g in found.values())
    for k in range(4):
        np.testing.assert_allclose(found["weight"][k].numpy(), jt.func.grad(loss)(state, x[k])["weight"].numpy())
    y = jt.func.vmap(lambda x: net(x).sum())(x)  # here they count
    y.sum().backward()
    np.testing.assert_allclose(net.bias.grad.numpy(), [4.0, 4.0])
