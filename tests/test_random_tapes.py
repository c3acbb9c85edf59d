"""Random programs: every way to their derivatives agrees, and forgetting rows changes nothing."""

import math

import numpy as np
from derivative_checks import check_derivatives, dot, leaf
from hypothesis import given
from hypothesis import strategies as st
from sampling import random_examples

import jittape as jt
from jittape.tape.row_kinds import WRITE_ROW, kind_of
from jittape.tape.schema import FLAGS
from jittape.tape.tape import current

# --- programs ----------------------------------------------------------------------------------------------------
# A step is a kind and three numbers: two values by number, and a choice.  Every step fits: where the drawn
# shapes do not, it falls back on one that does.  All operations are smooth, so finite differences judge them.

UNARY = [
    jt.sin,
    jt.tanh,
    jt.sigmoid,
    lambda x: jt.exp(-x * x),
    lambda x: jt.sqrt(x * x + 1.0),
    lambda x: jt.log1p(x * x),
    jt.clone,
]
NUMBER = [
    lambda x, c: x * c,
    lambda x, c: c - x,
    lambda x, c: c / (x * x + 1.0),
    lambda x, c: x**2 * c,
    lambda x, c: jt.tanh(x) ** 3,
]
BINARY = [
    lambda x, y: jt.tanh(x * y),
    jt.add,
    jt.sub,
    lambda x, y: x / (y * y + 1.0),
    lambda x, y: jt.atan2(x, y * y + 1.0),
    lambda x, y: jt.where(np.arange(math.prod(x.shape)).reshape(tuple(x.shape)) % 2 == 0, x, y),
    jt.logaddexp,
]
FOLDS = [
    lambda x, a: x.sum(a),
    lambda x, a: x.mean(a, keepdim=True),
    lambda x, a: x.sum(),
    lambda x, a: x.logsumexp(a),
    lambda x, a: jt.tanh(x).prod(a),
    lambda x, a: x.cumsum(a),
    lambda x, a: jt.tanh(x).cumprod(a),
    lambda x, a: (x * x + 1.0).norm(3, a),
]
VIEWS = [
    lambda x, a: x.transpose(0, a),
    lambda x, a: x.reshape(-1),
    lambda x, a: x.unsqueeze(a),
    lambda x, a: x[..., ::2],
    lambda x, a: x[0],
    lambda x, a: x[-1:],
    lambda x, a: x.unsqueeze(0).expand(2, *x.shape),
    lambda x, a: x.t() if x.ndim == 2 else x[:],
    lambda x, a: x.diagonal() if x.ndim == 2 else x[:1],
    lambda x, a: x[..., -1:],
    lambda x, a: x[-1],
    lambda x, a: x.narrow(a, x.shape[a] // 2, 1),
]
READS = [
    lambda x, a: x[[0, -1, 0]],
    lambda x, a: x.flip(a),
    lambda x, a: x[np.arange(x.shape[0]) % 2 == 0],
    lambda x, a: x[::-1],
    lambda x, a: jt.roll(x, 1, a),
    lambda x, a: x[..., [0]],
]
REGIONS = [
    lambda x: (0,),
    lambda x: (slice(None, None, 2),),
    lambda x: (Ellipsis, -1),
    lambda x: (slice(1, None),),
    lambda x: (Ellipsis,),
    lambda x: ([0, -1] if x.shape[0] > 1 else [0],),
    lambda x: (np.arange(x.shape[0]) % 2 == 0,),
    lambda x: (Ellipsis, slice(None, None, -1)),
]


def fits(value, target):
    """Whether a value of a shape can be assigned to a target of another."""
    return len(value) <= len(target) and all(m in (1, n) for m, n in zip(reversed(value), reversed(target)))


def is_repeating(x):
    """Whether one element of memory stands for several: such a view cannot be written to."""
    return any(n > 1 and s == 0 for n, s in zip(x.shape, x.stride()))


def read(v, kind, i, j, choice):
    """A step that makes a new value."""
    x, y, axis = v[i % len(v)], v[j % len(v)], choice % max(v[i % len(v)].ndim, 1)
    if kind == "unary":
        return UNARY[choice % len(UNARY)](x)
    if kind == "binary" and fits(tuple(y.shape), tuple(x.shape)):
        return BINARY[choice % len(BINARY)](x, y)
    if kind == "fold" and x.ndim:
        return FOLDS[choice % len(FOLDS)](x, axis)
    if kind == "view" and x.ndim and x.ndim < 4 and x.numel() < 60:
        return VIEWS[choice % len(VIEWS)](x, axis)
    if kind == "read" and x.ndim:
        return READS[choice % len(READS)](x, axis)
    if kind == "product" and x.ndim == 2:
        return jt.tanh(x @ (y if y.ndim in (1, 2) and y.shape[0] == x.shape[1] else x.t()))
    if kind == "join" and x.ndim and x.numel() < 60:
        return jt.cat([x, jt.sin(x), x], axis) if choice % 2 else jt.stack([x, x * 0.5], axis)
    if kind == "drop":
        v[i % len(v)] = jt.sin(y)  # the Tensor that stood there is forgotten
    return NUMBER[choice % len(NUMBER)](x, 0.5 + choice / 10)


def write(v, kind, i, j, choice):
    """A step that writes in place."""
    x, y = v[i % len(v)], v[j % len(v)]
    if is_repeating(x):
        x = v[i % len(v)] = x.clone()
    if x.ndim == 0:
        x.mul_(y.sum() * 0.1 + 1.0)
        return
    key = REGIONS[choice % len(REGIONS)](x)
    target = tuple(x[key].shape)
    value = y * 0.7 if fits(tuple(y.shape), target) else y.sum() * 0.1
    if kind == "assign":
        x[key] = value
    elif kind == "update":
        x[key] *= value
    elif kind == "add":
        x += value if fits(tuple(value.shape), tuple(x.shape)) else value.mean()
    else:
        x[key] = 0.3


READING, WRITING = (
    ["unary", "binary", "number", "fold", "view", "read", "product", "join", "drop"],
    ["assign", "update", "add", "constant"],
)
SMALL = st.integers(0, 40)


def programs(kinds, longest=14):
    return st.lists(st.tuples(st.sampled_from(kinds), SMALL, SMALL, SMALL), min_size=3, max_size=longest)


def program_of(steps, between=lambda k: None):
    """The program of a list of steps; `between` is called after each with its number."""

    def program(*xs):
        v = [x * 1.0 for x in xs]
        for k, (kind, i, j, choice) in enumerate(steps):
            if kind in WRITING:
                write(v, kind, i, j, choice)
            else:
                v.append(read(v, kind, i, j, choice))
            if v[-1].numel() > 100:
                v[-1] = v[-1].sum(0)
            between(k)
        total = 0.0
        for k, y in enumerate(v):
            total = total + (jt.tanh(y) * np.sin(1.0 + k + np.arange(y.numel())).reshape(tuple(y.shape))).sum()
        return total

    return program


def arguments(seed=3):
    rng = np.random.default_rng(seed)
    return [rng.uniform(-1, 1, s) for s in ((3, 2), (2,), (2, 3), (), (4,))]


# --- derivatives ----------------------------------------------------------------------------------------------------


@random_examples(120)
@given(programs(READING))
def test_programs_without_writes(steps):
    check_derivatives(program_of(steps), arguments(), np.random.default_rng(5), rtol=1e-5)


@random_examples(200)
@given(programs(READING + 3 * WRITING))
def test_programs_that_write_in_place(steps):
    check_derivatives(program_of(steps), arguments(), np.random.default_rng(5), rtol=1e-5)


@random_examples(200)
@given(st.lists(st.tuples(SMALL, SMALL), min_size=2, max_size=4), programs(WRITING + ["view", "unary"], longest=10))
def test_views_of_one_memory_that_is_written_through_all_of_them(views, steps):
    """The views are made first, of the first argument and of one another; then come the writes, in any order."""
    steps = [("view", 0 if k == 0 else 5 * (i % 2), 0, choice) for k, (i, choice) in enumerate(views)] + [
        (kind, (0, 5, 6, 7)[i % 4], j, choice) for kind, i, j, choice in steps
    ]
    check_derivatives(program_of(steps), arguments(), np.random.default_rng(5), rtol=1e-5)


def hessian_product(program, arrays, direction):
    inputs = [leaf(a) for a in arrays]
    gradients = jt.autograd.grad(program(*inputs), inputs, create_graph=True, materialize_grads=True)
    slope = sum((g * d).sum() for g, d in zip(gradients, direction))
    if not slope.requires_grad:
        return [np.zeros_like(a) for a in arrays]
    return [h.numpy() for h in jt.autograd.grad(slope, inputs, materialize_grads=True)]


@random_examples(120)
@given(programs(READING + 2 * WRITING, longest=10))
def test_second_derivatives_are_symmetric_and_right(steps):
    program, arrays, rng = program_of(steps), arguments(), np.random.default_rng(6)
    u, w = ([rng.uniform(-1, 1, np.shape(a)) for a in arrays] for _ in range(2))
    hu, hw = hessian_product(program, arrays, u), hessian_product(program, arrays, w)
    scale = 1.0 + sum(np.abs(a).sum() for a in hu + hw)
    assert abs(dot(hu, w) - dot(hw, u)) <= 1e-10 * scale

    def gradient_along_u(h):
        inputs = [leaf(a + h * d) for a, d in zip(arrays, w)]
        return dot([g.numpy() for g in jt.autograd.grad(program(*inputs), inputs, materialize_grads=True)], u)

    h = 1e-3
    near, far = ((gradient_along_u(s * h) - gradient_along_u(-s * h)) / (2 * s * h) for s in (1, 2))
    assert abs((4 * near - far) / 3 - dot(hu, w)) <= 1e-5 * scale


# --- forgetting --------------------------------------------------------------------------------------------------------


def answers(steps, between=lambda k: None):
    """Value, gradients (twice), and gradients of the recorded gradients, of a program."""
    inputs = [leaf(a) for a in arguments()]
    y = program_of(steps, between)(*inputs)
    between(0)
    first = jt.autograd.grad(y, inputs, retain_graph=True, materialize_grads=True)
    between(1)
    recorded = jt.autograd.grad(y, inputs, create_graph=True, materialize_grads=True)
    between(2)
    slope = sum((g * g).sum() for g in recorded)
    second = jt.autograd.grad(slope, inputs, materialize_grads=True, retain_graph=True) if slope.requires_grad else ()
    del recorded, slope
    between(3)
    y.backward()
    return [np.array(t.detach().numpy()) for t in (y, *first, *second, *[x.grad for x in inputs if x.grad is not None])]


@random_examples(80)
@given(programs(READING + 2 * WRITING), st.integers(1, 2**14 - 1))
def test_compaction_changes_nothing(steps, when):
    def forget(k):
        junk = leaf([1.0, 2.0]) * 3.0  # rows that nobody keeps, and a write in place among them
        junk[0] = 4.0
        del junk
        if when >> (k % 14) & 1:
            current().tape.compact()

    for plain, compacted in zip(answers(steps), answers(steps, forget)):
        np.testing.assert_array_equal(compacted, plain)


@random_examples(30)
@given(programs(READING + WRITING, longest=8), programs(READING + WRITING, longest=8))
def test_interleaved_graphs_keep_apart(first, second):
    """Two programs recorded turn by turn on one tape, one of them freed and forgotten before the other is swept."""
    alone = answers(first)[: 1 + len(arguments())]
    other = [leaf(a) for a in arguments(8)]
    pending = []

    def meanwhile(k):
        if pending:
            pending.pop().backward()
            current().tape.compact()
        pending.append(program_of(second[k % len(second) :])(*other))

    together = answers(first, meanwhile)[: 1 + len(arguments())]
    for a, b in zip(alone, together):
        np.testing.assert_array_equal(a, b)


def test_programs_do_write_in_place():
    """The strategies reach what they are for: writes on every kind of region, aliases, and overwritten values in use."""
    steps = [(kind, 0, 1, c) for c in range(len(REGIONS)) for kind in WRITING]
    with jt.Tape() as tape:
        program_of(steps)(*[leaf(a) for a in arguments()])
        assert np.count_nonzero(kind_of(tape[FLAGS]) == WRITE_ROW) >= len(steps)
