"""Structured operations of the table in compiled code: values and derivatives come from their declarations.

Where a declaration has a loop (`Structured.along_a_vector`), that runs on differentiated numbers.  For all others compiled
code asks Python for the value and the Jacobian at an array of floats: the function runs there on a Tensor, and its own
pullback gives the Jacobian.  What is recorded is a product of that matrix with the operand, so the tape needs no operation.

A call costs some 100 us beside the numbers of the Jacobian, of which there are as many as elements of the operand times
those of the result.  An operation that compiled loops should call often has loops of its own in this folder.
"""

import ctypes
import threading
import zlib

import numpy as np
from numba import types
from numba.extending import intrinsic, overload_method

from ...autograd import enable_grad, grad
from ...ops.declare_structured import Structured
from ...ops.operation_names import follow_declarations, numpy_functions_of
from ...tape.tape import Tape
from ...tensors.tensor import Tensor, wrap
from ..compat import add_symbol, llvm_ir as ir
from ..compilation.compile_cached import inside, overloaded
from ..compilation.shared_code import symbol
from ..numbers.array_types import DifferentialArray, element_type, is_array
from ..numbers.number_parts import new_array, number_with_value, zero_of
from ..numbers.number_types import depth_of
from ..statement_tape.entry_writers import values, vector
from ..statements.function_copies import SUBSTITUTES, substitute
from .array_reductions import dot_of

# Words of a request, which compiled code and Python share.
FUNCTION, OPERAND, AXES, GIVEN, ARGUMENT, RESULT, JACOBIAN, SHAPE, RESULT_SHAPE, WORDS = 0, 1, 2, 3, 4, 5, 6, 7, 11, 15
MOST_AXES = 4
FAILED = "a function of the operation table raised an exception in compiled code: call it on an array from Python to see which"

_functions = {}  # checksum of the name of a NumPy function, the same in every process -> function of ours
_answers = threading.local()


def _checksum(function):
    return zlib.crc32(f"{function.__module__}.{function.__qualname__}".encode())


def linearised(function, x, args):
    """The value of a function of the table at an array, and its Jacobian as a matrix."""
    with Tape(), enable_grad():
        operand = wrap(x)
        operand.requires_grad = True
        y = function(operand, *args)
        if not isinstance(y, Tensor):
            raise TypeError(f"{function!r} has several results: compiled code can only call what returns one array")
        size = y.numel()
        seeds = np.eye(size).reshape(size, *y.shape)
        if not y.requires_grad or not size:
            return np.array(y.detach().numpy(), order="C"), np.zeros((size, x.size))
        (rows,) = grad([y], [operand], [wrap(seeds)], is_grads_batched=True)
        return np.array(y.detach().numpy(), order="C"), np.array(rows.numpy(), order="C").reshape(size, x.size)


def _words(address, count):
    return np.ctypeslib.as_array(ctypes.cast(address, ctypes.POINTER(ctypes.c_int64)), (count,))


def _floats(address, shape):
    return np.ctypeslib.as_array(ctypes.cast(address, ctypes.POINTER(ctypes.c_double)), shape)


def _serve(address):
    """Answer a request: first with the shape of the result, then with the numbers, where there is memory for them."""
    request = _words(address, WORDS)
    try:
        if request[RESULT] == 0:
            x = _floats(int(request[OPERAND]), tuple(request[SHAPE : SHAPE + request[AXES]].tolist())).copy()
            args = (int(request[ARGUMENT]),) if request[GIVEN] else ()
            _answers.latest = y, _ = linearised(_functions[int(request[FUNCTION])], x, args)
            request[RESULT_SHAPE : RESULT_SHAPE + y.ndim] = y.shape
        else:
            y, jacobian = _answers.latest
            _floats(int(request[RESULT]), y.shape)[...] = y
            _floats(int(request[JACOBIAN]), jacobian.shape)[...] = jacobian
            _answers.latest = None
        return 0
    except Exception:  # an exception cannot leave a callback: compiled code raises another
        return 1


_callback = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64)(_serve)
_SYMBOL = "jittape_table_call"
add_symbol(_SYMBOL, ctypes.cast(_callback, ctypes.c_void_p).value)


@intrinsic
def ask(typingctx, request):
    """Hand the address of a request to Python.  Returns 0, or 1 after an exception."""

    def codegen(context, builder, signature, args):
        word = ir.IntType(64)
        served = builder.inttoptr(symbol(builder, _SYMBOL), ir.FunctionType(word, [word]).as_pointer())
        return builder.call(served, args)

    return types.int64(types.int64), codegen


