"""Compiled entries that cannot go on say what is missing; the same refusal twice in a row is an error and no loop."""

import numpy as np
import pytest

import jittape as jt
from jittape.errors import InternalError
from jittape.kernels import kernel_table, services
from jittape.kernels.kernel_table import (
    K_FORWARD,
    K_PARTIAL,
    K_SCALAR,
    K_SECOND,
    K_TANGENT,
    K_WIDTH,
    kernel_slot,
    part_of,
    service_slot,
)
from jittape.tape import refusals
from jittape.tape.refusals import describe
from jittape.tape.schema import CROWDED, MISFIT, MISSING, OUT_OF_MEMORY, STALE

X = np.linspace(0.1, 1.0, 7)


def test_slots_have_names():
    assert part_of(kernel_slot(K_FORWARD, 0, 1)) == ("forward", 0, 1)
    assert part_of(kernel_slot(K_PARTIAL, 2, 1)) == ("partial", 2, 1)
    assert part_of(kernel_slot(K_TANGENT, 1, 0)) == ("tangent", 1, 0)
    assert part_of(kernel_slot(K_SCALAR, 0, 0)) == ("scalar", 0, 0)
    assert part_of(kernel_slot(K_SECOND, 0, 1)) == ("second", 0, 1)
    assert part_of(service_slot(services.MOVE)) == ("service", services.MOVE, None) and service_slot(0) == K_WIDTH
    assert describe(kernel_slot(K_PARTIAL, 1, 1)) == "the partial kernel of operand 1 for float32"
    with pytest.raises(ValueError, match="expected the column of a kernel or a service"):
        part_of(kernel_table.K_USES)


@pytest.fixture
def nothing(monkeypatch):
    """From its call on, a provider provides nothing.  Returns what it is asked for."""

    def begin():
        asked = []

        def provide(operation, slot):
            asked.append((operation.name, describe(slot)))

        monkeypatch.setattr(refusals, "provide", provide)
        monkeypatch.setattr("jittape.autograd.reverse_driver.provide", provide)
        return asked

    return begin


@pytest.fixture
def without():
    """Take words of an array away, addresses of kernels or of services; they come back afterwards."""
    taken = []

    def take(array, *place):
        taken.append((array, place, int(array[place])))
        array[place] = 0

    yield take
    for array, place, address in taken:
        array[place] = address


def test_a_row_that_is_not_provided_for_is_an_error(nothing, without):
    x = jt.tensor(X, requires_grad=True)
    jt.sin(x).sum().backward()
    without(kernel_table._table, jt.sin.operation.code, kernel_slot(K_FORWARD, 0, 0))
    asked, rows = nothing(), len(x._tape)
    with pytest.raises(InternalError, match=r"row \d+ \(sin\) refused twice in a row for want of the forward kernel"):
        jt.sin(x)
    assert asked == [("sin", "the forward kernel of operand 0 for float64")]
    assert len(x._tape) == rows


def test_a_sweep_that_is_not_provided_for_is_an_error(nothing, without):
    x = jt.tensor(X, requires_grad=True)
    y = jt.cos(x).sum()
    jt.autograd.grad(y, x, retain_graph=True)
    without(kernel_table._table, jt.cos.operation.code, kernel_slot(K_PARTIAL, 0, 0))
    asked = nothing()
    with pytest.raises(InternalError, match=r"\(cos\) refused twice in a row for want of the partial kernel of operand 0 for"):
        y.backward(retain_graph=True)
    assert asked == [("cos", "the partial kernel of operand 0 for float64")] and x.grad is None
    assert not x._tape.sweeping


def test_tangents_that_are_not_provided_for_are_an_error(nothing, without):
    jt.jvp(jt.exp, (X,), (X,))
    without(kernel_table._table, jt.exp.operation.code, kernel_slot(K_PARTIAL, 0, 0))
    nothing()
    with pytest.raises(InternalError, match=r"\(exp\) refused twice in a row for want of the partial kernel of operand 0"):
        jt.jvp(jt.exp, (X,), (X,))


def test_a_service_that_is_not_provided_is_an_error(nothing, without):
    x = jt.tensor(X, requires_grad=True)
    y = (x * x).sum()
    jt.autograd.grad(y, x, retain_graph=True)
    without(services._scratch, services.FIRST_SERVICE + services.REVERSE_STRUCTURED)
    asked = nothing()
    with pytest.raises(InternalError, match=rf"\(sum\) refused twice in a row for want of service {services.REVERSE_STRUCTURED}"):
        y.backward()
    assert asked == [("sum", f"service {services.REVERSE_STRUCTURED}")]


def test_exactly_what_is_missing_is_provided(without):
    x = jt.tensor(X, requires_grad=True)
    y = jt.atan2(x, x + 1.0).sum()
    (expected,) = jt.autograd.grad(y, x, retain_graph=True)
    operation, seen = jt.atan2.operation, []
    without(kernel_table._table, operation.code, kernel_slot(K_PARTIAL, 1, 0))
    original = operation.compile_partials

    def compile_partials(dtype, active=7):
        seen.append(active)
        operation._kernels.pop((1, dtype), None)
        original(dtype, active)

    operation.compile_partials = compile_partials
    try:
        (found,) = jt.autograd.grad(y, x)
    finally:
        del operation.compile_partials
    assert seen == [2] and found.tolist() == expected.tolist()


@pytest.mark.parametrize("refusal", [MISFIT, CROWDED, STALE, MISSING - kernel_slot(K_FORWARD, 0, 0)])
def test_every_refusal_is_answered_once(refusal, nothing):
    nothing()
    tape = jt.Tape()
    assert refusals.answer(tape, jt.sin.operation, refusal, None) == refusal
    with pytest.raises(InternalError, match=r"row 0 \(sin\) refused twice"):
        refusals.answer(tape, jt.sin.operation, refusal, refusal)
    assert refusals.answer(tape, jt.sin.operation, refusal, STALE if refusal != STALE else CROWDED) == refusal


def test_no_memory_is_an_error_at_once():
    with pytest.raises(MemoryError, match="no memory for the result of sin"):
        refusals.answer(jt.Tape(), jt.sin.operation, OUT_OF_MEMORY, None)
