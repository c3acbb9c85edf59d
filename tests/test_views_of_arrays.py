"""Views of Arrays: reversed slices; and arrays without axes, which are no numbers."""

import random

import numpy as np
import pytest
from numpy_meaning import assert_means_the_same, leaves, weighted
from sampling import some

import jittape as jt

X = np.array([1.3, 2.1, 3.4])


def reversed_written_through(x):
    y = 2 * x
    r = y[::-1]
    r[0] = 5.0
    return y


def reversed_base_written_slice_used(x):
    y = 2 * x
    r = y[::-1]
    y[0] = 5.0
    return r


def reversed_base_is_gone(x):
    y = (2 * x)[::-1]
    y[0] = 5.0
    return y


def reversed_assigned_to(x):
    y = 2 * x
    y[::-1] = x
    return y


def reversed_copied(x):
    y = 2 * x
    r = y[::-1].copy()
    r[0] = 5.0
    y[1] = 4.0
    return y + r


def reversed_read(x):
    y = 2 * x
    s = sum(v for v in y[::-1])
    y[0] = s
    return y


def reversed_rebound(x):
    y = 2 * x
    y = y[::-1]
    y += 1.0
    y[1] = x[0]
    return y


def reversed_flipped_and_scaled(x):
    y = 2 * x
    r = np.flip(y)
    r *= 2
    return y


def reversed_of_zeros(x):
    y = np.zeros_like(x)
    r = y[::-1]
    r[0] = x[0]
    return y


def reversed_assigned_to_itself(x):
    y = 2 * x
    y[:] = y[::-1]
    return y


def reversed_slice_of_a_slice(x):
    y = 2 * x
    z = y[1:]
    r = z[::-1][1:]
    r[0] = 1.0
    return y


def reversed_added_to_itself(x):
    y = 2 * x
    y[:2] = y[1::-1] + 0
    y += y[::-1]
    return y


def reversed_of_an_argument_which_is_used(x):
    x[::-1][0] = 3.0
    return x


def reversed_of_an_argument(x):
    y = x[::-1]
    y[0] = 1.0
    return y * 2.0


def reversed_not_used_any_more(x):
    y = 2 * x
    total = y[::-1].sum()
    y *= 2
    return y * total


def reversed_the_slice_alone_is_used(x):
    y = 2 * x
    r = np.flip(y)
    q = r[1:]
    q += 1.0
    return r


def reversed_argument_written(x):
    y = x[::-1] * 1.0
    x[0] = 7.0
    return x * y


def reversed_argument_written_slice_used(x):
    y = x[::-1]
    x[0] = 7.0
    return y


def reversed_argument_of_both(x):
    y = 2 * x
    y[::-1][0] = x[0]
    return x * 2


def reversed_again_and_again(x):
    y = 2 * x
    for i in range(5):
        y = y[::-1]
        y[0] += 1.0
    return y


def without_axes_of_where(x):
    v = np.where(x[0] > 0, x[0], x[1])
    w = v
    v += x[2]
    return w * 1.0


def without_axes_by_ellipsis(x):
    y = 2 * x
    v = y[1, ...]
    v += 1.0
    return y


def without_axes_reshaped(x):
    y = 2 * x
    v = y[1:2].reshape(())
    v *= 3.0
    return y


def without_axes_squeezed(x):
    y = 2 * x
    v = np.squeeze(y[:1])
    w = v
    v -= x[1]
    return y + w


def without_axes_number(x):
    s = x.sum()
    w = s
    s += x[0]
    return w * np.ones(2)


def without_axes_np_copy(x):
    v = np.copy(x[0])
    w = v
    v += 1.0
    return w * x


def without_axes_view_of_what_is_written(x):
    y = 2 * x
    v = y[1, ...]
    y[1] = 9.0
    return v * x


def without_axes_number_of_what_is_written(x):
    y = 2 * x
    v = y[1]
    y[1] = 9.0
    return v * x


def without_axes_copied(x):
    y = 2 * x
    v = y[1, ...].copy()
    w = v
    v += 1.0
    return w * y


def without_axes_result_is_a_number(x):
    v = np.where(x[0] > 0, x[0], 0.0) + 1.0
    w = v
    v += 1
    return w * x


def without_axes_view_of_a_view(x):
    y = x * 1.0
    v = y.reshape(3, 1)[1:2].squeeze()
    y += 1
    v += y[0]
    return y * v


