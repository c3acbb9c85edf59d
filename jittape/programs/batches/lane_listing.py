"""Lanes: the listing for one example as a listing for many, side by side.

Every value that depends on the example gets one more axis, the last: a number becomes a vector of lanes, and
the kernels of scalar rows become vector code. An operation on whole arrays says itself what its statics are
then; one that cannot is not batched, and the examples are done one after the other.
"""

import numpy as np

from ...kernels.kernel_table import ELEMENTWISE_KIND
from ...tape.schema import GRAD, HOST, NARY, NONE, VIEW, WRITE
from ...memory.layouts import LAYOUTS, intern
from ...ops.products import matmul_values
from ...ops.copies_and_joins import clone_values
from ...ops.sums import sum_values
from ...ops.operation_table import BY_NAME
from ...kernels.kernel_table import SOURCE, VIEW_OF_STORAGE
from ..lowering.listing import Listing
from ..lowering.forward_lowering import kind_of


_IN_ORDER = ("op", "arg0", "arg1", "arg2", "layout", "offset", "flags", "imm", "owner", "sizes", "dtypes")


class NoLanes(Exception):
    """An operation that has no rule for lanes."""


class Lanes:
    """The batched listing, a row at a time.

    Parameters
    ----------
    listing : Listing
        For one example.
    batched : sequence of bool
        Which inputs differ from example to example.
    n : int
        How many examples stand side by side.
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
        """A new row: a value of a contiguous shape, or with `owner` a view of a layout."""
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
        """A view of a new row, from where that starts."""
        flags = self.rows["flags"][new] & GRAD | VIEW if flags is None else flags
        return self._append(
            VIEW_OF_STORAGE, [new], None, self._dtype(new), self.lanes[new], layout=intern(tuple(shape), tuple(strides)),
            owner=self.rows["owner"][new], offset=self.rows["offset"][new], flags=flags,
        )

    def lift(self, new):
        """A row with lanes: itself, or copies side by side."""
        if self.lanes[new]:
            return new
        if new not in self._lifted:
            layout = self._layout(new)
            spread = self.view(new, (*layout.shape, self.n), (*layout.strides, 0))
            flags = self.rows["flags"][new] & GRAD
            shape = (*layout.shape, self.n)
            self._lifted[new] = self._append(clone_values.operation.code, [spread], shape, self._dtype(new), True, flags=flags)
        return self._lifted[new]

    def pad(self, new):
        """A row without lanes as an operand beside rows with lanes: an axis of length one at the end."""
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
        if flags & VIEW:
            return self._add_view(row, operands[0], layout, flags)
        if inputs.get(row, False):
            return self._append(SOURCE, [], (*layout.shape, n), dtype, True, flags=flags)
        if not any(a >= 0 and self.lanes[a] for a in operands):
            return self._add_plain(row, operands, layout, dtype, flags)
        if flags & WRITE:
            return self._add_write(row, operands, dtype, flags)
        if kind_of(old.operation(row)) == ELEMENTWISE_KIND and not flags & (NARY | HOST):
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
            VIEW_OF_STORAGE, [base], None, self._dtype(base), self.lanes[base], layout=intern(shape, strides), owner=owner,
            offset=int(self.old.offset[row]) * n, flags=flags,
        )

    def _add_plain(self, row, operands, layout, dtype, flags):
        """A row that no lane differs in."""
        old = self.old
        args = self._pooled(operands) if flags & NARY else operands
        new = self._append(
            old.op[row], args, None, dtype, False, imm=old.imm[row], layout=int(old.layout[row]), flags=flags,
            size=int(old.sizes[row]), offset=int(old.offset[row]),
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
        if operation is matmul_values:
            return self._add_product(operands, statics, layout, dtype, flags)
        rule = getattr(operation, "lanes", None)
        if rule is None:
            raise NoLanes(operation.name)
        operands, statics = [self.lift(a) for a in operands], rule(statics, self.n)
        if statics is None:
            raise NoLanes(operation.name)
        shape = (*layout.shape, self.n)
        self._check(operation, operands, statics, shape)
        args = self._pooled(operands) if flags & NARY else operands
        new = self._append(old.op[row], args, shape, dtype, True, flags=flags)
        self.statics[new] = statics
        return new

    def _check(self, operation, operands, statics, shape):
        """The rule must lead to one more axis, at the end."""
        if operation.plan is not None:
            plan = operation.plan([self._layout(a) for a in operands], *statics)
            if plan is None or tuple(plan[0]) != shape:
                raise NoLanes(operation.name)

    def _add_product(self, operands, statics, layout, dtype, flags):
        """A product of matrices or vectors, as products of numbers that are added up."""
        a, b = (self._matrix(x, turned, side) for x, turned, side in zip(operands, statics, (0, 1)))
        m, k, n = self._layout(a).shape[0], self._layout(a).shape[1], self._layout(b).shape[2]
        product = self._append(BY_NAME["mul"].code, [a, b], (m, k, n, self.n), dtype, True, flags=flags)
        total = self._append(sum_values.code, [product], (m, n, self.n), dtype, True, flags=flags)
        self.statics[total] = ((1,), False)
        shape = (*layout.shape, self.n)
        return self.view(total, shape, LAYOUTS[intern(shape)].strides)

    def _matrix(self, new, turned, side):
        """An operand of a product as (rows, columns, 1) or (1, rows, columns), with lanes or one more axis."""
        layout = self._layout(new)
        tail = ((self.n,), (layout.strides[-1],)) if self.lanes[new] else ((1,), (1,))
        shape, strides = (layout.shape[:-1], layout.strides[:-1]) if self.lanes[new] else (layout.shape, layout.strides)
        if len(shape) > 2:
            raise NoLanes("matmul of batches")
        if len(shape) == 1:
            shape, strides = ((1, *shape), (0, *strides)) if side == 0 else ((*shape, 1), (*strides, 0))
        elif turned:
            shape, strides = shape[::-1], strides[::-1]
        shape, strides = ((*shape, 1), (*strides, 0)) if side == 0 else ((1, *shape), (0, *strides))
        return self.view(new, shape + tail[0], strides + tail[1])

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
