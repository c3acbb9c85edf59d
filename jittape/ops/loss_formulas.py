"""What predictions are compared with targets by: elementwise, and folded into one row."""


from .. import mathfun
from .domains import Domain
from .arithmetic import abs as abs_, sign, where
from .fused_reductions import Folded
from .declare_elementwise import elementwise
from .transcendental import log, log1p, sigmoid

PROBABILITY = Domain(0.05, 0.95)
LOWEST_LOG = -100.0  # of a probability: the loss of a certain and wrong prediction stays finite, as in PyTorch
LEAST_VARIANCE = 1e-12


@elementwise(methods=False)
def mse_loss(x, y):
    """The square of the difference."""
    return (x - y) * (x - y)


@mse_loss.partials
def mse_partials(x, y, result):
    d = 2.0 * (x - y)
    return d, -d


@elementwise(methods=False)
def l1_loss(x, y):
    """The distance; its derivative at 0 is 0."""
    return abs(x - y)


@l1_loss.partials
def l1_partials(x, y, result):
    s = sign(x - y)
    return s, -s


@elementwise(methods=False)
def huber_loss(x, y, delta):
    """Half the square of the difference up to `delta`, from there on a line."""
    d = abs(x - y)
    return 0.5 * d * d if d <= delta else delta * (d - 0.5 * delta)


@huber_loss.partials
def huber_partials(x, y, delta, result):
    d, far = x - y, abs_(x - y)
    slope = where(far <= delta, d, delta * sign(d))
    return slope, -slope, where(far <= delta, 0.0, far - delta)


@elementwise(grad_name="BinaryCrossEntropyWithLogitsBackward0", domain=PROBABILITY, methods=False)
def bce_with_logits(z, y):
    """-log of the probability of an outcome, y that of a 1, from the logit of the predicted one."""
    return (1.0 - y) * z + mathfun.softplus(-z)


@bce_with_logits.partials
def bce_with_logits_partials(z, y, result):
    return (1.0 - y) - sigmoid(-z), -z  # in this form exact where the prediction is certain and right


@elementwise(grad_name="BinaryCrossEntropyBackward0", domain=PROBABILITY, methods=False)
def bce(p, y):
    """-log of the probability of an outcome, y that of a 1; logarithms are at least -100."""
    yes, no = mathfun.log(p), mathfun.log1p(-p)
    yes = LOWEST_LOG if yes < LOWEST_LOG else yes
    no = LOWEST_LOG if no < LOWEST_LOG else no
    return -(y * yes + (1.0 - y) * no)


@bce.partials
def bce_partials(p, y, result):
    variance = p * (1.0 - p)
    variance = where(variance < LEAST_VARIANCE, LEAST_VARIANCE, variance)
    yes, no = log(p), log1p(-p)
    return (p - y) / variance, where(no < LOWEST_LOG, LOWEST_LOG, no) - where(yes < LOWEST_LOG, LOWEST_LOG, yes)


mse_folded, l1_folded, huber_folded, bce_with_logits_folded, bce_folded = (
    Folded(function.operation) for function in (mse_loss, l1_loss, huber_loss, bce_with_logits, bce)
)

