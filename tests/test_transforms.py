"""Transforms of functions: answers, forms, composition, lifetimes, and what they say when misused."""

import dataclasses
import gc
import math
import warnings
from collections import OrderedDict, namedtuple

import numba
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import rosen_der, rosen_hess, rosen_hess_prod
from sampling import random_examples

import jittape as jt
from jittape.errors import DTypeError, LeakedTensorError, ShapeError
from jittape.tape.tape import current
from jittape.transforms import backends
from jittape.transforms.pytrees import flatten, flatten_like, map_leaves, paths, unflatten

X = np.array([-1.2, 1.0, 0.5, 0.8])


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def overwriting(x):
    """Slices, writes in place that later rows read through, a broadcast and a product of matrices."""
    u = np.zeros_like(x)
    u[1:] = x[1:] * x[:-1]
    u[0] = x[0] ** 3
    u[1:] *= np.exp(u[:-1])
    return np.sum(u * u) + np.sum(np.outer(x, u) @ x)


def derivative(f):
    return lambda x: jt.jvp(f, (x,), (1.0,))[1]


def differences(f, x, step=1e-5):
    """Central differences of an array function, a first axis an entry of x."""
    return np.array([(f(x + step * e) - f(x - step * e)) / (2 * step) for e in np.eye(x.size)])


# --- answers --------------------------------------------------------------------------------------------------


def test_grad_of_rosenbrock():
    np.testing.assert_allclose(jt.grad(rosenbrock)(X), rosen_der(X), rtol=1e-13)
    value, gradient = jt.value_and_grad(rosenbrock)(X)
    assert value == rosenbrock(X)
    np.testing.assert_array_equal(gradient, jt.grad(rosenbrock)(X))


@pytest.mark.parametrize(
    "second",
    [
        jt.hessian,
        lambda f: jt.jacrev(jt.grad(f)),
        lambda f: jt.jacfwd(jt.grad(f)),
        lambda f: jt.jacfwd(jt.jacfwd(f)),
        lambda f: jt.jacrev(jt.jacfwd(f)),
        lambda f: jt.jacobian(jt.jacobian(f)),
        lambda f: jt.jacfwd(jt.jacrev(f)),
    ],
    ids=["hessian", "rev-grad", "fwd-grad", "fwd-fwd", "rev-fwd", "auto", "fwd-rev"],
)
def test_every_way_to_a_hessian(second):
    np.testing.assert_allclose(second(rosenbrock)(X), rosen_hess(X), rtol=1e-12, atol=1e-10)
    expected = differences(jt.grad(overwriting), X)
    np.testing.assert_allclose(second(overwriting)(X), expected, rtol=1e-6, atol=1e-6)


def test_hvp_is_the_hessian_times_a_vector():
    v = np.array([1.0, -2.0, 0.5, 3.0])
    np.testing.assert_allclose(jt.hvp(rosenbrock, X, v), rosen_hess_prod(X, v), rtol=1e-12)
    np.testing.assert_allclose(jt.hvp(overwriting, X, v), jt.hessian(overwriting)(X) @ v, rtol=1e-12)


def test_vjp_and_jvp_agree():
    f, v, w = lambda x: np.concatenate([np.sin(x[:2]) * x[2:], x * x]), np.arange(4.0), np.arange(6.0) - 2.5
    y, pullback = jt.vjp(f, X)
    value, y_dot = jt.jvp(f, (X,), (v,))
    np.testing.assert_array_equal(y, f(X))
    np.testing.assert_array_equal(value, f(X))
    (x_bar,) = pullback(w)
    np.testing.assert_allclose(x_bar @ v, w @ y_dot, rtol=1e-13)
    np.testing.assert_allclose(pullback(2 * w)[0], 2 * x_bar, rtol=1e-13)  # again, the recording is still there


def test_linearize_runs_the_function_once():
    calls = []

    def f(x):
        calls.append(1)
        return np.exp(x) * x

    y, pushforward = jt.linearize(f, X)
    for v in (X, 2 * X, np.ones(4)):
        np.testing.assert_allclose(pushforward(v), np.exp(X) * (1 + X) * v, rtol=1e-13)
    assert len(calls) == 1


def test_jacobian_chooses_the_direction_with_fewer_sweeps(monkeypatch):
    from jittape.transforms import jacobians

    chosen = []
    for name in ("forward_blocks", "reverse_blocks"):
        real = getattr(jacobians, name)
        monkeypatch.setattr(jacobians, name, lambda *a, real=real, name=name: chosen.append(name) or real(*a))
    wide, tall = np.ones((2, 5)), np.ones((5, 2))
    assert jt.jacobian(lambda x: wide @ x)(np.ones(5)).shape == (2, 5)
    assert jt.jacobian(lambda x: tall @ x)(np.ones(2)).shape == (5, 2)
    assert chosen == ["reverse_blocks", "forward_blocks"]


@pytest.mark.parametrize("transform", [jt.jacfwd, jt.jacrev])
@pytest.mark.parametrize("n", [1, 3, 64, 65, 200])
def test_jacobians_wider_than_a_sweep(transform, n):
    A = np.random.default_rng(n).standard_normal((n, n))
    x = np.linspace(0.1, 1.0, n)
    np.testing.assert_allclose(transform(lambda x: A @ np.sin(x))(x), A * np.cos(x), rtol=1e-12)


