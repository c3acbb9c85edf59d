"""`sparsity`, `sparse_jacobian` and `sparse_hessian`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from ..errors import TraceError
from ..files.pickling import is_named
from ..tensors.tensor import Tensor
from ..transforms.backends import is_native
from ..transforms.callables import Transform
from ..transforms.function_run import Recording
from ..transforms.jacobians import hvp
from ..transforms.jvp_linearize import jvp
from ..transforms.pytrees import flatten
from .pattern_sweep import patterns_of
from .plans import given_pattern, hessian_plan, jacobian_plan, symmetric

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any, Literal

    from scipy.sparse import csr_array


class _SparseDerivative(Transform):
    """What `sparse_jacobian` and `sparse_hessian` return: called like the function, it returns a sparse matrix."""

    def __init__(self, function, argnums=0, pattern=None):
        super().__init__(function, argnums)
        self.given, self.plan = pattern, None

    def _made_of(self):
        return self.function, self.argnums, self.given, *self._options(), self._plan_to_send()

    @classmethod
    def _made_again(cls, *parts):
        made = cls(*parts[:-1])
        made.plan = parts[-1]
        return made

    def _options(self):
        return ()

    def _plan_to_send(self):
        """The plan, if another process would have to make it for every task: it finds what it knows by the function's name."""
        return self.plan if self.given is not None or not is_named(self.function) else None

    @property
    def pattern(self):
        """Where entries are, as a ``csr_array`` of bools; None before the first call."""
        return None if self.plan is None else self.plan.pattern

    @property
    def directions(self):
        """How many directions a call takes; None before the first call."""
        return None if self.plan is None else self.plan.directions

    def structure(self, *args: Any, **kwargs: Any) -> tuple[np.ndarray, np.ndarray]:
        """Rows and columns of the entries, in the order of `values`; found by a run of the function if need be."""
        if self.plan is None:
            self(*args, **kwargs)
        entries = self.plan.pattern.tocoo()
        return entries.row, entries.col

    def values(self, *args: Any, **kwargs: Any) -> np.ndarray:
        """The entries alone, row by row: for solvers that ask for the structure once and for values at every step."""
        return self(*args, **kwargs).data

    def detect(self, *args: Any, **kwargs: Any) -> csr_array:
        """The pattern at some arguments."""
        run = _recorded(self, args, kwargs)
        found = self._found(run, self._outputs(run))
        run.retire()
        return found

    def __call__(self, *args: Any, **kwargs: Any) -> csr_array:
        """The matrix at some arguments: rows are elements of the outputs, columns those of the differentiated arguments."""
        if self.plan is not None and is_native(self.function):
            values = self._explained(lambda plan: plan.read(self._compiled_products(plan, args, kwargs), None))
            if values is not None:
                return self.plan.matrix(values)
        run = _recorded(self, args, kwargs)
        if run.before.tape.derivatives_are_rows:
            raise TraceError(f"jt.{self.name}: sparse matrices cannot be traced: call it outside jt.compile and jt.vmap")
        outputs = self._outputs(run)
        if self.plan is None:
            self.plan = self._planned(self._shaped(run, outputs))
        values = self._explained(lambda plan: self._entries(plan, run, outputs))
        if values is None:
            self._grow(run, outputs)
            values = self._explained(lambda plan: self._entries(plan, run, outputs))
            if values is None:
                raise ArithmeticError(
                    f"jt.{self.name}: products with two sets of directions disagree: does the function draw random numbers?"
                )
        run.retire()
        return self.plan.matrix(values)

    def _explained(self, entries):
        """The entries, which explain a product with a direction of all columns; None if no plan finds such."""
        plan = self.plan
        while plan is not None:
            values, product = entries(plan)
            if plan.agrees(values, product):
                return values
            plan = plan.direct
        return None

    def _shaped(self, run, outputs):
        shape = self._height(outputs, run.variables), _elements(run.variables)
        return self._found(run, outputs) if self.given is None else given_pattern(self.given, shape, self.name)

    def _grow(self, run, outputs):
        """Add the entries that the function has here to a pattern that was found elsewhere."""
        if self.given is not None:
            raise ValueError(
                f"jt.{self.name}: the function has entries outside of the given pattern: leave out pattern= to have it found"
            )
        pattern = self.plan.pattern + self._found(run, outputs)
        pattern.sort_indices()
        self.plan = self._planned(pattern)

    def _differentiated(self, args):
        """The numbers of the arguments that a compiled function is differentiated by, and these as arrays."""
        numbers = self._checked(len(args))
        return numbers, [np.asarray(args[k], None if isinstance(args[k], np.ndarray) else float) for k in numbers]

    def _joined(self, products):
        """Products of all outputs (or inputs) with some directions, as one array with a row for each direction."""
        if any(isinstance(p, Tensor) for p in products):
            raise TypeError(f"jt.{self.name}: a sparse matrix cannot be differentiated: use jt.jacobian or jt.hvp inside")
        flat = [np.reshape(p, (len(p), -1)) for p in products]
        return flat[0] if len(flat) == 1 else np.concatenate(flat, 1)


