"""NumPy's functions about shapes, choices and slices that are a line or a few of its others: `numpy.atleast_2d`, `select`, ..."""

import numpy as np

from ..tensors.array import is_number, read_only
from ..tensors.tensor import Tensor
from .array_protocols import in_dtype, must_be_a_tensor
from .assignment import write
from .foreign_calls import name_of
from .memory_order import in_order_of
from .moved_elements import plain, plain_in
from .operation_names import BY_NUMPY
from .view_rules import unfold_view

SEVERAL = type(np.broadcast_arrays(0, 0))  # what NumPy answers several arrays in: a list before NumPy 2


def _blank(x):
    """An array of the dtype and shape of an operand, by which NumPy's function checks it."""
    return np.zeros(tuple(x.shape), x.dtype) if isinstance(x, Tensor) else x


def as_numpy(theirs):
    """Declare a function with the arguments of one of NumPy's."""

    def declare(function):
        function.reads_lists = True
        BY_NUMPY[theirs] = function
        return function

    return declare


# --- shapes and views -------------------------------------------------------------------------------------------------


def _at_least(axes, theirs):
    """``atleast_1d`` and its like: views with axes of length 1 where NumPy puts them."""

    def at_least(*arys):
        found = []
        for x in arys:
            shape = theirs(np.empty(np.shape(x), np.int8)).shape
            found.append(np.reshape(x, shape) if np.ndim(x) < axes else x)
        return found[0] if len(found) == 1 else SEVERAL(found)

    as_numpy(theirs)(at_least)


for _axes, _theirs in enumerate((np.atleast_1d, np.atleast_2d, np.atleast_3d), 1):
    _at_least(_axes, _theirs)


def _split_along(axis, theirs):
    def split(ary, indices_or_sections):
        theirs(np.empty((0,) * ary.ndim, np.int8), 1)  # NumPy's error about the number of axes
        return np.split(ary, indices_or_sections, min(axis, ary.ndim - 1))

    as_numpy(theirs)(split)


for _axis, _theirs in enumerate((np.vsplit, np.hsplit, np.dsplit)):
    _split_along(_axis, _theirs)


@as_numpy(np.broadcast_arrays)
def _broadcast_arrays(*args, subok=False):
    shape = np.broadcast_shapes(*map(np.shape, args))
    return SEVERAL([np.broadcast_to(x, shape) for x in args])


@as_numpy(np.meshgrid)
def _meshgrid(*xi, copy=True, sparse=False, indexing="xy"):
    if indexing not in ("xy", "ij"):
        raise ValueError("Valid values for `indexing` are 'xy' and 'ij'.")
    n = len(xi)
    axes = [1, 0, *range(2, n)] if indexing == "xy" and n > 1 else range(n)
    grids = [np.reshape(x, [-1 if k == axis else 1 for k in range(n)]) for x, axis in zip(xi, axes)]
    if not sparse:
        grids = _broadcast_arrays(*grids)
    return type(np.meshgrid(0))([np.copy(g) for g in grids] if copy else list(grids))


@as_numpy(np.rollaxis)
def _rollaxis(a, axis, start=0):
    np.rollaxis(np.empty((0,) * a.ndim, np.int8), axis, start)  # NumPy's errors
    axis, start = axis % a.ndim, start + a.ndim if start < 0 else start
    return np.moveaxis(a, axis, start - (axis < start))


@as_numpy(np.lib.stride_tricks.sliding_window_view)
def _sliding_window_view(x, window_shape, axis=None, *, subok=False, writeable=False):
    model = np.lib.stride_tricks.sliding_window_view(_blank(x), window_shape, axis)  # NumPy's errors
    lengths = model.shape[x.ndim :]
    rank, axes = x.ndim, range(x.ndim) if axis is None else np.atleast_1d(axis).tolist()
    for k, length in zip(axes, lengths):
        x = unfold_view.apply(x, k % rank, length, 1)
    return x if writeable else read_only(x)


# --- choices --------------------------------------------------------------------------------------------------------------


@as_numpy(np.select)
def _select(condlist, choicelist, default=0):
    masks, choices = [_blank(c) for c in condlist], [_blank(c) for c in choicelist]
    dtype = np.select(masks, choices, _blank(default)).dtype
    value = default
    for condition, choice in zip(condlist[::-1], choicelist[::-1]):
        value = np.where(condition, choice, value)
    return in_dtype(value, dtype, "unsafe")


@as_numpy(np.choose)
def _choose(a, choices, mode="raise"):
    a, n = np.asarray(plain(a)), len(choices)
    if mode == "raise":
        np.choose(a, [0] * n)
    which = np.mod(a, n) if mode == "wrap" else np.clip(a, 0, n - 1) if mode == "clip" else a
    value = choices[-1]
    for k in range(n - 2, -1, -1):
        value = np.where(which == k, choices[k], value)
    return value + np.zeros(np.shape(which), value.dtype) if np.ndim(value) < np.ndim(which) else value


