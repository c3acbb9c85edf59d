"""The listing for one example rewritten for many, side by side.

Every value that depends on the example gets one more axis, the last: a number becomes a vector of lanes, and kernels of
scalar rows run as vector code. An operation on whole arrays declares what its statics become; if it cannot, there is no batched
listing, and the examples are done one after the other.
"""

import numpy as np

from ...tape.schema import GRAD, NONE
from ...memory.layouts import LAYOUTS, intern
from ...ops.copies_and_joins import clone_values
from ...kernels.kernel_table import SOURCE, VIEW_OF_STORAGE
from ...tape.row_kinds import (
    ELEMENTWISE_ROW,
    HOST_ROW,
    NARY_HOST_ROW,
    POOLED,
    VIEWS,
    VIEW_ROW,
    WRITES_IN_PLACE,
    flags_for,
    is_one_of,
    kind_of,
)
from ..lowering.listing import Listing


_IN_ORDER = ("op", "arg0", "arg1", "arg2", "layout", "offset", "flags", "imm", "owner", "sizes", "dtypes")


class NoLanes(Exception):
    """An operation has no rule for lanes."""


class LaneListing:
    """The batched listing, built row by row.

    Parameters
    ----------
    listing : Listing
        For one example.
    batched : sequence of bool
        Which inputs differ between examples.
    n : int
        Number of examples side by side.
    """

    def __init__(self, listing, batched, n):
        self.old, self.n, self.new = listing, n, Listing()
        self.rows = {name: [] for name in Listing.COLUMNS}
        self.pool, self.statics, self.constants, self.regions = [], {}, {}, {}
        self.number, self.lanes = {}, []  # old row -> new row; whether a new row has lanes
        self._lifted, self._padded = {}, {}
        inputs = dict(zip(listing.inputs, batched))
        for row in range(len(listing)):
            self.number[row] = self._add_row(row, inputs)
        self._finish()

    # --- appending ------------------------------------------------------------------------------------

    def _append(self, op, args, shape, like, lanes, *, imm=0, layout=None, owner=None, offset=0, flags=0, size=None):
        """Append a row: a value of a contiguous shape, or with `owner` a view with a layout."""
        number = len(self.lanes)
        args = [*args, *[NONE] * (3 - len(args))]
        layout = intern(shape) if layout is None else layout
        size = LAYOUTS[layout].size if size is None else size
        values = (op, *args, layout, offset, flags, imm, number if owner is None else owner, size, like)
        for name, value in zip(_IN_ORDER, values):
            self.rows[name].append(int(value))
        self.lanes.append(lanes)
        return number

    def _dtype(self, new):
        return self.rows["dtypes"][self.rows["owner"][new]]

    def _layout(self, new):
        return LAYOUTS[self.rows["layout"][new]]

    def view(self, new, shape, strides, flags=None):
        """A view of a new row, starting where that starts."""
        flags = self.rows["flags"][new] & GRAD | flags_for(VIEW_ROW) if flags is None else flags
        return self._append(
            VIEW_OF_STORAGE,
            [new],
            None,
            self._dtype(new),
            self.lanes[new],
            layout=intern(tuple(shape), tuple(strides)),
            owner=self.rows["owner"][new],
            offset=self.rows["offset"][new],
            flags=flags,
        )

    def lift(self, new):
        """A row with lanes: the row itself, or copies of it side by side."""
        if self.lanes[new]:
            return new
        if new not in self._lifted:
            layout = self._layout(new)
            spread = self.view(new, (*layout.shape, self.n), (*layout.strides, 0))
            flags = self.rows["flags"][new] & GRAD | flags_for(clone_values.operation.kind)
            shape = (*layout.shape, self.n)
            self._lifted[new] = self._append(clone_values.operation.code, [spread], shape, self._dtype(new), True, flags=flags)
        return self._lifted[new]

    def pad(self, new):
        """A row without lanes as an operand beside rows with lanes: with an axis of length one at the end."""
        layout = self._layout(new)
        if self.lanes[new] or not layout.shape:
            return new
        if new not in self._padded:
            self._padded[new] = self.view(new, (*layout.shape, 1), (*layout.strides, 1))
        return self._padded[new]

    # --- rows -----------------------------------------------------------------------------------------

    def _add_row(self, row, inputs):
        old, n = self.old, self.n
        flags, layout, dtype = int(old.flags[row]), LAYOUTS[old.layout[row]], int(old.dtypes[old.owner[row]])
        operands = [self.number[a] if a >= 0 else a for a in old.operands(row)]
        if is_one_of(flags, VIEWS):
            return self._add_view(row, operands[0], layout, flags)
        if inputs.get(row, False):
            return self._append(SOURCE, [], (*layout.shape, n), dtype, True, flags=flags)
        if not any(a >= 0 and self.lanes[a] for a in operands):
            return self._add_plain(row, operands, layout, dtype, flags)
        if is_one_of(flags, WRITES_IN_PLACE):
            return self._add_write(row, operands, dtype, flags)
        if kind_of(flags) == ELEMENTWISE_ROW:
            args = [self.pad(a) if a >= 0 else a for a in operands]
            return self._append(old.op[row], args, (*layout.shape, n), dtype, True, imm=old.imm[row], flags=flags)
        return self._add_structured(row, operands, layout, dtype, flags)

    def _add_view(self, row, base, layout, flags):
        n = self.n if self.lanes[base] else 1
        strides = tuple(s * n for s in layout.strides)
        shape = layout.shape
        if self.lanes[base]:
            shape, strides = (*shape, n), (*strides, 1)
        owner = self.rows["owner"][base]
        return self._append(
            VIEW_OF_STORAGE,
            [base],
            None,
            self._dtype(base),
            self.lanes[base],
            layout=intern(shape, strides),
            owner=owner,
            offset=int(self.old.offset[row]) * n,
            flags=flags,
        )

    def _add_plain(self, row, operands, layout, dtype, flags):
        """Add a row that is the same in all lanes."""
        old = self.old
        args = self._pooled(operands) if is_one_of(flags, POOLED) else operands
        new = self._append(
            old.op[row],
            args,
            None,
            dtype,
            False,
            imm=old.imm[row],
            layout=int(old.layout[row]),
            flags=flags,
            size=int(old.sizes[row]),
            offset=int(old.offset[row]),
        )
        for ours, theirs in ((self.statics, old.statics), (self.regions, old.regions), (self.constants, old.constants)):
            if row in theirs:
                ours[new] = theirs[row]
        return new

    def _pooled(self, operands):
        first = len(self.pool)
        self.pool += operands
        return [first, len(operands), NONE]

    def _add_write(self, row, operands, dtype, flags):
        before, value = self.lift(operands[0]), self.pad(operands[1])
        region, offset = self.old.regions[row]
        layout = LAYOUTS[region]
        size = int(self.old.sizes[row]) * self.n
        new = self._append(self.old.op[row], [before, value], (size,), dtype, True, flags=flags)
        strides = (*[s * self.n for s in layout.strides], 1)
        self.regions[new] = (intern((*layout.shape, self.n), strides), offset * self.n)
        return new

    def _add_structured(self, row, operands, layout, dtype, flags):
        old, operation = self.old, self.old.operation(row)
        statics = old.statics.get(row, ())
        if getattr(operation, "in_lanes", None) is not None:
            return self._add_rewritten(operation, operands, statics, Rewriting(self, dtype, flags))
        rule = getattr(operation, "lanes", None)
        if rule is None:
            raise NoLanes(operation.name)
        operands, statics = [self.lift(a) for a in operands], rule(statics, self.n)
        if statics is None:
            raise NoLanes(operation.name)
        shape = (*layout.shape, self.n)
        if not self._has_kernel(operation, operands, statics, shape):
            flags = flags & GRAD | flags_for(NARY_HOST_ROW if is_one_of(flags, POOLED) else HOST_ROW)
        args = self._pooled(operands) if is_one_of(flags, POOLED) else operands
        new = self._append(old.op[row], args, shape, dtype, True, flags=flags)
        self.statics[new] = statics
        return new

    def _add_rewritten(self, operation, operands, statics, rewriting):
        new = operation.in_lanes(rewriting, operands, statics)
        if new is None:
            raise NoLanes(operation.name)
        return new

    def _has_kernel(self, operation, operands, statics, shape):
        """Whether a kernel makes a row; the rule of an operation has to give one more axis, at the end."""
        plan = None if operation.plan is None else operation.plan([self._layout(a) for a in operands], *statics)
        if plan is not None and tuple(plan[0]) != shape:
            raise NoLanes(operation.name)
        return plan is not None

    # --- finishing ------------------------------------------------------------------------------------

    def _finish(self):
        new, old = self.new, self.old
        for name, values in self.rows.items():
            setattr(new, name, np.array(values, np.int64))
        new.pool = np.array(self.pool, np.int64)
        new.statics, new.constants, new.regions = self.statics, self.constants, self.regions
        new.inputs = [self.number[r] for r in old.inputs]
        new.outputs = [self.number[r] for r in old.outputs]
        new.guards = [(self.number[r], kind, expected) for r, kind, expected in old.guards]


