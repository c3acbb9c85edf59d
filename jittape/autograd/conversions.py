"""Exits: conversions of Tensors to numbers, arrays and pickles, by which values leave the graph; and copies, which stay in it.

In an eager program ``float(x)`` answers with PyTorch's warning: that is how users print and branch. In a function that a
transform runs nobody would notice that a derivative is missing, so there every exit raises. C code that converts without
being asked (``math.sin(x)``, ``array[0] = x``) cannot be told from ``float(x)`` and raises, too; ``x.detach().item()`` is
the explicit way to ask for a plain number. What is piecewise constant (``int(x)``, a comparison) has the derivative zero and
loses nothing; text is for people to read.

While a program is traced it is not yet known what will be differentiated. The trace notes which inputs a converted value
depends on. If one of them is differentiated later, the function is called as it is in place of the program, and warns or
raises as above.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING

import numpy as np

from ..errors import LeafError
from ..ops.copies_and_joins import clone
from ..ops.foreign_calls import called_function, instead_of
from ..tape.tape import current
from ..tensors.array import Array
from ..tensors.extras import Extent
from ..tensors.tensor import Tensor, one_number, wrap
from .dependence import is_differentiated, rows_under

if TYPE_CHECKING:
    from typing import Any

    from numpy.typing import NDArray

    from ..typing import DTypeLike

_EAGER = (
    "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\nConsider using tensor.detach() "
    "first, or NumPy's functions in place of those of math."
)
_FLOATS = (
    "Make arrays with jt.zeros or np.zeros_like(x) in place of np.zeros, join values with jt.stack or np.stack, use NumPy's "
    "functions in place of those of math"
)


def _lost(exit, instead):
    """The error of an exit that a transform does not allow."""
    return TypeError(
        f"{exit}: got a value that is being differentiated, expected a plain number: its derivative would be lost. {instead}; "
        "x.detach().item() is the plain number, to print or to branch"
    )


def _leave_graph(tensor, exit=None):
    """Warn or raise where a conversion of `tensor` to floats loses a derivative; silent under ``no_grad``."""
    if not (current().enabled and tensor.requires_grad):
        return
    if is_differentiated(tensor):
        called = exit or called_function() or "a conversion to float"
        raise _lost(called, instead_of(called) or _FLOATS)
    trace = tensor._followed() or tensor._tape
    if trace is not None and trace.derivatives_are_rows:
        captured = trace.captured_row(tensor)
        trace.convert(rows_under(trace, [tensor]) if captured is None else [captured])
    else:
        warnings.warn(_EAGER, UserWarning, stacklevel=3)


def _leave_quietly(tensor, exit):
    """As `_leave_graph` for conversions of which PyTorch does not warn."""
    if not Extent.under_way and not _is_traced(tensor):  # the usual case: whom to ask about it
        return
    if not (current().enabled and tensor.requires_grad):
        return
    if is_differentiated(tensor):
        raise _lost(exit, "Go on with x, or with an element of it")
    if _is_traced(tensor):
        trace = tensor._followed() or tensor._tape
        trace.convert(rows_under(trace, [tensor]))


def _is_traced(tensor):
    tape = tensor._tape
    return tensor._followed() is not None or (tape is not None and tape.derivatives_are_rows)


def _is_in_a_transform(tensor):
    return _is_traced(tensor) or (bool(Extent.under_way) and tensor.requires_grad and is_differentiated(tensor))


def warn_of_conversions(variables):
    """Warn if a conversion that was traced depends on one of the `variables`, which are differentiated now."""
    for t in variables:
        tape = t._followed() or t._tape
        if tape is not None and tape.derivatives_are_rows and (tape.captured_row(t) or t._row) in tape.converted:
            warnings.warn(_EAGER, UserWarning, stacklevel=3)
            return


# --- numbers --------------------------------------------------------------------------------------------------------------


def to_float(self: Tensor) -> float:
    """Convert a Tensor of one element to a float: ``float(x)``.

    Returns
    -------
    float
        The value.
    """
    value = one_number(self)
    _leave_graph(self)
    return float(value)


def to_complex(self: Tensor) -> complex:
    """Convert a Tensor of one element to a complex number: ``complex(x)``.

    Returns
    -------
    complex
        The value.
    """
    value = one_number(self)
    _leave_graph(self)
    return complex(value)


# --- arrays ---------------------------------------------------------------------------------------------------------------


# Of Any in place of generic, NumPy's stubs would take an array times a Tensor for an array.
def to_array(self: Tensor, dtype: DTypeLike | None = None, copy: bool | None = None) -> NDArray[np.generic]:
    """Convert a Tensor to an array where NumPy asks for one.

    Parameters
    ----------
    dtype : dtype, optional
        Of the array; that of the tensor if not given.
    copy : bool, optional
        Copy even if the dtype is right; otherwise memory is shared.

    Returns
    -------
    ndarray
        The values.

    Raises
    ------
    RuntimeError
        If the tensor requires grad.
    """
    if self.requires_grad:
        raise RuntimeError(_no_array(self, called_function()))
    array = self.numpy()
    if dtype is not None and np.dtype(dtype) != array.dtype:
        return array.astype(dtype)
    return array.copy() if copy else array


def _no_array(tensor, called):
    module, _, name = called.rpartition(".")
    direct = not called or name in ("array", "asarray", "asanyarray", "ascontiguousarray", "__array__")
    if direct and type(tensor) is not Array:
        return (
            "Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead. To join Tensors use np.stack "
            "in place of np.array; to fill an array in parts, make it with jt.zeros in place of np.zeros."
        )
    what = "a value that is being differentiated" if type(tensor) is Array else "a Tensor that requires grad"
    instead = instead_of(called) or f"{_NUMPY_WAY}, or give the function a rule of its own with jt.custom_vjp"
    return (
        f"{called or 'a conversion to an array'}: got {what}, expected plain numbers: its derivative would be lost. {instead}; "
        "x.detach().numpy() are the plain numbers"
    )


_NUMPY_WAY = "Join values with np.stack in place of np.array, fill np.zeros_like(x) or jt.zeros in place of np.zeros"


def _dlpack(self: Tensor, **options: Any) -> Any:
    if self.requires_grad:
        raise BufferError("Can't export tensors that require gradient, use tensor.detach()")
    return self.numpy().__dlpack__(**options)


def _dlpack_device(self: Tensor) -> tuple[int, int]:
    return self._value().__dlpack_device__()


def _namespace(self: Tensor, *, api_version: str | None = None) -> Any:
    """The namespace of functions of the array API standard, `jittape.numpy`."""
    return import_module(f"{__name__.partition('.')[0]}.numpy")


# --- copies and pickles ---------------------------------------------------------------------------------------------------


def _copy(self: Tensor) -> Tensor:
    """For `copy.copy`: of a leaf another leaf on its memory, as in PyTorch; of a result a recorded view."""
    if _is_in_a_transform(self) or not self.is_leaf:
        return self.view_as(self)
    copied = self.detach()
    copied.requires_grad = self.requires_grad
    return copied


def _deepcopy(self: Tensor, memo: Any) -> Tensor:
    if _is_in_a_transform(self):
        return clone(self)
    if not self.is_leaf:
        raise RuntimeError(
            "Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment. If you "
            "were attempting to deepcopy a result, take x.clone() for a copy in the graph or x.detach().clone() for one "
            "outside."
        )
    copied = wrap(np.array(self._value(), order="C"))
    copied.requires_grad = self.requires_grad
    if self._extras is not None and self._extras.grad is not None:
        copied.grad = _deepcopy(self._extras.grad, memo)
    memo[id(self)] = copied
    return copied


def _rebuild(array, requires_grad):
    tensor = wrap(array)
    tensor.requires_grad = requires_grad
    return tensor


def _reduce(self: Tensor, protocol: Any = 2) -> Any:
    if not self.is_leaf or (Extent.under_way and self.requires_grad and is_differentiated(self)):
        raise LeafError(
            "pickle: a result cannot be pickled with its graph: got a Tensor that is no leaf, or is being differentiated, "
            "expected a leaf; pickle x.detach()"
        )
    _leave_quietly(self, "pickle")
    return _rebuild, (np.array(self._value(), order="C"), self.requires_grad)


def _no_state(self: Tensor) -> Any:
    raise TypeError(f"{type(self).__name__}.__getstate__: a Tensor has no state apart from its tape: use pickle or x.detach()")


Tensor._leave_graph, Tensor._leave_quietly = _leave_graph, _leave_quietly
Tensor.__float__, Tensor.__complex__, Tensor.__array__ = to_float, to_complex, to_array
Tensor.__dlpack__, Tensor.__dlpack_device__ = _dlpack, _dlpack_device
Tensor.__array_namespace__ = _namespace
Tensor.__copy__, Tensor.__deepcopy__ = _copy, _deepcopy
Tensor.__reduce_ex__, Tensor.__reduce__, Tensor.__getstate__ = _reduce, _reduce, _no_state
