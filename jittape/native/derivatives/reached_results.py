"""Whether a derivative reaches the result of a compiled function at all, and the warning if it does not.

A search that answers by comparisons (bisection, a table that is looked up) has a result that no arithmetic connects with the
arguments. Its gradient is zero, which is seldom what was meant.
"""

import warnings

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import add_symbol, create_struct_proxy, if_unlikely, llvm_ir as ir
from ..compilation.shared_code import symbol
from ..numbers.number_types import Active, Dual, depends_of
from ..tape_memory.arenas import WORD
from ...errors import NoDerivativeWarning
from ...memory.words import address_of

_SYMBOL = "jittape_no_derivative"
_UNREACHED = np.zeros(1, np.int64)  # set by compiled code
add_symbol(_SYMBOL, address_of(_UNREACHED))


@intrinsic
def note_result(typingctx, y, kind):
    """Note a result that no derivative reaches. Inside another derivative that is nothing special."""

    def codegen(context, builder, signature, args):
        if kind.depth == 1:
            with if_unlikely(builder, builder.not_(_flows(context, builder, y, args[0]))):
                builder.store(ir.Constant(WORD, 1), builder.inttoptr(symbol(builder, _SYMBOL), WORD.as_pointer()))
        return context.get_dummy_value()

    return types.void(y, kind), codegen


def _flows(context, builder, ty, number):
    """A bit: whether a number has a node on the tape, or a tangent."""
    nothing = ir.Constant(WORD, 0)
    if isinstance(ty, Dual):
        return builder.icmp_unsigned("!=", depends_of(context, builder, ty, number), nothing)
    if isinstance(ty, Active):
        return builder.icmp_unsigned("!=", create_struct_proxy(ty)(context, builder, number).node, nothing)
    return ir.Constant(ir.IntType(1), 0)  # a plain number; results that are forms have been written


def forget():
    """Begin to watch: what other calls have noted is no longer of interest."""
    _UNREACHED[0] = 0


def warn_if_unreached(name, function):
    """Warn if a result has been noted since."""
    if _UNREACHED[0]:
        warnings.warn(
            f"jt.{name} of {function.__name__}: no derivative reaches the result, so all derivatives are zero. A function that "
            "answers by comparisons alone (bisection, a search in a table) has none; differentiate the equation that it solves. "
            "If zero is meant, ignore jt.errors.NoDerivativeWarning with Python's warnings",
            NoDerivativeWarning,
            stacklevel=4,
        )
