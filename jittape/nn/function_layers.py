"""Layers without parameters that apply a function of `functional` with options: pooling, padding, dropout of channels."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from . import functional as F
from .layer import Layer
from .made_of_functions import part_of_docstring
from .module import Module
from .padding_functions import pad

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import Lengths, TensorLike


def _layer(name, function, training=False, added=(), hidden=""):
    """The class of a layer: options are the parameters of a function behind the first; ``repr`` leaves the hidden ones out."""
    parameters = [*inspect.signature(function).parameters.values()][1:]
    parameters = [p for p in parameters if p.name not in ("training", "inplace")]
    own = [p.replace(kind=p.POSITIONAL_OR_KEYWORD) for p in parameters]
    own += [inspect.Parameter(n, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=d, annotation="bool") for n, d in added]
    names, shown = [p.name for p in parameters], [p.name for p in own if p.name not in hidden.split()]
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([itself, *own], return_annotation=None)

    def __init__(self, *args, **kwargs):
        Layer.__init__(self)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        for option, value in [*bound.arguments.items()][1:]:
            setattr(self, option, value)
        if hasattr(self, "p") and not 0.0 <= self.p <= 1.0:
            raise ValueError(f"dropout probability has to be between 0 and 1, but got {self.p}")
        if "stride" in bound.arguments and self.stride is None:
            self.stride = self.kernel_size

    def forward(self, input: TensorLike) -> Tensor:
        options = {n: getattr(self, n) for n in names}
        return function(input, **options, **({"training": self.training} if training else {}))

    def extra_repr(self) -> str:
        return ", ".join([f"{n}={getattr(self, n)!r}" for n in shown if name != "Upsample" or getattr(self, n) is not None])

    __init__.__signature__ = signature
    more = "\n".join([f"{n} : bool, optional\n    Without effect; accepted for compatibility with PyTorch." for n, _ in added])
    documented = part_of_docstring(function, [p.name for p in parameters], (), more)
    forward.__doc__, extra_repr.__doc__ = Layer.forward.__doc__, Layer.extra_repr.__doc__
    members = {"__init__": __init__, "forward": forward, "extra_repr": extra_repr, "__doc__": documented, "__module__": __name__}
    return type(name, (Layer,), members)


_NORMS = (F.lp_pool1d, F.lp_pool2d, F.lp_pool3d)
MaxPool1d, MaxPool2d = (
    _layer(*pair, hidden="return_indices") for pair in (("MaxPool1d", F.max_pool1d), ("MaxPool2d", F.max_pool2d))
)
MaxPool3d = _layer("MaxPool3d", F.max_pool3d, hidden="return_indices")
_MORE = "ceil_mode count_include_pad divisor_override"
AvgPool1d, AvgPool2d = (_layer(*pair, hidden=_MORE) for pair in (("AvgPool1d", F.avg_pool1d), ("AvgPool2d", F.avg_pool2d)))
AdaptiveAvgPool1d = _layer("AdaptiveAvgPool1d", F.adaptive_avg_pool1d)
AvgPool3d = _layer("AvgPool3d", F.avg_pool3d, hidden=_MORE)
AdaptiveAvgPool3d = _layer("AdaptiveAvgPool3d", F.adaptive_avg_pool3d)
AdaptiveAvgPool2d = _layer("AdaptiveAvgPool2d", F.adaptive_avg_pool2d)
Dropout1d = _layer("Dropout1d", F.dropout1d, training=True, added=[("inplace", False)])
Dropout2d = _layer("Dropout2d", F.dropout2d, training=True, added=[("inplace", False)])
Unfold, Fold = _layer("Unfold", F.unfold), _layer("Fold", F.fold)
Upsample = _layer("Upsample", F.interpolate, hidden="align_corners recompute_scale_factor antialias")
PixelShuffle, PixelUnshuffle = _layer("PixelShuffle", F.pixel_shuffle), _layer("PixelUnshuffle", F.pixel_unshuffle)
Hardshrink, ChannelShuffle = _layer("Hardshrink", F.hardshrink), _layer("ChannelShuffle", F.channel_shuffle)
AdaptiveMaxPool1d = _layer("AdaptiveMaxPool1d", F.adaptive_max_pool1d, hidden="return_indices")
AdaptiveMaxPool2d = _layer("AdaptiveMaxPool2d", F.adaptive_max_pool2d, hidden="return_indices")
AdaptiveMaxPool3d = _layer("AdaptiveMaxPool3d", F.adaptive_max_pool3d, hidden="return_indices")
FractionalMaxPool2d, FractionalMaxPool3d = (
    _layer(f"FractionalMaxPool{n}d", function, hidden="return_indices")
    for n, function in ((2, F.fractional_max_pool2d), (3, F.fractional_max_pool3d))
)
LPPool1d, LPPool2d, LPPool3d = (_layer(*pair) for pair in zip(("LPPool1d", "LPPool2d", "LPPool3d"), _NORMS))
Dropout3d = _layer("Dropout3d", F.dropout3d, training=True, added=[("inplace", False)])
AlphaDropout = _layer("AlphaDropout", F.alpha_dropout, training=True, added=[("inplace", False)])
FeatureAlphaDropout = _layer("FeatureAlphaDropout", F.feature_alpha_dropout, training=True, added=[("inplace", False)])
RReLU = _layer("RReLU", F.rrelu, training=True, added=[("inplace", False)])
LocalResponseNorm = _layer("LocalResponseNorm", F.local_response_norm)


def _padding_layer(name, axes, mode):
    """The class of a layer that pads sequences or images in some way."""

    def __init__(self, padding: Lengths, value: float = 0.0) -> None:
        Layer.__init__(self)
        self.padding = tuple(padding) if isinstance(padding, (tuple, list)) else (padding,) * (2 * axes)
        if len(self.padding) != 2 * axes:
            raise ValueError(f"{name}: got {len(self.padding)} numbers, expected one or {2 * axes}")
        self.value = value

    def without_value(self, padding: Lengths) -> None:
        __init__(self, padding)

    def forward(self, input: TensorLike) -> Tensor:
        return pad(input, self.padding, mode, self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}" if name.startswith("Constant") else f"{self.padding}"

    what = {"constant": "a constant", "reflect": "mirrored elements", "replicate": "the outermost elements"}
    what = what.get(mode, "elements from the other end") if not name.startswith("Zero") else "zeros"
    around = ("sequences", "images", "volumes")[axes - 1]
    lines = [f"Layer that puts {what} around {around}; see `functional.pad`.", ""]
    lines += [
        "Parameters",
        "----------",
        "padding : int or tuple of int",
        "    Numbers of elements: left, right; above, below; in front, behind.",
    ]
    if name.startswith("Constant"):
        lines += ["value : float", "    Value of the new elements."]
    init = __init__ if name.startswith("Constant") else without_value
    forward.__doc__, extra_repr.__doc__ = Layer.forward.__doc__, Layer.extra_repr.__doc__
    init.__name__ = "__init__"
    members = {"__init__": init, "forward": forward, "extra_repr": extra_repr, "__module__": __name__}
    return type(name, (Layer,), {**members, "__doc__": "\n".join(lines) + "\n"})


ZeroPad1d, ZeroPad2d, ZeroPad3d = (_padding_layer(f"ZeroPad{n}d", n, "constant") for n in (1, 2, 3))
ConstantPad1d, ConstantPad2d, ConstantPad3d = (_padding_layer(f"ConstantPad{n}d", n, "constant") for n in (1, 2, 3))
ReflectionPad1d, ReflectionPad2d, ReflectionPad3d = (_padding_layer(f"ReflectionPad{n}d", n, "reflect") for n in (1, 2, 3))
ReplicationPad1d, ReplicationPad2d, ReplicationPad3d = (_padding_layer(f"ReplicationPad{n}d", n, "replicate") for n in (1, 2, 3))
CircularPad1d, CircularPad2d, CircularPad3d = (_padding_layer(f"CircularPad{n}d", n, "circular") for n in (1, 2, 3))


def _unpooling_layer(name, function):
    """The class of a layer that undoes a pooling by maxima."""

    def __init__(self, kernel_size: Lengths, stride: Lengths | None = None, padding: Lengths = 0) -> None:
        Layer.__init__(self)
        self.kernel_size, self.stride, self.padding = kernel_size, kernel_size if stride is None else stride, padding

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
        return function(input, indices, self.kernel_size, self.stride, self.padding, output_size)

    def extra_repr(self) -> str:
        return f"kernel_size={self.kernel_size}, stride={self.stride}, padding={self.padding}"

    extra_repr.__doc__ = Layer.extra_repr.__doc__
    documented = part_of_docstring(function, ["kernel_size", "stride", "padding"], ())
    members = {"__init__": __init__, "forward": forward, "extra_repr": extra_repr, "__doc__": documented, "__module__": __name__}
    return type(name, (Layer,), members)


MaxUnpool1d = _unpooling_layer("MaxUnpool1d", F.max_unpool1d)
MaxUnpool2d = _unpooling_layer("MaxUnpool2d", F.max_unpool2d)
MaxUnpool3d = _unpooling_layer("MaxUnpool3d", F.max_unpool3d)


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
        raise NotImplementedError

    if TYPE_CHECKING:
        __call__ = forward


def _distance_layer(name, function):
    """The class of a layer whose options are the parameters of a function behind the first two."""
    parameters = [*inspect.signature(function).parameters.values()][2:]
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([itself, *parameters], return_annotation=None)

    def __init__(self, *args, **kwargs):
        _Distance.__init__(self)
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        vars(self).update([*bound.arguments.items()][1:])

    def forward(self, x1: TensorLike, x2: TensorLike) -> Tensor:
        return function(x1, x2, **{p.name: getattr(self, p.name) for p in parameters})

    __init__.__signature__, forward.__doc__ = signature, _Distance.forward.__doc__
    documented = part_of_docstring(function, [p.name for p in parameters], ())
    return type(name, (_Distance,), {"__init__": __init__, "forward": forward, "__doc__": documented, "__module__": __name__})


CosineSimilarity = _distance_layer("CosineSimilarity", F.cosine_similarity)
PairwiseDistance = _distance_layer("PairwiseDistance", F.pairwise_distance)
