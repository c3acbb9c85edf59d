"""Zeros with values in a region: the adjoint of reading a slice, a diagonal or windows."""

import functools

import numpy as np

from ..kernels.loops import clear_if
from ..memory.words import address_of, i64_at
from .declare_structured import structured
from .shape_rules import expect, is_shape
from .view_rules import freeze, is_frozen, diagonal_view, slice_view, unfold_view


class ReadRegion:
    """The region that a view reads of an array of some shape, as flat positions of its runs along the innermost axis."""

    def __init__(self, shape, key):
        self.shape, self.key = shape, key
        self.read = _reader(key)
        whole = np.empty(shape, np.int8)  # never written or read: only addresses are computed from it
        part = self.read(whole, np)
        expect(np.may_share_memory(part, whole) or not part.size, "a view")
        self.first, self.read_shape, self.strides = address_of(part) - address_of(whole), part.shape, part.strides
        self.length, self.step = (part.shape[-1], part.strides[-1]) if part.ndim else (1, 1)

    @functools.cached_property
    def starts(self):
        """Where the runs begin: computed at the first use, so that a file cannot ask for their memory by naming a shape."""
        lead = self.read_shape[:-1]
        starts = np.full(lead, self.first, np.int64)
        for axis, n in enumerate(lead):
            along = np.arange(n) * self.strides[axis]
            starts += along.reshape((-1,) + (1,) * (len(lead) - 1 - axis))
        return starts.reshape(-1) if self.length else np.zeros(0, np.int64)

    def __repr__(self):
        return f"<region {self.key} of {list(self.shape)}>"


_OTHER_VIEWS = {"diagonal": diagonal_view, "unfold": unfold_view}


def _reader(key):
    """``read(x, np)`` on arrays, ``read(x)`` on Tensors."""
    if key and key[0] in _OTHER_VIEWS:
        return functools.partial(_read, _OTHER_VIEWS[key[0]], key[1:])
    return functools.partial(_read, slice_view, (key,))


def region_from_file(shape, key):
    """`region_of` for a shape and a key that may be anything."""
    expect(is_shape(shape) and type(key) is tuple, "a shape and an index")
    is_other = len(key) == 4 and key[0] in _OTHER_VIEWS and all(type(k) is int for k in key[1:])
    expect(is_other or is_frozen(key), "a basic index, a diagonal or windows")
    return region_of(shape, key)


def _read(view, statics, x, library=None):
    return view.apply(x, *statics) if library is None else view.body(x, *statics)


@functools.lru_cache(4096)
def region_of(shape, key):
    """The region that a view with some key reads; `key` as made by ``views.freeze``, or (name, statics of a view)."""
    return ReadRegion(shape, key)


@structured(moves=True, grad_name="EmbedBackward0")
def embed_values(y, region):
    """Zeros of a shape with values in a region; where windows overlap, the values are added."""
    x = np.zeros(region.shape, y.dtype)
    places = region.starts[:, None] + np.arange(region.length) * region.step
    np.add.at(x.reshape(-1), places.reshape(-1), y.reshape(-1))
    return x


@embed_values.shaped
def _embedded(shapes, region):
    expect(isinstance(region, ReadRegion) and region.read_shape == shapes[0], "the region of a view of the operand's shape")
    return region.shape


@embed_values.pullback_of(0)
def embed_pullback(x_bar, x, y, region):
    return region.read(x_bar)


@embed_values.exampled
def _embed_examples():
    yield [(3,)], (region_of((9,), freeze((slice(1, 8, 3),))),)
    yield [()], (region_of((4, 2), freeze((2, 1))),)
    yield [(2, 1, 3)], (region_of((4, 3, 7), freeze((slice(0, 4, 2), slice(2, 3), slice(1, 7, 2)))),)
    yield [(1, 5, 4)], (region_of((5, 8), freeze((None, Ellipsis, slice(3, 7)))),)
    yield [(3,)], (region_of((4, 3), ("diagonal", -1, 0, 1)),)
    yield [(3, 4)], (region_of((6,), ("unfold", 0, 4, 1)),)
    yield [(0, 2)], (region_of((3, 2), freeze((slice(0, 0),))),)


@embed_values.planned
def _embed_plan(layouts, region):
    size = int(np.prod(region.shape))
    return region.shape, (len(region.starts), region.length, region.step, address_of(region.starts), size, 0)


@embed_values.kernel_of("forward")
def _embed_forward(at):
    def kernel(params, out, x0):
        p = i64_at(params, 5)
        runs, length, step = p[0], p[1], p[2]
        starts, short, long = i64_at(p[3], runs), at(x0, runs * length), at(out, p[4])
        clear_if(1, long, 0, p[4])
        for r in range(runs):
            first = starts[r]
            for k in range(length):
                long[first + k * step] += short[r * length + k]

    return kernel


@embed_values.kernel_of("reverse")
def _embed_reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(params, 5)
        runs, length, step = p[0], p[1], p[2]
        starts, short, long = i64_at(p[3], runs), at(x_bar, runs * length), at(y_bar, p[4])
        clear_if(fresh, short, 0, runs * length)
        for r in range(runs):
            first = starts[r]
            for k in range(length):
                short[r * length + k] += long[first + k * step]

    return kernel


def embed(y, shape, key):
    """Zeros of a shape with `y` at an index: the adjoint of reading there."""
    return embed_values.apply(y, region_of(tuple(shape), key))


def _embed_lanes(statics, n):
    """None where one more axis is not the last of what is read: a diagonal and windows put theirs behind it."""
    region = statics[0]
    wide = (*region.shape, n)
    one, many = region.read(np.empty(region.shape, np.int8), np), region.read(np.empty(wide, np.int8), np)
    if many.shape != (*one.shape, n) or many.strides != (*[s * n for s in one.strides], 1):
        return None
    return (region_of(wide, region.key),)


embed_values.at, embed_values.lanes = embed, _embed_lanes
