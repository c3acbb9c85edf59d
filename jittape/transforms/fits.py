"""Least squares and what follows a fit: Gauss-Newton products, covariances, propagated errors, traces of Hessians."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ShapeError, SingularError
from ..ops.operation_table import raw
from .grad_vjp import vjp
from .inputs_and_outputs import plain_numbers
from .jacobians import hvp, jacobian
from .jvp_linearize import jvp
from .pytrees import flatten, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def gauss_newton_product(
    residual: Callable[..., Any], x: Any, v: Any, *args: Any, loss: Callable[[Any], Any] | None = None, **kwargs: Any
) -> Any:
    """Compute a Gauss-Newton matrix, ``J.T @ J`` or ``J.T @ H @ J``, times a vector, without any of the matrices.

    Parameters
    ----------
    residual : callable
        ``residual(x, *args, **kwargs)`` returns an array; half the sum of its squares is what a fit makes small.
    x : float, ndarray, Tensor, or tree of them
        Where.
    v : float, ndarray, Tensor, or tree of them
        The direction, of the form and shapes of `x`.
    *args
        What else the residual takes; it is not differentiated.
    loss : callable, optional
        ``loss(r)`` makes a number of what `residual` returns, an array, and H is its Hessian; by default half the sum of squares,
        whose Hessian is the identity.
    **kwargs
        As `args`, by keyword.

    Returns
    -------
    float, ndarray, Tensor, or tree of them
        The product, of the form and shapes of `x`.

    Raises
    ------
    ShapeError
        If `v` does not have the shapes of `x`.

    Notes
    -----
    One product with the Jacobian, one with its transpose, and one with the Hessian of the loss between them. The matrix is
    positive where the loss is convex. For residuals in units of their standard deviations, and for a loss that is the negative
    logarithm of a probability with `residual` its natural parameters, it is Fisher's information. Reference: N. N.
    Schraudolph, Fast curvature matrix-vector products for second-order gradient descent, 2002.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.gauss_newton_product(lambda x: x**2, np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 4., 16.])

    Fisher's information of a logistic regression:

    >>> data, w = np.array([[1.0, 2.0], [0.5, -1.0]]), np.zeros(2)
    >>> likelihood = lambda z: np.sum(np.logaddexp(0.0, z))
    >>> jt.gauss_newton_product(lambda w: data @ w, w, np.array([1.0, 0.0]), loss=likelihood)
    array([0.3125, 0.375 ])
    """

    def at(x):
        return residual(x, *args, **kwargs)

    value, moved = jvp(at, (x,), (v,))
    return vjp(at, x)[1](moved if loss is None else hvp(loss, value, moved))[0]


def fit_covariance(residual: Callable[..., Any], x: Any, *args: Any, scale: bool = True, **kwargs: Any) -> np.ndarray:
    """Compute the covariance of the parameters of a least-squares fit, from the Jacobian of its residual.

    Parameters
    ----------
    residual : callable
        ``residual(x, *args, **kwargs)`` returns an array of residuals in units of their standard deviations.
    x : ndarray
        The parameters that were found, of shape (n,).
    *args
        What else the residual takes.
    scale : bool, optional
        Whether standard deviations are known but for a factor, which is estimated from the residuals: as in
        ``scipy.optimize.curve_fit(absolute_sigma=False)``.
    **kwargs
        What else the residual takes, by keyword.

    Returns
    -------
    ndarray of shape (n, n)
        ``inv(J.T @ J)``, times the sum of squares over the degrees of freedom if `scale`.

    Raises
    ------
    ShapeError
        If there are fewer residuals than parameters (with `scale`: not more).
    SingularError
        If the residuals do not determine the parameters.

    Notes
    -----
    The Jacobian is factorised (QR), not squared. Reference: W. H. Press et al., Numerical Recipes, section 15.4.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> t = np.arange(4.0)
    >>> jt.fit_covariance(lambda p: p[0] + p[1] * t - t**2, np.array([-1.0, 3.0])).round(3)
    array([[ 1.4, -0.6],
           [-0.6,  0.4]])
    """

    def flat(x):
        return np.reshape(residual(x, *args, **kwargs), -1)

    x = np.asarray(raw(x), float)
    matrix, values = jacobian(flat)(x).reshape(-1, x.size), np.asarray(raw(flat(x)))
    m, n = matrix.shape
    if m < n or scale and m == n:
        raise ShapeError(
            f"jt.fit_covariance: got {m} residuals for {n} parameters, expected {'more' if scale else 'at least as many'}"
        )
    factor = np.linalg.qr(matrix)[1]
    sizes = np.abs(np.diag(factor))
    if not sizes.min() > n * np.finfo(float).eps * sizes.max():
        raise SingularError("jt.fit_covariance: the residuals do not determine all parameters: the Jacobian has not full rank")
    inverse = np.linalg.inv(factor)
    return inverse @ inverse.T * (values @ values / (m - n) if scale else 1.0)


def propagate(function: Callable[..., Any], mean: Any, covariance: Any, *args: Any, **kwargs: Any) -> tuple[Any, np.ndarray]:
    """Propagate errors to first order: the value of a function of uncertain numbers, and its covariance.

    Parameters
    ----------
    function : callable
        ``function(x, *args, **kwargs)`` returns a number or array.
    mean : ndarray
        Of the uncertain numbers, of shape (n,).
    covariance : ndarray
        Of shape (n, n), or (n,) for variances of independent ones.
    *args, **kwargs
        What else the function takes; it is exact.

    Returns
    -------
    value : float or ndarray
        The function at the mean.
    covariance : float or ndarray
        ``J @ covariance @ J.T``: of shape (m, m) for m results, a number for one number.

    Raises
    ------
    ShapeError
        If the covariance does not fit the mean.

    Notes
    -----
    Exact for linear functions. Reference: Joint Committee for Guides in Metrology, Guide to the Expression of Uncertainty in
    Measurement, 2008, section 5.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> value, variance = jt.propagate(lambda x: x[0] * x[1], np.array([2.0, 3.0]), np.array([0.01, 0.04]))
    >>> round(float(value), 12), round(variance, 12)
    (6.0, 0.25)
    """
    mean, covariance = np.asarray(mean, float), np.asarray(covariance, float)
    covariance = np.diag(covariance) if covariance.ndim == 1 else covariance
    if covariance.shape != (mean.size, mean.size):
        raise ShapeError(
            f"jt.propagate: got a covariance of shape {list(covariance.shape)}, expected {[mean.size] * 2} or {[mean.size]}"
        )
    value = function(mean, *args, **kwargs)
    value = plain_numbers(value)
    matrix = np.reshape(jacobian(lambda x: function(x, *args, **kwargs))(mean), (-1, mean.size))
    found = matrix @ covariance @ matrix.T
    return value, float(found[0, 0]) if not np.ndim(value) else found


def hessian_trace(function: Callable[..., Any], x: Any, *args: Any, samples: int = 32, seed: Any = 0, **kwargs: Any) -> float:
    """Estimate the trace of the Hessian of a scalar function (its Laplacian), by products with random signs.

    Parameters
    ----------
    function : callable
        ``function(x, *args, **kwargs)`` returns a number.
    x : float, ndarray or tree of them
        Where.
    *args
        What else the function takes; it is not differentiated.
    samples : int, optional
        How many products are averaged; the error falls with the square root.
    seed : int or numpy.random.Generator, optional
        Of the random signs.
    **kwargs
        What else the function takes, by keyword.

    Returns
    -------
    float
        The estimate; exact if the Hessian is diagonal.

    Raises
    ------
    ValueError
        If there are no samples.

    Notes
    -----
    Reference: M. F. Hutchinson, A stochastic estimator of the trace of the influence matrix, 1989.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.hessian_trace(lambda x: np.sum(x**3), np.array([1.0, 2.0]))
    18.0
    """
    if samples < 1:
        raise ValueError(f"jt.hessian_trace: got samples={samples}, expected at least 1")
    draws, (leaves, structure) = np.random.default_rng(seed), flatten(x)
    total = 0.0
    for _ in range(samples):
        signs = [np.sign(draws.random(np.shape(leaf)) - 0.5)[()] for leaf in leaves]
        product = flatten(hvp(function, x, unflatten(structure, signs), *args, **kwargs))[0]
        total += sum(float(np.sum(s * np.asarray(raw(p)))) for s, p in zip(signs, product))
    return total / samples
