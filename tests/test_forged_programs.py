"""Forged files of programs, with right checksums: refused, or harmless; nothing outside of a program's memory is touched."""

import json
import math
import os
import pathlib
import subprocess
import sys

import numpy as np
import pytest
from sampling import CHOICE, some

import jittape as jt
from jittape.errors import FileError
from jittape.memory.layouts import LAYOUTS, intern
from jittape.ops.copies_and_joins import Positions
from jittape.ops.declare_structured import Structured, structured
from jittape.ops.declare_view import View
from jittape.ops.operation_table import BY_NAME
from jittape.ops.padded_regions import region_from_file
from jittape.ops.shape_rules import Unfit, matrix_product, same_shape
from jittape.programs.lowering.assembly import Assembly

ON_LINUX = sys.platform == "linux"
if ON_LINUX:
    import forged_programs
    from forged_programs import UNSAVED, VIEWS, packed, programs, unpacked

pytestmark = pytest.mark.skipif(not ON_LINUX, reason="guard pages and limits of memory are Linux's here")
SCRIPT = pathlib.Path(__file__).with_name("forged_programs.py")
STRUCTURED = [o for o in BY_NAME.values() if isinstance(o, Structured)]


def tried(keep, *names, checks="checked"):
    """The forgeries of some programs in a process of their own: its code, counts, and what it tried last."""
    command = [sys.executable, SCRIPT, str(CHOICE.seed), str(keep), checks, *names]
    run = subprocess.run(command, capture_output=True, text=True, timeout=3000, env=os.environ)
    return run.returncode, json.loads(run.stdout or "{}"), run.stderr[-3000:]


def test_forged_programs_never_leave_their_memory():
    names = some(programs(), 25) if ON_LINUX else []
    keep = 100 if CHOICE.exhaustive else 15
    code, counts, said = tried(keep, *names)
    assert code == 0, said
    assert counts["refused"] + counts["loaded"] == keep * len(names)
    assert counts["refused"] > counts["loaded"] > 0


def test_every_operation_has_a_program_to_forge():
    assert not [
        o.name
        for o in BY_NAME.values()
        if isinstance(o, Structured) and o.name not in UNSAVED and forged_programs.examples(o)[0][0] is None
    ]


def test_guard_pages_find_what_the_checks_prevent():
    """Without the checks of listings the same forgeries end the process."""
    assert tried(400, "flip", "gather", checks="unchecked")[0] < 0


# --- the rules of shapes --------------------------------------------------------------------------------------------


def test_every_operation_has_a_rule_of_shapes_or_a_reason():
    assert {o.name for o in STRUCTURED if o.shape_rule is None} <= set(UNSAVED)
    assert {o.name for o in BY_NAME.values() if isinstance(o, View)} == set(VIEWS)


FACTORS = [  # of matrices: name and statics
    ("eigvalsh", ("L", False)),
    ("eigvalsh", ("U", True)),
    ("symmetric_vectors", ("L",)),
    ("eigvals", (False,)),
    ("eigvals", (True,)),
    ("eigenvectors", ()),
    ("svdvals", (False,)),
    ("svdvals", (True,)),
    ("left_vectors", ()),
    ("right_vectors", ()),
    ("completing_vectors", (False,)),
    ("completing_vectors", (True,)),
    ("pinv", (0.1,)),
    ("lstsq", (0.1,)),
    ("orthogonal_factor", ()),
    ("triangle", ()),
]


@pytest.mark.parametrize("name, statics", FACTORS)
def test_rules_of_shapes_of_factors_are_those_of_their_bodies(name, statics):
    """For all matrices: what LAPACK takes has the shape of the rule, and a rule takes nothing that LAPACK refuses."""
    operation, rng = BY_NAME[name], np.random.default_rng(0)
    for shape in [
        (),
        (3,),
        (2, 2),
        (1, 1),
        (0, 0),
        (3, 2),
        (2, 3),
        (0, 2),
        (2, 0),
        (4, 2, 2),
        (0, 2, 2),
        (2, 4, 2),
        (2, 3, 1, 2),
    ]:
        shapes = [shape, (*shape[:1], 3)][: operation.arity]
        try:
            found = operation.shape_rule(shapes, *statics)
        except ValueError:
            continue
        assert np.shape(operation.body(*[rng.uniform(0.5, 1.5, s) for s in shapes], *statics)) == found


