"""Operations on whole arrays."""

from threading import get_ident
import numpy as np

from ..dtypes import DTYPE_CODES
from ..tape.schema import GRAD, NONE, STALE, STORAGE
from ..kernels.kernel_signatures import in_machine_words
from ..kernels.loops import address_of_kernel
from ..memory.typed_values import window
from ..errors import DTypeError
from ..memory.layouts import LAYOUTS, intern
from ..mathfun.bits import to_bits
from ..memory.words import address_of
from ..kernels import kernel_table
from ..tape.record import append_operand, record_host, record_nary, record_structured
from ..kernels.services import ensure_moves
from ..tape.refusals import answer
from ..tape.row_kinds import HOST_ROW, NARY_HOST_ROW, NARY_ROW, STRUCTURED_ROW
from ..tape.tape import Tape
from ..tape.recording_state import recording
from ..tensors.row_binding import row_of, rows_again, rows_of
from ..tensors.array import Array, as_array, face_of
from ..tensors.tensor import Tensor, result, wrap
from .constant_operands import arrays_of_constants
from .memory_order import arranged, common_order
from .flow_masks import flow_apart
from .jacobian_patterns import declared_pattern
from .multilinear_flow import multilinear_flow
from .totals import Total, one
from .operation_table import BY_NAME, Operation, dtype_of_complex, raw, recorder_of, refusing_complex
from .shape_rules import expect
from .quiet_numpy import in_silence
from .unrecorded_kernels import kernel_value


MOST_SEEN = 10_000
_FILL = [[NONE] * (3 - n) for n in range(4)]  # operands that a row does not have


def append_operands(tape, integers):
    """Append operands, and integers that belong to them, to the parameter pool. Returns the place of the first."""
    return [append_operand(tape.header, k) for k in integers][0]


