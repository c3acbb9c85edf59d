"""Linear algebra and Einstein's sums: against PyTorch, through NumPy's functions, and what they refuse."""

import numpy as np
import pytest
from conftest import assert_close, numbers, refused

import jittape as jt

RNG = np.random.default_rng(8)
A, B, C = RNG.standard_normal((3, 3)), RNG.standard_normal((3, 2)), RNG.standard_normal((2, 3, 3))


def programs(torch):
    linalg = torch.linalg
    return {
        "inv": (lambda a: linalg.inv(a), [A]),
        "inv of a batch": (lambda a: linalg.inv(a), [C]),
        "solve": (lambda a, b: linalg.solve(a, b), [A, B]),
        "solve for a vector": (lambda a, b: linalg.solve(a, b), [A, B[:, 0]]),
        "solve a batch of vectors": (lambda a, b: linalg.solve(a, b), [C, RNG.standard_normal((2, 3))]),
        "det": (lambda a: linalg.det(a), [C]),
        "slogdet": (lambda a: linalg.slogdet(a).logabsdet, [C]),
        "logdet": (lambda a: torch.logdet(a @ a.mT), [A]),
        "cholesky": (lambda a: linalg.cholesky(a @ a.mT + torch.eye(3)), [A]),
        "eigh": (lambda a: linalg.eigh(a @ a.mT)[0] ** 2 + linalg.eigh(a @ a.mT).eigenvectors.abs().sum(0), [A]),
        "eigvals": (lambda a: linalg.eigvals(a).abs() + linalg.eig(a)[1].abs().sum(0), [A]),
        "svd": (lambda a: linalg.svd(a, full_matrices=False).S ** 2 + linalg.svd(a)[2].abs().sum(), [B]),
        "svdvals": (
            lambda a: linalg.svdvals(a).log() + linalg.matrix_norm(a, "nuc") * linalg.matrix_norm(a) * linalg.cond(a),
            [B],
        ),
        "qr": (lambda a: linalg.qr(a)[0] ** 3 * linalg.qr(a).R.sum(), [B]),
        "pinv": (lambda a: linalg.pinv(a) ** 2 * linalg.matrix_rank(a) + linalg.lstsq(a, a**2)[0].sum(), [B]),
        "multi_dot": (lambda a, b: linalg.multi_dot([b.mT, a, b]) + linalg.vecdot(b, b * b).sum(), [A, B]),
        "tensorsolve": (lambda a, b: linalg.tensorsolve(a.reshape(3, 1, 3), b[:, :1]) + linalg.tensorinv(a, 1).sum(), [A, B]),
        "solve_triangular": (lambda a, b: linalg.solve_triangular(a, b, upper=True) ** 2, [A, B]),
        "solve_triangular on the right": (
            lambda a, b: linalg.solve_triangular(a, b.mT, upper=False, left=False, unitriangular=True) ** 2,
            [A, B],
        ),
        "matrix_exp": (lambda a: linalg.matrix_exp(a), [0.5 * A]),
        "einsum": (lambda a, b: torch.einsum("bij,jk->bki", a, b), [C, B]),
        "einsum of a diagonal": (lambda a: torch.einsum("bii->b", a), [C]),
        "einsum without an arrow": (lambda a, b: torch.einsum("ij,jk", a, b), [A, B]),
        "einsum with dots": (lambda a, b: torch.einsum("...ij,jk->...ik", a, b), [C, B]),
        "einsum of one": (lambda a: torch.einsum("ij->j", a), [A]),
    }


@pytest.mark.parametrize("name", programs(jt))
def test_values_and_two_derivatives_are_those_of_torch(name):
    pytest.importorskip("torch")
    import torch

    answers = []
    for library in (jt, torch):
        before = library.get_default_dtype()
        library.set_default_dtype(library.float64)
        program, arrays = programs(library)[name]
        arrays = [np.random.default_rng(k).standard_normal(a.shape) for k, a in enumerate(arrays)]
        inputs = [library.tensor(a, requires_grad=True) for a in arrays]
        y = program(*inputs)
        weights = library.tensor(np.linspace(0.5, 1.5, y.numel()).reshape(tuple(y.shape)))
        first = library.autograd.grad(y, inputs, weights, create_graph=True)
        second = sum((g * g).sum() for g in first)
        rest = library.autograd.grad(second, inputs, allow_unused=True) if second.requires_grad else ()
        answers.append([v for v in (y, *first, *rest) if v is not None])
        library.set_default_dtype(before)
    for ours, theirs in zip(*answers, strict=False):
        assert_close(ours, theirs, rtol=1e-8)


def test_numpy_reaches_them():
    x = jt.tensor(A, requires_grad=True)
    spd = A @ A.T + np.eye(3)
    for value, expected in (
        (np.linalg.inv(x), np.linalg.inv(A)),
        (np.linalg.solve(x, B), np.linalg.solve(A, B)),
        (np.linalg.solve(A, jt.tensor(B, requires_grad=True)), np.linalg.solve(A, B)),
        (np.linalg.det(x), np.linalg.det(A)),
        (np.linalg.slogdet(x)[1], np.linalg.slogdet(A)[1]),
        (np.einsum("ij,jk->ik", x, B), A @ B),
        (np.linalg.cholesky(x @ x.T + np.eye(3)), np.linalg.cholesky(spd)),
    ):
        assert isinstance(value, jt.Tensor) and value.requires_grad
        assert_close(value, expected)


