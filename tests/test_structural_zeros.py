"""Structural zeros hide what is not finite, numeric ones do not: in every mode alike (see `masked_programs`)."""

import numpy as np
import pytest

import jittape as jt

from masked_programs import NUMBERS, VECTORS

PROGRAMS = [*NUMBERS, *VECTORS]
GRADIENTS = [p for p in PROGRAMS if np.ndim(p.first) == np.ndim(p.x)]


def name_of(value):
    return f"{value.name}-{value.x}" if hasattr(value, "name") else None


def point(program):
    return np.array(program.x) if isinstance(program.x, tuple) else program.x


def check(found, expected):
    np.testing.assert_allclose(found, np.array(expected), rtol=1e-12, atol=1e-14)


def backward(function):
    def gradient(x):
        leaf = jt.tensor(x, requires_grad=True)
        function(leaf).backward()
        return leaf.grad.numpy()

    return gradient


def vmapped(transform):
    return lambda x: transform(np.array([x, x]))[1]


def buffered(function):
    def gradient(x):
        call = jt.compile(jt.value_and_grad(function)).buffer(x)
        call.x[...] = 0.3
        call()
        call.x[...] = x
        call()
        return call.grad

    return gradient


FIRST = {
    "grad": jt.grad,
    "backward": backward,
    "compiled gradient": lambda f: jt.compile(jt.grad(f)),
    "gradient of compiled": lambda f: jt.grad(jt.compile(f)),
    "vmapped": lambda f: vmapped(jt.vmap(jt.grad(f))),
    "buffered": buffered,
}
JACOBIANS = {"jacrev": jt.jacrev, "jacfwd": jt.jacfwd}
SECOND = {
    "hessian": jt.hessian,
    "reverse over reverse": lambda f: jt.jacrev(jt.grad(f)),
    "forward over reverse": lambda f: jt.jacfwd(jt.grad(f)),
    "reverse over forward": lambda f: jt.jacrev(jt.jacfwd(f)),
    "forward over forward": lambda f: jt.jacfwd(jt.jacfwd(f)),
    "compiled hessian": lambda f: jt.compile(jt.hessian(f)),
    "hessian of compiled": lambda f: jt.hessian(jt.compile(f)),
    "vmapped hessian": lambda f: vmapped(jt.vmap(jt.hessian(f))),
}


@pytest.mark.sampled(12, each="mode")
@pytest.mark.parametrize("program", GRADIENTS, ids=name_of)
@pytest.mark.parametrize("mode", FIRST)
def test_gradients(program, mode):
    check(FIRST[mode](program.function)(point(program)), program.first)


@pytest.mark.parametrize("program", PROGRAMS, ids=name_of)
@pytest.mark.parametrize("mode", JACOBIANS)
def test_jacobians(program, mode):
    check(JACOBIANS[mode](program.function)(point(program)), program.first)


@pytest.mark.sampled(8, each="mode")
@pytest.mark.parametrize("program", [p for p in PROGRAMS if p.second is not None], ids=name_of)
@pytest.mark.parametrize("mode", SECOND)
def test_second_derivatives(program, mode):
    check(SECOND[mode](program.function)(point(program)), program.second)


@pytest.mark.parametrize("program", NUMBERS, ids=name_of)
def test_no_element_reaches_another(program):
    x = np.array([0.7, program.x, -0.3, program.x])
    found = jt.grad(lambda x: np.sum(program.function(x)))(x)
    alone = [jt.grad(program.function)(v) for v in x.tolist()]
    check(found, alone)
    check(jt.jacrev(program.function)(x), np.diag(alone))
    check(jt.jacfwd(program.function)(x), np.diag(alone))


@pytest.mark.parametrize("program", [p for p in NUMBERS if p.second is not None], ids=name_of)
def test_no_example_of_a_batch_reaches_another(program):
    x = np.array([0.7, program.x, 0.6, program.x])
    alone = [[jt.grad(program.function)(v), jt.hessian(program.function)(v)] for v in x.tolist()]
    check(jt.vmap(jt.grad(program.function))(x), [first for first, _ in alone])
    check(jt.vmap(jt.hessian(program.function))(x), [second for _, second in alone])
    check(jt.hessian(lambda x: np.sum(program.function(x)))(x), np.diag([second for _, second in alone]))


