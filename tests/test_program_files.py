"""Programs in files: what was saved comes back in another process, and nothing else does."""

import io
import json
import pickle
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest

import jittape as jt
from jittape.errors import FileError
from jittape.errors import TraceError


def rosenbrock(x):
    return np.sum(100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1.0 - x[:-1]) ** 2)


def mixed():
    """A function with most of what a listing can hold: captured Tensors, positions, joins, writes, statics, a guard."""
    w = jt.tensor([1.0, 2.0, 3.0])

    def function(a, k):
        u = a.clone()
        u[1:] += w[1:] * a[0]
        joined = jt.cat([u * w, a[::2]])[[0, 2, 4]] * k
        return {"y": (joined, np.cumsum(a), a > 1), "z": a.max() if a[0] > 0 else a.min(), "n": (3, None, "text", 2.5)}

    return jt.compile(function)


def saved(compiled):
    file = io.BytesIO()
    jt.save(compiled, file)
    return file


def loaded(file):
    file.seek(0)
    return jt.load(file)


@pytest.mark.parametrize(
    "make",
    [
        lambda f: f,
        jt.grad,
        jt.value_and_grad,
        jt.hessian,
        lambda f: jt.value_and_grad(lambda x: (f(x), {"aux": x * 2}), has_aux=True),
    ],
)
def test_programs_come_back(make):
    x = np.linspace(-1.0, 1.0, 6)
    compiled = jt.compile(make(rosenbrock))
    expected = compiled(x)
    again = loaded(saved(compiled))
    assert_equal(again(x), expected)
    assert_equal(again(x + 1), compiled(x + 1))
    assert again.traces == 0


def assert_equal(a, b):
    if isinstance(a, (tuple, list)):
        assert type(a) is type(b)
        for p, q in zip(a, b, strict=True):
            assert_equal(p, q)
    elif isinstance(a, dict):
        assert a.keys() == b.keys()
        for key in a:
            assert_equal(a[key], b[key])
    else:
        assert type(a) is type(b)
        np.testing.assert_array_equal(a, b)


def test_everything_that_a_listing_holds():
    compiled, a = mixed(), np.array([1.0, 2.0, 3.0])
    expected = compiled(a, 2)
    compiled(-a, 2)
    again = loaded(saved(compiled))
    assert_equal(again(a, 2), expected)
    assert_equal(again(-a, 2), compiled(-a, 2))
    assert_equal(again(a + 1, 2), compiled(a + 1, 2))


@pytest.mark.parametrize("weight", [None, [0.5, 2.0, 1.0]])
def test_labels_of_classes_are_saved(weight):
    labels, weight = jt.tensor([0, 2, -100]), None if weight is None else jt.tensor(weight)
    compiled = jt.compile(jt.value_and_grad(lambda x: jt.nn.functional.cross_entropy(x, labels, weight=weight)))
    x = np.random.default_rng(0).standard_normal((3, 3))
    expected = compiled(x)
    assert_equal(loaded(saved(compiled))(x), expected)


def test_calls_that_no_trace_suits_are_refused():
    compiled, a = mixed(), np.array([1.0, 2.0, 3.0])
    compiled(a, 2)
    again = loaded(saved(compiled))
    for args in ((-a, 2), (a, 3), (np.ones(4), 2), (a.astype(np.float32), 2), (jt.tensor(a), 2)):
        with pytest.raises(TraceError, match="loaded from a file"):
            again(*args)
    assert_equal(again(a, 2), compiled(a, 2))


def test_another_process_needs_no_function(tmp_path):
    compiled = jt.compile(jt.value_and_grad(rosenbrock))
    value, _ = compiled(np.arange(5.0))
    jt.save(compiled, tmp_path / "program.jt")
    code = f"import jittape as jt, numpy as np; print(jt.load({str(tmp_path / 'program.jt')!r})(np.arange(5.0))[0])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=300)
    assert float(run.stdout) == value, run.stderr


def test_another_process_finds_every_operation():
    """Those that are declared when they are asked for, too: a file may be the first that asks."""
    script = (
        "import sys; from importlib import import_module; from jittape.programs.persistence import program_files as p;"
        "[import_module('jittape.ops.' + name) for name in p.DECLARED_WHEN_ASKED_FOR];"
        "print(*[name.rpartition('.')[2] for name in sys.modules if name.startswith('jittape.ops.')])"
    )
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    assert {path.stem for path in Path(jt.ops.__file__).parent.glob("*.py")} - {"__init__"} <= set(loaded)


