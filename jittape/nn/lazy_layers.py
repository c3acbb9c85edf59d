"""Layers that learn a number of features from the first input that they get."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

from ..tensors.tensor import Tensor
from .convolution_layers import Conv1d, Conv2d, Conv3d, ConvTranspose1d, ConvTranspose2d, ConvTranspose3d
from .layer import Layer
from .layers import Linear
from .made_of_functions import part_of_docstring
from .normalization_layers import BatchNorm1d, BatchNorm2d, BatchNorm3d, InstanceNorm1d, InstanceNorm2d, InstanceNorm3d
from .parameter import Parameter

if TYPE_CHECKING:
    from typing import Any

    from ..typing import TensorLike


class UninitializedParameter(Parameter):
    """A parameter of a lazy layer that has got no input yet: it has no shape.

    Parameters
    ----------
    data : Tensor, optional
        Without effect until the layer gets an input.
    requires_grad : bool, optional
        False freezes the parameter.
    """

    __slots__ = ()

    @property
    def shape(self) -> Any:
        raise RuntimeError(
            "Can't access the shape of an uninitialized parameter or buffer: call the module with an input first, which says how "
            "many features there are"
        )

    def __repr__(self) -> str:
        return "<UninitializedParameter>"


_HIDDEN = ("training", "_hooks")


def _lazy_layer(name, base, features, axis):
    """The class of a layer that becomes one of `base` when it is called; `features` is the option that an input tells."""
    parameters = [p for p in inspect.signature(base.__init__).parameters.values() if p.name not in ("self", features)]
    itself = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    signature = inspect.Signature([itself, *parameters], return_annotation=None)

    def __init__(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        options = dict([*bound.arguments.items()][1:])
        base.__init__(self, **{features: options.get("groups", 1)}, **options)
        object.__setattr__(self, "_options", options)
        for key, value in list(vars(self).items()):
            if isinstance(value, Parameter):
                object.__setattr__(self, key, UninitializedParameter())

    def __call__(self, input: TensorLike) -> Tensor:
        initialize(self, input)
        return self(input)

    def initialize(self, input: TensorLike) -> None:
        options = vars(self).pop("_options")
        made = base(**{features: input.shape[axis]}, **options)
        for key, value in vars(made).items():
            before = vars(self).get(key)
            if isinstance(before, UninitializedParameter):  # an optimiser may have it already
                before.__class__ = Parameter
                Parameter.__init__(before, value, before.requires_grad)
            elif key not in _HIDDEN:
                object.__setattr__(self, key, value)
        object.__setattr__(self, "__class__", base)

    def has_uninitialized_params(self) -> bool:
        return True

    def extra_repr(self) -> str:
        return ", ".join([f"{k}={v!r}" for k, v in self._options.items()])

    __init__.__signature__ = signature
    initialize.__doc__ = """Learn the number of features from an input, and become an ordinary layer.

        Parameters
        ----------
        input : Tensor
            An input of the layer.
        """
    has_uninitialized_params.__doc__ = """Whether the layer has got no input yet.

        Returns
        -------
        bool
            True; an ordinary layer has no such method.
        """
    initialize.__name__, extra_repr.__doc__ = "initialize_parameters", Layer.extra_repr.__doc__
    summary = f"A `{base.__name__}` that learns `{features}` from the first input that it gets."
    beside = f"{features}, "  # where its entry is that of another option too
    names = [p.name for p in parameters] + [features] * (beside in base.__doc__)
    documented = f"{summary}\n" + part_of_docstring(base, names, ()).partition("\n")[2].replace(beside, "")
    members = {"__init__": __init__, "__call__": __call__, "initialize_parameters": initialize, "extra_repr": extra_repr}
    members |= {"has_uninitialized_params": has_uninitialized_params, "__doc__": documented, "__module__": __name__}
    return type(name, (base,), members)


LazyLinear = _lazy_layer("LazyLinear", Linear, "in_features", -1)
LazyConv1d = _lazy_layer("LazyConv1d", Conv1d, "in_channels", -2)
LazyConv2d = _lazy_layer("LazyConv2d", Conv2d, "in_channels", -3)
LazyConv3d = _lazy_layer("LazyConv3d", Conv3d, "in_channels", -4)
LazyConvTranspose1d = _lazy_layer("LazyConvTranspose1d", ConvTranspose1d, "in_channels", -2)
LazyConvTranspose2d = _lazy_layer("LazyConvTranspose2d", ConvTranspose2d, "in_channels", -3)
LazyConvTranspose3d = _lazy_layer("LazyConvTranspose3d", ConvTranspose3d, "in_channels", -4)
LazyBatchNorm1d = _lazy_layer("LazyBatchNorm1d", BatchNorm1d, "num_features", 1)
LazyBatchNorm2d = _lazy_layer("LazyBatchNorm2d", BatchNorm2d, "num_features", 1)
LazyBatchNorm3d = _lazy_layer("LazyBatchNorm3d", BatchNorm3d, "num_features", 1)
LazyInstanceNorm1d = _lazy_layer("LazyInstanceNorm1d", InstanceNorm1d, "num_features", -2)
LazyInstanceNorm2d = _lazy_layer("LazyInstanceNorm2d", InstanceNorm2d, "num_features", -3)
LazyInstanceNorm3d = _lazy_layer("LazyInstanceNorm3d", InstanceNorm3d, "num_features", -4)
