"""`Function`: operations with derivatives of the user's own, as in ``torch.autograd.Function``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import DTYPE_CODES, is_differentiable
from ..errors import NoTangent
from ..memory.layouts import intern
from ..memory.words import address_of
from ..ops.operation_table import Operation, masked, user_line
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

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, ClassVar


class Context:
    """What `Function.forward` keeps for `Function.backward`.

    Attributes
    ----------
    saved_tensors : tuple of Tensors
        What `save_for_backward` was given.
    needs_input_grad : tuple of bool
        Whether each argument requires grad.
    """

    def __init__(self, needs_input_grad: tuple[bool, ...]) -> None:
        self.needs_input_grad = needs_input_grad
        self._saved = ()
        self._no_gradient = ()
        self._dirty = ()
        self.materialize = True
        self.flows = self.reached = None  # in a careful sweep: where cotangents flow, by output; what `backward` says of answers

    def save_for_backward(self, *tensors: Tensor | None) -> None:
        """Keep tensors for the backward pass; if one is changed afterwards, reading it there raises.

        Parameters
        ----------
        *tensors : Tensor or None
            What `saved_tensors` returns.
        """
        self._saved = tuple((t, _version(t)) for t in tensors)

    @property
    def saved_tensors(self) -> tuple[Any, ...]:
        for t, version in self._saved:
            if isinstance(t, Tensor) and _version(t) != version:
                from ..errors import VersionError

                raise VersionError(
                    "one of the variables needed for gradient computation has been modified by an inplace operation: a saved "
                    f"tensor of shape {list(t.shape)} is at version {_version(t)}; expected version {version} instead. Hint: "
                    "save a copy, x.clone()"
                )
        return tuple(t for t, _ in self._saved)

    def mark_non_differentiable(self, *tensors: Tensor) -> None:
        """Declare outputs that carry no gradient.

        Parameters
        ----------
        *tensors : Tensor
            Results of `forward`.
        """
        self._no_gradient = tensors

    def mark_dirty(self, *tensors: Tensor) -> None:
        """Declare inputs that `forward` has changed in place, which is not supported.

        Parameters
        ----------
        *tensors : Tensor
            Arguments of `forward`.

        Raises
        ------
        RuntimeError
            Always.
        """
        raise RuntimeError("mark_dirty is not supported: return a new tensor instead of changing an input in place")

    def set_materialize_grads(self, value: bool) -> None:
        """Choose what `backward` gets for outputs without a gradient.

        Parameters
        ----------
        value : bool
            True for zeros (the default), False for None.
        """
        self.materialize = value


def _version(t):
    if not isinstance(t, Tensor):
        return None
    if t._array is None:
        from ..tape.versions import storage_version_now

        return storage_version_now(t._tape.header, t._row)
    return t._storage.memory.version


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
        raise NoTangent(
            f"{statics[0].__name__} has a backward but no rule for tangents: use reverse mode (jt.vjp, jt.jacrev, jt.grad), or "
            "declare the function with jt.custom_vjp or jt.custom_jvp, which serve both directions"
        )

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
            answers = function.backward(context, *(bars if function.reads_the_past else map(conjugated, bars)))
            deposit["reached"] = dict(enumerate(context.reached[j] for j in active)) if context.reached is not None else {}
            answers = answers if isinstance(answers, tuple) else (answers,)
            if len(answers) < len(context.needs_input_grad):
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
            from ..errors import ShapeError
            from ..ops.view_rules import sum_to

            try:
                return sum_to(part, tuple(operands[k].shape))
            except (ShapeError, IndexError, ValueError):
                raise ShapeError(
                    f"Function {function.__name__}Backward returned an invalid gradient at index {active[k]} - got "
                    f"{list(part.shape)} but expected shape compatible with {list(operands[k].shape)}"
                ) from None
        return part


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
    else:

        @staticmethod
        def forward(ctx, *args, **kwargs):
            """Compute the outputs; defined by subclasses.

            Parameters
            ----------
            ctx : Context
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
            ctx : Context
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
            raise NotImplementedError("You must implement the backward function for your custom autograd.Function.")

        @staticmethod
        def setup_context(ctx, inputs, output):
            """Fill the context, for a `forward` that does not take one; defined by subclasses.

            Parameters
            ----------
            ctx : Context
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
        context = Context(needs)
        before = recording()
        try:
            state.set(Paused(found.tape))
            if cls.setup_context is not Function.setup_context:
                outputs = cls.forward(*args, **kwargs)
                cls.setup_context(context, args, outputs)
            else:
                outputs = cls.forward(context, *args, **kwargs)
        finally:
            state.set(before)
        several = isinstance(outputs, tuple)
        values = list(outputs) if several else [outputs]
        for v in values:
            if not isinstance(v, Tensor):
                raise TypeError(f"{cls.__name__}.forward: expected to return a Tensor or a tuple of them, got {type(v).__name__}")
        if found.recorder is not None and any(needs):
            context._shapes = [(tuple(v.shape), v.dtype) for v in values]
            first = None
            for k, value in enumerate(values):
                if is_differentiable(value.dtype) and not any(value is t for t in context._no_gradient):
                    values[k] = _record(found.recorder, (cls, context, k, len(values)), args, value, first)
                    first = values[k] if first is None else first
        return tuple(values) if several else values[0]


def _record(tape, about, args, value, first):
    """Append the row of an output; `first` is the Tensor of the first output, None for that one itself."""
    needs = about[1].needs_input_grad
    active = tuple(j for j, wanted in enumerate(needs) if wanted) if first is None else None
    operands = [first] if active is None else [args[j] for j in active]
    array = np.array(value._value(), order="C")
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
        tape.traces[row] = user_line()
    return result(tape, row)
