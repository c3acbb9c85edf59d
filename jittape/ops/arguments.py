"""Conversion of arguments: axes, shapes, and the two spellings (dim/axis, keepdim/keepdims) in users' calls."""

import numbers

import numpy as np

from ..dtypes import DTYPE_CODES, as_dtype, float32
from ..memory.layouts import MAX_NDIM
from ..tape.tape import current
from ..tensors.tensor import Tensor, wrap
from .keywords import taking_keywords
from .operation_table import as_operand

ALL_AXES = [tuple(range(n)) for n in range(MAX_NDIM + 1)]
SPELLINGS = {"axis": "dim", "keepdims": "keepdim", "a": "input", "x": "input", "ddof": "correction"}


def spellings(function):
    """Decorator that accepts NumPy's names for PyTorch's keywords: axis for dim, keepdims for keepdim, a for input."""
    return taking_keywords(function, SPELLINGS)


def one_axis(dim, ndim, what="Dimension"):
    """An axis counted from the front; a 0-dimensional array has the axes -1 and 0."""
    if isinstance(dim, Tensor):
        dim = dim.__index__()
    if isinstance(dim, bool) or not isinstance(dim, (numbers.Integral, np.integer)):
        raise TypeError(f"got dim={dim!r}, expected an integer")
    n = max(ndim, 1)
    if not -n <= dim < n:
        raise IndexError(f"{what} out of range (expected to be in range of [{-n}, {n - 1}], but got {dim})")
    return int(dim) % n


def axes_of(dim, ndim):
    """A sorted tuple of axes from None (all), an integer or a sequence."""
    if dim is None:
        return ALL_AXES[ndim]
    if not isinstance(dim, (tuple, list)):
        return (one_axis(dim, ndim),)
    axes = sorted(one_axis(d, ndim) for d in dim)
    for a, b in zip(axes, axes[1:]):
        if a == b:
            raise RuntimeError(f"dim {a} appears multiple times in the list of dims: got dim={tuple(dim)}")
    return tuple(axes) if axes else tuple(range(ndim))


def as_shape(sizes, name="size"):
    """A shape from ``f(2, 3)`` or ``f((2, 3))``."""
    if len(sizes) == 1 and isinstance(sizes[0], (tuple, list)):
        sizes = tuple(sizes[0])
    elif len(sizes) == 1 and isinstance(sizes[0], Tensor) and sizes[0].ndim == 1:
        sizes = tuple(sizes[0].tolist())
    shape = []
    for n in sizes:
        if isinstance(n, Tensor):
            n = n.__index__()
        if isinstance(n, bool) or not isinstance(n, (numbers.Integral, np.integer)):
            raise TypeError(f"argument {name!r} must be tuple of ints, not {type(n).__name__}: got {sizes!r}")
        shape.append(int(n))
    return tuple(shape)


def as_tensor_argument(value, function, name="input"):
    """A Tensor argument; arrays and numbers are taken as constants, lists are not."""
    if isinstance(value, Tensor):
        return value
    try:
        array = np.asarray(as_operand(value, name))
        if array.dtype not in DTYPE_CODES:
            array = array.astype(float32 if array.dtype == np.float16 else as_dtype(array.dtype))
        tensor = wrap(array)
        if isinstance(value, np.ndarray) and current().recorder is not None:
            tensor._storage.memory.share(value, fresh=True)  # the caller may write to the array before the sweep
        return tensor
    except TypeError:
        raise TypeError(f"{function}(): argument '{name}' (position 1) must be Tensor, not {type(value).__name__}") from None
