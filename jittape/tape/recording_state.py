"""The recording state: what the operations of this context are recorded on.

It is a `Tape`, which records on itself, or one of the states here, which stand for a tape and record nothing, or more.
"""

from contextvars import ContextVar


class Paused:
    """Recording state under ``no_grad`` or ``inference_mode``: nothing is recorded."""

    __slots__ = ("tape", "is_inference")
    recorder = None
    enabled = False
    watching = False

    def __init__(self, tape, is_inference=False):
        self.tape, self.is_inference = tape, is_inference

    def on(self, tape):
        """The same state, of another tape."""
        return tape.paused()


class Watched:
    """Recording state under anomaly detection, a profile, or hooks on what rows save: rows are noted with the user's lines."""

    __slots__ = ("tape", "check_nan", "finds_anomalies", "hooks", "profiler", "keeps_lines", "debugger")
    watching = True
    enabled = True

    def __init__(self, before, **changes):
        """The state that `before` is, with changes."""
        self.tape = before.tape
        for name in self.__slots__[1:]:
            setattr(self, name, changes.get(name, getattr(before, name, None)))

    def on(self, tape):
        """The same state, of another tape."""
        return Watched(tape, **{name: getattr(self, name) for name in self.__slots__[1:]})

    @property
    def recorder(self):
        if self.profiler is not None:
            self.profiler.begin_row()
        return self.tape

    @property
    def needs_rows(self):
        """Whether rows are looked at, so that no program can stand for them."""
        return bool(self.finds_anomalies or self.keeps_lines or self.hooks is not None)

    def complain(self, error):
        """Raise what anomaly detection has found, or do what `debug` has been asked to do."""
        if self.debugger is None:
            raise error
        self.debugger.complain(error)

    def without(self, **changes):
        """The state with less; a tape that records where nothing is left to be noted."""
        rest = Watched(self, **changes)
        return rest if rest.needs_rows or rest.profiler is not None else self.tape


# The state is a context variable: 13 ns to read where a thread-local attribute takes 32, and it follows
# coroutines.  The default tape itself belongs to the thread, so a copied context finds the same one.
state = ContextVar("jittape_recording", default=None)
recording = state.get
