"""Values of structured operations that are not recorded, as the kernels of recorded ones compute them."""

import numpy as np

from ..memory.layouts import LAYOUTS, intern
from ..memory.words import address_of
from ..tape.record import run_unrecorded
from .unrecorded_path import FLOATS


def kernel_value(operation, arrays, statics):
    """The value on arrays; None where there is no kernel for such operands."""
    dtype = arrays[0].dtype
    if dtype.char not in FLOATS or any([a.dtype != dtype for a in arrays]):
        return None
    plan = operation.planned_for(tuple([intern(a.shape) for a in arrays]), statics)
    kernel = operation.kernel_address("forward", 0, dtype)
    if plan is None or not kernel:
        return None
    layout, *integers = plan
    arrays, params = [np.ascontiguousarray(a) for a in arrays], np.array(integers, np.int64)
    value = np.empty(LAYOUTS[layout].shape, dtype if operation.result_dtype is None else operation.result_dtype(dtype))
    run_unrecorded(kernel, *map(address_of, [params, value, *arrays]), *[0] * (3 - len(arrays)))
    return value
