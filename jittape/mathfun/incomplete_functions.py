"""Derivatives of the logarithms of incomplete gamma and beta functions by their parameters; scalar code, as they are loops.

A series or continued fraction is summed together with the coefficients of its Taylor series in the parameter (Moore 1982 for
the gamma function, Boik and Robison-Cox 1998 for the beta function). The value is a product of a power, whose derivatives are
written down, and of such a sum; so what is computed here are the derivatives relative to the value.
"""

import math

from .bits import elementary
from .polygamma import digamma, polygamma

MOST_TERMS = 200_000
PRECISION = 1e-17
BIG = 1e150  # from there on numerators and denominators are scaled down


@elementary
def lower_gamma_by_parameter(a, x):
    """First and second derivative of P(a, x) by `a`, divided by P: by the power series."""
    t0, t1, t2 = 1.0, 0.0, 0.0
    s0, s1, s2 = 1.0, 0.0, 0.0
    n = 0.0
    while n < MOST_TERMS:
        n += 1.0
        r = 1.0 / (a + n)
        t2 = x * r * (t2 - r * t1 + r * r * t0)
        t1 = x * r * (t1 - r * t0)
        t0 = x * r * t0
        s0, s1, s2 = s0 + t0, s1 + t1, s2 + t2
        if t2 <= PRECISION * s2 and -t1 <= -PRECISION * s1 and x < a + n:
            break
    u = math.log(x) - digamma(a + 1.0)
    first, second = s1 / s0, 2.0 * s2 / s0
    return u + first, second + 2.0 * u * first + u * u - polygamma(1.0, a + 1.0)


@elementary
def upper_gamma_by_parameter(a, x):
    """First and second derivative of Q(a, x) by `a`, divided by Q: by Legendre's continued fraction."""
    y, z, c = 1.0 - a, x + 2.0 - a, 0.0
    p0, p1, p2, q0, q1, q2 = x + 1.0, 0.0, 0.0, z * x, -x, 0.0
    o0, o1, o2, w0, w1, w2 = 1.0, 0.0, 0.0, x, 0.0, 0.0  # those before
    r0 = p0 / q0
    r1 = (p1 - r0 * q1) / q0
    r2 = (p2 - r0 * q2 - r1 * q1) / q0
    while c < MOST_TERMS:
        c, y, z = c + 1.0, y + 1.0, z + 2.0
        yc = y * c
        o2, p2 = p2, p2 * z - p1 - o2 * yc + o1 * c
        o1, p1 = p1, p1 * z - p0 - o1 * yc + o0 * c
        o0, p0 = p0, p0 * z - o0 * yc
        w2, q2 = q2, q2 * z - q1 - w2 * yc + w1 * c
        w1, q1 = q1, q1 * z - q0 - w1 * yc + w0 * c
        w0, q0 = q0, q0 * z - w0 * yc
        before0, before1, before2 = r0, r1, r2
        r0 = p0 / q0
        r1 = (p1 - r0 * q1) / q0
        r2 = (p2 - r0 * q2 - r1 * q1) / q0
        if abs(q0) > BIG:
            o0, o1, o2, p0, p1, p2 = o0 / BIG, o1 / BIG, o2 / BIG, p0 / BIG, p1 / BIG, p2 / BIG
            w0, w1, w2, q0, q1, q2 = w0 / BIG, w1 / BIG, w2 / BIG, q0 / BIG, q1 / BIG, q2 / BIG
        near = abs(r0 - before0) <= 1e-16 * abs(r0) and abs(r1 - before1) <= 1e-15 * abs(r1)
        if near and abs(r2 - before2) <= 1e-14 * abs(r2):
            break
    u = math.log(x) - digamma(a)
    first, second = r1 / r0, 2.0 * r2 / r0
    return u + first, second + 2.0 * u * first + u * u - polygamma(1.0, a)


@elementary
def beta_by_parameters(a, b, x):
    """The derivatives of I_x(a, b) by `a` and by `b`, divided by I, for x below (a + 1) / (a + b + 2)."""
    p, p_a, p_b, q, q_a, q_b = 1.0, 0.0, 0.0, 1.0, 0.0, 0.0
    o, o_a, o_b, w, w_a, w_b = 0.0, 0.0, 0.0, 1.0, 0.0, 0.0  # those before
    r, r_a, r_b = 1.0, 0.0, 0.0
    n = 0
    while n < MOST_TERMS:
        n += 1
        m = n // 2
        if n % 2 == 0:
            scale = m * x / ((a + n - 1.0) * (a + n))
            d = scale * (b - m)
            d_a, d_b = -d * (1.0 / (a + n - 1.0) + 1.0 / (a + n)), scale
        else:
            d = -(a + m) * (a + b + m) * x / ((a + n - 1.0) * (a + n))
            d_b = d / (a + b + m)
            d_a = d_b + d * (1.0 / (a + m) - 1.0 / (a + n - 1.0) - 1.0 / (a + n))
        o_a, p_a = p_a, p_a + d * o_a + d_a * o
        o_b, p_b = p_b, p_b + d * o_b + d_b * o
        o, p = p, p + d * o
        w_a, q_a = q_a, q_a + d * w_a + d_a * w
        w_b, q_b = q_b, q_b + d * w_b + d_b * w
        w, q = q, q + d * w
        before, before_a, before_b = r, r_a, r_b
        r = p / q
        r_a, r_b = (p_a - r * q_a) / q, (p_b - r * q_b) / q
        if abs(q) > BIG:
            o, o_a, o_b, p, p_a, p_b = o / BIG, o_a / BIG, o_b / BIG, p / BIG, p_a / BIG, p_b / BIG
            w, w_a, w_b, q, q_a, q_b = w / BIG, w_a / BIG, w_b / BIG, q / BIG, q_a / BIG, q_b / BIG
        if n > 2 and abs(r - before) <= 1e-16 * abs(r) and abs(r_a - before_a) + abs(r_b - before_b) <= 1e-16 * abs(r):
            break
    both = digamma(a + b)
    by_a = math.log(x) - 1.0 / a - digamma(a) + both + r_a / r
    return by_a, math.log1p(-x) - digamma(b) + both + r_b / r
