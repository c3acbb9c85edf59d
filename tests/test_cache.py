"""Compiled code on disk: found again, never stale, never wrong, whatever has become of the files."""

import ast
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import sys

import numpy as np
import pytest

import jittape
from jittape.ops.slopes import asin_slope
from jittape.numba_backend import disk_cache
from jittape.numba_backend.compiler_choice import COMPILER, OWN
from jittape.numba_backend.decorators import JIT, compiled
from jittape.numba_backend.disk_cache import DiskCache
from jittape.numba_backend.fingerprint import fingerprint
from jittape.numba_backend.trusted_files import HAS_OWNERS, write_sealed
from jittape.kernels.loops import elementwise_forward

PACKAGE = pathlib.Path(jittape.__file__).parent

pytestmark = [
    pytest.mark.sampled(6, of="module"),
    pytest.mark.skipif(not JIT, reason="nothing is compiled under NUMBA_DISABLE_JIT"),
]


def environment(cache, path):
    inherited = {k: v for k, v in os.environ.items() if k not in ("JITTAPE_QUIET", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME")}
    return inherited | {
        "NUMBA_CACHE_DIR": str(cache),
        "PYTHONPATH": os.pathsep.join(map(str, path)),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def start(program, cache, *path):
    path = path or (PACKAGE.parent,)
    return subprocess.Popen(
        [sys.executable, "-c", program],
        env=environment(cache, path),
        cwd=path[0],
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process):
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err
    return out.strip(), err


def run(program, cache, *path):
    """Output of a program in a process of its own, and what it said about compiling."""
    return finish(start(program, cache, *path))


def files(cache):
    return {p.name: p.read_bytes() for p in pathlib.Path(cache, "jittape").glob("*")}


SQUARE = """
from jittape.numba_backend.decorators import compiled
@compiled
def square(x):
    return x * x
print(square(3.0))
"""

COMPILING = "first use here, compiling"


COUNTED = """
from collections import Counter
import numpy as np
from numba.core import event

class Compilations(event.Listener):
    counts = Counter()
    def on_start(self, e):
        function = e.data["dispatcher"].py_func
        own = function.__module__.startswith("jittape.") and ".mathfun." not in function.__module__
        if own and not function.__closure__:
            self.counts[function.__module__, function.__qualname__, e.data["args"]] += 1
    def on_end(self, e):
        pass

event.register("numba:compile", Compilations())
import jittape as jt
x = jt.tensor(np.ones(1000), requires_grad=True)
(x.sin() * x).sum().backward()
print("jittape.sweeps.reverse_sweep" in {module for module, *_ in Compilations.counts})
print({key: n for key, n in Compilations.counts.items() if n > 1})
"""


@pytest.mark.skipif(COMPILER != OWN, reason="Numba compiles helpers once for callers with a wrapper, once for those without")
def test_a_cold_start_compiles_nothing_twice(tmp_path):
    """A helper that is called with a constant, or from functions with other flags, is compiled again for each."""
    sweep_is_counted, twice = run(COUNTED, tmp_path)[0].splitlines()
    assert sweep_is_counted == "True" and twice == "{}"


# --- what decides the key -------------------------------------------------------------------------------------


def shifted(amount):
    def shift(x):
        return x + amount

    return shift


def test_functions_that_differ_in_a_constant_only_get_different_code():
    first, second = compiled(lambda x: x * 2.0), compiled(lambda x: x * -2.0)
    assert (first(1.0), second(1.0)) == (2.0, -2.0)
    assert first.py_func.__code__.co_code == second.py_func.__code__.co_code


def test_functions_that_differ_in_a_closure_only_get_different_code():
    assert (compiled(shifted(1.0))(0.0), compiled(shifted(-1.0))(0.0)) == (1.0, -1.0)


def outer(x):
    return inner(x)


def inner(x):
    return x + LIMIT


LIMIT = 1.0
TABLE = np.arange(3.0)


def reads_table(x):
    return TABLE[0] + x


@pytest.mark.parametrize("name, value", [("LIMIT", 2.0), ("LIMIT", True), ("inner", shifted(3.0)), ("inner", lambda x: x + 1j)])
def test_a_fingerprint_follows_what_a_function_reaches(monkeypatch, name, value):
    before = fingerprint(outer)
    assert fingerprint(outer) == before
    monkeypatch.setitem(globals(), name, value)
    assert fingerprint(outer) != before


def calls_an_operation(x):
    return asin_slope(x)


def test_a_fingerprint_follows_bodies_of_complex_numbers(monkeypatch):
    before = fingerprint(calls_an_operation)
    monkeypatch.setattr(asin_slope, "complex_body", lambda z: z)
    assert fingerprint(calls_an_operation) != before


def test_a_fingerprint_follows_arrays_defaults_and_options(monkeypatch):
    def scaled(x, factor=1.0, *, power=2):
        return factor * x**power

    before = fingerprint(scaled), fingerprint(reads_table)
    scaled.__defaults__ = (2.0,)
    second = fingerprint(scaled)
    scaled.__kwdefaults__ = {"power": 3}
    assert len({before[0], second, fingerprint(scaled)}) == 3
    monkeypatch.setitem(globals(), "TABLE", TABLE + 1)
    assert fingerprint(reads_table) != before[1]
    assert fingerprint(outer, "contract") != fingerprint(outer, "reassoc")


def test_a_fingerprint_is_the_same_in_every_process(tmp_path):
    """Sets and memory addresses must not get in: they differ from process to process."""
    program = """
from jittape.sweeps.reverse_sweep import reverse
from jittape.tape import compaction, record
from jittape.numba_backend.decorators import compiled
from jittape.numba_backend.fingerprint import fingerprint
@compiled
def among(name):
    return name in {"alpha", "beta", "gamma", "delta"}
for f in (among, reverse, record.record_unary, compaction.compact_rows):
    print(fingerprint(getattr(f, "py_func", f)))
"""
    answers = []
    for seed in ("1", "2"):
        env = environment(tmp_path, (PACKAGE.parent,)) | {"PYTHONHASHSEED": seed}
        run = subprocess.run([sys.executable, "-c", program], env=env, text=True, capture_output=True, check=True)
        answers.append(run.stdout)
    assert answers[0] == answers[1] and len(set(answers[0].split())) == 4


def test_one_function_for_two_types_has_two_files(tmp_path, monkeypatch):
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", str(tmp_path))
    double = compiled(shifted(0.125))
    assert double(1.0) == 1.125 and double(1) == 1.125
    assert len(files(tmp_path)) == 2


def test_kernels_have_symbol_names_of_their_own():
    """In a new process: where threads or interrupts come between, a kernel may be compiled twice."""
    program = """
import jittape
from jittape.kernels.loops import _alive
x = jittape.tensor([0.5], requires_grad=True)
(jittape.tan(x) * jittape.atan(x) / 2.0).sum().backward()
names = [kernel.dispatcher.py_func.__qualname__ for kernel in _alive]
assert len(names) > 4 and len(set(names)) == len(names), names
for kernel, name in zip(_alive, names):
    (compiled,) = kernel.dispatcher.overloads.values()
    assert name in compiled.fndesc.llvm_cfunc_wrapper_name, name
"""
    run(program, disk_cache.config.CACHE_DIR or pathlib.Path.home() / ".cache")


def test_no_source_is_executed_from_strings():
    """Such source cannot be kept on disk."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("exec", "eval", "compile"):
                found.append(f"{path.name}:{node.lineno}")
    assert not found


# --- a second process -----------------------------------------------------------------------------------------


def test_a_second_process_compiles_nothing(tmp_path):
    first, said = run(SQUARE, tmp_path)
    assert first == "9.0" and COMPILING in said
    kept = files(tmp_path)
    second, said = run(SQUARE, tmp_path)
    assert second == "9.0" and COMPILING not in said
    assert kept and files(tmp_path) == kept


HELPER = "def scale(x):\n    return {} * x\n"
DECLARATION = """
import helper
from jittape.ops.declare_elementwise import elementwise
from numba.extending import register_jitable
register_jitable(helper.scale)
@elementwise()
def scaled(x):
    return helper.scale(x)
@scaled.partials
def scaled_partials(x, y):
    return (2.0,)
"""


@pytest.mark.sampled
@pytest.mark.parametrize("through", ["helper.scale", "scale"])
def test_an_edited_file_of_a_helper_is_seen(tmp_path, through):
    """Also when the file keeps its size and date."""
    (tmp_path / "helper.py").write_text(HELPER.format("2.0"))
    declaration = DECLARATION
    if through == "scale":
        declaration = declaration.replace("import helper", "from helper import scale").replace("helper.scale", "scale")
    (tmp_path / "declared.py").write_text(declaration)
    program = (
        "import numpy as np; from declared import scaled\n"
        "print(scaled.operation.evaluate([np.array([1.0, 3.0])], np.dtype(float)))"
    )
    path = (PACKAGE.parent, tmp_path)
    assert run(program, tmp_path / "cache", *path)[0] == "[2. 6.]"
    stamp = os.stat(tmp_path / "helper.py")
    (tmp_path / "helper.py").write_text(HELPER.format("5.0"))
    os.utime(tmp_path / "helper.py", ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert run(program, tmp_path / "cache", *path)[0] == "[ 5. 15.]"


def test_an_upgrade_never_runs_the_old_kernels(tmp_path):
    shutil.copytree(PACKAGE, tmp_path / "jittape", ignore=shutil.ignore_patterns("__pycache__"))
    program = (
        "import jittape as jt; x = jt.tensor(3.0, requires_grad=True)\n"
        "rule = jt.square.operation; rule.compile_scalar_partials(x.dtype)\n"
        "from jittape.kernels.kernel_signatures import call_kernel; import numpy as np\n"
        "from jittape.numba_backend.decorators import compiled\n"
        "at = compiled(lambda k, out, y, x: call_kernel(k, 0, out, 0, y, x, 0, 0))\n"
        "out, y, x = np.zeros(1), np.array([9.0]), np.array([3.0])\n"
        "at(rule._kernels['scalar', np.dtype(float)], out.ctypes.data, y.ctypes.data, x.ctypes.data); print(out[0])"
    )
    assert run(program, tmp_path / "cache", tmp_path)[0] == "6.0"
    source = tmp_path / "jittape" / "ops" / "arithmetic.py"
    old = source.read_text()
    new = re.sub(r"(def square_partials\(.*\n    return \()2\.0", r"\g<1>3.0", old)
    assert new != old, "the rule of square is written otherwise now: mend this test"
    source.write_text(new)
    assert run(program, tmp_path / "cache", tmp_path)[0] == "9.0"


def test_processes_that_compile_at_once_are_both_right(tmp_path):
    programs = [SQUARE.replace("square(3.0)", call) for call in ("square(3.0)", "square(3)", "square(3.0)")]
    answers = [finish(p)[0] for p in [start(program, tmp_path) for program in programs]]
    assert answers == ["9.0", "9", "9.0"]
    assert all(name.endswith(".nbc") for name in files(tmp_path)), "an unfinished file was left"
    again = [run(program, tmp_path) for program in programs[:2]]
    assert [out for out, _ in again] == ["9.0", "9"] and not any(COMPILING in said for _, said in again)


# --- caches that cannot be used ---------------------------------------------------------------------------------


@pytest.fixture
def kept(tmp_path, monkeypatch):
    """A cache with one function in it; calling the fixture's value loads or compiles it afresh."""
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", str(tmp_path / "cache"))
    loads = []
    monkeypatch.setattr(disk_cache, "announce", loads.append)

    def call():
        loads.clear()
        value = compiled(shifted(0.25))(1.0)
        return value, len(loads)  # 1.25 and how often it was compiled

    def write(path, key, data):
        call.key = key
        write_sealed(path, key, data)

    monkeypatch.setattr(disk_cache, "write_sealed", write)
    assert call() == (1.25, 1) and call() == (1.25, 0)
    (path,) = (tmp_path / "cache" / "jittape").glob("*.nbc")
    call.path = path
    return call


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: b"",
        lambda data: data[:10],
        lambda data: data[: len(data) // 2],
        lambda data: data[:-1],
        lambda data: data + b"\0",
        lambda data: np.random.default_rng(0).bytes(len(data)),
        lambda data: data[: len(data) // 2] + bytes([data[len(data) // 2] ^ 1]) + data[len(data) // 2 + 1 :],
        lambda data: hashlib.sha256(data[32:]).digest() + data[32:],
    ],
    ids=["empty", "short", "half", "one byte less", "one byte more", "random", "one bit", "without a key"],
)
def test_a_damaged_file_is_compiled_again_and_replaced(kept, damage):
    kept.path.write_bytes(damage(kept.path.read_bytes()))
    assert kept() == (1.25, 1)
    assert kept() == (1.25, 0)


@pytest.mark.parametrize("data", [b"cos\nsystem\n(S'false'\ntR.", b"\x80", b""], ids=["another pickle", "no pickle", "nothing"])
def test_a_sealed_file_without_code_is_compiled_again(kept, data):
    write_sealed(kept.path, kept.key, data)
    assert kept() == (1.25, 1) and kept() == (1.25, 0)


def test_files_that_were_exchanged_are_not_loaded(tmp_path, monkeypatch):
    """Each is sealed with what its name stands for."""
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", str(tmp_path))

    def call():
        return [compiled(shifted(amount))(1.0) for amount in (0.375, -0.375)]

    assert call() == [1.375, 0.625]
    first, second = (tmp_path / "jittape").glob("*.nbc")
    contents = first.read_bytes(), second.read_bytes()
    first.write_bytes(contents[1])
    second.write_bytes(contents[0])
    assert call() == [1.375, 0.625]
    assert (first.read_bytes()[32:], second.read_bytes()[32:]) != (contents[1][32:], contents[0][32:]), "not written again"


def test_a_link_in_the_place_of_a_file_is_not_followed(kept):
    target = kept.path.with_name("elsewhere")
    kept.path.rename(target)
    kept.path.symlink_to(target)
    assert kept() == (1.25, 1)
    assert not kept.path.is_symlink() and kept() == (1.25, 0)


def test_a_directory_in_the_place_of_a_file(kept):
    kept.path.unlink()
    kept.path.mkdir()
    assert kept() == (1.25, 1)


@pytest.mark.skipif(not hasattr(os, "geteuid"), reason="files have no owner here")
def test_a_file_that_others_can_write_is_not_loaded(kept):
    """Loading compiled code runs it: only this user and the administrator may have put it there."""
    kept.path.chmod(0o666)
    assert kept() == (1.25, 1)
    assert kept.path.stat().st_mode & 0o022 == 0 and kept() == (1.25, 0)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give files away")
def test_a_file_of_another_user_is_not_loaded(kept):
    os.chown(kept.path, 12345, 12345)
    assert kept() == (1.25, 1)


@pytest.mark.skipif(not HAS_OWNERS, reason="files have no owner here")
@pytest.mark.sampled(0)
@pytest.mark.parametrize("mode", [0o775, 0o757, 0o1777])
def test_a_directory_that_others_can_write_to_is_not_used(tmp_path, mode):
    """It is said once, with what to do; nothing is read or written there, and answers are right."""
    run(SQUARE, tmp_path)
    directory = tmp_path / "jittape"
    directory.chmod(mode)
    kept = files(tmp_path)
    answer, said = run(SQUARE + "print(square(2))", tmp_path)
    assert answer.split() == ["9.0", "4"] and files(tmp_path) == kept
    assert said.count("others may write to it") == 1 and f"chmod go-w {directory}" in said and "NUMBA_CACHE_DIR" in said
    directory.chmod(0o755)
    assert COMPILING not in run(SQUARE, tmp_path)[1]


@pytest.mark.skipif(not HAS_OWNERS or os.geteuid() != 0, reason="only root can give directories away")
def test_a_directory_of_another_user_is_not_used(tmp_path):
    (tmp_path / "jittape").mkdir()
    os.chown(tmp_path / "jittape", 12345, 12345)
    answer, said = run(SQUARE, tmp_path)
    assert answer == "9.0" and said.count("belongs to another user") == 1 and not files(tmp_path)


@pytest.mark.skipif(not HAS_OWNERS, reason="files have no owner here")
def test_the_directory_is_made_for_this_user_to_write_to(tmp_path):
    before = os.umask(0)
    try:
        run(SQUARE, tmp_path / "cache")
    finally:
        os.umask(before)
    (path,) = (tmp_path / "cache" / "jittape").iterdir()
    assert path.parent.stat().st_mode & 0o022 == 0 and path.stat().st_mode & 0o022 == 0


def test_a_cache_that_cannot_be_written(tmp_path):
    """A file stands where the directory should be: that stops the administrator too."""
    (tmp_path / "cache").write_text("")
    answer, said = run(SQUARE + "print(square(2))", tmp_path / "cache")
    assert answer.split() == ["9.0", "4"]
    assert said.count("cannot write") == 1 and "NUMBA_CACHE_DIR" in said


def test_a_cache_that_vanishes(kept):
    shutil.rmtree(kept.path.parent.parent)
    assert kept() == (1.25, 1) and kept() == (1.25, 0)


def aged(path, days):
    then = path.stat().st_mtime - days * disk_cache.DAY
    os.utime(path, (then, then))


def test_code_that_nobody_has_used_for_long_is_removed(kept):
    """Old code, and what a killed process left unfinished; not what another program keeps there."""
    old, unfinished = kept.path.with_name(f"gone-{'0' * 24}.nbc"), kept.path.with_name(f"cut-{'0' * 24}.nbc.{'1' * 32}")
    foreign, recent = kept.path.with_name("notes.nbc"), kept.path.with_name(f"here-{'0' * 24}.nbc")
    for path, days in (old, 61), (unfinished, 61), (foreign, 400), (recent, 59):
        path.write_bytes(b"")
        aged(path, days)
    disk_cache.forget_unused()
    assert sorted(kept.path.parent.iterdir()) == sorted([foreign, recent, kept.path])
    assert kept() == (1.25, 0)


def test_code_in_use_is_never_too_old(kept):
    aged(kept.path, 100)
    assert kept() == (1.25, 0)
    disk_cache.forget_unused()
    assert kept.path.exists() and kept() == (1.25, 0)


def test_the_first_process_that_compiles_tidies_up(tmp_path):
    run(SQUARE, tmp_path)
    (path,) = pathlib.Path(tmp_path, "jittape").glob("*.nbc")
    aged(path, 61)
    run(SQUARE.replace("x * x", "x + x"), tmp_path)
    assert not path.exists() and len(files(tmp_path)) == 1


@pytest.mark.parametrize("failing", ["scandir", "unlink"])
def test_files_that_cannot_be_removed_stay(kept, monkeypatch, failing):
    """Another process was faster, or the directory is read-only."""

    def fail(*args):
        raise OSError("no")

    aged(kept.path, 61)
    monkeypatch.setattr(disk_cache.os, failing, fail)
    disk_cache.forget_unused()
    assert kept() == (1.25, 0)


def test_a_full_disk_leaves_no_file_behind(kept, monkeypatch):
    def full(*args):
        raise OSError(28, "No space left on device")

    kept.path.unlink()
    monkeypatch.setattr(disk_cache.os, "replace", full)
    monkeypatch.setattr(disk_cache, "_unwritable", [True])
    assert kept() == (1.25, 1)
    assert not list(kept.path.parent.iterdir())


# --- where --------------------------------------------------------------------------------------------------------


def test_the_cache_is_the_users_own(monkeypatch):
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", "")
    monkeypatch.setenv("XDG_CACHE_HOME", "/somewhere")
    assert disk_cache.cache_directory() == os.path.join("/somewhere", "jittape")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    monkeypatch.setenv("HOME", "/home/someone")
    assert disk_cache.cache_directory() == os.path.join("/home/someone", ".cache", "jittape")


def test_the_cache_never_depends_on_the_working_directory(monkeypatch):
    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", "")
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(disk_cache.os.path, "expanduser", lambda path: path)  # nobody knows the home directory
    assert os.path.isabs(disk_cache.cache_directory())


def test_users_without_a_name_or_home_have_a_cache(monkeypatch):
    """As in containers that run with the number of a user that no file lists."""

    def unknown(*args):
        raise KeyError("uid not found")

    monkeypatch.setattr(disk_cache.config, "CACHE_DIR", "")
    for name in ("HOME", "USERPROFILE", "XDG_CACHE_HOME", "USER", "LOGNAME", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    if HAS_OWNERS:
        monkeypatch.setattr("pwd.getpwuid", unknown)
    assert os.path.isabs(disk_cache.cache_directory())


def test_pickles_are_read_from_the_cache_only():
    """One place loads them, after it has looked at the owner and the digest of the file."""
    found = []
    for path in PACKAGE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Attribute) and node.attr in ("load", "loads", "Unpickler"):
                if isinstance(node.value, ast.Name) and "pickle" in node.value.id:
                    found.append(path.name)
    assert found == ["disk_cache.py"]


def test_factories_give_kernels_that_can_be_told_apart():
    """Two kernels of one factory have the same bytecode: what they close over decides."""
    halves, doubles = (elementwise_forward(f, 1, np.dtype(float)) for f in (shifted(0.5), shifted(2.0)))
    assert halves.__code__ is doubles.__code__
    assert fingerprint(halves) != fingerprint(doubles)
    assert DiskCache(halves).cache_path == DiskCache(doubles).cache_path
