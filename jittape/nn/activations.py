"""Activations as modules, made of the functions in `functional`."""

from __future__ import annotations

import inspect
from inspect import Parameter as Argument
from typing import TYPE_CHECKING

from . import functional as F
from .made_of_functions import part_of_docstring, signature_of
from .module import Module
from .parameter import Parameter
from ..ops.creation import full

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, TensorLike

REQUIRED = Argument.empty  # stands for the default of an option that has none
_INPLACE = """\
inplace : bool, optional
    Write the result into the memory of the input."""


def _plain(name, function):
    """Make the module of an activation without options."""
    return _with_options(name, function, {})


def _with_options(name, function, options):
    """Make the module of an activation whose `options` (name to default) become attributes, ``inplace`` where it has that."""
    own = tuple(options)
    if "inplace" in inspect.signature(function).parameters:
        options = {**options, "inplace": False}
    names = tuple(options)

    def __init__(self, *args, **given):
        Module.__init__(self)
        unknown = [k for k in given if k not in names]
        if unknown or len(args) > len(names):
            raise TypeError(f"{name}: got {unknown or args}, expected {f'the options {names}' if names else 'no options'}")
        for option, value in {**options, **dict(zip(names, args)), **given}.items():
            if value is REQUIRED:
                raise TypeError(f"{name}: missing the option {option!r}")
            setattr(self, option, value)

    def forward(self, input):
        given = [getattr(self, option) for option in own]
        return function(input, *given, inplace=True) if getattr(self, "inplace", False) else function(input, *given)

    def extra_repr(self) -> str:  # as by PyTorch, which shows `inplace` where it is on
        return ", ".join([f"{k}={getattr(self, k)!r}" for k in names if k != "inplace" or self.inplace])

    __init__.__signature__ = signature_of(options, names)
    return _module(name, function, own, {"__init__": __init__, "forward": forward, "extra_repr": extra_repr})


def _module(name, function, options, members):
    """The class, with the parts of the function's docstring that are about its options and about `forward`."""
    members["forward"].__doc__ = part_of_docstring(function, ("input",), ("Returns", "Raises"))
    members["extra_repr"].__doc__ = Module.extra_repr.__doc__
    added = _INPLACE if "inplace" in inspect.signature(function).parameters else ""
    documented = part_of_docstring(function, options, ("Notes", "References"), added)
    return type(name, (Module,), {**members, "__doc__": documented, "__module__": __name__})


ReLU, ReLU6, Sigmoid, Tanh = (
    _plain(*pair) for pair in (("ReLU", F.relu), ("ReLU6", F.relu6), ("Sigmoid", F.sigmoid), ("Tanh", F.tanh))
)
SELU, SiLU, Mish, LogSigmoid, Softsign = (
    _plain(*pair)
    for pair in (("SELU", F.selu), ("SiLU", F.silu), ("Mish", F.mish), ("LogSigmoid", F.logsigmoid), ("Softsign", F.softsign))
)
Hardsigmoid, Hardswish, Tanhshrink = (
    _plain(*pair) for pair in (("Hardsigmoid", F.hardsigmoid), ("Hardswish", F.hardswish), ("Tanhshrink", F.tanhshrink))
)
Softplus = _with_options("Softplus", F.softplus, {"beta": 1.0, "threshold": 20.0})
LeakyReLU = _with_options("LeakyReLU", F.leaky_relu, {"negative_slope": 0.01})
ELU = _with_options("ELU", F.elu, {"alpha": 1.0})
CELU = _with_options("CELU", F.celu, {"alpha": 1.0})
GELU = _with_options("GELU", F.gelu, {"approximate": "none"})
Hardtanh = _with_options("Hardtanh", F.hardtanh, {"min_val": -1.0, "max_val": 1.0})
Softshrink = _with_options("Softshrink", F.softshrink, {"lambd": 0.5})
Threshold = _with_options("Threshold", F.threshold, {"threshold": REQUIRED, "value": REQUIRED})
GLU = _with_options("GLU", F.glu, {"dim": -1})
Softmax = _with_options("Softmax", F.softmax, {"dim": -1})
LogSoftmax = _with_options("LogSoftmax", F.log_softmax, {"dim": -1})
Softmin = _with_options("Softmin", F.softmin, {"dim": -1})


class PReLU(Module):
    """Leaky rectifier with trainable slopes; see `functional.prelu`.

    Parameters
    ----------
    num_parameters : int, optional
        Number of slopes: 1, or the number of channels (axis 1 of the input).
    init : float, optional
        First value of the slopes.
    dtype : dtype, optional
        Of the slopes; the default dtype if not given.

    Attributes
    ----------
    weight : Parameter, shape (num_parameters,)
        The slopes.
    """

    def __init__(self, num_parameters: int = 1, init: float = 0.25, dtype: DTypeLike | None = None) -> None:
        super().__init__()
        self.weight = Parameter(full((num_parameters,), float(init), dtype=dtype))

    def forward(self, input: TensorLike) -> Tensor:
        """Apply the activation.

        Parameters
        ----------
        input : Tensor
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """
        return F.prelu(input, self.weight)

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            The number of slopes.
        """
        return f"num_parameters={self.weight.numel()}"
