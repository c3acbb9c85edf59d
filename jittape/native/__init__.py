"""Derivatives of functions that Numba compiles, as they are.

``jt.grad``, ``jt.value_and_grad``, ``jt.jacobian`` and their relatives take functions decorated with ``@njit``; the
copies of such functions run on numbers that record or carry derivatives (see `numbers`).
"""

from . import constructors, linalg, predicates, reductions
from .checkpoints import Checkpointed, checkpointed
from .derivatives import NativeTransform, is_compiled, make
from .messages import NativeError
from .tensors import call
from .usage import free_memory, set_tape_limit, tape_limit, tape_stats
