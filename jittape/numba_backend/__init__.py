"""Compiling the library's own functions with Numba, and keeping their machine code on disk."""
