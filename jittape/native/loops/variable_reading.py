"""Variables of a user's function while it is read: numbers that parts set and read, and names for other things.

A view lies in variables named after the one that holds it, so that another view can take its place; a member of a tuple likewise.
"""

from numba import types

from .array_binding import BindsAgain
from .array_views import Axis, Elements, LazyArray, Listed, Method, is_array, whole
from .block_values import Value, alike, is_real
from .program_parts import ArrayMemory, Loop


class VariableReading:
    """The part of a `TreeReader` that knows what variables are."""

    def constant(self, value, ty):
        if isinstance(value, (bool, int, float)):
            number = types.boolean if isinstance(value, bool) else types.float64 if isinstance(value, float) else types.int64
            return self.constant_value(value, number)
        if isinstance(ty, types.Array):
            return self.fixed_array(value, ty)
        return ty  # a function, a class, a module: its type says all

    def fixed_array(self, value, ty):
        """An array that is a global or captured: its elements are constants of the code."""
        if not ty.ndim or not self.is_held(ty.dtype):
            self.refuse(f"a global array of type {ty}")
        found = next((array for array in self.program.fixed if array.value is value), None)
        if found is None:
            found = ArrayMemory(f"array {len(self.program.types)}", ty)
            found.value = value
            self.program.fixed.append(found)
        return whole(found)

    def constant_value(self, value, ty):
        never_negative = ty == types.int64 and value >= 0
        return self.block().value("constant", value, (), ty, never_negative)

    def set(self, name, what, is_own=False):
        """Let a variable be a value of the block, or stand for something else.

        Parameters
        ----------
        is_own : bool
            It is what an expression has made for this variable alone, which nothing but the statement around it reads.
        """
        own, is_set_once = self.prefix + name, self.assignments.get(name) == 1
        if self.is_bound_again(name):
            return self.bind(name, what)
        if isinstance(what, LazyArray) and not (is_set_once and name.startswith("$")):
            what = self.formed(what)
        if isinstance(what, Listed) and not is_own:
            self.refuse("a list")
        if not is_own:
            self.expect_lasting(name, what)
        self.note_binding(name, what)
        if isinstance(what, Elements) and not is_own:
            if what.array.owner is not None and not name.startswith("$"):
                raise BindsAgain((self.dispatcher, name))
            what = self.kept_view(own, what, is_set_once)
        if type(what) is tuple:
            what = tuple(self.kept_member(own, k, m, is_set_once) for k, m in enumerate(what))
        if not isinstance(what, Value):
            if is_own or isinstance(what, (Loop, LazyArray, Method)) or is_set_once and is_tuple_of_numbers(what):
                self.known[name] = what  # code that two branches share is read twice
                return
            if not alike(self.known.setdefault(name, what), what):
                if is_array(what) and is_array(self.known[name]):
                    raise BindsAgain((self.dispatcher, name))
                self.refuse(f"`{name}`, which stands for one thing and then for another")
            return
        what = self.as_type(what, self.type_of(name), name)
        if what.steady and is_set_once:
            self.known[name] = what
            return
        self.program.types[own] = what.type
        self.block().final[own] = what

    def kept_view(self, own, view, is_set_once):
        """A view whose indices lie in variables named after the one that holds it."""

        def keep(what, k, kept):
            if kept is None or is_set_once and isinstance(kept, Value):
                return kept
            name, value = f"{own} {what} {k}", self.again(kept)
            self.set_hidden(name, value, value.never_negative and is_set_once)
            return name

        axes = []
        for k, axis in enumerate(view.axes):
            if isinstance(axis, Axis):
                axes.append(axis._replace(start=keep("start", k, axis.start), length=keep("length", k, axis.length)))
            else:
                axes.append(keep("at", k, axis))
        return view._replace(axes=tuple(axes))

    def kept_member(self, own, k, member, is_set_once):
        """A member of a tuple: what is not the same at all times lies in a variable named after the tuple's."""
        if isinstance(member, Elements):
            if member.array.owner is not None and not own.removeprefix(self.prefix).startswith("$"):
                self.refuse("a tuple of an array whose variable is given others")
            return self.kept_view(f"{own} part {k}", member, is_set_once)
        if type(member) is tuple:
            return tuple(self.kept_member(f"{own} part {k}", j, m, is_set_once) for j, m in enumerate(member))
        if not isinstance(member, str):
            return member
        name, value = f"{own} part {k}", self.again(member)
        self.set_hidden(name, value, False)
        return name

    def as_type(self, value, ty, name):
        """A value as a variable of some type holds it: constants may change their type, nothing else."""
        ty = types.unliteral(ty)
        if value.type == ty:
            return value
        if value.kind == "constant" and is_real(ty):
            return self.constant_value(float(value.what), ty)
        if name.startswith("$") and is_real(ty):  # where two ways of an expression meet
            return self.block().value("cast", "to float64", (value,), ty)
        return self.refuse(f"`{name}`, which is {value.type} here and {ty} elsewhere")

    def type_of(self, name):
        return self.code.types[name]

    def looked_up(self, name):
        """What a variable is: a value of the current block, or what it stands for."""
        found = self.known.get(name)
        if found is not None:
            if name.startswith("$"):
                self.expect_same_binding(name, found)
            return self.block().imported(found) if isinstance(found, Value) else found
        ty = types.unliteral(self.type_of(name))
        if not isinstance(ty, (types.Integer, types.Boolean)) and not is_real(ty):
            self.refuse(f"`{name}` of type {ty}")
        return self.block().entry(self.prefix + name, ty)

    def number(self, name):
        """The number that a variable is."""
        found = self.looked_up(name)
        return found if isinstance(found, Value) else self.refuse(f"`{name}` of type {self.type_of(name)}")

    def hide(self, value):
        """Keep a value in a variable that no user can name. Returns its name."""
        name = f"{len(self.program.types)}.{self.prefix}"
        self.set_hidden(name, value, value.never_negative)
        return name

    def set_hidden(self, name, value, never_negative):
        """Set a variable that no user can name."""
        self.program.types[name] = value.type
        self.block().final[name] = value
        if never_negative:
            self.program.never_negative.add(name)

    def kept(self, value):
        """A value where it is steady, else the name of a variable that keeps it."""
        return value if value.steady else self.hide(value)

    def again(self, kept):
        """The value that `kept` has kept, in the current block."""
        if isinstance(kept, str):
            return self.block().entry(kept, self.program.types[kept], kept in self.program.never_negative)
        return self.block().imported(kept)


def is_tuple_of_numbers(what):
    """Whether something is a tuple without arrays."""
    return type(what) is tuple and not any(is_array(member) or type(member) is tuple for member in what)
