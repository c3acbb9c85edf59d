"""Lowering of the reverse sweep: the steps that compute the adjoints of the inputs.

The rows of the listing are walked backwards. Each becomes the calls that the eager sweep would make, with everything resolved
that the eager sweep determines at run time.
"""

import numpy as np

from ...kernels.gather_scatter import ADD, GATHER
from ...dtypes import DTYPES
from ...kernels.kernel_table import USES_RESULT
from ...memory.layouts import LAYOUTS, intern
from ...ops.copies_and_joins import clone_values
from ...mathfun.bits import to_bits
from ...kernels.kernel_table import WRITE_BESIDE
from ...tape.row_kinds import COMPUTED, NARY_ROW, ROW_KINDS, is_one_of
from .program_code import CALL, DIVIDE, RUN_DTYPE, RUN_REVERSE, SHIFT
from .program_code import HOST as ON_HOST
from .forward_lowering import Lowering
from .passes import keep_reached, mark_active
from .schedule import Item, Kernel, Place, Step


class AdjointLowering:
    """One reverse sweep over a lowered listing.

    Parameters
    ----------
    lowering : Lowering
        The forward steps.
    wanted : list of rows
        Inputs whose adjoints are asked for.
    seeds : list of (row, Place)
        Cotangents of results, contiguous.
    """

    def __init__(self, lowering: Lowering, wanted, seeds):
        self.lowering, self.listing, self.schedule = lowering, lowering.listing, lowering.schedule
        self.seeds = seeds
        n = len(self.listing)
        self.bar_slot, self.bar_offset = np.full(n, -1), np.zeros(n, np.int64)
        self.spread = {}  # owner -> place of one number that is the adjoint of all elements so far
        self.active, self.reached = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
        self.active[list(wanted)] = 1
        self.reached[[row for row, _ in seeds]] = 1
        columns = [getattr(self.listing, name) for name in ("arg0", "arg1", "arg2", "flags", "pool")]
        mark_active(*columns, self.active)
        keep_reached(*columns, self.active, self.reached)

    # --- places ---------------------------------------------------------------------------------------

    def bar(self, row):
        """The place of the adjoint of a row, which lies in the adjoint of its owner as its value lies in the owner's memory."""
        listing = self.listing
        owner = int(listing.owner[row])
        item = DTYPES[listing.dtypes[owner]].itemsize
        if self.bar_slot[owner] < 0:
            self.bar_slot[owner] = self.schedule.slot(int(listing.sizes[owner]) * item, int(listing.dtypes[owner]))
            if owner in self.spread:
                self._add_number(self.bar(owner), self.spread.pop(owner), int(listing.dtypes[owner]))
        offset = int(self.bar_offset[owner] + listing.offset[row] * item)
        return Place(int(self.bar_slot[owner]), offset, int(listing.layout[row]))

    def _add_number(self, x_bar, number, dtype):
        """Add one number to the adjoints of all elements."""
        kernel = Kernel(clone_values.operation, 0, DTYPES[dtype])
        self.schedule.fuse(Step(kernel, x_bar, number, None, (None,) * 3, x_bar.layout, True), x_bar.size, dtype)

    def seed(self, row):
        """The adjoint of a row, for reading: one number where that is the adjoint of all elements."""
        number = self.spread.get(int(self.listing.owner[row]))
        return self.bar(row) if number is None else number

    def has_bar(self, row):
        owner = self.listing.owner[row]
        return self.bar_slot[owner] >= 0 or int(owner) in self.spread

    def wants(self, a):
        """Whether an operand gets an adjoint."""
        return a >= 0 and self.active[a] and self.reached[a]

    # --- backwards ------------------------------------------------------------------------------------

    def lower(self):
        """Lower the whole sweep."""
        listing, runs = self.listing, self.lowering.runs
        self._give_bars_to_runs()
        plain = (is_one_of(listing.flags, COMPUTED) != 0) & (self.lowering.run_of < 0) & (self.reached != 0)
        tails = np.array([run.rows[-1] for run in runs], np.int64)
        todo = np.unique(np.concatenate([np.flatnonzero(plain), tails]))
        for row, seed in self.seeds:
            if self.reached[row]:
                bar = self.bar(row)
                self.lowering.shift(ADD, self.lowering.code(row), seed, bar, bar.layout)
        for row in todo[::-1].tolist():
            if plain[row]:
                self._pull_back(row)
            number = self.lowering.run_of[row]
            if number >= 0 and runs[number].rows[-1] == row:
                self._pull_back_run(runs[number])

    def _pull_back(self, row):
        if not self.has_bar(row):
            return
        getattr(self, f"_pull_back_{ROW_KINDS[self.lowering.kinds[row]].lowering}")(row)

    def _pull_back_elementwise(self, row):
        listing, lowering = self.listing, self.lowering
        operation, dtype, seed = listing.operation(row), lowering.code(row), self.seed(row)
        shape = int(listing.layout[row])
        args = [int(listing.arg0[row]), int(listing.arg1[row]), int(listing.arg2[row])]
        wanted = [k for k, a in enumerate(args) if self.wants(a)]
        heir = next((k for k in wanted if operation.unit >> k & 1 and self._inherits(row, args, k)), None)
        for k in wanted:
            a = args[k]
            if k == heir:
                continue
            if operation.unit >> k & 1 and self.bar(a).size < LAYOUTS[shape].size:
                self.schedule.fuse(Step(None, self.bar(a), None, None, (seed,), shape, True), LAYOUTS[shape].size, dtype)
                continue
            kernel, uses = Kernel(operation, k, DTYPES[dtype]), operation.uses[k]
            xs = tuple(lowering.operand(row, x) if uses >> j & 1 else None for j, x in enumerate(args))
            y = lowering.place(row) if uses & USES_RESULT else None
            lowering.elementwise(kernel, self.bar(a), seed, y, xs, shape, True, dtype)
        if heir is not None:  # after its readers: later additions are not for them
            self._hand_over(row, args[heir])

    def _inherits(self, row, args, k):
        """Whether the adjoint of a row can become that of an operand as it is, because nothing has been added to that one yet."""
        listing, a = self.listing, args[k]
        owner = listing.owner[a]
        alone = all(j == k or b < 0 or listing.owner[b] != owner for j, b in enumerate(args))
        return alone and not self.has_bar(a) and self._is_whole(a) and listing.layout[a] == listing.layout[row]

    def _is_whole(self, row):
        listing = self.listing
        layout = LAYOUTS[listing.layout[row]]
        return listing.offset[row] == 0 and layout.contiguous and layout.size == listing.sizes[listing.owner[row]]

    def _hand_over(self, row, a):
        owner = int(self.listing.owner[a])
        if row in self.spread:
            self.spread[owner] = self.spread[row]
        else:
            self.bar_slot[owner], self.bar_offset[owner] = self.bar_slot[row], self.bar_offset[row]

    def _pull_back_structured(self, row):
        listing, lowering, operation = self.listing, self.lowering, self.listing.operation(row)
        dtype, operands, statics = lowering.code(row), listing.operands(row), listing.statics.get(row, ())
        y_bar = self.bar(row)
        if operation.total is not None and lowering.is_whole(operands[0], row):
            self._spread(operands[0], y_bar, operation.total, dtype)
            return
        plan = operation.plan([LAYOUTS[listing.layout[a]] for a in operands], *statics)
        dtype = lowering.code(operands[0])  # results may have another
        params = lowering.keep_params(plan[1])
        if lowering.kinds[row] == NARY_ROW:
            self._pull_back_nary(row, operands, operation, params, plan[2], y_bar, dtype)
            return
        xs = [self._read(operation, k, a, dtype) for k, a in enumerate(operands)] + [None] * 3
        y = lowering.place(row)
        for k, a in enumerate(operands):
            if self.wants(a):
                kernel = operation.kernel_address("reverse", k, DTYPES[dtype])
                self._call_reverse(kernel, params, self.bar(a), y_bar, y, xs, operation.uses[k], dtype)

    def _read(self, operation, k, a, dtype):
        """An operand in contiguous order, if a partial reads it."""
        if not any(mask >> k & 1 for mask in operation.uses):
            return None
        return self.lowering.contiguous(self.lowering.place(a), dtype)

    def _call_reverse(self, kernel, params, bar, y_bar, y, xs, uses, dtype):
        target = bar if bar.contiguous else self.lowering.temporary(bar.layout, dtype)
        words = [kernel, params, target, y_bar, y, xs[0] or y_bar, xs[1] or y_bar, 0]
        reads = [y_bar.slot] + ([y.slot] if uses & USES_RESULT else []) + [x.slot for x in xs if x is not None]
        self.schedule.add(Item(CALL, words, reads, [target.slot], True, clears=7))
        if target is not bar:
            self.lowering.shift(ADD, dtype, target, bar, bar.layout)

    def _spread(self, a, y_bar, total, dtype):
        """The adjoint of a total: one number, the cotangent over the divisor, to every element."""
        divisor = total.divisor(LAYOUTS[self.listing.layout[a]].size)
        if divisor != 1.0:
            share = self.lowering.temporary(y_bar.layout, dtype)
            self.schedule.add(Item(DIVIDE, [dtype, share, y_bar, to_bits(divisor)], [y_bar.slot], [share.slot]))
            y_bar = share
        if self.has_bar(a) or not self._is_whole(a):
            self._add_number(self.bar(a), y_bar, dtype)
        else:
            self.spread[int(self.listing.owner[a])] = y_bar

    def _pull_back_nary(self, row, operands, operation, params, integers, y_bar, dtype):
        kernel, n = operation.kernel_address("reverse", 0, DTYPES[dtype]), len(operands)
        y = self.lowering.place(row)
        for k, a in enumerate(operands):
            if not self.wants(a):
                continue
            bar = self.bar(a)
            target = bar if bar.contiguous else self.lowering.temporary(bar.layout, dtype)
            words = [kernel, params, target, y_bar, y, integers[k], integers[n + k], 0]
            self.schedule.add(Item(CALL, words, [y_bar.slot], [target.slot], True))
            if target is not bar:
                self.lowering.shift(ADD, dtype, target, bar, bar.layout)

    def _pull_back_write(self, row):
        """Add the adjoint of the region to the value that was written, and the rest to the storage as it was before."""
        listing, lowering, dtype = self.listing, self.lowering, self.lowering.code(row)
        item = DTYPES[dtype].itemsize
        before, value = listing.operands(row)
        region, offset = listing.regions[row]
        bar = self.bar(row)
        if listing.op[row] == WRITE_BESIDE:
            self._pass_on(row, before, bar)
            return
        target = Place(bar.slot, bar.offset + offset * item, region)
        part = lowering.temporary(region, dtype)
        lowering.shift(GATHER, dtype, part, target, region)
        if self.wants(value):
            value_bar = self.bar(value)
            self.lowering.shift(ADD, dtype, part, value_bar, region)
        if not self.wants(before):
            return
        zeros = lowering.constant(np.zeros(LAYOUTS[region].shape, DTYPES[dtype]))
        copy = lowering.temporary(region, dtype)  # the move exchanges, and must not change the constant
        lowering.shift(GATHER, dtype, copy, zeros, region)
        words = [2, dtype, copy, target, region, region, LAYOUTS[region].size]
        if LAYOUTS[region].size:
            self.schedule.add(Item(SHIFT, words, [copy.slot, part.slot, bar.slot], [bar.slot], True))
        self._pass_on(row, before, bar)

    def _pass_on(self, row, before, bar):
        """Add the adjoint of a storage after a write to that of the storage before it."""
        if not self.wants(before):
            return
        if not self.has_bar(before):
            self._hand_over(row, before)
            return
        whole = intern((int(self.listing.sizes[row]),))
        base = Place(self.bar(before).slot, int(self.bar_offset[self.listing.owner[before]]), whole)
        self.lowering.shift(ADD, self.lowering.code(row), Place(bar.slot, bar.offset, whole), base, whole)

    def _pull_back_host(self, row):
        listing, lowering = self.listing, self.lowering
        operands = listing.operands(row)
        y, y_bar = lowering.place(row), self.bar(row)
        places = [lowering.place(a) for a in operands]
        bars = {k: self.bar(a) for k, a in enumerate(operands) if self.wants(a)}
        reads = [p.slot for p in (y, y_bar, *places)]
        writes = [p.slot for p in bars.values()]
        self.schedule.add(Item(ON_HOST, [], reads, writes, True, payload=("reverse", row, places, y, y_bar, bars)))

    # --- runs -----------------------------------------------------------------------------------------

    def _give_bars_to_runs(self):
        for run in self.lowering.runs:
            if self.reached[run.rows].any():
                run.bars = self.schedule.slot(8 * len(run.rows), RUN_DTYPE)
                self.bar_slot[run.rows] = run.bars
                self.bar_offset[run.rows] = 8 * np.arange(len(run.rows))

    def _pull_back_run(self, run):
        """The pairs (adjoint of the result, adjoint of an operand) of a scalar run, newest row first."""
        listing, rows = self.listing, run.rows
        if not self.reached[rows].any():
            return
        if not run.keeps_partials:
            run.keeps_partials = True
            run.partials = self.schedule.slot(8 * 3 * len(rows), RUN_DTYPE)
            run.item.writes.append(run.partials)
            self.schedule.written[run.partials] = run.item.level
        pairs = []
        selecting = np.array([listing.operation(r).selecting for r in _first_of_each(listing.op[rows], rows)])
        selecting = selecting[np.unique(listing.op[rows], return_inverse=True)[1]]
        for k in range(3):
            a = getattr(listing, f"arg{k}")[rows]
            wanted = (a >= 0) & (self.reached[rows] != 0)
            wanted[wanted] = (self.active[a[wanted]] != 0) & (self.reached[a[wanted]] != 0)
            index = np.flatnonzero(wanted)
            owners = listing.owner[a[index]]
            for missing in np.unique(owners[self.bar_slot[owners] < 0]).tolist():
                self.bar(missing)
            offsets = self.bar_offset[owners] + 8 * listing.offset[a[index]]
            pairs.append(np.stack([index, self.bar_slot[owners], offsets, 2 * (3 * index + k) + (selecting[index] >> k & 1)], 1))
        pairs = np.concatenate(pairs)
        pairs = pairs[np.argsort(-pairs[:, 0], kind="stable")]
        targets = np.unique(pairs[:, 1]).tolist()
        reads = [run.partials, *([run.bars] if len(pairs) else [])]
        self.schedule.add(Item(RUN_REVERSE, [run, pairs], reads, targets, True))


def _first_of_each(values, rows):
    """The first row for each distinct value."""
    return rows[np.unique(values, return_index=True)[1]]
