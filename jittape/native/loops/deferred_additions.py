"""Loops that read neighbours (``u[i - 1] + u[i + 1]``), reversed in chunks, so that LLVM can vectorise them.

The reverse of such an iteration adds to several elements of one shadow, and the next iteration to some of them again: each
addition waits for the one before. So what a chunk of iterations has to add is first written to buffers, one for each element that
an iteration reads, and then added, a loop for each buffer. That may be done in any order, because a chunk reads nothing of these
shadows: the loop stores to none of the arrays. Burgers' equation takes two thirds of the time so; in two dimensions, with rows of
64 or 200 points, it takes what it took.
"""

from ..compat import alloca_once
from .block_values import Block, Store, is_real, slice_of
from .program_parts import is_constant
from .saved_memory import words
from .value_emission import Values

CHUNK = 128  # iterations: buffers for five neighbours take 5 KB
FEW_ITERATIONS, MOST_BUFFERS = 16, 32


def deferred(program, loop):
    """The loads of a loop's iteration whose adjoints are added in a loop of their own."""
    if not loop.is_flat or len(loop.body) != 1 or not isinstance(loop.body[0], Block) or _is_short(loop):
        return []
    block = loop.body[0]
    if not all(_only_adds(block, name) for name in block.entries & block.final.keys() & program.active):
        return []
    stored, sites = _stored(block), {}
    for item in block.order:
        if not isinstance(item, Store) and item.kind == "load" and item.what not in stored and id(item) in block.reached:
            if item.what in program.active and all(_is_found_again(block, index) for index in item.operands):
                sites.setdefault(item.what, []).append(item)
    found = [site for of_array in sites.values() if _are_neighbours(loop, of_array) for site in of_array]
    return found if len(found) <= MOST_BUFFERS else []


def _stored(block):
    return {store.array for store in block.stores}


def _is_short(loop):
    bounds = loop.start, loop.stop, loop.step
    return all(map(is_constant, bounds)) and len(range(*(bound.what for bound in bounds))) < FEW_ITERATIONS


def _only_adds(block, name):
    """Whether iterations only add to a variable, so that they need not wait for one another."""
    value = block.final[name]
    if value.kind == "entry":
        return value.what == name
    if value.kind != "operation" or value.what.rule is None:
        return False
    unit = value.what.rule.operation.unit
    return any(v.kind == "entry" and v.what == name and unit >> k & 1 for k, v in enumerate(value.operands))


def _is_found_again(block, index):
    """Whether an index can be computed after other iterations have been reversed."""
    made_of = slice_of([index]).values()
    return not any(is_real(v.type) or v.kind == "load" or v.kind == "entry" and v.what in block.final for v in made_of)


def _are_neighbours(loop, sites):
    """Whether some of an array's elements are those of other iterations."""
    moving = [[_moves(loop, index) for index in site.operands] for site in sites]
    return any(
        a and b and sites[k].operands[axis] is not sites[0].operands[axis]
        for k in range(1, len(sites))
        for axis, (a, b) in enumerate(zip(moving[0], moving[k]))
    )


def _moves(loop, index):
    return any(v.kind == "counter" and v.what is loop for v in slice_of([index]).values())


class DeferredAdditions:
    """The buffers of one adjoint, which its loops share.

    Attributes
    ----------
    given : dict of int to LLVM value
        Of the loop that is being reversed: where an iteration puts the adjoint of a load, by the identity of the load.
    """

    def __init__(self, frame):
        self.frame, self.buffers, self.given = frame, [], {}

    def reverse(self, loop, count, reverse_iteration):
        """Reverse a loop chunk by chunk.

        Parameters
        ----------
        reverse_iteration : function of LLVM value
            Emits the reverse of the iteration of this number.
        """
        builder = self.frame.builder
        rest = alloca_once(builder, words(0).type)
        builder.store(count, rest)
        with self.frame.while_holds(lambda number: builder.icmp_signed(">", number, words(0)), rest):
            high = builder.load(rest)
            low = builder.sub(high, words(CHUNK))
            low = builder.select(builder.icmp_signed("<", low, words(0)), words(0), low)
            with self.frame.downwards(loop, high, low) as number:
                place = builder.sub(number, low, flags=["nsw"])
                self.given = {id(site): self._places(k, place) for k, site in enumerate(loop.deferred)}
                for pointers in self.given.values():
                    self.frame.set_bar(pointers, self.frame.no_bar)
                reverse_iteration(number)
                self.given = {}
            for k, site in enumerate(loop.deferred):
                self._add(loop, site, k, high, low)
            builder.store(low, rest)

    def _buffer(self, k):
        while len(self.buffers) <= k:
            self.buffers.append([alloca_once(self.frame.builder, kind, size=words(CHUNK)) for kind in self.frame.bar_kinds])
        return self.buffers[k]

    def _places(self, k, number):
        """Where an adjoint lies in a buffer."""
        return [self.frame.builder.gep(part, [number]) for part in self._buffer(k)]

    def put(self, load, bar):
        """Keep the adjoint of a load for later."""
        self.frame.set_bar(self.given[id(load)], bar)

    def _add(self, loop, site, k, high, low):
        """Add what one load has got in a chunk."""
        builder, shadow = self.frame.builder, self.frame.shadows[site.what]
        with self.frame.downwards(loop, high, low) as number:
            self.frame.hand_out(loop, number)
            bar = self.frame.bar_in(self._places(k, builder.sub(number, low, flags=["nsw"])))
            pointers = shadow.pointers(builder, Values(self.frame, loop.body[0]).indices(site.what, site.operands))
            self.frame.add_to(shadow, pointers, bar)
