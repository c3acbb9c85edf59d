"""Rows of one element: one kernel call each, without layouts.

Sweeps over scalar programs spend their time here; the general way costs three times as much. Only for sweeps with one lane: a
test for more, though never true, cost 10 ns a row.
"""

from typing import NamedTuple


from ..dtypes import LARGEST_ITEM
from ..kernels.kernel_signatures import call_all_partials
from ..tape.schema import (
    ARG0,
    ARG1,
    ARG2,
    FLAGS,
    GRAD,
    IMM,
    IMMEDIATE,
    IN_POOL,
    OFFSET,
    OP,
    OPS_AT,
    STORAGE,
    S_ADDRESS,
    S_DTYPE,
    S_KIND,
    S_SIZE,
    S_VERSION,
    VERSION,
)
from ..kernels.kernel_table import K_SCALAR, K_SELECTS, K_USES, K_WIDTH, USES_RESULT, kernel_at, kernel_slot
from ..numba_backend.decorators import helper
from ..memory.words import clear, load_i32, load_u8, set_word, word
from ..memory.typed_values import add_product, item_size
from ..kernels.services import MOVE, REVERSE_SCALARS, service
from ..tape.row_kinds import ELEMENTWISE_ROW, KIND_SHIFT
from ..tape.versions import storage_version
from .workspace import (
    ANSWERS,
    BAD_OPERAND,
    BARS,
    CHANGED,
    DONE,
    MARKED,
    MARKS,
    NO_ROOM,
    RUN_OVER,
    TRIPLES,
    W_END,
    W_NEXT,
    make_bar,
    missing,
)


PLAIN = GRAD | ELEMENTWISE_ROW << KIND_SHIFT  # flags of an elementwise row that is not freed


class Columns(NamedTuple):
    """Addresses of the columns that scalar rows need, kept in registers during a sweep."""

    op: int
    arg0: int
    arg1: int
    arg2: int
    immediate: int
    storage: int
    offset: int
    version: int
    flags: int
    addresses: int
    sizes: int
    dtypes: int
    kinds: int
    storage_versions: int
    operations: int


@helper
def columns_of(tape):
    return Columns(
        word(tape, OP),
        word(tape, ARG0),
        word(tape, ARG1),
        word(tape, ARG2),
        word(tape, IMM),
        word(tape, STORAGE),
        word(tape, OFFSET),
        word(tape, VERSION),
        word(tape, FLAGS),
        word(tape, S_ADDRESS),
        word(tape, S_SIZE),
        word(tape, S_DTYPE),
        word(tape, S_KIND),
        word(tape, S_VERSION),
        word(word(tape, OPS_AT), 0),
    )


@helper
def is_scalar_row(columns, marks, row):
    """Whether a row is elementwise, has one element, and its adjoint is not observed."""
    if load_u8(columns.flags, row) != PLAIN or load_u8(marks, row) != MARKED:
        return False
    return word(columns.sizes, load_i32(columns.storage, row)) == 1


@service(REVERSE_SCALARS, needs=(MOVE,))
def reverse_scalars(tape, workspace, highest, lowest, unused0, unused1, unused2, unused3, unused4):
    """Sweep a run of such rows, in a sweep without writes or private slots.

    Returns ``(row + 1) * ANSWERS + RUN_OVER`` with the first row of another kind, or ``row * ANSWERS + reason`` as `reverse`
    does.
    """
    marks, bars, columns = word(workspace, MARKS), word(workspace, BARS), columns_of(tape)
    row = highest
    while row >= lowest:
        if load_u8(marks, row) & MARKED:
            if not is_scalar_row(columns, marks, row):
                break
            storage = load_i32(columns.storage, row)
            y_bar = word(bars, storage)
            if y_bar != 0:
                op = columns.operations + 8 * K_WIDTH * load_i32(columns.op, row)
                reason = reverse_scalar(tape, workspace, columns, marks, bars, row, storage, op, y_bar)
                if reason != DONE:
                    return row * ANSWERS + reason
                set_word(bars, storage, 0)
        row -= 1
    return (row + 1) * ANSWERS + RUN_OVER


