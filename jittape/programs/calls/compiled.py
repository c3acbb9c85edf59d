"""``jt.compile``: functions that are traced once for every signature, and replayed from then on."""

from __future__ import annotations

import functools
import warnings
from typing import TYPE_CHECKING, Any, overload

import numpy as np

from ...errors import TraceError
from ...numba_backend.forks import process_lock
from ...numba_backend.frozen_values import is_same_value
from ...files.pickling import PickledByFunction
from ...tape.tape import current
from ...tape.recording_state import recording
from ...tensors.array import as_array
from ...tensors.tensor import Tensor, wrap
from ...transforms.backends import is_native
from ...transforms.grad_vjp import Gradient, ValueAndGradient
from ...transforms.pytrees import flatten, unflatten
from ...transforms.shared_arguments import arrays_in, memory_of, refuse_shared
from .attached import attach
from .buffers import BufferedCall
from .result_forms import number_of
from .trace_reports import ProgramReport, report_of
from ..tracing.function_trace import Arguments, Traced
from ..tracing.signature import describe, flatten_call, is_traced, rebuild, signature_of, without_face
from .variant import Variant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

MOST_TRACES = 8  # for one signature: the oldest is forgotten then
SLOW_AFTER = 5  # traces for one signature before the warning


def _change_since(variant):
    changed = variant.traced.environment.changed()
    if changed is not None:
        return f"{changed!r}, which it reads from outside, changes"
    return "what it does depends on values that Python looks at (if, float, int, .item(), an index)"


def _said(description):
    """An argument's description in words."""
    if not is_traced(description):
        return f"{description[-1]!r:.40}"
    _, kind, shape, dtype = description
    return f"{kind.__name__} of shape {list(shape)}, {dtype}" if shape else f"{kind.__name__}, {dtype}"


def _without_tensor(y):
    if not isinstance(y, Tensor):
        return y
    array = y.detach().numpy()
    return number_of(array) if array.ndim == 0 else array


