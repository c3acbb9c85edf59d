"""Functions that write their results into arguments, as functions that return them."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING

import numba
from numba import types

from ..compat import Dispatcher
from ..compilation.compile_cached import overloaded
from ...numba_backend.kept_with_functions import kept_by_function

if TYPE_CHECKING:
    from typing import Any


@overloaded
def answer(value, outputs):
    """What the function returns, and what it has written."""
    if isinstance(value, types.NoneType):
        return (lambda value, outputs: outputs[0]) if len(outputs) == 1 else (lambda value, outputs: outputs)
    return lambda value, outputs: (value,) + outputs


def _on_copies(function, places):
    """The function ``args -> (value, outputs)``, which calls a function with copies of the arguments at some places."""
    if not places:

        def called(*args):
            return function(*args), ()

        return numba.njit(called)
    place, inner = places[0], _on_copies(function, places[1:])
    after = place + 1  # Numba takes parts of tuples by constants

    def on_a_copy(*args):
        output = args[place].copy()
        value, outputs = inner(*(args[:place] + (output,) + args[after:]))
        return value, (output,) + outputs

    return numba.njit(on_a_copy)


def with_outputs(function: Any, out_argnums: int | tuple[int, ...] = 0) -> Any:
    """Return a compiled function that returns the arrays which another one writes to.

    Many compiled functions get an array for their results: ``f(dst, src)`` fills ``dst`` and returns None. Every transform takes
    the function that is made of it here, with the same arguments: its results are the arrays as they are afterwards, and what
    the function returns before them, if that is not None. It writes to copies, so the arrays that are passed in stay as they
    are; what they hold is read, and has derivatives, if the function adds to it.

    Parameters
    ----------
    function : Dispatcher
        A function decorated with ``@njit``, all of whose parameters have a position.
    out_argnums : int or tuple of int, optional
        The arguments that are written to, counted from the front. They are arrays of floats.

    Returns
    -------
    Dispatcher
        A compiled function of the same arguments, by position. It returns the array, or a tuple of arrays in the order of
        `out_argnums`; ``(value, array, ...)`` if the function returns a value.

    Raises
    ------
    TypeError
        If the function is not compiled by Numba, or `out_argnums` are not numbers of its arguments.

    See Also
    --------
    call : A compiled function in a program of Tensors.

    Notes
    -----
    A call costs one copy of every array that is written to. Work arrays, which a function of one number fills on the way, are
    written to in the same manner: ``jt.value_and_grad(with_outputs(f, 1), has_aux=True)(x, work)`` returns
    ``((value, work), gradient)``.

    Examples
    --------
    >>> import numba, numpy as np, jittape as jt
    >>> @numba.njit
    ... def squares(dst, src):
    ...     for i in range(len(src)):
    ...         dst[i] = src[i] * src[i]
    >>> g = jt.native.with_outputs(squares, out_argnums=0)
    >>> jt.jacobian(g, argnums=1)(np.zeros(2), np.array([1.0, 3.0]))
    array([[2., 0.],
           [0., 6.]])
    """
    places = out_argnums if isinstance(out_argnums, tuple) else (out_argnums,)
    _check(function, out_argnums, places)
    return _returning(function, places)


@kept_by_function
def _returning(function, places):
    """The function of compiled code that returns what the function writes to its arguments in some places."""
    inner = _on_copies(function, places)

    def outputs(*args):
        value, written = inner(*args)
        return answer(value, written)

    outputs.__name__ = function.__name__
    outputs.__qualname__ = function.py_func.__qualname__
    outputs.__doc__ = function.__doc__
    return numba.njit(outputs)


def _check(function, out_argnums, places):
    if not isinstance(function, Dispatcher):
        raise TypeError(
            f"with_outputs: got a {type(function).__name__}, expected a function decorated with @njit: a Python function can "
            "return what it writes"
        )
    count = len(inspect.signature(function).parameters)
    fits = [isinstance(k, int) and not isinstance(k, bool) and 0 <= k < count for k in places]
    if not places or not all(fits) or len(set(places)) < len(places):
        raise TypeError(
            f"with_outputs: got out_argnums={out_argnums!r}, expected different numbers of the {count} arguments of "
            f"{function.__name__}, counted from the front"
        )
