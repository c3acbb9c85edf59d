"""``scipy.special``: orthogonal polynomials, with derivatives by argument, and hypergeometric functions.

The derivative of a family is a multiple of a neighbouring family of one degree less; of degree 0 it is 0.
"""

from ..numba_backend.decorators import helper
from .choosing import where
from .domains import Domain, POSITIVE, REAL, UNIT
from ..numba_backend.c_symbols import FLOAT, INTEGER
from .scipy_values import UNKNOWN, of_scipy

DEGREE = Domain(0.0, 4.0, values=(0.0, 1.0, 2.0, 3.0, 4.0))
REAL_DEGREE = Domain(0.0, 4.0, values=(0.0, 1.0, 2.0, 2.5, 4.0))
SHIFTED = Domain(0.05, 0.95)


@helper
def lower(n):
    """The degree below, 0 for 0."""
    return where(n == 0.0, 0.0, n - 1.0)


@helper
def unless_constant(n, slope):
    """A derivative, 0 for degree 0."""
    return where(n == 0.0, 0.0, slope)


@of_scipy(REAL_DEGREE, POSITIVE, UNIT, without="n alpha")
def eval_gegenbauer(n, alpha, x, result):
    """The Gegenbauer polynomial."""
    return UNKNOWN, UNKNOWN, unless_constant(n, 2.0 * alpha * eval_gegenbauer(lower(n), alpha + 1.0, x))


@of_scipy(REAL_DEGREE, UNIT, without="n")
def eval_legendre(n, x, result):
    """The Legendre polynomial."""
    return UNKNOWN, unless_constant(n, eval_gegenbauer(lower(n), 1.5, x))


@of_scipy(REAL_DEGREE, UNIT, without="n")
def eval_chebyt(n, x, result):
    """The Chebyshev polynomial of the first kind."""
    return UNKNOWN, unless_constant(n, n * eval_chebyu(lower(n), x))


@of_scipy(REAL_DEGREE, UNIT, without="n")
def eval_chebyu(n, x, result):
    """The Chebyshev polynomial of the second kind."""
    return UNKNOWN, unless_constant(n, 2.0 * eval_gegenbauer(lower(n), 2.0, x))


@of_scipy(REAL_DEGREE, Domain(-1.9, 1.9), without="n")
def eval_chebyc(n, x, result):
    """The Chebyshev polynomial of the first kind on [-2, 2]."""
    return UNKNOWN, unless_constant(n, n * eval_chebys(lower(n), x))


@of_scipy(REAL_DEGREE, Domain(-1.9, 1.9), without="n")
def eval_chebys(n, x, result):
    """The Chebyshev polynomial of the second kind on [-2, 2]."""
    return UNKNOWN, unless_constant(n, eval_gegenbauer(lower(n), 2.0, 0.5 * x))


@of_scipy(REAL_DEGREE, SHIFTED, without="n")
def eval_sh_legendre(n, x, result):
    """The Legendre polynomial on [0, 1]."""
    return UNKNOWN, unless_constant(n, 2.0 * eval_gegenbauer(lower(n), 1.5, 2.0 * x - 1.0))


@of_scipy(REAL_DEGREE, SHIFTED, without="n")
def eval_sh_chebyt(n, x, result):
    """The Chebyshev polynomial of the first kind on [0, 1]."""
    return UNKNOWN, unless_constant(n, 2.0 * n * eval_sh_chebyu(lower(n), x))


@of_scipy(REAL_DEGREE, SHIFTED, without="n")
def eval_sh_chebyu(n, x, result):
    """The Chebyshev polynomial of the second kind on [0, 1]."""
    return UNKNOWN, unless_constant(n, 4.0 * eval_gegenbauer(lower(n), 2.0, 2.0 * x - 1.0))


@of_scipy(REAL_DEGREE, POSITIVE, POSITIVE, without="n alpha")
def eval_genlaguerre(n, alpha, x, result):
    """The generalized Laguerre polynomial."""
    return UNKNOWN, UNKNOWN, unless_constant(n, -eval_genlaguerre(lower(n), alpha + 1.0, x))


@of_scipy(REAL_DEGREE, POSITIVE, without="n")
def eval_laguerre(n, x, result):
    """The Laguerre polynomial."""
    return UNKNOWN, unless_constant(n, -eval_genlaguerre(lower(n), 1.0, x))


@of_scipy(DEGREE, REAL, kinds=INTEGER + FLOAT, without="n")
def eval_hermite(n, x, result):
    """The Hermite polynomial of the physicists."""
    return UNKNOWN, 2.0 * n * eval_hermite(lower(n), x)


@of_scipy(DEGREE, REAL, kinds=INTEGER + FLOAT, without="n")
def eval_hermitenorm(n, x, result):
    """The Hermite polynomial of the statisticians."""
    return UNKNOWN, n * eval_hermitenorm(lower(n), x)


@of_scipy(Domain(0.0, 2.0, values=(0.0, 1.0, 2.0)), DEGREE, UNIT, without="m v")
def lpmv(m, v, x, result):
    """The associated Legendre function, with a derivative by its argument."""
    return UNKNOWN, UNKNOWN, (v * x * result - (v + m) * lpmv(m, v - 1.0, x)) / (x * x - 1.0)


@of_scipy(POSITIVE, REAL, without="v")
def hyp0f1(v, z, result):
    """The confluent hypergeometric limit function, with a derivative by its argument."""
    return UNKNOWN, hyp0f1(v + 1.0, z) / v


@of_scipy(POSITIVE, Domain(2.2, 3.0), POSITIVE, without="a b")
def hyperu(a, b, x, result):
    """Tricomi's confluent hypergeometric function, with a derivative by its argument."""
    return UNKNOWN, UNKNOWN, -a * hyperu(a + 1.0, b + 1.0, x)
