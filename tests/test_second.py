"""Sweeps of second order: the same numbers as gradients that are recorded and swept, for every operation."""

import numpy as np
import pytest
from test_lifetimes import pool_bytes
from test_operations import ELEMENTWISE, FUNCTIONS, KERNELS, apply_to, sample

import jittape as jt
from jittape.autograd.hessian_products import second_order
from jittape.ops.domains import domains_of
from jittape.ops.operation_table import BY_NAME
from jittape.tape.tape import current


@pytest.fixture(autouse=True)
def own_tape():
    """Hooks that other tests have left on the tape of this process would make sweeps take another way."""
    with jt.Tape():
        yield


def recorded(y, inputs, directions):
    """Hessian products by a recorded gradient."""
    gradients = jt.autograd.grad(y, inputs, create_graph=True, materialize_grads=True)
    answers = [[] for _ in inputs]
    for k in range(len(directions[0])):
        total = sum((g * jt.tensor(d[k])).sum() for g, d in zip(gradients, directions))
        if total.requires_grad:
            found = jt.autograd.grad(total, inputs, retain_graph=True, materialize_grads=True)
        else:
            found = [jt.zeros_like(x) for x in inputs]
        for answer, g in zip(answers, found):
            answer.append(g.numpy())
    return [np.array(a) for a in answers]


def agree(y, inputs, n, rng, tolerance=1e-11):
    directions = [rng.standard_normal((n, *x.shape)).astype(x.dtype) for x in inputs]
    found = second_order(y, inputs, directions)
    assert found is not None
    for ours, expected in zip(found, recorded(y, inputs, directions)):
        assert ours.shape == expected.shape and ours.dtype == expected.dtype
        scale = max(1.0, np.abs(expected).max(initial=0.0))
        np.testing.assert_allclose(ours, expected, rtol=tolerance, atol=tolerance * scale)


def leaf(array):
    return jt.tensor(array, requires_grad=True)


@pytest.mark.parametrize("operation", ELEMENTWISE, ids=lambda o: o.name)
@pytest.mark.parametrize("dtype, tolerance", [(np.float64, 1e-10), (np.float32, 2e-3)])
def test_every_elementwise_operation(operation, dtype, tolerance):
    rng = np.random.default_rng(5)
    shapes = [[(1,)] * operation.arity, [(1500,)] * operation.arity]
    if operation.arity > 1:
        shapes += [[(3, 1), (4,), (1, 1)][: operation.arity], [(), (2, 3), (3,)][: operation.arity]]
    for chosen in shapes:
        xs = [leaf(np.asarray(x, dtype)) for x in sample(operation, rng, *chosen)]
        domains = domains_of(operation)  # conditions and integers do not move, the others have tangents that change
        operands = [x.detach() if domain.values else x * x / x for x, domain in zip(xs, domains)]
        value = operation.function(*operands)
        y = (value * value * jt.tensor(rng.uniform(0.5, 1.5, tuple(value.shape)).astype(dtype))).sum()
        agree(y, xs, 2, rng, tolerance)


def test_operations_applied_to_one_operand_twice_and_to_numbers():
    rng = np.random.default_rng(0)
    for name in ("mul", "div", "hypot", "logaddexp"):
        x = leaf(rng.uniform(0.5, 1.5, 4))
        f = FUNCTIONS[name]
        agree((f(x, x) * f(x, 2.0) * f(3.0, x)).sum(), [x], 3, rng)


# sweeps of second order are for real numbers: what makes them complex is a row that Python computes
@pytest.mark.parametrize("operation", [o for o in KERNELS if o.linear and not o.domain.is_complex], ids=lambda o: o.name)
def test_every_linear_kernel(operation):
    rng = np.random.default_rng(1)
    for shapes, statics in operation.examples():
        xs = [leaf(rng.standard_normal(s)) for s in shapes]
        value = apply_to(operation.apply, operation, [jt.sin(x) for x in xs], statics)
        agree(jt.real(value * jt.conj(value)).sum(), xs, 2, rng)
        value = apply_to(operation.apply, operation, [jt.sin(xs[0]), *[x.detach() for x in xs[1:]]], statics)
        agree(jt.real(value * jt.conj(value)).sum(), xs, 2, rng)  # one operand moves


def test_strided_and_shared_operands_of_a_product():
    rng = np.random.default_rng(2)
    A = leaf(rng.standard_normal((4, 4)))
    agree(jt.sum((A @ A.T)[::2] @ A[:, 1:3]) * jt.sum(A @ A), [A], 3, rng)


def test_more_directions_than_a_sweep_carries():
    rng = np.random.default_rng(3)
    x = leaf(rng.standard_normal(70))
    agree(jt.sum(jt.sin(x) * x.sum()), [x], 140, rng)


def test_scalars_views_and_inputs_that_do_not_count():
    rng = np.random.default_rng(4)
    x, z, unused = leaf(rng.uniform(0.5, 1.0, 3)), leaf(0.7), leaf(np.ones(2))
    agree(x[0] * x[1] / x[2] + jt.sin(z * x[0]), [x, z, unused], 4, rng)
    agree(x.sum() * 2.0, [x], 2, rng)


@pytest.mark.parametrize(
    "build",
    [lambda x: jt.logsumexp(x * x, 0), lambda x: jt.var(x) * x.sum(), lambda x: jt.sort(x * x).values[0] * jt.prod(x)],
    ids=["logsumexp", "var", "prod"],
)
def test_what_has_no_second_order_is_left_to_the_recorded_way(build):
    x, tape = leaf(np.array([0.3, 0.9, 1.7])), current().tape
    y = build(x)
    assert second_order(y, [x], [np.eye(3)]) is None
    assert all(not w.marks.any() and not w.bars.any() and w.words[14] == 0 for w in tape.workspaces) and tape.sweeping == 0
    f = lambda v: build(v) if isinstance(v, jt.Tensor) else build(jt.tensor(v)).item()
    assert jt.check_grads(f, np.array([0.3, 0.9, 1.7]), order=2, modes=("rev",))
    np.testing.assert_allclose(
        jt.hessian(build)(jt.tensor([0.3, 0.9, 1.7])).numpy(), np.stack(recorded(y, [x], [np.eye(3)])[0]), rtol=1e-12
    )


