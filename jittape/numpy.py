"""NumPy's namespace for code that is differentiated, ``import jittape.numpy as np``

NumPy's own functions follow derivatives wherever they are handed a value that is being differentiated. What they cannot do is
to make an array of such numbers from a list, and to make an array that such numbers are written into. Here they can: inside a
transform, functions that make arrays of floats make Arrays. Everything else is NumPy's own.

Examples
--------
>>> import jittape as jt
>>> import jittape.numpy as np
>>> def f(x):
...     z = np.zeros(3)
...     z[1] = x[0] * x[1]
...     return np.sum(z) + np.sum(np.array([x[0], 2.0]))
>>> jt.grad(f)(np.array([3.0, 5.0]))
array([6., 3.])
"""

import numpy as _numpy

from .ops.numpy_creation import MAKING as _MAKING
from .ops.operation_names import BY_NUMPY as _BY_NUMPY

_FOLLOWED = {n: f for n in _numpy.__all__ if callable(f := getattr(_numpy, n)) and f in _BY_NUMPY}
globals().update({**_FOLLOWED, **_MAKING})
__all__ = []  # follows from the declarations
__all__.extend(sorted({*_FOLLOWED, *_MAKING}))


def __getattr__(name):
    """What is not listed is NumPy's own: constants, dtypes, modules, functions of plain arrays."""
    return getattr(_numpy, name)


def __dir__():
    return __all__