def test_a_singular_determinant_has_a_gradient():
    x = jt.tensor([[1.0, 2.0], [2.0, 4.0]], requires_grad=True)
    y = jt.linalg.det(x)
    (g,) = jt.autograd.grad(y, x, create_graph=True)
    assert abs(y.item()) < 1e-15
    assert_close(g, [[4.0, -2.0], [-2.0, 1.0]])
    zero = jt.zeros(3, 3).requires_grad_()
    jt.linalg.det(zero).backward()
    assert zero.grad.tolist() == np.zeros((3, 3)).tolist()


def test_singular_matrices_are_refused():
    x = jt.tensor(np.ones((2, 2)), requires_grad=True)
    for call, words in (
        (lambda: jt.linalg.inv(x), "linalg.inv: Singular matrix"),
        (lambda: jt.linalg.solve(x, jt.ones(2)), "linalg.solve: Singular"),
        (lambda: jt.linalg.cholesky(-x), "linalg.cholesky: Matrix is not positive definite"),
    ):
        with refused(jt.errors.SingularError, words, x):
            call()
    assert issubclass(jt.errors.SingularError, np.linalg.LinAlgError) and issubclass(jt.errors.SingularError, RuntimeError)
    assert jt.slogdet(x).logabsdet.item() == -np.inf


def test_shapes_that_do_not_fit():
    x = jt.tensor(B, requires_grad=True)
    with refused(jt.errors.ShapeError, "linalg.inv: The input tensor A must be batches of square matrices: got shape [3, 2]", x):
        jt.linalg.inv(x)
    with refused(jt.errors.ShapeError, "linalg.det: The input tensor A must have at least 2 dimensions: got shape [3]", x):
        jt.linalg.det(x[:, 0])
    with refused(jt.errors.ShapeError, "linalg.solve: Incompatible shapes of A and B for the equation AX = B", x):
        jt.linalg.solve(A, x[:2])


@pytest.mark.parametrize(
    "equation, arrays, words",
    [
        ("ij,jk->ik", (A,), "einsum(): got 1 operands for the 2 terms"),
        ("ijk->i", (A,), "einsum(): got an operand of 2 axes, shape [3, 3]"),
        ("ij,jk->ik", (B, A), "einsum(): the axes 'j' of 'ij,jk->ik' have different lengths: got 2 and 3"),
        ("ij->k", (A,), "einsum(): got 'k' in 'ij->k', expected letters, in the result each of them once"),
        ("i1->i", (A,), "einsum(): got '1' in 'i1->i', expected letters"),
        ("ij->ii", (A,), "einsum(): got 'i' in 'ij->ii', expected letters"),
    ],
)
def test_equations_that_make_no_sense(equation, arrays, words):
    with refused(jt.errors.ShapeError, words):
        jt.einsum(equation, *[jt.tensor(a, requires_grad=True) for a in arrays])


def test_einsum_of_integers_and_lists():
    x = jt.tensor([[1, 2], [3, 4]])
    assert jt.einsum("ij->i", x).dtype == jt.int64 and jt.einsum("ij->i", x).tolist() == [3, 7]
    assert jt.einsum("i,i", [jt.ones(2), jt.ones(2)]).item() == 2.0
    with refused(TypeError, "einsum(): got Tensor as the equation"):
        jt.einsum(x, "ij")
    assert numbers(jt.inverse(jt.tensor([[2, 0], [0, 4]]))).tolist() == [[0.5, 0.0], [0.0, 0.25]]


COMPOSITIONS = {
    "lerp": lambda t, x, y: t.lerp(x, y, 0.25),
    "addcmul": lambda t, x, y: t.addcmul(x, x, y, value=2.0),
    "addcdiv": lambda t, x, y: t.addcdiv(x, x, y * y + 1.0),
    "clamp_min": lambda t, x, y: t.clamp_min(x, 0.2),
    "logit": lambda t, x, y: t.logit(t.sigmoid(x), eps=0.3),
    "diff": lambda t, x, y: t.diff(x, n=2, dim=0),
    "trapezoid": lambda t, x, y: t.trapezoid(x, y[0], dim=1),
    "tensordot": lambda t, x, y: t.tensordot(x, y, dims=2),
    "tensordot of axes": lambda t, x, y: t.tensordot(x, y, dims=([1], [0])),
    "inner": lambda t, x, y: t.inner(x, y),
    "kron": lambda t, x, y: t.kron(x, y),
    "addmm": lambda t, x, y: t.addmm(x, x, y, beta=2.0, alpha=0.5),
    "matrix_power": lambda t, x, y: t.linalg.matrix_power(x, 5),
    "matrix_power of 0": lambda t, x, y: t.linalg.matrix_power(x, 0),
    "scatter": lambda t, x, y: t.scatter(x, 1, t.tensor([[0, 2], [1, 0]]), y[:2, :2]),
    "scatter_add": lambda t, x, y: t.scatter_add(x, 0, t.tensor([[0, 0, 2], [2, 0, 2]]), y[:2]),
    "vector_norm": lambda t, x, y: t.linalg.vector_norm(x, 3.0),
}


