"""`explain`: what the library made of a function, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..native.derivatives.way_taken import explain as explain_native
from ..programs.calls.compiled import CompiledFunction
from ..transforms.backends import is_native

if TYPE_CHECKING:
    from typing import Any

    from ..native.derivatives.way_taken import Way
    from ..programs.calls.trace_reports import ProgramReport


def explain(function: Any, *args: Any, argnums: int | tuple[int, ...] = 0) -> ProgramReport | Way:
    """Return what the library made of a function: why it was traced, what was fused, which way its gradient takes.

    Parameters
    ----------
    function : CompiledFunction or Dispatcher
        What `jt.compile` has returned, or a function decorated with ``@njit``.
    *args
        Arguments. A compiled function is called with them first, if there are any; of a function of Numba's the types count.
    argnums : int or tuple of int, optional
        The differentiated arguments of a function of Numba's.

    Returns
    -------
    ProgramReport or Way
        Of `jt.compile`: for every trace why it was made, its rows, fused loops and memory, and the lines where Python looked at
        a value, so that another value may need another trace; and what keeps the function from being replayed. Of Numba's:
        see ``jt.native.explain``. Both can be printed, and have these as attributes.

    Raises
    ------
    TypeError
        For other functions.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> program = jt.compile(lambda x: np.sum(np.sin(x) * 2.0))
    >>> y = program(np.ones(3)), program(np.ones(4))
    >>> report = jt.explain(program)
    >>> [trace.why for trace in report.traces]
    ['argument 0: ndarray of shape [4], float64, before ndarray of shape [3], float64', 'the first call']
    """
    if isinstance(function, CompiledFunction):
        if args:
            function(*args)
        return function.report()
    if is_native(function):
        return explain_native(function, *args, argnums=argnums)
    name = getattr(function, "__name__", type(function).__name__)
    raise TypeError(
        f"jt.explain: got {name}, which runs as it is and leaves rows on a tape, expected what jt.compile or @njit returned; "
        f"jt.show(function, *args) draws its rows"
    )
