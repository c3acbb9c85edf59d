"""Threads are limited before anything imports NumPy."""


collect_ignore = ["compare.py", "startup.py", "memory.py", "timing.py", "training.py", "transforms.py"]