@pytest.mark.parametrize("transform", [jt.jacfwd, jt.jacrev, jt.jacobian])
def test_jacobians_of_empty_and_scalar_things(transform):
    assert transform(lambda x: x * 2.0)(np.zeros(0)).shape == (0, 0)
    assert transform(lambda x: x[:0])(X).shape == (0, 4)
    assert transform(lambda x: np.ones(3) * 2.0 + 0.0 * np.sum(x))(np.zeros(0)).shape == (3, 0)
    assert transform(np.sin)(0.5) == math.cos(0.5) and type(transform(np.sin)(0.5)) is float
    np.testing.assert_array_equal(transform(lambda t: np.array([1.0, 2.0]) * t)(3.0), [1.0, 2.0])
    np.testing.assert_array_equal(transform(np.sum)(np.ones((2, 3))), np.ones((2, 3)))


def test_hessian_diag():
    np.testing.assert_allclose(jt.hessian_diag(lambda x: np.sum(np.exp(x) * x))(X), np.exp(X) * (X + 2.0), rtol=1e-12)
    assert jt.hessian_diag(lambda x: x**3)(2.0) == 12.0
    single = X.astype(np.float32)
    np.testing.assert_allclose(jt.hessian_diag(lambda x: np.sum(np.exp(x) * x))(single), np.exp(single) * (single + 2), rtol=1e-5)
    cancels = jt.hessian_diag(lambda x: np.sum(np.exp(x) - 0.5 * x * x))(np.array([0.0, 1e-17, 1.0]))
    np.testing.assert_allclose(cancels, [0.0, 0.0, np.e - 1.0], atol=1e-15)
    np.testing.assert_array_equal(jt.hessian_diag(np.sum)(X), np.zeros(4))
    tree = jt.hessian_diag(lambda d: d["a"] ** 2 + np.sum(d["b"] ** 3))({"a": 1.0, "b": X})
    assert tree["a"] == 2.0
    np.testing.assert_allclose(tree["b"], 6.0 * X)
    with pytest.raises(ValueError, match=r"jt.hessian_diag: the Hessian is not diagonal: row \[\d\] has other entries"):
        jt.hessian_diag(rosenbrock)(X)


# --- forms ----------------------------------------------------------------------------------------------------

Pair = namedtuple("Pair", "scale shift")


@dataclasses.dataclass(frozen=True)
class Model:
    weights: object
    bias: float
    rest: tuple = ()


class Mapping(OrderedDict):
    pass


def model_loss(m, x):
    return np.sum((x @ m.weights + m.bias) ** 2) + m.rest[0]["a"] ** 2


def test_trees_go_in_and_come_out():
    x = np.arange(6.0).reshape(2, 3)
    m = Model(np.ones(3), 0.5, ({"a": 3.0},))
    g = jt.grad(model_loss)(m, x)
    assert isinstance(g, Model) and type(g.bias) is float and g.rest == ({"a": 6.0},)
    residual = x @ np.ones(3) + 0.5
    np.testing.assert_allclose(g.weights, 2 * residual @ x)
    assert g.bias == pytest.approx(2 * residual.sum())
    gm, gx = jt.grad(model_loss, argnums=(0, 1))(m, x)
    assert isinstance(gm, Model) and gx.shape == (2, 3)
    assert jt.grad(model_loss, argnums=-1)(m, x).shape == (2, 3)


def test_named_tuples_and_ordered_dicts():
    g = jt.grad(lambda p: p.scale * 3.0 + p.shift**2)(Pair(2.0, 5.0))
    assert g == Pair(3.0, 10.0) and type(g) is Pair
    given = Mapping(b=[1.0, 2.0], a=3.0)
    found = jt.grad(lambda d: d["b"][0] * d["b"][1] * d["a"])(given)
    assert type(found) is Mapping and list(found) == ["b", "a"] and found == {"b": [6.0, 3.0], "a": 2.0}


def test_jacobians_of_trees():
    J = jt.jacobian(lambda d, t: {"y": d["w"] * t, "z": (np.sum(d["w"]) + t,)}, argnums=(0, 1))({"w": X}, 2.0)
    w, t = J["y"]
    np.testing.assert_array_equal(w["w"], 2.0 * np.eye(4))
    np.testing.assert_array_equal(t, X)
    ((zw, zt),) = J["z"]
    np.testing.assert_array_equal(zw["w"], np.ones(4))
    assert zt == 1.0
    H = jt.hessian(lambda d: d["a"] ** 2 * np.sum(d["b"]))({"a": 3.0, "b": np.ones(2)})
    assert H["a"]["a"] == 4.0
    np.testing.assert_array_equal(H["b"]["a"], [6.0, 6.0])
    np.testing.assert_array_equal(H["a"]["b"], [6.0, 6.0])
    np.testing.assert_array_equal(H["b"]["b"], np.zeros((2, 2)))


