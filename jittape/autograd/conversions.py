"""Conversions of Tensors to floats and arrays, by which values leave the graph.

In an eager program ``float(x)`` answers with PyTorch's warning: that is how users print and branch. In a function that a
transform runs nobody would notice that a derivative is missing, so there the conversion raises. C code that converts without
being asked (``math.sin(x)``, ``array[0] = x``) cannot be told from ``float(x)`` and raises, too; ``x.detach().item()`` is
the explicit way to ask for a plain number.

While a program is traced it is not yet known what will be differentiated. The trace notes which inputs a converted value
depends on. If one of them is differentiated later, the function is called as it is in place of the program, and warns or
raises as above.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

import numpy as np

from ..tape.tape import current
from ..tensors.tensor import Tensor, one_number
from .dependence import is_differentiated, rows_under

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..typing import DTypeLike

_IN_TRANSFORM = (
    "a Tensor that is being differentiated was converted to a float (by float(), a function of the module math, an element "
    "of a NumPy array that it was assigned to, or a function that makes Tensors of numbers: jt.tensor, jt.full, jt.linspace), "
    "and its derivative would be lost. Make arrays with jt.zeros or np.zeros_like(x) in place of np.zeros, join Tensors with "
    "jt.stack, use NumPy's functions in place of those of math, and x.detach().item() where the plain number is meant, to print "
    "or to branch"
)
_EAGER = (
    "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\nConsider using tensor.detach() "
    "first, or NumPy's functions in place of those of math."
)
_NO_ARRAY = (
    " To join Tensors use np.stack in place of np.array; to fill an array in parts, make it with jt.zeros in place of np.zeros."
)


def _mind_the_graph(tensor):
    """Warn or raise where a conversion of `tensor` loses a derivative; silent under ``no_grad``."""
    if not (current().enabled and tensor.requires_grad):
        return
    if is_differentiated(tensor):
        raise TypeError(_IN_TRANSFORM)
    trace = tensor._followed() or tensor._tape
    if trace is not None and trace.derivatives_are_rows:
        trace.convert(rows_under(trace, [tensor]))
    else:
        warnings.warn(_EAGER, UserWarning, stacklevel=3)


def warn_of_conversions(variables):
    """Warn if a conversion that was traced depends on one of the `variables`, which are differentiated now."""
    for t in variables:
        tape = t._followed() or t._tape
        if tape is not None and tape.derivatives_are_rows and t._row in tape.converted:
            warnings.warn(_EAGER, UserWarning, stacklevel=3)
            return


def to_float(self: Tensor) -> float:
    """Convert a Tensor of one element to a float: ``float(x)``.

    Returns
    -------
    float
        The value.
    """
    _mind_the_graph(self)
    return float(one_number(self))


def to_complex(self: Tensor) -> complex:
    """Convert a Tensor of one element to a complex number: ``complex(x)``.

    Returns
    -------
    complex
        The value.
    """
    _mind_the_graph(self)
    return complex(one_number(self))


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
    try:
        array = self.numpy()
    except RuntimeError as refusal:
        raise RuntimeError(f"{refusal}{_NO_ARRAY}") from None
    if dtype is not None and np.dtype(dtype) != array.dtype:
        return array.astype(dtype)
    return array.copy() if copy else array


Tensor._leave_graph = _mind_the_graph
Tensor.__float__, Tensor.__complex__, Tensor.__array__ = to_float, to_complex, to_array
