"""What an `Array` means: every public attribute of `numpy.ndarray`, and the keywords of NumPy's functions."""

import copy

import numpy as np
import pytest
from numpy_meaning import assert_means_the_same, leaves, outcome

import jittape as jt
import jittape.numpy as jnp

X = np.array([[0.3, -1.2, 2.1], [0.7, 0.4, -0.62]])

ATTRIBUTES = {  # what is called -> programs of a matrix
    "T": [lambda x: x.T],
    "all": [lambda x: x.all(), lambda x: x.all(axis=1)],
    "any": [lambda x: x.any(axis=0, keepdims=True)],
    "argmax": [lambda x: x.argmax(), lambda x: x.argmax(axis=1)],
    "argmin": [lambda x: x.argmin(0)],
    "argpartition": [lambda x: x.argpartition(1)],
    "argsort": [lambda x: x.argsort(), lambda x: x.argsort(axis=0)],
    "astype": [lambda x: x.astype(float), lambda x: x.astype(np.float32), lambda x: x.astype(np.float64, copy=False)],
    "clip": [lambda x: x.clip(0, 1), lambda x: x.clip(max=0.35), lambda x: x.clip(min=0.0)],
    "compress": [lambda x: x.compress([True, False, True], axis=1)],
    "conj": [lambda x: x.conj()],
    "conjugate": [lambda x: x.conjugate()],
    "copy": [lambda x: x.copy(), lambda x: x.copy(order="F")],
    "cumprod": [lambda x: x.cumprod(), lambda x: x.cumprod(axis=1)],
    "cumsum": [lambda x: x.cumsum(), lambda x: x.cumsum(0)],
    "device": [lambda x: x.device],
    "diagonal": [lambda x: x.diagonal(), lambda x: x.diagonal(offset=1)],
    "dot": [lambda x: x.dot(np.arange(3.0)), lambda x: x.dot(x.T), lambda x: x.dot([1, 2, 3])],
    "dtype": [lambda x: x.dtype],
    "flags": [
        lambda x: [x.flags.c_contiguous, x.flags["F"], x.flags.fnc, x.flags.writeable],
        lambda x: [x.T.flags.c_contiguous, x.T.flags["F_CONTIGUOUS"], x.T.flags.fnc],
        lambda x: [x[:, ::2].flags.c_contiguous, x[0].flags.f_contiguous],
    ],
    "flat": [lambda x: x.flat[3], lambda x: list(x.flat), lambda x: x.flat[1:3], lambda x: len(x.flat)],
    "flatten": [lambda x: x.flatten(), lambda x: x.flatten("F")],
    "imag": [lambda x: x.imag],
    "item": [lambda x: x.item(2), lambda x: x.item(1, 0), lambda x: x[:1, :1].item()],
    "itemsize": [lambda x: x.itemsize],
    "mT": [lambda x: x.mT],
    "max": [lambda x: x.max(), lambda x: x.max(axis=0), lambda x: x.max(1, keepdims=True)],
    "mean": [lambda x: x.mean(), lambda x: x.mean(0), lambda x: x.mean(axis=(0, 1), keepdims=True), lambda x: x.mean(axis=())],
    "min": [lambda x: x.min(), lambda x: x.min(axis=1), lambda x: x.min(initial=-2.0)],
    "nbytes": [lambda x: x.nbytes],
    "ndim": [lambda x: x.ndim],
    "nonzero": [lambda x: x.nonzero()],
    "prod": [lambda x: x.prod(), lambda x: x.prod(axis=1), lambda x: x.prod(initial=2.0)],
    "ravel": [lambda x: x.ravel(), lambda x: x.T.ravel(order="F")],
    "real": [lambda x: x.real],
    "repeat": [lambda x: x.repeat(2), lambda x: x.repeat([1, 2], axis=0)],
    "reshape": [lambda x: x.reshape(3, 2), lambda x: x.reshape((6,)), lambda x: x.reshape(-1, order="F")],
    "round": [lambda x: x.round(), lambda x: x.round(1), lambda x: x.round(decimals=1)],
    "searchsorted": [lambda x: np.sort(x.ravel()).searchsorted(0.35)],
    "setflags": [lambda x: (x.setflags(write=False), x.flags.writeable)[1]],
    "shape": [lambda x: x.shape],
    "size": [lambda x: x.size],
    "squeeze": [lambda x: x[:1].squeeze(), lambda x: x[:1].squeeze(axis=0)],
    "std": [lambda x: x.std(), lambda x: x.std(axis=1), lambda x: x.std(0, ddof=1), lambda x: x.std(keepdims=True)],
    "strides": [lambda x: x.strides, lambda x: x.T.strides, lambda x: x[:, ::2].strides],
    "sum": [
        lambda x: x.sum(),
        lambda x: x.sum(1),
        lambda x: x.sum(axis=(0, 1)),
        lambda x: x.sum(axis=()),
        lambda x: x.sum(initial=1.5),
        lambda x: x.sum(where=X > 0),
        lambda x: x.sum(axis=0, dtype=np.float32),
    ],
    "swapaxes": [lambda x: x.swapaxes(0, 1)],
    "take": [lambda x: x.take([0, 5]), lambda x: x.take([1, 0], axis=1)],
    "to_device": [lambda x: x.to_device("cpu")],
    "tolist": [lambda x: x.tolist(), lambda x: x[0, 0].tolist()],
    "trace": [lambda x: x.trace(), lambda x: x.trace(offset=1)],
    "transpose": [lambda x: x.transpose(), lambda x: x.transpose(1, 0), lambda x: x[None].transpose((2, 0, 1))],
    "var": [lambda x: x.var(), lambda x: x.var(axis=1, ddof=1), lambda x: x.var(axis=())],
    "view": [lambda x: x.view()],
}


