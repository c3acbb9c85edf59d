"""Mathematics on floats, for kernels and for compiled user code.  No knowledge of tapes."""

import math

from numba.extending import register_jitable


@register_jitable
def rint(x):
    """The nearest integer, ties to even; exact for every float."""
    big = 4503599627370496.0  # 2**52: from here on every float is an integer
    if not math.fabs(x) < big:
        return x
    return math.copysign((math.fabs(x) + big) - big, x)


@register_jitable
def exp(x):
    return math.exp(x)


@register_jitable
def exp2(x):
    return math.pow(2.0, x)


@register_jitable
def expm1(x):
    return math.expm1(x)


@register_jitable
def log(x):
    return math.log(x)


@register_jitable
def log1p(x):
    return math.log1p(x)


@register_jitable
def log2(x):
    return math.log2(x)


@register_jitable
def log10(x):
    return math.log10(x)


@register_jitable
def sin(x):
    return math.sin(x)


@register_jitable
def cos(x):
    return math.cos(x)


@register_jitable
def tanh(x):
    return math.tanh(x)


@register_jitable
def sigmoid(x):
    return 1.0 / (1.0 + math.exp(-x))
