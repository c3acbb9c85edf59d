"""Making arrays of numbers that are differentiated, or that such numbers are written into, with NumPy's arguments."""

import functools

import numpy as np

from ..tape.tape import current
from ..tensors.array import as_array
from ..tensors.extras import Extent
from ..tensors.tensor import wrap
from .array_protocols import as_operands, holds_tensors, in_dtype
from .moved_elements import ElementPositions


def _to_be_written(array):
    """An array of floats or complex numbers as an Array, where a function is differentiated, compiled or mapped now."""
    if type(array) is not np.ndarray or array.dtype not in (np.float64, np.float32, np.complex128, np.complex64):
        return array
    return as_array(wrap(array)) if Extent.under_way or current().tape.derivatives_are_rows else array


# --- functions that make arrays ---------------------------------------------------------------------------------------------


def _making(theirs):
    """One of NumPy's functions that make arrays: what it makes can be written to with numbers that are differentiated."""

    @functools.wraps(theirs)
    def make(*args, **kwargs):
        return _to_be_written(theirs(*args, **kwargs))

    return make


MAKING = {
    name: _making(getattr(np, name))
    for name in (
        "zeros ones empty eye identity arange tri linspace logspace geomspace fromfunction copy "
        "zeros_like ones_like empty_like full_like"
    ).split()
}


def _ready(object, dtype, order, ndmin=0):
    """Differentiated numbers, in lists or not, as an Array or a Tensor."""
    (x,) = as_operands([object])
    x = in_dtype(x, dtype, "unsafe")
    if ndmin > x.ndim:
        x = np.reshape(x, (1,) * (ndmin - x.ndim) + tuple(x.shape))
    return x if order in (None, "K", "A") else np.copy(x, order)


@functools.wraps(np.array)
def array(object, dtype=None, *, copy=True, order="K", subok=False, ndmin=0, like=None):
    if not holds_tensors([object]):
        options = {} if like is None else {"like": like}
        return _to_be_written(np.array(object, dtype, copy=copy, order=order, subok=subok, ndmin=ndmin, **options))
    x = _ready(object, dtype, order, ndmin)
    return np.copy(x) if copy and x is object else x


def _converting(theirs, default):
    @functools.wraps(theirs)
    def convert(a, dtype=None, order=default, **options):
        if holds_tensors([a]):
            return _ready(a, dtype, order)
        return theirs(a, dtype, order=order, **options) if theirs in (np.asarray, np.asanyarray) else theirs(a, dtype)

    return convert


asarray, asanyarray = _converting(np.asarray, None), _converting(np.asanyarray, None)
ascontiguousarray, asfortranarray = _converting(np.ascontiguousarray, "C"), _converting(np.asfortranarray, "F")


@functools.wraps(np.full)
def full(shape, fill_value, dtype=None, order="C", **options):
    if not holds_tensors([fill_value]):
        return _to_be_written(np.full(shape, fill_value, dtype, order, **options))
    shape = (shape,) if isinstance(shape, (int, np.integer)) else tuple(shape)
    return np.copy(np.broadcast_to(_ready(fill_value, dtype, None), shape), order)


@functools.wraps(np.fromiter)
def fromiter(iter, dtype, count=-1, **options):
    values = list(iter) if count < 0 else [v for v, _ in zip(iter, range(count))]
    if not holds_tensors(values):
        return _to_be_written(np.fromiter(values, dtype, **options))
    return _ready(values, dtype, None)


# --- objects of NumPy's -------------------------------------------------------------------------------------------------------


class IndexJoin:
    """NumPy's ``r_`` or ``c_``: what stands in the brackets, joined.

    Parameters
    ----------
    theirs : object
        NumPy's.
    """

    def __init__(self, theirs):
        self._theirs, self.__doc__ = theirs, theirs.__doc__

    def __len__(self):
        return 0

    def __getitem__(self, key):
        items = key if isinstance(key, tuple) else (key,)
        if not holds_tensors(items):
            return _to_be_written(self._theirs[key])
        elements = ElementPositions()
        places = self._theirs[tuple([self._positions(elements, item) for item in items])]
        return elements.gather(places, np.result_type(*[x.dtype for x in elements.operands]))

    def _positions(self, elements, item):
        if isinstance(item, str):
            return item
        return elements.positions(np.r_[item] if isinstance(item, slice) else as_operands([item])[0])


r_, c_ = IndexJoin(np.r_), IndexJoin(np.c_)


class vectorize(np.vectorize):
    """NumPy's `vectorize`, whose function may be called with numbers that are differentiated, one after another.

    `jittape.vmap` computes them together.
    """

    @functools.wraps(np.vectorize.__call__)
    def __call__(self, *args, **kwargs):
        if not holds_tensors((*args, *kwargs.values())):
            return super().__call__(*args, **kwargs)
        if kwargs or self.excluded or self.signature is not None:
            raise TypeError(
                "numpy.vectorize: got keywords, excluded= or signature=, expected none of them with values that are "
                "differentiated: call the function in a loop, or use jittape.vmap"
            )
        arrays = np.broadcast_arrays(*as_operands(args))
        shape = np.shape(arrays[0])
        found = [self.pyfunc(*[a[place] for a in arrays]) for place in np.ndindex(*shape)]
        if found and isinstance(found[0], tuple):
            return tuple([np.reshape(array(list(part)), shape) for part in zip(*found)])
        return np.reshape(array(found), shape)


MAKING.update({f.__name__: f for f in (array, asarray, asanyarray, ascontiguousarray, asfortranarray, full, fromiter, vectorize)})
MAKING.update(r_=r_, c_=c_)
