"""Calls of compiled functions with Tensors: one operation of the table, whose rows a tape, a program or a batch runs alike.

A row holds the operands, its statics say the rest (`CallSite`). Its rules are calls of compiled functions themselves, so they can
be recorded, and differentiated again.
"""

from __future__ import annotations

import copy

import numba
import numpy as np

from ..compat import NumbaError, is_kept_on_disk
from ...dtypes import is_complex, is_differentiable
from ...numba_backend.frozen_values import is_same_value
from ...numba_backend.kept_with_functions import kept_by_function
from ...ops.choosing import where
from ...ops.complex_parts import real
from ...ops.copies_and_joins import convert
from ...ops.declare_structured import Structured
from ...ops.shape_functions import reshape
from ...ops.split_and_stack import narrow
from ...tensors.array import Array, as_array
from ...tensors.tensor import Tensor, wrap
from ..compilation.compile_cached import derivative
from .error_messages import NativeError, explained, refuse_swapped
from .forward_mode import pushforward
from .held_arrays import arrays_held
from .private_arguments import owned, refuse_sharing
from .reverse_mode import exact_pullback
from .tuple_forms import form_of, leaves_of, rebuilder, rebuilt

NUMBERS = (bool, int, float, complex, np.number, np.bool_, np.ndarray)


@kept_by_function
def _backward_of(function, argnums, primals, form):
    """The dispatcher ``(*primals, *cotangents) -> cotangents of the primals``, for a function whose results have a form."""
    # The nested one runs on differential numbers too: `backward` may be differentiated.
    pull, rebuild = exact_pullback(function, argnums, False).nested, rebuilder(form)

    def backward(*args):
        return pull(*args[:primals], rebuild(args[primals:]))

    return derivative(backward, is_kept_on_disk(function))


@kept_by_function
def _forward_of(function, argnums):
    """The dispatcher ``(*primals, *tangents) -> tangent of the results``."""
    push = pushforward(function, argnums, False, False, exact=True).nested

    def forward(*args):
        return push(*args)[1]

    return derivative(forward, is_kept_on_disk(function))


@kept_by_function
def _of_leaves(function, form):
    """A function of the leaves of its arguments, which are tuples."""
    rebuild = rebuilder(form)

    def of_leaves(*leaves):
        return function(*rebuild(leaves))

    of_leaves.__name__ = of_leaves.__qualname__ = function.__name__
    return numba.njit(of_leaves)


