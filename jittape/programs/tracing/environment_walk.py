"""Walk over the environment of a function: closures, globals, defaults, attributes of objects, and what these reach."""

import _thread
import array
import builtins
import collections
import collections.abc
import contextvars
import functools
import importlib
import inspect
import os
import sys
import threading
import time
import types
import weakref

import numpy as np

from ...autograd.grad_mode import is_grad_enabled
from ...numba_backend.fingerprint import is_covered
from ...tape.tape import Tape
from ...tensors.tensor import Tensor
from .names_read import codes_in, modules_of, reads_of
from .value_inspection import (
    MISSING,
    PLAIN,
    bytes_of,
    contents_of_cell,
    counts_whole,
    fields_of,
    gradient_of,
    is_library,
    is_of_library,
    is_unchanging,
    items_of,
    module_of,
    pairs_of,
    slots_of,
)

_EXACT = frozenset(PLAIN)
_SETS = (set, frozenset, collections.deque)
_LOCKS = (_thread.LockType, type(_thread.RLock()))
_BUILT_IN = (list, tuple, dict, types.MappingProxyType, bytearray, array.array, memoryview, *_SETS)
_BUILTINS = vars(builtins)
# functions whose results differ between calls, or that read what no code names
_UNFOLLOWED = {
    id(f): f"{f.__module__}.{f.__name__}"
    for f in (
        globals,
        eval,
        exec,
        open,
        input,
        __import__,
        importlib.import_module,
        importlib.reload,
        sys._getframe,
        inspect.stack,
        inspect.currentframe,
        os.urandom,
        os.getenv,
        os.getpid,
        time.time,
        time.time_ns,
        time.monotonic,
        time.monotonic_ns,
        time.perf_counter,
        time.perf_counter_ns,
        time.process_time,
        time.process_time_ns,
        time.localtime,
        time.gmtime,
    )
} | {id(sys.modules): "sys.modules"}
_CLOCKS = frozenset(("now", "today", "utcnow"))  # methods of types of `datetime`
_DYNAMIC = {id(f) for f in (getattr, hasattr, setattr, delattr, vars, dir, object.__getattribute__)}
_DYNAMIC_NAMES = frozenset(("__dict__", "__getattribute__", "__getattr__"))
_DYNAMIC_MODULES = frozenset(("copy", "dataclasses", "pickle", "inspect", "operator"))  # they read attributes of arguments
# answers that differ on a trace, where all inputs require gradients; readers of other functions' variables
_NOT_ON_A_TRACE = {"requires_grad", "is_leaf", "grad_fn", "__globals__", "f_globals", "f_back", "f_locals", "gi_frame"}
_SILENT_LIBRARIES = frozenset(("numba", "llvmlite", "logging"))  # machine code does not change; logging is no part of a result
# methods that computations do not call; those that Python generates for a dataclass name every field
_SILENT = {
    "__init__",
    "__post_init__",
    "__new__",
    "__repr__",
    "__str__",
    "__hash__",
    "__eq__",
    "__setattr__",
    "__delattr__",
    "__reduce__",
    "__getstate__",
    "__setstate__",
    "__replace__",
}
DEEPEST, MOST = 50, 20_000  # limits of the walk: levels of containers and objects, number of values


