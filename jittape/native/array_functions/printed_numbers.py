"""``print`` of differential numbers and arrays in compiled code: their primal values."""

from numba import types
from numba.extending import lower_builtin

from ..numbers.array_types import DifferentialArray, array_of
from ..numbers.number_types import Differential, call_function
from ..numbers.predicates import primal, primal_type
from .passive_results import primals


def _printed(context, builder, ty, value):
    implementation = context.get_function("print_item", types.none(ty))
    return implementation(builder, [value])


@lower_builtin("print_item", Differential)
def _print_number(context, builder, signature, args):
    return _printed(context, builder, *primal(context, builder, signature.args[0], args[0]))


@lower_builtin("print_item", DifferentialArray)
def _print_array(context, builder, signature, args):
    (kind,) = signature.args
    plain = array_of(primal_type(kind.dtype), kind.ndim)
    return _printed(context, builder, plain, call_function(context, builder, primals, (kind,), args, plain))
