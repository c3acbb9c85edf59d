"""Statics of rows as JSON and arrays, and back; only what is listed here can be saved."""

import numpy as np

from ...errors import FileError
from ...ops.copies_and_joins import Positions
from ...ops.cross_entropy import Labels
from ...ops.padded_regions import ReadRegion, region_from_file
from ...ops.static_records import RECORDS


def encode(value, arrays):
    """A static as JSON; arrays are appended to a list and referred to by number."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    if isinstance(value, (float, np.floating)):
        return {"float": float(value).hex()}
    if value is Ellipsis:
        return {"ellipsis": True}
    if isinstance(value, np.dtype):
        return {"dtype": value.str}
    kind, fields, _ = RECORDS.get(type(value).__name__, (None, None, None))
    if kind is type(value):
        return {"record": [kind.__name__, *(encode(v, arrays) for v in fields(value))]}
    if isinstance(value, (tuple, list)):
        return {"tuple": [encode(v, arrays) for v in value]}
    if isinstance(value, Positions):
        arrays.append(value.array)
        return {"positions": len(arrays) - 1}
    if isinstance(value, Labels):
        arrays.append(value.classes)
        first = len(arrays) - 1
        if value.weights is None:
            return {"labels": [first, encode(value.scale, arrays)]}
        arrays.append(value.weights)
        return {"labels": [first, first + 1]}
    if isinstance(value, ReadRegion):
        return {"region": [encode(tuple(value.shape), arrays), encode(value.key, arrays)]}
    raise TypeError(
        f"got a static of type {type(value).__name__}, expected numbers, text, None, dtypes, positions, or tuples of them"
    )


def decode(node, arrays):
    """The inverse of `encode`; raises for anything that it does not produce."""
    if node is None or isinstance(node, (bool, int, str)):
        return node
    ((kind, data),) = node.items()
    if kind == "float":
        return float.fromhex(data)
    if kind == "ellipsis":
        return Ellipsis
    if kind == "dtype":
        dtype = np.dtype(str(data))
        if dtype.kind not in "fiubc":
            raise FileError(f"got dtype {dtype}, expected numbers")
        return dtype
    if kind == "tuple":
        return tuple(decode(d, arrays) for d in data)
    if kind == "record":
        name, *fields = data
        if name not in RECORDS:
            raise FileError(f"got a record {name!r:.40}, expected one that an operation declares")
        return RECORDS[name][2](*(decode(d, arrays) for d in fields))
    if kind == "positions":
        return Positions(_numbered(data, arrays, np.int64))
    if kind == "labels":
        first, second = data
        weights = decode(second, arrays) if isinstance(second, dict) else _numbered(second, arrays, np.float64)
        return Labels(_numbered(first, arrays, np.int64), weights)
    if kind == "region":
        return region_from_file(*(decode(d, arrays) for d in data))
    raise FileError(f"got a {kind!r}, which this jittape does not know")


def _numbered(number, arrays, dtype):
    """The array of a number, which has to have a dtype."""
    if type(number) is not int or not 0 <= number < len(arrays) or arrays[number].dtype != dtype:
        raise FileError(f"got {number!r:.40}, expected the number of an array of {np.dtype(dtype)} of the program")
    return arrays[number]
