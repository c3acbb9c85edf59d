"""Entries: compiled functions as Python calls them.

Numba's dispatcher looks at the types of all arguments before every call, which takes longer than most functions of the
engine run: without, a call of two integers takes a third of the time.  Entries have one signature, so nobody needs to look.
"""

import sys

from numba import float64, int64

from .decorators import JIT, compile_for, compiled


class Entry:
    """A compiled function of integers, and of a float where a parameter is called `scalar`.

    The first call compiles it and puts its C function in its place, in every module of the library that has it.
    Compiled code cannot call an entry.
    """

    def __init__(self, function):
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        self.signature = tuple([float64 if name == "scalar" else int64 for name in names])
        self.dispatcher = compiled(function)
        self.py_func, self.__name__, self.__doc__ = function, function.__name__, function.__doc__

    def __call__(self, *args):
        found = compile_for(self.dispatcher, self.signature)
        for module in [m for name, m in list(sys.modules.items()) if name.partition(".")[0] == "jittape"]:
            for name, value in list(vars(module).items()):
                if value is self:
                    setattr(module, name, found.entry_point)
        return found.entry_point(*args)


def entry(function):
    """Declare an entry."""
    return Entry(function) if JIT else function