class Structured(Operation):
    """An operation on whole arrays.

    The body works on NumPy arrays and is all it needs to run; ``pullbacks[k]`` and ``pushforwards[k]``
    work on Tensors.  ``kernels`` are compiled versions, declared where speed counts and held against
    the bodies by the tests.

    Parameters
    ----------
    body : function of arrays and statics
        The value.
    arity : int
        Operands; -1 for a list of them.
    linear : bool
        The operation is linear in each operand: a pullback is its only rule, the tangent is the operation itself.
    moves : bool
        It is linear in all operands together, with coefficients that are constants and not negative: it moves and adds up. Where
        something flows is then found by its own rules.
    multilinear : bool
        The rule of an operand multiplies its seed by other operands and adds up; so it is where two operands are linear.
    stacks : bool
        The first operand is a stack of matrices, and the axes before its last two are examples, which do not mix.
    mixes_axis : bool
        Elements mix along an axis only, the first of the statics; operand and result have one shape.
    linear_in : sequence of int
        The operands that it is linear in, where it is not in all.
    uses : sequence of int, optional
        Bit masks, an operand: which operands (bits 0 to 2) and whether the result (bit 3) its pullback reads.
    keep_plans : bool
        Statics come again, so what `planned` answers is kept.
    converts : bool
        The first static is the dtype of the result.
    result_dtype : function of a dtype
        The dtype of the result where it is another than that of the operands.
    holomorphic : bool, optional
        Body and rules are right for complex numbers, too: adjoints are those of the complex-linear transpose. By default where
        the operation is linear in each operand; other operations refuse complex operands.
    along : {None, "elements", "axis", "axes"}
        Results keep the order in which the axes of the operands lie in memory (all but those of "elements" only as Arrays, since
        PyTorch's do not); the first static is nothing of the kind, an axis
        that the result has too, or axes that are folded and whether they are kept.
    by_kernel : bool
        Values that are not recorded are computed by the kernel, too: the body is much slower, or in another order.
    special_points : sequence of (operands, statics, value, adjoints, Hessian)
        What they are, the last two of the sum of the results, where a formula would not tell; a number stands for a Hessian
        whose elements are all equal.
    """

    def __init__(
        self,
        body,
        arity,
        *,
        linear=False,
        moves=False,
        mixes_axis=False,
        multilinear=False,
        stacks=False,
        converts=False,
        linear_in=(),
        uses=None,
        keep_plans=True,
        holomorphic=None,
        result_dtype=None,
        along=None,
        by_kernel=False,
        special_points=(),
        **about,
    ):
        linear = linear or moves
        self.body, self.linear, self.keep_plans, self.special_points = body, linear, keep_plans, special_points
        self.converts, self.along, self.stacks, self.by_kernel = converts, along, stacks, by_kernel
        self.multilinear = multilinear or linear and arity == 2
        self.holomorphic = linear or multilinear if holomorphic is None else holomorphic
        self.result_dtype, self.of_complex = result_dtype, refusing_complex(body.__name__.removesuffix("_values"))
        self.moves, self.mixes_axis, self.linear_in = moves, mixes_axis, linear_in
        self.pullbacks, self.pushforwards, self.kernels = {}, {}, {}
        self.shape_rule = self.pattern_rule = None
        self.plan, self._plans = None, {}
        self.lanes = None  # ``lanes(statics, n)``: the statics where every operand has one more axis, the last, of length n
        self.in_lanes = None  # ``rule(rewriting, operands, statics)``: rows of other operations there (`programs.lanes`)
        self.total = None  # a `Total`, if it is one
        self.loop, self.examples = None, None
        self.uses = uses or ((0,) * 3 if linear and arity == 1 else (15,) * 3)
        self._compiled = {}
        self._seen = set()  # shapes of operands, and statics, that have been evaluated without being recorded
        super().__init__(body.__name__.removesuffix("_values"), arity, doc=body.__doc__, **about)
        kernel_table.set_uses(self.code, self.uses)
        kernel_table.set_selects(self.code, 7 if moves else 0)
        kernel_table.set_result_dtypes(self.code, result_dtype)

    # --- declaring ------------------------------------------------------------------------------------

    def pullback_of(self, k):
        """Decorate ``rule(y_bar, y, *operands, *statics)``: the adjoint of operand k, on Tensors."""
        return lambda rule: self.pullbacks.setdefault(k, rule)

    def pushforward_of(self, k):
        """Decorate ``rule(x_dot, y, *operands, *statics)``: the tangent that operand k brings."""
        return lambda rule: self.pushforwards.setdefault(k, rule)

    def kernel_of(self, kind, k=0):
        """Decorate a factory ``at -> kernel`` of a compiled kernel: forward, reverse or tangent (see `kernel_signatures`)."""
        return lambda factory: self.kernels.setdefault((kind, k), factory)

    def of_complex_numbers(self, function):
        """Decorate the operation, or function, that is called in place of this one where an operand is complex."""
        self.of_complex = getattr(function, "apply", function)
        return function

    def along_a_vector(self, loop):
        """Decorate ``loop(x, out, first, step, n)`` of numbers of any kind, for results of the shape of the operand.

        It is what kernels do along an axis, and compiled functions run it on differentiated numbers: its derivative there
        is that of its arithmetic.
        """
        self.loop = loop
        return loop

    def exampled(self, examples):
        """Decorate a generator of (shapes of the operands, statics) that reach every branch of the rules and kernels."""
        self.examples = examples
        return examples

    def shaped(self, rule):
        """Decorate ``rule(shapes, *statics) -> shape`` of the result, which raises what does not fit (see `shape_rules`).

        Programs with an operation that has none are not saved, and not loaded.
        """
        self.shape_rule = rule
        return rule

    def result_of(self, shapes, dtypes, statics):
        """Shape and dtype of the result; raises for operands and statics that no call has."""
        expect(self.shape_rule is not None, f"an operation with a rule of shapes, which {self.name} has not")
        expect(len(shapes) == self.arity or self.arity < 0 < len(shapes), f"the operands of {self.name}")
        shape = self.shape_rule(shapes, *statics)
        if self.converts:
            return shape, statics[0]
        expect(len(set(dtypes)) == 1, "operands of one dtype")
        return shape, dtypes[0] if self.result_dtype is None else self.result_dtype(dtypes[0])

    def patterned(self, rule):
        """Decorate ``rule(k, shapes, constants, *statics)``: the pattern by operand k (see `jacobian_patterns`)."""
        self.pattern_rule = rule
        return rule

    def planned(self, plan):
        """Decorate ``plan(layouts, *statics) -> (shape, six integers)`` for the kernels, or None."""
        self.plan = plan
        self.kind = NARY_ROW if self.arity < 0 else STRUCTURED_ROW
        if not self.linear:
            kernel_table.set_nonlinear(self.code)
        return plan

    def adds_up(self, divisor=one):
        """Declare that the operation is a `Total`."""
        self.total = Total(divisor)
        kernel_table.set_total(self.code)

    # --- compiling ------------------------------------------------------------------------------------

    def _compile(self, kind, k, dtype):
        key = (kind, k, dtype)
        if key not in self._compiled and (kind, k) in self.kernels:
            name = f"{self.name}_{dtype}_{kind}{k}"
            kernel = in_machine_words(self.kernels[kind, k](window(dtype)), kind, self.arity, name)
            self._compiled[key] = address_of_kernel(kernel, name)
        return self._compiled.get(key, 0)

    def compile_forward(self, dtype):
        ensure_moves(dtype if self.result_dtype is None else self.result_dtype(dtype))
        kernel_table.set_forward(self.code, DTYPE_CODES[dtype], self._compile("forward", 0, dtype))

    def compile_partials(self, dtype, active=7):
        """Compile the reverse kernels of the operands in a mask."""
        for k in range(max(self.arity, 1)):
            if active >> k & 1:
                kernel_table.set_partial(self.code, k, DTYPE_CODES[dtype], self._compile("reverse", k, dtype))

    def kernel_address(self, kind, k, dtype):
        """Address of a kernel, compiled if need be; 0 if the operation has none."""
        return self._compile(kind, k, dtype)

    def compile_tangents(self, dtype, active=7):
        """Compile the tangent kernels of the operands in a mask."""
        for k in range(self.arity):
            if active >> k & 1:
                kernel_table.set_tangent(self.code, k, DTYPE_CODES[dtype], self._compile("tangent", k, dtype))

    # --- applying -------------------------------------------------------------------------------------

    def quick(self, operands, statics):
        """The result on Tensors, recorded or not, for layouts and statics that have occurred before; None otherwise."""
        tape = recording()
        if self.plan is None or type(tape) is not Tape or tape.owner != get_ident():
            return self._evaluate_again(operands, statics)
        here, face = True, Tensor
        for a in operands:
            if type(a) is Array:
                face = Array
            elif not isinstance(a, Tensor) and (type(a) is not np.ndarray or a.dtype not in DTYPE_CODES):
                return None
            here = here and type(a) is not np.ndarray and a._tape is tape
        if here:
            rows = [a._row for a in operands]
        else:  # such as a constant
            plain = self._evaluate_again(operands, statics)
            if plain is not None:
                return plain
            if not any([type(a) is not np.ndarray and a.requires_grad for a in operands]):
                return None
            tape.reserve(8)  # before rows are read: it may renumber them, and drop those of leaves
            rows = tape.steadily(rows_of, operands)
            if any([type(a) is not np.ndarray and a._tape is not tape for a in operands]):  # a result of another tape
                return None
        layouts, flows = [], 0
        for row in rows:
            layouts.append(tape.layout_ids[row])
            flows |= tape.flags[row]
        if not flows & GRAD:
            return self._evaluate_again(operands, statics) if here else None
        if face is Array and self.along is not None and not all([LAYOUTS[k].contiguous for k in layouts]):
            if self._has_order(len(LAYOUTS[layouts[0]].shape), statics):
                return None
        layouts = tuple(layouts)
        plan = self._plans.get((layouts, statics)) if self.keep_plans else self.planned_for(layouts, statics)
        if plan is None:
            return None
        row = record_structured(tape.header, self.code, *rows, *_FILL[len(rows)], *plan)
        if row == STALE:  # parameters after a step of an optimiser
            tape.reserve(8)
            if any([type(a) is np.ndarray or a._tape is not tape for a in operands]):
                return None
            rows = rows_again(tape, operands, [a._row for a in operands])
            row = record_structured(tape.header, self.code, *rows, *_FILL[len(rows)], *plan)
        if row < 0:
            return None
        if statics:  # `finish`, without what only other recording states ask for
            tape.statics[row] = statics
        return result(tape, row, face)

    def apply(self, *args):
        """The operation on its operands (`arity` of them, then statics; arity -1: one list of operands)."""
        value = self._applied(*args)
        return as_array(value) if face_of(args[0] if self.arity < 0 else args) is Array else value

    def _applied(self, *args):
        if self.arity > 0:
            found = self.quick(args[: self.arity], args[self.arity :])
            if found is not None:
                return found
        operands, statics = (list(args[0]), args[1:]) if self.arity < 0 else (list(args[: self.arity]), args[self.arity :])
        if not self.holomorphic and dtype_of_complex(operands) is not None:
            return self.of_complex(*args)
        order = common_order(operands) if self._keeps_order(operands) else None
        if order is not None and self._has_order(len(order), statics):
            return self._in_order(operands, statics, order)
        tape = recorder_of(operands)
        if tape is not None:
            return self._record(tape, operands, statics)
        arrays = [np.asarray(raw(a)) for a in operands]
        value = self._evaluate(arrays, statics)
        if self.plan is not None and self.keep_plans and len(self._seen) < MOST_SEEN:
            self._seen.add((*[a.shape for a in arrays], statics))
        return value

    def _keeps_order(self, operands):
        """Whether results lie in memory as operands do: folds and what goes along an axis only in NumPy, not in PyTorch."""
        return self.along == "elements" or self.along is not None and face_of(operands) is Array

    def _has_order(self, axes, statics):
        """Whether the result has several axes that may lie in one order or another."""
        return self.along != "axes" or axes - len(statics[0]) > 1

    def _in_order(self, operands, statics, order):
        """The operation on operands whose axes are arranged as they lie in memory; the result is a view of that one's."""
        operands, left = [arranged(x, order) for x in operands], order
        if self.along == "axis":
            statics = (order.index(statics[0]), *statics[1:])
        elif self.along == "axes":
            axes, keepdim = statics[:2]
            left = order if keepdim else [k for k in order if k not in axes]
            statics = (tuple(sorted([order.index(k) for k in axes])), *statics[1:])
        value = self._applied(*([operands] if self.arity < 0 else operands), *statics)
        return BY_NAME["permute"].apply(value, tuple([left.index(k) for k in sorted(left)]))

    def _evaluate(self, arrays, statics):
        """The value on arrays, not recorded."""
        value = kernel_value(self, arrays, statics) if self.by_kernel else None
        if value is not None:
            return wrap(value)
        given = (arrays,) if self.arity < 0 else arrays
        value = np.asarray(in_silence(self.body, *given, *statics))
        if value.base is not None or any([value is a for a in arrays]):
            value = value.copy() if any([np.may_share_memory(value, a) for a in arrays]) else value
        return wrap(value)

    def _evaluate_again(self, operands, statics):
        """The value where nothing is recorded and operands of these shapes have passed all checks before; None otherwise."""
        arrays = arrays_of_constants(recording(), operands) if self._seen else None
        if arrays is None or (*[a.shape for a in arrays], statics) not in self._seen:
            return None
        if self._keeps_order(operands) and not all([a.flags.c_contiguous for a in arrays]):
            return None
        value = self._evaluate(arrays, statics)
        return as_array(value) if face_of(operands) is Array else value

    def _record(self, tape, operands, statics):
        refused = None
        while True:
            tape.reserve(8 + 2 * len(operands), 3 * len(operands) if self.arity < 0 else 0)
            row = tape.steadily(self._append, operands, statics)
            if row >= 0:
                return self.finish(tape, row, statics)
            refused = answer(tape, self, row, refused)

    def _append(self, tape, operands, statics):
        rows = [self._row(tape, a) for a in operands]
        plan = None if self.plan is None else self.planned_for(tuple([tape.layout_ids[r] for r in rows]), statics)
        if plan is None:
            return self._record_on_host(tape, rows, statics)
        if len(rows) > 1 and len({tape.dtype_codes[tape.storage_ids[r]] for r in rows}) > 1:
            found = sorted({str(tape.dtype(r)) for r in rows})
            raise DTypeError(f"{self.name}: got operands of dtypes {found}, expected one: convert with .to()")
        if self.arity < 0:
            layout, sizes, integers = plan
            return record_nary(tape.header, self.code, append_operands(tape, rows + integers), len(rows), layout, *sizes)
        rows += [NONE] * (3 - len(rows))
        return record_structured(tape.header, self.code, *rows, *plan)

    def planned_for(self, layouts, statics):
        """Layout of the result and integers for the kernels, kept by layouts and statics; None: no kernel."""
        if not self.keep_plans:  # statics that are large or used once
            shape, integers = self.plan([LAYOUTS[k] for k in layouts], *statics)
            return (intern(shape), *integers)
        key = (layouts, statics)
        if key not in self._plans:
            if len(self._plans) > 10_000:
                self._plans.clear()
            plan = self.plan([LAYOUTS[k] for k in layouts], *statics)
            if plan is not None:
                plan = (intern(plan[0]), *(plan[1] if self.arity >= 0 else plan[1:]))
                plan = plan if self.total is None else self._with_divisor(layouts[0], plan)
            self._plans[key] = plan
        return self._plans[key]

    def _with_divisor(self, operand, plan):
        """A plan whose last integer says what the sweep divides by (`Total`)."""
        layout, *integers = plan
        integers[kernel_table.DIVISOR] = to_bits(self.total.divisor(LAYOUTS[operand].size // max(LAYOUTS[layout].size, 1)))
        return layout, *integers

    def _row(self, tape, a):
        return row_of(tape, a) if isinstance(a, Tensor) else tape.constant(np.asarray(a))

    def _record_on_host(self, tape, rows, statics):
        arrays = [tape.array(r) for r in rows]
        with np.errstate(all="ignore"):
            value = self.body(arrays, *statics) if self.arity < 0 else self.body(*arrays, *statics)
        value = np.asarray(value)
        if not value.flags.c_contiguous or any(np.may_share_memory(value, a) for a in arrays):
            value = np.array(value, order="C")
        ensure_moves(value.dtype)
        kind = HOST_ROW
        if self.arity < 0:
            rows, kind = [append_operands(tape, rows), len(rows), NONE], NARY_HOST_ROW
        rows += [NONE] * (3 - len(rows))
        row = record_host(
            tape.header, self.code, *rows, address_of(value), value.size, DTYPE_CODES[value.dtype], intern(value.shape), kind
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
        if self.linear or k in self.linear_in:
            replaced = [x_dot if j == k else x for j, x in enumerate(operands)]
            if self.arity < 0:
                replaced = [x if j == k else wrap(np.zeros(tuple(x.shape), x.dtype)) for j, x in enumerate(replaced)]
                return self.apply(replaced, *statics)
            return self.apply(*replaced, *statics)
        return self.pushforwards[k](x_dot, y, *operands, *statics)

    def flow_back(self, k, flow, y, operands, statics):
        found = flow_apart(self, flow, tuple(operands[k].shape), operands, statics)
        return super().flow_back(k, flow, y, operands, statics) if found is None else found

    def flow_ahead(self, k, flow, y, operands, statics):
        found = flow_apart(self, flow, tuple(y.shape), operands, statics)
        return super().flow_ahead(k, flow, y, operands, statics) if found is None else found

    def pattern(self, k, y, operands, statics, constants):
        found = declared_pattern(self, k, [tuple(x.shape) for x in operands], tuple(y.shape), constants, statics)
        return super().pattern(k, y, operands, statics, constants) if found is None else found

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        if not self.multilinear or flow is None:
            yield from super().pull_back_flows(active, y_bar, flow, y, operands, statics)
            return
        for k in active:
            yield k, *multilinear_flow(self.pullback, k, y_bar, flow, y, operands, statics)

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        if not self.multilinear or all(flow is None for flow in flows.values()):
            yield from super().push_forward_flows(x_dots, flows, y, operands, statics)
            return
        for k, x_dot in x_dots.items():
            flow = np.ones(tuple(x_dot.shape), bool) if flows[k] is None else flows[k]
            yield multilinear_flow(self.pushforward, k, x_dot, flow, y, operands, statics)


def structured(arity=1, kind=Structured, **about):
    """Declare an operation on whole arrays: decorates its NumPy body; a kind may have rules of its own for structural zeros."""
    return lambda body: kind(body, arity, **about)


def same_statics(statics, n):
    """For operations that count axes from the front: one more at the end changes nothing."""
    return statics
