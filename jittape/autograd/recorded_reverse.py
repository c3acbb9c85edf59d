"""The recorded reverse sweep, whose gradients can be differentiated again (``create_graph=True``).

It walks the rows as the compiled sweep does but applies the rules of operations to Tensors, so the adjoints are results on the
tape themselves. Here a row is a pure function of its operands: a write in place is "the storage with a region replaced", a view
is a view of that.

What flows is carried along from the start, for a masked partial that is finite may have a derivative that is not. A masked
adjoint is recorded as `where` something flows. A trace of the usual kind records products only, and what comes of it is checked
when it is replayed; one that `records_flow` has masks that every replay computes anew.
"""

from typing import NamedTuple

import numpy as np

from ..tape.schema import GRAD, LEAF, OP, PARAM, PARAM_POOL, S_CELL, WRITES
from ..ops.copies_and_joins import adjoint_in, clone, convert, place_of
from ..ops.declare_structured import structured
from ..ops.shape_rules import same_shape
from ..ops.flow_masks import in_dtype, in_either, is_recorded, where_not_zero
from ..ops.operation_table import raw
from ..kernels.kernel_table import OPERATIONS, VIEW_OF_STORAGE
from ..tape.versions import stale
from ..sweeps.marking import keep_paths
from ..sweeps.write_undo import undo_row
from ..sweeps.workspace import MARKED, TOP
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from ..tensors.tensor import Tensor, result
from .hook_answers import answer_of
from .node_hooks import shown_to_node
from .reverse_driver import Sweep
from .row_inspection import Immediate, changed_value, operands_of, read_by
from .saved_tensor_hooks import RESULT, with_unpacked


@structured(moves=True, grad_name="CloneBackward0")
def earlier(x):
    """A copy of what a memory held before a write that is repeated when the sweep ends."""
    return x.copy()


earlier.shaped(same_shape)


@earlier.pullback_of(0)
def earlier_pullback(y_bar, y, x):
    return y_bar


@earlier.pushforward_of(0)
def earlier_pushforward(x_dot, y, x):
    return x_dot


earlier.linear = False  # its tangent differs from that of the present memory
earlier.reads_the_past = True


