"""An instance of a program: its memory, its code with all addresses filled in, and the calls."""

import numpy as np

from ...dtypes import DTYPES
from ...memory.layouts import LAYOUTS, TABLE_ADDRESS, TABLE_CELL
from ...memory.pool import Buffer
from ...memory.words import address_of
from ...ops.operation_table import raw
from ...kernels.services import MOVE, ensure, ensure_moves
from ...tape.storage import ArrayAtAddress
from ...tape.tape import current
from ...tape.recording_state import Paused, recording, state
from ...tensors.tensor import wrap
from ..lowering.assembly import ARENA
from ..lowering.program_code import (
    CHECK,
    HEADER_WORDS,
    H_COUNT,
    H_ITEMS,
    H_LAYOUTS,
    H_LOCAL,
    H_MICROS,
    H_SCRATCH,
    H_WIDEST,
    ITEM,
    REGION,
)
from ..lowering.machine import DONE, finish_totals, run, run_part
from ...kernels.threads import Scratch, get_num_threads, ranges, share

FEWEST_CHUNKS = 4  # of a region that threads share


class Instance:
    """Memory for one run of a program at a time.

    Parameters
    ----------
    program : Program
        What is run.
    threads : int, optional
        By default the number from `get_num_threads`.

    Attributes
    ----------
    inputs, results : lists of arrays
        Views of the arena; None for external slots.
    guards : list of (array, kind, expected)
        What has to be compared after a run.
    takers : list of callables
        How results leave the memory: copied, or in an array of the caller already.
    """

    def __init__(self, program, threads=None):
        self.threads = threads
        self.program, assembly = program, program.assembly
        ensure(MOVE)
        for code in {dtype for _, dtype in assembly.schedule.slots}:
            ensure_moves(DTYPES[code])
        self.arena = Buffer.acquire(assembly.arena // 8, np.float64)
        self.scratches = [Scratch(assembly.local)]
        base = address_of(self.arena)
        self.base = {slot: base + at for slot, at in assembly.addresses.items()}
        self.base[ARENA] = base
        for slot, array in assembly.lowering.constants:
            self._view(self.base[slot], array.shape, array.dtype)[...] = array
        params = np.array(assembly.lowering.params, np.int64)
        self._view(self.base[assembly.params], params.shape, params.dtype)[...] = params
        self.words = np.concatenate([assembly.items.reshape(-1), assembly.micros.reshape(-1)])
        self._relocate(assembly)
        self._head = self._header(assembly)
        self.header = address_of(self._head)
        self.inputs = [self._array(p, d) for p, d in zip(program.inputs, program.input_dtypes)]
        self.results = [self._array(p, d) for p, d in zip(program.results, program.dtypes)]
        self.takers = [_as_it_is if r is None else _as_number if r.ndim == 0 else _as_it_lies for r in self.results]
        self.guards = [(self._array(p, DTYPES[code]), kind, value) for p, code, kind, value in program.guards]

    def _header(self, assembly):
        words = np.zeros(HEADER_WORDS, np.int64)
        items = address_of(self.words)
        words[[H_ITEMS, H_COUNT, H_MICROS]] = items, len(assembly.items), items + 8 * assembly.items.size
        words[[H_SCRATCH, H_LOCAL]] = self.scratches[0].address, self.scratches[0].local
        words[[H_LAYOUTS, H_WIDEST]] = TABLE_ADDRESS, FEWEST_CHUNKS - 1
        return words

    @staticmethod
    def _view(address, shape, dtype):
        window = np.lib.stride_tricks.as_strided
        flat = np.asarray(ArrayAtAddress(address, LAYOUTS[0], np.dtype(dtype)))
        strides = np.empty(shape, np.int8).strides if shape else ()
        return window(flat, shape, [s * np.dtype(dtype).itemsize for s in strides])

    def _array(self, place, dtype):
        """The array at a place, None where its slot is external."""
        if place.slot not in self.base:
            return None
        return np.asarray(ArrayAtAddress(self.base[place.slot] + place.offset, LAYOUTS[place.layout], dtype))

    def _relocate(self, assembly):
        """Fill in the addresses, and record the positions of those of external slots."""
        words, slots, offsets = assembly.relocations
        if not len(words):
            self.open = {}
            return
        unique, index = np.unique(slots, return_inverse=True)
        starts = np.array([self.base.get(s, 0) for s in unique.tolist()], np.int64)
        self.words[words] = starts[index] + offsets
        self.open = {}
        for k, slot in enumerate(unique.tolist()):
            if slot not in self.base:
                here = index == k
                self.open[slot] = words[here], offsets[here]

    def bind(self, slot, address):
        """Set the address of an external slot."""
        if self.base.get(slot) != address:
            self.base[slot] = address
            words, offsets = self.open.get(slot, ((), ()))
            if len(words):
                self.words[words] = offsets + address

    def keep_to_itself(self):
        """Make the machine run large regions, too, in the thread that calls it."""
        self._head[H_WIDEST] = 1 << 60

    def advances(self, steps):
        """Words of code that hold addresses in external slots, and how far each moves on: rows of (address, bytes)."""
        at, found = address_of(self.words), []
        for slot, nbytes in steps:
            words, _ = self.open.get(slot, ((), ()))
            found += [(at + 8 * int(w), nbytes) for w in words]
        return np.array(found, np.int64).reshape(-1, 2)

    def run(self):
        """Run everything once; the inputs are set and the external slots bound.  Returns whether a check has found a nan."""
        k, found_nan = run(self.header, 0), False
        while k != DONE:
            if self.words[ITEM * k] == CHECK:
                found_nan = True
            else:
                self._attend(k)
            k = run(self.header, k + 1)
        return found_nan

    def _share_region(self, item):
        """Run a region of many chunks in several threads."""
        _, first, last, n, _, _, chunks, ends, _, _ = item.tolist()
        micros, address = int(self._head[H_MICROS]), address_of(item)
        parts = ranges(chunks, self.threads or get_num_threads())
        while len(self.scratches) < len(parts):
            self.scratches.append(Scratch(self.program.assembly.local))
        table = int(TABLE_CELL[0])
        run_part(address, micros, 0, 0, self.scratches[0].address, self.scratches[0].local, table)  # compiles, here

        def work(k, part):
            scratch = self.scratches[k]
            run_part(address, micros, part[0], part[1], scratch.address, scratch.local, table)

        if ends > last:
            finish_totals(micros, last, ends, n, chunks, 1)
        share(parts, work)
        if ends > last:
            finish_totals(micros, last, ends, n, chunks, 0)

    # --- Python's steps -------------------------------------------------------------------------------

    def _attend(self, k):
        item = self.words[ITEM * k : ITEM * (k + 1)]
        if item[0] == REGION:
            self._share_region(item)
            return
        kind, *about = self.program.assembly.steps[item[1]]
        before = recording()
        try:
            state.set(Paused(current().tape))
            with np.errstate(all="ignore"):
                (self._forward if kind == "forward" else self._reverse)(*about)
        finally:
            state.set(before)

    def _values(self, places):
        slots = self.program.assembly.schedule.slots
        return [self._array(p, _dtype_of(slots[p.slot])) for p in places]

    def _forward(self, row, places, out):
        listing = self.program.listing
        operation, statics = listing.operation(row), listing.statics.get(row, ())
        arrays = self._values(places)
        value = operation.body(arrays, *statics) if operation.arity < 0 else operation.body(*arrays, *statics)
        (target,) = self._values([out])
        value = np.asarray(value)
        if value.shape != target.shape:
            raise ValueError(
                f"{operation.name}: got a result of shape {value.shape} in a replay, expected {target.shape} as recorded"
            )
        target[...] = value

    def _reverse(self, row, places, y, y_bar, bars):
        listing = self.program.listing
        operation, statics = listing.operation(row), listing.statics.get(row, ())
        operands = [wrap(a) for a in self._values(places)]
        y, y_bar = (wrap(a) for a in self._values([y, y_bar]))
        for k, part in operation.pull_back(list(bars), y_bar, y, operands, statics):
            if part is not None:
                (bar,) = self._values([bars[k]])
                bar += raw(part)


def _as_it_is(array):
    return array


def _as_it_lies(array):
    return array.copy("K")


def _as_number(array):
    return array[()]


def _dtype_of(slot):
    return DTYPES[slot[1]]
