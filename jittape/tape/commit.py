"""Changes of several things that nothing divides: an interrupt comes before all of them or after.

Python handles signals between instructions of its own, and calls trace functions between lines.  A call that stays in C has
neither: `deque` takes what `map` yields, `map` calls `functools.partial` objects, and these call `setattr`, methods of built-in
types or compiled functions.  So everything that can fail or needs Python is done first, and what it comes to is a list of calls.
"""

from collections import deque
from functools import partial

_call = partial.__call__  # a slot of a type, in C


def commit(changes):
    """Make a list of changes, all of them or, if an interrupt comes before, none.

    Parameters
    ----------
    changes : list of functools.partial
        Of functions that are not Python's, with all their arguments; none of them may fail.
    """
    if len(changes) == 1:
        changes[0]()
    else:
        deque(map(_call, changes), 0)


def prepared(changes):
    """A call that makes all changes of a list, also those that are appended until then, in one instruction of Python's.

    It is what a ``finally`` block can begin with: a function would first be entered, and an interrupt may come there.
    """
    return partial(deque, map(_call, changes), 0)


def assignments(thing, **attributes):
    """The changes ``thing.name = value`` for attributes by name."""
    return [partial(setattr, thing, name, value) for name, value in attributes.items()]
