"""Values that come into a trace or a transform from outside: right, or refused."""

import enum
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import jittape as jt
from jittape.programs.tracing import function_trace

X, Y = np.array([1.0, 2.0, 3.0]), np.array([0.1, 0.2, 0.9])
pytestmark = pytest.mark.filterwarnings("ignore:jt.compile:RuntimeWarning")


# --- constants of the traced function that are read and then written ------------------------------------------------


def write_whole(x, y):
    v = jt.zeros(3)
    w = v * y
    v[:] = x
    return v.sum() + w.sum()


def write_through_a_view(x, y):
    v = jt.zeros(3)
    w, u = v * y, v[0:2]
    v += x
    return u.sum() + w.sum()


def write_to_a_view_from_before(x, y):
    v = jt.zeros(3)
    u = v[0:2]
    w = v * y
    u += x[:2]
    return v.sum() * 2 + w.sum() + (v * y).sum()


def write_elements_and_positions(x, y):
    v = jt.zeros(3)
    w = v * y
    v[1] = x[0]
    w = w + v * y
    v[np.array([0, 2])] = x[1]
    return (w + v * y).sum()


def write_to_a_transpose(x, y):
    v = jt.zeros(2, 3)
    w = v * y
    v.T[1] = x[:2]
    return (v * y).sum() + w.sum()


def copy_and_scale(x, y):
    v = jt.zeros(3)
    w = v * y
    v.copy_(x)
    v.mul_(2.0)
    return (v * y + w).sum()


@pytest.mark.parametrize(
    "function",
    [
        write_whole,
        write_through_a_view,
        write_to_a_view_from_before,
        write_elements_and_positions,
        write_to_a_transpose,
        copy_and_scale,
    ],
)
def test_a_constant_that_was_read_and_then_written(function):
    compiled, differentiated = jt.compile(function), jt.compile(jt.value_and_grad(function, (0, 1)))
    eager = jt.value_and_grad(function, (0, 1))
    for k in range(3):
        args = X + k, Y - k
        value, gradients = eager(*args)
        assert compiled(*args) == pytest.approx(value, rel=1e-14)
        found = differentiated(*args)
        assert found[0] == pytest.approx(value, rel=1e-14)
        np.testing.assert_allclose(found[1], gradients, rtol=1e-14)
    assert compiled.traces == 1


# --- recorded sweeps over memory that several storages share --------------------------------------------------------


def product_in_place(x):
    u = jt.ones(3)
    u *= x
    v = u[1:]
    v *= 2.0
    return (u * u * u).sum()


@pytest.mark.parametrize(
    "hessian",
    [
        jt.hessian,
        lambda f: jt.jacfwd(jt.jacfwd(f)),
        lambda f: jt.jacrev(jt.jacrev(f)),
        lambda f: jt.jacfwd(jt.jacrev(f)),
        lambda f: jt.jacrev(jt.jacfwd(f)),
        lambda f: jt.compile(jt.hessian(f)),
    ],
    ids=["hessian", "forward forward", "reverse reverse", "forward reverse", "reverse forward", "compiled"],
)
def test_second_order_through_a_constant_that_is_multiplied_in_place(hessian):
    np.testing.assert_allclose(hessian(product_in_place)(X), np.diag([6.0, 96.0, 144.0]), rtol=1e-13)


def test_third_order_through_a_constant_that_is_multiplied_in_place():
    third = jt.jacrev(lambda x: jt.grad(lambda z: jt.grad(product_in_place)(z).sum())(x))
    np.testing.assert_allclose(third(X), np.diag([6.0, 48.0, 48.0]), rtol=1e-13)