@pytest.mark.parametrize("name", COMPOSITIONS)
def test_compositions_are_those_of_torch(name):
    torch = pytest.importorskip("torch")
    answers = []
    for library in (jt, torch):
        x, y = (library.tensor(v, requires_grad=True) for v in (A, np.cos(7 * A)))
        value = COMPOSITIONS[name](library, x, y)
        gradients = library.autograd.grad((value * value).sum(), (x, y), allow_unused=True, materialize_grads=True)
        answers.append([value, *gradients])
    for ours, theirs in zip(*answers):
        assert ours.shape == tuple(theirs.shape)
        assert_close(ours, theirs)


def test_methods(torch):
    x, y = torch.tensor(A @ A.T + np.eye(3), requires_grad=True), torch.tensor(np.cos(A))
    values = [
        x.lerp(y, 0.5),
        x.addcmul(y, y),
        x.clamp_min(0.2),
        x.diff(),
        x.inner(y),
        x.kron(y),
        x.addmm(x, y),
        x.matrix_power(2),
        x.det(),
        x.logdet(),
        x.slogdet()[1],
        x.inverse(),
        x.scatter_add(0, torch.tensor([[1, 1, 0]]), y[:1]),
        x.erf(),
        x.softmax(1),
        x.log_softmax(0),
    ]
    assert all(v.requires_grad for v in values)
    assert_close(x.inverse() @ x, np.eye(3))


def test_numpy_reaches_compositions():
    x = jt.tensor(A, requires_grad=True)
    trapezoid = getattr(np, "trapezoid", None) or np.trapz
    for function, arguments in (
        (np.diff, {"n": 2, "axis": 0}),
        (trapezoid, {"dx": 0.5}),
        (np.linalg.matrix_power, {"n": 3}),
        (np.positive, {}),
    ):
        value = function(x, **arguments)
        assert value.requires_grad
        assert_close(value, function(A, **arguments))
    for function in (np.tensordot, np.inner, np.kron):
        assert_close(function(x, B.T if function is np.inner else A), function(A, B.T if function is np.inner else A))


def test_scatter_refuses():
    x = jt.tensor(A, requires_grad=True)
    with refused(jt.errors.ShapeError, "scatter(): got an index of shape [2] for a tensor of shape [3, 3]", x):
        jt.scatter(x, 0, np.array([0, 1]), x)
    with refused(RuntimeError, "index 3 is out of bounds for dimension 0 with size 3", x):
        jt.scatter_add(x, 0, np.array([[3, 1]]), x)
    with refused(jt.errors.ShapeError, "scatter(): got src of shape [1, 1] for an index of shape [1, 2]", x):
        jt.scatter(x, 0, np.array([[2, 1]]), jt.ones(1, 1))


@pytest.mark.parametrize("name", ["svd", "eigh", "eig", "qr"])
def test_a_gradient_factorises_once(name, monkeypatch):
    """Though every factor is a row of its own, and rules read the others."""
    theirs, calls = getattr(np.linalg, name), []

    def counted(a, *args, **kwargs):
        calls.extend([a] * (type(a) is np.ndarray))  # a Tensor is handed to the library
        return theirs(a, *args, **kwargs)

    a = np.random.default_rng(3).normal(size=(4, 4))
    a = a + a.T if name == "eigh" else a @ a.T + np.diag([1.0, 2.0, 3.0, 4.0])

    def total(a):
        found = getattr(np.linalg, name)(a, False) if name == "svd" else getattr(np.linalg, name)(a)
        return sum((np.abs(part) ** 3).sum() for part in found)

    expected = jt.grad(total)(a)
    ours = getattr(jt.linalg, name)

    def by_tensors(a):
        found = ours(a, full_matrices=False) if name == "svd" else ours(a)
        return sum((abs(part) ** 3).sum() for part in found)

    monkeypatch.setattr(np.linalg, name, counted)
    x = jt.tensor(a, requires_grad=True)
    by_tensors(x).backward()
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-9, atol=1e-12)
    assert len(calls) == 1


def test_kept_factors_are_nobodys():
    """What is written to a factor is not seen by the next decomposition of the same matrix."""
    a = jt.tensor(np.diag([3.0, 2.0, 1.0]))
    first = jt.linalg.svd(a)
    first[1].mul_(0.0)
    first[0].numpy()[...] = 7.0
    np.testing.assert_array_equal(jt.linalg.svd(a)[1].numpy(), [3.0, 2.0, 1.0])
    assert np.abs(jt.linalg.svd(a)[0].numpy()).max() == 1.0