class EnvironmentWalk:
    """One walk.

    Parameters
    ----------
    roots : list
        Where it starts.
    names : set
        Names of attributes in all code that was met; grows during the walk.
    read : frozenset, optional
        Of the attributes of users' objects, only those with a name in it count; None: all.
    """

    def __init__(self, roots, names, read=None):
        self._names, self._read = names, read
        self.tensors, self.generators, self.arrays, self.known = [], [], [], set()
        self.functions, self.cells, self.entries, self.attributes = [], [], [], []
        self.lists, self.dicts, self.keys, self.collections, self.answers = [], [], [], [], []
        self.opaque, self.is_dynamic, self.sees_mode = None, False, False
        self.met, self._count = {}, 0
        for value in roots:
            self._enter(value, 0)

    def _give_up(self, why):
        self.opaque = self.opaque or why

    def _entry(self, mapping, key, depth):
        """Record a place in a namespace, and return what is there."""
        value = mapping.get(key, MISSING)
        self.entries.append((mapping, key, value))
        self._enter(value, depth)

    def _enter(self, value, depth):
        self._count += 1
        if type(value) in _EXACT or value is MISSING or isinstance(value, np.generic) or id(value) in self.met:
            return
        if depth > DEEPEST or self._count > MOST:
            self._give_up(f"something among more than {MOST} values, or below {DEEPEST} levels,")
            return
        self.met[id(value)] = value  # kept alive: properties return new objects, which could get the same id
        if id(value) in _UNFOLLOWED:
            self._give_up(_UNFOLLOWED[id(value)])
        for kinds, enter in self._WAYS:
            if isinstance(value, kinds):
                enter(self, value, depth + 1)
                break
        if isinstance(value, _BUILT_IN) and type(value) not in _BUILT_IN:
            self._enter_object(value, depth + 1)

    # --- what computing is done with ------------------------------------------------------------------

    def _enter_tensor(self, tensor, depth):
        if tensor.dtype.kind in "fc":
            self.tensors.append(tensor)
        else:
            self.arrays.append(tensor._pinned())
            self.attributes.append((tensor, "_array", tensor._array))
        if "grad" in self._names:
            ask = functools.partial(gradient_of, tensor)
            self.answers.append((ask, ask()))
            self._enter(ask(), depth)

    def _enter_array(self, array, depth):
        if array.dtype.hasobject:
            self.collections.append((array, items_of, items_of(array)))
            for item in items_of(array):
                self._enter(item, depth)
        else:
            self.arrays.append(np.asarray(array))
        if type(array) is not np.ndarray:
            self._enter_object(array, depth)

    def _enter_generator(self, generator, depth):
        self.generators.append(generator)

    # --- functions and modules ------------------------------------------------------------------------

    def _enter_function(self, function, depth):
        if is_of_library(function):
            return
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            value = contents_of_cell(cell)
            self.cells.append((cell, name, value))
            self._enter(value, depth)
        if is_library(module_of(function)):
            return
        defaults, by_name = function.__defaults__, function.__kwdefaults__
        fields = vars(function)
        self.functions.append((function, function.__code__, defaults, by_name, () if fields else fields))
        for value in (defaults, by_name):
            self._enter(value, depth)
        if fields:
            self._enter_namespace(fields, depth)
        self._enter_code(function.__code__, function.__globals__, depth)

    def _enter_code(self, code, namespace, depth):
        self.known.update([(id(c), id(namespace)) for c in codes_in(code)])
        reads = reads_of(code)
        self._names.update(reads.attributes)
        for name in {*reads.attributes, *reads.globals} & _NOT_ON_A_TRACE:
            self._give_up(f"{name!r},")
        self.is_dynamic |= bool(reads.attributes & _DYNAMIC_NAMES)
        for name in reads.globals:
            self.entries.append((namespace, name, namespace.get(name, MISSING)))
            if name in namespace:
                self._enter_named(namespace[name], depth)
            elif name in _BUILTINS:
                self.entries.append((_BUILTINS, name, _BUILTINS[name]))
                self._enter_named(_BUILTINS[name], depth)
        for name in modules_of(reads.imports, namespace):
            self.entries.append((sys.modules, name, sys.modules.get(name, MISSING)))
            self._enter_named(sys.modules.get(name), depth)

    def _enter_named(self, value, depth):
        """Walk over what code refers to by name; a class counts as called."""
        self._enter(value, depth)
        if isinstance(value, type) and not is_library(module_of(value)):
            for name in ("__init__", "__new__", "__post_init__"):
                self._enter(vars(value).get(name), depth)
        elif value is is_grad_enabled:
            self.sees_mode = True
        elif isinstance(value, type) and module_of(value) == "datetime" and self._names & _CLOCKS:
            self._give_up(value.__name__)
        if callable(value) and module_of(value) in _DYNAMIC_MODULES:
            self.is_dynamic = True

    def _enter_module(self, module, depth):
        """Walk over those attributes of a module that some code names."""
        if is_library(module.__name__):  # it does not change, but some of its functions return what does
            for name in self._names.intersection(vars(module)):
                value = vars(module)[name]
                if id(value) in _UNFOLLOWED or isinstance(value, (collections.abc.Mapping, contextvars.ContextVar)):
                    self._enter(value, depth)
                elif value is is_grad_enabled or module_of(value) in _DYNAMIC_MODULES or module_of(value) == "datetime":
                    self._enter_named(value, depth)
            return
        self.keys.append((vars(module), list(vars(module))))
        for name in list(vars(module)):
            if name in self._names:
                self._entry(vars(module), name, depth)

    def _enter_builtin(self, function, depth):
        self.is_dynamic |= id(function) in _DYNAMIC
        owner = getattr(function, "__self__", None)
        if not isinstance(owner, types.ModuleType):
            self._enter(owner, depth)

    def _enter_method(self, method, depth):
        self._enter(method.__func__, depth)
        self._enter(method.__self__, depth)

    def _enter_partial(self, partial, depth):
        for name in ("func", "args", "keywords"):
            self.attributes.append((partial, name, getattr(partial, name)))
            self._enter(getattr(partial, name), depth)

    # --- containers -----------------------------------------------------------------------------------

    def _enter_list(self, held, depth):
        items = tuple(held)
        if isinstance(held, list):
            self.lists.append((held, items))
        for value in items:
            self._enter(value, depth)

    def _enter_slice(self, held, depth):
        self._enter_list((held.start, held.stop, held.step), depth)

    def _enter_dict(self, held, depth):
        keys, values = tuple(held), tuple(held.values())
        self.dicts.append((held, keys, values))
        for value in (*keys, *values):
            self._enter(value, depth)
        self._enter(getattr(held, "default_factory", None), depth)

    def _enter_set(self, held, depth):
        """Record the items of a set in the order of iteration, which a loop over it would see."""
        items = list(held)
        if not isinstance(held, frozenset):
            self.collections.append((held, list, items))
        for value in items:
            self._enter(value, depth)

    def _enter_buffer(self, held, depth):
        self.collections.append((held, bytes_of, bytes_of(held)))

    def _enter_reference(self, reference, depth):
        self.answers.append((reference, reference()))
        self._enter(reference(), depth)

    def _enter_context(self, variable, depth):
        ask = functools.partial(variable.get, MISSING)
        self.answers.append((ask, ask()))
        self._enter(ask(), depth)

    # --- objects and classes --------------------------------------------------------------------------

    def _enter_iterator(self, iterator, depth):
        self._give_up(f"{type(iterator).__name__}, which hands out its values once,")

    def _enter_local(self, value, depth):
        self._give_up("threading.local")

    def _enter_nothing(self, value, depth):
        """Skip locks, because what they guard is compared, and NumPy's functions, because they do not change."""

    def _enter_object(self, value, depth):
        kind = type(value)
        module = module_of(kind).partition(".")[0]
        if isinstance(value, Tape) or module in _SILENT_LIBRARIES:
            return
        seen = getattr(kind, "environment_of", None)
        if seen is not None:  # compiled functions, pullbacks and pushforwards say it themselves
            environment = seen(value)
            if environment is NotImplemented:
                self._give_up(f"{kind.__name__} of a function of Tensors that require gradients")
            self._enter(environment, depth)
            return
        fields, slots = fields_of(value), list(slots_of(kind))
        if fields is None and not slots and is_library(module_of(kind)):
            self._enter_foreign(value, kind, depth)
            return
        self.attributes.append((value, "__class__", kind))
        # everything counts of a module or an optimiser, and of objects that define __getattr__
        whole = self._read is None or any(counts_whole(cls) for cls in kind.__mro__)
        for name in slots:
            self.attributes.append((value, name, getattr(value, name, MISSING)))
            self._enter(getattr(value, name, MISSING), depth)
        if fields is not None:
            self._enter_namespace(fields, depth, None if whole else self._read)
        self._enter_class(kind, depth)

    def _enter_foreign(self, value, kind, depth):
        """Walk over an object of a C type. One that has its own hash does not change, nor does a function."""
        if isinstance(value, collections.abc.Mapping):
            self.collections.append((value, pairs_of, pairs_of(value)))
        elif not is_unchanging(value):
            self._give_up(f"{kind.__name__}, an object whose state nobody can see,")

    def _enter_namespace(self, fields, depth, read=None):
        """Record the names in a namespace, and walk over the values of those that count."""
        self.keys.append((fields, list(fields)))
        for name in list(fields):
            if read is None or name in read:
                self._entry(fields, name, depth)

    def _enter_class(self, kind, depth):
        """Walk over the attributes and methods of a class that some code names."""
        if type(kind) is not type:
            self._enter(type(kind), depth)
        if not is_library(module_of(kind)):
            self.attributes.append((kind, "__mro__", kind.__mro__))
        for cls in kind.__mro__:
            if is_covered(module_of(cls)):
                continue
            if not is_library(module_of(cls)):
                self.keys.append((vars(cls), list(vars(cls))))
            for name, held in list(vars(cls).items()):
                if name in _SILENT or not (name.startswith("__") or name in self._names):
                    continue
                method = getattr(held, "fget", None) or getattr(held, "__func__", held)
                if name.startswith("__") and not isinstance(method, types.FunctionType):
                    continue
                self._enter(method, depth)
                if not is_library(module_of(cls)):
                    self.entries.append((vars(cls), name, held))

    _WAYS = (  # the first that fits
        (Tensor, _enter_tensor),
        (np.ndarray, _enter_array),
        ((np.random.Generator, np.random.RandomState), _enter_generator),
        (types.FunctionType, _enter_function),
        (types.MethodType, _enter_method),
        (np.ufunc, _enter_nothing),
        ((types.BuiltinFunctionType, types.MethodWrapperType), _enter_builtin),
        (functools.partial, _enter_partial),
        (types.ModuleType, _enter_module),
        ((dict, types.MappingProxyType), _enter_dict),
        ((list, tuple), _enter_list),
        (slice, _enter_slice),
        ((array.array, bytearray, memoryview), _enter_buffer),
        (_SETS, _enter_set),
        (type, _enter_class),
        (weakref.ref, _enter_reference),
        (contextvars.ContextVar, _enter_context),
        (threading.local, _enter_local),
        (_LOCKS, _enter_nothing),
        (collections.abc.Iterator, _enter_iterator),
        (object, _enter_object),
    )