def test_writes():
    rng = np.random.default_rng(6)
    x = leaf(rng.uniform(0.5, 1.5, 6))
    u = jt.sin(x) * 1.0
    before = (u * u * x).sum()
    u[1:-1] += 0.3 * (u[2:] - u[:-2]) * u[1:-1]
    u[::2] *= x[:3]
    middle = u * u
    u[0] = x[5] ** 2
    u[2:4] = 7.0
    u += u[5] * x
    middle[1:4] = u[:3] * middle[3:]
    u[:] = u * u
    y = (u * middle).sum() * before + u[1] * x[2]
    u.fill_(0.0)  # above the root
    value, image = y.item(), u.tolist()
    for n in (1, 3, 70):
        agree(y, [x], n, rng)
    assert y.item() == value and u.tolist() == image and jt.autograd.grad(y, x)[0].ndim == 1


def test_hooks_and_tapes_take_the_recorded_way():
    x = leaf(np.ones(3))
    y = x * x
    y.register_hook(lambda g: g)
    assert second_order((y * x).sum(), [x], [np.eye(3)]) is None
    with jt.Tape():
        z = x * x
    assert second_order((z * x).sum(), [x], [np.eye(3)]) is None


def test_writes_that_do_not_concern_the_root_are_left_alone():
    x = leaf(np.array([0.5, 1.0, 2.0]))
    v = jt.zeros(3)
    v[0] = x[1]
    y = (jt.sin(x) * x).sum()
    v[1:] = x[1:] * 2.0
    agree(y, [x], 2, np.random.default_rng(0))
    assert v.tolist() == [1.0, 2.0, 4.0]
    (g,) = jt.autograd.grad((v * v).sum(), x)
    assert g.tolist() == [0.0, 10.0, 16.0]


@pytest.mark.parametrize("raises", [False, True])
def test_tangents_that_writes_overwrite_are_given_back(raises):
    """Whether the sweeps come to their end or not, memory and values are as they were."""
    x = leaf(np.linspace(0.1, 1.0, 20_000))
    u = x * 1.0
    y = jt.exp(x)
    u[:10_000] *= u[10_000:]
    u[5_000:] = u[5_000:] * y[5_000:]
    z, image = (u * u * y).sum(), u.tolist()
    if raises:
        with jt.no_grad():
            y[0] = 5.0  # seen at the newest row, or at the oldest
    directions, tape = [np.ones((3, 20_000))], current().tape
    free = set()
    for _ in range(4):
        if raises:
            with pytest.raises(jt.errors.VersionError):
                second_order(z, [x], directions)
        else:
            assert second_order(z, [x], directions) is not None
        free.add(pool_bytes())
        assert u.tolist() == image and tape.sweeping == 0
        assert all(not w.marks.any() and not w.bars.any() and w.words[12:16].tolist() == [1, 0, 0, 0] for w in tape.workspaces)
    assert len(free) == 1, "after the first sweeps the pool has what every later one takes and gives back"


@pytest.mark.parametrize("hooked", ["result", "node"])
def test_hooks_are_heard(hooked):
    """Both orders go through a hook, as in PyTorch: 6 x**2 + x**2, of which the last is the product again, so 12 x + 6 x."""

    def function(x):
        t = x * x
        if hooked == "result":
            t.register_hook(lambda g: 3.0 * g)
        else:
            t.grad_fn.register_hook(lambda before, after: tuple(3.0 * g for g in before))
        return (t * x).sum()

    x = np.array([0.5, 2.0])
    assert np.allclose(jt.hvp(function, x, x), 18.0 * x * x)
    assert np.allclose(jt.hessian_diag(function)(x), 18.0 * x)
    assert np.allclose(jt.hessian(function)(x), np.diag(18.0 * x))


@pytest.mark.parametrize("other", ["retained", "hooked"])
def test_observed_results_of_others_are_passed_by(other):
    bystander = leaf(np.ones(2)) * 2.0
    bystander.retain_grad() if other == "retained" else bystander.register_hook(lambda g: g)
    x = leaf(np.array([0.5, 2.0]))
    assert second_order((x * x).sum(), [x], [np.eye(2)]) is not None


def test_a_stale_value_raises():
    x = leaf(np.ones(3))
    y = jt.exp(x)
    z = (y * x).sum()
    with jt.no_grad():
        y[0] = 5.0
    with pytest.raises(jt.errors.VersionError):
        second_order(z, [x], [np.eye(3)])
    assert current().tape.sweeping == 0


def test_a_wrong_program_would_be_noticed(monkeypatch):
    """The comparison above must fail where a program is wrong: here that of sin, given half of its constant."""
    from jittape.ops import partial_programs

    x = leaf(np.array([0.3, 0.8]))
    y = (jt.square(x) * x).sum()
    assert second_order(y, [x], [np.eye(2)]) is not None
    words = partial_programs._programs[BY_NAME["square"], np.dtype(np.float64)]
    place = partial_programs.FIRST_CONSTANT
    kept = words[place].copy()
    try:
        words[place : place + 1].view(np.float64)[0] = 2.002
        with pytest.raises(AssertionError):
            agree(y, [x], 1, np.random.default_rng(0))
    finally:
        words[place] = kept
