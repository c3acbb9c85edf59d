"""Random programs find a mistake in any of the passes that make adjoints: each pass is made wrong in turn."""

import operator

import numba
import numpy as np
import pytest

import jittape as jt

from jittape.native.loops import adjoint_emission, array_binding, array_making, block_values, control_flow, deferred_additions
from jittape.native.loops import element_reading, index_arithmetic, masked_reading, program_emission, program_parts
from jittape.native.loops import result_emission, row_emission, saved_values, whole_array_reading

from loop_checks import adjoint_alone, check, pullback_alone, refusal, rows_alone

pytestmark = pytest.mark.sampled(0)


def without_restoring():
    return adjoint_emission.BlockReverse, "_restore", lambda self: None


def without_a_fixpoint():
    return saved_values, "_repeated", lambda program, body, needed: needed | saved_values._required(program, body, needed)


def without_conflicts():
    return block_values.Block, "conflicts", lambda self, array, indices: False


def with_all_indices_distinct():
    return block_values, "distinct", lambda left, right: True


def with_all_sums_additions():
    found = saved_values._added

    def added(block, store, uses, position):
        value = store.value
        if value.kind == "operation" and value.what.rule and len(value.operands) == 2 and value.operands[0].kind == "load":
            return value, value.operands[0], 1
        return found(block, store, uses, position)

    return saved_values, "_added", added


def without_activity_of_elements():
    found = saved_values._depends
    return saved_values, "_depends", lambda program, value: value.kind != "load" and found(program, value)


def without_the_number_of_iterations():
    found = program_emission.Emission._forward_loop

    def forward(self, loop):
        found(self, loop)
        if loop.left is not None:
            self.stack.release(program_emission.words(1))
            self.frame.save(self._pointer(self.stack.reserve(program_emission.words(1))), program_emission.words(1))

    return program_emission.Emission, "_forward_loop", forward


def without_overlaps():
    return whole_array_reading, "overlaps", lambda place, source: False


def without_guards():
    return array_making.ArrayMaking, "guard", lambda self, condition: None


def without_steps_of_slices():
    return index_arithmetic.IndexArithmetic, "times", lambda self, value, number: value


def without_promises():
    return array_binding.ArrayBinding, "is_new", lambda self, view: True


def without_exchanges_of_adjoints():
    def forward(self, part):
        slots = [self.frame.places[array].held[0] for array in (part.first, part.second)]
        for address, slot in zip([self.builder.load(slot) for slot in slots], reversed(slots)):
            self.builder.store(address, slot)

    return program_emission.Emission, "_forward_exchange", forward


def without_additions_that_wait():
    return deferred_additions.DeferredAdditions, "_add", lambda self, loop, site, buffer, high, low: None


def with_additions_that_wait_for_what_is_stored():
    return deferred_additions, "_stored", lambda block: set()


def without_the_copy_of_gathered_elements():
    def gathered(self, array, positions):
        array, positions = self.formed(array), self.formed(positions)

        def element(reader, members):
            return reader.item(array, (reader.kept(reader.item(positions, members[:1])), *members[1:]))

        lengths = (*self.lengths(positions), *self.lengths(array)[1:])
        return self.lazy(lengths, element, array.array.element, [array, positions])

    return element_reading.ElementReading, "gathered", gathered


CAUGHT_BY = {  # the seed of a program; after a change of `Writer`, other ones may have to be looked for
    without_restoring: 0,
    without_a_fixpoint: 1,
    without_conflicts: 204,
    with_all_indices_distinct: 204,
    with_all_sums_additions: 0,
    without_activity_of_elements: 0,
    without_the_number_of_iterations: 0,
    without_overlaps: 19,
    without_steps_of_slices: 5,
    without_exchanges_of_adjoints: 892,
    without_additions_that_wait: 177,
    with_additions_that_wait_for_what_is_stored: 66,
    without_the_copy_of_gathered_elements: 135,
}


@pytest.mark.parametrize("mutant", CAUGHT_BY)
def test_a_mutant_is_caught(mutant, monkeypatch):
    monkeypatch.setattr(*mutant())
    with pytest.raises(AssertionError):
        check(CAUGHT_BY[mutant])


