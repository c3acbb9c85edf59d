"""Values of images at places that are computed, and the places of affine maps."""

from __future__ import annotations

import itertools
import warnings
from typing import TYPE_CHECKING

from ..ops.arguments import as_tensor_argument
from ..ops.choosing import clamp, where
from ..ops.creation import arange, ones_like
from ..ops.gather_sort import gather
from ..ops.round_and_remainder import floor, remainder, round
from ..ops.split_and_stack import stack
from .pooling_functions import _cubic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

_MODES, _PADDINGS = ("bilinear", "nearest", "bicubic"), ("zeros", "border", "reflection")


def affine_grid(theta: TensorLike, size: Sequence[int], align_corners: bool | None = None) -> Tensor:
    """Places, from -1 to 1 along each axis of an image, to which affine maps send the places of another.

    Parameters
    ----------
    theta : Tensor or ndarray, shape (n, 2, 3) or (n, 3, 4)
        Matrices of the maps; the last column is the shift.
    size : sequence of int
        The shape of the images that are to be made: (n, channels, rows, columns), with a depth in the middle for volumes.
    align_corners : bool, optional
        Whether -1 and 1 are the middles of the outermost elements, or their outer edges.

    Returns
    -------
    Tensor, shape (n, rows, columns, 2) or (n, depth, rows, columns, 3)
        The places, as `grid_sample` takes them: along the columns first.

    Raises
    ------
    ValueError
        If the shapes do not fit each other.
    """
    theta, axes = as_tensor_argument(theta, "affine_grid", "theta"), len(size) - 2
    if axes not in (2, 3) or tuple(theta.shape) != (size[0], axes, axes + 1):
        raise ValueError(
            f"Expected a batch of {axes}D affine matrices of shape {size[0]}x{axes}x{axes + 1} for size {list(size)}. "
            f"Got {list(theta.shape)}."
        )
    columns = []
    for k, n in enumerate(size[2:]):
        line = arange(n, dtype=theta.dtype) * 2.0 - (n - 1)
        line = line / max(n - 1, 1) if align_corners else line / n
        columns.insert(0, line.reshape([-1 if j == k else 1 for j in range(axes)]).expand(*size[2:]))
    places = stack([*columns, ones_like(columns[0])], -1)
    return (places.reshape(1, -1, axes + 1) @ theta.transpose(1, 2)).reshape(size[0], *size[2:], axes)


def _reflected(x, low, high):
    """Coordinates, reflected at two ends until they lie between them."""
    span = high - low
    if span <= 0:
        return x * 0.0
    turned = remainder(x - low, 2.0 * span)
    return where(turned > span, 2.0 * span - turned, turned) + low


def _coordinates(x, n, padding, align_corners):
    """Places from -1 to 1 as numbers of elements, inside of the image where the padding says so."""
    x = (x + 1.0) * ((n - 1) / 2) if align_corners else ((x + 1.0) * n - 1.0) / 2
    return _inside(x, n, padding, align_corners)


def _inside(x, n, padding, align_corners):
    if padding == "reflection":
        x = _reflected(x, 0.0, n - 1.0) if align_corners else _reflected(x, -0.5, n - 0.5)
    return clamp(x, 0.0, n - 1.0) if padding != "zeros" else x


def _neighbours(x, n, mode, padding, align_corners):
    """Pairs of elements along an axis, as numbers, and their weights."""
    if mode == "bicubic":
        x = (x + 1.0) * ((n - 1) / 2) if align_corners else ((x + 1.0) * n - 1.0) / 2
        first = floor(x.detach())
        found = zip((-1.0, 0.0, 1.0, 2.0), _cubic(x - first))
        return [(_inside(first + j, n, padding, align_corners), w) for j, w in found]
    x = _coordinates(x, n, padding, align_corners)
    if mode == "nearest":
        return [(round(x.detach()), None)]
    first = floor(x.detach())
    return [(first, first + 1.0 - x), (first + 1.0, x - first)]


def grid_sample(
    input: TensorLike, grid: TensorLike, mode: str = "bilinear", padding_mode: str = "zeros", align_corners: bool | None = None
) -> Tensor:
    """Values of images at given places, between elements interpolated.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (n, channels, depth, rows, columns)
        Images.
    grid : Tensor or ndarray, shape (n, ..., 2) or (n, ..., 3)
        Places, from -1 to 1: along the columns, then the rows, then the depth.
    mode : {"bilinear", "nearest", "bicubic"}, optional
        How values between elements are found.
    padding_mode : {"zeros", "border", "reflection"}, optional
        What lies outside of an image.
    align_corners : bool, optional
        Whether -1 and 1 are the middles of the outermost elements, or their outer edges.

    Returns
    -------
    Tensor, shape (n, channels, ...)
        The values.

    Raises
    ------
    ValueError
        If a mode is not known.
    RuntimeError
        If the shapes do not fit each other.
    """
    x, grid = as_tensor_argument(input, "grid_sample"), as_tensor_argument(grid, "grid_sample", "grid")
    if mode not in _MODES:
        raise ValueError(f"nn.functional.grid_sample(): expected mode to be {_MODES}, but got: '{mode}'")
    if padding_mode not in _PADDINGS:
        raise ValueError(f"nn.functional.grid_sample(): expected padding_mode to be {_PADDINGS}, but got: '{padding_mode}'")
    if align_corners is None:
        warnings.warn(
            "Default grid_sample and affine_grid behavior has changed to align_corners=False since 1.3.0. Please specify "
            "align_corners=True if the old behavior is desired.",
            stacklevel=2,
        )
    axes = x.ndim - 2
    fits = axes in (2, 3) and grid.ndim == x.ndim and grid.shape[0] == x.shape[0] and grid.shape[-1] == axes
    if not fits or (mode == "bicubic" and axes == 3):
        raise RuntimeError(
            f"grid_sampler(): expected 4D or 5D input and grid with same number of dimensions, the same batch size and last axis "
            f"{axes} of grid (bicubic: images), but got input with sizes {list(x.shape)} and grid with sizes {list(grid.shape)}"
        )
    image, places = tuple(x.shape[2:]), tuple(grid.shape[1:-1])
    tables = [_neighbours(grid[..., axes - 1 - k], n, mode, padding_mode, bool(align_corners)) for k, n in enumerate(image)]
    flat, value = x.reshape(*x.shape[:2], -1), 0.0
    for corner in itertools.product(*tables):
        value = value + _at_corner(flat, corner, image, places)
    return value.reshape(*x.shape[:2], *places)


def _at_corner(flat, corner, image, places):
    """The elements of one corner of the cells around all places, times their weights."""
    number, weight, inside = 0.0, None, None
    for (k, w), n in zip(corner, image):
        k = k.detach()
        here = (k >= 0.0) & (k <= n - 1.0)
        inside = here if inside is None else inside & here
        number = number * n + clamp(k, 0.0, n - 1.0)
        if w is not None:
            weight = w if weight is None else weight * w
    n, channels = flat.shape[:2]
    number = number.long().reshape(n, 1, -1).expand(n, channels, -1)
    weight = where(inside, 1.0 if weight is None else weight, 0.0)
    return gather(flat, 2, number) * weight.reshape(n, 1, -1)
