"""Functions under PyTorch's names beside PyTorch: special functions, running extremes, places in order, slopes, windows."""

import numpy as np
import pytest
from sampling import some

import jittape as jt
from jittape.errors import ShapeError

torch = pytest.importorskip("torch")
UNIT, POSITIVE, ABOVE = np.array([0.3, 0.7, 0.9]), np.array([0.4, 1.7, 3.2]), np.array([2.4, 3.7, 5.2])
ARGUMENTS = {  # what a function of torch.special is called with: arrays, of which those in a list are differentiated
    **dict.fromkeys("erfinv logit ndtri".split(), [UNIT]),
    **dict.fromkeys("entr log_softmax softmax logsumexp".split(), [POSITIVE]),
    "xlogy": [POSITIVE, ABOVE],
    "xlog1py": [POSITIVE, ABOVE],
    "zeta": [ABOVE, POSITIVE],
    "gammainc": [(ABOVE,), POSITIVE],
    "gammaincc": [(ABOVE,), POSITIVE],
    "multigammaln": [ABOVE, (2,)],
    "polygamma": [(2,), POSITIVE],
    "round": [POSITIVE],
}
FURTHER = {"log_softmax": (0,), "softmax": (0,), "logsumexp": (0,)}
WITHOUT_DERIVATIVE_IN_TORCH = "airy_ai bessel_ modified_bessel scaled_ spherical zeta _polynomial_".split()


def called(library, name, requires_grad):
    arguments = ARGUMENTS.get(name, [POSITIVE, (3,)] if "_polynomial_" in name else [POSITIVE])
    leaves = []
    for k, x in enumerate(arguments):
        constant = isinstance(x, tuple)
        x = x[0] if constant else x
        if isinstance(x, np.ndarray):
            x = library.tensor(x, requires_grad=requires_grad and not constant)
        leaves.append(x)
    return getattr(library.special, name)(*leaves, *FURTHER.get(name, ())), [
        x for x in leaves if getattr(x, "requires_grad", False)
    ]


@pytest.mark.sampled(12)
@pytest.mark.parametrize("name", jt.special.__all__)
def test_special_functions(name):
    ours, leaves = called(jt, name, True)
    expected, _ = called(torch, name, False)
    np.testing.assert_allclose(ours.detach().numpy(), expected.numpy(), rtol=1e-9)
    if not any(part in name for part in WITHOUT_DERIVATIVE_IN_TORCH):
        theirs, others = called(torch, name, True)
        for a, b in zip(jt.autograd.grad(ours.sum(), leaves), torch.autograd.grad(theirs.sum(), others)):
            np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-8)

    def of_leaves(*xs):
        given, rest = iter(xs), ARGUMENTS.get(name, [POSITIVE, (3,)] if "_polynomial_" in name else [POSITIVE])
        given = [x[0] if isinstance(x, tuple) else next(given) for x in rest]
        return getattr(jt.special, name)(*given, *FURTHER.get(name, ()))

    assert jt.autograd.gradcheck(of_leaves, leaves) and (name == "round" or jt.autograd.gradgradcheck(of_leaves, leaves))


def test_degrees_are_whole():
    with pytest.raises(ValueError, match="whole degrees"):
        jt.special.legendre_polynomial_p(jt.tensor([0.5]), 1.5)


# --- order --------------------------------------------------------------------------------------------------------------------

IN_ORDER = [
    np.array([1.0, 3.0, 3.0, 2.0, 5.0, 5.0]),
    np.array([[2.0, np.nan, 1.0, 7.0], [4.0, -np.inf, 4.0, np.inf]]),
    np.array(2.5),
    np.zeros((2, 0)),
    np.array([3, 1, 4, 4, 2]),
]


@pytest.mark.parametrize("name", ["cummax", "cummin"])
@pytest.mark.parametrize("x", IN_ORDER, ids=range(len(IN_ORDER)))
def test_running_extremes(name, x):
    differentiable = x.dtype.kind == "f"
    for dim in {0, -1}:
        answers, gradients = [], []
        for library in (jt, torch):
            leaf = library.tensor(x, requires_grad=differentiable)
            found = getattr(library, name)(leaf, dim)
            answers.append([found.values.detach().numpy(), found.indices.numpy()])
            if differentiable:
                weights = library.tensor(np.arange(x.size).reshape(x.shape) + 1.0)
                (found.values * weights).nansum().backward()
                gradients.append(leaf.grad.numpy())
        for ours, theirs in zip(*answers):
            np.testing.assert_array_equal(ours, theirs)
        if differentiable:
            np.testing.assert_array_equal(*gradients)


def test_running_extremes_in_programs():
    def total(x):
        return (jt.cummax(x, 0).values * jt.arange(4.0)).sum()

    compiled = jt.compile(jt.grad(total))
    for x in ([1.0, 3.0, 2.0, 5.0], [4.0, 3.0, 2.0, 5.0], [1.0, 2.0, 3.0, 4.0]):
        np.testing.assert_array_equal(np.asarray(compiled(np.array(x))), np.asarray(jt.grad(total)(np.array(x))))


