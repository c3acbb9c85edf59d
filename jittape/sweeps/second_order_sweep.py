"""Second order in one sweep: tangents of adjoints, carried down beside the adjoints.

The tangents of all values come from a tangent sweep with a workspace of its own. In the reverse sweep the first lane holds the
adjoints, the others their tangents in as many directions. A row passes its lanes on as any row does; added to that is, for
every operand k,

    x_bar_dot[k] += sum over the arguments j of  (d partial k / d argument j) * argument_dot[j] * y_bar.
"""

from ..dtypes import LARGEST_ITEM
from ..tape.append import contiguous_address, release_copy
from ..kernels.gather_scatter import ADD, GATHER, lane, layout_word, move_values, operand_blocks
from ..kernels.kernel_signatures import call_forward, call_partial, call_reverse
from ..memory.typed_values import fill_zero, item_size, multiply_add, spread
from ..tape.schema import ARG0, ARG1, LAYOUT, OP, POOL_AT, SCRATCH_AT, STORAGE, S_DTYPE, S_SIZE
from ..kernels.kernel_table import K_PARTIAL, K_USES, USES_RESULT, kernel_at
from ..numba_backend.decorators import helper
from ..memory.layouts import SIZE
from ..memory.pool import acquire, release
from ..memory.words import copy, set_word, word
from ..tape.reading import params_address, row32, row64, value_address
from ..kernels.services import BLOCK, BLOCK_BYTES, LENGTH, MOVE, OPERANDS, SECOND_ELEMENTWISE, SECOND_STRUCTURED, service
from ..tape.in_place import REGION_SIZE
from .lane_rows import set_operands_of
from .marking import operand, operation
from .row_pullbacks import exchange_region
from .workspace import DONE, LANE, LANES, LOWEST, NO_ROOM, OVERWRITTEN, TANGENTS, add_values, bar_of, table_of

# --- the words of a program (`ops.seconds`) -----------------------------------------------------------------
CONSTANTS, INSTRUCTIONS, OUTPUTS, FIRST_CONSTANT = 0, 1, 2, 5
CONSTANT = LARGEST_ITEM // 8  # words of a constant
INSTRUCTION = 7  # words of one: forward kernel, three partial kernels, three registers
ARGUMENTS, MOST_REGISTERS = 4, 32  # three operands and the result; all registers
GATHERED, PRODUCT = 3, 4  # scratch blocks


@helper
def moving_arguments(tape, tangents, row):
    """Bits of the arguments of a row, operands and result, that have a tangent."""
    mask = USES_RESULT if bar_of(tape, tangents, row) != 0 else 0
    for j in range(3):
        x = operand(tape, row, j)
        if x >= 0 and bar_of(tape, tangents, x) != 0:
            mask |= 1 << j
    return mask


@service(SECOND_ELEMENTWISE, needs=(MOVE,))
def second_elementwise(tape, workspace, row, active, y_bar, dtype, tangents, program, unused):
    """Second order of an elementwise row whose adjoints have been passed on already."""
    op, moving, needed = operation(tape, row32(tape, OP, row)), moving_arguments(tape, tangents, row), 0
    for k in range(3):
        if active >> k & 1 and word(op, K_USES + k) & moving and word(program, OUTPUTS + k) >= 0:
            needed |= 1 << k
    if needed == 0:
        return DONE
    out, table, scratch = row32(tape, LAYOUT, row), table_of(tape), word(tape, SCRATCH_AT)
    set_operands_of(tape, row)
    n, item, y = layout_word(table, out, SIZE), item_size(dtype), value_address(tape, row)
    count = ARGUMENTS + word(program, CONSTANTS) + word(program, INSTRUCTIONS)
    registers = acquire(word(tape, POOL_AT), 16 * MOST_REGISTERS + 2 * count * BLOCK_BYTES)
    if registers == 0:
        return NO_ROOM
    set_registers(registers, program, count, min(n, BLOCK), dtype)
    start = 0
    while start < n:
        m = min(BLOCK, n - start)
        set_word(scratch, LENGTH, m)
        x0, x1, x2 = operand_blocks(dtype, out, table, start, m, n, scratch)
        set_word(registers, 0, x0)
        set_word(registers, 1, x1)
        set_word(registers, 2, x2)
        set_word(registers, 3, y + start * item)
        run_forward(registers, program, scratch)
        for k in range(3):
            if needed >> k & 1:
                run_backward(registers, program, scratch, k, count, y_bar + start * item, m, dtype)
                spread_derivatives(tape, workspace, tangents, row, k, moving & word(op, K_USES + k), registers, start, m, dtype)
        start += m
    release(word(tape, POOL_AT), registers)
    return DONE


