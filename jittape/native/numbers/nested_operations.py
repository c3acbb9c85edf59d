"""Operations on numbers whose derivatives nest deeply, as functions that are called.

An operation on a number of n nested derivatives does several operations on numbers of n - 1. Copied into one another, as is best
for one and two derivatives, those of four are some hundred floating-point operations for a product, and LLVM's time grows faster
than their number: the fourth derivative of ``sin(x) * x * x + exp(x)`` took 5.3 s to compile, the fifth more than 280. Functions
that call each other are compiled once for every depth.
"""

from numba.extending import intrinsic

from ..compat import if_unlikely
from ..compilation.compile_cached import compiled_inside
from ...numba_backend.fingerprint import fingerprint
from .number_types import compile_for, depth_of

DEEP = 3  # nested derivatives from which on operations are called


def is_deep(ty):
    """Whether operations on numbers of a type are called."""
    return depth_of(ty) >= DEEP


def separate(rule, typer):
    """The compiled function of an operation: of one, two or three numbers."""

    @intrinsic
    def applied(typingctx, operands):
        def codegen(context, builder, signature, args):
            kinds = operands.types
            values = [builder.extract_value(args[0], k) for k in range(len(kinds))]
            return rule.written_out(context, builder, typer(typingctx, kinds)(*kinds), values)

        return typer(typingctx, operands.types)(operands), codegen

    def of_one(x):
        return applied((x,))

    def of_two(x, z):
        return applied((x, z))

    def of_three(x, z, t):
        return applied((x, z, t))

    operation = rule.operation
    made_of = [fingerprint(f) for f in (operation.body, operation.partials)]
    return compiled_inside((of_one, of_two, of_three)[operation.arity - 1], f"{operation.name} {made_of}")


def call_separately(context, builder, dispatcher, argument_types, args):
    """Generate a call of a compiled function, which LLVM does not copy to that place; an exception is passed on to the caller."""
    found = compile_for(dispatcher, argument_types)
    context.add_linking_libs([found.library])
    function, signature = context.declare_function(builder.module, found.fndesc), found.signature
    status, result = context.call_conv.call_function(
        builder, function, signature.return_type, signature.args, args, attrs=("noinline",)
    )
    with if_unlikely(builder, status.is_error):
        context.call_conv.return_status_propagate(builder, status)
    return result
