"""The clock of a profile: what was done, from when to when, and what of it was something else that was done inside."""

from threading import get_ident
from time import perf_counter_ns as now
from typing import NamedTuple

from ..kernels.kernel_table import OPERATIONS
from ..ops.users_lines import MOST_FRAMES, UsersLines, users_frames
from ..sweeps.workspace import MARKED
from ..tape.row_kinds import VIEWS, is_one_of
from ..tape.schema import LEAF, OP


class Work(NamedTuple):
    """What is timed together: one operation at one place of the user's program.

    Attributes
    ----------
    phase : {"forward", "reverse", "both", "other"}
    name : str
    lines : UsersLines
        Where it was called; of a row of a reverse sweep, where the row was recorded.
    """

    phase: str
    name: str
    lines: tuple


class Clock:
    """Times of one thread; `begin_row` and `end_row` are called by the recording state.

    Attributes
    ----------
    totals : dict of key -> [Work, calls, nanoseconds, bytes]
        Nanoseconds are those of the work itself, without those of other work inside it.
    events : list of (Work, begin, end)
        In nanoseconds; the first of them only.
    own : int
        Nanoseconds that were spent on keeping the books.
    peak : int
        Bytes that the tape held at most.
    """

    def __init__(self, most_events, outermost):
        self.totals, self.events, self.own, self.peak = {}, [], 0, 0
        self.thread, self.began, self.ended = get_ident(), now(), None
        self.outermost = outermost  # the frame of the user's `with`: its callers are of no interest
        self._most_events = most_events
        self._inside = [0]  # of every call under way: time that was something else
        self._row, self._inside_before = self.began, 0
        self._places = {}  # ids of codes, and lines -> UsersLines
        self.steps, self.programs = {}, []  # names of the steps of programs, by their ids

    def lines(self):
        """The user's lines that are being run."""
        codes, lines = users_frames(MOST_FRAMES, self.outermost)
        key = (*map(id, codes), *lines)
        found = self._places.get(key)
        if found is None:  # it keeps the codes, so that their ids stay theirs; their hashes would take a microsecond
            found = self._places[key] = UsersLines(tuple(zip(codes, lines)))
        return found

    def add(self, phase, name, lines, begin, end, inside=0, nbytes=0):
        """Take note of work that is done, at the end of which the clock goes on."""
        key = (phase, name, id(lines))
        total = self.totals.get(key)
        if total is None:
            total = self.totals[key] = [Work(phase, name, lines), 0, 0, 0]
        total[1] += 1
        total[2] += end - begin - inside
        total[3] += nbytes
        self._inside[-1] += end - begin - inside
        if len(self.events) < self._most_events:
            self.events.append((total[0], begin, end))
        spent = now() - end
        self.own += spent
        self._inside[-1] += spent  # it is no time of the work around

    # --- rows -----------------------------------------------------------------------------------------

    def begin_row(self):
        """An operation has asked which tape records it."""
        self._row, self._inside_before = now(), self._inside[-1]

    def end_row(self, tape, row):
        """A row was recorded.  Returns the user's lines."""
        end = now()
        lines = self.lines()
        self._add_row("forward", tape, row, lines, end)
        self.peak = max(self.peak, tape.nbytes)
        return lines

    def end_swept_row(self, sweep, row):
        """A row was swept."""
        end, tape = now(), sweep.tape
        if sweep.workspace.marked[row] & MARKED and not tape.flags[row] & LEAF:
            self._add_row("reverse", tape, row, tape.traces.get(row) or self.lines(), end)
        self._row, self._inside_before = now(), self._inside[-1]

    def _add_row(self, phase, tape, row, lines, end):
        nbytes = 0 if is_one_of(tape.flags[row], VIEWS) else tape.layout(row).size * tape.dtype(row).itemsize
        inside = self._inside[-1] - self._inside_before
        self.add(phase, OPERATIONS[tape.columns[OP][row]].name, lines, self._row, end, inside, nbytes)

    # --- calls ----------------------------------------------------------------------------------------

    def call(self, phase, name, function, *args, **kwargs):
        """Call a function, as one piece of work."""
        lines, begin = self.lines(), now()
        self._inside.append(0)
        try:
            return function(*args, **kwargs)
        finally:
            end, inside = now(), self._inside.pop()
            self._inside[-1] += inside
            self.add(phase, name, lines, begin, end, inside)
