"""Shapes of results, and the statics that go with them: what a declaration knows of an operation without any values.

A rule is ``rule(shapes, *statics) -> shape`` and raises `Unfit` for statics and shapes that no call of the operation has. Kernels
trust their integers, so a row from a file is computed only if the rule of its operation has taken it. Rules check types, too:
``True`` is no axis.
"""

import math

from ..memory.layouts import broadcast_shapes

LONGEST = 2**31 - 1  # lengths of BLAS are 32-bit integers


class Unfit(ValueError):
    """Statics or shapes that an operation does not have."""


def expect(holds, what):
    """Raise unless something holds that is described as "expected ..."."""
    if not holds:
        raise Unfit(f"expected {what}")


def is_axis(axis, shape):
    return type(axis) is int and 0 <= axis < len(shape)


def is_shape(shape):
    """Whether a static is a shape; lengths are so small that no product with an item size overflows."""
    return type(shape) is tuple and all(type(n) is int and n >= 0 for n in shape) and math.prod(n or 1 for n in shape) < 2**56


def is_number(value):
    return type(value) in (int, float)


# --- rules ----------------------------------------------------------------------------------------------------------


def same_shape(shapes, *statics):
    """Of the operand's shape; without statics."""
    expect(len(shapes) == 1 and not statics, "one operand")
    return shapes[0]


def along_axis(shapes, axis):
    """Of the operand's shape, computed along one axis."""
    expect(len(shapes) == 1 and is_axis(axis, shapes[0]), f"one operand with an axis {axis!r}")
    return shapes[0]


def folded(shapes, axes, keepdim):
    """The operand's shape without some axes, or with 1 in their places."""
    expect(len(shapes) == 1 and type(axes) is tuple and type(keepdim) is bool, "one operand, axes and keepdim")
    shape = shapes[0]
    expect(all(is_axis(a, shape) for a in axes) and list(axes) == sorted(set(axes)), f"axes of {list(shape)} in order")
    return tuple(1 if k in axes else n for k, n in enumerate(shape) if keepdim or k not in axes)


def folded_with(n):
    """The rule of a fold with so many numbers as further statics."""

    def rule(shapes, axes, keepdim, *numbers):
        expect(len(numbers) == n and all(map(is_number, numbers)), f"{n} numbers beside axes and keepdim")
        return folded(shapes, axes, keepdim)

    return rule


def broadcast_together(shapes):
    """What NumPy's broadcasting makes of the shapes."""
    shape = ()
    for each in shapes:
        shape = broadcast_shapes(shape, each)
    return shape


def square_matrices(shapes):
    """Of the operand's shape, a matrix with as many rows as columns or a batch of them."""
    (shape,) = shapes
    expect(len(shape) >= 2 and shape[-1] == shape[-2], "square matrices")
    return shape


def number_of_matrices(shapes):
    """A number for each square matrix."""
    return square_matrices(shapes)[:-2]


def solutions(shapes):
    """Of the shape of the right-hand sides: matrices of the batch of the systems."""
    a, b = shapes
    square_matrices([a])
    expect(len(b) == len(a) and b[:-1] == a[:-1], "matrices of right-hand sides, of the batch of the systems")
    return b


def matrix_product(shapes, a_turned, b_turned):
    """Of products of vectors, matrices, or equally long batches of them."""
    a, b = shapes
    expect(type(a_turned) is bool and type(b_turned) is bool, "two flags")
    expect(a and b and max(*a[-2:], *b[-2:]) <= LONGEST, f"vectors or matrices of at most {LONGEST} rows")
    expect(max(len(a), len(b)) <= 2 or a[:-2] == b[:-2] and min(len(a), len(b)) > 2, "equal batches")
    expect(len(a) > 1 or not a_turned, "a matrix to be turned")
    expect(len(b) > 1 or not b_turned, "a matrix to be turned")
    rows, inner = _turned(a[-2:], a_turned) if len(a) > 1 else (None, a[0])
    other, columns = _turned(b[-2:], b_turned) if len(b) > 1 else (b[0], None)
    expect(inner == other, "as many columns as rows")
    return (*a[:-2], *(n for n in (rows, columns) if n is not None))


def _turned(lengths, turned):
    return lengths[::-1] if turned else lengths


def linear_map(shapes):
    """Of products with the rows of a matrix, and a bias."""
    x, weight, bias = shapes
    expect(len(x) >= 1 and len(weight) == 2 and x[-1] == weight[1] and bias == weight[:1], "inputs, weights and biases that fit")
    expect(max(*weight, math.prod(x[:-1])) <= LONGEST, f"at most {LONGEST} rows")
    return (*x[:-1], weight[0])


def joined(shapes, axis):
    """Of arrays joined along an axis; the other lengths are equal."""
    expect(shapes and is_axis(axis, shapes[0]), "operands with that axis")
    first = shapes[0]
    rest = [(len(s), s[:axis], s[axis + 1 :]) for s in shapes]
    expect(all(r == rest[0] for r in rest), "equal lengths along the other axes")
    return (*first[:axis], sum(s[axis] for s in shapes), *first[axis + 1 :])
