"""Cross entropy of logits with labels of classes, as one row."""

import numpy as np

from .. import mathfun
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..kernels.loops import clear_if
from ..memory.words import f64_at, i64_at, quick_address, word
from .fused_reductions import bits_of
from .declare_structured import structured
from .shape_rules import expect
from .sums import sum
from .softmax import FEW, exponentials, log_softmax_values, rows_at_once, softmax_values


ALL_COUNT, SOME_IGNORED = -1, -2  # results of `_check`


class Labels:
    """The class of every row of a matrix of logits, and the row's weight in the loss.

    Both are copied: kernels read them at the sweep, when the caller's array may have other contents.

    Parameters
    ----------
    classes : array of integers
        Rows of weight 0 need a class, too.
    weights : float or array
        One for all rows, or one for each.
    """

    __slots__ = ("classes", "scale", "weights", "words")

    def __init__(self, classes, weights):
        self.classes = np.array(classes, np.int64)
        self.scale, self.weights = (weights, None) if type(weights) is float else (0.0, np.array(weights, np.float64))
        place = 0 if self.weights is None else quick_address(self.weights)
        self.words = quick_address(self.classes), place, bits_of(self.scale), 0

    def all_count(self, count, ignored):
        """Whether all labels are classes and none is ignored."""
        return _check(self.words[0], len(self.classes), count, ignored) == ALL_COUNT

    def of_rows(self):
        """The weights as a vector."""
        return np.full(self.classes.shape, self.scale) if self.weights is None else self.weights

    def residuals(self, x):
        """What is subtracted from weighted probabilities, and the weights: as matrices of the dtype of the logits."""
        weights, matrix = self.of_rows().astype(x.dtype), np.zeros(tuple(x.shape), x.dtype)
        matrix[np.arange(len(weights)), self.classes] = weights
        return matrix, weights[:, None]


def _slope(x, labels):
    onehot, weights = labels.residuals(x)
    return softmax_values.apply(x, 1) * weights - onehot


@structured(grad_name="NllLossBackward0", uses=(1, 0, 0), keep_plans=False)
def cross_entropy_values(x, labels):
    """The weighted sum of -log(softmax(x)) at the labels, over the rows of a matrix; rows of weight 0 do not count."""
    weights = labels.of_rows()
    logs = log_softmax_values.body(x, 1)[np.arange(len(x)), labels.classes]
    return np.where(weights != 0.0, -logs * weights, 0.0).sum().astype(x.dtype)


@cross_entropy_values.shaped
def _loss_of_rows(shapes, labels):
    (shape,) = shapes
    expect(len(shape) == 2 and isinstance(labels, Labels) and labels.classes.shape == shape[:1], "a label for every row")
    expect(labels.all_count(shape[1], -1), f"labels of {shape[1]} classes")
    expect(labels.of_rows().shape == shape[:1], "one weight, or one for every row")
    return ()


@cross_entropy_values.pullback_of(0)
def cross_entropy_pullback(y_bar, y, x, labels):
    return _slope(x, labels) * y_bar


@cross_entropy_values.pushforward_of(0)
def cross_entropy_pushforward(x_dot, y, x, labels):
    return sum(_slope(x, labels) * x_dot)


@cross_entropy_values.exampled
def _cross_entropy_examples():
    yield [(5, 3)], (Labels([0, 2, 1, 1, 0], 0.2),)
    yield [(5, 3)], (Labels([0, 2, 1, 1, 0], [0.5, 0.0, 2.0, 1.0, 0.0]),)
    yield [(1, 1)], (Labels([0], 1.0),)
    yield [(0, 3)], (Labels([], 1.0),)


@cross_entropy_values.planned
def _cross_entropy_plan(layouts, labels):
    return (), (*layouts[0].shape, *labels.words)


@helper
def _weight(p, a):
    """The weight of row a: all rows have one, or each its own."""
    return f64_at(p + 32, 1)[0] if word(p, 3) == 0 else f64_at(word(p, 3), a + 1)[a]


