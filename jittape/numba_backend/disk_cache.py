"""Machine code on disk: one file for a function and a signature, whose name says all that the code depends on.

Numba's own cache keeps an index beside the data files and numbers them, so two processes that compile one function for different
types at once may exchange their code (Numba's issues 4807 and 10128).  Here a file is written in one step under the hash of what
it was made of (``fingerprint``), which is also what it is sealed with, is used only if nobody else can have written it
(``trusted_files``), and is removed when no process has loaded it for long.

From Numba this takes the interface of a cache (``_Cache``), which dispatchers call before and after they compile, and how a
compiled function is made bytes and again a function (``CompileResult._reduce``, ``_rebuild``, ``dumps``).
"""

import contextlib
import functools
import hashlib
import os
import pickle
import re
import sys
import tempfile
import time

from numba.core import config
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.runtime import rtsys
from numba.core.serialize import dumps

from .c_symbols import has_its_symbols
from .collector_pause import uncollected
from .compiler_choice import library_from_disk
from .fingerprint import described_options, fingerprint
from .trusted_files import HAS_OWNERS, is_trusted, read_sealed, write_sealed


def cache_directory():
    """Where machine code is kept: ``NUMBA_CACHE_DIR`` if set, else the user's cache directory."""
    if config.CACHE_DIR:
        return os.path.join(config.CACHE_DIR, "jittape")
    root = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(root):  # never a place that depends on where the program was started
        root = os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(root):
        own = f"cache-{os.geteuid()}" if HAS_OWNERS else "cache"  # in containers users may have no name
        root = os.path.join(tempfile.gettempdir(), own)
    return os.path.join(root, "jittape")


DAY = 86400.0
FORGOTTEN = 60 * DAY  # code that no process has loaded for so long: of old versions, of functions since edited
OWN_FILE = re.compile(r"-[0-9a-f]{24}\.nbc(\.[0-9a-f]{32})?$")


def forget_unused():
    """Remove files that nobody has used for long; their date is that of their last use, to a day.

    Any number of processes may do this at once: one that has opened a file keeps it, one that comes later compiles.
    """
    limit = time.time() - FORGOTTEN
    with contextlib.suppress(OSError), os.scandir(cache_directory()) as entries:
        for entry in entries:
            with contextlib.suppress(OSError):
                if OWN_FILE.search(entry.name) and entry.stat(follow_symlinks=False).st_mtime < limit:
                    os.unlink(entry.path)


def _is_usable():
    """Whether the directory is one in which nobody else can have put machine code; if not, it is said once."""
    directory = cache_directory()
    if is_trusted(directory):
        return True
    if directory not in _refused:
        _refused.append(directory)
        print(
            f"jittape: {directory!r} belongs to another user, or others may write to it: machine code in it is not used, none is "
            f"kept. Run `chmod go-w {directory}` if the directory is yours, or set NUMBA_CACHE_DIR to one that is.",
            file=sys.stderr,
        )
    return False


_refused = []


def _read(path, key):
    """The contents of a file of the cache, None if there is none to be used."""
    found = read_sealed(path, key) if _is_usable() else None
    if found is None:
        return None
    data, date = found
    if time.time() - date > DAY:
        with contextlib.suppress(OSError):
            os.utime(path)
    return data


class _Loading:
    """A target context of Numba's whose libraries are made of what lies on disk as the compiler in use made them."""

    def __init__(self, context):
        self._context = context

    def __getattr__(self, name):
        return getattr(self._context, name)

    def codegen(self):
        return self

    def unserialize_library(self, state):
        return library_from_disk(self._context.codegen(), state)


class DiskCache(_Cache):
    """Machine code of one function on disk, a file a signature; a cache that cannot be used is an empty one."""

    def __init__(self, function, *extra):
        self._function, self._extra = function, extra

    cache_path = property(lambda self: cache_directory())

    @functools.cached_property
    def _fingerprint(self):
        return fingerprint(self._function, *self._extra)

    def _place(self, sig, codegen):
        """Where the file of a signature is, and the key that it is sealed with."""
        name = re.sub(r"\W+", "_", self._function.__qualname__.replace("<locals>.", ""))[:80]
        key = repr((self._fingerprint, str(sig), codegen.magic_tuple(), name)).encode()
        return os.path.join(cache_directory(), f"{name}-{hashlib.sha256(key).hexdigest()[:24]}.nbc"), key

    def has(self, sig, target_context):
        """Whether there is a file for a signature; whether it can be loaded is another question."""
        return _is_usable() and os.path.exists(self._place(sig, target_context.codegen())[0])

    def load_overload(self, sig, target_context):
        """The compiled function on disk, None if it is not there.

        Numba first imports all that functions could be compiled of, 0.3 s; what is compiled needs its memory only.
        """
        place, found = self._place(sig, target_context.codegen()), None
        # LLVM calls Python while it makes or loads code. A finalizer that the collector ran there may load code, too: that would
        # finish this module, and LLVM, when it goes on with it, aborts ("markModuleAsLoaded: Module not found").
        with uncollected():
            rtsys.initialize(target_context)
            data = _read(*place)
            if data is not None and has_its_symbols(data):
                try:
                    found = CompileResult._rebuild(_Loading(target_context), *pickle.loads(data))._replace(
                        target_context=target_context
                    )
                except Exception:
                    found = None
        if found is None:
            announce(self._function.__name__)
        return found

    def save_overload(self, sig, data):
        if data.library.has_dynamic_globals or not all(part.can_cache for part in data.lifted):
            return
        if not _is_usable():
            return
        try:
            write_sealed(*self._place(sig, data.codegen), dumps(data._reduce()))
        except OSError:  # read-only or full: machine code then lives as long as the process
            _fall_back()
        else:
            _tidy_once()

    def enable(self):
        pass

    def disable(self):
        pass

    def flush(self):
        pass


def keep_on_disk(dispatcher, *extra):
    """Let the machine code of a function be kept; it also depends on `extra`."""
    dispatcher._cache = DiskCache(dispatcher.py_func, described_options(dispatcher.targetoptions), *extra)


@functools.cache
def _tidy_once():
    """A process that compiles has time for it."""
    forget_unused()


_unwritable = []


def _fall_back():
    if not _unwritable:
        _unwritable.append(True)
        print(
            f"jittape: cannot write {cache_directory()!r}; compiled code is not kept between runs. "
            "Set NUMBA_CACHE_DIR to a writable directory.",
            file=sys.stderr,
        )


def suggest(what):
    """Say what the user may do about machine code."""
    if not os.environ.get("JITTAPE_QUIET"):
        print(f"jittape: {what}", file=sys.stderr)


_announced = []


def announce(name):
    """Say, once a process, that compilation is going on; on a terminal, say of what."""
    if os.environ.get("JITTAPE_QUIET"):
        return
    if not _announced:
        print(f"jittape: first use here, compiling (once; kept in {cache_directory()})", file=sys.stderr)
    elif sys.stderr is not None and sys.stderr.isatty():
        print(f"\r\033[K  {len(_announced)}: {name}", end="\r", file=sys.stderr, flush=True)
    _announced.append(name)
