"""What the names in a compiled function mean at present, compared with what they meant when its derivative was made.

Numba reads the globals of a function when it compiles it, for each signature, and never again. In a notebook, helpers and
numbers are defined anew in between. Value and gradient have to come from the same function, so a derivative checks at every
call whether a name means something else than when it was made. It is made anew if Numba, asked for the value, would use the new
meaning: if the function is not compiled yet, or has been compiled since.

The names in what overloads run are followed, too: Numba keeps that for every function that calls it.

What Numba used is read from the code that it keeps of a compiled function, and for contents of arrays and attributes of modules
from what was noted when it was compiled (`frozen_values`).
"""

import types as python_types
from types import MappingProxyType

import numba
import numpy as np
from numba import types

from ...numba_backend.fingerprint import globals_in, is_covered, names_in
from ..compat import (
    Dispatcher,
    dispatcher_in,
    locals_of,
    overload_templates,
    ufunc_of,
    values_compiled_in,
    values_compiled_into_overloads,
)
from ...numba_backend.kept_with_functions import kept_with
from ...numba_backend.frozen_values import (
    FROZEN,
    frozen,
    frozen_values,
    is_same_value,
    is_users_module,
    values_to_freeze,
    with_attributes,
)

_MISSING = object()
_LIBRARY = __name__.partition(".")[0] + "."