@helper
def reverse_scalar(tape, workspace, columns, marks, bars, row, storage, op, y_bar):
    """`reverse_row` for an elementwise row of one element."""
    dtype = load_i32(columns.dtypes, storage)
    item = item_size(dtype)
    kernel = kernel_at(op, K_SCALAR, 0, dtype)
    if kernel == 0:
        return missing(workspace, kernel_slot(K_SCALAR, 0, dtype))
    a, b, c = load_i32(columns.arg0, row), load_i32(columns.arg1, row), load_i32(columns.arg2, row)
    x0, pushes0 = scalar_operand(columns, marks, row, a, item)
    x1, pushes1 = scalar_operand(columns, marks, row, b, item)
    x2, pushes2 = scalar_operand(columns, marks, row, c, item)
    uses = (word(op, K_USES) if pushes0 else 0) | (word(op, K_USES + 1) if pushes1 else 0)
    uses |= word(op, K_USES + 2) if pushes2 else 0
    if uses & 1 and scalar_changed(tape, columns, a):
        set_word(workspace, BAD_OPERAND, 0)
        return CHANGED
    if uses & 2 and scalar_changed(tape, columns, b):
        set_word(workspace, BAD_OPERAND, 1)
        return CHANGED
    if uses & 4 and scalar_changed(tape, columns, c):
        set_word(workspace, BAD_OPERAND, 2)
        return CHANGED
    if uses & USES_RESULT and scalar_changed(tape, columns, row):
        set_word(workspace, BAD_OPERAND, 3)
        return CHANGED
    partials = workspace + 8 * TRIPLES
    call_all_partials(kernel, partials, word(columns.addresses, storage), x0, x1, x2)
    selects = word(op, K_SELECTS)
    room = True
    if pushes0:
        room &= push_scalar(tape, workspace, columns, bars, a, dtype, partials, y_bar, selects & 1 != 0)
    if pushes1:
        room &= push_scalar(tape, workspace, columns, bars, b, dtype, partials + item, y_bar, selects & 2 != 0)
    if pushes2:
        room &= push_scalar(tape, workspace, columns, bars, c, dtype, partials + 2 * item, y_bar, selects & 4 != 0)
    return DONE if room else NO_ROOM


@helper
def scalar_operand(columns, marks, row, a, item):
    """Address of an operand of one element, and whether an adjoint goes there."""
    if a >= 0:
        address = word(columns.addresses, load_i32(columns.storage, a)) + item * word(columns.offset, a)
        return address, load_u8(columns.flags, a) & GRAD != 0 and load_u8(marks, a) & MARKED != 0
    return (columns.immediate + 8 * row if a == IMMEDIATE else 0), False


@helper
def scalar_changed(tape, columns, a):
    """Whether a value has changed since it was recorded.

    Memory of the tape changes only by recorded writes, but one that another sweep has freed is not undone. The counters are
    therefore compared even if no write is left.
    """
    if a < 0:  # an immediate
        return False
    storage = load_i32(columns.storage, a)
    if load_i32(columns.kinds, storage) <= IN_POOL:
        return word(columns.storage_versions, storage) != word(columns.version, a)
    return storage_version(tape, storage) != word(columns.version, a)


@helper
def push_scalar(tape, workspace, columns, bars, a, dtype, partial, y_bar, selects):
    """Add partial * y_bar to the adjoint of one element.  Returns whether there is memory for it."""
    storage = load_i32(columns.storage, a)
    bar = word(bars, storage)
    if bar == 0:
        bar = word(workspace, W_NEXT)
        if word(columns.sizes, storage) == 1 and bar != 0 and bar + LARGEST_ITEM <= word(workspace, W_END):
            set_word(workspace, W_NEXT, bar + LARGEST_ITEM)
            clear(bar, LARGEST_ITEM)
            set_word(bars, storage, bar)
        else:
            make_bar(tape, workspace, a, True)
            bar = word(bars, storage)
            if bar == 0:
                return False
    add_product(bar + item_size(dtype) * word(columns.offset, a), partial, y_bar, dtype, selects)
    return True
