"""Exceptions of the library.

Every class derives from what PyTorch raises in the same place, so programs that catch ``RuntimeError``, ``IndexError``,
``TypeError`` or ``ValueError`` work unchanged.
"""

import numpy as np

__all__ = [
    "AnomalyError",
    "DTypeError",
    "DuplicateNameError",
    "FileError",
    "GraphFreedError",
    "InternalError",
    "LeafError",
    "LeakedTensorError",
    "NoDerivativeWarning",
    "NoTangent",
    "NotSolvedError",
    "ParityError",
    "ShapeError",
    "SharedMemoryError",
    "SingularError",
    "TapeMemoryError",
    "TraceError",
    "VersionError",
]


def __dir__():
    return __all__


class ShapeError(RuntimeError):
    """Shapes that do not fit each other or the operation."""


class SharedMemoryError(RuntimeError):
    """Two arguments are the same memory, and the function writes to one of them."""


class GraphFreedError(RuntimeError):
    """A sweep reached rows that an earlier sweep has freed."""

    def __init__(self):
        super().__init__(
            "Trying to backward through the graph a second time (or directly access saved tensors after they have "
            "already been freed). Saved intermediate values of the graph are freed when you call .backward() or "
            "autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if "
            "you need to access saved tensors after calling backward."
        )


class LeakedTensorError(GraphFreedError):
    """A function that is being transformed used a Tensor of a transform that has finished."""

    def __init__(self, name):
        RuntimeError.__init__(
            self,
            f"jt.{name}: the function depends on a Tensor whose graph has been freed: it was kept from inside a transform "
            "that has finished, or was swept by backward(). Return such a value from the function (has_aux=True), or use "
            "its .detach()",
        )


class NoDerivativeWarning(UserWarning):
    """No derivative reaches the result of a compiled function, so its gradient is zero whatever the arguments are.

    Ignore it with ``warnings.filterwarnings("ignore", category=jt.errors.NoDerivativeWarning)``.
    """


class VersionError(RuntimeError):
    """A value that a sweep needs was changed in a way that the tape could not record."""


class NoTangent(NotImplementedError):
    """Forward mode met an operation that has only a reverse rule."""


class NotSolvedError(ArithmeticError):
    """A solver has not found a solution, so a derivative by the equations that it solves would be wrong."""


class LeafError(RuntimeError):
    """Something that only leaves (or only results) allow."""


class DTypeError(RuntimeError):
    """A dtype that the operation does not take, such as integers where derivatives are wanted."""


class DuplicateNameError(ValueError):
    """Two declarations of operations have a name in common.

    Parameters
    ----------
    kind : str
        What the name is of: a row, a function, a method of Tensor, a function of NumPy or of Python.
    name : str
        The name.
    owner : object
        The declaration that has the name already.
    """

    def __init__(self, kind, name, owner):
        self.kind, self.name, self.owner = kind, name, owner
        super().__init__(
            f"two operations have the {kind} {name!r}: got a declaration of it, but {owner!r} has the name already; choose "
            "another, or take the first declaration back with jittape.ops.operation_names.withdraw"
        )


class InternalError(RuntimeError):
    """The library has contradicted itself: a defect of the library, not of the program that meets it."""


class ParityError(RuntimeError):
    """A function computes something else where it is differentiated than on plain arrays."""


class AnomalyError(RuntimeError):
    """Anomaly detection found a value that is not finite."""


class TapeMemoryError(MemoryError):
    """A statement tape would grow beyond its limit.

    Parameters
    ----------
    what : {"tape", "statements", "arenas"}
        What is used up: bytes, indices of statements, or tapes in use at one time.
    wanted, limit : int
        How much was needed, and how much there may be.
    """

    def __init__(self, what, wanted, limit):
        self.what, self.wanted, self.limit = what, int(wanted), int(limit)
        super().__init__(what, wanted, limit)

    def __str__(self):
        if self.what == "statements":
            return (
                f"the tape would hold more than {self.limit} statements. Differentiate a part at a time "
                "(jt.native.checkpointed), or a data point at a time and add the gradients"
            )
        if self.what == "arenas":
            return f"more than {self.limit} gradients are being computed at once"
        limit = f"the limit is {self.limit:,}" if self.limit else "the system has no more"
        return (
            f"the tape would take {self.wanted:,} bytes, {limit}. Differentiate a part at a time "
            "(jt.native.checkpointed), a data point at a time, or raise jt.native.set_tape_limit(bytes)"
        )


class FileError(RuntimeError):
    """A file that is not what `jittape.save` has written."""


class SingularError(RuntimeError, np.linalg.LinAlgError):
    """A matrix that has no inverse, or that is not positive definite."""


class TraceError(RuntimeError):
    """A function that `jt.compile` cannot replay as it is written."""