@cross_entropy_values.kernel_of("forward")
def _cross_entropy_forward(at):
    def kernel(params, out, x0):
        p = i64_at(params, 3)
        n, m, loss, rows = p[0], p[1], 0.0, rows_at_once(p[1])
        x, label = at(x0, n * m), i64_at(p[2], n)
        e, high, total = np.empty(rows * m, x.dtype), np.empty(rows, x.dtype), np.empty(rows, x.dtype)
        for start in range(0, n, rows):
            count = min(rows, n - start)
            exponentials(x[start * m : (start + count) * m], e, high, total, count, m)
            for k in range(count):
                total[k] = mathfun.log(total[k])
            for k in range(count):
                a = start + k
                weight = _weight(params, a)
                if weight != 0.0:
                    loss += weight * (total[k] + (high[k] - x[a * m + label[a]]))
        at(out, 1)[0] = loss

    return kernel


@helper
def _add_scaled(o, e, factor, n, m):
    """Add the exponentials of n rows, each times its factor; nothing, whatever they are, where it is 0."""
    if m <= FEW:
        for j in range(m):
            column = e[j * n : (j + 1) * n]
            for k in range(n):
                o[k * m + j] += factor[k] * column[k] if factor[k] != 0.0 else 0.0
        return
    for a in range(n):
        if factor[a] != 0.0:
            run, part, f = o[a * m : (a + 1) * m], e[a * m : (a + 1) * m], factor[a]
            for j in range(m):
                run[j] += f * part[j]


@cross_entropy_values.kernel_of("reverse")
def _cross_entropy_reverse(at):
    def kernel(params, x_bar, y_bar, y, x0, fresh):
        p = i64_at(params, 3)
        n, m, rows, seed = p[0], p[1], rows_at_once(p[1]), at(y_bar, 1)[0]
        x, o, label = at(x0, n * m), at(x_bar, n * m), i64_at(p[2], n)
        e, high, total = np.empty(rows * m, x.dtype), np.empty(rows, x.dtype), np.empty(rows, x.dtype)
        clear_if(fresh, o, 0, n * m)
        for start in range(0, n, rows):
            count = min(rows, n - start)
            exponentials(x[start * m : (start + count) * m], e, high, total, count, m)
            for k in range(count):
                weight = _weight(params, start + k)
                total[k] = weight * seed / total[k] if weight != 0.0 else 0.0
            _add_scaled(o[start * m : (start + count) * m], e, total, count, m)
            for k in range(count):
                a = start + k
                weight = _weight(params, a)
                if weight != 0.0:
                    o[a * m + label[a]] -= weight * seed

    return kernel


@cross_entropy_values.kernel_of("tangent")
def _cross_entropy_tangent(at):
    def kernel(params, y_dot, x_dot, y, x0):
        p = i64_at(params, 3)
        n, m = p[0], p[1]
        x, d, label = at(x0, n * m), at(x_dot, n * m), i64_at(p[2], n)
        e, high, total, sum_dot = np.empty(m, x.dtype), np.empty(1, x.dtype), np.empty(1, x.dtype), 0.0
        for a in range(n):
            weight = _weight(params, a)
            if weight != 0.0:
                exponentials(x[a * m : (a + 1) * m], e, high, total, 1, m)
                slope = -d[a * m + label[a]]
                for j in range(m):
                    slope += e[j] / total[0] * d[a * m + j]
                sum_dot += weight * slope
        at(y_dot, 1)[0] += sum_dot

    return kernel


@entry
def _check(classes, n, count, ignored):
    """The position of a label that is not a class; otherwise a code for whether labels are ignored."""
    labels, answer = i64_at(classes, n), ALL_COUNT
    for k in range(n):
        if labels[k] == ignored:
            answer = SOME_IGNORED
        elif labels[k] < 0 or labels[k] >= count:
            return k
    return answer


def check_labels(classes, count, ignored):
    """Raise if a label is not a class.  Returns whether some are ignored."""
    k = _check(quick_address(classes), classes.size, count, ignored)
    if k >= 0:
        raise IndexError(
            f"Target {int(classes.reshape(-1)[k])} is out of bounds: got it as label number {k}, expected classes 0 to "
            f"{count - 1}"
        )
    return k == SOME_IGNORED
