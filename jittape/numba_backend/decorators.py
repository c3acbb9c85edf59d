"""Compilation: Numba functions whose machine code is kept on disk, safely.

Numba's own ``cache=True`` trusts the file date of the module that holds the function.  That is not
enough here: a kernel inlines functions of other files (its operation, ``mathfun``), so after an
upgrade the old machine code would be served.  The cache below keys every entry by a *fingerprint*:
the bytecode, constants and defaults of the function and of every Python function it can reach,
with the versions of Numba and llvmlite and the compiler of the library.  The fingerprint is part of
the file name, so two processes that compile at once write the same bytes to the same place, and
nothing stale is ever found.
"""

import contextlib
import functools
import getpass
import hashlib
import os
import pickle
import re
import sys
import tempfile
import time
import types
import uuid
from typing import NamedTuple

import llvmlite
import numba
import numpy as np
from llvmlite import ir
from numba.core import config
from numba.core.caching import _Cache
from numba.core.compiler import CompileResult
from numba.core.dispatcher import Dispatcher  # noqa: F401  (what `njit` returns; asked for by `transforms`)
from numba.core.runtime import rtsys
from numba.core.serialize import dumps
from numba.core.typing import Signature
from numba.extending import overload, register_jitable

from .pipeline import CalledByAddress, CalledByCompiled, CalledFromPython, stamp

JIT = not config.DISABLE_JIT

OPTIONS = {"error_model": "numpy", "fastmath": {"contract"}}


def cache_directory():
    """Where machine code is kept: ``NUMBA_CACHE_DIR`` if set, else the user's cache directory."""
    if config.CACHE_DIR:
        return os.path.join(config.CACHE_DIR, "jittape")
    root = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(root):  # never a place that depends on where the program was started
        root = os.path.join(os.path.expanduser("~"), ".cache")
    if not os.path.isabs(root):
        root = os.path.join(tempfile.gettempdir(), f"cache-{getpass.getuser()}")
    return os.path.join(root, "jittape")


# --- fingerprints ---------------------------------------------------------------------------------

# What these libraries compile to is covered by their versions, which are part of every fingerprint.
COVERED = {"numba", "numpy", "llvmlite"} | sys.stdlib_module_names


def is_covered(module_name):
    """Whether a module is one of the libraries whose versions count, and not what is in them."""
    return module_name.partition(".")[0] in COVERED


def _code_parts(code):
    """Everything of a code object that decides what it computes, as a list of bytes."""
    parts = [code.co_code, repr(code.co_names).encode(), repr(code.co_varnames).encode()]
    parts += [repr(code.co_freevars).encode(), getattr(code, "co_exceptiontable", b"")]
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            parts.extend(_code_parts(constant))
        elif constant is not code.co_consts[0] or not isinstance(constant, str):
            parts.append(_described(constant) or repr(constant).encode())
    return parts


def names_in(code):
    """The names of globals and attributes in a code object and in those inside it."""
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from names_in(constant)


def _visible(names, namespace, seen):
    """Values of a namespace by these names, and of the modules among them (``helpers.scale``)."""
    for name in names:
        value = namespace.get(name)
        if isinstance(value, types.ModuleType):
            if id(value) not in seen and not is_covered(value.__name__):
                seen.add(id(value))
                yield from _visible(names, vars(value), seen)
        elif name in namespace:
            yield name, value


def _reached(function):
    """Values that a function's body can see: its globals, cells and defaults, by name."""
    yield from _visible(list(dict.fromkeys(names_in(function.__code__))), function.__globals__, set())
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        yield name, cell.cell_contents
    for k, value in enumerate(function.__defaults__ or ()):
        yield f"default{k}", value
    yield from (function.__kwdefaults__ or {}).items()


def _as_function(value):
    """The Python function behind a value that compiled code may call, or None."""
    value = getattr(value, "scalar_body", value)  # a public function of the operation table
    value = getattr(value, "py_func", value)  # a dispatcher
    value = getattr(value, "_defn", value)  # an intrinsic
    return value if isinstance(value, types.FunctionType) else None


