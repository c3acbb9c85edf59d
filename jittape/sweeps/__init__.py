"""Compiled passes over the rows of a tape: marking, adjoints, tangents, second order."""
