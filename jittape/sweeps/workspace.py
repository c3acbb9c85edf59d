"""The workspace of one sweep: its words, and the adjoints (or tangents) of the storages.

Everything belonging to one sweep lies here, so sweeps of one tape may nest: a hook may ask for
gradients.  The adjoint of a storage is one buffer of the same geometry; the adjoint of a view is a view
of it and costs nothing.

A sweep may carry several adjoints side by side, its *lanes*: the buffer of a storage then holds as many
copies of that geometry, one after the other.  Functions here and the rules of rows other than elementwise
ones work on the lane that the workspace names.
"""

from ..tape.append import SMALL, bump_in
from ..kernels.gather_scatter import ADD, layout_word, move_values
from ..memory.typed_values import fill_zero, holds_nan, item_size
from ..tape.schema import LAYOUT, LAYOUTS_AT, OFFSET, POOL_AT, SCRATCH_AT, STORAGE, S_DTYPE, S_SIZE
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.layouts import CONTIGUOUS, SIZE
from ..memory.pool import acquire, release
from ..memory.words import copy, load_i32, set_word, word
from ..tape.reading import row32, row64

# --- workspace words ------------------------------------------------------------------------------------
BARS, MARKS, LEAVES, SLOTS = 0, 1, 2, 3  # addresses of columns: adjoint of a slot, marks, leaf rows, slot of a row
N_LEAVES, POSITION, BAD_OPERAND, TOP, LOWEST = 4, 5, 6, 10, 11
W_NEXT, W_END, W_CHUNKS = 7, 8, 9  # the arena of small adjoints
LANES, LANE = 12, 13  # how many adjoints side by side; the one at work
TANGENTS = 14  # the workspace with the tangents of values, in a sweep of second order
OVERWRITTEN = 15  # address of a column with the tangents that writes have overwritten, from the lowest row on; 0: not kept
TRIPLES = 16  # three words each: partial kernels, adjoint addresses, whether to zero them
MISSING_SLOT = 25  # what a row was refused for, see `kernel_table.part_of`
CAREFUL = 26  # lanes with values in a careful sweep; as many more say where something flows (see `flow_rows`); 0: a plain one
WORKSPACE_WORDS = 32
MARKED, PAUSE, WANTED = 1, 2, 4  # bits of a mark
# --- what `reverse` answers -------------------------------------------------------------------------------
DONE = -1
PAUSED, NEEDS_PYTHON, CHANGED, REFUSED, RUN_OVER, NO_ROOM = range(6)  # refused: for want of the slot in MISSING_SLOT
ANSWERS = 8  # answer = row * ANSWERS + reason


@helper
def table_of(tape):
    return word(word(tape, LAYOUTS_AT), 0)


@helper
def missing(workspace, slot):
    """Note what a row is missing.  Returns REFUSED, for the caller to answer."""
    set_word(workspace, MISSING_SLOT, slot)
    return REFUSED


# --- adjoints ---------------------------------------------------------------------------------------------


@helper
def slot_of(tape, workspace, row):
    slots = word(workspace, SLOTS)
    return load_i32(slots, row) if slots != 0 else row32(tape, STORAGE, row)


@helper
def storage_bytes(tape, row):
    storage = row32(tape, STORAGE, row)
    return row64(tape, S_SIZE, storage) * item_size(row32(tape, S_DTYPE, storage))


@helper
def bar_bytes(tape, workspace, row):
    """Bytes of the adjoints of a storage, all lanes together."""
    return word(workspace, LANES) * storage_bytes(tape, row)


@helper
def allocate_bar(tape, workspace, nbytes):
    """Memory for an adjoint: small ones from the arena of the sweep, large ones from the pool; 0 if there is none."""
    if nbytes > SMALL:
        return acquire(word(tape, POOL_AT), nbytes)
    return bump_in(workspace, W_NEXT, W_END, W_CHUNKS, word(tape, POOL_AT), nbytes)


@helper
def bar_of(tape, workspace, row):
    """Address of the adjoint of a row, 0 if nothing has reached its storage."""
    base = word(word(workspace, BARS), slot_of(tape, workspace, row))
    if base == 0:
        return 0
    return base + into_bar(tape, workspace, row)


@helper
def into_bar(tape, workspace, row):
    """Bytes from the start of the adjoints of a storage to that of a row, in the current lane."""
    storage = row32(tape, STORAGE, row)
    elements = word(workspace, LANE) * row64(tape, S_SIZE, storage) + row64(tape, OFFSET, row)
    return item_size(row32(tape, S_DTYPE, storage)) * elements


