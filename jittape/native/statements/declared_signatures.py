"""Functions declared with signatures (``@njit("f4(f4)")``): Numba converts arguments and results, and so do their copies."""

from numba import types

from ..compat import signatures_of, typing_context
from ..compilation.compile_cached import only_compiled
from ..numbers.number_types import depth_of, in_precision, is_number, stored
from .overload_copies import without_derivatives
from .value_conversions import converts


def declare_like(copy, dispatcher):
    """Note the signatures that a function was declared with, beside its copy."""
    copy.signatures = signatures_of(dispatcher)


def chosen_signature(copy, args):
    """The signature that Numba chooses for some types of arguments; None where a function takes whatever it is given."""
    if not getattr(copy, "signatures", ()):
        return None
    plain = tuple(without_derivatives(types.unliteral(ty)) for ty in args)
    return typing_context().resolve_overload(copy, copy.signatures, plain, {})


def types_of_parameters(copy, args):
    """The types that arguments are converted to, by the names of the parameters, where they have others."""
    chosen = chosen_signature(copy, args)
    if chosen is None:
        return {}
    names = copy.__code__.co_varnames[: copy.__code__.co_argcount]
    return {name: _converted(ty, to) for name, ty, to in zip(names, args, chosen.args) if _converted(ty, to) != ty}


def _converted(ty, to):
    """The type of a number after its conversion; that of anything else is left."""
    if not is_number(ty) or not is_number(to) or depth_of(ty) and not isinstance(to, types.Float):
        return ty
    if not depth_of(ty):
        return to
    converted = in_precision(ty, to)
    return ty if converted == stored(ty) else converted


def _result_in(to):
    """What compiled code calls to convert a result to the type that was declared."""

    def declared(ty):
        return _converted(types.unliteral(ty), to)

    @converts(declared)
    @only_compiled
    def converted(result):
        """A result as a number of the declared type."""

    return converted


CONVERSIONS = {ty: _result_in(ty) for ty in (types.float32, types.float64)}  # Numba has to know them before it compiles


def conversion_of_result(copy, args):
    """What the results of a function are converted by; None where that is nothing."""
    chosen = chosen_signature(copy, args)
    return None if chosen is None else CONVERSIONS.get(chosen.return_type)
