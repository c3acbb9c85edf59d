"""Types that no annotation states, because the operation table makes the function.

Functions that are written as such have annotations. What is left are those that the table makes of a scalar body, a ufunc or
a way to fill an array: their parameters have few names, and where one differs, the line says ``function.parameter``. A function
whose result depends on how it is called has its ways of calling listed.
"""

from jittape.ops.arguments import SPELLINGS

PARAMETERS = {  # name of a parameter, with its stars -> type
    **dict.fromkeys(("input", "other", "values"), "TensorLike"),
    "polygamma.n": "TensorLike",
    **dict.fromkeys(("min", "max"), "TensorLike | None"),
    **dict.fromkeys(("__eq__.other", "__ne__.other"), "object"),
    **dict.fromkeys(("size", "*size"), "ShapeLike"),
    "out": "Tensor | None",
    "generator": "Generator | np.random.Generator | None",
    "inplace": "bool",
    "memory_format": "object",
    "*data": "Data | SupportsIndex",
    "dtype": "DTypeLike | None",
    "device": "str | None",
    "requires_grad": "bool",
}

_WITH_INDEX = (
    (("input: TensorLike", "dim: None = None", "keepdim: bool = False"), "Tensor"),
    (("input: TensorLike", "dim: SupportsIndex", "keepdim: bool = False"), "ValuesIndices"),
    (("input: TensorLike", "*", "axis: SupportsIndex", "keepdims: bool = False"), "ValuesIndices"),
)
_OF_TWO = ((("input: TensorLike", "dim: Tensor | NDArray[Any]"), "Tensor"), *_WITH_INDEX)
_NEW = (
    "*",
    "dtype: DTypeLike | None = None",
    "device: str | None = None",
    "requires_grad: bool = False",
    "layout: object = None",
    "pin_memory: object = None",
    "out: Tensor | None = None",
)
FORMS = {  # function -> its ways of calling: parameters and result
    "max": _OF_TWO,
    "min": _OF_TWO,
    "median": _WITH_INDEX,
    "nonzero": (
        (("input: TensorLike", "as_tuple: Literal[False] = False"), "Tensor"),
        (("input: TensorLike", "as_tuple: Literal[True]"), "tuple[Tensor, ...]"),
    ),
    "arange": (
        (("end: Number | Tensor", *_NEW), "Tensor"),
        (("start: Number | Tensor", "end: Number | Tensor", "step: Number | Tensor = 1", *_NEW), "Tensor"),
    ),
    "size": ((("self", "dim: None = None"), "Size"), (("self", "dim: SupportsIndex"), "int")),
    "stride": ((("self", "dim: None = None"), "tuple[int, ...]"), (("self", "dim: SupportsIndex"), "int")),
    "type": ((("self", "dtype: None = None"), "str"), (("self", "dtype: DTypeLike"), "Tensor")),
}

IGNORED = {  # function -> what checkers are told to overlook in its first line
    **dict.fromkeys(("__eq__", "__ne__"), "override"),  # a Tensor, where an object answers a bool
    **dict.fromkeys(("__lt__", "__le__", "__gt__", "__ge__"), "misc"),  # an array answers an array to the same question
    **dict.fromkeys(("max", "min"), "overload-overlap"),  # a Tensor of an integer is an axis to Python, not to these
}

MEMBERS = {"_version": "int", "__array_priority__": "int"}  # attributes of classes

HOMES = {  # names that annotations use -> where a stub imports them from
    **dict.fromkeys(("Any", "Literal", "SupportsIndex", "TypeGuard", "overload"), "typing"),
    **dict.fromkeys(("Callable", "Iterable", "Iterator", "Sequence"), "collections.abc"),
    **dict.fromkeys(("Axes", "DTypeLike", "Data", "Index", "Lengths", "Number", "ShapeLike", "TensorLike"), "jittape.typing"),
    "Tensor": "jittape.tensors.tensor",
    "Size": "jittape.tensors.size",
    "NDArray": "numpy.typing",
    "Generator": "jittape.ops.random_generators",
    "Device": "jittape.devices",
    "Layer": "jittape.nn.layer",
    "Linear": "jittape.nn.layers",
    **{f"{kind}{n}d": "jittape.nn.convolution_layers" for kind in ("Conv", "ConvTranspose") for n in (1, 2, 3)},
    **{f"{kind}{n}d": "jittape.nn.normalization_layers" for kind in ("BatchNorm", "InstanceNorm") for n in (1, 2, 3)},
    "Module": "jittape.nn.module",
    "Node": "jittape.autograd.grad_fn",
    "RemovableHandle": "jittape.autograd.hooks",
    "ValuesIndices": "jittape.ops.reductions",
    "SignLogabsdet": "jittape.ops.matrix_functions",
}


_asked = set()  # keys of the tables that a stub has needed


def unused():
    """Entries of the tables that no stub needs: a function has gone, or has annotations now."""
    return sorted({*PARAMETERS, *FORMS, *MEMBERS} - _asked)


def _found(table, *keys):
    """The entry of the first key that a table has, or None."""
    for key in keys:
        if key in table:
            _asked.add(key)
            return table[key]


def forms_of(name, function):
    """The ways of calling a function, or None; it may be exported under another name."""
    return _found(FORMS, name, function.__name__)


def type_of_member(name):
    """The type of an attribute of a class, or None for one that no stub shows."""
    return _found(MEMBERS, name)


def type_of_parameter(name, function, parameter):
    """The type of a parameter of a function; the parameter has its stars."""
    found = _found(PARAMETERS, f"{name}.{parameter}", f"{function.__name__}.{parameter}", parameter)
    if found is None:
        raise LookupError(
            f"no type for the parameter {parameter!r} of {name}: annotate it, or add it to PARAMETERS in tools/stub_types.py"
        )
    return found


def numpy_names(function):
    """NumPy's names for parameters of a function that takes both, by the function's own: ``dim`` -> ``axis``."""
    found = {}
    for theirs, ours in getattr(function, "other_names", {}).items():
        if theirs in SPELLINGS:
            found.setdefault(ours, theirs)
    return found
