"""`Tensor`: a value, and the row of a tape that it stands for.

A Tensor is either *kept by Python* (``_array`` is its memory: constants and leaves) or *kept by a tape* (a row: results that
require gradients), or both, once the memory of a result has been looked at. Operators, methods and autograd functions are
attached by the modules that define them.
"""

from __future__ import annotations

import warnings
import weakref
from threading import get_ident
from typing import TYPE_CHECKING

from ..tape.schema import GRAD
from ..dtypes import is_differentiable
from ..errors import DTypeError, LeafError
from ..tape.commit import assignments, commit
from ..tape.storage import Storage
from .extras import Extent, Extras
from .size import Size

if TYPE_CHECKING:
    from typing import Any, SupportsIndex

    import numpy as np
    from numpy.typing import NDArray

    from ..typing import Data

NON_LEAF_GRAD = (
    "The .grad attribute of a Tensor that is not a leaf Tensor is being accessed. Its .grad attribute won't be populated "
    "during autograd.backward(). If you indeed want the .grad field to be populated for a non-leaf Tensor, use "
    ".retain_grad() on the non-leaf Tensor. If you access the non-leaf Tensor by mistake, make sure you access the leaf "
    "Tensor instead. See github.com/pytorch/pytorch/pull/30531 for more information."
)


