# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Layers without parameters that apply a function of `functional` with options: pooling, padding, dropout of channels."""

from collections.abc import Sequence
from typing import Any
from ..nn.layer import Layer
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

class ZeroPad1d(Layer):
    """Layer that puts zeros around sequences; see `functional.pad`.

    Parameters
    ----------
    padding : int or tuple of int
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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
        Numbers of elements: left, right, and above, below.
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

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
