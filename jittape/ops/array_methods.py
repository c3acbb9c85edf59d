"""Methods and attributes of Array: those of `numpy.ndarray`, each made of NumPy's function of that name."""

import builtins
import inspect
import math

import numpy as np

from ..dtypes import as_dtype, is_complex, is_differentiable
from ..tensors.array import Array, is_number, without_axes
from ..tensors.tensor import one_number
from .array_elements import element, iterate
from .array_protocols import as_result, call, in_dtype
from .assignment import setitem
from .complex_parts import conj, imag, real, set_imag, set_real
from .copies_and_joins import clone, copy_in_order
from .declared_docstrings import docstring
from .array_flags import Flags, setflags
from .memory_order import laid_out
from .operation_names import BY_NUMPY
from .shape_functions import in_order, numpy_ravel, permute, reshape


_MAY_RAISE = {
    "item": [("ValueError", "If there are several elements and no index is given.")],
    "view": [("TypeError", "If the dtype is another one.")],
    "to_device": [("ValueError", "If it is another device.")],
}


def _documented(method, summary, name="", refuses="", answers=True):
    """A method of NumPy's with the sections that its signature calls for."""
    stars = {inspect.Parameter.VAR_POSITIONAL: "*", inspect.Parameter.VAR_KEYWORD: "**"}
    parameters = [p for p in inspect.signature(method).parameters.values() if p.name != "self"]
    about = [(stars.get(p.kind, "") + p.name, "object, optional", "As in NumPy.") for p in parameters]
    answer = None if refuses or not answers else ("object", "As in NumPy, with Arrays in the place of arrays.")
    errors = [("TypeError", refuses)] if refuses else _MAY_RAISE.get(name, ())
    method.__doc__ = docstring(summary, about, answer, errors)
    return method


def _method_of(function):
    def method(self, *args, **kwargs):
        if args or kwargs or not is_differentiable(self.dtype):
            return call(function, self, *args, **kwargs)
        value = BY_NUMPY[function](self)
        return value if type(value) is Array else as_result(value, (self,))

    method.__name__ = method.__qualname__ = function.__name__
    return _documented(method, f"As `numpy.{function.__name__}`, whose other arguments it takes.")


for _name in dir(np.ndarray):
    if not _name.startswith("_") and callable(getattr(np.ndarray, _name)) and callable(getattr(np, _name, None)):
        setattr(Array, _name, _method_of(getattr(np, _name)))  # those that are no function of the array alone follow below


# --- functions of NumPy that only its arrays need ------------------------------------------------------------------------


def _plain(x):
    return np.array(x._value()) if isinstance(x, Array) else np.asarray(x)


def _nonzero(a):
    return np.nonzero(_plain(a))


def _argpartition(a, kth, axis=-1, kind="introselect", order=None):
    return np.argpartition(_plain(a), kth, axis)


def _searchsorted(a, v, side="left", sorter=None):
    return np.searchsorted(_plain(a), _plain(v), side, sorter)


def _compress(condition, a, axis=None):
    chosen = np.flatnonzero(_plain(condition))
    return call(np.take, a, chosen, axis)


def _divmod(x, y):
    return call(np.floor_divide, x, y), call(np.remainder, x, y)


BY_NUMPY.update(
    {
        np.nonzero: _nonzero,
        np.argpartition: _argpartition,
        np.searchsorted: _searchsorted,
        np.compress: _compress,
        np.divmod: _divmod,
    }
)


# --- shapes and copies ----------------------------------------------------------------------------------------------------


def _compress_method(self, condition, axis=None, out=None):
    """As `numpy.compress`."""
    return call(np.compress, condition, self, axis, out=out)


def _reshape(self, *shape, order="C", copy=None):
    """The elements in another shape: a view where the memory allows."""
    found = in_order(self, shape[0] if len(shape) == 1 else shape, order)
    return without_axes(copy_in_order(found, order) if copy else found)


