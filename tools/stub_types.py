"""Types that no annotation states, because the operation table makes the function.

A parameter name means one thing throughout the library, so its type is written once; where a function differs, the line
says ``function.parameter``. A function whose result depends on how it is called has its ways of calling listed.
"""

import inspect

from jittape.ops.arguments import SPELLINGS

PARAMETERS = {  # type -> names of parameters, with their stars
    "TensorLike": (
        "input other condition exponent value tensor A B mat1 mat2 vec vec2 tensor1 tensor2 end weight source src a b y "
        "mask index indices low mean std start *tensors *operands"
    ),
    "TensorLike | None": "bias min max a_min a_max prepend append trapezoid.x",
    "Number": (
        "alpha beta dx fill_value logspace.base addcmul.value addcdiv.value uniform_.low uniform_.high normal_.mean "
        "normal_.std"
    ),
    "Number | None": "logit.eps norm.ord",
    "Number | str": "norm.p",
    "Data": "data copy_.source fill_.value",
    "Data | SupportsIndex": "*data",
    "SupportsIndex": (
        "dim dim0 dim1 dim2 axis offset diagonal start_dim end_dim n k chunks length steps decimals narrow.start select.index"
    ),
    "SupportsIndex | None": (
        "axis axis1 axis2 high tril.k triu.k diag.k eye.m argmax.dim argmin.dim cumsum.dim cumprod.dim take.dim "
        "take_along_dim.dim"
    ),
    "Axes": "shifts dims destination unsqueeze.dim movedim.source",
    "Axes | None": (
        "all.dim any.dim amax.dim amin.dim sum.dim mean.dim prod.dim var.dim std.dim logsumexp.dim norm.dim squeeze.dim roll.dim "
        "count_nonzero.dim"
    ),
    "Axes | Sequence[Sequence[int]]": "tensordot.dims",
    "ShapeLike": "shape size *size *sizes *shape *dims *dim",
    "ShapeLike | None": "normal.size randint.size",
    "SupportsIndex | Sequence[SupportsIndex]": "split_size_or_sections",
    "DTypeLike | None": "dtype",
    "DTypeLike | Tensor | str": "to.*args",
    "Sequence[TensorLike]": "tensors",
    "Tensor": "expand_as.other view_as.other reshape_as.other type_as.other",
    "NDArray[Any]": "array",
    "str": "equation indexing method",
    "str | None": "device rounding_mode",
    "None": "out generator",
    "bool": "keepdim requires_grad equal_nan descending stable largest sorted copy non_blocking",
    "bool | None": "unbiased __array__.copy",
    "int": "seed",
    "float": "rtol atol correction",
    "object": "is_tensor.value __eq__.other __ne__.other __contains__.item __setitem__.value",
    "Any": "memo **options **kwargs *inputs __array_ufunc__.ufunc function types args kwargs",
    "Index": "key",
}
BY_PARAMETER = {name: kind for kind, names in PARAMETERS.items() for name in names.split()}

RESULTS = {  # type -> functions that do not return a Tensor
    "bool": "allclose equal is_floating_point is_contiguous __contains__",
    "int": "numel element_size data_ptr",
    "float": "__float__",
    "complex": "__complex__",
    "str": "__repr__ __str__ type",
    "None": "manual_seed retain_grad __setitem__",
    "NDArray[np.generic]": "__array__",  # of Any, NumPy's stubs would take an array times a Tensor for an array
    "Any": "__array_function__ __array_ufunc__",
    "Iterator[Tensor]": "__iter__",
    "TypeGuard[Tensor]": "is_tensor",
    "tuple[Tensor, ...]": "broadcast_tensors split chunk unbind meshgrid",
    "ValuesIndices": "sort topk",
    "SignLogabsdet": "slogdet",
}
BY_FUNCTION = {name: kind for kind, names in RESULTS.items() for name in names.split()}

_WITH_INDEX = (
    (("input: TensorLike", "dim: None = None", "keepdim: bool = False"), "Tensor"),
    (("input: TensorLike", "dim: SupportsIndex", "keepdim: bool = False"), "ValuesIndices"),
    (("input: TensorLike", "*", "axis: SupportsIndex", "keepdims: bool = False"), "ValuesIndices"),
)
_OF_TWO = ((("input: TensorLike", "dim: Tensor | NDArray[Any]"), "Tensor"), *_WITH_INDEX)
_NEW = ("*", "dtype: DTypeLike | None = None", "device: str | None = None", "requires_grad: bool = False")
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

MEMBERS = {  # attributes of classes
    "T": "Tensor", "mT": "Tensor", "device": "str", "retains_grad": "bool", "__array_priority__": "int",
    "_version": "int",
}

HOMES = {  # names that annotations use -> where a stub imports them from
    **dict.fromkeys(("Any", "Literal", "SupportsIndex", "TypeGuard", "overload"), "typing"),
    **dict.fromkeys(("Callable", "Iterable", "Iterator", "Sequence"), "collections.abc"),
    **dict.fromkeys(("Axes", "DTypeLike", "Data", "Index", "Number", "ShapeLike", "TensorLike"), "jittape.typing"),
    "Tensor": "jittape.tensors.tensor", "Size": "jittape.tensors.size",
    "NDArray": "numpy.typing",
    "Module": "jittape.nn.module",
    "Node": "jittape.autograd.grad_fn", "RemovableHandle": "jittape.autograd.hooks",
    "ValuesIndices": "jittape.ops.reductions", "SignLogabsdet": "jittape.ops.matrix_functions",
}


_asked = set()  # keys of the tables that a stub has needed


def unused():
    """Entries of the tables that no stub needs: a function has gone, or has annotations now."""
    return sorted({*BY_PARAMETER, *BY_FUNCTION, *FORMS, *MEMBERS} - _asked)


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
    found = _found(BY_PARAMETER, f"{name}.{parameter}", f"{function.__name__}.{parameter}", parameter)
    if found is None:
        raise LookupError(
            f"no type for the parameter {parameter!r} of {name}: annotate it, or add it to PARAMETERS in tools/stub_types.py"
        )
    return found


def result_type(name, function):
    """The type of what a function returns."""
    return _found(BY_FUNCTION, name, function.__name__) or "Tensor"


def numpy_names(function):
    """NumPy's names for parameters of a function that takes both, by the function's own: ``dim`` -> ``axis``."""
    own = getattr(inspect.unwrap(function), "__kwdefaults_names__", ())
    found = {}
    for theirs, ours in SPELLINGS.items():
        if ours in own and theirs not in own:
            found.setdefault(ours, theirs)
    return found
