"""Probabilities of classes: softmax, its logarithm, and the cross entropy with labels, one row each."""

import numpy as np

from .. import mathfun
from ..dtypes import get_default_dtype, is_float
from ..numba_backend.entry_points import entry
from ..numba_backend.decorators import helper
from ..kernels.loops import clear_if
from ..memory.pool import f64_at, i64_at, quick_address, word
from .arguments import as_tensor_argument, one_axis, spellings
from .fused_reductions import bits_of
from .reduction_kernels import largest, run_of, total as total_of_run
from .domains import along_every_axis
from .copies_and_joins import convert
from .operation_names import public
from .shape_functions import reshape
from .declare_structured import axis_plan, structured
from .sums import sum
from .transcendental import exp


def _plan(layouts, axis):
    return axis_plan(layouts, axis) if layouts[0].size else None


@structured(grad_name="LogSoftmaxBackward0", uses=(8, 0, 0))
def log_softmax_values(x, axis):
    """x - log(sum(exp(x))) along an axis."""
    if not x.size:
        return x.copy()
    d = x - x.max(axis, keepdims=True)
    return d - np.log(np.exp(d).sum(axis, keepdims=True))


@log_softmax_values.pullback_of(0)
def log_softmax_pullback(y_bar, y, x, axis):
    return y_bar - exp(y) * sum(y_bar, axis, keepdim=True)


@log_softmax_values.pushforward_of(0)
def log_softmax_pushforward(x_dot, y, x, axis):
    return x_dot - sum(exp(y) * x_dot, axis, keepdim=True)


@structured(grad_name="SoftmaxBackward0", uses=(8, 0, 0))
def softmax_values(x, axis):
    """exp(x) divided by its sum along an axis."""
    if not x.size:
        return x.copy()
    e = np.exp(x - x.max(axis, keepdims=True))
    return e / e.sum(axis, keepdims=True)


@softmax_values.pullback_of(0)
def softmax_pullback(y_bar, y, x, axis):
    return y * (y_bar - sum(y * y_bar, axis, keepdim=True))


@softmax_values.pushforward_of(0)
def softmax_pushforward(x_dot, y, x, axis):
    return y * (x_dot - sum(y * x_dot, axis, keepdim=True))


# --- kernels ----------------------------------------------------------------------------------------------------
# A run is a row of the matrix of logits, or copied together where the axis is not the last one.


FEW = 16  # classes: up to so many a block is turned, and loops run along its rows; 10 classes take two thirds of the time
SCANNED = 1024  # elements of whole rows at a time: their exponentials are one loop, which vectorises, and stay in the cache


