"""What hooks make of the adjoints that a sweep shows them."""

from contextvars import ContextVar

import numpy as np

from ..errors import ShapeError
from ..tensors.tensor import Tensor, wrap
from .conjugate_gradients import conjugated


def checked_answer(answer, tensor):
    """What a hook has returned, checked to be None or a Tensor of the right shape."""
    if answer is None:
        return None
    if not isinstance(answer, (Tensor, np.ndarray)):
        raise TypeError(f"a hook returned {type(answer).__name__}, expected None or a Tensor of shape {list(tensor.shape)}")
    if tuple(answer.shape) != tuple(tensor.shape):
        raise ShapeError(
            f"a hook has changed the size of value: it returned shape {list(answer.shape)}, expected {list(tensor.shape)}"
        )
    return answer if isinstance(answer, Tensor) else wrap(answer)


def answer_of(hook, adjoint, tensor):
    """The adjoint that a hook puts in the place of another one, None if it does not; hooks see gradients."""
    return conjugated(checked_answer(hook(conjugated(adjoint)), tensor))


def run_hooks(tensor, gradient):
    """A gradient array after the hooks of a Tensor, each of which may replace it."""
    if tensor._extras is None:
        return gradient
    for hook in list(tensor._extras.hooks.values()):
        answer = answer_of(hook, wrap(gradient), tensor)
        if answer is not None:
            gradient = np.array(answer._value(), gradient.dtype)
    return gradient.copy() if tensor._extras.hooks else gradient  # a hook may have kept the array


_waiting = ContextVar("jittape_calls_after_sweep", default=None)


def after_sweep(call):
    """Have a function called when the gradients of the sweep that is under way have been found."""
    if _waiting.get() is None:
        _waiting.set([])
    _waiting.get().append(call)


def end_sweep():
    """Make the calls of `after_sweep`."""
    calls = _waiting.get()
    if calls:
        _waiting.set(None)
        for call in calls:
            call()
