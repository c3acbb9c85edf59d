"""Python's garbage collector, off while something compiles or is traced."""

import contextlib
import gc
from functools import partial
from threading import get_ident

_pausing = set()  # threads that have switched the collector off


def resuming():
    """The calls that switch the collector on again, if it is on; to be made before `pause`, so that an interrupt finds them."""
    return [partial(gc.enable), partial(_pausing.discard, get_ident())] if gc.isenabled() else []


def pause():
    """Switch the collector off."""
    if gc.isenabled():
        _pausing.add(get_ident())
        gc.disable()


@contextlib.contextmanager
def uncollected():
    """Without the garbage collector: it would visit what Numba and LLVM's bindings hold again and again, and free little."""
    resumes = resuming()
    try:
        pause()
        yield
    finally:
        for call in resumes:
            call()


def end_pauses_of_other_threads():
    """Switch the collector on again if a thread had switched it off that this process does not have."""
    others = _pausing.difference([get_ident()])
    _pausing.difference_update(others)
    if others and not _pausing:
        gc.enable()
