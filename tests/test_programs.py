"""jt.compile: programs against eager code, guards, environment, and functions that try to get stale answers."""

import collections
import contextlib
import dataclasses
import threading
import types
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sampling import random_examples

import jittape as jt
from jittape.errors import TraceError, VersionError
from jittape.tape.recording_state import recording


@pytest.fixture
def rng():
    return np.random.default_rng(5)


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def chain(x):
    return (jt.tanh(jt.sin(x) * jt.exp(-x * x) + x / (1 + x * x))).sum()


def scalars(x):
    a, b, c = x[0], x[1], x[2]
    for _ in range(20):
        a, b = a * 0.9 + jt.sin(b) * c, b - a * c / (1 + a * a)
    return a * b + c


def network(W, b, V, x):
    return ((jt.tanh(x @ W + b) @ V) ** 2).mean()


def stencil(x):
    u = x.clone()
    for _ in range(3):
        u[1:-1] += 0.1 * (u[2:] - 2 * u[1:-1] + u[:-2])
    return (u**2).sum()


def folds(x):
    return jt.logsumexp(x, 1).sum() + x.max() + jt.std(jt.cat([x[0], x[1] * 2])) + jt.var(x, 0).sum()


def choices(x):
    return (jt.where((x > 0) & (x < 1), x, -2 * x) * x.T).sum() + x.prod() + jt.maximum(x, 0.1).mean()


def positions(x):
    return jt.cumsum(x, 0).mean() * 0.5 + (x[[0, 2, 2]] ** 2).sum() + jt.stack([x, x * x]).mean(0)[1:].sum()


def on_the_host(x):
    return x.median() + jt.cumprod(x, 0)[-1] + (x.float() * 1.0).double().sum()


PROGRAMS = {
    "rosenbrock": (rosenbrock, [(10,)]),
    "rosenbrock, long": (rosenbrock, [(5000,)]),
    "chain": (chain, [(7,)]),
    "chain, several blocks": (chain, [(5001,)]),
    "chain of one": (chain, [(1,)]),
    "scalars": (scalars, [(3,)]),
    "network": (network, [(8, 32), (32,), (32, 3), (16, 8)]),
    "stencil": (stencil, [(9,)]),
    "folds": (folds, [(4, 5)]),
    "choices": (choices, [(3, 3)]),
    "positions": (positions, [(5,)]),
    "on the host": (on_the_host, [(5,)]),
    "column and row": (lambda x, y: jt.exp(-((x[:, None] - y) ** 2)).sum(0).mean(), [(40,), (50,)]),
    "transposed": (lambda x: (x.T * 2 + x).mean(1).prod(), [(6, 6)]),
}
over_programs = pytest.mark.parametrize("name", PROGRAMS)


def assert_same(found, expected, rtol=1e-11, atol=1e-13):
    found, expected = (v if isinstance(v, tuple) else (v,) for v in (found, expected))
    for a, b in zip(found, expected, strict=True):
        np.testing.assert_allclose(a, b, rtol=rtol, atol=atol)


# --- values and derivatives --------------------------------------------------------------------------------------


@over_programs
@pytest.mark.parametrize("transform", [None, "value_and_grad", "grad"])
def test_replays_are_what_eager_code_computes(name, transform, rng):
    function, shapes = PROGRAMS[name]
    argnums = tuple(range(len(shapes)))
    eager = (
        jt.value_and_grad(function, argnums)
        if transform == "value_and_grad"
        else (jt.grad(function, argnums) if transform else lambda *args: function(*map(jt.tensor, args)).item())
    )
    subject = function if transform is None else eager
    compiled = jt.compile(subject)
    for _ in range(3):
        args = [rng.standard_normal(s) for s in shapes]
        found, expected = compiled(*args), eager(*args)
        if transform == "value_and_grad":
            assert_same(found[0], expected[0])
            found, expected = found[1], expected[1]
        assert_same(found, expected, 1e-9, 1e-12)
        assert type(found) is type(expected)
    if name != "on the host":  # the median looks at the order
        assert compiled.traces == 1


@pytest.mark.parametrize("make", [jt.hessian, jt.jacobian, lambda f: jt.grad(lambda x: jt.grad(f)(x).sum())])
@pytest.mark.parametrize("name", ["rosenbrock", "scalars", "stencil", "chain"])
def test_higher_derivatives(name, make, rng):
    function, ((n,),) = PROGRAMS[name]
    compiled, eager = jt.compile(make(function)), make(function)
    for _ in range(2):
        x = rng.standard_normal(n) * 0.5
        assert_same(compiled(x), eager(x), 1e-9, 1e-10)
    assert compiled.traces == 1


def test_forward_mode_and_products(rng):
    x, v = rng.standard_normal(6), rng.standard_normal(6)
    push = jt.compile(lambda x, v: jt.jvp(chain, (x,), (v,)))
    hvp = jt.compile(lambda x, v: jt.hvp(chain, x, v))
    for k in range(2):
        assert_same(push(x + k, v), jt.jvp(chain, (x + k,), (v,)))
        assert_same(hvp(x + k, v), jt.hvp(chain, x + k, v), 1e-10)
    assert push.traces == hvp.traces == 1


