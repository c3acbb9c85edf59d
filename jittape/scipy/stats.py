"""Distributions of ``scipy.stats``, with derivatives by their variables and parameters.

Of Tensors and Arrays `logpdf`, `pdf`, `logpmf`, `pmf`, `cdf`, `logcdf`, `sf`, `logsf` and `ppf` follow derivatives; of other
numbers they are SciPy's. Outside of the support the logarithm of a density is -inf, and its gradient zero.
"""

import scipy.stats as _theirs

from . import continuous_distributions as _continuous
from . import discrete_distributions as _discrete
from . import multivariate_distributions as _multivariate

norm = _continuous.Normal(_theirs.norm)
t = _continuous.Student(_theirs.t)
cauchy = _continuous.Cauchy(_theirs.cauchy)
laplace = _continuous.Laplace(_theirs.laplace)
logistic = _continuous.Logistic(_theirs.logistic)
gamma = _continuous.Gamma(_theirs.gamma)
invgamma = _continuous.InverseGamma(_theirs.invgamma)
beta = _continuous.Beta(_theirs.beta)
chi2 = _continuous.ChiSquare(_theirs.chi2)
f = _continuous.FisherF(_theirs.f)
expon = _continuous.Exponential(_theirs.expon)
weibull_min = _continuous.Weibull(_theirs.weibull_min)
lognorm = _continuous.LogNormal(_theirs.lognorm)
uniform = _continuous.Uniform(_theirs.uniform)
truncnorm = _continuous.TruncatedNormal(_theirs.truncnorm)
vonmises = _continuous.VonMises(_theirs.vonmises)
pareto = _continuous.Pareto(_theirs.pareto)

poisson = _discrete.Poisson(_theirs.poisson)
binom = _discrete.Binomial(_theirs.binom)
nbinom = _discrete.NegativeBinomial(_theirs.nbinom)
geom = _discrete.Geometric(_theirs.geom)
bernoulli = _discrete.Bernoulli(_theirs.bernoulli)

multivariate_normal = _multivariate.Multivariate(
    _theirs.multivariate_normal,
    logpdf=_multivariate.normal_logpdf,
    pdf=_multivariate.normal_pdf,
    entropy=_multivariate.normal_entropy,
)
multivariate_t = _multivariate.Multivariate(
    _theirs.multivariate_t, logpdf=_multivariate.student_logpdf, pdf=_multivariate.student_pdf
)
dirichlet = _multivariate.Multivariate(_theirs.dirichlet, logpdf=_multivariate.dirichlet_logpdf, pdf=_multivariate.dirichlet_pdf)
multinomial = _multivariate.Multivariate(
    _theirs.multinomial, logpmf=_multivariate.multinomial_logpmf, pmf=_multivariate.multinomial_pmf
)
wishart = _multivariate.Multivariate(_theirs.wishart, logpdf=_multivariate.wishart_logpdf, pdf=_multivariate.wishart_pdf)

__all__ = [
    "bernoulli",
    "beta",
    "binom",
    "cauchy",
    "chi2",
    "dirichlet",
    "expon",
    "f",
    "gamma",
    "geom",
    "invgamma",
    "laplace",
    "logistic",
    "lognorm",
    "multinomial",
    "multivariate_normal",
    "multivariate_t",
    "nbinom",
    "norm",
    "pareto",
    "poisson",
    "t",
    "truncnorm",
    "uniform",
    "vonmises",
    "weibull_min",
    "wishart",
]


def __dir__():
    return __all__


def __getattr__(name):
    """What is not listed is SciPy's own."""
    return getattr(_theirs, name)
