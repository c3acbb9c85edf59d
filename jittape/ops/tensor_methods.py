"""Methods of Tensor that are not functions of the library: conversions, writes, properties of memory."""

from __future__ import annotations

import builtins
import weakref
from typing import TYPE_CHECKING

import numpy as np

from ..devices import Device
from ..dtypes import as_dtype, bool_, float32, float64, int8, int16, int32, int64, uint8
from ..kernels.kernel_table import VIEW_OF_STORAGE
from ..tape.row_kinds import VIEWS, is_one_of
from ..tape.schema import OP, S_SIZE
from ..tensors.tensor import Tensor, extras_of
from .assignment import setitem, write
from .copies_and_joins import clone, convert
from .random_generators import drawn_from
from .creation import BoolTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor, check_device, ones, tensor, zeros
from .indexing import getitem
from .declared_docstrings import docstring
from .keywords import OPTIONS, accepting, check_option
from .operation_names import method
from .operation_table import as_operand
from .shape_functions import contiguous, expand, reshape, view_
from .split_and_stack import unbind

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from ..typing import DTypeLike, Data, Number, ShapeLike

# --- methods ----------------------------------------------------------------------------------------------------


@method(name="__iter__")
def _iterate(self: Tensor) -> Iterator[Tensor]:
    if not self.ndim:
        raise TypeError("iteration over a 0-d tensor")
    return iter(unbind(self, 0))


@method(name="__contains__")
def _contains(self: Tensor, item: object) -> bool:
    return builtins.bool((self == item)._value().any())


@method()
@accepting("non_blocking", "memory_format")
def to(
    self: Tensor,
    *args: DTypeLike | Tensor | str,
    dtype: DTypeLike | None = None,
    device: str | None = None,
    copy: bool = False,
    other: Tensor | None = None,
) -> Tensor:
    """The tensor in another dtype.

    Parameters
    ----------
    *args : dtype, Tensor or str
        A dtype, a tensor whose dtype is taken, or a device.
    dtype : dtype, optional
        Of the result.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    copy : bool, optional
        Copy even if the dtype is the same.
    other : Tensor, optional
        A tensor whose dtype is taken.

    Returns
    -------
    Tensor
        The tensor itself if nothing changes.
    """
    for a in args if other is None else (*args, other):
        if isinstance(a, Tensor):
            dtype = a.dtype
        elif isinstance(a, Device) or isinstance(a, str) and a.partition(":")[0] in ("cpu", "cuda", "mps"):
            device = a
        elif not isinstance(a, bool):
            dtype = as_dtype(a)
    check_device(device)
    converted = self if dtype is None else convert(self, dtype)
    return clone(self) if copy and converted is self else converted


def _convert_to(dtype, name):
    def convert_to(self, memory_format=None):
        if memory_format is not None:
            check_option(name, "memory_format", memory_format)
        return convert(self, dtype)

    convert_to.__name__ = name
    about = [("memory_format", *OPTIONS["memory_format"][:2])]
    convert_to.__doc__ = docstring(f"The tensor in {dtype}.", about, ("Tensor", "The tensor itself if it has that dtype."))
    return method()(convert_to)


for _dtype, _name in ((float32, "float"), (float64, "double"), (int64, "long"), (int32, "int"), (bool_, "bool")):
    _convert_to(_dtype, _name)
for _dtype, _name in ((int16, "short"), (int8, "char"), (uint8, "byte")):
    _convert_to(_dtype, _name)


_TYPES = {t.__name__: t.dtype for t in (BoolTensor, DoubleTensor, FloatTensor, IntTensor, LongTensor)}


