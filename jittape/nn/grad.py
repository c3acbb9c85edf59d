"""PyTorch's namespace of the two gradients of a convolution."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..autograd.backward_and_grad import grad
from ..autograd.grad_mode import enable_grad
from ..ops.arguments import as_tensor_argument
from ..ops.creation import zeros
from .convolution_functions import conv1d, conv2d
from .volume_functions import conv3d

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike

__all__ = ["conv1d_input", "conv1d_weight", "conv2d_input", "conv2d_weight", "conv3d_input", "conv3d_weight"]


def __dir__():
    return __all__


def _by_input(convolve, size, weight, grad_output, options):
    weight = as_tensor_argument(weight, "weight")
    x = zeros(*size, dtype=weight.dtype, requires_grad=True)
    return _cotangent(convolve, x, weight, grad_output, options, x, weight)


def _by_weight(convolve, x, size, grad_output, options):
    x = as_tensor_argument(x, "input")
    weight = zeros(*size, dtype=x.dtype, requires_grad=True)
    return _cotangent(convolve, x, weight, grad_output, options, weight, x)


def _cotangent(convolve, x, weight, grad_output, options, unknown, known):
    """The gradient by the operand that is not known, which does not depend on it: a convolution is linear in each of them."""
    grad_output = as_tensor_argument(grad_output, "grad_output")
    with enable_grad():
        y = convolve(x, weight, None, *options)
        return grad(y, unknown, grad_output, create_graph=known.requires_grad or grad_output.requires_grad)[0]


def conv1d_input(
    input_size: Sequence[int],
    weight: TensorLike,
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of sequences by its input.

    Parameters
    ----------
    input_size : sequence of int
        The shape of the input.
    weight : Tensor or ndarray
        The windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv1d`.

    Returns
    -------
    Tensor
        Of the shape of the input.
    """
    options = stride, padding, dilation, groups
    return _by_input(conv1d, input_size, weight, grad_output, options)


def conv1d_weight(
    input: TensorLike,
    weight_size: Sequence[int],
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of sequences by its weight.

    Parameters
    ----------
    input : Tensor or ndarray
        The input.
    weight_size : sequence of int
        The shape of the windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv1d`.

    Returns
    -------
    Tensor
        Of the shape of the weight.
    """
    options = stride, padding, dilation, groups
    return _by_weight(conv1d, input, weight_size, grad_output, options)


def conv2d_input(
    input_size: Sequence[int],
    weight: TensorLike,
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of images by its input.

    Parameters
    ----------
    input_size : sequence of int
        The shape of the input.
    weight : Tensor or ndarray
        The windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv2d`.

    Returns
    -------
    Tensor
        Of the shape of the input.
    """
    options = stride, padding, dilation, groups
    return _by_input(conv2d, input_size, weight, grad_output, options)


def conv2d_weight(
    input: TensorLike,
    weight_size: Sequence[int],
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of images by its weight.

    Parameters
    ----------
    input : Tensor or ndarray
        The input.
    weight_size : sequence of int
        The shape of the windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv2d`.

    Returns
    -------
    Tensor
        Of the shape of the weight.
    """
    options = stride, padding, dilation, groups
    return _by_weight(conv2d, input, weight_size, grad_output, options)


def conv3d_input(
    input_size: Sequence[int],
    weight: TensorLike,
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of volumes by its input.

    Parameters
    ----------
    input_size : sequence of int
        The shape of the input.
    weight : Tensor or ndarray
        The windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv3d`.

    Returns
    -------
    Tensor
        Of the shape of the input.
    """
    options = stride, padding, dilation, groups
    return _by_input(conv3d, input_size, weight, grad_output, options)


def conv3d_weight(
    input: TensorLike,
    weight_size: Sequence[int],
    grad_output: TensorLike,
    stride: Lengths = 1,
    padding: Lengths = 0,
    dilation: Lengths = 1,
    groups: int = 1,
) -> Tensor:
    """Compute the gradient of a convolution of volumes by its weight.

    Parameters
    ----------
    input : Tensor or ndarray
        The input.
    weight_size : sequence of int
        The shape of the windows.
    grad_output : Tensor or ndarray
        The gradient of the result.
    stride, padding, dilation, groups : optional
        As of `conv3d`.

    Returns
    -------
    Tensor
        Of the shape of the weight.
    """
    options = stride, padding, dilation, groups
    return _by_weight(conv3d, input, weight_size, grad_output, options)
