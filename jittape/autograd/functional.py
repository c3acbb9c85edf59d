"""Derivatives of functions of Tensors, with the signatures of ``torch.autograd.functional``.

Functions take and return Tensors; ``inputs`` is a Tensor or a tuple of them, and results have its form. For functions of
arrays and trees there are ``jt.vjp``, ``jt.jvp``, ``jt.jacobian``, ``jt.hessian`` and ``jt.hvp``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import is_complex
from ..errors import DTypeError
from ..ops.copies_and_joins import clone
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import stack
from ..tape.tape import current
from ..tensors.tensor import Tensor, extras_of, wrap
from .conversions import warn_of_conversions
from .recorded_tangents import recorded_tangents_of
from .accumulation import fill_retained
from .gradient_requests import gradients_of
from .batched_sweeps import gradients_of_batch, tangents_of_batch
from .conjugate_gradients import conjugated
from .grad_mode import enable_grad
from .sweeps_across_tapes import tangent_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any

    from ..typing import TensorLike

__all__ = ["hessian", "hvp", "jacobian", "jvp", "vhp", "vjp"]


def __dir__():
    return __all__


class _FunctionRun:
    """One run of a function of Tensors on variables of its own.

    With `create_graph` the variables are copies that depend on the inputs, and derivatives are recorded.
    """

    def __init__(self, name, func, inputs, create_graph, strict):
        self.name, self.strict = name, strict
        self.create_graph = create_graph or current().tape.derivatives_are_rows
        self.given = _as_tuple(inputs, name, "inputs")
        self.one_input = not isinstance(inputs, tuple)
        self.variables = [self._variable(x) for x in self.given]
        with enable_grad():
            value = func(*self.variables)
        warn_of_conversions(self.variables)
        self.one_output = not isinstance(value, tuple)
        self.outputs = _as_tuple(value, name, "outputs of the function")
        for k, y in enumerate(self.outputs):
            if strict and not y.requires_grad:
                raise RuntimeError(
                    f"Output {k} of the user-provided function does not require gradients. The outputs must be computed in a "
                    "differentiable manner from the input when running in strict mode."
                )

    def _variable(self, x):
        if self.create_graph and x.requires_grad:
            return clone(x)
        leaf = x.detach()
        extras_of(leaf).requires_grad = True
        return leaf

    def directions(self, v, primals, what):
        """The vectors `v` as a list, checked against `primals`; ones if there is one element and no `v`."""
        if v is None:
            if len(primals) != 1 or primals[0].numel() != 1:
                raise RuntimeError(
                    f"The vector v can only be None if {what} is a single Tensor with one element: got "
                    f"{[list(p.shape) for p in primals]}; pass v of that form"
                )
            return [wrap(np.ones(primals[0].shape, primals[0].dtype))]
        v = _as_tuple(v, self.name, "v")
        if len(primals) == 1 and len(v) != 1:
            raise RuntimeError(f"The given v should contain a single Tensor: got {len(v)}.")
        if len(v) != len(primals):
            raise RuntimeError(f"v is a tuple of invalid length: should be {len(primals)} but got {len(v)}.")
        for k, (given, primal) in enumerate(zip(v, primals)):
            if given.shape != primal.shape:
                raise RuntimeError(
                    f"Entry {k} in v has invalid size: should be {list(primal.shape)} but got {list(given.shape)}."
                )
        return list(v)

    def released(self, tensors):
        """Results in the form of the output, detached unless derivatives are recorded."""
        tensors = [t if self.create_graph else t.detach() for t in tensors]
        return tensors[0] if self.one_output else tuple(tensors)

    def by_input(self, tensors):
        return tensors[0] if self.one_input else tuple(tensors)

    def zeros(self, primal, k, what):
        """Zeros for a derivative that is structurally zero; an error under `strict`."""
        if self.strict:
            raise RuntimeError(
                f"{what} is independent of input {k}. This is not allowed in strict mode: expected every output to depend on "
                "every input"
            )
        return wrap(np.zeros(primal.shape, primal.dtype))

    def pull_back(self, outputs, cotangents, record):
        """Gradients of the variables as Tensors."""
        with enable_grad():
            pairs = [(y, g) for y, g in zip(outputs, cotangents) if y.requires_grad]
            totals = {}
            if pairs:
                seeds = [conjugated(g if record else g._value()) for _, g in pairs]
                totals = gradients_of([y for y, _ in pairs], seeds, {id(v): v for v in self.variables}, False, record)
                fill_retained(totals, record)
        found = [conjugated(totals[id(v)][1]) if id(v) in totals else None for v in self.variables]
        return [
            self.zeros(v, k, "The output of the user-provided function") if g is None else g if isinstance(g, Tensor) else wrap(g)
            for k, (g, v) in enumerate(zip(found, self.variables))
        ]

    def must_be_real(self, tensors, what):
        """Raise for complex numbers whose derivatives are not one number each."""
        for t in tensors:
            if is_complex(t.dtype):
                raise DTypeError(
                    f"autograd.functional.{self.name}: got complex {what}, expected real ones: take real and imaginary parts, or "
                    "use vjp and jvp, which take complex numbers"
                )

    def gradient(self):
        """The gradient of a scalar output, recorded."""
        if not self.one_output or self.outputs[0].numel() != 1:
            raise RuntimeError(
                f"The Tensor returned by the function given to {self.name} should contain a single element: got shapes "
                f"{[list(y.shape) for y in self.outputs]}"
            )
        y = self.outputs[0]
        self.must_be_real([y], "outputs")
        return self.pull_back([y], [wrap(np.ones(y.shape, y.dtype))], True)


def _as_tuple(value, name, what):
    values = value if isinstance(value, tuple) else (value,)
    for v in values:
        if not isinstance(v, Tensor):
            got = type(v).__name__
            raise TypeError(f"The {what} given to {name} must be either a Tensor or a tuple of Tensors but got {got}.")
    return values


def vjp(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    v: TensorLike | Sequence[TensorLike] | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute a function and a vector times its Jacobian, by a reverse sweep.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor or a tuple of them.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    v : Tensor or tuple of Tensors, optional
        Cotangents, of the form of the output; may be left out for one element.
    create_graph : bool, optional
        Record the sweep, so that the results can be differentiated.
    strict : bool, optional
        Raise where an output does not depend on an input, in place of returning zeros.

    Returns
    -------
    output : Tensor or tuple of Tensors
        ``func(*inputs)``.
    vjp : Tensor or tuple of Tensors
        The product, of the form of `inputs`.

    Raises
    ------
    TypeError
        If an input or output is not a Tensor.
    RuntimeError
        If `v` does not have the form of the output.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.vjp(jt.exp, jt.tensor([0.0, 0.0]), jt.tensor([1.0, 2.0]))
    (tensor([1., 1.]), tensor([1., 2.]))
    """
    run = _FunctionRun("vjp", func, inputs, create_graph, strict)
    seeds = run.directions(v, run.outputs, "the output of the function")
    found = run.pull_back(run.outputs, seeds, run.create_graph)
    return run.released(run.outputs), run.by_input(found)


