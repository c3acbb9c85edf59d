"""Elementwise operations: a function of one, two or three numbers and its partials."""

import functools

import numpy as np

from ..kernels.gather_scatter import run_blocks
from ..tape.schema import IMMEDIATE, NONE
from ..dtypes import DTYPE_CODES, get_default_dtype, is_complex, is_differentiable
from ..kernels.loops import (
    address_of_kernel,
    elementwise_forward,
    elementwise_joint,
    elementwise_partial,
    scalar_partials,
    scalar_statement,
)
from ..numba_backend.decorators import JIT
from ..memory.layouts import TABLE_CELL, broadcast, broadcast_shapes, intern
from ..memory.words import quick_address
from ..kernels.kernel_table import USES_RESULT, set_forward, set_partial, set_scalar, set_selects, set_uses
from ..tape.record import record_elementwise
from ..kernels.services import RUN_BLOCKS, SCRATCH, ensure, ensure_moves
from ..tape.refusals import answer
from ..tape.row_kinds import ELEMENTWISE_ROW
from ..tensors.row_binding import intern_array
from ..tensors.array import Array, as_array, face_of
from ..tensors.tensor import Tensor, wrap
from .dependencies import Dependency
from .domains import REAL
from .flow_masks import in_both, spread, where_not_zero
from .jacobian_patterns import broadcast_pattern, is_flat
from .memory_order import arranged, common_order, inverse_of
from .elementwise_functions import PARAMETERS, overload_on_floats, public_function, recording_operators
from .operation_table import (
    BY_NAME,
    NUMBERS,
    Operation,
    as_operand,
    common_dtype,
    keeper_of,
    masked,
    needs_gradient,
    not_of_complex,
    operand_row,
    raw,
    recorder_of,
    tracer,
    unknown_partial,
)
from .operation_names import Names
from .quiet_numpy import in_silence
from .unrecorded_path import plain_arrays


_NOTHING = [[0, 0] * (3 - n) for n in range(4)]  # operands that an operation does not have