def test_derivatives_against_differences(rng):
    """Not against a second formula: central differences of the replayed value."""
    value, gradient = jt.compile(folds), jt.compile(jt.grad(folds))
    x = rng.standard_normal((4, 5))
    found, h = gradient(x), 1e-6
    for k in np.ndindex(x.shape):
        e = np.zeros_like(x)
        e[k] = h
        assert abs((value(x + e) - value(x - e)) / (2 * h) - found[k]) < 1e-6 * max(1, abs(found[k]))


def test_float32(rng):
    compiled = jt.compile(jt.value_and_grad(lambda x: (jt.tanh(x) * 2 + x[0]).mean()))
    x = rng.standard_normal(3000).astype(np.float32)
    value, gradient = compiled(x)
    expected = jt.value_and_grad(compiled.transform.function)(x)
    assert gradient.dtype == np.float32
    np.testing.assert_allclose(value, expected[0], rtol=1e-5)
    np.testing.assert_allclose(gradient, expected[1], rtol=1e-5, atol=1e-9)


@random_examples(40)
@given(st.integers(0, 10**6))
def test_random_programs(seed):
    """Values and gradients of random programs, in three replays of one trace or more."""
    function, rng = random_program(seed), np.random.default_rng(seed)
    compiled, eager = (make(jt.value_and_grad(function, (0, 1))) for make in (jt.compile, lambda f: f))
    n, m = [(3, 4), (2, 1), (5, 3), (40, 37)][seed % 4]
    for _ in range(3):
        x, y = rng.standard_normal((n, m)), rng.standard_normal(m)
        (value, gradients), (expected, theirs) = compiled(x, y), eager(x, y)
        np.testing.assert_allclose(value, expected, rtol=1e-10, atol=1e-12)
        assert_same(gradients, theirs, 1e-8, 1e-10)


UNARY = [
    jt.sin,
    jt.tanh,
    jt.exp,
    lambda a: a * a,
    jt.sigmoid,
    lambda a: -a,
    jt.relu,
    lambda a: jt.sqrt(a * a + 1),
    lambda a: jt.clamp(a, -1, 1),
    lambda a: 2.0 - a,
    lambda a: a / 1.7,
]
BINARY = [jt.add, jt.mul, jt.sub, lambda a, b: a / (b * b + 1), jt.maximum, lambda a, b: jt.where(a > b, a, b * 2), jt.hypot]


def random_program(seed):
    def function(x, y):
        r, values = np.random.default_rng(seed), [x, y]
        for _ in range(r.integers(3, 14)):
            a, b = (values[k] for k in r.integers(len(values), size=2))
            moves = [
                lambda a=a: UNARY[r.integers(len(UNARY))](a),
                lambda a=a, b=b: BINARY[r.integers(len(BINARY))](a, b),
                lambda a=a: a.sum(int(r.integers(a.ndim))),
                lambda a=a: a.mean(),
                lambda a=a: a[::2],
                lambda a=a: a[-1],
                lambda a=a: a.transpose(0, 1),
                lambda a=a: a.reshape(-1),
                lambda a=a, b=b: written(a, b, r),
                lambda a=a: jt.cat([a, a * 2], 0),
                lambda a=a: a @ a.T,
                lambda a=a: a[[0, -1, 0]],
                lambda a=a: a.detach() * a,
            ]
            try:
                value = moves[r.integers(len(moves))]()
            except (RuntimeError, IndexError, ValueError):
                continue
            if 0 < value.numel() <= 2000 and value.ndim <= 4:
                values.append(value)
        return sum(jt.tanh(v * 0.3).sum() for v in values[-4:])

    return function


def written(a, b, r):
    a = a.clone()
    if r.random() < 0.5:
        a[1:] += a[:-1] * 0.5
    else:
        a[0] = b.sum() * 0.1
    return a


# --- forms of arguments and results ---------------------------------------------------------------------------------


@dataclasses.dataclass
class Point:
    x: object
    y: object


def test_trees_go_in_and_come_out():
    compiled = jt.compile(lambda p, q: {"sum": p.x + q["a"][0], "pair": (p.y * 2, 3, None, "text")})
    for k in (1.0, 2.0):
        answer = compiled(Point(k, np.arange(2.0) * k), {"a": [k]})
        assert answer["sum"] == 2 * k and answer["pair"][1:] == (3, None, "text")
        np.testing.assert_array_equal(answer["pair"][0], [0.0, 2 * k])
    assert compiled.traces == 1


def test_gradients_of_trees_and_auxiliary_data():
    def loss(p, scale):
        y = (p["w"] * scale).sum() + p["b"]
        return y * y, {"y": y}

    compiled, eager = (make(jt.value_and_grad(loss, has_aux=True)) for make in (jt.compile, lambda f: f))
    for k in (1.0, 2.0):
        p = {"w": np.arange(3.0) + k, "b": k}
        ((value, aux), gradient), ((v, a), g) = compiled(p, 2.0), eager(p, 2.0)
        assert (value, aux, gradient["b"]) == (v, a, g["b"]) and type(gradient["b"]) is float
        np.testing.assert_array_equal(gradient["w"], g["w"])


def test_a_value_of_one_element_keeps_its_axes():
    for function in (lambda x: x[:1] * 2, lambda x: (x * x).sum(0, keepdims=True)):
        compiled, eager = (make(jt.value_and_grad(function)) for make in (jt.compile, lambda f: f))
        x = np.array([1.5, 2.0])
        for found, expected in zip(compiled(x), eager(x), strict=True):
            assert type(found) is type(expected) and np.shape(found) == np.shape(expected)
            np.testing.assert_allclose(found, expected)


