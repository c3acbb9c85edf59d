"""Driver of the compiled reverse sweep: workspaces, pauses, leaves, and sweeps across tapes."""

from functools import partial

import numpy as np

from ..ops.copies_and_joins import place_of
from ..ops.declare_elementwise import Elementwise
from ..tape.append import SMALL
from ..tape.commit import assignments, commit
from ..tape.schema import FLAGS, GRAD, LEAF, OP, WRITES
from ..dtypes import DTYPE_CODES
from ..errors import GraphFreedError
from ..memory.pool import Buffer
from ..memory.words import address_of, quick_address
from ..kernels.kernel_table import OPERATIONS, VIEW_OF_STORAGE
from ..sweeps.closing import finish
from ..sweeps.marking import assign_slots, keep_paths, mark
from ..sweeps.reverse_sweep import reverse
from ..sweeps.write_undo import redo_writes, undo_writes
from ..sweeps.workspace import (
    ANSWERS,
    BAD_OPERAND,
    BARS,
    DONE,
    LANE,
    LANES,
    LEAVES,
    LOWEST,
    MARKED,
    MARKS,
    MISSING_SLOT,
    NEEDS_PYTHON,
    NO_ROOM,
    N_LEAVES,
    PAUSE,
    PAUSED,
    POSITION,
    REFUSED,
    SLOTS,
    TOP,
    WANTED,
    WITH_NAN,
    WORKSPACE_WORDS,
    add_adjoint,
    adjoint_address,
    any_nan,
    copy_adjoint,
    drop_adjoint,
    new_adjoint,
    take_adjoint,
)
from ..tape.refusals import describe, provide, repeated
from ..tape.row_kinds import VIEWS, is_one_of
from ..tape.storage import ArrayAtAddress
from ..tape.recording_state import Paused, recording, state
from ..tensors.tensor import Tensor, is_leaf_that_requires_grad, wrap
from .hook_answers import run_hooks
from .broadcast_adjoints import fitted
from .found_nan import FoundNan, has_nan
from .node_hooks import shown_to_node, stand_ins
from .row_inspection import Immediate, changed_value, check_versions, no_room, operands_of
from .saved_tensor_hooks import release, with_unpacked


class Workspace:
    """The columns of one sweep, kept by the tape for the next one."""

    def __init__(self, tape):
        rows = len(tape.columns[OP])
        self.capacity = rows
        self.words = np.zeros(WORKSPACE_WORDS, np.int64)
        self.numbers = memoryview(self.words)  # reading a number takes 40 ns, from the array 100
        self.words[LANES] = 1
        self.bars, self.marks = np.zeros(rows, np.int64), np.zeros(rows, np.uint8)
        self.leaves, self.slots = np.empty(rows, np.int32), None
        self._leaf_rows = memoryview(self.leaves)
        self.marked = memoryview(self.marks)
        self.address = address_of(self.words)
        for word, column in ((BARS, self.bars), (MARKS, self.marks), (LEAVES, self.leaves)):
            self.words[word] = address_of(column)

    def leaf_rows(self):
        """The rows of the leaves that marking has reached."""
        return self._leaf_rows[: self.numbers[N_LEAVES]].tolist()

    def use_slots(self, private):
        """Make room for adjoints of views that are separate from those of their storages."""
        slots = np.zeros(self.capacity, np.int32)  # of no adjoint, until they are assigned
        bars = np.zeros(self.capacity + private, np.int64)
        words = [partial(self.words.__setitem__, word, address_of(column)) for word, column in ((SLOTS, slots), (BARS, bars))]
        commit(words + assignments(self, slots=slots, bars=bars))


def take_workspace(tape):
    while tape.workspaces:
        workspace = tape.workspaces.pop()
        if workspace.capacity >= len(tape):
            return workspace
    return Workspace(tape)


def as_it_is(seed):
    """A copy of a seed, which may lie in memory that the sweep puts back to what it was before a write."""
    return seed.copy() if isinstance(seed, np.ndarray) else seed


