"""NumPy without warnings of floating point, at a tenth of the time that `np.errstate` takes, which is twice that of a small sum.

Since NumPy 2.0 its handling of errors is the value of a context variable. Which one, and what value means silence, is seen in a
context in which nothing else was ever set.
"""

from contextvars import Context

import numpy as np


def _of_threads():
    def silence():
        return np.seterr(all="ignore")

    def restore(before):
        np.seterr(**before)

    return silence, restore


def _of_contexts(variable, value):
    put = variable.set

    def silence():
        return put(value)

    return silence, variable.reset


_context, _before = Context(), np.geterr()
_context.run(np.seterr, all="ignore")
_found = list(_context.items())
if not _found:  # it was the state of this thread
    np.seterr(**_before)

# ``before = silence()``, and ``restore(before)`` in `finally`
silence, restore = _of_contexts(*_found[0]) if len(_found) == 1 else _of_threads()


def in_silence(function, *args):
    """Call a function without warnings of floating point."""
    before = silence()
    try:
        return function(*args)
    finally:
        restore(before)
