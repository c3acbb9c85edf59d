"""Derivatives of the logarithms of incomplete gamma and beta functions by their parameters; scalar code, as they are loops.

A series or continued fraction is summed together with the coefficients of its Taylor series in the parameter (Moore 1982 for
the gamma function, Boik and Robison-Cox 1998 for the beta function). The value is a product of a power, whose derivatives are
written down, and of such a sum; so what is computed here are the derivatives relative to the value.

The loops are counted, so that LLVM sees that they end, and leaves out those whose result nobody uses: the partials of an
operation are one function, of which a kernel takes one number.
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
    for n in range(1, MOST_TERMS):
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
    z = x + 2.0 - a
    p0, p1, p2, q0, q1, q2 = x + 1.0, 0.0, 0.0, z * x, -x, 0.0
    o0, o1, o2, w0, w1, w2 = 1.0, 0.0, 0.0, x, 0.0, 0.0  # those before
    r0 = p0 / q0
    r1 = (p1 - r0 * q1) / q0
    r2 = (p2 - r0 * q2 - r1 * q1) / q0
    for k in range(1, MOST_TERMS):
        c, y, z = float(k), k + (1.0 - a), x + 2.0 - a + 2.0 * k
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
def _next(d, old, older):
    """A step of the recurrence ``f = f + d * f_before``, with its derivatives by two parameters; all of them as six numbers."""
    v, v_a, v_b, v_aa, v_ab, v_bb = old
    w, w_a, w_b, w_aa, w_ab, w_bb = older
    d, d_a, d_b, d_aa, d_ab = d
    by_aa = v_aa + d * w_aa + 2.0 * d_a * w_a + d_aa * w
    by_ab = v_ab + d * w_ab + d_a * w_b + d_b * w_a + d_ab * w
    by_bb = v_bb + d * w_bb + 2.0 * d_b * w_b
    return v + d * w, v_a + d * w_a + d_a * w, v_b + d * w_b + d_b * w, by_aa, by_ab, by_bb


@elementary
def _quotient(p, q):
    """A quotient with its derivatives by two parameters."""
    v, v_a, v_b, v_aa, v_ab, v_bb = p
    w, w_a, w_b, w_aa, w_ab, w_bb = q
    r = v / w
    r_a, r_b = (v_a - r * w_a) / w, (v_b - r * w_b) / w
    by_aa = (v_aa - 2.0 * r_a * w_a - r * w_aa) / w
    by_ab = (v_ab - r_a * w_b - r_b * w_a - r * w_ab) / w
    return r, r_a, r_b, by_aa, by_ab, (v_bb - 2.0 * r_b * w_b - r * w_bb) / w


@elementary
def _scaled(p):
    return p[0] / BIG, p[1] / BIG, p[2] / BIG, p[3] / BIG, p[4] / BIG, p[5] / BIG


@elementary
def _coefficient(n, a, b, x):
    """Coefficient n of the continued fraction, and its derivatives by `a`, `b`, `aa`, `ab`; it is linear in `b`."""
    m, u, v = n // 2, 1.0 / (a + n - 1.0), 1.0 / (a + n)
    if n % 2 == 0:
        scale, slope = m * x * u * v, -u - v
        d = scale * (b - m)
        return d, d * slope, scale, d * (slope * slope + u * u + v * v), scale * slope
    s, t = 1.0 / (a + m), 1.0 / (a + b + m)
    d, slope = -(a + m) * (a + b + m) * x * u * v, s + t - u - v
    return d, d * slope, d * t, d * (slope * slope - s * s - t * t + u * u + v * v), d * t * (slope - t)


@elementary
def beta_by_parameters(a, b, x):
    """The derivatives of I_x(a, b) by `a`, `b`, `aa`, `ab`, `bb`, divided by I, for x below (a + 1) / (a + b + 2)."""
    p, q = (1.0, 0.0, 0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)
    o, w = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.0, 0.0, 0.0)  # those before
    r = p
    for n in range(1, MOST_TERMS):
        d = _coefficient(n, a, b, x)
        o, p = p, _next(d, p, o)
        w, q = q, _next(d, q, w)
        before, r = r, _quotient(p, q)
        if abs(q[0]) > BIG:
            o, p, w, q = _scaled(o), _scaled(p), _scaled(w), _scaled(q)
        first = abs(r[1] - before[1]) + abs(r[2] - before[2])
        second = abs(r[3] - before[3]) + abs(r[4] - before[4]) + abs(r[5] - before[5])
        if n > 2 and abs(r[0] - before[0]) + first + second <= 1e-16 * abs(r[0]):
            break
    v, r_a, r_b = r[0], r[1] / r[0], r[2] / r[0]
    both, curve = digamma(a + b), polygamma(1.0, a + b)
    w_a, w_b = math.log(x) - 1.0 / a - digamma(a) + both, math.log1p(-x) - digamma(b) + both
    by_aa = 1.0 / (a * a) - polygamma(1.0, a) + curve + w_a * w_a + 2.0 * w_a * r_a + r[3] / v
    by_ab = curve + w_a * w_b + w_a * r_b + w_b * r_a + r[4] / v
    by_bb = -polygamma(1.0, b) + curve + w_b * w_b + 2.0 * w_b * r_b + r[5] / v
    return w_a + r_a, w_b + r_b, by_aa, by_ab, by_bb
