"""Operands of entries: the nodes of numbers and arrays of any layout, found in memory and stored as segments.

The functions that walk over nodes are compiled once. They get an array as the address of its first node and the lengths and
strides of its axes; axes along which an operand is repeated have stride 0.
"""

from numba import types
from numba.extending import intrinsic

from ..compat import alloca_once, gep_inbounds, llvm_ir as ir, unpack_tuple
from ...numba_backend.decorators import helper
from ...memory.words import set_i32, set_word, word
from ..tape_memory.arenas import WORD
from ..numbers.array_types import element_type, is_array
from ..tape_memory.tape_entries import CURSOR, EXTENT, FOLLOWING, OPERAND_WORDS, OPERANDS, PARTIALS, SEGMENT, SEGMENTS, STEP
from ..numbers.number_types import Active, cell_of, depth_of
from ..compilation.shared_code import shared_when_called

MASK = 0xFFFFFFFF
BLOCK = 16
FARTHEST = 1 << 31  # a step has 32 bits
PAIRS_A_SEGMENT = 8  # at least, on average; otherwise every pair has an index


# --- walking over nodes ---------------------------------------------------------------------------------------------------


@helper
def _joined_axes(lengths, strides, axes):
    """Join axes that are contiguous with each other. Returns how many are left; at least one."""
    last = 0
    for d in range(1, axes):
        n = word(lengths, d)
        if n == 1:
            continue
        if word(lengths, last) == 1 or word(strides, last) == n * word(strides, d):
            set_word(lengths, last, word(lengths, last) * n)
        else:
            last += 1
            set_word(lengths, last, n)
        set_word(strides, last, word(strides, d))
    return last + 1


@helper
def _runs(lengths, axes):
    """The number of runs along the last axis."""
    count = 1
    for d in range(axes - 1):
        count *= word(lengths, d)
    return count


@helper
def _run(nodes, r, lengths, strides, axes):
    """The address at which run r begins."""
    for d in range(axes - 2, -1, -1):
        n = word(lengths, d)
        nodes += r % n * word(strides, d)
        r //= n
    return nodes


@helper
def _following(nodes, n, stride, node, step):
    """How many of n nodes are `node`, ``node + step``, ...; a 0 among active ones is passive and ends the sequence.

    Blocks are compared first: a loop without exits becomes vector code and takes a third of the time.
    """
    k = 0
    if stride == 0 and step == 0:
        return n if word(nodes, 0) & MASK == node else 0
    while step >= 0 and k + BLOCK <= n:
        differ = 0
        for b in range(k, k + BLOCK):
            differ |= word(nodes + b * stride, 0) & MASK ^ (node + b * step)
        if differ != 0:
            break
        k += BLOCK
    while k < n and word(nodes + k * stride, 0) & MASK == node + k * step and (step == 0 or node + k * step != 0):
        k += 1
    return k


@helper
def _write_segments(indices, most, nodes, lengths, strides, axes):
    """Write the nodes as segments. Returns how many; 0 if there would be too many."""
    m, stride = word(lengths, axes - 1), word(strides, axes - 1)
    count = length = start = step = 0
    for r in range(_runs(lengths, axes)):
        at, left = _run(nodes, r, lengths, strides, axes), m
        while left > 0:
            node = word(at, 0) & MASK
            if length == 1:
                step = node - start if start != 0 and node != 0 and abs(node - start) < FARTHEST else 0
            found = 0
            if length > 0:
                found = _following(at, left, stride, start + length * step, step)
            if found == 0:
                if length > 0:
                    count += 1
                if count == most:
                    return 0
                start, step, found, length = node, 0, 1, 0
                set_i32(indices, SEGMENT * count + 1, start)
            length += found
            set_i32(indices, SEGMENT * count, length)
            set_i32(indices, SEGMENT * count + 2, step)
            at, left = at + found * stride, left - found
    return count + 1


@helper
def _write_indices(indices, nodes, lengths, strides, axes):
    m, stride, k = word(lengths, axes - 1), word(strides, axes - 1), 0
    for r in range(_runs(lengths, axes)):
        at = _run(nodes, r, lengths, strides, axes)
        for j in range(m):
            set_i32(indices, k + j, word(at + j * stride, 0))
        k += m


@shared_when_called
def find_tape(nodes, lengths, strides, axes):
    """The header of the tape that the first active number is on; 0 if all are passive."""
    m, stride = word(lengths, axes - 1), word(strides, axes - 1)
    for r in range(_runs(lengths, axes)):
        at = _run(nodes, r, lengths, strides, axes)
        for j in range(m):
            node = word(at + j * stride, 0)
            if node != 0:
                return node >> 32 << 16
    return 0


