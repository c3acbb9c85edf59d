"""Derivatives of the logarithm of the gamma function, by series; scalar code, as their range reductions are loops."""

import math

import numpy as np

from .bits import elementary

# B_2k / (2k)! for k from 1, the coefficients of the Euler-Maclaurin formula; LARGE terms are summed before it is applied
BERNOULLI = (
    0.08333333333333333,
    -0.001388888888888889,
    3.306878306878307e-05,
    -8.267195767195767e-07,
    2.08767569878681e-08,
    -5.284190138687493e-10,
    1.3382536530684679e-11,
    -3.3896802963225826e-13,
    8.586062056277845e-15,
    -2.174868698558062e-16,
)
LARGE = 12.0
TERMS = 12
MOST = 170.0


@elementary
def hurwitz_zeta(s, x):
    """The sum of ``(x + k)**-s`` over k = 0, 1, ..., for s > 1 and x > 0."""
    total, far = 0.0, x
    for _ in range(TERMS):  # counted: LLVM leaves out a loop that ends where nobody uses its result
        if far >= LARGE:
            break
        total += math.pow(far, -s)
        far += 1.0
    power = math.pow(far, -s)
    total += math.pow(far, 1.0 - s) / (s - 1.0) + 0.5 * power
    factor, k = power * s / far, 0.0
    for coefficient in BERNOULLI:
        total += coefficient * factor
        factor *= (s + k + 1.0) * (s + k + 2.0) / (far * far)
        k += 2.0
    return total


@elementary
def of_order(n, value, slope, bend, twist, u):
    """``(d + u)**n`` of a function with these derivatives, for n = 1 to 3: the derivative of its product with ``exp(u * s)``."""
    if n == 1.0:
        return slope + u * value
    if n == 2.0:
        return bend + 2.0 * u * slope + u * u * value
    return twist + 3.0 * u * bend + 3.0 * u * u * slope + u * u * u * value


@elementary
def hurwitz_zeta_slope(n, s, x):
    """The derivative of order n = 1, 2 or 3 of the Hurwitz zeta function by s, for s >= 0, s != 1, and x > 0: term by term."""
    total, far = 0.0, x
    for _ in range(TERMS):
        if far >= LARGE:
            break
        total += of_order(n, 1.0, 0.0, 0.0, 0.0, -math.log(far)) * math.pow(far, -s)
        far += 1.0
    u, r = -math.log(far), 1.0 / (s - 1.0)
    power = math.pow(far, -s)
    total += power * far * of_order(n, r, -r * r, 2.0 * r * r * r, -6.0 * r * r * r * r, u)
    total += 0.5 * power * of_order(n, 1.0, 0.0, 0.0, 0.0, u)
    value, slope, bend, twist, k = s, 1.0, 0.0, 0.0, 0.0  # of the product s (s + 1) ... and its derivatives
    factor = power / far
    for coefficient in BERNOULLI:
        total += coefficient * factor * of_order(n, value, slope, bend, twist, u)
        for step in range(1, 3):
            a = s + k + step
            twist = twist * a + 3.0 * bend
            bend = bend * a + 2.0 * slope
            slope = slope * a + value
            value = value * a
        factor /= far * far
        k += 2.0
    return total


@elementary
def positive_digamma(x):
    """The digamma function of x > 0."""
    total, far = 0.0, x
    for _ in range(2):
        above, below = 0.0, 1.0  # six terms as one quotient: divisions take longer than all else
        for _ in range(6):
            if far < LARGE:
                above = above * far + below
                below *= far
                far += 1.0
        total += above / below
    u = 1.0 / (far * far)
    # B_2k / 2k for k = 1 to 7
    series = u * (1 / 12 - u * (1 / 120 - u * (1 / 252 - u * (1 / 240 - u * (1 / 132 - u * (691 / 32760 - u / 12))))))
    return math.log(far) - total - 0.5 / far - series


@elementary
def positive_trigamma(x):
    """The trigamma function of x > 0."""
    total, far = 0.0, x
    for _ in range(2):
        above, below = 0.0, 1.0
        for _ in range(6):
            if far < LARGE:
                square = far * far
                above = above * square + below
                below *= square
                far += 1.0
        total += above / below
    u = 1.0 / (far * far)
    # B_2k for k = 1 to 8
    series = 1 / 6 - u * (1 / 30 - u * (1 / 42 - u * (1 / 30 - u * (5 / 66 - u * (691 / 2730 - u * (7 / 6 - u * 3617 / 510))))))
    return total + (1.0 + 0.5 / far + u * series) / far


@elementary
def digamma(x):
    """The derivative of ``log(abs(gamma(x)))``; nan at its poles 0, -1, -2, ..., of which 0 keeps its sign: -inf at 0.0."""
    if x > 0.0:
        return positive_digamma(x) if x < math.inf else math.inf
    if x == 0.0:
        return -math.copysign(math.inf, x)
    fraction = x - np.floor(x)
    if fraction == 0.0 or x != x or x == -math.inf:
        return math.nan
    turned = fraction - 1.0 if fraction > 0.5 else fraction  # pi times it has no rounding error beyond its own
    return positive_digamma(1.0 - x) - math.pi / math.tan(math.pi * turned)


@elementary
def polygamma(n, x):
    """The derivative of order n of `digamma`, for n = 0, 1, ..., 170, whose factorials are in range; nan for other n."""
    if n == 0.0:
        return digamma(x)
    if not 0.0 < n <= MOST or n != np.floor(n) or x != x:
        return math.nan
    if n == 1.0 and 0.0 < x < math.inf:
        return positive_trigamma(x)
    odd = n != 2.0 * np.floor(0.5 * n)
    sign = 1.0 if odd else -1.0
    size = sign if n == 1.0 else sign * math.gamma(n + 1.0)  # a call of C is made even where nobody uses its result
    if x == math.inf:
        return sign * 0.0
    if x > 0.0:
        return size * hurwitz_zeta(n + 1.0, x)
    if x == -math.inf or x == np.floor(x):
        return math.inf if odd and x != -math.inf else math.nan
    # the sum over all integers k of (x + k)**-(n + 1) depends on the fraction only; those with k < 0 are taken off again
    fraction = x - np.floor(x)
    all_terms = hurwitz_zeta(n + 1.0, fraction) + sign * hurwitz_zeta(n + 1.0, 1.0 - fraction)
    return size * (all_terms - sign * hurwitz_zeta(n + 1.0, 1.0 - x))
