"""Arguments that are the same memory: what derivatives of a function do that writes to one of them."""

import itertools

import numba
import numpy as np
import pytest
from numba import types

import jittape as jt
from jittape.errors import SharedMemoryError
from jittape.native.derivatives.shared_memory import share_memory
from jittape.native.derivatives.written_arguments import writes_of
from sampling import some

VECTOR = types.float64[::1]
LARGE, STRIDED, SMALL = np.ones(200_000), np.ones(8)[::2], np.ones(4)


@numba.njit
def doubled(x, y):
    x[0] = x[0] * 2.0
    total = 0.0
    for i in range(len(x)):
        total += x[i] * y[i]
    return total


# --- what is written to ---------------------------------------------------------------------------------------------------


@numba.njit
def first_is_doubled(x):
    x[0] *= 2.0


@numba.njit
def passes_on(x, y, n=3):
    first_is_doubled(x)
    return y[n - 3]


@numba.njit
def calls_itself(x, y):
    return calls_itself(x[1:], y) if len(x) else y[0]


@numba.njit
def takes_rest(y, *rest):
    rest[1][0] = y[0]


@numba.njit
def reads_large(x, y):
    return LARGE[0] + STRIDED[0] + SMALL[0]


def _element(x, y):
    x[0] = 1.0


def _in_place(x, y):
    x += y


def _slice(x, y):
    z = x[1:]
    z[:] = y[1:]


def _one_of_two(x, y):
    z = x if y[0] > 0.0 else y.copy()
    z[0] = 1.0


def _in_tuple(x, y):
    pair = (y, x)
    pair[1][0] = 1.0


def _transposed(x, y):
    x.T.flat[0] = 1.0


def _by_ufunc(x, y):
    np.add(y, y, x)


def _by_method(x, y):
    x.sort()


def _filled(x, y):
    x.fill(0.0)


def _shuffled(x, y):
    np.random.shuffle(x)


def _of_number(x, y):
    total, z = 0.0, y * 2.0
    for v in x:
        total += v
    z[0] = np.sqrt(x)[0]
    w = np.zeros_like(x)
    w += x.copy()
    return total + z @ x + w.sum() + x.reshape(1, x.size).T[0, 0]


def _of_list(x, y):
    found = [v for v in x]
    found[0] = y[0]
    return np.where(x > 0.0, x, y)


WRITTEN = {_of_number: set(), _of_list: set()}
WRITERS = _element, _in_place, _slice, _one_of_two, _in_tuple, _transposed, _by_ufunc, _by_method, _filled, _shuffled


@pytest.mark.sampled(2)
@pytest.mark.parametrize("function", [*WRITTEN, *WRITERS], ids=lambda f: f.__name__)
def test_what_a_function_writes_to(function):
    assert writes_of(numba.njit(function), (VECTOR, VECTOR)).arguments == WRITTEN.get(function, {0})


def test_what_a_function_writes_to_by_calls():
    assert writes_of(passes_on, (VECTOR, VECTOR)).arguments == {0}
    assert writes_of(takes_rest, (VECTOR, VECTOR, VECTOR)).arguments == {1, 2}
    assert writes_of(calls_itself, (VECTOR, VECTOR)).arguments == {0, 1}  # not read twice: all that it is given
    assert list(map(id, writes_of(reads_large, (VECTOR, VECTOR)).constants)) == [id(LARGE), id(STRIDED)]


# --- whether memory is shared ---------------------------------------------------------------------------------------------


def _words(array):
    return np.array([array.ctypes.data, array.itemsize, array.ndim, *array.shape, *array.strides])


def _views():
    m = np.zeros((6, 8))
    slices = [slice(None, 3), slice(3, None), slice(None, None, 2), slice(1, None, 2), slice(4, None, -2), slice(2, 2)]
    yield from (m[a, b] for a, b in itertools.product(slices, slices))
    yield from (m[:, 1], m[2], m[0, 1:], m[1:, 0], m[2, 3:4].reshape(()), m.T, np.zeros(3), np.broadcast_to(m[0, 0], 4))
    yield from (m.view(np.float32)[:, ::2], m.view(np.float32)[:, 1::2])


@numba.njit
def shared(x, z):
    return share_memory(x, z)


def test_views_share_memory_where_numpy_says_so():
    views = list(_views())
    words = [_words(v) for v in views]
    for (x, own), (z, other) in some(list(itertools.product(zip(views, words), repeat=2)), 200):
        found = shared(own.ctypes.data, other.ctypes.data)
        assert bool(found) == np.shares_memory(x, z), (x.shape, x.strides, z.shape, z.strides)


