"""Values by the code of their dtype: the one module of compiled code that knows what type a code of the table stands for.

A further differentiable dtype needs a row in the table (``dtypes``), a window in `WINDOWS` and a branch in the functions
here; nothing else in the engine asks what a value is.
"""

import numpy as np

from ..dtypes import DTYPE_CODES, ITEM_SIZES, float32, float64
from ..numba_backend.decorators import helper, reassociated
from .words import clear, f32_at, f64_at

F64, F32 = DTYPE_CODES[float64], DTYPE_CODES[float32]
WINDOWS = {float64: f64_at, float32: f32_at}


def window(dtype):
    """The function that makes a window of an address."""
    return WINDOWS[np.dtype(dtype)]


@helper
def item_size(dtype):
    """Bytes of an element."""
    return 1 << (ITEM_SIZES >> 4 * dtype & 15)


@helper
def number_at(address, dtype):
    """A real number, as a float64."""
    return f64_at(address, 1)[0] if dtype == F64 else np.float64(f32_at(address, 1)[0])


@helper
def fill(address, n, dtype, number):
    """Copies of a real number."""
    if dtype == F64:
        values = f64_at(address, n)
        for k in range(n):
            values[k] = number
    else:
        values32, number32 = f32_at(address, n), np.float32(number)
        for k in range(n):
            values32[k] = number32


@helper
def fill_zero(address, n, dtype):
    """Zeros."""
    clear(address, n * item_size(dtype))


@helper
def spread(address, n, dtype, source, divisor):
    """Copies of the number at `source`, over a real one."""
    fill(address, n, dtype, number_at(source, dtype) / divisor)


@helper
def add_product(to, p, seed, dtype, selects):
    """``to += p * seed`` of one number; with `selects`, nothing flows where p is zero."""
    if dtype == F64:
        partial = f64_at(p, 1)[0]
        if partial != 0.0 or not selects:
            f64_at(to, 1)[0] += partial * f64_at(seed, 1)[0]
    else:
        partial32 = f32_at(p, 1)[0]
        if partial32 != 0.0 or not selects:
            f32_at(to, 1)[0] += partial32 * f32_at(seed, 1)[0]


@helper
def _multiply_add(to, p, seed, n, selects):
    if selects:
        for j in range(n):
            to[j] += p[j] * seed[j] if p[j] != 0.0 else 0.0
    else:
        for j in range(n):
            to[j] += p[j] * seed[j]


@helper
def multiply_add(to, p, seed, n, dtype, selects):
    """`add_product` of n numbers."""
    if dtype == F64:
        _multiply_add(f64_at(to, n), f64_at(p, n), f64_at(seed, n), n, selects)
    else:
        _multiply_add(f32_at(to, n), f32_at(p, n), f32_at(seed, n), n, selects)


@helper
def _add_where_it_flows(product, flow, p, seed, seed_flow, n, selects):
    for j in range(n):
        is_open = seed_flow[j] != 0.0 and (p[j] != 0.0 or not selects)
        product[j] += p[j] * seed[j] if is_open else 0.0
        flow[j] += 1.0 if is_open else 0.0


@helper
def add_where_it_flows(product, flow, p, seed, seed_flow, n, dtype, selects):
    """``product += p * seed`` of n numbers where something flows, which adds up in `flow`; elsewhere nothing, whatever p is."""
    if dtype == F64:
        to, to_flow, by = f64_at(product, n), f64_at(flow, n), f64_at(p, n)
        _add_where_it_flows(to, to_flow, by, f64_at(seed, n), f64_at(seed_flow, n), n, selects)
    else:
        to32, to_flow32, by32 = f32_at(product, n), f32_at(flow, n), f32_at(p, n)
        _add_where_it_flows(to32, to_flow32, by32, f32_at(seed, n), f32_at(seed_flow, n), n, selects)


@helper
def _holds_nan(values, n):
    found = 0
    for k in range(n):
        found += values[k] != values[k]
    return found != 0


@helper
def holds_nan(address, n, dtype):
    """Whether one of n numbers is a nan."""
    return _holds_nan(f64_at(address, n), n) if dtype == F64 else _holds_nan(f32_at(address, n), n)


# --- totals, which are collected in float64 ------------------------------------------------------------------

ACCUMULATOR = 8  # bytes of one


@reassociated
def add_up(values, first, n):
    """The sum of n values, of at least one."""
    total = values[first]
    for k in range(1, n):
        total += values[first + k]
    return total


@helper
def accumulate(accumulator, address, n, dtype):
    """Add the sum of values to an accumulator."""
    total = f64_at(accumulator, 1)
    if dtype == F64:
        total[0] += add_up(f64_at(address, n), 0, n)
    else:
        total[0] += add_up(f32_at(address, n), 0, n)


@helper
def _put(out, total, adds):
    out[0] = out[0] + total if adds else total


@helper
def put_total(out, accumulators, n, dtype, divisor, adds):
    """The sum of n accumulators in their order, over a real number, to where it belongs or added to what is there."""
    parts, total = f64_at(accumulators, n), 0.0
    for k in range(n):
        total += parts[k]
    total /= divisor
    if dtype == F64:
        _put(f64_at(out, 1), total, adds)
    else:
        _put(f32_at(out, 1), total, adds)
