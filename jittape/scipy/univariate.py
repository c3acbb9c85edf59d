"""What distributions of one number have in common: arguments, location and scale, and what holds outside of the support."""

import functools
import math

import numpy as np

from ..ops.choosing import where
from ..ops.moved_elements import plain
from ..ops.round_and_remainder import floor
from ..ops.transcendental import exp, expm1, log, log1p
from ..tensors.tensor import Tensor
from .following import holds_tensors


def both(first, second):
    """Two conditions together, each of which may be the constant True."""
    if first is True or second is True:
        return second if first is True else first
    return first & second


def positive(*values):
    """Whether all values are positive."""
    found = True
    for value in values:
        found = both(found, value > 0.0 if isinstance(value, (Tensor, np.ndarray)) else bool(value > 0.0))
    return found


def log_of(scale):
    """The logarithm of a scale, which stays a number where it is one."""
    if isinstance(scale, (Tensor, np.ndarray)):
        return log(scale)
    return math.log(scale) if scale > 0.0 else math.nan


def where_valid(valid, value):
    """A value where the parameters are those of a distribution, nan elsewhere."""
    return value if valid is True else where(valid, value, math.nan)


class Frozen:
    """A distribution with its parameters: methods that follow derivatives are those of the distribution, the others SciPy's.

    Parameters
    ----------
    distribution : Univariate or Multivariate
    args, kwargs : tuple, dict
        The parameters.
    """

    def __init__(self, distribution, args, kwargs):
        self.dist, self.args, self.kwds = distribution, args, kwargs

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        if name not in self.dist.followed:
            return getattr(self.dist.theirs(*self.args, **self.kwds), name)
        found = getattr(self.dist, name)
        if name == "entropy":
            return functools.partial(found, *self.args, **self.kwds)
        return lambda x: found(x, *self.args, **self.kwds)


class Univariate:
    """A distribution with the methods of one of SciPy's, for Tensors and Arrays; other numbers go to SciPy's.

    A subclass says what a standard distribution is, of location 0 and scale 1.

    Parameters
    ----------
    theirs : scipy.stats.rv_continuous or scipy.stats.rv_discrete
    """

    shapes = ()  # names of the shape parameters
    parameters = ("loc",)  # those that follow
    defaults = {"loc": 0.0, "scale": 1.0}

    def __init__(self, theirs):
        self.theirs, self.name, self.__doc__ = theirs, theirs.name, theirs.__doc__

    followed = frozenset("logpdf pdf logpmf pmf cdf logcdf sf logsf ppf".split())

    def __repr__(self):
        return f"<distribution {self.name}>"

    def __call__(self, *args, **kwargs):
        return Frozen(self, args, kwargs)

    def __getattr__(self, name):
        """What follows no derivatives is SciPy's own, which refuses numbers that are differentiated."""
        if name.startswith("__") or name == "theirs":
            raise AttributeError(name)
        return getattr(self.theirs, name)

    def arguments(self, method, args, kwargs):
        """The shape parameters, location and scale of a call."""
        names = (*self.shapes, *self.parameters)
        given = dict(zip(names, args)) | kwargs
        missing, unknown = [n for n in self.shapes if n not in given], [n for n in given if n not in names]
        if missing or unknown or len(args) > len(names):
            raise TypeError(
                f"{self.name}.{method}: got {len(args)} arguments after the first and the keywords {sorted(kwargs)}, expected "
                f"{', '.join(names)}, the last {len(self.parameters)} of them optional"
            )
        values = [given.get(name, self.defaults.get(name)) for name in names]
        return [np.asarray(v) if isinstance(v, (list, tuple)) else v for v in values]

    def allowed(self, *shapes):
        """Where the shape parameters are those of a distribution."""
        return positive(*shapes)

    def support(self, *shapes):
        """Between which numbers the standard distribution has its values."""
        return self.low, self.high

    low, high = -math.inf, math.inf
    interior = 1.0  # a number inside the support, which stands for those outside


def method(function):
    """Decorate a method of Tensors: with other numbers it is that of SciPy's distribution."""

    def call(self, x, *args, **kwargs):
        if not holds_tensors((x, *args, *kwargs.values())):
            return getattr(self.theirs, function.__name__)(x, *args, **kwargs)
        x = np.asarray(x) if isinstance(x, (list, tuple)) else x
        return function(self, x, *self.arguments(function.__name__, args, kwargs))

    call.__name__, call.__doc__ = function.__name__, function.__doc__
    call.__qualname__ = f"Univariate.{function.__name__}"
    return call


def within(z, low, high):
    """Where a number is inside a support, True if everything is."""
    above = True if _is(low, -math.inf) else z >= low
    return both(above, True if _is(high, math.inf) else z <= high)


def _is(bound, value):
    return isinstance(bound, float) and bound == value


