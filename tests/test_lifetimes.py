"""Memory lives as long as someone can use it: no longer, and above all no shorter."""

import gc
import os
import pathlib
import weakref

import numpy as np
import pytest

import jittape as jt
from conftest import free_blocks
from jittape.tape.schema import FLAGS, FREED
from jittape.memory.pool import _heads, trim
from jittape.tape.tape import current

STATM = pathlib.Path("/proc/self/statm")
pytestmark = pytest.mark.sampled(10, of="module")
needs_statm = pytest.mark.skipif(not STATM.exists(), reason="resident memory is read from /proc")

REGISTERS = ("handles", "observed", "foreign", "leaves", "statics", "owners", "cells", "storages", "workspaces", "traces")
FIRST_ROWS = 4096  # a tape keeps about this many rows before it looks which can go


def resident():
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def pool_bytes():
    """Bytes in the free lists of the pool."""
    return int(_heads[0])


@pytest.fixture
def tape():
    with jt.Tape() as tape:
        yield tape
    assert tape.sweeping == 0


def leaf(values):
    return jt.tensor(values, requires_grad=True)


def assert_clean(tape):
    """What every sweep must leave, however it ended."""
    assert tape.sweeping == 0
    for workspace in tape.workspaces:
        assert not workspace.marks.any() and not workspace.bars.any()


# --- rows that nobody can reach ---------------------------------------------------------------------------------


def test_forward_alone_does_not_grow_the_tape(tape):
    x, longest = leaf(0.5), 0
    for _ in range(50_000):
        jt.sin(x)
        longest = max(longest, len(tape))
    assert longest <= 2 * FIRST_ROWS
    assert tape.nbytes < 1 << 20


@needs_statm
def test_forward_alone_does_not_grow_the_process(tape):
    x = leaf(np.linspace(0.0, 1.0, 10_000))
    for _ in range(200):
        x * 2.0
    before = resident()
    for _ in range(3000):  # 240 MB, were it kept
        x * 2.0
    assert resident() - before < 40 << 20


@needs_statm
def test_large_constants_are_not_kept(tape):
    """A constant has no value on the tape, but its row keeps the array: that counts as memory too."""
    x = leaf(np.ones(250_000))
    before = resident()
    for _ in range(200):  # 400 MB, were they kept
        x @ np.ones(250_000)
    assert resident() - before < 120 << 20


def test_a_long_chain_whose_end_is_dropped_goes_away(tape):
    x = leaf(1.0)
    y = x
    for _ in range(30_000):
        y = y + 1.0
    del y
    tape.compact()
    assert len(tape) <= 1


def test_a_chain_that_is_alive_stays(tape):
    x = leaf(1.0)
    y = x
    for _ in range(30_000):
        y = y + 1.0
    tape.compact()
    assert len(tape) == 30_001 and y.item() == 30_001.0
    y.backward()
    assert x.grad.item() == 1.0


def test_losses_in_a_list_do_not_keep_their_graphs(tape):
    x, losses, longest = leaf([1.0, 2.0]), [], 0
    for k in range(3000):
        loss = ((x * float(k)) ** 2).sum().sqrt()
        loss.backward()
        losses.append(loss)
        longest = max(longest, len(tape))
    assert longest < 2 * (FIRST_ROWS + len(losses))
    tape.compact()
    assert len(tape) <= len(losses) + 1
    np.testing.assert_allclose([v.item() for v in losses], np.sqrt(5.0) * np.arange(3000))


@needs_statm
def test_small_losses_do_not_keep_large_intermediates(tape):
    x, losses = leaf(np.ones(100_000)), []
    before = resident()
    for _ in range(300):  # 480 MB of intermediates
        loss = ((x * 2.0) * x).sum()
        loss.backward()
        losses.append(loss)
    assert resident() - before < 100 << 20


# --- rows that somebody can reach ---------------------------------------------------------------------------------


def test_an_old_graph_survives_newer_sweeps_and_compactions(tape):
    x, other = leaf([0.3, 0.7]), leaf([1.0, 2.0])
    old = (jt.sin(x) * x[0]).sum()
    for k in range(300):
        (other * float(k)).sum().backward()
        other.grad = None
        if k % 50 == 0:
            tape.compact()
    old.backward()
    a, b = 0.3, 0.7
    expected = [np.cos(a) * a + 2 * 0 + np.sin(a) + np.sin(b), np.cos(b) * a]
    np.testing.assert_allclose(x.grad.numpy(), expected, rtol=1e-14)


