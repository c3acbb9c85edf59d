"""The kinds of rows: one table says what sweeps, compaction and programs do with each."""

import ast
import pathlib

import numpy as np
import pytest

import jittape as jt
from jittape.kernels import services
from jittape.programs.lowering.adjoint_lowering import AdjointLowering
from jittape.programs.lowering.forward_lowering import Lowering
from jittape.tape import row_kinds, schema
from jittape.tape.row_kinds import (
    COMPUTED,
    ELEMENTWISE_ROW,
    ENDS_ADJOINT,
    HOST_ROW,
    KIND_SHIFT,
    MOVES,
    NARY_HOST_ROW,
    NARY_ROW,
    NO_SERVICE,
    ON_HOST,
    POOLED,
    READS_VALUES,
    REVERSE_SERVICES,
    ROW_KINDS,
    SECOND_SERVICES,
    SOURCE_ROW,
    STRUCTURED_ROW,
    VIEW_ROW,
    VIEWS,
    WRITE_ROW,
    WRITES_IN_PLACE,
    flags_for,
    is_one_of,
    kind_of,
    service_in,
)

PACKAGE = pathlib.Path(jt.__file__).parent
MASKS = {
    "is_pooled": POOLED,
    "is_view": VIEWS,
    "is_write": WRITES_IN_PLACE,
    "is_on_host": ON_HOST,
    "reads_values": READS_VALUES,
    "moves": MOVES,
    "ends_adjoint": ENDS_ADJOINT,
    "lowering": COMPUTED,
}
NUMBERS = {
    "source": SOURCE_ROW,
    "elementwise": ELEMENTWISE_ROW,
    "structured": STRUCTURED_ROW,
    "n-ary": NARY_ROW,
    "host": HOST_ROW,
    "n-ary host": NARY_HOST_ROW,
    "view": VIEW_ROW,
    "write": WRITE_ROW,
}


@pytest.mark.parametrize("number, kind", list(enumerate(ROW_KINDS)), ids=[kind.name for kind in ROW_KINDS])
def test_words_say_what_the_table_says(number, kind):
    flags = flags_for(number) | schema.GRAD | schema.LEAF | schema.FREED
    assert NUMBERS[kind.name] == number == kind_of(flags) and flags < 256
    for attribute, mask in MASKS.items():
        assert bool(is_one_of(flags, mask)) == bool(getattr(kind, attribute))
    assert service_in(REVERSE_SERVICES, number) == kind.reverse and service_in(SECOND_SERVICES, number) == kind.second
    column = np.full(3, flags, np.uint8)  # as listings and tests read it
    assert kind_of(column).tolist() == [number] * 3 and is_one_of(column.astype(np.int64), VIEWS).tolist() == [kind.is_view] * 3


def test_the_lower_bits_are_the_other_flags():
    assert (schema.GRAD | schema.LEAF | schema.FREED) < 1 << KIND_SHIFT and services.N_SERVICES <= NO_SERVICE


def test_programs_have_methods_for_what_is_computed():
    for kind in ROW_KINDS:
        if kind.lowering:
            assert hasattr(Lowering, f"_lower_{kind.lowering}") and hasattr(AdjointLowering, f"_pull_back_{kind.lowering}")
    assert not ROW_KINDS[SOURCE_ROW].lowering and not ROW_KINDS[VIEW_ROW].lowering


def test_rows_have_their_kinds():
    with jt.Tape() as tape:
        x = jt.tensor([[1.0, 2.0], [3.0, 4.0]], requires_grad=True)
        y = x * 2.0
        rows = [(x, SOURCE_ROW), (y, ELEMENTWISE_ROW), (y.sum(), STRUCTURED_ROW), (jt.cat([x, y]), NARY_ROW), (y[0], VIEW_ROW)]
        rows += [(jt.median(x), HOST_ROW), (Twice.apply(x), NARY_HOST_ROW)]
        z = x.clone()
        z[0] = 7.0
        found = [kind_of(tape.flags[t._row]) for t, _ in rows]
    assert found == [kind for _, kind in rows]
    assert [kind_of(flags) for flags in tape.flags[: len(tape)]].count(WRITE_ROW) == 1


class Twice(jt.autograd.Function):
    @staticmethod
    def forward(ctx, x):
        return x.detach() * 2.0

    @staticmethod
    def backward(ctx, y_bar):
        return y_bar * 2.0


def flag_tests(tree):
    """Bits of flags that are asked for, by name, other than those that are no kind."""
    names = set(vars(row_kinds)) - {"helper", "NamedTuple"}
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitAnd):
            sides = {getattr(side, "id", None) for side in (node.left, node.right)}
            if any(name and (name.endswith("_ROW") or name in names) for name in sides):
                yield ast.unparse(node)


def test_nobody_asks_a_kind_with_a_flag():
    found = []
    for path in PACKAGE.rglob("*.py"):
        if path.name != "row_kinds.py":
            found += [f"{path.name}: {text}" for text in flag_tests(ast.parse(path.read_text()))]
    assert not found and not {"NARY", "HOST", "WRITE", "VIEW"} & set(vars(schema))
    assert list(flag_tests(ast.parse("if flags & VIEWS: pass"))) == ["flags & VIEWS"]
