"""Where operations are defined: what tests sample their arguments from."""

import math
from typing import NamedTuple

import numpy as np


class Domain(NamedTuple):
    """An interval of arguments, and a distance to keep from points where the derivative jumps; or a few values."""

    low: float
    high: float
    kinks: tuple = ()
    margin: float = 0.05
    values: tuple = ()  # an operand without derivative, as a condition or an order, takes these
    is_complex: bool = False  # both parts of numbers lie there

    def sample(self, rng, shape):
        """Random arguments inside the domain, away from its kinks."""
        if self.values:
            return rng.choice(self.values, shape)
        x = rng.uniform(self.low, self.high, shape)
        if self.is_complex:
            return x + 1j * rng.uniform(self.low, self.high, shape)
        for kink in self.kinks:
            near = np.abs(x - kink) < self.margin
            x = np.where(near, kink + np.where(x < kink, -1.0, 1.0) * (self.margin + np.abs(x - kink)), x)
        return x


REAL = Domain(-2.5, 2.5)
COMPLEX = Domain(-2.5, 2.5, is_complex=True)
POSITIVE = Domain(0.2, 3.0)
NONZERO = Domain(-2.5, 2.5, kinks=(0.0,), margin=0.3)
UNIT = Domain(-0.9, 0.9)
ABOVE_ONE = Domain(1.1, 4.0)
ABOVE_MINUS_ONE = Domain(-0.8, 3.0)
NO_INTEGERS = Domain(-2.4, 2.4, kinks=tuple(k / 2 for k in range(-5, 6)))
CONDITION = Domain(0.0, 1.0, values=(0.0, 1.0))
PROBABILITY = Domain(0.05, 0.95)


# --- where derivatives of several operands jump: numbers that are zero there ------------------------------------


def where_equal(x, y):
    """Where two operands are equal."""
    return (np.subtract(x, y),)


def at_bounds(x, low, high):
    """Where an operand is at one of its bounds."""
    return np.subtract(x, low), np.subtract(x, high)


def whole_quotient(x, y):
    """Where one operand is a multiple of the other."""
    quotient = np.divide(x, y)
    return (quotient - np.rint(quotient),)


def from_scipy(name):
    """A function of ``scipy.special`` as an oracle; SciPy's module is imported when a test asks."""

    def oracle(*xs):
        import scipy.special

        return getattr(scipy.special, name)(*xs)

    return oracle


# --- samples ----------------------------------------------------------------------------------------------------

MARGIN = 0.02
MOST_DRAWS = 1000


def domains_of(operation):
    """The domain of every operand."""
    return (operation.domain,) * operation.arity if isinstance(operation.domain, Domain) else operation.domain


def near_a_kink(operation, xs):
    """A mask of the elements where the derivative jumps nearby."""
    found = np.zeros(np.broadcast_shapes(*map(np.shape, xs)), bool)
    for distance in operation.kinks(*xs) if operation.kinks is not None else ():
        found |= np.abs(distance) < MARGIN
    return found


def sample_operands(operation, rng, *shapes, clear=True):
    """Random operands of an elementwise operation from its domain, away from where its derivative jumps.

    Parameters
    ----------
    shapes : tuples of int
        One for all operands, or one an operand.
    clear : bool
        Keep away from kinks, which broadcast operands of many elements cannot.
    """
    shapes = shapes * operation.arity if len(shapes) == 1 else shapes
    whole, xs = np.broadcast_shapes(*shapes), _draw(operation, rng, shapes)
    for _ in range(MOST_DRAWS):
        near = near_a_kink(operation, xs)
        if not clear or not near.any():
            return xs
        drawn = _draw(operation, rng, shapes)
        if whole in shapes:  # only elements that are near: a long array always meets a kink
            xs = [np.where(near, new, x) if np.shape(x) == whole else x for x, new in zip(xs, drawn)]
        else:
            xs = drawn
    raise AssertionError(f"no sample of {operation.name} clear of its kinks")


def _draw(operation, rng, shapes):
    return [domain.sample(rng, shape) for domain, shape in zip(domains_of(operation), shapes)]


# --- shapes -----------------------------------------------------------------------------------------------------

SHAPES = [(2, 3, 4), (1, 1500, 1), (3, 1, 2100), (2, 0, 3), (70, 2, 3), (1030, 5)]
AXES = [((0,), False), ((1,), True), ((0, 1), False), ((1, 2), True), ((0, 1, 2), False), ((2,), False)]


def along_every_axis():
    """Examples of an operation along one axis."""
    return (([shape], (axis,)) for shape in SHAPES for axis in range(len(shape)))


def folds_of(*statics):
    """Examples of a fold over axes, with more statics.  A fold of nothing, or of one element, has tests of its own."""
    for shape in SHAPES:
        for axes, keepdim in AXES:
            if axes[-1] < len(shape) and math.prod(shape[a] for a in axes) > 1:
                yield [shape], (axes, keepdim, *statics)
