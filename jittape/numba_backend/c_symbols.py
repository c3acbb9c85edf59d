"""C functions of other libraries in compiled code: called by a symbol, which every process binds to the address that it finds.

Machine code on disk holds the name of the symbol and no address, so it can be loaded by any process that has bound the symbol
before (`bind`). LLVM ends the process where a symbol is missing: code on disk is used only where all its symbols are bound.
"""

import inspect
import re

from llvmlite import binding, ir
from numba import types
from numba.extending import intrinsic

DOUBLE, WORD, FLAG = ir.DoubleType(), ir.IntType(64), ir.IntType(32)

# Kinds of the parameters of a C function, a letter each.
FLOAT, INTEGER, UNUSED, ABSENT, OUTPUT = "d", "n", "0", "p", "*"
_TYPES = {FLOAT: DOUBLE, INTEGER: WORD, UNUSED: FLAG, ABSENT: WORD, OUTPUT: DOUBLE.as_pointer()}
# A function of numbers that returns a number: LLVM leaves out calls whose result nobody uses, such as other partials of a row.
PURE = ("nounwind", "readnone", "willreturn")
_CONSTANTS = {UNUSED: FLAG(0), ABSENT: WORD(0)}


_bound = set()
_SYMBOL = re.compile(rb"jittape_of_\w+")


def bind(name, address):
    """Let machine code of this process call the function at an address by a symbol. Returns the symbol."""
    symbol = f"jittape_of_{name}"
    binding.add_symbol(symbol, address)
    _bound.add(symbol.encode())
    return symbol


def has_its_symbols(code):
    """Whether all symbols that machine code names are bound in this process."""
    return _bound.issuperset(_SYMBOL.findall(code))


def caller_of(symbol, kinds, output=None):
    """The function of floats that calls a C function, for compiled code.

    Parameters
    ----------
    symbol : str
        Bound to its address before any code that calls it is loaded.
    kinds : str
        Of its parameters: "d" a double, "n" an integer of 64 bits, "0" an int without meaning, "p" a pointer to nothing, "*" a
        pointer to a double that it writes.  The function has a parameter for each "d" and "n", all of them floats.
    output : int, optional
        Which of the doubles behind pointers is the value; by default the C function returns it.
    """
    arity = sum(kind in (FLOAT, INTEGER) for kind in kinds)

    def call(typingctx, *xs):
        def codegen(context, builder, signature, args):
            given, outputs, words = iter(args), [], []
            for kind in kinds:
                if kind == OUTPUT:
                    outputs.append(builder.alloca(DOUBLE))
                    words.append(outputs[-1])
                elif kind in _CONSTANTS:
                    words.append(_CONSTANTS[kind])
                else:
                    value = next(given)
                    words.append(builder.fptosi(value, WORD) if kind == INTEGER else value)
            answer = ir.VoidType() if outputs else DOUBLE
            kind_of_function = ir.FunctionType(answer, [_TYPES[kind] for kind in kinds])
            found = builder.module.globals.get(symbol) or ir.Function(builder.module, kind_of_function, symbol)
            if not outputs:
                set.update(found.attributes, PURE)  # `add` refuses what llvmlite does not know
            value = builder.call(found, words)
            return builder.load(outputs[output]) if outputs else value

        return types.float64(*[types.float64] * arity), codegen

    names = ["typingctx", *(f"x{k}" for k in range(arity))]
    positional = inspect.Parameter.POSITIONAL_OR_KEYWORD
    call.__signature__ = inspect.Signature([inspect.Parameter(name, positional) for name in names])
    return intrinsic(call)
