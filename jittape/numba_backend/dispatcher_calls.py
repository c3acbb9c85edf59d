"""Calls of compiled functions with arguments that Numba has no type for.

Numba asks for the type of every argument, and where it has compiled nothing for these types, asks the method `_compile_for_args`
of the function for what to call instead.  That method is the only place where a call can be answered by something else
than machine code: the type of an argument does not know which function is called.
"""

import inspect

from numba import types
from numba.core.dispatcher import Dispatcher, OmittedArg
from numba.core.errors import TypingError  # noqa: F401  (raised by what functions of the library mean in compiled code)
from numba.extending import typeof_impl


class Foreign(types.Opaque):
    """The type of an argument that compiled code never sees."""


def answer_calls_with(cls, answer):
    """Let calls of compiled functions with an instance of a class among the arguments be answered by a function.

    Parameters
    ----------
    cls : type
        Numba must not know a type for it. Instances in tuples count, too.
    answer : function of (Dispatcher, tuple)
        Is given the function that was called and its arguments by position, and returns what the call returns.
    """
    foreign, compile_for_args = Foreign(cls.__name__), Dispatcher._compile_for_args
    explain = Dispatcher._explain_matching_error

    @typeof_impl.register(cls)
    def type_of(value, context):
        return foreign

    def what_to_call(self, *args, **kwargs):
        if not _is_among(cls, args):
            return compile_for_args(self, *args, **kwargs)
        given = _as_called(self, tuple(a.value if isinstance(a, OmittedArg) else a for a in args))
        if self.targetoptions.get("forceobj"):  # it runs Python's objects, whatever they are
            return lambda *again, **named: self.py_func(*given)
        return lambda *again, **named: answer(self, given)

    def refuse(self, *args, **kwargs):
        """Say what to do: of a function that compiles nothing more, Numba's code asks only why a call fails."""
        if not _is_among(cls, args):
            return explain(self, *args, **kwargs)
        raise TypeError(
            f"{self.__name__} was called with a {cls.__name__}, but is declared with signatures of its own, and Numba compiles "
            "it for no other arguments: use jt.native.call(function, ...), or leave the signatures out of @njit"
        )

    Dispatcher._compile_for_args, Dispatcher._explain_matching_error = what_to_call, refuse


def _as_called(dispatcher, args):
    """Positional arguments as a call has them: Numba hands on what goes into ``*args`` as one tuple."""
    has_star = dispatcher.py_func.__code__.co_flags & inspect.CO_VARARGS
    return args[:-1] + args[-1] if has_star else args


def _is_among(cls, values):
    return any(isinstance(v, cls) or isinstance(v, tuple) and _is_among(cls, v) for v in values)
