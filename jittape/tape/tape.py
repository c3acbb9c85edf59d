"""The array tape (a Wengert list): columns that grow, the rows on them, and what refers to these from Python.

A tape is a struct of arrays with one NumPy array for each column (see `schema`). A row is one operation, and its number is the
name of its result. This module owns the memory of the columns and the bookkeeping in Python: which Tensors hold which rows,
which arrays own which storages. Rows are appended by `record` and read by the sweeps.
"""

from __future__ import annotations

import threading
import weakref
from functools import partial
from threading import get_ident

import numpy as np

from . import compaction
from .commit import assignments, commit
from .schema import (
    BYTES,
    BYTE_LIMIT,
    CAPACITY,
    COPIED,
    FLAGS,
    HEADER_WORDS,
    IN_ARENA,
    IN_POOL,
    IN_PYTHON,
    LAYOUT,
    LAYOUTS_AT,
    OFFSET,
    OPS_AT,
    OWNER,
    PARAMS,
    PARAMS_A_ROW,
    PARAM_POOL,
    POOL_AT,
    ROWS,
    ROW_COLUMNS,
    ROW_LIMIT,
    SCRATCH_AT,
    SHARED,
    SNAPSHOT,
    STORAGE,
    STORAGES,
    STORAGE_COLUMNS,
    S_ADDRESS,
    S_CELL,
    S_DTYPE,
    S_HEAD,
    S_KIND,
    S_SIZE,
    S_VERSION,
    GRAD,
)
from ..dtypes import DTYPES, DTYPE_CODES
from ..numba_backend.entry_points import prepare
from ..numba_backend.forks import process_lock
from ..memory.layouts import LAYOUTS, TABLE_ADDRESS, intern
from ..memory.pool import Buffer, POOL
from ..memory.words import address_of
from ..kernels.kernel_table import OPERATIONS, SOURCE, TABLE_CELL_ADDRESS
from .record import record_source
from .renumbering import dismiss_leaves, handles_of, mark_referred, renumbered
from .recording_state import Paused, Watched, recording, state
from .reading import read_number
from ..kernels.services import HASH, MOVE, RECORD, SCRATCH, ensure, ensure_moves
from .refusals import answer
from .storage import Storage, ArrayAtAddress, array_at, held, overlaps
from .versions import set_version_in

# Columns that Python reads one number at a time: a memoryview answers in 40 ns with a Python integer,
# an array in 120 with a NumPy scalar.
_READ_OFTEN = {
    LAYOUT: "layout_ids",
    FLAGS: "flags",
    STORAGE: "storage_ids",
    OFFSET: "offsets",
    S_DTYPE: "dtype_codes",
    S_HEAD: "heads",
}
FIRST_CAPACITY = 4096
FIRST_BYTES = 4 << 20