class Square(jt.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x * x

    @staticmethod
    def backward(ctx, y_bar):
        (x,) = ctx.saved_tensors
        return 2.0 * x * y_bar


def test_a_leaf_as_cotangent_of_a_users_function_keeps_its_derivative():
    x, v = jt.tensor(X, requires_grad=True), jt.ones(3).requires_grad_()
    (g,) = jt.autograd.grad(Square.apply(x), x, v, create_graph=True)
    assert jt.autograd.grad(g.sum(), v)[0].tolist() == (2.0 * X).tolist()
    assert jt.autograd.gradgradcheck(Square.apply, (x,))


# --- pullbacks and pushforwards made outside --------------------------------------------------------------------------

_, PULL = jt.vjp(np.sin, X)
_, PUSH = jt.linearize(np.sin, X)
WAYS = {"pullback": lambda v: PULL(v)[0], "pushforward": PUSH}


@pytest.mark.parametrize("way", WAYS)
def test_linear_maps_made_outside(way):
    apply, v, diagonal = WAYS[way], np.array([3.0, -1.0, 0.5]), np.cos(X)
    np.testing.assert_allclose(jt.compile(apply)(v), diagonal * v, rtol=1e-14)
    np.testing.assert_allclose(jt.vmap(apply)(np.eye(3)), np.diag(diagonal), rtol=1e-14, atol=0)
    np.testing.assert_allclose(jt.jvp(apply, (v,), (X,))[1], diagonal * X, rtol=1e-14)
    np.testing.assert_allclose(jt.grad(lambda v: (apply(v) ** 2).sum())(v), 2.0 * diagonal**2 * v, rtol=1e-14)
    np.testing.assert_allclose(jt.compile(jt.grad(lambda v: (apply(v) ** 2).sum()))(v), 2.0 * diagonal**2 * v, rtol=1e-14)


def _written(use):
    """With a write, the sweep takes another way."""

    def function(v):
        u = v * 1.0
        u[0] = 2.0 * v[0]
        return np.sum(use(u) * u)

    return function


@pytest.mark.parametrize("way", WAYS)
def test_a_derivative_through_a_linear_map_leaves_its_recording(way):
    """It may be called again after its cotangent or tangent was differentiated; its own rows are those of another recording."""
    x, at, slope = np.array([1.0, 4.0]), np.array([1.0, 3.0]), np.array([3.0, 6.0])
    pull, push = (make(lambda z: 2.0 * z * np.sqrt(z), x)[1] for make in (jt.vjp, jt.linearize))
    apply = {"pullback": lambda v: pull(v)[0], "pushforward": push}[way]
    for _ in range(2):
        for function, scale in ((lambda v: np.sum(apply(v) * v), np.ones(2)), (_written(apply), np.array([4.0, 1.0]))):
            np.testing.assert_allclose(jt.grad(function)(at), 2.0 * slope * scale * at)
            np.testing.assert_allclose(jt.hessian(function)(at), np.diag(2.0 * slope * scale))
        np.testing.assert_allclose(apply(at), slope * at)


def test_a_pullback_that_depends_on_an_outer_leaf_keeps_that():
    weight = jt.tensor(X, requires_grad=True)
    _, pull = jt.vjp(lambda a: a * weight, X)
    answer = jt.compile(lambda v: pull(v)[0])(jt.tensor(Y))
    np.testing.assert_allclose(answer.detach().numpy(), X * Y, rtol=1e-14)
    assert jt.autograd.grad(answer.sum(), weight)[0].tolist() == Y.tolist()


# --- Tensors from outside, inside a trace -----------------------------------------------------------------------------


def test_a_captured_tensor_as_primal():
    captured = jt.tensor(X)
    compiled = jt.compile(lambda a: jt.grad(lambda t: (t * t * a).sum())(captured) * a)
    for _ in range(3):
        np.testing.assert_allclose(compiled(Y), 2.0 * captured.numpy() * Y * Y, rtol=1e-14)
        captured += 1.0
    assert compiled.traces == 1
    twice = jt.compile(jt.grad(lambda a: (jt.grad(lambda t: (t * t * a).sum())(captured) * a).sum()))
    np.testing.assert_allclose(twice(Y), 4.0 * captured.numpy() * Y, rtol=1e-14)


def test_a_graph_made_outside_is_swept_by_the_function_itself():
    x = jt.tensor(X, requires_grad=True)
    y = (x * x).sum()
    compiled = jt.compile(lambda a: jt.autograd.grad(y, x, retain_graph=True)[0] * a)
    for k in range(3):
        assert compiled(jt.tensor(Y + k)).tolist() == (2.0 * X * (Y + k)).tolist()

    def accumulates(a):
        (y * a.sum()).backward(retain_graph=True)
        return a * 1.0

    jt.compile(accumulates)(jt.tensor(Y))
    np.testing.assert_allclose(x.grad.numpy(), 2.0 * X * Y.sum(), rtol=1e-14)


def test_a_result_from_outside_inside_a_transform_inside_a_trace():
    x = jt.tensor(X, requires_grad=True)
    y = x * x
    answer = jt.compile(lambda a: jt.grad(lambda t: (t * y).sum())(a))(jt.tensor(Y))
    assert answer.tolist() == (X * X).tolist()
    assert jt.autograd.grad(answer.sum(), x)[0].tolist() == (2.0 * X).tolist()


# --- arrays in files, and other threads -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "transform",
    [jt.compile, jt.grad, jt.vmap, jt.hessian, lambda f: jt.compile(jt.value_and_grad(f)), lambda f: jt.vmap(jt.grad(f))],
    ids=["compile", "grad", "vmap", "hessian", "compiled gradient", "vmap of gradient"],
)
def test_arrays_mapped_from_files_are_arrays(transform, tmp_path):
    mapped = np.memmap(tmp_path / "data", mode="w+", dtype=np.float64, shape=3)
    mapped[:] = X
    function = transform(lambda x: (x * x).sum())
    found, expected = function(mapped), function(X)
    for a, b in zip(found, expected) if isinstance(found, tuple) else [(found, expected)]:
        np.testing.assert_array_equal(a, b)
        assert type(a) is type(b)


