"""Results lie in memory as NumPy's and PyTorch's do, so it is the same calls that answer with views."""

import random
import warnings

import numpy as np
import pytest
from numpy_calls import MATRIX, VECTOR, X, Out, calls_of, described
from numpy_meaning import leaves
from sampling import some
from test_numpy_calls import FUNCTIONS, called, is_refused

import jittape as jt
from jittape.memory.axis_order import axis_order


def steps(x):
    """How an array lies in memory: the strides of axes along which it moves."""
    return [s for s, n in zip(x.strides, x.shape) if n > 1] if np.ndim(x) and 0 not in np.shape(x) else []


def some_array(choose, shape):
    """Zeros of a shape, or one that broadcasts to it, that lie in memory in some order, also at steps."""
    axes = choose.randint(0, len(shape))
    lengths = [n if choose.random() < 0.8 else 1 for n in shape[len(shape) - axes :]]
    order = list(range(axes))
    choose.shuffle(order)
    x = np.zeros([2 * lengths[k] for k in order]).transpose(np.argsort(order)) if axes else np.zeros(())
    return x[tuple(slice(None, 2 * n, 2) if choose.random() < 0.3 else slice(0, n) for n in lengths)] if axes else x


def test_the_order_of_axes_is_numpys():
    for seed in some(range(20_000), 500):
        choose = random.Random(seed)
        shape = [choose.choice((1, 2, 3)) for _ in range(choose.randint(1, 4))]
        operands = [some_array(choose, shape) for _ in range(choose.randint(1, 3))]
        value = (np.negative, np.add, np.where)[len(operands) - 1](*operands)
        order = axis_order(tuple((x.shape, tuple(s // x.itemsize for s in x.strides)) for x in operands))
        made = np.empty(value.shape)
        if order is not None:
            made = np.empty([value.shape[k] for k in order]).transpose(np.argsort(order))
        assert steps(made) == steps(value), (seed, [(x.shape, x.strides) for x in operands])


ARRANGED = {"transposed": (1, 0), "first axis last": (1, 2, 0), "axes reversed": (2, 1, 0), "two axes exchanged": (1, 0, 2)}
LEFT_OUT = {
    "diff": "numbers in front or behind are joined as arrays with steps of zero, which NumPy sorts in another way",
    **dict.fromkeys(("eig", "eigvals"), "NumPy's real eigenvalues are parts of complex arrays"),
    "imag": "NumPy's zeros have the steps of the array, between which nothing lies",
    "matrix_norm": "NumPy's spectral norms are a part of the array of all singular values",
    "vecmat": "NumPy arranges results of generalised ufuncs in a way of its own",
    "common_type": "answers with a class",
    "qr": "NumPy's R lies in the work array of LAPACK, of which it is a part",
}


@pytest.mark.parametrize("name", sorted(set(FUNCTIONS) - {"numpy.linalg.matrix_power"}))
def test_every_function_keeps_the_order_that_numpy_keeps(name):
    function = FUNCTIONS[name]
    if function.__name__ in LEFT_OUT or function.__name__ in VECTOR:
        return
    x = MATRIX.get(function.__name__, X)
    calls = [c for c in calls_of(function) if not any(v is Out for v in c[1].values()) and not is_refused(function, *c)]
    for args, kwargs in some(calls, 4):
        for kind, axes in some(list(ARRANGED.items()), 2):
            base = x if len(axes) == 2 else np.stack([x, 0.9 * x, 0.8 * x, 0.7 * x])
            check_order(called(function, args, kwargs), base, axes, f"{described(function, args, kwargs)} of {kind}")


def check_order(program, base, axes, note):
    lie = []

    def run(x):
        lie[:] = [steps(y) if hasattr(y, "strides") else [] for y in leaves(program(x.transpose(axes)))]
        return 0.0 * x.sum()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            expected = [steps(np.asarray(y)) for y in leaves(program(base.copy().transpose(axes)))]  # some write into it
        except Exception:  # not a call for an array of these axes
            return
        jt.grad(run)(base.copy("K"))  # programs that write may see the array itself, too
    assert lie == expected, note


def views_of_what(x):
    y = np.outer(x, x + 1).T * 2.0
    z = y.reshape(-1)
    z *= 3.0
    return y


PROGRAMS = [
    views_of_what,
    lambda x: (x[:, None] * x).T.ravel() * x.sum(),
    lambda x: np.sin(np.outer(x, x).T) + np.outer(x, x).T,
    lambda x: np.outer(x, x).T[:, [0, 1]].reshape(-1),
    lambda x: (np.outer(x, x).T * 2.0).sum(axis=0),
    lambda x: np.stack([np.outer(x, x), np.outer(x, x + 1)]).transpose(2, 0, 1).cumsum(axis=0).reshape(-1),
    lambda x: np.outer(x, x).T.copy(order="K").reshape(-1),
    lambda x: (np.outer(x, x).T * 2.0) @ x,
    lambda x: np.where(np.outer(x, x).T > 0, np.outer(x, x + 1).T, 0.0),
    lambda x: np.where(np.outer(x, x + 1).T > 0, np.sqrt(np.outer(x, x + 1).T * 2.0), 0.0),  # swept once more for zeros
    lambda x: (np.outer(x, x).T / (2.0 + np.outer(x, x))) ** 2,
]


@pytest.mark.filterwarnings("ignore:invalid value")
@pytest.mark.parametrize("number", range(len(PROGRAMS)))
def test_values_and_derivatives_in_every_mode(number):
    program, x = PROGRAMS[number], np.array([0.3, -1.2, 2.1])

    def total(x):
        y = program(x)
        return np.sum(y * np.cos(np.arange(y.size)).reshape(y.shape)) if y.ndim else y

    expected, step, direction = program(x.copy()), 1e-6, np.array([0.4, -0.2, 0.9])
    slope = (total(x + step * direction) - total(x - step * direction)) / (2 * step)
    compiled = jt.compile(program)
    for _ in range(2):
        np.testing.assert_allclose(compiled(x), expected, rtol=1e-13)
        assert steps(compiled(x)) == steps(np.copy(expected))
    np.testing.assert_allclose(jt.vmap(program)(np.stack([x, x])), [expected, expected], rtol=1e-13)
    gradient = jt.grad(total)(x)
    np.testing.assert_allclose(gradient @ direction, slope, rtol=1e-7)
    np.testing.assert_allclose(jt.compile(jt.grad(total))(x), gradient, rtol=1e-12)
    np.testing.assert_allclose(jt.jvp(total, (x,), (direction,))[1], slope, rtol=1e-7)
    np.testing.assert_allclose(
        jt.jacobian(program)(x) @ direction, jt.jvp(program, (x,), (direction,))[1], rtol=1e-12, atol=1e-12
    )
    hessian = jt.hessian(total)(x)
    numeric = (jt.grad(total)(x + step * direction) - jt.grad(total)(x - step * direction)) / (2 * step)
    np.testing.assert_allclose(hessian @ direction, numeric, rtol=1e-6, atol=1e-7)


OF_TENSORS = {
    "x * 2": lambda x: x * 2,
    "x.sin()": lambda x: x.sin(),
    "x + x": lambda x: x + x,
    "x.clone()": lambda x: x.clone(),
    "x.contiguous()": lambda x: x.contiguous(),
    "zeros_like": lambda x, lib: lib.zeros_like(x),
    "x.sum(0)": lambda x: x.sum(0),
    "x.cumsum(0)": lambda x: x.cumsum(0),
    "softmax": lambda x: x.softmax(0),
    "x.reshape(-1)": lambda x: x.reshape(-1),
    "x.flatten()": lambda x: x.flatten(),
    "x.ravel()": lambda x: (x * 2).ravel(),
    "x.float()": lambda x: x.double(),
}


@pytest.mark.parametrize("name", OF_TENSORS)
def test_tensors_keep_the_order_that_pytorch_keeps(name):
    torch = pytest.importorskip("torch")
    program = OF_TENSORS[name]
    for axes in ((1, 2, 0), (2, 1, 0), (0, 2, 1)):
        lie = []
        for lib in (torch, jt):
            x = lib.tensor(np.arange(1.0, 25.0).reshape(2, 3, 4), requires_grad=True)
            x = (1.5 * x).permute(*axes)
            y = program(x, lib) if "like" in name else program(x)
            lie.append(tuple(y.stride()))
        assert lie[0] == lie[1], (name, axes)


def test_a_reshaped_result_of_pytorchs_order_is_a_copy():
    torch = pytest.importorskip("torch")
    found = []
    for lib in (torch, jt):
        x = lib.tensor([1.0, 2.0, 3.0], requires_grad=True)
        y = (x[:, None] * (x + 1.0)).T * 2.0
        z = y.reshape(-1)
        z *= 3.0
        y.sum().backward()
        found.append((y.tolist() if lib is torch else y.detach().tolist(), x.grad.tolist()))
    assert found[0] == found[1]


@pytest.mark.parametrize("turned", [np.flip, lambda w: w[::-1, None][:, 0], lambda w: w[None, ::-1][0]])
def test_constants_in_odd_order_outlive_their_names(turned):
    """The tape reads a copy of such an array, and compares the contents of the array itself, which nobody else keeps."""

    def product(x):
        for k in range(8):
            x = np.matmul(np.multiply.outer(x, turned(np.linspace(0.1, 1.0 + k, 11))), turned(np.linspace(0.5, 1.0, 11)))
            x = x * turned(np.full(3, 1.0 + k))
        return np.sum(x)

    x = np.array([1.0, 2.0, 3.0])
    np.testing.assert_allclose(jt.grad(product)(x), np.full(3, product(x) / x.sum()), rtol=1e-12)
