"""Locks across a fork: in the child, no lock is held by a thread that the child does not have."""

import os
import threading
import weakref
from collections import deque
from functools import partial
from operator import methodcaller

from llvmlite.binding import ffi
from numba.core.compiler_lock import global_compiler_lock

from .collector_pause import end_pauses_of_other_threads

LONGEST_WAIT = 60.0  # seconds: a thread that waits for the one that forks would never let go

_locks = weakref.WeakSet()
_held = []  # functions that return a lock which a fork waits for
_taken = []


def process_lock():
    """A reentrant lock that is free in a child process, unless the thread that forked held it.

    What it protects may be half done there, as the thread that held it is gone.
    """
    lock = threading.RLock()
    _locks.add(lock)
    return lock


def wait_before_fork(lock_of):
    """Let forks wait for the thread that holds a lock, so that what it protects is whole in the child.

    Parameters
    ----------
    lock_of : callable
        Returns the lock. Its holder runs no code of users, who could wait for the thread that forks.
    """
    _held.append(lock_of)


def after_fork_in_child(function):
    """Call a function without arguments in every child of a fork, whose only thread is the one that forked."""
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(after_in_child=function)


_acquire = methodcaller("acquire", timeout=LONGEST_WAIT)


def _before():
    """Take the locks and note those that were free in time, in one call of C: an interrupt finds each noted or not taken."""
    _taken.extend(filter(_acquire, [lock_of() for lock_of in _held]))


def _after():
    """Give all of them back, in one call of C."""
    changes = [*[partial(lock.release) for lock in reversed(_taken)], _taken.clear]
    deque(map(partial.__call__, map(partial, changes)), 0)


def _after_in_child():
    _after()
    for lock in _locks:
        if not lock._is_owned():
            lock._at_fork_reinit()
    end_pauses_of_other_threads()


# A compilation cannot be taken up by another thread.  The code of LLVM has a lock of its own, inside of the compiler's.
wait_before_fork(lambda: global_compiler_lock._lock)
wait_before_fork(lambda: ffi.lib._lock._lock)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before, after_in_parent=_after, after_in_child=_after_in_child)
