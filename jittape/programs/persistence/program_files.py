"""Programs in files: ``jt.save(compiled, path)`` and ``jt.load(path)``.

A file holds the listings: rows, with operations by name, layouts, constants and statics. It contains no code and no opcode,
address or machine code. Loading checks every row and builds the programs anew, which takes milliseconds. The Python function is
not saved, so a call that no saved trace fits is refused.
"""

import io
from importlib import import_module

import numpy as np

from ...errors import FileError, TraceError
from ...memory.layouts import LAYOUTS, MAX_NDIM, intern
from ...ops.declare_structured import Structured
from ...ops.operation_table import BY_NAME
from ...ops.shape_rules import expect, is_shape
from ...dtypes import as_dtype
from ...kernels.kernel_table import OPERATIONS, SOURCE, VIEW_OF_STORAGE, WRITE_BESIDE, WRITE_INTO
from ...files.pickling import PickledByFunction, global_name, is_named
from ...files.tensor_files import load, register_kind, save
from ...tensors.array import as_array
from ...tensors.tensor import Tensor, wrap
from ...transforms.grad_vjp import Gradient, ValueAndGradient
from ...transforms.pytrees import flatten, unflatten
from ...version import __version__
from .listing_checks import check
from .listing_columns import LARGEST
from .statics_codec import decode, encode
from ..calls.compiled import CarefulFunction, CompiledFunction
from ..lowering.listing import Listing
from ..tracing.function_trace import Output
from ..tracing.signature import FLOATS, TRACED, Static, describe, is_traced, value_of
from ..tracing.trace import EXACT

_ENGINE = {"source": SOURCE, "view_of_storage": VIEW_OF_STORAGE, "write_into": WRITE_INTO, "write_beside": WRITE_BESIDE}
_TRANSFORMS = {"grad": Gradient, "value_and_grad": ValueAndGradient}
_STATICS = (int, float, str, bool, type(None), np.ndarray, Tensor)  # arguments that are part of a signature


class Gone:
    """Stands for the function of a loaded program, which is not in the file; raises when it is called."""

    def __init__(self, name):
        self.__name__ = name

    def __call__(self, *args, **kwargs):
        raise TraceError(
            f"{self.__name__} was loaded from a file, without its Python function, and no saved trace suits this call: shapes, "
            "dtypes, static arguments and the values that the function looks at must be those of a call before it was saved; and "
            "derivatives through a value that it converts to a float are not there"
        )


# --- listings -------------------------------------------------------------------------------------------------


def _pack_listing(listing):
    codes, op = np.unique(listing.op, return_inverse=True)
    regions = [region for region, _ in listing.regions.values()]
    ids, _ = np.unique(np.concatenate([listing.layout, np.array(regions, np.int64)]), return_inverse=True)
    place = {int(k): j for j, k in enumerate(ids)}
    arrays = []
    try:
        statics = [[row, encode(s, arrays)] for row, s in listing.statics.items()]
        _refuse_without_rules(listing)
    except TypeError as error:
        raise TypeError(f"save: the program has an operation that cannot be saved: {error}") from None
    data = {
        "operations": [OPERATIONS[c].name for c in codes.tolist()],
        "layouts": [[list(LAYOUTS[k].shape), list(LAYOUTS[k].strides)] for k in ids.tolist()],
        "statics": statics,
        "inputs": listing.inputs,
        "outputs": listing.outputs,
        "constants": list(listing.constants),
        "guards": [[row, kind] for row, kind, _ in listing.guards],
        "derivatives": list(listing.derivatives),
        "regions": [[row, place[region], int(offset)] for row, (region, offset) in listing.regions.items()],
    }
    columns = {name: getattr(listing, name) for name in Listing.COLUMNS if name not in ("op", "layout")}
    columns |= {"op": op, "layout": np.array([place[int(k)] for k in listing.layout], np.int64), "pool": listing.pool}
    parts = [[columns[name] for name in sorted(columns)], arrays, list(listing.constants.values())]
    return data, [*parts, [np.asarray(expected) for _, _, expected in listing.guards]]


def _refuse_without_rules(listing):
    """Raise for an operation that nothing could be checked by when the program is loaded."""
    for code in np.unique(listing.op).tolist():
        operation = OPERATIONS[code]
        if isinstance(operation, Structured) and operation.shape_rule is None:
            raise TypeError(f"{operation.name} declares no rule of shapes (`shaped`)")


def _layout_of(shape, strides):
    """The number of a layout from a file."""
    shape, strides = tuple(shape), tuple(strides)
    expect(is_shape(shape) and len(strides) == len(shape) <= MAX_NDIM, "a shape and as many strides")
    expect(all(type(s) is int for s in strides) and _span(shape, strides) < LARGEST, "strides that do not overflow")
    return intern(shape, strides)


def _span(shape, strides):
    return sum(max(n - 1, 0) * abs(s) for n, s in zip(shape, strides))