class Tensor:
    """An n-dimensional array whose history can be differentiated.

    Make one with `jittape.tensor`. Operations on Tensors that require gradients are recorded, and ``backward`` fills the
    ``.grad`` of the leaves.

    Parameters
    ----------
    *data : sequence or int
        Nested sequences of numbers, or the lengths of the axes of a tensor of zeros. Use `jittape.tensor` instead; this is
        PyTorch's older constructor.

    Attributes
    ----------
    shape : Size
        Lengths of the axes.
    dtype : dtype
        Of the elements, as in NumPy.
    requires_grad : bool
        Whether gradients flow through this tensor.
    grad : Tensor or None
        Accumulated gradient of a leaf.
    grad_fn : Node or None
        The operation that made this tensor.
    is_leaf : bool
        Whether no recorded operation made this tensor.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([1.0, 2.0], requires_grad=True)
    >>> (x * x).sum().backward()
    >>> x.grad
    tensor([2., 4.])
    """

    __slots__ = ("_tape", "_row", "_array", "_storage", "_extras", "__weakref__")
    __array_priority__ = 1000  # ndarray * Tensor asks the Tensor

    def __init__(self, *data: Data | SupportsIndex) -> None:
        self._become(data)  # PyTorch's constructor; the library makes its Tensors by `blank`, in two thirds of the time

    # --- the value ------------------------------------------------------------------------------------

    def _value(self):
        """The value as an array, for immediate use: a tape may move it."""
        array = self._array
        if array is None:
            return self._tape.look(self._row)
        storage = self._storage
        if storage is None or storage.tape is None or not storage.tape.derivatives_are_rows:
            return array
        return storage.tape.look_at(self)

    def _followed(self):
        """The trace of this thread on which this memory, which Python keeps, is an input or was written to; None otherwise.

        What is seen there then depends on the inputs of the trace.
        """
        storage = self._storage
        tape = None if storage is None else storage.tape
        return tape if tape is not None and tape.derivatives_are_rows and tape.owner == get_ident() else None

    def _pinned(self):
        """The value as an array that Python keeps."""
        trace = self._followed()
        if trace is not None:
            return trace.pin_at(self)
        if self._array is None:
            array, storage = self._tape.pin(self._row)
            if storage is None:  # a trace shows a copy, once
                return array
            self._array, self._storage = array, storage
        return self._array

    @property
    def _layout(self):
        array = self._array
        return self._tape.layout(self._row) if array is None else array

    @property
    def shape(self) -> Size:
        """Lengths of the axes, a `Size`."""
        return Size(self._layout.shape)

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self._layout.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Dtype of the elements."""
        array = self._array
        return self._tape.dtype(self._row) if array is None else array.dtype

    def numel(self) -> int:
        """Return the number of elements.

        Returns
        -------
        int
            The product of the lengths of the axes.
        """
        return int(self._layout.size)

    def dim(self) -> int:
        """Return the number of axes.

        Returns
        -------
        int
            As ``ndim``.
        """
        return self.ndim

    def size(self, dim: SupportsIndex | None = None) -> Any:
        """Return the shape, or the length of one axis.

        Parameters
        ----------
        dim : int, optional
            The axis.

        Returns
        -------
        Size or int
            All lengths, or that of the axis.
        """
        return self.shape if dim is None else self.shape[dim]

    @property
    def itemsize(self) -> int:
        """Bytes of an element."""
        return self.dtype.itemsize

    def item(self) -> Any:
        """Return the value of a tensor of one element as a Python number.

        Returns
        -------
        float, int or bool
            The value; it is not differentiated.

        Raises
        ------
        RuntimeError
            If the tensor does not have one element.
        TypeError
            In a transform that differentiates it; there, ``x.detach().item()`` is the number.
        """
        tape = self._tape
        if (
            self._array is None and not (Extent.under_way or tape.derivatives_are_rows) and self._layout.size == 1
        ):  # the usual case
            return tape.number(self._row)
        self._leave_quietly("x.item()")
        if self._array is None and self._layout.size == 1:
            return tape.number(self._row)
        if self.numel() != 1:
            raise RuntimeError(
                f"a Tensor with {self.numel()} elements cannot be converted to Scalar: got shape {list(self.shape)}, "
                "expected one element; use .tolist() or .detach().numpy()"
            )
        return self._value().item()

    def tolist(self) -> Any:
        """Return the value as nested Python lists.

        Returns
        -------
        list, float, int or bool
            A number for a tensor without axes.

        Raises
        ------
        TypeError
            In a transform that differentiates it; there, ``x.detach().tolist()`` are the numbers.
        """
        self._leave_quietly("x.tolist()")
        return self._value().tolist()

    def numpy(self, *, force: bool = False) -> NDArray[Any]:
        """Return the memory of the tensor as an array; writing to one changes the other.

        Parameters
        ----------
        force : bool, optional
            Take the values of a tensor that requires grad: ``detach().numpy()``.

        Returns
        -------
        ndarray
            Without a copy.

        Raises
        ------
        RuntimeError
            If the tensor requires grad; use ``detach().numpy()``.
        """
        if force:
            return self.detach().numpy()
        if self.requires_grad:
            raise RuntimeError("Can't call numpy() on Tensor that requires grad. Use tensor.detach().numpy() instead.")
        array = self._pinned()
        if self._storage is not None and self._followed() is None:
            self._storage.share(array)
        return array.view()  # `t.numpy().shape = ...` does not change the Tensor

    def detach(self) -> Tensor:
        """Return a tensor on the same memory that is not part of the graph.

        Returns
        -------
        Tensor
            A constant. Writing to either changes both; gradients do not flow through it.
        """
        link = None if self._extras is None else self._extras.link
        if link is not None and not link.is_direct(self):
            return link.on(link.base.detach())
        tape = self._followed() or self._tape
        cut = tape.cut(self) if tape is not None else None
        if cut is not None:
            return cut
        array, memory = self._pinned(), self._storage.memory
        memory.is_shared = True
        return wrap(array, Storage(memory, array))

    @property
    def data(self) -> Tensor:
        """Tensor on the same memory that is not part of the graph, as from `detach`; assignable."""
        return self.detach()

    @data.setter
    def data(self, value: Tensor) -> None:
        if not isinstance(value, Tensor):
            raise TypeError(f"got {type(value).__name__}, expected a Tensor for .data")
        if not self.is_leaf:
            raise LeafError("cannot assign .data of a result: got a non-leaf Tensor, expected a leaf; use detach()")
        commit(self._replacing(value))

    def _replacing(self, value):
        """The changes that give a leaf the memory of another Tensor."""
        former = [] if self._storage is None else [self._storage.memory.next_version()]
        return former + assignments(self, _array=value._pinned(), _storage=value._storage, _tape=None, _row=-1)

    # --- the graph ------------------------------------------------------------------------------------

    @property
    def requires_grad(self) -> bool:
        """Whether gradients flow through this tensor; assignable for leaves."""
        extras = self._extras
        if extras is not None and extras.requires_grad:
            return True
        tape = self._tape
        if tape is not None and tape.flags[self._row] & GRAD:
            return True
        storage = self._storage
        return storage is not None and storage.tape is not None and _head_flags(storage) & GRAD != 0

    @requires_grad.setter
    def requires_grad(self, value: bool) -> None:
        if not self.is_leaf:
            hint = (
                ""
                if value
                else (
                    " If you want to use a computed variable in a subgraph that doesn't require differentiation use "
                    "var_no_grad = var.detach()."
                )
            )
            raise LeafError(f"you can only change requires_grad flags of leaf variables.{hint}")
        set_requires_grad(self, value)

    def requires_grad_(self, requires_grad: bool = True) -> Tensor:
        """Switch the recording of operations on this leaf on or off, in place.

        Parameters
        ----------
        requires_grad : bool, optional
            Whether gradients are wanted.

        Returns
        -------
        Tensor
            The tensor itself.
        """
        if self.is_leaf or not requires_grad:
            self.requires_grad = requires_grad
        return self

    @property
    def is_leaf(self) -> bool:
        """Whether no recorded operation made this tensor."""
        extras = self._extras
        return (extras is not None and extras.requires_grad) or not self.requires_grad

    @property
    def grad(self) -> Tensor | None:
        """Accumulated gradient of a leaf, or of a result with `retain_grad`; None if there is none."""
        extras = self._extras
        if extras is None or not (extras.requires_grad or extras.retains):
            if extras is not None and extras.grad is not None:
                return extras.grad
            if not self.is_leaf:
                warnings.warn(NON_LEAF_GRAD, UserWarning, stacklevel=2)
            return None
        return extras.grad

    @grad.setter
    def grad(self, value: Tensor | None) -> None:
        if value is not None:
            if not isinstance(value, Tensor):
                raise TypeError(f"assigned grad expected to be a Tensor or None but got grad of type {type(value).__name__}")
            if value.shape != self.shape:
                raise RuntimeError(
                    f"attempting to assign a gradient of size '{list(value.shape)}' to a tensor of size "
                    f"'{list(self.shape)}'. Please ensure that the gradient and the tensor are the same size"
                )
            if value.dtype != self.dtype:
                raise RuntimeError(
                    f"attempting to assign a gradient with dtype '{value.dtype}' to a tensor with dtype '{self.dtype}'. "
                    "The gradient must match the tensor's dtype; convert it with .to()"
                )
        extras_of(self).grad = value

    @grad.deleter
    def grad(self) -> None:
        if self._extras is not None:
            self._extras.grad = None

    @property
    def _version(self):
        """Number of writes to the memory so far."""
        self._pinned()
        return self._storage.memory.version

    # --- Python's protocols -----------------------------------------------------------------------------

    def __len__(self) -> int:
        if not self.ndim:
            raise TypeError("len() of a 0-d tensor")
        return self._layout.shape[0]

    def __bool__(self) -> bool:
        if self.numel() != 1:
            raise RuntimeError(
                "Boolean value of Tensor with more than one value is ambiguous"
                if self.numel()
                else "Boolean value of Tensor with no values is ambiguous"
            )
        trace = self._followed()
        if trace is not None:
            return trace.truth_at(self)
        return bool(self._value().item()) if self._array is not None else self._tape.truth(self._row)

    def _not_one_number(self):
        return ValueError(
            f"only one element tensors can be converted to Python scalars: got shape {list(self.shape)}; "
            "use .tolist() or index an element"
        )

    def __int__(self) -> int:
        return int(one_number(self))

    def __index__(self) -> int:
        if is_differentiable(self.dtype) or self.numel() != 1:
            raise TypeError("only integer tensors of a single element can be converted to an index")
        return int(self._value().item())

    def __hash__(self) -> int:
        return id(self)

    def __format__(self, spec: str) -> str:
        if not self._layout.shape:
            return format(self._value().item(), spec)
        if spec:
            raise TypeError(
                f"unsupported format string passed to {type(self).__name__}.__format__: got {spec!r} for shape "
                f"{list(self.shape)}, expected a number; format its elements"
            )
        return repr(self)


def one_number(tensor):
    """The value of a Tensor of one element, as a Python number."""
    if tensor.numel() != 1:
        raise tensor._not_one_number()
    return tensor._value().item()


# --- making Tensors -----------------------------------------------------------------------------------------


blank = object.__new__  # whoever calls it sets all five slots


def standing_for(tape, row):
    """A Tensor for a row, which is not registered as a handle of the tape."""
    tensor = blank(Tensor)
    tensor._tape, tensor._row = tape, row
    tensor._array = tensor._storage = tensor._extras = None
    return tensor


def result(tape, row, face=Tensor):
    """The Tensor of a new row, registered as a handle of the tape; `face` is Tensor or Array."""
    tensor = blank(face)
    tensor._tape, tensor._row = tape, row
    tensor._array = tensor._storage = tensor._extras = None
    tape.handles.append(weakref.ref(tensor))
    return tensor


def wrap(array, storage=None):
    """A constant on an array, without a copy."""
    tensor = blank(Tensor)
    tensor._tape, tensor._row, tensor._extras = None, -1, None
    tensor._array = array
    tensor._storage = Storage(None, array) if storage is None else storage
    return tensor


def extras_of(tensor):
    if tensor._extras is None:
        tensor._extras = Extras()
    return tensor._extras


def clear_gradient(tensor, set_to_none):
    """Drop the gradient of a Tensor, or set it to zero, in place and outside the graph that it may have."""
    extras = tensor._extras
    if extras is None or extras.grad is None:
        return
    if set_to_none:
        extras.grad = None
        return
    if extras.grad.requires_grad:
        extras.grad = extras.grad.detach()
    extras.grad.zero_()


def set_requires_grad(tensor, value):
    """Make a constant a leaf or a leaf a constant; it loses the row that it had."""
    if value and not is_differentiable(tensor.dtype):
        raise DTypeError(
            f"only Tensors of floating point dtype can require gradients: got {tensor.dtype}, expected float64 or float32; "
            "convert with .double() first"
        )
    extras = extras_of(tensor)
    if extras.requires_grad != bool(value):
        tape = tensor._followed() or tensor._tape
        if tape is not None:
            tape.refuse_leaf()
        tensor._pinned()  # a variable of a transform is kept by the tape
        extras.requires_grad = bool(value)
        tensor._tape, tensor._row = None, -1


def is_leaf_that_requires_grad(tensor):
    extras = tensor._extras
    return extras is not None and extras.requires_grad


def _head_flags(storage):
    tape = storage.tape
    head = tape.heads[storage.number]
    return tape.flags[head] if head >= 0 else 0
