"""Derivative rules of one's own, and checkpoints: both directions, every order, and what they say when misused."""

import itertools

import numpy as np
import pytest

import jittape as jt
from jittape.tape.tape import current

X, Y = np.array([0.3, 0.4, -1.2]), np.array([0.5, -2.0, 0.7])


def plain(x, y):
    return jt.sin(x) * y, x + y * y


def with_vjp():
    f = jt.custom_vjp(plain)
    f.defvjp(
        lambda x, y: (f(x, y), (x, y, jt.sin(x))),
        lambda r, bars: (jt.cos(r[0]) * r[1] * bars[0] + bars[1], r[2] * bars[0] + 2.0 * r[1] * bars[1]),
    )
    return f


def with_jvp():
    f = jt.custom_jvp(plain)

    def rule(primals, tangents):
        (x, y), (x_dot, y_dot) = primals, tangents
        return f(x, y), (jt.cos(x) * y * x_dot + jt.sin(x) * y_dot, x_dot + 2.0 * y * y_dot)

    f.defjvp(rule)
    return f


FORMS = {"vjp": with_vjp, "jvp": with_jvp, "checkpoint": lambda: jt.checkpoint(plain)}


def loss(f):
    def scalar(x, y):
        a, b = f(x, y)
        return np.sum(a * a * b + b**3)

    return scalar


@pytest.mark.parametrize("form", FORMS)
def test_a_rule_serves_both_directions_at_every_order(form):
    f, g = loss(FORMS[form]()), loss(plain)
    for argnums in (0, 1, (0, 1)):
        for transform in (
            jt.grad,
            jt.hessian,
            jt.jacfwd,
            lambda f, a: jt.jacfwd(jt.grad(f, a), a),
            lambda f, a: jt.jacrev(jt.jacfwd(f, a), a),
            lambda f, a: jt.jacfwd(jt.jacfwd(f, a), a),
        ):
            ours, expected = transform(f, argnums)(X, Y), transform(g, argnums)(X, Y)
            np.testing.assert_allclose(np.array(ours), np.array(expected), rtol=1e-11, atol=1e-12)
    third = jt.jacrev(jt.hessian(f))(X, Y)
    np.testing.assert_allclose(third, jt.jacrev(jt.hessian(g))(X, Y), rtol=1e-11, atol=1e-12)
    value, y_dot = jt.jvp(f, (X, Y), (Y, X))
    np.testing.assert_allclose([value, y_dot], jt.jvp(g, (X, Y), (Y, X)), rtol=1e-12)
    assert jt.check_grads(f, (X, Y))


@pytest.mark.parametrize("form", FORMS)
def test_eager_use(form):
    x, y = jt.tensor(X, requires_grad=True), jt.tensor(Y, requires_grad=True)
    loss(FORMS[form]())(x, y).backward()
    gx, gy = jt.grad(loss(plain), (0, 1))(X, Y)
    np.testing.assert_allclose(x.grad.numpy(), gx, rtol=1e-12)
    np.testing.assert_allclose(y.grad.numpy(), gy, rtol=1e-12)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    "transform",
    [lambda f: f, jt.grad, jt.hessian, lambda f: jt.jacfwd(jt.grad(f)), lambda f: lambda x, y: jt.jvp(f, (x, y), (y, x))[1]],
    ids=["value", "grad", "hessian", "fwd-grad", "jvp"],
)
def test_under_compile(form, transform):
    compiled, expected = jt.compile(transform(loss(FORMS[form]()))), transform(loss(plain))
    for _ in range(2):
        for x in (X, 1.5 * X - 0.2):
            found = compiled(jt.tensor(x), jt.tensor(Y)).detach().numpy()
            np.testing.assert_allclose(found, expected(x, Y), rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("form", FORMS)
def test_without_derivatives_it_is_the_function(form):
    f = FORMS[form]()
    a, b = f(jt.tensor(X), Y)
    assert not a.requires_grad
    np.testing.assert_allclose(a.numpy(), np.sin(X) * Y)
    assert f.function is plain and f.__wrapped__ is plain and f.__name__ == "plain"


def test_arguments_may_be_trees_and_constants():
    @jt.custom_vjp
    def f(p, n, label="a"):
        return {"out": p["w"] ** n * p["b"]}

    f.defvjp(
        lambda p, n, label: (f(p, n, label), (p, n)),
        lambda r, bars: (
            {"w": r[1] * r[0]["w"] ** (r[1] - 1) * r[0]["b"] * bars["out"], "b": (r[0]["w"] ** r[1] * bars["out"]).sum()},
            None,
            None,
        ),
    )
    p = {"w": X, "b": 2.0}
    g = jt.grad(lambda p: np.sum(f(p, 3, label="b")["out"]))(p)
    np.testing.assert_allclose(g["w"], 6.0 * X**2)
    assert g["b"] == pytest.approx((X**3).sum())


def test_a_rule_may_leave_an_argument_without_a_derivative():
    @jt.custom_vjp
    def f(x, y):
        return x * y

    f.defvjp(lambda x, y: (x * y, y), lambda y, bar: (bar * y, None))
    gx, gy = jt.grad(lambda x, y: np.sum(f(x, y)), (0, 1))(X, Y)
    np.testing.assert_array_equal(gx, Y)
    np.testing.assert_array_equal(gy, np.zeros(3))
    np.testing.assert_allclose(jt.jvp(f, (X, Y), (X, X))[1], X * Y)


def test_a_wrong_rule_is_found_by_check_grads():
    @jt.custom_vjp
    def f(x):
        return jt.sin(x)

    f.defvjp(lambda x: (f(x), x), lambda x, bar: (1.001 * jt.cos(x) * bar,))
    with pytest.raises(jt.autograd.GradcheckError, match=r"rev: output 0 by argument \[0\]: entry \[\d, \d\] is .* by the rule"):
        jt.check_grads(f, X, order=1, modes=("rev",))
    with pytest.raises(jt.autograd.GradcheckError, match="fwd: output 0"):
        jt.check_grads(f, X, order=1, modes=("fwd",))

    @jt.custom_jvp
    def g(x):
        return jt.sin(x)

    def rule(primals, tangents):
        return g(*primals), (jt.cos(primals[0]) + (primals[0] - primals[0].detach()) * 0.01) * tangents[0]

    g.defjvp(rule)  # the first derivative is right, the second is not
    assert jt.check_grads(g, X, order=1)
    with pytest.raises(jt.autograd.GradcheckError, match="of fwd|of rev"):
        jt.check_grads(g, X, order=2)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: jt.grad(jt.custom_vjp(lambda x: x))(1.0), RuntimeError, "has no rule yet: declare one with defvjp"),
        (lambda: jt.grad(jt.custom_jvp(lambda x: x))(1.0), RuntimeError, "has no rule yet: declare one with defjvp"),
        (lambda: jt.custom_vjp(3), TypeError, "custom_vjp: got int, expected a function"),
        (lambda: jt.custom_vjp(abs).defvjp(abs, 3), TypeError, "defvjp: got int as backward, expected a function"),
        (lambda: jt.custom_jvp(abs).defjvp(3), TypeError, "defjvp: got int, expected a function"),
    ],
)
def test_misuse(call, error, words):
    with pytest.raises(error, match=words):
        call()


