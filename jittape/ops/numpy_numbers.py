"""Which functions of NumPy give an array, and which a number, where the result has no axes.

Numbers are values; an array without axes is written to in place. Most functions answer what they are made of answers.
"""

import numpy as np

from ..tensors.array import Array, is_number
from ..tensors.tensor import extras_of

ARRAYS = frozenset(
    (
        np.zeros_like,
        np.ones_like,
        np.full_like,
        np.empty_like,
        np.pad,
        np.polyint,
        np.real_if_close,
        np.roll,
        np.tile,
        np.tensordot,
    )
)
NUMBERS = {np.median, np.nanmedian, np.quantile, np.nanquantile, np.percentile, np.nanpercentile, np.interp, np.modf, np.frexp}
NUMBERS |= {np.linalg.norm, *(getattr(np.linalg, n) for n in ("matrix_norm", "vector_norm") if hasattr(np.linalg, n))}
SCANS = frozenset((np.cumsum, np.cumprod, np.nancumsum, np.nancumprod))  # these give an axis to what has none


def as_numpys(function, value, given):
    """What a function has answered, as an array or as a number as NumPy's; arguments themselves stay what they are."""
    if function in ARRAYS or function in NUMBERS:
        for x in value if isinstance(value, (tuple, list)) else (value,):
            if type(x) is Array and not x._layout.shape and all(x is not g for g in given):
                if is_number(x) == (function in ARRAYS):
                    extras_of(x).is_array = function in ARRAYS
    return value
