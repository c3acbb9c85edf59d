"""``grad_fn``: the operation that made a Tensor, as an object that is made when it is asked for."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, NamedTuple

from ..tape.schema import ARG0, ARG1, FLAGS, FREED, GRAD, LEAF, OP, PARAM, PARAM_POOL, STORAGE, S_HEAD
from ..errors import GraphFreedError
from ..memory.layouts import LAYOUTS
from ..kernels.kernel_table import OPERATIONS, VIEW_OF_STORAGE
from ..tape.row_kinds import WRITES_IN_PLACE, is_one_of
from ..tape.tape import current
from ..tensors.row_binding import row_of
from ..tensors.tensor import Tensor, standing_for
from .row_inspection import Immediate, operands_of
from .saved_tensor_hooks import RESULT, places_read

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from .hooks import RemovableHandle


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

    __slots__ = ("_tensor", "_label", "_metadata")

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

    @property
    def metadata(self) -> dict[str, Any]:
        """A dictionary for what the user wants to keep with this object."""
        if not hasattr(self, "_metadata"):
            self._metadata = {}
        return self._metadata

    def register_prehook(self, fn: Callable[[tuple[Tensor, ...]], tuple[Tensor | None, ...] | None]) -> RemovableHandle:
        """Call a function with the gradient of the result before it is handed on to the operands.

        Parameters
        ----------
        fn : callable
            Takes a tuple of one gradient; may return such a tuple, which replaces it.

        Returns
        -------
        RemovableHandle
            Its ``remove()`` removes the hook.
        """

        def hook(gradient):
            answer = fn((gradient,))
            return answer[0] if isinstance(answer, tuple) else answer

        return self._tensor.register_hook(hook)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_saved_"):
            return self._saved(name.removeprefix("_saved_"))
        context = _context_of(self)
        if context is None or name.startswith("__"):
            raise AttributeError(f"'{self._label}' object has no attribute '{name}'")
        return getattr(context, name)

    def _saved(self, name):
        """What the derivative reads: an operand by the name of the parameter, the first is "self"; or the result."""
        tape, row = self._tensor._tape, made_by(self._tensor._tape, self._tensor._row)
        if tape.columns[FLAGS][row] & FREED:
            raise GraphFreedError
        operands, read = operands_of(tape, row), dict(places_read(tape, row))
        names = [*_parameters_of(OPERATIONS[tape.columns[OP][row]])[: len(operands)], "result"]
        if name not in names or tape.columns[FLAGS][row] & LEAF:
            raise AttributeError(f"'{self._label}' object has no attribute '_saved_{name}'")
        place = RESULT if name == "result" else names.index(name)
        if place < len(operands) and isinstance(operands[place], Immediate):
            return float(operands[place])
        if place not in read:
            raise AttributeError(f"'{self._label}' object has no attribute '_saved_{name}': its derivative does not read that")
        entry = tape.attended.get(row)
        if entry is not None and place in entry.saved:
            return entry.saved[place].unpacked()
        return _shown(tape, read[place])

    def __repr__(self) -> str:
        return f"<{self._label} object at {hex(id(self))}>"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Node) and (self._tensor._tape, self._tensor._row) == (other._tensor._tape, other._tensor._row)

    def __hash__(self) -> int:
        return hash((id(self._tensor._tape), self._tensor._row))


def _context_of(node):
    """The context of a user's `Function`, None for other nodes."""
    tape, row = node._tensor._tape, node._tensor._row
    statics = tape.statics.get(row) if hasattr(OPERATIONS[tape.columns[OP][row]], "asks_the_user") else None
    return None if statics is None else statics[1]


def _parameters_of(operation):
    """Names of the operands of an operation, the first "self" as with PyTorch's nodes."""
    function = getattr(operation, "function", None) or getattr(operation, "body", None)
    names = list(inspect.signature(function).parameters) if callable(function) else []
    return ["self", *names[1:]] if names else []


def _shown(tape, row):
    """The value of a row as a Tensor: the leaf itself, or one on the memory of a result."""
    leaf = tape.leaves.get(row)
    if leaf is not None:
        return leaf
    tensor = standing_for(tape, row)
    tape.adopt(tensor)
    return tensor


class GradientEdge(NamedTuple):
    """Where the gradient of a tensor flows.

    Attributes
    ----------
    node : Node
        The node that made it.
    output_nr : int
        Always 0.
    ownership_token : object
        Always None.
    """

    node: Node
    output_nr: int
    ownership_token: Any = None


def edge_of(tensor):
    """The edge of a Tensor that requires grad."""
    if tensor.is_leaf:
        row_of(current().tape, tensor)
        return GradientEdge(Node(tensor, label_of(tensor._tape, tensor._row)), 0)
    return GradientEdge(grad_fn(tensor), 0)


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