@as_numpy(np.piecewise)
def _piecewise(x, condlist, funclist, *args, **kw):
    first = condlist[0] if isinstance(condlist, (list, tuple)) and len(condlist) else condlist
    if np.isscalar(condlist) or (not isinstance(first, (list, tuple, np.ndarray, Tensor)) and np.ndim(x) != 0):
        condlist = [condlist]
    masks = [np.asarray(plain(c), bool) for c in condlist]
    if len(funclist) == len(masks) + 1:
        masks.append(~np.any(masks, 0))
    elif len(funclist) != len(masks):
        raise ValueError(f"with {len(masks)} condition(s), either {len(masks)} or {len(masks) + 1} functions are expected")
    y = np.zeros_like(x)
    for mask, function in zip(masks, funclist):
        if not callable(function):
            y[mask] = function
        elif mask.any():
            y[mask] = function(x[mask], *args, **kw)
    return y


@as_numpy(np.copyto)
def _copyto(dst, src, casting="same_kind", where=True):
    must_be_a_tensor(dst, name_of(np.copyto))
    np.copyto(float(dst) if is_number(dst) else _blank(dst), _blank(src), casting)  # NumPy's errors
    write(dst, src if where is True else np.where(where, src, dst))


@as_numpy(np.putmask)
def _putmask(a, mask, values):
    """Values are repeated where there are fewer than elements of `a`."""
    np.putmask(_blank(a), plain(mask), 0)  # NumPy's errors
    if np.shape(values) != np.shape(a):
        values = np.reshape(np.resize(values, np.size(a)), np.shape(a))
    mask = mask if isinstance(mask, Tensor) else np.asarray(mask, bool)
    _copyto(a, values, "unsafe", np.reshape(mask, np.shape(a)))


# --- elements chosen by their values --------------------------------------------------------------------------------------


@as_numpy(np.unique)
def _unique(ar, return_index=False, return_inverse=False, return_counts=False, axis=None, **options):
    found = np.unique(plain(ar), True, return_inverse, return_counts, axis, **options)
    model, index, *others = found
    values = in_order_of(np.take(np.ravel(ar) if axis is None else ar, index, 0 if axis is None else axis), model)
    result = (values, *([index] if return_index else []), *others)
    return result if len(result) > 1 else values


@as_numpy(np.partition)
def _partition(a, kth, axis=-1, kind="introselect", order=None):
    if axis is None:
        a, axis = np.ravel(a), -1
    values = plain(a)
    model = np.partition(values, kth, axis)
    ranks = np.argsort(np.argsort(model, axis, kind="stable"), axis)
    found = np.take_along_axis(a, np.take_along_axis(np.argsort(values, axis, kind="stable"), ranks, axis), axis)
    return in_order_of(found, model)


@as_numpy(np.trim_zeros)
def _trim_zeros(filt, trim="fb", **axis):
    kept = np.not_equal(plain(filt), 0)
    np.trim_zeros(kept, trim, **axis)  # NumPy's errors; there is an axis since NumPy 2.2
    axis = axis.get("axis")
    axes = range(filt.ndim) if axis is None else [k % filt.ndim for k in np.atleast_1d(axis).tolist()]
    places, parts = np.argwhere(kept), [slice(None)] * filt.ndim
    for k in axes:
        first, last = (places[:, k].min(), places[:, k].max()) if len(places) else (filt.shape[k], 0)
        parts[k] = slice(first if "f" in trim.lower() else None, last + 1 if "b" in trim.lower() and len(places) else None)
    return filt[tuple(parts)]


# --- functions of slices ----------------------------------------------------------------------------------------------------


@as_numpy(np.apply_along_axis)
def _apply_along_axis(func1d, axis, arr, *args, **kwargs):
    """The slices one after another; `jt.vmap` computes them together."""
    axis = range(arr.ndim)[axis]
    x = np.moveaxis(arr, axis, -1)
    if 0 in x.shape[:-1]:
        raise ValueError("Cannot apply_along_axis when any iteration dimensions are 0")
    found = [func1d(x[place], *args, **kwargs) for place in np.ndindex(*x.shape[:-1])]
    inner = np.shape(found[0])
    whole = np.reshape(np.stack(found), (*x.shape[:-1], *inner))
    return np.moveaxis(whole, list(range(x.ndim - 1, whole.ndim)), list(range(axis, axis + len(inner))))


@as_numpy(np.apply_over_axes)
def _apply_over_axes(func, a, axes):
    for axis in np.atleast_1d(axes).tolist():
        axis, rank = axis + a.ndim if axis < 0 else axis, a.ndim
        found = func(a, axis)
        a = found if np.ndim(found) == rank else np.expand_dims(found, axis)
        if np.ndim(a) != rank:
            raise ValueError("function is not returning an array of the correct shape")
    return a


# --- results without derivatives --------------------------------------------------------------------------------------------


def _values(argument):
    return argument if isinstance(argument, tuple) else plain_in(argument)


def of_values(theirs):
    """Declare that one of NumPy's functions answers with what has no derivative: it is called on the values."""

    def function(*args, **kwargs):
        return theirs(*[_values(a) for a in args], **{k: _values(v) for k, v in kwargs.items()})

    as_numpy(theirs)(function)


for _theirs in (np.argwhere, np.flatnonzero, np.digitize, np.isin, np.array_equiv, np.nanargmax, np.nanargmin, np.isrealobj):
    of_values(_theirs)
