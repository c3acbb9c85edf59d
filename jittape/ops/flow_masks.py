"""Where something flows: None for everywhere, an array of bools, or on a trace a mask that every replay computes anew.

A mask is a Tensor of the trace (see `recorded_masks`). What it says is not known while it is recorded, so nothing here asks it.
"""

import numpy as np

from ..tape.tape import Tape
from ..tensors.tensor import Tensor, wrap


def is_recorded(value):
    """Whether a value exists on a trace only."""
    return isinstance(value, Tensor) and value._array is None and value._tape is not None and value._tape.derivatives_are_rows


def constant(value):
    """A value without its history."""
    return value.detach() if is_recorded(value) else wrap(value._value() if isinstance(value, Tensor) else value)


def where_not_zero(value):
    """Where a partial, an adjoint or a number is not zero."""
    if is_recorded(value):
        return value != 0
    return (value._value() if isinstance(value, Tensor) else value) != 0


def in_both(flow, other):
    """Where two things flow."""
    if other is None or (not is_recorded(other) and other.all()):
        return flow
    if flow is None:
        return other
    return other & flow if is_recorded(other) else flow & other


def in_either(flow, other):
    """Where one of two things flows."""
    if flow is None or other is None:
        return None
    if is_recorded(flow) or is_recorded(other):
        return flow | other if is_recorded(flow) else other | flow
    either = flow | other
    return None if either.all() else either


def surely_nowhere(flow):
    """Whether nothing flows, in this call and in every replay."""
    return flow is not None and not is_recorded(flow) and not flow.any()


def anywhere(flow, shape):
    """Everywhere in a value of some shape, if something flows anywhere."""
    if not is_recorded(flow):
        return np.zeros(shape, bool) if surely_nowhere(flow) else None
    return spread(reshaped(folded(flow, tuple(range(flow.ndim))), (1,) * len(shape)), shape)


def spread(flow, shape):
    """A flow broadcast to a shape."""
    if flow is None:
        return None
    return flow.expand(shape) if is_recorded(flow) else np.broadcast_to(flow, shape)


def with_axes_exchanged(flow, a, b):
    order = list(range(flow.ndim))
    order[a], order[b] = order[b], order[a]
    return permuted(flow, order)


def reshaped(flow, shape):
    if not is_recorded(flow):
        return flow.reshape(shape)
    return as_mask(flow.reshape(shape))


def permuted(flow, order):
    return as_mask(flow.permute(order)) if is_recorded(flow) else flow.transpose(order)


def folded(flow, axes, keepdims=False):
    """Whether something flows anywhere along axes."""
    if not is_recorded(flow):
        return flow.any(axes, keepdims=keepdims)
    if not axes:
        return flow
    numbers = as_numbers(flow, _row_dtype(flow))
    return (numbers.real if numbers.dtype.kind == "c" else numbers).amax(axes, keepdims) != 0


def as_numbers(flow, dtype):
    """A flow as an adjoint: a Tensor of ones and zeros."""
    if not is_recorded(flow):
        return wrap(flow.astype(dtype))
    return (flow * wrap(np.ones((), _row_dtype(flow)))).to(dtype)


def as_mask(value):
    """A copy of a mask is one of numbers."""
    return value if value.dtype.kind == "b" else value != 0


def in_dtype(flow, dtype):
    """A recorded mask in the dtype of what it hides: rows are of one dtype."""
    if not is_recorded(flow) or _row_dtype(flow) == dtype:
        return flow
    return as_numbers(flow, dtype) != 0


def _row_dtype(flow):
    return Tape.dtype(flow._tape, flow._row)


def any_to(flow, shape):
    """Where something flows in a value of some shape that was broadcast; the counterpart of `sum_to`."""
    if flow is None or tuple(flow.shape) == shape:
        return flow
    lead = flow.ndim - len(shape)
    axes = tuple(range(lead)) + tuple(k + lead for k, n in enumerate(shape) if n == 1 and flow.shape[k + lead] != 1)
    reached = reshaped(folded(flow, axes), shape)
    return None if not is_recorded(reached) and reached.all() else reached


def flow_apart(operation, flow, shape, operands, statics):
    """Where something arrives in a value of some shape if parts of it do not mix; None if all does."""
    if flow is None:
        return None
    if operation.mixes_axis:
        return spread(folded(flow, (statics[0],), True), shape)
    examples = tuple(operands[0].shape)[:-2] if operation.stacks else ()
    n = len(examples)
    if not examples or flow.shape[:n] != examples or shape[:n] != examples:
        return None
    found = folded(flow, tuple(range(n, flow.ndim)))
    return spread(reshaped(found, examples + (1,) * (len(shape) - n)), shape)
