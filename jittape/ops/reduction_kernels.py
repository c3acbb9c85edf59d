"""Kernels of reductions that loss functions use: amax, amin, prod, var, std, logsumexp, 2-norm.

A reduction is three small functions of floats: its value over a run, one auxiliary number for each run (a mean, a count of
ties), and the partial with respect to an element. Reverse and tangent kernels are made of these.
"""

import math

import numpy as np

from .. import mathfun
from ..numba_backend.decorators import helper, reassociated
from ..kernels.loops import clear_if
from ..memory.words import i64_at
from ..numba_backend.pointers import pointer_to_array
from .reduction_rules import amax_values, amin_values, logsumexp_values, norm_values, prod_values, std_values, var_values
from .sums import fold_plan

# --- runs -----------------------------------------------------------------------------------------------------


@reassociated
def sum_of_squares(x, n, shift):
    total = (x[0] - shift) * (x[0] - shift)
    for j in range(1, n):
        d = x[j] - shift
        total += d * d
    return total


@reassociated
def total(x, n):
    total = x[0]
    for j in range(1, n):
        total += x[j]
    return total


@reassociated
def sum_of_differences(x, n, shift):
    total = x[0] - shift
    for j in range(1, n):
        total += x[j] - shift
    return total


@helper
def mean_of(x, n):
    """The mean, exact where all elements are equal, as the derivative of their deviation is not that of rounding errors."""
    return x[0] + sum_of_differences(x, n, x[0]) / n


@reassociated
def sum_of_exponentials(x, n, shift):
    total = mathfun.exp(x[0] - shift)
    for j in range(1, n):
        total += mathfun.exp(x[j] - shift)
    return total


@reassociated
def product(x, n):
    product = x[0]
    for j in range(1, n):
        product *= x[j]
    return product


@helper
def largest(x, n):
    """The largest element, nan if there is one."""
    best, lanes = x[0], n // 4 * 4
    a, b, c, d = best, best, best, best
    for j in range(0, lanes, 4):  # four at a time, as each comparison depends on the one before
        p, q, r, s = x[j], x[j + 1], x[j + 2], x[j + 3]
        a = p if p > a or p != p else a
        b = q if q > b or q != q else b
        c = r if r > c or r != r else c
        d = s if s > d or s != s else d
    for j in range(lanes, n):
        p = x[j]
        a = p if p > a or p != p else a
    if a != a or b != b or c != c or d != d:
        return a + b + c + d
    return max(max(a, b), max(c, d))


@helper
def smallest(x, n):
    """The smallest element, nan if there is one."""
    best, lanes = x[0], n // 4 * 4
    a, b, c, d = best, best, best, best
    for j in range(0, lanes, 4):
        p, q, r, s = x[j], x[j + 1], x[j + 2], x[j + 3]
        a = p if p < a or p != p else a
        b = q if q < b or q != q else b
        c = r if r < c or r != r else c
        d = s if s < d or s != s else d
    for j in range(lanes, n):
        p = x[j]
        a = p if p < a or p != p else a
    if a != a or b != b or c != c or d != d:
        return a + b + c + d
    return min(min(a, b), min(c, d))


@helper
def equal_elements(x, n, y):
    """How many elements equal y; nan equals itself here."""
    count = 0
    for j in range(n):
        v = x[j]
        count += 1 if v == y or (v != v and y != y) else 0
    return float(count)


# --- folds ----------------------------------------------------------------------------------------------------


def _share(v, y, count, n, extra):
    return 1.0 / count if v == y or (v != v and y != y) else 0.0


def _amax(x, n, extra):
    return largest(x, n)


def _amin(x, n, extra):
    return smallest(x, n)


def _ties(x, n, y, extra):
    return equal_elements(x, n, y)


def _prod(x, n, extra):
    return product(x, n)


@helper
def _is_plain_product(y):
    """Whether all factors are finite and not 0, and a quotient is the product of the others."""
    return 1e-290 < abs(y) < math.inf


def _factors(x, n, y, extra):
    """Where quotients do not tell: how many factors are 0, infinite and nan, and the product of the others, as by `frexp`."""
    zeros, infinite, missing, mantissa, exponent = 0, 0, 0, 1.0, 0
    for j in range(0 if _is_plain_product(y) else n):
        v = float(x[j])
        zeros += v == 0.0
        missing += v != v
        infinite += math.isinf(v)
        mantissa, power = math.frexp(mantissa * _finite_factor(v))
        exponent += power
    return zeros, infinite, missing, mantissa, exponent


@helper
def _finite_factor(v):
    """A factor; the sign of an infinite one, and 1 for 0 and nan."""
    return 1.0 if v == 0.0 or v != v else (math.copysign(1.0, v) if math.isinf(v) else v)


def _by_prod(v, y, factors, n, extra):
    """The product of the other factors."""
    if _is_plain_product(y):
        return y / v
    zeros, infinite, missing, mantissa, exponent = factors
    zeros, missing, infinite = zeros - (v == 0.0), missing - (v != v), infinite - math.isinf(v)
    if missing > 0 or (zeros > 0 and infinite > 0):
        return math.nan
    if infinite > 0:
        return math.copysign(math.inf, mantissa * _finite_factor(v))
    own, power = math.frexp(_finite_factor(float(v)))
    return 0.0 if zeros > 0 else math.ldexp(mantissa / own, min(max(exponent - power, -3000), 3000))


def _mean(x, n, y, extra):
    return mean_of(x, n)


@helper
def _degrees(n, correction):
    return float(n - correction) if n > correction else math.nan


