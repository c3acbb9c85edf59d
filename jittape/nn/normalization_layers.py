"""Layers that normalise over examples, groups and places."""

from __future__ import annotations

import numbers
from typing import TYPE_CHECKING

from . import functional as F
from . import init
from ..autograd.grad_mode import no_grad
from ..dtypes import int64
from ..ops.creation import empty, ones, tensor, zeros
from .layer import Layer
from .parameter import Parameter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..typing import DTypeLike


class _BatchNorm(Layer):
    """Layer that normalises channels over examples and places, in training; with running means otherwise."""

    axes = ()  # numbers of axes that inputs may have

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float | None = 0.1,
        affine: bool = True,
        track_running_stats: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        self.num_features, self.eps, self.momentum = num_features, eps, momentum
        self.affine, self.track_running_stats = affine, track_running_stats
        self.weight = Parameter(empty(num_features, device=device, dtype=dtype)) if affine else None
        self.bias = Parameter(empty(num_features, dtype=dtype)) if affine and bias else None
        tracked = track_running_stats
        self.register_buffer("running_mean", zeros(num_features, dtype=dtype) if tracked else None)
        self.register_buffer("running_var", ones(num_features, dtype=dtype) if tracked else None)
        self.register_buffer("num_batches_tracked", tensor(0, dtype=int64) if tracked else None)
        self.reset_parameters()

    def reset_running_stats(self) -> None:
        """Set the running means to 0 and the running variances to 1."""
        if self.track_running_stats:
            with no_grad():
                self.running_mean.zero_()
                self.running_var.fill_(1)
                self.num_batches_tracked.zero_()

    def reset_parameters(self) -> None:
        """Set running means, scale and shift to what they are at first."""
        self.reset_running_stats()
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def _check(self, input):
        if input.ndim not in self.axes:
            raise ValueError(f"expected {' or '.join(f'{n}D' for n in self.axes)} input (got {input.ndim}D input)")

    def forward(self, input):
        self._check(input)
        factor = 0.0 if self.momentum is None else self.momentum
        if self.training and self.track_running_stats:
            with no_grad():
                self.num_batches_tracked.add_(1)
            factor = 1.0 / float(self.num_batches_tracked.item()) if self.momentum is None else factor
        from_input = self.training or self.running_mean is None
        mean, variance = (self.running_mean, self.running_var) if not self.training or self.track_running_stats else (None, None)
        return F.batch_norm(input, mean, variance, self.weight, self.bias, from_input, factor, self.eps)

    def extra_repr(self) -> str:
        return (
            f"{self.num_features}, eps={self.eps}, momentum={self.momentum}, affine={self.affine}, "
            f"bias={self.bias is not None}, track_running_stats={self.track_running_stats}"
        )


class BatchNorm1d(_BatchNorm):
    """Layer that normalises channels of vectors or sequences over a batch; see `functional.batch_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (2, 3)


class BatchNorm2d(_BatchNorm):
    """Layer that normalises channels of images over a batch; see `functional.batch_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (4,)


class BatchNorm3d(_BatchNorm):
    """Layer that normalises channels of volumes over a batch; see `functional.batch_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (5,)


class _InstanceNorm(_BatchNorm):
    """Layer that normalises channels of each example over its places."""

    def __init__(
        self,
        num_features: int,
        eps: float = 1e-5,
        momentum: float = 0.1,
        affine: bool = False,
        track_running_stats: bool = False,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__(num_features, eps, momentum, affine, track_running_stats, device, dtype)

    def forward(self, input):
        self._check(input)
        alone = input.ndim == self.axes[0]
        x = input.unsqueeze(0) if alone else input
        of_input = self.training or not self.track_running_stats
        options = self.weight, self.bias, of_input, self.momentum, self.eps
        y = F.instance_norm(x, self.running_mean, self.running_var, *options)
        return y.squeeze(0) if alone else y


class InstanceNorm1d(_InstanceNorm):
    """Layer that normalises channels of each sequence over its places; see `functional.instance_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (2, 3)


class InstanceNorm2d(_InstanceNorm):
    """Layer that normalises channels of each image over its places; see `functional.instance_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (3, 4)


class InstanceNorm3d(_InstanceNorm):
    """Layer that normalises channels of each volume over its places; see `functional.instance_norm`.

    Parameters
    ----------
    num_features : int
        Number of channels.
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

    axes = (4, 5)


class GroupNorm(Layer):
    """Layer that normalises groups of channels of each example; see `functional.group_norm`.

    Parameters
    ----------
    num_groups : int
        Number of groups.
    num_channels : int
        Number of channels.
    eps : float, optional
        Added to the variance.
    affine : bool, optional
        Whether there are a scale and a shift.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    bias : bool, optional
        Whether there is a shift, if there is a scale.

    Raises
    ------
    ValueError
        If the channels cannot be divided so.
    """

    def __init__(
        self,
        num_groups: int,
        num_channels: int,
        eps: float = 1e-5,
        affine: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
        *,
        bias: bool = True,
    ) -> None:
        super().__init__()
        if num_channels % num_groups:
            raise ValueError(f"num_channels ({num_channels}) must be divisible by num_groups ({num_groups})")
        self.num_groups, self.num_channels, self.eps, self.affine = num_groups, num_channels, eps, affine
        self.weight = Parameter(ones(num_channels, device=device, dtype=dtype)) if affine else None
        self.bias = Parameter(zeros(num_channels, dtype=dtype)) if affine and bias else None

    def reset_parameters(self) -> None:
        """Set the scale to 1 and the shift to 0."""
        if self.affine:
            init.ones_(self.weight)
            if self.bias is not None:
                init.zeros_(self.bias)

    def forward(self, input):
        return F.group_norm(input, self.num_groups, self.weight, self.bias, self.eps)

    def extra_repr(self) -> str:
        return f"{self.num_groups}, {self.num_channels}, eps={self.eps}, affine={self.affine}, bias={self.bias is not None}"


class RMSNorm(Layer):
    """Layer that divides by the root of the mean square over the last axes; see `functional.rms_norm`.

    Parameters
    ----------
    normalized_shape : int or sequence of int
        Lengths of the axes over which is normalised.
    eps : float, optional
        Added to the mean square; the machine's precision by default.
    elementwise_affine : bool, optional
        Whether there is a scale.
    device : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    dtype : dtype, optional
        Of the parameters; the default dtype if not given.
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float | None = None,
        elementwise_affine: bool = True,
        device: str | None = None,
        dtype: DTypeLike | None = None,
    ) -> None:
        super().__init__()
        shape = (normalized_shape,) if isinstance(normalized_shape, numbers.Integral) else tuple(normalized_shape)
        self.normalized_shape, self.eps, self.elementwise_affine = shape, eps, elementwise_affine
        self.weight = Parameter(ones(shape, device=device, dtype=dtype)) if elementwise_affine else None

    def forward(self, input):
        return F.rms_norm(input, self.normalized_shape, self.weight, self.eps)

    def extra_repr(self) -> str:
        return f"{self.normalized_shape}, eps={self.eps}, elementwise_affine={self.elementwise_affine}"
