"""What Python objects know of a tape by number: the rows they need, and their changes when a compaction renumbers."""

import weakref
from functools import partial

from .commit import assignments


def handles_of(tape):
    """The living Tensors that hold rows of a tape."""
    return [t for ref in tape.handles if (t := ref()) is not None and t._tape is tape]


def mark_referred(tape, tensors, marks):
    """Mark the rows that Python objects refer to.

    Of the storages that they share, the newest write is needed: a view that is not on the tape may need the history of its
    memory. A leaf has none, and the tape itself keeps it alive.
    """
    for t in tensors:
        if tape.leaves.get(t._row) is not t:
            marks[t._row] = 1
    for number, storage in list(tape.storages.items()):
        head = tape.heads[number]
        leaf = tape.leaves.get(head)
        if head >= 0 and (leaf is None or leaf._storage is not storage):
            marks[head] = 1


def dismiss_leaves(tensors, marks):
    """Unbind leaves that no living result depends on: `leaves` would keep them alive for ever. Returns the other Tensors."""
    kept = []
    for t in tensors:
        if marks[t._row]:
            kept.append(t)
        else:
            t._pinned()
            t._tape, t._row = None, -1
    return kept


def renumbered(tape, tensors, new_row, new_storage):
    """The changes of everything that knows rows and storages by number."""
    new_row, new_storage = memoryview(new_row), memoryview(new_storage)  # read one number at a time
    changes = [partial(setattr, t, "_row", new_row[t._row]) for t in tensors]
    tables = {"handles": [weakref.ref(t) for t in tensors]}
    for name in ("leaves", "statics", "traces", "attended", "hooked"):
        tables[name] = {new: v for row, v in getattr(tape, name).items() if (new := new_row[row]) >= 0}
    tables["foreign"] = {k: (t, new_row[r], c) for k, (t, r, c) in tape.foreign.items() if new_row[r] >= 0}
    for name in ("owners", "cells", "elements", "links"):
        tables[name] = {new: v for s, v in getattr(tape, name).items() if (new := new_storage[s]) >= 0}
    tables["storages"] = shared = weakref.WeakValueDictionary()
    for number, storage in list(tape.storages.items()):
        new = new_storage[number]
        changes.append(partial(setattr, storage, "number", new))
        if new < 0:
            changes.append(partial(setattr, storage, "tape", None))
        else:
            shared[new] = storage
    return changes + assignments(tape, **tables)
