"""Files of tensors: what goes in comes out, and anything else is refused before anything has changed."""

import io
import json
import math
import pickle
import sys
import tracemalloc
import warnings
import zipfile
from collections import OrderedDict

import numpy as np
import pytest
from conftest import refused
from sampling import some

import jittape as jt
from jittape.files import tensor_files
from jittape.errors import FileError


def there_and_back(value):
    file = io.BytesIO()
    jt.save(value, file)
    file.seek(0)
    return jt.load(file)


def test_tensors():
    x = jt.tensor([[1.0, -0.0], [math.nan, math.inf]], requires_grad=True)
    y = there_and_back(x)
    np.testing.assert_array_equal(y.detach().numpy(), x.detach().numpy())
    assert y.requires_grad and y.is_leaf and type(y) is jt.Tensor and np.signbit(y.detach().numpy()[0, 1])
    for dtype in (jt.float32, jt.int64, jt.int32, jt.bool, jt.uint8):
        z = there_and_back(jt.tensor([1, 0, 1], dtype=dtype))
        assert z.dtype == dtype and z.tolist() == jt.tensor([1, 0, 1], dtype=dtype).tolist() and not z.requires_grad
    assert there_and_back(jt.tensor(3.0)).shape == () and there_and_back(jt.zeros(0, 3)).shape == (0, 3)
    assert there_and_back(jt.ones(3, 2).T).tolist() == jt.ones(2, 3).tolist()
    assert not there_and_back((x * 2.0)[1:]).requires_grad


def test_containers_and_numbers():
    value = {
        "a": [1, 2.5, (None, True, "text")],
        3: {"x": jt.tensor([1, 2])},
        (1, "b"): -math.inf,
        "size": jt.Size((2, 3)),
        "big": 2**70,
        "tiny": 5e-324,
        "number": np.float64(0.1),
        "count": np.int32(7),
    }
    found = there_and_back(value)
    assert found[3]["x"].tolist() == [1, 2]
    del value[3], found[3]
    assert found == value and list(found) == list(value) and type(found["a"][2]) is tuple and type(found["size"]) is jt.Size
    assert math.isnan(there_and_back(math.nan))
    assert there_and_back(OrderedDict(b=1, a=2)) == {"b": 1, "a": 2}
    assert there_and_back(np.arange(3)).tolist() == [0, 1, 2]


def test_modules_and_optimizers_go_on_where_they_were(tmp_path):
    def trained(steps, restart_at=None):
        jt.manual_seed(2)
        net = jt.nn.Sequential(jt.nn.Linear(3, 4), jt.nn.Tanh(), jt.nn.Linear(4, 1))
        optimizer = jt.optim.Adam(net.parameters(), lr=0.05)
        x = jt.tensor(np.linspace(-1, 1, 12).reshape(4, 3))
        for k in range(steps):
            if k == restart_at:
                path = tmp_path / "training.jt"
                jt.save({"net": net.state_dict(), "optimizer": optimizer.state_dict(), "epoch": k}, path)
                for p in net.parameters():
                    p.data.zero_()
                found = jt.load(path)
                net.load_state_dict(found["net"])
                optimizer = jt.optim.Adam(net.parameters())
                optimizer.load_state_dict(found["optimizer"])
            optimizer.zero_grad()
            (net(x) ** 2).sum().backward()
            optimizer.step()
        return [p.tolist() for p in net.parameters()]

    assert trained(8, 4) == trained(8)
    assert [p.name for p in tmp_path.iterdir()] == ["training.jt"]


def test_equal_contents_are_equal_files():
    files = [io.BytesIO() for _ in range(2)]
    for file in files:
        jt.save({"x": jt.ones(3)}, file)
    assert files[0].getvalue() == files[1].getvalue()


def test_memory_is_not_shared():
    x = jt.ones(2)
    file = io.BytesIO()
    jt.save(x, file)
    x.zero_()
    y, z = jt.load(file), jt.load(file)
    y.zero_()
    assert z.tolist() == [1.0, 1.0]


def test_what_cannot_be_saved(tmp_path):
    path = tmp_path / "x.jt"
    path.write_bytes(b"before")
    for value, words in (
        ({"a": [1, jt.nn.Linear(1, 1)]}, "save: got Linear at the top[1][1]"),
        (print, "save: got builtin_function_or_method at the top"),
        (np.array([print]), "save: got an array of Python objects at the top"),
        (1j, "save: got complex at the top"),
    ):
        with refused(TypeError, words):
            jt.save(value, path)
    assert path.read_bytes() == b"before" and len(list(tmp_path.iterdir())) == 1


