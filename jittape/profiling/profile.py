"""`profile`: what takes the time of a program, by operation and by line."""

from __future__ import annotations

import sys
from time import perf_counter_ns
from typing import TYPE_CHECKING, NamedTuple

from ..tape.recording_state import Watched, state
from ..tape.tape import current
from .clock import Clock
from .profile_tables import html_of, summed, text_of
from .stations import close_stations, open_stations
from .trace_files import write_chrome_trace, write_speedscope

if TYPE_CHECKING:
    from os import PathLike
    from typing import Any

    from typing_extensions import Self

MOST_EVENTS = 200_000


class ProfiledWork(NamedTuple):
    """What was timed together.

    Attributes
    ----------
    phase : {"forward", "reverse", "both", "other"}
        Recording and values; sweeps; programs and compiled functions that do both; what is neither.
    operation : str
        The operation, or what was called.
    file : str
    line : int
    function : str
        The user's line that called it; of reverse sweeps, the line that recorded what was swept.
    calls : int
    seconds : float
        Without other work that was timed inside.
    nbytes : int
        Of the results; 0 of views, and where it is not known.
    """

    phase: str
    operation: str
    file: str
    line: int
    function: str
    calls: int
    seconds: float
    nbytes: int


class Profile:
    """Where the time went: what `profile` measures, to be printed, drawn, and read by other tools.

    Parameters
    ----------
    most_events : int, optional
        So many single events are kept for the files that other tools read; sums count all.
    """

    def __init__(self, most_events: int = MOST_EVENTS) -> None:
        self._most_events, self._clock, self._before = most_events, None, None

    def __enter__(self) -> Self:
        if self._clock is not None:
            raise RuntimeError("jt.profile: entered a second time: make a new one for another block")
        self._clock = Clock(self._most_events, sys._getframe(1))
        self._before = current()
        try:
            open_stations(self._clock)
            if self._before.recorder is not None:
                state.set(Watched(self._before, profiler=self._clock))
        except BaseException:  # an interrupt, after which there is no `__exit__`
            self.__exit__()
            raise
        return self

    def __exit__(self, *exc_info: object) -> None:
        self._clock.ended = perf_counter_ns()
        self._clock.outermost = None
        state.set(self._before)
        close_stations(self._clock)

    @property
    def seconds(self) -> float:
        """Of the whole block, by the clock on the wall."""
        clock = self._entered()
        return 1e-9 * ((clock.ended or perf_counter_ns()) - clock.began)

    @property
    def overhead(self) -> float:
        """Seconds that went into keeping the books."""
        return 1e-9 * self._entered().own

    @property
    def peak_bytes(self) -> int:
        """Bytes of values that the tape held at most when a row was recorded."""
        return self._entered().peak

    @property
    def work(self) -> list[ProfiledWork]:
        """All that was timed, what took longest first."""
        found = [
            ProfiledWork(work.phase, work.name, *work.lines.place, calls, 1e-9 * ns, nbytes)
            for work, calls, ns, nbytes in self._entered().totals.values()
        ]
        return sorted(summed(found, lambda w: w[:5]), key=lambda w: -w.seconds)

    def _entered(self):
        if self._clock is None:
            raise RuntimeError("jt.profile: nothing was measured yet: run what is to be profiled in `with jt.profile() as p:`")
        return self._clock

    def by_operation(self) -> list[ProfiledWork]:
        """Return the work of each operation, forward and reverse apart.

        Returns
        -------
        list of ProfiledWork
            What took longest first; lines are those of the call that took longest.
        """
        return sorted(summed(self.work, lambda w: (w.phase, w.operation)), key=lambda w: -w.seconds)

    def by_line(self) -> list[ProfiledWork]:
        """Return the work of each line of the user's, forward and reverse apart.

        Returns
        -------
        list of ProfiledWork
            What took longest first; the operation is the one that took longest.
        """
        return sorted(summed(self.work, lambda w: (w.phase, w.file, w.line)), key=lambda w: -w.seconds)

    def __str__(self):
        return text_of(self)

    def __repr__(self) -> str:
        if self._clock is None:
            return "<jt.Profile that was not entered>"
        return f"<jt.Profile of {self.seconds:.3g} s, {sum(w.calls for w in self.work)} calls: print(p), p.plot(), p.by_line()>"

    def _repr_html_(self) -> str:
        return html_of(self)

    def to_chrome_trace(self, path: str | PathLike) -> None:
        """Write the events as a file for chrome://tracing and Perfetto.

        Parameters
        ----------
        path : str or path
            Of the JSON file.
        """
        write_chrome_trace(self._entered(), path)

    def to_speedscope(self, path: str | PathLike) -> None:
        """Write the events as a file for speedscope, which draws flames: the user's functions, and operations on top.

        Parameters
        ----------
        path : str or path
            Of the JSON file.
        """
        write_speedscope(self._entered(), path)

    def plot(self, ax: Any = None, most: int = 12) -> Any:
        """Draw the operations that took longest as bars, forward and reverse side by side.

        Parameters
        ----------
        ax : matplotlib.axes.Axes, optional
            Where to draw; by default a new figure.
        most : int, optional
            How many operations.

        Returns
        -------
        matplotlib.axes.Axes
            The axes.

        Raises
        ------
        ImportError
            If there is no matplotlib.
        """
        from .profile_bars import bars

        return bars(self, ax, most)


def profile(*, most_events: int = MOST_EVENTS) -> Profile:
    """Make a context manager that measures what takes the time, in eager, compiled and Numba's code.

    Parameters
    ----------
    most_events : int, optional
        So many single events are kept for the files that other tools read; sums count all.

    Returns
    -------
    Profile
        ``with jt.profile() as p: ...``; then ``print(p)``, ``p.by_operation()``, ``p.by_line()``, ``p.plot()``,
        ``p.to_chrome_trace(path)``, ``p.to_speedscope(path)``. Notebooks show it as a table.

    Notes
    -----
    Operations that are recorded are timed one by one, with the user's line; reverse sweeps are timed row by row, and count for
    the line that recorded the row. Of compiled functions every fused loop is timed, of functions of Numba's the whole
    call. Operations that nothing records are part of "everything else", with the user's own Python. Compilation counts where it
    happens: run what is measured once before. A row on the way back counts for the line that recorded it under the profile; for
    the call of ``backward`` if that was before.

    Nothing is measured where no profile is on: methods of the library are replaced by timed ones meanwhile. A profile costs 20
    to 40 microseconds an operation with its part of the sweep: much more than the operation for single numbers, less than a
    fifth for arrays of 100,000 elements; so look at calls where numbers are small. Only the thread that opens it is measured.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> x = jt.tensor(np.ones(1000), requires_grad=True)
    >>> with jt.profile() as p:
    ...     (x.sin() * x).sum().backward()
    >>> sorted((w.phase, w.operation, w.calls) for w in p.by_operation())[:3]
    [('forward', 'mul', 1), ('forward', 'sin', 1), ('forward', 'sum', 1)]
    """
    return Profile(most_events)