def without_the_exchange_of_what_is_needed():
    return program_parts.Exchange, "renamed", lambda self, arrays: arrays


def without_the_lives_of_names():
    return control_flow.ControlFlow, "goes_round", lambda self, name, label: False


def with_bounds_exchanged():
    cut_off = masked_reading.MaskedReading.cut_off

    def exchanged(self, value, bound, comparison, dtype):
        return cut_off(self, value, bound, operator.gt if comparison is operator.lt else operator.lt, dtype)

    return masked_reading.MaskedReading, "cut_off", exchanged


def kept_by_another_name(x):
    total = 0.0
    for k in range(3):
        z = x * (k + 1.0)
        if k == 0:
            part = z[1:]
        total += part[0] * z[1]
    return total


def cut_off_at_bounds(x):
    return np.sum(np.clip(x, -0.1, x[2] * 0.9) ** 2)


def changed_after_an_exchange(x):
    u, w, s = x * 1.0, x + 1.0, 0.0
    for _ in range(3):
        s += u[0] * u[1]
        u, w = w, u
        w[0] = x[2] * s
    return s


def seen_by_two_names(x):
    y = x * 2.0
    for _ in range(3):
        z = w = y
        y = y * 2.0
        z[0] = x[1]
    return y[0] + w[0] * w[0]


def of_repeated_elements(x):
    total, n = 0.0, 1
    for k in range(3):
        total += np.sum(x[k : k + n] * x)
    return total


CAUGHT_HERE = {  # mistakes that random programs seldom show
    without_the_exchange_of_what_is_needed: changed_after_an_exchange,
    without_promises: seen_by_two_names,
    without_guards: of_repeated_elements,
    without_the_lives_of_names: kept_by_another_name,
    with_bounds_exchanged: cut_off_at_bounds,
}


def is_right(function, x):
    """Whether the adjoint of a function is right, or left to the tape."""
    function = numba.njit(function)
    if refusal(function, (x,), (0,)):
        return True
    _, (found,), is_usual = adjoint_alone(function, (0,))(x)
    expected = [(function(x + e) - function(x - e)) / 2e-6 for e in 1e-6 * np.eye(x.size)]
    return not is_usual or np.allclose(found, expected, rtol=1e-6)


@pytest.mark.parametrize("mutant", CAUGHT_HERE)
def test_a_mutant_of_what_is_rare_is_caught(mutant, monkeypatch):
    x = np.array([0.7, -0.4, 0.9])
    assert is_right(CAUGHT_HERE[mutant], x)
    monkeypatch.setattr(*mutant())
    assert not is_right(CAUGHT_HERE[mutant], x)


def with_rows_of_arrays_as_they_are_left():
    return row_emission.RowEmission, "_copy", lambda self, region, place, order: None


def with_rows_that_add_up():
    return row_emission, "memset", lambda *given: None


def without_given_cotangents():
    return result_emission.GivenSeeds, "seed", lambda self, frame: None


def of_several(x):
    a, b, s = x * 1.0, x + 0.5, 1.0
    for k in range(3):
        for i in range(1, len(x) - 1):
            b[i] = np.sin(a[i - 1] * a[i + 1]) * s + a[i]
        a, b = b, a
        s = s * a[1] + x[k] if s < 4.0 else s
    return np.concatenate((a, b, a * s))


def are_right(x):
    """Whether the rows of a Jacobian and a pullback are right."""
    function = numba.njit(of_several)
    expected, cotangent = jt.jacfwd(function)(x), np.cos(np.arange(3.0 * x.size))
    _, (rows,), _ = rows_alone(function, (0,))(x)
    (bar,), _ = pullback_alone(function, (0,))(x, cotangent)
    return np.allclose(rows, expected, rtol=1e-9) and np.allclose(bar, cotangent @ expected, rtol=1e-9)


@pytest.mark.parametrize("mutant", [with_rows_of_arrays_as_they_are_left, with_rows_that_add_up, without_given_cotangents])
def test_a_mutant_of_several_outputs_is_caught(mutant, monkeypatch):
    x = np.array([0.7, -0.4, 0.9, 1.2, 0.3])
    assert are_right(x)
    monkeypatch.setattr(*mutant())
    assert not are_right(x)