def test_interleaved_graphs(tape):
    xs = [leaf(float(k + 1)) for k in range(5)]
    chains = list(xs)
    for step in range(3000):
        k = step % 5
        chains[k] = chains[k] * 1.0 + 0.5
        if step % 700 == 0:
            tape.compact()
    for k in (3, 0, 4, 1, 2):
        chains[k].backward()
        chains[k] = None
        tape.compact()
    assert [x.grad.item() for x in xs] == [1.0] * 5
    assert len(tape) <= 5


def test_every_interior_result_can_be_swept_from_after_compactions(tape):
    x = leaf([1.0, -2.0, 0.5])
    results = [x]
    for k in range(60):
        results.append(jt.tanh(results[-1]) + x * 0.1 if k % 3 else results[-1].reshape(3, 1).T.reshape(3) * 1.5)
    kept = results[7::11]
    expected = [jt.autograd.grad(r.sum(), x, retain_graph=True)[0].numpy() for r in kept]
    values = [r.tolist() for r in kept]
    del results
    for _ in range(3):
        tape.compact()
        assert [r.tolist() for r in kept] == values
        for r, g in zip(kept, expected):
            np.testing.assert_array_equal(jt.autograd.grad(r.sum(), x, retain_graph=True)[0].numpy(), g)


def test_recorded_writes_survive_compactions(tape):
    x = leaf([1.0, 2.0, 3.0])
    y = x * 1.0
    first = y[0] * 1.0
    y[1:] = y[:-1] * x[1:]
    part = y[1:]
    y[0] = part.sum()
    junk = [x * float(k) for k in range(200)]
    del junk
    tape.compact()
    expected = np.array([1 * 2 + 2 * 3 + 2 + 6, 2.0, 6.0])
    np.testing.assert_array_equal(y.detach().numpy(), [8.0, 2.0, 6.0])
    (y * jt.tensor([0.0, 1.0, 1.0])).sum().backward(retain_graph=True)
    np.testing.assert_array_equal(x.grad.numpy(), [2.0, 1.0 + 3.0, 2.0])
    np.testing.assert_array_equal(y.detach().numpy(), [8.0, 2.0, 6.0])
    tape.compact()
    first.backward()
    np.testing.assert_array_equal(x.grad.numpy(), [3.0, 4.0, 2.0])
    del y, part, first, expected
    tape.compact()
    assert len(tape) <= 1


def test_a_view_keeps_the_history_of_memory_whose_owner_is_gone(tape):
    y = leaf(3.0)
    base = jt.zeros(4)
    view = base[1:]
    base[1] = y * 2.0
    del base
    for _ in range(2 * FIRST_ROWS):
        y * 1.0
    tape.compact()
    assert view.requires_grad
    view.sum().backward()
    assert y.grad.item() == 2.0


def test_a_detached_alias_sees_writes_after_compactions(tape):
    x = leaf([1.0, 2.0])
    y = x * 1.0
    alias = y.detach()
    tape.compact()
    y[0] = 5.0
    tape.compact()
    assert alias.tolist() == [5.0, 2.0] and not alias.requires_grad
    del y
    tape.compact()
    assert alias.tolist() == [5.0, 2.0]


def test_an_operand_that_enters_or_is_converted_late_does_not_renumber_the_others():
    """Operands become rows one by one; the tape must not forget between the first and the last."""
    double = leaf(2.0)
    for filler in range(FIRST_ROWS - 24, FIRST_ROWS):
        with jt.Tape() as tape:
            single = jt.tensor(3.0, dtype=jt.float32, requires_grad=True)
            kept = double * 1.0
            while len(tape) < filler:
                kept * 1.0
            fresh = leaf(5.0)
            products = [fresh * single, jt.where(jt.tensor(True), fresh, single), kept * fresh * single]
            grads = [jt.autograd.grad(p, (fresh, single), allow_unused=True, materialize_grads=True) for p in products]
        values = [[g.item() for g in pair] for pair in grads]
        assert values == [[3.0, 5.0], [1.0, 0.0], [6.0, 10.0]], f"with {filler} rows"


