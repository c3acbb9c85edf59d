"""Arrays that a copy of a function is called with, and views of arrays, are borrowed: no references are counted for them.

Numba counts one more reference to every argument when a function begins, and to every view (``x[i]``) when it is made, and one
less after the last use. Both are atomic, and LLVM removes them only where it sees every way out of the function, which exceptions
and recursive calls hide. They were half of the time of the gradient of a determinant by minors.

Who holds the array in the meantime:

* An argument is held by the caller until the call is over: by its variable, or the temporary one of the call, which is released
  afterwards. LLVM may have removed both from the caller, because the array has another owner. If that is a list which the
  function takes, too, it may let go of the array. So functions that take anything else than numbers, strings, functions, arrays
  of numbers, and tuples of these count as before, and so do generators, which outlive the call.
* A view of an argument, or a member of a tuple that is one, is held with it.
* Any other view that is used in one block of code is held by the variable of the array that it was taken from, which is not
  assigned meanwhile, and is released after the view instead of before.

What keeps a value (another variable, a list, a tuple, the result of a function) takes a reference of its own, as before.
"""

from numba import types

from ..compat import FunctionPass, Lower, NativeLowering, numba_ir as ir, register_pass
from ..numbers.number_types import Differential
from .equal_values import EqualValues
from .statement_writing import argument

OWNING_NOTHING = (
    types.Number,
    types.Boolean,
    types.UnicodeType,
    types.Literal,
    types.Dispatcher,
    types.NoneType,
    types.Omitted,
    Differential,
)
BASIC = types.Integer, types.SliceType, types.EllipsisType, types.NoneType  # indices that make views


def can_borrow(ty):
    """Whether a value of a type owns nothing that a function could make it release."""
    if isinstance(ty, types.BaseTuple):
        return all(map(can_borrow, ty.types))
    if isinstance(ty, types.Array):
        return can_borrow(ty.dtype)
    return isinstance(ty, OWNING_NOTHING)


class Borrowing:
    """Which variables of a function are borrowed.

    Parameters
    ----------
    blocks : dict of int to Block
        The code of the function, with its deletions of variables, some of which are moved.
    typeof : function of a name
        The type of a variable.

    Attributes
    ----------
    names : set of str
        The borrowed variables.
    """

    def __init__(self, blocks, typeof):
        self._typeof = typeof
        self._values, self._returned, self._held = {}, set(), {}
        for block in blocks.values():
            for statement in block.body:
                if isinstance(statement, ir.Assign):
                    self._values.setdefault(statement.target.name, []).append(statement.value)
                elif isinstance(statement, ir.Return):
                    self._returned.add(statement.value.name)
        self.names = {name for name in self._values if self._is_held(name)}
        for block in blocks.values():
            self._borrow_within(block)

    def _only_value(self, name):
        """The only value of a variable that may be borrowed; None for others."""
        values = self._values.get(name, ())
        if len(values) != 1 or name in self._returned or not can_borrow(self._typeof(name)):
            return None
        return values[0]

    def _is_held(self, name):
        """Whether a variable stands for an argument, or a part of one, from its only assignment to the end of the function."""
        if name not in self._held:
            value = self._only_value(name)
            source = self._source(value)
            self._held[name] = isinstance(value, ir.Arg) or (source is not None and self._is_held(source))
        return self._held[name]

    def _source(self, value):
        """The variable of which a value is a view or a member; None for other values."""
        if not isinstance(value, ir.Expr) or value.op not in ("getitem", "static_getitem"):
            return None
        ty = self._typeof(value.value.name)
        basic = value.op == "static_getitem" or _is_basic(self._typeof(value.index.name))
        return value.value.name if basic and isinstance(ty, (types.Array, types.BaseTuple)) else None

    def _borrow_within(self, block):
        """Borrow views that are made and deleted in a block, and delete the arrays that hold them afterwards."""
        assigned, deleted = _places(block)
        holders, moved = {}, {}
        for place, statement in enumerate(block.body):
            name = statement.target.name if isinstance(statement, ir.Assign) else None
            source = self._source(self._only_value(name)) if name and name not in self.names else None
            ends = deleted.get(name, ())
            if source is None or len(ends) != 1 or ends[0] < place:
                continue
            holder, end = holders.get(source, source), ends[0]
            if any(place < other < end for other in assigned.get(holder, ())):
                continue
            holders[name] = holder
            self.names.add(name)
            for own in deleted.get(holder, ()):
                if place < moved.get(own, own) < end:
                    moved[own] = end
        block.body = _in_order(block.body, moved)


