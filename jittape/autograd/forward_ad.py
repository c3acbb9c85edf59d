"""PyTorch's forward mode: tensors with tangents, inside of a level

Operations on dual tensors are recorded, and `unpack_dual` sweeps tangents along the recording. So duals and what is computed of
them require grad. A dual that is made under ``no_grad`` switches recording on for the rest of that block, as far as the level
goes. Nothing is known of operations under a ``no_grad`` that begins later: what they may have computed is refused.
"""

from __future__ import annotations

from typing import NamedTuple

from ..dtypes import is_differentiable
from ..ops.copies_and_joins import clone
from ..tape.recording_state import recording, state
from ..tape.tape import current
from ..tensors.tensor import Tensor, wrap
from .dependence import depends_on
from .grad_mode import DUAL_LEVEL
from .recorded_tangents import recorded_tangents_of
from .sweeps_across_tapes import tangent_of

__all__ = ["UnpackedDualTensor", "dual_level", "enter_dual_level", "exit_dual_level", "make_dual", "unpack_dual"]


def __dir__():
    return __all__


class UnpackedDualTensor(NamedTuple):
    """What `unpack_dual` returns.

    Attributes
    ----------
    primal : Tensor
        The value.
    tangent : Tensor or None
        The tangent; None for a tensor that depends on no dual.
    """

    primal: Tensor
    tangent: Tensor | None


class _Level:
    """The duals of a level, with their tangents."""

    def __init__(self):
        self.moves, self.is_recorded, self.has_paused = [], False, False
        self.around = recording()  # where it does not record, the end of the level restores it

    def record(self):
        """Record from here on, as far as the block of ``no_grad`` or the level goes: duals are recorded."""
        found = current()
        if found.recorder is None:
            self.has_paused = False
            state.set(found.tape)


def enter_dual_level() -> int:
    """Begin a level, in which there are dual tensors.

    Returns
    -------
    int
        The number of the level, always 0.

    Raises
    ------
    RuntimeError
        If there is one already.
    """
    if DUAL_LEVEL.get() is not None:
        raise RuntimeError(
            "Nested forward mode AD is not supported at the moment: nest jt.jvp, or take reverse mode of one of them"
        )
    DUAL_LEVEL.set(_Level())
    return 0


def exit_dual_level(*, level: int | None = None) -> None:
    """End the level: tensors have no tangents any more.

    Parameters
    ----------
    level : int, optional
        The number that `enter_dual_level` returned.

    Raises
    ------
    RuntimeError
        If there is no level.
    """
    if DUAL_LEVEL.get() is None or level not in (None, 0):
        raise RuntimeError("Trying to exit a forward AD level that was not the last one that was created: there is no such level")
    around = DUAL_LEVEL.get().around
    DUAL_LEVEL.set(None)
    if around is not None and around.recorder is None:
        state.set(around)


class dual_level:
    """Context manager for a level, in which there are dual tensors.

    Examples
    --------
    >>> import jittape as jt
    >>> with jt.autograd.forward_ad.dual_level():
    ...     x = jt.autograd.forward_ad.make_dual(jt.tensor(2.0), jt.tensor(1.0))
    ...     print(jt.autograd.forward_ad.unpack_dual(x**3).tangent)
    tensor(12.)
    """

    def __enter__(self) -> int:
        return enter_dual_level()

    def __exit__(self, *exc_info: object) -> None:
        exit_dual_level()


def make_dual(tensor: Tensor, tangent: Tensor, *, level: int | None = None) -> Tensor:
    """Make a dual tensor: one with a tangent.

    Parameters
    ----------
    tensor : Tensor
        The value; if it requires grad, gradients flow to it.
    tangent : Tensor
        The tangent, of its shape and dtype; if it requires grad, tangents can be differentiated by it.
    level : int, optional
        The number of the level, 0.

    Returns
    -------
    Tensor
        The dual tensor.

    Raises
    ------
    RuntimeError
        If there is no level, or the tangent does not fit.
    TypeError
        If one of the two is no Tensor.
    ValueError
        If the tensors are not floating-point.
    """
    found = DUAL_LEVEL.get()
    if found is None:
        raise RuntimeError(
            "Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first."
        )
    for name, t in (("primal", tensor), ("tangent", tangent)):
        if not isinstance(t, Tensor):
            raise TypeError(f"make_dual: got {type(t).__name__} as {name}, expected a Tensor")
        if not is_differentiable(t.dtype):
            raise ValueError(f"Expected {name} to be floating point or complex, but got: {t.dtype}")
    if tuple(tensor.shape) != tuple(tangent.shape):
        raise RuntimeError(
            "Trying to set a forward gradient that has a different size than that of the original Tensor, this is not supported. "
            f"Tensor is of size {list(tensor.shape)} while the given forward gradient is of size {list(tangent.shape)}."
        )
    if tensor.dtype != tangent.dtype:
        raise RuntimeError(
            f"Trying to set a forward gradient of dtype {tangent.dtype} for a Tensor of dtype {tensor.dtype}: use .to()"
        )
    found.record()
    dual = clone(tensor) if tensor.requires_grad else tensor.detach().requires_grad_()
    found.is_recorded |= tensor.requires_grad or tangent.requires_grad
    found.moves.append((dual, tangent))
    return dual


def unpack_dual(tensor: Tensor, *, level: int | None = None) -> UnpackedDualTensor:
    """Find the value and the tangent of a tensor that depends on duals.

    Parameters
    ----------
    tensor : Tensor
        Anything computed of dual tensors, or of others.
    level : int, optional
        The number of the level, 0.

    Returns
    -------
    UnpackedDualTensor
        With ``primal`` and ``tangent``; the latter is None where the tensor depends on no dual.

    Raises
    ------
    RuntimeError
        If recording is switched off, or was so in the level and the tensor may have been computed then.
    """
    found = DUAL_LEVEL.get()
    if found is None or not isinstance(tensor, Tensor):
        return UnpackedDualTensor(tensor, None)
    if not tensor.requires_grad:
        if found.has_paused and found.moves and is_differentiable(tensor.dtype):
            raise RuntimeError(
                "unpack_dual: got a Tensor that is not recorded, in a level where recording was switched off: if it was computed "
                "of duals there, its tangent is lost. Compute it outside of no_grad; a constant has no tangent"
            )
        return UnpackedDualTensor(tensor, None)
    moves = [(dual, tangent) for dual, tangent in found.moves if depends_on(tensor, dual)]
    if not moves:
        return UnpackedDualTensor(tensor, None)
    duals, tangents = zip(*moves)
    if found.is_recorded:
        return UnpackedDualTensor(tensor, recorded_tangents_of([tensor], list(duals), list(tangents))[0])
    (array,) = tangent_of([tensor], list(duals), [t._value() for t in tangents])
    return UnpackedDualTensor(tensor.detach(), wrap(array))