class Definition:
    """The values of all names in a compiled function and in those that it calls.

    Parameters
    ----------
    dispatcher : Dispatcher, optional
        None for a definition of nothing.
    """

    def __init__(self, dispatcher=None):
        self.places = []  # (namespace, name, value): what is compared at every call
        self.cells = []  # (cell, value)
        self.meaning = []  # (id of a function, name, value): what Numba uses for it
        self.values_in_overloads = {}  # name -> value that Numba has compiled into what an overload has picked
        self._functions, self._picked = {}, {}
        if dispatcher is not None:
            self._walk(dispatcher)

    @classmethod
    def of_class(cls, class_type):
        """The values of all names in the methods of a jitclass."""
        found = cls()
        found._walk_class(class_type)
        return found

    @classmethod
    def of_overloads(cls, function):
        """The values of all names in the overloads of a function of Python's."""
        found = cls()
        found._walk_overloads(function)
        return found

    def _walk(self, dispatcher):
        if id(dispatcher) not in self._functions:
            self._functions[id(dispatcher)] = dispatcher
            noted = frozen_values(dispatcher)
            if noted or values_to_freeze(dispatcher.py_func):
                self.places.append((kept_with(dispatcher), FROZEN, noted))
            self._walk_names(dispatcher, dispatcher.py_func, values_compiled_in(dispatcher), noted or {})

    def _walk_class(self, class_type):
        for method in methods_of(class_type):
            self._walk(method)

    def _walk_overloads(self, function):
        if id(function) in self._functions:
            return
        self._functions[id(function)] = function
        templates = overload_templates(function)
        picks = [t._overload_func for t in templates if not t._overload_func.__module__.startswith(_LIBRARY)]
        compiled_in = values_compiled_into_overloads(templates) if picks else {}
        own = {name for pick in picks for name in (*pick.__code__.co_cellvars, *pick.__code__.co_varnames)}
        compiled_in = {name: value for name, value in compiled_in.items() if name not in own}  # those differ from pick to pick
        self.values_in_overloads.update(compiled_in)
        for pick in picks:
            self._walk_picked(pick, compiled_in)

    def _walk_picked(self, function, compiled_in):
        """A function that decides what an overload runs, or one in its closure that it may decide for."""
        if id(function) not in self._picked:
            self._picked[id(function)] = function
            if not _is_library(function.__module__):  # what picks for `register_jitable` is
                self._walk_names(function, function, compiled_in)
            for cell in function.__closure__ or ():
                if isinstance(cell.cell_contents, python_types.FunctionType):
                    self._walk_picked(cell.cell_contents, compiled_in)

    def _walk_names(self, owner, function, compiled_in, noted=MappingProxyType({})):
        names = list(dict.fromkeys(names_in(function.__code__)))
        for name in globals_in(function.__code__):
            if name in function.__globals__:
                self._note(function.__globals__, name)
                self._mean(owner, name, compiled_in.get(name, function.__globals__[name]), names, noted)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            self.cells.append((cell, cell.cell_contents))
            self._mean(owner, name, compiled_in.get(name, cell.cell_contents), names, noted)

    def _note(self, namespace, name):
        self.places.append((namespace, name, namespace[name]))

    def _mean(self, owner, name, value, names, noted):
        value = noted[name] if name in noted else frozen(value)
        self.meaning.append((id(owner), name, value))
        if dispatcher_in(value) is not None:
            self._walk(dispatcher_in(value))
        elif is_jitclass(value):
            self._walk_class(value.class_type)
        elif is_users_module(value):
            for inner in names:
                if inner in vars(value):
                    self._note(vars(value), inner)
                    self._mean(owner, f"{name}.{inner}", vars(value)[inner], (), noted)
        elif isinstance(value, python_types.FunctionType) and not _is_library(value.__module__):
            self._walk_overloads(value)

    def holds(self):
        """Whether every name stands for the value that it stood for, and no function has been compiled with other contents."""
        for namespace, name, value in self.places:
            if namespace.get(name, _MISSING) is not value:
                return False
        for cell, value in self.cells:
            if cell.cell_contents is not value:
                return False
        return True

    def means_the_same(self, other):
        """Whether Numba would use the same values for another definition of the function."""
        return len(self.meaning) == len(other.meaning) and all(
            a[0] == b[0] and a[1] == b[1] and is_same_value(a[2], b[2]) for a, b in zip(self.meaning, other.meaning)
        )

    def first_difference(self, other):
        """The first name that stands for another value in another definition."""
        pairs = zip(self.meaning, other.meaning)
        return next((a[1] for a, b in pairs if a[1] != b[1] or not is_same_value(a[2], b[2])), "another name")

    def with_these_values(self, dispatcher, anew):
        """The function with the values that Numba uses for its names.

        Parameters
        ----------
        dispatcher : Dispatcher
        anew : bool
            Make another function in any case; otherwise it is the given one where its names stand for these values now.
        """
        used = {}
        for owner, name, value in self.meaning:
            used.setdefault(owner, {})[name] = value
        return self._with_values(dispatcher, used, {}, anew)

    def _with_values(self, compiled, used, made, anew):
        if id(compiled) in made:
            return made[id(compiled)]
        made[id(compiled)] = compiled  # for calls of itself: `_remade` puts the new one there
        dispatcher = dispatcher_in(compiled)
        function, values = dispatcher.py_func, used.get(id(dispatcher), {})
        values = {n: v if dispatcher_in(v) is None else self._with_values(v, used, made, anew) for n, v in values.items()}
        values = {n: _module_as_used(n, v, values) for n, v in values.items() if "." not in n}
        free = dict(zip(function.__code__.co_freevars, function.__closure__ or ()))
        if anew or any(v is not _value_now(function, free, n) for n, v in values.items()):
            made[id(compiled)] = _remade(compiled, values)
        return made[id(compiled)]


def is_jitclass(value):
    """Whether a value is a class behind ``@jitclass``."""
    return isinstance(value, type) and isinstance(vars(value).get("class_type"), types.ClassType)


def methods_of(class_type):
    """The compiled functions that a jitclass consists of."""
    accessors = [accessor for each in class_type.jit_props.values() for accessor in each.values()]
    return [*class_type.jit_methods.values(), *accessors, *class_type.jit_static_methods.values()]


def classes_in(values):
    """The types of the jitclasses whose objects are among arguments, or in tuples and typed lists and dicts of these."""
    found = []
    for value in values:
        if isinstance(value, (tuple, list)):
            found += classes_in(value)
        elif type(value) is not float and type(value) is not np.ndarray:
            found += _classes_of(getattr(value, "_numba_type_", None))
    return found


