"""Dispatch of transforms by the kind of function.

Every transform asks the registered backends first. A backend recognises its functions (such as those compiled by Numba) and
makes the transforms of them; a plain Python function has none and is recorded on the array tape.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..numba_backend.decorators import DUFunc, is_jitted
from ..numba_backend.dispatcher_calls import answer_calls_with
from ..numba_backend.frozen_values import note_frozen_values
from ..ops.operation_names import USERS_UFUNCS
from ..tensors.tensor import Tensor
from .pytrees import flatten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

_backends = []
note_frozen_values()


def register_backend(recognises: Callable[[Any], bool], transform: Callable[..., Callable[..., Any]]) -> None:
    """Register a way to differentiate functions of another kind.

    Parameters
    ----------
    recognises : callable
        ``recognises(function)`` tells whether this backend differentiates it.
    transform : callable
        ``transform(name, function, **options)`` makes the transform called `name` ("grad", "value_and_grad", "vjp", "jvp",
        "jacobian", ...): what ``jt.<name>(function, **options)`` returns, or, for those that take their arguments at once
        ("vjp", "jvp", "linearize", "hvp"), a callable that takes them.

    Notes
    -----
    The backend that was registered last is asked first.
    """
    _backends.insert(0, (recognises, transform))


def foreign(name, function, args=(), **options):
    """The transform of a function that a backend recognises, None for a plain Python function.

    A transform that takes arguments at once says what they are: with Tensors among them the function is recorded, as a row of the
    tape, whatever compiled it.
    """
    for recognises, transform in _backends:
        if recognises(function):
            is_row = args and has_tensors(args) and _calls_are_rows(function)
            return None if is_row else transform(name, function, **options)
    if not callable(function):
        raise TypeError(f"jt.{name}: got {type(function).__name__}, expected a function as the first argument")
    return None


def convention(holomorphic):
    """The options of a backend's transform that say whether a function is holomorphic."""
    return {"holomorphic": True} if holomorphic else {}


@functools.cache
def _compiled_code():
    """The folder `native`, imported on first use: it registers its numbers with Numba. The statement takes 4 us each time."""
    from .. import native

    return native


def _native(name, function, **options):
    return _compiled_code().make(name, function, **options)


def has_tensors(value):
    """Whether there are Tensors among the leaves of a tree."""
    kind = type(value)
    if kind is np.ndarray or kind is float:  # the usual arguments: `flatten` takes microseconds
        return False
    if kind is tuple or kind is list:
        for member in value:
            kind = type(member)
            if kind is not np.ndarray and kind is not float and has_tensors(member):
                return True
        return False
    return isinstance(value, Tensor) or any([isinstance(leaf, Tensor) for leaf in flatten(value)[0]])


def _calls_are_rows(function):
    return is_jitted(function) or getattr(type(function), "calls_are_rows", False)


def is_native(function):
    """Whether a function is compiled by Numba, or a derivative of one that is."""
    return is_jitted(function) or getattr(type(function), "is_native", False)


register_backend(is_native, _native)


def _row_of_call(function, args):
    """The result of a compiled function that was called with Tensors: a row of the tape."""
    return _compiled_code().call(function, *args)


answer_calls_with(Tensor, _row_of_call)
USERS_UFUNCS[DUFunc] = _row_of_call
