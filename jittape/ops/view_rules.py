"""Declarations and rules of views."""

import math

import numpy as np

from .operation_table import BY_NAME
from .declare_view import view
from .shape_rules import expect, is_shape


# --- views: the declarations ----------------------------------------------------------------------------


@view(grad_name="ViewBackward0")
def reshape_view(x, shape):
    """Another shape for the same elements."""
    return x.reshape(shape)


@reshape_view.needing
def _reshape_needs(layout, shape):
    expect(is_shape(shape) and math.prod(shape) == layout.size, f"a shape of {layout.size} elements")
    expect(layout.contiguous or _divides(layout, shape), "a shape that needs no copy")


def _divides(layout, shape):
    """Whether the lengths of a shape are those of the stretches of equal steps of a layout, or divide them."""
    stretches = []
    for n, step in zip(layout.shape, layout.strides):
        if n != 1 and stretches and stretches[-1][1] == n * step:
            stretches[-1] = stretches[-1][0] * n, step
        elif n != 1:
            stretches.append((n, step))
    lengths = [n for n in shape if n != 1]
    for n, _ in reversed(stretches):
        while n > 1:
            if not lengths or n % lengths[-1]:
                return False
            n //= lengths.pop()
    return True


@reshape_view.rule_of
def reshape_rule(y_bar, x, shape):
    return reshape_view.apply(y_bar, tuple(x.shape))


@view(grad_name="PermuteBackward0")
def permute_view(x, axes):
    """The axes in another order."""
    return x.transpose(axes)


@permute_view.rule_of
def permute_rule(y_bar, x, axes):
    return permute_view.apply(y_bar, tuple(int(k) for k in np.argsort(axes)))


@view(grad_name="TransposeBackward0")
def transpose_view(x, a, b):
    """Two axes exchanged."""
    return x.swapaxes(a, b)


@transpose_view.rule_of
def transpose_rule(y_bar, x, a, b):
    return transpose_view.apply(y_bar, a, b)


@view(grad_name="TBackward0")
def t_view(x):
    """The transpose of a matrix."""
    return x.T


@t_view.rule_of
def t_rule(y_bar, x):
    return t_view.apply(y_bar)


@view(grad_name="ExpandBackward0")
def expand_view(x, shape):
    """Axes of length one repeated without a copy."""
    return np.broadcast_to(x, shape)


@expand_view.needing
def _expand_needs(layout, shape):
    expect(is_shape(shape), "a shape")


@expand_view.rule_of
def expand_rule(y_bar, x, shape):
    return sum_to(y_bar, x.shape)


@view(grad_name="UnsqueezeBackward0")
def unsqueeze_view(x, axis):
    """An axis of length one put in."""
    return np.expand_dims(x, axis)


@unsqueeze_view.rule_of
def unsqueeze_rule(y_bar, x, axis):
    return reshape_view.apply(y_bar, tuple(x.shape))


@view(grad_name="SqueezeBackward0")
def squeeze_view(x, axes):
    """Axes of length one taken out."""
    return x.reshape(tuple(n for k, n in enumerate(x.shape) if k not in axes)) if x.size == 0 else np.squeeze(x, axes)


@squeeze_view.rule_of
def squeeze_rule(y_bar, x, axes):
    return reshape_view.apply(y_bar, tuple(x.shape))


@view(grad_name="DiagonalBackward0")
def diagonal_view(x, offset, a, b):
    """A diagonal of two axes, as the last axis."""
    return np.diagonal(x, offset, a, b)


@diagonal_view.rule_of
def diagonal_rule(y_bar, x, offset, a, b):
    return _embed(y_bar, x, ("diagonal", offset, a, b))


@view(grad_name="SelectBackward0")
def select_view(x, key):
    """Basic indexing with integers (and slices); `key` as made by `freeze`."""
    return x[thaw(key)]


@select_view.needing
def _select_needs(layout, key):
    expect(is_frozen(key), "integers and slices")


@select_view.rule_of
def select_rule(y_bar, x, key):
    return _embed(y_bar, x, key)


@view(grad_name="SliceBackward0")
def slice_view(x, key):
    """Basic indexing with slices, None and Ellipsis."""
    return x[thaw(key)]


slice_view.needing(_select_needs)


@slice_view.rule_of
def slice_rule(y_bar, x, key):
    return _embed(y_bar, x, key)


@view(grad_name="UnfoldBackward0")
def unfold_view(x, axis, size, step):
    """Windows of an axis, as a new last axis."""
    windows = np.lib.stride_tricks.sliding_window_view(x, size, axis)
    return windows[(slice(None),) * axis + (slice(None, None, step),)]


@unfold_view.rule_of
def unfold_rule(y_bar, x, axis, size, step):
    return _embed(y_bar, x, ("unfold", axis, size, step))


@view(grad_name="AliasBackward0")
def alias_view(x):
    """The same view again."""
    return x.view()


@alias_view.rule_of
def alias_rule(y_bar, x):
    return y_bar


def _embed(y_bar, x, key):
    """The adjoint of a view as zeros with values; declared further on, in terms of these views."""
    return BY_NAME["embed"].at(y_bar, tuple(x.shape), key)


# --- keys -------------------------------------------------------------------------------------------------


def freeze(key):
    """A basic index as something hashable: slices as tuples marked with a word."""
    return tuple(("slice", k.start, k.stop, k.step) if isinstance(k, slice) else k for k in key)


def is_frozen(key):
    """Whether something is what `freeze` makes of a basic index."""
    return type(key) is tuple and all(_is_frozen_part(k) for k in key)


def _is_frozen_part(k):
    if type(k) is tuple:
        return len(k) == 4 and k[0] == "slice" and all(v is None or type(v) is int for v in k[1:])
    return k is None or k is Ellipsis or type(k) is int


def thaw(key):
    """The index that `freeze` took, with an Ellipsis so that NumPy makes a view of a single element too."""
    thawed = tuple(slice(*k[1:]) if isinstance(k, tuple) else k for k in key)
    return thawed if Ellipsis in thawed else (*thawed, Ellipsis)


def sum_to(x, shape):
    """Sum over the axes along which a shape was broadcast to that of `x`."""
    shape = tuple(shape)
    if tuple(x.shape) == shape:
        return x
    lead = len(x.shape) - len(shape)
    axes = tuple(range(lead)) + tuple(k + lead for k, n in enumerate(shape) if n == 1 and x.shape[k + lead] != 1)
    y = BY_NAME["sum"].apply(x, axes, True) if axes else x
    return reshape_view.apply(y, shape)
