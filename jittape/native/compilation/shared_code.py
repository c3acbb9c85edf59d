"""Machine code that all derivatives share: compiled once, kept on disk, and called by address.

Numba links what a function calls into it, and optimises and emits all of that again for every caller: the sweep and
the memory of tapes were two thirds of the machine code of a small gradient, and half of the time it took to compile.
The addresses lie in a table that machine code finds by a symbol, so code from disk finds them too.  Code that was
compiled by another version of the library must not run: it asks first (`require_current`).
"""

import inspect

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import add_symbol, fill_environments, global_compiler_lock, if_unlikely, llvm_ir as ir
from ...numba_backend.compiler_choice import WITHOUT_WRAPPER
from ...numba_backend.decorators import compile_for
from ...memory.words import address_of
from .compile_cached import AFTER_LOADING, compiled, source_stamp

WORD = ir.IntType(64)
VERSION, FIRST_ADDRESS, MOST = 0, 1, 63
_SYMBOL = "jittape_shared_code"

OUTDATED = (
    "machine code on disk calls a derivative that another version of jittape has made, or whose code is gone from its cache "
    "directory: delete the __pycache__ beside the functions with cache=True that call derivatives"
)


def symbol(builder, name):
    """Address of a table of the library, in machine code of any process."""
    table = builder.module.globals.get(name) or ir.GlobalVariable(builder.module, WORD, name)
    return builder.ptrtoint(table, WORD)


def _load_word(builder, k):
    table = builder.inttoptr(symbol(builder, _SYMBOL), WORD.as_pointer())
    return builder.load(builder.gep(table, [ir.Constant(WORD, k)]))


class Shared:
    """A function of integers that returns one; it may raise.

    Parameters
    ----------
    always : bool
        Compiled with the others; else when code that calls it is compiled.
    following : Shared, optional
        Compiled when code that calls this one is compiled, not when code that calls the function itself is.
    """

    declared = []
    table = np.zeros(FIRST_ADDRESS + MOST, np.int64)  # no global: fingerprints of functions hold those that they see

    def __init__(self, function, always, following):
        self.always, self.follows, self.followers = always, following is not None, []
        if self.follows:
            following.followers.append(self)
        self._dispatcher = compiled(function, **WITHOUT_WRAPPER)
        self.signature = (types.int64,) * function.__code__.co_argcount
        self._place = FIRST_ADDRESS + len(Shared.declared)
        Shared.declared.append(self)

    def emit(self, context, builder, args):
        """Code of a call; an exception goes on to the caller."""
        ensure()
        convention, address = context.call_conv, _load_word(builder, self._place)
        if not self.always:
            if not self.follows:
                self.compile()
            with if_unlikely(builder, builder.icmp_unsigned("==", address, ir.Constant(WORD, 0))):
                convention.return_user_exc(builder, RuntimeError, (OUTDATED,))
        pointer = convention.get_function_type(types.int64, self.signature).as_pointer()
        function = builder.inttoptr(address, pointer)
        status, result = convention.call_function(builder, function, types.int64, self.signature, args)
        with if_unlikely(builder, status.is_error):
            convention.return_status_propagate(builder, status)
        return result

    def is_kept(self):
        """Whether the machine code is on disk."""
        return self._dispatcher._cache.has(self.signature, self._dispatcher.targetctx)

    def is_wanted(self):
        """Whether the address is missing, and the function is always compiled or its machine code is on disk."""
        return not Shared.table[self._place] and (self.always or self.is_kept())

    def compile(self):
        """Put the address into the table, if it is not there, and those of what follows."""
        if not Shared.table[self._place]:
            found = compile_for(self._dispatcher, self.signature)
            fill_environments(found)
            Shared.table[self._place] = found.library.get_pointer_to_function(found.fndesc.llvm_func_name)
        for follower in self.followers:
            follower.compile()


add_symbol(_SYMBOL, address_of(Shared.table))


def shared(function, always=True, following=None):
    """Declare a function of integers that derivatives share.

    Parameters
    ----------
    function : function
    always, following
        When it is compiled: see `Shared`. What is given as `following` is what this function returns for another one.

    Returns
    -------
    intrinsic
        What compiled code calls; its method `emit` is what generated code calls.
    """
    own = Shared(function, always and following is None, following and following.shared)

    def meaning(typingctx, *args):
        return types.int64(*own.signature), lambda context, builder, signature, given: own.emit(context, builder, given)

    context = inspect.Parameter("typingctx", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    meaning.__signature__ = inspect.Signature([context, *inspect.signature(function).parameters.values()])
    called = intrinsic(meaning)
    called.emit, called.shared, called.__doc__ = own.emit, own, function.__doc__
    return called


def shared_when_called(function):
    """Declare a function of integers that derivatives share, compiled when the first code that calls it is."""
    return shared(function, always=False)


_compiling = []


def _compile_all(chosen):
    """Compile or load the shared functions that are chosen; False if this thread is at it already.

    They call each other, and come from disk, too.
    """
    with global_compiler_lock:
        if _compiling:
            return False
        try:
            _compiling.append(True)
            for own in Shared.declared:
                if chosen(own):
                    own.compile()
        finally:
            _compiling.clear()
    return True


def ensure():
    """Compile or load what is shared, once a process: before anything runs that may call it."""
    if not Shared.table[VERSION] and _compile_all(Shared.is_wanted):
        Shared.table[VERSION] = _version()


def load():
    """Load what is shared if it is on disk: then code that calls it may be, too.

    It is not compiled here: gradients by few numbers need none of it.
    """
    if not Shared.table[VERSION] and all(own.is_kept() for own in Shared.declared if own.always):
        ensure()


def _load_what_is_called():
    """Load shared code that another process has put on disk since `ensure`: what is loaded now may call it.

    Compiling a caller compiles what it calls first, so the two are on disk in that order.
    """
    if Shared.table[VERSION]:
        _compile_all(Shared.is_wanted)


AFTER_LOADING.append(_load_what_is_called)


def _version():
    return int(source_stamp(), 16) >> 1


def require_current(context, builder):
    """Code that raises if the shared code of the process that runs it is of another version than this one's."""
    with if_unlikely(builder, builder.icmp_signed("!=", _load_word(builder, VERSION), ir.Constant(WORD, _version()))):
        context.call_conv.return_user_exc(builder, RuntimeError, (OUTDATED,))