def test_plain_in_plain_out_tensors_in_tensors_out():
    f = lambda x: np.sum(x * x)
    for x, kind in (
        (2.0, float),
        (np.float64(2.0), np.float64),
        (np.array(2.0), np.ndarray),
        (np.ones(2), np.ndarray),
        (jt.tensor([2.0]), jt.Tensor),
        (np.float32(2.0), np.float32),
    ):
        gradient = jt.grad(f)(x)
        assert type(gradient) is kind, (x, type(gradient))
        value = jt.value_and_grad(f)(x)[0]
        assert type(value) is (kind if kind in (jt.Tensor, np.float32) else float)
    assert jt.grad(f)(np.ones(2, np.float32)).dtype == np.float32
    assert jt.grad(f)(jt.tensor([1.0])).requires_grad is False
    y, pullback = jt.vjp(np.sin, 0.5)
    assert type(y) is float and type(pullback(1.0)[0]) is float
    y, y_dot = jt.jvp(np.sin, (jt.tensor(0.5),), (1.0,))
    assert type(y) is jt.Tensor and type(y_dot) is jt.Tensor and not y_dot.requires_grad


def test_the_argument_is_copied_and_its_memory_free_to_change():
    x = X.copy()
    y, pullback = jt.vjp(lambda x: x * x, x)
    x[:] = 0.0
    y[:] = 7.0
    np.testing.assert_array_equal(pullback(np.ones(4))[0], 2 * X)


def test_strided_reversed_and_readonly_arguments():
    big = np.arange(24.0).reshape(4, 6) / 10
    for x in (big[::2, ::3], big.T, big[::-1], np.asfortranarray(big), np.broadcast_to(big[0], (3, 6))):
        before = x.copy()
        x.flags.writeable = False
        g = jt.grad(lambda x: np.sum(np.sin(x) * x))(x)
        np.testing.assert_allclose(g, np.cos(before) * before + np.sin(before), rtol=1e-13)
    assert jt.grad(np.sum)(big.astype(">f8")).dtype == np.float64


def test_aux_is_returned_without_its_graph():
    def f(x):
        y = x * 2.0
        return np.sum(y), {"y": y, "note": "text", "n": 3}

    g, aux = jt.grad(f, has_aux=True)(X)
    np.testing.assert_array_equal(aux["y"], 2 * X)
    assert type(aux["y"]) is np.ndarray and aux["note"] == "text" and aux["n"] == 3
    (value, aux), g = jt.value_and_grad(f, has_aux=True)(jt.tensor(X))
    assert type(aux["y"]) is jt.Tensor and not aux["y"].requires_grad and type(value) is jt.Tensor
    assert jt.hessian(f, has_aux=True)(X)[1]["n"] == 3 and jt.jacfwd(f, has_aux=True)(X)[1]["n"] == 3
    assert jt.vjp(f, X, has_aux=True)[2]["n"] == 3 and jt.jvp(f, (X,), (X,), has_aux=True)[2]["n"] == 3


@pytest.mark.parametrize("transform", [jt.grad, jt.hessian, jt.jacfwd, jt.jacrev])
def test_aux_keeps_what_an_outer_program_differentiates(transform):
    """The value does not depend on the outer variable, the auxiliary data do, through what the value shares."""

    def outer(w):
        def f(x):
            shared = x * x
            return np.sum(shared), shared * w

        _, aux = transform(f, has_aux=True)(X)
        return np.sum(aux)

    assert jt.grad(outer)(3.0) == pytest.approx(np.sum(X * X))
    assert jt.jacfwd(outer)(3.0) == pytest.approx(np.sum(X * X))
    w = jt.tensor(3.0, requires_grad=True)
    outer(w).backward()
    assert w.grad.item() == pytest.approx(np.sum(X * X))
    _, _, aux = jt.vjp(lambda x: (x * 2.0, x * w), X, has_aux=True)
    aux.sum().backward()
    assert w.grad.item() == pytest.approx(np.sum(X * X) + np.sum(X))


def test_answers_are_plain_where_only_the_value_depends_on_the_outside():
    w = jt.tensor(3.0, requires_grad=True)
    value, gradient = jt.value_and_grad(lambda x: x * x + w)(2.0)
    assert type(gradient) is float and gradient == 4.0
    assert isinstance(value, jt.Tensor) and value.item() == 7.0
    value.backward()
    assert w.grad.item() == 1.0


def test_keyword_arguments_pass_through():
    assert jt.grad(lambda x, *, power: x**power)(3.0, power=2) == 6.0


def test_independent_outputs_have_zeros():
    np.testing.assert_array_equal(jt.grad(lambda x: 3.0)(X), np.zeros(4))
    np.testing.assert_array_equal(jt.grad(lambda x, y: np.sum(y), (0, 1))(X, X)[0], np.zeros(4))
    np.testing.assert_array_equal(jt.jacobian(lambda x: np.ones(2))(X), np.zeros((2, 4)))
    np.testing.assert_array_equal(jt.jacfwd(lambda x: {"a": np.ones(2), "b": x})(X)["a"], np.zeros((2, 4)))
    np.testing.assert_array_equal(jt.hessian(lambda x: np.sum(x))(X), np.zeros((4, 4)))
    np.testing.assert_array_equal(jt.hvp(lambda x: np.sum(x), X, X), np.zeros(4))
    assert jt.grad(jt.grad(jt.grad(lambda x: x**2)))(2.0) == 0.0
    assert jt.jvp(lambda x: 1.0, (2.0,), (1.0,)) == (1.0, 0.0)
    assert jt.vjp(lambda x: 1.0, 2.0)[1](5.0) == (0.0,)


