"""Which accesses to memory never meet, told to LLVM, which vectorises loops by that.

The arrays of an adjoint, their shadows (arrays of adjoints) and what is saved lie apart from one another, as long as one call
runs. Arguments and global arrays may share memory, but are only read: an argument that the function writes to is copied first.
LLVM is told by scopes (``!alias.scope`` and ``!noalias``), one for each of these memories; without them a loop over three arrays
tests first whether they overlap, or is not vectorised at all.
"""

from contextlib import contextmanager

GIVEN, SAVED = "given", "saved"  # arguments and global arrays; what is saved on the value stack


class MemoryScopes:
    """The accesses of one adjoint to memory."""

    def __init__(self, builder):
        self.builder, self.noted = builder, []

    @contextmanager
    def access(self, scope):
        """Note the loads and stores that are emitted here, all of them to one memory."""
        block, first = self.builder.block, len(self.builder.block.instructions)
        yield
        self.noted += [(one, scope) for one in block.instructions[first:] if one.opname in ("load", "store")]

    def tell(self):
        """Mark all accesses that were noted."""
        module, name = self.builder.module, self.builder.function.name
        domain = module.add_metadata([name])
        scopes = {}
        for _, scope in self.noted:
            if scope not in scopes:
                scopes[scope] = module.add_metadata([f"{name} {len(scopes)}", domain])
        own = {scope: module.add_metadata([scopes[scope]]) for scope in scopes}
        others = {scope: module.add_metadata([s for key, s in scopes.items() if key != scope]) for scope in scopes}
        for instruction, scope in self.noted:
            instruction.set_metadata("alias.scope", own[scope])
            if len(scopes) > 1:
                instruction.set_metadata("noalias", others[scope])
