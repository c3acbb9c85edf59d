"""`debug`: values that are not numbers are reported where they arise, on the way forward and on the way back."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import numpy as np

from ..errors import AnomalyError
from ..kernels.kernel_table import OPERATIONS
from ..tape.schema import OP
from .row_inspection import operand_rows
from .watched_blocks import WatchedBlock

if TYPE_CHECKING:
    from typing import Any


class debug(WatchedBlock):
    """Context manager that reports the operation and the user's line where a nan arises.

    A value is reported if it has a nan and no operand has one, an adjoint if it is not finite, as `detect_anomaly` does. What
    `compile` and `vmap` have made calls the functions themselves meanwhile, so that their lines are found; derivatives of
    functions compiled by Numba are checked as a whole. Recording takes ten times as long.

    Parameters
    ----------
    nan : {"raise", "print"}
        Whether to raise `AnomalyError` at once, or to print every finding once to standard error and go on.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor([1.0, -1.0], requires_grad=True)
    >>> with jt.debug():
    ...     y = x.log() * 2.0
    Traceback (most recent call last):
    ...
    jittape.errors.AnomalyError: log made a nan of operands that have none...
    """

    def __init__(self, nan: str = "raise") -> None:
        if nan not in ("raise", "print"):
            raise ValueError(f"jt.debug: got nan={nan!r}, expected 'raise' or 'print'")
        super().__init__(check_nan=True, finds_anomalies=True, debugger=self)
        self._prints, self._said = nan == "print", set()

    def complain(self, error: Exception) -> None:
        """Raise or print what was found.

        Parameters
        ----------
        error : Exception
            What was found.

        Raises
        ------
        AnomalyError
            If that was asked for.
        """
        if not self._prints:
            raise error
        if str(error) not in self._said:
            self._said.add(str(error))
            print(f"jittape: {error}", file=sys.stderr)

    def look_at(self, watched: Any, tape: Any, row: int) -> None:
        """Look at the value of a new row.

        Parameters
        ----------
        watched : Watched
            The recording state.
        tape : Tape
            The tape.
        row : int
            The row.
        """
        if _has_nan(tape, row) and not any(_has_nan(tape, int(a)) for a in operand_rows(tape, row)):
            name = OPERATIONS[tape.columns[OP][row]].name
            watched.complain(
                AnomalyError(f"{name} made a nan of operands that have none. It was called here:\n  {tape.traces[row]}")
            )


def _has_nan(tape, row):
    value = tape.array(row)
    return value.dtype.kind in "fc" and bool(np.isnan(value).any())
