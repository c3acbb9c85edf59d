"""What Python needs of a row during a sweep: its operands, whether they have changed, its kernels."""

from ..tape.schema import ARG0, ARG1, ARG2, IMM, IMMEDIATE, OP, PARAM_POOL, SHARED, SNAPSHOT, STORAGE, S_KIND, VERSION
from ..errors import VersionError
from ..kernels.kernel_table import OPERATIONS, USES_RESULT
from ..tape.row_kinds import POOLED, is_one_of
from ..tape.versions import stale, storage_version_now


def operand_rows(tape, row):
    """The operands of a row that are rows, without immediates."""
    if is_one_of(tape.flags[row], POOLED):
        first, n = int(tape.columns[ARG0][row]), int(tape.columns[ARG1][row])
        return tape.columns[PARAM_POOL][first : first + n].tolist()
    return [a for c in (ARG0, ARG1, ARG2) if (a := int(tape.columns[c][row])) >= 0]


def operands_of(tape, row):
    """The operands of a row: row numbers, and the immediate as a Python float in an `Immediate`."""
    if is_one_of(tape.flags[row], POOLED):
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


def read_by(operation, active):
    """A mask of what the pullback reads for some operands: operands 0 and 1, all further ones, and the result (`USES_RESULT`)."""
    uses, mask = getattr(operation, "uses", (15, 15, 15)), 0
    for k in active:
        mask |= uses[k] if k < 3 else uses[0]
    return mask


def check_versions(tape, row, operation, rows, active):
    """Raise if a value that Python's pullback reads has changed since it was recorded."""
    mask = read_by(operation, active)
    for k, a in enumerate(rows):
        if mask >> min(k, 2) & 1 and not isinstance(a, Immediate) and stale(tape.header, a):
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
        f"(needed by {operation.grad_name}). Hint: {_FOR_ARRAYS if _is_numpys(tape, which) else _FOR_TENSORS}."
    )


_FOR_TENSORS = "change it outside no_grad, so that the change is recorded and can be undone, or change a copy: x.clone()"
_FOR_ARRAYS = (
    f"rows read the memory of a NumPy array of more than {SNAPSHOT} bytes itself; fill another array, hand a.copy() on, or make "
    "it of an argument, np.zeros_like(x), so that its changes are recorded"
)


def _is_numpys(tape, row):
    return int(tape.columns[S_KIND][tape.columns[STORAGE][row]]) == SHARED


def no_room(tape, row):
    """The error of a sweep that found no memory for the adjoints or tangents of a row; it has changed nothing."""
    operation, layout = OPERATIONS[tape.columns[OP][row]], tape.layout(row)
    name = getattr(operation, "name", type(operation).__name__)
    return MemoryError(
        f"no memory for the derivatives of {name} with a result of shape {list(layout.shape)}, {tape.dtype(row)}: nothing was "
        "changed; free arrays, differentiate smaller parts, or use jt.checkpoint"
    )
