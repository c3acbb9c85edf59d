"""The listing: a trace as a struct of arrays that stands on its own.

A row is one operation, named by its number. Rows that are not needed are dropped, and rows that compute the same are merged.
A *value* is a row that has memory of its own (its *owner*); views are places in it. A write in place is a new value, the old
one with a region replaced, so every value is written once.
"""

import numpy as np

from ...tape.schema import (
    ARG0,
    ARG1,
    ARG2,
    FLAGS,
    IMM,
    IMMEDIATE,
    LAYOUT,
    NONE,
    OFFSET,
    OP,
    PARAM,
    PARAMS,
    PARAM_POOL,
    STORAGE,
    S_DTYPE,
    S_SIZE,
)
from ...dtypes import DTYPES
from ...memory.layouts import LAYOUTS
from ...ops.operation_table import BY_NAME
from ...kernels.kernel_table import OPERATIONS, SOURCE
from ...errors import TraceError
from ...tape.row_kinds import ELEMENTWISE_ROW, ON_HOST, POOLED, SOURCE_ROW, WRITES_IN_PLACE, is_one_of, kind_of
from .passes import mark_needed, merge_equal, new_table

_FROM_TAPE = {"op": OP, "arg0": ARG0, "arg1": ARG1, "arg2": ARG2, "layout": LAYOUT, "offset": OFFSET, "flags": FLAGS}


class Listing:
    """Rows of a trace.

    Attributes
    ----------
    op, arg0, arg1, arg2, imm, layout, owner, offset, flags : arrays, one element for each row
        As on a tape; owners take the place of storages.
    sizes, dtypes : arrays, by owner
        Of the values.
    pool : array
        Operands of rows of many operands.
    statics : dict of row -> tuple
        What rules need besides operands.
    constants : dict of row -> array
        Values of rows that are not computed.
    inputs, outputs : lists of rows
        What a program reads and returns.
    guards : list of (row, kind, expected)
        What Python has looked at.
    derivatives : list of rows
        What sweeps have found during the trace.
    regions : dict of row -> (layout, offset)
        What a write replaces.
    """

    derivatives = ()
    COLUMNS = (*_FROM_TAPE, "imm", "owner", "sizes", "dtypes")

    def __len__(self):
        return len(self.op)

    def operands(self, row):
        """The operands of a row, by number; an immediate is IMMEDIATE."""
        if is_one_of(self.flags[row], POOLED):
            first = self.arg0[row]
            return self.pool[first : first + self.arg1[row]].tolist()
        found = [int(self.arg0[row]), int(self.arg1[row]), int(self.arg2[row])]
        while found and found[-1] == -1:
            found.pop()
        return found

    def inputs_that_are_read(self):
        """The positions among the inputs of those that another row reads, or that are results."""
        read = {a for row in range(len(self)) for a in self.operands(row) if a != row}
        read |= {*self.outputs, *self.owner[sorted(a for a in read if a >= 0)].tolist()}
        return {k for k, row in enumerate(self.inputs) if row in read or int(self.owner[row]) in read}

    def operation(self, row):
        return OPERATIONS[self.op[row]]

    def shape(self, row):
        return LAYOUTS[self.layout[row]].shape

    def dtype(self, row):
        return DTYPES[self.dtypes[self.owner[row]]]

    def immediate(self, row):
        """The scalar operand of a row."""
        bits = self.imm[row : row + 1]
        return float(bits.view(self.dtype(row))[0])