@method(name="type")
@accepting("non_blocking")
def type_(self, dtype=None):
    """The name of the tensor's type, or the tensor in another dtype.

    Parameters
    ----------
    dtype : dtype, optional
        The other dtype.

    Returns
    -------
    str or Tensor
        Such as "jittape.DoubleTensor".
    """
    if dtype is not None:
        named = _TYPES.get(dtype.rpartition(".")[2]) if isinstance(dtype, str) else getattr(dtype, "dtype", None)
        return convert(self, dtype if named is None else named)
    names = {"float64": "Double", "float32": "Float", "int64": "Long", "int32": "Int", "bool": "Bool", "uint8": "Byte"}
    return f"jittape.{names.get(str(self.dtype), str(self.dtype))}Tensor"


@method()
def retain_grad(self: Tensor) -> None:
    """Keep the gradient of this result in ``.grad`` in the next sweeps.

    Raises
    ------
    RuntimeError
        If the tensor does not require grad.
    """
    if not self.requires_grad:
        raise RuntimeError("can't retain_grad on Tensor that has requires_grad=False")
    if self.is_leaf:
        return
    extras = extras_of(self)
    if not extras.retains:
        extras.retains = True
        self._tape.observed[:] = [r for r in self._tape.observed if r() is not None and r() is not self]
        self._tape.observed.append(weakref.ref(self))


def _is_view(tape, row):
    """Whether a row is a view of another value: what was written to in place views its whole storage."""
    whole = tape.columns[OP][row] == VIEW_OF_STORAGE and tape.layout(row).size == tape.columns[S_SIZE][tape.storage_ids[row]]
    return is_one_of(tape.flags[row], VIEWS) and not whole


@method()
def detach_(self: Tensor) -> Tensor:
    """Remove this tensor from the graph, in place.

    Returns
    -------
    Tensor
        The tensor itself.

    Raises
    ------
    RuntimeError
        If it is a view.
    """
    if self.requires_grad and self._tape is not None and _is_view(self._tape, self._row):
        raise RuntimeError("Can't detach views in-place. Use detach() instead. (Got a view of another tensor.)")
    alias = self.detach()
    self._array, self._storage = alias._array, alias._storage
    self._tape, self._row, self._extras = None, -1, None
    return self


@method(keywords="src=source")
def copy_(self: Tensor, source: Data, non_blocking: bool = False) -> Tensor:
    """Copy the values of another tensor, broadcast and converted, in place.

    Parameters
    ----------
    source : Tensor, ndarray, sequence or float
        The values.
    non_blocking : bool, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, as_operand(source) if not isinstance(source, (list, tuple)) else np.asarray(source))


@method()
def zero_(self: Tensor) -> Tensor:
    """Fill with zeros, in place.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, np.zeros((), self.dtype))


@method()
def fill_(self: Tensor, value: Data) -> Tensor:
    """Fill with one value, in place.

    Parameters
    ----------
    value : float or Tensor of one element
        The value.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, value)


@method()
def normal_(self: Tensor, mean: Number = 0.0, std: Number = 1.0, *, generator: np.random.Generator | None = None) -> Tensor:
    """Fill with normal random numbers, in place.

    Parameters
    ----------
    mean, std : float, optional
        Mean and standard deviation.
    generator : numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, np.asarray(drawn_from(generator).normal(mean, std, tuple(self.shape)), self.dtype))


@method(keywords="from=low to=high")
def uniform_(self: Tensor, low: Number = 0.0, high: Number = 1.0, *, generator: np.random.Generator | None = None) -> Tensor:
    """Fill with uniform random numbers, in place.

    Parameters
    ----------
    low, high : float, optional
        Ends of the interval.
    generator : numpy.random.Generator, optional
        Where numbers are drawn from; by default what `manual_seed` seeds.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return write(self, np.asarray(drawn_from(generator).uniform(low, high, tuple(self.shape)), self.dtype))


# --- the same with another tensor ---------------------------------------------------------------------------------


@method()
def view_as(self: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of another tensor, without a copy.

    Parameters
    ----------
    other : Tensor
        The other tensor.

    Returns
    -------
    Tensor
        A view.
    """
    return view_(self, tuple(other.shape))


