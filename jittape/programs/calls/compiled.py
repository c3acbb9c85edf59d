"""``jt.compile``: functions that are traced once for every signature and replayed from then on."""

import functools
import threading
import warnings

import numpy as np

from ...dtypes import DEFAULT
from ...tape.tape import current, recording
from ...tensors.tensor import Tensor, wrap
from ...transforms.grad_vjp import Gradient, ValueAndGradient
from ...transforms.pytrees import ONE_LEAF, flatten, unflatten
from .attached import attach
from .buffers import BufferedCall
from .compiled_gradients import GradientPlan
from .replay import Replay
from ..tracing.signature import describe, flatten_call, is_traced, signature_of, value_of
from ...errors import TraceError
from ..tracing.function_trace import Arguments, Traced

MOST_TRACES = 8  # for one signature: the oldest is forgotten then
SLOW_AFTER = 5  # traces for one signature before the warning


class Variant:
    """One trace for one signature, its programs, and what goes in and out.

    Attributes
    ----------
    plan : GradientPlan or None
        Of a compiled transform.
    fits : bool
        Whether a compiled transform can be answered by a program; if not, it is called as it is.
    """

    def __init__(self, compiled, traced, leaves, structure, descriptions, args, default_dtype):
        self.compiled, self.structure, self.descriptions = compiled, structure, descriptions
        self.default_dtype = default_dtype  # that of new Tensors: part of what the function sees
        self.traced = traced
        self.statics = [None if is_traced(d) else leaf for leaf, d in zip(leaves, descriptions)]
        self.surroundings = self.traced.surroundings
        self.places = [k for k, d in enumerate(descriptions) if is_traced(d)]
        self.tensors = any(d[1] is Tensor for d in descriptions)
        self._captured = [_form_of(t) for t in self.surroundings.tensors]
        # that they have no gradients is part of the trace
        self._constants = [t for t in self.surroundings.tensors if not t.requires_grad]
        self._replays, self.lock = {}, threading.Lock()
        self.plan = None if compiled.transform is None else GradientPlan(compiled.transform, self, args)
        self.fits = self.plan is None or self.plan.fits
        self._main = None
        self.flat = None if self.tensors or not self.fits else flat_descriptions(leaves, descriptions, args)
        one = self.flat is not None and len(self.flat) == 1 and self.flat[0][0] is np.ndarray
        self._is_array = self.flat[0][1:] if one else None
        self.still_suits = self.surroundings.unchanged if not self.surroundings.tensors else self._suits_without_graph
        self._takes_all = not (self.tensors or self.surroundings.tensors) and self.places == list(range(len(leaves)))
        number, _, is_mask, _ = self.traced.outputs[0] if self.traced.outputs else (None,) * 4
        self.is_bare = self.traced.structure is ONE_LEAF and number == 0 and not is_mask and not self.tensors
        self._finish = self.output if self.plan is None else self.plan.answer
        if self.plan is None:
            self._quick = _first_of if self.is_bare else None
        else:
            self._quick = self.plan.quick()

    # --- whether it suits -----------------------------------------------------------------------------

    def accepts(self, args):
        """Whether plain arguments are of this signature; a quick test that may say no."""
        flat = self.flat
        if flat is None or len(args) != len(flat) or self.default_dtype is not DEFAULT[0]:
            return False
        if self._is_array is not None:  # the usual call: one array
            a = args[0]
            return type(a) is np.ndarray and a.dtype is self._is_array[1] and a.shape == self._is_array[0]
        for a, (kind, shape, dtype) in zip(args, flat):
            if type(a) is not kind:
                return False
            if kind is np.ndarray:
                if a.shape != shape or a.dtype is not dtype:
                    return False
            elif dtype is None and a != shape:  # numbers that are inputs may have any value
                return False
        return True

    def suits(self):
        """Whether everything that the function sees beside its arguments is as it was."""
        surroundings = self.surroundings
        if not surroundings.unchanged():
            return False
        for t, form in zip(surroundings.tensors, self._captured):
            if _form_of(t) != form:
                return False
        return not (self._constants and current().enabled and any(t.requires_grad for t in self._constants))

    def _suits_without_graph(self):
        """As `suits`, for arguments without gradients; and no captured Tensor asks for one."""
        return self.suits() and not (current().enabled and any(t.requires_grad for t in self.surroundings.tensors))

    def needs_graph(self, leaves):
        """Whether a Tensor that requires gradients goes in while gradients are recorded."""
        if not self.tensors and not self.surroundings.tensors:
            return False
        if not current().enabled:
            return False
        return any(t.requires_grad for t in self.operands(leaves) if isinstance(t, Tensor))

    # --- programs -------------------------------------------------------------------------------------

    def operands(self, leaves):
        """The inputs of the program: traced arguments, then captured Tensors."""
        return [leaves[k] for k in self.places] + self.surroundings.tensors

    def values(self, leaves):
        return [value_of(v) for v in self.operands(leaves)]

    def replay(self, wanted=(), roots=(0,), seeded=False):
        """The program for the values, or for gradients too; made when first asked for."""
        key = (wanted, roots, seeded)
        found = self._replays.get(key)
        if found is None:
            with self.lock:
                found = self._replays[key] = self._replays.get(key) or Replay(self.traced.listing, *key, self.compiled.threads)
        return found

    def main(self):
        """The program of the usual call."""
        if self._main is None:
            self._main = self.replay() if self.plan is None else self.replay(self.plan.wanted, self.plan.roots)
        return self._main

    def call(self, leaves, is_new=False):
        """The answer in a tuple of one, or None if a guard has failed."""
        replay, values = self._main or self.main(), leaves if self._takes_all else self.values(leaves)
        if self._quick is not None and replay.is_small:
            return (replay.quickly(values, self._quick),)
        results = replay(values, is_new)
        return None if results is None else (self._finish(results),)

    # --- results --------------------------------------------------------------------------------------

    def output(self, results):
        """What the function returned, made of results of the program."""
        answer = []
        for number, constant, is_mask, _ in self.traced.outputs:
            if number is None:
                answer.append(self.constant(constant))
            else:
                answer.append(self._form(results[number] != 0 if is_mask else results[number]))
        return self.traced.build(answer)

    def output_arrays(self, results):
        """The same with the arrays of the results themselves."""
        return self.traced.build([c if n is None else results[n] for n, c, _, _ in self.traced.outputs])

    def _form(self, array):
        """A result as the caller gets it: a Tensor where one was an argument, else a float or an array."""
        if self.tensors:
            return wrap(np.asarray(array))
        return array.item() if array.ndim == 0 else array

    def constant(self, value):
        """A leaf of the answer that depends on no input."""
        if not isinstance(value, np.ndarray):
            return value
        return wrap(value.copy()) if self.tensors else value.copy()


