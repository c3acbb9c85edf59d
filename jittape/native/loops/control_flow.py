"""Where branches meet again: the structure of a function, found in the graph of its blocks.

Numba's code is blocks and jumps. A branch ends where both of its ways have to come through, its nearest common successor (its
post-dominator). A way that ends in an exception does not count: it never comes back, and saves nothing.
"""

from ..compat import compute_cfg_from_blocks, numba_ir

EXIT = -1  # what follows every return
RAISES = (numba_ir.Raise, numba_ir.StaticRaise, numba_ir.DynamicRaise)


class ControlFlow:
    """The graph of a function's blocks.

    Attributes
    ----------
    loops : dict of int to Loop
        Numba's description of the loops, by the label of their first block.
    """

    def __init__(self, blocks):
        graph = compute_cfg_from_blocks(blocks)
        self.loops = {loop.header: loop for loop in graph.loops().values()}
        self.blocks = blocks
        self._followers = {label: self._next(label, graph) for label in graph.nodes()}
        self._meets = self._common_successors()

    def raises(self, label):
        """Whether a block ends in an exception."""
        return isinstance(self.blocks[label].terminator, RAISES)

    def meeting(self, label):
        """The block where the ways out of a block meet, or `EXIT`."""
        return self._meets[label]

    def _next(self, label, graph):
        following = [f for f, _ in graph.successors(label)]
        return [f for f in following if not self.raises(f)] or ([] if self.raises(label) else [EXIT])

    def _common_successors(self):
        """The nearest common successor of every block: sets of all that must come after, made smaller until they agree."""
        everything = {*self._followers, EXIT}
        after = {label: set(everything) for label in self._followers} | {EXIT: {EXIT}}
        changed = True
        while changed:
            changed = False
            for label, following in self._followers.items():
                found = {label} | (set.intersection(*(after[f] for f in following)) if following else set())
                changed |= found != after[label]
                after[label] = found
        return {label: self._nearest(label, after) for label in self._followers}

    def _nearest(self, label, after):
        strict = after[label] - {label}
        return max(strict, key=lambda other: len(after[other]), default=EXIT)
