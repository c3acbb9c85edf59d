"""NumPy's functions whose results are made of elements of their operands: NumPy itself says where each element goes.

NumPy's function is called on the positions of the elements in the place of the elements, and the elements that it names are
gathered. Meaning, shapes, modes and errors are NumPy's; what is ours is one gather, with its derivatives.
"""

import functools
import inspect

import numpy as np

from ..tensors.tensor import Tensor
from .array_protocols import must_be_a_tensor
from .assignment import write
from .copies_and_joins import convert, gather_flat
from .foreign_calls import name_of
from .memory_order import common_order, inverse_of, model_of
from .operation_names import BY_NUMPY
from .shape_functions import permute, reshape
from .split_and_stack import cat

NOTHING = 0  # the position of the zeros that NumPy puts where no element of an operand goes


def plain(x):
    """The values of a Tensor as an array; other arguments as they are."""
    return np.array(x._value()) if isinstance(x, Tensor) else x


def plain_in(value):
    """The values of Tensors as arrays, also those in lists, however deep."""
    return [plain_in(v) for v in value] if isinstance(value, (list, tuple)) else plain(value)


class ElementPositions:
    """Arrays of positions for operands: the elements of all operands are numbered from 1, in the order of the operands."""

    def __init__(self):
        self.operands, self.size = [], 0

    def positions(self, operand):
        """The positions of an operand's elements, in its shape and memory order; of those in a list, however deep, in a list."""
        if isinstance(operand, (list, tuple)):
            return type(operand)([self.positions(x) for x in operand])
        operand = operand if isinstance(operand, Tensor) else np.asarray(operand)
        model = model_of(operand) if isinstance(operand, Tensor) else operand
        first, self.size = self.size + 1, self.size + model.size
        self.operands.append(operand)
        found = np.empty_like(model, np.int64, subok=False)
        found[...] = np.arange(first, self.size + 1).reshape(model.shape)
        return found

    def gather(self, positions, dtype):
        """The elements at positions, as a Tensor of a dtype."""
        positions = np.asarray(positions)
        order = common_order((positions,))
        rows = np.array(positions if order is None else positions.transpose(order), order="C")
        if len(self.operands) == 1 and rows.size and rows.min() > NOTHING:
            (x,), taken = self.operands, rows - 1
        else:
            flat = [_flat(x, dtype) for x in self.operands]
            x, taken = cat([np.zeros(1, dtype), *flat], 0), rows
        value = gather_flat(x, taken)
        value = value if value.dtype == dtype else convert(value, dtype)
        return value if order is None else permute(value, inverse_of(order))


def _flat(x, dtype):
    if isinstance(x, Tensor):
        return reshape(x if x.dtype == dtype else convert(x, dtype), (-1,))
    return x.astype(dtype).reshape(-1)


class MovedElements:
    """A function of NumPy that moves elements, on Tensors.

    Parameters
    ----------
    theirs : callable
        NumPy's function.
    names : str
        Of its parameters that hold elements; values of other parameters are read.
    like_first : bool
        The result has the dtype of the first of these, as for NumPy's functions that make a changed copy; otherwise the dtype
        that all of them promote to.
    in_place : bool
        The function answers nothing and changes the first of them.
    """

    reads_lists = True  # they reach NumPy's function as lists

    def __init__(self, theirs, names, like_first=False, in_place=False):
        self.theirs, self.names, self.like_first, self.in_place = theirs, names.split(), like_first, in_place

    @functools.cached_property
    def signature(self):
        """The parameters of NumPy's function."""
        return inspect.signature(self.theirs)

    def __call__(self, *args, **kwargs):
        bound = self.signature.bind(*args, **kwargs)
        given, elements = bound.arguments, ElementPositions()
        first = given[self.names[0]]
        if self.in_place:
            must_be_a_tensor(first, name_of(self.theirs))
        for name in self.names:
            if name in given:
                given[name] = elements.positions(given[name])
        for name in given.keys() - set(self.names):
            given[name] = plain(given[name])
        found = self.theirs(*bound.args, **bound.kwargs)
        if not self.in_place:
            return elements.gather(found, self._dtype(elements.operands))
        write(first, elements.gather(given[self.names[0]], first.dtype))

    def _dtype(self, operands):
        return operands[0].dtype if self.like_first else np.result_type(*[x.dtype for x in operands])


BY_NUMPY.update(
    {
        moved.theirs: moved
        for moved in (
            MovedElements(np.insert, "arr values", like_first=True),
            MovedElements(np.delete, "arr"),
            MovedElements(np.append, "arr values"),
            MovedElements(np.resize, "a"),
            MovedElements(np.dstack, "tup"),
            MovedElements(np.column_stack, "tup"),
            MovedElements(np.block, "arrays"),
            MovedElements(np.diagflat, "v"),
            MovedElements(np.extract, "arr"),
            MovedElements(np.put_along_axis, "arr values", in_place=True),
            MovedElements(np.put, "a v", in_place=True),
            MovedElements(np.place, "arr vals", in_place=True),
            MovedElements(np.fill_diagonal, "a val", in_place=True),
        )
    }
)
