"""Audit of the environment: records which functions of the user run during a trace.

SciPy's functions are not a user's, but those that SciPy calls are noted.
Code that the walk over names (`environment_walk`) has not met could not be compared before a replay, so it has to be found.
"""

import gc
import random
import sys
import types
from functools import partial

from ...numba_backend.collector_pause import pause, resuming
from ...tape.commit import commit
from .value_inspection import is_library

# The sources of numbers that cannot be repeated, NumPy's generators without a seed included.
_ENTROPY = {random.SystemRandom.getrandbits.__code__, random.SystemRandom.random.__code__}
_SEED = random.Random.seed.__code__


class EnvironmentAudit:
    """Context manager that records which code of users this thread runs.

    Attributes
    ----------
    draws : bool
        Whether the operating system was asked for a random number.
    restoring : list of functools.partial
        The changes that end the audit, which an interrupt may come before.
    """

    def __init__(self):
        self.draws, self._ran, self._passed = False, [], {}
        self._before = sys.gettrace()
        self._pausing, end_of_pause = resuming()
        self.restoring = [partial(sys.settrace, self._before), end_of_pause]

    def __enter__(self):
        self._outside = sys._getframe(1)
        pause(self._pausing)  # finalizers that the collector runs are not called by the function
        sys.settrace(self._call)
        return self

    def __exit__(self, *exc_info):
        self._outside = None
        commit(self.restoring)

    def _call(self, frame, event, arg):
        code = frame.f_code
        if id(code) not in self._passed:
            self._note(frame, code)
        return None if self._before is None else self._before(frame, event, arg)  # pass on to a debugger or coverage tool

    def _note(self, frame, code):
        if code in _ENTROPY or code is _SEED and frame.f_locals.get("a") is None:
            self.draws = True
        name = frame.f_globals.get("__name__") or ""
        if code.co_name != "<module>" and not (is_library(name) or name.startswith(("scipy.", "namedtuple_"))):
            if self._is_importing(frame):
                return  # if it also runs outside of an import, it is noted then
            self._ran.append((code, frame.f_globals))
        if code is not _SEED:
            self._passed[id(code)] = code  # kept alive: another code object could get the same id

    def _is_importing(self, frame):
        """Whether a frame runs because the function imports a module, which happens only once and is not part of a replay."""
        while frame is not self._outside:
            if frame.f_globals.get("__name__") == "importlib._bootstrap":
                return True
            frame = frame.f_back
        return False

    def functions_unknown_to(self, known):
        """Functions that ran although their code and globals are not in `known`."""
        found = []
        for code, namespace in self._ran:
            if (id(code), id(namespace)) in known:
                continue
            if code.co_freevars:  # only the function objects know their closures
                found += [f for f in gc.get_referrers(code) if isinstance(f, types.FunctionType) and f.__code__ is code]
            else:
                found.append(types.FunctionType(code, namespace))
        return found
