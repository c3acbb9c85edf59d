"""Tensors where Python or NumPy asks for a float or an array: the value leaves the graph.

In an eager program a float is given, with PyTorch's warning: that is how users print and branch. In a function that a
transform runs, nobody would see a derivative go missing, so there it is an exception. C code that converts without being
asked (``math.sin(x)``, ``array[0] = x``) cannot be told from ``float(x)``, so that is one too; ``x.item()`` is explicit.

A trace does not know yet who will differentiate its program. It notes which inputs a converted value depends on: where
one of them is differentiated, the function is called as it is in place of the program, and what is said above holds.
"""

import warnings

import numpy as np

from ..tape.tape import current
from ..tensors.tensor import Tensor, one_number
from .dependence import is_differentiated, rows_under

_IN_TRANSFORM = (
    "a Tensor that is being differentiated was converted to a float (by float(), a function of the module math, an element "
    "of a NumPy array that it was assigned to, or a function that makes Tensors of numbers: jt.tensor, jt.full, jt.linspace), "
    "and its derivative would be lost. Make arrays with jt.zeros or np.zeros_like(x) in place of np.zeros, join Tensors with "
    "jt.stack, use NumPy's functions in place of those of math, and x.item() where the plain number is meant, to print or to "
    "branch"
)
_EAGER = (
    "Converting a tensor with requires_grad=True to a scalar may lead to unexpected behavior.\nConsider using tensor.detach() "
    "first, or NumPy's functions in place of those of math."
)
_NO_ARRAY = (
    " To join Tensors use np.stack in place of np.array; to fill an array in parts, make it with jt.zeros in place of np.zeros."
)


def _mind_the_graph(tensor):
    """Warn or refuse where a derivative gets lost; under ``no_grad`` none is asked for.  Also for functions that make Tensors."""
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
    """What an eager program is told when a value is converted; a trace knows when PyTorch's words ask for derivatives."""
    for t in variables:
        tape = t._followed() or t._tape
        if tape is not None and tape.derivatives_are_rows and t._row in tape.converted:
            warnings.warn(_EAGER, UserWarning, stacklevel=3)
            return


def to_float(self):
    """``float(x)``."""
    _mind_the_graph(self)
    return float(one_number(self))


def to_complex(self):
    """``complex(x)``."""
    _mind_the_graph(self)
    return complex(one_number(self))


def to_array(self, dtype=None, copy=None):
    """What NumPy asks of an argument that is not an array."""
    try:
        array = self.numpy()
    except RuntimeError as refusal:
        raise RuntimeError(f"{refusal}{_NO_ARRAY}") from None
    if dtype is not None and np.dtype(dtype) != array.dtype:
        return array.astype(dtype)
    return array.copy() if copy else array


Tensor._leave_graph = _mind_the_graph
Tensor.__float__, Tensor.__complex__, Tensor.__array__ = to_float, to_complex, to_array
