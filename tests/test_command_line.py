"""``python -m jittape``."""

import os
import subprocess
import sys

import numba
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
