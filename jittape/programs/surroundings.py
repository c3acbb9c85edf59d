"""What a Python function sees beside its arguments: closures, globals, defaults, attributes of objects.

A trace is right only as long as these are what they were.  Captured Tensors of floats become inputs of the
program, read at every call; everything else is noted here and compared before every replay.
"""

import collections
import functools
import types

import numpy as np

from ..jit import is_covered, names_in
from ..memory import address_of
from ..services import HASH, ensure
from ..tape import Tape
from ..tensor import Tensor
from ..versions import hash_now

_MISSING = object()
_MAPPINGS = (dict, types.MappingProxyType)  # the second of a class
_PLAIN = (int, float, complex, str, bytes, bool, type(None), np.generic)
_COLLECTIONS = (set, frozenset, collections.deque, bytearray)
DYNAMIC = {"getattr", "vars", "__dict__", "eval", "exec", "attrgetter"}  # with these, code reads what it does not name
# methods that computing does not call: those that Python writes for a dataclass name every field
SILENT = {"__init__", "__post_init__", "__new__", "__repr__", "__str__", "__hash__", "__eq__", "__setattr__", "__delattr__",
          "__reduce__", "__getstate__", "__setstate__", "__replace__"}
DEEPEST, MOST = 50, 20_000  # levels of containers and objects that are looked into, and how many values in all


