"""From Numba's typed code to a tree of parts: loops over ranges, branches, and blocks of values and stores.

What is not a number is followed while reading: a variable that holds an array, a row of one, a tuple or a function stands for
what it holds, and the parts know numbers and elements of arrays alone. Functions that the user's calls are read in the place of
the call, under names of their own. Whatever else there is raises `Unstructured` with its line.
"""

import operator
from numba import types

from ..compat import config, cpu_target, numba_ir
from .applied_functions import Applied
from .array_binding import ArrayBinding, BindsAgain, is_kept
from .array_making import ArrayMaking
from .array_views import Elements, Listed, is_array, whole
from .block_values import Block, Value, is_real
from .call_reading import CallReading
from .control_flow import END, ControlFlow
from .element_reading import ElementReading
from .extreme_reading import ExtremeReading
from .function_reading import FunctionReading
from .index_arithmetic import IndexArithmetic
from .iteration_reading import IterationReading
from .list_reading import ListReading, NumberList
from .masked_reading import MaskedReading
from .product_reading import ProductReading
from .program_parts import ArrayMemory, Branch, Exit, Loop, LoopProgram
from .reduction_reading import ReductionReading
from .result_reading import ResultReading
from .shaping_reading import ShapingReading
from .typed_code import Unstructured, unconverted_code
from .variable_reading import VariableReading, is_tuple_of_numbers
from .whole_array_reading import UFUNCS, WholeArrayReading

MOST_BLOCKS = 400