def _transposed(self, *axes):
    """The axes in reverse or in a given order, as a view."""
    if len(axes) == 1 and (axes[0] is None or isinstance(axes[0], (tuple, list))):
        axes = axes[0] or ()
    return permute(self, *(axes or range(self.ndim - 1, -1, -1)))


def _ravel(self, order="C"):
    """All axes joined into one: a view where the memory allows."""
    return numpy_ravel(self, order)


def _flatten(self, order="C"):
    """All axes joined into one, a copy."""
    return clone(_ravel(self, order))


def _copy(self, order="C"):
    """A copy; derivatives flow through it."""
    copied = copy_in_order(self, order)
    return copied if is_number(self) else without_axes(copied)


def _copy_once(self, memo=None):
    """A copy, for `copy.copy` and `copy.deepcopy`."""
    return clone(self)


def _astype(self, dtype, order="K", casting="unsafe", subok=True, copy=True):
    """The elements in another dtype."""
    made = in_dtype(self, dtype, casting)
    return copy_in_order(self, order) if copy and made is self else laid_out(made, order)


def _clip(self, min=None, max=None, out=None):
    """Values cut off at bounds, as `numpy.clip`."""
    return call(np.clip, self, min, max, out=out)


# --- numbers --------------------------------------------------------------------------------------------------------------


def _item(self, *index):
    """One element, as a number that derivatives flow through."""
    index = index[0] if len(index) == 1 else index
    if index == () and self.size != 1:
        raise ValueError("can only convert an array of size 1 to a Python scalar")
    if isinstance(index, tuple) and index:
        return self[index]
    return reshape(self, (-1,))[index or 0]


def _tolist(self):
    """Nested lists of numbers that derivatives flow through."""
    return [x.tolist() for x in self] if self.ndim else self


class FlatArray:
    """The elements of an Array in row-major order, as ``x.flat``: read and written by index."""

    def __init__(self, array):
        self.base = array

    def __len__(self):
        return self.base.size

    def copy(self):
        """All elements, as a vector of its own."""
        return self.base.flatten()

    def __iter__(self):
        return map(self.__getitem__, range(len(self)))

    def __getitem__(self, key):
        found = element(_ravel(self.base), key)
        return clone(found) if found.ndim else found

    def __setitem__(self, key, value):
        places = np.unravel_index(np.arange(self.base.size)[key], self.base.shape)
        setitem(self.base, places, value)


def _flat(self):
    """The elements one after another, see `FlatArray`."""
    return FlatArray(self)


# --- in place -------------------------------------------------------------------------------------------------------------


def _fill(self, value):
    """Set all elements to one value."""
    setitem(self, ..., value)


def _put(self, indices, values, mode="raise"):
    """Set elements by their flat indices."""
    self.flat[indices] = values


def _sort(self, axis=-1, kind=None, order=None):
    """Sort along an axis, in place."""
    setitem(self, ..., call(np.sort, self, axis))


def _partition(self, kth, axis=-1, kind="introselect", order=None):
    """Bring the elements into an order in which the kth stands where sorting would put it, in place."""
    setitem(self, ..., call(np.take_along_axis, self, _argpartition(self, kth, axis), axis))


# --- the rest -------------------------------------------------------------------------------------------------------------


def _real(self):
    """The real part; a real array itself."""
    return real(self)


def _conjugated(self):
    """The conjugate; a real array itself."""
    return conj(self)


def _imaginary(self):
    """The imaginary part; zeros that cannot be written to, if the array is real."""
    if is_complex(self.dtype):
        return imag(self)
    zeros = np.zeros(self.shape, self.dtype)
    zeros.flags.writeable = False
    return zeros


def _strides(self):
    """Bytes from one element to the next along every axis."""
    layout = self._layout
    return tuple(layout.strides) if isinstance(layout, np.ndarray) else tuple(s * self.itemsize for s in layout.strides)


def _view(self, dtype=None, type=None):
    """A view of the same elements; their bytes cannot be read as another dtype."""
    if isinstance(dtype, builtins.type) and issubclass(dtype, np.ndarray):
        dtype = None
    if dtype is not None and as_dtype(dtype) != self.dtype:
        raise TypeError(f"x.view: got dtype {dtype}, expected {self.dtype}: bytes have no derivative; convert with x.astype")
    return element(self, () if is_number(self) else ...)