class Continuous(Univariate):
    """A distribution with a density."""

    parameters = ("loc", "scale")

    def standard(self, x, shapes, loc, scale):
        """The standard number, a number inside the support in its place, where it is inside, and where parameters are valid."""
        z = (x - loc) / scale
        inside = within(z, *self.support(*shapes))
        return z, z if inside is True else where(inside, z, self.interior), inside, both(self.allowed(*shapes), positive(scale))

    def placed(self, z, inside, valid, value, below, above, shapes):
        """A value where it holds, constants below and above the support, nan where nothing is valid."""
        if inside is not True:
            high = self.support(*shapes)[1]
            outside = below if _is(high, math.inf) else where(z > high, above, below)
            value = where(inside, value, where(z == z, outside, math.nan))
        return where_valid(valid, value)

    @method
    def logpdf(self, x, *parameters):
        """Logarithm of the density, -inf outside of the support."""
        *shapes, loc, scale = parameters
        z, safe, inside, valid = self.standard(x, shapes, loc, scale)
        value = self.log_density(safe, *shapes) - log_of(scale)
        return self.placed(z, inside, valid, value, -math.inf, -math.inf, shapes)

    def pdf(self, x, *args, **kwargs):
        """The density."""
        value = self.logpdf(x, *args, **kwargs)
        return exp(value) if isinstance(value, Tensor) else self.theirs.pdf(x, *args, **kwargs)

    @method
    def cdf(self, x, *parameters):
        """The distribution function."""
        *shapes, loc, scale = parameters
        z, safe, inside, valid = self.standard(x, shapes, loc, scale)
        return self.placed(z, inside, valid, self.distribution(safe, *shapes), 0.0, 1.0, shapes)

    @method
    def sf(self, x, *parameters):
        """The survival function, 1 - cdf."""
        *shapes, loc, scale = parameters
        z, safe, inside, valid = self.standard(x, shapes, loc, scale)
        return self.placed(z, inside, valid, self.survival(safe, *shapes), 1.0, 0.0, shapes)

    @method
    def logcdf(self, x, *parameters):
        """Logarithm of the distribution function."""
        *shapes, loc, scale = parameters
        z, safe, inside, valid = self.standard(x, shapes, loc, scale)
        return self.placed(z, inside, valid, self.log_distribution(safe, *shapes), -math.inf, 0.0, shapes)

    @method
    def logsf(self, x, *parameters):
        """Logarithm of the survival function."""
        *shapes, loc, scale = parameters
        z, safe, inside, valid = self.standard(x, shapes, loc, scale)
        return self.placed(z, inside, valid, self.log_survival(safe, *shapes), 0.0, -math.inf, shapes)

    @method
    def ppf(self, q, *parameters):
        """The quantile function, the inverse of cdf; nan outside of [0, 1]."""
        *shapes, loc, scale = parameters
        inside = (q >= 0.0) & (q <= 1.0)
        value = self.quantile(where(inside, q, 0.5), *shapes) * scale + loc
        return where_valid(both(inside, both(self.allowed(*shapes), positive(scale))), value)

    def log_distribution(self, z, *shapes):
        """Logarithm of the standard distribution function."""
        return log(self.distribution(z, *shapes))

    def log_survival(self, z, *shapes):
        """Logarithm of the standard survival function."""
        return log(self.survival(z, *shapes))


class Discrete(Univariate):
    """A distribution on integers: a function of real numbers of its parameters, and a constant of its variable."""

    def standard(self, k, shapes, loc):
        """The standard integer, one inside the support in its place, where it is inside, and where parameters are valid."""
        k = k - loc
        inside = within(k, *self.support(*shapes))
        return k, where(inside, k, self.interior), inside, self.allowed(*shapes)

    @method
    def logpmf(self, k, *parameters):
        """Logarithm of the probability, -inf for what is no integer of the support."""
        *shapes, loc = parameters
        k, safe, inside, valid = self.standard(k, shapes, loc)
        value = where(inside & (k == floor(k)), self.log_probability(floor(safe), *shapes), where(k == k, -math.inf, math.nan))
        return where_valid(valid, value)

    def pmf(self, k, *args, **kwargs):
        """The probability."""
        value = self.logpmf(k, *args, **kwargs)
        return exp(value) if isinstance(value, Tensor) else self.theirs.pmf(k, *args, **kwargs)

    @method
    def cdf(self, k, *parameters):
        """The distribution function."""
        return self.cumulated(k, parameters, self.distribution, 0.0, 1.0)

    @method
    def sf(self, k, *parameters):
        """The survival function, 1 - cdf."""
        return self.cumulated(k, parameters, self.survival, 1.0, 0.0)

    def cumulated(self, k, parameters, function, below, above):
        """A function of the integer below a number, constant outside of the support."""
        *shapes, loc = parameters
        k, safe, inside, valid = self.standard(k, shapes, loc)
        low, high = self.support(*shapes)
        last = False if _is(high, math.inf) else k >= high
        value = where(inside, function(floor(safe), *shapes), where(k == k, where(k < low, below, above), math.nan))
        return where_valid(valid, value if last is False else where(last, above, value))

    @method
    def logcdf(self, k, *parameters):
        """Logarithm of the distribution function."""
        return log(self.cumulated(k, parameters, self.distribution, 0.0, 1.0))

    @method
    def logsf(self, k, *parameters):
        """Logarithm of the survival function."""
        return log(self.cumulated(k, parameters, self.survival, 1.0, 0.0))

    @method
    def ppf(self, q, *parameters):
        """The smallest integer up to which a probability lies; constant but for jumps, so nothing flows."""
        return self.between_jumps("ppf", q, *parameters)

    @method
    def isf(self, q, *parameters):
        """The smallest integer beyond which no more than a probability lies; constant but for jumps, so nothing flows."""
        return self.between_jumps("isf", q, *parameters)

    def between_jumps(self, name, *operands):
        """SciPy's values of a function that is constant between its jumps, as what the derivative 0 is known of."""
        value = getattr(self.theirs, name)(*map(plain, operands))
        return functools.reduce(lambda found, x: found + 0.0 * x, [x for x in operands if isinstance(x, Tensor)], value)


def complement(value):
    """``log(1 - exp(value))``."""
    near = value > -0.7  # log(2): nearer to 0 the exponential has rounded away what counts
    return where(near, log(-expm1(where(near, value, -1.0))), log1p(-exp(where(near, -1.0, value))))
