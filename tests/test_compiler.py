"""The compiler of the library's own functions: what it leaves out of Numba's is not missed."""

import ctypes
import gc
import math
import types as types_of_python

import numpy as np
import pytest
from numba import types

from jittape.numba_backend.compiler_choice import COMPILER, OWN
from jittape.numba_backend.entry_points import EntryPoint, entry
from jittape.numba_backend.decorators import JIT, compile_at_address, compiled, helper, reassociated
from jittape.memory.words import f32_at, f64_at, i64_at, u8_at, word
from jittape.numba_backend.pointers import pointer_to_array

pytestmark = pytest.mark.skipif(not JIT, reason="nothing is compiled")

NUMBERS = (-3, -1, 0, 1, 2, 7)


# --- arrays ---------------------------------------------------------------------------------------------------


def sum_of_scratch(x, n, m):
    """Rows of a matrix, copied to memory of the function's own."""
    values, copy, total = f64_at(x, n * m), np.empty(m), 0
    for k in range(n):
        total += int(total_of(row(values, copy, k, m), m))
    return total


@helper
def row(values, copy, k, m):
    for j in range(m):
        copy[j] = values[k * m + j]
    return pointer_to_array(copy)


@reassociated
def total_of(run, m):
    total = 0.0
    for j in range(m):
        total += run[j]
    return total


def test_a_pointer_to_an_array_reads_the_array():
    x = np.arange(12_000.0)
    assert entry(sum_of_scratch)(x.ctypes.data, 4, 3000) == x.sum()


# --- pointers -------------------------------------------------------------------------------------------------


def reversed_sum(x, n):
    values, total = f64_at(x, n), 0.0
    end = values[n:]
    for k in range(1, n + 1):
        total = 10.0 * total + end[-k]
    return int(total)


def test_a_pointer_has_no_end_and_no_beginning():
    x = np.array([1.0, 2.0, 3.0])
    assert entry(reversed_sum)(x.ctypes.data, 3) == 321


def written(a, b, c, d):
    f64_at(a, 1)[0] = 1
    f32_at(b, 1)[0] = 1.5
    i64_at(c, 1)[0] = 2
    u8_at(d, 2)[1] = 255
    return int(f64_at(a, 1)[0] + f32_at(b, 1)[0] * 2) + i64_at(c, 1)[0] + u8_at(d, 2)[1]


def test_pointers_of_every_type():
    a, b, c, d = np.zeros(1), np.zeros(1, np.float32), np.zeros(1, np.int64), np.zeros(2, np.uint8)
    assert entry(written)(*(each.ctypes.data for each in (a, b, c, d))) == 4 + 2 + 255
    assert (a[0], b[0], c[0], list(d)) == (1.0, 1.5, 2, [0, 255])


# --- loops ----------------------------------------------------------------------------------------------------


def passes_of(start, stop, step):
    count = 0
    for k in range(stop):
        count += 1 + k
    for k in range(start, stop):
        count += 100 * (1 + k * k)
    for k in range(start, stop, step):
        count += 10_000 * (1 + k * k)
    for k in range(stop, start, -1):
        count += 1_000_000 * (1 + k * k)
    return count


@pytest.mark.parametrize("start", NUMBERS)
@pytest.mark.parametrize("stop", NUMBERS)
def test_loops_run_as_often_as_in_python(start, stop):
    for step in (1, 2, -1, -2):
        assert entry(passes_of)(start, stop, step) == passes_of(start, stop, step)


def left_early(n):
    found = -1
    for k in range(n):
        if k * k > 50:
            found = k
            break
    else:
        found = -2
    return found


@pytest.mark.parametrize("n", [0, 3, 8, 9, 100])
def test_loops_that_are_left(n):
    assert entry(left_early)(n) == left_early(n)


# --- words ----------------------------------------------------------------------------------------------------


def arithmetic(a, b):
    c = (a + b) * 3 - (a & b) + (a | b) ^ (a << 2)
    c += a // 7 + b % 5 + (a >> 1)
    return c * 64 + (a < b) + 2 * (a <= b) + 4 * (a == b) + 8 * (a != b) + 16 * (a > b) + 32 * (a >= b and not b == 2)


@pytest.mark.parametrize("a", NUMBERS)
@pytest.mark.parametrize("b", NUMBERS)
def test_arithmetic_is_that_of_python(a, b):
    assert entry(arithmetic)(a, b) == arithmetic(a, b)


