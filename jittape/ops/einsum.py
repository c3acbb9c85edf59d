"""Einstein's sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import get_default_dtype, is_float
from ..errors import ShapeError
from .arguments import as_tensor_argument
from .copies_and_joins import convert
from .shape_functions import diagonal, expand, reshape
from .declare_structured import Structured
from .operation_names import public
from .operation_table import common_dtype
from .shape_rules import expect

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike

LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"


def einsum_values(arrays, letters, out):
    """Products summed over all letters that the result does not have."""
    return np.asarray(np.einsum(",".join(letters) + "->" + out, *arrays, optimize=len(arrays) > 2))


class _Einsum(Structured):
    """Linear in each operand, of which there may be any number; none has a letter twice."""

    def pullback(self, k, y_bar, y, operands, statics):
        """The same sum with the adjoint in the place of the operand; letters of no other operand are broadcast."""
        letters, out = statics
        others = [j for j in range(len(operands)) if j != k]
        found = set(out).union(*[letters[j] for j in others])
        target = "".join(c for c in letters[k] if c in found)
        x_bar = self.apply([y_bar, *[operands[j] for j in others]], (out, *[letters[j] for j in others]), target)
        if target == letters[k]:
            return x_bar
        shape = tuple(operands[k].shape)
        return expand(reshape(x_bar, tuple(n if c in found else 1 for c, n in zip(letters[k], shape))), shape)

    def pushforward(self, k, x_dot, y, operands, statics):
        """The same sum with the tangent in the place of the operand."""
        return self.apply([x_dot if j == k else x for j, x in enumerate(operands)], *statics)


einsum_operation = _Einsum(einsum_values, -1, grad_name="EinsumBackward0")


@einsum_operation.shaped
def _shape_of_sum(shapes, letters, out):
    expect(type(letters) is tuple and len(letters) == len(shapes), "the letters of every operand")
    expect(all(map(_are_letters, (*letters, out))), "letters, each of them once in a term")
    expect(all(len(term) == len(shape) for term, shape in zip(letters, shapes)), "a letter for every axis")
    pairs = {pair for term, shape in zip(letters, shapes) for pair in zip(term, shape)}
    sizes = dict(pairs)
    expect(
        len(sizes) == len(pairs) and set(out) <= set(sizes), "one length for each letter, and letters of operands in the result"
    )
    return tuple(sizes[c] for c in out)


def _are_letters(term):
    return type(term) is str and len(set(term)) == len(term) and set(term) <= set(LETTERS)


def _parsed(equation, operands):
    """Letters of the operands and of the result, without dots."""
    left, arrow, out = equation.replace(" ", "").partition("->")
    letters = left.split(",")
    if len(letters) != len(operands):
        raise ShapeError(f"einsum(): got {len(operands)} operands for the {len(letters)} terms of {equation!r}")
    dots = 0
    for term, x in zip(letters, operands):
        n = x.ndim - len(term.replace("...", ""))
        if n < 0 or (n and "..." not in term):
            raise ShapeError(f"einsum(): got an operand of {x.ndim} axes, shape {list(x.shape)}, for the term {term!r}")
        dots = max(dots, n)
    free = "".join(c for c in LETTERS if c not in equation)[:dots]
    full = [term.replace("...", free[dots - (x.ndim - len(term.replace("...", ""))) :]) for term, x in zip(letters, operands)]
    every = "".join(full)
    every = "".join(full)
    if not arrow:
        out = free + "".join(sorted(c for c in set(every) - set(free) if every.count(c) == 1))
    out = out.replace("...", free)
    strange = [c for c in every + out if c not in LETTERS or (c in out and (c not in every or out.count(c) > 1))]
    if strange:
        raise ShapeError(
            f"einsum(): got {strange[0]!r} in {equation!r}, expected letters, in the result each of them once and only those of "
            "operands"
        )
    return full, out


def _without_repeats(term, x):
    """An operand whose letters are all different: its diagonals."""
    for c in dict.fromkeys(term):
        while term.count(c) > 1:
            i, j = term.index(c), term.rindex(c)
            x = diagonal(x, 0, i, j)
            term = "".join(d for k, d in enumerate(term) if k not in (i, j)) + c
    return term, x


def _numpy_einsum(equation, *operands, optimize=False, **kwargs):
    if kwargs:
        raise TypeError(f"np.einsum: {sorted(kwargs)} are not supported on Tensors")
    return einsum(equation, *operands)


@public(operation=einsum_operation, method=False, numpy={np.einsum: _numpy_einsum})
def einsum(equation: str, *operands: TensorLike) -> Tensor:
    """Products of elements, summed over the letters that the result does not have (Einstein summation).

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, separated by commas, and after ``->`` those of the result; "..." for any axes.
    *operands : Tensor or ndarray
        The factors.

    Returns
    -------
    Tensor
        With an axis for each letter of the result.

    Raises
    ------
    TypeError
        If the equation is not a str.
    ShapeError
        If axes of one letter have different lengths.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.einsum("ij,j->i", jt.tensor([[1.0, 2.0], [3.0, 4.0]]), jt.tensor([1.0, 1.0]))
    tensor([3., 7.])
    """
    if not isinstance(equation, str):
        raise TypeError(f"einsum(): got {type(equation).__name__} as the equation, expected text such as 'ij,jk->ik'")
    if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
        operands = operands[0]
    tensors = [as_tensor_argument(x, "einsum", "operands") for x in operands]
    terms, out = _parsed(equation, tensors)
    dtype = common_dtype(tensors)
    dtype = dtype if is_float(dtype) or not any(x.requires_grad for x in tensors) else get_default_dtype()
    pairs = [_without_repeats(term, convert(x, dtype)) for term, x in zip(terms, tensors)]
    sizes = {}
    for term, x in pairs:
        for c, n in zip(term, x.shape):
            if sizes.setdefault(c, n) != n:
                raise ShapeError(f"einsum(): the axes {c!r} of {equation!r} have different lengths: got {sizes[c]} and {n}")
    return einsum_operation.apply([x for _, x in pairs], tuple(term for term, _ in pairs), out)
