"""What Numba has compiled into a function that its code does not tell: contents of arrays, and attributes of modules.

For Numba a global or captured array is a constant with the contents that it has when a function is compiled, unless it is large
or not contiguous (`is_read_where_it_lies`), and so is the number behind ``helpers.scale``. A derivative has to use the same ones,
whatever is written to them later. They are noted when Numba compiles a function; for one that was compiled before this library
was imported, or comes from a cache on disk, the present ones are all that is known.
"""

import functools
import types as python_types

import numpy as np

from numba.core.ccallback import CFunc
from numba.core.event import Listener, register

from .fingerprint import globals_in, is_covered, names_in
from .kept_with_functions import kept_with

FROZEN = "frozen"  # by which a function keeps it
MOST_BYTES = 10**6  # of an array that is compiled in: Numba's `BaseContext.make_constant_array`
_LIBRARY = __name__.partition(".")[0] + "."


def frozen_values(dispatcher):
    """What was noted when a function was compiled last, by name or dotted name; None if there was nothing to note."""
    return kept_with(dispatcher).get(FROZEN)


def is_read_where_it_lies(array):
    """Whether compiled code has the address of a global or captured array, and sees what is written to it; else a copy of it."""
    flags = array.flags
    return array.nbytes > MOST_BYTES or not (flags.c_contiguous or flags.f_contiguous)


def frozen(value):
    """A value as Numba compiles it in: an array that can be written to and is not read where it lies is copied."""
    if isinstance(value, np.ndarray):
        return value.copy(order="K") if value.flags.writeable and not is_read_where_it_lies(value) else value
    if not isinstance(value, tuple):
        return value
    members = [frozen(v) for v in value]
    if all(m is v for m, v in zip(members, value)):
        return value
    return type(value)(*members) if hasattr(value, "_fields") else tuple(members)


def is_same_value(x, z):
    """Whether two values are one, or arrays, or tuples of arrays, that are equal to the last bit."""
    if isinstance(x, np.ndarray) and isinstance(z, np.ndarray):
        return x is z or x.dtype == z.dtype and x.shape == z.shape and x.tobytes() == z.tobytes()
    if isinstance(x, tuple) and isinstance(z, tuple):
        return x is z or len(x) == len(z) and all(map(is_same_value, x, z))
    return x is z


def is_users_module(value):
    """Whether a value is a module whose attributes may change: not of this library nor of those that it stands on."""
    return isinstance(value, python_types.ModuleType) and not is_covered(value.__name__)


def with_attributes(module, attributes):
    """A stand-in for a module, in which some attributes have other values."""
    found = python_types.ModuleType(module.__name__, module.__doc__)
    vars(found).update({**vars(module), **attributes})
    return found


def values_of_names(function):
    """The values of a function's globals and captured variables, by name."""
    given = function.__globals__
    found = {name: given[name] for name in globals_in(function.__code__) if name in given}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:  # a function that is compiled before its own name is bound
            continue
    return found


def values_to_freeze(function):
    """What Numba would compile into a function now, of all that can change: by name, or dotted name."""
    names, given = list(dict.fromkeys(names_in(function.__code__))), values_of_names(function)
    found = {name: frozen(value) for name, value in given.items() if frozen(value) is not value}
    for name, module in given.items():
        if is_users_module(module):
            attributes = {inner: vars(module)[inner] for inner in names if inner in vars(module)}
            found.update({f"{name}.{k}": frozen(v) for k, v in attributes.items()})
    return found


class _Notes(Listener):
    """Notes what Numba has used, whenever it has compiled a function."""

    def on_start(self, event):
        pass

    def on_end(self, event):
        dispatcher = event.data["dispatcher"]
        function = getattr(dispatcher, "py_func", None)
        if function is None or is_covered(function.__module__ or "") or (function.__module__ or "").startswith(_LIBRARY):
            return
        found, before = values_to_freeze(function), frozen_values(dispatcher) or {}
        if found and not (found.keys() == before.keys() and all(is_same_value(v, before[k]) for k, v in found.items())):
            kept_with(dispatcher)[FROZEN] = found


def note_frozen_values():
    """Begin to note them; the derivatives that need them are imported when they are first asked for."""
    register("numba:compile", _Notes())
    _note_callbacks()


def _note_callbacks():
    """Note all that C callbacks are compiled with. Numba tells nobody that it has compiled one, nor keeps its typed code."""
    compile_callback = CFunc.compile

    @functools.wraps(compile_callback)
    def compile_and_note(self):
        compile_callback(self)
        kept_with(self)[FROZEN] = {**values_of_names(self.__wrapped__), **values_to_freeze(self.__wrapped__)}

    CFunc.compile = compile_and_note
