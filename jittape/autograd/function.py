"""`Function`: operations with derivatives of the user's own, as in ``torch.autograd.Function``."""

from __future__ import annotations

import functools
import weakref
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import DTYPE_CODES, is_differentiable
from ..errors import LeafError, NoTangent, ShapeError
from ..memory.layouts import intern
from ..memory.words import address_of
from ..ops.view_rules import sum_to
from ..ops.operation_table import Operation, masked
from ..ops.users_lines import note_row
from ..tape.record import append_operand, record_host
from ..tape.schema import NONE, STORAGE
from ..kernels.services import ensure_moves
from ..tape.refusals import answer
from ..tape.row_kinds import NARY_HOST_ROW
from ..tape.tape import current
from ..tape.recording_state import Paused, recording, state
from ..tensors.row_binding import row_of
from ..tensors.tensor import Tensor, result, wrap
from .conjugate_gradients import conjugated
from .function_context import FunctionCtx
from .grad_mode import no_grad
from .saved_tensor_hooks import calling_function, function_called

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar


class _UserOperation(Operation):
    """The operation of the rows that a Function leaves, one for each output.

    The first row has the arguments as operands, the rows of further outputs have the first row. The sweep meets those first:
    they leave their cotangents with it, and the user's `backward` is called once, at the first row, with all of them. Statics
    of a row are (function, context, number of the output, number of outputs, active arguments).
    """

    asks_the_user = True

    def __init__(self):
        super().__init__("user_function", -1, grad_name="FunctionBackward")
        self.uses = (0, 0, 0)

    def label(self, statics):
        """The name of the node."""
        return f"{statics[0].__name__}Backward" if statics else self.grad_name

    def push_forward(self, x_dots, y, operands, statics):
        """The tangent of an output by the user's `jvp`, which is called at the row of the first output."""
        function, context, output, n_outputs, active, deposits = statics
        if function.jvp is Function.jvp:
            raise NoTangent(
                f"You must implement the jvp function for custom autograd.Function to use it with forward mode AD: "
                f"{function.__name__} has a backward but no rule for tangents: use reverse mode (jt.vjp, jt.jacrev, jt.grad), "
                "write a jvp, or declare the function with jt.custom_vjp or jt.custom_jvp, which serve both directions"
            )
        if active is not None:
            deposits["tangents", id(context)] = _tangents_by(
                function, context, {active[k]: x_dot for k, x_dot in x_dots.items()}, n_outputs
            )
        y_dot = deposits["tangents", id(context)][output]
        if y_dot is not None and tuple(y_dot.shape) != tuple(y.shape):
            raise ShapeError(
                f"{function.__name__}.jvp returned a tangent of shape {list(y_dot.shape)}, expected {list(y.shape)}, the output's"
            )
        yield y_dot

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        """`pull_back` with structural zeros, of which users' rules know nothing: everything reaches everything."""
        _, context, output, _, places, deposits = statics
        flows = deposits.setdefault(id(context), {}).setdefault("flows", {})
        flows[output] = flow
        for k, part in self.pull_back(active, y_bar, y, operands, statics):
            reached = deposits[id(context)].get("reached", {}).get(k)
            if places is None or all(f is not None and not f.any() for f in flows.values()):  # a row that only deposits
                reached = np.zeros(tuple(operands[k].shape), bool)
            yield k, None if part is None else masked(part, reached), reached

    def pullback(self, k, y_bar, y, operands, statics):
        """Call the user's `backward` once in a sweep, and return its result for operand `k`."""
        function, context, output, n_outputs, active, deposits = statics
        deposit = deposits.setdefault(id(context), {})
        if "answers" not in deposit:
            # the user may keep it, and what a compiled sweep shows is gone after the sweep; a leaf may be differentiated
            shown = y_bar._tape is None and not y_bar.requires_grad
            deposit[output] = wrap(np.array(y_bar._value())) if shown else y_bar
        if active is None:
            return wrap(np.zeros(operands[0].shape, operands[0].dtype))
        if "answers" not in deposit:
            bars = [deposit.get(j) for j in range(n_outputs)]
            if context.materialize:
                shapes = context._shapes
                bars = [wrap(np.zeros(s, d)) if b is None else b for b, (s, d) in zip(bars, shapes)]
            context.flows, context.reached = deposit.get("flows"), None
            rule = function.backward if function.backward is not Function.backward else function.vjp
            is_recorded = y.requires_grad and context._results
            context._now = _RecordedResults(function, context, y, active, operands).recorded if is_recorded else None
            try:
                answers = rule(context, *(bars if function.reads_the_past else map(conjugated, bars)))
            finally:
                context._now = None
            deposit["reached"] = dict(enumerate(context.reached[j] for j in active)) if context.reached is not None else {}
            answers = answers if isinstance(answers, tuple) else (answers,)
            expected = len(context.needs_input_grad)
            if len(answers) < expected or any([a is not None for a in answers[expected:]]):
                raise RuntimeError(
                    f"function {function.__name__}Backward returned an incorrect number of gradients (expected "
                    f"{len(context.needs_input_grad)}, got {len(answers)})"
                )
            deposit["answers"] = answers
        part = deposit["answers"][active[k]]
        if part is None:
            return None
        if not isinstance(part, Tensor):
            part = wrap(np.asarray(part))
        if not function.reads_the_past:  # of the user's own: in PyTorch's convention
            part = conjugated(part)
        if tuple(part.shape) != tuple(operands[k].shape):
            try:
                return sum_to(part, tuple(operands[k].shape))
            except (ShapeError, IndexError, ValueError):
                raise ShapeError(
                    f"Function {function.__name__}Backward returned an invalid gradient at index {active[k]} - got "
                    f"{list(part.shape)} but expected shape compatible with {list(operands[k].shape)}"
                ) from None
        return part


