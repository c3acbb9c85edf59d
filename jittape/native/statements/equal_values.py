"""Which variables of a block of code hold equal values, such as ``u[i]`` read twice with nothing stored in between."""

from numba import types

from ..compat import numba_ir as ir


class EqualValues:
    """What is known of the values in a block of code.

    Variables that a loop carries are assigned where the loop ends and read before that. What a variable holds therefore depends
    on where it is read.
    """

    def __init__(self, block, typemap, rule_of):
        self.assigned, self.position, self._places = {}, {}, {}
        self._epochs, self._keys, self._typemap, self._yields = {}, {}, typemap, []
        epoch = 0
        for place, statement in enumerate(block.body):
            self.position[id(statement)] = place
            if isinstance(statement, ir.Assign):
                name = statement.target.name
                self._places.setdefault(name, []).append(place)
                self.assigned[name], self._epochs[name] = statement, epoch
                epoch += may_store(statement.value, rule_of)
                if isinstance(statement.value, ir.Yield):
                    self._yields.append(place)
            elif not isinstance(statement, ir.Del):
                epoch += 1
        for name, places in self._places.items():
            if len(places) > 1:
                del self.assigned[name]

    def keeps(self, variable, first, last):
        """Whether a variable is not assigned between two positions; a generator keeps at a yield what Numba has seen there."""
        return not any(first < place < last for place in (*self._places.get(variable.name, ()), *self._yields))

    def key(self, variable, at):
        """A key that is equal for variables that hold the same value when read at a position."""
        name = variable.name
        before = sum(place < at for place in self._places.get(name, ()))
        if (name, before) not in self._keys:
            known = before and name in self.assigned
            self._keys[name, before] = self._key(name) if known else ("variable", name, before)
        return self._keys[name, before]

    def _key(self, name):
        statement = self.assigned[name]
        value, at = statement.value, self.position[id(statement)]
        if isinstance(value, ir.Const):
            return "constant", repr(value.value)
        if isinstance(value, ir.Var):
            return self.key(value, at)
        if isinstance(value, ir.Expr):
            if value.op == "getitem":
                return "element", self.key(value.value, at), self.key(value.index, at), self._epochs[name]
            if value.op == "static_getitem":
                return "element", self.key(value.value, at), repr(value.index), self._epochs[name]
            if value.op == "binop" and isinstance(self._typemap.get(name), types.Integer):
                return value.fn, self.key(value.lhs, at), self.key(value.rhs, at)
            if value.op == "build_tuple":
                return "tuple", *[self.key(item, at) for item in value.items]
        return "variable", name, 1


def may_store(value, rule_of):
    """Whether evaluating an expression may change an array."""
    if isinstance(value, ir.Yield):  # the caller of the generator runs in between
        return 1
    if not isinstance(value, ir.Expr):
        return 0
    quiet = ("getitem", "static_getitem", "binop", "unary", "getattr", "build_tuple", "cast", "pair_first", "pair_second")
    return 0 if value.op in quiet or rule_of(value) else 1
