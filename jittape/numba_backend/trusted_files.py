"""Files that are executed: nobody but this user and the administrator can have written them, each for the name that it has.

A file is *sealed* with a key: it begins with the SHA-256 of the key and what follows. Two files that were exchanged, and one that
was cut or changed by accident, are then no files. Whoever may write a file can seal it anew, so its owner and mode count, too.
"""

import contextlib
import hashlib
import os
import stat
import uuid

DIGEST = 32  # bytes
HAS_OWNERS = hasattr(os, "geteuid")
_READ = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)


def _is_own(status):
    """Whether nobody but this user and the administrator can have written to a file or directory."""
    return not HAS_OWNERS or (status.st_uid in (0, os.geteuid()) and not status.st_mode & 0o022)


def is_trusted(directory):
    """Whether nobody else can have put files into a directory; one that is not there yet will be this user's."""
    try:
        return _is_own(os.stat(directory))
    except OSError:
        return True


def read_sealed(path, key):
    """(contents, date) of a file, None if it is missing, torn, a link, another's, or sealed with another key."""
    try:
        with open(os.open(path, _READ), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode) or not _is_own(status):
                return None
            digest, data = file.read(DIGEST), file.read()
    except OSError:
        return None
    return (data, status.st_mtime) if _seal(data, key) == digest else None


def write_sealed(path, key, data):
    """Put a file into its directory in one step: a process that reads meanwhile finds all of it or nothing."""
    os.makedirs(os.path.dirname(path), 0o755, exist_ok=True)
    unfinished = f"{path}.{uuid.uuid4().hex}"
    try:
        with open(os.open(unfinished, _NEW, 0o644), "wb") as file:
            file.write(_seal(data, key) + data)
        os.replace(unfinished, path)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise


def _seal(data, key):
    return hashlib.sha256(len(key).to_bytes(8, "little") + key + data).digest()