class _RecordedResults:
    """The recorded results of a call, for a rule that is recorded itself: derivatives flow through what it has saved of them.

    The context has no references to them, which would keep their rows alive. A result that is gone is computed again.
    """

    def __init__(self, function, context, y, active, operands):
        self.function, self.context, self.y, self.again = function, context, y, None
        self.given = dict(zip(active, operands))

    def recorded(self, k):
        """The result of a number."""
        first, made, constants = self.context._made
        if k == first:
            return self.y
        alive = made[k]() if k in made else None
        if alive is not None:
            return alive
        if self.again is None:
            args = [self.given.get(j, a) for j, a in enumerate(constants)]
            self.context._now, before = None, self.context._now
            self.again = self.function.apply(*args)
            self.context._now = before
        return self.again[k]


def _note_results(context, args, raw, values, written):
    """Note which saved tensors are results, and how to come by the recorded ones."""
    saved = {id(t) for t, _ in context._saved}
    context._results = {id(v): k for k, v in enumerate(raw) if id(v) in saved and id(v) not in written}
    if context._results:
        rows = [k for k, v in enumerate(values) if v is not raw[k]]
        needs = context.needs_input_grad
        constants = [None if needed else a for needed, a in zip(needs, args)] if len(raw) > 1 else []
        context._made = (rows[0] if rows else -1, {k: weakref.ref(values[k]) for k in rows}, constants)


def _tangents_by(function, context, x_dots, n_outputs):
    """What the user's `jvp` makes of the tangents of some arguments: a tangent, or None, for each output."""
    given = []
    for j, about in enumerate(context._arguments):
        missing = about is None or not context.materialize
        given.append(x_dots.get(j, None if missing else wrap(np.zeros(*about))))
    found = function.jvp(context.for_tangents(), *given)
    found = found if isinstance(found, tuple) else (found,)
    if len(found) != n_outputs:
        raise RuntimeError(
            f"function {function.__name__}JVP returned an incorrect number of tangents (expected {n_outputs}, got {len(found)})"
        )
    return found


_USER = _UserOperation()