class TreeReader(
    CallReading,
    FunctionReading,
    IterationReading,
    ReductionReading,
    ExtremeReading,
    ProductReading,
    ShapingReading,
    WholeArrayReading,
    ArrayBinding,
    ArrayMaking,
    ElementReading,
    IndexArithmetic,
    ResultReading,
    ListReading,
    MaskedReading,
    VariableReading,
):
    """Reads one function; those that it calls have readers of their own that write into the same program.

    Parameters
    ----------
    program : LoopProgram
        What is read so far.
    given : list
        What the parameters are: values that are the same at all times, names of variables, or `Elements` and the like.
    prefix : str
        Of the names of this function's variables.
    """

    def __init__(self, program, dispatcher, code, given, prefix, outer=None):
        self.program, self.dispatcher, self.code, self.given, self.prefix = program, dispatcher, code, given, prefix
        self.known = {}  # variables that are no numbers, or the same number at all times, by their own name
        self.bound_when_set = {}
        self.taken = {}  # by the variable of an index: an array, and its view at that index
        self.structure = ControlFlow(code.blocks)
        self.outer, self.line, self.label = outer, None, None
        self.exits = []  # of the loops around: the variable that says which way they are left, and the ways
        self.parts = outer.parts if outer else program.parts
        self.loops_around = outer.loops_around if outer else 0
        self.assignments = {}
        self.tests_indices = dispatcher.targetoptions.get("boundscheck") or config.BOUNDSCHECK
        for block in code.blocks.values():
            for statement in block.find_insts(numba_ir.Assign):
                self.assignments[statement.target.name] = self.assignments.get(statement.target.name, 0) + 1

    def refuse(self, construct):
        raise Unstructured(construct, self.line)

    # --- the tree ---------------------------------------------------------------------------------------------------------

    def read(self):
        """Read the whole function into the parts."""
        self.sequence(min(self.code.blocks), END, None)

    def block(self):
        """The block that goes on, or a new one."""
        if not self.parts or not isinstance(self.parts[-1], Block):
            if len(self.program.blocks()) > MOST_BLOCKS:
                self.refuse("branches that share too much code")
            self.parts.append(Block())
        return self.parts[-1]

    def inner(self, parts, is_loop=False):
        """Go on with the parts of a loop or a branch. Returns what to go back to."""
        before = self.parts, self.loops_around
        self.parts, self.loops_around = parts, self.loops_around + is_loop
        return before

    def sequence(self, label, stop, loop):
        """Read blocks until one of them, or to the end of an iteration of the loop around them."""
        while label not in (stop, END, None):
            if loop is not None and label == loop.header:
                return
            if loop is not None and label not in loop.body:
                return self.leave(label)
            label = self.loop(label, loop) if label in self.structure.loops else self.one(label, loop)

    def leave(self, label):
        """Leave the loop, and go on at a block."""
        left, exits = self.exits[-1]
        if label not in exits:
            exits.append(label)
        self.block().final[left] = self.constant_value(1 + exits.index(label), types.int64)

    def one(self, label, loop):
        """Read one block of Numba's. Returns the label of the next."""
        block, self.label = self.code.blocks[label], label
        statements, k = [s for s in block.body[:-1] if not isinstance(s, numba_ir.Del)], 0
        while k < len(statements):
            self.line = statements[k].loc.line
            exchanged = self.exchange_of(statements[k : k + 3])
            if exchanged:
                self.exchange(*exchanged)
            else:
                self.statement(statements[k])
            k += 3 if exchanged else 1
        last = block.terminator
        self.line = last.loc.line
        if isinstance(last, numba_ir.Jump):
            return last.target
        if isinstance(last, numba_ir.Return):
            self.returned(last.value.name)
            return None
        if isinstance(last, numba_ir.Branch):
            return self.branch(last, loop)
        return self.refuse(type(last).__name__)

    def branch(self, last, loop):
        targets = last.truebr, last.falsebr
        meeting = self.structure.meeting(targets, loop)
        part = Branch(self.hide(self.number(last.cond.name)))
        self.parts.append(part)
        for way, target in zip(part.ways, targets):
            self.way(way, target, meeting, loop)
        return meeting

    def way(self, parts, target, meeting, loop):
        """Read one way of a branch."""
        before = self.inner(parts)
        if self.structure.raises(target):
            self.exit(target)
        else:
            self.sequence(target, meeting, loop)
        self.parts, self.loops_around = before

    def makes_exception(self, value):
        return value.op == "call" and isinstance(self.type_of(value.func.name), types.ExceptionClass)

    def exit(self, label):
        """Read a block that raises an exception and does nothing else."""
        for statement in self.code.blocks[label].body[:-1]:
            value = getattr(statement, "value", None)
            if isinstance(value, numba_ir.Expr) and not self.makes_exception(value):
                self.refuse("an exception with values")
            if not isinstance(statement, (numba_ir.Assign, numba_ir.Del)):
                self.refuse(type(statement).__name__)
        last = self.code.blocks[label].terminator
        if not isinstance(last, numba_ir.StaticRaise):
            self.refuse("an exception with values")
        self.parts.append(Exit(last.exc_class, last.exc_args, last.loc))

    def loop(self, label, outer):
        """Read a loop from its first block. Returns the label of what follows."""
        header, self.label = self.code.blocks[label], label
        if len(header.body) == 1 and isinstance(header.terminator, numba_ir.Jump):  # a block of nothing but a long jump
            header = self.code.blocks[header.terminator.target]
        left = f"{len(self.program.types)}.{self.prefix}left"
        self.program.types[left] = types.int64
        self.block().final[left] = self.constant_value(0, types.int64)
        ends, exits = [], []
        self.exits.append((left, exits))
        values = [s.value for s in header.body if isinstance(s, numba_ir.Assign)]
        if any(isinstance(v, numba_ir.Expr) and v.op == "iternext" for v in values):
            loop = self.over_range(label, header)
            ends.append(header.terminator.falsebr)
        else:
            loop = self.until_left(label)
        self.exits.pop()
        loop.left = left if exits else None
        return self.after(left, [*ends, *exits], 1 - len(ends), outer)

    def until_left(self, label):
        """Read a loop over no range."""
        loop = Loop()
        self.parts.append(loop)
        before = self.inner(loop.body, is_loop=True)
        found = self.structure.loops[label]
        self.sequence(self.one(label, found), END, found)
        self.parts, self.loops_around = before
        return loop

    def over_range(self, label, header):
        """Read a loop over a range."""
        loop, before = None, None
        for statement in header.body[:-1]:
            if not isinstance(statement, numba_ir.Assign):
                continue
            value, target = statement.value, statement.target.name
            what = value.op if isinstance(value, numba_ir.Expr) else None
            if what == "iternext":
                loop = self.looked_up(value.value.name)
                if not isinstance(loop, Loop) or loop.body:
                    self.refuse("a loop over something else than a range or an array")
                self.parts.append(loop)
                before = self.inner(loop.body, is_loop=True)
            elif what == "pair_first":
                self.set(target, self.handed_out(loop))
            elif what != "pair_second":
                self.statement(statement)
        self.sequence(header.terminator.truebr, END, self.structure.loops[label])
        self.parts, self.loops_around = before
        return loop

    def after(self, left, labels, first, outer):
        """Read what follows a loop on each of the ways out of it, up to where they meet. Returns the label of that."""
        if not labels:
            self.refuse("a loop without end")
        meeting = self.structure.meeting(labels, outer) if len(labels) > 1 else labels[0]
        before = self.parts, self.loops_around
        for number, label in enumerate(labels[:-1], first):
            part = Branch(self.hide(self.equals(left, number)))
            self.parts.append(part)
            self.way(part.ways[0], label, meeting, outer)
            self.inner(part.ways[1])
        if len(labels) > 1:
            self.way(self.parts, labels[-1], meeting, outer)
        self.parts, self.loops_around = before
        return meeting

    def equals(self, name, number):
        """Whether a variable of ours is a number."""
        function = cpu_target.typing_context.resolve_value_type(operator.eq)
        signature = function.get_call_type(cpu_target.typing_context, (types.int64, types.int64), {})
        operands = self.block().entry(name, types.int64), self.constant_value(number, types.int64)
        return self.operation(Applied.of(operator.eq, signature), operands)

    # --- statements -------------------------------------------------------------------------------------------------------

    def statement(self, statement):
        if isinstance(statement, numba_ir.Assign):
            self.assign(statement.target.name, statement.value)
        elif isinstance(statement, (numba_ir.SetItem, numba_ir.StaticSetItem)):
            index = statement.index if isinstance(statement, numba_ir.SetItem) else statement.index_var
            self.store(statement.target.name, index, statement.value.name)
        elif not isinstance(statement, numba_ir.Del):
            self.refuse(type(statement).__name__)

    def assign(self, target, value):
        if isinstance(value, numba_ir.Var):
            found = self.looked_up(value.name)
            if isinstance(found, Listed) and self.times_read(value.name) == 1:
                found = self.list_of(target, found)
            self.set(target, self.held(target, found))
        elif isinstance(value, (numba_ir.Const, numba_ir.Global, numba_ir.FreeVar)):
            self.set(target, self.constant(value.value, self.type_of(target)))
        elif isinstance(value, numba_ir.Arg):
            given = self.given[value.index]
            self.set(target, self.again(given) if isinstance(given, (str, Value)) else given, is_own=True)
        elif isinstance(value, numba_ir.Expr):
            read = getattr(self, f"read_{value.op}", None)
            if read is None:
                self.refuse(value.op)
            found, is_own = read(value), target.startswith("$") and self.assignments[target] == 1
            self.set(target, self.list_of(target, found) if isinstance(found, Listed) and not is_own else found, is_own)
        else:
            self.refuse(type(value).__name__)

    def read_iternext(self, expr):
        return self.refuse("a loop of which no second iteration can be reached")

    # --- operations -------------------------------------------------------------------------------------------------------

    def read_binop(self, expr):
        return self.applied(expr.fn, expr, (expr.lhs, expr.rhs))

    def read_inplace_binop(self, expr):
        return self.applied(expr.immutable_fn, expr, (expr.lhs, expr.rhs))

    def read_unary(self, expr):
        return self.applied(expr.fn, expr, (expr.value,))

    def read_getiter(self, expr):
        found = self.looked_up(expr.value.name)
        if isinstance(found, Listed) or is_tuple_of_numbers(found):
            found = self.list_of(expr.value.name, found)
        found = found.memory if isinstance(found, NumberList) else found
        return self.over(found) if is_array(found) else found

    def applied(self, function, expr, variables):
        """An operation on numbers."""
        operands = [self.looked_up(v.name) for v in variables]
        signature = self.code.signatures[expr]
        if isinstance(operands[0], Listed) and function is operator.mul:
            return self.repeated(operands[0], self.number(variables[1].name))
        if any(map(is_array, operands)):
            return self.applied_to_arrays(function, expr, operands)
        operands = tuple(self.number(v.name) for v in variables)
        if function in (operator.add, operator.sub) and operands[1].kind == "constant" and all(is_index(v) for v in operands):
            return self.plus(operands[0], operands[1].what if function is operator.add else -operands[1].what)
        if function is operator.sub or not all(v.never_negative for v in operands):
            never_negative = False
        else:
            never_negative = function in (operator.add, operator.mul)
        return self.operation(Applied.of(function, signature, operands), operands, never_negative)

    def applied_to_arrays(self, function, expr, operands):
        """An operation on arrays."""
        result = types.unliteral(self.code.signatures[expr].return_type)
        if function is operator.matmul:
            return self.product(*operands, result)
        if function not in UFUNCS or not isinstance(result, types.Array):
            self.refuse(f"{function} of arrays")
        if expr.op == "inplace_binop" and isinstance(operands[0], Elements):
            return self.changed_in_place(function, *operands)
        return self.elementwise(function, operands, result.dtype)

    def operation(self, applied, operands, never_negative=False):
        result = applied.signature.return_type
        if not isinstance(result, (types.Integer, types.Boolean)) and not is_real(result):
            self.refuse(f"{applied.function} of type {result}")
        return self.block().value("operation", applied, operands, types.unliteral(result), never_negative)


