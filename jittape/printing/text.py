"""Tensors and tapes as text: Tensors as PyTorch prints them, tapes as tables."""

from __future__ import annotations

import re

import numpy as np

from ..tape.schema import ARG0, ARG1, ARG2, FLAGS, FREED, GRAD, IMMEDIATE, LAYOUT, LEAF, OFFSET, OP, PARAM_POOL, STORAGE, VERSION
from ..autograd.row_inspection import immediate
from ..dtypes import bool_, complex_of, get_default_dtype, int64, is_complex
from ..memory.layouts import LAYOUTS
from ..kernels.kernel_table import OPERATIONS
from ..tape.row_kinds import POOLED, VIEWS, WRITES_IN_PLACE, is_one_of
from ..tape.tape import Tape
from ..tensors.tensor import Tensor
from ..tape.versions import stale

_options = {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None}


def set_printoptions(
    precision: int | None = None,
    threshold: int | None = None,
    edgeitems: int | None = None,
    linewidth: int | None = None,
    profile: str | None = None,
    sci_mode: bool | None = None,
) -> None:
    """Set how tensors are printed.

    Parameters
    ----------
    precision : int, optional
        Number of digits after the point; 4 at first.
    threshold : int, optional
        Number of elements from which on a tensor is summarised; 1000 at first.
    edgeitems : int, optional
        Number of elements shown at the ends of each axis of a summary; 3 at first.
    linewidth : int, optional
        Number of characters in a line; 80 at first.
    profile : {"default", "short", "full"}, optional
        A set of options; those given beside it override it.
    sci_mode : bool, optional
        Whether numbers have exponents; by default, as their sizes ask for it.
    """
    if profile is not None:
        _options.update(
            {
                "default": {"precision": 4, "threshold": 1000, "edgeitems": 3, "linewidth": 80, "sci_mode": None},
                "full": {"threshold": np.inf},
                "short": {"precision": 2, "edgeitems": 2},
            }[profile]
        )
    given = {"precision": precision, "threshold": threshold, "edgeitems": edgeitems, "linewidth": linewidth, "sci_mode": sci_mode}
    _options.update({k: v for k, v in given.items() if v is not None})


def _number_format(array):
    """A function that prints one number as the others are printed (whole, fixed or scientific), and its width."""
    shown = array
    if array.size > _options["threshold"]:
        k = _options["edgeitems"]
        for axis in range(array.ndim):
            n = shown.shape[axis]
            if n > 2 * k:
                shown = np.take(shown, [*range(k), *range(n - k, n)], axis)
    if shown.dtype.kind == "c":
        return _complex_format(shown)
    if shown.dtype.kind != "f":
        texts = [str(v) for v in shown.reshape(-1).tolist()]
        width = max(map(len, texts), default=0)
        return (lambda v: str(v if shown.dtype.kind != "b" else bool(v)).rjust(width)), width
    return _float_format(shown)


def _complex_format(shown):
    """As `_number_format`, for complex numbers: each part as the parts of the others."""
    (real, real_width), (imag, imag_width) = _float_format(shown.real), _float_format(shown.imag)

    def both(z):
        part = imag(z.imag).lstrip() + "j"
        return real(z.real) + (part if part[0] == "-" else "+" + part)

    return both, real_width + imag_width + 1


def _float_format(shown):
    """As `_number_format`, for floats that are all shown."""
    finite = np.abs(shown[np.isfinite(shown) & (shown != 0)]).astype(np.float64)
    digits, exponents = _options["precision"], _options["sci_mode"]
    whole = (shown[np.isfinite(shown)] == np.ceil(shown[np.isfinite(shown)])).all()
    if exponents is not None and finite.size:
        form = f"{{:.{digits}e}}" if exponents else "{:.0f}." if whole else f"{{:.{digits}f}}"
    elif finite.size == 0:
        form = "{:.0f}."
    elif whole:
        form = "{:.0f}." if finite.max() / finite.min() <= 1000 and finite.max() <= 1e8 else f"{{:.{digits}e}}"
    elif finite.max() / finite.min() > 1000 or finite.max() > 1e8 or finite.min() < 1e-4:
        form = f"{{:.{digits}e}}"
    else:
        form = f"{{:.{digits}f}}"

    def plain(v):
        v = float(v)
        if not np.isfinite(v):
            return str(v)
        return form.format(v)

    width = max((len(plain(v)) for v in shown.reshape(-1) if np.isfinite(v) and v != 0), default=0)  # as PyTorch pads
    return (lambda v: plain(v).rjust(width)), width


