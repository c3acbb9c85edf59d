"""Where something flows through operations that are linear in each operand: products of matrices, and Einstein's sums.

The rule of an operand multiplies a seed by the other operands and adds up. A structural zero of the seed adds nothing, also
where it meets a factor that is not finite; everything else is the rule's own arithmetic.
"""

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .operation_table import masked, raw


def multilinear_flow(rule, k, seed, flow, y, operands, statics):
    """An adjoint, or the term of a tangent, of operand k, and where it flows.

    Parameters
    ----------
    rule : callable
        The pullback or pushforward of an operation, with the parameters k, seed, y, operands and statics.
    flow : array of bools
        Where the seed flows.
    """

    def by_rule(seed, factors):
        return rule(k, seed, y, factors, statics)

    others = [j for j, x in enumerate(operands) if j != k and isinstance(x, Tensor)]
    ones = [wrap(np.ones(tuple(x.shape), x.dtype)) if j in others else x for j, x in enumerate(operands)]
    open_seed = wrap(flow.astype(seed.dtype))
    reached, part = raw(by_rule(open_seed, ones)) != 0, by_rule(seed, operands)
    finite = {j: np.isfinite(raw(operands[j])) for j in others}
    if not all(f.all() for f in finite.values()):
        meets = np.zeros(reached.shape, bool)
        for j in others:
            factors = list(ones)
            factors[j] = wrap((~finite[j]).astype(seed.dtype))
            meets |= raw(by_rule(open_seed, factors)) != 0
        safe = [masked(x, finite[j]) if j in others else x for j, x in enumerate(operands)]
        part = masked(part, meets, by_rule(seed, safe))
    reached = None if reached.all() else reached
    return masked(part, reached), reached
