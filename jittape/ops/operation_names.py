"""Names of operations: by which users, NumPy and compiled code call them.

A declaration states all names of its operation, and they are entered in one step: either all are free, or none is taken and
`DuplicateNameError` names the one that is not. The rest of the library reads these tables: ``jittape`` exports `PUBLIC`,
``Tensor`` has what is in `METHODS`, NumPy's protocols use `BY_NUMPY`, native code `BY_NUMPY` and `BY_PYTHON`.
"""

import functools
import inspect

import numpy as np

from ..errors import DuplicateNameError
from ..tensors.array import Array, is_number
from ..tensors.tensor import Tensor
from .declared_docstrings import with_parameters_of
from .keywords import stored, taking_keywords
from .operation_table import BY_NAME, is_operand

PUBLIC = {}  # name -> function that ``jittape`` exports
METHODS = {}  # name -> attribute of Tensor
ARRAY_METHODS = {}  # name -> attribute of Array, where it has another than Tensor
BY_NUMPY = {}  # function or ufunc of NumPy -> function of ours that takes its arguments
USERS_UFUNCS = {}  # class of ufuncs that users make -> function of (ufunc, inputs) that calls one with Tensors
BY_PYTHON = {}  # function of ``operator``, ``math`` or ``builtins`` -> function of ours

_entered = {}  # function -> its entries: (table, key)
_followers = []  # pairs of functions: every declared function is handed to one, and to the other when it is withdrawn
_OF_ONE = "neg pos abs invert".split()
_REFLECTED = "add sub mul truediv floordiv mod pow matmul and or xor".split()


class Names:
    """All names of one operation.

    Parameters
    ----------
    name : str
        Of the function and of the method.
    public : bool
        ``jittape`` exports the function, and Tensor has it as a method.
    method : bool, callable or property, optional
        Whether Tensor has the method, by default if the function is public; or what it has, where that is not the function.
    aliases : str
        Other names of the function and the method, separated by spaces.
    in_place : bool
        There are methods ``name_`` too, and with an operator its in-place form.
    numpy : callable, sequence of callables, or dict
        NumPy's functions of the same meaning, or pairs such as (ufunc, "reduce").  A dictionary also says how they are called:
        with a function that takes their arguments, or with our parameters in NumPy's order (see `NumpyCall`).
    python : callable or sequence of callables
        Python's own functions of the same meaning, of ``math`` or ``builtins``: compiled code may call them.
    operator : callable, optional
        The function of the module ``operator``.
    operators : dict, or function of a class, optional
        What the operator is as methods, by the names of Python's protocol; by default methods that call the function.  A
        function answers with those of Tensor, or of Array.
    function : callable, optional
        What users call, where it has options of PyTorch's that the operation has not.
    """

    def __init__(
        self,
        name,
        *,
        public=True,
        method=None,
        aliases="",
        in_place=False,
        numpy=(),
        python=(),
        operator=None,
        operators=None,
        function=None,
    ):
        self.all = (name, *aliases.split())
        self.public, self.in_place, self.operator, self.operators = public, in_place, operator, operators
        self.method = public if method is None else method
        self.numpy = numpy if isinstance(numpy, dict) else dict.fromkeys(_several(numpy))
        self.python = _several(python) + _several(operator or ())
        self.function = function

    def must_be_free(self):
        """Raise `DuplicateNameError` if a name is taken."""
        _must_be_free(self._entries(None))

    def enter(self, function):
        """Bind every name to a function. Returns the function."""
        entries = list(self._entries(function))
        _must_be_free(entries)
        _entered[function] = [(table, key) for table, key, _ in entries]
        try:
            for table, key, value in entries:
                table[key] = value
                if id(table) in _HOLDERS:
                    setattr(_HOLDERS[id(table)], key, value)
            for follow, _ in _followers:
                follow(function)
        except BaseException:
            withdraw(function)
            raise
        return function

    def _entries(self, function):
        called = function if self.function is None else self.function
        for name in self.all:
            if self.public:
                yield PUBLIC, name, called
            if self.method:
                yield METHODS, name, called if self.method is True else self.method
        bound = self.method if callable(self.method) else called
        for name in self.all if self.in_place else ():
            yield METHODS, f"{name}_", called and _in_place_method(name, bound)
        for theirs, how in self.numpy.items():
            yield BY_NUMPY, theirs, NumpyCall(function, theirs, how) if isinstance(how, str) else how or function
        for theirs in self.python:
            yield BY_PYTHON, theirs, function
        if self.operator is not None:
            yield from self._operators(self.operators or operator_methods(self.operator, function))

    def _operators(self, operators):
        word = self.operator.__name__.strip("_")
        of_tensor, of_array = (operators(face) if callable(operators) else operators for face in (Tensor, Array))
        for name, method in of_tensor.items():
            yield METHODS, name, method
        if self.in_place and f"__r{word}__" in of_tensor:
            yield METHODS, f"__i{word}__", _in_place_operator(of_tensor[f"__{word}__"])
        if not callable(operators) and word not in _OF_ONE:
            of_array = {name: _taking_lists(method) for name, method in of_array.items()}
        for name, method in of_array.items() if word not in _OF_ONE else ():
            yield ARRAY_METHODS, name, method
        if f"__r{word}__" in of_array:
            yield ARRAY_METHODS, f"__i{word}__", _in_place_operator_of_numbers(of_array[f"__{word}__"])


