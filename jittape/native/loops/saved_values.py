"""What depends on what is differentiated, and what must be saved for the reverse pass before it is overwritten.

The reverse pass goes through the parts from last to first. At a block it restores what the block overwrote, computes the values
that partials read once more from the state where the block starts, and moves adjoints. So a variable or an element has to be
saved where it is overwritten only if an earlier part reads it again; in a loop the parts of an iteration are earlier than those
of the next. Numbers that loops hand out, and integers made of them alone, are set again by the reverse of their loop.
"""

from numba import types

from ...kernels.kernel_table import USES_RESULT
from .block_values import Block, Store, Value, is_real, slice_of
from .deferred_additions import deferred
from .program_parts import Allocation, Branch, Exchange, Guard, Loop, walk
from .result_reading import differentiated, leaves
from .typed_code import Unstructured


def analyse(program, argnums, has_aux):
    """Decide everything that emission has to know.

    Raises
    ------
    Unstructured
        If a derivative would have to go through something that has none, or none reaches the result.
    """
    program.argnums = argnums
    program.results = {leaf for leaf in leaves(program.outputs) if isinstance(leaf, str)}
    program.active = {array for k, (_, _, array) in enumerate(program.parameters) if array and k in argnums}
    while _spread(program):
        pass
    if not program.active.intersection(leaves(differentiated(program, has_aux)[0])):
        raise Unstructured("a result that does not depend on what is differentiated, as far as can be seen")
    _cross(program)
    _find_set_again(program)
    for block in program.blocks():
        _find_additions(block)
        block.needs, block.reached, block.again = demands(program, block)
        block.results = [v for v in block.order if id(v) in block.again and takes_long(v)]
    _required(program, program.parts, set())
    _place(program, program.parts)
    for part, _ in walk(program.parts):
        if isinstance(part, Loop):
            part.deferred = deferred(program, part)


# --- activity -------------------------------------------------------------------------------------------------------------


def is_active(program, value):
    """Whether a value depends on what is differentiated."""
    found = program.known_active.get(value)
    if found is None:
        found = program.known_active[value] = is_real(value.type) and _depends(program, value)
    return found


def _depends(program, value):
    if value.kind == "parameter":
        return value.what in program.argnums
    if value.kind in ("entry", "load"):
        return value.what in program.active
    if value.kind == "operation" and value.what.is_constant:
        return False
    return any(is_active(program, v) for v in value.operands)


def _spread(program):
    """Mark what active values are assigned to. Returns whether something was marked."""
    before, program.known_active = len(program.active), {}
    for block in program.blocks():
        for item in block.order:
            if isinstance(item, Store) and item.array.is_real and is_active(program, item.value):
                program.active.add(item.array)
            elif isinstance(item, Value) and item.kind == "operation" and is_active(program, item) and item.what.rule is None:
                raise Unstructured(f"a derivative of {getattr(item.what.function, 'typing_key', item.what.function)}")
        program.active |= {name for name, value in block.final.items() if is_active(program, value)}
    for part in program.exchanges():
        if program.active & {part.first, part.second}:
            program.active |= {part.first, part.second}
    return len(program.active) > before


# --- variables ------------------------------------------------------------------------------------------------------------


def names_read(part):
    """Variables that a part reads beside those of its blocks."""
    if isinstance(part, Loop):
        return part.bounds() | {part.left} - {None}
    if isinstance(part, Branch):
        return {part.condition}
    kept = part.lengths if isinstance(part, Allocation) else (part.condition,) if isinstance(part, Guard) else ()
    return {name for name in kept if isinstance(name, str)}


def _cross(program):
    """Forget the variables that no other part reads."""
    program.crossing = set(program.results)
    for part, _ in walk(program.parts):
        program.crossing |= part.entries if isinstance(part, Block) else names_read(part)
    for block in program.blocks():
        block.final = {name: value for name, value in block.final.items() if name in program.crossing}


def _find_set_again(program):
    """Find the variables that reversed loops set: those that only the first blocks of loops set, and parts after these read."""
    setters, refused = {}, set(program.results)
    for part, loops in walk(program.parts):
        if isinstance(part, Block):
            for name, value in part.final.items():
                if loops and loops[-1].body[0] is part and name not in part.entries and _is_counted(value, loops):
                    setters.setdefault(name, {})[loops[-1]] = value
                else:
                    refused.add(name)
    for part, loops in walk(program.parts):
        for name in (part.entries if isinstance(part, Block) else names_read(part)) & setters.keys():
            around = [loop for loop in loops if loop in setters[name]]
            if len(around) != 1 or any(around[0] in outer for outer in _outer_loops(program, setters[name], around[0])):
                refused.add(name)
    program.set_again = setters.keys() - refused
    for name in program.set_again:
        for loop, value in setters[name].items():
            loop.variables[name] = value


def _outer_loops(program, setters, loop):
    """The loops around each of the other loops that set a variable."""
    return [loops for part, loops in walk(program.parts) if part in setters and part is not loop]


def _is_counted(value, loops):
    """Whether a value is an integer made of numbers that loops hand out and of steady ones."""
    made_of = slice_of([value]).values()
    fine = all(v.steady or v.kind in ("operation", "cast") or (v.kind == "counter" and v.what in loops) for v in made_of)
    return fine and isinstance(value.type, types.Integer) and any(v.kind == "counter" for v in made_of)


# --- what a block needs -----------------------------------------------------------------------------------------------------


