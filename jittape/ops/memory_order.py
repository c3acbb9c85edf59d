"""The order of axes in memory: results keep that of their operands, as in NumPy and PyTorch.

A value that is computed lies in memory in row-major order. Where NumPy's result would lie in another order, the operands are
transposed so that theirs is row-major, and the result is a transposed view of what comes out.
"""

import numpy as np

from ..memory.axis_order import axis_order
from ..memory.layouts import LAYOUTS
from ..tensors.tensor import Tensor
from .operation_table import BY_NAME


def place_of(x):
    """Shape and element strides of a Tensor or an array; None if it is in row-major order."""
    if isinstance(x, Tensor):
        if x._array is None:
            layout = LAYOUTS[x._tape.layout_ids[x._row]]
            return None if layout.contiguous else layout[:2]
        x = x._array
    elif not isinstance(x, np.ndarray):
        return None
    if x.flags.c_contiguous:
        return None
    return x.shape, tuple([s // x.itemsize for s in x.strides])


def common_order(operands):
    """The order of the axes of what is made of operands, from the outermost; None if it is row-major."""
    for x in operands:
        if place_of(x) is not None:
            return axis_order(tuple([_shape_and_strides(x) for x in operands if np.ndim(x)]))
    return None


def _shape_and_strides(x):
    if isinstance(x, Tensor) and x._array is None:
        return LAYOUTS[x._tape.layout_ids[x._row]][:2]
    x = x._array if isinstance(x, Tensor) else x
    return x.shape, tuple([s // x.itemsize for s in x.strides])


def arranged(x, order):
    """An operand with its axes in another order, those that it lacks in front; numbers as they are."""
    if not isinstance(x, Tensor):
        return x if np.ndim(x) == 0 else x.reshape((1,) * (len(order) - x.ndim) + x.shape).transpose(order)
    if not x.ndim:
        return x
    if x.ndim < len(order):
        x = BY_NAME["reshape"].apply(x, (1,) * (len(order) - x.ndim) + tuple(x.shape))
    return BY_NAME["permute"].apply(x, order)


def along_axis(function, x, axis):
    """A function along an axis, of one Tensor, whose result has the order of axes that the Tensor has in memory."""
    order = common_order((x,))
    if order is None:
        return function(x, axis)
    return BY_NAME["permute"].apply(function(arranged(x, order), order.index(axis % len(order))), inverse_of(order))


def model_of(x):
    """An array of the dtype, shape and strides of a Tensor, whose elements are not to be read."""
    if x._array is not None:
        return x._array
    layout = x._layout
    strides = [s * x.dtype.itemsize for s in layout.strides]
    return np.lib.stride_tricks.as_strided(np.empty(1, x.dtype), layout.shape, strides)


def flags_of(x):
    """NumPy's flags of the memory of a Tensor."""
    return model_of(x).flags


def laid_out(x, order, like=None):
    """A Tensor in the order that NumPy's ``order=`` asks for: itself, or a copy.

    Parameters
    ----------
    x : Tensor
    order : {"K", "C", "F", "A", None}
        Of memory: as it is; row-major; column-major; column-major if all of `like` are, else row-major.
    like : sequence of Tensor or ndarray, optional
        By default `x` itself.
    """
    if order in ("K", None):
        return x
    if order == "A":
        kinds = [a if isinstance(a, np.ndarray) else model_of(a) for a in like or (x,) if np.ndim(a)]
        order = "F" if kinds and all([a.flags.fnc for a in kinds]) else "C"
    if order not in ("C", "F"):
        raise ValueError(f"order must be one of 'C', 'F', 'A', or 'K' (got {order!r})")
    return in_rows(x) if order == "C" else in_columns(x)


def in_order_of(x, like):
    """A Tensor with its axes in the order in memory that another one, or an array, of as many axes has: itself, or a copy."""
    order = common_order((like,))
    if order == common_order((x,)):
        return x
    if order is None:
        return in_rows(x)
    return BY_NAME["permute"].apply(in_rows(BY_NAME["permute"].apply(x, order)), inverse_of(order))


def in_rows(x, copies=False):
    """A Tensor in row-major order: itself, or a copy."""
    return BY_NAME["clone"].in_rows(x) if copies or not flags_of(x).c_contiguous else x


def in_columns(x, copies=False):
    """A Tensor in column-major order: itself, or a copy."""
    if not copies and flags_of(x).f_contiguous:
        return x
    turned = tuple(range(x.ndim - 1, -1, -1))
    return BY_NAME["permute"].apply(in_rows(BY_NAME["permute"].apply(x, turned), True), turned)


def inverse_of(order):
    """The order of axes that undoes another one."""
    return tuple([order.index(k) for k in range(len(order))])
