"""From typed functions to LLVM's language: Numba's code generator (`Lower`), which writes less about the engine's functions.

A *word* is an int64: a row, a length, an address.  The engine's functions consist of words, loops over ranges, and calls of small
helpers that are inlined, so what Numba writes about one of these is optimised away again in each caller.  Written shorter here:

* a call of a function that cannot raise has no status, so there is no branch on it (it was a third of all code);
* arithmetic on words, and loops over ranges without a step, are single instructions on values, where Numba looks up an
  implementation for each operator and keeps a range in memory;
* reference counts are kept only of types that own memory, which most functions do not meet;
* the C interface of an entry point reads its arguments from an array of Python's objects.

This half of LLVM's text is what a first use pays for; the machine code comes out the same.  It overrides methods of
``numba.core.lowering.Lower`` that no release promises to keep: where their signatures change, compiling fails at once, and
``JITTAPE_COMPILER=numba`` is the way out.
"""

import contextlib
import operator

from llvmlite.ir import Constant, Function, FunctionType, IntType, IRBuilder, Undefined
from numba.core import cgutils, types
from numba.core.callconv import RETCODE_OK
from numba.core.lowering import Lower
from numba.core.typed_passes import BaseNativeLowering

WORD = IntType(64)
ZERO, ONE = Constant(WORD, 0), Constant(WORD, 1)
INSTRUCTIONS = {
    operator.add: "add",
    operator.sub: "sub",
    operator.mul: "mul",
    operator.and_: "and_",
    operator.or_: "or_",
    operator.xor: "xor",
    operator.lshift: "shl",
    operator.rshift: "ashr",
    operator.iadd: "add",
    operator.isub: "sub",
    operator.imul: "mul",
    operator.iand: "and_",
    operator.ior: "or_",
    operator.ixor: "xor",
    operator.ilshift: "shl",
    operator.irshift: "ashr",
}
COMPARISONS = {operator.lt: "<", operator.le: "<=", operator.gt: ">", operator.ge: ">=", operator.eq: "==", operator.ne: "!="}

_implementations = {}  # of builtins and intrinsics, by types of arguments: Numba looks for the best match at every call


def owns_memory(models, kind):
    """Whether values of a type hold references to memory, which has to be given up."""
    if kind not in _owning:
        _owning[kind] = models[kind].contains_nrt_meminfo()
    return _owning[kind]


_owning = {}


