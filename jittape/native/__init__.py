"""Derivatives of functions that Numba compiles, as they are."""

from . import constructors, numbers, predicates, reductions, reverse, rules, statements
