"""Entry points: functions of the engine as Python calls them, a few hundred nanoseconds of every operation.

What ``numba.njit`` returns looks at the types of all arguments before every call, to find the machine code for them; that takes
longer than most functions of the engine run.  An entry point has one signature, which the names of its parameters tell, so
nobody needs to look.
"""

import functools

from numba import float64, int64

from .compiler_choice import ENTRY, JIT, function_of
from .decorators import compile_for, compiled_on_disk


class EntryPoint(functools.partial):
    """A function of integers, and of a float where a parameter is called `scalar`, compiled when it is first called.

    A `functools.partial` without arguments of its own is an object that hands calls on, in C, to the function it holds.  That is
    `_compile` until the first call, which puts the compiled function in its place; modules may import the object before that.
    Compiled code cannot call it.

    Notes
    -----
    Measured for a call of two integers on Python 3.11 (3.13): 58 ns (52).  With Numba's wrapper it takes 66.  Other ways, with
    that wrapper: the compiled function written over the name in all modules 55 ns (67), an attribute that the first access
    compiles 68, a class with `__call__` 120, Numba's dispatcher 140.
    """

    def __new__(cls, function):
        self = super().__new__(cls, function)
        names = function.__code__.co_varnames[: function.__code__.co_argcount]
        self.signature = tuple([float64 if name == "scalar" else int64 for name in names])
        self.py_func, self.__name__, self.__doc__ = function, function.__name__, function.__doc__
        self._hold(self._compile)
        return self

    def _hold(self, function):
        self.__setstate__((function, (), {}, self.__dict__))

    def _compile(self, *args):
        self.prepare()
        return self(*args)

    def prepare(self):
        """Compile the function if that has not been done: a call then runs machine code only."""
        if self.func == self._compile:
            found = compile_for(compiled_on_disk(self.py_func, ENTRY), self.signature)
            self._hold(function_of(found, self.__name__))


def entry(function):
    """Decorate a function that Python calls as an entry point."""
    return EntryPoint(function) if JIT else function


def prepare(function):
    """Compile an entry point now; without compilation there is nothing to do."""
    if JIT:
        function.prepare()