def changed(change):
    """A program that changes a copy in place, by a method of NumPy's."""

    def program(x):
        y = 1.5 * x
        change(y)
        return y

    return program


IN_PLACE = {
    "fill": changed(lambda y: y.fill(2.0)),
    "partition": changed(lambda y: y.partition(1)),
    "put": changed(lambda y: y.put([0, 4], [7.0, 8.0])),
    "sort": changed(lambda y: y.sort()),
    "sort 0": changed(lambda y: y.sort(axis=0)),
}

REFUSED = {  # attribute -> what the error says to write
    "base": "view",
    "byteswap": "detach",
    "choose": "np.where",
    "ctypes": "detach",
    "data": "detach",
    "dump": "detach",
    "dumps": "detach",
    "getfield": "detach",
    "resize": "reshape",
    "setfield": "detach",
    "tobytes": "detach",
    "tofile": "detach",
}

FUNCTIONS = [
    lambda x: np.outer(x[0], [1, 2]),
    lambda x: np.tile(x, reps=(2, 1)),
    lambda x: np.swapaxes(x, axis1=0, axis2=1),
    lambda x: np.roll(x, shift=1, axis=0),
    lambda x: np.take(x, indices=[1], axis=0),
    lambda x: np.sum(x, where=X > 0, initial=2.0),
    lambda x: np.mean(x, where=X > 0),
    lambda x: np.std(x, where=X > 0),
    lambda x: np.var(x, axis=1, where=X > -1, keepdims=True),
    lambda x: np.max(x, where=X < 1, initial=-5.0),
    lambda x: np.prod(x, where=X > 0, axis=0),
    lambda x: np.sum(a=x, axis=1),
    lambda x: np.clip(x, a_min=0.0, a_max=1.0),
    lambda x: np.where(x > 0, x, [1, 2, 3]),
    lambda x: np.concatenate((x, [[1, 2, 3]])),
    lambda x: np.stack([x[0], [1.0, 2.0, 3.0]], axis=1),
    lambda x: np.dot([1, 2], x),
    lambda x: np.add.reduce(x, axis=1),
    lambda x: np.add.reduce(x),
    lambda x: np.maximum.reduce(x, axis=None),
    lambda x: np.multiply.accumulate(x, axis=1),
    lambda x: np.add(x, [1, 2, 3]),
    lambda x: np.maximum([0, 0, 0], x),
    lambda x: np.sort(x, axis=None),
    lambda x: [1, 2, 3] * x,
    lambda x: x @ [1, 2, 3],
    lambda x: x > [0, 1, 0],
    lambda x: divmod(x, 0.5)[1],
    lambda x: np.reshape(x, shape=(3, 2)),
    lambda x: np.diff(x, n=1, axis=0),
    lambda x: np.flip(x, axis=1),
    lambda x: np.ravel(x),
    lambda x: np.moveaxis(x, 0, 1),
    lambda x: np.repeat(x, repeats=2, axis=0),
    lambda x: np.squeeze(x[:1], axis=0),
    lambda x: np.expand_dims(x, axis=0),
    lambda x: np.cumsum(x, axis=0),
    lambda x: copy.copy(x),
    lambda x: copy.deepcopy(x),
    lambda x: x[::-1],
    lambda x: x[0] ** 2,
    lambda x: 2**x,
    lambda x: x // 0.27,
    lambda x: len(x),
    lambda x: [row.sum() for row in x],
    lambda x: sum(x[0]),
    lambda x: x * np.float32(2),
    lambda x: x * np.arange(3),
    lambda x: x.prod(axis=0, initial=2.0),
    lambda x: (x * 7.0) // 1.0,
    lambda x: 3.17 // x,
    lambda x: divmod(np.array([1.0, 0.5, 0.9]), x),
    lambda x: np.add.outer(x, [1.0, 2.0]),
    lambda x: np.add.accumulate(x, axis=1, dtype=np.float32),
    lambda x: np.full_like(x, x[0, 1]),
    lambda x: added_at(np.add, x, [0, 0], [1.0, 2.0, 3.0]),
    lambda x: added_at(np.subtract, x, (0, [1, 1]), x[1, :2]),
    lambda x: np.linalg.slogdet(x @ x.T).logabsdet,
    lambda x: np.linalg.solve(np.stack([x[:, :2]] * 2), np.eye(2)),
    lambda x: x.flat.copy(),
    lambda x: np.sum(x, None, np.float32),
    lambda x: np.trace(x, 0, 0, 1, np.float32),
    lambda x: np.clip(x, 0, 1, x * 1.0),
]