class Tape:
    """Tape of one's own: operations inside ``with jt.Tape() as tape:`` are appended to it.

    Every thread has a tape by default. A private one serves to inspect a computation or to keep it apart. Results stay usable
    after the block, for as long as they live.

    Attributes
    ----------
    nbytes : int
        Bytes of the values that the rows hold.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> with jt.Tape() as tape:
    ...     y = x * x + 1.0
    >>> len(tape)
    3
    """

    def __init__(self) -> None:
        ensure(MOVE, RECORD)
        self._words = np.zeros(HEADER_WORDS, np.int64)
        self._counts = memoryview(self._words)
        self._own()
        self.header = address_of(self._words)
        self.columns = {}
        self.handles = []  # weak references to the Tensors that hold rows
        self.leaves = {}  # leaf row -> the Tensor whose gradient it is
        self.differentiated = {}  # id -> a result that a transform under way takes as its variable
        self.statics = {}  # row -> what the rule of its operation needs beside its operands
        self.owners = {}  # storage -> flat array that owns its memory, or several things that keep it where it is
        self.cells = {}  # storage -> Memory whose version counter it reads
        self.storages = weakref.WeakValueDictionary()  # storage -> Storage that Python objects share
        self.foreign = {}  # id of a Tensor bound to another tape, or of an array -> (Tensor or array, row here)
        self.links = {}  # storage -> weak references to parts of its complex numbers, until it has a Memory
        self.elements = {}  # storage -> weak references to numbers read out of it: Arrays, which writes must not change
        self.observed, self.hooked = [], {}  # weak references to results with hooks or retained gradients; row -> (one, hooks)
        self.workspaces = []  # of sweeps, for the next one
        self.traces = {}  # row -> user's source line, under anomaly detection
        self.attended = {}  # row -> what Python does at it in a sweep: hooks on saved values, and on its node
        self.lock = process_lock()
        self.sweeps = set()  # weak references to sweeps under way: rows then keep their numbers
        self.held = 0  # as `sweeping`, while the operands of a row are put on the tape one by one
        self.overdue = False  # whether a compaction was asked for that could not be done then
        self.source_bytes = 0  # bytes of sources since the last compaction; their rows keep arrays alive
        self._before = []
        for word, value in ((POOL_AT, POOL), (LAYOUTS_AT, TABLE_ADDRESS), (OPS_AT, TABLE_CELL_ADDRESS), (SCRATCH_AT, SCRATCH)):
            self._words[word] = value
        self._grow(FIRST_CAPACITY)
        self._words[BYTE_LIMIT] = FIRST_BYTES
        prepare(compaction.release_everything)  # a finalizer may run while something else compiles or loads code
        weakref.finalize(self, _release, self._words, self.columns)

    # --- what records ---------------------------------------------------------------------------------

    recorder = tape = property(lambda self: self)
    enabled = True
    derivatives_are_rows = False  # whether sweeps on this tape are recorded, asked for or not
    records_flow = True  # whether recorded sweeps hide structural zeros; a trace may leave that to another one
    watching = False

    def on(self, tape):
        """Return the same recording state, of another tape.

        Parameters
        ----------
        tape : Tape
            The other tape.

        Returns
        -------
        Tape
            That tape, which records.
        """
        return tape

    def __enter__(self) -> Tape:
        before = recording()
        try:
            self._before.append(before)
            self._own()
            state.set(before.on(self) if isinstance(before, Watched) else self)
        except BaseException:  # an interrupt, after which there is no `__exit__`
            state.set(before)
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        state.set(self._before.pop())

    def _own(self):
        """Make the calling thread the owner: only it may take rows from Tensors without the lock."""
        self.owner = self._counts[OWNER] = get_ident()  # an attribute, too: transforms read it often

    # --- columns --------------------------------------------------------------------------------------

    def __len__(self) -> int:
        return self._counts[ROWS]

    @property
    def nbytes(self) -> int:
        """Bytes of the values that the rows hold, without the columns."""
        return self._counts[BYTES] + self.source_bytes

    def __getitem__(self, column):
        """The filled part of a column."""
        rows = ROWS if column in ROW_COLUMNS else STORAGES
        return self.columns[column][: self._words[rows]]

    def _grow(self, capacity):
        """Replace the columns by longer ones. Compiled code loads addresses anew in every call, so no old ones are kept."""
        changes = []
        for kinds in (ROW_COLUMNS, STORAGE_COLUMNS):
            for column, dtype in kinds.items():
                changes += self._replaced(column, np.empty(capacity, dtype))
        pool = len(self.columns.get(PARAM_POOL, ()))
        changes += self._replaced(PARAM_POOL, np.empty(pool + PARAMS_A_ROW * capacity, np.int64))
        changes += [partial(self._words.__setitem__, word, capacity) for word in (CAPACITY, ROW_LIMIT)]
        commit(changes)

    def _replaced(self, column, longer):
        """The changes that put a longer column in the place of one: no address of memory that is gone may be left in between."""
        old = self.columns.get(column)
        if old is not None:
            longer[: len(old)] = old
        changes = [
            partial(self._words.__setitem__, column, address_of(longer)),
            partial(self.columns.__setitem__, column, longer),
        ]
        return changes + (assignments(self, **{_READ_OFTEN[column]: memoryview(longer)}) if column in _READ_OFTEN else [])

    def make_room(self, rows=1):
        """Make room on a full tape: drop rows that nobody can reach, and grow if that is not enough.

        Parameters
        ----------
        rows : int, optional
            Number of rows that must fit.
        """
        words = self._words
        with self.lock:
            self.compact()
            while words[ROWS] + rows > words[ROW_LIMIT]:
                if words[ROW_LIMIT] < words[CAPACITY]:
                    words[ROW_LIMIT] = min(2 * words[ROW_LIMIT], words[CAPACITY])
                else:
                    self._grow(2 * int(words[CAPACITY]))
            words[BYTE_LIMIT] = max(words[BYTE_LIMIT], 2 * self.nbytes)

    def reserve(self, rows, params=0):
        """Ensure that rows can be appended without any row changing its number.

        Parameters
        ----------
        rows : int
            Number of rows.
        params : int, optional
            Number of parameter words.
        """
        counts = self._counts
        if counts[ROWS] + rows > counts[ROW_LIMIT] or counts[BYTES] + self.source_bytes > counts[BYTE_LIMIT]:
            self.make_room(rows)
        elif self.overdue and not (self.held or self.sweeping):
            self.compact()
        if params:
            pool = self.columns[PARAM_POOL]
            if counts[PARAMS] + params + (counts[CAPACITY] - counts[ROWS]) * PARAMS_A_ROW > len(pool):
                commit(self._replaced(PARAM_POOL, np.empty(2 * len(pool) + params, np.int64)))

    def steadily(self, append, *args):
        """Call a function that collects rows before it uses them; until it returns, no row changes its number.

        Parameters
        ----------
        append : callable
            Called with the tape and the other arguments.
        *args
            Passed on.

        Returns
        -------
        object
            What the function returned.
        """
        self.held += 1
        try:
            return append(self, *args)
        finally:
            self.held -= 1

    # --- forgetting -----------------------------------------------------------------------------------

    def compact(self) -> None:
        """Drop the rows that no living Tensor depends on, and renumber the rest.

        Notes
        -----
        Called when the tape is full, so there is rarely a reason to call it. During a sweep nothing is dropped until its end,
        and what another thread asks for is done by the next operation of the thread that records.
        """
        with self.lock:
            if self.sweeping or self.held:
                self.overdue = True
                return
            if self.owner != get_ident():  # the owner takes rows from Tensors without the lock
                self._words[BYTE_LIMIT] = -1
                return
            tensors = handles_of(self)
            rows, storages = len(self), int(self._words[STORAGES])
            marks = np.zeros(rows, np.uint8)
            mark_referred(self, tensors, marks)
            compaction.mark_living(self.header, marks)
            tensors = dismiss_leaves(tensors, marks)
            new_row, new_storage = compaction.new_numbers(self.columns, marks, storages)
            new_pool = np.empty(int(self._words[PARAMS]), np.int64)
            arrays = marks, new_row, new_storage, new_pool
            prepare(compaction.compact_rows)
            compacts = partial(compaction.compact_rows, self.header, *map(address_of, arrays))
            commit([compacts, *renumbered(self, tensors, new_row, new_storage)])
            if 2 * len(self) > self._words[CAPACITY]:
                self._grow(2 * int(self._words[CAPACITY]))
            self._words[ROW_LIMIT] = max(FIRST_CAPACITY, 2 * len(self))
            self._words[BYTE_LIMIT] = max(FIRST_BYTES, 2 * self._words[BYTES])
            self.source_bytes = 0  # from here on `BYTES` includes the remaining sources
            self.overdue = False

    @property
    def sweeping(self):
        """How many sweeps are under way; one that an interrupt has lost is not."""
        return len(self.sweeps)

    def begin_sweep(self, sweep):
        """Take note of a sweep, until `end_sweep` or until it is lost.

        Parameters
        ----------
        sweep : object
            Referred to weakly.

        Returns
        -------
        weakref.ref
            What `end_sweep` needs.
        """
        reference = weakref.ref(sweep, self.sweeps.discard)
        self.sweeps.add(reference)
        return reference

    def end_sweep(self, reference, workspace=None):
        """Take note, once, that a sweep is over, and drop what was recorded during it if there was no room for it.

        Parameters
        ----------
        reference : weakref.ref
            What `begin_sweep` has returned.
        workspace : Workspace, optional
            Kept for the next sweep.
        """
        with self.lock:
            if reference in self.sweeps:
                self.sweeps.discard(reference)
                if workspace is not None:
                    self.workspaces.append(workspace)
            if self.overdue and not self.sweeps:
                self.compact()

    # --- Tensors and rows -----------------------------------------------------------------------------

    def adopt(self, tensor):
        """Register a Tensor as a handle of its row.

        Parameters
        ----------
        tensor : Tensor
            Its row is kept for as long as it lives.
        """
        if len(self.handles) > 4 * len(self) + FIRST_CAPACITY:  # many Tensors were deleted again, on few rows
            self.handles[:] = [ref for ref in self.handles if ref() is not None]
        self.handles.append(weakref.ref(tensor))

    def is_input(self, tensor):
        """Whether a Tensor is an argument of a traced function, of which nobody knows who will differentiate it.

        Parameters
        ----------
        tensor : Tensor
            On this tape.

        Returns
        -------
        bool
            On a tape that is no trace: False.
        """
        return False

    def argument_written_in(self, storage):
        """Return the row of the argument of a function whose memory a storage is, which is about to be written to.

        Parameters
        ----------
        storage : int
            The storage.

        Returns
        -------
        int or None
            None if the memory is no argument's. What a function writes to an argument happens on a copy.
        """
        head = self.heads[storage]
        leaf = self.leaves.get(head)
        return None if leaf is None or leaf._extras is None or leaf._extras.extent is None else head

    def source(self, array, kind, cell, flags):
        """Append a row for memory that the tape did not make.

        Where the row is a copy, its version is that of the array that was given: it is kept, since its contents are compared.

        Parameters
        ----------
        array : ndarray
            The value.
        kind : int
            How the memory is kept, see `schema`.
        cell : int
            Address of the memory's version, 0 for none.
        flags : int
            Of the row.

        Returns
        -------
        int
            The row.
        """
        ensure_moves(array.dtype)
        kept = held(array) if kind == SHARED else array
        itemsize = array.itemsize
        odd = any(s < 0 or s % itemsize for s in array.strides) or not array.flags.aligned
        if odd or flags & GRAD and not array.flags.forc and overlaps(array):  # an element has one adjoint
            array, kind = np.ascontiguousarray(array).reshape(array.shape), COPIED  # valid for the present version
        elif kind == SHARED and array.nbytes <= SNAPSHOT:
            array, kind = array.copy("K"), COPIED
        layout = intern(array.shape, tuple(s // itemsize for s in array.strides))
        span, code, refused = LAYOUTS[layout].span, DTYPE_CODES[array.dtype], None
        while True:
            row = record_source(self.header, SOURCE, address_of(array), span, code, kind, cell, layout, 0, flags)
            if row >= 0:
                break
            refused = answer(self, OPERATIONS[SOURCE], row, refused)
        self.owners[len(self[S_ADDRESS]) - 1] = array if kept is array else (array, kept)  # a copy is kept by nobody else
        self.source_bytes += array.nbytes
        return row

    def constant(self, array):
        """Append a row for an array that needs no gradient and that the caller may continue to write to.

        Rows read a copy of a small array. Of a large one they read its own memory, and a sweep raises if it has changed.

        Parameters
        ----------
        array : ndarray
            The value.

        Returns
        -------
        int
            The row.
        """
        ensure(HASH)
        return self.source(array, SHARED, 0, 0)

    def layout(self, row):
        """Return the layout of a row's value.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        Layout
            Shape and strides.
        """
        return LAYOUTS[self.layout_ids[row]]

    def dtype(self, row):
        """Return the dtype of a row's value.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        dtype
            NumPy's.
        """
        return DTYPES[self.dtype_codes[self.storage_ids[row]]]

    def array(self, row):
        """Return a row's value as an array that is valid until rows are dropped.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        ndarray
            On the memory of the tape.
        """
        storage = self.columns[STORAGE][row]
        dtype = DTYPES[self.columns[S_DTYPE][storage]]
        address = self.columns[S_ADDRESS][storage] + dtype.itemsize * self.columns[OFFSET][row]
        return np.asarray(ArrayAtAddress(address, LAYOUTS[self.columns[LAYOUT][row]], dtype))

    # --- what Python sees -----------------------------------------------------------------------------
    # A trace overrides these: what has been looked at must be the same when it is replayed.

    def look(self, row):
        """Return a row's value where Python looks at it; a trace notes that.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        ndarray
            The value.
        """
        return self.array(row)

    def number(self, row):
        """Return the value of a row of one element; a trace notes that.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        float or complex
            The value.
        """
        found = read_number(self.header, row)
        return found if found == found else self.array(row).item()

    def truth(self, row):
        """Return whether the value of a row of one element is not zero; a trace notes that.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        bool
            Whether it is not zero.
        """
        return Tape.number(self, row) != 0

    def cut(self, tensor):
        """Return a Tensor's value as a row outside the graph; defined by traces.

        Parameters
        ----------
        tensor : Tensor
            On this tape.

        Returns
        -------
        Tensor or None
            None where values outside the graph are no rows.
        """
        return None

    def records(self, operands):
        """Return whether an operation on these operands is recorded.

        Parameters
        ----------
        operands : sequence
            Tensors, arrays and numbers.

        Returns
        -------
        bool
            Whether one of them requires grad.
        """
        return any([getattr(a, "requires_grad", False) for a in operands])

    def keeps(self, operands):
        """Return whether an operation without derivatives is recorded; traces record all.

        Parameters
        ----------
        operands : sequence
            Tensors, arrays and numbers.

        Returns
        -------
        bool
            False, except on a trace.
        """
        return False

    def mask_row(self, tensor, dtype):
        """Return the row with the numbers 0 and 1 of a mask; defined by traces.

        Parameters
        ----------
        tensor : Tensor
            The mask.
        dtype : dtype
            Of the numbers.

        Returns
        -------
        int or None
            None where masks are no rows.
        """
        return None

    def finished(self, row, state):
        """Take note of a row that was recorded by Python; defined by traces.

        Parameters
        ----------
        row : int
            The row.
        state : object
            The recording state.
        """

    def follows_write(self, target, source):
        """Return whether gradients flow through a recorded write.

        Parameters
        ----------
        target : Tensor
            Written to.
        source : int
            Row of the value.

        Returns
        -------
        bool
            True, except on a trace.
        """
        return True

    def replaced(self, former, row):
        """Take note that a row takes the place of an older one of the same Tensor; defined by traces.

        Parameters
        ----------
        former, row : int
            The old row and the new one.
        """

    def refuse_write(self, storage):
        """Raise if a storage must not be written to; defined by traces.

        Parameters
        ----------
        storage : Storage
            What a recorded write goes to.
        """

    def refuse_outer_graph(self, sweep):
        """Give up a recorded sweep whose gradients would flow into an outer graph; defined by traces.

        Parameters
        ----------
        sweep : Sweep
            It has marked the rows that its roots depend on.
        """

    def captured_row(self, tensor):
        """Return the row of a Tensor from outside that is an input; defined by traces.

        Parameters
        ----------
        tensor : Tensor
            Not on this tape.

        Returns
        -------
        int or None
            None, except on a trace.
        """
        return None

    def refuse_outer_root(self, tensor):
        """Give up a sweep from a result that was captured; defined by traces.

        Parameters
        ----------
        tensor : Tensor
            Where a sweep is to start.
        """

    def refuse_other_tape(self, tensor):
        """Give up where a value on this tape is used on another one; defined by traces.

        Parameters
        ----------
        tensor : Tensor
            On this tape.
        """

    def refuse_leaf(self):
        """Raise if a Tensor on this tape must not become a leaf, or a constant, in place; defined by traces."""

    def paused(self):
        """Return the recording state under ``no_grad``.

        Returns
        -------
        Paused
            Not recording, on this tape.
        """
        return Paused(self)

    def pin(self, row):
        """Move a row's value to memory that Python keeps, where it stays when the tape drops the row.

        Parameters
        ----------
        row : int
            The row.

        Returns
        -------
        array : ndarray
            The value.
        storage : Storage
            What it shares with the other views of the same memory.
        """
        number = int(self.columns[STORAGE][row])
        size = int(self.columns[S_SIZE][number])
        dtype = DTYPES[self.columns[S_DTYPE][number]]
        kind, address = self.columns[S_KIND][number], int(self.columns[S_ADDRESS][number])
        if kind in (IN_ARENA, IN_POOL):
            if kind == IN_POOL:
                owner = np.asarray(Buffer(address, size, dtype))
            else:
                owner = array_at(address, (size,), dtype).copy()
                address = self.columns[S_ADDRESS][number] = address_of(owner)
            self.columns[S_KIND][number] = IN_PYTHON
            self.owners[number] = owner
        layout = LAYOUTS[self.columns[LAYOUT][row]]
        first = address + int(self.columns[OFFSET][row]) * dtype.itemsize
        view = np.asarray(ArrayAtAddress(first, layout, dtype, self.owners[number]))
        return view, self.storages.get(number) or self._share(number)

    def _share(self, number):
        """The Storage that Python objects share for a memory of the tape."""
        storage = Storage(self.cells.get(number))
        if number not in self.cells:
            set_version_in(storage.memory.cell, int(self.columns[S_VERSION][number]))
            self.columns[S_CELL][number] = storage.memory.cell
            self.cells[number] = storage.memory
            storage.memory.links = self.links.pop(number, None)
        storage.tape, storage.number = self, number
        self.storages[number] = storage
        return storage


def _release(words, columns):
    compaction.release_everything(address_of(words))


_of_thread = threading.local()


def current():
    """The recording state of this thread: a `Tape`, `Paused` or `Watched`.

    In a context copied from another thread the state refers to that thread's tape; it is then replaced by this thread's own.
    """
    found = recording()
    if type(found) is Tape and found.owner == get_ident():  # the usual case
        return found
    if found is None or found.tape.owner != get_ident():
        own = getattr(_of_thread, "tape", None)
        if own is None:
            own = _of_thread.tape = Tape()
        found = own if found is None else found.on(own)
        state.set(found)
    return found