@pytest.mark.parametrize("operation", [o for o in STRUCTURED if o.examples and o.shape_rule], ids=lambda o: o.name)
def test_rules_of_shapes_are_those_of_kernels_and_bodies(operation):
    rng = np.random.default_rng(0)
    for shapes, statics in operation.examples():
        shape = operation.shape_rule(shapes, *statics)
        plan = operation.plan and operation.plan([LAYOUTS[intern(s)] for s in shapes], *statics)
        assert plan is None or tuple(plan[0]) == shape
        if sum(map(math.prod, shapes)) < 2000:
            xs = [rng.uniform(0.1, 0.9, s) for s in shapes]
            value = operation.body(xs, *statics) if operation.arity < 0 else operation.body(*xs, *statics)
            assert np.shape(value) == shape


@pytest.mark.parametrize(
    "name, shapes, statics",
    [
        ("flip", [(3, 4)], (2,)),
        ("flip", [(3, 4)], (-1,)),
        ("flip", [(3, 4)], (True,)),
        ("cumsum", [(3, 4)], (1.0,)),
        ("cumprod", [()], (0,)),
        ("softmax", [(3, 4)], ()),
        ("sum", [(3, 4)], ((1, 0), False)),
        ("sum", [(3, 4)], ((0, 0), False)),
        ("mean", [(3, 4)], ((0,), 1)),
        ("var", [(3, 4)], ((0,), False)),
        ("var", [(3, 4)], ((0,), False, "1")),
        ("cat", [(3, 4), (3, 5)], (0,)),
        ("cat", [(3, 4), (3, 4, 1)], (0,)),
        ("matmul", [(3, 4), (3, 4)], (False, False)),
        ("matmul", [(2, 3, 4), (4, 5)], (False, False)),
        ("matmul", [(4,), (2, 4, 5)], (False, False)),
        ("matmul", [(4,), (4, 5)], (True, False)),
        ("linear", [(3, 4), (2, 4), (3,)], ()),
        ("solve", [(3, 3), (3,)], ()),
        ("inv", [(3, 4)], ()),
        ("mse_loss_folded", [(3,), (4,)], (False,)),
        ("huber_loss_folded", [(3,), (3,)], (False,)),
        ("einsum", [(3, 4), (5, 2)], (("ij", "jk"), "ik")),
        ("einsum", [(3, 4)], (("ij",), "ijk")),
        ("einsum", [(3, 3)], (("ii",), "i")),
        ("eigvalsh", [(3, 3)], ("X", False)),
        ("eigvalsh", [(3, 3)], ("L", 1)),
        ("eigvalsh", [(3, 4)], ("L", False)),
        ("symmetric_vectors", [(3, 3)], (7,)),
        ("symmetric_vectors", [(3, 3)], ()),
        ("eigvals", [(3, 3)], (None,)),
        ("eigenvectors", [(3, 3)], (True,)),
        ("svdvals", [(3, 4)], ("x",)),
        ("svdvals", [(3,)], (True,)),
        ("left_vectors", [(3,)], ()),
        ("completing_vectors", [(3, 4)], (1,)),
        ("completing_vectors", [(3,)], (True,)),
        ("pinv", [(3, 4)], ("1",)),
        ("lstsq", [(3, 4), (4, 3)], (0.1,)),
        ("lstsq", [(3, 4), (3, 2)], (True,)),
        ("orthogonal_factor", [(3, 4)], ()),
        ("triangle", [(3, 4)], ()),
        ("gather", [(4,)], (Positions([0, 4]),)),
        ("gather", [(4,)], (Positions([-1]),)),
        ("gather", [(4,)], ((0, 1),)),
        ("scatter", [(2,)], (Positions([0, 8]), (2, 4))),
        ("scatter", [(3,)], (Positions([0, 1]), (2, 4))),
        ("scatter", [(2,)], (Positions([0, 1]), (2, -4))),
    ],
)
def test_what_no_call_has_is_refused(name, shapes, statics):
    dtypes = [np.dtype(float)] * len(shapes)
    with pytest.raises((Unfit, TypeError)):
        BY_NAME[name].result_of(shapes, dtypes, statics)