def added_at(ufunc, x, places, values):
    y = 1.0 * x
    ufunc.at(y, places, values)
    return y


SINGLE = [  # of float32, with what it meets
    lambda x: x * np.arange(3),
    lambda x: x * np.arange(3, dtype=np.int32),
    lambda x: x * np.float64(0.1),
    lambda x: x * 0.1,
    lambda x: x[0] + np.arange(3, dtype=np.float32),
    lambda x: x * np.ones(3),
    lambda x: x * True,
    lambda x: x * np.int64(2),
    lambda x: x[0, 0] * np.float64(2),
    lambda x: x @ np.arange(3.0),
    lambda x: x @ np.arange(3),
    lambda x: np.outer(x[0], [1]),
    lambda x: np.where(x > 0, x, np.zeros(3)),
    lambda x: np.concatenate([x, np.ones((1, 3))]),
    lambda x: x.sum(),
    lambda x: x.mean(0),
    lambda x: np.maximum(x, np.arange(3)),
    lambda x: x / np.arange(1, 4),
    lambda x: x**2,
    lambda x: x ** np.arange(3),
    lambda x: np.add(x, 1, dtype=np.float64),
    lambda x: x.astype(float),
    lambda x: np.sin(x) * np.arange(3, dtype=np.uint8),
    lambda x: x.var(),
    lambda x: x.argsort(),
    lambda x: x.round(1),
    lambda x: x.cumsum(),
    lambda x: np.dot(x, np.arange(3)),
    lambda x: x + np.zeros((), np.float64),
    lambda x: np.stack([x[0], np.arange(3)]),
    lambda x: np.hypot(x, 1),
    lambda x: x > 0,
    lambda x: np.mean(x, where=X > 0),
    lambda x: np.std(x, axis=0, where=X > -1),
    lambda x: x ** np.float64(2),
    lambda x: x ** np.int64(3),
    lambda x: 3 // x,
    lambda x: np.float_power(x * x, 2),
    lambda x: np.linalg.solve(x[:, :2], np.array([1, 2], np.int8)),
]


