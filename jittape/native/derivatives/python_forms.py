"""A compiled function as a function of Python's that follows differentiated values through its lines.

What only a tape of the function's own operations shows (pictures, patterns of sparsity) comes from a run of this form. It has
the code of the function that was compiled; what its names stand for is replaced: compiled functions by their own forms, NumPy by
`jittape.numpy`, whose arrays take differentiated numbers, and functions of Python's that take plain numbers by ones that take
both.
"""

import builtins
import cmath
import math
from types import BuiltinFunctionType, CellType, CodeType, FunctionType, ModuleType

import numba
import numpy

from ... import numpy as followed_numpy
from ...ops.operation_names import BY_PYTHON
from ...tensors.tensor import Tensor
from ..compat import Dispatcher


def python_form(function):
    """The Python function that a compiled one was made of, for differentiated values; other functions as they are.

    Parameters
    ----------
    function : callable

    Returns
    -------
    callable
    """
    return _Forms()(function)


class _Forms(dict):
    """Forms by the ids of what they are made of, so that functions that call each other find them."""

    def __call__(self, value):
        if id(value) in self:
            return self[id(value)][1]
        if isinstance(value, Dispatcher):
            return self._function(value, value.py_func)
        if value is numpy:
            return followed_numpy
        if isinstance(value, ModuleType):
            return _FollowedModule(self, value) if value in (math, cmath, numba, numba.typed) else value
        return next((form for compiled, form in _OF_PYTHON if compiled is value), None) or _followed(value)

    def _function(self, key, function):
        known = {"__builtins__": builtins}
        closure, names = function.__closure__, function.__globals__
        cells = closure and tuple(CellType() for _ in closure)
        form = FunctionType(function.__code__, known, function.__name__, function.__defaults__, cells)
        form.__kwdefaults__ = function.__kwdefaults__
        self[id(key)] = key, form  # before what it refers to, which may be the function itself
        for cell, own in zip(cells or (), closure or ()):
            cell.cell_contents = self(own.cell_contents)
        known.update({name: self(names[name]) for name in _names_in(function.__code__) if name in names})
        known.setdefault("float", _float)  # else it is Python's own
        return form


class _FollowedModule:
    """A module whose functions are replaced."""

    def __init__(self, forms, module):
        self._forms, self._module = forms, module

    def __getattr__(self, name):
        return self._forms(getattr(self._module, name))


def _names_in(code):
    """Names that a code and the codes of its inner functions read."""
    inner = [name for const in code.co_consts if isinstance(const, CodeType) for name in _names_in(const)]
    return [*code.co_names, *inner]


def _followed(value):
    """What a name stands for: a function of plain numbers that the operation table has takes differentiated ones, too."""
    ours = BY_PYTHON.get(value) if isinstance(value, BuiltinFunctionType) else None
    if ours is not None:
        return lambda *args: (ours if any(isinstance(a, Tensor) for a in args) else value)(*args)
    name = getattr(value, "__name__", None)
    if isinstance(name, str) and getattr(numpy, name, None) is value:
        return getattr(followed_numpy, name)
    return value


def _float(value=0.0):
    """The number itself, which compiled code differentiates through."""
    return value if isinstance(value, Tensor) else float(value)


class _List(list):
    """In the place of `numba.typed.List`."""

    @classmethod
    def empty_list(cls, item_type, allocated=0):
        return cls()


class _Dict(dict):
    """In the place of `numba.typed.Dict`."""

    @classmethod
    def empty(cls, key_type, value_type, n_keys=0):
        return cls()


_OF_PYTHON = (
    (numba.prange, range),
    (float, _float),
    (numpy.float64, _float),
    (numba.typed.List, _List),
    (numba.typed.Dict, _Dict),
)