# --- files that are not what was written --------------------------------------------------------------------------------


@pytest.fixture
def written():
    file = io.BytesIO()
    jt.save({"w": jt.tensor([1.0, 2.0], requires_grad=True), "b": [jt.tensor([3.0]), 4.5]}, file)
    return file.getvalue()


def rewritten(data, change):
    """The archive with its members changed."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    change(members)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def resigned(data, change):
    """The archive with a changed manifest whose digest fits."""

    def rewrite(members):
        manifest = json.loads(members["manifest.json"])
        change(manifest)
        members["manifest.json"] = json.dumps(manifest).encode()
        members["manifest.sha256"] = tensor_files.hashlib.sha256(members["manifest.json"]).hexdigest().encode()

    return rewritten(data, rewrite)


def loading(data, words="cannot load the file: "):
    with refused(FileError, words) as caught:
        jt.load(io.BytesIO(data))
    assert "expected a file written by jittape.save" in str(caught.value)
    return str(caught.value)


def test_any_cut_is_noticed(written):
    for n in range(0, len(written), 7):
        loading(written[:n])


def test_any_changed_byte_is_noticed_or_means_nothing(written):
    expected = jt.load(io.BytesIO(written))
    refusals = 0
    for k in range(len(written)):
        changed = bytearray(written)
        changed[k] ^= 0x55
        try:
            found = jt.load(io.BytesIO(bytes(changed)))
        except FileError:
            refusals += 1
        else:  # a byte that zip does not read: of a date, of a second copy of a length
            assert repr(found) == repr(expected)
    assert refusals > 0.75 * len(written)


def test_foreign_files(written, tmp_path):
    loading(b"not a zip archive")
    loading(pickle.dumps([1, 2]))
    file = io.BytesIO()
    np.savez(file, a=np.ones(3))
    assert "without a manifest" in loading(file.getvalue())
    path = tmp_path / "net.jt"
    path.write_bytes(b"nothing")
    with refused(FileError, f"cannot load {str(path)!r}: it is cut off, damaged, or of another format"):
        jt.load(path)
    with refused(FileNotFoundError, "[Errno 2]"):
        jt.load(tmp_path / "missing.jt")


def test_tampering(written):
    def drop(members):
        del members["arrays/0.npy"]

    def swap(members):
        members["arrays/0.npy"], members["arrays/1.npy"] = members["arrays/1.npy"], members["arrays/0.npy"]

    def edit(members):
        members["manifest.json"] = members["manifest.json"].replace(b"true", b"false")

    assert "array 0 is missing" in loading(rewritten(written, drop))
    assert "array 0 is missing or not what was written" in loading(rewritten(written, swap))
    assert "its manifest is not what was written" in loading(rewritten(written, edit))


def test_manifests_that_make_no_sense(written):
    def setter(key, value):
        return lambda manifest: manifest.update({key: value})

    assert "its format is 'other'" in loading(resigned(written, setter("format", "other")))
    assert "it has version 2 of the format" in loading(resigned(written, setter("version", 2)))
    for kind, words in (("os.system", "which this jittape does not know"), ("tensor", "does not fit together")):
        assert words in loading(resigned(written, setter("root", {"kind": kind, "data": {}, "parts": [3]})))
    assert "it has no array 99" in loading(resigned(written, setter("root", {"array": 99})))
    assert "is not that of a file of tensors" in loading(resigned(written, lambda manifest: manifest.pop("root")))


def test_arrays_of_objects_are_not_unpickled(written):
    class Boom:
        def __reduce__(self):
            return (pytest.fail, ("code was executed",))

    data = io.BytesIO()
    np.save(data, np.array([Boom()], object), allow_pickle=True)

    def put(members):
        members["arrays/0.npy"] = data.getvalue()
        manifest = json.loads(members["manifest.json"])
        manifest["arrays"][0] = tensor_files.hashlib.sha256(data.getvalue()).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
        members["manifest.sha256"] = tensor_files.hashlib.sha256(members["manifest.json"]).hexdigest().encode()

    assert "array 0 cannot be read" in loading(rewritten(written, put))


def put_array(written, content):
    """The file with other contents of its first array, and right digests."""

    def put(members):
        members["arrays/0.npy"] = content
        manifest = json.loads(members["manifest.json"])
        manifest["arrays"][0] = tensor_files.hashlib.sha256(content).hexdigest()
        members["manifest.json"] = json.dumps(manifest).encode()
        members["manifest.sha256"] = tensor_files.hashlib.sha256(members["manifest.json"]).hexdigest().encode()

    return rewritten(written, put)


def npy(header, data=b"", version=b"\x01\x00"):
    """A member in NumPy's format with a header that says anything."""
    header = header.encode("latin1")
    return b"\x93NUMPY" + version + len(header).to_bytes(2, "little") + header + data