def test_the_identity_and_arguments_that_are_outputs():
    assert jt.grad(lambda x: x)(2.0) == 1.0
    y, pullback = jt.vjp(lambda x, y: (y, x, x), 2.0, X)
    np.testing.assert_array_equal(pullback((X, 1.0, 2.0))[1], X)
    assert pullback((X, 1.0, 2.0))[0] == 3.0
    value, tangent = jt.jvp(lambda x: (x, x * 1.0), (2.0,), (5.0,))
    assert tangent == (5.0, 5.0)
    np.testing.assert_array_equal(jt.jacfwd(lambda x: x)(X), np.eye(4))
    np.testing.assert_array_equal(jt.jacrev(lambda x: x)(X), np.eye(4))


# --- composition ------------------------------------------------------------------------------------------------


def test_perturbation_confusion_is_impossible():
    """The classic: the inner derivative must not see the outer perturbation."""
    for outer in (jt.grad, derivative, jt.jacfwd, jt.jacrev):
        for inner in (jt.grad, derivative, jt.jacfwd, jt.jacrev):
            assert outer(lambda x: x * inner(lambda y: x + y)(1.0))(1.0) == 1.0
            assert outer(lambda x: x * inner(lambda y: x * y * y)(2.0))(3.0) == 24.0
            assert outer(lambda x: inner(lambda y: inner(lambda z: x * y * z * z)(y))(x))(2.0) == pytest.approx(16.0)


def test_derivatives_of_every_order():
    for first in (jt.grad, derivative):
        for second in (jt.grad, derivative):
            for third in (jt.grad, derivative):
                assert first(second(third(np.sin)))(0.3) == pytest.approx(-math.cos(0.3), rel=1e-13)
    f = np.exp
    for _ in range(5):
        f = jt.grad(f)
    assert f(0.5) == pytest.approx(math.exp(0.5))


