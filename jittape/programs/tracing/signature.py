"""Signatures of calls: the properties of arguments that decide which trace fits."""

import collections
import dataclasses
import types

import numpy as np

from ...dtypes import TABLE, get_default_dtype
from ...errors import DTypeError
from ...tensors.array import Array, face_of
from ...tensors.tensor import Tensor
from ...transforms.pytrees import ONE_LEAF, children_of, flatten, is_named_tuple, unflatten

FLOATS = tuple(each.dtype for each in TABLE if each.is_differentiable)
TRACED, STATIC = "traced", "static"


class Static:
    """An argument that is part of the signature as a whole."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value


def flatten_call(args, kwargs, static_argnums):
    """The leaves of the arguments from left to right, and their structure."""
    if static_argnums:
        args = tuple(Static(a) if k in static_argnums else a for k, a in enumerate(args))
    leaves, structure = flatten((tuple(args), kwargs))
    if np.memmap in map(type, leaves):  # an array like any other: joblib maps all large arguments
        leaves = [np.asarray(leaf) if type(leaf) is np.memmap else leaf for leaf in leaves]
    if any(c is not ONE_LEAF for part in structure.children for c in part.children):  # containers
        _check_rebuildable((args, kwargs))
    return leaves, structure


def _check_rebuildable(tree):
    """Raise for containers that hold more than their children: the trace gets others, made of the children alone."""
    for kind, more in more_than_fields(tree):
        raise TypeError(
            f"jt.compile: got an argument of type {kind.__name__} that holds more than its fields ({', '.join(sorted(more))}), "
            "expected nested tuples, lists, dicts or dataclasses of fields: make these fields, or pass them as arguments"
        )


def more_than_fields(tree):
    """(type, names) of the containers in a tree that hold more than their children."""
    children = children_of(tree)
    if children is None:
        return []
    kind = type(tree)
    more = set(getattr(tree, "__dict__", ())) - set(children[0])
    found = [(kind, more)] if more or kind is collections.Counter else []
    for child in children[1]:
        found += more_than_fields(child)
    return found


def rebuild(structure, leaves):
    """The arguments of a call with other leaves."""
    return unflatten(structure, [leaf.value if isinstance(leaf, Static) else leaf for leaf in leaves])


def describe(leaf):
    """The part of a leaf that belongs to the signature.

    For floats and arrays or Tensors of floats these are shape and dtype, and their values are inputs of the trace; for anything
    else it is the value.
    """
    kind = type(leaf)
    if kind is np.ndarray:
        if leaf.dtype in FLOATS:
            return TRACED, np.ndarray, leaf.shape, leaf.dtype
        return STATIC, np.ndarray, leaf.shape, _contents(leaf)
    if kind is float:
        return TRACED, float, (), FLOATS[0]
    if isinstance(leaf, Tensor):
        face = face_of((leaf,))
        if leaf.dtype in FLOATS:
            return TRACED, face, tuple(leaf.shape), leaf.dtype
        return STATIC, face, tuple(leaf.shape), _contents(leaf._value())
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
    return STATIC, type(value), exact(value), None


def without_face(leaf):
    """An array or a number in the place of an Array, with its signature."""
    return leaf._value()[()] if type(leaf) is Array else leaf


class Itself:
    """A key that equals only keys of the same object."""

    __slots__ = ("value",)

    def __init__(self, value):
        self.value = value  # kept alive: another object could get the same id

    def __eq__(self, other):
        return type(other) is Itself and other.value is self.value

    def __hash__(self):
        return id(self.value)


def exact(value):
    """A key that is not shared by equal values of other types, or with other attributes.

    In Python 1, 1.0 and True are equal, and objects are equal if their class says so; what a function computes from them can
    differ. An object of a user's class is therefore identified by the object, not by equality.
    """
    kind = type(value)
    if kind in (int, str, bytes, bool, type(None)):
        return kind, value
    if kind in (float, complex, np.dtype) or kind.__module__ in ("decimal", "fractions", "pathlib"):
        return kind, repr(value)
    if isinstance(value, np.generic) and not value.dtype.hasobject:
        return kind, value.dtype.str, value.tobytes()
    if kind in (tuple, frozenset) or is_named_tuple(kind) and not hasattr(value, "__dict__"):
        return kind, tuple([exact(v) for v in value])  # a set's order counts, too: functions see it
    if kind in (slice, range):
        return kind, exact((value.start, value.stop, value.step))
    if kind is types.MethodType:
        return kind, Itself(value.__func__), Itself(value.__self__)
    if dataclasses.is_dataclass(kind) and kind.__dataclass_params__.frozen and hasattr(value, "__dict__"):
        slots = tuple(s for cls in kind.__mro__ for s in vars(cls).get("__slots__", ()))
        if not slots:
            return kind, tuple([(name, exact(v)) for name, v in vars(value).items()])
    return Itself(value)


def _contents(array):
    if array.dtype == object or array.dtype.kind in "cV":
        raise DTypeError(f"jt.compile: got an array of dtype {array.dtype}, expected numbers")
    return str(array.dtype), array.tobytes()


def signature_of(leaves, structure, default_dtype=None):
    """The key of a call: calls with equal keys can share a trace."""
    return default_dtype or get_default_dtype(), _key_of(structure), tuple([describe(leaf) for leaf in leaves])


def _key_of(structure):
    if structure is ONE_LEAF:
        return None
    plain = structure.type in (tuple, list)  # their keys follow from the number of children
    return structure.type, None if plain else exact(structure.keys), tuple([_key_of(c) for c in structure.children])


def is_traced(description):
    return description[0] == TRACED


def value_of(leaf):
    """The array or number of a traced leaf."""
    return leaf._value() if isinstance(leaf, Tensor) else leaf
