"""Kernels: the loops of one operation for one dtype, compiled on first use and called by address.

The engine brings operands into contiguous form (see ``gather_scatter``), so kernels are plain loops and know nothing of
strides, broadcasting or the tape.  Those here are the loops of elementwise operations, made of bodies and partials.
``params`` points at the number of elements;

* forward: writes ``out``;
* partial k: ``out += d y / d x_k * seed``.  With (out, seed) = (x_bar, y_bar) that is the reverse sweep, with
  (y_dot, x_dot) the tangent sweep: one kernel serves both.
"""

import itertools

import numpy as np

from ..numba_backend.decorators import JIT, compile_at_address, helper
from .kernel_signatures import SIGNATURE, bodies
from ..memory.words import i64_at
from ..memory.typed_values import window

# A body that the optimiser finds too long to inline would keep its loop from being vectorised: tanh cost 5.8 ns an
# element so, and costs 1.4 inlined.
inlined = helper(forceinline=True)

_numbers = itertools.count(1)  # in the place of addresses, where nothing is compiled
_alive = []  # compiled kernels: their machine code must outlive the tables that hold addresses
kernel_names = {}  # address -> name, for reports


def address_of_kernel(function, name):
    """Compile a kernel under a unique name and return where its machine code lies."""
    function.__name__ = function.__qualname__ = f"jittape_{name}"
    if not JIT:
        number = next(_numbers)
        bodies[number] = function
        return number
    kernel = compile_at_address(function, SIGNATURE, name, "inlined bodies")
    _alive.append(kernel)  # not read again: another thread may append one, too
    kernel_names[kernel.address] = name
    return kernel.address


@helper
def clear_if(fresh, values, first, n):
    """Zeros where an adjoint holds nothing yet."""
    if fresh != 0:
        for k in range(first, first + n):
            values[k] = 0.0


# --- elementwise --------------------------------------------------------------------------------------
# One template an arity: a loop over rows of arguments would cost the vectoriser its view of them.


SCANNED = 1024  # elements tested at a time: they are still in the first cache when the loop reads them again


def near(test, variant):
    """Decorate a body or partials of one operand: `variant` computes the same, faster, where ``test(x)`` holds.

    Its kernels test blocks of elements and take the loop that suits all of a block.  A branch inside
    the function would keep the compiler from making vector code.
    """

    def decorate(function):
        function.near = inlined(test), inlined(variant)
        return function

    return decorate


def _near_of(function, dtype):
    """Test and variant of a function, None if it has none: they are of real numbers."""
    return getattr(function, "near", (None, None)) if np.dtype(dtype).kind == "f" else (None, None)


def elementwise_forward(body, arity, dtype):
    """Kernel ``out[k] = body(x0[k], ...)``."""
    at = window(dtype)
    size = np.dtype(dtype).itemsize
    test, variant = _near_of(body, dtype)
    body = inlined(body)

    def unary_near(params, out, seed, y, x0, x1, x2):
        left = i64_at(params, 1)[0]
        while left > 0:
            n = min(left, SCANNED)
            o, a = at(out, n), at(x0, n)
            outside = 0
            for k in range(n):
                outside += not test(a[k])
            if outside:
                for k in range(n):
                    o[k] = body(a[k])
            else:
                for k in range(n):
                    o[k] = variant(a[k])
            left, out, x0 = left - n, out + n * size, x0 + n * size

    if test is not None:
        return unary_near

    def unary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, a = at(out, n), at(x0, n)
        for k in range(n):
            o[k] = body(a[k])

    def binary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, a, b = at(out, n), at(x0, n), at(x1, n)
        for k in range(n):
            o[k] = body(a[k], b[k])

    def ternary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, a, b, c = at(out, n), at(x0, n), at(x1, n), at(x2, n)
        for k in range(n):
            o[k] = body(a[k], b[k], c[k])

    return (unary, binary, ternary)[arity - 1]


def elementwise_joint(body, partials, dtype):
    """Kernel ``out[k] = body(x0[k]); y[k] = partials(x0[k], out[k])[0]`` for what shares most of its work."""
    at = window(dtype)
    size = np.dtype(dtype).itemsize
    test, variant = _near_of(body, dtype)
    body, partials, (_, partials_variant) = inlined(body), inlined(partials), getattr(partials, "near", (None, inlined(partials)))

    def unary_near(params, out, seed, y, x0, x1, x2):
        left = i64_at(params, 1)[0]
        while left > 0:
            n = min(left, SCANNED)
            o, p, a = at(out, n), at(y, n), at(x0, n)
            outside = 0
            for k in range(n):
                outside += not test(a[k])
            if outside:
                for k in range(n):
                    x = a[k]
                    o[k] = v = body(x)
                    p[k] = partials(x, v)[0]
            else:
                for k in range(n):
                    x = a[k]  # once: for all that is known the result lies in its place
                    o[k] = v = variant(x)
                    p[k] = partials_variant(x, v)[0]
            step = n * size
            left, out, y, x0 = left - n, out + step, y + step, x0 + step

    if test is not None:
        return unary_near

    def unary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, p, a = at(out, n), at(y, n), at(x0, n)
        for k in range(n):
            x = a[k]
            o[k] = v = body(x)
            p[k] = partials(x, v)[0]

    return unary