def test_draws_of_another_thread_are_not_the_functions(monkeypatch):
    stop = threading.Event()

    def draw():
        while not stop.is_set():
            np.random.rand()
            time.sleep(0.0005)

    def slow(x):
        time.sleep(0.02)
        return (x * x).sum()

    thread = threading.Thread(target=draw)
    thread.start()
    try:
        assert jt.compile(slow)(X) == 14.0
        random = jt.compile(lambda x: (x * np.random.rand()).sum())
        assert random(X) != random(X)
    finally:
        stop.set()
        thread.join()
    monkeypatch.setattr(function_trace, "_is_alone", lambda: True)  # runners of tests have threads of their own
    with pytest.raises(jt.TraceError, match="draws random numbers"):
        jt.compile(lambda x: (x * np.random.rand()).sum())(X)


def test_slices_from_outside_are_followed():
    place = [slice(None, None, -1), np.s_[1:, None]]
    compiled = jt.compile(lambda x: (x[place[0]] * x)[place[1]])
    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_array_equal(compiled(x), [[4.0], [3.0]])
    place[0] = slice(None)
    np.testing.assert_array_equal(compiled(x), [[4.0], [9.0]])


class Rate(enum.Enum):
    SLOW = [2.0]


@pytest.mark.parametrize("transform", [jt.compile, jt.vmap])
def test_members_of_enumerations_are_followed(transform):
    """Their properties read fields that no code names."""
    transformed = transform(lambda x: x * Rate.SLOW.value[0] * len(Rate.SLOW.name))
    try:
        for rate, name in ((2.0, "SLOW"), (5.0, "SLOW"), (5.0, "SLOWER")):
            Rate.SLOW.value[0], Rate.SLOW._name_ = rate, name
            np.testing.assert_array_equal(transformed(X), X * rate * len(name))
        kept, Rate.SLOW._value_ = Rate.SLOW._value_, [7.0]
        np.testing.assert_array_equal(transformed(X), X * 7.0 * len(name))
        Rate.SLOW._value_ = kept
    finally:
        Rate.SLOW._name_ = "SLOW"


# --- tapes of the function's own ------------------------------------------------------------------------------------


def write_on_a_tape_of_its_own(x, y):
    with jt.Tape():
        v = jt.zeros(3)
        v[0] = x[1]
        return (v * y).sum() + (x * x).sum()


def anomalies_on_a_tape_of_its_own(x, y):
    with jt.Tape(), jt.autograd.detect_anomaly():
        v = jt.zeros(3)
        v += x * y
        return v.sum()


def a_tensor_from_outside_on_a_tape_of_its_own(x, y):
    with jt.Tape():
        return (OUTSIDE * 2.0).sum() * y.sum() + (x * OUTSIDE).sum()


OUTSIDE = jt.tensor([1.0, 2.0, 4.0])


@pytest.mark.parametrize(
    "function", [write_on_a_tape_of_its_own, anomalies_on_a_tape_of_its_own, a_tensor_from_outside_on_a_tape_of_its_own]
)
def test_a_tape_of_its_own_in_a_traced_function(function):
    compiled, gradient = jt.compile(function), jt.compile(jt.grad(function))
    for k in (1.0, 2.0):
        with jt.no_grad():
            OUTSIDE.copy_(jt.tensor([1.0, 2.0, 4.0]) * k)
        np.testing.assert_allclose(float(compiled(X, Y)), float(function(jt.tensor(X), jt.tensor(Y))), rtol=1e-6)
        np.testing.assert_allclose(gradient(X, Y), jt.grad(function)(X, Y))
        np.testing.assert_allclose(jt.grad(compiled)(X, Y), jt.grad(function)(X, Y))
        np.testing.assert_allclose(jt.vmap(jt.grad(function))(X[None], Y[None])[0], jt.grad(function)(X, Y))


# --- threads of the function's own ----------------------------------------------------------------------------------


def through_a_thread(x, y):
    found = [0.0]
    thread = threading.Thread(target=lambda: found.append((x * y).sum()))
    thread.start()
    thread.join()
    return found[-1] * 2.0


def through_a_pool(x, y):
    with ThreadPoolExecutor(2) as pool:
        return sum(pool.map(lambda v: v * v, list(x * y)))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
@pytest.mark.parametrize("function", [through_a_thread, through_a_pool])
def test_a_thread_of_its_own_in_a_traced_function(function):
    expected = jt.grad(function)(X, Y)
    for gradient in (jt.compile(jt.grad(function)), jt.grad(jt.compile(function))):
        for _ in range(2):
            np.testing.assert_allclose(gradient(X, Y), expected)
    np.testing.assert_allclose(jt.vmap(jt.grad(function))(X[None], Y[None])[0], expected)
