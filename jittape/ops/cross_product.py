"""The vector product in three dimensions, and its one component in two."""

from __future__ import annotations

import numpy as np

from ..errors import ShapeError
from .arguments import as_tensor_argument, one_axis
from .operation_names import public
from .shape_functions import movedim, unsqueeze
from .split_and_stack import cat


@public(public=False, numpy=np.cross)
def cross(a, b, axisa=-1, axisb=-1, axisc=-1, axis=None):
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
