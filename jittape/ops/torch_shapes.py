"""PyTorch's functions that put elements into other shapes, made of those that there are."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .arguments import as_tensor_argument, one_axis
from .creation import zeros
from .gather_sort import index_select
from .operation_names import method, public
from .shape_functions import flip, movedim, reshape
from .split_and_stack import cat, stack
from .view_rules import sum_to

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import SupportsIndex

    from ..typing import DTypeLike, ShapeLike, TensorLike


def _check_parts(name, x, axis, parts):
    """Raise unless parts would be of one length."""
    if isinstance(parts, int) and x.shape[axis] % parts:
        raise RuntimeError(
            f"jittape.{name} attempted to divide dimension {axis}, but the size of the dimension {x.shape[axis]} is not "
            f"divisible by {parts}"
        )


@public()
def unflatten(input: TensorLike, dim: SupportsIndex, sizes: Sequence[int]) -> Tensor:
    """One axis as several.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int
        The axis.
    sizes : sequence of int
        Lengths of the new axes; one may be -1.

    Returns
    -------
    Tensor
        A view where possible.
    """
    x = as_tensor_argument(input, "unflatten")
    axis = one_axis(dim, x.ndim)
    return reshape(x, (*x.shape[:axis], *sizes, *x.shape[axis + 1 :]))


@public(keywords="sections=indices_or_sections indices=indices_or_sections")
def tensor_split(input: TensorLike, indices_or_sections: int | Sequence[int], dim: SupportsIndex = 0) -> tuple[Tensor, ...]:
    """Parts along an axis, of which the first may be longer by one; or parts between positions.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts, or where they begin.
    dim : int, optional
        The axis.

    Returns
    -------
    tuple of Tensor
        The parts, as views.
    """
    x = as_tensor_argument(input, "tensor_split")
    axis = one_axis(dim, x.ndim)
    if isinstance(indices_or_sections, Tensor):
        indices_or_sections = indices_or_sections.tolist()
    if isinstance(indices_or_sections, int):
        n, more = divmod(x.shape[axis], indices_or_sections)
        edges = [k * n + min(k, more) for k in range(1, indices_or_sections)]
    else:
        edges = list(indices_or_sections)
    starts, ends = [0, *edges], [*edges, None]
    return tuple([x[(slice(None),) * axis + (slice(a, b),)] for a, b in zip(starts, ends)])


@public(keywords="sections=indices_or_sections indices=indices_or_sections")
def hsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the second axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """
    x = as_tensor_argument(input, "hsplit")
    axis = 1 if x.ndim > 1 else 0
    _check_parts("hsplit", x, axis, indices_or_sections)
    return tensor_split(x, indices_or_sections, axis)


@public(keywords="sections=indices_or_sections indices=indices_or_sections")
def vsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the first axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """
    x = as_tensor_argument(input, "vsplit")
    axis = 0
    _check_parts("vsplit", x, axis, indices_or_sections)
    return tensor_split(x, indices_or_sections, axis)


@public(keywords="sections=indices_or_sections indices=indices_or_sections")
def dsplit(input: TensorLike, indices_or_sections: int | Sequence[int]) -> tuple[Tensor, ...]:
    """Parts along the third axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    indices_or_sections : int or sequence of int
        How many parts of one length, or where they begin.

    Returns
    -------
    tuple of Tensor
        The parts, as views.

    Raises
    ------
    RuntimeError
        If the parts would not be of one length.
    """
    x = as_tensor_argument(input, "dsplit")
    axis = 2
    _check_parts("dsplit", x, axis, indices_or_sections)
    return tensor_split(x, indices_or_sections, axis)


@public()
def repeat_interleave(
    input: TensorLike, repeats: int | TensorLike, dim: SupportsIndex | None = None, *, output_size: int | None = None
) -> Tensor:
    """Elements repeated one by one along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    repeats : int or Tensor of int
        How often: all, or each.
    dim : int, optional
        The axis; by default the elements as one.
    output_size : int, optional
        Without effect; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The repeated elements.
    """
    x = as_tensor_argument(input, "repeat_interleave")
    x, axis = (reshape(x, -1), 0) if dim is None else (x, one_axis(dim, x.ndim))
    times = np.asarray(repeats._value() if isinstance(repeats, Tensor) else repeats)
    return index_select(x, axis, np.repeat(np.arange(x.shape[axis]), times))


@public()
def fliplr(input: TensorLike) -> Tensor:
    """The elements of the second axis in the opposite order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return flip(input, 1)


