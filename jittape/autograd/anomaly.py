"""Anomaly detection: finds the line of the user's program whose derivative is not finite."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ..tape.schema import FLAGS, GRAD, LEAF, OP
from ..errors import AnomalyError
from ..kernels.kernel_table import OPERATIONS
from ..tape.tape import current
from ..tape.recording_state import Watched, state
from .row_inspection import operand_rows

if TYPE_CHECKING:
    from typing_extensions import Self


class set_detect_anomaly:
    """Switch anomaly detection on or off at once; as a context manager, restore the state at the end of the block.

    Recording then notes the user's source line of every row, and a sweep checks the adjoints after every row. This is several
    times slower, and meant for finding an error. What `compile` and `vmap` have made calls the functions themselves meanwhile, so
    that their lines are found. Derivatives of functions compiled by Numba are checked, but their lines cannot be found.

    Parameters
    ----------
    mode : bool
        Whether it is on.
    check_nan : bool, optional
        Look for nan and inf in the adjoints; otherwise only the lines are noted.

    Examples
    --------
    >>> import jittape as jt
    >>> x = jt.tensor(0.0, requires_grad=True)
    >>> with jt.autograd.detect_anomaly():
    ...     y = (x.sqrt() * 0.0)
    ...     y.backward()
    Traceback (most recent call last):
    ...
    jittape.errors.AnomalyError: Function 'SqrtBackward0' returned nan values in its 0th output...
    """

    def __init__(self, mode: bool, check_nan: bool = True) -> None:
        self._before = current()
        try:
            if mode:
                if self._before.recorder is not None:
                    state.set(Watched(self._before, check_nan=check_nan, finds_anomalies=True))
            elif self._before.watching:
                state.set(self._before.without(check_nan=False, finds_anomalies=False))
        except BaseException:  # an interrupt, after which there is no `__exit__`
            state.set(self._before)
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info: object) -> None:
        state.set(self._before)


class detect_anomaly(set_detect_anomaly):
    """Context manager that switches anomaly detection on; see `set_detect_anomaly`.

    Parameters
    ----------
    check_nan : bool, optional
        Look for nan and inf in the adjoints; otherwise only the source lines are noted.
    """

    def __init__(self, check_nan: bool = True) -> None:
        super().__init__(True, check_nan)


def is_anomaly_enabled() -> bool:
    """Whether anomaly detection is on.

    Returns
    -------
    bool
        As `set_detect_anomaly` or `detect_anomaly` have left it.
    """
    found = current()
    return found.watching and bool(found.finds_anomalies)


def watcher():
    """The function that a sweep calls after every row; None unless anomaly detection is on."""
    found = current()
    return _check if found.watching and found.check_nan else None


def _check(sweep, row):
    tape = sweep.tape
    if tape.columns[FLAGS][row] & LEAF:
        return
    operation = OPERATIONS[tape.columns[OP][row]]
    for k, a in enumerate(operand_rows(tape, row)):
        if not tape.columns[FLAGS][a] & GRAD:
            continue
        adjoint = sweep.adjoint(a)
        if adjoint is not None and not np.isfinite(adjoint).all():
            what = "nan" if np.isnan(adjoint).any() else "inf"
            where = tape.traces.get(row, "recorded before anomaly detection was switched on")
            name = operation.label(tape.statics.get(row)) if hasattr(operation, "label") else operation.grad_name
            text = f"Function '{name}' returned {what} values in its {k}th output. The operation was called here:\n  {where}"
            current().complain(AnomalyError(text))
