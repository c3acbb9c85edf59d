"""``jt.vmap``: a function of one example, applied to a batch."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ...dtypes import DTYPE_CODES
from ...errors import ShapeError, TraceError
from ...files.pickling import PickledByFunction
from ...memory.words import address_of
from ...ops.operation_table import OTHER_ARRAYS
from ...ops.split_and_stack import stack
from ...sweeps.workspace import any_nan
from ...tape.tape import current
from ...tape.recording_state import recording
from ...tensors.tensor import Tensor, wrap
from ...transforms.backends import is_native
from ...transforms.pytrees import flatten, flatten_like, unflatten
from .batches import FEWEST_LANES, Batch
from ..calls.compiled import CarefulFunction, CompiledFunction
from .lane_listing import NoLanes
from ..lowering.listing import UntracedRuleError
from ..lowering.nan_checks import has_structural_zeros
from ..tracing.signature import flatten_call, rebuild, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


_NO_EXAMPLES = np.empty(0, int)


class VmapFunction(PickledByFunction):
    """What `vmap` returns: called like the function, with batches. It is compiled already.

    Attributes
    ----------
    function : callable
        The function of one example.
    in_axes : int, None, or tuple of them
        The batch axis of every argument.
    """

    runs_programs = True  # `jt.compile` returns it unchanged

    def __init__(self, function, in_axes=0, chunk=None, threads=None, *, warns=True):
        functools.update_wrapper(self, function, updated=())
        self.function, self.in_axes, self.chunk, self.threads = function, in_axes, chunk, threads
        one = function.function if isinstance(function, CompiledFunction) else function
        self._one = one if is_native(one) else CompiledFunction(one, threads=1, warns=warns)
        self._batches, self._careful = {}, None

    def _made_of(self):
        return self.function, self.in_axes, self.chunk, self.threads

    def __repr__(self):
        return f"<vmap of {getattr(self.function, '__name__', self.function)!s}>"

    def __call__(self, *args: Any, out: Any = None) -> Any:
        call = _BatchedCall(self, args)
        if out is not None and call.shares_memory(flatten(out)[0]):
            return _written(out, self(*args))  # examples that have to be repeated must find their arguments unchanged
        found = recording()
        if (found is not None and (found.tape.derivatives_are_rows or found.watching and found.needs_rows)) or call.needs_graph():
            answer = call.one_by_one(self.function, True)
            return answer if out is None else _written(out, answer)
        try:
            answer = self._batched(call, out)
        except UntracedRuleError:
            answer = call.one_by_one(self.function, True)
            return answer if out is None else _written(out, answer)
        if answer is None:
            answer = call.one_by_one(self._one, False)
            return answer if out is None else _written(out, answer)
        return answer

    def one_by_one(self, args):
        """The answer where the examples differ in what a program would not do anew, such as drawing random numbers."""
        return _BatchedCall(self, args).one_by_one(self.function, True)

    def _batched(self, call, out):
        """The answer by a program over lanes; None where examples have to be done one after the other."""
        if call.n == 0 or is_native(self._one):
            return None
        try:
            variant, leaves = self._one.variant_for(*call.example(0))
        except UntracedRuleError:
            raise
        except TraceError:
            return None
        if variant.traced.written:
            for j in range(1, call.n):
                variant.refuse_shared(flatten_call(*call.example(j), frozenset())[0])
        if out is not None and not _are_the_results(variant):
            answer = self._batched(call, None)
            return None if answer is None else _written(out, answer)
        flat = None if out is None else flatten(out)[0]
        batched = tuple(call.axes[k] is not None for k in variant.places) + (False,) * len(variant.captured.tensors)
        if any(call.axes[k] is not None and k not in variant.places for k in range(len(leaves))):
            return None  # the examples differ in values that are part of the trace
        if variant.needs_graph(leaves):
            return None  # a captured Tensor requires gradients: every example becomes a row
        key = (id(variant), batched)
        try:
            if key not in self._batches:
                plan = variant.plan
                wanted, roots = ((), ()) if plan is None else (plan.wanted, plan.roots)
                batch = Batch(variant.traced.listing, batched, wanted, roots, self.chunk, self.threads)
                self._batches[key] = (batch, variant)
            batch = self._batches[key][0]
            values = [call.leading(k) for k in variant.places] + [value_of(t) for t in variant.captured.tensors]
            flat = [None] * batch.results if flat is None else flat
            if len(flat) != batch.results:
                raise ValueError(f"vmap: got {len(flat)} arrays in out, expected {batch.results}, one a result")
            found = batch(values, call.n, flat)
        except NoLanes:
            return None
        if found is None:
            return None
        found, watched = found
        examples = _NO_EXAMPLES if self._one.is_careful else _with_nan(variant, found, watched)
        if len(examples) and not variant.repeats_the_function:
            for array, part in zip(found, batch.with_care(values, examples)):
                array[examples] = part
        answer = _answer(variant, found, call)
        if len(examples) and variant.repeats_the_function:
            self._repeat_the_function(call, answer, examples)
        return answer

    def _repeat_the_function(self, call, answer, examples):
        """Have examples of which a derivative that the function has taken is nan, and might be a number, done once more."""
        if self._careful is None:
            self._careful = VmapFunction(self.function, self.in_axes, self.chunk, self.threads)
            self._careful._one = CarefulFunction(self._one.function, threads=1)
        whole = max(1 << (len(examples) - 1).bit_length(), FEWEST_LANES)  # few different numbers of examples: each is a program
        args, kwargs = call.some(np.resize(examples, whole))
        (leaves, structure), found = flatten(answer), self._careful(*args, **kwargs)
        for leaf, values in zip(leaves, flatten_like(structure, found, "vmap: the results of some examples")):
            value_of(leaf)[examples] = value_of(values)[: len(examples)]


class _BatchedCall:
    """The arguments of one call: leaves, their batch axes, and the number of examples."""

    def __init__(self, vmapped, args):
        self.args, axes = args, vmapped.in_axes
        if isinstance(axes, list):
            axes = tuple(axes)
        if not isinstance(axes, tuple):
            axes = (axes,) * len(args)
        if len(axes) != len(args):
            raise ValueError(f"vmap: got in_axes={vmapped.in_axes!r} for {len(args)} arguments, expected one entry an argument")
        self.axes, self.n = [], None
        for arg, axis in zip(args, axes):
            if axis is not None and (isinstance(axis, bool) or not isinstance(axis, int)):
                raise TypeError(f"vmap: got in_axes={vmapped.in_axes!r}, expected ints and None")
            for leaf in flatten(arg)[0]:
                self.axes.append(self._axis(leaf, axis))
        if self.n is None:
            raise ValueError("vmap: no argument has a batch axis: got in_axes of None only, expected an int for at least one")
        self.leaves, self.structure = flatten_call(args, {}, frozenset())

    def _axis(self, leaf, axis):
        """The batch axis of a leaf, counted from the front."""
        if axis is None:
            return None
        if isinstance(leaf, OTHER_ARRAYS):
            raise TypeError(f"vmap: got {type(leaf).__name__}, a subclass of ndarray, expected a plain array: pass np.asarray(x)")
        if not isinstance(leaf, (np.ndarray, Tensor)) or leaf.ndim == 0:
            raise ValueError(
                f"vmap: got {type(leaf).__name__} where in_axes={axis}, expected an array with that axis; use None for what is "
                "the same for all examples"
            )
        if not -leaf.ndim <= axis < leaf.ndim:
            raise ValueError(f"vmap: in_axes={axis} is out of range for an array of shape {list(leaf.shape)}")
        axis %= leaf.ndim
        n = leaf.shape[axis]
        if self.n is not None and n != self.n:
            raise ShapeError(f"vmap: got batch axes of lengths {self.n} and {n}, expected one length")
        self.n = n
        return axis

    def needs_graph(self):
        return current().enabled and any(isinstance(v, Tensor) and v.requires_grad for v in self.leaves)

    def shares_memory(self, arrays):
        """Whether some of the arrays may overlap the arguments."""
        given = [v for v in map(value_of, self.leaves) if isinstance(v, np.ndarray)]
        return any(isinstance(a, np.ndarray) and np.may_share_memory(a, v) for a in arrays for v in given)

    @property
    def has_tensors(self):
        return any(isinstance(v, Tensor) for v in self.leaves)

    def leading(self, k):
        """A leaf as an array with the examples along the first axis."""
        value = value_of(self.leaves[k])
        return value if self.axes[k] is None else np.moveaxis(value, self.axes[k], 0)

    def example(self, j):
        """The arguments for one example."""
        leaves = []
        for leaf, axis in zip(self.leaves, self.axes):
            if axis is None:
                leaves.append(leaf)
            elif isinstance(leaf, Tensor):
                leaves.append(leaf[(slice(None),) * axis + (j,)])
            else:
                part = leaf[(slice(None),) * axis + (j,)]
                leaves.append(float(part) if part.ndim == 0 and leaf.dtype == np.float64 else np.asarray(part))
        return rebuild(self.structure, leaves)

    def some(self, examples):
        """The arguments for some of the examples."""
        leaves = []
        for leaf, axis in zip(self.leaves, self.axes):
            leaves.append(leaf if axis is None else leaf[(slice(None),) * axis + (examples,)])
        return rebuild(self.structure, leaves)

    def one_by_one(self, function, recorded):
        """Run all examples in a loop and stack their results."""
        if self.n == 0:
            raise ValueError("vmap: got an empty batch: the shapes of the results are not known; expected at least one example")
        examples, structure = [], None
        for j in range(self.n):
            args, kwargs = self.example(j)
            answer = function(*args, **kwargs)
            structure = flatten(answer)[1] if structure is None else structure
            examples.append(flatten_like(structure, answer, f"vmap: the result of example {j}"))
        return unflatten(structure, [self._stacked(column) for column in zip(*examples)])

    def _stacked(self, column):
        if any(isinstance(v, Tensor) for v in column):
            return stack([v if isinstance(v, Tensor) else wrap(np.asarray(v)) for v in column])
        return np.stack([np.asarray(v) for v in column])


def _written(out, answer):
    """Write an answer into the arrays that the caller passed as `out`."""
    targets, (results, structure) = flatten(out)[0], flatten(answer)
    if len(targets) != len(results):
        raise ValueError(f"vmap: got {len(targets)} arrays in out, expected {len(results)}, one a result")
    for target, result in zip(targets, results):
        if isinstance(result, Tensor) and result.requires_grad:
            raise RuntimeError("vmap: got out= for a result that requires gradients, expected none: use jt.no_grad(), or no out")
        if tuple(target.shape) != tuple(result.shape) or target.dtype != result.dtype:
            raise ValueError(
                f"vmap: got an array of shape {list(target.shape)} and dtype {target.dtype} for a result, expected one of shape "
                f"{list(result.shape)} and dtype {result.dtype}"
            )
    for target, result in zip(targets, results):
        target[...] = result
    return unflatten(structure, [wrap(t) if isinstance(r, Tensor) else t for t, r in zip(targets, results)])


def _are_the_results(variant):
    """Whether the outputs of the program are the results of the function, one by one, and may be written where the caller says.

    Gradients have the value beside them, masks are numbers in the program, and constants are no outputs of it.
    """
    outputs = variant.traced.outputs
    return variant.plan is None and [None if o.is_mask else o.number for o in outputs] == list(range(len(outputs)))


def _with_nan(variant, found, watched):
    """The examples with a derivative that is not a number, and might be one."""
    listing = variant.traced.listing
    if not (listing.derivatives or variant.plan) or not has_structural_zeros(listing):
        return _NO_EXAMPLES
    n, derivatives = len(listing.outputs), set(listing.derivatives)
    arrays = [*[a for a, row in zip(found, listing.outputs) if row in derivatives], *found[n:], *watched]
    arrays = [a for a in arrays if a.dtype.kind in "fc" and any_nan(address_of(a), a.size, DTYPE_CODES[a.dtype])]
    return (
        np.flatnonzero(np.any([np.isnan(a).reshape(len(a), -1).any(1) for a in arrays], axis=0)) if arrays else np.empty(0, int)
    )


def _answer(variant, found, call):
    """Arrays of results as the tree that the function returns."""
    form = (lambda a: wrap(a)) if call.has_tensors else (lambda a: a)
    leaves = []
    for output in variant.traced.outputs:
        if output.number is None:
            leaves.append(form(np.broadcast_to(np.asarray(output.constant), (call.n, *np.shape(output.constant))).copy()))
        else:
            array = found[output.number]
            leaves.append(form(array != 0 if output.is_mask else array))
    value = variant.traced.build(leaves)
    if variant.plan is None:
        return value
    return variant.plan.assemble(value, [form(g) for g in found[len(variant.traced.listing.outputs) :]])


def vmap(
    function: Callable[..., Any], in_axes: int | None | Sequence[Any] = 0, *, chunk: int | None = None, threads: int | None = None
) -> VmapFunction:
    """Make a function of one example a function of a batch: traced once, run with the examples side by side.

    Parameters
    ----------
    function : callable
        Takes one example; also what a transform returns: ``jt.vmap(jt.grad(f))`` computes a gradient for each example.
    in_axes : int, None or tuple of them, optional
        The batch axis of every argument; None for an argument that is the same for all examples.
    chunk : int, optional
        Number of examples that are done side by side; by default as many as fit the cache.
    threads : int, optional
        Number of threads that share the chunks; by default that of `set_num_threads`. Results do not depend on it.

    Returns
    -------
    VmapFunction
        Called like the function, with batches; the results have the examples along their first axis. With ``out=``, an array
        or a tree of them, results are written there.

    Raises
    ------
    TypeError
        If `function` is not callable.
    ValueError
        If `chunk` is not a positive int; at a call, if `in_axes` does not fit the arguments.
    ShapeError
        At a call, if batch axes have different lengths.

    Notes
    -----
    A number of one example is a vector of lanes, so a scalar function runs as vector code. Where the examples take different
    paths (an ``if`` on a value), or an operation has no rule for lanes, they are done one after the other by the compiled
    function: right, and slower. So are those of a function that Numba has compiled.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.vmap(lambda x, y: x @ y)(np.ones((3, 2)), np.arange(6.0).reshape(3, 2))
    array([1., 5., 9.])
    >>> jt.vmap(jt.grad(lambda x: x**3))(np.array([1.0, 2.0]))
    array([ 3., 12.])
    """
    if not callable(function):
        raise TypeError(f"jt.vmap: got {type(function).__name__}, expected a function as the first argument")
    if chunk is not None and (isinstance(chunk, bool) or not isinstance(chunk, int) or chunk < 1):
        raise ValueError(f"jt.vmap: got chunk={chunk!r}, expected an int of at least 1, or None")
    return VmapFunction(function, in_axes, chunk, threads)
