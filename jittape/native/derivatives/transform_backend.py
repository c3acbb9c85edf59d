"""Backend of the transforms for functions that Numba compiles."""

from __future__ import annotations

import functools
import inspect
import math
from typing import TYPE_CHECKING

import numpy as np
from numpy import ndarray
from numba import typeof, types

from ..compat import DUFunc, Dispatcher, is_kept_on_disk
from ...errors import AnomalyError
from ...files.pickling import PickledByFunction
from ...tape.recording_state import recording
from ...tensors.tensor import Tensor
from ..compilation import shared_code
from ..compilation.definitions import classes_in, current, definition_of
from ...numba_backend.kept_with_functions import kept_with
from ..loops.shared_loops import InThreads
from .call_arguments import bound, has_defaults, kept, numbers_in, positions_of
from .call_rows import row_of_call
from .callers_of_ufuncs import compiled_function
from .gradient_dispatchers import gradients, has_adjoint_hessian, hessian_by_adjoint
from .native_jacobians import WIDTH, forward_jacobian, reverse_jacobian, width_for
from .error_messages import explained, is_of_compiler, refuse_methods_defined_anew, refuse_swapped
from .reached_results import forget, warn_if_unreached
from .reverse_mode import UnusualGradient

if TYPE_CHECKING:
    from typing import Any

FLOAT64 = np.dtype(np.float64)  # there is one object of it: comparing takes half as long as asking whether it is native


def is_compiled(function: object) -> bool:
    """Whether a function is compiled by Numba (``@njit``, ``@vectorize``), or a derivative of one that is.

    Parameters
    ----------
    function : object
        Anything.

    Returns
    -------
    bool
        True for what the transforms differentiate as compiled code.
    """
    return isinstance(function, (Dispatcher, DUFunc, NativeTransform))


def dispatcher_of(function):
    """What compiled code calls for a function or a derivative, as it is defined now (`definitions`)."""
    return function.dispatcher if isinstance(function, NativeTransform) else current(compiled_function(function))


def _innermost(function):
    return _innermost(function.function) if isinstance(function, NativeTransform) else compiled_function(function)


def is_kept(function):
    """Whether the machine code of a function is kept on disk; that of its derivatives then is, too."""
    if isinstance(function, NativeTransform):
        return is_kept(function.function)
    return is_kept_on_disk(compiled_function(function))


