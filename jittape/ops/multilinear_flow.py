"""Where something flows through operations that are linear in each operand: products of matrices, and Einstein's sums.

The rule of an operand multiplies a seed by the other operands and adds up. A structural zero of the seed adds nothing, also
where it meets a factor that is not finite; everything else is the rule's own arithmetic.
"""

import numpy as np

from ..tensors.tensor import Tensor, wrap
from .flow_masks import as_numbers, in_either, is_recorded, where_not_zero
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
    open_seed = as_numbers(flow, seed.dtype)
    reached, part = where_not_zero(by_rule(open_seed, ones)), by_rule(seed, operands)
    finite = {j: _where_finite(operands[j]) for j in others}
    if any(is_recorded(f) or not f.all() for f in finite.values()):
        meets = np.zeros(tuple(reached.shape), bool)
        for j in others:
            factors = list(ones)
            factors[j] = as_numbers(~finite[j], seed.dtype)
            meets = in_either(where_not_zero(by_rule(open_seed, factors)), meets)
        safe = [masked(x, finite[j]) if j in others else x for j, x in enumerate(operands)]
        part = masked(part, meets, by_rule(seed, safe))
    reached = None if not is_recorded(reached) and reached.all() else reached
    return masked(part, reached), reached


def _where_finite(x):
    return x.isfinite() if is_recorded(x) else np.isfinite(raw(x))
