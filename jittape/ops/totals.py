"""Operations that add up all elements of their operand."""

from typing import NamedTuple


def one(n):
    return 1.0


class Total(NamedTuple):
    """Property of an operation whose result, over all elements of its operand, is their sum divided by a number.

    The adjoint of every element is then the same number. The sweep need not write it for each element if the operand is
    elementwise and its adjoint is not asked for elsewhere, and a program computes such a reduction block by block with the steps
    before it.

    Attributes
    ----------
    divisor : callable
        The divisor of the sum, a float, as a function of the number of elements.
    """

    divisor: object
