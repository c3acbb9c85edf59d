"""Operations that only move values: copies, conversions, gathering and adding at positions, joining."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..tape.schema import LAYOUT, OFFSET
from ..dtypes import as_dtype, is_complex, is_differentiable
from ..errors import DTypeError
from ..kernels.gather_scatter import FAR
from ..kernels.loops import clear_if
from ..memory.layouts import LAYOUTS
from ..memory.words import address_of, i64_at
from ..kernels.kernel_table import OPERATIONS, VIEW_OF_STORAGE
from ..numba_backend.decorators import helper
from ..tensors.array import constant_like, without_axes
from .arguments import as_tensor_argument
from .declare_elementwise import elementwise
from .axis_geometry import axis_plan
from .declare_structured import same_statics, structured
from .shape_rules import along_axis, expect, is_shape, joined
from .domains import along_every_axis
from .memory_order import flags_of, in_columns, in_rows
from .keywords import check_option
from .operation_names import public
from .operation_table import BY_NAME, Rules, keeper_of, recorder_of
from .view_rules import freeze, slice_view

if TYPE_CHECKING:
    from ..tensors.tensor import Tensor
    from ..typing import TensorLike


class _ViewOfStorage(Rules):
    """The operation of a view of the newest contents of a storage, which a Tensor becomes when its memory is written to."""

    name, grad_name, kind, linear, arity, uses = "view_of_storage", "AsStridedBackward0", 1, True, 1, (0, 0, 0)
    moves = True

    def pullback(self, k, y_bar, y, operands, statics):
        """The adjoint, placed where the view lies in its base; `statics` are the places of the two."""
        return scatter_add(y_bar, flat_positions(*statics), operands[0].shape)

    def pushforward(self, k, x_dot, y, operands, statics):
        return gather_flat(x_dot, flat_positions(*statics))


OPERATIONS[VIEW_OF_STORAGE] = _ViewOfStorage()


def place_of(tape, row):
    """Layout and offset of a row in its storage."""
    return LAYOUTS[tape.columns[LAYOUT][row]], int(tape.columns[OFFSET][row])


def flat_positions(base, place):
    """Positions of the elements of one view of a storage in the flat order of another."""
    (layout, offset), (inner, inner_offset) = base, place
    order = np.full(max(layout.low + layout.span + offset, inner.low + inner.span + inner_offset), -1, np.int64)
    order[_storage_positions(layout, offset).reshape(-1)] = np.arange(layout.size)
    return order[_storage_positions(inner, inner_offset)]


def _storage_positions(layout, offset):
    positions = np.full(layout.shape, offset, np.int64)
    for axis, (n, stride) in enumerate(zip(layout.shape, layout.strides)):
        shape = [1] * len(layout.shape)
        shape[axis] = n
        positions += (np.arange(n) * stride).reshape(shape)
    return positions


@elementwise(public=False, numpy=np.positive, exact=True, integers=True, holomorphic=True)
def clone_values(x):
    """The same number."""
    return x


@clone_values.partials
def clone_values_partials(x, result):
    return (1.0,)


def _numpy_copy(a, order="K", subok=False):
    return without_axes(copy_in_order(a, order))


def copy_in_order(x, order):
    """A copy that lies in memory as NumPy's ``order=`` says."""
    if order in ("K", None):
        return clone(x)
    is_column_major = order == "F" or order == "A" and flags_of(x).fnc
    return in_columns(x, True) if is_column_major else in_rows(x, True)


@public(operation=clone_values.operation, numpy={np.copy: _numpy_copy})
def clone(input: TensorLike, *, memory_format: object = None) -> Tensor:
    """A copy with memory of its own, in the same order; gradients flow through it.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    memory_format : object, optional
        Only preserve_format or contiguous_format; accepted for compatibility with PyTorch.

    Returns
    -------
    Tensor
        Of the shape of `input`.
    """
    x = as_tensor_argument(input, "clone")
    if memory_format is not None:
        check_option("clone", "memory_format", memory_format)
        if str(memory_format).endswith("contiguous_format"):
            return copy_in_order(x, "C")
    if recorder_of((x,)) is None:
        return constant_like(x, x._value().copy("K"))
    return clone_values.operation.apply(x)


@structured(moves=True, converts=True, along="elements", grad_name="ToCopyBackward0")
def to(x, dtype):
    """The values in another dtype."""
    return x.astype(dtype)


@to.shaped
def _converted(shapes, dtype):
    expect(isinstance(dtype, np.dtype), "a dtype")
    return shapes[0]


