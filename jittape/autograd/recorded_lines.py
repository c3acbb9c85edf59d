"""Lines of the user's program, recorded for pictures of it."""

from __future__ import annotations

from .watched_blocks import WatchedBlock


class record_lines(WatchedBlock):
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
        super().__init__(keeps_lines=True)