class NativeTransform(PickledByFunction):
    """A derivative of a compiled function, callable from Python and from compiled code.

    Parameters
    ----------
    name : str
        Of the transform.
    function : Dispatcher, DUFunc or NativeTransform
        What is transformed.
    build : callable
        Makes the dispatcher of the derivative from that of the function.
    argnums : int or tuple of int, optional
        The arguments that are differentiated.
    has_aux : bool, optional
        Whether the function returns auxiliary data beside its value.
    positions : tuple of int, optional
        The smallest and largest number of arguments, where these are not those of the function.
    directions : int, optional
        How many of the arguments are no arguments of the function, but tangents or a cotangent after them.

    Attributes
    ----------
    function : Dispatcher or NativeTransform
        What was transformed.
    argnums : int or tuple of int
        The arguments that are differentiated.
    dispatcher : Dispatcher
        What compiled code calls.
    """

    is_native = calls_are_rows = True  # recognised by the transforms
    holomorphic = False

    def __init__(self, name, function, build, argnums=0, has_aux=False, positions=None, directions=0):
        self._directions = directions
        self.name, self.function, self._build = name, function, build
        self._built_of = self._dispatcher = self._definition = None
        self.argnums, self.has_aux = argnums, has_aux
        self._is_new = True  # not called yet
        self._places = self._cells = None  # of the definition, if calls have nothing else to see to
        self._fewest, self._most = positions or positions_of(function, argnums)
        self._varies = self._fewest != self._most or has_defaults(function)
        shared_code.load()
        functools.update_wrapper(self, getattr(function, "py_func", function), updated=())

    def _made_of(self):
        return self.name, self.function, self.argnums, self.has_aux, self.holomorphic

    @classmethod
    def _made_again(cls, name, function, argnums, has_aux, holomorphic):
        convention = {"holomorphic": True} if holomorphic else {}
        return make(name, function, argnums=argnums, has_aux=has_aux, **convention)

    @staticmethod
    def environment_of(value: NativeTransform) -> Any:
        """Return what a traced function sees of it: the function that it was made of.

        Parameters
        ----------
        value : NativeTransform
            The derivative.

        Returns
        -------
        Dispatcher
            The function.
        """
        return value.function

    def __repr__(self):
        return f"<jt.{self.name} of compiled {self.function.__name__}>"

    @property
    def dispatcher(self) -> Dispatcher:
        """The derivative of the function as it is defined now, made anew where that has changed."""
        return self._current()

    def _current(self):
        definition = self._definition
        if definition is not None and definition.holds():
            return self._dispatcher
        now = dispatcher_of(self.function)
        if now is not self._built_of:
            self._dispatcher, self._built_of = self._build(now), now
        self._definition = definition_of(_innermost(self.function))
        return self._dispatcher

    @property
    def _numba_type_(self):
        return types.Dispatcher(self.dispatcher)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs or self._varies:  # another number of arguments than a fixed one fails in compiled code
            args = self._bound(args, kwargs)
        for a in args:
            kind = type(a)
            if kind is not float and not (kind is ndarray and (a.dtype is FLOAT64 or a.dtype.isnative)):
                if any([isinstance(a, Tensor) for a in args]):
                    return row_of_call(self.dispatcher, args)
                refuse_swapped(f"jt.{self.name}", args)
                if classes_in(args):
                    return self._computed(args)
                break
        places, state = self._places, recording()
        if places is None or state is not None and state.watching:
            return self._computed(args)
        if places:  # `Definition.holds`, without the call: a tenth of a microsecond
            try:
                for namespace, name, value in places:
                    if namespace[name] is not value:
                        return self._computed(args)
            except KeyError:  # the name is gone
                return self._computed(args)
        if self._cells and not self._definition.holds():
            return self._computed(args)
        try:
            return self._dispatcher(*args)
        except Exception as problem:
            return self._answer_after(problem, args)

    def _bound(self, args, kwargs):
        if not kwargs and self._fewest <= len(args) <= self._most:
            return args
        return bound(self.name, self.function, args, kwargs)

    def _computed(self, args):
        """The answer for arguments whose bytes are in the order of this machine."""
        refuse_methods_defined_anew(f"jt.{self.name}", args)
        dispatcher = self._current()
        if self._is_new:
            forget()
        try:
            answer = dispatcher(*args)
        except Exception as problem:
            return self._answer_after(problem, args)
        if self._is_new:  # once: a later zero may be that of a branch
            self._is_new = False
            warn_if_unreached(self.name, self.function)
        self._places, self._cells = self._definition.places, self._definition.cells
        state = recording()
        if state is not None and state.watching and state.finds_anomalies and not _is_finite(answer):
            found = AnomalyError(
                f"jt.{self.name} of {self.function.__name__} returned nan or inf values. The function is compiled by Numba, and "
                "its lines are not followed: to find the one, differentiate f.py_func in the place of f, written with functions "
                "that Arrays take (np.sqrt, not math.sqrt)"
            )
            state.complain(found)
        return answer

    def _answer_after(self, problem, args):
        """The answer of a call that raised an exception, if there is one."""
        self._bound(args, {})
        if not is_of_compiler(problem):
            raise problem
        raise explained(f"jt.{self.name}", self.function, args[: len(args) - self._directions], problem) from None


