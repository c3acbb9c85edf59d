"""Blocks of ``with`` in which rows are looked at as they are recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..tape.recording_state import Watched, state
from ..tape.tape import current

if TYPE_CHECKING:
    from typing import Any

    from typing_extensions import Self


class WatchedBlock:
    """Watches while rows are recorded; can be entered again, also within itself.

    Parameters
    ----------
    **changes
        Of the recording state, see `Watched`.
    """

    def __init__(self, **changes: Any) -> None:
        self._changes, self._before = changes, []

    def __enter__(self) -> Self:
        self._before.append(current())
        if self._before[-1].recorder is not None:
            state.set(Watched(self._before[-1], **self._changes))
        return self

    def __exit__(self, *exc_info: object) -> None:
        state.set(self._before.pop())
