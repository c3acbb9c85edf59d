"""Ctrl-C at any moment: what a tape was doing has happened or has not, and numbers are right afterwards."""

import functools
import linecache
import pathlib
import random
import signal
import sys
import time

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

import interruptions
import jittape as jt
from jittape.kernels import kernel_table
from jittape.memory import layouts
from jittape.memory.words import address_of
from jittape.native.compilation import shared_code
from jittape.ops import operation_names
from jittape.kernels import threads

PACKAGE = str(pathlib.Path(jt.__file__).parent)
TAPE = str(pathlib.Path(PACKAGE) / "tape")


class Interrupter:
    """A trace function that raises KeyboardInterrupt at one line of a folder of the package, counted from the start.

    Python also calls it where a ``with`` block has ended and its lock is about to be released.  No signal is handled there, so
    that is no moment for an interrupt; nor is what runs while an object is collected.
    """

    def __init__(self, at, folder=TAPE):
        self.left, self.last, self.folder = at, {}, folder

    def __call__(self, frame, event, arg):
        return self.line if frame.f_code.co_filename.startswith(self.folder) and frame.f_code.co_name != "_release" else None

    def line(self, frame, event, arg):
        if event == "line":
            number, before = frame.f_lineno, self.last.get(frame, 0)
            self.last[frame] = number
            ends = number < before and linecache.getline(frame.f_code.co_filename, number).lstrip().startswith("with ")
            self.left -= not ends
            if self.left < 0:
                sys.settrace(None)
                self.last.clear()
                raise KeyboardInterrupt
        return self.line


def interrupted(action, at, folder=TAPE):
    """Run an action until a line.  Returns whether it came so far."""
    sys.settrace(Interrupter(at, folder))
    try:
        action()
    except KeyboardInterrupt:
        return True
    finally:
        sys.settrace(None)
    return False


class Graph:
    """Some results on a tape of their own, of which others are dropped, and what they have to be."""

    def __init__(self, tape):
        self.x = jt.tensor([1.0, 2.0], requires_grad=True)
        dropped = self.x * 9.0
        self.results = [self.x * 10.0, self.x[1:] * 20.0, (self.x * 30.0).sum()]
        self.results.append(self.results[0] * self.results[1])
        written = self.results[0].clone()
        written[0] = self.results[2]
        self.results.append(written)
        del dropped

    def check(self):
        values = [[10.0, 20.0], [40.0], 90.0, [400.0, 800.0], [90.0, 20.0]]
        gradients = [[10.0, 10.0], [0.0, 20.0], [30.0, 30.0], [400.0, 1000.0], [30.0, 40.0]]
        for result, value, gradient in zip(self.results, values, gradients):
            assert result.tolist() == value
            assert jt.autograd.grad(result.sum(), self.x, retain_graph=True)[0].tolist() == gradient
        z = (self.x * self.x).sum() + self.results[2]
        assert z.item() == 95.0 and jt.autograd.grad(z, self.x, retain_graph=True)[0].tolist() == [32.0, 34.0]


def compacts(tape, graph):
    tape.compact()


def makes_room(tape, graph):
    tape.make_room(5000)


def grows(tape, graph):
    kept = [graph.x * float(k) for k in range(3)]
    tape._grow(3 * len(tape.columns[16]))
    assert kept[2].tolist() == [2.0, 4.0]


def reserves_parameters(tape, graph):
    tape.reserve(8, 10**6)


def records_and_sweeps(tape, graph):
    y = graph.x * 3.0
    y[0] = 1.0
    y.sum().backward()
    graph.x.grad = None


@pytest.mark.parametrize("action", [compacts, makes_room, grows, reserves_parameters, records_and_sweeps])
def test_an_interrupt_at_every_line(action):
    with jt.Tape() as tape:  # once without, so that all is compiled
        action(tape, Graph(tape))
    at, reached = 0, True
    while reached:
        with jt.Tape() as tape:
            graph = Graph(tape)
            reached = interrupted(lambda: action(tape, graph), at)
            graph.x.grad = None
            graph.check()
            tape.compact()
            graph.check()
        at += 1
    assert at > 5, "the action has no lines"


# --- tables of the process, whose addresses compiled code reads ---------------------------------------------------------


def layouts_and_pairs(patch):
    """A new layout and a new pair of layouts where both tables are full."""
    cell = layouts.TABLE_CELL.copy()
    for name in ("LAYOUTS", "_ids", "_contiguous_ids", "_published", "_broadcasts"):
        patch.setattr(layouts, name, getattr(layouts, name).copy())
    known = [layouts.intern((n, 1)) for n in range(2, 5)]
    patch.setattr(layouts, "_published", {})
    patch.setattr(layouts, "_broadcasts", {})
    patch.setattr(layouts, "TABLE_CELL", cell)
    patch.setattr(layouts, "_table", layouts._table[: len(layouts.LAYOUTS)].copy())
    patch.setattr(layouts, "_pairs", np.zeros((2, 2), np.int64))
    cell[:] = address_of(layouts._table), address_of(layouts._pairs), 1

    def act():
        for first in known:
            layouts.broadcast(first, layouts.intern((1, 977)))

    def check(is_done):
        table, pairs = layouts._table, layouts._pairs
        assert cell.tolist() == [address_of(table), address_of(pairs), len(pairs) - 1]
        assert len(layouts.LAYOUTS) <= len(table)
        if is_done:
            found = {key: value for key, value in pairs.tolist() if key}
            assert found == {(a << 32 | b) + 1: r for (a, b), r in layouts._broadcasts.items()}
            assert len(found) == len(known)

    return act, check