@pytest.mark.parametrize(
    "content",
    [
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes(8)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes(24)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (1099511627776,), }", bytes(16)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (4611686018427387904, 4), }"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (0, 9223372036854775807, 3), }"),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (-1, -2), }", bytes(16)),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (True, 2), }", bytes(16)),
        npy("{'descr': '<f8', 'fortran_order': True, 'shape': (1, 2), }", bytes(16)),
        npy("{'descr': '|O', 'fortran_order': False, 'shape': (2,), }", bytes(16)),
        npy("{'descr': [('a', '|O')], 'fortran_order': False, 'shape': (2,), }", bytes(16)),
        npy("{'descr': '|V0', 'fortran_order': False, 'shape': (1099511627776,), }"),
        npy("{'descr': ('<f8', (2,)), 'fortran_order': False, 'shape': (), }", bytes(16)),
        npy("{'descr': '>f8', 'fortran_order': False, 'shape': (2,), }", bytes(16)),
        npy("{'descr': '<U4', 'fortran_order': False, 'shape': (1,), }", bytes(16)),
        npy("{'descr': '<f2', 'fortran_order': False, 'shape': (8,), }", bytes(16)),
        npy("{'descr': __import__('pytest').fail('executed'), 'fortran_order': False, 'shape': (2,), }", bytes(16)),
        npy("(" * 5000, bytes(16)),
        npy("[" * 90 + "]" * 90),
        npy("{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", bytes(16), b"\x07\x00"),
        npy("{'descr': '<f8', 'fortran_order': False}", bytes(16)),
        b"\x93NUMPY\x01\x00\xff\xff",
        b"",
    ],
)
@pytest.mark.filterwarnings("ignore")
def test_headers_of_arrays_that_lie(written, content):
    loading(put_array(written, content))


def test_a_small_file_takes_little_memory(written):
    """Compressed members, members that nothing names, and members that lie over one another."""
    zeros = npy(f"{{'descr': '<f8', 'fortran_order': False, 'shape': ({2**22},), }}", bytes(2**25))
    with zipfile.ZipFile(io.BytesIO(put_array(written, zeros))) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    bomb = zipped(members, compress=("arrays/0.npy",))
    assert len(bomb) < 2**17
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    unnamed = zipped({**members, "more": bytes(2**25)}, compress=("more",))
    del members, zeros
    tracemalloc.start()
    try:
        assert "arrays/0.npy is compressed" in loading(bomb)
        assert repr(jt.load(io.BytesIO(unnamed))) == repr(jt.load(io.BytesIO(written)))
        assert "its members are longer than the file" in loading(overlapping(written))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 4 * 2**20