def test_pickle():
    compiled = jt.compile(lambda x: (x * x).sum())
    compiled(np.ones(3))
    again = pickle.loads(pickle.dumps(compiled))
    assert again(np.full(3, 2.0)) == 12.0


def test_what_cannot_be_saved_is_named():
    with pytest.raises(TypeError, match="no trace to save"):
        jt.save(jt.compile(rosenbrock), io.BytesIO())

    compiled = jt.compile(lambda x, key: x * 2, static_argnums=1)
    compiled(2.0, frozenset([1]))
    with pytest.raises(TypeError, match="static argument of type frozenset"):
        jt.save(compiled, io.BytesIO())


# --- files that are not what was written ----------------------------------------------------------------------------


def test_truncated_and_damaged_files_are_refused():
    compiled = mixed()
    compiled(np.array([1.0, 2.0, 3.0]), 2)
    data = saved(compiled).getvalue()
    for part in (data[:100], data[: len(data) // 2], data[:-30], b"", b"not a file"):
        with pytest.raises(FileError):
            jt.load(io.BytesIO(part))
    rng = np.random.default_rng(0)
    for _ in range(60):
        damaged = bytearray(data)
        damaged[rng.integers(len(data))] ^= 1 << int(rng.integers(8))
        try:
            found = jt.load(io.BytesIO(bytes(damaged)))
        except FileError:
            continue
        assert_equal(found(np.array([1.0, 2.0, 3.0]), 2), compiled(np.array([1.0, 2.0, 3.0]), 2))  # a byte that says nothing


def forged(file, change):
    """The file with its arrays and manifest changed, and all checksums right."""
    import hashlib

    with zipfile.ZipFile(file) as archive:
        files = {n: archive.read(n) for n in archive.namelist()}
    arrays = {n: np.load(io.BytesIO(d)) for n, d in files.items() if n.endswith(".npy")}
    manifest = json.loads(files["manifest.json"])
    change(manifest, arrays)
    for name, array in arrays.items():
        buffer = io.BytesIO()
        np.save(buffer, array)
        files[name] = buffer.getvalue()
    manifest["arrays"] = [hashlib.sha256(files[f"arrays/{k}.npy"]).hexdigest() for k in range(len(manifest["arrays"]))]
    files["manifest.json"] = json.dumps(manifest).encode()
    files["manifest.sha256"] = hashlib.sha256(files["manifest.json"]).hexdigest().encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def test_forged_rows_never_run_outside_of_their_memory():
    """Every number of every column replaced by wrong ones: refused, or harmless (the same shapes and bounds)."""
    compiled = mixed()
    a = np.array([1.0, 2.0, 3.0])
    compiled(a, 2)
    file, rng, refused, accepted = saved(compiled), np.random.default_rng(1), 0, 0
    for _ in range(250):

        def change(manifest, arrays):
            name = list(arrays)[rng.integers(len(arrays))]
            array = arrays[name]
            if array.dtype == np.int64 and array.size:
                flat = array.reshape(-1)
                flat[rng.integers(flat.size)] = int(rng.choice([-5, -1, 0, 1, 2, 7, 50, 1 << 20, 1 << 40]))

        try:
            found = jt.load(forged(file, change))
        except FileError:
            refused += 1
            continue
        try:
            found(a, 2)
        except (TraceError, RuntimeError, ValueError, IndexError, TypeError, MemoryError):
            pass
        accepted += 1
    assert refused > 100 and accepted > 10


def test_other_versions_and_operations_say_so():
    compiled = jt.compile(lambda x: jt.sin(x))
    compiled(1.0)

    def rename(manifest, arrays):
        operations = manifest["root"]["data"]["variants"][0]["listing"]["operations"]
        operations[operations.index("sin")] = "sine_of_the_future"

    with pytest.raises(FileError, match="sine_of_the_future"):
        jt.load(forged(saved(compiled), rename))
    with pytest.raises(FileError, match="version 99"):
        jt.load(forged(saved(compiled), lambda manifest, arrays: manifest.update(version=99)))


def test_only_traces_of_the_surroundings_of_now_are_saved(tmp_path):
    """Of two traces for one signature the last one answered, not the one whose global was in force."""
    scale = 1.0
    compiled = jt.compile(lambda x: x * scale)
    for scale in (1.0, 2.0, 1.0):
        assert compiled(3.0) == 3.0 * scale
    jt.save(compiled, tmp_path / "program")
    assert jt.load(tmp_path / "program")(3.0) == 3.0
    scale = 5.0
    with pytest.raises(TypeError, match="from outside"):
        jt.save(compiled, tmp_path / "program")
