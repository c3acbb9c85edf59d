"""What a user's `Function` keeps from its forward for its derivatives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import VersionError
from ..tape.versions import storage_version_now
from ..tensors.tensor import Tensor
from .saved_tensor_hooks import packed_now

if TYPE_CHECKING:
    from typing import Any


class FunctionCtx:
    """What `Function.forward` keeps for `Function.backward` and `Function.jvp`: attributes of any name, and saved tensors.

    Parameters
    ----------
    needs_input_grad : tuple of bool
        Whether each argument requires grad.

    Attributes
    ----------
    saved_tensors : tuple of Tensors
        What `save_for_backward` was given, or `save_for_forward` in `Function.jvp`.
    needs_input_grad : tuple of bool
        Whether each argument requires grad.
    """

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self._saved, self._saved_forward = (), None
        self._no_gradient = ()
        self._dirty = ()
        self._packed = None
        self._results, self._now = {}, None  # numbers of results, by id; what gives the recorded ones while a sweep is recorded
        self.materialize = True
        self.flows = self.reached = None  # in a careful sweep: where cotangents flow, by output; what `backward` says of answers

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep tensors for the backward pass; if one is changed afterwards, reading it there raises.

        Parameters
        ----------
        *tensors : Tensor or None
            What `saved_tensors` returns.
        """
        for k, t in enumerate(tensors):
            if t is not None and not isinstance(t, Tensor):
                raise TypeError(f"save_for_backward can only save variables, but argument {k} is of type {type(t).__name__}")
        self._packed = packed_now(tensors)
        self._saved = () if self._packed is not None else tuple((t, _version(t)) for t in tensors)

    def save_for_forward(self, *tensors: Tensor | None) -> None:
        """Keep tensors for `Function.jvp`.

        Parameters
        ----------
        *tensors : Tensor or None
            What `saved_tensors` returns there.
        """
        self._saved_forward = tensors

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        if self._packed is not None:
            return self._packed.unpacked()
        for t, version in self._saved:
            if isinstance(t, Tensor) and _version(t) != version:
                raise VersionError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: a saved "
                    f"tensor of shape {list(t.shape)} is at version {_version(t)}; expected version {version} instead. Hint: "
                    "save a copy, x.clone()"
                )
        return tuple(self._present(t) for t, _ in self._saved)

    def _present(self, t):
        """A saved tensor; in the place of a result of `forward` the recorded one, where derivatives are recorded."""
        return t if self._now is None or id(t) not in self._results else self._now(self._results[id(t)])

    @property
    def saved_for_forward(self) -> tuple[Any, ...]:
        return self._saved_forward or ()

    def for_tangents(self) -> FunctionCtx:
        """Return a copy for one call of `Function.jvp`, which may be called several times and delete what it has used.

        Returns
        -------
        FunctionCtx
            With the attributes as `forward` has left them.
        """
        copied = object.__new__(FunctionCtx)
        vars(copied).update(vars(self))
        if self._saved_forward is not None:
            copied._saved, copied._packed = tuple((t, _version(t)) for t in self._saved_forward), None
        return copied

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Declare outputs that carry no gradient.

        Parameters
        ----------
        *tensors : Tensor
            Results of `forward`.
        """
        self._no_gradient = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Declare inputs that `forward` has changed in place, and returns.

        Parameters
        ----------
        *tensors : Tensor
            Arguments of `forward`. Call this in `forward` or `setup_context` itself.
        """
        self._dirty = tensors

    def set_materialize_grads(self, value: bool) -> None:
        """Choose what `backward` gets for outputs without a gradient, and `jvp` for arguments without a tangent.

        Parameters
        ----------
        value : bool
            True for zeros (the default), False for None.
        """
        self.materialize = value


def _version(t):
    if not isinstance(t, Tensor):
        return None
    if t._array is None:
        return storage_version_now(t._tape.header, t._row)
    return t._storage.memory.version
