"""Solutions between the ends of steps, and whole solutions as one row of a tape."""

import numpy as np

from ..errors import NotSolvedError, TraceError
from ..ops.operation_table import raw
from ..ops.shape_functions import reshape
from ..ops.split_and_stack import cat
from ..tensors.tensor import Tensor
from ..transforms.checkpointing import Checkpoint


class Interpolation:
    """The solution as a function of time, with derivatives, in the place of ``scipy.integrate.OdeSolution``.

    Parameters
    ----------
    values_at : callable
        Answers the solution at an array of times in the direction of the integration.
    ends : ndarray
        Where steps begin and end.

    Attributes
    ----------
    ts : ndarray
        Where steps begin and end.
    t_min, t_max : float
        The first and the last of them.
    """

    def __init__(self, values_at, ends):
        self._values_at, self.ts = values_at, ends
        self.t_min, self.t_max = float(min(ends[0], ends[-1])), float(max(ends[0], ends[-1]))

    def __call__(self, t):
        """The solution at one time, of shape (n,), or at some, of shape (n, times): an integration with known steps.

        Parameters
        ----------
        t : float or array
            The times.

        Returns
        -------
        array
            The solution.
        """
        t = t if isinstance(t, Tensor) else np.asarray(t, float)
        if np.ndim(t) == 0:
            return self._values_at(reshape(t, (1,)))[:, 0]
        order = np.argsort(raw(t) * np.sign(self.ts[-1] - self.ts[0]), kind="stable")
        rounds = _rounds(raw(t), order)
        values = cat([self._values_at(t[chosen]) for chosen in rounds], 1)
        return values[:, np.argsort(np.concatenate(rounds), kind="stable")]


def _rounds(times, order):
    """Places of times in order, split so that no time is twice in a part."""
    is_new = np.diff(times[order], prepend=np.nan) != 0.0
    place = np.arange(len(order))
    occurrence = place - np.maximum.accumulate(np.where(is_new, place, 0))
    return [order[occurrence == k] for k in range(occurrence.max(initial=0) + 1)]


def solution_in_a_trace(name, solve, arguments, times, has_events):
    """The solution where a program is traced or batched, as one row, which solves the problem each time.

    Parameters
    ----------
    name : str
        Of the function that was called.
    solve : callable
        ``solve(*arguments)`` answers the result for other numbers.
    arguments : tuple
        What it depends on.
    times : array or None
        Where the solution is wanted.
    has_events : bool
        Whether there are events.

    Returns
    -------
    array
        The solution at these times.

    Raises
    ------
    TraceError
        If its shape is not known before.
    """
    if times is None or has_events:
        raise TraceError(
            f"jt.{name}: how many steps and events there are depends on values: in jt.compile and jt.vmap pass t_eval, and no "
            "events"
        )

    def solution(*arguments):
        found = solve(*arguments)
        if found.status < 0:
            raise NotSolvedError(f"jt.{name}: the integration failed: {found.message}")
        return found.y

    return Checkpoint(solution)(*arguments)
