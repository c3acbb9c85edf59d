"""Methods of NumPy's ufuncs, each made of the ufunc itself: ``reduce``, ``accumulate``, ``reduceat`` and ``at``.

NumPy's own reductions have operations of their own; what stands here works for every ufunc of two arguments that is followed.
"""

import numpy as np

from ..dtypes import as_dtype
from .assignment import write
from .copies_and_joins import convert
from .foreign_calls import name_of
from .operation_table import raw


def reduced(ufunc, array, axis=0, dtype=None, keepdims=False, initial=None, where=True):
    """``ufunc.reduce``: the elements along axes, one after another."""
    if where is not True:
        raise TypeError(f"{name_of(ufunc)}.reduce: got where=, expected none: write np.where with a neutral element")
    model = ufunc.reduce(
        np.ones(np.shape(array)), axis, None, None, keepdims, **({} if initial is None else {"initial": initial})
    )
    x = array if dtype is None else convert(array, as_dtype(dtype))
    axes = range(x.ndim) if axis is None else [k % x.ndim for k in np.atleast_1d(axis).tolist()]
    moved = np.moveaxis(x, list(axes), list(range(len(axes))))
    parts = list(np.reshape(moved, (-1, *moved.shape[len(axes) :])))
    if initial is not None or not parts:
        parts.insert(0, np.full(moved.shape[len(axes) :], ufunc.identity if initial is None else initial))
    total = parts[0]
    for part in parts[1:]:
        total = ufunc(total, part)
    return np.reshape(total, np.shape(model))


def accumulated(ufunc, array, axis=0, dtype=None):
    """``ufunc.accumulate``: the results of all beginnings."""
    ufunc.accumulate(np.ones(np.shape(array)), axis)  # NumPy's errors
    x = array if dtype is None else convert(array, as_dtype(dtype))
    parts = list(np.moveaxis(x, axis, 0))
    if not parts:
        return np.copy(x)
    found = parts[:1]
    for part in parts[1:]:
        found.append(ufunc(found[-1], part))
    return np.stack(found, axis)


def reduced_between(ufunc, array, indices, axis=0, dtype=None):
    """``ufunc.reduceat``: the results of slices from each index to the next."""
    indices = np.asarray(raw(indices))
    ufunc.reduceat(np.ones(np.shape(array)), indices, axis)  # NumPy's errors
    x = array if dtype is None else convert(array, as_dtype(dtype))
    moved = np.moveaxis(x, axis, 0)
    found = []
    for first, last in zip(indices.tolist(), [*indices[1:].tolist(), len(moved)]):
        found.append(ufunc.reduce(moved[first:last]) if first < last else moved[first])
    return np.moveaxis(np.stack(found), 0, axis)


def applied_at(ufunc, target, indices, *others):
    """``ufunc.at``: where a position occurs several times, the ufunc is applied as often, one occurrence after another."""
    places = np.arange(np.size(target)).reshape(np.shape(target))[raw(indices)]
    flat = np.ravel(places)
    others = [np.ravel(np.broadcast_to(x, np.shape(places))) for x in others]
    occurrence = _occurrences(flat)
    value = np.ravel(target)
    for turn in range(occurrence.max(initial=-1) + 1):
        now = np.flatnonzero(occurrence == turn)
        found = ufunc(value[flat[now]], *[x[now] for x in others])
        source = np.full(np.size(value), -1)
        source[flat[now]] = np.arange(len(now))
        value = np.where(source >= 0, found[np.maximum(source, 0)], value)
    write(target, np.reshape(value, np.shape(target)))


def _occurrences(flat):
    """Of every position, how often it stands further ahead."""
    order = np.argsort(flat, kind="stable")
    ordered = flat[order]
    starts = np.searchsorted(ordered, ordered, "left")
    found = np.empty(len(flat), np.int64)
    found[order] = np.arange(len(flat)) - starts
    return found