class CallSite:
    """One call of a compiled function: what its row does not hold of the arguments, and the form of its results.

    Parameters
    ----------
    function : Dispatcher
    args : sequence
        The arguments; floating Tensors are operands of the row.
    lanes : int, optional
        The number of examples that operands and results have side by side, along a last axis.
    without : sequence of int
        The leaves of the result that are no numbers: text is part of the site, and tangents of text are left out.
    """

    def __init__(self, function, args, lanes=None, without=()):
        self.function, self.lanes, self.without = function, lanes, without
        self.places = [k for k, a in enumerate(args) if isinstance(a, Tensor) and is_differentiable(a.dtype)]
        # The rules run the function once more, on what it was given now: arrays may be written to meanwhile.
        self.args = [None if k in self.places else _kept(a) for k, a in enumerate(args)]
        self.form = self.shapes = self.dtypes = self.others = None  # of the results; known when the function has run

    def __repr__(self):
        return f"<call of {self.function.__name__}>"

    def in_lanes(self, n):
        """The same call for examples side by side."""
        wide = copy.copy(self)
        wide.lanes = n
        return wide

    # --- values ---------------------------------------------------------------------------------------

    def run(self, arrays):
        """The value of the row: all results joined, a single one as it is."""
        if self.lanes is None:
            return self._joined(self._call(arrays))
        return np.stack([self._joined(self._call([x[..., j] for x in arrays])) for j in range(self.lanes)], axis=-1)

    def _call(self, arrays):
        values = list(self.args)
        for k, x in zip(self.places, arrays, strict=True):
            values[k] = np.array(x)[()]
        refuse_swapped("a call with Tensors", values)
        own = owned(self.function, values)
        held = {k: tuple(x.copy() for x in arrays_held(v)) for k, v in enumerate(own) if hasattr(v, "_numba_type_")}
        try:
            y = self.function(*own)
        except NumbaError as problem:
            raise explained("a call with Tensors", self.function, values, problem) from None
        self._refuse_writes(values, own, held)
        return y

    def _refuse_writes(self, values, own, held):
        """Raise if the function has changed an array: the tape would not know of it, and the caller's array is as it was.

        What lists and objects of Numba's hold is not copied, and has changed.
        """
        for k, (given, written) in enumerate(zip(values, own)):
            before, after = (held[k], tuple(arrays_held(given))) if k in held else (given, written)
            if before is not after and not is_same_value(before, after):
                what = "a Tensor" if k in self.places else f"what a {type(given).__name__} holds" if k in held else "an array"
                raise NativeError(
                    f"{self.function.__name__} was called with Tensors, and wrote to argument {k}, {what}, which no tape "
                    "records. Let it write to a copy (x = x.copy()) and return that, or call jt.native.with_outputs(function, "
                    f"out_argnums={k}), which returns what is written"
                )

    def _joined(self, y):
        leaves = leaves_of(y)
        others = {k: leaf for k, leaf in enumerate(leaves) if k in self.without or not isinstance(leaf, NUMBERS)}
        results = [np.asarray(leaf) for k, leaf in enumerate(leaves) if k not in others]
        if not results or any(leaf is None or isinstance(leaf, list) for leaf in others.values()):
            raise NativeError(
                f"{self.function.__name__} was called with a Tensor and returned {y!r}, expected a number, an array "
                "or a tuple of them"
            )
        found = form_of(y), [v.shape for v in results], [v.dtype for v in results], others
        if self.form not in (None, found[0]) or self.shapes not in (None, found[1]) or self.others not in (None, others):
            raise NativeError(
                f"{self.function.__name__} returned arrays of the shapes {found[1]}, where the recorded call returned "
                f"{self.shapes}, or other text: a program has the shapes of its trace"
            )
        self.form, self.shapes, self.dtypes, self.others = found
        dtype = np.result_type(*[d if is_differentiable(d) else np.float64 for d in self.dtypes])  # programs hold no integers
        if len(results) == 1:
            return results[0].astype(dtype)
        return np.concatenate([v.reshape(-1).astype(dtype) for v in results])

    def results_in(self, y):
        """The results, of the value of the row, or what belongs to them, of its adjoint."""
        after = () if self.lanes is None else (self.lanes,)
        if len(self.shapes) == 1:
            return [y]
        parts, start = [], 0
        for shape in self.shapes:
            n = int(np.prod(shape))
            parts.append(reshape(narrow(y, 0, start, n), (*shape, *after)))
            start += n
        return parts

    def answer(self, y, finish):
        """What the call returns, with results of the row as ``finish(tensor)``."""
        parts = map(finish, map(_in_dtype, self.results_in(y), self.dtypes))
        return rebuilt(self.form, self._with_others(parts))

    def _with_others(self, parts):
        """All leaves of the results, given those that are numbers."""
        parts = iter(parts)
        return (self.others[k] if k in self.others else next(parts) for k in range(len(self.shapes) + len(self.others)))

    # --- derivatives ----------------------------------------------------------------------------------

    def backward(self, active, cotangents):
        """The call of the pullback, with respect to some operands, at cotangents of the results."""
        function = _backward_of(self.function, tuple(self.places[k] for k in active), len(self.args), self.form)
        return self._rule(function, list(self._with_others(cotangents)))

    def forward(self, tangents):
        """The call of the pushforward along tangents of the operands, a dictionary by place."""
        order = sorted(tangents)
        function = _forward_of(self.function, tuple(self.places[k] for k in order))
        return self._rule(function, [tangents[k] for k in order], tuple(self.others))

    def _rule(self, function, seeds, without=()):
        site = CallSite(function, [*self.args, *seeds], self.lanes, without)
        site.places = sorted(self.places + site.places)
        return site