@inside
def requested(x, function, given, argument):
    """A request for a function at a contiguous array of floats, with the shape of its result."""
    request = np.zeros(WORDS, np.int64)
    request[FUNCTION], request[OPERAND], request[AXES] = function, x.ctypes.data, x.ndim
    request[GIVEN], request[ARGUMENT] = given, argument
    for d in range(x.ndim):
        request[SHAPE + d] = x.shape[d]
    if ask(request.ctypes.data) != 0:
        raise RuntimeError(FAILED)
    return request


@inside
def answered(request, x, result, like):
    """Fill an array of the shape of the result, with the derivatives of the Jacobian times the operand."""
    y, jacobian = np.empty(result.size), np.empty((result.size, x.size))
    request[RESULT], request[JACOBIAN] = y.ctypes.data, jacobian.ctypes.data
    if ask(request.ctypes.data) != 0:
        raise RuntimeError(FAILED)
    moved, target = dot_of(jacobian, vector(x)), vector(result)
    for k in range(len(y)):
        target[k] = number_with_value(y[k], moved[k], like)
    return result


def _axes_of_result(function, ndim, given):
    """How many axes the result has, found on a small matrix that every function is defined at."""
    small = np.eye(2) + 0.25 if ndim == 2 else np.linspace(0.5, 1.0, 2**ndim).reshape((2,) * ndim)
    return linearised(function, small, (0,) if given else ())[0].ndim


_EMPTY = {
    0: lambda request, like: new_array(1, like),
    1: lambda request, like: new_array(request[RESULT_SHAPE], like),
    2: lambda request, like: new_array((request[RESULT_SHAPE], request[RESULT_SHAPE + 1]), like),
    3: lambda request, like: new_array((request[RESULT_SHAPE], request[RESULT_SHAPE + 1], request[RESULT_SHAPE + 2]), like),
}


def _meaning(original):
    """What copies of users' functions see in the place of a function of NumPy."""
    key = _checksum(original)

    def meaning(x, axis=None):
        given = not (axis is None or isinstance(axis, (types.Omitted, types.NoneType)))
        if not is_array(x):
            return (lambda x, axis=None: original(x, axis)) if given else (lambda x, axis=None: original(x))
        if depth_of(element_type(x).base) or x.ndim >= MOST_AXES or (given and not isinstance(axis, types.Integer)):
            return None
        axes = _axes_of_result(_functions[key], x.ndim, given)
        empty = overloaded(lambda request, like: _EMPTY[axes])
        finished = overloaded(lambda result: (lambda result: result[0]) if axes == 0 else (lambda result: result))
        number = overloaded(lambda axis: (lambda axis: axis) if given else (lambda axis: 0))

        def called(x, axis=None):
            like = zero_of(x, x)
            request = requested(values(x, like), key, given, number(axis))
            return finished(answered(request, x, empty(request, like), like))

        return called

    return meaning


def _by_loop(original, operation):
    """The meaning of a function of NumPy whose operation has a loop: that of all elements as a vector."""
    loop = inside(operation.loop)

    def run(x):
        out = new_array(x.size, zero_of(x, x))
        if x.size > 0:
            loop(vector(x), out, 0, 1, x.size)
        return out

    def on_arrays(x):
        return run

    def meaning(x):
        return run if is_array(x) else lambda x: original(x)

    overload_method(DifferentialArray, original.__name__)(on_arrays)
    return overloaded(meaning, original.__name__)


def _declare_function(function):
    """Give NumPy's functions of a structured operation a meaning in copies, where there is none yet."""
    operation = getattr(function, "operation", None)
    if not isinstance(operation, Structured) or operation.arity != 1:
        return
    for original in numpy_functions_of(function):
        if operation.loop is not None and id(original) not in SUBSTITUTES:
            declared = _by_loop(original, operation)
            substitute(original)(lambda kind, declared=declared: declared)
            continue
        if _checksum(original) in _functions or id(original) not in SUBSTITUTES:
            _functions[_checksum(original)] = function
        if id(original) not in SUBSTITUTES:
            declared = overloaded(_meaning(original), original.__name__)
            substitute(original)(lambda kind, declared=declared: declared)


follow_declarations(_declare_function)
