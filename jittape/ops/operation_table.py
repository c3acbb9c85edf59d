"""The operation table: what all declarations have in common.

A declaration states the kernels, the names of the operation (`operation_names`), the rule for higher derivatives, and what tests
loop over. The kinds of declaration are in modules of their own: `declare_elementwise` (a scalar body and its partials),
`declare_view` (another layout, no kernel), `declare_structured` (whole arrays, and reductions).

Bodies of partials, pullbacks and pushforwards are written with the library's own functions and operators. These are Python
functions on Tensors and overloads on floats, so one body serves the kernels and the recorded graph of a higher derivative.
"""

import functools
import numbers
import inspect

import numpy as np

from ..dtypes import as_dtype, bool_, complex128, is_complex, is_differentiable, result_dtype
from ..errors import DTypeError, DuplicateNameError
from ..kernels.kernel_table import add_operation
from ..tape.row_kinds import HOST_ROW
from ..tape.tape import current
from ..tape.recording_state import recording
from ..tensors.row_binding import row_of, row_of_array
from ..tensors.array import Array, face_of
from ..tensors.tensor import Tensor, result, wrap
from . import jacobian_patterns
from .domains import REAL
from .users_lines import note_row
from .flow_masks import anywhere, as_numbers, in_either, is_recorded, spread, where_not_zero

BY_NAME = {}  # name -> Operation
OTHER_ARRAYS = (np.ma.MaskedArray, np.matrix)  # arrays whose operators mean something else
NUMBERS = (numbers.Number, np.generic)


def as_operand(value, name="input"):
    """What an operation takes: a Tensor, an array, or a number."""
    if isinstance(value, (Tensor, np.ndarray, *NUMBERS)):
        if isinstance(value, OTHER_ARRAYS):
            raise TypeError(
                f"argument {name!r}: got {type(value).__name__}, expected an array; its mask or its product is not "
                "followed: pass np.asarray(value)"
            )
        if isinstance(value, np.ndarray) and value.dtype.kind not in "fiubc":
            as_dtype(value.dtype)  # raises
        return value if isinstance(value, _OF_NUMPY) else _machine_number(value, name)
    if hasattr(type(value), "to_numpy"):  # a column, a table or a labelled array: pandas, polars, xarray
        return as_operand(np.asarray(value.to_numpy()), name)
    raise TypeError(f"argument {name!r} must be Tensor, not {type(value).__name__}: expected a Tensor, an array or a number")


_OF_NUMPY = (Tensor, np.ndarray, np.generic, int, float, complex)


def _machine_number(value, name):
    """A number of another class as a float: NumPy's numbers and `fractions.Fraction` give one together."""
    if isinstance(value, numbers.Real):
        return float(value)
    raise TypeError(
        f"argument {name!r}: got a {type(value).__name__}, expected a number that Python and NumPy mix with floats: pass "
        "float(value)"
    )


def not_of_complex(name, dtype):
    """The error of an operation that has no meaning for complex numbers, or whose derivative there is not known."""
    return DTypeError(
        f"{name}: not defined for complex numbers: got {dtype}, expected a real dtype. Take z.real, z.imag, jt.abs(z) or "
        "jt.angle(z), whichever is meant"
    )


def refusing_complex(name):
    """What is called in the place of an operation that is not defined for complex numbers."""

    def refuse(*args):
        raise not_of_complex(name, dtype_of_complex(args[0] if isinstance(args[0], list) else args))

    return refuse


def dtype_of_complex(operands):
    """The dtype of the first complex one of some Tensors, arrays and numbers; None if all are real."""
    for a in operands:
        dtype = getattr(a, "dtype", None)
        if is_complex(dtype) if dtype is not None else isinstance(a, complex):
            return complex128 if dtype is None else dtype
    return None


def needs_gradient(value):
    return isinstance(value, Tensor) and value.requires_grad


def recorder_of(operands):
    """The tape on which an operation on these operands is recorded; None if it is not."""
    tape = current().recorder
    return tape if tape is not None and tape.records(operands) else None


def keeper_of(operands):
    """As `recorder_of`, for operations that take masks for numbers."""
    tape = current().recorder
    return tape if tape is not None and (tape.records(operands) or tape.keeps(operands)) else None


def raw(value):
    """The array or number behind an operand, for immediate use."""
    return value._value() if isinstance(value, Tensor) else value


