"""Derivatives of partials, which sweeps of second order need.

The partials of an operation are traced once, on stand-ins for its arguments, into a program of a few elementwise operations of
the table. A compiled service runs it forwards and backwards, a block at a time, through the kernels that those operations have
(`sweeps.second_order_sweep`). No operation declares a second derivative, and none is compiled.
"""

import numpy as np

from ..dtypes import DTYPE_CODES
from ..memory.words import address_of
from ..kernels.kernel_table import set_second
from ..sweeps.second_order_sweep import ARGUMENTS, CONSTANT, CONSTANTS, FIRST_CONSTANT, INSTRUCTION, INSTRUCTIONS, OUTPUTS
from ..sweeps.second_order_sweep import MOST_REGISTERS
from .arithmetic import abs as abs_, add, div, mul, neg, sub
from .declare_elementwise import Elementwise
from .operation_names import BY_PYTHON
from .operation_table import BY_NAME, NUMBERS
from .powers import POWERS, pow


class Untraceable(Exception):
    """Partials that are not a program of elementwise operations."""


class PartialsTrace:
    """The program of one operation's partials: constants, and instructions (operation, registers)."""

    def __init__(self, operation, dtype):
        self.constants, self.instructions = [], []
        inputs = [Number(self, k) for k in range(operation.arity)] + [Number(self, ARGUMENTS - 1)]
        self.outputs = list(operation.partials_for(dtype)(*inputs))

    def register(self, value):
        """The register of a number: arguments and the result first, then constants, then results of instructions.

        The last are counted from the end, as negative numbers, until all constants are known.
        """
        if isinstance(value, Flat):
            value = value.followed()
        if isinstance(value, Number):
            return value.register
        if isinstance(value, NUMBERS):
            written = [c.hex() for c in self.constants]  # tells zeros by their signs, and finds nan
            if float(value).hex() not in written:
                self.constants.append(float(value))
                return ARGUMENTS + len(written)
            return ARGUMENTS + written.index(float(value).hex())
        raise Untraceable

    def add(self, operation, args):
        """The number that an operation computes."""
        if not isinstance(operation, Elementwise):
            raise Untraceable
        if not any(isinstance(a, Number) for a in args):
            return Flat(self, operation, args)
        self.instructions.append((operation, [self.register(a) for a in args]))
        return Number(self, -len(self.instructions))


class StandIn:
    """What stands for an argument of the partials, or for what they make of it."""

    def __neg__(self):
        return self.trace.add(neg.operation, (self,))

    def __abs__(self):
        return self.trace.add(abs_.operation, (self,))

    def __pow__(self, other):
        special = POWERS.get(other) if isinstance(other, NUMBERS) else None
        return special(self) if special is not None else self.trace.add(pow.operation, (self, other))

    def __rpow__(self, other):
        return self.trace.add(pow.operation, (other, self))

    def _interpret(self, operation, args):
        return self.trace.add(operation, args)


class Flat(StandIn):
    """A number that is piecewise constant: its derivative is zero, and its value is not traced."""

    def __init__(self, trace, operation, args):
        self.trace, self._operation, self._args, self._number = trace, operation, args, None

    def followed(self):
        """The number that it is."""
        if self._number is None:
            trace, args = self.trace, [self.trace.register(a) for a in self._args]
            trace.instructions.append((self._operation, args))
            self._number = Number(trace, -len(trace.instructions))
        return self._number


class Number(StandIn):
    """A stand-in for a number of a program."""

    def __init__(self, trace, register):
        self.trace, self.register = trace, register


def _operator(operation):
    def forward(self, other):
        return self.trace.add(operation, (self, other))

    def reflected(self, other):
        return self.trace.add(operation, (other, self))

    return forward, reflected


def _condition(name):
    def compared(self, *others):
        return Flat(self.trace, BY_NAME[f"mask_{name}"], (self, *others))

    return compared


for _function in (add, sub, mul, div):
    _word = next(f.__name__ for f, function in BY_PYTHON.items() if function is _function)
    _forward, _reflected = _operator(_function.operation)
    setattr(StandIn, f"__{_word}__", _forward)
    setattr(StandIn, f"__r{_word}__", _reflected)
for _word in ("eq", "ne", "lt", "le", "gt", "ge"):
    setattr(StandIn, f"__{_word}__", _condition(_word))
StandIn.__hash__ = object.__hash__
StandIn.__and__ = StandIn.__rand__ = _condition("logical_and")
StandIn.__or__ = StandIn.__ror__ = _condition("logical_or")
StandIn.__invert__ = _condition("logical_not")

_programs = {}  # (operation, dtype) -> its words, which compiled code reads by address


def compile_seconds(operation, dtype):
    """Make the program of an operation's partials, and compile the kernels that it calls.

    Raises
    ------
    Untraceable
        If there is none; second derivatives of this operation are recorded.
    """
    if (operation, dtype) in _programs:
        return
    trace = PartialsTrace(operation, dtype)
    first = ARGUMENTS + len(trace.constants)
    if first + len(trace.instructions) > MOST_REGISTERS:
        raise Untraceable
    last = FIRST_CONSTANT + CONSTANT * len(trace.constants)
    words = np.zeros(last + INSTRUCTION * len(trace.instructions), np.int64)
    words[[CONSTANTS, INSTRUCTIONS]] = len(trace.constants), len(trace.instructions)
    for k in range(3):
        output = trace.outputs[k] if k < len(trace.outputs) else 0.0
        words[OUTPUTS + k] = _place(output.register, first) if isinstance(output, Number) else -1
    numbers = np.array(trace.constants, dtype)
    for k, number in enumerate(numbers):
        words[FIRST_CONSTANT + CONSTANT * k : FIRST_CONSTANT + CONSTANT * (k + 1)].view(dtype)[0] = number
    for k, (made_by, registers) in enumerate(trace.instructions):
        start = last + INSTRUCTION * k
        words[start : start + INSTRUCTION] = _instruction(made_by, [_place(r, first) for r in registers], dtype)
    _programs[operation, dtype] = words
    set_second(operation.code, DTYPE_CODES[dtype], address_of(words))


def _place(register, first):
    """The number of a register; negative ones are those of instructions."""
    return register if register >= 0 else first - register - 1


def _instruction(operation, registers, dtype):
    operation.compile_partials(dtype)
    partials = [operation.partial_address(k, dtype) if k < operation.arity else 0 for k in range(3)]
    return [operation.compile_forward(dtype), *partials, *registers, *[-1] * (3 - len(registers))]
