"""Elementwise rows in sweeps that carry several adjoints or tangents side by side (lanes).

A partial is computed once a row, whatever the number of lanes: its kernel is called with a seed of ones, block by block, and
the sweep multiplies. In the reverse sweep that is x_bar += p * y_bar, in the tangent sweep y_dot += p * x_dot.
"""

from ..kernels.gather_scatter import ADD, GATHER, lane, layout_word, move_values, operand_blocks, set_operands
from ..kernels.kernel_signatures import call_partial
from ..memory.typed_values import fill, fill_zero, item_size, multiply_add
from ..tape.schema import ARG0, ARG1, ARG2, LAYOUT, OP, SCRATCH_AT, STORAGE, S_SIZE
from ..kernels.kernel_table import K_NONLINEAR, K_PARTIAL, K_SECOND, K_SELECTS, kernel_at, kernel_slot, service_slot
from ..numba_backend.decorators import helper
from ..memory.layouts import SIZE
from ..memory.words import set_word, word
from ..tape.reading import operand_address, operand_layout, row32, row64, value_address
from ..kernels.services import BLOCK, LENGTH, MOVE, OPERANDS, PARTIAL_LANES, REVERSE_LANES, call_service, has_service, service
from ..tape.row_kinds import ELEMENTWISE_ROW, NO_SERVICE, SECOND_SERVICES, service_in
from .marking import operand, operation
from .workspace import DONE, LANE, LANES, TANGENTS, TRIPLES, bar_of, make_bar, missing, table_of

ONES, PRODUCT, PARTIAL = 3, 4, 5  # scratch blocks


@helper
def note_bars(tape, workspace, row, op, active, dtype, along):
    """Note where the adjoints (`along` is 0) or tangents of a row's operands are.

    Returns the slot of a kernel that is missing, and has noted nothing then, or -1.
    """
    for k in range(3):
        if active >> k & 1 and kernel_at(op, K_PARTIAL, k, dtype) == 0:
            return kernel_slot(K_PARTIAL, k, dtype)
    for k in range(3):
        if active >> k & 1:
            x = operand(tape, row, k)
            bar = bar_of(tape, workspace, x) if along else make_bar(tape, workspace, x, True)
            set_word(workspace + 8 * TRIPLES, k, bar)
    return -1


@service(PARTIAL_LANES, needs=(MOVE,))
def partial_lanes(tape, workspace, row, active, y_bars, dtype, along, unused0, unused1):
    """Adjoints (`along` is 0) or tangents of an elementwise row, all lanes.  Returns DONE, or why it cannot."""
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
        fill(lane(scratch, ONES), m, dtype, 1.0)
        for k in range(3):
            if active >> k & 1:
                p = lane(scratch, PARTIAL + k)
                fill_zero(p, m, dtype)
                kernel = kernel_at(op, K_PARTIAL, k, dtype)
                call_partial(kernel, scratch, p, lane(scratch, ONES), y + start * item, x0, x1, x2)
                block_of_lanes(tape, workspace, row, k, p, y_bars, dtype, along, start, m)
        start += m
    return DONE


@helper
def set_operands_of(tape, row):
    """Write the addresses of a row's operands to the scratch memory, where `operand_blocks` reads them."""
    a, b, c = row32(tape, ARG0, row), row32(tape, ARG1, row), row32(tape, ARG2, row)
    set_operands(
        word(tape, SCRATCH_AT),
        operand_address(tape, row, a),
        operand_layout(tape, a),
        operand_address(tape, row, b),
        operand_layout(tape, b),
        operand_address(tape, row, c),
        operand_layout(tape, c),
    )


