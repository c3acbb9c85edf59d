"""Compilation: Numba functions whose machine code is kept on disk, safely.

Numba's own ``cache=True`` trusts the file date of the module that holds the function.  That is not
enough here: a kernel inlines functions of other files (its operation, ``mathfun``), so after an
upgrade the old machine code would be served.  The cache below keys every entry by a *fingerprint*:
the bytecode, constants and defaults of the function and of every Python function it can reach,
with the versions of Numba and llvmlite.  The fingerprint is part of the file name, so two processes
that compile at once write the same bytes to the same place, and nothing stale is ever found.
"""

import hashlib
import os
import pathlib
import pickle
import sys
import tempfile
import types

import llvmlite
import numba
from numba.core import config
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator
from numba.core.ccallback import CFunc

JIT = not config.DISABLE_JIT

OPTIONS = {"error_model": "numpy", "fastmath": {"contract"}}


def cache_directory():
    """Where machine code is kept: ``NUMBA_CACHE_DIR`` if set, else the user's cache directory."""
    if config.CACHE_DIR:
        return os.path.join(config.CACHE_DIR, "jittape")
    root = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(root, "jittape")


# --- fingerprints ---------------------------------------------------------------------------------


def _code_parts(code):
    """Everything of a code object that decides what it computes, as a list of bytes."""
    parts = [code.co_code, repr(code.co_names).encode(), repr(code.co_varnames).encode()]
    parts.append(repr(code.co_freevars).encode())
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            parts.extend(_code_parts(constant))
        elif constant is not code.co_consts[0] or not isinstance(constant, str):
            parts.append(repr(constant).encode())
    return parts


def _names(code):
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names(constant)


def _reached(function):
    """Values that a function's body can see: its globals, cells and defaults, by name."""
    for name in dict.fromkeys(_names(function.__code__)):
        if name in function.__globals__:
            yield name, function.__globals__[name]
        for holder in function.__globals__.values():
            if isinstance(holder, types.ModuleType) and _is_ours(holder) and hasattr(holder, name):
                yield name, getattr(holder, name)
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        yield name, cell.cell_contents
    for k, value in enumerate(function.__defaults__ or ()):
        yield f"default{k}", value


def _is_ours(module):
    return module.__name__.partition(".")[0] == "jittape"


def _as_function(value):
    """The Python function behind a value that compiled code may call, or None."""
    value = getattr(value, "scalar_body", value)  # a public function of the operation table
    value = getattr(value, "py_func", value)  # a dispatcher
    value = getattr(value, "_defn", value)  # an intrinsic
    return value if isinstance(value, types.FunctionType) else None


def fingerprint(function, *extra):
    """Hash of a function and of all Python functions it reaches, as 24 hexadecimal digits.

    Functions of other libraries are covered by their version (Numba, llvmlite) or, for a user's
    own helpers, by their bytecode like the function itself.
    """
    seen, queue, parts = set(), [function], [repr(extra).encode()]
    parts += [numba.__version__.encode(), llvmlite.__version__.encode(), sys.version.encode()]
    while queue:
        f = queue.pop()
        if id(f) in seen:
            continue
        seen.add(id(f))
        parts.extend(_code_parts(f.__code__))
        for name, value in _reached(f):
            inner = _as_function(value)
            if inner is not None:
                if inner.__module__.partition(".")[0] not in ("numba", "numpy", "math"):
                    queue.append(inner)
            elif isinstance(value, (int, float, str, bool, tuple)):
                parts.append(f"{name}={value!r}".encode())
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(4, "little") + part)
    return digest.hexdigest()[:24]


# --- the cache ------------------------------------------------------------------------------------


class _Locator(_CacheLocator):
    def __init__(self, stamp):
        self._stamp = stamp

    def get_cache_path(self):
        return cache_directory()

    def get_source_stamp(self):
        return self._stamp

    def get_disambiguator(self):
        return self._stamp


class _Impl(CompileResultCacheImpl):
    def __init__(self, function, stamp):
        self._locator = _Locator(stamp)
        self._filename_base = f"{function.__qualname__.replace('<locals>.', '')}-{stamp}"


class DiskCache(FunctionCache):
    """Machine code of one function on disk; a cache that cannot be used is an empty one."""

    def __init__(self, function, *extra):
        self._function, self._extra, self._ready = function, extra, False

    def _prepare(self, codegen, sig):
        if self._ready:
            return
        machine = repr(codegen.magic_tuple())
        stamp = fingerprint(self._function, machine, *self._extra)
        self._impl_class = lambda function: _Impl(function, stamp)
        super().__init__(self._function)
        self._ready = True

    def load_overload(self, sig, target_context):
        target_context.refresh()
        self._prepare(target_context.codegen(), sig)
        try:
            found = self._load_overload(sig, target_context)
        except (OSError, EOFError, pickle.UnpicklingError, AttributeError, ValueError, KeyError,
                IndexError, ImportError, TypeError, RuntimeError):
            found = None  # unreadable, torn or foreign file: compile again
        if found is None:
            announce(self._function.__name__)
        return found

    def save_overload(self, sig, data):
        try:
            self._save_overload(sig, data)
        except OSError:
            _fall_back()  # read-only or full: machine code then lives as long as the process

    def _index_key(self, sig, codegen):
        return (str(sig), codegen.magic_tuple())


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


def compiled(function, *, reassociate=False):
    """An engine function: compiled on first call for the types it is called with, kept on disk.

    `reassociate` lets sums run in vector lanes; only the loops of one short function, never a caller.
    """
    if not JIT:
        return function
    fastmath = {"contract", "reassoc", "nsz"} if reassociate else OPTIONS["fastmath"]
    dispatcher = numba.njit(function, error_model="numpy", fastmath=fastmath)
    dispatcher._cache = DiskCache(function)
    return dispatcher


def compile_at_address(function, signature, *extra):
    """Compile a function with a C interface.

    Returns
    -------
    CFunc
        Keep it: ``.address`` is valid as long as this object lives.
    """
    result = CFunc(function, numba.core.sigutils.normalize_signature(signature), {}, dict(OPTIONS))
    result._cache = DiskCache(function, *extra)
    result.compile()
    return result


def writable_cache():
    """Whether machine code can be kept between runs (for messages and tests)."""
    path = pathlib.Path(cache_directory())
    try:
        path.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=path).close()
    except OSError:
        return False
    return True
