"""The end of a sweep."""

from ..append import release_chunks
from ..columns import FLAGS, FREED, LEAF, POOL_AT, WRITE, WRITES
from ..jit import compiled
from ..memory import load_u8, release, set_u8, set_word, word
from ..rows import params_address
from ..writes import SAVED
from .workspace import LOWEST, MARKED, MARKS, SLOTS, W_CHUNKS, W_END, W_NEXT, drop_bar


@compiled
def finish(tape, workspace, highest, free):
    """Clean the workspace of a sweep and, if asked, free the rows it went through."""
    marks = word(workspace, MARKS)
    flags = word(tape, FLAGS)
    for row in range(word(workspace, LOWEST), highest + 1):
        if load_u8(marks, row) & MARKED:
            drop_bar(tape, workspace, row)
            if free and not load_u8(flags, row) & (LEAF | FREED):
                set_u8(flags, row, load_u8(flags, row) | FREED)
                if load_u8(flags, row) & WRITE:
                    release(word(tape, POOL_AT), word(params_address(tape, row), SAVED))
                    set_word(tape, WRITES, word(tape, WRITES) - 1)
        set_u8(marks, row, 0)
    release_chunks(word(tape, POOL_AT), word(workspace, W_CHUNKS))
    set_word(workspace, W_CHUNKS, 0)
    set_word(workspace, W_NEXT, 0)
    set_word(workspace, W_END, 0)
    set_word(workspace, SLOTS, 0)