def from_trace(trace, outputs):
    """The listing of what some rows of a trace, and its guards, depend on."""
    listing, n = Listing(), len(trace)
    for name, column in _FROM_TAPE.items():
        setattr(listing, name, trace[column].astype(np.int64))
    has_immediate = (listing.arg0 == IMMEDIATE) | (listing.arg1 == IMMEDIATE) | (listing.arg2 == IMMEDIATE)
    listing.imm = np.where(has_immediate, trace[IMM].view(np.int64), 0)
    single = trace.columns[S_DTYPE][trace[STORAGE]] == 1
    listing.imm[single] &= 0xFFFFFFFF
    listing.sizes = trace.columns[S_SIZE][trace[STORAGE]].astype(np.int64)
    listing.dtypes = trace.columns[S_DTYPE][trace[STORAGE]].astype(np.int64)
    listing.pool = trace.columns[PARAM_POOL][: int(trace._words[PARAMS])].copy()
    listing.owner = np.arange(n)
    marks = np.zeros(n, np.uint8)
    marks[[row for row, _, _ in trace.guards] + list(outputs) + trace.inputs] = 1
    mark_needed(listing.arg0, listing.arg1, listing.arg2, listing.flags, listing.pool, marks)
    canonical = np.arange(n)
    _take_doubled(listing)
    merge_equal(
        listing.op,
        listing.arg0,
        listing.arg1,
        listing.arg2,
        listing.imm,
        listing.layout,
        listing.owner,
        listing.offset,
        listing.flags,
        _about(trace, listing),
        listing.dtypes,
        listing.pool,
        marks,
        canonical,
        new_table(n),
    )
    kept = np.flatnonzero(marks)
    number = np.full(n, -1)
    number[kept] = np.arange(len(kept))
    _renumber(listing, kept, number[canonical])
    listing.inputs = [int(number[r]) for r in trace.inputs]
    listing.outputs = [int(number[canonical[r]]) for r in outputs]
    listing.guards = [(int(number[canonical[r]]), kind, expected) for r, kind, expected in trace.guards]
    listing.derivatives = sorted({int(number[canonical[r]]) for r in trace.derivatives if marks[canonical[r]]})
    _refuse_users_own(listing)
    listing.statics = {int(number[r]): s for r, s in trace.statics.items() if marks[r]}
    _keep_memory(trace, listing, kept, number)
    return listing


def _take_doubled(listing):
    """Turn operations on the same operand twice into operations of one: `x * x` then has one partial in place of two."""
    codes = {k: BY_NAME[o.doubled].code for k, o in enumerate(OPERATIONS) if getattr(o, "doubled", None)}
    same = (listing.arg0 == listing.arg1) & (listing.arg0 >= 0) & (kind_of(listing.flags) == ELEMENTWISE_ROW)
    for code, other in codes.items():
        rows = same & (listing.op == code)
        listing.op[rows], listing.arg1[rows] = other, NONE


class UntracedRuleError(TraceError):
    """A traced function calls a rule of the user's own, which a replay would not call."""


def _refuse_users_own(listing):
    for row in np.flatnonzero(is_one_of(listing.flags, ON_HOST)).tolist():
        operation = listing.operation(row)
        if not hasattr(operation, "body"):
            raise UntracedRuleError(
                f"a traced function uses a rule of your own ({operation.name}: autograd.Function, custom_vjp, custom_jvp or "
                "checkpoint): a replay would not call it. Compile what is around it, or write it with the operations of jittape"
            )


def _about(trace, listing):
    """Numbers that tell apart rows with equal columns; -1 for a row that is never the same as another."""
    about = np.zeros(len(listing), np.int64)
    about[listing.op == SOURCE] = -1
    known = {}
    for row, statics in trace.statics.items():
        try:
            about[row] = known.setdefault(statics, len(known) + 1)
        except TypeError:  # the statics are not hashable
            about[row] = -1
    return about


def _renumber(listing, kept, number):
    """Keep some rows only, under new numbers."""
    for name in Listing.COLUMNS:
        setattr(listing, name, getattr(listing, name)[kept])
    listing.owner = number[listing.owner]
    nary = is_one_of(listing.flags, POOLED) != 0
    for name in ("arg0", "arg1", "arg2"):
        column = getattr(listing, name)
        rows = (column >= 0) & ~nary
        column[rows] = number[column[rows]]
    for row in np.flatnonzero(nary):
        first, n = listing.arg0[row], listing.arg1[row]
        listing.pool[first : first + n] = number[listing.pool[first : first + n]]


def _keep_memory(trace, listing, kept, number):
    """Store the constants, and the regions that writes replace."""
    storages = trace[STORAGE][kept]
    inputs = set(listing.inputs)
    listing.constants, listing.regions = {}, {}
    sources = kind_of(listing.flags) == SOURCE_ROW
    for row in np.flatnonzero(sources).tolist():
        if row not in inputs:
            contents = trace.contents.get(int(storages[row]))  # None for a variable of a transform, whose memory does not change
            listing.constants[row] = trace.array(int(kept[row])).copy() if contents is None else contents
    for row in np.flatnonzero(is_one_of(listing.flags, WRITES_IN_PLACE)).tolist():
        first = int(trace.columns[PARAM][kept[row]])
        region, offset = trace.columns[PARAM_POOL][first : first + 2].tolist()
        listing.regions[row] = (region, offset)