def _form_of(tensor):
    return tuple(tensor.shape), tensor.dtype


def _without_tensor(y):
    if not isinstance(y, Tensor):
        return y
    array = y.detach().numpy()
    return array.item() if array.ndim == 0 else array


def _first_of(results):
    y = results[0]
    return y.copy() if y.ndim else y.item()


def flat_descriptions(leaves, descriptions, args):
    """(type, shape or value, dtype) of every argument, None if there are containers or other things among them."""
    if len(leaves) != len(args) or any(a is not b for a, b in zip(leaves, args)):
        return None
    flat = []
    for leaf, d in zip(leaves, descriptions):
        if is_traced(d):
            flat.append((type(leaf), d[2], d[3]))
        elif type(leaf) in (int, str, bool, type(None)):
            flat.append((type(leaf), leaf, None))
        else:
            return None
    return flat


class CompiledFunction:
    """What `compile` returns.

    Attributes
    ----------
    function : callable
        What was compiled.
    traces : int
        How many traces were made so far.
    """

    def __init__(self, function, static_argnums=(), threads=None):
        functools.update_wrapper(self, function, updated=())
        self.function, self.threads = function, threads
        self.static_argnums = frozenset((static_argnums,) if isinstance(static_argnums, int) else static_argnums)
        self.traces = 0
        self._variants = {}  # signature -> Variants, the one used last first
        self._plain = set()  # signatures whose calls no program can answer
        self._last = None  # the Variant of the call before
        self._lock = threading.Lock()
        self._warned = False
        self.transform = function if type(function) in (Gradient, ValueAndGradient) else None
        self.traced_function = function if self.transform is None else function.function

    @staticmethod
    def surroundings_of(value):
        """What another function sees of a compiled one."""
        return value.function

    def __repr__(self):
        return f"<compiled {getattr(self.function, '__name__', self.function)!s}, {self.traces} traces>"

    def __get__(self, instance, owner=None):
        return self if instance is None else functools.partial(self, instance)

    def __call__(self, *args, **kwargs):
        found, last = recording(), self._last
        if found is not None and found.tape.derivatives_are_rows:  # inside another trace: part of it
            return self.function(*args, **kwargs)
        if last is not None and not kwargs and last.accepts(args):
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

    def _run(self, variant, leaves, args, kwargs, is_new=False):
        """The answer in a tuple of one, or None if a guard has failed."""
        if not variant.fits:  # the transform refuses, or does what programs do not
            return (self.function(*args, **kwargs),)
        if variant.needs_graph(leaves):
            return attach(self, variant, leaves, args, kwargs, is_new)
        return variant.call(leaves, is_new)

    def plainly(self, args, kwargs):
        """The answer of the function itself, in the form that a program would give it."""
        if self.transform is not None:
            return self.function(*args, **kwargs)
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        given = [x if isinstance(x, Tensor) or not is_traced(describe(x)) else wrap(np.array(x)) for x in leaves]
        arguments = Arguments(structure, given)
        value = self.function(*arguments.args, **arguments.kwargs)
        arguments.refuse_changes()
        results, form = flatten(value)
        if any(isinstance(x, Tensor) for x in leaves) or any(isinstance(y, Tensor) and y.requires_grad for y in results):
            return value
        return unflatten(form, [_without_tensor(y) for y in results])

    def variant_for(self, args, kwargs):
        """The variant that answers a call, and the leaves of its arguments."""
        self(*args, **kwargs)  # traces, and raises what the function raises
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        for variant in self._variants.get(signature_of(leaves, structure), ()):
            if variant.suits() and variant.fits and variant.main()(variant.values(leaves)) is not None:
                return variant, leaves
        raise TraceError(f"jt.compile: {self._name()} has no program for these arguments: it cannot have a buffer")

    # --- tracing --------------------------------------------------------------------------------------

    def _name(self):
        return getattr(self.function, "__name__", repr(self.function))

    def adopt(self, traced, args, kwargs, default_dtype):
        """A trace made before: for the calls that it suits."""
        leaves, structure = flatten_call(args, kwargs, self.static_argnums)
        descriptions = [describe(leaf) for leaf in leaves]
        variant = Variant(self, traced, leaves, structure, descriptions, args, default_dtype)
        self._variants.setdefault(signature_of(leaves, structure, default_dtype), []).append(variant)

    def _trace(self, key, leaves, structure, args):
        descriptions = [describe(leaf) for leaf in leaves]
        records = self.transform is not None or current().enabled
        traced = Traced(self.traced_function, leaves, structure, descriptions, records)
        if traced.listing is None:
            self._call_plainly_from_now_on(key, traced.surroundings.opaque)
            return None
        variant = Variant(self, traced, leaves, structure, descriptions, args, key[0])
        with self._lock:
            self.traces += 1
            variants = self._variants.setdefault(key, [])
            variants.insert(0, variant)
            del variants[MOST_TRACES:]
            if len(variants) >= SLOW_AFTER and not self._warned:
                self._warned = True
                warnings.warn(self._retraced(variants), RuntimeWarning, stacklevel=3)
        return variant

    def _call_plainly_from_now_on(self, key, why):
        self._plain.add(key)
        if not self._warned:
            self._warned = True
            warnings.warn(
                f"jt.compile: {self._name()} uses {why} which no replay could do as the function does: it is called as it is, "
                "every time. Do that outside, and pass what comes of it as an argument", RuntimeWarning, stacklevel=4,
            )

    def _retraced(self, variants):
        changed = variants[1].surroundings.changed()
        why = f"{changed!r}, which it finds around it, changes" if changed is not None else (
            "what it does depends on values that Python looks at (if, float, int, .item(), an index)"
        )
        return (
            f"jt.compile: {self._name()} was traced {len(variants)} times for the same shapes: {why}. Every trace costs as much "
            "as an uncompiled call; pass what changes as an argument, or use jt.where in place of if"
        )

    def buffer(self, *args, **kwargs):
        """A call without allocation, on arrays that the caller fills and reads.

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


def compile(function=None, *, static_argnums=(), threads=None):
    """A function that runs at compiled speed: traced once for every signature, and replayed.

    Parameters
    ----------
    function : callable
        Of floats, arrays, Tensors, or nested tuples, lists and dicts of them, in NumPy's or jittape's functions;
        also what a transform returns: ``jt.compile(jt.value_and_grad(f))``.
    static_argnums : int or sequence of int
        Arguments that are part of the signature, whole: the function is traced again for every value.
    threads : int, optional
        Threads for large arrays; by default as `set_num_threads`.

    Returns
    -------
    CompiledFunction
        Called like the function; floats and arrays come out where no Tensor went in.

    Raises
    ------
    TraceError
        The function changes its arguments or Tensors from outside, keeps Tensors outside, returns an object that it has
        made, or draws random numbers.

    Notes
    -----
    *Inputs* are floats and arrays or Tensors of floats among the arguments, and Tensors of floats that the
    function finds in its closure, in globals and in attributes of objects. Everything else is part of the trace:
    integers, strings and bools among the arguments, and numbers and arrays around the function, which are
    compared before every replay. What cannot be compared (iterators, streams, ``globals()``, ``eval``, clocks,
    ``requires_grad`` of a Tensor) makes the function be called as it is, with a warning that names it; one that reaches
    code by a way that no name shows is run twice by its first call. Where Python looks at a value (``if``,
    ``float``, an index), the replay checks that it would see the same, and the function is traced again if not: a
    replay is right or does not happen. What is not repeated is what a function does beside computing and leaves no
    trace in what it sees: printing, logging.

    A trace costs as much as an uncompiled call and about 20 us a row. No machine code is made for a program:
    its kernels are those that eager code uses.

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
    if getattr(function, "runs_programs", False):  # of vmap
        return function
    if hasattr(function, "py_func"):
        raise TypeError(
            "jt.compile: got a function that Numba has compiled, expected a Python function of arrays or Tensors: it is compiled "
            "already; differentiate it with jt.grad, or compile its Python function, function.py_func"
        )
    return CompiledFunction(function, static_argnums, threads)