@helper
def rows_at_once(m):
    """How many rows of a matrix of logits make a block."""
    return max(1, SCANNED // m)


@helper
def exponentials(x, e, high, total, n, m):
    """``e = exp(x - high)`` for n rows of m logits, with the largest logit and the sum of each row.

    Up to `FEW` classes lie in ``e`` by columns: m runs of n.
    """
    if m <= FEW:
        _exponentials_by_columns(x, e, high[:n], total[:n], n, m)
        return
    for a in range(n):
        run, part = x[a * m : (a + 1) * m], e[a * m : (a + 1) * m]
        h = largest(run, m)
        high[a] = h
        for j in range(m):
            part[j] = run[j] - h
    for k in range(n * m):
        e[k] = mathfun.exp(e[k])
    for a in range(n):
        total[a] = total_of_run(e[a * m : (a + 1) * m], m)


@helper
def _exponentials_by_columns(x, e, high, total, n, m):
    for j in range(m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            column[k] = x[k * m + j]
    for k in range(n):
        high[k], total[k] = e[k], 0.0
    for j in range(1, m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            high[k] = column[k] if column[k] > high[k] or column[k] != column[k] else high[k]
    for j in range(m):
        column = e[j * n : (j + 1) * n]
        for k in range(n):
            column[k] = mathfun.exp(column[k] - high[k])
            total[k] += column[k]


@helper
def _log_softmax_rows(o, x, e, high, total, n, m):
    for a in range(n):
        high[a] += mathfun.log(total[a])
    for a in range(n):
        run, part, shift = o[a * m : (a + 1) * m], x[a * m : (a + 1) * m], high[a]
        for j in range(m):
            run[j] = part[j] - shift


@helper
def _softmax_rows(o, x, e, high, total, n, m):
    if m <= FEW:
        for j in range(m):
            column = e[j * n : (j + 1) * n]
            for k in range(n):
                o[k * m + j] = column[k] / total[k]
        return
    for a in range(n):
        run, part, t = o[a * m : (a + 1) * m], e[a * m : (a + 1) * m], total[a]
        for j in range(m):
            run[j] = part[j] / t


@helper
def _log_softmax_back(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += s[j]
    for j in range(n):
        o[j] = s[j] - mathfun.exp(y[j]) * total


@helper
def _log_softmax_ahead(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += mathfun.exp(y[j]) * s[j]
    for j in range(n):
        o[j] = s[j] - total


@helper
def _softmax_back(o, y, s, n):
    total = 0.0
    for j in range(n):
        total += y[j] * s[j]
    for j in range(n):
        o[j] = y[j] * (s[j] - total)


def _forward(finish):
    def factory(at):
        def kernel(params, out, seed, y, x0, x1, x2):
            p = i64_at(params, 3)
            outer, n, inner = p[0], p[1], p[2]
            x, o, rows = at(x0, outer * n * inner), at(out, outer * n * inner), rows_at_once(n)
            e, copy, part = np.empty(rows * n, x.dtype), np.empty(n, x.dtype), np.empty(n, x.dtype)
            high, total = np.empty(rows, x.dtype), np.empty(rows, x.dtype)
            for a in range(0, outer, rows if inner == 1 else 1):
                if inner == 1:
                    m = min(rows, outer - a)
                    block = x[a * n : (a + m) * n]
                    exponentials(block, e, high, total, m, n)
                    finish(o[a * n : (a + m) * n], block, e, high, total, m, n)
                    continue
                for k in range(inner):
                    run = run_of(x, copy, a, k, n, inner)
                    exponentials(run, e, high, total, 1, n)
                    finish(part, run, e, high, total, 1, n)
                    for j in range(n):
                        o[(a * n + j) * inner + k] = part[j]

        return kernel

    return factory


def _linear(run, reverse):
    """Kernel of a rule that is linear in its seed and reads the result: ``out += rule(y, seed)``."""

    def factory(at):
        def kernel(params, out, seed, y, x0, x1, x2):
            p = i64_at(params, 3)
            outer, n, inner = p[0], p[1], p[2]
            size = outer * n * inner
            v, s, o = at(y, size), at(seed, size), at(out, size)
            copy, copy_s, part = np.empty(n, v.dtype), np.empty(n, v.dtype), np.empty(n, v.dtype)
            if reverse:  # a tangent kernel finds zeros, and its operand where `fresh` would be
                clear_if(x2, o, 0, size)
            for a in range(outer):
                for k in range(inner):
                    run(part, run_of(v, copy, a, k, n, inner), run_of(s, copy_s, a, k, n, inner), n)
                    for j in range(n):
                        o[(a * n + j) * inner + k] += part[j]

        return kernel

    return factory


for _operation, _run, _back, _ahead in (
    (log_softmax_values, _log_softmax_rows, _log_softmax_back, _log_softmax_ahead),
    (softmax_values, _softmax_rows, _softmax_back, _softmax_back),
):
    _operation.planned(_plan)
    _operation.exampled(along_every_axis)
    _operation.kernel_of("forward")(_forward(_run))
    _operation.kernel_of("reverse")(_linear(_back, True))
    _operation.kernel_of("tangent")(_linear(_ahead, False))


def _as_logits(input, dim, dtype, name):
    x = as_tensor_argument(input, name)
    if dtype is not None or not is_float(x.dtype):
        x = convert(x, get_default_dtype() if dtype is None else dtype)
    return x, one_axis(dim, x.ndim)


@public(operation=softmax_values)
@spellings
def softmax(input, dim=-1, *, dtype=None):
    """exp(x) divided by its sum along an axis."""
    x, axis = _as_logits(input, dim, dtype, "softmax")
    return reshape(softmax(reshape(x, 1), 0), ()) if x.ndim == 0 else softmax_values.apply(x, axis)


@public(operation=log_softmax_values)
@spellings
def log_softmax(input, dim=-1, *, dtype=None):
    """x - logsumexp(x) along an axis."""
    x, axis = _as_logits(input, dim, dtype, "log_softmax")
    return reshape(log_softmax(reshape(x, 1), 0), ()) if x.ndim == 0 else log_softmax_values.apply(x, axis)


# --- cross entropy with labels ------------------------------------------------------------------------------------

ALL_COUNT, SOME_IGNORED = -1, -2  # what looking through labels finds


class Labels:
    """The class of every row of a matrix of logits, and what the row weighs in the loss.

    Copies: kernels read them at the sweep, when the caller's array may long have other contents.

    Parameters
    ----------
    classes : array of integers
        Rows of weight 0 need a class too.
    weights : float or array
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
    def kernel(params, out, seed, y, x0, x1, x2):
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
    def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
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
    def kernel(params, y_dot, x_dot, y, x0, x1, x2):
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
    """The place of a label that is no class; else whether labels are ignored."""
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
