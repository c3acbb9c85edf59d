"""Rows of careful sweeps, which tell structural zeros from numeric ones.

A plain sweep multiplies as the machine does, so that a zero times an infinite partial is nan, whatever the zero means. Where a
gradient comes out as nan, the driver sweeps once more with twice as many lanes: the second half says of every element of the
first whether anything flows there (any number that is not 0), and a structural zero stays 0 whatever it meets.
"""

from ..kernels.gather_scatter import ADD, GATHER, lane, layout_word, move_values, operand_blocks
from ..kernels.kernel_signatures import call_partial
from ..kernels.kernel_table import K_PARTIAL, K_SELECTS, kernel_at
from ..kernels.services import BLOCK, LENGTH, MOVE, OPERANDS, PARTIAL_FLOWS, service
from ..memory.layouts import SIZE
from ..memory.typed_values import add_where_it_flows, fill, fill_zero, item_size
from ..memory.words import set_word, word
from ..numba_backend.decorators import helper
from ..tape.reading import row32, row64, value_address
from ..tape.row_kinds import NARY_ROW, STRUCTURED_ROW
from ..tape.schema import LAYOUT, OP, SCRATCH_AT, STORAGE, S_SIZE
from .lane_rows import note_bars, set_operands_of
from .marking import operand, operation
from .workspace import CAREFUL, DONE, TRIPLES, missing, table_of

SEED, PRODUCT, FLOW, PARTIAL, SEED_FLOW = 3, 4, 5, 6, 7  # scratch blocks


@helper
def needs_rule(tape, row, kind, active):
    """Whether only the declaration of a row says where something flows: its kernel does more than move what it is given."""
    if kind != STRUCTURED_ROW and kind != NARY_ROW:
        return False
    moves = word(operation(tape, row32(tape, OP, row)), K_SELECTS)
    return moves == 0 if kind == NARY_ROW else active & ~moves != 0


@service(PARTIAL_FLOWS, needs=(MOVE,))
def partial_flows(tape, workspace, row, active, y_bars, dtype, along, unused0, unused1):
    """Adjoints (`along` is 0) or tangents of an elementwise row, and where they flow.  Returns DONE, or why it cannot."""
    op = operation(tape, row32(tape, OP, row))
    slot = note_bars(tape, workspace, row, op, active, dtype, along)
    if slot >= 0:
        return missing(workspace, slot)
    out, table, scratch = row32(tape, LAYOUT, row), table_of(tape), word(tape, SCRATCH_AT)
    set_operands_of(tape, row)
    n, item, y = layout_word(table, out, SIZE), item_size(dtype), value_address(tape, row)
    start = 0
    while start < n:
        m = min(BLOCK, n - start)
        set_word(scratch, LENGTH, m)
        x0, x1, x2 = operand_blocks(dtype, out, table, start, m, n, scratch)
        for k in range(3):
            if active >> k & 1:
                p, kernel = lane(scratch, PARTIAL), kernel_at(op, K_PARTIAL, k, dtype)
                fill(lane(scratch, SEED), m, dtype, 1.0)
                fill_zero(p, m, dtype)
                call_partial(kernel, scratch, p, lane(scratch, SEED), y + start * item, x0, x1, x2)
                _block_of_flows(tape, workspace, row, k, p, y_bars, dtype, along, start, m)
        start += m
    return DONE


@helper
def _block_of_flows(tape, workspace, row, k, p, y_bars, dtype, along, start, m):
    """Multiply a block of the partial of operand k with that of every lane, where something flows."""
    table, scratch, item, pairs = table_of(tape), word(tape, SCRATCH_AT), item_size(dtype), word(workspace, CAREFUL)
    out, layout = row32(tape, LAYOUT, row), word(scratch, OPERANDS + 2 * k + 1)
    selects = word(operation(tape, row32(tape, OP, row)), K_SELECTS) >> k & 1 != 0
    y_step = item * row64(tape, S_SIZE, row32(tape, STORAGE, row))
    x_step = item * row64(tape, S_SIZE, row32(tape, STORAGE, operand(tape, row, k)))
    y_bar, x_bar = y_bars, word(workspace + 8 * TRIPLES, k)
    for _ in range(pairs):
        y_flow, x_flow = y_bar + pairs * y_step, x_bar + pairs * x_step
        if along:
            seed = _block(dtype, x_bar, layout, out, table, start, m, scratch, SEED)
            seed_flow = _block(dtype, x_flow, layout, out, table, start, m, scratch, SEED_FLOW)
            to, to_flow = y_bar + start * item, y_flow + start * item
            add_where_it_flows(to, to_flow, p, seed, seed_flow, m, dtype, selects)
        elif layout == out:
            to, to_flow = x_bar + start * item, x_flow + start * item
            add_where_it_flows(to, to_flow, p, y_bar + start * item, y_flow + start * item, m, dtype, selects)
        else:
            product, flow = lane(scratch, PRODUCT), lane(scratch, FLOW)
            fill_zero(product, m, dtype)
            fill_zero(flow, m, dtype)
            add_where_it_flows(product, flow, p, y_bar + start * item, y_flow + start * item, m, dtype, selects)
            move_values(ADD, dtype, product, x_bar, table, layout, out, start, m, scratch)
            move_values(ADD, dtype, flow, x_flow, table, layout, out, start, m, scratch)
        y_bar += y_step
        x_bar += x_step


@helper
def _block(dtype, address, layout, out, table, start, m, scratch, k):
    """The address of a block of a tangent: as it lies, or gathered into scratch block k."""
    if layout == out:
        return address + start * item_size(dtype)
    move_values(GATHER, dtype, lane(scratch, k), address, table, layout, out, start, m, scratch)
    return lane(scratch, k)
