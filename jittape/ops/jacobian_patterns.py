"""Where the Jacobian of one row can differ from zero: which elements of an operand reach which of the result.

A pattern is a list of factors: sparse matrices of bools whose product, the first applied first, maps elements of the operand to
elements of the result, both in C order. An empty list is the identity, None is no dependence at all. Most operations fit one
picture: elements of the operand and of the result carry labels, and an element of the result depends on those with its label.
"""

import functools
import math
from typing import NamedTuple

import numpy as np

from ..tensors.tensor import Tensor, wrap

NO_LABEL = -1
MOST_ENTRIES = 10**7  # of a product whose constant zeros are left out: beyond, it counts as having none


class Factor(NamedTuple):
    """A sparse matrix of bools: row i has entries in ``columns[starts[i] : starts[i + 1]]``."""

    starts: np.ndarray
    columns: np.ndarray
    width: int


def numbered(shape):
    """A label of its own for every element of a value."""
    return np.arange(math.prod(shape)).reshape(shape)


def by_labels(of_operand, of_result):
    """The pattern in which an element of the result depends on the elements of the operand that have its label."""
    x, y = of_operand.reshape(-1), of_result.reshape(-1)
    n = int(max(x.max(initial=NO_LABEL), y.max(initial=NO_LABEL))) + 1
    if x.size == n and np.array_equal(x, np.arange(n)):
        return [] if np.array_equal(x, y) else [_one_a_row(y, n)]
    members = _by_rows(x, np.arange(x.size), n, x.size)
    return [members] if np.array_equal(y, np.arange(n)) else [members, _one_a_row(y, n)]


def _by_rows(rows, columns, height, width):
    """The matrix with entries in the given rows and columns; those in row NO_LABEL are left out."""
    order = np.argsort(rows, kind="stable")
    order = order[np.searchsorted(rows[order], 0) :]
    starts = np.concatenate([[0], np.cumsum(np.bincount(rows[order], minlength=height))])
    return Factor(starts, columns[order], width)


def _one_a_row(columns, width):
    """The matrix with one entry a row, in the given column; none where that is NO_LABEL."""
    there = columns != NO_LABEL
    return Factor(np.concatenate([[0], np.cumsum(there)]), columns[there], width)


def everything(x_shape, y_shape):
    """Every element of the result depends on every one of the operand."""
    return by_labels(np.zeros(x_shape, int), np.zeros(y_shape, int))


def broadcast_pattern(x_shape, y_shape):
    """Elements of the result depend on the element that was broadcast to their place."""
    labels = numbered(x_shape)
    return by_labels(labels, np.broadcast_to(labels, y_shape))


def mixed_along(axis, shape):
    """Elements mix along an axis."""
    labels = np.broadcast_to(numbered(tuple(1 if k == axis else n for k, n in enumerate(shape))), shape)
    return by_labels(labels, labels)


def stacked(examples, x_shape, y_shape):
    """Elements mix within an example; examples lie along the first axes."""
    labels, n = numbered(examples), len(examples)
    x, y = (np.broadcast_to(labels.reshape(examples + (1,) * (len(s) - n)), s) for s in (x_shape, y_shape))
    return by_labels(x, y)


def declared_pattern(operation, k, shapes, y_shape, constants, statics):
    """The pattern by operand k of a structured operation with a rule for it, or with parts that do not mix; else None."""
    if operation.pattern_rule is not None:
        return operation.pattern_rule(k, shapes, constants, *statics)
    if operation.mixes_axis:
        return mixed_along(statics[0], shapes[k])
    examples = shapes[0][:-2] if operation.stacks else ()
    n = len(examples)
    if examples and shapes[k][:n] == examples and y_shape[:n] == examples:
        return stacked(examples, shapes[k], y_shape)
    return None


@functools.cache
def is_flat(operation, k):
    """Whether the partial of an elementwise operation by operand k is the number 0."""
    partial = operation.partials(*[wrap(np.ones(()))] * (operation.arity + 1))[k]
    return isinstance(partial, (int, float)) and partial == 0