class NativeGradient(NativeTransform):
    """A gradient or another derivative by adjoints, which Python calls without the code for what is unusual until it is needed.

    Parameters
    ----------
    gradient_of : callable
        Makes a dispatcher from that of the function, and from whether it computes every gradient.
    """

    def __init__(self, name, function, gradient_of, *args, **options):
        def build(now):
            return gradient_of(now, False)

        def build_complete(now):
            return gradient_of(now, True)

        super().__init__(name, function, build, *args, **options)
        self._complete = NativeTransform(name, function, build_complete, *args, **options)

    @property
    def dispatcher(self):
        """The dispatcher that computes every gradient."""
        return self._complete.dispatcher

    def _answer_after(self, problem, args):
        if isinstance(problem, InThreads):
            found = self._dispatcher.in_threads(args)
            return self._complete._computed(args) if found is None else found
        if isinstance(problem, UnusualGradient):
            return self._complete._computed(args)
        return super()._answer_after(problem, args)


class NativeColumns(NativeTransform):
    """A Jacobian by columns; called from Python, with as many tangents side by side as fit its columns.

    Parameters
    ----------
    by_columns : callable
        Makes a dispatcher from that of the function and the number of tangents.
    """

    def __init__(self, name, function, by_columns, argnums, has_aux):
        def build(now):
            return by_columns(now, WIDTH)

        @functools.cache
        def of_width(width):
            def build_wide(now):
                return self._current() if width == WIDTH else by_columns(now, width)

            return NativeTransform(name, function, build_wide, argnums, has_aux)

        super().__init__(name, function, build, argnums, has_aux)
        self.of_width = of_width
        self._numbers = _numbers(name, function, argnums)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if kwargs or len(args) != self._most:
            args = self._bound(args, kwargs)
        columns = 0
        for k in self._numbers:
            kind = type(args[k])
            if kind is float:
                columns += 1
            elif kind is ndarray:
                columns += args[k].size
            else:
                return super().__call__(*args)
        return self._run_by(columns, args)(*args)

    def _computed(self, args):
        columns = sum(numbers_in(args[k]) for k in self._numbers if k < len(args))
        return self._run_by(columns, args)._computed(args)

    def _run_by(self, columns, args):
        """The derivative that fits this number of columns."""
        return self.of_width(width_for(columns))


class NativeJacobian(NativeColumns):
    """``jt.jacobian`` of a compiled function: by columns where inputs are few, by rows where outputs are few."""

    def __init__(self, function, by_columns, by_rows, argnums, has_aux):
        super().__init__("jacobian", function, by_columns, argnums, has_aux)
        self._by_rows = NativeGradient("jacobian", function, by_rows, argnums, has_aux)

    def _run_by(self, columns, args):
        if columns > 2 * WIDTH and columns > WIDTH * self._outputs(args):
            return self._by_rows
        return super()._run_by(columns, args)

    def _outputs(self, args):
        value = self.function(*kept(args))
        return numbers_in(value[0] if self.has_aux else value)


class NativeHessian(NativeColumns):
    """``jt.hessian`` of a compiled function: by the adjoint with tangents where it has one, else columns of the gradient."""

    def __init__(self, function, by_columns, argnums, has_aux):
        super().__init__("hessian", function, by_columns, argnums, has_aux)

        def by_adjoint(now, is_complete):
            if is_complete:
                return by_columns(now, WIDTH)
            return hessian_by_adjoint(now, self._numbers[0], is_kept(function))

        self._by_adjoint = NativeGradient("hessian", function, by_adjoint, argnums, has_aux)

    def _run_by(self, columns, args):
        if columns > 1 and isinstance(self.argnums, int) and not self.has_aux and not self.holomorphic:
            now, k = dispatcher_of(self.function), self._numbers[0]
            if isinstance(args[k], ndarray) and has_adjoint_hessian(now, tuple(map(typeof, args)), k):
                return self._by_adjoint
        return super()._run_by(columns, args)


