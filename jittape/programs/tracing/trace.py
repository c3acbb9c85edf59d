"""The trace: a private tape on which a Python function is run once.

Everything that depends on an input becomes a row, even what carries no gradient: comparisons, values cut out of the graph,
values computed under ``no_grad``. Where Python itself looks at a value (``if``, ``float``, ``.item()``, an index) the trace
records a *guard*: a replay is valid only if Python would see the same value again. A value cannot leave a trace in any other
way, so a replay is right or is refused.
"""

import weakref
from threading import get_ident

import numpy as np

from ...numba_backend.forks import LONGEST_WAIT, process_lock
from ...tape.commit import assignments
from ...tape.schema import ARG0, ARG1, ARG2, GRAD, IN_PYTHON, IN_ROWS, LEAF, PARAM_POOL, STORAGE
from ...tape.storage import Storage
from ...tape.tape import Tape
from ...tape.recording_state import recording
from ...tensors.row_binding import rebase, row_of
from ...tensors.tensor import Tensor, is_leaf_that_requires_grad, result
from ...sweeps.workspace import MARKED
from ...tape.versions import stale
from ...errors import TraceError
from ...ops.users_lines import users_lines
from ...tape.row_kinds import POOLED, VIEWS, is_one_of


class BeyondTheTrace(BaseException):
    """The function that is being traced does something that no replay could do; it is called as it is instead.

    Not an `Exception`, so that handlers in the traced function do not catch it.
    """


one_at_a_time = process_lock()  # held by the thread that traces
KEPT_OUTSIDE = (
    "a traced function keeps a Tensor outside (in an attribute, a list, a cache, a generator, an object that it returns): a "
    "replay would not put a new one there. Return it"
)
EXACT, TRUTH = 0, 1  # kinds of guard: the same value to the last bit; the same answer to "is it not zero?"