def _times(partial, seed):
    return partial * seed


def _times_if_selected(partial, seed):
    return partial * seed if partial != 0.0 else 0.0


def _added(before, flow):
    return before + flow


def _alone(before, flow):
    return 0.0 + flow  # as what was cleared and added to: no negative zeros


def elementwise_partial(partials, arity, which, dtype, selects, adds=True):
    """Kernel ``out[k] += partials(x0[k], ..., y[k])[which] * seed[k]``; the rest is dead code.

    With `selects` a zero partial means "not chosen" (where, maximum, relu): nothing flows, not even
    an inf or nan seed.  A kernel that does not add takes the place of one and of a pass that clears.
    """
    at, after = window(dtype), helper(_added if adds else _alone)
    size = np.dtype(dtype).itemsize
    test, variant = _near_of(partials, dtype)
    partials = inlined(partials)
    times = helper(_times_if_selected if selects else _times)

    def unary_near(params, out, seed, y, x0, x1, x2):
        left = i64_at(params, 1)[0]
        while left > 0:
            n = min(left, SCANNED)
            o, s, v, a = at(out, n), at(seed, n), at(y, n), at(x0, n)
            outside = 0
            for k in range(n):
                outside += not test(a[k])
            if outside:
                for k in range(n):
                    o[k] = after(o[k], times(partials(a[k], v[k])[which], s[k]))
            else:
                for k in range(n):
                    o[k] = after(o[k], times(variant(a[k], v[k])[which], s[k]))
            step = n * size
            left, out, seed, y, x0 = left - n, out + step, seed + step, y + step, x0 + step

    if test is not None:
        return unary_near

    def unary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, s, v, a = at(out, n), at(seed, n), at(y, n), at(x0, n)
        for k in range(n):
            o[k] = after(o[k], times(partials(a[k], v[k])[which], s[k]))

    def binary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, s, v, a, b = at(out, n), at(seed, n), at(y, n), at(x0, n), at(x1, n)
        for k in range(n):
            o[k] = after(o[k], times(partials(a[k], b[k], v[k])[which], s[k]))

    def ternary(params, out, seed, y, x0, x1, x2):
        n = i64_at(params, 1)[0]
        o, s, v, a, b, c = at(out, n), at(seed, n), at(y, n), at(x0, n), at(x1, n), at(x2, n)
        for k in range(n):
            o[k] = after(o[k], times(partials(a[k], b[k], c[k], v[k])[which], s[k]))

    return (unary, binary, ternary)[arity - 1]


def scalar_partials(partials, arity, dtype):
    """Kernel that writes the partials of all operands at one point: ``out[k] = partials(x0[0], ..., y[0])[k]``.

    A row of one element costs one call this way, whatever operands are active, and several adjoints
    side by side share it.
    """
    at = window(dtype)
    partials = inlined(partials)

    def unary(params, out, seed, y, x0, x1, x2):
        at(out, 1)[0] = partials(at(x0, 1)[0], at(y, 1)[0])[0]

    def binary(params, out, seed, y, x0, x1, x2):
        o = at(out, 2)
        o[0], o[1] = partials(at(x0, 1)[0], at(x1, 1)[0], at(y, 1)[0])

    def ternary(params, out, seed, y, x0, x1, x2):
        o = at(out, 3)
        o[0], o[1], o[2] = partials(at(x0, 1)[0], at(x1, 1)[0], at(x2, 1)[0], at(y, 1)[0])

    return (unary, binary, ternary)[arity - 1]


def scalar_statement(body, partials, arity, dtype):
    """Kernel that writes a value to ``y[0]`` and its partials to ``out[k]``, in one call."""
    at = window(dtype)
    body, partials = inlined(body), inlined(partials)

    def unary(params, out, seed, y, x0, x1, x2):
        a = at(x0, 1)[0]
        v = body(a)
        at(y, 1)[0] = v
        at(out, 1)[0] = partials(a, v)[0]

    def binary(params, out, seed, y, x0, x1, x2):
        a, b = at(x0, 1)[0], at(x1, 1)[0]
        v = body(a, b)
        at(y, 1)[0] = v
        o = at(out, 2)
        o[0], o[1] = partials(a, b, v)

    def ternary(params, out, seed, y, x0, x1, x2):
        a, b, c = at(x0, 1)[0], at(x1, 1)[0], at(x2, 1)[0]
        v = body(a, b, c)
        at(y, 1)[0] = v
        o = at(out, 3)
        o[0], o[1], o[2] = partials(a, b, c, v)

    return (unary, binary, ternary)[arity - 1]