def opcodes(patch):
    """A new operation where their table is full."""
    patch.setattr(kernel_table, "OPERATIONS", kernel_table.OPERATIONS.copy())
    patch.setattr(kernel_table, "_table", kernel_table._table[: len(kernel_table.OPERATIONS)].copy())
    cell = np.array([address_of(kernel_table._table)])
    patch.setattr(kernel_table, "TABLE_CELL", cell)

    def check(is_done):
        assert cell[0] == address_of(kernel_table._table)
        assert len(kernel_table.OPERATIONS) <= len(kernel_table._table)

    return lambda: kernel_table.add_operation(None), check


def compilation(patch):
    """Compiling what is shared, of which nothing is chosen."""

    def check(is_done):
        assert not shared_code._compiling

    return lambda: shared_code._compile_all(lambda own: False), check


def more_threads(patch):
    """A larger pool in the place of another."""
    patch.setattr(threads, "_pool", [ThreadPoolExecutor(1), 1])

    def check(is_done):
        assert threads._executor(1).submit(int).result() == 0

    return lambda: threads._executor(2), check


def shared_work(patch):
    """Parts of a job in three threads: none goes on when the caller has been interrupted."""
    running = []

    def work(thread, part):
        running.append(part)
        time.sleep(1e-3)
        running.remove(part)

    def check(is_done):
        assert not running

    return lambda: threads.share([0, 1, 2], work), check


def names_of_a_declaration(patch):
    """A function with a name, a method, and a function of NumPy's that it stands for: all are entered, or none is."""

    def thrice_as_much(x):
        return x * 3.0

    names = operation_names.Names("thrice_as_much", numpy=thrice_as_much)

    def act():
        if thrice_as_much in operation_names._entered:
            operation_names.withdraw(thrice_as_much)
        names.enter(thrice_as_much)

    def check(is_done):
        entered = [thrice_as_much in operation_names._entered, hasattr(jt.Tensor, "thrice_as_much")]
        tables = [operation_names.PUBLIC, operation_names.METHODS, operation_names.BY_NUMPY]
        entered += [key in table for table, key in zip(tables, ["thrice_as_much"] * 2 + [thrice_as_much])]
        assert entered == [is_done] * 5
        if is_done:
            operation_names.withdraw(thrice_as_much)

    return act, check


@pytest.mark.parametrize(
    ("made", "stop"),
    [
        (layouts_and_pairs, functools.partial(interrupted, folder=PACKAGE)),
        (opcodes, functools.partial(interrupted, folder=PACKAGE)),
        (compilation, interruptions.interrupted),  # the first line of a `finally` is no moment at which signals are handled
        (more_threads, interruptions.interrupted),
        (shared_work, interruptions.interrupted),
        (names_of_a_declaration, interruptions.interrupted),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_tables_and_flags_of_the_process(made, stop, monkeypatch):
    """After an interrupt the addresses that compiled code reads are those of what is there; then all is done."""
    at, reached = 0, True
    while reached:
        with monkeypatch.context() as patch:
            act, check = made(patch)
            reached = stop(act, at)
            check(not reached)
            act()
            check(True)
        at += 1
    assert at > 2, "the action has no moments"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timers")
def test_real_signals_while_a_tape_records_and_compacts():
    """Signals come between instructions and after long calls in C; the state that they leave is used on."""
    rng = random.Random(0)

    def alarm(number, frame):
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGALRM, alarm)
    try:
        for _ in range(60):
            with jt.Tape() as tape:
                graph = Graph(tape)
                kept = []
                try:
                    try:
                        signal.setitimer(signal.ITIMER_REAL, rng.uniform(1e-4, 2e-2))
                        for _ in range(20_000):  # an interrupt that comes while an object is collected is lost: Python ignores it
                            kept.append(graph.x * 2.0)
                            if len(kept) > 2000:
                                kept.clear()
                                tape.compact()
                    finally:
                        signal.setitimer(signal.ITIMER_REAL, 0.0)
                except KeyboardInterrupt:  # from the last line, too
                    pass
                assert all(y.tolist() == [2.0, 4.0] for y in kept[:-1])
                graph.check()
                tape.compact()
                graph.check()
    finally:
        signal.signal(signal.SIGALRM, before)
