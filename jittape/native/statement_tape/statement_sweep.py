"""The reverse sweep over a statement tape, for adjoints of any type, one by one or in lanes.

All products are plain ones. What is a structural zero is skipped: an adjoint to which nothing has been added, which still is
-0.0, and a partial that was stored so (see `cells`). A numeric zero is multiplied like any number.
"""

import functools
from typing import NamedTuple

from numba import types

from ...numba_backend.decorators import helper
from ...memory.words import load_i32, word
from ..tape_memory.arenas import (
    AFTER,
    BEFORE,
    C_BIAS,
    C_FIRST,
    C_INDEX,
    C_NEXT,
    C_PARTIAL,
    C_USED,
    CELL,
    CHUNK,
    COUNT,
    FIRST,
    LAST,
    PREVIOUS,
    chunk_at,
    leave,
)
from ..numbers import lane_numbers
from ..numbers.cells import cell_access, is_structural, numeric
from ..compilation.compile_cached import compiled_inside, means, only_compiled
from ..tape_memory.tape_entries import (
    ELEMENTS,
    EXTENT,
    FIRST_OPERAND,
    FOLLOWING,
    OPERAND_WORDS,
    OPERANDS,
    PARTIALS,
    PRODUCT,
    SEGMENT,
    SEGMENTS,
    SHAPE,
    SPREAD,
    STEP,
    add_call,
    add_product,
    open_elements,
)
from ..numbers.number_types import cell_of, depth_of
from ..compilation.shared_code import shared, shared_when_called
from .product_pullbacks import make_product
from .python_requests import ask_pullback
from .table_vectors import pull_numbers

MASK = 0xFFFFFFFF


@helper
def _product(partial, seed):
    return numeric(partial * seed)


@functools.cache
def _flow_for(cell):
    zero = cell_access(cell)[2]

    @helper
    def flow(partial, seed):
        return zero() if is_structural(partial) or is_structural(seed) else numeric(partial * seed)

    return flow


@helper
def _sum(x, z):
    return x + z


class AdjointKind(NamedTuple):
    """What a sweep does with adjoints, as functions of compiled code.

    Attributes
    ----------
    partial : of an address and a number: the partial there
    load, store, zero : of adjoints of statements; a structural zero
    is_zero : of an adjoint: whether it is a structural zero
    plus : of adjoints
    flow : of a partial and an adjoint: their product, a structural zero if one of them is
    push : the same, for factors that are not
    """

    partial: object
    load: object
    store: object
    zero: object
    is_zero: object
    plus: object
    flow: object
    push: object


@functools.cache
def sweep_for(cell):
    """The compiled reverse sweep over a tape with cells of a type; the one for float64 is shared by all derivatives."""
    access = cell_access(cell)
    kind = AdjointKind(access[0], *access, is_structural, _sum, _flow_for(cell), _product)
    if depth_of(cell):
        return compiled_inside(make_sweep(kind, entry_pullbacks(kind, pull_numbers(cell))), str(cell))
    pullbacks = zip(entry_pullbacks(kind, pull_in_python(1)), (open_elements, add_product, add_call))
    return shared(make_sweep(kind, [shared(pullback, following=writer) for pullback, writer in pullbacks]))


@functools.cache
def sweep_in_lanes():
    """The sweep with several float64 adjoints side by side; compiled when it is first needed."""
    kind = AdjointKind(
        cell_access(types.float64)[0],
        lane_numbers.load,
        lane_numbers.store,
        lane_numbers.zero,
        lane_numbers.is_zero,
        lane_numbers.plus,
        lane_numbers.flow,
        lane_numbers.push,
    )
    return shared_when_called(make_sweep(kind, entry_pullbacks(kind, pull_in_python(lane_numbers.WIDTH))))


def pull_in_python(lanes):
    """The pullback of an entry for a function that Python evaluates, for float64 adjoints in lanes."""

    @helper
    def pull(adjoints, entry):
        ask_pullback(entry, adjoints, lanes, 0)

    return pull


def entry_pullbacks(kind, pull):
    """The pullbacks of the three shapes of entries, functions ``(adjoints, entry, cell)``; see `make_call` for the last."""
    return [helper(pullback) for pullback in (make_elements(kind), make_product(kind), make_call(kind, pull))]


def make_sweep(kind, pullbacks):
    """Make the sweep from the pullbacks of runs of statements and of the three shapes of entries.

    Those of entries are shared code of their own where the sweep is: a program of loops and numbers writes none, and they take
    three times as long to compile as the rest.
    """
    statements, (elements, product, called) = make_statements(kind), pullbacks

    def reverse(header, adjoints):
        """Adjoints of all inputs from those that are seeded; adjoints of statements are structural zeros again."""
        leave(header)
        entry = word(header, LAST)
        for k in range(word(header, CHUNK), -1, -1):
            c = chunk_at(k)
            first, top = word(header, c + C_FIRST), word(header, c + C_NEXT)
            pairs = word(header, c + C_INDEX), word(header, c + C_PARTIAL)
            ends, high = word(header, c + C_BIAS), word(header, c + C_USED)
            while entry != 0 and word(entry, FIRST) >= first:
                count = word(entry, COUNT)
                statements(adjoints, pairs, ends, word(entry, FIRST) + count, top, word(entry, AFTER), high)
                if word(entry, SHAPE) == ELEMENTS:
                    elements(adjoints, entry, word(header, CELL))
                elif word(entry, SHAPE) == PRODUCT:
                    product(adjoints, entry, word(header, CELL))
                else:
                    called(adjoints, entry, word(header, CELL))
                top, high, ends = word(entry, FIRST), word(entry, BEFORE), ends + 4 * count
                entry = word(entry, PREVIOUS)
            statements(adjoints, pairs, ends, first, top, 0, high)
        return 0

    return reverse