def _is_basic(ty):
    return all(map(_is_basic, ty.types)) if isinstance(ty, types.BaseTuple) else isinstance(ty, BASIC)


def _places(block):
    """Where the variables of a block are assigned, and where they are deleted."""
    assigned, deleted = {}, {}
    for place, statement in enumerate(block.body):
        if isinstance(statement, ir.Assign):
            assigned.setdefault(statement.target.name, []).append(place)
        elif isinstance(statement, ir.Del):
            deleted.setdefault(statement.value, []).append(place)
    return assigned, deleted


def _in_order(body, moved):
    """The statements, those at the places in `moved` after the ones at other places."""
    late = {}
    for place, after in moved.items():
        late.setdefault(after, []).append(body[place])
    found = []
    for place, statement in enumerate(body):
        if place not in moved:
            found.append(statement)
        found.extend(late.get(place, ()))
    return found


class BorrowingLower(Lower):
    """Numba's code generator, without references counted for borrowed variables."""

    def pre_lower(self):
        super().pre_lower()
        counts = self.generator_info or not all(map(can_borrow, self.fndesc.argtypes))
        self._borrowed = set() if counts else Borrowing(self.blocks, self.typeof).names

    def lower_assign(self, ty, inst):
        value = super().lower_assign(ty, inst)
        if inst.target.name in self._borrowed:
            self.decref(ty, value)  # takes back what was counted a moment ago: LLVM removes such pairs
        return value

    def storevar(self, value, name, argidx=None):
        if name in self._borrowed:
            self._alloca_var(name, self.typeof(name))
            if name in self.varmap:  # Numba releases what is there
                self.builder.store(self.varmap[name].type.pointee(None), self.varmap[name])
        super().storevar(value, name, argidx)

    def delvar(self, name):
        if name not in self._borrowed:
            super().delvar(name)


@register_pass(mutates_CFG=True, analysis_only=False)
class LowerBorrowing(NativeLowering):
    """Numba's generation of code, by `BorrowingLower`."""

    _name = "jittape_lower_borrowing"

    @property
    def lowering_class(self):
        return BorrowingLower


@register_pass(mutates_CFG=False, analysis_only=False)
class PassAsTheyAre(FunctionPass):
    """Compiler pass that calls functions with variables themselves, where `argument` stood between in case it writes a statement.

    The result of `argument` is a variable of its own, with a reference counted for it.
    """

    _name = "jittape_pass_as_they_are"

    def __init__(self):
        FunctionPass.__init__(self)

    def run_pass(self, state):
        for block in state.func_ir.blocks.values():
            _pass_sources(block, state.typemap)
        return True


def _pass_sources(block, typemap):
    known, standing, replaced = EqualValues(block, typemap, _no_rule), {}, set()
    for place, statement in enumerate(block.body):
        value = getattr(statement, "value", None)
        if not isinstance(value, ir.Expr) or value.op not in ("call", "build_tuple"):
            continue
        source = _stands_for(statement, typemap)
        if source is not None:
            standing[statement.target.name] = source, place
        usable = {name: v for name, (v, since) in standing.items() if known.keeps(v, since, place)}
        replaced.update(usable.keys() & {v.name for v in value.list_vars()})  # nothing else uses them
        _replace(value, usable)
    block.body = [s for s in block.body if not (isinstance(s, ir.Assign) and s.target.name in replaced)]


def _no_rule(value):
    """None for any call: only what is assigned counts here."""


def _stands_for(statement, typemap):
    """The variable that an assignment stands for by `argument`; None for other statements."""
    value = statement.value
    if value.op != "call" or getattr(typemap[value.func.name], "typing_key", None) is not argument:
        return None
    (source,) = value.args
    return source if typemap[source.name] == typemap[statement.target.name] else None


def _replace(value, variables):
    """Replace operands of a call or a tuple."""
    if value.op == "call":
        value.args = [variables.get(v.name, v) for v in value.args]
        value.kws = [(name, variables.get(v.name, v)) for name, v in value.kws]
    else:
        value.items = [variables.get(v.name, v) for v in value.items]