def _to_device(self, device, /, *, stream=None):
    """The array itself: all are in the memory of the CPU."""
    if device != "cpu":
        raise ValueError(f"got device {device!r}, expected 'cpu'")
    return self


def _rounded(self, ndigits=None):
    """The nearest integer, or the nearest number with so many decimals: Python's `round` of a number."""
    if self.ndim:
        raise TypeError(f"round(): got an array of shape {self.shape}, expected a number; use np.round(x, decimals)")
    return round(one_number(self)) if ndigits is None else call(np.round, self, ndigits)


def _integer_by(function, numpys):
    """Of a number, as an int: piecewise constant, so nothing is lost."""

    def method(self):
        if self.ndim:
            raise TypeError(
                f"math.{function.__name__}: got an array of shape {self.shape}, expected a number; use np.{numpys.__name__}"
            )
        return function(one_number(self))

    return method


def _as_ratio(self):
    """A float as a ratio of two integers, which have no derivatives."""
    return float(self).as_integer_ratio()


def _is_whole(self):
    """Whether a number is an integer."""
    return one_number(self).is_integer()


def _divided(self, other):
    return self // other, self % other


def _divided_by(self, other):
    return other // self, other % self


for _name, _method in dict(
    reshape=_reshape,
    transpose=_transposed,
    ravel=_ravel,
    flatten=_flatten,
    copy=_copy,
    astype=_astype,
    clip=_clip,
    item=_item,
    tolist=_tolist,
    fill=_fill,
    put=_put,
    sort=_sort,
    partition=_partition,
    view=_view,
    to_device=_to_device,
    conj=_conjugated,
    conjugate=_conjugated,
    compress=_compress_method,
    as_integer_ratio=_as_ratio,
    is_integer=_is_whole,
    __getitem__=element,
    __setitem__=setitem,
    __iter__=iterate,
    __copy__=_copy_once,
    __deepcopy__=_copy_once,
    __pos__=_method_of(np.positive),  # a copy, where that of a Tensor is itself
    __round__=_rounded,
    __floor__=_integer_by(math.floor, np.floor),
    __ceil__=_integer_by(math.ceil, np.ceil),
    __trunc__=_integer_by(math.trunc, np.trunc),
    __divmod__=_divided,
    __rdivmod__=_divided_by,
    real=property(_real, set_real),
    imag=property(_imaginary, set_imag),
    strides=property(_strides),
    flat=property(_flat),
    flags=property(Flags),
    setflags=setflags,
).items():
    if not (_name.startswith("__") or isinstance(_method, property)):
        _answers = _method not in (_fill, _put, _sort, _partition, setflags)
        _documented(_method, inspect.getdoc(_method).partition("\n")[0], _name, answers=_answers)
    setattr(Array, _name, _method)


def _raises(name, instead):
    message = f"ndarray.{name} of a value that is being differentiated: {instead}"

    def refuse(self, *args, **kwargs):
        raise TypeError(message)

    refuse.__name__ = name
    return _documented(refuse, "Refused: the value is being differentiated.", name, f"Always: {instead}.")


_BYTES = "bytes carry no derivatives; use x.detach().numpy() where none is needed"
_ATTRIBUTES = dict(base="an Array does not tell whose memory it views", ctypes=_BYTES, data=_BYTES)
for _name, _instead in _ATTRIBUTES.items():
    setattr(Array, _name, property(_raises(_name, _instead)))
for _name, _instead in dict(
    byteswap=_BYTES,
    dump=_BYTES,
    dumps=_BYTES,
    getfield=_BYTES,
    setfield=_BYTES,
    tobytes=_BYTES,
    tofile=_BYTES,
    resize="shapes are fixed; use np.resize or write x.reshape(...)",
    choose="it holds floats; use np.where or index a stacked array",
).items():
    setattr(Array, _name, _raises(_name, _instead))
