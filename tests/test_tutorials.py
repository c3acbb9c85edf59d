"""The content of PyTorch's tutorials on differentiation: one program, both libraries, the same numbers."""

import inspect
import warnings

import numpy as np
import pytest

import jittape
import tutorial_programs
from jittape.transforms.pytrees import flatten

PROGRAMS = [
    p
    for n, p in vars(tutorial_programs).items()
    if inspect.isgeneratorfunction(p) and list(inspect.signature(p).parameters)[0] == "torch"
]


def found_by(library, program):
    """What a program yields with a library, as arrays."""
    rng = np.random.default_rng(0)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        values = [flatten(v)[0] for v in program(library, lambda *shape: library.tensor(rng.standard_normal(shape)))]
    return [[v.detach().numpy() if hasattr(v, "detach") else v for v in each] for each in values]


@pytest.fixture(scope="module")
def torch():
    torch = pytest.importorskip("torch", reason="the programs are compared with PyTorch's, which is not installed here")
    before = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield torch
    torch.set_default_dtype(before)


@pytest.mark.sampled(1)
@pytest.mark.parametrize("program", PROGRAMS, ids=lambda p: p.__name__)
def test_program(torch, program):
    found, expected = found_by(jittape, program), found_by(torch, program)
    assert len(found) == len(expected) > 0
    for ours, theirs in zip(found, expected):
        assert len(ours) == len(theirs)
        for a, b in zip(ours, theirs):
            if isinstance(b, (np.ndarray, float)):
                assert np.shape(a) == np.shape(b)
                np.testing.assert_allclose(a, b, rtol=1e-10, atol=1e-12)
            else:
                assert a == b


FUNC = jittape.func
X = jittape.ones(5, 3)
REFUSED = [
    (lambda: FUNC.vmap(abs, in_dims=(0, 0))(X), ValueError, "in_dims is not compatible with the structure of `inputs`"),
    (lambda: FUNC.vmap(abs, in_dims=3)(X), ValueError, "Got in_dim=3 for some input"),
    (lambda: FUNC.vmap(abs)(3.0), ValueError, "We cannot vmap over non-Tensor arguments"),
    (lambda: FUNC.vmap(abs, in_dims=None)(X), ValueError, "expected `in_dims`"),
    (lambda: FUNC.vmap(abs, chunk_size=0), ValueError, "chunk_size should be None or greater than 0"),
    (lambda: FUNC.vmap(abs, randomness="x"), RuntimeError, "Only allowed values for randomness"),
    (lambda: FUNC.vmap(lambda x, y: x)(X, X[:4]), ValueError, "Expected all tensors to have the same size"),
    (lambda: FUNC.vmap(lambda x: jittape.rand(1))(X), RuntimeError, "called random operation while in randomness error mode"),
    (lambda: FUNC.grad(lambda x: x)(X), RuntimeError, "Expected f.*to return a scalar Tensor, got tensor with 2 dims"),
    (lambda: FUNC.grad(lambda x: 3.0)(X), RuntimeError, "Expected f.*to return a Tensor, got"),
    (lambda: FUNC.jvp(abs, [X], (X,)), RuntimeError, "Expected primals to be a tuple"),
    (lambda: FUNC.functional_call(jittape.nn.Linear(3, 1), {"a": X}, X, strict=True), RuntimeError, "Unexpected key"),
    (lambda: FUNC.functional_call(jittape.nn.Linear(3, 1), [1], X), ValueError, "to be dictionaries"),
    (lambda: FUNC.stack_module_state([]), RuntimeError, "Expected at least one model, got 0"),
]


FORWARD, GRAPH = jittape.autograd.forward_ad, jittape.autograd.graph
A = jittape.ones(3, requires_grad=True)
EXPONENTIAL, PRODUCT_AND_SUM, DOUBLED, CUBE = tutorial_programs.functions_of_ones_own(jittape)