def _described(value):
    """A constant as bytes that are the same in every process, None for what compiled code cannot hold."""
    if isinstance(value, (int, float, complex, str, bytes, np.generic, np.dtype, types.NoneType)):
        return repr(value).encode()
    if isinstance(value, (tuple, list)):
        return b"(" + b",".join(_described(v) or b"?" for v in value) + b")"
    if isinstance(value, (set, frozenset)):
        return b"{" + b",".join(sorted(_described(v) or b"?" for v in value)) + b"}"
    if isinstance(value, np.ndarray):
        return f"{value.dtype}{value.shape}".encode() + hashlib.sha256(np.ascontiguousarray(value)).digest()
    if isinstance(value, (ir.Type, numba.types.Type, Signature)):
        return str(value).encode()
    if isinstance(value, type) and hasattr(value, "_fields"):
        return repr((value.__name__, value._fields)).encode()
    return None


def _described_options(options):
    return repr(sorted((k, str(_described(v))) for k, v in options.items())).encode()


def fingerprint(function, *extra):
    """Hash of a function and of all Python functions it reaches, as 24 hexadecimal digits.

    Functions of other libraries are covered by their version (Numba, llvmlite) or, for a user's
    own helpers, by their bytecode like the function itself.
    """
    seen, queue, parts = set(), [function], [repr(extra).encode()]
    parts += [numba.__version__.encode(), llvmlite.__version__.encode(), sys.version.encode(), stamp().encode()]
    while queue:
        f = queue.pop()
        if id(f) in seen:
            continue
        seen.add(id(f))
        parts.extend(_code_parts(f.__code__))
        for name, value in _reached(f):
            inner = _as_function(value)
            if inner is None:
                parts.append(name.encode() + b"=" + (_described(value) or b"?"))
            elif not is_covered(inner.__module__ or ""):
                queue.append(inner)
                parts.append(_described_options(getattr(value, "targetoptions", {})))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(4, "little") + part)
    return digest.hexdigest()[:24]


# --- the cache ------------------------------------------------------------------------------------


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


def _is_own(status):
    """Whether nobody but this user and the administrator can have written a file: loading one runs code."""
    return not hasattr(os, "geteuid") or (status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022)


def _read(path):
    """The contents of a file of the cache, None if it is missing, torn, or not what was written."""
    try:
        with open(path, "rb") as file:
            status = os.fstat(file.fileno())
            if not _is_own(status):
                return None
            digest, data = file.read(32), file.read()
    except OSError:
        return None
    if time.time() - status.st_mtime > DAY:
        with contextlib.suppress(OSError):
            os.utime(path)
    return data if hashlib.sha256(data).digest() == digest else None


def _write(path, data):
    """Put a file into the cache in one step: a process that reads meanwhile finds all of it or nothing."""
    os.makedirs(os.path.dirname(path), exist_ok=True)
    unfinished = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644), "wb") as file:
            file.write(hashlib.sha256(data).digest() + data)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


