"""Checks of a listing from a file: every number in it is one that a trace could have put there.

The code of a program is made of the listing alone, so a program reads and writes inside its memory if shapes, statics and layouts
of every row are those that its operation gives it. They are computed again here, by the rules of the declarations.
"""

from ...errors import FileError
from ...kernels.kernel_table import SOURCE, VIEW_OF_STORAGE, WRITE_BESIDE, WRITE_INTO
from ...memory.layouts import LAYOUTS
from ...ops.declare_elementwise import Elementwise
from ...ops.declare_structured import Structured
from ...ops.declare_view import View
from ...ops.shape_rules import broadcast_together, expect
from ...tape.row_kinds import ELEMENTWISE_ROW, ON_HOST, POOLED, SOURCE_ROW, VIEWS, WRITES_IN_PLACE, is_one_of, kind_of
from ...tape.schema import IMMEDIATE
from ..tracing.trace import EXACT, TRUTH
from .listing_columns import check_columns


def check(listing):
    """Raise FileError if something is not consistent."""
    try:
        check_columns(listing)
        _check_memory(listing)
        for row in range(len(listing)):
            _check_row(listing, row)
        _check_ends(listing)
    except Exception as error:
        raise FileError(f"the program is none that a trace makes ({error})") from error


def _check_memory(listing):
    """Owners are rows with memory of their own, and every layout lies inside the memory of its owner."""
    for row in range(len(listing)):
        flags, owner = int(listing.flags[row]), int(listing.owner[row])
        is_view, size = is_one_of(flags, VIEWS), int(listing.sizes[row])
        expect(owner == (int(listing.owner[listing.arg0[row]]) if is_view else row), f"another owner of row {row}")
        expect(
            size == listing.sizes[owner] and listing.dtypes[row] == listing.dtypes[owner], f"memory of row {row} as its owner's"
        )
        layout = LAYOUTS[listing.layout[row]]
        expect(_lies_in(layout, int(listing.offset[row]), size), f"row {row} inside of its memory")
        if kind_of(flags) != SOURCE_ROW and not is_view:
            fills = layout.contiguous and layout.size == size and listing.offset[row] == 0
            expect(fills, f"row {row} to fill its memory")


def _lies_in(layout, offset, size):
    """Whether the elements of a layout lie in a memory, the first of them at an offset."""
    lowest = offset + layout.low
    return 0 <= lowest and lowest + layout.span <= size


def _check_row(listing, row):
    kind = int(kind_of(listing.flags[row]))
    operands, statics = listing.operands(row), listing.statics.get(row, ())
    try:
        if kind == SOURCE_ROW:
            _check_source(listing, row)
        elif is_one_of(listing.flags[row], VIEWS):
            _check_view(listing, row, operands, statics)
        elif is_one_of(listing.flags[row], WRITES_IN_PLACE):
            _check_write(listing, row, operands)
        elif kind == ELEMENTWISE_ROW:
            _check_elementwise(listing, row, operands)
        else:
            _check_structured(listing, row, kind, operands, statics)
    except Exception as error:
        raise FileError(f"row {row}: {error}") from error


def _check_source(listing, row):
    layout = LAYOUTS[listing.layout[row]]
    whole = listing.sizes[row] == layout.span and listing.offset[row] == -layout.low
    expect(listing.op[row] == SOURCE and whole, "a source without operands")
    expect((row in listing.constants) != (row in listing.inputs), "an input or a constant")
    if row in listing.constants:
        constant = listing.constants[row]
        expect(
            constant.shape == layout.shape and constant.dtype == listing.dtype(row),
            "a constant of the shape and dtype of its row",
        )


def _check_view(listing, row, operands, statics):
    (a,) = operands
    if listing.op[row] == VIEW_OF_STORAGE:
        return  # of any layout inside of the memory
    operation = listing.operation(row)
    expect(isinstance(operation, View), "a view")
    layout, offset = operation.layout_of(LAYOUTS[listing.layout[a]], statics)
    found, wanted = int(listing.layout[row]), int(listing.offset[row] - listing.offset[a])
    expect((layout, offset) == (found, wanted), f"the layout that {operation.name} makes")


def _check_write(listing, row, operands):
    before, value = operands
    expect(listing.op[row] in (WRITE_INTO, WRITE_BESIDE), "a write")
    expect(listing.sizes[before] == listing.sizes[row], "memory of the same size before and after a write")
    expect(_dtypes(listing, (row, *operands)) == 1, "operands of one dtype")
    region, offset = listing.regions[row]
    expect(_lies_in(LAYOUTS[region], offset, listing.sizes[row]), "a region inside of the memory")
    shape = LAYOUTS[region].shape
    expect(broadcast_together([listing.shape(value), shape]) == shape, "a value of the shape of the region")


def _check_elementwise(listing, row, operands):
    operation, rows = listing.operation(row), [a for a in operands if a != IMMEDIATE]
    expect(isinstance(operation, Elementwise) and len(operands) == operation.arity, "an elementwise operation and its operands")
    expect(_dtypes(listing, (row, *rows)) == 1, "operands of one dtype")
    expect(broadcast_together([listing.shape(a) for a in rows]) == listing.shape(row), "the shape that operands are broadcast to")


def _check_structured(listing, row, kind, operands, statics):
    operation = listing.operation(row)
    expect(isinstance(operation, Structured), "an operation on arrays")
    expect((operation.arity < 0) == bool(is_one_of(listing.flags[row], POOLED)), "operands in their place")
    shapes, dtypes = [listing.shape(a) for a in operands], [listing.dtype(a) for a in operands]
    expect(
        operation.result_of(shapes, dtypes, statics) == (listing.shape(row), listing.dtype(row)), "shape and dtype of the result"
    )
    if is_one_of(listing.flags[row], ON_HOST):
        return
    expect(kind == operation.kind, "an operation with kernels")
    plan = operation.plan([LAYOUTS[listing.layout[a]] for a in operands], *statics)
    expect(plan is not None and tuple(plan[0]) == listing.shape(row), "operands that the kernels take")


def _dtypes(listing, rows):
    """How many dtypes some rows have."""
    return len({int(listing.dtypes[r]) for r in rows})


def _check_ends(listing):
    """Inputs, outputs, derivatives and guards are rows; guards compare what they could have seen."""
    rows = [*listing.inputs, *listing.outputs, *listing.derivatives, *(g[0] for g in listing.guards)]
    expect(all(type(r) is int and 0 <= r < len(listing) for r in rows), "inputs, outputs, derivatives and guards to be rows")
    expect(len(set(listing.inputs)) == len(listing.inputs), "every input once")
    expect(all(listing.op[r] == SOURCE for r in listing.inputs), "inputs that are not computed")
    for row, kind, expected in listing.guards:
        if kind == EXACT:
            expect(
                expected.shape == listing.shape(row) and expected.dtype == listing.dtype(row), "a guard of the shape of its row"
            )
        else:
            expect(kind == TRUTH and LAYOUTS[listing.layout[row]].size == 1, "a guard of one number")