class Elementwise(Operation):
    """A function of one, two or three numbers, applied to every element.

    Parameters
    ----------
    body : function of floats
    ufunc : callable, optional
        NumPy's function of the same meaning: it evaluates integers.
    exact : bool
        NumPy's result is the same to the last bit, so it also evaluates what is not recorded.
    selects : bool
        A zero partial means that nothing flows, whatever the seed. So does a partial that is the number 0, of any operation.
    joint : bool
        Value and partial of the one operand share most of their work: programs compute them together.
    inplace : bool
        The function takes ``inplace=``, as PyTorch's activations do.
    doubled : str, optional
        The operation that it is where both operands are the same; programs take that one.
    oracle : function of arrays, optional
        What tests compare values with, independent of the body; by default NumPy's function.
    domain : Domain or tuple of Domain
        Where tests sample it; a domain an operand where they differ.
    kinks : function of arrays, optional
        Numbers that are zero where the derivative jumps, as a tuple; tests of derivatives keep away from there.
    special_points : sequence of (operands, value, partials, second derivatives)
        What they are where a formula would not tell. Second derivatives are the upper triangle of the Hessian, row by row; they
        are 0 at a kink of what is linear on both sides, and nan where they have no bound.
    without_partial : sequence of int
        Operands by which no derivative is known; one that needs gradients is an error.
    holomorphic : bool or function of complex numbers
        The operation of complex numbers, whose partials are those that are declared: its body, if True. What depends on a number
        and its conjugate is an operation of its own, see `of_complex`.
    library : str, optional
        Whose values these are, where they are not the library's own: their accuracy and special values are that one's.
    """

    kind = ELEMENTWISE_ROW

    def __init__(
        self,
        body,
        arity,
        *,
        ufunc=None,
        exact=False,
        selects=False,
        integers=False,
        joint=False,
        doubled=None,
        inplace=False,
        oracle=None,
        kinks=None,
        special_points=(),
        without_partial=(),
        holomorphic=False,
        library=None,
        name=None,
        **about,
    ):
        self.without_partial, self.library = without_partial, library
        self.body, self.exact, self.selects, self.integers = body, exact, selects, integers
        self.joint, self.doubled, self.ufunc, self.takes_inplace = joint, doubled, ufunc, inplace
        self.oracle, self.kinks, self.special_points = oracle or ufunc, kinks, special_points
        self.partials = self.complex_partials = None
        self.complex_body = body if holomorphic is True else holomorphic or None
        self.of_complex = None  # the function that is called in its place where an operand is complex
        self.alone = {}  # operand -> rule of its partial alone, as a tuple of one, where the others cost much more
        self._kernels = {}
        self.plain_kernels = {}  # `char` of a dtype -> forward kernel, where everything is there to run it on arrays
        super().__init__(name or body.__name__.removesuffix("_values"), arity, **about)

    # --- compiling ------------------------------------------------------------------------------------

    def compile_forward(self, dtype):
        """Compile the forward kernel for a dtype.  Returns its address."""
        key = ("forward", dtype)
        if key not in self._kernels:
            kernel = elementwise_forward(self.body_for(dtype), self.arity, dtype)
            self._kernels[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_forward")
            set_forward(self.code, DTYPE_CODES[dtype], self._kernels[key])
        return self._kernels[key]

    def compile_partials(self, dtype, active=7):
        """Compile the partial kernels of the operands in a mask."""
        self._describe()
        for k in range(self.arity):
            if active >> k & 1 and (k, dtype) not in self._kernels:
                kernel = elementwise_partial(*self._rule_of(k, dtype), dtype, self.selects_at(k))
                address = address_of_kernel(kernel, f"{self.name}_{dtype}_partial{k}")
                self._kernels[k, dtype] = address
                set_partial(self.code, k, DTYPE_CODES[dtype], address)

    def _rule_of(self, k, dtype):
        """The rule that gives the partial of operand k, the number of operands, and the place of that partial in its result."""
        return (self.alone[k], self.arity, 0) if k in self.alone else (self.partials_for(dtype), self.arity, k)

    def body_for(self, dtype):
        """The scalar function that kernels for a dtype compute.

        Raises
        ------
        DTypeError
            The dtype is complex, and the operation has no meaning there.
        """
        if not is_complex(dtype):
            return self.body
        if self.complex_body is None:
            raise not_of_complex(self.name, dtype)
        return self.complex_body

    def partials_for(self, dtype):
        """The rule of the partials of numbers of a dtype."""
        return self.complex_partials if is_complex(dtype) and self.complex_partials is not None else self.partials

    def compile_scalar_partials(self, dtype):
        """Compile the kernel for rows of one element."""
        if ("scalar", dtype) not in self._kernels:
            self._describe()
            kernel = scalar_partials(self.partials_for(dtype), self.arity, dtype)
            self._kernels["scalar", dtype] = address_of_kernel(kernel, f"{self.name}_{dtype}_scalar")
            set_scalar(self.code, DTYPE_CODES[dtype], self._kernels["scalar", dtype])

    def compile_statement(self, dtype):
        """Compile the kernel that computes the value and all partials of one element.  Returns its address."""
        key = ("statement", dtype)
        if key not in self._kernels:
            kernel = scalar_statement(self.body_for(dtype), self.partials_for(dtype), self.arity, dtype)
            self._kernels[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_statement")
        return self._kernels[key]

    def partial_address(self, k, dtype, adds=True):
        """Address of the partial kernel of an operand, compiled if need be; one that does not add is for programs."""
        if adds:
            self.compile_partials(dtype, 1 << k)
            return self._kernels[k, dtype]
        key = ("first", k, dtype)
        if key not in self._kernels:
            kernel = elementwise_partial(*self._rule_of(k, dtype), dtype, self.selects_at(k), adds=False)
            self._kernels[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_first{k}")
        return self._kernels[key]

    def joint_address(self, dtype):
        """Address of the kernel that writes the values and, where ``y`` points, the partials."""
        key = ("joint", dtype)
        if key not in self._kernels:
            kernel = elementwise_joint(self.body_for(dtype), self.partials_for(dtype), dtype)
            self._kernels[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_joint")
        return self._kernels[key]

    def _describe(self):
        """Enter the properties of the partials that sweeps need into the kernel table."""
        set_uses(self.code, self.uses, self.unit)
        set_selects(self.code, self.selecting)

    @functools.cached_property
    def _traced_partials(self):
        inputs = [Dependency(1 << k) for k in range(self.arity)] + [Dependency(USES_RESULT)]
        return self.partials(*inputs)

    @functools.cached_property
    def uses(self):
        """For each operand, a bit mask of what its partial reads: operands (bits 0 to 2) and the result."""
        return tuple(p.mask if isinstance(p, Dependency) else 0 for p in self._traced_partials)

    @functools.cached_property
    def unit(self):
        """Bit mask of the operands whose partial is the number 1."""
        return sum(1 << k for k, p in enumerate(self._traced_partials) if isinstance(p, float) and p == 1.0)

    @functools.cached_property
    def constant_partials(self):
        """For each operand the number that its partial is whatever the operands are, None where it depends on them."""
        return tuple(p if isinstance(p, NUMBERS) else None for p in self._traced_partials)

    @functools.cached_property
    def selecting(self):
        """Bit mask of the operands to which a zero partial lets nothing through: all that are chosen from, and constants."""
        constant = [isinstance(p, NUMBERS) and p == 0 for p in self._traced_partials]
        return sum(1 << k for k, is_zero in enumerate(constant) if self.selects or is_zero)

    def selects_at(self, k):
        """Whether a zero partial of operand k is a structural zero."""
        return bool(self.selecting >> k & 1)

    # --- applying -------------------------------------------------------------------------------------

    def apply(self, *args):
        """The operation on Tensors, arrays and numbers, recorded if an operand needs gradients.

        The axes of the result lie in memory in the order of those of the operands.
        """
        value = self._applied(args)
        return as_array(value) if face_of(args) is Array else value

    def in_rows(self, x):
        """The operation on a Tensor, with a result in row-major order."""
        if recorder_of((x,)) is None:
            value = wrap(np.array(raw(x), order="C"))
        else:
            value = self._applied((x,), keeps_order=False)
        return as_array(value) if type(x) is Array else value

    def in_index_order(self, args):
        """The operation with a result in row-major order, whatever the order of the operands."""
        return self._applied(args, keeps_order=False)

    def _in_order(self, args, order):
        """The operation on operands whose axes are arranged as they lie in memory; the result is a view of that one's."""
        value = self._applied([arranged(a, order) for a in args], keeps_order=False)
        return BY_NAME["permute"].apply(value, inverse_of(order))

    def _applied(self, args, keeps_order=True):
        plain = plain_arrays(args, masks=True)
        if plain is not None:
            return wrap(self.evaluate(*plain))
        order = common_order(args) if keeps_order else None
        if order is not None:
            return self._in_order(args, order)
        found = tracer(args)
        if found is not None:
            return found._interpret(self, args)
        args = [as_operand(a) for a in args]
        dtype = common_dtype(args)
        if not is_differentiable(dtype) and not self.integers:
            dtype = get_default_dtype()
        if is_complex(dtype):
            if self.of_complex is not None:
                return self.of_complex(*args)
            self.body_for(dtype)  # raises, if it has none
        tape = keeper_of(args) if is_differentiable(dtype) else None
        if tape is not None:
            return self._record(tape, args, dtype)
        return wrap(self.evaluate([raw(a) for a in args], dtype))

    def _must_be_known(self, args):
        """Raise if an operand needs gradients that the operation has not."""
        for k in self.without_partial:
            if needs_gradient(args[k]):
                raise NotImplementedError(unknown_partial(self, k))

    def _record(self, tape, args, dtype):
        self._must_be_known(args)
        refused = None
        while True:
            tape.reserve(8)
            row = tape.steadily(self._append, args, dtype)
            if row >= 0:
                return self.finish(tape, row)
            refused = answer(tape, self, row, refused)

    def _append(self, tape, args, dtype):
        rows, scalar, layout = [NONE, NONE, NONE], 0.0, None
        for k, a in enumerate(args):
            if not isinstance(a, (Tensor, np.ndarray)) and IMMEDIATE not in rows and not is_complex(dtype):
                rows[k], scalar = IMMEDIATE, float(a)
                continue
            rows[k] = operand_row(tape, a, dtype)
            own = tape.layout_ids[rows[k]]
            layout = own if layout is None else broadcast(layout, own)
        return record_elementwise(tape.header, self.code, *rows, scalar, broadcast(layout, layout))

    def evaluate(self, values, dtype):
        """The value on arrays and numbers, not recorded."""
        if not is_differentiable(dtype) or (self.exact and self.ufunc is not None):
            try:
                return np.asarray(in_silence(self.ufunc, *[np.asarray(v, dtype) for v in values]))
            except ValueError:
                functools.reduce(broadcast_shapes, [np.shape(v) for v in values])  # raises the library's message
                raise
        return self._run([np.asarray(v, dtype) for v in values], dtype)

    def _run(self, arrays, dtype):
        """The forward kernel on arrays."""
        if not JIT and all(a.ndim == 0 for a in arrays):  # as partials do inside a kernel, whose scratch memory is in use
            with np.errstate(all="ignore"):
                return np.asarray(self.body(*[a[()] for a in arrays]), dtype)
        order = common_order(arrays)
        if order is not None:
            return self._run([arranged(a, order) for a in arrays], dtype).transpose(inverse_of(order))
        shape = arrays[0].shape
        for a in arrays[1:]:
            if a.shape != shape:
                shape = broadcast_shapes(shape, a.shape)
        out = np.empty(shape, dtype)
        operands = []
        for a in arrays:
            if not a.flags.c_contiguous and any([s % a.itemsize for s in a.strides]):
                a = a.copy()
            operands += [quick_address(a), intern(a.shape) if a.flags.c_contiguous else intern_array(a)]
        operands += _NOTHING[self.arity]
        kernel = self.plain_kernels.get(dtype.char) or self._prepared(dtype)
        if out.size:
            run_blocks(kernel, DTYPE_CODES[dtype], int(TABLE_CELL[0]), SCRATCH, intern(shape), quick_address(out), *operands)
        return out

    def _prepared(self, dtype):
        ensure(RUN_BLOCKS)
        ensure_moves(dtype)
        self.plain_kernels[dtype.char] = kernel = self.compile_forward(dtype)
        return kernel

    # --- rules ----------------------------------------------------------------------------------------

    def pullback(self, k, y_bar, y, operands, statics):
        """The adjoint of operand k as a Tensor, for recorded sweeps."""
        return self._times(self.partials_for(y.dtype)(*operands, y)[k], y_bar)

    def pull_back(self, active, y_bar, y, operands, statics):
        partials = self.partials_for(y.dtype)(*operands, y)
        for k in active:
            yield k, self._times(partials[k], y_bar)

    def push_forward(self, x_dots, y, operands, statics):
        partials = self.partials_for(y.dtype)(*operands, y)
        for k, x_dot in x_dots.items():
            yield self._times(partials[k], x_dot)

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        partials = self.partials_for(y.dtype)(*operands, y)
        for k in active:
            yield k, *self._flow_through(k, partials[k], y_bar, flow)

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        partials = self.partials_for(y.dtype)(*operands, y)
        for k, x_dot in x_dots.items():
            yield self._flow_through(k, partials[k], x_dot, flows[k])

    def pattern(self, k, y, operands, statics, constants):
        return None if is_flat(self, k) else broadcast_pattern(tuple(operands[k].shape), tuple(y.shape))

    def _flow_through(self, k, partial, seed, flow):
        """A partial times a seed, and where that flows."""
        part = seed if isinstance(partial, NUMBERS) and partial == 1 else seed * partial
        if self.selects_at(k):
            flow = in_both(flow, spread(where_not_zero(partial), tuple(part.shape)))
        elif isinstance(partial, NUMBERS):
            return part, flow
        return masked(part, flow), flow

    def _times(self, partial, y_bar):
        if isinstance(partial, NUMBERS):
            if partial == 1:
                return y_bar
            return y_bar * partial  # also for 0: None would mean that the operand is not used
        if self.selects:
            return BY_NAME["where"].apply(partial != 0, y_bar * partial, 0.0)
        return y_bar * partial

    def pushforward(self, k, x_dot, y, operands, statics):
        """The term that operand k contributes to the tangent of the result."""
        return self.pullback(k, x_dot, y, operands, statics)


def elementwise(
    *,
    parameters=None,
    exact=False,
    integers=False,
    selects=False,
    joint=False,
    doubled=None,
    inplace=False,
    grad_name=None,
    domain=REAL,
    oracle=None,
    kinks=None,
    special_points=(),
    without_partial=(),
    holomorphic=False,
    library=None,
    **names,
):
    """Declare an elementwise operation: decorates its scalar body, returns the public function.

    Parameters
    ----------
    parameters : str, optional
        What PyTorch calls the operands, by default "input" or "input other"; `jt.f` has these keywords.
    names
        As `Names` takes them; the first of NumPy's functions also evaluates what `exact` and `integers` say (see `Elementwise`).
    """

    def declare(body):
        arity = body.__code__.co_argcount
        claimed = Names(body.__name__, **names)
        claimed.must_be_free()
        operation = Elementwise(
            body,
            arity,
            ufunc=next(iter(claimed.numpy), None),
            exact=exact,
            integers=integers,
            selects=selects,
            joint=joint,
            doubled=doubled,
            inplace=inplace,
            oracle=oracle,
            kinks=kinks,
            special_points=special_points,
            without_partial=without_partial,
            holomorphic=holomorphic,
            library=library,
            grad_name=grad_name,
            domain=domain,
            doc=body.__doc__,
        )
        function = public_function(operation, (parameters or PARAMETERS[arity]).split())
        overload_on_floats(function, body, operation.complex_body)
        for adapter in filter(callable, claimed.numpy.values()):  # in compiled code it is the operation by itself
            adapter.operation = operation
        if claimed.function is not None:
            claimed.function.operation = operation
            claimed.function.__name__ = claimed.function.__qualname__ = body.__name__
            overload_on_floats(claimed.function, body, operation.complex_body)
        if claimed.operators is None and claimed.operator is not None and arity == 2:
            claimed.operators = functools.partial(recording_operators, claimed.operator, operation)
        return claimed.enter(function)

    return declare
