"""Functions that are applied to numbers, with the rule of the operation that each is."""

from typing import NamedTuple

from numba import types

from ...autograd.stop_gradient import stop_gradient
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
    static : int or None
        The second operand, where Numba has a code of its own for that number.
    in_any_order : bool
        It is a step of a sum that NumPy leaves to BLAS, so its order is nobody's.
    """

    function: object
    signature: object
    rule: object
    static: object
    in_any_order: bool = False

    @classmethod
    def of(cls, function, signature, static=None):
        """The function with the rule of its operation, if its result may have derivatives."""
        key = function.typing_key if isinstance(function, types.Function) else function
        rule = RULES.get(key) if is_real(signature.return_type) else None
        if rule is not None:
            kinds = [types.literal(static) if k and isinstance(static, int) else t for k, t in enumerate(signature.args)]
            rule = rule.for_types(kinds)
            arity = rule.operation.arity
            if arity > len(signature.args) or arity < len(signature.args) and not isinstance(static, int):
                rule = None
        return cls(function, signature, rule, static)

    @property
    def is_constant(self):
        """Whether its result is a constant, whatever it is applied to."""
        return getattr(self.function, "typing_key", None) is stop_gradient
