"""Declarations: what an operation is, said once.

A declaration gives the kernels, the function and method, the NumPy functions that reach it, the rule
for gradients of gradients, and the rows that tests loop over.  Families:

* `Elementwise`: a scalar body and its partials, compiled into kernels;
* `View`: another layout on the same storage, no kernel at all;
* `Structured`: whole arrays; a NumPy body and a pullback an operand, with kernels where speed counts;
* `Reduction`: a Structured whose pullback is an elementwise partial.

Bodies of partials, pullbacks and pushforwards are written with the library's own functions and
operators.  Those are Python functions on Tensors and overloads on floats, so one body serves the
kernels and the recorded graph of a higher derivative.
"""

import functools
import math
import numbers

import numpy as np
from numba import types
from numba.extending import overload, register_jitable

from ..blocks import run_blocks
from ..columns import (
    CROWDED, DTYPE_CODES, ELEMENTWISE_KIND, F32, FLAGS, GRAD, HOST_KIND, IMMEDIATE, LAYOUT, NARY, NONE, OFFSET,
    OUT_OF_MEMORY, S_DTYPE, STORAGE, STRUCTURED_KIND, UNCOMPILED, USES_RESULT, VIEW_KIND,
)
from ..dtypes import as_dtype, category, get_default_dtype, is_float, result_dtype
from ..errors import ShapeError
from ..jit import JIT
from ..kernels import address_of_kernel, elementwise_forward, elementwise_partial, scalar_partials, window
from ..layouts import LAYOUTS, TABLE_CELL, broadcast, broadcast_shapes, intern
from ..memory import address_of
from ..optable import add_operation, set_forward, set_kind, set_nonlinear, set_partial, set_scalar, set_tangent, set_uses
from ..record import (
    append_operand, record_binary, record_elementwise, record_host, record_nary, record_scalar_left,
    record_scalar_right, record_structured, record_unary, record_view,
)
from ..services import RUN_BLOCKS, SCRATCH, ensure
from ..tape import current, recording
from ..tensor import Tensor, intern_array, result, row_of, wrap
from .domains import REAL

BY_NAME = {}  # name -> Operation
BY_NUMPY = {}  # NumPy function or ufunc -> function of ours
NUMBERS = (numbers.Number, np.generic)


def as_operand(value, name="input"):
    """What an operation takes: a Tensor, an array, or a number."""
    if isinstance(value, (Tensor, np.ndarray, *NUMBERS)):
        if isinstance(value, (complex, np.complexfloating)):
            as_dtype(complex)
        return value
    raise TypeError(f"argument {name!r} must be Tensor, not {type(value).__name__}: expected a Tensor, an array or a number")


def needs_gradient(value):
    return isinstance(value, Tensor) and value.requires_grad


def raw(value):
    """The array or number behind an operand, to be used at once."""
    return value._value() if isinstance(value, Tensor) else value


def common_dtype(operands):
    """The dtype that operands meet in."""
    dtype = None
    for x in operands:  # the usual case: Tensors of one floating dtype, and Python numbers
        kind = type(x)
        if kind is Tensor:
            own = x.dtype
            if dtype is not None and own is not dtype:
                break
            dtype = own
        elif kind is not float and kind is not int:
            break
    else:
        if dtype is not None and dtype.kind == "f":
            return dtype
    arrays, scalars = [], []
    for x in operands:
        if isinstance(x, Tensor):
            arrays.append((x.ndim, x.dtype))
        elif isinstance(x, np.ndarray):
            arrays.append((x.ndim, as_dtype(x.dtype)))
        else:
            scalars.append(x)
    return result_dtype(arrays, scalars)


def tracer(args):
    """The first argument that interprets operations itself (see `Dependency`), or None."""
    for a in args:
        if hasattr(type(a), "_interpret"):
            return a
    return None


