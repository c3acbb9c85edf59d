"""Elements of channels in other places."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..ops.arguments import as_tensor_argument
from ..ops.shape_functions import permute, reshape

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


def channel_shuffle(input: TensorLike, groups: int) -> Tensor:
    """Take channels from groups in turn.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, ...)
        Values.
    groups : int
        Number of groups of channels.

    Returns
    -------
    Tensor
        Of the shape of `input`.

    Raises
    ------
    RuntimeError
        If the number of channels is not a multiple of `groups`.
    """
    x = as_tensor_argument(input, "channel_shuffle")
    if groups <= 0 or x.ndim < 3 or x.shape[1] % groups:
        raise RuntimeError(
            f"Number of channels must be divisible by groups. Got {list(x.shape)[1:2]} channels and {groups} groups. "
            "channel_shuffle expects 3 axes or more"
        )
    return reshape(reshape(x, (x.shape[0], groups, -1, *x.shape[2:])).transpose(1, 2), tuple(x.shape))


def pixel_shuffle(input: TensorLike, upscale_factor: int) -> Tensor:
    """Turn channels into finer images: (n, channels * r**2, rows, columns) to (n, channels, rows * r, columns * r).

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., channels, rows, columns)
        Images.
    upscale_factor : int
        The factor r.

    Returns
    -------
    Tensor
        The images.

    Raises
    ------
    RuntimeError
        If the number of channels is no multiple of r**2.
    """
    x, r = as_tensor_argument(input, "pixel_shuffle"), upscale_factor
    if x.ndim < 3 or x.shape[-3] % (r * r):
        raise RuntimeError(
            "pixel_shuffle expects its input's 'channel' dimension to be divisible by the square of upscale_factor, "
            "but got input "
            f"of size {list(x.shape)} and upscale_factor={r}"
        )
    *lead, channels, rows, columns = x.shape
    n = len(lead)
    x = reshape(x, (*lead, channels // (r * r), r, r, rows, columns))
    x = permute(x, (*range(n), n, n + 3, n + 1, n + 4, n + 2))
    return reshape(x, (*lead, channels // (r * r), rows * r, columns * r))


def pixel_unshuffle(input: TensorLike, downscale_factor: int) -> Tensor:
    """Turn images into coarser ones with more channels: the inverse of `pixel_shuffle`.

    Parameters
    ----------
    input : Tensor or ndarray, shape (..., channels, rows * r, columns * r)
        Images.
    downscale_factor : int
        The factor r.

    Returns
    -------
    Tensor
        The images.

    Raises
    ------
    RuntimeError
        If rows and columns are no multiples of r.
    """
    x, r = as_tensor_argument(input, "pixel_unshuffle"), downscale_factor
    if x.ndim < 3 or x.shape[-2] % r or x.shape[-1] % r:
        raise RuntimeError(
            "pixel_unshuffle expects height and width to be divisible by downscale_factor, but got input of size "
            f"{list(x.shape)} and "
            f"downscale_factor={r}"
        )
    *lead, channels, rows, columns = x.shape
    n = len(lead)
    x = reshape(x, (*lead, channels, rows // r, r, columns // r, r))
    x = permute(x, (*range(n), n, n + 2, n + 4, n + 1, n + 3))
    return reshape(x, (*lead, channels * r * r, rows // r, columns // r))