@helper
def set_registers(registers, program, count, m, dtype):
    """Lay out the registers: words with the addresses of values, then of derivatives; constants are filled in."""
    blocks = registers + 16 * MOST_REGISTERS
    for r in range(count):
        set_word(registers, r, blocks + 2 * BLOCK_BYTES * r)
        set_word(registers, MOST_REGISTERS + r, blocks + 2 * BLOCK_BYTES * r + BLOCK_BYTES)
    for k in range(word(program, CONSTANTS)):
        spread(word(registers, ARGUMENTS + k), m, dtype, program + 8 * (FIRST_CONSTANT + CONSTANT * k), 1.0)


@helper
def instruction(program, k):
    """Address of instruction k."""
    return program + 8 * (FIRST_CONSTANT + CONSTANT * word(program, CONSTANTS) + INSTRUCTION * k)


@helper
def value_of(registers, r):
    return word(registers, r) if r >= 0 else 0


@helper
def run_forward(registers, program, size):
    """The values of all registers."""
    first = ARGUMENTS + word(program, CONSTANTS)
    for k in range(word(program, INSTRUCTIONS)):
        at = instruction(program, k)
        x0, x1, x2 = (value_of(registers, word(at, 4)), value_of(registers, word(at, 5)), value_of(registers, word(at, 6)))
        call_forward(word(at, 0), size, word(registers, first + k), x0, x1, x2)


@helper
def run_backward(registers, program, size, k, count, y_bar, m, dtype):
    """The derivatives of partial k, times y_bar, by every register."""
    first, adjoints = ARGUMENTS + word(program, CONSTANTS), registers + 8 * MOST_REGISTERS
    for r in range(count):
        fill_zero(word(adjoints, r), m, dtype)
    output = word(program, OUTPUTS + k)
    copy(word(adjoints, output), y_bar, m * item_size(dtype))
    for i in range(word(program, INSTRUCTIONS) - 1, -1, -1):
        at, made = instruction(program, i), first + i
        x0, x1, x2 = (value_of(registers, word(at, 4)), value_of(registers, word(at, 5)), value_of(registers, word(at, 6)))
        for j in range(3):
            r = word(at, 4 + j)
            if r >= 0 and not ARGUMENTS <= r < first:
                call_partial(word(at, 1 + j), size, word(adjoints, r), word(adjoints, made), word(registers, made), x0, x1, x2)


