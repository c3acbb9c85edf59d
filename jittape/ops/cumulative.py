"""Running sums and products."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..memory.words import i64_at
from ..numba_backend.decorators import helper
from ..numba_backend.pointers import pointer_to_array
from .arguments import one_axis, spellings
from .choosing import where
from .reduction_rules import is_plain_product, prod_partial, prod_values
from .domains import along_every_axis
from .copies_and_joins import flip_values
from .flow_masks import in_both, reshaped, with_axes_exchanged
from .operation_names import public
from .operation_table import masked
from .shape_functions import reshape, unsqueeze
from .view_rules import transpose_view
from .sums import _as_summand, sum
from .axis_geometry import axis_plan
from .jacobian_patterns import mixed_along
from .declare_structured import Structured, same_statics, structured
from .shape_rules import along_axis

if TYPE_CHECKING:
    from typing import SupportsIndex

    from ..tensors.tensor import Tensor
    from ..typing import DTypeLike, TensorLike


@structured(moves=True, along="axis", grad_name="CumsumBackward0")
def cumsum_values(x, axis):
    """Running sums."""
    return np.cumsum(x, axis)


cumsum_values.shaped(along_axis)


@cumsum_values.patterned
def cumsum_pattern(k, shapes, constants, axis):
    """All of a line, though only earlier elements are summed: a triangle has half as many entries and no fewer colours."""
    return mixed_along(axis, shapes[0])


@cumsum_values.pullback_of(0)
def cumsum_pullback(y_bar, y, x, axis):
    return flip_values.apply(cumsum_values.apply(flip_values.apply(y_bar, axis), axis), axis)


cumsum_values.planned(axis_plan)
cumsum_values.lanes = same_statics
cumsum_values.exampled(along_every_axis)


@cumsum_values.along_a_vector
def running_sums(x, out, first, step, n):
    """The sums of ``x[first], x[first + step], ...`` up to each of n elements, in the same places of `out`."""
    total = x[first]
    out[first] = total
    for j in range(1, n):
        place = first + j * step
        total = total + x[place]
        out[place] = total


_running_sums = helper(running_sums)


@cumsum_values.kernel_of("forward")
def _cumsum_forward(at):
    def kernel(params, out, x0):
        size = i64_at(params, 3)
        outer, n, inner = size[0], size[1], size[2]
        x, o = at(x0, outer * n * inner), at(out, outer * n * inner)
        for a in range(outer if n > 0 else 0):
            for k in range(inner):
                _running_sums(x, o, a * n * inner + k, inner, n)

    return kernel


@cumsum_values.kernel_of("reverse")
def _cumsum_reverse(at):
    """The transpose: the same sums, from the other end."""

    def kernel(params, x_bar, y_bar, y, x0, fresh):
        size = i64_at(params, 3)
        outer, n, inner = size[0], size[1], size[2]
        s, o = at(y_bar, outer * n * inner), at(x_bar, outer * n * inner)
        sums = np.empty(0 if fresh else outer * n * inner, s.dtype)
        for a in range(outer if n > 0 else 0):
            for k in range(inner):
                last = (a * n + n - 1) * inner + k
                if fresh:
                    _running_sums(s, o, last, -inner, n)
                else:
                    _running_sums(s, pointer_to_array(sums), last, -inner, n)
        for k in range(len(sums)):
            o[k] += sums[k]

    return kernel


@public(
    in_place=True, operation=cumsum_values, numpy={np.cumsum: "input=a dim=axis dtype", (np.add, "accumulate"): None}, out="one"
)
@spellings
def cumsum(input: TensorLike, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running sums along an axis.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default the elements are taken as a vector.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`, or a vector.
    """
    x = _as_summand(input, "cumsum", dtype)
    if dim is None:
        x, dim = reshape(x, -1), 0
    if x.ndim == 0:
        return reshape(x, ())
    return cumsum_values.apply(x, one_axis(dim, x.ndim))


class _RunningProducts(Structured):
    """Running products: structural zeros of one element hide partials of that one only."""

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        (x,), (axis,) = operands, statics
        reached = self.flow_back(0, flow, y, operands, statics)
        if flow is None or is_plain_product(x, y):
            yield 0, masked(cumprod_pullback(y_bar, y, x, axis), reached), reached
        else:
            yield 0, _pulled_through_pairs(y_bar, flow, x, axis), reached

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        (x,), (axis,) = operands, statics
        yield _pushed_through_pairs(x_dots[0], flows[0], x, axis), self.flow_ahead(0, flows[0], y, operands, statics)