class RecordedSweep(Sweep):
    """A reverse sweep whose adjoints are Tensors.

    `found` and `beyond` hold Tensors in place of arrays.
    """

    def prepare(self):
        """Mark the rows, and undo the writes above the roots."""
        self.mark_roots()
        self.tape.refuse_outer_graph(self)
        if self.wanted is not None:
            self._note_wanted()
            keep_paths(self.tape.header, self.ws, self.lowest, self.highest)
        self.flows = {}  # row -> where its adjoint flows; None for everywhere
        self.adjoints, self.undone = {}, set()  # memory whose later contents come back when the sweep ends
        self.handles = {}  # row -> its Tensor, where no write makes it another one later
        self.wanted_rows = {}
        for t in self._wanted_results():
            self.wanted_rows.setdefault(t._row, []).append(t)

    def run(self, watch=None):
        """Sweep row by row; `watch` is called after each (anomaly detection)."""
        tape, marks = self.tape, self.workspace.marks
        self.has_writes = has_writes = bool(tape._counts[WRITES])
        for row, cotangent in self.roots:
            self._contribute(row, *self.seed_of(self.as_it_is(cotangent) if has_writes else cotangent))
        top = int(self.workspace.words[TOP])
        if has_writes:
            rows = range(top - 1, self.lowest - 1, -1)
        else:
            rows = (np.flatnonzero(marks[self.lowest : self.highest + 1])[::-1] + self.lowest).tolist()
        for row in rows:
            if has_writes and is_one_of(tape.flags[row], WRITES_IN_PLACE):
                undo_row(tape.header, self.ws, row)
                self.undone.add(self._memory_of(row))
            if row <= self.highest and marks[row] & MARKED and row in self.adjoints:
                self._pull_back(row, self.adjoints.pop(row), self.flows.pop(row))
                if watch is not None:
                    watch(self, row)

    def adjoint(self, row):
        """The adjoint of a row as an array, None if nothing has reached it."""
        found = self.adjoints.get(row)
        return None if found is None else found._value()

    def as_it_is(self, seed):
        """A recorded copy of a seed, which may lie in memory that the sweep puts back to what it was before a write."""
        return clone(seed) if isinstance(seed, Tensor) else seed

    def seed_of(self, cotangent):
        """A cotangent or tangent and where it flows: of the caller's where it is not zero, of another tape's where that says."""
        if isinstance(cotangent, Flowing):
            return cotangent
        if not self.tape.records_flow or self.tape.sweeping > 1:  # in a rule that another sweep has called: an adjoint
            return cotangent, None
        is_differentiated = isinstance(cotangent, Tensor) and cotangent.requires_grad and not self.tape.is_input(cotangent)
        if is_differentiated:  # a zero is not the last word then
            return cotangent, None
        flow = where_not_zero(cotangent)
        return cotangent, None if not is_recorded(flow) and flow.all() else flow

    def _contribute(self, row, part, flow):
        dtype = self.tape.dtype(row)
        part, flow = (
            adjoint_in(part, dtype),
            in_dtype(flow, dtype),
        )  # masks promote float32, and kernels assume the dtype of the row
        before = self.adjoints.get(row)
        self.adjoints[row] = part if before is None else before + part
        self.flows[row] = flow if before is None else in_either(self.flows[row], flow)

    def _pull_back(self, row, y_bar, flow):
        tape = self.tape
        y_bar, flow = self._show(row, y_bar, flow)
        if tape.flags[row] & LEAF:
            leaf = tape.leaves[row]
            if not leaf.is_leaf:
                self.beyond.append((leaf, Flowing(y_bar, flow)))
            elif self.wanted is None or id(leaf) in self.wanted:
                self.found.append((leaf, y_bar))
            return
        operation = OPERATIONS[tape.columns[OP][row]]
        operands = operands_of(tape, row)
        if not operands:  # an input of a trace is no leaf, because its memory must not be seen
            return
        values, y, statics = self.arguments_of(row, operation, operands)
        active = [k for k, a in enumerate(operands) if not isinstance(a, Immediate) and self._leads(a)]
        parts = self._parts(operation, active, y_bar, flow, y, values, statics)
        for k, part, reached in shown_to_node(self, row, len(operands), parts, y_bar):
            if part is not None:
                self._contribute(operands[k], part, reached)

    def _parts(self, operation, active, y_bar, flow, y, values, statics):
        """The adjoints of operands, and where they flow."""
        if not self.tape.records_flow:
            found = self.pulled_back(operation, operation.pull_back, active, y_bar, y, values, statics)
            return ((k, part, None) for k, part in found)
        return self.pulled_back(operation, operation.pull_back_flows, active, y_bar, flow, y, values, statics)

    def _leads(self, a):
        """Whether the adjoint of a row is asked for, or needed for one below it."""
        return self.tape.flags[a] & GRAD and self.workspace.marked[a] & MARKED

    def arguments_of(self, row, operation, operands):
        """The arguments of a row's rule: operands and result as they were when it was recorded, and its statics."""
        tape = self.tape
        statics = self.statics_of(row, operation)
        if is_one_of(tape.flags[row], WRITES_IN_PLACE):
            statics = write_statics(tape, row)
        elif operation is OPERATIONS[VIEW_OF_STORAGE]:  # a view in the layout of rows; a copy of overwritten memory has another
            statics = place_of(tape, operands[0]), place_of(tape, row)
        values = [float(a) if isinstance(a, Immediate) else self._handle(row, k, a) for k, a in enumerate(operands)]
        values, y = with_unpacked(tape, row, values, self._handle(row, 3, row))
        return values, y, statics

    def _handle(self, row, k, a):
        """The Tensor of a row as it was when `row` was recorded."""
        found = self.handles.get(a)
        if found is not None:
            return found
        tape = self.tape
        tensor = result(tape, a)
        overwritten = self.has_writes and self._memory_of(a) in self.undone
        if stale(tape.header, a):
            operands = operands_of(tape, row)
            active = [j for j, o in enumerate(operands) if not isinstance(o, Immediate) and tape.flags[o] & GRAD]
            place = RESULT if a == row else min(k, 2)
            if read_by(OPERATIONS[tape.columns[OP][row]], active) >> place & 1:
                raise changed_value(tape, row, k)
            return unread(tape, a)
        # the storage is about to get its later contents back: keep a copy of these
        if overwritten:
            return earlier.apply(tensor)
        if not self.has_writes:
            self.handles[a] = tensor
        return tensor

    def _memory_of(self, row):
        """The memory of a row: its storage, or the version counter of memory of Python's, which several storages may share."""
        storage = self.tape.storage_ids[row]
        cell = int(self.tape.columns[S_CELL][storage])
        return ("cell", cell) if cell else storage

    def _show(self, row, y_bar, flow):
        """Pass an adjoint to hooks, and keep it if it is retained or wanted.  Returns it, and where it flows."""
        if self.tape.observed:
            for t in self._observers(row):
                for hook in list(t._extras.hooks.values()):
                    answer = self._in_the_present(answer_of, hook, y_bar, t)
                    if answer is not None:
                        y_bar = convert(answer, y_bar.dtype)
                        flow = None if flow is None else in_either(flow, raw(y_bar) != 0)
                if t._extras.retains and (self.wanted is None or id(t) not in self.wanted):
                    self.found.append((t, y_bar))
        for t in self.wanted_rows.get(row, ()):
            self.found.append((t, y_bar))
        return y_bar, flow


class Flowing(NamedTuple):
    """A cotangent or tangent on its way to another tape, and where it flows."""

    seed: object
    flow: object


class _Unread:
    """Stands for an operand of which a rule reads only the shape."""

    def __init__(self, shape, dtype):
        self.shape, self.dtype, self.ndim = shape, dtype, len(shape)


def unread(tape, row):
    """What stands for a row of which a rule reads only the shape."""
    return _Unread(tape.layout(row).shape, tape.dtype(row))


def write_statics(tape, row):
    """The statics for the rule of a write: the region as (layout, offset)."""
    first = int(tape.columns[PARAM][row])
    region, offset = tape.columns[PARAM_POOL][first : first + 2].tolist()
    return region, offset