class Trace(Tape):
    """A tape that records one run of a function from its inputs to what it returns.

    Attributes
    ----------
    guards : list of (row, kind, expected)
        What Python has looked at.
    guard_lines : list of str
        Where, in the user's code.
    inputs : list of rows
        Those of the arguments, then those of captured Tensors.
    converted : set of rows
        Those that a value depends on which was converted to a number: derivatives through it are lost.
    derivatives : list of rows
        What sweeps have found.
    contents : dict of storage -> array
        Constants as they were when they were put on the tape.
    """

    derivatives_are_rows = True

    def __init__(self, records_flow=False):
        super().__init__()
        self.records_flow = records_flow
        self._words[IN_ROWS] = 1
        self.guards, self.inputs, self.derivatives, self.contents = [], [], [], {}
        self.guard_lines = []
        self._arguments, self.written = {}, set()  # storage -> row of an argument; rows of those that are written to
        self.converted = set()
        self.captured = {}  # id of an input from outside -> its row
        self._outer_results = []  # rows of captured Tensors that have a graph of their own, outside
        self._outer = set()  # storages whose memory belongs to the caller
        self._masks = set()  # storages of numbers that represent bools
        self._cut = set()  # views through which no gradients flow, of memory through which they may
        self.given_up = None  # why, if a value has gone where a replay cannot follow it
        self._shown = {}  # storage -> weak references to arrays that NumPy was given for it

    def compact(self):
        """Do nothing: rows keep their numbers, as the program is made of all of them."""

    # --- inputs ---------------------------------------------------------------------------------------

    def input(self, array, flags=GRAD):
        """Append the row of an input, whose memory must not change until the trace is done."""
        row = self.source(array, IN_PYTHON, 0, flags)
        self.inputs.append(row)
        storage = int(self.columns[STORAGE][row])
        self._outer.add(storage)
        del self.contents[storage]
        return row

    def argument(self, array, face=Tensor):
        """An argument as a Tensor or an Array that exists on this tape only."""
        row = self.input(np.array(array, order="C"))
        self._arguments[self.storage_ids[row]] = row
        return result(self, row, face)

    def note_derivatives(self, tensors):
        """Remember rows that sweeps have found: a replay checks them."""
        self.derivatives += [t._row for t in tensors if isinstance(t, Tensor) and t._tape is self]

    def is_input(self, tensor):
        return tensor._tape is self and tensor._row in self.inputs

    def argument_written_in(self, storage):
        found = self._arguments.get(storage)
        if found is None:
            return super().argument_written_in(storage)
        self.written.add(found)
        return found

    def capture(self, tensor, restoring):
        """Make a Tensor from the function's environment an input. The change that undoes it is appended to a list first.

        Other threads may be using the Tensor, so only its Storage is replaced, by one that says to this thread that what is seen
        there depends on an input.
        """
        leaf, needs = is_leaf_that_requires_grad(tensor), tensor.requires_grad
        array, before = tensor._pinned(), tensor._storage
        if before is None:  # of a trace that has ended, which nothing else outlives
            raise TraceError(KEPT_OUTSIDE)
        row = self.input(np.array(array, order="C"), (GRAD | LEAF if leaf else GRAD) if needs else 0)
        if leaf:
            self.leaves[row] = tensor
        elif needs:
            self._outer_results.append(row)
        self.captured[id(tensor)] = row
        storage = Storage(before.memory, array if before.base is None else before.base)
        storage.tape, storage.number = self, self.storage_ids[row]
        restoring += assignments(tensor, _storage=before)
        tensor._storage = storage

    def source(self, array, kind, cell, flags):
        """Append a row for memory that the tape did not make; its present contents are what a replay starts from."""
        row = super().source(array, kind, cell, flags)
        self.contents[int(self.columns[STORAGE][row])] = np.array(array)
        return row

    # --- what leaves the trace ------------------------------------------------------------------------

    def guard(self, row, kind, expected):
        self.guards.append((row, kind, expected))
        self.guard_lines.append(str(users_lines()))

    def _newest(self, row):
        """The row of the same place in memory as it is now; a guard on a row from before a write would never fail."""
        if not stale(self.header, row):
            return row
        head = self.heads[self.storage_ids[row]]
        return row if head < 0 else rebase(self, head, self.layout_ids[row], self.offsets[row])

    def look(self, row):
        row = self._newest(row)
        value = self.array(row).copy()
        self.guard(row, EXACT, value)
        return value != 0 if self._is_mask(row) else value

    def number(self, row):
        return self.look(row).item()

    def truth(self, row):
        row = self._newest(row)
        answer = bool(self.array(row).item() != 0)
        self.guard(row, TRUTH, answer)
        return answer

    def convert(self, rows):
        """Record what a value that was converted to a float depends on."""
        self.converted.update(rows)

    def pin(self, row):
        """A copy of a value: a Tensor that kept the memory would show it to Python without a guard."""
        return self._show(row), None

    def _show(self, row):
        """A value as a read-only array that Python may keep; the trace does not write to its memory while the array lives."""
        array = self.look(row)
        array.flags.writeable = False
        self._shown.setdefault(self.storage_ids[row], []).append(weakref.ref(array))
        return array

    def pin_at(self, tensor):
        """As `pin`, for memory kept by Python that is an input, or that a write on this trace has changed."""
        return self._show(row_of(self, tensor))

    # --- what is recorded beside what has gradients ---------------------------------------------------

    def _is_mask(self, row):
        return self.storage_ids[row] in self._masks

    def dtype(self, row):
        return np.dtype(bool) if self._is_mask(row) else super().dtype(row)

    def hold_mask(self, tensor):
        """Declare that a Tensor of numbers stands for bools."""
        self._masks.add(self.storage_ids[tensor._row])
        self.flags[tensor._row] &= ~GRAD

    def mask_row(self, tensor, dtype):
        if tensor._tape is self and self._is_mask(tensor._row) and super().dtype(tensor._row) == dtype:
            return tensor._row
        return None

    def keeps(self, operands):
        return any(self._follows(a) or self._wrote_to(a) for a in operands)

    def records(self, operands):
        for a in operands:
            if self._follows(a) and not self._is_mask(a._row) or self._wrote_to(a):
                return True
        return super().records(operands)

    def _follows(self, a):
        """Whether an operand exists on this trace only.

        A constant whose memory Python keeps stays one, also when it has a row here: its views have to share its memory, so that
        a write through any of them is seen through all.
        """
        return getattr(a, "_tape", None) is self and a._array is None

    def _wrote_to(self, a):
        """Whether an operand is memory kept by Python that is an input, or that a write on this trace has changed."""
        storage = getattr(a, "_storage", None)
        return storage is not None and storage.tape is self

    def look_at(self, tensor):
        """The present value of memory kept by Python that is an input, or that a write on this trace has changed."""
        return self.look(row_of(self, tensor)) if self.owner == get_ident() else tensor._array

    def truth_at(self, tensor):
        """As `truth`, for such memory."""
        return self.truth(row_of(self, tensor))

    def captured_row(self, tensor):
        """The row of a Tensor from outside that is an input; None of another one."""
        return self.captured.get(id(tensor))

    def cut(self, tensor):
        """A view that has the same values and passes no gradient on."""
        a = row_of(self, tensor)
        row = rebase(self, a, self.layout_ids[a], self.offsets[a])
        self._cut_off(row)
        return result(self, row)

    def _cut_off(self, row):
        self.flags[row] &= ~GRAD
        self._cut.add(row)

    def _is_cut(self, row):
        while row not in self._cut:
            if not is_one_of(self.flags[row], VIEWS):
                return False
            row = int(self.columns[ARG0][row])
        return True

    def finished(self, row, state):
        """Clear the gradient flag of rows that have no operand with a gradient, or are made under ``no_grad``."""
        if state is not self and is_one_of(self.flags[row], VIEWS):
            self._cut_off(row)
        elif state is not self or not any(self.flags[a] & GRAD for a in operand_rows_of(self, row)):
            self.flags[row] &= ~GRAD

    def replaced(self, former, row):
        """Keep views without gradients as they are, although the newest contents of the memory may have a gradient."""
        if former >= 0 and self._is_cut(former):
            self._cut_off(row)

    def follows_write(self, target, source):
        """Whether a write passes gradients on: not under ``no_grad``, and not through a view without gradients."""
        if recording() is not self:
            return False
        if target._tape is not self or not self._is_cut(target._row):
            return True
        if self.flags[source] & GRAD:
            raise TraceError(
                "a traced function writes a value with a gradient into a Tensor made by detach(), or under no_grad: the memory "
                "would have two histories. Write into x.detach().clone()"
            )
        return False

    def refuse_write(self, storage):
        if any(ref() is not None for ref in self._shown.get(storage, ())):
            raise TraceError(
                "a traced function writes in place into memory that an array shows, made by .numpy() or np.asarray: the array "
                "has a copy, which would not change. Write into x.clone(), or copy the array"
            )
        if storage in self._outer:
            raise TraceError(
                "a traced function writes in place into an argument or into a Tensor from outside: a replay would not do "
                "that to the caller's memory. Write into x.clone(), or return the new value"
            )
        memory = self.cells.get(storage)
        if memory is not None and memory.is_shared:
            raise TraceError(
                "a traced function writes in place into memory that an array of NumPy's, or a Tensor made by detach(), shares: "
                "what is seen there later would be that of the trace. Write into x.clone(), or take .numpy() afterwards"
            )

    def refuse_gradient(self, tensor):
        """Raise before something is added to the ``.grad`` of a Tensor."""
        if id(tensor) in self.captured or tensor._tape is self and self.storage_ids[tensor._row] in self._outer:
            raise TraceError(
                "backward() in a traced function adds to the .grad of an argument or of a Tensor from outside: a replay "
                "would not. Use jt.autograd.grad or jt.grad, which return gradients"
            )

    def refuse_outer_graph(self, sweep):
        """Give up where gradients would flow on into the graph of a captured result: its rows are not on this trace."""
        marked, wanted = sweep.workspace.marked, sweep.wanted
        inside = wanted is not None and all(t._tape is self and t._row not in self.inputs for t in wanted.values())
        if not inside and any(marked[row] & MARKED for row in self._outer_results):
            raise BeyondTheTrace("the graph of a Tensor from outside, in a sweep,")

    def refuse_outer_root(self, tensor):
        """As `refuse_outer_graph`, where a captured result is the root."""
        if self.captured.get(id(tensor)) in self._outer_results:
            raise BeyondTheTrace("the graph of a Tensor from outside, in a sweep,")

    def refuse_other_tape(self, tensor):
        """Give up where the function records on another tape: what becomes of the value there is not on this one.

        In a thread of the function the exception may end that thread only, so the reason is also kept.
        """
        if self.owner == get_ident():
            self.given_up = "a tape of its own, to which it gives values,"
        elif tensor._array is None:
            self.given_up = "a thread of its own, to which it gives values,"
        else:
            return  # a Tensor from outside, which another thread uses meanwhile
        raise BeyondTheTrace(self.given_up)

    def refuse_leaf(self):
        raise TraceError(
            "requires_grad_() in a traced function, of a value that depends on its arguments or of a Tensor from outside: a leaf "
            "has memory of its own, which a replay would not fill. Use jt.grad, or jt.autograd.grad with respect to the value"
        )

    def paused(self):
        return Unfollowed(self)

    def wait_for_its_end(self):
        """Wait, in another thread, until the trace is done and Tensors from outside are what they were."""
        if not one_at_a_time.acquire(timeout=LONGEST_WAIT):
            raise TraceError(
                f"a Tensor is written to while another thread traces a function that uses it, for {LONGEST_WAIT:.0f} s now: "
                "write to it before, or after"
            )
        one_at_a_time.release()


def operand_rows_of(tape, row):
    """The rows that a row reads."""
    if is_one_of(tape.flags[row], POOLED):
        first, n = int(tape.columns[ARG0][row]), int(tape.columns[ARG1][row])
        return tape.columns[PARAM_POOL][first : first + n].tolist()
    return [a for c in (ARG0, ARG1, ARG2) if (a := int(tape.columns[c][row])) >= 0]


class Unfollowed:
    """Recording state under ``no_grad`` on a trace: rows are recorded, as a replay needs them, but pass no gradients on."""

    __slots__ = ("tape",)
    watching = False
    enabled = False

    def __init__(self, tape):
        self.tape = tape

    recorder = property(lambda self: self.tape)

    def on(self, tape):
        """The same state, of another tape."""
        return tape.paused()
