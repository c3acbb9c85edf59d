"""The end of a sweep: the workspace is cleaned, rows are freed."""

from ..tape.append import is_swept, note_freed, release_chunks
from ..tape.schema import FLAGS, FREED, POOL_AT, WRITES
from ..numba_backend.entry_points import entry
from ..memory.pool import release
from ..memory.words import load_u8, set_u8, set_word, word
from ..tape.reading import params_address
from ..tape.in_place import SAVED
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from .workspace import LOWEST, MARKED, MARKS, SLOTS, W_CHUNKS, W_END, W_NEXT, drop_bar


@entry
def finish(tape, workspace, highest, free):
    """Clean the workspace of a sweep and, if `free`, free the rows that it went through."""
    marks = word(workspace, MARKS)
    flags, freed = word(tape, FLAGS), 0
    for row in range(word(workspace, LOWEST), highest + 1):
        if load_u8(marks, row) & MARKED:
            drop_bar(tape, workspace, row)
            if free and is_swept(load_u8(flags, row)):
                freed += 1
                set_u8(flags, row, load_u8(flags, row) | FREED)
                if is_one_of(load_u8(flags, row), WRITES_IN_PLACE):
                    release(word(tape, POOL_AT), word(params_address(tape, row), SAVED))
                    set_word(tape, WRITES, word(tape, WRITES) - 1)
        set_u8(marks, row, 0)
    note_freed(tape, freed)
    release_chunks(word(tape, POOL_AT), word(workspace, W_CHUNKS))
    set_word(workspace, W_CHUNKS, 0)
    set_word(workspace, W_NEXT, 0)
    set_word(workspace, W_END, 0)
    set_word(workspace, SLOTS, 0)