@shared_when_called
def add_operand(entry, nodes, lengths, strides, axes, step, cell):
    """Add an operand to an entry.

    Parameters
    ----------
    nodes, lengths, strides : int
        Addresses, of as many pairs as the entry has. The axes are joined in place.
    step : int
        1 if every pair has its own partial, 0 if all share one.
    cell : int
        Bytes of a cell.

    Returns
    -------
    int
        The address for the partials.
    """
    operand, n = word(entry, CURSOR), word(entry, EXTENT)
    indices, axes = operand + 8 * OPERAND_WORDS, _joined_axes(lengths, strides, axes)
    most = max(1, min(n // SEGMENT, n // (SEGMENT * PAIRS_A_SEGMENT) + 2))
    segments = _write_segments(indices, most, nodes, lengths, strides, axes)
    if segments == 0:
        _write_indices(indices, nodes, lengths, strides, axes)
    partials = indices + (4 * (SEGMENT * segments if segments else n) + 7) // 8 * 8
    set_word(operand, SEGMENTS, segments)
    set_word(operand, PARTIALS, partials)
    set_word(operand, STEP, step)
    end = partials + (cell * (n if step else 1) + 7) // 8 * 8
    set_word(operand, FOLLOWING, end)
    set_word(entry, CURSOR, end)
    set_word(entry, OPERANDS, word(entry, OPERANDS) + 1)
    return partials


# --- operands in memory ---------------------------------------------------------------------------------------------------


def _in_memory(context, builder, ty, value, lengths=None):
    """Addresses of the first node, the lengths and the strides of an operand, broadcast to `lengths`; and its axes."""
    number = element_type(ty)
    data = context.get_data_type(number)
    offset = context.get_abi_sizeof(data) - 8  # the node is the last field
    if isinstance(ty, types.Array):
        array = context.make_array(ty)(context, builder, value)
        place = array.data
        own, steps = (unpack_tuple(builder, x, ty.ndim) for x in (array.shape, array.strides))
    else:
        place = alloca_once(builder, data)
        builder.store(context.get_value_as_data(builder, ty, value), place)
        own, steps = [], []
    if lengths is None:
        lengths = own
    else:
        repeated = [builder.icmp_signed("==", length, ir.Constant(WORD, 1)) for length in own]
        steps = [builder.select(once, ir.Constant(WORD, 0), step) for once, step in zip(repeated, steps)]
        steps = [ir.Constant(WORD, 0)] * (len(lengths) - len(own)) + steps
    if not lengths:
        lengths, steps = [ir.Constant(WORD, 1)], [ir.Constant(WORD, 0)]
    nodes = builder.add(builder.ptrtoint(place, WORD), ir.Constant(WORD, offset))
    return nodes, _words(builder, lengths), _words(builder, steps), ir.Constant(WORD, len(lengths))


def _words(builder, words):
    """The address of words on the stack."""
    place = alloca_once(builder, WORD, len(words))
    for k, each in enumerate(words):
        builder.store(each, gep_inbounds(builder, place, k))
    return builder.ptrtoint(place, WORD)


def emit_tape(context, builder, ty, value, depth):
    """Generate code for the header of the tape, at a depth of nesting, that an operand is on; 0 if it is passive."""
    number = element_type(ty)
    if depth_of(number) < depth or not isinstance(number, Active):
        return ir.Constant(WORD, 0)
    return find_tape.emit(context, builder, _in_memory(context, builder, ty, value))


def emit_operand(context, builder, entry, ty, value, lengths, varies):
    """Generate code that adds an operand, broadcast to `lengths`, to an entry, and yields the address for the partials."""
    cell = context.get_abi_sizeof(context.get_data_type(cell_of(element_type(ty).base)))
    place = _in_memory(context, builder, ty, value, lengths)
    return add_operand.emit(context, builder, (entry, *place, ir.Constant(WORD, int(varies)), ir.Constant(WORD, cell)))


@intrinsic
def tape_of(typingctx, x, like):
    """The address of the header of `like`'s tape that a number or an array is on; 0 if it is passive."""

    def codegen(context, builder, signature, args):
        return emit_tape(context, builder, signature.args[0], args[0], depth_of(like))

    return types.int64(x, like), codegen


def _adder(varies):
    @intrinsic
    def add(typingctx, entry, x):
        """Add an array to an entry.  Returns where the partials go."""

        def codegen(context, builder, signature, args):
            if not is_array(x):  # a passive operand: this code is compiled, but never run
                return ir.Constant(WORD, 0)
            return emit_operand(context, builder, args[0], signature.args[1], args[1], None, varies)

        return types.int64(types.int64, x), codegen

    return add


add_with_column, add_with_factor = _adder(True), _adder(False)