def test_results_are_the_callers_own(rng):
    compiled = jt.compile(lambda x: (x * 2, x[0]))
    for n in (4, 10_000):  # copied, and written straight into the array of the caller
        x = rng.standard_normal(n)
        first, _ = compiled(x)
        kept = first.copy()
        compiled(x + 1)
        np.testing.assert_array_equal(first, kept)
        first[:] = 0.0
        np.testing.assert_array_equal(compiled(x)[0], 2 * x)


def test_arrays_of_any_memory_order(rng):
    compiled = jt.compile(lambda x: (x * np.arange(12.0).reshape(3, 4)).sum(0))
    x = rng.standard_normal((3, 4))
    for y in (x, np.asfortranarray(x), np.repeat(x, 2, 1)[:, ::2], x[::-1][::-1]):
        np.testing.assert_allclose(compiled(y), (x * np.arange(12.0).reshape(3, 4)).sum(0))
    big = rng.standard_normal((300, 100))
    np.testing.assert_allclose(jt.compile(lambda x: x + 1.0)(big.T), big.T + 1)


def test_integers_and_arrays_of_them_are_static():
    compiled = jt.compile(lambda x, n, k: (x**n)[k].sum())
    x = np.arange(1.0, 5.0)
    assert compiled(x, 2, np.array([0, 1])) == 5.0
    assert compiled(x, 3, np.array([0, 1])) == 9.0
    assert compiled(x, 3, np.array([0, 2])) == 28.0
    assert compiled(x, 2, np.array([0, 1])) == 5.0
    assert compiled.traces == 3


def test_static_arguments():
    compiled = jt.compile(lambda x, factor: x * factor, static_argnums=1)
    assert [compiled(2.0, f) for f in (3.0, 4.0, 3.0)] == [6.0, 8.0, 6.0]
    assert compiled.traces == 2
    with pytest.raises(TypeError, match="hashed"):
        compiled(2.0, [1.0])


def test_decorator_and_method():
    class Model:
        def __init__(self):
            self.scale = 2.0

        @jt.compile
        def __call__(self, x):
            return x * self.scale

    model = Model()
    assert model(3.0) == 6.0
    model.scale = 5.0
    assert model(3.0) == 15.0

    @jt.compile(threads=1)
    def doubled(x):
        """Twice the number."""
        return x * 2

    assert doubled(2.0) == 4.0 and doubled.__doc__ == "Twice the number."


# --- guards ---------------------------------------------------------------------------------------------------------


def test_branches_are_traced_once_each():
    def function(x):
        if x.sum() > 0:
            return (x * 2).sum()
        return (x * 3).sum() if x[0] < -1 else (x * 4).sum()

    compiled, rng = jt.compile(function), np.random.default_rng(0)
    for _ in range(40):
        x = rng.standard_normal(2)
        assert compiled(x) == pytest.approx(function(jt.tensor(x)).item())
    assert compiled.traces == 3


def test_loops_that_depend_on_values():
    def halvings(x):
        n = 0
        while x > 1:
            x, n = x / 2, n + 1
        return x * n

    compiled = jt.compile(halvings)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for x in (3.0, 5.0, 100.0, 0.5, 3.5):
            assert compiled(x) == pytest.approx(halvings(x))
    assert compiled.traces == 4


@pytest.mark.parametrize(
    "look",
    [
        float,
        lambda t: t.item(),
        lambda t: t.tolist(),
        int,
        lambda t: float(np.asarray(t.detach())),
        lambda t: t.detach().item(),
        lambda t: [10.0, 20.0, 30.0, 40.0][int(t)],
        lambda t: float(f"{t.item():.3f}"),
        lambda t: t.detach().numpy() * 1.0,
        lambda t: jt.tensor([t, t]).sum().item(),
        lambda t: float(jt.argmax(jt.stack([t, -t + 3]))),
        lambda t: jt.full((2,), t.item()).sum(),
    ],
)
def test_what_python_looks_at_is_guarded(look):
    compiled = jt.compile(lambda x: x * look(x))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        for x in (1.0, 2.0, 3.0, 1.0):
            expected = x * jt.tensor(x) * 0 + jt.tensor(x) * look(jt.tensor(x))
            assert compiled(x) == pytest.approx(float(expected))


def test_shapes_and_indices_from_values():
    compiled = jt.compile(lambda x: jt.zeros(int(x[0])).sum() + x[1:][x[1:] > 0].sum() + x[int(x.argmax())])
    for x in ([1.0, -2.0, 3.0], [2.0, 2.0, -3.0], [1.0, -2.0, 5.0], [1.0, 7.0, 8.0]):
        x = np.array(x)
        assert compiled(x) == x[1:][x[1:] > 0].sum() + x.max()


def test_masks_are_rows():
    """Comparisons do not retrace: they are computed again."""
    compiled = jt.compile(lambda x: jt.where(jt.isnan(x) | ~(x > 0), 0.0, x).sum() + (x > 1).double().sum() + ((x > 0) * x).sum())
    for _ in range(5):
        x = np.random.default_rng(_).standard_normal(6)
        assert compiled(x) == pytest.approx(2 * x[x > 0].sum() + (x > 1).sum())
    assert compiled.traces == 1
    mask = jt.compile(lambda x: x > 0)(np.array([1.0, -1.0]))
    assert mask.dtype == bool and mask.tolist() == [True, False]


