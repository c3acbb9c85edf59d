"""The type that a value has in a copy, for every type that holds floats.

Numba's containers hold elements of any type that has a representation, so those of differential numbers are Numba's own, with
another element type. Where a user's function names the type (``typed.Dict.empty(types.int64, types.float64)``, the fields of a
class), the copy sees the type that this module makes of it.
"""

import functools
import types as python_types

from numba import types

from ..compilation.definitions import current, is_jitclass, methods_of
from ..numbers.array_types import array_of, is_differential
from ..numbers.complex_numbers import recorded_number
from ..statements.function_copies import TypeStandIn, copies_for, substitute_instances
from .mixed_tuples import JoiningTuple, JoiningTupleClass


def recorded_type(ty, kind):
    """The type of what holds numbers with derivatives, where the user's function has one that holds floats.

    Parameters
    ----------
    ty : Type
        Numba's type of a value.
    kind : Active or Dual
        The number type of the copy.

    Returns
    -------
    Type
        `ty` itself if it holds no floats.
    """

    def inner(member):
        return recorded_type(member, kind)

    if isinstance(ty, (types.Float, types.Complex)):
        return recorded_number(kind, ty)
    if type(ty) is types.Array:
        element = inner(ty.dtype)
        return ty if element == ty.dtype else array_of(element, ty.ndim, ty.layout)
    if isinstance(ty, types.ListType):
        return types.ListType(inner(ty.item_type))
    if isinstance(ty, types.DictType):
        return types.DictType(ty.key_type, inner(ty.value_type))
    if isinstance(ty, types.List):
        return types.List(inner(ty.dtype), ty.reflected)
    if isinstance(ty, types.Optional):
        return types.Optional(inner(ty.type))
    if isinstance(ty, types.BaseNamedTuple):
        return JoiningTuple([inner(member) for member in ty.types], ty.instance_class)
    if isinstance(ty, types.BaseTuple):
        return types.BaseTuple.from_types([inner(member) for member in ty.types])
    if isinstance(ty, types.DeferredType):
        return _recorded_later(ty, kind)
    if isinstance(ty, types.ClassInstanceType):
        return recorded_class(ty.class_type, kind).instance_type
    return ty


@substitute_instances(types.Type)
def type_in_copy(ty, copies):
    """What a copy sees in the place of a type that the user's function names."""
    return recorded_type(ty, copies.kind)


# --- classes ------------------------------------------------------------------------------------------------------------------

_later = []  # types of fields that are defined once the class that refers to itself is made


@functools.cache
def _recorded_later(ty, kind):
    found = types.DeferredType()
    _later.append((found, ty, kind))
    return found


def _class_like(class_type, struct, copies, constructor):
    """A jitclass with copies of the methods of another, on fields of other types."""

    def copied(methods):
        return {name: copies.of(current(method)) for name, method in methods.items()}

    named = python_types.SimpleNamespace(__name__=class_type.class_name, __doc__=class_type.class_doc)
    properties = {name: copied(accessors) for name, accessors in class_type.jit_props.items()}
    return types.ClassType(
        named, constructor, struct, copied(class_type.jit_methods), properties, copied(class_type.jit_static_methods)
    )


def recorded_class(class_type, kind):
    """The class of objects that are made in a copy: its fields are numbers with derivatives where the user's are floats."""
    return _recorded_class(class_type, kind, _methods_now(class_type))


def class_with_copied_methods(class_type, kind):
    """The class of objects that are passed in or hold data: the fields are the user's, the methods copies."""
    return _class_with_copied_methods(class_type, kind, _methods_now(class_type))


def _methods_now(class_type):
    return tuple(map(current, methods_of(class_type)))


@functools.cache
def _recorded_class(class_type, kind, methods):
    plain = class_with_copied_methods(class_type, kind)

    class Constructor(class_type.ctor_template):
        """Objects made of arrays of data hold these as they are: another array could not share their memory."""

        def generic(self, args, kws):
            data = [ty for ty in args if isinstance(ty, types.Array) and recorded_type(ty, kind) != ty]
            if data and not any(map(is_differential, args)):
                return plain.ctor_template(self.context).generic(args, kws)
            return super().generic(args, kws)

    struct = {name: recorded_type(ty, kind) for name, ty in class_type.struct.items()}
    found = _class_like(class_type, struct, copies_for(kind), Constructor)
    while _later:
        deferred, ty, of = promised = _later.pop()
        try:
            defined = ty.get()
            itself = defined == class_type.instance_type and of == kind
            deferred.define(found.instance_type if itself else recorded_type(defined, of))
        except BaseException:
            _later.append(promised)
            raise
    return found


@functools.cache
def _class_with_copied_methods(class_type, kind, methods):
    return _class_like(class_type, class_type.struct, copies_for(kind), class_type.ctor_template)


@substitute_instances(type)
def class_in_copy(value, copies):
    """What a copy sees in the place of a class: that of a named tuple makes tuples that join, a jitclass its own copy."""
    if is_jitclass(value):
        return TypeStandIn(recorded_class(value.class_type, copies.kind), takes_numbers=True)
    is_named = issubclass(value, tuple) and hasattr(value, "_fields")
    return TypeStandIn(JoiningTupleClass(value)) if is_named else value