@helper
def make_bar(tape, workspace, row, zero):
    """Address of the adjoint of a row, allocated if it is new, and zeroed if `zero`; 0 if there is no memory."""
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    if word(bars, slot) == 0:
        set_word(bars, slot, allocate_bar(tape, workspace, bar_bytes(tape, workspace, row)))
        if word(bars, slot) == 0:
            return 0
        if zero:
            storage = row32(tape, STORAGE, row)
            fill_zero(word(bars, slot), word(workspace, LANES) * row64(tape, S_SIZE, storage), row32(tape, S_DTYPE, storage))
    return word(bars, slot) + into_bar(tape, workspace, row)


@helper
def drop_bar(tape, workspace, row):
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    if word(bars, slot) != 0 and bar_bytes(tape, workspace, row) > SMALL:
        release(word(tape, POOL_AT), word(bars, slot))
    set_word(bars, slot, 0)


@helper
def covers_storage(tape, row):
    """Whether a row's layout is its whole storage, in order."""
    layout, table = row32(tape, LAYOUT, row), table_of(tape)
    size = row64(tape, S_SIZE, row32(tape, STORAGE, row))
    whole = layout_word(table, layout, CONTIGUOUS) != 0 and layout_word(table, layout, SIZE) == size
    return whole and row64(tape, OFFSET, row) == 0


@helper
def add_values(tape, workspace, row, values, dtype):
    """Add contiguous values to the adjoint of a row.  Returns whether there is memory for it."""
    bar = make_bar(tape, workspace, row, True)
    if bar == 0:
        return False
    layout = row32(tape, LAYOUT, row)
    n = layout_word(table_of(tape), layout, SIZE)
    move_values(ADD, dtype, values, bar, table_of(tape), layout, layout, 0, n, word(tape, SCRATCH_AT))
    return True


NO_ADJOINT, NUMBERS, WITH_NAN = range(3)  # what `copy_adjoint` and `copy_lanes` answer


@helper
def _copy_lane(tape, workspace, row, target):
    bar = bar_of(tape, workspace, row)
    if bar == 0:
        return NO_ADJOINT
    dtype, n = row32(tape, S_DTYPE, row32(tape, STORAGE, row)), layout_word(table_of(tape), row32(tape, LAYOUT, row), SIZE)
    copy(target, bar, item_size(dtype) * n)
    return WITH_NAN if holds_nan(target, n, dtype) else NUMBERS


@entry
def copy_adjoint(tape, workspace, row, target):
    """Copy the adjoint of a contiguous row.  Returns NO_ADJOINT, NUMBERS, or WITH_NAN if one of these is not."""
    return _copy_lane(tape, workspace, row, target)


@entry
def any_nan(address, n, dtype):
    """Whether one of n values is a nan."""
    return holds_nan(address, n, dtype)


@entry
def copy_lanes(tape, workspace, row, target):
    """Copy the adjoints of a contiguous row, lane after lane.  Returns what `copy_adjoint` does."""
    found = NO_ADJOINT
    item = item_size(row32(tape, S_DTYPE, row32(tape, STORAGE, row)))
    step = item * layout_word(table_of(tape), row32(tape, LAYOUT, row), SIZE)
    for lane in range(word(workspace, LANES)):
        set_word(workspace, LANE, lane)
        found = max(found, _copy_lane(tape, workspace, row, target + lane * step))
    set_word(workspace, LANE, 0)
    return found


@entry
def add_lanes(tape, workspace, row, values):
    """Add contiguous values, those of a lane after those of the one before, to the adjoints of a row."""
    dtype = row32(tape, S_DTYPE, row32(tape, STORAGE, row))
    step = item_size(dtype) * layout_word(table_of(tape), row32(tape, LAYOUT, row), SIZE)
    added = True
    for lane in range(word(workspace, LANES)):
        set_word(workspace, LANE, lane)
        added = add_values(tape, workspace, row, values + lane * step, dtype)
    set_word(workspace, LANE, 0)
    return added


@entry
def drop_adjoint(tape, workspace, row):
    """Release the adjoint of a row that Python has passed on."""
    drop_bar(tape, workspace, row)


@entry
def adjoint_address(tape, workspace, row):
    return bar_of(tape, workspace, row)


@entry
def new_adjoint(tape, workspace, row):
    """Address of the adjoint of a row, zeros if nothing has reached it."""
    return make_bar(tape, workspace, row, True)


@entry
def add_adjoint(tape, workspace, row, values):
    """Add contiguous values, in the dtype of the row, to its adjoint.  Returns whether there is memory for it."""
    return add_values(tape, workspace, row, values, row32(tape, S_DTYPE, row32(tape, STORAGE, row)))


@entry
def take_adjoint(tape, workspace, row):
    """The pool block of a large adjoint, which the caller then owns; 0 for a small one."""
    slot = slot_of(tape, workspace, row)
    bars = word(workspace, BARS)
    block = word(bars, slot)
    if bar_bytes(tape, workspace, row) <= SMALL:
        return 0
    set_word(bars, slot, 0)
    return block
