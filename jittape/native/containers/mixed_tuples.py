"""Tuples whose members differ in what is differentiated: named ones that meet after a branch, and ones indexed at run time.

In the user's function ``P(x, 1.0)`` and ``P(2.0, y)`` have one type. In a copy the first has a derivative in its first member and
the other one in its second; Numba joins anonymous tuples member by member, but no named ones.
"""

import builtins
import operator

from numba import types
from numba.extending import lower_builtin, lower_cast, overload, register_model

from ..compat import (
    AbstractTemplate,
    AttributeTemplate,
    Conversion,
    OpaqueModel,
    TupleModel,
    impl_ret_borrowed,
    infer,
    infer_getattr,
    infer_global,
    item_of_tuple,
    iterator_of_tuple,
    make_callable_template,
    pysignature,
    signature,
    typing_context,
    unpack_tuple,
)
from ..numbers.number_types import Differential, is_number, stored
from ..numbers.predicates import primal_type


class JoiningTuple(types.NamedTuple):
    """The type of a named tuple that joins others of its class, member by member."""

    def unify(self, typingctx, other):
        if not isinstance(other, types.BaseNamedTuple) or other.instance_class is not self.instance_class:
            return None
        members = [typingctx.unify_pairs(one, another) for one, another in zip(self.types, other.types)]
        return None if None in members else JoiningTuple(members, self.instance_class)

    def can_convert_to(self, typingctx, other):
        if not isinstance(other, types.BaseNamedTuple) or other.instance_class is not self.instance_class:
            return None
        found = [typingctx.can_convert(one, another) for one, another in zip(self.types, other.types)]
        return None if None in found else max(found, default=Conversion.safe)


register_model(JoiningTuple)(TupleModel)


@lower_cast(types.BaseNamedTuple, types.BaseNamedTuple)
def _cast_members(context, builder, fr, to, value):
    members = unpack_tuple(builder, value, len(fr))
    return context.make_tuple(builder, to, [context.cast(builder, v, f, t) for v, f, t in zip(members, fr.types, to.types)])


class JoiningTupleClass(types.NamedTupleClass):
    """The type of a class of named tuples in a copy."""


register_model(JoiningTupleClass)(OpaqueModel)


@lower_builtin(JoiningTupleClass, types.VarArg(types.Any))
def _make(context, builder, sig, args):
    members = [context.cast(builder, v, f, t) for v, f, t in zip(args, sig.args, sig.return_type.types)]
    return impl_ret_borrowed(context, builder, sig.return_type, context.make_tuple(builder, sig.return_type, members))


@infer_getattr
class _JoiningTupleClassAttribute(AttributeTemplate):
    key = JoiningTupleClass

    def resolve___call__(self, of):
        made = of.instance_class

        def typer(*args, **kws):
            return JoiningTuple([stored(types.unliteral(ty)) for ty in typer.pysig.bind(*args, **kws).args], made)

        typer.pysig = pysignature(made)
        return types.Function(make_callable_template(self.key, typer))


@infer_getattr
class _JoiningTupleAttribute(AttributeTemplate):
    key = JoiningTuple

    def resolve___class__(self, ty):
        return JoiningTupleClass(ty.instance_class)


# --- members of one kind ------------------------------------------------------------------------------------------------------


def homogeneous(typingctx, ty):
    """The type of a tuple of numbers that the user's function has as one of equal members; None for others."""
    if not isinstance(ty, types.BaseTuple) or isinstance(ty, (types.UniTuple, types.NamedUniTuple)):
        return None
    if not all(map(is_number, ty.types)) or not any(isinstance(member, Differential) for member in ty.types):
        return None
    if len({primal_type(member) for member in ty.types}) > 1:
        return None
    member = typingctx.unify_types(*[stored(types.unliteral(member)) for member in ty.types])
    return None if member is None else types.UniTuple(member, len(ty.types))


@infer_global(operator.getitem)
class _TupleItem(AbstractTemplate):
    def generic(self, args, kws):
        to = homogeneous(self.context, args[0])
        if to is None or not isinstance(args[1], types.Integer):
            return None
        return signature(to.dtype, args[0], types.intp)


@lower_builtin(operator.getitem, types.Tuple, types.intp)
@lower_builtin(operator.getitem, types.NamedTuple, types.intp)
def _item(context, builder, sig, args):
    to, members = _as_homogeneous(context, builder, sig.args[0], args[0])
    return item_of_tuple(context, builder, sig.return_type(to, types.intp), (members, args[1]))


@infer
class _TupleIterator(AbstractTemplate):
    key = "getiter"

    def generic(self, args, kws):
        to = homogeneous(self.context, args[0])
        return None if to is None else signature(types.UniTupleIter(to), args[0])


@lower_builtin("getiter", types.Tuple)
@lower_builtin("getiter", types.NamedTuple)
def _iterator(context, builder, sig, args):
    to, members = _as_homogeneous(context, builder, sig.args[0], args[0])
    return iterator_of_tuple(context, builder, sig.return_type(to), (members,))


def _declare_extremum(function):
    @overload(function)
    def of_members(members):
        if homogeneous(typing_context(), members) is None:
            return None

        def found(members):
            best = members[0]
            for member in members:
                best = function(best, member)
            return best

        return found


_declare_extremum(builtins.max)
_declare_extremum(builtins.min)


def _as_homogeneous(context, builder, ty, value):
    to = homogeneous(context.typing_context, ty)
    members = unpack_tuple(builder, value, len(ty.types))
    return to, context.make_tuple(builder, to, [context.cast(builder, v, f, to.dtype) for v, f in zip(members, ty.types)])