@helper
def block_of_lanes(tape, workspace, row, k, p, y_bars, dtype, along, start, m):
    """Multiply a block of the partial of operand k with that of every lane."""
    table, scratch, item = table_of(tape), word(tape, SCRATCH_AT), item_size(dtype)
    out, layout = row32(tape, LAYOUT, row), word(scratch, OPERANDS + 2 * k + 1)
    selects = word(operation(tape, row32(tape, OP, row)), K_SELECTS) >> k & 1 != 0
    y_step = item * row64(tape, S_SIZE, row32(tape, STORAGE, row))
    x_step = item * row64(tape, S_SIZE, row32(tape, STORAGE, operand(tape, row, k)))
    product = lane(scratch, PRODUCT)
    y_bar, x_bar = y_bars + start * item, word(workspace + 8 * TRIPLES, k)
    for _ in range(word(workspace, LANES)):
        if layout == out:
            to, seed = (y_bar, x_bar + start * item) if along else (x_bar + start * item, y_bar)
            multiply_add(to, p, seed, m, dtype, selects)
        elif along:
            move_values(GATHER, dtype, product, x_bar, table, layout, out, start, m, scratch)
            multiply_add(y_bar, p, product, m, dtype, selects)
        else:
            fill_zero(product, m, dtype)
            multiply_add(product, p, y_bar, m, dtype, selects)
            move_values(ADD, dtype, product, x_bar, table, layout, out, start, m, scratch)
        y_bar += y_step
        x_bar += x_step


@service(REVERSE_LANES)
def reverse_lanes(tape, workspace, row, active, y_bar, dtype, number, kind, unused1):
    """`reverse_row` in a sweep of many lanes; `number` is the service of the row.  Returns DONE, or why it cannot."""
    if word(workspace, TANGENTS) != 0:
        slot = missing_for_second(tape, row, kind, dtype)
        if slot >= 0:
            return missing(workspace, slot)
    if kind == ELEMENTWISE_ROW:
        done = call_service(word(tape, SCRATCH_AT), number, tape, workspace, row, active, y_bar, dtype, 0, 0, 0)
    else:
        done = each_lane(tape, workspace, row, number, active, dtype)
    if done == DONE and word(workspace, TANGENTS) != 0:
        done = second_order(tape, workspace, row, kind, active, y_bar, dtype)
    return done


@helper
def missing_for_second(tape, row, kind, dtype):
    """The slot that the second order of a row is missing, -1 if none: a row cannot be handed down twice."""
    number = service_in(SECOND_SERVICES, kind)
    if number == NO_SERVICE:
        return -1
    if not has_service(word(tape, SCRATCH_AT), number):
        return service_slot(number)
    op = operation(tape, row32(tape, OP, row))
    ready = kernel_at(op, K_SECOND, 0, dtype) != 0 if kind == ELEMENTWISE_ROW else word(op, K_NONLINEAR) == 0
    return -1 if ready else kernel_slot(K_SECOND, 0, dtype)


@helper
def second_order(tape, workspace, row, kind, active, y_bar, dtype):
    """Add the terms that tangents of the values contribute to tangents of the adjoints (see `second_order_sweep`)."""
    number, tangents = service_in(SECOND_SERVICES, kind), word(workspace, TANGENTS)
    if number == NO_SERVICE:
        return DONE
    program = kernel_at(operation(tape, row32(tape, OP, row)), K_SECOND, 0, dtype)
    return call_service(word(tape, SCRATCH_AT), number, tape, workspace, row, active, y_bar, dtype, tangents, program, 0)


@helper
def each_lane(tape, workspace, row, number, active, dtype):
    """Call the service of a row for each lane."""
    for k in range(3):  # otherwise the first lane would overwrite adjoints to which the others have to add
        if active >> k & 1:
            make_bar(tape, workspace, operand(tape, row, k), True)
    done = DONE
    for k in range(word(workspace, LANES)):
        if done == DONE:
            set_word(workspace, LANE, k)
            y_bar = bar_of(tape, workspace, row)
            done = call_service(word(tape, SCRATCH_AT), number, tape, workspace, row, active, y_bar, dtype, 0, 0, 0)
    set_word(workspace, LANE, 0)
    return done
