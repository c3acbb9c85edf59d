"""Assembly: a schedule as code, and the memory layout of its slots.

Slots that are alive at the same time get different memory, others share it. What only the steps of one region exchange gets
a block of local memory. Addresses are left open; an instance of the program fills them in.
"""

from typing import NamedTuple

import numpy as np

from ...dtypes import DTYPES
from .program_code import HOST, ITEM, MICRO, RUN, RUN_DTYPE, RUN_REVERSE, STATEMENT, ZERO
from .forward_lowering import Params
from .memory_plan import plan_memory
from .region_micros import Micros
from .schedule import Item, Place, Region, is_direct

MOST_ELEMENTS = 2**31 - 1  # tables of runs hold 32-bit numbers
ARENA = -1  # used in place of a slot number: the start of the arena


class Relocations(NamedTuple):
    """Words of code that are addresses: their positions, the slot of each, and the offset in bytes."""

    words: np.ndarray
    slots: np.ndarray
    offsets: np.ndarray


class Assembly:
    """The code of a program.

    Attributes
    ----------
    items, micros : arrays of words
        With the addresses of slots left open.
    relocations : Relocations
        Of the items, then of the micros, as one array.
    arena : int
        Bytes of memory.
    addresses : dict of slot -> int
        Where in the arena a slot lies; external slots are missing.
    local : int
        Bytes of block memory, for every thread.
    steps : list
        What the items of Python do, by number.
    """

    def __init__(self, lowering, pinned, external):
        self.lowering, self.schedule = lowering, lowering.schedule
        self.pinned, self.external = set(pinned), set(external)
        self.params = self.schedule.slot(max(8 * len(lowering.params), 8), 0)
        self.pinned.add(self.params)
        self.pinned.update(slot for slot, _ in lowering.constants)
        self.order = self._ordered()
        self.clears = set()  # slots that a region clears block by block
        self._clear_adjoints()
        self._lay_out()
        self.addresses, self.arena = plan_memory(self.schedule, self.order, self.pinned, self.external | self.local_slots)
        self._tables = []
        self._encode()

    # --- order ----------------------------------------------------------------------------------------

    def _ordered(self):
        """Items and regions by level; those of one level in the order in which they were added."""
        return sorted([*self.schedule.items, *self.schedule.regions], key=_level)

    def _clear_adjoints(self):
        """Ensure that what is added to starts at zero, in the cheapest way."""
        writers = {}  # slot -> [(entry, place or None)]
        adding = set()
        for entry in self.order:
            if isinstance(entry, Region):
                for step in entry.steps:
                    writers.setdefault(step.out.slot, []).append((entry, step.out))
                    if step.adds:
                        adding.add(step.out.slot)
            else:
                for slot in entry.writes:
                    writers.setdefault(slot, []).append((entry, None))
                    if entry.accumulates:
                        adding.add(slot)
        zeros = []
        for slot in adding:
            entry, place = writers[slot][0]
            nbytes, dtype = self.schedule.slots[slot]
            if place is None and entry.clears is not None and _covers(entry.words[2], nbytes, dtype):
                entry.words[entry.clears] = 1
            elif place is not None and self._in_one_region(writers[slot], entry, place, nbytes, dtype):
                self.clears.add(slot)
            else:
                zero = Item(ZERO, [Place(slot, 0, 0), nbytes], [], [slot])
                zero.level = entry.level - entry.level % 2
                zeros.append(zero)
        if zeros:
            self.order = sorted([*zeros, *self.order], key=_level)

    @staticmethod
    def _in_one_region(writers, region, place, nbytes, dtype):
        if not (is_direct(place, region.n) and _covers(place, nbytes, dtype)):
            return False
        return all(e is region and p[:2] == place[:2] and is_direct(p, region.n) for e, p in writers)

    def _lay_out(self):
        """Determine which slots a region keeps in local memory."""
        users, apart = {}, set(self.pinned) | self.external
        for entry in self.order:
            if isinstance(entry, Region):
                for step in entry.steps:
                    for p in (step.out, *step.reads()):
                        users.setdefault(p.slot, set()).add(id(entry))
                        if not (is_direct(p, entry.n) and _covers(p, *self.schedule.slots[p.slot])):
                            apart.add(p.slot)
            else:
                apart.update(entry.reads, entry.writes)
        self.local_slots = {slot for slot, where in users.items() if len(where) == 1 and slot not in apart}
        self.regions, self.local = {}, 0
        for entry in self.order:
            if isinstance(entry, Region):
                micros = Micros(self.schedule, entry, self.local_slots, self.clears)
                self.regions[id(entry)] = micros
                self.local = max(self.local, micros.local_bytes)

    # --- code -----------------------------------------------------------------------------------------

    def _encode(self):
        self._words, self._slots, self._offsets = [], [], []
        self.steps, items, micros = [], [], []
        n_items = len(self.order)
        for entry in self.order:
            row = [0] * ITEM
            row[0] = entry.kind
            at = ITEM * len(items)
            if isinstance(entry, Region):
                self._encode_region(row, self.regions[id(entry)], micros, ITEM * n_items)
            elif entry.kind == HOST:
                row[1] = len(self.steps)
                self.steps.append(entry.payload)
            elif entry.kind == RUN:
                self._encode_run(row, entry.payload, at)
            elif entry.kind == RUN_REVERSE:
                self._encode_pairs(row, *entry.words, at)
            else:
                for k, value in enumerate(entry.words, 1):
                    row[k] = self._value(value, at + k)
            items.append(row)
        self.items = np.array(items, np.int64).reshape(-1, ITEM)
        self.micros = np.array(micros, np.int64).reshape(-1, MICRO)
        self.relocations = Relocations(*(np.array(x, np.int64) for x in (self._words, self._slots, self._offsets)))

    def _value(self, value, at):
        """A word of code: a number as it is; 0 for a place, whose address is filled in later."""
        if isinstance(value, Params):
            value = Place(self.params, 8 * value.first, 0)
        if isinstance(value, Place):
            self._relocate(at, value.slot, value.offset)
            return 0
        return int(value)

    def _relocate(self, at, slot, offset):
        self._words.append(at)
        self._slots.append(slot)
        self._offsets.append(offset)

    def _encode_region(self, row, region, micros, base):
        first = len(micros)
        for micro in region.rows:
            at = base + MICRO * len(micros)
            micros.append([self._value(value, at + k) for k, value in enumerate(micro)])
        row[1:5] = first, first + region.n_blocks, region.n, region.dtype
        row[5:9] = region.block, region.chunks, len(micros), int(region.parallel)

    def _elements(self, slots, offsets):
        """Places as element numbers from the start of the arena."""
        unique, index = np.unique(slots, return_inverse=True)
        starts = np.array([self.addresses[s] for s in unique.tolist()], np.int64)
        elements = (starts[index] + offsets) // 8
        if elements.max(initial=0) > MOST_ELEMENTS:
            raise MemoryError(
                f"a program got numbers beyond {8 * MOST_ELEMENTS} bytes of its memory, which its tables cannot name"
            )
        return elements

    def _encode_run(self, row, run, at):
        listing, rows = self.lowering.listing, run.rows
        codes, kernel = np.unique(listing.op[rows], return_inverse=True)
        operations = [listing.operation(r) for r in rows[np.unique(kernel, return_index=True)[1]]]
        kernels = np.array([o.compile_statement(DTYPES[RUN_DTYPE]) for o in operations], np.int64)
        table = np.empty((len(rows), STATEMENT), np.int32)
        table[:, 0], table[:, 5] = kernel, 3 * np.arange(len(rows)) if run.keeps_partials else 0
        table[:, 1] = self._elements(np.full(len(rows), run.values), 8 * np.arange(len(rows)))
        for k in range(3):
            table[:, 2 + k] = self._elements(*self.lowering.run_operands(run, k))
        row[1:5] = self._table(table), len(rows), 0, self._table(kernels)
        self._relocate(at + 3, ARENA, 0)
        self._relocate(at + 5, run.partials, 0)

    def _encode_pairs(self, row, run, pairs, at):
        table = np.empty((len(pairs), 3), np.int32)
        table[:, 0] = self._elements(np.full(len(pairs), run.bars), 8 * pairs[:, 0])
        table[:, 1] = self._elements(pairs[:, 1], pairs[:, 2])
        table[:, 2] = pairs[:, 3]
        row[1:4] = self._table(table), len(pairs), 0
        self._relocate(at + 3, ARENA, 0)
        self._relocate(at + 4, run.partials, 0)

    def _table(self, array):
        """The address of a table that the program keeps alive."""
        self._tables.append(array)
        return array.__array_interface__["data"][0]


def _level(entry):
    return entry.level


def _covers(place, nbytes, dtype):
    return place.offset == 0 and place.size * DTYPES[dtype].itemsize == nbytes and place.contiguous
