"""What predictions are compared with targets by: elementwise, and folded into one row."""

import math

import numpy as np

from .. import mathfun
from .domains import Domain, PROBABILITY, REAL, where_equal
from .arithmetic import abs as abs_, sign
from .choosing import where
from .fused_reductions import Folded
from .declare_elementwise import elementwise
from .transcendental import log, log1p, sigmoid

LOWEST_LOG = -100.0  # of a probability: the loss of a certain and wrong prediction stays finite, as in PyTorch
LEAST_VARIANCE = 1e-12


@elementwise(public=False, oracle=lambda x, y: np.square(x - y))
def mse_loss(x, y):
    """The square of the difference."""
    return (x - y) * (x - y)


@mse_loss.partials
def mse_partials(x, y, result):
    d = 2.0 * (x - y)
    return d, -d


@elementwise(
    public=False,
    oracle=lambda x, y: np.abs(x - y),
    kinks=where_equal,
    special_points=[((1.0, 1.0), 0.0, (0.0, 0.0), (0.0,) * 3), ((math.nan, 1.0), math.nan, (0.0, 0.0), (0.0,) * 3)],
)
def l1_loss(x, y):
    """The distance; its derivative at 0 is 0."""
    return abs(x - y)


@l1_loss.partials
def l1_partials(x, y, result):
    s = where(x > y, 1.0, where(x < y, -1.0, 0.0))
    return s, -s


def _huber_kinks(x, y, delta):
    return np.subtract(x, y), np.abs(np.subtract(x, y)) - delta


def _huber_by_numpy(x, y, delta):
    d = np.abs(x - y)
    return np.where(d < delta, 0.5 * np.square(d), delta * (d - 0.5 * delta))


@elementwise(
    public=False,
    domain=(REAL, REAL, Domain(0.6, 0.8)),
    kinks=_huber_kinks,
    oracle=_huber_by_numpy,
    special_points=[
        ((2.0, 0.0, 2.0), 2.0, (2.0, -2.0, 0.0), (0.0, 0.0, 1.0, 0.0, -1.0, -1.0)),
        ((1.0, 1.0, 0.0), 0.0, (0.0, 0.0, 0.0), (0.0, 0.0, 0.0, 0.0, 0.0, -1.0)),
    ],
)
def huber_loss(x, y, delta):
    """Half the square of the difference up to `delta`, from there on a line."""
    d = abs(x - y)
    return 0.5 * d * d if d < delta else delta * (d - 0.5 * delta)


@huber_loss.partials
def huber_partials(x, y, delta, result):
    d, far = x - y, abs_(x - y)
    slope = where(far < delta, d, delta * sign(d))
    return slope, -slope, where(far < delta, 0.0, far - delta)


@elementwise(
    public=False,
    grad_name="BinaryCrossEntropyWithLogitsBackward0",
    domain=PROBABILITY,
    oracle=lambda z, y: (1.0 - y) * z + np.logaddexp(0.0, -z),
)
def bce_with_logits(z, y):
    """-log of the probability of an outcome, y that of a 1, from the logit of the predicted one."""
    return (1.0 - y) * z + mathfun.softplus(-z)


@bce_with_logits.partials
def bce_with_logits_partials(z, y, result):
    return (1.0 - y) - sigmoid(-z), -z  # in this form exact where the prediction is certain and right


def _bce_by_numpy(p, y):
    yes, no = np.log(p), np.log1p(-p)
    return -(y * np.where(yes < LOWEST_LOG, LOWEST_LOG, yes) + (1.0 - y) * np.where(no < LOWEST_LOG, LOWEST_LOG, no))


@elementwise(public=False, grad_name="BinaryCrossEntropyBackward0", domain=PROBABILITY, oracle=_bce_by_numpy)
def bce(p, y):
    """-log of the probability of an outcome, y that of a 1; logarithms are at least -100."""
    yes, no = mathfun.log(p), mathfun.log1p(-p)
    yes = LOWEST_LOG if yes < LOWEST_LOG else yes
    no = LOWEST_LOG if no < LOWEST_LOG else no
    return -(y * yes + (1.0 - y) * no)


@bce.partials
def bce_partials(p, y, result):
    yes, no = log(p), log1p(-p)
    return bce_by_probability(p, y), where(no < LOWEST_LOG, LOWEST_LOG, no) - where(yes < LOWEST_LOG, LOWEST_LOG, yes)


@elementwise(public=False, domain=PROBABILITY, oracle=lambda p, y: (p - y) / np.maximum(p * (1.0 - p), LEAST_VARIANCE))
def bce_by_probability(p, y):
    """The derivative of `bce` by the probability, which stays finite for certain and wrong predictions, as in PyTorch."""
    variance = p * (1.0 - p)
    return (p - y) / (LEAST_VARIANCE if variance < LEAST_VARIANCE else variance)


@bce_by_probability.partials
def bce_by_probability_partials(p, y, result):
    variance = p * (1.0 - p)
    variance = where(variance < LEAST_VARIANCE, LEAST_VARIANCE, variance)
    return (y + p * (p - 2.0 * y)) / (variance * variance), -1.0 / variance


mse_folded, l1_folded, huber_folded, bce_with_logits_folded, bce_folded = (
    Folded(function.operation) for function in (mse_loss, l1_loss, huber_loss, bce_with_logits, bce)
)
