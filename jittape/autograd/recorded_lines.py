"""Lines of the user's program, recorded for pictures of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tape.recording_state import Watched, state
from ..tape.tape import current

if TYPE_CHECKING:
    from typing_extensions import Self


class record_lines:
    """Context manager in which rows are recorded with the user's source lines; `show` says them of nodes.

    What `compile` and `vmap` have made calls the functions themselves meanwhile. Recording takes ten times as long.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(2.0, requires_grad=True)
    >>> with jt.record_lines():
    ...     y = x.sin() * x
    >>> [node.about[-1].partition(": ")[2] for node in jt.show(y).nodes.values()][1:]
    ['y = x.sin() * x', 'y = x.sin() * x']
    """

    def __init__(self) -> None:
        self._before = []

    def __enter__(self) -> Self:
        self._before.append(current())
        if self._before[-1].recorder is not None:
            state.set(Watched(self._before[-1], keeps_lines=True))
        return self

    def __exit__(self, *exc_info: object) -> None:
        state.set(self._before.pop())
