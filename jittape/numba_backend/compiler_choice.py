"""Which compiler compiles the library's functions: one of its own, or Numba's as it stands.

The library's own (``pipeline``) takes Numba's compiler apart, so that a first gradient takes a third of the time, and with it
private parts of Numba that any release may change.  Numba's own pipeline (``numba_pipeline``) gives the same results at the same
steady speed.  It is used where somebody asks for it, and with every Numba that is newer than the newest one that the library was
tested with.

Set ``JITTAPE_COMPILER`` in the environment, before the first import, to ``numba`` or to ``jittape`` to choose.  Machine code of
both lies in the same directory and is never taken for one another's.
"""

# ruff: noqa: F401  (names for the other modules)

import os
import re
import sys

import numba
from numba.core import config

# The tested range; `pyproject.toml` and `.ci/oldest.txt` say the same (tests/test_compiler_choice.py).  Patch releases of a
# tested series count as tested.
OLDEST_TESTED, NEWEST_TESTED = "0.62.0", "0.68.1"

OWN, STOCK = "jittape", "numba"
VARIABLE = "JITTAPE_COMPILER"


def series(version):
    """The first two numbers of a version: (0, 68) of "0.68.1" and of "0.68.0rc1"."""
    return tuple(int(number) for number in re.findall(r"\d+", version)[:2])


def choose(installed, wanted):
    """The compiler to use, and what the user has to know about it.

    Parameters
    ----------
    installed : str
        The version of Numba.
    wanted : str or None
        What the environment asks for.

    Returns
    -------
    compiler : str
        "jittape" or "numba".
    warning : str
        One line, "" if there is nothing to say.
    """
    if wanted:
        if wanted not in (OWN, STOCK):
            raise ValueError(f"{VARIABLE}={wanted!r}: expected {OWN!r} or {STOCK!r}; without it the library chooses by itself")
        return wanted, ""
    if series(installed) <= series(NEWEST_TESTED):
        return OWN, ""
    return STOCK, (
        f"jittape: Numba {installed} is newer than the newest tested, {NEWEST_TESTED}: compiling with Numba's own pipeline, "
        f"three times as long on first use. {VARIABLE}={OWN} insists on the library's pipeline, {VARIABLE}={STOCK} is quiet."
    )


JIT = not config.DISABLE_JIT  # or all runs as plain Python

COMPILER, _warning = choose(numba.__version__, os.environ.get(VARIABLE))
if _warning and JIT and sys.stderr is not None and not os.environ.get("JITTAPE_QUIET"):
    print(_warning, file=sys.stderr)

# Options that decorators give to Numba, by who calls the function, and what else depends on the compiler.
if COMPILER == OWN:
    from .pipeline import (
        BY_ADDRESS,
        ENTRY,
        FROM_PYTHON,
        IN_CALLERS,
        PARTS,
        WITHOUT_WRAPPER,
        function_of,
        library_from_disk,
        link_into,
        link_only,
    )
else:
    from .numba_pipeline import (
        BY_ADDRESS,
        ENTRY,
        FROM_PYTHON,
        IN_CALLERS,
        PARTS,
        WITHOUT_WRAPPER,
        function_of,
        library_from_disk,
        link_into,
        link_only,
    )