class Sweep:
    """One reverse sweep over one tape. The caller holds the lock of the tape, because rows must keep their numbers.

    Parameters
    ----------
    roots : list of (row, array)
        Rows and their cotangents.
    wanted : dict or None
        Tensors whose gradients are asked for, by id; None: every leaf.
    answered : dict, optional
        What hooks have answered before, by tape, row and Tensor; answers of this sweep are added.

    Raises
    ------
    FoundNan
        In a plain sweep, if a hook, a user's rule or a gradient gets a nan; no hook and no rule has seen it.
    """

    is_careful = False  # structural zeros are told from others, so that a nan is what it is
    lanes = 1  # adjoints side by side
    refused = None  # the last row that was refused, and for want of what

    def __init__(self, tape, roots, wanted, answered=None):
        self.tape, self.roots, self.wanted, self.answered = tape, roots, wanted, answered
        self.stand_ins = ()  # Tensors in the place of results that are gone and have hooks
        self.found = []  # (Tensor, gradient array)
        self.beyond = []  # (Tensor of another tape, cotangent array)
        self.deposits = {}  # id of the context of a user's Function -> cotangents of its rows so far
        self.deferred = {}  # row -> arrays that its adjoint gets when the sweep comes to it
        self.highest = roots[0][0] if len(roots) == 1 else max(row for row, _ in roots)
        self.reference = tape.begin_sweep(self)
        self.workspace = take_workspace(tape)
        self.ws = self.workspace.address

    # --- preparing ------------------------------------------------------------------------------------

    def mark_roots(self):
        """Mark what the roots depend on; no write is undone yet."""
        tape, marked, numbers = self.tape, self.workspace.marked, self.workspace.numbers
        self.stand_ins = stand_ins(tape) if tape.hooked else ()
        rows = {row for row, _ in self.roots}
        numbers[LOWEST] = min(rows)  # from where the marks are taken off, should an interrupt come before `mark` has set it
        for row in rows:
            marked[row] |= MARKED
        freed = mark(tape.header, self.ws, self.highest, len(rows))
        self.lowest = numbers[LOWEST]
        numbers[POSITION] = numbers[TOP] = len(tape)
        if freed >= 0:
            raise GraphFreedError

    def prepare(self):
        """Mark what the roots depend on, determine where to pause, and seed the adjoints."""
        self.mark_roots()
        tape, marked = self.tape, self.workspace.marked
        pauses = self._note_pauses()
        if self.wanted is not None:
            self._note_wanted()
            keep_paths(tape.header, self.ws, self.lowest, self.highest)
        if pauses:
            views = sum(1 for row in pauses if is_one_of(tape.flags[row], VIEWS))
            if views:
                self.workspace.use_slots(views)
                assign_slots(tape.header, self.ws, self.lowest, self.highest, self.workspace.capacity)
        if tape._counts[WRITES]:
            self.roots = [(row, as_it_is(cotangent)) for row, cotangent in self.roots]
            undo_writes(tape.header, self.ws, self.highest + 1)
        for row, cotangent in self.roots:
            if marked[row] & MARKED:
                self.seed(row, cotangent)

    def seed(self, row, cotangent):
        """Start the sweep with a cotangent of a root."""
        if row < self.highest and self.tape._counts[WRITES]:
            self.defer(row, cotangent)
        else:
            self.add(row, cotangent)

    def _note_pauses(self):
        """Set pauses before rows whose adjoints are observed in Python: hooks, retained and wanted results."""
        marks, pauses = self.workspace.marked, set()
        for ref in self.tape.observed:
            t = ref()
            if t is not None and t._tape is self.tape and t._row <= self.highest and not t.is_leaf:
                if marks[t._row] & MARKED and (t._extras.hooks or t._extras.retains):
                    marks[t._row] |= PAUSE
                    pauses.add(t._row)
        for row in (*[t._row for t in self._wanted_results()], *self.tape.attended):
            if row <= self.highest and marks[row] & MARKED:
                marks[row] |= PAUSE
                pauses.add(row)
        return pauses

    def _wanted_results(self):
        for t in (self.wanted or {}).values():
            if t._tape is self.tape and t._row <= self.highest and not self.tape.flags[t._row] & LEAF:
                yield t

    def _note_wanted(self):
        marks = self.workspace.marked
        for t in self._wanted_results():
            marks[t._row] |= WANTED
        for row in self.workspace.leaf_rows():
            leaf = self.tape.leaves[row]
            if id(leaf) in self.wanted or not leaf.is_leaf:
                marks[row] |= WANTED

    # --- sweeping -------------------------------------------------------------------------------------

    def run(self, watch=None):
        """Sweep down to the leaves, pausing where Python is needed.

        With `watch`, a row at a time, and it is called with each afterwards (anomaly detection).
        """
        row = self.highest
        while row >= self.lowest:
            answer = reverse(self.tape.header, self.ws, row, self.lowest if watch is None else row)
            if answer == DONE and watch is None:
                break
            after = row - 1 if answer == DONE else self._attend(*divmod(answer, ANSWERS))
            if watch is not None and after < row:
                watch(self, row)
            row = after
        self._collect_leaves()

    def _attend(self, row, reason):
        """Do what a paused sweep needs.  Returns the row to go on from."""
        if reason == PAUSED:
            self._visit(row)
        if reason == NEEDS_PYTHON or reason == PAUSED and row in self.tape.attended:
            self._pull_back_in_python(row)
            drop_adjoint(self.tape.header, self.ws, row)
            return row - 1
        if reason == PAUSED:
            return row
        if reason == REFUSED:
            self.provide(row, int(self.workspace.words[MISSING_SLOT]))
        elif reason == NO_ROOM:
            raise no_room(self.tape, row)
        else:  # CHANGED
            raise changed_value(self.tape, row, int(self.workspace.words[BAD_OPERAND]))
        return row

    def provide(self, row, slot):
        """Compile what a row is missing.

        Raises
        ------
        InternalError
            It is what the row was missing just before.
        """
        operation = OPERATIONS[self.tape.columns[OP][row]]
        if self.refused == (row, slot):
            raise repeated(operation, row, describe(slot))
        self.refused = row, slot
        self.compile_slot(operation, slot)

    def compile_slot(self, operation, slot):
        """Compile what a slot names."""
        provide(operation, slot)

    def adjoint(self, row):
        """The adjoint of a row, without a copy."""
        address = adjoint_address(self.tape.header, self.ws, row)
        return np.asarray(ArrayAtAddress(address, self.tape.layout(row), self.tape.dtype(row))) if address else None

    def add(self, row, values):
        """Add an array to the adjoint of a row."""
        shape, dtype = self.tape.layout(row).shape, self.tape.dtype(row)
        if values.dtype.kind == "c" and dtype.kind != "c":  # a complex operand beside a real one
            values = values.real
        values = np.ascontiguousarray(np.broadcast_to(values, shape), dtype)
        if not add_adjoint(self.tape.header, self.ws, row, quick_address(values)):
            raise no_room(self.tape, row)

    def defer(self, row, values):
        """Add an array to the adjoint of a row when the sweep reaches it.

        Rows of one memory share an adjoint, and the writes until then clear their regions of it.
        """
        if not new_adjoint(self.tape.header, self.ws, row):  # the sweep pauses only at rows that have an adjoint
            raise no_room(self.tape, row)
        self.deferred.setdefault(row, []).append((int(self.workspace.words[LANE]), np.array(values)))
        self.workspace.marks[row] |= PAUSE

    def _visit(self, row):
        """Pass a complete adjoint to hooks, and keep it if it is wanted."""
        words = self.workspace.words
        for lane, values in self.deferred.pop(row, ()):
            words[LANE] = lane
            self.add(row, values)
        words[LANE] = 0
        gradient = self.adjoint(row).copy()
        self.refuse_nan(gradient)
        for t in self._observers(row):
            changed = self._answer_of_hooks(row, t, gradient)
            if changed is not gradient:
                gradient = changed
                self.replace(row, gradient)
            if t._extras is not None and t._extras.retains and (self.wanted is None or id(t) not in self.wanted):
                self.found.append((t, gradient))
        for t in self._wanted_results():
            if t._row == row:
                self.found.append((t, gradient))

    def _answer_of_hooks(self, row, t, gradient):
        """What the hooks of a Tensor make of an adjoint; they are called once, though the sweep may be made twice."""
        if self.answered is None:
            return self._in_the_present(run_hooks, t, gradient)
        key = (id(self.tape), row, id(t))
        if key not in self.answered:
            self.answered[key] = self._in_the_present(run_hooks, t, gradient)
        return self.answered[key]

    def replace(self, row, gradient):
        """Put what hooks have made of an adjoint in its place."""
        self.adjoint(row)[...] = gradient

    def refuse_nan(self, values):
        """Stop a plain sweep that would go on with a nan."""
        if not self.is_careful and has_nan(values):
            raise FoundNan

    def _in_the_present(self, call, *args):
        """Call a user's function with the writes that this sweep has undone in effect: it may read and write what they touch."""
        if not self.tape._counts[WRITES]:
            return call(*args)
        position = int(self.workspace.words[POSITION])
        redo_writes(self.tape.header, self.ws)
        try:
            return call(*args)
        finally:
            undo_writes(self.tape.header, self.ws, position)

    def _observers(self, row):
        for ref in self.tape.observed:
            t = ref()
            if t is not None and t._tape is self.tape and t._row == row:
                yield t

    def pulled_back(self, operation, rule, *args):
        """The adjoints of operands by a rule of an operation: its `pull_back` or `pull_back_flows`; of the operands' shapes."""
        if hasattr(operation, "asks_the_user") and not args[-1][0].reads_the_past:
            return self._in_the_present(lambda: list(rule(*args)))
        return fitted(rule(*args), args[-2]) if isinstance(operation, Elementwise) else rule(*args)

    def adder(self, operation):
        """How adjoints by the rule of an operation are added to those of its operands."""
        return self.defer if getattr(operation, "reads_the_past", False) else self.add

    def statics_of(self, row, operation):
        """What the rule of a row needs beside its operands."""
        statics = self.tape.statics.get(row, ())
        return (*statics, self.deposits) if hasattr(operation, "asks_the_user") else statics

    def _pull_back_in_python(self, row):
        """Sweep one row whose pullback works on arrays: run it on constants, without recording."""
        tape = self.tape
        operation = OPERATIONS[tape.columns[OP][row]]
        rows, marks = operands_of(tape, row), self.workspace.marks
        is_number = [isinstance(a, Immediate) for a in rows]
        active = [k for k, a in enumerate(rows) if not is_number[k] and tape.columns[FLAGS][a] & GRAD and marks[a] & MARKED]
        check_versions(tape, row, operation, rows, active)
        operands = [float(a) if is_number[k] else wrap(tape.array(a)) for k, a in enumerate(rows)]
        operands, y = with_unpacked(tape, row, operands, wrap(tape.array(row)))
        y_bar, statics = wrap(self.adjoint(row)), self.statics_of(row, operation)
        if operation is OPERATIONS[VIEW_OF_STORAGE]:  # only where its node has hooks
            statics = place_of(tape, rows[0]), place_of(tape, row)
        before = recording()
        try:
            state.set(Paused(tape))
            self.hand_down(row, operation, active, rows, y_bar, y, operands, statics)
        finally:
            state.set(before)

    def hand_down(self, row, operation, active, rows, y_bar, y, operands, statics):
        """Add what the rule of a row makes of its adjoint to the adjoints of its operands."""
        if hasattr(operation, "asks_the_user"):
            self.refuse_nan(y_bar._value())
        add = self.adder(operation)
        parts = self.pulled_back(operation, operation.pull_back, active, y_bar, y, operands, statics)
        if row in self.tape.attended:
            found = shown_to_node(self, row, len(rows), ((k, part, None) for k, part in parts), y_bar)
            parts = ((k, part) for k, part, _ in found)
        for k, part in parts:
            if part is not None:
                add(rows[k], part._value() if isinstance(part, Tensor) else part)

    def _collect_leaves(self):
        leaves, marks, wanted = self.tape.leaves, self.workspace.marked, self.wanted
        for row in self.workspace.leaf_rows():
            array = self._take(row) if wanted is None or marks[row] & MARKED else None
            if array is None:
                continue
            leaf = leaves[row]
            if not is_leaf_that_requires_grad(leaf):
                self.beyond.append((leaf, array))
            elif wanted is None or id(leaf) in wanted:
                self.found.append((leaf, self.gradient_of(array)))

    def gradient_of(self, array):
        """What the adjoint of a leaf, as the sweep carries it, is as a gradient."""
        return array

    def _take(self, row):
        """The adjoint of a leaf as an array that Python keeps, or None; a large one is not copied."""
        tape = self.tape
        layout, dtype = tape.layout(row), tape.dtype(row)
        if not layout.contiguous:
            adjoint = self.adjoint(row)
            if adjoint is None:
                return None
            self.refuse_nan(adjoint)
            return adjoint.copy(order="C")
        if layout.size * dtype.itemsize > SMALL:
            return self._take_block(row, layout.shape, layout.size, dtype)
        array = np.empty(layout.shape, dtype)
        found = copy_adjoint(tape.header, self.ws, row, quick_address(array))
        if found == WITH_NAN and not self.is_careful:
            raise FoundNan
        return array if found else None

    def _take_block(self, row, shape, size, dtype):
        """The memory of a large adjoint as an array, None if nothing has reached the row."""
        block = take_adjoint(self.tape.header, self.ws, row)
        if not block:
            return None
        array = np.asarray(Buffer(block, size, dtype)).reshape(shape)
        if not self.is_careful and any_nan(block, size, DTYPE_CODES[dtype]):
            raise FoundNan
        return array

    # --- afterwards -----------------------------------------------------------------------------------

    def close(self, free, swept=True):
        """Repeat the writes that were undone, clean the workspace and, if `free`, free the rows.

        If an interrupt comes before its end, it is called again: each of its steps does nothing the second time.
        """
        tape, self.stand_ins = self.tape, ()
        if swept:
            # the enclosing sweep has undone writes that it will repeat itself: they stay
            free = free and not (tape.sweeping > 1 and tape._counts[WRITES])
            if tape._counts[WRITES]:
                redo_writes(tape.header, self.ws)
            finish(tape.header, self.ws, self.highest, free)
            if free and (tape.attended or tape.hooked):
                release(tape)
        if self.lanes > 1:
            self.workspace.numbers[LANE], self.workspace.numbers[LANES] = 0, 1
        tape.end_sweep(self.reference, self.workspace if self.workspace.slots is None else None)
