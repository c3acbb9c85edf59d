"""Operations that are no rows take a short way: its answers, refusals and memory are those of the long one."""

import subprocess
import sys
import warnings

import numpy as np
import pytest

import jittape as jt
from jittape.errors import VersionError
from jittape.tape.tape import current

A = np.arange(12.0).reshape(3, 4) / 7.0 + 0.1

CALLS = {
    "x * x": lambda x: x * x,
    "x + 2": lambda x: x + 2,
    "2.5 - x": lambda x: 2.5 - x,
    "x / row": lambda x: x / x[0],
    "column ** x": lambda x: x[:, :1] ** x,
    "exp": jt.exp,
    "tanh of the transpose": lambda x: jt.tanh(x.T),
    "relu": jt.relu,
    "where": lambda x: jt.where(x > 0.8, x, 0.0),
    "where of a row": lambda x: jt.where(x[0] > 0.2, x, -x),
    "sum": lambda x: x.sum(),
    "sum of rows": lambda x: x.sum(1),
    "mean, kept": lambda x: x.mean(0, keepdim=True),
    "amax": lambda x: x.amax(1),
    "max": lambda x: x.max(1).values,
    "logsumexp": lambda x: jt.logsumexp(x, 1),
    "matmul": lambda x: x @ x.T,
    "vector": lambda x: x @ x[0],
    "softmax": lambda x: jt.softmax(x, 1),
    "cumsum": lambda x: jt.cumsum(x, 1),
    "element": lambda x: x[1, 2],
    "row": lambda x: x[1],
    "slices": lambda x: x[::2, 1:3],
    "new axis": lambda x: x[:, None, ..., 0],
    "reshape": lambda x: x.reshape(2, 6),
    "reshape that copies": lambda x: x.T.reshape(2, 6),
    "flat": lambda x: x[1:].reshape(-1),
    "cat": lambda x: jt.cat([x, x[:1]]),
    "stack": lambda x: jt.stack([x, 2 * x], 1),
    "squeeze": lambda x: x[:1].squeeze(0),
    "mse": lambda x: jt.nn.functional.mse_loss(x, x * 0.5),
    "no elements": lambda x: x[:0] * x[:0],
    "no elements, summed": lambda x: x[:, :0].sum(1),
}


@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("name", CALLS)
def test_values_shapes_and_dtypes_are_those_that_are_recorded(name, dtype):
    call, array = CALLS[name], A.astype(dtype)
    expected = call(jt.tensor(array, requires_grad=True))
    for _ in range(3):  # the first time the long way
        constant = call(jt.tensor(array))
        with jt.no_grad():
            paused = call(jt.tensor(array, requires_grad=True))
            of_result = call(jt.tensor(array, requires_grad=True) * 1.0)
        for got in (constant, paused, of_result):
            assert not got.requires_grad and got.grad_fn is None
            assert got.dtype == expected.dtype and got.shape == expected.shape
            np.testing.assert_allclose(got.numpy(), expected.detach().numpy(), rtol=1e-14 if dtype is np.float64 else 1e-6)


