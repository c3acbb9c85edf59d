"""The parts of a structured function: blocks (`block_values`), loops, branches, allocations and exceptions, in a tree."""

from .block_values import Value, is_real


class ArrayMemory:
    """An array of the function: a parameter, or one that it makes.

    Attributes
    ----------
    ndim, element, layout
        As in Numba's type.
    parameter : int or None
        Its position among the parameters.
    value : ndarray or None
        Its elements, if it is a global of the function.
    lengths : tuple or None
        Its lengths, if the function makes it: values that are the same at all times, or names.
    made_in : Loop or Branch, or None
        The outermost part around the loop that makes it, and makes another one of the same memory in its next iteration.
    owner : TreeReader or None
        The reader of the function, while that is read, one of whose variables it is the memory of.
    """

    def __init__(self, name, ty, parameter=None):
        self.name, self.ndim, self.element, self.layout, self.parameter = name, ty.ndim, ty.dtype, ty.layout, parameter
        self.value, self.lengths, self.owner, self.made_in = None, None, None, None

    def is_like(self, other):
        """Whether another array may have its memory."""
        return (self.ndim, self.element, self.layout) == (other.ndim, other.element, other.layout)

    @property
    def is_real(self):
        """Whether its elements may have derivatives."""
        return is_real(self.element)


class Loop:
    """A loop over a range, or one that goes on until it is left.

    Attributes
    ----------
    start, stop, step : Value or str, or None
        Values that are the same at all times, or names of variables of the loop's own; None for a loop over no range.
    left : str or None
        The variable that says which way an iteration has left the loop by, 0 if it has not; None if none can. How many
        iterations such a loop has made is saved.
    over : Elements or None
        An array or a row whose elements it hands out in the place of numbers.
    counts_up : bool
        No number that it hands out is negative.
    variables : dict of str to Value
        Variables that are what the loop hands out, wherever they are read: they are set again and not saved.
    is_flat : bool
        Its body contains no other loop, so an iteration saves at most `slots` words and tangents, each in a place of its own.
    in_any_order : bool
        It is a ``prange``: the user promises that its iterations may be made in any order.
    deferred : list of Value
        Loads whose adjoints are added in loops of their own (`deferred_additions`).
    """

    def __init__(self, start=None, stop=None, step=None, counts_up=False):
        self.start, self.stop, self.step, self.counts_up, self.left = start, stop, step, counts_up, None
        self.over, self.in_any_order = None, False
        self.body, self.variables, self.is_flat, self.slots, self.deferred = [], {}, False, (0, 0), []

    def least(self):
        """The smallest number that it may hand out, if that is known."""
        start, stop, step = (getattr(b, "what", None) if is_constant(b) else None for b in (self.start, self.stop, self.step))
        if not step:
            return None
        return start if step > 0 else None if stop is None else stop + 1

    def bounds(self):
        """The bounds that may change, by name."""
        return {kept for kept in (self.start, self.stop, self.step) if isinstance(kept, str)}

    def blocks(self):
        return [b for part in self.body for b in part.blocks()]


def is_constant(bound):
    return isinstance(bound, Value) and bound.kind == "constant"


class Branch:
    """Two ways, chosen by a variable of its own."""

    def __init__(self, condition):
        self.condition, self.ways = condition, ([], [])

    def blocks(self):
        return [b for way in self.ways for part in way for b in part.blocks()]


class Allocation:
    """An array that is made.

    Attributes
    ----------
    lengths : tuple of Value and str
        As the bounds of a loop.
    is_early : bool
        It is made where the function begins, so a wrong length is no error yet.
    """

    def __init__(self, array, lengths, is_filled, is_early=False):
        self.array, self.lengths, self.is_filled, self.is_early = array, lengths, is_filled, is_early

    def blocks(self):
        return []


class Exchange:
    """Two arrays of the function that exchange their memory; both have equal lengths."""

    def __init__(self, first, second):
        self.first, self.second = first, second

    def renamed(self, arrays):
        """A set of variables and arrays after the exchange."""
        other = {self.first: self.second, self.second: self.first}
        return {other.get(array, array) for array in arrays}

    def blocks(self):
        return []


class Exit:
    """An exception that the function raises."""

    def __init__(self, exception, arguments, location):
        self.exception, self.arguments, self.location = exception, arguments, location

    def blocks(self):
        return []


class Guard:
    """A condition, as the bounds of a loop, without which the function has to be differentiated by the tape."""

    def __init__(self, condition):
        self.condition = condition

    def blocks(self):
        return []


def walk(parts, loops=()):
    """All parts, each with the loops around it."""
    for part in parts:
        yield part, loops
        if isinstance(part, Loop):
            yield from walk(part.body, (*loops, part))
        elif isinstance(part, Branch):
            yield from walk([p for way in part.ways for p in way], loops)


class LoopProgram:
    """A function as a tree of parts.

    Attributes
    ----------
    parameters : list of (str, Type, ArrayMemory or None)
        In their order.
    result : str
        What the variables are named after that hold what the function returns.
    outputs, returns
        What it returns (`ResultReading.outputs`), and Numba's type of that.
    active : set
        Variables and arrays that depend on what is differentiated.
    crossing : set of str
        Variables that one part sets and another reads.
    never_negative : set of str
        Variables that hold no negative number.
    fixed : list of ArrayMemory
        Arrays that are globals.
    early : list of Allocation and Guard
        Parts that come before all others.
    changed : set of ArrayMemory
        Arrays of which the user's function sets elements.
    promises : list of Promise
        Arrays and their copies, none of which is changed.
    exchanged : set of ArrayMemory
        Memory of variables whose arrays are held while the variables get others.
    n_changes : int
        How many statements that set elements have been read.
    bound_again : set
        Variables that have memory of their own.
    codes : dict
        The code of functions that are called.
    shared : SharedLoop or None
        The loop that threads share.
    has_deviation : bool
        Whether a standard deviation is computed. Of equal elements rounding makes it some 1e-17, whose second derivative says
        nothing; rules of the operation table know such elements.
    """

    def __init__(self):
        self.parts, self.parameters, self.types, self.result = [], [], {}, "result"
        self.active, self.crossing, self.written = set(), set(), set()
        self.never_negative, self.fixed, self.early = set(), [], []
        self.stores = {}  # of each array, how many have been read
        self.bindings = {}  # of each memory of a variable, how many arrays the variable has named
        self.outputs = self.returns = self.shared = None
        self.has_deviation = False
        self.exchanged, self.n_changes, self.changed, self.promises, self.bound_again, self.codes = set(), 0, set(), [], set(), {}

    def blocks(self):
        return [b for part in self.parts for b in part.blocks()]

    def exchanges(self):
        return [part for part, _ in walk(self.parts) if isinstance(part, Exchange)]
