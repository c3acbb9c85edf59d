"""`check_grads`: derivatives of functions compared with finite differences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..autograd.gradcheck import GradcheckError
from ..autograd.grad_mode import no_grad
from ..dtypes import complex128, float64
from ..tensors.tensor import Tensor
from .jvp_linearize import jvp
from .jacobians import jacfwd, jacrev
from .grad_vjp import vjp
from .pytrees import flatten, paths, unflatten

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from typing import Any


def check_grads(
    function: Callable[..., Any],
    x: Any,
    order: int = 2,
    modes: Sequence[str] = ("fwd", "rev"),
    *,
    argnums: int | Sequence[int] | None = None,
    eps: float = 1e-6,
    atol: float = 1e-6,
    rtol: float = 1e-5,
) -> bool:
    """Compare the derivatives of a function with central finite differences, entry by entry.

    Parameters
    ----------
    function : callable
        Returns Tensors, arrays, floats, or a tree of them.
    x : float, ndarray, or tree of them
        Where; a tuple holds several arguments. What is checked must be float64 or complex128, of which both parts are checked;
        integers, bools and what is no number are handed on as they are.
    order : int, optional
        Highest order: derivatives of order k are compared with differences of those of order k - 1, in every combination of
        modes.
    modes : sequence of {"fwd", "rev"}, optional
        Forward mode, reverse mode, or both.
    argnums : int or sequence of int, optional
        The arguments that are checked; by default all that have floats in them. The others may be of any dtype.
    eps : float, optional
        Sets the step: ``eps**(2 / 3)`` times an entry, or times 1 for entries below 1.
    atol, rtol : float, optional
        Tolerances of an entry, absolute and relative to the finite difference.

    Returns
    -------
    bool
        True; a derivative that differs raises.

    Raises
    ------
    GradcheckError
        If an entry differs by more than the tolerances; the message names the worst entry, its value by the rule and by
        differences.
    ValueError
        If an argument is out of range or of another floating dtype, or there is nothing to be checked.

    Notes
    -----
    The result is deterministic: the directions that reduce a first derivative to something of the shape of the argument are
    fixed. Differences at two steps are extrapolated, which resolves about nine digits of a smooth function.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.check_grads(lambda x: np.sum(np.sin(x) * x), np.array([0.3, 2.0]))
    True
    """
    if isinstance(modes, str) or not modes or set(modes) - {"fwd", "rev"}:
        raise ValueError(f"check_grads: got modes={modes!r}, expected a sequence of 'fwd' and 'rev'")
    if not isinstance(order, int) or order < 1:
        raise ValueError(f"check_grads: got order={order!r}, expected a whole number from 1 on")
    args = x if type(x) is tuple else (x,)
    leaves, structure = flatten(args)
    names, checked = [*paths(structure)], _checked_leaves(args, leaves, argnums)
    arrays = [np.array(v._value() if isinstance(v, Tensor) else v) for v in (leaves[k] for k in checked)]
    names = [names[k] for k in checked]
    for v, path in zip(arrays, names):
        if v.dtype not in (float64, complex128):
            raise ValueError(
                f"check_grads: argument {path} has dtype {v.dtype}, expected float64 or complex128: differences need its digits"
            )
    are_complex = [v.dtype == complex128 for v in arrays]
    arrays = [_in_parts(v) if is_complex else v for v, is_complex in zip(arrays, are_complex)]

    def on_leaves(*given):
        made = list(leaves)
        for k, v, is_complex in zip(checked, given, are_complex):
            made[k] = v[..., 0] + 1j * v[..., 1] if is_complex else v
        return [_in_parts(y) for y in flatten(function(*unflatten(structure, made)))[0]]

    _check(on_leaves, arrays, order, tuple(modes), (eps, atol, rtol), "", names)
    return True


def _checked_leaves(args, leaves, argnums):
    """Which leaves of the arguments are checked: the floating-point ones of some arguments, or of all."""
    numbers = range(len(args)) if argnums is None else [argnums] if isinstance(argnums, int) else argnums
    if any(not -len(args) <= k < len(args) for k in numbers):
        raise ValueError(f"check_grads: got argnums={argnums!r}, expected numbers of the {len(args)} arguments")
    numbers, found, k = {k % len(args) for k in numbers}, [], 0
    for place, arg in enumerate(args):
        count = len(flatten(arg)[0])
        found += [j for j in range(k, k + count) if place in numbers and _kind_of(leaves[j]) in "fc"]
        k += count
    if not found:
        raise ValueError("check_grads: got no argument with floating-point numbers, expected one that can be differentiated")
    return found


def _kind_of(leaf):
    return leaf.dtype.kind if hasattr(leaf, "dtype") else np.asarray(leaf).dtype.kind


def _in_parts(y):
    """Complex numbers as their real and imaginary parts, along a last axis; real ones as they are."""
    return np.stack([np.real(y), np.imag(y)], -1) if np.iscomplexobj(y) else y


def _check(function, arrays, order, modes, tolerances, history, names):
    for mode in modes:
        title = f"{history}{mode}"
        transform = jacfwd if mode == "fwd" else jacrev
        analytic = transform(function, tuple(range(len(arrays))))(*arrays)
        for k in range(len(arrays)):
            numeric = _differences(function, arrays, k, tolerances[0])
            for j, (rule, difference) in enumerate(zip([row[k] for row in analytic], numeric)):
                _compare(np.asarray(rule), difference, tolerances, f"{title}: output {j} by argument {names[k]}")
        if order > 1:
            _check(_derivative(function, mode), arrays, order - 1, modes, tolerances, f"{title} of ", names)


def _derivative(function, mode):
    """The derivative of a function along fixed directions, as a function of the same arguments."""
    if mode == "fwd":
        return lambda *args: jvp(function, args, tuple(_fixed(x) for x in args))[1]

    def derivative(*args):
        outputs, pullback = vjp(function, *args)
        return list(pullback([_fixed(y) for y in outputs]))

    return derivative


def _fixed(like):
    """Fixed numbers between 0.5 and 1.5, without a pattern, of the shape of `like`."""
    shape = np.shape(like) if not isinstance(like, Tensor) else tuple(like.shape)
    n = int(np.prod(shape))
    return (0.5 + np.arange(1, n + 1) * 0.6180339887498949 % 1.0).reshape(shape)


def _differences(function, arrays, k, eps):
    """Derivatives of every output by argument `k`, of shape output + argument, extrapolated over two steps."""
    x, columns = arrays[k], []
    for position in range(x.size):
        step = eps ** (2 / 3) * max(1.0, abs(x.reshape(-1)[position]))
        near, far = (_slopes(function, arrays, k, position, step * scale) for scale in (1.0, 2.0))
        columns.append([(4.0 * a - b) / 3.0 for a, b in zip(near, far)])
    if not columns:
        return [np.zeros((*y.shape, *x.shape)) for y in _values(function, arrays)]
    return [np.stack(column, -1).reshape((*column[0].shape, *x.shape)) for column in zip(*columns)]


def _slopes(function, arrays, k, position, step):
    ends = []
    for sign in (1.0, -1.0):
        moved = [a.copy() for a in arrays]
        moved[k].reshape(-1)[position] += sign * step
        ends.append(_values(function, moved))
    return [(a - b) / (2.0 * step) for a, b in zip(*ends)]


def _values(function, arrays):
    with no_grad():
        found = function(*(a.item() if a.ndim == 0 else a for a in arrays))
    return [np.array(y._value() if isinstance(y, Tensor) else y, float) for y in found]


def _compare(rule, difference, tolerances, title):
    _, atol, rtol = tolerances
    error = np.abs(rule - difference)
    allowed = atol + rtol * np.maximum(np.abs(difference), _scale(difference))
    bad = ~(error <= allowed)
    if not bad.any():
        return
    worst = np.unravel_index(np.argmax(np.where(bad, np.nan_to_num(error, nan=np.inf), -1.0)), bad.shape)
    place = [int(i) for i in worst]
    raise GradcheckError(
        f"{title}: entry {place} is {float(rule[worst])!r} by the rule and {float(difference[worst])!r} by finite "
        f"differences (allowed difference {float(allowed[worst]):.3g}); {int(bad.sum())} of {bad.size} entries differ"
    )


def _scale(difference):
    """A tolerance relative to the largest entry, for what differences lose to rounding."""
    finite = difference[np.isfinite(difference)]
    return 1e-3 * np.abs(finite).max() if finite.size else 0.0
