"""Threads are limited before anything imports NumPy."""

import peers  # noqa: F401

collect_ignore = ["compare.py", "startup.py", "memory.py"]
