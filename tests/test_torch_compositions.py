"""Functions under PyTorch's names that are made of NumPy's: values and gradients against PyTorch's."""

import numpy as np
import pytest

import jittape as jt

torch = pytest.importorskip("torch")
X = np.random.default_rng(0).normal(size=(3, 4))
HOLES = X.copy()
HOLES[0, 1], HOLES[2, 3] = np.nan, np.inf
SOME = HOLES[:2]
CALLS = {
    "nan_to_num": [(HOLES[:2],), (HOLES, 1.0, 2.0, 3.0)],
    "resolve_conj": [(X + 1j,)],
    "conj_physical": [(X + 1j,)],
    "nansum": [(X,), (X, 1), (SOME, 0, True)],
    "nanmean": [(X,), (SOME, 1, True)],
    "quantile": [(X, 0.3), (X, np.array([0.1, 0.6]), 1), (X, 0.4, 0, True)],
    "nanquantile": [(SOME, 0.3), (X, np.array([0.1, 0.6]), 1)],
    "cov": [(X,), (X[0],)],
    "corrcoef": [(X,)],
    "var_mean": [(X,), (X, 1)],
    "std_mean": [(X,), (X, 0)],
    "aminmax": [(X,)],
    "frac": [(X * 3,)],
    "vdot": [(X[0], X[1]), (X[0] + 1j, X[1] * 1j)],
    "dstack": [((X, X),)],
    "column_stack": [((X[0], X[1]),)],
    "rot90": [(X,), (X, 3), (X, -2, (1, 0))],
    "index_fill": [(X, 1, np.array([0, 2]), 2.5)],
    "index_copy": [(X, 1, np.array([0, 2]), X[:, :2] * 2)],
    "index_put": [
        (X, (np.array([0, 2, 0]), np.array([1, 1, 1])), np.array([1.0, 2.0, 3.0]), True),
        (X, (np.array([0, 2]), np.array([1, 1])), np.array([1.0, 2.0])),
    ],
    "masked_scatter": [(X, X > 0, X.T * 3)],
    "select_scatter": [(X, X[0], 0, 1)],
    "slice_scatter": [(X, X[:, :2], 1, 0, 4, 2)],
    "diagonal_scatter": [(X, X[:, 0]), (X, X[:2, 0], -1)],
    "scatter_reduce": [
        (X, 1, np.array([[0, 0, 2, 1], [1, 3, 1, 1], [2, 2, 2, 0]]), X * 2 + 1, how)
        for how in ("sum", "prod", "mean", "amax", "amin")
    ],
    "unflatten": [(X, 1, (2, -1))],
    "tensor_split": [(X, 3, 1), (X, (1, 2), 1)],
    "hsplit": [(X, 2)],
    "vsplit": [(X, 3)],
    "repeat_interleave": [(X, 2), (X, np.array([1, 0, 2]), 0)],
    "fliplr": [(X,)],
    "flipud": [(X,)],
    "moveaxis": [(X, 0, 1)],
    "swapdims": [(X, 0, 1)],
    "diag_embed": [(X,), (X, -2, 0, 2)],
    "diagflat": [(X, 1)],
    "combinations": [(X[0], 2), (X[0], 3, True)],
    "cdist": [(X, X[:2] + 1), (X, X[:2] + 1, 1.0)],
    "dist": [(X, X * 2), (X, X * 3, 3.0)],
    "addmv": [(X[:, 0], X, X[0])],
    "addr": [(X, X[:, 0], X[0])],
    "baddbmm": [(X[None, :, :3], X[None], X.T[None, :, :])],
    "addbmm": [(X[:, :3], X[None], X.T[None])],
    "logcumsumexp": [(X, 1)],
    "renorm": [(X, 2.0, 0, 1.5)],
    "kthvalue": [(X, 2), (X, 1, 0, True)],
    "mode": [(X, 1)],
    "msort": [(X,)],
    "float_power": [(np.abs(X), 2.5)],
    "cumulative_trapezoid": [(X,), (X, np.array([0.0, 1.0, 3.0, 4.5]))],
}
WITHOUT_DERIVATIVE = {  # calls of what has none
    "put": [(X, np.array([0, 5]), np.array([1.0, 2.0]))],
    "argwhere": [(X > 0,)],
    "bincount": [(np.array([0, 2, 2]),), (np.array([0, 2, 2]), np.array([0.5, 1.0, 2.0]), 5)],
    "histc": [(X, 5), (X, 4, -1.0, 1.0)],
    "isin": [(X, X[0])],
    "isposinf": [(HOLES,)],
    "isneginf": [(-HOLES,)],
    "signbit": [(X,)],
    "isreal": [(X,)],
    "tril_indices": [(3, 4, -1)],
    "triu_indices": [(3, 4, 1)],
    "unique": [(np.array([2, 1, 2]), True, True, True), (np.array([[1, 2], [1, 2]]), True, True, True, 0)],
    "unique_consecutive": [(np.array([2, 2, 1, 2]), True, True)],
    "scatter_reduce": [(X, 0, np.array([[0, 0, 2, 1]]), X, "mean")],
}