def common_dtype(operands):
    """The dtype to which operands are promoted."""
    dtype = None
    for x in operands:  # the common case: Tensors of one floating dtype, masks, and Python numbers
        kind = type(x)
        if kind is Tensor or kind is Array:
            own = x.dtype
            if own is bool_:
                continue
            if dtype is not None and own is not dtype:
                break
            dtype = own
        elif kind is not float and kind is not int:
            break
    else:
        if dtype is not None and is_differentiable(dtype):
            return dtype
    if face_of(operands) is Array:
        return numpy_dtype(operands)
    arrays, scalars = [], []
    for x in operands:
        if isinstance(x, Tensor):
            arrays.append((x.ndim, x.dtype))
        elif isinstance(x, np.ndarray):
            arrays.append((x.ndim, as_dtype(x.dtype)))
        else:
            scalars.append(x)
    return result_dtype(arrays, scalars)


def numpy_dtype(operands):
    """The dtype that operands meet in where one is an Array: NumPy's rule, in which only Python's numbers are weak."""
    kinds = [x.dtype if isinstance(x, (Tensor, np.ndarray, np.generic)) else x for x in operands]
    return as_dtype(np.result_type(*kinds))


def tracer(args):
    """The first argument that interprets operations itself (see `Dependency`), or None."""
    for a in args:
        if hasattr(type(a), "_interpret"):
            return a
    return None


class Rules:
    """The rules of an operation for all operands of a row at once, made of those for one operand.

    ``pullback(k, y_bar, y, operands, statics)`` is the adjoint of operand k, ``pushforward(k, x_dot, ...)`` the term that
    operand k contributes to the tangent; None is zero.

    What flows is an array of bools of the shape of a value, or None for everywhere (see `flow_masks`): elsewhere the adjoint, or
    tangent, is a structural zero. By default everything in a row reaches everything.
    """

    moves = False  # linear in all operands together, with constant coefficients that are not negative
    keep_plans = True  # statics come again

    def pull_back(self, active, y_bar, y, operands, statics):
        """The adjoints of some operands: pairs (k, adjoint or None)."""
        for k in active:
            yield k, self.pullback(k, y_bar, y, operands, statics)

    def push_forward(self, x_dots, y, operands, statics):
        """The terms that operands contribute to the tangent, from a dictionary of their tangents; their sum is the tangent."""
        for k, x_dot in x_dots.items():
            yield self.pushforward(k, x_dot, y, operands, statics)

    def flow_back(self, k, flow, y, operands, statics):
        """Where something arrives at operand k, if an adjoint flows as `flow` says."""
        if self.moves:
            return self._moved(self.pullback, k, flow, y, y, operands, statics, operands[k])
        return anywhere(flow, tuple(operands[k].shape))

    def flow_ahead(self, k, flow, y, operands, statics):
        """Where something arrives at the result from operand k, whose tangent flows as `flow` says."""
        if self.moves:
            return self._moved(self.pushforward, k, flow, operands[k], y, operands, statics, y)
        return anywhere(flow, tuple(y.shape))

    def _moved(self, rule, k, flow, source, y, operands, statics, target):
        """Where a rule that only moves and adds takes what flows in `source` to."""
        if flow is not None or not self.keep_plans:
            return _taken(rule, k, flow, source, y, operands, statics, target)
        key = (self, rule.__name__, k, tuple(y.shape), *[tuple(x.shape) for x in operands], statics)
        found = _reached.get(key, False)
        if found is False:
            if len(_reached) > MOST_REACHED:
                _reached.clear()
            found = _reached[key] = _taken(rule, k, None, source, y, operands, statics, target)
        return found

    def pattern(self, k, y, operands, statics, constants):
        """Which elements of operand k the result depends on, whatever the values are (see `jacobian_patterns`).

        Of operands and result only the shapes are read; `constants` has arrays for those that do not vary, by number. Where an
        operation that moves elements has been given places, as in sorting, these count as constants.
        """
        x_shape, y_shape = tuple(operands[k].shape), tuple(y.shape)
        found = None
        if self.moves:
            rules = [lambda seed, rule=rule: rule(k, seed, y, operands, statics) for rule in (self.pullback, self.pushforward)]
            found = jacobian_patterns.moved(*rules, x_shape, y_shape)
        return jacobian_patterns.everything(x_shape, y_shape) if found is None else found

    def pull_back_flows(self, active, y_bar, flow, y, operands, statics):
        """`pull_back`, for an adjoint with structural zeros: (k, adjoint or None, where it flows)."""
        for k, part in self.pull_back(active, y_bar, y, operands, statics):
            reached = self.flow_back(k, flow, y, operands, statics)
            yield k, part if part is None or self.moves else masked(part, reached), reached

    def push_forward_flows(self, x_dots, flows, y, operands, statics):
        """`push_forward`, for tangents with structural zeros: (term or None, where it flows)."""
        if type(self).push_forward is not Rules.push_forward:  # one rule for all operands
            reached = functools.reduce(in_either, [anywhere(flow, tuple(y.shape)) for flow in flows.values()])
            for part in self.push_forward(x_dots, y, operands, statics):
                yield None if part is None else masked(part, reached), reached
            return
        for k, x_dot in x_dots.items():
            reached = self.flow_ahead(k, flows[k], y, operands, statics)
            part = self.pushforward(k, x_dot, y, operands, statics)
            yield part if part is None or self.moves else masked(part, reached), reached


