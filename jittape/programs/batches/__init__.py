"""``jt.vmap`` and programs over many examples, side by side."""