@method()
def reshape_as(self: Tensor, other: Tensor) -> Tensor:
    """The elements in the shape of another tensor, as a view where possible.

    Parameters
    ----------
    other : Tensor
        The other tensor.

    Returns
    -------
    Tensor
        Of the shape of `other`.
    """
    return reshape(self, tuple(other.shape))


@method()
def expand_as(self: Tensor, other: Tensor) -> Tensor:
    """Axes of length one repeated to the shape of another tensor, without a copy.

    Parameters
    ----------
    other : Tensor
        The other tensor.

    Returns
    -------
    Tensor
        A view.
    """
    return expand(self, tuple(other.shape))


@method(keywords="tensor=other")
def type_as(self: Tensor, other: Tensor) -> Tensor:
    """The tensor in the dtype of another.

    Parameters
    ----------
    other : Tensor
        The other tensor.

    Returns
    -------
    Tensor
        Of the dtype of `other`.
    """
    return convert(self, other.dtype)


@method(keywords="size=*size")
def new_zeros(self: Tensor, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
    """Make a tensor of zeros in the dtype of this one.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        By default that of this tensor.
    **options
        Of `jittape.zeros`.

    Returns
    -------
    Tensor
        The new tensor.
    """
    return zeros(*size, dtype=self.dtype if dtype is None else dtype, **options)


@method(keywords="size=*size")
def new_ones(self: Tensor, *size: ShapeLike, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
    """Make a tensor of ones in the dtype of this one.

    Parameters
    ----------
    *size : int or sequence of int
        Lengths of the axes.
    dtype : dtype, optional
        By default that of this tensor.
    **options
        Of `jittape.ones`.

    Returns
    -------
    Tensor
        The new tensor.
    """
    return ones(*size, dtype=self.dtype if dtype is None else dtype, **options)


@method()
def new_tensor(self: Tensor, data: Data, *, dtype: DTypeLike | None = None, **options: Any) -> Tensor:
    """Make a tensor of the data in the dtype of this one.

    Parameters
    ----------
    data : number, nested sequence or ndarray
        The values.
    dtype : dtype, optional
        By default that of this tensor.
    **options
        Of `jittape.tensor`.

    Returns
    -------
    Tensor
        The new tensor.
    """
    return tensor(data, dtype=self.dtype if dtype is None else dtype, **options)


# --- memory -------------------------------------------------------------------------------------------------------


@method()
@accepting("memory_format")
def cpu(self: Tensor) -> Tensor:
    """The tensor itself, as all are in the memory of the CPU.

    Returns
    -------
    Tensor
        The tensor itself.
    """
    return self


@method(attribute=True)
def retains_grad(self: Tensor) -> bool:
    """Whether the gradient of this result is kept, see `retain_grad`."""
    return self._extras is not None and self._extras.retains


@method()
@accepting("memory_format")
def is_contiguous(self: Tensor) -> bool:
    """Whether the elements lie in row-major order in memory.

    Returns
    -------
    bool
        Whether they do.
    """
    return contiguous(self) is self


@method()
def stride(self, dim=None):
    """Steps in memory, in elements, along every axis or along one.

    Parameters
    ----------
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of int, or int
        The steps.
    """
    layout = self._layout
    strides = tuple(s // self.itemsize for s in layout.strides) if isinstance(layout, np.ndarray) else layout.strides
    return strides if dim is None else strides[dim]


@method()
def element_size(self: Tensor) -> int:
    """Bytes of an element.

    Returns
    -------
    int
        As ``itemsize``.
    """
    return self.itemsize


@method()
def data_ptr(self: Tensor) -> int:
    """Address of the first element in memory.

    Returns
    -------
    int
        The address.
    """
    return self._pinned().__array_interface__["data"][0]


Tensor.__getitem__, Tensor.__setitem__ = getitem, setitem
Tensor.nelement, Tensor.ndimension = Tensor.numel, Tensor.dim