def _is_finite(value):
    """Whether all numbers in a result are finite."""
    if isinstance(value, (tuple, list)):
        return all(map(_is_finite, value))
    array = np.asarray(value)
    return array.dtype.kind not in "fc" or bool(np.isfinite(array).all())


# --- the transforms by name ---------------------------------------------------------------------------------------------


def _numbers(name, function, argnums):
    """The numbers of the differentiated arguments as a tuple, counted from the front."""
    numbers = argnums if isinstance(argnums, (tuple, list)) else (argnums,)
    parameters = inspect.signature(function).parameters.values()
    count, open_ended = len(parameters), any(p.kind is p.VAR_POSITIONAL for p in parameters)
    for k in numbers:
        if not isinstance(k, int) or isinstance(k, bool) or not -count <= k < (math.inf if open_ended else count):
            raise TypeError(
                f"jt.{name}: got argnums={argnums!r}, expected numbers of the {count} arguments of {function.__name__}"
            )
    if min(numbers, default=0) < 0 and (open_ended or any(p.default is not p.empty for p in parameters)):
        raise TypeError(
            f"jt.{name}: got argnums={argnums!r} for {function.__name__}, which takes a varying number of arguments: count from "
            "the front"
        )
    places = tuple(k if open_ended else k % count for k in numbers)
    if not places or len(set(places)) < len(places):
        raise ValueError(f"jt.{name}: got argnums={argnums!r}, expected different arguments, at least one")
    return places


def _gradient(name, function, argnums=0, has_aux=False, holomorphic=False):
    numbers = _numbers(name, function, argnums)
    single = not isinstance(argnums, (tuple, list))
    keep = is_kept(function)

    def gradient_of(now, is_complete):
        return gradients(now, numbers, single, name == "value_and_grad", has_aux, keep, is_complete, holomorphic)

    made = NativeGradient(name, function, gradient_of, argnums, has_aux)
    made.holomorphic = holomorphic
    return made


def _jacobian(name, function, argnums=0, has_aux=False, holomorphic=False):
    single = not isinstance(argnums, (tuple, list))
    wanted = _numbers(name, function, argnums), single, has_aux, is_kept(function), holomorphic

    def by_columns(now, width):
        return forward_jacobian(now, *wanted, width)

    def by_rows(now, is_complete):
        return reverse_jacobian(now, *wanted, is_complete)

    if name == "jacobian":
        made = NativeJacobian(function, by_columns, by_rows, argnums, has_aux)
    elif name == "jacrev":
        made = NativeGradient(name, function, by_rows, argnums, has_aux)
    else:
        made = NativeColumns(name, function, by_columns, argnums, has_aux)
    made.holomorphic = holomorphic
    return made


def _hessian(name, function, argnums=0, has_aux=False, **convention):
    options = {"argnums": argnums, "has_aux": has_aux, **convention}

    def by_columns(now, width):
        return make("jacfwd", make("grad", now, **options), **options).of_width(width).dispatcher

    made = NativeHessian(function, by_columns, argnums, has_aux)
    made.holomorphic = bool(convention)
    return made


TRANSFORMS = {
    "grad": _gradient,
    "value_and_grad": _gradient,
    "jacobian": _jacobian,
    "jacfwd": _jacobian,
    "jacrev": _jacobian,
    "hessian": _hessian,
}  # and those of `products_with_vectors`


def make(name, function, **options):
    """The transform of a compiled function; the same object every time, so that nothing is compiled twice."""
    known, key = kept_with(function), (name, repr(options))  # repr: 0 and False are other options
    if key in known:
        return known[key]
    if hasattr(function, "transform"):  # a Checkpointed loop makes its own
        return function.transform(name, **options)
    maker = TRANSFORMS.get(name)
    if maker is None:
        raise NotImplementedError(
            f"jt.{name} does not take functions compiled by Numba; pass function.py_func, written with NumPy's functions. "
            f"Those that do: {', '.join(TRANSFORMS)}"
        )
    known[key] = maker(name, function, **options)
    return known[key]
