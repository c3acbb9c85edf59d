"""Recorded writes, undone on the way down and done again afterwards."""

from ..tape.schema import FREED, ROWS, STORAGE
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..memory.words import load_u8, set_word, word
from ..tape.reading import flags_of, row32
from ..kernels.services import MOVE, UNDO_WRITE, service
from ..tape.versions import counter, set_storage_version
from ..tape.in_place import swap_region
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from .second_order_sweep import undo_tangents
from .workspace import MARKED, MARKS, POSITION, TOP


@helper
def undo_write(tape, row):
    """Restore what a write row overwrote."""
    if not flags_of(tape, row) & FREED:
        swap_region(tape, row)
        storage = row32(tape, STORAGE, row)
        set_storage_version(tape, storage, counter(tape, storage) - 1)


@helper
def redo_write(tape, row):
    """Repeat a write that `undo_write` has undone."""
    if not flags_of(tape, row) & FREED:
        swap_region(tape, row)
        storage = row32(tape, STORAGE, row)
        set_storage_version(tape, storage, counter(tape, storage) + 1)


@service(UNDO_WRITE, needs=(MOVE,))
def undo_service(tape, workspace, row, unused3, unused4, unused5, unused6, unused7, unused8):
    """`undo_write` as a service, with the tangents that the write has overwritten; few sweeps need it."""
    undo_write(tape, row)
    set_word(workspace, POSITION, row)
    if load_u8(word(workspace, MARKS), row) & MARKED:
        undo_tangents(tape, workspace, row)
    return 0


@entry
def undo_writes(tape, workspace, above):
    """Undo all recorded writes at and above a row, newest first."""
    row = word(tape, ROWS) - 1
    while row >= above:
        if is_one_of(flags_of(tape, row), WRITES_IN_PLACE):
            undo_write(tape, row)
        row -= 1
    set_word(workspace, POSITION, above)
    set_word(workspace, TOP, word(tape, ROWS))


@entry
def undo_row(tape, workspace, row):
    """Undo one recorded write."""
    undo_write(tape, row)
    set_word(workspace, POSITION, row)


@entry
def redo_writes(tape, workspace):
    """Repeat the writes that a sweep has undone, oldest first."""
    for row in range(word(workspace, POSITION), word(workspace, TOP)):
        if is_one_of(flags_of(tape, row), WRITES_IN_PLACE):
            redo_write(tape, row)
    set_word(workspace, POSITION, word(workspace, TOP))


@entry
def redo_row(tape, workspace, row):
    """Repeat one recorded write."""
    redo_write(tape, row)
    set_word(workspace, POSITION, row + 1)