class Operation:
    """One row of the operation table."""

    kind = HOST_KIND
    linear = False  # in each operand: its tangent is the operation itself on the operand's tangent

    def __init__(self, name, arity, *, grad_name=None, domain=REAL, doc=""):
        self.name, self.arity, self.domain = name, arity, domain
        self.grad_name = grad_name or name.title().replace("_", "") + "Backward0"
        self.__doc__ = doc
        self.code = add_operation(self, self.kind, arity)
        BY_NAME[name] = self

    def __repr__(self):
        return f"<operation {self.name}>"

    def mend(self, tape, refusal, dtype):
        """Do what a refused row needs, so that it can be tried again."""
        if refusal == UNCOMPILED:
            ensure(RUN_BLOCKS)
            self.compile_forward(dtype)
        elif refusal == CROWDED:
            tape.make_room()
        elif refusal == OUT_OF_MEMORY:
            raise MemoryError(f"no memory for the result of {self.name}")

    def finish(self, tape, row, statics=()):
        """The Tensor of a new row, with what its rule needs beside its operands."""
        if statics:
            tape.statics[row] = statics
        state = recording()
        if state is not None and state.watching:
            tape.traces[row] = user_line()
        return result(tape, row)


def user_line():
    """Where the user's program is: the innermost frame outside the library."""
    import sys
    import traceback

    frame = sys._getframe(1)
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] == "jittape":
        frame = frame.f_back
    if frame is None:
        return "<unknown>"
    line = traceback.extract_stack(frame, limit=1)[0]
    return f'File "{line.filename}", line {line.lineno}, in {line.name}\n    {line.line}'


def operand_row(tape, value, dtype):
    """The row of an operand in a dtype: constants are converted, a Tensor's conversion is recorded."""
    if isinstance(value, Tensor):
        if value.dtype != dtype:
            value = BY_NAME["to"].apply(value, dtype) if value.requires_grad else wrap(value._value().astype(dtype))
        return row_of(tape, value)
    array = np.asarray(value)
    if array.dtype != dtype or not isinstance(value, np.ndarray):
        return row_of(tape, wrap(array.astype(dtype)))
    return tape.constant(array)


# --- elementwise ------------------------------------------------------------------------------------------