def test_values_under_no_grad_are_replayed():
    def function(x):
        with jt.no_grad():
            w = x * (3 if jt.is_grad_enabled() else 2)
        return (w * x).sum() + 2.0 * (x.detach() * x).sum()

    compiled, eager = jt.compile(jt.grad(function)), jt.grad(function)
    for x in (np.array([1.0, 2.0]), np.array([3.0, -1.0])):
        np.testing.assert_allclose(compiled(x), eager(x))
    assert compiled.traces == 1


def test_writes_into_what_carries_no_gradient():
    def function(x):
        y = x.detach() * 2
        y[0] = 5.0
        mask = (x > 0).double()
        mask[1:] += y[:-1]
        return (y * x * mask).sum()

    compiled, eager = jt.compile(jt.value_and_grad(function)), jt.value_and_grad(function)
    for x in (np.array([1.0, -2.0, 3.0]), np.array([-1.0, 2.0, 4.0])):
        for found, expected in zip(compiled(x), eager(x), strict=True):
            np.testing.assert_allclose(found, expected)
    assert compiled.traces == 1


def test_a_function_that_keeps_retracing_warns():
    compiled = jt.compile(lambda x: x * float(x))
    with pytest.warns(RuntimeWarning, match="traced 5 times.*jt.where"):
        for x in range(8):
            assert compiled(float(x)) == float(x) ** 2


# --- what a function finds around it ----------------------------------------------------------------------------------

FACTOR = 2.0


def test_globals_closures_and_attributes_that_change():
    global FACTOR
    local, box, settings = 3.0, [4.0], types.SimpleNamespace(scale=5.0, nested={"deep": 6.0})

    def helper(x):
        return x * settings.nested["deep"]

    def function(x, default=(7.0,)):
        return x * FACTOR + x * local + x * box[0] + x * settings.scale + helper(x) + x * default[0]

    compiled = jt.compile(function)
    assert compiled(1.0) == 27.0
    FACTOR = 20.0
    try:
        assert compiled(1.0) == 45.0
        local = 30.0
        assert compiled(1.0) == 72.0
        box[0] = 40.0
        assert compiled(1.0) == 108.0
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)
            settings.scale = 50.0
            assert compiled(1.0) == 153.0
            settings.nested["deep"] = 60.0
            assert compiled(1.0) == 207.0
            FACTOR = 2.0
            assert compiled(1.0) == 189.0
    finally:
        FACTOR = 2.0


def test_captured_arrays_that_change():
    W, labels = np.ones(3), jt.tensor([0, 1, 2])
    compiled = jt.compile(lambda x: (np.sin(W) * x[labels] * W).sum())
    x = np.arange(3.0)
    assert compiled(x) == pytest.approx((np.sin(W) * x * W).sum())
    W[1] = 5.0
    assert compiled(x) == pytest.approx((np.sin(W) * x * W).sum())
    labels[0] = 2
    assert compiled(x) == pytest.approx((np.sin(W) * x[[2, 1, 2]] * W).sum())


def test_captured_tensors_are_read_at_every_call():
    w = jt.tensor([1.0, 2.0], requires_grad=True)
    compiled = jt.compile(lambda x: (w * x).sum())
    x = np.array([3.0, 4.0])
    assert compiled(x).item() == 11.0
    with jt.no_grad():
        w *= 2
    assert compiled(x).item() == 22.0
    w.data = jt.tensor([0.0, 1.0])
    assert compiled(x).item() == 4.0
    assert compiled.traces == 1 and w.is_leaf and w.grad is None
    with jt.no_grad():
        assert compiled(x) == 4.0


def test_a_captured_tensor_that_python_looks_at():
    w = jt.tensor(1.0)
    compiled = jt.compile(lambda x: x * float(w) + (x if w > 1.5 else -x))
    assert compiled(2.0) == 0.0
    w.fill_(3.0)
    assert compiled(2.0) == 8.0
    w.fill_(1.0)
    assert compiled(2.0) == 0.0


def test_results_of_another_tape_and_views_are_captured():
    base = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y, view = base * 2, jt.tensor([4.0, 5.0, 6.0])[1:]
    compiled = jt.compile(lambda x: (y * x).sum() + view.sum() * x)
    with jt.no_grad():
        assert compiled(1.0) == 23.0
        view[0] = 10.0
        assert compiled(2.0) == 56.0
    (y.sum()).backward()
    assert base.grad.tolist() == [2.0, 2.0, 2.0]


# --- what is refused --------------------------------------------------------------------------------------------------


def test_writes_to_the_outside_are_refused():
    state = jt.tensor([1.0, 2.0])

    def counts(x):
        state.add_(x)
        return state.sum()

    with pytest.raises(TraceError, match="clone"):
        jt.compile(counts)(1.0)
    assert state.tolist() == [1.0, 2.0]

    def into_argument(x):
        x[0] = 5.0
        return x.sum()

    x = jt.ones(2)
    with pytest.raises(TraceError, match="argument"):
        jt.compile(into_argument)(x)
    assert x.tolist() == [1.0, 1.0]
    x = np.ones(2)  # an Array is a copy of its own
    assert jt.compile(into_argument)(x) == 6.0 and x.tolist() == [1.0, 1.0]