def make_statements(kind):
    """Make the pullback of a run of statements; their pairs lie from `low` to `high`."""
    partial_at, load, store, zero, is_zero, plus, flow, push = kind

    @helper
    def statements(adjoints, pairs, ends, first, top, low, high):
        index, partials = pairs
        for s in range(top - 1, first - 1, -1):
            begin = low if s == first else load_i32(ends, s - 1)
            seed = load(adjoints, s)
            if not is_zero(seed):
                store(adjoints, s, zero())
                for j in range(begin, high):
                    i = load_i32(index, j) & MASK
                    store(adjoints, i, plus(load(adjoints, i), push(partial_at(partials, j), seed)))
            high = begin

    return statements


def make_elements(kind):
    """Make the pullback of an elementwise entry or a sum. It has several loops, because only fixed steps become vector code."""
    partial_at, load, store, zero, is_zero, plus, flow, push = kind

    @helper
    def by_column(adjoints, start, step, first, spread, partials, n):
        """A segment with a partial a pair."""
        if step == 1 and spread == 1:
            for k in range(n):
                x_bar = plus(load(adjoints, start + k), flow(partial_at(partials, k), load(adjoints, first + k)))
                store(adjoints, start + k, x_bar)
        elif step == 0:
            total = load(adjoints, start)
            for k in range(n):
                total = plus(total, flow(partial_at(partials, k), load(adjoints, first + k * spread)))
            store(adjoints, start, total)
        elif step == 1:
            seed = load(adjoints, first)
            for k in range(n):
                store(adjoints, start + k, plus(load(adjoints, start + k), flow(partial_at(partials, k), seed)))
        else:
            for k in range(n):
                i = start + k * step
                store(adjoints, i, plus(load(adjoints, i), flow(partial_at(partials, k), load(adjoints, first + k * spread))))

    @helper
    def by_factor(adjoints, start, step, first, spread, partial, n):
        """A segment with one partial for all pairs."""
        if step == 1 and spread == 1:
            for k in range(n):
                store(adjoints, start + k, plus(load(adjoints, start + k), flow(partial, load(adjoints, first + k))))
        elif step == 1:
            x_bar = flow(partial, load(adjoints, first))
            for k in range(n):
                store(adjoints, start + k, plus(load(adjoints, start + k), x_bar))
        else:
            for k in range(n):
                i = start + k * step
                store(adjoints, i, plus(load(adjoints, i), flow(partial, load(adjoints, first + k * spread))))

    @helper
    def by_index(adjoints, indices, first, spread, partials, step, n):
        for k in range(n):
            i = load_i32(indices, k) & MASK
            if i != 0:
                x_bar = flow(partial_at(partials, k * step), load(adjoints, first + k * spread))
                store(adjoints, i, plus(load(adjoints, i), x_bar))

    @helper
    def by_operand(adjoints, entry, operand, cell):
        first, spread = word(entry, FIRST), word(entry, SPREAD)
        indices, partials, step = operand + 8 * OPERAND_WORDS, word(operand, PARTIALS), word(operand, STEP)
        if word(operand, SEGMENTS) == 0:
            by_index(adjoints, indices, first, spread, partials, step, word(entry, EXTENT))
        for s in range(word(operand, SEGMENTS)):
            n, start = load_i32(indices, SEGMENT * s), load_i32(indices, SEGMENT * s + 1) & MASK
            apart = load_i32(indices, SEGMENT * s + 2)
            if start != 0 and step == 1:
                by_column(adjoints, start, apart, first, spread, partials, n)
            elif start != 0:
                by_factor(adjoints, start, apart, first, spread, partial_at(partials, 0), n)
            first, partials = first + n * spread, partials + n * step * cell

    def elements(adjoints, entry, cell):
        first, last = word(entry, FIRST), word(entry, FIRST) + word(entry, COUNT)
        flows = False
        for s in range(first, last):
            flows |= not is_zero(load(adjoints, s))
        if flows:
            operand = entry + 8 * FIRST_OPERAND
            for _ in range(word(entry, OPERANDS)):
                by_operand(adjoints, entry, operand, cell)
                operand = word(operand, FOLLOWING)
            for s in range(first, last):
                store(adjoints, s, zero())
        return 0

    return elements


def make_call(kind, pull):
    """Make the pullback of a function that Python evaluates, from ``pull(adjoints, entry)``, which leaves its own adjoints."""
    partial_at, load, store, zero, is_zero, plus, flow, push = kind

    def called(adjoints, entry, cell):
        first, last = word(entry, FIRST), word(entry, FIRST) + word(entry, COUNT)
        flows = False
        for s in range(first, last):
            flows |= not is_zero(load(adjoints, s))
        if flows:
            pull(adjoints, entry)
            for s in range(first, last):
                store(adjoints, s, zero())
        return 0

    return called


sweep_for(types.float64), sweep_in_lanes()  # shared code has to be declared before any of it is compiled


@only_compiled
def sweep(header, adjoints, kind):
    """Sweep the tape of a kind of numbers in reverse."""


@means(sweep)
def on_sweep(header, adjoints, kind):
    reverse = sweep_for(cell_of(kind.base))
    return lambda header, adjoints, kind: reverse(header, adjoints)
