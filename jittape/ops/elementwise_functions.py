"""Functions and operators of elementwise operations, with a short path to the recording of a row."""

import math
from threading import get_ident
from weakref import ref

import numpy as np
from numba import types

from ..dtypes import is_complex
from ..kernels.loops import inlined
from ..numba_backend.decorators import JIT, helper_for
from ..tape.record import record_binary, record_scalar_left, record_scalar_right, record_unary
from ..tape.recording_state import recording
from ..tensors.array import Array
from ..tensors.row_binding import row_of_array
from ..tensors.tensor import Tensor, blank, result
from .constant_operands import of_one, of_two
from .declared_docstrings import of_operands
from .keywords import stored
from .operation_table import is_operand

PARAMETERS = [None, "input", "input other", "input other third"]


def public_function(operation, parameters):
    """The function that users call, with a fast path to the compiled recording function."""
    code, apply, arity = operation.code, operation.apply, operation.arity
    of_constants = (of_one if arity == 1 else of_two)(operation)
    if arity == 1 and operation.takes_inplace:

        def function(input, inplace=False, *, out=None):
            if inplace or out is not None:
                return stored(apply(input), input if inplace else out, operation.name)
            tape = recording()
            if not isinstance(input, Tensor):
                return apply(input)
            if input._tape is None:
                y = of_constants(tape, input)
                if y is not None:
                    return y
            elif input._tape is tape:
                row = record_unary(tape.header, code, input._row)
                if row >= 0:  # `result`, without the call
                    y = blank(Array if type(input) is Array else Tensor)
                    y._tape, y._row = tape, row
                    y._array = y._storage = y._extras = None
                    tape.handles.append(ref(y))
                    return y
            return apply(input)

    elif arity == 1:

        def function(input, *, out=None):
            if out is not None:
                return stored(apply(input), out, operation.name)
            tape = recording()
            if not isinstance(input, Tensor):
                return apply(input)
            if input._tape is None:
                y = of_constants(tape, input)
                if y is not None:
                    return y
            elif input._tape is tape:
                row = record_unary(tape.header, code, input._row)
                if row >= 0:  # `result`, without the call
                    y = blank(Array if type(input) is Array else Tensor)
                    y._tape, y._row = tape, row
                    y._array = y._storage = y._extras = None
                    tape.handles.append(ref(y))
                    return y
            return apply(input)

    elif arity == 2 and not operation.without_partial:

        def function(input, other, *, out=None):
            if out is not None:
                return stored(apply(input, other), out, operation.name)
            tape = recording()
            if isinstance(input, Tensor) and input._tape is None:
                y = of_constants(tape, input, other)
                if y is not None:
                    return y
            elif isinstance(input, Tensor) and input._tape is tape:
                row = _try_binary(tape, code, input, other)
                if row >= 0:
                    return result(tape, row, Array if type(input) is Array or type(other) is Array else Tensor)
            elif type(input) is float and isinstance(other, Tensor) and tape is not None and other._tape is tape:
                row = record_scalar_left(tape.header, code, other._row, input)
                if row >= 0:
                    return result(tape, row, Array if type(other) is Array else Tensor)
            return apply(input, other)

    elif arity == 2:

        def function(input, other, *, out=None):
            value = apply(input, other)
            return value if out is None else stored(value, out, operation.name)

    else:

        def function(input, other, third, *, out=None):
            value = apply(input, other, third)
            return value if out is None else stored(value, out, operation.name)

    return _dress(_with_parameters(function, parameters), operation, operation.body, parameters)


def _with_parameters(function, names):
    """Rename the parameters of a function: signature, keywords and error messages have these names, at no cost."""
    variables = function.__code__.co_varnames
    function.__code__ = function.__code__.replace(co_varnames=(*names, *variables[len(names) :]))
    return function


def _dress(function, operation, body, names):
    function.__name__ = function.__qualname__ = body.__name__
    function.__module__, function.__doc__ = "jittape", of_operands(body.__doc__, names, inplace=operation.takes_inplace)
    function.operation, operation.function = operation, function
    function.scalar_body, function.complex_body = body, operation.complex_body

    def partials(rule):
        operation.partials = rule
        return rule

    def complex_partials(rule):
        operation.complex_partials = rule
        return rule

    def of_complex(other):
        operation.of_complex = other
        return other

    function.partials, function.complex_partials, function.of_complex = partials, complex_partials, of_complex
    return function


def _try_binary(tape, code, x, other):
    if type(other) is Tensor or type(other) is Array:
        return record_binary(tape.header, code, x._row, other._row) if other._tape is tape else -1
    if type(other) is float or type(other) is int:
        return record_scalar_right(tape.header, code, x._row, float(other))
    if isinstance(other, Tensor) and other._tape is tape:  # a parameter
        return record_binary(tape.header, code, x._row, other._row)
    return -1


