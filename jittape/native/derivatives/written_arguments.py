"""Which arguments a compiled function may write to, read from the code that Numba types for it.

What is asked is whose memory an assignment can reach: a variable may stand for memory of the arguments that it was made of, and
a statement that writes to it may write to any of these. An argument that a function hands to code which cannot be read counts as
written to.
"""

import inspect
from typing import NamedTuple

import numpy as np
from numba import types

from ...numba_backend.frozen_values import is_read_where_it_lies
from ...numba_backend.kept_with_functions import kept_by_function, kept_with
from ..compat import fold_arguments, numba_ir as ir
from ..compilation.definitions import Definition
from ..loops.typed_code import TypingOnly, Unstructured, typed_code
from ..numbers.complex_numbers import complex_of, is_complex, part_of
from ..numbers.number_types import Differentiated, depth_of, precision_of
from .inputs import tuple_like

WITHOUT_MEMORY = (
    types.Number,
    types.Boolean,
    types.Literal,
    types.NoneType,
    types.SliceType,
    types.RangeType,
    types.RangeIteratorType,
    types.UnicodeType,
    types.EllipsisType,
    types.Function,
    types.Dispatcher,
    types.NumberClass,
    types.DType,
    types.Module,
    types.ExceptionClass,
    types.Omitted,
)
READING = (
    "all any argmax argmin argsort astype conj conjugate copy cumprod cumsum diagonal dot flatten item max mean min nonzero prod "
    "ptp ravel repeat reshape round searchsorted std sum take tolist trace transpose var view"
).split()  # methods of arrays
COPYING = "astype copy cumprod cumsum dot flatten repeat round take".split()
MAKING = (
    "zeros_like ones_like empty_like full_like copy array dot vdot concatenate stack vstack hstack dstack column_stack outer "
    "sort argsort cumsum cumprod where diff interp repeat roll append kron cross linspace arange"
).split()  # functions of NumPy whose results have memory of their own
WRITING = "copyto fill_diagonal put place putmask put_along_axis shuffle permuted setitem delitem".split()
ORDER = "flags", "strides"  # attributes of arrays that tell how these lie in memory
IN_PLACE = "iadd isub imul itruediv ifloordiv imod ipow imatmul iand ior ixor ilshift irshift iconcat".split()  # of `operator`
WITH_OUTPUTS = {"dot": 2, "clip": 3, "round": 2, "around": 2, "round_": 2, "take": 3, "nan_to_num": 1}  # operands before them
KNOWN = "numpy", "math", "cmath", "builtins", "operator", "_operator"


def holds_memory(ty):
    """Whether a value of a type may be, or have, memory of an array."""
    if isinstance(ty, types.BaseTuple):
        return any(map(holds_memory, ty.types))
    return not isinstance(ty, (*WITHOUT_MEMORY, Differentiated))


def plain_kind(ty):
    """The type of an argument without derivatives."""
    if isinstance(ty, types.BaseTuple):
        return tuple_like(ty, map(plain_kind, ty.types))
    if isinstance(ty, types.Array) and depth_of(ty.dtype):
        return types.Array(plain_kind(ty.dtype), ty.ndim, ty.layout)
    return (
        types.unliteral(ty) if not depth_of(ty) else complex_of(plain_kind(part_of(ty))) if is_complex(ty) else precision_of(ty)
    )


