"""Outputs of a differentiated function: their values, their nodes, and the cotangents that a sweep starts from."""

import numpy as np
from numba import types
from numba.extending import intrinsic

from ..compat import TypingError
from ..numbers.array_types import array_of, element_type
from ..numbers.cells import cell_access, is_seed, numeric
from ..numbers.chain_rule import on_base
from ..numbers.complex_numbers import below as lower, is_any_number, is_complex
from ..compilation.compile_cached import inside, means, only_compiled
from .inputs import negated, split_tuple, tuple_like
from ..numbers.number_types import Active, Form, call, call_typed, cell_of, constant, depth_of, is_number
from ..numbers.number_parts import node_of
from ..statement_tape.entry_writers import values

# --- values -------------------------------------------------------------------------------------------------------------


@intrinsic
def below(typingctx, y, kind):
    """A result without the derivatives that this gradient computes."""
    to = _below_type(y, kind)

    def codegen(context, builder, signature, args):
        return _below(context, builder, signature.args[0], args[0], to, signature.args[1])

    return to(y, kind), codegen


def _below_type(ty, kind):
    if isinstance(ty, types.BaseTuple):
        return tuple_like(ty, [_below_type(t, kind) for t in ty.types])
    if isinstance(ty, types.Array):
        return array_of(_below_type(ty.dtype, kind), ty.ndim) if depth_of(ty.dtype) == kind.depth else ty
    return lower(ty) if depth_of(ty) == kind.depth else types.unliteral(ty)


def _below(context, builder, ty, value, to, kind):
    if isinstance(ty, types.BaseTuple):
        parts = [_below(context, builder, t, v, o, kind) for (t, v), o in zip(split_tuple(builder, ty, value), to.types)]
        return context.make_tuple(builder, to, parts)
    if to == ty:
        context.nrt.incref(builder, ty, value)
        return value
    if isinstance(ty, types.Array):
        return call(context, builder, values, (ty, ty.dtype), (value, constant(context, builder, ty.dtype, 0.0)))
    return on_base(context, builder, ty, value, kind.depth, to)


# --- auxiliary data -----------------------------------------------------------------------------------------------------


def _value(result):
    return result


def _first(result):
    must_be_a_pair(result)
    return result[0]


@intrinsic
def must_be_a_pair(typingctx, result):
    """Raise for results that are not a pair of value and auxiliary data."""
    if not isinstance(result, types.BaseTuple) or len(result) != 2:
        raise TypingError(f"has_aux=True, but the function returned {result}, expected (value, auxiliary data)")
    return types.void(result), lambda context, builder, signature, args: context.get_dummy_value()


PARTS = {False: inside(_value), True: inside(_first)}  # what is differentiated of a result, without and with auxiliary data


def _real_value(result):
    must_be_complex(result)
    return result.real


def _real_first(result):
    must_be_a_pair(result)
    must_be_complex(result[0])
    return result[0].real


@intrinsic
def must_be_complex(typingctx, y):
    """Raise, when the derivative of a holomorphic function is compiled, for results that are not complex."""
    if not is_complex(y):
        raise TypingError(f"the gradient of a function that returns {y}, with holomorphic=True: expected one complex number")
    return types.void(y), lambda context, builder, signature, args: context.get_dummy_value()


HOLOMORPHIC_PARTS = {False: inside(_real_value), True: inside(_real_first)}  # u of u + iv, whose derivative is u_x - i u_y


# --- nodes and cotangents -------------------------------------------------------------------------------------------------


@intrinsic
def settled(typingctx, y):
    """A result whose form is written as a statement, so that it has a node."""
    to = Active(y.base) if isinstance(y, Form) else y

    def codegen(context, builder, signature, args):
        if not isinstance(y, Form):
            context.nrt.incref(builder, y, args[0])
            return args[0]
        return context.cast(builder, args[0], y, to)

    return to(y), codegen


def remedy(y, otherwise=""):
    """What to do about a result that has no derivative."""
    written = ". If it writes its results into arguments, jt.native.with_outputs makes a function of it that returns them"
    return written if isinstance(y, types.NoneType) else otherwise