def tensors(library, argument):
    if isinstance(argument, tuple) and isinstance(argument[0], np.ndarray):
        return [tensors(library, a) for a in argument]
    return library.tensor(argument) if isinstance(argument, np.ndarray) else argument


def followed(library, name, arguments):
    """Values of a function, and the gradient of the sum of their squares by the first operand."""
    arguments = [tensors(library, a) for a in arguments]
    leaf = arguments[0][0] if isinstance(arguments[0], list) else arguments[0]
    leaf.requires_grad_()
    found = getattr(library, name)(*arguments)
    found = list(found) if isinstance(found, tuple) else [found]
    sum((library.abs(y) ** 2).sum() for y in found).backward()
    return [np.asarray(y.detach().resolve_conj().numpy()) for y in found], np.asarray(leaf.grad.resolve_conj().numpy())


def test_what_has_no_derivative_is_torchs():
    for name, several in WITHOUT_DERIVATIVE.items():
        for arguments in several:
            method = not hasattr(torch, name) or name == "put"
            found, expected = (
                getattr(of.Tensor if method else of, name)(*[tensors(of, a) for a in arguments]) for of in (jt, torch)
            )
            found, expected = ([v] if not isinstance(v, tuple) else v for v in (found, expected))
            for a, b in zip(found, expected, strict=True):
                np.testing.assert_allclose(a.numpy(), b.numpy(), rtol=1e-12, err_msg=name)


def test_methods_in_place_write_to_the_tensor():
    rng, n = np.random.default_rng(0), 0
    for name in (
        n for n in dir(jt.Tensor) if n.endswith("_") and not n.startswith("_") and callable(getattr(torch.Tensor, n, None))
    ):
        x = rng.uniform(1.1, 1.9, (2, 2)) if name.startswith(("acosh", "arccosh")) else rng.uniform(0.1, 0.9, (2, 2))
        for others in ((), (1,), (0.5,), (x * 0.5,), (0,), (x * 0.5, x * 0.25), (x * 0.5, 0.25), (0, np.array([0, 0]), x)):
            try:
                expected = torch.tensor(x)
                getattr(expected, name)(*[tensors(torch, a) for a in others])
            except Exception:
                continue
            if name.startswith(RANDOM) or expected.shape != (2, 2) or expected.requires_grad:
                break
            ours = jt.tensor(x)
            assert getattr(ours, name)(*[tensors(jt, a) for a in others]) is ours, name
            np.testing.assert_allclose(ours.numpy(), expected.numpy(), rtol=1e-8, err_msg=name)
            n += 1
            break
    assert n > 60
    x = jt.ones(3, requires_grad=True)
    y = x * 1.0
    y.scatter_(0, jt.tensor([1]), 5.0).index_add_(0, jt.tensor([0]), x[:1]).exp2_().sum().backward()
    np.testing.assert_allclose(x.grad.numpy(), np.log(2) * np.array([8.0, 0.0, 2.0]), rtol=1e-12)


RANDOM = (
    "bernoulli",
    "exponential",
    "normal",
    "random",
    "uniform",
    "requires_grad",
    "detach",
    "cauchy",
    "geometric",
    "log_normal",
)


@pytest.mark.sampled(2)
@pytest.mark.parametrize("name", CALLS)
def test_values_and_gradients_are_torchs(name):
    for arguments in CALLS[name]:
        values, gradient = followed(jt, name, arguments)
        expected, expected_gradient = followed(torch, name, arguments)
        for a, b in zip(values, expected, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12)
        np.testing.assert_allclose(gradient, expected_gradient, rtol=1e-10, atol=1e-14)
