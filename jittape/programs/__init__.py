"""Traces of Python functions, and the programs that replay them."""
