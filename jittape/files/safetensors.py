"""Files of tensors in the safetensors format: a header in JSON, and numbers.

It is what PyTorch programs exchange weights in; reading makes tensors and nothing else.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import numpy as np

from ..errors import FileError
from ..tensors.tensor import Tensor, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

_DTYPES = {"F64": "<f8", "F32": "<f4", "I64": "<i8", "I32": "<i4", "I16": "<i2", "I8": "i1", "U8": "u1", "BOOL": "?"}
_NAMES = {np.dtype(d): name for name, d in _DTYPES.items()}
_HALVES = ("F16", "BF16")  # read as float32, of which they are parts
LONGEST_HEADER = 100_000_000  # bytes, as by the library that has defined the format


def save_safetensors(tensors: Mapping[str, Tensor], path: str | PathLike[str], metadata: Mapping[str, str] | None = None) -> None:
    """Write tensors by name to a safetensors file.

    Parameters
    ----------
    tensors : mapping of str to Tensor
        Such as the `state_dict` of a module.
    path : path
        The file, which is replaced.
    metadata : mapping of str to str, optional
        Text that is kept with them.

    Raises
    ------
    TypeError
        If a value is no Tensor, or has a dtype that the format does not have.
    """
    header, parts, end = {}, [], 0
    if metadata:
        header["__metadata__"] = {str(k): str(v) for k, v in metadata.items()}
    for name, t in tensors.items():
        if not isinstance(t, Tensor) or t.dtype not in _NAMES:
            kind = t.dtype if isinstance(t, Tensor) else type(t).__name__
            raise TypeError(f"save_safetensors: got {kind} for {name!r}, expected a Tensor of one of {sorted(map(str, _NAMES))}")
        part = np.ascontiguousarray(t.detach()._value()).astype(_DTYPES[_NAMES[t.dtype]]).tobytes()
        header[name] = {"dtype": _NAMES[t.dtype], "shape": list(t.shape), "data_offsets": [end, end + len(part)]}
        parts.append(part)
        end += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.writelines(parts)


def load_safetensors(path: str | PathLike[str]) -> dict[str, Tensor]:
    """Read tensors by name from a safetensors file.

    Parameters
    ----------
    path : path
        A file that PyTorch's tools, or `save_safetensors`, have written.

    Returns
    -------
    dict of str to Tensor
        What `Module.load_state_dict` takes. Numbers of 16 bits are read as float32.

    Raises
    ------
    FileError
        If the file is damaged, or has dtypes that there are not.
    """
    with open(path, "rb") as file:
        content = file.read()
    try:
        return _read(content)
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise FileError(f"{path} is no safetensors file, or is damaged: got {problem}") from problem


def _read(content):
    n = int.from_bytes(content[:8], "little")
    if len(content) < 8 or n > min(LONGEST_HEADER, len(content) - 8):
        raise ValueError(f"a header of {n} bytes in a file of {len(content)}")
    header = json.loads(content[8 : 8 + n])
    if not isinstance(header, dict):
        raise ValueError("a header that is no object")
    header.pop("__metadata__", None)
    return {name: _tensor(name, about, content, 8 + n) for name, about in header.items()}


def _tensor(name, about, content, start):
    kind, shape, (first, last) = about["dtype"], about["shape"], about["data_offsets"]
    if kind not in _DTYPES and kind not in _HALVES:
        raise ValueError(f"the dtype {kind} of {name!r}, expected one of {sorted(_DTYPES)}")
    if not all(type(k) is int and k >= 0 for k in (*shape, first, last)):
        raise ValueError(f"the shape {shape} and the place {first, last} of {name!r}")
    dtype = np.dtype("<u2" if kind == "BF16" else "<f2" if kind == "F16" else _DTYPES[kind])
    if last - first != math.prod(shape) * dtype.itemsize or start + last > len(content):
        raise ValueError(f"{last - first} bytes for {name!r} of shape {shape} and dtype {kind}")
    values = np.frombuffer(content, dtype, math.prod(shape), start + first).reshape(shape)
    if kind == "BF16":
        values = (values.astype(np.uint32) << 16).view(np.float32)
    elif kind == "F16":
        values = values.astype(np.float32)
    return wrap(values.astype(values.dtype.newbyteorder("="), copy=True))


def state_from_torch(state_dict: Mapping[str, object]) -> dict[str, Tensor]:
    """Make Tensors of the tensors of another library, such as those of a PyTorch module.

    Parameters
    ----------
    state_dict : mapping of str to object with `__dlpack__`
        Such as ``module.state_dict()`` of a PyTorch module.

    Returns
    -------
    dict of str to Tensor
        Copies, which `Module.load_state_dict` takes. Back again, ``torch.from_dlpack(t.detach())`` takes each Tensor of a state.
    """
    return {name: wrap(np.array(np.from_dlpack(t.detach() if hasattr(t, "detach") else t))) for name, t in state_dict.items()}
