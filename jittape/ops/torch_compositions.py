"""Functions under PyTorch's names that are one of NumPy's, or a line of several, on Tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .arguments import as_tensor_argument
from .operation_names import public
from .reductions import amax, amin, std, var
from .round_and_remainder import trunc
from .sums import mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..tensors.tensor import Tensor
    from ..typing import Axes, DTypeLike, Number, TensorLike

# --- statistics -------------------------------------------------------------------------------------------------------------


@public(in_place=True, out="one")
def nan_to_num(
    input: TensorLike, nan: Number | None = None, posinf: Number | None = None, neginf: Number | None = None
) -> Tensor:
    """Numbers in the place of those that are none; where they stand no derivative arrives.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    nan : float, optional
        In the place of nan, by default 0.
    posinf, neginf : float, optional
        In the place of infinities, by default the largest and the smallest number of the dtype.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    return np.nan_to_num(as_tensor_argument(input, "nan_to_num"), nan=0.0 if nan is None else nan, posinf=posinf, neginf=neginf)


@public(out="one")
def nansum(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """The sum of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    keepdim : bool, optional
        Keep the axes, with length one.
    dtype : dtype, optional
        Convert the values first.

    Returns
    -------
    Tensor
        0 where all are nans.
    """
    return np.nansum(as_tensor_argument(input, "nansum"), axis=dim, dtype=dtype, keepdims=keepdim)


@public(out="one")
def nanmean(input: TensorLike, dim: Axes | None = None, keepdim: bool = False, *, dtype: DTypeLike | None = None) -> Tensor:
    """The mean of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    keepdim : bool, optional
        Keep the axes, with length one.
    dtype : dtype, optional
        Convert the values first.

    Returns
    -------
    Tensor
        A nan where all are nans.
    """
    return np.nanmean(as_tensor_argument(input, "nanmean"), axis=dim, dtype=dtype, keepdims=keepdim)


@public(out="one")
def quantile(
    input: TensorLike, q: TensorLike, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """Quantiles: between neighbours in order of size, as PyTorch and NumPy place them.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    q : float or Tensor
        Probabilities from 0 to 1; several give results along a first axis.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.
    interpolation : {"linear", "lower", "higher", "midpoint", "nearest"}, optional
        What lies between neighbours.

    Returns
    -------
    Tensor
        Of the dtype of `input`.
    """
    return np.quantile(as_tensor_argument(input, "quantile"), q, axis=dim, method=interpolation, keepdims=keepdim)


@public(out="one")
def nanquantile(
    input: TensorLike, q: TensorLike, dim: int | None = None, keepdim: bool = False, *, interpolation: str = "linear"
) -> Tensor:
    """Quantiles of the elements that are no nans.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    q : float or Tensor
        Probabilities from 0 to 1; several give results along a first axis.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.
    interpolation : {"linear", "lower", "higher", "midpoint", "nearest"}, optional
        What lies between neighbours.

    Returns
    -------
    Tensor
        Of the dtype of `input`.
    """
    return np.nanquantile(as_tensor_argument(input, "nanquantile"), q, axis=dim, method=interpolation, keepdims=keepdim)


@public()
def cov(
    input: TensorLike, *, correction: int = 1, fweights: TensorLike | None = None, aweights: TensorLike | None = None
) -> Tensor:
    """Covariances of variables, which are the rows.

    Parameters
    ----------
    input : Tensor or ndarray
        Variables in rows, observations in columns; or one variable.
    correction : int, optional
        What is taken from the number of observations.
    fweights, aweights : Tensor or ndarray, optional
        How often observations count, and how much.

    Returns
    -------
    Tensor
        A square matrix, or a number.
    """
    return np.cov(as_tensor_argument(input, "cov"), ddof=correction, fweights=fweights, aweights=aweights)


@public()
def corrcoef(input: TensorLike) -> Tensor:
    """Correlations of variables, which are the rows.

    Parameters
    ----------
    input : Tensor or ndarray
        Variables in rows, observations in columns; or one variable.

    Returns
    -------
    Tensor
        A square matrix, or a number.
    """
    return np.corrcoef(as_tensor_argument(input, "corrcoef"))


@public(out="several", method=False)
def var_mean(
    input: TensorLike, dim: Axes | None = None, *, correction: Number = 1, keepdim: bool = False
) -> tuple[Tensor, Tensor]:
    """Variance and mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    correction : float, optional
        What is taken from the number of elements.
    keepdim : bool, optional
        Keep the axes, with length one.

    Returns
    -------
    tuple of Tensor
        The variance, and the mean.
    """
    return var(input, dim, correction=correction, keepdim=keepdim), mean(input, dim, keepdim)


@public(out="several", method=False)
def std_mean(
    input: TensorLike, dim: Axes | None = None, *, correction: Number = 1, keepdim: bool = False
) -> tuple[Tensor, Tensor]:
    """Standard deviation and mean.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int or tuple of int, optional
        The axes; all if not given.
    correction : float, optional
        What is taken from the number of elements.
    keepdim : bool, optional
        Keep the axes, with length one.

    Returns
    -------
    tuple of Tensor
        The standard deviation, and the mean.
    """
    return std(input, dim, correction=correction, keepdim=keepdim), mean(input, dim, keepdim)


@public(out="several")
def aminmax(input: TensorLike, *, dim: Axes | None = None, keepdim: bool = False) -> tuple[Tensor, Tensor]:
    """The smallest and the largest elements.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; all elements if not given.
    keepdim : bool, optional
        Keep the axis, with length one.

    Returns
    -------
    tuple of Tensor
        The smallest, and the largest.
    """
    return amin(input, dim, keepdim), amax(input, dim, keepdim)


# --- elements and products --------------------------------------------------------------------------------------------------


@public(in_place=True, out="one")
def frac(input: TensorLike) -> Tensor:
    """What is left of numbers without their integral parts, with their signs.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "frac")
    return x - trunc(x)


@public(out="one")
def vdot(input: TensorLike, other: TensorLike) -> Tensor:
    """The product of two vectors, the first of which is conjugated.

    Parameters
    ----------
    input, other : Tensor or ndarray
        Vectors of one length.

    Returns
    -------
    Tensor
        A number.
    """
    return np.vdot(as_tensor_argument(input, "vdot"), as_tensor_argument(other, "vdot", "other"))


# --- shapes -----------------------------------------------------------------------------------------------------------------


@public(method=False, out="one")
def dstack(tensors: Sequence[TensorLike]) -> Tensor:
    """Tensors joined along the third axis.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of two axes or more; others get axes as `numpy.dstack` gives them.

    Returns
    -------
    Tensor
        Of three axes or more.
    """
    return np.dstack([as_tensor_argument(x, "dstack", "tensors") for x in tensors])


@public(method=False, out="one")
def column_stack(tensors: Sequence[TensorLike]) -> Tensor:
    """Vectors as the columns of a matrix, beside those of matrices.

    Parameters
    ----------
    tensors : sequence of Tensor
        Of one or two axes.

    Returns
    -------
    Tensor
        A matrix.
    """
    return np.column_stack([as_tensor_argument(x, "column_stack", "tensors") for x in tensors])


@public()
def rot90(input: TensorLike, k: int = 1, dims: Sequence[int] = (0, 1)) -> Tensor:
    """Quarter turns in the plane of two axes.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of two axes or more.
    k : int, optional
        How many turns, from the first axis to the second.
    dims : sequence of two int, optional
        The axes.

    Returns
    -------
    Tensor
        The turned elements.
    """
    return np.rot90(as_tensor_argument(input, "rot90"), k, tuple(dims))
