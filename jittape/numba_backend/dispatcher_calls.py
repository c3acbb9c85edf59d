"""Calls of compiled functions with arguments that Numba has no type for.

Numba asks for the type of every argument, and where it has compiled nothing for these types, asks the method `_compile_for_args`
of the function for what to call instead.  That method is the only place where a call can be answered by something else
than machine code: the type of an argument does not know which function is called.
"""

from numba import types
from numba.core.dispatcher import Dispatcher, OmittedArg
from numba.extending import typeof_impl


class Foreign(types.Opaque):
    """The type of an argument that compiled code never sees."""


def answer_calls_with(cls, answer):
    """Let calls of compiled functions with an instance of a class among the arguments be answered by a function.

    Parameters
    ----------
    cls : type
        Numba must not know a type for it.
    answer : function of (Dispatcher, tuple)
        Is given the function that was called and its arguments by position, and returns what the call returns.
    """
    foreign, compile_for_args = Foreign(cls.__name__), Dispatcher._compile_for_args

    @typeof_impl.register(cls)
    def type_of(value, context):
        return foreign

    def what_to_call(self, *args, **kwargs):
        if not any(isinstance(a, cls) for a in args):
            return compile_for_args(self, *args, **kwargs)
        given = tuple(a.value if isinstance(a, OmittedArg) else a for a in args)
        return lambda *again, **named: answer(self, given)

    Dispatcher._compile_for_args = what_to_call
