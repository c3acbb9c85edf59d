"""Weights that are orthogonal matrices, as functions of any matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..linalg import matrix_exp, solve
from ..ops.random_tensors import randn
from ..ops.split_and_stack import cat
from ..tensors.tensor import Tensor, wrap
from .module import Module
from .parametrize import register_parametrization

if TYPE_CHECKING:
    from typing import Literal

MAPS = ("matrix_exp", "cayley", "householder")


def _made_orthogonal(a):
    """The orthogonal factor whose triangular one has a diagonal of positive numbers, as an array."""
    q, r = np.linalg.qr(a)
    return q * np.sign(np.diagonal(r, axis1=-2, axis2=-1))[..., None, :]


def _is_orthogonal(q):
    n = q.shape[-1]
    product = np.swapaxes(q.conj(), -2, -1) @ q
    return np.allclose(product, np.eye(n), rtol=0.0, atol=10.0 * q.shape[-2] * np.finfo(q.dtype).eps)


def _reflections(x):
    """The first columns of the product of reflections along the columns below the diagonal."""
    n, k = x.shape[-2:]
    below, unit = x.tril(-1), wrap(np.eye(n, k, dtype=x.dtype))
    found = unit.expand(x.shape) if x.ndim > 2 else unit
    for j in range(k - 1, -1, -1):
        v = (below[..., j] + unit[:, j]).unsqueeze(-1)
        found = found - 2.0 / (v * v).sum((-2, -1), keepdim=True) * v * (v * found).sum(-2, keepdim=True)
    return found * x.detach().diagonal(0, -2, -1).sign().unsqueeze(-2)


class _OrthogonalMatrices(Module):
    """The parametrisation of matrices with orthonormal columns, or rows if these are fewer."""

    def __init__(self, orthogonal_map, use_trivialization):
        super().__init__()
        self.orthogonal_map, self.use_trivialization = orthogonal_map, use_trivialization
        self.register_buffer("base", None)

    def forward(self, x):
        is_wide = x.shape[-2] < x.shape[-1]
        x = x.mT if is_wide else x
        q = _reflections(x) if self.orthogonal_map == "householder" else self._of_skew(x)
        q = q if self.base is None else self.base @ q
        return q.mT if is_wide else q

    def _of_skew(self, x):
        n, k = x.shape[-2:]
        x = x.tril()
        if n != k:
            x = cat([x, wrap(np.zeros((*x.shape[:-2], n, n - k), x.dtype))], -1)
        skew = x - x.mH
        if self.orthogonal_map == "matrix_exp":
            q = matrix_exp(skew)
        else:
            one = wrap(np.eye(n, dtype=x.dtype))
            q = solve(one - 0.5 * skew, one + 0.5 * skew)
        return q[..., :k]

    def right_inverse(self, q):
        """What is computed of, for a given weight; one that is not orthogonal is replaced by the nearest in a sense."""
        is_wide = q.shape[-2] < q.shape[-1]
        q = q.mT if is_wide else q
        if not self.use_trivialization:
            if self.orthogonal_map != "householder":
                raise NotImplementedError(
                    "It is not possible to assign to the matrix exponential or the Cayley parametrizations when "
                    "use_trivialization=False."
                )
            found = _reflected_inverse(q.detach()._value())
        else:
            found = self._new_base(q.detach())
        return wrap(np.swapaxes(found, -2, -1).copy() if is_wide else found)

    def _new_base(self, q):
        n, k = q.shape[-2:]
        if n != k:
            base = _made_orthogonal(cat([q, randn(*q.shape[:-1], n - k, dtype=q.dtype)], -1)._value())
        else:
            base = q._value() if _is_orthogonal(q._value()) else _made_orthogonal(q._value())
        self.base = wrap(np.array(base))
        return np.zeros(tuple(q.shape), q.dtype) - np.eye(n, k, dtype=q.dtype)


def _reflected_inverse(q):
    """The reflections whose product has the columns of a matrix, or those of its orthogonal factor."""
    q, found = np.array(q), np.zeros_like(q)
    for index in np.ndindex(q.shape[:-2]):
        a = _made_orthogonal(q[index])
        for j in range(a.shape[1]):
            x = a[j:, j]
            sign = -1.0 if x[0] > 0.0 else 1.0
            v = x.copy()
            v[0] -= sign
            if v[0] != 0.0:
                a[j:] -= 2.0 / (v @ v) * np.outer(v, v @ a[j:])
                found[(*index, slice(j + 1, None), j)] = v[1:] / v[0]
            found[(*index, j, j)] = sign
    return found


def orthogonal(
    module: Module,
    name: str = "weight",
    orthogonal_map: Literal["matrix_exp", "cayley", "householder"] | None = None,
    *,
    use_trivialization: bool = True,
) -> Module:
    """Have a weight be an orthogonal matrix, or one of orthonormal columns or rows, whenever it is read.

    Parameters
    ----------
    module : Module
        The module that has the weight.
    name : str, optional
        Its name.
    orthogonal_map : {"matrix_exp", "cayley", "householder"}, optional
        How it is computed: by the exponential of a skew matrix (by default if it is square), by Cayley's quotient, or by a
        product of reflections (by default otherwise).
    use_trivialization : bool, optional
        Multiply by a constant matrix, so that the weight is the orthogonal matrix which it was, or a near one.

    Returns
    -------
    Module
        The module.

    Raises
    ------
    ValueError
        If there is no such tensor, it is no matrix, or there is no such map.

    References
    ----------
    Lezcano-Casado and Martínez-Rubio, "Cheap orthogonal constraints in neural networks", ICML 2019.

    Examples
    --------
    >>> import jittape as jt
    >>> layer = jt.nn.utils.parametrizations.orthogonal(jt.nn.Linear(3, 3))
    >>> jt.allclose(layer.weight @ layer.weight.T, jt.eye(3), atol=1e-5)
    True
    """
    weight = vars(module).get(name)
    if not isinstance(weight, Tensor):
        raise ValueError(f"Module '{module}' has no parameter or buffer with name '{name}'")
    if weight.ndim < 2:
        raise ValueError(f"Expected a matrix or batch of matrices. Got a tensor of {weight.ndim} dimensions.")
    if orthogonal_map is None:
        orthogonal_map = "matrix_exp" if weight.shape[-2] == weight.shape[-1] or weight.is_complex() else "householder"
    if orthogonal_map not in MAPS:
        raise ValueError(f'orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: {orthogonal_map}')
    if orthogonal_map == "householder" and weight.is_complex():
        raise ValueError("The householder parametrization does not support complex tensors.")
    return register_parametrization(module, name, _OrthogonalMatrices(orthogonal_map, use_trivialization), unsafe=True)
