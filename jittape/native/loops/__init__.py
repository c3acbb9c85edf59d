"""Adjoints compiled from the statements of a user's own loops, for functions that are structured"""