class CodeGenerator(Lower):
    """Numba's code generator, with the shorter ways above; what is not written here is Numba's."""

    # --- variables: most own no memory, and there is no debugger to keep them alive for ---------------------------------

    def owns_memory(self, kind):
        return owns_memory(self.context.data_model_manager, kind)

    def incref(self, typ, val):
        if self.owns_memory(typ):
            super().incref(typ, val)

    def decref(self, typ, val):
        if self.owns_memory(typ):
            super().decref(typ, val)

    def delvar(self, name):
        if self.owns_memory(self.typeof(name)):
            super().delvar(name)
        elif name not in self._blk_local_varmap:
            self._singly_assigned_vars.discard(name)

    def storevar(self, value, name, argidx=None):
        kind = self.typeof(name)
        if self.owns_memory(kind) or name in self._singly_assigned_vars:
            super().storevar(value, name, argidx)
        else:
            self._alloca_var(name, kind)
            self.builder.store(value, self.getvar(name))

    def alloca_lltype(self, name, lltype, datamodel=None):
        return cgutils.alloca_once(self.builder, lltype, name=name)

    # --- functions that never raise -------------------------------------------------------------------------------

    def lower_normal_function(self, fndesc):
        super().lower_normal_function(fndesc)
        ends = [block.terminator for block in self.function.blocks]
        codes = {getattr(end.operands[0], "constant", None) for end in ends if end.opname == "ret"}
        if codes == {RETCODE_OK.constant} and not isinstance(fndesc.restype, types.Optional):
            self.library.infallible = fndesc
        self.library.function_lowered(self.function)

    def _call_infallible(self, builder, called, args):
        """Call a function that cannot raise, without a look at its status."""
        function = self.context.declare_function(builder.module, called)
        result, status = function.args[:2]
        place = cgutils.alloca_once(builder, result.type.pointee)
        values = self.context.call_conv._get_arg_packer(called.argtypes).as_arguments(builder, args)
        builder.call(function, [place, Constant(status.type, None), *values])
        return self.context.get_returned_value(builder, called.restype, builder.load(place))

    def create_cfunc_wrapper(self):
        if self.library.takes_objects:
            return self._create_entry_wrapper()
        called = self.library.infallible
        if called is None:
            return super().create_cfunc_wrapper()
        value_type = self.context.get_value_type
        with self._c_interface(value_type(called.restype), [*map(value_type, called.argtypes)]) as (builder, args):
            builder.ret(self._call_infallible(builder, called, args))

    @contextlib.contextmanager
    def _c_interface(self, result, args):
        """Write the C interface of the function, of these types: a builder for its code, and its arguments."""
        module = self.context.create_module("cfunc_wrapper")
        wrapper = Function(module, FunctionType(result, args), self.fndesc.llvm_cfunc_wrapper_name)
        yield IRBuilder(wrapper.append_basic_block("entry")), wrapper.args
        self.library.add_ir_module(module)

    def _create_entry_wrapper(self):
        """The C interface of an entry point: ``(self, args, nargs)``, an array of objects of Python and its length."""
        thing = self.context.get_value_type(types.pyobject)
        with self._c_interface(thing, [thing, thing.as_pointer(), WORD]) as (builder, (_, args, count)):
            python = self.context.get_python_api(builder)
            values = self._values_from_python(builder, python, args, count)
            result = self._call_or_raise(builder, python, values)
            builder.ret(python.from_native_value(self.fndesc.restype, result))

    def _call_or_raise(self, builder, python, values):
        """Call the function; if it raises, the wrapper returns with that exception set."""
        called, convention = self.fndesc, self.context.call_conv
        if self.library.infallible is not None:
            return self._call_infallible(builder, called, values)
        function = self.context.declare_function(builder.module, called)
        status, result = convention.call_function(builder, function, called.restype, called.argtypes, values)
        with cgutils.if_unlikely(builder, status.is_error):
            convention.raise_error(builder, python, status)
            builder.ret(python.get_null_object())
        return result

    def _values_from_python(self, builder, python, args, count):
        """Numbers of an array of objects; if one is none, the wrapper returns with an exception set."""
        called = self.fndesc
        expected = Constant(WORD, len(called.argtypes))
        with cgutils.if_unlikely(builder, builder.icmp_signed("!=", count, expected)):
            python.err_set_string("PyExc_TypeError", f"{called.qualname}() takes {expected.constant} numbers by position")
            builder.ret(python.get_null_object())
        values, failed = [], Constant(IntType(1), 0)
        for k, kind in enumerate(called.argtypes):
            read = python.long_as_longlong if kind == types.int64 else python.float_as_double
            values.append(read(builder.load(builder.gep(args, [Constant(WORD, k)]))))
            differs = builder.icmp_signed if kind == types.int64 else builder.fcmp_ordered
            failed = builder.or_(failed, differs("==", values[-1], Constant(values[-1].type, -1)))
        with cgutils.if_unlikely(builder, failed):  # -1 is also what is returned with an error
            with cgutils.if_unlikely(builder, cgutils.is_not_null(builder, python.err_occurred())):
                builder.ret(python.get_null_object())
        return values

    def _lower_call_normal(self, fnty, expr, signature):
        if expr.kws or expr.vararg or expr.target or signature.recvr or len(expr.args) != len(signature.args):
            return super()._lower_call_normal(fnty, expr, signature)
        args = [self._cast_var(variable, kind) for variable, kind in zip(expr.args, signature.args)]
        if signature.args == (types.boolean,) and getattr(fnty, "typing_key", None) is bool:  # the test of every branch
            return args[0]
        if (fnty, signature.args) in _implementations:
            implementation, own = _implementations[fnty, signature.args]
            return implementation(self.context, self.builder, own, args, loc=self.loc)
        implementation = self.context.get_function(fnty, signature)
        libraries = getattr(implementation, "libs", ())
        if not libraries:
            _implementations[fnty, signature.args] = implementation._imp, implementation._sig
        elif len(libraries) == 1 and getattr(libraries[0], "infallible", None):
            self.context.add_linking_libs(libraries)
            return self._call_infallible(self.builder, libraries[0].infallible, args)
        return implementation(self.builder, args, self.loc)

    # --- words ----------------------------------------------------------------------------------------------------

    def lower_expr(self, resty, expr):
        if expr.op == "getiter" and resty == types.range_iter64_type:
            made = self.func_ir.get_definition(expr.value)
            if getattr(made, "op", None) == "call" and len(made.args) < 3:
                return self._counting(resty, self.loadvar(expr.value.name))
        elif expr.op == "iternext" and self.typeof(expr.value.name) == types.range_iter64_type:
            return self._next(resty, self.loadvar(expr.value.name))
        elif expr.op in ("pair_first", "pair_second") and not self.owns_memory(resty):
            return self.builder.extract_value(self.loadvar(expr.value.name), 0 if expr.op == "pair_first" else 1)
        return super().lower_expr(resty, expr)

    def _counting(self, kind, numbers):
        """The iterator of a range without a step: Numba's divides by the step, and raises where it is zero."""
        builder = self.builder
        start, stop = builder.extract_value(numbers, 0), builder.extract_value(numbers, 1)
        left = builder.sub(stop, start)
        count = builder.select(builder.icmp_signed(">", left, ZERO), left, ZERO)
        places = [cgutils.alloca_once(builder, WORD), cgutils.alloca_once(builder, WORD)]
        for value, place in zip((start, count), places):
            builder.store(value, place)
        return self._struct(kind, places[0], stop, ONE, places[1])

    def _next(self, kind, iterator):
        """The number that comes now, and whether there is one."""
        builder = self.builder
        place, step, count_place = (builder.extract_value(iterator, k) for k in (0, 2, 3))
        value, count = builder.load(place), builder.load(count_place)
        builder.store(builder.add(value, step), place)
        builder.store(builder.sub(count, ONE, flags=("nsw",)), count_place)
        return self._struct(kind, value, builder.icmp_signed(">", count, ZERO))

    def _struct(self, kind, *values):
        made = Constant(self.context.get_value_type(kind), Undefined)
        for k, value in enumerate(values):
            made = self.builder.insert_value(made, value, k)
        return made

    def lower_binop(self, resty, expr, op):
        kinds = [types.unliteral(self.typeof(variable.name)) for variable in (expr.lhs, expr.rhs)]
        if kinds == [types.int64, types.int64] and (op in INSTRUCTIONS or op in COMPARISONS):
            values = self.loadvar(expr.lhs.name), self.loadvar(expr.rhs.name)
            if op in COMPARISONS:
                return self.context.cast(self.builder, self.builder.icmp_signed(COMPARISONS[op], *values), types.boolean, resty)
            return self.context.cast(self.builder, getattr(self.builder, INSTRUCTIONS[op])(*values), types.int64, resty)
        return super().lower_binop(resty, expr, op)


class GenerateCode(BaseNativeLowering):
    """The pass of Numba's that generates code, with this generator."""

    lowering_class = CodeGenerator
