"""`LBFGS`: the limited-memory quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno."""

from __future__ import annotations

import math
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ..autograd.grad_mode import enable_grad, no_grad
from ..ops.assignment import write_together
from ..tape.commit import assignments, commit
from ..tensors.tensor import Tensor, wrap
from .option_checks import check_at_least, check_count
from .line_search import Point, strong_wolfe
from .optimizer import Optimizer
from .state_checks import is_real, misfit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from ..tensors.tensor import Tensor

LEAST_CURVATURE = 1e-10


class LBFGS(Optimizer):
    """Limited-memory BFGS: quasi-Newton steps from the last changes of parameters and gradients.

    One ``step`` makes up to `max_iter` iterations and calls the closure for every loss it needs.

    Parameters
    ----------
    params : iterable of Tensors
        Leaves to update, in one group.
    lr : float, optional
        Length of the step along a direction, or the first one that the line search tries.
    max_iter : int, optional
        Number of iterations in one ``step``.
    max_eval : int, optional
        Number of losses in one ``step``; 5/4 of `max_iter` if not given.
    tolerance_grad : float, optional
        Stop when no element of the gradient is larger in absolute value.
    tolerance_change : float, optional
        Stop when neither the loss nor any parameter changes by more.
    history_size : int, optional
        Number of changes that are kept; memory is 2 `history_size` times the parameters.
    line_search_fn : {None, "strong_wolfe"}, optional
        Take steps of length `lr`, or search for one that meets the strong Wolfe conditions.

    Raises
    ------
    ValueError
        If an option is out of range or there is more than one group.

    References
    ----------
    Nocedal, "Updating quasi-Newton matrices with limited storage", Math. Comp. 35, 1980; Nocedal and Wright, "Numerical
    Optimization", algorithms 7.4 and 3.5.
    """

    def __init__(
        self,
        params: Iterable[Tensor | dict[str, Any]],
        lr: float = 1.0,
        max_iter: int = 20,
        max_eval: int | None = None,
        tolerance_grad: float = 1e-7,
        tolerance_change: float = 1e-9,
        history_size: int = 100,
        line_search_fn: str | None = None,
    ) -> None:
        super().__init__(
            params,
            {
                "lr": lr,
                "max_iter": max_iter,
                "max_eval": max_iter * 5 // 4 if max_eval is None else max_eval,
                "tolerance_grad": tolerance_grad,
                "tolerance_change": tolerance_change,
                "history_size": history_size,
                "line_search_fn": line_search_fn,
            },
        )

    def check(self, group: dict[str, Any]) -> None:
        check_at_least(group, "lr")
        for name in ("max_iter", "max_eval", "history_size"):
            check_count(group, name)
        if any(own["params"] is not group["params"] for own in self.param_groups):
            raise ValueError("LBFGS doesn't support per-parameter options (parameter groups)")
        if group["line_search_fn"] not in (None, "strong_wolfe"):
            raise ValueError(f"only 'strong_wolfe' is supported: got line_search_fn={group['line_search_fn']!r}")

    def check_state(self, state: dict[str, Any]) -> None:
        if not state:
            return
        n = sum(p.numel() for p in self._parameters())
        for name, fits in _FORMS.items():
            if name not in state or not fits(state[name], n):
                raise misfit(f"got {state.get(name)!r:.100} as {name!r} of LBFGS for {n} numbers")
        if len({len(state[name]) for name in ("old_dirs", "old_stps", "ro")}) > 1:
            raise misfit("the lists of LBFGS have different lengths")
        if state["n_iter"] and not all(_is_vector(state.get(name), n) for name in ("d", "prev_flat_grad")):
            raise misfit("LBFGS has made steps, but no direction or gradient")

    # --- parameters as one vector -------------------------------------------------------------------------

    def _gradient(self):
        parts = []
        for p in self._parameters():
            parts.append(np.zeros(p.numel(), p.dtype) if p.grad is None else p.grad._value().reshape(-1))
        return np.concatenate(parts)

    def _values(self):
        return [p._value().copy() for p in self._parameters()]

    def _set(self, values, t, direction):
        """Move the parameters to ``values + t * direction``."""
        start = 0
        with no_grad():
            for p, x in zip(self._parameters(), values):
                step = direction[start : start + x.size].reshape(x.shape)
                p.copy_(x + t * step)
                start += x.size

    # --- steps --------------------------------------------------------------------------------------------

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Iterate until a tolerance or limit is met.

        Where an exception ends the step, also one of the closure, parameters and state are what they were before it.

        Parameters
        ----------
        closure : callable
            Clears the gradients, computes the loss and its gradients, and returns the loss.

        Returns
        -------
        object
            What the closure returned the first time: the loss before the step.

        Raises
        ------
        TypeError
            If there is no closure.
        """
        if closure is None:
            raise TypeError("LBFGS.step() missing 1 required positional argument: 'closure', which computes the loss anew")
        self._call(self._before_steps, closure)
        before = self._state_before()
        try:
            loss = self._iterate(enable_grad()(closure))
            self._call(self._after_steps, closure)
            return loss
        except BaseException:
            self._restore(*before)
            raise

    def _state_before(self):
        """The parameters, the memory of the method and the count of steps; the lists in the memory are changed in place."""
        memory = {k: [*v] if isinstance(v, list) else v for k, v in self._memory().items()}
        return self._values(), memory, self.steps

    def _restore(self, values, memory, steps):
        kept = self._memory()
        moved = [(p, wrap(x)) for p, x in zip(self._parameters(), values) if not np.array_equal(p._value(), x, equal_nan=True)]
        with no_grad():
            write_together(moved)
        commit([partial(kept.clear), partial(kept.update, memory), *assignments(self, steps=steps)])

    def _iterate(self, closure):
        self.steps += 1
        group, memory = self.param_groups[0], self._memory()
        first = closure()
        loss, evaluations = _number(first), 1
        memory["func_evals"] += 1
        gradient = self._gradient()
        if np.abs(gradient).max(initial=0.0) <= group["tolerance_grad"]:
            return first
        for iteration in range(1, group["max_iter"] + 1):
            memory["n_iter"] += 1
            direction = _direction(memory, gradient, group["history_size"])
            before = loss
            memory["prev_flat_grad"], memory["prev_loss"] = wrap(gradient.copy()), before
            t = group["lr"]
            if memory["n_iter"] == 1:
                t = min(1.0, 1.0 / float(np.abs(gradient).sum())) * t
            slope = float(gradient @ direction)
            if slope > -group["tolerance_change"]:
                memory["t"] = t
                break
            last = iteration == group["max_iter"]
            t, loss, gradient, tried = self._advance(
                closure, t, Point(0.0, loss, gradient, slope), direction, last, group["max_eval"] - evaluations
            )
            memory["t"] = t
            evaluations += tried
            memory["func_evals"] += tried
            small = np.abs(direction * t).max() <= group["tolerance_change"] or abs(loss - before) < group["tolerance_change"]
            flat = np.abs(gradient).max() <= group["tolerance_grad"]
            if last or evaluations >= group["max_eval"] or flat or small:
                break
        return first

    def _memory(self):
        """The state of the method, which is kept with the first parameter."""
        state = self.state[self.param_groups[0]["params"][0]]
        if not state:
            state.update(func_evals=0, n_iter=0, t=0.0, d=None, old_dirs=[], old_stps=[], ro=[], H_diag=1.0)
        return state

    def _advance(self, closure, t, start, direction, last, most):
        """Go along a direction. Returns the step, loss and gradient there, and how many losses were computed."""
        values = self._values()
        if self.param_groups[0]["line_search_fn"] is None:
            self._set(values, t, direction)
            if last:  # the loss would not be used
                return t, start.loss, start.gradient, 0
            loss = _number(closure())
            return t, loss, self._gradient(), 1

        def evaluate(t):
            self._set(values, t, direction)
            value = _number(closure())
            there = self._gradient()
            return Point(t, value, there, float(there @ direction))

        found, tried = strong_wolfe(evaluate, t, start, float(np.abs(direction).max()), most)
        self._set(values, found.t, direction)
        return found.t, found.loss, found.gradient, tried


def _is_count(value, n):
    return type(value) is int and value >= 0


def _is_number(value, n):
    return is_real(value) and math.isfinite(value)


def _is_vector(value, n):
    return isinstance(value, Tensor) and tuple(value.shape) == (n,) and value.dtype.kind == "f"


def _may_be_vector(value, n):
    return value is None or _is_vector(value, n)


def _are_vectors(values, n):
    return isinstance(values, list) and all(_is_vector(v, n) for v in values)


def _are_numbers(values, n):
    return isinstance(values, list) and all(_is_number(v, n) for v in values)


_FORMS = {  # of the state, for so many numbers in the parameters
    "func_evals": _is_count,
    "n_iter": _is_count,
    "t": _is_number,
    "d": _may_be_vector,
    "old_dirs": _are_vectors,
    "old_stps": _are_vectors,
    "ro": _are_numbers,
    "H_diag": _is_number,
}


def _direction(memory, gradient, history_size):
    """Minus the gradient times the approximate inverse Hessian: the two-loop recursion."""
    changes, steps, inverses = memory["old_dirs"], memory["old_stps"], memory["ro"]
    if memory["n_iter"] == 1:
        direction = -gradient
    else:
        y, s = gradient - memory["prev_flat_grad"]._value(), memory["d"]._value() * memory["t"]
        curvature = float(y @ s)
        if curvature > LEAST_CURVATURE:
            if len(changes) == history_size:
                for kept in (changes, steps, inverses):
                    kept.pop(0)
            changes.append(wrap(y))
            steps.append(wrap(s))
            inverses.append(1.0 / curvature)
            memory["H_diag"] = curvature / float(y @ y)
        direction = _two_loops(-gradient, [c._value() for c in changes], [s._value() for s in steps], inverses, memory["H_diag"])
    memory["d"] = wrap(direction)
    return direction


def _number(loss):
    """What a closure returned, as a float."""
    return loss.item() if isinstance(loss, Tensor) else float(loss)


def _two_loops(q, changes, steps, inverses, scale):
    factors = []
    for y, s, inverse in zip(reversed(changes), reversed(steps), reversed(inverses)):
        factors.append(float(s @ q) * inverse)
        q = q - factors[-1] * y
    r = q * scale
    for y, s, inverse, factor in zip(changes, steps, inverses, reversed(factors)):
        r = r + s * (factor - float(y @ r) * inverse)
    return r