def check(program):
    assert_means_the_same(program, X)


def test_every_attribute_is_in_a_table():
    public = {name for name in dir(np.ndarray) if not name.startswith("_")}
    assert public - {"newbyteorder", "itemset", "ptp", "tostring"} <= set(ATTRIBUTES) | set(IN_PLACE) | set(REFUSED)


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_attributes(name):
    for program in ATTRIBUTES[name]:
        check(program)


@pytest.mark.parametrize("name", IN_PLACE)
def test_methods_that_write(name):
    check(IN_PLACE[name])


@pytest.mark.parametrize("name", sorted(k for k, v in REFUSED.items() if v))
def test_attributes_that_are_refused_say_what_to_write(name):
    def program(x):
        found = getattr(x, name)
        return found() if callable(found) else found

    with pytest.raises(TypeError, match=REFUSED[name]):
        jt.grad(program)(X)


@pytest.mark.parametrize("number", range(len(FUNCTIONS)))
def test_functions_and_their_keywords(number):
    check(FUNCTIONS[number])


@pytest.mark.parametrize("number", range(0, len(FUNCTIONS), 3))
def test_functions_compiled(number):
    program = FUNCTIONS[number]
    for ours, theirs in zip(leaves(jt.compile(program)(X)), leaves(program(X.copy())), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-6, atol=1e-15)


@pytest.mark.parametrize("number", range(len(SINGLE)))
def test_promotion_is_numpys(number):
    """Only Python's numbers are weak; derivatives have the dtype of the argument."""
    program, x = SINGLE[number], X.astype(np.float32)
    expected = program(x.copy())
    for found in (outcome(program, x)[0][0], jt.compile(program)(x)):
        assert np.asarray(found).dtype == expected.dtype and np.shape(found) == np.shape(expected)
        np.testing.assert_allclose(found, expected, rtol=2e-6)
    assert outcome(program, x)[1].dtype == np.float32


def test_the_result_is_an_array_if_an_operand_is_one():
    parameter = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    kinds = []

    def program(x):
        kinds.extend(type(v) for v in (x[0] * parameter, parameter * x[0], jt.exp(x), parameter @ x.T, x > 0, jt.grad(np.sum)(x)))
        return x.sum()

    jt.grad(program)(X)
    jt.compile(program)(X)
    assert set(kinds) == {jt.Array}
    assert type(jt.grad(lambda t: (kinds.append(type(t)), t.sum())[1])(jt.tensor([1.0]))) is jt.Tensor and kinds[-1] is jt.Tensor


def test_numbers_keep_their_dtype():
    value, gradient = jt.value_and_grad(lambda x: (x * x).sum())(np.ones(3, np.float32))
    assert type(value) is np.float32 and gradient.dtype == np.float32
    assert type(jt.value_and_grad(lambda x: x * x)(2.0)[0]) is float


def test_a_function_sees_its_own_writes_to_an_argument_and_the_caller_does_not():
    def program(x):
        inner, first = x[1:], x[0]
        x[0] = 5.0 * x[1]
        inner[0] = 2.0 * first
        inner += 1.0
        return np.sum(x * np.arange(1.0, 4.0)) + first

    x = np.array([1.0, 2.0, 3.0])
    for run in (lambda: jt.value_and_grad(program)(x)[0], lambda: jt.compile(program)(x), lambda: jt.vmap(program)(x[None])[0]):
        assert run() == program(x.copy()) and x.tolist() == [1.0, 2.0, 3.0]
    np.testing.assert_allclose(jt.grad(program)(x), [5.0, 5.0, 3.0])


