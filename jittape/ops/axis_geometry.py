"""Arrays taken apart along axes: what comes before, along and after those that an operation goes along or folds."""

import math

import numpy as np


def folded_shape(shape, axes, keepdim):
    """The shape after a fold over axes."""
    if keepdim:
        return tuple(1 if k in axes else n for k, n in enumerate(shape))
    return tuple(n for k, n in enumerate(shape) if k not in axes)


def are_neighbours(axes):
    """Whether sorted axes follow one another."""
    return not axes or axes[-1] - axes[0] + 1 == len(axes)


def three_lengths(shape, axes):
    """Elements before, along and after neighbouring axes."""
    first, last = (axes[0], axes[-1] + 1) if axes else (len(shape), len(shape))
    return math.prod(shape[:first]), math.prod(shape[first:last]), math.prod(shape[last:])


def axis_plan(layouts, axis):
    """Shape of a result of the shape of the operand, and the lengths for kernels that go along an axis."""
    shape = layouts[0].shape
    return shape, (*three_lengths(shape, (axis,)), 0, 0, 0)


def _others_first(ndim, axes):
    return tuple(k for k in range(ndim) if k not in axes) + tuple(axes)


def in_three(x, axes, permute, reshape):
    """An array as (before, folded, after)."""
    if are_neighbours(axes):
        return reshape(x, three_lengths(tuple(x.shape), axes))
    order = _others_first(len(x.shape), axes)
    n = math.prod(x.shape[a] for a in axes)
    return reshape(permute(x, order), (math.prod(x.shape) // n if n else 0, n, 1))


def out_of_three(x3, shape, axes, permute, reshape):
    """`in_three` undone."""
    if are_neighbours(axes):
        return reshape(x3, shape)
    order = _others_first(len(shape), axes)
    x = reshape(x3, tuple(shape[k] for k in order))
    return permute(x, tuple(int(k) for k in np.argsort(order)))