def is_index(value):
    return value.type == types.int64


def read_program(dispatcher, argument_types):
    """The tree of a function of numbers and arrays.

    Raises
    ------
    Unstructured
        For what the passes do not take.
    """
    code, bound_again, codes = unconverted_code(dispatcher, argument_types), set(), {}
    while True:
        program = LoopProgram()
        program.bound_again, program.codes = bound_again, codes
        try:
            return read_into(program, dispatcher, code, argument_types)
        except BindsAgain as found:
            if found.variable in bound_again:
                raise
            bound_again.add(found.variable)


def read_into(program, dispatcher, code, argument_types):
    """Read a function."""
    names = list(dispatcher.py_func.__code__.co_varnames[: len(argument_types)])
    given = []
    for k, (name, ty) in enumerate(zip(names, argument_types)):
        array = ArrayMemory(name, ty, k) if isinstance(ty, types.Array) else None
        program.parameters.append((name, ty, array))
    reader = TreeReader(program, dispatcher, code, given, "")
    for k, (_, ty, array) in enumerate(program.parameters):
        given.append(whole(array) if array else reader.block().value("parameter", k, (), ty))
    reader.read()
    program.returns, program.outputs = types.unliteral(code.returns), reader.outputs(reader.known.get(program.result))
    program.parts[:0] = program.early
    if not is_kept(program):
        raise Unstructured("an array with two names that is changed in place")
    for block in program.blocks():
        block.expect_own(block.final.values())
    return program
