"""A sweep leaves nothing behind: what rules, hooks and functions record while one is under way is reclaimed with it."""

import gc
import os
import pathlib
import threading

import numpy as np
import pytest

import jittape as jt

STATM = pathlib.Path("/proc/self/statm")
SIZE = 50_000  # 0.4 MB a value: what two hundred steps leave behind shows
STEPS = 100
REGISTERS = ("handles", "observed", "foreign", "leaves", "statics", "owners", "cells", "storages", "workspaces", "elements")


def ones():
    return np.ones(SIZE)


def leaf():
    return jt.tensor(ones(), requires_grad=True)


def records():
    """Record a graph of two large values, under any mode."""
    with jt.enable_grad():
        return (jt.sin(leaf()) * 2.0).sum()


def records_and_sweeps():
    records().backward()


def records_and_raises():
    records()
    raise ZeroDivisionError


# --- user code that a sweep calls -----------------------------------------------------------------------


def function(in_forward=records, in_backward=records):
    class Doubled(jt.autograd.Function):
        @staticmethod
        def forward(ctx, x):
            in_forward()
            ctx.save_for_backward(x)
            return 2.0 * x

        @staticmethod
        def backward(ctx, y_bar):
            in_backward()
            return 2.0 * y_bar

    return Doubled.apply


def hooked(action):
    def apply(x):
        y = x * 2.0
        y.register_hook(lambda gradient: action() and None)
        return y

    return apply


def hooked_leaf(x):
    x.register_hook(lambda gradient: records() and None)
    return x * 2.0


def retained(x):
    y = x * 2.0
    y.retain_grad()
    return y


def with_vjp(action):
    @jt.custom_vjp
    def doubled(x):
        return x * 2.0

    def pull_back(residual, y_bar):
        action()
        return (y_bar * 2.0,)

    doubled.defvjp(lambda x: (x * 2.0, x), pull_back)
    return doubled


def with_jvp(action):
    @jt.custom_jvp
    def doubled(x):
        return x * 2.0

    def push_forward(primals, tangents):
        action()
        return primals[0] * 2.0, tangents[0] * 2.0

    doubled.defjvp(push_forward)
    return doubled


def body(x):
    records()
    return jt.sin(x * 2.0)


def body_with_detached(x):
    return x * x.detach()


def body_that_writes(x):
    before = x.detach()
    y = x * 2.0
    y[:5] = before[:5]
    y *= 2.0
    return y


FUNCTIONS = {
    "function": function(),
    "function whose forward sweeps": function(in_forward=records_and_sweeps),
    "function whose backward sweeps": function(in_backward=records_and_sweeps),
    "function that raises": function(in_backward=records_and_raises),
    "hook": hooked(records),
    "hook that sweeps": hooked(records_and_sweeps),
    "hook that raises": hooked(records_and_raises),
    "retained": retained,
    "vjp rule": with_vjp(records),
    "vjp rule that raises": with_vjp(records_and_raises),
    "jvp rule": with_jvp(records),
    "jvp rule that sweeps": with_jvp(records_and_sweeps),
    "checkpoint": jt.checkpoint(body),
    "program": jt.compile(lambda x: jt.sin(x) * x),
    "batch": lambda x: jt.vmap(lambda row: jt.sin(row) * row)(x.reshape(2, -1)),
    "detached": body_with_detached,
    "written": body_that_writes,
    "many operands": lambda x: jt.cat([x, jt.tensor(ones()), jt.tensor(ones())]),
}


# --- ways to sweep --------------------------------------------------------------------------------------


def backward(f):
    f(leaf()).sum().backward()


def no_sweep(f):
    f(leaf())


def create_graph(f):
    x = leaf()
    (g,) = jt.autograd.grad((f(x) ** 2).sum(), x, create_graph=True)
    (g * g).sum().backward()


def create_graph_dropped(f):
    x = leaf()
    jt.autograd.grad((f(x) ** 2).sum(), x, create_graph=True)


