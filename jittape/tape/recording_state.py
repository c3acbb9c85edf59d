"""The recording state: what the operations of this context are recorded on.

It is a `Tape`, which records on itself, or one of the states here, which stand for a tape and record nothing, or more.
"""

from contextvars import ContextVar


class Paused:
    """Recording state under ``no_grad``: nothing is recorded."""

    __slots__ = ("tape",)
    recorder = None
    enabled = False
    watching = False

    def __init__(self, tape):
        self.tape = tape

    def on(self, tape):
        """The same state, of another tape."""
        return tape.paused()


class Watched:
    """Recording state under anomaly detection: rows are recorded with the user's source lines."""

    __slots__ = ("tape", "check_nan")
    watching = True
    enabled = True

    def __init__(self, tape, check_nan=True):
        self.tape, self.check_nan = tape, check_nan

    def on(self, tape):
        """The same state, of another tape."""
        return Watched(tape, self.check_nan)

    recorder = property(lambda self: self.tape)


# The state is a context variable: 13 ns to read where a thread-local attribute takes 32, and it follows
# coroutines.  The default tape itself belongs to the thread, so a copied context finds the same one.
state = ContextVar("jittape_recording", default=None)
recording = state.get
