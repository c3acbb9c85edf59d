"""Layers of convolution, and their transposes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..ops.creation import empty
from .convolution_functions import lengths
from .layer import Layer
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, Lengths

_MODES = ("zeros", "reflect", "replicate", "circular")


class _Convolution(Layer):
    """What layers of convolution share: their options, and how parameters are drawn."""

    axes, is_transposed = 2, False

    def _set_up(self, channels, features, size, stride, padding, dilation, output_padding, groups, bias, mode, device, dtype):
        if groups <= 0:
            raise ValueError("groups must be a positive integer")
        for name, n in (("in_channels", channels), ("out_channels", features)):
            if n % groups:
                raise ValueError(f"{name} must be divisible by groups: got {n} and {groups}")
        if isinstance(padding, str) and padding not in ("same", "valid"):
            raise ValueError(f"Invalid padding string {padding!r}, should be one of {{'same', 'valid'}}")
        if mode not in _MODES:
            raise ValueError(f"padding_mode must be one of {set(_MODES)}, but got padding_mode='{mode}'")
        n = self.axes
        self.in_channels, self.out_channels, self.groups, self.padding_mode = channels, features, groups, mode
        self.kernel_size, self.stride = lengths(size, n, "kernel_size"), lengths(stride, n, "stride")
        self.dilation, self.output_padding = lengths(dilation, n, "dilation"), lengths(output_padding, n, "output_padding")
        self.padding = padding if isinstance(padding, str) else lengths(padding, n, "padding")
        if padding == "same" and any(s != 1 for s in self.stride):
            raise ValueError("padding='same' is not supported for strided convolutions")
        first, second = (channels, features) if self.is_transposed else (features, channels)
        self.weight = Parameter(empty(first, second // groups, *self.kernel_size, device=device, dtype=dtype))
        self.bias = Parameter(empty(features, dtype=dtype)) if bias else None
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Draw weight and bias anew, as PyTorch does: uniform in ``1 / sqrt(numbers in a window)`` to both sides of 0."""
        init.kaiming_uniform_(self.weight, a=math.sqrt(5))
        fan_in = math.prod(self.weight.shape[1:])
        if self.bias is not None and fan_in:
            init.uniform_(self.bias, -1 / math.sqrt(fan_in), 1 / math.sqrt(fan_in))

    def extra_repr(self) -> str:
        n, text = self.axes, f"{self.in_channels}, {self.out_channels}, kernel_size={self.kernel_size}, stride={self.stride}"
        options = {
            "padding": (self.padding, (0,) * n),
            "dilation": (self.dilation, (1,) * n),
            "output_padding": (self.output_padding, (0,) * n),
            "groups": (self.groups, 1),
            "bias": (self.bias is not None, True),
            "padding_mode": (self.padding_mode, "zeros"),
        }
        return text + "".join([f", {name}={value}" for name, (value, usual) in options.items() if value != usual])

    def _padded(self, input):
        """The input with elements of its own around it, and the padding that is left to do."""
        if self.padding_mode == "zeros":
            return input, self.padding
        if self.padding == "same":
            pairs = [(t // 2, t - t // 2) for t in (d * (k - 1) for d, k in zip(self.dilation, self.kernel_size))]
        else:
            pairs = [(p, p) for p in ((0,) * self.axes if self.padding == "valid" else self.padding)]
        return F.pad(input, [n for pair in reversed(pairs) for n in pair], mode=self.padding_mode), 0

    def _output_padding(self, input, output_size):
        """The output padding that makes the result as long as is asked for."""
        if output_size is None:
            return self.output_padding
        n, sizes = self.axes, tuple(output_size)[-self.axes :]
        found = []
        for length, size, s, p, d, k in zip(input.shape[-n:], sizes, self.stride, self.padding, self.dilation, self.kernel_size):
            least = (length - 1) * s - 2 * p + d * (k - 1) + 1
            if not least <= size < least + s:
                raise ValueError(
                    f"requested an output size of {list(sizes)}, but valid sizes range from {least} to {least + s - 1} "
                    f"(for an input of {list(input.shape)})"
                )
            found.append(size - least)
        return tuple(found)


class _Correlation(_Convolution):
    """What `Conv1d`, `Conv2d` and `Conv3d` share."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = "zeros",
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        sizes = (in_channels, out_channels, kernel_size, stride, padding, dilation, 0)
        self._set_up(*sizes, groups, bias, padding_mode, device, dtype)

    def forward(self, input):
        x, padding = self._padded(input)
        function = (F.conv1d, F.conv2d, F.conv3d)[self.axes - 1]
        return function(x, self.weight, self.bias, self.stride, padding, self.dilation, self.groups)


class Conv1d(_Correlation):
    """Layer that correlates sequences with trainable windows; see `functional.conv1d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Length of a window.
    stride : int or tuple of int, optional
        Step from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros at both ends; "same" keeps the length.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, optional
        What is put at both ends.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    axes = 1


class Conv2d(_Correlation):
    """Layer that correlates images with trainable windows; see `functional.conv2d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the images; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, optional
        What is put around the images.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Examples
    --------
    >>> import jittape as jt
    >>> layer = jt.nn.Conv2d(1, 6, 5)
    >>> layer(jt.zeros(32, 1, 28, 28)).shape
    Size([32, 6, 24, 24])
    """


class _TransposedConvolution(_Convolution):
    is_transposed = True

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Lengths = 1,
        padding_mode: str = "zeros",
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        if padding_mode != "zeros":
            raise ValueError(f'Only "zeros" padding mode is supported for {type(self).__name__}: got {padding_mode!r}')
        sizes = (in_channels, out_channels, kernel_size, stride, padding, dilation, output_padding)
        self._set_up(*sizes, groups, bias, padding_mode, device, dtype)

    def forward(self, input: Tensor, output_size: Sequence[int] | None = None) -> Tensor:
        """Apply the layer.

        Parameters
        ----------
        input : Tensor
            Values.
        output_size : sequence of int, optional
            Lengths of the result, in the place of `output_padding`.

        Returns
        -------
        Tensor
            The result.
        """
        function = (F.conv_transpose1d, F.conv_transpose2d, F.conv_transpose3d)[self.axes - 1]
        more = self._output_padding(input, output_size)
        return function(input, self.weight, self.bias, self.stride, self.padding, more, self.groups, self.dilation)


class ConvTranspose1d(_TransposedConvolution):
    """Layer that applies the transpose of a `Conv1d`; see `functional.conv_transpose1d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Length of a window.
    stride, padding, output_padding : int or tuple of int, optional
        Those of the `Conv1d`, and how much longer the result is than the shortest.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    dilation : int or tuple of int, optional
        Step from number to number of a window.
    padding_mode : {"zeros"}, optional
        Only zeros.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If the padding mode is another one.
    """

    axes = 1


class ConvTranspose2d(_TransposedConvolution):
    """Layer that applies the transpose of a `Conv2d`; see `functional.conv_transpose2d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride, padding, output_padding : int or tuple of int, optional
        Those of the `Conv2d`, and how much longer the result is than the shortest.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding_mode : {"zeros"}, optional
        Only zeros.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If the padding mode is another one.
    """


class Conv3d(_Correlation):
    """Layer that correlates volumes with trainable windows; see `functional.conv3d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride : int or tuple of int, optional
        Steps from window to window.
    padding : int, tuple of int, "valid" or "same", optional
        Zeros around the volumes; "same" keeps the lengths.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    padding_mode : {"zeros", "reflect", "replicate", "circular"}, optional
        What is put around the volumes.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    axes = 3


class ConvTranspose3d(_TransposedConvolution):
    """Layer that applies the transpose of a `Conv3d`; see `functional.conv_transpose3d`.

    Parameters
    ----------
    in_channels, out_channels : int
        Numbers of channels before and after.
    kernel_size : int or tuple of int
        Lengths of a window.
    stride, padding, output_padding : int or tuple of int, optional
        Those of the `Conv3d`, and how much longer the result is than the shortest.
    groups : int, optional
        Groups of channels that are apart.
    bias : bool, optional
        Whether there is a bias.
    dilation : int or tuple of int, optional
        Steps from number to number of a window.
    padding_mode : {"zeros"}, optional
        Only zeros.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.

    Raises
    ------
    ValueError
        If the padding mode is another one.
    """

    axes = 3
