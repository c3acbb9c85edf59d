"""Memory plan: positions of slots in an arena, such that those alive at the same time do not overlap."""

import bisect

from .schedule import Region

ALIGNMENT = 64


def lives(order):
    """First and last position at which each slot is used."""
    life = {}
    for position, entry in enumerate(order):
        for slot in slots_of(entry):
            first = life[slot][0] if slot in life else position
            life[slot] = (first, position)
    return life


def slots_of(entry):
    """The slots that an item or a region uses."""
    if isinstance(entry, Region):
        return entry.read_at.keys() | entry.written_at.keys()
    return {*entry.reads, *entry.writes}


def plan_memory(schedule, order, pinned, external):
    """Positions of slots in an arena, and its size in bytes.

    Pinned slots (inputs, constants, results) are alive all the time; external ones get no position.
    """
    life = {slot: span for slot, span in lives(order).items() if slot not in pinned and slot not in external}
    addresses, top = {}, 0
    for slot in sorted(pinned - external):
        addresses[slot] = top
        top += aligned(schedule.slots[slot][0])
    starts, ends = {}, {}
    for slot, (first, last) in life.items():
        starts.setdefault(first, []).append(slot)
        ends.setdefault(last, []).append(slot)
    free = Free(top)
    for position in range(len(order)):
        for slot in sorted(starts.get(position, ())):
            addresses[slot] = free.take(aligned(schedule.slots[slot][0]))
        for slot in ends.get(position, ()):
            free.give(addresses[slot], aligned(schedule.slots[slot][0]))
    return addresses, max(free.top, ALIGNMENT)


def aligned(nbytes):
    return max(nbytes + ALIGNMENT - 1, ALIGNMENT) // ALIGNMENT * ALIGNMENT


class Free:
    """Free stretches of memory; neighbouring ones are joined when they are returned."""

    def __init__(self, top):
        self.top = top
        self.stretches = []  # (address, bytes), by address

    def take(self, nbytes):
        """The smallest stretch that is long enough, else memory at the end."""
        best = None
        for k, (_, length) in enumerate(self.stretches):
            if length >= nbytes and (best is None or length < self.stretches[best][1]):
                best = k
        if best is None:
            address, self.top = self.top, self.top + nbytes
            return address
        address, length = self.stretches.pop(best)
        if length > nbytes:
            bisect.insort(self.stretches, (address + nbytes, length - nbytes))
        return address

    def give(self, address, nbytes):
        """Return a stretch."""
        k = bisect.bisect(self.stretches, (address, nbytes))
        if k < len(self.stretches) and address + nbytes == self.stretches[k][0]:
            nbytes += self.stretches.pop(k)[1]
        if k > 0 and sum(self.stretches[k - 1]) == address:
            address, before = self.stretches.pop(k - 1)
            nbytes, k = nbytes + before, k - 1
        self.stretches.insert(k, (address, nbytes))
