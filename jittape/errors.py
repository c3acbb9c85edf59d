"""The exceptions of the library.

Every class derives from what PyTorch raises in the same place, so programs that catch
``RuntimeError``, ``IndexError``, ``TypeError`` or ``ValueError`` go on working.
"""

import numpy as np


class ShapeError(RuntimeError):
    """Shapes that do not fit each other or the operation."""


class GraphFreedError(RuntimeError):
    """A sweep reached rows that an earlier sweep has freed."""

    def __init__(self):
        super().__init__(
            "Trying to backward through the graph a second time (or directly access saved tensors after they have "
            "already been freed). Saved intermediate values of the graph are freed when you call .backward() or "
            "autograd.grad(). Specify retain_graph=True if you need to backward through the graph a second time or if "
            "you need to access saved tensors after calling backward."
        )


class VersionError(RuntimeError):
    """A value that a sweep needs was changed where the tape could not see it."""


class LeafError(RuntimeError):
    """Something that only leaves (or only non-leaves) may do."""


class DTypeError(RuntimeError):
    """A dtype that cannot take part."""


class AnomalyError(RuntimeError):
    """Anomaly detection found a value that is not finite."""


class FileError(RuntimeError):
    """A file that is not what `jittape.save` has written."""


class SingularError(RuntimeError, np.linalg.LinAlgError):
    """A matrix without an inverse, or that is not positive definite."""
