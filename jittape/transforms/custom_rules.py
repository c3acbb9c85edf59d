"""Derivative rules of the user's own: `custom_vjp` and `custom_jvp`.

A call leaves one row, whose operands are the Tensors among its arguments and whose value is all outputs joined. A rule for
one direction serves both: the other direction is the transpose of a linear map, found by recording the rule at a variable and
sweeping over that.
"""

from __future__ import annotations

import functools
import inspect
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.gradient_requests import gradients_of
from ..tensors.row_binding import copied_leaf
from ..dtypes import is_differentiable
from ..errors import DTypeError, ShapeError
from ..ops.copies_and_joins import cat_values
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import narrow
from ..ops.declare_structured import Structured
from ..ops.operation_table import needs_gradient
from ..numba_backend.frozen_values import is_same_value
from ..tape.tape import current
from ..tape.recording_state import recording, state
from ..tensors.array import Array, array_for, as_array
from ..tensors.tensor import Tensor, wrap
from ..files.pickling import PickledByFunction
from .shared_arguments import memory_of
from .pytrees import flatten, flatten_like, size_of, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class RuleCall:
    """One call of a function with a rule: what its row needs beside its operands."""

    def __init__(self, rule, args):
        self.rule = rule
        self.leaves, self.structure = flatten(args)
        self.places = [k for k, x in enumerate(self.leaves) if isinstance(x, Tensor) and is_differentiable(x.dtype)]
        self.operands = [self.leaves[k] for k in self.places]
        self.faces = [type(x) is Array for x in self.operands]  # the function and its rule get what the call was given
        for k in self.places:
            self.leaves[k] = None  # the row has them
        self.residuals = None
        self.captured, self.value = [], None  # of a checkpoint: leaves that it closes over, and what it has computed
        self.form, self.shapes = None, ()  # of the outputs

    def __repr__(self):
        return f"<call of {self.rule.__name__}>"

    def arguments(self, tensors):
        """The arguments of the call, with `tensors` in the places of the operands."""
        leaves = list(self.leaves)
        for k, t, is_array in zip(self.places, tensors, self.faces):
            leaves[k] = as_array(t) if is_array else t
        return unflatten(self.structure, leaves)

    def refuse_writes(self, tensors, before):
        """Raise if the function has written to arguments: it gets copies, and is called again for derivatives.

        Parameters
        ----------
        tensors : list of Tensors
            What it was given for its operands.
        before : list of ndarray
            What they were.
        """
        if not all(map(is_same_value, map(memory_of, tensors), before)):
            raise RuntimeError(
                f"{self.rule}: the function writes to an argument, which no rule for its derivative says anything about. Let it "
                "write to a copy, x.copy(), and return that"
            )

    def split(self, y):
        """Split the value of the row into the outputs, or a derivative of it into one of their form."""
        y = array_for(y) if any(self.faces) else y
        if len(self.shapes) == 1:
            return unflatten(self.form, [y])
        parts, start = [], 0
        for shape in self.shapes:
            n = int(np.prod(shape))
            parts.append(reshape(narrow(y, 0, start, n), shape))
            start += n
        return unflatten(self.form, parts)

    def join(self, leaves):
        """Join a list of Tensors into the value of the row: the inverse of `split`."""
        return leaves[0] if len(leaves) == 1 else cat_values.apply([reshape(x, (-1,)) for x in leaves], 0)

    def outputs_of(self, tree):
        """The outputs as Tensors of one dtype; notes their form and shapes."""
        leaves, self.form = flatten(tree)
        tensors = [x if isinstance(x, Tensor) else wrap(np.asarray(x)) for x in leaves]
        dtypes = {t.dtype for t in tensors}
        if len(dtypes) != 1 or not is_differentiable(next(iter(dtypes))):
            found = sorted(map(str, dtypes))
            raise DTypeError(f"{self.rule}: got outputs of dtypes {found}, expected one floating dtype for all")
        if any(t.requires_grad for t in tensors):
            raise RuntimeError(
                f"{self.rule}: the function uses a Tensor that requires gradients and is not among its arguments: its derivative "
                "would be lost. Pass it as an argument, or use its .detach()"
            )
        self.shapes = [tuple(t.shape) for t in tensors]
        return tensors


class CallOperation(Structured):
    """The operation of the rows that calls of such functions leave."""

    def __init__(self):
        super().__init__(custom_call_values, -1, holomorphic=True, grad_name="CustomRuleBackward")

    def pull_back(self, active, y_bar, y, operands, statics):
        """Cotangents of all active operands, from one call of the rule."""
        (call,) = statics
        found = call.rule.pull_back(call, active, y_bar, operands)
        for k in active:
            yield k, found.get(k)

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        (call,) = statics
        found = call.rule.pull_back_with_flow(call, y_bar, flow, operands)
        if found is None:
            yield from super().pull_back_flows(active, y_bar, flow, y, operands, statics)
            return
        for k in active:
            yield k, *found.get(k, (None, None))

    def push_forward(self, x_dots, y, operands, statics):
        (call,) = statics
        yield call.rule.push_forward(call, x_dots, operands)


