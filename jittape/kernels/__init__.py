"""Kernels (the loops of operations), the table of their addresses, and engine functions that are called by address."""
