"""Threads that share the blocks of large regions, and the examples of a batch.

Work is cut into chunks whose boundaries depend on sizes alone, and sums are added up in the order of the chunks. The result
therefore does not depend on the number of threads, to the last bit.
"""

from __future__ import annotations

import os
import sys
from concurrent.futures import Future, ThreadPoolExecutor, wait

import numpy as np

from ..memory.pool import Buffer
from ..memory.words import address_of
from ..numba_backend.forks import after_fork_in_child, process_lock
from .services import HEADER, scratch_header

LIMITS = "NUMBA_NUM_THREADS", "OMP_NUM_THREADS"
_number = [0]
_pool, _pool_lock = [None, 0], process_lock()


def set_num_threads(n: int) -> None:
    """Set the number of threads that compiled functions may use; results do not depend on it.

    Parameters
    ----------
    n : int
        At least 1.

    Raises
    ------
    TypeError
        If `n` is not an int.
    ValueError
        If `n` is less than 1.

    Examples
    --------
    >>> import jittape as jt
    >>> before = jt.get_num_threads()
    >>> jt.set_num_threads(2)
    >>> jt.get_num_threads()
    2
    >>> jt.set_num_threads(before)
    """
    if isinstance(n, bool) or not isinstance(n, (int, np.integer)):
        raise TypeError(f"set_num_threads: got {n!r}, expected an int")
    if n < 1:
        raise ValueError(f"set_num_threads: got {n}, expected at least 1")
    _number[0] = int(n)


def get_num_threads() -> int:
    """Return the number of threads that compiled functions use.

    Returns
    -------
    int
        By default the number of cores that this process may run on, or fewer where NUMBA_NUM_THREADS or OMP_NUM_THREADS say so,
        as they do in workers of joblib and Dask.
    """
    if not _number[0]:
        affinity = getattr(os, "sched_getaffinity", None)
        cores = len(affinity(0)) if affinity is not None else os.cpu_count() or 1
        _number[0] = min(cores, *map(_limit_by, LIMITS))
    return _number[0]


def _limit_by(variable):
    """The number of threads that a variable of the environment allows; OpenMP's may be a list, one for each level."""
    first = os.environ.get(variable, "").partition(",")[0].strip()
    return int(first) if first.isdigit() and int(first) > 0 else sys.maxsize


def share(parts, work):
    """Call ``work(thread, part)`` for every part of a job, each in a thread; the first part runs in the calling one."""
    if len(parts) == 1:
        work(0, parts[0])
        return
    futures = [Future() for _ in parts[1:]]  # before any is handed over, so that an interrupt loses none of them
    interrupts, has_ended = [], False
    try:
        executor = _executor(len(parts) - 1)
        for k, (future, part) in enumerate(zip(futures, parts[1:]), 1):
            executor.submit(_run, future, work, k, part)
        work(0, parts[0])
        has_ended = True
    finally:
        while True:  # here and not in a function: an interrupt may come when one is entered
            try:
                for future in () if has_ended else futures:
                    future.cancel()  # what no thread has begun, or was given
                wait([future for future in futures if not future.cancelled()])  # so that no thread still writes to the memory
                break
            except KeyboardInterrupt as interrupt:
                interrupts.append(interrupt)
        if interrupts:
            raise interrupts[0]
    for future in futures:
        future.result()


def _run(future, work, thread, part):
    if future.set_running_or_notify_cancel():
        try:
            future.set_result(work(thread, part))
        except BaseException as error:
            future.set_exception(error)


def _executor(n):
    with _pool_lock:
        if _pool[1] < n:
            former, _pool[:] = _pool[0], (ThreadPoolExecutor(n, thread_name_prefix="jittape"), n)
            if former is not None:  # after it has been replaced, so that an interrupt leaves none that takes no more work
                former.shutdown(wait=False)
        return _pool[0]


def _forget_pool():
    _pool[:] = None, 0


after_fork_in_child(_forget_pool)


def ranges(n, parts):
    """The numbers 0 to n in consecutive ranges of nearly equal lengths."""
    parts = max(min(n, parts), 1)
    ends = [n * k // parts for k in range(parts + 1)]
    return list(zip(ends, ends[1:]))


class Scratch:
    """Memory that a thread needs for itself: scratch for moves, and for blocks."""

    def __init__(self, local_bytes):
        self.words = np.zeros(HEADER, np.int64)
        self.words[:] = scratch_header()
        self.blocks = Buffer.acquire(max(local_bytes // 8, 8), np.float64)
        self.address, self.local = address_of(self.words), address_of(self.blocks)
