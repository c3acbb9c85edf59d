"""The table of dtypes: what compiled code needs to know of a dtype follows from it, also of one that is not there yet."""

import ast
import pathlib

import numpy as np
import pytest

import jittape as jt
from jittape import dtypes
from jittape.dtypes import DTYPES, ITEM_SIZES, LARGEST_ITEM, N_DIFFERENTIABLE, TABLE, packed_item_sizes, table_of
from jittape.kernels import kernel_table, services
from jittape.memory.typed_values import WINDOWS, item_size

PACKAGE = pathlib.Path(jt.__file__).parent
OF_REAL_NUMBERS = table_of(np.float64, np.float32, np.int64, np.int32, np.bool_, np.uint8)


def item_size_in(packed, code):
    return 1 << (packed >> 4 * code & 15)


def test_what_a_row_says():
    for each in (*TABLE, *OF_REAL_NUMBERS):
        assert each.item_size == each.dtype.itemsize and each.is_complex == (each.dtype.kind == "c")
        assert each.is_differentiable == (each.dtype.kind in "fc")
    assert [each.real for each in TABLE[:4]] == [np.float64, np.float32, np.float64, np.float32]
    assert [each.code for each in OF_REAL_NUMBERS] == list(range(6)) and DTYPES == tuple(each.dtype for each in TABLE)


@pytest.mark.parametrize("table", [TABLE, OF_REAL_NUMBERS], ids=["the table", "of real numbers"])
def test_item_sizes_are_packed(table):
    packed = packed_item_sizes(table)
    assert [item_size_in(packed, each.code) for each in table] == [each.dtype.itemsize for each in table]
    assert 0 <= packed < 1 << 63


def test_compiled_code_reads_the_packed_sizes():
    assert [item_size(each.code) for each in TABLE] == [each.item_size for each in TABLE]
    assert ITEM_SIZES == packed_item_sizes(TABLE) and LARGEST_ITEM == 16


def test_differentiable_dtypes_come_first():
    assert all(each.is_differentiable == (each.code < N_DIFFERENTIABLE) for each in TABLE)
    with pytest.raises(ValueError, match="got float32 after int64, expected the differentiable dtypes first"):
        table_of(np.float64, np.int64, np.float32)
    with pytest.raises(ValueError, match="got 16 dtypes, expected at most 15"):
        packed_item_sizes(table_of(*[np.float64] * 16))


@pytest.mark.parametrize("n_dtypes", [1, N_DIFFERENTIABLE, 4])
def test_kernels_of_all_dtypes_have_columns(n_dtypes):
    columns = kernel_table.columns_for(n_dtypes)
    taken = [columns.selects, columns.unit, columns.nonlinear, columns.total, columns.result]
    taken += [columns.uses + k for k in range(3)]
    for code in range(n_dtypes):
        taken += [start + code for start in (columns.forward, columns.scalar, columns.second)]
        taken += [start + n_dtypes * k + code for start in (columns.partial, columns.tangent) for k in range(3)]
    assert sorted(taken) == list(range(columns.width))


def test_the_kernel_table_has_these_columns():
    assert kernel_table._table.shape[1] == kernel_table.columns_for(N_DIFFERENTIABLE).width
    assert services.FIRST_SERVICE + services.N_SERVICES <= services.HEADER
    assert set(WINDOWS) == {each.dtype for each in TABLE if each.is_differentiable}


ENGINE = ("memory", "kernels", "tape", "sweeps", "autograd", "programs")
NAMES = {"F64", "F32", "C128", "C64", "float32", "float64", "complex64", "complex128"}
MAY_COMPARE = {
    "memory/typed_values.py": "belongs to the table",
    "autograd/gradcheck.py": "finite differences need the digits of float64, whatever else is differentiable",
    "programs/batches/vmap.py": "a Python float is a float64",
}


def compared_dtypes(tree):
    """Names and attributes of dtypes on either side of a comparison."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            for side in ast.walk(node):
                name = getattr(side, "id", getattr(side, "attr", None))
                if name in NAMES:
                    yield f"{node.lineno}: {ast.unparse(node)}"


def test_nothing_else_compares_dtypes():
    found = []
    for path in sorted(PACKAGE.rglob("*.py")):
        where = path.relative_to(PACKAGE).as_posix()
        if where.partition("/")[0] in ENGINE and where not in MAY_COMPARE:
            found += [f"{where}:{text}" for text in compared_dtypes(ast.parse(path.read_text()))]
    assert not found
    assert list(compared_dtypes(ast.parse("x = 8 if dtype == F64 else 4"))) == ["1: dtype == F64"]
    assert list(compared_dtypes(ast.parse("if np.dtype(d) == np.float32: pass"))) == ["1: np.dtype(d) == np.float32"]


def test_no_module_but_one_knows_codes():
    trees = {p.name: ast.parse(p.read_text()) for p in PACKAGE.rglob("*.py")}
    found = [
        name
        for name, tree in trees.items()
        if {"F64", "F32", "C128", "C64"} & {getattr(node, "id", None) for node in ast.walk(tree)}
    ]
    assert found == ["typed_values.py"] and not hasattr(dtypes, "F64")
