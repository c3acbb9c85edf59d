"""Random programs find a mistake in any of the passes that make adjoints: each pass is made wrong in turn."""

import pytest

from jittape.native.loops import adjoint_emission, array_binding, array_making, block_values, index_arithmetic
from jittape.native.loops import program_emission, saved_values, whole_array_reading

from loop_checks import check

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


CAUGHT_BY = {  # the seed of a program; after a change of `Writer`, other ones may have to be looked for
    without_restoring: 0,
    without_a_fixpoint: 1,
    without_conflicts: 204,
    with_all_indices_distinct: 204,
    with_all_sums_additions: 0,
    without_activity_of_elements: 0,
    without_the_number_of_iterations: 0,
    without_overlaps: 24,
    without_steps_of_slices: 5,
    without_guards: 237,
    without_promises: 1866,
}


@pytest.mark.parametrize("mutant", CAUGHT_BY)
def test_a_mutant_is_caught(mutant, monkeypatch):
    monkeypatch.setattr(*mutant())
    with pytest.raises(AssertionError):
        check(CAUGHT_BY[mutant])