def _split(seeds, values):
    """Seeds, of shape (directions, elements), as one array for each of the values that the elements belong to."""
    parts = np.split(seeds, np.cumsum([math.prod(v.shape) for v in values])[:-1], 1)
    return [part.reshape(-1, *v.shape).astype(v.dtype, copy=False) for part, v in zip(parts, values)]


class SparseJacobian(_SparseDerivative):
    """``jt.sparse_jacobian(f)``: called like the function, it returns the Jacobian as a ``csr_array``."""

    name = "sparse_jacobian"

    def __init__(self, function, argnums=0, pattern=None, mode=None):
        super().__init__(function, argnums, pattern)
        self.mode = mode

    def _options(self):
        return (self.mode,)

    def _outputs(self, run):
        return [run.floating(v) for v in flatten(run.value)[0]]

    def _height(self, outputs, variables):
        return _elements(outputs)

    def _found(self, run, outputs):
        return patterns_of(outputs, run.variables)

    def _planned(self, pattern):
        return jacobian_plan(pattern, "forward" if is_native(self.function) else self.mode)

    def _entries(self, plan, run, outputs):
        by_columns = by_rows = None
        if plan.tangents is not None:
            by_columns = self._joined(run.push_forward_batch(outputs, _split(plan.tangents, run.variables)))
        if plan.cotangents is not None:
            by_rows = self._joined(run.pull_back_batch(outputs, _split(plan.cotangents, outputs)))
        return plan.read(by_columns, by_rows)

    def _compiled_products(self, plan, args, kwargs):
        numbers, values = self._differentiated(args)
        directions, rows = _split(plan.tangents, values), []
        for k in range(plan.directions + 1):
            tangents = [None] * len(args)
            for number, direction in zip(numbers, directions):
                tangents[number] = direction[k] if isinstance(args[number], np.ndarray) else float(direction[k])
            _, moved = jvp(self.function, args, tangents, **kwargs)
            rows.append(np.concatenate([np.reshape(part, -1) for part in flatten(moved)[0]]))
        return np.stack(rows)


class SparseHessian(_SparseDerivative):
    """``jt.sparse_hessian(f)``: called like the function, it returns the Hessian as a ``csr_array``."""

    name = "sparse_hessian"

    def __init__(self, function, argnums=0, pattern=None, coloring="star"):
        super().__init__(function, argnums, pattern)
        self.coloring = coloring

    def _options(self):
        return (self.coloring,)

    def _outputs(self, run):
        return [run.scalar(run.value)]

    def _height(self, outputs, variables):
        return _elements(variables)

    def _found(self, run, outputs):
        """Elements of the recorded gradient depend on the elements that they have a second derivative with."""
        found = patterns_of(run.recorded_gradient(outputs[0]), run.variables)
        return symmetric(found)

    def _planned(self, pattern):
        return hessian_plan(symmetric(pattern), self.coloring)

    def _entries(self, plan, run, outputs):
        directions = _split(plan.tangents, run.variables)
        products = run.second_order(outputs[0], directions)
        if products is None:
            products = run.pull_back_batch(run.recorded_gradient(outputs[0]), directions)
        return plan.read(self._joined(products), None)

    def _compiled_products(self, plan, args, kwargs):
        numbers, values = self._differentiated(args)
        if numbers != (0,):
            raise TypeError(f"jt.sparse_hessian: of a compiled function expected argnums=0, got argnums={self.argnums!r}")
        (directions,) = _split(plan.tangents, values)
        return np.stack([np.reshape(hvp(self.function, args[0], v, *args[1:], **kwargs), -1) for v in directions])


def _recorded(transform, args, kwargs):
    """A run on the tape; a compiled function is run as the Python function that it was made of."""
    numbers, function = transform._checked(len(args)), transform.function
    if is_native(function):
        from ..native.derivatives.python_forms import python_form

        function = python_form(function)
    else:
        function = getattr(function, "py_func", function)  # a program
    return Recording(transform.name, function, args, kwargs, numbers)


def _elements(tensors):
    return sum(t.numel() for t in tensors)


