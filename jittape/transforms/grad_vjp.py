"""Reverse mode on functions: `grad`, `value_and_grad` and `vjp`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .backends import convention, foreign
from .callables import Transform
from .function_run import Recording
from .pytrees import flatten, flatten_like, unflatten
from .inputs_and_outputs import direction, with_derivatives

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


class Gradient(Transform):
    """``jt.grad(f)``: called like the function, it returns the gradient."""

    name = "grad"

    def __call__(self, *args, **kwargs):
        run = self._record(args, kwargs)
        value, aux = run.split_aux() if self.has_aux else (run.value, None)
        gradient = self._by_argument(run.trees(run.gradient(run.scalar(value, self.holomorphic))))
        return (gradient, aux) if self.has_aux else gradient


class ValueAndGradient(Transform):
    """``jt.value_and_grad(f)``: called like the function, it returns its value and the gradient."""

    name = "value_and_grad"

    def __call__(self, *args, **kwargs):
        run = self._record(args, kwargs)
        value, aux = run.split_aux() if self.has_aux else (run.value, None)
        y = run.scalar(value, self.holomorphic)
        gradient = self._by_argument(run.trees(run.gradient(y)))
        value = run.output(value)
        return ((value, aux) if self.has_aux else value), gradient


def grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., Any]:
    """Make the function that computes the gradient of a scalar function.

    Parameters
    ----------
    function : callable
        Returns a number: a Tensor, array or float of one element. Written with functions of NumPy or jittape, or compiled
        by Numba.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate: floats, arrays, Tensors, or trees of them (nested tuples, lists, dicts,
        NamedTuples, dataclasses).
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the gradient then comes as ``(gradient, auxiliary data)``.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    Gradient
        Called like the function; returns a tree of the form and shapes of the argument, or a tuple of such trees for a tuple of
        `argnums`: floats for floats, arrays for arrays, Tensors for Tensors. An argument that the value does not depend on has a
        gradient of zeros.

    Raises
    ------
    ShapeError
        At a call, if the value has more than one element.
    DTypeError
        At a call, if an argument or the value is not floating-point, or the value is complex and `holomorphic` is not said.

    Notes
    -----
    Of a real function of complex numbers z the answer is ``df/d(Re z) - 1j * df/d(Im z)``, as in JAX and HIPS autograd: the
    function changes by the real part of its product with ``dz``. PyTorch's gradient is the conjugate.

    One recorded run and one reverse sweep: a few times the cost of the function, whatever the number of inputs. Transforms
    compose: where the value depends on Tensors that an outer program differentiates, the answer is a Tensor that can be
    differentiated again.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.grad(lambda x: np.sum(x**3))(np.array([1.0, 2.0]))
    array([ 3., 12.])
    >>> jt.grad(jt.grad(lambda x: x**3))(2.0)
    12.0
    """
    found = foreign("grad", function, argnums=argnums, has_aux=has_aux, **convention(holomorphic))
    return Gradient(function, argnums, has_aux, holomorphic) if found is None else found


def value_and_grad(
    function: Callable[..., Any], argnums: int | Sequence[int] = 0, has_aux: bool = False, holomorphic: bool = False
) -> Callable[..., tuple[Any, Any]]:
    """Make the function that computes a scalar function and its gradient together.

    Parameters
    ----------
    function : callable
        Returns a number; see `grad`.
    argnums : int or tuple of int, optional
        Positional arguments to differentiate.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``.
    holomorphic : bool, optional
        Whether the function is holomorphic, of complex arguments with a complex value: the answer is its complex derivative.

    Returns
    -------
    ValueAndGradient
        Called like the function; returns ``(value, gradient)``, or ``((value, auxiliary data), gradient)``. This is what
        ``scipy.optimize.minimize(..., jac=True)`` takes.

    Raises
    ------
    ShapeError
        At a call, if the value has more than one element.
    DTypeError
        At a call, if an argument or the value is not floating-point, or the value is complex and `holomorphic` is not said.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.value_and_grad(lambda x: np.sum(x**2))(np.array([1.0, 2.0]))
    (5.0, array([2., 4.]))
    """
    found = foreign("value_and_grad", function, argnums=argnums, has_aux=has_aux, **convention(holomorphic))
    return ValueAndGradient(function, argnums, has_aux, holomorphic) if found is None else found


class Pullback:
    """What `vjp` returns: maps a cotangent of the outputs to those of the primals; may be called repeatedly.

    Attributes
    ----------
    function : callable
        What was run.
    """

    def __init__(self, function, run, numbers, count):
        self.function, self._run, self._numbers, self._count = function, run, numbers, count
        leaves, self._structure = flatten(run.value)
        self._outputs = [run.floating(v) for v in leaves]

    @staticmethod
    def environment_of(value):
        """What a traced function sees of it: nothing that can change, unless an outer program differentiates its recording."""
        run = value._run
        return NotImplemented if run.reaches_out([y for y in value._outputs if y.requires_grad]) else None

    def __repr__(self):
        return f"<pullback of {getattr(self.function, '__name__', self.function)!s}>"

    def __call__(self, cotangent: Any) -> tuple[Any, ...]:
        """Sweep a cotangent back over the recording.

        Parameters
        ----------
        cotangent : tree
            Of the form and shapes of the outputs.

        Returns
        -------
        tuple
            A cotangent for each primal, of its form and shapes; None for those that are data.

        Raises
        ------
        TypeError
            If the form of the cotangent is wrong.
        ShapeError
            If a cotangent does not have the shape of its output.
        """
        given = flatten_like(self._structure, cotangent, "vjp: cotangent")
        seeds = [direction(g, y, "vjp: cotangent") for g, y in zip(given, self._outputs)]
        answers: list[Any] = [None] * self._count
        for k, part in zip(self._numbers, self._run.trees(self._run.pull_back(self._outputs, seeds, False))):
            answers[k] = part
        return tuple(answers)


def vjp(function: Callable[..., Any], *primals: Any, has_aux: bool = False, **data: Any) -> tuple[Any, ...]:
    """Compute a function, and the map that pulls cotangents of it back to its arguments.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    *primals
        Its arguments. All that have floats in them are differentiated; the others (integers, masks, text, functions) are data.
    has_aux : bool, optional
        Whether the function returns ``(value, auxiliary data)``; the auxiliary data is then returned as third.
    **data
        Arguments by keyword, which are not differentiated.

    Returns
    -------
    value : tree
        What the function returned.
    pullback : Pullback
        ``pullback(y_bar)`` is a tuple with ``y_bar`` times the Jacobian for each primal, None for data. It may be called
        repeatedly; the recording lives as long as it does.
    aux : object
        The auxiliary data, if `has_aux`.

    Raises
    ------
    TypeError
        If there are no primals.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> y, pullback = jt.vjp(np.sin, np.array([0.0, 1.0]))
    >>> pullback(np.array([2.0, 0.0]))
    (array([2., 0.]),)
    """
    maker = foreign("vjp", function, has_aux=has_aux, args=(primals, *data.values()))
    if maker is not None:
        return maker(*primals, **data)
    if not primals:
        raise TypeError("jt.vjp: got no primals, expected the arguments of the function after it: jt.vjp(f, x)")
    numbers = with_derivatives(primals)
    run = Recording("vjp", function, primals, data, numbers)
    aux = None
    if has_aux:
        run.value, aux = run.split_aux()
    pullback = Pullback(function, run, numbers, len(primals))
    run.attach([y for y in pullback._outputs if y.requires_grad])
    value = _released_value(run, pullback)
    return (value, pullback, aux) if has_aux else (value, pullback)


def _released_value(run, pullback):
    leaves = [run.output(v) for v in flatten(run.value)[0]]
    return unflatten(pullback._structure, leaves)
