"""Variables that name one array and then another (``y = y + h * k``, ``old = y``): each has memory of its own, and gets copies.

A copy means what the name means as long as nobody can see that two names were one array. So an array that is copied is either
new, with no other name, or neither it nor the copy is changed in place anywhere in the function (`LoopProgram.promises`). A view
of such a variable is read only until the variable names another array.

Two variables that exchange their arrays (``u, w = w, u``) exchange their memory, and nothing is copied.
"""

from numba import types

from ..compat import numba_ir
from .array_views import Elements, LazyArray, is_array
from .list_reading import NumberList
from .program_parts import Exchange
from .whole_array_reading import dtype_of


class BindsAgain(Exception):
    """A variable that names one array and then another: the function is read again, with memory of its own for the variable.

    Parameters
    ----------
    variable : tuple
        A dispatcher and a name.
    """

    def __init__(self, variable):
        super().__init__(variable)
        self.variable = variable


class Promise:
    """An array has been copied, and neither is changed.

    Attributes
    ----------
    n_changes, parts
        After how many changes it was read, and into which parts.
    is_over : bool
        The variable of the array names another one at once, so the two are not one array any more.
    """

    def __init__(self, array, copy, n_changes, parts):
        self.array, self.copy, self.n_changes, self.parts, self.is_over = array, copy, n_changes, parts, False


def is_kept(program):
    """Whether a function keeps all promises.

    One that is over need not be kept if the array has this copy alone and is no copy itself, wherever in the function. An array
    that is exchanged may have no other names at all.
    """
    arrays, copies = [p.array for p in program.promises], [p.copy for p in program.promises]
    over = [p for p in program.promises if p.is_over and arrays.count(p.array) == 1 and p.array not in copies]
    lasting = [p for p in program.promises if p not in over]
    is_seen = any(p.copy in program.exchanged for p in lasting) or any(array in program.exchanged for array in arrays)
    return not is_seen and not any({p.array, p.copy} & program.changed for p in lasting)


class ArrayBinding:
    """The part of a `TreeReader` that reads assignments to such variables."""

    def is_bound_again(self, name):
        return (self.dispatcher, name) in self.program.bound_again

    def bind(self, name, what):
        """Let a variable with memory of its own name an array."""
        if not is_array(what):
            self.refuse(f"`{name}`, which stands for an array and then for something else")
        if name not in self.known:
            self.known[name] = self.made(types.Array(dtype_of(what), what.ndim, "C"), self.lengths(what), False, is_early=True)
            self.known[name].array.owner = self
        place = self.known[name]
        if (place.ndim, place.array.element) != (what.ndim, dtype_of(what)):
            self.refuse(f"`{name}`, which is one type of array and then another")
        if isinstance(what, Elements) and what.array is not place.array and not self.is_new(what):
            self.program.promises.append(Promise(what.array, place.array, self.program.n_changes, self.parts))
        for a, b in zip(self.kept_lengths(place), self.kept_lengths(what)):
            self.expect_equal(a, b)
        self.program.bindings[place.array] = self.program.bindings.get(place.array, 0) + 1
        self.assign_elements(place, what)
        for promise in self.program.promises:
            if promise.array is place.array and promise.n_changes == self.program.n_changes and promise.parts is self.parts:
                promise.is_over = True

    def exchange_of(self, statements):
        """The arrays that two variables exchange by the next statements, ``t = a; a = b; b = t``; `t` is read nowhere else."""
        pairs = [(s.target.name, s.value.name) for s in statements if is_renaming(s)]
        if len(pairs) != 3:
            return None
        (t, a), (second, b), last = pairs
        if second != a or last != (b, t) or self.assignments[t] != 1 or self.times_read(t) != 1:
            return None
        if not all(self.is_bound_again(name) and name in self.known for name in (a, b)):
            return None
        first, other = self.known[a], self.known[b]
        return (first, other) if first.array is not other.array and first.array.is_like(other.array) else None

    def times_read(self, name):
        """How many statements read a variable."""
        statements = [s for block in self.code.blocks.values() for s in block.body if not isinstance(s, numba_ir.Del)]
        return sum(any(v.name == name for v in s.list_vars()) for s in statements) - self.assignments[name]

    def exchange(self, first, other):
        """Let two variables exchange their arrays."""
        for a, b in zip(self.kept_lengths(first), self.kept_lengths(other)):
            self.expect_equal(a, b)
        self.parts.append(Exchange(first.array, other.array))
        for array in (first.array, other.array):
            self.program.exchanged.add(array)
            self.program.written.add(array)
            self.program.stores[array] = self.program.stores.get(array, 0) + 1
            self.program.bindings[array] = self.program.bindings.get(array, 0) + 1

    def held(self, name, what):
        """What another variable names, as Python holds it for a while: an array that its variable is about to lose is copied."""
        if name.startswith("$") and isinstance(what, Elements) and what.array.owner is not None:
            self.program.exchanged.add(what.array)
            return self.copied(what, types.Array(what.array.element, what.ndim, "C"))
        return what

    def note_change(self, array):
        """The user's function sets elements of an array."""
        self.program.changed.add(array)
        self.program.n_changes += 1

    def is_new(self, view):
        """Whether an array has no other name that the user's function could use."""
        array, reader = view.array, self
        if array.parameter is not None or array.value is not None or array.owner is not None:
            return False
        while reader is not None:
            for name, known in reader.known.items():
                if not name.startswith("$") and mentions(known, array):
                    return False
            reader = reader.outer
        return True

    def expect_same_binding(self, name, found):
        """Refuse an array that was taken from a variable that has named another since."""
        if self.bindings_of(found) != self.bound_when_set.get(name, []):
            self.refuse("an array whose variable has been given another")

    def note_binding(self, name, what):
        bindings = self.bindings_of(what)
        if any(bindings):
            self.bound_when_set[name] = bindings

    def bindings_of(self, what):
        """How often the variables of arrays have been given others: of each array, also in a tuple; nothing if none has."""
        found = [self.program.bindings.get(array, 0) for array in arrays_in(what)]
        return found if any(found) else []

    def expect_lasting(self, name, what):
        """Refuse another name for an array that a loop makes again, if it is read after that."""
        if name.startswith("$") or all(array.made_in is None for array in arrays_in(what)):
            return
        if all(map(self.is_new, views_in(what))) or not self.structure.goes_round(name, self.label):
            return
        if isinstance(what, Elements):
            raise BindsAgain((self.dispatcher, name))
        self.refuse("a tuple or a list that a loop makes again")

    def give_up(self):
        """Forget what variables of this function own, as it has returned."""
        for what in self.known.values():
            if isinstance(what, Elements) and what.array.owner is self:
                what.array.owner = None


def views_in(what):
    """The views in what a variable stands for."""
    if type(what) is tuple:
        return [view for member in what for view in views_in(member)]
    return [what] if isinstance(what, Elements) else [what.memory] if isinstance(what, NumberList) else []


def arrays_in(what):
    """The memories of arrays in what a variable stands for."""
    return [view.array for view in views_in(what)]


def is_renaming(statement):
    return isinstance(statement, numba_ir.Assign) and isinstance(statement.value, numba_ir.Var)


def mentions(known, array):
    """Whether what a variable stands for is, or contains, a view of an array."""
    if type(known) is tuple:
        return any(mentions(member, array) for member in known)
    if isinstance(known, NumberList):
        return known.memory.array is array
    views = known.views if isinstance(known, LazyArray) else (known,) if isinstance(known, Elements) else ()
    return any(view.array is array for view in views)
