"""`check_value_parity`: a function computes the same however it is called."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

import numpy as np

from .errors import ParityError
from .programs.calls.compiled import compile as traced
from .tensors.tensor import Tensor
from .transforms import vjp
from .transforms.backends import is_native
from .transforms.pytrees import flatten, paths

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any


def check_value_parity(function: Callable[..., Any], *args: Any, rtol: float = 1e-9, atol: float = 1e-12) -> bool:
    """Compare what a function returns for plain arrays with what it returns in each way of differentiating it.

    Parameters
    ----------
    function : callable
        Takes floats, arrays and trees of them, and returns such; written with NumPy's functions, or compiled by Numba.
    *args
        Its arguments. Every run gets copies.
    rtol, atol : float, optional
        Tolerances, relative and absolute: sums may be taken in another order.

    Returns
    -------
    bool
        True; a difference raises.

    Raises
    ------
    ParityError
        If a result has another form, shape, dtype or value than on plain arrays; the message names the way and the worst entry.

    Notes
    -----
    The ways are recording (what `grad` and its kin do), the program of `compile` in its first call and in a replay, and of
    functions compiled by Numba the function itself without compilation, and the copy that is differentiated. A test of a model
    that says this first knows that its gradients are gradients of the right function.

    Examples
    --------
    >>> import jittape as jt, numpy as np
    >>> jt.check_value_parity(lambda x: np.sort(x)[::2] * x.std(), np.array([3.0, 1.0, 2.0]))
    True
    """
    plain = function(*copy.deepcopy(args))
    for way, run in _ways(function, args).items():
        _compare(way, plain, run(), rtol, atol)
    return True


def _ways(function, args):
    def recorded():  # as auxiliary data, which may be of any dtype
        return vjp(lambda *given: (0.0, function(*given)), *copy.deepcopy(args), has_aux=True)[2]

    def differentiated():
        return vjp(function, *copy.deepcopy(args))[0]

    if is_native(function):
        return {
            "the differentiated copy": differentiated,
            "the function without Numba": lambda: function.py_func(*copy.deepcopy(args)),
        }
    program = traced(function)
    return {
        "the recorded function": recorded,
        "the first call of the program": lambda: program(*copy.deepcopy(args)),
        "the replay of the program": lambda: program(*copy.deepcopy(args)),
    }


def _compare(way, plain, other, rtol, atol):
    (expected, form), (found, other_form) = flatten(plain), flatten(other)
    if form != other_form:
        raise ParityError(f"{way} returns {other_form}, expected {form} as on plain arrays")
    for path, a, b in zip(paths(form), expected, found):
        a, b = (np.asarray(v._value() if isinstance(v, Tensor) else v) for v in (a, b))
        where = f"{way}: result{path}"
        if a.shape != b.shape or a.dtype != b.dtype:
            raise ParityError(f"{where} is {b.dtype}{list(b.shape)}, expected {a.dtype}{list(a.shape)} as on plain arrays")
        if a.dtype.kind not in "fc":
            close = a == b
        else:
            close = np.isclose(b, a, rtol=rtol, atol=atol, equal_nan=True)
        if not np.all(close):
            k = np.unravel_index(int(np.argmin(close)), a.shape)
            raise ParityError(f"{where}{list(map(int, k)) or ''} is {b[k].item()!r}, expected {a[k].item()!r} as on plain arrays")
