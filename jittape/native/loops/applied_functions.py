"""Functions that are applied to numbers, with the rule of the operation that each is."""

import functools
from typing import NamedTuple

from numba import types

from ...autograd.stop_gradient import stop_gradient
from ...kernels.kernel_table import USES_RESULT
from ...ops.powers import POWERS, pow
from ..numbers.operation_rules import RULES
from .block_values import is_real


class Applied(NamedTuple):
    """A function that is applied to numbers.

    Attributes
    ----------
    function : Type or callable
        What Numba's code calls.
    signature : Signature
        With which types.
    rule : DifferentialRule or None
        Of the operation of the table that it is.
    in_any_order : bool
        It is a step of a sum that NumPy leaves to BLAS, so its order is nobody's.
    """

    function: object
    signature: object
    rule: object
    in_any_order: bool = False

    @classmethod
    def of(cls, function, signature, operands=()):
        """The function with the rule of its operation, if its result may have derivatives.

        The rule of a power with a constant exponent is that of the power alone: it takes no logarithm, and no second power.
        """
        key = function.typing_key if isinstance(function, types.Function) else function
        rule = RULES.get(key) if is_real(signature.return_type) else None
        if rule is not None and rule.operation.arity != len(signature.args):
            rule = None
        if rule is not None and rule.operation is pow.operation and operands and operands[1].kind == "constant":
            rule = _powers().get(float(operands[1].what), rule)
        return cls(function, signature, rule)

    @property
    def is_constant(self):
        """Whether its result is a constant, whatever it is applied to."""
        return getattr(self.function, "typing_key", None) is stop_gradient


@functools.cache
def _powers():
    """The rules of single powers, by exponent, where partials need not the power itself, which may take long."""
    own = {exponent: RULES[power.operation.function] for exponent, power in POWERS.items()}
    return {exponent: rule for exponent, rule in own.items() if not any(uses & USES_RESULT for uses in rule.operation.uses)}
