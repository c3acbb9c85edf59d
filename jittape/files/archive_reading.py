"""Reading of the zip archive of a file as data: members as they are stored, and arrays of them.

Nothing in an archive decides how much memory reading takes: members are stored, not compressed, so that together they are no
longer than the file, and an array is as long as its member.
"""

import contextlib
import io
import math
import os
import zipfile

import numpy as np

ENCRYPTED = 1  # a bit of the flags of a member
_HEADERS = {(1, 0): np.lib.format.read_array_header_1_0, (2, 0): np.lib.format.read_array_header_2_0}


class Unreadable(ValueError):
    """An archive or a member that was not written by `save`."""


def opened(f):
    """A context with the binary file of a path, or with a file that the caller opened and closes."""
    return contextlib.nullcontext(f) if hasattr(f, "read") else open(f, "rb")


class Members:
    """The members of an archive, read one at a time by their names; what is not asked for is not read.

    Parameters
    ----------
    file : binary file
        Where the archive is.
    max_bytes : int or None
        Longest file that is read; None for any.
    """

    def __init__(self, file, max_bytes):
        self._left = file.seek(0, os.SEEK_END)
        if max_bytes is not None and self._left > max_bytes:
            raise Unreadable(f"it has {self._left} bytes, more than max_bytes={max_bytes}")
        self._archive = zipfile.ZipFile(file)
        self._found = {}
        for member in self._archive.infolist():
            if self._found.setdefault(member.filename, member) is not member:
                raise Unreadable(f"it has two members {member.filename!r}")

    def read(self, name):
        """The contents of a member, None if there is none of that name. The zip format has a checksum of each."""
        member = self._found.pop(name, None)
        if member is None:
            return None
        if member.compress_type != zipfile.ZIP_STORED or member.file_size != member.compress_size:
            raise Unreadable(f"{name} is compressed, expected as it was stored")
        if member.flag_bits & ENCRYPTED:
            raise Unreadable(f"{name} is encrypted")
        self._left -= member.file_size
        if self._left < 0:
            raise Unreadable("its members are longer than the file")
        return self._archive.read(member)


def array_of(data):
    """The array of a member in NumPy's ``.npy`` format: of numbers or text, in C order, and nothing beside it."""
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version not in _HEADERS:
        raise Unreadable(f"version {version} of the npy format, expected one of {[*_HEADERS]}")
    shape, is_fortran, dtype = _HEADERS[version](stream)  # read as a literal: nothing is evaluated
    if dtype.hasobject or dtype.subdtype is not None or not dtype.itemsize:
        raise Unreadable(f"an array of dtype {dtype}, expected numbers or text")
    fits = all(type(n) is int and n >= 0 for n in shape) and math.prod(shape) * dtype.itemsize == len(data) - stream.tell()
    if is_fortran or not fits:
        raise Unreadable(f"an array of shape {shape} and dtype {dtype}, which is not what follows")
    array = np.empty(shape, dtype)
    if array.size:
        array.reshape(-1).view(np.uint8)[:] = np.frombuffer(data, np.uint8, offset=stream.tell())
    return array
