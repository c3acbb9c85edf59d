"""Einstein's sums."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import as_dtype, get_default_dtype, is_differentiable
from ..errors import ShapeError
from .arguments import as_tensor_argument
from .copies_and_joins import convert
from .shape_functions import expand, permute, reshape
from .jacobian_patterns import by_letters
from .keywords import stored
from .declare_structured import Structured
from .einsum_terms import LETTERS, equation_of_sublists, equation_of_text
from .operation_names import public
from .operation_table import common_dtype
from .shape_rules import expect
from .view_rules import diagonal_view

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


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


einsum_operation = _Einsum(einsum_values, -1, multilinear=True, grad_name="EinsumBackward0")


@einsum_operation.patterned
def _pattern_of_sum(k, shapes, constants, letters, out):
    return by_letters(k, letters, out, shapes, constants)


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


def _without_repeats(term, x, equation, written):
    """An operand whose letters are all different: its diagonals."""
    for c in dict.fromkeys(term):
        while term.count(c) > 1:
            i, j = term.index(c), term.rindex(c)
            if x.shape[i] != x.shape[j]:
                raise _unequal(c, x.shape[i], x.shape[j], equation, written)
            x = diagonal_view.apply(x, 0, i, j)
            term = "".join(d for k, d in enumerate(term) if k not in (i, j)) + c
    return term, x


def _broadcast(pairs, equation, written):
    """Operands without their axes of length one that are longer elsewhere."""
    sizes = {}
    for term, x in pairs:
        for c, n in zip(term, x.shape):
            if sizes.get(c, 1) not in (1, n) and n != 1:
                raise _unequal(c, sizes[c], n, equation, written)
            sizes[c] = sizes.get(c, 1) if n == 1 else n
    for term, x in pairs:
        kept = [k for k, (c, n) in enumerate(zip(term, x.shape)) if n == sizes[c]]
        if len(kept) < len(term):
            x = reshape(x, tuple(x.shape[k] for k in kept))
        yield "".join(term[k] for k in kept), x


def _unequal(letter, first, second, equation, written):
    return ShapeError(
        f"einsum(): the axes {written(letter)} of {equation.text!r} have different lengths: got {first} and {second}"
    )


def _numpy_einsum(*args, out=None, optimize=False, dtype=None, order="K", casting="safe"):
    """With NumPy's arguments: lists are operands, and a result without dots cannot sum over theirs."""
    args = [np.asarray(x) if _is_operand(args, k) and isinstance(x, (list, tuple)) else x for k, x in enumerate(args)]
    if dtype is not None:
        args = [
            convert(as_tensor_argument(x, "einsum"), as_dtype(dtype)) if _is_operand(args, k) else x for k, x in enumerate(args)
        ]
    value = einsum(*args)
    return value if out is None else stored(value, out, "np.einsum")


def _is_operand(args, k):
    return k > 0 if isinstance(args[0], str) else k % 2 == 0 and not (k == len(args) - 1)


@public(operation=einsum_operation, method=False, numpy={np.einsum: _numpy_einsum})
def einsum(equation: str | TensorLike, *operands: TensorLike | Sequence[Any]) -> Tensor:
    """Products of elements, summed over the letters that the result does not have (Einstein summation).

    Parameters
    ----------
    equation : str
        Letters for the axes of each operand, separated by commas, and after ``->`` those of the result; "..." for any axes.
        Without ``->`` the result has the letters that occur once, in alphabetical order.
    *operands : Tensor or ndarray
        The factors; axes of length one are broadcast. In place of an equation, each factor may be followed by a list of numbers
        for its axes, and the last by one for the result.

    Returns
    -------
    Tensor
        With an axis for each letter of the result; of one operand of which nothing is summed, a view.

    Raises
    ------
    TypeError
        If there is neither an equation nor lists.
    ShapeError
        If axes of one letter have different lengths.

    Examples
    --------
    >>> import jittape as jt
    >>> A, x = jt.tensor([[1.0, 2.0], [3.0, 4.0]]), jt.tensor([1.0, 1.0])
    >>> jt.einsum("ij,j->i", A, x)
    tensor([3., 7.])
    >>> jt.einsum(A, [0, 1], x, [1], [0])
    tensor([3., 7.])
    """
    if isinstance(equation, str):
        if len(operands) == 1 and isinstance(operands[0], (list, tuple)):
            operands = operands[0]
        parsed = equation_of_text(equation)
    else:
        parsed, operands = equation_of_sublists((equation, *operands))
    tensors = [as_tensor_argument(x, "einsum", "operands") for x in operands]
    terms, out, written = parsed.letters([tuple(x.shape) for x in tensors])
    dtype = common_dtype(tensors)
    dtype = dtype if is_differentiable(dtype) or not any(x.requires_grad for x in tensors) else get_default_dtype()
    pairs = [_without_repeats(term, convert(x, dtype), parsed, written) for term, x in zip(terms, tensors)]
    pairs = list(_broadcast(pairs, parsed, written))
    if len(pairs) == 1 and sorted(pairs[0][0]) == sorted(out):  # nothing is summed: a view, as NumPy's and PyTorch's
        return permute(pairs[0][1], [pairs[0][0].index(c) for c in out])
    return einsum_operation.apply([x for _, x in pairs], tuple(term for term, _ in pairs), out)