@pytest.mark.parametrize("inner", [jt.grad, jt.jacfwd])
def test_grad_inside_a_function_under_hessian(inner):
    def f(x):
        return np.sum(inner(lambda z: np.sum(np.sin(z) * x))(x * 2.0) ** 2)

    expected = differences(jt.grad(f), X)
    np.testing.assert_allclose(jt.hessian(f)(X), expected, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(jt.grad(f)(X), differences(f, X), rtol=1e-7, atol=1e-8)


def test_newton_steps_inside_a_function_are_differentiated():
    def root(a):
        x = 1.0
        for _ in range(6):
            g, h = jt.grad(lambda x: x**3 / 3 - a * x)(x), jt.grad(jt.grad(lambda x: x**3 / 3 - a * x))(x)
            x = x - g / h
        return x

    assert root(2.0) == pytest.approx(math.sqrt(2.0))
    assert jt.grad(root)(2.0) == pytest.approx(0.5 / math.sqrt(2.0))


def test_transforms_inside_an_eager_program():
    w = jt.tensor(2.0, requires_grad=True)
    g = jt.grad(lambda x: w * x * x)(3.0)
    assert isinstance(g, jt.Tensor) and g.item() == 12.0  # it depends on w: a float would lose that
    g.backward()
    assert w.grad.item() == 6.0
    x = jt.tensor(3.0, requires_grad=True)
    jt.grad(lambda x: x**3)(x).backward()
    assert x.grad.item() == 18.0
    with jt.no_grad():
        assert type(jt.grad(lambda x: w * x * x)(3.0)) is float
        assert not jt.grad(lambda x: x**3)(x).requires_grad
    assert jt.grad(lambda x: w.detach() * x * x)(3.0) == 12.0


def test_no_grad_inside_cuts_the_inner_derivative():
    def f(x):
        with jt.no_grad():
            g = jt.grad(lambda z: z**3)(x)
        return g * x

    assert jt.grad(f)(2.0) == 12.0


def test_pullbacks_can_be_differentiated_by_their_cotangents():
    y, pullback = jt.vjp(lambda x: np.sin(x), X)
    np.testing.assert_allclose(jt.jacobian(lambda w: pullback(w)[0])(X), np.diag(np.cos(X)), rtol=1e-13)
    y, pushforward = jt.linearize(np.sin, X)
    np.testing.assert_allclose(jt.jacobian(pushforward)(X), np.diag(np.cos(X)), rtol=1e-13)


def test_in_place_writes_of_a_nested_argument_stay_inside():
    def inner(z):
        z = z.clone() if isinstance(z, jt.Tensor) else z.copy()
        z[0] = z[1] * 5.0
        return np.sum(z * z)

    f = lambda x: np.sum(jt.grad(inner)(x * 1.0))
    np.testing.assert_allclose(jt.grad(f)(X), [0.0, 52.0, 2.0, 2.0])

    def writes_into_its_argument(z):
        z[0] = z[1] * 5.0
        return np.sum(z * z)

    def outer(x):
        y = x * 1.0
        g = jt.grad(writes_into_its_argument)(y)
        return np.sum(g) + np.sum(y)  # y itself is as it was

    np.testing.assert_allclose(jt.grad(outer)(X), [1.0, 53.0, 3.0, 3.0])


def test_tapes_opened_inside_a_function():
    def f(x):
        with jt.Tape():
            y = np.sin(x) * x
        return np.sum(y * y)

    expected = 2 * np.sin(X) * X * (np.cos(X) * X + np.sin(X))
    np.testing.assert_allclose(jt.grad(f)(X), expected, rtol=1e-12)
    np.testing.assert_allclose(jt.jacfwd(f)(X), expected, rtol=1e-12)
    np.testing.assert_allclose(jt.hessian(f)(X), differences(jt.grad(f), X), rtol=1e-6, atol=1e-8)


@random_examples(40)
@given(st.integers(0, 2**32 - 1))
def test_random_programs_have_the_same_hessian_every_way(seed):
    rng = np.random.default_rng(seed)
    A, steps = rng.standard_normal((3, 3)), rng.integers(0, 7, 5)
    moves = [
        np.sin,
        np.tanh,
        lambda x: A @ x,
        lambda x: x * x[::-1],
        lambda x: np.exp(0.1 * x),
        lambda x: np.concatenate([x[1:], x[:1]]),
        lambda x: x / (1.0 + np.sum(x * x)),
    ]

    def f(x):
        for k in steps:
            x = moves[k](x) + 0.5 * x
        return np.sum(x * x)

    x = rng.uniform(-1, 1, 3)
    H = jt.hessian(f)(x)
    np.testing.assert_allclose(H, H.T, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(jt.jacfwd(jt.grad(f))(x), H, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(jt.jacrev(jt.jacfwd(f))(x), H, rtol=1e-10, atol=1e-10)
    np.testing.assert_allclose(differences(jt.grad(f), x), H, rtol=1e-5, atol=1e-5)


def test_against_torch_func():
    torch = pytest.importorskip("torch")
    A = np.random.default_rng(0).standard_normal((4, 3))

    def program(lib):
        return lambda W, x: lib.sum(lib.tanh(W @ x) ** 2) + lib.sum(lib.exp(x))

    x, tW, tx = np.linspace(-1, 1, 3), torch.tensor(A), torch.tensor(np.linspace(-1, 1, 3))
    ours, theirs = jt.hessian(program(np), (0, 1))(A, x), torch.func.hessian(program(torch), (0, 1))(tW, tx)
    for a, b in zip(np.ravel(np.array(ours, object)), [t for row in theirs for t in row]):
        np.testing.assert_allclose(a, b.numpy(), rtol=1e-11, atol=1e-12)
    ours, theirs = jt.jacfwd(program(np), 1)(A, x), torch.func.jacfwd(program(torch), 1)(tW, tx)
    np.testing.assert_allclose(ours, theirs.numpy(), rtol=1e-12)


# --- what they are ------------------------------------------------------------------------------------------------


def test_transforms_are_objects_that_remember_their_function():
    for transform in (jt.grad, jt.value_and_grad, jt.jacobian, jt.jacfwd, jt.jacrev, jt.hessian):
        made = transform(rosenbrock, argnums=(0,), has_aux=False)
        assert made.function is made.__wrapped__ is rosenbrock and made.argnums == (0,) and made.has_aux is False
        assert made.__name__ == "rosenbrock" and repr(made) == f"<jt.{transform.__name__} of rosenbrock>"


def test_recordings_are_forgotten():
    """A loop of transforms keeps neither rows nor leaves; a pullback keeps its recording and lets it go."""
    x, tape = np.ones(50), current().tape
    for _ in range(3000):
        jt.grad(rosenbrock)(x)
        jt.hvp(rosenbrock, x, x) if _ % 20 == 0 else None
    gc.collect()
    tape.compact()
    rows, leaves = len(tape), len(tape.leaves)
    for _ in range(300):
        jt.hessian(rosenbrock)(x[:5])
        jt.vjp(np.sin, x)
        jt.jvp(np.sin, (x,), (x,))
        jt.jacobian(np.sin)(x)
    gc.collect()
    tape.compact()
    tape.compact()  # variables of recordings that were given up are pinned by the first
    assert len(tape) <= rows + 8 and len(tape.leaves) <= leaves + 4


def test_an_exception_in_the_function_leaves_everything_as_it_was():
    before = current()

    def fails(x):
        np.sum(x * 2.0)
        raise KeyError("mine")

    for call in (lambda: jt.grad(fails)(X), lambda: jt.vjp(fails, X), lambda: jt.hessian(fails)(X)):
        with pytest.raises(KeyError, match="mine"):
            call()
        assert current() is before
    with jt.no_grad():
        state = current()
        with pytest.raises(KeyError):
            jt.grad(fails)(X)
        assert current() is state
    np.testing.assert_allclose(jt.grad(rosenbrock)(X), rosen_der(X), rtol=1e-13)


def test_hooks_on_variables_and_anomaly_detection():
    seen = []

    def f(x):
        x.register_hook(lambda g: seen.append(1) or g * 2.0)
        return np.sum(x * x)

    np.testing.assert_array_equal(jt.grad(f)(X), 4 * X)
    assert seen == [1]
    with pytest.raises(jt.errors.AnomalyError), jt.autograd.detect_anomaly():
        jt.grad(lambda x: x**0.5 * 0.0)(0.0)


# --- misuse -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda: jt.grad(np.sin)(X), ShapeError, r"jt.grad: the function returned shape \[4\], expected a scalar: .* jt.vjp"),
        (lambda: jt.value_and_grad(np.sin)(X), ShapeError, r"jt.value_and_grad: the function returned shape \[4\]"),
        (lambda: jt.hessian(np.sin)(X), ShapeError, r"jt.hessian: the function returned shape \[4\]"),
        (lambda: jt.grad(np.sin)(3), DTypeError, "jt.grad: got 3, expected floating-point numbers: .*Write 3.0 for 3"),
        (lambda: jt.grad(np.sum)(np.arange(3)), DTypeError, "jt.grad: got ndarray of dtype int64, expected floating-point"),
        (lambda: jt.grad(np.sum)(jt.tensor([1, 2])), DTypeError, "jt.grad: got Tensor of dtype int64"),
        (lambda: jt.grad(lambda x: x["a"])({"a": 3.0, "b": True}), DTypeError, "jt.grad: got True"),
        (lambda: jt.grad(lambda x: 1.0)("text"), TypeError, "jt.grad: got str in an argument that is differentiated"),
        (lambda: jt.grad(lambda x: 1.0)(None), TypeError, "jt.grad: got NoneType in an argument"),
        (lambda: jt.grad(lambda x: None)(X), TypeError, "jt.grad: the function returned NoneType, .*: is a `return` missing"),
        (lambda: jt.grad(lambda x: "a")(X), TypeError, "jt.grad: the function returned str, expected numbers"),
        (lambda: jt.grad(lambda x: jt.tensor(3))(X), DTypeError, "jt.grad: the function returned int64, expected floating-point"),
        (lambda: jt.grad(lambda x: (x[0], 1))(X), TypeError, "jt.grad: the function returned tuple, .* pass has_aux=True"),
        (lambda: jt.grad(np.sum)(X + 1j), DTypeError, "jt.grad: the function returned complex numbers, expected real ones"),
        (lambda: jt.grad(np.sum)(np.ma.masked_array(X, [1, 0, 0, 0])), TypeError, "jt.grad: got MaskedArray in an argument"),
        (lambda: jt.grad(np.sum)(X.astype(np.float16)), TypeError, "can't convert to a tensor: got dtype float16"),
        (lambda: jt.grad(lambda x: x, argnums=1)(X), TypeError, "jt.grad: argnums=1, but there are 1 positional arguments"),
        (lambda: jt.grad(lambda x: x)(x=X), TypeError, "jt.grad: argnums=0, but there are 0 positional .* by keyword"),
        (lambda: jt.grad(lambda x, y: x, argnums=(0, -2))(1.0, 2.0), ValueError, "names an argument twice"),
        (lambda: jt.grad(lambda x: x, argnums="x"), TypeError, "jt.grad: got argnums='x', expected an int or a tuple of ints"),
        (lambda: jt.grad(lambda x: x, argnums=()), ValueError, r"jt.grad: got argnums=\(\), expected at least one"),
        (lambda: jt.grad(3.0), TypeError, "jt.grad: got float, expected a function"),
        (lambda: jt.grad(lambda x: x, has_aux=True)(1.0), TypeError, "jt.grad: has_aux=True, but the function returned Array"),
        (lambda: jt.grad(lambda x: (x, 1, 2), has_aux=True)(1.0), TypeError, "has_aux=True, but .* a tuple of 3"),
        (lambda: jt.jvp(np.sin, (X,), (np.ones(3),)), ShapeError, r"jt.jvp: tangent: got shape \[3\], expected \[4\]"),
        (lambda: jt.jvp(np.sin, (X,), (X, X)), TypeError, "jt.jvp: got 2 tangents, expected 1"),
        (lambda: jt.jvp(np.sin, X, X), TypeError, r"jt.jvp: got ndarray for primals, expected a tuple .*: \(x,\)"),
        (lambda: jt.jvp(np.sin, (X,), ("a",)), TypeError, "jt.jvp: tangent: got str, expected numbers"),
        (
            lambda: jt.jvp(lambda d: d["a"], ({"a": 1.0},), ({"b": 1.0},)),
            TypeError,
            r"jt.jvp: tangent 0: got keys \['b'\], expec",
        ),
        (lambda: jt.jvp(lambda d: d[0], ([1.0, 2.0],), ([1.0],)), TypeError, "jt.jvp: tangent 0: got length 1, expected 2: the"),
        (lambda: jt.jvp(lambda d: d[0], ((1.0, 2.0),), (X,)), TypeError, "jt.jvp: tangent 0: got ndarray, expected tuple"),
        (lambda: jt.vjp(np.sin, X)[1](np.ones(5)), ShapeError, r"vjp: cotangent: got shape \[5\], expected \[4\]"),
        (lambda: jt.vjp(lambda x: (x, x), X)[1](X), TypeError, "vjp: cotangent: got ndarray, expected tuple"),
        (lambda: jt.vjp(lambda x: {"a": x}, X)[1]({"a": {}}), TypeError, r"vjp: cotangent\['a'\]: got dict, expected one array"),
        (lambda: jt.vjp(np.sin), TypeError, "jt.vjp: got no primals"),
        (lambda: jt.hvp(rosenbrock, X, np.ones(3)), ShapeError, r"jt.hvp: the direction: got shape \[3\], expected \[4\]"),
    ],
)
def test_misuse(call, error, words):
    before = current()
    with pytest.raises(error, match=words):
        call()
    assert current() is before


def fills_an_array(x):
    a = np.zeros(3)
    a[0] = x[0]
    return np.sum(a * x)


def fills_a_part(x):
    a = np.zeros(3)
    a[:2] = x[:2]
    return np.sum(a * x)


def adds_to_an_element(x):
    a = np.ones(3)
    a[1] += x[0]
    return np.sum(a * x)


@pytest.mark.parametrize(
    "transform",
    [
        jt.grad,
        jt.hessian,
        jt.jacfwd,
        lambda f: lambda x: jt.vjp(f, x),
        lambda f: lambda x: jt.jvp(f, (x,), (x,)),
        lambda f: jt.grad(jt.checkpoint(f)),
        lambda f: jt.grad(lambda x: np.sum(jt.grad(f)(x))),
    ],
    ids=["grad", "hessian", "jacfwd", "vjp", "jvp", "checkpoint", "grad of grad"],
)
@pytest.mark.parametrize(
    "function, error, instead",
    [
        (lambda x: math.sin(x[0]), TypeError, "np.sin"),
        (lambda x: float(x[0]) * x[1], TypeError, "NumPy's functions"),
        (fills_an_array, ValueError, "jt.zeros"),
        (adds_to_an_element, ValueError, "jt.zeros"),
        (fills_a_part, RuntimeError, "jt.zeros"),
        (lambda x: np.sum(np.array([x[0], x[1]])), RuntimeError, "np.stack"),
        (lambda x: np.float64(x[0]) * x[1], RuntimeError, "a number already"),
        (lambda x: np.full(3, x[0]).sum() * x[0], RuntimeError, "np.ones(shape) * x"),
    ],
    ids=["math", "float", "element", "element of a sum", "part", "np.array", "np.float64", "np.full"],
)
def test_what_would_lose_a_derivative_is_refused(transform, function, error, instead):
    before = current()
    with pytest.raises(error) as caught:
        transform(function)(np.array([0.3, 0.5, 0.7]))
    told = caught.value if error is not ValueError else caught.value.__cause__  # NumPy puts its own words on top
    assert current() is before
    if instead not in str(told):  # Python 3.10 does not tell where in a line it stands
        assert not hasattr(function.__code__, "co_positions") and "jt.zeros" in str(told)


def test_values_may_be_looked_at_inside_a_function():
    def f(x):
        total, seen = x * 0.0, np.zeros(2)
        while total.detach().item() < 1.0 and total < 2.0:
            total = total + x * int(x + 1.0)
        seen[0] = total.detach().item()  # total.item() is a number that derivatives flow through
        with jt.no_grad(), warnings.catch_warnings():
            warnings.simplefilter("error")  # no derivative is asked for, and PyTorch is silent
            seen[1] = total
        assert f"{x:.1f}" == "0.3" and seen[0] == seen[1] > 0.0 and math.isfinite(total.detach())
        return total * x

    assert jt.grad(f)(0.3) == pytest.approx(2 * 4 * 0.3)
    x = jt.tensor(0.3, requires_grad=True)
    assert jt.grad(lambda z: z * x.item())(2.0) == 0.3
    with pytest.warns(UserWarning, match="to a scalar may lead to unexpected behavior.*\n.*NumPy's functions"):
        assert math.sin(x) == math.sin(0.3) and jt.grad(lambda z: z * float(x))(2.0) == 0.3  # x is nobody's variable


def test_arrays_made_inside_a_function():
    def f(x):
        a = jt.zeros(3)
        a[0], a[1:] = x[0] ** 2, x[:2]
        b = np.zeros_like(x)
        b[0] = x[2]
        b[1:] += x[1:]
        return np.sum(a * b) + np.sum(np.stack([x[0], x[1] * x[2]]))

    x = np.array([0.3, 0.5, 0.7])
    g = lambda x: x[0] ** 2 * x[2] + x[0] * x[1] + x[1] * x[2] + x[0] + x[1] * x[2]
    np.testing.assert_allclose(jt.grad(f)(x), jt.grad(g)(x), rtol=1e-14)
    np.testing.assert_allclose(jt.hessian(f)(x), jt.hessian(g)(x), rtol=1e-14)


def test_forward_mode_through_a_function_with_only_a_backward():
    class Square(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * x

        @staticmethod
        def backward(ctx, bar):
            return 2.0 * ctx.saved_tensors[0] * bar

    for call in (
        lambda: jt.jacfwd(Square.apply)(X),
        lambda: jt.jvp(Square.apply, (X,), (X,)),
        lambda: jt.jacfwd(jt.grad(lambda x: np.sum(Square.apply(x) * x)))(X),
    ):
        with pytest.raises(NotImplementedError, match="Square has a backward but no rule for tangents: use reverse mode"):
            call()
    np.testing.assert_array_equal(jt.jacobian(lambda t: Square.apply(t * X))(2.0), 4.0 * X**2)  # chooses reverse then
    np.testing.assert_allclose(jt.hessian(lambda x: np.sum(Square.apply(x) * x))(X), np.diag(6.0 * X), rtol=1e-13)


def test_leaked_tensors_are_named():
    kept = []

    def leaks(x):
        kept.append(x * x)
        return np.sum(kept[-1])

    jt.grad(leaks)(X)
    for call in (
        lambda: jt.grad(lambda x: np.sum(x * kept[0]))(X),
        lambda: jt.hessian(lambda x: np.sum(x * kept[0]))(X),
        lambda: jt.vjp(lambda x: x * kept[0], X),
        lambda: jt.jacfwd(lambda x: x * kept[0])(X),
    ):
        with pytest.raises(LeakedTensorError, match="depends on a Tensor whose graph has been freed.*has_aux"):
            call()
    np.testing.assert_allclose(jt.grad(lambda x: np.sum(x * kept[0].detach()))(X), X * X)  # what the message advises


def test_a_value_changed_behind_the_pullback_is_noticed():
    x = jt.tensor(X)
    _, pullback = jt.vjp(lambda x: x * x, x)
    with jt.no_grad():
        x[0] = 5.0
    with pytest.raises(jt.errors.VersionError):
        pullback(X)


def test_compiled_functions_are_left_to_a_backend():
    @numba.njit
    def square(x):
        return x * x

    assert jt.grad(square)(3.0) == 6.0 and jt.vjp(square, 3.0)[1](1.0) == (6.0,)
    assert jt.checkpoint(square) is square
    with pytest.raises(NotImplementedError, match="jt.laplacian .*compiled by Numba.*py_func"):
        backends.foreign("laplacian", square)


def test_a_registered_backend_makes_the_transforms(monkeypatch):
    monkeypatch.setattr(backends, "_backends", list(backends._backends))
    marked = {}
    jt.register_backend(lambda f: getattr(f, "mine", False), lambda name, f, **options: marked.update({name: options}) or abs)
    f = lambda x: x
    f.mine = True
    assert jt.grad(f, argnums=(1,)) is abs and jt.vjp(f, -3.0) == 3.0
    assert marked == {"grad": {"argnums": (1,), "has_aux": False}, "vjp": {"has_aux": False}}
    assert jt.grad(lambda x: x * x)(3.0) == 6.0


# --- trees --------------------------------------------------------------------------------------------------------


def test_trees_round_trip():
    tree = ({"b": [1, (2,)], "a": Pair(3, 4)}, Model(5, 6, (7,)), [], (), {})
    leaves, structure = flatten(tree)
    assert leaves == [1, 2, 3, 4, 5, 6, 7] and unflatten(structure, leaves) == tree
    assert map_leaves(lambda v: v + 1, tree)[0]["a"] == Pair(4, 5)
    assert repr(structure) == (
        "({'b': [*, (*,)], 'a': Pair('scale': *, 'shift': *)}, Model('weights': *, 'bias': *, 'rest': (*,)), [], (), {})"
    )
    assert list(paths(structure))[:3] == ["[0]['b'][0]", "[0]['b'][1][0]", "[0]['a'].scale"]
    assert flatten_like(structure, tree, "x") == leaves
    assert flatten_like(flatten({"a": 1, "b": 2})[1], {"b": 3, "a": 4}, "x") == [4, 3]  # in any order


# --- threads ------------------------------------------------------------------------------------------------------


def test_threads_transform_at_once():
    from concurrent.futures import ThreadPoolExecutor

    def work(seed):
        x = np.random.default_rng(seed).uniform(-1.0, 1.0, 6)
        for _ in range(20):
            np.testing.assert_allclose(jt.grad(rosenbrock)(x), rosen_der(x), rtol=1e-11)
            np.testing.assert_allclose(jt.hessian(rosenbrock)(x), rosen_hess(x), rtol=1e-11, atol=1e-9)
            np.testing.assert_allclose(jt.jacfwd(jt.grad(rosenbrock))(x), rosen_hess(x), rtol=1e-11, atol=1e-9)
        return True

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(work, range(8)))


def test_a_pullback_may_be_called_in_another_thread():
    from concurrent.futures import ThreadPoolExecutor

    _, pullback = jt.vjp(np.sin, X)
    with ThreadPoolExecutor(1) as pool:
        (found,) = pool.submit(pullback, np.ones(4)).result()
    np.testing.assert_allclose(found, np.cos(X), rtol=1e-13)


def test_a_jacobian_takes_as_few_sweeps_as_lanes_allow(monkeypatch):
    from jittape.autograd import reverse_driver, batched_sweeps

    sweeps = []
    real = reverse_driver.reverse
    monkeypatch.setattr(reverse_driver, "reverse", lambda *a: sweeps.append(1) or real(*a))
    jt.jacrev(lambda x: np.sin(x) * x)(np.ones(130))
    assert len(sweeps) == math.ceil(130 / batched_sweeps.WIDEST)


def test_a_constant_that_a_rule_looks_at_keeps_its_version():
    """A recorded product pins its constant operand; the version of its memory must stay, and NumPy's writes be noticed."""
    A = np.linspace(0.0, 0.02, 66 * 66).reshape(66, 66)  # large enough to be read where it is
    x = np.linspace(-0.2, 0.9, 66)

    def f(x):
        return np.sum(np.tanh(A @ np.sin(A @ x)) ** 2)

    np.testing.assert_allclose(jt.jacfwd(jt.grad(f))(x), jt.jacrev(jt.grad(f))(x), rtol=1e-12, atol=1e-14)
    _, pushforward = jt.linearize(jt.grad(f), x)
    A[0, 0] += 1.0
    with pytest.raises(jt.errors.VersionError):
        pushforward(x)