def _several(functions):
    return tuple(functions) if isinstance(functions, (tuple, list)) else (functions,)


def _must_be_free(entries):
    seen = set()
    for table, key, _ in entries:
        holder = _HOLDERS.get(id(table))
        if key in table or (holder is not None and key in vars(holder)) or (id(table), key) in seen:
            raise DuplicateNameError(_KINDS[id(table)], getattr(key, "__name__", key), table.get(key))
        seen.add((id(table), key))


_KINDS = {
    id(PUBLIC): "function",
    id(METHODS): "method of Tensor",
    id(ARRAY_METHODS): "method of Array",
    id(BY_NUMPY): "function of NumPy",
    id(BY_PYTHON): "function of Python",
}
_HOLDERS = {id(METHODS): Tensor, id(ARRAY_METHODS): Array}


def numpy_functions_of(function):
    """NumPy's functions that mean a declared function."""
    return [key for table, key in _entered[function] if table is BY_NUMPY and callable(key)]


def function_of(ufunc):
    """What to call with Tensors in the place of a ufunc of NumPy's or of a user's; None if nothing is known of it."""
    found = BY_NUMPY.get(ufunc)
    if found is None and type(ufunc) in USERS_UFUNCS:
        return functools.partial(_called, USERS_UFUNCS[type(ufunc)], ufunc)
    return found


def _called(answer, ufunc, *inputs):
    return answer(ufunc, inputs)


def follow_declarations(follow, forget=None):
    """Call a function with every declared function, those that are there and those to come; another where one is withdrawn."""
    _followers.append((follow, forget))
    for function in list(_entered):
        follow(function)


def withdraw(function):
    """Remove all names of a declared function and of its operation, so that a test or notebook can declare it again."""
    operation = getattr(function, "operation", None)
    if operation is not None and BY_NAME.get(operation.name) is operation:
        del BY_NAME[operation.name]
    for _, forget in _followers:
        if forget is not None:
            forget(function)
    for table, key in _entered.pop(function):
        holder = _HOLDERS.get(id(table))
        if table.pop(key, None) is not None and holder is not None and key in vars(holder):
            delattr(holder, key)


def public(*, operation=None, name=None, keywords="", out="", **names):
    """Declare a function that users call: decorates it; the arguments are those of `Names`.

    Parameters
    ----------
    operation : Operation, optional
        The operation of the table that the function applies to its checked arguments.
    keywords : str
        Other names of its parameters, as in "tensor=other size=*shape".
    out : {"", "one", "several"}
        Whether it takes ``out=``, for one result or for a tuple of them.
    """
    other = dict(pair.split("=") for pair in keywords.split())

    def declare(function):
        if other or out:
            function = taking_keywords(function, other, out)
        if operation is not None:
            operation.function = function
            function.operation = operation
        return Names(name or function.__name__, **names).enter(function)

    return declare


