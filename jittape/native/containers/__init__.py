"""Tuples, lists, dicts and objects that hold differential numbers, in the place of those that hold floats."""
