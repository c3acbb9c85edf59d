"""Functions that compiled code calls to give a value another type, or to leave it as it is."""

from numba import types
from numba.extending import lower_builtin

from ..compat import AbstractTemplate, impl_ret_borrowed, infer_global


def cast(context, builder, ty, value, to):
    """Code of a conversion by Numba's own rules."""
    return context.cast(builder, value, ty, to)


def converts(type_of, code=cast):
    """Decorate a function of one value that only compiled code calls: it converts the value.

    Parameters
    ----------
    type_of : function of a type
        The type of the result.
    code : function of (context, builder, type, value, type of the result)
        Makes the code of the conversion; it is not asked where the types are the same.
    """

    def declare(function):
        class Template(AbstractTemplate):
            key = function

            def generic(self, args, kws):
                (ty,) = args
                return type_of(ty)(ty)

        @lower_builtin(function, types.Any)
        def lower(context, builder, signature, args):
            to, (ty,) = signature.return_type, signature.args
            return impl_ret_borrowed(context, builder, to, args[0]) if to == ty else code(context, builder, ty, args[0], to)

        infer_global(function, types.Function(Template))
        return function

    return declare
