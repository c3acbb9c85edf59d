"""Arrays of every kind that NumPy has, at every way in: the answer is right, or the kind is refused at once, with the reason."""

import gc
import tempfile

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.ops.operation_table import BY_NAME
from jittape.tape.tape import current
from sampling import some

PLAIN = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


def unaligned():
    array = np.ndarray((2, 3), float, np.zeros(PLAIN.nbytes + 1, np.uint8), 1)
    array[...] = PLAIN
    return array


def field():
    records = np.zeros((2, 3), [("a", "u1"), ("x", "f8")])
    records["x"] = PLAIN
    return records["x"]


def mapped():
    with tempfile.NamedTemporaryFile() as file:
        array = np.memmap(file.name, float, "w+", shape=(2, 3))
    array[...] = PLAIN
    return array


def read_only():
    array = PLAIN.copy()
    array.flags.writeable = False
    return array


class Subclass(np.ndarray):
    """Of which nothing is overridden."""


FOLLOWED = {
    "plain": lambda: PLAIN,
    "big endian": lambda: PLAIN.astype(">f8"),
    "little endian": lambda: PLAIN.astype("<f8"),
    "unaligned": unaligned,
    "field of records": field,
    "reversed": lambda: PLAIN[::-1, ::-1],
    "Fortran": lambda: np.asfortranarray(PLAIN),
    "strided": lambda: np.repeat(PLAIN, 2, 1)[:, ::2],
    "transposed": lambda: PLAIN.T.copy().T,
    "read-only": read_only,
    "zero strides": lambda: np.broadcast_to(np.array([1.0, 2.0, 3.0]), (2, 3)),
    "overlapping": lambda: np.lib.stride_tricks.as_strided(np.arange(4.0), (2, 3), (8, 8)),
    "memory map": mapped,
    "empty": lambda: np.zeros((0, 3)),
    "without axes": lambda: np.array(2.0),
    "single precision": lambda: PLAIN.astype("f4"),
    "big endian, single precision": lambda: PLAIN.astype(">f4"),
}
REFUSED = {
    "object": lambda: PLAIN.astype(object),
    "structured": lambda: np.zeros(3, [("a", float)]),
    "record": lambda: np.rec.array([(1.0, 2.0)], [("a", float), ("b", float)]),
    "complex of extended precision": lambda: PLAIN.astype(np.clongdouble),
    "strings": lambda: np.array(["a", "b"]),
    "bytes": lambda: np.array([b"a"]),
    "dates": lambda: np.array(["2020-01-01"], "M8[D]"),
    "times": lambda: np.array([1, 2], "m8[s]"),
    "void": lambda: np.zeros(2, "V8"),
    "masked": lambda: np.ma.array(PLAIN, mask=PLAIN > 4.0),
    "17 axes": lambda: np.ones((1,) * 17),
    "32 axes": lambda: np.ones((1,) * 32),
}


def squares(x):
    return (x * x).sum()


compiled_squares = numba.njit(lambda x: (x * x).sum())


def leaf_gradient(t):
    (t * t).sum().backward()
    return t.grad.numpy()


def scale_gradient(array):
    s = jt.tensor(2.0, requires_grad=True, dtype=jt.float64)
    (s * array).sum().backward()
    return s.grad.item()


def shaped(array):
    return np.ones(np.shape(array))


