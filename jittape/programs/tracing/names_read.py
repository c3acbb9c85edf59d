"""Names in the code of a function: globals, attributes, modules that it imports."""

import dis
import functools
import sys
import types
from typing import NamedTuple

_GLOBAL = ("LOAD_GLOBAL", "STORE_GLOBAL", "DELETE_GLOBAL", "LOAD_NAME")  # LOAD_NAME occurs in the body of a class
_ATTRIBUTE = ("LOAD_ATTR", "LOAD_METHOD", "LOAD_SUPER_ATTR", "STORE_ATTR", "DELETE_ATTR", "IMPORT_FROM")


class Reads(NamedTuple):
    """Names in a code object and in those inside it.

    Names that are written count, too: if a run leaves everything as it was, then so does leaving it out.
    """

    globals: tuple
    attributes: frozenset
    imports: tuple


@functools.lru_cache(4096)
def reads_of(code):
    """The `Reads` of a code object."""
    names, attributes, imports = {}, set(), {}
    for instruction in dis.get_instructions(code):
        if instruction.opname in _GLOBAL:
            names[instruction.argval] = None
        elif instruction.opname in _ATTRIBUTE:
            attributes.add(instruction.argval)
        elif instruction.opname == "IMPORT_NAME":
            imports[instruction.argval] = None
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            inner = reads_of(constant)
            names.update(dict.fromkeys(inner.globals))
            attributes |= inner.attributes
            imports.update(dict.fromkeys(inner.imports))
        elif isinstance(constant, tuple):  # attributes that `case Point(x=0)` matches
            attributes.update([name for name in constant if isinstance(name, str)])
    return Reads(tuple(names), frozenset(attributes), tuple(imports))


def codes_in(code):
    """A code object and all those inside it."""
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes_in(constant)


def modules_of(imports, namespace):
    """Full names of the modules that code imports, absolute or relative to its package."""
    package = namespace.get("__package__") or ""
    parents = [package.rsplit(".", k)[0] for k in range(package.count(".") + 1)] if package else []
    for name in imports:
        parts = name.split(".")
        for k in range(len(parts)):
            yield ".".join(parts[: k + 1])
        for parent in parents:
            full = f"{parent}.{name}" if name else parent
            if full in sys.modules:
                yield full
