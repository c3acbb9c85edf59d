"""Refusals: what compiled code cannot go on without, and what Python does about it.

A compiled entry that finds something missing has changed nothing.  It answers what it is, Python provides exactly that, and
calls it again: no decision of compiled code is made a second time in Python.  The same refusal twice in a row means that
what was provided is not what is asked for.  That is a defect of the library, and an error in the place of an endless loop.
"""

from ..dtypes import DTYPES
from ..errors import InternalError
from ..kernels.kernel_table import part_of
from ..kernels.services import ensure
from .schema import CROWDED, MISFIT, MISSING, OUT_OF_MEMORY, STALE

REASONS = {MISFIT: "operands that do not fit", CROWDED: "room on the tape", STALE: "operands as they were"}


def describe(slot):
    """What a slot is, in words."""
    part, k, dtype = part_of(slot)
    return f"service {k}" if part == "service" else f"the {part} kernel of operand {k} for {DTYPES[dtype]}"


def provide(operation, slot):
    """Compile what a slot names: a service, or a kernel of an operation."""
    part, k, dtype = part_of(slot)
    if part == "service":
        ensure(k)
    else:
        operation.provide(part, k, DTYPES[dtype])


def repeated(operation, row, what):
    """The error of a refusal that providing what was missing has not mended."""
    return InternalError(
        f"row {row} ({operation.name}) refused twice in a row for want of {what}, which had been provided: this is a defect of "
        "jittape, please report it"
    )


def answer(tape, operation, refusal, last):
    """Provide what a record function has refused for.

    Parameters
    ----------
    tape : Tape
    operation : Operation
        Of the row that was to be appended.
    refusal : int
        What the record function answered.
    last : int or None
        What it answered before, when the same row was to be appended.

    Returns
    -------
    int
        The refusal: the next call's `last`.

    Raises
    ------
    InternalError
        It is the same again.
    MemoryError
        There is no memory for the result.
    """
    if refusal == OUT_OF_MEMORY:
        raise MemoryError(f"no memory for the result of {operation.name}")
    if refusal == last:
        raise repeated(operation, len(tape), describe(MISSING - refusal) if refusal <= MISSING else REASONS[refusal])
    if refusal <= MISSING:
        provide(operation, MISSING - refusal)
    elif refusal == CROWDED:
        tape.make_room()
    return refusal  # of operands that are not what they were: they get other rows when they are asked for again