@helper
def spread_derivatives(tape, workspace, tangents, row, k, moving, registers, start, m, dtype):
    """x_bar_dot[k] += derivative by argument j * argument_dot[j], for all moving arguments and lanes."""
    table, scratch, item = table_of(tape), word(tape, SCRATCH_AT), item_size(dtype)
    out, own = row32(tape, LAYOUT, row), word(scratch, OPERANDS + 2 * k + 1)
    x = operand(tape, row, k)
    x_step = item * row64(tape, S_SIZE, row32(tape, STORAGE, x))
    product = lane(scratch, PRODUCT)
    for j in range(ARGUMENTS):
        if not moving >> j & 1:
            continue
        argument = operand(tape, row, j) if j < 3 else row
        layout = word(scratch, OPERANDS + 2 * j + 1) if j < 3 else out
        step = item * row64(tape, S_SIZE, row32(tape, STORAGE, argument))
        dot, bar = bar_of(tape, tangents, argument), bar_of(tape, workspace, x) + x_step  # lane 0 is the adjoint itself
        derivative = word(registers, MOST_REGISTERS + j)
        for _ in range(word(tangents, LANES)):
            if layout == out:
                seed = dot + start * item
            else:
                seed = lane(scratch, GATHERED)
                move_values(GATHER, dtype, seed, dot, table, layout, out, start, m, scratch)
            if own == out:
                multiply_add(bar + start * item, derivative, seed, m, dtype, False)
            else:
                fill_zero(product, m, dtype)
                multiply_add(product, derivative, seed, m, dtype, False)
                move_values(ADD, dtype, product, bar, table, own, out, start, m, scratch)
            dot += step
            bar += x_step


@service(SECOND_STRUCTURED, needs=(MOVE,))
def second_structured(tape, workspace, row, active, y_bar, dtype, tangents, program, unused):
    """Second order of a row that is linear in each operand: its reverse kernels, with a tangent in place of another operand.

    Returns 0 for a row that is not linear.
    """
    op = operation(tape, row32(tape, OP, row))
    moving = moving_arguments(tape, tangents, row)
    for k in range(3):
        for j in range(3):
            if active >> k & 1 and moving >> j & 1 and j != k:
                for direction in range(word(tangents, LANES)):
                    set_word(tangents, LANE, direction)
                    set_word(workspace, LANE, direction + 1)
                    second_bilinear(tape, workspace, tangents, row, op, k, j, y_bar, dtype)
    set_word(tangents, LANE, 0)
    set_word(workspace, LANE, 0)
    return DONE


@helper
def undo_tangents(tape, workspace, row):
    """Restore the tangents that a write row has overwritten, which the rows below need."""
    tangents = word(workspace, TANGENTS)
    if tangents == 0 or word(tangents, OVERWRITTEN) == 0:
        return
    kept = word(word(tangents, OVERWRITTEN), row - word(tangents, LOWEST))
    dtype, n = row32(tape, S_DTYPE, row32(tape, STORAGE, row)), word(params_address(tape, row), REGION_SIZE)
    for direction in range(word(tangents, LANES)):
        set_word(tangents, LANE, direction)
        exchange_region(tape, kept, bar_of(tape, tangents, row), row, dtype)
        kept += n * item_size(dtype)
    set_word(tangents, LANE, 0)


@helper
def second_bilinear(tape, workspace, tangents, row, op, k, j, y_bar, dtype):
    """One lane of operand k, from the tangent of operand j."""
    a, b, table = row32(tape, ARG0, row), row32(tape, ARG1, row), table_of(tape)
    moved, x = operand(tape, row, j), operand(tape, row, k)
    layout = row32(tape, LAYOUT, moved)
    n = layout_word(table, layout, SIZE)
    x_dot = acquire(word(tape, POOL_AT), n * item_size(dtype))
    dot = bar_of(tape, tangents, moved)
    move_values(GATHER, dtype, x_dot, dot, table, layout, layout, 0, n, word(tape, SCRATCH_AT))
    x0 = contiguous_address(tape, a) if j != 0 else x_dot
    x1 = contiguous_address(tape, b) if j != 1 and b >= 0 else x_dot
    size = layout_word(table, row32(tape, LAYOUT, x), SIZE)
    part = acquire(word(tape, POOL_AT), size * item_size(dtype))
    kernel = kernel_at(op, K_PARTIAL, k, dtype)
    call_reverse(kernel, params_address(tape, row), part, y_bar, value_address(tape, row), x0, x1, 1)
    add_values(tape, workspace, x, part, dtype)
    release(word(tape, POOL_AT), part)
    release(word(tape, POOL_AT), x_dot)
    if j != 0:
        release_copy(tape, a, x0)
    if j != 1 and b >= 0:
        release_copy(tape, b, x1)