def jvp(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    v: TensorLike | Sequence[TensorLike] | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute a function and its Jacobian times a vector, by a tangent sweep.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor or a tuple of them.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    v : Tensor or tuple of Tensors, optional
        Tangents, of the form of the inputs; may be left out for one element.
    create_graph : bool, optional
        Record the sweep, so that the results can be differentiated.
    strict : bool, optional
        Raise where an output does not depend on the inputs, in place of returning zeros.

    Returns
    -------
    output : Tensor or tuple of Tensors
        ``func(*inputs)``.
    jvp : Tensor or tuple of Tensors
        The product, of the form of the output.

    Raises
    ------
    TypeError
        If an input or output is not a Tensor.
    RuntimeError
        If `v` does not have the form of the inputs.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.jvp(jt.square, jt.tensor([1.0, 2.0]), jt.tensor([1.0, 0.0]))
    (tensor([1., 4.]), tensor([2., 0.]))
    """
    run = _FunctionRun("jvp", func, inputs, create_graph, strict)
    v = run.directions(v, run.given, "the input of the function")
    active = [y for y in run.outputs if y.requires_grad]
    if run.create_graph:
        with enable_grad():
            found = recorded_tangents_of(active, run.variables, v)
    else:
        found = [wrap(y_dot) for y_dot in tangent_of(active, run.variables, [x._value() for x in v])]
    by_output = {id(y): y_dot for y, y_dot in zip(active, found) if y_dot is not None}
    tangents = [by_output[id(y)] if id(y) in by_output else run.zeros(y, 0, f"Output {k}") for k, y in enumerate(run.outputs)]
    return run.released(run.outputs), tangents[0] if run.one_output else tuple(tangents)


def jacobian(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    strategy: str = "reverse-mode",
) -> Any:
    """Compute the Jacobian of a function.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor or a tuple of them.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    create_graph : bool, optional
        Record the sweeps, so that the results can be differentiated.
    strict : bool, optional
        Raise where an output does not depend on an input, in place of returning zeros.
    vectorize : bool, optional
        Accepted for compatibility with PyTorch: sweeps carry several rows in any case.
    strategy : {"reverse-mode", "forward-mode"}, optional
        Sweep for each element of the outputs, or of the inputs.

    Returns
    -------
    Tensor or tuple
        Of shape output + input. For several outputs a tuple with an entry for each, for several inputs tuples within.

    Raises
    ------
    TypeError
        If an input or output is not a Tensor.
    ValueError
        If `strategy` is unknown.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.jacobian(jt.square, jt.tensor([1.0, 3.0]))
    tensor([[2., 0.],
            [0., 6.]])
    """
    if strategy not in ("reverse-mode", "forward-mode"):
        raise ValueError(f'Expected strategy to be either "forward-mode" or "reverse-mode": got {strategy!r}')
    run = _FunctionRun("jacobian", func, inputs, create_graph, strict)
    rows = _forward_rows(run) if strategy == "forward-mode" and not run.create_graph else [_rows(run, y) for y in run.outputs]
    rows = [run.by_input(row) for row in rows]
    return rows[0] if run.one_output else tuple(rows)


def _identity(t):
    return np.eye(t.numel(), dtype=t.dtype).reshape(t.numel(), *t.shape)


def _rows(run, y):
    """Derivatives of one output with respect to every variable, of shape output + input."""
    run.must_be_real([y], "outputs" if run.name == "jacobian" else "inputs")
    shapes = [tuple(y.shape) + tuple(v.shape) for v in run.variables]
    if run.create_graph:
        rows = [run.pull_back([y], [wrap(np.asarray(g))], True) for g in _identity(y)]
        return [reshape(stack(parts), s) for parts, s in zip(zip(*rows), shapes)]
    found = {}
    if y.requires_grad:
        found = gradients_of_batch([y], [_identity(y)], {id(v): v for v in run.variables}, False)
    zeros = [run.zeros(v, k, "The output") if id(v) not in found else None for k, v in enumerate(run.variables)]
    parts = [np.zeros(s, y.dtype) if z is not None else conjugated(found[id(v)]) for s, z, v in zip(shapes, zeros, run.variables)]
    return [wrap(part.reshape(s)) for part, s in zip(parts, shapes)]


def _forward_rows(run):
    run.must_be_real(run.variables, "inputs")
    active = [y for y in run.outputs if y.requires_grad]
    blocks = {id(y): [] for y in active}
    for v in run.variables:
        zeros = [np.zeros((v.numel(), *other.shape), other.dtype) for other in run.variables]
        moves = [_identity(v) if other is v else z for other, z in zip(run.variables, zeros)]
        for y, columns in zip(active, tangents_of_batch(active, run.variables, moves)):
            block = columns.reshape(v.numel(), y.numel()).T.reshape(*y.shape, *v.shape)
            blocks[id(y)].append(wrap(np.ascontiguousarray(block)))
    nothing = [[wrap(np.zeros((*y.shape, *v.shape), y.dtype)) for v in run.variables] for y in run.outputs]
    return [blocks.get(id(y), zeros) for y, zeros in zip(run.outputs, nothing)]


def hessian(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    create_graph: bool = False,
    strict: bool = False,
    vectorize: bool = False,
    outer_jacobian_strategy: str = "reverse-mode",
) -> Any:
    """Compute the Hessian of a scalar function.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor of one element.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    create_graph : bool, optional
        Record the sweeps, so that the results can be differentiated.
    strict : bool, optional
        Raise where a derivative does not depend on an input, in place of returning zeros.
    vectorize : bool, optional
        Accepted for compatibility with PyTorch: sweeps carry several rows in any case.
    outer_jacobian_strategy : str, optional
        Accepted for compatibility with PyTorch: the gradient is always differentiated in reverse mode.

    Returns
    -------
    Tensor or tuple of tuples
        Of shape input + input.

    Raises
    ------
    RuntimeError
        If the output does not have one element.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.hessian(lambda x: (x**3).sum(), jt.tensor([1.0, 2.0]))
    tensor([[ 6.,  0.],
            [ 0., 12.]])
    """
    run = _FunctionRun("hessian", func, inputs, create_graph, strict)
    rows = [run.by_input(_rows(run, g)) for g in run.gradient()]
    return run.by_input(rows)


def hvp(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    v: TensorLike | Sequence[TensorLike] | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute a scalar function and its Hessian times a vector.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor of one element.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    v : Tensor or tuple of Tensors, optional
        The vector, of the form of the inputs; may be left out for one element.
    create_graph : bool, optional
        Record the sweeps, so that the results can be differentiated.
    strict : bool, optional
        Raise where a derivative does not depend on an input, in place of returning zeros.

    Returns
    -------
    output : Tensor
        ``func(*inputs)``.
    hvp : Tensor or tuple of Tensors
        The product, of the form of `inputs`.

    Raises
    ------
    RuntimeError
        If the output does not have one element, or `v` does not have the form of the inputs.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.hvp(lambda x: (x**3).sum(), jt.tensor([1.0, 2.0]), jt.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    return _hessian_product("hvp", func, inputs, v, create_graph, strict)


def vhp(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Tensor],
    v: TensorLike | Sequence[TensorLike] | None = None,
    create_graph: bool = False,
    strict: bool = False,
) -> tuple[Any, Any]:
    """Compute a scalar function and a vector times its Hessian; equal to `hvp`, as the Hessian is symmetric.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor of one element.
    inputs : Tensor or tuple of Tensors
        Its arguments.
    v : Tensor or tuple of Tensors, optional
        The vector, of the form of the inputs; may be left out for one element.
    create_graph : bool, optional
        Record the sweeps, so that the results can be differentiated.
    strict : bool, optional
        Raise where a derivative does not depend on an input, in place of returning zeros.

    Returns
    -------
    output : Tensor
        ``func(*inputs)``.
    vhp : Tensor or tuple of Tensors
        The product, of the form of `inputs`.

    Raises
    ------
    RuntimeError
        If the output does not have one element, or `v` does not have the form of the inputs.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.autograd.functional.vhp(lambda x: (x**3).sum(), jt.tensor([1.0, 2.0]), jt.tensor([1.0, 1.0]))
    (tensor(9.), tensor([ 6., 12.]))
    """
    return _hessian_product("vhp", func, inputs, v, create_graph, strict)


def _hessian_product(name, func, inputs, v, create_graph, strict):
    run = _FunctionRun(name, func, inputs, create_graph, strict)
    v = run.directions(v, run.given, "the input of the function")
    found = run.pull_back(run.gradient(), v, run.create_graph)
    return run.released(run.outputs), run.by_input(found)
