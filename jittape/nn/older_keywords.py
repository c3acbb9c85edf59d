"""Keywords of PyTorch's functional namespace: ``inplace``, and ``size_average`` and ``reduce``, older than ``reduction``."""

from __future__ import annotations

import functools
import inspect
import warnings

from ..ops.declared_docstrings import with_parameter

INPLACE = ("inplace", "bool, optional", "Write the result into the memory of `input`.")
OLDER = ("size_average, reduce", "bool, optional", "Older words of PyTorch's for `reduction`: mean or sum, and whether at all.")


def _taking(wrapper, function, names, default, annotation, documented):
    signature = inspect.signature(function)
    added = [inspect.Parameter(n, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=annotation) for n in names]
    wrapper.__signature__ = signature.replace(parameters=[*signature.parameters.values(), *added])
    wrapper.__doc__ = with_parameter(function.__doc__, documented)
    return wrapper


def with_inplace(function):
    """Decorator of an activation that also takes ``inplace=``."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if not kwargs:
            return function(*args)
        inplace = kwargs.pop("inplace", False)
        value, x = function(*args, **kwargs), args[0] if args else kwargs["input"]
        return x._overwrite(value) if inplace and value is not x else value

    return _taking(wrapper, function, ["inplace"], False, "bool", INPLACE)


def with_older_reduction(function):
    """Decorator of a loss that also takes ``size_average=`` and ``reduce=``."""

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if not kwargs:
            return function(*args)
        if "size_average" in kwargs or "reduce" in kwargs:
            reduction = _reduction(kwargs.pop("size_average", None), kwargs.pop("reduce", None))
            if reduction is not None:
                kwargs["reduction"] = reduction
        return function(*args, **kwargs)

    return _taking(wrapper, function, ["size_average", "reduce"], None, "bool | None", OLDER)


def _reduction(size_average, reduce):
    if size_average is None and reduce is None:
        return None
    found = "none" if reduce is False else "sum" if size_average is False else "mean"
    warnings.warn(
        f"size_average and reduce args will be deprecated, please use reduction='{found}' instead.", UserWarning, stacklevel=3
    )
    return found