MEAN_THE_SAME = [
    reversed_written_through,
    reversed_base_written_slice_used,
    reversed_flipped_and_scaled,
    reversed_slice_of_a_slice,
    reversed_of_an_argument_which_is_used,
    reversed_argument_written_slice_used,
    reversed_base_is_gone,
    reversed_assigned_to,
    reversed_copied,
    reversed_read,
    reversed_rebound,
    reversed_of_zeros,
    reversed_assigned_to_itself,
    reversed_added_to_itself,
    reversed_not_used_any_more,
    reversed_the_slice_alone_is_used,
    reversed_argument_written,
    reversed_argument_of_both,
    reversed_again_and_again,
    without_axes_of_where,
    without_axes_by_ellipsis,
    without_axes_reshaped,
    without_axes_squeezed,
    without_axes_number,
    without_axes_np_copy,
    without_axes_view_of_what_is_written,
    without_axes_number_of_what_is_written,
    without_axes_copied,
    without_axes_result_is_a_number,
    without_axes_view_of_a_view,
]


@pytest.mark.parametrize("program", MEAN_THE_SAME)
def test_values_and_derivatives(program):
    assert_means_the_same(program, X)
    for ours, theirs in zip(leaves(jt.compile(program)(X)), leaves(program(X.copy())), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-13)


def test_an_argument_that_is_not_used_again():
    value, pull = jt.vjp(reversed_of_an_argument, X)
    np.testing.assert_array_equal(value, reversed_of_an_argument(X.copy()))
    np.testing.assert_array_equal(pull(np.array([1.0, 10.0, 100.0]))[0], [200.0, 20.0, 0.0])


# --- programs of views of views, some of them reversed ------------------------------------------------------------

SLICES = (slice(None, None, -1), slice(None), slice(-2, None, -1), slice(None, None, -2), slice(1, None), slice(None, -1))
VIEWS = {
    "key": lambda v, choose: v[tuple(choose.choice(SLICES) for _ in range(v.ndim))],
    "flip": lambda v, choose: np.flip(v, choose.choice((None, *range(v.ndim)))),
    "flipud": lambda v, choose: np.flipud(v),
    "fliplr": lambda v, choose: np.fliplr(v[None])[0],
    "rot90": lambda v, choose: np.rot90(v[None], choose.randint(-3, 4))[::-1],
    "transposed": lambda v, choose: v.T,
    "exchanged": lambda v, choose: np.swapaxes(v, 0, -1),
    "one more axis": lambda v, choose: v[..., None][::-1],
    "reshaped": lambda v, choose: v.reshape(choose.choice(((-1,), (v.shape[0], -1)))),
    "flat": lambda v, choose: v.ravel(),
}
BASES = (lambda x: 2 * x, lambda x: x, lambda x: np.zeros_like(x) + x, lambda x: (x * 1.5).T)


def _write(target, source, choose):
    how = choose.randrange(6)
    if how == 0:
        target[...] = 0.5
    elif how == 1:
        target += 0.3
    elif how == 2:
        target *= np.tanh(source.sum())
    elif how == 3 and target.size and source.size:
        target[tuple(choose.randrange(n) for n in target.shape)] = source.reshape(-1)[0] * 2
    elif how == 4:
        np.sin(target, out=target)
    elif target.shape == source.shape:
        target[...] = choose.choice((source, source[::-1] * 1.0))
    else:
        target[::-1][:1] = target[-1:] * 0.5


def program_of_views(seed):
    """A function of a matrix that writes to it, or to a value made of it, through views and views of these."""

    def program(x):
        choose = random.Random(seed)
        views = [choose.choice(BASES)(x)]
        for _ in range(choose.randint(1, 3)):
            views.append(VIEWS[choose.choice(sorted(VIEWS))](views[-1], choose))
        totals = []
        for _ in range(choose.randint(1, 3)):
            target, source = choose.choice(views), choose.choice(views)
            _write(target, source, choose)
            totals.append((target * np.tanh(source.sum())).sum())
        return [*totals, *[v * 1.0 for v in views], np.exp(0.1 * views[-1])]

    return program


MATRIX = np.linspace(0.3, 2.2, 12).reshape(3, 4)


@pytest.mark.parametrize("seed", some(range(400), 40))
def test_programs_of_reversed_views(seed):
    program = program_of_views(seed)
    assert_means_the_same(program, MATRIX, note=str(seed))
    for ours, theirs in zip(leaves(jt.compile(program)(MATRIX)), leaves(program(MATRIX.copy())), strict=True):
        np.testing.assert_allclose(ours, theirs, rtol=1e-12)

    def total(x):
        return weighted(leaves(program(x)))

    gradient, along = jt.grad(total), np.cos(np.arange(12.0)).reshape(3, 4)
    found = gradient(MATRIX)
    np.testing.assert_allclose(jt.jvp(total, (MATRIX,), (along,))[1], (found * along).sum(), rtol=1e-9)
    np.testing.assert_allclose(jt.compile(gradient)(MATRIX), found, rtol=1e-9, atol=1e-12)
    several = np.stack([MATRIX, MATRIX + 0.1])
    expected = np.stack([gradient(x) for x in several])
    np.testing.assert_allclose(jt.vmap(gradient)(several), expected, rtol=1e-9, atol=1e-12)
    ahead, behind = gradient(MATRIX + 1e-6 * along), gradient(MATRIX - 1e-6 * along)
    second = jt.hessian(total)(MATRIX)
    np.testing.assert_allclose(np.tensordot(second, along, 2), (ahead - behind) / 2e-6, rtol=1e-5, atol=1e-5)
    np.testing.assert_allclose(jt.jacobian(gradient)(MATRIX), second, rtol=1e-9, atol=1e-9)


