"""Convolutions, and their transposes, as functions."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from ..errors import ShapeError
from ..ops.arguments import as_tensor_argument
from ..ops.correlations import features_of_image_values, image_of_features_values, window_shape
from ..ops.shape_functions import reshape, squeeze, unsqueeze
from .padding_functions import pad

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike


def lengths(value, n, name):
    """A number, or one for each axis, as a tuple of n."""
    found = tuple(value) if isinstance(value, (tuple, list)) else (value,)
    found = found * n if len(found) == 1 else found
    if len(found) != n or any(not hasattr(k, "__index__") or isinstance(k, bool) for k in found):
        raise RuntimeError(f"expected {name} to be an int or {n} of them, but got {name}={value!r}")
    return tuple([k.__index__() for k in found])


@functools.lru_cache(4096)
def _shape_of(image, window, stride, padding, dilation, groups):
    return window_shape(image, window, stride, padding, dilation, groups)


def _batched(name, x, axes):
    """The input with an axis of examples, and whether it had none."""
    if x.ndim not in (axes + 1, axes + 2):
        raise RuntimeError(
            f"Expected {axes + 1}D (unbatched) or {axes + 2}D (batched) input to {name}, but got input of size: {list(x.shape)}"
        )
    return (unsqueeze(x, 0), True) if x.ndim == axes + 1 else (x, False)


def _check(name, x, weight, stride, dilation, groups, channels):
    if weight.ndim != x.ndim:
        raise RuntimeError(f"{name}: expected a weight of {x.ndim} axes, but got one of size {list(weight.shape)}")
    if min(stride) <= 0:
        raise RuntimeError(f"non-positive stride is not supported: got {stride}")
    if min(dilation) <= 0:
        raise RuntimeError(f"dilation should be greater than zero: got {dilation}")
    if groups <= 0 or weight.shape[0] % groups:
        raise RuntimeError(
            f"Given groups={groups}, expected weight to be divisible by {groups} at dimension 0, but got weight of size "
            f"{list(weight.shape)} instead"
        )
    if x.shape[1] != channels:
        raise ShapeError(
            f"Given groups={groups}, weight of size {list(weight.shape)}, expected input{list(x.shape)} to have "
            f"{channels} channels, "
            f"but got {x.shape[1]} channels instead"
        )


def _with_bias(y, bias, features):
    if bias is None:
        return y
    b = as_tensor_argument(bias, "convolution", "bias")
    if tuple(b.shape) != (features,):
        raise RuntimeError(
            f"expected bias to be 1-dimensional with {features} elements, but got bias of size {list(b.shape)} instead"
        )
    return y + reshape(b, (-1,) + (1,) * (y.ndim - 2))


def _padding(padding, axes, weight, stride, dilation):
    """Numbers of zeros, or the padding that keeps lengths: before and behind, which may differ."""
    if padding == "valid":
        return (0,) * axes, None
    if padding != "same":
        if isinstance(padding, str):
            raise ValueError(f"Invalid padding string {padding!r}, should be one of 'valid', 'same'")
        return lengths(padding, axes, "padding"), None
    if max(stride) > 1:
        raise RuntimeError("padding='same' is not supported for strided convolutions")
    total = [d * (k - 1) for d, k in zip(dilation, weight.shape[2:])]
    if all(t % 2 == 0 for t in total):
        return tuple([t // 2 for t in total]), None
    return (0,) * axes, [n for t in reversed(total) for n in (t // 2, t - t // 2)]


def _convolved(name, axes, input, weight, bias, stride, padding, dilation, groups):
    x, weight = as_tensor_argument(input, name), as_tensor_argument(weight, name, "weight")
    x, alone = _batched(name, x, axes)
    stride, dilation = lengths(stride, axes, "stride"), lengths(dilation, axes, "dilation")
    _check(name, x, weight, stride, dilation, groups, weight.shape[1] * groups if weight.ndim > 1 else 0)
    padding, uneven = _padding(padding, axes, weight, stride, dilation)
    if min(padding) < 0:
        raise RuntimeError(f"negative padding is not supported: got {padding}")
    x = x if uneven is None else pad(x, uneven)
    spans = [d * (k - 1) + 1 for d, k in zip(dilation, weight.shape[2:])]
    if any(span > n + 2 * p for span, n, p in zip(spans, x.shape[2:], padding)):
        sizes = " x ".join(str(n + 2 * p) for n, p in zip(x.shape[2:], padding))
        raise RuntimeError(
            f"Calculated padded input size per channel: ({sizes}). Kernel size: ({' x '.join(map(str, spans))}). Kernel "
            "size can't be "
            "greater than actual input size"
        )
    if axes == 1:
        x, flat = unsqueeze(x, 2), unsqueeze(weight, 2)
        stride, padding, dilation = (1, *stride), (0, *padding), (1, *dilation)
    else:
        flat = weight
    y = features_of_image_values.apply(x, flat, _shape_of(tuple(x.shape), tuple(flat.shape), stride, padding, dilation, groups))
    y = _with_bias(squeeze(y, 2) if axes == 1 else y, bias, weight.shape[0])
    return squeeze(y, 0) if alone else y


def conv1d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate sequences with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, length) or (channels, length)
        Sequences.
    weight : Tensor or ndarray, shape (features, channels / groups, width)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Step from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros at both ends; "same" keeps the length.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, places)
        The features.
    """
    return _convolved("conv1d", 1, input, weight, bias, stride, padding, dilation, groups)