def zipped(members, compress=()):
    """An archive, some members compressed."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content, zipfile.ZIP_DEFLATED if name in compress else zipfile.ZIP_STORED)
    return file.getvalue()


def overlapping(written):
    """The directory of the archive says that the second array is as long as the file."""
    changed = bytearray(written)
    entry = changed.rindex(b"PK\x01\x02")
    changed[entry + 20 : entry + 28] = len(written).to_bytes(4, "little") * 2
    return bytes(changed)


def test_archives_that_are_not_what_zip_says(written):
    with zipfile.ZipFile(io.BytesIO(written)) as archive:
        members = {n: archive.read(n) for n in archive.namelist()}
    for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA):
        file = io.BytesIO()
        with zipfile.ZipFile(file, "w", method) as archive:
            for name, content in members.items():
                archive.writestr(name, content)
        assert "manifest.json is compressed" in loading(file.getvalue())
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, content in [*members.items(), *members.items()]:
            archive.writestr(name, content)
    assert "two members 'manifest.json'" in loading(file.getvalue())
    encrypted = bytearray(written)
    encrypted[6] |= 1
    encrypted[encrypted.index(b"PK\x01\x02") + 8] |= 1
    loading(bytes(encrypted))


def test_any_number_in_the_place_of_another_is_noticed_or_means_nothing(written):
    """Headers of the archive that lie about lengths, places, versions and counts."""
    expected, rng = repr(jt.load(io.BytesIO(written))), np.random.default_rng(3)
    ends = [k for mark in (b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06") for k in places(written, mark)]
    for start in ends:
        for offset in some(range(start, min(start + 46, len(written) - 8)), 6):
            for width in (2, 4, 8):
                for value in (0, 1, 2 ** (8 * width - 1), 2 ** (8 * width) - 1, int(rng.integers(2**15))):
                    changed = bytearray(written)
                    changed[offset : offset + width] = value.to_bytes(width, "little")
                    try:
                        found = jt.load(io.BytesIO(bytes(changed)))
                    except FileError:
                        continue
                    assert repr(found) == expected


def places(data, mark):
    return [k for k in range(len(data)) if data.startswith(mark, k)]


def test_files_that_are_too_long(written):
    assert jt.load(io.BytesIO(written), max_bytes=len(written))["b"][1] == 4.5
    with refused(FileError, f"cannot load the file: it has {len(written)} bytes, more than max_bytes={len(written) - 1}"):
        jt.load(io.BytesIO(written), max_bytes=len(written) - 1)


@pytest.mark.parametrize(
    "root, words",
    [
        ({"kind": "list", "data": None, "parts": [{"array": 0}, {"array": 0}, {"array": 1}]}, "two places for it"),
        ({"kind": "list", "data": None, "parts": [{"array": 0}]}, "array 1 is no part of what was saved"),
        ({"kind": "list", "data": None, "parts": [{"array": -1}, {"array": 0}]}, "no array -1"),
        ({"kind": "list", "data": None, "parts": [{"array": True}, {"array": 0}]}, "no array True"),
        (
            {"kind": "tensor", "data": {"requires_grad": False}, "parts": [{"kind": "list", "data": None, "parts": []}]},
            "for a tensor",
        ),
        ({"kind": ["list"], "data": None, "parts": []}, "does not fit together"),
        ({"kind": "dict", "data": 1, "parts": [{"kind": "list", "data": None, "parts": []}, 1]}, "does not fit together"),
        ({"kind": "size", "data": ["a"], "parts": []}, "does not fit together"),
    ],
)
def test_roots_that_make_no_sense(written, root, words):
    assert words in loading(resigned(written, lambda manifest: manifest.update(root=root)))


def test_deep_manifests_are_refused(written):
    """Deeper than Python recurses, in the text and in the objects."""

    def deepen(members):
        text = members["manifest.json"].replace(b'"format"', b'"deep": ' + b"[" * 10**5 + b"]" * 10**5 + b', "format"')
        members["manifest.json"], members["manifest.sha256"] = text, tensor_files.hashlib.sha256(text).hexdigest().encode()

    loading(rewritten(written, deepen))
    root = 0
    for _ in range(400):
        root = {"kind": "list", "data": None, "parts": [root]}
    deep, before = resigned(written, lambda manifest: manifest.update(root=root)), sys.getrecursionlimit()
    sys.setrecursionlimit(700)
    try:
        loading(deep)
    finally:
        sys.setrecursionlimit(before)


def test_torch_arguments():
    file = io.BytesIO()
    jt.save(jt.ones(1), file)
    assert jt.load(file, map_location="cpu", weights_only=True).tolist() == [1.0]
    with refused(RuntimeError, "got map_location='cuda:0', expected 'cpu'"):
        jt.load(file, map_location="cuda:0")
    with refused(ValueError, "got weights_only=False, expected True"):
        jt.load(file, weights_only=False)


def test_other_kinds_can_be_registered():
    class Point:
        def __init__(self, name, x):
            self.name, self.x = name, x

    def unpack(name, parts):
        (x,) = parts
        if not name:
            raise ValueError("a point has a name")
        return Point(name, x)

    tensor_files.register_kind("point", Point, lambda p: (p.name, [p.x]), unpack)
    try:
        found = there_and_back([Point("a", jt.tensor([1.0]))])
        assert type(found[0]) is Point and found[0].x.tolist() == [1.0]
        file = io.BytesIO()
        jt.save(Point("", None), file)
        assert "a point has a name" in loading(file.getvalue())
    finally:
        del tensor_files._by_name["point"], tensor_files._by_class[Point]