def test_the_truth_of_an_array_is_ambiguous():
    with pytest.raises(ValueError, match="ambiguous"):
        jt.grad(lambda x: x.sum() if x > 0 else x.sum())(X)


def test_all_that_calls_users_functions_hands_arrays_on():
    kinds = []

    def seen(*values):
        kinds.extend(type(v) for v in values)
        return values[0]

    by_vjp, by_jvp = jt.custom_vjp(lambda x: np.sin(seen(x))), jt.custom_jvp(lambda x: np.sin(seen(x)))
    by_vjp.defvjp(lambda x: (by_vjp(seen(x)), x), lambda x, y_bar: (np.cos(seen(x, y_bar)) * y_bar,))
    by_jvp.defjvp(lambda x, x_dot: (by_jvp(*x), np.cos(seen(*x)) * seen(*x_dot)))
    x, cube = np.arange(3.0), lambda y: (y**3).sum()
    for function in (by_vjp, by_jvp, jt.checkpoint(lambda x: np.sin(seen(x)))):
        expected = np.cos(x)
        np.testing.assert_allclose(jt.grad(lambda x: seen(function(x)).sum())(x), expected)
        np.testing.assert_allclose(jt.compile(jt.grad(lambda x: function(x).sum()))(x), expected)
        np.testing.assert_allclose(jt.hessian(lambda x: function(x).sum())(x), np.diag(-np.sin(x)), atol=1e-15)

    def inside(x):
        y, pullback = jt.vjp(np.sin, x)
        z, pushforward = jt.linearize(np.sin, x)
        seen(y, *pullback(y), z, pushforward(x), jt.jacobian(np.sin)(x), jt.hessian(cube)(x), jt.hvp(cube, x, np.ones(3)))
        seen(jt.compile(np.sin)(x), jt.compile(jt.grad(cube))(x), jt.vmap(np.sin)(x), jt.vmap(jt.grad(np.sin))(x))
        return cube(x)

    np.testing.assert_allclose(jt.grad(inside)(x), 3 * x**2)
    np.testing.assert_allclose(jt.compile(jt.grad(inside))(x), 3 * x**2)
    assert set(kinds) == {jt.Array}


@pytest.mark.filterwarnings("ignore:the matrix subclass")
@pytest.mark.parametrize(
    "make", [lambda: np.ma.masked_array([1.0, 2.0, 3.0], [True, False, False]), lambda: np.matrix(np.eye(3))]
)
def test_arrays_whose_operators_mean_something_else_are_refused(make):
    for program in (lambda x: x * make(), lambda x: np.add(x, make())):
        with pytest.raises(TypeError, match="np.asarray"):
            jt.grad(lambda x: program(x).sum())(X)


def test_lists_choose_as_arrays_do():
    x = np.array([1.3, 2.1, 0.4])
    for chosen in ([0, 1, 0], (1, 1, 0), np.array([0, 1, 1]), 1):
        assert_means_the_same(lambda x: np.choose(chosen, [x, x**2]), x)
        assert_means_the_same(lambda x: np.choose(chosen, [x, x**2, 0.5], mode="wrap"), x)
    assert_means_the_same(lambda x: np.select([[True, False, False], x > 2], [x, x**2], default=x[0]), x)
    assert_means_the_same(lambda x: np.piecewise(x, [[True, False, True]], [lambda v: v**2, 0.5]), x)


@pytest.mark.parametrize("join", [np.vstack, np.hstack, np.dstack, np.column_stack, np.concatenate, np.stack])
def test_an_array_is_joined_as_the_sequence_of_its_rows(join):
    for shape in ((2, 3), (2, 2, 3)):
        x = np.arange(float(np.prod(shape))).reshape(shape)
        value, pullback = jt.vjp(lambda x: join(x), x)
        np.testing.assert_array_equal(value, join(x))
        np.testing.assert_array_equal(pullback(value)[0], x)