def other_tape(f):
    y = f(leaf())
    with jt.Tape():
        z = jt.cos(y).sum()
    z.backward()


def gradient(f):
    jt.grad(lambda x: (f(x) ** 2).sum())(ones())


def pullback_unused(f):
    jt.vjp(f, ones())


def pullback(f):
    y, pull_back = jt.vjp(f, ones())
    pull_back(y)


def forward(f):
    jt.jvp(f, (ones(),), (ones(),))


def hessian_product(f):
    jt.hvp(lambda x: (f(x) ** 2).sum(), ones(), ones())


SWEEPS = [backward, no_sweep, create_graph, create_graph_dropped, other_tape, gradient, pullback_unused, pullback, forward]
SWEEPS.append(hessian_product)
NO_TANGENTS = {"program", *[name for name in FUNCTIONS if name.startswith("function")]}  # derivatives of theirs are pullbacks
CASES = [(name, sweep) for name in FUNCTIONS for sweep in SWEEPS if not (name in NO_TANGENTS and sweep is forward)]


def sizes(tape):
    return [len(tape), len(tape.columns), *[len(getattr(tape, name)) for name in REGISTERS]]


def resident():
    """Bytes of this process that are in memory."""
    gc.collect()
    return int(STATM.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if STATM.exists() else 0


def levels_off(step):
    """Repeat a step on a tape of its own; the most bytes, rows and entries of registers are reached early."""
    with jt.Tape() as tape:
        highest = []
        for _ in range(2):
            peak, most = 0, [0] * len(sizes(tape))
            for _ in range(STEPS):
                step()
                peak, most = max(peak, tape.nbytes), [max(pair) for pair in zip(most, sizes(tape))]
            highest.append((peak, most, resident()))
        assert tape.sweeping == tape.held == 0
    (peak, most, memory), (later_peak, later_most, later_memory) = highest
    assert later_peak <= peak + (1 << 20), f"values of {later_peak >> 20} MB on the tape, {peak >> 20} before"
    assert all(later <= 1.2 * first + 20 for first, later in zip(most, later_most)), (
        f"rows and registers {most}, then {later_most}"
    )
    assert later_memory <= memory + (24 << 20), f"{later_memory >> 20} MB of memory, {memory >> 20} before"


@pytest.mark.sampled(most=60)
@pytest.mark.parametrize("name, sweep", CASES, ids=lambda v: v if isinstance(v, str) else v.__name__)
def test_memory_levels_off(name, sweep):
    def step():
        try:
            sweep(FUNCTIONS[name])
        except ZeroDivisionError:
            pass

    levels_off(step)


@pytest.mark.sampled
@pytest.mark.parametrize("action", [records, records_and_sweeps])
def test_a_graph_that_is_only_swept(action):
    """Nothing is recorded outside of sweeps, so nothing else than their ends can drop what is recorded in them."""
    kept = {}

    def step():
        if "root" not in kept:
            kept["root"] = hooked(action)(leaf()).sum()
        kept["root"].backward(retain_graph=True)

    levels_off(step)


def test_parameters_that_are_stepped():
    w = leaf()

    def step():
        with jt.no_grad():
            w.add_(w * 0.0)
        (g,) = jt.autograd.grad((w**3).sum(), w, create_graph=True)
        (g * g).sum().backward()
        w.grad = None

    levels_off(step)


def test_rows_that_were_asked_for_in_a_sweep_of_another_thread_are_dropped():
    """Only the thread that records renumbers its rows: it reads their numbers without the lock."""
    with jt.Tape() as tape:
        x = jt.tensor([1.0, 2.0], requires_grad=True)
        for _ in range(50):
            x * 2.0
        thread = threading.Thread(target=tape.compact)
        thread.start()
        thread.join()
        assert len(tape) == 51
        y = x * 3.0
        assert len(tape) < 5 and y.tolist() == [3.0, 6.0]