class Elementwise(Operation):
    """A function of one, two or three numbers, applied to every element.

    Parameters
    ----------
    body : function of floats
    domain : where tests sample it
    ufunc : callable, optional
        NumPy's function of the same meaning: what ``np.f(tensor)`` reaches, and what evaluates integers.
    exact : bool
        NumPy's result is the same to the last bit, so it also evaluates what is not recorded.
    selects : bool
        A zero partial means that nothing flows, whatever the seed.
    """

    kind = ELEMENTWISE_KIND

    def __init__(self, body, arity, *, ufunc=None, exact=False, selects=False, integers=False, **about):
        self.body, self.exact, self.selects, self.integers = body, exact, selects, integers
        self.ufunc = ufunc[0] if isinstance(ufunc, tuple) else ufunc  # the first of several names evaluates
        self.partials = None
        self._kernels = {}
        super().__init__(body.__name__.removesuffix("_values"), arity, **about)

    # --- compiling ------------------------------------------------------------------------------------

    def compile_forward(self, dtype):
        """Compile the forward kernel for a dtype.  Returns its address."""
        key = ("forward", dtype)
        if key not in self._kernels:
            kernel = elementwise_forward(self.body, self.arity, dtype)
            self._kernels[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_forward")
            set_forward(self.code, DTYPE_CODES[dtype], self._kernels[key])
        return self._kernels[key]

    def compile_partials(self, dtype, active=7):
        """Compile the partial kernels of the operands in a mask."""
        set_uses(self.code, self.uses, self.unit)
        for k in range(self.arity):
            if active >> k & 1 and (k, dtype) not in self._kernels:
                kernel = elementwise_partial(self.partials, self.arity, k, dtype, self.selects)
                address = address_of_kernel(kernel, f"{self.name}_{dtype}_partial{k}")
                self._kernels[k, dtype] = address
                set_partial(self.code, k, DTYPE_CODES[dtype], address)

    def compile_scalar_partials(self, dtype):
        """Compile the kernel for rows of one element.  Returns whether it was not there yet."""
        if ("scalar", dtype) in self._kernels:
            return False
        set_uses(self.code, self.uses, self.unit)
        kernel = scalar_partials(self.partials, self.arity, dtype)
        self._kernels["scalar", dtype] = address_of_kernel(kernel, f"{self.name}_{dtype}_scalar")
        set_scalar(self.code, DTYPE_CODES[dtype], self._kernels["scalar", dtype], self.selects)
        return True

    @functools.cached_property
    def _traced_partials(self):
        inputs = [Dependency(1 << k) for k in range(self.arity)] + [Dependency(USES_RESULT)]
        return self.partials(*inputs)

    @functools.cached_property
    def uses(self):
        """Bit masks, an operand: which operands (bits 0 to 2) and whether the result its partial reads."""
        return tuple(p.mask if isinstance(p, Dependency) else 0 for p in self._traced_partials)

    @functools.cached_property
    def unit(self):
        """Bit mask of the operands whose partial is the number 1."""
        return sum(1 << k for k, p in enumerate(self._traced_partials) if isinstance(p, float) and p == 1.0)

    # --- applying -------------------------------------------------------------------------------------

    def apply(self, *args):
        """The operation on Tensors, arrays and numbers, recorded if an operand needs gradients."""
        found = tracer(args)
        if found is not None:
            return found._interpret(self, args)
        args = [as_operand(a) for a in args]
        dtype = common_dtype(args)
        if not is_float(dtype) and not self.integers:
            dtype = get_default_dtype()
        tape = current().recorder
        if tape is not None and any(needs_gradient(a) for a in args):
            return self._record(tape, args, dtype)
        return wrap(self.evaluate([raw(a) for a in args], dtype))

    def _record(self, tape, args, dtype):
        while True:
            tape.reserve(8)
            row = tape.steadily(self._append, args, dtype)
            if row >= 0:
                return self.finish(tape, row)
            self.mend(tape, row, dtype)

    def _append(self, tape, args, dtype):
        rows, scalar, layout = [NONE, NONE, NONE], 0.0, None
        for k, a in enumerate(args):
            if not isinstance(a, (Tensor, np.ndarray)) and IMMEDIATE not in rows:
                rows[k], scalar = IMMEDIATE, float(a)
                continue
            rows[k] = operand_row(tape, a, dtype)
            own = tape.layout_ids[rows[k]]
            layout = broadcast(own, own) if layout is None else broadcast(layout, own)
        return record_elementwise(tape.header, self.code, *rows, scalar, layout)

    def evaluate(self, values, dtype):
        """The value on arrays and numbers, not recorded."""
        if not is_float(dtype) or (self.exact and self.ufunc is not None):
            with np.errstate(all="ignore"):
                try:
                    value = self.ufunc(*[np.asarray(v, dtype) for v in values])
                except ValueError:
                    functools.reduce(broadcast_shapes, [np.shape(v) for v in values])  # the same refusal, in our words
                    raise
            return np.asarray(value)
        arrays = [np.asarray(v, dtype) for v in values]
        return self._run(arrays, dtype)

    def _run(self, arrays, dtype):
        """The forward kernel on arrays."""
        shape = functools.reduce(broadcast_shapes, [a.shape for a in arrays])
        out = np.empty(shape, dtype)
        operands = []
        for k, a in enumerate(arrays):
            if any(s < 0 or s % a.itemsize for s in a.strides):
                arrays[k] = a = a.copy()
            operands += [address_of(a), intern_array(a)]
        operands += [0, 0] * (3 - self.arity)
        kernel = self.compile_forward(dtype)
        if out.size:
            ensure(RUN_BLOCKS)
            run_blocks(
                kernel, DTYPE_CODES[dtype], int(TABLE_CELL[0]), SCRATCH, intern(shape), address_of(out), *operands
            )
        return out

    # --- rules ----------------------------------------------------------------------------------------

    def pullback(self, k, y_bar, y, operands, statics):
        """The adjoint that operand k gets, as Tensors: what a higher derivative is recorded from."""
        partial = self.partials(*operands, y)[k]
        if isinstance(partial, NUMBERS):
            if partial == 1:
                return y_bar
            return y_bar * partial  # also 0: zeros, where None would mean that the operand is not used
        if self.selects:
            return BY_NAME["where"].apply(partial != 0, y_bar * partial, 0.0)
        return y_bar * partial

    def pushforward(self, k, x_dot, y, operands, statics):
        """The tangent of the result that operand k brings."""
        return self.pullback(k, x_dot, y, operands, statics)


class Dependency:
    """A stand-in for a number that finds out which arguments an expression reads."""

    def __init__(self, mask):
        self.mask = mask

    def _interpret(self, operation, args):
        return Dependency(functools.reduce(int.__or__, [a.mask for a in args if isinstance(a, Dependency)], 0))

    def _combine(self, *others):
        return self._interpret(None, (self, *others))

    __neg__ = __abs__ = __invert__ = _combine
    __hash__ = None


for _name in "add radd sub rsub mul rmul truediv rtruediv pow rpow eq ne lt le gt ge and or rand ror".split():
    setattr(Dependency, f"__{_name}__", Dependency._combine)


def elementwise(*, ufunc=None, methods=True, **about):
    """Declare an elementwise operation: decorates its scalar body, returns the public function."""

    def declare(body):
        arity = body.__code__.co_argcount
        operation = Elementwise(body, arity, ufunc=ufunc, doc=body.__doc__, **about)
        function = _public(operation, arity)
        _overload_on_floats(function, body, arity)
        for f in (ufunc,) if not isinstance(ufunc, (tuple, list)) else ufunc:
            if f is not None:
                BY_NUMPY[f] = function
        return function

    return declare


def _public(operation, arity):
    """The function users call, with a fast path to the recording function."""
    code, apply = operation.code, operation.apply
    if arity == 1:

        def function(input):
            tape = recording()
            if type(input) is Tensor and tape is not None and input._tape is tape:
                row = record_unary(tape.header, code, input._row)
                if row >= 0:
                    return result(tape, row)
            return apply(input)

    elif arity == 2:

        def function(input, other):
            tape = recording()
            if type(input) is Tensor and tape is not None and input._tape is tape:
                row = _try_binary(tape, code, input, other)
                if row >= 0:
                    return result(tape, row)
            return apply(input, other)

    else:

        def function(input, other, third):
            return apply(input, other, third)

    return _dress(function, operation, operation.body)


def _dress(function, operation, body):
    function.__name__ = function.__qualname__ = body.__name__
    function.__module__, function.__doc__ = "jittape", body.__doc__
    function.operation = operation
    function.scalar_body = body

    def partials(rule):
        operation.partials = rule
        return rule

    function.partials = partials
    return function


def _try_binary(tape, code, x, other):
    if type(other) is Tensor:
        return record_binary(tape.header, code, x._row, other._row) if other._tape is tape else -1
    if type(other) is float or type(other) is int:
        return record_scalar_right(tape.header, code, x._row, float(other))
    return -1


def _overload_on_floats(function, body, arity):
    """Let compiled code call the public function on numbers: partials and users' own kernels do."""
    if not JIT:
        return
    inner = register_jitable(body)
    if arity == 1:

        @overload(function)
        def on_floats(x):
            if isinstance(x, (types.Float, types.Integer, types.Boolean)):
                return lambda x: inner(x)

    elif arity == 2:

        @overload(function)
        def on_floats(x, z):
            if isinstance(x, (types.Float, types.Integer, types.Boolean)):
                return lambda x, z: inner(x, z)

    else:

        @overload(function)
        def on_floats(x, z, w):
            if isinstance(x, (types.Float, types.Integer, types.Boolean)):
                return lambda x, z, w: inner(x, z, w)


# --- views --------------------------------------------------------------------------------------------------


class View(Operation):
    """Another layout on the same storage: NumPy's own function, asked for the layout only."""

    kind = VIEW_KIND
    linear = True
    _layouts = {}  # (opcode, layout, statics) -> (layout, offset)

    def __init__(self, body, **about):
        self.body, self.rule = body, None
        super().__init__(body.__name__.removesuffix("_view"), 1, doc=body.__doc__, **about)

    def quick(self, x, statics):
        """The view of a result on the recording tape by a layout seen before; None: go the whole way."""
        tape = recording()
        if type(x) is not Tensor or tape is None or x._tape is not tape:
            return None
        a = x._row
        found = self._layouts.get((self.code, tape.layout_ids[a], statics))
        if found is None or not tape.flags[a] & GRAD:
            return None
        row = record_view(tape.header, self.code, a, found[0], tape.offsets[a] + found[1])
        if row < 0:
            return None
        if statics:
            tape.statics[row] = statics
        return result(tape, row)

    def apply(self, x, *statics):
        """The view of a Tensor, or of an array as a constant."""
        found = self.quick(x, statics)
        if found is not None:
            return found
        if not isinstance(x, Tensor):
            x = wrap(np.asarray(as_operand(x)))
        tape = current().recorder
        if tape is not None and (x._tape is tape or x.requires_grad):
            if x.requires_grad:
                return self._record(tape, x, statics)
        array = x._pinned()
        view = self.body(array, *statics)
        if not np.may_share_memory(view, array) and view.size:
            return wrap(np.array(view))
        if recording() is not None and current().recorder is None and x.requires_grad:
            return x.detach() if view is array else wrap(view, x.detach()._storage)
        return wrap(view, x._storage)

    def _record(self, tape, x, statics):
        while True:
            tape.reserve(4)
            a = row_of(tape, x)
            layout = tape.layout_ids[a]
            key = (self.code, layout, statics)
            found = self._layouts.get(key)
            if found is None:
                found = self._layout_of(tape, a, statics)
                if found is None:  # NumPy had to copy: do so, in order, and view that
                    return self.apply(BY_NAME["clone"].apply(x), *statics)
                if len(self._layouts) > 100_000:
                    self._layouts.clear()
                self._layouts[key] = found
            row = record_view(tape.header, self.code, a, found[0], tape.offsets[a] + found[1])
            if row >= 0:
                return self.finish(tape, row, statics)
            self.mend(tape, row, None)

    def _layout_of(self, tape, a, statics):
        array = tape.array(a)
        view = self.body(array, *statics)
        if view.size and (not np.shares_memory(view, array) or any(s < 0 for s in view.strides)):
            return None
        offset = (address_of(view) - address_of(array)) // array.itemsize if view.size else 0
        return intern_array(view), offset

    def pullback(self, k, y_bar, y, operands, statics):
        return self.rule(y_bar, operands[0], *statics)

    def pushforward(self, k, x_dot, y, operands, statics):
        return self.apply(x_dot, *statics)


def view(**about):
    """Declare a view: decorates NumPy's way to it; ``.pullback`` takes the rule."""

    def declare(body):
        operation = View(body, **about)

        def pullback(rule):
            operation.rule = rule
            return rule

        operation.rule_of = pullback
        return operation

    return declare


# --- structured ---------------------------------------------------------------------------------------------


def append_operands(tape, integers):
    """Put operands (and integers that go with them) into the parameter pool.  Returns the place of the first."""
    return [append_operand(tape.header, k) for k in integers][0]


class Structured(Operation):
    """An operation on whole arrays.

    The body works on NumPy arrays and is all it needs to run; ``pullbacks[k]`` and ``pushforwards[k]``
    work on Tensors.  ``kernels`` are compiled versions, declared where speed counts and held against
    the bodies by the tests.
    """

    def __init__(self, body, arity, *, linear=False, uses=None, keep_plans=True, **about):
        self.body, self.linear, self.keep_plans = body, linear, keep_plans
        self.pullbacks, self.pushforwards, self.kernels = {}, {}, {}
        self.plan, self._plans = None, {}
        self.uses = uses or ((0,) * 3 if linear and arity == 1 else (15,) * 3)
        self._compiled = {}
        super().__init__(body.__name__.removesuffix("_values"), arity, doc=body.__doc__, **about)
        set_uses(self.code, self.uses)

    # --- declaring ------------------------------------------------------------------------------------

    def pullback_of(self, k):
        """Decorate ``rule(y_bar, y, *operands, *statics)``: the adjoint of operand k, on Tensors."""
        return lambda rule: self.pullbacks.setdefault(k, rule)

    def pushforward_of(self, k):
        """Decorate ``rule(x_dot, y, *operands, *statics)``: the tangent that operand k brings."""
        return lambda rule: self.pushforwards.setdefault(k, rule)

    def kernel_of(self, kind, k=0):
        """Decorate a factory ``at -> kernel`` of a compiled kernel: forward, reverse or tangent."""
        return lambda factory: self.kernels.setdefault((kind, k), factory)

    def planned(self, plan):
        """Decorate ``plan(layouts, *statics) -> (shape, six integers)`` for the kernels, or None."""
        self.plan = plan
        set_kind(self.code, STRUCTURED_KIND)
        if not self.linear:
            set_nonlinear(self.code)
        return plan

    # --- compiling ------------------------------------------------------------------------------------

    def _compile(self, kind, k, dtype):
        key = (kind, k, dtype)
        if key not in self._compiled and (kind, k) in self.kernels:
            kernel = self.kernels[kind, k](window(dtype))
            self._compiled[key] = address_of_kernel(kernel, f"{self.name}_{dtype}_{kind}{k}")
        return self._compiled.get(key, 0)

    def compile_forward(self, dtype):
        set_forward(self.code, DTYPE_CODES[dtype], self._compile("forward", 0, dtype))

    def compile_partials(self, dtype, active=7):
        """Compile the reverse kernels, and the tangent kernels with them, of the operands in a mask."""
        for k in range(max(self.arity, 1)):
            if active >> k & 1:
                set_partial(self.code, k, DTYPE_CODES[dtype], self._compile("reverse", k, dtype))

    def compile_tangents(self, dtype):
        for k in range(self.arity):
            set_tangent(self.code, k, DTYPE_CODES[dtype], self._compile("tangent", k, dtype))

    # --- applying -------------------------------------------------------------------------------------

    def apply(self, *args):
        """The operation on its operands (`arity` of them, then statics; arity -1: one list of operands)."""
        operands, statics = (list(args[0]), args[1:]) if self.arity < 0 else (list(args[: self.arity]), args[self.arity :])
        tape = current().recorder
        if tape is not None and any(needs_gradient(a) for a in operands):
            return self._record(tape, operands, statics)
        arrays = [np.asarray(raw(a)) for a in operands]
        with np.errstate(all="ignore"):
            value = self.body(arrays, *statics) if self.arity < 0 else self.body(*arrays, *statics)
        value = np.asarray(value)
        shared = any(np.may_share_memory(value, a) for a in arrays)
        return wrap(value.copy() if shared else value)

    def _record(self, tape, operands, statics):
        while True:
            tape.reserve(8 + 2 * len(operands), 3 * len(operands) if self.arity < 0 else 0)
            row = tape.steadily(self._append, operands, statics)
            if row >= 0:
                return self.finish(tape, row, statics)
            self.mend(tape, row, np.asarray(raw(operands[0])).dtype)

    def _append(self, tape, operands, statics):
        rows = [self._row(tape, a) for a in operands]
        plan = None if self.plan is None else self._planned(tape, rows, statics)
        if plan is None:
            return self._record_on_host(tape, rows, statics)
        if self.arity < 0:
            layout, sizes, integers = plan
            place = append_operands(tape, rows + integers)
            return record_nary(tape.header, self.code, place, len(rows), layout, *sizes)
        rows += [NONE] * (3 - len(rows))
        return record_structured(tape.header, self.code, *rows, *plan)

    def _planned(self, tape, rows, statics):
        """Layout of the result and integers for the kernels, kept by layouts and statics; None: no kernel."""
        layouts = tuple([tape.layout_ids[r] for r in rows])
        key = (layouts, statics)
        if not self.keep_plans:  # statics that are large or used once
            shape, integers = self.plan([LAYOUTS[k] for k in layouts], *statics)
            return (intern(shape), *integers)
        if key not in self._plans:
            if len(self._plans) > 10_000:
                self._plans.clear()
            plan = self.plan([LAYOUTS[k] for k in layouts], *statics)
            if plan is not None:
                plan = (intern(plan[0]), *(plan[1] if self.arity >= 0 else plan[1:]))
            self._plans[key] = plan
        return self._plans[key]

    def _row(self, tape, a):
        if isinstance(a, Tensor):
            return row_of(tape, a)
        return tape.constant(np.asarray(a))

    def _record_on_host(self, tape, rows, statics):
        arrays = [tape.array(r) for r in rows]
        with np.errstate(all="ignore"):
            value = self.body(arrays, *statics) if self.arity < 0 else self.body(*arrays, *statics)
        value = np.asarray(value)
        if not value.flags.c_contiguous or any(np.may_share_memory(value, a) for a in arrays):
            value = np.array(value, order="C")
        flags = 0
        if self.arity < 0:
            rows, flags = [append_operands(tape, rows), len(rows), NONE], NARY
        rows += [NONE] * (3 - len(rows))
        row = record_host(
            tape.header, self.code, *rows, address_of(value), value.size, DTYPE_CODES[value.dtype], intern(value.shape), flags
        )
        if row >= 0:
            tape.owners[int(tape.columns[STORAGE][row])] = value
        return row

    # --- rules ----------------------------------------------------------------------------------------

    def pullback(self, k, y_bar, y, operands, statics):
        if self.arity < 0:
            return self.pullbacks[0](k, y_bar, y, operands, *statics)
        return self.pullbacks[k](y_bar, y, *operands, *statics)

    def pushforward(self, k, x_dot, y, operands, statics):
        if self.linear:
            replaced = [x_dot if j == k else x for j, x in enumerate(operands)]
            if self.arity < 0:
                replaced = [x if j == k else x * 0 for j, x in enumerate(replaced)]
                return self.apply(replaced, *statics)
            return self.apply(*replaced, *statics)
        return self.pushforwards[k](x_dot, y, *operands, *statics)


def structured(arity=1, **about):
    """Declare an operation on whole arrays: decorates its NumPy body."""
    return lambda body: Structured(body, arity, **about)


class Reduction(Structured):
    """A fold over axes whose pullback is an elementwise partial.

    Body and partial see three axes, (before, folded, after), and keep the folded one: they are called
    as ``body(x, 1, *statics)`` and ``partial(x, y, 1, *statics)``.  Rows have the statics
    (axes, keepdim, *statics).
    """

    def __init__(self, body, **about):
        self.fold, self.partial = body, None

        def whole(x, axes, keepdim, *statics):
            x3 = in_three(x, axes, np.transpose, np.reshape)
            return body(x3, 1, *statics).reshape(folded_shape(x.shape, axes, keepdim))

        whole.__name__, whole.__doc__ = body.__name__, body.__doc__
        super().__init__(whole, 1, **about)

    def partials(self, rule):
        """Decorate ``rule(x, y, axis, *statics)``: d y / d x, broadcast against x."""
        self.partial = rule
        return rule

    def _partial(self, x, y, axes, statics):
        """The partial and x, with three axes."""
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        x3 = in_three(x, axes, permute, reshape)
        y3 = reshape(y, (x3.shape[0], 1, x3.shape[2]))
        return self.partial(x3, y3, 1, *statics), x3

    def pullback(self, k, y_bar, y, operands, statics):
        (x,), (axes, _, *rest) = operands, statics
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        partial, x3 = self._partial(x, y, axes, rest)
        x_bar = reshape(y_bar, (x3.shape[0], 1, x3.shape[2])) * partial
        return out_of_three(x_bar, tuple(x.shape), axes, permute, reshape)

    def pushforward(self, k, x_dot, y, operands, statics):
        (x,), (axes, _, *rest) = operands, statics
        permute, reshape = BY_NAME["permute"].apply, BY_NAME["reshape"].apply
        partial, _ = self._partial(x, y, axes, rest)
        y_dot = BY_NAME["sum"].apply(in_three(x_dot, axes, permute, reshape) * partial, (1,), False)
        return reshape(y_dot, tuple(y.shape))


def folded_shape(shape, axes, keepdim):
    """The shape after a fold over axes."""
    if keepdim:
        return tuple(1 if k in axes else n for k, n in enumerate(shape))
    return tuple(n for k, n in enumerate(shape) if k not in axes)


def are_neighbours(axes):
    """Whether sorted axes follow one another."""
    return not axes or axes[-1] - axes[0] + 1 == len(axes)


def three_lengths(shape, axes):
    """Elements before, along and after neighbouring axes."""
    first, last = (axes[0], axes[-1] + 1) if axes else (len(shape), len(shape))
    return math.prod(shape[:first]), math.prod(shape[first:last]), math.prod(shape[last:])


def _others_first(ndim, axes):
    return tuple(k for k in range(ndim) if k not in axes) + tuple(axes)


def in_three(x, axes, permute, reshape):
    """An array as (before, folded, after)."""
    if are_neighbours(axes):
        return reshape(x, three_lengths(tuple(x.shape), axes))
    order = _others_first(len(x.shape), axes)
    n = math.prod(x.shape[a] for a in axes)
    return reshape(permute(x, order), (math.prod(x.shape) // n if n else 0, n, 1))


def out_of_three(x3, shape, axes, permute, reshape):
    """`in_three` undone."""
    if are_neighbours(axes):
        return reshape(x3, shape)
    order = _others_first(len(shape), axes)
    x = reshape(x3, tuple(shape[k] for k in order))
    return permute(x, tuple(int(k) for k in np.argsort(order)))


def reduction(**about):
    """Declare a fold: decorates ``body(x, axis, ...)``, which keeps the axis."""
    return lambda body: Reduction(body, **about)


# --- methods ------------------------------------------------------------------------------------------------


def binary_operator(operation):
    """``x op other`` with the shortest way to the recording function."""
    code, apply = operation.code, operation.apply

    def method(self, other):
        tape = recording()
        if self._tape is tape and tape is not None:
            kind = type(other)
            if kind is Tensor:
                if other._tape is tape:
                    row = record_binary(tape.header, code, self._row, other._row)
                    if row >= 0:
                        return result(tape, row)
            elif kind is float or kind is int:
                row = record_scalar_right(tape.header, code, self._row, float(other))
                if row >= 0:
                    return result(tape, row)
        return apply(self, other) if is_operand(other) else NotImplemented

    return method


def reflected_operator(operation):
    """``other op x``."""
    code, apply = operation.code, operation.apply

    def method(self, other):
        tape = recording()
        if self._tape is tape and tape is not None and (type(other) is float or type(other) is int):
            row = record_scalar_left(tape.header, code, self._row, float(other))
            if row >= 0:
                return result(tape, row)
        return apply(other, self) if is_operand(other) else NotImplemented

    return method


def is_operand(value):
    return isinstance(value, (Tensor, np.ndarray, *NUMBERS)) or hasattr(type(value), "_interpret")
