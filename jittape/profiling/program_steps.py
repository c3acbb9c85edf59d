"""The steps of a program, one by one: what each is called, and a run that times them."""

import re
from time import perf_counter_ns as now

from ..kernels.loops import kernel_names
from ..programs.lowering.program_code import CALL, CHECK, COPY, DIVIDE, HOST, H_COUNT, ITEM, RUN, RUN_REVERSE, SHIFT, ZERO
from ..programs.lowering.machine import DONE, run
from ..programs.lowering.schedule import VALUE, Region

KERNEL = re.compile(r"(.+)_(?:float|complex)\d+_(.+)")
FORWARD = ("forward", "statement", "joint")
OF_KINDS = {SHIFT: "move", ZERO: "zeros", COPY: "copy", DIVIDE: "divide", CHECK: "look for nan"}
MOST_NAMED = 4


def step_names(instance):
    """(phase, name) of every step of a program."""
    order = instance.program.assembly.order
    return [_region_name(step) if isinstance(step, Region) else _item_name(instance, k, step) for k, step in enumerate(order)]


def _region_name(region):
    kernels = [step.kernel for step in region.steps]
    phases = {"forward" if kernel is None or kernel.k == VALUE else "reverse" for kernel in kernels}
    names = ["sum" if kernel is None else kernel.operation.name for kernel in kernels]
    distinct = [*dict.fromkeys(names)]
    text = ", ".join(distinct[:MOST_NAMED]) + (", ..." if len(distinct) > MOST_NAMED else "")
    return phases.pop() if len(phases) == 1 else "both", text if len(names) == 1 else f"loop of {len(names)}: {text}"


def _item_name(instance, k, item):
    if item.kind == CALL:
        name = kernel_names.get(int(instance.words[ITEM * k + 1]), "kernel")
        found = KERNEL.fullmatch(name)
        return ("forward" if found is None or found[2].startswith(FORWARD) else "reverse", name if found is None else found[1])
    if item.kind == HOST:
        return item.payload[0], instance.program.listing.operation(item.payload[1]).name
    if item.kind == RUN:
        return "forward", f"{len(item.payload.rows)} operations on numbers"
    if item.kind == RUN_REVERSE:
        return "reverse", f"{len(item.words[1])} partials of numbers"
    return "other", OF_KINDS[item.kind]


def run_by_steps(clock, names, instance):
    """`Instance.run`, a step at a time.  Returns whether a check has found a nan."""
    head, lines, found_nan = instance._head, clock.lines(), False
    count = int(head[H_COUNT])
    try:
        for k in range(count):
            head[H_COUNT], begin = k + 1, now()
            if run(instance.header, k) != DONE:
                if instance.words[ITEM * k] == CHECK:
                    found_nan = True
                else:
                    instance._attend(k)
            clock.add(*names[k], lines, begin, now())
    finally:
        head[H_COUNT] = count
    return found_nan
