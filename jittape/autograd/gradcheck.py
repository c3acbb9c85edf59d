"""`gradcheck` and `gradgradcheck`: derivatives compared with finite differences."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

import numpy as np

from ..dtypes import is_complex
from ..ops.creation import tensor
from ..tensors.tensor import Tensor
from .grad_mode import enable_grad, no_grad
from .backward_and_grad import grad
from .forward_ad import dual_level, make_dual, unpack_dual

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
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_batched_forward_grad: bool = False,
    check_forward_ad: bool = False,
    check_backward_ad: bool = True,
    fast_mode: bool = False,
    masked: bool | None = None,
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
    nondet_tol : float, optional
        By how much gradients of two equal sweeps may differ.
    check_undefined_grad : bool, optional
        Without effect: a cotangent that is missing counts as zeros.
    check_grad_dtypes : bool, optional
        Also compare dtypes of gradients with those of the inputs.
    check_batched_grad : bool, optional
        Also compare sweeps of several cotangents side by side.
    check_batched_forward_grad : bool, optional
        Without effect: tangents are checked one by one.
    check_forward_ad : bool, optional
        Also compare tangents of `forward_ad`.
    check_backward_ad : bool, optional
        Whether gradients are compared at all.
    fast_mode : bool, optional
        Without effect: every entry is compared.
    masked : bool, optional
        Without effect: there are no sparse tensors.

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
    AssertionError
        If nothing is to be checked.

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
    if not (check_forward_ad or check_backward_ad):
        raise AssertionError("Expected at least one of check_forward_ad or check_backward_ad to be True")
    if check_batched_grad and not check_backward_ad:
        raise ValueError("Setting check_batched_grad=True requires check_backward_ad to be True")
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
    ways = {"the rule": _analytic} if check_backward_ad else {}
    ways.update({"batched sweeps": _batched} if check_batched_grad else {})
    ways.update({"forward mode": functools.partial(_by_tangents, func, inputs, checked)} if check_forward_ad else {})
    problem = _first_problem(func, inputs, checked, ways, eps, atol, rtol)
    if problem is None and check_backward_ad:
        problem = _other_problem(func, inputs, checked, nondet_tol, check_grad_dtypes)
    if problem is not None and raise_exception:
        raise GradcheckError(problem)
    return problem is None


class GradcheckError(RuntimeError):
    """A derivative that differs from finite differences."""


def _outputs(func, inputs):
    value = func(*inputs)
    return value if isinstance(value, (tuple, list)) else (value,)


def _first_problem(func, inputs, checked, ways, eps, atol, rtol):
    for o, y in enumerate(_outputs(func, inputs)):
        if not isinstance(y, Tensor) or not y.requires_grad:
            continue
        numeric = [_numeric(func, inputs, k, o, eps) for k in checked]
        for way, jacobian in ways.items():
            for k, found, expected in zip(checked, jacobian(o, y, [inputs[k] for k in checked]), numeric):
                problem = _mismatch(found, expected, atol, rtol, f"output {o} with respect to input {k}", way)
                if problem is not None:
                    return problem
    return None


def _mismatch(found, expected, atol, rtol, which, way):
    difference = np.abs(found - expected)
    bad = ~(difference <= atol + rtol * np.abs(expected))
    if not bad.any():
        return None
    worst = np.unravel_index(np.argmax(np.where(bad, np.nan_to_num(difference, nan=np.inf), -1)), bad.shape)
    return (
        f"Jacobian mismatch for {which}: at output element {worst[0]}, input element {worst[1]} got {found[worst]!r} by {way} "
        f"and {expected[worst]!r} by finite differences (allowed difference {atol + rtol * abs(expected[worst]):.3g}); "
        f"{int(bad.sum())} of {bad.size} entries differ"
    )


def _other_problem(func, inputs, checked, nondet_tol, check_grad_dtypes):
    """What is wrong with gradients beside their values."""
    wanted = [inputs[k] for k in checked]
    for o, y in enumerate(_outputs(func, inputs)):
        if not isinstance(y, Tensor) or not y.requires_grad:
            continue
        seed = np.ones(tuple(y.shape), y.dtype)
        first, second = (grad(y, wanted, seed, retain_graph=True, allow_unused=True) for _ in range(2))
        for k, a, b in zip(checked, first, second):
            if a is None:
                continue
            if np.abs(a._value() - b._value()).max(initial=0.0) > nondet_tol:
                return (
                    f"Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives "
                    f"different values: for output {o} with respect to input {k}, by more than nondet_tol={nondet_tol}"
                )
            if check_grad_dtypes and a.dtype != inputs[k].dtype:
                return f"gradient for input {k} has dtype {a.dtype}, expected {inputs[k].dtype}"
    return None


def _seeds(y):
    """A cotangent for every element of an output, in which complex ones have two."""
    for position in range(_numbers(y._value()).size):
        seed = np.zeros(_numbers(y._value()).size)
        seed[position] = 1.0
        seed = seed.view(np.complex128) if is_complex(y.dtype) else seed
        yield seed.reshape(tuple(y.shape))


def _analytic(o, y, inputs):
    """The Jacobian of one output by reverse sweeps: for each input an array (output elements, input elements)."""
    rows = [[] for _ in inputs]
    for seed in _seeds(y):
        parts = grad(y, inputs, seed, retain_graph=True, allow_unused=True)
        for k, (part, x) in enumerate(zip(parts, inputs)):
            rows[k].append(np.zeros_like(_numbers(x._value())) if part is None else _numbers(part._value()).copy())
    return [np.array(r).reshape(_numbers(y._value()).size, -1) for r in rows]


def _batched(o, y, inputs):
    """The same by sweeps of all cotangents side by side."""
    seeds, size = np.array(list(_seeds(y))), _numbers(y._value()).size
    parts = grad(y, inputs, seeds, retain_graph=True, allow_unused=True, is_grads_batched=True)
    return [
        np.zeros((size, _numbers(x._value()).size)) if part is None else _numbers(part._value()).reshape(size, -1)
        for part, x in zip(parts, inputs)
    ]


def _by_tangents(func, inputs, checked, o, y, _):
    """The same by tangents of dual numbers, a run of the function for each."""
    found = []
    for k in checked:
        columns = []
        for tangent in _seeds(inputs[k]):
            with dual_level(), enable_grad():
                dual = make_dual(inputs[k].detach(), tensor(tangent))
                given = [dual if j == k else x.detach() if isinstance(x, Tensor) else x for j, x in enumerate(inputs)]
                y_dot = unpack_dual(_outputs(func, given)[o]).tangent
            columns.append(np.zeros_like(_numbers(y._value())) if y_dot is None else _numbers(y_dot._value()).copy())
        found.append(np.array(columns).reshape(len(columns), -1).T)
    return found


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
    gen_non_contig_grad_outputs: bool = False,
    raise_exception: bool = True,
    nondet_tol: float = 0.0,
    check_undefined_grad: bool = True,
    check_grad_dtypes: bool = False,
    check_batched_grad: bool = False,
    check_fwd_over_rev: bool = False,
    check_rev_over_rev: bool = True,
    fast_mode: bool = False,
    masked: bool = False,
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
    gen_non_contig_grad_outputs : bool, optional
        Without effect: cotangents are contiguous.
    raise_exception : bool, optional
        Raise, naming the worst entry, in place of returning False.
    nondet_tol : float, optional
        By how much gradients of two equal sweeps may differ.
    check_undefined_grad : bool, optional
        Without effect: a cotangent that is missing counts as zeros.
    check_grad_dtypes : bool, optional
        Also compare dtypes of gradients with those of the inputs.
    check_batched_grad : bool, optional
        Also compare sweeps of several cotangents side by side.
    check_fwd_over_rev : bool, optional
        Also compare tangents of gradients.
    check_rev_over_rev : bool, optional
        Whether gradients of gradients are compared.
    fast_mode : bool, optional
        Without effect: every entry is compared.
    masked : bool, optional
        Without effect: there are no sparse tensors.
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

    return gradcheck(
        with_graph,
        inputs + grad_outputs,
        eps=eps,
        atol=atol,
        rtol=rtol,
        raise_exception=raise_exception,
        nondet_tol=nondet_tol,
        check_grad_dtypes=check_grad_dtypes,
        check_batched_grad=check_batched_grad,
        check_forward_ad=check_fwd_over_rev,
        check_backward_ad=check_rev_over_rev,
    )
