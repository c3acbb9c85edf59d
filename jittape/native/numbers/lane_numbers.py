"""Lanes: several adjoints side by side, so that one sweep serves several outputs."""

from numba import types
from numba.extending import intrinsic, models, register_model

from ..compat import llvm_ir as ir
from ..tape_memory.arenas import WORD

WIDTH = 8  # float64 numbers, a cache line; with four of them sweeps took 1.5 times as long
VECTOR = ir.VectorType(ir.DoubleType(), WIDTH)


class Lanes(types.Type):
    """The type of several float64 numbers side by side."""

    def __init__(self):
        super().__init__(f"Lanes({WIDTH})")


LANES = Lanes()


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):
    def __init__(self, manager, ty):
        super().__init__(manager, ty, VECTOR)


def _place(builder, address, k):
    return builder.gep(builder.inttoptr(address, VECTOR.as_pointer()), [k])


@intrinsic
def load(typingctx, address, k):
    """The lanes of cell k."""

    def codegen(context, builder, signature, args):
        return builder.load(_place(builder, *args), align=8)

    return LANES(types.int64, types.int64), codegen


@intrinsic
def store(typingctx, address, k, lanes):
    """Store the lanes of cell k."""

    def codegen(context, builder, signature, args):
        builder.store(args[2], _place(builder, *args[:2]), align=8)
        return context.get_dummy_value()

    return types.void(types.int64, types.int64, LANES), codegen


@intrinsic
def zero(typingctx):
    """Structural zeros."""
    return LANES(), lambda context, builder, signature, args: ir.Constant(VECTOR, [-0.0] * WIDTH)


@intrinsic
def plus(typingctx, x, z):
    """The sum of two sets of lanes."""
    return LANES(LANES, LANES), lambda context, builder, signature, args: builder.fadd(*args)


@intrinsic
def is_zero(typingctx, x):
    """Whether all lanes are structural zeros."""

    def codegen(context, builder, signature, args):
        mask = ir.IntType(WIDTH)
        return builder.icmp_unsigned("==", builder.bitcast(_structural(builder, args[0]), mask), ir.Constant(mask, -1))

    return types.boolean(LANES), codegen


@intrinsic
def flow(typingctx, partial, seed):
    """The product of a partial and the adjoints; a structural zero where one of them is."""

    def codegen(context, builder, signature, args):
        return _products(builder, *args, True)

    return LANES(types.float64, LANES), codegen


@intrinsic
def push(typingctx, partial, seed):
    """The same for a partial that is no structural zero."""

    def codegen(context, builder, signature, args):
        return _products(builder, *args, False)

    return LANES(types.float64, LANES), codegen


def _products(builder, partial, seed, selects):
    partials = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), partial, WORD(0))
    partials = builder.shuffle_vector(partials, partials, ir.Constant(ir.VectorType(ir.IntType(32), WIDTH), None))
    product = builder.fmul(partials, seed, flags=("contract",))
    product = builder.fadd(product, ir.Constant(VECTOR, [0.0] * WIDTH), flags=("contract",))  # a numeric zero is 0.0
    none = _structural(builder, seed)
    if selects:
        none = builder.or_(none, _structural(builder, partials))
    return builder.select(none, ir.Constant(VECTOR, [-0.0] * WIDTH), product)


def _structural(builder, lanes):
    bits = ir.VectorType(WORD, WIDTH)
    return builder.icmp_unsigned("==", builder.bitcast(lanes, bits), ir.Constant(bits, [1 << 63] * WIDTH))