def _line_width(ndim, width, longest):
    """What makes NumPy break lines where PyTorch does: after as many elements as fit, each with its comma.

    PyTorch counts a complex number by the widths of its parts and one more; the longest has a sign and a letter.
    """
    n = max(1, (_options["linewidth"] - len("tensor(") - max(ndim - 1, 0)) // (width + 2))
    return len("tensor(") + 2 * ndim + (n - 1) * (longest + 2) + longest


def tensor_text(self: Tensor) -> str:
    """``repr`` of a Tensor."""
    from ..autograd.grad_fn import label_of

    array = self._value()
    dtype = array.dtype
    if array.size == 0:
        body = "[]" if array.ndim == 1 else f"[], size={tuple(array.shape)}"
    else:
        form, width = _number_format(array)
        body = np.array2string(
            array,
            separator=", ",
            prefix="tensor(",
            formatter={"all": form},
            threshold=_options["threshold"],
            edgeitems=_options["edgeitems"],
            max_line_width=_line_width(array.ndim, width, width + 1 if is_complex(dtype) else width),
        )
        body = re.sub(r"(?<!\]),(\s+)\.\.\.,", r",\1 ...,", body)  # PyTorch's way to leave elements out
    default = get_default_dtype()
    plain = dtype == default or (array.size and dtype in (complex_of(default), int64, bool_))
    after = [] if plain else [f"dtype={dtype}"]
    if self.requires_grad and self.is_leaf:
        after.append("requires_grad=True")
    elif self.requires_grad:
        node = self.grad_fn
        after.append(f"grad_fn=<{label_of(node._tensor._tape, node._tensor._row).rpartition('::')[2]}>")
    return _with_properties(f"tensor({body}", after)


def _with_properties(text, properties):
    """The text of a Tensor with its properties after it, on a new line where there is no room; as PyTorch counts."""
    used = len(text) - text.rfind("\n") + 1
    for each in properties:
        if used + len(each) + 2 > _options["linewidth"]:
            text, used = f"{text},\n{' ' * len('tensor(')}{each}", len("tensor(") + len(each)
        else:
            text, used = f"{text}, {each}", used + len(each) + 2
    return text + ")"


def _operand_text(tape, row, column):
    a = int(tape.columns[column][row])
    if a == IMMEDIATE:
        return f"{immediate(tape, row):.6g}"
    return f"%{a}" if a >= 0 else ""


def rows_of(tape, start=0, stop=None):
    """The rows of a tape as tuples of text: number, operation, operands, shape, flags."""
    for row in range(start, len(tape) if stop is None else stop):
        flags = int(tape.columns[FLAGS][row])
        if is_one_of(flags, POOLED):
            first, n = int(tape.columns[ARG0][row]), int(tape.columns[ARG1][row])
            operands = ", ".join(f"%{a}" for a in tape.columns[PARAM_POOL][first : first + n])
        else:
            operands = ", ".join(t for c in (ARG0, ARG1, ARG2) if (t := _operand_text(tape, row, c)))
        name = OPERATIONS[tape.columns[OP][row]].name
        if name == "source":
            name = "leaf" if flags & LEAF else "constant"
        words = [w for mask, w in ((VIEWS, "view"), (WRITES_IN_PLACE, "write")) if is_one_of(flags, mask)]
        words += ["freed"] if flags & FREED else []
        if not flags & GRAD and name != "constant":
            words.append("constant")
        layout = LAYOUTS[tape.columns[LAYOUT][row]]
        shape = "x".join(map(str, layout.shape)) or "scalar"
        storage, offset, version = (int(tape.columns[c][row]) for c in (STORAGE, OFFSET, VERSION))
        place = f"s{storage}" + (f"+{offset}" if offset else "") + (f" v{version}" if 0 < version < 1_000_000 else "")
        value = f"{tape.array(row).item():.6g}" if layout.size == 1 else ""
        if stale(tape.header, row):  # what lies there now is another row's value
            value = "overwritten"
        yield f"%{row}", name, operands, f"{shape} {tape.dtype(row)}", place, " ".join(words), value


def tape_text(self):
    """``str`` of a Tape: a table of its rows, the middle left out when there are many."""
    n = len(self)
    rows = list(rows_of(self)) if n <= 60 else [*rows_of(self, 0, 30), ("...",) + ("",) * 6, *rows_of(self, n - 30)]
    header = ("row", "operation", "operands", "type", "memory", "", "value")
    widths = [max(len(r[k]) for r in [header, *rows]) for k in range(7)]
    lines = ["  ".join(cell.ljust(w) for cell, w in zip(r, widths)).rstrip() for r in [header, *rows]]
    return "\n".join([f"Tape of {n} rows, {self.nbytes} bytes of values", *lines])


Tensor.__repr__ = tensor_text
Tensor.__str__ = tensor_text
Tape.__str__ = tape_text
Tape.__repr__ = lambda self: f"<jittape.Tape of {len(self)} rows>"