@to.pullback_of(0)
def to_pullback(y_bar, y, x, dtype):
    return adjoint_in(y_bar, x.dtype)


class Positions:
    """Flat positions as a static: an integer array that is not changed."""

    __slots__ = ("array", "address")

    def __init__(self, array):
        self.array = np.require(array, np.int64, "C")
        self.address = address_of(self.array)

    def __repr__(self):
        return f"<{self.array.size} positions>"

    def lie_in(self, shape):
        """Whether an array of a shape has elements at all of them."""
        return not self.array.size or 0 <= self.array.min() and self.array.max() < math.prod(shape)


@structured(moves=True, keep_plans=False, grad_name="IndexBackward0")
def gather_values(x, positions):
    """Elements at flat positions."""
    return x.reshape(-1)[positions.array]


def _lane_positions(positions, n):
    return Positions(positions.array[..., None] * n + np.arange(n))


def _gather_lanes(statics, n):
    return (_lane_positions(statics[0], n),)


def _scatter_lanes(statics, n):
    return _lane_positions(statics[0], n), (*statics[1], n)


gather_values.lanes = _gather_lanes


@gather_values.pullback_of(0)
def gather_pullback(y_bar, y, x, positions):
    return scatter_add(y_bar, positions, x.shape)


@structured(moves=True, keep_plans=False, grad_name="ScatterAddBackward0")
def scatter_values(y, positions, shape):
    """Zeros of a shape with values added at flat positions, which may repeat."""
    flat = np.zeros(int(np.prod(shape)), y.dtype)
    np.add.at(flat, positions.array.reshape(-1), y.reshape(-1))
    return flat.reshape(shape)


@scatter_values.pullback_of(0)
def scatter_pullback(x_bar, x, y, positions, shape):
    return gather_flat(x_bar, positions)


@gather_values.exampled
def _gather_examples():
    for shape in ((2, 3, 4), (1030, 5)):
        yield [shape], (Positions(np.arange(6).reshape(2, 3) * 7 % math.prod(shape)),)


@scatter_values.exampled
def _scatter_examples():
    yield [(5,)], (Positions([0, 3, 3, 1, 7]), (2, 4))
    yield [(2, 1)], (Positions([[1], [1]]), (2,))
    yield [(0,)], (Positions([]), (3,))


@gather_values.shaped
def _gathered(shapes, positions):
    expect(isinstance(positions, Positions) and positions.lie_in(shapes[0]), f"positions in {list(shapes[0])}")
    return positions.array.shape


@scatter_values.shaped
def _scattered(shapes, positions, shape):
    expect(is_shape(shape) and isinstance(positions, Positions) and positions.lie_in(shape), "a shape and positions in it")
    expect(positions.array.shape == shapes[0], "a position for every element")
    return shape


@gather_values.planned
def _gather_plan(layouts, positions):
    return positions.array.shape, (positions.array.size, layouts[0].size, positions.address, 0, 0, 0)


@scatter_values.planned
def _scatter_plan(layouts, positions, shape):
    return shape, (positions.array.size, math.prod(shape), positions.address, 0, 0, 0)


@helper
def _read(p, short, long, fresh):
    """``short[k] += long[position]``."""
    n, places = p[0], i64_at(p[2], p[0])
    clear_if(fresh, short, 0, n)
    for k in range(n):
        short[k] += long[places[k]]


@helper
def _add(p, long, short, fresh):
    """``long[position] += short[k]``."""
    n, places = p[0], i64_at(p[2], p[0])
    clear_if(fresh, long, 0, p[1])
    for k in range(n):
        long[places[k]] += short[k]


def _linear_kernels(operation, forward_move, reverse_move):
    """Declare kernels that move values one way, and adjoints the other: ``move(integers, to, source, fresh)``."""

    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, x0):
            forward_move(i64_at(params, 3), at(out, FAR), at(x0, FAR), 1)

        return kernel

    @operation.kernel_of("reverse")
    def reverse(at):
        def kernel(params, x_bar, y_bar, y, x0, fresh):
            reverse_move(i64_at(params, 3), at(x_bar, FAR), at(y_bar, FAR), fresh)

        return kernel


_linear_kernels(gather_values, _read, _add)
_linear_kernels(scatter_values, _add, _read)


def _as_positions(positions):
    return positions if isinstance(positions, Positions) else Positions(positions)


def gather_flat(x, positions):
    """Elements of `x` at flat positions."""
    return gather_values.apply(x, _as_positions(positions))


def scatter_add(y, positions, shape):
    """Zeros of a shape with `y` added at flat positions."""
    return scatter_values.apply(y, _as_positions(positions), tuple(shape))


