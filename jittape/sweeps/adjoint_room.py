"""Memory for the adjoints of one row, reserved before the row is swept, so that nothing in the middle of a row can fail.

Blocks that a row may need are taken from the pool and given back, and are therefore there when the row asks for them.
"""

from ..tape.append import CHUNK, SMALL, is_gathered, release_chunks, spare, value_bytes
from ..tape.schema import POOL_AT
from ..numba_backend.decorators import helper
from ..memory.words import word
from ..tape.row_kinds import MOVES, is_one_of
from .marking import n_operands, operand
from .workspace import W_END, W_NEXT, bar_bytes, bar_of


@helper
def _spare_for(tape, workspace, pool, chain, x, copies):
    """Reserve blocks for an adjoint, if it has none yet, and for gathered copies, if they are large."""
    nbytes = bar_bytes(tape, workspace, x)
    if nbytes > SMALL and bar_of(tape, workspace, x) == 0:
        chain = spare(pool, chain, nbytes)
    if copies > 0:
        nbytes = value_bytes(tape, x)
        for _ in range(copies):
            chain = spare(pool, chain, nbytes)
    return chain


@helper
def has_room(tape, workspace, row, flags, along):
    """Whether all memory that a row asks for is there; `along` the recording: for tangents."""
    pool, chain = word(tape, POOL_AT), 0
    if word(workspace, W_NEXT) + 4 * SMALL > word(workspace, W_END):  # four small adjoints may not fit into the rest of the chunk
        chain = spare(pool, chain, CHUNK)
    moved = is_one_of(flags, MOVES) != 0
    chain = _spare_for(tape, workspace, pool, chain, row, 1 if moved or along else 0)
    for k in range(n_operands(tape, row)):
        x = operand(tape, row, k)
        if x >= 0:
            copies = 2 if is_gathered(tape, x) else 0
            chain = _spare_for(tape, workspace, pool, chain, x, 1 if copies == 0 and (moved or along) else copies)
    if chain < 0:
        return False
    release_chunks(pool, chain)
    return True