def test_gradients_that_would_stay_behind_are_refused():
    w = jt.tensor(2.0, requires_grad=True)

    def step(x):
        (w * x).backward()
        return w.grad

    with pytest.raises(TraceError, match="autograd.grad"):
        jt.compile(step)(3.0)
    assert w.grad is None and w.is_leaf and w._tape is None


@pytest.mark.usefixtures("alone")
def test_random_numbers_are_refused():
    generator = np.random.default_rng(0)
    for draw in (lambda: jt.randn(()), lambda: np.random.normal(), lambda: generator.normal()):
        with pytest.raises(TraceError, match="random"):
            jt.compile(lambda x, draw=draw: x * draw())(1.0)


def test_rules_of_ones_own_are_refused():
    class Square(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            return x * x

        @staticmethod
        def backward(ctx, y_bar):
            return y_bar

    with pytest.raises(TraceError, match="a rule of your own"):
        jt.compile(lambda x: Square.apply(x) * 2)(3.0)


def test_an_error_in_the_function_leaves_everything_as_it_was():
    w = jt.tensor([1.0], requires_grad=True)

    def function(x):
        (w * x).sum()
        raise KeyError("mine")

    before = recording()
    for _ in range(2):
        with pytest.raises(KeyError, match="mine"):
            jt.compile(function)(1.0)
        assert recording() is before and w.is_leaf and (w * 2).requires_grad
    (w * 2).sum().backward()
    assert w.grad.tolist() == [2.0]


def test_misuse():
    with pytest.raises(TypeError, match="expected a function"):
        jt.compile(3)
    with pytest.raises(jt.errors.ShapeError, match="expected a scalar"):
        jt.compile(jt.grad(lambda x: x * 2))(np.ones(3))
    with pytest.raises(jt.errors.DTypeError, match="integers"):
        jt.compile(jt.grad(lambda x: x * 2))(3)
    with pytest.raises(TypeError, match="missing 1 required"):
        jt.compile(lambda x, y: x)(1.0)
    with pytest.raises(TypeError, match="hashed"):
        jt.compile(lambda x: 1.0)(bytearray(b""))


# --- as part of eager programs ----------------------------------------------------------------------------------------


def test_a_compiled_call_is_a_row(rng):
    compiled = jt.compile(lambda x, w: (jt.tanh(w @ x), (x * x).sum(), x.detach() + 1, x > 0))
    x, w = jt.tensor(rng.standard_normal(3), requires_grad=True), jt.tensor(rng.standard_normal((2, 3)), requires_grad=True)
    for _ in range(2):
        y, s, constant, mask = compiled(x, w)
        assert y.requires_grad and not constant.requires_grad and mask.dtype == bool
        found = jt.autograd.grad((y * jt.tensor([1.0, 2.0])).sum() + s**2, (x, w))
        y2, s2 = jt.tanh(w @ x), (x * x).sum()
        expected = jt.autograd.grad((y2 * jt.tensor([1.0, 2.0])).sum() + s2**2, (x, w))
        assert_same(tuple(g.numpy() for g in found), tuple(g.numpy() for g in expected))
        x = (x.detach() + 1.0).requires_grad_()


def test_gradients_of_gradients_go_through_a_compiled_call():
    compiled = jt.compile(lambda x: (x**3).sum())
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    (g,) = jt.autograd.grad(compiled(x), x, create_graph=True)
    (h,) = jt.autograd.grad(g.sum(), x)
    assert h.tolist() == [6.0, 12.0]
    np.testing.assert_allclose(jt.hessian(compiled)(np.array([1.0, 2.0])), np.diag([6.0, 12.0]))


def test_compiled_functions_call_each_other():
    inner = jt.compile(lambda x: jt.sin(x) * x)
    outer = jt.compile(jt.grad(lambda x: inner(x) * 2 if x > 0 else inner(x)))
    assert outer(1.0) == pytest.approx(2 * (np.cos(1.0) + np.sin(1.0)))
    assert outer(-1.0) == pytest.approx(-np.cos(-1.0) + np.sin(-1.0))


def test_a_training_step_with_a_module(rng):
    model = jt.nn.Sequential(jt.nn.Linear(3, 8), jt.nn.Tanh(), jt.nn.Linear(8, 1))
    loss = jt.compile(lambda x, y: ((model(x) - y) ** 2).mean())
    optimiser = jt.optim.SGD(model.parameters(), lr=0.1)
    x, y = jt.tensor(rng.standard_normal((16, 3))), jt.tensor(rng.standard_normal((16, 1)))
    losses = []
    for _ in range(20):
        optimiser.zero_grad()
        value = loss(x, y)
        assert value.item() == pytest.approx(((model(x) - y) ** 2).mean().item())
        value.backward()
        optimiser.step()
        losses.append(value.item())
    assert losses[-1] < losses[0] and loss.traces == 1


class Scaled(jt.nn.Module):
    """A module of a user's own: parameters and numbers that only its methods name."""

    def __init__(self):
        super().__init__()
        self.inner = jt.nn.Linear(2, 1)
        self.weight = jt.nn.Parameter(jt.tensor(2.0))
        self.factor = 3.0

    def forward(self, x):
        return self.inner(x).sum() * self.weight * self.factor


def test_what_a_users_module_holds_is_found():
    model, x = Scaled(), np.ones(2)
    compiled = jt.compile(lambda x: model(x))
    with jt.no_grad():
        for change in (
            lambda: None,
            lambda: model.weight.fill_(5.0),
            lambda: setattr(model, "factor", 7.0),
            lambda: model.inner.weight.mul_(2.0),
            lambda: setattr(model, "weight", jt.nn.Parameter(jt.tensor(1.0))),
        ):
            change()
            assert np.asarray(compiled(x)) == pytest.approx(model(jt.tensor(x)).item())


def test_attributes_that_are_only_named_in_a_string():
    box = types.SimpleNamespace(scale=2.0)
    compiled = jt.compile(lambda x: x * getattr(box, "sca" + "le"))
    assert compiled(1.0) == 2.0
    box.scale = 3.0
    assert compiled(1.0) == 3.0


# --- buffers, threads, sizes --------------------------------------------------------------------------------------------


def test_buffers(rng):
    call = jt.compile(jt.value_and_grad(rosenbrock)).buffer(np.zeros(5))
    x, value, gradient = call.x, call.value, call.grad
    for _ in range(3):
        x[...] = rng.standard_normal(5)
        call()
        expected = jt.value_and_grad(rosenbrock)(x.copy())
        assert call.value is value and call.grad is gradient
        assert value == pytest.approx(expected[0])
        np.testing.assert_allclose(gradient, expected[1], rtol=1e-12)


def test_buffers_with_guards_large_arrays_and_captured_tensors():
    w = jt.tensor(2.0)
    call = jt.compile(lambda x: (x * w).sum() if x[0] > 0 else (x * w * 10).sum()).buffer(np.ones(10_000))
    assert call.value == 20_000.0
    call.x[0] = -1.0
    call()
    assert call.value == pytest.approx(9998 * 20.0)
    w.fill_(3.0)
    call.x[0] = 1.0
    call()
    assert call.value == pytest.approx(30_000.0)


@pytest.mark.parametrize("shape", [(300_001,), (3, 150_000)])
def test_threads_do_not_change_a_bit(shape, rng):
    before, x = jt.get_num_threads(), rng.standard_normal(shape)
    compiled = jt.compile(jt.value_and_grad(lambda x: (jt.sin(x) * x).mean() + (x * x[..., :1]).sum()))
    try:
        answers = []
        for n in (1, 2, 3, 5):
            jt.set_num_threads(n)
            answers.append(compiled(x))
    finally:
        jt.set_num_threads(before)
    for value, gradient in answers[1:]:
        assert value == answers[0][0]
        np.testing.assert_array_equal(gradient, answers[0][1])
    np.testing.assert_allclose(answers[0][1], jt.grad(compiled.transform.function)(x), rtol=1e-10, atol=1e-12)


def test_threads_are_numbers():
    for bad, error in ((0, ValueError), (1.5, TypeError), (True, TypeError)):
        with pytest.raises(error, match="set_num_threads"):
            jt.set_num_threads(bad)


def test_many_python_threads_share_a_compiled_function(rng):
    compiled, eager = jt.compile(jt.value_and_grad(chain)), jt.value_and_grad(chain)
    xs = rng.standard_normal((40, 300_000 // 40))
    expected, wrong = [eager(x) for x in xs], []

    def work(part):
        for k in part:
            for _ in range(5):
                value, gradient = compiled(xs[k])
                if abs(value - expected[k][0]) > 1e-9 or np.abs(gradient - expected[k][1]).max() > 1e-9:
                    wrong.append(k)

    threads = [threading.Thread(target=work, args=(range(k, 40, 4),)) for k in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong


def test_threads_that_trace_at_the_same_time():
    w, wrong = jt.tensor([2.0, 3.0], requires_grad=True), []
    compiled = jt.compile(lambda x, k: (w * x).sum() * k)

    def work():
        with jt.no_grad():
            for k in range(6):
                if compiled(np.ones(2), k) != 5.0 * k:
                    wrong.append(k)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    assert not wrong and w.is_leaf and (w * 2).requires_grad


def test_a_hundred_thousand_scalar_rows():
    def function(x):
        y = x
        for _ in range(50_000):
            y = y * 0.5 + x
        return y

    compiled = jt.compile(jt.value_and_grad(function))
    for x in (1.0, 3.0):
        value, gradient = compiled(x)
        assert value == pytest.approx(2 * x) and gradient == pytest.approx(2.0)


def test_equal_rows_are_one_and_dead_rows_are_gone():
    def function(x):
        jt.exp(x) * 3  # nobody needs it
        return (x * x).sum() + (x * x).mean()

    compiled = jt.compile(function)
    compiled(np.ones(3))
    listing = compiled._last.traced.listing
    names = [listing.operation(r).name for r in range(len(listing))]
    assert names.count("square") == 1 and "mul" not in names and "exp" not in names


# --- looks after writes in place ----------------------------------------------------------------------------------


LOOKS = {
    "tolist": lambda a: a.tolist()[0],
    "sort": lambda a: np.sort(a)[0],
    "argmax": lambda a: int(np.argmax(a)) + 1.0,
    "long": lambda a: int(a.long()[0]),
    "equal": lambda a: 1.0 if np.array_equal(a, [3.0, 2.0, 5.0]) else 2.0,
    "any": lambda a: 1.0 if bool((a > 50).any()) else 2.0,
    "numpy": lambda a: float(a.detach().numpy()[0]),
}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("made", ["product", "zeros", "constant"])
def test_a_look_after_a_write_sees_what_was_written(look, made):
    def f(x, y):
        a = {"product": lambda: x * 1.0, "zeros": lambda: jt.zeros(3), "constant": lambda: jt.tensor([3.0, 2.0, 5.0])}[made]()
        part = a[:2]
        a[0] = y
        return x * LOOKS[look](a) + part[0]

    x, compiled = np.array([3.0, 2.0, 5.0]), jt.compile(f)
    for y in (3.0, 100.0, -1.0, 100.0):
        assert np.array_equal(compiled(x, y), np.asarray(f(jt.tensor(x), jt.tensor(y))))


def test_memory_that_others_see_is_not_written_in_a_trace():
    def through_numpy(x):
        a = jt.zeros(3)
        array = a.numpy()
        a[0] = x
        return x * array[0]

    def through_detach(x):
        a = jt.zeros(3)
        other = a.detach()
        a[0] = x
        return x * other

    for f in (through_numpy, through_detach):
        with pytest.raises(TraceError, match="shares"):
            jt.compile(f)(2.0)


def test_numbers_of_numpy_are_inputs():
    square, v = jt.compile(lambda a: a * a), np.array([1.0, 2.0])
    assert [float(square(np.float32(k))) for k in (2, 3, 4)] == [4.0, 9.0, 16.0] and square.traces == 1
    scaled = jt.compile(lambda a, x: a * x)
    for k in (2, 3, 4):
        assert np.array_equal(scaled(np.float64(k), v), k * v)
    assert scaled.traces == 1
    power = jt.compile(lambda a, n: a**n)
    assert [float(power(np.float32(2), n)) for n in (2, 3, 2)] == [4.0, 8.0, 4.0]


def test_an_array_changed_between_a_compiled_call_and_its_sweep_is_noticed():
    """The gradient was that of the new contents."""
    compiled = jt.compile(lambda t, a: (t * t * a).sum())
    a, t = np.array([1.0, 2.0, 3.0]), jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = compiled(t, a)
    a *= 10
    with pytest.raises(VersionError, match="compiled function"):
        y.backward()
    y = compiled(t, a)
    y.backward()
    assert np.array_equal(t.grad.numpy(), 2 * t.detach().numpy() * a)


@pytest.mark.parametrize("n", [3, 200_000])
def test_a_buffer_keeps_results_apart_from_arguments(n):
    """A result that is the argument shared its memory: the results of another path went into the input."""
    call = jt.compile(lambda x: x if x[0] > 0 else x * 5).buffer(np.ones(n))
    call.x[...] = -1.0
    for _ in range(3):
        call()
        assert (call.x == -1).all() and (call.value == -5).all()
    call.x[...] = 2.0
    call()
    assert (call.value == 2).all() and call.value is not call.x


def test_a_buffer_keeps_results_apart_from_each_other():
    def function(x):
        y = x * 2
        return (y, y, jt.broadcast_to(y.sum(), (3,))) if x[0] > 0 else (y, y + 1, y + 2)

    call = jt.compile(function).buffer(np.ones(3))
    for sign in (1.0, -1.0, 1.0):
        call.x[...] = sign * np.arange(1, 4)
        call()
        for got, expected in zip(call.value, function(jt.tensor(call.x.copy()))):
            assert np.array_equal(got, expected.numpy())


def test_constant_results_of_a_buffer_are_those_of_the_path_that_is_taken():
    def function(x):
        m = x > 1.5
        return x * 2, 1.0 if x[0] > 0 else 7.0, m.all(), (x + 1).sum() if x[0] > 0 else 3.0

    call = jt.compile(function).buffer(np.array([2.0, 3.0]))
    for x in ([2.0, 3.0], [-2.0, 3.0], [2.0, 3.0], [2.0, 1.0]):
        call.x[...] = x
        call()
        for got, expected in zip(call.value, function(jt.tensor(x))):
            assert np.array_equal(got, np.asarray(expected))
    call = jt.compile(lambda x: (x * 2, "up" if x > 0 else "down")).buffer(1.0)
    call.x[...] = -1.0
    with pytest.raises(RuntimeError, match="new buffer"):
        call()


def test_a_recorded_sweep_does_not_see_surroundings_of_later():
    """With create_graph=True the function runs again: with a global of now, the gradient was of another function."""
    scale = 1.0
    compiled = jt.compile(lambda t, k: (t * t * scale * jt.tensor(k)).sum())
    t, k = jt.tensor([1.0, 2.0], requires_grad=True), np.array([1, 2])
    y = compiled(t, k)
    gradient = jt.autograd.grad(y, t, create_graph=True)[0]
    assert np.array_equal(gradient.detach().numpy(), [2.0, 8.0])
    y = compiled(t, k)
    scale = 10.0
    with pytest.raises(VersionError, match="reads from its closure"):
        jt.autograd.grad(y, t, create_graph=True)
    y = compiled(t, k)
    k[0] = 5
    with pytest.raises(VersionError, match="an argument"):
        jt.autograd.grad(y, t, create_graph=True)


class Equal:
    """Equal to all others."""

    def __init__(self, scale):
        self.scale = scale

    def __eq__(self, other):
        return True

    def __hash__(self):
        return 0

    def __repr__(self):
        return f"Equal({self.scale})"


@dataclasses.dataclass(frozen=True)
class Setting:
    scale: object


@pytest.mark.parametrize("pair", [
    ((3,), (3.0,)), ((0.0,), (-0.0,)), ((True,), (1,)), (frozenset({1}), frozenset({1.0})), (Equal(1.0), Equal(2.0)),
    ((Equal(1.0),), (Equal(2.0),)), (Setting(1), Setting(1.0)), ((np.int64(1),), (1,)), ((1, (2,)), (1, (2.0,))),
])  # fmt: skip
def test_static_arguments_that_are_equal_but_not_the_same_have_traces_of_their_own(pair):
    compiled = jt.compile(lambda x, k: x * number_of(k), static_argnums=1)
    for k in (*pair, *pair):
        assert compiled(1.0, k) == number_of(k)
    assert compiled.traces == 2


def number_of(k):
    """Another number for everything that is written in another way."""
    return float(sum(j * ord(c) for j, c in enumerate(repr(k))))


def test_equal_settings_share_a_trace():
    compiled = jt.compile(lambda x, k: x * k.scale, static_argnums=1)
    assert [compiled(2.0, Setting(s)) for s in (2.0, 3.0, 2.0)] == [4.0, 6.0, 4.0] and compiled.traces == 2


def test_dataclasses_of_one_name_are_not_mixed_up():
    def make(factor):
        @dataclasses.dataclass
        class Pair:
            x: object

            def value(self):
                return self.x * factor

        return Pair

    one, two = make(1.0), make(2.0)
    compiled = jt.compile(lambda p: p.value())
    assert [compiled(kind(np.ones(1)))[0] for kind in (one, two, one, two)] == [1.0, 2.0, 1.0, 2.0]


class Settings:
    alpha = 2.0

    def twice(self, x):
        return x * self.alpha * 2


class MoreSettings(Settings):
    pass


def test_attributes_of_classes_are_surroundings(monkeypatch):
    settings_ = MoreSettings()
    functions = [jt.compile(f) for f in (lambda x: x * Settings.alpha, lambda x: x * settings_.alpha, settings_.twice)]
    assert [f(1.0) for f in functions] == [2.0, 2.0, 4.0]
    monkeypatch.setattr(Settings, "alpha", 5.0)
    assert [f(1.0) for f in functions] == [5.0, 5.0, 10.0]
    monkeypatch.setattr(MoreSettings, "alpha", 6.0, raising=False)
    assert [f(1.0) for f in functions] == [5.0, 6.0, 12.0]
    settings_.alpha = 7.0
    assert [f(1.0) for f in functions] == [5.0, 7.0, 14.0] and [f.traces for f in functions] == [2, 4, 4]


def test_methods_that_are_replaced_are_noticed(monkeypatch):
    settings_ = Settings()
    compiled = jt.compile(lambda x: settings_.twice(x))
    assert compiled(1.0) == 4.0
    monkeypatch.setattr(Settings, "twice", lambda self, x: x * 100)
    assert compiled(1.0) == 100.0


def test_defaults_and_attributes_of_functions_are_surroundings():
    def inner(x, k=2.0):
        return x * k * inner.scale

    inner.scale = 1.0
    compiled = jt.compile(lambda x: inner(x))
    assert compiled(1.0) == 2.0
    inner.__defaults__ = (3.0,)
    assert compiled(1.0) == 3.0
    inner.scale = 10.0
    assert compiled(1.0) == 30.0


def test_an_array_of_another_shape_is_another_array():
    a = np.arange(6.0).reshape(2, 3)
    compiled = jt.compile(lambda x: x * a.sum(0)[0])
    assert compiled(1.0) == 3.0
    a.shape = (3, 2)
    assert compiled(1.0) == 6.0


@pytest.mark.parametrize("held", [{1.0, 2.0}, collections.deque([1.0, 2.0]), bytearray(b"12")])
def test_collections_without_keys_are_surroundings(held):
    compiled = jt.compile(lambda x: x * float(sum(held)))
    before = float(sum(held))
    assert [compiled(1.0), compiled(1.0)] == [before, before] and compiled.traces == 1
    held.pop()
    (held.add if isinstance(held, set) else held.append)(7)
    assert compiled(1.0) == float(sum(held)) != before


@pytest.mark.parametrize("depth", [12, 80])
def test_deep_surroundings_are_noticed(depth):
    inner = nest = [2.0]
    for _ in range(depth):
        nest = [nest]

    def function(x):
        found = nest
        while isinstance(found, list):
            found = found[0]
        return x * found

    compiled = jt.compile(function)
    with pytest.warns(RuntimeWarning, match="below 50 levels") if depth > 50 else contextlib.nullcontext():
        assert compiled(1.0) == 2.0
    inner[0] = 5.0
    assert compiled(1.0) == 5.0


def test_dataclass_arguments_with_more_than_fields_are_refused():
    @dataclasses.dataclass
    class Point:
        x: object
        scale = 2.0

    compiled, point = jt.compile(lambda p: p.x * p.scale), Point(1.0)
    assert compiled(point) == 2.0
    point.scale = 5.0
    with pytest.raises(TypeError, match="scale"):
        compiled(point)