REFUSED = {
    "shapes": (lambda x: x + jt.tensor(np.ones(5)), "must match the size"),
    "columns": (lambda x: x[:, :2] * x[:, :3], "must match the size"),
    "product": (lambda x: x @ x, "cannot be multiplied"),
    "index": (lambda x: x[7], "out of"),
    "indices": (lambda x: x[0, 0, 0], "too many indices"),
    "axis": (lambda x: x.sum(2), "out of range"),
    "reshape": (lambda x: x.reshape(5, 2), "invalid for input of size"),
    "compared": (lambda x: x > jt.tensor(np.ones(5)), "must match the size"),
    "written": (lambda x: x.add_(jt.ones(2, 3, 4)), "doesn't match the broadcast shape"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_the_same_before_and_after_calls_that_succeed(name):
    call, words = REFUSED[name]
    x = jt.tensor(A)
    for _ in range(2):
        with pytest.raises((RuntimeError, IndexError, ValueError), match=words):
            call(x)
        for fine in CALLS.values():
            fine(x)


def test_nothing_comes_onto_the_tape():
    x = jt.tensor(A)
    for call in CALLS.values():
        call(x)
    tape = current().tape
    before = len(tape)
    for call in CALLS.values():
        call(x)
    assert len(tape) == before


def test_views_share_memory_and_versions():
    x = jt.tensor(A)
    for view in (lambda: x[1], lambda: x[:, ::2], lambda: x.T, lambda: x.reshape(-1), lambda: x[None, 1:]):
        part = view()
        assert np.shares_memory(part.numpy(), x.numpy())
        version = x._version
        part.zero_()
        assert x._version == part._version > version
        assert (view().numpy() == 0.0).all()
        x.copy_(jt.tensor(A))


def test_turned_around_is_a_copy():
    x = jt.tensor(A)
    turned = x[::-1]
    assert not np.shares_memory(turned.numpy(), x.numpy())
    np.testing.assert_array_equal(turned.numpy(), A[::-1])


def test_a_result_never_shares_memory_with_an_operand():
    x = jt.tensor(A)
    for _ in range(3):
        for call in (lambda x: x.sum(()), lambda x: x.amax(0), lambda x: jt.cat([x]), lambda x: x.clone(), lambda x: x * 1.0):
            assert not np.shares_memory(call(x[:1]).numpy(), x.numpy())


def test_a_write_outside_the_graph_is_noticed():
    w = jt.tensor(A, requires_grad=True)
    loss = (w * w).sum()
    with jt.no_grad():
        w -= 0.1 * w
    np.testing.assert_allclose(w.detach().numpy(), 0.9 * A, rtol=1e-14)
    with pytest.raises(VersionError):
        loss.backward()


def test_a_write_into_a_view_outside_the_graph_is_noticed():
    c = jt.tensor(A)
    w = jt.tensor(A, requires_grad=True)
    loss = (w * c).sum()
    c[1] *= 2.0
    with pytest.raises(VersionError):
        loss.backward()


def test_operands_of_other_kinds_take_the_long_way():
    x, n, b = jt.tensor(A[0]), jt.tensor([1, 2, 3, 4]), jt.tensor([True, False, True, True])
    assert (x * n).dtype == jt.float64 and (n * 2).dtype == jt.int64 and (x.float() * x).dtype == jt.float64
    assert (x.float() * 2.0).dtype == jt.float32 and (jt.tensor(2.0).float() * 0.1).dtype == jt.float32
    np.testing.assert_array_equal((x * b).numpy(), A[0] * [1, 0, 1, 1])
    assert (x * np.ones(4)).dtype == jt.float64


def test_programs_still_see_what_is_not_recorded():
    constant = jt.tensor(A)

    @jt.compile
    def f(x):
        with jt.no_grad():
            scale = (x * x).sum() + constant.mean()
        if scale > 1e6:
            return x
        return (x * scale).sum() + constant[1].sum()

    for factor in (1.0, 2.0, -3.0):
        x = factor * A
        expected = (x * ((x * x).sum() + A.mean())).sum() + A[1].sum()
        np.testing.assert_allclose(f(x), expected, rtol=1e-13)
    constant += 1.0
    np.testing.assert_allclose(f(A), (A * ((A * A).sum() + A.mean() + 1.0)).sum() + A[1].sum() + 4.0, rtol=1e-13)


# --- the shortest path, of constants that only Python keeps ---------------------------------------------------

OPERATORS = {
    "+": lambda x, z: x + z,
    "-": lambda x, z: x - z,
    "*": lambda x, z: x * z,
    "/": lambda x, z: x / z,
    "**": lambda x, z: x**z,
    "maximum": lambda x, z: jt.maximum(x, z),
    "atan2": lambda x, z: jt.atan2(x, z),
    "exp": lambda x, z: jt.exp(x),
    "negative": lambda x, z: -x,
    "sum": lambda x, z: x.sum(),
    "sum of rows": lambda x, z: jt.sum(x, -1) if x.ndim else x.sum(),
}
SHAPES = [(), (1,), (0,), (10,), (3, 4), (1000,), (2100,)]


@pytest.mark.sampled(2, each="name")
@pytest.mark.parametrize("name", OPERATORS)
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_constants_take_the_values_of_operands_that_are_recorded(name, dtype, shape):
    """Layouts, faces and numbers beside: the same bits, dtype and shape as the recorded operation has, the second time, too."""
    rng, operator = np.random.default_rng(1), OPERATORS[name]
    a, b = (rng.uniform(0.5, 2.0, (*shape, 2))[..., 0].astype(dtype) for _ in range(2))  # strided
    for first, second in [(a, b), (np.array(a), np.array(b)), (np.array(a), b), (np.array(a.T).T, b), (np.array(a), 2.5), (a, 3)]:
        x, z = jt.tensor(first), jt.tensor(second) if isinstance(second, np.ndarray) else second
        expected = operator(jt.tensor(first, requires_grad=True), z).detach().numpy()
        for _ in range(3):
            y = operator(x, z)
            assert not y.requires_grad and y.dtype == dtype and y.shape == expected.shape
            if "sum" in name:  # added up by NumPy
                np.testing.assert_allclose(y.numpy(), expected, rtol=20 * np.finfo(dtype).eps)
            else:
                np.testing.assert_array_equal(y.numpy(), expected)
        assert np.asarray(x._array).base is not y.numpy()


def test_constants_overflow_in_silence_and_leave_numpy_as_it_is():
    x = jt.tensor([1e308, -1.0, 0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for y in (x * 10.0, x / 0.0, x + x, jt.sqrt(x), jt.log(x), (x * x).sum(), x**0.5):
            assert not np.isfinite(y.numpy()).all()
        with np.errstate(over="raise"), pytest.raises(FloatingPointError):
            np.float64(1e308) * np.array([10.0])
    with pytest.warns(RuntimeWarning):
        np.array([1e308]) * 10.0
    with np.errstate(divide="raise"):
        assert (x / 0.0).numpy()[0] == np.inf
        assert np.geterr()["divide"] == "raise"


def test_importing_leaves_numpy_s_handling_of_errors_alone():
    program = "import numpy; before = numpy.geterr(); import jittape; jittape.ones(3) + 1.0; assert numpy.geterr() == before"
    subprocess.run([sys.executable, "-c", program], check=True)


def test_constants_that_do_not_fit_raise_what_others_raise():
    x, leaf = jt.tensor(np.ones(3)), jt.tensor(np.ones(3), requires_grad=True)
    for operand, error in ((jt.tensor(np.ones(4)), Exception), (10**400, OverflowError)):
        raised = []
        for left in (leaf, x, x):
            with pytest.raises(error) as caught:
                left + operand
            raised.append((type(caught.value), str(caught.value)))
        assert len(set(raised)) == 1
    assert (x + jt.tensor(np.ones(1, np.float32))).dtype == np.float64
    assert (jt.tensor(np.ones(1, np.float32)) + 1e300).dtype == np.float32


def test_constants_are_part_of_traces_and_looked_at_by_profiles():
    c = jt.tensor(np.arange(3.0))
    _ = c + c

    @jt.compile
    def program(x):
        return (c + c) * x

    np.testing.assert_array_equal(program(np.ones(3)), [0.0, 2.0, 4.0])
    c.add_(1.0)
    np.testing.assert_array_equal(program(np.ones(3)), [2.0, 4.0, 6.0])
    x = jt.tensor(np.ones(3), requires_grad=True)
    (x * c).sum().backward()
    np.testing.assert_array_equal((c + c).numpy(), [2.0, 4.0, 6.0])  # it has a row now
    np.testing.assert_array_equal(c.sum(0).numpy(), 6.0)


def test_results_of_parameters_are_no_parameters():
    frozen = jt.nn.Parameter(jt.tensor(np.ones(3)), requires_grad=False)
    for y in (frozen + frozen, frozen * 2.0, -frozen, jt.exp(frozen), frozen.sum()):
        assert type(y) is jt.Tensor and not y.requires_grad


def test_a_sum_of_constants_is_not_put_on_a_tape():
    with jt.Tape() as tape:
        for n in (5, 6, 7):
            jt.tensor(np.ones(n)).sum()
        assert len(tape) == 0
