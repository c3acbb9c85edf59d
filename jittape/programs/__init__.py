"""``jt.compile`` and ``jt.vmap``: Python functions traced once and replayed as programs."""