def sparsity(
    function: Callable[..., Any],
    *args: Any,
    of: Literal["jacobian", "hessian"] = "jacobian",
    argnums: int | Sequence[int] = 0,
    **kwargs: Any,
) -> csr_array:
    """Find which entries a Jacobian or Hessian can have, without computing any.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them; a number for a Hessian.
    *args
        What it is called with.
    of : {"jacobian", "hessian"}, optional
        Which matrix.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate; their elements are the columns, one argument after the other.
    **kwargs
        What it is called with, by keyword.

    Returns
    -------
    csr_array of bools
        A row for every element of the outputs (of the arguments for a Hessian), a column for every element of the arguments.

    Raises
    ------
    ValueError
        If `of` is something else.

    Notes
    -----
    One run of the function; sets of columns are carried over its recording. Values do not matter: an entry that happens to be 0
    counts, both sides of a `where` and all elements of a `max` do. What Python decides (a branch, a loop, the order of
    `sort`) is as in this run. Products with constant matrices leave out the zeros of these.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.sparsity(lambda x: x[1:] * x[:-1], np.ones(4)).toarray().astype(int)
    array([[1, 1, 0, 0],
           [0, 1, 1, 0],
           [0, 0, 1, 1]])
    """
    if of not in ("jacobian", "hessian"):
        raise ValueError(f"jt.sparsity: got of={of!r}, expected 'jacobian' or 'hessian'")
    return (SparseJacobian if of == "jacobian" else SparseHessian)(function, argnums).detect(*args, **kwargs)


def sparse_jacobian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    pattern: Any = None,
    mode: Literal["forward", "reverse"] | None = None,
) -> SparseJacobian:
    """Make the function that computes a Jacobian with few entries, as a sparse matrix.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate; their elements are the columns, one argument after the other.
    pattern : sparse matrix or array, optional
        Where entries are; those that are stored count, or that are not 0 in an array. By default the first call finds it, see
        `sparsity`.
    mode : {"forward", "reverse"}, optional
        Whether columns or rows are combined; by default what takes fewer sweeps, which may be some of either: an arrow takes 3.

    Returns
    -------
    SparseJacobian
        Called like the function, it returns a ``scipy.sparse.csr_array``. Its attribute `pattern` says where entries are,
        `directions` how many products a call takes, its method ``structure(x)`` rows and columns of the entries, ``values(x)``
        the entries alone.

    Raises
    ------
    ShapeError
        At a call, if the pattern does not fit.
    ValueError
        At a call, if the function has entries outside of a pattern that was given.

    Notes
    -----
    Columns (or rows) that share no row (column) get one colour, and one product with a vector for each colour gives all entries:
    3 for a tridiagonal matrix of any size. Every call computes one product more, with a vector that has all colours, and compares
    it with the entries. If a branch of the function has led to other entries than at the first call, the pattern grows.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jacobian = jt.sparse_jacobian(lambda x: x[1:] * x[:-1])
    >>> jacobian(np.array([1.0, 2.0, 3.0])).toarray()
    array([[2., 1., 0.],
           [0., 3., 2.]])
    >>> jacobian.directions
    2
    """
    if mode not in ("forward", "reverse", None):
        raise ValueError(f"jt.sparse_jacobian: got mode={mode!r}, expected 'forward', 'reverse' or None")
    return SparseJacobian(function, argnums, pattern, mode)


def sparse_hessian(
    function: Callable[..., Any],
    argnums: int | Sequence[int] = 0,
    pattern: Any = None,
    coloring: Literal["star", "acyclic"] = "star",
) -> SparseHessian:
    """Make the function that computes a Hessian with few entries, as a sparse matrix.

    Parameters
    ----------
    function : callable
        Returns a number.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate; their elements are rows and columns, one argument after the other.
    pattern : sparse matrix or array, optional
        Where entries are, one of two that are each other's mirror images at least; by default the first call finds it, see
        `sparsity`.
    coloring : {"star", "acyclic"}, optional
        How columns are combined. With stars every entry is read off one product. Acyclic colours are about half as many for bands
        and many others, and so are the products; entries are then differences of sums, and as exact as the largest entries that
        they are connected with. See Notes.

    Returns
    -------
    SparseHessian
        Called like the function, it returns a ``scipy.sparse.csr_array``; see `sparse_jacobian` for attributes and methods.

    Raises
    ------
    ShapeError
        At a call, if the value has more than one element, or the pattern does not fit.
    ValueError
        If `coloring` is something else; at a call, if the function has entries outside of a pattern that was given.

    Notes
    -----
    Columns are coloured as stars, which takes fewer colours than for a Jacobian of the same pattern, since an entry may be read
    in one of its two places. Products with the Hessian are sweeps of second order over one run, see `hvp`.

    With acyclic colours the entries of two colours are the edges of trees, which are read from the leaves on. Where an entry is
    not finite, or entries differ so much in size that small ones are lost in sums, stars are used for that call as well.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> hessian = jt.sparse_hessian(lambda x: np.sum(x[1:] * x[:-1]) + np.sum(x**3))
    >>> hessian(np.array([1.0, 2.0, 3.0])).toarray()
    array([[ 6.,  1.,  0.],
           [ 1., 12.,  1.],
           [ 0.,  1., 18.]])
    """
    if coloring not in ("star", "acyclic"):
        raise ValueError(f"jt.sparse_hessian: got coloring={coloring!r}, expected 'star' or 'acyclic'")
    return SparseHessian(function, argnums, pattern, coloring)
