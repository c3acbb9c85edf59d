"""What Python needs of a row during a sweep: its operands, whether they have changed, its kernels."""


from ..tape.schema import ARG0, ARG1, ARG2, FLAGS, IMM, IMMEDIATE, NARY, OP, PARAM_POOL, VERSION, VIEW, WRITE
from ..kernels.kernel_table import USES_RESULT
from ..errors import VersionError
from ..ops.declare_elementwise import Elementwise
from ..kernels.kernel_table import OPERATIONS
from ..kernels.services import (
    PARTIAL_BLOCKS, PARTIAL_LANES, REVERSE_ELEMENTWISE, REVERSE_NARY, REVERSE_SCALARS, REVERSE_STRUCTURED, REVERSE_VIEW,
    REVERSE_WRITE, SPREAD_TOTAL, UNDO_WRITE, ensure,
)
from ..sweeps.row_pullbacks import DIRECT
from ..tape.versions import stale, storage_version_now


def operand_rows(tape, row):
    """The operands of a row that are rows, without immediates."""
    if tape.columns[FLAGS][row] & NARY:
        first, n = int(tape.columns[ARG0][row]), int(tape.columns[ARG1][row])
        return tape.columns[PARAM_POOL][first : first + n].tolist()
    return [a for c in (ARG0, ARG1, ARG2) if (a := int(tape.columns[c][row])) >= 0]


def operands_of(tape, row):
    """The operands of a row: row numbers, and the immediate as a Python float in an `Immediate`."""
    if tape.columns[FLAGS][row] & NARY:
        return operand_rows(tape, row)
    found = []
    for column in (ARG0, ARG1, ARG2):
        a = int(tape.columns[column][row])
        if a >= 0:
            found.append(a)
        elif a == IMMEDIATE:
            found.append(Immediate(immediate(tape, row)))
    return found


class Immediate(float):
    """A scalar operand that is stored in the row itself."""


def immediate(tape, row):
    """The scalar operand that a row stores."""
    return float(tape.columns[IMM][row : row + 1].view(tape.dtype(row))[0])


def compile_tangents(tape, row):
    """Compile what the tangent sweep of a row was missing."""
    operation, dtype = OPERATIONS[tape.columns[OP][row]], tape.dtype(row)
    ensure(PARTIAL_LANES)
    operation.compile_partials(dtype)
    if hasattr(operation, "compile_tangents"):
        operation.compile_tangents(dtype)


def compile_row(tape, row, lanes=1):
    """Compile what the reverse sweep of a row, carrying so many adjoints, was missing."""
    operation, dtype = OPERATIONS[tape.columns[OP][row]], tape.dtype(row)
    flags = tape.columns[FLAGS][row]
    if flags & VIEW:
        ensure(REVERSE_VIEW)
        return
    if flags & WRITE:
        ensure(REVERSE_WRITE, UNDO_WRITE)
        return
    if not isinstance(operation, Elementwise):
        ensure(REVERSE_NARY if flags & NARY else REVERSE_STRUCTURED)
        if getattr(operation, "total", 0) and tape.layout(int(tape.columns[ARG0][row])).size > DIRECT:
            ensure(SPREAD_TOTAL)
        operation.compile_partials(dtype)
        return
    if tape.layout(row).size == 1 and ensure(REVERSE_SCALARS) | operation.compile_scalar_partials(dtype):
        return
    ensure(REVERSE_ELEMENTWISE if lanes == 1 else PARTIAL_LANES)
    if lanes == 1 and not is_direct(tape, row):
        ensure(PARTIAL_BLOCKS)
    operation.compile_partials(dtype)  # also for one element where writes or views are in the way


def is_direct(tape, row):
    """Whether kernels take an elementwise row as it lies."""
    layout = tape.layout_ids[row]
    alike = all(not isinstance(a, Immediate) and tape.layout_ids[a] == layout for a in operands_of(tape, row))
    return tape.layout(row).size == 1 or (alike and tape.layout(row).size <= DIRECT)


def check_versions(tape, row, operation, rows, active):
    """Raise if a value that Python's pullback reads has changed since it was recorded."""
    uses = getattr(operation, "uses", (15, 15, 15))
    mask = 0
    for k in active:
        mask |= uses[k] if k < 3 else uses[0]
    for k, a in enumerate(rows):
        if mask >> min(k, 2) & 1 and stale(tape.header, a):
            raise changed_value(tape, row, k)
    if mask & USES_RESULT and stale(tape.header, row):
        raise changed_value(tape, row, 3)


def changed_value(tape, row, operand):
    """The error for a value that was changed without a record on the tape."""
    which = row if operand == 3 else operands_of(tape, row)[operand]
    operation = OPERATIONS[tape.columns[OP][row]]
    made_by = OPERATIONS[tape.columns[OP][which]]
    shape, dtype = list(tape.layout(which).shape), tape.dtype(which)
    type_name = {"float64": "DoubleTensor", "float32": "FloatTensor"}.get(str(dtype), "Tensor")
    output = "" if made_by.name == "source" else f", which is output 0 of {made_by.grad_name},"
    now, expected = storage_version_now(tape.header, which), int(tape.columns[VERSION][which])
    return VersionError(
        "one of the variables needed for gradient computation has been modified by an inplace operation: "
        f"[jittape.{type_name} {shape}]{output} is at version {now}; expected version {expected} instead "
        f"(needed by {operation.grad_name}). Hint: change it outside no_grad, so that the change is recorded and can be "
        "undone, or change a copy: x.clone()."
    )


def no_room(tape, row):
    """The error of a sweep that found no memory for the adjoints or tangents of a row; it has changed nothing."""
    operation, layout = OPERATIONS[tape.columns[OP][row]], tape.layout(row)
    name = getattr(operation, "name", type(operation).__name__)
    return MemoryError(
        f"no memory for the derivatives of {name} with a result of shape {list(layout.shape)}, {tape.dtype(row)}: nothing was "
        "changed; free arrays, differentiate smaller parts, or use jt.checkpoint"
    )
