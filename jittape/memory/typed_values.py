"""Values by the code of their dtype: the one module of compiled code that knows what type a code of the table stands for.

A further differentiable dtype needs a row in the table (``dtypes``), a window in `WINDOWS` and a branch in the functions
here; nothing else in the engine asks what a value is.

Complex numbers multiply as their two parts do in the textbook; sweeps carry adjoints of the complex-linear transpose
(``x_bar = partial * y_bar``, without conjugates), so they are the products that real numbers have.
"""

import numpy as np

from ..dtypes import DTYPE_CODES, ITEM_SIZES, complex64, complex128, float32, float64
from ..mathfun.complex_functions import over
from ..numba_backend.decorators import helper, reassociated
from .words import c64_at, c128_at, clear, f32_at, f64_at

F64, F32, C128, C64 = [DTYPE_CODES[dtype] for dtype in (float64, float32, complex128, complex64)]
WINDOWS = {float64: f64_at, float32: f32_at, complex128: c128_at, complex64: c64_at}


def window(dtype):
    """The function that makes a window of an address."""
    return WINDOWS[np.dtype(dtype)]


PARTS = {c128_at: f64_at, c64_at: f32_at}  # windows of complex numbers -> windows of their parts


@helper
def item_size(dtype):
    """Bytes of an element."""
    return 1 << (ITEM_SIZES >> 4 * dtype & 15)


@helper
def holds_complex(dtype):
    """Whether the numbers of a dtype are complex."""
    return dtype == C128 or dtype == C64


@helper
def number_at(address, dtype):
    """A real number, as a float64; nan in the place of a complex one."""
    if dtype == F64:
        return f64_at(address, 1)[0]
    return np.float64(f32_at(address, 1)[0]) if dtype == F32 else np.nan


@helper
def _fill(values, n, number):
    for k in range(n):
        values[k] = number


@helper
def fill(address, n, dtype, number):
    """Copies of a real number."""
    if dtype == F64:
        _fill(f64_at(address, n), n, number)
    elif dtype == F32:
        _fill(f32_at(address, n), n, np.float32(number))
    elif dtype == C128:
        _fill(c128_at(address, n), n, np.complex128(number))
    else:
        _fill(c64_at(address, n), n, np.complex64(number))


@helper
def fill_zero(address, n, dtype):
    """Zeros."""
    clear(address, n * item_size(dtype))


@helper
def spread(address, n, dtype, source, divisor):
    """Copies of the number at `source`, over a real one."""
    if dtype == F64:
        _fill(f64_at(address, n), n, f64_at(source, 1)[0] / divisor)
    elif dtype == F32:
        _fill(f32_at(address, n), n, np.float32(f32_at(source, 1)[0] / divisor))
    elif dtype == C128:
        _fill(c128_at(address, n), n, over(c128_at(source, 1)[0], divisor))
    else:
        _fill(c64_at(address, n), n, np.complex64(over(c64_at(source, 1)[0], divisor)))


@helper
def _add_product(to, p, seed, selects):
    if p[0] != 0.0 or not selects:
        to[0] += p[0] * seed[0]


@helper
def add_product(to, p, seed, dtype, selects):
    """``to += p * seed`` of one number; with `selects`, nothing flows where p is zero."""
    if dtype == F64:
        _add_product(f64_at(to, 1), f64_at(p, 1), f64_at(seed, 1), selects)
    elif dtype == F32:
        _add_product(f32_at(to, 1), f32_at(p, 1), f32_at(seed, 1), selects)
    elif dtype == C128:
        _add_product(c128_at(to, 1), c128_at(p, 1), c128_at(seed, 1), selects)
    else:
        _add_product(c64_at(to, 1), c64_at(p, 1), c64_at(seed, 1), selects)


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
    elif dtype == F32:
        _multiply_add(f32_at(to, n), f32_at(p, n), f32_at(seed, n), n, selects)
    elif dtype == C128:
        _multiply_add(c128_at(to, n), c128_at(p, n), c128_at(seed, n), n, selects)
    else:
        _multiply_add(c64_at(to, n), c64_at(p, n), c64_at(seed, n), n, selects)


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
    elif dtype == F32:
        to32, to_flow32, by32 = f32_at(product, n), f32_at(flow, n), f32_at(p, n)
        _add_where_it_flows(to32, to_flow32, by32, f32_at(seed, n), f32_at(seed_flow, n), n, selects)
    elif dtype == C128:
        to_c, to_flow_c, by_c = c128_at(product, n), c128_at(flow, n), c128_at(p, n)
        _add_where_it_flows(to_c, to_flow_c, by_c, c128_at(seed, n), c128_at(seed_flow, n), n, selects)
    else:
        to_c64, to_flow_c64, by_c64 = c64_at(product, n), c64_at(flow, n), c64_at(p, n)
        _add_where_it_flows(to_c64, to_flow_c64, by_c64, c64_at(seed, n), c64_at(seed_flow, n), n, selects)


@helper
def _holds_nan(values, n):
    found = 0
    for k in range(n):
        found += values[k] != values[k]
    return found != 0


@helper
def holds_nan(address, n, dtype):
    """Whether one of n numbers is a nan, or a part of one."""
    if dtype == F64:
        return _holds_nan(f64_at(address, n), n)
    if dtype == C128:
        return _holds_nan(f64_at(address, 2 * n), 2 * n)
    return _holds_nan(f32_at(address, n), n) if dtype == F32 else _holds_nan(f32_at(address, 2 * n), 2 * n)


# --- totals, which are collected in double precision ---------------------------------------------------------

ACCUMULATOR = 16  # bytes of one: a complex128, of real numbers the float64 in its place


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
    if dtype == F64:
        f64_at(accumulator, 1)[0] += add_up(f64_at(address, n), 0, n)
    elif dtype == F32:
        f64_at(accumulator, 1)[0] += add_up(f32_at(address, n), 0, n)
    elif dtype == C128:
        c128_at(accumulator, 1)[0] += add_up(c128_at(address, n), 0, n)
    else:
        c128_at(accumulator, 1)[0] += add_up(c64_at(address, n), 0, n)


@helper
def _put(out, total, adds):
    out[0] = out[0] + total if adds else total


@helper
def put_total(out, accumulators, n, dtype, divisor, adds):
    """The sum of n accumulators in their order, over a real number, to where it belongs or added to what is there."""
    if holds_complex(dtype):
        _put_complex_total(out, accumulators, n, dtype, divisor, adds)
        return
    parts, total = f64_at(accumulators, 2 * n), 0.0
    for k in range(n):
        total += parts[2 * k]
    total /= divisor
    if dtype == F64:
        _put(f64_at(out, 1), total, adds)
    else:
        _put(f32_at(out, 1), total, adds)


@helper
def _put_complex_total(out, accumulators, n, dtype, divisor, adds):
    parts, total = c128_at(accumulators, n), np.complex128(0.0)
    for k in range(n):
        total += parts[k]
    total = over(total, divisor)
    if dtype == C128:
        _put(c128_at(out, 1), total, adds)
    else:
        _put(c64_at(out, 1), total, adds)
