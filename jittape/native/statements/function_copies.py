"""Copies of a user's compiled function that run on other numbers.

The user's bytecode is used as it is. What it sees in its globals is replaced: NumPy by functions that make active arrays,
jitted functions by copies of themselves.
"""

import functools
import types as python_types
from types import MappingProxyType

import numba
import numpy as np
from numba import types
from numba.extending import typeof_impl

from ..compat import Dispatcher, NativeLowering, NopythonRewrites, PreLowerStripPhis, ReconstructSSA, locals_of, pipeline_class_of
from ..compilation.compile_cached import LinkedOnly, overloaded
from ...numba_backend.fingerprint import names_in
from ...numba_backend.kept_with_functions import kept_with
from ..compilation.definitions import Definition, is_jitclass, twin
from ..numbers.number_types import in_precision
from .array_expressions import ClaimArrayExpressions
from .borrowed_variables import LowerBorrowing, PassAsTheyAre
from .declared_signatures import declare_like, types_of_parameters
from .expression_search import FuseExpressions
from .foreign_functions import is_foreign, without_derivative
from .overload_copies import overloaded_copy
from .joint_finite_tests import ComputeTogether
from .dictionary_keys import RefuseKeys
from .object_mode import RefuseObjectMode
from .statement_writing import WriteStatements, is_recursive, recorded_for, returned_for


class RecordingCompiler(LinkedOnly):
    """Numba's passes, extended by those that decide where statements are written."""

    def needs_an_address(self):
        """Whether the function needs machine code of its own; Numba links recursive calls by address."""
        return is_recursive(self.state.func_id.func)

    def compile_extra(self, func):
        self.state.locals = {**types_of_parameters(func, self.state.args), **self.state.locals}
        return super().compile_extra(func)

    def extend(self, pipeline):
        pipeline.add_pass_after(WriteStatements, ReconstructSSA)
        pipeline.add_pass_after(FuseExpressions, PreLowerStripPhis)
        pipeline.add_pass_after(RefuseObjectMode, PreLowerStripPhis)
        pipeline.add_pass_after(RefuseKeys, PreLowerStripPhis)
        pipeline.add_pass_after(ComputeTogether, FuseExpressions)
        pipeline.add_pass_after(PassAsTheyAre, ComputeTogether)
        pipeline.add_pass_after(ClaimArrayExpressions, NopythonRewrites)
        pipeline.passes = [(LowerBorrowing if made is NativeLowering else made, why) for made, why in pipeline.passes]


COPIES = {"pipeline_class": RecordingCompiler}  # how copies are compiled


class TypeStandIn:
    """What a copy sees in the place of a class or another value of the user's: only its type counts.

    Parameters
    ----------
    ty : Type
        Numba's type of it.
    takes_numbers : bool
        Arguments of its calls are written as statements.
    """

    def __init__(self, ty, takes_numbers=False):
        self.type, self.takes_numbers = ty, takes_numbers


@typeof_impl.register(TypeStandIn)
def _type_of_stand_in(value, context):
    return value.type


SUBSTITUTES = {}  # id of a NumPy function -> (the function, kind -> what a copy sees in its place)


def substitute(*functions):
    """Declare what copies see in the place of functions of NumPy; decorates a function of the kind of numbers."""

    def declare(make):
        make = functools.cache(make)
        for function in functions:
            SUBSTITUTES[id(function)] = function, make
        return make

    return declare


INSTANCES = {}  # class -> what a copy sees in the place of its instances, made by a function of (instance, Copies)


def substitute_instances(of):
    """Declare what copies see in the place of instances of a class; decorates a function of (instance, Copies)."""

    def declare(make):
        INSTANCES[of] = make
        return make

    return declare


def stands_for(*functions):
    """Declare what functions of NumPy mean in copies; decorates a function of the kind of numbers that returns an overload."""

    def declare(make):
        return substitute(*functions)(lambda kind: overloaded(make(kind), functions[0].__name__))

    return declare


