"""Files of tensors: `save` and `load`, in a format that contains no code.

A file is a zip archive: arrays in NumPy's ``.npy`` format, a manifest in JSON that says how they make up what was saved, and
the SHA-256 of the manifest, which in turn holds those of the arrays. Reading makes arrays, containers and the *kinds* that are
registered here, and nothing else. Everything is checked before anything is made.

Other modules add kinds with `register_kind`: a function from an object to JSON and parts, and one back.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import io
import json
import os
import uuid
import zipfile
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from ..dtypes import DTYPES
from ..errors import FileError
from ..nn.parameter import Parameter
from ..tensors.size import Size
from ..tensors.tensor import Tensor, set_requires_grad, wrap
from .archive_reading import Members, Unreadable, array_of, opened

if TYPE_CHECKING:
    from os import PathLike
    from typing import IO, Any

FORMAT, VERSION = "jittape", 1
MANIFEST, DIGEST = "manifest.json", "manifest.sha256"


class Kind(NamedTuple):
    """How objects of a class are saved.

    ``pack(object)`` returns (data, parts): what JSON can hold, and a dict or list of arrays or of objects of known kinds.
    ``unpack(data, parts)`` makes the object again; it may raise any exception when they do not fit.
    """

    name: str
    cls: type
    pack: object
    unpack: object


_by_name, _by_class = {}, {}


def register_kind(name, cls, pack, unpack):
    """Let `save` and `load` handle objects of a class, but not of its subclasses."""
    _by_name[name] = _by_class[cls] = Kind(name, cls, pack, unpack)


def _pack_tensor(tensor):
    tensor._leave_quietly("jt.save")
    return {"requires_grad": tensor.is_leaf and tensor.requires_grad}, [np.array(tensor._value(), order="C")]


def _unpack_tensor(data, parts):
    tensor = wrap(_array(parts))
    if data["requires_grad"] is True:
        set_requires_grad(tensor, True)
    return tensor


def _unpack_parameter(data, parts):
    return Parameter(wrap(_array(parts)), data["requires_grad"] is True)


def _array(parts):
    (array,) = parts
    if not isinstance(array, np.ndarray) or array.dtype not in DTYPES:
        raise ValueError(f"got {array!r:.100} for a tensor, expected an array of a dtype that tensors have")
    return array


register_kind("tensor", Tensor, _pack_tensor, _unpack_tensor)
register_kind("parameter", Parameter, _pack_tensor, _unpack_parameter)
register_kind("list", list, lambda v: (None, v), lambda data, parts: list(parts))
register_kind("tuple", tuple, lambda v: (None, list(v)), lambda data, parts: tuple(parts))
register_kind("size", Size, lambda v: (list(v), []), lambda data, parts: Size(map(int, data)))
register_kind("float", float, lambda v: (v.hex(), []), lambda data, parts: float.fromhex(data))  # JSON has no inf and nan


def _pack_dict(mapping):
    return len(mapping), [*mapping.keys(), *mapping.values()]


def _unpack_dict(n, parts):
    return dict(zip(parts[:n], parts[n:], strict=True))


register_kind("dict", dict, _pack_dict, _unpack_dict)


# --- writing ------------------------------------------------------------------------------------------------------


class _Writer:
    """Turns objects into JSON, and collects the arrays in them."""

    def __init__(self):
        self.files = []  # (name, bytes)

    def node(self, value, path):
        """An object as JSON."""
        if value is None or type(value) in (bool, int, str):
            return value
        if isinstance(value, np.generic):
            value = value.item() if value.dtype.kind != "f" else float(value)
            return self.node(value, path)
        if type(value) is np.ndarray:
            return {"array": self._store(value, path)}
        kind = _by_class.get(type(value))
        if kind is None and isinstance(value, dict):  # OrderedDict, defaultdict
            kind = _by_class[dict]
        if kind is None:
            raise TypeError(
                f"save: got {type(value).__name__} at {path}, expected tensors, arrays, numbers, text, None, and dicts, lists or "
                "tuples of them; of a module or optimiser, save its state_dict()"
            )
        data, parts = kind.pack(value)
        nodes = [self.node(part, f"{path}[{k}]") for k, part in enumerate(parts)]
        return {"kind": kind.name, "data": data, "parts": nodes}

    def _store(self, array, path):
        if array.dtype.hasobject:
            raise TypeError(f"save: got an array of Python objects at {path}, expected numbers")
        buffer = io.BytesIO()
        np.lib.format.write_array(buffer, np.ascontiguousarray(array).reshape(array.shape), allow_pickle=False)
        self.files.append((f"arrays/{len(self.files)}.npy", buffer.getvalue()))
        return len(self.files) - 1


def save(obj: Any, f: str | PathLike[str] | IO[bytes]) -> None:
    """Write tensors, and dicts, lists and tuples of them, to a file.

    Parameters
    ----------
    obj : Tensor, ndarray, number, str, None, or dicts, lists and tuples of them
        Such as the ``state_dict()`` of a module or an optimiser, or a compiled function. The history of results is not saved.
    f : path or binary file
        Where. A file of that path appears as a whole or not at all.

    Raises
    ------
    TypeError
        Naming what cannot be saved, and where it is.
    FileNotFoundError
        If the folder of the path does not exist.

    Examples
    --------
    >>> import io, jittape as jt
    >>> file = io.BytesIO()
    >>> jt.save({"weight": jt.tensor([1.0, 2.0]), "epoch": 3}, file)
    >>> _ = file.seek(0)
    >>> jt.load(file)
    {'weight': tensor([1., 2.]), 'epoch': 3}
    """
    writer = _Writer()
    root = writer.node(obj, "the top")
    digests = [hashlib.sha256(data).hexdigest() for _, data in writer.files]
    manifest = {"format": FORMAT, "version": VERSION, "arrays": digests, "root": root}
    text = json.dumps(manifest, allow_nan=False).encode()
    files = [(MANIFEST, text), (DIGEST, hashlib.sha256(text).hexdigest().encode()), *writer.files]
    if hasattr(f, "write"):
        _write(f, files)
        return
    path = os.fspath(f)
    unfinished = f"{path}.{uuid.uuid4().hex}"
    if not os.path.isdir(os.path.dirname(path) or "."):
        raise FileNotFoundError(errno.ENOENT, "No such directory", os.path.dirname(path))
    try:
        with open(unfinished, "xb") as file:
            _write(file, files)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def _write(file, files):
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        for name, data in files:
            archive.writestr(zipfile.ZipInfo(name), data)  # no dates: equal contents are equal files


# --- reading ------------------------------------------------------------------------------------------------------


def load(
    f: str | PathLike[str] | IO[bytes], map_location: Any = None, weights_only: bool = True, *, max_bytes: int | None = None
) -> Any:
    """Read what `save` has written.

    Parameters
    ----------
    f : path or binary file
        What was written. It is read and checked as a whole before anything is made.
    map_location : str, optional
        Only "cpu"; accepted for compatibility with PyTorch.
    weights_only : bool, optional
        Only True; accepted for compatibility with PyTorch. A file contains no code.
    max_bytes : int, optional
        Longest file that is read. Nothing in a file is compressed: reading takes memory in proportion to its length.

    Returns
    -------
    object
        What was saved, with memory of its own.

    Raises
    ------
    FileError
        If the file is cut off, of another format, longer than `max_bytes`, or not what was written.
    RuntimeError
        If `map_location` is not the CPU.
    ValueError
        If `weights_only` is False.
    """
    if map_location is not None and str(map_location).partition(":")[0] != "cpu":
        raise RuntimeError(f"got map_location={map_location!r}, expected 'cpu': jittape computes on the CPU")
    if not weights_only:
        raise ValueError("got weights_only=False, expected True: a file holds no code, and loading it executes none")
    name = getattr(f, "name", None) if hasattr(f, "read") else os.fspath(f)
    try:
        with opened(f) as file:
            root, arrays = _read(file, max_bytes)
        return _made(root, arrays)
    except Unreadable as error:
        where = "the file" if name is None else repr(name)
        raise FileError(f"cannot load {where}: {error}; expected a file written by jittape.save") from error


def _read(file, max_bytes):
    try:
        return _contents(Members(file, max_bytes))
    except (Unreadable, MemoryError):
        raise
    except Exception as error:  # zipfile's, of which there are many
        raise Unreadable(f"it is cut off, damaged, or of another format ({error})") from error


def _made(root, arrays):
    reader = _Reader(arrays)
    found = reader.make(root)
    if reader.unused:
        raise Unreadable(f"array {min(reader.unused)} is no part of what was saved")
    return found


def _contents(members):
    """The root of the manifest, and the arrays; everything is what its digest says."""
    text = members.read(MANIFEST)
    digest = members.read(DIGEST)
    if text is None or digest is None:
        raise Unreadable("it is a zip archive without a manifest")
    if hashlib.sha256(text).hexdigest().encode() != digest:
        raise Unreadable("its manifest is not what was written")
    try:
        manifest = json.loads(text)
        found, version, digests, root = (manifest[key] for key in ("format", "version", "arrays", "root"))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise Unreadable("its manifest is not that of a file of tensors") from error
    if found != FORMAT or not isinstance(digests, list):
        raise Unreadable(f"its format is {found!r}")
    if version != VERSION:
        raise Unreadable(f"it has version {version!r} of the format, this jittape reads version {VERSION}")
    return root, [_checked_array(members, k, digest) for k, digest in enumerate(digests)]


def _checked_array(members, k, digest):
    data = members.read(f"arrays/{k}.npy")
    if data is None or hashlib.sha256(data).hexdigest() != digest:
        raise Unreadable(f"array {k} is missing or not what was written")
    try:
        return array_of(data)
    except Exception as error:  # NumPy's of a header: of its syntax, of its nesting, of its dtype
        raise Unreadable(f"array {k} cannot be read ({error})") from error


class _Reader:
    """Makes objects of nodes of the manifest."""

    def __init__(self, arrays):
        self.arrays = arrays
        self.unused = set(range(len(arrays)))  # every array is one object's, which may write to it

    def _array(self, k):
        if type(k) is not int or k not in self.unused:
            raise Unreadable(f"it has no array {k!r}, or two places for it")
        self.unused.remove(k)
        return self.arrays[k]

    def make(self, node):
        """The object of a node."""
        if not isinstance(node, dict):
            return node
        try:
            if "array" in node:
                return self._array(node["array"])
            kind = _by_name.get(node["kind"])
            if kind is None:
                raise Unreadable(f"it holds a {node['kind']!r}, which this jittape does not know")
            return kind.unpack(node["data"], [self.make(part) for part in node["parts"]])
        except Unreadable:
            raise
        except FileError as error:  # of a kind that says all that there is to say
            raise Unreadable(str(error)) from error
        except Exception as error:
            raise Unreadable(f"its manifest does not fit together ({error})") from error
