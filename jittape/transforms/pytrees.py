"""Trees: nested tuples, lists, dictionaries, NamedTuples and dataclasses; anything else is a leaf."""

import dataclasses

LEAF = "leaf"


class Structure:
    """The form of a tree: container type, keys of its children, and their structures.

    Two structures are equal if trees of the one can stand for trees of the other.
    """

    __slots__ = ("type", "keys", "children")

    def __init__(self, type_, keys, children):
        self.type, self.keys, self.children = type_, keys, children

    def __eq__(self, other):
        return isinstance(other, Structure) and (self.type, self.keys, self.children) == (other.type, other.keys, other.children)

    __hash__ = None

    def __repr__(self):
        if self.type is LEAF:
            return "*"
        inner = [repr(c) for c in self.children]
        if self.type is list:
            return f"[{', '.join(inner)}]"
        if self.type is tuple:
            return f"({', '.join(inner)}{',' if len(inner) == 1 else ''})"
        named = ", ".join(f"{k!r}: {c}" for k, c in zip(self.keys, inner))
        return f"{{{named}}}" if self.type is dict else f"{self.type.__name__}({named})"


ONE_LEAF = Structure(LEAF, (), ())


def is_named_tuple(kind):
    return issubclass(kind, tuple) and hasattr(kind, "_fields")


def children_of(tree):
    """Keys and children of a container, None for a leaf."""
    kind = type(tree)
    if kind is tuple or kind is list:
        return range(len(tree)), tree
    if isinstance(tree, dict):
        return tuple(tree), tree.values()
    if isinstance(tree, tuple) and is_named_tuple(kind):
        return kind._fields, tree
    if dataclasses.is_dataclass(tree) and not isinstance(tree, type):
        names = tuple(f.name for f in dataclasses.fields(tree))
        return names, [getattr(tree, n) for n in names]
    return None


def flatten(tree):
    """The leaves of a tree from left to right, and its structure."""
    leaves = []
    return leaves, _flatten(tree, leaves)


def _flatten(tree, leaves):
    found = children_of(tree)
    if found is None:
        leaves.append(tree)
        return ONE_LEAF
    keys, children = found
    return Structure(type(tree), tuple(keys), tuple([_flatten(c, leaves) for c in children]))


def unflatten(structure, leaves):
    """The tree of a given structure with given leaves."""
    if structure is ONE_LEAF:
        (leaf,) = leaves
        return leaf
    return _unflatten(structure, iter(leaves))


def _unflatten(structure, leaves):
    if structure.type is LEAF:
        return next(leaves)
    children = [_unflatten(c, leaves) for c in structure.children]
    kind = structure.type
    if kind is tuple or kind is list:
        return kind(children)
    if issubclass(kind, dict):
        return _mapping(kind, zip(structure.keys, children))
    if is_named_tuple(kind):
        return kind(*children)
    return _instance(kind, structure.keys, children)


def _mapping(kind, items):
    """A dictionary of type `kind`; where its constructor takes other arguments (defaultdict), a plain one."""
    try:
        return kind(items)
    except TypeError:
        return dict(items)


def _instance(kind, names, values):
    """A dataclass with given fields. ``__init__`` may not take them all, so it is not called."""
    made = object.__new__(kind)
    for name, value in zip(names, values):
        object.__setattr__(made, name, value)
    return made


def paths(structure, before=""):
    """Paths of the leaves, as one would index them: "[0]['weight']"."""
    if structure.type is LEAF:
        yield before
        return
    plain = structure.type in (tuple, list) or issubclass(structure.type, dict)
    for key, child in zip(structure.keys, structure.children):
        yield from paths(child, f"{before}[{key!r}]" if plain else f"{before}.{key}")


def size_of(structure):
    """The number of leaves of a structure."""
    return 1 if structure.type is LEAF else sum(size_of(c) for c in structure.children)


def map_leaves(function, tree):
    """The tree with a function applied to every leaf."""
    if children_of(tree) is None:
        return function(tree)
    leaves, structure = flatten(tree)
    return unflatten(structure, [function(leaf) for leaf in leaves])


def flatten_like(structure, tree, what):
    """The leaves of a tree that must have a given structure; `what` names it in the error."""
    leaves = []
    _flatten_like(structure, tree, leaves, what, "")
    return leaves


def _flatten_like(structure, tree, leaves, what, path):
    if structure.type is LEAF:
        if children_of(tree) is not None and not _is_nested_numbers(tree):
            raise TypeError(f"{what}{path}: got {type(tree).__name__}, expected one array or number as in the other tree")
        leaves.append(tree)
        return
    found = children_of(tree)
    named = issubclass(structure.type, dict)
    if found is None or (named and not isinstance(tree, dict)) or (not named and type(tree) is not structure.type):
        raise TypeError(f"{what}{path}: got {type(tree).__name__}, expected {structure.type.__name__} of the form {structure}")
    keys, children = found
    if named and set(keys) == set(structure.keys):  # in any order
        keys, children = structure.keys, [tree[k] for k in structure.keys]
    if tuple(keys) != structure.keys:
        got, expected = (list(keys), list(structure.keys)) if named else (len(keys), len(structure.keys))
        raise TypeError(f"{what}{path}: got {'keys' if named else 'length'} {got}, expected {expected}: the trees do not match")
    for key, child, inner in zip(structure.keys, children, structure.children):
        _flatten_like(inner, child, leaves, what, f"{path}[{key!r}]")


def _is_nested_numbers(tree):
    """Whether a list can stand for an array, such as ``[1.0, 2.0]`` as a tangent."""
    if isinstance(tree, (list, tuple)):
        return all(_is_nested_numbers(t) for t in tree)
    return isinstance(tree, (int, float))
