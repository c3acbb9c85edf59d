"""Services: engine functions called by address, compiled when they are first needed.

Numba links every compiled function into its callers and optimises it there again: a function four levels down was compiled six
times, and a first gradient took 25 s. The heavy functions of the engine are therefore *services*: compiled once, by themselves,
and found by address in the engine's scratch memory. A caller that finds no address refuses, and Python compiles the service
(`ensure`).
"""

import numpy as np
from numba import types

from ..numba_backend.decorators import JIT, compile_at_address, helper
from ..numba_backend.word_intrinsics import call_by_address
from ..dtypes import LARGEST_ITEM, N_DIFFERENTIABLE, TABLE
from ..memory.words import address_of, word

BLOCK = 1024
LANES = 8  # scratch blocks: result, seed, three operands, three for adjoints
LENGTH, OPERANDS, INDEX, STEP, FIRST_SERVICE = 0, 1, 16, 32, 48  # words of the scratch header
HEADER = 80
BLOCK_BYTES = BLOCK * LARGEST_ITEM

_scratch = np.zeros(HEADER + LANES * BLOCK_BYTES // 8, np.int64)
SCRATCH = address_of(_scratch)

RECORD, RUN_BLOCKS, PARTIAL_BLOCKS, HASH, REVERSE_ELEMENTWISE, REVERSE_STRUCTURED, REVERSE_WRITE = range(7)
REVERSE_VIEW, REVERSE_NARY, REVERSE_SCALARS, REVERSE_LANES, PARTIAL_LANES, SPREAD_TOTAL = range(7, 13)
SECOND_ELEMENTWISE, SECOND_STRUCTURED, UNDO_WRITE, PARTIAL_FLOWS = range(13, 17)
MOVE = 17  # one for each differentiable dtype: MOVE + code
N_SERVICES = MOVE + N_DIFFERENTIABLE

SIGNATURE = types.int64(*[types.int64] * 9)

if JIT:
    _call = call_by_address(SIGNATURE)
else:
    _bodies = {}

    def _call(address, *args):
        return _bodies[address](*args)


@helper
def has_service(scratch, number):
    """Whether a service is compiled."""
    return word(scratch, FIRST_SERVICE + number) != 0


@helper
def call_service(scratch, number, a, b, c, d, e, f, g, h, i):
    """Call a service that is there; every one takes nine integers and returns one."""
    return _call(word(scratch, FIRST_SERVICE + number), a, b, c, d, e, f, g, h, i)


_declared = {}  # number -> (function, needs)
_alive = []


def service(number, needs=()):
    """Declare an engine function as a service; it takes nine integers and returns one."""

    def declare(function):
        _declared[number] = (function, needs)
        return function

    return declare


def ensure(*numbers):
    """Compile services that are not there yet, and those that they call.  Returns whether any was missing."""
    missing = False
    for number in numbers:
        if _scratch[FIRST_SERVICE + number]:
            continue
        missing = True
        function, needs = _declared[number]
        ensure(*needs)
        if JIT:
            compiled = compile_at_address(function, SIGNATURE)
            _alive.append(compiled)  # not read again: another thread may append one, too
            _scratch[FIRST_SERVICE + number] = compiled.address
        else:
            _bodies[number + 1] = function
            _scratch[FIRST_SERVICE + number] = number + 1
    return missing


_unmoved = {each.dtype.char: MOVE + each.code for each in TABLE if each.is_differentiable}


def ensure_moves(dtype):
    """Compile what moves values of a dtype, if tapes move them."""
    number = _unmoved.get(dtype.char)  # by character: a comparison of dtypes takes three times as long
    if number is not None:
        ensure(number)
        _unmoved.pop(dtype.char, None)  # another thread may have removed it


def scratch_header():
    """The words of the scratch memory that name services, for scratch memory of another thread."""
    return _scratch[:HEADER].copy()
