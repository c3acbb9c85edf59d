"""NumPy's functions of sets: elements chosen by their values, each the derivative of the element it was taken from."""

import numpy as np

from ..tensors.tensor import Tensor
from .array_protocols import in_dtype
from .moved_elements import plain
from .numpy_products import if_there
from .numpy_shapes import as_numpy
from .numpy_statistics import operand


@as_numpy(np.union1d)
def _union1d(ar1, ar2):
    return np.unique(_joined(ar1, ar2))


def _joined(*arrays):
    dtype = np.concatenate([plain(x) if isinstance(x, Tensor) else x for x in arrays], axis=None).dtype
    return np.concatenate([np.ravel(operand(x)) for x in arrays], dtype=dtype)


@as_numpy(np.intersect1d)
def _intersect1d(ar1, ar2, assume_unique=False, return_indices=False):
    """The elements of the first."""
    first, second = operand(ar1), operand(ar2)
    _, places, others = np.intersect1d(plain(first), plain(second), assume_unique, True)
    found = np.ravel(first)[places]
    dtype = np.result_type(first.dtype, second.dtype)
    found = in_dtype(found, dtype, "unsafe")
    return (found, places, others) if return_indices else found


@as_numpy(np.setdiff1d)
def _setdiff1d(ar1, ar2, assume_unique=False):
    first = np.ravel(operand(ar1)) if assume_unique else np.unique(ar1)
    return first[np.isin(plain(first), plain(operand(ar2)), assume_unique=True, invert=True)]


@as_numpy(np.setxor1d)
def _setxor1d(ar1, ar2, assume_unique=False):
    first, second = (operand(x) if assume_unique else np.unique(x) for x in (ar1, ar2))
    whole = _joined(first, second)
    values, places, counts = np.unique(plain(whole), return_index=True, return_counts=True)
    return whole[places[counts == 1]]


def _unique_values(x, /):
    return np.unique(x, equal_nan=False)


def _tuple_of(theirs):
    """NumPy's functions that answer with a tuple which has names, of which only the values have derivatives."""

    @as_numpy(theirs)
    def found(x, /):
        x = operand(x)
        model = theirs(plain(x))
        places = np.unique(plain(x), return_index=True, equal_nan=False)[1]
        return type(model)(np.ravel(x)[places], *model[1:])


for _theirs in if_there(np, "unique_values"):
    as_numpy(_theirs)(_unique_values)
for _name in ("unique_counts", "unique_inverse", "unique_all"):
    for _theirs in if_there(np, _name):
        _tuple_of(_theirs)