class Surroundings:
    """What a function can reach, also through arguments that are objects, and whether it is still that.

    Attributes
    ----------
    tensors : list of Tensors
        Of floating dtypes: inputs of the program.
    generators : list of numpy.random generators
    """

    def __init__(self, function, arguments=()):
        self._names = set()  # in the code of everything that is reached; grows during the first walk
        known = -1
        while len(self._names) > known:  # methods that are named in methods
            known = len(self._names)
            self._walk([function, *arguments], None)
        self._walk([function, *arguments], None if self._names & DYNAMIC else frozenset(self._names))
        self._cells = [(c, v) for c, _, v in self._bindings if type(c) is types.CellType and v is not _MISSING]
        self._entries = [b for b in self._bindings if isinstance(b[0], _MAPPINGS)]
        others = self._lengths or self._arrays or self._collections
        self._rest = len(self._cells) + len(self._entries) < len(self._bindings) or bool(others)
        self.is_empty = not (self._bindings or others or self._is_cut)

    def _walk(self, roots, read):
        """Look around; of the attributes of users' objects, only those with a name in `read` (None: all)."""
        self.tensors, self.generators = [], []
        self._bindings, self._lengths, self._arrays, self._collections = [], [], [], []
        self._seen, self._count, self._read, self._is_cut = set(), 0, read, False
        for value in roots:
            self._enter(value, 0)
        del self._seen

    def unchanged(self):
        """Whether everything is as it was."""
        if self.is_empty or self._is_cut:  # what was not looked at may have changed: a new trace is right
            return not self._is_cut
        try:
            for cell, value in self._cells:  # a tenth of the time of `changed`, which knows all containers
                if cell.cell_contents is not value:
                    return self.changed() is None
        except ValueError:  # a variable that was deleted
            return False
        for mapping, key, value in self._entries:
            if mapping.get(key, _MISSING) is not value:
                return self.changed() is None
        return not self._rest or self.changed() is None

    def changed(self):
        """What is no longer as it was, None if nothing is."""
        if self._is_cut:
            return f"something among more than {MOST} values, or below {DEEPEST} levels,"
        for container, key, value in self._bindings:
            now = _read(container, key)
            if now is not value and not _is_same_value(now, value):
                return key
        for container, n in self._lengths:
            if len(container) != n:
                return type(container).__name__
        for collection, items in self._collections:
            now = list(collection)
            if len(now) != len(items) or any(a is not b and not _is_same_value(a, b) for a, b in zip(now, items)):
                return type(collection).__name__
        for array, address, contents, form in self._arrays:
            if _form_of(array) != form:  # before the address is read: memory of another size may be elsewhere
                return f"an array of shape {form[0]}"
            now = hash_now(address, array.nbytes) if address else contents_of(array)
            if now != contents:
                return f"an array of shape {array.shape}"
        return None

    # --- looking around -------------------------------------------------------------------------------

    def _bind(self, container, key, value, depth):
        if not isinstance(value, types.ModuleType):
            self._bindings.append((container, key, value))
        self._enter(value, depth)

    def _enter(self, value, depth):
        self._count += 1
        if isinstance(value, _PLAIN) or id(value) in self._seen:
            return
        if depth > DEEPEST or self._count > MOST:
            self._is_cut = True
            return
        self._seen.add(id(value))
        if isinstance(value, Tensor):
            self._enter_tensor(value)
        elif isinstance(value, np.ndarray):
            if value.dtype != object:
                self._note_array(value)
        elif isinstance(value, (np.random.Generator, np.random.RandomState)):
            self.generators.append(value)
        elif isinstance(value, types.FunctionType):
            self._enter_function(value, depth + 1)
        elif isinstance(value, types.MethodType):
            self._enter(value.__func__, depth + 1)
            self._enter(value.__self__, depth + 1)
        elif isinstance(value, functools.partial):
            for part in (value.func, value.args, value.keywords):
                self._enter(part, depth + 1)
        elif isinstance(value, (dict, list, tuple)):
            self._enter_container(value, depth + 1)
        elif isinstance(value, _COLLECTIONS):
            self._enter_collection(value, depth + 1)
        elif isinstance(value, type):
            self._enter_class(value, depth + 1)
        elif not isinstance(value, types.ModuleType):
            self._enter_object(value, depth + 1)

    def _enter_tensor(self, tensor):
        if tensor.dtype.kind == "f":
            self.tensors.append(tensor)
        else:
            self._note_array(tensor._pinned())

    def _note_array(self, array):
        """What an array holds; one that is not in order is copied for every comparison."""
        address = address_of(array) if array.flags.c_contiguous else 0
        self._arrays.append((array, address, contents_of(array), _form_of(array)))

    def _enter_function(self, function, depth):
        own = (function.__module__ or "").partition(".")[0]
        if is_covered(own) or own == "jittape":
            return
        names = list(dict.fromkeys(names_in(function.__code__)))
        self._names.update(names)
        for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
            self._bind(cell, name, _read(cell, name), depth)
        if function.__defaults__:
            self._bind(function, "__defaults__", function.__defaults__, depth)
        for name, value in list(vars(function).items()):
            if name in self._names:
                self._bind(vars(function), name, value, depth)
        for value in (function.__kwdefaults__ or {}).values():
            self._enter(value, depth)
        for name in names:
            if name in function.__globals__:
                value = function.__globals__[name]
                self._bind(function.__globals__, name, value, depth)
                if isinstance(value, types.ModuleType) and not is_covered(value.__name__) and not _is_own(value):
                    self._enter_module(value, names, depth)

    def _enter_module(self, module, names, depth):
        for name in names:
            if name in vars(module):
                self._bind(vars(module), name, vars(module)[name], depth)

    def _enter_container(self, container, depth):
        """All items; also of a dictionary the function only iterates over."""
        items = container.items() if isinstance(container, dict) else enumerate(container)
        if not isinstance(container, tuple):
            self._lengths.append((container, len(container)))
        for key, value in list(items):
            if isinstance(container, tuple):
                self._enter(value, depth)
            else:
                self._bind(container, key, value, depth)

    def _enter_collection(self, collection, depth):
        """What has no keys is noted in the order that a loop sees."""
        items = list(collection)
        if not isinstance(collection, frozenset):
            self._collections.append((collection, items))
        for value in items:
            self._enter(value, depth)

    def _enter_object(self, value, depth):
        module = type(value).__module__ or ""
        if is_covered(module) and module not in ("types", "argparse") or isinstance(value, Tape):
            return
        for name in _slots_of(type(value)):
            self._bind(value, name, getattr(value, name, _MISSING), depth)
        fields = getattr(value, "__dict__", None)
        kinds = type(value).__mro__
        # of a module or an optimiser, and of what answers for its attributes itself, everything counts
        is_own = any(cls.__module__.partition(".")[0] == "jittape" or "__getattr__" in vars(cls) for cls in kinds)
        if fields is not None:
            if is_own:
                self._lengths.append((fields, len(fields)))
            for name in list(fields):
                if is_own or self._read is None or name in self._read:
                    self._bind(fields, name, fields[name], depth)
        self._enter_class(type(value), depth, fields)

    def _enter_class(self, kind, depth, fields=None):
        """Attributes and methods with names in the code; those of an object or a subclass may come to hide them later."""
        nearer = []
        for cls in kind.__mro__:
            if is_covered(cls.__module__):
                continue
            for name, held in list(vars(cls).items()):
                if name in SILENT or not (name.startswith("__") or name in self._names):
                    continue
                method = getattr(held, "fget", None) or getattr(held, "__func__", held)
                is_function = isinstance(method, types.FunctionType)
                if name.startswith("__") and not is_function:
                    continue
                self._enter(method, depth)
                if _is_own(cls):
                    continue
                self._bindings.append((vars(cls), name, held))
                self._bindings += [(other, name, _MISSING) for other in nearer if name not in other]
                if fields is not None and name not in fields and (held is method and is_function or not hasattr(held, "__get__")):
                    self._bindings.append((fields, name, _MISSING))
            nearer.append(vars(cls))


def _read(container, key):
    """What stands at a place now."""
    if type(container) is types.CellType:
        try:
            return container.cell_contents
        except ValueError:  # not filled
            return _MISSING
    if type(container) is list:
        return container[key] if key < len(container) else _MISSING
    return container.get(key, _MISSING) if isinstance(container, _MAPPINGS) else getattr(container, key, _MISSING)


def _slots_of(kind):
    for cls in kind.__mro__:
        slots = vars(cls).get("__slots__", ())
        yield from (s for s in ((slots,) if isinstance(slots, str) else slots) if not s.startswith("__"))


def _form_of(array):
    return array.shape, array.strides, array.dtype


def _is_same_value(a, b):
    return type(a) is type(b) and isinstance(a, _PLAIN) and repr(a) == repr(b)  # 0.0 and -0.0 are not the same, nan and nan are


def _is_own(thing):
    """Whether a module or a class is jittape's."""
    name = thing.__module__ if isinstance(thing, type) else thing.__name__
    return name.partition(".")[0] == "jittape"


def contents_of(array):
    """A number that changes when the contents of an array do."""
    ensure(HASH)
    array = np.ascontiguousarray(array)
    return hash_now(address_of(array), array.nbytes)
