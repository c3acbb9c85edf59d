"""``python -m jittape``."""

import os
import subprocess
import sys

import numba
import numpy as np
import pytest

import jittape as jt
from jittape.__main__ import main
from jittape.numba_backend import disk_cache


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """A cache of two files of the library's and one of somebody else's."""
    monkeypatch.setattr(numba.core.config, "CACHE_DIR", str(tmp_path))
    directory = tmp_path / "jittape"
    directory.mkdir()
    for name, size in (
        ("sweep-0123456789abcdef01234567.nbc", 1_000_000),
        ("add-89abcdef0123456701234567.nbc", 500_000),
        ("notes", 7),
    ):
        (directory / name).write_bytes(b"x" * size)
    assert disk_cache.cache_directory() == str(directory)
    return directory


def test_information(cache, monkeypatch, capsys):
    monkeypatch.setenv("JITTAPE_QUIET", "1")
    assert main(["info"]) == 0
    found = dict(line.split(None, 1) for line in capsys.readouterr().out.splitlines())
    assert found["jittape"] == jt.__version__ and found["numba"] == numba.__version__
    assert found["cache"] == f"{cache}: 2 files, 1.5 MB" and found["JITTAPE_QUIET"] == "1"
    assert {"python", "machine", "processor", "compiler", "threads"} <= set(found)


def test_the_cache_is_cleared(cache, capsys):
    for arguments, printed in ((["cache"], "2 files, 1.5 MB"), (["cache", "clear"], "removed 2 files, 1.5 MB")):
        assert main(arguments) == 0
        assert capsys.readouterr().out == f"{cache}: {printed}\n"
    assert [path.name for path in cache.iterdir()] == ["notes"]
    cache.joinpath("notes").unlink()
    cache.rmdir()
    assert main(["cache", "clear"]) == 0
    assert "removed 0 files" in capsys.readouterr().out


def test_as_a_module():
    done = subprocess.run([sys.executable, "-m", "jittape", "cache"], capture_output=True, text=True, env=os.environ, timeout=300)
    assert done.returncode == 0 and done.stdout.startswith(disk_cache.cache_directory())
    with pytest.raises(SystemExit):
        main(["cache", "empty"])


def test_compiling_ahead(capsys):
    """What is named and the engine; a bar on request and on terminals only."""
    assert main(["precompile", "sin", "mul"]) == 0
    out, err = capsys.readouterr()
    number = int(out.split()[0])
    assert number == 1 + 3 + 4 and "kernels" in out and err == ""
    assert jt.precompile(["sin"], ["float64", "float32"], progress=True) == 2 * 4
    err = capsys.readouterr().err
    assert err.count("\r") == 9 and "8/8 done" in err and "sin, scalar, float32" in err
    assert jt.precompile(["sin", "cumsum"], [jt.complex128]) == 3
    with pytest.raises(SystemExit):
        main(["precompile", "sine"])
    assert "got 'sine', expected names of operations" in capsys.readouterr().err
    with pytest.raises(ValueError, match="got dtype int64, expected float64"):
        jt.precompile(["sin"], [np.int64])


def test_what_is_compiled_ahead_of_all_operations():
    """Every kernel that a declaration has; they are not made here, which takes minutes."""
    from jittape.kernels.kernel_table import OPERATIONS
    from jittape.ops.declare_elementwise import Elementwise
    from jittape.precompilation import _kernels_of

    found = {o.name: [name for name, _ in _kernels_of(o, np.dtype(np.float64))] for o in OPERATIONS}
    assert not [o.name for o in OPERATIONS if isinstance(o, Elementwise) and not found[o.name]]
    assert found["where"] and found["matmul"] and "mul, partial, float64" in found["mul"]
