"""What a compiled function has traced, for users who want to know: `jt.explain`."""

from __future__ import annotations

from typing import NamedTuple

from ..lowering.schedule import Region


class TraceReport(NamedTuple):
    """One trace.

    Attributes
    ----------
    why : str
        Why it was made: the first call, other shapes, a value from outside that has changed, or another path.
    rows : int
        How many operations the function did.
    loops : list of int
        The fused loops of its program: how many elementwise operations each does at once.
    calls : int
        What else the program does: products of matrices, sums, copies.
    nbytes : int
        Memory of one run, without large arguments and results.
    guards : list of str
        The lines where Python looked at a value; if it is another one in a call, the next trace is tried, or made.
    """

    why: str
    rows: int
    loops: list[int]
    calls: int
    nbytes: int
    guards: list[str]

    def __str__(self):
        loops = ", ".join(map(str, self.loops[:8])) + (", ..." if len(self.loops) > 8 else "")
        fused = f"fused loops of {loops} operations" if self.loops else "no fused loops"
        lines = [
            f"traced because of {self.why}",
            f"    {self.rows} rows; {fused}; {self.calls} other calls; {self.nbytes:,} bytes",
        ]
        lines += [f"    looked at a value: {' '.join(line.split())}" for line in dict.fromkeys(self.guards)]
        return "\n".join(lines)


class ProgramReport(NamedTuple):
    """What `jt.explain` answers for a compiled function.

    Attributes
    ----------
    name : str
        Of the function.
    traces : list of TraceReport
        The newest first.
    called_plainly : list of str
        What keeps the function from being replayed for some arguments, which are then called as they are.
    """

    name: str
    traces: list[TraceReport]
    called_plainly: list[str]

    def __str__(self):
        head = f"{self.name}: {len(self.traces)} traces"
        plainly = [f"called as it is, every time: it uses {why}" for why in self.called_plainly]
        return "\n".join([head, *map(str, self.traces), *plainly])


def report_of(variant):
    """The report of a trace, whose program is made if it was not called yet."""
    traced, program = variant.traced, variant.main().program
    order = program.assembly.order
    loops = [len(item.steps) for item in order if isinstance(item, Region)]
    return TraceReport(
        variant.why, len(traced.listing), loops, len(order) - len(loops), int(program.assembly.arena), [*traced.guard_lines]
    )
