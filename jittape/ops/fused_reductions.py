"""Sums and means of an elementwise operation of two operands, in one row.

A loss is an elementwise function of predictions and targets, folded.  As three rows (the function, the sum,
the division) it passes three times through memory and pays for three rows; folded, once.  Nothing is declared
twice: kernels and rules are made of the body and the partials of the elementwise operation.
"""

import struct

import numpy as np

from ..dtypes import get_default_dtype, is_differentiable
from ..numba_backend.decorators import helper, reassociated
from ..kernels.loops import clear_if
from ..memory.words import f64_at, i64_at
from .arguments import as_tensor_argument
from .copies_and_joins import convert
from .domains import domains_of
from .declare_structured import Structured
from .sums import mean, sum
from .operation_table import common_dtype
from .shape_rules import expect, is_number

BLOCK = 1024  # elements summed at a time: short sums lose less
_write_float, _read_integer = struct.Struct("<d").pack, struct.Struct("<q").unpack
SIZE, DIVIDES, CONSTANT = range(3)  # parameters of a row


def bits_of(number):
    """A float as the integer of the same 64 bits: parameters of a row are integers."""
    return _read_integer(_write_float(number))[0]


class Folded(Structured):
    """The sum (or mean) over all elements of an elementwise operation of two operands of one shape.

    Statics: whether it is the mean; then the third argument of the operation, a number, if it has one.
    """

    def __init__(self, each):
        self.each = each

        def body(x, y, divides, *constants):
            values = each.evaluate([x, y, *constants], np.result_type(x, y))
            return (values.sum() / (values.size if divides else 1)).astype(values.dtype)

        body.__name__, body.__doc__ = f"{each.name}_folded", each.__doc__
        super().__init__(body, 2, uses=(3, 3, 0), grad_name=each.grad_name, domain=domains_of(each)[0])
        self.planned(_plan)
        self.shaped(self._shape_of_result)
        self.exampled(self._some)
        _add_kernels(self, each)

    def _some(self):
        """Examples; constants from the middle of their domains."""
        constants = [(domain.low + domain.high) / 2 for domain in domains_of(self.each)[2:]]
        for shape in ((), (7,), (3, 4), (1025,)):
            yield from (([shape, shape], (divides, *constants)) for divides in (False, True))

    def _shape_of_result(self, shapes, divides, *constants):
        expect(shapes[0] == shapes[1] and type(divides) is bool, "operands of one shape, and a flag")
        expect(len(constants) == self.each.arity - 2 and all(map(is_number, constants)), "a number for each further argument")
        return ()

    def __call__(self, input, target, divides, *constants):
        """The fold; operands of different shapes are broadcast first, which costs the rows that are saved here."""
        x, y = as_tensor_argument(input, self.name), as_tensor_argument(target, self.name, "target")
        if x.dtype is not y.dtype:
            dtype = common_dtype([x, y])
            x, y = (convert(v, dtype if is_differentiable(dtype) else get_default_dtype()) for v in (x, y))
        if tuple(x.shape) != tuple(y.shape):
            return (mean if divides else sum)(self.each.apply(x, y, *constants))
        return self.apply(x, y, bool(divides), *constants)

    def _partial(self, k, operands, constants):
        return self.each.partials(*operands, *constants, None)[k]

    def pullback(self, k, y_bar, y, operands, statics):
        """The partial of the elementwise operation, weighted."""
        divides, *constants = statics
        seed = y_bar / max(operands[0].numel(), 1) if divides else y_bar
        return self._partial(k, operands, constants) * seed

    def pushforward(self, k, x_dot, y, operands, statics):
        """The same fold of partial times tangent."""
        divides, *constants = statics
        return (mean if divides else sum)(self._partial(k, operands, constants) * x_dot)


def _plan(layouts, divides, *constants):
    n = layouts[0].size
    if n == 0:
        return None
    return (), (n, int(divides), bits_of(constants[0]) if constants else 0, 0, 0, 0)


def _with_constant(function, arity):
    """A body, or partials, of two operands as a function of two and a constant, which it may ignore."""
    inner = helper(function)

    def of_three(x, y, c):
        return inner(x, y, c)

    def of_two(x, y, c):
        return inner(x, y)

    return helper(of_three if arity == 3 else of_two)


def _partials_with_constant(partials, arity):
    inner = helper(partials)

    def of_three(x, y, c):
        return inner(x, y, c, 0.0)

    def of_two(x, y, c):
        return inner(x, y, 0.0)

    return helper(of_three if arity == 3 else of_two)


def _add_kernels(operation, each):
    value = _with_constant(each.body, each.arity)
    partials = _partials_with_constant(each.partials, each.arity)

    def block_sum(x, y, n, c):
        total = value(x[0], y[0], c)
        for j in range(1, n):
            total += value(x[j], y[j], c)
        return total

    # Unique: functions that share a name share a symbol, and calls have reached the wrong body.
    block_sum.__name__ = block_sum.__qualname__ = f"sum_of_{each.name}"
    block_sum = reassociated(block_sum)

    @operation.kernel_of("forward")
    def forward(at):
        def kernel(params, out, x0, x1):
            p = i64_at(params, 3)
            n, c, start, total = p[SIZE], f64_at(params + 8 * CONSTANT, 1)[0], 0, 0.0
            x, t = at(x0, n), at(x1, n)
            while start < n:
                m = min(BLOCK, n - start)
                total += block_sum(x[start : start + m], t[start : start + m], m, c)
                start += m
            at(out, 1)[0] = total / n if p[DIVIDES] else total

        return kernel

    for which in (0, 1):
        operation.kernel_of("reverse", which)(_reverse(partials, which))
        operation.kernel_of("tangent", which)(_tangent(partials, which))


def _reverse(partials, which):
    def factory(at):
        def kernel(params, x_bar, y_bar, y, x0, x1, fresh):
            p = i64_at(params, 3)
            n, c, start = p[SIZE], f64_at(params + 8 * CONSTANT, 1)[0], 0
            seed = at(y_bar, 1)[0] / n if p[DIVIDES] else at(y_bar, 1)[0]
            x, t, o = at(x0, n), at(x1, n), at(x_bar, n)
            while start < n:  # block by block, so that cleared memory is still in the cache
                m = min(BLOCK, n - start)
                clear_if(fresh, o, start, m)
                for j in range(start, start + m):
                    o[j] += partials(x[j], t[j], c)[which] * seed
                start += m

        return kernel

    return factory


def _tangent(partials, which):
    def factory(at):
        def kernel(params, y_dot, x_dot, y, x0, x1):
            p = i64_at(params, 3)
            n, c, total = p[SIZE], f64_at(params + 8 * CONSTANT, 1)[0], 0.0
            x, t, d = at(x0, n), at(x1, n), at(x_dot, n)
            for j in range(n):
                total += partials(x[j], t[j], c)[which] * d[j]
            at(y_dot, 1)[0] += total / n if p[DIVIDES] else total

        return kernel

    return factory