def test_a_compiled_function_between_others_hands_down_where_something_flows():
    half = jt.compile(lambda x: np.where(x > 0, x * x, 0.0))
    x = np.array([0.0, 4.0])
    assert jt.grad(lambda x: np.sum(half(np.sqrt(x))))(x).tolist() == [0.0, 1.0]
    root = jt.compile(lambda x: np.sqrt(x))
    assert jt.grad(lambda x: np.sum(np.where(x > 0, root(x), x)))(x).tolist() == [1.0, 0.25]
    assert np.isnan(jt.grad(lambda x: np.sum(root(x) ** 2))(x)[0])
    assert jt.jacrev(root)(x).tolist() == [[np.inf, 0.0], [0.0, 0.25]]


def test_a_replay_whose_nan_is_hidden_from_the_result():
    def gradient_without_nan(x):
        found = jt.grad(lambda x: np.where(x > 0, np.sqrt(x), 2.0 * x))(x)
        return np.where(found == found, found, 0.0)

    assert jt.compile(gradient_without_nan)(0.0) == gradient_without_nan(0.0) == 2.0


# Of values with singular first elements, rows or examples, only others are used: [0, 0, 4, 2] by default.
UNREAD = {
    "masked_fill": lambda x: x.sqrt().masked_fill(x <= 0, 0.0),
    "relu": lambda x: jt.relu(x.log()),
    "clamp": lambda x: x.clamp(min=0.5).log(),
    "index by mask": lambda x: x.sqrt()[x > 0],
    "gather": lambda x: x.sqrt().gather(0, jt.tensor([2, 3])),
    "split": lambda x: x.sqrt().split(2)[1],
    "roll": lambda x: x.sqrt().roll(1)[3:],
    "stack": lambda x: jt.stack([x.sqrt(), x.log()])[:, 2:],
    "diagonal": lambda x: jt.outer(x.sqrt(), x).diagonal()[2:],
    "topk": lambda x: x.sqrt().topk(2)[0],
    "max of a row": lambda x: x.sqrt().reshape(2, 2).max(1)[0][1],
    "amax": lambda x: x.sqrt().amax(),
    "softmax of rows": lambda x: jt.softmax(x.sqrt().reshape(2, 2), 1)[1, 0],
    "log_softmax of rows": lambda x: jt.log_softmax(x.log().reshape(2, 2), 1)[1, 0],
    "norm of rows": lambda x: x.sqrt().reshape(2, 2).norm(dim=1)[1],
    "product of rows": lambda x: x.log().reshape(2, 2).prod(1)[1],
    "variance of rows": lambda x: x.sqrt().reshape(2, 2).var(1)[1],
    "running products of rows": lambda x: x.log().reshape(2, 2).cumprod(1)[1],
    "sorted rows": lambda x: x.sqrt().reshape(2, 2).sort(1)[0][1],
    "rows of a product": lambda x: (x.log().reshape(2, 2) @ jt.tensor([[1.0], [2.0]]))[1],
    "batched products": lambda x: (x.log().reshape(2, 1, 2) @ jt.ones(2, 2, 1))[1],
    "rows of a layer": lambda x: jt.nn.functional.linear(x.log().reshape(2, 2), jt.ones(3, 2), jt.ones(3))[1],
    "rows of an einsum": lambda x: jt.einsum("ij,j->i", x.log().reshape(2, 2), jt.tensor([1.0, 2.0]))[1],
    "cross entropy of rows": lambda x: jt.nn.functional.cross_entropy(x.log().reshape(2, 2), jt.tensor([1, 0]), reduction="none")[
        1
    ],
    "inverses of examples": lambda x: jt.linalg.inv(x.log().reshape(4, 1, 1))[2:],
}


