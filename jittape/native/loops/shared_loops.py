"""Which loop of a function threads share: a ``prange`` whose iterations may be made in any order, as far as can be seen.

Numba takes the user's word that they may. A derivative that threads compute has to be right in any case, so here it is looked
up: an iteration sets a variable before it reads it, or only adds to it; of an array from outside, the iteration of number ``i``
reads and writes what has the index ``i``, if any iteration writes to it.
"""

import operator

from .block_values import Block, Store
from .program_parts import Branch, Exchange, Loop, is_constant, walk
from .saved_memory import words
from .saved_values import names_read

ADDITIONS = {operator.add: (0, 1), operator.iadd: (0, 1), operator.sub: (0,), operator.isub: (0,)}
MOST_PARTS = 32
LEAST_WORK = 1 << 18  # operations below which threads are not worth it: about half a millisecond
UNKNOWN_LENGTH = 16  # iterations, for an estimate of the work, of a loop inside whose bounds are variables


class InThreads(Exception):
    """A gradient that threads compute, because its loop has work for them."""


class SharedLoop:
    """A loop that threads share, one of the outermost parts of its function.

    Attributes
    ----------
    before, loop, after : list of parts, Loop, list of parts
        The function.
    sums : list of str
        Variables that iterations only add to.
    variables : set of str
        All variables that iterations set.
    own : list of ArrayMemory
        Arrays that an iteration makes: each part of the loop has memory of its own for them.
    private : list of ArrayMemory
        Arrays from outside whose adjoints more than one iteration adds to: each part of the loop has its own.
    work : int
        About how many operations an iteration has.
    """

    def __init__(self, before, loop, after, sums, variables, own, private):
        self.before, self.loop, self.after = before, loop, after
        self.sums, self.variables, self.own, self.private, self.work = sums, variables, own, private, _work(loop.body)


def shared_loop(program):
    """The loop that threads share of a function, the one with most work; None if there is none."""
    return max(shareable_loops(program), key=lambda shared: shared.work, default=None)


def shareable_loops(program):
    """The loops that threads may share."""
    found = [_shared(program, k) for k, part in enumerate(program.parts) if isinstance(part, Loop) and part.in_any_order]
    return [shared for shared in found if shared is not None]


def _shared(program, k):
    before, loop, after = program.parts[:k], program.parts[k], program.parts[k + 1 :]
    if loop.left is not None or not loop.counts_up or any(isinstance(part, Exchange) for part, _ in walk(loop.body)):
        return None
    variables = {name for block in loop.blocks() for name in block.final}
    read_later = _read_first(after)[0] | (program.results & variables)
    read_early = _read_first(loop.body)[0]
    sums = sorted(variables & (read_later | read_early))
    if not all(_only_adds(loop, name) for name in sums):
        return None
    (used, written), (outside, _) = _accesses(loop.body), _accesses([*before, *after])
    own = [array for array in used if array.made_in is loop]
    if any(array in outside for array in own):
        return None
    divided = {array for array, places in used.items() if _is_divided(loop, places)}
    if not written <= divided.union(own):
        return None
    private = [array for array in used if array in program.active and array not in divided.union(own)]
    return SharedLoop(before, loop, after, sums, variables, own, private)


# --- variables ------------------------------------------------------------------------------------------------------------


def _read_first(parts):
    """The variables that parts may read before they set them, and those that they set in any case."""
    read, known = set(), set()
    for part in parts:
        names, certain = names_read(part), set()
        if isinstance(part, Block):
            names, certain = part.entries, part.final.keys()
        elif isinstance(part, Loop):
            names = names | _read_first(part.body)[0]
        elif isinstance(part, Branch):
            (first, one), (second, other) = map(_read_first, part.ways)
            names, certain = names | first | second, one & other
        read |= names - known
        known |= certain
    return read, known


def _only_adds(loop, name):
    """Whether the iterations do nothing with a variable but add to it."""
    others = [part for part, _ in walk(loop.body) if not isinstance(part, Block)]
    return not any(name in names_read(part) for part in others) and all(_block_only_adds(b, name) for b in loop.blocks())


def _block_only_adds(block, name):
    steps, value = [], block.final.get(name)
    while value is not None and value.kind == "operation":
        key = getattr(value.what.function, "typing_key", value.what.function)
        places = [k for k in ADDITIONS.get(key, ()) if _adds_up(value.operands[k], name)]
        if len(places) != 1:
            return False
        steps.append(value)
        value = value.operands[places[0]]
    if value is None:
        return name not in block.entries
    if value.kind != "entry" or value.what != name:
        return False
    chain = {id(v) for v in (*steps, value)}
    uses = [v for item in block.order for v in _operands(item) if id(v) in chain]
    others = [v for other, v in block.final.items() if other != name and id(v) in chain]
    return len(uses) == len(steps) and not others


def _adds_up(value, name):
    """Whether a value is a variable, or a sum that begins with it."""
    while value.kind == "operation":
        key = getattr(value.what.function, "typing_key", value.what.function)
        found = [v for k, v in enumerate(value.operands) if k in ADDITIONS.get(key, ()) and _adds_up(v, name)]
        if len(found) != 1:
            return False
        value = found[0]
    return value.kind == "entry" and value.what == name


def _operands(item):
    return (item.value, *item.indices) if isinstance(item, Store) else item.operands


# --- arrays ---------------------------------------------------------------------------------------------------------------


def _accesses(parts):
    """The indices of all elements that parts read or write, by array, and the arrays that they write to."""
    used, written = {}, set()
    for block in [b for part in parts for b in part.blocks()]:
        for item in block.order:
            if isinstance(item, Store):
                used.setdefault(item.array, []).append(item.indices)
                written.add(item.array)
            elif item.kind == "load":
                used.setdefault(item.what, []).append(item.operands)
    return used, written


def _is_divided(loop, places):
    """Whether an index of all places is the number that the loop hands out."""
    return any(all(_is_number_of(loop, indices[axis]) for indices in places) for axis in range(len(places[0])))


def _is_number_of(loop, index):
    if index.kind == "entry":
        index = loop.variables.get(index.what, index)
    return index.kind == "counter" and index.what is loop


def _work(parts):
    """About how many operations some parts make."""
    total = 0
    for part in parts:
        if isinstance(part, Block):
            total += sum(isinstance(item, Store) or item.kind in ("operation", "load", "choice") for item in part.order)
        elif isinstance(part, Loop):
            bounds = part.start, part.stop, part.step
            length = len(range(*(bound.what for bound in bounds))) if all(map(is_constant, bounds)) else UNKNOWN_LENGTH
            total += length * _work(part.body)
        elif isinstance(part, Branch):
            total += max(map(_work, part.ways))
    return max(total, 1)


# --- code --------------------------------------------------------------------------------------------------------------


def number_of_parts(frame, shared):
    """How many parts a loop is cut into, and how many words the adjoints have that each part has for itself."""
    builder, own, count = frame.builder, words(0), frame.count(shared.loop)
    for array in shared.private:
        own = builder.add(own, frame.places[array].size(builder))
    work = builder.mul(count, words(shared.work))
    found = builder.sdiv(work, builder.add(builder.mul(own, words(2)), words(1)))
    for most in (count, words(MOST_PARTS)):
        found = builder.select(builder.icmp_signed("<", found, most), found, most)
    is_worth_it = builder.and_(builder.icmp_signed(">=", work, words(LEAST_WORK)), builder.icmp_signed(">=", found, words(2)))
    return builder.select(is_worth_it, found, words(1)), own
