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


@pytest.mark.parametrize(("call", "error", "message"), REFUSED, ids=lambda v: v if isinstance(v, str) else "")
def test_refused(call, error, message):
    with pytest.raises(error, match=message):
        call()
    assert jittape.rand(1).shape == (1,)  # the refusal of random numbers ends with the call


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
