"""``python -m jittape``: what a report of a bug should say, and the cache of machine code."""

from __future__ import annotations

import argparse
import contextlib
import importlib.metadata
import os
import platform
import sys

from . import __version__, get_num_threads
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
    given = parser.parse_args(arguments)
    lines = information() if given.command == "info" else cleared() if given.action == "clear" else [cache_text()]
    print("\n".join(lines))
    return 0


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


if __name__ == "__main__":
    sys.exit(main())