def test_places_in_order():
    rng = np.random.default_rng(0)
    for shape, side in some([((7,), "left"), ((7,), "right"), ((2, 3, 7), "left"), ((2, 3, 7), "right")], 2):
        rows = np.round(rng.normal(size=shape), 1)
        values = np.round(rng.normal(size=(*shape[:-1], 5)), 1)
        sorter = np.argsort(rows, -1)
        for options in ({"side": side}, {"right": side == "right", "out_int32": True}):
            ours = jt.searchsorted(jt.tensor(np.sort(rows, -1)), jt.tensor(values), **options)
            theirs = torch.searchsorted(torch.tensor(np.sort(rows, -1)), torch.tensor(values), **options)
            assert ours.dtype == theirs.numpy().dtype
            np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
        ours = jt.searchsorted(jt.tensor(rows), jt.tensor(values), sorter=jt.tensor(sorter), side=side)
        theirs = torch.searchsorted(torch.tensor(rows), torch.tensor(values), sorter=torch.tensor(sorter), side=side)
        np.testing.assert_array_equal(ours.numpy(), theirs.numpy())
    edges = np.array([0.0, 1.0, 2.0])
    for right in (False, True):
        found = jt.bucketize(jt.tensor([-1.0, 0.0, 1.5, 2.0, 3.0]), jt.tensor(edges), right=right)
        expected = torch.bucketize(torch.tensor([-1.0, 0.0, 1.5, 2.0, 3.0]), torch.tensor(edges), right=right)
        np.testing.assert_array_equal(found.numpy(), expected.numpy())
    assert jt.searchsorted(jt.tensor(edges), 1.5).item() == 2


def test_what_has_no_order_is_refused():
    with pytest.raises(RuntimeError, match="opposite of right"):
        jt.searchsorted(jt.tensor([1.0]), jt.tensor([1.0]), right=True, side="left")
    with pytest.raises(ShapeError, match="leading axes"):
        jt.searchsorted(jt.ones(2, 3), jt.ones(3, 3))
    with pytest.raises(ShapeError, match="a vector"):
        jt.bucketize(jt.ones(2), jt.ones(2, 2))


# --- slopes, products, systems, windows -----------------------------------------------------------------------------------------


def same_by_both(function, *arrays):
    answers = []
    for library in (jt, torch):
        leaves = [library.tensor(a, requires_grad=True) for a in arrays]
        found = function(library, *leaves)
        found = list(found) if isinstance(found, (list, tuple)) else [found]
        sum((y * y).sum() for y in found).backward()
        answers.append([*[y.detach().numpy() for y in found], *[x.grad.numpy() for x in leaves]])
    for ours, theirs in zip(*answers, strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-10, atol=1e-12)


FIELD = np.random.default_rng(1).normal(size=(4, 5))
FACTOR = np.tril(np.random.default_rng(2).normal(size=(2, 3, 3))) + 2.0 * np.eye(3)


@pytest.mark.parametrize(
    "function, arrays",
    [
        (lambda lib, x: lib.gradient(x), [FIELD]),
        (lambda lib, x: lib.gradient(x, spacing=0.5, dim=1, edge_order=2), [FIELD]),
        (lambda lib, x: lib.gradient(x, spacing=[0.5, 2.0]), [FIELD]),
        (lambda lib, x: lib.gradient(x, spacing=(lib.tensor([0.0, 1.0, 3.0, 4.0], dtype=lib.float64),), dim=0), [FIELD]),
        (lambda lib, x, y: lib.cross(x, y, dim=1), [FIELD[:, :3], FIELD[:, 2:]]),
        (lambda lib, x, y: lib.linalg.cross(x, y), [FIELD[:, :3], FIELD[:1, 2:]]),
        (lambda lib, x, y: lib.cholesky_solve(x, y.tril()), [FIELD[:3, :2], FACTOR]),
        (lambda lib, x, y: lib.cholesky_solve(x, y.tril().mT, upper=True), [FIELD[:3, :2], FACTOR]),
        (lambda lib, x: lib.matrix_exp(x), [FACTOR]),
        (lambda lib, x: lib.mvlgamma(x * x + 2.0, 3), [FIELD]),
        (lambda lib, x: lib.atleast_3d(x, x[0], x[0, 0]), [FIELD]),
        (lambda lib, x: lib.atleast_2d((x[0], x[0, 0])), [FIELD]),
        (lambda lib, x: lib.trapz(x, dx=0.3), [FIELD]),
        (lambda lib, x: lib.fix(x * 3) * x, [FIELD]),
    ],
    ids=range(14),
)
def test_functions_of_arrays(function, arrays):
    same_by_both(function, *arrays)


def test_products_of_what_has_not_three_elements_are_refused():
    for call in (
        lambda lib: lib.cross(lib.ones(2), lib.ones(2), dim=0),
        lambda lib: lib.linalg.cross(lib.ones(3, 2), lib.ones(3, 2)),
    ):
        for library in (jt, torch):
            with pytest.raises(RuntimeError):
                call(library)


@pytest.mark.parametrize("name", ["hann", "hamming", "blackman", "bartlett", "kaiser"])
def test_windows(name):
    for length in (0, 1, 2, 5, 8):
        for periodic in (True, False):
            ours = getattr(jt, f"{name}_window")(length, periodic)
            theirs = getattr(torch, f"{name}_window")(length, periodic, dtype=torch.float64).numpy()
            np.testing.assert_allclose(ours.numpy(), theirs, rtol=1e-6, atol=1e-7)
    with pytest.raises(RuntimeError, match="negative"):
        getattr(jt, f"{name}_window")(-1)
