"""Python's garbage collector, off while something compiles or is traced."""

import contextlib
import gc
from collections import deque
from functools import partial
from threading import get_ident

_pauses = set()  # those under way, as pairs of the thread and an object of their own
_switched_off = []  # not empty: it is this module that has switched the collector off


def resuming():
    """A pause that may begin, and the call that ends it; made before `pause`, so that an interrupt finds it.

    Threads pause one beside the other without a lock, which an interrupt could leave locked. Whatever the order of their steps,
    the last one to end switches the collector on: a pause stands in the set before it looks at the collector, and is taken out
    before it asks whether others are left.
    """
    token = get_ident(), object()
    return token, partial(_end, token)


def pause(token):
    """Switch the collector off, unless somebody has."""
    _pauses.add(token)
    if gc.isenabled():
        _switched_off.append(True)
        gc.disable()


def _end(token):
    _pauses.discard(token)
    _switch_on_after_the_last()


def _switch_on_after_the_last():
    if not _pauses and _switched_off:
        deque(map(partial.__call__, _SWITCH_ON), 0)  # in C: no interrupt comes between the two


# The note goes before the collector is on: from then on another pause may note anew that it is off.
_SWITCH_ON = partial(_switched_off.clear), partial(gc.enable)


@contextlib.contextmanager
def uncollected():
    """Without the garbage collector: it would visit what Numba and LLVM's bindings hold again and again, and free little."""
    token, end = resuming()
    try:
        pause(token)
        yield
    finally:
        try:
            end()
        except BaseException:  # an interrupt
            end()
            raise


def end_pauses_of_other_threads():
    """Switch the collector on again if a thread had switched it off that this process does not have."""
    _pauses.difference_update([p for p in _pauses if p[0] != get_ident()])
    _switch_on_after_the_last()