class Function:
    """Operation with a derivative of one's own: subclass it, define ``forward`` and ``backward``, call ``apply``.

    ``forward(ctx, *args)`` computes with Tensors and is not recorded; ``backward(ctx, *grad_outputs)`` returns a gradient for
    each argument (None for those that have none). If `backward` is written with functions of the library, the operation can be
    differentiated any number of times.

    Examples
    --------
    >>> import jittape as jt
    >>> class Square(jt.autograd.Function):
    ...     @staticmethod
    ...     def forward(ctx, x):
    ...         ctx.save_for_backward(x)
    ...         return x * x
    ...     @staticmethod
    ...     def backward(ctx, y_bar):
    ...         (x,) = ctx.saved_tensors
    ...         return 2 * x * y_bar
    >>> x = jt.tensor(3.0, requires_grad=True)
    >>> Square.apply(x).backward()
    >>> x.grad
    tensor(6.)
    """

    reads_the_past = False  # whether `backward` is called with memory as it was at the call: the library's own are

    if TYPE_CHECKING:  # each subclass has parameters of its own
        forward: ClassVar[Callable[..., Any]]
        backward: ClassVar[Callable[..., Any]]
        setup_context: ClassVar[Callable[..., Any]]
        jvp: ClassVar[Callable[..., Any]]
        vjp: ClassVar[Callable[..., Any]]
        vmap: ClassVar[Callable[..., Any]]
    else:

        @staticmethod
        def forward(ctx, *args, **kwargs):
            """Compute the outputs; defined by subclasses.

            Parameters
            ----------
            ctx : FunctionCtx
                Keeps what `backward` needs. Left out where `setup_context` is defined.
            *args, **kwargs
                What `apply` is given.

            Returns
            -------
            Tensor or tuple of Tensors
                The outputs.

            Raises
            ------
            NotImplementedError
                If the subclass does not define it.
            """
            raise NotImplementedError("You must implement the forward function for custom autograd.Function.")

        @staticmethod
        def backward(ctx, *grad_outputs):
            """Compute the gradients of the arguments; defined by subclasses.

            Parameters
            ----------
            ctx : FunctionCtx
                As `forward` has left it.
            *grad_outputs : Tensor
                Cotangents of the outputs.

            Returns
            -------
            Tensor or tuple of (Tensor or None)
                A gradient for each argument.

            Raises
            ------
            NotImplementedError
                If the subclass does not define it.
            """
            raise NotImplementedError(
                "You must implement either the backward or vjp method for your custom autograd.Function to use it with backward "
                "mode AD."
            )

        vjp = backward  # the other name of it

        @staticmethod
        def jvp(ctx, *grad_inputs):
            """Compute the tangents of the outputs; defined by subclasses.

            Parameters
            ----------
            ctx : FunctionCtx
                As `forward` has left it.
            *grad_inputs : Tensor or None
                Tangents of the arguments; None for those that are no Tensors.

            Returns
            -------
            Tensor or tuple of Tensors
                A tangent for each output.

            Raises
            ------
            NotImplementedError
                If the subclass does not define it.
            """
            raise NotImplementedError(
                "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."
            )

        @staticmethod
        def vmap(info, in_dims, *args):
            """Compute a batch; accepted for compatibility with PyTorch: `vmap` calls `forward` for each example.

            Parameters
            ----------
            info : object
                Size of the batch.
            in_dims : tuple
                Batch axes of the arguments.
            *args
                The arguments.

            Raises
            ------
            NotImplementedError
                Always: it is not called.
            """
            raise NotImplementedError("jittape calls forward for each example of a batch: this method is not called")

        @staticmethod
        def setup_context(ctx, inputs, output):
            """Fill the context, for a `forward` that does not take one; defined by subclasses.

            Parameters
            ----------
            ctx : FunctionCtx
                Keeps what `backward` needs.
            inputs : tuple
                The arguments of `forward`.
            output : Tensor or tuple of Tensors
                What `forward` returned.
            """

    @classmethod
    def apply(cls, *args: Any, **kwargs: Any) -> Any:
        """Run the operation; it is recorded if an argument requires grad.

        Parameters
        ----------
        *args, **kwargs
            Passed to `forward`; Tensors among the positional ones are differentiated.

        Returns
        -------
        Tensor or tuple of Tensors
            What `forward` returned.

        Raises
        ------
        TypeError
            If `forward` returned something that is not a Tensor.
        """
        found = current()
        needs = tuple(isinstance(a, Tensor) and a.requires_grad for a in args)
        context = FunctionCtx(needs)
        former = _copies(cls, args) if any(needs) and found.recorder is not None else {}
        outputs = _run(cls, context, found, args, kwargs)
        several = isinstance(outputs, tuple)
        values = list(outputs) if several else [outputs]
        for v in values:
            if not isinstance(v, Tensor):
                raise TypeError(f"{cls.__name__}.forward: expected to return a Tensor or a tuple of them, got {type(v).__name__}")
        _check_dirty(context, args, values)
        if found.recorder is not None and any(needs):
            context._shapes = [(tuple(v.shape), v.dtype) for v in values]
            context._arguments = [(tuple(a.shape), a.dtype) if isinstance(a, Tensor) else None for a in args]
            written = _taken_back(context, former, values)
            first, raw = None, list(values)
            for k, value in enumerate(values):
                if is_differentiable(value.dtype) and not any(value is t for t in context._no_gradient):
                    array = written.get(id(value), value)._value()
                    made = _record(found.recorder, (cls, context, k, len(values)), args, array, first)
                    first = made if first is None else first
                    values[k] = value._overwrite(made) if id(value) in written else made
            if context._saved:
                _note_results(context, args, raw, values, written)
        return tuple(values) if several else values[0]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        raise RuntimeError(
            "Legacy autograd function with non-static forward method is deprecated. Please use new-style autograd function with "
            "static forward method. (Example: https://pytorch.org/docs/stable/autograd.html#torch.autograd.Function)"
        )


