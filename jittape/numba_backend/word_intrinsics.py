"""Single instructions for compiled code: integers and floats at addresses, bit patterns, and calls of functions by address.

The engine works on addresses.  Written as accesses to arrays, a load takes Numba five times as long to compile (it looks at
the sign of the index and unpacks the header of the array), and the engine has hundreds of them.  An intrinsic is a function of
Numba's that writes its instructions itself; outside ``jittape.native`` only this module and ``c_symbols`` do.  Under
``NUMBA_DISABLE_JIT=1`` none of them can be called: ``memory`` and ``mathfun`` have the same functions in Python.
"""

import inspect

from llvmlite import ir
from numba import types
from numba.core.cgutils import memset, raw_memcpy
from numba.extending import intrinsic

WORD = ir.IntType(64)
BYTES = ir.IntType(8).as_pointer()


def _extended(builder, value):
    """An integer as a word; bytes are unsigned, longer integers signed."""
    if value.type.width == 64:
        return value
    return (builder.zext if value.type.width == 8 else builder.sext)(value, WORD)


def load(width):
    """The function ``(address, k)`` that reads the integer number `k`, of so many bits, from an address on."""

    @intrinsic
    def load(typingctx, address, index):
        def codegen(context, builder, signature, args):
            pointer = builder.inttoptr(args[0], ir.IntType(width).as_pointer())
            return _extended(builder, builder.load(builder.gep(pointer, [args[1]])))

        return types.int64(types.int64, types.int64), codegen

    return load


def store(width):
    """The function ``(address, k, value)`` that writes the integer number `k`, of so many bits, from an address on."""

    @intrinsic
    def store(typingctx, address, index, value):
        def codegen(context, builder, signature, args):
            pointer = builder.inttoptr(args[0], ir.IntType(width).as_pointer())
            value = builder.trunc(args[2], ir.IntType(width)) if width < 64 else args[2]
            builder.store(value, builder.gep(pointer, [args[1]]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, types.int64), codegen

    return store


def load_from_column(width):
    """The function ``(table, column, row)`` that reads an integer of a column whose address stands in a table of words.

    Two loads, written once here and not compiled for every caller.
    """

    @intrinsic
    def load(typingctx, table, column, row):
        def codegen(context, builder, signature, args):
            words = builder.inttoptr(args[0], WORD.as_pointer())
            address = builder.load(builder.gep(words, [args[1]]))
            values = builder.inttoptr(address, ir.IntType(width).as_pointer())
            return _extended(builder, builder.load(builder.gep(values, [args[2]])))

        return types.int64(types.int64, types.int64, types.int64), codegen

    return load


@intrinsic
def clear(typingctx, address, nbytes):
    """Fill memory with zeros; loops for it were the better part of the code of a sweep."""

    def codegen(context, builder, signature, args):
        memset(builder, builder.inttoptr(args[0], BYTES), args[1], 0)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64), codegen


@intrinsic
def copy(typingctx, target, source, nbytes):
    """Copy memory that does not overlap."""

    def codegen(context, builder, signature, args):
        target, source = (builder.inttoptr(a, BYTES) for a in args[:2])
        raw_memcpy(builder, target, source, args[2], 1)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, types.int64), codegen


@intrinsic
def integer_of(typingctx, pointer):
    """The address that a pointer of C holds."""

    def codegen(context, builder, signature, args):
        return builder.ptrtoint(args[0], WORD)

    return types.int64(types.voidptr), codegen


@intrinsic
def pointer_to(typingctx, address):
    """An address as a pointer of C."""

    def codegen(context, builder, signature, args):
        return builder.inttoptr(args[0], BYTES)

    return types.voidptr(types.int64), codegen


@intrinsic
def bits_of_float(typingctx, x):
    """The bit pattern of a float64 as an int64."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], WORD)

    return types.int64(types.float64), codegen


@intrinsic
def float_of_bits(typingctx, n):
    """The float64 of a bit pattern."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(args[0], ir.DoubleType())

    return types.float64(types.int64), codegen


@intrinsic
def bits_of_single(typingctx, x):
    """The bit pattern of a float32 as an int64."""

    def codegen(context, builder, signature, args):
        return builder.sext(builder.bitcast(args[0], ir.IntType(32)), WORD)

    return types.int64(types.float32), codegen


@intrinsic
def single_of_bits(typingctx, n):
    """The float32 of the lower half of a word."""

    def codegen(context, builder, signature, args):
        return builder.bitcast(builder.trunc(args[0], ir.IntType(32)), ir.FloatType())

    return types.float32(types.int64), codegen


@intrinsic
def logical_shift_right(typingctx, n, places):
    """Shift an int64 as if it had no sign."""

    def codegen(context, builder, signature, args):
        return builder.lshr(args[0], args[1])

    return types.int64(types.int64, types.int64), codegen


def call_by_address(called, places=None):
    """The function ``(address, *words)`` that calls the C function which lies at an address.

    Parameters
    ----------
    called : numba signature
        Of the C function: its arguments are words, some of which may be pointers to it; its result is a word or void.
    places : sequence of int or None, optional
        Which of the words each argument of the C function is, None for 0; by default they are in its order.
    """
    places = range(len(called.args)) if places is None else places
    taken = [called.args[0]] * len([k for k in places if k is not None])

    def call(typingctx, address, *words):
        def codegen(context, builder, signature, args):
            answers = signature.return_type != types.void
            words = [WORD(0) if k is None else args[k + 1] for k in places]
            pointer = ir.FunctionType(WORD if answers else ir.VoidType(), [WORD] * len(words)).as_pointer()
            value = builder.call(builder.inttoptr(args[0], pointer), words)
            return value if answers else context.get_dummy_value()

        return called.return_type(types.int64, *taken), codegen

    names = ["typingctx", "address", *(f"word{k}" for k in range(len(taken)))]
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    call.__signature__ = inspect.Signature([inspect.Parameter(name, positional) for name in names])
    return intrinsic(call)
