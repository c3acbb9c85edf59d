"""Checks of derivatives that a program computes: where one is nan, a structural zero may have met an infinite partial.

A program multiplies as the machine does. What comes out as nan is computed again by sweeps that tell the two kinds of zeros apart
(`autograd.careful_sweeps`), if the program has structural zeros at all.
"""

from ...dtypes import DTYPES
from ...kernels.kernel_table import OPERATIONS
from ...tape.row_kinds import ELEMENTWISE_ROW, SOURCE_ROW, kind_of
from .program_code import CHECK
from .schedule import Item, Place


def has_structural_zeros(listing):
    """Whether something may choose, or read a part of a value."""
    for kind, code in {*zip(kind_of(listing.flags).tolist(), listing.op.tolist())}:
        operation = OPERATIONS[code]
        if kind == ELEMENTWISE_ROW:
            if operation.selecting:
                return True
        elif kind != SOURCE_ROW and getattr(operation, "total", None) is None:
            return True
    return False


def add_checks(lowering, places):
    """Make the machine stop where one of these values is not a number."""
    fixed, schedule = {slot for slot, _ in lowering.constants}, lowering.schedule
    for place in places:
        if place.slot in fixed:
            continue
        nbytes, dtype = schedule.slots[place.slot]
        n = place.size
        if not place.contiguous:  # what lies around it may be nan, too: the answer is then only slower
            place, n = Place(place.slot, 0, place.layout), nbytes // DTYPES[dtype].itemsize
        schedule.add(Item(CHECK, [place, n, dtype], [place.slot], []))
