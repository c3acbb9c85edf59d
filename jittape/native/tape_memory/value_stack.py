"""The value stack of an arena: memory that the adjoints of loops fill forwards and empty backwards.

It is made of segments, which double in size and stay with the arena. A region is a number of consecutive words in one segment.
Code that uses the stack keeps its top, its segment and the end of that in variables of its own, and comes here only where a
segment is full. A segment knows the one before it, and how far that one was used.
"""

from ...numba_backend.decorators import helper
from ..compilation.shared_code import shared
from ...memory.words import set_word, word
from .arenas import S_BYTES, S_NEXT, S_PREVIOUS, S_TOP, S_WORDS, SEGMENTS, free_segments, refuse, take

SMALLEST_SEGMENT = 1 << 16


@helper
def _link(header, segment, following):
    if segment == 0:
        set_word(header, SEGMENTS, following)
    else:
        set_word(segment, S_NEXT, following)


@shared
def next_segment(header, segment, top, nbytes):
    """Go on in another segment, with room for a region of so many bytes. Returns its address.

    Raises
    ------
    TapeMemoryError
        Beyond the limit.
    """
    needed = nbytes + 8 * S_WORDS
    found = word(header, SEGMENTS) if segment == 0 else word(segment, S_NEXT)
    if found != 0 and word(found, S_BYTES) < needed:
        free_segments(header, found)
        found = 0
        _link(header, segment, 0)
    if found == 0:
        size = max(needed, SMALLEST_SEGMENT if segment == 0 else 2 * word(segment, S_BYTES))
        found = take(header, size)
        if found == 0:
            refuse(size)
        set_word(found, S_NEXT, 0)
        set_word(found, S_BYTES, size)
        _link(header, segment, found)
    set_word(found, S_PREVIOUS, segment)
    set_word(found, S_TOP, top)
    return found