# Ways in, with what they have to answer for the same values in a plain array.
WAYS = {
    "tensor": (lambda a: jt.tensor(a).numpy(), lambda a: a),
    "as_tensor": (lambda a: jt.as_tensor(a).numpy() * 1, lambda a: a),
    "gradient of a leaf": (lambda a: leaf_gradient(jt.tensor(a, requires_grad=True)), lambda a: 2 * a),
    "operand": (scale_gradient, lambda a: a.sum()),
    "grad": (lambda a: jt.grad(squares)(a), lambda a: 2 * a),
    "jvp": (lambda a: jt.jvp(squares, (a,), (shaped(a),))[1], lambda a: 2 * a.sum()),
    "hvp": (lambda a: jt.hvp(squares, a, shaped(a)), lambda a: 2 * shaped(a)),
    "direction": (lambda a: jt.hvp(squares, shaped(a), a), lambda a: 2 * a),
    "cotangent": (lambda a: jt.vjp(lambda x: x * 2.0, shaped(a))[1](a)[0], lambda a: 2 * a),
    "data": (lambda a: jt.grad(lambda s, a: (s * a).sum())(2.0, a), lambda a: a.sum()),
    "closure": (lambda a: jt.grad(lambda s: (s * a).sum())(2.0), lambda a: a.sum()),
    "compile": (lambda a: jt.compile(jt.grad(squares))(a), lambda a: 2 * a),
    "closure of a program": (lambda a: jt.compile(lambda s: (s * a).sum())(2.0), lambda a: 2 * a.sum()),
    "NumPy's functions": (lambda a: np.add(jt.tensor(1.0), a).numpy(), lambda a: 1 + a),
}
SHARING = {"from_numpy": (lambda a: leaf_gradient(jt.from_numpy(a).requires_grad_()), lambda a: 2 * a)}
NATIVE = {
    "native": (lambda a: jt.grad(compiled_squares)(a), lambda a: 2 * a),
    "native.call": (lambda a: jt.native.call(compiled_squares, jt.from_numpy(a)).item(), lambda a: (a * a).sum()),
}
BATCHES = {"vmap": (lambda a: jt.vmap(jt.grad(squares))(a), lambda a: 2 * a)}
# Where nothing is recorded there is no limit of axes, and a program takes for constants what it cannot follow.
ANSWERED = {"17 axes": {"NumPy's functions", "vmap"}, "32 axes": {"NumPy's functions"}, "others": ()}
ANSWERED |= dict.fromkeys(("strings", "bytes", "dates", "times"), {"compile", "vmap"})


@pytest.mark.filterwarnings("ignore:jt.compile.*mmap:RuntimeWarning")
@pytest.mark.parametrize("kind", FOLLOWED)
def test_an_array_that_is_followed(kind):
    array = FOLLOWED[kind]()
    values = np.array(array, float)
    ways = dict(some([*WAYS.items(), *SHARING.items()], 5))
    if kind not in ("empty", "without axes"):
        ways |= BATCHES
    if "single" not in kind and kind != "without axes":
        ways |= dict(some(NATIVE.items(), 1))
    for name, (way, expected) in ways.items():
        if not array.dtype.isnative and name in ("from_numpy", "native", "native.call"):
            with pytest.raises((TypeError, jt.errors.DTypeError), match="copy|order of bytes"):
                way(array)
        else:
            np.testing.assert_allclose(way(array), expected(values), rtol=1e-6, err_msg=f"{name} of an array: {kind}")
        np.testing.assert_array_equal(array, values)


@pytest.mark.parametrize("kind", REFUSED)
def test_an_array_that_is_refused(kind):
    """Errors are the library's: a TypeError or ShapeError with the reason, never NumPy's or Python's from inside."""
    array, ways = REFUSED[kind](), WAYS | SHARING | BATCHES
    answered = ANSWERED.get(kind, ANSWERED["others"])
    for name, (way, _) in some([item for item in ways.items() if item[0] not in answered], 6):
        try:
            answer = way(array)
        except (TypeError, jt.errors.DTypeError, jt.errors.ShapeError) as error:
            assert type(error).__module__ in ("builtins", "jittape.errors"), (name, error)
            assert "expected" in str(error) or "without a copy" in str(error), (name, str(error))
        else:
            pytest.fail(f"{name} answers {answer!r} for an array: {kind}")


def test_compiled_code_is_not_given_bytes_in_another_order():
    """Numba's dispatcher takes such an array for one of the usual kind that it has met before."""
    jt.grad(compiled_squares)(PLAIN)
    with pytest.raises(jt.errors.DTypeError, match=r"'>f8', expected .* pass x.astype\('float64'\)"):
        jt.grad(compiled_squares)(PLAIN.astype(">f8"))


