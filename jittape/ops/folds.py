"""Kernels of the folds that loss functions are made of: amax, amin, var, std, logsumexp, 2-norm.

A fold is three small functions of floats: its value over a run, one auxiliary number a run (a mean, a
count of ties), and the partial of an element.  Reverse and tangent kernels follow from them.
"""

import math

from numba.extending import register_jitable

from .. import mathfun
from ..jit import compiled
from ..memory import i64_at
from .reductions import amax_values, amin_values, fold_plan, logsumexp_values, norm_values, std_values, var_values

# --- runs: loops that vectorise -----------------------------------------------------------------------------


def _sum_of_squares(x, first, step, n, shift):
    total = (x[first] - shift) * (x[first] - shift)
    for j in range(1, n):
        d = x[first + j * step] - shift
        total += d * d
    return total


def _total(x, first, step, n):
    total = x[first]
    for j in range(1, n):
        total += x[first + j * step]
    return total


def _sum_of_exponentials(x, first, step, n, shift):
    total = mathfun.exp(x[first] - shift)
    for j in range(1, n):
        total += mathfun.exp(x[first + j * step] - shift)
    return total


sum_of_squares = compiled(_sum_of_squares, reassociate=True)
total = compiled(_total, reassociate=True)
sum_of_exponentials = compiled(_sum_of_exponentials, reassociate=True)


@register_jitable
def _missing(x, first, step, n):
    """How many elements are nan."""
    count = 0
    for j in range(n):
        v = x[first + j * step]
        count += 1 if v != v else 0
    return count


@register_jitable
def largest(x, first, step, n):
    """The largest element, nan if there is one."""
    best = x[first]
    for j in range(1, n):
        v = x[first + j * step]
        best = v if v > best else best
    return best if _missing(x, first, step, n) == 0 else math.nan


@register_jitable
def smallest(x, first, step, n):
    """The smallest element, nan if there is one."""
    best = x[first]
    for j in range(1, n):
        v = x[first + j * step]
        best = v if v < best else best
    return best if _missing(x, first, step, n) == 0 else math.nan


@register_jitable
def equal_elements(x, first, step, n, y):
    """How many elements are y, nan being itself here."""
    count = 0
    for j in range(n):
        v = x[first + j * step]
        count += 1 if v == y or (v != v and y != y) else 0
    return float(count)


# --- folds ----------------------------------------------------------------------------------------------------


def _share(v, y, count, n, extra):
    return 1.0 / count if v == y or (v != v and y != y) else 0.0


def _amax(x, first, step, n, extra):
    return largest(x, first, step, n)


def _amin(x, first, step, n, extra):
    return smallest(x, first, step, n)


def _ties(x, first, step, n, y, extra):
    return equal_elements(x, first, step, n, y)


def _mean(x, first, step, n, y, extra):
    return total(x, first, step, n) / n


@register_jitable
def _degrees(n, correction):
    return float(n - correction) if n > correction else math.nan


def _var(x, first, step, n, correction):
    left = n - correction
    squares = sum_of_squares(x, first, step, n, total(x, first, step, n) / n)
    return squares / left if left > 0 else squares / 0.0


def _std(x, first, step, n, correction):
    left = n - correction
    squares = sum_of_squares(x, first, step, n, total(x, first, step, n) / n)
    return math.sqrt(squares / left if left > 0 else squares / 0.0)


def _by_var(v, y, mean, n, correction):
    return 2.0 * (v - mean) / _degrees(n, correction)


def _by_std(v, y, mean, n, correction):
    return (v - mean) / (_degrees(n, correction) * y) if y != 0.0 else 0.0


def _logsumexp(x, first, step, n, extra):
    high = largest(x, first, step, n)
    if math.isinf(high) or high != high:
        return high
    return mathfun.log(sum_of_exponentials(x, first, step, n, high)) + high


def _softmax(v, y, nothing, n, extra):
    return mathfun.exp(v - y) if y != -math.inf else mathfun.exp(v)


def _norm(x, first, step, n, extra):
    squares = sum_of_squares(x, first, step, n, 0.0)
    if 1e-280 < squares < 1e280:
        return math.sqrt(squares)
    high = 0.0  # the squares overflow or vanish: scale by the largest
    for j in range(n):
        high = max(high, abs(x[first + j * step]))
    if high == 0.0 or math.isinf(high) or squares != squares:
        return math.sqrt(squares)
    scaled = 0.0
    for j in range(n):
        r = x[first + j * step] / high
        scaled += r * r
    return high * math.sqrt(scaled)


def _direction(v, y, nothing, n, extra):
    return v / y if y != 0.0 else 0.0


def _nothing(x, first, step, n, y, extra):
    return 0.0


# --- kernels ----------------------------------------------------------------------------------------------------


def _add_kernels(operation, value, auxiliary, partial):
    value, auxiliary, partial = register_jitable(value), register_jitable(auxiliary), register_jitable(partial)

    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, seed, y, x0, x1, x2):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, o = at(x0, outer * n * inner), at(out, outer * inner)
            for a in range(outer):
                if inner == 1:
                    o[a] = value(x, a * n, 1, n, extra)
                else:
                    for k in range(inner):
                        o[a * inner + k] = value(x, a * n * inner + k, inner, n, extra)

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, x1, x2):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, o = at(x0, outer * n * inner), at(x_bar, outer * n * inner)
            s, v = at(y_bar, outer * inner), at(y, outer * inner)
            for a in range(outer):
                if inner == 1:
                    aux = auxiliary(x, a * n, 1, n, v[a], extra)
                    for j in range(n):
                        o[a * n + j] += s[a] * partial(x[a * n + j], v[a], aux, n, extra)
                else:
                    for k in range(inner):
                        first, f = a * n * inner + k, a * inner + k
                        aux = auxiliary(x, first, inner, n, v[f], extra)
                        for j in range(n):
                            o[first + j * inner] += s[f] * partial(x[first + j * inner], v[f], aux, n, extra)

        return kernel

    @operation.kernel_of("tangent")
    def tangent(at):
        def kernel(params, y_dot, x_dot, y, x0, x1, x2):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, s = at(x0, outer * n * inner), at(x_dot, outer * n * inner)
            o, v = at(y_dot, outer * inner), at(y, outer * inner)
            for f in range(outer * inner):
                first = f // inner * n * inner + f % inner
                aux = auxiliary(x, first, inner, n, v[f], extra)
                for j in range(n):
                    o[f] += s[first + j * inner] * partial(x[first + j * inner], v[f], aux, n, extra)

        return kernel


def _plan(layouts, axes, keepdim, *statics):
    """As for sums, with one more integer; nothing is folded by Python's body."""
    plan = fold_plan(layouts, axes, keepdim)
    if plan is None or plan[1][1] == 0:
        return None
    extra = statics[0] if statics else 0
    if extra != int(extra):
        return None
    return plan[0], (*plan[1][:3], int(extra), 0, 0)


def _norm_plan(layouts, axes, keepdim, p):
    return _plan(layouts, axes, keepdim) if p == 2 else None


for _operation, _functions, _how in (
    (amax_values, (_amax, _ties, _share), _plan), (amin_values, (_amin, _ties, _share), _plan),
    (var_values, (_var, _mean, _by_var), _plan), (std_values, (_std, _mean, _by_std), _plan),
    (logsumexp_values, (_logsumexp, _nothing, _softmax), _plan), (norm_values, (_norm, _nothing, _direction), _norm_plan),
):
    _operation.planned(_how)
    _add_kernels(_operation, *_functions)
