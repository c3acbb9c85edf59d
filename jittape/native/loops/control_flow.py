"""Where branches meet again: the structure of a function, found in the graph of its blocks.

Numba's code is blocks and jumps. A branch ends where both of its ways have to come through, its nearest common successor (its
post-dominator). In the body of a loop, where an iteration ends counts as one place, however it ends: at the first block again, or
outside of the loop. A way that ends in an exception does not count: it never comes back, and saves nothing.
"""

from ..compat import compute_cfg_from_blocks, numba_ir

END = -1  # what follows every return, and every iteration of a loop
RAISES = (numba_ir.Raise, numba_ir.StaticRaise, numba_ir.DynamicRaise)


class ControlFlow:
    """The graph of a function's blocks.

    Attributes
    ----------
    loops : dict of int to Loop
        Numba's description of the loops, by the label of their first block.
    """

    def __init__(self, blocks):
        self._graph = compute_cfg_from_blocks(blocks)
        self.loops = {loop.header: loop for loop in self._graph.loops().values()}
        self.blocks = blocks
        self._after, self._live = {}, None

    def raises(self, label):
        """Whether a block ends in an exception."""
        return isinstance(self.blocks[label].terminator, RAISES)

    def goes_round(self, name, label):
        """Whether a variable that is set in a block may be read in another iteration of a loop around it, as it is then."""
        if self._live is None:
            self._live = self._read_later()
        return any(label in loop.body and name in self._live[header] for header, loop in self.loops.items())

    def _read_later(self):
        """The variables that are read before they are set again, by the label of a block, where it starts."""
        live, changed = {label: set() for label in self.blocks}, True
        while changed:
            changed = False
            for label in sorted(self.blocks, reverse=True):
                found = set().union(*(live[f] for f, _ in self._graph.successors(label)))
                for statement in reversed(self.blocks[label].body):
                    if isinstance(statement, numba_ir.Del):
                        continue
                    read = {v.name for v in statement.list_vars()}
                    if isinstance(statement, numba_ir.Assign):
                        found.discard(statement.target.name)
                        read = {v.name for v in statement.value.list_vars()} if hasattr(statement.value, "list_vars") else set()
                    found |= read
                changed |= found != live[label]
                live[label] = found
        return live

    def meeting(self, labels, loop):
        """The block that all ways come through from some blocks, or `END`.

        Parameters
        ----------
        labels : sequence of int
            Where the ways begin.
        loop : Loop or None
            The innermost loop around them.
        """
        after = self._common_successors(loop)
        ways = [after[self._in_iteration(label, loop)] for label in labels if not self.raises(label)]
        return max(set.intersection(*ways), key=lambda label: len(after[label])) if ways else END

    def _in_iteration(self, label, loop):
        return label if loop is None or label in loop.body and label != loop.header else END

    def _next(self, label, loop):
        if self.raises(label):
            return []
        return [self._in_iteration(f, loop) for f, _ in self._graph.successors(label) if not self.raises(f)] or [END]

    def _common_successors(self, loop):
        """What must come after every block, that block included: sets of all blocks, made smaller until they agree."""
        header = None if loop is None else loop.header
        if header in self._after:
            return self._after[header]
        followers = {label: self._next(label, loop) for label in (self._graph.nodes() if loop is None else loop.body)}
        after = {label: {*followers, END} for label in followers} | {END: {END}}
        changed = True
        while changed:
            changed = False
            for label in sorted(followers, reverse=True):  # blocks are numbered as they stand in the text
                following = followers[label]
                found = {label} | (set.intersection(*(after[f] for f in following)) if following else set())
                changed |= found != after[label]
                after[label] = found
        self._after[header] = after
        return after
