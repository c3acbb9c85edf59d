"""``autograd.functional``: one program, jittape and PyTorch, the same answers and refusals."""

import pytest
from conftest import assert_close, numbers

import jittape


def two(torch):
    return torch.tensor([[0.5, -1.0, 2.0], [1.5, 0.3, -0.7]]), torch.tensor([0.2, 1.0, -0.4])


def pair(torch):
    """Two inputs, two outputs."""
    return lambda a, b: (torch.sin(a) @ b, (a * b).sum(0) ** 2)


def scalar(torch):
    return lambda a, b: (torch.tanh(a @ b) ** 2).sum() + (b**3).sum() * a[0, 0]


def expect(library, build):
    """What both libraries must agree on: a list of values."""
    return [numbers(v) for v in flat(build(library))]


def flat(value):
    if isinstance(value, (tuple, list)):
        return [leaf for v in value for leaf in flat(v)]
    return [value]


def both(build):
    torch = pytest.importorskip("torch")
    torch.set_default_dtype(torch.float64)
    try:
        for ours, theirs in zip(expect(jittape, build), expect(torch, build), strict=True):
            assert ours.shape == theirs.shape
            assert_close(ours, theirs, rtol=1e-10)
    finally:
        torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("strategy", ["reverse-mode", "forward-mode"])
def test_jacobian(strategy):
    vectorize = strategy == "forward-mode"
    both(lambda t: t.autograd.functional.jacobian(pair(t), two(t), strategy=strategy, vectorize=vectorize))
    both(lambda t: t.autograd.functional.jacobian(t.sin, two(t)[1], strategy=strategy, vectorize=vectorize))


def test_jacobian_that_can_be_differentiated():
    def build(t):
        x = two(t)[1].requires_grad_()
        J = t.autograd.functional.jacobian(lambda x: t.sin(x) * x.sum(), x, create_graph=True)
        return t.autograd.grad((J * J).sum(), x)

    both(build)


def test_hessian():
    both(lambda t: t.autograd.functional.hessian(scalar(t), two(t)))
    both(lambda t: t.autograd.functional.hessian(lambda b: (b**3).sum() * b.prod(), two(t)[1]))


def test_hessian_that_can_be_differentiated():
    def build(t):
        x = two(t)[1].requires_grad_()
        H = t.autograd.functional.hessian(lambda x: (x**3).sum() * x.sum(), x, create_graph=True)
        return t.autograd.grad((H * H).sum(), x)

    both(build)


@pytest.mark.parametrize("name", ["vjp", "jvp", "hvp", "vhp"])
@pytest.mark.parametrize("create_graph", [False, True])
def test_products(name, create_graph):
    def build(t):
        inputs = tuple(x.requires_grad_(create_graph) for x in two(t))
        f = pair(t) if name in ("vjp", "jvp") else scalar(t)
        v = (t.tensor([1.0, -2.0]), t.tensor([0.5, 1.0, 2.0])) if name == "vjp" else tuple(2.0 * x.detach() for x in two(t))
        output, product = getattr(t.autograd.functional, name)(f, inputs, v, create_graph=create_graph)
        values = flat((output, product))
        assert all(y.requires_grad == create_graph for y in values)
        if create_graph:
            values += list(t.autograd.grad(sum((y * y).sum() for y in values), inputs))
        return [y.detach() for y in values]

    both(build)


@pytest.mark.parametrize("name", ["vjp", "jvp", "hvp", "vhp"])
def test_v_may_be_left_out_for_one_element(name):
    both(lambda t: getattr(t.autograd.functional, name)(lambda x: (x**3).sum(), t.tensor(2.0)))


def test_the_caller_is_left_alone(torch):
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    value, product = torch.autograd.functional.vjp(torch.sin, x, torch.ones(2))
    assert not value.requires_grad and not product.requires_grad and x.grad is None
    J = torch.autograd.functional.jacobian(lambda x: 3.0 * torch.ones(2), x)
    assert J.tolist() == [[0.0, 0.0], [0.0, 0.0]]
    with torch.no_grad():
        assert_close(torch.autograd.functional.hessian(lambda x: (x**3).sum(), x), [[6.0, 0.0], [0.0, 12.0]])


@pytest.mark.parametrize(
    "call",
    [
        lambda f, x: f.hessian(lambda x: (x**3).sum() * x[0], x),
        lambda f, x: f.jacobian(lambda x: x * x[0], x),
        lambda f, x: f.jacobian(lambda x: x * x[0], x, strategy="forward-mode"),
        lambda f, x: f.hvp(lambda x: (x**3).sum(), x, x)[1],
        lambda f, x: f.jvp(lambda x: x * x[0], x, x)[1],
        lambda f, x: f.vjp(lambda x: x * x[0], x, x)[1],
    ],
    ids=["hessian", "jacobian", "forward jacobian", "hvp", "jvp", "vjp"],
)
def test_under_compile(call):
    functional = jittape.autograd.functional
    compiled = jittape.compile(lambda x: call(functional, x))
    for values in ([1.0, 2.0], [0.5, -1.0], [3.0, 0.1]):
        x = jittape.tensor(values)
        assert_close(compiled(x), call(functional, x))


@pytest.mark.parametrize(
    "call, error, words",
    [
        (lambda t, f: f.jacobian(t.sin, [1.0]), TypeError, "The inputs given to jacobian must be either a Tensor"),
        (lambda t, f: f.jacobian(lambda x: 1.0, t.ones(2)), TypeError, "The outputs of the"),
        (lambda t, f: f.vjp(t.sin, t.ones(2)), RuntimeError, "The vector v can only be None"),
        (lambda t, f: f.vjp(t.sin, t.ones(2), t.ones(3)), RuntimeError, ".*v has invalid size: should be"),
        (
            lambda t, f: f.vjp(t.sin, t.ones(2), (t.ones(2), t.ones(2))),
            RuntimeError,
            "The given v should contain a single Tensor",
        ),
        (lambda t, f: f.jvp(t.mul, (t.ones(2), t.ones(2)), (t.ones(2),)), RuntimeError, "v is a tuple of invalid length"),
        (lambda t, f: f.hessian(t.sin, t.ones(2)), RuntimeError, "The Tensor returned by the function given to hessian should"),
        (
            lambda t, f: f.hvp(t.sin, t.ones(2), t.ones(2)),
            RuntimeError,
            "The Tensor returned by the function given to hvp should",
        ),
        (lambda t, f: f.jacobian(lambda x: t.ones(2), t.ones(2), strict=True), RuntimeError, "Output 0 of the user-provided"),
        (
            lambda t, f: f.vjp(lambda x, y: x * 2.0, (t.ones(2), t.ones(2)), t.ones(2), strict=True),
            RuntimeError,
            ".*independent of",
        ),
        (lambda t, f: f.jacobian(t.sin, t.ones(2), strategy="x"), (ValueError, AssertionError), "Expected strategy to be either"),
    ],
)
def test_misuse(torch, call, error, words):
    with pytest.raises(error, match=words):
        call(torch, torch.autograd.functional)
