"""``grad_fn``: the operation that made a Tensor, as an object that is made when it is asked for."""

from __future__ import annotations

from ..tape.schema import ARG0, ARG1, FLAGS, FREED, GRAD, LEAF, OP, PARAM, PARAM_POOL, STORAGE, S_HEAD
from ..errors import GraphFreedError
from ..memory.layouts import LAYOUTS
from ..kernels.kernel_table import OPERATIONS, VIEW_OF_STORAGE
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from ..tape.tape import current
from ..tensors.row_binding import row_of
from ..tensors.tensor import Tensor, standing_for
from .row_inspection import operands_of


class Node:
    """The operation that made a result, as ``Tensor.grad_fn`` shows it.

    Parameters
    ----------
    tensor : Tensor
        The result.
    label : str
        The name of the operation.

    Attributes
    ----------
    next_functions : tuple of (Node or None, int)
        The nodes of the operands; None for a constant.
    variable : Tensor
        The leaf, for the node of a leaf.
    """

    __slots__ = ("_tensor", "_label")

    def __new__(cls, tensor: Tensor, label: str) -> Node:
        return object.__new__(_class_of(label) if cls is Node else cls)

    def __init__(self, tensor: Tensor, label: str) -> None:
        self._tensor, self._label = tensor, label

    def name(self) -> str:
        """Return the name of the operation, as PyTorch calls it.

        Returns
        -------
        str
            Such as "MulBackward0".
        """
        return self._label

    @property
    def next_functions(self) -> tuple[tuple[Node | None, int], ...]:
        """Nodes of the operands, as pairs (node, 0); None in the place of the node of a constant."""
        tape = self._tensor._tape
        row = made_by(tape, self._tensor._row)
        if tape.columns[FLAGS][row] & LEAF:
            return ()
        if tape.columns[FLAGS][row] & FREED:
            raise GraphFreedError
        found = []
        for a in operands_of(tape, row):
            found.append((None if isinstance(a, float) else node_of(tape, a), 0))
        return tuple(found)

    @property
    def variable(self) -> Tensor | None:
        """The leaf, for a node that accumulates a gradient."""
        tape, row = self._tensor._tape, self._tensor._row
        return tape.leaves.get(row)

    def __repr__(self) -> str:
        return f"<{self._label} object at {hex(id(self))}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self._tensor._tape, self._tensor._row) == (other._tensor._tape, other._tensor._row)

    def __hash__(self) -> int:
        return hash((id(self._tensor._tape), self._tensor._row))


_classes = {}


def _class_of(label):
    """A class for each operation, so that ``type(node).__name__`` is its name."""
    name = label.rpartition("::")[2]
    if name not in _classes:
        _classes[name] = type(name, (Node,), {"__slots__": ()})
    return _classes[name]


def made_by(tape, row):
    """The row whose operation names a result: for a write over a whole memory the row of the value, else the write."""
    while tape.columns[OP][row] == VIEW_OF_STORAGE:
        base = int(tape.columns[ARG0][row])
        if base < 0 or not is_one_of(tape.flags[base], WRITES_IN_PLACE):
            return row
        view, whole = tape.layout(row), tape.layout(base)
        if not view.contiguous or view.size != whole.size:
            return row
        first = int(tape.columns[PARAM][base])
        region = LAYOUTS[tape.columns[PARAM_POOL][first]]
        value = int(tape.columns[ARG1][base])
        if region.size != whole.size or not tape.columns[FLAGS][value] & GRAD:
            return base
        row = value
    return row


def label_of(tape, row):
    """The name of the operation that made a row, as PyTorch calls it."""
    row = made_by(tape, row)
    if tape.columns[FLAGS][row] & LEAF:
        return "jittape::autograd::AccumulateGrad"
    statics = tape.statics.get(row)
    operation = OPERATIONS[tape.columns[OP][row]]
    return operation.grad_name if not hasattr(operation, "label") else operation.label(statics)


def node_of(tape, row):
    """The node of a row; None for a constant."""
    if not tape.columns[FLAGS][row] & GRAD:
        return None
    tensor = standing_for(tape, row)
    tape.adopt(tensor)
    return Node(tensor, label_of(tape, row))


def _written_to(tensor):
    """Whether the tensor's memory was written to, by a recorded write through another view, after the tensor's row."""
    tape = tensor._tape
    head = int(tape.columns[S_HEAD][tape.columns[STORAGE][tensor._row]])
    return head > tensor._row and bool(is_one_of(tape.flags[head], WRITES_IN_PLACE))


def grad_fn(self: Tensor) -> Node | None:
    """Node of the operation that made this tensor; None for leaves and constants."""
    if self.is_leaf:
        return None
    if self._tape is None or (self._storage is not None and self._storage.tape is not None) or _written_to(self):
        row_of(self._tape if self._tape is not None else current().tape, self)
    return Node(self, label_of(self._tape, self._row))


Tensor.grad_fn = property(grad_fn)