@structured(
    kind=_RunningProducts,
    holomorphic=True,
    mixes_axis=True,
    along="axis",
    grad_name="CumprodBackward0",
    special_points=[
        (([2.0, 0.0, 3.0],), (0,), [2.0, 0.0, 0.0], ([1.0, 8.0, 0.0],), [[0.0, 4.0, 0.0], [4.0, 0.0, 2.0], [0.0, 2.0, 0.0]]),
        (([0.0, 0.0, 3.0],), (0,), [0.0, 0.0, 0.0], ([1.0, 0.0, 0.0],), [[0.0, 4.0, 0.0], [4.0, 0.0, 0.0], [0.0, 0.0, 0.0]]),
        (
            ([0.0, np.inf, 2.0],),
            (0,),
            [0.0, np.nan, np.nan],
            ([np.inf, 0.0, np.nan],),
            [[0.0, 3.0, np.inf], [3.0, 0.0, 0.0], [np.inf, 0.0, 0.0]],
        ),
    ],
)
def cumprod_values(x, axis):
    """Running products."""
    return np.cumprod(x, axis)


cumprod_values.shaped(along_axis)


@cumprod_values.pullback_of(0)
def cumprod_pullback(y_bar, y, x, axis):
    if is_plain_product(x, y):
        return cumsum_pullback(y_bar * y, None, x, axis) / x
    return _pulled_through_pairs(y_bar, None, x, axis)


@cumprod_values.pushforward_of(0)
def cumprod_pushforward(x_dot, y, x, axis):
    return _pushed_through_pairs(x_dot, None, x, axis)


def _pulled_through_pairs(y_bar, flow, x, axis):
    """The sum over k of d y_k / d x_j times the adjoint of y_k; O(n**2) values."""
    partial, used = _pairs(x, axis)
    terms = where(_spread(flow, axis, -1, used), unsqueeze(_axis_last(y_bar, axis), -1) * partial, 0.0)
    return transpose_view.apply(sum(terms, -2), axis, x.ndim - 1)


def _pushed_through_pairs(x_dot, flow, x, axis):
    """The sum over j of d y_k / d x_j times the tangent of x_j; O(n**2) values."""
    partial, used = _pairs(x, axis)
    terms = where(_spread(flow, axis, -2, used), partial * unsqueeze(_axis_last(x_dot, axis), -2), 0.0)
    return transpose_view.apply(sum(terms, -1), axis, x.ndim - 1)


def _axis_last(x, axis):
    return transpose_view.apply(x, axis, x.ndim - 1)


def _spread(flow, axis, at, used):
    """Which pairs of y_k and x_j something flows through."""
    if flow is None:
        return used
    last = with_axes_exchanged(flow, axis, flow.ndim - 1)
    shape = list(last.shape)
    shape.insert(len(shape) + 1 + at, 1)
    return in_both(reshaped(last, tuple(shape)), used)


def _pairs(x, axis):
    """d y_k / d x_j, exact with zeros, and which y_k reads which x_j: those of j <= k."""
    x = _axis_last(x, axis)
    used = np.tri(x.shape[-1], dtype=bool)
    factors = where(used, unsqueeze(x, -2), 1.0)
    last = factors.ndim - 1
    return prod_partial(factors, prod_values.apply(factors, (last,), True), last), used


@cumprod_values.along_a_vector
def running_products(x, out, first, step, n):
    """The products of ``x[first], x[first + step], ...`` up to each of n elements, in the same places of `out`."""
    product = x[first]
    out[first] = product
    for j in range(1, n):
        place = first + j * step
        product = product * x[place]
        out[place] = product


@public(
    in_place=True,
    operation=cumprod_values,
    numpy={np.cumprod: "input=a dim=axis dtype", (np.multiply, "accumulate"): None},
    out="one",
)
@spellings
def cumprod(input: TensorLike, dim: SupportsIndex | None = None, *, dtype: DTypeLike | None = None) -> Tensor:
    """Running products along an axis; derivatives are exact where elements are zero.

    Parameters
    ----------
    input : Tensor or ndarray
        Values of any shape.
    dim : int, optional
        The axis; by default the elements are taken as a vector.
    dtype : dtype, optional
        Of the result.

    Returns
    -------
    Tensor
        Of the shape of `input`, or a vector.

    Notes
    -----
    Where elements are zero, the derivative takes O(n**2) work and memory along the axis.
    """
    x = _as_summand(input, "cumprod", dtype)
    if dim is None:
        x, dim = reshape(x, -1), 0
    return cumprod_values.apply(x, one_axis(dim, x.ndim)) if x.ndim else reshape(x, ())