def custom_call_values(arrays, call):
    """The outputs of a function with a rule, joined into one array."""
    before = current()
    try:
        state.set(before if before.recorder is not None else before.tape)  # to find out what it closes over
        given = [wrap(np.array(a)) for a in arrays]
        tensors = call.outputs_of(call.rule.evaluate(call, given))
        call.refuse_writes(given, arrays)
    finally:
        state.set(before)
    arrays = [t._value() for t in tensors]
    return np.array(arrays[0]) if len(arrays) == 1 else np.concatenate([a.reshape(-1) for a in arrays])


CALL = CallOperation()


class CustomRule(PickledByFunction):
    """A function with a rule; called like the function."""

    def __init__(self, function: Callable[..., Any]) -> None:
        if not callable(function):
            raise TypeError(f"{type(self).__name__}: got {type(function).__name__}, expected a function")
        functools.update_wrapper(self, function)
        self.function = function

    def pull_back_with_flow(self, call, y_bar, flow, operands):
        """Pull back a cotangent with structural zeros, by a rule that knows of them.

        Parameters
        ----------
        call : RuleCall
            The call whose row it is.
        y_bar : Tensor
            The cotangent of the joined outputs.
        flow : ndarray of bool or None
            Where it flows, None for everywhere.
        operands : list of Tensors
            Of the row.

        Returns
        -------
        dict or None
            Pairs of the cotangent of an operand and where that flows, by place; None: the rule knows nothing of such zeros.
        """
        return None

    def _made_of(self):
        return self.function, vars(self)

    @classmethod
    def _made_again(cls, function, rules):
        made = cls(function)
        vars(made).update(rules)
        return made

    def __repr__(self):
        return f"<jt.{type(self).__name__} {getattr(self.function, '__name__', self.function)!s}>"

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The function's value; where an argument needs gradients, recorded with the rule."""
        if kwargs:
            args = _positional(self.function, args, kwargs)
        if current().recorder is None or not any(needs_gradient(x) for x in flatten(args)[0]):
            return self.function(*args)
        self.check_complete()
        call = RuleCall(self, args)
        y = CALL.apply(call.operands, call)
        return call.split(y)


def _positional(function, args, kwargs):
    """Keyword arguments, moved to their positions."""
    bound = inspect.signature(function).bind(*args, **kwargs)
    bound.apply_defaults()
    if bound.kwargs:
        raise TypeError(f"{function.__name__}: keyword-only arguments {sorted(bound.kwargs)} are not supported with a rule")
    return bound.args