class Writes:
    """What a function writes to, and reads beside its arguments.

    Parameters
    ----------
    function : Dispatcher
    kinds : tuple of Type
        Of the arguments, without derivatives.
    under_way : frozenset
        Functions and types of arguments that are being read: those that call this one.

    Attributes
    ----------
    arguments : set of int
        The arguments that it may write to.
    constants : list of ndarray
        Global and captured arrays that it reads where they lie.
    reads_order : bool
        Whether it asks how arrays lie in memory.
    """

    def __init__(self, function, kinds, under_way=frozenset()):
        self._under_way = under_way | {(function, kinds)}
        self.arguments, self.constants, self.reads_order = set(range(len(kinds))), [], False
        try:
            self._code = typed_code(function, kinds, TypingOnly)
        except Unstructured:  # the function does not compile, which is said elsewhere
            return
        self.arguments, self._reached, self._made_by, before = set(), {}, {}, None
        self._statements = [s for block in self._code.blocks.values() for s in block.body]
        while before != (before := (len(self.arguments), sum(map(len, self._reached.values())))):
            for statement in self._statements:
                self._read(statement)

    def _of(self, *variables):
        """The arguments whose memory variables may stand for."""
        return set().union(*[self._reached.get(v.name, ()) for v in variables])

    def _read(self, statement):
        if isinstance(statement, ir.Assign):
            found = self._reached_by(statement.value)
            self._made_by[statement.target.name] = statement.value
            if holds_memory(self._code.types[statement.target.name]):
                self._reached.setdefault(statement.target.name, set()).update(found)
        elif isinstance(statement, (ir.SetItem, ir.StaticSetItem, ir.SetAttr, ir.DelItem, ir.StoreMap)):
            target = statement.dct if isinstance(statement, ir.StoreMap) else statement.target
            self.arguments |= self._of(target)
            if not isinstance(self._code.types[target.name], types.Array):  # what is stored in an array is copied
                self._reached.setdefault(target.name, set()).update(self._of(*statement.list_vars()))

    def _reached_by(self, value):
        """The arguments whose memory a value may be; notes those that are written to when it is computed."""
        if isinstance(value, ir.Arg):
            return {value.index}
        if isinstance(value, (ir.Global, ir.FreeVar)):
            self._note(value.value)
        if isinstance(value, ir.Var):
            return self._of(value)
        if not isinstance(value, ir.Expr) or value.op in ("binop", "unary"):
            return set()
        if value.op == "call":
            return self._called(value)
        if value.op == "inplace_binop" and holds_memory(self._code.types[value.lhs.name]):
            self.arguments |= self._of(value.lhs)
        if value.op == "getattr" and value.attr in ORDER and isinstance(self._code.types[value.value.name], types.Array):
            self.reads_order = True
        if value.op == "static_getitem":
            made = self._made_by.get(value.value.name)
            if getattr(made, "op", None) == "build_tuple" and isinstance(value.index, int):
                return self._of(made.items[value.index])
        return self._of(*value.list_vars())

    def _note(self, value):
        for array in value if isinstance(value, tuple) else (value,):
            if isinstance(array, np.ndarray) and is_read_where_it_lies(array) and not any(array is c for c in self.constants):
                self.constants.append(array)

    def _called(self, expr):
        """The arguments whose memory the result of a call may be."""
        function = self._code.types[expr.func.name]
        given = self._of(*expr.list_vars())
        if isinstance(function, types.Dispatcher):
            self.arguments |= self._written_by(function.dispatcher, expr)
            return given
        method = self._made_by.get(expr.func.name)
        if isinstance(function, types.BoundFunction) and isinstance(function.this, types.Array):
            if method.attr not in READING or expr.kws and any(name == "out" for name, _ in expr.kws):
                self.arguments |= given
            return set() if method.attr in COPYING else given
        if isinstance(function, (types.NumberClass, types.ExceptionClass)):
            return set()
        key = getattr(function, "typing_key", None)
        self.arguments |= self._written_by_known(key, expr, given)
        makes = isinstance(key, np.ufunc) and len(expr.args) <= key.nin or getattr(key, "__name__", None) in MAKING
        return set() if makes else given

    def _written_by_known(self, key, expr, given):
        """What a function of NumPy's or Python's writes to; all that it is given if it is another one."""
        name, named = getattr(key, "__name__", ""), [v for _, v in expr.kws]
        if isinstance(key, np.ufunc):
            return self._of(*expr.args[key.nin :], *named)
        if (getattr(key, "__module__", None) or "").partition(".")[0] not in KNOWN or name in WRITING or name in IN_PLACE:
            return given
        if name in WITH_OUTPUTS:
            return given if len(expr.args) + len(named) > WITH_OUTPUTS[name] else set()
        return set()

    def _written_by(self, callee, expr):
        """What a compiled function writes to that is called."""
        if expr.vararg is not None:
            return self._of(*expr.list_vars())
        kinds = tuple(map(types.unliteral, self._code.signatures[expr].args))
        own = underlying(callee)
        found = NOTHING if own is None else _writes(own, kinds, self._under_way) if own is callee else writes_of(own, kinds)
        bound = inspect.signature(callee.py_func).bind(*expr.args, **dict(expr.kws))
        given = [bound.arguments.get(name, ()) for name in bound.signature.parameters]
        self.reads_order = self.reads_order or found.reads_order
        for array in found.constants:
            self._note(array)
        places = [v if isinstance(v, tuple) else (v,) for k, v in enumerate(given) if k in found.arguments]
        return self._of(*[v for place in places for v in place])


def underlying(function):
    """The function that a derivative belongs to, of any order; None if its arguments are not those of the function."""
    while hasattr(function, "derivative_of"):
        function = function.derivative_of
    return function


def reads_arrays_where_they_lie(function):
    """Whether a function, or one that it calls, has a name that stands for an array whose address Numba compiles in."""
    meaning = Definition(underlying(function)).meaning
    values = [member for _, _, v in meaning for member in (v if isinstance(v, tuple) else (v,))]
    return any(isinstance(v, np.ndarray) and is_read_where_it_lies(v) for v in values)


def writes_of(function, kinds):
    """What a function writes to for arguments of these types.

    A derivative writes to nothing, but it refuses what its function may write to, and so do derivatives of it.
    """
    function = underlying(function)
    return NOTHING if function is None else _writes_of_arguments(function, kinds)


@kept_by_function
def _writes_of_arguments(function, kinds):
    pysig = inspect.signature(function.py_func)
    folded = fold_arguments(pysig, tuple(map(plain_kind, kinds)), {}, _normal, _default, _rest)
    found = _writes(function, tuple(folded))
    last = len(pysig.parameters) - 1
    places = frozenset(k for k in range(len(kinds)) if min(k, last) in found.arguments)
    return Assumed(places, found.constants, found.reads_order)


def _normal(index, parameter, ty):
    return ty


def _default(index, parameter, value):
    return types.Omitted(value)


def _rest(index, parameter, kinds):
    return types.StarArgTuple.from_types(kinds)


def _writes(function, kinds, under_way=frozenset()):
    """The same for types as parameters have them; read once. A function that calls itself may write to all that it is given.

    Not the reader is kept: it knows the functions that call this one, which may be one of Numba's that lasts for ever.
    """
    known, key = kept_with(function), (Writes, kinds)
    if key not in known:
        if (function, kinds) in under_way:
            return Assumed(frozenset(range(len(kinds))))
        read = Writes(function, kinds, under_way)
        known[key] = Assumed(frozenset(read.arguments), tuple(read.constants), read.reads_order)
    return known[key]


class Assumed(NamedTuple):
    """What a function writes to and reads, as `Writes` says it."""

    arguments: frozenset
    constants: tuple = ()
    reads_order: bool = False


NOTHING = Assumed(frozenset())
