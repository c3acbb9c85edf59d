"""Functions of the operation table on vectors of numbers of any kind.

Numbers of the base go to the same function; what the number type adds is a pushforward for every tangent, or an entry of the tape
that stands for the pullback.  On plain floats Python has the answer.
"""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ...memory.words import load_i32, set_i32, word
from ..compat import llvm_ir as ir
from ..compilation.compile_cached import compiled_inside, inside, overloaded
from ..numbers.array_types import element_type
from ..numbers.cells import cell_access, is_seed, numeric
from ..numbers.number_parts import new_array, node_of, number_with, number_with_value, zero_of
from ..numbers.number_types import Active, Dual, depends_of, depth_of, make_dual, tangents_of, value_of
from ..numbers.partial_products import differs_from_zero
from ..tape_memory.arenas import COUNT, FIRST, WORD
from ..tape_memory.tape_entries import (
    CALL_DERIVATIVE,
    CALL_INPUTS,
    CALL_NODES,
    CALL_REQUEST,
    CALL_VALUES,
    add_call,
    node_of_entry,
)
from .entry_operands import MASK, tape_of
from .entry_writers import put_cell, values
from .python_requests import ask_numbers, words_of_request
from .table_functions import PULLBACK, PUSHFORWARD


@overloaded
def results_of(x, count, request, derivative):
    """What a function of the table, or a derivative of it, gives for a vector.

    Parameters
    ----------
    x : array
        All that it takes.
    count : int
        How many numbers it gives.
    request : int
        The address of the request.
    derivative : int
        As in `table_functions`.
    """
    like = element_type(x)
    if isinstance(like, Active):
        return _recorded
    return _with_tangents if isinstance(like, Dual) else _answered


def _answered(x, count, request, derivative):
    out = np.empty(count)
    ask_numbers(request, derivative, x.ctypes.data, out.ctypes.data)
    return out


# --- on a tape --------------------------------------------------------------------------------------------------------------


def _recorded(x, count, request, derivative):
    like = zero_of(x, x)
    numbers = values(x, like)
    y, first = results_of(numbers, count, request, derivative), call_entry(x, numbers, count, request, derivative, like)
    out = new_array(count, like)
    for k in range(count):
        out[k] = number_with(y[k], first + k if first else 0, like)
    return out


@compiled_inside
def call_entry(x, numbers, count, request, derivative, like):
    """Append an entry.  Returns the node of the first result; 0 where nothing is recorded."""
    header = tape_of(x, like)
    if header == 0 or count == 0:
        return 0
    entry = add_call(header, request, words_of_request(request), derivative, len(x), count)
    nodes, partials = word(entry, CALL_NODES), word(entry, CALL_VALUES)
    for k in range(len(x)):
        set_i32(nodes, k, node_of(x[k], like))
        put_cell(partials, k, numbers[k], like)
    return node_of_entry(header, entry)


def pull_numbers(cell):
    """The pullback of an entry on a tape whose cells are differential numbers themselves."""
    load, store, zero = cell_access(cell)

    @inside
    def pull(adjoints, entry):
        n, m, first = word(entry, CALL_INPUTS), word(entry, COUNT), word(entry, FIRST)
        nodes, numbers = word(entry, CALL_NODES), word(entry, CALL_VALUES)
        both = new_array(n + m, zero())
        for k in range(n):
            both[k] = load(numbers, k)
        for k in range(m):
            both[n + k] = load(adjoints, first + k)
        x_bar = results_of(both, n, entry + 8 * CALL_REQUEST, 2 * word(entry, CALL_DERIVATIVE) + PULLBACK)
        for k in range(n):
            i = load_i32(nodes, k) & MASK
            if i != 0 and is_seed(x_bar[k], False):  # what a declaration leaves at zero is a structural zero
                store(adjoints, i, numeric(load(adjoints, i) + x_bar[k]))

    return pull


# --- with tangents ------------------------------------------------------------------------------------------------------------


@intrinsic
def _lane(typingctx, number, lane):
    """One tangent of a dual number."""

    def codegen(context, builder, signature, args):
        first, *others = tangents_of(context, builder, number, args[0])
        for k, tangent in enumerate(others, 1):
            first = builder.select(builder.icmp_signed("==", args[1], ir.Constant(WORD, k)), tangent, first)
        return first

    return number.base(number, types.int64), codegen


@intrinsic
def _with_lane(typingctx, number, lane, tangent):
    """A dual number with a tangent in one lane that had none; from one that is zero nothing flows."""

    def codegen(context, builder, signature, args):
        dual, lane, tangent = args
        value, own = value_of(context, builder, number, dual), tangents_of(context, builder, number, dual)
        here = [builder.icmp_signed("==", lane, ir.Constant(WORD, k)) for k in range(number.width)]
        tangents = [builder.select(chosen, tangent, other) for chosen, other in zip(here, own)]
        moves = builder.zext(differs_from_zero(context, builder, number.base, tangent), WORD)
        depends = builder.or_(depends_of(context, builder, number, dual), builder.shl(moves, lane))
        return make_dual(context, builder, number, value, tangents, depends)

    return number(number, types.int64, number.base), codegen


@overloaded
def _moves(x):
    """Whether a vector is not zero; true for numbers with derivatives, of which that cannot be said."""
    if depth_of(element_type(x)):
        return lambda x: True
    return lambda x: bool(np.any(x != 0.0))


@overloaded
def _width(like):
    width = like.width
    return lambda like: width


def _with_tangents(x, count, request, derivative):
    like, n = zero_of(x, x), len(x)
    numbers = values(x, like)
    y = results_of(numbers, count, request, derivative)
    out, both = new_array(count, like), new_array(2 * n, zero_of(numbers, numbers))
    for k in range(count):
        out[k] = number_with_value(y[k], like, like)
    both[:n] = numbers
    for lane in range(_width(like)):
        for k in range(n):
            both[n + k] = _lane(x[k], lane)
        if _moves(both[n:]):
            y_dot = results_of(both, count, request, 2 * derivative + PUSHFORWARD)
            for k in range(count):
                out[k] = _with_lane(out[k], lane, y_dot[k])
    return out