@pytest.mark.parametrize("name", UNREAD)
def test_what_is_not_read_reaches_nothing(name):
    x = jt.tensor([0.0, 0.0, 4.0, 2.0], requires_grad=True)
    (g,) = jt.autograd.grad(UNREAD[name](x).sum(), x, create_graph=True)
    assert g.tolist()[:2] == [0.0, 0.0] and np.isfinite(g.tolist()).all()
    plain = jt.grad(lambda x: UNREAD[name](x).sum())(x.detach())
    check(plain.numpy(), g.detach().numpy())
    check(jt.jacfwd(lambda x: UNREAD[name](x).sum())(x.detach()).numpy(), plain.numpy())
    if g.requires_grad:
        (h,) = jt.autograd.grad(g.sum(), x, allow_unused=True)
        assert h is None or h.tolist()[:2] == [0.0, 0.0] and np.isfinite(h.tolist()).all()


@pytest.mark.sampled(0)
@pytest.mark.parametrize("factor", [np.linalg.cholesky, lambda a: np.linalg.qr(a)[1]], ids=["Cholesky's", "R"])
def test_nothing_flows_in_the_other_triangle_of_a_factor(factor):
    """Its elements are zero whatever the matrix is; the absolute value of a complex number has no second derivative there."""

    def squares(x):
        halves = np.reshape(x, (2, 2, 2))
        a = halves[0] + 1j * halves[1]
        stack = (a @ np.conj(a.T) + 3.0 * np.eye(2)) * np.array([[[1.0]], [[2.0]]])
        return np.sum(np.abs(factor(stack)) ** 2)

    x, step = np.array([1.0, 2.0, 0.5, 3.0, 1.0, -1.0, 0.5, 0.2]), 1e-5
    ends = [[jt.grad(squares)(x + s * step * e) for e in np.eye(8)] for s in (1, -1)]
    expected = np.subtract(*ends) / (2 * step)
    second = jt.hessian(squares)
    for found in (second(x), jt.jacrev(jt.grad(squares))(x), jt.compile(second)(x), jt.vmap(second)(x[None])[0]):
        np.testing.assert_allclose(found, expected, rtol=1e-6, atol=1e-6)


def test_rows_that_are_hidden_do_not_reach_weights():
    data, hides = np.array([[np.inf, 1.0], [1.0, 2.0]]), np.array([[False], [True]])

    def loss(weights):
        return np.sum(np.where(hides, data @ weights, 0.0))

    weights = np.ones((2, 2))
    for derivative in (jt.grad, jt.jacfwd, lambda f: jt.compile(jt.grad(f))):
        assert derivative(loss)(weights).tolist() == [[1.0, 1.0], [2.0, 2.0]]
    assert not jt.jacrev(jt.grad(loss))(weights).any()


# --- what else a sweep made twice must not do twice -----------------------------------------------------------------------


def test_a_hook_is_called_once_with_the_right_adjoint():
    seen = []
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    y = jt.sqrt(x)
    y.register_hook(lambda g: seen.append(g.tolist()))
    x.register_hook(lambda g: seen.append(g.tolist()))
    z = jt.where(x > 0, y, x)
    z.register_hook(lambda g: seen.append(g.tolist()))
    z.sum().backward()
    assert seen == [[1.0, 1.0], [0.0, 1.0], [1.0, 0.25]]
    assert x.grad.tolist() == [1.0, 0.25]


def test_a_hook_below_a_masked_nan_is_called_once():
    seen = []
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    u = x * 1.0
    u.register_hook(lambda g: seen.append(g.tolist()))
    jt.where(x > 0, jt.sqrt(u), u).sum().backward()
    assert seen == [[1.0, 0.25]]


def test_a_hook_may_let_something_flow():
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    y = jt.sqrt(x)
    y.register_hook(lambda g: g + 1.0)
    jt.where(x > 0, y, x).sum().backward()
    assert x.grad.tolist() == [np.inf, 0.5]


def test_gradients_of_results_are_kept_once():
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    u = x * 1.0
    y = jt.sqrt(u)
    y.retain_grad(), u.retain_grad()
    z = jt.where(x > 0, y, u).sum()
    z.backward(retain_graph=True)
    assert y.grad.tolist() == [0.0, 1.0] and u.grad.tolist() == [1.0, 0.25] and x.grad.tolist() == [1.0, 0.25]
    z.backward()
    assert u.grad.tolist() == [2.0, 0.5] and x.grad.tolist() == [2.0, 0.5]
    with pytest.raises(jt.errors.GraphFreedError):
        z.backward()


