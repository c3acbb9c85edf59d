"""Long loops differentiated with few stored states.

A loop of n steps runs without recording, and its state is kept at some steps. The sweep goes backwards over the parts between
them: each part runs again from its state, recorded, is swept, and its recording is dropped.

Reference: A. Griewank, Achieving logarithmic growth of temporal and spatial complexity in reverse automatic differentiation,
Optimization Methods and Software 1, 1992. The parts are equal here, not binomial.
"""

from __future__ import annotations

import copy
import math
from typing import TYPE_CHECKING

import numba
import numpy as np

from ...files.pickling import PickledByFunction
from ..compat import NumbaError
from .transform_backend import dispatcher_of, is_compiled, is_kept
from .error_messages import explained
from .reverse_mode import exact_pullback

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


class Checkpointed(PickledByFunction):
    """Loop ``state = step(state, k, *parameters)`` for k = 0, 1, ..., n - 1; see `checkpointed`.

    Parameters
    ----------
    step : Dispatcher
        The step, compiled by Numba.
    n : int
        Number of steps.
    states : int
        Number of states that are kept at one time.

    Attributes
    ----------
    step : Dispatcher
        The step.
    n : int
        Number of steps.
    states : int
        Number of states that are kept at one time.
    """

    is_native = True  # recognised by the transforms

    def __init__(self, step, n, states):
        self.step, self.n, self.states = step, n, states
        self.__name__ = f"checkpointed({step.__name__})"
        self._built_of = self._built = None

    def _loops(self):
        """The compiled loop over steps and its pullback, of the step as it is defined now."""
        inner = dispatcher_of(self.step)
        if inner is not self._built_of:
            self._built, self._built_of = self._build(inner), inner
        return self._built

    def _build(self, inner):
        def advance(state, first, last, parameters):
            for k in range(first, last):
                state = inner(state, k, *parameters)
            return state

        advance = numba.njit(advance, nogil=True)
        return advance, exact_pullback(advance, (0, 3), is_kept(self.step))

    def _advance(self, *args):
        return self._checked(self._loops()[0], *args)

    def _pull(self, *args):
        return self._checked(self._loops()[1], *args)

    def _made_of(self):
        return self.step, self.n, self.states

    def __repr__(self):
        return f"<jt.native.{self.__name__}, {self.n} steps, {self.states} states kept>"

    def __call__(self, state: Any, *parameters: Any) -> Any:
        """Run all steps.

        Parameters
        ----------
        state : float, ndarray or tuple
            The first state.
        *parameters : float or ndarray
            What the steps take besides.

        Returns
        -------
        float, ndarray or tuple
            The last state.
        """
        return self._advance(_own(state), 0, self.n, parameters)

    def vjp(self, state: Any, *parameters: Any) -> tuple[Any, Callable[..., Any]]:
        """Run all steps, and return the map from cotangents of the last state to those of the arguments.

        Parameters
        ----------
        state : float, ndarray or tuple
            The first state.
        *parameters : float or ndarray
            What the steps take besides.

        Returns
        -------
        state : float, ndarray or tuple
            The last state.
        pullback : callable
            ``pullback(state_bar)`` is a tuple: a cotangent for the first state and one for each parameter.
        """
        kept = []
        last = self._forward(_own(state), 0, self.n, parameters, kept)
        return last, lambda state_bar: _numeric(self._backward(kept, parameters, _marked(state_bar)))

    def transform(self, name: str, **options: Any) -> Callable[..., Any]:
        """Return a transform of this loop, for the transforms of ``jt``.

        Parameters
        ----------
        name : str
            Only "vjp".
        **options
            Of the transform.

        Returns
        -------
        callable
            The bound method `vjp`.

        Raises
        ------
        NotImplementedError
            If another transform is asked for.
        """
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
            state = self._advance(state, begin, end, parameters)
        return state

    def _backward(self, kept, parameters, state_bar):
        sums = None
        for begin, end, state in reversed(kept):
            state_bar, bars = self._pull_part(state, begin, end, parameters, state_bar)
            sums = bars if sums is None else tuple(map(_add, sums, bars))
        return (state_bar, *(sums or ()))

    def _pull_part(self, state, begin, end, parameters, state_bar):
        if end - begin <= self._recorded:
            return self._pull(_own(state), begin, end, parameters, state_bar)
        kept = []
        self._forward(_own(state), begin, end, parameters, kept)
        state_bar, *bars = self._backward(kept, parameters, state_bar)
        return state_bar, tuple(bars)

    @property
    def _recorded(self):
        """Number of steps that are recorded at one time, so that two levels of `states` states cover all n."""
        return max(1, math.ceil(self.n / self.states**2))

    def _checked(self, function, *args):
        try:
            return function(*args)
        except NumbaError as problem:
            raise explained("jt.native.checkpointed", self.step, args, problem) from None


def _own(state):
    """A copy: a step may write to the arrays of the state it gets."""
    return copy.deepcopy(state)


def _marked(bar):
    """A cotangent whose zeros are structural, as an exact pullback takes it (see `exact_pullback`)."""
    if isinstance(bar, tuple):
        return _in_tuple(_marked, bar)
    return np.where(bar == 0.0, -0.0, bar) if isinstance(bar, np.ndarray) else -0.0 if bar == 0.0 else bar


def _numeric(bar):
    """What an exact pullback answers, without structural zeros."""
    return _in_tuple(_numeric, bar) if isinstance(bar, tuple) else bar + 0.0


def _in_tuple(function, members):
    found = map(function, members)
    return tuple(found) if type(members) is tuple else type(members)(*found)


def _add(x, z):
    return tuple(map(_add, x, z)) if isinstance(x, tuple) else x + z


def _parts(first, last, count):
    """The steps from `first` to `last`, in `count` parts of nearly equal length."""
    bounds = np.linspace(first, last, min(count, last - first) + 1).astype(int).tolist()
    return list(zip(bounds[:-1], bounds[1:]))


def checkpointed(step: Callable[..., Any], n: int, states: int | None = None) -> Checkpointed:
    """Make a loop of n steps whose derivative takes the memory of few.

    Parameters
    ----------
    step : Dispatcher
        Compiled by Numba: ``step(state, k, *parameters)`` returns the next state, of the same types. The state is an array, a
        float, or a tuple of those; parameters are floats and arrays, all differentiated.
    n : int
        Number of steps.
    states : int, optional
        Number of states that are kept; by default the cube root of n, which balances states and recorded steps.

    Returns
    -------
    Checkpointed
        Call it for the last state; ``jt.vjp(loop, state, *parameters)`` differentiates.

    Raises
    ------
    TypeError
        If `step` is not compiled by Numba.
    ValueError
        If `n` or `states` is out of range.

    Notes
    -----
    Memory: ``2 * states`` states and the tape of ``n / states**2`` steps. Work: the steps run three times, one of them recorded,
    where the plain gradient runs them once, recorded.

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