@pytest.mark.parametrize("kind", ["zero strides", "overlapping"])
def test_elements_that_share_memory_have_derivatives_of_their_own(kind):
    array = FOLLOWED[kind]()
    x = jt.tensor(array[0]).expand(2, 3) if kind == "zero strides" else jt.from_numpy(array)
    x = x.detach().requires_grad_()
    weights = np.arange(1.0, 7.0).reshape(2, 3)
    (x * x * weights).sum().backward()
    np.testing.assert_array_equal(x.grad.numpy(), 2.0 * array * weights)
    assert jt.autograd.grad((x * weights).sum(), x)[0].tolist() == weights.tolist()


# --- arrays that change their memory, shape or dtype afterwards -----------------------------------------------------------------

N = 1 << 20  # more than what NumPy takes from its own cache: memory that is given back cannot be read


def _from_numpy(x, a):
    return x * jt.from_numpy(a)


def _operand(x, a):
    return x * a


def _view_of_an_operand(x, a):
    return x * a[::-1][::-1]


def _written(x, a):
    y = x * 1.0
    y[:] = a * y
    return y


def _joined(x, a):
    return np.concatenate([x, a])


def _index(x, a):
    return x[a.astype(np.int64)] * 1.0


@pytest.mark.sampled(2)
@pytest.mark.parametrize("use", [_from_numpy, _operand, _view_of_an_operand, _written, _joined, _index], ids=lambda f: f.__name__)
def test_an_array_whose_memory_is_in_use_is_not_resized(use):
    a, x = np.ones(N), jt.tensor(np.ones(N), requires_grad=True)
    y = use(x, a).sum()
    try:
        a.resize(8, refcheck=False)
    except ValueError:
        assert use is not _index
    else:
        assert use is _index, "rows go on reading memory that was given back"
    y.backward()
    assert x.grad[-1].item() == (0.0 if use is _index else 1.0)
    del x, y
    gc.collect()
    current().compact()
    a.resize(8, refcheck=False)  # nothing uses it any more


@pytest.mark.parametrize(
    "way", [jt.from_numpy, jt.as_tensor, lambda a: jt.tensor(a).requires_grad_()], ids=["from", "as", "copy"]
)
@pytest.mark.filterwarnings("ignore:Setting the:DeprecationWarning")
def test_a_tensor_keeps_its_shape_and_dtype_when_those_of_an_array_are_set(way):
    a = np.ones(6)
    t = way(a)
    for array in (a, t.detach().numpy(), np.asarray(t.detach())):
        array.shape = (2, 3)
        array.dtype = np.int64
        assert t.shape == (6,) and t.dtype == np.float64
    assert t.requires_grad_() is t
    (t * t).sum().backward()
    assert t.grad.tolist() == [2.0] * 6


# --- arrays that a tape has to copy -----------------------------------------------------------------------------------


def _multiplied(x, a):
    return BY_NAME["matmul"].apply(x, a.T, False, False)


def _given_as_it_is(x, a):
    return BY_NAME["cat"].apply([x, a], 0)


def _chosen(x, a):
    return np.where(x > a, x, a)


@pytest.mark.parametrize("use", [_operand, _joined, _chosen, _given_as_it_is, _multiplied], ids=lambda f: f.__name__)
@pytest.mark.parametrize("kind", ["plain", "unaligned", "field of records", "reversed", "strided", "zero strides", "overlapping"])
def test_an_array_that_only_the_tape_keeps(kind, use):
    """What the tape has copied, since no layout says how the array lies in memory, is there when the sweep reads it."""
    array, found = FOLLOWED[kind](), []
    for operand in (array, jt.tensor(array)):
        x = jt.tensor(PLAIN - 2.0, requires_grad=True)
        y = use(x, operand)
        written = [np.full(array.shape, 1e10) for _ in range(50)]  # over memory that was given back
        found.append(jt.autograd.grad((y * y).sum(), x)[0].numpy())
        assert len(written) == 50
    np.testing.assert_array_equal(*found)
