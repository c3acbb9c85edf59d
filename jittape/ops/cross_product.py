"""The vector product in three dimensions, and its one component in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError
from .arguments import as_tensor_argument, one_axis
from .operation_names import public
from .shape_functions import expand, movedim, unsqueeze
from .split_and_stack import cat

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


@public(name="numpy_cross", public=False, method=False, numpy=np.cross)
def along_axes(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
    """Vector product along axes of length 2 or 3, with NumPy's arguments; in two dimensions a number."""
    if axis is not None:
        axisa = axisb = axisc = axis
    x, y = (
        movedim(v, one_axis(k, v.ndim), -1)
        for v, k in ((as_tensor_argument(a, "cross", "a"), axisa), (as_tensor_argument(b, "cross", "b"), axisb))
    )
    if x.shape[-1] not in (2, 3) or y.shape[-1] not in (2, 3):
        raise ShapeError(f"cross: got vectors of {x.shape[-1]} and {y.shape[-1]} elements, expected 2 or 3")
    third = _term(x, y, 0, 1)
    if x.shape[-1] == y.shape[-1] == 2:
        return third
    first, second = _term(x, y, 1, 2), _term(x, y, 2, 0)
    value = cat([unsqueeze(v, -1) for v in (first, second, third)], -1)
    return movedim(value, -1, one_axis(axisc, value.ndim))


def _term(x, y, i, j):
    """``x[i] * y[j] - x[j] * y[i]``; a third element that is not there is 0."""
    forward, back = ([_component(v, k) for v, k in pair] for pair in (((x, i), (y, j)), ((x, j), (y, i))))
    products = [u * v for u, v in (forward, back) if u is not None and v is not None]
    if len(products) == 2:
        return products[0] - products[1]
    if forward[0] is None or forward[1] is None:
        return -products[0] if products else _component(x, 0) * _component(y, 0) * 0.0
    return products[0]


def _component(x, k):
    return x[..., k] if k < x.shape[-1] else None


@public(out="one")
def cross(input: TensorLike, other: TensorLike, dim: SupportsIndex | None = None) -> Tensor:
    """Vector products of vectors of three elements.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors along one axis; they are broadcast.
    dim : int, optional
        The axis; the first that has length 3 if not given.

    Returns
    -------
    Tensor
        Of the broadcast shape.

    Raises
    ------
    RuntimeError
        If no axis has length 3, or that one has not.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.cross(jt.tensor([1.0, 0.0, 0.0]), jt.tensor([0.0, 1.0, 0.0]))
    tensor([0., 0., 1.])
    """
    x, y = as_tensor_argument(input, "cross"), as_tensor_argument(other, "cross", "other")
    shape = np.broadcast_shapes(tuple(x.shape), tuple(y.shape))
    if dim is None and 3 not in shape:
        raise RuntimeError(f"cross: no dimension of size 3 in the operands: got shapes {tuple(x.shape)} and {tuple(y.shape)}")
    axis = shape.index(3) if dim is None else one_axis(dim, len(shape))
    x, y = (expand(v, shape) for v in (x, y))
    if shape[axis] != 3:
        raise RuntimeError(f"cross: inputs dimension {axis} must have length 3. Got {x.shape[axis]} and {y.shape[axis]}")
    return along_axes(x, y, axis=axis)