def _find_additions(block):
    """Find the stores that only add to an element."""
    uses, position = {}, {}
    for k, item in enumerate(block.order):
        position[id(item)] = k
        for v in (item.value, *item.indices) if isinstance(item, Store) else item.operands:
            uses[id(v)] = uses.get(id(v), 0) + 1
    for v in block.final.values():
        uses[id(v)] = uses.get(id(v), 0) + 1
    for store in block.stores:
        store.added = _added(block, store, uses, position)


def _added(block, store, uses, position):
    value = store.value
    rule = value.what.rule if value.kind == "operation" else None
    if rule is None or len(value.operands) != 2 or uses[id(value)] > 1:
        return None
    for k, element in enumerate(value.operands):
        if element.kind != "load" or element.what is not store.array or element.operands != store.indices:
            continue
        start, end = position.get(id(element), -1), position[id(store)]
        between = [s for s in block.stores if s.array is store.array and start < position[id(s)] < end]
        if not between and uses[id(element)] == 1 and rule.operation.unit >> k & 1 and not any(rule.operation.uses):
            return value, element, 1 - k
    return None


def demands(program, block):
    """What the reverse of a block reads of the state; the identities of values with adjoints, and of those computed again."""
    reached, used = set(), []
    for name, value in block.final.items():
        if name in program.active and is_active(program, value):
            reached.add(id(value))
    for item in reversed(block.order):
        if isinstance(item, Store):
            used.extend(item.indices)
            if item.array in program.active and is_active(program, item.value):
                reached.add(id(item.value))
        elif id(item) in reached:
            for operand in item.operands:
                if is_active(program, operand):
                    reached.add(id(operand))
            used.extend(_read_by_adjoint(program, item))
    again = slice_of(used, takes_long)
    return {v.what for v in again.values() if v.kind in ("entry", "load")}, reached, again.keys()


def takes_long(value):
    """Whether a value is better saved than computed again: 1.6 times, in the gradient of option prices."""
    return isinstance(value, Value) and value.kind == "operation" and value.what.rule is not None and value.what.rule.takes_long


def _read_by_adjoint(program, value):
    """The values that the reverse of one value reads."""
    if value.kind == "load":
        return value.operands
    if value.kind == "choice":
        return value.operands[:1]
    if value.kind != "operation":
        return ()
    operation, found = value.what.rule.operation, []
    for k, operand in enumerate(value.operands[: operation.arity]):
        if is_active(program, operand) and not operation.unit >> k & 1:
            mask = operation.uses[k]
            found += [v for j, v in enumerate(value.operands) if mask >> j & 1]
            found += [value] * bool(mask & USES_RESULT)
    return found


# --- saving -----------------------------------------------------------------------------------------------------------------


def _required(program, parts, needed):
    """Mark what parts must save, given what earlier ones read again; returns what those before the next part read again."""
    for part in parts:
        if isinstance(part, Block):
            needed = needed | part.needs
            part.saved = [n for n in part.final if n in needed and n not in program.set_again]
            for store in part.stores:
                store.is_saved = store.array in needed
                store.saves_place = store.is_saved and _place_may_change(part, store)
            needed = needed - set(part.final)
        elif isinstance(part, Loop):
            needed = _repeated(program, part.body, needed | part.bounds())
        elif isinstance(part, Branch):
            needed = needed | {part.condition}
            needed = _required(program, part.ways[0], needed) | _required(program, part.ways[1], needed)
        elif isinstance(part, Allocation):  # other memory than what earlier parts have read
            needed = needed - {part.array}
        elif isinstance(part, Exchange):
            needed = part.renamed(needed)
    return needed


def _repeated(program, body, needed):
    while True:
        after = needed | _required(program, body, needed)
        if after == needed:
            return needed
        needed = after


def _place_may_change(block, store):
    """Whether the place of a store is computed from elements that the block overwrites."""
    read = {v.what for v in slice_of(store.indices).values() if v.kind == "load"}
    return any(s.array in read for s in block.stores)


def _place(program, parts):
    """Give each saved word of a flat loop its place.

    Returns how many words and tangents the parts save, None if there are loops in them.
    """
    saved, is_flat = (0, 0), True
    for part in parts:
        if isinstance(part, Loop):
            inside = _place(program, part.body)
            part.is_flat, part.slots, is_flat = inside is not None and part.left is None, inside or (0, 0), False
            if part.is_flat:
                _number(part)
        elif isinstance(part, Branch):
            inside = [_place(program, way) for way in part.ways]
            is_flat &= None not in inside
            saved = _sum(saved, *filter(None, inside))
        elif isinstance(part, Allocation):
            is_flat = False
        elif isinstance(part, Block):
            part.words = len(part.saved) + len(part.results) + sum(1 + s.saves_place for s in part.stores if s.is_saved)
            part.tangents = _tangents_kept(program, part)
            saved = _sum(saved, (part.words, len(part.tangents)))
    return saved if is_flat else None


def _sum(*pairs):
    return tuple(map(sum, zip(*pairs)))


def _tangents_kept(program, block):
    """Numbers of what a block saves that has tangents where the program is run with some: by name, or by identity."""
    found = [name for name in block.saved if name in program.active]
    found += [id(value) for value in block.results if is_active(program, value)]
    found += [id(store) for store in block.stores if store.is_saved and store.array in program.active]
    return {key: number for number, key in enumerate(found)}


def _number(loop):
    """Number the words that an iteration of a flat loop saves."""
    first = 0, 0
    for part, _ in walk(loop.body):
        if isinstance(part, Block):
            part.first, first = first, _sum(first, (part.words, len(part.tangents)))
