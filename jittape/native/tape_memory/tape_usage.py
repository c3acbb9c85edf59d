"""How much memory statement tapes take, and how much they may."""

from __future__ import annotations

import os
from typing import NamedTuple

from .arenas import ARENAS, FILLED, FIRST_ARENA, LIMIT, PAIRS, STATEMENTS, TABLE, TOTAL, arena_words, free_arenas


class TapeStats(NamedTuple):
    """Statement tapes of this process.

    Attributes
    ----------
    statements, pairs : int
        Of the gradient computed last on each tape, added up.
    bytes_per_statement : float
        Memory that those statements fill, without adjoints.
    bytes, limit : int
        Memory held by all tapes, and what it may grow to; 0 for no limit.
    tapes : int
        Number of tapes.
    """

    statements: int
    pairs: int
    bytes_per_statement: float
    bytes: int
    limit: int
    tapes: int


def tape_stats() -> TapeStats:
    """Return what the statement tapes of this process hold.

    Returns
    -------
    TapeStats
        Numbers of statements, and memory in bytes.
    """
    statements = pairs = filled = tapes = 0
    for k in range(ARENAS):
        header = int(TABLE[FIRST_ARENA + 2 * k + 1])
        if header:
            tapes += 1
            statements += arena_words(header, STATEMENTS)
            pairs += arena_words(header, PAIRS)
            filled += arena_words(header, FILLED)
    return TapeStats(statements, pairs, filled / max(statements, 1), int(TABLE[TOTAL]), int(TABLE[LIMIT]), tapes)


def tape_limit() -> int:
    """Return how many bytes the statement tapes may take together.

    Returns
    -------
    int
        0 for no limit.
    """
    return int(TABLE[LIMIT])


def set_tape_limit(nbytes: int) -> None:
    """Set how many bytes the statement tapes may take together; a gradient that needs more raises `TapeMemoryError`.

    Parameters
    ----------
    nbytes : int
        0 for no limit. At first it is three quarters of the memory of the machine.

    Raises
    ------
    ValueError
        If `nbytes` is not a non-negative int.
    """
    if not isinstance(nbytes, int) or nbytes < 0:
        raise ValueError(f"set_tape_limit: got {nbytes!r}, expected a number of bytes, 0 for no limit")
    TABLE[LIMIT] = nbytes


def free_memory() -> int:
    """Return the memory of tapes that are not in use to the system.

    Returns
    -------
    int
        Number of bytes.
    """
    return int(free_arenas())


try:
    set_tape_limit(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 4 * 3)
except (AttributeError, ValueError, OSError):  # no such call on this system
    pass
