"""Room for the adjoints of one row, made sure of before anything is done for it: nobody has to ask later.

Blocks that a row may need are taken from the pool and given back, so that they lie there when it asks for them.
"""


from ..tape.append import CHUNK, SMALL, is_gathered, release_chunks, spare, value_bytes
from ..tape.schema import NARY, POOL_AT, VIEW, WRITE
from ..numba_backend.decorators import helper
from ..memory.pool import word
from .marking import n_operands, operand
from .workspace import W_END, W_NEXT, bar_bytes, bar_of


@helper
def _spare_for(tape, workspace, pool, chain, x, copies):
    """Blocks for an adjoint, if it has none yet, and for gathered copies, where they are large."""
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
    """Whether memory for all that a row asks for is there; `along` the recording: tangents."""
    pool, chain = word(tape, POOL_AT), 0
    if word(workspace, W_NEXT) + 4 * SMALL > word(workspace, W_END):  # four small ones may not fit into the chunk
        chain = spare(pool, chain, CHUNK)
    moved = flags & (WRITE | VIEW | NARY) != 0
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