scatter_values.lanes = _scatter_lanes


@structured(moves=True, along="axis", grad_name="FlipBackward0")
def flip_values(x, axis):
    """The order along an axis reversed."""
    return np.flip(x, axis)


flip_values.lanes = same_statics
flip_values.exampled(along_every_axis)


flip_values.shaped(along_axis)


@flip_values.pullback_of(0)
def flip_pullback(y_bar, y, x, axis):
    return flip_values.apply(y_bar, axis)


flip_values.planned(axis_plan)


@helper
def _flip(p, target, source, fresh):
    outer, n, inner = p[0], p[1], p[2]
    clear_if(fresh, target, 0, outer * n * inner)
    for a in range(outer):
        x, o = source[a * n * inner : (a + 1) * n * inner], target[a * n * inner : (a + 1) * n * inner]
        if inner == 1:
            for i in range(n):
                o[i] += x[n - 1 - i]
            continue
        for i in range(n):
            for k in range(inner):
                o[i * inner + k] += x[(n - 1 - i) * inner + k]


_linear_kernels(flip_values, _flip, _flip)


@structured(arity=-1, moves=True, along="axis", grad_name="CatBackward0")
def cat_values(arrays, axis):
    """Arrays joined along an axis."""
    return np.concatenate(arrays, axis)


cat_values.lanes = to.lanes = same_statics


cat_values.shaped(joined)


@cat_values.pullback_of(0)
def cat_pullback(k, y_bar, y, operands, axis):
    start = sum(x.shape[axis] for x in operands[:k])
    key = (slice(None),) * axis + (slice(start, start + operands[k].shape[axis]),)
    return slice_view.apply(y_bar, freeze(key))


@cat_values.exampled
def _cat_examples():
    yield [(2, 3), (2, 1), (2, 4)], (1,)
    yield [(1, 2, 3), (4, 2, 3)], (0,)
    yield [(2, 700), (2, 800)], (1,)
    yield [(3,), (0,)], (0,)


@cat_values.planned
def _cat_plan(layouts, axis):
    shapes = [layout.shape for layout in layouts]
    inner = math.prod(shapes[0][axis + 1 :])
    lengths = [s[axis] * inner for s in shapes]
    starts = [0]
    for n in lengths[:-1]:
        starts.append(starts[-1] + n)
    shape = shapes[0][:axis] + (sum(s[axis] for s in shapes),) + shapes[0][axis + 1 :]
    return shape, (math.prod(shape[:axis]), sum(lengths)), starts + lengths


@cat_values.kernel_of("forward")
def _cat_forward(at):
    def kernel(params, out, x0, first, second):
        p = i64_at(params, 2)
        outer, width, start, n = p[0], p[1], first, second
        x, o = at(x0, outer * n), at(out, outer * width)
        for a in range(outer):
            piece, run = x[a * n : (a + 1) * n], o[a * width + start : a * width + start + n]
            for k in range(n):
                run[k] = piece[k]

    return kernel


@cat_values.kernel_of("reverse")
def _cat_reverse(at):
    def kernel(params, x_bar, y_bar, y, first, second, fresh):
        p = i64_at(params, 2)
        outer, width, start, n = p[0], p[1], first, second
        o, s = at(x_bar, outer * n), at(y_bar, outer * width)
        clear_if(fresh, o, 0, outer * n)
        for a in range(outer):
            piece, run = o[a * n : (a + 1) * n], s[a * width + start : a * width + start + n]
            for k in range(n):
                piece[k] += run[k]

    return kernel


def convert(x, dtype):
    """The Tensor in a dtype: itself if it has it, recorded if it needs gradients."""
    if x.dtype is dtype:
        return x
    dtype = as_dtype(dtype)
    if x.dtype == dtype:
        return x
    if is_complex(x.dtype) and dtype.kind not in "cb":
        raise DTypeError(f"got complex numbers to convert to {dtype}, expected a complex dtype: write z.real or jt.abs(z) first")
    if not is_differentiable(dtype):
        return constant_like(x, x._value().astype(dtype))
    if x.dtype.kind == "b" and keeper_of((x,)) is not None:  # a mask on a trace consists of numbers already
        return BY_NAME["where"].apply(x, np.ones((), dtype), np.zeros((), dtype))
    return to.apply(x, dtype)


def adjoint_in(x_bar, dtype):
    """An adjoint in the dtype of what it belongs to: of a real operand that met complex ones, the real part."""
    return convert(BY_NAME["real"].apply(x_bar) if is_complex(x_bar.dtype) and not is_complex(dtype) else x_bar, dtype)
