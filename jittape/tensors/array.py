"""`Array`: a value that means what NumPy's arrays and numbers mean, on the same rows as a Tensor."""

from .linked_copies import link_of, linked
from .tensor import Tensor, extras_of, result, wrap


class Array(Tensor):
    """What a function gets from a transform in the place of an array or a number.

    It is not made by users: `jittape.grad`, `jittape.jacobian`, `jittape.compile`, `jittape.vmap` and the other transforms hand
    it to the function wherever the caller gave an ndarray, a number or a list. Its operators, methods and attributes mean what
    those of `numpy.ndarray` mean; an Array without axes is a number, and numbers do not change: ``s += x`` makes a new one.
    The result of an operation is an Array if an operand is one, also where the others are Tensors.

    Parameters
    ----------
    *data : sequence or int
        As of `Tensor`.

    Attributes
    ----------
    shape : tuple of int
        Lengths of the axes.
    size : int
        Number of elements.

    Notes
    -----
    What NumPy's arrays do not have is PyTorch's, as in `jittape.Tensor`: ``x.detach()``, ``x.requires_grad``.

    Examples
    --------
    >>> import jittape as jt
    >>> import numpy as np
    >>> jt.grad(lambda x: x.std() * x.size)(np.array([1.0, 2.0, 3.0]))
    array([-1.22474487,  0.        ,  1.22474487])
    """

    __slots__ = ()

    @property
    def shape(self):
        """Lengths of the axes."""
        return tuple(self._layout.shape)

    @property
    def size(self):
        """Number of elements."""
        return int(self._layout.size)

    @property
    def nbytes(self):
        """Bytes of the elements."""
        return self.size * self.dtype.itemsize

    def __len__(self):
        if not self._layout.shape:
            raise TypeError("len() of unsized object")
        return self._layout.shape[0]

    def __bool__(self):
        if self._layout.size != 1:
            raise ValueError(f"The truth value of an array with {self.size} elements is ambiguous. Use a.any() or a.all()")
        return super().__bool__()

    def __hash__(self):
        if not is_number(self):
            raise TypeError(f"unhashable type: an Array of shape {self.shape}; NumPy's arrays have no hash, numbers have")
        return hash(self.detach().item())

    def _not_one_number(self):
        return TypeError(
            f"only length-1 arrays can be converted to Python scalars: got shape {self.shape}; use NumPy's functions in place of "
            "those of math, or index an element"
        )


def as_array(tensor):
    """Let a Tensor that nobody else has seen yet be an Array. Returns it."""
    tensor.__class__ = Array
    return tensor


def constant_like(x, array, storage=None):
    """A constant on an array, an Array if `x` is one."""
    found = wrap(array, storage)
    return as_array(found) if type(x) is Array else found


def without_axes(x):
    """Let a new Array without axes be an array all the same, which is written to in place. Returns it.

    Numbers do not change. NumPy has both: what `numpy.where`, ``reshape(())`` or an index with an Ellipsis gives is an array.
    """
    if type(x) is Array and not x._layout.shape:
        extras_of(x).is_array = True
    return x


def is_number(x):
    """Whether an Array is a number: it has no axes, and is not one of `without_axes`."""
    return not x._layout.shape and not (x._extras is not None and x._extras.is_array)


def read_only(x):
    """Let an Array refuse writes, as what `numpy.diagonal` gives does; views of it will, too. Returns it.

    PyTorch has nothing of the kind, so Tensors stay as they are.
    """
    if type(x) is Array:
        extras_of(x).read_only = True
    return x


def is_read_only(x):
    """Whether an Array refuses writes."""
    return x._extras is not None and x._extras.read_only


def array_for(tensor):
    """An Array that stands for the same value as a Tensor."""
    if type(tensor) is Array:
        return tensor
    if tensor._array is None:
        found = result(tensor._tape, tensor._row, Array)
        return found if link_of(tensor) is None else linked(found, link_of(tensor))
    return as_array(tensor.view_as(tensor))  # memory of Python's: a view of it


def face_of(operands):
    """The class of the result of an operation: Array if an operand is one."""
    for a in operands:
        if type(a) is Array:
            return Array
    return Tensor