class CompiledFunction(PickledByFunction):
    """What `compile` returns: called like the function, it replays a program.

    Attributes
    ----------
    function : callable
        What was compiled.
    traces : int
        Number of traces made so far.
    """

    def __init__(self, function, static_argnums=(), threads=None, *, warns=True):
        functools.update_wrapper(self, function, updated=())
        self.function, self.threads = function, threads
        self.static_argnums = frozenset((static_argnums,) if isinstance(static_argnums, int) else static_argnums)
        self.traces = 0
        self._variants = {}  # signature -> Variants, the one used last first
        self._plain = {}  # signature that is called as it is -> why
        self._last = None  # the Variant of the call before
        self._lock = process_lock()
        self._warned = not warns
        self.transform = function if type(function) in (Gradient, ValueAndGradient) else None
        self.traced_function = function if self.transform is None else function.function
        self.careful = None  # a `CarefulFunction`, once there are values for which the programs find nan

    is_careful = False  # whether sweeps inside the function tell structural zeros from others, and nan is the answer

    @staticmethod
    def environment_of(value):
        """The object that a function which uses a compiled one depends on: the function that was compiled."""
        return value.function

    @property
    def py_func(self):
        """What was compiled, by Numba's name for it: patterns of sparse derivatives are found by a run of that."""
        return self.function

    def _made_of(self):
        return self.function, tuple(sorted(self.static_argnums)), self.threads

    def __repr__(self):
        return f"<compiled {getattr(self.function, '__name__', self.function)!s}, {self.traces} traces>"

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        found, last = recording(), self._last
        if found is not None and found.tape.derivatives_are_rows:  # inside another trace the call is part of that
            return self.function(*args, **kwargs)
        if found is not None and found.watching and found.needs_rows:  # a program has no lines: the function is called as it is
            return self.plainly(args, kwargs)
        if last is not None and not kwargs and last.matches(args):
            if last.still_suits():
                answer = last.call(args)
                if answer is not None:
                    return answer[0]
        return self._call(args, kwargs)

    def _call(self, args, kwargs):
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        key = signature_of(leaves, structure)
        for variant in self._variants.get(key, ()):
            if variant.suits():
                answer = self._run(variant, leaves, args, kwargs)
                if answer is not None:
                    self._last = variant
                    return answer[0]
        if key not in self._plain and self._takes_trace_of_plain_arrays(key, leaves, structure, args, kwargs):
            return self._call(args, kwargs)
        if key not in self._plain:
            self._last = variant = self._trace(key, leaves, structure, args)
        if key in self._plain:
            return self.plainly(args, kwargs)
        answer = self._run(variant, leaves, args, kwargs, True)
        if answer is None:
            raise TraceError(
                f"jt.compile: {self._name()} took another path in its replay than in the trace made just before: it depends "
                "on something that changes from call to call"
            )
        return answer[0]

    def _takes_trace_of_plain_arrays(self, key, leaves, structure, args, kwargs):
        """Use a trace of arrays and numbers for Arrays, once: the function got Arrays there, too."""
        plain = [without_face(leaf) for leaf in leaves]
        if key in self._variants or all(a is b for a, b in zip(plain, leaves)):
            return False
        for variant in self._variants.get(signature_of(plain, structure), ()):
            if variant.suits():
                self.adopt(variant.traced, args, kwargs, key[0])
        return key in self._variants

    def _run(self, variant, leaves, args, kwargs, is_new=False):
        """The answer of a program, in a tuple of one; None if a guard has failed."""
        if not variant.fits:  # the transform raises, or has to be called as it is
            return (self.function(*args, **kwargs),)
        variant.refuse_shared(leaves)
        if variant.needs_graph(leaves):
            return attach(self, variant, leaves, args, kwargs, is_new)
        return variant.call(leaves, is_new)

    def plainly(self, args, kwargs):
        """The answer of the function itself, in the form in which a program gives it."""
        if self.transform is not None:
            return self.function(*args, **kwargs)
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        given = [x if isinstance(x, Tensor) or not is_traced(describe(x)) else as_array(wrap(np.array(x))) for x in leaves]
        arguments = Arguments(structure, given)
        value = self.function(*arguments.args, **arguments.kwargs)
        arguments.refuse_changes()
        written = [x for x, g in zip(leaves, given) if g is not x and not is_same_value(memory_of(x), memory_of(g))]
        refuse_shared("compile", self.function, written, arrays_in(leaves))
        results, form = flatten(value)
        if any(isinstance(x, Tensor) for x in leaves) or any(isinstance(y, Tensor) and y.requires_grad for y in results):
            return value
        return unflatten(form, [_without_tensor(y) for y in results])

    def with_care(self, args, kwargs):
        """The answer by sweeps that tell structural zeros from others: of the function once, then of programs."""
        if self.careful is None:
            self.careful = CarefulFunction(self.function, self.static_argnums, self.threads)
            return self.plainly(args, kwargs)
        return self.careful(*args, **kwargs)

    def trace_with_care(self, variant):
        """Make the trace that tells structural zeros from others, before a value needs it; the function sweeps inside."""
        if self.careful is None:
            self.careful = CarefulFunction(self.function, self.static_argnums, self.threads)
        args, kwargs = rebuild(variant.structure, variant.example)
        self.careful(*args, **kwargs)

    def variant_for(self, args, kwargs):
        """The variant that answers a call, and the leaves of its arguments."""
        self(*args, **kwargs)  # traces if necessary, and raises what the function raises
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        for variant in self._variants.get(signature_of(leaves, structure), ()):
            if variant.suits() and variant.fits and variant.fits_values(leaves):
                return variant, leaves
        raise TraceError(
            f"jt.compile: {self._name()} is called as it is for these arguments, expected a function that is "
            "replayed as a program: only that can have a buffer, or be batched"
        )

    # --- tracing --------------------------------------------------------------------------------------

    def _name(self):
        return getattr(self.function, "__name__", repr(self.function))

    def adopt(self, traced, args, kwargs, default_dtype):
        """Take in a trace that was made before, for the calls that it suits."""
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        descriptions = [describe(leaf) for leaf in leaves]
        variant = Variant(self, traced, leaves, structure, descriptions, args, default_dtype)
        self._variants.setdefault(signature_of(leaves, structure, default_dtype), []).append(variant)

    def _trace(self, key, leaves, structure, args):
        descriptions = [describe(leaf) for leaf in leaves]
        records = self.transform is not None or current().enabled
        traced = Traced(self.traced_function, leaves, structure, descriptions, records, self.is_careful)
        if traced.listing is None:
            self._call_plainly_from_now_on(key, traced.environment.opaque)
            return None
        variant = Variant(self, traced, leaves, structure, descriptions, args, key[0])
        variant.why = self._why_traced(key, structure, descriptions)
        with self._lock:
            self.traces += 1
            variant.number = self.traces
            variants = self._variants.setdefault(key, [])
            variants.insert(0, variant)
            del variants[MOST_TRACES:]
            if len(variants) >= SLOW_AFTER and not self._warned:
                self._warned = True
                warnings.warn(self._retraced(variants), RuntimeWarning, stacklevel=3)
        return variant

    def _call_plainly_from_now_on(self, key, why):
        self._plain[key] = why
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"jt.compile: {self._name()} uses {why} which no replay could do as the function does: it is called as it is, "
                "every time. Do that outside, and pass what comes of it as an argument",
                RuntimeWarning,
                stacklevel=4,
            )

    def _why_traced(self, key, structure, descriptions):
        """What no trace of before was made for."""
        same = self._variants.get(key)
        if same:
            return _change_since(same[0])
        others = [v[0] for v in self._variants.values() if v]
        if not others:
            return "the first call"
        alike = next((v for v in reversed(others) if v.structure == structure), None)
        if alike is None:
            return "arguments of another form"
        pairs = zip(alike.descriptions, descriptions)
        changed = [f"argument {k}: {_said(now)}, before {_said(then)}" for k, (then, now) in enumerate(pairs) if then != now]
        return "; ".join(changed) or "another default dtype or grad mode"

    def report(self) -> ProgramReport:
        """What has been traced so far, and why; see `jt.explain`.

        Returns
        -------
        ProgramReport
            The traces, the last one first.
        """
        variants = [v for of_signature in self._variants.values() for v in of_signature]
        variants.sort(key=lambda v: -v.number)
        return ProgramReport(self._name(), [report_of(v) for v in variants], [*self._plain.values()])

    def _retraced(self, variants):
        why = _change_since(variants[1])
        return (
            f"jt.compile: {self._name()} was traced {len(variants)} times for the same shapes: {why}. Every trace costs as much "
            "as an uncompiled call; pass what changes as an argument, or use jt.where in place of if"
        )

    def buffer(self, *args: Any, **kwargs: Any) -> BufferedCall:
        """Make a call without allocation, on arrays that the caller fills and reads.

        Parameters
        ----------
        *args, **kwargs
            Example arguments: they give shapes and dtypes, and the first values.

        Returns
        -------
        BufferedCall
            With an array for every argument, by its name, ``value``, and ``grad`` where gradients are computed.

        Examples
        --------
        >>> import jittape as jt
        >>> call = jt.compile(jt.value_and_grad(lambda x: x * x)).buffer(3.0)
        >>> call.x[...] = 4.0
        >>> call()
        >>> float(call.value), float(call.grad)
        (16.0, 8.0)
        """
        return BufferedCall(self, args, kwargs)


