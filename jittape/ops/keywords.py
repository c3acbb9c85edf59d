"""Keywords of calls: other names of parameters, and ``out=``."""

import functools
import inspect

from ..errors import ShapeError
from ..tensors.tensor import Tensor
from .declared_docstrings import with_parameter

OUT = ("out", "Tensor, optional", "Where the result is written, of its shape; it is returned.")
OUTS = ("out", "tuple of Tensor, optional", "Where the results are written, of their shapes; they are returned.")


def taking_keywords(function, names, out=""):
    """A function that also takes other names of its parameters, and ``out=``; calls without keywords cost what they did.

    Parameters
    ----------
    function : callable
        One that was made here is made anew, with its names and these.
    names : dict of str
        Another name -> parameter; a parameter that takes any number of values is written "*size".
    out : {"", "one", "several"}
        Whether it takes ``out=``, for one result or for a tuple.
    """
    names = {**getattr(function, "other_names", {}), **names}
    function = getattr(function, "takes_no_keywords", function)
    own = [p.name for p in inspect.signature(function).parameters.values() if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    leading = {p.name for p in inspect.signature(function).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD}
    names = {theirs: ours for theirs, ours in names.items() if theirs not in own and (ours in own or ours[0] == "*")}

    @functools.wraps(function)
    def wrapper(*args, **kwargs):
        if not kwargs:
            return function(*args)
        target = kwargs.pop("out", None) if out else None
        several = []  # values for a parameter that takes any number of them
        for theirs in kwargs.keys() & names.keys():
            ours, value = names[theirs], kwargs.pop(theirs)
            if ours in kwargs or several:
                raise TypeError(f"{function.__name__}(): got {theirs}= and {ours}=, expected one of them")
            if ours[0] == "*":
                several = [value]
            else:
                kwargs[ours] = value
        if several:
            args = (*args, *[kwargs.pop(name) for name in own[len(args) :] if name in kwargs and name in leading], *several)
        value = function(*args, **kwargs)
        return value if target is None else stored(value, target, function.__name__)

    wrapper.takes_no_keywords, wrapper.other_names = function, names
    if out:
        _tell(wrapper, function, out)
    return wrapper


def _tell(wrapper, function, out):
    """Let signature and docstring of a function have the parameter ``out``."""
    signature = inspect.signature(function)
    kind = "Tensor | None" if out == "one" else "tuple[Tensor, ...] | None"
    added = inspect.Parameter("out", inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
    wrapper.__signature__ = signature.replace(parameters=[*signature.parameters.values(), added])
    wrapper.__doc__ = with_parameter(function.__doc__, OUT if out == "one" else OUTS)


OPTIONS = {  # of PyTorch, which have one meaning here: type, what is said about it, the values that are accepted
    "device": ("str, optional", 'Only "cpu"; accepted for compatibility with PyTorch.', ("cpu",)),
    "layout": ("object, optional", "Only strided; accepted for compatibility with PyTorch.", ("strided",)),
    "memory_format": (
        "object, optional",
        "Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.",
        ("preserve_format", "contiguous_format"),
    ),
    "pin_memory": ("bool, optional", "Only False; accepted for compatibility with PyTorch.", ("False",)),
    "non_blocking": ("bool, optional", "Without effect; accepted for compatibility with PyTorch.", ("False", "True")),
    "sparse_grad": ("bool, optional", "Only False: gradients are dense.", ("False",)),
}


def accepting(*options):
    """Decorator of a function that accepts `OPTIONS`, which it does not see."""

    def declare(function):
        @functools.wraps(function)
        def wrapper(*args, **kwargs):
            for name in options if kwargs else ():
                if name in kwargs:
                    check_option(function.__name__, name, kwargs.pop(name))
            return function(*args, **kwargs)

        signature = inspect.signature(function)
        kept = [p for p in signature.parameters.values() if p.kind is not p.VAR_KEYWORD]
        rest = [p for p in signature.parameters.values() if p.kind is p.VAR_KEYWORD]
        added = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation="object") for name in options]
        wrapper.__signature__ = signature.replace(parameters=kept + added + rest)
        for name in options:
            wrapper.__doc__ = with_parameter(wrapper.__doc__, (name, *OPTIONS[name][:2]))
        return wrapper

    return declare


def check_option(function, name, value):
    """Raise unless an option of PyTorch's has a value that is accepted."""
    accepted = OPTIONS[name][2]
    text = str(value).rpartition(".")[2].partition(":")[0]
    if value is not None and text not in accepted:
        raise RuntimeError(
            f"{function}(): got {name}={value!r}, expected {' or '.join(accepted)}: jittape computes on the CPU, in dense arrays"
        )


def stored(value, out, name):
    """A result written into ``out=``, which is returned; a tuple of results into a tuple."""
    if isinstance(value, tuple):
        if not isinstance(out, (tuple, list)) or len(out) != len(value):
            raise TypeError(f"{name}(): got {type(out).__name__} as out=, expected a tuple of {len(value)} Tensors")
        for v, o in zip(value, out):
            stored(v, o, name)
        return type(value)(tuple(out))
    if not isinstance(out, Tensor):
        raise TypeError(f"{name}(): got {type(out).__name__} as out=, expected a Tensor of shape {list(value.shape)}")
    if tuple(value.shape) != tuple(out.shape):
        raise ShapeError(f"{name}(): got out= of shape {list(out.shape)}, expected {list(value.shape)}: tensors are not resized")
    return out._overwrite(value)