class custom_vjp(CustomRule):
    """Give a function a reverse rule of one's own.

    Decorate the function, then declare the rule with ``function.defvjp(forward, backward)``.

    Parameters
    ----------
    function : callable
        Computes the value, of Tensors, arrays or numbers.

    Notes
    -----
    ``forward(*args)`` returns ``(value, residuals)``: what the function returns, and anything that the rule needs.
    ``backward(residuals, cotangent)`` returns a tuple with a cotangent for each argument (None for zero, and for arguments that
    are not Tensors). If it is written with functions of the library, the rule itself is differentiated for higher derivatives,
    and transposed for forward mode.

    Examples
    --------
    >>> import jittape as jt
    >>> @jt.custom_vjp
    ... def log1pexp(x):
    ...     return jt.log(1.0 + jt.exp(x))
    >>> log1pexp.defvjp(lambda x: (log1pexp(x), x), lambda x, y_bar: (y_bar * (1.0 - 1.0 / (1.0 + jt.exp(x))),))
    >>> jt.grad(log1pexp)(0.0), jt.grad(jt.grad(log1pexp))(0.0)
    (0.5, 0.25)
    """

    forward = backward = None

    def defvjp(self, forward: Callable[..., Any], backward: Callable[..., Any]) -> None:
        """Declare the rule; see `custom_vjp`.

        Parameters
        ----------
        forward : callable
            ``forward(*args)`` returns ``(value, residuals)``.
        backward : callable
            ``backward(residuals, cotangent)`` returns a cotangent for each argument.

        Raises
        ------
        TypeError
            If one of them is not callable.
        """
        for name, given in (("forward", forward), ("backward", backward)):
            if not callable(given):
                raise TypeError(f"{self}.defvjp: got {type(given).__name__} as {name}, expected a function")
        self.forward, self.backward = forward, backward

    def check_complete(self):
        """Raise if no rule was declared yet.

        Raises
        ------
        RuntimeError
            If there is none.
        """
        if self.backward is None:
            raise RuntimeError(f"{self} has no rule yet: declare one with defvjp(forward, backward)")

    def evaluate(self, call, tensors):
        """Compute the value for the row of a call, and keep the residuals with it.

        Parameters
        ----------
        call : Call
            The call.
        tensors : list of Tensors
            Its operands.

        Returns
        -------
        object
            The value.
        """
        value, call.residuals = self._forward(call, tensors)
        return value

    def _forward(self, call, tensors):
        found = self.forward(*call.arguments(tensors))
        if not isinstance(found, tuple) or len(found) != 2:
            raise TypeError(f"{self}: forward returned {type(found).__name__}, expected a tuple (value, residuals)")
        return found

    def pull_back(self, call, active, y_bar, operands):
        """Compute the cotangents of the operands with the rule.

        Parameters
        ----------
        call : Call
            The call.
        active : list of int
            Places of the operands whose cotangents are needed.
        y_bar : Tensor
            Cotangent of the joined outputs.
        operands : list of Tensors
            Its operands.

        Returns
        -------
        dict of int to (Tensor or None)
            Cotangents by place.
        """
        # recorded: residuals that depend on the operands, so that their derivatives count too
        residuals = call.residuals if recording().recorder is None else self._forward(call, operands)[1]
        return self._cotangents(call, residuals, call.split(y_bar), operands)

    def _cotangents(self, call, residuals, y_bars, operands):
        found = self.backward(residuals, y_bars)
        found = found if isinstance(found, tuple) else (found,)
        n = len(call.structure.children)
        if len(found) != n:
            raise RuntimeError(f"{self}: backward returned {len(found)} cotangents, expected {n}, one an argument")
        leaves = []
        for k, (part, structure) in enumerate(zip(found, call.structure.children)):
            if part is None:
                leaves += [None] * size_of(structure)
            else:
                leaves += flatten_like(structure, part, f"{self}: cotangent of argument {k}")
        return {k: _fitting(leaves[place], operands[k], self, place) for k, place in enumerate(call.places)}

    def push_forward(self, call, x_dots, operands):
        """Compute the tangent of the joined outputs as the transpose of the rule.

        Parameters
        ----------
        call : Call
            The call.
        x_dots : dict of int to Tensor
            Tangents of the operands, by place.
        operands : list of Tensors
            Its operands.

        Returns
        -------
        Tensor or None
            The derivative of the cotangents with respect to that of the outputs, times the tangents.
        """
        recorded = recording().recorder is not None
        with keep_recording():
            residuals = self._forward(call, operands)[1] if recorded else call.residuals
            shape = call.shapes[0] if len(call.shapes) == 1 else (sum(int(np.prod(s)) for s in call.shapes),)
            u = copied_leaf(current().tape, np.zeros(shape, operands[0].dtype))
            bars = self._cotangents(call, residuals, call.split(u), operands)
            pairs = [(bars[k], x_dot) for k, x_dot in x_dots.items() if bars[k] is not None and bars[k].requires_grad]
            return _transposed(pairs, [u], recorded)[0]


