"""Functions that follow derivatives under SciPy's names: of Tensors and Arrays they are ours, of everything else SciPy's."""

import functools

import numpy as np

from ..ops.array_protocols import as_operands, holds_tensors, in_dtype
from ..tensors.tensor import Tensor, wrap


def in_place_of(theirs):
    """Decorate a function of Tensors and Arrays: it gets the name, the parameters and the summary of one of SciPy's."""

    def declare(function):
        def call(*args, **kwargs):
            return (function if holds_tensors((*args, *kwargs.values())) else theirs)(*args, **kwargs)

        return _described(call, theirs, function.__module__)

    return declare


def instead_of(theirs):
    """Decorate a function that is called for all arguments, in the place of one of SciPy's functions or classes."""
    return lambda function: _described(function, theirs, function.__module__)


def _described(function, theirs, module):
    summary = (theirs.__doc__ or "").strip().partition("\n\n")[0]
    functools.update_wrapper(function, theirs, ("__name__", "__qualname__"), ())
    function.__module__ = module
    function.__doc__ = f"{summary}\n\nSciPy's function, which follows derivatives of Tensors and Arrays here."
    return function


def followers_of(module):
    """A decorator for functions that are named as those of one of SciPy's modules; None of one that this SciPy does not have."""

    def declare(function):
        theirs = getattr(module, function.__name__, None)
        return None if theirs is None else in_place_of(theirs)(function)

    return declare


def ready(*values):
    """Arguments as Tensors or Arrays of one dtype of floats."""
    values = [v if isinstance(v, Tensor) else wrap(np.array(v)) for v in as_operands(values)]
    dtype = np.result_type(np.float32, *[v.dtype for v in values])
    return [in_dtype(v, dtype, "unsafe") for v in values]


def unlisted(value):
    """A list of numbers as an array, in which some may be differentiated; anything else as it is."""
    return as_operands([value])[0]


def must_be_default(name, **given):
    """Raise for arguments that only SciPy's own function takes: pairs of what was given and the default."""
    for parameter, (value, default) in given.items():
        if not (value is default or type(value) is type(default) and value == default):
            raise TypeError(f"{name}: got {parameter}={value!r}, expected {default!r} with values that are differentiated")


def names_of(module):
    """The public names of the functions that a module defines, from its globals."""
    return sorted(n for n, f in module.items() if n[0] != "_" and getattr(f, "__module__", "") == module["__name__"])