def test_products_have_lengths_that_blas_can_read():
    with pytest.raises(Unfit, match="at most"):
        matrix_product([(2**31, 1), (1, 1)], False, False)


@pytest.mark.parametrize("key", [(True,), ((0, 1),), ("diagonal", 0, 0), ("unfold", 0, 9, 1), (("slice", 0, 1.0, None),), (5,)])
def test_regions_of_no_view_are_refused(key):
    with pytest.raises((Unfit, IndexError, ValueError)):
        region_from_file((4, 2), key)


def test_a_region_of_a_file_takes_no_memory_before_it_is_used():
    region = region_from_file((2**30, 1), (("slice", None, None, None),))
    assert "starts" not in vars(region) and region.read_shape == (2**30, 1)


@pytest.mark.parametrize("layout, shape", [((3, 4), (4, 3)), ((2, 3, 4), (6, 4)), ((1, 6), (2, 3)), ((4,), (2, 1, 2))])
@pytest.mark.parametrize("turned", [False, True])
def test_a_reshape_that_needs_a_copy_is_no_view(layout, shape, turned):
    x = np.arange(math.prod(layout)).reshape(layout)
    x = x.T if turned else x[..., : layout[-1]]
    own = LAYOUTS[intern(x.shape, tuple(s // x.itemsize for s in x.strides))]
    if np.shares_memory(x.reshape(shape), x):
        expected = x.reshape(shape)
        assert BY_NAME["reshape"].layout_of(own, (shape,)) == (intern(shape, tuple(s // 8 for s in expected.strides)), 0)
    else:
        with pytest.raises(Unfit, match="no copy"):
            BY_NAME["reshape"].layout_of(own, (shape,))


def test_numbers_beyond_the_reach_of_tables_raise():
    class Far:
        addresses = {0: 2**34}

    with pytest.raises(MemoryError, match="tables cannot name"):
        Assembly._elements(Far, np.zeros(1, np.int64), np.array([8]))


def test_an_operation_without_a_rule_is_not_saved():
    @structured(linear=True)
    def halved_values(x, about=None):
        """Half of it."""
        return x / 2.0

    halved_values.pullback_of(0)(lambda y_bar, y, x, about=None: y_bar / 2.0)
    f, g = forged_programs.Applied(halved_values), forged_programs.Applied(halved_values, (object,))
    program, other = jt.compile(lambda x: f(x).sum()), jt.compile(lambda x: g(x).sum())
    try:
        assert program(np.ones(4)) == 2.0
        with pytest.raises(TypeError, match="halved declares no rule of shapes"):
            saved(program)
        halved_values.shaped(same_shape)
        assert jt.load(saved(program))(np.full(4, 3.0)) == 6.0
        assert other(np.ones(4)) == 2.0
        with pytest.raises(TypeError, match="cannot be saved: got a static of type type, expected"):
            saved(other)
    finally:
        del BY_NAME["halved"]


# --- the file of the issue ------------------------------------------------------------------------------------------


def test_positions_outside_of_the_operand_are_refused():
    positions = np.arange(100) % 4
    program = jt.compile(lambda x: x[positions] * 2.0)
    program(np.arange(4.0))
    manifest, arrays = unpacked(saved(program))
    (k,) = [k for k, a in enumerate(arrays) if a.shape == (100,)]
    arrays[k] = np.arange(100)
    with pytest.raises(FileError, match=r"positions in \[4\]"):
        jt.load(packed(manifest, arrays))


def saved(program):
    file = forged_programs.io.BytesIO()
    jt.save(program, file)
    return file
