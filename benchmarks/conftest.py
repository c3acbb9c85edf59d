"""Threads are limited before anything imports NumPy."""


collect_ignore = ["compare.py", "startup.py", "memory.py", "training.py", "transforms.py"]