def test_an_adjoint_of_a_view_may_be_watched():
    x = jt.tensor([[0.0, 4.0], [1.0, 9.0]], requires_grad=True)
    y = jt.sqrt(x)
    row = y[0]
    row.retain_grad()
    (jt.where(x[0] > 0, row, x[0]).sum() + y[1].sum()).backward()
    assert row.grad.tolist() == [0.0, 1.0] and x.grad.tolist() == [[1.0, 0.25], [0.5, 1 / 6]]


def test_a_careful_sweep_undoes_writes_again():
    x = jt.tensor([0.0, 4.0, 9.0], requires_grad=True)
    y = jt.sqrt(x)
    z = y * y
    y[0] = 5.0
    y *= 2.0
    (z[1:].sum() + (y * y).sum()).backward()
    np.testing.assert_allclose(x.grad.numpy(), [0.0, 5.0, 5.0], rtol=1e-14)
    assert y.tolist() == [10.0, 4.0, 6.0]


def test_nan_that_is_not_masked_stays():
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    y = jt.sqrt(x) * jt.tensor([1.0, np.nan])
    y.sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), [np.inf, np.nan])


def test_zeros_of_a_seed_are_structural():
    x = np.array([0.0, 4.0])
    assert jt.vjp(np.sqrt, x)[1](np.array([0.0, 1.0]))[0].tolist() == [0.0, 0.25]
    assert jt.jvp(np.sqrt, (x,), (np.array([0.0, 1.0]),))[1].tolist() == [0.0, 0.25]


def test_a_zero_of_a_seed_that_is_differentiated_is_numeric():
    x = jt.tensor([0.5, 4.0], requires_grad=True)
    y_bar = jt.zeros(2, requires_grad=True)
    (g,) = jt.autograd.grad(jt.sin(x), x, y_bar, create_graph=True)
    assert jt.autograd.grad(g.sum(), y_bar)[0].tolist() == jt.cos(x).tolist()


@pytest.mark.parametrize("program", [p for p in GRADIENTS if p.second is not None], ids=name_of)
def test_checkpoints(program):
    check(jt.grad(jt.checkpoint(program.function))(point(program)), program.first)


def test_a_checkpoint_behind_a_mask():
    root, x = jt.checkpoint(lambda x: np.sqrt(x)), np.array([0.0, 4.0])

    def masked(x):
        return np.sum(np.where(x > 0, root(x), x * x))

    assert jt.grad(masked)(x).tolist() == [0.0, 0.25]
    check(jt.jacrev(jt.grad(masked))(x), [[2.0, 0.0], [0.0, -1 / 32]])


def reversed_root():
    root = jt.custom_vjp(lambda x: np.sqrt(x))
    root.defvjp(lambda x: (np.sqrt(x), x), lambda x, y_bar: (jt.vjp(np.sqrt, x)[1](y_bar)[0],))
    return root


def pushed_root():
    root = jt.custom_jvp(lambda x: np.sqrt(x))
    root.defjvp(lambda primals, tangents: jt.jvp(np.sqrt, primals, tangents))
    return root


@pytest.mark.parametrize("made", [reversed_root, pushed_root, lambda: jt.checkpoint(lambda x: np.sqrt(x))])
def test_zeros_that_reach_a_rule_of_the_users_are_numeric(made):
    """Its own sweeps start with adjoints of the sweep that calls it."""
    root, x = made(), np.array([0.0, 4.0])
    for derivative in (jt.grad(lambda x: np.sum(root(x) ** 2)), lambda x: jt.jvp(lambda x: root(x * x), (x,), (x,))[1]):
        assert np.isnan(derivative(x)[0])


def test_anomaly_detection_names_the_product_that_is_indeterminate():
    x = jt.tensor([0.0, 4.0], requires_grad=True)
    with jt.autograd.detect_anomaly():
        masked = jt.where(x > 0, jt.sqrt(x), x)
        masked.sum().backward()
        assert x.grad.tolist() == [1.0, 0.25]
        bad = jt.sqrt(x * 1.0) ** 2
        with pytest.raises(jt.errors.AnomalyError, match="(?s)SqrtBackward0.*bad = "):
            bad.sum().backward()