@public()
def flipud(input: TensorLike) -> Tensor:
    """The elements of the first axis in the opposite order.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return flip(input, 0)


@public()
def diag_embed(input: TensorLike, offset: int = 0, dim1: SupportsIndex = -2, dim2: SupportsIndex = -1) -> Tensor:
    """Matrices of zeros with the elements of the last axis on a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal.
    dim1, dim2 : int, optional
        The axes of the matrices.

    Returns
    -------
    Tensor
        With one axis more than `input`.
    """
    x = as_tensor_argument(input, "diag_embed")
    n = x.shape[-1] + abs(offset)
    rows = np.arange(x.shape[-1]) + max(-offset, 0)
    y = zeros(*x.shape[:-1], n, n, dtype=x.dtype)
    y[..., rows, rows + offset] = x
    return movedim(y, (-2, -1), (dim1, dim2))


@public()
def diagflat(input: TensorLike, offset: int = 0) -> Tensor:
    """A matrix of zeros with all elements on a diagonal.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    offset : int, optional
        Which diagonal.

    Returns
    -------
    Tensor
        A square matrix.
    """
    return diag_embed(reshape(as_tensor_argument(input, "diagflat"), -1), offset)


@public(method=False)
def block_diag(*tensors: TensorLike) -> Tensor:
    """Matrices along the diagonal of a matrix of zeros.

    Parameters
    ----------
    *tensors : Tensor
        Of at most two axes.

    Returns
    -------
    Tensor
        A matrix.
    """
    blocks = [as_tensor_argument(x, "block_diag") for x in tensors]
    blocks = [reshape(x, (1, -1)) if x.ndim < 2 else x for x in blocks]
    columns, at, rows = sum([x.shape[1] for x in blocks]), 0, []
    for x in blocks:
        n, m = x.shape
        rows.append(cat([zeros(n, at, dtype=x.dtype), x, zeros(n, columns - at - m, dtype=x.dtype)], 1))
        at += m
    return cat(rows, 0)


@public(method=False)
def cartesian_prod(*tensors: TensorLike) -> Tensor:
    """All combinations of elements, one of each vector.

    Parameters
    ----------
    *tensors : Tensor
        Vectors.

    Returns
    -------
    Tensor
        A combination in each row; a vector of one vector.
    """
    vectors = [as_tensor_argument(x, "cartesian_prod") for x in tensors]
    if len(vectors) == 1:
        return vectors[0]
    places = np.indices([x.shape[0] for x in vectors]).reshape(len(vectors), -1)
    return stack([index_select(x, 0, at) for x, at in zip(vectors, places)], 1)


@public(method=False)
def combinations(input: TensorLike, r: int = 2, with_replacement: bool = False) -> Tensor:
    """All combinations of some elements of a vector.

    Parameters
    ----------
    input : Tensor or ndarray
        A vector.
    r : int, optional
        How many elements.
    with_replacement : bool, optional
        Whether an element may be taken again.

    Returns
    -------
    Tensor
        A combination in each row.
    """
    x = as_tensor_argument(input, "combinations")
    take = itertools.combinations_with_replacement if with_replacement else itertools.combinations
    places = np.array(list(take(range(x.shape[0]), r)), np.int64).reshape(-1, r)
    return x[places]


@public(method=False)
def tril_indices(
    row: int, col: int, offset: int = 0, *, dtype: DTypeLike | None = None, device: object = None, layout: object = None
) -> Tensor:
    """Rows and columns of the elements of a matrix on a diagonal and below it.

    Parameters
    ----------
    row, col : int
        Lengths of the axes.
    offset : int, optional
        Which diagonal.
    dtype : dtype, optional
        Of the result; int64 by default.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The rows, and the columns.
    """
    found = wrap(np.stack(np.tril_indices(row, offset, col)).astype(np.int64))
    return found if dtype is None else found.to(dtype)


@public(method=False)
def triu_indices(
    row: int, col: int, offset: int = 0, *, dtype: DTypeLike | None = None, device: object = None, layout: object = None
) -> Tensor:
    """Rows and columns of the elements of a matrix on a diagonal and above it.

    Parameters
    ----------
    row, col : int
        Lengths of the axes.
    offset : int, optional
        Which diagonal.
    dtype : dtype, optional
        Of the result; int64 by default.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    layout : object, optional
        Only strided; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        The rows, and the columns.
    """
    found = wrap(np.stack(np.triu_indices(row, offset, col)).astype(np.int64))
    return found if dtype is None else found.to(dtype)


@public()
def argwhere(input: TensorLike) -> Tensor:
    """Where elements are not zero: an index in each row.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        As many columns as `input` has axes.
    """
    x = as_tensor_argument(input, "argwhere")
    return wrap(np.argwhere(x.detach()._value()))


@method(keywords="size=*size")
def sum_to_size(self: Tensor, *size: ShapeLike) -> Tensor:
    """The sum over the axes along which a shape was broadcast.

    Parameters
    ----------
    *size : int or sequence of int
        The shape before.

    Returns
    -------
    Tensor
        Of that shape.
    """
    shape = tuple(size[0]) if len(size) == 1 and not isinstance(size[0], int) else size
    return sum_to(self, shape)


@method()
def unfold(self: Tensor, dimension: SupportsIndex, size: int, step: int) -> Tensor:
    """Windows along an axis, which overlap where they are longer than their step.

    Parameters
    ----------
    dimension : int
        The axis, which is then that of the windows.
    size : int
        Length of a window.
    step : int
        From window to window.

    Returns
    -------
    Tensor
        With the elements of a window along a last axis; a copy.

    Raises
    ------
    RuntimeError
        If a window is longer than the axis.
    """
    axis, n = one_axis(dimension, self.ndim), self.shape[dimension]
    if size > n or step <= 0:
        raise RuntimeError(
            f"unfold: got windows of {size} and a step of {step} along axis {axis} of length {n}, expected windows that fit"
        )
    places = np.arange(0, n - size + 1, step)[:, None] + np.arange(size)
    return movedim(self[(slice(None),) * axis + (places,)], axis + 1, -1)


def _with_axes(function, tensors):
    """One of NumPy's functions on each of several Tensors, or of a sequence of them."""
    given = tensors[0] if len(tensors) == 1 and isinstance(tensors[0], (list, tuple)) else tensors
    found = tuple(function(as_tensor_argument(x, function.__name__)) for x in given)
    return found[0] if given is tensors and len(tensors) == 1 else found


@public(method=False)
def atleast_1d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least one axis.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """
    return _with_axes(np.atleast_1d, tensors)


@public(method=False)
def atleast_2d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least two axes; a vector becomes a row.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """
    return _with_axes(np.atleast_2d, tensors)


@public(method=False)
def atleast_3d(*tensors: TensorLike | Sequence[TensorLike]) -> Tensor | tuple[Tensor, ...]:
    """Tensors with at least three axes; a vector becomes a row in the middle one, a matrix gets one at the end.

    Parameters
    ----------
    *tensors : Tensor or ndarray
        Values of any shape, or one sequence of them.

    Returns
    -------
    Tensor or tuple of Tensor
        One for one Tensor.
    """
    return _with_axes(np.atleast_3d, tensors)