def method(*, name=None, attribute=False, setter=None, keywords="", **names):
    """Declare a method of Tensor, or an attribute, that is no function of ``jittape``: decorates a function of the Tensor.

    An attribute may have a `setter`, a function of the Tensor and a value.
    """

    other = dict(pair.split("=") for pair in keywords.split())

    def declare(function):
        if other:
            function = taking_keywords(function, other)
        bound = property(function, setter) if attribute else function
        return Names(name or function.__name__, public=False, method=bound, **names).enter(function)

    return declare


# --- what names are bound to ------------------------------------------------------------------------------------------


def operator_methods(operator, function):
    """The methods by which Python evaluates an operator: ``__name__``, and ``__rname__`` if it may stand on either side."""
    word = operator.__name__.strip("_")
    if word in _OF_ONE:
        return {f"__{word}__": function}

    def method(self, other):
        return function(self, other) if is_operand(other) else NotImplemented

    def reflected(self, other):
        return function(other, self) if is_operand(other) else NotImplemented

    return {f"__{word}__": method} | ({f"__r{word}__": reflected} if word in _REFLECTED else {})


def _in_place_operator(operator):
    """``x op= other``: the value is computed, then written into the memory of x."""

    def method(self, other):
        value = operator(self, other)
        return value if value is NotImplemented else self._overwrite(value)

    return method


def _in_place_operator_of_numbers(operator):
    """``x op= other`` of an Array: a number is a value, another one takes its place; an array is written to."""

    def method(self, other):
        value = operator(self, other)
        if value is NotImplemented or is_number(self):
            return value
        return self._overwrite(value)

    return method


def _taking_lists(operator):
    """The operator of an Array where the other operand may be a list, as NumPy takes it."""

    def method(self, other):
        return operator(self, np.asarray(other) if isinstance(other, (list, tuple)) else other)

    return method


def _in_place_method(name, function):
    def method(self, *args, **kwargs):
        return self._overwrite(function(self, *args, **kwargs))

    method.__name__, method.other_names = f"{name}_", getattr(function, "other_names", {})
    summary = f"As `{name}`, in place: the result is written into the memory of this tensor."
    unneeded, returns = ("out", "inplace"), ("Tensor", "The tensor itself.")
    method.__doc__ = with_parameters_of(function, summary, returns, unneeded)
    signature = inspect.signature(function)
    method.__signature__ = signature.replace(
        parameters=[p for p in signature.parameters.values() if p.name not in ("out", "inplace")]
    )
    return method


class NumpyCall:
    """A function of ours that is called with the arguments of one of NumPy's.

    Parameters
    ----------
    function : callable
    theirs : callable
        NumPy's function.
    parameters : str
        Our parameters in NumPy's order, with NumPy's names where these differ: ``"input=a dim=axis dtype =out"``; ``=out`` is one
        that we do not have.  Such are refused where they would change the values.
    """

    def __init__(self, function, theirs, parameters):
        self.function, self.theirs = getattr(function, "__wrapped__", function), theirs  # NumPy's keywords are renamed here
        self.operation = getattr(function, "operation", None)
        pairs = [p.partition("=") for p in parameters.split()]
        self.names = {theirs or ours: ours for ours, _, theirs in pairs}

    def __call__(self, *args, **kwargs):
        if not kwargs and len(args) == 1:
            return self.function(*args)
        if len(args) > len(self.names):
            raise self._unsupported(f"got {len(args)} arguments, expected at most {len(self.names)}")
        given, target = {}, None
        for name, value in (*zip(self.names, args), *kwargs.items()):
            ours = self.names.get(name)
            if name == "out" and value is not np._NoValue:
                target = value
                continue
            if ours and value is not np._NoValue:
                given[ours] = value
            elif not (ours or value is None or value is np._NoValue or name in _NO_MATTER or (name == "where" and value is True)):
                raise self._unsupported(f"got {name}={value!r}, expected one of {[k for k, v in self.names.items() if v]}")
        value = self.function(**given)
        return value if target is None else stored(value, target, f"np.{self.theirs.__name__}")

    def _unsupported(self, what):
        return TypeError(
            f"{self.theirs.__module__}.{self.theirs.__name__} of Tensors: {what}; the other parameters of NumPy's "
            "function are not followed: use x.detach().numpy() where no gradient is needed"
        )


_NO_MATTER = {"order", "subok", "casting", "kind", "copy", "optimize", "device", "like"}  # parameters that do not affect values
