"""``scipy.special``: distribution functions and quantiles, which are lines of incomplete gamma and beta functions.

Of Student's distribution SciPy has functions of its own.
"""

from ..numba_backend.decorators import helper
from .arithmetic import sign, sqrt, square
from .domains import Domain
from .round_and_remainder import floor
from .scipy_gamma import (
    SHAPE,
    beta_density,
    betainc,
    betainc_slope_a,
    betaincinv,
    betaln,
    gammainc,
    gammaincc,
    gammainccinv,
    gammaincinv,
)
from .scipy_values import composed, of_scipy
from .transcendental import exp, log1p


@composed
def gdtr(a, b, x):
    """The distribution function of the gamma distribution of shape `b` and rate `a`."""
    return gammainc(b, a * x)


@composed
def gdtrc(a, b, x):
    """The complement of `gdtr`."""
    return gammaincc(b, a * x)


@composed
def gdtrix(a, b, p):
    """The inverse of `gdtr` by `x`."""
    return gammaincinv(b, p) / a


@composed
def chdtr(v, x):
    """The distribution function of the chi-square distribution."""
    return gammainc(0.5 * v, 0.5 * x)


@composed
def chdtrc(v, x):
    """The complement of `chdtr`."""
    return gammaincc(0.5 * v, 0.5 * x)


@composed
def chdtri(v, p):
    """The inverse of `chdtrc` by `x`."""
    return 2.0 * gammainccinv(0.5 * v, p)


@composed
def pdtr(k, m):
    """The distribution function of the Poisson distribution of mean `m`."""
    return gammaincc(floor(k) + 1.0, m)


@composed
def pdtrc(k, m):
    """The complement of `pdtr`."""
    return gammainc(floor(k) + 1.0, m)


@composed
def fdtr(dfn, dfd, x):
    """The distribution function of the F distribution."""
    return betainc(0.5 * dfn, 0.5 * dfd, dfn * x / (dfd + dfn * x))


@composed
def fdtrc(dfn, dfd, x):
    """The complement of `fdtr`."""
    return betainc(0.5 * dfd, 0.5 * dfn, dfd / (dfd + dfn * x))


@composed
def fdtri(dfn, dfd, p):
    """The inverse of `fdtr` by `x`."""
    part = betaincinv(0.5 * dfn, 0.5 * dfd, p)
    return dfd * part / (dfn * (1.0 - part))


@composed
def bdtr(k, n, p):
    """The distribution function of the binomial distribution, below `n`."""
    k = floor(k)
    return betainc(n - k, k + 1.0, 1.0 - p)


@composed
def bdtrc(k, n, p):
    """The complement of `bdtr`."""
    k = floor(k)
    return betainc(k + 1.0, n - k, p)


@composed
def nbdtr(k, n, p):
    """The distribution function of the negative binomial distribution."""
    return betainc(n, floor(k) + 1.0, p)


@composed
def nbdtrc(k, n, p):
    """The complement of `nbdtr`."""
    return betainc(floor(k) + 1.0, n, 1.0 - p)


@helper
def student_density(df, t):
    """The density of Student's distribution."""
    return exp(-0.5 * (df + 1.0) * log1p(square(t) / df) - betaln(0.5 * df, 0.5)) / sqrt(df)


@helper
def student_by_df(df, t):
    """The derivative of Student's distribution function by `df`."""
    total = df + square(t)
    part = df / total
    by_part = beta_density(0.5 * df, 0.5, part) * square(t) / (total * total)
    return -0.5 * sign(t) * (0.5 * betainc_slope_a(0.5 * df, 0.5, part) + by_part)


@of_scipy(SHAPE, Domain(-3.0, 3.0, kinks=(0.0,)))
def stdtr(df, t, result):
    """The distribution function of Student's distribution."""
    return student_by_df(df, t), student_density(df, t)


def stdtr_by_t(df, t, result):
    return (student_density(df, t),)


stdtr.operation.alone[1] = stdtr_by_t


@of_scipy(SHAPE, Domain(0.55, 0.95))
def stdtrit(df, p, result):
    """The inverse of `stdtr` by `t`."""
    slope = 1.0 / student_density(df, result)
    return -student_by_df(df, result) * slope, slope