def rule_of(forward, backward):
    f = jt.custom_vjp(lambda x: x * 2.0)
    f.defvjp(forward, backward)
    return lambda: jt.grad(lambda x: np.sum(f(x)))(X)


@pytest.mark.parametrize(
    "call, error, words",
    [
        (
            rule_of(lambda x: x * 2.0, lambda r, b: (b,)),
            TypeError,
            r"forward returned Array, expected a tuple \(value, residuals\)",
        ),
        (rule_of(lambda x: (x * 2.0, None), lambda r, b: (b, b)), RuntimeError, "backward returned 2 cotangents, expected 1"),
        (rule_of(lambda x: (x * 2.0, None), lambda r, b: (b[:2],)), jt.errors.ShapeError, r"cotangent of shape \[2\] .* \[3\]"),
        (rule_of(lambda x: (x > 0, None), lambda r, b: (b,)), jt.errors.DTypeError, "outputs of dtypes .*'bool'.*, expected one"),
    ],
)
def test_bad_rules(call, error, words):
    before = current()
    with pytest.raises(error, match=words):
        call()
    assert current() is before and before.tape.sweeping == 0


def test_closing_over_what_needs_gradients_is_refused():
    w = jt.tensor(2.0, requires_grad=True)
    f = jt.custom_vjp(lambda x: x * w)
    f.defvjp(lambda x: (x * w, None), lambda r, b: (b * w,))
    with pytest.raises(RuntimeError, match="uses a Tensor that requires gradients and is not among its arguments"):
        jt.grad(lambda x: np.sum(f(x)))(X)


# --- checkpoints ----------------------------------------------------------------------------------------------


def test_a_checkpoint_stores_one_row_and_runs_twice():
    calls = []

    def many(x):
        calls.append(1)
        for _ in range(50):
            x = jt.sin(x) + 0.1 * x
        return x

    with jt.Tape() as tape:
        x = jt.tensor(X, requires_grad=True)
        y = jt.checkpoint(many)(x).sum()
        assert len(tape) == 3 and len(calls) == 1
        y.backward()
    assert len(calls) == 2 and len(tape) == 3  # what the sweep recorded is on another tape
    np.testing.assert_allclose(x.grad.numpy(), jt.grad(lambda x: np.sum(many(x)))(X), rtol=1e-12)


