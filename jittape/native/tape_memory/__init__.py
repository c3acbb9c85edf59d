"""The memory of statement tapes: arenas, the layout of entries, and limits."""