class Rewriting:
    """What an operation's rule for lanes builds its replacement with.

    Shapes are those of one example; strides count elements of memory, where the examples lie side by side.
    """

    def __init__(self, lanes, dtype, flags):
        self._lanes, self._dtype, self._grad = lanes, dtype, flags & GRAD
        self._padded = set()  # views without lanes that have an axis of length one in their place

    def layout(self, row):
        """Shape and strides of a row."""
        layout, lanes = self._lanes._layout(row), self._lanes
        wide = lanes.lanes[row] or row in self._padded
        return (layout.shape[:-1], layout.strides[:-1]) if wide else (layout.shape, layout.strides)

    def view(self, row, shape, strides):
        """A view of a row, to be used beside rows with lanes."""
        layout, lanes = self._lanes._layout(row), self._lanes
        n, step = (lanes.n, layout.strides[-1]) if lanes.lanes[row] else (1, 1)
        new = lanes.view(row, (*shape, n), (*strides, step))
        if not lanes.lanes[row]:
            self._padded.add(new)
        return new

    def add(self, operation, operands, shape, statics=()):
        """Add a row of an operation that differs between examples."""
        lanes, flags = self._lanes, self._grad | flags_for(operation.kind)
        new = lanes._append(operation.code, operands, (*shape, lanes.n), self._dtype, True, flags=flags)
        if statics:
            lanes.statics[new] = statics
        return new
