"""Long loops differentiated with few stored states.

A loop of n steps is run without recording and its state kept at some steps.  The sweep goes backwards over the parts
between them: each is run again from its state, recorded, swept, and forgotten.

Source of the idea: A. Griewank, Achieving logarithmic growth of temporal and spatial complexity in reverse automatic
differentiation, Optimization Methods and Software 1, 1992; the parts here are equal, not binomial.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import numba
import numpy as np

from ..compat import NumbaError
from .transform_backend import dispatcher_of, is_compiled, is_kept
from .error_messages import explained
from .reverse_mode import pullback

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Checkpointed:
    """A loop ``state = step(state, k, *parameters)`` for k = 0, 1, ..., n - 1; see `checkpointed`.

    Attributes
    ----------
    step : Dispatcher
    n : int
    states : int
        States that are kept at one time.
    """

    is_native = True  # what the transforms look for

    def __init__(self, step, n, states):
        self.step, self.n, self.states = step, n, states
        self.__name__ = f"checkpointed({step.__name__})"
        inner = dispatcher_of(step)

        def advance(state, first, last, parameters):
            for k in range(first, last):
                state = inner(state, k, *parameters)
            return state

        self._advance = numba.njit(advance, nogil=True)
        self._pull = pullback(self._advance, (0, 3), is_kept(step))

    def __repr__(self):
        return f"<jt.native.{self.__name__}, {self.n} steps, {self.states} states kept>"

    def __call__(self, state: Any, *parameters: Any) -> Any:
        """The state after all steps."""
        return self._checked(self._advance, _own(state), 0, self.n, parameters)

    def vjp(self, state: Any, *parameters: Any) -> tuple[Any, Callable[..., Any]]:
        """The last state, and the map of its cotangent to those of the first state and of the parameters.

        Returns
        -------
        state, pullback
            ``pullback(state_bar)`` is a tuple, one cotangent for the state and one a parameter.
        """
        kept = []
        last = self._forward(_own(state), 0, self.n, parameters, kept)
        return last, lambda state_bar: self._backward(kept, parameters, state_bar)

    def transform(self, name, **options):
        """``jt.vjp`` of this loop; it has no other derivative."""
        if name != "vjp" or options.get("has_aux"):
            raise NotImplementedError(
                f"jt.{name} of {self.__name__}: its derivative is jt.vjp(loop, state, *parameters), for the cotangent of the "
                "last state"
            )
        return self.vjp

    def _forward(self, state, first, last, parameters, kept):
        """Run steps and keep the states at the beginnings of equal parts."""
        for begin, end in _parts(first, last, self.states):
            kept.append((begin, end, _own(state)))
            state = self._checked(self._advance, state, begin, end, parameters)
        return state

    def _backward(self, kept, parameters, state_bar):
        sums = None
        for begin, end, state in reversed(kept):
            state_bar, bars = self._pull_part(state, begin, end, parameters, state_bar)
            sums = bars if sums is None else tuple(map(_add, sums, bars))
        return (state_bar, *(sums or ()))

    def _pull_part(self, state, begin, end, parameters, state_bar):
        if end - begin <= self._recorded:
            return self._checked(self._pull, (_own(state), begin, end, parameters), state_bar)
        kept = []
        self._forward(_own(state), begin, end, parameters, kept)
        state_bar, *bars = self._backward(kept, parameters, state_bar)
        return state_bar, tuple(bars)

    @property
    def _recorded(self):
        """Steps that are recorded at one time: with the states of one level, n is covered by two levels."""
        return max(1, math.ceil(self.n / self.states**2))

    def _checked(self, function, *args):
        try:
            return function(*args)
        except NumbaError as problem:
            raise explained("jt.native.checkpointed", self.step, args, problem) from None


def _own(state):
    """A copy: a step may write to the arrays of the state it gets."""
    return copy.deepcopy(state)


def _add(x, z):
    return tuple(map(_add, x, z)) if isinstance(x, tuple) else x + z


def _parts(first, last, count):
    """The steps from first to last in so many parts of nearly equal length."""
    bounds = np.linspace(first, last, min(count, last - first) + 1).astype(int).tolist()
    return list(zip(bounds[:-1], bounds[1:]))


def checkpointed(step: Callable[..., Any], n: int, states: int | None = None) -> Checkpointed:
    """A loop of n steps whose derivative takes the memory of few.

    Parameters
    ----------
    step : Dispatcher
        Compiled by Numba: ``step(state, k, *parameters)`` returns the next state, of the same types. The state is an
        array, a float, or a tuple of those; parameters are floats and arrays, all differentiated.
    n : int
        Number of steps.
    states : int, optional
        States that are kept; by default the cube root of n, which balances states and recorded steps.

    Returns
    -------
    Checkpointed
        Call it for the last state; ``jt.vjp(loop, state, *parameters)`` differentiates.

    Notes
    -----
    Memory: ``2 * states`` states and the tape of ``n / states**2`` steps. Work: the steps are run three times, once
    of it recorded, where the plain gradient runs them once, recorded.

    Examples
    --------
    >>> import jittape as jt, numba
    >>> @numba.njit
    ... def step(x, k, rate):
    ...     return x + rate * x * (1.0 - x)
    >>> loop = jt.native.checkpointed(step, 1000)
    >>> last, pull = jt.vjp(loop, 0.5, 0.01)
    >>> bool(abs(last - 1) < 1e-4)
    True
    """
    if not is_compiled(step):
        raise TypeError(f"jt.native.checkpointed: got {type(step).__name__}, expected a function compiled by Numba (@njit)")
    if not isinstance(n, int) or n < 0:
        raise ValueError(f"jt.native.checkpointed: got n={n!r}, expected a number of steps")
    if states is None:
        states = max(1, round(n ** (1 / 3)))
    if not isinstance(states, int) or states < 1:
        raise ValueError(f"jt.native.checkpointed: got states={states!r}, expected at least 1")
    return Checkpointed(step, n, states)