def _run(function, context, found, args, kwargs):
    """What `forward` returns, computed without recording."""
    before, token = recording(), calling_function(getattr(found, "hooks", None))
    try:
        state.set(Paused(found.tape))
        if function.setup_context is Function.setup_context:
            return function.forward(context, *args, **kwargs)
        outputs = function.forward(*args, **kwargs)
        function.setup_context(context, args, outputs)
        return outputs
    finally:
        state.set(before)
        function_called(token)


# --- arguments that forward changes in place ----------------------------------------------------------------------------


def _copies(function, args):
    """The values of Tensors that `forward` may change, by id of the Tensor; none unless it speaks of that."""
    speaks = any(
        "mark_dirty" in getattr(f, "__code__", _run.__code__).co_names for f in (function.forward, function.setup_context)
    )
    return {id(a): np.array(a._value()) for a in args if isinstance(a, Tensor)} if speaks else {}


def _check_dirty(context, args, values):
    """Raise unless what `forward` says to have changed are arguments, and results."""
    for t in context._dirty:
        if not any(t is a for a in args):
            raise RuntimeError("mark_dirty only accepts input tensors, but it was given another one")
        if not any(t is v for v in values):
            raise RuntimeError(
                "Some elements marked as dirty during the forward method were not returned as output. The inputs that are "
                "modified inplace must all be outputs of the Function."
            )


def _taken_back(context, former, values):
    """New values of changed arguments, by id; the arguments are as before, so that the change can be recorded as a write."""
    written = {}
    for t in context._dirty:
        if id(t) not in former:
            raise RuntimeError("mark_dirty has to be called in forward or setup_context itself, not in a function that they call")
        written[id(t)] = wrap(np.array(t._value()))
        with no_grad():
            t._overwrite(wrap(former[id(t)]))
        if t.is_leaf and t.requires_grad:
            raise LeafError("a leaf Variable that requires grad has been used in an in-place operation: pass a copy, x.clone()")
    return written


def _record(tape, about, args, value, first):
    """Append the row of an output; `first` is the Tensor of the first output, None for that one itself."""
    needs = about[1].needs_input_grad
    active = tuple(j for j, wanted in enumerate(needs) if wanted) if first is None else None
    operands = [first] if active is None else [args[j] for j in active]
    array = np.array(value, order="C")
    ensure_moves(array.dtype)
    refused = None
    while True:
        tape.reserve(8 + len(operands), len(operands))
        rows = tape.steadily(lambda tape: [row_of(tape, x) for x in operands])
        places = [append_operand(tape.header, r) for r in rows]
        row = record_host(
            tape.header,
            _USER.code,
            places[0],
            len(places),
            NONE,
            address_of(array),
            array.size,
            DTYPE_CODES[array.dtype],
            intern(array.shape),
            NARY_HOST_ROW,
        )
        if row >= 0:
            break
        refused = answer(tape, _USER, row, refused)
    tape.owners[int(tape.columns[STORAGE][row])] = array
    tape.statics[row] = (*about, active)
    if recording().watching:
        note_row(recording(), tape, row)
    return result(tape, row)


class _DifferentiatedOnce(Function):
    """Stands for a rule that was not recorded: the results require grad, and raise when that is asked for."""

    @staticmethod
    def forward(ctx, *values):
        return tuple([v.clone() for v in values])

    @staticmethod
    def backward(ctx, *cotangents):
        raise RuntimeError("trying to differentiate twice a function that was marked with @once_differentiable")


def once_differentiable(fn: Callable[..., Any]) -> Callable[..., Any]:
    """Declare that a `backward` cannot be differentiated itself.

    Parameters
    ----------
    fn : callable
        The `backward` of a `Function`; it is not recorded.

    Returns
    -------
    callable
        Takes its place. A second derivative through it raises a RuntimeError.
    """

    @functools.wraps(fn)
    def wrapper(ctx, *args):
        with no_grad():
            found = fn(ctx, *args)
        inputs = [*args, *[t for t in ctx.saved_tensors if t is not None]]
        if current().recorder is None or not any(isinstance(a, Tensor) and a.requires_grad for a in inputs):
            return found
        answers = found if isinstance(found, tuple) else (found,)
        places = [k for k, a in enumerate(answers) if isinstance(a, Tensor) and is_differentiable(a.dtype)]
        marked = _DifferentiatedOnce.apply(*[answers[k].detach().requires_grad_() for k in places]) if places else ()
        answers = [marked[places.index(k)] if k in places else a for k, a in enumerate(answers)]
        return tuple(answers) if isinstance(found, tuple) else answers[0]

    return wrapper
