"""Properties of single values for the walk: whether they can change, where they come from, what is in them."""

import sys
import types

import numpy as np

from ...numba_backend.fingerprint import is_covered

MISSING = object()
PLAIN = (int, float, complex, str, bytes, bool, type(None), np.generic)
_WITHOUT_STATE = frozenset(("builtins", "abc", "typing"))
_ANSWERS = {"__getattr__", "__getattribute__"}


def module_of(thing):
    """The name of the module that an object comes from, if it has one."""
    name = getattr(thing, "__module__", None)
    return name if isinstance(name, str) else ""


def is_library(module):
    """Whether a module counts as unchanging: jittape's own, and libraries that are identified by their version."""
    return is_covered(module) or module.partition(".")[0] == "jittape"


def is_unchanging(value):
    """Whether a value that is not a container cannot change: a number, text, function or type, or an object with its own hash."""
    kind = type(value)
    if isinstance(value, (*PLAIN, type, types.ModuleType)) or kind is object or value is NotImplemented or value is Ellipsis:
        return True
    if isinstance(value, types.FunctionType):
        return not value.__closure__
    return kind.__hash__ not in (None, object.__hash__) or callable(value) and is_library(module_of(kind))


def is_of_library(function):
    """Whether a function belongs to a library, by its name; what it closes over then belongs to the library, too."""
    if not is_library(module_of(function)):
        return False
    if getattr(getattr(function, "operation", None), "function", None) is function:  # a function of the table
        return True
    return getattr(sys.modules.get(function.__module__), function.__name__, None) is function


def counts_whole(cls):
    """Whether all attributes of a class's objects count, because code that is not walked over reads them."""
    if is_library(module_of(cls)):
        return module_of(cls) not in _WITHOUT_STATE
    return not _ANSWERS.isdisjoint(vars(cls))


def contents_of_cell(cell):
    """The value of a closure variable; `MISSING` before it has one."""
    try:
        return cell.cell_contents
    except ValueError:  # the variable has no value yet
        return MISSING


def gradient_of(tensor):
    """What ``tensor.grad`` is, without the warning for results that keep none."""
    return None if tensor._extras is None else tensor._extras.grad


def fields_of(value):
    """The ``__dict__`` of an object, None without one; properties of its class are not called."""
    try:
        return object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None


def slots_of(kind):
    """The names of all slots of a class, as attributes are called from outside."""
    for cls in kind.__mro__:
        slots = vars(cls).get("__slots__", ())
        for name in (slots,) if isinstance(slots, str) else slots:
            if name.startswith("__") and not name.endswith("__"):
                yield f"_{cls.__name__.lstrip('_')}{name}"
            elif name not in ("__dict__", "__weakref__"):
                yield name


def form_of(array):
    """Shape, strides and dtype of an array."""
    return array.shape, array.strides, array.dtype


def items_of(array):
    """The items of an array of objects."""
    return list(array.flat)


def pairs_of(mapping):
    """Keys and values of a mapping, one after the other."""
    return [part for pair in mapping.items() for part in pair]


def bytes_of(held):
    """The contents of a buffer, in a list of one."""
    return [bytes(held)]
