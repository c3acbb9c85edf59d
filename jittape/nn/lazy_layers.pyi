# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Layers that learn a number of features from the first input that they get."""

from typing import Any
from ..nn.convolution_layers import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from ..nn.layers import Linear
from ..nn.normalization_layers import BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from ..tensors.tensor import Tensor
from ..typing import DTypeLike, Lengths, TensorLike

class LazyLinear(Linear):
    """A `Linear` that learns `in_features` from the first input that it gets.

    Parameters
    ----------
    out_features : int
        Lengths of the last axis before and after.
    bias : bool, optional
        Whether there is a bias.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_features: int,
        bias: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConv1d(Conv1d):
    """A `Conv1d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConv2d(Conv2d):
    """A `Conv2d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConv3d(Conv3d):
    """A `Conv3d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths | str = 0,
        dilation: Lengths = 1,
        groups: int = 1,
        bias: bool = True,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConvTranspose1d(ConvTranspose1d):
    """A `ConvTranspose1d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Lengths = 1,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConvTranspose2d(ConvTranspose2d):
    """A `ConvTranspose2d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Lengths = 1,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyConvTranspose3d(ConvTranspose3d):
    """A `ConvTranspose3d` that learns `in_channels` from the first input that it gets.

    Parameters
    ----------
    out_channels : int
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
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        out_channels: int,
        kernel_size: Lengths,
        stride: Lengths = 1,
        padding: Lengths = 0,
        output_padding: Lengths = 0,
        groups: int = 1,
        bias: bool = True,
        dilation: Lengths = 1,
        padding_mode: str = 'zeros',
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyBatchNorm1d(BatchNorm1d):
    """A `BatchNorm1d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved; None for means of all batches.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    bias : bool, optional
        Whether there is a shift, if there is a scale.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
        *,
        bias: bool = True,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyBatchNorm2d(BatchNorm2d):
    """A `BatchNorm2d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved; None for means of all batches.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    bias : bool, optional
        Whether there is a shift, if there is a scale.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
        *,
        bias: bool = True,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyBatchNorm3d(BatchNorm3d):
    """A `BatchNorm3d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved; None for means of all batches.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    bias : bool, optional
        Whether there is a shift, if there is a scale.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
        *,
        bias: bool = True,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyInstanceNorm1d(InstanceNorm1d):
    """A `InstanceNorm1d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means, with which examples are normalised outside of training.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyInstanceNorm2d(InstanceNorm2d):
    """A `InstanceNorm2d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means, with which examples are normalised outside of training.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

class LazyInstanceNorm3d(InstanceNorm3d):
    """A `InstanceNorm3d` that learns `num_features` from the first input that it gets.

    Parameters
    ----------
    eps : float, optional
        Added to the variance.
    momentum : float, optional
        How far running means are moved.
    affine : bool, optional
        Whether there are a scale and a shift.
    track_running_stats : bool, optional
        Whether there are running means, with which examples are normalised outside of training.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of parameters and buffers; the default dtype if not given.
    """

    def __call__(self, input: TensorLike) -> Tensor:
        ...

    def __init__(
        self,
        eps: float = 1e-05,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def has_uninitialized_params(self) -> bool:
        """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """

    def initialize_parameters(self, input: TensorLike) -> None:
        """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