def test_many_operands_at_the_limit():
    for filler in range(FIRST_ROWS - 40, FIRST_ROWS, 3):
        with jt.Tape() as tape:
            base = leaf(1.0)
            while len(tape) < filler:
                base * 1.0
            parts = [leaf([float(k)]) for k in range(20)]
            joined = jt.cat([p * 1.0 if k % 2 else p for k, p in enumerate(parts)])
            (joined * np.arange(20.0)).sum().backward()
        assert [p.grad.item() for p in parts] == list(range(20)), f"with {filler} rows"


# --- steady state -----------------------------------------------------------------------------------------------


def step(parameters, data):
    hidden = jt.tanh(data @ parameters[0] + parameters[1])
    loss = ((hidden @ parameters[2]) ** 2).mean()
    loss.backward()
    with jt.no_grad():
        for p in parameters:
            p -= 0.01 * p.grad
            p.grad = None
    return loss.item()


def test_a_training_loop_allocates_nothing_new(tape):
    generator = np.random.default_rng(0)
    parameters = [leaf(generator.normal(size=s)) for s in ((20, 50), (50,), (50, 1))]
    data = jt.tensor(generator.normal(size=(300, 20)))
    for _ in range(1500):
        step(parameters, data)
    columns, sizes = {k: id(v) for k, v in tape.columns.items()}, []
    free = pool_bytes()
    for _ in range(1500):
        step(parameters, data)
        sizes.append((len(tape), tape.nbytes))
    assert {k: id(v) for k, v in tape.columns.items()} == columns
    assert max(n for n, _ in sizes) <= 2 * FIRST_ROWS and max(b for _, b in sizes) < 32 << 20
    tape.compact()
    assert pool_bytes() < free + (64 << 20)
    assert len(tape) <= 8


@needs_statm
def test_a_training_loop_does_not_grow_the_process(tape):
    generator = np.random.default_rng(0)
    parameters = [leaf(generator.normal(size=s)) for s in ((20, 50), (50,), (50, 1))]
    data = jt.tensor(generator.normal(size=(300, 20)))
    for _ in range(1000):
        step(parameters, data)
    before = resident()
    for _ in range(1000):
        step(parameters, data)
    assert resident() - before < 16 << 20


def test_large_results_return_to_the_pool(tape):
    x = leaf(np.ones(1_000_000))
    trim()
    y = x * 2.0
    assert pool_bytes() < 1 << 20
    del y
    tape.compact()
    assert pool_bytes() == 8 << 20, "the block of 8 MB, as a power of two"
    y = x * 3.0
    assert pool_bytes() == 0 and y[0].item() == 3.0
    assert trim() < 8 << 20, "the block was used again"


def test_trim_gives_back_what_is_free_and_nothing_else(tape):
    x = leaf(np.arange(100_000.0))
    y, z = x * 2.0, x * 3.0
    del z
    tape.compact()
    assert trim() >= 800_000 and pool_bytes() == 0 and not free_blocks()[0]
    junk = [np.full(100_000, np.nan) for _ in range(20)]
    np.testing.assert_array_equal(y.detach().numpy(), 2.0 * np.arange(100_000.0))
    del junk


def test_registers_do_not_grow_without_bound(tape):
    x = leaf(np.ones(3))
    sizes = []
    for _ in range(6):
        for k in range(1500):
            y = (x * jt.tensor([1.0, float(k), 2.0])).reshape(3, 1)
            z = jt.cat([y, y])
            z.retain_grad()
            y.register_hook(lambda g: None)
            y.detach().numpy()
            z.sum(0).backward(jt.ones(1))
            with jt.Tape():
                (x * 2.0 + z.detach()[0]).sum()
        tape.compact()
        sizes.append({name: len(getattr(tape, name)) for name in REGISTERS})
    assert sizes[1] == sizes[-1]


def test_asking_for_nodes_does_not_grow_the_handles(tape):
    y = leaf(1.0) * 2.0
    for _ in range(20_000):
        y.grad_fn.next_functions
    assert len(tape.handles) < 3 * FIRST_ROWS


def test_a_private_tape_dies_with_its_tensors():
    with jt.Tape() as tape:
        x = leaf([1.0, 2.0])
        y = (x * 2.0).sum()
    dead = weakref.ref(tape)
    del tape
    gc.collect()
    assert dead() is not None
    y.backward()
    assert x.grad.tolist() == [2.0, 2.0]
    del x, y
    gc.collect()
    assert dead() is None