def _unpack_listing(data, parts):
    columns, arrays, constants, expected = parts
    expect(all(type(a) is np.ndarray for part in parts for a in part), "arrays")
    listing = Listing()
    for name, column in zip(sorted((*Listing.COLUMNS, "pool")), columns, strict=True):
        if column.dtype != np.int64 or column.ndim != 1 or (name != "pool" and len(column) != len(columns[0])):
            raise FileError(f"got a column {name} of dtype {column.dtype}, expected one int64 a row")
        setattr(listing, name, column)
    codes = np.array([_code_of(name) for name in data["operations"]], np.int64)
    layouts = np.array([_layout_of(shape, strides) for shape, strides in data["layouts"]], np.int64)
    if len(listing.op) and (listing.op.min() < 0 or listing.layout.min() < 0):
        raise FileError("got a negative number of an operation or layout")
    listing.op, listing.layout = codes[listing.op], layouts[listing.layout]
    listing.statics = {row: decode(node, arrays) for row, node in data["statics"]}
    listing.constants = dict(zip(data["constants"], constants, strict=True))
    expect(all(type(k) is int and 0 <= k for _, *numbers in data["regions"] for k in numbers), "numbers of regions")
    listing.regions = {row: (int(layouts[region]), offset) for row, region, offset in data["regions"]}
    listing.inputs, listing.outputs, listing.derivatives = data["inputs"], data["outputs"], data["derivatives"]
    listing.guards = [
        (row, kind, e if kind == EXACT else bool(e)) for (row, kind), e in zip(data["guards"], expected, strict=True)
    ]
    check(listing)
    return listing


# They load SciPy, which takes long.
DECLARED_WHEN_ASKED_FOR = (
    "scipy_functions",
    "matrix_equations",
    "banded_systems",
    "riccati_equations",
    "recursive_filters",
    "sparse_products",
)


def _code_of(name):
    if name in _ENGINE:
        return _ENGINE[name]
    for module in DECLARED_WHEN_ASKED_FOR:
        if name not in BY_NAME:
            import_module(f"jittape.ops.{module}")
    if name not in BY_NAME:
        raise FileError(f"the program needs the operation {name!r}, which this jittape {__version__} does not have")
    return BY_NAME[name].code


# --- traces and functions -----------------------------------------------------------------------------------------


class SavedRun:
    """What `Traced` is for a function that was traced, for one from a file."""

    can_run_again = False

    def __init__(self, listing, outputs, structure, captured, converted, written):
        self.listing, self.outputs, self.structure = listing, outputs, structure
        self.converted, self.written = converted, written
        self.environment = SavedEnvironment(captured)

    def build(self, values):
        """What the function returned, with other values for its leaves."""
        return unflatten(self.structure, values)


class SavedEnvironment:
    """The Tensors that the function had captured, with their values when it was saved; nothing can change."""

    def __init__(self, captured):
        self.tensors, self.generators = [wrap(array) for array in captured], []

    def unchanged(self):
        return True

    def changed(self):
        return None


def _pack_variant(variant):
    """One trace: its listing, the arguments that it fits, and what it returns."""
    traced = variant.traced
    leaves = [_pack_leaf(d, leaf) for d, leaf in zip(variant.descriptions, variant.statics)]
    listing, parts = _pack_listing(traced.listing)
    data = {
        "default_dtype": variant.default_dtype.str,
        "leaves": [about for about, _ in leaves],
        "outputs": [[o.number is not None, o.is_mask, o.differs] for o in traced.outputs],
        "converted": sorted(traced.converted),
        "written": traced.written,
    }
    outputs = [o.number if o.number is not None else o.constant for o in traced.outputs]
    arguments, returned = _numbered(variant.structure), _numbered(traced.structure)
    captured = [np.array(t._value()) for t in variant.captured.tensors]
    return {**data, "listing": listing}, [parts, outputs, arguments, returned, captured, [part for _, part in leaves]]


def _pack_leaf(description, leaf):
    """(JSON, part) of an argument; of an input of the program only shape and dtype."""
    if description[0] == TRACED:
        return [description[1].__name__, list(description[2]), description[3].str], None
    is_static = isinstance(leaf, Static)
    value = leaf.value if is_static else leaf
    if not isinstance(value, _STATICS):
        raise TypeError(f"save: got a static argument of type {type(value).__name__}, expected a number, text, None or an array")
    return ["static", is_static], value


def _unpack_leaf(about, part):
    if about[0] == "static":
        expect(isinstance(part, _STATICS), "a static argument that can be saved")
        return Static(part) if about[1] else part
    kind, shape, dtype = about
    dtype, shape = np.dtype(dtype), tuple(shape)
    expect(is_shape(shape) and (shape == () or kind in ("ndarray", "Tensor", "Array")), "a shape")
    if dtype not in FLOATS or kind not in ("ndarray", "float", "Tensor", "Array", "float32"):
        raise FileError(f"got an argument of kind {kind!r} and dtype {dtype}")
    if kind == "float":
        return 0.0
    array = np.zeros(shape, dtype)
    if kind in ("Tensor", "Array"):
        return wrap(array) if kind == "Tensor" else as_array(wrap(array))
    return array[()] if kind == "float32" else array