class custom_jvp(CustomRule):
    """Give a function a forward rule of one's own.

    Decorate the function, then declare the rule with ``function.defjvp(rule)``.

    Parameters
    ----------
    function : callable
        Computes the value, of Tensors, arrays or numbers.

    Notes
    -----
    ``rule(primals, tangents)`` gets two tuples and returns ``(value, tangent of the value)``. It must be linear in the tangents.
    Constants have tangents of zeros, arguments that are not floating-point None. Reverse mode is its transpose.

    Examples
    --------
    >>> import jittape as jt
    >>> @jt.custom_jvp
    ... def cube(x):
    ...     return x * x * x
    >>> cube.defjvp(lambda primals, tangents: (cube(*primals), 3.0 * primals[0] ** 2 * tangents[0]))
    >>> jt.grad(cube)(2.0), jt.jvp(cube, (2.0,), (1.0,))
    (12.0, (8.0, 12.0))
    """

    rule = None

    def defjvp(self, rule: Callable[..., Any]) -> None:
        """Declare the rule; see `custom_jvp`.

        Parameters
        ----------
        rule : callable
            ``rule(primals, tangents)`` returns ``(value, tangent of the value)``.

        Raises
        ------
        TypeError
            If it is not callable.
        """
        if not callable(rule):
            raise TypeError(f"{self}.defjvp: got {type(rule).__name__}, expected a function")
        self.rule = rule

    def check_complete(self):
        """Raise if no rule was declared yet.

        Raises
        ------
        RuntimeError
            If there is none.
        """
        if self.rule is None:
            raise RuntimeError(f"{self} has no rule yet: declare one with defjvp(rule)")

    def evaluate(self, call, tensors):
        """Compute the value for the row of a call.

        Parameters
        ----------
        call : Call
            The call.
        tensors : list of Tensors
            Its operands.

        Returns
        -------
        object
            The value.
        """
        return self.function(*call.arguments(tensors))

    def _tangent(self, call, operands, x_dots):
        """The tangent of the joined outputs for tangents of all operands."""
        tangents = [_no_tangent(x) for x in call.leaves]
        for place, x_dot, is_array in zip(call.places, x_dots, call.faces):
            tangents[place] = array_for(x_dot) if is_array else x_dot
        found = self.rule(call.arguments(operands), unflatten(call.structure, tangents))
        if not isinstance(found, tuple) or len(found) != 2:
            raise TypeError(f"{self}: the rule returned {type(found).__name__}, expected a tuple (value, tangent)")
        leaves = flatten_like(call.form, found[1], f"{self}: tangent")
        return call.join([_like_output(x, s, self) for x, s in zip(leaves, call.shapes)])

    def push_forward(self, call, x_dots, operands):
        """Compute the tangent of the joined outputs with the rule.

        Parameters
        ----------
        call : Call
            The call.
        x_dots : dict of int to Tensor
            Tangents of the operands, by place.
        operands : list of Tensors
            Its operands.

        Returns
        -------
        Tensor
            The tangent.
        """
        given = [x_dots[k] if k in x_dots else wrap(np.zeros(x.shape, x.dtype)) for k, x in enumerate(operands)]
        return self._tangent(call, operands, given)

    def pull_back(self, call, active, y_bar, operands):
        """Compute the cotangents of the operands as the transpose of the rule.

        Parameters
        ----------
        call : Call
            The call.
        active : list of int
            Places of the operands whose cotangents are needed.
        y_bar : Tensor
            Cotangent of the joined outputs.
        operands : list of Tensors
            Its operands.

        Returns
        -------
        dict of int to (Tensor or None)
            The derivative of y_bar times the tangent, with respect to the tangents of the operands, by place.
        """
        recorded = recording().recorder is not None
        with keep_recording():
            x_dots = [copied_leaf(current().tape, np.zeros(x.shape, x.dtype)) for x in operands]
            y_dot = self._tangent(call, operands, x_dots)
            pairs = [(y_dot, y_bar)] if y_dot.requires_grad else []
            found = _transposed(pairs, x_dots, recorded)
        return {k: g for k, g in enumerate(found)}


class keep_recording:
    """Context manager that records for a moment, also inside a sweep, and restores the state before."""

    def __enter__(self):
        self.before = recording()
        found = current()
        try:
            state.set(found if found.recorder is not None else found.tape)
        except BaseException:  # an interrupt, after which there is no `__exit__`
            state.set(self.before)
            raise

    def __exit__(self, *exc_info):
        state.set(self.before)


def _transposed(pairs, variables, recorded):
    """Gradients of the sum of products of `pairs`, with respect to variables in which it is linear; as Tensors."""
    if not pairs:
        return [None] * len(variables)
    roots, cotangents = [y for y, _ in pairs], [g for _, g in pairs]
    if not recorded:
        cotangents = [g._value() for g in cotangents]
    totals = gradients_of(roots, cotangents, {id(v): v for v in variables}, not recorded, recorded)
    found = [totals[id(v)][1] if id(v) in totals else None for v in variables]
    return [g if g is None or isinstance(g, Tensor) else wrap(g) for g in found]


def _fitting(part, operand, rule, place):
    """A cotangent as a Tensor, checked to have the shape of its operand."""
    if part is None:
        return None
    part = part if isinstance(part, Tensor) else wrap(np.asarray(part, operand.dtype))
    if tuple(part.shape) != tuple(operand.shape):
        raise ShapeError(
            f"{rule}: got a cotangent of shape {list(part.shape)} for argument {place}, expected {list(operand.shape)}"
        )
    return part


def _no_tangent(constant):
    """The tangent of an argument that is not differentiated."""
    if isinstance(constant, (float, complex, np.ndarray, np.inexact)) and np.asarray(constant).dtype.kind in "fc":
        return np.zeros_like(constant) if isinstance(constant, np.ndarray) else 0.0
    return None


def _like_output(part, shape, rule):
    part = part if isinstance(part, Tensor) else wrap(np.asarray(part))
    if tuple(part.shape) != shape:
        raise ShapeError(f"{rule}: got a tangent of shape {list(part.shape)}, expected {list(shape)} as the output has")
    return part
