"""Forward lowering: the rows of a listing as steps of a schedule."""

import numpy as np

from ...kernels.gather_scatter import GATHER
from ...dtypes import DTYPE_CODES, DTYPES
from ...tape.schema import IMMEDIATE, NONE
from ...memory.layouts import LAYOUTS, intern
from ...tape.row_kinds import COMPUTED, ELEMENTWISE_ROW, NARY_ROW, ROW_KINDS, is_one_of, kind_of
from .program_code import CALL, COPY, RUN, RUN_DTYPE, SHIFT, ZERO
from .program_code import HOST as ON_HOST
from .move_geometry import coalesced
from .schedule import VALUE, Item, Kernel, Place, Schedule, Step, is_direct

SHORTEST_RUN = 8  # fewest scalar rows for which a table pays


class Params:
    """The address of integers in the parameters of a program, which a kernel gets."""

    __slots__ = ("first",)

    def __init__(self, first):
        self.first = first


class ScalarRun:
    """Consecutive rows of one element each: their tables, and the places of their values."""

    def __init__(self, rows, values, constants):
        self.rows, self.values, self.constants = rows, values, constants
        self.keeps_partials = False  # if not, every row overwrites the same memory
        self.partials = None  # slot


class Lowering:
    """A listing, the schedule of a program for it, and the places of its values.

    Attributes
    ----------
    value_slot, value_offset : arrays, by owner
        Where a value lies.
    params : list of int
        Integers that kernels read, in rows of eight.
    immediates : list of (slot, array)
        What constant slots hold.
    """

    def __init__(self, listing):
        self.listing, self.schedule = listing, Schedule()
        n = len(listing)
        self.value_slot, self.value_offset = np.full(n, -1), np.zeros(n, np.int64)
        self.params, self.constants, self.runs = [], [], []
        self._numbers = {}  # (value, dtype) -> place of an immediate
        self.kinds = kind_of(listing.flags)
        self.run_of = np.full(n, -1)
        self._find_runs()

    # --- places ---------------------------------------------------------------------------------------

    def item_size(self, row):
        return self.listing.dtype(row).itemsize

    def code(self, row):
        """The dtype code of a row."""
        return int(self.listing.dtypes[self.listing.owner[row]])

    def place(self, row):
        """The place of the value of a row."""
        listing = self.listing
        owner = listing.owner[row]
        offset = self.value_offset[owner] + listing.offset[row] * DTYPES[listing.dtypes[owner]].itemsize
        return Place(int(self.value_slot[owner]), int(offset), int(listing.layout[row]))

    def constant(self, array):
        """Add a slot that holds an array from the start. Returns its place."""
        array = np.require(array, requirements="C")
        slot = self.schedule.slot(array.nbytes, DTYPE_CODES[array.dtype])
        self.constants.append((slot, array))
        return Place(slot, 0, intern(array.shape))

    def number(self, value, dtype):
        """The place of a constant number."""
        key = (np.float64(value).tobytes(), dtype)
        if key not in self._numbers:
            self._numbers[key] = self.constant(np.array(value, DTYPES[dtype]))
        return self._numbers[key]

    def temporary(self, layout, dtype):
        """A new contiguous place of the shape of a layout."""
        layout = LAYOUTS[layout]
        slot = self.schedule.slot(layout.size * DTYPES[dtype].itemsize, dtype)
        return Place(slot, 0, intern(layout.shape))

    def operand(self, row, a):
        """The place of an operand of a row, None if there is none."""
        if a == NONE:
            return None
        if a == IMMEDIATE:
            return self.number(self.listing.immediate(row), self.code(row))
        return self.place(a)

    def keep_params(self, integers):
        """Store integers for a kernel in the memory of the program."""
        first = len(self.params)
        self.params += [*integers, *[0] * (8 - len(integers) % 8 if len(integers) % 8 else 0)]
        return Params(first)

    # --- runs -----------------------------------------------------------------------------------------

    def _find_runs(self):
        listing = self.listing
        sizes = np.array([layout.size for layout in LAYOUTS])[listing.layout] if len(listing) else np.zeros(0)
        scalar = (self.kinds == ELEMENTWISE_ROW) & (sizes == 1) & (listing.dtypes[listing.owner] == RUN_DTYPE)
        other = np.flatnonzero(~scalar & (is_one_of(listing.flags, COMPUTED) != 0))
        group = np.searchsorted(other, np.arange(len(listing)))  # rows between the same two others
        rows = np.flatnonzero(scalar)
        for part in np.split(rows, np.flatnonzero(np.diff(group[rows])) + 1):
            if len(part) >= SHORTEST_RUN:
                self.run_of[part] = len(self.runs)
                self.runs.append(self._new_run(part))

    def _new_run(self, rows):
        slot = self.schedule.slot(8 * len(rows), RUN_DTYPE)
        self.value_slot[rows] = slot
        self.value_offset[rows] = 8 * np.arange(len(rows))
        listing = self.listing
        immediates = np.flatnonzero(
            (listing.arg0[rows] == IMMEDIATE) | (listing.arg1[rows] == IMMEDIATE) | (listing.arg2[rows] == IMMEDIATE)
        )
        bits, where = np.unique(listing.imm[rows[immediates]], return_inverse=True)
        constants = self.constant(bits.view(np.float64)) if len(bits) else None
        places = np.full(len(rows), -1)
        places[immediates] = where
        return ScalarRun(rows, slot, (constants, places))

    def run_operands(self, run, which):
        """Slots and offsets of an operand of every row of a run; the row itself where there is none."""
        listing, rows = self.listing, run.rows
        a = getattr(listing, f"arg{which}")[rows]
        there = np.where(a >= 0, a, rows)
        owner = listing.owner[there]
        slots, offsets = self.value_slot[owner].copy(), self.value_offset[owner] + 8 * listing.offset[there]
        constants, places = run.constants
        immediate = a == IMMEDIATE
        if immediate.any():
            slots[immediate] = constants.slot
            offsets[immediate] = 8 * places[immediate]
        return slots, offsets

    # --- forwards -------------------------------------------------------------------------------------

    def lower(self):
        """Lower all rows, in order. Their sources exist already (see `sources`)."""
        listing = self.listing
        started = np.zeros(len(self.runs), bool)
        plain = np.flatnonzero((is_one_of(listing.flags, COMPUTED) != 0) & (self.run_of < 0))
        heads = np.array([run.rows[0] for run in self.runs], np.int64)
        for row in np.sort(np.concatenate([plain, heads])).tolist():
            number = self.run_of[row]
            self._own_slot(row)
            if number >= 0 and not started[number]:
                started[number] = True
                self._lower_run(self.runs[number])
            else:
                getattr(self, f"_lower_{ROW_KINDS[self.kinds[row]].lowering}")(row)

    def _own_slot(self, row):
        if self.value_slot[row] < 0:
            listing = self.listing
            nbytes = int(listing.sizes[row]) * DTYPES[listing.dtypes[row]].itemsize
            self.value_slot[row] = self.schedule.slot(nbytes, int(listing.dtypes[row]))

    def sources(self):
        """Add the slots of the inputs, and of constants with their values."""
        listing = self.listing
        for row in listing.inputs:
            self._own_slot(row)
        for row, array in listing.constants.items():
            self._own_slot(row)
            memory = np.zeros(int(listing.sizes[row]), listing.dtype(row))
            layout = LAYOUTS[listing.layout[row]]
            strides = [s * memory.itemsize for s in layout.strides]
            view = np.lib.stride_tricks.as_strided(memory[listing.offset[row] :], layout.shape, strides)
            view[...] = array
            self.constants.append((int(self.value_slot[row]), memory))

    def _lower_run(self, run):
        slots = [np.unique(self.run_operands(run, k)[0]) for k in range(3)]
        reads = set(np.concatenate(slots).tolist()) - {run.values}
        run.partials = self.schedule.slot(8 * 3, RUN_DTYPE)
        run.item = self.schedule.add(Item(RUN, [run], reads, [run.values, run.partials], payload=run))

    def _lower_elementwise(self, row):
        listing, operation = self.listing, self.listing.operation(row)
        dtype, out = self.code(row), self.place(row)
        kernel = Kernel(operation, VALUE, DTYPES[dtype])
        args = [listing.arg0[row], listing.arg1[row], listing.arg2[row]]
        xs = tuple(self.operand(row, a) for a in args)
        self.elementwise(kernel, out, None, None, xs, out.layout, False, dtype)

    def elementwise(self, kernel, out, seed, y, xs, shape, adds, dtype):
        """Add an elementwise kernel on the elements of a layout: in a region, or as an item for one element."""
        n = LAYOUTS[shape].size
        if n == 0:
            return self._add_nothing(out) if adds else None
        if n > 1:
            self.schedule.fuse(Step(kernel, out, seed, y, xs, shape, adds), n, dtype)
            return
        places = [seed or out, y or out, *[x or out for x in xs]]
        reads = [p.slot for p in (seed, y, *xs) if p is not None]
        self.schedule.add(Item(CALL, [kernel.address(adds), self.keep_params([1]), out, *places], reads, [out.slot], adds))

    def _add_nothing(self, place):
        """Handle an operation on no elements: its target stays zero unless something else is added to it."""
        self.schedule.add(Item(ZERO, [place, 0], [], [place.slot], True))

    def contiguous(self, place, dtype):
        """A place with the same values in contiguous order: the place itself, or a copy made here."""
        if place.contiguous:
            return place
        copy = self.temporary(place.layout, dtype)
        self.shift(GATHER, dtype, copy, place, place.layout)
        return copy

    def shift(self, mode, dtype, block, strided, shape):
        """Add a move between a contiguous place and another one, broadcast to the shape of a layout."""
        n = LAYOUTS[shape].size
        if n == 0:
            return None if mode == GATHER else self._add_nothing(strided)
        words = [mode, dtype, block, strided, *coalesced(strided.layout, shape), n]
        reads, writes = ([strided.slot], [block.slot]) if mode == GATHER else ([block.slot], [strided.slot])
        self.schedule.add(Item(SHIFT, words, reads, writes, mode != GATHER))

    def _lower_structured(self, row):
        listing, operation, dtype = self.listing, self.listing.operation(row), self.code(row)
        operands, statics = listing.operands(row), listing.statics.get(row, ())
        out = self.place(row)
        if operation.total is not None and self.is_whole(operands[0], row):
            x = self.place(operands[0])
            divisor = operation.total.divisor(x.size)
            self.schedule.fuse(Step(None, out, None, None, (x,), x.layout, False, divisor), x.size, dtype)
            return
        plan = operation.plan([LAYOUTS[listing.layout[a]] for a in operands], *statics)
        dtype = self.code(operands[0])  # results may have another
        kernel = operation.kernel_address("forward", 0, DTYPES[dtype])
        xs = [self.contiguous(self.place(a), dtype) for a in operands]
        if self.kinds[row] == NARY_ROW:
            params, integers = self.keep_params(plan[1]), plan[2]
            for k, x in enumerate(xs):
                words = [kernel, params, out, out, out, x, integers[k], integers[len(xs) + k]]
                self.schedule.add(Item(CALL, words, [x.slot], [out.slot]))
            return
        words = [kernel, self.keep_params(plan[1]), out, out, out, *xs, *[out] * (3 - len(xs))]
        self.schedule.add(Item(CALL, words, [x.slot for x in xs], [out.slot]))

    def is_whole(self, a, row):
        """Whether a reduction covers everything and reads its operand block by block."""
        place = self.place(a)
        return place.size > 1 and self.place(row).size == 1 and is_direct(place, place.size)

    def _lower_host(self, row):
        places = [self.place(a) for a in self.listing.operands(row)]
        out = self.place(row)
        reads = [p.slot for p in places]
        self.schedule.add(Item(ON_HOST, [], reads, [out.slot], payload=("forward", row, places, out)))

    def _lower_write(self, row):
        """Lower a write: a copy of the storage with the region replaced."""
        listing, dtype = self.listing, self.code(row)
        before, value = listing.operands(row)
        region, offset = listing.regions[row]
        out = self.place(row)
        old = Place(int(self.value_slot[listing.owner[before]]), int(self.value_offset[listing.owner[before]]), out.layout)
        nbytes = int(listing.sizes[row]) * DTYPES[dtype].itemsize
        self.schedule.add(Item(COPY, [out, old, nbytes], [old.slot], [out.slot]))
        part = self.temporary(region, dtype)
        self.shift(GATHER, dtype, part, self.place(value), region)
        target = Place(out.slot, out.offset + offset * DTYPES[dtype].itemsize, region)
        words = [2, dtype, part, target, region, region, LAYOUTS[region].size]  # the move exchanges: what was there is not needed
        if LAYOUTS[region].size:
            self.schedule.add(Item(SHIFT, words, [part.slot, out.slot], [out.slot]))