def test_checkpoints_of_parameters_that_are_closed_over():
    w = jt.tensor([0.5, 1.5, 2.5], requires_grad=True)
    layer = jt.checkpoint(lambda x: jt.tanh(x * w) * w)
    gradients = []
    for f in (layer, layer.function):
        w.grad = None
        x = jt.tensor(X, requires_grad=True)
        f(f(x * w)).sum().backward()
        gradients.append((w.grad.tolist(), x.grad.tolist()))
    np.testing.assert_allclose(*gradients, rtol=1e-12)
    only = jt.checkpoint(lambda: (w * w).sum())  # no argument at all
    w.grad = None
    only().backward()
    np.testing.assert_allclose(w.grad.numpy(), 2 * w.detach().numpy())
    with pytest.raises(NotImplementedError, match="closes over|uses Tensors from outside"):
        jt.autograd.grad(layer(jt.tensor(X, requires_grad=True)).sum(), w, create_graph=True)


def test_checkpoints_that_close_over_results_are_recorded_as_they_are():
    w = jt.tensor(2.0, requires_grad=True)
    v = w * w
    y = jt.checkpoint(lambda x: jt.sin(x * v) * w)(jt.tensor(0.3, requires_grad=True) * v)
    (g,) = jt.autograd.grad(y, w)
    expected = jt.grad(lambda w: np.sin(0.3 * w**4) * w)(2.0)
    assert g.item() == pytest.approx(expected, rel=1e-12)


def test_checkpoints_nest_and_write_in_place():
    def step(x):
        u = x.clone() if isinstance(x, jt.Tensor) else x.copy()
        u[1:] += 0.1 * u[:-1] * x[1:]
        return u

    inner = jt.checkpoint(step)
    outer = jt.checkpoint(lambda x: inner(inner(x)))
    f = lambda s: lambda x: np.sum(s(s(x)) ** 2)
    np.testing.assert_allclose(jt.grad(f(outer))(X), jt.grad(f(lambda x: step(step(x))))(X), rtol=1e-12)
    np.testing.assert_allclose(jt.hessian(f(outer))(X), jt.hessian(f(lambda x: step(step(x))))(X), rtol=1e-11, atol=1e-13)


@pytest.mark.parametrize(
    "inner",
    [
        lambda f, x: jt.grad(lambda z: np.sum(f(z)))(x),
        lambda f, x: jt.jvp(f, (x,), (x,))[1],
        lambda f, x: jt.vjp(f, x)[1](x)[0],
        lambda f, x: np.matmul(jt.hessian(lambda z: np.sum(f(z)))(x), x),
        lambda f, x: np.matmul(jt.jacobian(f)(x), x),
    ],
    ids=["grad", "jvp", "vjp", "hessian", "jacobian"],
)
def test_a_checkpointed_function_may_call_transforms(inner):
    x = np.array([0.3, 0.5])
    plain = lambda z: inner(lambda q: np.sin(q) * q, z)
    twice = jt.checkpoint(lambda z: inner(jt.checkpoint(lambda q: np.sin(q) * q), z))
    expected = jt.jacobian(plain)(x)
    assert np.abs(expected).max() > 0.5
    for transform in (jt.jacfwd, jt.jacrev):
        np.testing.assert_allclose(transform(jt.checkpoint(plain))(x), expected, rtol=1e-13)
        np.testing.assert_allclose(transform(twice)(x), expected, rtol=1e-13)
    w = np.array([0.2, -0.7])
    np.testing.assert_allclose(
        jt.hessian(lambda z: np.sum(twice(z) * w))(x), jt.hessian(lambda z: np.sum(plain(z) * w))(x), rtol=1e-12
    )


V = np.array([0.3, -0.8, 0.5])


def reverse_rule(f):
    rule = jt.custom_vjp(lambda x: f(x))
    rule.defvjp(lambda x: (f(x), x), lambda x, y_bar: (jt.vjp(f, x)[1](y_bar)[0],))
    return lambda x: rule(x) * x


def forward_rule(f):
    rule = jt.custom_jvp(lambda x: f(x))
    rule.defjvp(lambda primals, tangents: jt.jvp(f, primals, tangents))
    return lambda x: rule(x) * x


def checkpointed(f):
    again = jt.checkpoint(f)
    return lambda x: again(x) * x


@pytest.mark.parametrize("wrappers", list(itertools.product([reverse_rule, forward_rule, checkpointed], repeat=2)))
def test_rules_that_use_transforms_of_functions_that_use_rules(wrappers):
    """What a sweep runs of the user's is differentiated by that sweep, not only by the programs around it."""

    def gradient(f):
        return lambda x: jt.grad(lambda z: np.sum(f(z) * V))(x)

    plain = checked = gradient(lambda x: np.sin(x) * x[::-1] + np.tanh(x))
    for wrap in wrappers:
        plain, checked = (lambda x, f=plain: f(x) * x), wrap(checked)
    x = np.array([0.4, 0.9, -0.6])
    np.testing.assert_allclose(gradient(checked)(x), gradient(plain)(x), rtol=1e-12)
    outer = reverse_rule(checked), forward_rule(checked)
    for f in outer:
        np.testing.assert_allclose(gradient(f)(x), gradient(lambda x: plain(x) * x)(x), rtol=1e-12)
        np.testing.assert_allclose(jt.jvp(f, (x,), (V,))[1], jt.jvp(lambda x: plain(x) * x, (x,), (V,))[1], rtol=1e-12)
