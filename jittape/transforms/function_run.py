"""One run of a function on fresh variables: what every transform of a Python function starts with.

The run is recorded on the current tape. A variable is a row of its own and derivatives are taken with respect to rows, so
nested transforms cannot confuse their variables. Where the outputs depend on nothing but the variables, sweeps are compiled
and answers are plain arrays. Where they also depend on something that an outer program differentiates, the sweep itself is
recorded.
"""

from contextlib import contextmanager, nullcontext

import numpy as np

from ..autograd.dependence import leaves_of
from ..autograd.recorded_tangents import recorded_tangents_of
from ..autograd.scalar_backward import sweep_scalar
from ..autograd.batched_sweeps import gradients_of_batch, tangents_of_batch
from ..autograd.hessian_products import second_order
from ..autograd.sweeps_across_tapes import tangent_of
from ..autograd.gradient_requests import gradients_of
from ..tensors.row_binding import copied_leaf, retire
from ..dtypes import is_complex, is_differentiable
from ..errors import DTypeError, GraphFreedError, LeakedTensorError, ShapeError
from ..ops.split_and_stack import stack
from ..tape.tape import current
from ..tape.recording_state import state
from ..tensors.extras import Extent
from ..tensors.array import array_for
from ..tensors.tensor import Tensor, wrap
from .pytrees import ONE_LEAF, flatten, map_leaves, size_of, unflatten
from .inputs_and_outputs import like, plain, variable
from .shared_arguments import arrays_in, refuse_shared, shared_data


class naming_leaks:
    """Context manager that explains to users of a transform what a freed graph means there."""

    __slots__ = ("name",)  # a class: contextlib's generators take 1.3 us

    def __init__(self, name):
        self.name = name

    def __enter__(self):
        pass

    def __exit__(self, kind, error, traceback):
        if kind is not None and issubclass(kind, GraphFreedError) and not issubclass(kind, LeakedTensorError):
            raise LeakedTensorError(self.name) from None


def is_outer(leaf):
    """Whether a leaf may still be differentiated from outside; False for the variable of a transform that has run."""
    return leaf._extras is None or leaf._extras.extent is None or leaf._extras.extent.open


# Transforms that say what the derivative of a function of complex numbers is.
_OF_COMPLEX = set("grad value_and_grad vjp jvp linearize jacobian jacfwd jacrev hessian hvp".split())
_AN_ARRAY, _A_NUMBER = np.zeros(0), 0.0