# --- arrays that are made inside --------------------------------------------------------------------------------------------

MAKE = {
    "np.ones": lambda x: np.ones(3),
    "np.ones_like": lambda x: np.ones_like(x),
    "jnp.ones": lambda x: jnp.ones(3),
    "of a constant": lambda x: np.ones_like(x) * 0.5,
    "reversed": lambda x: np.ones(3)[::-1],
    "a part": lambda x: np.ones((3, 2))[:, 1],
}
FILL = {
    "an element": lambda c, k: c.__setitem__(k, 2.0 + k),
    "a slice": lambda c, k: c.__setitem__(slice(k, None), 2.0 + k),
    "a mask": lambda c, k: c.__setitem__(c > k, 2.0 + k),
    "a list": lambda c, k: c.__setitem__([0, k], 2.0 + k),
    "+=": lambda c, k: c.__iadd__(1.0),
    "fill": lambda c, k: c.fill(k + 1.0),
    "out=": lambda c, k: np.add(c, 1.0, out=c),
    "a view": lambda c, k: c[1:].__imul__(2.0),
}


@pytest.mark.parametrize("make", MAKE)
@pytest.mark.parametrize("fill", FILL)
def test_a_buffer_is_filled_again_after_it_was_read(make, fill):
    """Each product has what the buffer held then, in a sweep as well."""

    def program(x):
        buffer, total = MAKE[make](x), 0.0
        for k in range(3):
            FILL[fill](buffer, k)
            total = total + (x * x * buffer).sum()
        return total

    x = np.array([0.7, -1.2, 0.4])
    expected = [(program(x + 1e-6 * d) - program(x - 1e-6 * d)) / 2e-6 for d in np.eye(3)]
    for transform in (jt.value_and_grad(program), jt.compile(jt.value_and_grad(program))):
        value, gradient = transform(x)
        assert value == pytest.approx(program(x), rel=1e-14)
        np.testing.assert_allclose(gradient, expected, rtol=1e-7)
    assert jt.vmap(program)(x[None])[0] == pytest.approx(program(x), rel=1e-14)


def test_a_large_array_that_has_changed_is_noticed():
    """Rows read its own memory."""
    c = np.ones(5000)

    def program(x):
        y = x * x * c
        c[0] = 2.0
        return y.sum()

    with pytest.raises(jt.errors.VersionError, match="needed by MulBackward0.*a NumPy array of more than 32768 bytes.*a.copy()"):
        jt.grad(program)(np.ones(5000))


@pytest.mark.parametrize("make", [np.zeros_like, np.ones_like])
def test_sums_of_numbers_in_elements_and_in_arrays_without_axes(make):
    """The memory of a number that was read from a constant is its own, and an array without axes keeps its place."""

    def program(x):
        sums, whole = make(x), make(x[0])
        kept, first = whole, sums[0]
        for i in range(3):
            before = sums[i]
            sums[i] += x[i] * x[0]
            before += 1.0
            whole += x[i] * before
        first *= x[1]
        return (sums * sums).sum() + whole * kept + first

    assert_means_the_same(program, np.array([0.7, -1.2, 0.4]))


def test_numbers_are_keys_by_their_values():
    def program(x):
        seen, total = {x[0], x[1], x[0] * 1.0}, {}
        for v in x:
            total[v] = total.get(v, 0.0) + v * v
        return sum(seen) * len(seen) + sum(total.values()) * len(total)

    for x in ([1.0, 2.0, 1.0], [2.0, 2.0, 2.0]):
        assert jt.value_and_grad(program)(np.array(x))[0] == program(np.array(x)) == jt.compile(program)(np.array(x))
    np.testing.assert_allclose(jt.grad(program)(np.array([1.0, 2.0, 1.0])), [6.0, 10.0, 4.0])
    for unhashable in (lambda x: {x}, lambda x: {np.zeros_like(x[0])}):
        with pytest.raises(TypeError, match="unhashable"):
            jt.grad(unhashable)(X)
