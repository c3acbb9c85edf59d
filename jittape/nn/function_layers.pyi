# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Layers without parameters that apply a function of `functional` with options: pooling, padding, dropout of channels."""

from collections.abc import Sequence
from typing import Any, SupportsIndex
from ..nn.layer import Layer
from ..nn.module import Module
from ..tensors.tensor import Tensor
from ..typing import Lengths, TensorLike

class MaxPool1d(Layer):
    """Find the largest numbers of windows of sequences.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Places without a number at both ends.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class MaxPool2d(Layer):
    """Find the largest numbers of windows of images.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the images.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the image.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class MaxPool3d(Layer):
    """Find the largest numbers of windows of volumes.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Places without a number around the volumes.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    return_indices : bool, optional
        Also return where the largest are, as flat places in the volume.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        dilation: Lengths = 1,
        ceil_mode: bool = False,
        return_indices: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AvgPool1d(Layer):
    """Compute means of windows of sequences.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window; that of a window by default.
    padding : int or tuple of int, optional
        Zeros at both ends.
    ceil_mode : bool, optional
        Let a last window reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AvgPool2d(Layer):
    """Compute means of windows of images.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the images.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    divisor_override : int, optional
        What sums are divided by, in the place of the number of places.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveAvgPool1d(Layer):
    """Compute means of as many windows of sequences as are asked for.

    Parameters
    ----------
    output_size : int
        Number of windows.
    """

    def __init__(self, output_size: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AvgPool3d(Layer):
    """Compute means of windows of volumes.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        Zeros around the volumes.
    ceil_mode : bool, optional
        Let last windows reach beyond the end.
    count_include_pad : bool, optional
        Whether the zeros count.
    divisor_override : int, optional
        What sums are divided by, in the place of the number of places.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        padding: Lengths = 0,
        ceil_mode: bool = False,
        count_include_pad: bool = True,
        divisor_override: int | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveAvgPool3d(Layer):
    """Compute means of as many windows of volumes as are asked for.

    Parameters
    ----------
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    """

    def __init__(self, output_size: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveAvgPool2d(Layer):
    """Compute means of as many windows of images as are asked for.

    Parameters
    ----------
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    """

    def __init__(self, output_size: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Dropout1d(Layer):
    """Set whole channels of sequences to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Dropout2d(Layer):
    """Set whole channels of images to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Unfold(Layer):
    """Put the windows of images side by side, as columns.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros around the images.
    stride : int or tuple of int, optional
        Steps from window to window.
    """

    def __init__(self, kernel_size: Lengths, dilation: Lengths = 1, padding: Lengths = 0, stride: Lengths = 1) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Fold(Layer):
    """Add windows that are columns to images: the transpose of `unfold`.

    Parameters
    ----------
    output_size : int or tuple of int
        Lengths of the images.
    kernel_size : int or tuple of int
        Lengths of a window.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding : int or tuple of int, optional
        Zeros that were around the images.
    stride : int or tuple of int, optional
        Steps from window to window.
    """

    def __init__(
        self,
        output_size: Lengths,
        kernel_size: Lengths,
        dilation: Lengths = 1,
        padding: Lengths = 0,
        stride: Lengths = 1,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Upsample(Layer):
    """Make sequences or images longer or shorter.

    Parameters
    ----------
    size : int or tuple of int, optional
        Lengths of the result.
    scale_factor : float or tuple of float, optional
        Factors of the lengths, in the place of `size`.
    mode : {"nearest", "nearest-exact", "linear", "bilinear", "bicubic", "area"}, optional
        How values between places are found.
    align_corners : bool, optional
        Whether the outermost places stay where they are.
    recompute_scale_factor : bool, optional
        Compute steps from the lengths, where factors are given.
    antialias : bool, optional
        Only False.
    """

    def __init__(
        self,
        size: Lengths | None = None,
        scale_factor: float | Sequence[float] | None = None,
        mode: str = 'nearest',
        align_corners: bool | None = None,
        recompute_scale_factor: bool | None = None,
        antialias: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class PixelShuffle(Layer):
    """Turn channels into finer images: (n, channels * r**2, rows, columns) to (n, channels, rows * r, columns * r).

    Parameters
    ----------
    upscale_factor : int
        The factor r.
    """

    def __init__(self, upscale_factor: int) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class PixelUnshuffle(Layer):
    """Turn images into coarser ones with more channels: the inverse of `pixel_shuffle`.

    Parameters
    ----------
    downscale_factor : int
        The factor r.
    """

    def __init__(self, downscale_factor: int) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Hardshrink(Layer):
    """Set values between ``-lambd`` and ``lambd`` to 0.

    Parameters
    ----------
    lambd : float, optional
        Half the length of the interval.
    """

    def __init__(self, lambd: float = 0.5) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ChannelShuffle(Layer):
    """Take channels from groups in turn.

    Parameters
    ----------
    groups : int
        Number of groups of channels.
    """

    def __init__(self, groups: int) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveMaxPool1d(Layer):
    """Find the largest numbers of as many windows of sequences as are asked for.

    Parameters
    ----------
    output_size : int
        Number of windows.
    return_indices : bool, optional
        Return the places of the numbers too.
    """

    def __init__(self, output_size: Lengths, return_indices: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveMaxPool2d(Layer):
    """Find the largest numbers of as many windows of images as are asked for.

    Parameters
    ----------
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.
    """

    def __init__(self, output_size: Lengths, return_indices: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AdaptiveMaxPool3d(Layer):
    """Find the largest numbers of as many windows of volumes as are asked for.

    Parameters
    ----------
    output_size : int or tuple of (int or None)
        Number of windows along each axis; None for that of the places.
    return_indices : bool, optional
        Return the flat places of the numbers too.
    """

    def __init__(self, output_size: Lengths, return_indices: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class FractionalMaxPool2d(Layer):
    """Take the largest number of each of some windows of images, whose places are drawn for every channel.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        output_size: Lengths | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: TensorLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class FractionalMaxPool3d(Layer):
    """Take the largest number of each of some windows of volumes, whose places are drawn for every channel.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of the windows.
    output_size : int or tuple of int, optional
        Lengths of the result.
    output_ratio : float or tuple of float, optional
        Lengths of the result by those of the input, between 0 and 1, in the place of `output_size`.
    return_indices : bool, optional
        Return the flat places of the numbers as well.
    _random_samples : Tensor or ndarray, optional
        A number from 0 to 1 for each axis of each channel, where windows begin; drawn by default.
    """

    def __init__(
        self,
        kernel_size: Lengths,
        output_size: Lengths | None = None,
        output_ratio: float | Sequence[float] | None = None,
        return_indices: bool = False,
        _random_samples: TensorLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class LPPool1d(Layer):
    """Compute norms of windows of sequences, of powers of their numbers with signs.

    Parameters
    ----------
    norm_type : float
        Order of the norm.
    kernel_size : int
        Length of a window.
    stride : int, optional
        Step from window to window; that of a window by default.
    ceil_mode : bool, optional
        Whether a last window may end behind the sequence.
    """

    def __init__(
        self,
        norm_type: float,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        ceil_mode: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class LPPool2d(Layer):
    """Compute norms of windows of images, of powers of their numbers with signs.

    Parameters
    ----------
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the image.
    """

    def __init__(
        self,
        norm_type: float,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        ceil_mode: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class LPPool3d(Layer):
    """Compute norms of windows of volumes, of powers of their numbers with signs.

    Parameters
    ----------
    norm_type : float
        Order of the norm.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    ceil_mode : bool, optional
        Whether last windows may end behind the volume.
    """

    def __init__(
        self,
        norm_type: float,
        kernel_size: Lengths,
        stride: Lengths | None = None,
        ceil_mode: bool = False,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class Dropout3d(Layer):
    """Set whole channels of volumes to 0 with probability `p`, and divide the others by ``1 - p``.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class AlphaDropout(Layer):
    """Set each element to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class FeatureAlphaDropout(Layer):
    """Set whole channels to the limit of `selu` with probability `p`, and scale all so that mean and variance stay.

    Parameters
    ----------
    p : float, optional
        Probability between 0 and 1.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class RReLU(Layer):
    """Leaky rectifier whose slope for negative values is drawn; in evaluation it is the mean.

    Parameters
    ----------
    lower, upper : float, optional
        Between which slopes are drawn.
    inplace : bool, optional
        Without effect; accepted for compatibility with PyTorch.
    """

    def __init__(self, lower: float = 0.125, upper: float = 0.3333333333333333, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class LocalResponseNorm(Layer):
    """Divide numbers by a power of the mean square of neighbouring channels.

    Parameters
    ----------
    size : int
        How many channels count as neighbours.
    alpha : float, optional
        Factor of the mean.
    beta : float, optional
        The exponent.
    k : float, optional
        Added to the mean.
    """

    def __init__(self, size: int, alpha: float = 0.0001, beta: float = 0.75, k: float = 1.0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ZeroPad1d(Layer):
    """Layer that puts zeros around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ZeroPad2d(Layer):
    """Layer that puts zeros around images; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ZeroPad3d(Layer):
    """Layer that puts zeros around volumes; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ConstantPad1d(Layer):
    """Layer that puts a constant around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    value : float
        Value of the new elements.
    """

    def __init__(self, padding: Lengths, value: float = 0.0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ConstantPad2d(Layer):
    """Layer that puts a constant around images; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    value : float
        Value of the new elements.
    """

    def __init__(self, padding: Lengths, value: float = 0.0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ConstantPad3d(Layer):
    """Layer that puts a constant around volumes; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    value : float
        Value of the new elements.
    """

    def __init__(self, padding: Lengths, value: float = 0.0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReflectionPad1d(Layer):
    """Layer that puts mirrored elements around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReflectionPad2d(Layer):
    """Layer that puts mirrored elements around images; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReflectionPad3d(Layer):
    """Layer that puts mirrored elements around volumes; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReplicationPad1d(Layer):
    """Layer that puts the outermost elements around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReplicationPad2d(Layer):
    """Layer that puts the outermost elements around images; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class ReplicationPad3d(Layer):
    """Layer that puts the outermost elements around volumes; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class CircularPad1d(Layer):
    """Layer that puts elements from the other end around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class CircularPad2d(Layer):
    """Layer that puts elements from the other end around images; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class CircularPad3d(Layer):
    """Layer that puts elements from the other end around volumes; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right; above, below; in front, behind.
    """

    def __init__(self, padding: Lengths) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values of a shape that the layer takes.

        Returns
        -------
        Tensor
            The result.
        """

    __call__ = forward

class MaxUnpool1d(Layer):
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    """

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Lengths = 0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Largest numbers of windows.
        indices : Tensor of int
            Their flat places.
        output_size : sequence of int, optional
            Lengths of the result; the shortest by default.

        Returns
        -------
        Tensor
            Zeros, and the numbers at their places.
        """

    __call__ = forward

class MaxUnpool2d(Layer):
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    """

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Lengths = 0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Largest numbers of windows.
        indices : Tensor of int
            Their flat places.
        output_size : sequence of int, optional
            Lengths of the result; the shortest by default.

        Returns
        -------
        Tensor
            Zeros, and the numbers at their places.
        """

    __call__ = forward

class MaxUnpool3d(Layer):
    """Put the largest numbers of windows back to where they were found.

    Parameters
    ----------
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window; those of a window by default.
    padding : int or tuple of int, optional
        What has been padded.
    """

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Lengths = 0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: Tensor, indices: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Largest numbers of windows.
        indices : Tensor of int
            Their flat places.
        output_size : sequence of int, optional
            Lengths of the result; the shortest by default.

        Returns
        -------
        Tensor
            Zeros, and the numbers at their places.
        """

    __call__ = forward

class _Distance(Module):
    """Base of the layers that compare two batches of vectors."""

    def forward(self, x1: TensorLike, x2: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        x1, x2 : Tensor
            Vectors.

        Returns
        -------
        Tensor
            A number for each pair.
        """

    __call__ = forward

class CosineSimilarity(_Distance):
    """Cosine of the angle between vectors along an axis.

    Parameters
    ----------
    dim : int, optional
        Axis of the vectors.
    eps : float, optional
        Smallest norm that is divided by.
    """

    def __init__(self, dim: SupportsIndex = 1, eps: float = 1e-08) -> None:
        ...

    def forward(self, x1: TensorLike, x2: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        x1, x2 : Tensor
            Vectors.

        Returns
        -------
        Tensor
            A number for each pair.
        """

    __call__ = forward

class PairwiseDistance(_Distance):
    """Norm of the differences of vectors.

    Parameters
    ----------
    p : float, optional
        Order of the norm.
    eps : float, optional
        Added to the differences.
    keepdim : bool, optional
        Keep the last axis, with length 1.
    """

    def __init__(self, p: float = 2.0, eps: float = 1e-06, keepdim: bool = False) -> None:
        ...

    def forward(self, x1: TensorLike, x2: TensorLike) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        x1, x2 : Tensor
            Vectors.

        Returns
        -------
        Tensor
            A number for each pair.
        """

    __call__ = forward

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