class NativeCall(Structured):
    """The operation of such rows. The examples of a batch are run one after the other."""

    def __init__(self):
        super().__init__(native_call_values, -1, holomorphic=True, grad_name="NativeCallBackward")
        self.lanes = _side_by_side

    def pull_back(self, active, y_bar, y, operands, statics):
        (site,) = statics
        yield from zip(active, [bar + 0.0 for bar in self._bars(site, active, y_bar + 0.0, operands)])

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        (site,) = statics
        seed = y_bar + 0.0
        for k, bar in zip(active, self._bars(site, active, seed if flow is None else where(flow, seed, -0.0), operands)):
            yield k, bar + 0.0, ~_is_nothing(bar._value())

    def _bars(self, site, active, y_bar, operands):
        """The cotangents of operands, -0.0 where nothing flows, as in that of the row."""
        seeds = list(map(_seed_of, site.results_in(y_bar), site.shapes, site.dtypes))
        call = site.backward(active, seeds)
        return call.results_in(self.apply([*operands, *[s for s in seeds if isinstance(s, Tensor)]], call))

    def push_forward(self, x_dots, y, operands, statics):
        yield self._tangent(statics[0], {k: x_dot + 0.0 for k, x_dot in x_dots.items()}, operands) + 0.0

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        seeds = {k: x_dot + 0.0 for k, x_dot in x_dots.items()}
        seeds = {k: s if flows[k] is None else where(flows[k], s, -0.0) for k, s in seeds.items()}
        y_dot = self._tangent(statics[0], seeds, operands)
        yield y_dot + 0.0, ~_is_nothing(y_dot._value())

    def _tangent(self, site, x_dots, operands):
        return self.apply([*operands, *[x_dots[k] for k in sorted(x_dots)]], site.forward(x_dots))


def native_call_values(arrays, site):
    """The results of a compiled function, joined into one array."""
    return site.run(arrays)


def _side_by_side(statics, n):
    return (statics[0].in_lanes(n),)


NATIVE_CALL = NativeCall()


def _seed_of(part, shape, dtype):
    """The cotangent of a result: of one that is not floating, nothing."""
    return _as_dtype(part, dtype) if is_differentiable(dtype) else np.full(shape, -0.0)[()]


def _as_dtype(part, dtype):
    """A floating-point part of the value of a row in a dtype: real ones stand among complex ones there."""
    return convert(real(part) if is_complex(part.dtype) and not is_complex(dtype) else part, dtype)


def _is_nothing(values):
    if is_complex(values.dtype):
        return _is_nothing(values.real) & _is_nothing(values.imag)
    return (values == 0.0) & np.signbit(values)


def _kept(value):
    """An argument that is no operand, as the rules will need it: an array as it is now."""
    if isinstance(value, Tensor):
        value = value.detach().numpy()
        return value.copy() if value.ndim else value[()]
    return value.copy(order="K") if isinstance(value, np.ndarray) else value


def _in_dtype(part, dtype):
    """A result in its own dtype. One that is not floating is looked at: a trace notes that it has to be the same in a replay."""
    if is_differentiable(dtype):
        return _as_dtype(part, dtype)
    return wrap(np.asarray(part.detach().numpy()).astype(dtype))


def row_of_call(dispatcher, args):
    """Call a compiled function with Tensors. Returns Arrays where one was given, and Tensors otherwise."""
    leaves = leaves_of(tuple(args))
    if any(isinstance(a, np.ndarray) for a in leaves):  # of Tensors alone: `CallSite` refuses all writes to them
        refuse_sharing(dispatcher, rebuilt(form_of(tuple(args)), map(_memory_of, leaves)))
    if any(isinstance(a, tuple) for a in args):
        dispatcher = _of_leaves(dispatcher, form_of(tuple(args)))
    site = CallSite(dispatcher, leaves)
    operands = [leaves[k] for k in site.places]
    y = NATIVE_CALL.apply(operands, site) if operands else wrap(site.run([]))
    return site.answer(y, _of_numpy if any(isinstance(a, Array) for a in leaves) else _unchanged)


def _memory_of(leaf):
    """An argument, an array in the place of a Tensor: on the memory of that if Python has it, without a look at its value."""
    if not isinstance(leaf, Tensor):
        return leaf
    return (np.empty(leaf.shape, leaf.dtype) if leaf._array is None else leaf._array)[()]


def _unchanged(result):
    return result


def _of_numpy(result):
    """A result as NumPy code expects it: an Array if it has derivatives, an integer or an array if not."""
    if is_differentiable(result.dtype):
        return as_array(result)
    value = result.numpy()
    return value if value.ndim else value[()]
