"""`precompile`: machine code is made ahead of the first use, as in the making of an image or before jobs are started."""

from __future__ import annotations

import sys
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .dtypes import as_dtype, is_differentiable
from .errors import DTypeError
from .kernels.kernel_table import OPERATIONS
from .ops.declare_elementwise import Elementwise
from .ops.declare_structured import Structured
from .ops.domains import Domain
from .ops.operation_table import BY_NAME
from .programs.batches.vmap import vmap
from .programs.calls.compiled import compile as traced
from .transforms import grad, hvp, jacfwd, jacobian, value_and_grad

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

WIDTH = 24


def precompile(
    operations: Sequence[str] | None = None, dtypes: Sequence[Any] = ("float64",), *, progress: bool | None = None
) -> int:
    """Compile what first uses would have to wait for, and keep it on disk, so that later processes load it.

    Parameters
    ----------
    operations : sequence of str, optional
        Names of rows (``"sin"``, ``"matmul"``), as pictures and printed tapes say them; by default all. The engine is compiled in
        any case.
    dtypes : sequence of dtype, optional
        For which operands.
    progress : bool, optional
        Whether to draw a line with a bar on standard error; by default on a terminal.

    Returns
    -------
    int
        How many kernels and parts of the engine there are now.

    Raises
    ------
    ValueError
        If there is no operation of a name, or a dtype has no derivatives.

    Notes
    -----
    All operations of one dtype take some minutes of one core where nothing was compiled before, and seconds afterwards; an
    operation takes some tenths of a second. ``python -m jittape precompile`` does the same. Derivatives of functions compiled by
    Numba are kept with these, where they are declared with ``cache=True``.

    Examples
    --------
    >>> import jittape as jt
    >>> jt.precompile(["sin", "mul"]) > 5
    True
    """
    unknown = [name for name in operations or () if name not in BY_NAME]
    if unknown:
        raise ValueError(f"jt.precompile: got {unknown[0]!r}, expected names of operations, such as {sorted(BY_NAME)[::60]}")
    dtypes = [as_dtype(dtype) for dtype in dtypes]
    for dtype in dtypes:
        if not is_differentiable(dtype):
            raise ValueError(f"jt.precompile: got dtype {dtype}, expected float64, float32, complex128 or complex64")
    jobs = [(f"engine, {dtype}", partial(_use_the_engine, dtype)) for dtype in dtypes if dtype.kind == "f"]
    wanted = OPERATIONS if operations is None else [BY_NAME[name] for name in dict.fromkeys(operations)]
    jobs += [job for dtype in dtypes for operation in wanted for job in _kernels_of(operation, dtype)]
    shows = sys.stderr is not None and sys.stderr.isatty() if progress is None else progress
    for k, (name, make) in enumerate(jobs):
        if shows:
            _draw(k, len(jobs), name)
        make()
    if shows:
        _draw(len(jobs), len(jobs), "done\n")
    return len(jobs)


def _draw(k, n, name):
    filled = WIDTH * k // max(n, 1)
    print(f"\r\033[K[{'#' * filled}{'.' * (WIDTH - filled)}] {k}/{n} {name}", end="", file=sys.stderr, flush=True)


def _kernels_of(operation, dtype):
    """(name, call) of each kernel of an operation."""
    if isinstance(operation, Elementwise):
        try:
            operation.body_for(dtype)
        except DTypeError:
            return
        known = 0 if operation.partials_for(dtype) is None else operation.arity
        parts = [("forward", 0), *(("partial", k) for k in range(known)), *([("scalar", 0)] if known else [])]
        make = operation.provide
    elif isinstance(operation, Structured) and _is_of_complex(operation) == (dtype.kind == "c"):
        parts, make = operation.kernels, operation.kernel_address
    else:
        return
    for part, k in parts:
        yield f"{operation.name}, {part}, {dtype}", partial(make, part, k, dtype)


def _is_of_complex(operation):
    """Whether kernels take complex operands; a domain stands for all operands, or there is one for each."""
    first = operation.domain if isinstance(operation.domain, Domain) else operation.domain[0]
    return first.is_complex


def _use_the_engine(dtype):
    """Recording, sweeps of every kind, programs and batches, on few numbers."""
    x, a = np.linspace(0.5, 1.0, 3, dtype=dtype), np.eye(3, dtype=dtype)

    def function(x):
        y = x * 2.0
        y[1:] = y[:-1] + x[0]
        return (a @ y).sum() * y[0]

    for transform in (grad, jacobian, jacfwd):
        transform(function)(x)
    hvp(function, x, x)
    program = traced(value_and_grad(function))
    program(x), program(x), vmap(grad(function))(np.stack([x, x]))
