"""`gradcheck` and `gradgradcheck`: derivatives compared with finite differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import is_complex
from ..ops.creation import tensor
from ..tensors.tensor import Tensor
from .grad_mode import enable_grad, no_grad
from .backward_and_grad import grad

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


def gradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    *,
    eps: float = 1e-6,
    atol: float = 1e-7,
    rtol: float = 1e-5,
    raise_exception: bool = True,
) -> bool:
    """Compare gradients with central finite differences, entry by entry.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor or a tuple of them.
    inputs : Tensor or sequence
        Arguments; those that require grad are checked, and must be float64 or complex128.
    eps : float, optional
        Sets the step: ``eps**(2 / 3)`` times an entry, or times 1 for entries below 1.
    atol, rtol : float, optional
        Tolerances of an entry of the Jacobian, absolute and relative to the finite difference.
    raise_exception : bool, optional
        Raise, naming the worst entry, in place of returning False.

    Returns
    -------
    bool
        Whether all entries agree.

    Raises
    ------
    GradcheckError
        If an entry differs by more than the tolerances.
    ValueError
        If no input requires grad, or one is not float64.

    Notes
    -----
    Every entry takes four evaluations: central differences at two steps are extrapolated to fourth order (Richardson), which
    resolves a relative error of 1e-9 where the function is smooth.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([0.5, 1.0], requires_grad=True)
    >>> jt.autograd.gradcheck(jt.sin, (x,))
    True
    """
    inputs = inputs if isinstance(inputs, (tuple, list)) else (inputs,)
    checked = [k for k, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]
    if not checked:
        raise ValueError(
            "gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True."
        )
    for k in checked:
        if inputs[k].dtype not in (np.float64, np.complex128):
            raise ValueError(
                f"input {k} has dtype {inputs[k].dtype}, expected float64 or complex128: finite differences need its digits"
            )
    problem = _first_problem(func, inputs, checked, eps, atol, rtol)
    if problem is not None and raise_exception:
        raise GradcheckError(problem)
    return problem is None


class GradcheckError(RuntimeError):
    """A derivative that differs from finite differences."""


def _outputs(func, inputs):
    value = func(*inputs)
    return value if isinstance(value, (tuple, list)) else (value,)


def _first_problem(func, inputs, checked, eps, atol, rtol):
    outputs = _outputs(func, inputs)
    for o, y in enumerate(outputs):
        if not isinstance(y, Tensor) or not y.requires_grad:
            continue
        analytic = _analytic(y, [inputs[k] for k in checked])
        for j, k in enumerate(checked):
            numeric = _numeric(func, inputs, k, o, eps)
            difference = np.abs(analytic[j] - numeric)
            bad = ~(difference <= atol + rtol * np.abs(numeric))
            if bad.any():
                worst = np.unravel_index(np.argmax(np.where(bad, np.nan_to_num(difference, nan=np.inf), -1)), bad.shape)
                return (
                    f"Jacobian mismatch for output {o} with respect to input {k}: at output element {worst[0]}, input element "
                    f"{worst[1]} got {analytic[j][worst]!r} by the rule and {numeric[worst]!r} by finite differences (allowed "
                    f"difference {atol + rtol * abs(numeric[worst]):.3g}); {int(bad.sum())} of {bad.size} entries differ"
                )
    return None


def _analytic(y, inputs):
    """The Jacobian of one output by reverse sweeps: for each input an array (output elements, input elements)."""
    rows, size = [[] for _ in inputs], _numbers(y._value()).size
    for position in range(size):
        seed = np.zeros(size)
        seed[position] = 1.0
        seed = seed.view(np.complex128) if is_complex(y.dtype) else seed
        parts = grad(y, inputs, seed.reshape(tuple(y.shape)), retain_graph=True, allow_unused=True)
        for k, (part, x) in enumerate(zip(parts, inputs)):
            rows[k].append(np.zeros_like(_numbers(x._value())) if part is None else _numbers(part._value()).copy())
    return [np.array(r).reshape(size, -1) for r in rows]


def _numbers(values):
    """The elements in a row; of complex ones the real and imaginary parts, one after the other."""
    flat = np.ascontiguousarray(values).reshape(-1)
    return flat.view(np.float64) if is_complex(flat.dtype) else flat


def _numeric(func, inputs, k, o, eps):
    """The Jacobian of output `o` with respect to input `k` by central differences, extrapolated over two steps."""
    x = inputs[k]._value().copy()
    columns = []
    for position in range(_numbers(x).size):
        step = eps ** (2 / 3) * max(1.0, abs(_numbers(x)[position]))
        slopes = [_slope(func, inputs, k, o, x, position, step * scale) for scale in (1.0, 2.0)]
        columns.append((4.0 * slopes[0] - slopes[1]) / 3.0)
    size = columns[0].size if columns else _numbers(_outputs(func, inputs)[o]._value()).size
    return np.array(columns).reshape(_numbers(x).size, size).T


def _slope(func, inputs, k, o, x, position, step):
    values = []
    for sign in (1.0, -1.0):
        moved = np.array(x, order="C")
        _numbers(moved)[position] += sign * step
        arguments = [tensor(moved) if j == k else a for j, a in enumerate(inputs)]
        with no_grad():
            values.append(_numbers(_outputs(func, arguments)[o]._value()).copy())
    return (values[0] - values[1]) / (2.0 * step)


def _random(rng, y):
    """A random cotangent of an output."""
    real = rng.standard_normal(tuple(y.shape))
    return real + 1j * rng.standard_normal(tuple(y.shape)) if is_complex(y.dtype) else real


def gradgradcheck(
    func: Callable[..., Any],
    inputs: Tensor | Sequence[Any],
    grad_outputs: Tensor | Sequence[Tensor] | None = None,
    *,
    eps: float = 1e-6,
    atol: float = 1e-7,
    rtol: float = 1e-5,
    raise_exception: bool = True,
    seed: int = 0,
) -> bool:
    """Compare second derivatives with finite differences of the first derivatives.

    Parameters
    ----------
    func : callable
        Takes Tensors; returns a Tensor or a tuple of them.
    inputs : Tensor or sequence
        Arguments; those that require grad are checked, and must be float64 or complex128.
    grad_outputs : tuple of Tensors, optional
        Cotangents for the first derivatives; by default random ones.
    eps : float, optional
        Sets the step, see `gradcheck`.
    atol, rtol : float, optional
        Tolerances of an entry, absolute and relative to the finite difference.
    raise_exception : bool, optional
        Raise, naming the worst entry, in place of returning False.
    seed : int, optional
        Of the random cotangents.

    Returns
    -------
    bool
        Whether all entries agree.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([0.5, 1.0], requires_grad=True)
    >>> jt.autograd.gradgradcheck(jt.sin, (x,))
    True
    """
    inputs = tuple(inputs) if isinstance(inputs, (tuple, list)) else (inputs,)
    outputs = [y for y in _outputs(func, inputs) if isinstance(y, Tensor) and y.requires_grad]
    if grad_outputs is None:
        rng = np.random.default_rng(seed)
        grad_outputs = [tensor(_random(rng, y), requires_grad=True) for y in outputs]
    grad_outputs = tuple(grad_outputs) if isinstance(grad_outputs, (tuple, list)) else (grad_outputs,)
    checked = [k for k, x in enumerate(inputs) if isinstance(x, Tensor) and x.requires_grad]

    def first(*args):
        own = [
            a if k not in checked or a.requires_grad else a.detach().clone().requires_grad_()
            for k, a in enumerate(args[: len(inputs)])
        ]
        values = [y for y in _outputs(func, own) if isinstance(y, Tensor) and y.requires_grad]
        answers = grad(values, [own[k] for k in checked], args[len(inputs) :], create_graph=True, allow_unused=True)
        return tuple(a for a in answers if a is not None)

    def with_graph(*args):
        with enable_grad():
            return first(*args)

    return gradcheck(with_graph, inputs + grad_outputs, eps=eps, atol=atol, rtol=rtol, raise_exception=raise_exception)