def test_the_memory_of_a_private_tape_returns_to_the_pool():
    with jt.Tape() as tape:
        x = leaf(np.ones(500_000))
        y = x * 2.0
    trim()
    del x, y, tape
    gc.collect()
    assert pool_bytes() >= 4_000_000


# --- arrays outlive rows and tapes ------------------------------------------------------------------------------------


def churn(tape, x, rounds=3):
    """Use the memory of the pool and of the arena for other values."""
    for _ in range(rounds):
        junk = [x * float("nan") for _ in range(20)]
        del junk
        tape.compact()


@pytest.mark.parametrize("n", [1, 7, 5000, 100_000])
def test_arrays_stay_valid_when_the_tape_forgets_and_dies(n):
    kept = []
    with jt.Tape() as tape:
        x = leaf(np.arange(float(n)))
        for k in range(5):
            y = x * float(k)
            kept += [(k, 0, y.detach().numpy()), (k, 0, y.detach()), (k, n // 2, y.detach()[n // 2 :].numpy())]
            z = y.reshape(1, n)
            kept.append((k, 0, z[0].detach()))
            del y, z
            churn(tape, x)
    for _ in range(2):
        for k, first, values in kept:
            np.testing.assert_array_equal(np.asarray(values), k * np.arange(float(n))[first:])
        x = tape = None
        gc.collect()
        trim()
        other = leaf(np.ones(n))
        with jt.Tape() as tape:
            churn(tape, other)


def test_gradients_outlive_the_tape():
    grads = []
    for n in (3, 100_000):
        with jt.Tape() as tape:
            x = leaf(np.ones(n))
            (x * x).sum().backward()
            grads += [(n, x.grad), (n, jt.autograd.grad((x * x).sum(), x)[0])]
            del x
            churn(tape, leaf(np.ones(n)))
        del tape
        gc.collect()
    for n, g in grads:
        np.testing.assert_array_equal(g.numpy(), np.full(n, 2.0))


@pytest.mark.parametrize("n", [3, 100_000])
def test_what_hooks_and_functions_see_outlives_the_sweep(tape, n):
    seen = []

    class Twice(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x * 2.0

        @staticmethod
        def backward(ctx, y_bar):
            seen.append(y_bar)
            seen.append(ctx.saved_tensors[0])
            return y_bar * 2.0

    x = leaf(np.ones(n))
    y = x * 1.0
    y.register_hook(seen.append)
    (Twice.apply(y) * 3.0).sum().backward()
    x.register_hook(seen.append)
    (x * 4.0).sum().backward()
    del y
    churn(tape, x)
    for values, expected in zip(seen, (3.0, 1.0, 6.0, 4.0)):
        np.testing.assert_array_equal(values.detach().numpy(), np.full(n, expected))


def test_a_gradient_that_a_hook_kept_is_not_changed_by_the_next_sweep(tape):
    x, seen = leaf([1.0, 2.0]), []
    x.register_hook(seen.append)
    for _ in range(3):
        (x * 2.0).sum().backward()
    assert [g.tolist() for g in seen] == [[2.0, 2.0]] * 3
    assert x.grad.tolist() == [6.0, 6.0]


def test_pinned_values_survive_compactions_in_place(tape):
    x = leaf([1.0, 2.0, 3.0])
    y = x * 2.0
    array = y.detach().numpy()
    for _ in range(3):
        churn(tape, x, 1)
        assert y.detach().numpy().ctypes.data == array.ctypes.data
        array[0] += 1.0
        assert y[0].item() == array[0]


def test_iteration_over_values_while_the_tape_moves_them(tape):
    """Small values move when the tape compacts: whoever holds one must not look at the old place."""
    x = leaf(np.arange(8.0))
    rows = [x * float(k) for k in range(50)]
    for k, r in enumerate(rows):
        values = r.tolist()
        tape.compact()
        assert values == r.tolist() == [k * j for j in range(8)]
        assert (r + r[0]).tolist() == values


# --- objects that die at odd moments -------------------------------------------------------------------------------


def test_a_leaf_that_dies_before_the_sweep(tape):
    x, w = leaf(2.0), leaf(3.0)
    y = x * w
    dead = weakref.ref(x)
    del x
    gc.collect()
    y.backward()
    assert w.grad.item() == 2.0
    tape.compact()
    del y
    tape.compact()
    gc.collect()
    assert dead() is None


def test_an_observed_result_that_dies_before_the_sweep(tape):
    x, seen = leaf(2.0), []
    y = x * 3.0
    y.retain_grad()
    y.register_hook(lambda g: seen.append(g.item()))
    z = y * 4.0
    del y
    gc.collect()
    z.backward()
    assert x.grad.item() == 12.0
    assert seen in ([], [4.0])


def test_results_that_die_inside_hooks(tape):
    def forget(g):
        chain.clear()
        gc.collect()

    x = leaf(2.0)
    chain = [x * 1.0]
    for _ in range(10):
        chain.append(chain[-1] * 2.0)
        chain[-1].register_hook(forget)
    chain[-1].backward()
    assert x.grad.item() == 2.0**10
    assert_clean(tape)


def test_a_hook_handle_outlives_its_tensor(tape):
    y = leaf(1.0) * 2.0
    handle = y.register_hook(lambda g: g)
    del y
    tape.compact()
    handle.remove()
    handle.remove()


def test_a_leaf_that_becomes_a_constant_between_recording_and_sweep(tape):
    x = leaf(2.0)
    y = x * x
    y.backward(retain_graph=True)
    x.grad = None
    x.requires_grad_(False)
    y2 = leaf(1.0) * x
    y2.backward()
    assert not x.requires_grad and x.grad is None


# --- depth ----------------------------------------------------------------------------------------------------------


def test_a_million_rows_neither_recurse_nor_blow_up(tape):
    x = leaf(1.0)
    y = x
    for _ in range(1_000_000):
        y = y + 1.0
    assert y.item() == 1_000_001.0
    y.backward()
    assert x.grad.item() == 1.0
    del y
    tape.compact()
    assert len(tape) <= 1


def test_a_recorded_sweep_over_a_deep_chain(tape):
    x = leaf(0.5)
    y = x
    for _ in range(20_000):
        y = y * 0.9999 + 1e-4 * x
    (g,) = jt.autograd.grad(y, x, create_graph=True)
    decay = 0.9999**20_000
    assert g.item() == pytest.approx(decay + 1e-4 * (1 - decay) / 1e-4, rel=1e-9)
    z = y * y
    (g,) = jt.autograd.grad(z, x, create_graph=True)
    (h,) = jt.autograd.grad(g, x)
    assert h.item() == pytest.approx(2.0, rel=1e-6)


# --- faults ------------------------------------------------------------------------------------------------------------


class Trouble(Exception):
    pass


def with_writes(tape):
    """A graph with recorded writes below and above what is swept, its root and the value it must leave."""
    x = leaf([1.0, 2.0, 3.0])
    y = x * 1.0
    y[0] = x[1] * 2.0
    middle = y * y
    loss = middle.sum()
    y[1] = 100.0
    return x, y, middle, loss


def raiser(error):
    def hook(g):
        raise error

    return hook


@pytest.mark.parametrize("error", [Trouble, KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize("create_graph", [False, True])
def test_after_an_exception_in_a_hook_everything_is_as_before(tape, error, create_graph):
    x, y, middle, loss = with_writes(tape)
    handle = middle.register_hook(raiser(error))
    with pytest.raises(error):
        jt.autograd.grad(loss, x, create_graph=create_graph, retain_graph=True)
    assert_clean(tape)
    assert y.tolist() == [4.0, 100.0, 3.0], "the writes were not done again"
    assert not tape[FLAGS][: middle._row].__and__(FREED).any() and x.grad is None
    handle.remove()
    (g,) = jt.autograd.grad(loss, x)
    assert g.tolist() == [0.0, 2 * 4.0 * 2 + 2 * 2.0, 6.0]
    assert y.tolist() == [4.0, 100.0, 3.0]
    assert_clean(tape)


@pytest.mark.parametrize("error", [Trouble, KeyboardInterrupt])
def test_after_an_exception_in_a_leaf_hook_the_next_gradient_is_right(tape, error):
    x = leaf([1.0, 2.0])
    handle = x.register_hook(raiser(error))
    loss = (x * x).sum()
    with pytest.raises(error):
        loss.backward(retain_graph=True)
    handle.remove()
    assert_clean(tape)
    loss.backward()
    assert x.grad.tolist() == [2.0, 4.0]


def test_after_an_exception_in_the_backward_of_a_function(tape):
    broken = [True]

    class Cube(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            ctx.save_for_backward(x)
            return x**3

        @staticmethod
        def backward(ctx, y_bar):
            if broken:
                raise Trouble
            return 3.0 * ctx.saved_tensors[0] ** 2 * y_bar

    x = leaf([1.0, 2.0])
    y = x * 1.0
    loss = (Cube.apply(y) * y).sum()
    before = jt.is_grad_enabled()
    with pytest.raises(Trouble):
        loss.backward(retain_graph=True)
    assert_clean(tape)
    assert jt.is_grad_enabled() == before and current() is tape
    broken.clear()
    loss.backward()
    assert x.grad.tolist() == [4.0, 32.0]


def test_an_exception_in_a_sweep_inside_a_hook(tape):
    x = leaf(2.0)
    y = x * x

    def hook(g):
        other = leaf(1.0)
        inner = other * 3.0
        inner.register_hook(raiser(Trouble))
        inner.backward()

    handle = y.register_hook(hook)
    with pytest.raises(Trouble):
        (y * 1.0).backward()
    handle.remove()
    assert_clean(tape)
    z = y * 1.0
    z.backward()
    assert x.grad.item() == 4.0


def test_a_sweep_inside_a_hook(tape):
    x, inner = leaf(2.0), []
    y = x * x

    def hook(g):
        other = leaf(1.0)
        (other * 3.0).backward()
        inner.append(other.grad.item())
        return g * 10.0

    y.register_hook(hook)
    (y * 1.0).backward()
    assert inner == [3.0] and x.grad.item() == 40.0
    assert_clean(tape)


@pytest.mark.parametrize("create_graph", [False, True])
def test_a_hook_that_records_many_rows(tape, create_graph):
    """The columns grow under a running sweep, and rows must keep their numbers."""
    x = leaf([1.0, 2.0])
    w = leaf([3.0, 4.0])
    y = x * w

    def hook(g):
        z = w
        for _ in range(10_000):
            z = z * 1.0
        tape.compact()

    y.register_hook(hook)
    old = (jt.exp(w) * 2.0).sum()
    gx, gw = jt.autograd.grad((y * y).sum(), (x, w), create_graph=create_graph)
    assert gx.tolist() == [18.0, 64.0] and gw.tolist() == [6.0, 32.0]
    assert_clean(tape)
    tape.compact()
    (g,) = jt.autograd.grad(old, w)
    np.testing.assert_allclose(g.numpy(), 2.0 * np.exp([3.0, 4.0]), rtol=1e-14)


def test_a_freed_graph_is_refused_and_leaves_no_trace(tape):
    x, y, middle, loss = with_writes(tape)
    loss.backward()
    for _ in range(3):
        with pytest.raises(jt.errors.GraphFreedError):
            middle.sum().backward()
        assert_clean(tape)
        assert y.tolist() == [4.0, 100.0, 3.0]
    x.grad = None
    (x * 5.0).sum().backward()
    assert x.grad.tolist() == [5.0] * 3


@pytest.mark.sampled(0)
def test_the_pool_loses_no_block(tape):
    """After every kind of sweep the same blocks are free again."""

    def work():
        x = leaf(np.linspace(0.1, 1.0, 20_000).reshape(100, 200))
        y = x.T * 1.0
        y[3:] = y[:-3] * 2.0
        loss = (jt.tanh(y) @ x).sum() + y[1:, ::2].sum(0).prod() * 0.0
        jt.autograd.grad(loss, [x, y], retain_graph=True)
        jt.autograd.grad(jt.autograd.grad(loss, x, create_graph=True)[0].sum(), x)
        with pytest.raises(jt.errors.GraphFreedError):
            loss.backward()
        del x, y, loss
        gc.collect()
        tape.compact()

    work()
    work()
    free = pool_bytes()
    for _ in range(3):
        work()
    assert pool_bytes() == free


@pytest.mark.parametrize("n", [1 << 46, 1 << 55], ids=["more than there is", "more than an address can reach"])
def test_a_result_too_large_for_memory_is_refused(tape, n):
    """An expanded leaf costs nothing, the result of an operation on it would cost everything."""
    x = leaf(np.ones(1))
    with pytest.raises(MemoryError):
        x.expand(n) * 2.0
    (x * 2.0).sum().backward()
    assert x.grad.tolist() == [2.0]
