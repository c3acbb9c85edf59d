"""Lines of the user's program: where in it a row was recorded."""

from __future__ import annotations

import linecache
import os
import sys
from typing import NamedTuple

LIBRARY = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
MOST_FRAMES = 64


class UsersLines(NamedTuple):
    """A place in the user's program.

    Attributes
    ----------
    frames : tuple of (code, int)
        The innermost code outside the library and the line of it, and then, where they were asked for, its callers.
    """

    frames: tuple

    @property
    def place(self):
        """The file, the number of the line, and the name of the function."""
        if not self.frames:
            return "<unknown>", 0, "<unknown>"
        code, line = self.frames[0]
        return code.co_filename, line, code.co_name

    @property
    def source(self):
        """What stands there; empty where that is not known."""
        file, line, _ = self.place
        return linecache.getline(file, line).strip()

    def __str__(self):
        if not self.frames:
            return "<unknown>"
        file, line, function = self.place
        return f'File "{file}", line {line}, in {function}\n    {self.source}'


def users_frames(most, outermost=None):
    """The user's code that is being run, as far as a frame and at most so many: codes and their lines, the innermost first."""
    frame, codes, lines = sys._getframe(1), [], []
    while frame is not None and len(codes) < most:
        code = frame.f_code
        if not code.co_filename.startswith(LIBRARY):
            codes.append(code)
            lines.append(frame.f_lineno)
        if frame is outermost:
            break
        frame = frame.f_back
    return codes, lines


def users_lines():
    """The user's line that is being run."""
    return UsersLines(tuple(zip(*users_frames(1))))


def note_row(state, tape, row):
    """Note a new row, under a state that watches."""
    if state.profiler is None:
        tape.traces[row] = users_lines()
    else:
        tape.traces[row] = state.profiler.end_row(tape, row)
    if state.debugger is not None:
        state.debugger.look_at(state, tape, row)