def _classes_of(ty):
    if isinstance(ty, types.ClassInstanceType):
        return [ty.class_type]
    if isinstance(ty, types.ListType):
        return _classes_of(ty.item_type)
    return _classes_of(ty.value_type) if isinstance(ty, types.DictType) else []


def _is_library(module_name):
    """Whether a module is of this library, or of those that it stands on: what they say does not change."""
    return is_covered(module_name or "") or (module_name or "").startswith(_LIBRARY)


def current(dispatcher):
    """The function to differentiate now: as it is, or one made anew with the values that Numba uses for its names.

    Derivatives are known by the function that they were made of, so a function made anew has none yet.
    """
    known = kept_with(dispatcher).get("current")
    if known is not None and known[0].holds():
        return known[1]
    definition = Definition(dispatcher)
    if known is not None and definition.means_the_same(known[0]):
        function = known[1]
    else:
        function = definition.with_these_values(dispatcher, anew=known is not None)
    kept_with(dispatcher)["current"] = definition, function
    return function


def definition_of(dispatcher):
    """What `current` has compared last."""
    return kept_with(dispatcher)["current"][0]


def twin(function):
    """A function with the same code, and globals and captured variables of its own; the latter are empty.

    It has those globals that its code names: others would last as long as it does, whatever becomes of their module.
    """
    code, given = function.__code__, function.__globals__
    namespace = {name: given[name] for name in ("__name__", "__builtins__", *globals_in(code)) if name in given}
    cells = tuple(python_types.CellType() for _ in code.co_freevars)
    copy = python_types.FunctionType(code, namespace, function.__name__, function.__defaults__, cells)
    copy.__kwdefaults__, copy.__doc__ = function.__kwdefaults__, function.__doc__
    copy.__module__, copy.__qualname__ = function.__module__, function.__qualname__
    return copy


def with_values(function, values):
    """A function with the same code, whose globals and captured variables have these values."""
    copy = twin(function)
    cells = dict(zip(copy.__code__.co_freevars, copy.__closure__ or ()))
    for name, value in values.items():
        if name in cells:
            cells[name].cell_contents = value
        else:
            copy.__globals__[name] = value
    return copy


def callback_as_compiled(callback):
    """The function of Python behind a C callback, with the values that its names had when Numba compiled it: at its definition.

    For one that was defined before this library was imported, the present values are all that is known.
    """
    used = frozen_values(callback)
    if used is None:
        return callback.__wrapped__
    return with_values(callback.__wrapped__, {n: _module_as_used(n, v, used) for n, v in used.items() if "." not in n})


def _module_as_used(name, value, used):
    """A value; for a module of which Numba used other attributes than it has now, a stand-in with those."""
    if not is_users_module(value):
        return value
    attributes = {n.partition(".")[2]: v for n, v in used.items() if n.startswith(f"{name}.")}
    changed = {n: v for n, v in attributes.items() if vars(value).get(n) is not v}
    return with_attributes(value, changed) if changed else value


def _value_now(function, free, name):
    return free[name].cell_contents if name in free else function.__globals__.get(name, _MISSING)


def _remade(compiled, values):
    """A function of the same code and options whose names stand for other values; where it calls itself, it is this one."""
    function = dispatcher_in(compiled).py_func
    copy = with_values(function, values)
    namespace, cells = copy.__globals__, dict(zip(function.__code__.co_freevars, copy.__closure__ or ()))
    remade = _compiled_like(compiled, copy)
    for name, value in values.items():
        if value is compiled:
            if name in cells:
                cells[name].cell_contents = remade
            else:
                namespace[name] = remade
    return remade


def _compiled_like(compiled, function):
    """Other Python code behind the decorator of a compiled function, with the same options."""
    if not isinstance(compiled, Dispatcher):
        return ufunc_of(function, compiled)
    options = {k: v for k, v in compiled.targetoptions.items() if k != "nopython"}
    return numba.njit(function, locals=locals_of(compiled), **options)
