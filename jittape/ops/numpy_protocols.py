"""NumPy's functions on Tensors, by NumPy's protocols: ``np.sin(t)``, ``np.sum(t, axis=0)``, ``array * t``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .assignment import write
from .copies_and_joins import convert
from .foreign_calls import RULE, called_function, instead_of, name_of
from .operation_names import BY_NUMPY, function_of
from .shape_functions import reshape

if TYPE_CHECKING:
    from typing import Any


OF_LIBRARIES = "numpy", "scipy.special"  # modules whose ufuncs are not users'


def rule_of(ufunc: Any) -> Any:
    """Our function for a ufunc, None if there is none; those of SciPy are declared when the first of them meets a Tensor."""
    found = function_of(ufunc)
    if found is None and "scipy.special" in sys.modules:
        from . import scipy_functions  # noqa: F401  declares them

        found = function_of(ufunc)
    return found


def no_rule(function, method=""):
    """The error of a function of NumPy or SciPy that is not followed, in the words of who called it."""
    name = name_of(function) + method
    called = called_function()
    inside = called if called.startswith(("numpy.", "scipy.")) and called != name else ""
    if not inside and isinstance(function, np.ufunc) and not _is_of_a_library(function):
        return _no_rule_of_users_ufunc(function, name)
    return TypeError(
        f"{f'{inside} (by {name})' if inside else name} has no rule for Tensors: got a jittape Tensor, expected a function of "
        f"the operation table. {instead_of(inside or name) or RULE}, or use x.detach().numpy() where no gradient is needed."
    )


def _is_of_a_library(ufunc):
    return any(getattr(sys.modules.get(m), ufunc.__name__, None) is ufunc for m in OF_LIBRARIES)


def _no_rule_of_users_ufunc(ufunc, name):
    """The error of a ufunc that is neither NumPy's nor SciPy's."""
    if ufunc.signature:
        return TypeError(
            f"{name} with the dimensions {ufunc.signature} has no rule for Tensors: got a jittape Tensor, expected arrays. What "
            "is behind numba.guvectorize (without target=) is followed inside compiled code: differentiate an @njit function "
            f"that makes the output and calls {name}(x, out), or give it a rule of its own with jt.custom_vjp"
        )
    return TypeError(
        f"{name} has no rule for Tensors: got a jittape Tensor, expected a function of the operation table. {RULE}; if "
        'numba.vectorize made it with target="parallel", leave target= out: then it is followed'
    )


def array_ufunc(self: Tensor, ufunc: Any, method: str, *inputs: Any, **kwargs: Any) -> Any:
    """NumPy's protocol for ufuncs."""
    function = rule_of(ufunc)
    if function is not None and not kwargs and method == "__call__":
        return function(*inputs)
    out = kwargs.pop("out", None)
    if method == "outer" and function is not None:
        a, b = (x if isinstance(x, Tensor) else wrap(np.asarray(x)) for x in inputs)
        return function(reshape(a, tuple(a.shape) + (1,) * b.ndim), b)
    if method != "__call__" or function is None:
        raise no_rule(ufunc, "" if method == "__call__" else f".{method}")
    dtype = kwargs.pop("dtype", None)
    kwargs = {k: v for k, v in kwargs.items() if k not in ("casting", "order", "subok")}
    value = function(*inputs, **kwargs)
    if dtype is not None:
        value = convert(value, dtype)
    if out is None:
        return value
    (target,) = out
    if isinstance(target, Tensor):
        return write(target, value)
    if value.requires_grad:
        raise TypeError(
            f"{name_of(ufunc)}: the result requires grad and cannot be stored in an array: got an ndarray as out= (or on the "
            "left of +=), expected a Tensor; make it one with jt.tensor"
        )
    target[...] = value._value()
    return target


def array_function(self: Tensor, function: Any, types: Any, args: Any, kwargs: Any) -> Any:
    """NumPy's protocol for all other functions."""
    ours = BY_NUMPY.get(function)
    if ours is None:
        raise no_rule(function)
    if kwargs:
        kwargs = {k: v for k, v in kwargs.items() if v is not np._NoValue}
    if len(args) > 1:
        args = [a for a in args if a is not np._NoValue]
    return ours(*args, **kwargs)


def _shape(a):
    return tuple(a.shape)


def _ndim(a):
    return a.ndim


BY_NUMPY.update({np.shape: _shape, np.ndim: _ndim})  # attributes, not operations