def test_reversed_slices_of_tensors_are_copies():
    x = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    y = 2 * x
    for reverse in (y[::-1], y[None, ::-1][0], np.flip(y), y.flip(0)):
        reverse[0] = x[0] ** 2
        assert reverse.tolist() == [1.0, 4.0, 2.0] and reverse.stride() == (1,)
    assert jt.grad(lambda x: (x[::-1] * x).sum())(X).tolist() == (2 * X[::-1]).tolist()  # which leaves a layout behind
    assert y[::-1].stride() == (1,)
    y[::-1] = x
    (y * jt.tensor([1.0, 10.0, 100.0])).sum().backward()
    assert y.tolist() == [3.0, 2.0, 1.0] and x.grad.tolist() == [100.0, 10.0, 1.0]
    constant = jt.zeros(3)
    constant[::-1][0] = 5.0
    assert constant.tolist() == [0.0, 0.0, 0.0]


def test_a_recorded_write_into_memory_that_starts_at_its_end():
    array = np.zeros((2, 3))
    target = jt.from_numpy(array[::-1, ::-1])
    x = jt.tensor([1.0, 2.0, 3.0], requires_grad=True)
    target[0] = x**2
    np.testing.assert_array_equal(array, [[0, 0, 0], [9, 4, 1]])
    (target[:, 1:] * 3).sum().backward()
    assert x.grad.tolist() == [0.0, 12.0, 18.0]


def test_programs_with_reversed_views_in_files(tmp_path):
    compiled = jt.compile(reversed_slice_of_a_slice)
    expected = compiled(X)
    jt.save(compiled, tmp_path / "program")
    np.testing.assert_array_equal(jt.load(tmp_path / "program")(X), expected)


VIEWS_OR_COPIES = {
    "einsum of a diagonal": lambda y: np.einsum("ii->i", y),
    "einsum of turned axes": lambda y: np.einsum("ij->ji", y),
    "einsum of all axes": lambda y: np.einsum("ij", y),
    "einsum with a sum": lambda y: np.einsum("ij->i", y),
    "+y": lambda y: +y,
    "positive": np.positive,
    "-(-y)": lambda y: -(-y),
    "ravel": np.ravel,
    "ravel of turned axes": lambda y: np.ravel(y.T),
    "ravel as it lies": lambda y: np.ravel(y.T, "K"),
    "reshape in columns": lambda y: np.reshape(y.T, -1, order="F"),
    "flatten": lambda y: y.flatten(),
    "rot90 by nothing": lambda y: np.rot90(y, 0),
    "unstack": lambda y: np.unstack(y)[0] if hasattr(np, "unstack") else y[0],
    "split": lambda y: np.split(y, 3)[0],
    "real": np.real,
    "conj": np.conj,
    "method conj": lambda y: y.conj(),
    "nan_to_num": lambda y: np.nan_to_num(y, copy=False),
    "trim_zeros": lambda y: np.trim_zeros(y[0]),
    "sum along no axis": lambda y: np.sum(y, axis=()),
    "astype": lambda y: y.astype(float),
    "astype without a copy": lambda y: y.astype(float, copy=False),
    "a mask": lambda y: y[np.array([True, False, True])],
    "positions": lambda y: y[[0, 1]],
    "broadcast_arrays": lambda y: np.broadcast_arrays(y, y + 1)[0].copy(),
    "resize": lambda y: np.resize(y, (3, 3)),
    "pad by nothing": lambda y: np.pad(y, 0),
    "repeat once": lambda y: np.repeat(y, 1, 0),
    "concatenate one": lambda y: np.concatenate([y]),
    "block of one": np.block,
}


@pytest.mark.parametrize("name", VIEWS_OR_COPIES)
def test_what_is_written_to_a_result_is_in_the_operand_where_it_is_in_numpy(name):
    def f(x):
        y = 1.0 * x
        found = VIEWS_OR_COPIES[name](y)
        found[0] = 50.0 * x[1, 1]
        return np.sum(y * np.arange(9.0).reshape(3, 3)) + np.sum(found * found)

    x = np.arange(1.0, 10.0).reshape(3, 3) + 0.25
    value, gradient = jt.value_and_grad(f)(x)
    assert value == jt.compile(f)(x) == f(x)
    along = np.cos(x)
    slope = (f(x + 1e-6 * along) - f(x - 1e-6 * along)) / 2e-6
    np.testing.assert_allclose(np.sum(gradient * along), slope, rtol=1e-6)