def conv2d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths | str = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Correlate images with windows.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, channels, rows, columns) or (channels, rows, columns)
        Images.
    weight : Tensor or ndarray, shape (features, channels / groups, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (features,), optional
        Added to every place.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the images; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels and features that are apart.

    Returns
    -------
    Tensor, shape (n, features, rows, columns)
        The features.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.nn.functional.conv2d(jt.ones(1, 1, 3, 3), jt.ones(1, 1, 2, 2))
    tensor([[[[4., 4.],
              [4., 4.]]]])
    """
    return _convolved("conv2d", 2, input, weight, bias, stride, padding, dilation, groups)


def _transposed(name, axes, input, weight, bias, stride, padding, output_padding, groups, dilation):
    x, weight = as_tensor_argument(input, name), as_tensor_argument(weight, name, "weight")
    x, alone = _batched(name, x, axes)
    stride, padding = lengths(stride, axes, "stride"), lengths(padding, axes, "padding")
    dilation, more = lengths(dilation, axes, "dilation"), lengths(output_padding, axes, "output_padding")
    _check(name, x, weight, stride, dilation, groups, weight.shape[0])
    if any(m >= max(s, d) for m, s, d in zip(more, stride, dilation)):
        raise RuntimeError(
            f"output padding must be smaller than either stride or dilation, but got output_padding: {more} stride: {stride} "
            f"dilation: {dilation}"
        )
    sizes = [
        (n - 1) * s - 2 * p + d * (k - 1) + m + 1
        for n, s, p, d, k, m in zip(x.shape[2:], stride, padding, dilation, weight.shape[2:], more)
    ]
    if min(sizes) < 0:
        raise RuntimeError(f"{name}: the output would have lengths {sizes}: got too much padding for an input of {list(x.shape)}")
    features, flat = weight.shape[1] * groups, weight
    if axes == 1:
        x, flat = unsqueeze(x, 2), unsqueeze(weight, 2)
        sizes, stride, padding, dilation = (1, *sizes), (1, *stride), (0, *padding), (1, *dilation)
    shape = _shape_of((x.shape[0], features, *sizes), tuple(flat.shape), stride, padding, dilation, groups)
    y = image_of_features_values.apply(x, flat, shape)
    y = _with_bias(squeeze(y, 2) if axes == 1 else y, bias, features)
    return squeeze(y, 0) if alone else y


def conv_transpose1d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv1d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, places) or (features, places)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, width)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv1d`, and how much longer the output is than the shortest that `conv1d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Step from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, length)
        The sequences.
    """
    return _transposed("conv_transpose1d", 1, input, weight, bias, stride, padding, output_padding, groups, dilation)


def conv_transpose2d(
    input: TensorLike,
    weight: TensorLike,
    bias: TensorLike | None = None,
    stride: Lengths = 1,
    padding: Lengths = 0,
    output_padding: Lengths = 0,
    groups: int = 1,
    dilation: Lengths = 1,
) -> Tensor:
    """Apply the transpose of `conv2d`: every number of the input adds its window to the output.

    Parameters
    ----------
    input : Tensor or ndarray, shape (n, features, rows, columns) or (features, rows, columns)
        Features.
    weight : Tensor or ndarray, shape (features, channels / groups, rows, columns)
        Windows.
    bias : Tensor or ndarray, shape (channels,), optional
        Added to every place.
    stride, padding, output_padding : int or tuple of int, optional
        Those of `conv2d`, and how much longer the output is than the shortest that `conv2d` takes to this input.
    groups : int, optional
        Groups of channels and features that are apart.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.

    Returns
    -------
    Tensor, shape (n, channels, rows, columns)
        The images.
    """
    return _transposed("conv_transpose2d", 2, input, weight, bias, stride, padding, output_padding, groups, dilation)