class Copies:
    """Copies of functions for one kind of numbers, which `np.zeros` makes in them.

    A copy is kept by the function that it was made of, among its attributes, and goes with it: `Copies` last as long as the
    process. Code of a copy calls other copies, so a function of Python that is copied is the key to those it calls.

    Parameters
    ----------
    kind : Active or Dual
        The number type.
    records_arrays : bool
        Whether arrays that are computed of plain floats hold numbers of the kind, too. That costs time and memory, but other
        numbers can be written into them, and other arrays can take their place.
    """

    def __init__(self, kind, records_arrays=False):
        self.kind = kind
        self._recorded = recorded_for(kind) if records_arrays else None
        self._stand_ins, self._instances = {}, {}  # by id, with what has that id
        self._open = {}  # id of a module -> its copy, while that is made
        self._returned = returned_for(kind)

    def seen(self, value, names, caller):
        """What a copy sees in the place of a global or captured variable; of a module, the attributes with one of the names."""
        known = SUBSTITUTES.get(id(value))
        if known is not None and known[0] is value:
            return known[1](self.kind)
        instead = self._in_place_of(value)
        if instead is not value:
            return instead
        own_type = getattr(type(value), "_numba_type_", None) and value._numba_type_
        if isinstance(own_type, types.Dispatcher):  # a derivative
            value = own_type.dispatcher
        if isinstance(value, Dispatcher):
            copy = self.of(value, caller.error_model)
            caller.calls.append(copy.py_func)
            return copy
        if isinstance(value, python_types.ModuleType):
            return self._module(value, names, caller)
        if isinstance(value, tuple):
            seen = tuple(self.seen(v, names, caller) for v in value)
            return value if all(a is b for a, b in zip(seen, value)) else seen
        return self._stand_in(value) if callable(value) or is_foreign(value) else value

    def _in_place_of(self, value):
        """What is declared for instances of the class of a value; the value itself if nothing is."""
        if id(value) not in self._instances or is_jitclass(value):  # its methods may mean something else by now
            make = next((INSTANCES[c] for c in type(value).__mro__ if c in INSTANCES), None)
            if make is None:
                return value
            self._instances[id(value)] = value, make(value, self)
        return self._instances[id(value)][1]

    def _stand_in(self, function):
        """What a copy sees in the place of a function that Numba knows by overloads, or by an address."""
        known = self._stand_ins.get(id(function))
        if known is None or not known[0].holds():
            definition = Definition.of_overloads(function)
            copied = functools.partial(self.of_function, values=definition.values_in_overloads)
            foreign = is_foreign(function)
            seen = without_derivative(function) if foreign else overloaded_copy(function, copied, COPIES)
            known = self._stand_ins[id(function)] = definition, seen
        return known[1]

    def _module(self, module, names, caller):
        """A module with copies of its functions, or the module itself if none of the names is a function."""
        if id(module) in self._open:  # modules refer to each other
            return self._open[id(module)]
        copy = python_types.ModuleType(f"jittape.{module.__name__}")  # Numba rewrites `numpy.array` of lists by name
        self._open[id(module)] = copy
        try:
            found = {name: self.seen(vars(module)[name], names, caller) for name in names if name in vars(module)}
        finally:
            del self._open[id(module)]
        if all(value is vars(module)[name] or value is copy for name, value in found.items()):
            return module
        vars(copy).update(found)
        return copy

    def of(self, dispatcher, error_model="python"):
        """The copy of a function, compiled when it is called.

        `error_model` is that of its caller, which is in effect if the function does not choose one.
        """
        if pipeline_class_of(dispatcher) is RecordingCompiler:
            return dispatcher
        if hasattr(dispatcher, "nested"):  # a derivative runs on any numbers as it is
            return dispatcher.nested
        error_model = dispatcher.targetoptions.get("error_model", error_model)
        found = kept_with(dispatcher).get((self, error_model))
        return self._new(dispatcher, error_model) if found is None else found

    def _new(self, dispatcher, error_model):
        copy = twin(dispatcher.py_func)
        declare_like(copy, dispatcher)
        options = {k: v for k, v in dispatcher.targetoptions.items() if k not in ("nopython", "parallel")}
        options["error_model"] = error_model  # otherwise Numba would use that of its caller, a derivative
        options["fastmath"] = finite(options.get("fastmath", False))
        result = numba.njit(copy, locals=self._locals(dispatcher), **{**options, **COPIES})
        kept_with(dispatcher)[self, error_model] = result  # before its globals are copied: it may refer to itself
        self._fill(copy, dispatcher.py_func, error_model)
        return result

    def _locals(self, dispatcher):
        """The types that a function declares for its variables: floats become numbers with derivatives in that precision.

        Those of arrays are left out: a declaration changes no elements.
        """
        declared = locals_of(dispatcher).items()
        kept = {name: ty for name, ty in declared if not isinstance(ty, (types.Array, types.Float))}
        return kept | {name: in_precision(self.kind, ty) for name, ty in declared if isinstance(ty, types.Float)}

    def of_function(self, function, values):
        """The copy of a function that an overload has picked, which Numba compiles with the options of the overload.

        Some names stand for other values than at present: those that Numba has compiled into what the overload has picked before.
        """
        known = kept_with(function).get(self)
        if known is None or known[1] is not values:
            known = kept_with(function)[self] = twin(function), values
            self._fill(known[0], function, "python", values)
        return known[0]

    def _fill(self, copy, function, error_model, values=MappingProxyType({})):
        """Give a copy what it sees in the place of the globals and captured variables of its original."""
        copy.calls, copy.error_model = [], error_model
        copy.returned = functools.partial(self._returned_by, copy)
        copy.copied, copy.settled, copy.recorded = self.seen(np.copy, (), None), self._returned, self._recorded
        names = set(names_in(function.__code__))
        for name, own, cell in zip(function.__code__.co_freevars, copy.__closure__ or (), function.__closure__ or ()):
            own.cell_contents = self.seen(values.get(name, cell.cell_contents), names, copy)
        for name in names & copy.__globals__.keys():
            copy.__globals__[name] = self.seen(values.get(name, copy.__globals__[name]), names, copy)

    def _returned_by(self, copy):
        """What a copy that calls itself, in however many steps, returns through; None for others."""
        reached, queue = set(), list(copy.calls)
        while queue:
            called = queue.pop()
            if called not in reached:
                reached.add(called)
                queue.extend(getattr(called, "calls", ()))  # derivatives have none
        return self._returned if copy in reached else None


def finite(flags):
    """What the user allows LLVM to do to arithmetic, except to assume that nothing is infinite or nan: partials may be."""
    if isinstance(flags, dict):
        flags = {name for name, chosen in flags.items() if chosen}
    elif not isinstance(flags, (set, list, tuple)):
        flags = {"fast"} if flags else set()
    chosen = {"reassoc", "nsz", "arcp", "contract", "afn"} if "fast" in flags else set(flags) - {"nnan", "ninf"}
    return chosen or False


_made = functools.cache(Copies)


def copies_for(kind, records_arrays=False):
    """The `Copies` for a kind of numbers, of which there is one in a process for each of the two ways."""
    return _made(kind, records_arrays)