def _var(x, n, correction):
    left = n - correction
    squares = sum_of_squares(x, n, mean_of(x, n))
    return squares / left if left > 0 else squares / 0.0


def _std(x, n, correction):
    left, mean = n - correction, mean_of(x, n)
    squares = sum_of_squares(x, n, mean)
    if left <= 0 or _has_all_digits(squares):
        return math.sqrt(squares / left if left > 0 else squares / 0.0)
    return _scaled_root(x, n, mean, squares) / math.sqrt(left)


@helper
def _has_all_digits(squares):
    """Whether a sum of squares has not overflowed, nor, in double precision, a summand that counts underflowed."""
    return 1e-280 < squares < 1e280


@helper
def _scaled_root(x, n, shift, squares):
    """The root of a sum of squares that are out of range, of numbers divided by the largest."""
    high = 0.0
    for j in range(n):
        high = max(high, abs(x[j] - shift))
    if high == 0.0 or math.isinf(high) or squares != squares:
        return math.sqrt(squares)
    scaled = 0.0
    for j in range(n):
        r = (x[j] - shift) / high
        scaled += r * r
    return high * math.sqrt(scaled)


def _by_var(v, y, mean, n, correction):
    return 2.0 * (v - mean) / _degrees(n, correction)


def _by_std(v, y, mean, n, correction):
    return (v - mean) / (_degrees(n, correction) * y) if y != 0.0 else 0.0


def _logsumexp(x, n, extra):
    high = largest(x, n)
    if math.isinf(high) or high != high:
        return high
    return mathfun.log(sum_of_exponentials(x, n, high)) + high


def _scale_of_weights(x, n, y, extra):
    """One over the sum of the weights, which is 1 but for the rounding of a large result: 0.06 at 1e15."""
    return 1.0 / sum_of_exponentials(x, n, y) if 16.0 < abs(y) < math.inf else 1.0


def _softmax(v, y, scale, n, extra):
    return mathfun.exp(v - y) * scale if y != -math.inf else mathfun.exp(v)


def _norm(x, n, extra):
    squares = sum_of_squares(x, n, 0.0)
    return math.sqrt(squares) if _has_all_digits(squares) else _scaled_root(x, n, 0.0, squares)


def _direction(v, y, nothing, n, extra):
    return v / y if y != 0.0 else 0.0


def _nothing(x, n, y, extra):
    return 0.0


# --- kernels ----------------------------------------------------------------------------------------------------


@helper
def run_of(x, copy, a, k, n, inner):
    """Run k of group a: as it lies in memory, or copied to be contiguous."""
    if inner == 1:
        return x[a * n : (a + 1) * n]
    for j in range(n):
        copy[j] = x[(a * n + j) * inner + k]
    return pointer_to_array(copy)


def _add_kernels(operation, value, auxiliary, partial):
    value, auxiliary, partial = helper(value), helper(auxiliary), helper(partial)

    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, x0):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, o = at(x0, outer * n * inner), at(out, outer * inner)
            copy = np.empty(n if inner > 1 else 0, x.dtype)
            for a in range(outer):
                for k in range(inner):
                    o[a * inner + k] = value(run_of(x, copy, a, k, n, inner), n, extra)

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, fresh):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, o = at(x0, outer * n * inner), at(x_bar, outer * n * inner)
            s, v = at(y_bar, outer * inner), at(y, outer * inner)
            copy = np.empty(n if inner > 1 else 0, x.dtype)
            if inner > 1:
                clear_if(fresh, o, 0, outer * n * inner)
            for a in range(outer):
                for k in range(inner):
                    run, seed, result = run_of(x, copy, a, k, n, inner), s[a * inner + k], v[a * inner + k]
                    aux = auxiliary(run, n, result, extra)
                    if inner == 1:
                        _add_partials(fresh, o[a * n : (a + 1) * n], run, seed, result, aux, n, extra)
                    else:
                        for j in range(n):
                            o[(a * n + j) * inner + k] += seed * partial(run[j], result, aux, n, extra)

        @helper
        def _add_partials(fresh, o, run, seed, result, aux, n, extra):
            start = 0
            while start < n:  # block by block, so that cleared memory is still in the cache
                m = min(1024, n - start)
                clear_if(fresh, o, start, m)
                for j in range(start, start + m):
                    o[j] += seed * partial(run[j], result, aux, n, extra)
                start += m

        return kernel

    @operation.kernel_of("tangent")
    def tangent(at):
        def kernel(params, y_dot, x_dot, y, x0):
            p = i64_at(params, 4)
            outer, n, inner, extra = p[0], p[1], p[2], p[3]
            x, s = at(x0, outer * n * inner), at(x_dot, outer * n * inner)
            o, v = at(y_dot, outer * inner), at(y, outer * inner)
            copy = np.empty(n if inner > 1 else 0, x.dtype)
            for a in range(outer):
                for k in range(inner):
                    run, f = run_of(x, copy, a, k, n, inner), a * inner + k
                    aux = auxiliary(run, n, v[f], extra)
                    for j in range(n):
                        o[f] += s[(a * n + j) * inner + k] * partial(run[j], v[f], aux, n, extra)

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
    (amax_values, (_amax, _ties, _share), _plan),
    (amin_values, (_amin, _ties, _share), _plan),
    (prod_values, (_prod, _factors, _by_prod), _plan),
    (var_values, (_var, _mean, _by_var), _plan),
    (std_values, (_std, _mean, _by_std), _plan),
    (logsumexp_values, (_logsumexp, _scale_of_weights, _softmax), _plan),
    (norm_values, (_norm, _nothing, _direction), _norm_plan),
):
    _operation.planned(_how)
    _add_kernels(_operation, *_functions)
