"""The nodes of a picture: what is there to be seen of the rows of a tape, or of a traced program."""

from __future__ import annotations

import math
from pathlib import Path
from typing import NamedTuple

import numpy as np

from ..autograd.row_inspection import Immediate, operands_of
from ..kernels.kernel_table import OPERATIONS
from ..tape.schema import FLAGS, FREED, GRAD, IMMEDIATE, LEAF, OP
from ..tape.versions import stale

MOST_SHOWN, MOST_READ = 6, 100_000  # elements that are written down, and that are looked at


class PictureNode(NamedTuple):
    """One node.

    Attributes
    ----------
    label : str
        What is written in it.
    kind : {"input", "constant", "operation", "fold"}
    about : tuple of str
        What else is known, line by line.
    operands : tuple
        The keys of the nodes it is computed from, in order.
    is_output : bool
    """

    label: str
    kind: str
    about: tuple = ()
    operands: tuple = ()
    is_output: bool = False


def nodes_of_tensors(outputs, names):
    """All that Tensors depend on, as far as it needs gradients, in the order of recording.

    Parameters
    ----------
    outputs : list of Tensors
    names : dict of (tape, row) -> str
        Of leaves.

    Returns
    -------
    dict of key -> PictureNode
    """
    keys = [(id(y._tape), y._row) for y in outputs]
    tapes = {id(y._tape): y._tape for y in outputs}
    names = {(id(tape), row): name for (tape, row), name in names.items()}
    found, waiting = {}, list(keys)
    while waiting:
        key = waiting.pop()
        if key not in found:
            found[key] = _node_of_row(tapes[key[0]], key, names.get(key), key in keys)
            waiting += found[key].operands
    return {key: found[key] for key in sorted(found, key=lambda key: key[1])}


def nodes_of_tape(tape):
    """All rows of a tape; results are those that no other row reads.

    Parameters
    ----------
    tape : Tape

    Returns
    -------
    dict of key -> PictureNode
    """
    nodes = {(id(tape), row): _node_of_row(tape, (id(tape), row), None, False) for row in range(len(tape))}
    read = {a for node in nodes.values() for a in node.operands}
    return {key: node._replace(is_output=node.kind == "operation" and key not in read) for key, node in nodes.items()}


def _node_of_row(tape, key, name, is_output):
    row = key[1]
    operation, flags = OPERATIONS[tape.columns[OP][row]], int(tape.columns[FLAGS][row])
    shape, dtype = list(tape.layout(row).shape), tape.dtype(row)
    operands, numbers = [], []
    is_source = bool(flags & LEAF) or not flags & GRAD
    for a in () if is_source else operands_of(tape, row):
        (numbers if isinstance(a, Immediate) else operands).append(a)
    about = [f"row {row}", *_described(shape, dtype)]
    if not flags & FREED and math.prod(shape) <= MOST_READ:
        about += ["overwritten since"] if stale(tape.header, row) else _values("", tape.array(row))
    leaf = tape.leaves.get(row)
    if leaf is not None and leaf.grad is not None and leaf.grad.numel() <= MOST_READ:
        about += _values("gradient ", leaf.grad.detach().numpy())
    if row in tape.traces:
        about.append(_in_short(tape.traces[row]))
    kind = "operation" if not is_source else "input" if flags & LEAF else "constant"
    label = name or ("constant" if kind == "constant" else "leaf") if is_source else _with_numbers(operation.name, numbers)
    return PictureNode(label, kind, tuple(about), tuple((key[0], int(a)) for a in operands), is_output)


def _values(what, array):
    """Few numbers as they are, many by their range, and how many are not finite."""
    if array.size <= MOST_SHOWN:
        return [f"{what}= {np.array2string(array, precision=4)}"]
    if array.dtype.kind not in "fc":
        return []
    finite = array[np.isfinite(array)]
    sizes = np.abs(finite) if array.dtype.kind == "c" else finite
    found = [f"{what}from {sizes.min():.4g} to {sizes.max():.4g}"] if finite.size else []
    return found + ([f"{what}{array.size - finite.size} not finite"] if finite.size < array.size else [])


def _in_short(lines):
    file, line, _ = lines.place
    return f"{Path(file).name}:{line}: {lines.source}"


def _with_numbers(name, numbers):
    return " ".join([name, *(f"{float(x):.4g}" for x in numbers)])


def _described(shape, dtype):
    return [f"{dtype}{list(shape)}" if shape else f"{dtype}"]


def nodes_of_listing(listing, names):
    """The rows of a traced program that its outputs need.

    Parameters
    ----------
    listing : Listing
    names : list of str
        Of the inputs, in order.

    Returns
    -------
    dict of row -> PictureNode
    """
    inputs, outputs = dict(zip(listing.inputs, names)), set(listing.outputs)
    needed, waiting = set(), list(listing.outputs)
    while waiting:
        row = waiting.pop()
        if row not in needed:
            needed.add(row)
            waiting += [] if row in inputs or row in listing.constants else [a for a in listing.operands(row) if a >= 0]
    return {row: _node_of_listing(listing, row, inputs, row in outputs) for row in sorted(needed)}


def _node_of_listing(listing, row, inputs, is_output):
    about = (f"row {row}", *_described(listing.shape(row), listing.dtype(row)))
    if row in inputs:
        return PictureNode(inputs[row], "input", about, (), is_output)
    if row in listing.constants:
        return PictureNode("constant", "constant", about, (), is_output)
    operands = listing.operands(row)
    numbers = [listing.immediate(row)] if IMMEDIATE in operands else []
    label = _with_numbers(listing.operation(row).name, numbers)
    return PictureNode(label, "operation", about, tuple(a for a in operands if a >= 0), is_output)
