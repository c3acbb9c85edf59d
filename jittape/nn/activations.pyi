# Written by tools/make_stubs.py from the declarations. Change these, then run it again.

"""Activations as modules, made of the functions in `functional`."""

from typing import Any
from ..nn.module import Module
from ..tensors.tensor import Tensor
from ..typing import DTypeLike, TensorLike

class ReLU(Module):
    """The positive part; its derivative at 0 is 0.

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """The positive part; its derivative at 0 is 0.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class ReLU6(Module):
    """Clip values to the interval from 0 to 6; the derivative at its ends is 0.

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Clip values to the interval from 0 to 6; the derivative at its ends is 0.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Sigmoid(Module):
    """``1 / (1 + exp(-x))``, the logistic function."""

    def __init__(self) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """``1 / (1 + exp(-x))``, the logistic function.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Tanh(Module):
    """The hyperbolic tangent."""

    def __init__(self) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """The hyperbolic tangent.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class SELU(Module):
    """Scaled `elu` that keeps mean 0 and variance 1 through layers (Klambauer et al. 2017).

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Scaled `elu` that keeps mean 0 and variance 1 through layers (Klambauer et al. 2017).

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class SiLU(Module):
    """``x * sigmoid(x)``.

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """``x * sigmoid(x)``.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Mish(Module):
    """``x * tanh(softplus(x))`` (Misra 2019).

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """``x * tanh(softplus(x))`` (Misra 2019).

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class LogSigmoid(Module):
    """``log(1 / (1 + exp(-x)))``, without overflow."""

    def __init__(self) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """``log(1 / (1 + exp(-x)))``, without overflow.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Softsign(Module):
    """``x / (1 + |x|)``."""

    def __init__(self) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """``x / (1 + |x|)``.

        Parameters
        ----------
        input : Tensor, ndarray or float
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Hardsigmoid(Module):
    """Piecewise linear approximation of the sigmoid: ``x / 6 + 1 / 2``, clipped to the interval from 0 to 1.

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Piecewise linear approximation of the sigmoid: ``x / 6 + 1 / 2``, clipped to the interval from 0 to 1.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Hardswish(Module):
    """Piecewise approximation of `silu`: ``x * hardsigmoid(x)``.

    Parameters
    ----------
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Piecewise approximation of `silu`: ``x * hardsigmoid(x)``.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Tanhshrink(Module):
    """Difference of a value and its hyperbolic tangent: ``x - tanh(x)``."""

    def __init__(self) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Difference of a value and its hyperbolic tangent: ``x - tanh(x)``.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Softplus(Module):
    """Smooth approximation of the rectifier: ``log(1 + exp(beta * x)) / beta``.

    Parameters
    ----------
    beta : float, optional
        Sharpness; the larger, the closer to `relu`.
    threshold : float, optional
        Where ``beta * x`` is larger, the result is ``x`` itself, as in PyTorch. With the default `beta` and
        `threshold` the exact formula is used everywhere, in a form that does not overflow.
    """

    def __init__(self, beta: float = 1.0, threshold: float = 20.0) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Smooth approximation of the rectifier: ``log(1 + exp(beta * x)) / beta``.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class LeakyReLU(Module):
    """Leaky rectifier: ``x`` where it is positive, ``negative_slope * x`` elsewhere.

    Parameters
    ----------
    negative_slope : float, optional
        Slope for negative values.
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, negative_slope: float = 0.01, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Leaky rectifier: ``x`` where it is positive, ``negative_slope * x`` elsewhere.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class ELU(Module):
    """Exponential linear unit: ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere.

    Parameters
    ----------
    alpha : float, optional
        Minus the limit for large negative values.
    inplace : bool, optional
        Write the result into the memory of the input.

    References
    ----------
    Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units",
    ICLR 2016.
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Exponential linear unit: ``x`` where it is positive, ``alpha * (exp(x) - 1)`` elsewhere.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class CELU(Module):
    """Continuously differentiable exponential linear unit.

    The value is ``x`` where it is positive and ``alpha * (exp(x / alpha) - 1)`` elsewhere; unlike that of `elu`, its
    derivative is continuous at 0 for every `alpha`.

    Parameters
    ----------
    alpha : float, optional
        Minus the limit for large negative values; not 0.
    inplace : bool, optional
        Write the result into the memory of the input.

    References
    ----------
    Barron, "Continuously differentiable exponential linear units", arXiv:1704.07483 (2017).
    """

    def __init__(self, alpha: float = 1.0, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Continuously differentiable exponential linear unit.

        The value is ``x`` where it is positive and ``alpha * (exp(x / alpha) - 1)`` elsewhere; unlike that of `elu`, its
        derivative is continuous at 0 for every `alpha`.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.

        Raises
        ------
        RuntimeError
            If `alpha` is 0.
        """

    __call__ = forward

class GELU(Module):
    """Gaussian error linear unit: ``x`` times the standard normal distribution function of ``x``.

    Parameters
    ----------
    approximate : {"none", "tanh"}, optional
        "tanh" replaces the distribution function with ``(1 + tanh(sqrt(2 / pi) * (x + 0.044715 * x**3))) / 2``.

    References
    ----------
    Hendrycks and Gimpel, "Gaussian error linear units (GELUs)", arXiv:1606.08415 (2016).
    """

    def __init__(self, approximate: str = 'none') -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Gaussian error linear unit: ``x`` times the standard normal distribution function of ``x``.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.

        Raises
        ------
        RuntimeError
            If `approximate` is something else.
        """

    __call__ = forward

class Hardtanh(Module):
    """Clip values to an interval; the derivative at its ends is 0.

    Parameters
    ----------
    min_val, max_val : float, optional
        Ends of the interval.
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, min_val: float = -1.0, max_val: float = 1.0, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Clip values to an interval; the derivative at its ends is 0.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.

        Raises
        ------
        ValueError
            If `min_val` is larger than `max_val`.
        """

    __call__ = forward

class Softshrink(Module):
    """Move values towards 0 by `lambd`; those whose absolute value is at most `lambd` become 0.

    Parameters
    ----------
    lambd : float, optional
        Distance; not negative.
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
        """Move values towards 0 by `lambd`; those whose absolute value is at most `lambd` become 0.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.

        Raises
        ------
        RuntimeError
            If `lambd` is negative.
        """

    __call__ = forward

class Threshold(Module):
    """Replace every value that is not above a threshold.

    Parameters
    ----------
    threshold : float
        Values above it are kept.
    value : float
        Replaces the others.
    inplace : bool, optional
        Write the result into the memory of the input.
    """

    def __init__(self, threshold: float, value: float, inplace: bool = False) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Replace every value that is not above a threshold.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class GLU(Module):
    """Gated linear unit: the first half of an axis times the sigmoid of the second half.

    Parameters
    ----------
    dim : int, optional
        Axis that is halved.

    References
    ----------
    Dauphin et al., "Language modeling with gated convolutional networks", ICML 2017.
    """

    def __init__(self, dim: int = -1) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Gated linear unit: the first half of an axis times the sigmoid of the second half.

        Parameters
        ----------
        input : Tensor or ndarray
            Values; the length of axis `dim` is even.

        Returns
        -------
        Tensor
            Of half the length along axis `dim`.

        Raises
        ------
        RuntimeError
            If the length of the axis is odd.
        """

    __call__ = forward

class Softmax(Module):
    """Exponentials divided by their sum along an axis.

    Parameters
    ----------
    dim : int, optional
        The axis.
    """

    def __init__(self, dim: int = -1) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Exponentials divided by their sum along an axis.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class LogSoftmax(Module):
    """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

    Parameters
    ----------
    dim : int, optional
        The axis.
    """

    def __init__(self, dim: int = -1) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Logarithm of `softmax`: ``x - logsumexp(x)`` along an axis, without overflow.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

class Softmin(Module):
    """Softmax of the negated values: the smallest value gets the largest weight.

    Parameters
    ----------
    dim : int, optional
        Axis along which the results sum to 1.
    """

    def __init__(self, dim: int = -1) -> None:
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            Their names and values.
        """

    def forward(self, input: TensorLike) -> Tensor:
        """Softmax of the negated values: the smallest value gets the largest weight.

        Parameters
        ----------
        input : Tensor or ndarray
            Values of any shape.

        Returns
        -------
        Tensor
            Of the shape of `input`.
        """

    __call__ = forward

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
        ...

    def extra_repr(self) -> str:
        """Options, as shown by ``repr``.

        Returns
        -------
        str
            The number of slopes.
        """

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

    __call__ = forward

def __getattr__(name: str) -> Any: ...  # what only modules of the library import
