"""How many processes a run uses: all processors for a run of everything, where pytest-xdist is installed.

Files of tests are not divided, because tests of one file share what is compiled. ``-n 0`` makes a run in one process.
"""

import os

import pytest
from sampling import CHOICE

__all__ = ["pytest_cmdline_main", "pytest_configure_node"]
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config):
    """Ask for processes, each of which computes with one thread: the pools of BLAS and PyTorch would wait for each other.

    Processes of pytest-xdist come through here too, without the option: they must not start any.
    """
    options, everything = config.option, config.args_source == config.ArgsSource.TESTPATHS
    if not everything or not config.pluginmanager.hasplugin("xdist") or hasattr(config, "workerinput"):
        return
    if options.numprocesses is None and not options.usepdb and not options.collectonly:
        options.numprocesses, options.dist = os.cpu_count(), "loadfile"
        os.environ.update(ONE_THREAD)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node):
    """Hand the seed to a process: all have to make the same choice of tests."""
    node.workerinput["seed"] = CHOICE.seed
