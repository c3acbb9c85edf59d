"""Straight-line code in single assignment: the values of a block, equal ones once, and what it stores.

A block starts from a *state*: variables and the elements of arrays. Its values are computed from that state alone, so that the
reverse pass, which restores the state, can compute any of them again. A load that may read what the block has stored would break
that: there the block ends and another begins (`Block.conflicts`).
"""

from numba import types


class Value:
    """One value of a block.

    Attributes
    ----------
    kind : str
        "constant" (what: the number), "length" (array, axis), "parameter" (its name), "entry" (the name of a variable: its
        value where the block starts), "counter" (a loop: the number that it hands to this iteration), "load" (array), "cast",
        "choice" (of the second or third operand, by the first) or "operation" (an `Applied`).
    operands : tuple of Value
        Indices of a load; operands of an operation.
    steady : bool
        It is the same wherever it is computed: it is made of constants, parameters that are never assigned and lengths alone.
    block : Block
        To which it belongs.
    """

    __slots__ = ("kind", "what", "operands", "type", "steady", "never_negative", "block")

    def __init__(self, kind, what, operands, ty, never_negative=False):
        self.kind, self.what, self.operands, self.type = kind, what, operands, ty
        self.steady = kind in ("constant", "parameter", "length") or (
            kind in ("operation", "cast", "choice") and not is_real(ty) and all(v.steady for v in operands)
        )
        self.never_negative, self.block = never_negative, None


class Store:
    """An element that a block stores.

    Attributes
    ----------
    added : tuple of (Value, bool), optional
        The store only adds this value to the element, or, if the second is True, subtracts it.
    is_saved : bool
        Earlier code needs what it overwrites.
    saves_place : bool
        Where it stores cannot be computed again before the element is restored, so the place is saved, too.
    """

    def __init__(self, array, indices, value):
        self.array, self.indices, self.value = array, indices, value
        self.added, self.is_saved, self.saves_place = None, False, False


def is_real(ty):
    """Whether numbers of a type may have derivatives."""
    return ty in (types.float64, types.float32)


class Block:
    """Values, stores and the variables that they set.

    Attributes
    ----------
    order : list of Value and Store
        As the function computes them.
    final : dict of str to Value
        The variables that the block sets, and their last values.
    entries : set of str
        The variables that it reads before it sets them.
    needs : set
        Variables and arrays that its reverse reads, as they are where it starts.
    reached, again : sets of int
        The identities of values that have adjoints, and of those that the reverse computes again.
    saved : list of str
        Variables that it saves before it sets them.
    results : list of Value
        What its reverse reads and would take long to compute again, so it is saved, too.
    tangents : dict to int
        Of what is saved, and of elements that are overwritten, what has tangents in a run with some, numbered.
    """

    def __init__(self):
        self.order, self.stores, self.final, self.entries = [], [], {}, set()
        self.needs, self.reached, self.again, self.saved, self.results, self._known = set(), set(), set(), [], [], {}
        self.tangents = {}

    def blocks(self):
        """The blocks of this part of the function: itself."""
        return [self]

    def value(self, kind, what, operands, ty, never_negative=False):
        """The value that this is; an equal one of the block, if there is one."""
        key = (kind, type(what), repr(what) if kind == "constant" else what, str(ty), *map(id, operands))  # -0.0 is not 0.0
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = Value(kind, what, operands, ty, never_negative)
            found.block = self
            self.expect_own(operands)
            self.order.append(found)
        return found

    def expect_own(self, values):
        """Refuse values of other blocks: derivatives would not find what they are made of."""
        if any(value.block is not self for value in values):
            raise AssertionError("a value of another block")

    def imported(self, value):
        """A value as one of this block, which computes it anew if it is another's: then it has to be steady."""
        if value.block is self:
            return value
        if not value.steady:
            raise AssertionError("a value of another block that may be another here")
        operands = tuple(self.imported(v) for v in value.operands)
        return self.value(value.kind, value.what, operands, value.type, value.never_negative)

    def entry(self, name, ty, never_negative=False):
        """A variable as it is now."""
        if name in self.final:
            return self.final[name]
        self.entries.add(name)
        return self.value("entry", name, (), ty, never_negative)

    def conflicts(self, array, indices):
        """Whether the block has stored what an element may be, and it is not known to be the value stored last."""
        for store in reversed(self.stores):
            if store.array is array:
                if store.indices == indices:
                    return False
                if not distinct(store.indices, indices):
                    return True
        return False

    def load(self, array, indices):
        """An element of an array: what the block has stored there, if it has."""
        for store in reversed(self.stores):
            if store.array is array and store.indices == indices:
                return store.value
        return self.value("load", array, indices, array.element)

    def store(self, array, indices, value):
        """Set an element of an array."""
        self.expect_own((*indices, value))
        made = Store(array, indices, value)
        self.stores.append(made)
        self.order.append(made)
        self._known = {key: v for key, v in self._known.items() if v.kind != "load" or v.what is not array}


def distinct(left, right):
    """Whether two elements of an array are different ones: some index is another constant, neither counted from the end."""
    pairs = [(a.what, b.what) for a, b in zip(left, right) if a.kind == b.kind == "constant"]
    return any(a != b and (a < 0) == (b < 0) for a, b in pairs)


def alike(left, right):
    """Whether two things are the same at all times: values, or tuples of such, of names, and of anything that can be compared."""
    if isinstance(left, Value) and isinstance(right, Value):
        return left is right or (
            (left.kind, left.what, left.type) == (right.kind, right.what, right.type)
            and left.steady
            and right.steady
            and alike(left.operands, right.operands)
        )
    if isinstance(left, tuple) and isinstance(right, tuple):
        return type(left) is type(right) and len(left) == len(right) and all(map(alike, left, right))
    return type(left) is type(right) and left == right


def slice_of(values, is_given=lambda value: False):
    """The values, and all that they are computed from, except what is given."""
    found, queue = {}, list(values)
    while queue:
        value = queue.pop()
        if id(value) not in found:
            found[id(value)] = value
            if not is_given(value):
                queue.extend(value.operands)
    return found
