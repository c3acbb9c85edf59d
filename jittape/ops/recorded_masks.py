"""Comparisons as rows: what a trace records where eager code computes an array of bools.

A mask on a tape consists of the numbers 0 and 1, in the dtype of what was compared: kernels take no bools, and `where` reads
numbers anyway. No gradient flows through it.
"""

from ..dtypes import get_default_dtype, is_differentiable
from ..tape.tape import current
from ..tensors.array import face_of
from .declare_elementwise import Elementwise
from .memory_order import arranged, common_order, inverse_of
from .operation_table import common_dtype
from .view_rules import permute_view


class Mask(Elementwise):
    """A comparison or test of numbers, as numbers.

    Parameters
    ----------
    body : function of floats
        1.0 or 0.0.
    ufunc : callable
        NumPy's function of the same meaning.
    holomorphic : bool or function of complex numbers
        What it is of complex numbers, if it is anything.
    """

    def __init__(self, body, ufunc, holomorphic):
        name = f"mask_{body.__name__}"
        super().__init__(body, body.__code__.co_argcount, ufunc=ufunc, name=name, doc=body.__doc__, holomorphic=holomorphic)
        self.partials = _no_partials[self.arity - 1]

    def apply(self, *args):
        """The mask on the trace that records it."""
        tape = current().recorder
        dtype, order = common_dtype(args), common_order(args)
        operands = args if order is None else [arranged(a, order) for a in args]
        masked = self._record(tape, operands, dtype if is_differentiable(dtype) else get_default_dtype())
        tape.hold_mask(masked)
        if order is not None:
            masked = permute_view.apply(masked, inverse_of(order))
        masked.__class__ = face_of(args)
        return masked


def recorded_mask(mask, operands, only_bools=False):
    """The mask of operands on a trace; None without a trace, or if only bools count and the operands are none."""
    tape = current().recorder
    if tape is None or not tape.keeps(operands) or (only_bools and common_dtype(operands).kind != "b"):
        return None
    return mask.apply(*operands)


def _of_one(x, result):
    return (0.0,)


def _of_two(x, y, result):
    return 0.0, 0.0


_no_partials = (_of_one, _of_two)