class Recording:
    """One run of a function on variables.

    Attributes
    ----------
    variables : list of Tensors
        One for each leaf of the differentiated arguments.
    models : list
        What was given for them; answers take its form.
    structures : list of Structure
        Of the differentiated arguments.
    value : object
        What the function returned.
    wants_tensors : bool
        Whether results are Tensors: if a differentiated argument was one.
    """

    __slots__ = (
        "name",
        "variables",
        "models",
        "structures",
        "value",
        "before",
        "extent",
        "seeds",
        "wants_tensors",
        "keeps",
        "results",
        "_attached",
    )

    def __init__(self, name, function, args, kwargs, numbers):
        self.name, self.before = name, current()
        self.variables, self.models, self.structures = [], [], []
        self._attached, self.wants_tensors, self.keeps = None, False, False
        self.extent = extent = Extent()
        self.seeds = []  # of recorded gradients
        self.results = {}  # id -> a variable that is a result of an outer program
        given = list(args)
        for n in numbers:
            given[n] = self._enter(args[n], extent)
        data = None if len(numbers) == len(args) and not kwargs else shared_data(name, self.models, args, kwargs, numbers)
        try:
            state.set(self.before if self.before.recorder is not None else self.before.tape)
            with extent if not self.results else self._under_way():
                self.value = function(*given, **kwargs)
        finally:
            state.set(self.before)
        if data is not None:
            data.refuse_writes()
        if extent.moved or self.results:  # the function has written to arguments, or may have
            self._refuse_shared(function, args, kwargs)
            self.variables = [extent.moved.get(id(v), v) for v in self.variables]
        if name not in _OF_COMPLEX:
            self.refuse_complex_variables(False)

    def _refuse_shared(self, function, args, kwargs):
        """Raise if the function has written to an argument that is the same memory as something else that it sees."""
        written = [k for k, v in self.results.items() if v._extras is not None and v._extras.is_written]
        written = [m for v, m in zip(self.variables, self.models) if id(v) in written or id(v) in self.extent.moved]
        if written:
            refuse_shared(self.name, function, written, arrays_in((list(args), kwargs)))

    def _enter(self, arg, extent):
        """Variables for one argument, and what the function gets in its place."""
        if isinstance(arg, (np.ndarray, float, Tensor)):
            self.wants_tensors = self.wants_tensors or isinstance(arg, Tensor)
            made, handle = variable(arg, self.name, self.before, extent)
            if made is not handle:
                self.results[id(made)] = made
            self.variables.append(made)
            self.models.append(arg)
            self.structures.append(ONE_LEAF)
            return handle
        leaves, structure = flatten(arg)
        self.wants_tensors = self.wants_tensors or any(isinstance(leaf, Tensor) for leaf in leaves)
        pairs = [variable(leaf, self.name, self.before, extent) for leaf in leaves]
        self.variables += [made for made, _ in pairs]
        self.results.update({id(made): made for made, handle in pairs if made is not handle})
        self.models += leaves
        self.structures.append(structure)
        return unflatten(structure, [handle for _, handle in pairs])

    @contextmanager
    def _under_way(self):
        """Context in which variables count as differentiated: the extent of the leaves is open, results among them are noted."""
        noted = self.before.tape.differentiated
        noted.update(self.results)
        try:
            with self.extent:
                yield
        finally:
            for key in self.results:
                noted.pop(key, None)

    def _recorded_sweep(self):
        """Context in which a sweep is recorded because something outside needs it.

        A trace records every sweep and traces the rules that it calls: it is not known yet what will be differentiated outside.
        """
        return nullcontext() if self.before.tape.derivatives_are_rows else self.extent

    # --- what the function returned -------------------------------------------------------------------

    def tensor_of(self, value):
        """An output as a Tensor; numbers and arrays are constants."""
        if not isinstance(value, Tensor):
            if not isinstance(value, (np.ndarray, np.generic, float, int, complex)):
                hint = ": is a `return` missing?" if value is None else ""
                if isinstance(value, tuple):
                    hint = "; for (value, auxiliary data) pass has_aux=True"
                raise TypeError(
                    f"jt.{self.name}: the function returned {type(value).__name__}, expected numbers, arrays or Tensors{hint}"
                )
            value = wrap(np.asarray(value))
        return value

    def floating(self, value):
        """An output as a Tensor, checked to be floating-point."""
        tensor = self.tensor_of(value)
        if is_complex(tensor.dtype) and self.name not in _OF_COMPLEX:
            raise DTypeError(
                f"jt.{self.name}: the function returned complex numbers, expected real ones: return real and imaginary parts"
            )
        if not is_differentiable(tensor.dtype):
            raise DTypeError(
                f"jt.{self.name}: the function returned {tensor.dtype}, expected floating-point numbers: convert the result, or "
                "return it as auxiliary data (has_aux=True)"
            )
        return tensor

    def scalar(self, value, holomorphic=False):
        """The output of a scalar function as a Tensor, checked to have one element, and to be real unless it is holomorphic."""
        y = value if isinstance(value, Tensor) else self.tensor_of(value)
        if y._layout.size != 1:
            raise ShapeError(
                f"jt.{self.name}: the function returned shape {list(y.shape)}, expected a scalar: sum it, or use jt.vjp for a "
                "weighted gradient, jt.jacobian for all of them"
            )
        if y.dtype.kind != "f" or holomorphic:
            self.direction_of_complex([self.floating(y)], holomorphic, "grad")
        return y

    def direction_of_complex(self, outputs, holomorphic, wanted=None):
        """In which direction Jacobians are right where numbers are complex: "forward", "reverse", or None for either.

        The derivative of a complex number by a real one is what tangents are, that of a real number by a complex one what
        adjoints are. That of one complex number by another is a number only for holomorphic functions.

        Raises
        ------
        DTypeError
            The function is not real, and nobody said that it is holomorphic.
        """
        of_complex, to_complex = ([is_complex(t.dtype) for t in tensors] for tensors in (self.variables, outputs))
        if holomorphic:
            if not (all(of_complex) and all(to_complex)):
                what, found = ("returned", outputs) if all(of_complex) else ("takes", self.variables)
                dtypes = ", ".join([str(t.dtype) for t in found])
                raise DTypeError(
                    f"jt.{self.name}: holomorphic=True, but the function {what} {dtypes}, expected complex numbers: convert, "
                    "or leave holomorphic out"
                )
            return None
        if any(to_complex) and (wanted == "grad" or any(of_complex)):
            raise DTypeError(
                f"jt.{self.name}: the function returned complex numbers, expected real ones: return z.real, z.imag or abs(z). "
                "For the derivative of a holomorphic function pass holomorphic=True; jt.jvp and jt.vjp take complex numbers"
            )
        return "forward" if any(to_complex) else "reverse" if any(of_complex) else None

    def refuse_complex_variables(self, holomorphic):
        """Raise for second derivatives by complex numbers, which one complex number cannot hold, unless all is holomorphic."""
        if not holomorphic and any([is_complex(v.dtype) for v in self.variables]):
            raise DTypeError(
                f"jt.{self.name}: got complex arguments, expected real ones: no complex number holds these derivatives. Make z "
                "of two real arguments, x + 1j * y, or pass holomorphic=True where there is one; jt.hvp takes complex numbers"
            )

    def split_aux(self):
        """The value and the auxiliary data of a function that returns both, the latter as the caller gets it."""
        if not isinstance(self.value, tuple) or len(self.value) != 2:
            got = f"a tuple of {len(self.value)}" if isinstance(self.value, tuple) else type(self.value).__name__
            raise TypeError(f"jt.{self.name}: has_aux=True, but the function returned {got}, expected (value, auxiliary data)")
        value, aux = self.value
        return value, map_leaves(self.given_out, aux)

    # --- outer programs -------------------------------------------------------------------------------

    def reaches_out(self, tensors):
        """Whether Tensors depend on something that an outer program differentiates."""
        if current().recorder is None:
            return False
        if self.before.tape.derivatives_are_rows:
            return True
        with naming_leaks(self.name):
            return any(is_outer(t) for t in leaves_of(tensors))

    def attach(self, outputs):
        """Determine, once, whether sweeps from these outputs have to be recorded."""
        if self._attached is None:
            self._attached = self.reaches_out(outputs)
        return self._attached

    def given_out(self, value):
        """A result of the function as the caller gets it: a Tensor if an outer program needs its graph.

        The recording is kept for that.
        """
        if not isinstance(value, Tensor):
            return value
        if self.before.tape.keeps((value,)):
            return value
        if value.requires_grad and self.reaches_out([value]):
            self.keeps = True
            return value
        return value.detach() if self.wants_tensors else plain(value)

    def output(self, value):
        """An output as the caller gets it, after `attach` or a sweep."""
        if self._attached is False and isinstance(value, Tensor):
            return value.detach() if self.wants_tensors else plain(value)
        return self.given_out(value)

    # --- derivatives ----------------------------------------------------------------------------------

    def gradient(self, y):
        """Gradients of a scalar, one for each variable, as the caller gets them. Frees the recording."""
        if not y.requires_grad:
            self._attached = False
            return self._answers({})
        recorder = self.before.recorder
        try:
            is_of_others = None if recorder is None else self._is_of_others
            found = None if self._are_watched() else sweep_scalar(y, not self.keeps, is_of_others)
        except GraphFreedError:
            raise LeakedTensorError(self.name) from None
        if found is None:
            return self.pull_back([y], [np.ones(y.shape, y.dtype)], not self.keeps)
        self._attached = False
        self.retire()
        if len(found) == len(self.variables) == 1:
            return [like(found[0][1], self.models[0])]
        gradients = {}
        for t, g in found:  # a variable that was written to under no_grad has a row for before, and one for after
            gradients[id(t)] = gradients[id(t)] + g if id(t) in gradients else g
        return self._answers(gradients)

    def _is_of_others(self, leaf):
        """Whether a leaf may be differentiated from outside, or is of an earlier recording, which a pullback will sweep again.

        The sweep must not free the rows of that one, so it must not go there.
        """
        return is_outer(leaf) or leaf._extras.extent is not self.extent and leaf._row < self.variables[0]._row

    def _are_watched(self):
        """Whether the function has registered hooks on a variable."""
        for v in self.variables:
            if v._extras is not None and v._extras.hooks:
                return True
        return False

    def retire(self):
        """Declare that no more sweeps reach the variables, unless an outer program needs the recording."""
        if self._attached or self.keeps:
            return
        for v in (*self.variables, *self.seeds):
            if v.is_leaf:
                retire(v)

    def recorded_gradient(self, y):
        """Gradients of a scalar, one for each variable, as Tensors that can be differentiated again."""
        try:
            state.set(self.before if self.before.recorder is not None else self.before.tape)
            if not y.requires_grad:
                return [wrap(np.zeros(v.shape, v.dtype)) for v in self.variables]
            # a leaf, not a constant: operations on what is on the tape already take a short way
            seed = copied_leaf(self.before.tape, np.ones(y.shape, y.dtype))
            seed._extras.extent = self.extent
            self.seeds.append(seed)
            with naming_leaks(self.name), self._under_way():
                totals = gradients_of([y], [seed], {id(v): v for v in self.variables}, False, True)
        finally:
            state.set(self.before)
        found = [totals.get(id(v)) for v in self.variables]
        return [wrap(np.zeros(v.shape, v.dtype)) if f is None else f[1] for f, v in zip(found, self.variables)]

    def second_order(self, y, directions):
        """The Hessian of a scalar times many directions: for each variable an array with the batch along a first axis.

        None where the gradient has to be recorded: an outer program needs its graph, or a row has no compiled second order.
        """
        if not y.requires_grad or self.is_recorded(directions):
            return None
        arrays = [d._value() if isinstance(d, Tensor) else d for d in directions]
        if not len(arrays[0]):
            return arrays
        recorder = self.before.recorder
        with naming_leaks(self.name):
            found = second_order(y, self.variables, arrays, None if recorder is None else is_outer)
        if found is not None:
            self._attached = False
        return found

    def pull_back(self, outputs, cotangents, free):
        """Cotangents of the variables for those of outputs; recorded if an outer program needs that."""
        pairs = [(y, g) for y, g in zip(outputs, cotangents) if y.requires_grad]
        outputs, cotangents = [y for y, _ in pairs], [g for _, g in pairs]
        record = self.attach(outputs) or self.is_recorded(cotangents)
        if record:
            cotangents = [g if isinstance(g, Tensor) else wrap(g) for g in cotangents]
        else:
            cotangents = [g._value() if isinstance(g, Tensor) else g for g in cotangents]
        if not outputs:
            return self._answers({})
        with naming_leaks(self.name), self._recorded_sweep() if record else nullcontext():
            totals = gradients_of(outputs, cotangents, {id(v): v for v in self.variables}, free and not record, record)
        return self._answers({key: g for key, (_, g) in totals.items()})

    def push_forward(self, outputs, directions):
        """Tangents of outputs for those of the variables; recorded if an outer program needs that."""
        active = [y for y in outputs if y.requires_grad]
        with naming_leaks(self.name):
            if self.attach(active) or self.is_recorded(directions):
                tensors = [g if isinstance(g, Tensor) else wrap(g) for g in directions]
                with self._recorded_sweep():
                    found = recorded_tangents_of(active, self.variables, tensors)
            else:
                found = tangent_of(active, self.variables, [g._value() if isinstance(g, Tensor) else g for g in directions])
        tangents = {id(y): y_dot for y, y_dot in zip(active, found)}
        model = next((m for m in self.models if isinstance(m, Tensor)), None)
        return [self.tangent_answer(tangents.get(id(y)), y, model) for y in outputs]

    def tangent_answer(self, y_dot, y, model):
        """A tangent in the form in which its output is returned."""
        if model is None:
            model = _A_NUMBER if y.ndim == 0 else _AN_ARRAY
        return self.answer(y_dot, y, model)

    def _recorded_rows(self, outputs, seeds, wanted):
        rows = []
        for given in seeds:
            with self._recorded_sweep():
                totals = gradients_of(outputs, [wrap(np.asarray(g)) for g in given], wanted, False, True)
            rows.append([totals[id(v)][1] if id(v) in totals else np.zeros(v.shape, v.dtype) for v in self.variables])
        return [_stacked(parts) for parts in zip(*rows)]

    def pull_back_batch(self, outputs, cotangents):
        """Cotangents of the variables for many of the outputs, as arrays or Tensors with the batch along a first axis."""
        pairs = [(y, g) for y, g in zip(outputs, cotangents) if y.requires_grad]
        shapes = [(len(cotangents[0]), *v.shape) for v in self.variables]
        if not pairs:
            return [np.zeros(s, v.dtype) for s, v in zip(shapes, self.variables)]
        wanted = {id(v): v for v in self.variables}
        active, seeds = [y for y, _ in pairs], [g for _, g in pairs]
        with naming_leaks(self.name):
            if self.attach(active):
                return self._recorded_rows(active, list(zip(*seeds)), wanted)
            found = gradients_of_batch(active, seeds, wanted, False)
        return [found[id(v)] if id(v) in found else np.zeros(s, v.dtype) for s, v in zip(shapes, self.variables)]

    def push_forward_batch(self, outputs, tangents):
        """Tangents of the outputs for many of the variables, with the batch along a first axis."""
        active = [y for y in outputs if y.requires_grad] if len(tangents[0]) else []
        with naming_leaks(self.name):
            if self.attach(active):
                moves = [[wrap(np.asarray(g)) for g in given] for given in zip(*tangents)]
                with self._recorded_sweep():
                    rows = [recorded_tangents_of(active, self.variables, given) for given in moves]
                found = [_stacked([_or_zeros(g, y) for g in column]) for column, y in zip(zip(*rows), active)]
            else:
                found = tangents_of_batch(active, self.variables, tangents)
        tangents_by_id, n = {id(y): y_dot for y, y_dot in zip(active, found)}, len(tangents[0])
        return [tangents_by_id[id(y)] if id(y) in tangents_by_id else np.zeros((n, *y.shape), y.dtype) for y in outputs]

    def is_recorded(self, directions):
        """Whether derivatives with respect to these tangents or cotangents may be asked for."""
        if current().recorder is None:
            return False
        return any(isinstance(g, Tensor) and g.requires_grad for g in directions)

    def _answers(self, found):
        return [self.answer(found.get(id(v)), v, m) for v, m in zip(self.variables, self.models)]

    def answer(self, derivative, primal, model):
        """A derivative in the form of the argument it belongs to; zeros for None (the output does not depend on it)."""
        if derivative is None:  # the outputs do not depend on it
            return like(np.zeros(primal.shape, primal.dtype), model)
        if isinstance(derivative, Tensor):
            if current().tape.keeps((derivative,)) or derivative.requires_grad and self.reaches_out([derivative]):
                return derivative if type(model) is Tensor else array_for(derivative)
            derivative = np.array(derivative._value(), order="C")
        return like(derivative, model)

    def trees(self, answers):
        """Answers for the variables as a list of trees, one for each differentiated argument."""
        if len(answers) == 1 and self.structures[0] is ONE_LEAF:
            return answers
        found, rest = [], iter(answers)
        for structure in self.structures:
            found.append(unflatten(structure, [next(rest) for _ in range(size_of(structure))]))
        return found


def _or_zeros(derivative, primal):
    return np.zeros(primal.shape, primal.dtype) if derivative is None else derivative


def _stacked(parts):
    """Arrays along a new first axis; Tensors if one of them is."""
    if any(isinstance(p, Tensor) for p in parts):
        return stack([p if isinstance(p, Tensor) else wrap(np.asarray(p)) for p in parts])
    return np.stack(parts)
