"""Writes to parts of complex numbers, and parts that follow writes to their numbers (see `tensors/linked_copies`)."""

from ..tape.recording_state import recording, state
from ..tape.tape import current
from ..tensors.linked_copies import enter, linked_to, taken_links
from ..tensors.row_binding import bind
from ..tensors.tensor import is_leaf_that_requires_grad
from .operation_table import recorder_of


def passes_on(link, target, value):
    """Whether a write to a part is one to its numbers: not where it is a view of their memory, and nothing is recorded."""
    return recorder_of((value, target)) is not None or not link.is_direct(target)


def write_through(link, target, value, write):
    """Write to a part by a write to its numbers, after which `target` stands for the new part."""
    part = link.part.copy(link.base)
    write(link.within(part), value)
    write(link.base, link.part.rejoined(part, link.base))
    return target


def _stays(part):
    """Whether a part needs no new row: it is a view of memory, without a history to follow."""
    link = part._extras.link
    if not link.is_direct(part) or part._tape is not None:
        return False
    return not link.records or link.base._storage.tape is None


def follow(target):
    """Let the parts of what was written to stand for the new contents."""
    inner = []
    for part in linked_to(target):
        if not _stays(part) and not is_leaf_that_requires_grad(part):
            inner += taken_links(part)
            _stand_anew(part)
    for part in inner:  # parts of parts
        enter(part)
        follow(part._extras.link.base)


def _stand_anew(part):
    link, before = part._extras.link, recording()
    try:
        if link.records and current().recorder is None:
            state.set(current().tape)
        new = link.within(link.part.taken(link.base))
    finally:
        state.set(before)
    former = part._row if part._tape is new._tape else -1
    part._array, part._storage = new._array, new._storage
    if new._tape is None:
        part._tape, part._row = None, -1
        return
    bind(new._tape, part, new._row)
    new._tape.replaced(former, part._row)
