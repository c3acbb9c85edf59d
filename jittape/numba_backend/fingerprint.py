"""What machine code depends on, as a hash: the name under which it lies on disk.

Numba's own ``cache=True`` trusts the date of the file that holds the function, and the bytecode without its constants.  That is
not enough here: a kernel inlines functions of other files (its operation, ``mathfun``), so after an upgrade the old machine code
would be served, and two functions that differ in a constant would share one entry.  A *fingerprint* hashes the bytecode,
constants and defaults of a function and of every Python function that it can reach, the versions of Python, Numba and llvmlite,
and the compiler (``compiler_choice``).  Two processes that compile at once write the same bytes to the same place, and nothing
stale is ever found.
"""

import dis
import functools
import hashlib
import pathlib
import sys
import types

import llvmlite
import numba
import numpy as np
from llvmlite import ir
from numba.core.typing import Signature

from .compiler_choice import COMPILER, PARTS

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


@functools.lru_cache(10_000)
def globals_in(code):
    """The names that a code object and those inside it look up in globals, as a tuple: attributes may be called the same."""
    found = dict.fromkeys(i.argval for i in dis.get_instructions(code) if i.opname in _LOOKS_UP)
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            found |= dict.fromkeys(globals_in(constant))
    return tuple(found)


_LOOKS_UP = {"LOAD_GLOBAL", "LOAD_NAME", "LOAD_FROM_DICT_OR_GLOBALS"}


def _visible(names, attributes, namespace, seen):
    """Values of a namespace by these names, and those attributes of modules among them (``helpers.scale``)."""
    for name in names:
        value = namespace.get(name)
        if isinstance(value, types.ModuleType):
            if id(value) not in seen and not is_covered(value.__name__):
                seen.add(id(value))
                yield from _visible(attributes, attributes, vars(value), seen)
        elif name in namespace:
            yield name, value


def _reached(function):
    """Values that a function's body can see: its globals, cells and defaults, by name."""
    attributes = list(dict.fromkeys(names_in(function.__code__)))
    yield from _visible(globals_in(function.__code__), attributes, function.__globals__, set())
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


def described_options(options):
    """Options of a compiled function as bytes that are the same in every process."""
    return repr(sorted((k, str(_described(v))) for k, v in options.items())).encode()


@functools.cache
def compiler_stamp():
    """Hash of the compiler's name and of the files of this folder that decide what it makes of a function."""
    sources = [pathlib.Path(__file__).with_stem(name).read_bytes() for name in PARTS]
    return hashlib.sha256(b"".join([COMPILER.encode(), *sources])).hexdigest()


def fingerprint(function, *extra):
    """Hash of a function and of all Python functions it reaches, as 24 hexadecimal digits.

    Functions of other libraries are covered by their version (Numba, llvmlite) or, for a user's
    own helpers, by their bytecode like the function itself.
    """
    seen, queue, parts = set(), [function], [repr(extra).encode()]
    parts += [numba.__version__.encode(), llvmlite.__version__.encode(), sys.version.encode(), compiler_stamp().encode()]
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
                queue += [each for each in (inner, getattr(value, "complex_body", None)) if each is not None]
                parts.append(described_options(getattr(value, "targetoptions", {})))
    digest = hashlib.sha256()
    for part in parts:
        digest.update(len(part).to_bytes(4, "little") + part)
    return digest.hexdigest()[:24]