def _numbered(structure):
    """A tree with the numbers of its leaves in their places."""
    return unflatten(structure, range(_count(structure)))


def _count(structure):
    return 1 if structure.type == "leaf" else sum(_count(c) for c in structure.children)


def pack(compiled):
    """A compiled function as JSON and parts."""
    variants = _variants_to_save(compiled)
    if not variants:
        raise TypeError(
            f"save: {compiled!r} has no trace to save that fits what it reads from outside (closure, globals, objects) now: call "
            "it once for every signature that is to be saved"
        )
    for variant in variants:
        if variant.example is not None:
            compiled.trace_with_care(variant)
    packed, careful = [[_pack_variant(v) for v in found] for found in (variants, _variants_to_save(compiled.careful))]
    transform = compiled.transform
    about = None
    if transform is not None:
        about = [transform.name, list(transform._numbers), transform._single, transform.has_aux]
    data = {
        "jittape": __version__,
        "name": getattr(compiled.function, "__name__", "a compiled function"),
        "transform": about,
        "static_argnums": sorted(compiled.static_argnums),
        "variants": [d for d, _ in packed],
        "careful": [d for d, _ in careful],
    }
    return data, [[parts for _, parts in found] for found in (packed, careful)]


def _variants_to_save(compiled):
    """The traces of a function; a file has no environment to compare, so those that do not fit the present one are left out."""
    found = [] if compiled is None else compiled._variants.values()
    return [v for variants in found for v in variants if v.fits and v.suits()]


def unpack(data, parts):
    """The function of a file."""
    numbers = data["static_argnums"] + (data["transform"] or [None, []])[1]
    expect(type(data["name"]) is str and all(type(k) is int for k in numbers), "a name and numbers of arguments")
    function = Gone(data["name"])
    if data["transform"] is not None:
        name, numbers, is_single, has_aux = data["transform"]
        function = _TRANSFORMS[name](function, numbers[0] if is_single else tuple(numbers), has_aux)
    compiled = CompiledFunction(function, tuple(data["static_argnums"]))
    compiled.careful = CarefulFunction(function, compiled.static_argnums)
    for kept, name, pieces in zip((compiled, compiled.careful), ("variants", "careful"), parts, strict=True):
        for about, own in zip(data[name], pieces, strict=True):
            _unpack_variant(kept, about, own)
    return compiled


def _unpack_variant(compiled, data, parts):
    pieces, outputs, arguments, returned, captured, statics = parts
    listing = _unpack_listing(data["listing"], pieces)
    outputs = [
        Output(value if is_row else None, None if is_row else value, bool(mask), bool(differs))
        for value, (is_row, mask, differs) in zip(outputs, data["outputs"], strict=True)
    ]
    numbers = [o.number for o in outputs if o.number is not None]
    expect(all(type(k) is int and 0 <= k < len(listing.outputs) for k in numbers), "results that are rows of the program")
    leaves = [_unpack_leaf(about, part) for about, part in zip(data["leaves"], statics, strict=True)]
    args, kwargs = unflatten(flatten(arguments)[1], leaves)
    default_dtype, converted, written = as_dtype(data["default_dtype"]), frozenset(data["converted"]), data["written"]
    is_known = {*converted, *written} <= set(range(len(listing.inputs)))
    expect(default_dtype in FLOATS and is_known, "a dtype, and inputs that are converted and written to")
    run = SavedRun(listing, outputs, flatten(returned)[1], captured, converted, written)
    _check_inputs(listing, leaves, captured)
    compiled.adopt(run, [x.value if isinstance(x, Static) else x for x in args], kwargs, default_dtype)


def _check_inputs(listing, leaves, captured):
    """Raise if the inputs of the program are not the arguments that it claims to take."""
    traced = [leaf for leaf in leaves if is_traced(describe(leaf))]
    expect(all(type(a) is np.ndarray for a in captured), "arrays for Tensors that the function had captured")
    values = [np.asarray(value_of(leaf)) for leaf in traced] + captured
    if len(values) != len(listing.inputs):
        raise FileError(f"the program has {len(listing.inputs)} inputs, the call {len(values)}")
    for row, value in zip(listing.inputs, values):
        if value.shape != listing.shape(row) or value.dtype != listing.dtype(row):
            raise FileError("an argument does not fit its input")


register_kind("program", CompiledFunction, pack, unpack)


def _reduce(self):
    """Pickle a compiled function as its file, so that the Python function need not be one that pickle can name."""
    function = self.traced_function
    if isinstance(function, Gone) or self.traces and global_name(self) is None and not is_named(function):
        buffer = io.BytesIO()
        save(self, buffer)
        return _from_bytes, (buffer.getvalue(),)
    return PickledByFunction.__reduce__(self)


def _from_bytes(data):
    return load(io.BytesIO(data))


CompiledFunction.__reduce__ = _reduce