class Unfinished(jittape.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x * 2


class Elsewhere(Unfinished):
    @staticmethod
    def forward(ctx, x):
        ctx.mark_dirty(x)
        return x * 2


def in_a_level(call):
    with FORWARD.dual_level():
        return call()


def second_of_doubled():
    x = A * 1
    (g,) = jittape.autograd.grad((DOUBLED.apply(x) ** 2).sum(), A, create_graph=True)
    g.sum().backward()


def read_of_freed():
    y = A * A
    y.sum().backward()
    return y.grad_fn._saved_self


def with_hooks(pack, unpack):
    with GRAPH.saved_tensors_hooks(pack, unpack):
        y = (A * A).sum()
    y.backward()


def without_hooks():
    with GRAPH.disable_saved_tensors_hooks("no hooks here"), GRAPH.saved_tensors_hooks(abs, abs):
        pass


def unpacked_of_no_grad():
    dual = FORWARD.make_dual(A.detach(), A.detach())
    with jittape.no_grad():
        lost = dual * 2.0
    return FORWARD.unpack_dual(lost)


REFUSED += [
    (lambda: in_a_level(unpacked_of_no_grad), RuntimeError, "Compute it outside of no_grad; a constant has no tangent"),
    (lambda: in_a_level(lambda: FORWARD.make_dual(X, A)), RuntimeError, "different size than that of the original Tensor"),
    (lambda: in_a_level(lambda: FORWARD.make_dual(A, A.float())), RuntimeError, "forward gradient of dtype float32"),
    (lambda: in_a_level(lambda: FORWARD.make_dual(jittape.arange(3), A)), ValueError, "Expected primal to be floating point"),
    (lambda: in_a_level(lambda: FORWARD.make_dual(1.0, A)), TypeError, "got float as primal"),
    (lambda: in_a_level(FORWARD.enter_dual_level), RuntimeError, "Nested forward mode AD is not supported"),
    (lambda: FORWARD.make_dual(A, A), RuntimeError, "no level exists, make sure to enter_dual_level"),
    (FORWARD.exit_dual_level, RuntimeError, "Trying to exit a forward AD level"),
    (lambda: Unfinished.apply(A).sum().backward(), NotImplementedError, "You must implement either the backward or vjp method"),
    (lambda: FUNC.jvp(Unfinished.apply, (X,), (X,)), NotImplementedError, "You must implement the jvp function"),
    (lambda: DOUBLED.apply(A), RuntimeError, "a leaf Variable that requires grad has been used in an in-place operation"),
    (lambda: Elsewhere.apply(A * 1), RuntimeError, "Some elements marked as dirty during the forward method were not returned"),
    (lambda: Unfinished()(A), RuntimeError, "Legacy autograd function with non-static forward method is deprecated"),
    (second_of_doubled, RuntimeError, "trying to differentiate twice a function that was marked with @once_differentiable"),
    (read_of_freed, RuntimeError, "directly access saved tensors after they have already been freed"),
    (lambda: (A * A).grad_fn._saved_result, AttributeError, "has no attribute '_saved_result'"),
    (lambda: with_hooks(lambda t: t, lambda t: 3), TypeError, "unpack_hook expected to be a Tensor but got result of type int"),
    (lambda: with_hooks(lambda t: t, lambda t: t[:1]), RuntimeError, "unpack_hook returned a Tensor of shape"),
    (without_hooks, RuntimeError, "no hooks here"),
    (
        lambda: GRAPH.get_gradient_edge(X),
        RuntimeError,
        "not possible to get the gradient edge for a Tensor that does not require",
    ),
    (lambda: GRAPH.register_multi_grad_hook([X], print), RuntimeError, "cannot register a hook on a tensor that doesn't require"),
    (lambda: GRAPH.register_multi_grad_hook([A], print, mode="x"), ValueError, "Expects mode to be one of"),
    (lambda: (A * 1).register_post_accumulate_grad_hook(print), RuntimeError, "cannot be registered on non-leaf tensors"),
    (lambda: (A * A).sum().backward(retain_variables=True), TypeError, "unexpected keyword argument 'retain_variables'"),
    (lambda: jittape.autograd.functional.hessian(lambda v: v * 2, A), RuntimeError, "hessian should contain a single element"),
    (
        lambda: jittape.autograd.gradcheck(abs, (A,), check_backward_ad=False),
        AssertionError,
        "at least one of check_forward_ad or check_backward_ad",
    ),
    (lambda: jittape.utils.checkpoint.checkpoint(abs, A, context_fn=print), ValueError, "got a context_fn"),
]


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert jittape.rand(1).shape == (1,)  # the refusal of random numbers ends with the call
    assert A.tolist() == [1.0, 1.0, 1.0] and A.requires_grad


def test_generators():
    one, other = jittape.Generator().manual_seed(3), jittape.Generator().manual_seed(3)
    assert jittape.rand(2, generator=one).tolist() == jittape.rand(2, generator=other).tolist() and one.initial_seed() == 3
    state = jittape.get_rng_state()
    first = jittape.randn(3).tolist()
    jittape.set_rng_state(state)
    assert jittape.randn(3).tolist() == first
    copied = one.clone_state()
    assert jittape.randint(0, 99, (3,), generator=copied).tolist() == jittape.randint(0, 99, (3,), generator=one).tolist()
    with pytest.raises(RuntimeError, match="RNG state must be"):
        one.set_state(jittape.zeros(3))
    with pytest.raises(TypeError, match="expected a jittape.Generator"):
        jittape.rand(1, generator=3)


def test_wrong_rules_are_found():
    """`gradcheck` by every way fails for a rule that is wrong by 0.1 %."""

    class Wrong(EXPONENTIAL):
        @staticmethod
        def jvp(ctx, x_dot):
            return x_dot * ctx.result * 1.001

        @staticmethod
        def backward(ctx, y_bar):
            return y_bar * ctx.saved_tensors[0] * (1.001 if y_bar.sum().item() < 2 else 1.0)

    with pytest.raises(jittape.autograd.GradcheckError, match="by forward mode"):
        jittape.autograd.gradcheck(Wrong.apply, (A,), check_forward_ad=True, check_backward_ad=False)
    with pytest.raises(jittape.autograd.GradcheckError, match="by the rule"):
        jittape.autograd.gradcheck(Wrong.apply, (A,))


def test_mark_dirty_changes_nothing_where_it_is_refused():
    x = jittape.ones(2, requires_grad=True)
    with pytest.raises(RuntimeError, match="in-place"):
        DOUBLED.apply(x)
    assert x.tolist() == [1.0, 1.0] and x.is_leaf


def test_what_was_saved_goes_with_the_graph():
    tape = jittape.Tape()
    with tape:
        x = jittape.ones(2, requires_grad=True)
        with GRAPH.saved_tensors_hooks(lambda t: t, lambda t: t):
            y = (x * x).sum()
        assert tape.attended
        y.backward()
        assert not tape.attended and x.grad.tolist() == [2.0, 2.0]


def test_hooks_on_saved_values_in_every_sweep():
    """Values that hooks change are what every way of taking gradients reads, broadcast operands and numbers included."""
    x = jittape.tensor([[1.0], [2.0]], requires_grad=True)
    w = jittape.tensor([3.0, 4.0], requires_grad=True)
    with GRAPH.saved_tensors_hooks(lambda t: t * 10, lambda t: t):
        y = (x * w).sum(1) + (x[:, 0] * 5.0).exp() * 0.0
    one = jittape.autograd.grad(y.sum(), (x, w), retain_graph=True)
    assert one[0].tolist() == [[70.0], [70.0]] and one[1].tolist() == [30.0, 30.0]
    seeds = jittape.stack([jittape.ones(2), jittape.zeros(2)])
    several = jittape.autograd.grad(y, (x, w), seeds, retain_graph=True, is_grads_batched=True)
    recorded = jittape.autograd.grad(y.sum(), (x, w), create_graph=True)
    for a, b, c in zip(one, several, recorded):
        assert a.tolist() == b[0].tolist() == c.tolist() and not b[1].any()


def test_data_loaders():
    data, names = jittape.utils.data, []
    examples = data.TensorDataset(jittape.arange(7.0), jittape.arange(7))
    assert [x.tolist() for x, _ in data.DataLoader(examples, 3)] == [[0, 1, 2], [3, 4, 5], [6]]
    assert len(data.DataLoader(examples, 3, drop_last=True)) == 2 == len(list(data.DataLoader(examples, 3, drop_last=True)))
    generator = jittape.Generator().manual_seed(0)
    first = [y.tolist() for _, y in data.DataLoader(examples, 7, shuffle=True, generator=generator, num_workers=2)][0]
    second = [y.tolist() for _, y in data.DataLoader(examples, 7, shuffle=True, generator=generator)][0]
    assert sorted(first) == sorted(second) == list(range(7)) and first != second
    parts = data.random_split(examples, [0.5, 0.5])
    assert [len(p) for p in parts] == [4, 3] and sorted(int(y) for p in parts for _, y in p) == list(range(7))
    joined = data.ConcatDataset([parts[0], parts[1]])
    assert len(joined) == 7 and joined[-1][1] == parts[1][2][1]
    picked = list(data.WeightedRandomSampler([0.0, 1.0, 0.0], 5))
    assert picked == [1] * 5 and list(data.BatchSampler(data.SequentialSampler(range(3)), 2, False)) == [[0, 1], [2]]
    (batch,) = data.DataLoader([{"x": np.ones(2), "n": 1, "s": "a"}] * 2, 2, worker_init_fn=names.append, num_workers=1)
    assert batch["x"].shape == (2, 2) and batch["n"].tolist() == [1, 1] and batch["s"] == ["a", "a"] and names == [0]
    with pytest.raises(ValueError, match="sampler option is mutually exclusive with shuffle"):
        data.DataLoader(examples, sampler=[1], shuffle=True)
    with pytest.raises(ValueError, match="Sum of input lengths does not equal"):
        data.random_split(examples, [1, 2])
