"""Which way the gradient of a compiled function is computed, for users who want to know."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numba

from ..compat import Dispatcher
from ..compilation.definitions import current
from ..loops.loop_gradients import structured
from .gradient_dispatchers import way_of

if TYPE_CHECKING:
    from typing import Any


class Way(NamedTuple):
    """How a gradient is computed.

    Attributes
    ----------
    way : str
        "adjoint", "tape" or "tangents".
    reason : str
        What decided: for the tape, the construct that the adjoint does not take, with its line.
    """

    way: str
    reason: str


def explain(function: Any, *args: Any, argnums: int | tuple[int, ...] = 0) -> Way:
    """Return how ``jt.grad``, ``jt.value_and_grad`` and ``jt.vjp`` of a compiled function compute their answer.

    There are three ways. The *adjoint* is code made of the function's own statements: it runs them, saves what it has to, and
    runs them backwards. It takes loops over ranges and arrays, ``while``, ``break`` and early returns, branches, numbers, arrays
    of float64 with slices, expressions, sums and products of whole arrays, functions of these, and several results. The *tape*
    takes everything, and costs more time and memory. *Tangents* are for functions of a few numbers.

    Parameters
    ----------
    function : Dispatcher
        A function decorated with ``@njit``.
    *args
        Arguments that it would be called with; only their types count.
    argnums : int or tuple of int, optional
        The differentiated arguments, as `jt.grad` takes them.

    Returns
    -------
    Way
        The way and the reason for it.

    Raises
    ------
    TypeError
        If the function is not compiled by Numba.

    Examples
    --------
    >>> import numba, numpy as np, jittape as jt
    >>> @numba.njit
    ... def norm2(x):
    ...     total = 0.0
    ...     for i in range(len(x)):
    ...         total += x[i] * x[i]
    ...     return total
    >>> jt.native.explain(norm2, np.ones(3))
    Way(way='adjoint', reason='all of it is structured')
    """
    if not isinstance(function, Dispatcher):
        raise TypeError(f"jt.native.explain: got {type(function).__name__}, expected a function decorated with @njit")
    numbers = tuple(argnums) if isinstance(argnums, (tuple, list)) else (argnums,)
    count = function.py_func.__code__.co_argcount
    kinds, numbers = tuple(map(numba.typeof, args)), tuple(k % count for k in numbers)
    return Way(*way_of(current(function), kinds, numbers, program_of=structured))