def folded(axes, x_shape):
    """Elements of the result depend on those of the operand that were folded into them."""
    kept = numbered(tuple(1 if k in axes else n for k, n in enumerate(x_shape)))
    return by_labels(np.broadcast_to(kept, x_shape), kept)


def moved(pullback, pushforward, x_shape, y_shape):
    """The pattern of an operation that moves and adds elements, found by giving its rules numbered elements.

    Returns
    -------
    list of Factor
        None if an element of the result has several terms, and an element of the operand several places.
    """
    places = _places(pushforward, x_shape, y_shape)
    if places is not None:
        return by_labels(numbered(x_shape), places)
    places = _places(pullback, y_shape, x_shape)
    return None if places is None else by_labels(places, numbered(y_shape))


def _places(rule, source, target):
    """The label of the element that a rule moves to each place, NO_LABEL for none; None if places have several terms."""
    scale = _through(rule, np.ones(source), target)
    there = scale != 0
    labels = np.divide(_through(rule, numbered(source) + 1.0, target), scale, where=there, out=np.zeros(target))
    places = np.rint(labels).astype(int) - 1
    other = np.random.default_rng(0).random(source) + 1.0  # an average of these is no other of them
    expected = scale * np.append(other.reshape(-1), 0.0)[np.clip(places, NO_LABEL, other.size - 1)]
    return places if np.allclose(_through(rule, other, target), expected, rtol=1e-12, atol=0.0) else None


def _through(rule, values, shape):
    found = rule(wrap(np.asarray(values)))
    found = np.zeros(shape) if found is None else found._value() if isinstance(found, Tensor) else np.asarray(found)
    return np.broadcast_to(found, shape)


# --- products ---------------------------------------------------------------------------------------------------------


def by_letters(k, terms, out, shapes, constants):
    """The pattern by operand k of a product that is summed over the letters that `out` lacks.

    `constants` has arrays for operands that do not vary: where the only other operand is one, its zeros count.
    """
    lengths = {c: n for term, shape in zip(terms, shapes) for c, n in zip(term, shape)}
    others = [j for j in range(len(terms)) if j != k]
    if len(others) == 1 and others[0] in constants and not constants[others[0]].all():
        free = [c for c in dict.fromkeys(terms[k] + out) if c not in terms[others[0]]]
        if np.count_nonzero(constants[others[0]]) * math.prod(lengths[c] for c in free) <= MOST_ENTRIES:
            return [_through_zeros(terms[k], terms[others[0]], out, free, lengths, constants[others[0]])]
    shared = [c for c in terms[k] if c in out]
    return by_labels(*(_labels_of(shared, term, lengths) for term in (terms[k], out)))


def _labels_of(shared, term, lengths):
    """Labels for a value whose axes have letters: elements that agree in the shared letters have one label."""
    labels, step = np.zeros((1,) * len(term), int), 1
    for c in shared:
        axis = term.index(c)
        labels = labels + (np.arange(lengths[c]) * step).reshape([-1 if k == axis else 1 for k in range(len(term))])
        step *= lengths[c]
    return np.broadcast_to(labels, [lengths[c] for c in term])


def _through_zeros(term, other, out, free, lengths, factor):
    """The pattern of a product with a constant factor that has zeros."""
    places = dict(zip(other, np.nonzero(factor)))
    grid = {c: np.arange(lengths[c]).reshape([-1 if c == d else 1 for d in free]) for c in free}
    count = np.count_nonzero(factor)
    found = []
    for letters in (out, term):
        index = np.zeros((count,) + (1,) * len(free), int)
        for c in letters:
            values = grid[c][None] if c in grid else places[c].reshape((count,) + (1,) * len(free))
            index = index * lengths[c] + values
        found.append(np.broadcast_to(index, (count, *[lengths[c] for c in free])).reshape(-1))
    height, width = (math.prod(lengths[c] for c in letters) for letters in (out, term))
    return _by_rows(*found, height, width)