def of_floats(n, scalar):
    x = scalar + 1 if n > 0 else scalar
    if x and not math.isnan(x):
        x = -x
    return int(8 * x) + n


@pytest.mark.parametrize("n, scalar", [(1, 0.5), (0, 0.0), (-1, -1.0), (3, 2)])
def test_floats_among_words(n, scalar):
    assert entry(of_floats)(n, scalar) == of_floats(n, scalar)


# --- exceptions -----------------------------------------------------------------------------------------------


@helper
def checked(n):
    if n < 0:
        raise ValueError("less than nothing")
    return n


@helper
def twice_checked(n):
    return checked(n) + checked(n - 1)


def sum_of_checked(n):
    return twice_checked(n) + 1


def test_what_helpers_raise_arrives():
    function = compiled(sum_of_checked)
    assert function(3) == 6
    for n in (0, -1):
        with pytest.raises(ValueError, match="less than nothing"):
            function(n)


def refusing(n, x):
    if x > 0.0:
        raise ValueError("too many", n, x)
    return n


def test_what_is_raised_takes_values_along():
    """They lie in memory whose size Numba asks for; sizes that were left out cost the heap, much later."""
    function = compiled(refusing)
    assert function(3, 0.0) == 3
    for n in range(50):
        with pytest.raises(ValueError) as caught:
            function(n, 1.5)
        assert caught.value.args == ("too many", n, 1.5)


def stepping(n, step):
    total = 0
    for k in range(0, n, step):
        total += k
    return total


def test_a_step_of_zero_raises():
    assert compiled(stepping)(10, 3) == 18
    with pytest.raises(ValueError, match="must not be zero"):
        compiled(stepping)(10, 0)


# --- calls from Python ----------------------------------------------------------------------------------------


def combined(a, b, scalar):
    return a * 10 + b if scalar > 0.0 else -1


@pytest.mark.skipif(COMPILER != OWN, reason="Numba's own wrapper converts what it gets: 1.5 is 1")
def test_entries_take_numbers_and_nothing_else():
    call = entry(combined)
    assert call(1, 2, 1.0) == 12 and call(-1, -1, -1.0) == -1 and call(np.int64(1), True, 1) == 11
    for args in ((1, 2), (1, 2, 3.0, 4), (1.5, 2, 1.0), ("1", 2, 1.0), (None, 2, 1.0), (1, 2, "x")):
        with pytest.raises(TypeError):
            call(*args)
    with pytest.raises(TypeError):
        call(1, 2, scalar=1.0)
    with pytest.raises(OverflowError):
        call(2**64, 0, 1.0)


def test_an_entry_is_compiled_when_it_is_called_and_holds_its_machine_code():
    call = entry(combined)
    assert isinstance(call, EntryPoint) and call.__name__ == "combined" and call.func == call._compile
    assert call(1, 2, 1.0) == 12
    assert isinstance(call.func, types_of_python.BuiltinFunctionType) and call.func(1, 2, 1.0) == 12
    assert call.__name__ == "combined" and call.py_func is combined


def test_a_first_call_with_wrong_arguments_leaves_an_entry_that_works():
    call = entry(combined)
    with pytest.raises(TypeError):
        call(1, 2)
    assert call(1, 2, 1.0) == 12


def test_what_an_entry_raises_arrives():
    call = entry(sum_of_checked)
    assert call(3) == 6
    for _ in range(2):
        with pytest.raises(ValueError, match="less than nothing"):
            call(-1)
    assert call(3) == 6


def test_machine_code_of_an_entry_lives_as_long_as_its_function():
    call = entry(combined)
    call(1, 2, 1.0)
    function = call.func
    del call
    gc.collect()
    assert function(1, 2, 1.0) == 12


def first_word(address, unused):
    return word(address, 0)


def test_functions_by_address_are_c_functions():
    found = compile_at_address(first_word, types.int64(types.int64, types.int64))
    memory = np.array([2**62 + 1])
    call = ctypes.CFUNCTYPE(ctypes.c_int64, ctypes.c_int64, ctypes.c_int64)(found.address)
    assert call(memory.ctypes.data, 0) == 2**62 + 1


def loops_of(number):
    @helper
    def scaled(x):
        return number * x

    return scaled


def test_functions_of_a_factory_have_symbols_of_their_own():
    """Their names are part of symbols, by which LLVM took loops of one dtype, loaded from disk, for those of another."""
    names = [loops_of(number).__name__ for number in (1.0, 2.0, 1.0)]
    assert names[0] == names[2] != names[1] if JIT else set(names) == {"scaled"}