class CarefulFunction(CompiledFunction):
    """A compiled function whose programs tell structural zeros from others, also of a transform, which is traced as it is."""

    is_careful = True

    def __init__(self, function, static_argnums=(), threads=None):
        super().__init__(function, static_argnums, threads)
        self.transform, self.traced_function, self._warned = None, function, True


@overload
def compile(
    function: Callable[..., Any], *, static_argnums: int | Sequence[int] = (), threads: int | None = None
) -> CompiledFunction: ...


@overload
def compile(
    function: None = None, *, static_argnums: int | Sequence[int] = (), threads: int | None = None
) -> Callable[[Callable[..., Any]], CompiledFunction]: ...


def compile(
    function: Callable[..., Any] | None = None, *, static_argnums: int | Sequence[int] = (), threads: int | None = None
) -> Any:
    """Make a function that is traced once for every signature and replayed as a program.

    Parameters
    ----------
    function : callable, optional
        Takes floats, arrays, Tensors, or nested tuples, lists and dicts of them, and is written with functions of NumPy or
        jittape; also what a transform returns: ``jt.compile(jt.value_and_grad(f))``. Left out, a decorator is returned.
    static_argnums : int or sequence of int, optional
        Arguments that are part of the signature as a whole: the function is traced again for every value.
    threads : int, optional
        Number of threads for large arrays; by default that of `set_num_threads`.

    Returns
    -------
    CompiledFunction
        Called like the function; floats and arrays are returned where no Tensor was passed. What Numba has compiled, and
        derivatives of that, are returned as they are.

    Raises
    ------
    TypeError
        If `function` is not callable.
    TraceError
        At a call, if the function changes its arguments or Tensors from outside, keeps Tensors outside, returns an object
        that it has made, or draws random numbers.

    Notes
    -----
    *Inputs* of a program are floats, arrays and Tensors of floats among the arguments, and Tensors of floats that the function
    finds in its closure, in globals and in attributes of objects. Everything else is part of the trace: integers, strings and
    bools among the arguments, and numbers and arrays around the function, which are compared before every replay. What cannot
    be compared (iterators, streams, ``globals()``, ``eval``, clocks, ``requires_grad`` of a Tensor) makes the function be called
    as it is, with a warning that names it. A function that reaches code in a way that no name shows runs twice in its first
    call. Where Python looks at a value (``if``, ``float``, an index), the replay checks that it would see the same, and the
    function is traced again if not: a replay is right or does not happen. What a function does besides computing, such as
    printing or logging, is not repeated.

    A trace costs as much as an uncompiled call and about 20 us a row. No machine code is made for a program: its kernels are
    those that eager code uses.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> @jt.compile
    ... def energy(x):
    ...     return np.sum(x**2) if x[0] > 0 else np.sum(x)
    >>> energy(np.array([1.0, 2.0])), energy(np.array([-1.0, 2.0])), energy(np.array([3.0, 4.0]))
    (5.0, 1.0, 25.0)
    >>> energy.traces
    2
    """
    if function is None:
        return functools.partial(compile, static_argnums=static_argnums, threads=threads)
    if not callable(function):
        raise TypeError(f"jt.compile: got {type(function).__name__}, expected a function")
    if getattr(function, "runs_programs", False):  # a VmapFunction is compiled already
        return function
    if is_native(function):
        return function
    return CompiledFunction(function, static_argnums, threads)