# --- derivatives ----------------------------------------------------------------------------------------------------------


def _with_data(x, y):
    return doubled(x, y), y


WAYS = {
    "adjoint": lambda x, y: jt.value_and_grad(doubled)(x, y)[0],
    "tape": lambda x, y: jt.value_and_grad(numba.njit(_with_data), has_aux=True)(x, y)[0][0],
    "second argument": lambda x, y: jt.value_and_grad(doubled, argnums=1)(x, y)[0],
    "jvp": lambda x, y: jt.jvp(doubled, (x, y), (x, y))[0],
    "vjp": lambda x, y: jt.vjp(doubled, x, y)[0],
    "linearize": lambda x, y: jt.linearize(doubled, x, y)[0],
    "columns": lambda x, y: doubled(x.copy(), y) if jt.jacfwd(doubled)(x, y).shape == x.shape else None,
    "rows": lambda x, y: doubled(x.copy(), y) if jt.jacrev(doubled)(x, y).shape == x.shape else None,
}


@pytest.mark.sampled(1)
@pytest.mark.parametrize("way", WAYS)
def test_arguments_that_share_memory_are_refused_and_others_are_not(way):
    m = np.arange(1.0, 17.0).reshape(4, 4)
    before = m.copy()
    for x, y in ((m[0], m[0]), (m[0], m[:, 1]), (m[0, :3], m[0, 1:])):
        with pytest.raises(SharedMemoryError, match="doubled|_with_data"):
            WAYS[way](x, y)
    for x, y in ((m[0], m[1]), (m[::2, 0], m[1::2, 0])):
        assert WAYS[way](x, y) == doubled(x.copy(), y.copy())
    np.testing.assert_array_equal(m, before)  # nor is anything written to the caller's


def test_an_array_in_a_tuple_and_one_in_code_count_too():
    @numba.njit
    def of_tuple(pair, y):
        pair[0][0] = 2.0
        return pair[0][0] * y[0] * LARGE[0]

    x = np.array([1.0, 2.0])
    assert jt.grad(of_tuple, argnums=1)((x, 3.0), x + 1.0)[0] == 2.0
    with pytest.raises(SharedMemoryError, match="argument 0, which shares memory with argument 1"):
        jt.grad(of_tuple, argnums=1)((x, 3.0), x)
    with pytest.raises(SharedMemoryError, match="a global array"):
        jt.grad(of_tuple, argnums=1)((LARGE[:2], 3.0), x)


def test_a_function_of_one_argument_means_what_it_says():
    @numba.njit
    def squared(x):
        return doubled(x, x)

    value, gradient = jt.value_and_grad(squared)(np.array([1.0, 2.0]))
    assert value == 8.0
    np.testing.assert_array_equal(gradient, [8.0, 4.0])


def test_a_call_with_tensors_writes_to_nothing_in_silence():
    work = np.zeros(2)
    x = jt.tensor([1.0, 2.0], requires_grad=True)
    with pytest.raises(jt.native.NativeError, match="wrote to argument 0, an array"):
        jt.native.call(doubled, work + 1.0, x)
    with pytest.raises(SharedMemoryError):
        jt.native.call(doubled, work, work)


def test_arrays_that_compiled_code_reads_where_they_lie_are_read_there():
    large, strided, small = np.ones(200_000), np.ones(8)[::2], np.ones(4)

    @numba.njit
    def scaled(x):
        return x * large[0] * strided[0] * small[0]

    assert scaled(1.0) == 1.0
    assert jt.value_and_grad(scaled)(1.0) == (1.0, 1.0)
    large[0], strided[0], small[0] = 2.0, 3.0, 5.0
    assert scaled(1.0) == 6.0
    assert jt.value_and_grad(scaled)(1.0) == (6.0, 6.0)


@numba.njit
def told_by_order(x):
    return x.sum() if x.flags.c_contiguous else x[0, 0] * x.strides[0]


def test_memory_order_that_copies_do_not_have_is_refused():
    x = np.arange(1.0, 7.0).reshape(2, 3)
    np.testing.assert_array_equal(jt.grad(told_by_order)(x), np.ones((2, 3)))
    for other in (np.asfortranarray(x), x[:, ::-1]):
        with pytest.raises(jt.native.NativeError, match="np.ascontiguousarray"):
            jt.grad(told_by_order)(other)
