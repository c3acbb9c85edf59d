"""PyTorch's convention for gradients with respect to complex numbers, at the boundary of what speaks PyTorch.

Sweeps carry adjoints of the complex-linear transpose: a real loss L changes by ``Re(x_bar * dx)``, and ``x_bar = y_bar * f'(x)``
for a holomorphic f. PyTorch's gradient is the conjugate of that, ``dL/d(Re x) + 1j * dL/d(Im x)``, the direction of steepest
ascent. So ``.grad``, cotangents that users give, and what hooks and users' rules see are conjugates of adjoints; of real numbers
they are the adjoints themselves.
"""

import numpy as np

from ..dtypes import is_complex
from ..ops.complex_parts import conj
from ..tensors.tensor import Tensor


def conjugated(gradient):
    """A gradient from an adjoint, or an adjoint from a gradient: a Tensor or an array; None and real ones are what they were."""
    if gradient is None or not is_complex(gradient.dtype):
        return gradient
    return conj(gradient) if isinstance(gradient, Tensor) else np.asarray(np.conjugate(gradient))
