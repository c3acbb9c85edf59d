"""``python -m jittape``: what a report of a bug should say, the cache of machine code, and its making ahead of use."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import platform
import sys

from . import __version__, get_num_threads, precompile
from .numba_backend.compiler_choice import BY_ADDRESS
from .numba_backend.disk_cache import OWN_FILE, cache_directory
from .numba_backend.processor import processor_text

PACKAGES = ("numba", "llvmlite", "numpy", "scipy", "torch", "jax", "autograd")
VARIABLES = ("JITTAPE_", "NUMBA_", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def main(arguments: list[str] | None = None) -> int:
    """Run a command.

    Parameters
    ----------
    arguments : list of str, optional
        As on the command line, which is the default.

    Returns
    -------
    int
        The exit status.
    """
    parser = argparse.ArgumentParser(prog="python -m jittape", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("info", help="versions, machine and settings, to be put into a report of a bug")
    cache = commands.add_parser("cache", help="where machine code is kept, and how much; `clear` removes it")
    cache.add_argument("action", nargs="?", choices=["clear"])
    ahead = commands.add_parser("precompile", help="compile now what first uses would have to wait for")
    ahead.add_argument("operations", nargs="*", help="names of operations, such as sin or matmul; all where none is named")
    ahead.add_argument("--dtype", action="append", choices=["float64", "float32"], help="of the operands; float64 by default")
    given = parser.parse_args(arguments)
    try:
        print("\n".join(_ANSWERS[given.command](given)))
    except ValueError as error:
        parser.error(str(error))
    return 0


def compiled_ahead(given: argparse.Namespace) -> list[str]:
    """Compile ahead of use; says how much."""
    before = os.environ.get("JITTAPE_QUIET")
    os.environ["JITTAPE_QUIET"] = "1"  # the bar says more
    try:
        number = precompile(given.operations or None, given.dtype or ("float64",))
    finally:
        os.environ["JITTAPE_QUIET"] = before or ""
    return [f"{number} kernels and parts of the engine are compiled", cache_text()]


def about_the_cache(given: argparse.Namespace) -> list[str]:
    """What is in the cache, or what was removed from it."""
    return cleared() if given.action == "clear" else [cache_text()]


def information() -> list[str]:
    """Lines of name and value: versions, machine, compiler, settings."""
    about = {
        "jittape": __version__,
        "python": f"{platform.python_version()} ({platform.python_implementation()}, {sys.executable})",
        **{name: version for name in PACKAGES if (version := _version_of(name))},
        "machine": f"{platform.platform()}, {platform.machine()}, {os.cpu_count()} processors",
        "processor": processor_text(),
        "compiler": "jittape's pipeline" if BY_ADDRESS else "Numba's public decorators",
        "threads": str(get_num_threads()),
        "cache": cache_text(),
        **{name: value for name, value in sorted(os.environ.items()) if name.startswith(VARIABLES)},
    }
    return [f"{name:10s} {value}" for name, value in about.items()]


def _version_of(package):
    with contextlib.suppress(importlib.metadata.PackageNotFoundError):
        return importlib.metadata.version(package)
    return None


def _own_files():
    with contextlib.suppress(OSError), os.scandir(cache_directory()) as entries:
        yield from (entry for entry in entries if OWN_FILE.search(entry.name) and entry.is_file(follow_symlinks=False))


def cache_text() -> str:
    """Where the cache is, and what is in it."""
    sizes = [entry.stat().st_size for entry in _own_files()]
    return f"{cache_directory()}: {len(sizes)} files, {sum(sizes) / 1e6:.1f} MB"


def cleared() -> list[str]:
    """Remove the files of the cache; processes that run keep what they have loaded, later ones compile again."""
    number = size = 0
    for entry in _own_files():
        with contextlib.suppress(OSError):
            found = entry.stat().st_size
            os.unlink(entry.path)
            number, size = number + 1, size + found
    return [f"{cache_directory()}: removed {number} files, {size / 1e6:.1f} MB"]


_ANSWERS = {"info": lambda given: information(), "cache": about_the_cache, "precompile": compiled_ahead}

if __name__ == "__main__":
    sys.exit(main())
