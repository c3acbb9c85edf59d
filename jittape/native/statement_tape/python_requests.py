"""What compiled code asks Python for: results of functions of the operation table, and their derivatives.

An exception cannot leave a callback.  Its address is the answer then: compiled code sets it, as Python's own functions in C do,
and returns to whoever called it from Python.  So users get it with its type, message and traceback.

A request is a few words, which compiled code keeps as long as a pullback may be asked for: where the text that describes the
call lies, how long it is, how many numbers go in and come out, and the lengths of the axes of all arguments.
"""

import ctypes
import threading

import numpy as np
from numba import types
from numba.extending import intrinsic

from ...autograd.grad_mode import enable_grad
from ...memory.words import word
from ...numba_backend.decorators import helper
from ...tape.tape import Tape
from ...tensors.tensor import wrap
from ..compat import add_symbol, if_unlikely, llvm_ir as ir
from ..compilation.shared_code import symbol
from ..tape_memory.arenas import COUNT, FIRST
from ..tape_memory.tape_entries import CALL_DERIVATIVE, CALL_INPUTS, CALL_NODES, CALL_REQUEST, CALL_VALUES
from .table_functions import PULLBACK, VALUE, CalledFunction

TEXT, TEXT_LENGTH, INPUTS, RESULTS, LENGTHS_COUNT, LENGTHS = range(6)
WORD = ir.IntType(64)

_answers = threading.local()  # `latest`: a request and its results; `exception`: kept alive until compiled code has taken it


def _words(address, count):
    return np.ctypeslib.as_array(ctypes.cast(address, ctypes.POINTER(ctypes.c_int64)), (count,))


def _floats(address, *shape):
    return np.ctypeslib.as_array(ctypes.cast(address, ctypes.POINTER(ctypes.c_double)), shape)


def _function_of(request):
    text, length, inputs, results, axes = _words(request, LENGTHS).tolist()
    lengths = _words(request + 8 * LENGTHS, axes).tolist()
    return CalledFunction(ctypes.string_at(text, length).decode(), lengths, inputs, results)


def _shapes(request, numbers, shapes, unused):
    """Evaluate a function: the lengths of the axes of its results are written to an address, and how many numbers they are."""
    words = _words(request, LENGTHS)
    results = _function_of(request).checked(wrap(_floats(numbers, int(words[INPUTS])).copy()))
    lengths = [n for y in results for n in y.shape]
    _words(shapes, len(lengths))[:] = lengths
    _answers.latest = request, [y.detach().numpy() for y in results]
    words[RESULTS] = sum([y.size for y in _answers.latest[1]])


def _numbers(request, derivative, numbers, results):
    """Write the results of a function, or of a derivative of it, to an address."""
    latest, _answers.latest = getattr(_answers, "latest", None), None
    if derivative == VALUE and latest is not None and latest[0] == request:
        parts, at = latest[1], 0
        for part in parts:
            _floats(results, at + part.size)[at:] = part.ravel()
            at += part.size
        return
    function = _function_of(request)
    taken, given = function.counts_of(derivative)
    _floats(results, given)[:] = _applied(function, derivative, _floats(numbers, taken).copy())


def _applied(function, derivative, x):
    return function.apply(derivative, wrap(x)).detach().numpy()


def _pull(entry, adjoints, lanes, unused):
    """Add to the adjoints of the operands of an entry what flows from those of its results, in all lanes."""
    about = _words(entry, CALL_REQUEST)
    n, m, first = int(about[CALL_INPUTS]), int(about[COUNT]), int(about[FIRST])
    nodes = np.ctypeslib.as_array(ctypes.cast(int(about[CALL_NODES]), ctypes.POINTER(ctypes.c_uint32)), (n,))
    every = _floats(adjoints, int(max(nodes.max(initial=0), first + m - 1)) + 1, lanes)
    function, derivative = _function_of(entry + 8 * CALL_REQUEST), int(about[CALL_DERIVATIVE]) << 1 | PULLBACK
    x = _floats(int(about[CALL_VALUES]), n)
    for lane in range(lanes):
        y_bar = every[first : first + m, lane]
        if y_bar.any():
            x_bar = _applied(function, derivative, np.concatenate((x, y_bar + 0.0)))
            active = np.flatnonzero((nodes != 0) & (x_bar != 0))  # what a declaration leaves at zero is a structural zero
            np.add.at(every[:, lane], nodes[active], x_bar[active])


def _answering(serve):
    """A function of machine words that answers with 0 or with the address of an exception."""

    def answer(*words):
        try:
            _answers.exception = None
            with Tape(), enable_grad():
                serve(*words)
            return 0
        except BaseException as problem:  # an interrupt, too, has to go through compiled code
            _answers.exception = problem
            return id(problem)

    return ctypes.CFUNCTYPE(ctypes.c_int64, *[ctypes.c_int64] * 4)(answer)


_CALLBACKS = {serve.__name__: _answering(serve) for serve in (_shapes, _numbers, _pull)}
for _name, _callback in _CALLBACKS.items():
    add_symbol(f"jittape{_name}_of_calls", ctypes.cast(_callback, ctypes.c_void_p).value)


def _asked(name):
    """An intrinsic that calls Python."""

    @intrinsic
    def ask(typingctx, a, b, c, d):
        def codegen(context, builder, signature, args):
            served = builder.inttoptr(symbol(builder, name), ir.FunctionType(WORD, [WORD] * 4).as_pointer())
            problem = builder.call(served, args)
            with if_unlikely(builder, builder.icmp_unsigned("!=", problem, ir.Constant(WORD, 0))):
                _raise(context, builder, problem)
            return ir.Constant(WORD, 0)

        return types.int64(*[types.int64] * 4), codegen

    return ask


def _raise(context, builder, problem):
    """Set an exception of Python and return."""
    python = context.get_python_api(builder)
    lock = python.gil_ensure()
    exception = builder.inttoptr(problem, python.pyobj)
    python.err_set_object(python.get_type(exception), exception)
    python.gil_release(lock)
    context.call_conv.return_exc(builder)


ask_shapes, ask_numbers, ask_pullback = [_asked(f"jittape{name}_of_calls") for name in _CALLBACKS]


def text_address(text):
    """An intrinsic without arguments: the address of a text that is part of the machine code."""

    @intrinsic
    def address(typingctx):
        def codegen(context, builder, signature, args):
            return builder.ptrtoint(context.insert_const_string(builder.module, text), WORD)

        return types.int64(), codegen

    return address


@helper
def words_of_request(request):
    """How many words a request has."""
    return LENGTHS + word(request, LENGTHS_COUNT)