def overload_on_floats(function, body, complex_body=None):
    """Make the public function callable on numbers in compiled code, for partials and users' own kernels."""
    if not JIT:
        return
    for each in {body, complex_body} - {None}:
        inlined(each)  # before a call of it is typed
    arity = body.__code__.co_argcount
    if arity == 1:

        @helper_for(function)
        def on_floats(x):
            inner = _body_on(body, complex_body, x)
            if inner is not None:
                return _named(lambda x: inner(x), function)

    elif arity == 2:

        @helper_for(function)
        def on_floats(x, z):
            inner = _body_on(body, complex_body, x, z)
            if inner is not None:
                return _named(lambda x, z: inner(x, z), function)

    else:

        @helper_for(function)
        def on_floats(x, z, w):
            inner = _body_on(body, complex_body, x, z, w)
            if inner is not None:
                return _named(lambda x, z, w: inner(x, z, w), function)


def _named(implementation, function):
    """Name machine code after what it is for.

    Otherwise its name is that of the lambda and a number that counts the functions of a process: of two from disk, which two
    processes have written, LLVM took one for the other, and the derivative of a sine times a power was wrong.
    """
    where = getattr(function, "__module__", None) or "numpy"  # ufuncs have none
    implementation.__name__ = implementation.__qualname__ = f"on_floats_{where}_{function.__name__}"
    return implementation


def _body_on(body, complex_body, *kinds):
    """What the operation is on plain numbers of these types; None: of differential ones the declared partials are taken."""
    if all([isinstance(ty, _REAL) for ty in kinds]):
        return body
    return complex_body if all([isinstance(ty, (*_REAL, types.Complex)) for ty in kinds]) else None


_REAL = (types.Float, types.Integer, types.Boolean)


# --- constants beside a Tensor --------------------------------------------------------------------------------

_numbers = {}  # number and dtype -> an array of the number, which keeps its row


def _row_beside(tape, x, other):
    """The row of an array of the dtype of a Tensor, or of a number beside a complex one; -1 for what has no short way."""
    if tape.derivatives_are_rows or tape.owner != get_ident():
        return -1
    if type(other) is np.ndarray:
        return row_of_array(tape, other) if other.dtype is x.dtype else -1
    if type(other) in (complex, float, int) and is_complex(x.dtype) and abs(other) < 1e300:
        return row_of_array(tape, _number_of(complex(other), x.dtype))
    return -1


def _number_of(z, dtype):
    key = z, math.copysign(1.0, z.real), math.copysign(1.0, z.imag), dtype
    found = _numbers.get(key)
    if found is None:
        if len(_numbers) > 256:
            _numbers.clear()
        found = _numbers[key] = np.array(z, dtype)
    return found


# --- operators ----------------------------------------------------------------------------------------------


def binary_operator(operation, face):
    """``x op other`` of a Tensor or an Array (`face`), with the shortest way to the recording function."""
    code, apply, takes_lists = operation.code, operation.apply, face is Array
    of_constants = of_two(operation)

    def method(self, other):
        tape = recording()
        if self._tape is None:
            y = of_constants(tape, self, other)
            if y is not None:
                return y
        elif self._tape is tape:
            kind, row, made = type(other), -1, face
            if kind is face:
                if other._tape is tape:
                    row = record_binary(tape.header, code, self._row, other._row)
            elif kind is float:
                row = record_scalar_right(tape.header, code, self._row, other)
            elif kind is int:
                row = record_scalar_right(tape.header, code, self._row, float(other))
            elif isinstance(other, Tensor) and other._tape is tape:  # a parameter, or of the other face
                made = Array if kind is Array else face
                row = record_binary(tape.header, code, self._row, other._row)
            if row < 0 and (beside := _row_beside(tape, self, other)) >= 0:
                row = record_binary(tape.header, code, self._row, beside)
            if row >= 0:  # `result`, without the call: a tenth of the time of the operation
                y = blank(made)
                y._tape, y._row = tape, row
                y._array = y._storage = y._extras = None
                tape.handles.append(ref(y))
                return y
        if is_operand(other):
            return apply(self, other)
        return apply(self, np.asarray(other)) if takes_lists and isinstance(other, (list, tuple)) else NotImplemented

    return method


def reflected_operator(operation, face):
    """``other op x``."""
    code, apply, takes_lists = operation.code, operation.apply, face is Array

    def method(self, other):
        tape = recording()
        if self._tape is tape and tape is not None and type(other) in (float, int, complex):
            row = -1 if type(other) is complex else record_scalar_left(tape.header, code, self._row, float(other))
            if row < 0 and (beside := _row_beside(tape, self, other)) >= 0:
                row = record_binary(tape.header, code, beside, self._row)
            if row >= 0:
                return result(tape, row, face)
        if is_operand(other):
            return apply(other, self)
        return apply(np.asarray(other), self) if takes_lists and isinstance(other, (list, tuple)) else NotImplemented

    return method


def recording_operators(operator, operation, face):
    """The methods for an operator: of two operands, those with a short way to the recording function."""
    word = operator.__name__.strip("_")
    return {f"__{word}__": binary_operator(operation, face), f"__r{word}__": reflected_operator(operation, face)}
