"""Jacobians and Hessians, as a whole or times a vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..errors import DTypeError, NoTangent
from ..ops.shape_functions import reshape
from ..tensors.tensor import Tensor
from .backends import convention, foreign
from .callables import Transform
from .function_run import Recording
from .pytrees import flatten, flatten_like, unflatten
from .inputs_and_outputs import direction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Jacobian(Transform):
    """``jt.jacobian(f)``: called like the function, it returns the Jacobian.

    Attributes
    ----------
    mode : {"forward", "reverse", None}
        None: whichever takes fewer sweeps.
    """

    name = "jacobian"

    def __init__(self, function, argnums=0, has_aux=False, holomorphic=False, mode=None):
        super().__init__(function, argnums, has_aux, holomorphic)
        self.mode = mode
        self.name = {"forward": "jacfwd", "reverse": "jacrev", None: "jacobian"}[mode]

    def _made_of(self):
        return *super()._made_of(), self.mode

    def __call__(self, *args, **kwargs):
        run = self._record(args, kwargs)
        aux = None
        if self.has_aux:
            run.value, aux = run.split_aux()
        leaves, structure = flatten(run.value)
        outputs = [run.floating(v) for v in leaves]
        blocks = self._blocks(run, outputs, run.direction_of_complex(outputs, self.holomorphic))
        run.retire()
        rows = [self._by_argument(run.trees(row)) for row in blocks]
        answer = unflatten(structure, rows)
        return (answer, aux) if self.has_aux else answer

    def _blocks(self, run, outputs, only):
        """Derivatives of every output with respect to every variable, of shape output + variable."""
        if only is not None and self.mode is not None and self.mode != only:
            instead = {"forward": "the values are complex: use jt.jacfwd", "reverse": "the arguments are complex: use jt.jacrev"}
            raise DTypeError(f"jt.{self.name}: got a function of real and complex numbers; {instead[only]}, or jt.jacobian")
        if self.mode == "forward" or only == "forward":
            return forward_blocks(run, outputs)
        if only == "reverse":
            return reverse_blocks(run, outputs)
        if self.mode is None and sum(v.numel() for v in run.variables) < sum(y.numel() for y in outputs):
            try:
                return forward_blocks(run, outputs)
            except NoTangent:  # an autograd.Function
                pass
        return reverse_blocks(run, outputs)


def reverse_blocks(run, outputs):
    """A row of the Jacobian for every element of the outputs."""
    blocks = []
    for y in outputs:
        rows = zip(run.pull_back_batch([y], [identity(y)]), run.variables, run.models)
        blocks.append([_block(run, row, tuple(y.shape) + tuple(v.shape), model) for row, v, model in rows])
    return blocks


def forward_blocks(run, outputs):
    """A column of the Jacobian for every element of the variables."""
    sizes = [v.numel() for v in run.variables]
    directions, ends = unit_directions(run.variables)
    columns = [_last_axis_first(column, y) for column, y in zip(run.push_forward_batch(outputs, directions), outputs)]
    blocks = []
    for column, y in zip(columns, outputs):
        parts = [column[:, end - n : end] for n, end in zip(sizes, ends)]
        shapes = [tuple(y.shape) + tuple(v.shape) for v in run.variables]
        blocks.append([_block(run, part, shape, model) for part, shape, model in zip(parts, shapes, run.models)])
    return blocks


def identity(tensor):
    """The unit directions of the shape of a Tensor, along a first axis."""
    n = tensor.numel()
    return np.eye(n, dtype=tensor.dtype).reshape((n, *tensor.shape))


def unit_directions(variables):
    """A unit direction for every element of the variables, along a first axis; and where those of each variable end."""
    ends = np.cumsum([v.numel() for v in variables]).tolist()
    directions = []
    for v, end in zip(variables, ends):
        tangents = np.zeros((ends[-1], v.numel()), v.dtype)
        tangents[end - v.numel() : end] = np.eye(v.numel())
        directions.append(tangents.reshape(ends[-1], *v.shape))
    return directions, ends


def _last_axis_first(column, y):
    """Columns, of shape (inputs, outputs), transposed to (outputs, inputs)."""
    shape = (len(column), y.numel())
    return (reshape(column, shape) if isinstance(column, Tensor) else column.reshape(shape)).T


def _block(run, values, shape, model):
    values = reshape(values, shape) if isinstance(values, Tensor) else np.ascontiguousarray(values).reshape(shape)
    if not shape and not isinstance(model, Tensor):
        model = 0.0
    elif isinstance(model, (float, np.generic)):
        model = np.zeros(0)
    return run.answer(values, None, model)


def jacobian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """Make the function that computes the Jacobian of a function.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the Jacobian then comes with the auxiliary data.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    Jacobian
        Called like the function. For one array of shape s as argument and one of shape r as value it returns an array of shape
        r + s; for trees, a tree of the form of the value whose leaves are trees of the form of the argument.

    Notes
    -----
    Forward mode where there are fewer inputs than outputs (and every operation has a rule for it), else reverse mode; see
    `jacfwd` and `jacrev`. The number of sweeps is the smaller of the two numbers, divided by how many directions one sweep
    carries (up to 64).

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.jacobian(lambda x: x**2)(np.array([1.0, 2.0]))
    array([[2., 0.],
           [0., 4.]])
    """
    return _jacobian("jacobian", function, argnums, has_aux, holomorphic, None)


def jacfwd(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """Make the function that computes the Jacobian in forward mode: by a tangent for each input, over one recording.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the Jacobian then comes with the auxiliary data.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    Jacobian
        Called like the function; see `jacobian`.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.jacfwd(lambda t: np.array([1.0, 2.0]) * t)(3.0)
    array([1., 2.])
    """
    return _jacobian("jacfwd", function, argnums, has_aux, holomorphic, "forward")


def jacrev(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """Make the function that computes the Jacobian in reverse mode: by an adjoint for each output, over one recording.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the Jacobian then comes with the auxiliary data.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    Jacobian
        Called like the function; see `jacobian`.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.jacrev(lambda x: x[:1] * x[1:])(np.array([2.0, 3.0, 4.0]))
    array([[3., 2., 0.],
           [4., 0., 2.]])
    """
    return _jacobian("jacrev", function, argnums, has_aux, holomorphic, "reverse")


def _jacobian(name, function, argnums, has_aux, holomorphic, mode):
    found = foreign(name, function, argnums=argnums, has_aux=has_aux, **convention(holomorphic))
    return Jacobian(function, argnums, has_aux, holomorphic, mode) if found is None else found


class Hessian(Transform):
    """``jt.hessian(f)``: called like the function, it returns the Hessian."""

    name = "hessian"

    def __call__(self, *args, **kwargs):
        run = self._record(args, kwargs)
        value, aux = run.split_aux() if self.has_aux else (run.value, None)
        y = run.scalar(value, self.holomorphic)
        run.refuse_complex_variables(self.holomorphic)
        blocks = self._compiled(run, y)
        if blocks is None:  # reverse over reverse: tangents over the recorded gradient took 5 to 80 % longer
            blocks = reverse_blocks(run, run.recorded_gradient(y))
        run.retire()
        rows = [self._by_argument(run.trees(row)) for row in blocks]
        answer = self._by_argument(run.trees(rows))
        return (answer, aux) if self.has_aux else answer

    def _compiled(self, run, y):
        """Second derivatives by sweeps of second order; None where the gradient has to be recorded."""
        directions, ends = unit_directions(run.variables)
        found = run.second_order(y, directions)
        if found is None:
            return None
        blocks = []
        for v, end in zip(run.variables, ends):
            rows = slice(end - v.numel(), end)
            parts = zip(found, run.variables, run.models)
            blocks.append([_block(run, part[rows], tuple(v.shape) + tuple(other.shape), model) for part, other, model in parts])
        return blocks


def hessian(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """Make the function that computes the Hessian of a scalar function.

    Parameters
    ----------
    function : callable
        Returns a number; see `grad`.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the Hessian then comes with the auxiliary data.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    Hessian
        Called like the function. For an array of shape s it returns an array of shape s + s; for trees, a tree of the form of
        the argument whose leaves are such trees.

    Raises
    ------
    ShapeError
        At a call, if the value has more than one element.
    DTypeError
        At a call, if an argument or the value is not floating-point.

    Notes
    -----
    Sweeps of second order: tangents of the recorded values in many directions at once, then the tangents of their adjoints on
    the way back. Where a row has no compiled second order, the gradient is recorded and its Jacobian is swept.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.hessian(lambda x: x[0] ** 2 * x[1])(np.array([2.0, 3.0]))
    array([[6., 4.],
           [4., 0.]])
    """
    found = foreign("hessian", function, argnums=argnums, has_aux=has_aux, **convention(holomorphic))
    return Hessian(function, argnums, has_aux, holomorphic) if found is None else found


def hvp(function: Callable[..., Any], x: Any, v: Any, *args: Any, **kwargs: Any) -> Any:
    """Compute the Hessian of a scalar function times a vector, without the Hessian.

    Parameters
    ----------
    function : callable
        ``function(x, *args, **kwargs)`` returns a number.
    x : float, ndarray, Tensor, or tree of them
        Where.
    v : float, ndarray, Tensor, or tree of them
        The direction, of the form and shapes of `x`.
    *args, **kwargs
        What else the function takes; it is not differentiated.

    Returns
    -------
    float, ndarray, Tensor, or tree of them
        The product, of the form and shapes of `x`.

    Raises
    ------
    ShapeError
        If the value has more than one element, or `v` does not have the shapes of `x`.

    Notes
    -----
    One recorded run, a tangent sweep and a reverse sweep of second order, whatever the number of inputs.
    ``scipy.optimize.minimize(hessp=...)`` takes ``lambda x, v: jt.hvp(f, x, v)``.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.hvp(lambda x: np.sum(x**3), np.array([1.0, 2.0]), np.array([1.0, 1.0]))
    array([ 6., 12.])
    """
    maker = foreign("hvp", function, args=(x, v, *args, *kwargs.values()))
    if maker is not None:
        return maker(x, v, *args, **kwargs)
    run = Recording("hvp", function, (x, *args), kwargs, (0,))
    directions = directions_of(run, v)
    y = run.scalar(run.value)
    found = run.second_order(y, [d[None] for d in directions])
    if found is None:
        found = run.pull_back(run.recorded_gradient(y), directions, True)
    else:
        found = [run.answer(part[0], v, m) for part, v, m in zip(found, run.variables, run.models)]
    run.retire()
    return run.trees(found)[0]


def hessian_diag(function: Callable[..., Any], argnums: int | Sequence[int] = 0) -> Callable[..., Any]:
    """Make the function that computes the diagonal of the Hessian, for a scalar function whose Hessian is diagonal.

    Parameters
    ----------
    function : callable
        Returns a number, such as a sum of functions of one entry each.
    argnums : int, optional
        The positional argument to differentiate.

    Returns
    -------
    HessianDiagonal
        Called like the function; returns a tree of the form and shapes of the argument.

    Raises
    ------
    ValueError
        At a call, if the Hessian is found not to be diagonal.

    Notes
    -----
    One sweep of second order, whatever the number of inputs: the Hessian times a vector of ones, which is exact where the
    Hessian is diagonal. A second vector is carried in the same sweep and detects a Hessian that is not: its product must be the
    diagonal times its entries.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.hessian_diag(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    array([ 6., 12.])
    """
    return foreign("hessian_diag", function, argnums=argnums) or HessianDiagonal(function, argnums)


class HessianDiagonal(Transform):
    """``jt.hessian_diag(f)``: called like the function, it returns the diagonal of its Hessian."""

    name = "hessian_diag"

    def __call__(self, *args, **kwargs):
        run = self._record(args, kwargs)
        run.refuse_complex_variables(False)
        y, probes = run.scalar(run.value), [distinct_numbers(v.numel()).reshape(v.shape).astype(v.dtype) for v in run.variables]
        directions = [np.stack([np.ones(v.shape, v.dtype), p]) for v, p in zip(run.variables, probes)]
        rows = run.second_order(y, directions)
        if rows is None:
            rows = run.pull_back_batch(run.recorded_gradient(y), directions)
        run.retire()
        answers = []
        for row, probe, v, model in zip(rows, probes, run.variables, run.models):
            diagonal = row[0]
            self._refuse_others(_numbers(row), probe)
            answers.append(_block(run, diagonal, tuple(v.shape), model))
        return self._by_argument(run.trees(answers))

    def _refuse_others(self, row, probe):
        expected, tolerance = row[0] * probe, np.sqrt(np.finfo(row.dtype).eps)
        off, scale = np.abs(row[1] - expected), np.abs(row[1]).max(initial=0.0)  # entries near zero are rounding
        bad = off > tolerance * (np.abs(row[1]) + np.abs(expected) + 1e-3 * scale)
        if bad.any():
            worst = [int(i) for i in np.unravel_index(np.argmax(np.where(bad, off, -1.0)), bad.shape)]
            raise ValueError(
                f"jt.hessian_diag: the Hessian is not diagonal: row {worst} has other entries. Expected a function that is a sum "
                "of functions of one entry each; use jt.hessian(f)(x) and take its diagonal"
            )


def distinct_numbers(n):
    """A vector of n distinct positive numbers without a pattern, which no row of a matrix is likely to be orthogonal to."""
    return 1.5 + np.arange(1, n + 1) * 0.6180339887498949 % 1.0


def _numbers(row):
    return row._value() if isinstance(row, Tensor) else row


def directions_of(run, v):
    """A direction for the single argument of a recording."""
    given = flatten_like(run.structures[0], v, f"jt.{run.name}: the direction")
    return [direction(g, x, f"jt.{run.name}: the direction") for g, x in zip(given, run.variables)]