def masked(part, reached, other=0.0):
    """An adjoint or tangent where something flows, zeros (or another one) elsewhere."""
    return part if reached is None else BY_NAME["where"].apply(reached, part, other)


_reached = {}  # where operations that move take what flows everywhere, by shapes and statics
MOST_REACHED = 10_000


def _taken(rule, k, flow, source, y, operands, statics, target):
    values = wrap(np.ones(tuple(source.shape), source.dtype)) if flow is None else as_numbers(flow, source.dtype)
    found = rule(k, values, y, operands, statics)
    if found is None:
        return np.zeros(tuple(target.shape), bool)
    reached = spread(where_not_zero(found), tuple(target.shape))
    return None if not is_recorded(reached) and reached.all() else reached


class Operation(Rules):
    """One operation of the table."""

    kind = HOST_ROW  # of its rows, where they have a kernel; see `row_kinds`
    linear = False  # in each operand: its tangent is the operation itself on the operand's tangent

    def __init__(self, name, arity, *, grad_name=None, domain=REAL, doc=""):
        self.name, self.arity, self.domain = name, arity, domain
        self.grad_name = grad_name or name.title().replace("_", "") + "Backward0"
        self.__doc__ = doc
        if name in BY_NAME:
            raise DuplicateNameError("row", name, BY_NAME[name])
        self.code = add_operation(self)
        BY_NAME[name] = self

    def __repr__(self):
        return f"<operation {self.name}>"

    def provide(self, part, k, dtype):
        """Compile a kernel that compiled code has found missing, and put its address into the kernel table.

        Parameters
        ----------
        part : {"forward", "partial", "scalar", "tangent"}
        k : int
            Of which operand.
        dtype : numpy.dtype
        """
        if part == "forward":
            self.compile_forward(dtype)
        elif part == "partial":
            self.compile_partials(dtype, 1 << k)
        elif part == "scalar":
            self.compile_scalar_partials(dtype)
        elif part == "tangent":
            self.compile_tangents(dtype, 1 << k)

    def finish(self, tape, row, statics=()):
        """The Tensor of a new row, with what its rule needs beside its operands."""
        if statics:
            tape.statics[row] = statics
        state = recording()
        if state is not None and state.watching:
            note_row(state, tape, row)
            if state.hooks is not None:
                state.hooks.pack_row(tape, row)
        tape.finished(row, state)
        return result(tape, row)


def unknown_partial(operation, k):
    """What is said where something flows to an operand by which no derivative is known."""
    name = [*inspect.signature(operation.function).parameters][k]
    return (
        f"{operation.function.__module__}.{operation.function.__name__}: no derivative by {name!r} is known: got a value "
        f"that requires grad, expected a constant: pass {name}.detach() or jt.stop_gradient({name})"
    )


def operand_row(tape, value, dtype):
    """The row of an operand in a dtype; a constant is converted, a Tensor's conversion is recorded."""
    if isinstance(value, Tensor):
        if value.dtype != dtype:
            row = tape.mask_row(value, dtype)
            if row is not None:
                return row
            value = BY_NAME["to"].apply(value, dtype) if tape.records((value,)) else wrap(value._value().astype(dtype))
        return row_of(tape, value)
    array = np.asarray(value)
    if array.dtype != dtype or not isinstance(value, np.ndarray):
        return row_of(tape, wrap(array.astype(dtype)))
    return row_of_array(tape, array)


def is_operand(value):
    kind = type(value)
    if kind is Tensor or kind is Array or kind is float or kind is int:  # asked before every operation that is not recorded
        return True
    return isinstance(value, (Tensor, np.ndarray, *NUMBERS)) or hasattr(kind, "_interpret") or hasattr(kind, "to_numpy")
