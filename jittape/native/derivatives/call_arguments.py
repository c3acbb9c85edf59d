"""Arguments of calls of derivatives from Python: by position, counted, and kept."""

import inspect
import math

import numpy as np


def positions_of(function, argnums):
    """The smallest and largest number of positional arguments of a call that can go straight to the dispatcher."""
    parameters = inspect.signature(function).parameters.values()
    named = [p.name for p in parameters if p.kind is p.KEYWORD_ONLY]
    if named:
        raise TypeError(
            f"{function.__name__}: got keyword-only parameters ({', '.join(named)}), expected parameters that have a position: "
            "derivatives of compiled functions pass all arguments by position; leave out the `*` before them"
        )
    positional = [p for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD]
    required = sum(p.default is p.empty for p in positional)
    numbers = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    open_ended = any(p.kind is p.VAR_POSITIONAL for p in parameters)
    last = max(k if open_ended else k % len(parameters) for k in numbers)
    return max(required, 1 + last), math.inf if open_ended else len(positional)


def has_defaults(function):
    """Whether a function has parameters with default values."""
    return any(p.default is not p.empty for p in inspect.signature(function).parameters.values())


def bound(name, function, args, kwargs):
    """The arguments of a call by position, with default values."""
    try:
        found = inspect.signature(function).bind(*args, **kwargs)
    except TypeError as problem:
        raise TypeError(f"jt.{name} of {function.__name__}: {problem}") from None
    found.apply_defaults()
    return found.args


def numbers_in(value):
    """How many numbers are in an argument or a result."""
    if type(value) is float:  # `np.size` makes an array of it
        return 1
    return sum(map(numbers_in, value)) if isinstance(value, (tuple, list)) else np.size(value)


def kept(value):
    """A copy of arguments that neither the function nor the user will write to."""
    if isinstance(value, (tuple, list)):
        return type(value)(map(kept, value)) if type(value) in (tuple, list) else type(value)(*map(kept, value))
    return value.copy(order="K") if isinstance(value, np.ndarray) else value