@intrinsic
def must_be_a_number(typingctx, y):
    """Raise, when a gradient is compiled, for results that are not a number."""
    if is_complex(y):
        raise TypingError(
            f"the gradient of a function that returns {y}: a complex number. Return a real one (z.real, z.imag, abs(z)), or pass "
            "holomorphic=True for the derivative of a holomorphic function; jt.jvp and jt.vjp take complex numbers"
        )
    if not is_number(y):
        other = remedy(y, ". Use jt.jacobian or jt.vjp for results of other shapes")
        raise TypingError(f"the gradient of a function that returns {y}: expected one number{other}")
    return types.void(y), lambda context, builder, signature, args: context.get_dummy_value()


@only_compiled
def seed_one(adjoints, node, kind):
    """Set the adjoint of a statement to 1."""


@means(seed_one)
def on_seed(adjoints, node, kind):
    _, store, _ = cell_access(cell_of(kind.base))

    def seed(adjoints, node, kind):
        if node != 0:
            store(adjoints, node & 0xFFFFFFFF, 1.0)

    return seed


@inside
def opposite(y_bar, exact):
    """A cotangent with its sign changed, whose structural zeros are marked if it is `exact`."""
    return negated(y_bar) if exact else -y_bar


@only_compiled
def seed_with(y, y_bar, adjoints, exact, kind):
    """Add a cotangent to the adjoints of a number or of the elements of an array; from its zeros nothing flows."""


@means(seed_with)
def on_seed_with(y, y_bar, adjoints, exact, kind):
    load, store, _ = cell_access(cell_of(kind.base))
    if is_complex(y):

        def complex_number(y, y_bar, adjoints, exact, kind):
            seed_with(y.real, np.real(y_bar), adjoints, exact, kind)
            seed_with(y.imag, opposite(np.imag(y_bar), exact), adjoints, exact, kind)

        return complex_number
    if is_number(y):

        def number(y, y_bar, adjoints, exact, kind):
            node = node_of(y, kind) & 0xFFFFFFFF
            if node != 0 and is_seed(y_bar, exact):
                store(adjoints, node, numeric(load(adjoints, node) + y_bar))

        return number

    def array(y, y_bar, adjoints, exact, kind):
        if y.shape != y_bar.shape:
            raise ValueError("vjp: the cotangent has another shape than the result")
        cotangents, k = y_bar.flatten(), 0
        for element in y.flat:
            seed_with(element, cotangents[k], adjoints, exact, kind)
            k += 1

    return array


@intrinsic
def seed_all(typingctx, y, y_bar, adjoints, exact, kind):
    """Add cotangents to the adjoints of a result of any form."""
    _check_cotangent(y, y_bar)

    def codegen(context, builder, signature, args):
        _seed(context, builder, signature.args, args)
        return context.get_dummy_value()

    return types.void(y, y_bar, adjoints, types.boolean, kind), codegen


def _check_cotangent(y, y_bar):
    if isinstance(y, types.BaseTuple):
        if not isinstance(y_bar, types.BaseTuple) or len(y) != len(y_bar):
            raise TypingError(f"vjp: the cotangent has the type {y_bar}, expected a tuple of {len(y)} for the result")
        for pair in zip(y.types, y_bar.types):
            _check_cotangent(*pair)
    elif isinstance(y, types.Array) or is_any_number(y):
        _check_one(y, y_bar)


def _check_one(y, y_bar):
    if isinstance(y, types.Array) != isinstance(y_bar, types.Array) or getattr(y, "ndim", 0) != getattr(y_bar, "ndim", 0):
        raise TypingError(f"vjp: the cotangent has the type {y_bar}, expected the form of the result {y}")
    if is_complex(element_type(y_bar)) and not is_complex(element_type(y)):
        raise TypingError(f"vjp: the cotangent has the type {y_bar}, expected real numbers for the result {y}")


def _seed(context, builder, kinds, args):
    (y, y_bar, *rest), (value, cotangent, *others) = kinds, args
    if isinstance(y, types.BaseTuple):
        for (t, v), (t_bar, v_bar) in zip(split_tuple(builder, y, value), split_tuple(builder, y_bar, cotangent)):
            _seed(context, builder, (t, t_bar, *rest), (v, v_bar, *others))
        return
    if not isinstance(y, types.Array) and not is_any_number(y):  # text
        return
    signature = (types.unliteral(y), types.unliteral(y_bar), *rest)
    call_typed(context, builder, seed_with, signature, args)