class DiskCache(_Cache):
    """Machine code of one function on disk, a file a signature; a cache that cannot be used is an empty one.

    Numba's own cache keeps an index beside the data files and numbers them, so two processes that compile
    one function for different types at once may exchange their code.  Here the name says it all.
    """

    def __init__(self, function, *extra):
        self._function, self._extra, self._stamp = function, extra, None

    cache_path = property(lambda self: cache_directory())

    def _path(self, sig, codegen):
        if self._stamp is None:
            self._stamp = fingerprint(self._function, *self._extra)
        key = hashlib.sha256(repr((self._stamp, str(sig), codegen.magic_tuple())).encode()).hexdigest()[:24]
        name = re.sub(r"\W+", "_", self._function.__qualname__.replace("<locals>.", ""))[:80]
        return os.path.join(cache_directory(), f"{name}-{key}.nbc")

    def has(self, sig, target_context):
        """Whether there is a file for a signature; whether it can be loaded is another question."""
        return os.path.exists(self._path(sig, target_context.codegen()))

    def load_overload(self, sig, target_context):
        """The compiled function on disk, None if it is not there.

        Numba first imports all that functions could be compiled of, 0.3 s; what is compiled needs its memory only.
        """
        rtsys.initialize(target_context)
        data, found = _read(self._path(sig, target_context.codegen())), None
        if data is not None:
            try:
                found = CompileResult._rebuild(target_context, *pickle.loads(data))
            except Exception:
                found = None
        if found is None:
            announce(self._function.__name__)
        return found

    def save_overload(self, sig, data):
        if data.library.has_dynamic_globals or not all(part.can_cache for part in data.lifted):
            return
        path = self._path(sig, data.codegen)
        try:
            _write(path, dumps(data._reduce()))
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


@functools.cache
def _tidy_once():
    """A process that compiles has time for it."""
    forget_unused()


_unwritable = []


def _fall_back():
    if not _unwritable:
        _unwritable.append(True)
        print(f"jittape: cannot write {cache_directory()!r}; compiled code is not kept between runs. "
              "Set NUMBA_CACHE_DIR to a writable directory.", file=sys.stderr)


_announced = []


def announce(name):
    """Say, once a process, that compilation is going on; on a terminal, say of what."""
    if os.environ.get("JITTAPE_QUIET"):
        return
    if not _announced:
        print(f"jittape: first use here, compiling (once; kept in {cache_directory()})", file=sys.stderr)
    elif sys.stderr is not None and sys.stderr.isatty():
        print(f"\r\033[K  {name}", end="\r", file=sys.stderr, flush=True)
    _announced.append(name)


def _dispatcher(function, pipeline, **options):
    # Without wrappers: what they are for is the pipeline's business.
    return numba.njit(function, pipeline_class=pipeline, no_cpython_wrapper=True, **(OPTIONS | options))


def compiled(function, *, nogil=False):
    """An engine function: compiled on first call for the types it is called with, kept on disk.

    With `nogil` it runs beside Python: it may touch no memory that another thread writes.
    """
    if not JIT:
        return function
    dispatcher = _dispatcher(function, CalledFromPython, nogil=nogil)
    dispatcher._cache = DiskCache(function, _described_options(dispatcher.targetoptions))
    return dispatcher


def helper(function=None, **options):
    """Decorate a function that only compiled functions call: it becomes part of them.  In Python it is what it was."""
    decorate = register_jitable(pipeline_class=CalledByCompiled, **options)
    return decorate if function is None else decorate(function)


def reassociated(function):
    """Decorate a helper whose sums may run in vector lanes: the loops of one short function, never a caller."""
    return helper(function, **OPTIONS | {"fastmath": {"contract", "reassoc", "nsz"}})


def helper_for(function):
    """Decorate Numba's `overload` of a Python function: what it returns is a helper."""
    return overload(function, jit_options={"pipeline_class": CalledByCompiled})


class Compiled(NamedTuple):
    """A compiled function and where its machine code lies; the address is valid as long as this lives."""

    dispatcher: object
    address: int


def compile_at_address(function, signature, *extra):
    """Compile a function and give it a C interface; Python cannot call it.

    Returns
    -------
    Compiled
    """
    dispatcher = _dispatcher(function, CalledByAddress)
    dispatcher._cache = DiskCache(function, _described_options(dispatcher.targetoptions), *extra)
    tracer = sys.gettrace()
    sys.settrace(None)  # Numba is Python: under a debugger, coverage or a trace of jt.compile it takes three times as long
    try:
        dispatcher.compile(signature)
    finally:
        sys.settrace(tracer)
    (found,) = dispatcher.overloads.values()
    address = found.library.get_pointer_to_function(found.fndesc.llvm_cfunc_wrapper_name)
    return Compiled(dispatcher, address)
