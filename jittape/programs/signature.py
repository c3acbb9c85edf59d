"""Signatures: what of the arguments decides which trace suits a call."""

import numpy as np

from ..errors import DTypeError
from ..tensor import Tensor
from ..transforms.trees import flatten, unflatten

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
TRACED, STATIC = "traced", "static"


class Static:
    """An argument that is part of the signature, whole."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


def flatten_call(args, kwargs, static_argnums):
    """Leaves of the arguments from left to right, and their structure."""
    if static_argnums:
        args = tuple(Static(a) if k in static_argnums else a for k, a in enumerate(args))
    return flatten((tuple(args), kwargs))


def rebuild(structure, leaves):
    """The arguments of a call with other leaves."""
    return unflatten(structure, [leaf.value if isinstance(leaf, Static) else leaf for leaf in leaves])


def describe(leaf):
    """What of a leaf is part of the signature.

    Floats and arrays or Tensors of floats are described by shape and dtype, their values are inputs of the
    trace; anything else by its value.
    """
    kind = type(leaf)
    if kind is np.ndarray:
        if leaf.dtype in FLOATS:
            return TRACED, np.ndarray, leaf.shape, leaf.dtype
        return STATIC, np.ndarray, leaf.shape, _contents(leaf)
    if kind is float:
        return TRACED, float, (), FLOATS[0]
    if isinstance(leaf, Tensor):
        if leaf.dtype in FLOATS:
            return TRACED, Tensor, tuple(leaf.shape), leaf.dtype
        return STATIC, Tensor, tuple(leaf.shape), _contents(leaf._value())
    if isinstance(leaf, np.floating) and leaf.dtype in FLOATS:
        return TRACED, float if leaf.dtype == FLOATS[0] else kind, (), leaf.dtype
    if isinstance(leaf, np.ndarray):
        raise TypeError(f"jt.compile: got {kind.__name__}, a subclass of ndarray, expected a plain array: pass np.asarray(x)")
    value = leaf.value if isinstance(leaf, Static) else leaf
    try:
        hash(value)
    except TypeError:
        raise TypeError(
            f"jt.compile: got an argument of type {type(value).__name__}, expected floats, arrays, Tensors, nested tuples, lists "
            "or dicts of them, or values that can be hashed: those become part of the trace"
        ) from None
    return STATIC, type(value), value, repr(value) if isinstance(value, float) else None


def _contents(array):
    if array.dtype == object or array.dtype.kind == "c":
        raise DTypeError(f"jt.compile: got an array of dtype {array.dtype}, expected numbers")
    return str(array.dtype), array.tobytes()


def signature_of(leaves, structure):
    """A key: calls with equal keys can share a trace."""
    return repr(structure), tuple([describe(leaf) for leaf in leaves])


def is_traced(description):
    return description[0] == TRACED


def value_of(leaf):
    """The array or number of a traced leaf."""
    return leaf._value() if isinstance(leaf, Tensor) else leaf
